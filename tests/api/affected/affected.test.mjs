// SPDX-License-Identifier: EUPL-1.2
// Whom a plan affects: previewed, on record in two languages, against the version before, decided by
// hand with a reason, frozen by a confirmation.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer } from '../../harness/server.mjs';
import { box, confirm, creates, ellerbek, fileBoth, filePlan, halstenbek, hamburg, instant, nowhere, pointers, refuses, roundOf, schnelsen } from '../support.mjs';

const tangstedt = '01062076';
const order = ['MUSS', 'SOLL', 'PRUEFEN', 'EIGEN'];
const english = { 'Accept-Language': 'en' };

describe('who is affected', () => {
	let server, planner, second;
	const preview = (more, headers = {}) => server.must(200, 'POST', '/affected-preview',
		{ body: { kind: 'BP_REGEL', planning_municipalities: [hamburg], geometry: schnelsen, ...more }, headers });
	const affected = (plan, headers = {}) => server.must(200, 'GET', `/plans/${plan}/affected`, { token: planner, headers });
	const decide = (plan, body, token = planner) => creates(server, `/plans/${plan}/affected/decisions`, { token, body });
	const rowOf = (result, ags) => result.municipalities.find((row) => row.ags === ags);

	before(async () => {
		server = await startServer();
		planner = await server.account('manager', hamburg);
		second = await server.account('manager', hamburg);
	});
	after(() => server.stop());

	it('is previewed for anybody, in the contract\'s shape and order', async () => {
		const result = await preview();
		assert.deepEqual(Object.keys(result), ['municipalities', 'authorities', 'missing', 'dataset', 'engine']);
		assert.deepEqual(result.dataset, { name: 'VG250', date: '2016-01-01' });
		for (const row of result.municipalities) {
			for (const name of ['ags', 'name', 'kreis', 'land', 'class', 'cross_border', 'distance_m', 'overlap_m2', 'shared_border_m', 'rules'])
				assert.ok(name in row, `${row.ags} has ${name}`);
			for (const rule of row.rules)
				assert.deepEqual(Object.keys(rule), ['rule', 'class', 'metric', 'value', 'threshold', 'unit',
					...(/distance/.test(rule.metric) ? ['ground_m', 'scale_decides'] : []), 'reason', 'source', 'borderline']);
			assert.equal(row.rules.length === 0, row.class === 'EIGEN');
			assert.equal(row.cross_border, row.land !== '02');
			if (row.rules.length) assert.equal(row.class, order.find((each) => row.rules.some((rule) => rule.class === each)), 'the strongest of its rows');
		}
		const sorted = [...result.municipalities].sort((a, b) => order.indexOf(a.class) - order.indexOf(b.class) || a.distance_m - b.distance_m || (a.ags < b.ags ? -1 : 1));
		assert.deepEqual(result.municipalities, sorted);
		assert.equal(rowOf(result, hamburg).class, 'EIGEN');
		assert.ok(rowOf(result, ellerbek) && rowOf(result, halstenbek));
		assert.deepEqual(result.authorities.map(({ body, land }) => [body, land]), [['landesplanung-sh', '01']]);
	});

	it('is previewed in the other CRS, for other kinds, and without planning municipality', async () => {
		const utm = { type: 'Polygon', coordinates: [[[559500, 5942600], [559900, 5942600], [559900, 5943000], [559500, 5943000], [559500, 5942600]]] };
		assert.ok(rowOf(await preview({ geometry: utm, crs: 'EPSG:25832' }), ellerbek));
		assert.equal(rowOf(await preview({ kind: 'BP_13A', geometry: schnelsen }), halstenbek)?.rules.some(({ rule, threshold }) => rule === 'R04' && threshold !== 300), false);
		const nobody = await preview({ planning_municipalities: [], applicant_body: '02' });
		assert.ok(rowOf(nobody, hamburg).rules.some((rule) => rule.rule === 'R01' && rule.class === 'MUSS'));
		assert.equal(rowOf(nobody, hamburg).cross_border, false, 'the Land of the applicant');
	});

	it('refuses a preview of what is no plan', async () => {
		const where = ['POST', '/affected-preview'];
		await refuses(server, 422, 'geometry_out_of_area', ...where, { body: { kind: 'BP_REGEL', geometry: { type: 'Point', coordinates: [53.6, 10] } } });
		await refuses(server, 422, 'geometry_empty', ...where, { body: { kind: 'BP_REGEL', geometry: { type: 'Polygon', coordinates: [] } } });
		const both = await refuses(server, 422, 'invalid_body', ...where, { body: { planning_municipalities: ['1'] } });
		assert.deepEqual(pointers(both).sort(), ['/geometry', '/kind', '/planning_municipalities/0']);
		await refuses(server, 404, 'municipality_not_found', ...where, { body: { kind: 'FNP', planning_municipalities: ['01056999'], geometry: schnelsen } });
	});

	it('stands on record as previewed, in German and in English', async () => {
		const { plan } = await fileBoth(server, planner);
		for (const headers of [{}, english]) {
			const previewed = await preview({}, headers);
			const { municipalities, authorities, missing, dataset, engine, ...rest } = await affected(plan, headers);
			assert.deepEqual({ municipalities, authorities, missing, dataset, engine }, previewed);
			assert.deepEqual(rest, { plan, confirmed_at: null, sha256: null, diff: null });
		}
		const reasons = (result) => [...result.municipalities, ...result.authorities].flatMap((row) => row.rules.map((rule) => rule.reason));
		const german = reasons(await affected(plan));
		assert.ok(german.some((reason) => /^Zwischen dem Plan und|liegt \d+ m vom Plangebiet entfernt/.test(reason)));
		assert.ok(reasons(await affected(plan, english)).every((reason, i) => reason !== german[i] && !/\bliegt\b|[{}]/.test(reason)));
	});

	it('reckons with the parameters of what is planned, and says what it would have asked for', async () => {
		const at = (subjects, more = {}) => preview({ subjects, ...more }, english);
		const fired = (result, ags) => Object.fromEntries((rowOf(result, ags)?.rules ?? []).map((rule) => [rule.rule, rule]));
		const tower = { type: 'Point', coordinates: [9.903, 53.632] };
		const wind = await at([{ subject: 'WIND', hub_height_m: 160, rotor_diameter_m: 150 }], { geometry: tower });
		const { R10, R11 } = fired(wind, ellerbek);
		assert.deepEqual([R10.class, R10.metric, R10.threshold, R10.source], ['MUSS', 'circle', 2500, '§ 6 Abs. 2 Satz 2 EEG 2023']);
		assert.deepEqual([R11.class, R11.threshold, R11.threshold_from, R11.default], ['SOLL', 15 * 235, '15*total_height_m', false]);
		assert.deepEqual(wind.missing, []);
		const unknown = fired(await at([{ subject: 'WIND' }]), ellerbek).R11;
		assert.deepEqual([unknown.threshold, unknown.default], [3750, true]);
		assert.match(unknown.reason, /total_height_m was not given: the default of 3750 m applies\.$/);
		assert.deepEqual((await at([{ subject: 'EINZELHANDEL', floor_area_m2: 900 }])).missing, [{ rule: 'R22', parameter: 'sales_area_m2' }]);
		const retail = { subject: 'EINZELHANDEL', floor_area_m2: 4000, sales_area_m2: 2500 };
		assert.equal(fired(await at([retail]), ellerbek).R20.metric, 'distance');
		const shop = await at([{ ...retail, catchment: box(9.95, 53.66, 10.1, 53.75), study: [{ ags: '01060063', percent: 12.5 }, { ags: ellerbek, percent: 4 }] }]);
		assert.deepEqual([fired(shop, ellerbek).R20, fired(shop, ellerbek).R23], [undefined, undefined], 'outside of the catchment, below ten per cent');
		const { R20, R23 } = fired(shop, '01060063');
		assert.deepEqual([R20.metric, R20.unit, R20.threshold, R23.value, R23.threshold, R23.unit, R23.class], ['catchment', 'm2', null, 12.5, 10, '%', 'MUSS']);
	});

	it('knows the parameters of each subject, and their units', async () => {
		const wrong = (subject) => refuses(server, 422, 'invalid_body', 'POST', '/affected-preview', { body: { kind: 'BP_REGEL', geometry: schnelsen, subjects: [subject] } });
		assert.deepEqual(pointers(await wrong({ subject: 'WIND', hub_height_ft: 500 })), ['/subjects/0/hub_height_ft']);
		assert.deepEqual(pointers(await wrong({ subject: 'WIND', voltage_kv: 110 })), ['/subjects/0/voltage_kv']);
		assert.deepEqual(pointers(await wrong({ subject: 'WIND', hub_height_m: '160 m' })), ['/subjects/0/hub_height_m']);
		assert.deepEqual(pointers(await wrong({ subject: 'STOERFALL', kas18_class: 5 })), ['/subjects/0/kas18_class']);
		assert.deepEqual(pointers(await wrong({ subject: 'HAFEN', plan_area_m2: 5 })), ['/subjects/0/plan_area_m2'], 'what the plan itself says');
		assert.deepEqual(pointers(await wrong({ subject: 'STRASSE', catchment: schnelsen })), ['/subjects/0/catchment']);
		const shop = (more) => ({ subject: 'EINZELHANDEL', ...more });
		assert.deepEqual(pointers(await wrong(shop({ catchment: { ...schnelsen, crs: { type: 'name', properties: { name: 'EPSG:25832' } } } }))), ['/subjects/0/catchment/crs']);
		const refused = (status, problem, subject) => refuses(server, status, problem, 'POST', '/affected-preview', { body: { kind: 'BP_REGEL', geometry: schnelsen, subjects: [subject] } });
		assert.match(JSON.stringify(await refused(422, 'geometry_invalid', shop({ catchment: { type: 'Point', coordinates: [10, 53.7] } }))), /subjects\/0\/catchment/);
		assert.match(JSON.stringify(await refused(404, 'municipality_not_found', shop({ study: [{ ags: ellerbek, percent: 1 }, { ags: '01056999', percent: 1 }] }))), /subjects\/0\/study\/1\/ags/);
	});

	it('differs from the version before as the diff says', async () => {
		const { procedure, plan } = await fileBoth(server, planner);
		const moved = await filePlan(server, planner, procedure, box(10.085, 53.683, 10.09, 53.687));
		const before = await affected(plan);
		const { diff, ...now } = await affected(moved.id);
		const was = new Map(before.municipalities.map((row) => [row.ags, row.class]));
		const is = new Map(now.municipalities.map((row) => [row.ags, row.class]));
		assert.equal(diff.plan, plan);
		assert.deepEqual(diff.added.map((row) => row.ags), [...is.keys()].filter((ags) => !was.has(ags)).sort());
		assert.deepEqual(diff.removed.map((row) => row.ags), [...was.keys()].filter((ags) => !is.has(ags)).sort());
		assert.ok(diff.added.some((row) => row.ags === tangstedt && row.name === 'Tangstedt') && diff.removed.some((row) => row.ags === ellerbek));
		for (const row of diff.changed) assert.deepEqual([row.was, row.class], [was.get(row.ags), is.get(row.ags)]);
	});

	it('is added to and dropped from with a reason, which is the planners\' own matter', async () => {
		const { procedure, plan } = await fileBoth(server, planner);
		const short = await refuses(server, 422, 'invalid_body', 'POST', `/plans/${plan}/affected/decisions`, { token: planner, body: { action: 'add', ags: tangstedt } });
		assert.deepEqual(pointers(short), ['/reason']);
		for (const reason of ['        ', 'x'.repeat(2001)])
			await refuses(server, 422, 'invalid_body', 'POST', `/plans/${plan}/affected/decisions`, { token: planner, body: { action: 'add', ags: tangstedt, reason } });
		const added = await decide(plan, { action: 'add', ags: tangstedt, reason: 'Pendlerverkehr über die B 432' });
		assert.deepEqual([added.state, added.action, added.by, added.body], ['effective', 'add', planner.email, tangstedt]);
		assert.match(added.at, instant);
		const soll = (await affected(plan)).municipalities.find((row) => row.class === 'SOLL' && row.ags !== ellerbek);
		assert.equal((await decide(plan, { action: 'drop', ags: soll.ags, reason: 'Kein Bezug zur Planung' })).state, 'effective');
		const shown = await affected(plan);
		assert.deepEqual(rowOf(shown, tangstedt).rules.map(({ rule, reason }) => [rule, reason]), [['R90', 'Pendlerverkehr über die B 432']]);
		assert.equal(rowOf(shown, soll.ags).decision.reason, 'Kein Bezug zur Planung');
		for (const [ags, action] of [[tangstedt, 'add'], [soll.ags, 'drop'], [hamburg, 'drop'], [ellerbek, 'add'], ['03359010', 'drop']])
			await refuses(server, 409, 'conflict', 'POST', `/plans/${plan}/affected/decisions`, { token: planner, body: { action, ags, reason: 'noch einmal' } });
		assert.equal((await decide(plan, { action: 'drop', ags: tangstedt, reason: 'Doch nicht betroffen' })).state, 'takes_back');
		assert.equal(rowOf(await affected(plan), tangstedt), undefined);
		await server.must(200, 'POST', `/procedures/${procedure}/publish`, { token: planner });
		const open = rowOf(await server.must(200, 'GET', `/plans/${plan}/affected`), soll.ags).decision;
		assert.deepEqual([open.action, open.reason, open.by], ['drop', null, null]);
	});

	it('loses a MUSS only by two persons', async () => {
		const { plan } = await fileBoth(server, planner, { kind: 'FNP', title: 'Flächennutzungsplan' });
		const muss = (await affected(plan)).municipalities.find((row) => row.class === 'MUSS' && row.cross_border);
		const { id, state } = await decide(plan, { action: 'drop', ags: muss.ags, reason: 'Grenzt nur an Wasser an' });
		assert.equal(state, 'proposed');
		const where = `/plans/${plan}/affected/decisions/${id}/confirm`;
		await refuses(server, 409, 'decision_pending', 'POST', `/plans/${plan}/affected/confirm`, { token: planner, body: {} });
		await refuses(server, 409, 'second_person_required', 'POST', where, { token: planner, body: {} });
		await refuses(server, 404, 'plan_not_found', 'POST', where, { token: await server.account('manager', ellerbek), body: {} });
		await refuses(server, 404, 'decision_not_found', 'POST', where.replace(id, nowhere), { token: second, body: {} });
		const agreed = await server.must(200, 'POST', where, { token: second, body: {} });
		assert.deepEqual([agreed.state, agreed.by, agreed.confirmed_by], ['effective', planner.email, second.email]);
		await refuses(server, 409, 'conflict', 'POST', where, { token: second, body: {} });
		assert.equal(rowOf(await affected(plan), muss.ags).decision.state, 'effective');
	});

	it('is frozen by a confirmation, whose hash the round carries', async () => {
		const { procedure, plan } = await fileBoth(server, planner);
		await decide(plan, { action: 'add', ags: tangstedt, reason: 'Entwässerung in die Tarpenbek' });
		const headers = { 'Idempotency-Key': 'confirm-1' };
		const frozen = await server.must(200, 'POST', `/plans/${plan}/affected/confirm`, { token: planner, headers });
		assert.match(frozen.confirmed_at, instant);
		assert.match(frozen.sha256, /^[0-9a-f]{64}$/);
		assert.equal((await server.must(200, 'POST', `/plans/${plan}/affected/confirm`, { token: planner, headers })).sha256, frozen.sha256);
		for (const [path, body] of [['confirm', {}], ['decisions', { action: 'drop', ags: tangstedt, reason: 'zu spät gemerkt' }]])
			await refuses(server, 409, 'affected_confirmed', 'POST', `/plans/${plan}/affected/${path}`, { token: planner, body });
		const round = await creates(server, `/procedures/${procedure}/rounds`, { token: planner, body: roundOf() });
		assert.equal(round.set_sha256, frozen.sha256);
		const { municipalities } = await server.must(200, 'GET', `/rounds/${round.id}/board`, { token: planner });
		assert.deepEqual(municipalities.map(({ ags }) => ags).sort(), frozen.municipalities.filter((row) => row.class !== 'EIGEN').map(({ ags }) => ags).sort());
	});

	it('leaves out of a round whoever was dropped', async () => {
		const { procedure, plan } = await fileBoth(server, planner);
		const { ags } = (await affected(plan)).municipalities.find((row) => row.class === 'SOLL');
		await decide(plan, { action: 'drop', ags, reason: 'Kein Bezug zur Planung' });
		await confirm(server, planner, plan);
		const round = await creates(server, `/procedures/${procedure}/rounds`, { token: planner, body: roundOf() });
		const { municipalities } = await server.must(200, 'GET', `/rounds/${round.id}/board`, { token: planner });
		assert.ok(municipalities.length > 0 && !municipalities.some((row) => row.ags === ags));
	});
});
