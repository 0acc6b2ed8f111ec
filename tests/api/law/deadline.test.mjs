// SPDX-License-Identifier: EUPL-1.2
// Deadlines and holidays on the command line: every vector, what is refused, and the languages.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { program, root } from '../../harness/server.mjs';

const run = (args, input = '') => spawnSync(program(), args, { input, encoding: 'utf8' });

const vectors = readFileSync(join(root, 'tests/unit/law/vectors.tsv'), 'utf8').trim().split('\n').slice(1).map((line) => {
	const [id, rule, n, unit, mode, roll, start, lands, raw, end] = line.split('\t');
	return { id, rule, n, unit, mode, roll: roll === '1', start, calendar: lands.replaceAll('+', ','), raw, end };
});

const options = ({ rule, n, unit, mode, roll, start, calendar }) => ['--rule', rule, '--start', start, '--calendar', calendar,
	...(rule === 'FRIST' ? ['--n', n, '--unit', unit, '--mode', mode, ...(roll ? [] : ['--no-roll'])] : [])];

/** 24:00 in Berlin, from the time zones of Node. */
function endOf(day) {
	const next = new Date(Date.parse(`${day}T00:00:00Z`) + 86400000);
	const hour = (at) => Number(new Intl.DateTimeFormat('en', { timeZone: 'Europe/Berlin', hour: 'numeric', hourCycle: 'h23' }).format(at));
	const at = [1, 2].map((hours) => new Date(next - hours * 3600000)).find((instant) => hour(instant) === 0);
	return at.toISOString().replace('Z', '000Z');
}

function check(vector, answer) {
	assert.deepEqual(Object.keys(answer), ['rule', 'start', 'calendar', 'components', 'raw_end', 'end', 'end_instant', 'moved_by', 'legal_basis', ...(vector.raw < '1995' ? ['notes'] : [])], vector.id);
	assert.deepEqual([answer.rule, answer.start, answer.calendar.join(), answer.raw_end, answer.end],
		[vector.rule, vector.start, vector.calendar, vector.raw, vector.end], vector.id);
	assert.equal(answer.end_instant, endOf(vector.end), vector.id);
	assert.equal(answer.components.map(({ end }) => end).sort().at(-1), vector.raw, vector.id);
	const days = [];
	for (let day = Date.parse(vector.raw); day < Date.parse(vector.end); day += 86400000) days.push(new Date(day).toISOString().slice(0, 10));
	assert.deepEqual(answer.moved_by.map(({ date }) => date), days, vector.id);
	assert.ok(answer.moved_by.every(({ why }) => why), vector.id);
	assert.match(answer.legal_basis, /^§/);
}

