// SPDX-License-Identifier: EUPL-1.2
// One clock for server and clerk, which a drill can set; what is due by the clock is recorded at the instant
// itself, and in order when nobody was there.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { command, startServer, until } from '../../harness/server.mjs';
import { hamburg, openRound } from '../support.mjs';

describe('the clock', () => {
	let server;
	let planner;
	before(async () => {
		server = await startServer({ clock: true });
		planner = await server.account('manager', hamburg);
	});
	after(() => server.stop());

	const round = (start, end) => ({ step: 'FOERM_TOEB', audience: 'TOEB', start, end });
	const state = async (procedure) => (await server.must(200, 'GET', `/procedures/${procedure}`, { token: planner })).state;
	const recorded = (id) => server.sql('select opened_at, closed_at, opens_at, closes_at from pp.round where id = :\'id\'', { id }).then(([row]) => row);

	it('is said where it is shifted', async () => {
		assert.ok(server.has('clock_shifted'));
		assert.equal((await server.must(200, 'GET', '//health')).clock_shift_s, undefined);
		server.clock.set('2025-03-20T12:00:00Z');
		const { clock_shift_s: shift } = await server.must(200, 'GET', '//health');
		assert.ok(Math.abs(Date.now() / 1000 + shift - server.clock.now() / 1000) < 1);
	});

	// 30 March 2025 has 23 hours in Berlin, 26 October 25: the day begins and ends where the law says.
	for (const [start, end, opens, closes] of [
		['2025-03-30', '2025-05-05', '2025-03-29T23:00:00Z', '2025-05-05T22:00:00Z'],
		['2025-09-22', '2025-10-27', '2025-09-21T22:00:00Z', '2025-10-27T23:00:00Z'],
	])
		it(`opens ${start} and closes ${end} within moments of the instant`, async () => {
			server.clock.set(new Date(`${start}T10:00:00Z`).getTime() - 5 * 86400000);
			const { procedure, round: id } = await openRound(server, planner, { round: round(start, end) });
			assert.equal(await state(procedure), 'BEKANNT');
			server.clock.set(new Date(opens).getTime() - 700);
			assert.equal(await state(procedure), 'BEKANNT');
			await until(async () => (await state(procedure)) === 'BETEILIGUNG');
			server.clock.set(new Date(closes).getTime() - 700);
			assert.equal(await state(procedure), 'BETEILIGUNG');
			await until(async () => (await state(procedure)) === 'AUSWERTUNG');
			const row = await recorded(id);
			assert.equal(new Date(row.opens_at).toISOString(), new Date(opens).toISOString());
			assert.equal(new Date(row.closes_at).toISOString(), new Date(closes).toISOString());
			// Never early; how late is this machine's matter.
			assert.ok(new Date(row.opened_at) >= new Date(opens) && new Date(row.closed_at) >= new Date(closes));
		});

	it('is caught up with in order by a clerk that was down', async () => {
		server.clock.set('2025-11-03T08:00:00Z');
		const early = await openRound(server, planner, { round: { step: 'FRUEH_TOEB', audience: 'TOEB', start: '2025-11-10', end: '2025-11-24' } });
		const [clerk] = await server.pids('clerk');
		server.expectsDeaths = true;
		const seen = (await server.sql('select coalesce(max(id), 0) as id from pp.event'))[0].id;
		process.kill(clerk, 'SIGSTOP');
		server.clock.set('2025-12-01T08:00:00Z');
		process.kill(clerk, 'SIGKILL');
		await until(async () => (await state(early.procedure)) === 'ENTWURF');
		const events = await server.sql(`select kind, at from pp.event where id > ${Number(seen)} and procedure = :'id' order by id`, { id: early.procedure });
		const kinds = events.map((event) => event.kind);
		assert.ok(kinds.indexOf('round.opened') >= 0 && kinds.indexOf('round.opened') < kinds.indexOf('round.closed'), kinds.join(' '));
		assert.equal(kinds.filter((kind) => kind === 'round.closed').length, 1);
		const since = (await server.must(200, 'GET', `/procedures/${early.procedure}`, { token: planner })).state_since;
		assert.equal(since, '2025-11-24T23:00:00.000000Z', 'the state holds since the instant of law');
	});

	it('is not followed from a file that cannot say it', async () => {
		const { status, stderr } = await command(['serve'], { env: { PP_CLOCK_SHIFT: '/dev/null' } });
		assert.equal(status, 2);
		assert.match(stderr, /clock_shift: \/dev\/null: Invalid argument/);
	});
});
