// SPDX-License-Identifier: EUPL-1.2
// Who one is: sessions for browsers, tokens for programs, and what another site's page may not do.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startServer, until } from '../../harness/server.mjs';
import { codeOf, ellerbek, hamburg, instant, pointers, procedureOf, refuses, uuid7 } from '../support.mjs';

const password = 'Elbe und Pinnau 1';

describe('accounts', () => {
	let server, person;
	const signIn = (email = person.email, secret = password, headers = {}) =>
		server.api('POST', '/session', { body: { email, password: secret }, headers });
	const cookieOf = (reply) => reply.headers.get('set-cookie').split(';')[0];

	before(async () => {
		server = await startServer({ settings: { rate_sign_in: 0 } });
		person = await server.account('manager', hamburg, { password });
	});
	after(() => server.stop());

	it('sign in with a cookie that scripts and other sites do not get', async () => {
		const reply = await signIn();
		assert.equal(reply.status, 201, reply.text);
		assert.match(reply.headers.get('set-cookie'), /^__Host-pp_session=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax$/);
		assert.equal(reply.headers.get('location'), `${server.address}/api/v1/session`);
		const { account, memberships, ...rest } = reply.body;
		assert.match(account, uuid7);
		assert.deepEqual(memberships.map(({ id, ...shown }) => [uuid7.test(id), shown]),
			[[true, { body: hamburg, body_name: 'Hamburg', roles: ['reader', 'manager'], state: 'confirmed', valid_to: null }]]);
		assert.deepEqual(rest, { name: null, email: person.email, level: 'NORMAL', body: hamburg, body_name: 'Hamburg', roles: ['reader', 'manager'], acting_for: [] });
		assert.deepEqual(await server.must(200, 'GET', '/session', { cookie: cookieOf(reply) }), reply.body);
	});

	it('get a new password and lose their second factor on the command line, and whoever was in is out', async () => {
		const locked = await server.account('manager', hamburg, { password });
		const cookie = cookieOf(await signIn(locked.email));
		const set = await server.command(['account', 'password', '--email', locked.email.toUpperCase()], { input: 'Alster und Bille 2\n' });
		assert.equal(set.status, 0, set.stderr);
		assert.equal((await signIn(locked.email)).status, 401);
		assert.equal((await signIn(locked.email, 'Alster und Bille 2')).status, 201);
		await until(async () => (await server.api('GET', '/session', { cookie })).status === 401, 100);
		assert.equal((await server.command(['account', 'reset-second-factor', '--email', locked.email])).status, 0);
		const nobody = await server.command(['account', 'reset-second-factor', '--email', 'nobody@test.example']);
		assert.equal(nobody.status, 1);
		assert.match(nobody.stderr, /No account has the address nobody@test\.example/);
		assert.equal((await server.command(['account', 'password'])).status, 2);
		assert.equal((await server.command(['account', 'list', '--email', 'x'])).status, 2);
		const listed = await server.command(['account', 'list']);
		assert.equal(listed.status, 0, listed.stderr);
		assert.ok(listed.stdout.split('\n').some((line) => line.startsWith(`${locked.email}\tactive\t-\t${hamburg}:reader,manager:confirmed\t`)), listed.stdout);
	});

	it('have the roles of the platform where they act for no body', async () => {
		for (const role of ['operator', 'auditor']) {
			const { email } = await server.account(role, undefined, { password });
			assert.deepEqual((await server.must(200, 'GET', '/session', { cookie: cookieOf(await signIn(email)) })).roles, [role]);
		}
	});

	it('sign in whatever the address\'s case', async () => {
		assert.equal((await signIn(person.email.toUpperCase())).status, 201);
	});

	it('sign in with a form of our own page only, and from there with a page back', async () => {
		const form = (body, headers = {}) => server.api('POST', '//sign-in', { body: new URLSearchParams(body).toString(),
			headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: server.address, Accept: 'text/html', ...headers } });
		const good = await form({ email: person.email, password, code: '', return_to: '/health' });
		assert.equal(good.status, 303, good.text);
		assert.equal(good.headers.get('location'), `${server.address}/health`);
		assert.equal((await server.api('GET', '/session', { cookie: cookieOf(good) })).status, 200);
		assert.equal((await form({ email: person.email, password, return_to: 'https://evil.example' })).headers.get('location'), `${server.address}/`);
		const wrong = await form({ email: person.email, password: 'wrong' });
		assert.equal(wrong.status, 401);
		assert.match(wrong.headers.get('content-type'), /^text\/html/);
		assert.match(wrong.headers.get('content-security-policy'), /form-action 'self'/);
		assert.equal((await form({ email: person.email, password }, { Origin: 'https://evil.example' })).status, 403);
		assert.equal((await form({ email: person.email, password }, { Origin: '' })).status, 403);
		const out = await server.api('POST', '//sign-out', { body: '', cookie: cookieOf(good), headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: server.address } });
		assert.equal(out.status, 303);
		// Another worker that has met it may know it for a moment more.
		await until(async () => (await server.api('GET', '/session', { cookie: cookieOf(good) })).status === 401, 100);
	});

	it('sign in anew whatever became of the session before, which ends', async () => {
		const first = cookieOf(await signIn());
		const second = cookieOf(await signIn(undefined, undefined, { Cookie: first }));
		assert.equal((await server.api('GET', '/session', { cookie: second })).status, 200);
		await until(async () => (await server.api('GET', '/session', { cookie: first })).status === 401, 100);
		const ended = await server.api('GET', '/procedures', { cookie: first });
		assert.equal(ended.status, 401);
		assert.match(ended.headers.get('set-cookie'), /^__Host-pp_session=; .*Max-Age=0$/);
		assert.equal((await signIn(undefined, undefined, { Cookie: first })).status, 201);
	});

	it('list their sessions, and end one of them from another', async () => {
		const here = cookieOf(await signIn()), there = cookieOf(await signIn());
		const list = async () => (await server.must(200, 'GET', '/sessions', { cookie: here })).items;
		const items = await list();
		assert.equal(items.filter((item) => item.is_this).length, 1);
		assert.match(items[0].id, uuid7);
		for (const name of ['opened_at', 'last_seen_at', 'expires_at']) assert.match(items[0][name], instant);
		assert.equal(items[0].is_this, false);
		const stranger = await server.account('manager', hamburg, { password });
		const other = cookieOf(await signIn(stranger.email));
		const end = (cookie, id) => server.api('POST', `/sessions/${id}/end`, { cookie, headers: { Origin: server.address } });
		assert.equal((await end(other, items[0].id)).status, 404);
		assert.equal((await server.api('GET', '/session', { cookie: there })).status, 200);
		assert.equal((await end(here, items[0].id)).status, 204);
		await until(async () => (await server.api('GET', '/session', { cookie: there })).status === 401, 100);
		assert.deepEqual((await list()).map((item) => item.id), items.slice(1).map((item) => item.id));
	});

	it('give the same answer to a wrong password and to an address without account', async () => {
		const token = await server.account('manager', hamburg);
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
		assert.equal(end.status, 200);
		assert.deepEqual(end.body, { end_session_url: null });
		assert.match(end.headers.get('set-cookie'), /^__Host-pp_session=; .*Max-Age=0/);
		await refuses(server, 401, 'unauthenticated', 'GET', '/session', { cookie });
	});

	it('act for one body at a time, and change the cookie with it', async () => {
		const signed = await signIn();
		const first = cookieOf(signed);
		// What a body's administrator does: a second membership.
		await server.sql(`insert into pp.membership (id, account, body, roles, state, created_at, confirmed_at)
			values (pp.uuid7(now()), :'account', :'body', '{reader,clerk}', 'confirmed', now(), now())`, { account: signed.body.account, body: ellerbek });
		assert.deepEqual((await server.must(200, 'GET', '/session', { cookie: first })).memberships.map(({ body }) => body), [hamburg, ellerbek]);
		const change = async (body, cookie) => server.api('POST', '/session/body', { cookie, body: { body } });
		const second = await change(ellerbek, first);
		assert.equal(second.status, 200, second.text);
		assert.deepEqual([second.body.body, second.body.roles], [ellerbek, ['reader', 'clerk']]);
		const cookie = cookieOf(second);
		assert.notEqual(cookie, first);
		const { body, roles } = await server.must(200, 'GET', '/session', { cookie });
		assert.deepEqual([body, roles], [ellerbek, ['reader', 'clerk']]);
		await refuses(server, 403, 'forbidden', 'POST', '/procedures', { cookie, body: procedureOf() });
		// A worker that has met the old cookie knows it for two seconds more.
		await until(async () => (await Promise.all([1, 2, 3, 4].map(() => server.api('GET', '/session', { cookie: first })))).every((reply) => reply.status === 401), 100);
		assert.deepEqual(pointers(await refuses(server, 403, 'forbidden', 'POST', '/session/body', { cookie, body: { body: '01056018' } })), ['/body']);
		const third = await change(null, cookie);
		assert.deepEqual([third.body.body, third.body.roles], [null, []]);
		await refuses(server, 403, 'forbidden', 'GET', '/inbox', { cookie: cookieOf(third) });
		await refuses(server, 409, 'conflict', 'POST', '/session/body', { token: await server.account('reader', hamburg), body: { body: hamburg } });
	});

	it('end with their membership', async () => {
		const { token } = await server.account('reader', ellerbek, { email: 'gone@test.example' });
		await server.sql(`update pp.membership set state = 'ended', ended_at = now() from pp.account a where a.id = account and a.email = 'gone@test.example'`);
		await refuses(server, 401, 'unauthenticated', 'GET', '/session', { token });
	});

	it('end with their time', async () => {
		const cookie = cookieOf(await signIn());
		await server.sql('update pp.session set last_seen_at = last_seen_at - interval \'31 minutes\', opened_at = opened_at - interval \'31 minutes\'');
		await refuses(server, 401, 'unauthenticated', 'GET', '/session', { cookie });
	});

	it('have tokens, which are listed without their secret and can be revoked', async () => {
		const { token } = await server.account('clerk releaser', ellerbek);
		const { items } = await server.must(200, 'GET', '/tokens', { token });
		assert.equal(items.length, 1);
		assert.deepEqual(Object.keys(items[0]).sort(), ['body', 'created_at', 'expires_at', 'id', 'label', 'last_used_at', 'revoked_at']);
		assert.match(items[0].created_at, instant);
		await refuses(server, 404, 'not_found', 'POST', `/tokens/${items[0].id}/revoke`, { token: await server.account('manager', hamburg) });
		assert.equal((await server.api('POST', `/tokens/${items[0].id}/revoke`, { token })).status, 204);
		// A worker that has met it knows it for two seconds more.
		const refusedBoth = async () => (await Promise.all([1, 2, 3, 4, 5, 6].map(() => server.api('GET', '/session', { token })))).every((reply) => reply.status === 401);
		await until(refusedBoth, 100);
	});

	it('do not sign a token out, nor let in what is no token', async () => {
		const { token } = await server.account('clerk releaser', ellerbek);
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
		assert.match((await make('--email', person.email, '--role', 'manager', '--body', hamburg)).stderr, /account/i);
		assert.notEqual((await make('--email', 'a@b.example', '--role', 'manager')).status, 0);
		assert.notEqual((await make('--email', 'a@b.example', '--role', 'manager', '--body', '99999999')).status, 0);
		assert.notEqual((await make('--email', 'a@b.example', '--role', 'mayor', '--body', hamburg)).status, 0);
		const made = await make('--email', 'a@b.example', '--role', 'clerk', '--role', 'releaser', '--body', '010565687');
		assert.equal(made.status, 0, made.stderr);
		assert.equal((await server.must(200, 'GET', '/session', { token: made.stdout.trim().split(/\s+/).at(-1) })).body_name, 'Amt Pinnau');
	});
});

