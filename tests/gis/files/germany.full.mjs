// SPDX-License-Identifier: EUPL-1.2
// All of Germany into a database with the release build: within 60 s, and within 1 GB for all
// processes of ours together. (A limit on the clock; so it runs with --full only.)
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { isSanitized, makeDatabase, program, psql } from '../../harness/server.mjs';
import { data, withoutFile } from './support.mjs';

const germany = join(data, 'vg250_gem_de_2016.fgb');
const release = process.env.PP_BUILD_RELEASE;
const skip = withoutFile(germany) || (!release && 'PP_BUILD_RELEASE names no release build');

const read = (path) => {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		return ''; // gone meanwhile
	}
};

// Takes down in peaks the highest resident memory so far of a process and its descendants, in kB.
// PostgreSQL is nobody's child here.
function takePeaks(pid, peaks) {
	const parents = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((name) => [name, read(`/proc/${name}/stat`).split(') ').at(-1).split(' ')[1]]);
	const tree = [String(pid)];
	for (let i = 0; i < tree.length; i++)
		tree.push(...parents.filter(([, parent]) => parent === tree[i]).map(([name]) => name));
	for (const name of tree) {
		const [, peak] = /^VmHWM:\s+(\d+) kB/m.exec(read(`/proc/${name}/status`)) ?? [];
		if (peak)
			peaks.set(name, Number(peak));
	}
}

// Imports it as of that day; how long it took, and the highest memory of each process.
async function importGermany(database, date) {
	const begun = process.hrtime.bigint();
	const child = spawn(program('planungsplattform', release), ['import', 'municipalities', germany, '--dataset', 'VG250', '--date', date, '--database', database.url],
		{ stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PP_FILES: program('planungsplattform-files', release) } });
	let said = '';
	child.stdout.on('data', (text) => (said += text));
	child.stderr.on('data', (text) => (said += text));
	// A process's own peak only grows, so the last look before its end is as good as all.
	const peaks = new Map(), watch = setInterval(() => takePeaks(child.pid, peaks), 20);
	const [code] = await once(child, 'close');
	clearInterval(watch);
	assert.equal(code, 0, said);
	return { seconds: Number(process.hrtime.bigint() - begun) / 1e9, peaks };
}

test('all of Germany is imported within 60 s and 1 GB, and so is its next version, of which every feature is another', { skip }, async (t) => {
	assert.equal(isSanitized(release), false);
	const database = await makeDatabase({ bare: true });
	for (const date of ['2016-01-01', '2017-01-01']) {
		const { seconds, peaks } = await importGermany(database, date);
		// The peaks need not have come at the same time: their sum is the most that it can have been.
		const sum = [...peaks.values()].reduce((all, peak) => all + peak, 0);
		t.diagnostic(`${date}: ${seconds.toFixed(1)} s, ${peaks.size} processes with at most ${(sum / 1024).toFixed(0)} MiB together`);
		assert.ok(peaks.size >= 2, 'the file job was not seen');
		assert.ok(seconds <= 60, `${seconds} s`);
		assert.ok(sum <= 1e6, `${sum} kB`);
	}
	const [{ count }] = await psql(database.superuser, 'select count(*) from pp.municipality');
	const [{ now, before }] = await psql(database.superuser,
		'select count(*) filter (where died is null) as now, count(*) filter (where not gone) as before from pp.feature_adjacency');
	await database.drop();
	assert.equal(count, 2 * 11299);
	assert.equal(before, 2 * now);
});
