// SPDX-License-Identifier: EUPL-1.2
// Drill: crowds of clients that hold connections, send endless headers or read nothing, beside real users; on a
// server that may open 1,024 files. What is compared is measured in one run: users alone and users in the crowd.
// Shared by crowd.test.mjs (small: counts and memory) and crowd.full.mjs (10,000 connections, and times).
import assert from 'node:assert/strict';
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import net from 'node:net';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '../api/http/raw.mjs';
import { until } from '../harness/server.mjs';

/** Sets the file limit of a process that runs already. */
export const limitFiles = (pid, files) => execFileSync('prlimit', ['--pid', String(pid), `--nofile=${files}:${files}`]);
export const openFiles = (pid) => readdirSync(`/proc/${pid}/fd`).length;
export const memoryOf = (pid) => Number(/^RssAnon:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);

const hertz = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
/** Seconds of processor time that a process has used. */
export function processorOf(pid) {
	const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
	return (Number(fields[11]) + Number(fields[12])) / hertz;
}

/** The share of a processor that a process takes while nothing but the crowd is there. */
export async function idleShare(pid, milliseconds = 3000) {
	const [used, begun] = [processorOf(pid), performance.now()];
	await pause(milliseconds);
	return ((processorOf(pid) - used) * 1000) / (performance.now() - begun);
}

/** What a crowd does with each of its connections. */
const manners = {
	/** Opens it and is silent. */
	silent: () => {},
	/** Sends a header that has no end, a field a second. */
	header: (socket) => {
		socket.write('GET / HTTP/1.1\r\nHost: a\r\n');
		return setInterval(() => socket.write('X: y\r\n'), 1000);
	},
	/** Sends 16 kB of header, over and over. */
	flood: (socket) => {
		const field = `X: ${'y'.repeat(1000)}\r\n`;
		socket.write(`GET / HTTP/1.1\r\nHost: a\r\n${field.repeat(17)}`);
	},
};

/** A process of its own: so many connections of that manner from so many addresses of the loopback, each opened anew when it ends. */
function crowd([address, manner, count, addresses, first]) {
	const [host, port] = address.split(':');
	// Attackers have machines of their own: what they need shall not be taken from the server.
	setPriority(19);
	const seen = { opened: 0, ended: 0 };
	process.on('message', () => process.send(seen));
	const open = (i) => {
		const socket = net.connect({ host, port: Number(port), localAddress: `127.0.${first}.${1 + (i % addresses)}` });
		let timer;
		socket.on('connect', () => {
			seen.opened++;
			timer = manners[manner](socket);
		});
		socket.on('data', () => {}).on('error', () => {}).on('close', () => {
			clearInterval(timer);
			seen.ended++;
			setTimeout(open, 100 + (i % 400), i);
		});
	};
	for (let i = 0; i < count; i++) open(i);
	process.send('begun');
}

export async function startCrowd(address, manner, count, { addresses = 10, first = 9 } = {}) {
	const child = fork(fileURLToPath(import.meta.url), ['crowd', address, manner, count, addresses, first], { stdio: 'inherit' });
	await once(child, 'message');
	return {
		async seen() {
			child.send('seen');
			return (await once(child, 'message'))[0];
		},
		stop: async () => {
			child.kill('SIGKILL');
			await once(child, 'exit');
		},
	};
}

/** A user who keeps a connection, and opens another when that has ended: the times of its requests in ms. */
export async function user(address, path, requests) {
	const times = [];
	let socket;
	let heard = '';
	let wake = () => {};
	const reconnect = () => {
		socket = connect(address);
		heard = '';
		socket.on('data', (bytes) => ((heard += bytes.toString('latin1')), wake())).on('close', () => wake()).on('end', () => socket.destroy());
	};
	const isWhole = () => {
		const end = heard.indexOf('\r\n\r\n');
		return end >= 0 && heard.length >= end + 4 + Number(/content-length: (\d+)/i.exec(heard)?.[1] ?? 0);
	};
	reconnect();
	for (let i = 0; i < requests; i++) {
		const begun = performance.now();
		for (;;) {
			if (socket.destroyed) reconnect();
			heard = '';
			socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
			while (!isWhole() && !socket.destroyed) await new Promise((done) => (wake = done));
			if (isWhole()) break;
		}
		assert.match(heard, /^HTTP\/1\.1 200 /);
		times.push(performance.now() - begun);
	}
	socket.destroy();
	return times;
}

export async function users(address, path, count, requests) {
	const all = (await Promise.all(Array.from({ length: count }, () => user(address, path, requests)))).flat().sort((a, b) => a - b);
	return { p50: all[Math.floor(all.length * 0.5)], p99: all[Math.floor(all.length * 0.99)], longest: all.at(-1), count: all.length };
}

/** Clients that ask for so many bytes and take none of them; answers when all of them are being answered. */
export async function startDeaf(address, path, count) {
	const sockets = Array.from({ length: count }, () => {
		const socket = connect(address);
		socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
		return socket;
	});
	// Who listens for that and reads nothing has at most 64 kB taken for it, by Node.
	await Promise.all(sockets.map((socket) => once(socket, 'readable')));
	const ports = new Set(sockets.map(({ localPort }) => localPort));
	return {
		/** How many of them the server has not hung up on, as the kernel has it (proc(5), net/tcp): 01 is ESTABLISHED. */
		open: () => readFileSync('/proc/net/tcp', 'utf8').split('\n').map((line) => line.trim().split(/\s+/))
			.filter(([, local, , state]) => state === '01' && ports.has(parseInt(local.split(':')[1], 16))).length,
		stop: () => sockets.forEach((socket) => socket.destroy()),
	};
}

/** Waits until a number that grows has stopped growing: it was the same twice, so many ms apart. */
export async function settled(probe, between = 200) {
	let last = await probe();
	await until(async () => {
		await pause(between);
		const now = await probe();
		const isSame = now === last;
		last = now;
		return isSame;
	});
	return last;
}

if (process.argv[2] === 'crowd') crowd(process.argv.slice(3).map((word) => (/^\d+$/.test(word) ? Number(word) : word)));
