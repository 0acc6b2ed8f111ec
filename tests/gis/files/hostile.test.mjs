// SPDX-License-Identifier: EUPL-1.2
// Files that want to harm. Each is answered with a fault, or with a plan where the harm is beside
// it: never with a crash, never with something from outside of the file.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { ask as askHelper, serve } from './helper.mjs';
import { ask } from './ask.mjs';
import { data, program, root, seeded, temporary, withoutCommand, withoutFile, zip } from './support.mjs';
import { gzipSync } from './zlib.mjs';

const extent = '<gml:Polygon srsName="EPSG:25832"><gml:exterior><gml:LinearRing><gml:posList>565000 5940000 565100 5940000 565100 5940100 565000 5940000</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>';
const wrap = (inside, head = '') => `${head}<x:XPlanAuszug xmlns:x="http://www.xplanung.de/xplangml/6/0" xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:xlink="http://www.w3.org/1999/xlink">${inside}</x:XPlanAuszug>`;
const plan = (more = '') => `<gml:featureMember><x:BP_Plan gml:id="p"><x:name>A</x:name>${more}<x:raeumlicherGeltungsbereich>${extent}</x:raeumlicherGeltungsbereich></x:BP_Plan></gml:featureMember>`;

let number = 0;
function refused(name, content) {
	const answer = ask('plans', temporary(`hostile-${++number}-${name}`, content));
	assert.equal(answer.status, 1, `${name}: ${answer.signal} ${answer.stderr}`);
	assert.equal(answer.plans.length, 0);
	assert.ok(answer.fault, name);
	assert.doesNotMatch(answer.fault.detail, /its reader ended|takes too long|did not answer/, name);
	return answer.fault;
}

test('the plain document is read', () => {
	assert.equal(ask('plans', temporary('plain.gml', wrap(plan()))).status, 0);
});

const doctypes = {
	'billion laughs': `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">${'bcdefghij'.split('').map((c, i) =>
		`<!ENTITY ${c} "${`&${'abcdefghi'[i]};`.repeat(10)}">`).join('')}]>`,
	'quadratic blowup': `<!DOCTYPE x [<!ENTITY a "${'a'.repeat(100000)}">]>`,
	'external entity': '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
	'external entity by http': '<!DOCTYPE x [<!ENTITY a SYSTEM "http://127.0.0.1:9/x">]>',
	'parameter entity': '<!DOCTYPE x [<!ENTITY % a SYSTEM "file:///etc/hostname"> %a;]>',
	'external subset': '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
	'default attribute': '<!DOCTYPE x [<!ATTLIST x y CDATA "z">]>',
	'behind a comment': '<!-- > --><?pi <a/> ?>\n<!DOCTYPE x>',
};

for (const [name, doctype] of Object.entries(doctypes))
	test(`XML with a DOCTYPE is refused: ${name}`, () => {
		const document = wrap(plan('<x:nummer>&a;&j;</x:nummer>'), doctype);
		for (const text of [document, `<?xml version="1.0"?>${document}`, `\ufeff${document}`])
			assert.match(refused('doctype.gml', text).detail, /DOCTYPE/);
		assert.match(refused('plain.gml', document.replaceAll('xplanung.de', 'example.org')).detail, /DOCTYPE/);
	});

test('encodings that could hide one are refused', () => {
	const utf7 = '<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x SYSTEM +ACI-file:///etc/hostname+ACIAPg-';
	assert.match(refused('utf7.gml', utf7 + wrap(plan())).detail, /UTF-7 is not read/);
	const utf16 = Buffer.from(`\ufeff<?xml version="1.0" encoding="UTF-16"?>${wrap(plan(), '<!DOCTYPE x>')}`, 'utf16le');
	assert.match(refused('utf16.gml', utf16).detail, /UTF-16/);
	assert.match(refused('utf16be.gml', Buffer.from(utf16).swap16()).detail, /UTF-16/);
	assert.match(refused('ebcdic.gml', `<?xml version="1.0" encoding='IBM037'?>${wrap(plan())}`).detail, /IBM037/);
	for (const encoding of ['utf-8', 'ISO-8859-1', 'Windows-1252', 'us-ascii'])
		assert.equal(ask('plans', temporary(`enc-${encoding}.gml`,
			Buffer.from(`<?xml version="1.0" encoding="${encoding}"?>${wrap(plan())}`, 'latin1'))).status, 0, encoding);
	const latin = Buffer.from(`<?xml version="1.0" encoding="windows-1252"?>${wrap(plan().replace('>A<', '>Stra\xdfe \x80<'))}`, 'latin1');
	assert.equal(ask('plans', temporary('latin.gml', latin)).plans[0].name, 'Straße €');
});

