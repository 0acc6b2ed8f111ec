// SPDX-License-Identifier: EUPL-1.2
// Statements: submitted once and for good, in time or late; supplemented, resolved on, withdrawn,
// published. Who does what with which one.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer } from '../../harness/server.mjs';
import { amtPinnau, creates, day, ellerbek, fileBoth, halstenbek, hamburg, instant, invitationOf, nowhere, openRound, pointers, refuses, uuid7, walk } from '../support.mjs';

const objection = { stance: 'BEDENKEN', text: 'Die Zufahrt führt durch unser Gemeindegebiet.' };

describe('statements', () => {
	let server, planner, amt, ellerbekers, halstenbekers, citizen;
	before(async () => {
		server = await startServer();
		planner = await server.account('manager', hamburg);
		amt = await server.account('clerk releaser', amtPinnau);
		ellerbekers = await server.account('clerk releaser', ellerbek);
		halstenbekers = await server.account('clerk releaser', halstenbek);
		citizen = await server.account('public');
	});
	after(() => server.stop());
	const invited = async (more) => {
		const opened = await openRound(server, planner, more);
		return { ...opened, invitation: (await invitationOf(server, amt, opened.round, ellerbek)).id };
	};
	const submit = (invitation, body = objection, token = amt, headers = {}) => creates(server, `/invitations/${invitation}/statements`, { token, body, headers });
	const show = (id, token = amt) => server.must(200, 'GET', `/statements/${id}`, { token });
	const expire = (id) => server.sql('set session_replication_role = replica; update pp.invitation set deadline_at = now(), deadline = pp.last_day(now()) where id = :\'id\'', { id });

	it('get number, receipt and hash at once', async () => {
		const { invitation, procedure, round, plan } = await invited();
		const { receipt, ...made } = await submit(invitation, { stance: 'BEDENKEN', reservation: 'vorbehaltlich der Gemeindevertretung', points: [
			{ kind: 'EINWAND', topic: 'Verkehr', text: 'Die Zufahrt', legal_basis: '§ 1 (7) BauGB', remedy: 'Zufahrt von Süden', document: 'Begründung', page: '12',
				geometry: { type: 'Point', coordinates: [9.9, 53.63] } },
			{ text: 'Der Graben' }] });
		assert.match(made.id, uuid7);
		assert.match(made.number, /^\d{4}-\d{4}-001$/);
		assert.match(made.received_at, instant);
		assert.match(made.sha256, /^[0-9a-f]{64}$/);
		assert.deepEqual([made.on_time, made.state, made.stance, made.text], [true, 'EINGEGANGEN', 'BEDENKEN', null]);
		assert.deepEqual([made.procedure, made.round, made.plan, made.invitation], [procedure, round, plan, invitation]);
		assert.deepEqual([made.participant, made.participant_name, made.acting_body, made.acting_name, made.author_role], [ellerbek, 'Ellerbek', amtPinnau, 'Amt Pinnau', 'NACHB']);
		assert.equal(receipt.receipt.content_sha256, made.sha256);
		const [first, second] = made.points;
		assert.deepEqual({ ...first, geometry: 0 }, { no: 1, kind: 'EINWAND', topic: 'Verkehr', text: 'Die Zufahrt', legal_basis: '§ 1 (7) BauGB', remedy: 'Zufahrt von Süden', document: 'Begründung', page: '12', geometry: 0 });
		assert.ok(Math.abs(first.geometry.coordinates[0] - 9.9) < 1e-7);
		assert.deepEqual([second.no, second.kind, second.text, second.geometry], [2, 'HINWEIS', 'Der Graben', null]);
		for (const token of [amt, ellerbekers, planner]) assert.deepEqual(await show(made.id, token), made);
		assert.match((await submit(invitation)).number, /-002$/);
	});

	it('are one point where they are one text, and none where nothing is objected', async () => {
		const { invitation } = await invited();
		assert.deepEqual((await submit(invitation, { stance: 'ANREGUNGEN', text: ' Bäume ' })).points.map(({ kind, text }) => [kind, text]), [['ANREGUNG', 'Bäume']]);
		assert.deepEqual((await submit(invitation, { stance: 'KEINE_BETROFFENHEIT' })).points, []);
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', `/invitations/${invitation}/statements`, { token: amt, body: { stance: 'BEDENKEN' } })), ['/text']);
	});

	it('name all that is wrong with them', async () => {
		const { invitation } = await invited();
		const where = ['POST', `/invitations/${invitation}/statements`];
		const wrong = await refuses(server, 422, 'invalid_body', ...where, { token: amt,
			body: { stance: 'NEIN', points: [{ kind: 'X' }, { text: '', geometry: 7 }], colour: 1 } });
		assert.deepEqual(pointers(wrong).sort(), ['/colour', '/points/0/kind', '/points/0/text', '/points/1/geometry', '/points/1/text', '/stance']);
		const goal = await refuses(server, 422, 'point_kind_not_allowed', ...where, { token: amt, body: { stance: 'BEDENKEN', points: [{ kind: 'ZIEL_DER_RAUMORDNUNG', text: 'Ziel 5.1' }] } });
		assert.deepEqual(pointers(goal), ['/points/0/kind']);
		const place = await refuses(server, 422, 'invalid_body', ...where, { token: amt,
			body: { stance: 'BEDENKEN', points: [{ text: 'hier', geometry: { type: 'Polygon', coordinates: [[[9, 53], [10, 53]]] } }] } });
		assert.match(pointers(place)[0], /^\/points\/0\/geometry/);
		for (const coordinates of [[53.63, 9.9], [500, 500], [9.9, 90]]) {
			const far = await refuses(server, 422, 'geometry_out_of_area', ...where, { token: amt,
				body: { stance: 'BEDENKEN', points: [{ text: 'a' }, { text: 'hier', geometry: { type: 'Point', coordinates } }] } });
			assert.deepEqual(pointers(far), ['/points/1/geometry']);
		}
		await refuses(server, 422, 'invalid_body', ...where, { token: amt, body: { stance: 'BEDENKEN', points: [{ text: '  ' }] } });
	});

	it('are there once under one key, at once or later', async () => {
		const { invitation, procedure } = await invited();
		const headers = { 'Idempotency-Key': 'statement-1' };
		const answers = await Promise.all([1, 2, 3, 4].map(() => submit(invitation, objection, amt, headers)));
		answers.push(await submit(invitation, objection, amt, headers));
		assert.equal(new Set(answers.map((each) => `${each.id} ${each.number} ${each.received_at}`)).size, 1);
		await refuses(server, 422, 'idempotency_key_reused', 'POST', `/invitations/${invitation}/statements`, { token: amt, body: { stance: 'KEINE_BEDENKEN' }, headers });
		assert.equal((await server.must(200, 'GET', `/procedures/${procedure}/statements`, { token: planner })).items.length, 1);
	});

	it('have numbers without gaps, however many come at once', async () => {
		const { invitation } = await invited();
		const made = await Promise.all(Array.from({ length: 12 }, () => submit(invitation)));
		assert.deepEqual(made.map((each) => Number(each.number.split('-')[2])).sort((a, b) => a - b), Array.from({ length: 12 }, (_, i) => i + 1));
	});

	it('that come late are stored and marked, by the deadline of their own invitation', async () => {
		const { invitation, round } = await invited();
		await expire(invitation);
		const late = await submit(invitation);
		assert.deepEqual([late.on_time, late.state], [false, 'EINGEGANGEN']);
		assert.ok(late.received_at >= late.deadline_at);
		const theirs = (await invitationOf(server, halstenbekers, round, halstenbek)).id;
		assert.equal((await submit(theirs, objection, halstenbekers)).on_time, true);
		const shown = await server.must(200, 'GET', `/invitations/${invitation}`, { token: amt });
		assert.deepEqual([shown.state, shown.late], ['BEANTWORTET', true]);
	});

	it('made subject to the council keep their first receipt when it has decided', async () => {
		const { invitation } = await invited();
		const made = await submit(invitation, { ...objection, reservation: 'vorbehaltlich der Gemeindevertretung' });
		await expire(invitation);
		const where = `/statements/${made.id}/resolution`;
		const resolution = { decided_on: day(-1), outcome: 'BESTAETIGT', reference: 'GV 12/4', text: 'einstimmig' };
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', where, { token: amt, body: { ...resolution, decided_on: day(3) } })), ['/decided_on']);
		await refuses(server, 403, 'forbidden', 'POST', where, { token: planner, body: resolution });
		const resolved = await server.must(200, 'POST', where, { token: amt, body: resolution });
		assert.deepEqual([resolved.received_at, resolved.on_time, resolved.sha256], [made.received_at, true, made.sha256]);
		const { recorded_at: at, ...rest } = resolved.resolution;
		assert.match(at, instant);
		assert.deepEqual(rest, resolution);
		await refuses(server, 409, 'conflict', 'POST', where, { token: amt, body: resolution });
		const free = await submit(invitation);
		await refuses(server, 409, 'conflict', 'POST', `/statements/${free.id}/resolution`, { token: amt, body: resolution });
	});

	it('are supplemented with a receipt of its own', async () => {
		const { invitation } = await invited();
		const made = await submit(invitation);
		await expire(invitation);
		const more = await creates(server, `/statements/${made.id}/supplements`, { token: ellerbekers, body: { stance: 'EINWENDUNG', text: 'Auch der Lärm' } });
		assert.deepEqual([more.number, more.supplement_to, more.on_time], [`${made.number}-1`, made.id, false]);
		const shown = await show(made.id);
		assert.deepEqual(shown.supplements.map(({ id, number, on_time: onTime }) => [id, number, onTime]), [[more.id, more.number, false]]);
		assert.deepEqual([shown.received_at, shown.text, shown.sha256], [made.received_at, made.text, made.sha256]);
		await refuses(server, 409, 'conflict', 'POST', `/statements/${more.id}/supplements`, { token: amt, body: objection });
		await refuses(server, 404, 'statement_not_found', 'POST', `/statements/${made.id}/supplements`, { token: halstenbekers, body: objection });
		await refuses(server, 403, 'forbidden', 'POST', `/statements/${made.id}/supplements`, { token: planner, body: objection });
		assert.equal((await server.must(200, 'GET', `/invitations/${invitation}`, { token: amt })).late, false, 'the first one was in time');
	});

	it('are withdrawn but kept', async () => {
		const { invitation } = await invited();
		const made = await submit(invitation);
		await refuses(server, 404, 'statement_not_found', 'POST', `/statements/${made.id}/withdraw`, { token: halstenbekers, body: {} });
		const gone = await server.must(200, 'POST', `/statements/${made.id}/withdraw`, { token: amt, body: { reason: 'Erledigt durch Umplanung' } });
		assert.deepEqual([gone.state, gone.withdraw_reason, gone.text], ['ZURUECKGENOMMEN', 'Erledigt durch Umplanung', made.text]);
		await refuses(server, 409, 'conflict', 'POST', `/statements/${made.id}/withdraw`, { token: amt, body: {} });
		await refuses(server, 409, 'conflict', 'POST', `/statements/${made.id}/supplements`, { token: amt, body: objection });
		const { state, stance } = await server.must(200, 'GET', `/invitations/${invitation}`, { token: amt });
		assert.ok(['ZUGEGANGEN', 'GELESEN'].includes(state) && stance === null, state);
	});

	it('cannot be changed or deleted', async () => {
		const { invitation } = await invited();
		const { id } = await submit(invitation);
		for (const method of ['PUT', 'PATCH', 'DELETE']) assert.equal((await server.api(method, `/statements/${id}`, { token: amt })).status, 405);
		await assert.rejects(server.sql('update pp.statement set text = \'anders\''), /forbid|never|change|kept|stay/i);
	});

	it('of several invitations of one procedure go all together or not at all', async () => {
		const { round, procedure, invitation } = await invited();
		const own = (await server.must(200, 'GET', '/inbox?limit=500', { token: amt })).invitations.filter((each) => each.round === round).map((each) => each.id);
		const other = await invited({ title: 'Ein anderes Verfahren' });
		const answer = (invitations) => ['POST', '/inbox/answers', { token: amt, body: { invitations, stance: 'KEINE_BEDENKEN' } }];
		await refuses(server, 422, 'several_procedures', ...answer([invitation, other.invitation]));
		await refuses(server, 404, 'invitation_not_found', ...answer([invitation, nowhere]));
		await refuses(server, 422, 'invalid_body', ...answer([]));
		assert.deepEqual((await server.must(200, 'GET', `/procedures/${procedure}/statements`, { token: planner })).items, []);
		const { statements } = await server.must(201, ...answer([...own, ...own]));
		assert.deepEqual(statements.map((each) => each.invitation).sort(), own.sort());
		assert.equal(new Set(statements.map((each) => each.number)).size, own.length);
		assert.ok(statements.every((each) => each.on_time && each.stance === 'KEINE_BEDENKEN'));
	});

	it('are seen by whom they concern, and by others when published', async () => {
		const { invitation, procedure } = await invited();
		const { id } = await submit(invitation);
		for (const token of [undefined, citizen, halstenbekers, await server.account('operator')])
			await refuses(server, 404, 'statement_not_found', 'GET', `/statements/${id}`, { token });
		assert.deepEqual((await server.must(200, 'GET', `/procedures/${procedure}/statements`, { token: halstenbekers })).items, []);
		const etag = (await server.api('GET', `/statements/${id}`, { token: planner })).headers.get('etag');
		const publish = (published, match, token = planner) => server.api('PATCH', `/statements/${id}/publication`, { token, body: { published }, headers: match ? { 'If-Match': match } : {} });
		assert.equal((await publish(true)).status, 428);
		assert.equal((await publish(true, '"99"')).status, 412);
		assert.equal((await publish(true, etag)).status, 200);
		await server.must(200, 'POST', `/procedures/${procedure}/publish`, { token: planner });
		const open = await server.must(200, 'GET', `/statements/${id}`);
		assert.deepEqual(Object.keys(open).sort(), ['attachments', 'author_role', 'cells', 'id', 'number', 'on_time', 'participant', 'participant_name', 'procedure', 'published', 'received_at', 'round', 'stance', 'state', 'text']);
		assert.deepEqual((await server.must(200, 'GET', `/procedures/${procedure}/statements`)).items, [open]);
		assert.equal((await publish(false, '*')).status, 200);
		await refuses(server, 404, 'statement_not_found', 'GET', `/statements/${id}`);
	});

	it('of the public go into a round that asks it, and are published without names', async () => {
		const closed = await fileBoth(server, planner);
		await server.must(200, 'POST', `/procedures/${closed.procedure}/publish`, { token: planner });
		const where = (procedure) => `/procedures/${procedure}/statements`;
		await refuses(server, 409, 'round_not_open', 'POST', where(closed.procedure), { token: citizen, body: objection });
		const { procedure, round } = await openRound(server, planner, { round: { step: 'FOERM_OEFF', audience: 'OEFF', start: day(0), end: day(50) } });
		const made = await creates(server, where(procedure), { token: citizen, body: objection });
		assert.deepEqual([made.author_role, made.participant, made.round, made.on_time], ['OEFF', null, round, true]);
		assert.equal((await show(made.id, citizen)).text, objection.text);
		await refuses(server, 404, 'statement_not_found', 'GET', `/statements/${made.id}`, { token: await server.account('public') });
		const publish = (body) => server.api('PATCH', `/statements/${made.id}/publication`, { token: planner, body, headers: { 'If-Match': '*' } });
		assert.deepEqual(pointers((await publish({ published: true })).body), ['/text']);
		assert.equal((await publish({ published: true, text: 'Eine Person wendet sich gegen die Zufahrt.' })).status, 200);
		assert.equal((await server.must(200, 'GET', `/statements/${made.id}`)).text, 'Eine Person wendet sich gegen die Zufahrt.');
		assert.equal((await creates(server, `/statements/${made.id}/supplements`, { token: citizen, body: objection })).supplement_to, made.id);
		assert.equal((await server.must(200, 'POST', `/statements/${made.id}/withdraw`, { token: citizen })).state, 'ZURUECKGENOMMEN');
	});

	it('come in the order of their receipt, page by page', async () => {
		const { invitation, procedure } = await invited();
		for (let i = 0; i < 5; i++) await submit(invitation);
		const paged = await walk(server, `/procedures/${procedure}/statements?limit=2`, { token: planner });
		assert.deepEqual(paged.map((each) => each.number.slice(-3)), ['001', '002', '003', '004', '005']);
	});

	it('are not taken for a procedure that has ended', async () => {
		const { invitation, procedure } = await invited();
		await server.must(200, 'POST', `/procedures/${procedure}/withdraw`, { token: planner, body: { reason: 'Der Bedarf ist entfallen.' } });
		await refuses(server, 409, 'procedure_withdrawn', 'POST', `/invitations/${invitation}/statements`, { token: amt, body: objection });
	});
});
