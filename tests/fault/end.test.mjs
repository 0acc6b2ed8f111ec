// SPDX-License-Identifier: EUPL-1.2
// Drill: how it ends. Told to go it answers what is under way and takes its PostgreSQL along; a worker that
// keeps dying comes back ever later; a master that is killed leaves a cluster which the next one adopts.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { program, startServer, until } from '../harness/server.mjs';
import { childrenOf, Client, embeddedServer, isAlive, isExcused, openFolder, openRound, postmasterOf, preview, release } from './support.mjs';

/* What the issue promises of ./run, whoever still holds on. */
const MOST_SECONDS = 35;

/** A request whose body comes byte by byte and never ends, and how that ended. */
function holdOn(server) {
	const request = http.request({ socketPath: server.settings.socket, method: 'POST', path: '/api/v1/affected-preview',
		headers: { 'Content-Type': 'application/json', 'Content-Length': 1_000_000 } });
	request.flushHeaders();
	const drip = setInterval(() => request.write('x'.repeat(2000)), 500);
	const over = new Promise((done) => request.once('error', done).once('response', done)).finally(() => clearInterval(drip));
	return { over, begun: once(request, 'socket').then(([socket]) => socket.connecting && once(socket, 'connect')) };
}

describe('an end', () => {
	it('by SIGTERM answers what is under way, and nothing is left', async (test) => {
		const server = await embeddedServer({ drain_seconds: 3 });
		const { planner } = await openRound(server);
		const listener = await server.events('/events', { token: planner });
		const stubborn = holdOn(server);
		await stubborn.begun;
		const client = new Client(server, { token: planner.token });
		const left = [...childrenOf(server.pid).map(([pid]) => pid), postmasterOf(server.data)];
		let good = 0;
		let told = false;
		const replies = [];
		const asking = (async () => {
			for (;;) {
				const reply = await client.ask('GET', '/municipalities/02000000');
				replies.push(reply);
				if (reply.status === 200 && !told) good++;
				if (reply.broken !== undefined) return;
			}
		})();
		await until(() => good > 20);
		told = true;
		const begun = performance.now();
		server.child.kill('SIGTERM');
		await asking;
		// Answered up to the last one, whose connection found nobody any more.
		assert.ok(replies.slice(0, -1).every((reply) => reply.status === 200), JSON.stringify(replies.at(-2)));
		// Whatever it still had to say, the stream of events ends.
		while (await listener.next());
		await server.exited;
		const seconds = (performance.now() - begun) / 1000;
		await stubborn.over;
		client.close();
		test.diagnostic(`ended ${seconds.toFixed(1)} s after SIGTERM, with a client that never finished`);
		assert.ok(seconds < MOST_SECONDS, `${seconds} s`);
		await until(() => left.every((pid) => !isAlive(pid)));
		await server.end();
	});

	it('by Ctrl-C, which reaches the whole group, is the same', async (test) => {
		const folder = openFolder();
		const data = join(folder, 'data');
		// In a group of its own, as a shell would start it.
		const server = spawn(program('planungsplattform', release), ['serve'], { detached: true, stdio: ['ignore', 'ignore', 'pipe'],
			env: { ...process.env, PP_DATA: data, PP_LISTEN: '', PP_SOCKET: join(folder, 'http.sock'), PP_WEB_WORKERS: '2', PP_GEOMETRY_WORKERS: '1' } });
		let log = '';
		server.stderr.setEncoding('utf8').on('data', (chunk) => (log += chunk));
		const exited = once(server, 'exit');
		try {
			const client = new Client({ settings: { socket: join(folder, 'http.sock') } });
			await until(async () => (await client.ask('GET', '//health')).status === 200);
			client.close();
			const left = [...childrenOf(server.pid).map(([pid]) => pid), postmasterOf(data)];
			const begun = performance.now();
			process.kill(-server.pid, 'SIGINT');
			assert.deepEqual(await exited, [0, null], log);
			const seconds = (performance.now() - begun) / 1000;
			test.diagnostic(`ended ${seconds.toFixed(1)} s after SIGINT`);
			assert.ok(seconds < MOST_SECONDS, `${seconds} s`);
			await until(() => left.every((pid) => !isAlive(pid)));
			assert.doesNotMatch(log, /child_ended|starts again/);
		} finally {
			if (server.exitCode === null && server.signalCode === null) server.kill('SIGKILL');
			rmSync(folder, { recursive: true, force: true });
		}
	});
});

describe('a worker that keeps dying', () => {
	it('comes back ever later, and at once when its reason is gone', async () => {
		const folder = openFolder();
		const server = await startServer({ settings: { socket: join(folder, 'http.sock') } });
		const client = new Client(server);
		server.expectsDeaths = true;
		const named = (event) => server.log.filter((line) => line.event === event && /^geometry 1\b/.test(line.message)).map((line) => Date.parse(line.time));
		const [first] = await server.pids('geometry');
		await server.sql('revoke select on pp.municipality from pp_geometry');
		process.kill(first, 'SIGKILL');
		await until(() => named('child_ended').length >= 5);
		assert.ok(isExcused(await client.ask('POST', '/affected-preview', preview)), 'meanwhile 503 with Retry-After');
		const ended = named('child_ended');
		const started = named('child_started').slice(1);
		// 0.1 s, then twice as long each time; the clock of the log has a slack of a few milliseconds.
		for (let i = 0; i < 4; i++)
			assert.ok(started[i] - ended[i] >= 100 * 2 ** i - 20, `start ${i + 1} came ${started[i] - ended[i]} ms after the end before`);
		await server.sql('grant select on pp.municipality to pp_geometry');
		await until(async () => (await client.ask('POST', '/affected-preview', preview)).status === 200);
		client.close();
		await server.stop();
		rmSync(folder, { recursive: true, force: true });
	});
});

describe('a master that is killed', () => {
	it('leaves a cluster that the next one adopts, with everything in it', async () => {
		const first = await embeddedServer();
		const { invitations: [{ token, id }] } = await openRound(first);
		const statement = await first.must(201, 'POST', `/invitations/${id}/statements`, { token, body: { stance: 'HINWEISE', text: 'vorher' } });
		const workers = childrenOf(first.pid).filter(([, title]) => title.startsWith('planungsplattform:')).map(([pid]) => pid);
		const postmaster = postmasterOf(first.data);
		first.child.kill('SIGKILL');
		await first.exited;
		await until(() => workers.every((pid) => !isAlive(pid)));
		assert.ok(isAlive(postmaster), 'PostgreSQL goes on without its master');
		const { data, socket } = first.settings;
		const second = await startServer({ embedded: true, folder: release, settings: { data, socket } });
		assert.ok(second.log.some((line) => line.message === `adopts process ${postmaster}`), second.tail());
		assert.equal(postmasterOf(data), postmaster);
		assert.equal((await second.must(200, 'GET', `/statements/${statement.id}`, { token })).number, statement.number);
		await second.stop();
		await until(() => !isAlive(postmaster));
		rmSync(first.ownFolder, { recursive: true, force: true });
		rmSync(join(data, '..'), { recursive: true, force: true });
	});
});
