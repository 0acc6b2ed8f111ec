// SPDX-License-Identifier: EUPL-1.2
// FlatGeobuf: GDAL, with its verifier, reads what GeoJSON says, of every collection in every CRS, always east before north.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { codes, northFirst, openSite } from './site.mjs';

const TYPE = 'application/flatgeobuf';
const ran = (command, ...args) => {
	const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
	assert.equal(status, 0, `${command} ${args.join(' ')}: ${stderr}`);
	assert.equal(stderr, '', `${command} ${args.join(' ')}`);
	return stdout;
};
/** Areas are many areas, also one; polygons are closed either way. */
const coordinates = (geometry) => geometry === null ? null : geometry.type === 'GeometryCollection' ? geometry.geometries.map(coordinates)
	: geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
const turned = (node) => typeof node[0] === 'number' ? [node[1], node[0]] : node.map(turned);

describe('FlatGeobuf', () => {
	let site, folder;
	const download = async (path, headers = {}) => {
		const reply = await fetch(path.startsWith('http') ? path : site.root + path, { headers });
		assert.equal(reply.status, 200, `${path}: ${reply.status}`);
		assert.equal(reply.headers.get('content-type'), TYPE);
		const file = join(folder, 'features.fgb');
		writeFileSync(file, Buffer.from(await reply.arrayBuffer()));
		return { reply, file };
	};
	const read = (file) => JSON.parse(ran('ogr2ogr', '-f', 'GeoJSON', '/vsistdout/', file)).features;
	const isSame = (found, expected, where, swap) => {
		assert.equal(found.length, expected.length, where);
		expected.forEach(({ id, geometry, properties }, i) => {
			const other = found[i];
			const { id: itsId, ...rest } = other.properties;
			assert.equal(itsId, id, where);
			const place = coordinates(geometry);
			assert.deepEqual(coordinates(other.geometry), place && swap ? turned(place) : place, `${where} ${id}`);
			for (const [name, value] of Object.entries(properties)) {
				const its = rest[name] ?? null;
				// What is null is left out. GDAL knows instants to the millisecond, and no bare days here.
				if (typeof value === 'string' && /^\d{4}-\d\d-\d\d(T.*Z)?$/.test(value) && name !== 'title')
					assert.ok(Math.abs(Date.parse(`${its.replace(/[+]00$|Z$/, '')}Z`) - Date.parse(value)) <= 1, `${where} ${name}: ${its} ${value}`);
				else
					assert.deepEqual(its, value, `${where} ${name}`);
			}
			for (const name of Object.keys(rest))
				assert.ok(name in properties, `${where} ${name}`);
		});
	};

	before(async () => {
		site = await openSite();
		folder = mkdtempSync(join(tmpdir(), 'fgb-'));
		const hostile = '=1 <b>&"\u0001\r\n\uffff ä😀, \'';
		await site.server.sql(`update pp.feature_procedures set title = :'hostile', geom = ST_Collect(array[ST_Point(565000, 5935000, 25832), ST_GeomFromText('MULTILINESTRING((565000 5935000,565001 5935001.0005),(1 2,3 4,5 6.5))', 25832),
			ST_GeomFromText('MULTIPOINT(565000.25 5935000,7 8)', 25832), ST_GeomFromText('MULTIPOLYGON(((0 0,9 0,9 9,0 0),(3 1,4 1,4 2,3 1)),((20 20,30 20,30 30,20 20)))', 25832)])
			where fid = (select min(fid) from pp.feature_procedures)`, { hostile });
		await site.server.sql(`update pp.feature_plans set area_m2 = -0.05, geom = case fid when (select min(fid) from pp.feature_plans) then null else ST_GeomFromText('LINESTRING(565000 5935000,565001 5935001)', 25832) end
			where fid in (select fid from pp.feature_plans order by fid limit 2)`);
	});
	after(async () => {
		await site.stop();
		rmSync(folder, { recursive: true });
	});

	it('says the same as GeoJSON of every collection in every CRS', async () => {
		for (const { id } of site.collections)
			for (const uri of Object.keys(codes)) {
				const path = `/collections/${id}/items?limit=${uri.endsWith('25832') ? 3000 : 40}&crs=${uri}`;
				const { body: { features } } = await site.must(path);
				assert.ok(features.length > 2, id);
				const { reply, file } = await download(`${path}&f=fgb`);
				assert.equal(reply.headers.get('content-crs'), `<${uri}>`);
				assert.equal(reply.headers.get('ogc-numberreturned'), String(features.length));
				isSame(read(file), features, `${id} ${uri}`, northFirst.has(uri));
				assert.match(ran('ogrinfo', '-so', '-al', file), new RegExp(`ID\\["EPSG",${codes[uri]}\\]\\]\n`), 'and says in which');
			}
	});

	it('names itself and its columns, with titles in German or English', async () => {
		for (const [language, title] of [['de', 'Gemeindeschlüssel (AGS)'], ['en', 'Municipality key (AGS)']]) {
			const { file } = await download('/collections/municipalities/items?f=fgb&limit=2', { 'accept-language': language });
			const about = ran('ogrinfo', '-so', '-al', file);
			assert.match(about, /^Layer name: municipalities$/m);
			assert.match(about, /^Geometry: Multi Polygon$/m);
			assert.match(about, /^id: String \(0\.0\) UNIQUE NOT NULL/m);
			assert.match(about, /^area_m2: Real \(0\.0\) NOT NULL/m);
			assert.ok(about.includes(title), about);
		}
		assert.match(ran('ogrinfo', '-so', '-al', (await download('/collections/procedures/items?f=fgb')).file), /^Geometry: Unknown \(any\)$/m);
	});

	it('comes in pages, one by one, with nothing in it, and by Accept', async () => {
		const { body: { features } } = await site.must('/collections/municipalities/items?limit=2000&sortby=-name');
		const all = [];
		for (let at = '/collections/municipalities/items?limit=1100&sortby=-name', page = 0; at; page++) {
			const { reply, file } = await download(at, page ? {} : { accept: TYPE });
			all.push(...read(file));
			at = all.length < 2000 && reply.headers.get('link').match(/<([^>]*)>; rel="next"/)?.[1];
		}
		assert.deepEqual(all.slice(0, 2000).map((f) => f.properties.id), features.map((f) => f.id));
		const [first] = features;
		const { body } = await site.must(`/collections/municipalities/items/${first.id}`);
		const { reply, file } = await download(`/collections/municipalities/items/${first.id}?f=fgb`);
		isSame(read(file), [body], 'one');
		assert.equal((await fetch(reply.url, { headers: { 'if-none-match': reply.headers.get('etag') } })).status, 304);
		assert.deepEqual(read((await download('/collections/municipalities/items?f=fgb&ags=x')).file), []);
	});
});
