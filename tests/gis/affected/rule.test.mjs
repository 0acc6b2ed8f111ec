// SPDX-License-Identifier: EUPL-1.2
// Rule by rule: a plan on which it fires, one on which it does not, one within the accuracy of the
// boundaries. Plans are put where PostGIS measures the wanted distance on the ground, and PostGIS judges
// every measure of every answer.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { compareAll } from './compare.mjs';
import { wkb } from './plans.mjs';
import { accuracy, fixtures, Referee, skip } from './referee.mjs';

const hamburg = '02000000', ellerbek = '01056013', ammersbek = '01062090', sachsenwald = '01053105';
let referee, ground;

before(() => {
	if (skip)
		return;
	referee = new Referee();
	ground = referee.load('fixtures', fixtures);
	// From the vertex that is farthest in a direction one moves outwards in it: the way is the distance.
	referee.ask(ground.name, `create function way(g geometry, angle float8, target float8) returns text language plpgsql as $$
		declare
			u float8[] := array[cos(angle), sin(angle)]; v geometry; far float8 := target; p geometry;
		begin
			select d.geom into v from ST_DumpPoints(g) d order by ST_X(d.geom) * u[1] + ST_Y(d.geom) * u[2] desc limit 1;
			for i in 1..6 loop
				p := ST_Translate(v, u[1] * far, u[2] * far);
				exit when target <= 0;
				far := far * target / ST_Length(ST_Transform(ST_ShortestLine(p, g), 4258)::geography);
			end loop;
			return ST_X(p) || ' ' || ST_Y(p);
		end $$;
		-- So far within, on the way from the middle of the largest circle to the border.
		create function depth(g geometry, deep float8) returns text language sql as $$
			select ST_X(p) || ' ' || ST_Y(p) from ST_MaximumInscribedCircle(g) c,
				lateral (select ST_LineInterpolatePoint(ST_MakeLine(c.center, c.nearest), 1 - deep / c.radius) as p) q
		$$`);
});
after(() => referee?.close());

const numbers = (text) => text.split(' ').map(Number);
const areaOf = (ags) => `(select geom from m where ags = '${ags}')`;
const place = (geometry, angle, target) => numbers(referee.ask(ground.name, `select way(${geometry}, ${angle}, ${target})`));
const inside = (ags, deep) => numbers(referee.ask(ground.name, `select depth(${areaOf(ags)}, ${deep})`));

/** A triangle, a line or a point that begins at a place and leads away from whatever lies behind it. */
function shape(kind, [x, y], angle, size = 50) {
	const at = (along, across) => [x + along * Math.cos(angle) - across * Math.sin(angle), y + along * Math.sin(angle) + across * Math.cos(angle)];
	if (kind === 'area')
		return wkb([3, [[[x, y], at(size, -size / 2), at(size, size / 2), [x, y]]]]);
	return wkb(kind === 'line' ? [2, [[x, y], at(size, 0)]] : [1, [x, y]]);
}

function judge(plans, accurate = accuracy) {
	const answers = referee.engine(ground, plans, accurate);
	// Nothing is left out here: places are exact, and so is the comparison away from thresholds.
	compareAll(answers, referee.oracle(ground, plans, accurate), plans, 'plan', { ...ground, accurate, exact: true });
	return answers;
}
const rowsOf = (answer, key) => answer.municipalities.find((row) => row.ags === key)?.rules ?? answer.authorities.find((row) => row.body === key)?.rules ?? [];
const fired = (answer, key, id, metric) => rowsOf(answer, key).find((r) => r.rule === id && (!metric || r.metric === metric));

// A kind and a subject under which a row applies.
const kindOf = (rule) => ({ '*': 'PFV', 'BP_*': 'BP_REGEL', 'ROP_*': 'ROP_REG' })[rule.kinds.split(',')[0]] ?? rule.kinds.split(',')[0];
const usual = { total_height_m: 200, pylon_height_m: 60, stack_height_m: 40, expert_radius_m: 1800, safety_distance_m: 650, cable: true };
function subjectFor(rule) {
	if (!rule.subject)
		return [];
	const params = {};
	for (const condition of rule.when ? rule.when.split(' and ') : []) {
		const [, not, name, sign, value] = /^(!?)(\w+)(>=|>|=|<=|<)?(.*)$/.exec(condition);
		if (not || /^(plan_|has_)/.test(name) || (sign ?? '').startsWith('<'))
			continue;
		params[name] = sign ? Number(value) + (sign === '>' ? 1 : 0) : usual[name];
	}
	const [param] = /[a-z]\w*(?=\)?$)/.exec(rule.threshold) ?? [];
	if (param)
		params[param] = usual[param];
	return [{ name: rule.subject.split('|')[0], params }];
}
function thresholdOf(rule) {
	const [, least = 0, factor = 1, name] = /^(?:max\(([\d.]+),)?(?:([\d.]+)\*)?([a-z]\w*)?\)?/.exec(rule.threshold);
	return name ? Math.max(Number(least), Number(factor) * usual[name]) : Number(rule.threshold);
}

