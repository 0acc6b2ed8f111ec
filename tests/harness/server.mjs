// SPDX-License-Identifier: EUPL-1.2
// The whole server for a test file: a database of its own in the run's throw-away PostgreSQL, a
// free port, and helpers. Needs nothing but Node 18, a build and the commands of tests/harness.
//
//   const server = await startServer();                       // fixtures are imported
//   const planner = await server.account('manager', '02000000');   // roles, separated by blanks
//   const reply = await server.api('POST', '/procedures', { token: planner.token, body: {…} });
//   await server.stop();                                      // asserts that it ended well
//
// PP_BUILD names the build (default build/), PP_TEST_CLUSTER a cluster to use (else one is made for
// the run and goes with it), PP_SHARED the data that may not be in the repository.
import assert from 'node:assert/strict';
import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import net from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { fileURLToPath } from 'node:url';
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { answersOf } from './answers.mjs';
import { Questions } from './psql.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const run = promisify(execFile);
export { psql } from './psql.mjs';

export const root = resolve(here, '../..');
export const build = resolve(root, process.env.PP_BUILD ?? 'build');
export const shared = resolve(root, process.env.PP_SHARED ?? '../shared');

/** The reason to skip a test that needs this file of the shared data, or false. */
export const withoutShared = (path) =>
	existsSync(join(shared, path)) ? false : `${path} is absent (PP_SHARED is ${shared})`;

/** The built program of that name. */
export function program(name = 'planungsplattform', folder = build) {
	const found = ['server', 'tests', 'tests/gis', 'tests/api', 'bench'].map((part) => join(folder, part, name)).find(existsSync);
	assert.ok(found, `${name} is not built in ${folder}; PP_BUILD names another build`);
	return found;
}

// After spawnSync or much sealing fetch would still trust a connection that the server has closed long ago: it hears of that first.
const fetchAtOnce = globalThis.fetch;
globalThis.fetch = async (...request) => {
	for (let n = 0; n < 3; n++) await turn();
	return fetchAtOnce(...request);
};

const NEVER = 600000;
/** Waits until probe answers something true, and returns it. What has not come after ten minutes never will. */
export async function until(probe, between = 20) {
	for (const begun = Date.now(); Date.now() - begun < NEVER;) {
		const answer = await probe();
		if (answer) return answer;
		await pause(between);
	}
	assert.fail(`after ${NEVER / 1000} s there is still no answer: ${probe}`);
}

// One cluster for the whole run: of check, else of the `node --test` that has started this file,
// else of this process. Whoever is its reason takes it along when it ends.
function clusterFolder() {
	if (process.env.PP_TEST_CLUSTER) return process.env.PP_TEST_CLUSTER;
	const reason = process.env.NODE_TEST_CONTEXT ? process.ppid : process.pid;
	const folder = join(tmpdir(), `pp-test-${userInfo().uid}-${reason}`);
	process.env.PP_TEST_CLUSTER = folder;
	spawn('bash', ['-c', `exec 9>"$1.watch"; flock -n 9 || exit 0; tail --pid="$2" -f /dev/null
		"$3/cluster" stop "$1"; rm -rf -- "$1" "$1.lock" "$1.watch"`, '-', folder, reason, here],
	{ detached: true, stdio: 'ignore' }).unref();
	return folder;
}

async function database(...words) {
	clusterFolder();
	const { stdout } = await run(join(here, 'database'), words, { maxBuffer: 1 << 24 });
	return stdout.trim();
}

let count = 0;
/** A database of one's own: {name, url, superuser, drop()}. bare: without the fixtures; demonstration: with everything that ./run shows. */
export async function makeDatabase({ bare = false, demonstration = false } = {}) {
	const name = `t_${process.pid}_${++count}`;
	const url = await database(demonstration ? 'make-demonstration' : bare ? 'make-bare' : 'make', name);
	return { name, url, superuser: url.replace('pp_server@', 'postgres@'), drop: () => database('drop', name) };
}

/** A TCP port of the loopback where nobody listens at this moment. */
export async function freePort() {
	const probe = net.createServer().listen(0, '127.0.0.1');
	await once(probe, 'listening');
	const { port } = probe.address();
	probe.close();
	await once(probe, 'close');
	return port;
}

/** Runs planungsplattform with these words: {status, signal, stdout, stderr}. input goes to its standard input. */
export async function command(words, { input = '', env = {}, folder = build, cwd } = {}) {
	const child = spawn(program('planungsplattform', folder), words, { stdio: 'pipe', cwd, env: { ...process.env, ...env } });
	let stdout = '';
	let stderr = '';
	child.stdout.setEncoding('utf8').on('data', (chunk) => (stdout += chunk));
	child.stderr.setEncoding('utf8').on('data', (chunk) => (stderr += chunk));
	child.stdin.on('error', () => {}).end(input);
	const [status, signal] = await once(child, 'close');
	return { status, signal, stdout, stderr };
}

