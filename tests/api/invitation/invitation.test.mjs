// SPDX-License-Identifier: EUPL-1.2
// Invitations: whose mailbox they reach, what is known of their receipt, each with its own deadline.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer, until } from '../../harness/server.mjs';
import { amtPinnau, day, ellerbek, halstenbek, hamburg, instant, invitationOf, nowhere, openRound, pointers, refuses, walk } from '../support.mjs';

const fields = ['id', 'ags', 'body', 'name', 'land', 'kreis', 'mailbox_body', 'mailbox_name', 'round', 'step', 'audience', 'start', 'end', 'procedure',
	'procedure_number', 'procedure_title', 'kind', 'planner_body', 'planner_name', 'plan', 'class', 'cross_border', 'channel', 'state', 'reason', 'sent_at',
	'received_at', 'received_how', 'acknowledged_at', 'deadline', 'deadline_at', 'deadline_reason', 'deadline_rule', 'extension', 'extension_request', 'days_left', 'stance',
	'answered_at', 'assignment', 'late', 'evidence', 'draft', 'statements'];

describe('invitations', () => {
	let server, planner, amt, ellerbekers;
	before(async () => {
		server = await startServer();
		planner = await server.account('manager', hamburg);
		amt = await server.account('clerk releaser', amtPinnau);
		ellerbekers = await server.account('clerk releaser', ellerbek);
	});
	after(() => server.stop());
	const rowOf = async (round, ags) => (await server.must(200, 'GET', `/rounds/${round}/board`, { token: planner })).municipalities.find((row) => row.ags === ags);

	it('reach the mailbox of the Amt, and the municipality sees its own', async () => {
		const { round, procedure, plan } = await openRound(server, planner);
		const shown = await invitationOf(server, amt, round, ellerbek);
		assert.deepEqual(Object.keys(shown).sort(), [...fields].sort());
		assert.deepEqual([shown.body, shown.name, shown.kreis, shown.land, shown.mailbox_body, shown.mailbox_name], [ellerbek, 'Ellerbek', 'Pinneberg', '01', amtPinnau, 'Amt Pinnau']);
		assert.deepEqual([shown.procedure, shown.plan, shown.procedure_title, shown.planner_name], [procedure, plan, 'Bebauungsplan Schnelsen 99', 'Hamburg']);
		assert.deepEqual([shown.state, shown.channel, shown.received_how, shown.days_left], ['ZUGEGANGEN', 'PORTAL', 'PORTAL', Math.round((Date.parse(shown.deadline) - Date.parse(day())) / 86400000)]);
		for (const at of ['sent_at', 'received_at', 'deadline_at']) assert.match(shown[at], instant);
		assert.ok(shown.evidence.length > 0 && shown.evidence.every((rule) => rule.rule && rule.reason && rule.source));
		assert.deepEqual(await invitationOf(server, ellerbekers, round, ellerbek), shown);
		assert.deepEqual(await server.must(200, 'GET', `/invitations/${shown.id}`, { token: planner }), shown);
		const { evidence } = await server.must(200, 'GET', `/invitations/${shown.id}`, { token: amt, headers: { 'Accept-Language': 'en' } });
		assert.ok(evidence.every((rule, i) => rule.rule === shown.evidence[i].rule && rule.reason !== shown.evidence[i].reason));
		const mine = (await server.must(200, 'GET', '/inbox?limit=500', { token: ellerbekers })).invitations;
		assert.ok(mine.every((each) => each.ags === ellerbek), 'not those of the Amt\'s other municipalities');
	});

	it('do not exist for anybody else', async () => {
		const { round } = await openRound(server, planner);
		const { id } = await invitationOf(server, amt, round, ellerbek);
		for (const [role, body] of [['clerk releaser', halstenbek], ['manager', ellerbek.replace('13', '18')]])
			await refuses(server, 404, 'invitation_not_found', 'GET', `/invitations/${id}`, { token: await server.account(role, body) });
		await refuses(server, 403, 'forbidden', 'GET', `/invitations/${id}`, { token: await server.account('operator') });
		await refuses(server, 404, 'invitation_not_found', 'POST', `/invitations/${id}/acknowledge`, { token: await server.account('clerk releaser', halstenbek) });
		await refuses(server, 404, 'invitation_not_found', 'GET', `/invitations/${nowhere}`, { token: amt });
		await refuses(server, 401, 'unauthenticated', 'GET', '/inbox');
	});

	it('come page by page, and only those that are open where asked', async () => {
		const { round } = await openRound(server, planner);
		const { id } = await invitationOf(server, amt, round, ellerbek);
		await server.must(201, 'POST', `/invitations/${id}/statements`, { token: amt, body: { stance: 'KEINE_BEDENKEN' } });
		const all = (await server.must(200, 'GET', '/inbox?limit=500', { token: amt })).invitations.map((each) => each.id);
		assert.deepEqual((await walk(server, '/inbox?limit=1', { token: amt }, 'invitations')).map((each) => each.id), all);
		assert.ok(all.length > 2 && all.includes(id));
		const open = (await server.must(200, 'GET', '/inbox?open=true&limit=500', { token: amt })).invitations.map((each) => each.id);
		assert.deepEqual(open, all.filter((each) => each !== id));
		await refuses(server, 400, 'invalid_parameter', 'GET', '/inbox?open=perhaps&cursor=', { token: amt });
	});

	it('name the draft of one\'s own body alone, and what they were answered with', async () => {
		const { round } = await openRound(server, planner);
		const { id } = await invitationOf(server, amt, round, ellerbek);
		const seen = async (token) => (({ draft, statements }) => ({ draft, statements }))(await server.must(200, 'GET', `/invitations/${id}`, { token }));
		assert.deepEqual(await seen(amt), { draft: null, statements: [] });
		const draft = await server.must(201, 'POST', `/invitations/${id}/drafts`, { token: amt, body: { stance: 'BEDENKEN', text: 'Zufahrt', reservation: 'vorbehaltlich der Gemeindevertretung' } });
		assert.equal(typeof draft.changed_by, 'string');
		assert.deepEqual((await seen(amt)).draft, { id: draft.id, state: 'ENTWURF', changed_at: draft.changed_at });
		for (const token of [ellerbekers, planner]) assert.equal((await seen(token)).draft, null);
		await server.must(201, 'POST', `/drafts/${draft.id}/hand-in`, { token: amt, body: {} });
		assert.equal((await seen(amt)).draft.state, 'ZUR_FREIGABE');
		const sent = await server.must(201, 'POST', `/invitations/${id}/statements`, { token: ellerbekers, body: { stance: 'BEDENKEN', text: 'Zufahrt', reservation: 'vorbehaltlich der Gemeindevertretung' } });
		const one = { id: sent.id, number: sent.number, supplement_to: null, stance: 'BEDENKEN', received_at: sent.received_at, on_time: true, state: 'EINGEGANGEN', awaits_resolution: true };
		for (const token of [amt, ellerbekers, planner]) assert.deepEqual((await seen(token)).statements, [one]);
		await server.must(200, 'POST', `/statements/${sent.id}/withdraw`, { token: amt, body: {} });
		assert.deepEqual((await seen(amt)).statements, [{ ...one, state: 'ZURUECKGENOMMEN', awaits_resolution: false }]);
	});

	it('are acknowledged once; the first time counts', async () => {
		const { round } = await openRound(server, planner);
		const { id } = await invitationOf(server, amt, round, ellerbek);
		const read = await server.must(200, 'POST', `/invitations/${id}/acknowledge`, { token: amt });
		assert.equal(read.state, 'GELESEN');
		assert.match(read.acknowledged_at, instant);
		assert.equal((await server.must(200, 'POST', `/invitations/${id}/acknowledge`, { token: ellerbekers })).acknowledged_at, read.acknowledged_at);
		assert.equal((await rowOf(round, ellerbek)).state, 'GELESEN');
	});

	it('that go by letter count from the proof of receipt, never shorter than was told', async () => {
		const { round } = await openRound(server, planner);
		const { municipalities } = await server.must(200, 'GET', `/rounds/${round}/board`, { token: planner });
		const letter = municipalities.find((row) => row.channel === 'POST');
		assert.deepEqual([letter.state, letter.received_at], ['VERSANDT', null]);
		const where = `/invitations/${letter.invitation}/receipt`;
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', where, { token: planner, body: {} })), ['/received_on']);
		for (const on of [day(2), day(-2)])
			assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', where, { token: planner, body: { received_on: on } })), ['/received_on']);
		await refuses(server, 403, 'forbidden', 'POST', where, { token: amt, body: { received_on: day() } });
		const received = await server.must(200, 'POST', where, { token: planner, body: { received_on: day() } });
		assert.deepEqual([received.state, received.received_how, received.deadline], ['ZUGEGANGEN', 'NACHGEWIESEN', letter.deadline]);
		await refuses(server, 409, 'conflict', 'POST', where, { token: planner, body: { undeliverable: true } });
	});

	it('that come back are undeliverable', async () => {
		const { round } = await openRound(server, planner);
		const { municipalities } = await server.must(200, 'GET', `/rounds/${round}/board`, { token: planner });
		const letter = municipalities.find((row) => row.channel === 'POST');
		const lost = await server.must(200, 'POST', `/invitations/${letter.invitation}/receipt`, { token: planner, body: { undeliverable: true } });
		assert.deepEqual([lost.state, lost.received_at], ['UNZUSTELLBAR', null]);
	});

	it('are extended one by one, with a reason, also after their end', async () => {
		const { round } = await openRound(server, planner);
		const { id, deadline } = await invitationOf(server, amt, round, ellerbek);
		const where = `/invitations/${id}/extension`;
		for (const [body, pointer] of [[{ deadline: day(70) }, '/reason'], [{ deadline, reason: 'Ferien' }, '/deadline'], [{ reason: 'Ferien' }, '/deadline']])
			assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', where, { token: planner, body })), [pointer]);
		await refuses(server, 403, 'forbidden', 'POST', where, { token: amt, body: { deadline: day(70), reason: 'Ferien' } });
		await refuses(server, 404, 'invitation_not_found', 'POST', where, { token: await server.account('manager', halstenbek), body: { deadline: day(70), reason: 'Ferien' } });
		// A day off rolls on (§ 193 BGB).
		const { end } = await server.must(200, 'GET', `/deadlines?rule=FRIST&n=1&unit=d&mode=D&start=${day(70)}&calendar=HH`);
		const longer = await server.must(200, 'POST', where, { token: planner, body: { deadline: day(70), reason: 'Sitzung der Gemeindevertretung' } });
		assert.deepEqual([longer.deadline, longer.deadline_reason, longer.extension.from, longer.extension.to, longer.extension.reason],
			[end, 'EXTENSION', deadline, end, 'Sitzung der Gemeindevertretung']);
		assert.notEqual((await rowOf(round, halstenbek)).deadline, end);
		await server.sql('set session_replication_role = replica; update pp.invitation set deadline_at = now(), deadline = pp.last_day(now()) where id = :\'id\'', { id });
		await until(async () => (await server.must(200, 'GET', `/invitations/${id}`, { token: amt })).state === 'OHNE_ANTWORT');
		const again = await server.must(200, 'POST', where, { token: planner, body: { deadline: day(80), reason: 'Krankheit' } });
		assert.deepEqual([again.state, again.extension.from], ['ZUGEGANGEN', deadline]);
	});
});
