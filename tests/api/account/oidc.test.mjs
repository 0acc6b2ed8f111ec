// SPDX-License-Identifier: EUPL-1.2
// Signing in by the service accounts of two Länder, and everything that must not pass as that.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startServer, until } from '../../harness/server.mjs';
import { amtPinnau, ellerbek, hamburg, invitationOf, openRound, refuses, uuid7 } from '../support.mjs';
import { Browser, hostileProvider, newKey, Provider, reason, serviceAccount, tokenOf } from './providers.mjs';

const audience = 'https://planung.example/api';

describe('sign-in by identity providers', { skip: reason }, () => {
	let server, secrets, hh, sh, bad;
	const add = async (...words) => {
		const made = await server.command(['issuer', 'add', ...words]);
		assert.equal(made.status, 0, made.stderr);
	};
	const start = (key, to = '/') => `${server.address}/api/v1/session/start?issuer=${key}&return_to=${encodeURIComponent(to)}`;
	const sessionOf = (browser) => server.api('GET', '/session', { cookie: browser.cookies(server.address) });

	before(async () => {
		secrets = mkdtempSync(join(tmpdir(), 'pp-secrets-'));
		writeFileSync(join(secrets, 'issuer-hh'), 'geheimnis-des-hamburger-kontos\n', { mode: 0o600 });
		server = await startServer({ settings: { secrets, rate_sign_in: 0 } });
		const back = { redirect: `${server.address}/api/v1/session/callback`, signOut: `${server.address}/`, logout: `${server.address}/api/v1/session/logout`, audience };
		hh = await serviceAccount(Provider, { ...back, client: { client_id: 'planung-hh', client_secret: 'geheimnis-des-hamburger-kontos' }, keys: [newKey('hh-1', 'PS256')],
			people: { 'hh-17': { name: 'Hanna Harms', email: 'harms@hamburg.example', ags: '020000000000', acr: 'urn:servicekonto:substantiell' },
				'hh-18': { name: 'Holger Hein', ags: '02000000', funktionen: ['Freigabe', 'Chefin', 'manager'] } } });
		sh = await serviceAccount(Provider, { ...back, conforms: true, client: { client_id: 'planung-sh' }, keys: [newKey('sh-1', 'ES256')],
			people: { 'sh-4711': { name: 'Piet Petersen', email: 'petersen@amt-pinnau.example', ags: '010565687' }, 'hh-17': { name: 'Another One', email: 'harms@hamburg.example' } } });
		bad = await hostileProvider({ clientId: 'planung-bad' });
		await add('--key', 'hh', '--url', hh.url, '--title', 'Servicekonto Hamburg', '--logo', 'HH', '--land', '02', '--client-id', 'planung-hh', '--organisation', 'ags', '--roles', 'funktionen', '--role', 'Freigabe=clerk,releaser', '--role', 'Leitung=manager', '--level', 'urn:servicekonto:substantiell=SUBSTANTIELL');
		await add('--key', 'sh', '--url', sh.url, '--title', 'Servicekonto SH', '--logo', 'SH', '--land', '01', '--client-id', 'planung-sh', '--client-auth', 'none', '--organisation', 'ags', '--algorithms', 'ES256,ES384,RS384,PS384', '--audience', audience, '--scope', 'planung');
		await add('--key', 'bad', '--url', bad.url, '--title', 'Nobody', '--client-id', 'planung-bad', '--client-auth', 'none', '--organisation', 'ags', '--audience', audience);
	});
	after(async () => {
		await server.stop();
		for (const provider of [hh, sh, bad]) provider.stop();
		rmSync(secrets, { recursive: true });
	});

	const signIn = async (key, provider, login, to) => {
		const browser = new Browser();
		provider.login = login;
		const reply = await browser.follow(start(key, to), (next) => next.startsWith(server.address) && !next.includes('/session/callback'));
		assert.equal(reply.status, 303, reply.text);
		return { browser, reply };
	};

	it('lists the issuers for everybody, without what they know us by', async () => {
		const { items } = await server.must(200, 'GET', '/issuers');
		assert.deepEqual(items.find((item) => item.key === 'hh'), { key: 'hh', title: 'Servicekonto Hamburg', logo_text: 'HH', land: '02' });
		const page = await server.api('GET', '//sign-in', { headers: { Accept: 'text/html' } });
		assert.equal(page.status, 200);
		assert.match(page.text, /href="\/api\/v1\/session\/start\?issuer=sh&amp;return_to=%2F"/);
	});

	it('tells an operator how each is configured and whether it answers, and no secret', async () => {
		const token = await server.account('operator');
		const { items } = await server.must(200, 'GET', '/identity-providers', { token });
		const known = items.find(({ key }) => key === 'hh');
		assert.deepEqual([known.url, known.client_id, known.client_auth, known.active, known.claims.roles], [hh.url, 'planung-hh', 'client_secret_basic', true, 'funktionen']);
		assert.deepEqual([known.roles, known.levels], [{ Freigabe: ['clerk', 'releaser'], Leitung: ['manager'] }, { 'urn:servicekonto:substantiell': 'SUBSTANTIELL' }]);
		assert.doesNotMatch(JSON.stringify(items), /geheimnis/);
		const state = await server.must(200, 'GET', '/identity-providers/state?issuer=hh', { token });
		assert.ok(state.authorization_endpoint.startsWith(hh.url) && state.keys >= 1, JSON.stringify(state));
		await refuses(server, 404, 'issuer_not_found', 'GET', '/identity-providers/state?issuer=nobody', { token });
		await refuses(server, 401, 'unauthenticated', 'GET', '/identity-providers');
		await refuses(server, 403, 'forbidden', 'GET', '/identity-providers', { token: await server.account('manager', hamburg) });
	});

	it('signs in by either, at the level and with the organisation that the issuer says', async () => {
		const { browser, reply } = await signIn('hh', hh, 'hh-17', '/procedures?x=1');
		assert.equal(reply.location, `${server.address}/procedures?x=1`);
		const session = (await sessionOf(browser)).body;
		assert.match(session.account, uuid7);
		assert.equal(session.name, 'Hanna Harms');
		assert.equal(session.email, 'harms@hamburg.example');
		assert.equal(session.level, 'SUBSTANTIELL');
		assert.equal(session.body, hamburg);
		assert.deepEqual(session.roles, ['reader']);
		assert.deepEqual(session.memberships.map(({ state, roles }) => [state, roles]), [['pending', ['reader']]]);
		assert.equal((await sessionOf((await signIn('sh', sh, 'sh-4711')).browser)).body.level, 'NORMAL');
	});

	it('proposes the roles that the issuer\'s mapping knows, and lets nobody do anything with them yet', async () => {
		const { body } = await sessionOf((await signIn('hh', hh, 'hh-18')).browser);
		assert.deepEqual(body.roles, ['reader']);
		assert.deepEqual(body.memberships.map((each) => [each.body, each.state, each.roles]), [[hamburg, 'pending', ['reader', 'clerk', 'releaser']]]);
	});

	it('asks the userinfo endpoint for what the ID token lacks, and believes it of the same person only', async () => {
		const { body } = await sessionOf((await signIn('sh', sh, 'sh-4711')).browser);
		assert.deepEqual([body.name, body.email, body.body], ['Piet Petersen', 'petersen@amt-pinnau.example', amtPinnau]);
		const attempt = async (userinfo) => {
			const browser = new Browser();
			bad.change = { userinfo };
			const reply = await browser.follow(start('bad'), (next) => next === `${server.address}/`);
			bad.change = {};
			return { browser, reply };
		};
		const good = await attempt({ sub: 'mallory', email: 'mallory@bad.example', name: 'Somebody else' });
		const { name, email } = (await sessionOf(good.browser)).body;
		assert.deepEqual([name, email], ['Mallory', 'mallory@bad.example']);
		assert.equal((await attempt({ sub: 'hh-17', email: 'x@bad.example' })).reply.status, 401);
		assert.equal((await attempt({ email: 'x@bad.example' })).reply.status, 401);
	});

	it('knows people by issuer and subject, never by their address', async () => {
		const one = (await sessionOf((await signIn('hh', hh, 'hh-17')).browser)).body;
		const again = (await sessionOf((await signIn('hh', hh, 'hh-17')).browser)).body;
		const other = (await sessionOf((await signIn('sh', sh, 'hh-17')).browser)).body;
		assert.equal(again.account, one.account);
		assert.notEqual(other.account, one.account);
		assert.equal(other.email, one.email);
		assert.equal(other.body, null);
	});

	it('lets an officer of an Amt from issuer SH answer a Hamburg procedure on behalf of a municipality', async () => {
		const planner = await server.account('manager', hamburg);
		const { browser } = await signIn('sh', sh, 'sh-4711');
		const { account } = (await sessionOf(browser)).body;
		// The Amt's administrator confirms; until then the officer only reads.
		const { round } = await openRound(server, planner.token);
		const cookie = () => ({ cookie: browser.cookies(server.address), headers: { Origin: server.address } });
		const inbox = await server.must(200, 'GET', '/inbox?limit=500', cookie());
		const invitation = inbox.invitations.find((each) => each.round === round && each.ags === ellerbek);
		assert.ok(invitation, JSON.stringify(inbox));
		const statement = { stance: 'HINWEISE', text: 'Die Gemeinde Ellerbek weist auf den Knick an der Landesgrenze hin.' };
		await refuses(server, 403, 'forbidden', 'POST', `/invitations/${invitation.id}/statements`, { ...cookie(), body: statement });
		await server.sql(`update pp.membership set state = 'confirmed', roles = '{reader,clerk,releaser}', confirmed_at = now() where account = :'account'`, { account });
		// Nobody was told of what was written past the server: each worker remembers for a while who somebody is.
		const made = await until(async () => {
			const answer = await server.api('POST', `/invitations/${invitation.id}/statements`, { ...cookie(), body: statement });
			return answer.status !== 403 && answer;
		}, 100);
		assert.equal(made.status, 201, made.text);
		const [row] = await server.sql(`select s.participant, i.mailbox_body from pp.statement s join pp.invitation i on i.id = s.invitation where s.id = :'id'`, { id: made.body.id });
		assert.deepEqual(row, { participant: ellerbek, mailbox_body: amtPinnau });
		assert.equal((await invitationOf(server, await server.account('reader', ellerbek).then((one) => one.token), round, ellerbek)).id, invitation.id);
	});

	it('goes on when a provider rotates its keys', async () => {
		await signIn('sh', sh, 'sh-4711');
		// The first of them signs, and all are known after one question.
		const keys = ['ES384', 'RS384', 'PS384'].map((alg) => newKey(`sh-${alg}`, alg));
		for (const key of keys) {
			sh.rotate([key, ...keys.filter((other) => other !== key)]);
			assert.equal((await sessionOf((await signIn('sh', sh, 'sh-4711')).browser)).status, 200);
		}
	});

	it('takes each answer once, in the browser that asked', async () => {
		const browser = new Browser();
		hh.login = 'hh-17';
		const { location } = await browser.follow(start('hh'), (next) => next.includes('/session/callback'));
		const stranger = await new Browser().get(location);
		assert.equal(stranger.status, 400);
		assert.match(stranger.headers.get('content-type'), /^text\/html/);
		// The page of the application where it is installed, else the server's own.
		assert.match(stranger.text, /href="\/(anmelden|sign-in)"/);
		// The stranger has spoilt it for good.
		assert.equal((await browser.get(location)).status, 400);
		const again = await browser.follow(start('hh'), (next) => next.includes('/session/callback'));
		assert.equal((await browser.get(again.location)).status, 303);
		const replayed = await browser.get(again.location);
		assert.equal(replayed.status, 400);
		await refuses(server, 400, 'sign_in_stale', 'GET', again.location.replace(`${server.address}/api/v1`, ''), { cookie: browser.cookies(server.address), headers: { Accept: 'application/json' } });
	});

	it('gives every sign-in another cookie, and ends the session that the browser had', async () => {
		const { browser } = await signIn('hh', hh, 'hh-17');
		const old = browser.cookies(server.address);
		assert.match(old, /^__Host-pp_session=[\w-]{43}$/);
		hh.login = 'hh-17';
		await browser.follow(start('hh'), (next) => next === `${server.address}/`);
		assert.notEqual(browser.cookies(server.address), old);
		await until(async () => (await server.api('GET', '/session', { cookie: old })).status === 401, 100);
		assert.equal((await sessionOf(browser)).status, 200);
	});

	it('leads nowhere but to itself', async () => {
		for (const to of ['https://evil.example', '//evil.example', '/\\evil.example', 'evil', '/a\tb'])
			await refuses(server, 400, 'invalid_parameter', 'GET', start('hh', to).replace(`${server.address}/api/v1`, ''), { headers: { Accept: 'application/json' } });
		await refuses(server, 404, 'issuer_not_found', 'GET', '/session/start?issuer=nobody', { headers: { Accept: 'application/json' } });
	});

	it('signs out at the provider too', async () => {
		const { browser } = await signIn('hh', hh, 'hh-17');
		const cookie = browser.cookies(server.address);
		const { end_session_url: url } = await server.must(200, 'POST', '/session/end', { cookie, headers: { Origin: server.address } });
		const asked = new URL(url);
		assert.equal(asked.origin, hh.url);
		assert.equal(asked.searchParams.get('post_logout_redirect_uri'), `${server.address}/`);
		assert.equal(JSON.parse(Buffer.from(asked.searchParams.get('id_token_hint').split('.')[1], 'base64url')).sub, 'hh-17');
		assert.equal((await browser.get(url)).status, 200);
		await refuses(server, 401, 'unauthenticated', 'GET', '/session', { cookie });
	});

	it('ends the session that the provider has ended, without the browser', async () => {
		const { browser } = await signIn('hh', hh, 'hh-17');
		const other = (await signIn('hh', hh, 'hh-17')).browser;
		const page = await browser.get(`${hh.url}/session/end`);
		const [, xsrf] = /name="xsrf" value="([^"]+)"/.exec(page.text);
		const done = await browser.request(`${hh.url}/session/end/confirm`, { method: 'POST', body: new URLSearchParams({ xsrf, logout: 'yes' }) });
		assert.equal(done.status, 303, done.text);
		await until(async () => (await sessionOf(browser)).status === 401, 100);
		// Another browser's session there goes on, and so does the one here.
		assert.equal((await sessionOf(other)).status, 200);
	});

	describe('by a hostile provider', () => {
		const attempt = async () => {
			const browser = new Browser();
			const reply = await browser.follow(start('bad'), (next) => next === `${server.address}/`);
			return { browser, reply };
		};
		const refused = async (change, status = 401) => {
			bad.change = change;
			const { browser, reply } = await attempt();
			bad.change = {};
			assert.equal(reply.status, status, reply.text);
			assert.doesNotMatch(browser.cookies(server.address), /pp_session/);
		};
		const now = () => Math.floor(Date.now() / 1000);

		it('succeeds while that behaves', async () => {
			const { browser, reply } = await attempt();
			assert.equal(reply.status, 303, reply.text);
			assert.equal((await sessionOf(browser)).body.name, 'Mallory');
		});

		for (const [what, change] of Object.entries({
			'an expired token': (claims) => ({ ...claims, iat: now() - 400, exp: now() - 100 }),
			'an old token': (claims) => ({ ...claims, iat: now() - 700 }),
			'a token from the future': (claims) => ({ ...claims, nbf: now() + 300 }),
			'a token for another audience': (claims) => ({ ...claims, aud: 'planung-hh' }),
			'a token for others as well': (claims) => ({ ...claims, aud: ['planung-bad', 'planung-hh'] }),
			'another authorized party': (claims) => ({ ...claims, azp: 'planung-hh' }),
			'another issuer\'s name': (claims) => ({ ...claims, iss: hh.url }),
			'no nonce': ({ nonce, ...claims }) => claims,
			'another nonce': (claims) => ({ ...claims, nonce: 'x' }),
			'nobody': ({ sub, ...claims }) => claims,
			'another access token\'s hash': (claims) => ({ ...claims, at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' }),
		}))
			it(`refuses ${what}`, () => refused({ claims: change }));

		it('refuses a nonce that was used before', async () => {
			let used;
			bad.change = { claims: (claims) => ((used = claims.nonce), claims) };
			await attempt();
			await refused({ claims: (claims) => ({ ...claims, nonce: used }) });
		});

		it('refuses alg none', () => refused({ token: (claims) => tokenOf(null, claims) }));
		it('refuses HS256 with the public key', () => refused({ token: (claims, key) => tokenOf(key, claims, { alg: 'HS256' }) }));
		it('refuses an algorithm that is not allowed', () => refused({ token: (claims, key) => tokenOf(key, claims, { alg: 'RS384' }) }));
		it('refuses a signature by another key under the same name', () => refused({ token: (claims) => tokenOf(newKey('one'), claims) }));
		it('refuses a header that brings its own key', () => refused({ token: (claims) => { const key = newKey('own'); return tokenOf(key, claims, { kid: 'one', jku: `${bad.url}/other` }); } }));
		it('refuses an extension it does not know', () => refused({ token: (claims, key) => tokenOf(key, claims, { crit: ['x'], x: 1 }) }));
		it('refuses a token whose payload was changed', () => refused({ token: (claims, key) => {
			const parts = tokenOf(key, claims).split('.');
			parts[1] = Buffer.from(JSON.stringify({ ...claims, sub: 'hh-17' })).toString('base64url');
			return parts.join('.');
		} }));
		it('refuses an answer that names another issuer (RFC 9207)', () => refused({ answer: (back) => back.set('iss', hh.url) }, 403));
		it('refuses an answer that names none, where that was promised', () => refused({ answer: (back) => back.delete('iss') }, 403));
		it('refuses another state', () => refused({ answer: (back) => back.set('state', 'x'.repeat(43)) }, 400));
		it('says what the provider says', async () => {
			bad.change = { answer: (back) => { back.delete('code'); back.set('error', 'access_denied'); back.set('error_description', '<b>no</b>'); } };
			const { reply } = await attempt();
			bad.change = {};
			assert.equal(reply.status, 403);
			assert.match(reply.text, /access_denied/);
			assert.doesNotMatch(reply.text, /<b>/);
		});
		it('does not give its code to another issuer (mix-up)', async () => {
			// The victim begins at the hostile one, which sends them on to the honest provider.
			const browser = new Browser();
			const first = await browser.get(start('bad'));
			const asked = new URL(first.location).searchParams;
			const honest = new URL(`${hh.url}/auth`);
			for (const [name, value] of asked) honest.searchParams.set(name, value);
			honest.searchParams.set('client_id', 'planung-hh');
			hh.login = 'hh-17';
			const { location } = await browser.follow(honest.href, (next) => next.startsWith(server.address));
			const codes = bad.requests.filter((path) => path === '/token').length;
			assert.equal((await browser.get(location)).status, 403);
			assert.equal(bad.requests.filter((path) => path === '/token').length, codes);
		});
		it('asks for newer keys once a minute at most', async () => {
			const asked = () => bad.requests.filter((path) => path === '/jwks').length;
			const stranger = newKey('stranger');
			const before = asked();
			for (let i = 0; i < 4; i++) await refused({ token: (claims) => tokenOf(stranger, claims) });
			// Two workers, each for itself.
			assert.ok(asked() - before <= 2, `${asked() - before} times`);
		});
	});

	describe('told by a provider that somebody has left', () => {
		const event = 'http://schemas.openid.net/event/backchannel-logout';
		const now = () => Math.floor(Date.now() / 1000);
		const claims = (more) => ({ iss: bad.url, aud: 'planung-bad', sub: 'mallory', iat: now(), exp: now() + 120, jti: `${Math.random()}`, events: { [event]: {} }, ...more });
		const logout = { typ: 'logout+jwt' };
		const tell = (token, more = {}) => server.api('POST', '/session/logout', { body: new URLSearchParams({ logout_token: token, ...more }).toString(), headers: { 'Content-Type': 'application/x-www-form-urlencoded' } });
		const without = (name) => { const made = claims(); delete made[name]; return made; };

		it('ends all that they have, once', async () => {
			const { reply, browser } = await (async () => { const browser = new Browser(); return { browser, reply: await browser.follow(start('bad'), (next) => next === `${server.address}/`) }; })();
			assert.equal(reply.status, 303);
			const token = tokenOf(bad.key, claims(), logout);
			const taken = await tell(token, { unknown: 'ignored' });
			assert.equal(taken.status, 200, taken.text);
			assert.equal(taken.headers.get('cache-control'), 'no-store');
			await until(async () => (await sessionOf(browser)).status === 401, 100);
			const replayed = await tell(token);
			assert.equal(replayed.status, 400);
			assert.equal(replayed.body.type, '/problems/logout_token_invalid');
			assert.match(replayed.body.detail, /schon einmal angenommen/);
		});

		it('believes nothing else', async () => {
			const browser = new Browser();
			await browser.follow(start('bad'), (next) => next === `${server.address}/`);
			for (const [what, token] of Object.entries({
				'garbage': 'x',
				'no event': tokenOf(bad.key, without('events'), logout),
				'another event': tokenOf(bad.key, claims({ events: { 'urn:other': {} } }), logout),
				'an ID token': tokenOf(bad.key, claims({ nonce: 'x' }), logout),
				'an access token': tokenOf(bad.key, claims(), { typ: 'at+jwt' }),
				'no name': tokenOf(bad.key, without('jti'), logout),
				'nobody': tokenOf(bad.key, without('sub'), logout),
				'another audience': tokenOf(bad.key, claims({ aud: 'planung-hh' }), logout),
				'another issuer\'s name': tokenOf(bad.key, claims({ iss: hh.url }), logout),
				'an unknown issuer': tokenOf(bad.key, claims({ iss: 'https://elsewhere.example' }), logout),
				'an old one': tokenOf(bad.key, claims({ iat: now() - 700 }), logout),
				'an expired one': tokenOf(bad.key, claims({ exp: now() - 100 }), logout),
				'none': tokenOf(null, claims(), logout),
				'HS256 with the public key': tokenOf(bad.key, claims(), { ...logout, alg: 'HS256' }),
				'another key': tokenOf(newKey('one'), claims(), logout),
			})) {
				const reply = await tell(token);
				assert.equal(reply.status, 400, `${what}: ${reply.text}`);
				assert.equal(reply.body.type, '/problems/logout_token_invalid', what);
			}
			assert.equal((await sessionOf(browser)).status, 200);
		});
	});

	describe('as a program', () => {
		const api = (token, method = 'GET', path = '/session') => server.api(method, path, { token });
		const claims = () => {
			const now = Math.floor(Date.now() / 1000);
			return { iss: bad.url, sub: 'robot', aud: audience, iat: now, exp: now + 60, client_id: 'robot', jti: `${Math.random()}` };
		};
		const at = { typ: 'at+jwt' };

		it('works with an access token of the issuer', async () => {
			const token = await sh.tokenOfProgram();
			const first = await api(token);
			assert.equal(first.status, 200, first.text);
			assert.match(first.body.account, uuid7);
			assert.equal((await api(await sh.tokenOfProgram())).body.account, first.body.account);
			assert.equal((await api(token, 'GET', '/tokens')).status, 200);
			// Sessions are no business of a program.
			assert.equal((await api(token, 'GET', '/sessions')).status, 409);
			assert.equal((await api(token, 'POST', '/session/end')).status, 409);
		});

		it('needs the scope', async () => {
			await refuses(server, 403, 'forbidden', 'GET', '/session', { token: await sh.tokenOfProgram('') });
		});

		it('is refused with anything else', async () => {
			assert.equal((await api(tokenOf(bad.key, claims(), at))).status, 200);
			const now = Math.floor(Date.now() / 1000);
			const id = { ...claims(), nonce: 'x' };
			for (const [what, token] of Object.entries({
				'an ID token': tokenOf(bad.key, id, { typ: 'JWT' }),
				'no typ': tokenOf(bad.key, claims()),
				'another audience': tokenOf(bad.key, { ...claims(), aud: 'planung-bad' }, at),
				'an expired one': tokenOf(bad.key, { ...claims(), iat: now - 600, exp: now - 120 }, at),
				'one of an unknown issuer': tokenOf(bad.key, { ...claims(), iss: 'https://elsewhere.example' }, at),
				'one of an issuer without tokens': tokenOf(bad.key, { ...claims(), iss: hh.url }, at),
				'none': tokenOf(null, claims(), at),
				'HS256 with the public key': tokenOf(bad.key, claims(), { ...at, alg: 'HS256' }),
				'another key': tokenOf(newKey('one'), claims(), at),
				'garbage': 'eyJhbGciOiJSUzI1NiJ9.e30.x',
			})) {
				const reply = await api(token);
				assert.equal(reply.status, 401, `${what}: ${reply.text}`);
				assert.equal(reply.body.type, '/problems/token_invalid', what);
				assert.equal(reply.headers.get('www-authenticate'), 'Bearer error="invalid_token"');
			}
		});

		it('costs the database nothing but who that is', async () => {
			const token = tokenOf(bad.key, claims(), at);
			await api(token);
			const asked = bad.requests.length;
			for (let i = 0; i < 10; i++) assert.equal((await api(token)).status, 200);
			assert.equal(bad.requests.length, asked);
		});
	});

	it('says so where a provider cannot be reached, and that it may be later', async () => {
		await add('--key', 'gone', '--url', 'http://127.0.0.1:9', '--title', 'Gone', '--client-id', 'x', '--client-auth', 'none');
		await refuses(server, 502, 'issuer_unavailable', 'GET', '/session/start?issuer=gone', { headers: { Accept: 'application/json' } });
		bad.change = { discovery: (document) => ({ ...document, issuer: hh.url }) };
		await add('--key', 'lying', '--url', `${bad.url}/`, '--title', 'Lying', '--client-id', 'x', '--client-auth', 'none');
		await refuses(server, 502, 'issuer_unavailable', 'GET', '/session/start?issuer=lying', { headers: { Accept: 'application/json' } });
		bad.change = {};
	});

	it('trusts no issuer that was removed', async () => {
		const removed = await server.command(['issuer', 'remove', '--key', 'bad']);
		assert.equal(removed.status, 0, removed.stderr);
		await refuses(server, 404, 'issuer_not_found', 'GET', '/session/start?issuer=bad', { headers: { Accept: 'application/json' } });
		assert.match((await server.command(['issuer', 'list'])).stdout, /^bad\t.*\tremoved$/m);
	});
});
