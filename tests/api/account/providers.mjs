// SPDX-License-Identifier: EUPL-1.2
// Identity providers for the tests of sign-in: real ones (npm oidc-provider) that stand for the
// service accounts of two Länder, a browser that follows them with its cookies, and a hostile
// provider that does what no real one can be made to do.
import assert from 'node:assert/strict';
import { createHash, createHmac, createPublicKey, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';
import { library } from '../../harness/npm.mjs';

const { reason: lacks, require } = library('oidc-provider');
/** Why there is no provider, or false. */
export const reason = lacks;
export const Provider = lacks ? undefined : (await import(pathToFileURL(require.resolve('oidc-provider')))).default;

export const newKey = (kid, alg = 'RS256') => {
	const { privateKey } = alg.startsWith('ES') ? generateKeyPairSync('ec', { namedCurve: alg === 'ES384' ? 'P-384' : 'P-256' }) : generateKeyPairSync('rsa', { modulusLength: 2048 });
	return { ...privateKey.export({ format: 'jwk' }), kid, alg, use: 'sig', privateKey };
};
const publicOf = ({ kid, alg, use, privateKey }) => ({ ...createPublicKey(privateKey).export({ format: 'jwk' }), kid, alg, use });
const jwkOf = ({ privateKey, ...jwk }) => jwk;

/** A server on a free port of the loopback whose handler may change: {url, handle, requests, stop()}. */
async function listen() {
	const open = { requests: [], handle: null };
	const server = createServer((request, response) => {
		open.requests.push(request.url.split('?')[0]);
		open.handle(request, response);
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	open.url = `http://127.0.0.1:${server.address().port}`;
	open.stop = () => {
		server.closeAllConnections?.();
		server.close();
	};
	return open;
}

/**
 * A service account: people by their login, who sign in and consent at once, with their acr, or with the one of onRequest
 * where it is asked for. Where it conforms, claims are in the userinfo answer only. keys can be replaced,
 * as a provider does that rotates them. Programs get access tokens by client credentials.
 */
export async function serviceAccount(Provider, { people, client, redirect, signOut, logout, conforms, audience, keys }) {
	const open = await listen();
	const program = { client_id: 'gis-programm', client_secret: 'programmgeheimnis-0123456789', grant_types: ['client_credentials'], redirect_uris: [], response_types: [] };
	open.rotate = (fresh) => {
		const provider = new Provider(open.url, {
			clients: [{ ...client, redirect_uris: [redirect], ...(logout ? { backchannel_logout_uri: logout, backchannel_logout_session_required: true } : {}), post_logout_redirect_uris: [signOut], token_endpoint_auth_method: client.client_secret ? 'client_secret_basic' : 'none' }, program],
			jwks: { keys: fresh.map(jwkOf) },
			conformIdTokenClaims: Boolean(conforms),
			claims: { openid: ['sub', 'name', 'email', 'ags', 'funktionen', 'acr'], profile: [], email: [] },
			acrValues: ['urn:servicekonto:substantiell'],
			scopes: ['openid', 'profile', 'email', 'planung'],
			findAccount: (ctx, id) => ({ accountId: id, claims: async () => ({ sub: id, ...people[id] }) }),
			pkce: { required: () => true },
			features: {
				devInteractions: { enabled: false },
				clientCredentials: { enabled: true },
				rpInitiatedLogout: { enabled: true },
				backchannelLogout: { enabled: true },
				resourceIndicators: {
					enabled: true,
					defaultResource: (ctx, { clientId }) => (clientId === program.client_id ? audience : undefined),
					getResourceServerInfo: () => ({ scope: 'planung', audience, accessTokenFormat: 'jwt', accessTokenTTL: 300, jwt: { sign: { alg: fresh[0].alg } } }),
				},
			},
			interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
			cookies: { keys: ['test'] },
			enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256', 'RS384', 'PS384', 'ES384'] },
			clientDefaults: { id_token_signed_response_alg: fresh[0].alg },
			renderError: (ctx, out) => { ctx.body = out; },
		});
		const callback = provider.callback();
		open.handle = async (request, response) => {
			const uid = /^\/interaction\/([\w-]+)$/.exec(request.url)?.[1];
			if (!uid) return callback(request, response);
			const { prompt, params, session } = await provider.interactionDetails(request, response);
			if (prompt.name === 'login') return provider.interactionFinished(request, response, { login: { accountId: open.login, acr: people[open.login].acr ?? params.acr_values?.split(' ').find((acr) => acr === people[open.login].onRequest) } });
			const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
			grant.addOIDCScope('openid profile email planung');
			grant.addResourceScope(audience, 'planung');
			return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
		};
	};
	open.rotate(keys);
	open.tokenOfProgram = async (scope = 'planung') => {
		const reply = await fetch(`${open.url}/token`, {
			method: 'POST',
			headers: { Authorization: `Basic ${Buffer.from(`${program.client_id}:${program.client_secret}`).toString('base64')}`, 'Content-Type': 'application/x-www-form-urlencoded' },
			body: new URLSearchParams({ grant_type: 'client_credentials', ...(scope ? { scope } : {}) }),
		});
		const body = await reply.json();
		assert.equal(reply.status, 200, JSON.stringify(body));
		return body.access_token;
	};
	return open;
}

/** A browser: its cookies by host, as far as these tests need them. */
export class Browser {
	constructor() {
		this.jar = new Map();
		this.steps = [];
	}

	cookies(url) {
		return [...(this.jar.get(new URL(url).host) ?? new Map())].map(([name, value]) => `${name}=${value}`).join('; ');
	}

	async get(url, headers = {}) {
		return this.request(url, { headers: { Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Site': 'cross-site', ...headers } });
	}

	async request(url, options = {}) {
		const cookie = this.cookies(url);
		const reply = await fetch(url, { redirect: 'manual', ...options, headers: { ...(cookie ? { Cookie: cookie } : {}), ...options.headers } });
		const jar = this.jar.get(new URL(url).host) ?? new Map();
		this.jar.set(new URL(url).host, jar);
		for (const line of reply.headers.getSetCookie()) {
			const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
			if (/max-age=0|expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(name);
			else jar.set(name, value);
		}
		this.steps.push(url);
		return { status: reply.status, headers: reply.headers, url, text: await reply.text(), location: reply.headers.get('location') && new URL(reply.headers.get('location'), url).href };
	}

	/** Follows redirects until there is none, or until one leads where stop says. */
	async follow(url, stop = () => false) {
		for (let i = 0; i < 12; i++) {
			const reply = await this.get(url);
			if (reply.status < 300 || reply.status >= 400 || !reply.location || stop(reply.location)) return reply;
			url = reply.location;
		}
		assert.fail(`redirects without an end: ${this.steps.join('\n')}`);
	}
}

const base64url = (value) => Buffer.from(typeof value === 'string' || value instanceof Uint8Array ? value : JSON.stringify(value)).toString('base64url');

/** A token in compact form, signed as the header says with that key (or not at all). */
export function tokenOf(key, claims, header = {}) {
	const head = { alg: key?.alg ?? 'none', kid: key?.kid, ...header };
	const input = `${base64url(head)}.${base64url(claims)}`;
	const made = () => {
		if (head.alg === 'none') return '';
		// What a careless verifier would take: the public key, as it is published, as the secret.
		if (head.alg === 'HS256') return createHmac('sha256', createPublicKey(key.privateKey).export({ type: 'spki', format: 'pem' })).update(input).digest();
		const options = head.alg.startsWith('ES') ? { key: key.privateKey, dsaEncoding: 'ieee-p1363' } : { key: key.privateKey };
		return sign('sha256', input, options);
	};
	return `${input}.${base64url(made())}`;
}

/**
 * A provider that says whatever it is told: `change.claims(claims)`, `change.token(claims, key)`,
 * `change.discovery(document)`, `change.answer(url)` and `change.keys(list)` may spoil what it does.
 */
export async function hostileProvider({ clientId }) {
	const open = await listen();
	open.key = newKey('one');
	open.change = {};
	open.codes = new Map();
	open.idClaims = (nonce) => {
		const now = Math.floor(Date.now() / 1000);
		return { iss: open.url, sub: 'mallory', aud: clientId, iat: now, exp: now + 300, nonce, name: 'Mallory', ags: '02000000' };
	};
	const json = (response, value, status = 200) => {
		response.writeHead(status, { 'Content-Type': 'application/json' });
		response.end(JSON.stringify(value));
	};
	open.handle = async (request, response) => {
		const url = new URL(request.url, open.url);
		if (url.pathname === '/.well-known/openid-configuration') {
			const document = { issuer: open.url, authorization_endpoint: `${open.url}/auth`, token_endpoint: `${open.url}/token`, jwks_uri: `${open.url}/jwks`, userinfo_endpoint: `${open.url}/userinfo`, authorization_response_iss_parameter_supported: true };
			return json(response, open.change.discovery?.(document) ?? document);
		}
		if (url.pathname === '/jwks') return json(response, { keys: (open.change.keys?.([open.key]) ?? [open.key]).map(publicOf) });
		if (url.pathname === '/userinfo') return open.change.userinfo ? json(response, open.change.userinfo) : json(response, {}, 404);
		if (url.pathname === '/auth') {
			const code = randomUUID();
			open.codes.set(code, Object.fromEntries(url.searchParams));
			const back = new URL(url.searchParams.get('redirect_uri'));
			for (const [name, value] of Object.entries({ code, state: url.searchParams.get('state'), iss: open.url })) back.searchParams.set(name, value);
			open.change.answer?.(back.searchParams, url.searchParams);
			response.writeHead(303, { Location: back.href });
			return response.end();
		}
		let body = '';
		for await (const chunk of request) body += chunk;
		const form = new URLSearchParams(body);
		const asked = open.codes.get(form.get('code'));
		const challenge = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
		if (!asked || asked.code_challenge !== challenge || asked.code_challenge_method !== 'S256') return json(response, { error: 'invalid_grant' }, 400);
		open.codes.delete(form.get('code'));
		const claims = open.idClaims(asked.nonce);
		const changed = open.change.claims?.(claims) ?? claims;
		return json(response, { token_type: 'Bearer', access_token: 'opaque', id_token: open.change.token?.(changed, open.key) ?? tokenOf(open.key, changed) });
	};
	return open;
}
