// SPDX-License-Identifier: EUPL-1.2
// The engine against PostGIS (oracle.sql), field by field: random plans at the borders between the
// Länder, plans that touch borders exactly, and the outlines of real plans.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { data, program, root, withoutCommand, withoutFile } from '../files/support.mjs';
import { makePlan, random, wkb } from './plans.mjs';

const accuracy = 100;
const skip = withoutCommand('psql') || withoutCommand('ogr2ogr');
const rules = join(root, 'data/rules/affected.tsv');
const here = join(root, 'tests/gis/affected');
const germany = join(data, 'vg250_gem_de_2016.fgb');
const outlines = join(data, 'xplan_plan_outlines.geojson');
let folder, url;

const cluster = (what) => spawnSync(join(root, 'tests/harness/cluster'), [what, join(folder, 'cluster')], { encoding: 'utf8' });
const of = (database) => url.replace('/postgres?', `/${database}?`);

function psql(database, words, input) {
	const ran = spawnSync('psql', [of(database), '-XAtq', '-v', 'ON_ERROR_STOP=1', ...words], { input, encoding: 'utf8', maxBuffer: 1 << 30 });
	assert.equal(ran.status, 0, ran.stderr);
	return ran.stdout;
}
const ask = (database, sql) => psql(database, ['-c', sql]).trimEnd();

// A database with the municipalities of a file, and what both sides read from it.
function referee(name, file) {
	ask('postgres', `create database ${name}`);
	ask(name, 'create extension postgis');
	const loaded = spawnSync('ogr2ogr', ['-f', 'PostgreSQL', `PG:${of(name)}`, file, '-nln', 'raw', '-t_srs', 'EPSG:25832', '-nlt', 'PROMOTE_TO_MULTI',
		'-lco', 'GEOMETRY_NAME=geom', '-lco', 'SPATIAL_INDEX=NONE', '--config', 'PG_USE_COPY', 'YES'], { encoding: 'utf8' });
	assert.equal(loaded.status, 0, loaded.stderr);
	ask(name, `create table m as
		select ags, min(gen) as name, bool_or(bez = 'Gemeindefreies Gebiet') as unincorporated,
		       ST_Multi(ST_UnaryUnion(ST_Collect(case when ST_IsValid(geom) then geom else ST_MakeValid(geom, 'method=structure keepcollapsed=false') end))) as geom
		  from raw group by ags;
		create unique index on m (ags); create index on m using gist (geom); analyze m;
		create table rule (no int generated always as identity, id text, name text, kinds text, metric text, threshold float8, class text, subject text,
			land text, reason_de text, reason_en text, source text, valid_from date, valid_to date);
		create table plan (no int, kind text, day date, planning text[], applicant_land text, subjects text[], geom geometry);`);
	psql(name, ['-c', `copy rule (id, name, kinds, metric, threshold, class, subject, land, reason_de, reason_en, source, valid_from, valid_to)
		from stdin with (null '', header)`], readFileSync(rules, 'utf8'));
	const boundaries = join(folder, `${name}.tsv`);
	writeFileSync(boundaries, psql(name, ['-c', `copy (select ags, gen, '', (bez = 'Gemeindefreies Gebiet')::int, encode(ST_AsBinary(geom, 'NDR'), 'hex')
		from raw order by ogc_fid) to stdout`]));
	return { name, boundaries };
}

before(() => {
	if (skip)
		return;
	folder = mkdtempSync(join(tmpdir(), 'pp-affected-'));
	spawnSync('chmod', ['755', folder]);
	const started = cluster('start');
	assert.equal(started.status, 0, started.stderr);
	url = started.stdout.trim();
});
after(() => {
	if (!folder)
		return;
	cluster('stop');
	rmSync(folder, { recursive: true, force: true });
});

// plans: {kind, planning[], applicant_land, subjects[], hex}. Both answers, plan by plan.
function answers(ground, plans) {
	const list = (values) => values.join(',');
	const lines = plans.map((p) => [p.kind, '2026-11-24', list(p.planning), p.applicant_land, list(p.subjects), p.hex].join('\t'));
	const ran = spawnSync(program('affected_tool'), [ground.boundaries, rules, String(accuracy)],
		{ input: `${lines.join('\n')}\n`, encoding: 'utf8', maxBuffer: 1 << 30 });
	assert.equal(ran.status, 0, ran.stderr);
	ask(ground.name, `truncate plan; drop table if exists hex;
		create table hex (no int, kind text, day date, planning text, applicant_land text, subjects text, hex text)`);
	psql(ground.name, ['-c', "copy hex from stdin with (null '')"], lines.map((line, i) => `${i}\t${line}`).join('\n'));
	ask(ground.name, `insert into plan select no, kind, day, string_to_array(coalesce(planning, ''), ','), applicant_land,
		string_to_array(coalesce(subjects, ''), ','), ST_GeomFromWKB(decode(hex, 'hex'), 25832) from hex; analyze plan;`);
	const oracle = psql(ground.name, ['-v', `accuracy=${accuracy}`, '-f', join(here, 'oracle.sql')]);
	const parse = (text) => text.trimEnd().split('\n').map((line) => JSON.parse(line));
	return [parse(ran.stdout), parse(oracle)];
}

