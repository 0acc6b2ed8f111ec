// SPDX-License-Identifier: EUPL-1.2
// Raw sockets for the tests of the HTTP room: the echo server or, where PP_HTTP_ADDRESS (host:port) is set, any
// server; PP_HTTP_PATH is then a path that takes JSON with POST from anybody.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';

export const elsewhere = process.env.PP_HTTP_ADDRESS;
export const postPath = elsewhere ? process.env.PP_HTTP_PATH ?? '/api/v1/affected-preview' : '/echo';

/** Why the echo server's own tests cannot run, or false. */
export const noEcho = process.env.PP_HTTP_ECHO ? false : 'PP_HTTP_ECHO does not name the echo server';

/** Starts the echo server; stop() resolves to its last line and fails where a sanitizer spoke. */
export async function startEcho(...limits) {
	const child = spawn(process.env.PP_HTTP_ECHO, limits, { stdio: ['ignore', 'pipe', 'pipe'] });
	const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
	let errors = '';
	child.stderr.on('data', (bytes) => (errors += bytes));
	const exited = once(child, 'exit');
	const { value: address } = await lines.next();
	return {
		address,
		pid: child.pid,
		errors: () => errors,
		stats: async () => JSON.parse((await ask(address, 'GET /stats HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')).at(-1).body),
		async stop() {
			child.kill('SIGTERM');
			const { value: last } = await lines.next();
			const [code, signal] = await exited;
			if (code !== 0) throw new Error(`echo server ended with ${code ?? signal}: ${errors}`);
			return last;
		},
	};
}

/** Reads a table: # lines are comments, members are separated by tabs. */
export function readTable(name) {
	return readFileSync(path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), name), 'utf8')
		.split('\n')
		.filter((line) => line && !line.startsWith('#'))
		.map((line) => line.split('\t'));
}

const post = (version) => `POST ${postPath} HTTP/${version}\r\nHost: a\r\nContent-Type: application/json\r\n`;
const escapes = { r: '\r', n: '\n', t: '\t', 0: '\0', '\\': '\\' };

/** The bytes that a cell of a table stands for. */
export function bytesOf(cell) {
	const text = cell
		.replaceAll('{POST}', post('1.1'))
		.replaceAll('{POST10}', post('1.0'))
		.replaceAll('{PATH}', postPath)
		.replace(/\{([^{}]+)\*(\d+)\}/g, (_, piece, times) => piece.repeat(Number(times)))
		.replace(/\\(?:x([0-9a-f]{2})|([rnt0\\]))/g, (_, hex, one) => (hex ? String.fromCharCode(parseInt(hex, 16)) : escapes[one]));
	return Buffer.from(text, 'latin1');
}

export function connect(address) {
	const [host, port] = address.startsWith('/') ? [] : address.split(/:(?=\d+$)/);
	const socket = net.connect(host ? { host, port: Number(port), allowHalfOpen: true } : { path: address, allowHalfOpen: true });
	socket.setNoDelay(true);
	socket.on('error', () => {});
	return socket;
}

/** Splits what came into replies. `heads` tells which of them have no body although they announce one. */
export function repliesOf(bytes, heads = []) {
	const replies = [];
	let rest = bytes.toString('latin1');
	while (rest) {
		const end = rest.indexOf('\r\n\r\n');
		if (end < 0) throw new Error(`not a reply: ${JSON.stringify(rest.slice(0, 200))}`);
		const [line, ...lines] = rest.slice(0, end).split('\r\n');
		const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(line)?.[1]);
		if (!status) throw new Error(`not a status line: ${JSON.stringify(line)}`);
		const fields = {};
		for (const one of lines) {
			const [, name, value] = /^([^:\s]+): (.*)$/.exec(one);
			fields[name.toLowerCase()] = name.toLowerCase() in fields ? `${fields[name.toLowerCase()]}, ${value}` : value;
		}
		rest = rest.slice(end + 4);
		const reply = { status, fields, body: '', complete: true };
		const interim = status < 200;
		if (!interim && !heads[replies.filter((one) => one.status >= 200).length]) rest = takeBody(reply, rest);
		replies.push(reply);
	}
	return replies;
}

function takeBody(reply, rest) {
	if (reply.fields['transfer-encoding'] === 'chunked') {
		for (;;) {
			const line = /^([0-9a-f]+)\r\n/.exec(rest);
			const size = line ? parseInt(line[1], 16) : 0;
			if (!line || rest.length < line[0].length + size + 2) {
				reply.complete = false;
				return '';
			}
			reply.body += rest.slice(line[0].length, line[0].length + size);
			rest = rest.slice(line[0].length + size + 2);
			if (size === 0) return rest;
		}
	}
	const length = Number(reply.fields['content-length'] ?? (reply.status === 204 || reply.status === 304 ? 0 : rest.length));
	reply.body = rest.slice(0, length);
	reply.complete = rest.length >= length;
	return rest.slice(length);
}

/** Everything the server says until it closes. */
export async function untilClosed(socket) {
	const parts = [];
	socket.on('data', (bytes) => parts.push(bytes));
	await new Promise((done) => socket.once('end', done).once('close', done));
	socket.destroy();
	return Buffer.concat(parts);
}

/** Sends bytes and resolves to the replies when the server has closed. */
export async function ask(address, bytes, heads) {
	const socket = connect(address);
	const said = untilClosed(socket);
	socket.write(bytes);
	return repliesOf(await said, heads);
}
