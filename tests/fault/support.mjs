// SPDX-License-Identifier: EUPL-1.2
// What the drills share: the release build, a server with its own PostgreSQL, a client that reports a
// closed connection instead of failing, and a round that asks municipalities.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build, isSanitized, psql, root, startServer, until } from '../harness/server.mjs';

/** The build whose limits and system call filter are on. */
export const release = process.env.PP_BUILD_RELEASE ? resolve(root, process.env.PP_BUILD_RELEASE) : build;

/** The reason to skip what a build with sanitizers cannot show, or false. */
export const noLimits = isSanitized(release) ? 'limits and system call filter are off with sanitizers; PP_BUILD_RELEASE names no other build' : false;

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function random(seed) {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
}

/** The seed of this run: that of PP_SEED, else another one each time. */
export const seed = () => Number(process.env.PP_SEED ?? Date.now() % 1e9);

/** A folder that the user of the embedded PostgreSQL may pass through. */
export function openFolder() {
	const folder = mkdtempSync(join(tmpdir(), 'pp-drill-'));
	chmodSync(folder, 0o755);
	return folder;
}

/** Where that embedded cluster is reached by its superuser, past the server. */
export function superuserOf(data) {
	const sockets = readFileSync(join(data, 'postgres/postmaster.pid'), 'utf8').split('\n')[4];
	return `postgresql://postgres@/planungsplattform?host=${encodeURIComponent(sockets)}`;
}

export const postmasterOf = (data) => parseInt(readFileSync(join(data, 'postgres/postmaster.pid'), 'utf8'), 10);

/** Whether a process runs; one that waits to be buried does not. */
export function isAlive(pid) {
	try {
		return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
	} catch {
		return false;
	}
}

/** [pid, title] of the children of that process. */
export function childrenOf(pid) {
	return execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n')
		.map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
		.filter((found) => found && Number(found[2]) === pid)
		.map(([, child, , title]) => [Number(child), title]);
}

/**
 * A server of the release build with a PostgreSQL of its own in server.data, boundaries imported, on
 * a Unix socket as well: whoever comes through it is the reverse proxy, whose rate has no limit.
 */
export async function embeddedServer(settings = {}) {
	const folder = openFolder();
	const data = join(folder, 'data');
	const server = await startServer({ embedded: true, folder: release, settings: { data, socket: join(folder, 'http.sock'), ...settings } });
	const fixtures = join(root, 'data/fixtures');
	for (const words of [['bodies', 'bodies.csv'], ['administration', 'administration.csv'],
		['municipalities', 'municipalities.fgb', '--kreise', join(fixtures, 'kreise.csv'), '--dataset', 'VG250', '--date', '2016-01-01', '--accuracy', '100']]) {
		const [kind, file, ...rest] = words;
		const done = await server.command(['import', kind, join(fixtures, file), ...rest]);
		assert.equal(done.status, 0, done.stderr);
	}
	// The workers that hold the boundaries are replaced after an import.
	await until(async () => (await server.api('POST', '/affected-preview', { body: preview })).status === 200);
	server.data = data;
	server.superuserSql = (text, values) => psql(superuserOf(data), text, values);
	server.end = async () => {
		await server.stop();
		rmSync(folder, { recursive: true, force: true });
	};
	return server;
}

/** A client on the server's Unix socket; ask() never fails: a connection that broke is {broken}. */
export class Client {
	constructor(server, { token, keepAlive = true } = {}) {
		this.socketPath = server.settings.socket;
		this.token = token;
		this.agent = new http.Agent({ keepAlive, maxSockets: 8 });
	}

	ask(method, path, body, headers = {}) {
		const text = body === undefined ? undefined : JSON.stringify(body);
		return new Promise((answered) => {
			const request = http.request({
				agent: this.agent, socketPath: this.socketPath, method, path: path.startsWith('//') ? path.slice(1) : `/api/v1${path}`,
				headers: {
					...(text === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }),
					...(this.token ? { Authorization: `Bearer ${this.token}` } : {}),
					...headers,
				},
			}, (reply) => {
				const chunks = [];
				reply.on('data', (chunk) => chunks.push(chunk));
				reply.on('error', (error) => answered({ broken: error.code, reused: request.reusedSocket }));
				reply.on('end', () => {
					const whole = Buffer.concat(chunks).toString();
					const isJson = /[/+]json\b/.test(reply.headers['content-type'] ?? '');
					answered({ status: reply.statusCode, headers: reply.headers, text: whole, body: isJson && whole ? JSON.parse(whole) : undefined });
				});
			});
			request.on('error', (error) => answered({ broken: error.code, reused: request.reusedSocket }));
			request.end(text);
		});
	}

	close() {
		this.agent.destroy();
	}
}

/** What a client may see while something is down: a closed connection, or 503 that says when to come back. */
export const isExcused = (reply) => reply.broken !== undefined || (reply.status === 503 && /^\d+$/.test(reply.headers['retry-after'] ?? ''));

export const day = (days) => new Date(Date.now() + days * 86400000).toISOString().slice(0, 10);
const ring = (west, south, east, north) => [[[west, south], [east, south], [east, north], [west, north], [west, south]]];
export const schnelsen = { type: 'Polygon', coordinates: ring(9.9, 53.63, 9.906, 53.635) };
export const preview = { kind: 'BP_REGEL', planning_municipalities: ['02000000'], geometry: schnelsen };

/** Hamburg's procedure in Schnelsen with an open round; answers whom it asks: [{token, id}] of invitations. */
export async function openRound(server) {
	const planner = await server.account('manager', '02000000');
	const amt = await server.account('clerk releaser', '010565687');
	const halstenbek = await server.account('clerk releaser', '01056018');
	const { id } = await server.must(201, 'POST', '/procedures', { token: planner,
		body: { kind: 'BP_REGEL', title: 'Unter Last', planning_municipalities: ['02000000'] } });
	const plan = await server.must(201, 'POST', `/procedures/${id}/plans`, { token: planner, body: { geometry: schnelsen } });
	await server.must(200, 'POST', `/plans/${plan.id}/affected/confirm`, { token: planner, body: {} });
	const round = await server.must(201, 'POST', `/procedures/${id}/rounds`, { token: planner,
		body: { step: 'FOERM_TOEB', audience: 'TOEB', start: day(1), end: day(50) } });
	const invitations = [];
	for (const { token } of [amt, halstenbek]) {
		const inbox = await server.must(200, 'GET', '/inbox', { token });
		invitations.push(...inbox.invitations.map((each) => ({ token, id: each.id })));
	}
	assert.ok(invitations.length >= 2, 'nobody is asked');
	return { planner, procedure: id, round: round.id, invitations };
}
