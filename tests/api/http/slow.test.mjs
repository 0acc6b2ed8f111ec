// SPDX-License-Identifier: EUPL-1.2
// Limits and deadlines: each is set short, and what is asserted is that it strikes, not how quickly.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { ask, connect, noEcho, repliesOf, startEcho, untilClosed } from './raw.mjs';

const get = (target, fields = '') => `GET ${target} HTTP/1.1\r\nHost: a\r\n${fields}\r\n`;
const closing = 'Connection: close\r\n';

async function until(probe) {
	while (!(await probe())) await new Promise((next) => setImmediate(next));
}

/** Writes piece after piece at a pace until the other side closes or the pieces end. */
function drip(socket, pieces, everyMs) {
	const timer = setInterval(() => {
		const { value, done } = pieces.next();
		if (done || socket.destroyed) clearInterval(timer);
		else socket.write(value);
	}, everyMs);
	socket.once('close', () => clearInterval(timer));
}

function* forever(piece) {
	for (;;) yield piece;
}

function* times(count, piece) {
	for (let i = 0; i < count; i++) yield piece;
}

const statuses = async (said) => repliesOf(await said).map((reply) => reply.status);

describe('slow clients', { skip: noEcho, concurrency: 4 }, () => {
	let echo;
	before(async () => {
		echo = await startEcho('header_us=300000', 'idle_us=300000', 'body_grace_us=300000', 'linger_us=300000', 'drain_rate=100000');
	});
	after(async () => {
		await echo?.stop();
	});

	it('that say nothing are let go without a word', async () => {
		const socket = connect(echo.address);
		assert.equal((await untilClosed(socket)).length, 0);
	});

	it('that say nothing more after a reply are let go', async () => {
		const socket = connect(echo.address);
		const said = untilClosed(socket);
		socket.write(get('/a'));
		assert.deepEqual(await statuses(said), [200]);
	});

	it('that stop in the header are told 408', async () => {
		const socket = connect(echo.address);
		const said = untilClosed(socket);
		socket.write('GET / HTTP/1.1\r\nHost');
		assert.deepEqual(await statuses(said), [408]);
	});

	it('that send a header byte by byte are told 408: the deadline is absolute', async () => {
		const socket = connect(echo.address);
		const said = untilClosed(socket);
		socket.write('GET / HTTP/1.1\r\nHost: a\r\nX: ');
		drip(socket, forever('x'), 10);
		assert.deepEqual(await statuses(said), [408]);
	});

	it('that stop in the body are told 408, and the owner is told', async () => {
		const socket = connect(echo.address);
		const said = untilClosed(socket);
		const { gone } = await echo.stats();
		socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc');
		assert.deepEqual(await statuses(said), [408]);
		assert.ok((await echo.stats()).gone > gone);
	});

	it('that send a body below the least rate are told 408', async () => {
		for (const framing of ['Content-Length: 100000\r\n\r\n', 'Transfer-Encoding: chunked\r\n\r\n']) {
			const socket = connect(echo.address);
			const said = untilClosed(socket);
			socket.write(`POST / HTTP/1.1\r\nHost: a\r\n${framing}`);
			drip(socket, forever(framing.startsWith('C') ? 'x' : '1\r\nx\r\n'), 10);
			assert.deepEqual(await statuses(said), [408]);
		}
	});

	it('that send only extensions and trailers are told 408 or 431', async () => {
		const socket = connect(echo.address);
		const said = untilClosed(socket);
		socket.write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX: ');
		drip(socket, forever('x'), 10);
		assert.deepEqual(await statuses(said), [408]);
	});

	it('that send a body above the least rate are served', async () => {
		const socket = connect(echo.address);
		const said = untilClosed(socket);
		// 200 kB/s where 1 kB/s is asked for: a machine that is busy elsewhere stays above it.
		socket.write(`POST / HTTP/1.1\r\nHost: a\r\n${closing}Content-Length: 200000\r\n\r\n`);
		drip(socket, times(100, 'x'.repeat(2000)), 10);
		assert.deepEqual(await statuses(said), [200]);
	});

	it('that never come to the end of a body are told 408', async () => {
		const hasty = await startEcho('body_total_us=300000');
		const socket = connect(hasty.address);
		const said = untilClosed(socket);
		socket.write('PUT /file HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
		drip(socket, forever(`3e8\r\n${'x'.repeat(1000)}\r\n`), 10);
		assert.deepEqual(await statuses(said), [408]);
		await hasty.stop();
	});

	it('that were refused and stay are let go', async () => {
		const socket = connect(echo.address);
		const said = untilClosed(socket);
		socket.write('nonsense\r\n\r\n');
		assert.deepEqual(await statuses(said), [400]);
		const before = (await echo.stats()).connections;
		const stubborn = connect(echo.address);
		stubborn.on('data', () => {});
		stubborn.write('nonsense\r\n\r\n');
		drip(stubborn, forever('x'), 10);
		await once(stubborn, 'end');
		await until(async () => (await echo.stats()).connections <= before);
		stubborn.destroy();
	});

	it('that do not read their reply are reset, and the owner is told', async () => {
		const { gone } = await echo.stats();
		const socket = connect(echo.address);
		socket.write(get('/stream?1000000000'));
		await until(async () => (await echo.stats()).gone > gone);
		socket.destroy();
	});

	it('that read slowly, but above the least rate, get all', async () => {
		const size = 12_000_000;
		const socket = connect(echo.address);
		let got = 0;
		socket.on('data', (bytes) => {
			got += bytes.length;
			socket.pause();
			setTimeout(() => socket.resume(), 5);
		});
		socket.write(get(`/stream?${size}`, closing));
		await once(socket, 'end');
		assert.ok(got > size);
		socket.destroy();
	});
});

describe('limits', { skip: noEcho }, () => {
	it('memory stays bounded for clients that do not read', async () => {
		const echo = await startEcho();
		const before = (await echo.stats()).rss_anon_kb;
		const sockets = Array.from({ length: 16 }, () => {
			const socket = connect(echo.address);
			socket.pause();
			socket.write(get('/stream?100000000'));
			return socket;
		});
		await until(async () => (await echo.stats()).pauses >= 16);
		const during = (await echo.stats()).rss_anon_kb;
		assert.ok(during - before < 16 * 1024, `${during - before} kB for 16 clients that do not read 100 MB each`);
		for (const socket of sockets) socket.destroy();
		await echo.stop();
	});

	it('memory stays bounded for bodies that were announced and do not come', async () => {
		const echo = await startEcho('body_limit=100000000');
		const before = (await echo.stats()).rss_anon_kb;
		const sockets = Array.from({ length: 100 }, () => {
			const socket = connect(echo.address);
			socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\nabc');
			return socket;
		});
		await until(async () => (await echo.stats()).exchanges > 100);
		const during = (await echo.stats()).rss_anon_kb;
		assert.ok(during - before < 100 * 128, `${during - before} kB for 100 clients that announced 100 MB each`);
		for (const socket of sockets) socket.destroy();
		await echo.stop();
	});

	it('accepting pauses at the most connections, and goes on when one ends', async () => {
		const echo = await startEcho('connections=4');
		const sockets = Array.from({ length: 4 }, () => connect(echo.address));
		for (const socket of sockets) {
			socket.write(get('/a'));
			await once(socket, 'data');
		}
		const fifth = connect(echo.address);
		const said = untilClosed(fifth);
		fifth.write(get('/fifth', closing));
		// Those that are in are served while the fifth waits.
		sockets[0].write(get('/still'));
		await once(sockets[0], 'data');
		sockets[1].destroy();
		assert.deepEqual(await statuses(said), [200]);
		for (const socket of sockets) socket.destroy();
		await echo.stop();
	});

	it('one address gets so many connections and is told so, others are not touched', async () => {
		const echo = await startEcho('connections_per_peer=2');
		const first = [connect(echo.address), connect(echo.address)];
		for (const socket of first) {
			socket.write(get('/a'));
			await once(socket, 'data');
		}
		const third = connect(echo.address);
		const [reply] = repliesOf(await untilClosed(third));
		assert.equal(reply.status, 429);
		assert.ok(reply.fields['retry-after']);
		first[0].destroy();
		await until(async () => (await ask(echo.address, get('/a', closing))).at(0)?.status === 200);
		first[1].destroy();
		await echo.stop();
	});

	it('a server without descriptors left neither spins nor stops serving', async () => {
		// The shell takes the descriptors away before the server starts.
		const shell = process.env.PP_HTTP_ECHO;
		process.env.PP_HTTP_ECHO = '/bin/sh';
		const echo = await startEcho('-c', `ulimit -n 24 && exec "${shell}"`).finally(() => (process.env.PP_HTTP_ECHO = shell));
		const sockets = Array.from({ length: 60 }, () => connect(echo.address));
		for (const socket of sockets) socket.write(get('/a'));
		await until(() => echo.errors().includes('accepting_paused'));
		const cpu = () => {
			const fields = readFileSync(`/proc/${echo.pid}/stat`, 'utf8').split(') ')[1].split(' ');
			return (Number(fields[11]) + Number(fields[12])) / 100;
		};
		const [cpuBefore, before] = [cpu(), performance.now()];
		await new Promise((next) => setTimeout(next, 1000));
		const share = ((cpu() - cpuBefore) * 1000) / (performance.now() - before);
		assert.ok(share < 0.2, `${Math.round(share * 100)} % of a processor while nothing can be accepted`);
		for (const socket of sockets) socket.destroy();
		await until(async () => (await ask(echo.address, get('/a', closing))).at(0)?.status === 200);
		await echo.stop();
	});
});
