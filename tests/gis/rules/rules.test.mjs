// SPDX-License-Identifier: EUPL-1.2
// Rules are rows: a copy of data/rules/affected.tsv with one row more is embedded in a second
// program, whose other objects are those of the first. Its migrate puts the row in force, in a
// server that runs as well, and not a line of C was changed.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { command, startServer, until } from '../../harness/server.mjs';
import { build, program, root, temporary, withoutCommand } from '../files/support.mjs';

const skip = withoutCommand('ninja');
const row = ['R77', 'WEIT', 'ROP_REG', 'distance', '7500', '', 'SOLL', '', '', '', '{name} liegt {value} m entfernt.', '{name} is {value} m away.', 'Ein Erlass', '2026-01-01', ''];
const plan = { type: 'Polygon', coordinates: [[[9.9, 53.63], [9.906, 53.63], [9.906, 53.635], [9.9, 53.635], [9.9, 53.63]]] };
let server, second;

// How the build makes its program, with other rules: two of its own commands, with other paths.
function buildSecond() {
	const rules = temporary('affected.tsv'), source = temporary('embedded.c'), object = temporary('embedded.o'), target = temporary('planungsplattform');
	copyFileSync(join(root, 'data/rules/affected.tsv'), rules);
	appendFileSync(rules, `${row.join('\t')}\n`);
	const listed = spawnSync('ninja', ['-C', build, '-t', 'commands', 'server/planungsplattform'], { encoding: 'utf8' });
	assert.equal(listed.status, 0, listed.stderr);
	const commands = listed.stdout.split('\n').filter(Boolean);
	const find = (pattern) => commands.filter((line) => pattern.test(line)).at(-1);
	const old = /-o (\S+embedded\.c\.o)/.exec(find(/ -c sql\/embedded\.c/))[1];
	for (const [line, ...changes] of [
		[find(/embed\.py --source sql\/embedded\.c/), [/--source \S+/, `--source ${source}`], [/--depfile \S+/, ''], [/\S+affected\.tsv/, rules]],
		[find(/ -c sql\/embedded\.c/), ['-c sql/embedded.c', `-c ${source}`], [`-o ${old}`, `-o ${object}`], [/-MD -MQ \S+ -MF \S+/, '']],
		[find(/ -o server\/planungsplattform /), ['-o server/planungsplattform ', `-o ${target} `], [old, object]],
	]) {
		const ran = spawnSync('sh', ['-c', changes.reduce((text, [from, to]) => text.replace(from, to), line)], { cwd: build, encoding: 'utf8' });
		assert.equal(ran.status, 0, ran.stderr);
	}
	return target;
}

before(async () => {
	if (skip)
		return;
	second = buildSecond();
	server = await startServer();
});
after(() => server?.stop());

const run = (...words) => spawnSync(second, words, { encoding: 'utf8', env: { ...process.env, PP_FILES: program('planungsplattform-files'), PP_FIXTURES: join(root, 'data/fixtures') } });
const firedIn = (municipalities) => municipalities.flatMap((m) => m.rules.filter((r) => r.rule === 'R77').map((r) => ({ ...r, ags: m.ags, distance: m.distance_m })));
const preview = (kind) => server.must(200, 'POST', '/affected-preview', { headers: { 'Accept-Language': 'en' }, body: { kind, planning_municipalities: ['02000000'], geometry: plan } });

// All within 7.5 km with the row's class; within the 100 m of the boundaries' accuracy beyond, PRUEFEN.
function checkFired(fired) {
	assert.ok(fired.length > 5, JSON.stringify(fired));
	for (const rule of fired) {
		assert.deepEqual([rule.class, rule.metric, rule.threshold, rule.unit, rule.source], [rule.ground_m <= 7500 ? 'SOLL' : 'PRUEFEN', 'distance', 7500, 'm', 'Ein Erlass']);
		assert.ok(rule.value === rule.distance && rule.ground_m <= 7600);
	}
	assert.ok(fired.some((rule) => rule.distance > 2000));
}

test('a new row of the rules fires after migrate', { skip }, async () => {
	assert.deepEqual(firedIn((await preview('ROP_REG')).municipalities), []);
	const migrated = run('migrate', '--database', server.database.url);
	assert.equal(migrated.status, 0, migrated.stderr);
	assert.match(migrated.stdout, /the rules of affected\.tsv are in force/);
	assert.equal(run('migrate', '--database', server.database.url).stdout, '', 'the same rules again are no news');

	// The server goes on; its geometry workers are replaced.
	const fired = await until(async () => {
		const found = firedIn((await preview('ROP_REG')).municipalities);
		return found.length && found;
	}, 200);
	checkFired(fired);
	assert.match(fired[0].reason, / is \d+ m away\.$/);
	assert.deepEqual(firedIn((await preview('BP_REGEL')).municipalities), [], 'a row is for its kind');

	// On record as in the preview.
	const planner = await server.account('manager', '02000000');
	const { id } = await server.must(201, 'POST', '/procedures', { token: planner, body: { kind: 'ROP_REG', title: 'Regionalplan', planning_municipalities: ['02000000'] } });
	const filed = await server.must(201, 'POST', `/procedures/${id}/plans`, { token: planner, body: { geometry: plan } });
	const { municipalities } = await server.must(200, 'GET', `/plans/${filed.id}/affected`, { token: planner });
	assert.deepEqual(firedIn(municipalities).map((r) => r.ags).sort(), fired.map((r) => r.ags).sort());
});

test('and in the command, which needs no database', { skip }, async () => {
	const words = ['affected', temporary('plan.geojson', JSON.stringify(plan)), '--kind', 'ROP_REG', '--municipality', '02000000', '--format', 'json'];
	const ran = run(...words);
	assert.equal(ran.status, 0, ran.stderr);
	checkFired(firedIn(JSON.parse(ran.stdout).municipalities));
	const first = await command(words, { env: { PP_FIXTURES: join(root, 'data/fixtures') } });
	assert.equal(first.status, 0, first.stderr);
	assert.deepEqual(firedIn(JSON.parse(first.stdout).municipalities), []);
});
