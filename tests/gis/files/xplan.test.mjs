// SPDX-License-Identifier: EUPL-1.2
// Real XPlanGML files: the extent of every plan, against outlines that somebody else computed.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { denseRings, expected, extentsOf, folder, hasArcs } from './extents.mjs';
import { ask } from './ask.mjs';
import { apart, areaOf, data, fromGeojson, oneWay, readWkb, rings, temporary, withoutFile } from './support.mjs';

const skip = withoutFile(folder);
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.includes('.gml')) : [];
const outlines = new Map(existsSync(join(data, 'xplan_plan_outlines.geojson'))
	? JSON.parse(readFileSync(join(data, 'xplan_plan_outlines.geojson'))).features
		.map((feature) => [feature.properties.plan_name, feature]) : []);

let compared = 0;

for (const name of Object.keys(expected)) {
	test(`every plan of ${name} has its extent`, { skip: skip || withoutFile(join(folder, name)) }, () => {
		const answer = ask('plans', join(folder, name), 'all');
		assert.equal(answer.status, 0, JSON.stringify(answer.fault));
		assert.deepEqual(answer.plans.map((plan) =>
			[plan.object, plan.version, plan.kind, plan.epsg, ...plan.ags]), expected[name]);
		for (const plan of answer.plans) {
			const geometry = readWkb(plan.wkb), outline = outlines.get(plan.name);
			assert.ok(areaOf(geometry) > 100, plan.name);
			if (!outline || plan.epsg !== 25832)
				continue;
			// The outlines have a position every 4 degrees of an arc, up to 5 cm off its bow; their
			// positions themselves lie on it.
			const theirs = fromGeojson(outline.geometry);
			const distance = oneWay(rings(theirs), rings(geometry));
			assert.ok(distance <= 0.02, `${plan.name}: ${distance} m apart`);
			const bow = hasArcs(extentsOf(name)[plan.place - 1]) ? 0.05 : 0.02;
			assert.ok(oneWay(rings(geometry), rings(theirs)) <= bow, plan.name);
			compared++;
		}
	});

	test(`arcs of ${name} are kept within 1 cm`, { skip: skip || withoutFile(join(folder, name)) }, () => {
		const extents = extentsOf(name), plans = ask('plans', join(folder, name), 'all').plans;
		assert.equal(plans.length, extents.length);
		plans.forEach((plan, i) => {
			const distance = apart(readWkb(plan.wkb), { parts: [denseRings(extents[i])] });
			assert.ok(distance <= 0.0101, `${plan.name}: ${distance} m apart`);
		});
	});
}

test('no file is left out, and most plans have an outline to be compared with', { skip }, () => {
	assert.deepEqual(files.filter((name) => !(name in expected)), []);
	assert.ok(compared >= 6, `${compared} compared`);
});

test('a file with several plans lists them and takes one by number or name', { skip }, () => {
	const file = join(folder, 'BP_5.2_Langenhorn51_3plans.gml');
	const several = ask('plans', file);
	assert.equal(several.status, 1);
	assert.equal(several.fault.problem, 'plan_ambiguous');
	assert.deepEqual(several.choices.map((choice) => choice.place), [1, 2, 3]);
	assert.equal(several.plans.length, 0);
	assert.equal(ask('plans', file, '3').plans[0].name, 'Langenhorn51_SoapUI-XPlanManagerAPI');
	assert.equal(ask('plans', file, 'langenhorn51_soapui-xplanmanagerapi').plans[0].place, 3);
	assert.equal(ask('plans', file, 'Langenhorn').fault.problem, 'file_without_plan');
	assert.equal(ask('plans', file, '4').fault.problem, 'file_without_plan');
	assert.equal(ask('plans', file, '0').fault.problem, 'file_without_plan');
});

test('a cut off file gives the plan that was complete, with a warning, or nothing', { skip }, () => {
	const whole = readFileSync(join(folder, 'BP_5.4_HafenCity11_14_curves.gml'));
	const first = whole.indexOf('</xplan:BP_Plan>');
	const cut = (name, end) => ask('plans', temporary(name, whole.subarray(0, end)), 'all');
	const behind = cut('behind.gml', first + 4000);
	assert.equal(behind.status, 0, JSON.stringify(behind.fault));
	assert.equal(behind.plans.length, 1);
	assert.match(behind.warnings[0].text, /not well-formed in line \d+.*not read/);
	const within = cut('within.gml', first - 10);
	assert.equal(within.status, 1);
	assert.equal(within.fault.problem, 'file_unreadable');
	assert.match(within.fault.detail, /line \d+, column \d+/);
});
