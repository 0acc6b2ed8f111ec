// SPDX-License-Identifier: EUPL-1.2
// GET /deadlines: every vector as on the command line, and what is refused.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { program, root, startServer } from '../../harness/server.mjs';
import { pointers, refuses } from '../support.mjs';

const vectors = readFileSync(join(root, 'tests/unit/law/vectors.tsv'), 'utf8').trim().split('\n').slice(1).map((line) => {
	const [id, rule, n, unit, mode, roll, start, lands, raw, end] = line.split('\t');
	const query = { rule, start, calendar: lands.replaceAll('+', ','), ...(rule === 'FRIST' ? { n, unit, mode, roll: String(roll === '1') } : {}) };
	return { id, query, raw, end };
});

const ask = (query) => `/deadlines?${new URLSearchParams(query)}`;

describe('deadlines', () => {
	let server;
	before(async () => {
		server = await startServer();
	});
	after(() => server.stop());

	it('are those of every vector, and the same as on the command line', async () => {
		assert.equal(vectors.length, 36);
		const lines = vectors.map(({ query: { roll, ...rest } }) => Object.entries(rest).map(([name, value]) => `--${name} ${value}`).join(' ') + (roll === 'false' ? ' --no-roll' : ''));
		const { status, stdout } = spawnSync(program(), ['deadline', '--batch', '-'], { input: lines.join('\n'), encoding: 'utf8' });
		assert.equal(status, 0);
		const typed = stdout.trim().split('\n').map((line) => JSON.parse(line));
		for (const [at, { id, query, raw, end }] of vectors.entries()) {
			const answer = await server.must(200, 'GET', ask(query));
			assert.deepEqual([answer.raw_end, answer.end], [raw, end], id);
			assert.deepEqual(answer, typed[at], id);
		}
	});

	it('are explained in the language of whoever asks, and tagged by their bytes', async () => {
		const path = ask({ rule: 'TOEB_BAUGB', start: '2024-11-22', calendar: 'SH,NW' });
		const german = await server.api('GET', path);
		assert.deepEqual(german.body.moved_by, [{ date: '2024-12-22', why: 'Sonntag' }]);
		assert.deepEqual(german.body.components.map(({ name }) => name), ['1 Monat', '30 Tage']);
		const english = await server.api('GET', path, { headers: { 'Accept-Language': 'en' } });
		assert.deepEqual(english.body.moved_by, [{ date: '2024-12-22', why: 'Sunday' }]);
		const etag = german.headers.get('etag');
		assert.notEqual(etag, english.headers.get('etag'));
		assert.equal((await server.api('GET', path, { headers: { 'If-None-Match': etag } })).status, 304);
	});

	it('are explained with suspension and repetition as on the command line, and say where the holidays end', async () => {
		const query = { rule: 'TOEB_BAUGB', start: '2025-02-03', calendar: 'SH', suspend: '2025-02-10..2025-02-14,2025-03-07..2025-03-20', repeat: '2025-04-01' };
		const answer = await server.must(200, 'GET', ask(query));
		const { stdout } = spawnSync(program(), ['deadline', '--format', 'json', ...Object.entries(query).flatMap(([name, value]) => [`--${name}`, value])], { encoding: 'utf8' });
		assert.deepEqual(answer, JSON.parse(stdout));
		assert.equal(answer.notes, undefined);
		const far = await server.must(200, 'GET', ask({ rule: 'RUEGE', start: '2100-03-01', calendar: 'SH' }));
		assert.match(far.notes.join(), /1995 bis 2100/);
		assert.equal((await server.must(200, 'GET', ask({ rule: 'RUEGE', start: '1994-12-01', calendar: 'SH' }))).notes, undefined);
		assert.equal((await server.must(200, 'GET', ask({ rule: 'PFV_EINW', start: '1994-12-01', calendar: 'SH' }))).notes.length, 1);
	});

	it('are refused where a parameter is missing, unknown or does not fit', async () => {
		const good = { rule: 'RUEGE', start: '2025-02-03', calendar: 'HH' };
		const cases = [
			[{ ...good, rule: 'RUGE' }, 'rule'],
			[{ ...good, start: '2025-02-30' }, 'start'],
			[{ ...good, start: '1949-12-31' }, 'start'],
			[{ ...good, calendar: 'XX' }, 'calendar'],
			[{ ...good, calendar: 'HH+SH' }, 'calendar'],
			[{ ...good, n: '2' }, 'rule'],
			[{ ...good, roll: 'false' }, 'rule'],
			[{ ...good, rule: 'FRIST', unit: 'd', mode: 'E' }, 'n'],
			[{ ...good, rule: 'FRIST', n: '0', unit: 'd', mode: 'E' }, 'n'],
			[{ ...good, rule: 'FRIST', n: '1', mode: 'E' }, 'unit'],
			[{ ...good, rule: 'FRIST', n: '1', unit: 'y', mode: 'E' }, 'unit'],
			[{ ...good, rule: 'FRIST', n: '1', unit: 'd' }, 'mode'],
			[{ ...good, rule: 'FRIST', n: '1', unit: 'd', mode: 'E', roll: 'maybe' }, 'roll'],
			[{ ...good, suspend: '2025-02-10..2025-02-30' }, 'suspend'],
			[{ ...good, suspend: '2025-03-10..2025-03-14,2025-03-01..2025-03-02' }, 'suspend'],
			[{ ...good, repeat: '2025-02-03' }, 'repeat'],
			[{ ...good, as_of: 'yesterday' }, 'as_of'],
			[{ ...good, colour: 'red' }, 'colour'],
			[{ rule: 'RUEGE', start: '2025-02-03' }, 'calendar'],
		];
		for (const [query, pointer] of cases)
			assert.deepEqual(pointers(await refuses(server, 400, 'invalid_parameter', 'GET', ask(query))), [pointer], JSON.stringify(query));
	});
});
