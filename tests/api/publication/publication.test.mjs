// SPDX-License-Identifier: EUPL-1.2
// Proof of publication: what is published and with which bytes; a probe looks at it through an address of the
// public, which goes away, changes a byte, and comes back. March 2027.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { command, program, startServer, until } from '../../harness/server.mjs';
import { amtPinnau, hamburg, openRound, pointers, refuses, walk } from '../support.mjs';

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const asked = { step: 'FOERM_OEFF', audience: 'OEFF', start: '2027-03-02', end: '2027-04-06' };

/** The public address: passes on to the server, unless it is told to do harm. */
async function publicAddress(state) {
	const proxy = http.createServer((request, reply) => {
		state.cookies = state.cookies || request.headers.cookie !== undefined || request.headers.authorization !== undefined;
		state.agent = request.headers['user-agent'];
		if (state.busy > 0 && state.busy--) return reply.writeHead(429, { 'Retry-After': '1' }).end();
		if (state.status && request.url.startsWith(state.status[0])) return reply.writeHead(state.status[1]).end();
		const onward = http.request(state.server.address + request.url, { method: request.method, headers: request.headers }, (answer) => {
			const chunks = [];
			answer.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
				const body = Buffer.concat(chunks);
				if (state.change && request.url.startsWith(state.change)) body[body.length - 2] ^= 1;
				reply.writeHead(answer.statusCode, answer.headers).end(body);
			});
		});
		onward.on('error', () => request.socket.destroy());
		request.pipe(onward);
	});
	proxy.listen(0, '127.0.0.1');
	await once(proxy, 'listening');
	return { url: `http://127.0.0.1:${proxy.address().port}`, close: () => (proxy.closeAllConnections(), proxy.close()) };
}

