// SPDX-License-Identifier: EUPL-1.2
// Reminders by the clock, and what can be proved of an invitation. The clock begins in March 2031.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer, until } from '../../harness/server.mjs';
import { amtPinnau, creates, ellerbek, halstenbek, hamburg, instant, invitationOf, openRound, pointers, refuses } from '../support.mjs';

describe('reminders', () => {
	let server, planner, amt, round, procedure, invitation;
	const due = () => server.sql("select data ->> 'rule' as rule, data ->> 'due_on' as due_on, data ->> 'body' as body from pp.event where kind = 'reminder.due' and round = :'round' order by id", { round });
	const days = async () => [...new Set((await due()).map((row) => `${row.due_on} ${row.rule}`))];
	before(async () => {
		server = await startServer({ clock: true });
		server.clock.set('2031-03-03T09:00:00Z');
		planner = await server.account('manager', hamburg);
		amt = await server.account('clerk releaser', amtPinnau);
		// From 4 March to 16 April 2031, a Wednesday.
		({ procedure, round } = await openRound(server, planner, { round: { start: '2031-03-04', end: '2031-04-16' } }));
		invitation = (await invitationOf(server, amt, round, ellerbek)).id;
	});
	after(() => server.stop());

	it('are due at the beginning of their day', async () => {
		server.clock.set('2031-04-08T21:59:59.000Z');
		assert.deepEqual(await due(), []);
		await until(async () => (await due()).length > 0);
		const first = await due();
		assert.deepEqual([...new Set(first.map((row) => row.rule + row.due_on))], ['FRIST_72031-04-09']);
		const [{ at }] = await server.sql("select min(at) as at from pp.event where kind = 'reminder.due' and round = :'round'", { round });
		assert.ok(new Date(at) >= new Date('2031-04-08T22:00:00Z'), 'never early');
		assert.ok(first.some((row) => row.body === ellerbek));
	});

	it('are listed for the planning body until they are sent', async () => {
		const list = () => server.must(200, 'GET', `/procedures/${procedure}/reminders-due`, { token: planner });
		const { items } = await list();
		assert.equal(items.length, (await due()).length);
		const mine = items.find((item) => item.body === ellerbek);
		assert.deepEqual([mine.rule, mine.due_on, mine.deadline, mine.mailbox_body, mine.recipient, mine.sent], ['FRIST_7', '2031-04-09', '2031-04-16', amtPinnau, 'BETEILIGTER', false]);
		await refuses(server, 403, 'forbidden', 'GET', `/procedures/${procedure}/reminders-due`, { token: amt });
		await refuses(server, 404, 'procedure_not_found', 'GET', `/procedures/${procedure}/reminders-due`, { token: await server.account('manager', '01001000') });

		const where = `/invitations/${invitation}/reminders`;
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', where, { token: planner, body: { channel: 'BRIEFTAUBE' } })), ['/channel']);
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', where, { token: planner, body: { channel: 'POST', sent_at: '2031-05-01T00:00:00Z' } })), ['/sent_at']);
		await refuses(server, 403, 'forbidden', 'POST', where, { token: amt, body: { channel: 'POST' } });
		const sent = await creates(server, where, { token: planner, body: { channel: 'EMAIL', recipient: 'info@amt-pinnau.example', proof: '<17@hamburg.example>' } });
		assert.deepEqual([sent.channel, sent.proof, sent.by], ['EMAIL', '<17@hamburg.example>', planner.email]);
		assert.match(sent.sent_at, instant);
		assert.deepEqual((await list()).items.map((item) => item.body).sort(), items.map((item) => item.body).filter((body) => body !== ellerbek).sort());
		const all = await creates(server, `/rounds/${round}/reminders`, { token: planner, body: { channel: 'POST', proof: 'Einlieferungsliste 4' } });
		assert.equal(all.count, items.length);
		assert.deepEqual((await list()).items, []);
		const both = await server.must(200, 'GET', `/rounds/${round}/reminders`, { token: planner });
		assert.deepEqual([both.due.length, both.sent.length], [items.length, items.length + 1]);
		await refuses(server, 403, 'forbidden', 'POST', `/rounds/${round}/reminders`, { token: amt, body: { channel: 'POST' } });
	});

	it('come in order, once each, after the clerk was away', async () => {
		await server.must(200, 'POST', `/invitations/${invitation}/acknowledge`, { token: amt });
		await server.stop({ keepDatabase: true });
		const before = await days();
		server = await startServer({ clock: true, database: server.database });
		server.clock.set('2031-04-25T09:00:00Z');
		await until(async () => (await server.must(200, 'GET', `/procedures/${procedure}`, { token: planner })).state === 'AUSWERTUNG');
		assert.deepEqual(await days(), [...before, '2031-04-13 UNGELESEN_3', '2031-04-17 ABGELAUFEN']);
		assert.ok((await due()).every((row) => row.rule !== 'UNGELESEN_3' || row.body !== ellerbek), 'whoever has read it is not told to');
		const rows = await due();
		assert.equal(new Set(rows.map((row) => row.rule + row.body)).size, rows.length);
	});

	it('and all else that is known is evidence, in its order, for those whom it concerns', async () => {
		await creates(server, `/invitations/${invitation}/statements`, { token: amt, body: { stance: 'BEDENKEN', text: 'Zu laut.' } });
		const of = (token) => server.must(200, 'GET', `/invitations/${invitation}/evidence`, { token });
		const seen = await of(planner);
		assert.deepEqual(seen.items.map((item) => item.what).filter((what) => what !== 'ERINNERUNG_FAELLIG'),
			['EINGELADEN', 'ZUGEGANGEN', 'ERINNERT', 'ERINNERT', 'GELESEN', 'ABGELAUFEN', 'STELLUNGNAHME']);
		assert.deepEqual(seen.items.map((item) => item.at), seen.items.map((item) => item.at).sort());
		const one = (items, what) => items.find((item) => item.what === what);
		assert.deepEqual([one(seen.items, 'EINGELADEN').legal_basis, one(seen.items, 'ZUGEGANGEN').data.how, one(seen.items, 'GELESEN').body], ['§ 4 (2), § 2 (2) BauGB', 'PORTAL', amtPinnau]);
		assert.deepEqual([one(seen.items, 'STELLUNGNAHME').data.on_time, one(seen.items, 'STELLUNGNAHME').legal_basis], [false, '§ 4a Abs. 5 Satz 1 BauGB']);
		assert.deepEqual([one(seen.items, 'ERINNERT').by, one((await of(amt)).items, 'ERINNERT').by], [planner.email, null]);
		assert.ok(!(await of(amt)).items.some((item) => item.data.rule === 'ABGELAUFEN') && seen.items.some((item) => item.data.rule === 'ABGELAUFEN'));
		await refuses(server, 404, 'invitation_not_found', 'GET', `/invitations/${invitation}/evidence`, { token: await server.account('clerk releaser', halstenbek) });
		await refuses(server, 403, 'forbidden', 'GET', `/invitations/${invitation}/evidence`, { token: await server.account('operator') });
		await refuses(server, 409, 'conflict', 'POST', `/invitations/${invitation}/reminders`, { token: planner, body: { channel: 'POST' } });
	});

	it('follow rows that everybody reads', async () => {
		const { items } = await server.must(200, 'GET', '/reminder-rules');
		assert.deepEqual(items.map((row) => [row.id, row.days, row.recipient]), [['FRIST_7', 7, 'BETEILIGTER'], ['UNGELESEN_3', 3, 'BETEILIGTER'], ['ABGELAUFEN', -1, 'PLANUNG']]);
	});
});
