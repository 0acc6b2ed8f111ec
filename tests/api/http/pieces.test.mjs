// SPDX-License-Identifier: EUPL-1.2
// Bodies that their owner takes piece by piece, and replies whose length is said before: what large files go by.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { once } from 'node:events';
import { ask, connect, noEcho, repliesOf, startEcho, untilClosed } from './raw.mjs';
import { until } from '../../harness/server.mjs';

const closing = 'Connection: close\r\n';
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+\n';

// RFC 1950 §9, written out: the oracle shares nothing with the server.
function adler32(bytes) {
	let a = 1, b = 0;
	for (const byte of bytes) b = (b + (a = (a + byte) % 65521)) % 65521;
	return b * 65536 + a;
}

const sample = Buffer.from(Array.from({ length: 3_000_001 }, (_, i) => (i * 7919) >> 3));

function chunked(body, size) {
	const parts = [];
	for (let at = 0; at < body.length; at += size) {
		const part = body.subarray(at, at + size);
		parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'));
	}
	return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
}

describe('a body that is taken piece by piece', { skip: noEcho }, () => {
	let echo;
	before(async () => {
		echo = await startEcho();
	});
	after(async () => {
		await echo?.stop();
	});
	const put = (each, framing) => `PUT /take?${each} HTTP/1.1\r\nHost: a\r\n${closing}${framing}\r\n\r\n`;

	it('comes whole and in order, however large the pieces and however it is framed', async () => {
		for (const each of [1, 1000, 65536, 1_000_000, 3_000_001, 9_000_000]) {
			const body = each === 1 ? sample.subarray(0, 300_000) : sample;
			for (const bytes of [Buffer.concat([Buffer.from(put(each, `Content-Length: ${body.length}`)), body]),
				Buffer.concat([Buffer.from(put(each, 'Transfer-Encoding: chunked')), chunked(body, 70_001)]),
				Buffer.concat([Buffer.from(put(each, 'Transfer-Encoding: chunked')), chunked(body.subarray(0, 20_000), 7), Buffer.alloc(0)])]) {
				const [reply] = await ask(echo.address, bytes);
				const said = JSON.parse(reply.body);
				const whole = said.size === 20_000 ? body.subarray(0, 20_000) : body;
				assert.deepEqual([said.size, said.sum], [whole.length, adler32(whole)], `${each}`);
				assert.ok(said.turns >= 1 && said.turns <= 1 + whole.length / each, `${said.turns} turns of ${each}`);
			}
		}
	});

	it('may be empty, and the connection goes on after it', async () => {
		const replies = await ask(echo.address, 'PUT /take?10 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n'
			+ 'PUT /take?2 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabcde' + `GET /end HTTP/1.1\r\nHost: a\r\n${closing}\r\n`);
		assert.deepEqual(replies.map((reply) => reply.status), [200, 200, 200]);
		assert.deepEqual([JSON.parse(replies[0].body).size, JSON.parse(replies[1].body).sum, JSON.parse(replies[2].body).path], [0, adler32(Buffer.from('abcde')), '/end']);
	});

	it('is not read while nobody takes it', async () => {
		const echo = await startEcho();
		const socket = connect(echo.address);
		socket.write('PUT /take?0 HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000000\r\n\r\n');
		// The kernels take some megabytes; behind them it stands still, however often the server's turn comes.
		const size = 100_000_000;
		socket.write(Buffer.alloc(size, 'x'));
		for (let turn = 0; turn < 100; turn++) await echo.stats();
		assert.ok(socket.writableLength > size / 2, `only ${socket.writableLength} bytes wait`);
		socket.destroy();
		await echo.stop();
	});

	it('is asked for with 100 when the owner wants it, not before', async () => {
		const socket = connect(echo.address);
		const said = untilClosed(socket);
		socket.write(put(100, 'Content-Length: 3\r\nExpect: 100-continue'));
		await once(socket, 'data');
		socket.end('abc');
		const [interim, reply] = repliesOf(await said);
		assert.deepEqual([interim.status, JSON.parse(reply.body).size], [100, 3]);
		const other = await startEcho();
		const shy = connect(other.address);
		let heard = 0;
		shy.on('data', () => heard++);
		shy.write('PUT /take?0 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n');
		await until(async () => (await other.stats()).exchanges >= 2);
		assert.equal(heard, 0);
		shy.destroy();
		await other.stop();
	});

	it('that breaks off has given what came, and its owner is told once', async () => {
		for (const end of ['destroy', 'resetAndDestroy', 'end']) {
			const { gone } = await echo.stats();
			const socket = connect(echo.address);
			socket.write(put(100_000_000, 'Content-Length: 100000000'));
			socket.write(sample.subarray(0, 12_345));
			await until(async () => (await echo.stats()).taken === 12_345);
			socket[end]();
			await until(async () => (await echo.stats()).gone === gone + 1);
			socket.destroy();
		}
	});

	it('that breaks its framing or comes too slowly is refused, and its owner told', async () => {
		const [broken] = await ask(echo.address, `${put(1000, 'Transfer-Encoding: chunked')}5\r\nabcdeX`);
		assert.equal(broken.status, 400);
		const hasty = await startEcho('body_grace_us=200000', 'body_total_us=1000');
		const [slow] = await ask(hasty.address, `${put(1000, 'Content-Length: 500')}abc`);
		assert.equal(slow.status, 408);
		assert.equal((await hasty.stats()).gone, 1);
		// Whoever keeps the pace may take longer than the time for a whole body.
		const socket = connect(hasty.address);
		const said = untilClosed(socket);
		socket.write(put(1, 'Content-Length: 500000'));
		for (let part = 0; part < 50; part++) {
			socket.write(sample.subarray(0, 10_000));
			await new Promise((go) => setImmediate(go));
		}
		assert.equal(repliesOf(await said)[0].status, 200);
		await hasty.stop();
	});
});

describe('a reply whose length was said', { skip: noEcho }, () => {
	let echo;
	before(async () => {
		echo = await startEcho();
	});
	after(async () => {
		await echo?.stop();
	});
	const get = (path, method = 'GET', version = '1.1') => `${method} ${path} HTTP/${version}\r\nHost: a\r\nAccept-Encoding: gzip\r\n`;

	it('has exactly those bytes, and the connection goes on', async () => {
		for (const size of [0, 1, 63, 16384, 300_001, 5_000_000]) {
			const [reply, end] = await ask(echo.address, `${get(`/sized?${size}`)}\r\n${get('/end')}${closing}\r\n`);
			assert.deepEqual([reply.fields['content-length'], reply.fields['transfer-encoding'], reply.fields['content-encoding'], reply.complete],
				[String(size), undefined, undefined, true]);
			assert.equal(reply.body, letters.repeat(Math.ceil(size / 64)).slice(0, size));
			assert.equal(JSON.parse(end.body).path, '/end');
		}
		const [old] = await ask(echo.address, `${get('/sized?1000', 'GET', '1.0')}Connection: keep-alive\r\n\r\n${get('/end')}${closing}\r\n`);
		assert.deepEqual([old.body.length, old.fields.connection], [1000, 'keep-alive']);
	});

	it('says the same length to HEAD, and nothing else', async () => {
		const [head, end] = await ask(echo.address, `${get('/sized?300000', 'HEAD')}\r\n${get('/end')}${closing}\r\n`, [true]);
		assert.deepEqual([head.status, head.fields['content-length'], end.status], [200, '300000', 200]);
	});
});
