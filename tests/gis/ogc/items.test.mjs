// SPDX-License-Identifier: EUPL-1.2
// Features of the collections: what is published and nothing else, page by page of one state, in every CRS, at any time.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer } from '../../harness/server.mjs';
import { confirm, ellerbek, fileBoth, filePlan, hamburg, roundOf, schnelsen } from '../../api/support.mjs';

const epsg = (code) => `http://www.opengis.net/def/crs/EPSG/0/${code}`;
const crs84 = 'http://www.opengis.net/def/crs/OGC/1.3/CRS84';

describe('collections', () => {
	let server, token;
	const get = async (path, headers = {}) => {
		const reply = await fetch(path.startsWith('http') ? path : `${server.address}/ogc${path}`, { headers });
		const text = await reply.text();
		return { status: reply.status, headers: reply.headers, body: text && JSON.parse(text) };
	};
	const items = async (collection, query = '') => {
		const { status, body } = await get(`/collections/${collection}/items?limit=100000&${query}`);
		assert.equal(status, 200, JSON.stringify(body));
		return body.features;
	};
	/** Every page of a traversal; between two of them something happens. */
	const walk = async (path, between = async () => {}) => {
		const all = [];
		for (let next = path; next;) {
			const { status, body } = await get(next);
			assert.equal(status, 200, JSON.stringify(body));
			all.push(...body.features);
			assert.equal(body.numberReturned, body.features.length);
			next = body.links.find(({ rel }) => rel === 'next')?.href;
			if (next)
				await between(body);
		}
		return all;
	};
	const publish = async () => {
		const { procedure, plan } = await fileBoth(server, token);
		await confirm(server, token, plan);
		await server.must(200, 'POST', `/procedures/${procedure}/publish`, { token, body: {} });
		return { procedure, plan };
	};

	before(async () => {
		server = await startServer();
		token = (await server.account('manager', hamburg)).token;
	});
	after(() => server.stop());

	it('show a procedure from the moment it is published, with its plan and whom it affects', async () => {
		const { procedure, plan } = await fileBoth(server, token);
		for (const collection of ['procedures', 'plans', 'affected_municipalities'])
			assert.deepEqual(await items(collection), []);
		assert.equal((await get(`/collections/procedures/items/${procedure}`)).status, 404);
		await confirm(server, token, plan);
		await server.must(201, 'POST', `/procedures/${procedure}/rounds`, { token, body: roundOf({ step: 'FOERM_OEFF', audience: 'OEFF' }) });
		const [shown] = await items('procedures');
		const rest = await server.must(200, 'GET', `/procedures/${procedure}`);
		assert.equal(shown.id, procedure);
		for (const name of ['number', 'title', 'kind', 'state', 'published_at'])
			assert.equal(shown.properties[name], rest[name], name);
		assert.deepEqual((await items('plans')).map(({ id }) => id), [plan]);
		const affected = await server.must(200, 'GET', `/plans/${plan}/affected`);
		assert.deepEqual((await items('affected_municipalities')).map(({ properties: p }) => [p.ags, p.class, p.distance_m]).sort(),
			affected.municipalities.map((m) => [m.ags, m.class, m.distance_m]).sort());
	});

	it('give every page of one state, whatever changes between two of them', async () => {
		for (let i = 0; i < 6; i++)
			await publish();
		const before = (await items('procedures')).map(({ id, properties }) => [id, properties.title]);
		let changes = 0;
		const all = await walk('/collections/procedures/items?limit=2', async () => {
			changes++;
			await publish();
			const { body: last, etag } = await server.api('GET', `/procedures/${before[before.length - 1][0]}`, { token }).then((r) => ({ body: r.body, etag: r.headers.get('etag') }));
			await server.must(200, 'PATCH', `/procedures/${last.id}`, { token, headers: { 'if-match': etag }, body: { title: `Anders ${changes}` } });
		});
		assert.ok(changes >= 3);
		assert.deepEqual(all.map(({ id, properties }) => [id, properties.title]), before);
		const now = (await items('procedures')).map(({ properties }) => properties.title);
		assert.ok(now.includes(`Anders ${changes}`) && now.length === before.length + changes);
	});

	it('are whole, in whatever pages: each feature once, in order, also with another limit on the way', async () => {
		const whole = (await items('municipalities')).map(({ id }) => id);
		assert.deepEqual(whole, (await server.sql('select ags from pp.municipality order by ags collate "C"')).map(({ ags }) => ags));
		assert.deepEqual((await walk('/collections/municipalities/items?limit=137')).map(({ id }) => id), whole);
		const first = (await get('/collections/municipalities/items?limit=10')).body;
		const next = first.links.find(({ rel }) => rel === 'next').href.replace('limit=10', 'limit=100000');
		assert.deepEqual([...first.features, ...(await get(next)).body.features].map(({ id }) => id), whole);
		assert.equal(first.numberMatched, whole.length);
		assert.equal((await get(`/collections/municipalities/items?limit=${whole.length}`)).body.links.find(({ rel }) => rel === 'next'), undefined, 'the last page says so');
	});

	it('say where things are as PostGIS does, in every CRS, in the order of its axes', async () => {
		for (const [code, uri, decimals, swapped] of [[4326, crs84, 8, false], [25832, epsg(25832), 3, false], [25833, epsg(25833), 3, false],
			[3857, epsg(3857), 3, false], [4326, epsg(4326), 8, true], [4258, epsg(4258), 8, true]]) {
			const { headers, body } = await get(`/collections/municipalities/items/${ellerbek}?crs=${uri}`);
			assert.equal(headers.get('content-crs'), `<${uri}>`);
			const [{ text }] = await server.sql(`select ST_AsGeoJSON(ST_Transform(geom, ${code}), 12) as text from pp.municipality where ags = '${ellerbek}'`);
			const expected = JSON.parse(text).coordinates.flat(2), found = body.geometry.coordinates.flat(2);
			assert.equal(found.length, expected.length);
			found.forEach(([a, b], i) => {
				const [x, y] = swapped ? [b, a] : [a, b];
				const most = decimals === 3 ? 0.0011 : 2.1e-8;
				assert.ok(Math.abs(x - expected[i][0]) < most && Math.abs(y - expected[i][1]) < most, `${uri} ${a} ${b} ${expected[i]}`);
			});
		}
	});

	it('find in a box what PostGIS finds there, in whatever CRS the box is given', async () => {
		const boxes = [[9.85, 53.63, 9.91, 53.66], [9.9, 53.6, 10.3, 53.8], [8, 53, 12, 55], [-180, -90, 180, 90], [0, 0, 1, 1], [9.9, 53.6, 9.9, 53.6]];
		for (const box of boxes) {
			const expected = (await server.sql(`select ags from pp.municipality where ST_Intersects(geom, ST_Transform(ST_Segmentize(ST_MakeEnvelope(
				${Math.max(box[0], 2)}, ${Math.max(box[1], 44)}, ${Math.min(box[2], 18)}, ${Math.min(box[3], 58)}, 4326), 0.01), 25832)) order by ags`).catch(() => [])).map(({ ags }) => ags);
			if (box[0] < box[2] && box[2] > 2)
				assert.deepEqual((await items('municipalities', `bbox=${box}`)).map(({ id }) => id), expected, String(box));
			const [west, south, east, north] = box;
			const plain = (await items('municipalities', `bbox=${box}`)).map(({ id }) => id);
			assert.deepEqual((await items('municipalities', `bbox=${[west, south, 0, east, north, 100]}`)).map(({ id }) => id), plain, 'heights are of no account');
			assert.deepEqual((await items('municipalities', `bbox=${[south, west, north, east]}&bbox-crs=${epsg(4326)}`)).map(({ id }) => id), plain, 'latitude first');
		}
		const metres = [560000, 5940000, 570000, 5950000];
		const expected = (await server.sql(`select ags from pp.municipality where ST_Intersects(geom, ST_MakeEnvelope(${metres}, 25832)) order by ags`)).map(({ ags }) => ags);
		assert.ok(expected.length > 3);
		assert.deepEqual((await items('municipalities', `bbox=${metres}&bbox-crs=${epsg(25832)}`)).map(({ id }) => id), expected);
		assert.deepEqual(await items('municipalities', 'bbox=177,65,-177,70'), [], 'across the antimeridian there is nothing of ours');
		assert.equal((await items('municipalities', 'bbox=9,-90,-177,90')).length > 1000, true, 'but much of a box that begins here and ends there');
		for (const crs of [4326, 4258])
			assert.deepEqual(await items('municipalities', `bbox=-90,9,90,-177&bbox-crs=${epsg(crs)}`), await items('municipalities', 'bbox=9,-90,-177,90'), `the same with latitude first, ${crs}`);
		// South above north is no box, on whichever side of the antimeridian it ends.
		for (const box of ['9,55,-177,53', `55,9,53,-177&bbox-crs=${epsg(4326)}`, `55,9,53,10&bbox-crs=${epsg(4326)}`, `570000,5940000,560000,5950000&bbox-crs=${epsg(25832)}`])
			assert.equal((await get(`/collections/municipalities/items?bbox=${box}`)).status, 400, box);
	});

	it('show the past: as it was at an instant, and what was there within a time', async () => {
		const { procedure } = await publish();
		const { body: { properties } } = await get(`/collections/procedures/items/${procedure}`);
		const { headers } = await server.api('GET', `/procedures/${procedure}`, { token });
		await server.must(200, 'PATCH', `/procedures/${procedure}`, { token, headers: { 'if-match': headers.get('etag') }, body: { title: 'Neuer Name' } });
		const title = async (datetime) => (await items('procedures', `datetime=${datetime}`)).filter(({ id }) => id === procedure).map((f) => f.properties.title);
		assert.deepEqual(await title(properties.valid_from), [properties.title]);
		assert.deepEqual(await title('2020-01-01T00:00:00Z'), []);
		assert.deepEqual(await title('../2020-01-01T00:00:00Z'), []);
		assert.deepEqual(await title(`${properties.valid_from}/..`), ['Neuer Name'], 'one version of each, the latest within');
		assert.deepEqual(await title(`../${properties.valid_from}`), [properties.title]);
		assert.deepEqual(await title('2020-01-01/2100-01-01'), ['Neuer Name']);
	});

	it('answer the same bytes with the same tag until something changes, and 304 to whoever has them', async () => {
		for (const path of ['/collections/procedures/items', '/collections/municipalities/items?limit=3', '', '/collections', '/conformance', '/api', '/collections/plans/schema', `/collections/municipalities/items/${ellerbek}`]) {
			const first = await get(path), again = await get(path);
			assert.equal(first.headers.get('etag'), again.headers.get('etag'), path);
			assert.deepEqual(first.body, again.body);
			assert.equal((await get(path, { 'if-none-match': first.headers.get('etag') })).status, 304, path);
			const head = await fetch(`${server.address}/ogc${path}`, { method: 'HEAD' });
			assert.equal(head.status, 200);
			assert.equal(head.headers.get('etag'), first.headers.get('etag'));
		}
		const before = (await get('/collections/procedures/items')).headers.get('etag');
		const others = (await get('/collections/municipalities/items?limit=3')).headers.get('etag');
		await publish();
		assert.notEqual((await get('/collections/procedures/items')).headers.get('etag'), before);
		assert.equal((await get('/collections/municipalities/items?limit=3')).headers.get('etag'), others, 'another collection has not changed');
	});

	it('say which profile they have of those that were asked for', async () => {
		const { conformsTo } = (await get('/conformance')).body;
		for (const name of ['profile-parameter', 'queryables', 'sortables']) assert.ok(conformsTo.includes(`http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/${name}`), name);
		const plain = 'http://www.opengis.net/def/profile/OGC/0/rfc7946', gml = 'http://www.opengis.net/def/profile/ogc/2.0/gml-sf0';
		const ask = async (rest) => {
			const reply = await fetch(`${server.address}/ogc/collections/municipalities/items${rest}`);
			assert.equal(reply.status, 200, rest);
			const text = await reply.text();
			const inside = text.startsWith('{') ? JSON.parse(text).links.filter(({ rel }) => rel === 'profile').map(({ href }) => href) : [];
			return [...inside, ...[...(reply.headers.get('link') ?? '').matchAll(/<([^>]*)>; rel="profile"/g)].map(([, href]) => href)];
		};
		for (const where of [`/${hamburg}`, '']) {
			for (const asked of ['rfc7946', plain, '[ogc-profile:rfc7946]', 'something,rfc7946', 'rfc7946,something'])
				assert.deepEqual(await ask(`${where}?limit=1&profile=${encodeURIComponent(asked)}`.replace(/limit=1&/, where ? '' : 'limit=1&')), [plain], asked);
			for (const rest of ['?f=json', '?profile=something', '?profile=,', `?profile=rfc7946&crs=${epsg(25832)}`, '?profile=rfc7946&f=csv', '?profile=rfc7946&f=gml'])
				assert.deepEqual(await ask(where + rest), [], rest);
			assert.deepEqual(await ask(`${where}?profile=gml-sf0,rfc7946&f=gml`), [gml]);
		}
		const { body } = await get('/collections/municipalities/items?limit=1&profile=rfc7946');
		assert.match(body.links.find(({ rel }) => rel === 'next').href, /profile=rfc7946/);
		const { parameters } = (await get('/api')).body.components;
		assert.deepEqual(parameters.profile, { name: 'profile', in: 'query', required: false, style: 'form', explode: false, schema: { type: 'array', items: { type: 'string' } } });
	});

	it('refuse what means nothing, and name it', async () => {
		for (const [query, pointer] of [['limit=0', 'limit'], ['limit=x', 'limit'], ['x=1', 'x'], ['bbox=1,2,3', 'bbox'], ['bbox=a,b,c,d', 'bbox'], ['bbox=1,2,3,4,5,6,7', 'bbox'],
			['bbox=9,54,10,53', 'bbox'], ['bbox=9,53,10,54&bbox-crs=x', 'bbox-crs'], [`bbox=10,53,9,54&bbox-crs=${epsg(25832)}`, 'bbox'], ['crs=EPSG:31467', 'crs'],
			['datetime=yesterday', 'datetime'], ['datetime=../..', 'datetime'], ['datetime=2021-01-01/2020-01-01', 'datetime'], ['datetime=2021-02-30', 'datetime'],
			['cursor=x', 'cursor'], ['cursor=-1~a', 'cursor'], ['cursor=99999999999999999999~a', 'cursor'], ['bbox=NaN,1,2,3', 'bbox'], ['bbox=1e999,1,2,3', 'bbox']]) {
			const { status, body } = await get(`/collections/municipalities/items?${query}`);
			assert.equal(status, 400, query);
			assert.equal(body.type, '/problems/invalid_parameter');
			assert.ok(body.errors.some((error) => error.pointer === pointer), `${query}: ${JSON.stringify(body.errors)}`);
		}
		for (const path of ['/collections/nothing', '/collections/nothing/items', '/collections/municipalities/items/99999999', '/collections/nothing/schema'])
			assert.equal((await get(path)).status, 404, path);
		assert.equal((await get('/collections/municipalities/items?limit=2147483647')).status, 200, 'more than there may be is as much as there may be');
	});

	it('name in their schema every property that their features have, and no other', async () => {
		await filePlan(server, token, (await publish()).procedure, schnelsen);
		for (const { id } of (await get('/collections')).body.collections) {
			const { body: schema } = await get(`/collections/${id}/schema`);
			const names = Object.keys(schema.properties).filter((name) => !['id', 'geometry'].includes(name));
			for (const feature of (await items(id)).slice(0, 50)) {
				assert.deepEqual(Object.keys(feature.properties), names, id);
				for (const name of names) {
					const value = feature.properties[name], { type, enum: codes } = schema.properties[name];
					if (value === null)
						assert.ok(!schema.required.includes(name), `${id}.${name} is never null`);
					else
						assert.equal(typeof value, { integer: 'number', number: 'number', boolean: 'boolean', string: 'string' }[type], `${id}.${name}`);
					assert.ok(value === null || !codes || codes.includes(value), `${id}.${name}: ${value}`);
				}
			}
		}
	});
});
