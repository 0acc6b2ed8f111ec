// SPDX-License-Identifier: EUPL-1.2
// GIS files of every format: layers, features, curves, heights, CRSs, compression.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { ask } from './ask.mjs';
import { areaOf, readWkb, rings, temporary, utm32, withoutCommand, zip } from './support.mjs';
import { gzipSync } from './zlib.mjs';

const skip = withoutCommand('ogr2ogr');
const feature = (name, geometry, more = {}) => ({ type: 'Feature', properties: { name, ...more }, geometry });
const square = (x, y, size = 0.01) => ({ type: 'Polygon', coordinates: [[[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]] });
const collection = (...features) => JSON.stringify({ type: 'FeatureCollection', features });
const two = collection(feature('Nord', square(10, 53.6)), feature('Süd', square(10, 53.4)));

let number = 0;
function convert(name, source, ...options) {
	const target = temporary(`f${++number}_${name.replaceAll('-', '_')}`);
	const from = source.startsWith('/') ? source : temporary(`s${number}.geojson`, source);
	const ran = spawnSync('ogr2ogr', [...options, target, from], { encoding: 'utf8' });
	assert.equal(ran.status, 0, ran.stderr);
	return target;
}

const corners = [[10, 53.6], [10.01, 53.61], [10, 53.4], [10.01, 53.41]];
const bounds = (geometry) => {
	const all = rings(geometry).flat();
	return [0, 1].map((i) => [Math.min(...all.map((p) => p[i])), Math.max(...all.map((p) => p[i]))]);
};
function close(geometry, points, tolerance = 0.01) {
	const expected = bounds({ parts: [[points]] }), found = bounds(geometry);
	for (const i of [0, 1])
		for (const j of [0, 1])
			assert.ok(Math.abs(expected[i][j] - found[i][j]) <= tolerance, `${JSON.stringify(found)} ${JSON.stringify(expected)}`);
}

const formats = { 'two.gpkg': 'GPKG', 'two.fgb': 'FlatGeobuf', 'two.gml': 'GML', 'two.geojson': 'GeoJSON', 'two.shp': 'ESRI Shapefile' };
for (const [name, driver] of Object.entries(formats))
	test(`${driver}: a layer is one plan, or each feature is one`, { skip }, () => {
		const file = convert(name, two, '-f', driver);
		const whole = ask('plans', file);
		assert.equal(whole.status, 0, JSON.stringify(whole.fault));
		assert.match(whole.warnings[0].text, /2 features were taken together/);
		const geometry = readWkb(whole.plans[0].wkb);
		assert.equal(geometry.type, 6);
		assert.equal(whole.plans[0].epsg, 4326);
		close(geometry, corners, 1e-9);
		const all = ask('plans', file, 'all').plans.map((plan) => plan.name);
		assert.deepEqual([...all].sort(), ['Nord', 'Süd']); // FlatGeobuf has an order of its own
		assert.equal(ask('plans', file, '2').plans[0].name, all[1]);
		assert.equal(ask('plans', file, 'Ost').fault.problem, 'file_without_plan');
		assert.equal(ask('plans', file, 'nord').plans[0].place, all.indexOf('Nord') + 1);
	});

test('projected files keep their CRS, with x east and y north', { skip }, () => {
	for (const [epsg, tolerance] of [[25832, 0.001], [25833, 0], [31467, 0], [4647, 0], [3857, 0]]) {
		for (const [name, driver] of Object.entries(formats)) {
			if (driver === 'GeoJSON' && epsg !== 25832)
				continue;
			const options = driver === 'GeoJSON' ? ['-lco', 'RFC7946=NO'] : [];
			const answer = ask('plans', convert(`${epsg}-${name}`, two, '-f', driver, '-t_srs', `EPSG:${epsg}`, ...options));
			assert.equal(answer.status, 0, `${driver} ${epsg} ${JSON.stringify(answer.fault)}`);
			assert.equal(answer.plans[0].epsg, epsg, driver);
			if (tolerance)
				close(readWkb(answer.plans[0].wkb), [[10, 53.6], [10.01, 53.6], [10.01, 53.61], [10, 53.61],
					[10, 53.4], [10.01, 53.4], [10.01, 53.41], [10, 53.41]].map((p) => utm32(...p)), tolerance);
		}
	}
});

test('a CRS that is not one of ours is transformed, one that is none is refused', { skip }, () => {
	const foreign = ask('plans', convert('lambert.gpkg', two, '-f', 'GPKG', '-t_srs', 'EPSG:2180'));
	assert.equal(foreign.status, 0, JSON.stringify(foreign.fault));
	assert.equal(foreign.plans[0].epsg, 25832);
	close(readWkb(foreign.plans[0].wkb), [[10, 53.6], [10.01, 53.6], [10.01, 53.61], [10, 53.61],
		[10, 53.4], [10.01, 53.4], [10.01, 53.41], [10, 53.41]].map((p) => utm32(...p)), 0.01);
	assert.match(foreign.warnings.map((w) => w.text).join(), /transformed from "ETRF2000-PL|transformed from "ETRS89/);
	for (const [name, driver] of [['none.gpkg', 'GPKG'], ['none.fgb', 'FlatGeobuf']])
		assert.equal(ask('plans', convert(name, two, '-f', driver, '-a_srs', 'NONE')).fault.problem, 'crs_unknown', driver);
	const shape = convert('none.shp', two, '-f', 'ESRI Shapefile');
	const parts = Object.fromEntries(['shp', 'shx', 'dbf'].map((end) => [`a.${end}`, readFileSync(shape.replace('.shp', `.${end}`))]));
	assert.equal(ask('plans', temporary('none.zip', zip(parts))).fault.problem, 'crs_unknown');
});

test('zipped and gzipped files are read, in folders too', { skip }, () => {
	const shape = convert('z.shp', two, '-f', 'ESRI Shapefile');
	const parts = (stem) => Object.fromEntries(['shp', 'shx', 'dbf', 'prj'].map((end) =>
		[`${stem}.${end}`, readFileSync(shape.replace('.shp', `.${end}`))]));
	const zipped = ask('plans', temporary('z.zip', zip({ 'read me.txt': 'x', ...parts('ordner/plan') })));
	assert.equal(zipped.status, 0, JSON.stringify(zipped.fault));
	assert.equal(zipped.plans[0].object, 'plan');
	const several = temporary('several.zip', zip({ ...parts('a/eins'), ...parts('b/zwei') }));
	const ambiguous = ask('plans', several);
	assert.equal(ambiguous.fault.problem, 'layer_ambiguous');
	assert.deepEqual(ambiguous.choices.map((choice) => choice.name), ['eins', 'zwei']);
	assert.equal(ask('plans', several, '', 'ZWEI').plans[0].object, 'zwei');
	assert.equal(ask('plans', several, '', 'drei').fault.problem, 'layer_ambiguous');
	assert.equal(ask('plans', temporary('gz.geojson.gz', gzipSync(two))).plans[0].epsg, 4326);
	assert.equal(ask('plans', temporary('gz.gpkg.gz', gzipSync(readFileSync(convert('gz.gpkg', two, '-f', 'GPKG'))))).status, 0);
	assert.equal(ask('plans', temporary('g.zip', zip({ 'plan.geojson': two, 'plan.pdf': '%PDF' }))).status, 0);
	assert.match(ask('plans', temporary('nothing.zip', zip({ 'plan.pdf': '%PDF' }))).fault.detail, /no file of a kind/);
});

test('a GeoPackage with several layers lists them', { skip }, () => {
	const file = convert('layers.gpkg', two, '-f', 'GPKG', '-nln', 'eins');
	assert.equal(spawnSync('ogr2ogr', ['-update', '-nln', 'zwei', file, temporary('layers.geojson', collection(feature('x', square(9, 54))))]).status, 0);
	assert.equal(spawnSync('ogr2ogr', ['-update', '-nln', 'ohne', '-nlt', 'NONE', file, temporary('layers.geojson')]).status, 0);
	const several = ask('plans', file);
	assert.equal(several.fault.problem, 'layer_ambiguous');
	assert.deepEqual(several.choices.map((choice) => choice.name), ['eins', 'zwei']);
	assert.equal(ask('plans', file, '', 'zwei').plans.length, 1);
	assert.match(ask('plans', file, '', 'drei').fault.detail, /no layer "drei"/);
});

test('curves of a GeoPackage keep within 1 cm', { skip: skip || withoutCommand('sqlite3') }, () => {
	const csv = temporary('curve.csv', 'id,WKT\n1,"CURVEPOLYGON(COMPOUNDCURVE(CIRCULARSTRING(565000 5940000, 565100 5940100, 565200 5940000), (565200 5940000, 565000 5940000)))"\n');
	const file = convert('curve.gpkg', csv, '-f', 'GPKG', '-a_srs', 'EPSG:25832', '-oo', 'GEOM_POSSIBLE_NAMES=WKT', '-nlt', 'CURVEPOLYGON');
	const geometry = readWkb(ask('plans', file).plans[0].wkb);
	for (const [x, y] of rings(geometry)[0].slice(0, -1))
		assert.ok(Math.abs(Math.hypot(x - 565100, y - 5940000) - 100) < 1e-6);
	assert.ok(Math.PI * 5000 - areaOf(geometry) < Math.PI);
	assert.ok(rings(geometry)[0].length > 50);
});

test('heights and measures are left out', { skip }, () => {
	const high = JSON.parse(two);
	high.features.forEach((f) => f.geometry.coordinates[0].forEach((p) => p.push(12)));
	for (const [name, driver] of Object.entries(formats)) {
		const answer = ask('plans', convert(`z-${name}`, JSON.stringify(high), '-f', driver));
		assert.equal(answer.status, 0, driver);
		assert.match(answer.warnings.map((w) => w.text).join(), /Heights/, driver);
		assert.equal(readWkb(answer.plans[0].wkb).type, 6);
	}
});

test('points and lines are plans too, mixed ones are a collection', () => {
	const line = { type: 'LineString', coordinates: [[9, 54], [9.1, 54.1]] }, point = { type: 'Point', coordinates: [9, 54] };
	const type = (...geometries) => readWkb(ask('plans', temporary(`type-${++number}.geojson`,
		collection(...geometries.map((g) => feature('a', g))))).plans[0].wkb).type;
	assert.equal(type(line), 2);
	assert.equal(type(line, line), 5);
	assert.equal(type(point), 1);
	assert.equal(type(point, point), 4);
	assert.equal(type(square(9, 54), point), 7);
	assert.equal(type({ type: 'GeometryCollection', geometries: [square(9, 54), square(9.5, 54)] }), 6);
	assert.equal(readWkb(ask('plans', temporary('bare.geojson', JSON.stringify(line))).plans[0].wkb).type, 2);
});

test('features without geometry are counted, an empty file is refused', () => {
	const answer = ask('plans', temporary('some.geojson', collection(feature('a', square(9, 54)), feature('b', null))));
	assert.equal(answer.status, 0);
	assert.match(answer.warnings.map((w) => w.text).join(), /1 features have no geometry/);
	assert.match(ask('plans', temporary('none.geojson', collection(feature('b', null)))).fault.problem, /geometry_empty|file_without_plan/);
});

test('an unclosed ring is refused with its place', () => {
	const open = square(10, 53.6);
	open.coordinates[0].pop();
	const { fault } = ask('plans', temporary('open.geojson', collection(feature('a', open))));
	assert.equal(fault.problem, 'geometry_malformed');
	assert.ok(Math.abs(fault.lon - 10) < 1e-8 && Math.abs(fault.lat - 53.61) < 1e-8, JSON.stringify(fault));
	const [x, y] = utm32(10, 53.61);
	assert.ok(Math.hypot(fault.x - x, fault.y - y) < 0.002);
});
