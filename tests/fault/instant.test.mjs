// SPDX-License-Identifier: EUPL-1.2
// The last instant: 1,000 submissions at once, half of them in the last 200 ms of a period and half in the first 200 ms
// after it, sent by their last byte. Each is judged by its own receipt, none is refused, none is lost; also where the
// period runs across a change of the clocks. The period ends on the server's clock, which the test sets.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startServer, until } from '../harness/server.mjs';
import { amtPinnau, ellerbek, hamburg, invitationOf, openRound, roundOf } from '../api/support.mjs';
import { random, release, seed } from './support.mjs';

const PROCEDURES = 10;
const SUBMISSIONS = 1000;
const WINDOW = 200;

/** A request that lacks its last byte: {finish(), answer}. The answer comes when the server has closed the connection. */
async function prepare(server, path, token, body) {
	const text = Buffer.from(JSON.stringify(body));
	const socket = net.connect(server.settings.socket);
	await once(socket, 'connect');
	socket.setNoDelay(true);
	const chunks = [];
	const answer = new Promise((answered, failed) => {
		socket.on('data', (chunk) => chunks.push(chunk)).on('error', failed).on('end', () => {
			const [head, ...rest] = Buffer.concat(chunks).toString().split('\r\n\r\n');
			answered({ status: Number(head.split(' ')[1]), body: rest.join('\r\n\r\n') });
		});
	});
	socket.write(`POST /api/v1${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n`);
	socket.write(text.subarray(0, -1));
	return { finish: () => socket.write(text.subarray(-1)), answer };
}

/** So many tokens of that account: nobody of the crowd is known to a worker from before. */
async function tokensOf(server, { email }, count) {
	const tokens = Array.from({ length: count }, () => randomBytes(32).toString('base64url'));
	const hashes = tokens.map((token) => createHash('sha256').update(token).digest('hex')).join();
	await server.sql(`insert into pp.token (id, sha256, account, label, created_at, membership)
		select pp.uuid7(now()), decode(h, 'hex'), a.id, 'crowd', now(), m.id from pp.account a left join pp.membership m on m.account = a.id, unnest(string_to_array(:'hashes', ',')) h where a.email = :'email'`, { hashes, email });
	return tokens;
}

