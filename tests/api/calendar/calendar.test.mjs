// SPDX-License-Identifier: EUPL-1.2
// Calendars of a procedure and of an inbox, read by a program that is not ours.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startServer } from '../../harness/server.mjs';
import { amtPinnau, confirm, day, ellerbek, fileBoth, halstenbek, hamburg, invitationOf, nowhere, openRound, refuses, roundOf } from '../support.mjs';

const reader = join(dirname(fileURLToPath(import.meta.url)), 'read_ics.py');
const english = { 'Accept-Language': 'en' };
const inbox = '/inbox/calendar.ics';
const of = (procedure) => `/procedures/${procedure}/calendar.ics`;

/** The same day of the calendar so many days later. */
const plus = (date, days) => new Date(Date.parse(date) + days * 86400000).toISOString().slice(0, 10);

/** What the other program reads, after a look at the lines themselves (RFC 5545 §3.1). */
function read(text) {
	assert.ok(text.endsWith('\r\n'));
	for (const line of text.slice(0, -2).split('\r\n')) {
		assert.ok(Buffer.byteLength(line) <= 75, line);
		assert.ok(!/[\r\n]/.test(line), JSON.stringify(line));
	}
	const { status, stdout, stderr } = spawnSync(reader, { input: text, encoding: 'utf8', maxBuffer: 1 << 26 });
	assert.equal(status, 0, stderr);
	return JSON.parse(stdout);
}

