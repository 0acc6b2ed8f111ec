// SPDX-License-Identifier: EUPL-1.2
// Copies on the host's disk: the same bytes to whoever may read them, and to nobody else; what is wrong with one, or
// with the place where they lie, nobody notices but the log. That bytes come from a copy is seen by changing those in
// the database, past its triggers.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { freePort, psql, startServer, until } from '../../harness/server.mjs';
import { confirm, creates, day, fileBoth, hamburg, procedureOf, roundOf } from '../support.mjs';
import { check, fromCopies, pdf, publish, send, sha256, show, upload } from './support.mjs';

const folders = [];
const folderOf = () => {
	folders.push(mkdtempSync(join(tmpdir(), 'pp-copies-')));
	return join(folders.at(-1), 'documents');
};
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const content = (server, id, { headers = {}, method = 'GET', token } = {}) => send(server, method, `/documents/${id}/content`, { token, headers });
const named = (folder) => readdirSync(folder).filter((name) => /^[0-9a-f]{64}$/.test(name));
/** Other bytes in the database while it does that, and the right ones again. */
async function spoiled(server, doing) {
	const sql = (text) => psql(server.database.superuser, `set session_replication_role = replica; ${text}`);
	await sql(`create table public.aside as table pp.chunk; update pp.chunk set bytes = convert_to(repeat('x', length(bytes)), 'UTF8')`);
	try {
		return await doing();
	} finally {
		await sql('update pp.chunk c set bytes = a.bytes from public.aside a where a.sha256 = c.sha256; drop table public.aside');
	}
}
/** A reader who takes nothing after the first bytes: {reply, rest()}; rest() is what came, or the error. */
const slowly = (server, id) => new Promise((done) => {
	http.get(`${server.address}/api/v1/documents/${id}/content`, { agent: false }, (reply) => {
		reply.pause();
		done({ reply, rest: () => new Promise((ended) => {
			const parts = [];
			reply.on('data', (part) => parts.push(part)).on('error', ended).on('end', () => ended(Buffer.concat(parts))).resume();
		}) });
	}).on('error', () => {});
});

