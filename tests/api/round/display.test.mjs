// SPDX-License-Identifier: EUPL-1.2
// Displays: the documents are shown until one day, objections are in time until another one.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer } from '../../harness/server.mjs';
import { confirm, fileBoth, hamburg, openRound, pointers, refuses, roundOf } from '../support.mjs';

describe('displays', () => {
	let server, planner, citizen;
	before(async () => {
		server = await startServer({ clock: true });
		server.clock.set('2025-02-26T10:00:00Z');
		planner = await server.account('manager', hamburg);
		citizen = await server.account('public');
	});
	after(() => server.stop());
	const end = async (rule, start) => (await server.must(200, 'GET', `/deadlines?rule=${rule}&start=${start}&calendar=HH`)).end;
	const open = (kind, round) => openRound(server, planner, { kind, round: { step: 'PFV_AUSL', audience: 'OEFF', start: '2025-02-27', end: '2025-03-30', ...round } });
	const dates = ({ end: last, display_end: shown, statement_deadline: deadline, statement_rule: rule, closes_at: closes }) => [last, shown, deadline, rule, closes];

	it('end on their own day, whatever day that is, and objections two weeks later', async () => {
		const { opened, procedure } = await open('PFV', {});
		// A Sunday, and the Sunday two weeks later, which moves on (§ 193 BGB); summer time begins on the first.
		assert.deepEqual(dates(opened), ['2025-03-30', '2025-03-30', '2025-04-14', 'PFV_EINW', '2025-04-14T22:00:00.000000Z']);
		assert.equal(await end('PFV_EINW', '2025-03-30'), '2025-04-14');
		const file = async () => (await server.must(201, 'POST', `/procedures/${procedure}/statements`, { token: citizen, body: { stance: 'EINWENDUNG', text: 'Der Lärm' } })).on_time;
		server.clock.set('2025-04-14T21:59:50Z');
		assert.equal(await file(), true, 'two weeks after the display');
		server.clock.set('2025-04-14T22:00:00.1Z');
		assert.equal(await file(), false, 'and not longer');
		server.clock.set('2025-02-26T10:00:00Z');
	});

	it('stand in a calendar with both their ends', async () => {
		const { procedure } = await open('PFV', {});
		const { text } = await server.api('GET', `/procedures/${procedure}/calendar.ics`, { token: planner });
		assert.match(text, /DTSTART;VALUE=DATE:20250227\r\nDTEND;VALUE=DATE:20250415\r\n/);
		assert.match(text.replaceAll('\r\n ', ''), /\\nAusgelegt bis: 2025-03-30\\n/);
	});

	it('leave objections a month where an environmental impact is assessed, and where the special law says so', async () => {
		assert.deepEqual(dates((await open('PFV_FSTR', { statement_rule: 'PFV_EINW_UVP' })).opened).slice(2, 4), [await end('PFV_EINW_UVP', '2025-03-30'), 'PFV_EINW_UVP']);
		assert.deepEqual(dates((await open('PFV_NABEG', {})).opened).slice(2, 4), [await end('NABEG_EINW', '2025-03-30'), 'NABEG_EINW']);
		assert.equal((await open('PFV_ENWG', {})).opened.minimum_rule, 'ENWG_AUSL');
		for (const [kind, more] of [['PFV', { statement_rule: 'NABEG_EINW' }], ['PFV', { statement_rule: 'RUEGE' }], ['BP_REGEL', { step: 'FOERM_OEFF', statement_rule: 'PFV_EINW' }]]) {
			const { procedure, plan } = await fileBoth(server, planner, { kind });
			await confirm(server, planner, plan);
			const body = roundOf({ step: 'PFV_AUSL', audience: 'OEFF', start: '2025-02-27', end: '2025-04-30', ...more });
			assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', `/procedures/${procedure}/rounds`, { token: planner, body })), ['/statement_rule']);
		}
	});

	it('last a month at least', async () => {
		const { procedure, plan } = await fileBoth(server, planner, { kind: 'PFV' });
		await confirm(server, planner, plan);
		const body = roundOf({ step: 'PFV_AUSL', audience: 'OEFF', start: '2025-02-27', end: '2025-03-25' });
		const refusal = await refuses(server, 422, 'period_too_short', 'POST', `/procedures/${procedure}/rounds`, { token: planner, body });
		assert.match(refusal.errors[0].detail, /2025-03-26 \(PFV_AUSL\)/);
		assert.equal((await server.must(201, 'POST', `/procedures/${procedure}/rounds`, { token: planner, body: { ...body, end: '2025-03-26' } })).display_end, '2025-03-26');
	});

	it('that are extended take the objections along', async () => {
		const { round } = await open('PFV', {});
		const body = { end: '2025-04-06', reason: 'Unterlagen nachgereicht', notice_on: '2025-03-20' };
		const later = await server.must(200, 'POST', `/rounds/${round}/extension`, { token: planner, body });
		assert.deepEqual(dates(later).slice(0, 4), ['2025-04-06', '2025-04-06', await end('PFV_EINW', '2025-04-06'), 'PFV_EINW']);
	});

	it('may be followed by a round of associations, whose period counts from the display', async () => {
		const { procedure, plan } = await fileBoth(server, planner, { kind: 'PFV' });
		await confirm(server, planner, plan);
		// After a display until 28 February; a month from 1 March would be three days more.
		const body = roundOf({ step: 'PFV_EINW', audience: 'VERB', start: '2025-03-01', end: '2025-03-27', statement_rule: 'PFV_EINW_UVP' });
		await refuses(server, 422, 'period_too_short', 'POST', `/procedures/${procedure}/rounds`, { token: planner, body });
		const opened = await server.must(201, 'POST', `/procedures/${procedure}/rounds`, { token: planner, body: { ...body, end: '2025-03-28' } });
		assert.deepEqual([opened.minimum_end, opened.minimum_rule, opened.display_end, opened.statement_deadline], ['2025-03-28', 'PFV_EINW_UVP', null, '2025-03-28']);
	});

	it('of other kinds end with the round, and say so', async () => {
		const { opened } = await openRound(server, planner, { round: { step: 'FOERM_OEFF', audience: 'OEFF', start: '2025-02-27', end: '2025-04-20' } });
		assert.deepEqual(dates(opened).slice(0, 4), ['2025-04-20', '2025-04-20', '2025-04-22', null], 'Easter Sunday: the display ends, statements may still come on Tuesday');
	});
});

describe('a body that is told late', () => {
	let server, planner;
	before(async () => {
		server = await startServer({ clock: true });
		server.clock.set('2025-04-30T10:00:00Z');
		planner = await server.account('manager', hamburg);
	});
	after(() => server.stop());

	it('has its month without the day of receipt, in regional planning too', async () => {
		for (const [kind, step, rule] of [['ROP_REG', 'ROP_BET', 'ROP_BET_STELLE'], ['RVP', 'RVP_BET', 'RVP_BET_STELLE']]) {
			const { round } = await openRound(server, planner, { kind, round: { step, audience: 'TOEB', start: '2025-03-03', end: '2025-05-01' } });
			const added = await server.must(201, 'POST', `/rounds/${round}/invitations`, { token: planner, body: { ags: '01062076' } });
			const { end } = await server.must(200, 'GET', `/deadlines?rule=${rule}&start=2025-05-04&calendar=HH`);
			assert.deepEqual([added.deadline, added.deadline_rule, added.deadline_reason], [end, rule, 'OWN_RECEIPT']);
			assert.equal(end, '2025-06-04', 'a letter of 30 April counts as received on 4 May');
		}
	});
});
