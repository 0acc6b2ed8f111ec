// SPDX-License-Identifier: EUPL-1.2
// The same referee for the whole program: what the command says of a file with many plans, and what
// a preview says over HTTP.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { request } from 'node:http';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { startServer } from '../../harness/server.mjs';
import { program, quick, root, temporary } from '../files/support.mjs';
import { compareAll } from './compare.mjs';
import { borderPlaces, geojson, makePlans, random } from './plans.mjs';
import { fixtures, Referee, skip } from './referee.mjs';

const environment = { ...process.env, PP_FILES: program('planungsplattform-files', quick), PP_FIXTURES: join(root, 'data/fixtures') };
const day = '2026-11-24';
let referee, ground;

before(() => {
	if (skip)
		return;
	referee = new Referee();
	ground = referee.load('fixtures', fixtures);
});
after(() => referee?.close());

// What the command answers for every plan of a file, one object each.
function affected(file, ...words) {
	const ran = spawnSync(program('planungsplattform', quick), ['affected', file, '--plan', 'all', '--date', day, '--format', 'json', ...words],
		{ env: environment, encoding: 'utf8', maxBuffer: 1 << 30 });
	assert.equal(ran.status, 0, ran.stderr);
	const answer = JSON.parse(ran.stdout);
	return answer.plans ? answer.plans.map((plan) => plan.result) : [answer];
}

test('the command answers for 300 plans of a file what PostGIS does', { skip }, (t) => {
	const made = makePlans(random(5), borderPlaces(referee, ground), 300);
	let rows = 0;
	for (const [kind, planning, words] of [['BP_REGEL', ['02000000'], []], ['FNP', ['01056013', '02000000'], []], ['PFV_ENWG', [], ['--applicant-land', '03']]]) {
		const plans = made.map(({ geometry, hex }) => ({ kind, planning, applicant_land: planning.length ? '' : '03', geometry, hex }));
		const file = temporary(`plans-${kind}.geojson`, JSON.stringify({ type: 'FeatureCollection', crs: { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::25832' } },
			features: plans.map(({ geometry }) => ({ type: 'Feature', properties: {}, geometry: geojson(geometry) })) }));
		const found = affected(file, '--kind', kind, '--lang', 'en', ...words, ...planning.flatMap((ags) => ['--municipality', ags]));
		assert.equal(found.length, plans.length);
		rows += compareAll(found, referee.oracle(ground, plans), plans, `command, ${kind}`, ground).rows;
	}
	t.diagnostic(`900 plans, ${rows} municipalities compared`);
	assert.ok(rows > 4000, `${rows}`);
});

test('the command takes subjects with their parameters, a catchment from a file and the border of the state', { skip }, () => {
	const tower = temporary('tower.geojson', JSON.stringify({ type: 'Point', coordinates: [9.4, 54.83] }));
	const [wind] = affected(tower, '--kind', 'BP_REGEL', '--municipality', '01059120', '--subject', 'WIND:hub_height_m=160,rotor_diameter_m=150', '--lang', 'en');
	const flensburg = wind.municipalities.find((row) => row.ags === '01001000');
	assert.deepEqual(flensburg.rules.filter(({ rule }) => /R1/.test(rule)).map((r) => [r.rule, r.threshold]), [['R10', 2500], ['R11', 3525]]);
	assert.ok(Math.abs(wind.municipalities.reduce((sum, row) => sum + (row.circle_shares?.[0].percent ?? 0), 0) - 100) < 0.01, 'the circle is shared by all, own ones too');
	assert.deepEqual(wind.authorities.map(({ body, land, rules }) => [body, land, rules.map(({ rule }) => rule)]), [['nachbarstaat-dk', null, ['R81']]]);
	const catchment = temporary('catchment.geojson', JSON.stringify({ type: 'Polygon', coordinates: [[[9.95, 53.66], [10.1, 53.66], [10.1, 53.75], [9.95, 53.75], [9.95, 53.66]]] }));
	const [shop] = affected(tower, '--kind', 'BP_REGEL', '--municipality', '01059120', '--subject', `EINZELHANDEL:floor_area_m2=6000,catchment=${catchment},study=01056013:12.5+01060063:3`);
	assert.deepEqual(shop.municipalities.filter((row) => row.rules.some(({ rule }) => rule === 'R23')).map(({ ags }) => ags), ['01056013']);
	assert.ok(shop.municipalities.some((row) => row.ags === '01060063' && row.rules.some((r) => r.rule === 'R21' && r.metric === 'catchment')));
	for (const [subject, sentence] of [['MOND', /there is no subject MOND, only WIND/], ['WIND:hub_height_ft=500', /WIND has no parameter hub_height_ft; it has hub_height_m, rotor_diameter_m/],
		['WIND:hub_height_m=160m', /hub_height_m is a number from 0 to 1000/], ['EINZELHANDEL:catchment=nowhere.geojson', /nowhere\.geojson cannot be opened/], ['STRASSE:study=01056013:viel', /study is AGS:PERCENT/]]) {
		const ran = spawnSync(program('planungsplattform', quick), ['affected', tower, '--kind', 'BP_REGEL', '--subject', subject], { env: environment, encoding: 'utf8' });
		assert.equal(ran.status, 2, ran.stderr);
		assert.match(ran.stderr, sentence);
	}
});

// The server's own Unix socket is a reverse proxy's: no rate limits it.
function post(socketPath, path, body) {
	return new Promise((resolve, reject) => {
		const text = JSON.stringify(body);
		const asked = request({ socketPath, path: `/api/v1${path}`, method: 'POST',
			headers: { Host: 'x', 'Content-Type': 'application/json', 'Accept-Language': 'en', 'Content-Length': Buffer.byteLength(text) } }, async (reply) => {
			let answer = '';
			for await (const chunk of reply.setEncoding('utf8'))
				answer += chunk;
			resolve({ status: reply.statusCode, body: JSON.parse(answer) });
		});
		asked.on('error', reject).end(text);
	});
}

test('a preview over HTTP answers what PostGIS does', { skip }, async (t) => {
	const socket = temporary('preview.sock');
	const server = await startServer({ settings: { socket } });
	try {
		const plans = makePlans(random(6), borderPlaces(referee, ground), 300).map((plan) => ({ ...plan, applicant_land: plan.planning.length ? '' : '03' }));
		const found = [];
		for (const { kind, planning, geometry } of plans) {
			const body = { kind, geometry: geojson(geometry), crs: 'EPSG:25832', ...(planning.length ? { planning_municipalities: planning } : { applicant_body: '03' }) };
			const reply = await post(socket, '/affected-preview', body);
			assert.equal(reply.status, 200, JSON.stringify(reply.body));
			found.push(reply.body);
		}
		// The server judges by the rules of today; all are in force since 2023.
		const sum = compareAll(found, referee.oracle(ground, plans), plans, 'preview', ground);
		t.diagnostic(`${plans.length} previews, ${sum.rows} municipalities compared, ${sum.edges} left out`);
		assert.ok(sum.rows > 1000, JSON.stringify(sum));
	} finally {
		await server.stop();
	}
});
