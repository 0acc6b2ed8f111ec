// SPDX-License-Identifier: EUPL-1.2
// A stored result can be had again to the byte, whatever boundaries and rules have come into force since.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { shared, startServer, until, withoutShared } from '../../harness/server.mjs';
import { box, fileBoth, hamburg, procedureOf, refuses, schnelsen } from '../support.mjs';
import { demonstrate, embedded, importBoundaries, recompute, rulesWith, tsv, writeRules } from './support.mjs';

const sha256 = (text) => createHash('sha256').update(text).digest('hex');

describe('stored results', () => {
	let server, folder, operator, plans;
	before(async () => {
		server = await startServer();
		folder = mkdtempSync(join(tmpdir(), 'pp-recompute-'));
		demonstrate(server);
		operator = await server.account('operator');
		plans = await server.sql('select l.id, l.procedure, l.planner_body as owner, p.number, encode(a.sha256, \'hex\') as sha256, a.answer from pp.plan l join pp.procedure p on p.id = l.procedure join pp.affected_answer a on a.plan = l.id order by l.id');
		assert.ok(plans.length >= 4);
	});
	after(async () => {
		rmSync(folder, { recursive: true });
		await server.stop();
	});

	const verified = (sum) => ({ same: sum, engine_name: 0, content: 0, different: 0, refused: 0 });

	it('keep the engine\'s own words, which whoever sees the plan can read', async () => {
		const readers = {};
		for (const plan of plans) {
			assert.equal(plan.sha256, sha256(plan.answer));
			readers[plan.owner] ??= await server.account('reader', plan.owner);
			const reply = await server.api('GET', `/plans/${plan.id}/affected/answer`, { token: readers[plan.owner] });
			assert.equal(reply.status, 200);
			assert.equal(reply.text, plan.answer);
			assert.equal(reply.headers.get('etag'), `"${plan.sha256}"`);
			await refuses(server, 404, 'plan_not_found', 'GET', `/plans/${plan.id}/affected/answer`, { token: await server.account('manager', '01056018') }).catch(async () => {
				// A published plan is everybody's.
				await server.must(200, 'GET', `/plans/${plan.id}/affected`);
			});
		}
	});

	it('are the same to the byte', async () => {
		const { plans: count, counts, items, stderr } = await recompute(server, ['--verify', '--all']);
		assert.equal(count, plans.length);
		assert.deepEqual(counts, verified(plans.length));
		assert.deepEqual(items, [], 'of many only what is not the same is told');
		assert.match(stderr, new RegExp(`${count} von ${count} \\(100 %\\)`));
	});

	it('are so after newer boundaries and newer rules, which the engine then uses', async () => {
		const boundaries = await importBoundaries(server, 1, '2024-01-01');
		const made = await server.api('POST', '/rule-versions', { token: operator, body: rulesWith(900, 6000), headers: { 'Content-Type': tsv } });
		assert.equal(made.status, 201, made.text);
		assert.deepEqual((await recompute(server, ['--verify', '--all'])).counts, verified(plans.length));
		const [first] = plans;
		const { items } = await recompute(server, ['--verify', '--plan', first.id]);
		assert.equal(items.length, 1);
		assert.deepEqual([items[0].outcome, items[0].sha256, items[0].sha256_today, items[0].number, items[0].boundaries, items[0].rules],
			['same', first.sha256, first.sha256, first.number, boundaries - 1, made.body.id - 1]);
		// The what-if with the new versions shows what they change, by the stored plan and by a new one alike.
		const changed = await recompute(server, ['--rules', String(made.body.id), '--boundaries', String(boundaries), '--procedure', first.number]);
		assert.equal(changed.counts.different, 1);
		assert.ok(changed.items[0].added.some((each) => each.rules.includes('R77')));
	});

	it('stay as they are on record', async () => {
		const now = await server.sql('select l.id, encode(a.sha256, \'hex\') as sha256 from pp.plan l join pp.affected_answer a on a.plan = l.id order by l.id');
		assert.deepEqual(now, plans.map(({ id, sha256 }) => ({ id, sha256 })));
	});

	it('are compared field by field where they are older than their bytes', async () => {
		await server.sql('set session_replication_role = replica; delete from pp.affected_answer where plan = :\'plan\'', { plan: plans[0].id });
		const { counts, items } = await recompute(server, ['--verify', '--all']);
		assert.deepEqual(counts, { ...verified(plans.length - 1), content: 1 });
		assert.deepEqual([items[0].plan, items[0].outcome], [plans[0].id, 'content']);
		await server.sql('set session_replication_role = replica; update pp.affected_municipality set data = jsonb_set(data, \'{name}\', \'"Anderswo"\') where plan = :\'plan\'', { plan: plans[0].id });
		assert.deepEqual((await recompute(server, ['--verify', '--all'], 1)).counts, { ...verified(plans.length - 1), different: 1 });
	});

	it('that are not the same are named, with the place and the engines', async () => {
		const forge = (from, to) => server.sql(`set session_replication_role = replica;
			update pp.affected_answer set answer = replace(answer, :'from', :'to'), sha256 = sha256(convert_to(replace(answer, :'from', :'to'), 'UTF8')) where plan = :'plan'`, { from, to, plan: plans[1].id });
		const engine = JSON.parse(plans[1].answer).engine;
		await forge(engine, 'planungsplattform 0.0.1 GEOS 3.9.0 PROJ 7.2.1');
		const renamed = await recompute(server, ['--verify', '--plan', plans[1].id]);
		assert.equal(renamed.counts.engine_name, 1);
		assert.equal(renamed.items[0].engine_today, engine);
		await forge('"distance_m":0,', '"distance_m":0.001,');
		const differs = await recompute(server, ['--verify', '--procedure', plans[1].procedure], 1);
		assert.equal(differs.counts.different, 1);
		const [item] = differs.items;
		assert.equal(item.outcome, 'different');
		assert.match(item.stored_there, /0\.001/);
		assert.equal(item.differs_at, Buffer.from(plans[1].answer).indexOf('"distance_m":0,') + '"distance_m":0'.length);
		const table = await server.command(['recompute', '--verify', '--plan', plans[1].id, '--lang', 'en']);
		assert.equal(table.status, 1);
		assert.match(table.stdout, /: different\n {2}Byte \d+: .*0\.001/);
		assert.match(table.stdout, /1 plans: 1 different\.\n$/);
	});

	it('of procedures that have changed since are what they were', async () => {
		const planner = await server.account('manager', hamburg);
		const { procedure, plan } = await fileBoth(server, planner, { subjects: [{ subject: 'WIND', hub_height_m: 160.1, rotor_diameter_m: 150.7 },
			{ subject: 'EINZELHANDEL', sales_area_m2: 12000, floor_area_m2: 15000.5, catchment: box(9.7, 53.6, 9.95, 53.75) }] });
		assert.ok((await server.must(200, 'GET', `/plans/${plan}/affected/answer`, { token: planner })).municipalities.length > 10);
		const { headers } = await server.api('GET', `/procedures/${procedure}`, { token: planner });
		await server.must(200, 'PATCH', `/procedures/${procedure}`, { token: planner, headers: { 'If-Match': headers.get('etag') }, body: { subjects: [] } });
		assert.equal((await recompute(server, ['--verify', '--plan', plan])).counts.same, 1);
	});

	const bezirke = 'data/hamburg_bezirke.geojson';
	it('name the districts of then after newer districts, whose versions are their own', { skip: withoutShared(bezirke) }, async () => {
		const planner = await server.account('manager', hamburg);
		const collection = JSON.parse(readFileSync(join(shared, bezirke), 'utf8'));
		const importDistricts = async (word) => {
			for (const feature of collection.features) feature.properties.name = `${word} ${feature.properties.id}`;
			const path = join(folder, 'bezirke.geojson');
			writeFileSync(path, JSON.stringify(collection));
			const done = await server.command(['import', 'municipalities', path, '--level', 'district', '--parent', hamburg, '--key', 'id', '--name', 'name', '--dataset', word, '--date', '2020-01-01', '--accuracy', '1']);
			assert.equal(done.status, 0, done.stderr);
		};
		// Refused as long as a worker answers with the districts of before; what is filed names the new ones.
		const file = async (word) => {
			const { id } = await server.must(201, 'POST', '/procedures', { token: planner, body: procedureOf() });
			const filed = await until(async () => {
				const reply = await server.api('POST', `/procedures/${id}/plans`, { token: planner, body: { geometry: schnelsen } });
				if (reply.status === 409) assert.equal(reply.body.type, '/problems/dataset_not_current');
				else assert.equal(reply.status, 201, reply.text);
				return reply.status === 201 && reply.body.id;
			}, 100);
			assert.match((await server.api('GET', `/plans/${filed}/affected/answer`, { token: planner })).text, new RegExp(`"name":"${word} `));
			return filed;
		};
		await importDistricts('Bezirk');
		const first = await file('Bezirk');
		await importDistricts('Stadtbezirk');
		const second = await file('Stadtbezirk');
		for (const plan of [first, second])
			assert.equal((await recompute(server, ['--verify', '--plan', plan])).counts.same, 1);
		assert.equal((await recompute(server, ['--verify', '--all'], 1)).counts.different, 2, 'those that were forged above, and no other');
	});

	it('are asked for in one way only', async () => {
		for (const [words, sentence] of [
			[[], /one of --procedure, --plan and --all/],
			[['--all'], /either --verify, or/],
			[['--all', '--plan', plans[0].id, '--verify'], /one of/],
			[['--verify', '--all', '--rules', '1'], /either/],
			[['--verify', '--plan', 'x'], /--plan: no such option, or no value/],
			[['--verify', '--all', '--workers', '0'], /--workers/],
			[['--verify', '--all', 'more'], /'more' is no option/],
		]) {
			const done = await server.command(['recompute', ...words]);
			assert.equal(done.status, 2, words.join(' '));
			assert.match(done.stderr, sentence);
		}
		for (const [words, sentence] of [
			[['--verify', '--procedure', '1999-0001'], /no procedure 1999-0001/],
			[['--verify', '--plan', '01890000-0000-7000-8000-000000000000'], /no plan/],
			[['--rules', '99', '--all'], /no rule version 99/],
			[['--boundaries', '99', '--all'], /no boundary version 99/],
			[['--rules', writeRules(folder, embedded.replace('\toverlap\t', '\tsmell\t')), '--all'], /column metric/],
			[['--rules', join(folder, 'none.tsv'), '--all'], /none\.tsv/],
		]) {
			const done = await server.command(['recompute', ...words]);
			assert.equal(done.status, 1, words.join(' '));
			assert.match(done.stderr, sentence);
		}
	});
});
