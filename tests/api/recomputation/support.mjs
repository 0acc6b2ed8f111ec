// SPDX-License-Identifier: EUPL-1.2
// What the tests of recomputation share: the demonstration, newer boundaries and newer rules.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { program, root } from '../../harness/server.mjs';

export const tsv = 'text/tab-separated-values';
export const embedded = readFileSync(join(root, 'data/rules/affected.tsv'), 'utf8');
const heading = embedded.split('\n')[0].split('\t');
const fixtures = join(root, 'data/fixtures');

/** Makes the demonstration of ./run. */
export function demonstrate(server) {
	const made = spawnSync(join(root, 'data/demonstration/load.py'),
		['--address', server.address, '--program', program(), '--database', server.database.url, '--fresh'], { encoding: 'utf8' });
	assert.equal(made.status, 0, made.stderr);
}

/** Rules like the program's, with R04 of development plans reaching that far, and an R77 besides. */
export const rulesWith = (near, far) => embedded.split('\n').map((line) => {
	const cells = line.split('\t');
	if (cells[0] === 'R04' && cells[heading.indexOf('kinds')] === 'BP_REGEL') cells[heading.indexOf('threshold')] = String(near);
	return cells.join('\t');
}).join('\n') + heading.map((name) => ({
	id: 'R77', name: 'WEIT', kinds: 'BP_*', metric: 'distance', threshold: String(far), class: 'SOLL',
	reason_de: '{name} weit', reason_en: '{name} far', source: 'Ein Erlass', valid_from: '2026-01-01',
})[name] ?? '').join('\t') + '\n';

export function writeRules(folder, text) {
	const path = join(folder, 'rules.tsv');
	writeFileSync(path, text);
	return path;
}

/** The same boundaries once more as a newer version, of another accuracy; of another file where one is given. */
export async function importBoundaries(server, accuracy, date, file = join(fixtures, 'municipalities.fgb')) {
	const done = await server.command(['import', 'municipalities', file, '--kreise', join(fixtures, 'kreise.csv'), '--dataset', 'VG250', '--date', date, '--accuracy', String(accuracy)]);
	assert.equal(done.status, 0, done.stderr);
	return (await server.must(200, 'GET', '/boundary-versions?limit=1')).items[0].id;
}

/** planungsplattform recompute with these words; its JSON. */
export async function recompute(server, words, status = 0) {
	const done = await server.command(['recompute', ...words, '--format', 'json']);
	assert.equal(done.status, status, done.stderr);
	return { ...JSON.parse(done.stdout), stderr: done.stderr };
}
