// SPDX-License-Identifier: EUPL-1.2
// Drill: SIGHUP under load. Whoever opens a connection for each request and whoever keeps one open is
// answered every time, and whoever listens to events misses none.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
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
			const stream = await server.events('/events', { token, headers: last ? { 'Last-Event-ID': last } : {} });
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
		let last;
		const listening = listen(token, (heard) => heard.includes(last));
		for (let i = 0; i < RELOADS; i++) {
			const before = [...progress];
			const roles = ['web', 'clerk', 'files'];
			const old = (await Promise.all(roles.map((role) => server.pids(role)))).flat();
			server.child.kill('SIGHUP');
			await until(async () => {
				const now = (await Promise.all(roles.map((role) => server.pids(role)))).flat();
				return now.length === old.length && now.every((pid) => !old.includes(pid));
			});
			await until(() => progress.every((count, at) => count > before[at]), 5);
		}
		over = true;
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
