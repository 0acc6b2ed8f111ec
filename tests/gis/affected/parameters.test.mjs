// SPDX-License-Identifier: EUPL-1.2
// The whole table of rules with everything that a plan can say of itself: random subjects with random
// parameters, catchments and studies, the engine against PostGIS.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { compareAll } from './compare.mjs';
import { borderPlaces, makePlans, planners, random, wkb } from './plans.mjs';
import { fixtures, Referee, skip } from './referee.mjs';

const kinds = ['FNP', 'FNP_AENDERUNG', 'BP_REGEL', 'BP_13', 'BP_13A', 'ROP_LAND', 'ROP_REG', 'RVP', 'ZAV', 'PFV', 'PFV_ENWG', 'PFV_NABEG', 'BFP', 'PFV_FSTR'];
let referee, ground;

before(() => {
	if (skip)
		return;
	referee = new Referee();
	ground = referee.load('fixtures', fixtures);
});
after(() => referee?.close());

const one = (next, list) => list[Math.floor(next() * list.length)];
// A value is given more often than not, with one decimal.
const maybe = (next, name, least, most) => (next() < 0.7 ? { [name]: Math.round((least + (most - least) * next()) * 10) / 10 } : {});

function catchment(next, x, y) {
	const [west, south, wide, high] = [x - 15000 * next(), y - 15000 * next(), 3000 + 15000 * next(), 3000 + 15000 * next()];
	return wkb([3, [[[west, south], [west + wide, south + 700 * next()], [west + wide, south + high], [west, south + high], [west, south]]]]);
}

const makers = {
	WIND: (next) => ({ params: { ...maybe(next, 'hub_height_m', 60, 200), ...maybe(next, 'rotor_diameter_m', 50, 200), ...(next() < 0.3 ? { total_height_m: 200 } : {}) } }),
	TURM: (next) => ({ params: maybe(next, 'total_height_m', 30, 300) }),
	EINZELHANDEL: (next, place, keys) => ({ params: { ...maybe(next, 'floor_area_m2', 500, 9000), ...maybe(next, 'sales_area_m2', 300, 20000) },
		...(next() < 0.4 ? { catchment: catchment(next, place[0], place[1]) } : {}),
		...(next() < 0.4 ? { study: Object.fromEntries([1, 2, 3].map(() => [one(next, keys), Math.round(300 * next()) / 10])) } : {}) }),
	LEITUNG: (next) => ({ params: { ...(next() < 0.8 ? { voltage_kv: one(next, [20, 110, 220, 320, 380, 525]) } : {}), ...(next() < 0.4 ? { cable: next() < 0.5 } : {}), ...maybe(next, 'pylon_height_m', 20, 120) } }),
	STRASSE: (next, place, keys) => (next() < 0.5 ? { study: { [one(next, keys)]: 0, [one(next, keys)]: 12.5 } } : {}),
	BIMSCHG: (next) => ({ params: { ...maybe(next, 'stack_height_m', 5, 150), ...(next() < 0.4 ? { expert_radius_m: 1800 } : {}) } }),
	STOERFALL: (next) => ({ params: { ...(next() < 0.4 ? { safety_distance_m: 650 } : {}), ...(next() < 0.5 ? { kas18_class: one(next, [1, 2, 3, 4]) } : {}) } }),
	FLUGHAFEN: () => ({}),
	HAFEN: () => ({}),
};

function subjects(next, place, keys) {
	return Array.from({ length: 1 + Math.floor(2 * next() ** 2) }, () => {
		const name = one(next, Object.keys(makers));
		return { name, ...makers[name](next, place, keys) };
	});
}

test('3,000 random plans with random subjects under the whole table', { skip }, (t) => {
	const next = random(22);
	// And along the border to Denmark, with the two municipalities nearest to each place.
	const danish = referee.ask(ground.name, `select ST_X(v.geom), ST_Y(v.geom), (array_agg(m.ags order by m.geom <-> v.geom))[1:2]
		from state_border b cross join lateral ST_DumpPoints(b.geom) v join m on ST_DWithin(m.geom, v.geom, 8000) where v.path[2] % 12 = 0 group by v.path, v.geom order by 1, 2`)
		.split('\n').map((line) => line.split('|')).map(([x, y, keys]) => [Number(x), Number(y), ...keys.slice(1, -1).split(',')]);
	const places = [...borderPlaces(referee, ground), ...danish];
	const keys = referee.ask(ground.name, "select ags from m where left(ags, 2) in ('01', '02', '03') order by md5(ags) limit 200").split('\n');
	const plans = makePlans(next, places, 3000).map((plan) => {
		const place = one(next, places); // another one: catchments and planners need not be near
		return { ...plan, kind: one(next, kinds), subjects: subjects(next, place, keys), ...planners(next, place[2], place[3]) };
	});
	const answers = referee.engine(ground, plans);
	const sum = compareAll(answers, referee.oracle(ground, plans), plans, 'plan with subjects', ground);
	t.diagnostic(`${plans.length} plans, ${sum.rows} municipalities compared, ${sum.edges} plans left out`);
	// Every row of the table but those that never fire by themselves has fired.
	const fired = new Set(answers.flatMap((a) => [...a.municipalities, ...a.authorities].flatMap((row) => row.rules.map((r) => `${r.rule} ${r.metric}`))));
	const written = new Set(ground.rows.filter(({ metric }) => metric !== 'manual').map(({ id, metric }) => `${id} ${metric}`));
	assert.deepEqual([...written].filter((rule) => !fired.has(rule)), []);
	assert.ok(answers.some((a) => a.municipalities.some((row) => row.rules.some((r) => r.scale_decides))), 'the scale has decided somewhere');
	assert.ok(answers.some((a) => a.missing.some(({ parameter }) => parameter === 'floor_area_m2')));
});