describe('deadline', () => {
	it('answers every vector, one call each', () => {
		assert.equal(vectors.length, 36);
		for (const vector of vectors) {
			const { status, stdout } = run(['deadline', ...options(vector), '--format', 'json']);
			assert.equal(status, 0, vector.id);
			check(vector, JSON.parse(stdout));
		}
	});

	it('answers every vector in one batch, an object a line', () => {
		const { status, stdout, stderr } = run(['deadline', '--batch', '-'], vectors.map((vector) => `${options(vector).join(' ')}\n`).join(''));
		assert.equal(status, 0, stderr);
		const lines = stdout.trim().split('\n');
		assert.equal(lines.length, vectors.length);
		lines.forEach((line, at) => check(vectors[at], JSON.parse(line)));
	});

	it('puts what is wrong in a batch in its place and goes on', () => {
		const good = '--rule RUEGE --start 2025-01-01 --calendar HH';
		const { status, stdout } = run(['deadline', '--batch', '-'], `${good}\n\n--rule NONE --start 2025-01-01 --calendar HH\n--batch -\n${good} --lang en`);
		assert.equal(status, 1);
		const lines = stdout.trim().split('\n').map((line) => JSON.parse(line));
		assert.deepEqual(lines.map(({ line, rule }) => line ?? rule), ['RUEGE', 2, 3, 4, 'RUEGE']);
		assert.match(lines[2].error, /no rule "NONE"/);
		assert.deepEqual([lines[0], lines[4]].map(({ moved_by: [{ why }] }) => why), ['Neujahr', "New Year's Day"]);
	});

	it('shows a table that adds up, in German and English', () => {
		const german = run(['deadline', '--rule', 'AUSLEGUNG_BAUGB', '--start', '2024-11-26', '--calendar', 'SH,NW']).stdout;
		assert.match(german, /1 Monat +Mi 2024-12-25\n30 Tage +Mi 2024-12-25\n/);
		assert.match(german, /nicht am +Do 2024-12-26 +Zweiter Weihnachtstag\n-+\nLetzter Tag +Fr 2024-12-27/);
		const english = run(['deadline', '--rule', 'PFV_AUSL', '--start', '2025-04-04', '--calendar', 'SH', '--lang', 'en']).stdout;
		assert.match(english, /1 month +Sat 2025-05-03\nEnd as counted +Sat 2025-05-03 +does not move\n-+\nLast day +Sat 2025-05-03/);
	});

	it('lists every rule with its legal basis', () => {
		const lines = run(['deadline', '--rules']).stdout.trim().split('\n');
		const ids = lines.map((line) => line.split(' ')[0]);
		for (const id of ['AUSLEGUNG_BAUGB', 'TOEB_BAUGB', 'ROP_BET', 'RVP_BET', 'PFV_AUSL', 'PFV_EINW', 'PFV_EINW_UVP', 'PFV_EROERT', 'PFV_AEND', 'RUEGE', 'GENEHM', 'ANZEIGE', 'ZUSTIMMUNG_36A'])
			assert.ok(ids.includes(id), id);
		for (const line of lines) assert.match(line, /^\w+ +\d+ [^;]+; §/);
		for (const id of ids) assert.equal(run(['deadline', '--rule', id, '--start', '2025-02-03', '--calendar', 'HH']).status, 0, id);
	});

	it('refuses what it does not know with a sentence', () => {
		const good = ['--rule', 'RUEGE', '--start', '2025-02-03', '--calendar', 'HH'];
		const cases = [
			[1, ['--rule', 'AUSLEGUNG'], /no rule "AUSLEGUNG"/],
			[1, ['--start', '2025-02-30'], /start/],
			[1, ['--start', '1949-12-31'], /1950-01-01/],
			[1, ['--calendar', 'XX'], /no Land "XX"/],
			[1, ['--calendar', 'HH+SH'], /no Land/],
			[1, ['--rule', 'FRIST'], /needs n/],
			[1, ['--n', '3'], /belong to FRIST/],
			[1, ['--no-roll'], /belong to FRIST/],
			[1, ['--suspend', '2025-02-10'], /2025-03-10\.\.2025-03-14/],
			[1, ['--suspend', '2025-02-10..2025-02-09'], /first and its last day/],
			[1, ['--suspend', '2025-03-10..2025-03-14,2025-03-14..2025-03-15'], /overlap/],
			[1, ['--repeat', '2025-02-03'], /after its start/],
			[2, ['--format', 'xml'], /xml/],
			[2, ['--colour'], /colour/],
			[2, ['more'], /more/],
		];
		for (const [code, wrong, sentence] of cases) {
			const { status, stdout, stderr } = run(['deadline', ...good, ...wrong]);
			assert.deepEqual([status, stdout], [code, ''], wrong.join(' '));
			assert.match(stderr, sentence);
		}
	});

	it('says when it leaves the years whose holidays are kept', () => {
		const ask = (start, ...more) => run(['deadline', '--rule', 'RUEGE', '--start', start, '--calendar', 'HH', ...more]).stdout;
		assert.match(ask('1980-01-01'), /1995 bis 2100/);
		assert.match(ask('2100-01-05'), /1995 bis 2100/);
		assert.doesNotMatch(ask('2025-01-05'), /1995/);
		assert.match(JSON.parse(ask('2100-01-05', '--format', 'json', '--lang', 'en')).notes.join(), /kept for the years 1995 to 2100/);
	});

	it('does not count the days of a suspension, and begins anew with a repetition', () => {
		const find = (...more) => JSON.parse(run(['deadline', '--rule', 'AUSLEGUNG_BAUGB', '--start', '2025-02-03', '--calendar', 'HH', '--format', 'json', ...more]).stdout);
		const suspended = find('--suspend', '2025-02-10..2025-02-14,2025-03-07..2025-03-20');
		assert.deepEqual(suspended.components, [{ name: '1 Monat', end: '2025-03-02' }, { name: '30 Tage', end: '2025-03-04' },
			{ name: 'gehemmt 2025-02-10 bis 2025-02-14: 5 Tage', end: '2025-03-09' }, { name: 'gehemmt 2025-03-07 bis 2025-03-20: 14 Tage', end: '2025-03-23' }]);
		assert.deepEqual([suspended.raw_end, suspended.end], ['2025-03-23', '2025-03-24']);
		assert.match(suspended.legal_basis, /§ 209 BGB entsprechend$/);
		const repeated = find('--repeat', '2025-04-01', '--lang', 'en');
		assert.deepEqual(repeated.components.slice(2), [{ name: 'anew from 2025-04-01: 1 month', end: '2025-04-30' }, { name: 'anew from 2025-04-01: 30 days', end: '2025-04-30' }]);
		assert.equal(repeated.end, '2025-04-30');
		assert.equal(find('--repeat', '2025-04-01', '--suspend', '2025-02-10..2025-06-30').end, '2025-07-30', 'the repeated one is suspended as well');
		const table = run(['deadline', '--rule', 'AUSLEGUNG_BAUGB', '--start', '2025-02-03', '--calendar', 'HH', '--suspend', '2025-02-10..2025-02-10']).stdout;
		assert.match(table, /gehemmt 2025-02-10 bis 2025-02-10: 1 Tag +Mi 2025-03-05\nRechnerisches Ende/);
	});
});

