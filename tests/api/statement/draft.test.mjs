// SPDX-License-Identifier: EUPL-1.2
// Drafts: they exist for the body that writes them and for nobody else, until they are submitted.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer } from '../../harness/server.mjs';
import { amtPinnau, creates, ellerbek, halstenbek, hamburg, instant, invitationOf, openRound, refuses } from '../support.mjs';

describe('drafts', () => {
	let server, planner, amt, invitation;
	before(async () => {
		server = await startServer();
		planner = await server.account('manager', hamburg);
		amt = await server.account('clerk releaser', amtPinnau);
		const { round } = await openRound(server, planner);
		invitation = (await invitationOf(server, amt, round, ellerbek)).id;
	});
	after(() => server.stop());
	const begin = (body = { text: 'Entwurf' }) => creates(server, `/invitations/${invitation}/drafts`, { token: amt, body });
	const listed = async (token = amt) => (await server.must(200, 'GET', `/invitations/${invitation}/drafts`, { token })).items.map((item) => item.id);

	it('may be incomplete, and are changed by whoever has seen their present state', async () => {
		const draft = await begin({});
		assert.match(draft.created_at, instant);
		assert.deepEqual([draft.state, draft.stance, draft.text, draft.statement], ['ENTWURF', null, null, null]);
		const where = ['PATCH', `/drafts/${draft.id}`];
		const body = { stance: 'BEDENKEN', points: [{ text: 'Verkehr' }] };
		await refuses(server, 428, 'precondition_required', ...where, { token: amt, body });
		const first = await server.api(...where, { token: amt, body, headers: { 'If-Match': '"1"' } });
		assert.deepEqual([first.status, first.headers.get('etag'), first.body.stance], [200, '"2"', 'BEDENKEN']);
		await refuses(server, 412, 'precondition_failed', ...where, { token: amt, body, headers: { 'If-Match': '"1"' } });
		const second = await server.api(...where, { token: amt, body: { text: 'Neu' }, headers: { 'If-Match': '"2"' } });
		assert.deepEqual([second.body.text, second.body.points, second.body.stance], ['Neu', body.points, 'BEDENKEN']);
		const shown = await server.api('GET', `/drafts/${draft.id}`, { token: amt });
		assert.deepEqual([shown.body, shown.headers.get('etag')], [second.body, '"3"']);
	});

	it('show places as they were sent, and lose what is set to null', async () => {
		const points = [{ text: 'hier', geometry: { type: 'Point', coordinates: [9.9, 53.63] } }, { text: 'da', geometry: null }, { text: 'überall' }];
		const draft = await begin({ text: 'Entwurf', stance: null, points });
		assert.deepEqual(draft.points.map((point) => point.geometry ?? null), [points[0].geometry, null, null]);
		const again = await server.api('PATCH', `/drafts/${draft.id}`, { token: amt, body: { points: draft.points, text: null, stance: 'BEDENKEN' }, headers: { 'If-Match': '"1"' } });
		assert.deepEqual([again.status, again.body.points, again.body.text], [200, draft.points, null]);
		const none = await server.api('PATCH', `/drafts/${draft.id}`, { token: amt, body: { points: null }, headers: { 'If-Match': '"2"' } });
		assert.equal(none.body.points, null);
	});

	it('do not exist for another body: not for the planner, not for a neighbour, not for the public', async () => {
		const { id } = await begin();
		assert.ok((await listed()).includes(id));
		const neighbour = await server.account('clerk releaser', halstenbek);
		await refuses(server, 404, 'draft_not_found', 'GET', `/drafts/${id}`, { token: neighbour });
		await refuses(server, 404, 'draft_not_found', 'PATCH', `/drafts/${id}`, { token: neighbour, body: {}, headers: { 'If-Match': '"1"' } });
		await refuses(server, 404, 'draft_not_found', 'DELETE', `/drafts/${id}`, { token: neighbour, headers: { 'If-Match': '"1"' } });
		await refuses(server, 404, 'draft_not_found', 'POST', `/drafts/${id}/submit`, { token: neighbour });
		await refuses(server, 404, 'invitation_not_found', 'GET', `/invitations/${invitation}/drafts`, { token: neighbour });
		// The office writes for Ellerbek; what it has not submitted Ellerbek itself does not see either.
		const ellerbekers = await server.account('clerk releaser', ellerbek);
		assert.deepEqual(await listed(ellerbekers), []);
		await refuses(server, 404, 'draft_not_found', 'GET', `/drafts/${id}`, { token: ellerbekers });
		await refuses(server, 403, 'forbidden', 'GET', `/drafts/${id}`, { token: planner });
	});

	it('are shared by the accounts of a body', async () => {
		const { id } = await begin();
		const colleague = await server.account('clerk releaser', amtPinnau);
		assert.equal((await server.must(200, 'GET', `/drafts/${id}`, { token: colleague })).id, id);
	});

	it('are submitted as they are, once, and are kept from then on', async () => {
		const { id } = await begin({ stance: 'HINWEISE', text: 'Leitungen liegen im Weg' });
		const headers = { 'Idempotency-Key': 'submit-1' };
		const statement = await creates(server, `/drafts/${id}/submit`, { token: amt, headers });
		assert.deepEqual([statement.stance, statement.text, statement.invitation, statement.on_time], ['HINWEISE', 'Leitungen liegen im Weg', invitation, true]);
		assert.equal((await creates(server, `/drafts/${id}/submit`, { token: amt, headers })).id, statement.id);
		assert.ok(!(await listed()).includes(id));
		const { state, statement: of } = await server.must(200, 'GET', `/drafts/${id}`, { token: amt });
		assert.deepEqual([state, of], ['EINGEGANGEN', statement.id]);
		await refuses(server, 409, 'conflict', 'POST', `/drafts/${id}/submit`, { token: amt });
		await refuses(server, 409, 'conflict', 'PATCH', `/drafts/${id}`, { token: amt, body: { text: 'x' }, headers: { 'If-Match': '*' } });
		await refuses(server, 409, 'conflict', 'DELETE', `/drafts/${id}`, { token: amt, headers: { 'If-Match': '*' } });
	});

	it('that say nothing yet cannot be submitted', async () => {
		const { id } = await begin({ text: 'ohne Haltung' });
		await refuses(server, 422, 'invalid_body', 'POST', `/drafts/${id}/submit`, { token: amt });
	});

	it('are thrown away', async () => {
		const { id } = await begin();
		await refuses(server, 428, 'precondition_required', 'DELETE', `/drafts/${id}`, { token: amt });
		await refuses(server, 412, 'precondition_failed', 'DELETE', `/drafts/${id}`, { token: amt, headers: { 'If-Match': '"2"' } });
		const gone = await server.api('DELETE', `/drafts/${id}`, { token: amt, headers: { 'If-Match': '"1"' } });
		assert.deepEqual([gone.status, gone.text], [204, '']);
		await refuses(server, 404, 'draft_not_found', 'GET', `/drafts/${id}`, { token: amt });
	});
});
