// SPDX-License-Identifier: EUPL-1.2
// Weighing over REST: from a statement to its communicated result; the clock stands in March 2027.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer, until } from '../../harness/server.mjs';
import { amtPinnau, creates, ellerbek, halstenbek, hamburg, invitationOf, nowhere, openRound, pointers, refuses, roundOf, walk } from '../support.mjs';

const reason = 'Die Erschließung wurde geändert.';
const resolution = { resolved_on: '2027-04-20', reference: 'Drs. 22/1', council: 'Bezirksversammlung Eimsbüttel' };

describe('weighing', () => {
	let server, planner, colleague, amt, ellerbekers, halstenbekers, citizen;
	before(async () => {
		server = await startServer({ clock: true });
		server.clock.set('2027-03-01T09:00:00Z');
		planner = await server.account('manager', hamburg);
		colleague = await server.account('manager', hamburg);
		amt = await server.account('clerk releaser', amtPinnau);
		ellerbekers = await server.account('clerk releaser', ellerbek);
		halstenbekers = await server.account('clerk releaser', halstenbek);
		citizen = await server.account('public');
	});
	after(() => server.stop());

	const round = { start: '2027-03-02', end: '2027-04-06' };
	// Both rounds, and what Ellerbek and a citizen have to say in them.
	const open = async () => {
		server.clock.set('2027-03-01T09:00:00Z');
		const opened = await openRound(server, planner, { round });
		await server.must(201, 'POST', `/procedures/${opened.procedure}/rounds`, { token: planner, body: roundOf({ step: 'FOERM_OEFF', audience: 'OEFF', ...round }) });
		const invitation = (await invitationOf(server, amt, opened.round, ellerbek)).id;
		server.clock.set('2027-03-10T09:00:00Z');
		const theirs = await creates(server, `/invitations/${invitation}/statements`, { token: amt, body: { stance: 'BEDENKEN',
			points: [{ kind: 'EINWAND', topic: 'Verkehr', text: 'Die Zufahrt führt durch unser Gebiet 🚜 und ist zu schmal.' }, { text: 'Der Graben.' }] } });
		const persons = await creates(server, `/procedures/${opened.procedure}/statements`, { token: citizen, body: { stance: 'EINWENDUNG', text: 'Zu hoch.' } });
		server.clock.set('2027-04-19T09:00:00Z');
		return { ...opened, invitation, theirs, persons };
	};
	const act = (path, body, token = planner) => server.must(200, 'POST', path, { token, body });
	const show = (id, token = planner) => server.must(200, 'GET', `/statements/${id}/weighing`, { token });
	const change = (method, path, body, tag, token = planner) => server.api(method, path, { token, body, headers: tag ? { 'If-Match': tag } : {} });

	it('goes from a statement to its communicated result', async () => {
		const { procedure, theirs, persons } = await open();
		const where = `/procedures/${procedure}/weighing`;
		assert.deepEqual((await show(theirs.id)).concerns, []);
		assert.equal((await act(`/statements/${theirs.id}/accept`)).state, 'IN_BEARBEITUNG');
		assert.deepEqual(await act(`${where}/accept`), { accepted: 1 });
		let [first, second] = (await show(theirs.id)).concerns;
		assert.deepEqual([first.topic, first.text, second.text], ['Verkehr', theirs.points[0].text, 'Der Graben.']);

		// A segment, counted in characters: the tractor is one.
		const tag = (await server.api('GET', `/statements/${theirs.id}/weighing`, { token: planner })).headers.get('etag');
		const divided = await change('PUT', `/statements/${theirs.id}/concerns`, { concerns: [{ point: 1, start: 39, end: 42 }, { point: 1, start: 37, end: 38, topic: 'Maschinen',
			geometry: { type: 'Point', coordinates: [9.9, 53.63] } }, { id: second.id }] }, tag);
		assert.equal(divided.status, 200, divided.text);
		[first] = divided.body.concerns;
		assert.deepEqual([first.text, first.topic, first.geometry.type], ['🚜', 'Maschinen', 'Point']);
		assert.equal((await change('PUT', `/statements/${theirs.id}/concerns`, { concerns: [{ id: second.id }] }, tag)).status, 412);
		const more = await creates(server, `/statements/${theirs.id}/concerns`, { token: planner, body: { point: 2, topic: 'Wasser', geometry: { type: 'Point', coordinates: [9.901, 53.63] } } });
		assert.deepEqual([more.no, more.text, more.topic], [5, 'Der Graben.', 'Wasser']);
		assert.ok(Math.abs(more.geometry.coordinates[0] - 9.901) < 1e-7);

		const reply = await server.api('GET', `/concerns/${first.id}`, { token: planner });
		assert.equal(reply.headers.get('etag'), `"${first.version}"`);
		assert.equal((await change('PATCH', `/concerns/${first.id}`, { decision: 'GEFOLGT', reason }, null)).status, 428);
		const proposed = await change('PATCH', `/concerns/${first.id}`, { decision: 'NICHT_GEFOLGT', reason }, '"1"');
		assert.equal(proposed.status, 200, proposed.text);
		assert.equal((await change('PATCH', `/concerns/${first.id}`, { decision: 'GEFOLGT', reason }, '"1"', colleague)).status, 412);
		const again = await change('PATCH', `/concerns/${first.id}`, { decision: 'GEFOLGT', reason }, proposed.headers.get('etag'), colleague);
		assert.deepEqual(again.body.history.map((each) => each.decision), ['NICHT_GEFOLGT', 'GEFOLGT']);

		const incomplete = await refuses(server, 409, 'weighing_incomplete', 'POST', `${where}/decide`, { token: planner, body: { ...resolution, resolved_on: '2027-04-18' } });
		assert.match(incomplete.detail, new RegExp(`${theirs.number}, ${persons.number}`));
		assert.deepEqual(await act(`${where}/proposals`, { decision: 'KENNTNISNAHME', reason, statements: [theirs.id, persons.id] }), { statements: 2, concerns: 4 });
		const { counts, items } = await server.must(200, 'GET', where, { token: planner });
		assert.deepEqual(counts, { states: { VORGESCHLAGEN: 2 }, statements: 2, late: 0, missing: 2, decisions: { GEFOLGT: 1, KENNTNISNAHME: 4 }, concerns_without_decision: 0 });
		assert.deepEqual(items.map((item) => [item.number, item.state, item.why, item.concerns, item.proposed]), [[theirs.number, 'VORGESCHLAGEN', 'OHNE_BESCHLUSS', 4, 4], [persons.number, 'VORGESCHLAGEN', 'OHNE_BESCHLUSS', 1, 1]]);
		for (const token of [amt, ellerbekers]) assert.deepEqual([(await show(theirs.id, token)).results, (await show(theirs.id, token)).concerns], [[], undefined]);

		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', `${where}/decide`, { token: planner, body: resolution })), ['/resolved_on']);
		server.clock.set('2027-04-21T09:00:00Z');
		const headers = { 'Idempotency-Key': `decide-${procedure}` };
		const decided = await server.must(200, 'POST', `${where}/decide`, { token: planner, body: resolution, headers });
		assert.equal(decided.statements, 2);
		assert.deepEqual(await server.must(200, 'POST', `${where}/decide`, { token: planner, body: resolution, headers }), decided);
		await refuses(server, 409, 'weighing_decided', 'PATCH', `/concerns/${first.id}`, { token: planner, body: { decision: 'GEFOLGT', reason }, headers: { 'If-Match': '*' } });
		assert.deepEqual((await show(theirs.id, amt)).results, []);

		assert.equal((await act(`/statements/${theirs.id}/communicate`, { on: '2027-04-21', channel: 'POST' })).state, 'MITGETEILT');
		assert.deepEqual(await act(`${where}/communicate`, { on: '2027-04-21', channel: 'PORTAL' }), { communicated: 1, channel: 'PORTAL', law: null });
		for (const token of [amt, ellerbekers]) {
			const seen = await show(theirs.id, token);
			assert.deepEqual(seen.results.map((each) => [each.text, each.decision, each.reason]), [['Der Graben.', 'KENNTNISNAHME', reason], ['und', 'KENNTNISNAHME', reason], ['🚜', 'GEFOLGT', reason], ['Der Graben.', 'KENNTNISNAHME', reason]]);
			assert.deepEqual(seen.resolution, resolution);
			assert.deepEqual(seen.communicated, { on: '2027-04-21', channel: 'POST', inspection: null });
		}
		assert.equal((await show(persons.id, citizen)).results[0].decision, 'KENNTNISNAHME');
		for (const token of [halstenbekers, citizen]) await refuses(server, 404, 'statement_not_found', 'GET', `/statements/${theirs.id}/weighing`, { token });
	});

	it('is resolved on by a second person where it is handed in, and taken back by whoever has done that', async () => {
		const { procedure, theirs, persons } = await open();
		const where = `/procedures/${procedure}/weighing`;
		const resolved = { ...resolution, resolved_on: '2027-04-19' };
		await act(`${where}/accept`);
		await act(`${where}/proposals`, { decision: 'GEFOLGT', reason, statements: [theirs.id, persons.id] });
		const held = await creates(server, `${where}/hand-in`, { token: planner, body: resolved });
		assert.deepEqual([held.kind, held.state, held.content.council], ['ABWAEGUNG', 'WARTET', resolution.council]);
		await refuses(server, 403, 'forbidden', 'POST', `/releases/${held.id}/take-back`, { token: colleague, body: {} });
		assert.equal((await act(`/releases/${held.id}/take-back`, {})).state, 'ZURUECKGENOMMEN');
		const { id } = await creates(server, `${where}/hand-in`, { token: planner, body: resolved });
		await refuses(server, 409, 'second_person_required', 'POST', `/releases/${id}/release`, { token: planner, body: {} });
		const sent = await act(`/releases/${id}/release`, {}, colleague);
		assert.deepEqual([sent.release.state, sent.submitted, sent.resolution.statements, (await show(theirs.id)).state], ['FREIGEGEBEN', null, 2, 'ENTSCHIEDEN']);
	});

	it('waits for neighbours until they cannot answer any more, and for what came late', async () => {
		const { procedure, theirs, persons, invitation } = await open();
		const where = `/procedures/${procedure}/weighing`;
		const why = async () => (await server.must(200, 'GET', `${where}/missing`, { token: planner })).items.map((each) => [each.number ?? each.body, each.why]);
		const late = await creates(server, `/invitations/${invitation}/statements`, { token: amt, body: { stance: 'BEDENKEN', text: 'Auch der Lärm.' } });
		assert.equal(late.on_time, false);
		// That nobody answered is recorded by the clerk.
		await until(async () => (await why()).every(([, gap]) => gap !== 'OHNE_STATUS'));
		assert.deepEqual(await why(), [[theirs.number, 'NICHT_ANGENOMMEN'], [persons.number, 'NICHT_ANGENOMMEN'], [late.number, 'VERSPAETET_UNENTSCHIEDEN']]);
		await act(`${where}/accept`);
		const [concern] = (await show(late.id)).concerns;
		const patch = (decision) => change('PATCH', `/concerns/${concern.id}`, { decision, reason }, '*');
		assert.deepEqual([(await patch('UNBERUECKSICHTIGT_VERSPAETET')).body.type, pointers((await patch('UNBERUECKSICHTIGT_VERSPAETET')).body)], ['/problems/late_counts', ['/decision']]);
		await act(`/statements/${late.id}/lateness`, { outcome: 'UNBERUECKSICHTIGT_VERSPAETET', known: false, should_have_known: false, relevant_to_lawfulness: false, reason });
		assert.equal((await patch('UNBERUECKSICHTIGT_VERSPAETET')).status, 200);
		const [timely] = (await show(theirs.id)).concerns;
		assert.equal((await change('PATCH', `/concerns/${timely.id}`, { decision: 'UNBERUECKSICHTIGT_VERSPAETET', reason }, '*')).body.type, '/problems/late_counts');
		await act(`${where}/proposals`, { decision: 'GEFOLGT', reason, statements: [theirs.id, persons.id] });
		await act(`${where}/decide`, { ...resolution, resolved_on: '2027-04-19' });
		assert.deepEqual(await why(), []);
		assert.deepEqual((await walk(server, `${where}?limit=2&decision=UNBERUECKSICHTIGT_VERSPAETET`, { token: planner })).map((item) => item.number), [late.number]);
		assert.deepEqual((await walk(server, `${where}?limit=1&on_time=true`, { token: planner })).map((item) => item.state), ['ENTSCHIEDEN', 'ENTSCHIEDEN']);
	});

	it('is not resolved on while a round is open', async () => {
		const { procedure } = await open();
		server.clock.set('2027-03-20T09:00:00Z');
		await act(`/procedures/${procedure}/weighing/accept`);
		await act(`/procedures/${procedure}/weighing/proposals`, { decision: 'GEFOLGT', reason, stance: 'BEDENKEN' });
		await refuses(server, 409, 'conflict', 'POST', `/procedures/${procedure}/weighing/decide`, { token: planner, body: { ...resolution, resolved_on: '2027-03-20' } });
	});

	it('sets aside what went astray, and keeps it', async () => {
		const { procedure, theirs, persons, invitation } = await open();
		const where = `/statements/${theirs.id}/discard`;
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', where, { token: planner, body: { kind: 'DUBLETTE', reason, duplicate_of: persons.id } })), ['/duplicate_of']);
		await refuses(server, 403, 'forbidden', 'POST', where, { token: amt, body: { kind: 'IRRLAEUFER', reason } });
		assert.equal((await act(where, { kind: 'IRRLAEUFER', reason: 'Gehört zum Plan Niendorf 7.' })).state, 'VERWORFEN');
		await refuses(server, 409, 'conflict', 'POST', where, { token: planner, body: { kind: 'IRRLAEUFER', reason } });
		assert.equal((await show(theirs.id, amt)).discarded.reason, 'Gehört zum Plan Niendorf 7.');
		const kept = await server.must(200, 'GET', `/statements/${theirs.id}`, { token: amt });
		assert.deepEqual([kept.state, kept.sha256], ['VERWORFEN', theirs.sha256]);
		assert.equal((await server.must(200, 'GET', `/invitations/${invitation}`, { token: amt })).answered_at, null);
		assert.equal((await server.must(200, 'GET', `/procedures/${procedure}/weighing`, { token: planner })).counts.states.VERWORFEN, 1);
	});

	it('tells more than fifty persons with the same letter where to inspect the result', async () => {
		const { procedure, persons } = await open();
		const where = `/procedures/${procedure}/weighing`;
		server.clock.set('2027-03-12T09:00:00Z');
		const crowd = await Promise.all(Array.from({ length: 51 }, () => server.account('public')));
		for (const each of crowd) await creates(server, `/procedures/${procedure}/statements`, { token: each, body: { stance: 'EINWENDUNG', text: 'Der Wald bleibt!' } });
		server.clock.set('2027-04-19T09:00:00Z');
		await act(`${where}/accept`);
		const { equal } = await server.must(200, 'GET', `${where}/groups`, { token: planner });
		assert.deepEqual(equal.map((each) => [each.statements, each.text]), [[51, 'Der Wald bleibt!']]);
		const group = await creates(server, `${where}/groups`, { token: planner, body: { title: 'Wald', like: equal[0].like } });
		assert.deepEqual([group.persons, group.mass_notices[0].allowed], [51, true]);
		await refuses(server, 404, 'statement_group_not_found', 'GET', `/weighing-groups/${group.id}`, { token: await server.account('manager', halstenbek) });
		await act(`${where}/proposals`, { decision: 'NICHT_GEFOLGT', reason, group: group.id });
		await act(`${where}/proposals`, { decision: 'NICHT_GEFOLGT', reason, stance: 'BEDENKEN' });
		await act(`${where}/proposals`, { decision: 'NICHT_GEFOLGT', reason, statements: [persons.id] });
		await act(`${where}/decide`, { ...resolution, resolved_on: '2027-04-19' });
		const told = { on: '2027-04-19', channel: 'EINSICHT', inspection: { place: 'Bezirksamt, Grindelberg 62', announced_on: '2027-04-19' } };
		assert.deepEqual(pointers(await refuses(server, 409, 'mass_notice_not_allowed', 'POST', `${where}/communicate`, { token: planner, body: told })), ['/channel']);
		assert.deepEqual((await act(`/weighing-groups/${group.id}/members`, { remove: [equal[0].like] })).persons, 50);
		await refuses(server, 409, 'mass_notice_not_allowed', 'POST', `${where}/communicate`, { token: planner, body: { ...told, group: group.id } });
		await act(`/weighing-groups/${group.id}/members`, { add: [equal[0].like] });
		assert.deepEqual(await act(`${where}/communicate`, { ...told, group: group.id }), { communicated: 51, channel: 'EINSICHT', law: '§ 3 (2) Satz 7 BauGB' });
	});

	it('is the planning body\'s own', async () => {
		const { procedure, theirs } = await open();
		await act(`/statements/${theirs.id}/accept`);
		const [concern] = (await show(theirs.id)).concerns;
		const stranger = await server.account('manager', halstenbek);
		for (const [status, problem, token] of [[404, 'statement_not_found', stranger]]) {
			await refuses(server, status, problem, 'POST', `/statements/${theirs.id}/accept`, { token });
			await refuses(server, 404, 'concern_not_found', 'GET', `/concerns/${concern.id}`, { token });
			await refuses(server, 404, 'concern_not_found', 'PATCH', `/concerns/${concern.id}`, { token, body: { decision: 'GEFOLGT', reason }, headers: { 'If-Match': '*' } });
		}
		await refuses(server, 404, 'statement_not_found', 'GET', `/statements/${nowhere}/weighing`, { token: planner });
		await refuses(server, 401, 'unauthenticated', 'GET', `/statements/${theirs.id}/weighing`, {});
		await refuses(server, 404, 'procedure_not_found', 'GET', `/procedures/${nowhere}/weighing`, { token: planner });
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', `/statements/${theirs.id}/concerns`, { token: planner, body: { point: 1, geometry: { type: 'Point', coordinates: [1] } } }))[0].slice(0, 9), '/geometry');
		assert.deepEqual(pointers(await refuses(server, 422, 'geometry_out_of_area', 'POST', `/statements/${theirs.id}/concerns`, { token: planner, body: { point: 1, geometry: { type: 'Point', coordinates: [53, 9] } } })), ['/geometry']);
		assert.equal((await server.must(200, 'GET', `/procedures/${procedure}/weighing?state=IN_BEARBEITUNG`, { token: planner })).items.length, 1);
	});
});
