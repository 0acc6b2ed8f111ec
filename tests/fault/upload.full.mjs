// SPDX-License-Identifier: EUPL-1.2
// Drill: a file of 2 GiB is uploaded, broken off on the way three times and gone on with, and downloaded; no web worker
// ever has 64 MB of its own. PP_BUILD_RELEASE names a build without sanitizers; PP_UPLOAD_MB another size.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { after, before, describe, it } from 'node:test';
import { startServer, until } from '../harness/server.mjs';
import { hamburg, procedureOf } from '../api/support.mjs';
import { noise, pdf, send } from '../api/document/support.mjs';
import { childrenOf, noLimits, release } from './support.mjs';

const MB = Number(process.env.PP_UPLOAD_MB ?? 2048);
// A PDF that is what it says, however soon it is looked into: what is refused is taken away, also from whoever is reading it.
const [head, tail] = pdf(0).toString('latin1').split(/(?<=stream\n)/);
const block = noise(1 << 20, 43).map((byte) => 97 + (byte % 26));
// Each mebibyte is another one: its number stands in front.
function mebibyte(i) {
	const bytes = Buffer.from(block);
	bytes.write(i === 0 ? head : `\n% ${i}\n`, 0);
	if (i === MB - 1) bytes.write(tail, bytes.length - tail.length);
	return bytes;
}

describe(`a file of ${MB} MiB`, { skip: noLimits }, () => {
	let server, planner, id, watching;
	const size = MB * 1048576;
	let most = 0;
	const memory = (pid) => Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
	before(async () => {
		server = await startServer({ folder: release });
		planner = await server.account('manager', hamburg);
		const procedure = (await server.must(201, 'POST', '/procedures', { token: planner, body: procedureOf() })).id;
		const hash = createHash('sha256');
		for (let i = 0; i < MB; i++) hash.update(mebibyte(i));
		id = (await server.must(201, 'POST', `/procedures/${procedure}/documents`, { token: planner, body: { kind: 'SONSTIGES', name: 'x.pdf', media_type: 'application/pdf', size, sha256: hash.digest('hex') } })).id;
		const workers = childrenOf(server.pid).filter(([, title]) => /planungsplattform: web/.test(title)).map(([pid]) => pid);
		assert.ok(workers.length >= 2, 'the web workers are found');
		watching = setInterval(() => workers.forEach((pid) => (most = Math.max(most, memory(pid)))), 50);
	});
	after(async () => {
		clearInterval(watching);
		await server.stop();
	});

	const offset = async () => Number((await send(server, 'HEAD', `/uploads/${id}`, { token: planner })).headers['upload-offset']);
	/** Sends from there on, and breaks off after so many mebibytes; the status where it did not. */
	async function go(from, breaksAfter = Infinity) {
		const request = http.request(`${server.address}/api/v1/uploads/${id}`, { method: 'PATCH', agent: false, headers: { Authorization: `Bearer ${planner.token}`,
			'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': from, 'Content-Length': size - from } });
		const answered = new Promise((done) => request.on('response', (reply) => reply.resume().on('end', () => done(reply.statusCode))).on('error', () => done('broken')).on('close', () => done('broken')));
		let over = false;
		answered.then(() => (over = true));
		for (let at = from; !over && at < size && at - from < breaksAfter * 1048576; ) {
			const i = Math.floor(at / 1048576);
			const bytes = mebibyte(i).subarray(at - i * 1048576);
			if (!request.write(bytes)) await Promise.race([once(request, 'drain'), answered]);
			at += bytes.length;
		}
		if (breaksAfter !== Infinity) request.destroy();
		else request.end();
		return answered;
	}

	it('is uploaded in four goes', async () => {
		const began = Date.now();
		for (const part of [MB / 8, MB / 4, MB / 4]) {
			// What came over the line before may still be being stored: then it stands elsewhere by now (409).
			await until(async () => (await go(await offset(), part)) === 'broken');
		}
		await until(async () => (await go(await offset())) === 204);
		console.log(`# upload: ${((MB * 1000) / (Date.now() - began)).toFixed(0)} MiB/s, at most ${most.toFixed(1)} MB in a web worker`);
		assert.ok(most < 64, `${most} MB`);
	});

	it('comes down as it went up', async () => {
		const began = Date.now();
		const reply = await new Promise((done) => http.get(`${server.address}/api/v1/documents/${id}/content`, { agent: false, headers: { Authorization: `Bearer ${planner.token}` } }, done));
		assert.equal(reply.statusCode, 200);
		const hash = createHash('sha256');
		for await (const bytes of reply) hash.update(bytes);
		assert.equal(`"${hash.digest('hex')}"`, reply.headers.etag);
		console.log(`# download: ${((MB * 1000) / (Date.now() - began)).toFixed(0)} MiB/s, at most ${most.toFixed(1)} MB in a web worker`);
		assert.ok(most < 64, `${most} MB`);
	});
});
