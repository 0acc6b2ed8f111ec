// SPDX-License-Identifier: EUPL-1.2
// Broken plans, each as somebody could send it. The table below has what is wrong, the file, the
// problem, its English sentence, its place in EPSG:25832 where it has one, and {area, json}: how many
// m² a repair would have where one can be proposed, and another problem where the same geometry in a
// JSON body has one.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { temporary, zip } from '../files/support.mjs';
import { gzipSync } from '../files/zlib.mjs';

const E = 561000, N = 5944000; // Hamburg, near Ellerbek
const at = (x, y) => [E + x, N + y];

const square = (x, y, size) => [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]];
const moved = (ring) => ring.map(([x, y, ...more]) => [...at(x, y), ...more]);
const polygon = (...rings) => ({ type: 'Polygon', coordinates: rings.map(moved) });
const multi = (...polygons) => ({ type: 'MultiPolygon', coordinates: polygons.map((rings) => rings.map(moved)) });
const named = (crs) => ({ type: 'name', properties: { name: crs } });

// GeoJSON of that geometry, as a file; it also goes as the geometry of a JSON body.
const json = (geometry, crs = 'EPSG:25832') => ({ ending: 'geojson', type: 'application/geo+json', geometry, crs,
	bytes: () => JSON.stringify({ ...geometry, crs: named(crs) }) });
// JSON that JSON.stringify would not write.
const text = (geometry, crs = 'EPSG:25832') => ({ ending: 'geojson', type: 'application/geo+json', text: geometry, crs,
	bytes: () => geometry.replace('{', `{"crs":${JSON.stringify(named(crs))},`) });
const file = (ending, type, bytes) => ({ ending, type, bytes });
const gml = (bytes) => file('gml', 'application/gml+xml', bytes);
const zipped = (files, ...more) => file('zip', 'application/zip', () => zip(files(), ...more));

const posList = (ring) => moved(ring).flat().join(' ');
const linearRing = (list, more = '') => `<gml:LinearRing${more}><gml:posList>${list}</gml:posList></gml:LinearRing>`;
const surface = (shell, ...holes) => `<gml:Polygon srsName="EPSG:25832"><gml:exterior>${shell}</gml:exterior>${holes.map((hole) => `<gml:interior>${hole}</gml:interior>`).join('')}</gml:Polygon>`;
const segment = (kind, ring) => `<gml:curveMember><gml:Curve><gml:segments><gml:${kind}><gml:posList>${posList(ring)}</gml:posList></gml:${kind}></gml:segments></gml:Curve></gml:curveMember>`;
const curves = (...members) => surface(`<gml:Ring>${members.join('')}</gml:Ring>`);
const plan = (extent, name = 'A') => `<gml:featureMember><x:BP_Plan gml:id="p${name}"><x:name>${name}</x:name>${extent && `<x:raeumlicherGeltungsbereich>${extent}</x:raeumlicherGeltungsbereich>`}</x:BP_Plan></gml:featureMember>`;
const xplan = (inside, head = '') => `${head}<x:XPlanAuszug xmlns:x="http://www.xplanung.de/xplangml/6/0" xmlns:gml="http://www.opengis.net/gml/3.2">${inside}</x:XPlanAuszug>`;
const extent = (shell, ...holes) => gml(() => xplan(plan(surface(shell, ...holes))));
const good = surface(linearRing(posList(square(0, 0, 100))));
const goodJson = () => JSON.stringify({ ...polygon(square(0, 0, 100)), crs: named('EPSG:25832') });

function run(command, words) {
	const ran = spawnSync(command, words, { encoding: 'utf8' });
	if (ran.status !== 0)
		throw new Error(`${command}: ${ran.stderr}`);
}

// What ogr2ogr makes of a geometry.
function made(driver, ending, geometry, name = `made-${ending}`) {
	const path = temporary(`${name}.${ending}`);
	run('ogr2ogr', ['-overwrite', '-f', driver, path, temporary(`${name}.source.geojson`, JSON.stringify({ ...geometry, crs: named('EPSG:25832') }))]);
	return path;
}

