// SPDX-License-Identifier: EUPL-1.2
// Vector tiles: what is said of them, that each shows what lies in it to half a pixel and nothing else, and that none is out of date.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { freePort, startServer, until } from '../../harness/server.mjs';
import { confirm, fileBoth, hamburg } from '../../api/support.mjs';
import { openSite, positions } from './site.mjs';
import { distance, locate, openlayers, pixel, readTile, withBrowser, withoutOpenLayers } from './tile_read.mjs';

const mvt = 'application/vnd.mapbox-vector-tile';
const tilesets = 'http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector';
const scheme = 'http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme';
const run = promisify(execFile);

describe('vector tiles', () => {
	let site, metrics, grids, tiled;
	const sets = new Map();
	/** The tile itself: {status, bytes, etag, headers}; nobody decodes what it is coded in. */
	const get = async (path, headers = {}, method = 'GET') => {
		const reply = await fetch(path.startsWith('http') ? path : site.root + path, { method, headers });
		return { status: reply.status, headers: reply.headers, etag: reply.headers.get('etag'), type: reply.headers.get('content-type'), bytes: Buffer.from(await reply.arrayBuffer()) };
	};
	const address = (collection, grid, z, { row, col }) => `${collection ? `/collections/${collection}` : ''}/tiles/${grid}/${z}/${row}/${col}`;
	const layersOf = async (path) => {
		const { status, type, bytes } = await get(path);
		assert.ok(status === 204 || (status === 200 && type === mvt), `${path}: ${status} ${type} ${bytes}`);
		return status === 204 ? new Map() : readTile(bytes);
	};
	const counted = async () => {
		const text = await (await fetch(`http://${metrics}/metrics`)).text();
		return Object.fromEntries(['made', 'kept'].map((name) => [name, Number(new RegExp(`^planungsplattform_tiles_${name}_total (\\d+)`, 'm').exec(text)[1])]));
	};
	const publish = async () => {
		const { procedure, plan } = await fileBoth(site.server, site.token);
		await confirm(site.server, site.token, plan);
		await site.server.must(200, 'POST', `/procedures/${procedure}/publish`, { token: site.token, body: {} });
		return plan;
	};
	/** Where a feature's geometry has a place: the collection's, in the CRS of each grid. */
	const places = async (collection, count) => (await site.server.sql(`select f.fid, ST_AsGeoJSON(ST_Collect(d.geom), 9)::json -> 'coordinates' as utm, ST_AsGeoJSON(ST_Transform(ST_Collect(d.geom), 3857), 9)::json -> 'coordinates' as mercator,
		greatest(ST_XMax(f.geom) - ST_XMin(f.geom), ST_YMax(f.geom) - ST_YMin(f.geom)) as size
		from (select fid, geom from pp.feature_${collection} where died is null and geom is not null order by md5(fid) limit ${count}) f
		cross join lateral (select p.geom from (select (ST_DumpPoints(f.geom)).geom union all select ST_PointOnSurface(f.geom)) p order by md5(ST_AsText(p.geom)) limit 4) d group by f.fid, f.geom`));

	before(async () => {
		metrics = `127.0.0.1:${await freePort()}`;
		site = await openSite({ web_workers: 1, metrics });
		grids = new Map(await Promise.all((await site.must('/tileMatrixSets')).body.tileMatrixSets.map(async ({ id, links }) => [id, (await site.must(links.find(({ rel }) => rel === 'self').href)).body])));
		// What not everybody may see has none.
		tiled = site.collections.filter(({ links }) => links.some(({ rel }) => rel === tilesets));
		for (const id of [null, ...tiled.map(({ id }) => id)])
			for (const grid of grids.keys()) sets.set(`${id}/${grid}`, (await site.must(`${id ? `/collections/${id}` : ''}/tiles/${grid}`)).body);
	});
	after(() => site.stop());

	it('are cut in the grid of Web Mercator as it is registered, and in that of the Länder as the BKG publishes it', () => {
		assert.deepEqual([...grids.keys()], ['WebMercatorQuad', 'DE_EPSG_25832_ADV']);
		for (const [id, { uri, crs, tileMatrices }] of grids) {
			assert.ok(crs && (id !== 'WebMercatorQuad' || uri === 'http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad'));
			// OGC 17-083r4 annex D.1; WMTSCapabilities.xml of basemap.de. Both halve their cells.
			const [count, first, west, north] = id === 'WebMercatorQuad' ? [25, 559082264.028717, -20037508.3427892, 20037508.3427892] : [14, 17471320.75089746, -46133.17, 6301219.54];
			assert.equal(tileMatrices.length, count);
			tileMatrices.forEach((matrix, z) => {
				assert.equal(matrix.id, String(z));
				assert.ok(Math.abs(matrix.scaleDenominator * 2 ** z / first - 1) < 1e-12 && Math.abs(matrix.cellSize / 0.00028 / matrix.scaleDenominator - 1) < 1e-12, `${id} ${z}`);
				assert.ok(Math.abs(matrix.pointOfOrigin[0] - west) < 1e-6 && Math.abs(matrix.pointOfOrigin[1] - north) < 1e-6);
				assert.deepEqual([matrix.tileWidth, matrix.tileHeight, matrix.matrixWidth, matrix.matrixHeight, matrix.cornerOfOrigin], [256, 256, 2 ** z, 2 ** z, 'topLeft']);
			});
		}
	});

	it('are found from the landing page and from each collection, by links that all answer', async () => {
		const { body: landing } = await site.must('');
		const { body: { conformsTo } } = await site.must('/conformance');
		for (const name of ['core', 'tileset', 'tilesets-list', 'dataset-tilesets', 'geodata-tilesets', 'mvt', 'oas30'])
			assert.ok(conformsTo.includes(`http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/${name}`));
		assert.ok(landing.links.some(({ rel, href }) => rel === 'http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes' && href === `${site.root}/tileMatrixSets`));
		for (const { links, id } of [landing, ...tiled]) {
			const { body: list } = await site.must(links.find(({ rel }) => rel === tilesets).href);
			assert.deepEqual(list.tilesets.map(({ tileMatrixSetURI }) => tileMatrixSetURI), [...grids.values()].map(({ uri }) => uri));
			for (const set of list.tilesets) {
				// 20-057 /req/tilesets-list/tileset-links
				assert.ok(set.dataType === 'vector' && set.crs && set.title);
				for (const rel of ['self', scheme]) assert.equal((await get(set.links.find((link) => link.rel === rel).href)).status, 200, `${id} ${rel}`);
				const { templated, type, href } = set.links.find(({ rel }) => rel === 'item');
				assert.ok(templated && type === mvt);
				const whole = (await site.must(set.links.find(({ rel }) => rel === 'self').href)).body;
				const { tileMatrix, minTileRow, minTileCol, maxTileRow, maxTileCol } = whole.tileMatrixSetLimits[0];
				for (const [row, col] of [[minTileRow, minTileCol], [maxTileRow, maxTileCol]])
					assert.ok([200, 204].includes((await get(href.replace('{tileMatrix}', tileMatrix).replace('{tileRow}', row).replace('{tileCol}', col))).status), href);
			}
		}
	});

	it('say what they have: layers, properties with titles, limits, and the same as TileJSON', async () => {
		for (const [name, set] of sets) {
			const [id, grid] = name.split('/');
			assert.deepEqual(set.layers.map((layer) => layer.id), id === 'null' ? tiled.map(({ id }) => id) : [id]);
			for (const layer of set.layers) {
				const { body: schema } = await site.must(`/collections/${layer.id}/schema`);
				for (const [property, { type, title }] of Object.entries(layer.propertiesSchema.properties))
					assert.ok(schema.properties[property] && schema.properties[property].type === type && (property === 'id' || schema.properties[property].title === title), `${layer.id}.${property}`);
				assert.equal((await get(layer.links[0].href)).status, 200);
			}
			const known = new Set(grids.get(grid).tileMatrices.map(({ id }) => id));
			for (const limits of set.tileMatrixSetLimits)
				assert.ok(known.has(limits.tileMatrix) && 0 <= limits.minTileRow && limits.minTileRow <= limits.maxTileRow && limits.maxTileRow < 2 ** limits.tileMatrix && limits.minTileCol <= limits.maxTileCol && limits.maxTileCol < 2 ** limits.tileMatrix);
			const alternate = set.links.find(({ rel }) => rel === 'alternate');
			assert.equal(!!alternate, grid === 'WebMercatorQuad', 'TileJSON knows no other grid');
			if (!alternate) {
				assert.equal((await get(`${set.links.find(({ rel }) => rel === 'self').href}?f=tilejson`)).status, 400);
				continue;
			}
			const { body: tilejson } = await site.must(alternate.href);
			const zooms = set.tileMatrixSetLimits.map(({ tileMatrix }) => Number(tileMatrix));
			assert.deepEqual([tilejson.tilejson, tilejson.scheme, tilejson.minzoom, tilejson.maxzoom], ['3.0.0', 'xyz', Math.min(...zooms), Math.max(...zooms)]);
			assert.deepEqual(tilejson.vector_layers.map(({ id, fields }) => [id, Object.keys(fields)]), set.layers.map(({ id, propertiesSchema }) => [id, Object.keys(propertiesSchema.properties)]));
			assert.equal(tilejson.tiles[0].replace('{z}', '{tileMatrix}').replace('{y}', '{tileRow}').replace('{x}', '{tileCol}'), set.links.find(({ rel }) => rel === 'item').href);
		}
	});

	it('show whatever lies in them at every scale, to half a pixel and in the last matrix exactly', { skip: withoutOpenLayers }, async () => {
		let looked = 0;
		for (const { id: collection } of tiled) {
			const features = await places(collection, 6);
			assert.ok(features.length, collection);
			for (const [grid, definition] of grids) {
				const zooms = sets.get(`${collection}/${grid}`).tileMatrixSetLimits.map(({ tileMatrix }) => Number(tileMatrix));
				for (const z of zooms)
					for (const { fid, size, ...at } of features)
						for (const place of at[grid === 'WebMercatorQuad' ? 'mercator' : 'utm']) {
							const where = locate(definition, z, place), path = address(collection, grid, z, where);
							const layer = (await layersOf(path)).get(collection) ?? [];
							const mine = layer.filter(({ id }) => id === fid), exact = z === Math.max(...zooms);
							const metres = definition.tileMatrices[z].cellSize * (grid === 'WebMercatorQuad' ? 0.6 : 1);
							const far = (list) => Math.min(Infinity, ...list.map((feature) => distance(feature, [where.x, where.y])));
							looked++;
							if (mine.length)
								assert.ok(far(mine) <= (exact ? 1.5 : Math.max(pixel * 0.7, size < 1.3 * metres ? 1.5 * pixel : 0)), `${path} ${fid}: ${far(mine)} units away`);
							else
								assert.ok(!exact && size < 1.3 * metres && far(layer.filter(({ type }) => type === 'Point')) <= 4.5 * pixel, `${path} lacks ${fid} of ${size} m`);
						}
			}
		}
		assert.ok(looked > 1000, `${looked} places`);
	});

	it('say of a feature what its collection says of it', { skip: withoutOpenLayers }, async () => {
		for (const { id: collection } of tiled) {
			const items = new Map((await site.all(collection)).map((feature) => [feature.id, feature.properties]));
			const names = Object.keys(sets.get(`${collection}/WebMercatorQuad`).layers[0].propertiesSchema.properties).filter((name) => name !== 'id');
			const numbers = new Map();
			// Hamburg and what lies around it
			for (const feature of (await layersOf(`/collections/${collection}/tiles/WebMercatorQuad/8/82/135`)).get(collection)) {
				const { id, ...said } = feature.properties;
				assert.ok(items.has(id), `${collection} ${id}`);
				assert.deepEqual(said, Object.fromEntries(names.map((name) => [name, items.get(id)[name]]).filter(([, value]) => value !== null)), `${collection} ${id}`);
				assert.ok(Number.isSafeInteger(feature.number) && !numbers.has(feature.number));
				numbers.set(feature.number, id);
			}
			assert.ok(numbers.size, collection);
		}
	});

	it('of all collections are those of each, one layer behind the other', async () => {
		for (const path of ['WebMercatorQuad/8/82/135', 'WebMercatorQuad/12/1318/2161', 'DE_EPSG_25832_ADV/5/9/15']) {
			const each = [];
			for (const { id } of tiled) each.push((await get(`/collections/${id}/tiles/${path}`)).bytes);
			const { bytes } = await get(`/tiles/${path}`);
			assert.ok(bytes.length > 100 && bytes.equals(Buffer.concat(each)), path);
		}
	});

	it('come in whatever coding the client takes, are the same bytes, and 304 to whoever has them', async () => {
		const path = '/collections/municipalities/tiles/WebMercatorQuad/8/82/135';
		const plain = await get(path, { 'accept-encoding': 'identity' });
		assert.equal(plain.headers.get('content-encoding'), null);
		assert.match(plain.headers.get('vary'), /Accept-Encoding/);
		assert.equal(plain.headers.get('cache-control'), 'no-cache');
		for (const coding of ['gzip', 'br', 'gzip', 'br']) {
			// The coded bytes as they are on the wire, which fetch would hide.
			const { stdout } = await run('curl', ['-fsS', '-H', `Accept-Encoding: ${coding}`, site.root + path], { encoding: 'buffer' });
			assert.ok((coding === 'gzip' ? zlib.gunzipSync : zlib.brotliDecompressSync)(stdout).equals(plain.bytes), coding);
			assert.ok(stdout.length < plain.bytes.length);
		}
		const same = await get(path, { 'if-none-match': plain.etag });
		assert.deepEqual([same.status, same.etag, same.bytes.length], [304, plain.etag, 0]);
		const head = await get(path, { 'accept-encoding': 'identity' }, 'HEAD');
		assert.deepEqual([head.status, head.etag, head.headers.get('content-length'), head.bytes.length], [200, plain.etag, String(plain.bytes.length), 0]);
		assert.equal((await get('/collections/plans/tiles/WebMercatorQuad/10/345/522')).status, 204, 'there is nothing of ours in Bavaria');
	});

	it('that are not there are refused, under every address but the one that each tile has', async () => {
		for (const rest of ['WebMercatorQuad/4/5/8', 'WebMercatorQuad/17/42000/69000', 'WebMercatorQuad/8/0/0', 'WebMercatorQuad/8/82/256', 'WebMercatorQuad/8/2147483647/2147483647', 'WebMercatorQuad/8/-1/135', 'WebMercatorQuad/8/82/4294967431',
			'WebMercatorQuad/08/82/135', 'WebMercatorQuad/8/082/135', 'WebMercatorQuad/8/82/135.mvt', 'WebMercatorQuad/x/82/135', 'WebMercatorQuad/264/82/135', 'DE_EPSG_25832_ADV/14/0/0', 'DE_EPSG_25832_ADV/3/8/0', 'WorldCRS84Quad/5/10/16', 'webmercatorquad/8/82/135'])
			for (const before of ['/collections/municipalities/tiles/', '/tiles/']) assert.equal((await get(before + rest)).status, 404, before + rest);
		for (const path of ['/collections/nothing/tiles', '/collections/nothing/tiles/WebMercatorQuad', '/collections/nothing/tiles/WebMercatorQuad/8/82/135', '/tiles/nothing', '/tileMatrixSets/nothing']) assert.equal((await get(path)).status, 404, path);
		// Drafts are a body's own: there are no tiles of them, for nobody, and none in those of all.
		for (const rest of ['', '/WebMercatorQuad', '/WebMercatorQuad/8/82/135'])
			for (const headers of [{}, { authorization: `Bearer ${site.token}` }]) assert.equal((await get(`/collections/drafts/tiles${rest}`, headers)).status, 404);
		assert.ok(sets.get('null/WebMercatorQuad').layers.every(({ id }) => id !== 'drafts'));
		for (const query of ['f=png', 'x=1', 'f=mvt&f=mvt']) assert.equal((await get(`/tiles/WebMercatorQuad/8/82/135?${query}`)).status, 400, query);
		assert.equal((await get('/tiles/WebMercatorQuad/8/82/135?f=mvt')).status, 200);
	});

	it('are made once, however many want them at once, and then sent from memory', async () => {
		const path = '/collections/municipalities/tiles/DE_EPSG_25832_ADV/6/18/31';
		await get('/collections/municipalities/tiles/DE_EPSG_25832_ADV/6/18/30');
		const before = await counted();
		const replies = await Promise.all(Array.from({ length: 40 }, () => get(path)));
		const between = await counted();
		assert.ok(replies.every(({ status, bytes, etag }) => status === 200 && bytes.equals(replies[0].bytes) && etag === replies[0].etag));
		assert.equal(between.made, before.made + 1);
		for (let i = 0; i < 5; i++) await get(path);
		const now = await counted();
		assert.deepEqual([now.made, now.kept], [between.made, between.kept + 5]);
	});

	it('are not made to their end when nobody waits for them any more', async () => {
		const path = `${site.root}/collections/municipalities/tiles/DE_EPSG_25832_ADV/7/37/63`;
		// Whoever reads the table waits.
		const holder = spawn('psql', ['-XAtq', '-d', site.server.database.superuser], { stdio: ['pipe', 'pipe', 'inherit'] });
		holder.stdin.write(`begin; lock pp.feature_municipalities; select 'held';\n`);
		await new Promise((resolve) => holder.stdout.once('data', resolve));
		const waiting = () => site.server.sql(`select pid from pg_stat_activity where datname = current_database() and usename = 'pp_public' and wait_event_type = 'Lock'`);
		// One that says no more may listen still; one that is reset does not.
		const { hostname, port, pathname } = new URL(path);
		const ask = () => {
			const socket = connect(Number(port), hostname);
			socket.write(`GET ${pathname} HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`);
			return socket;
		};
		const first = ask();
		const [{ pid }] = await until(async () => (await waiting()).length && waiting());
		first.resetAndDestroy();
		// Its connection goes, before the lock is given up after two seconds, which would leave that.
		await until(async () => !(await site.server.sql('select 1 from pg_stat_activity where pid = :pid', { pid })).length);
		// Of two one leaves: the other one has it.
		const [second, third] = [ask(), fetch(path)];
		await until(async () => (await waiting()).length);
		second.resetAndDestroy();
		await new Promise((resolve) => holder.once('close', resolve).stdin.end('rollback;\n'));
		assert.equal((await third).status, 200);
	});

	it('show what is published within a second or so, and what has not changed keeps its tag', { skip: withoutOpenLayers }, async () => {
		const others = '/collections/municipalities/tiles/WebMercatorQuad/13/2637/4321', far = '/collections/plans/tiles/WebMercatorQuad/13/2600/4400';
		const [plan] = await site.server.sql(`select floor((ST_X(p.c) + 20037508.342789244) / 4891.96981025128) as col, floor((20037508.342789244 - ST_Y(p.c)) / 4891.96981025128) as row
			from (select ST_Transform(ST_PointOnSurface(geom), 3857) as c from pp.feature_plans where died is null limit 1) p`);
		const here = `/collections/plans/tiles/WebMercatorQuad/13/${plan.row}/${plan.col}`;
		const shown = async () => ((await layersOf(here)).get('plans') ?? []).map(({ id }) => id);
		const [before, tags] = [await shown(), [(await get(others)).etag, (await get(far)).status]];
		const { plan: hidden } = await fileBoth(site.server, site.token);
		const added = await publish();
		await until(async () => (await shown()).includes(added));
		assert.ok(before.length && before.every((id) => id !== added));
		assert.ok(!(await shown()).includes(hidden), 'what is not published is in no tile');
		assert.deepEqual([(await get(others)).etag, (await get(far)).status], tags);
		assert.equal((await get(others, { 'if-none-match': tags[0] })).status, 304);
	});

	it('are found and placed by OpenLayers from our own description, in both grids', { skip: withoutOpenLayers }, async () => {
		const { getTileSetInfo } = await openlayers('source/ogcTileUtil', '*'), Projection = await openlayers('proj/Projection');
		for (const [grid, definition] of grids) {
			const projection = new Projection({ code: `EPSG:${definition.crs.split('/').pop()}`, units: 'm' });
			const info = await withBrowser(() => getTileSetInfo({ url: `${site.root}/collections/municipalities/tiles/${grid}`, supportedMediaTypes: [mvt], projection }));
			const limits = sets.get(`municipalities/${grid}`).tileMatrixSetLimits;
			for (const { fid, ...at } of await places('municipalities', 3))
				for (const place of at[grid === 'WebMercatorQuad' ? 'mercator' : 'utm'])
					for (const step of [limits.length - 1, 3]) {
						const url = info.urlFunction(info.grid.getTileCoordForCoordAndZ(place, step), 1, projection);
						assert.equal(url, site.root + address('municipalities', grid, limits[step].tileMatrix, locate(definition, limits[step].tileMatrix, place)));
						assert.ok((await layersOf(url)).get('municipalities').some(({ id }) => id === fid), `${url} ${fid}`);
					}
		}
	});

	it('lie where they should for GDAL', async () => {
		const folder = mkdtempSync(join(tmpdir(), 'pp-tile-')), file = join(folder, 'tile.mvt');
		writeFileSync(file, (await get('/collections/municipalities/tiles/WebMercatorQuad/8/82/135')).bytes);
		const { stdout } = await run('ogr2ogr', ['-f', 'GeoJSON', '/vsistdout/', `MVT:${file}`, '-oo', 'X=135', '-oo', 'Y=82', '-oo', 'Z=8', '-lco', 'RFC7946=NO'], { maxBuffer: 1 << 26 });
		rmSync(folder, { recursive: true });
		const boxes = new Map((await site.server.sql(`select fid, Box2D(g)::text as box from (select fid, ST_Transform(geom, 3857) as g from pp.feature_municipalities where died is null) m
			where g && ST_MakeEnvelope(1095801.3, 7044436.6, 1252344.2, 7200979.5, 3857) and g @ ST_MakeEnvelope(1095801.3, 7044436.6, 1252344.2, 7200979.5, 3857)`)).map(({ fid, box }) => [fid, box.match(/-?[\d.]+/g).map(Number)]));
		let compared = 0;
		for (const { properties: { id }, geometry } of JSON.parse(stdout).features.filter(({ properties }) => boxes.has(properties.id))) {
			const all = positions(geometry), [west, south, east, north] = boxes.get(id);
			const found = [Math.min(...all.map(([x]) => x)), Math.min(...all.map(([, y]) => y)), Math.max(...all.map(([x]) => x)), Math.max(...all.map(([, y]) => y))];
			// Half a pixel of this matrix and a unit of the tile are some 345 m of Mercator.
			[west, south, east, north].forEach((wanted, i) => assert.ok(Math.abs(found[i] - wanted) < 400, `${id} ${found} ${boxes.get(id)}`));
			compared++;
		}
		assert.ok(compared > 100, `${compared} compared`);
	});
});

