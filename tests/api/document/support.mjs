// SPDX-License-Identifier: EUPL-1.2
// What the tests of documents share: bytes that are theirs alone, and the ways of an upload.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import http from 'node:http';
import { psql } from '../../harness/server.mjs';

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** Bytes from a seed, the same every time (xorshift32). */
export function noise(size, seed = 1) {
	const words = new Uint32Array(Math.ceil(size / 4));
	let x = seed * 2654435761 >>> 0 || 1;
	for (let i = 0; i < words.length; i++) {
		x ^= x << 13;
		x ^= x >>> 17;
		x ^= x << 5;
		words[i] = x >>>= 0;
	}
	return Buffer.from(words.buffer, 0, size);
}

/** A PDF as small as one can be, made larger by noise. */
export function pdf(size = 0, seed = 1) {
	const head = '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n'
		+ '3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R>>endobj\n';
	// Letters only: bytes at random may well be the beginning of something else.
	const filling = noise(size, seed);
	for (let i = 0; i < filling.length; i++) filling[i] = 97 + (filling[i] % 26);
	return Buffer.concat([Buffer.from(`${head}4 0 obj<</Length ${size}>>stream\n`), filling,
		Buffer.from('\nendstream endobj\ntrailer<</Size 5/Root 1 0 R>>\n%%EOF\n')]);
}

export const announcementOf = (bytes, more = {}) => ({ kind: 'BEGRUENDUNG', name: 'Begründung.pdf', media_type: 'application/pdf',
	size: bytes.length, sha256: sha256(bytes), ...more });

export const announce = (server, token, procedure, bytes, more) =>
	server.must(201, 'POST', `/procedures/${procedure}/documents`, { token, body: announcementOf(bytes, more) });

/** One request with raw bytes; what fetch would do by itself (encodings, lengths) is left alone. */
export function send(server, method, path, { token, headers = {}, body, agent } = {}) {
	return new Promise((done, failed) => {
		const request = http.request(`${server.address}/api/v1${path}`, { method, agent,
			headers: { ...(token ? { Authorization: `Bearer ${token.token ?? token}` } : {}), ...(body ? { 'Content-Length': body.length } : {}), ...headers } });
		request.on('error', failed).on('response', (reply) => {
			const parts = [];
			reply.on('data', (bytes) => parts.push(bytes)).on('error', failed)
				.on('end', () => done({ status: reply.statusCode, headers: reply.headers, bytes: Buffer.concat(parts), json: () => JSON.parse(Buffer.concat(parts)) }));
		});
		request.end(body);
	});
}

export const patch = (server, token, upload, offset, bytes, headers = {}) => send(server, 'PATCH', `/uploads/${upload}`, { token, body: bytes,
	headers: { 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': offset, 'Tus-Resumable': '1.0.0', ...headers } });

export const put = (server, token, upload, bytes, type = 'application/pdf') =>
	send(server, 'PUT', `/uploads/${upload}`, { token, body: bytes, headers: { 'Content-Type': type } });

export async function upload(server, token, procedure, bytes, more) {
	const document = await announce(server, token, procedure, bytes, more);
	const reply = await put(server, token, document.id, bytes, document.media_type);
	assert.equal(reply.status, 204, reply.bytes.toString());
	return document.id;
}

/** What the clerk would find, and a round would show, at once. */
export const check = (server, id) => psql(server.database.superuser, `update pp.file set state = 'GEPRUEFT', check_at = null where id = :'id' and state = 'UNGEPRUEFT'`, { id });
export const show = (server, id) => psql(server.database.superuser, `update pp.document set published_at = now() where id = :'id'`, { id });
export async function publish(server, planner, procedure, bytes, more) {
	const id = await upload(server, planner, procedure, bytes, more);
	await check(server, id);
	await show(server, id);
	return id;
}

/** How many files were sent from copies; metrics is the setting. */
export const fromCopies = async (metrics) =>
	Number(/^planungsplattform_document_copies_total (\d+)$/m.exec(await (await fetch(`http://${metrics}/metrics`)).text())[1]);

/** What the database holds of it: bytes of chunks, and how many there are. */
export const stored = async (server) => (await psql(server.database.superuser,
	'select count(*)::int as chunks, coalesce(sum(length(bytes)), 0)::int as bytes from pp.chunk'))[0];