describe('copies of documents', () => {
	let server, planner, procedure, id, metrics, fromDatabase;
	const folder = folderOf();
	const bytes = pdf(20_000_001, 51);
	const path = join(folder, sha256(bytes));
	const requests = [[{}], [{}, 'HEAD'], [{ 'If-None-Match': `"${sha256(bytes)}"` }], [{ Range: 'bytes=0-0' }], [{ Range: 'bytes=2097151-2097152' }],
		[{ Range: 'bytes=16777215-16777217' }], [{ Range: `bytes=${bytes.length - 1}-` }], [{ Range: 'bytes=-3000000' }], [{ Range: `bytes=${bytes.length}-` }]];
	const ask = async () => {
		const replies = [];
		for (const [headers, method] of requests) replies.push(await content(server, id, { headers, method, token: planner }));
		return replies.map(({ status, headers: { date, 'x-request-id': id, ratelimit, ...fields }, bytes: body }) => (status === 416 ? [status] : [status, fields, sha256(body)]));
	};
	const sent = () => fromCopies(metrics);
	const copied = async () => {
		await until(() => existsSync(path));
		const count = await sent();
		assert.ok(bytes.equals((await content(server, id)).bytes));
		assert.equal(await sent(), count + 1, 'from the copy');
	};
	before(async () => {
		metrics = `127.0.0.1:${await freePort()}`;
		server = await startServer({ settings: { document_cache: folder, metrics } });
		planner = await server.account('manager', hamburg);
		procedure = (await creates(server, '/procedures', { token: planner, body: procedureOf() })).id;
		id = await upload(server, planner, procedure, bytes);
		await check(server, id);
		fromDatabase = await ask();
		await show(server, id);
	});
	after(() => server.stop());

	it('are made when a large document that was shown is read, where nobody else looks', async () => {
		const small = await publish(server, planner, procedure, pdf(100_000, 3));
		const draft = await upload(server, planner, procedure, pdf(3_000_000, 53));
		await check(server, draft);
		for (const one of [small, draft, id]) assert.equal((await content(server, one, { token: planner })).status, 200);
		await until(() => existsSync(path));
		assert.deepEqual(named(folder), [sha256(bytes)], 'neither the small one nor the draft');
		assert.ok(bytes.equals(readFileSync(path)));
		assert.equal(statSync(folder).mode & 0o777, 0o700);
		assert.equal((await content(server, draft)).status, 404);
	});

	it('are sent in the place of what is in the database, whole and in part, with the same fields', async () => {
		const count = await sent();
		await spoiled(server, async () => assert.deepEqual(await ask(), fromDatabase));
		assert.equal(await sent() - count, requests.length - 3, 'neither HEAD nor 304 nor 416 takes one');
	});

	it('are sent to their end to slow readers, also when they are gone meanwhile', async () => {
		const slow = await Promise.all(Array.from({ length: 12 }, () => slowly(server, id)));
		const [{ reply }] = slow;
		assert.equal(reply.headers['content-length'], String(bytes.length));
		rmSync(path);
		// Whoever reads it already goes on with it; whoever comes now reads from the database, until there is a new one.
		for (const one of slow.splice(0, 6)) one.reply.destroy();
		for (const one of slow) assert.ok(bytes.equals(await one.rest()));
		assert.ok(bytes.equals((await content(server, id)).bytes));
		await copied();
	});

	it('that were written to, or have become shorter, are not sent and made anew', async () => {
		for (const [what, damage] of [['another byte', () => {
			const file = openSync(path, 'r+');
			writeSync(file, Buffer.from('?'), 0, 1, 5_000_000);
			closeSync(file);
		}], ['an end that is missing', () => truncateSync(path, 7_000_000)], ['a file of nothing', () => writeFileSync(path, '')]]) {
			chmodSync(path, 0o600);
			damage();
			const damaged = server.log.filter((line) => line.event === 'document_copy_damaged').length;
			assert.ok(bytes.equals((await content(server, id)).bytes), what);
			await until(() => server.log.filter((line) => line.event === 'document_copy_damaged').length > damaged);
			await until(() => existsSync(path) && statSync(path).size === bytes.length);
			await copied();
		}
	});

	it('that are damaged while they are sent are left for the database', async () => {
		const slow = await slowly(server, id);
		chmodSync(path, 0o600);
		// What the kernel holds already has gone out: everything behind it is another file now.
		const file = openSync(path, 'r+');
		writeSync(file, Buffer.from('?'), 0, 1, bytes.length - 1);
		closeSync(file);
		assert.ok(bytes.equals(await slow.rest()));
		await content(server, id);
		await until(() => existsSync(path) && readFileSync(path).equals(bytes));
		await copied();
	});

	it('of another run count after they were read to their end', async () => {
		const other = pdf(2_000_000, 57);
		await publish(server, planner, procedure, other).then((one) => content(server, one));
		const second = join(folder, sha256(other));
		await until(() => existsSync(second));
		// Damage that leaves no trace but in the bytes.
		const { atime, mtime } = statSync(second);
		const whole = readFileSync(second);
		whole[1_000_000] ^= 1;
		chmodSync(second, 0o600);
		writeFileSync(second, whole);
		utimesSync(second, atime, mtime);
		await server.stop({ keepDatabase: true });
		server = await startServer({ settings: { document_cache: folder, metrics }, database: server.database });
		// Nobody has to ask for that.
		await until(() => server.has('document_copy_read') && server.has('document_copy_damaged') && existsSync(second) && readFileSync(second).equals(other));
		assert.ok(server.log.find((line) => line.event === 'document_copy_read').message.startsWith(sha256(bytes)));
		assert.ok(server.log.find((line) => line.event === 'document_copy_damaged').message.startsWith(sha256(other)));
		await copied();
	});

	it('go when their document is shown to nobody any more, which is asked while they are sent as well', async () => {
		const large = pdf(60_000_000, 59);
		const shown = await publish(server, planner, procedure, large);
		await content(server, shown);
		await until(() => existsSync(join(folder, sha256(large))));
		const slow = await slowly(server, shown);
		await psql(server.database.superuser, `update pp.file set state = 'ABGELEHNT', reason = 'VIRUS' where id = :'shown'`, { shown });
		const rest = await slow.rest();
		assert.ok(rest instanceof Error || rest.length < large.length, 'it was sent to its end');
		assert.equal((await content(server, shown)).status, 404);
		const tidied = await server.command(['copies'], { env: { PP_DOCUMENT_CACHE: folder } });
		assert.equal(tidied.status, 0, tidied.stderr);
		assert.ok(!existsSync(join(folder, sha256(large))));
		assert.ok(existsSync(path), 'the others stay');
	});
});

/** A round that shows these files to the public: {server, round, documents}. */
async function announced(files, settings) {
	const server = await startServer({ settings: { web_workers: 1, ...settings } });
	const planner = await server.account('manager', hamburg);
	const { procedure, plan } = await fileBoth(server, planner);
	await confirm(server, planner, plan);
	const documents = [];
	for (const [at, bytes] of files.entries()) {
		documents.push(await upload(server, planner, procedure, bytes, { kind: ['BEGRUENDUNG', 'GUTACHTEN', 'KARTE'][at], name: `${at}.pdf` }));
		await check(server, documents.at(-1));
	}
	const round = (await server.must(201, 'POST', `/procedures/${procedure}/rounds`, { token: planner, body: roundOf({ plan, step: 'FRUEH_OEFF', audience: 'OEFF', start: day(1), end: day(50) }) })).id;
	await psql(server.database.superuser, `update pp.procedure set published_at = now() where id = :'procedure'`, { procedure });
	return { server, round, documents };
}

