// SPDX-License-Identifier: EUPL-1.2
// PostGIS as referee: a cluster of its own, municipalities read by ogr2ogr, and oracle.sql. What it
// answers owes nothing to the program; compare.mjs holds the two against each other.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applicable, readRules, subjectsOf, written } from './rules.mjs';
import { data, program, quick, root, withoutCommand } from '../files/support.mjs';

export const accuracy = 100;
export const skip = withoutCommand('psql') || withoutCommand('ogr2ogr');
export const fixtures = join(root, 'data/fixtures/municipalities.fgb');
export const stateBorder = join(root, 'data/fixtures/state-border.geojson');
export const kreise = join(root, 'data/fixtures/kreise.csv');
export const germany = join(data, 'vg250_gem_de_2016.fgb');
export const rulesText = readFileSync(join(root, 'data/rules/affected.tsv'), 'utf8');

const jsonLines = (text) => text.trimEnd().split('\n').map((line) => JSON.parse(line));
const list = (values) => (values ?? []).join(',');
// The day is one on which all rules are in force.
const day = '2026-11-24';
const lineOf = (plan) => [plan.kind, plan.day ?? day, list(plan.planning), plan.applicant_land ?? '', subjectsOf(plan).map(written).join(' '), plan.hex].join('\t');

export class Referee {
	constructor() {
		this.folder = mkdtempSync(join(tmpdir(), 'pp-affected-'));
		chmodSync(this.folder, 0o755); // PostgreSQL may run as another user
		const started = this.#cluster('start');
		assert.equal(started.status, 0, started.stderr);
		this.url = started.stdout.trim();
	}

	close() {
		this.#cluster('stop');
		rmSync(this.folder, { recursive: true, force: true });
	}

