// SPDX-License-Identifier: EUPL-1.2
// Features in an order (OGC API Features Part 8): what PostgreSQL sorts, in whatever pages, of one state, by an index.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer, until } from '../../harness/server.mjs';

const SORTABLES = 'http://www.opengis.net/def/rel/ogc/1.0/sortables';
const hostile = ['Ärger', 'Zug', 'arg', 'Ahrensburg', 'Öl', 'Straße', 'Strasse', '', '"\\{},NULL', '\u0001', '\uffff', '😀', "'; drop", 'a', 'A', 'ä', ' a'];
/** What computes a property that no column of a table is. */
const columns = { modified: 'valid_from' };

describe('features in an order', () => {
	let server, sortables;
	const get = async (path) => {
		const reply = await fetch(path.startsWith('http') ? path : `${server.address}/ogc${path}`);
		return { status: reply.status, headers: reply.headers, body: await reply.json() };
	};
	const must = async (path) => {
		const reply = await get(path);
		assert.equal(reply.status, 200, `${path}: ${JSON.stringify(reply.body)}`);
		return reply.body;
	};
	const next = (body) => body.links.find(({ rel }) => rel === 'next')?.href;
	/** The ids of all pages; each with the limit that comes next. */
	const walk = async (path, limits, between = async () => {}) => {
		const ids = [];
		for (let at = `${path}&limit=${limits[0]}`, page = 1; at; page++) {
			const body = await must(at);
			ids.push(...body.features.map(({ id }) => id));
			at = next(body)?.replace(/limit=\d+/, `limit=${limits[page % limits.length]}`);
			if (at)
				await between(page);
		}
		return ids;
	};
	/** The same order, said by PostgreSQL: unknown comes last either way, among equals the id decides. */
	const reference = async (collection, order, where = 'true') => {
		const { properties } = sortables[collection];
		const terms = order.map((term) => {
			const name = term.replace(/^[+-]/, ''), down = term.startsWith('-') ? 'desc' : 'asc';
			if (name === 'id')
				return `fid collate "C" ${down}`;
			return `${columns[name] ?? name} ${properties[name].type === 'string' && !properties[name].format ? 'collate "de-x-icu"' : ''} ${down} nulls last`;
		});
		const down = order.at(-1).startsWith('-') ? 'desc' : 'asc';
		const rows = await server.sql(`select fid from pp.feature_${collection} where died is null and ${where} order by ${terms}, fid collate "C" ${down}`);
		return rows.map(({ fid }) => fid);
	};

	before(async () => {
		server = await startServer({ settings: { rate_public: 0 } });
		// Equal ones, unknown ones and what has to be quoted, in numbers that several pages hold.
		const values = { texts: JSON.stringify(hostile) };
		const text = `(:'texts'::json ->> (n * 7 % ${hostile.length}))`;
		await server.sql(`insert into pp.feature_procedures (fid, key, born, valid_from, digest, number, title, kind, kind_text, state, state_text, state_since, planner, lands,
				municipalities, cross_border, participation_from, participation_to, published_at, geom)
			select 'p' || n, 'x', 1, timestamptz '2026-01-01 00:00:00.000001+00' + n % 5 * interval '1 microsecond', sha256(n::text::bytea), ${text}, ${text}, 'BP_REGEL', 'b', 'X', 'x', now(), '02000000', '02', '', false,
				case when n % 4 > 0 then date '2026-01-01' + n % 9 end, case when n % 4 > 1 then date '2026-02-01' - n % 5 end, timestamptz '2026-01-01 12:00:00.5+00' + n % 6 * interval '1 hour',
				ST_Point(565000 + n, 5935000, 25832)
			from generate_series(1, 90) n`, values);
		await server.sql(`insert into pp.feature_affected_municipalities (fid, key, born, valid_from, digest, procedure, number, title, plan, plan_no, ags, name, land, class, class_text, cross_border, distance_m, boundary_version)
			select 'a' || n, 'x', 1, now(), sha256(n::text::bytea), gen_random_uuid(), ${text}, ${text}, gen_random_uuid(), 1, '0' || n % 7, ${text}, '02', 'MUSS', 'm', false,
				(array[null, 0, -0.0, 1e-300, 1.1, 0.1 + 0.2, 1e8 / 3, -7, 12345.678]::float8[])[n % 9 + 1], 1
			from generate_series(1, 90) n`, values);
		await server.sql(`insert into pp.feature_plans (fid, key, born, valid_from, digest, procedure, number, title, kind, kind_text, plan_no, is_newest, planner, lands, geometry_kind, area_m2, published_at)
			select 'l' || n, 'x', 1, now(), sha256(n::text::bytea), gen_random_uuid(), ${text}, ${text}, 'BP_REGEL', 'b', n, true, '02000000', '02', 'area', n % 11 / 3.0, timestamptz '2026-01-01' + n % 6 * interval '1 hour'
			from generate_series(1, 90) n`, values);
		await server.sql(`insert into pp.feature_statements (fid, key, born, valid_from, digest, number, procedure, procedure_number, round, author_role, author_role_text, stance, stance_text, state, received_on, on_time)
			select 's' || n, 'x', 1, now(), sha256(n::text::bytea), ${text}, gen_random_uuid(), 'x', gen_random_uuid(), 'OEFF', 'x', 'BEDENKEN', 'x', 'X', date '2026-01-01' + n % 9, true from generate_series(1, 90) n`, values);
		const { collections } = await must('/collections');
		sortables = {};
		for (const { id, links } of collections)
			sortables[id] = await must(links.find(({ rel }) => rel === SORTABLES).href);
	});
	after(() => server.stop());

	it('are declared: sortables that the schema has, a link to them, and the order without one', async () => {
		const { conformsTo } = await must('/conformance');
		for (const name of ['sortables', 'sorting', 'features-sorting'])
			assert.ok(conformsTo.includes(`http://www.opengis.net/spec/ogcapi-features-8/1.0/conf/${name}`));
		const { paths, components } = await must('/api');
		for (const [id, document] of Object.entries(sortables)) {
			assert.equal(document.$id, `${server.address}/ogc/collections/${id}/sortables`);
			assert.equal(document.$schema, 'https://json-schema.org/draft/2020-12/schema');
			assert.equal(document.type, 'object');
			assert.equal(document.additionalProperties, false);
			const schema = await must(`/collections/${id}/schema`);
			assert.ok(Object.keys(document.properties).length > 2, id);
			for (const [name, property] of Object.entries(document.properties))
				assert.deepEqual(property, schema.properties[name], `${id}.${name}`);
			const reply = await fetch(`${server.address}/ogc/collections/${id}/sortables`);
			assert.equal(reply.headers.get('content-type'), 'application/schema+json');
			assert.equal((await fetch(reply.url, { headers: { 'if-none-match': reply.headers.get('etag') } })).status, 304);
			const { defaultSortOrder } = await must(`/collections/${id}`);
			assert.deepEqual((await must(`/collections/${id}/items?limit=50`)).features.map((f) => f.id), (await reference(id, defaultSortOrder)).slice(0, 50));
			assert.ok(paths[`/collections/${id}/sortables`].get);
			assert.ok(paths[`/collections/${id}/items`].get.parameters.some(({ $ref }) => $ref === '#/components/parameters/sortby'));
		}
		const { schema, ...rest } = components.parameters.sortby;
		assert.deepEqual(rest, { name: 'sortby', in: 'query', required: false, style: 'form', explode: false });
		assert.equal(schema.items.pattern, '^[+-]?[^+\\-\\s].*$');
	});

	it('come as PostgreSQL sorts them by each sortable, up and down, in pages whose limit changes on the way', async () => {
		for (const [collection, { properties }] of Object.entries(sortables))
			for (const name of Object.keys(properties))
				for (const sign of ['', '-']) {
					const path = `/collections/${collection}/items?sortby=${sign}${name}`;
					const expected = await reference(collection, [sign + name]);
					assert.deepEqual(await walk(path, [400, 900, 1300]), expected, path);
					if (expected.length < 200)
						assert.deepEqual(await walk(path, [7, 1, 13]), expected, path);
				}
	});

	it('come so by several, each in its own direction, with conditions too', async () => {
		const conditions = [['', 'true'], ["&filter=title <> 'a'", "title <> 'a'"], ['&bbox=565010,5934000,565070,5936000&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/25832',
			'(geom is null or ST_X(geom) between 565010 and 565070)']];
		const names = Object.keys(sortables.procedures.properties);
		for (let i = 0; i < 60; i++) {
			// Every combination of signs, over names that walk through the list.
			const order = Array.from({ length: 1 + i % 4 }, (_, at) => `${i >> at & 1 ? '-' : ''}${names[(i * 3 + at * (1 + i % 3)) % names.length]}`);
			const [query, where] = conditions[i % 3];
			const path = `/collections/procedures/items?sortby=${order.map(encodeURIComponent)}${query}`;
			assert.deepEqual(await walk(path, [11, 3, 40]), await reference('procedures', order, where), path);
		}
	});

	it('take a plus for what it is, encoded or not', async () => {
		const expected = await reference('plans', ['area_m2', '-title']);
		for (const sortby of ['area_m2,-title', '+area_m2,-title', '%2Barea_m2,-title'])
			assert.deepEqual(await walk(`/collections/plans/items?sortby=${sortby}`, [100]), expected, sortby);
	});

	it('have the same order in every format', async () => {
		for (const [format, id] of [['csv', /^(\d{8}),/gm], ['gml', /gml:id="municipalities\.(\d{8})"/g]]) {
			const reply = await fetch(`${server.address}/ogc/collections/municipalities/items?sortby=-name&limit=700&f=${format}`);
			assert.deepEqual([...(await reply.text()).matchAll(id)].map(([, each]) => each), (await reference('municipalities', ['-name'])).slice(0, 700));
			const page = await fetch(reply.headers.get('link').match(/<([^>]*)>; rel="next"/)[1]);
			assert.deepEqual([...(await page.text()).matchAll(id)].map(([, each]) => each), (await reference('municipalities', ['-name'])).slice(700, 1400));
		}
	});

	it('are of one state, whatever changes between two pages', async () => {
		const expected = await reference('procedures', ['title', '-number']);
		const seen = await walk('/collections/procedures/items?sortby=title,-number', [9], (page) => server.sql(`set client_min_messages = warning;
			with clock as (update pp.feature_clock set version = version + 1 returning version)
			, ended as (update pp.feature_procedures f set died = version, valid_to = now() from clock where fid in ('p${page}', 'p${91 - page}') and died is null returning f.*)
			insert into pp.feature_procedures (fid, key, born, valid_from, digest, number, title, kind, kind_text, state, state_text, state_since, planner, lands, municipalities, cross_border, published_at)
			select fid, key, died, valid_to, digest, number || '${page}', 'M' || title, kind, kind_text, state, state_text, state_since, planner, lands, municipalities, cross_border, published_at from ended`));
		assert.deepEqual(seen, expected);
		assert.notDeepEqual(await walk('/collections/procedures/items?sortby=title,-number', [100]), expected);
	});

	it('refuse what is no sortable, and cursors of another order or of nobody', async () => {
		const refused = async (query, pointer, collection = 'procedures') => {
			const { status, body } = await get(`/collections/${collection}/items?${query}`);
			assert.equal(status, 400, query);
			assert.ok(body.errors.some((error) => error.pointer === pointer), query);
		};
		for (const sortby of ['x', 'kind', 'geometry', '--title', '+-title', 'title,', ',title', '-', 'title;number', 'days_left', 'title,number,published_at,modified,id', 'TITLE'])
			await refused(`sortby=${encodeURIComponent(sortby)}`, 'sortby');
		const cursor = (body) => new URL(next(body)).searchParams.get('cursor');
		const orders = ['title', 'participation_to', '-published_at', 'modified', 'id'];
		for (const order of orders) {
			const own = cursor(await must(`/collections/procedures/items?limit=2&sortby=${order}`));
			for (const other of ['', ...orders.filter((each) => each !== order).map((each) => `&sortby=${each}`), `&sortby=${order.startsWith('-') ? order.slice(1) : `-${order}`}`, `&sortby=${order},number`])
				if (other)
					await refused(`cursor=${own}${other}`, 'cursor');
			const [seen, place] = own.split('~'), inside = Buffer.from(place, 'base64url').toString(), [name, json] = inside.split('\n');
			const keys = JSON.parse(json), made = (list, as = name) => `cursor=${seen}~${Buffer.from(`${as}\n${typeof list === 'string' ? list : JSON.stringify(list)}`).toString('base64url')}&sortby=${order}`;
			await must(`/collections/procedures/items?${made(keys)}`);
			for (const list of [[], [...keys, 'x'], keys.slice(1), keys.map(() => null), keys.map(() => 7), {}, 'null', '"x"', '[', '', ['\ud800', 'x'], `${json}]`])
				await refused(made(list), 'cursor');
			if (keys.length > 1 && order !== 'title')
				for (const key of ['', 'x', 'NaN', '2026-02-30', '2026-13-01', '99999-01-01', '2026-01-01T00:00:00', "'", 'now', 'epoch', 'today', '1e999', '1e-400', '2026-01-01T00:00:00+23:59', '2026-01-01 00:00:00+00', 'infinity ', '--infinity'])
					await refused(made([key, keys[1]]), 'cursor');
			await refused(`cursor=${place}&sortby=${order}`, 'cursor');
			await refused(`cursor=${seen}~${place}=&sortby=${order}`, 'cursor');
		}
		for (const number of ['', 'x', 'NaN', '1e999', '1e-400', '-0.0', '1e-99999', '0x1', '--1', '-', 'infinity'])
			await refused(`cursor=1~${Buffer.from(`area_m2\n${JSON.stringify([number, 'x'])}`).toString('base64url')}&sortby=area_m2`, 'cursor', 'plans');
	});

	it('are read along an index, of 100,000 too: a page reads no more than it has', async () => {
		await server.sql(`insert into pp.feature_plans (fid, key, born, valid_from, digest, procedure, number, title, kind, kind_text, plan_no, is_newest, planner, lands, geometry_kind, area_m2, published_at)
			select 'x' || n, 'x', 1, now(), sha256(n::text::bytea), gen_random_uuid(), md5(n::text), 'Titel ' || md5('t' || n), 'BP_REGEL', 'b', 1, true, '02000000', '02', 'area', n * 7919 % 100003, now() - n * interval '1 minute'
			from generate_series(1, 100000) n`);
		await server.sql('analyze pp.feature_plans');
		const read = async (index) => Number((await server.sql('select pg_stat_get_tuples_returned(:\'index\'::regclass) as count', { index: `pp.feature_plans_by_${index}` }))[0].count);
		const scans = async () => Number((await server.sql("select pg_stat_get_tuples_returned('pp.feature_plans'::regclass) as count"))[0].count);
		const before = await scans();
		const was = {};
		for (const name of ['number', 'title', 'area_m2', 'published_at']) {
			was[name] = await read(name);
			for (const sign of ['', '-']) {
				const first = await must(`/collections/plans/items?limit=100&sortby=${sign}${name}`);
				assert.equal(first.features.length, 100);
				await must(next(await must(next(first))));
			}
		}
		// A connection that is idle tells what it has read after ten seconds.
		for (const [name, count] of Object.entries(was)) {
			await until(async () => await read(name) - count > 600, 500);
			assert.ok(await read(name) - count < 3000, `${name}: ${await read(name) - count} of 100,000`);
		}
		assert.equal(await scans(), before, 'and none of them the whole table');
	});
});
