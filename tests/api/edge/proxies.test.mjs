// SPDX-License-Identifier: EUPL-1.2
// The examples of deploy/ with real reverse proxies in front of the server's Unix socket: TLS and HTTP/2, the
// client's own address, uploads, and events that come when they happen. Only ports and paths are replaced.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import tls from 'node:tls';
import { freePort, root, startServer, until } from '../../harness/server.mjs';
import { hamburg, procedureOf } from '../support.mjs';

const found = (name) => ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin'].map((folder) => join(folder, name)).find(existsSync);

/** Each text once, or the example has changed under the test. */
function replaced(text, pairs) {
	for (const [from, to] of pairs) {
		assert.equal(text.split(from).length, 2, `"${from}" stands once in the example`);
		text = text.replace(from, to);
	}
	return text;
}

const proxies = {
	nginx(folder, ports, socket) {
		const site = replaced(readFileSync(join(root, 'deploy/nginx.conf'), 'utf8'), [
			['listen 80;', `listen 127.0.0.1:${ports.http};`], ['listen [::]:80;', ''],
			['listen 443 ssl', `listen 127.0.0.1:${ports.https} ssl`], ['listen [::]:443 ssl http2;', ''],
			['/run/planungsplattform/http.sock', socket],
			['/etc/ssl/planungsplattform/fullchain.pem', join(folder, 'cert.pem')], ['/etc/ssl/planungsplattform/key.pem', join(folder, 'key.pem')]]);
		writeFileSync(join(folder, 'site.conf'), site);
		const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ');
		writeFileSync(join(folder, 'nginx.conf'), `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
			${process.getuid() === 0 ? 'user root;' : ''} events {} http { access_log off; ${temporary} include ${folder}/site.conf; }`);
		return ['-p', folder, '-c', join(folder, 'nginx.conf')];
	},
	haproxy(folder, ports, socket) {
		writeFileSync(join(folder, 'all.pem'), readFileSync(join(folder, 'cert.pem'), 'utf8') + readFileSync(join(folder, 'key.pem'), 'utf8'));
		writeFileSync(join(folder, 'haproxy.cfg'), replaced(readFileSync(join(root, 'deploy/haproxy.cfg'), 'utf8'), [
			['bind :80,[::]:80', `bind 127.0.0.1:${ports.http}`], ['bind :443,[::]:443', `bind 127.0.0.1:${ports.https}`],
			['/run/planungsplattform/http.sock', socket], ['/etc/ssl/planungsplattform/all.pem', join(folder, 'all.pem')]]));
		return ['-db', '-f', join(folder, 'haproxy.cfg')];
	},
};

