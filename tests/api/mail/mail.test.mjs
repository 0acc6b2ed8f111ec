// SPDX-License-Identifier: EUPL-1.2
// The outbox against a real mail server: over TLS or not at all, at least once and under one Message-ID, tried again or
// given up as its replies say, held and released, and no value ever a header.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { command, startServer, until } from '../../harness/server.mjs';
import { readMessage, reason, Sink } from './sink.mjs';

const minute = 60000;

describe('mail', { skip: reason }, () => {
	let sink, server;
	const enqueue = async (recipient, { kind = 'test', lang = 'de', data = {} } = {}) => {
		const [{ id }] = await server.sql("select pp_api.mail_enqueue(:'kind', :'recipient', :'lang', :'data', null, null, :'at') as id",
			{ kind, recipient, lang, data: JSON.stringify(data), at: new Date(server.clock.now()).toISOString() });
		return id;
	};
	const row = async (id) => (await server.sql("select * from pp.mail where id = :'id'", { id }))[0];
	const settled = (id, state) => until(async () => (await row(id)).state === state && row(id));
	const arrived = (id) => sink.messages.filter(({ bytes }) => bytes.includes(`Message-ID: <${id}@planung.example>`));
	const mailers = () => execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n')
		.map((line) => /^ *(\d+) +(\d+) planungsplattform: mail/.exec(line)).filter(Boolean).map(([, pid, parent]) => ({ pid: Number(pid), parent: Number(parent) }));
	before(async () => {
		sink = await new Sink().listen();
		server = await startServer({ clock: true, bare: true, settings: sink.settings({ mail_reply_to: 'planung@amt.example' }) });
		server.expectsDeaths = true;
	});
	after(async () => {
		await server.stop();
		await sink.close();
	});

	it('arrives over TLS, signed in, as its text says', async () => {
		const who = 'Jörg „Planer“ Müller-Lüdenscheidt von der Arbeitsgemeinschaft für grenzüberschreitende Raumordnung e. V.';
		const id = await enqueue('amt@pinnau.example', { kind: 'membership_pending', data: { body: 'Amt Pinnau', who } });
		await settled(id, 'GESENDET');
		const [{ from, to, secure, user, bytes }] = arrived(id);
		assert.deepEqual({ from, to, secure, user }, { from: 'plattform@planung.example', to: ['amt@pinnau.example'], secure: true, user: 'plattform' });
		const message = readMessage(bytes);
		assert.deepEqual(message.defects, []);
		assert.deepEqual(message.headers.map(([name]) => name), ['Date', 'From', 'Reply-To', 'To', 'Message-ID', 'Subject', 'Auto-Submitted',
			'MIME-Version', 'Content-Type', 'Content-Transfer-Encoding', 'Content-Language']);
		assert.equal(message.get('subject'), `Bitte prüfen: ${who} möchte für Amt Pinnau arbeiten`);
		assert.equal(message.get('from'), 'Planungsplattform <plattform@planung.example>');
		assert.deepEqual(['to', 'reply-to', 'auto-submitted', 'content-language'].map(message.get),
			['amt@pinnau.example', 'planung@amt.example', 'auto-generated', 'de']);
		assert.ok(Math.abs(new Date(message.date) - server.clock.now()) < minute, message.date);
		assert.match(message.text, new RegExp(`^Guten Tag,\\n\\n${who.replaceAll('.', '\\.')} hat sich`));
		assert.match(message.text, /\n {2}https:\/\/planung\.example\n/);
		assert.doesNotMatch(message.text, /[{}\r]/);
		for (const line of bytes.toString('latin1').split('\r\n')) assert.ok(line.length <= 76 && !/[^\x20-\x7e\t]/.test(line), line);
		assert.equal((await row(id)).reply_code, 250);
		assert.ok(!server.log.some((line) => /pinnau|Müller/.test(JSON.stringify(line))), 'no log names whom it went to');
	});

	it('is counted for operators, and for nobody else', async () => {
		const token = await server.account('operator');
		const before = await server.must(200, 'GET', '/mail-counts', { token });
		await settled(await enqueue('zaehlen@amt.example'), 'GESENDET');
		const after = await server.must(200, 'GET', '/mail-counts', { token });
		assert.deepEqual([after.sent - before.sent, after.failed, after.waiting, after.waiting_since], [1, before.failed, 0, null]);
		assert.equal((await server.api('GET', '/mail-counts')).status, 401);
		assert.equal((await server.api('GET', '/mail-counts', { token: await server.account('auditor') })).status, 403);
	});

	it('is tried again after 451, under the same Message-ID', async () => {
		sink.recipients.push([451, '4.7.1 greylisted']);
		const id = await enqueue('grau@liste.example');
		const first = await until(async () => (await row(id)).reply_code && row(id));
		assert.deepEqual([first.state, first.reply_code, first.reply, first.attempts], ['WARTET', 451, '451 4.7.1 greylisted', 1]);
		assert.equal(new Date(first.due_at) - new Date(first.tried_at), minute);
		server.clock.move(minute);
		const second = await settled(id, 'GESENDET');
		assert.equal(second.attempts, 2);
		assert.equal(arrived(id).length, 1);
	});

	it('is tried again after 452 to the whole message too', async () => {
		sink.data.push([452, '4.3.1 full']);
		const id = await enqueue('voll@platte.example');
		await until(async () => (await row(id)).reply_code === 452);
		server.clock.move(minute);
		await settled(id, 'GESENDET');
	});

	it('has failed after 550, and is not tried again', async () => {
		sink.recipients.push([550, '5.1.1 no such mailbox: Ämter']);
		const id = await enqueue('niemand@amt.example');
		const failed = await settled(id, 'FEHLGESCHLAGEN');
		assert.deepEqual([failed.attempts, failed.reply_code], [1, 550]);
		sink.data.push([554, '5.7.1 looks like spam']);
		const other = await enqueue('streng@amt.example');
		assert.equal((await settled(other, 'FEHLGESCHLAGEN')).reply_code, 554);
		assert.deepEqual([arrived(id), arrived(other)], [[], []]);
	});

	it('is sent once more when its sender died before it could be written down', async () => {
		let answer;
		sink.data.push(new Promise((resolve) => (answer = resolve)));
		sink.came = undefined;
		const id = await enqueue('zweimal@amt.example');
		await until(() => sink.came);
		const [clerk] = await server.pids('clerk');
		const [mailer] = mailers().filter(({ parent }) => parent === clerk);
		// The message is whole with the other side, and nobody here knows.
		process.kill(mailer.pid, 'SIGKILL');
		await until(() => !mailers().some(({ pid }) => pid === mailer.pid));
		answer(null);
		await until(() => arrived(id).length === 1);
		assert.deepEqual([(await row(id)).state, (await row(id)).attempts], ['WARTET', 1]);
		server.clock.move(minute);
		await settled(id, 'GESENDET');
		assert.equal(arrived(id).length, 2, 'twice, and recognisably the same');
		assert.deepEqual([...new Set(arrived(id).map(({ bytes }) => readMessage(bytes).get('message-id')))], [`<${id}@planung.example>`]);
	});

	it('survives the clerk as well, and a mailer does not outlive it', async () => {
		let answer;
		sink.data.push(new Promise((resolve) => (answer = resolve)));
		sink.came = undefined;
		const id = await enqueue('kanzlei@amt.example');
		await until(() => sink.came);
		const [clerk] = await server.pids('clerk');
		const [mailer] = mailers().filter(({ parent }) => parent === clerk);
		process.kill(clerk, 'SIGKILL');
		await until(() => !mailers().some(({ pid }) => pid === mailer.pid));
		answer([451, 'too late']);
		server.clock.move(minute);
		await settled(id, 'GESENDET');
		assert.equal(arrived(id).length, 1);
	});

	it('lets no value begin a header, a line or another message', async () => {
		const evil = 'x\r\nBcc: opfer@x.example\r\n\r\nHallo\r\n.\r\nMAIL FROM:<a@b>\u2028{base}';
		const id = await enqueue('amt@pinnau.example', { kind: 'membership_pending', data: { body: evil, who: `${evil}=?utf-8?B?QmNj?=` } });
		await settled(id, 'GESENDET');
		const [{ to, bytes }] = arrived(id);
		const message = readMessage(bytes);
		assert.deepEqual(to, ['amt@pinnau.example']);
		assert.equal(message.get('bcc'), '');
		assert.match(message.get('subject'), /^Bitte prüfen: x Bcc: opfer@x\.example Hallo \. MAIL FROM:<a@b> \(base\)=\?utf-8\?B\?QmNj\?= möchte für x Bcc/);
		assert.doesNotMatch(message.text, /^(Bcc|MAIL|\.)/m);
		const lines = await enqueue('amt@pinnau.example', { kind: 'result', data: { name: 'n', planner: 'p', title: 't', number: '1', statement: '2', text: '.\n..\nFrom here =\nEnde ' } });
		await settled(lines, 'GESENDET');
		assert.match(readMessage(arrived(lines)[0].bytes).text, /\n\.\n\.\.\nFrom here =\nEnde\n/, 'lines of dots arrive as they are');
	});

	it('reaches addresses beyond ASCII (RFC 6531)', async () => {
		const id = await enqueue('jörg@bücher.example');
		await settled(id, 'GESENDET');
		assert.match(arrived(id)[0].bytes.toString('utf8'), /\r\n <jörg@bücher\.example>\r\n/);
	});

	it('waits while the server cannot be spoken to, and blames no recipient', async () => {
		await server.stop({ keepDatabase: true });
		const { database } = server;
		for (const [what, settings, hides] of [['no certificate that is trusted', { smtp_ca: '' }, []], ['no TLS', {}, ['STARTTLS']], ['no sign-in', { smtp_user: 'falsch' }, []]]) {
			const other = await new Sink({ hides }).listen();
			server = await startServer({ clock: true, database, settings: other.settings(settings) });
			const id = await enqueue('amt@pinnau.example');
			const waits = await until(async () => (await row(id)).reply && row(id));
			assert.equal(waits.state, 'WARTET', what);
			assert.deepEqual(other.messages, [], what);
			await server.sql('update pp.mail set due_at = \'2999-01-01\' where state = \'WARTET\'');
			await server.stop({ keepDatabase: true });
			await other.close();
		}
		server = await startServer({ clock: true, database, settings: sink.settings({ mail: 'hold' }) });
	});

	it('is held until somebody lets it go', async () => {
		const held = await enqueue('uebung@amt.example', { kind: 'membership_confirmed', lang: 'en', data: { body: 'Amt Pinnau', roles: 'reader' } });
		const other = await enqueue('uebung2@amt.example');
		const list = await server.command(['mail', 'list', '--state', 'WARTET']);
		assert.equal(list.status, 0, list.stderr);
		for (const part of [held, other, 'uebung@amt.example', 'membership_confirmed']) assert.ok(list.stdout.includes(part), list.stdout);
		const shown = await server.command(['mail', 'show', held]);
		assert.match(shown.stdout, /\nSubject: You now work for Amt Pinnau\n\nHello,\n/);
		assert.match(shown.stdout, /\nState: WARTET\n/);
		const released = await server.command(['mail', 'release', held]);
		assert.deepEqual([released.status, released.stdout], [0, '1 freigegeben / released\n']);
		await settled(held, 'GESENDET');
		assert.equal((await row(other)).state, 'WARTET');
		assert.equal((await server.command(['mail', 'release', held])).status, 1, 'what is sent waits no more');
		assert.equal((await server.command(['mail', 'show', '01890000-0000-7000-8000-000000000000'])).status, 1);
		const tested = await server.command(['mail', 'test', 'probe@amt.example']);
		assert.equal(tested.status, 0, tested.stderr);
		await settled(tested.stdout.split('\n')[0], 'GESENDET');
		assert.equal((await server.command(['mail', 'test', 'no address'])).status, 1);
		for (const words of [['mail'], ['mail', 'show'], ['mail', 'release', 'x'], ['mail', 'list', 'x'], ['mail', 'list', '--limit', 'x'], ['mail', '--what']])
			assert.equal((await server.command(words)).status, 2, words.join(' '));
	});

	it('is set aside while mail is off', async () => {
		await server.stop({ keepDatabase: true });
		server = await startServer({ clock: true, database: server.database });
		const id = await enqueue('aus@amt.example');
		assert.match((await settled(id, 'VERWORFEN')).reply, /switched off/);
	});

	it('is refused where its settings contradict each other', async () => {
		const wrong = [[{ mail: 'yes' }, /off, hold or send/], [{ base_url: '' }, /base_url/], [{ mail_from: 'a@b.de\r\nBcc: c@d.de' }, /mail_from|one line/],
			[{ mail_from: 'Amt <a@b.de>' }, /mail_from/], [{ smtp_url: 'http://x' }, /smtp_url/], [{ smtp_password_file: '' }, /smtp_password_file/], [{ smtp_tls: 'maybe' }, /smtp_tls/]];
		for (const [settings, sentence] of wrong) {
			const env = Object.fromEntries(Object.entries(sink.settings(settings)).map(([name, value]) => [`PP_${name.toUpperCase()}`, String(value)]));
			const { status, stderr } = await command(['serve'], { env });
			assert.equal(status, 2, stderr);
			assert.match(stderr, sentence);
		}
	});
});
