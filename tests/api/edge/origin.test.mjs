// SPDX-License-Identifier: EUPL-1.2
// What a page of another site can make a browser do with somebody's session: nothing.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, describe, it } from 'node:test';
import { startServer } from '../../harness/server.mjs';
import { hamburg, procedureOf, refuses } from '../support.mjs';

describe('a session', () => {
	let server, cookie;
	const password = 'Wer anklopft, wartet';
	const signIn = async (at, person) => (await at.api('POST', '/session', { body: { email: person.email, password } })).headers.get('set-cookie').split(';')[0];
	const person = (at) => at.account('manager', hamburg, { password });
	before(async () => {
		server = await startServer();
		cookie = await signIn(server, await person(server));
	});
	after(() => server.stop());

	it('changes things from a page of ours only', async () => {
		const ours = server.address;
		const cases = [
			[403, {}],
			[403, { Origin: 'null' }],
			[403, { Origin: 'https://elsewhere.example' }],
			[403, { Origin: ours.replace('http:', 'ftp:').replace('127.0.0.1', '127.0.0.2') }],
			[403, { 'Sec-Fetch-Site': 'cross-site' }],
			[403, { 'Sec-Fetch-Site': 'same-site', Origin: ours }],
			[403, { 'Sec-Fetch-Site': 'none' }],
			[403, { 'Sec-Fetch-Site': 'same-origin', Origin: 'https://elsewhere.example' }],
			[201, { Origin: ours }],
			[201, { 'Sec-Fetch-Site': 'same-origin' }],
			[201, { 'Sec-Fetch-Site': 'same-origin', Origin: ours }],
		];
		for (const [status, headers] of cases) {
			const reply = await server.api('POST', '/procedures', { cookie, body: procedureOf(), headers: { Origin: '', ...headers } });
			assert.equal(reply.status, status, `${JSON.stringify(headers)}: ${reply.text}`);
		}
	});

	it('reads for pages of ours and for links, not for what is embedded elsewhere', async () => {
		const cases = [
			[200, {}],
			[200, { 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'cors' }],
			[200, { 'Sec-Fetch-Site': 'none', 'Sec-Fetch-Mode': 'navigate' }],
			[200, { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' }],
			[403, { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' }],
			[403, { 'Sec-Fetch-Site': 'same-site', 'Sec-Fetch-Mode': 'cors' }],
		];
		// fetch() writes Sec-Fetch-Mode itself.
		const statusOf = (headers) => new Promise((answered, failed) => http.get(`${server.address}/api/v1/session`, { headers: { Cookie: cookie, ...headers } },
			(reply) => answered(reply.resume().statusCode)).on('error', failed));
		for (const [status, headers] of cases) assert.equal(await statusOf(headers), status, JSON.stringify(headers));
	});

	it('sends JSON, named as such: what a form can send is refused', async () => {
		const own = { Origin: server.address };
		for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''])
			await refuses(server, 415, 'unsupported_media_type', 'POST', '/procedures',
				{ cookie, body: Buffer.from(JSON.stringify(procedureOf())), headers: { ...own, 'Content-Type': type } });
		assert.equal((await server.api('POST', '/procedures', { cookie, body: procedureOf(), headers: { ...own, 'Content-Type': 'Application/JSON; charset=utf-8' } })).status, 201);
	});

	it('is nobody else\'s affair: a token needs none of that', async () => {
		const { token } = await server.account('manager', hamburg);
		await server.must(201, 'POST', '/procedures', { token, body: procedureOf(), headers: { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://elsewhere.example' } });
	});

	it('knows its own address where that is configured', async () => {
		const named = await startServer({ settings: { base_url: 'https://planung.example/beteiligung' } });
		try {
			const own = await signIn(named, await person(named));
			for (const [status, origin] of [[201, 'https://planung.example'], [403, 'http://planung.example'], [403, 'https://planung.example.evil'],
				[403, 'https://planung'], [403, named.address], [403, 'https://planung.example/beteiligung']])
				assert.equal((await named.api('POST', '/procedures', { cookie: own, body: procedureOf(), headers: { Origin: origin } })).status, status, origin);
		} finally {
			await named.stop();
		}
	});
});
