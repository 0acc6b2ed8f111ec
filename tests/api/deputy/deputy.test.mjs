// SPDX-License-Identifier: EUPL-1.2
// Deputies over HTTP: from their first day to their last, with another's rights and assignments, as themselves.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer, until } from '../../harness/server.mjs';
import { amtPinnau, ellerbek, hamburg, invitationOf, nowhere, openRound, pointers, refuses } from '../support.mjs';

const password = 'Elbe und Pinnau 1', dayMs = 86400000;

describe('deputies', () => {
	let server, planner, chief, away, dora, open, invitation, accounts;
	const day = (days) => new Date(server.clock.now() + days * dayMs).toLocaleDateString('sv-SE', { timeZone: 'Europe/Berlin' });
	const signIn = async ({ email }) => (await server.api('POST', '/session', { body: { email, password } })).headers.get('set-cookie').split(';')[0];
	const as = (cookie, more = {}) => ({ cookie, headers: { Origin: server.address }, ...more });
	before(async () => {
		server = await startServer({ clock: true, settings: { rate_sign_in: 0 } });
		planner = await server.account('manager', hamburg);
		chief = await server.account('body_administrator', amtPinnau);
		[away, dora] = [await server.account('clerk releaser', amtPinnau, { password }), await server.account('clerk', amtPinnau, { password })];
		accounts = Object.fromEntries((await server.must(200, 'GET', '/colleagues', { token: chief })).items.map(({ name, account }) => [name, account]));
		open = await openRound(server, planner);
		invitation = await invitationOf(server, chief, open.round, ellerbek);
		await server.must(200, 'PUT', `/invitations/${invitation.id}/assignment`, { token: chief, headers: { 'If-Match': '*' }, body: { account: accounts[away.email] } });
	});
	after(() => server.stop());

	it('are named by who will be away, for themselves, or by the administrator', async () => {
		const cookie = await signIn(away), body = { deputy: accounts[dora.email], first_on: day(1), last_on: day(2) };
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', '/deputies', as(cookie, { body: { ...body, deputy: nowhere } }))), ['/deputy']);
		await refuses(server, 403, 'forbidden', 'POST', '/deputies', as(await signIn(dora), { body: { ...body, deputy: accounts[chief.email], account: accounts[away.email] } }));
		const made = await server.must(201, 'POST', '/deputies', as(cookie, { body }));
		assert.deepEqual([made.name, made.deputy_name, made.state, made.administers], [away.email, dora.email, 'GEPLANT', false]);
		await refuses(server, 409, 'conflict', 'POST', '/deputies', { token: chief, body: { ...body, account: accounts[away.email] } });
		assert.deepEqual((await server.must(200, 'GET', '/deputies', { token: chief })).items, [made]);
		await refuses(server, 404, 'deputy_not_found', 'POST', `/deputies/${made.id}/end`, { token: planner, body: {} });
		assert.deepEqual(await server.sql("select recipient from pp.mail where kind = 'deputy_named'"), [{ recipient: dora.email }]);
	});

	it('have the rights and the assignments from the first day on, act as themselves, and the answer says in whose place', async () => {
		const submit = (cookie, id = invitation.id) => server.api('POST', `/invitations/${id}/statements`, as(cookie, { body: { stance: 'BEDENKEN', text: 'Zu laut' } }));
		assert.equal((await submit(await signIn(dora))).status, 403, 'not the day before');
		server.clock.move(dayMs);
		const cookie = await signIn(dora);
		const who = await server.must(200, 'GET', '/session', { cookie });
		assert.deepEqual([who.email, who.roles, who.acting_for], [dora.email, ['reader', 'clerk', 'releaser'], [{ account: accounts[away.email], name: away.email, last_on: day(1) }]]);
		assert.deepEqual((await server.must(200, 'GET', '/inbox?assigned=me', { cookie })).invitations.map(({ body }) => body), [ellerbek]);
		const made = await submit(cookie);
		assert.equal(made.status, 201, made.text);
		assert.deepEqual(made.body.acting, { name: dora.email, in_place_of: away.email });
		assert.equal((await server.must(200, 'GET', `/statements/${made.body.id}`, { token: planner })).acting, undefined, 'no other body hears of it');
		const [stored] = await server.sql("select s.author_account as by, (select string_agg(distinct e.role, '|') from pp.audit_entry e where e.relation = 'statement' and e.key = s.id::text) as role from pp.statement s");
		assert.deepEqual(stored, { by: accounts[dora.email], role: `reader clerk releaser deputy:${accounts[away.email]}` });
		assert.ok(server.log.every((line) => !JSON.stringify(line).includes('deputy:')), 'no log says whose deputy somebody is');
	});

	it('are deputies no more after the last day, in sessions that go on as well, and when somebody ends it', async () => {
		const roles = async (cookie) => (await server.must(200, 'GET', '/session', { cookie })).roles;
		server.clock.move(dayMs);
		const cookie = await signIn(dora);
		assert.ok((await roles(cookie)).includes('releaser'));
		const made = (await server.must(200, 'GET', '/deputies', { token: chief })).items[0];
		assert.equal((await server.must(200, 'POST', `/deputies/${made.id}/end`, as(cookie, { body: {} }))).state, 'BEENDET');
		await until(async () => !(await roles(cookie)).includes('releaser'));
		await refuses(server, 409, 'conflict', 'POST', `/deputies/${made.id}/end`, { token: chief, body: {} });
		await server.must(201, 'POST', '/deputies', { token: chief, body: { account: accounts[away.email], deputy: accounts[dora.email], first_on: day(0), last_on: day(0) } });
		await until(async () => (await roles(cookie)).includes('releaser'));
		server.clock.move(dayMs);
		assert.deepEqual(await roles(await signIn(dora)), ['reader', 'clerk']);
		assert.deepEqual((await server.must(200, 'GET', '/deputies', { token: chief })).items, []);
		assert.equal((await server.api('POST', `/invitations/${invitation.id}/statements`, as(await signIn(dora), { body: { stance: 'BEDENKEN', text: 'x' } }))).status, 403);
	});
});
