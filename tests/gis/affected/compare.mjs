// SPDX-License-Identifier: EUPL-1.2
// An answer of the program against one of oracle.sql: every field of every row.
import assert from 'node:assert/strict';
import { accuracy } from './referee.mjs';

const classes = ['MUSS', 'SOLL', 'PRUEFEN', 'EIGEN'];
const near = (a, b, absolute) => Math.abs(a - b) <= absolute + 1e-6 * Math.abs(b);
const exact = { length: 0.002, area: 0.1 };

// Whether a measure lies so near to what decides a class that rounding may decide either way.
function isEdge(row, length, accurate) {
	const thresholds = row.rules.map((r) => r.threshold);
	const lengths = [row.distance_m, row.ground_m];
	return thresholds.some((t) => [0, accurate, -accurate].some((band) => lengths.some((d) => near(d, t + band, length) && d > 0))) ||
		row.rules.some((r) => r.edge) ||
		near(row.depth_m, accurate, length) || (row.overlap_m2 > 0 && row.overlap_m2 < 0.001) || (row.overlap_m > 0 && row.overlap_m < 0.003);
}

const fields = (row) => Object.keys(row).sort().join(' ');

// Which fields a row has: measures of what the plan consists of, depth where it overlaps.
function fieldsOf(theirs) {
	const own = theirs.class === 'EIGEN';
	return ['ags', 'name', 'kreis', 'land', 'class', 'cross_border', 'distance_m', 'overlap_m2', 'shared_border_m', 'rules',
		...(theirs.has_line ? ['overlap_m'] : []), ...(theirs.has_point ? ['inside'] : []), ...(theirs.overlaps && !own ? ['depth_m'] : []),
		...(theirs.circle_shares ? ['circle_shares'] : [])].sort().join(' ');
}

// Sentences that follow where they are needed.
const behind = (rule) => (rule.default ? ' [a-z_0-9]+ (?:was not given|ist nicht angegeben):.*\\.' : '') + (rule.scale_decides ? ' (?:On the ground|Auf dem Boden) .*\\.' : '');

// {value} and {threshold} in whole metres or square metres; a value of n.5 may be either.
function reasonFits(rule, template, name) {
	const escaped = template.replaceAll('{name}', name).replace(/[.*+?^$()|[\]\\]/g, '\\$&');
	const unit = rule.unit === 'm2' ? 'm²' : rule.unit;
	const found = new RegExp(`^${escaped.replaceAll('{value}', '(-?\\d+)').replaceAll('{threshold}', String(Math.round(rule.threshold))).replaceAll('{unit}', unit)}${behind(rule)}$`).exec(rule.reason);
	return found && found.slice(1).every((value) => Math.abs(Number(value) - rule.value) <= 0.5005);
}

function compareRules(ours, theirs, name, { rows, language, tolerance }) {
	const row = (r) => [r.rule, r.class, r.metric, r.borderline, r.threshold, r.unit, r.scale_decides ?? null, r.threshold_from ?? r.from ?? null, r.default ?? null];
	assert.deepEqual(ours.map(row), theirs.map(row));
	ours.forEach((rule, i) => {
		const written = rows[theirs[i].rule_no - 1];
		assert.equal(fields(rule), ['borderline class metric reason rule source threshold unit value', ...(theirs[i].ground_m === null || theirs[i].ground_m === undefined ? [] : ['ground_m scale_decides']),
			...(theirs[i].from ? ['default threshold_from'] : [])].join(' ').split(' ').sort().join(' '));
		if ('ground_m' in rule)
			assert.ok(near(rule.ground_m, theirs[i].ground_m, Math.max(0.02, tolerance.length)));
		assert.equal(rule.value === null, theirs[i].value === null);
		assert.ok(near(rule.value, theirs[i].value, rule.unit === 'm2' ? tolerance.area : Math.max(0.02, tolerance.length)));
		assert.equal(rule.source, written.source);
		assert.ok(reasonFits(rule, written[`reason_${language}`], name));
	});
}