describe('vector tiles without memory to keep them', () => {
	let site, metrics;
	before(async () => {
		metrics = `127.0.0.1:${await freePort()}`;
		site = await openSite({ web_workers: 1, metrics, tile_cache_mb: 0 });
	});
	after(() => site.stop());

	it('are made anew each time, and are the same', async () => {
		const get = async () => Buffer.from(await (await fetch(`${site.root}/tiles/WebMercatorQuad/8/82/135`)).arrayBuffer());
		const first = await get();
		assert.ok(first.length > 1000 && first.equals(await get()) && first.equals(await get()));
		assert.match(await (await fetch(`http://${metrics}/metrics`)).text(), /^planungsplattform_tiles_made_total 3\n/m);
	});

	it('have no more than can be seen, however much there is, and in the last matrix all of it', { skip: withoutOpenLayers }, async () => {
		const many = 3000, east = 562000, north = 5945000;
		await site.server.sql(`do $$ declare names text; begin
			select string_agg(quote_ident(a.attname), ', ') into names from pg_attribute a where a.attrelid = 'pp.feature_plans'::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attname not in ('fid', 'geom', 'digest');
			execute format('insert into pp.feature_plans (fid, geom, digest, %1$s) select %2$L || n, ST_Buffer(ST_SetSRID(ST_MakePoint(${east} + n %% 50 * 3, ${north} + n / 50 * 2), 25832), 1), sha256(n::text::bytea), %1$s
				from (select * from pp.feature_plans where died is null limit 1) f, generate_series(1, ${many}) n', names, 'many-');
		end $$`);
		const layer = async (z) => {
			const size = 4891.96981025128 * 256 / 2 ** z;
			const reply = await fetch(`${site.root}/collections/plans/tiles/DE_EPSG_25832_ADV/${z}/${Math.floor((6301219.54 - north) / size)}/${Math.floor((east + 46133.17) / size)}`);
			return (await readTile(await reply.arrayBuffer())).get('plans').filter(({ id }) => id.startsWith('many-'));
		};
		for (const z of [0, 5, 8]) {
			const seen = await layer(z), pixels = Math.ceil(150 / (4891.96981025128 / 2 ** z)) + 2;
			assert.ok(seen.length && seen.length <= (pixels / 2 + 1) ** 2 && seen.every(({ type }) => type === 'Point'), `${seen.length} in matrix ${z}`);
		}
		const size = 4891.96981025128 * 256 / 2 ** 13, west = Math.floor((east + 46133.17) / size) * size - 46133.17, south = 6301219.54 - (Math.floor((6301219.54 - north) / size) + 1) * size;
		const [{ count }] = await site.server.sql(`select count(*) from pp.feature_plans where fid like 'many-%' and geom && ST_MakeEnvelope(${west}, ${south}, ${west + size}, ${south + size}, 25832)`);
		const all = await layer(13);
		assert.ok(count > 100 && all.length >= count && all.every(({ type }) => type === 'Polygon'), `${all.length} of ${count}`);
	});
});