describe('proof of publication', () => {
	const folder = mkdtempSync(join(tmpdir(), 'pp-probe-'));
	const file = join(folder, 'looks.jsonl');
	const state = {};
	const watching = [];
	let server, planner, procedure, round, plan, open;
	before(async () => {
		server = state.server = await startServer({ clock: true });
		server.clock.set('2027-03-01T09:00:00Z');
		planner = await server.account('manager', hamburg);
		({ procedure, round, plan } = await openRound(server, planner, { round: asked }));
		open = await publicAddress(state);
	});
	after(async () => {
		for (const child of watching) child.kill('SIGKILL');
		open.close();
		await server.stop();
		rmSync(folder, { recursive: true });
	});

	// The probe has a clock of its own, as on another machine.
	const clock = (at) => {
		const shift = Buffer.alloc(8);
		shift.writeBigInt64LE(BigInt(new Date(at).getTime() - Date.now()) * 1000n);
		const path = join(folder, 'clock');
		writeFileSync(path, shift);
		return { PP_CLOCK_SHIFT: path, PP_TOKEN: planner.token };
	};
	const probe = (at, ...words) => command(['probe', '--url', open.url, '--name', 'Sonde 1', '--once', ...words], { env: clock(at) });
	// Whatever becomes of this test, the probe does not outlive it.
	const watch = (words, at) => {
		const child = spawn('setpriv', ['--pdeathsig', 'TERM', '--', program(), 'probe', ...words], { stdio: 'ignore', env: { ...process.env, ...clock(at) } });
		watching.push(child);
		return child;
	};
	const report = () => ['--report', server.address];
	const lines = (path = file) => readFileSync(path, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
	const published = () => server.must(200, 'GET', `/rounds/${round}/publication`);

	it('begins with a manifest of the bytes that are served', async () => {
		const manifest = await server.must(200, 'GET', `/procedures/${procedure}/publication-manifest`);
		assert.deepEqual(manifest.entries.map((entry) => [entry.kind, entry.address]), [
			['VERFAHREN', `/api/v1/procedures/${procedure}`], ['PLAN', `/api/v1/plans/${plan}`], ['RUNDE', `/api/v1/rounds/${round}`]]);
		for (const entry of manifest.entries) {
			const bytes = Buffer.from(await (await fetch(server.address + entry.address)).arrayBuffer());
			assert.deepEqual([entry.sha256, entry.bytes], [sha256(bytes), bytes.length], entry.address);
		}
		assert.deepEqual(await server.must(200, 'GET', `/procedures/${procedure}/publication-manifest`, { token: planner }), manifest, 'whoever asks');
		const hidden = await openRound(server, planner, { round: { start: '2027-03-02', end: '2027-04-06' } });
		await refuses(server, 404, 'procedure_not_found', 'GET', `/procedures/${hidden.procedure}/publication-manifest`, { token: planner });
		await refuses(server, 409, 'conflict', 'GET', `/rounds/${hidden.round}/publication`, { token: planner });
	});

	it('is for whoever asks the public at this moment', async () => {
		const list = () => walk(server, '/publications?limit=1', { token: planner });
		assert.deepEqual(await list(), []);
		server.clock.set('2027-03-03T10:00:00Z');
		const [{ rounds, manifest, ...rest }] = await list();
		assert.deepEqual([rounds, manifest, rest.procedure], [[round], `/api/v1/procedures/${procedure}/publication-manifest`, procedure]);
		assert.deepEqual((await published()).probes, []);
	});

	it('has a look that finds all well, without cookies', async () => {
		const good = await probe('2027-03-03T10:00:00Z', '--all', '--out', file, ...report());
		assert.deepEqual([good.status, good.stderr], [0, '']);
		const [look] = lines();
		assert.deepEqual([look.probe, look.url, look.procedure, look.entries, look.failures, look.every_s], ['Sonde 1', open.url, procedure, 3, [], 300]);
		assert.match(look.at, /^2027-03-03T10:00:/);
		assert.match(state.agent, /^planungsplattform-probe\//);
		assert.ok(!state.cookies);
		const [seen] = (await published()).probes;
		assert.deepEqual([seen.probe, seen.looks, seen.good, seen.first], ['Sonde 1', 1, 1, look.at]);
		assert.equal((await probe('2027-03-03T10:05:00Z', '--procedure', procedure, '--out', file, ...report())).status, 0);
	});

	it('finds a server that was stopped and came back: the gap has its length, and is an interruption', async () => {
		await server.stop({ keepDatabase: true });
		for (const at of ['2027-03-03T10:10:00Z', '2027-03-03T10:15:00Z']) {
			const bad = await probe(at, '--procedure', procedure, '--out', file, ...report());
			assert.equal(bad.status, 1);
			assert.match(bad.stderr, /not everything was reported/);
		}
		server = state.server = await startServer({ clock: true, database: server.database });
		server.clock.set('2027-03-03T15:00:00Z');
		// Six hours later, reported then; what was seen meanwhile comes from its file.
		assert.equal((await probe('2027-03-03T14:40:00Z', '--procedure', procedure, '--out', file, ...report())).status, 0);
		const looks = lines();
		assert.deepEqual(looks.map((look) => look.failures.map((failure) => failure.problem).join()), ['', '', 'UNERREICHBAR', 'UNERREICHBAR', '']);
		assert.ok(looks[2].failures[0].detail);
		const sent = await command(['probe', '--send', file, ...report()], { env: clock('2027-03-03T14:41:00Z') });
		assert.deepEqual([sent.status, sent.stderr], [0, '']);
		const [seen] = (await published()).probes;
		assert.deepEqual([seen.looks, seen.good], [5, 3], 'each look once');
		const [from, last, to] = [looks[2].at, looks[3].at, looks[4].at];
		const seconds = (a, b) => Math.round((Date.parse(b) - Date.parse(a)) / 1000);
		const gap = seen.gaps.find((each) => each.kind === 'AUSFALL');
		assert.deepEqual([gap.from, gap.to, gap.over, gap.looks, gap.problems, gap.meaning], [from, to, true, 2, ['UNERREICHBAR'], 'VERLAENGERN']);
		assert.ok(Math.abs(gap.length_s - seconds(from, to)) <= 1 && Math.abs(gap.length_s - 16200) < 60);
		assert.ok(Math.abs(gap.at_most_s - gap.length_s - 300) < 60, 'at most from the last look that was well');
		assert.equal(gap.share, Number((seconds(from, to) / (36 * 86400 - 3600)).toFixed(6)));
		// Nobody looked from 10:15 to 14:40, nor from the first day until the probe began.
		assert.ok(seen.gaps.some((each) => each.kind === 'UNBEOBACHTET' && each.from === last && each.to === to));
		assert.ok(seen.gaps.some((each) => each.kind === 'UNBEOBACHTET' && each.from === '2027-03-01T23:00:00.000000Z' && each.to === looks[0].at));

		const { items, rule, proposal } = await server.must(200, 'GET', `/rounds/${round}/outages`);
		assert.deepEqual(items.map((item) => [item.from, item.to, item.source, item.scope]), [[from, to, 'SONDE', 'VERFAHREN']]);
		assert.deepEqual([rule.meaning, proposal.days, proposal.end], ['VERLAENGERN', 1, '2027-04-07']);
		assert.match(items[0].what, /Sonde 1/);
		// Sent once more, nothing is new.
		assert.equal((await command(['probe', '--send', file, ...report()], { env: clock('2027-03-03T14:42:00Z') })).status, 0);
		assert.equal((await server.must(200, 'GET', `/rounds/${round}/outages`)).items.length, 1);
	});

	it('finds one byte that is not as it was published, and an address that is shut', async () => {
		state.change = `/api/v1/plans/${plan}`;
		const changed = await probe('2027-03-03T14:45:00Z', '--procedure', procedure, '--out', file, ...report());
		assert.equal(changed.status, 1);
		const [failure] = lines().at(-1).failures;
		assert.deepEqual([failure.problem, failure.address, failure.status], ['VERAENDERT', state.change, 200]);
		assert.match(failure.expected, /^[0-9a-f]{64}$/);
		assert.notEqual(failure.found, failure.expected);
		const gaps = async (kind) => (await published()).probes[0].gaps.filter((each) => each.kind === kind);
		assert.deepEqual((await gaps('VERAENDERT')).map((gap) => gap.over), [false], 'it lasts still');
		state.change = null;
		assert.equal((await probe('2027-03-03T14:50:00Z', '--procedure', procedure, '--out', file, ...report())).status, 0);
		assert.deepEqual((await gaps('VERAENDERT')).map((gap) => [gap.over, gap.problems]), [[true, ['VERAENDERT']]]);

		state.status = [`/api/v1/rounds/${round}`, 401];
		assert.equal((await probe('2027-03-03T14:55:00Z', '--procedure', procedure, '--out', file, ...report())).status, 1);
		assert.deepEqual(lines().at(-1).failures.map((each) => [each.problem, each.status]), [['STATUS', 401]]);
		state.status = null;
	});

	it('waits where it is asked to, and says so when that never ends', async () => {
		state.busy = 2;
		assert.equal((await probe('2027-03-03T14:56:00Z', '--procedure', procedure, '--out', join(folder, 'busy.jsonl'))).status, 0);
		assert.equal(state.busy, 0);
		state.status = [`/api/v1/plans/${plan}`, 429];
		assert.equal((await probe('2027-03-03T14:57:00Z', '--procedure', procedure, '--out', join(folder, 'busy.jsonl'))).status, 1);
		assert.deepEqual(lines(join(folder, 'busy.jsonl')).at(-1).failures.map((each) => [each.problem, each.status]), [['STATUS', 429]]);
		state.status = null;
	});

	it('is reported by the planning body of the procedure and by operators', async () => {
		const look = { ...lines()[0], at: '2027-03-03T09:00:00Z', ended_at: '2027-03-03T09:00:01Z', probe: 'Sonde 2' };
		const post = (token, change) => ['POST', '/probe-results', { token, body: { results: [{ ...look, ...change }] } }];
		await refuses(server, 403, 'forbidden', ...post(await server.account('clerk releaser', amtPinnau)));
		assert.equal((await server.api(...post(undefined))).status, 401);
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', ...post(await server.account('manager', '01001000')))), ['/results/0/procedure']);
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', ...post(planner, { at: '2027-03-03T16:00:00Z', ended_at: '2027-03-03T16:00:00Z' }))), ['/results/0/at']);
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', ...post(planner, { every_s: 0 }))), ['/results/0/every_s']);
		const admin = await server.account('operator');
		assert.deepEqual(await server.must(200, ...post(admin)), { stored: 1, known: 0, outages: [] });
		assert.deepEqual(await server.must(200, ...post(admin)), { stored: 0, known: 1, outages: [] });
		assert.deepEqual((await published()).probes.map((each) => each.probe), ['Sonde 1', 'Sonde 2']);
	});

	it('sends a long file in parts', async () => {
		const path = join(folder, 'long.jsonl');
		const [look] = lines();
		const at = (n) => new Date(Date.parse('2027-03-02T00:00:00Z') + n * 300000).toISOString();
		writeFileSync(path, Array.from({ length: 250 }, (_, n) => `${JSON.stringify({ ...look, probe: 'Sonde 3', at: at(n), ended_at: at(n) })}\n`).join(''));
		assert.equal((await command(['probe', '--send', path, ...report()], { env: clock('2027-03-03T15:00:00Z') })).status, 0);
		const seen = (await published()).probes.find((each) => each.probe === 'Sonde 3');
		assert.deepEqual([seen.looks, seen.good, seen.last], [250, 250, `${at(249).slice(0, -1)}000Z`]);
		writeFileSync(path, 'no line of a probe\n');
		const refused = await command(['probe', '--send', path, ...report()], { env: clock('2027-03-03T15:00:00Z') });
		assert.deepEqual([refused.status, /malformed_json/.test(refused.stderr)], [1, true]);
	});

	it('goes on, look after look, until it is told to end', async () => {
		const path = join(folder, 'watch.jsonl');
		writeFileSync(path, '');
		const child = watch(['--url', open.url, '--all', '--every', '1', '--out', path], '2027-03-03T15:00:00Z');
		const ended = once(child, 'exit');
		await until(() => readFileSync(path, 'utf8').split('\n').length > 3);
		child.kill('SIGTERM');
		assert.deepEqual(await ended, [0, null]);
		const looks = lines(path);
		assert.ok(looks.every((look) => look.every_s === 1 && look.failures.length === 0));
		assert.equal(new Set(looks.map((look) => look.at)).size, looks.length);
	});

	it('keeps what it cannot report, and reports it when the server is back', async () => {
		const path = join(folder, 'kept.jsonl');
		writeFileSync(path, '');
		const kept = () => readFileSync(path, 'utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line));
		const child = watch(['--url', open.url, '--procedure', procedure, '--every', '1', '--name', 'Sonde 4', '--out', path, '--report', open.url], '2027-03-03T15:30:00Z');
		const ended = once(child, 'exit');
		await until(() => kept().length > 0);
		await server.stop({ keepDatabase: true });
		await until(() => kept().at(-1).failures.length > 0);
		server = state.server = await startServer({ clock: true, database: server.database });
		server.clock.set('2027-03-03T16:00:00Z');
		await until(() => kept().at(-1).failures.length === 0);
		const known = kept();
		await until(async () => (await published()).probes.find((each) => each.probe === 'Sonde 4')?.looks >= known.length);
		child.kill('SIGTERM');
		assert.deepEqual(await ended, [0, null]);
		const first = known.findIndex((look) => look.failures.length > 0);
		const { items } = await server.must(200, 'GET', `/rounds/${round}/outages`);
		assert.deepEqual(items.filter((item) => /Sonde 4/.test(item.what)).map((item) => [item.from, item.to]),
			[[known[first].at, known.find((look, n) => n > first && look.failures.length === 0).at]]);
	});

	it('says what it needs', async () => {
		for (const [words, message] of [
			[['--url', 'ftp://x.example', '--all'], /--url/], [['--url', 'http://x.example/', '--all'], /slash/], [['--url', 'http://x.example'], /--all or --procedure/],
			[['--url', 'http://x.example', '--all', '--every', '0'], /--every/], [['--send', file], /--report/], [['--url', 'http://x.example', '--all', 'more'], /not understood/],
		]) {
			const refused = await command(['probe', ...words]);
			assert.equal(refused.status, 2, words.join(' '));
			assert.match(refused.stderr, message);
		}
		const without = await command(['probe', '--url', open.url, '--all', '--report', open.url], { env: { PP_TOKEN: '' } });
		assert.deepEqual([without.status, /PP_TOKEN/.test(without.stderr)], [2, true]);
	});
});