/** The clock of a server that was started with {clock: true}: set and moved, never stopped. */
class Clock {
	constructor(path) {
		this.path = path;
		this.micro = 0n;
		writeFileSync(path, Buffer.alloc(8));
	}

	/** What the server takes for now, in milliseconds, as Date.now(). */
	now() {
		return Date.now() + Number(this.micro) / 1000;
	}

	/** Makes it that instant now: a Date or what Date understands, as '2025-03-29T22:59:59.8Z'. */
	set(instant) {
		this.move(new Date(instant).getTime() - this.now());
	}

	move(milliseconds) {
		this.micro += BigInt(Math.round(milliseconds * 1000));
		const bytes = Buffer.alloc(8);
		bytes.writeBigInt64LE(this.micro);
		// Written in place: the server has this very file in its memory.
		const file = openSync(this.path, 'r+');
		writeSync(file, bytes, 0, 8, 0);
		closeSync(file);
	}

	/** The day in Berlin so many days from then. */
	day(days = 0) {
		return new Date(this.now() + days * 86400000).toLocaleDateString('sv-SE', { timeZone: 'Europe/Berlin' });
	}
}

class Server {
	constructor(owned, settings, folder, words, clock, files) {
		this.files = files;
		this.database = owned;
		this.questions = owned && new Questions(owned.superuser);
		this.settings = settings;
		this.folder = folder;
		this.words = words;
		/** Children that were killed on purpose; stop() then lets their end pass. */
		this.expectsDeaths = false;
		this.emails = 0;
		this.ownFolder = mkdtempSync(join(tmpdir(), 'pp-server-'));
		this.sanitizerFolder = join(this.ownFolder, 'sanitizers');
		mkdirSync(this.sanitizerFolder);
		this.clock = clock && new Clock(join(this.ownFolder, 'clock'));
	}

