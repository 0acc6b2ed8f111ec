// SPDX-License-Identifier: EUPL-1.2
// What a page about a procedure says: names, time left, versions, documents; and searches by what people look for.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer } from '../../harness/server.mjs';
import { box, confirm, day, fileBoth, hamburg, nowhere, openRound, refuses } from '../support.mjs';

const within = box(10.02, 53.55, 10.024, 53.552);

describe('overview of a procedure', () => {
	let server, planner, open, inner;
	const overview = (procedure, headers = {}) => server.must(200, 'GET', `/procedures/${procedure}/overview`, { headers });
	const found = async (query) => (await server.must(200, 'GET', `/procedures?${query}`)).items.map(({ id }) => id);

	before(async () => {
		server = await startServer();
		planner = await server.account('manager', hamburg);
		open = await openRound(server, planner, { round: { step: 'FRUEH_OEFF', audience: 'OEFF', start: day(-2), end: day(40) } });
		inner = await fileBoth(server, planner, { geometry: within });
		await confirm(server, planner, inner.plan);
		await server.must(200, 'POST', `/procedures/${inner.procedure}/publish`, { token: planner, body: {} });
	});
	after(() => server.stop());

	it('says how it stands in the language that was asked for', async () => {
		const { procedure, participations, plans, documents } = await overview(open.procedure);
		assert.deepEqual([procedure.kind_name, procedure.state_name, procedure.ended, procedure.cross_border], ['Bebauungsplan', 'Frühzeitige Beteiligung', false, true]);
		assert.equal((await overview(open.procedure, { 'Accept-Language': 'en' })).procedure.state_name, 'Early participation');
		assert.deepEqual(participations, [procedure.participation]);
		assert.deepEqual([plans.map(({ number }) => number), documents], [[1], []]);
	});

	it('counts the days until the last one', async () => {
		const { participation: now } = (await overview(open.procedure)).procedure;
		assert.deepEqual([now.phase, now.start, now.law], ['LAEUFT', day(-2), '§ 3 (1) BauGB']);
		assert.equal(now.days_left, Math.round((Date.parse(now.last_day) - Date.parse(day())) / 86400000));
		assert.ok(now.days_left >= 40);
	});

	it('has no participation where nobody was asked, and is nobody\'s while it is not published', async () => {
		assert.equal((await overview(inner.procedure)).procedure.participation, null);
		const hidden = await fileBoth(server, planner);
		await refuses(server, 404, 'procedure_not_found', 'GET', `/procedures/${hidden.procedure}/overview`);
		await refuses(server, 404, 'procedure_not_found', 'GET', `/procedures/${nowhere}/overview`);
		assert.equal((await server.must(200, 'GET', `/procedures/${hidden.procedure}/overview`, { token: planner })).procedure.published_at, null);
	});

	it('is found by place, by crossing a border, by its participation and by whether it has ended', async () => {
		assert.deepEqual(await found('near=9.903,53.632&km=1'), [open.procedure]);
		assert.deepEqual(await found('near=10.022,53.551&km=1'), [inner.procedure]);
		assert.deepEqual((await found('near=10.0,53.6&km=30')).sort(), [open.procedure, inner.procedure].sort());
		assert.deepEqual(await found('near=8.0,54.5'), []);
		assert.deepEqual([await found('cross_border=true'), await found('cross_border=false')], [[open.procedure], [inner.procedure]]);
		assert.deepEqual(await Promise.all(['LAEUFT', 'KOMMT', 'VORBEI'].map((phase) => found(`phase=${phase}`))), [[open.procedure], [], []], 'what was never put to the public has no phase');
		assert.deepEqual(await found('running=false'), []);
		await server.must(200, 'POST', `/procedures/${inner.procedure}/withdraw`, { token: planner, body: { reason: 'nicht mehr gebraucht' } });
		assert.deepEqual([await found('running=false'), await found('running=true')], [[inner.procedure], [open.procedure]]);
		assert.equal((await overview(inner.procedure)).procedure.ended, true);
	});

	it('refuses a place that is none', async () => {
		for (const near of ['9.9', '9.9,153', '200,53', 'a,b', '9.9,53.5,1']) await refuses(server, 400, 'invalid_parameter', 'GET', `/procedures?near=${near}`);
	});
});