test('depth, text and numbers of elements are bounded', () => {
	assert.match(refused('deep.gml', wrap(plan(`${'<x:a>'.repeat(100)}${'</x:a>'.repeat(100)}`))).detail, /nested/);
	assert.match(refused('deeper.gml', wrap('<a>'.repeat(200000))).detail, /nested|depth/);
	assert.match(refused('surfaces.gml', wrap(plan().replace(extent,
		'<gml:MultiSurface><gml:surfaceMember>'.repeat(30000)))).detail, /nested|depth/);
	refused('text.gml', wrap(plan(`<x:nummer>${'a'.repeat(40 << 20)}</x:nummer>`)));
	refused('attribute.gml', wrap(plan(`<x:nummer a="${'a'.repeat(40 << 20)}"/>`)));
	refused('name.gml', wrap(plan(`<x:${'a'.repeat(20 << 20)}/>`)));
	assert.match(refused('elements.gml', wrap(plan('<a/>'.repeat(10000001)))).detail, /10 million elements/);
	const many = ask('plans', temporary('municipalities.gml',
		wrap(plan('<x:gemeinde><x:XP_Gemeinde><x:ags>02000000</x:ags></x:XP_Gemeinde></x:gemeinde>'.repeat(100000)))));
	assert.deepEqual(many.plans[0].ags, ['02000000']);
	assert.match(refused('plans.gml', wrap(plan().repeat(1001))).detail, /more than 1000 plans/);
});

test('ten thousand attributes end in time', () => {
	const attributes = Array.from({ length: 10000 }, (_, i) => `a${i}="b"`).join(' ');
	assert.equal(ask('plans', temporary('attributes.gml', wrap(plan(`<x:b ${attributes}/>`)))).status, 0);
});

test('references are never fetched', () => {
	const xlink = wrap(plan().replace(extent, '<gml:Surface xlink:href="file:///etc/hostname"/>'));
	refused('xlink.gml', xlink);
	const include = wrap(plan('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/hostname" parse="text"/>'));
	const answer = ask('plans', temporary('include.gml', include));
	assert.equal(answer.status, 0);
	assert.ok(!JSON.stringify(answer.plans).includes('localhost'));
	const schema = wrap(plan()).replace('<x:XPlanAuszug', '<x:XPlanAuszug xsi:schemaLocation="http://example.org http://127.0.0.1:9/x.xsd" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"');
	assert.equal(ask('plans', temporary('schema.gml', schema)).status, 0);
});

test('bombs are cut off', () => {
	const zeros = Buffer.alloc(100 << 20);
	assert.match(refused('bomb.gml.gz', gzipSync(zeros)).detail, /times its size|larger than/);
	assert.match(refused('bomb.gml.gz', gzipSync(Buffer.alloc(300 << 20))).detail, /times its size|larger than/);
	assert.match(refused('bomb.zip', zip({ 'a.gml': zeros })).detail, /times its size|larger than/);
	refused('liar.zip', zip({ 'a.gml': zeros }, { claim: 10 }));
	assert.match(refused('matryoshka.gz', gzipSync(gzipSync(wrap(plan())))).detail, /twice/);
	assert.match(refused('in.zip', zip({ 'a.gml': zip({ 'b.gml': wrap(plan()) }) })).detail, /compress/);
	assert.match(refused('many.zip', zip(Object.fromEntries(Array.from({ length: 10001 }, (_, i) => [`${i}.txt`, ''])))).detail, /10000 entries/);
	refused('quine.gz', gzipSync(Buffer.alloc(0)));
});

test('names in a zip go nowhere', () => {
	const answer = ask('plans', temporary('paths.zip', zip({ '../../../../tmp/pp-escaped.gml': wrap(plan()) })));
	assert.equal(answer.status, 0, JSON.stringify(answer.fault));
	assert.ok(!existsSync('/tmp/pp-escaped.gml'));
	refused('nul.zip', zip({ 'a\0.gml': '<a/>' }));
	refused('absolute.zip', zip({ '/etc/passwd': 'root' }));
});

test('formats that are not read are refused by name', () => {
	const vrt = '<OGRVRTDataSource><OGRVRTLayer name="passwd"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>';
	refused('a.vrt', vrt);
	refused('a.gml', vrt);
	for (const [name, content] of Object.entries({ 'a.pdf': '%PDF-1.7\n', 'a.dxf': '0\nSECTION\n', 'a.csv': 'a,b\n1,2\n',
		'a.kml.txt': 'kml', 'a.tif': 'II*\0', 'a.exe': 'MZ\x90\0', 'zeros.gml': Buffer.alloc(5000), 'empty.gml': '', 'blank.gml': ' \n' }))
		assert.match(refused(name, content).problem, /^(unsupported_media_type|file_unreadable)$/, name);
	refused('kml.kml', '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><Point><coordinates>10,53</coordinates></Point></Placemark></Document></kml>');
	refused('a.json', '{"type":"Topology","objects":{},"arcs":[]}');
	refused('esri.json', '{"geometryType":"esriGeometryPoint","features":[{"geometry":{"x":1,"y":2}}]}');
	refused('url.json', '{"type":"FeatureCollection","features":"http://127.0.0.1:9/"}');
});