describe('calendars', () => {
	let server, planner, amt, halstenbekers;
	before(async () => {
		server = await startServer();
		planner = await server.account('manager', hamburg);
		amt = await server.account('clerk releaser', amtPinnau);
		halstenbekers = await server.account('clerk releaser', halstenbek);
	});
	after(() => server.stop());

	const calendar = async (path, options) => {
		const reply = await server.api('GET', path, options);
		assert.equal(reply.status, 200, reply.text);
		assert.equal(reply.headers.get('content-type'), 'text/calendar; charset=utf-8');
		return { ...read(reply.text), headers: reply.headers, text: reply.text };
	};
	const eventOf = async (path, id, options) => {
		const found = (await calendar(path, options)).events.filter((event) => event.uid === `${id}@planungsplattform`);
		assert.equal(found.length, 1, `one event of ${id}`);
		return found[0];
	};
	const openPublic = (procedure) => server.must(201, 'POST', `/procedures/${procedure}/rounds`,
		{ token: planner, body: roundOf({ step: 'FOERM_OEFF', audience: 'OEFF' }) });

	it('of a procedure have its rounds as whole days, as far as one may see them', async () => {
		const title = 'Bebauungsplan „Große Übergänge“, Teil A; B\\C: Ergänzung für die Flächen nördlich der Straße Süderquerweg';
		const { procedure, round, opened } = await openRound(server, planner, { title });
		const shown = await server.must(200, 'GET', `/procedures/${procedure}`, { token: planner });
		const mine = await calendar(of(procedure), { token: planner });
		assert.deepEqual([mine.version, mine.name, mine['x-wr-calname'], mine.method], ['2.0', `${shown.number} ${title}`, `${shown.number} ${title}`, undefined]);
		assert.match(mine.text, /^REFRESH-INTERVAL;VALUE=DURATION:PT1H\r$/m);
		assert.match(mine.prodid, /^-\/\/Planungsplattform\/\/.*\/\/DE$/);
		assert.equal(mine.headers.get('content-disposition'), `attachment; filename="${shown.number}.ics"`);
		const [event] = mine.events;
		assert.deepEqual([event.uid, event.dtstart, event.dtend], [`${round}@planungsplattform`, opened.start, plus(opened.closes_at.slice(0, 10), 1)]);
		assert.equal(event.summary, `Förmliche Beteiligung der Behörden: ${title}`);
		assert.equal(event.description, [`Verfahren: ${shown.number} ${title}`, 'Planungsträger: Hamburg',
			'Schritt: Förmliche Beteiligung der Behörden (§ 4 (2), § 2 (2) BauGB)', 'Gefragt: Behörden und sonstige Träger öffentlicher Belange',
			'Wer eingeladen ist, nimmt bis zur eigenen Frist Stellung; sie kann später enden als die Runde.', event.url].join('\n'));
		assert.equal(event.url, `${server.address}/api/v1/procedures/${procedure}`);
		assert.deepEqual([event.status, event.transp, event.categories, event.alarms], ['CONFIRMED', 'TRANSPARENT', ['Beteiligung'], []]);
		assert.deepEqual([event.dtstamp, event['last-modified']], Array(2).fill(`${shown.changed_at.slice(0, 19)}+00:00`));

		const { id } = await openPublic(procedure);
		assert.deepEqual((await calendar(of(procedure), { token: amt })).events.map((each) => each.uid).sort(), [round, id].map((each) => `${each}@planungsplattform`).sort());
		const seen = (await calendar(of(procedure))).events;
		assert.deepEqual(seen.map((each) => each.uid), [`${id}@planungsplattform`]);
		assert.match(seen[0].description, /Veröffentlichung des Entwurfs \(§ 3 \(2\) BauGB\)\nGefragt: Öffentlichkeit\nDie Unterlagen sind einsehbar/);
		assert.ok((await eventOf(of(procedure), round, { token: planner })).sequence > event.sequence);
	});

	it('of what one may not see do not exist', async () => {
		const { procedure } = await openRound(server, planner);
		for (const token of [undefined, await server.account('public'), await server.account('manager', ellerbek.replace('13', '15'))])
			await refuses(server, 404, 'procedure_not_found', 'GET', of(procedure), { token });
		await refuses(server, 404, 'procedure_not_found', 'GET', of(nowhere), { token: planner });
		await refuses(server, 404, 'not_found', 'GET', '/procedures/mine/calendar.ics', { token: planner });
		await refuses(server, 401, 'unauthenticated', 'GET', inbox);
		for (const role of ['public', 'operator'])
			await refuses(server, 403, 'forbidden', 'GET', inbox, { token: await server.account(role) });
	});

	it('of a procedure without rounds are empty', async () => {
		const { procedure } = await fileBoth(server, planner);
		assert.deepEqual((await calendar(of(procedure), { token: planner })).events, []);
	});

	it('of an inbox have the deadline of each invitation, for its body and its office alone', async () => {
		const { round, procedure } = await openRound(server, planner);
		const invitation = await invitationOf(server, amt, round, ellerbek);
		const mine = await calendar(inbox, { token: amt });
		assert.deepEqual([mine.name, mine.headers.get('content-disposition')], ['Fristen: Amt Pinnau', 'attachment; filename="fristen.ics"']);
		const event = await eventOf(inbox, invitation.id, { token: amt });
		assert.deepEqual([event.dtstart, event.dtend], [invitation.deadline, plus(invitation.deadline, 1)]);
		assert.equal(event.summary, 'Frist: Bebauungsplan Schnelsen 99 (Ellerbek)');
		assert.deepEqual([event.status, event.transp, event.categories, event.url], ['CONFIRMED', 'TRANSPARENT', ['Frist'], `${server.address}/api/v1/invitations/${invitation.id}`]);
		assert.match(event.description, /\nEingeladen: Ellerbek\nPostfach: Amt Pinnau\nStellung nehmen, spätestens an diesem Tag\./);
		assert.deepEqual(event.alarms.map(({ action, trigger, description }) => [action, trigger, description]),
			[-7, -1].map((days) => ['DISPLAY', days, event.summary]));
		const listed = (await server.must(200, 'GET', '/inbox?limit=500', { token: amt })).invitations;
		assert.deepEqual(mine.events.map((each) => each.uid), listed.map((each) => `${each.id}@planungsplattform`));

		const theirs = await calendar(inbox, { token: halstenbekers });
		assert.ok(theirs.events.length > 0 && theirs.events.every((each) => each.summary.endsWith('(Halstenbek)')));
		assert.ok(!theirs.text.includes(invitation.id));
		// The planning body sees the invitation, but nobody has invited it.
		assert.ok((await server.must(200, 'GET', `/invitations/${invitation.id}`, { token: planner })).procedure === procedure);
		for (const token of [planner, await server.account('clerk releaser', '01001000')])
			assert.deepEqual((await calendar(inbox, { token })).events, []);
	});

	it('move with an extension, under the same UID and a higher SEQUENCE', async () => {
		const { round } = await openRound(server, planner);
		const { id, deadline } = await invitationOf(server, amt, round, ellerbek);
		const before = await eventOf(inbox, id, { token: amt });
		await server.must(200, 'POST', `/invitations/${id}/extension`, { token: planner, body: { deadline: day(70), reason: 'Sitzung der Gemeindevertretung' } });
		const moved = await eventOf(inbox, id, { token: amt });
		assert.deepEqual([moved.dtstart, moved.dtend], [day(70), plus(day(70), 1)]);
		assert.ok(moved.sequence > before.sequence && moved['last-modified'] >= before['last-modified']);
		assert.ok(moved.description.includes(`\nVerlängert, vorher: ${deadline}\n`) && !before.description.includes('Verlängert'));
	});

	it('no longer remind of what is answered, and forget it after a year', async () => {
		const { round } = await openRound(server, planner);
		const { id } = await invitationOf(server, amt, round, ellerbek);
		const before = await eventOf(inbox, id, { token: amt });
		const statement = await server.must(201, 'POST', `/invitations/${id}/statements`, { token: amt, body: { stance: 'KEINE_BEDENKEN' } });
		const answered = await eventOf(inbox, id, { token: amt });
		assert.deepEqual([answered.summary, answered.alarms, answered.status], ['Beantwortet: Bebauungsplan Schnelsen 99 (Ellerbek)', [], 'CONFIRMED']);
		assert.ok(answered.sequence > before.sequence);
		await server.must(200, 'POST', `/statements/${statement.id}/withdraw`, { token: amt, body: { reason: 'versehentlich gesendet' } });
		const again = await eventOf(inbox, id, { token: amt });
		assert.deepEqual([again.summary, again.alarms.length], [before.summary, 2]);
		assert.ok(again.sequence > answered.sequence);
		await server.must(201, 'POST', `/invitations/${id}/statements`, { token: amt, body: { stance: 'KEINE_BEDENKEN' } });
		await server.sql('update pp.invitation set answered_at = now() - interval \'366 days\' where id = :\'id\'', { id });
		assert.ok(!(await calendar(inbox, { token: amt })).text.includes(id));
	});

	it('cancel what was withdrawn', async () => {
		const { procedure, round } = await openRound(server, planner);
		const { id } = await invitationOf(server, amt, round, ellerbek);
		const before = [await eventOf(inbox, id, { token: amt }), await eventOf(of(procedure), round, { token: amt })];
		await server.must(200, 'POST', `/procedures/${procedure}/withdraw`, { token: planner, body: { reason: 'Die Planung wird aufgegeben.' } });
		const cancelled = [await eventOf(inbox, id, { token: amt }), await eventOf(of(procedure), round, { token: amt })];
		for (const [i, event] of cancelled.entries()) {
			assert.deepEqual([event.status, event.alarms, event.dtstart], ['CANCELLED', [], before[i].dtstart]);
			assert.match(event.description, /\nDas Verfahren ist eingestellt; zu tun ist nichts\.\nhttp/);
			assert.ok(event.sequence > before[i].sequence);
		}
	});

	it('name the legal day in summer and in winter, and the Monday after a Sunday', async () => {
		const year = new Date().getUTCFullYear() + 1;
		const sundayAfter = (date) => plus(date, 7 - (new Date(date).getUTCDay() || 7) || 7);
		for (const [sunday, hour] of [[sundayAfter(`${year}-07-08`), '22'], [sundayAfter(`${year + 1}-01-08`), '23']]) {
			const { procedure, round, opened } = await openRound(server, planner, { round: { end: sunday } });
			const monday = plus(sunday, 1);
			assert.deepEqual([opened.end, opened.closes_at], [sunday, `${monday}T${hour}:00:00.000000Z`]);
			assert.equal((await eventOf(of(procedure), round, { token: planner })).dtend, plus(monday, 1));
			const { id, deadline } = await invitationOf(server, amt, round, ellerbek);
			const event = await eventOf(inbox, id, { token: amt });
			assert.deepEqual([deadline, event.dtstart, event.dtend], [monday, monday, plus(monday, 1)]);
		}
	});

	it('speak English to whoever prefers it', async () => {
		const { procedure, round } = await openRound(server, planner);
		const { id } = await invitationOf(server, amt, round, ellerbek);
		const mine = await calendar(inbox, { token: amt, headers: english });
		assert.deepEqual([mine.name, mine.headers.get('content-language'), mine.headers.get('content-disposition')], ['Deadlines: Amt Pinnau', 'en', 'attachment; filename="deadlines.ics"']);
		assert.equal(mine.headers.get('cache-control'), 'no-store', 'of an account: no cache keeps it, in no language');
		const event = mine.events.find((each) => each.uid.startsWith(id));
		assert.deepEqual([event.summary, event.categories], ['Deadline: Bebauungsplan Schnelsen 99 (Ellerbek)', ['Deadline']]);
		assert.match(event.description, /\nInvited: Ellerbek\nMailbox: Amt Pinnau\nAnswer on this day at the latest\./);
		const { summary, description } = await eventOf(of(procedure), round, { token: planner, headers: english });
		assert.equal(summary, 'Formal participation of public agencies: Bebauungsplan Schnelsen 99');
		assert.match(description, /^Procedure: .*\nPlanning body: Hamburg\nStep: .*\nAsked: public agencies\nWhoever is invited/);
	});

	it('are the same bytes until something changes: 304', async () => {
		const { procedure, round } = await openRound(server, planner);
		const { id } = await invitationOf(server, amt, round, ellerbek);
		for (const path of [inbox, of(procedure)]) {
			const first = await calendar(path, { token: amt });
			const etag = first.headers.get('etag');
			assert.match(etag, /^"[\w-]{43}"$/);
			const again = await calendar(path, { token: amt });
			assert.deepEqual([again.text, again.headers.get('etag')], [first.text, etag]);
			const same = await server.api('GET', path, { token: amt, headers: { 'If-None-Match': etag } });
			assert.deepEqual([same.status, same.text, same.headers.get('etag')], [304, '', etag]);
			const head = await server.api('HEAD', path, { token: amt });
			assert.deepEqual([head.status, head.text, head.headers.get('etag')], [200, '', etag]);
			await calendar(path, { token: amt, headers: { 'If-None-Match': etag, ...english } });
		}
		const { headers } = await calendar(inbox, { token: amt });
		await server.must(200, 'POST', `/invitations/${id}/extension`, { token: planner, body: { deadline: day(75), reason: 'Ferien' } });
		await calendar(inbox, { token: amt, headers: { 'If-None-Match': headers.get('etag') } });
	});

	it('end after 2,000 events, the latest days first', async () => {
		const { procedure, plan } = await fileBoth(server, planner);
		await confirm(server, planner, plan);
		const { id: round } = await server.must(201, 'POST', `/procedures/${procedure}/rounds`, { token: planner, body: roundOf() });
		await server.sql(`insert into pp.round
			select (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid(), 'no', d.no + n, 'start_on', d.end_on + n * 2, 'end_on', d.end_on + n * 2,
				'opens_at', d.opens_at + n * interval '2 days', 'closes_at', d.closes_at + n * interval '2 days', 'minimum_end', null))).*
			  from pp.round d, generate_series(1, 2010) n where d.id = :'round'`, { round });
		await server.sql(`insert into pp.invitation
			select (jsonb_populate_record(i, jsonb_build_object('id', gen_random_uuid(), 'round', d.id, 'deadline', pp.last_day(d.closes_at), 'deadline_at', d.closes_at))).*
			  from pp.invitation i join pp.round d on d.procedure = i.procedure and d.id <> i.round where i.round = :'round' and i.participant = :'ags'`, { round, ags: ellerbek });
		for (const [path, last] of [[of(procedure), 'dtend'], [inbox, 'dtstart']]) {
			const days = (await calendar(path, { token: amt })).events.map((event) => event[last]);
			assert.equal(days.length, 2000);
			assert.deepEqual(days, [...days].sort().reverse());
			assert.ok(days.at(-1) > day(60));
		}
	});
});
