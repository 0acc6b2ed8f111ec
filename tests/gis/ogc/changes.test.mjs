// SPDX-License-Identifier: EUPL-1.2
// What has changed since: whoever replays it, in whatever pages and whatever happens meanwhile, has what is there now.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { startServer, until } from '../../harness/server.mjs';
import { confirm, day, fileBoth, hamburg, openRound } from '../../api/support.mjs';

const collections = ['procedures', 'plans', 'affected_municipalities', 'municipalities', 'adjacency', 'statements'];
const digest = (feature) => createHash('sha256').update(JSON.stringify([feature.properties, feature.geometry])).digest('hex');

describe('changes of collections', () => {
	let server, token, round;
	// The same series of choices in every run.
	let seed = 20261126;
	const choose = (n) => (seed = (seed * 48271) % 2147483647) % n;
	const get = async (path, headers = {}) => {
		const reply = await fetch(path.startsWith('http') ? path : `${server.address}/ogc/collections/${path}`, { headers });
		const text = await reply.text();
		return { status: reply.status, headers: reply.headers, body: text && JSON.parse(text) };
	};
	const must = async (path) => {
		const reply = await get(path);
		assert.equal(reply.status, 200, `${path}: ${JSON.stringify(reply.body).slice(0, 300)}`);
		return reply.body;
	};
	const present = async (collection) => new Map((await must(`${collection}/items?limit=100000`)).features.map((each) => [each.id, digest(each)]));
	const next = ({ links }) => links.find(({ rel }) => rel === 'next')?.href;
	/** A copy that follows; without a token it begins. */
	const begin = async (collection) => ({ collection, until: (await must(`${collection}/changes`)).until, has: await present(collection) });
	const take = async (copy, body) => {
		for (const { id } of body.removed)
			copy.has.delete(id);
		for (const { id } of body.changed) {
			const { status, body: feature } = await get(`${copy.collection}/items/${id}`);
			// What has ended since is in a later answer.
			if (status === 200)
				copy.has.set(id, digest(feature));
			else
				assert.equal(status, 404);
		}
		copy.until = body.until;
	};
	const follow = async (copy, limit = 1000, between = async () => {}) => {
		for (let at = `${copy.collection}/changes?since=${copy.until}&limit=${limit}`; at;) {
			const body = await must(at);
			assert.ok(body.changed.length + body.removed.length <= limit);
			await take(copy, body);
			at = next(body);
			if (at)
				await between();
		}
	};

	/** What may be published, changed and taken back. */
	const published = [], statements = [];
	const acts = [
		async () => {
			const { procedure, plan } = await fileBoth(server, token);
			await confirm(server, token, plan);
			await server.must(200, 'POST', `/procedures/${procedure}/publish`, { token, body: {} });
			published.push(procedure);
		},
		async () => {
			if (published.length)
				await server.must(200, 'PATCH', `/procedures/${published[choose(published.length)]}`, { token, headers: { 'If-Match': '*' }, body: { title: `Titel ${choose(1e6)}` } });
		},
		async () => {
			const { id } = await server.must(201, 'POST', `/rounds/${round}/statements`, { body: { stance: 'EINWENDUNG', text: 'x',
				person: { given_name: 'Erika', family_name: 'Muster', street: 'Weg 1', postcode: '22457', town: 'Hamburg', inform: 'POST' } } });
			statements.push(id);
		},
		...Array.from({ length: 4 }, () => async () => {
			if (statements.length)
				await server.must(200, 'PATCH', `/statements/${statements[choose(statements.length)]}/publication`, { token, headers: { 'If-Match': '*' },
					body: choose(2) ? { published: true, text: `Es ist laut, ${choose(1e6)}.` } : { published: false } });
		}),
	];
	const act = () => acts[choose(acts.length)]();

	before(async () => {
		server = await startServer({ settings: { rate_public: 0, rate_costly: 0 } });
		token = (await server.account('manager', hamburg)).token;
		({ round } = await openRound(server, token, { round: { step: 'FOERM_OEFF', audience: 'OEFF', start: day(0), end: day(50) } }));
		for (let i = 0; i < 4; i++)
			await acts[2]();
	});
	after(() => server.stop());

	it('bring every copy up to what is there, whatever is published, changed and taken back meanwhile', async () => {
		const copies = [];
		for (const collection of collections)
			copies.push(await begin(collection));
		for (let i = 0; i < 30; i++) {
			await act();
			if (i % 10 === 0)
				copies.push(await begin(collections[choose(collections.length)]));
			if (i % 3 === 0)
				await follow(copies[choose(copies.length)], 1 + choose(5), choose(2) ? act : undefined);
		}
		let removed = 0;
		for (const copy of copies) {
			const old = new Set(copy.has.keys());
			await follow(copy, 1 + choose(50));
			removed += [...old].filter((id) => !copy.has.has(id)).length;
			assert.deepEqual([...copy.has].sort(), [...await present(copy.collection)].sort(), copy.collection);
		}
		assert.ok((await must('statements/changes?since=0')).removed.length > 0 || removed > 0, 'something was taken back');
	});

	it('are all that ever was, since nothing; and nothing more, since now', async () => {
		for (const collection of collections) {
			const copy = { collection, until: '0', has: new Map() };
			const ids = [];
			for (let at = `${collection}/changes?since=0&limit=600`; at;) {
				const body = await must(at);
				ids.push(...[...body.changed, ...body.removed].map(({ id }) => id));
				at = next(body);
				copy.until = body.until;
			}
			assert.equal(new Set(ids).size, ids.length, 'each once');
			const now = await present(collection);
			for (const id of now.keys())
				assert.ok(ids.includes(id), `${collection} ${id}`);
			const nothing = await must(`${collection}/changes?since=${copy.until}`);
			assert.deepEqual([nothing.changed, nothing.removed, nothing.until, next(nothing)], [[], [], copy.until, undefined]);
			assert.deepEqual(await must(`${collection}/changes`).then(({ since, until, changed, removed }) => [since, until, changed, removed]), [null, copy.until, [], []]);
		}
	});

	it('say when, as the features do, but of what is forgotten ids only', async () => {
		const features = new Map((await must('procedures/items?limit=1000')).features.map((each) => [each.id, each]));
		const { changed } = await must('procedures/changes?since=0&limit=10000');
		assert.equal(changed.length, features.size);
		for (const { id, modified } of changed)
			assert.equal(modified, features.get(id).properties.modified);
		// The order of changes is the order of time.
		assert.deepEqual(changed.map(({ modified }) => modified), changed.map(({ modified }) => modified).sort());
		const [first] = changed, middle = changed[Math.floor(changed.length / 2)].modified;
		assert.deepEqual((await must(`procedures/changes?since=${middle}`)).changed, changed.filter(({ modified }) => modified > middle));
		assert.deepEqual((await must('procedures/changes?since=2020-01-01&limit=10000')).changed, changed);
		assert.deepEqual((await must('procedures/changes?since=2100-01-01T00:00:00Z')).changed, []);
		assert.ok(first.modified < middle);
		await server.must(200, 'PATCH', `/statements/${statements[0]}/publication`, { token, headers: { 'If-Match': '*' }, body: { published: true, text: 'Da.' } });
		await server.must(200, 'PATCH', `/statements/${statements[1]}/publication`, { token, headers: { 'If-Match': '*' }, body: { published: true, text: 'Da.' } });
		await server.must(200, 'PATCH', `/statements/${statements[0]}/publication`, { token, headers: { 'If-Match': '*' }, body: { published: false } });
		const told = await must('statements/changes?since=0');
		assert.ok(told.changed.some(({ id }) => id === statements[1]) && told.removed.some(({ id }) => id === statements[0]));
		for (const each of [...told.changed, ...told.removed])
			assert.deepEqual(Object.keys(each), ['id']);
	});

	it('have a tag until something in the collection changes, a link, and a place in the API', async () => {
		for (const path of ['municipalities/changes', 'procedures/changes?since=0&limit=3', 'procedures/changes?since=2020-01-01']) {
			const tag = (await get(path)).headers.get('etag');
			await acts[2]();
			assert.equal((await get(path, { 'if-none-match': tag })).status, 304, path);
			await acts[0]();
			assert.equal((await get(path, { 'if-none-match': tag })).status, path.startsWith('procedures') ? 200 : 304, path);
			const head = await fetch(`${server.address}/ogc/collections/${path}`, { method: 'HEAD' });
			assert.equal(head.headers.get('etag'), (await get(path)).headers.get('etag'));
		}
		for (const collection of collections) {
			const { href } = (await must(collection)).links.find(({ rel }) => rel === 'changes');
			assert.deepEqual(Object.keys(await must(href)), ['since', 'until', 'changed', 'removed', 'links']);
			const { paths } = await must(`${server.address}/ogc/api`);
			assert.deepEqual(paths[`/collections/${collection}/changes`].get.parameters.map(({ $ref }) => $ref.split('/').at(-1)), ['since', 'limit']);
		}
	});

	it('refuse what is no token, and one of a state that is not here', async () => {
		const { version } = (await server.sql('select version from pp.feature_clock'))[0];
		for (const since of ['', 'x', '-1', '1.5', `${version + 1}`, '99999999999999999999', '9223372036854775808~x', '2026-13-01', 'yesterday', '~x'])
			for (const collection of ['plans', 'statements']) {
				const { status, body } = await get(`${collection}/changes?since=${since}`);
				assert.equal(status, 400, since);
				assert.equal(body.errors[0].pointer, 'since');
			}
		for (const query of ['limit=0', 'limit=x', 'bbox=1,2,3,4'])
			assert.equal((await get(`plans/changes?${query}`)).status, 400, query);
		assert.equal((await get('nothing/changes')).status, 404);
		assert.equal((await get('plans/changes?limit=2147483647&since=0')).status, 200);
	});

	it('are found by an index, a page of 100,000 that one change has written', async () => {
		await server.sql(`insert into pp.feature_plans (fid, key, born, valid_from, digest, procedure, number, title, kind, kind_text, plan_no, is_newest, planner, lands, geometry_kind, area_m2, published_at)
			select 'x' || n, 'x', 1, now(), sha256(n::text::bytea), gen_random_uuid(), 'n', 't', 'BP_REGEL', 'b', 1, true, '02000000', '02', 'area', 1, now() from generate_series(1, 100000) n`);
		await server.sql('analyze pp.feature_plans');
		const read = async (name) => Number((await server.sql(`select pg_stat_get_tuples_returned('pp.feature_plans${name}'::regclass) as count`))[0].count);
		const was = await read('_born'), whole = await read('');
		// In the middle, where one would have to count.
		const page = await must('plans/changes?since=1~x5&limit=100');
		assert.ok(next(page));
		assert.deepEqual(page.changed.map(({ id }) => id), (await server.sql(`select fid from pp.feature_plans where born = 1 and fid > 'x5' collate "C" order by fid collate "C" limit 100`)).map(({ fid }) => fid));
		// A connection that is idle tells what it has read after ten seconds.
		await until(async () => await read('_born') - was >= 100, 500);
		assert.ok(await read('_born') - was < 1000, `${await read('_born') - was} of 100,000`);
		assert.ok(await read('') - whole < 1000, 'and not the whole table');
	});
});