describe('what a round shows', () => {
	it('has copies before its first reader comes, however much it is', async () => {
		const folder = folderOf();
		const files = [pdf(40_000_000, 64), pdf(40_000_001, 65), pdf(40_000_002, 66)];
		const { server, documents } = await announced(files, { document_cache: folder });
		await until(() => existsSync(folder) && named(folder).length === 3);
		await spoiled(server, async () => {
			for (const [at, id] of documents.entries()) assert.ok(files[at].equals((await content(server, id)).bytes));
		});
		await server.stop();
	});

	it('takes no room from what was wanted since', async () => {
		const folder = folderOf();
		const files = [pdf(2_000_000, 67), pdf(2_000_001, 68)];
		const { server, documents } = await announced(files, { document_cache: folder, document_cache_mb: 3 });
		const only = (at) => existsSync(folder) && named(folder).join() === sha256(files[at]);
		await until(() => existsSync(folder) && named(folder).length === 1);
		await content(server, documents[1]);
		await until(() => only(1));
		await server.stop({ keepDatabase: true });
		const again = await startServer({ settings: server.settings, database: server.database });
		await until(() => again.has('document_copy_read'));
		// Whoever looks by hand waits for whoever looks already.
		assert.equal((await again.command(['copies'], { env: { PP_DOCUMENT_CACHE: folder, PP_DOCUMENT_CACHE_MB: '3' } })).status, 0);
		assert.ok(only(1));
		await again.stop();
	});
});

describe('the archive of a round', () => {
	it('is made of copies where there are some', async () => {
		const folder = folderOf();
		const files = [pdf(18_000_000, 61), pdf(10, 62), pdf(2_000_000, 63)];
		const { server, round } = await announced(files, { document_cache: folder });
		const archive = () => send(server, 'GET', `/rounds/${round}/documents.zip`, {});
		const first = await archive();
		assert.equal(first.status, 200);
		await until(() => existsSync(folder) && named(folder).length === 2);
		// The small one, which has no copy, is the only one that is read.
		const chunk = sha256(files[1]);
		await psql(server.database.superuser, `set session_replication_role = replica; update pp.chunk set bytes = convert_to(repeat('x', length(bytes)), 'UTF8') where sha256 <> decode('${chunk}', 'hex')`);
		assert.ok(first.bytes.equals((await archive()).bytes));
		await server.stop();
	});
});

describe('the place of copies', () => {
	it('is bounded: those go first that were wanted longest ago', async () => {
		const folder = folderOf();
		const server = await startServer({ settings: { document_cache: folder, document_cache_mb: 5, web_workers: 1 } });
		const planner = await server.account('manager', hamburg);
		const { id: procedure } = await creates(server, '/procedures', { token: planner, body: procedureOf() });
		const files = [71, 72, 73].map((seed) => pdf(2_000_000, seed));
		const large = pdf(6_000_000, 74);
		const has = (bytes) => existsSync(join(folder, sha256(bytes)));
		const ids = [];
		const read = async (at) => {
			ids[at] ??= await publish(server, planner, procedure, files[at]);
			await content(server, ids[at]);
			await until(() => has(files[at]));
		};
		assert.equal((await content(server, await publish(server, planner, procedure, large))).bytes.length, large.length);
		// The first one is wanted again.
		for (const at of [0, 1, 0, 2]) await read(at);
		assert.deepEqual([...files, large].map(has), [true, false, true, false]);
		await server.stop();
	});

	it('may be full, closed, or no folder: documents are served all the same, and the log says why', async () => {
		const root = process.getuid() === 0;
		const full = folderOf();
		mkdirSync(full, { mode: 0o700 });
		const mounted = root && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m,mode=700', 'tmpfs', full]).status === 0;
		const open = folderOf();
		mkdirSync(open);
		chmodSync(open, 0o755);
		const file = folderOf();
		writeFileSync(file, 'no folder');
		const bytes = pdf(4_000_000, 81);
		for (const [folder, why] of [...(mounted ? [[full, /less than a tenth/]] : []), [open, /open to them/], [file, /Not a directory/]]) {
			const server = await startServer({ settings: { document_cache: folder, web_workers: 1 } });
			const planner = await server.account('manager', hamburg);
			const { id: procedure } = await creates(server, '/procedures', { token: planner, body: procedureOf() });
			const id = await publish(server, planner, procedure, bytes);
			for (let i = 0; i < 2; i++) assert.ok(bytes.equals((await content(server, id)).bytes));
			const said = await until(() => server.log.find((line) => line.event === 'document_not_copied'));
			assert.match(said.message, why);
			await server.stop();
		}
		if (mounted) {
			assert.deepEqual(named(full), []);
			spawnSync('umount', ['-l', full]);
		}
	});

	it('is not used where the setting says so', async () => {
		const folder = folderOf();
		const server = await startServer({ settings: { document_cache: folder, document_cache_mb: 0, web_workers: 1 } });
		const planner = await server.account('manager', hamburg);
		const { id: procedure } = await creates(server, '/procedures', { token: planner, body: procedureOf() });
		const bytes = pdf(2_000_000, 91);
		const id = await publish(server, planner, procedure, bytes);
		for (let i = 0; i < 2; i++) assert.ok(bytes.equals((await content(server, id)).bytes));
		await server.stop();
		assert.ok(!existsSync(folder));
	});
});
