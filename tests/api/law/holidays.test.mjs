// SPDX-License-Identifier: EUPL-1.2
// The holidays of the program against those of date-holidays, which others wrote and keep: sixteen Länder, 1995 to 2040, Sundays as well.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { library } from '../../harness/npm.mjs';
import { program } from '../../harness/server.mjs';

const run = promisify(execFile);
const lands = ['SH', 'HH', 'NI', 'HB', 'NW', 'HE', 'RP', 'BW', 'BY', 'SL', 'BE', 'BB', 'MV', 'SN', 'ST', 'TH'];
const [first, last] = [1995, 2040];

const { reason, require } = library('law-oracle');
const Holidays = reason ? undefined : require('date-holidays');

async function ours(year, land, ...more) {
	const { stdout } = await run(program(), ['holidays', String(year), '--land', land, '--format', 'json', ...more]);
	const answer = JSON.parse(stdout);
	assert.deepEqual([answer.year, answer.land], [year, land]);
	return answer.holidays.map(({ date }) => date);
}

const theirs = (year, land, ...region) => [...new Set(new Holidays('DE', land.toLowerCase(), ...region).getHolidays(year)
	.filter(({ type }) => type === 'public').map(({ date }) => date.slice(0, 10)))].sort();

describe('holidays', { skip: reason }, () => {
	for (const land of lands) {
		it(`of ${land} are those of an independent table`, async () => {
			for (let year = first; year <= last; year++) assert.deepEqual(await ours(year, land), theirs(year, land), `${land} ${year}`);
		});
	}

	it('of municipalities are theirs too, once they are added', async () => {
		const file = join(mkdtempSync(join(tmpdir(), 'pp-holidays-')), 'additions.tsv');
		writeFileSync(file, ['area\twhen\tname\tsource', '09761000\t08-08\tHohes Friedensfest\tArt. 1 Abs. 2 FTG BY',
			...['09761000', '09162000'].map((ags) => `${ags}\t08-15\tMariä Himmelfahrt\tArt. 1 Abs. 1 Nr. 2 FTG BY`)].join('\n'));
		for (let year = first; year <= last; year++) {
			const here = (ags) => ours(year, 'BY', '--ags', ags, '--additions', file);
			assert.deepEqual(await here('09761000'), theirs(year, 'BY', 'a'), `Augsburg ${year}`);
			assert.deepEqual(await here('09162000'), theirs(year, 'BY', 'kath'), `München ${year}`);
			assert.deepEqual(await here('09564000'), theirs(year, 'BY', 'evang'), `Nürnberg ${year}`);
		}
		rmSync(dirname(file), { recursive: true });
	});
});
