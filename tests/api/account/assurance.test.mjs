// SPDX-License-Identifier: EUPL-1.2
// What binds a body may ask for a surer or a fresher sign-in, and says how to get there (RFC 9470).
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startServer } from '../../harness/server.mjs';
import { codeOf, hamburg, nowhere, refuses } from '../support.mjs';
import { Browser, hostileProvider, newKey, Provider, reason, serviceAccount, tokenOf } from './providers.mjs';

const password = 'Elbe und Pinnau 1';
const decide = `/procedures/${nowhere}/weighing/decide`;
const decision = { resolved_on: '2026-01-01', reference: '1/26', council: 'Rat' };
const audience = 'https://planung.example/api';
const acr = 'urn:servicekonto:substantiell';

/** Past the gate: the procedure is the next thing that is missing. */
async function passes(server, options) {
	const reply = await server.api('POST', decide, { body: decision, ...options });
	assert.ok([404, 422].includes(reply.status), `${reply.status} ${reply.text}`);
}
async function stops(server, options) {
	const reply = await server.api('POST', decide, { body: decision, ...options });
	assert.equal(reply.status, 403, reply.text);
	assert.equal(reply.body.type, '/problems/assurance_insufficient', reply.text);
	return { detail: reply.body.detail, challenge: reply.headers.get('www-authenticate') };
}

describe('assurance of local accounts', () => {
	let server, secrets, person, cookie;
	const from = () => ({ headers: { Origin: server.address } });
	const signIn = async (code) => {
		const reply = await server.api('POST', '/session', { body: { email: person.email, password, ...(code ? { code } : {}) } });
		assert.equal(reply.status, 201, reply.text);
		cookie = reply.headers.get('set-cookie').split(';')[0];
		return reply.body;
	};

	before(async () => {
		secrets = mkdtempSync(join(tmpdir(), 'pp-secrets-'));
		writeFileSync(join(secrets, 'second-factor'), 'ein-schluessel-den-niemand-errät-0123456789\n', { mode: 0o600 });
		server = await startServer({ settings: { secrets, rate_sign_in: 0, assurance: 'SUBSTANTIELL', assurance_seconds: 600 }, clock: true });
		person = await server.account('manager', hamburg, { password });
	});
	after(async () => {
		await server.stop();
		rmSync(secrets, { recursive: true });
	});

	it('is normal by password alone: one reads and drafts with it, and is told what more is needed', async () => {
		assert.equal((await signIn()).level, 'NORMAL');
		assert.equal((await server.api('GET', '/inbox', { cookie })).status, 200);
		const { detail, challenge } = await stops(server, { cookie, ...from() });
		assert.match(detail, /zweiten Faktor/);
		assert.equal(challenge, 'Bearer error="insufficient_user_authentication"');
	});

	it('is more with a second factor, for as long as the sign-in is fresh', async () => {
		const { body: { secret } } = await server.api('POST', '/second-factor', { cookie, body: {}, ...from() });
		assert.equal((await server.api('POST', '/second-factor/confirm', { cookie, body: { code: codeOf(secret, server.clock.now()) }, ...from() })).status, 200);
		// The session that has set it up was opened without it.
		await stops(server, { cookie, ...from() });
		server.clock.move(60000);
		assert.equal((await signIn(codeOf(secret, server.clock.now()))).level, 'SUBSTANTIELL');
		await passes(server, { cookie, ...from() });
		server.clock.move(601000);
		const { detail, challenge } = await stops(server, { cookie, ...from() });
		assert.match(detail, /600 Sekunden her sein: bitte melden Sie sich noch einmal an/);
		assert.equal(challenge, 'Bearer error="insufficient_user_authentication", max_age="600"');
	});

	it('is not to be had of a token made here', async () => {
		const { token } = await server.account('manager', hamburg);
		assert.match((await stops(server, { token })).detail, /Token/);
	});

	it('is nothing that a person needs who speaks for nobody else', async () => {
		const { token } = await server.account('public');
		await refuses(server, 404, 'statement_not_found', 'POST', `/statements/${nowhere}/withdraw`, { token, body: {} });
	});
});

