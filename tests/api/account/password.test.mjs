// SPDX-License-Identifier: EUPL-1.2
// Passwords that people set themselves: invited by mail or by hand, forgotten, once and in time, and none that is guessed soon.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer, until } from '../../harness/server.mjs';
import { amtPinnau, hamburg, nowhere, pointers, refuses } from '../support.mjs';
import { readMessage, reason, Sink } from '../mail/sink.mjs';

const good = 'drei alte Eichen am Bach', better = 'Knick und Graben bleiben', minute = 60000;

describe('passwords', { skip: reason }, () => {
	let sink, server, chief;
	const sign = (email, password) => server.api('POST', '/session', { body: { email, password } });
	const cookieOf = (reply) => reply.headers.get('set-cookie').split(';')[0];
	/** What was mailed to an address, newest last. */
	const mailed = (email) => sink.messages.filter(({ to }) => to[0] === email).map(({ bytes }) => readMessage(bytes));
	const arrives = (email, nth = 1) => until(() => mailed(email)[nth - 1]);
	const secretIn = (message) => /\n {2}https:\/\/planung\.example\/konto#([\w-]{43})\n/.exec(message.text)[1];
	const set = (secret, password) => server.api('POST', '/password', { body: { secret, password } });
	const member = async (email) => server.must(201, 'POST', `/bodies/${amtPinnau}/memberships`, { token: chief, body: { email, roles: ['clerk'] } });
	before(async () => {
		sink = await new Sink().listen();
		server = await startServer({ clock: true, settings: sink.settings({ rate_sign_in: 0, mail_per_minute: 6000 }) });
		chief = await server.account('body_administrator', amtPinnau);
	});
	after(async () => {
		await server.stop();
		await sink.close();
	});

	it('are set by whom their body\'s administrator invites, who signs in with them afterwards', async () => {
		const { account, access } = await member('neu@pinnau.example');
		assert.deepEqual(access, { password: false, issuer: false, invited_at: null, mail: null });
		const sent = await server.must(200, 'POST', `/accounts/${account}/invitation`, { token: chief, body: {} });
		assert.deepEqual([sent.account, sent.email], [account, 'neu@pinnau.example']);
		const message = await arrives('neu@pinnau.example');
		assert.equal(message.get('subject'), 'Ihr Zugang zur Planungsplattform');
		assert.match(message.text, new RegExp(`${chief.email}, Amt Pinnau lädt Sie[^]*für: Amt Pinnau\n[^]*gilt 7 Tage und nur einmal`));
		assert.doesNotMatch(message.text, /[{}]|Betrieb der Planungsplattform lädt/);
		const secret = secretIn(message);
		const [stored] = await server.sql("select m.body as text, l::text as link from pp.mail m join pp.account_link l on l.mail = m.id");
		assert.ok(!JSON.stringify(stored).includes(secret) && stored.text === null, 'neither link nor text lie in the database');
		const { items } = await server.must(200, 'GET', `/bodies/${amtPinnau}/memberships`, { token: chief });
		assert.equal(items.find((item) => item.account === account).access.mail, 'GESENDET');
		const shown = await server.must(200, 'POST', '/password/link', { body: { secret } });
		assert.deepEqual({ ...shown, expires_at: '' }, { email: 'neu@pinnau.example', bodies: ['Amt Pinnau'], is_first: true, expires_at: '' });
		assert.ok(Math.abs(new Date(shown.expires_at) - server.clock.now() - 7 * 1440 * minute) < minute);
		const done = await set(secret, good);
		assert.deepEqual([done.status, done.text, done.headers.get('set-cookie')], [204, '', null]);
		assert.equal((await sign('neu@pinnau.example', good)).status, 201);
		assert.ok(!server.log.some((line) => JSON.stringify(line).includes(secret)), 'no log knows the secret');
	});

	it('are set by whom an operator invites on the command line, by mail or by hand', async () => {
		for (const email of ['a@import.example', 'b@import.example', 'c@import.example']) await member(email);
		const first = await server.command(['account', 'invite', '--email', 'A@import.example', '--lang', 'en']);
		assert.deepEqual([first.status, first.stdout], [0, '1 invited\n'], first.stderr);
		assert.match((await arrives('a@import.example')).text, /^Hello,\n\nThe operator of the planning platform invites you\.\nThere you work for: Amt Pinnau\n/);
		const link = await server.command(['account', 'invite', '--email', 'b@import.example', '--link']);
		assert.equal(link.status, 0, link.stderr);
		const [, secret] = /\/konto#([\w-]{43})\n$/.exec(link.stdout);
		const all = await server.command(['account', 'invite', '--all']);
		assert.match(all.stdout, /^[1-9]\d* invited\n$/, all.stderr);
		await arrives('c@import.example');
		assert.equal((await set(secret, good)).status, 204);
		assert.equal((await sign('b@import.example', good)).status, 201);
		assert.deepEqual([mailed('a@import.example').length, mailed('b@import.example').length], [1, 0], 'who was invited is not invited again');
		for (const words of [['--all', '--link'], ['--all', '--email', 'x@y.example'], [], ['--email', 'a@import.example', '--lang', 'fr']])
			assert.equal((await server.command(['account', 'invite', ...words])).status, 2, words.join(' '));
		const has = await server.command(['account', 'invite', '--email', 'b@import.example']);
		assert.equal(has.status, 1);
		assert.match(has.stderr, /can sign in already/);
	});

	it('cannot be set twice, nor too late, nor with another secret', async () => {
		const { account } = await member('spaet@pinnau.example');
		await server.must(200, 'POST', `/accounts/${account}/invitation`, { token: chief, body: {} });
		await server.must(200, 'POST', `/accounts/${account}/invitation`, { token: chief, body: {}, headers: { 'Accept-Language': 'en' } });
		const [one, two] = [await arrives('spaet@pinnau.example'), await arrives('spaet@pinnau.example', 2)];
		assert.equal(two.get('content-language'), 'en');
		assert.match(two.text, /holds for 7 days and once only/);
		// The second of two at once finds the link used.
		const both = await Promise.all([set(secretIn(one), good), set(secretIn(two), better)]);
		assert.deepEqual(both.map(({ status }) => status).sort(), [204, 409]);
		for (const secret of [one, two].map(secretIn)) {
			await refuses(server, 409, 'account_link_used', 'POST', '/password', { body: { secret, password: good } });
			await refuses(server, 409, 'account_link_used', 'POST', '/password/link', { body: { secret } });
		}
		await refuses(server, 404, 'account_link_unknown', 'POST', '/password', { body: { secret: 'x'.repeat(43), password: good } });
		const { account: late } = await member('nochspaeter@pinnau.example');
		await server.must(200, 'POST', `/accounts/${late}/invitation`, { token: chief, body: {} });
		const secret = secretIn(await arrives('nochspaeter@pinnau.example'));
		server.clock.move(7 * 1440 * minute);
		await refuses(server, 409, 'account_link_expired', 'POST', '/password', { body: { secret, password: good } });
		assert.equal((await sign('nochspaeter@pinnau.example', good)).status, 401);
	});

	it('have a length and are not guessed soon', async () => {
		const { account } = await member('annegret.wiesenkamp@ellerbek.example');
		await server.must(200, 'POST', `/accounts/${account}/invitation`, { token: chief, body: {} });
		const secret = secretIn(await arrives('annegret.wiesenkamp@ellerbek.example'));
		for (const [password, why] of [['kurz', /12/], ['x'.repeat(201), /200/], ['Passwort2026!', /erraten/], ['Wiesenkamp-Ellerbek', /erraten/]]) {
			const problem = await refuses(server, 422, 'invalid_body', 'POST', '/password', { body: { secret, password } });
			assert.deepEqual(pointers(problem), ['/password']);
			assert.match(problem.errors[0].detail, why);
		}
		assert.equal((await set(secret, good)).status, 204, 'a refusal costs no link');
	});

	it('are not known to whoever asks whether there is an account', async () => {
		const answers = [];
		for (const email of [chief.email, 'niemand@pinnau.example', 'NEU@pinnau.example']) {
			const { status, text, headers } = await server.api('POST', '/session/reset', { body: { email } });
			answers.push([status, text, [...headers.keys()].join(' ')]);
		}
		assert.deepEqual(answers, Array(3).fill([202, '', answers[0][2]]));
		assert.match((await arrives('neu@pinnau.example', 2)).text, /gilt 1 Stunde und nur einmal/);
		assert.deepEqual(mailed('niemand@pinnau.example'), []);
	});

	it('are replaced when forgotten, and whoever was in is out; the second factor stays', async () => {
		const email = 'neu@pinnau.example', cookie = cookieOf(await sign(email, good));
		assert.equal((await server.api('GET', '/session', { cookie })).status, 200);
		await server.sql("insert into pp.second_factor (account, sealed_secret, confirmed_at, created_at) select id, '\\x01', '2026-01-01', '2026-01-01' from pp.account where email = :'email'", { email });
		assert.equal((await set(secretIn(mailed(email)[1]), better)).status, 204);
		await until(async () => (await server.api('GET', '/session', { cookie })).status === 401, 100);
		assert.equal((await sign(email, good)).status, 401);
		assert.equal((await (await sign(email, better)).body).type, '/problems/second_factor_required');
	});

	it('are for whom one may invite', async () => {
		const { account } = await member('clerk@pinnau.example');
		const [mine, other, operator] = [await server.account('clerk', amtPinnau), await server.account('body_administrator', hamburg), await server.account('operator')];
		const path = `/accounts/${account}/invitation`;
		await refuses(server, 401, 'unauthenticated', 'POST', path, { body: {} });
		await refuses(server, 403, 'forbidden', 'POST', path, { token: mine, body: {} });
		await refuses(server, 404, 'account_not_found', 'POST', path, { token: other, body: {} });
		await refuses(server, 404, 'account_not_found', 'POST', `/accounts/${nowhere}/invitation`, { token: chief, body: {} });
		assert.equal((await server.must(200, 'POST', path, { token: operator, body: {} })).account, account);
		await arrives('clerk@pinnau.example');
		const [{ id: has }] = await server.sql("select id from pp.account where email = 'neu@pinnau.example'");
		await refuses(server, 409, 'conflict', 'POST', `/accounts/${has}/invitation`, { token: chief, body: {} });
	});
});
