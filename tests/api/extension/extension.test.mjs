// SPDX-License-Identifier: EUPL-1.2
// Extensions: a body asks, the planning body answers; a round as a whole. The clock stands in March 2027.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer, until } from '../../harness/server.mjs';
import { amtPinnau, creates, ellerbek, halstenbek, hamburg, instant, invitationOf, nowhere, openRound, pointers, refuses } from '../support.mjs';

const reason = 'Die Gemeindevertretung tagt erst am 20. April.';

describe('extensions', () => {
	let server, planner, amt, ellerbekers;
	before(async () => {
		server = await startServer({ clock: true });
		server.clock.set('2027-03-01T09:00:00Z');
		planner = await server.account('manager', hamburg);
		amt = await server.account('clerk releaser', amtPinnau);
		ellerbekers = await server.account('clerk releaser', ellerbek);
	});
	after(() => server.stop());

	// From 2 March to 6 April 2027, a Tuesday.
	const open = async (more = {}) => {
		const opened = await openRound(server, planner, { round: { start: '2027-03-02', end: '2027-04-06', ...more } });
		return { ...opened, invitation: opened.opened.audience === 'OEFF' ? null : (await invitationOf(server, amt, opened.round, ellerbek)).id };
	};
	const request = (invitation, body) => creates(server, `/invitations/${invitation}/extension-requests`, { token: amt, body });
	const listOf = (invitation, token = amt) => server.must(200, 'GET', `/invitations/${invitation}/extensions`, { token });

	it('are asked for by the body, granted by the planners, and roll on to a working day', async () => {
		const { round, invitation } = await open();
		const where = `/invitations/${invitation}/extension-requests`;
		for (const [body, pointer] of [[{ reason }, '/until'], [{ until: '2027-05-01' }, '/reason'], [{ until: '2027-04-06', reason }, '/until']])
			assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', where, { token: amt, body })), [pointer]);
		await refuses(server, 403, 'forbidden', 'POST', where, { token: planner, body: { until: '2027-05-01', reason } });
		await refuses(server, 404, 'invitation_not_found', 'POST', where, { token: await server.account('clerk releaser', halstenbek), body: { until: '2027-05-01', reason } });
		const { receipt, ...asked } = await request(invitation, { until: '2027-05-01', reason });
		assert.deepEqual([receipt.receipt.kind, receipt.receipt.object], ['FRISTANTRAG', asked.id]);
		assert.deepEqual([asked.state, asked.until, asked.acting_body, asked.body, asked.decision_reason], ['OFFEN', '2027-05-01', amtPinnau, ellerbek, null]);
		assert.match(asked.at, instant);
		await refuses(server, 409, 'conflict', 'POST', where, { token: ellerbekers, body: { until: '2027-05-01', reason } });
		const { municipalities } = await server.must(200, 'GET', `/rounds/${round}/board`, { token: planner });
		assert.deepEqual(municipalities.find((row) => row.ags === ellerbek).extension_request, asked);

		const decision = `/extension-requests/${asked.id}/decision`;
		await refuses(server, 403, 'forbidden', 'POST', decision, { token: amt, body: { decision: 'GEWAEHRT', reason } });
		await refuses(server, 404, 'request_not_found', 'POST', decision, { token: await server.account('manager', halstenbek), body: { decision: 'GEWAEHRT', reason } });
		await refuses(server, 404, 'request_not_found', 'POST', `/extension-requests/${nowhere}/decision`, { token: planner, body: { decision: 'GEWAEHRT', reason } });
		for (const [body, pointer] of [[{ decision: 'GEWAEHRT' }, '/reason'], [{ decision: 'VIELLEICHT', reason }, '/decision'], [{ decision: 'ABGELEHNT', reason, deadline: '2027-05-01' }, '/deadline']])
			assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', decision, { token: planner, body })), [pointer]);
		const granted = await server.must(200, 'POST', decision, { token: planner, body: { decision: 'GEWAEHRT', reason: 'ein wichtiger Grund' } });
		// 1 May is a Saturday and a holiday: § 193 BGB leads to Monday, the 3rd.
		assert.deepEqual([granted.deadline, granted.deadline_at, granted.extension.from, granted.extension_request.state], ['2027-05-03', '2027-05-03T22:00:00.000000Z', '2027-04-06', 'GEWAEHRT']);
		await refuses(server, 409, 'conflict', 'POST', decision, { token: planner, body: { decision: 'ABGELEHNT', reason } });
		const { extensions, requests } = await listOf(invitation);
		assert.deepEqual([extensions.length, extensions[0].cause, extensions[0].from, extensions[0].to, extensions[0].request, extensions[0].by], [1, 'ANTRAG', '2027-04-06', '2027-05-03', asked.id, null]);
		assert.match(extensions[0].legal_basis, /§ 4 Abs\. 2 Satz 3 BauGB; § 190 BGB/);
		assert.equal(requests[0].decision_reason, 'ein wichtiger Grund');
		assert.equal((await listOf(invitation, planner)).extensions[0].by, planner.email);
		await refuses(server, 403, 'forbidden', 'GET', `/invitations/${invitation}/extensions`, { token: await server.account('operator') });
	});

	it('are declined with a reason; what one has is never shortened', async () => {
		const { invitation } = await open();
		const first = await request(invitation, { until: '2027-04-20', reason });
		const declined = await server.must(200, 'POST', `/extension-requests/${first.id}/decision`, { token: planner, body: { decision: 'ABGELEHNT', reason: 'Die Sitzung ist früher.' } });
		assert.deepEqual([declined.deadline, declined.extension, declined.extension_request.state, declined.extension_request.decision_reason], ['2027-04-06', null, 'ABGELEHNT', 'Die Sitzung ist früher.']);
		const second = await request(invitation, { until: '2027-04-20', reason });
		await server.must(200, 'POST', `/invitations/${invitation}/extension`, { token: planner, body: { deadline: '2027-04-30', reason } });
		const kept = await server.must(200, 'POST', `/extension-requests/${second.id}/decision`, { token: planner, body: { decision: 'GEWAEHRT', reason } });
		assert.deepEqual([kept.deadline, kept.extension_request.state, (await listOf(invitation)).extensions.length], ['2027-04-30', 'GEWAEHRT', 1]);
	});

	it('are granted for another day than was asked for, also after the deadline', async () => {
		const { invitation } = await open();
		server.clock.set('2027-04-06T22:00:01Z');
		try {
			await until(async () => (await server.must(200, 'GET', `/invitations/${invitation}`, { token: amt })).state === 'OHNE_ANTWORT');
			const { id } = await request(invitation, { until: '2027-04-30', reason });
			const granted = await server.must(200, 'POST', `/extension-requests/${id}/decision`, { token: planner, body: { decision: 'GEWAEHRT', deadline: '2027-04-15', reason } });
			assert.deepEqual([granted.deadline, granted.state, granted.extension.reason], ['2027-04-15', 'ZUGEGANGEN', reason]);
		} finally {
			server.clock.set('2027-03-01T09:00:00Z');
		}
	});

	it('of a whole round move every deadline in it, never to an earlier day', async () => {
		const { round, procedure, invitation } = await open();
		const events = await server.events('/events', { token: amt });
		const where = `/rounds/${round}/extension`;
		for (const [body, pointer] of [[{ reason }, '/end'], [{ end: '2027-04-06', reason }, '/end'], [{ end: '2027-04-20' }, '/reason']])
			assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', where, { token: planner, body })), [pointer]);
		await refuses(server, 403, 'forbidden', 'POST', where, { token: amt, body: { end: '2027-04-20', reason } });
		await refuses(server, 404, 'round_not_found', 'POST', where, { token: await server.account('manager', '01001000'), body: { end: '2027-04-20', reason } });
		await server.must(200, 'POST', `/invitations/${invitation}/extension`, { token: planner, body: { deadline: '2027-05-14', reason } });
		// A Saturday.
		const longer = await server.must(200, 'POST', where, { token: planner, body: { end: '2027-05-08', reason: 'Die Unterlagen waren nicht vollständig.' } });
		assert.deepEqual([longer.end, longer.closes_at, longer.extensions[0].from, longer.extensions[0].to], ['2027-05-08', '2027-05-10T22:00:00.000000Z', '2027-04-06', '2027-05-08']);
		const { municipalities, authorities } = await server.must(200, 'GET', `/rounds/${round}/board`, { token: planner });
		for (const row of [...municipalities, ...authorities])
			assert.deepEqual([row.body, row.deadline], [row.body, row.ags === ellerbek ? '2027-05-14' : '2027-05-10']);
		assert.equal(longer.moved_invitations, municipalities.length + authorities.length - 1);
		assert.ok(municipalities.every((row) => row.deadline_reason === (row.ags === ellerbek ? 'EXTENSION' : 'ROUND_END')));
		let told;
		do told = await events.next(); while (told.event !== 'round.extended');
		assert.deepEqual([told.data.procedure, told.data.round, told.data.data.to], [procedure, round, '2027-05-08']);
		events.close();
	});

	it('of the public\'s round need a new notice, and are public; what has ended is not extended', async () => {
		const { round } = await open({ step: 'FOERM_OEFF', audience: 'OEFF' });
		const where = `/rounds/${round}/extension`;
		for (const notice_on of [undefined, '2027-04-07'])
			assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', where, { token: planner, body: { end: '2027-04-20', reason, notice_on } })), ['/notice_on']);
		await server.must(200, 'POST', where, { token: planner, body: { end: '2027-04-20', reason, notice_on: '2027-03-30' } });
		const shown = await server.must(200, 'GET', `/rounds/${round}`);
		assert.deepEqual([shown.end, shown.extensions.length, shown.extensions[0].notice_on, shown.extensions[0].legal_basis],
			['2027-04-20', 1, '2027-03-30', '§ 3 Abs. 2 Satz 1 BauGB; § 190 BGB']);
		server.clock.set('2027-04-20T22:00:00Z');
		await refuses(server, 409, 'conflict', 'POST', where, { token: planner, body: { end: '2027-05-20', reason, notice_on: '2027-04-20' } });
		server.clock.set('2027-03-01T09:00:00Z');
	});
});