const near = (a, b, absolute) => Math.abs(a - b) <= absolute + 1e-6 * Math.abs(b);

// Whether a measure lies so near to what decides a class that rounding may decide either way.
function isEdge(row) {
	const thresholds = row.rules.map((r) => r.threshold);
	return thresholds.some((t) => [0, accuracy, -accuracy].some((band) => near(row.distance_m, t + band, 0.002) && row.distance_m > 0)) ||
		near(row.depth_m, accuracy, 0.002) || (row.overlap_m2 > 0 && row.overlap_m2 < 0.001) || (row.overlap_m > 0 && row.overlap_m < 0.003);
}

// Every field of both answers; returns how many municipalities were compared.
function compare(found, expected, plan, what) {
	const say = () => `${what}: ${JSON.stringify(plan)}\nours ${JSON.stringify(found)}\nreferee ${JSON.stringify(expected)}`;
	assert.equal(found.fault, undefined, say());
	const edge = expected.municipalities.some(isEdge);
	const byAgs = new Map(found.municipalities.map((row) => [row.ags, row]));
	if (edge)
		return { edges: 1, rows: 0 };
	assert.deepEqual(found.municipalities.map((row) => row.ags).sort(), expected.municipalities.map((row) => row.ags).sort(), say());
	for (const theirs of expected.municipalities) {
		const ours = byAgs.get(theirs.ags);
		assert.equal(ours.class, theirs.class, say());
		assert.equal(ours.cross_border, theirs.cross_border, say());
		assert.ok(near(ours.distance_m, theirs.distance_m, 0.002), say());
		assert.ok(near(ours.overlap_m2, theirs.overlap_m2, 0.1), say());
		if ('overlap_m' in ours)
			assert.ok(near(ours.overlap_m, theirs.overlap_m, 0.002), say());
		if ('inside' in ours)
			assert.equal(ours.inside, theirs.inside, say());
		if ('depth_m' in ours)
			assert.ok(near(ours.depth_m, theirs.depth_m, 0.002), say());
		assert.equal(ours.shared_border_m === null, theirs.shared_border_m === null, say());
		assert.ok(near(ours.shared_border_m, theirs.shared_border_m, 0.01 * Math.max(1, plan.planning.length)), say());
		const row = (r) => [r.rule, r.class, r.metric, r.borderline];
		assert.deepEqual(ours.rules.map(row), theirs.rules.map(row), say());
		ours.rules.forEach((rule, i) => assert.ok(near(rule.value, theirs.rules[i].value, rule.unit === 'm2' ? 0.1 : 0.02), say()));
	}
	const order = found.municipalities.map((row) => [['MUSS', 'SOLL', 'PRUEFEN', 'EIGEN'].indexOf(row.class), row.distance_m, row.ags]);
	assert.deepEqual(order, [...order].sort((a, b) => a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : 1)), say());
	assert.deepEqual(found.authorities.flatMap((a) => a.rules.map((r) => [a.land, r.rule, r.class])),
		expected.authorities.map((a) => [a.land, a.rule, a.class]), say());
	found.authorities.flatMap((a) => a.rules).forEach((r, i) => assert.ok(near(r.value, expected.authorities[i].value, 0.002), say()));
	return { edges: 0, rows: expected.municipalities.length };
}

function compareAll(ground, plans, what) {
	const [ours, theirs] = answers(ground, plans);
	assert.equal(ours.length, plans.length);
	assert.equal(theirs.length, plans.length);
	const sum = { edges: 0, rows: 0 };
	plans.forEach((plan, i) => {
		const { edges, rows } = compare(ours[i], theirs[i], plan, `${what} ${i}`);
		sum.edges += edges;
		sum.rows += rows;
	});
	return sum;
}

