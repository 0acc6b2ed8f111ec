// SPDX-License-Identifier: EUPL-1.2
// The register of public agencies: from the table into the answers.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root, startServer } from '../../harness/server.mjs';
import { amtPinnau, confirm, creates, ellerbek, fileBoth, halstenbek, hamburg, refuses, roundOf, schnelsen } from '../support.mjs';

describe('public agencies', () => {
	let server, folder;
	const table = (...rows) => {
		const path = join(folder, 'agencies.csv');
		writeFileSync(path, ['key,name,kind,themes,areas,valid_from,area_wkt', ...rows, ''].join('\n'));
		return path;
	};
	const load = (path, ...words) => server.command(['import', 'bodies', path, ...words]);
	const found = async (query) => (await server.must(200, 'GET', `/bodies?limit=500&${query}`)).items.map(({ body }) => body);
	before(async () => {
		server = await startServer();
		folder = mkdtempSync(join(tmpdir(), 'pp-agencies-'));
		const loaded = await load(join(root, 'data/fixtures/public-bodies.csv'));
		assert.equal(loaded.status, 0, loaded.stderr);
	});
	after(async () => {
		await server.stop();
		rmSync(folder, { recursive: true });
	});

	it('of the demonstration are found by theme and place', async () => {
		assert.deepEqual(await found('theme=IHK'), ['handelskammer-hamburg', 'ihk-kiel', 'ihk-luebeck']);
		assert.deepEqual(await found(`theme=IHK&area=${ellerbek}`), ['ihk-kiel']);
		assert.deepEqual(await found(`theme=DENKMAL&area=${ellerbek}&kind=KREIS`), ['01056']);
		assert.deepEqual(await found(`area=${hamburg}&q=feuerwehr`), ['feuerwehr-hh']);
		assert.deepEqual(await found('theme=NOTHING'), []);
		const { items } = await server.must(200, 'GET', '/body-themes', { headers: { 'Accept-Language': 'en' } });
		assert.equal(items.find(({ theme }) => theme === 'DENKMAL').label, 'Monuments and archaeology');
		assert.ok(items.find(({ theme }) => theme === 'LUFTFAHRT').touched_by.some(({ subject }) => subject === 'WIND'));
		const { agency } = await server.must(200, 'GET', '/bodies/lbeg');
		const { items: [{ themes }] } = await server.must(200, 'GET', '/bodies?q=lbeg');
		assert.deepEqual([agency.areas.map(({ kind, key }) => `${kind} ${key}`), agency.valid_from, themes], [['LAND 01', 'LAND 02', 'LAND 03'], '2006-01-01', ['BERGBAU']]);
		await refuses(server, 400, 'invalid_parameter', 'GET', '/bodies?area=1');
	});

	it('are shown before they count, and refused by the line, whole or not at all', async () => {
		const good = () => table('deichverband,Deichverband am Rand,VERBAND,KUESTENSCHUTZ,,2020-01-01,"POLYGON((556000 5942000,562000 5942000,562000 5946000,556000 5946000,556000 5942000))"');
		const shown = await load(good(), '--preview');
		assert.equal(shown.status, 0, shown.stderr);
		assert.deepEqual(shown.stdout.split('\n').slice(0, 4), ['+ deichverband  Deichverband am Rand', '~ deichverband  themes: - -> KUESTENSCHUTZ',
			'~ deichverband  valid_from: - -> 2020-01-01', shown.stdout.split('\n')[3]]);
		assert.match(shown.stdout.split('\n')[3], /^~ deichverband {2}area_wkt: - -> 24\.000 km²/);
		assert.deepEqual(await found('q=deichverband'), []);
		const refused = await load(table('neu,Neu,VERBAND,WASSER,01,,', 'falsch,Falsch,VERBAND,WASSER,01|01056999,,'));
		assert.equal(refused.status, 1);
		assert.match(refused.stderr, /Line 3, column areas: "01056999" is no Land, Kreis or municipality/);
		await refuses(server, 404, 'not_found', 'GET', '/bodies/neu');
		assert.equal((await load(good())).status, 0);
		assert.deepEqual(await found(`theme=KUESTENSCHUTZ&area=${halstenbek}`), ['deichverband', 'lkn-sh']);
		assert.equal((await load(good(), '--preview')).stdout.split('\n')[0], '1 bodies, 0 rows of administration', 'the same changes nothing');
	});

	it('are proposed for a plan while it is drawn, and on record by the same words', async () => {
		const drawn = { kind: 'BP_REGEL', planning_municipalities: [hamburg], geometry: schnelsen };
		const { agencies, ...engine } = await server.must(200, 'POST', '/affected-preview?include=toeb', { body: drawn });
		assert.deepEqual(engine, await server.must(200, 'POST', '/affected-preview', { body: drawn }), 'the engine\'s words stay');
		const keys = agencies.map(({ body }) => body);
		for (const key of ['handelskammer-hamburg', 'bukea', 'baiudbw', 'nabu-hh', 'deichverband']) assert.ok(keys.includes(key), key);
		for (const key of ['ihk-luebeck', 'lfu-sh', 'baf']) assert.ok(!keys.includes(key), `${key} has nothing there`);
		const chamber = agencies.find(({ body }) => body === 'handelskammer-hamburg');
		assert.deepEqual([chamber.rules[0].theme, chamber.rules[0].area.key, chamber.rules[0].share_percent, chamber.borderline], ['IHK', '02', 100, false]);
		assert.match(chamber.rules[0].source, /§ 1 Abs. 6 Nr. 8/);
		const turbines = await server.must(200, 'POST', '/affected-preview?include=toeb', { body: { ...drawn, subjects: [{ subject: 'WIND', total_height_m: 200 }] } });
		assert.ok(turbines.agencies.some(({ body }) => body === 'baf'), 'turbines touch aviation');

		const planner = await server.account('manager', hamburg);
		const { plan } = await fileBoth(server, planner);
		const record = await server.must(200, 'GET', `/plans/${plan}/affected?include=toeb`, { token: planner });
		assert.deepEqual(record.agencies, agencies);
		assert.equal('agencies' in await server.must(200, 'GET', `/plans/${plan}/affected`, { token: planner }), false);
		await refuses(server, 400, 'invalid_parameter', 'GET', `/plans/${plan}/affected?include=all`, { token: planner });
	});

	it('are kept in lists, and invited to a round with them, beside the municipalities', async () => {
		const planner = await server.account('manager', hamburg);
		const stranger = await server.account('manager', amtPinnau);
		const { body: list, headers } = await server.api('POST', '/distribution-lists', { token: planner, body: { name: 'Umwelt', bodies: ['nabu-hh', 'bukea'], shared: true } });
		assert.deepEqual(list.members.map(({ body }) => body), ['bukea', 'nabu-hh']);
		const path = `/distribution-lists/${list.id}`;
		assert.equal(headers.get('location'), `${server.address}/api/v1${path}`);
		await refuses(server, 409, 'distribution_list_exists', 'POST', '/distribution-lists', { token: planner, body: { name: 'umwelt', bodies: [] } });
		await refuses(server, 422, 'body_not_found', 'PATCH', path, { token: planner, headers: { 'If-Match': headers.get('etag') }, body: { bodies: ['bukea', 'no-such-body'] } });
		await refuses(server, 428, 'precondition_required', 'PATCH', path, { token: planner, body: { name: 'Natur' } });
		await refuses(server, 403, 'forbidden', 'PATCH', path, { token: stranger, headers: { 'If-Match': headers.get('etag') }, body: { name: 'Natur' } });
		assert.equal((await server.must(200, 'PATCH', path, { token: planner, headers: { 'If-Match': headers.get('etag') }, body: { about: 'bei jedem Plan' } })).about, 'bei jedem Plan');
		assert.deepEqual((await server.must(200, 'GET', '/distribution-lists', { token: stranger })).items.map(({ id }) => id), [list.id]);

		const { procedure, plan } = await fileBoth(server, planner);
		await confirm(server, planner, plan);
		const round = roundOf({ bodies: ['handelskammer-hamburg', 'baiudbw'], lists: [list.id] });
		const preview = await server.must(200, 'POST', `/procedures/${procedure}/rounds/preview`, { token: planner, body: round });
		const { end: _, ...open } = round;
		const proposed = (await server.must(200, 'POST', `/procedures/${procedure}/rounds/preview`, { token: planner, body: open })).round;
		assert.equal(proposed.end, proposed.minimum_end, 'without an end law proposes it');
		await refuses(server, 422, 'invalid_body', 'POST', `/procedures/${procedure}/rounds`, { token: planner, body: open });
		assert.deepEqual((await server.must(200, 'GET', `/procedures/${procedure}/rounds`, { token: planner })).items, [], 'a preview keeps nothing');
		await refuses(server, 403, 'forbidden', 'POST', `/procedures/${procedure}/rounds/preview`, { token: await server.account('clerk', hamburg), body: round });
		const opened = await creates(server, `/procedures/${procedure}/rounds`, { token: planner, body: round });
		const board = await server.must(200, 'GET', `/rounds/${opened.id}/board`, { token: planner });
		assert.ok(board.municipalities.some(({ ags }) => ags === ellerbek));
		const asked = board.authorities.filter(({ body }) => ['handelskammer-hamburg', 'baiudbw', 'nabu-hh', 'bukea'].includes(body));
		assert.deepEqual(asked.map(({ body, channel }) => [body, channel]), [['baiudbw', 'EMAIL'], ['bukea', 'EMAIL'], ['handelskammer-hamburg', 'EMAIL'], ['nabu-hh', 'EMAIL']]);
		assert.ok(asked.every(({ mail, deadline, cross_border: across }) => mail && deadline >= opened.end && !across));
		const told = (rows) => rows.map(({ body, channel, deadline }) => [body, channel, deadline]).sort();
		assert.deepEqual(told(preview.invitations), told([...board.municipalities, ...board.authorities]));
		const [{ n }] = await server.sql(`select count(*)::int as n from pp.mail where recipient = 'planung@baiudbw.example'`);
		assert.equal(n, 1);
		assert.equal((await server.api('DELETE', path, { token: planner, headers: { 'If-Match': '*' } })).status, 204);
		await refuses(server, 404, 'distribution_list_not_found', 'GET', path, { token: planner });
	});
});
