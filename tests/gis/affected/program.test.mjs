// SPDX-License-Identifier: EUPL-1.2
// The same referee for the whole program: what the command says of a file with many plans, and what
// a preview says over HTTP.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { request } from 'node:http';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { startServer } from '../../harness/server.mjs';
import { program, root, temporary } from '../files/support.mjs';
import { compareAll } from './compare.mjs';
import { borderPlaces, geojson, makePlans, random } from './plans.mjs';
import { fixtures, Referee, skip } from './referee.mjs';

const environment = { ...process.env, PP_FILES: program('planungsplattform-files'), PP_FIXTURES: join(root, 'data/fixtures') };
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
	const ran = spawnSync(program('planungsplattform'), ['affected', file, '--plan', 'all', '--date', day, '--format', 'json', ...words],
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
