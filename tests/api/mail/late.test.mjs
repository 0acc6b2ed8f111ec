// SPDX-License-Identifier: EUPL-1.2
// An invitation whose mail goes out a month late: nobody was asked before, so the month of § 4 (2) BauGB runs from then on.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer, until } from '../../harness/server.mjs';
import { confirm, fileBoth, hamburg, roundOf } from '../support.mjs';
import { reason, Sink } from './sink.mjs';

const berlin = (instant) => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin' }).format(new Date(instant));

describe('an invitation that goes out late', { skip: reason }, () => {
	let sink, server, planner, round, told;
	const invitation = async () => (await server.must(200, 'GET', `/rounds/${round}/board`, { token: planner })).municipalities.find(({ channel }) => channel === 'EMAIL');

	before(async () => {
		sink = await new Sink().listen();
		server = await startServer({ clock: true, settings: sink.settings({ mail: 'hold' }) });
		planner = await server.account('manager', hamburg);
		await server.sql("insert into pp.body_mail values ('01056013', 'rathaus@ellerbek.example', '2020-01-01', null, 'test')");
		const both = await fileBoth(server, planner);
		await confirm(server, planner, both.plan);
		({ id: round } = await server.must(201, 'POST', `/procedures/${both.procedure}/rounds`, { token: planner, body: roundOf() }));
		told = await invitation();
	});
	after(async () => {
		await server.stop();
		await sink.close();
	});

	it('has its own month from the day when receipt is presumed', async () => {
		assert.equal(told.deadline_reason, 'ROUND_END');
		server.clock.move(40 * 86400_000);
		const sent = berlin(server.clock.now());
		assert.equal((await server.command(['mail', 'release', 'all'], { env: { PP_CLOCK_SHIFT: server.clock.path } })).status, 0);
		const moved = await until(async () => {
			const now = await invitation();
			return now.mail === 'GESENDET' && now;
		});
		const received = new Date(`${sent}T12:00:00Z`);
		received.setUTCDate(received.getUTCDate() + 4);
		const { end } = await server.must(200, 'GET', `/deadlines?rule=TOEB_BAUGB&start=${received.toISOString().slice(0, 10)}&calendar=HH`, { token: planner });
		assert.deepEqual([moved.deadline, moved.deadline_reason], [end, 'OWN_RECEIPT']);
		assert.ok(moved.deadline > told.deadline);
	});
});