function geopackage(name, sql, geometry = polygon(square(0, 0, 100))) {
	return file('gpkg', 'application/geopackage+sqlite3', () => {
		const path = made('GPKG', 'gpkg', geometry, name);
		if (sql)
			run('sqlite3', [path, sql]);
		return readFileSync(path);
	});
}

const shape = (name, endings, geometry = polygon(square(0, 0, 100))) => zipped(() => {
	const path = made('ESRI Shapefile', 'shp', geometry, name);
	return Object.fromEntries(endings.map((end) => [`plan.${end}`, readFileSync(path.replace(/shp$/, end))]));
});

const nested = (depth) => `${'{"type":"GeometryCollection","geometries":['.repeat(depth)}{"type":"Point","coordinates":[${at(0, 0)}]}${']}'.repeat(depth)}`;
const million = () => {
	const ring = Array.from({ length: 1000000 }, (_, i) => `[${E + 900 * Math.cos(i / 159154.943)},${N + 900 * Math.sin(i / 159154.943)}]`);
	return `{"type":"Polygon","coordinates":[[${ring},${ring[0]}]]}`;
};
const entities = (declarations) => gml(() => xplan(plan(good).replace('>A<', '>&a;<'), `<!DOCTYPE x [${declarations}]>`));
const laughs = 'abcdefghi'.split('').map((c, i) => (i ? `<!ENTITY ${c} "${`&${'abcdefghi'[i - 1]};`.repeat(10)}">` : '<!ENTITY a "ha">')).join('');