describe('vector tiles with little memory to keep them', () => {
	let server, metrics;
	before(async () => {
		metrics = `127.0.0.1:${await freePort()}`;
		server = await startServer({ settings: { web_workers: 1, metrics, tile_cache_mb: 1, rate_public: 1000000 } });
	});
	after(() => server.stop());

	it('keep what was wanted last, with what it is coded in, and make the others anew', async () => {
		const get = async (z, row, col, coding) => Buffer.from(await (await fetch(`${server.address}/ogc/tiles/DE_EPSG_25832_ADV/${z}/${row}/${col}`, { headers: { 'Accept-Encoding': coding } })).arrayBuffer());
		const made = async () => Number(/^planungsplattform_tiles_made_total (\d+)/m.exec(await (await fetch(`http://${metrics}/metrics`)).text())[1]);
		let bytes = 0, tiles = [];
		for (let z = 4, n = 1; z < 8; z++, n *= 2)
			for (let row = 3 * n; row < 6 * n; row++)
				for (let col = 6 * n; col < 10 * n; col++) {
					const tile = await get(z, row, col, 'identity');
					await get(z, row, col, 'gzip');
					bytes += tile.length;
					tiles.push([z, row, col, tile]);
				}
		assert.ok(bytes > 3 << 19, `${bytes} bytes`);
		assert.equal(await made(), tiles.length, 'each once while it was looked at');
		for (const [z, row, col, tile] of tiles.slice(-5)) assert.ok(tile.equals(await get(z, row, col, 'br')));
		assert.equal(await made(), tiles.length, 'the last are kept');
		for (const [z, row, col, tile] of tiles.slice(0, 5)) assert.ok(tile.equals(await get(z, row, col, 'identity')));
		assert.equal(await made(), tiles.length + 5, 'the first had made room');
	});
});
