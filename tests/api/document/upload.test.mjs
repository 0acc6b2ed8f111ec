// SPDX-License-Identifier: EUPL-1.2
// Uploads: piece by piece, broken off and gone on with, whole; what was announced is what is kept.
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, describe, it } from 'node:test';
import { psql, startServer, until } from '../../harness/server.mjs';
import { creates, ellerbek, hamburg, nowhere, pointers, procedureOf, refuses, uuid7 } from '../support.mjs';
import { announce, announcementOf, noise, patch, pdf, put, send, sha256, stored, upload } from './support.mjs';

describe('uploads', () => {
	let server, planner, others, procedure;
	before(async () => {
		server = await startServer();
		planner = await server.account('manager', hamburg);
		others = await server.account('manager', ellerbek);
		procedure = (await creates(server, '/procedures', { token: planner, body: procedureOf() })).id;
	});
	after(() => server.stop());

	const look = (id, token = planner, method = 'HEAD') => send(server, method, `/uploads/${id}`, { token, headers: { 'Tus-Resumable': '1.0.0' } });
	const content = async (id) => (await send(server, 'GET', `/documents/${id}/content`, { token: planner })).bytes;

	it('are announced with all that is known of the file', async () => {
		const where = `/procedures/${procedure}/documents`;
		const good = announcementOf(pdf());
		for (const [more, pointer] of [[{ kind: 'ROMAN' }, '/kind'], [{ sha256: 'Z'.repeat(64) }, '/sha256'], [{ sha256: 'ab' }, '/sha256'], [{ size: 0 }, '/size'],
			[{ size: 10737418241 }, '/size'], [{ media_type: 'text/html' }, '/media_type'], [{ name: 'x.html' }, '/name'], [{ name: '../x.pdf' }, '/name'],
			[{ name: 'a\\b.pdf' }, '/name'], [{ name: 'a\u0007.pdf' }, '/name'], [{ name: '.pdf' }, '/name'], [{ audiences: ['ALLE'] }, '/audiences/0'], [{ bodies: ['keine'] }, '/bodies/0'],
			[{ replaces: nowhere }, '/replaces']]) {
			const { errors } = await refuses(server, 422, more.bodies ? 'body_not_found' : 'invalid_body', 'POST', where, { token: planner, body: { ...good, ...more } });
			assert.deepEqual(errors.map((error) => error.pointer), [pointer]);
		}
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', where, { token: planner, body: {} })), ['/kind', '/name', '/media_type', '/size', '/sha256']);
		await refuses(server, 403, 'forbidden', 'POST', where, { token: await server.account('clerk releaser', ellerbek), body: good });
		await refuses(server, 404, 'procedure_not_found', 'POST', where, { token: others, body: good });
		const made = await creates(server, where, { token: planner, body: good, headers: { 'Idempotency-Key': 'one' } });
		assert.match(made.id, uuid7);
		assert.deepEqual([made.state, made.number, made.version, made.title, made.upload.url, made.upload.offset, made.content, made.xplanung.code],
			['LAEDT', 1, 1, 'Begründung.pdf', `/api/v1/uploads/${made.id}`, 0, null, '1010']);
		assert.deepEqual(await server.must(201, 'POST', where, { token: planner, body: good, headers: { 'Idempotency-Key': 'one' } }), made);
	});

	it('come whole, or in pieces of any size, and are the same afterwards', async () => {
		for (const size of [0, 262144 - 200, 262144, 1048576, 3_000_001]) {
			const bytes = pdf(size, size + 7);
			const id = await upload(server, planner, procedure, bytes);
			assert.ok(bytes.equals(await content(id)), `${size}`);
		}
		const bytes = pdf(2_500_000, 3);
		const { id } = await announce(server, planner, procedure, bytes);
		let at = 0;
		for (const step of [1, 99, 1000, 262143, 262145, 1, 1048576, 5_000_000]) {
			const reply = await patch(server, planner, id, at, bytes.subarray(at, at + step));
			at = Math.min(at + step, bytes.length);
			assert.deepEqual([reply.status, reply.headers['upload-offset'], reply.headers['tus-resumable']], [204, String(at), '1.0.0']);
			const state = await look(id);
			assert.deepEqual([state.status, state.headers['upload-offset'], state.headers['upload-length'], state.headers['cache-control']],
				[200, String(at), String(bytes.length), 'no-store']);
		}
		assert.ok(bytes.equals(await content(id)));
		const shown = await server.must(200, 'GET', `/documents/${id}`, { token: planner });
		assert.equal(shown.sha256, sha256(bytes));
		// Said again because the answer was lost: nothing is done twice.
		assert.equal((await patch(server, planner, id, bytes.length, Buffer.alloc(0))).status, 204);
		assert.equal((await patch(server, planner, id, 0, bytes.subarray(0, 10))).json().type, '/problems/upload_offset');
	});

	it('that break off keep what arrived, and go on where that ended', async () => {
		const bytes = pdf(4_000_000, 11);
		const { id } = await announce(server, planner, procedure, bytes);
		const offset = async () => Number((await look(id)).headers['upload-offset']);
		let at = 0;
		for (const part of [10, 700_000, 1_500_000]) {
			const request = http.request(`${server.address}/api/v1/uploads/${id}`, { method: 'PATCH', headers: { Authorization: `Bearer ${planner.token}`,
				'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': at, 'Content-Length': bytes.length - at } });
			request.on('error', () => {});
			request.write(bytes.subarray(at, at + part));
			// The server has the first bytes when it has stored a piece, or waits for more of it; then the client goes.
			await until(() => request.socket && request.socket.bytesWritten >= part && request.socket.writableLength === 0);
			request.socket.end();
			at = await until(async () => (await offset()) === at + part && at + part);
			request.destroy();
		}
		assert.equal((await patch(server, planner, id, at, bytes.subarray(at))).status, 204);
		assert.ok(bytes.equals(await content(id)));
	});

	it('are refused where hash, length, place or type are others than announced, and leave nothing', async () => {
		const bytes = pdf(600_000, 13);
		const wrong = Buffer.from(bytes);
		wrong[300_000] ^= 1;
		const first = (await announce(server, planner, procedure, bytes)).id;
		const refused = await put(server, planner, first, wrong);
		assert.deepEqual([refused.status, refused.json().type], [422, '/problems/upload_hash_wrong']);
		const shown = await server.must(200, 'GET', `/documents/${first}`, { token: planner });
		assert.deepEqual([shown.state, shown.reason, shown.content, shown.upload], ['ABGELEHNT', 'SHA256', null, null]);
		assert.equal((await put(server, planner, first, bytes)).json().type, '/problems/upload_over');
		assert.equal((await send(server, 'GET', `/documents/${first}/content`, { token: planner })).status, 409);

		const { id } = await announce(server, planner, procedure, bytes);
		for (const [reply, status, problem] of [
			[await patch(server, planner, id, 5, bytes), 409, 'upload_offset'],
			[await patch(server, planner, id, 'x', bytes), 400, 'invalid_parameter'],
			[await patch(server, planner, id, 0, bytes, { 'Tus-Resumable': '0.2.2' }), 412, 'precondition_failed'],
			[await patch(server, planner, id, 0, bytes, { 'Content-Type': 'application/pdf' }), 415, 'unsupported_media_type'],
			[await put(server, planner, id, bytes, 'image/png'), 415, 'unsupported_media_type'],
			[await put(server, planner, id, Buffer.concat([bytes, Buffer.from('x')])), 413, 'body_too_large'],
			[await send(server, 'PUT', `/uploads/${id}`, { token: planner, body: null, headers: { 'Content-Type': 'application/pdf', 'Content-Length': 0 } }), 409, 'upload_offset'],
			[await patch(server, others, id, 0, bytes), 404, 'upload_not_found'],
			[await look(id, others, 'GET'), 404, 'upload_not_found'],
			[await look(nowhere, planner, 'GET'), 404, 'upload_not_found'],
			[await send(server, 'PATCH', `/uploads/${id}`, { body: bytes, headers: { 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': 0 } }), 401, 'unauthenticated']])
			assert.deepEqual([reply.status, reply.json().type], [status, `/problems/${problem}`], reply.bytes.toString());
		assert.equal((await look(id)).headers['upload-offset'], '0');
		// More than was announced, in chunks that say no length before.
		const agent = new http.Agent({ keepAlive: false });
		const surplus = await new Promise((done) => {
			const request = http.request(`${server.address}/api/v1/uploads/${id}`, { method: 'PUT', agent, headers: { Authorization: `Bearer ${planner.token}`, 'Content-Type': 'application/pdf' } });
			request.on('response', (reply) => reply.resume().on('end', () => done(reply.statusCode))).on('error', () => {});
			request.write(bytes);
			request.end(Buffer.from('x'));
		});
		assert.equal(surplus, 413);
		assert.equal((await look(id)).headers['upload-offset'], '0');
	});

	it('of the same bytes at once are stored once, and only one goes on at a place', async () => {
		const bytes = noise(2_000_000, 17);
		const name = { name: 'x.zip', media_type: 'application/zip', kind: 'SONSTIGES' };
		const before = await stored(server);
		const ids = await Promise.all([1, 2, 3, 4].map(async () => (await announce(server, planner, procedure, bytes, name)).id));
		assert.deepEqual((await Promise.all(ids.map((id) => put(server, planner, id, bytes, 'application/zip')))).map((reply) => reply.status), [204, 204, 204, 204]);
		const now = await stored(server);
		assert.deepEqual([now.bytes - before.bytes, now.chunks - before.chunks], [bytes.length, Math.ceil(bytes.length / 262144)]);
		for (const id of ids) assert.ok(bytes.equals(await content(id)));
		const { id } = await announce(server, planner, procedure, bytes, name);
		const replies = await Promise.all([1, 2, 3].map(() => patch(server, planner, id, 0, bytes)));
		assert.deepEqual(replies.map((reply) => reply.status).sort(), [204, 409, 409]);
		assert.ok(bytes.equals(await content(id)));
	});

	it('that nobody goes on with, and what was refused, are swept; what others have stays', async () => {
		const both = noise(700_000, 19);
		const kept = await upload(server, planner, procedure, both, { name: 'a.zip', media_type: 'application/zip', kind: 'SONSTIGES' });
		const before = await stored(server);
		const { id } = await announce(server, planner, procedure, Buffer.concat([both, noise(100)]), { name: 'b.zip', media_type: 'application/zip', kind: 'SONSTIGES' });
		await patch(server, planner, id, 0, both.subarray(0, 300_000));
		assert.ok((await stored(server)).bytes > before.bytes);
		await psql(server.database.superuser, `update pp.file set expires_at = now() - interval '1 second' where id = :'id'`, { id });
		await until(async () => (await psql(server.database.superuser, `set session authorization pp_clerk; select gone from pp_api.file_sweep(now(), 3)`)) === '0');
		assert.deepEqual(await stored(server), before);
		assert.ok(both.equals(await content(kept)));
		assert.equal((await server.must(200, 'GET', `/documents/${id}`, { token: planner })).state, 'VERFALLEN');
		assert.equal((await patch(server, planner, id, 300_000, both.subarray(300_000))).json().type, '/problems/upload_over');
	});
});
