// SPDX-License-Identifier: EUPL-1.2
// The demonstration that ./run makes: complete, in the states that it promises, and made once.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { program, root, startServer, until } from '../../harness/server.mjs';

const folder = join(root, 'data/demonstration');
const accounts = readFileSync(join(folder, 'accounts.csv'), 'utf8').trim().split('\n').slice(1).map((line) => line.split(','));
const rows = JSON.parse(readFileSync(join(folder, 'procedures.json'), 'utf8'));

describe('the demonstration', () => {
	let server, first;
	const load = (...words) => spawnSync(join(folder, 'load.py'),
		['--address', server.address, '--program', program(), '--database', server.database.url, ...words], { encoding: 'utf8' });
	/** The cookie of one of the printed logins. Sign-ins are limited per address: those of load.py count, too. */
	const signIn = async (name) => {
		const [, email, password] = first.stdout.split('\n').find((line) => line.includes(` ${name}@`)).trim().split(/\s+/);
		const reply = await until(async () => {
			const answer = await server.api('POST', '/session', { body: { email, password } });
			return answer.status === 429 ? null : answer;
		}, 200);
		assert.equal(reply.status, 201, reply.text);
		return reply.headers.get('set-cookie').split(';')[0];
	};
	const content = async () => (await server.sql(`select (select count(*) from pp.account) as accounts,
		(select count(*) from pp.procedure) as procedures, (select count(*) from pp.plan) as plans, (select count(*) from pp.round) as rounds,
		(select count(*) from pp.statement) as statements, (select count(*) from pp.draft) as drafts`))[0];

	before(async () => {
		server = await startServer();
		assert.equal(load().stdout, '', 'a database with boundaries but without a demonstration is left alone');
		first = load('--fresh');
	});
	after(() => server.stop());

	it('is made in one go, and names a login a line', () => {
		assert.equal(first.status, 0, first.stderr);
		const lines = first.stdout.trim().split('\n').map((line) => line.trim().split(/\s+/));
		assert.deepEqual(lines.map(([roles, email]) => [email, roles]), accounts.map(([email, roles]) => [email, roles.replace(' ', ',')]));
		assert.ok(lines.every((line) => line.length === 3));
	});

	it('has four procedures in four states', async () => {
		const cookies = [];
		for (const planner of new Set(rows.map((row) => row.planner))) cookies.push(await signIn(planner));
		// The clerk ends the round that has closed when it next looks.
		const items = await until(async () => {
			const seen = await Promise.all(cookies.map((cookie) => server.must(200, 'GET', '/procedures', { cookie })));
			const items = [...new Map(seen.flatMap((list) => list.items).map((item) => [item.id, item])).values()];
			return items.some(({ state }) => state === 'ENTWURF') ? items : null;
		}, 200);
		assert.deepEqual(items.map(({ reference }) => reference).sort(), rows.map(({ reference }) => reference).sort());
		assert.deepEqual(items.map(({ state }) => state).sort(), ['BETEILIGUNG', 'ENTWURF', 'FRUEH', 'VOLLSTAENDIG']);
	});

	it('has somebody who acts for two bodies, one at a time', async () => {
		const cookie = await signIn('amt-moorrege');
		const { memberships, body } = await server.must(200, 'GET', '/session', { cookie });
		assert.deepEqual([body, memberships.map((each) => [each.body, each.state]).sort()], ['010565642', [['010565642', 'confirmed'], ['010565687', 'confirmed']]]);
		let last = cookie;
		for (const each of ['010565687', '010565642']) {
			const changed = await server.api('POST', '/session/body', { cookie: last, body: { body: each }, headers: { Origin: server.address } });
			assert.equal(changed.status, 200, changed.text);
			last = changed.headers.get('set-cookie').split(';')[0];
			assert.deepEqual([changed.body.body, changed.body.roles], [each, ['reader', 'clerk', 'releaser']]);
			const { invitations } = await server.must(200, 'GET', '/inbox', { cookie: last });
			assert.ok(invitations.every((one) => one.mailbox_body === each), 'the inbox is that body\'s');
		}
	});

	it('has answers, late ones and missing ones on the boards of the planners', async () => {
		const counts = {};
		for (const row of rows) {
			const cookie = await signIn(row.planner);
			const { items } = await server.must(200, 'GET', `/procedures?q=${encodeURIComponent(row.reference)}`, { cookie });
			const { rounds } = await server.must(200, 'GET', `/procedures/${items[0].id}`, { cookie });
			const board = await server.must(200, 'GET', `/rounds/${rounds[0].id}/board`, { cookie });
			assert.ok(board.municipalities.some((each) => each.land !== board.municipalities[0].land) || board.counts.invited > 1);
			counts[row.reference] = board.counts;
		}
		assert.equal(counts['Vorführung 1'].answered, 2);
		assert.equal(counts['Vorführung 2'].answered, 1);
		assert.ok(counts['Vorführung 2'].opened > counts['Vorführung 2'].answered);
		assert.equal(counts['Vorführung 3'].answered, 0);
		assert.ok(counts['Vorführung 4'].late > 0 && counts['Vorführung 4'].missing > 0);
	});

	it('shows the public what is published, and no statement of a body', async () => {
		const { items } = await server.must(200, 'GET', '/procedures');
		assert.deepEqual(items.map((item) => item.reference).sort(), rows.filter((row) => row.publish).map((row) => row.reference).sort());
	});

	it('shows the public the documents of its round, as files that open', async () => {
		const { items } = await server.must(200, 'GET', '/procedures');
		const { id } = items.find((item) => item.reference === 'Vorführung 1');
		const shown = (await server.must(200, 'GET', `/procedures/${id}/documents`)).items;
		assert.deepEqual(shown.map((item) => item.name).sort(), rows[0].documents.map((row) => row.name).sort());
		for (const { content, name } of shown) {
			const bytes = Buffer.from(await (await fetch(server.address + content)).arrayBuffer()).toString('latin1');
			// Every object is where the table of references has it.
			const table = bytes.slice(Number(/startxref\n(\d+)/.exec(bytes)[1]));
			const places = [...table.matchAll(/^(\d{10}) 00000 n /gm)].map((match) => Number(match[1]));
			assert.deepEqual(places.map((place, i) => bytes.startsWith(`${i + 1} 0 obj<<`, place)), [true, true, true, true, true], name);
			assert.ok(bytes.includes(`(${rows[0].documents.find((row) => row.name === name).lines[0].replace(/[()]/g, '\\$&')}) Tj`), name);
		}
	});

	it('is not made twice, and a part that is missing is made up for', async () => {
		const made = await content();
		const again = load();
		assert.equal(again.stdout, first.stdout);
		assert.deepEqual(await content(), made);
		// As if it had been cut off before its last account: that one and what it says are made again.
		await server.sql(`update pp.account set email = 'nobody@test.example' where email like 'buergerin@%'`);
		const completed = load('--fresh');
		assert.equal(completed.status, 0, completed.stderr);
		const wordsOfThePublic = rows.flatMap((row) => row.public ?? []).length;
		assert.deepEqual(await content(), { ...made, accounts: made.accounts + 1, statements: made.statements + wordsOfThePublic });
	});
});