describe('a period that ends', () => {
	let server, planner, amt, citizen, folder;
	before(async () => {
		// As behind a reverse proxy, which limits its own clients.
		folder = mkdtempSync(join(tmpdir(), 'pp-instant-'));
		server = await startServer({ clock: true, folder: release, settings: { socket: join(folder, 'http.sock'), rate_public: 0, rate_costly: 0, rate_account: 0 } });
		planner = await server.account('manager', hamburg);
		amt = await server.account('clerk releaser', amtPinnau);
		citizen = await server.account('public');
		// The server's clock will be set to days before these accounts were made.
		await server.sql('update pp.membership set valid_from = null');
	});
	after(async () => {
		await server.stop();
		rmSync(folder, { recursive: true });
	});

	// The last days are Mondays after the nights of the change; a month before, the clocks were the other ones.
	for (const [season, now, start, end, closes, wrong] of [
		['after summer time has begun', '2025-02-24T10:00:00Z', '2025-02-25', '2025-03-31', '2025-03-31T22:00:00.000000Z', '2025-03-31T22:30:00Z'],
		['after summer time has ended', '2025-09-22T10:00:00Z', '2025-09-23', '2025-10-27', '2025-10-27T23:00:00.000000Z', '2025-10-27T22:30:00Z'],
		['in the middle of winter', '2025-11-10T10:00:00Z', '2025-11-11', '2025-12-15', '2025-12-15T23:00:00.000000Z', '2025-12-15T22:30:00Z'],
	])
		it(`${season}: every submission is judged by its own receipt`, async (t) => {
			const seeded = seed();
			const chance = random(seeded);
			server.clock.set(now);
			const targets = [];
			for (let i = 0; i < PROCEDURES; i++) {
				const { procedure, round, opened } = await openRound(server, planner, { round: { start, end } });
				assert.equal(opened.closes_at, closes);
				const asked = roundOf({ step: 'FOERM_OEFF', audience: 'OEFF', start, end });
				await server.must(201, 'POST', `/procedures/${procedure}/rounds`, { token: planner, body: asked });
				const { id, deadline_at: deadline } = await invitationOf(server, amt, round, ellerbek);
				assert.equal(deadline, closes);
				targets.push([`/invitations/${id}/statements`, amt, 'BEDENKEN'], [`/procedures/${procedure}/statements`, citizen, 'EINWENDUNG']);
			}
			// An hour wrong in either direction would turn this one.
			server.clock.set(wrong);
			const [path, token, stance] = targets[0];
			assert.equal((await server.must(201, 'POST', path, { token, body: { stance, text: 'eine Stunde' } })).on_time, wrong < closes);

			const crowd = new Map([[amt, await tokensOf(server, amt, SUBMISSIONS / 2)], [citizen, await tokensOf(server, citizen, SUBMISSIONS / 2)]]);
			server.clock.set(new Date(Date.parse(closes) - 3600000));
			const sent = await Promise.all(Array.from({ length: SUBMISSIONS }, async (_, i) => {
				const [where, who, how] = targets[i % targets.length];
				const text = `${season} ${seeded} ${i}`;
				return { text, due: Date.parse(closes) + (chance() * 2 - 1) * WINDOW, ...(await prepare(server, where, crowd.get(who).pop(), { stance: how, text })) };
			}));
			server.clock.set(new Date(Date.parse(closes) - 2 * WINDOW));
			const waiting = sent.slice().sort((a, b) => a.due - b.due);
			await until(() => {
				while (waiting.length && waiting[0].due <= server.clock.now()) waiting.shift().finish();
				return waiting.length === 0;
			}, 1);
			const answers = await Promise.all(sent.map(({ answer }) => answer));
			const receipts = answers.map(({ status, body }) => {
				assert.equal(status, 201, `${body} (PP_SEED=${seeded})`);
				return JSON.parse(body);
			});

			const early = receipts.filter(({ received_at: at }) => at < closes);
			const near = receipts.filter(({ received_at: at }) => Math.abs(Date.parse(at) - Date.parse(closes)) <= WINDOW);
			t.diagnostic(`${early.length} before the end, ${receipts.length - early.length} after it; ${near.length} within ${WINDOW} ms of it`);
			assert.ok(early.length > 0 && early.length < SUBMISSIONS, `both sides of the end are hit (PP_SEED=${seeded})`);
			for (const [i, receipt] of receipts.entries()) assert.deepEqual([receipt.on_time, receipt.text], [receipt.received_at < closes, sent[i].text], `PP_SEED=${seeded}`);

			const times = receipts.map(({ received_at: at }) => at).sort();
			const rows = await server.sql(`select id, number, text, pp.rfc3339(received_at) as received_at, pp.rfc3339(deadline_at) as deadline_at, on_time
				from pp.statement where received_at between :'first' and :'last'`, { first: times[0], last: times.at(-1) });
			const byId = Object.fromEntries(rows.map((row) => [row.id, row]));
			assert.equal(rows.length, SUBMISSIONS, 'none is lost, none is there twice');
			for (const { id, number, text, received_at: at, on_time: inTime, author_role: role } of receipts)
				assert.deepEqual(byId[id], { id, number, text: role === 'OEFF' ? null : text, received_at: at, deadline_at: closes, on_time: inTime });
			// What private persons say is sealed: they read it themselves.
			for (const { id, text } of receipts.filter(({ author_role: role }) => role === 'OEFF').slice(0, 20))
				assert.equal((await server.must(200, 'GET', `/statements/${id}`, { token: citizen })).text, text);
		});
});