	#environment() {
		const settings = Object.fromEntries(Object.entries(this.settings).map(([name, value]) => [`PP_${name.toUpperCase()}`, String(value)]));
		const sanitizer = (name, options) => `${process.env[name] ?? options}:log_path=${join(this.sanitizerFolder, name)}`;
		return {
			...process.env,
			// Where its sockets lie follows from it; two servers must not share them.
			PP_DATA: join(this.ownFolder, 'data'),
			...(this.clock ? { PP_CLOCK_SHIFT: this.clock.path } : {}),
			// Mail that nobody lets go, from this very address: what it says can be read in the database.
			...(settings.PP_MAIL === 'hold' ? { PP_BASE_URL: this.address, PP_MAIL_FROM: 'plattform@planung.example', PP_SMTP_URL: 'smtp://127.0.0.1:9' } : {}),
			...settings,
			...(this.database ? { PP_DATABASE_URL: this.database.url } : {}),
			PP_LISTEN: `127.0.0.1:${this.port}`,
			ASAN_OPTIONS: sanitizer('ASAN_OPTIONS', 'detect_leaks=1'),
			UBSAN_OPTIONS: sanitizer('UBSAN_OPTIONS', 'print_stacktrace=1'),
		};
	}

	/** Starts it and waits until it is ready; another port is tried where somebody was faster. */
	async start() {
		for (let attempt = 0; ; attempt++) {
			this.port = await freePort();
			this.address = `http://127.0.0.1:${this.port}`;
			this.#spawn();
			const ready = await until(async () => {
				if (this.ended) return 'ended';
				return this.has('serving') && (await fetch(`${this.address}/health`).then((reply) => reply.ok, () => false)) && 'ready';
			});
			if (ready === 'ready') return this;
			const taken = this.log.some((line) => /Address already in use/.test(JSON.stringify(line)));
			assert.ok(taken && attempt < 10, `the server did not start: ${this.tail()}`);
		}
	}

	#spawn() {
		this.ended = null;
		this.lines = [];
		this.unread = '';
		this.logRead = 0;
		this.decoder = new StringDecoder('utf8');
		// A file, not a pipe: a test that waits in spawnSync reads no pipe, and the server would wait with it.
		this.logFile = openSync(join(this.ownFolder, 'log'), 'w+');
		// Whatever becomes of this test, the server does not outlive it.
		this.child = spawn('setpriv', ['--pdeathsig', 'TERM', '--', ...(this.files ? ['prlimit', `--nofile=${this.files}:${this.files}`] : []), program('planungsplattform', this.folder), 'serve', ...this.words],
			{ stdio: ['ignore', 'ignore', this.logFile], env: this.#environment() });
		this.exited = once(this.child, 'close').then(([code, signal]) => (this.ended = { code, signal }));
	}

	/** What the server has logged, one object a line; what was no JSON stands in `text`. */
	get log() {
		const chunk = Buffer.alloc(1 << 16);
		for (let size; (size = readSync(this.logFile, chunk, 0, chunk.length, this.logRead)) > 0; this.logRead += size)
			this.unread += this.decoder.write(chunk.subarray(0, size));
		const lines = this.unread.split('\n');
		this.unread = lines.pop();
		for (const line of lines) this.lines.push(parseLine(line));
		return this.lines;
	}

	get pid() {
		return this.child.pid;
	}

	/** Whether something was logged under that event's name. */
	has(event) {
		return this.log.some((line) => line.event === event);
	}

	tail(lines = 15) {
		return this.log.slice(-lines).map((line) => JSON.stringify(line)).join('\n');
	}

	/** Process ids of the children with that role in their title, as `web 1`, `geometry 1` or `clerk`. */
	async pids(role) {
		const { stdout } = await run('ps', ['-o', 'pid=,args=', '--ppid', String(this.pid)]);
		return stdout.split('\n').filter((line) => line.includes(`planungsplattform: ${role}`)).map((line) => parseInt(line, 10));
	}

	/**
	 * One request below /api/v1 (or anywhere, where path begins with //). body is sent as JSON, a
	 * Buffer or string as it is; a cookie comes from a page of the server's own. Answers {status,
	 * headers, body, text}; body is parsed JSON. Plain bytes unless headers ask for a coding.
	 */
	async api(method, path, { token, body, headers = {}, cookie } = {}) {
		const isRaw = typeof body === 'string' || body instanceof Uint8Array;
		const reply = await fetch(this.address + (path.startsWith('//') ? path.slice(1) : `/api/v1${path}`), {
			method,
			redirect: 'manual',
			body: body === undefined || isRaw ? body : JSON.stringify(body),
			headers: {
				'Accept-Encoding': 'identity',
				...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
				...(token ? { Authorization: `Bearer ${token.token ?? token}` } : {}),
				...(cookie ? { Cookie: cookie, Origin: this.address } : {}),
				...headers,
			},
		});
		const text = await reply.text();
		const type = reply.headers.get('content-type')?.split(';')[0];
		const answer = { status: reply.status, headers: reply.headers, text, body: /[/+]json$/.test(type) && text ? JSON.parse(text) : undefined };
		if (method !== 'HEAD') this.#compare(method, new URL(reply.url).pathname, type, answer);
		return answer;
	}

	/** Every answer is as the OpenAPI document says. */
	#compare(method, path, type, { status, body, text }) {
		const faults = answersOf(this.folder).document?.faults(method, path, status, type, body);
		assert.ok(!faults, `${method} ${path} does not answer what the document says:\n${faults}\n${text.slice(0, 2000)}`);
	}

	/** As api, but anything else than that status is a failure that shows the answer. Returns the body. */
	async must(status, method, path, options) {
		const reply = await this.api(method, path, options);
		assert.equal(reply.status, status, `${method} ${path}: ${reply.status} ${reply.text}`);
		return reply.body;
	}

	/** Server-sent events: {next(), close()}; next() resolves to {event, data, id}, data parsed where it is JSON. */
	async events(path = '/events', { token, headers = {} } = {}) {
		const closing = new AbortController();
		const reply = await fetch(`${this.address}/api/v1${path}`, {
			signal: closing.signal,
			headers: { Accept: 'text/event-stream', ...(token ? { Authorization: `Bearer ${token.token ?? token}` } : {}), ...headers },
		});
		assert.equal(reply.status, 200, `GET ${path}: ${reply.status}`);
		const events = readEvents(reply.body);
		return {
			// Held, because Node cancels what nobody has read yet with its Response.
			reply,
			headers: reply.headers,
			next: async () => {
				const { value: event } = await events.next();
				if (event) this.#compare('GET', new URL(reply.url).pathname, 'text/event-stream', { status: 200, body: event.data, text: JSON.stringify(event) });
				return event;
			},
			close: () => closing.abort(),
		};
	}

	/**
	 * Makes an account by the command: {email, roles, body, token}; with password it has that instead of a token.
	 * roles are separated by blanks: 'manager', 'clerk releaser', 'operator', 'public'.
	 */
	async account(roles, body, { email = `${roles.replaceAll(' ', '-')}-${++this.emails}@test.example`, password } = {}) {
		const words = ['account', 'create', '--email', email, ...roles.split(' ').flatMap((role) => ['--role', role]),
			...(body ? ['--body', body] : []), ...(password ? [] : ['--token'])];
		const made = await this.command(words, { input: password ? `${password}\n` : '' });
		assert.equal(made.status, 0, made.stderr);
		return { email, roles, body, password, token: password ? undefined : made.stdout.trim().split(/\s+/).at(-1) };
	}

	/** planungsplattform with these words, on this server's database. */
	command(words, options = {}) {
		const where = this.database ? { PP_DATABASE_URL: this.database.url } : { PP_DATA: this.settings.data };
		return command(words, { folder: this.folder, ...options, env: { ...where, ...options.env } });
	}

	/** PostgreSQL as superuser, past the server; only with a database of the harness. */
	sql(text, values) {
		return this.questions.ask(text, values);
	}

	#sanitizerReports() {
		const reports = readdirSync(this.sanitizerFolder).map((name) => join(this.sanitizerFolder, name));
		const text = reports.map((path) => readFileSync(path, 'utf8')).join('\n');
		if (process.env.PP_SANITIZER_LOGS)
			for (const path of reports) copyFileSync(path, join(process.env.PP_SANITIZER_LOGS, `${this.pid}-${path.split('/').at(-1)}`));
		return text;
	}

	/** SIGTERM; it must end with code 0, nothing left behind, no child lost and no word from a sanitizer. */
	async stop({ keepDatabase = false } = {}) {
		if (!this.ended) this.child.kill('SIGTERM');
		await this.exited;
		await this.questions?.close();
		const reports = this.#sanitizerReports();
		if (this.database && !keepDatabase) await this.database.drop();
		const log = this.log;
		closeSync(this.logFile);
		rmSync(this.ownFolder, { recursive: true, force: true });
		assert.ok(!reports, reports.slice(0, 6000));
		assert.deepEqual(this.ended, { code: 0, signal: null }, log.slice(-15).map((line) => JSON.stringify(line)).join('\n'));
		const left = log.map((line) => /live requests at exit: (\d+)/.exec(JSON.stringify(line))?.[1]).filter(Boolean);
		assert.ok(left.length > 0, 'no web worker has said what it left behind');
		assert.ok(left.every((number) => number === '0'), `live requests at exit: ${left}`);
		if (this.expectsDeaths) return;
		const lost = log.filter((line) => line.event === 'child_ended' || line.event === 'check_failed');
		assert.deepEqual(lost, [], 'children have ended before their time');
	}
}

