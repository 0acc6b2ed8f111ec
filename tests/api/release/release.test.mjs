// SPDX-License-Identifier: EUPL-1.2
// Release by a second person over HTTP: handed in, given back, let go by somebody else, and late when that is late.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer, until } from '../../harness/server.mjs';
import { amtPinnau, ellerbek, hamburg, invitationOf, nowhere, openRound, pointers, refuses } from '../support.mjs';

describe('release by a second person', () => {
	let server, planner, clerk, releaser, chief, open, invitation;
	const post = (path, token, body = {}) => server.must(201, 'POST', path, { token, body });
	const waiting = async (token) => (await server.must(200, 'GET', '/releases', { token })).items;
	before(async () => {
		server = await startServer({ clock: true });
		[planner, clerk, releaser, chief] = [await server.account('manager', hamburg), await server.account('clerk', amtPinnau), await server.account('releaser', amtPinnau), await server.account('body_administrator', amtPinnau)];
		open = await openRound(server, planner);
		invitation = await invitationOf(server, releaser, open.round, ellerbek);
		await server.must(200, 'PATCH', `/bodies/${amtPinnau}`, { token: chief, headers: { 'If-Match': '*' }, body: { release_by_second: true } });
	});
	after(() => server.stop());

	it('is of a draft: frozen, given back with a reason, released with a receipt', async () => {
		const draft = await post(`/invitations/${invitation.id}/drafts`, clerk, { stance: 'BEDENKEN', text: 'Zu laut' });
		const first = await post(`/drafts/${draft.id}/hand-in`, clerk);
		assert.deepEqual([first.kind, first.state, first.late_if_released_now, first.handed_in_by], ['STELLUNGNAHME', 'WARTET', false, clerk.email]);
		assert.match(first.note, /Fristwahrend ist erst die Freigabe/);
		assert.equal((await server.must(200, 'GET', `/drafts/${draft.id}`, { token: clerk })).state, 'ZUR_FREIGABE');
		await refuses(server, 409, 'conflict', 'PATCH', `/drafts/${draft.id}`, { token: clerk, headers: { 'If-Match': '*' }, body: { text: 'x' } });
		assert.deepEqual((await waiting(releaser)).map(({ id }) => id), [first.id]);
		assert.deepEqual(await waiting(planner), []);
		await refuses(server, 404, 'release_not_found', 'GET', `/releases/${first.id}`, { token: planner });
		await refuses(server, 404, 'release_not_found', 'POST', `/releases/${nowhere}/release`, { token: releaser, body: {} });
		await refuses(server, 403, 'forbidden', 'POST', `/releases/${first.id}/release`, { token: clerk, body: {} });
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', `/releases/${first.id}/give-back`, { token: releaser, body: {} })), ['/reason']);
		assert.equal((await server.must(200, 'POST', `/releases/${first.id}/give-back`, { token: releaser, body: { reason: 'Bitte kürzer' } })).state, 'ZURUECKGEGEBEN');
		await server.must(200, 'PATCH', `/drafts/${draft.id}`, { token: clerk, headers: { 'If-Match': '*' }, body: { text: 'Laut' } });
		const second = await post(`/drafts/${draft.id}/hand-in`, clerk);
		const sent = await server.must(200, 'POST', `/releases/${second.id}/release`, { token: releaser, headers: { 'Idempotency-Key': 'frei' }, body: {} });
		assert.deepEqual([sent.release.state, sent.submitted.text, sent.submitted.on_time], ['FREIGEGEBEN', 'Laut', true]);
		assert.equal((await server.api('POST', '/receipts/verify', { body: sent.submitted.receipt })).status, 200);
		assert.deepEqual(await server.must(200, 'POST', `/releases/${second.id}/release`, { token: releaser, headers: { 'Idempotency-Key': 'frei' }, body: {} }), sent);
		assert.deepEqual((await server.must(200, 'GET', '/releases?settled=true', { token: clerk })).items.map(({ state }) => state), ['FREIGEGEBEN', 'ZURUECKGEGEBEN']);
	});

	it('is of supplements and withdrawals, which one person alone cannot send', async () => {
		const [{ id }] = await server.sql('select id from pp.statement');
		const other = await server.account('releaser', amtPinnau);
		await refuses(server, 409, 'second_person_required', 'POST', `/statements/${id}/supplements`, { token: releaser, body: { stance: 'BEDENKEN', text: 'mehr' } });
		await refuses(server, 409, 'second_person_required', 'POST', `/statements/${id}/withdraw`, { token: releaser, body: {} });
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', `/statements/${id}/hand-in`, { token: clerk, body: { kind: 'ERGAENZUNG' } })), ['/supplement']);
		const more = await post(`/statements/${id}/hand-in`, releaser, { kind: 'ERGAENZUNG', supplement: { stance: 'BEDENKEN', text: 'Und zu hell' } });
		await refuses(server, 409, 'second_person_required', 'POST', `/releases/${more.id}/release`, { token: releaser, body: {} });
		const added = await server.must(200, 'POST', `/releases/${more.id}/release`, { token: other, body: {} });
		assert.deepEqual([added.submitted.supplement_to, added.submitted.text], [id, 'Und zu hell']);
		const back = await post(`/statements/${id}/hand-in`, clerk, { kind: 'RUECKNAHME', reason: 'erledigt' });
		const taken = await server.must(200, 'POST', `/releases/${back.id}/release`, { token: other, body: {} });
		assert.deepEqual([taken.submitted.state, taken.submitted.withdraw_reason, taken.submitted.receipt.receipt.kind], ['ZURUECKGENOMMEN', 'erledigt', 'RUECKNAHME']);
	});

	it('is judged when it goes out: the clerk reminds before, and what is released after the deadline is late', async () => {
		const draft = await post(`/invitations/${invitation.id}/drafts`, clerk, { stance: 'BEDENKEN', text: 'Spät' });
		const held = await post(`/drafts/${draft.id}/hand-in`, clerk);
		const mails = async () => (await server.sql("select recipient from pp.mail where kind = 'release_due'")).map(({ recipient }) => recipient);
		assert.deepEqual(await mails(), []);
		server.clock.move(new Date(held.deadline_at) - server.clock.now() - 60 * 3600000);
		await until(async () => (await mails()).includes(releaser.email));
		server.clock.move(new Date(held.deadline_at) - server.clock.now() + 60000);
		const shown = await server.must(200, 'GET', `/releases/${held.id}`, { token: clerk });
		assert.deepEqual([shown.state, shown.late_if_released_now, shown.wrote], ['WARTET', true, true]);
		assert.equal((await server.must(200, 'GET', `/releases/${held.id}`, { token: releaser })).wrote, false);
		const sent = await server.must(200, 'POST', `/releases/${held.id}/release`, { token: releaser, body: {} });
		assert.deepEqual([sent.submitted.on_time, sent.submitted.receipt.receipt.on_time], [false, false]);
	});
});