const kinds = ['FNP', 'FNP_AENDERUNG', 'BP_REGEL', 'BP_REGEL', 'BP_13', 'BP_13A', 'ROP_REG', 'PFV_ENWG'];

// Vertices where municipalities of two Länder meet, each with the two.
function borderPlaces(ground) {
	return ask(ground.name, `select ST_X(v.geom), ST_Y(v.geom), a.ags, b.ags from m a join m b on a.geom && b.geom and left(a.ags, 2) < left(b.ags, 2)
		cross join lateral (select (ST_DumpPoints(ST_Intersection(ST_Boundary(a.geom), ST_Boundary(b.geom)))).geom) v
		where left(a.ags, 2) in ('01', '02') order by 3, 4, 1, 2`).split('\n').map((line) => {
		const [x, y, a, b] = line.split('|');
		return [Number(x), Number(y), a, b];
	});
}

function someone(next, place) {
	const [, , a, b] = place;
	const planning = [[a], [b], [a, b], []][Math.min(3, Math.floor(next() * 3.5))];
	return { planning, applicant_land: planning.length || next() < 0.5 ? '' : b.slice(0, 2) };
}

let fixtures;
test('10,000 random plans at the borders of Hamburg and Schleswig-Holstein', { skip }, (t) => {
	fixtures ??= referee('fixtures', join(root, 'data/fixtures/municipalities.fgb'));
	// A few hundred sets of planning municipalities are enough, and PostGIS takes long to unite more.
	const places = borderPlaces(fixtures).filter((_, i) => i % 40 === 0);
	const next = random(2016);
	const plans = Array.from({ length: 10000 }, () => {
		const place = places[Math.floor(next() * places.length)];
		const { geometry } = makePlan(next, [place]);
		return { kind: kinds[Math.floor(next() * kinds.length)], ...someone(next, place), subjects: [], hex: wkb(geometry) };
	});
	const sum = compareAll(fixtures, plans, 'random plan');
	t.diagnostic(`${sum.rows} municipalities compared; ${sum.edges} plans left out, nearer than 2 mm to a threshold`);
	assert.ok(sum.edges < 100 && sum.rows > 7000, JSON.stringify(sum));
});

// What planners do: draw along the border, so that edges and vertices of plan and border coincide.
test('plans whose edges are the border itself', { skip }, (t) => {
	fixtures ??= referee('fixtures', join(root, 'data/fixtures/municipalities.fgb'));
	const rows = ask(fixtures.name, `with line as (
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
		return { kind: kinds[Math.floor(next() * kinds.length)], ...someone(next, [0, 0, a, b]), subjects: [], hex };
	});
	// Whole municipalities as plans, alone and two at a time: every edge coincides, islands and lakes are within.
	for (const row of ask(fixtures.name, `select ags, encode(ST_AsBinary(geom, 'NDR'), 'hex') from m where left(ags, 2) in ('01', '02') order by md5(ags) limit 60`).split('\n')) {
		const [ags, hex] = row.split('|');
		plans.push({ kind: 'FNP', planning: [ags], applicant_land: '', subjects: [], hex });
		plans.push({ kind: 'PFV_ENWG', planning: [], applicant_land: '', subjects: [], hex });
	}
	const sum = compareAll(fixtures, plans, 'border plan');
	t.diagnostic(`${plans.length} plans, ${sum.rows} municipalities compared, ${sum.edges} left out`);
	assert.ok(sum.rows > 1000, JSON.stringify(sum));
});

test('the outlines of real plans, on all of Germany', { skip: skip || withoutFile(germany) || withoutFile(outlines) }, (t) => {
	const ground = referee('germany', germany);
	const plans = JSON.parse(readFileSync(outlines, 'utf8')).features.map(({ properties: p, geometry }) => {
		const hex = ask(ground.name, `select encode(ST_AsBinary(ST_Transform(ST_SetSRID(ST_GeomFromGeoJSON('${JSON.stringify(geometry)}'), 4326), 25832), 'NDR'), 'hex')`);
		const known = ask(ground.name, `select count(*) from m where ags = '${(p.ags_in_file[0] ?? '').replaceAll("'", '')}'`) === '1';
		return { kind: p.plan_type === 'FP_Plan' ? 'FNP' : 'BP_REGEL', planning: known ? [p.ags_in_file[0]] : [], applicant_land: '', subjects: [], hex };
	});
	const sum = compareAll(ground, plans, 'outline');
	t.diagnostic(`${plans.length} outlines, ${sum.rows} municipalities compared, ${sum.edges} left out`);
	assert.ok(sum.rows > 70, JSON.stringify(sum));
});
