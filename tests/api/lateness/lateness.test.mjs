// SPDX-License-Identifier: EUPL-1.2
// Late statements, decided one by one; restoration after an obstacle. The clock stands in March 2027.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer } from '../../harness/server.mjs';
import { amtPinnau, creates, ellerbek, halstenbek, hamburg, invitationOf, noticeOf, openRound, pointers, refuses } from '../support.mjs';

const tests = ['known', 'should_have_known', 'relevant_to_lawfulness'];
const out = (yes) => ({ outcome: 'UNBERUECKSICHTIGT_VERSPAETET', reason: 'Nichts davon ist neu.', ...Object.fromEntries(tests.map((test) => [test, test === yes])) });

describe('late statements', () => {
	let server, planner, amt, citizen;
	before(async () => {
		server = await startServer({ clock: true });
		planner = await server.account('manager', hamburg);
		amt = await server.account('clerk releaser', amtPinnau);
		citizen = await server.account('public');
	});
	after(() => server.stop());

	// From 2 March to 6 April 2027, a Tuesday: it ends at 22:00 UTC.
	const open = (round, more = {}) => {
		server.clock.set('2027-03-01T09:00:00Z');
		return openRound(server, planner, { ...more, round: { start: '2027-03-02', end: '2027-04-06', ...round } });
	};
	const submit = (where, token, body = { stance: 'BEDENKEN', text: 'Zu laut.' }) => creates(server, `${where}/statements`, { token, body });
	const lateness = (id, token = planner, headers = {}) => server.must(200, 'GET', `/statements/${id}/lateness`, { token, headers });

	it('of bodies stay out only after the test in three parts', async () => {
		const { round } = await open({});
		const invitation = `/invitations/${(await invitationOf(server, amt, round, ellerbek)).id}`;
		const timely = await submit(invitation, amt);
		assert.deepEqual([timely.on_time, timely.lateness], [true, null]);
		server.clock.set('2027-04-06T22:00:00Z');
		const late = await submit(invitation, amt);
		assert.deepEqual([late.on_time, late.lateness.late_effect, late.lateness.decision], [false, 'OFFEN', null]);
		const where = `/statements/${late.id}/lateness`;
		const shown = await lateness(late.id, amt);
		assert.deepEqual([shown.regime.id, shown.regime.effect, shown.regime.tests, shown.regime.legal_basis], ['BAUGB_TOEB', 'KANN', tests, '§ 4a Abs. 5 Satz 1 BauGB']);
		assert.notEqual((await lateness(late.id, amt, { 'Accept-Language': 'en' })).regime.text, shown.regime.text);

		await refuses(server, 409, 'conflict', 'POST', `/statements/${timely.id}/lateness`, { token: planner, body: out() });
		await refuses(server, 403, 'forbidden', 'POST', where, { token: amt, body: out() });
		await refuses(server, 404, 'statement_not_found', 'POST', where, { token: await server.account('manager', halstenbek), body: out() });
		await refuses(server, 404, 'statement_not_found', 'GET', where, { token: citizen });
		for (const test of tests) {
			assert.deepEqual(pointers(await refuses(server, 422, 'late_counts', 'POST', where, { token: planner, body: out(test) })), [`/${test}`]);
			assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', where, { token: planner, body: { ...out(), [test]: undefined } })), [`/${test}`]);
		}
		const decided = await server.must(200, 'POST', where, { token: planner, body: out() });
		assert.deepEqual([decided.late_effect, decided.decisions.length, decided.decisions[0].by], ['UNBERUECKSICHTIGT_VERSPAETET', 1, planner.email]);
		const again = await server.must(200, 'POST', where, { token: planner, body: { outcome: 'BERUECKSICHTIGT', reason: 'Es betrifft die Erschließung.' } });
		assert.deepEqual([again.late_effect, again.decisions.map((each) => each.outcome)], ['BERUECKSICHTIGT', ['UNBERUECKSICHTIGT_VERSPAETET', 'BERUECKSICHTIGT']]);
		const read = await server.must(200, 'GET', `/statements/${late.id}`, { token: amt });
		assert.deepEqual([read.lateness.decision.reason, read.lateness.decision.by], ['Es betrifft die Erschließung.', null]);
		assert.deepEqual(pointers(await refuses(server, 422, 'late_counts', 'POST', where, { token: planner, body: { outcome: 'RESTORED', reason: 'krank gewesen' } })), ['/outcome']);
	});

	it('of the public count unless the notice has said that they may stay out', async () => {
		const { contains, ...notice } = noticeOf('2027-03-02');
		for (const hint of [false, true]) {
			const { procedure, opened } = await open({ step: 'FOERM_OEFF', audience: 'OEFF',
				notice: { ...notice, contains: contains.filter((item) => hint || item !== 'VERSPAETUNG') } });
			assert.equal(opened.late_effect_enabled, hint);
			server.clock.set('2027-04-07T09:00:00Z');
			const late = await submit(`/procedures/${procedure}`, citizen);
			const where = `/statements/${late.id}/lateness`;
			assert.equal(late.lateness.late_effect, hint ? 'OFFEN' : 'OHNE_WIRKUNG');
			if (!hint) {
				assert.deepEqual(pointers(await refuses(server, 422, 'late_counts', 'POST', where, { token: planner, body: out() })), ['/outcome']);
				continue;
			}
			assert.equal((await server.must(200, 'POST', where, { token: planner, body: out() })).late_effect, 'UNBERUECKSICHTIGT_VERSPAETET');
			assert.equal((await lateness(late.id, citizen)).decisions[0].by, null);
			assert.equal((await server.api('GET', where)).status, 401);
		}
	});

	it('are in time after all when the deadline is extended beyond their receipt', async () => {
		const { round } = await open({});
		const { id } = await invitationOf(server, amt, round, ellerbek);
		server.clock.set('2027-04-08T09:00:00Z');
		const late = await submit(`/invitations/${id}`, amt);
		await server.must(200, 'POST', `/invitations/${id}/extension`, { token: planner, body: { deadline: '2027-04-30', reason: 'Sitzung' } });
		assert.equal((await lateness(late.id)).late_effect, 'VERLAENGERT');
		await refuses(server, 409, 'conflict', 'POST', `/statements/${late.id}/lateness`, { token: planner, body: out() });
	});

	it('in a plan approval are restored after an obstacle, within two weeks and a year', async () => {
		const { procedure } = await open({ step: 'PFV_EINW', audience: 'OEFF' }, { kind: 'PFV' });
		server.clock.set('2027-04-26T09:00:00Z');
		const late = await submit(`/procedures/${procedure}`, citizen, { stance: 'EINWENDUNG', text: 'Mein Hof.' });
		const where = `/statements/${late.id}/reinstatement-requests`;
		const ask = (obstacle_ended_on) => creates(server, where, { token: citizen, body: { obstacle: 'Hochwasser', obstacle_ended_on } });
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', where, { token: citizen, body: { obstacle: 'Hochwasser', obstacle_ended_on: '2027-04-27' } })), ['/obstacle_ended_on']);
		await refuses(server, 404, 'statement_not_found', 'POST', where, { token: amt, body: { obstacle: 'Hochwasser', obstacle_ended_on: '2027-04-20' } });
		// The 10th and 17th are Saturdays; two weeks after the latter lies the 1st of May, a holiday.
		const soon = await ask('2027-04-10');
		assert.deepEqual([soon.until_at, soon.in_time], ['2027-04-26T22:00:00.000000Z', true]);
		assert.equal((await ask('2027-04-17')).until_at, '2027-05-03T22:00:00.000000Z');
		const gone = await ask('2027-04-09');
		assert.deepEqual([gone.until_at, gone.in_time], ['2027-04-23T22:00:00.000000Z', false]);
		const restored = await server.must(200, 'POST', `/statements/${late.id}/lateness`, { token: planner, body: { outcome: 'RESTORED', reason: 'Das Hochwasser ist belegt.' } });
		assert.deepEqual([restored.late_effect, restored.decisions[0].request, restored.requests.length], ['RESTORED', soon.id, 3]);
		server.clock.set('2028-06-05T09:00:00Z');
		assert.equal((await ask('2028-06-01')).until_at, '2028-04-06T22:00:00.000000Z', 'a year after the deadline nothing is restored (§ 32 (3) VwVfG)');
	});

	it('mean what a table says, kind by kind', async () => {
		const { items } = await server.must(200, 'GET', '/lateness-regimes');
		const of = (id) => items.find((row) => row.id === id);
		assert.deepEqual([of('ROG').effect, of('ROG').tests, of('ROG').needs_hint, of('ROG').legal_basis], ['AUSGESCHLOSSEN', ['private_law_title'], true, '§ 9 Abs. 2 Satz 4 Nr. 3, Abs. 3 Satz 4 ROG']);
		assert.deepEqual([of('PFV_BEHOERDE').effect, of('PFV_BEHOERDE').tests, of('PFV_BEHOERDE').restorable], ['KANN', tests, true]);
		assert.ok(items.every((row) => row.text && row.legal_basis));
	});
});
