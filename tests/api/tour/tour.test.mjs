// SPDX-License-Identifier: EUPL-1.2
// The tour of the README, run to the letter, and the three cases that make the platform worth having: a
// mailbox in another Kreis, a joint plan, and a preview that says what the record says.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { program, root, startServer } from '../../harness/server.mjs';

const missing = ['curl', 'jq'].filter((name) => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0);
const polygon = (...corners) => ({ type: 'Polygon', coordinates: [[...corners, corners[0]]] });
const box = (west, south, east, north) => polygon([west, south], [east, south], [east, north], [west, north]);

describe('the main job', () => {
	let server;
	before(async () => {
		server = await startServer({ settings: { mail: 'hold' } });
	});
	after(() => server.stop());

	it('runs as the README tells it', { skip: missing.length ? `${missing} is not installed` : false }, () => {
		const readme = readFileSync(join(root, 'README.md'), 'utf8');
		const script = /<!-- tour -->\n```sh\n([\s\S]*?)```/.exec(readme)[1];
		const ran = spawnSync('bash', ['-euo', 'pipefail', '-c', script], {
			cwd: root,
			encoding: 'utf8',
			env: { ...process.env, PP_URL: server.address, PP_PROGRAM: program(), PP_DATABASE_URL: server.database.url },
		});
		assert.equal(ran.status, 0, ran.stdout + ran.stderr);
		for (const name of ['Ellerbek', 'Halstenbek', 'Rellingen', 'Bönningstedt'])
			assert.match(ran.stdout, new RegExp(`^(MUSS|SOLL|PRUEFEN) \\d{8} ${name}, [\\d.]+ m: R`, 'm'));
		assert.match(ran.stdout, /^EIGEN 02000000 Hamburg/m);
		assert.match(ran.stdout, /^\d{4}-\d{4}-001 received \S+\.\d{6}Z, on time: true$/m);
		assert.match(ran.stdout, /^Ellerbek: BEANTWORTET BEDENKEN$/m);
		assert.match(ran.stdout, /^Halstenbek: FEHLANZEIGE KEINE_BEDENKEN$/m);
		assert.match(ran.stdout, /"answered":2/);
	});

	async function file(token, procedure, geometry) {
		const { id } = await server.must(201, 'POST', '/procedures', { token, body: procedure });
		const plan = await server.must(201, 'POST', `/procedures/${id}/plans`, { token, body: { geometry } });
		return { id, plan: plan.id, affected: await server.must(200, 'GET', `/plans/${plan.id}/affected`, { token }) };
	}

	it('reaches the Amt that administers a municipality, in another Kreis too', async () => {
		const planner = await server.account('manager', '02000000');
		const itzstedt = await server.account('clerk releaser', '010605034');
		const filed = await file(planner.token, { kind: 'BP_REGEL', title: 'Duvenstedt am Rand', planning_municipalities: ['02000000'] },
			box(10.085, 53.683, 10.09, 53.687));
		assert.ok(filed.affected.municipalities.some(({ ags }) => ags === '01062076'), 'Tangstedt (Stormarn) is affected');
		await server.must(200, 'POST', `/plans/${filed.plan}/affected/confirm`, { token: planner.token, body: {} });
		const day = (days) => new Date(Date.now() + days * 86400000).toISOString().slice(0, 10);
		await server.must(201, 'POST', `/procedures/${filed.id}/rounds`, { token: planner.token,
			body: { step: 'FOERM_TOEB', audience: 'TOEB', start: day(1), end: day(50) } });
		const { invitations } = await server.must(200, 'GET', '/inbox', { token: itzstedt.token });
		assert.deepEqual(invitations.map(({ ags }) => ags), ['01062076']);
	});

	it('lists neither of two neighbours that plan together', async () => {
		const planner = await server.account('manager', '01056013');
		await server.sql(`insert into pp.administration values ('01056043', '01056013', 'PLANUNG', '2020-01-01', null, '§ 204 BauGB')`);
		const filed = await file(planner.token, { kind: 'BP_REGEL', title: 'Gewerbe an der Grenze',
			planning_municipalities: ['01056013', '01056043'] }, box(9.86, 53.645, 9.87, 53.65));
		const own = filed.affected.municipalities.filter(({ ags }) => ['01056013', '01056043'].includes(ags));
		assert.equal(own.length, 2);
		assert.ok(own.every((each) => each.class === 'EIGEN' && each.rules.length === 0));
		assert.ok(filed.affected.municipalities.some(({ ags, cross_border }) => ags === '02000000' && cross_border));
	});

	it('says on record what it said in preview, field by field', async () => {
		const planner = await server.account('manager', '02000000');
		const geometry = box(9.9, 53.63, 9.906, 53.635);
		const preview = await server.must(200, 'POST', '/affected-preview',
			{ body: { kind: 'BP_REGEL', planning_municipalities: ['02000000'], geometry } });
		const { affected } = await file(planner.token, { kind: 'BP_REGEL', title: 'Zweimal gefragt', planning_municipalities: ['02000000'] },
			geometry);
		const bare = affected.municipalities.map(({ decision, ...rest }) => rest);
		assert.deepEqual(bare, preview.municipalities);
		assert.deepEqual(affected.authorities.map(({ decision, ...rest }) => rest), preview.authorities);
		assert.deepEqual(affected.dataset, preview.dataset);
		assert.equal(affected.engine, preview.engine);
	});

	it('refuses a broken plan with the kind of fault and its place', async () => {
		const bowtie = polygon([9.9, 53.63], [9.906, 53.635], [9.906, 53.63], [9.9, 53.635]);
		const reply = await server.api('POST', '/affected-preview', { body: { kind: 'BP_REGEL', geometry: bowtie } });
		assert.equal(reply.status, 422);
		assert.equal(reply.body.type, '/problems/geometry_invalid');
		assert.ok(Math.abs(reply.body.place.lon - 9.903) < 1e-4 && Math.abs(reply.body.place.lat - 53.6325) < 1e-4);
	});
});
