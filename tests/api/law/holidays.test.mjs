// SPDX-License-Identifier: EUPL-1.2
// The holidays of the program against those of date-holidays, which others wrote and keep: sixteen Länder, 1998 to 2040.
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build, program } from '../../harness/server.mjs';

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const lands = ['SH', 'HH', 'NI', 'HB', 'NW', 'HE', 'RP', 'BW', 'BY', 'SL', 'BE', 'BB', 'MV', 'SN', 'ST', 'TH'];
const [first, last] = [1998, 2040];

/** The library, installed beside the build as the lock file says; or the reason why it is not there. */
function install() {
	const folder = join(build, 'law-oracle');
	if (!existsSync(join(folder, 'node_modules/date-holidays'))) {
		mkdirSync(build, { recursive: true });
		const fresh = mkdtempSync(join(build, 'law-oracle-'));
		for (const name of ['package.json', 'package-lock.json', '.npmrc']) copyFileSync(join(here, name), join(fresh, name));
		const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries=1'], { cwd: fresh, encoding: 'utf8' });
		if (npm.status !== 0) {
			rmSync(fresh, { recursive: true, force: true });
			return { reason: `date-holidays cannot be installed: ${(npm.error?.message ?? npm.stderr).split('\n')[0]}` };
		}
		rmSync(folder, { recursive: true, force: true });
		renameSync(fresh, folder);
	}
	return { reason: false, Holidays: createRequire(join(folder, 'package.json'))('date-holidays') };
}

const { reason, Holidays } = install();

/** Sundays end no period, and only some laws name Easter Sunday: they are left out on both sides. */
const isSunday = (date) => new Date(`${date}T12:00:00Z`).getUTCDay() === 0;

async function ours(year, land) {
	const { stdout } = await run(program(), ['holidays', String(year), '--land', land, '--format', 'json']);
	const answer = JSON.parse(stdout);
	assert.deepEqual([answer.year, answer.land], [year, land]);
	return answer.holidays.map(({ date }) => date).filter((date) => !isSunday(date));
}

const theirs = (year, land) => [...new Set(new Holidays('DE', land.toLowerCase()).getHolidays(year)
	.filter(({ type }) => type === 'public').map(({ date }) => date.slice(0, 10)))].filter((date) => !isSunday(date)).sort();

describe('holidays', { skip: reason }, () => {
	for (const land of lands) {
		it(`of ${land} are those of an independent table`, async () => {
			for (let year = first; year <= last; year++) assert.deepEqual(await ours(year, land), theirs(year, land), `${land} ${year}`);
		});
	}
});
