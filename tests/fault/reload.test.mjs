// SPDX-License-Identifier: EUPL-1.2
// Drill: SIGHUP under load, also while the worker before still has something to finish. Whoever opens a connection for each request and whoever keeps one open is
// answered every time, and whoever listens to events misses none.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startServer, until } from '../harness/server.mjs';
import { Client, openFolder, openRound, preview } from './support.mjs';

const RELOADS = 4;

describe('SIGHUP', () => {
	let server, round, folder;
	before(async () => {
		folder = openFolder();
		server = await startServer({ settings: { socket: join(folder, 'http.sock'), rate_public: 0, rate_costly: 0, rate_account: 0 } });
		round = await openRound(server);
	});
	after(async () => {
		await server.stop();
		rmSync(folder, { recursive: true, force: true });
	});

	/* Comes back with the id of the last event, as an EventSource does; answers the statements that it heard of. */
	async function listen(token, isOver) {
		const heard = [];
		let last;
		while (!isOver(heard)) {
			// A connection that was kept may be closed just when it is used again (RFC 9112 §9.3.1): an EventSource tries anew.
			const stream = await server.events('/events', { token, headers: last ? { 'Last-Event-ID': last } : {} }).catch((error) => assert.equal(error.message, 'fetch failed'));
			if (!stream) continue;
			// A stream that is cut is one that ended: what it did not bring comes with the next one.
			const next = () => stream.next().catch((error) => assert.equal(error.message, 'terminated'));
			for (let event; !isOver(heard) && (event = await next());) {
				last = event.id;
				if (event.event === 'statement.submitted') heard.push(event.data.statement);
			}
			stream.close();
		}
		return heard;
	}

	/* Half a statement; what it answers sends the other half and tells the status. */
	async function halfSent(server, token, id) {
		const body = Buffer.from(JSON.stringify({ stance: 'HINWEISE', text: 'in zwei Hälften' }));
		const socket = connect(server.settings.socket);
		let reply = '';
		socket.on('data', (data) => { reply += data; });
		const over = once(socket, 'close');
		await once(socket, 'connect');
		await new Promise((sent) => socket.write(`POST /api/v1/invitations/${id}/statements HTTP/1.1\r\nHost: drill\r\n`
			+ `Authorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`, sent));
		await new Promise((sent) => socket.write(body.subarray(0, body.length / 2), sent));
		return async () => {
			socket.end(body.subarray(body.length / 2));
			await over;
			return Number(/^HTTP\/1.1 (\d+)/.exec(reply)?.[1]);
		};
	}

	it('loses no request and no event', async (test) => {
		const { token, id } = round.invitations[0];
		const stored = [];
		const lost = [];
		let over = false;
		const ways = {
			statement: async (client) => {
				const reply = await client.ask('POST', `/invitations/${id}/statements`, { stance: 'HINWEISE', text: 'unter Last' });
				if (reply.status === 201) stored.push(reply.body.id);
				return reply;
			},
			municipality: (client) => client.ask('GET', '/municipalities/02000000'),
			preview: (client) => client.ask('POST', '/affected-preview', preview),
		};
		const progress = [];
		const work = Object.entries(ways).flatMap(([name, way]) => [true, false].map(async (keepAlive) => {
			const client = new Client(server, { token, keepAlive });
			const at = progress.push(0) - 1;
			while (!over) {
				const reply = await way(client);
				if (reply.status !== 200 && reply.status !== 201) lost.push([name, keepAlive, reply.broken ?? reply.status, reply.text]);
				progress[at]++;
			}
			client.close();
		}));
		let last, failed = false;
		const listening = listen(token, (heard) => failed || heard.includes(last));
		const roles = ['web', 'clerk', 'files'];
		const pids = async () => (await Promise.all(roles.map((role) => server.pids(role)))).flat();
		const haveGone = async (old) => !(await pids()).some((pid) => old.includes(pid));
		const drains = (pid) => server.log.some((line) => line.event === 'draining' && line.pid === pid);
		const served = async () => {
			const before = [...progress];
			await until(() => progress.every((count, at) => count > before[at]), 5);
			assert.deepEqual(lost, []);
		};
		const reload = () => server.child.kill('SIGHUP');
		try {
			for (let i = 0; i < RELOADS; i++) {
				const old = await pids();
				reload();
				await until(() => haveGone(old));
				await served();
			}
			// A second one while a worker still waits for half a body: its successor, which serves, must stay.
			for (let i = 0; i < RELOADS; i++) {
				const old = await server.pids('web');
				const otherHalf = await halfSent(server, token, id);
				reload();
				await until(() => old.every(drains));
				const all = await server.pids('web');
				reload();
				await served();
				assert.equal(await otherHalf(), 201);
				await until(() => haveGone(all));
			}
		} catch (error) {
			failed = true;
			throw error;
		} finally {
			over = true;
		}
		await Promise.all(work);
		assert.deepEqual(lost, []);
		last = (await server.must(201, 'POST', `/invitations/${id}/statements`, { token, body: { stance: 'HINWEISE', text: 'zuletzt' } })).id;
		const heard = await listening;
		test.diagnostic(`${progress} requests, ${heard.length} events over ${RELOADS} reloads`);
		// Ids sort as they were received; what was submitted before the listener came is not its business.
		assert.deepEqual(stored.filter((each) => each > heard[0] && !heard.includes(each)), []);
		assert.ok(heard.length > stored.length / 2);
	});
});