test('every distance, near enough, within the accuracy beyond it, and too far', { skip }, (t) => {
	const angle = 1.1, distances = ground.rows.filter(({ metric }) => ['distance', 'circle', 'adjacent_distance'].includes(metric));
	const cases = distances.flatMap((rule) => {
		const kind = rule.metric === 'circle' ? 'point' : /LEITUNG|STRASSE/.test(rule.subject) ? 'line' : 'area';
		// Ellerbek adjoins Hamburg, which plans; a port of 100 ha needs a plan of that size.
		return [-accuracy - 10, accuracy / 2, accuracy + 10].map((beyond) => {
			const target = Math.max(0, thresholdOf(rule) + beyond);
			const at = place(areaOf(ellerbek), angle, target);
			return { rule, beyond, plan: { kind: kindOf(rule), planning: [hamburg], subjects: subjectFor(rule), hex: shape(kind, at, angle, rule.name === 'HAFEN' ? 2500 : 50) } };
		});
	});
	const answers = judge(cases.map(({ plan }) => plan));
	cases.forEach(({ rule, beyond }, i) => {
		const found = rowsOf(answers[i], ellerbek).find((r) => r.rule === rule.id && r.metric === rule.metric && Math.abs(r.threshold - thresholdOf(rule)) < 1e-6);
		const what = `${rule.id} ${rule.kinds} ${rule.subject} ${rule.threshold} at ${beyond}: ${JSON.stringify(found)}`;
		if (beyond > accuracy)
			assert.equal(found, undefined, what);
		else
			assert.deepEqual([found?.class, found?.borderline], beyond > 0 ? ['PRUEFEN', true] : [rule.class, Math.abs(thresholdOf(rule) - found?.ground_m) <= accuracy], what);
	});
	t.diagnostic(`${cases.length} plans for ${distances.length} rows`);
	assert.ok(distances.length >= 30);
});

test('a wind turbine at 2,499.0, 2,500.0 and 2,501.0 m, on fine and on coarse boundaries', { skip }, () => {
	const turbine = (target) => ({ kind: 'BP_REGEL', planning: [hamburg], subjects: [{ name: 'WIND', params: { hub_height_m: 160, rotor_diameter_m: 150 } }],
		hex: shape('point', place(areaOf(ammersbek), 3.5, target), 0) });
	const at = [2499, 2500, 2501, 2500.2].map(turbine);
	const said = (accurate) => judge(at, accurate).map((answer) => [fired(answer, ammersbek, 'R10'), fired(answer, ammersbek, 'R11')]);
	const fine = said(0.5), coarse = said(100);
	const short = (found) => found.map(([r10]) => r10 && [r10.ground_m, r10.class, r10.borderline]);
	assert.deepEqual(short(fine), [[2499, 'MUSS', false], [2500, 'MUSS', true], undefined, [2500.2, 'PRUEFEN', true]]);
	assert.deepEqual(short(coarse), [[2499, 'MUSS', true], [2500, 'MUSS', true], [2501, 'PRUEFEN', true], [2500.2, 'PRUEFEN', true]]);
	assert.ok(fine.every(([, r11]) => r11.class === 'SOLL' && r11.threshold === 15 * 235), 'fifteen times its height reaches farther');
	// On the grid the last one is nearer than 2,500 m.
	const [decided] = fine[3];
	assert.ok(decided.scale_decides && decided.value < 2500, JSON.stringify(decided));
	assert.match(decided.reason, /On the ground it is 2500\.2 m, on the grid of EPSG:25832 2499\.\d+ m: the distance on the ground decides\.$/);
});