function compareRow(ours, theirs, about) {
	const { length, area } = about.tolerance;
	assert.equal(fields(ours), fieldsOf(theirs));
	for (const field of ['ags', 'name', 'kreis', 'land', 'class', 'cross_border'])
		assert.equal(ours[field], theirs[field]);
	assert.ok(near(ours.distance_m, theirs.distance_m, length));
	assert.ok(near(ours.overlap_m2, theirs.overlap_m2, area));
	if (theirs.has_line)
		assert.ok(near(ours.overlap_m, theirs.overlap_m, length));
	if (theirs.has_point)
		assert.equal(ours.inside, theirs.inside);
	if ('depth_m' in ours)
		assert.ok(near(ours.depth_m, theirs.depth_m, length));
	assert.equal(ours.shared_border_m === null, theirs.shared_border_m === null);
	assert.ok(near(ours.shared_border_m, theirs.shared_border_m, 0.01 * Math.max(1, about.planning)));
	compareShares(ours.circle_shares ?? [], theirs.circle_shares ?? []);
	compareRules(ours.rules, theirs.rules, ours.name, about);
}

// The referee's circle has 8,000 corners: at 2,500 m its edges lie within 0.2 mm of ours.
function compareShares(ours, theirs) {
	assert.deepEqual(ours.map(({ point }) => point), theirs.map(({ point }) => point));
	ours.forEach((share, i) => {
		assert.ok(Math.abs(share.area_m2 - theirs[i].area_m2) <= 3, JSON.stringify([share, theirs[i]]));
		assert.ok(Math.abs(share.percent - theirs[i].percent) <= 0.002, JSON.stringify([share, theirs[i]]));
	});
}

function compareAnswer(found, expected, about) {
	assert.equal(found.fault, undefined);
	const byAgs = new Map(found.municipalities.map((row) => [row.ags, row]));
	assert.deepEqual(found.municipalities.map((row) => row.ags).sort(), expected.municipalities.map((row) => row.ags).sort());
	for (const theirs of expected.municipalities)
		compareRow(byAgs.get(theirs.ags), theirs, about);
	const order = found.municipalities.map((row) => [classes.indexOf(row.class), row.distance_m, row.ags]);
	assert.deepEqual(order, [...order].sort((a, b) => a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : 1)));
	compareAuthorities(found.authorities, expected.authorities, about);
	assert.deepEqual(found.dataset, { name: 'VG250', date: '2016-01-01' });
	assert.match(found.engine, /GEOS \d/);
	assert.ok(Array.isArray(found.missing));
}

function compareAuthorities(ours, theirs, about) {
	// Another state has no Land; the referee calls it by its name.
	const of = (authority) => authority.land ?? authority.name;
	const lands = [...new Set(theirs.map((rule) => rule.land))].sort();
	assert.deepEqual(ours.map(of).sort(), lands);
	for (const authority of ours) {
		const rules = theirs.filter((rule) => rule.land === of(authority));
		assert.equal(fields(authority), 'body class land name rules');
		assert.match(authority.body, /^[a-z0-9-]+$/);
		assert.equal(authority.class, classes[Math.min(...rules.map((rule) => classes.indexOf(rule.class)))]);
		compareRules(authority.rules, rules, authority.name, about);
	}
}

/**
 * Every field of the answers to those plans. rows are the rules, as readRules answers them;
 * tolerance replaces the one for lengths and areas, where the referee has read the plan in a way of
 * its own. Returns {edges, rows}: plans that were left out because they lie nearer than the
 * tolerance to what decides, which must be few, and how many rows were compared.
 */
export function compareAll(found, expected, plans, what, { rows, language = 'en', tolerance = exact, accurate = accuracy, exact: leaveNone = false }) {
	const sum = { edges: 0, rows: 0 };
	assert.equal(found.length, plans.length);
	plans.forEach((plan, i) => {
		if (!leaveNone && expected[i].municipalities.some((row) => isEdge(row, tolerance.length, accurate))) {
			sum.edges++;
			return;
		}
		try {
			compareAnswer(found[i], expected[i], { rows, language, tolerance, planning: plan.planning.length });
		} catch (error) {
			const show = (value) => JSON.stringify(value);
			throw new Error(`${what} ${i}: ${error.message}\nplan ${show(plan)}\nours ${show(found[i])}\nreferee ${show(expected[i])}`, { cause: error });
		}
		sum.rows += expected[i].municipalities.length;
	});
	assert.ok(sum.edges <= Math.max(1, plans.length / 500), `${sum.edges} of ${plans.length} plans are too near to a threshold to be judged`);
	return sum;
}
