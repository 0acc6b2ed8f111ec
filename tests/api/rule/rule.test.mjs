// SPDX-License-Identifier: EUPL-1.2
// Versions of the rules over REST and on the command line: public to read, an operator's to make.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root, startServer, until } from '../../harness/server.mjs';
import { hamburg, instant, pointers, refuses, schnelsen, walk } from '../support.mjs';

const tsv = 'text/tab-separated-values';
const embedded = readFileSync(join(root, 'data/rules/affected.tsv'), 'utf8');
const heading = embedded.split('\n')[0].split('\t');
const sha256 = (text) => createHash('sha256').update(text).digest('hex');

/** A row of affected.tsv with these cells; the others are empty. */
const row = (cells) => heading.map((name) => cells[name] ?? '').join('\t');
const wide = { id: 'R77', name: 'WEIT', kinds: 'BP_REGEL', metric: 'distance', threshold: '4000', class: 'SOLL', reason_de: '{name}: „weit“ \\ "so"', reason_en: '{name} far', source: 'Ein Erlass', valid_from: '2026-01-01' };

describe('versions of the rules', () => {
	let server, operator, planner, folder;
	before(async () => {
		server = await startServer();
		operator = await server.account('operator');
		planner = await server.account('manager', hamburg);
		folder = mkdtempSync(join(tmpdir(), 'pp-rules-'));
	});
	after(async () => {
		rmSync(folder, { recursive: true });
		await server.stop();
	});

	const list = () => server.must(200, 'GET', '/rule-versions');
	const post = (text, query = '') => server.api('POST', `/rule-versions${query}`, { token: operator, body: text, headers: { 'Content-Type': tsv } });
	const textOf = (id) => server.api('GET', `/rule-versions/${id}`, { headers: { Accept: tsv } });
	const fired = async () => {
		const { municipalities } = await server.must(200, 'POST', '/affected-preview', { body: { kind: 'BP_REGEL', planning_municipalities: [hamburg], geometry: schnelsen } });
		return municipalities.flatMap((m) => m.rules.filter((r) => r.rule === 'R77').map((r) => r.threshold));
	};

	it('begin with what the program carries', async () => {
		const { items, next } = await list();
		assert.equal(next, null);
		assert.equal(items.length, 1);
		const [first] = items;
		assert.deepEqual([first.origin, first.source, first.sha256, first.valid_to, first.successor], ['program', 'affected.tsv', sha256(embedded), null, null]);
		assert.match(first.valid_from, instant);
		assert.ok(first.rules > 10);
		assert.ok(!('imported_by' in first));
	});

	it('give back their text byte for byte, and their rows', async () => {
		const [{ id, rules }] = (await list()).items;
		const text = await textOf(id);
		assert.equal(text.status, 200);
		assert.match(text.headers.get('content-type'), /^text\/tab-separated-values/);
		assert.equal(text.text, embedded);
		const again = await server.api('GET', `/rule-versions/${id}`, { headers: { Accept: tsv, 'If-None-Match': text.headers.get('etag') } });
		assert.equal(again.status, 304);
		const shown = await server.must(200, 'GET', `/rule-versions/${id}`);
		assert.equal(shown.rows.length, rules);
		for (const name of heading) assert.ok(name in shown.rows[0], name);
	});

	it('are made by an operator, in force at once', async () => {
		const text = `${embedded}# Nachtrag\n${row(wide)}\n`;
		await refuses(server, 403, 'forbidden', 'POST', '/rule-versions', { token: planner, body: text, headers: { 'Content-Type': tsv } });
		await refuses(server, 401, 'unauthenticated', 'POST', '/rule-versions', { body: text, headers: { 'Content-Type': tsv } });
		assert.deepEqual(await fired(), []);
		const before = (await list()).items[0];
		const made = await post(text, '?source=Erlass%207');
		assert.equal(made.status, 201, made.text);
		assert.equal(made.headers.get('location'), `${server.address}/api/v1/rule-versions/${made.body.id}`);
		assert.deepEqual([made.body.source, made.body.origin, made.body.sha256, made.body.rules], ['Erlass 7', 'person', sha256(text), before.rules + 1]);
		assert.equal(made.body.imported_by, operator.email);
		assert.equal((await textOf(made.body.id)).text, text);
		const closed = await server.must(200, 'GET', `/rule-versions/${before.id}`);
		assert.deepEqual([closed.valid_to, closed.successor], [made.body.valid_from, made.body.id]);
		// The geometry workers are replaced in passing.
		assert.ok((await until(async () => (await fired()).length && fired(), 200)).every((threshold) => threshold === 4000));
		await refuses(server, 409, 'rules_in_force', 'POST', '/rule-versions', { token: operator, body: text, headers: { 'Content-Type': tsv } });
		assert.equal((await list()).items.length, 2);
		assert.equal((await walk(server, '/rule-versions?limit=1')).length, 2);
	});

	it('may come as JSON, as a text or as rows', async () => {
		const rows = (await server.must(200, 'GET', `/rule-versions/${(await list()).items.at(-1).id}`)).rows;
		const made = await server.api('POST', '/rule-versions', { token: operator, body: { rows } });
		assert.equal(made.status, 201, made.text);
		assert.deepEqual(made.body.rows, rows);
		const text = `${embedded}${row({ ...wide, threshold: '4500' })}\n`;
		const second = await server.api('POST', '/rule-versions', { token: operator, body: { text } });
		assert.equal(second.status, 201, second.text);
		assert.equal(second.body.sha256, sha256(text));
	});

	it('are refused with line and column', async () => {
		const lines = embedded.trimEnd().split('\n').length;
		const cases = [
			[`${embedded}${row({ ...wide, metric: 'smell' })}\n`, new RegExp(`Zeile ${lines + 1}: Spalte metric`)],
			[`${embedded}\n${row({ ...wide, class: 'MAYBE' })}\n`, new RegExp(`Zeile ${lines + 2}: Spalte class`)],
			[`${embedded}${row(wide)}\tmore\n`, new RegExp(`Zeile ${lines + 1} hat ${heading.length + 1} Felder`)],
			[embedded.replace('\tvalid_to\n', '\tvalid_until\n'), /in Zeile 1 fehlt die Spalte valid_to/],
			[`${heading.join('\t')}\n`, /keine Regel/],
			['', /keine Regel/],
			[Buffer.concat([Buffer.from(embedded), Buffer.from([0xff, 0x0a])]), /UTF-8/],
		];
		const before = await list();
		for (const [text, detail] of cases) {
			const reply = await post(text);
			assert.equal(reply.status, 422, reply.text);
			assert.equal(reply.body.type, '/problems/invalid_body');
			assert.match(reply.body.errors[0].detail, detail);
		}
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', '/rule-versions', { token: operator, body: {} })), ['/text']);
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', '/rule-versions', { token: operator, body: { rows: [{ id: 'R01', name: 'a\tb' }, { id: 'R02', colour: 'red' }] } })),
			['/rows/0/name', '/rows/1/colour']);
		assert.equal((await post(`${embedded}#${'x'.repeat(1 << 20)}`)).status, 413);
		assert.deepEqual(await list(), before, 'and nothing has changed');
	});

	it('are imported on the command line as well', async () => {
		const path = join(folder, 'rules.tsv');
		const text = `${embedded}${row({ ...wide, threshold: '5000' })}\n`;
		writeFileSync(path, text);
		const done = await server.command(['import', 'rules', path]);
		assert.equal(done.status, 0, done.stderr);
		const [first] = (await list()).items;
		assert.match(done.stdout, new RegExp(`^rule version ${first.id} is in force: ${first.rules} rules\n$`));
		assert.deepEqual([first.source, first.origin, first.sha256], ['rules.tsv', 'person', sha256(text)]);
		const again = await server.command(['import', 'rules', path]);
		assert.equal(again.status, 1);
		assert.match(again.stderr, new RegExp(`version ${first.id}, in force since`));
		writeFileSync(path, text.replace('\tdistance\t5000', '\tdistance\tfar'));
		const bad = await server.command(['import', 'rules', path]);
		assert.equal(bad.status, 1);
		assert.match(bad.stderr, /line \d+: column threshold/);
		assert.equal((await list()).items[0].id, first.id);
		// What a person has imported outlives the next migrate, which says so.
		const migrated = await server.command(['migrate']);
		assert.equal(migrated.status, 0, migrated.stderr);
		assert.match(migrated.stdout, new RegExp(`rule version ${first.id}, which was imported, stays in force`));
		assert.equal((await list()).items[0].id, first.id);
	});

	it('of boundaries are listed too', async () => {
		const { items } = await server.must(200, 'GET', '/boundary-versions');
		assert.equal(items.length, 1);
		assert.deepEqual([items[0].level, items[0].dataset, items[0].date, items[0].accuracy_m, items[0].valid_to], ['municipality', 'VG250', '2016-01-01', 100, null]);
		assert.ok(items[0].areas > 1000);
		const shown = await server.must(200, 'GET', `/boundary-versions/${items[0].id}`);
		assert.ok(shown.report);
		await refuses(server, 404, 'not_found', 'GET', '/boundary-versions/99');
		await refuses(server, 404, 'not_found', 'GET', '/rule-versions/99');
		await refuses(server, 404, 'not_found', 'GET', '/rule-versions/first');
		await refuses(server, 404, 'not_found', 'GET', '/rule-versions/9223372036854775808');
	});
});
