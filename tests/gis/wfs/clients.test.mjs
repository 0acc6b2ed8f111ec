// SPDX-License-Identifier: EUPL-1.2
// Other people's clients of WFS 2.0 read the schema of every feature type, and have conditions of theirs asked here. What they read of every type
// is compared in tests/gis/clients.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { python, runner, same } from '../clients.mjs';
import { epsg } from '../ogc/site.mjs';
import { openSite, plainId } from './site.mjs';

const here = dirname(fileURLToPath(import.meta.url));

describe('other clients of WFS', { concurrency: false }, () => {
	let site, home, run;
	before(async () => {
		site = await openSite();
		home = mkdtempSync(join(tmpdir(), 'pp-wfs-clients-'));
		run = runner(home);
	});
	after(async () => {
		await site.stop();
		rmSync(home, { recursive: true });
	});

	const gdal = async (type, page, srs, words = []) => (await run('ogr2ogr', ['-f', 'GeoJSON', '/vsistdout/', `WFS:${site.wfs}?version=2.0.0&srsName=${srs}`, `pp:${type}`, '--config', 'OGR_WFS_PAGE_SIZE', String(page),
		'-lco', 'COORDINATE_PRECISION=12', '-lco', 'RFC7946=NO', ...words])).features.map(({ properties, geometry }) => ({ id: plainId(properties.gml_id), geometry }));
	const utm = `crs=${epsg(25832)}`;

	it('GDAL has the server filter what it is asked for', async () => {
		const all = await site.all('municipalities', utm);
		for (const [where, holds] of [["land='02'", (p) => p.land === '02'], ["area_m2 > 50000000 AND land='01'", (p) => p.area_m2 > 5e7 && p.land === '01'],
			["name LIKE 'Ham%' OR kreis='Pinneberg'", (p) => p.name.startsWith('Ham') || p.kreis === 'Pinneberg'], ["land IN ('02','03')", (p) => ['02', '03'].includes(p.land)]]) {
			const expected = all.filter(({ properties }) => holds(properties));
			assert.ok(expected.length > 0 && expected.length < all.length, where);
			same(await gdal('municipalities', 100, 'EPSG:25832', ['-where', where]), expected, `GDAL where ${where}`, 1e-6);
		}
	});

	it('OWSLib reads the schema of every type: names, types and shape', { skip: python('owslib') }, async () => {
		const types = { boolean: 'boolean', integer: 'integer', number: 'double', string: 'string' }, formats = { date: 'date', 'date-time': 'dateTime' };
		const shapes = { affected_municipalities: '3D MultiPolygon', municipalities: '3D MultiPolygon', statements: '3D MultiPolygon' };
		for (const { id } of site.collections) {
			const { body: { properties } } = await site.get(`/collections/${id}/schema`);
			const columns = Object.entries(properties).filter(([name]) => name !== 'id' && name !== 'geometry');
			const expected = Object.fromEntries(columns.map(([name, { type, format, enum: codes }]) => [name, codes ? `pp:${id}.${name}` : (formats[format] ?? types[[type].flat()[0]])]));
			const found = await run(join(here, 'schema_owslib.py'), [site.wfs, '2.0.0', id]);
			assert.deepEqual(found.properties, expected, id);
			assert.equal(found.geometry, shapes[id] ?? 'GeometryCollection', id);
		}
	});
	it('GDAL and QGIS read the types of properties from the schema', { skip: python('qgis') }, async () => {
		const kinds = { String: 'string', Boolean: 'boolean', Integer: 'number', Integer64: 'number', Real: 'number', Date: 'day', DateTime: 'time' };
		const named = { string: 'string', boolean: 'boolean', integer: 'number', number: 'number', date: 'day', 'date-time': 'time' };
		for (const { id } of site.collections) {
			const { body: { properties } } = await site.get(`/collections/${id}/schema`);
			const expected = Object.entries(properties).filter(([name]) => name !== 'id' && name !== 'geometry').map(([name, { type, format }]) => [name, named[format] ?? named[[type].flat()[0]]]);
			for (const program of ['types_gdal.py', 'types_qgis.py']) {
				const found = await run(join(here, program), [site.wfs, id]);
				assert.deepEqual(found.filter(([name]) => name !== 'gml_id').map(([name, kind]) => [name, kinds[kind] ?? kind]),
					// QGIS 3.22 has neither truth values nor days in WFS.
					expected.map(([name, kind]) => [name, ['boolean', 'day'].includes(kind) && program === 'types_qgis.py' ? 'string' : kind]), `${program} ${id}`);
			}
		}
	});
});
