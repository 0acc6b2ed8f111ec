// SPDX-License-Identifier: EUPL-1.2
// Rounds: opened for a confirmed set within the legal periods, watched on the board.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer, until } from '../../harness/server.mjs';
import { amtPinnau, box, confirm, creates, day, ellerbek, fileBoth, filePlan, halstenbek, hamburg, instant, invitationOf, openRound, pointers, refuses, roundOf, schnelsen } from '../support.mjs';

const plus = (text, days) => new Date(Date.parse(`${text}T12:00:00Z`) + days * 86400000).toISOString().slice(0, 10);
const weekday = (text) => new Date(`${text}T12:00:00Z`).getUTCDay();

/** The last day of a period in Hamburg. */
const lastDay = async (server, rule, start) => (await server.must(200, 'GET', `/deadlines?rule=${rule}&start=${start}&calendar=HH`)).end;

/** The working day from there on. */
const rolled = (server, text) => lastDay(server, 'FRIST&n=1&unit=d&mode=D', text);

/** That day of the year, from Monday to Friday, at least seven weeks ahead. */
function comingWorkday(monthDay) {
	for (let year = Number(day().slice(0, 4)); ; year++)
		if (`${year}-${monthDay}` > day(49) && weekday(`${year}-${monthDay}`) % 6 !== 0) return `${year}-${monthDay}`;
}

const berlin = (at) => new Date(at).toLocaleString('sv-SE', { timeZone: 'Europe/Berlin' });

