// SPDX-License-Identifier: EUPL-1.2
// Interruptions of what is published: recorded, shown on every round, judged, made up for. March and April 2027.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer } from '../../harness/server.mjs';
import { amtPinnau, creates, halstenbek, hamburg, instant, nowhere, openRound, pointers, refuses, walk } from '../support.mjs';

const reason = 'Stromausfall im Rechenzentrum';
const outage = (from, to, more = {}) => ({ from, to, what: 'Internetseite', reason, source: 'BETRIEB', ...more });

describe('interruptions', () => {
	let server, planner, admin, amt;
	before(async () => {
		server = await startServer({ clock: true });
		server.clock.set('2027-03-01T09:00:00Z');
		planner = await server.account('manager', hamburg);
		admin = await server.account('operator');
		amt = await server.account('clerk releaser', amtPinnau);
	});
	after(() => server.stop());

	// From 2 March to 8 April 2027, a Thursday; 23 + 15 days and an hour less for the change of the clock.
	const open = async (more = {}) => {
		server.clock.set('2027-03-01T09:00:00Z');
		const opened = await openRound(server, planner, { round: { step: 'FOERM_OEFF', audience: 'OEFF', start: '2027-03-02', end: '2027-04-08', ...more } });
		server.clock.set('2027-04-05T09:00:00Z');
		return opened;
	};
	const record = (body, token = admin) => creates(server, '/outages', { token, body });
	const ofRound = (round, token) => server.must(200, 'GET', `/rounds/${round}/outages`, { token });

	it('are recorded by operators, field by field', async () => {
		await open();
		for (const [body, pointer] of [
			[outage('2027-03-10T10:00:00Z', '2027-03-10T09:00:00Z'), '/to'], [outage('2027-04-05T08:00:00Z', '2027-04-05T10:00:00Z'), '/to'],
			[{ ...outage('2027-03-10T10:00:00Z', '2027-03-10T11:00:00Z'), reason: undefined }, '/reason'],
			[outage('2027-03-10T10:00:00Z', '2027-03-10T11:00:00Z', { source: 'GERÜCHT' }), '/source'],
			[outage('gestern', '2027-03-10T11:00:00Z'), '/from'], [outage('2027-03-10T10:00:00Z', '2027-03-10T11:00:00Z', { procedure: nowhere }), '/procedure'],
		])
			assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', '/outages', { token: admin, body })), [pointer]);
		await refuses(server, 403, 'forbidden', 'POST', '/outages', { token: planner, body: outage('2027-03-10T10:00:00Z', '2027-03-10T11:00:00Z') });
		await refuses(server, 404, 'outage_not_found', 'GET', `/outages/${nowhere}`, { token: admin });
		assert.equal((await server.api('GET', '/outages')).status, 401);
	});

	it('are shown on the rounds that they fall into, with length and share, and propose an end', async () => {
		const { procedure, round } = await open();
		const before = await ofRound(round);
		assert.deepEqual([before.items, before.length_s, before.rule, before.proposal, before.decided], [[], 0, null, null, null]);
		// Of this procedure only: two hours, tolerated.
		const short = await record(outage('2027-03-10T10:00:00Z', '2027-03-10T12:00:00Z', { procedure }));
		assert.deepEqual([short.scope, short.length_s, short.rounds], ['VERFAHREN', 7200, [{ round, procedure, title: 'Bebauungsplan Schnelsen 99', within_s: 7200 }]]);
		assert.match(short.recorded_at, instant);
		const tolerated = await ofRound(round);
		assert.deepEqual([tolerated.period_s, tolerated.length_s, tolerated.share, tolerated.rule.meaning, tolerated.proposal], [38 * 86400 - 3600, 7200, 0.002195, 'GEDULDET', null]);
		assert.match(tolerated.rule.source, /1 KN 91\/21/);
		// A night more: three days were not whole. From Thursday 8 April on they end on Sunday, so on Monday.
		const long = await record(outage('2027-03-20T20:00:00Z', '2027-03-21T04:00:00Z', { procedure, source: 'MELDUNG' }));
		const judged = await ofRound(round);
		assert.deepEqual([judged.length_s, judged.rule.meaning, judged.items.map((item) => item.within_s)], [36000, 'VERLAENGERN', [7200, 28800]]);
		assert.match(judged.rule.source, /10 D 88\/16\.NE/);
		assert.deepEqual(judged.proposal, { days: 3, end: '2027-04-12', legal_basis: '§ 190, § 193 BGB' });
		const shown = await server.must(200, 'GET', `/rounds/${round}`);
		assert.deepEqual(shown.interruption, { count: 2, length_s: 36000, share: 0.010977, meaning: 'VERLAENGERN', decided: null });

		const where = `/rounds/${round}/outage-decisions`;
		await refuses(server, 403, 'forbidden', 'POST', where, { token: amt, body: { decision: 'KEINE', reason } });
		await refuses(server, 404, 'round_not_found', 'POST', `/rounds/${nowhere}/outage-decisions`, { token: planner, body: { decision: 'KEINE', reason } });
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', where, { token: planner, body: { decision: 'EGAL' } })), ['/decision', '/reason']);
		const decided = await creates(server, where, { token: planner, body: { decision: 'VERLAENGERN', reason: 'Drei Tage fehlen.' } });
		assert.deepEqual([decided.proposed_end, decided.length_s, decided.outages, decided.by], ['2027-04-12', 36000, [short.id, long.id], planner.email]);
		const after = await ofRound(round, planner);
		assert.deepEqual([after.decided, after.decisions], [true, [decided]]);
		assert.deepEqual([(await ofRound(round)).decisions, (await ofRound(round)).decided], [[], null], 'the planners\' own matter');
		const longer = await server.must(200, 'POST', `/rounds/${round}/extension`, { token: planner, body: { end: after.proposal.end, reason: 'Unterbrechung', notice_on: '2027-04-07' } });
		assert.equal(longer.closes_at, '2027-04-12T22:00:00.000000Z');

		// What comes to light later is open again; what was wrong is taken back.
		const wrong = await record(outage('2027-03-25T00:00:00Z', '2027-04-05T00:00:00Z', { procedure }));
		const worse = await ofRound(round, planner);
		assert.deepEqual([worse.rule.meaning, worse.decided], ['WIEDERHOLEN', false]);
		await refuses(server, 403, 'forbidden', 'POST', `/outages/${wrong.id}/withdraw`, { token: planner, body: { reason } });
		const taken = await server.must(200, 'POST', `/outages/${wrong.id}/withdraw`, { token: admin, body: { reason: 'falsch abgelesen' } });
		assert.equal(taken.withdraw_reason, 'falsch abgelesen');
		await refuses(server, 409, 'conflict', 'POST', `/outages/${wrong.id}/withdraw`, { token: admin, body: { reason } });
		assert.deepEqual([(await ofRound(round, planner)).length_s, (await ofRound(round, planner)).decided], [36000, true]);
	});

	it('of the whole platform are every round\'s, and tell its planners', async () => {
		const { round } = await open();
		const bodies = await open({ step: 'FOERM_TOEB', audience: 'TOEB' });
		const events = await server.events('/events', { token: planner });
		const { id, rounds } = await record(outage('2027-03-11T10:00:00Z', '2027-03-11T16:00:00Z'));
		for (const each of [round, bodies.round]) assert.ok(rounds.some((row) => row.round === each));
		const told = new Set();
		while (!told.has(round) || !told.has(bodies.round)) {
			const event = await events.next();
			if (event.event === 'round.interrupted' && event.data.data.outage === id) told.add(event.data.round);
		}
		events.close();
		assert.equal((await ofRound(bodies.round, amt)).proposal.end, '2027-04-09');
		await refuses(server, 404, 'round_not_found', 'GET', `/rounds/${bodies.round}/outages`, { token: await server.account('manager', '01001000') });
		await refuses(server, 404, 'round_not_found', 'GET', `/rounds/${bodies.round}/outages`);
		const board = await server.must(200, 'GET', `/rounds/${bodies.round}/board`, { token: planner });
		assert.deepEqual([board.interruption.count, board.interruption.decided], [1, null]);
		const all = await walk(server, '/outages?limit=1', { token: admin });
		assert.ok(all.length >= 3 && all.some((each) => each.id === id));
		assert.equal((await server.must(200, 'GET', `/outages/${id}`, { token: await server.account('clerk releaser', halstenbek) })).what, 'Internetseite');
	});

	it('mean what the rows say', async () => {
		const { items } = await server.must(200, 'GET', '/outage-rules', { headers: { 'Accept-Language': 'en' } });
		assert.deepEqual(items.map((row) => [row.meaning, row.min_s, row.min_share]), [['GEDULDET', 0, 0], ['VERLAENGERN', 14400, 0], ['WIEDERHOLEN', 14400, 0.25]]);
		assert.ok(items.every((row) => /OVG/.test(row.source) && /Voreinstellung/.test(row.source) && row.text));
	});
});
