// SPDX-License-Identifier: EUPL-1.2
// OGC API Features Part 4 (OGC 20-002) on the one collection that clients write: a draft's whole life, in every CRS; who may what; every refusal, after which
// nothing has changed; and editors who race.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer } from '../../harness/server.mjs';
import { bowtie, box, halstenbek, hamburg, pointers, schnelsen } from '../../api/support.mjs';
import { lint, withoutPackages } from './judge.mjs';
import { codes, crs84, epsg, northFirst, positions } from './site.mjs';

const GEOJSON = 'application/geo+json', PATCH = 'application/merge-patch+json';
const below = '/ogc/collections/drafts/items';
const feature = (geometry, properties) => ({ type: 'Feature', geometry, properties });
const moved = (geometry, change) => ({ ...geometry, coordinates: geometry.coordinates.map((ring) => ring.map(change)) });

describe('drafts over OGC API', { concurrency: false }, () => {
	let server, strict, planner, colleague, reader, stranger, citizen, number = 0;
	before(async () => {
		server = await startServer({ settings: { rate_public: 10000000, rate_account: 10000000 } });
		[planner, colleague, reader, stranger, citizen] = await Promise.all([['manager', hamburg], ['manager', hamburg], ['reader', hamburg], ['manager', halstenbek], ['public']].map((words) => server.account(...words)));
	});
	after(async () => {
		await server.stop();
		await strict?.stop();
	});

	/** {status, headers, body}; what is sent is JSON unless it is text. */
	async function ask(method, path, { who = planner, body, type = method === 'PATCH' ? PATCH : GEOJSON, headers = {}, at = server } = {}) {
		const reply = await fetch(path.startsWith('http') ? path : at.address + path, { method, headers: {
			...(who ? { Authorization: `Bearer ${who.token}` } : {}), ...(body === undefined ? {} : { 'Content-Type': type }), ...headers,
		}, body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body) });
		const text = await reply.text();
		return { status: reply.status, headers: reply.headers, text, body: /json/.test(reply.headers.get('content-type') ?? '') ? JSON.parse(text) : undefined };
	}
	async function must(status, ...words) {
		const reply = await ask(...words);
		assert.equal(reply.status, status, `${words[0]} ${words[1]}: ${reply.text}`);
		return reply;
	}
	async function draw(properties = {}, { geometry = schnelsen, ...more } = {}) {
		const made = await must(201, 'POST', below, { body: feature(geometry, { title: `Entwurf ${++number}`, ...properties }), ...more });
		return { id: made.body.id, path: `${below}/${made.body.id}`, tag: made.headers.get('etag'), ...made };
	}
	const all = async (who = planner) => (await must(200, 'GET', `${below}?limit=10000`, { who })).body.features;
	const near = (one, other, within) => {
		const [a, b] = [positions(one), positions(other)];
		assert.equal(a.length, b.length);
		a.forEach(([x, y], i) => assert.ok(Math.abs(x - b[i][0]) <= within && Math.abs(y - b[i][1]) <= within, `${JSON.stringify(a[i])} is not ${JSON.stringify(b[i])}`));
	};

	it('are made, read back, replaced, changed and removed', async () => {
		const made = await draw({ title: 'Nördlich der Bahn', note: 'erste Skizze' });
		assert.equal(made.headers.get('location'), server.address + made.path);
		assert.match(made.tag, /^"\d+\.[\w-]{43}(-gzip|-br)?"$/, 'a strong tag, whose first part names the version');
		const got = await must(200, 'GET', made.path);
		assert.deepEqual([got.body, got.headers.get('etag')], [made.body, made.tag], 'what was answered is what is there');
		const { title, note, body, revision } = got.body.properties;
		assert.deepEqual({ title, note, body, revision }, { title: 'Nördlich der Bahn', note: 'erste Skizze', body: hamburg, revision: 1 });
		near(got.body.geometry, schnelsen, 2e-8);
		const replaced = await must(200, 'PUT', made.path, { body: feature(box(9.9, 53.63, 9.91, 53.64), { title: 'Neu' }) });
		assert.deepEqual([replaced.body.properties.title, replaced.body.properties.note, replaced.body.properties.revision], ['Neu', null, 2], 'what replaces says everything');
		assert.equal(replaced.headers.get('content-location'), server.address + made.path);
		near(replaced.body.geometry, box(9.9, 53.63, 9.91, 53.64), 2e-8);
		const changed = await must(200, 'PATCH', made.path, { body: { properties: { note: 'mit Vermerk' } } });
		assert.deepEqual([changed.body.properties.title, changed.body.properties.note], ['Neu', 'mit Vermerk'], 'a patch changes what it names');
		assert.deepEqual(changed.body.geometry, replaced.body.geometry);
		assert.equal((await must(200, 'PATCH', made.path, { body: { geometry: null } })).body.geometry, null, 'and takes away what it calls null');
		assert.deepEqual((({ title: t, note: n }) => [t, n])((await must(200, 'PATCH', made.path, { body: { properties: null } })).body.properties), [null, null]);
		await must(204, 'DELETE', made.path);
		await must(404, 'GET', made.path);
		await must(404, 'DELETE', made.path);
		assert.ok(!(await all()).some(({ id }) => id === made.id));
	});

	it('take coordinates in every CRS, in the order of its axes', async () => {
		for (const [uri, code] of Object.entries(codes)) {
			const order = northFirst.has(uri) ? 'ST_FlipCoordinates(p)' : 'p';
			const [{ g }] = await server.sql(`select ST_AsGeoJSON(${order}, 12)::json as g from ST_Transform(ST_GeomFromGeoJSON(:'g'), ${code}) p`, { g: JSON.stringify({ ...schnelsen, crs: { type: 'name', properties: { name: 'EPSG:4326' } } }) });
			for (const spelling of [`<${uri}>`, uri]) {
				const made = await draw({}, { geometry: { type: g.type, coordinates: g.coordinates }, headers: { 'Content-Crs': spelling } });
				near(made.body.geometry, schnelsen, 2e-8);
				assert.equal(made.headers.get('content-crs'), `<${crs84}>`);
				const same = await must(200, 'GET', `${made.path}?crs=${encodeURIComponent(uri)}`);
				near(same.body.geometry, g, code === 4326 || code === 4258 ? 2e-8 : 2e-3);
				await must(200, 'PUT', made.path, { body: feature({ type: same.body.geometry.type, coordinates: same.body.geometry.coordinates }, {}), headers: { 'Content-Crs': spelling } });
				near((await must(200, 'GET', made.path)).body.geometry, schnelsen, 3e-8);
				await must(204, 'DELETE', made.path);
			}
		}
		const swapped = await must(422, 'POST', below, { body: feature(schnelsen, {}), headers: { 'Content-Crs': `<${epsg(4326)}>` } });
		assert.match(swapped.body.errors[0].pointer, /^\/geometry/, 'longitude first where latitude stands first lies elsewhere');
		for (const uri of ['http://www.opengis.net/def/crs/EPSG/0/31467', 'EPSG:0', '<>'])
			assert.equal((await must(422, 'POST', below, { body: feature(schnelsen, {}), headers: { 'Content-Crs': uri } })).body.type, '/problems/crs_unknown');
	});

	it('come back as they were read: what cannot be written is left as it is', async () => {
		const made = await draw({ note: 'bleibt' });
		const again = await must(200, 'PUT', made.path, { body: made.body });
		assert.deepEqual([again.body, again.headers.get('etag')], [made.body, made.tag], 'sent back, it is no change');
		const forged = await must(200, 'PUT', made.path, { body: { ...made.body, id: 'x', properties: { ...made.body.properties, body: halstenbek, revision: 77, created_at: '2000-01-01T00:00:00Z' } } });
		assert.deepEqual(forged.body, made.body);
		const schema = (await must(200, 'GET', '/ogc/collections/drafts/schema')).body;
		assert.deepEqual(Object.keys(schema.properties).filter((name) => !schema.properties[name].readOnly).sort(), ['geometry', 'note', 'procedure', 'title'], 'the schema says which those are');
	});

	it('are refused with the place, and nothing has changed', async () => {
		const made = await draw();
		const before = JSON.stringify(await all());
		const refusals = [
			['{', 400, 'malformed_json'], ['[]', 422, 'invalid_body'], [{}, 422, 'invalid_body', '/type'], [{ ...feature(schnelsen, {}), type: 'Polygon' }, 422, 'invalid_body', '/type'],
			[feature(schnelsen, []), 422, 'invalid_body', '/properties'], [feature(schnelsen, { farbe: 'rot' }), 422, 'invalid_body', '/properties/farbe'],
			[feature(schnelsen, { title: 7, note: {} }), 422, 'invalid_body', '/properties/title /properties/note'], [feature(schnelsen, { title: 'x'.repeat(501) }), 422, 'invalid_body', '/properties/title'],
			[feature(schnelsen, { procedure: 'Verfahren' }), 422, 'invalid_body', '/properties/procedure'],
			[feature(7, {}), 422, 'geometry_malformed', '/geometry'], [feature({ type: 'Polygon', coordinates: [[[9.9, 53.6], [9.91, 53.6]]] }, {}), 422, 'geometry_invalid'],
			[feature(bowtie, {}), 422, 'geometry_invalid', '/geometry'], [feature({ type: 'Point', coordinates: [0, 0] }, {}), 422, 'geometry_out_of_area'],
			[feature({ type: 'Polygon', coordinates: [] }, {}), 422, 'geometry_empty'],
		];
		for (const [body, status, problem, where] of refusals) {
			for (const [method, path] of [['POST', below], ['PUT', made.path]]) {
				const reply = await must(status, method, path, { body });
				assert.equal(reply.body.type, `/problems/${problem}`, JSON.stringify(body));
				if (where) assert.deepEqual(pointers(reply.body), where.split(' '), JSON.stringify(body));
			}
		}
		for (const [method, path, type] of [['POST', below, 'text/plain'], ['POST', below, PATCH], ['PUT', made.path, 'application/gml+xml'], ['PATCH', made.path, GEOJSON]])
			await must(415, method, path, { body: '{}', type });
		await must(400, 'POST', `${below}?crs=EPSG:31467`, { body: feature(schnelsen, {}) });
		await must(400, 'POST', `${below}?colour=red`, { body: feature(schnelsen, {}) });
		await must(406, 'POST', below, { body: feature(schnelsen, {}), headers: { Accept: 'image/png' } });
		await must(413, 'POST', below, { body: feature({ type: 'MultiPoint', coordinates: Array.from({ length: 900000 }, () => [9.9012345, 53.6312345]) }, {}) });
		assert.equal(JSON.stringify(await all()), before);
	});

	it('are the body\'s own: its managers write, its members read, for everybody else they are not there', async () => {
		const made = await draw();
		assert.deepEqual((await must(200, 'GET', made.path, { who: reader })).body, made.body);
		await must(200, 'PATCH', made.path, { who: colleague, body: { properties: { note: 'von der Kollegin' } } });
		for (const [who, wanted] of [[reader, 403], [citizen, 403], [null, 401], [{ token: 'pp_unknown' }, 401], [stranger, 404]]) {
			await must(wanted, 'PUT', made.path, { who, body: made.body });
			await must(wanted, 'PATCH', made.path, { who, body: {} });
			await must(wanted, 'DELETE', made.path, { who });
			if (who !== stranger) await must(wanted, 'POST', below, { who, body: made.body });
		}
		for (const [who, wanted] of [[citizen, 403], [null, 401], [stranger, 404]])
			await must(wanted, 'GET', made.path, { who });
		for (const rest of ['', '/schema', '/queryables', '/items']) {
			await must(401, 'GET', `/ogc/collections/drafts${rest}`, { who: null });
			await must(403, 'GET', `/ogc/collections/drafts${rest}`, { who: citizen });
		}
		assert.ok(!(await all(stranger)).some(({ id }) => id === made.id));
		const listed = async (who) => (await must(200, 'GET', '/ogc/collections', { who })).body.collections.some(({ id }) => id === 'drafts');
		assert.deepEqual([await listed(planner), await listed(reader), await listed(citizen), await listed(null)], [true, true, false, false], 'it is listed to whoever may read it');
		// The same address, state and number of features: still another answer for another body.
		const own = await must(200, 'GET', `${below}?limit=1`);
		await must(304, 'GET', `${below}?limit=1`, { headers: { 'If-None-Match': own.headers.get('etag') } });
		await must(200, 'GET', `${below}?limit=1`, { who: stranger, headers: { 'If-None-Match': own.headers.get('etag') } });
		assert.equal((await must(200, 'GET', `${below}?limit=10000`)).body.numberMatched, (await all()).length);
		assert.equal((await must(200, 'GET', `${below}?limit=10000`, { who: stranger })).body.numberMatched, (await all(stranger)).length, 'and nobody learns how many others have');
		// Whose role is taken away draws no more.
		const gone = await server.account('manager', hamburg);
		await must(201, 'POST', below, { who: gone, body: feature(schnelsen, {}) });
		await server.sql("update pp.membership set roles = '{reader}' where account = (select id from pp.account where email = :'email')", { email: gone.email });
		let reply;
		do reply = await ask('PATCH', made.path, { who: gone, body: {} }); while (reply.status === 200);
		assert.equal(reply.status, 403);
	});

	it('say by OPTIONS what may be done, and of other collections that nothing may', async () => {
		const allow = async (path) => (await must(204, 'OPTIONS', path, { who: null })).headers.get('allow').split(', ').sort().join(' ');
		assert.equal(await allow(below), 'GET HEAD OPTIONS POST');
		assert.equal(await allow(`${below}/x`), 'DELETE GET HEAD OPTIONS PATCH PUT');
		assert.equal(await allow('/ogc/collections/plans/items'), 'GET HEAD OPTIONS');
		assert.equal((await must(405, 'POST', '/ogc/collections/plans/items', { body: feature(schnelsen, {}) })).headers.get('allow'), 'GET, HEAD, OPTIONS');
	});

	it('are described to whoever may read them, and to nobody else', { skip: withoutPackages }, async () => {
		const { text, body: { paths } } = await must(200, 'GET', '/ogc/api');
		assert.deepEqual(await lint(text), []);
		assert.deepEqual(Object.keys(paths['/collections/drafts/items']).sort(), ['get', 'post']);
		assert.deepEqual(Object.keys(paths['/collections/drafts/items/{featureId}']).sort(), ['delete', 'get', 'patch', 'put']);
		assert.ok(Object.entries(paths).every(([path, operations]) => path.includes('/drafts/') || Object.keys(operations).join() === 'get'), 'nothing else is written');
		assert.ok(!Object.keys((await must(200, 'GET', '/ogc/api', { who: null })).body.paths).some((path) => path.includes('drafts')));
	});

	it('are changed only in the version that was read, where the client says which', async () => {
		const made = await draw();
		const changed = await must(200, 'PATCH', made.path, { body: { properties: { title: 'zwei' } }, headers: { 'If-Match': made.tag } });
		assert.notEqual(changed.headers.get('etag').split('.')[0], made.tag.split('.')[0]);
		for (const [method, body] of [['PUT', made.body], ['PATCH', {}], ['DELETE']])
			for (const tag of [made.tag, `W/${changed.headers.get('etag')}`, 'x', '"*"', '"1", "2"'])
				assert.equal((await must(412, method, made.path, { body, headers: { 'If-Match': tag } })).body.type, '/problems/precondition_failed', `${method} ${tag}`);
		assert.equal((await must(200, 'GET', made.path)).headers.get('etag'), changed.headers.get('etag'));
		// Each representation of a version has a tag of its own, and each names the version.
		const tags = await Promise.all(['', '?f=gml', '?f=csv', `?crs=${epsg(25832)}`].map(async (query) => (await must(200, 'GET', made.path + query)).headers.get('etag')));
		assert.equal(new Set(tags).size, 4);
		let last = tags[0];
		for (const [i, tag] of tags.entries()) {
			const current = await must(200, 'PATCH', made.path, { body: { properties: { title: `Fassung ${i}` } }, headers: { 'If-Match': `"0.x", ${tag.replace(/^"\d+/, last.match(/^"\d+/)[0])}` } });
			last = current.headers.get('etag');
		}
		await must(200, 'PATCH', made.path, { body: { properties: { title: 'gleichviel' } }, headers: { 'If-Match': '*' } });
		await must(404, 'PATCH', `${below}/01890000-0000-7000-8000-000000000000`, { body: {}, headers: { 'If-Match': '*' } });
		await must(200, 'PATCH', made.path, { body: { properties: { title: 'ohne' } } });
	});

	it('tell when they were changed, and are changed only if they were not since', async () => {
		const made = await draw();
		const since = made.headers.get('last-modified');
		assert.match(since, /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/);
		assert.equal(new Date(since).getTime(), Math.floor(new Date(made.body.properties.modified) / 1000) * 1000);
		await must(200, 'PATCH', made.path, { body: { properties: { note: 'a' } }, headers: { 'If-Unmodified-Since': since } });
		await must(412, 'PATCH', made.path, { body: { properties: { note: 'b' } }, headers: { 'If-Unmodified-Since': new Date(new Date(since) - 1000).toUTCString() } });
		await must(400, 'PATCH', made.path, { body: { properties: { note: 'c' } }, headers: { 'If-Unmodified-Since': 'gestern' } });
		await must(400, 'PATCH', made.path, { body: { properties: { note: 'd' } }, headers: { 'If-Unmodified-Since': 'Mon, 99 Nov 2026 10:15:30 GMT' } });
		assert.equal((await must(200, 'GET', made.path)).body.properties.note, 'a');
	});

	it('are made once, however often the same request comes', async () => {
		const headers = { 'Idempotency-Key': 'einmal' };
		const made = await draw({ title: 'einmal' }, { headers });
		await must(200, 'PATCH', made.path, { body: { properties: { note: 'danach' } } });
		const again = await must(201, 'POST', below, { body: feature(schnelsen, { title: 'einmal' }), headers });
		const { properties: { valid_to: over, ...properties }, ...rest } = again.body, { properties: { valid_to: open, ...first }, ...whole } = made.body;
		assert.deepEqual([properties, rest, again.headers.get('location'), again.headers.get('etag').split('.')[0]], [first, whole, made.headers.get('location'), made.tag.split('.')[0]], 'the answer of then');
		assert.deepEqual([open, typeof over], [null, 'string'], 'but that it is over now');
		await must(422, 'POST', below, { body: feature(schnelsen, { title: 'anders' }), headers });
		assert.equal((await all()).filter(({ properties }) => properties.title === 'einmal').length, 1);
	});

	it('have one winner in each round of a race, and nothing that was acknowledged is lost', async () => {
		const made = await draw({ note: '' });
		const editors = [planner, colleague, await server.account('manager', hamburg), await server.account('manager', hamburg)].flatMap((who) => [who, who]);
		const told = [];
		for (let round = 0; round < 12; round++) {
			const { body: { properties: { note } }, headers } = await must(200, 'GET', made.path);
			const outcomes = await Promise.all(editors.map(async (who, i) => {
				const word = `${round}.${i}`;
				const { status } = await ask('PATCH', made.path, { who, body: { properties: { note: `${note}${word} ` } }, headers: { 'If-Match': headers.get('etag') } });
				if (status === 200) told.push(word);
				return status;
			}));
			assert.deepEqual(outcomes.sort(), [200, ...editors.slice(1).map(() => 412)], `round ${round}`);
		}
		const { body: { properties } } = await must(200, 'GET', made.path);
		assert.equal(properties.note, told.map((word) => `${word} `).join(''));
		assert.equal(properties.revision, 13);
		// Who does not say what was read overwrites it: the last one wins, and every one is told what it has made.
		const replies = await Promise.all(editors.map((who, i) => must(200, 'PATCH', made.path, { who, body: { properties: { note: `ohne ${i}` } } })));
		replies.forEach(({ body }, i) => assert.equal(body.properties.note, `ohne ${i}`, 'its own version, not another\'s'));
		const last = replies.reduce((one, other) => (one.body.properties.revision > other.body.properties.revision ? one : other));
		const now = await must(200, 'GET', made.path);
		assert.deepEqual([now.body, now.headers.get('etag'), now.body.properties.revision], [last.body, last.headers.get('etag'), 21]);
	});

	it('are paged, filtered and looked back at like everything else', async () => {
		const mine = await server.account('manager', '01056039');
		const made = [];
		for (let i = 0; i < 7; i++) made.push(await draw({ title: `Seite ${i}` }, { who: mine, geometry: box(9.8 + i / 100, 53.6, 9.805 + i / 100, 53.605) }));
		const first = await must(200, 'GET', `${below}?limit=3`, { who: mine });
		await must(200, 'PATCH', made[5].path, { who: mine, body: { properties: { title: 'geändert' } } });
		await must(204, 'DELETE', made[6].path, { who: mine });
		const seen = [...first.body.features];
		for (let page = first, next; (next = page.body.links.find(({ rel }) => rel === 'next'));) {
			page = await must(200, 'GET', next.href, { who: mine });
			seen.push(...page.body.features);
		}
		assert.deepEqual(seen.map(({ properties }) => properties.title).sort(), made.map(({ body }) => body.properties.title).sort(), 'one state from the first page to the last');
		assert.deepEqual((await must(200, 'GET', `${below}?bbox=9.819,53.6,9.821,53.7`, { who: mine })).body.features.map(({ id }) => id), [made[2].id]);
		assert.deepEqual((await must(200, 'GET', `${below}?filter=title='Seite 3'`, { who: mine })).body.features.map(({ id }) => id), [made[3].id]);
		const then = await must(200, 'GET', `${below}?datetime=${first.body.features[0].properties.modified}`, { who: mine });
		assert.equal(then.body.features.length, 1, 'as it was when the first had been drawn');
	});

	it('tell what has changed since as long as all of that is kept, and no half of it later', async () => {
		const mine = await server.account('manager', '01056041');
		const changes = (since) => ask('GET', `/ogc/collections/drafts/changes${since ? `?since=${encodeURIComponent(since)}` : ''}`, { who: mine });
		const begun = (await changes()).body.until;
		const [kept, gone] = [await draw({}, { who: mine }), await draw({}, { who: mine })];
		const { until: between } = (await changes(begun)).body;
		await must(204, 'DELETE', gone.path, { who: mine });
		const told = (await changes(between)).body;
		assert.deepEqual([told.changed, told.removed.map(({ id }) => id)], [[], [gone.id]]);
		await server.sql(`select pp_api.plan_draft_sweep(now() + interval '31 days')`);
		for (const since of [begun, between, `${between}~x`, '0', kept.body.properties.modified]) {
			const { status, body } = await changes(since);
			assert.deepEqual([status, body.type], [410, '/problems/changes_forgotten'], since);
		}
		for (const since of [told.until, new Date(Date.now() + 60000).toISOString()])
			assert.deepEqual((await changes(since)).body.removed, [], 'nothing that ended later is gone');
		assert.deepEqual((await changes()).body.removed, [], 'and one begins anew without since');
	});

	it('want a precondition where the platform is set so', async () => {
		strict = await startServer({ settings: { edits_need_match: 1 } });
		const who = await strict.account('manager', hamburg);
		const made = await must(201, 'POST', below, { who, at: strict, body: feature(schnelsen, {}) });
		const path = `${below}/${made.body.id}`;
		for (const [method, body] of [['PUT', made.body], ['PATCH', {}], ['DELETE']])
			assert.equal((await must(428, method, path, { who, at: strict, body })).body.type, '/problems/precondition_required');
		await must(200, 'PATCH', path, { who, at: strict, body: {}, headers: { 'If-Match': made.headers.get('etag') } });
		await must(204, 'DELETE', path, { who, at: strict, headers: { 'If-Unmodified-Since': made.headers.get('last-modified') } });
	});
});
