// SPDX-License-Identifier: EUPL-1.2
// Hamburg below its one municipality: its Bezirke are imported, and the row of 02000000 names the nearest
// of them, with PostGIS as the referee for distances and shared borders.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { startServer, until } from '../../harness/server.mjs';
import { data, withoutFile } from '../files/support.mjs';
import { fixtures, Referee, skip as skipPostgis } from './referee.mjs';

const bezirke = join(data, 'hamburg_bezirke.geojson');
const skip = skipPostgis || withoutFile(bezirke);
const hamburg = '02000000', ellerbek = '01056013', wedel = '01056050', norderstedt = '01060063';
const box = (west, south, east, north) => ({ type: 'Polygon', coordinates: [[[west, south], [east, south], [east, north], [west, north], [west, south]]] });
let referee, ground, server;

before(async () => {
	if (skip)
		return;
	referee = new Referee();
	ground = referee.load('fixtures', fixtures);
	const loaded = spawnSync('ogr2ogr', ['-f', 'PostgreSQL', `PG:${referee.urlOf(ground.name)}`, bezirke, '-nln', 'bezirk', '-t_srs', 'EPSG:25832', '-nlt', 'PROMOTE_TO_MULTI', '-lco', 'GEOMETRY_NAME=geom'], { encoding: 'utf8' });
	assert.equal(loaded.status, 0, loaded.stderr);
	server = await startServer();
	const imported = await server.command(['import', 'municipalities', bezirke, '--level', 'district', '--parent', hamburg, '--key', 'id', '--name', 'name', '--dataset', 'Bezirke', '--date', '2026-01-01', '--accuracy', '10']);
	assert.equal(imported.status, 0, imported.stderr);
	assert.match(imported.stdout, /^7 districts/m);
	// The geometry workers are replaced in passing.
	await until(async () => (await preview(ellerbek, box(9.9, 53.65, 9.905, 53.653))).districts, 200);
});
after(async () => {
	await server?.stop();
	referee?.close();
});

const preview = (planning, geometry, kind = 'FNP') => server.must(200, 'POST', '/affected-preview', { body: { kind, planning_municipalities: planning ? [planning] : [], geometry } });
const hamburgIn = (answer) => answer.municipalities.find((row) => row.ags === hamburg);

// All seven as PostGIS measures them, nearest first; the border runs along where it is within 100 m.
function measured(planning, geometry) {
	return JSON.parse(referee.ask(ground.name, `with plan as (select ST_Transform(ST_SetSRID(ST_GeomFromGeoJSON('${JSON.stringify(geometry)}'), 4326), 25832) as geom)
		select json_agg(json_build_object('name', b.name, 'distance_m', d.distance, 'shared_border_m', s.shared) order by d.distance, b.id) from bezirk b, plan p,
			lateral (select ST_Distance(b.geom, p.geom) as distance) d,
			lateral (select coalesce(sum(ST_Length(ST_Intersection(ST_Boundary(b.geom), ST_Buffer(ST_Boundary(m.geom), 100, 200)))), 0) as shared from m where m.ags = '${planning}') s`));
}

function compare(found, planning, geometry) {
	const all = measured(planning, geometry), own = planning === hamburg || !planning;
	const expected = all.filter((row) => row.distance_m <= all[0].distance_m + 100 || (!own && row.shared_border_m > 0.001));
	assert.deepEqual(found.map(({ name }) => name), expected.map(({ name }) => name));
	found.forEach((row, i) => {
		assert.ok(Math.abs(row.distance_m - expected[i].distance_m) <= 0.002, JSON.stringify([row, expected[i]]));
		assert.match(row.body, /^02000000-[1-7]$/);
		if (own)
			assert.equal(row.shared_border_m, null);
		else
			assert.ok(Math.abs(row.shared_border_m - expected[i].shared_border_m) <= 0.1 + 1e-4 * expected[i].shared_border_m, JSON.stringify([row, expected[i]]));
	});
	return found.map(({ name }) => name);
}

test('a plan in Schleswig-Holstein names the nearest Bezirk with distance and shared border', { skip }, async () => {
	for (const [planning, geometry, nearest] of [[ellerbek, box(9.9, 53.65, 9.905, 53.653), 'Eimsbüttel'], [wedel, box(9.72, 53.575, 9.725, 53.58), 'Altona'], [norderstedt, box(10.0, 53.69, 10.01, 53.695), 'Hamburg-Nord'],
		['01062090', box(10.18, 53.69, 10.19, 53.7), 'Wandsbek']]) {
		const answer = await preview(planning, geometry);
		assert.deepEqual(answer.districts, [{ parent: hamburg, name: 'Bezirke', date: '2026-01-01' }]);
		const names = compare(hamburgIn(answer).districts, planning, geometry);
		assert.equal(names[0], nearest);
		assert.ok(answer.municipalities.every((row) => row.ags === hamburg || !('districts' in row)));
	}
});

test('a plan of Hamburg\'s own names its Bezirk, and at a border between two both', { skip }, async () => {
	const harburg = box(9.98, 53.45, 9.985, 53.453);
	const row = hamburgIn(await preview(hamburg, harburg, 'BP_REGEL'));
	assert.equal(row.class, 'EIGEN');
	assert.deepEqual(compare(row.districts, hamburg, harburg), ['Harburg']);
	const [x, y] = referee.ask(ground.name, `select ST_X(p), ST_Y(p) from bezirk a, bezirk b, lateral (select ST_Transform(ST_PointOnSurface(ST_CollectionExtract(ST_Intersection(ST_Boundary(a.geom), ST_Buffer(b.geom, 0.5)), 2)), 4326) as p) q
		where a.name = 'Altona' and b.name = 'Eimsbüttel'`).split('|').map(Number);
	const both = box(x - 0.002, y - 0.001, x + 0.002, y + 0.001);
	assert.deepEqual(compare(hamburgIn(await preview(hamburg, both, 'BP_REGEL')).districts, hamburg, both).sort().slice(0, 2), ['Altona', 'Eimsbüttel']);
});

test('districts are on record, the participant stays Hamburg, and a planner may ask a Bezirk besides', { skip }, async () => {
	const planner = await server.account('manager', ellerbek);
	const { id } = await server.must(201, 'POST', '/procedures', { token: planner, body: { kind: 'FNP', title: 'Flächennutzungsplan Ellerbek', planning_municipalities: [ellerbek] } });
	const geometry = box(9.9, 53.65, 9.905, 53.653);
	const plan = await server.must(201, 'POST', `/procedures/${id}/plans`, { token: planner, body: { geometry } });
	const record = await server.must(200, 'GET', `/plans/${plan.id}/affected`, { token: planner });
	assert.deepEqual(hamburgIn(record).districts, hamburgIn(await preview(ellerbek, geometry)).districts);
	const decide = (body) => server.api('POST', `/plans/${plan.id}/affected/decisions`, { token: planner, body: { reason: 'Der Weg führt nach Schnelsen', ...body } });
	const added = await decide({ action: 'add', body: '02000000-3' });
	assert.equal(added.status, 201, added.text);
	assert.equal((await decide({ action: 'add' })).body.errors[0].pointer, '/ags');
	// An authority is dropped by its key, too.
	assert.equal((await decide({ action: 'drop', body: record.authorities[0].body })).status, 201);
});
