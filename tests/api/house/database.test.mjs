// SPDX-License-Identifier: EUPL-1.2
// A database of the operator's is looked at once, when the server starts: what does not fit is said, with what to do.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { command, makeDatabase, psql, root, startServer } from '../../harness/server.mjs';

describe('a database of the operator\'s', () => {
	const folder = mkdtempSync(join(tmpdir(), 'pp-small-'));
	const cluster = (what) => spawnSync(join(root, 'tests/harness/cluster'), [what, join(folder, 'cluster')], { encoding: 'utf8' });
	const serve = (url, workers) => command(['serve'], { env: { PP_DATABASE_URL: url, PP_LISTEN: '127.0.0.1:0', PP_WEB_WORKERS: String(workers) } });
	let database;

	before(async () => {
		spawnSync('chmod', ['755', folder]);
		process.env.PP_TEST_CLUSTER = join(folder, 'cluster');
		process.env.PP_TEST_CONNECTIONS = '50';
		database = await makeDatabase({ bare: true });
	});
	after(() => {
		cluster('stop');
		rmSync(folder, { recursive: true, force: true });
	});

	it('without room for the lanes is refused', async () => {
		const { status, stderr } = await serve(database.url, 2);
		assert.equal(status, 1, stderr);
		assert.match(stderr, /"event":"database_unfit","message":"the database takes 47 connections, this server opens \d+: raise max_connections, or set fewer web_workers"/);
	});

	it('with room, but not for a reload, and without umlauts, is warned about', async () => {
		await psql(database.superuser, `create database small template template0 lc_collate 'C' lc_ctype 'C'`);
		const of = (url) => url.replace(`/${database.name}?`, '/small?');
		const migrated = await command(['migrate', '--database_url', of(database.url), '--superuser', of(database.superuser)]);
		assert.equal(migrated.status, 0, migrated.stderr);
		const small = { url: of(database.url), superuser: of(database.superuser), drop: () => {} };
		const server = await startServer({ database: small, settings: { web_workers: 1 } });
		const events = server.log.map(({ event }) => event);
		await server.stop();
		assert.ok(events.includes('few_connections'), 'a reload needs twice as many');
		assert.ok(events.includes('locale_without_umlauts'));
	});

	it('of another schema is refused, with the command that mends it', async () => {
		await psql(database.superuser, 'delete from pp.migration where no = (select max(no) from pp.migration)');
		const { status, stderr } = await serve(database.url, 1);
		assert.equal(status, 1);
		assert.match(stderr, /"event":"database_unfit".*run planungsplattform migrate/);
	});
});
