// SPDX-License-Identifier: EUPL-1.2
// Drill, the small one: crowds on a server that may open few files. What they hold is bounded, nobody is left
// out, nothing spins. How long users wait beside 10,000 of them is measured by crowd.full.mjs.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fromCopies, pdf, publish, send } from '../api/document/support.mjs';
import { noEcho, startEcho } from '../api/http/raw.mjs';
import { hamburg, procedureOf } from '../api/support.mjs';
import { freePort, program, startServer, until } from '../harness/server.mjs';
import { idleShare, limitFiles, memoryOf, openFiles, settled, startCrowd, startDeaf, users } from './crowd.mjs';
import { noLimits, openFolder, release } from './support.mjs';

const FILES = 256;

describe('a crowd', () => {
	it('beyond the limit of open files waits outside, and nothing spins', { skip: noEcho }, async (test) => {
		process.env.PP_HTTP_ECHO = program('echo_server', release);
		// A header may take 20 s, and still those who wait get in: the crowd is hurried.
		const echo = await startEcho('header_us=20000000', 'idle_us=20000000');
		limitFiles(echo.pid, FILES);
		const crowd = await startCrowd(echo.address, 'header', 600);
		try {
			await until(() => openFiles(echo.pid) >= FILES - 1);
			const share = await idleShare(echo.pid);
			test.diagnostic(`${openFiles(echo.pid)} open files, ${(share * 100).toFixed(1)} % of a processor`);
			assert.ok(share < 0.2, `${share} of a processor while nobody asks for anything`);
			assert.ok(openFiles(echo.pid) <= FILES);
			const { count } = await users(echo.address, '/whole?500', 4, 25);
			assert.equal(count, 100);
		} finally {
			await crowd.stop();
			await echo.stop();
		}
	});

	it('is counted by the server, which keeps files for what it has to do', { skip: noLimits }, async () => {
		const server = await startServer({ folder: release, settings: { web_workers: 1, header_seconds: 20 }, bare: true, files: 512 });
		const crowd = await startCrowd(server.address.replace('http://', ''), 'silent', 800);
		try {
			const [pid] = await server.pids('web');
			assert.match(JSON.stringify(server.log.find((line) => line.event === 'few_descriptors')), /512 open files allow 320 connections/);
			await until(() => server.has('accepting_paused'));
			assert.ok(openFiles(pid) < 420, `${openFiles(pid)} open files`);
			// The database and the workers are still reached.
			await users(server.address.replace('http://', ''), '/health', 4, 10);
			assert.ok((await crowd.seen()).ended > 0);
		} finally {
			await crowd.stop();
			await server.stop();
		}
	});

	it('that reads nothing of 20 MB each costs 8 MB in all', { skip: noEcho }, async (test) => {
		process.env.PP_HTTP_ECHO = program('echo_server', release);
		const echo = await startEcho();
		await users(echo.address, '/stream?20000000', 1, 1);
		const before = memoryOf(echo.pid);
		const deaf = await startDeaf(echo.address, '/stream?20000000', 8);
		try {
			await until(async () => (await echo.stats()).connections >= 9);
			const grown = (await settled(() => memoryOf(echo.pid))) - before;
			test.diagnostic(`${grown} kB more`);
			assert.ok(grown <= 8192, `${grown} kB more`);
		} finally {
			deaf.stop();
			await echo.stop();
		}
	});

	for (const [where, cache] of [['a copy', 64], ['the database', 0]])
		it(`that reads nothing of a document of 20 MB from ${where} costs 8 MB in all`, { skip: noLimits }, async (test) => {
			const folder = openFolder();
			const metrics = `127.0.0.1:${await freePort()}`;
			const server = await startServer({ folder: release, settings: { web_workers: 1, metrics, document_cache: join(folder, 'documents'), document_cache_mb: cache } });
			const planner = await server.account('manager', hamburg);
			const { id: procedure } = await server.must(201, 'POST', '/procedures', { token: planner, body: procedureOf() });
			const id = await publish(server, planner, procedure, pdf(20_000_000, 95));
			const path = `/documents/${id}/content`;
			// A first reader, after whom the worker has what it keeps in any case.
			await send(server, 'GET', path);
			if (cache) await until(() => server.has('document_copied'));
			const [pid] = await server.pids('web');
			const [before, sent] = [memoryOf(pid), await fromCopies(metrics)];
			const deaf = await startDeaf(server.address.replace('http://', ''), `/api/v1${path}`, 8);
			try {
				// Holes that larger pieces left are given back once a second.
				const grown = (await settled(() => memoryOf(pid), 1500)) - before;
				test.diagnostic(`${grown} kB more`);
				assert.ok(grown <= 8192, `${grown} kB more`);
				assert.equal(await fromCopies(metrics) - sent, cache ? 8 : 0);
				assert.equal(deaf.open(), 8, 'somebody was cut off meanwhile');
				await users(server.address.replace('http://', ''), '/health', 4, 10);
			} finally {
				deaf.stop();
				await server.stop();
				rmSync(folder, { recursive: true, force: true });
			}
		});
});