for (const [name, prepare] of Object.entries(proxies)) {
	const program = found(name);
	describe(`behind ${name}`, { skip: program ? false : `${name} is not installed` }, () => {
		let folder, server, proxy, planner, ports, ca, errors = '';
		before(async () => {
			folder = mkdtempSync(join(tmpdir(), 'pp-proxy-'));
			chmodSync(folder, 0o755);
			ports = { http: await freePort(), https: await freePort() };
			execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1', '-subj', '/CN=planung.example',
				'-addext', 'subjectAltName=DNS:planung.example', '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')], { stdio: 'ignore' });
			ca = readFileSync(join(folder, 'cert.pem'));
			const socket = join(folder, 'http.sock');
			server = await startServer({ settings: { socket, rate_sign_in: 3 } });
			planner = await server.account('manager', hamburg);
			proxy = spawn(program, prepare(folder, ports, socket), { stdio: ['ignore', 'pipe', 'pipe'] });
			for (const stream of [proxy.stdout, proxy.stderr]) stream.on('data', (bytes) => (errors += bytes));
			await until(() => {
				assert.equal(proxy.exitCode, null, errors);
				return new Promise((done) => net.connect(ports.https, '127.0.0.1').on('connect', function () { this.destroy(); done(true); }).on('error', () => done(false)));
			});
		});
		after(async () => {
			if (proxy?.exitCode === null) {
				proxy.kill('SIGTERM');
				await once(proxy, 'exit');
			}
			await server?.stop();
			rmSync(folder, { recursive: true, force: true });
		});

		const session = (localAddress = '127.0.0.1') => http2.connect('https://planung.example', { ca,
			createConnection: () => tls.connect({ host: '127.0.0.1', port: ports.https, localAddress, servername: 'planung.example', ALPNProtocols: ['h2'], ca }) });
		const headersOf = (extra) => ({ ...(extra?.token ? { authorization: `Bearer ${planner.token}` } : {}), ...extra?.headers });

		/** One request over HTTP/2: {status, headers, text, alpn}. */
		async function ask(method, path, { body, from, ...rest } = {}) {
			const client = session(from);
			try {
				const stream = client.request({ ':method': method, ':path': path, ...headersOf(rest) });
				stream.end(body);
				const [headers] = await once(stream, 'response');
				let text = '';
				for await (const chunk of stream.setEncoding('utf8')) text += chunk;
				return { status: headers[':status'], headers, text, alpn: client.alpnProtocol };
			} finally {
				client.close();
			}
		}

		it('HTTP/2 over TLS, with the fields of the platform and no others', async () => {
			const reply = await ask('GET', '/api/v1/procedures', { token: true });
			assert.deepEqual([reply.status, reply.alpn], [200, 'h2']);
			assert.equal(reply.headers['strict-transport-security'], 'max-age=31536000; includeSubDomains');
			assert.equal(reply.headers['x-content-type-options'], 'nosniff');
			assert.equal(reply.headers['cache-control'], 'no-store');
			assert.doesNotMatch(reply.headers.server ?? '', /\d/);
			const next = JSON.parse((await ask('GET', '/api/v1/municipalities?limit=1')).text).next;
			assert.match(next, /^https:\/\/planung\.example\/api\/v1\/municipalities\?/);
		});

		it('TLS 1.2 and 1.3 and nothing older, and from plain HTTP the way there', async () => {
			const version = (most) => new Promise((done) => {
				const socket = tls.connect({ host: '127.0.0.1', port: ports.https, servername: 'planung.example', ca, minVersion: most, maxVersion: most, ciphers: 'DEFAULT@SECLEVEL=0' },
					() => { done(socket.getProtocol()); socket.destroy(); }).on('error', () => done(null));
			});
			assert.deepEqual([await version('TLSv1.3'), await version('TLSv1.2'), await version('TLSv1.1')], ['TLSv1.3', 'TLSv1.2', null]);
			const plain = await new Promise((done) => http.get({ host: '127.0.0.1', port: ports.http, path: '/api/v1/procedures?x=1', headers: { Host: 'planung.example' } }, (reply) => done(reply.resume())));
			assert.deepEqual([plain.statusCode, plain.headers.location], [308, 'https://planung.example/api/v1/procedures?x=1']);
		});

		it('each client by its own address, whatever it says', async () => {
			await ask('GET', '/health/live', { from: '127.0.77.1', headers: { 'x-forwarded-for': '192.0.2.9', forwarded: 'for=192.0.2.9', 'x-forwarded-proto': 'http' } });
			await until(() => server.log.find((line) => line.client === '127.0.77.0/24'));
			assert.ok(!server.log.some((line) => line.client === '192.0.2.0/24'));
			const signIn = (from) => ask('POST', '/api/v1/session', { from, body: '{"email":"x"}', headers: { 'content-type': 'application/json' } });
			const statuses = [];
			for (let i = 0; i < 6; i++) statuses.push((await signIn('127.0.78.1')).status);
			assert.deepEqual([...new Set(statuses)].sort(), [422, 429]);
			assert.equal((await signIn('127.0.79.1')).status, 422);
		});

		it('uploads, and refuses what is too large before it is sent', async () => {
			const { id } = JSON.parse((await ask('POST', '/api/v1/procedures', { token: true, headers: { 'content-type': 'application/json' }, body: JSON.stringify(procedureOf()) })).text);
			const turns = 30_000;
			const ring = Array.from({ length: turns + 1 }, (_, i) => (2 * Math.PI * (i % turns)) / turns).map((angle) => [9.9 + 0.002 * Math.cos(angle), 53.63 + 0.001 * Math.sin(angle)]);
			const file = JSON.stringify({ type: 'Polygon', coordinates: [ring] });
			assert.ok(file.length > 1_000_000);
			const made = await ask('POST', `/api/v1/procedures/${id}/plans`, { token: true, headers: { 'content-type': 'application/geo+json' }, body: file });
			assert.equal(made.status, 201, made.text.slice(0, 500));
			const client = session();
			const stream = client.request({ ':method': 'POST', ':path': '/api/v1/procedures', 'content-type': 'application/json', 'content-length': 100_000_000, ...headersOf({ token: true }) });
			stream.on('error', () => {});
			const [headers] = await once(stream, 'response');
			assert.equal(headers[':status'], 413);
			client.destroy();
		});

		it('events as they happen', async () => {
			const client = session();
			const stream = client.request({ ':path': '/api/v1/events', accept: 'text/event-stream', ...headersOf({ token: true }) });
			let heard = '';
			stream.setEncoding('utf8').on('data', (chunk) => (heard += chunk));
			await until(() => heard.startsWith('retry: '));
			// What happened a moment before may be told now as well.
			const { id } = await server.must(201, 'POST', '/procedures', { token: planner, body: procedureOf() });
			await until(() => heard.includes(id));
			client.destroy();
		});
	});
}
