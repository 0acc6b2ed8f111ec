// SPDX-License-Identifier: EUPL-1.2
// Statements without an account: received at once, kept sealed, followed by the secret of the receipt. Who reads
// what of a person, and what the person is told about that.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer } from '../../harness/server.mjs';
import { creates, day, halstenbek, hamburg, instant, nowhere, openRound, pointers, refuses } from '../support.mjs';

const objection = {
	stance: 'EINWENDUNG',
	points: [{ kind: 'EINWAND', text: 'Vor unserem Haus', geometry: { type: 'Point', coordinates: [9.9012345, 53.6312345] } }],
	person: { given_name: 'Erika', family_name: 'Muster', email: 'erika@muster.example', inform: 'EMAIL' },
	consents: { notices: true, publish_name: false, text_version: '2026-11' },
};

describe('private persons', () => {
	let server, planner, citizen, neighbours;
	before(async () => {
		server = await startServer();
		planner = await server.account('manager', hamburg);
		neighbours = await server.account('clerk releaser', halstenbek);
		citizen = await server.account('public');
	});
	after(() => server.stop());
	const open = async (more) => {
		const opened = await openRound(server, planner, { round: { step: 'FOERM_OEFF', audience: 'OEFF', start: day(0), end: day(50), ...more } });
		return { ...opened, where: `/rounds/${opened.round}/statements` };
	};
	const holding = (made) => ({ headers: { 'Status-Token': made.status_token } });

	it('answer without an account, with a receipt at once', async () => {
		const { where } = await open();
		const reply = await server.api('POST', where, { body: objection });
		assert.equal(reply.status, 201, reply.text);
		assert.equal(reply.headers.get('cache-control'), 'no-store');
		const made = reply.body;
		assert.match(made.number, /-001$/);
		assert.match(made.received_at, instant);
		assert.match(made.sha256, /^[0-9a-f]{64}$/);
		assert.match(made.status_token, /^[\w-]{43}$/);
		assert.deepEqual([made.on_time, made.state, made.author_role, made.notice_of_result, made.person.name, made.person.anonymous], [true, 'EINGEGANGEN', 'OEFF', true, 'Person 001', false]);
		const nameless = await creates(server, where, { body: { stance: 'BEDENKEN', text: 'Zu laut' } });
		assert.deepEqual([nameless.notice_of_result, nameless.person.name, nameless.person.anonymous], [false, 'Person 002', true]);
		const [row] = await server.sql('select count(*) as n from pp.statement where author_account is null and text is null and sealed is not null');
		assert.equal(Number(row.n), 2);
	});

	it('are told what is wrong with their request', async () => {
		const { where } = await open();
		const wrong = await refuses(server, 422, 'invalid_body', 'POST', where, { body: { stance: 'NEIN', person: { email: 'x', colour: 1 }, consents: { notices: true } } });
		assert.deepEqual(pointers(wrong).sort(), ['/consents/text_version', '/person/colour', '/person/email', '/stance']);
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', where, { body: { stance: 'BEDENKEN', text: 'x', person: { family_name: 'A', inform: 'POST' } } })), ['/person/street']);
		await refuses(server, 404, 'round_not_found', 'POST', `/rounds/${nowhere}/statements`, { body: objection });
		const bodies = await openRound(server, planner);
		await refuses(server, 404, 'round_not_found', 'POST', `/rounds/${bodies.round}/statements`, { body: objection });
		await refuses(server, 409, 'round_not_public', 'POST', `/rounds/${bodies.round}/statements`, { token: planner, body: objection });
		const later = await open({ start: day(1) });
		await refuses(server, 409, 'round_not_open', 'POST', later.where, { body: objection });
	});

	it('repeat a request under its key, and learn nothing from another\'s', async () => {
		const { where } = await open();
		const headers = { 'Idempotency-Key': 'browser-1' };
		const answers = await Promise.all([1, 2, 3, 4].map(() => creates(server, where, { headers, body: objection })));
		for (const answer of answers) assert.deepEqual(answer, answers[0]);
		const other = await creates(server, where, { headers, body: { ...objection, stance: 'BEDENKEN' } });
		assert.notEqual(other.id, answers[0].id);
		const elsewhere = await open();
		assert.notEqual((await creates(server, elsewhere.where, { headers, body: objection })).id, answers[0].id);
		const [row] = await server.sql('select count(*) as n from pp.statement where round = :\'round\'', { round: where.split('/')[2] });
		assert.equal(Number(row.n), 2);
	});

	it('follow their statement by the secret of its receipt', async () => {
		const { where } = await open();
		const made = await creates(server, where, { body: objection });
		await creates(server, where, { body: { stance: 'BEDENKEN', text: 'von anderen' } });
		for (const headers of [{}, { 'Status-Token': 'x' }, { 'Status-Token': made.id }])
			await refuses(server, 404, 'status_token_unknown', 'GET', '/statements/by-token', { headers });
		const mine = await server.must(200, 'GET', '/statements/by-token', holding(made));
		assert.deepEqual(mine.person.details, objection.person);
		assert.deepEqual(mine.statements.map((each) => each.id), [made.id]);
		const [{ coordinates }] = mine.statements[0].points.map((point) => point.geometry);
		assert.ok(Math.abs(coordinates[0] - 9.9012345) < 1e-7 && Math.abs(coordinates[1] - 53.6312345) < 1e-7);
		const more = await server.must(201, 'POST', '/statements/by-token/supplements', { ...holding(made), body: { stance: 'EINWENDUNG', text: 'noch etwas' } });
		assert.deepEqual([more.number, more.supplement_to], [`${made.number}-1`, made.id]);
		assert.equal((await server.must(200, 'POST', '/statements/by-token/withdraw', { ...holding(made), body: { reason: 'erledigt' } })).state, 'ZURUECKGENOMMEN');
		await refuses(server, 409, 'conflict', 'POST', '/statements/by-token/withdraw', { ...holding(made), body: {} });
		assert.deepEqual((await server.must(200, 'GET', '/statements/by-token', holding(made))).statements.map((each) => [each.state, each.withdraw_reason]), [['ZURUECKGENOMMEN', 'erledigt'], ['EINGEGANGEN', null]]);
	});

	it('are read by the planning body alone, and know of it', async () => {
		const { where, procedure } = await open();
		const made = await creates(server, where, { body: objection });
		for (const token of [undefined, citizen, neighbours, await server.account('operator')])
			await refuses(server, 404, 'statement_not_found', 'GET', `/statements/${made.id}`, { token });
		const { items: [listed] } = await server.must(200, 'GET', `/procedures/${procedure}/statements`, { token: planner });
		assert.deepEqual([listed.person.name, listed.text, listed.points], ['Person 001', null, []]);
		assert.equal((await server.must(200, 'GET', `/statements/${made.id}`, { token: planner })).points[0].text, 'Vor unserem Haus');
		const person = `/persons/${made.person.id}`;
		await refuses(server, 400, 'invalid_parameter', 'GET', person, { token: planner });
		await refuses(server, 404, 'person_not_found', 'GET', `${person}?purpose=AKTE`, { token: await server.account('manager', halstenbek) });
		assert.equal((await server.must(200, 'GET', `${person}?purpose=MITTEILUNG`, { token: planner })).details.family_name, 'Muster');
		const { readings } = await server.must(200, 'GET', '/statements/by-token', holding(made));
		assert.deepEqual(readings.map(({ body, what, purpose, statement }) => [body, what, purpose, statement]), [[hamburg, 'INHALT', null, made.id], [hamburg, 'PERSON', 'MITTEILUNG', null]]);
	});

	it('have their letters entered by staff, judged by the day of receipt', async () => {
		const { round } = await open();
		const entry = { channel: 'POST', received_on: day(0), evidence: 'Eingangsstempel, Bl. 17', stance: 'BEDENKEN', text: 'Der Weg zur Schule wird gefährlich, wenn dort Lastwagen fahren.', person: { given_name: 'Erika', family_name: 'Muster', town: 'Schnelsen' } };
		const where = `/rounds/${round}/entries`;
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', where, { token: planner, body: { stance: 'BEDENKEN', signatures: 0 } })).sort(), ['/channel', '/evidence', '/received_on', '/signatures']);
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', where, { token: planner, body: { ...entry, received_on: day(1) } })), ['/received_on']);
		await refuses(server, 403, 'forbidden', 'POST', where, { token: citizen, body: entry });
		const first = await creates(server, where, { token: planner, body: entry });
		assert.deepEqual([first.channel, first.on_time, first.entered.received_on, first.entered.evidence, first.duplicates, first.status_token], ['POST', true, day(0), 'Eingangsstempel, Bl. 17', [], undefined]);
		const second = await creates(server, where, { token: planner, body: { ...entry, channel: 'FAX', text: 'Der Weg zur Schule wird gefährlich, falls dort Lastwagen fahren!' } });
		assert.deepEqual(second.duplicates.map(({ number, why }) => [number, why]), [[first.number, ['AEHNLICHER_TEXT', 'GLEICHE_PERSON']]]);
		// Before it is filed the same is told, and nothing kept.
		const preview = (body) => server.must(200, 'POST', `${where}/preview`, { token: planner, body });
		const { received_at: judged, deadline: last, ...rest } = await preview({ received_on: day(0) });
		// The last day of the period, which on a weekend becomes Monday (§ 193 BGB).
		const ends = new Date(new Date(first.deadline_at) - 1).toLocaleDateString('sv-SE', { timeZone: 'Europe/Berlin' });
		assert.ok(ends >= day(50));
		assert.deepEqual([instant.test(judged), last, rest], [true, ends, { on_time: true, days_late: null, lateness: null, duplicates: [], deadline_at: first.deadline_at }]);
		const { duplicates } = await preview({ received_on: day(0), stance: 'BEDENKEN', text: entry.text.toUpperCase(), person: { email: 'jemand@anders.example' } });
		assert.deepEqual(duplicates.map(({ number, why }) => [number, why]), [[first.number, ['GLEICHER_TEXT']], [second.number, ['AEHNLICHER_TEXT']]]);
		assert.deepEqual((await preview({ received_on: day(0), person: entry.person })).duplicates.map(({ number, why }) => [number, why]), [[first.number, ['GLEICHE_PERSON']], [second.number, ['GLEICHE_PERSON']]]);
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', `${where}/preview`, { token: planner, body: { received_on: day(1) } })), ['/received_on']);
		await refuses(server, 403, 'forbidden', 'POST', `${where}/preview`, { token: citizen, body: { received_on: day(0) } });
		assert.equal((await server.must(200, 'GET', `/procedures/${first.procedure}/statements`, { token: planner })).items.length, 2);
		const { items } = await server.must(200, 'GET', `/procedures/${first.procedure}/statements/duplicates`, { token: planner });
		assert.deepEqual(items.map(({ why, statements }) => [why, statements.map(({ number }) => number)]), [['GLEICHE_PERSON', [first.number, second.number]]]);
	});

	it('confirm their address by a link, and are heard without', async () => {
		const { where } = await open();
		const made = await creates(server, where, { body: objection });
		const [mail] = await server.sql('select body from pp.mail where kind = \'address_confirmation\' and procedure = :\'procedure\'', { procedure: made.procedure });
		const [, secret] = /adresse#([\w-]{43})/.exec(mail.body);
		await refuses(server, 404, 'confirmation_unknown', 'POST', '/address-confirmations', { body: { secret: made.status_token } });
		assert.equal((await server.must(200, 'GET', '/statements/by-token', holding(made))).person.address_confirmed_at, null);
		await server.must(204, 'POST', '/address-confirmations', { body: { secret } });
		assert.match((await server.must(200, 'GET', '/statements/by-token', holding(made))).person.address_confirmed_at, instant);
	});

	it('with an account have all that is kept of them', async () => {
		const { where } = await open();
		const made = await creates(server, where, { token: citizen, body: objection });
		const { persons } = await server.must(200, 'GET', '/account/export', { token: citizen });
		assert.deepEqual(persons.map((each) => each.statements.map(({ id }) => id)), [[made.id]]);
		assert.deepEqual(persons[0].person.consents.map(({ kind, given, text_version }) => [kind, given, text_version]), [['MITTEILUNGEN', true, '2026-11'], ['NAME', false, '2026-11']]);
		assert.deepEqual((await server.must(200, 'GET', '/account/export', { token: planner })).persons, []);
	});
});
