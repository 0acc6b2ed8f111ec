// SPDX-License-Identifier: EUPL-1.2
// The helper as the master runs it: a listening socket, a child for each connection, no more than
// so many at once, and an end that waits for what is under way.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { createConnection } from 'node:net';
import test from 'node:test';
import { ask, serve } from './helper.mjs';
import { program, temporary } from './support.mjs';

const square = temporary('serve.geojson', '{"type":"Polygon","coordinates":[[[9,54],[9.1,54],[9.1,54.1],[9,54]]]}');

const childrenOf = (pid) => readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)).filter((entry) => {
	try {
		return readFileSync(`/proc/${entry}/stat`, 'utf8').split(') ')[1].split(' ')[1] === String(pid);
	} catch {
		return false;
	}
});

test('forty jobs at once are all answered, two at a time', async () => {
	const { helper, path, end } = await serve(2);
	let most = 0;
	const watch = setInterval(() => (most = Math.max(most, childrenOf(helper.pid).length)), 5);
	const answers = await Promise.all(Array.from({ length: 40 }, () => ask(path, square)));
	clearInterval(watch);
	for (const answer of answers)
		assert.deepEqual(answer, [{ frame: 0x8001 }, { frame: 1 }]);
	assert.ok(most >= 1 && most <= 2, `${most} at once`);
	assert.match(readFileSync(`/proc/${helper.pid}/cmdline`, 'utf8'), /^planungsplattform: files\0/);
	assert.equal(await end(), 0);
});

test('a job under way has a title, is waited for, and its death costs only itself', async () => {
	const { helper, path, log, end } = await serve(2);
	// Connections that never ask: two children wait for their requests.
	const idle = [createConnection(path), createConnection(path)];
	await Promise.all(idle.map((socket) => once(socket, 'connect')));
	let children;
	do {
		await new Promise((resolve) => setImmediate(resolve));
		children = childrenOf(helper.pid).filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('planungsplattform: file job'));
	} while (children.length < 2);
	const waiting = ask(path, square); // no place is free
	// Not SIGSEGV: a sanitizer answers that one itself, and the job would end as if by its own will.
	process.kill(Number(children[0]), 'SIGKILL');
	assert.deepEqual(await waiting, [{ frame: 0x8001 }, { frame: 1 }]);
	while (!/file_job_killed/.test(log())) // it comes by a pipe of its own
		await once(helper.stderr, 'data');
	const ended = end();
	idle.forEach((socket) => socket.destroy());
	assert.equal(await ended, 0);
});

test('wrong use is told', async () => {
	for (const words of [[], ['--serve'], ['--serve', 'x'], ['--job', '3', '--serve', '4'], ['--jobs', '0', '--serve', '3'], ['--nonsense']]) {
		const helper = spawn(program('planungsplattform-files'), words, { stdio: 'ignore' });
		const [code] = await once(helper, 'exit');
		assert.equal(code, 2, words.join(' '));
	}
});