	#cluster(what) {
		return spawnSync(join(root, 'tests/harness/cluster'), [what, join(this.folder, 'cluster')], { encoding: 'utf8' });
	}

	urlOf(database) {
		return this.url.replace('/postgres?', `/${database}?`);
	}

	psql(database, words, input) {
		const ran = spawnSync('psql', [this.urlOf(database), '-XAtq', '-v', 'ON_ERROR_STOP=1', ...words], { input, encoding: 'utf8', maxBuffer: 1 << 30 });
		assert.equal(ran.status, 0, ran.stderr);
		return ran.stdout;
	}

	ask(database, sql) {
		return this.psql(database, ['-f', '-'], sql).trimEnd();
	}

	/** A database with the municipalities of a file: {name, boundaries} for the calls below. */
	load(name, file, rules = rulesText) {
		this.ask('postgres', `create database ${name}`);
		this.ask(name, 'create extension postgis');
		const loaded = spawnSync('ogr2ogr', ['-f', 'PostgreSQL', `PG:${this.urlOf(name)}`, file, '-nln', 'raw', '-t_srs', 'EPSG:25832', '-nlt', 'PROMOTE_TO_MULTI',
			'-lco', 'GEOMETRY_NAME=geom', '-lco', 'SPATIAL_INDEX=NONE', '--config', 'PG_USE_COPY', 'YES'], { encoding: 'utf8' });
		assert.equal(loaded.status, 0, loaded.stderr);
		this.ask(name, 'create table kreis (key text, name text, designation text, land text)');
		if (file === fixtures)
			this.psql(name, ['-c', 'copy kreis from stdin with (format csv, header)'], readFileSync(kreise, 'utf8'));
		this.ask(name, `create table m as
			select ags, min(gen) as name, (select k.name from kreis k where k.key = left(ags, 5)) as kreis,
			       bool_or(bez = 'Gemeindefreies Gebiet') as unincorporated,
			       ST_Multi(ST_UnaryUnion(ST_Collect(case when ST_IsValid(geom) then geom else ST_MakeValid(geom, 'method=structure keepcollapsed=false') end))) as geom
			  from raw group by ags;
			create unique index on m (ags); create index on m using gist (geom); analyze m;
			create table applicable (no int, rule_no int, subject_no int, id text, metric text, given float8, threshold float8, class text, land text,
				origin text, is_default bool);
			create table catchment (no int, subject_no int, geom geometry);
			create table study (no int, subject_no int, ags text, percent float8);
			create table state_border (name text, geom geometry);
			create table plan (no int, kind text, day date, planning text[], applicant_land text, geom geometry);`);
		const boundaries = join(this.folder, `${name}.tsv`);
		writeFileSync(boundaries, this.psql(name, ['-c', `copy (select ags, gen, coalesce((select k.name from kreis k where k.key = left(ags, 5)), ''),
			(bez = 'Gemeindefreies Gebiet')::int, encode(ST_AsBinary(geom, 'NDR'), 'hex') from raw order by ogc_fid) to stdout`]));
		// The lines of the fixtures stand for both: behind the municipalities, after a line of its own.
		const border = spawnSync('ogr2ogr', ['-f', 'PostgreSQL', `PG:${this.urlOf(name)}`, stateBorder, '-nln', 'border', '-t_srs', 'EPSG:25832', '-nlt', 'PROMOTE_TO_MULTI',
			'-lco', 'GEOMETRY_NAME=geom', '--config', 'PG_USE_COPY', 'YES'], { encoding: 'utf8' });
		assert.equal(border.status, 0, border.stderr);
		this.ask(name, 'insert into state_border select name, geom from border');
		appendFileSync(boundaries, this.psql(name, ['-c', `copy (select 'state', name, state, '', encode(ST_AsBinary(geom, 'NDR'), 'hex') from border) to stdout`]));
		const ground = { name, boundaries };
		this.useRules(ground, rules);
		return ground;
	}

	useRules(ground, text) {
		ground.rules = join(this.folder, `${ground.name}-rules.tsv`);
		ground.rows = readRules(text);
		writeFileSync(ground.rules, text);
	}

	/** What the engine answers to plans {kind, planning[], applicant_land, subjects[], hex}, one object each. */
	engine(ground, plans, accurate = accuracy) {
		const ran = spawnSync(program('affected_tool', quick), [ground.boundaries, ground.rules, String(accurate)],
			{ input: `${plans.map(lineOf).join('\n')}\n`, encoding: 'utf8', maxBuffer: 1 << 30 });
		assert.equal(ran.status, 0, ran.stderr);
		const answers = jsonLines(ran.stdout);
		assert.equal(answers.length, plans.length);
		return answers;
	}

	#copy(database, table, rows) {
		this.psql(database, ['-c', `copy ${table} from stdin with (null '')`], rows.map((row) => `${row.join('\t')}\n`).join(''));
	}

	/** What oracle.sql answers to the same. */
	oracle(ground, plans, accurate = accuracy) {
		this.ask(ground.name, `truncate plan, applicable, catchment, study; drop table if exists hex;
			create table hex (no int, kind text, day date, planning text, applicant_land text, subjects text, hex text);
			drop table if exists catchment_hex; create table catchment_hex (no int, subject_no int, hex text)`);
		this.#copy(ground.name, 'hex', plans.map((plan, i) => [i, lineOf({ ...plan, subjects: [] })]));
		this.ask(ground.name, `insert into plan select no, coalesce(kind, ''), day, string_to_array(coalesce(planning, ''), ','), applicant_land,
			ST_GeomFromWKB(decode(hex, 'hex'), 25832) from hex; analyze plan;`);
		const sizes = this.ask(ground.name, `select ST_Area(ST_CollectionExtract(geom, 3)), ST_NPoints(ST_CollectionExtract(geom, 1)) from plan order by no`)
			.split('\n').map((line) => line.split('|').map(Number));
		const every = (make) => plans.flatMap((plan, no) => subjectsOf(plan).flatMap((subject, i) => make(subject).map((cells) => [no, i, ...cells])));
		this.#copy(ground.name, 'applicable', plans.flatMap((plan, no) => applicable(ground.rows, { ...plan, day: plan.day ?? day }, sizes[no]).map((cells) => [no, ...cells])));
		this.#copy(ground.name, 'catchment_hex', every(({ catchment }) => (catchment ? [[catchment]] : [])));
		this.#copy(ground.name, 'study', every(({ study }) => Object.entries(study ?? {})));
		this.ask(ground.name, "insert into catchment select no, subject_no, ST_GeomFromWKB(decode(hex, 'hex'), 25832) from catchment_hex; analyze applicable, catchment, study");
		const answers = jsonLines(this.psql(ground.name, ['-v', `accuracy=${accurate}`, '-f', join(root, 'tests/gis/affected/oracle.sql')]));
		assert.equal(answers.length, plans.length);
		return answers;
	}

	/** Geometries of GeoJSON, srids their CRSs, as {hex, perimeter}: WKB in EPSG:25832, parts of each united. */
	read(ground, geometries, srids) {
		this.ask(ground.name, 'drop table if exists given; create table given (no int, srid int, text text)');
		this.psql(ground.name, ['-c', "copy given from stdin with (format csv, quote E'\\b', delimiter E'\\t')"],
			geometries.map((geometry, i) => `${i}\t${srids[i]}\t${JSON.stringify(geometry)}`).join('\n'));
		return jsonLines(this.ask(ground.name, `select json_build_object('hex', encode(ST_AsBinary(g, 'NDR'), 'hex'), 'perimeter', ST_Perimeter(g)) from given,
			lateral (select ST_Transform(ST_SetSRID(ST_GeomFromGeoJSON(text), srid), 25832) as raw) r,
			lateral (select case when ST_NumGeometries(raw) > 1 then ST_UnaryUnion(raw) else raw end as g) u order by no`));
	}
}
