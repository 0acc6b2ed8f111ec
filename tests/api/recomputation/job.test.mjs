// SPDX-License-Identifier: EUPL-1.2
// Recomputations over REST: who may, what comes of them, that they say what the command line says, and
// that they survive the end of whoever runs them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root, startServer, until } from '../../harness/server.mjs';
import { confirm, fileBoth, filePlan, hamburg, instant, nowhere, pointers, refuses, schnelsen, walk } from '../support.mjs';
import { importBoundaries, recompute, rulesWith, tsv, writeRules } from './support.mjs';

const noTool = spawnSync('ogr2ogr', ['--version']).status === 0 ? false : 'ogr2ogr is not installed';

describe('recomputations', () => {
	let server, operator, planner, folder, first, second, text;
	before(async () => {
		server = await startServer();
		folder = mkdtempSync(join(tmpdir(), 'pp-jobs-'));
		operator = await server.account('operator');
		planner = await server.account('manager', hamburg);
		first = await fileBoth(server, planner);
		await confirm(server, planner, first.plan);
		second = await fileBoth(server, planner, { title: 'Bebauungsplan 2' });
		await filePlan(server, planner, second.procedure);
		text = rulesWith(900, 6000);
	});
	after(async () => {
		server.expectsDeaths = true;
		rmSync(folder, { recursive: true });
		await server.stop();
	});

	const ask = (body) => server.must(201, 'POST', '/recomputations', { token: operator, body });
	const show = (id) => server.must(200, 'GET', `/recomputations/${id}`, { token: operator });
	const ended = (id) => until(async () => {
		const shown = await show(id);
		return shown.ended_at ? shown : null;
	}, 100);
	const changes = (id, limit = 500) => walk(server, `/recomputations/${id}/changes?limit=${limit}`, { token: operator });

	it('are an operator\'s to ask for and to see', async () => {
		await refuses(server, 403, 'forbidden', 'POST', '/recomputations', { token: planner, body: { verify: true } });
		await refuses(server, 401, 'unauthenticated', 'GET', '/recomputations');
		await refuses(server, 404, 'not_found', 'GET', `/recomputations/${nowhere}`, { token: operator });
	});

	it('are refused where they make no sense', async () => {
		for (const [body, wrong] of [
			[{}, ['/rules']],
			[{ verify: true, rules: 1 }, ['/verify']],
			[{ rules: 1, rules_text: text }, ['/rules_text']],
			[{ rules_text: text.replace('\tdistance\t', '\tsmell\t') }, ['/rules_text']],
			[{ rules: 99 }, ['/rules']],
			[{ boundaries: 99 }, ['/boundaries']],
			[{ boundaries: 'all' }, ['/boundaries']],
			[{ date: '2026-02-30' }, ['/date']],
			[{ verify: true, procedures: [] }, ['/procedures']],
		])
			assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', '/recomputations', { token: operator, body })), wrong);
		await refuses(server, 404, 'procedure_not_found', 'POST', '/recomputations', { token: operator, body: { verify: true, procedures: [nowhere] } });
		assert.deepEqual((await server.must(200, 'GET', '/recomputations', { token: operator })).items, []);
	});

	it('show what other rules would change, as the command line does, and change nothing', async () => {
		const stored = await server.sql('select plan, data from pp.affected_municipality order by plan, ags');
		const asked = await server.api('POST', '/recomputations', { token: operator, body: { rules_text: text } });
		assert.equal(asked.status, 201, asked.text);
		assert.equal(asked.headers.get('location'), `${server.address}/api/v1/recomputations/${asked.body.id}`);
		assert.equal(asked.body.kind, 'what_if');
		const shown = await ended(asked.body.id);
		assert.deepEqual([shown.state, shown.plans, shown.done, shown.items], ['DONE', 2, 2, 2], JSON.stringify(shown));
		assert.deepEqual(shown.counts, { same: 0, engine_name: 0, content: 0, different: 2, refused: 0 });
		assert.equal(shown.asked_by, operator.email);
		assert.match(shown.ended_at, instant);

		const items = await changes(shown.id, 1);
		const command = await recompute(server, ['--rules', writeRules(folder, text), '--all']);
		assert.deepEqual(items, command.items);
		assert.deepEqual(shown.counts, command.counts);
		assert.deepEqual(items.map((item) => [item.procedure, item.plan_number, item.confirmed, item.outcome]),
			[[first.procedure, 1, true, 'different'], [second.procedure, 2, false, 'different']]);
		const [item] = items;
		assert.ok(item.added.length > 3 && item.added.every((each) => each.class === 'SOLL' || each.class === 'PRUEFEN'));
		assert.ok(item.added.every((each) => each.rules.includes('R77') || each.rules.includes('R04')));
		assert.deepEqual(item.removed, []);
		assert.ok(item.other_rules.some((each) => !each.rules_before.includes('R77') && each.rules.includes('R77')));
		// A preview under these rules says the same.
		const made = await server.api('POST', '/rule-versions', { token: operator, body: text, headers: { 'Content-Type': tsv } });
		assert.equal(made.status, 201, made.text);
		const preview = await until(async () => {
			const { municipalities } = await server.must(200, 'POST', '/affected-preview', { body: { kind: 'BP_REGEL', planning_municipalities: [hamburg], geometry: schnelsen } });
			return municipalities.some((each) => each.rules.some((rule) => rule.rule === 'R77')) && municipalities;
		}, 100);
		const before = stored.filter(({ plan }) => plan === first.plan).map(({ data }) => data.ags);
		assert.deepEqual(item.added.map((each) => each.ags).sort(), preview.map((each) => each.ags).filter((ags) => !before.includes(ags)).sort());
		assert.deepEqual(await server.sql('select plan, data from pp.affected_municipality order by plan, ags'), stored);
		assert.equal((await server.sql('select count(*) from pp.affected_set'))[0].count, 1);
	});

	it('take versions, a day and some procedures', async () => {
		const [{ id: rules }] = (await server.must(200, 'GET', '/rule-versions')).items;
		const boundaries = await importBoundaries(server, 1, '2024-01-01');
		for (const [body, words] of [
			[{ rules, procedures: [second.procedure] }, ['--rules', String(rules), '--procedure', second.procedure]],
			[{ boundaries }, ['--boundaries', String(boundaries), '--all']],
			[{ rules, boundaries, date: '2025-06-01' }, ['--rules', String(rules), '--boundaries', String(boundaries), '--date', '2025-06-01', '--all']],
			[{ date: '1999-01-01' }, ['--date', '1999-01-01', '--all']],
			[{ verify: true }, ['--verify', '--all']],
		]) {
			const shown = await ended((await ask(body)).id);
			assert.equal(shown.state, 'DONE', JSON.stringify(shown));
			const command = await recompute(server, words);
			assert.deepEqual([shown.counts, await changes(shown.id)], [command.counts, command.items], words.join(' '));
			for (const [name, value] of Object.entries(body)) if (name !== 'verify') assert.deepEqual(shown[name], value);
		}
		// In 1999 no rule was in force: all that was found would be gone.
		const shown = await ended((await ask({ date: '1999-01-01', procedures: [first.procedure] })).id);
		const [item] = await changes(shown.id);
		assert.ok(item.removed.some((each) => each.ags === '01056013' && each.rules.length));
		assert.deepEqual(item.added, []);
	});

	it('name what cannot be computed: a planning municipality that is no more', { skip: noTool }, async () => {
		const file = join(folder, 'without.fgb');
		const made = spawnSync('ogr2ogr', ['-where', `AGS <> '${hamburg}'`, file, join(root, 'data/fixtures/municipalities.fgb')], { encoding: 'utf8' });
		assert.equal(made.status, 0, made.stderr);
		const boundaries = await importBoundaries(server, 100, '2025-01-01', file);
		const shown = await ended((await ask({ boundaries })).id);
		assert.equal(shown.state, 'DONE');
		assert.equal(shown.counts.refused, 2);
		const [item] = await changes(shown.id);
		assert.deepEqual([item.outcome, item.problem], ['refused', 'municipality_not_found']);
		assert.match(item.detail, /02000000/);
		assert.deepEqual((await recompute(server, ['--boundaries', String(boundaries), '--all'])).items, await changes(shown.id));
		await importBoundaries(server, 100, '2026-01-01');
	});

	// Many plans, made of the first one in the database, so that there is a middle of the work.
	const multiply = (count) => server.sql(`begin;
		with p as (insert into pp.procedure
			select (jsonb_populate_record(p, jsonb_build_object('id', pp.uuid7(now() - n * interval '1 ms'), 'number', 'X-' || n))).*
			  from pp.procedure p, generate_series(1, ${count}) n where p.id = '${first.procedure}' returning id),
		l as (insert into pp.plan (id, procedure, planner_body, no, geom, geom_sha256, subjects, source_type, boundary_version, rule_version, engine, result, created_at)
			select p.id, p.id, l.planner_body, 1, l.geom, l.geom_sha256, l.subjects, l.source_type, l.boundary_version, l.rule_version, l.engine, l.result, l.created_at
			  from pp.plan l, p where l.id = '${first.plan}' returning id)
		insert into pp.affected_answer (plan, districts, query, answer, sha256) select l.id, a.districts, a.query, a.answer, a.sha256 from pp.affected_answer a, l where a.plan = '${first.plan}';
		commit`);
	const runner = async () => {
		const [clerk] = await server.pids('clerk');
		const { stdout } = spawnSync('pgrep', ['-P', String(clerk), '-f', 'recompute --job'], { encoding: 'utf8' });
		return parseInt(stdout, 10) || null;
	};
	const underWay = (id) => until(async () => {
		const shown = await show(id);
		assert.equal(shown.ended_at, null, `it was over too soon: ${JSON.stringify(shown)}`);
		return shown.done > 0 ? shown : null;
	}, 5);

	it('are gone on with where a runner was killed, and nothing is done twice', async () => {
		await multiply(6000);
		const { id } = await ask({ verify: true });
		const before = await underWay(id);
		const killed = await until(runner, 5);
		process.kill(killed, 'SIGKILL');
		const shown = await ended(id);
		assert.equal(shown.state, 'DONE', JSON.stringify(shown));
		assert.ok(before.done < shown.plans);
		assert.deepEqual([shown.plans, shown.done, shown.counts.same], [6003, 6003, 6003]);
		assert.ok(server.has('runner_ended'));
	});

	it('are gone on with by the next clerk', async () => {
		const { id } = await ask({ rules_text: rulesWith(950, 5000) });
		await underWay(id);
		const [clerk] = await server.pids('clerk');
		process.kill(clerk, 'SIGKILL');
		const shown = await ended(id);
		assert.equal(shown.state, 'DONE', JSON.stringify(shown));
		assert.deepEqual([shown.plans, shown.done, shown.items], [6002, 6002, 6002]);
		const items = await changes(id);
		assert.equal(new Set(items.map((item) => item.plan)).size, 6002, 'each plan is told once');
	});

	it('end at once when they are cancelled, and keep what they have found', async () => {
		const { id } = await ask({ rules_text: rulesWith(980, 5000) });
		await underWay(id);
		const cancelled = await server.must(200, 'POST', `/recomputations/${id}/cancel`, { token: operator, body: {} });
		assert.equal(cancelled.state, 'CANCELLED');
		await until(async () => !(await runner()), 20);
		const shown = await show(id);
		assert.ok(shown.done > 0 && shown.done < shown.plans);
		assert.equal((await changes(id)).length, shown.items);
		await refuses(server, 409, 'recomputation_ended', 'POST', `/recomputations/${id}/cancel`, { token: operator, body: {} });
		await refuses(server, 403, 'forbidden', 'POST', `/recomputations/${id}/cancel`, { token: planner, body: {} });
	});

	it('wait for each other, ten at most, and the server answers meanwhile', async () => {
		const ids = [];
		for (let n = 0; n < 10; n++) ids.push((await ask({ rules_text: rulesWith(800 + n, 5000) })).id);
		await refuses(server, 409, 'recomputations_waiting', 'POST', '/recomputations', { token: operator, body: { verify: true } });
		await underWay(ids[0]);
		assert.equal((await show(ids[9])).state, 'QUEUED');
		await server.must(201, 'POST', `/procedures/${second.procedure}/plans`, { token: planner, body: { geometry: schnelsen } });
		for (const id of ids) await server.must(200, 'POST', `/recomputations/${id}/cancel`, { token: operator, body: {} });
		const { items } = await server.must(200, 'GET', '/recomputations?limit=10', { token: operator });
		assert.deepEqual(items.map((item) => item.id), ids.reverse());
	});
});