describe('holidays', () => {
	it('are listed for a Land and a year', () => {
		assert.match(run(['holidays', '2025', '--land', 'SN']).stdout, /^2025 Sachsen\n[\s\S]*Mi 2025-11-19 +Buß- und Bettag/);
		const { holidays } = JSON.parse(run(['holidays', '2025', '--land', '01', '--format', 'json']).stdout);
		assert.deepEqual(holidays.map(({ date }) => date), ['2025-01-01', '2025-04-18', '2025-04-21', '2025-05-01', '2025-05-29', '2025-06-09', '2025-10-03', '2025-10-31', '2025-12-25', '2025-12-26']);
		assert.deepEqual(Object.keys(holidays[0]), ['date', 'name', 'name_en', 'source']);
	});

	it('are refused for what is no Land and no year', () => {
		for (const [code, args] of [[1, ['2025', '--land', 'XX']], [1, ['2025', '--land', '01056018']], [1, ['1994', '--land', 'SH']], [1, ['2101', '--land', 'SH']],
			[1, ['next', '--land', 'SH']], [2, ['2025']], [2, ['--land', 'SH']], [2, ['2025', '--land', 'SH', '--format', 'csv']]]) {
			const { status, stdout, stderr } = run(['holidays', ...args]);
			assert.deepEqual([status, stdout], [code, ''], args.join(' '));
			assert.ok(stderr, args.join(' '));
		}
	});
});