describe('second factors', () => {
	let server, secrets, person, cookie, secret, recovery, spent;
	const signIn = (code, more = {}) => server.api('POST', '/session', { body: { email: person.email, password, ...(code ? { code } : {}), ...more } });
	const cookieOf = (reply) => reply.headers.get('set-cookie').split(';')[0];
	const post = (path, body = {}) => server.api('POST', path, { cookie, body, headers: { Origin: server.address } });

	before(async () => {
		secrets = mkdtempSync(join(tmpdir(), 'pp-secrets-'));
		writeFileSync(join(secrets, 'second-factor'), 'ein-schluessel-den-niemand-errät-0123456789\n', { mode: 0o600 });
		server = await startServer({ settings: { secrets, rate_sign_in: 0 }, clock: true });
		person = await server.account('manager', hamburg, { password });
		cookie = cookieOf(await signIn());
	});
	after(async () => {
		await server.stop();
		rmSync(secrets, { recursive: true });
	});
	const now = () => codeOf(secret, server.clock.now());

	it('are set up with a code, and answer with recovery codes once', async () => {
		assert.deepEqual(await server.must(200, 'GET', '/second-factor', { cookie }), { state: 'none', recovery_codes: 0 });
		const begun = await post('/second-factor');
		assert.equal(begun.status, 200, begun.text);
		secret = begun.body.secret;
		assert.match(secret, /^[A-Z2-7]{32}$/);
		assert.equal(new URL(begun.body.uri).searchParams.get('secret'), secret);
		// Until it is confirmed nobody is asked.
		assert.equal((await signIn()).status, 201);
		assert.equal((await post('/second-factor/confirm', { code: '000000' === now() ? '000001' : '000000' })).status, 422);
		spent = now();
		const confirmed = await post('/second-factor/confirm', { code: spent });
		assert.equal(confirmed.status, 200, confirmed.text);
		recovery = confirmed.body.recovery_codes;
		assert.equal(new Set(recovery).size, 10);
		assert.deepEqual(await server.must(200, 'GET', '/second-factor', { cookie }), { state: 'confirmed', recovery_codes: 10 });
		assert.equal((await post('/second-factor')).status, 409);
		const [row] = await server.sql('select encode(sealed_secret, \'escape\') as sealed from pp.second_factor');
		assert.doesNotMatch(row.sealed, new RegExp(secret));
	});

	it('are asked for after the password, and no code counts twice', async () => {
		await refuses(server, 401, 'sign_in_failed', 'POST', '/session', { body: { email: person.email, password: 'wrong', code: now() } });
		assert.equal((await signIn()).body.type, '/problems/second_factor_required');
		// The code that confirmed is spent.
		assert.equal((await signIn(spent)).status, 401);
		server.clock.move(60000);
		const code = now();
		assert.equal((await signIn(code)).status, 201);
		assert.equal((await signIn(code)).status, 401);
		assert.equal((await signIn(codeOf(secret, server.clock.now() - 120000))).status, 401);
	});

	it('can be done without by a recovery code, once each', async () => {
		assert.equal((await signIn(recovery[0])).status, 201);
		assert.equal((await signIn(recovery[0])).status, 401);
		assert.equal((await server.must(200, 'GET', '/second-factor', { cookie })).recovery_codes, 9);
	});

	it('are removed with a code', async () => {
		server.clock.move(60000);
		assert.equal((await post('/second-factor/remove', { code: now() })).status, 204);
		assert.equal((await signIn()).status, 201);
	});

	it('let nobody guess on and on', async () => {
		const other = await server.account('manager', hamburg, { password });
		const attempt = (secret) => server.api('POST', '/session', { body: { email: other.email, password: secret } });
		for (let i = 0; i < 10; i++) assert.equal((await attempt('wrong')).status, 401);
		const late = await attempt(password);
		assert.equal(late.status, 429);
		assert.ok(Number(late.headers.get('retry-after')) <= 60);
		assert.equal((await signIn()).status, 201);
	});
});