function parseLine(line) {
	try {
		return JSON.parse(line);
	} catch {
		return { event: 'text', text: line };
	}
}

async function* readEvents(stream) {
	const decoder = new TextDecoder();
	let text = '';
	try {
		for await (const chunk of stream) {
			text += decoder.decode(chunk, { stream: true });
			for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
				const event = readEvent(text.slice(0, end));
				if (event) yield event;
			}
		}
	} catch (error) {
		if (error.name !== 'AbortError') throw error;
	}
}

// HTML standard §9.2.6; comments keep the connection alive and mean nothing.
function readEvent(block) {
	const event = {};
	for (const line of block.split('\n')) {
		const [, field, value] = /^(event|data|id|retry): ?(.*)$/.exec(line) ?? [];
		if (field) event[field] = field in event ? `${event[field]}\n${value}` : value;
	}
	if (!('data' in event)) return null;
	try {
		event.data = JSON.parse(event.data);
	} catch {
		// stays text
	}
	return event;
}

/**
 * Starts a server and waits until it is ready. settings are those of the program (names as in
 * docs/operations/config.md); bare: an empty, migrated database; embedded: with a PostgreSQL of its
 * own in settings.data instead of the run's; folder: another build; words: more of its command line;
 * clock: one that server.clock sets and moves; files: how many it may open.
 */
export async function startServer({ settings = {}, bare = false, embedded = false, database: given, folder = build, words = [], clock = false, files } = {}) {
	const owned = embedded ? null : given ?? (await makeDatabase({ bare }));
	const few = { web_workers: 2, geometry_workers: 1 };
	return new Server(owned, { ...few, ...settings }, folder, words, clock, files).start();
}

/** Whether that build has sanitizers; its limits and its system call filter are off then. */
export const isSanitized = (folder = build) =>
	spawnSync('nm', ['-D', program('planungsplattform', folder)], { encoding: 'utf8', maxBuffer: 1 << 26 }).stdout.includes('__asan_init');