describe('assurance by identity providers', { skip: reason }, () => {
	let server, hh, bad;
	const start = (key, more) => `${server.address}/api/v1/session/start?${new URLSearchParams({ issuer: key, ...more })}`;
	const signIn = async (browser, key, more = {}) => {
		const reply = await browser.follow(start(key, more), (next) => next === `${server.address}/`);
		return reply;
	};
	const by = (browser) => ({ cookie: browser.cookies(server.address), headers: { Origin: server.address } });
	const session = async (browser) => (await server.api('GET', '/session', by(browser))).body;
	/** After it the browser signs in again: workers know the old cookie as a reader's for a moment. */
	const promote = async (browser) => {
		const { account } = await session(browser);
		await server.sql(`update pp.membership set state = 'confirmed', roles = '{reader,manager}', confirmed_at = now() where account = :'account'`, { account });
	};

	before(async () => {
		server = await startServer({ settings: { rate_sign_in: 0, assurance: 'SUBSTANTIELL', assurance_seconds: 600 } });
		hh = await serviceAccount(Provider, { redirect: `${server.address}/api/v1/session/callback`, signOut: `${server.address}/`, audience, client: { client_id: 'planung' }, keys: [newKey('hh-1', 'ES256')],
			people: { 'hh-17': { name: 'Hanna Harms', ags: hamburg, onRequest: acr } } });
		hh.login = 'hh-17';
		bad = await hostileProvider({ clientId: 'planung' });
		for (const [key, url] of [['hh', hh.url], ['bad', bad.url]]) {
			const made = await server.command(['issuer', 'add', '--key', key, '--url', url, '--title', key, '--client-id', 'planung', '--client-auth', 'none', '--organisation', 'ags', '--audience', audience, '--level', `${acr}=SUBSTANTIELL`]);
			assert.equal(made.status, 0, made.stderr);
		}
	});
	after(async () => {
		await server.stop();
		for (const provider of [hh, bad]) provider.stop();
	});

	it('is raised by signing in again as the refusal says', async () => {
		const browser = new Browser();
		assert.equal((await signIn(browser, 'hh')).status, 303);
		await promote(browser);
		assert.equal((await signIn(browser, 'hh')).status, 303);
		assert.equal((await session(browser)).level, 'NORMAL');
		const { detail, challenge } = await stops(server, by(browser));
		assert.equal(challenge, `Bearer error="insufficient_user_authentication", acr_values="${acr}", max_age="600"`);
		const [, query] = /GET \/session\/start\?(\S+)$/.exec(detail);
		const more = Object.fromEntries(new URLSearchParams(query));
		assert.deepEqual(more, { issuer: 'hh', level: 'SUBSTANTIELL', max_age: '600' });
		const asked = new URL((await new Browser().get(start('hh', more))).location).searchParams;
		assert.deepEqual([asked.get('acr_values'), asked.get('max_age')], [acr, '600']);
		// At once, although the provider still knows the browser.
		assert.equal((await signIn(browser, 'hh', { ...more, max_age: 0 })).status, 303);
		assert.equal((await session(browser)).level, 'SUBSTANTIELL');
		await passes(server, by(browser));
	});

	it('is asked for at no issuer that cannot vouch for it', async () => {
		await refuses(server, 400, 'invalid_parameter', 'GET', '/session/start?issuer=hh&level=HOCH', { headers: { Accept: 'application/json' } });
	});

	const now = () => Math.floor(Date.now() / 1000);
	const says = async (browser, claims, more) => {
		bad.change = { claims: (given) => ({ ...given, acr, ...claims }) };
		const reply = await signIn(browser, 'bad', more);
		bad.change = {};
		return reply.status;
	};

	it('counts from when credentials were given, not from when the issuer was asked', async () => {
		const browser = new Browser();
		assert.equal(await says(browser, { auth_time: now() - 30 }), 303);
		await promote(browser);
		assert.equal(await says(browser, { auth_time: now() - 30 }), 303);
		await passes(server, by(browser));
		assert.equal(await says(browser, { auth_time: now() - 700 }), 303);
		assert.match((await stops(server, by(browser))).challenge, /insufficient_user_authentication", max_age="600"$/);
		assert.equal(await says(browser, {}), 303);
		assert.match((await stops(server, by(browser))).challenge, /max_age/);
		// Or a clock that is wrong would be fresh for ever.
		assert.equal(await says(browser, { auth_time: now() + 5000 }), 303);
		await stops(server, by(browser));
	});

	it('ends a sign-in that was to be fresh and is not', async () => {
		assert.equal(await says(new Browser(), { auth_time: now() - 700 }, { max_age: 600 }), 401);
		assert.equal(await says(new Browser(), {}, { max_age: 600 }), 401);
		assert.equal(await says(new Browser(), { auth_time: now() - 30 }, { max_age: 600 }), 303);
	});

	it('is what an access token of the issuer says', async () => {
		const token = (more) => tokenOf(bad.key, { iss: bad.url, sub: 'mallory', aud: audience, iat: now(), exp: now() + 60, client_id: 'gis', jti: `${Math.random()}`, ...more }, { typ: 'at+jwt' });
		await passes(server, { token: token({ acr, auth_time: now() }) });
		assert.match((await stops(server, { token: token({ auth_time: now() }) })).challenge, new RegExp(`acr_values="${acr}"$`));
		assert.match((await stops(server, { token: token({ acr }) })).challenge, /max_age="600"$/);
		await stops(server, { token: token({ acr, auth_time: now() + 5000 }) });
	});
});