export const cases = [
	// The geometry is no valid one (ISO 19125-1 §6.1.11.1)
	['a bow-tie', json(polygon([[0, 0], [100, 100], [100, 0], [0, 100], [0, 0]])), 'geometry_invalid', /crosses itself/, at(50, 50), { area: 5000 }],
	['a hole outside', json(polygon(square(0, 0, 100), square(200, 0, 10))), 'geometry_invalid', /hole lies outside/, at(200, 0), { area: 10100 }],
	['a hole that shares an edge with its shell', json(polygon(square(0, 0, 100), square(0, 40, 20))), 'geometry_invalid', /crosses itself/, at(0, 60), { area: 9600 }],
	['a hole that crosses its shell', json(polygon(square(0, 0, 100), square(90, 40, 20))), 'geometry_invalid', /crosses itself/, at(100, 40), { area: 9800 }],
	['a hole within a hole', json(polygon(square(0, 0, 100), square(20, 20, 60), square(40, 40, 20))), 'geometry_invalid', /hole lies within another/, at(40, 40), { area: 6400 }],
	['a hole that cuts the area in two', json(polygon(square(0, 0, 100), [[0, 50], [50, 60], [100, 50], [50, 40], [0, 50]])), 'geometry_invalid', /cut the area into several/, at(0, 50), { area: 9000 }],
	['a spike', json(polygon([[0, 0], [100, 0], [100, 50], [160, 50], [100, 50], [100, 100], [0, 100], [0, 0]])), 'geometry_invalid', /spike/, at(160, 50), { area: 10000 }],
	['a ring that touches itself', json(polygon([[0, 0], [50, 50], [100, 0], [100, 100], [50, 50], [0, 100], [0, 0]])), 'geometry_invalid', /touches or crosses itself/, at(50, 50), { area: 5000 }],
	['a hole like its shell', json(polygon(square(0, 0, 100), square(0, 0, 100))), 'geometry_invalid', /crosses itself/, at(100, 0)],
	['two equal holes', json(polygon(square(0, 0, 100), square(20, 20, 20), square(20, 20, 20))), 'geometry_invalid', /crosses itself/, at(40, 20), { area: 9600 }],
	['overlapping parts', json(multi([square(0, 0, 100)], [square(50, 0, 100)])), 'geometry_invalid', /crosses itself/, at(100, 0), { area: 15000 }],
	['parts that share an edge', json(multi([square(0, 0, 100)], [square(100, 0, 100)])), 'geometry_invalid', /crosses itself/, at(100, 100), { area: 20000 }],
	['a part twice', json(multi([square(0, 0, 100)], [square(0, 0, 100)])), 'geometry_invalid', /crosses itself/, at(100, 0), { area: 10000 }],
	['a part within another', json(multi([square(0, 0, 100)], [square(20, 20, 20)])), 'geometry_invalid', /part of the area lies within another/, at(20, 20), { area: 10000 }],
	['overlapping areas of a collection', json({ type: 'GeometryCollection', geometries: [polygon(square(0, 0, 100)), polygon(square(50, 0, 100))] }), 'geometry_invalid', /crosses itself|parts of the area overlap/, at(100, 0), { area: 15000 }],
	['an area without extent', json(polygon([[0, 0], [50, 50], [100, 100], [0, 0]])), 'geometry_invalid', /spike/, at(0, 0)],
	['a ring of two positions', json(polygon([[0, 0], [100, 0], [0, 0], [0, 0]])), 'geometry_invalid', /spike/, at(100, 0)],
	['a line without length', json({ type: 'LineString', coordinates: moved([[0, 0], [0, 0]]) }), 'geometry_invalid', /line has no length/, at(0, 0)],
	['a bow-tie in XPlanGML', extent(linearRing(posList([[0, 0], [100, 100], [100, 0], [0, 100], [0, 0]]))), 'geometry_invalid', /crosses itself/, at(50, 50), { area: 5000 }],
	['a hole outside in XPlanGML', extent(linearRing(posList(square(0, 0, 100))), linearRing(posList(square(200, 0, 10)))), 'geometry_invalid', /hole lies outside/, at(200, 0), { area: 10100 }],
	['a bow-tie in a GeoPackage', geopackage('bowtie', '', polygon([[0, 0], [100, 100], [100, 0], [0, 100], [0, 0]])), 'geometry_invalid', /crosses itself/, at(50, 50), { area: 5000 }],
	['a bow-tie in a Shapefile', shape('bowshape', ['shp', 'shx', 'dbf', 'prj'], polygon([[0, 0], [100, 100], [100, 0], [0, 100], [0, 0]])), 'geometry_invalid', /crosses itself/, at(50, 50), { area: 5000 }],
	// It cannot be read as one
	['an unclosed ring', json(polygon(square(0, 0, 100).slice(0, 4))), 'geometry_malformed', /not end where it began|not closed/, at(0, 100), { json: 'geometry_invalid' }],
	['an unclosed ring in XPlanGML', extent(linearRing(posList(square(0, 0, 100).slice(0, 4)))), 'geometry_malformed', /not end where it began/, at(0, 100)],
	['too few positions', json(polygon([[0, 0], [100, 0], [0, 0]])), 'geometry_malformed', /fewer than four positions/, at(0, 0), { json: 'geometry_invalid' }],
	['a line of one position', json({ type: 'LineString', coordinates: [at(0, 0)] }), 'geometry_malformed', /fewer than two positions|only one position/, null, { json: 'geometry_invalid' }],
	['NaN', text(`{"type":"Polygon","coordinates":[[[NaN,${N}],[${at(100, 0)}],[${at(100, 100)}],[NaN,${N}]]]}`), 'geometry_malformed', /not a number|NaN/, null, { json: 'malformed_json' }],
	['NaN in XPlanGML', extent(linearRing(`NaN ${N} ${posList(square(10, 10, 10))} NaN ${N}`)), 'geometry_malformed', /not a number/],
	['Infinity', text(`{"type":"Point","coordinates":[Infinity,${N}]}`), 'geometry_malformed', /not a number|Infinity/, null, { json: 'malformed_json' }],
	['a number beyond all', text(`{"type":"Point","coordinates":[1e999,${N}]}`), 'geometry_malformed', /not a number|number too large/, null, { json: 'malformed_json' }],
	['an empty area', json({ type: 'Polygon', coordinates: [] }), 'geometry_empty', /empty/],
	['an empty collection', json({ type: 'GeometryCollection', geometries: [] }), 'geometry_empty', /no geometry|collection is empty/],
	['no geometry', file('geojson', 'application/geo+json', () => '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":null}]}'), 'geometry_empty', /no geometry/],
	['no features', file('geojson', 'application/geo+json', () => '{"type":"FeatureCollection","features":[]}'), 'geometry_empty', /no geometry/],
	['a position of one number', json({ type: 'Point', coordinates: [E] }), 'geometry_malformed', /fewer than two numbers/],
	['an area with the depth of a line', json({ type: 'Polygon', coordinates: moved(square(0, 0, 100)) }), 'geometry_malformed', /nested as for another type/],
	['a type that there is not', json({ type: 'Circle', coordinates: at(0, 0), radius: 10 }), 'geometry_malformed', /none of GeoJSON's/],
	['collections too deep', text(nested(200)), 'geometry_malformed', /nested (deeper than|too deep)/, null, { json: 'malformed_json' }],
	['a million vertices', file('geojson', 'application/geo+json', () => text(million()).bytes()), 'geometry_too_large', /more than 200000 vertices/],
	['a curve that does not meet', gml(() => xplan(plan(curves(segment('LineStringSegment', [[0, 0], [100, 0]]), segment('LineStringSegment', [[100, 5], [100, 100], [0, 0]]))))), 'geometry_malformed', /does not begin where the one before ends/, at(100, 5)],
	['an arc of two positions', gml(() => xplan(plan(curves(segment('Arc', [[0, 0], [100, 0]]))))), 'geometry_malformed', /arc has 2 positions/],
	['a circle through one line', gml(() => xplan(plan(curves(segment('Circle', [[0, 0], [50, 0], [100, 0]]))))), 'geometry_malformed', /lie on one line/],
	['an arc through one line', gml(() => xplan(plan(curves(segment('Arc', [[0, 0], [50, 0], [100, 0]]), segment('LineStringSegment', [[100, 0], [0, 0]]))))), 'geometry_invalid', /spike/, at(0, 0)],
	['half a position', extent(linearRing(`${posList(square(0, 0, 100))} ${E}`)), 'geometry_malformed', /position is incomplete/],
	['positions of four numbers', extent(linearRing(posList(square(0, 0, 100)), ' srsDimension="4"')), 'geometry_malformed', /srsDimension/],
	['a point as extent', gml(() => xplan(plan(`<gml:Point srsName="EPSG:25832"><gml:pos>${E} ${N}</gml:pos></gml:Point>`))), 'geometry_malformed', /area was expected.*Point/],
	// It lies nowhere
	['latitude first', json({ type: 'Polygon', coordinates: [[[53.64, 9.9], [53.65, 9.9], [53.65, 9.91], [53.64, 9.9]]] }, 'urn:ogc:def:crs:OGC:1.3:CRS84'), 'geometry_out_of_area', /axes look swapped/],
	['north before east', json({ type: 'Polygon', coordinates: [square(0, 0, 100).map(([x, y]) => [N + y, E + x])] }), 'geometry_out_of_area', /axes look swapped/],
	['degrees called metres', json({ type: 'Polygon', coordinates: [[[9.9, 53.64], [9.91, 53.64], [9.91, 53.65], [9.9, 53.64]]] }), 'geometry_out_of_area', /not lie in or near Germany/],
	['Madrid', json({ type: 'Point', coordinates: [-3.7, 40.4] }, 'urn:ogc:def:crs:OGC:1.3:CRS84'), 'geometry_out_of_area', /not lie in or near Germany/],
	['a CRS that there is not', json(polygon(square(0, 0, 100)), 'EPSG:99999'), 'crs_unknown', /not known/],
	['no CRS in XPlanGML', gml(() => xplan(plan(good.replace(' srsName="EPSG:25832"', '')))), 'crs_unknown', /names no CRS/],
	['a GeoPackage of an undefined CRS', geopackage('undefined', 'update gpkg_geometry_columns set srs_id = -1; update gpkg_contents set srs_id = -1'), 'crs_unknown', /does not say its CRS/],
	['a GeoPackage of a CRS that there is not', geopackage('unlisted', 'update gpkg_geometry_columns set srs_id = 77777; update gpkg_contents set srs_id = 77777'), 'crs_unknown', /does not say its CRS/],
	['a Shapefile without its .prj', shape('noprj', ['shp', 'shx', 'dbf']), 'crs_unknown', /add it to the file \(a \.prj/],
	// The file is broken, or wants to break something
	['billion laughs', entities(laughs), 'file_unreadable', /DOCTYPE/],
	['an external entity', entities('<!ENTITY a SYSTEM "file:///etc/hostname">'), 'file_unreadable', /DOCTYPE/],
	['a DOCTYPE', gml(() => xplan(plan(good), '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">')), 'file_unreadable', /DOCTYPE/],
	['cut off GML', gml(() => xplan(plan(good)).slice(0, 400)), 'file_unreadable', /not well-formed in line 1/],
	['cut off JSON', file('geojson', 'application/geo+json', () => goodJson().slice(0, 80)), 'file_unreadable', /GeoJSON cannot be read/],
	['a cut off zip', file('zip', 'application/zip', () => zip({ 'plan.geojson': goodJson() }).subarray(0, 90)), 'file_unreadable', /zip cannot be read/],
	['a cut off GeoPackage', file('gpkg', 'application/geopackage+sqlite3', () => geopackage('cut', '').bytes().subarray(0, 5000)), 'file_unreadable', /malformed/],
	['a zip bomb', zipped(() => ({ 'plan.gml': Buffer.alloc(100 << 20) })), 'body_too_large', /200 times its size/],
	['a gzip bomb', file('gml.gz', 'application/gzip', () => gzipSync(Buffer.alloc(300 << 20))), 'body_too_large', /200 times its size/],
	['a zip in a zip', zipped(() => ({ 'a.zip': zip({ 'plan.geojson': goodJson() }) })), 'file_without_plan', /no file of a kind/],
	['a zip that leads elsewhere', zipped(() => ({ '../../../../etc/passwd': 'root:x:0:0' })), 'file_without_plan', /no file of a kind/],
	['a Shapefile without its .shp', shape('noshp', ['shx', 'dbf', 'prj']), 'file_without_plan', /no file of a kind/],
	['XPlanGML without extent', gml(() => xplan(plan(''))), 'geometry_empty', /has no extent/],
	['XPlanGML without plan', gml(() => xplan('')), 'file_without_plan', /holds no BP_Plan/],
	['two plans', gml(() => xplan(plan(good, 'A') + plan(good, 'B'))), 'plan_ambiguous', /2 plans/],
	['elements too deep', gml(() => xplan(`${'<x:a>'.repeat(1000)}${'</x:a>'.repeat(1000)}`)), 'file_unreadable', /nested more than 64 deep/],
	['nothing at all', file('gml', 'application/gml+xml', () => ''), 'file_unreadable', /empty/],
	['a PDF', file('gml', 'application/gml+xml', () => '%PDF-1.7\n'), 'unsupported_media_type', /none of the formats/],
];

// What may look broken and is not.
export const harmless = [
	['a hole that touches its shell in one point', json(polygon(square(0, 0, 100), [[0, 50], [20, 60], [20, 40], [0, 50]]))],
	['parts that touch in one point', json(multi([square(0, 0, 100)], [square(100, 100, 100)]))],
	['a line that crosses itself', json({ type: 'LineString', coordinates: moved([[0, 0], [100, 100], [100, 0], [0, 100]]) })],
	['a position twice', json(polygon([[0, 0], [100, 0], [100, 0], [100, 100], [0, 100], [0, 0]]))],
	['an orientation against RFC 7946', json(polygon(square(0, 0, 100).reverse()))],
	['a name in a zip that leads elsewhere: nobody follows it', zipped(() => ({ '../../../../tmp/pp-escaped.gml': xplan(plan(good)) }))],
];
