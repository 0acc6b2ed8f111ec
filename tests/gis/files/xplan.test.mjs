// SPDX-License-Identifier: EUPL-1.2
// Real XPlanGML files: the extent of every plan, against outlines that somebody else computed.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { gunzipSync } from 'node:zlib';
import { apart, areaOf, ask, data, fromGeojson, oneWay, readWkb, rings, temporary, withoutFile } from './support.mjs';

const folder = join(data, 'xplan');
const skip = withoutFile(folder);
const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.includes('.gml')) : [];
const outlines = new Map(existsSync(join(data, 'xplan_plan_outlines.geojson'))
	? JSON.parse(readFileSync(join(data, 'xplan_plan_outlines.geojson'))).features
		.map((feature) => [feature.properties.plan_name, feature]) : []);

const expected = {
	'BP_4.1_LA67.gml': [['BP_Plan', '4.1', 'BP_REGEL', 31467]],
	'BP_5.1_BPlan001_HH_at_Schenefeld_border.gml': [['BP_Plan', '5.1', 'BP_REGEL', 25832, '02000000']],
	'BP_5.1_orientation_invalid_NEGATIVE.gml': [['BP_Plan', '5.1', 'BP_REGEL', 25832, '02000000']],
	'BP_5.2_Langenhorn51_3plans.gml': Array(3).fill(['BP_Plan', '5.2', 'BP_REGEL', 25832, '02000000']),
	'BP_5.4_HafenCity11_14_curves.gml': Array(2).fill(['BP_Plan', '5.4', 'BP_REGEL', 25832, '02000000']),
	'BP_6.0_BPlan001.gml': [['BP_Plan', '6.0', 'BP_REGEL', 25832, '02000000']],
	'BP_6.0_syntaxErrors_NEGATIVE.gml': [['BP_Plan', '6.0', 'BP_REGEL', 25832, '02000000']],
	'FP_5.1_HH_at_Tangstedt_border.gml': [['FP_Plan', '5.1', 'FNP', 25832]],
	'FP_6.0_FNP_Test.gml': [['FP_Plan', '6.0', 'FNP', 25832]],
	'LP_6.0_LP-Test.gml': [['LP_Plan', '6.0', '', 25832, '02000000']],
	'RP_5.1_RROP_Landkreis_Uelzen_like.gml.gz': [['RP_Plan', '5.1', 'ROP_REG', 25832]],
	'SO_6.0_StErhVO_Hamm.gml': [['SO_Plan', '6.0', '', 25832]],
};

let compared = 0;

// The text of every extent of a file, in its order.
function extentsOf(name) {
	const bytes = readFileSync(join(folder, name));
	const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
	return [...text.matchAll(/<(?:xplan:)?raeumlicherGeltungsbereich>([^]*?)<\/(?:xplan:)?raeumlicherGeltungsbereich>/g)]
		.map((match) => match[1]);
}

const hasArcs = (extent) => /<gml:(Arc|ArcString|Circle)[ >]/.test(extent);

// The rings of an extent read a second way, by patterns, with 500 positions on every arc.
function denseRings(extent) {
	return [...extent.matchAll(/<gml:(exterior|interior)>([^]*?)<\/gml:\1>/g)].map(([, , boundary]) => {
		const ring = [];
		for (const [, kind, positions] of boundary.matchAll(
			/<gml:(LinearRing|LineStringSegment|LineString|ArcString|Arc)(?: [^>]*)?>([^]*?)<\/gml:\1>/g)) {
			const numbers = [...positions.matchAll(/<gml:pos(?:List)?(?: [^>]*)?>([^<]*)</g)]
				.flatMap((match) => match[1].trim().split(/\s+/)).map(Number);
			const points = numbers.flatMap((x, i) => (i % 2 ? [] : [[x, numbers[i + 1]]]));
			if (kind.startsWith('Arc'))
				for (let i = 0; i + 2 < points.length; i += 2)
					ring.push(...denseArc(points[i], points[i + 1], points[i + 2]));
			else
				ring.push(...points);
		}
		return ring;
	});
}

// In coordinates from the middle position: the centre m is as far from a and c as from there.
function denseArc(first, [ox, oy], last) {
	const [ax, ay, cx, cy] = [first[0] - ox, first[1] - oy, last[0] - ox, last[1] - oy];
	const d = 2 * (ax * cy - ay * cx), a = ax * ax + ay * ay, c = cx * cx + cy * cy;
	if (Math.abs(d) < 1e-9 * (a + c))
		return [first, [ox, oy], last];
	const mx = (cy * a - ay * c) / d, my = (ax * c - cx * a) / d, r = Math.hypot(mx, my);
	const middle = Math.atan2(-my, -mx);
	const turn = (x, y) => {
		const angle = Math.atan2(y - my, x - mx) - middle;
		return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
	};
	const [from, to] = [turn(ax, ay), turn(cx, cy)];
	return Array.from({ length: 501 }, (_, i) => middle + from + ((to - from) * i) / 500)
		.map((angle) => [ox + mx + r * Math.cos(angle), oy + my + r * Math.sin(angle)]);
}

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
