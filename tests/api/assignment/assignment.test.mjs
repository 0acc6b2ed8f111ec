// SPDX-License-Identifier: EUPL-1.2
// Assignment over HTTP: within a body, in its lists, by mail to whom it is, and nowhere else.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer, until } from '../../harness/server.mjs';
import { amtPinnau, ellerbek, hamburg, invitationOf, nowhere, openRound, pointers, refuses } from '../support.mjs';

describe('assignment', () => {
	let server, planner, ada, bob, open, invitation;
	const me = async (who) => (await server.must(200, 'GET', '/session', { token: who })).account;
	const any = { 'If-Match': '*' };
	const inbox = async (who, assigned) => (await server.must(200, 'GET', `/inbox?assigned=${assigned}&limit=500`, { token: who })).invitations.map(({ body }) => body);
	before(async () => {
		server = await startServer();
		planner = await server.account('manager clerk', hamburg);
		[ada, bob] = [await server.account('clerk releaser', amtPinnau), await server.account('clerk', amtPinnau)];
		open = await openRound(server, planner);
		invitation = await invitationOf(server, ada, open.round, ellerbek);
	});
	after(() => server.stop());

	it('is to a colleague, who finds it and is told', async () => {
		const { items } = await server.must(200, 'GET', '/colleagues', { token: ada });
		assert.deepEqual(items.map(({ name, roles }) => [name, roles]).sort(), [[ada.email, ['reader', 'clerk', 'releaser']], [bob.email, ['reader', 'clerk']]].sort());
		const account = items.find(({ name }) => name === bob.email).account;
		const path = `/invitations/${invitation.id}/assignment`;
		const unassigned = await server.api('GET', path, { token: ada });
		assert.deepEqual([unassigned.status, unassigned.body.assignment, unassigned.headers.get('etag')], [200, null, '"0"']);
		await refuses(server, 428, 'precondition_required', 'PUT', path, { token: ada, body: { account } });
		const first = await server.api('PUT', path, { token: ada, headers: { 'If-Match': '"0"' }, body: { account } });
		assert.equal(first.headers.get('etag'), '"1"');
		await refuses(server, 412, 'precondition_failed', 'PUT', path, { token: ada, headers: { 'If-Match': '"0"' }, body: { account: null } });
		const done = first.body;
		assert.deepEqual({ ...done.assignment, at: '' }, { account, name: bob.email, by: ada.email, at: '' });
		assert.deepEqual([await inbox(bob, 'me'), await inbox(ada, account)], [[ellerbek], [ellerbek]]);
		assert.deepEqual(await inbox(ada, 'me'), []);
		assert.ok(!(await inbox(ada, 'none')).includes(ellerbek));
		const [mail] = await server.sql("select recipient, kind from pp.mail where kind = 'assigned_invitation'");
		assert.deepEqual(mail, { recipient: bob.email, kind: 'assigned_invitation' });
		const seen = await server.must(200, 'GET', `/invitations/${invitation.id}`, { token: planner });
		assert.equal(seen.assignment, null, 'the planning body does not hear of it');
	});

	it('is refused where it names no member, in words that name the field', async () => {
		const path = `/invitations/${invitation.id}/assignment`;
		for (const account of [nowhere, await me(planner)])
			assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'PUT', path, { token: ada, headers: any, body: { account } })), ['/account']);
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'PUT', path, { token: ada, headers: any, body: {} })), ['/account']);
		await refuses(server, 403, 'forbidden', 'PUT', path, { token: planner, headers: any, body: { account: null } });
		await refuses(server, 400, 'invalid_parameter', 'GET', '/inbox?assigned=everybody', { token: ada });
	});

	it('is of statements at the planning body, and over with the membership', async () => {
		const { id } = await server.must(201, 'POST', `/invitations/${invitation.id}/statements`, { token: ada, body: { stance: 'BEDENKEN', text: 'Zu laut' } });
		const list = async (assigned) => (await server.must(200, 'GET', `/procedures/${open.procedure}/weighing?assigned=${assigned}`, { token: planner })).items.map(({ statement }) => statement);
		await server.must(200, 'PUT', `/statements/${id}/assignment`, { token: planner, headers: any, body: { account: await me(planner) } });
		assert.deepEqual([await list('me'), await list('none')], [[id], []]);
		await refuses(server, 403, 'forbidden', 'PUT', `/statements/${id}/assignment`, { token: ada, headers: any, body: { account: null } });
		const chief = await server.account('body_administrator', amtPinnau);
		const { items } = await server.must(200, 'GET', `/bodies/${amtPinnau}/memberships`, { token: chief });
		await server.must(200, 'POST', `/memberships/${items.find(({ email }) => email === bob.email).id}/end`, { token: chief, body: {} });
		await until(async () => (await inbox(ada, 'none')).includes(ellerbek));
	});
});