describe('additions', () => {
	const folder = mkdtempSync(join(tmpdir(), 'pp-additions-'));
	after(() => rmSync(folder, { recursive: true }));
	const file = (name, text) => {
		writeFileSync(join(folder, name), text);
		return join(folder, name);
	};
	const head = 'area\twhen\tname\tsource\n';
	const good = file('good.tsv', `${head}09761000\t08-08\tHohes Friedensfest\tArt. 1 Abs. 2 FTG BY\n02\t2025-02-17\tTrauertag\tVerordnung\n`);

	it('move an end on in their area and nowhere else', () => {
		const end = (calendar, start, ...more) => JSON.parse(run(['deadline', '--rule', 'FRIST', '--n', '2', '--unit', 'w', '--mode', 'E', '--start', start, '--calendar', calendar, '--format', 'json', ...more]).stdout);
		assert.deepEqual(end('09761000', '2025-07-25', '--additions', good).moved_by.map(({ date, why }) => `${date} ${why}`), ['2025-08-08 Hohes Friedensfest', '2025-08-09 Sonnabend', '2025-08-10 Sonntag']);
		for (const elsewhere of ['BY', '09762000', 'HH']) assert.equal(end(elsewhere, '2025-07-25', '--additions', good).end, '2025-08-08', elsewhere);
		assert.equal(end('09761000', '2025-07-25').end, '2025-08-08');
		assert.equal(end('HH', '2025-02-03', '--additions', good).end, '2025-02-18');
		assert.equal(end('SH', '2025-02-03', '--additions', good).end, '2025-02-17');
	});

	it('hold for every line of a batch, which names none of its own', () => {
		const line = '--rule FRIST --n 2 --unit w --mode E --start 2025-02-03 --calendar HH';
		const { status, stdout } = run(['deadline', '--additions', good, '--batch', '-'], `${line}\n${line} --additions ${good}\n`);
		assert.equal(status, 1);
		const [first, second] = stdout.trim().split('\n').map((each) => JSON.parse(each));
		assert.equal(first.end, '2025-02-18');
		assert.match(second.error, /batch/);
	});

	it('are listed among the holidays', () => {
		const list = (...args) => JSON.parse(run(['holidays', '2025', '--format', 'json', '--additions', good, ...args]).stdout).holidays.map(({ date }) => date);
		assert.ok(list('--land', 'HH').includes('2025-02-17'));
		assert.ok(list('--land', 'BY', '--ags', '09761000').includes('2025-08-08'));
		assert.ok(!list('--land', 'BY').includes('2025-08-08'));
		const { status, stderr } = run(['holidays', '2025', '--land', 'HH', '--ags', '09761000']);
		assert.equal(status, 1);
		assert.match(stderr, /09761000/);
	});

	it('are refused with file and line', () => {
		for (const [name, text, sentence] of [['bad.tsv', `${head}01\t2025-02-30\tF\t§ 1\n`, /bad\.tsv: Line 2/], ['head.tsv', 'area\twhen\n', /"name" is missing/],
			['many.tsv', head + Array.from({ length: 21 }, (_, i) => `01\t2025-06-${String(i + 1).padStart(2, '0')}\tF\t§ 1\n`).join(''), /In 2025 more than 20 days/]]) {
			const { status, stdout, stderr } = run(['deadline', '--rule', 'RUEGE', '--start', '2025-01-01', '--calendar', 'HH', '--additions', file(name, text)]);
			assert.deepEqual([status, stdout], [1, ''], name);
			assert.match(stderr, sentence);
		}
		for (const path of [join(folder, 'none.tsv'), folder]) assert.equal(run(['deadline', '--rules', '--additions', path]).status, 1, path);
	});
});

describe('help', () => {
	it('comes in German and in English', () => {
		for (const command of ['deadline', 'holidays']) {
			const { status, stdout } = run([command, '--help']);
			assert.equal(status, 0);
			assert.match(stdout, new RegExp(`^planungsplattform ${command} `));
			assert.match(stdout, /Feiertag[\s\S]*holidays/i);
		}
	});
});
