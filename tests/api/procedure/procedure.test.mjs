// SPDX-License-Identifier: EUPL-1.2
// Procedures: filed, found, changed, published, withdrawn; seen by whom they concern.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer } from '../../harness/server.mjs';
import { amtPinnau, box, creates, day, ellerbek, fileBoth, filePlan, hamburg, instant, nowhere, openRound, pointers, procedureOf, refuses, uuid7, walk } from '../support.mjs';

describe('procedures', () => {
	let server, planner, other;
	const file = (more, token = planner) => creates(server, '/procedures', { token, body: procedureOf(more) });
	const ids = async (query, token = planner) => (await server.must(200, 'GET', `/procedures?${query}`, { token })).items.map((item) => item.id);

	before(async () => {
		server = await startServer();
		planner = await server.account('manager', hamburg);
		other = await server.account('manager', ellerbek);
	});
	after(() => server.stop());

	it('get a number of the year and say where they are', async () => {
		const made = await file({ reference: 'HH-1', vorhabenbezogen: true, subjects: [{ subject: 'EINZELHANDEL', sales_area_m2: 900 }] });
		assert.match(made.id, uuid7);
		assert.match(made.number, new RegExp(`^${day().slice(0, 4)}-\\d{4}$`));
		for (const at of ['created_at', 'changed_at', 'state_since']) assert.match(made[at], instant);
		const { id, number, created_at: a, changed_at: b, state_since: c, ...rest } = made;
		assert.ok(id && number && a && b && c);
		assert.deepEqual(rest, { kind: 'BP_REGEL', title: 'Bebauungsplan Schnelsen 99', reference: 'HH-1', state: 'ANGELEGT',
			planning_municipalities: [hamburg], places: [{ ags: hamburg, name: 'Hamburg', kreis: 'Hamburg', land: '02' }],
			applicant_body: null, applicant_name: null, planner_body: hamburg, planner_name: 'Hamburg', vorhabenbezogen: true,
			subjects: [{ subject: 'EINZELHANDEL', sales_area_m2: 900 }], resolved_on: null, published_at: null, withdrawn_at: null,
			withdraw_reason: null, plan: null, rounds: [], law_on: day(), project: null, section: null,
			xplanung: { rechtsstand: null, verfahren: { list: 'BP_Verfahren', code: '1000', label: 'Normales Verfahren' },
				plan_art: { list: 'BP_PlanArt', code: '3000', label: 'Vorhabenbezogener Bebauungsplan (§ 12 BauGB)' } },
			xbeteiligung: { verfahrensschritt: { list: 'verfahrensschrittkommunal', code: '1000', label: 'Einleitungsphase' }, durchgang: 1,
				verfahrensart: { list: 'verfahrensartkommunal', code: '1000', label: 'Normales Verfahren' } } });
		const shown = await server.api('GET', `/procedures/${id}`, { token: planner });
		assert.deepEqual(shown.body, made);
		assert.equal(shown.headers.get('etag'), '"1"');
	});

	it('are filed by managers for the body that they act for', async () => {
		const body = procedureOf({ planning_municipalities: [ellerbek], planner_body: ellerbek });
		assert.equal((await server.must(201, 'POST', '/procedures', { token: other, body })).planner_body, ellerbek);
		assert.deepEqual(pointers(await refuses(server, 403, 'forbidden', 'POST', '/procedures', { token: planner, body })), ['/planner_body']);
		await refuses(server, 403, 'forbidden', 'POST', '/procedures', { token: await server.account('operator'), body });
	});

	it('are planned by several together, or by a body that is no municipality', async () => {
		await server.sql(`insert into pp.administration values ('${ellerbek}', '${hamburg}', 'PLANUNG', '2020-01-01', null, '§ 204 BauGB')`);
		const joint = await file({ title: 'Gewerbe an der Grenze', planning_municipalities: [ellerbek, hamburg] });
		assert.deepEqual(joint.places.map((place) => place.name), ['Ellerbek', 'Hamburg']);
		const line = await file({ kind: 'PFV_ENWG', title: '110-kV-Leitung', planning_municipalities: [], applicant_body: '01' });
		assert.deepEqual([line.applicant_body, line.applicant_name], ['01', 'Land Schleswig-Holstein']);
	});

	it('are refused where nobody could plan so', async () => {
		const cases = [
			[{ title: '     ' }, 'invalid_body', '/title'],
			[{ 'a/b~c': 1 }, 'invalid_body', '/a~1b~0c'], // RFC 6901 §3
			[{ planning_municipalities: [] }, 'invalid_body', '/planning_municipalities'],
			[{ kind: 'ROP_REG', planning_municipalities: [] }, 'invalid_body', '/applicant_body'],
			[{ planning_municipalities: [hamburg, hamburg] }, 'invalid_body', '/planning_municipalities'],
			[{ kind: 'ROP_REG', planning_municipalities: [], applicant_body: 'no-such-body' }, 'body_not_found', '/applicant_body'],
		];
		for (const [more, problem, pointer] of cases)
			assert.deepEqual(pointers(await refuses(server, 422, problem, 'POST', '/procedures', { token: planner, body: procedureOf(more) })), [pointer]);
		const unknown = await refuses(server, 404, 'municipality_not_found', 'POST', '/procedures',
			{ token: planner, body: procedureOf({ planning_municipalities: [hamburg, '01056999'] }) });
		assert.deepEqual(pointers(unknown), ['/planning_municipalities/1']);
	});

	it('are filed once under one key, whatever is sent again', async () => {
		const headers = { 'Idempotency-Key': 'procedure-1' };
		const body = procedureOf({ title: 'Einmal' });
		const first = await server.api('POST', '/procedures', { token: planner, body, headers });
		const again = await server.api('POST', '/procedures', { token: planner, body, headers });
		assert.deepEqual([again.status, again.body, again.headers.get('location'), again.headers.get('etag')],
			[201, first.body, first.headers.get('location'), first.headers.get('etag')]);
		await refuses(server, 422, 'idempotency_key_reused', 'POST', '/procedures', { token: planner, body: procedureOf({ title: 'Zweimal' }), headers });
		assert.notEqual((await server.must(201, 'POST', '/procedures', { token: other, body: procedureOf({ planning_municipalities: [ellerbek] }), headers })).id,
			first.body.id, 'a key is one account\'s own');
		for (const key of ['k'.repeat(256), 'Schlüssel'])
			assert.deepEqual(pointers(await refuses(server, 400, 'invalid_parameter', 'POST', '/procedures', { token: planner, body, headers: { 'Idempotency-Key': key } })),
				['Idempotency-Key']);
		const both = await Promise.all([1, 2, 3, 4].map(() => server.api('POST', '/procedures', { token: planner, body, headers: { 'Idempotency-Key': 'at-once' } })));
		assert.equal(new Set(both.map((reply) => reply.body.id)).size, 1);
	});

	it('change only for whoever has seen their present state', async () => {
		const { id } = await file({ title: 'Alt' });
		const change = (body, match, token = planner) =>
			[server, 'PATCH', `/procedures/${id}`, { token, body, headers: match ? { 'If-Match': match } : {} }];
		const refused = (status, problem, [at, ...rest]) => refuses(at, status, problem, ...rest);
		await refused(428, 'precondition_required', change({ title: 'Neu' }));
		for (const tag of ['"7"', 'W/"1"', '1', '"1x"', '"*"']) await refused(412, 'precondition_failed', change({ title: 'Neu' }, tag));
		const done = await server.api('PATCH', `/procedures/${id}`, { token: planner, body: { title: 'Neu', reference: null }, headers: { 'If-Match': '"1"' } });
		assert.deepEqual([done.status, done.body.title, done.headers.get('etag')], [200, 'Neu', '"2"']);
		await refused(412, 'precondition_failed', change({ title: 'Zuletzt' }, '"1"'));
		await refused(404, 'procedure_not_found', change({ title: 'Fremd' }, '"2"', other));
		await filePlan(server, planner, id);
		const { headers } = await server.api('GET', `/procedures/${id}`, { token: planner });
		await refused(409, 'conflict', change({ kind: 'BP_13A' }, headers.get('etag')));
	});

	it('are found by words of title, number, reference and place', async () => {
		const mine = await file({ title: 'Hafenquartier Überseeallee', reference: 'Az 7/2026', planning_municipalities: [hamburg] });
		assert.deepEqual(await ids('q=hafenquartier'), [mine.id]);
		assert.deepEqual(await ids(`q=${encodeURIComponent('übersee')}`), [mine.id]);
		assert.deepEqual(await ids(`q=${mine.number}`), [mine.id]);
		assert.deepEqual(await ids('q=Az%207'), [mine.id]);
		assert.ok((await ids('q=Hamburg&limit=500')).includes(mine.id), 'by the planning municipality\'s name');
		assert.deepEqual(await ids('q=%25%25%25'), []);
	});

	it('are found by key, Land, kind, state and place of the plan', async () => {
		const { procedure } = await fileBoth(server, planner, { kind: 'BP_13A', title: 'Am Rand', geometry: box(10.085, 53.683, 10.09, 53.687) });
		assert.deepEqual(await ids('kind=BP_13A'), [procedure]);
		assert.deepEqual(await ids('bbox=10.08,53.68,10.1,53.69'), [procedure]);
		assert.deepEqual(await ids('bbox=8,53,8.1,53.1'), []);
		assert.deepEqual(await ids('ags=01062076'), [procedure], 'a municipality that the newest plan affects');
		assert.ok((await ids(`ags=${hamburg}&limit=500`)).includes(procedure), 'the one that plans');
		assert.ok((await ids('land=02&state=ANGELEGT&limit=500')).includes(procedure));
		assert.deepEqual(await ids('land=03'), []);
		await refuses(server, 400, 'invalid_parameter', 'GET', '/procedures?ags=1');
	});

	it('come newest first, page by page', async () => {
		const all = await walk(server, '/procedures?limit=500', { token: planner });
		const paged = await walk(server, '/procedures?limit=3', { token: planner });
		assert.deepEqual(paged.map(({ id }) => id), all.map(({ id }) => id));
		assert.ok(all.length > 6);
		assert.deepEqual(all.map(({ id }) => id), all.map(({ id }) => id).sort().reverse());
	});

	it('are one\'s own until published, then everybody\'s with the newest plan', async () => {
		const { procedure, plan } = await fileBoth(server, planner, { title: 'Erst geheim' });
		const newest = await filePlan(server, planner, procedure);
		const citizen = await server.account('public');
		for (const token of [undefined, citizen, other]) {
			await refuses(server, 404, 'procedure_not_found', 'GET', `/procedures/${procedure}`, { token });
			assert.ok(!(await ids('limit=500', token ?? null)).includes(procedure));
		}
		await refuses(server, 404, 'procedure_not_found', 'POST', `/procedures/${procedure}/publish`, { token: other, body: {} });
		const { published_at: at } = await server.must(200, 'POST', `/procedures/${procedure}/publish`, { token: planner });
		assert.match(at, instant);
		for (const token of [undefined, citizen, other]) {
			const shown = await server.must(200, 'GET', `/procedures/${procedure}`, { token });
			assert.equal(shown.plan.id, newest.id);
			await server.must(200, 'GET', `/plans/${newest.id}/affected`, { token });
			await refuses(server, 404, 'plan_not_found', 'GET', `/plans/${plan}`, { token });
		}
		await refuses(server, 403, 'forbidden', 'POST', `/procedures/${procedure}/publish`, { token: other, body: {} });
		assert.equal((await server.must(200, 'POST', `/procedures/${procedure}/publish`, { token: planner })).published_at, at, 'once');
	});

	it('are seen by whom they have invited', async () => {
		const amt = await server.account('clerk releaser', amtPinnau);
		const { procedure } = await openRound(server, planner, { title: 'Mit Einladung' });
		assert.equal((await server.must(200, 'GET', `/procedures/${procedure}`, { token: amt })).title, 'Mit Einladung');
		const stranger = await server.account('manager', '01062076');
		await refuses(server, 404, 'procedure_not_found', 'GET', `/procedures/${procedure}`, { token: stranger });
	});

	it('record the resolution to plan, and end with a reason', async () => {
		const { id } = await file({ title: 'Wird eingestellt' });
		const late = await refuses(server, 422, 'invalid_body', 'POST', `/procedures/${id}/resolve`, { token: planner, body: { resolved_on: day(2) } });
		assert.deepEqual(pointers(late), ['/resolved_on']);
		const resolved = await server.must(200, 'POST', `/procedures/${id}/resolve`, { token: planner, body: { resolved_on: day(-3) } });
		assert.deepEqual([resolved.state, resolved.resolved_on], ['AUFGESTELLT', day(-3)]);
		await refuses(server, 409, 'event_not_allowed', 'POST', `/procedures/${id}/resolve`, { token: planner, body: { resolved_on: day(-3) } });
		await refuses(server, 422, 'invalid_body', 'POST', `/procedures/${id}/withdraw`, { token: planner, body: {} });
		const ended = await server.must(200, 'POST', `/procedures/${id}/withdraw`, { token: planner, body: { reason: 'Der Bedarf ist entfallen.' } });
		assert.deepEqual([ended.state, ended.withdraw_reason], ['EINGESTELLT', 'Der Bedarf ist entfallen.']);
		for (const [path, body] of [['withdraw', { reason: 'noch einmal' }], ['publish', {}], ['plans', { geometry: box(9.9, 53.63, 9.91, 53.64) }]])
			await refuses(server, 409, 'procedure_withdrawn', 'POST', `/procedures/${id}/${path}`, { token: planner, body });
		assert.equal((await server.must(200, 'GET', `/procedures/${id}`, { token: planner })).state, 'EINGESTELLT');
		await refuses(server, 404, 'procedure_not_found', 'GET', `/procedures/${nowhere}`, { token: planner });
	});

	it('are not an operator\'s to see, nor to change', async () => {
		const operator = await server.account('operator');
		const { id } = await file({ title: 'Nicht ansehen' });
		await refuses(server, 404, 'procedure_not_found', 'GET', `/procedures/${id}`, { token: operator });
		await refuses(server, 403, 'forbidden', 'POST', `/procedures/${id}/publish`, { token: operator, body: {} });
	});
});
