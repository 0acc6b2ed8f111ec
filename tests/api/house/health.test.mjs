// SPDX-License-Identifier: EUPL-1.2
// Ready means that database and geometry worker answer now, not that they once did; alive means less.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer, until } from '../../harness/server.mjs';

describe('health', () => {
	let server;
	before(async () => {
		server = await startServer();
	});
	after(() => server.stop());

	it('is ready while everything answers', async () => {
		const reply = await server.api('GET', '//health');
		assert.equal(reply.status, 200, reply.text);
		assert.equal(reply.body.status, 'ready');
		assert.equal((await server.api('GET', '//health/live')).body.status, 'live');
	});

	it('is not while the geometry worker is silent, and is again when it speaks', async () => {
		const silent = await server.pids('geometry');
		assert.ok(silent.length);
		try {
			silent.forEach((pid) => process.kill(pid, 'SIGSTOP'));
			const reply = await server.api('GET', '//health/ready');
			assert.equal(reply.status, 503, reply.text);
			assert.ok(Number(reply.headers.get('retry-after')) > 0);
			assert.equal((await server.api('GET', '//health/live')).status, 200);
		} finally {
			silent.forEach((pid) => process.kill(pid, 'SIGCONT'));
		}
		await until(async () => (await server.api('GET', '//health/ready')).status === 200);
	});
});
