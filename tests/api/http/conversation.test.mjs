// SPDX-License-Identifier: EUPL-1.2
// What a connection does between its requests: order, keep-alive, streams, codings, interim replies, leaving.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import zlib from 'node:zlib';
import { ask, connect, noEcho, repliesOf, startEcho, untilClosed } from './raw.mjs';

const get = (target, fields = '') => `GET ${target} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`;
const closing = 'Connection: close\r\n';

/** Calls probe until it says true; the test runner's own limit ends what never does. */
async function until(probe) {
	while (!(await probe())) await new Promise((next) => setImmediate(next));
}

/** Collects what a connection says; says(text) waits for it. */
function listen(socket) {
	let heard = '';
	socket.on('data', (bytes) => (heard += bytes.toString('latin1')));
	return { heard: () => heard, says: (text) => until(() => heard.includes(text)) };
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+\n';
const pattern = (size) => letters.repeat(Math.ceil(size / 64)).slice(0, size);

function adler32(bytes) {
	let a = 1;
	let b = 0;
	for (const byte of bytes) {
		a = (a + byte) % 65521;
		b = (b + a) % 65521;
	}
	return b * 65536 + a;
}

describe('a connection', { skip: noEcho }, () => {
	let echo, socketPath, folder;
	before(async () => {
		folder = mkdtempSync(path.join(tmpdir(), 'pp-http-'));
		socketPath = path.join(folder, 'http.sock');
		echo = await startEcho(`unix=${socketPath}`, 'requests_per_connection=100000');
	});
	after(async () => {
		await echo?.stop();
		rmSync(folder, { recursive: true });
	});

	it('answers what was pipelined in its order, at once or later', async () => {
		const targets = Array.from({ length: 50 }, (_, i) => (i % 3 ? `/p/${i}` : `/later?${i}`));
		const replies = await ask(echo.address, targets.map((target) => get(target)).join('') + get('/end', closing));
		assert.deepEqual(replies.map((reply) => JSON.parse(reply.body).target), [...targets, '/end']);
	});

	it('leaves unread what is pipelined behind an open exchange', async () => {
		const count = 5000;
		const before = (await echo.stats()).rss_anon_kb;
		const socket = connect(echo.address);
		const said = untilClosed(socket);
		const one = get('/p', `X: ${'x'.repeat(6000)}\r\n`);
		const waiting = once(socket, 'connect').then(() => socket.write(get('/wait') + one.repeat(count) + get('/end', closing)));
		await waiting;
		await until(async () => (await echo.stats()).exchanges > 1);
		const during = await echo.stats();
		assert.ok(during.rss_anon_kb - before < 8192, `${during.rss_anon_kb - before} kB more for 30 MB of pipelined requests`);
		await ask(echo.address, get('/go', closing));
		assert.equal(repliesOf(await said).length, count + 2);
	});

	it('says when a pipelined request was received, not when it was answered', async () => {
		const socket = connect(echo.address);
		const said = untilClosed(socket);
		socket.write(get('/wait') + get('/a', closing));
		await until(async () => (await echo.stats()).exchanges > 1);
		const before = Date.now() * 1000;
		await ask(echo.address, get('/go', closing));
		const received = JSON.parse(repliesOf(await said)[1].body).received_utc;
		assert.ok(received <= before + 999, `received ${received - before} µs after it was sent`);
	});

	it('reads a request that comes byte by byte', async () => {
		const socket = connect(echo.address);
		const said = untilClosed(socket);
		const request = `\r\nPOST /a%20b HTTP/1.1\r\nHost: a\r\n${closing}Transfer-Encoding: chunked\r\n\r\n3;x\r\nabc\r\n0\r\nT: u\r\n\r\n`;
		for (const byte of request) {
			socket.write(byte);
			await new Promise((next) => setImmediate(next));
		}
		const [reply] = repliesOf(await said);
		assert.equal(reply.status, 200);
		assert.equal(JSON.parse(reply.body).body, 'abc');
		assert.equal(JSON.parse(reply.body).path, '/a b');
	});

	it('gives HEAD the fields of GET and no body', async () => {
		for (const target of ['/whole?5000', '/whole?5', '/stream?300000', '/a']) {
			const requests = get(target) + get(target).replace('GET', 'HEAD') + get('/end', closing);
			const [whole, head, end] = await ask(echo.address, requests, [false, true]);
			delete whole.fields.date;
			delete head.fields.date;
			if (target === '/a') delete whole.fields['content-length'], delete head.fields['content-length'];
			assert.deepEqual(head.fields, whole.fields);
			assert.equal(JSON.parse(end.body).path, '/end');
		}
	});

	it('dates its replies', async () => {
		const [reply] = await ask(echo.address, get('/', closing));
		assert.equal(new Date(reply.fields.date).toUTCString(), reply.fields.date);
		assert.ok(Math.abs(new Date(reply.fields.date) - Date.now()) < 60_000);
	});

	for (const size of [0, 1, 16383, 16384, 16385, 3_000_000]) {
		it(`streams ${size} bytes in chunks, to 1.0 until close`, async () => {
			const [chunked, end] = await ask(echo.address, get(`/stream?${size}`) + get('/end', closing));
			assert.equal(chunked.fields['transfer-encoding'], 'chunked');
			assert.equal(chunked.body, pattern(size));
			assert.equal(JSON.parse(end.body).path, '/end');
			const [plain] = await ask(echo.address, `GET /stream?${size} HTTP/1.0\r\nConnection: keep-alive\r\n\r\n`);
			assert.equal(plain.fields['transfer-encoding'], undefined);
			assert.equal(plain.fields.connection, 'close');
			assert.equal(plain.body, pattern(size));
		});
	}

	const decoders = { gzip: zlib.gunzipSync, br: zlib.brotliDecompressSync };
	for (const [coding, decode] of Object.entries(decoders)) {
		for (const kind of coding === 'br' ? ['whole'] : ['whole', 'stream']) {
			it(`codes a ${kind} reply with ${coding}`, async () => {
				for (const size of [1024, 70_000, 2_000_000]) {
					const [reply] = await ask(echo.address, get(`/${kind}?${size}`, `Accept-Encoding: ${coding}\r\n${closing}`));
					assert.equal(reply.fields['content-encoding'], coding);
					assert.equal(reply.fields.vary, 'Accept-Encoding');
					assert.equal(decode(Buffer.from(reply.body, 'latin1')).toString(), pattern(size));
					assert.ok(reply.body.length < size / 4);
				}
			});
		}
	}

	it('codes nothing small, nothing unasked, and says that it varies', async () => {
		const of = async (target, accept) => (await ask(echo.address, get(target, `${accept}${closing}`)))[0].fields;
		assert.equal((await of('/whole?1023', 'Accept-Encoding: br\r\n'))['content-encoding'], undefined);
		assert.equal((await of('/whole?9999', ''))['content-encoding'], undefined);
		assert.equal((await of('/whole?9999', '')).vary, 'Accept-Encoding');
		assert.equal((await of('/whole?9999', 'Accept-Encoding: gzip;q=0, br;q=0.0\r\n'))['content-encoding'], undefined);
		assert.equal((await of('/whole?9999', 'Accept-Encoding: gzip, deflate, br\r\n'))['content-encoding'], 'br');
		// An open coder of br is too large to be kept for a client that reads slowly.
		assert.equal((await of('/stream?9999', 'Accept-Encoding: gzip, deflate, br\r\n'))['content-encoding'], 'gzip');
		assert.equal((await of('/stream?9999', 'Accept-Encoding: br\r\n'))['content-encoding'], undefined);
	});

	it('asks a client that waits to go on, and only one that waits', async () => {
		const socket = connect(echo.address);
		const { says, heard } = listen(socket);
		socket.write(`POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 4\r\n${closing}\r\n`);
		await says('HTTP/1.1 100 Continue\r\n\r\n');
		assert.equal(heard(), 'HTTP/1.1 100 Continue\r\n\r\n');
		socket.write('abcd');
		await once(socket, 'end');
		assert.deepEqual(repliesOf(Buffer.from(heard(), 'latin1')).map((reply) => reply.status), [100, 200]);
		socket.destroy();
		const expects = `Expect: 100-continue\r\n${closing}`;
		const post = (target, length, body) => `POST ${target} HTTP/1.1\r\nHost: a\r\n${expects}Content-Length: ${length}\r\n\r\n${body}`;
		for (const [request, status] of [[post('/', 4, 'abcd'), 200], [post('/', 0, ''), 200], [post('/refuse', 4, ''), 403], [post('/', 2 ** 30, ''), 413]])
			assert.deepEqual((await ask(echo.address, request)).map((reply) => reply.status), [status]);
	});

	it('is heard by a client that it refused in the middle of its upload', async () => {
		for (const [target, status] of [['/refuse', 403], ['/none', 413], ['/', 413]]) {
			const upload = Buffer.alloc(8_000_000, 'x');
			const head = `POST ${target} HTTP/1.1\r\nHost: a\r\nContent-Length: ${upload.length}\r\n\r\n`;
			const socket = connect(echo.address);
			const said = untilClosed(socket);
			socket.write(Buffer.concat([Buffer.from(head), upload]));
			const replies = repliesOf(await said);
			// A reset would be an error here, and would take the reply from a client that is slower than this one.
			assert.equal(socket.errored, null);
			assert.deepEqual(replies.map((reply) => [reply.status, reply.fields.connection, reply.complete]), [[status, 'close', true]]);
		}
	});

	it('does not listen for ever to a client that it refused', async () => {
		const socket = connect(echo.address);
		const said = untilClosed(socket);
		socket.write('POST /refuse HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n');
		const upload = Buffer.alloc(1_000_000, 'x');
		let sent = 0;
		while (!socket.destroyed && !socket.errored && sent < 1000) {
			sent++;
			if (!socket.write(upload)) await Promise.race([once(socket, 'drain'), once(socket, 'close'), once(socket, 'error')]).catch(() => {});
		}
		assert.ok(sent < 1000, 'a gigabyte was listened to');
		await said;
	});

	it('keeps a large body in a file, framed either way', async () => {
		const body = Buffer.from(Array.from({ length: 3_000_001 }, (_, i) => (i * 7919) >> 3));
		const head = (framing) => Buffer.from(`PUT /file HTTP/1.1\r\nHost: a\r\n${closing}${framing}\r\n\r\n`);
		const chunks = [];
		for (let at = 0; at < body.length; at += 70_001) {
			const part = body.subarray(at, at + 70_001);
			chunks.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'));
		}
		const requests = [
			[head(`Content-Length: ${body.length}`), body],
			[head('Transfer-Encoding: chunked'), ...chunks, Buffer.from('0\r\n\r\n')],
		];
		for (const parts of requests) {
			const [reply] = await ask(echo.address, Buffer.concat(parts));
			assert.deepEqual(JSON.parse(reply.body), { size: body.length, sum: adler32(body) });
		}
	});

	it('knows a Unix socket and the loopback as safe ways', async () => {
		const at = async (address) => JSON.parse((await ask(address, get('/', closing)))[0].body);
		const unix = await at(socketPath);
		assert.equal(unix.peer, 'unix');
		const loopback = await at(echo.address);
		assert.equal(loopback.peer, '127.0.0.1');
	});

	it('lets its client notice a reply that breaks off', async () => {
		const [reply] = await ask(echo.address, get('/break?100000'));
		assert.equal(reply.complete, false);
		// To 1.0 an end would be the body's end, so it is a reset. Node tells some resets as an end: a first write
		// after it fails where there was a reset, and does not where there was an end.
		const socket = connect(echo.address);
		socket.write('GET /break?100000 HTTP/1.0\r\n\r\n');
		socket.resume();
		await new Promise((over) => socket.once('end', over).once('error', over));
		const error = socket.errored ?? (await new Promise((written) => socket.write('x', written)));
		assert.ok(['ECONNRESET', 'EPIPE'].includes(error?.code), `${error}`);
		socket.destroy();
	});
});

describe('a client that leaves', { skip: noEcho }, () => {
	let echo;
	before(async () => {
		echo = await startEcho();
	});
	after(async () => {
		await echo?.stop();
	});

	/** Sends, waits until the server has it, leaves, and waits until the owner was told once. */
	async function leave(request, leaving, told = 1) {
		const before = await echo.stats();
		const socket = connect(echo.address);
		socket.on('data', () => {});
		socket.write(request);
		await until(async () => (await echo.stats()).exchanges > before.exchanges);
		leaving(socket);
		await until(async () => (await echo.stats()).connections === before.connections);
		const now = await echo.stats();
		assert.equal(now.gone - before.gone, told);
		assert.equal(now.exchanges, before.exchanges);
	}
	const reset = (socket) => socket.resetAndDestroy();
	const close = (socket) => socket.destroy();

	it('in the middle of a body is told once', async () => {
		const part = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc';
		await leave(part, reset);
		await leave(part, close);
		await leave('PUT /file HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc', close);
	});

	it('while the owner works is told once', async () => {
		await leave(get('/wait'), reset);
	});

	it('in the middle of a stream is told once', async () => {
		await leave(get('/stream?1000000000'), reset);
		await leave(get('/stream?1000000000'), close);
		await leave(get('/live'), close);
		await leave(get('/live'), reset);
	});

	it('is sent away by a stream that does not ask whether there is room', async () => {
		const { gone } = await echo.stats();
		const socket = connect(echo.address);
		socket.write(get('/careless?50000000'));
		await until(async () => (await echo.stats()).gone > gone);
		assert.equal((await echo.stats()).gone, gone + 1);
		socket.destroy();
	});

	it('having said all it has to say is still answered', async () => {
		const socket = connect(echo.address);
		const said = untilClosed(socket);
		const before = await echo.stats();
		socket.end(get('/wait'));
		await until(async () => (await echo.stats()).exchanges > before.exchanges);
		await ask(echo.address, get('/go', closing));
		const [reply] = repliesOf(await said);
		assert.equal(reply.body, 'gone on\n');
		const half = connect(echo.address);
		const all = untilClosed(half);
		half.end(get('/stream?2000000'));
		assert.equal(repliesOf(await all)[0].body, pattern(2_000_000));
	});

	it('between requests costs nothing', async () => {
		const before = await echo.stats();
		const socket = connect(echo.address);
		const { says } = listen(socket);
		socket.write(get('/a') + 'GET /b HT');
		await says('"/a"');
		socket.resetAndDestroy();
		await until(async () => (await echo.stats()).connections === before.connections);
		assert.equal((await echo.stats()).gone, before.gone);
	});
});

describe('a server that ends', { skip: noEcho }, () => {
	it('lets idle clients go, answers what is under way, and takes no new ones', async () => {
		const echo = await startEcho();
		const idle = connect(echo.address);
		const idleSaid = untilClosed(idle);
		await once(idle, 'connect');
		const again = connect(echo.address);
		const againSaid = untilClosed(again);
		again.write(get('/before'));
		await once(again, 'data');
		const fresh = connect(echo.address);
		const freshSaid = untilClosed(fresh);
		await once(fresh, 'connect');
		const waiting = connect(echo.address);
		const waitingSaid = untilClosed(waiting);
		waiting.write(get('/wait'));
		const partial = connect(echo.address);
		const partialSaid = untilClosed(partial);
		partial.write('GET /partial HTTP/1.1\r\n');
		const control = connect(echo.address);
		const controlSaid = untilClosed(control);
		await until(async () => (await echo.stats()).exchanges === 2);
		control.write(get('/drain'));
		await once(control, 'data');
		// Sent before their clients can know: neither is lost, whether its connection has served before or not.
		again.write(get('/after'));
		fresh.write(get('/first'));
		assert.deepEqual(repliesOf(await againSaid).map((reply) => [JSON.parse(reply.body).path, reply.fields.connection]),
			[['/before', undefined], ['/after', 'close']]);
		assert.deepEqual(repliesOf(await freshSaid).map((reply) => [JSON.parse(reply.body).path, reply.fields.connection]), [['/first', 'close']]);
		partial.write('Host: a\r\n\r\n');
		assert.equal(repliesOf(await partialSaid)[0].fields.connection, 'close');
		assert.equal(JSON.parse(repliesOf(await controlSaid)[0].body).path, '/drain');
		assert.equal((await idleSaid).length, 0);
		const late = connect(echo.address);
		await once(late, 'connect');
		late.write(get('/late', closing));
		assert.match(await echo.stop(), /gone 1$/);
		assert.equal((await waitingSaid).length, 0);
		late.destroy();
	});

	it('tells the owner of every open exchange once', async () => {
		const echo = await startEcho();
		const sockets = ['/wait', '/live', '/stream?1000000000'].map((target) => {
			const socket = connect(echo.address);
			socket.write(get(target));
			return socket;
		});
		sockets.push(connect(echo.address));
		sockets[3].write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc');
		await until(async () => {
			const { exchanges, gone } = await echo.stats();
			return exchanges - 1 + gone === 4;
		});
		assert.match(await echo.stop(), /gone 4$/);
		for (const socket of sockets) socket.destroy();
	});

	it('closes after as many requests as configured', async () => {
		const echo = await startEcho('requests_per_connection=3');
		const replies = await ask(echo.address, get('/a').repeat(5));
		assert.deepEqual(replies.map((reply) => reply.fields.connection), [undefined, undefined, 'close']);
		await echo.stop();
	});
});
