// SPDX-License-Identifier: EUPL-1.2
// A mail server that others wrote (npm smtp-server), with a certificate of an authority made for the run: it keeps what
// comes, and answers as a test tells it to.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { library } from '../../harness/npm.mjs';

const { reason: lacks, require } = library('mail-server');
/** Why there is none, or false. */
export const reason = lacks;

function openssl(...words) {
	const { status, stderr } = spawnSync('openssl', words, { encoding: 'utf8' });
	assert.equal(status, 0, stderr);
}

/** An authority, and a certificate for 127.0.0.1 that it signed. */
function certify(folder) {
	const at = (name) => join(folder, name);
	const request = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
	openssl('req', '-x509', ...request, '-days', '2', '-subj', '/CN=Test authority', '-keyout', at('ca.key'), '-out', at('ca.pem'));
	openssl('req', ...request, '-subj', '/CN=127.0.0.1', '-keyout', at('key'), '-out', at('csr'));
	writeFileSync(at('san'), 'subjectAltName=IP:127.0.0.1\n');
	openssl('x509', '-req', '-in', at('csr'), '-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-days', '2', '-extfile', at('san'), '-out', at('pem'));
}

const refusal = (code, text) => Object.assign(new Error(text), { responseCode: code });

const readAlready = new WeakMap();
/** What Python's own library reads of a message: an oracle that shares nothing with what wrote it. */
export function readMessage(bytes) {
	if (!readAlready.has(bytes)) readAlready.set(bytes, readAnew(bytes));
	return readAlready.get(bytes);
}

function readAnew(bytes) {
	const script = `import email, email.policy, json, sys
m = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
print(json.dumps({"headers": [[k, str(v)] for k, v in m.items()], "defects": [str(d) for d in m.defects], "text": m.get_content().replace("\\r\\n", "\\n"), "date": m["Date"].datetime.isoformat()}))`;
	const { status, stdout, stderr } = spawnSync('python3', ['-c', script], { input: bytes, encoding: 'utf8' });
	assert.equal(status, 0, stderr);
	const read = JSON.parse(stdout);
	return { ...read, get: (name) => read.headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value).join('|') };
}

export class Sink {
	/** {from, to, secure, user, bytes} of each message that was taken. */
	messages = [];
	/** What is said to the next recipients and messages: [code, text], or a promise that is waited for before it. */
	recipients = [];
	data = [];

	constructor({ hides = [] } = {}) {
		this.folder = mkdtempSync(join(tmpdir(), 'pp-sink-'));
		certify(this.folder);
		this.ca = join(this.folder, 'ca.pem');
		this.passwordFile = join(this.folder, 'password');
		writeFileSync(this.passwordFile, 'ge heim§\n');
		const { SMTPServer } = require('smtp-server');
		this.server = new SMTPServer({
			key: readFileSync(join(this.folder, 'key')),
			cert: readFileSync(join(this.folder, 'pem')),
			hideSTARTTLS: hides.includes('STARTTLS'),
			disabledCommands: hides.includes('AUTH') ? ['AUTH'] : [],
			authOptional: true,
			logger: false,
			onAuth: ({ username, password }, session, done) =>
				done(username === 'plattform' && password === 'ge heim§' ? null : refusal(535, 'no such user'), { user: username }),
			onRcptTo: async (address, session, done) => done(await this.#say(this.recipients)),
			onData: (stream, session, done) => this.#take(stream, session, done),
		});
		this.server.on('error', () => {});
	}

	async #say(queue) {
		const next = queue.shift();
		if (typeof next?.then === 'function') return this.#say([await next]);
		return next ? refusal(...next) : null;
	}

	async #take(stream, session, done) {
		const chunks = [];
		for await (const chunk of stream) chunks.push(chunk);
		const message = { from: session.envelope.mailFrom.address, to: session.envelope.rcptTo.map(({ address }) => address),
			secure: session.secure, user: session.user, bytes: Buffer.concat(chunks) };
		this.came = message;
		const wrong = await this.#say(this.data);
		if (!wrong) this.messages.push(message);
		done(wrong);
	}

	async listen() {
		this.server.listen(0, '127.0.0.1');
		await once(this.server.server, 'listening');
		this.url = `smtp://127.0.0.1:${this.server.server.address().port}`;
		return this;
	}

	/** The settings of a server that sends here. */
	settings(more = {}) {
		return { mail: 'send', smtp_url: this.url, smtp_ca: this.ca, smtp_user: 'plattform', smtp_password_file: this.passwordFile,
			mail_from: 'plattform@planung.example', base_url: 'https://planung.example', mail_per_minute: 6000, ...more };
	}

	async close() {
		await new Promise((resolve) => this.server.close(resolve));
		rmSync(this.folder, { recursive: true, force: true });
	}
}
