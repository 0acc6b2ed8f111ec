// SPDX-License-Identifier: EUPL-1.2
// Drill: a hundred idle listeners cost no statement, and an event that reaches all of them costs as many as one
// that reaches a single one. PostgreSQL itself counts: it logs every statement of the web worker's logins.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { psql, until } from '../harness/server.mjs';
import { embeddedServer, openRound, superuserOf } from './support.mjs';

const LISTENERS = 100;

describe('listeners to events', () => {
	let server, planner, marks = 0;
	const listeners = [];
	const joinUpTo = async (count) => {
		while (listeners.length < count) listeners.push(await server.events('/events', { token: planner }));
	};
	const emit = (kind) => server.superuserSql(`do $$ begin perform pp.emit('${kind}', now(), bodies => array['02000000']); end $$`);
	const heardByAll = (kind) => Promise.all(listeners.map(async (listener) => {
		let event;
		do event = await listener.next();
		while (event.event !== kind);
	}));

	/* What the logins of the web worker have said to PostgreSQL so far. A statement of ours marks the place. */
	async function said() {
		const mark = `mark ${++marks}`;
		await psql(superuserOf(server.data).replace('postgres@', 'pp_server@'), `select '${mark}' as mark`);
		const folder = join(server.data, 'log');
		const lines = await until(() => {
			const text = readdirSync(folder).filter((name) => name.startsWith('postgresql-')).sort().map((name) => readFileSync(join(folder, name), 'utf8')).join('');
			return text.includes(`'${mark}'`) && text.split('\n');
		});
		return lines.filter((line) => / LOG: {2}(statement|execute|fastpath)/.test(line) && !/'mark \d+'/.test(line));
	}

	before(async () => {
		server = await embeddedServer({ web_workers: 1 });
		planner = (await openRound(server)).planner;
		for (const role of ['pp_server', 'pp_public'])
			await server.superuserSql(`alter role ${role} set log_statement = 'all'`);
		// A new worker, whose sessions log.
		const [old] = await server.pids('web');
		server.child.kill('SIGHUP');
		await until(async () => {
			const now = await server.pids('web');
			return now.length === 1 && now[0] !== old;
		});
		await server.must(200, 'GET', '/inbox', { token: planner });
		assert.ok((await said()).length > 0, 'a request is counted');
	});
	after(async () => {
		for (const listener of listeners) listener.close();
		await server.end();
	});

	let forOne;
	it('wake the worker with an event, which asks for it', async () => {
		await joinUpTo(1);
		await emit('drill.joined');
		await heardByAll('drill.joined');
		const before = (await said()).length;
		await emit('drill.one');
		await heardByAll('drill.one');
		forOne = (await said()).length - before;
		assert.ok(forOne > 0);
	});

	it('are as cheap when they are a hundred', async (test) => {
		await joinUpTo(LISTENERS);
		await emit('drill.hundred');
		await heardByAll('drill.hundred');
		const before = (await said()).length;
		await emit('drill.all');
		await heardByAll('drill.all');
		const forAll = (await said()).length - before;
		test.diagnostic(`${forOne} statements for 1 listener, ${forAll} for ${LISTENERS}`);
		assert.equal(forAll, forOne);
	});

	it('cost no statement while nothing happens', async (test) => {
		const rounds = async () => (await server.superuserSql('select sum(xact_commit)::int as count from pg_stat_database'))[0].count;
		// Until the worker has let all know twice that it is still there, which it does every 20 s; once it says so at the beginning.
		const beats = http.get({ socketPath: server.settings.socket, path: '/api/v1/events', headers: { Accept: 'text/event-stream' } });
		const [reply] = await new Promise((done) => beats.once('response', (...words) => done(words)));
		let text = '';
		reply.setEncoding('utf8').on('data', (chunk) => (text += chunk));
		await until(() => text.includes(':\n\n'));
		// To open this stream asked who it is for.
		const begun = await said();
		const before = await rounds();
		await until(() => text.split(':\n\n').length > 2);
		beats.destroy();
		const idle = (await said()).slice(begun.length);
		test.diagnostic(`${idle.length} statements of ${LISTENERS} listeners, ${(await rounds()) - before} transactions of everybody else`);
		assert.deepEqual(idle, []);
	});
});
