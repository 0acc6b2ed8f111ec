// SPDX-License-Identifier: EUPL-1.2
// Real plans: outlines that somebody else has taken from files, and all plans of all XPlanGML files,
// whose extents the referee has read in another way.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { ask } from '../files/ask.mjs';
import { expected, extentsOf, folder, hasArcs, multiPolygon } from '../files/extents.mjs';
import { data, program, quick, root, withoutFile } from '../files/support.mjs';
import { compareAll } from './compare.mjs';
import { fixtures, germany, Referee, skip as skipPostgis } from './referee.mjs';

const outlines = join(data, 'xplan_plan_outlines.geojson');
const skip = skipPostgis || withoutFile(folder);
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.includes('.gml')) : [];
let referee, whole;

before(() => {
	if (skipPostgis)
		return;
	referee = new Referee();
	if (existsSync(germany))
		whole = referee.load('germany', germany);
});
after(() => referee?.close());

const keysOf = (ground) => new Set(referee.ask(ground.name, 'select ags from m').split('\n'));

test('the outlines of real plans, on all of Germany', { skip: skipPostgis || withoutFile(germany) || withoutFile(outlines) }, (t) => {
	const known = keysOf(whole);
	const { features } = JSON.parse(readFileSync(outlines, 'utf8'));
	const read = referee.read(whole, features.map(({ geometry }) => geometry), features.map(() => 4326));
	const plans = features.map(({ properties: p }, i) => ({
		kind: p.plan_type === 'FP_Plan' ? 'FNP' : 'BP_REGEL',
		planning: p.ags_in_file.filter((ags) => known.has(ags)).slice(0, 1),
		hex: read[i].hex,
	}));
	const sum = compareAll(referee.engine(whole, plans), referee.oracle(whole, plans), plans, 'outline', whole);
	t.diagnostic(`${plans.length} outlines, ${sum.rows} municipalities compared, ${sum.edges} left out`);
	assert.equal(sum.edges, 0);
	assert.ok(sum.rows >= 75, JSON.stringify(sum));
});

// Every plan of every file as the referee reads it; the file's AGS count where the boundaries know them.
function plansOf(ground) {
	const known = keysOf(ground);
	const extents = files.flatMap((name) => extentsOf(name).map((extent, i) => ({ name, extent, about: expected[name][i] })));
	const read = referee.read(ground, extents.map(({ extent }) => multiPolygon(extent)), extents.map(({ about }) => about[3]));
	return extents.map(({ name, extent, about: [, , kind, , ...ags] }, i) =>
		({ name, kind, planning: ags.filter((key) => known.has(key)), ...read[i], hasArcs: hasArcs(extent) }));
}

function judge(ground, found, plans, t) {
	const answers = referee.oracle(ground, plans);
	assert.equal(found.length, plans.length);
	const rows = plans.reduce((sum, plan, i) => {
		// Arcs are kept within 1 cm here, and within almost nothing by the referee.
		const tolerance = plan.hasArcs ? { length: 0.012, area: 0.1 + 0.01 * plan.perimeter } : undefined;
		return sum + compareAll([found[i]], [answers[i]], [plan], plan.name, { ...ground, tolerance }).rows;
	}, 0);
	t.diagnostic(`${files.length} files, ${plans.length} plans, none refused, ${rows} municipalities compared`);
	assert.ok(plans.length === 15 && rows > 40, `${plans.length} ${rows}`);
}

test('all plans of all real files, by the command', { skip }, (t) => {
	const ground = referee.load('fixtures', fixtures);
	const environment = { ...process.env, PP_FILES: program('planungsplattform-files', quick), PP_FIXTURES: join(root, 'data/fixtures') };
	const found = files.flatMap((name) => {
		const ran = spawnSync(program('planungsplattform', quick), ['affected', join(folder, name), '--plan', 'all', '--date', '2026-11-24', '--format', 'json', '--lang', 'en'],
			{ env: environment, encoding: 'utf8', maxBuffer: 1 << 30 });
		assert.equal(ran.status, 0, `${name}: ${ran.stderr}`);
		const answer = JSON.parse(ran.stdout);
		return answer.plans ? answer.plans.map((plan) => plan.result) : [answer];
	});
	judge(ground, found, plansOf(ground), t);
});

test('all plans of all real files, on all of Germany', { skip: skip || withoutFile(germany) }, (t) => {
	const plans = plansOf(whole);
	const ours = files.flatMap((name) => ask('plans', join(folder, name), 'all').plans);
	// Into EPSG:25832 by PostGIS: our way there is tested with the command.
	const hex = referee.ask(whole.name, `select encode(ST_AsBinary(ST_Transform(ST_GeomFromWKB(decode(w, 'hex'), s), 25832), 'NDR'), 'hex')
		from (values ${ours.map(({ wkb, epsg }, i) => `(${i}, '${wkb}', ${epsg})`).join(',')}) v(no, w, s) order by no`).split('\n');
	judge(whole, referee.engine(whole, plans.map((plan, i) => ({ ...plan, hex: hex[i] }))), plans, t);
});