describe('rounds', () => {
	let server, planner, amt, halstenbekers;
	before(async () => {
		server = await startServer();
		planner = await server.account('manager', hamburg);
		amt = await server.account('clerk releaser', amtPinnau);
		halstenbekers = await server.account('clerk releaser', halstenbek);
	});
	after(() => server.stop());
	const open = (procedure, more) => ['POST', `/procedures/${procedure}/rounds`, { token: planner, body: roundOf(more) }];

	it('need a plan and a confirmed set of the newest version', async () => {
		const { procedure, plan } = await fileBoth(server, planner);
		const { id: empty } = await server.must(201, 'POST', '/procedures', { token: planner,
			body: { kind: 'FNP', title: 'Ohne Plan', planning_municipalities: [hamburg] } });
		await refuses(server, 409, 'plan_missing', ...open(empty));
		await refuses(server, 409, 'affected_not_confirmed', ...open(procedure));
		await confirm(server, planner, plan);
		await filePlan(server, planner, procedure);
		await refuses(server, 409, 'affected_not_confirmed', ...open(procedure));
		await refuses(server, 409, 'plan_superseded', ...open(procedure, { plan }));
	});

	it('are created with legal dates and the instants that follow from them', async () => {
		const { opened, procedure, plan, round } = await openRound(server, planner);
		const { id, opens_at: opens, closes_at: closes, announced_at: announced, set_sha256: hash, minimum_end: least, invitations, ...rest } = opened;
		assert.ok(id && hash && invitations >= 4);
		for (const at of [opens, closes, announced]) assert.match(at, instant);
		assert.deepEqual(rest, { procedure, plan, number: 1, step: 'FOERM_TOEB', audience: 'TOEB', start: day(1), end: day(50), minimum_rule: 'TOEB_BAUGB', display_end: null, statement_rule: null, statement_deadline: await rolled(server, day(50)), extensions: [], open: false,
			notice: null, notice_on: null, late_effect_enabled: true, limited_to_changes: false, cancelled_at: null, cancel_reason: null, warnings: [] });
		assert.equal(least, await lastDay(server, 'TOEB_BAUGB', day(1)));
		assert.equal(berlin(opens), `${day(1)} 00:00:00`);
		assert.equal(berlin(closes), `${plus(await rolled(server, day(50)), 1)} 00:00:00`, '24:00 of the last day, rolled on by § 193 BGB');
		const shown = await server.must(200, 'GET', `/rounds/${round}`, { token: amt });
		assert.equal(shown.end, day(50));
		const { items } = await server.must(200, 'GET', `/procedures/${procedure}/rounds`, { token: planner });
		assert.deepEqual(items.map((item) => item.id), [round]);
		assert.equal((await server.must(200, 'GET', `/procedures/${procedure}`, { token: planner })).state, 'BEKANNT');
	});

	it('end on a working day of the Land where statements are received', async () => {
		const { municipalities: [{ ags }] } = await server.must(200, 'GET', '/municipalities?land=13&limit=1');
		const { bbox: [west, south, east, north] } = await server.must(200, 'GET', `/municipalities/${ags}`);
		const [x, y] = [(west + east) / 2, (south + north) / 2];
		const mecklenburg = await server.account('manager', ags);
		const places = [
			[planner, {}],
			[mecklenburg, { planning_municipalities: [ags], geometry: box(x, y, x + 0.001, y + 0.001) }],
		];
		// Reformation Day is one in both Länder, Women's Day only in Mecklenburg-Vorpommern.
		for (const [monthDay, rests] of [['10-31', [true, true]], ['03-08', [false, true]]]) {
			const end = comingWorkday(monthDay);
			const next = plus(end, weekday(end) === 5 ? 3 : 1);
			for (const [at, [token, more]] of places.entries()) {
				const { opened } = await openRound(server, token, { ...more, round: { step: 'FOERM_OEFF', audience: 'OEFF', end } });
				assert.equal(opened.end, end);
				assert.equal(berlin(opened.closes_at), `${plus(rests[at] ? next : end, 1)} 00:00:00`, `${end} ${at}`);
			}
		}
	});

	for (const kind of ['BP_REGEL', 'FNP', 'FNP_AENDERUNG']) {
		it(`are not shorter than the law allows for ${kind}`, async () => {
			const { procedure, plan } = await fileBoth(server, planner, { kind });
			await confirm(server, planner, plan);
			for (const [step, audience] of [['FOERM_TOEB', 'TOEB'], ['FOERM_OEFF', 'OEFF']]) {
				const short = await refuses(server, 422, 'period_too_short', ...open(procedure, { step, audience, end: day(20) }));
				const [, least] = /(\d{4}-\d\d-\d\d) \(\w+\)/.exec(short.detail);
				assert.deepEqual(pointers(short), ['/end']);
				const dayBefore = new Date(Date.parse(`${least}T12:00:00Z`) - 86400000).toISOString().slice(0, 10);
				await refuses(server, 422, 'period_too_short', ...open(procedure, { step, audience, end: dayBefore }));
				assert.equal((await server.must(201, ...open(procedure, { step, audience, end: least }))).minimum_end, least);
			}
		});
	}

	it('have steps and audiences by the kind of procedure, and do not overlap', async () => {
		const { procedure, plan } = await fileBoth(server, planner);
		await confirm(server, planner, plan);
		assert.deepEqual(pointers(await refuses(server, 422, 'step_not_allowed', ...open(procedure, { step: 'PFV_AUSL' }))), ['/step']);
		assert.deepEqual(pointers(await refuses(server, 422, 'step_not_allowed', ...open(procedure, { audience: 'OEFF' }))), ['/audience']);
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', ...open(procedure, { end: day(0) }))), ['/end']);
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', ...open(procedure, { start: '2026-02-30' }))), ['/start']);
		await server.must(201, ...open(procedure));
		await refuses(server, 409, 'round_overlaps', ...open(procedure, { start: day(40), end: day(90) }));
		await server.must(201, ...open(procedure, { step: 'ERNEUT' }));
		await refuses(server, 409, 'event_not_allowed', ...open(procedure, { step: 'FRUEH_TOEB', end: day(60) }));
	});

	it('are confirmed and opened once by whoever tries at the same time', async () => {
		const { procedure, plan } = await fileBoth(server, planner);
		const at = (tries, path, body) => Promise.all(Array.from({ length: tries }, () => server.api('POST', path, { token: planner, body })));
		const problems = (replies) => replies.map((reply) => reply.body.type ?? 'done').sort();
		assert.deepEqual(problems(await at(4, `/plans/${plan}/affected/confirm`, {})), ['/problems/affected_confirmed', '/problems/affected_confirmed', '/problems/affected_confirmed', 'done']);
		assert.deepEqual(problems(await at(3, `/procedures/${procedure}/rounds`, roundOf())), ['/problems/round_overlaps', '/problems/round_overlaps', 'done']);
	});

	it('that ask the public publish the procedure, and invite nobody', async () => {
		const { procedure, round, opened } = await openRound(server, planner, { round: { step: 'FOERM_OEFF', audience: 'OEFF' } });
		assert.equal(opened.invitations, 0);
		assert.equal((await server.must(200, 'GET', `/rounds/${round}`)).audience, 'OEFF');
		assert.equal((await server.must(200, 'GET', `/procedures/${procedure}`)).rounds.length, 1);
		await refuses(server, 409, 'conflict', 'POST', `/rounds/${round}/invitations`, { token: planner, body: { ags: '03359010' } });
	});

	it('that ask bodies are not the public\'s', async () => {
		const { round } = await openRound(server, planner);
		await refuses(server, 404, 'round_not_found', 'GET', `/rounds/${round}`);
		await refuses(server, 404, 'round_not_found', 'GET', `/rounds/${round}`, { token: await server.account('public') });
		await refuses(server, 403, 'forbidden', 'GET', `/rounds/${round}/board`, { token: amt });
		await refuses(server, 403, 'forbidden', 'GET', `/rounds/${round}/board`, { token: await server.account('manager', ellerbek) });
	});

	it('show on the board who has opened, answered and is late', async () => {
		const { procedure, plan, round } = await openRound(server, planner);
		const board = () => server.must(200, 'GET', `/rounds/${round}/board`, { token: planner });
		const fresh = await board();
		assert.deepEqual(Object.keys(fresh), ['round', 'procedure', 'step', 'audience', 'start', 'end', 'open', 'interruption', 'municipalities', 'counts', 'authorities', 'authority_counts']);
		assert.equal(fresh.procedure, procedure);
		const affected = await server.must(200, 'GET', `/plans/${plan}/affected`, { token: planner });
		assert.deepEqual(fresh.municipalities.map(({ ags }) => ags),
			affected.municipalities.filter((row) => row.class !== 'EIGEN').map(({ ags }) => ags), 'the strongest class first, then the nearest');
		const invited = fresh.municipalities.length;
		assert.deepEqual(fresh.counts, { invited, delivered: fresh.municipalities.filter((row) => row.state === 'ZUGEGANGEN').length, opened: 0, answered: 0, late: 0, missing: 0 });
		assert.deepEqual(fresh.authorities.map(({ body, channel, state }) => [body, channel, state]), [['landesplanung-sh', 'POST', 'VERSANDT']]);
		assert.deepEqual([fresh.authority_counts.invited, fresh.authority_counts.delivered], [1, 0]);
		for (const row of fresh.municipalities)
			assert.deepEqual([row.days_left, row.days_late], [Math.round((Date.parse(row.deadline) - Date.parse(day())) / 86400000), null], 'days are counted here, not by who shows them');

		const [ours, theirs] = [await invitationOf(server, amt, round, ellerbek), await invitationOf(server, halstenbekers, round, halstenbek)];
		await server.must(200, 'POST', `/invitations/${ours.id}/acknowledge`, { token: amt });
		await server.must(201, 'POST', `/invitations/${theirs.id}/statements`, { token: halstenbekers, body: { stance: 'KEINE_BEDENKEN' } });
		assert.deepEqual((await board()).counts, { ...fresh.counts, opened: 2, answered: 1 });
		await server.sql('set session_replication_role = replica; update pp.invitation set deadline_at = now(), deadline = pp.last_day(now()) where round = :\'round\'', { round });
		const over = await until(async () => {
			const now = await board();
			return now.counts.missing > 0 && now;
		});
		assert.equal(over.counts.missing, invited - 1);
		const receipt = await server.must(201, 'POST', `/invitations/${ours.id}/statements`, { token: amt, body: { stance: 'BEDENKEN', text: 'Die Zufahrt' } });
		assert.equal(receipt.on_time, false);
		const last = await board();
		assert.deepEqual(last.counts, { invited, delivered: fresh.counts.delivered, opened: 2, answered: 2, late: 1, missing: invited - 2 });
		const rows = Object.fromEntries(last.municipalities.map((row) => [row.ags, row]));
		assert.deepEqual([rows[ellerbek].state, rows[ellerbek].stance, rows[ellerbek].late, rows[ellerbek].statements], ['BEANTWORTET', 'BEDENKEN', true, [receipt.id]]);
		assert.deepEqual([rows[halstenbek].state, rows[halstenbek].stance, rows[halstenbek].late], ['FEHLANZEIGE', 'KEINE_BEDENKEN', false]);
		assert.deepEqual([rows[ellerbek].days_late, rows[halstenbek].days_late, rows[ellerbek].mailbox_name], [0, null, 'Amt Pinnau'], 'hours late is late on the same day');
	});

	it('give every body its full period from its own receipt, however soon they end', async () => {
		const { round } = await openRound(server, planner, { round: { start: day(-40), end: day(1) } });
		const told = await invitationOf(server, amt, round, ellerbek);
		assert.equal(told.deadline, await lastDay(server, 'TOEB_BAUGB', day()));
		assert.ok(told.deadline > told.end);
		assert.deepEqual([told.deadline_reason, told.deadline_rule, told.received_how], ['OWN_RECEIPT', 'TOEB_BAUGB', 'PORTAL']);
		const where = `/rounds/${round}/invitations`;
		const added = await creates(server, where, { token: planner, body: { ags: '01062076', reason: 'Verkehr über Tangstedt' } });
		assert.deepEqual([added.ags, added.reason, added.class, added.cross_border], ['01062076', 'Verkehr über Tangstedt', null, true]);
		assert.equal(added.deadline, await lastDay(server, 'TOEB_BAUGB', day(4)), 'a letter takes four days more');
		await refuses(server, 409, 'conflict', 'POST', where, { token: planner, body: { ags: '01062076' } });
		await refuses(server, 422, 'body_not_found', 'POST', where, { token: planner, body: { ags: '01056999' } });
		await refuses(server, 422, 'body_not_found', 'POST', where, { token: planner, body: {} });
		await refuses(server, 409, 'conflict', 'POST', where, { token: planner, body: { ags: hamburg } });
		const authority = await creates(server, where, { token: planner, body: { body: 'landesplanung-ni', channel: 'EMAIL' } });
		assert.deepEqual([authority.ags, authority.body, authority.channel], [null, 'landesplanung-ni', 'EMAIL']);
		await refuses(server, 422, 'invalid_body', 'POST', where, { token: planner, body: { body: 'landesplanung-mv', channel: 'FAX' } });
		await refuses(server, 404, 'round_not_found', 'POST', where, { token: await server.account('manager', '01060063'), body: { ags: '03359010' } });
	});

	it('ask about the plan that was shown, whatever is filed later', async () => {
		const { procedure, plan, round } = await openRound(server, planner);
		await filePlan(server, planner, procedure, schnelsen);
		assert.equal((await server.must(200, 'GET', `/rounds/${round}`, { token: amt })).plan, plan);
		assert.equal((await server.must(200, 'GET', `/plans/${plan}`, { token: amt })).id, plan, 'the invited see the plan that they are asked about');
	});
});
