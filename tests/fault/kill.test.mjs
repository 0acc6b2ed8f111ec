// SPDX-License-Identifier: EUPL-1.2
// Drill: kill -9 at random points while statements are being submitted. PP_SEED repeats a run's choice of
// victims and moments, PP_CYCLES sets how many times something dies.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { drill } from './kill.mjs';
import { embeddedServer, openRound, seed } from './support.mjs';

const cycles = Number(process.env.PP_CYCLES ?? 30);
const mainKinds = ['web', 'geometry', 'postmaster', 'backend'];

describe('kill -9 while statements are being submitted', () => {
	let server, round;
	const run = async (test, options) => {
		const used = seed();
		test.diagnostic(`PP_SEED=${used}`);
		const { faults, ...figures } = await drill(server, round, { seed: used, ...options });
		test.diagnostic(JSON.stringify(figures));
		return { faults, ...figures };
	};
	before(async () => {
		server = await embeddedServer();
		round = await openRound(server);
	});
	after(() => server.end());

	it('of web workers, geometry workers and PostgreSQL loses and doubles nothing', async (test) => {
		const { faults, seen } = await run(test, { cycles, kinds: mainKinds });
		assert.deepEqual(faults.slice(0, 10), []);
		assert.equal(Object.values(seen.killed).reduce((sum, count) => sum + count), cycles);
		assert.ok(seen.retried > 0, 'no key was sent again after its acknowledgement');
	});

	it('of the files helper and the clerk is no more than a restart', async (test) => {
		for (const kind of ['files', 'clerk']) {
			const { faults } = await run(test, { cycles: 2, kinds: [kind] });
			assert.deepEqual(faults.slice(0, 10), []);
		}
	});

	it('would be seen to lose, where a commit does not wait for the disk', async (test) => {
		const set = (text) => server.superuserSql(text);
		await set('alter system set synchronous_commit = off');
		await set(`alter system set wal_writer_delay = '10s'`);
		await set(`alter system set wal_writer_flush_after = '1GB'`);
		await set('select pg_reload_conf()');
		const { faults } = await run(test, { cycles: 2, kinds: ['postmaster'] });
		await set('alter system reset all');
		await set('select pg_reload_conf()');
		// A key that was sent again after the loss is stored again, as another statement.
		assert.match(faults.join('\n'), /is stored 0 times|is stored as another/);
	});

	it('would be seen to double, where the unique key of the idempotency keys is gone', async (test) => {
		await server.superuserSql('alter table pp.idempotency_key drop constraint idempotency_key_once');
		const { faults } = await run(test, { cycles: 2, kinds: ['web'] });
		assert.match(faults.join('\n'), /is stored 2 times/);
		assert.match(faults.join('\n'), /was answered as \S+ \S+ and as \S+ \S+$/m);
		assert.match(faults.join('\n'), /has [02-9] rows as a key/);
	});
});