test('GeoJSON that is none is refused', () => {
	const polygon = (ring) => `{"type":"Polygon","coordinates":[${ring}]}`;
	for (const text of ['{', '{}', '[]', '{"type":"Polygon"}', polygon('[[1,2]]'), polygon('[[NaN,1],[2,2],[3,3],[NaN,1]]'),
		polygon('[[1e400,1],[2,2],[3,3],[1e400,1]]'), polygon('[[10,53],[10.1,53],[10.1,53.1],[10,53.1]]'),
		polygon('[["a",1],[2,2],[3,3],["a",1]]'), polygon('[[],[],[],[]]'), '{"type":"Point","coordinates":[]}',
		'{"type":"FeatureCollection","features":[]}', '{"type":"Feature","geometry":null,"properties":{}}',
		`{"type":"GeometryCollection","geometries":[${'{"type":"GeometryCollection","geometries":['.repeat(1000)}${']}'.repeat(1000)}]}`,
		'['.repeat(1000000), `{"a":${'['.repeat(1000000)}`, `{"type":"Polygon","coordinates":${'['.repeat(100)}`])
		refused('a.geojson', text);
	const vertices = Array.from({ length: 1000000 }, (_, i) => `[${10 + Math.cos(i / 1e5)},${53 + Math.sin(i / 1e5)}]`);
	assert.equal(refused('million.geojson', polygon(`[${vertices},${vertices[0]}]`)).problem, 'geometry_too_large');
});

// Every format, damaged 24 times each in a way that is the same on every run.
const seeds = {
	'damaged.gml': () => wrap(plan(`<x:planArt>1000</x:planArt><x:gemeinde><x:XP_Gemeinde><x:ags>02000000</x:ags></x:XP_Gemeinde></x:gemeinde>`)),
	'damaged.fgb': (make) => make('FlatGeobuf', 'fgb'),
	'damaged.gpkg': (make) => make('GPKG', 'gpkg'),
	'damaged.geojson': () => JSON.stringify({ type: 'FeatureCollection', features: [{ type: 'Feature', properties: { name: 'A' },
		geometry: { type: 'Polygon', coordinates: [[[10, 53], [10.1, 53], [10.1, 53.1], [10, 53]]] } }] }),
	'damaged.zip': (make) => {
		make('ESRI Shapefile', 'shp');
		const base = temporary('small');
		return zip(Object.fromEntries(['shp', 'shx', 'dbf', 'prj'].map((end) => [`a.${end}`, readFileSync(`${base}.${end}`)])));
	},
};

function make(driver, ending) {
	const source = temporary('small.geojson', seeds['damaged.geojson']());
	const made = spawnSync('ogr2ogr', ['-overwrite', '-f', driver, temporary(`small.${ending}`), source]);
	assert.equal(made.status, 0, String(made.stderr));
	return readFileSync(temporary(`small.${ending}`));
}

for (const [name, seed] of Object.entries(seeds))
	test(`damaged files are answered: ${name}`, { skip: seed.length ? withoutCommand('ogr2ogr') : false }, async () => {
		const whole = Buffer.from(seed(make)), random = seeded(7);
		const { path, log, end } = await serve(1);
		const answer = async (bytes) => (await askHelper(path, temporary(name, bytes))).filter(({ frame }) => !(frame > 2));
		assert.deepEqual(await answer(whole), [{ frame: 1 }]);
		for (let i = 0; i < 24; i++) {
			let bytes = Buffer.from(whole);
			if (i % 3 === 0)
				bytes = bytes.subarray(0, Math.floor(random() * bytes.length));
			else
				for (let n = 1 + Math.floor(random() * 8); n > 0; n--)
					bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
			const [{ frame }, fault] = await answer(bytes);
			assert.ok(frame === 1 ? !fault : frame === 2 && fault.fault.detail, `${i}: ${log()}`);
		}
		assert.equal(await end(), 0);
		assert.equal(log(), '');
	});

test('a GeoPackage whose view computes for ever ends in time', { skip: withoutCommand('sqlite3') || withoutCommand('ogr2ogr') }, () => {
	const file = temporary('view.gpkg', make('GPKG', 'gpkg'));
	const sql = `drop table if exists x; create view endless as with recursive r(n) as (select 1 union all select n + 1 from r) select n as fid, null as geom from r where n < 0;
		insert into gpkg_contents(table_name, data_type, identifier, srs_id) values ('endless', 'features', 'endless', 4326);
		insert into gpkg_geometry_columns values ('endless', 'geom', 'POLYGON', 4326, 0, 0);`;
	assert.equal(spawnSync('sqlite3', [file, sql]).status, 0);
	assert.ok(ask('plans', file).status === 1);
});

test('the sandbox refuses files, sockets and programs', () => {
	const ran = spawnSync(program('planungsplattform-files'), ['--self-test'], { encoding: 'utf8' });
	if (ran.status === 77)
		return;
	assert.equal(ran.status, 0, ran.stdout);
	for (const call of ['open', 'open for writing', 'stat', 'socket (internet)', 'socket (unix)', 'connect', 'execve', 'fork'])
		assert.ok(ran.stdout.split('\n').includes(`${call}: EPERM`), ran.stdout);
});
