// SPDX-License-Identifier: EUPL-1.2
// The psql of the harness that stays answers as one that is started for each question.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Questions } from '../../harness/psql.mjs';
import { makeDatabase, psql } from '../../harness/server.mjs';

describe('questions to the database of a test', () => {
	let database, questions;
	before(async () => {
		database = await makeDatabase({ bare: true });
		questions = new Questions(database.superuser);
	});
	after(async () => {
		await questions.close();
		await database.drop();
	});
	const pid = async () => (await questions.ask('select pg_backend_pid() as pid'))[0].pid;

	it('are one session', async () => assert.equal(await pid(), await pid()));

	it('take values as they are, and none of another question', async () => {
		for (const value of ["it's", 'a\\b\\n', '\ta\r\nb\n', '', ":'other' :other `date` $1 ä😀", '\nanswered\n'])
			for (const asked of [await questions.ask("select :'value' as value", { value }), await psql(database.superuser, "select :'value' as value", { value })])
				assert.deepEqual(asked, [{ value }]);
	});

	it('have rows, none and large ones', async () => {
		assert.deepEqual(await questions.ask('values (1), (2);'), [{ column1: 1 }, { column1: 2 }]);
		assert.deepEqual(await questions.ask('select 1 where false'), []);
		assert.equal((await questions.ask("select repeat('x', 1000000) as x from generate_series(1, 3)"))[2].x.length, 1000000);
	});

	it('do not wait for each other', async () => {
		const holder = new Questions(database.superuser);
		await holder.ask('select pg_advisory_lock(8)');
		const waiting = questions.ask('select pg_advisory_lock(8), 1 as x');
		assert.deepEqual(await questions.ask('select 2 as x'), [{ x: 2 }]);
		await holder.close();
		assert.equal((await waiting)[0].x, 1);
	});

	it('fail with the words of PostgreSQL, and the next one is answered', async () => {
		await assert.rejects(questions.ask('select 1/0'), /division by zero[\s\S]*in: select 1\/0/);
		assert.deepEqual(await questions.ask('select 3 as x'), [{ x: 3 }]);
	});

	it('survive the end of their session', async () => {
		await psql(database.superuser, `do $$ begin perform pg_terminate_backend(${await pid()}); end $$`);
		assert.deepEqual(await questions.ask('select 4 as x'), [{ x: 4 }]);
		assert.equal(await pid(), await pid());
	});

	it('have told what they have read before they are answered', async () => {
		await psql(database.superuser, 'create table public.seen as select generate_series(1, 100) n; analyze public.seen');
		const read = async () => (await questions.ask("select pg_stat_get_tuples_returned('public.seen'::regclass)::int as n"))[0].n;
		const before = await read();
		await questions.ask('select count(*) from public.seen');
		assert.equal(await read() - before, 100);
	});
});
