// SPDX-License-Identifier: EUPL-1.2
// Grid and ground, all over Germany: in the east a metre on the ground is 1.0018 m on the grid, at 9° east
// 0.9996 m. Turbines are put where grid and ground judge differently; PostGIS measures the geodesic.
import assert from 'node:assert/strict';
import test, { after, before } from 'node:test';
import { withoutFile } from '../files/support.mjs';
import { compareAll } from './compare.mjs';
import { random, wkb } from './plans.mjs';
import { germany, Referee, skip as skipPostgis } from './referee.mjs';

const skip = skipPostgis || withoutFile(germany);
let referee, ground;

before(() => {
	if (skip)
		return;
	referee = new Referee();
	ground = referee.load('germany', germany);
});
after(() => referee?.close());

test('where the scale decides, in the west, in the middle and in the east', { skip }, (t) => {
	const next = random(7), accurate = 0.5;
	// The easternmost vertex of a municipality, from where one goes east: the way is the distance on the grid.
	const vertices = referee.ask(ground.name, `select m.ags, ST_X(v.geom), ST_Y(v.geom) from m
		cross join lateral (select geom from ST_DumpPoints(m.geom) d order by ST_X(d.geom) desc limit 1) v
		where ST_X(v.geom) < 340000 or ST_X(v.geom) > 800000 or ST_X(v.geom) between 480000 and 520000 order by md5(m.ags) limit 600`).split('\n').map((line) => line.split('|'));
	const plans = vertices.map(([ags, x, y]) => {
		const east = Number(x) - 500000, scale = 0.9996 * (1 + (east / 6.38e6) ** 2 / 2);
		// Between 2,500 m on the grid and 2,500 m on the ground, and a little around.
		let far = 2500 + (2500 * scale - 2500) * (1.4 * next() - 0.2);
		// But not so near to what decides that a millimetre of either measure would.
		while ([far, far / scale].some((d) => [2499.5, 2500, 2500.5].some((edge) => Math.abs(d - edge) < 0.025)))
			far += 0.06;
		return { kind: 'PFV', planning: [], applicant_land: ags.slice(0, 2), subjects: ['WIND'], hex: wkb([1, [Number(x) + far, Number(y)]]) };
	});
	const answers = referee.engine(ground, plans, accurate);
	const sum = compareAll(answers, referee.oracle(ground, plans, accurate), plans, 'turbine', { ...ground, accurate });
	const deciding = vertices.filter(([ags], i) => answers[i].municipalities.find((row) => row.ags === ags)?.rules.some((r) => r.rule === 'R10' && r.scale_decides));
	const silent = vertices.filter(([ags], i) => !answers[i].municipalities.find((row) => row.ags === ags)?.rules.some((r) => r.rule === 'R10'));
	t.diagnostic(`${plans.length} turbines, ${sum.rows} municipalities compared, ${sum.edges} left out; the scale decides for ${deciding.length}, ${silent.length} are too far on the ground`);
	assert.ok(deciding.length > 100 && silent.length > 20, `${deciding.length} ${silent.length}`);
	for (const where of [(x) => x < 340000, (x) => x > 480000 && x < 520000, (x) => x > 800000])
		assert.ok(deciding.some(([, x]) => where(Number(x))), String(where));
});
