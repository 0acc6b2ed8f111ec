// SPDX-License-Identifier: EUPL-1.2
// Added holidays: read, added, withdrawn; what is open moves on with them and never back.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { command, psql, startServer, until } from '../../harness/server.mjs';
import { amtPinnau, ellerbek, halstenbek, hamburg, invitationOf, nowhere, openRound, pointers, refuses, uuid7 } from '../support.mjs';

const plus = (text, days) => new Date(Date.parse(`${text}T12:00:00Z`) + days * 86400000).toISOString().slice(0, 10);
const weekday = (text) => new Date(`${text}T12:00:00Z`).getUTCDay();
/** 24:00 of that day in Berlin, as the server writes it. */
const endOf = (day) => [1, 2].map((hours) => new Date(Date.parse(`${plus(day, 1)}T00:00:00Z`) - hours * 3600000))
	.find((at) => at.toLocaleTimeString('sv-SE', { timeZone: 'Europe/Berlin' }) === '00:00:00').toISOString().replace('Z', '000Z');
const festival = { area: '09761000', when: '08-08', name: 'Hohes Friedensfest', name_en: 'Peace Festival', source: 'Art. 1 Abs. 2 FTG BY' };

describe('holidays', () => {
	let server, root, planner, amt;
	before(async () => {
		server = await startServer({ clock: true });
		// In a year in which Ascension Day and the days about it do not disturb: Monday, 9 January.
		server.clock.set('2045-01-09T10:00:00Z');
		root = await server.account('operator');
		planner = await server.account('manager', hamburg);
		amt = await server.account('clerk releaser', amtPinnau);
	});
	after(() => server.stop());
	const add = (body) => server.must(201, 'POST', '/holidays', { token: root, body });
	const oneDay = (when, area = '02', more = {}) => ({ area, when, name: 'Trauertag', source: 'Verordnung des Senats', ...more });
	const days = async (query) => (await server.must(200, 'GET', `/holidays?${query}`)).items;
	const end = async (query) => (await server.must(200, 'GET', `/deadlines?${query}`)).end;

	it('are those of the table, as on the command line', async () => {
		for (const land of ['SH', 'SN', '09']) {
			const typed = JSON.parse((await command(['holidays', '2026', '--land', land, '--format', 'json'])).stdout).holidays;
			assert.deepEqual((await days(`year=2026&land=${land}`)).map(({ day, name, name_en, source }) => ({ date: day, name, name_en, source })), typed);
		}
		const all = await days('year=2026');
		assert.deepEqual(all.filter(({ day }) => day === '2026-03-08').flatMap(({ areas }) => areas), ['11', '13']);
		assert.equal(all[0].areas.length, 16);
		for (const [query, pointer] of [['year=1994', 'year'], ['year=2101', 'year'], ['', 'year'], ['year=2026&land=XX', 'land'], ['year=2026&land=02&ags=01056013', 'ags'], ['year=2026&ags=99056013', 'ags']])
			assert.deepEqual(pointers(await refuses(server, 400, 'invalid_parameter', 'GET', `/holidays?${query}`)), [pointer], query);
	});

	it('are added with their area, and explain deadlines there', async () => {
		const heard = await server.events();
		const added = await add(festival);
		assert.match(added.id, uuid7);
		assert.deepEqual(added.affects, []);
		for (let event; (event = await heard.next()).event !== 'holiday.added';) assert.ok(event);
		heard.close();
		const augsburg = (await days('year=2025&ags=09761000')).find(({ day }) => day === '2025-08-08');
		assert.deepEqual(augsburg, { day: '2025-08-08', name: 'Hohes Friedensfest', name_en: 'Peace Festival', areas: ['09761000'], source: festival.source, id: added.id, added: added.added });
		for (const elsewhere of ['land=BY', 'ags=09762000']) assert.ok((await days(`year=2025&${elsewhere}`)).every(({ day }) => day !== '2025-08-08'), elsewhere);
		const answer = await server.must(200, 'GET', '/deadlines?rule=FRIST&n=2&unit=w&mode=E&start=2025-07-25&calendar=09761000', { headers: { 'Accept-Language': 'en' } });
		assert.deepEqual(answer.moved_by[0], { date: '2025-08-08', why: 'Peace Festival' });
		assert.equal(await end('rule=FRIST&n=2&unit=w&mode=E&start=2025-07-25&calendar=BY'), '2025-08-08');
		const shown = await server.api('GET', `/holidays/${added.id}`);
		assert.equal(shown.headers.get('etag'), '"1"');
		assert.deepEqual({ ...shown.body, affects: [] }, added);
	});

	it('are refused where a field does not fit, where they are there, and to whoever is no operator', async () => {
		for (const [more, pointer] of [[{ area: '17' }, '/area'], [{ when: '02-30' }, '/when'], [{ when: '2026-02-03', from: 2026 }, '/from'], [{ from: 2030, until: 2029 }, '/until'],
			[{ name: '' }, '/name'], [{ source: undefined }, '/source'], [{ colour: 'red' }, '/colour']])
			assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', '/holidays', { token: root, body: { ...festival, area: '09', ...more } })), [pointer]);
		await refuses(server, 409, 'holiday_exists', 'POST', '/holidays', { token: root, body: { ...festival, from: 2026 } });
		await refuses(server, 403, 'forbidden', 'POST', '/holidays', { token: planner, body: festival });
		await refuses(server, 401, 'unauthenticated', 'POST', '/holidays', { body: festival });
		await refuses(server, 404, 'holiday_not_found', 'GET', `/holidays/${nowhere}`);
	});

	it('are at most twenty days a year, so that a period always ends', async () => {
		const ids = [];
		for (let day = 1; day <= 19; day++) ids.push((await add(oneDay(`2044-03-${String(day).padStart(2, '0')}`))).id);
		const { errors: [{ pointer, detail }] } = await refuses(server, 422, 'invalid_body', 'POST', '/holidays', { token: root, body: oneDay('2044-03-20') });
		assert.equal(pointer, '/when');
		assert.match(detail, /Im Jahr 2044 wären mehr als 20 Tage/);
		assert.equal(await end('rule=FRIST&n=1&unit=d&mode=D&start=2044-03-01&calendar=HH'), '2044-03-21');
		for (const id of ids) await server.must(204, 'DELETE', `/holidays/${id}?reason=Probe`, { token: root, headers: { 'If-Match': '"1"' } });
		assert.equal(await end('rule=FRIST&n=1&unit=d&mode=D&start=2044-03-01&calendar=HH'), '2044-03-01');
	});

	it('are withdrawn with a reason and stay on record, so that an earlier end can be explained', async () => {
		const { id, added } = await add(oneDay('2045-02-07'));
		const query = 'rule=FRIST&n=1&unit=d&mode=D&start=2045-02-07&calendar=HH';
		assert.equal(await end(query), '2045-02-08');
		const path = `/holidays/${id}?reason=Verordnung+aufgehoben`;
		await refuses(server, 428, 'precondition_required', 'DELETE', path, { token: root });
		await refuses(server, 412, 'precondition_failed', 'DELETE', path, { token: root, headers: { 'If-Match': '"7"' } });
		await refuses(server, 400, 'invalid_parameter', 'DELETE', `/holidays/${id}`, { token: root, headers: { 'If-Match': '"1"' } });
		await server.must(204, 'DELETE', path, { token: root, headers: { 'If-Match': '"1"' } });
		assert.equal(await end(query), '2045-02-07');
		assert.equal(await end(`${query}&as_of=${added}`), '2045-02-08');
		assert.equal(await end(`${query}&as_of=2045-01-01T00:00:00Z`), '2045-02-07');
		const { withdrawn, withdraw_reason: reason } = await server.must(200, 'GET', `/holidays/${id}`);
		assert.ok(withdrawn > added);
		assert.equal(reason, 'Verordnung aufgehoben');
		assert.ok((await days(`year=2045&land=HH&as_of=${added}`)).some((item) => item.id === id));
		await add(oneDay('2045-02-07', '02', { name: 'Noch einmal' }));
	});

	it('move on what is open and ends on them, with an event each, and nothing else', async () => {
		const last = '2045-03-01';
		assert.equal(weekday(last), 3);
		const { round, opened } = await openRound(server, planner, { round: { start: server.clock.day(1), end: last } });
		const other = await openRound(server, planner, { round: { start: server.clock.day(1), end: '2045-03-02' } });
		const before = await invitationOf(server, amt, round, ellerbek);
		assert.equal(before.deadline, last);
		const heard = await server.events('/events', { token: amt });
		const preview = await server.must(200, 'POST', '/holidays/preview', { token: root, body: oneDay(last) });
		assert.equal((await server.must(200, 'GET', `/rounds/${round}`, { token: planner })).closes_at, endOf(last), 'a preview moves nothing');
		const affected = await add(oneDay(last));
		const counted = (what) => affected.affects.filter((item) => item[what] && item.end === last && item.would_be === '2045-03-02').length;
		assert.deepEqual(preview.items, ['invitation', 'round'].map((what) => ({ what, count: counted(what), end: last, would_be: '2045-03-02' })));
		await refuses(server, 409, 'holiday_exists', 'POST', '/holidays/preview', { token: root, body: oneDay(last) });
		await refuses(server, 403, 'forbidden', 'POST', '/holidays/preview', { token: planner, body: oneDay(last) });
		assert.deepEqual((await server.must(200, 'POST', '/holidays/preview', { token: root, body: oneDay('2045-03-02', ellerbek) })).items, [], 'where nobody plans');
		const moved = Object.fromEntries(affected.affects.map((item) => [item.round ?? item.invitation, [item.end, item.would_be]]));
		assert.deepEqual(moved[round], [last, '2045-03-02']);
		assert.deepEqual(moved[before.id], [last, '2045-03-02']);
		assert.equal(affected.affects.length, 1 + opened.invitations);
		assert.ok(!moved[other.round]);
		const shown = await server.must(200, 'GET', `/rounds/${round}`, { token: planner });
		assert.deepEqual([shown.end, shown.closes_at], [last, endOf('2045-03-02')]);
		const now = await server.must(200, 'GET', `/invitations/${before.id}`, { token: amt });
		assert.deepEqual([now.deadline, now.deadline_at, now.state], ['2045-03-02', endOf('2045-03-02'), before.state]);
		const told = [];
		while (!['round.end_moved', 'invitation.deadline_moved'].every((kind) => told.some(({ event }) => event === kind))) told.push(await heard.next());
		heard.close();
		assert.deepEqual(told.find(({ event, data }) => event === 'invitation.deadline_moved' && data.invitation === before.id).data.data,
			{ from: last, to: '2045-03-02', holiday: affected.id, body: ellerbek, state: before.state, version: 2 });
		const { id } = affected;
		await server.must(204, 'DELETE', `/holidays/${id}?reason=Irrtum`, { token: root, headers: { 'If-Match': '"1"' } });
		assert.equal((await server.must(200, 'GET', `/rounds/${round}`, { token: planner })).closes_at, endOf('2045-03-02'), 'what was told stays');
	});

	it('count for a planning body by its own municipality', async () => {
		const halstenbekers = await server.account('manager', halstenbek);
		const last = '2045-03-07';
		const geometry = { type: 'Point', coordinates: [9.84, 53.63] };
		const open = () => openRound(server, halstenbekers, { planning_municipalities: [halstenbek], geometry, round: { step: 'FOERM_OEFF', audience: 'OEFF', start: server.clock.day(1), end: last } });
		await add(oneDay(last, ellerbek));
		assert.equal((await open()).opened.closes_at, endOf(last));
		const { affects } = await add(oneDay(last, halstenbek));
		assert.equal(affects.length, 1);
		assert.equal((await open()).opened.closes_at, endOf('2045-03-08'), 'rounds that are opened later know it too');
	});

	it('open again what ended on them while the next working day is not over', async () => {
		const last = '2045-03-14';
		const { round } = await openRound(server, planner, { round: { start: server.clock.day(1), end: last } });
		const { id } = await invitationOf(server, amt, round, ellerbek);
		server.clock.set('2045-03-15T09:00:00Z');
		const expired = async () => (await server.must(200, 'GET', `/invitations/${id}`, { token: amt })).state === 'OHNE_ANTWORT';
		await until(async () => (await psql(server.database.superuser, "select state from pp.invitation where id = :'id'", { id }))[0].state === 'OHNE_ANTWORT');
		assert.ok(await expired());
		const { affects } = await add(oneDay(last));
		assert.ok(affects.some((item) => item.invitation === id));
		const again = await server.must(200, 'GET', `/invitations/${id}`, { token: amt });
		assert.deepEqual([again.state, again.deadline], ['ZUGEGANGEN', '2045-03-15']);
		assert.ok((await server.must(200, 'GET', `/rounds/${round}`, { token: planner })).open);
		const late = await server.must(201, 'POST', `/invitations/${id}/statements`, { token: amt, body: { stance: 'KEINE_BEDENKEN' } });
		assert.equal(late.on_time, true);
		server.clock.set('2045-03-16T09:00:00Z');
		assert.deepEqual((await add(oneDay('2045-03-15'))).affects.map((item) => item.would_be).filter((day) => day < '2045-03-16'), [], 'what is over stays over');
	});

	it('wait for whoever opens a round at this moment, and a round for them', async () => {
		const last = '2045-04-19';
		const opening = () => openRound(server, planner, { round: { start: server.clock.day(1), end: last } });
		const results = await Promise.all([opening(), add(oneDay(last)), opening(), opening()].map((each) => each.then((value) => value, (error) => error)));
		for (const { round, message } of results.filter((each) => !each.affects)) {
			if (round) assert.equal((await server.must(200, 'GET', `/rounds/${round}`, { token: planner })).closes_at, endOf('2045-04-20'));
			else assert.match(message, /dataset_not_current/);
		}
	});
});
