// SPDX-License-Identifier: EUPL-1.2
// How often who may ask: by address, account and procedure, counted over all workers.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { freePort, startServer, until } from '../../harness/server.mjs';
import { hamburg, procedureOf } from '../support.mjs';

describe('rates', () => {
	let server, metrics;
	before(async () => {
		metrics = await freePort();
		server = await startServer({ settings: { mail: 'hold', rate_public: 20, rate_sign_in: 5, rate_account: 30, rate_procedure: 3, metrics: `127.0.0.1:${metrics}` } });
	});
	after(() => server.stop());

	const from = (address) => ({ headers: { 'X-Forwarded-For': address } });
	/** Asks so often, each time on a connection of its own: which worker answers is chance. */
	const often = async (times, method, path, options = {}) => {
		const replies = await Promise.all(Array.from({ length: times }, () =>
			server.api(method, path, { ...options, headers: { Connection: 'close', ...options.headers } })));
		return { limited: replies.filter((reply) => reply.status === 429), others: replies.filter((reply) => reply.status !== 429) };
	};
	const metric = async (name) => Number(new RegExp(`^planungsplattform_http_${name}_total (\\d+)$`, 'm').exec(await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text())[1]);

	// 20 a minute are one each three seconds: a slow machine may see one or two come back meanwhile.
	const about = (count, burst, what) => assert.ok(count >= burst && count <= burst + 3, `${what}: ${count} instead of ${burst}`);

	it('hold for an address over all workers', async () => {
		const before = await metric('limited');
		const { limited, others } = await often(40, 'GET', '//problems/bug', from('192.0.2.1'));
		about(others.length, 10, 'allowed');
		for (const reply of limited) {
			assert.equal(reply.body.type, '/problems/too_many_requests');
			assert.match(reply.headers.get('retry-after'), /^[123]$/);
			assert.match(reply.headers.get('ratelimit'), /^"public";r=0;t=(2[789]|30)$/);
		}
		for (const reply of [...limited, ...others]) assert.equal(reply.headers.get('ratelimit-policy'), '"public";q=10;w=30');
		const left = others.map((reply) => Number(/r=(\d+)/.exec(reply.headers.get('ratelimit'))[1]));
		assert.equal(Math.max(...left), 9);
		assert.equal(await metric('limited'), before + limited.length);
	});

	it('are everybody\'s own: another address, an IPv6 /64, but not one within it', async () => {
		const allowed = async (address) => (await often(1, 'GET', '//problems/bug', from(address))).others.length === 1;
		await often(30, 'GET', '//problems/bug', from('2001:db8:0:1::1'));
		assert.equal(await allowed('2001:db8:0:1:ffff::2'), false);
		assert.equal(await allowed('2001:db8:0:2::1'), true);
		assert.equal(await allowed('192.0.2.3'), true);
	});

	it('believe no address that the client has written before the proxy\'s', async () => {
		await often(30, 'GET', '//problems/bug', from('192.0.2.4'));
		const { others } = await often(1, 'GET', '//problems/bug', from('198.51.100.99, 192.0.2.4'));
		assert.equal(others.length, 0);
	});

	it('hold for an account from wherever it comes', async () => {
		const { token } = await server.account('manager', hamburg);
		const replies = [];
		for (let i = 0; i < 14; i++)
			replies.push(await server.api('GET', '/session', { token, headers: { 'X-Forwarded-For': `203.0.113.${i}` } }));
		const others = replies.filter((reply) => reply.status === 200);
		about(others.length, 10, 'allowed');
		assert.match(replies.at(-1).headers.get('ratelimit') ?? '', /"account";r=\d+;t=\d+/);
		assert.ok(await metric('limited_account') >= 1);
		const other = await server.account('manager', hamburg);
		assert.equal((await server.api('GET', '/session', { token: other.token })).status, 200);
	});

	it('hold for what strangers do to one procedure', async (t) => {
		const { paths } = JSON.parse((await server.api('GET', '/openapi.json', from('198.51.100.1'))).text);
		const path = Object.entries(paths).filter(([path, { post }]) => post?.['x-may'].includes('anyone') && /^\/api\/v1\/(procedures|rounds|plans|invitations)\/\{/.test(path))
			.map(([path]) => path.replace('/api/v1', ''))[0];
		if (!path) return t.skip('strangers can do nothing to a procedure');
		const ask = async (id, i) => server.api('POST', path.replace(/\{[^}]*\}/, id), { body: {}, headers: { 'X-Forwarded-For': `203.0.113.${i}` } });
		const replies = [];
		for (let i = 0; i < 8; i++) replies.push(await ask('01890000-0000-7000-8000-000000000001', 100 + i));
		about(replies.filter((reply) => reply.status !== 429).length, 3, path);
		assert.notEqual((await ask('01890000-0000-7000-8000-000000000002', 120)).status, 429);
	});

	it('hold nobody up who is signed in, or reads what is published, because of others', async () => {
		const { token } = await server.account('manager', hamburg);
		const { id } = await server.must(201, 'POST', '/procedures', { token, body: procedureOf() });
		for (let i = 0; i < 6; i++)
			assert.notEqual((await server.api('POST', `/procedures/${id}/plans`, { token, body: {} })).status, 429);
		for (let i = 0; i < 8; i++)
			assert.equal((await server.api('GET', `/procedures/${id}`, from(`203.0.113.${200 + i}`))).status, 404);
	});

	it('are settings: none at all where they are 0, and a wrong one is refused', async () => {
		const free = await startServer({ settings: { rate_public: 0, rate_account: 0 }, bare: true });
		try {
			const reply = await free.api('GET', '//problems/bug');
			assert.equal(reply.headers.get('ratelimit'), null);
		} finally {
			await free.stop();
		}
		const wrong = await server.command(['serve', '--rate_public', '-1']);
		assert.match(wrong.stderr, /rate_public takes a number/);
		assert.match((await server.command(['serve', '--trusted_proxies', 'unix,10.0.0.0/33'])).stderr, /trusted_proxies: '10\.0\.0\.0\/33' is neither/);
		assert.match((await server.command(['serve', '--log_address', 'all'])).stderr, /log_address takes none, prefix or full/);
	});

	it('and the log keep a part of an address only', async () => {
		await server.api('GET', '//health/live', from('192.0.2.77'));
		await server.api('GET', '//health/live', from('2001:db8:1:23ff::9'));
		await until(() => server.log.find((line) => line.client === '192.0.2.0/24') && server.log.find((line) => line.client === '2001:db8:1:2300::/56'));
		assert.ok(!server.log.some((line) => JSON.stringify(line).includes('192.0.2.77') || JSON.stringify(line).includes('23ff')));
	});
});
