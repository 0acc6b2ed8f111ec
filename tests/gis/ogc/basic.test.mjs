// SPDX-License-Identifier: EUPL-1.2
// Authorization: Basic with a token as password (RFC 7617): on the addresses of GIS programs and nowhere else, over TLS or from this machine only, never
// from a page of a browser, and never in the log. Nobody is asked for it who reads what is public.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startServer } from '../../harness/server.mjs';
import { hamburg } from '../../api/support.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const basic = (name, password) => `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
const asked = ['Basic realm="Planungsplattform", charset="UTF-8"', 'Bearer'];

describe('Basic', { concurrency: false }, () => {
	let server, home, account, token, socket;
	before(async () => {
		home = mkdtempSync(join(tmpdir(), 'pp-basic-'));
		socket = join(home, 'http.sock');
		server = await startServer({ settings: { rate_public: 10000000, socket } });
		account = await server.account('manager', hamburg);
		({ token } = account);
	});
	after(async () => {
		await server.stop();
		rmSync(home, { recursive: true });
	});

	/** {status, challenge: every field of it, headers}; path is below the server's root. */
	const ask = (path, headers = {}, where = { host: '127.0.0.1', port: server.port }) => new Promise((done, fail) => {
		http.get({ ...where, path, headers }, (reply) => {
			const fields = reply.rawHeaders.filter((_, i) => i % 2 && reply.rawHeaders[i - 1].toLowerCase() === 'www-authenticate');
			let text = '';
			reply.setEncoding('utf8').on('data', (chunk) => (text += chunk)).on('end', () => done({ status: reply.statusCode, challenge: fields, headers: reply.headers, text }));
		}).on('error', fail);
	});
	const said = async (...words) => {
		const { status, challenge } = await ask(...words);
		return [status, ...challenge];
	};
	const items = '/ogc/collections/municipalities/items?limit=1';
	const me = (password = token, name = account.email) => ({ Authorization: basic(name, password) });

	it('lets an account in by its token, whatever name stands beside it', async () => {
		for (const name of [account.email, '', 'Müller', 'x'.repeat(200)]) {
			const reply = await ask(items, me(token, name));
			assert.deepEqual([reply.status, reply.challenge], [200, []], name);
			// What an account reads is its own, and counts for it.
			assert.equal(reply.headers['cache-control'], 'no-store');
			assert.match(reply.headers['ratelimit-policy'], /"account"/);
		}
		assert.equal((await ask(items, { Authorization: basic('a', token).replace('Basic', 'bAsIc ') })).status, 200);
		assert.doesNotMatch((await ask(items)).headers['ratelimit-policy'] ?? '', /"account"/);
	});

	it('asks for it where something is wrong, by a field for each way', async () => {
		const raw = (text) => ({ Authorization: `Basic ${Buffer.from(text).toString('base64')}` });
		const wrong = { 'another token': me(`${token}x`), 'no password': me(''), 'no colon': raw(token), 'the token as name': raw(`${token}:`), 'nothing': { Authorization: 'Basic' },
			'no base64': { Authorization: `Basic ${token}!` }, 'base64 without its end': { Authorization: basic('ab', token).replace(/=+$/, '') } };
		assert.match(basic('ab', token), /=$/);
		for (const [what, headers] of Object.entries(wrong))
			for (const path of ['/ogc', items])
				assert.deepEqual(await said(path, headers), [401, ...asked], `${path}: ${what}`);
		assert.deepEqual(await said(items, { Authorization: 'Digest x' }), [401, ...asked]);
		assert.deepEqual(await said(items, { Authorization: 'Bearer x' }), [401, ...asked]);
	});

	it('asks nobody who reads what is public', async () => {
		const { collections } = JSON.parse((await ask('/ogc/collections')).text);
		assert.ok(collections.length >= 6);
		for (const path of ['/ogc', '/ogc/', '/ogc/api', '/ogc/conformance', ...collections.filter(({ id }) => id !== 'drafts').map(({ id }) => `/ogc/collections/${id}/items`)])
			assert.deepEqual(await said(path), [200], path);
	});

	it('takes it on no other address', async () => {
		for (const path of ['/api/v1/session', '/api/v1/procedures', '/health', '/', '/metrics', '/api/v1/municipalities/02000000', '/ogcx', '/wfsx']) {
			const [status, ...challenge] = await said(path, me());
			if (status !== 404) assert.deepEqual([status, ...challenge], [401, 'Bearer'], path);
		}
		assert.deepEqual(await said('/api/v1/session', me()), [401, 'Bearer']);
	});

	it('takes it over TLS and from this machine, and says elsewhere that it does not', async () => {
		const from = (address, proto) => ({ 'X-Forwarded-For': address, ...(proto ? { 'X-Forwarded-Proto': proto } : {}), ...me() });
		assert.deepEqual(await said(items, from('198.51.100.7', 'https')), [200]);
		assert.deepEqual(await said(items, from('198.51.100.7', 'http')), [401, 'Bearer']);
		assert.deepEqual(await said(items, from('198.51.100.7')), [401, 'Bearer']);
		assert.deepEqual(await said(items, from('127.0.0.1', 'http')), [401, 'Bearer']);
		const { text } = await ask(items, { ...from('198.51.100.7', 'http'), 'Accept-Language': 'en' });
		assert.match(JSON.parse(text).detail, /TLS/);
		assert.deepEqual(await said(items, me(), { socketPath: socket }), [200]);
		assert.deepEqual(await said(items, { ...me(), 'X-Forwarded-Proto': 'http' }, { socketPath: socket }), [401, 'Bearer']);
	});

	it('takes none from a browser, which would send it along with what another page asks', async () => {
		for (const field of [{ Origin: 'https://map.example' }, { Origin: server.address }, { 'Sec-Fetch-Site': 'cross-site' }, { 'Sec-Fetch-Site': 'same-origin' }, { 'Sec-Fetch-Site': 'none' }]) {
			assert.deepEqual(await said(items, { ...me(), ...field }), [401, 'Bearer'], JSON.stringify(field));
			assert.deepEqual(await said(items, field), [200]);
		}
	});

	it('is never written down', async () => {
		const password = 'P4ssw0rd-that-nobody-may-read';
		await ask(items, me(password));
		await ask('/api/v1/session', me(password));
		await ask(items, me());
		const log = JSON.stringify(server.log);
		for (const secret of [password, token, account.email, me(password).Authorization.slice(6), me().Authorization.slice(6)])
			assert.ok(!log.includes(secret), secret);
		assert.match(readFileSync(join(server.ownFolder, 'log'), 'utf8'), /"status":401/);
	});

	const run = (program, words, env) => promisify(execFile)(program, words, { maxBuffer: 1 << 28, timeout: 200000,
		env: { ...process.env, HOME: home, XDG_RUNTIME_DIR: home, QT_QPA_PLATFORM: 'offscreen', QGIS_CUSTOM_CONFIG_PATH: home, LC_ALL: 'C.UTF-8', ...env } });
	const count = () => server.sql('select count(*)::int as n from pp.feature_municipalities where died is null').then(([{ n }]) => n);
	/** As many requests as this account is counted for. */
	const counted = () => server.log.filter(({ event, route, role }) => event === 'request' && /^\/\/ogc\/collections\/\{collection\}\/items$/.test(route) && /manager/.test(role)).length;

	it('is what GDAL sends', async () => {
		const read = (login) => run('ogr2ogr', ['-f', 'GeoJSON', '/vsistdout/', `OAPIF:${server.address}/ogc`, 'municipalities', '-oo', 'PAGE_SIZE=500'], { GDAL_HTTP_USERPWD: login });
		const before = counted();
		assert.equal(JSON.parse((await read(`${account.email}:${token}`)).stdout).features.length, await count());
		assert.ok(counted() > before, 'by the account');
		await assert.rejects(read(`${account.email}:${token}x`), /401/);
	});

	it('is what QGIS sends', { skip: existsSync('/usr/lib/python3/dist-packages/qgis/__init__.py') ? false : 'python3-qgis is not installed' }, async () => {
		const read = (login) => {
			const questions = join(home, 'questions.json');
			writeFileSync(questions, JSON.stringify({ ogc: `${server.address}/ogc`, login, questions: [{ service: 'ogc', collection: 'municipalities', page: 500, key: ['id'] }] }));
			return run(join(here, '../clients/ask_qgis.py'), [questions]);
		};
		const before = counted();
		assert.equal(JSON.parse((await read(`${account.email}:${token}`)).stdout)[0].length, await count());
		assert.ok(counted() > before, 'by the account');
		await assert.rejects(read(`${account.email}:${token}x`));
	});
});