test('what lies in a municipality, beside it, at its border and in a corner', { skip }, () => {
	const plan = (hex, kind = 'BP_REGEL', planning = [hamburg]) => ({ kind, planning, hex });
	const corner = place(areaOf(ellerbek), 1.1, 0), [x, y] = corner;
	const answers = judge([plan(shape('point', inside(ellerbek, 150), 0)), plan(shape('point', inside(ellerbek, 40), 0)), plan(shape('point', place(areaOf(ellerbek), 1.1, 12), 0)),
		plan(shape('point', inside(ellerbek, 150), 0), 'ROP_REG'), plan(shape('point', inside(ellerbek, 40), 0), 'ROP_REG'), plan(shape('point', place(areaOf(ellerbek), 1.1, 12), 0), 'ROP_REG'),
		plan(wkb([2, [[x - 60 * Math.sin(1.1), y + 60 * Math.cos(1.1)], corner, [x + 60 * Math.sin(1.1), y - 60 * Math.cos(1.1)]]])),
		plan(shape('area', place(areaOf(ellerbek), 1.1, 9000), 1.1), 'FNP'), plan(shape('area', place(areaOf(ellerbek), 1.1, 9000), 1.1), 'FNP', ['01060063'])]);
	for (const [first, id] of [[0, 'R01'], [3, 'R70']]) {
		const [deep, shallow, outside] = answers.slice(first, first + 3).map((answer) => fired(answer, ellerbek, id, 'overlap'));
		assert.deepEqual([deep.class, deep.borderline, shallow.class, shallow.borderline, outside], ['MUSS', false, 'PRUEFEN', true, undefined], id);
	}
	assert.deepEqual(answers.slice(0, 3).map((answer) => fired(answer, ellerbek, 'R05').class), ['MUSS', 'MUSS', 'PRUEFEN']);
	const touching = answers[6].municipalities.find((row) => row.ags === ellerbek);
	assert.deepEqual([touching.distance_m, touching.overlap_m, fired(answers[6], ellerbek, 'R01'), fired(answers[6], ellerbek, 'R05').class], [0, 0, undefined, 'MUSS'], 'a line in a corner');
	// Adjoining has no band: Glinde meets Hamburg in a point, and that is enough; Norderstedt is no neighbour of Ellerbek's.
	assert.equal(fired(answers[7], ellerbek, 'R02').class, 'MUSS');
	assert.deepEqual([fired(answers[7], '01062018', 'R02').value, fired(answers[8], '01062018', 'R02')], [0, undefined]);
});

test('catchments and studies', { skip }, () => {
	const retail = { R20: { floor_area_m2: 4000 }, R21: { floor_area_m2: 6000 }, R22: { sales_area_m2: 12000 } };
	const far = shape('area', place(areaOf(ellerbek), 1.1, 40000), 1.1);
	const square = ([x, y]) => wkb([3, [[[x, y], [x + 800, y + 1], [x + 800, y + 800], [x, y + 800], [x, y]]]]);
	const reach = [inside(ellerbek, 300), place(areaOf(ellerbek), Math.PI / 4, -60), place(areaOf(ellerbek), Math.PI / 4, 50), place(areaOf(ellerbek), Math.PI / 4, 130)];
	const plans = Object.values(retail).flatMap((params) => reach.map((corner) => ({ kind: 'BP_REGEL', planning: [hamburg], subjects: [{ name: 'EINZELHANDEL', params, catchment: square(corner) }], hex: far })));
	const answers = judge(plans);
	Object.keys(retail).forEach((id, i) => {
		const [deep, shallow, near, away] = answers.slice(4 * i, 4 * i + 4).map((answer) => fired(answer, ellerbek, id, 'catchment'));
		assert.deepEqual([deep.class, deep.unit, deep.borderline], ['SOLL', 'm2', false], id);
		assert.deepEqual([shallow.class, near.class, near.unit, near.borderline, away], ['PRUEFEN', 'PRUEFEN', 'm', true, undefined], id);
	});
	const study = (name, percent) => ({ kind: 'PFV', planning: [hamburg], subjects: [{ name, study: { [ellerbek]: percent } }], hex: far });
	const studied = judge([study('EINZELHANDEL', 10), study('EINZELHANDEL', 9.9), study('STRASSE', 0), { ...study('STRASSE', 0), subjects: ['STRASSE'] }]);
	assert.deepEqual(studied.map((answer) => rowsOf(answer, ellerbek).map((r) => [r.rule, r.class, r.value])), [[['R23', 'MUSS', 10]], [], [['R40', 'SOLL', 0]], []], 'a study has no band');
});

