// SPDX-License-Identifier: EUPL-1.2
// PostgreSQL as tests ask it, past the server: by psql, one of its own for each text, or one that stays for the questions
// to a database. To start a program, a session and PostGIS in it takes longer than most questions.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const isQuery = (text) => /^\s*(select|with|values|table)\b/i.test(text);
const asJson = (text) => `select coalesce(json_agg(row_to_json(t)), '[]') from (${text.replace(/;\s*$/, '')}) t;`;
const start = (url, words = []) => spawn('psql', ['-XAtq', '-v', 'ON_ERROR_STOP=1', ...words, '-d', url, '-f', '-'], { stdio: 'pipe' });

/**
 * Asks PostgreSQL as superuser, past the server. values become psql variables (:'name'). A query
 * answers its rows as objects, any other statement its output.
 */
export async function psql(url, text, values = {}) {
	const child = start(url, Object.entries(values).flatMap(([name, value]) => ['-v', `${name}=${value}`]));
	let out = '';
	let errors = '';
	child.stdout.setEncoding('utf8').on('data', (chunk) => (out += chunk));
	child.stderr.setEncoding('utf8').on('data', (chunk) => (errors += chunk));
	child.stdin.end(isQuery(text) ? asJson(text) : text);
	const [code] = await once(child, 'close');
	assert.equal(code, 0, `${errors}in: ${text}`);
	return isQuery(text) ? JSON.parse(out) : out.trim();
}

/** What psql's \set takes for that value: within quotes it knows backslashes as C does. */
const quoted = (value) => `'${String(value).replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')}'`;

/** What a session has read counts for everybody when it ends; one that stays is told to say so at once. */
const tell = 'select pg_stat_force_next_flush() \\g /dev/null\n';

/** psql as above, but questions go to one that stays: they change nothing in its session. What changes something has its own. */
export class Questions {
	constructor(url) {
		this.url = url;
	}

	/** Its process does not keep a test alive unless it is asked. */
	#hold(isAsked) {
		for (const part of [this.child, this.child.stdin, this.child.stdout, this.child.stderr])
			isAsked ? part.ref() : part.unref();
	}

	#start() {
		this.child = start(this.url);
		this.child.stdin.on('error', () => {});
		this.child.stdout.setEncoding('utf8').on('data', (chunk) => {
			this.out += chunk;
			if (this.out.endsWith('\nanswered\n')) this.answered?.(this.out.slice(0, -'\nanswered\n'.length));
		});
		this.child.stderr.resume();
		this.child.once('close', () => {
			this.child = null;
			this.answered?.(null);
		});
	}

	async ask(text, values = {}) {
		// The next question of several at once does not wait: perhaps the one before waits for it.
		if (!isQuery(text) || this.answered) return psql(this.url, text, values);
		if (!this.child) this.#start();
		this.#hold(true);
		this.out = '\n';
		const reply = new Promise((answered) => (this.answered = answered));
		this.child.stdin.write(`${Object.entries(values).map(([name, value]) => `\\set ${name} ${quoted(value)}\n`).join('')}${asJson(text)}\n${tell}\\echo answered\n`);
		const out = await reply;
		this.answered = null;
		// It ends with an error or with its connection: whoever begins anew says which.
		if (out === null) return psql(this.url, text, values);
		this.#hold(false);
		return JSON.parse(out);
	}

	/** Until its session is over: a database in use cannot be copied. */
	async close() {
		if (!this.child) return;
		const over = once(this.child, 'close');
		this.#hold(true);
		this.child.stdin.end();
		await over;
	}
}
