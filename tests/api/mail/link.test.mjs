// SPDX-License-Identifier: EUPL-1.2
// A body without an account, from the mail of its invitation to its answer; and what a link does not open.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer, until } from '../../harness/server.mjs';
import { day, fileBoth, confirm, hamburg, pointers, refuses, roundOf } from '../support.mjs';
import { readMessage, reason, Sink } from './sink.mjs';

const ellerbek = '01056013';

describe('invitation links', { skip: reason }, () => {
	let sink, server, planner, round, invitation, others, secret;
	const by = (value, more = {}) => ({ headers: { 'Invitation-Link': value, ...more } });
	const invitations = () => server.sql("select id, participant, channel, state from pp.invitation where round = :'round' order by participant", { round });
	const mailed = () => until(() => sink.messages.find(({ to }) => to[0] === 'rathaus@ellerbek.example'));
	before(async () => {
		sink = await new Sink().listen();
		server = await startServer({ settings: sink.settings() });
		planner = await server.account('manager', hamburg);
		await server.sql("insert into pp.body_mail values ('01056013', 'rathaus@ellerbek.example', '2020-01-01', null, 'test')");
		const both = await fileBoth(server, planner);
		await confirm(server, planner, both.plan);
		({ id: round } = await server.must(201, 'POST', `/procedures/${both.procedure}/rounds`, { token: planner, body: roundOf() }));
		others = await invitations();
		invitation = others.find(({ participant }) => participant === ellerbek);
	});
	after(async () => {
		await server.stop();
		await sink.close();
	});

	it('come by mail to whom an address is known of', async () => {
		assert.equal(invitation.channel, 'EMAIL');
		assert.ok(others.filter(({ participant }) => participant !== ellerbek).every(({ channel }) => channel === 'POST'));
		const message = readMessage((await mailed()).bytes);
		assert.match(message.get('subject'), /^Beteiligung: Bebauungsplan Schnelsen 99 – Stellungnahme bis \d+\. \p{L}+ \d{4}$/u);
		[, secret] = /\n {2}https:\/\/planung\.example\/einladung#([\w-]{43})\n/.exec(message.text);
		await until(async () => (await server.must(200, 'GET', `/invitations/${invitation.id}/mails`, { token: planner })).items[0].state === 'GESENDET');
		const stored = await server.sql("select m::text as mail, l::text as link from pp.mail m join pp.invitation_link l on l.mail = m.id");
		assert.equal(stored.length, 1);
		assert.ok(!JSON.stringify(stored).includes(secret), 'the secret lies nowhere');
		assert.ok(!server.log.some((line) => JSON.stringify(line).includes(secret)), 'and in no log');
	});

	it('open that one invitation', async () => {
		const seen = await server.must(200, 'GET', '/invitations/by-link', by(secret));
		assert.deepEqual([seen.invitation.id, seen.invitation.body, seen.statements, seen.documents], [invitation.id, ellerbek, [], []]);
		assert.equal((await server.must(200, 'POST', '/invitations/by-link/acknowledge', { ...by(secret), body: {} })).invitation.state, 'GELESEN');
		for (const wrong of [{}, by('x'), by(secret.slice(1)), by(`${secret} `.repeat(2))])
			await refuses(server, 404, 'invitation_link_unknown', 'GET', '/invitations/by-link', wrong);
	});

	it('and nothing else', async () => {
		const other = others.find(({ participant }) => participant !== ellerbek);
		for (const [method, path, body] of [['GET', `/invitations/${invitation.id}`], ['GET', `/invitations/${other.id}`], ['GET', '/inbox'], ['GET', `/rounds/${round}/board`],
			['POST', `/invitations/${invitation.id}/acknowledge`, {}], ['POST', `/invitations/${other.id}/statements`, { stance: 'BEDENKEN', text: 'x' }],
			['GET', `/invitations/${invitation.id}/links`], ['POST', `/invitations/${invitation.id}/links`, {}]])
			await refuses(server, 401, 'unauthenticated', method, path, { ...by(secret), body });
	});

	it('answer it, with who has signed, once', async () => {
		const path = '/invitations/by-link/statements';
		const body = { stance: 'ANREGUNGEN', text: 'Bitte den Knick erhalten.', name: 'Anke Förster', function: 'Bauamt' };
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', path, { ...by(secret), body: { stance: 'ANREGUNGEN', text: 'x' } })), ['/name']);
		await refuses(server, 404, 'invitation_link_unknown', 'POST', path, { ...by('x'), body });
		const keyed = { ...by(secret, { 'Idempotency-Key': 'einmal' }), body };
		const first = await server.must(201, 'POST', path, keyed);
		const again = await server.must(201, 'POST', path, keyed);
		assert.deepEqual(again, first);
		assert.deepEqual([first.channel, first.signed_by, first.participant, first.on_time], ['LINK', 'Anke Förster, Bauamt', ellerbek, true]);
		const board = await server.must(200, 'GET', `/rounds/${round}/board`, { token: planner });
		const row = board.municipalities.find(({ body: key }) => key === ellerbek);
		assert.deepEqual([row.state, row.mail, row.statements], ['BEANTWORTET', 'GESENDET', [first.id]]);
		assert.equal((await server.must(200, 'GET', `/statements/${first.id}`, { token: planner })).signed_by, 'Anke Förster, Bauamt');
		assert.equal((await server.must(200, 'GET', '/invitations/by-link', by(secret))).statements.length, 1);
	});

	it('are made for letters, sent again and revoked by the planning body', async () => {
		const path = `/invitations/${invitation.id}/links`;
		const letter = await server.must(201, 'POST', path, { token: planner, body: {} });
		assert.equal(letter.path, `/einladung#${letter.secret}`);
		assert.equal((await server.must(200, 'GET', '/invitations/by-link', by(letter.secret))).invitation.id, invitation.id);
		const { mail } = await server.must(201, 'POST', path, { token: planner, body: { send: true } });
		await until(() => sink.messages.some(({ bytes }) => bytes.includes(`<${mail}@`)));
		const other = others.find(({ participant }) => participant !== ellerbek);
		await refuses(server, 409, 'conflict', 'POST', `/invitations/${other.id}/links`, { token: planner, body: { send: true } });
		const { items } = await server.must(200, 'GET', path, { token: planner });
		assert.deepEqual(items.map((item) => item.by), ['EMAIL', 'PLANUNG', 'EMAIL']);
		assert.ok(items[0].used_at && !items[1].used_at);
		await server.must(200, 'POST', `${path}/revoke`, { token: planner, body: {} });
		for (const value of [secret, letter.secret]) await refuses(server, 404, 'invitation_link_unknown', 'GET', '/invitations/by-link', by(value));
	});

	it('a mail that nobody takes makes the invitation undeliverable', async () => {
		await server.sql("insert into pp.body_mail values ('01056018', 'weg@halstenbek.example', '2020-01-01', null, 'test')");
		sink.recipients.push([550, '5.1.1 unknown']);
		const { procedure } = await fileBoth(server, planner).then(async (both) => (await confirm(server, planner, both.plan), both));
		const { id } = await server.must(201, 'POST', `/procedures/${procedure}/rounds`, { token: planner, body: roundOf({ step: 'FOERM_TOEB', start: day(1), end: day(50) }) });
		const row = () => server.must(200, 'GET', `/rounds/${id}/board`, { token: planner }).then(({ municipalities }) => municipalities.find(({ state }) => state === 'UNZUSTELLBAR'));
		assert.equal((await until(row)).mail, 'FEHLGESCHLAGEN');
	});
});
