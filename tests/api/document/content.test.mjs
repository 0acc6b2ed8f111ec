// SPDX-License-Identifier: EUPL-1.2
// Downloads: whole, in parts, by name, for whoever may see the document and nobody else.
import assert from 'node:assert/strict';
import http from 'node:http';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { after, before, describe, it } from 'node:test';
import { psql, startServer, until } from '../../harness/server.mjs';
import { creates, ellerbek, hamburg, nowhere, procedureOf } from '../support.mjs';
import { noise, pdf, send, sha256, upload } from './support.mjs';

describe('contents', () => {
	let server, planner, procedure, id;
	const bytes = pdf(3_000_001, 5);
	const name = 'Begründung "Schnelsen 99" – 100 %.pdf';
	const publish = (document) => psql(server.database.superuser, `update pp.file set state = 'GEPRUEFT' where id = :'id';
		update pp.document set published_at = now() where id = :'id'`, { id: document });
	before(async () => {
		server = await startServer();
		planner = await server.account('manager', hamburg);
		procedure = (await creates(server, '/procedures', { token: planner, body: procedureOf() })).id;
		id = await upload(server, planner, procedure, bytes, { name });
	});
	after(() => server.stop());
	const get = (headers = {}, method = 'GET', token = planner) => send(server, method, `/documents/${id}/content`, { token, headers });

	it('are the file, with its name, its hash as ETag, and nothing that could run', async () => {
		const reply = await get();
		assert.equal(reply.status, 200);
		assert.ok(bytes.equals(reply.bytes));
		const { headers } = reply;
		assert.deepEqual([headers['content-type'], headers['content-length'], headers.etag, headers['accept-ranges'], headers['x-content-type-options'], headers['content-security-policy'].split(';')[0], headers['content-encoding']],
			['application/pdf', String(bytes.length), `"${sha256(bytes)}"`, 'bytes', 'nosniff', 'sandbox', undefined]);
		const [, ascii, coded] = /^attachment; filename="([ -~]*)"; filename\*=UTF-8''([^; ]+)$/.exec(headers['content-disposition']);
		assert.equal(decodeURIComponent(coded), name);
		assert.equal(ascii, 'Begr_ndung _Schnelsen 99_ _ 100 _.pdf');
		const head = await get({}, 'HEAD');
		assert.deepEqual([head.status, head.bytes.length, head.headers['content-length'], head.headers.etag], [200, 0, String(bytes.length), headers.etag]);
		for (const tag of [headers.etag, `W/${headers.etag}`, '*', `"other", ${headers.etag}`]) assert.equal((await get({ 'If-None-Match': tag })).status, 304, tag);
		assert.equal((await get({ 'If-None-Match': '"other"' })).status, 200);
	});

	it('come in the part that was asked for', async () => {
		const size = bytes.length;
		const etag = `"${sha256(bytes)}"`;
		for (const [range, first, end] of [['bytes=0-0', 0, 1], ['bytes=0-', 0, size], ['bytes=262143-262144', 262143, 262145], ['bytes=1048576-2097151', 1048576, 2097152],
			[`bytes=${size - 1}-`, size - 1, size], ['bytes=-1', size - 1, size], ['bytes=-99999999', 0, size], [`bytes=5-${size * 2}`, 5, size], ['bytes= 5 - 9', 5, 10]]) {
			const part = await get({ Range: range });
			assert.deepEqual([part.status, part.headers['content-range'], part.headers['content-length']], [206, `bytes ${first}-${end - 1}/${size}`, String(end - first)], range);
			assert.ok(part.bytes.equals(bytes.subarray(first, end)), range);
		}
		for (const range of [`bytes=${size}-`, `bytes=${size}-${size}`, 'bytes=-0']) {
			const none = await get({ Range: range });
			assert.deepEqual([none.status, none.headers['content-range'], none.json().type], [416, `bytes */${size}`, '/problems/range_not_satisfiable'], range);
		}
		for (const range of ['bytes=9-5', 'bytes=a-b', 'bytes=5', 'bytes=', 'bytes=--5', 'lines=0-1', 'bytes=0-0,5-6', 'bytes=99999999999999999999-', 'bytes=-99999999999999999999'])
			assert.equal((await get({ Range: range })).status, 200, range);
		assert.equal((await get({ Range: 'bytes=0-9', 'If-Range': etag })).status, 206);
		for (const other of ['"other"', `W/${etag}`, 'Wed, 25 Nov 2026 20:00:00 GMT']) assert.equal((await get({ Range: 'bytes=0-9', 'If-Range': other })).status, 200, other);
		const head = await get({ Range: 'bytes=0-9' }, 'HEAD');
		assert.deepEqual([head.status, head.headers['content-length']], [200, String(size)]);
	});

	it('are gone on with by curl where it was broken off', async () => {
		await publish(id);
		const folder = mkdtempSync(join(tmpdir(), 'pp-content-'));
		const file = join(folder, 'half');
		writeFileSync(file, bytes.subarray(0, 1_234_567));
		await promisify(execFile)('curl', ['-sS', '--fail', '-C', '-', '-o', file, `${server.address}/api/v1/documents/${id}/content`]);
		assert.ok(bytes.equals(readFileSync(file)));
		rmSync(folder, { recursive: true });
	});

	it('are everybody\'s once published, nobody else\'s before, without cookie or script', async () => {
		// No PDF: it is never found well, however fast it is looked into.
		const draft = await upload(server, planner, procedure, noise(1000, 23));
		const municipality = await server.account('clerk releaser', ellerbek);
		const others = await server.account('manager', ellerbek);
		for (const token of [undefined, municipality, others, await server.account('operator')])
			for (const path of [`/documents/${draft}`, `/documents/${draft}/content`]) assert.equal((await send(server, 'GET', path, { token })).status, 404);
		// Published, but not checked: as if it were not there.
		await psql(server.database.superuser, `update pp.document set published_at = now() where id = :'id'`, { id: draft });
		assert.equal((await send(server, 'GET', `/documents/${draft}/content`, {})).status, 404);
		assert.equal((await send(server, 'GET', `/documents/${nowhere}/content`, {})).status, 404);
		await publish(id);
		await psql(server.database.superuser, `update pp.procedure set published_at = now() where id = :'procedure'`, { procedure });
		const open = await send(server, 'GET', `/documents/${id}/content`, {});
		assert.deepEqual([open.status, open.headers['set-cookie'], open.headers['cache-control']], [200, undefined, 'no-cache']);
		assert.ok(bytes.equals(open.bytes));
		const { items } = await server.must(200, 'GET', `/procedures/${procedure}/documents`);
		assert.deepEqual(items.map((item) => [item.id, item.audiences, item.upload, item.created_at]), [[id, undefined, undefined, undefined]]);
	});

	it('hold no connection while a client does not read, and stop when it leaves', async () => {
		const large = pdf(12_000_000, 29);
		const slow = await upload(server, planner, procedure, large, { name: 'groß.pdf' });
		await publish(slow);
		const readers = await Promise.all(Array.from({ length: 12 }, () => new Promise((done) => {
			http.get(`${server.address}/api/v1/documents/${slow}/content`, { agent: false }, (reply) => {
				reply.pause();
				done(reply);
			});
		})));
		// All of them stand still; whoever comes now is served at once, on the same few connections.
		const reply = await send(server, 'GET', `/documents/${slow}/content`, {});
		assert.ok(large.equals(reply.bytes));
		const busy = () => psql(server.database.superuser, `select count(*)::int as n from pg_stat_activity where datname = current_database() and usename = 'pp_public' and state <> 'idle'`);
		await until(async () => (await busy())[0].n === 0);
		for (const one of readers.splice(0, 6)) one.destroy();
		for (const one of readers) {
			const parts = [];
			one.on('data', (part) => parts.push(part));
			await new Promise((done) => one.on('end', done).resume());
			assert.ok(large.equals(Buffer.concat(parts)));
		}
	});

	it('of a small file are kept for the next reader, who must be allowed to see it even so', async () => {
		const server = await startServer({ settings: { web_workers: 1 } });
		const planner = await server.account('manager', hamburg);
		const { id: procedure } = await creates(server, '/procedures', { token: planner, body: procedureOf() });
		const small = pdf(1_000_001, 41);
		const large = pdf(9_000_000, 43);
		const [kept, other] = [await upload(server, planner, procedure, small), await upload(server, planner, procedure, large)];
		const read = (document, headers = {}, token = planner) => send(server, 'GET', `/documents/${document}/content`, { token, headers });
		for (const [document, whole] of [[kept, small], [other, large]]) assert.ok(whole.equals((await read(document)).bytes));
		// What is in the database is not looked at again: the same number of other bytes now, past the triggers.
		await psql(server.database.superuser, `set session_replication_role = replica; update pp.chunk set bytes = convert_to(repeat('x', length(bytes)), 'UTF8')`);
		assert.ok(small.equals((await read(kept)).bytes));
		assert.ok((await read(kept, { Range: 'bytes=262140-524300' })).bytes.equals(small.subarray(262140, 524301)));
		assert.ok((await read(other)).bytes.equals(Buffer.alloc(large.length, 'x')), 'a large one is not kept');
		assert.equal((await read(kept, {}, null)).status, 404);
		await server.stop();
	});

	it('are listed page by page, and a version replaces another', async () => {
		const { id: other } = await creates(server, '/procedures', { token: planner, body: procedureOf() });
		const first = await upload(server, planner, other, pdf(1, 1), { title: 'Eins', kind: 'UMWELTBERICHT' });
		const second = await server.must(201, 'POST', `/procedures/${other}/documents`, { token: planner, body: { kind: 'UMWELTBERICHT', name: 'b.pdf', media_type: 'application/pdf', size: 9, sha256: 'a'.repeat(64), replaces: first } });
		assert.deepEqual([second.number, second.version, second.title, second.replaces], [1, 2, 'Eins', first]);
		const again = await server.api('POST', `/procedures/${other}/documents`, { token: planner, body: { kind: 'UMWELTBERICHT', name: 'b.pdf', media_type: 'application/pdf', size: 9, sha256: 'a'.repeat(64), replaces: first } });
		assert.deepEqual([again.status, again.body.errors[0].pointer], [409, '/replaces']);
		await upload(server, planner, other, pdf(1, 2));
		const page = await server.must(200, 'GET', `/procedures/${other}/documents?limit=2`, { token: planner });
		const rest = await server.must(200, 'GET', page.next.replace(`${server.address}/api/v1`, ''), { token: planner });
		assert.deepEqual([...page.items, ...rest.items].map((item) => [item.number, item.version]), [[1, 2], [1, 1], [2, 1]]);
		const changed = await server.must(200, 'PATCH', `/documents/${second.id}`, { token: planner, body: { title: 'Zwei', audiences: ['TOEB'] }, headers: { 'If-Match': '"1"' } });
		assert.deepEqual([changed.title, changed.audiences], ['Zwei', ['TOEB']]);
		assert.equal((await server.api('PATCH', `/documents/${second.id}`, { token: planner, body: { title: 'Drei' }, headers: { 'If-Match': '"1"' } })).status, 412);
		const withdrawn = await server.must(200, 'POST', `/documents/${second.id}/withdraw`, { token: planner, body: { reason: 'falsche Datei' } });
		assert.equal(withdrawn.withdraw_reason, 'falsche Datei');
		assert.equal((await send(server, 'HEAD', `/uploads/${second.id}`, { token: planner })).status, 404);
		assert.deepEqual((await server.must(200, 'GET', `/procedures/${other}/documents`, { token: planner })).items.map((item) => [item.number, item.version]), [[1, 1], [2, 1]]);
		assert.equal((await server.must(200, 'GET', `/procedures/${other}/documents?withdrawn=true`, { token: planner })).items.length, 3);
		await publish(first);
		for (const [method, path, body, headers] of [['PATCH', '', { title: 'Neu' }, { 'If-Match': '*' }], ['POST', '/withdraw', { reason: 'zu spät' }, {}]])
			assert.equal((await server.api(method, `/documents/${first}${path}`, { token: planner, body, headers })).body.type, '/problems/document_frozen');
	});
});
