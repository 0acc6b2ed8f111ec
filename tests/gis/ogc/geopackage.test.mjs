// SPDX-License-Identifier: EUPL-1.2
// GeoPackages are asked for, made beside the request, and fetched: GDAL, its validator and QGIS read in them what GeoJSON says, of every collection in every CRS.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { until } from '../../harness/server.mjs';
import { confirm, fileBoth, hamburg } from '../../api/support.mjs';
import { python, runner, same } from '../clients.mjs';
import { codes, epsg, keepFew, northFirst, openSite, positions } from './site.mjs';

const TYPE = 'application/geopackage+sqlite3';
const here = dirname(fileURLToPath(import.meta.url));

describe('GeoPackages', { concurrency: false }, () => {
	let site, folder, run, files = 0;
	before(async () => {
		// Of the release build where there is one: other programs judge the files, forty times over.
		site = await openSite();
		await keepFew(site.server);
		folder = mkdtempSync(join(tmpdir(), 'pp-gpkg-'));
		run = runner(folder);
		await site.server.sql(`update pp.feature_procedures set title = :'title' where fid = (select min(fid) from pp.feature_procedures)`, { title: '=1 <b>&"\r\n ä😀, \'' });
		await site.server.sql(`update pp.feature_plans set area_m2 = -0.05, geom = case fid when (select min(fid) from pp.feature_plans) then null else ST_GeomFromText('LINESTRING(565000 5935000,565001 5935001)', 25832) end
			where fid in (select fid from pp.feature_plans order by fid limit 2)`);
	});
	after(async () => {
		await site.stop();
		rmSync(folder, { recursive: true });
	});

	const ask = async (path, { method = 'GET', ...headers } = {}) => {
		const reply = await fetch(path.startsWith('http') ? path : site.server.address + path, { method, headers });
		const bytes = Buffer.from(await reply.arrayBuffer());
		return { status: reply.status, headers: reply.headers, bytes, body: /json/.test(reply.headers.get('content-type') ?? '') && bytes.length ? JSON.parse(bytes) : undefined };
	};
	/** Where it is told of. */
	const order = async (path, headers = {}) => {
		const { status, headers: has, body } = await ask(path, headers);
		assert.equal(status, 202, `${path}: ${JSON.stringify(body)}`);
		assert.equal(has.get('location'), site.server.address + body.self);
		assert.equal(has.get('retry-after'), '1');
		return body.self;
	};
	const settled = (self) => until(async () => {
		const { status, body } = await ask(self);
		assert.equal(status, 200, JSON.stringify(body));
		return !['QUEUED', 'RUNNING'].includes(body.state) && body;
	}, 100);
	const fetched = async (self) => {
		const { state, reason, content, size } = await settled(self);
		assert.deepEqual([state, reason, content], ['DONE', null, `${self}/content`]);
		const { status, headers, bytes } = await ask(content);
		assert.deepEqual([status, headers.get('content-type'), bytes.length], [200, TYPE, size]);
		const file = join(folder, `${++files}.gpkg`);
		writeFileSync(file, bytes);
		return { file, bytes, headers };
	};
	const download = async (path, headers) => fetched(await order(path, headers));
	const look = (program, file) => run(join(here, 'read_gpkg.py'), [program, file]);
	const read = async (file) => (await run('ogr2ogr', ['-f', 'GeoJSON', '-lco', 'COORDINATE_PRECISION=12', '/vsistdout/', file])).features;
	const ids = async (file) => (await read(file)).map(({ properties }) => properties.id);
	/** As the client of the library of the machine says a day and an instant. */
	const isLike = (found, said, where) => {
		if (/^\d{4}-\d\d-\d\d$/.test(said))
			assert.equal(found?.replaceAll('/', '-'), said, where);
		else if (/^\d{4}-\d\d-\d\dT.*Z$/.test(said))
			assert.ok(Math.abs(Date.parse(`${found.replace(/[+]00$|Z$/, '')}Z`) - Date.parse(said)) <= 1, `${where}: ${found} ${said}`);
		else
			assert.deepEqual(found ?? null, said, where);
	};
	const isSame = (found, expected, where, swap) => {
		assert.deepEqual(found.map(({ properties }) => properties.id), expected.map(({ id }) => id), where);
		expected.forEach(({ id, geometry, properties }, i) => {
			const { id: itsId, ...rest } = found[i].properties;
			assert.equal(itsId, id);
			assert.deepEqual(positions(found[i].geometry), positions(geometry).map(([a, b]) => (swap ? [b, a] : [a, b])), `${where} ${id}`);
			assert.deepEqual(Object.keys(rest).sort(), Object.keys(properties).sort(), where);
			for (const [name, value] of Object.entries(properties))
				isLike(rest[name], value, `${where} ${id} ${name}`);
		});
	};
	/** As long as it lasts nothing is made: whoever does needs this lock. */
	const hold = async () => {
		const child = spawn('psql', ['-XAtq', '-d', site.server.database.superuser], { stdio: ['pipe', 'pipe', 'inherit'] });
		child.stdin.write(`select 'held' from pg_advisory_lock(hashtext('pp feature export'), 2);\n`);
		await new Promise((resolve) => child.stdout.once('data', resolve));
		return () => new Promise((resolve) => child.once('close', resolve).stdin.end());
	};
	const publish = async () => {
		const { procedure, plan } = await fileBoth(site.server, site.token);
		await confirm(site.server, site.token, plan);
		await site.server.must(200, 'POST', `/procedures/${procedure}/publish`, { token: site.token, body: {} });
		return procedure;
	};

	it('say what GeoJSON says of every collection in every CRS, and are valid', async () => {
		for (const { id } of site.collections) {
			const orders = [];
			for (const uri of Object.keys(codes))
				orders.push({ uri, path: `/ogc/collections/${id}/items?limit=${uri.endsWith('25832') ? 3000 : 40}&crs=${uri}` });
			for (const each of orders)
				each.self = await order(`${each.path}&f=gpkg`);
			for (const { uri, path, self } of orders) {
				const { body: { features } } = await ask(path);
				assert.ok(features.length > 2, id);
				const { file } = await fetched(self);
				isSame(await read(file), features, `${id} ${uri}`, northFirst.has(uri));
				const { name, code, count, index, about: { IDENTIFIER } } = await look('gdal', file);
				assert.deepEqual([name, code, count, index], [id, String(codes[uri]), features.length, true]);
				assert.equal(IDENTIFIER, site.collections.find((collection) => collection.id === id).title);
			}
		}
	});

	it('have days as days, a title in German or English, and a table without places where those are not asked for', async () => {
		for (const [language, title] of [['de', 'Gemeinden'], ['en', 'Municipalities']]) {
			const { type, fields, about } = await look('gdal', (await download('/ogc/collections/municipalities/items?f=gpkg&limit=2', { 'accept-language': language })).file);
			assert.deepEqual([about.IDENTIFIER, type, fields.ags, fields.dataset_date, fields.modified, fields.area_m2], [title, 'Multi Polygon', 'String', 'Date', 'DateTime', 'Real']);
		}
		const { file } = await download('/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=pp:municipalities&count=3&propertyName=name,area_m2&outputFormat=application/geopackage%2Bsqlite3');
		const { type, fields } = await look('gdal', file);
		assert.deepEqual([type, Object.keys(fields)], ['None', ['id', 'name', 'area_m2']]);
	});

	it('have what was asked for, by either protocol, however it was asked for', async () => {
		const holds = async (path, query) => {
			const { body: { features, detail } } = await ask(`${path}/items?${query.includes('limit') ? '' : 'limit=10000&'}${query}`);
			assert.ok(features?.length, `${query}: ${detail}`);
			assert.deepEqual(await ids((await download(`${path}/items?${query}&f=gpkg`)).file), features.map(({ id }) => id), query);
		};
		for (const query of ['bbox=9.85,53.6,9.95,53.66', `bbox=560000,5940000,570000,5950000&bbox-crs=${epsg(25832)}`, 'filter=area_m2>50000000 AND S_INTERSECTS(geometry,BBOX(9,53,10,54))', `filter=name LIKE 'Ha%' OR name='\\"{}'`,
			'land=02', 'sortby=-area_m2', 'datetime=2100-01-01T00:00:00Z', 'datetime=2020-01-01/..', 'limit=7&sortby=name'].map(encodeURI))
			await holds('/ogc/collections/municipalities', query);
		await holds('/ogc/collections/plans', 'bbox=0,0,1,1');
		const [first, second] = (await ask('/ogc/collections/municipalities/items?limit=2')).body.features;
		const { body: { links } } = await ask('/ogc/collections/municipalities/items?limit=1');
		const next = links.find(({ rel }) => rel === 'next').href;
		assert.deepEqual(await ids((await download(`${next}&f=gpkg`)).file), [second.id], 'also a page of a traversal');
		assert.deepEqual(await ids((await download('/ogc/collections/municipalities/items?ags=x&f=gpkg')).file), [], 'nothing is a file as well');
		const wfs = '/wfs?service=WFS&version=2.0.0&request=GetFeature&outputFormat=application/geopackage%2Bsqlite3';
		assert.deepEqual(await ids((await download(`${wfs}&resourceId=municipalities.${first.id}`)).file), [first.id]);
		const found = await ids((await download(`${wfs}&typeNames=pp:municipalities&startIndex=1&count=1&srsName=urn:ogc:def:crs:EPSG::4326`)).file);
		assert.deepEqual(found, [second.id]);
		const post = await fetch(`${site.server.address}/wfs`, { method: 'POST', headers: { 'content-type': 'text/xml' }, body: `<wfs:GetFeature service="WFS" version="2.0.0" outputFormat="${TYPE}" xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:pp="urn:planungsplattform:features:1">
			<wfs:Query typeNames="pp:municipalities"><fes:Filter><fes:PropertyIsEqualTo><fes:ValueReference>pp:name</fes:ValueReference><fes:Literal>Hamburg</fes:Literal></fes:PropertyIsEqualTo></fes:Filter></wfs:Query></wfs:GetFeature>` });
		assert.equal(post.status, 202);
		assert.deepEqual(await ids((await fetched((await post.json()).self)).file), ['02000000']);
		assert.equal((await ask('/ogc/collections/municipalities/items?limit=2', { accept: TYPE })).status, 202, 'by Accept');
		assert.equal((await ask('/ogc/collections/municipalities/items?limit=2', { accept: 'application/*' })).body.type, 'FeatureCollection', 'but only where it is named');
	});

	it('show the state in which they were asked for, and are made once of it', async () => {
		const path = '/ogc/collections/procedures/items?f=gpkg';
		const release = await hold();
		const was = (await ask('/ogc/collections/procedures/items?limit=1000')).body.features.map(({ id }) => id);
		const self = await order(path);
		assert.equal(await order(path), self, 'the same of the same is the same file');
		assert.notEqual(await order(path, { 'accept-language': 'en' }), self);
		assert.notEqual(await order(`${path}&limit=5`), self);
		const published = await publish();
		const newer = await order(path);
		assert.notEqual(newer, self, 'and of a newer state another one');
		assert.equal((await ask(self)).body.state, 'QUEUED');
		await release();
		assert.deepEqual(await ids((await fetched(self)).file), was);
		assert.deepEqual((await ids((await fetched(newer)).file)).toSorted(), [...was, published].toSorted());
		const { headers } = await fetched(newer);
		assert.equal((await ask(`${newer}/content`, { 'if-none-match': headers.get('etag') })).status, 304);
		assert.equal(headers.get('content-disposition'), 'attachment; filename="procedures.gpkg"');
		const head = await ask(`${newer}/content`, { method: 'HEAD' });
		assert.deepEqual([head.status, head.headers.get('content-length'), head.bytes.length], [200, headers.get('content-length'), 0]);
		const count = async () => (await site.server.sql('select count(*)::int from pp.feature_export'))[0].count;
		const before = await count();
		assert.equal((await ask(`${path}&limit=4`, { method: 'HEAD' })).status, 202);
		assert.equal(await count(), before, 'whoever asks for the head only has nothing made');
	});

	it('are cancelled when nobody waits for them any more, and not to be had before they are ready', async () => {
		const release = await hold();
		const self = await order('/ogc/collections/plans/items?f=gpkg&limit=3');
		assert.equal(await order('/ogc/collections/plans/items?f=gpkg&limit=3'), self);
		const early = await ask(`${self}/content`);
		assert.deepEqual([early.status, early.body.type], [409, '/problems/export_not_ready']);
		assert.equal((await ask(self, { method: 'DELETE' })).status, 204);
		assert.equal((await ask(self)).body.state, 'QUEUED', 'somebody else waits still');
		assert.equal((await ask(self, { method: 'DELETE' })).status, 204);
		assert.equal((await ask(self)).body.state, 'CANCELLED');
		const late = await ask(`${self}/content`);
		assert.deepEqual([late.status, late.body.type], [404, '/problems/not_found']);
		assert.notEqual(await order('/ogc/collections/plans/items?f=gpkg&limit=3'), self);
		// One that fells whoever makes it is not begun a fourth time.
		const bad = await order('/ogc/collections/plans/items?f=gpkg&limit=2');
		await site.server.sql(`update pp.feature_export set state = 'RUNNING', attempts = 3 where id = :'id'`, { id: bad.split('/').at(-1) });
		await release();
		const { state, reason } = await settled(bad);
		assert.deepEqual([state, reason], ['FAILED', 'GESCHEITERT']);
		const log = await ask(`${bad}/content`);
		assert.match(log.body.detail, /GESCHEITERT/);
	});

	it('are refused where there are none, and where too many wait', async () => {
		const { token } = await site.server.account('manager', hamburg);
		const own = { authorization: `Bearer ${token}` };
		assert.equal((await ask('/ogc/collections/drafts/items?f=gpkg', own)).status, 406);
		assert.equal((await ask('/ogc/collections/drafts/items', { accept: TYPE, ...own })).status, 406);
		const wfs = await ask('/wfs?service=WFS&version=2.0.0&request=GetFeature&typeNames=pp:drafts&outputFormat=application/geopackage%2Bsqlite3', own);
		assert.deepEqual([wfs.status, /OptionNotSupported.*outputFormat/.test(wfs.bytes)], [501, true]);
		const [{ id }] = (await ask('/ogc/collections/plans/items?limit=1')).body.features;
		assert.equal((await ask(`/ogc/collections/plans/items/${id}?f=gpkg`)).status, 400, 'one feature is no file');
		assert.equal((await ask('/ogc/collections/plans/items?f=gpkg&filter=nothing=1')).status, 400);
		for (const path of ['/ogc/exports/01900000-0000-7000-8000-000000000000', '/ogc/exports/01900000-0000-7000-8000-000000000000/content'])
			assert.deepEqual([(await ask(path)).status, (await ask(path, { method: path.endsWith('content') ? 'GET' : 'DELETE' })).status], [404, 404]);
		const release = await hold();
		await site.server.sql(`insert into pp.feature_export (id, collection, ask, seen, asked_at) select gen_random_uuid(), 'plans', '{}', 0, now() from generate_series(1, 20)`);
		const { status, body } = await ask('/ogc/collections/plans/items?f=gpkg&limit=1');
		assert.deepEqual([status, body.type], [503, '/problems/busy']);
		await site.server.sql(`delete from pp.feature_export where ask = '{}'`);
		await release();
	});

	it('are opened by QGIS', { skip: python('qgis') }, async () => {
		const { body: { features } } = await ask('/ogc/collections/municipalities/items?limit=5000');
		const { file } = await download('/ogc/collections/municipalities/items?f=gpkg');
		same(await look('qgis', file), features, 'QGIS');
	});

	it('end: a file that is too large, one that is a day old, and one of which something was taken back', async () => {
		await site.server.sql(`create or replace function pp_api.feature_export_limit(out waiting int, out bytes bigint, out each_mb int, out kept interval) language sql immutable as $$ select 20, 4::bigint << 30, 1, interval '1 day' $$`);
		await site.server.sql('update pp.feature_municipalities set geom = ST_Segmentize(geom, 10)');
		const { state, reason } = await settled(await order(`/ogc/collections/municipalities/items?f=gpkg&limit=5000&crs=${epsg(25833)}`));
		assert.deepEqual([state, reason], ['FAILED', 'ZU_GROSS']);
		const self = await order('/ogc/collections/adjacency/items?f=gpkg&limit=10');
		await fetched(self);
		await site.server.sql(`update pp.feature_export set ended_at = ended_at - interval '1 day' where id = :'id'`, { id: self.split('/').at(-1) });
		assert.deepEqual([(await ask(self)).status, (await ask(`${self}/content`)).status], [404, 404]);
		const statements = await order('/ogc/collections/statements/items?f=gpkg');
		assert.ok((await ids((await fetched(statements)).file)).length > 10);
		const [{ id }] = (await ask('/ogc/collections/statements/items?limit=1')).body.features;
		await site.server.must(200, 'PATCH', `/statements/${id}/publication`, { token: site.token, headers: { 'If-Match': '*' }, body: { published: false } });
		assert.deepEqual([(await ask(statements)).status, (await ask(`${statements}/content`)).status], [404, 404], 'what was taken back is in no file any more');
		const [{ gone }] = await site.server.sql('select pp_api.feature_export_sweep(now())::int as gone');
		assert.ok(gone >= 2);
		assert.deepEqual(await site.server.sql(`select 1 from pp.feature_export_piece p where not exists (select from pp.feature_export e where e.id = p.export)`), []);
	});
});