test('other Länder, other states and unincorporated areas', { skip }, () => {
	const land = "(select ST_Union(geom) from m where left(ags, 2) = '13')", state = '(select geom from state_border)';
	const beyond = (threshold) => [threshold - accuracy - 10, threshold + accuracy / 2, threshold + accuracy + 10];
	const plans = (kind, geometry, angle, threshold) => beyond(threshold).map((target) => ({ kind, planning: [], applicant_land: '01', hex: shape('area', place(geometry, angle, target), angle) }));
	const said = (made, key, id) => judge(made).map((answer) => fired(answer, key, id)).map((r) => r && [r.class, r.borderline]);
	assert.deepEqual(said(plans('ZAV', land, 3.3, 1000), 'landesplanung-mv', 'R80'), [['SOLL', false], ['PRUEFEN', true], undefined]);
	// Within the band a municipality of that Land is hit as PRUEFEN, and so is the Land.
	assert.deepEqual(said(plans('ROP_REG', land, 3.3, 2000), 'landesplanung-mv', 'R70'), [['MUSS', false], ['MUSS', true], undefined]);
	assert.deepEqual(said(plans('BP_REGEL', state, -1.4, 5000), 'nachbarstaat-dk', 'R81'), [['PRUEFEN', false], ['PRUEFEN', true], undefined]);
	const forest = [0, 50, 130].map((target) => ({ kind: 'PFV', planning: ['01053132'], hex: shape('area', place(areaOf(sachsenwald), 0.4, target), 0.4) }));
	assert.deepEqual(said(forest, sachsenwald, 'R95').map((found) => found?.[0]), ['MUSS', 'PRUEFEN', undefined], 'as the rule that hit it');
});

test('an exclave, a hole, several parts, a corridor, the river and the sea', { skip }, () => {
	const hex = (geometry) => referee.ask(ground.name, `select encode(ST_AsBinary(${geometry}, 'NDR'), 'hex')`);
	const neuwerk = `(select d.geom from m, ST_Dump(m.geom) d where m.ags = '${hamburg}' order by ST_XMin(d.geom) limit 1)`;
	const around = `(select ST_Difference(ST_Buffer(geom, 900, 4), ST_Buffer(geom, 300, 4)) from m where ags = '${ellerbek}')`;
	const point = (lon, lat) => `ST_Transform(ST_SetSRID(ST_MakePoint(${lon}, ${lat}), 4326), 25832)`;
	const parts = `ST_Collect(ST_Expand(${point(9.85, 53.66)}, 100), ST_Expand(${point(10.3, 53.4)}, 100))`;
	const plans = [
		{ kind: 'BP_REGEL', planning: ['03352011'], subjects: [{ name: 'WIND', params: { total_height_m: 250 } }], hex: shape('point', place(neuwerk, 4.4, 3000), 0) },
		{ kind: 'BP_REGEL', planning: [hamburg], hex: hex(around) },
		{ kind: 'PFV', planning: [], applicant_land: '01', hex: hex(parts) },
		{ kind: 'PFV_NABEG', planning: [], applicant_land: '01', hex: hex(`ST_Buffer(ST_MakeLine(${point(9.5, 53.9)}, ${point(9.9, 53.75)}), 500)`) },
		{ kind: 'PFV', planning: [], hex: hex(`ST_Expand(${point(9.66, 53.57)}, 150)`) },
		{ kind: 'PFV', planning: [], applicant_land: '01', hex: hex(`ST_Expand(${point(7.4, 54.6)}, 150)`) },
	];
	const [exclave, hole, several, corridor, river, sea] = judge(plans);
	const hh = exclave.municipalities.find((row) => row.ags === hamburg);
	assert.ok(hh.distance_m > 2990 && hh.distance_m < 3010 && fired(exclave, hamburg, 'R11').class === 'SOLL', 'Neuwerk is Hamburg');
	const within = hole.municipalities.find((row) => row.ags === ellerbek);
	assert.ok(within.distance_m > 280 && within.distance_m <= 300 && within.overlap_m2 === 0 && fired(hole, ellerbek, 'R04').class === 'SOLL', `what lies in a hole is not in the plan: ${JSON.stringify(within)}`);
	assert.ok(several.municipalities.some((row) => row.land === '01') && several.municipalities.some((row) => row.land === '02' || row.land === '03'));
	assert.ok(corridor.municipalities.some((row) => fired(corridor, row.ags, 'R31') && !fired(corridor, row.ags, 'R01')), 'the corridor reaches beyond its edge');
	assert.ok(river.municipalities.length > 0 && river.municipalities[0].overlap_m2 > 0, 'somebody has the water of the Elbe');
	assert.deepEqual([sea.municipalities, sea.authorities], [[], []]);
});
