// SPDX-License-Identifier: EUPL-1.2
// What browsers are told, on every route of the description: with and without sign-in, well and refused.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer } from '../../harness/server.mjs';
import { hamburg } from '../support.mjs';

const shut = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const policies = { page: `default-src 'none'; style-src 'unsafe-inline'; ${shut.replace("form-action 'none'", "form-action 'self'")}`, data: `default-src 'none'; ${shut}`,
	application: `default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; img-src 'self' data: blob:; ${shut.replace("form-action 'none'", "form-action 'self'")}` };

describe('every reply', () => {
	let server, planner, routes;
	before(async () => {
		server = await startServer({ settings: { rate_public: 0, rate_costly: 0, rate_sign_in: 0, rate_account: 0 } });
		planner = await server.account('manager', hamburg);
		const { paths } = JSON.parse((await server.api('GET', '/openapi.json')).text);
		routes = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({
			method: method.toUpperCase(), isOfApplication: /^(Page |Icon of the web application)/.test(operation.summary), isOpen: operation['x-may'].includes('anyone') && !operation.parameters?.some(({ name }) => ['Status-Token', 'Invitation-Link', 'Upload-Token'].includes(name)),
			address: server.address + path.replace(/\{[^}]*\}/g, '01890000-0000-7000-8000-000000000000'),
		})));
	});
	after(() => server.stop());

	/** The reply's fields, whatever its status; a stream is not read to its end. */
	async function ask({ method, address }, headers = {}) {
		const leaving = new AbortController();
		const isBody = !['GET', 'DELETE'].includes(method);
		const reply = await fetch(address, { method, headers: { ...headers, ...(isBody ? { 'Content-Type': 'application/json' } : {}) },
			...(isBody ? { body: '{}' } : {}), signal: leaving.signal, redirect: 'manual' });
		if (/event-stream/.test(reply.headers.get('content-type') ?? '')) leaving.abort();
		else await reply.arrayBuffer();
		return reply;
	}

	function check({ method, address, isOfApplication, isOpen }, reply, isAnonymous) {
		const where = `${method} ${address}: ${reply.status}`;
		const field = (name) => reply.headers.get(name);
		const isPage = /^text\/html/.test(field('content-type') ?? '');
		assert.equal(field('x-content-type-options'), 'nosniff', where);
		// Its document, also where it says that there is nothing; and its files, which are the same for everybody.
		const isFile = isOfApplication && /^image/.test(field('content-type') ?? '');
		const isApplication = isFile || (isOfApplication && isPage);
		assert.equal(field('content-security-policy'), isApplication ? policies.application : isPage ? policies.page : policies.data, where);
		assert.equal(field('referrer-policy'), isPage || isApplication ? 'same-origin' : 'no-referrer', where);
		assert.equal(field('cross-origin-opener-policy'), 'same-origin', where);
		assert.equal(field('permissions-policy') !== null, isPage || isApplication, where);
		assert.match(field('x-request-id'), /^[0-9a-f-]{36}$/, where);
		assert.equal(field('strict-transport-security'), null, where);
		// Whoever is not signed in only reads there, whether by a document or by parameters.
		const asks = method === 'GET' || address === `${server.address}/wfs`;
		const isPublic = asks && isOpen && isAnonymous;
		assert.equal(field('cross-origin-resource-policy'), isPublic ? 'cross-origin' : 'same-origin', where);
		assert.equal(field('access-control-allow-origin'), isPublic ? '*' : null, where);
		assert.equal(field('access-control-allow-credentials'), null, where);
		if (isFile) {
			assert.deepEqual([field('cache-control'), field('vary')], ['no-cache', 'Accept-Encoding'], where);
		} else if (isPublic && reply.status === 200 && !/event-stream/.test(field('content-type'))) {
			assert.equal(field('cache-control'), 'no-cache', where);
			assert.match(field('vary'), /Accept-Language, Authorization, Cookie/, where);
		} else {
			assert.equal(field('cache-control'), 'no-store', where);
		}
	}

	it('says what a browser may do with it', async () => {
		assert.ok(routes.length > 100, `${routes.length} routes`);
		const statuses = {};
		for (const route of routes) {
			const reply = await ask(route, { Origin: 'https://elsewhere.example' });
			check(route, reply, true);
			const signedIn = await ask(route, { Authorization: `Bearer ${planner.token}` });
			check(route, signedIn, false);
			for (const { status } of [reply, signedIn]) statuses[status] = (statuses[status] ?? 0) + 1;
		}
		for (const status of [200, 401, 403, 404, 422]) assert.ok(statuses[status] > 3, JSON.stringify(statuses));
	});

	it('insists on TLS where the client came by it, and only as the proxy says', async () => {
		const hsts = async (headers) => (await ask({ method: 'GET', address: `${server.address}/health/live` }, headers)).headers.get('strict-transport-security');
		assert.equal(await hsts({ 'X-Forwarded-Proto': 'https' }), 'max-age=31536000; includeSubDomains');
		assert.equal(await hsts({ 'X-Forwarded-Proto': 'http' }), null);
		const refused = await ask({ method: 'GET', address: `${server.address}/nothing` }, { 'X-Forwarded-Proto': 'https' });
		assert.equal(refused.headers.get('strict-transport-security'), 'max-age=31536000; includeSubDomains');
		const alone = await startServer({ settings: { trusted_proxies: 'unix' }, bare: true });
		try {
			const reply = await alone.api('GET', '//health/live', { headers: { 'X-Forwarded-Proto': 'https' } });
			assert.equal(reply.headers.get('strict-transport-security'), null);
		} finally {
			await alone.stop();
		}
	});

	it('lets pages of other sites read what anybody may read, and nothing else', async () => {
		const preflight = (path, method, fields) => fetch(`${server.address}${path}`, { method: 'OPTIONS',
			headers: { Origin: 'https://map.example', 'Access-Control-Request-Method': method, ...(fields ? { 'Access-Control-Request-Headers': fields } : {}) } });
		const allowed = await preflight('/api/v1/procedures', 'GET', 'if-none-match');
		assert.equal(allowed.status, 204);
		assert.equal(allowed.headers.get('access-control-allow-origin'), '*');
		assert.equal(allowed.headers.get('access-control-allow-methods'), 'GET, HEAD');
		assert.doesNotMatch(allowed.headers.get('access-control-allow-headers'), /authorization|content-type|\*/i);
		for (const [path, method] of [['/api/v1/procedures', 'POST'], ['/api/v1/inbox', 'GET'], ['/api/v1/session', 'POST'], ['/nothing', 'GET'], ['/api/v1/statements/by-token', 'GET'], ['/api/v1/invitations/by-link', 'GET'], ['/api/v1/procedures', 'get']]) {
			const reply = await preflight(path, method);
			assert.equal(reply.headers.get('access-control-allow-origin'), null, `${method} ${path}`);
			assert.equal(reply.headers.get('access-control-allow-methods'), null, `${method} ${path}`);
		}
		for (const headers of [{ Cookie: 'pp_session=x' }, { Authorization: 'Bearer x' }])
			assert.equal((await ask({ method: 'GET', address: `${server.address}/api/v1/procedures` }, headers)).headers.get('access-control-allow-origin'), null);
	});

	it('is dead text, too, where a request could not be read', async () => {
		const { default: net } = await import('node:net');
		const socket = net.connect(server.port, '127.0.0.1');
		socket.end('GET / HTTP/1.1\r\n\r\n');
		let text = '';
		for await (const chunk of socket) text += chunk;
		assert.match(text, /^HTTP\/1.1 400 /);
		assert.match(text, /\r\nX-Content-Type-Options: nosniff\r\n/);
		assert.match(text, /\r\nContent-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n/);
	});
});
