// SPDX-License-Identifier: EUPL-1.2
// Filters of the collections: what PostGIS finds with the same condition written by hand, in both languages, and what is refused.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { command, startServer } from '../../harness/server.mjs';
import { quick } from '../files/support.mjs';
import { confirm, ellerbek, fileBoth, hamburg, roundOf } from '../../api/support.mjs';

const epsg = (code) => `http://www.opengis.net/def/crs/EPSG/0/${code}`;
const area = 'POLYGON((9.8 53.6,9.9 53.6,9.9 53.7,9.8 53.7,9.8 53.6))';
const geom = (wkt) => `ST_Transform(ST_GeomFromText('${wkt}', 4326), 25832)`;
const casei = (x) => `lower(upper(${x} collate "und-x-icu"))`;
const accenti = (x) => `regexp_replace(normalize(${x}, NFD), '[\\u0300-\\u036f]', '', 'g')`;
const utc = (day) => `('${day}'::timestamp at time zone 'UTC')`;

/** Collection, CQL2, and what it says as SQL about a row m. */
const cases = [
	['municipalities', "land = '02'", "land = '02'"],
	['municipalities', "land <> '02'", "land <> '02'"],
	['municipalities', `id = '${ellerbek}'`, `fid = '${ellerbek}'`],
	['municipalities', "name < 'B'", "name < 'B'"],
	['municipalities', "name <= 'Ellerbek' AND name >= 'Ellerau'", "name <= 'Ellerbek' and name >= 'Ellerau'"],
	['municipalities', "NOT (kreis = 'Pinneberg')", "not (kreis = 'Pinneberg')"],
	['municipalities', "kreis = 'Pinneberg' OR land = '02' AND unincorporated = FALSE", "kreis = 'Pinneberg' or land = '02' and not unincorporated"],
	['municipalities', '(name IS NULL OR kreis IS NOT NULL) AND TRUE', '(name is null or kreis is not null)'],
	['municipalities', 'kreis IS NULL', 'kreis is null'],
	['municipalities', 'unincorporated = TRUE', 'unincorporated'],
	['municipalities', 'area_m2 BETWEEN 1e7 AND 2e7', 'area_m2 between 1e7 and 2e7'],
	['municipalities', 'area_m2 NOT BETWEEN 1e6 AND 2e7', 'area_m2 not between 1e6 and 2e7'],
	['municipalities', `ags IN ('${ellerbek}','${hamburg}','nothing')`, `ags in ('${ellerbek}','${hamburg}')`],
	['municipalities', `ags NOT IN ('${ellerbek}')`, `ags not in ('${ellerbek}')`],
	['municipalities', "name LIKE 'Gro%'", "name like 'Gro%'"],
	['municipalities', "name NOT LIKE '%_dorf%'", "name not like '%_dorf%'"],
	['municipalities', "name LIKE 'a\\%b'", "name like 'a\\%b'"],
	['municipalities', "CASEI(name) LIKE casei('gro%')", `${casei('name')} like ${casei("'gro%'")}`],
	['municipalities', "CASEI(name) = CASEI('GROSS WITTENSEE')", `${casei('name')} = ${casei("'GROSS WITTENSEE'")}`],
	['municipalities', "ACCENTI(name) LIKE accenti('%u%')", `${accenti('name')} like '%u%'`],
	['municipalities', "ACCENTI(CASEI(name)) LIKE ACCENTI(CASEI('%LÜBECK%'))", `${accenti(casei('name'))} like '%lubeck%'`],
	['municipalities', 'area_m2 / 1000000 + 2 * 3 > 20', 'area_m2 / 1000000 + 2 * 3 > 20'],
	['municipalities', 'area_m2 - 1 < area_m2 % 7 * 1e7', 'area_m2 - 1 < mod(area_m2::numeric, 7)::float8 * 1e7'],
	['municipalities', 'area_m2 DIV 1000000 = 12', 'trunc(area_m2 / 1000000) = 12'],
	['municipalities', '(area_m2 / 1e6) ^ 2 > 1000', '(area_m2 / 1e6) ^ 2 > 1000'],
	['municipalities', 'area_m2 / 0 > 1', 'null::boolean'],
	['municipalities', 'NOT (area_m2 / (area_m2 - area_m2) > 1)', 'null::boolean'],
	['municipalities', "dataset_date > DATE('2000-01-01')", "dataset_date > '2000-01-01'"],
	['municipalities', "dataset_date NOT BETWEEN DATE('2000-01-01') AND DATE('2001-01-01')", "dataset_date > '2001-01-01'"],
	['municipalities', "valid_from > DATE('2000-01-01')", `valid_from > ${utc('2000-01-01')}`],
	['municipalities', "valid_from < TIMESTAMP('2000-01-01T00:00:00Z')", 'false'],
	['municipalities', 'modified = valid_from', 'true'],
	['municipalities', "valid_to IS NULL AND NOT (valid_to > DATE('2000-01-01'))", "valid_to is null and not (valid_to > '2000-01-01')"],
	['municipalities', 'ags = id', 'true'],
	['municipalities', 'name > designation', 'name > designation'],
	...['Intersects', 'Equals', 'Disjoint', 'Touches', 'Within', 'Overlaps', 'Crosses', 'Contains'].flatMap((name) => [
		['municipalities', `S_${name.toUpperCase()}(geometry, ${area})`, `ST_${name}(geom, ${geom(area)})`],
		['municipalities', `S_${name.toUpperCase()}(${area}, geometry)`, `ST_${name}(${geom(area)}, geom)`],
		['adjacency', `S_${name.toUpperCase()}(geometry, ${area})`, `ST_${name}(geom, ${geom(area)})`]]),
	['municipalities', 'S_CONTAINS(geometry, POINT(9.99 53.55))', `ST_Contains(geom, ${geom('POINT(9.99 53.55)')})`],
	['municipalities', 'S_DWITHIN(geometry, POINT(9.99 53.55), 15000)', `ST_DWithin(geom, ${geom('POINT(9.99 53.55)')}, 15000)`],
	['adjacency', 'NOT S_DWITHIN(POINT(9.99 53.55), geometry, 15e3)', `not ST_DWithin(geom, ${geom('POINT(9.99 53.55)')}, 15000)`],
	['municipalities', 'S_DWITHIN(geometry, POINT(9.99 53.55), area_m2 / 1e4)', `ST_DWithin(geom, ${geom('POINT(9.99 53.55)')}, area_m2 / 1e4)`],
	['municipalities', 'S_DWITHIN(geometry, POINT(9.99 53.55), 0 - area_m2)', 'false'],
	['municipalities', 'S_DWITHIN(geometry, GEOMETRYCOLLECTION(POINT(9.99 53.55)), 1)', `ST_DWithin(geom, ${geom('POINT(9.99 53.55)')}, 1)`],
	['municipalities', 'S_CROSSES(geometry, LINESTRING(9.7 53.6,10.2 53.7))', `ST_Crosses(geom, ${geom('LINESTRING(9.7 53.6,10.2 53.7)')})`],
	['municipalities', 'S_INTERSECTS(geometry, MULTIPOINT((9.99 53.55),(9.86 53.66)))', `ST_Intersects(geom, ${geom('MULTIPOINT((9.99 53.55),(9.86 53.66))')})`],
	['municipalities', 'S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(9.99 53.55),LINESTRING(9.8 53.6,9.9 53.7)))',
		`ST_Intersects(geom, ${geom('GEOMETRYCOLLECTION(POINT(9.99 53.55),LINESTRING(9.8 53.6,9.9 53.7))')})`],
	['municipalities', 'S_INTERSECTS(geometry, POINT Z(9.99 53.55 7))', `ST_Intersects(geom, ${geom('POINT(9.99 53.55)')})`],
	['municipalities', 'NOT S_INTERSECTS(geometry, BBOX(8,53,10,55)) AND geometry IS NOT NULL',
		'not ST_Intersects(geom, ST_Transform(ST_Segmentize(ST_MakeEnvelope(8, 53, 10, 55, 4326), 0.01), 25832))'],
	// Functions
	['municipalities', 'area(geometry) > 1e8', 'ST_Area(geom) > 1e8'],
	['municipalities', 'perimeter(geometry) ^ 2 > 100 * area(geometry)', 'ST_Perimeter(geom) ^ 2 > 100 * ST_Area(geom)'],
	['adjacency', 'length(geometry) BETWEEN 1000 AND 5e3', 'ST_Length(geom) between 1000 and 5000'],
	['municipalities', 'distance(POINT(9.99 53.55), geometry) < 15000', `ST_Distance(geom, ${geom('POINT(9.99 53.55)')}) < 15000`],
	['municipalities', `S_WITHIN(centroid(geometry), ${area}) AND distance(centroid(geometry), geometry) = 0`, `ST_Within(ST_Centroid(geom), ${geom(area)}) and ST_Intersects(ST_Centroid(geom), geom)`],
	['municipalities', 'char_length(name) = 5 OR char_length(kreis) > 20', 'char_length(name) = 5 or char_length(kreis) > 20'],
	['municipalities', 'year(dataset_date) > 1999 AND month(dataset_date) IN (1,12)', 'extract(year from dataset_date) > 1999 and extract(month from dataset_date) in (1, 12)'],
	['municipalities', 'NOT (dataset_date > today()) AND dataset_date NOT BETWEEN today() AND today()', 'dataset_date < pp.day(now())'],
	['procedures', 'days_between(today(), participation_to) = days_left', 'pp.day(now()) between participation_from and participation_to'],
	['procedures', 'days_between(published_at, participation_from) > 5', 'participation_from - pp.day(published_at) > 5'],
	['procedures', 'year(published_at) = year(today())', 'extract(year from pp.day(published_at)) = extract(year from pp.day(now()))'],
	['procedures', "T_AFTER(INTERVAL(participation_from, participation_to), today())", 'participation_from > pp.day(now())'],
	['procedures', "T_DURING(participation_to, INTERVAL(today(), '..'))", 'participation_to > pp.day(now())'],
	// Lists
	['procedures', "A_CONTAINS(lands_list, ('02'))", "lands ~ '02'"],
	['procedures', "A_CONTAINS(lands_list, ('02','01'))", "lands ~ '02' and lands ~ '01'"],
	['procedures', "A_CONTAINEDBY(lands_list, ('01','02','03'))", 'true'],
	['procedures', "A_CONTAINEDBY(lands_list, ('01'))", "lands = '01'"],
	['procedures', "A_OVERLAPS(municipalities_list, ('02000000','nothing'))", "municipalities ~ '02000000'"],
	['procedures', "A_EQUALS(municipalities_list, ('02000000','02000000'))", "municipalities = '02000000'"],
	['procedures', "A_EQUALS(('a','b'), ('b',kind,'a')) OR A_EQUALS((kind,'b'), ('b',kind))", 'true'],
	['procedures', "NOT lands_list IS NULL AND NOT A_OVERLAPS((), lands_list)", 'true'],
	['procedures', "participation_to > DATE('2020-01-01')", "participation_to > '2020-01-01'"],
	['procedures', 'participation_to IS NULL', 'participation_to is null'],
	['procedures', 'days_left >= 0', 'pp.day(now()) between participation_from and participation_to'],
	['procedures', 'days_left > 1 AND days_left < 1000 AND days_left <> 7 AND NOT days_left IS NULL AND days_left = days_left * 1 AND days_left IN (1,2,3,20,30,31,40)',
		'pp.day(now()) between participation_from and participation_to and participation_to - pp.day(now()) in (2,3,20,30,31,40)'],
	['procedures', 'plan_no = 1 AND cross_border = TRUE', 'plan_no = 1 and cross_border'],
	['procedures', 'plan IS NOT NULL AND plan <> id', 'plan is not null and plan::text <> fid'],
	// Allen's relations, with the two ends of a procedure's participation
	...Object.entries({ AFTER: 'a > d', BEFORE: 'b < c', CONTAINS: 'a < c and b > d', DISJOINT: 'b < c or a > d', DURING: 'a > c and b < d', EQUALS: 'a = c and b = d',
		FINISHEDBY: 'a < c and b = d', FINISHES: 'a > c and b = d', INTERSECTS: 'not (b < c or a > d)', MEETS: 'b = c', METBY: 'a = d', OVERLAPPEDBY: 'a > c and a < d and b > d',
		OVERLAPS: 'a < c and b > c and b < d', STARTEDBY: 'a = c and b > d', STARTS: 'a = c and b < d' }).flatMap(([name, says]) =>
		[[-40, -30], [-9, 0], [-9, 15], [-9, 30], [0, 30], [0, 60], [10, 30], [12, 20], [0, 20], [20, 30], [20, 35], [-9, 99], [30, 60], [60, 70]].map(([from, to]) => [
			'procedures', (day) => `T_${name}(INTERVAL(participation_from, participation_to), INTERVAL('${day(from)}','${day(to)}'))`,
			(day) => says.replace(/\b[abcd]\b/g, (end) => ({ a: 'participation_from', b: 'participation_to', c: `'${day(from)}'::date`, d: `'${day(to)}'::date` })[end])])),
	['procedures', "T_INTERSECTS(published_at, INTERVAL('2020-01-01','..'))", 'true'],
	['procedures', "T_BEFORE(published_at, TIMESTAMP('2020-01-01T00:00:00.5Z'))", 'false'],
	['procedures', (day) => `T_INTERSECTS(published_at, DATE('${day(0)}'))`, (day) => `published_at >= ${utc(day(0))} and published_at < ${utc(day(1))}`],
	['procedures', (day) => `T_AFTER(published_at, INTERVAL('..','${day(-1)}'))`, (day) => `published_at >= ${utc(day(0))}`],
	['procedures', (day) => `T_DURING(participation_from, INTERVAL('..','${day(1)}'))`, (day) => `participation_from < '${day(1)}'`],
];

