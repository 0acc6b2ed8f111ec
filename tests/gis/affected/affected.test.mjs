// SPDX-License-Identifier: EUPL-1.2
// The engine against PostGIS (oracle.sql), field by field: random plans at the borders between the
// Länder, and plans that touch borders exactly. PP_PLANS says how many random ones.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { compareAll } from './compare.mjs';
import { borderPlaces, makePlans, pick, planners, random } from './plans.mjs';
import { fixtures, Referee, rulesText, skip } from './referee.mjs';

const count = Number(process.env.PP_PLANS ?? 2500);
let referee, ground;

before(() => {
	if (skip)
		return;
	referee = new Referee();
	ground = referee.load('fixtures', fixtures);
});
after(() => referee?.close());

function judge(plans, what, t) {
	const sum = compareAll(referee.engine(ground, plans), referee.oracle(ground, plans), plans, what, ground);
	t.diagnostic(`${plans.length} plans, ${sum.rows} municipalities compared, ${sum.edges} plans left out: nearer than 2 mm to what decides`);
	return sum;
}

test(`${count} random plans at the borders of Hamburg and Schleswig-Holstein`, { skip }, (t) => {
	const sum = judge(makePlans(random(2016), borderPlaces(referee, ground), count), 'random plan', t);
	assert.ok(sum.rows > 4 * count, JSON.stringify(sum));
});

// Other kinds, thresholds, classes, subjects, Länder and days than the platform has today.
test('rules that nobody has written yet', { skip }, (t) => {
	const rule = (...cells) => cells.join('\t');
	const more = [
		rule('X1', 'WIND', 'PFV*', 'distance', '2500', '', 'PRUEFEN', 'WIND', '', '', 'Wind {value} von {threshold}', 'Wind {value} of {threshold}', '§ 1', '', ''),
		rule('X2', 'NORD', 'FNP,ROP_REG', 'distance', '1500.5', '', 'MUSS', '', '', '01', 'Nord {name}', 'North {name}', '§ 2', '', ''),
		rule('X3', 'ALT', '*', 'distance', '5000', '', 'MUSS', '', '', '', 'Alt', 'Old', '§ 3', '', '2026-11-23'),
		rule('X4', 'NEU', 'BP_13', 'adjacent', '', '', 'PRUEFEN', '', '', '', 'Neu', 'New', '§ 4', '2026-11-24', '2026-11-24'),
		rule('X5', 'LEITUNG', '*', 'overlap', '', '', 'SOLL', 'LEITUNG', '', '', 'Leitung in {name}', 'Line in {name}', '§ 5', '', ''),
		rule('X6', 'LAND', 'BP_*', 'land_border', '3000', '', 'MUSS', 'WIND', '', '02', 'Grenze {value}', 'Border {value}', '§ 6', '', ''),
	];
	const next = random(90);
	const plans = makePlans(next, borderPlaces(referee, ground), 1000).map((plan) =>
		({ ...plan, subjects: [['WIND'], ['LEITUNG'], ['WIND', 'LEITUNG'], []][Math.floor(next() * 4)] }));
	referee.useRules(ground, `${rulesText}${more.join('\n')}\n`);
	const answers = referee.engine(ground, plans), theirs = referee.oracle(ground, plans), { rows } = ground;
	referee.useRules(ground, rulesText);
	const sum = compareAll(answers, theirs, plans, 'plan under other rules', { rows });
	t.diagnostic(`${plans.length} plans, ${sum.rows} municipalities compared, ${sum.edges} plans left out`);
	const fired = new Set(answers.flatMap((a) => [...a.municipalities, ...a.authorities].flatMap((row) => row.rules.map((r) => r.rule))));
	assert.deepEqual(['X1', 'X2', 'X3', 'X4', 'X5', 'X6'].filter((id) => fired.has(id)), ['X1', 'X2', 'X4', 'X5', 'X6']);
});

// What planners do: draw along the border, so that edges and vertices of plan and border coincide.
test('plans whose edges are the border itself', { skip }, (t) => {
	const rows = referee.ask(ground.name, `with line as (
			select a.ags as a, b.ags as b, (ST_Dump(ST_LineMerge(ST_CollectionExtract(ST_Intersection(ST_Boundary(a.geom), ST_Boundary(b.geom)), 2)))).geom as g
			  from m a join m b on a.geom && b.geom and left(a.ags, 2) < left(b.ags, 2) where left(a.ags, 2) in ('01', '02')
		), cut as (
			select a, b, g, row_number() over (order by a, b, ST_XMin(g)) as n from line where ST_NPoints(g) > 6 and not ST_IsClosed(g)
		), piece as (
			select a, b, n, ST_MakeLine(ST_PointN(g, 2), ST_PointN(g, 3)) as edge,
			       ST_MakeLine(array(select ST_PointN(g, i) from generate_series(2, 6) i)) as vertices from cut
		)
		select a, b, encode(ST_AsBinary(x, 'NDR'), 'hex') from piece cross join lateral (values
			(ST_MakePolygon(ST_AddPoint(ST_AddPoint(vertices, ST_Translate(ST_Centroid(vertices), 300, 200)), ST_StartPoint(vertices)))),
			(ST_MakePolygon(ST_AddPoint(ST_AddPoint(edge, ST_Translate(ST_Centroid(edge), -250, 100)), ST_StartPoint(edge)))),
			(vertices), (edge), (ST_StartPoint(edge)), (ST_Translate(edge, 0, 5)),
			(ST_Envelope(vertices))) v(x) where ST_IsValid(x) and ST_IsSimple(x) order by n`).split('\n');
	const next = random(7);
	const plans = rows.map((row) => {
		const [a, b, hex] = row.split('|');
		return { ...pick(next), ...planners(next, a, b), hex };
	});
	// Whole municipalities as plans, alone and two at a time: every edge coincides, islands and lakes are within.
	for (const row of referee.ask(ground.name, `select ags, encode(ST_AsBinary(geom, 'NDR'), 'hex') from m
			where left(ags, 2) in ('01', '02') order by md5(ags) limit 60`).split('\n')) {
		const [ags, hex] = row.split('|');
		plans.push({ kind: 'FNP', planning: [ags], hex });
		plans.push({ kind: 'PFV_ENWG', planning: [], hex });
	}
	const sum = judge(plans, 'border plan', t);
	assert.ok(sum.rows > 2500, JSON.stringify(sum));
});
