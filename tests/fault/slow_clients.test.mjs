// SPDX-License-Identifier: EUPL-1.2
// Drill: 1,000 clients that send or read one byte a second beside 20 real users. In one run, one after the other and
// three times over, the users' 99th percentile without and with them: no more than twice (and 5 ms, the machine's own
// noise). Every slow client is cut off, and memory stays within 64 MB. Loopback only.
//
// Runs against the echo server of PP_HTTP_ECHO with the limits of a server but a grace of 3 s for bodies. With PP_HTTP_ADDRESS (host:port) it
// runs against that server, whose limit of connections per address must be 1,100 or more.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { connect, elsewhere, noEcho, startEcho } from '../api/http/raw.mjs';
import { program } from '../harness/server.mjs';
import { release } from './support.mjs';

const SLOW = 1000;
const USERS = 20;
const REQUESTS = 4000;
const ROUNDS = 3;

/** What the slow ones do: a header, a body, or a reply that they hardly read. */
const [header, body, reading] = [
	(socket) => {
		socket.write('GET / HTTP/1.1\r\nHost: a\r\nX: ');
		return setInterval(() => socket.write('x'), 1000);
	},
	(socket) => {
		socket.write(`POST ${elsewhere ? '/api/v1/affected-preview' : '/'} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n`);
		return setInterval(() => socket.write('x'), 1000);
	},
	(socket) => {
		socket.write(`GET ${elsewhere ? '/api/v1/openapi.json' : '/stream?50000000'} HTTP/1.1\r\nHost: a\r\n\r\n`);
		socket.pause();
		return setInterval(() => socket.read(1), 1000);
	},
];

/** One in ten reads: each of those may hold 256 kB of its reply. */
const mannerOf = (i) => (i % 10 === 9 ? reading : i % 3 === 0 ? body : header);

/** The attackers' own process: says 'in' when all are connected and 'cut' when the server has ended every one. */
function attack(address) {
	let connected = 0;
	let cut = 0;
	for (let i = 0; i < SLOW; i++) {
		const socket = connect(address);
		let timer;
		const end = () => {
			if (socket.over) return;
			socket.over = true;
			clearInterval(timer);
			socket.destroy();
			if (++cut === SLOW) process.send('cut', () => process.exit(0));
		};
		socket.once('connect', () => {
			timer = mannerOf(i)(socket);
			if (++connected === SLOW) process.send('in');
		});
		socket.once('end', end).once('close', end).once('error', end);
		// A client that does not read hears of its end only when it writes.
		if (mannerOf(i) === reading) setInterval(() => !socket.over && socket.writable && socket.write('\r\n'), 1000).unref();
		else socket.on('data', () => {});
	}
}

/** Requests of USERS keep-alive connections, each its next when the last is answered: the 99th percentile in ms. */
async function users(address) {
	const times = [];
	const path = elsewhere ? '/health' : '/whole?500';
	await Promise.all(
		Array.from({ length: USERS }, async () => {
			const socket = connect(address);
			let heard = '';
			let answered;
			socket.on('data', (bytes) => {
				heard += bytes.toString('latin1');
				const end = heard.indexOf('\r\n\r\n');
				const length = end < 0 ? 0 : Number(/content-length: (\d+)/i.exec(heard.slice(0, end))[1]);
				if (end >= 0 && heard.length >= end + 4 + length) {
					heard = heard.slice(end + 4 + length);
					answered();
				}
			});
			await once(socket, 'connect');
			for (let i = 0; i < REQUESTS / USERS; i++) {
				const before = performance.now();
				await new Promise((done, failed) => {
					answered = done;
					socket.once('close', failed);
					socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
				});
				socket.removeAllListeners('close');
				times.push(performance.now() - before);
			}
			socket.destroy();
		}),
	);
	return times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)];
}

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function drill() {
	// A sanitizer keeps what was freed, hundreds of megabytes of it: memory is measured without.
	if (process.env.PP_BUILD_RELEASE) process.env.PP_HTTP_ECHO = program('echo_server', release);
	const echo = elsewhere ? null : await startEcho('body_grace_us=3000000');
	const address = elsewhere ?? echo.address;
	const without = [];
	const beside = [];
	await users(address);
	const memory = (await echo?.stats())?.rss_anon_kb;
	let grown = 0;
	for (let round = 0; round < ROUNDS; round++) {
		without.push(await users(address));
		const attackers = fork(fileURLToPath(import.meta.url), ['attack', address], { stdio: 'inherit' });
		try {
			assert.equal((await once(attackers, 'message'))[0], 'in');
			const allCut = once(attackers, 'message');
			if (echo) {
				const { connections, rss_anon_kb } = await echo.stats();
				assert.ok(connections > SLOW / 2, `${connections} connections while ${SLOW} slow clients should be in`);
				grown = Math.max(grown, rss_anon_kb - memory);
			}
			beside.push(await users(address));
			if (echo) grown = Math.max(grown, (await echo.stats()).rss_anon_kb - memory);
			// Once is enough: it takes as long as the deadlines.
			if (round === ROUNDS - 1) assert.equal((await allCut)[0], 'cut');
		} finally {
			attackers.kill();
		}
	}
	await echo?.stop();
	return { without: median(without), beside: median(beside), grown };
}

if (process.argv[2] === 'attack') {
	attack(process.argv[3]);
} else {
	describe('1,000 slow clients', { skip: elsewhere ? false : noEcho }, () => {
		it('do not slow real users, and are cut off', { timeout: 300_000 }, async (test) => {
			const { without, beside, grown } = await drill();
			test.diagnostic(`p99 ${without.toFixed(2)} ms without, ${beside.toFixed(2)} ms beside them; ${grown} kB more memory`);
			assert.ok(beside <= 2 * without + 5, `p99 ${beside.toFixed(2)} ms beside slow clients, ${without.toFixed(2)} ms without`);
			assert.ok(grown <= 65536, `${grown} kB more`);
		});
	});
}