describe('filters', () => {
	let server, token, days;
	const day = (after) => days[String(after)];
	const get = async (path, headers = { 'accept-language': 'en' }) => {
		const reply = await fetch(path.startsWith('http') ? path : `${server.address}/ogc${path}`, { headers });
		return { status: reply.status, headers: reply.headers, body: await reply.json() };
	};
	const ask = (collection, parameters, headers) => get(`/collections/${collection}/items?limit=100000&${new URLSearchParams(parameters)}`, headers);
	const ids = async (collection, parameters) => {
		const { status, body } = await ask(collection, parameters);
		assert.equal(status, 200, `${JSON.stringify(parameters)}: ${JSON.stringify(body)}`);
		return body.features.map(({ id }) => id);
	};
	const byHand = async (collection, condition) =>
		(await server.sql(`select fid from pp.feature_${collection} m cross join lateral (select valid_from as modified) x where died is null and (${condition}) order by fid`)).map(({ fid }) => fid);
	const refused = async (filter, problem, where, more = {}) => {
		const { status, body } = await ask('municipalities', { filter, ...more });
		assert.equal(status, 400, `${filter}: ${JSON.stringify(body)}`);
		assert.equal(body.type, `/problems/${problem}`, `${filter}: ${body.detail}`);
		assert.match(body.detail + JSON.stringify(body.errors ?? ''), where, filter);
		return body;
	};
	const toJson = async (filter) => {
		const { status, stdout, stderr } = await command(['cql2', '--from', 'text', '--to', 'json', '-'], { input: filter, folder: quick });
		assert.equal(status, 0, stderr);
		return stdout;
	};

	before(async () => {
		server = await startServer({ clock: true });
		token = (await server.account('manager', hamburg)).token;
		const [row] = await server.sql('select json_object_agg(n, (now() at time zone \'UTC\')::date + n) as days from generate_series(-200, 400) n');
		days = row.days;
		for (let i = 0; i < 4; i++) {
			const { procedure, plan } = await fileBoth(server, token);
			await confirm(server, token, plan);
			if (i)
				await server.must(201, 'POST', `/procedures/${procedure}/rounds`, { token, body: roundOf({ step: 'FOERM_OEFF', audience: 'OEFF' }) });
			else
				await server.must(200, 'POST', `/procedures/${procedure}/publish`, { token, body: {} });
		}
		// Participations of every length, as triggers would write them, and one procedure without any.
		await server.sql(`update pp.feature_procedures f set participation_from = '${day(0)}'::date + 10 * (n / 2)::int, participation_to = '${day(30)}'::date + 10 * (n % 2)::int
			from (select fid, row_number() over (order by fid) - 1 as n from pp.feature_procedures where died is null and participation_from is not null) x
			where x.fid = f.fid and died is null`);
	});
	after(() => server.stop());

	for (const name of ['municipalities', 'adjacency', 'procedures'])
		it(`find of ${name} what PostGIS finds, written as text and as JSON`, async () => {
			const relations = {};
			for (const [collection, cql, sql] of cases) {
				if (collection !== name)
					continue;
				const filter = typeof cql === 'string' ? cql : cql(day), condition = typeof sql === 'string' ? sql : sql(day);
				const found = await ids(collection, { filter });
				assert.deepEqual(found, await byHand(collection, condition), filter);
				const relation = relations[filter.split('(')[0]] ??= { found: 0, asked: 0 };
				if (!found.length === !relation.found)
					assert.deepEqual(await ids(collection, { filter: await toJson(filter), 'filter-lang': 'cql2-json' }), found, filter);
				relation.asked++;
				relation.found += found.length;
			}
			for (const [relation, { found, asked }] of Object.entries(relations))
				assert.ok(found || asked < 10, `${relation} finds something`);
		});

	it('join conditions as they were written, made at random, in both languages', async () => {
		let seed = 7;
		const roll = (sides) => (seed = (seed * 1103515245 + 12345) % 2147483648, Math.floor(seed / 2147483648 * sides));
		const leaves = cases.filter(([collection, cql]) => collection === 'municipalities' && typeof cql === 'string');
		const grow = (depth) => {
			if (depth === 0 || roll(4) === 0) {
				const [, cql, sql] = leaves[roll(leaves.length)];
				return [`(${cql})`, `(${sql})`];
			}
			const [a, b] = [grow(depth - 1), grow(depth - 1)];
			const join = [(x) => `(NOT ${x})`, (x, y) => `(${x} AND ${y})`, (x, y) => `(${x} OR ${y})`][roll(3)];
			return [join(a[0], b[0]), join(a[1], b[1])];
		};
		let asked = 0;
		for (let i = 0; i < 60; i++) {
			const [filter, condition] = grow(4);
			if (encodeURIComponent(await toJson(filter)).length > 7500)
				continue;
			asked++;
			const found = await ids('municipalities', { filter });
			assert.deepEqual(found, await byHand('municipalities', condition), filter);
			assert.deepEqual(await ids('municipalities', { filter: await toJson(filter), 'filter-lang': 'cql2-json' }), found, filter);
		}
		assert.ok(asked > 40, `${asked} were short enough for an address`);
	});

	it('read coordinates in the CRS that filter-crs names, in the order of its axes', async () => {
		const expected = await byHand('municipalities', `ST_Intersects(geom, ${geom(area)})`);
		assert.ok(expected.length > 3);
		const swapped = area.replace(/([\d.]+) ([\d.]+)/g, '$2 $1');
		assert.deepEqual(await ids('municipalities', { filter: `S_INTERSECTS(geometry,${swapped})`, 'filter-crs': epsg(4326) }), expected);
		const box = [560000, 5940000, 570000, 5950000];
		for (const cql of [`BBOX(${box})`, `POLYGON((${[[0, 1], [2, 1], [2, 3], [0, 3], [0, 1]].map(([x, y]) => `${box[x]} ${box[y]}`)}))`])
			assert.deepEqual(await ids('municipalities', { filter: `S_INTERSECTS(geometry,${cql})`, 'filter-crs': epsg(25832) }),
				await byHand('municipalities', `ST_Intersects(geom, ST_MakeEnvelope(${box}, 25832))`), cql);
		await refused("land = '02'", 'invalid_parameter', /filter-crs/, { 'filter-crs': 'EPSG:31467' });
	});

	it('hold on every page of a traversal, and with box, time and properties', async () => {
		const filter = "name LIKE '%e%'", expected = await byHand('municipalities', "name like '%e%' and land = '01'");
		const found = [];
		for (let next = `/collections/municipalities/items?limit=150&land=01&${new URLSearchParams({ filter })}`; next;) {
			const { status, body } = await get(next);
			assert.equal(status, 200, JSON.stringify(body));
			assert.equal(body.numberMatched, undefined, 'nobody counts');
			found.push(...body.features.map(({ id }) => id));
			next = body.links.find(({ rel }) => rel === 'next')?.href;
		}
		assert.ok(expected.length > 600);
		assert.deepEqual(found, expected);
		assert.deepEqual(await ids('municipalities', { filter, land: '01', bbox: '9.8,53.6,9.9,53.7', datetime: '2100-01-01T00:00:00Z' }),
			(await ids('municipalities', { bbox: '9.8,53.6,9.9,53.7' })).filter((id) => expected.includes(id)));
	});

	it('are parameters as well: each property that a collection says it can be filtered by', async () => {
		for (const { id: collection, links } of (await get('/collections')).body.collections) {
			const link = links.find(({ rel }) => rel === 'http://www.opengis.net/def/rel/ogc/1.0/queryables');
			const { headers, body: queryables } = await get(link.href);
			assert.equal(headers.get('content-type'), 'application/schema+json');
			assert.equal(queryables.$id, link.href);
			assert.equal(queryables.additionalProperties, false);
			const { body: schema } = await get(`/collections/${collection}/schema`);
			const lists = Object.entries(queryables.properties).filter(([, { type }]) => type === 'array');
			assert.deepEqual(Object.fromEntries(Object.entries(queryables.properties).filter(([, { type }]) => type !== 'array')), schema.properties);
			for (const [name, list] of lists) {
				assert.deepEqual([list.items, name.endsWith('_list') && schema.properties[name.slice(0, -5)].type], [{ type: 'string' }, 'string']);
				assert.equal((await ask(collection, { [name]: 'x' })).body.errors[0].pointer, name, 'a list is no simple value');
			}
			const features = (await ask(collection, {})).body.features.slice(0, 200);
			const { body: api } = await get('/api');
			const parameters = api.paths[`/collections/${collection}/items`].get.parameters.map(({ name }) => name);
			for (const [name, { type, format }] of Object.entries(queryables.properties)) {
				if (type === 'array') continue;
				if (name === 'geometry') {
					assert.equal((await ask(collection, { geometry: 'x' })).status, 400);
					continue;
				}
				assert.ok(parameters.includes(name), `${collection}.${name} is in the OpenAPI document`);
				const value = (feature) => name === 'id' ? feature.id : feature.properties[name];
				const some = features.find((feature) => value(feature) !== null && value(feature) !== undefined);
				if (some && type !== 'number') // whose decimals are shown rounded
					assert.ok((await ids(collection, { [name]: value(some) })).includes(some.id), `${collection}.${name}=${value(some)}`);
				const { status } = await ask(collection, { [name]: 'no such thing' });
				assert.equal(status, type === 'string' && !['date', 'date-time'].includes(format) ? 200 : 400, `${collection}.${name}`);
			}
		}
		assert.deepEqual(await ids('municipalities', { kreis: 'Pinneberg', unincorporated: 'true' }), await byHand('municipalities', "kreis = 'Pinneberg' and unincorporated"));
		assert.deepEqual(await ids('municipalities', { name: "x' or 'a'='a" }), []);
		assert.equal((await ask('municipalities', { title: 'x' })).body.errors[0].pointer, 'title');
		for (const [name, value, says] of [['area_m2', 'viel', /^viel is no number/], ['unincorporated', 'ja', /^ja is neither true nor false/], ['dataset_date', '31.12.2016', /is no day/]])
			assert.deepEqual((await ask('municipalities', { [name]: value })).body.errors.map(({ pointer, detail }) => [pointer, says.test(detail)]), [[name, true]]);
	});

	it('call what /ogc/functions lists, each with each kind of operator', async () => {
		const { body: landing } = await get('');
		const { href } = landing.links.find(({ rel }) => rel === 'http://www.opengis.net/def/rel/ogc/1.0/functions');
		assert.equal(href, `${server.address}/ogc/functions`);
		const { conformsTo } = (await get('/conformance')).body;
		for (const name of ['functions', 'array-functions']) assert.ok(conformsTo.includes(`http://www.opengis.net/spec/cql2/1.0/conf/${name}`), name);
		const { body, headers } = await get(href);
		assert.equal(headers.get('content-type'), 'application/json');
		assert.deepEqual(Object.keys(body), ['functions']);
		const kinds = ['string', 'number', 'integer', 'datetime', 'geometry', 'boolean'];
		const operands = { geometry: ['geometry', 'POINT(9.99 53.55)', 'centroid(geometry)', 'BBOX(9,53,10,54)'], datetime: ['dataset_date', 'modified', "DATE('2026-01-31')", 'today()'], string: ['name', "'ß'", 'CASEI(name)'] };
		const conditions = { number: (call) => [`${call} > 1`, `${call} + 1 <> ${call}`, `${call} BETWEEN 0 AND 5`, `${call} IN (1,2)`, `NOT ${call} IS NULL`],
			geometry: (call) => [`S_INTERSECTS(${call}, geometry)`, `S_DWITHIN(${call}, POINT(9 54), 5)`, `${call} IS NULL`],
			datetime: (call) => [`${call} > DATE('2020-01-01')`, `T_BEFORE(${call}, modified)`, `${call} = TIMESTAMP('2026-01-01T00:00:00Z')`, `${call} IS NOT NULL`] };
		assert.ok(body.functions.length > 5);
		for (const { name, description, arguments: takes, returns } of body.functions) {
			assert.ok(description && returns.length === 1 && [returns[0], ...takes.flatMap(({ type }) => type)].every((kind) => kinds.includes(kind)), name);
			const choices = takes.map(({ type: [kind] }) => operands[kind]);
			for (let n = 0; n < Math.max(1, ...choices.map((some) => some.length)); n++)
				for (const filter of conditions[returns[0]](`${name}(${choices.map((some, at) => some[(n + at) % some.length])})`)) {
					const path = `/collections/municipalities/items?limit=1&${new URLSearchParams({ filter })}`, { status, body: answer } = await get(path);
					assert.equal(status, 200, `${filter}: ${JSON.stringify(answer)}`);
				}
		}
		assert.notDeepEqual((await get(href, { 'accept-language': 'de' })).body.functions.map(({ description }) => description), body.functions.map(({ description }) => description));
		assert.equal((await get('/api')).body.paths['/functions'].get.operationId, 'functions');
	});

	it('compare lists that queryables name, alone and joined', async () => {
		const stored = { procedures: ['lands', 'municipalities'], plans: ['lands'], affected_municipalities: ['rules'] };
		for (const { id: collection } of (await get('/collections')).body.collections) {
			const { properties } = (await get(`/collections/${collection}/queryables`)).body;
			const lists = Object.keys(properties).filter((name) => properties[name].type === 'array');
			assert.deepEqual(lists, (stored[collection] ?? []).map((name) => `${name}_list`));
			for (const name of lists) {
				const column = name.slice(0, -5), every = `string_to_array(${column}, ',')`;
				const [{ one, two }] = await server.sql(`select (${every})[1] as one, coalesce((${every})[2], 'foo') as two from pp.feature_${collection} where died is null and ${column} <> '' limit 1`);
				const found = {};
				for (const [op, sql] of [['A_CONTAINS', '@>'], ['A_CONTAINEDBY', '<@'], ['A_OVERLAPS', '&&'], ['A_EQUALS', '=']])
					for (const list of [['foo', 'bar'], [one, two], [one]]) {
						const filter = `${op}(${name},(${list.map((text) => `'${text}'`)}))`;
						found[filter] = await ids(collection, { filter });
						assert.deepEqual(found[filter], await byHand(collection, `${every} ${sql} array['${list.join("','")}']`), filter);
					}
				assert.ok(Object.values(found).some(({ length }) => length), 'something is found');
				const [p1, p2, p3, p4] = Object.keys(found);
				const of = (filter, id) => found[filter].includes(id);
				assert.deepEqual(await ids(collection, { filter: `((NOT ${p1} AND ${p2}) OR (${p3} AND NOT ${p4}) OR NOT (${p1} AND ${p4}))` }),
					(await byHand(collection, `${column} is not null`)).filter((id) => (!of(p1, id) && of(p2, id)) || (of(p3, id) && !of(p4, id)) || !(of(p1, id) && of(p4, id))));
			}
		}
	});

	it('refuse properties and functions that are not there, and what does not fit, with its place', async () => {
		await refused("land = '02' AND\ncolour = 1", 'filter_property_unknown', /line 2, column 1: there is no property colour/);
		await refused('f.fid = 1', 'filter_property_unknown', /no property f\.fid/);
		await refused('born > 1', 'filter_property_unknown', /no property born/);
		await refused("buffer(geometry) = 'x'", 'filter_property_unknown', /no function buffer/);
		await refused(`"${'ü'.repeat(300)}" = 1`, 'filter_property_unknown', /no property üü/);
		for (const [filter, says] of [['name = 1', /column 1: name is a text/], ["1 = name", /column 5: name is a text/], ["area_m2 = '1'", /area_m2 is a number/],
			["unincorporated = 'true'", /TRUE or FALSE/], ["dataset_date = '2020-01-01'", /DATE\('2027-01-31'\)/], ["valid_from > '2020-01-01'", /TIMESTAMP/],
			["geometry = 'x'", /S_INTERSECTS/], ['geometry = geometry', /S_INTERSECTS/], ['name + 1 = 2', /name is no number/], ["area_m2 LIKE 'a%'", /area_m2 is a number/],
			["CASEI(area_m2) = 'a'", /area_m2 is no text/], ["S_INTERSECTS(name, POINT(9 54))", /name is no geometry/], ["T_AFTER(name, DATE('2020-01-01'))", /name is no day/],
			["T_AFTER(INTERVAL(name, '..'), DATE('2020-01-01'))", /name is no day/], ["name IN ('a', 1)", /name is a text/], ["1 = 'a'", /of one kind/],
			["name BETWEEN 1 AND 2", /name is a text/], ['name BETWEEN name AND name', /BETWEEN takes numbers or dates/], ["A_CONTAINS(name, ('a'))", /name is no list/], ["A_EQUALS(('a','b'), ('a',1))", /column 26: lists are of texts here/],
			['area(geometry)', /area is no condition/], ['NOT area(geometry)', /column 5: area is no condition/], ["land = '02' AND today()", /today is no condition/], ['area(name) > 1', /column 6: operand 1 of area must be a geometry/],
			['area() > 1', /area takes 1 operands, not 0/], ['distance(geometry, 5) > 1', /operand 2 of distance must be a geometry/], ['year(name) = 1', /operand 1 of year must be a day or an instant/],
			["year(INTERVAL('..','2020-01-01')) = 1", /operand 1 of year/], ["year(('a','b')) = 1", /operand 1 of year/], ['char_length(area_m2) = 1', /operand 1 of char_length must be a text/], ["area(geometry) = '1'", /of one kind/], ['centroid(geometry) > 1', /of one kind/],
			['S_TOUCHES(geometry, GEOMETRYCOLLECTION(POINT(9 54)))', /takes no collections/]])
			await refused(filter, 'filter_type_wrong', says);
		const json = await refused(JSON.stringify({ op: 'and', args: [{ op: 'isNull', args: [{ property: 'name' }] }, { op: 'in', args: [{ property: 'name' }, ['a', { property: 'colour' }]] }] }),
			'filter_property_unknown', /colour/, { 'filter-lang': 'cql2-json' });
		assert.match(JSON.stringify(json), /\/args\/1\/args\/1\/1/);
		const { body } = await ask('municipalities', { filter: 'colour = 1' }, { 'accept-language': 'de' });
		assert.equal(body.detail, 'Zeile 1, Spalte 1: eine Eigenschaft colour gibt es nicht; /ogc/collections/municipalities/queryables nennt alle');
	});

	it('are never taken for SQL, and what cannot be computed is refused', async () => {
		for (const text of ["'; drop table pp.feature_plans; --", '{"a","b"}', '\\', '"', '{now}', '{values}', '$1', '%s', '\u{1F600}', "''"])
			assert.deepEqual(await ids('municipalities', { filter: JSON.stringify({ op: '=', args: [{ property: 'name' }, text] }), 'filter-lang': 'cql2-json' }), [], text);
		for (const filter of ["name = 'a", 'name =', 'name', 'NaN = 1 AND', 'area_m2 > 1e999', 'S_INTERSECTS(geometry, POINT(NaN 1))', `${'NOT ('.repeat(40)}TRUE${')'.repeat(40)}`, "DATE('2021-02-30') = dataset_date",
			'S_INTERSECTS(geometry, POINT(100 80))', 'S_INTERSECTS(geometry, POLYGON((9 53,10 54,9 54,10 53,9 53)))', 'S_INTERSECTS(geometry, BBOX(9,54,10,53))', 'S_TOUCHES(geometry, BBOX(9,53,9,53))',
			`area_m2 IN (${Array.from({ length: 1001 }, (_, i) => i)})`])
			await refused(filter, 'filter_invalid', /line 1, column \d+: /);
		await refused('NaN = 1', 'filter_property_unknown', /NaN/);
		await refused('{"op":"like","args":[{"property":"name"},"x\\\\"]}', 'filter_invalid', /backslash/, { 'filter-lang': 'cql2-json' });
		await refused('{"op":"=","args":[{"property":"name"},"\\u0000"]}', 'filter_invalid', /./, { 'filter-lang': 'cql2-json' });
		await refused('area_m2 * 1e300 * 1e300 > 1', 'invalid_parameter', /too large/);
		await refused('(0 - area_m2) ^ 0.5 > 1', 'invalid_parameter', /power/);
		await refused("land = '02'", 'invalid_parameter', /filter-lang/, { 'filter-lang': 'sql' });
		await refused("dataset_date > DATE('0000-01-01')", 'filter_invalid', /day/);
		assert.deepEqual(await ids('municipalities', { filter: `area_m2 IN (${Array.from({ length: 1000 }, (_, i) => i)})` }), []);
		assert.equal((await server.sql('select count(*)::int as n from pp.feature_plans where died is null'))[0].n, 4, 'nothing has happened');
	});

	it('that ask for this day are other filters on another day', async () => {
		const path = `${server.address}/ogc/collections/municipalities/items?limit=1&filter=`;
		const tag = async (filter) => (await fetch(path + encodeURIComponent(filter))).headers.get('etag');
		const passing = 'dataset_date < today()', lasting = "dataset_date < DATE('2100-01-01')";
		const [before, same] = [await tag(passing), await tag(lasting)];
		assert.equal(await tag(passing), before);
		server.clock.move(86400000);
		assert.notEqual(await tag(passing), before);
		assert.equal(await tag(lasting), same);
		server.clock.move(-86400000);
	});

	it('find places by the index, as long as whatever else is asked lets it', async () => {
		await server.sql('analyze pp.feature_municipalities');
		const scans = async () => (await server.sql(`select pg_stat_force_next_flush(), idx_scan::int as n from pg_stat_user_indexes where indexrelname = 'feature_municipalities_geom'`))[0].n;
		// A sentence of its own session each time, whose counts are flushed within a second.
		const before = await scans();
		for (let i = 0; i < 5; i++)
			await ids('municipalities', { filter: "S_INTERSECTS(geometry, POINT(9.99 53.55)) AND land = '02'" });
		while (await scans() < before + 5)
			await ids('municipalities', { filter: 'S_INTERSECTS(geometry, POINT(9.99 53.55))' });
	});
});
