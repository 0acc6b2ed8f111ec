// SPDX-License-Identifier: EUPL-1.2
// Who one is: sessions for browsers, tokens for programs, and what another site's page may not do.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer, until } from '../../harness/server.mjs';
import { ellerbek, hamburg, instant, refuses, uuid7 } from '../support.mjs';

const password = 'Elbe und Pinnau 1';

describe('accounts', () => {
	let server, person;
	const signIn = (email = person.email, secret = password, headers = {}) =>
		server.api('POST', '/session', { body: { email, password: secret }, headers });
	const cookieOf = (reply) => reply.headers.get('set-cookie').split(';')[0];

	before(async () => {
		server = await startServer();
		person = await server.account('planner', hamburg, { password });
	});
	after(() => server.stop());

	it('sign in with a cookie that scripts and other sites do not get', async () => {
		const reply = await signIn();
		assert.equal(reply.status, 201, reply.text);
		assert.match(reply.headers.get('set-cookie'), /^pp_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
		assert.equal(reply.headers.get('location'), `${server.address}/api/v1/session`);
		const { account, ...rest } = reply.body;
		assert.match(account, uuid7);
		assert.deepEqual(rest, { email: person.email, role: 'planner', body: hamburg, body_name: 'Hamburg' });
		assert.deepEqual(await server.must(200, 'GET', '/session', { cookie: cookieOf(reply) }), reply.body);
	});

	it('sign in whatever the address\'s case', async () => {
		assert.equal((await signIn(person.email.toUpperCase())).status, 201);
	});

	it('say Secure where a proxy says that the client came by TLS', async () => {
		assert.match((await signIn(undefined, undefined, { 'X-Forwarded-Proto': 'https' })).headers.get('set-cookie'), /; Secure$/);
	});

	it('give the same answer to a wrong password and to an address without account', async () => {
		const token = await server.account('planner', hamburg);
		const answers = [];
		for (const [email, secret] of [[person.email, 'wrong'], ['nobody@test.example', password], [token.email, password]]) {
			const problem = await refuses(server, 401, 'sign_in_failed', 'POST', '/session', { body: { email, password: secret } });
			answers.push({ ...problem, instance: '' });
		}
		assert.deepEqual(answers[1], answers[0]);
		assert.deepEqual(answers[2], answers[0]);
	});

	it('sign out: the cookie is worth nothing any more', async () => {
		const cookie = cookieOf(await signIn());
		const end = await server.api('POST', '/session/end', { cookie });
		assert.equal(end.status, 204);
		assert.match(end.headers.get('set-cookie'), /^pp_session=; .*Max-Age=0/);
		await refuses(server, 401, 'unauthenticated', 'GET', '/session', { cookie });
	});

	it('end with their time', async () => {
		const cookie = cookieOf(await signIn());
		await server.sql('update pp.session set last_seen_at = last_seen_at - interval \'31 minutes\', opened_at = opened_at - interval \'31 minutes\'');
		await refuses(server, 401, 'unauthenticated', 'GET', '/session', { cookie });
	});

	it('have tokens, which are listed without their secret and can be revoked', async () => {
		const { token } = await server.account('municipality', ellerbek);
		const { items } = await server.must(200, 'GET', '/tokens', { token });
		assert.equal(items.length, 1);
		assert.deepEqual(Object.keys(items[0]).sort(), ['created_at', 'expires_at', 'id', 'label', 'last_used_at', 'revoked_at']);
		assert.match(items[0].created_at, instant);
		await refuses(server, 404, 'not_found', 'POST', `/tokens/${items[0].id}/revoke`, { token: await server.account('planner', hamburg) });
		assert.equal((await server.api('POST', `/tokens/${items[0].id}/revoke`, { token })).status, 204);
		// A worker that has met it knows it for five seconds more.
		const refusedBoth = async () => (await Promise.all([1, 2, 3, 4, 5, 6].map(() => server.api('GET', '/session', { token })))).every((reply) => reply.status === 401);
		await until(refusedBoth, 100);
	});

	it('do not sign a token out, nor let in what is no token', async () => {
		const { token } = await server.account('municipality', ellerbek);
		await refuses(server, 409, 'conflict', 'POST', '/session/end', { token });
		for (const header of ['Bearer x', 'Bearer', 'Basic YTpi', `bearer ${token}x`]) {
			const reply = await server.api('GET', '/session', { headers: { Authorization: header } });
			assert.equal(reply.status, 401, header);
			assert.equal(reply.headers.get('www-authenticate'), 'Bearer');
		}
		assert.equal((await server.api('GET', '/session', { headers: { Authorization: `bEaReR ${token}` } })).status, 200);
	});

	it('are made by the command, once per address, and only where they can act', async () => {
		const make = (...words) => server.command(['account', 'create', ...words, '--token']);
		assert.match((await make('--email', person.email, '--role', 'planner', '--body', hamburg)).stderr, /account/i);
		assert.notEqual((await make('--email', 'a@b.example', '--role', 'planner')).status, 0);
		assert.notEqual((await make('--email', 'a@b.example', '--role', 'planner', '--body', '99999999')).status, 0);
		assert.notEqual((await make('--email', 'a@b.example', '--role', 'mayor', '--body', hamburg)).status, 0);
		const made = await make('--email', 'a@b.example', '--role', 'municipality', '--body', '010565687');
		assert.equal(made.status, 0, made.stderr);
		assert.equal((await server.must(200, 'GET', '/session', { token: made.stdout.trim().split(/\s+/).at(-1) })).body_name, 'Amt Pinnau');
	});
});
