// SPDX-License-Identifier: EUPL-1.2
// Municipalities and tables out of files.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import test from 'node:test';
import { ask } from './ask.mjs';
import { apart, areaOf, data, readWkb, root, temporary, utm32, withoutCommand, withoutFile } from './support.mjs';

const skip = withoutCommand('ogr2ogr');
const square = (x, y, size = 0.1) => ({ type: 'Polygon', coordinates: [[[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]] });
const file = (name, ...rows) => temporary(name, JSON.stringify({ type: 'FeatureCollection',
	features: rows.map(([properties, geometry = square(9, 54)]) => ({ type: 'Feature', properties, geometry })) }));
const municipality = { AGS: '01056043', RS: '010565616043', GEN: 'Schenefeld', BEZ: 'Stadt', BEM: 'amtsfrei', GF: 4, ADE: 6 };

test('the fields of VG250 are recognised in any case', () => {
	const lower = Object.fromEntries(Object.entries(municipality).map(([k, v]) => [k.toLowerCase(), v]));
	for (const row of [municipality, lower]) {
		const answer = ask('areas', file('vg.geojson', [row]));
		assert.equal(answer.status, 0, JSON.stringify(answer.fault));
		assert.equal(answer.count, 1);
		const [{ wkb, ...found }] = answer.municipalities;
		assert.deepEqual(found, { row: 1, key: '01056043', ars: '010565616043', name: 'Schenefeld', designation: 'Stadt', remark: 'amtsfrei', gf: 4 });
		const ring = [[9, 54], [9.1, 54], [9.1, 54.1], [9, 54.1], [9, 54]].map((p) => utm32(...p));
		assert.ok(apart(readWkb(wkb), { parts: [[ring]] }) < 1e-4);
	}
	assert.equal(ask('areas', file('ars.geojson', [{ ARS: '010565616043', GEN: 'A' }])).municipalities[0].key, '01056043');
	const parts = { AGS: '01056043', GEN: 'A', SN_L: '01', SN_R: '0', SN_K: '56', SN_V1: '56', SN_V2: '16', SN_G: '043' };
	assert.equal(ask('areas', file('parts.geojson', [parts])).municipalities[0].ars, '010565616043');
});

test('a number gets its leading zero back, with a warning', () => {
	const answer = ask('areas', file('number.geojson', [{ AGS: 1056043, GEN: 'A' }]));
	assert.equal(answer.municipalities[0].key, '01056043');
	assert.match(answer.warnings[0].text, /leading zero/);
});

test('rows of other levels are left out', () => {
	const answer = ask('areas', file('levels.geojson', [{ ...municipality, AGS: '01056', ADE: 4 }], [municipality]));
	assert.equal(answer.municipalities.length, 1);
	assert.match(answer.warnings[0].text, /1 rows of other levels/);
	assert.equal(ask('areas', file('kreise.geojson', [{ AGS: '01056', ADE: 4 }])).fault.problem, 'boundaries_unusable');
});

test('other fields can be mapped, districts hang below their municipality', () => {
	const mapped = ask('areas', file('mapped.geojson', [{ schluessel: '01056043', ort: 'A' }]), '', 'Schluessel', 'ort');
	assert.deepEqual([mapped.municipalities[0].key, mapped.municipalities[0].name], ['01056043', 'A']);
	assert.match(ask('areas', file('mapped.geojson', [{ a: 1 }]), '', 'nix').fault.detail, /no field "nix"/);
	const districts = ask('areas', file('d.geojson', [{ id: '03', name: 'Eimsbüttel' }], [{ id: '02000000-4', name: 'Nord' }], [{ id: 'Mitte', name: 'M' }]), '', 'id', 'name', '02000000');
	assert.deepEqual(districts.municipalities.map((m) => m.key), ['02000000-3', '02000000-4', '02000000-Mitte']);
	assert.match(ask('areas', file('d.geojson', [{ id: 'a b' }]), '', 'id', '', '02000000').fault.detail, /no key of a district/);
});

test('what cannot be boundaries is refused with its row', () => {
	const cases = [
		[/no field AGS/, [{ name: 'A' }]],
		[/Row 2: "0105604" is no AGS/, [municipality], [{ ...municipality, AGS: '0105604', RS: '' }]],
		[/"17056043" is no AGS/, [{ ...municipality, AGS: '17056043', RS: '' }]],
		[/is no ARS/, [{ ...municipality, RS: '12' }]],
		[/Row 1: "01056043" is no area/, [municipality, { type: 'Point', coordinates: [9, 54] }]],
		[/is no area/, [municipality, { type: 'LineString', coordinates: [[9, 54], [9.1, 54]] }]],
		[/has no geometry/, [municipality], [municipality, null]],
		[/Row 1, 01056043: A ring/, [municipality, { type: 'Polygon', coordinates: [[[9, 54], [9.1, 54], [9.1, 54.1], [9, 54.1]]] }]],
	];
	for (const [expected, ...rows] of cases) {
		const answer = ask('areas', file('bad.geojson', ...rows));
		assert.equal(answer.status, 1, String(expected));
		assert.match(answer.fault.detail, expected);
	}
	assert.match(ask('areas', file('far.geojson', [municipality, square(40, 10)])).fault.problem, /out_of_area/);
	assert.equal(ask('areas', temporary('a.txt', 'hello')).fault.problem, 'unsupported_media_type');
});

test('every format and CRS gives the same borders', { skip }, () => {
	const source = file('source.geojson', [municipality], [{ ...municipality, AGS: '02000000', RS: '020000000000', GEN: 'Hamburg' }, square(9.2, 54)]);
	const expected = ask('areas', source).municipalities;
	for (const [name, driver, epsg] of [['a.gpkg', 'GPKG', 25832], ['a.shp', 'ESRI Shapefile', 25833], ['a.gml', 'GML', 4258], ['a.fgb', 'FlatGeobuf', 4647]]) {
		const target = temporary(`${driver[0]}-${name}`);
		assert.equal(spawnSync('ogr2ogr', ['-f', driver, '-t_srs', `EPSG:${epsg}`, target, source]).status, 0);
		const answer = ask('areas', target);
		assert.equal(answer.status, 0, `${driver} ${JSON.stringify(answer.fault)}`);
		assert.equal(answer.municipalities.length, 2);
		for (const { key, wkb } of expected) { // FlatGeobuf has an order of its own
			const found = answer.municipalities.find((m) => m.key === key);
			assert.ok(apart(readWkb(found.wkb), readWkb(wkb)) < 0.001, driver);
		}
	}
});

test('the layer of municipalities is found among others', { skip }, () => {
	const gpkg = temporary('vg250.gpkg');
	for (const [name, ags] of [['vg250_krs', '01056'], ['vg250_gem', '01056043']])
		assert.equal(spawnSync('ogr2ogr', [...(name === 'vg250_krs' ? ['-f', 'GPKG'] : ['-update']), '-nln', name, gpkg, file('l.geojson', [{ ...municipality, AGS: ags }])]).status, 0);
	assert.equal(ask('areas', gpkg).municipalities[0].key, '01056043');
	assert.deepEqual(ask('table', gpkg, 'ags', 'gen').rows[0].cells, ['01056', 'Schenefeld']);
});

test('all of Germany is read', { skip: withoutFile(join(data, 'vg250_gem_de_2016.fgb')) }, () => {
	const answer = ask('areas', join(data, 'vg250_gem_de_2016.fgb'));
	assert.equal(answer.status, 0);
	assert.equal(answer.municipalities.length, 11431);
	assert.equal(answer.count, 11431);
	const hamburg = answer.municipalities.filter((m) => m.key === '02000000');
	const size = hamburg.reduce((sum, m) => sum + areaOf(readWkb(m.wkb)), 0) / 1e6;
	assert.ok(Math.abs(size - 750) < 15, `${size} km²`);
});

test('the districts of Hamburg are read', { skip: withoutFile(join(data, 'hamburg_bezirke.geojson')) }, () => {
	const answer = ask('areas', join(data, 'hamburg_bezirke.geojson'), '', 'id', 'name', '02000000');
	assert.deepEqual(answer.municipalities.map((m) => m.key), [1, 2, 3, 4, 5, 6, 7].map((n) => `02000000-${n}`));
});

test('tables: separators, quotes, encodings, columns in any order', () => {
	const rows = (text, ...columns) => ask('table', temporary('table.csv', text), ...columns);
	assert.deepEqual(rows('AGS,GEN\n01001,Flensburg\n', 'key|ags', 'gen').rows, [{ row: 2, cells: ['01001', 'Flensburg'] }]);
	assert.deepEqual(rows('\ufeffgen;ags\r\n"Kiel; Stadt";01002\r\n\r\n"a ""b""\nc";x', 'ags', 'gen').rows,
		[{ row: 2, cells: ['01002', 'Kiel; Stadt'] }, { row: 4, cells: ['x', 'a "b"\nc'] }]);
	assert.deepEqual(rows('a\tb\n1\t2', 'b', '?c', 'a').rows[0].cells, ['2', '', '1']);
	assert.deepEqual(rows(Buffer.from('ags,gen\n01003,L\xfcbeck \x80\n', 'latin1'), 'gen').rows[0].cells, ['Lübeck €']);
	assert.deepEqual(rows('a,b\n1\n', 'a', 'b').rows[0].cells, ['1', '']);
	assert.match(rows('a,b\n1,2\n', 'c').fault.detail, /no column "c"/);
	assert.match(rows('a,b\n"1,2\n', 'a').fault.detail, /line 2 is never closed/);
	assert.match(rows('a,b\n"1"x,2\n', 'a').fault.detail, /follows a closing/);
	assert.match(rows(`a\n${'x,'.repeat(100)}\n`, 'a').fault.detail, /more than 64 columns/);
	assert.equal(rows('', 'a').fault.problem, 'file_unreadable');
	assert.equal(ask('table', join(root, 'data/fixtures/kreise.csv'), 'ags', 'gen', 'bez').rows.length, 70);
});
