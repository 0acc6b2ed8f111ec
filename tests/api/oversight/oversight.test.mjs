// SPDX-License-Identifier: EUPL-1.2
// What the planning authority of a Land sees: notifications with their periods, procedures with their distance to the border.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer, until } from '../../harness/server.mjs';
import { box, confirm, creates, ellerbek, fileBoth, filePlan, hamburg, nowhere, refuses, schnelsen } from '../support.mjs';

const inEllerbek = box(9.86, 53.652, 9.864, 53.655);
/** In Bergedorf, in the east of Hamburg: some kilometres from Schleswig-Holstein and from Lower Saxony. */
const curslack = box(10.22, 53.455, 10.225, 53.458);
const all = ['LANDESPLANUNG', 'REFERAT_BAULEITPLANUNG', 'KREIS'];

describe('oversight of a Land', () => {
	let server, north, city, amt, planner;
	const record = (token, id, event, on, more = {}) => creates(server, `/procedures/${id}/events`, { token, body: { event, on, ...more } });
	const begin = async (title) => {
		const { id } = await creates(server, '/procedures', { token: amt, body: { kind: 'BP_REGEL', title, planning_municipalities: [ellerbek] } });
		return id;
	};
	const notifications = async (token, query = '') => (await server.must(200, 'GET', `/oversight/notifications${query}`, { token })).items;
	const procedures = async (token, query = '') => (await server.must(200, 'GET', `/oversight/procedures${query}`, { token })).items;
	before(async () => {
		server = await startServer({ clock: true });
		north = await server.account('oversight', 'landesplanung-sh');
		city = await server.account('oversight', 'landesplanung-hh');
		amt = await server.account('manager', ellerbek);
		planner = await server.account('manager', hamburg);
		server.clock.set('2025-01-02T08:00:00Z');
	});
	after(() => server.stop());

	it('lists notifications by the time that is left, with what was recorded of them', async () => {
		const [late, soon, fresh, none] = [await begin('Zwei Monate'), await begin('Bald'), await begin('Ohne Unterlagen'), await begin('Nicht angezeigt')];
		for (const id of [late, soon, fresh]) await record(amt, id, 'ANZEIGE_ABSENDEN', '2024-12-20', { data: { empfaenger: all } });
		await record(amt, late, 'ANZEIGE_PRUEFFAEHIG', '2024-12-31');
		await record(amt, soon, 'ANZEIGE_PRUEFFAEHIG', '2024-12-21');
		const listed = await notifications(north);
		assert.deepEqual(listed.map(({ procedure }) => procedure), [soon, late, fresh], 'what was not notified is not there');
		assert.ok(!listed.some(({ procedure }) => procedure === none));
		const [first] = listed;
		assert.deepEqual([first.state, first.state_name, first.sent_on, first.assessable_on, first.recipients, first.places[0].name],
			['PRUEFFAEHIG', 'Prüffähig, Frist läuft', '2024-12-20', '2024-12-21', all, 'Ellerbek']);
		assert.deepEqual([first.period.due_on, first.period.days_left, first.period.state], ['2025-02-21', 50, 'OFFEN']);
		assert.equal(listed[2].period, null);
		assert.equal((await server.must(200, 'GET', '/oversight/notifications', { token: north, headers: { 'Accept-Language': 'en' } })).items[0].state_name, 'Assessable, period running');

		server.clock.set('2025-02-01T08:00:00Z');
		await record(amt, soon, 'ANZEIGE_HEMMUNG', '2025-01-20', { reason: 'Umweltbericht nachgefordert' });
		const stopped = await notifications(north);
		assert.deepEqual(stopped.map(({ procedure }) => procedure), [late, soon, fresh]);
		assert.deepEqual([stopped[1].state, stopped[1].stopped_on, stopped[1].period.state], ['GEHEMMT', '2025-01-20', 'GEHEMMT']);
		await record(amt, late, 'ANZEIGE_ANTWORT', '2025-01-31', { data: { ergebnis: 'ZIELE_MITGETEILT', text: 'Regionaler Grünzug' } });
		const [answered] = await notifications(north, '?open=false');
		assert.deepEqual([answered.procedure, answered.answered_on, answered.result, answered.result_text], [late, '2025-01-31', 'ZIELE_MITGETEILT', 'Regionaler Grünzug']);
		assert.deepEqual((await notifications(north, '?open=true')).map(({ procedure }) => procedure), [soon, fresh]);
		assert.deepEqual((await notifications(north, `?procedure=${fresh}`)).map(({ procedure }) => procedure), [fresh]);
		assert.deepEqual(await notifications(north, `?procedure=${nowhere}`), []);

		const page = await server.must(200, 'GET', '/oversight/notifications?limit=2', { token: north });
		const next = await server.must(200, 'GET', `/oversight/notifications${new URL(page.next).search}`, { token: north });
		assert.deepEqual([...page.items, ...next.items].map(({ procedure }) => procedure), [soon, fresh, late]);
		assert.equal(next.next, null);
		assert.deepEqual(await notifications(city), [], 'Hamburg is notified of nothing of Schleswig-Holstein');
	});

	it('lets the authority of the Land read and hear of the notification, and nobody else', async () => {
		server.clock.set('2025-03-01T08:00:00Z');
		const id = await begin('Wer davon liest');
		await filePlan(server, amt, id, inEllerbek);
		const events = async (token) => (await server.must(200, 'GET', `/procedures/${id}/timeline`, { token })).items;
		await record(amt, id, 'ANZEIGE_ABSENDEN', '2025-02-28', { data: { empfaenger: all } });
		const [read] = await events(north);
		assert.deepEqual([read.event, read.by, read.reason, read.data.empfaenger], ['ANZEIGE_ABSENDEN', null, null, all]);
		await server.must(200, 'POST', `/procedures/${id}/publish`, { token: amt, body: {} });
		assert.deepEqual([await events(city), await events()], [[], []]);
		const [{ bodies }] = await server.sql("select array_to_string(bodies, ' ') as bodies from pp.event where procedure = :'id' and kind = 'procedure.moved' order by id limit 1", { id });
		assert.equal(bodies, `${ellerbek} landesplanung-sh`);
	});

	it('lists the procedures of its Land and what was published elsewhere, with extent and distance to the other Land', async () => {
		const hidden = await fileBoth(server, planner, { title: 'Schnelsen verborgen' });
		const far = await fileBoth(server, planner, { title: 'Curslack öffentlich', geometry: curslack });
		await confirm(server, planner, far.plan);
		await server.must(200, 'POST', `/procedures/${far.procedure}/publish`, { token: planner, body: {} });
		const bare = await begin('Noch ohne Plan');
		const seen = new Map((await procedures(north, '?limit=500')).map((one) => [one.procedure.id, one]));
		const near = seen.get(hidden.procedure);
		assert.deepEqual([near.relation, near.lands, near.border.land, near.plan.id], ['BENANNT', ['02'], '01', hidden.plan], 'the rule about the border has named it');
		assert.ok(near.border.distance_m > 0 && near.border.distance_m < 500, JSON.stringify(near.border));
		assert.equal(near.geometry.type, 'Polygon');
		const { authorities } = await server.must(200, 'GET', `/plans/${hidden.plan}/affected`, { token: north });
		const rule = authorities.find(({ body }) => body === 'landesplanung-sh').rules.find(({ rule: id }) => id === 'R80');
		assert.ok(Math.abs(rule.value - near.border.distance_m) < 1, 'as the engine has measured it');
		assert.deepEqual([seen.get(bare).relation, seen.get(bare).plan, seen.get(bare).border, seen.get(bare).geometry], ['EIGENES_LAND', null, null, null]);
		assert.equal(seen.get(far.procedure).border.land, '01', 'of another Land the way to one\'s own counts');
		const own = new Map((await procedures(city, '?limit=500')).map((one) => [one.procedure.id, one]));
		assert.equal(own.get(far.procedure).relation, 'EIGENES_LAND');
		assert.equal(own.has(bare), false, 'a draft of another Land that nothing has named');

		const found = async (query) => (await procedures(north, query)).map(({ procedure }) => procedure.id);
		assert.deepEqual(await found('?border_km=1&land=02'), [hidden.procedure]);
		assert.ok((await found('?border_km=20&land=02')).includes(far.procedure));
		assert.deepEqual(await found(`?q=${encodeURIComponent('Noch ohne')}`), [bare]);
		assert.deepEqual(await found('?kind=FNP'), []);
		assert.deepEqual(await found('?running=false'), []);
		const page = await server.must(200, 'GET', '/oversight/procedures?limit=1', { token: north });
		assert.equal(page.items.length, 1);
		assert.ok(page.next);
		await refuses(server, 400, 'invalid_parameter', 'GET', '/oversight/procedures?border_km=21', { token: north });
	});

	it('is for oversight alone', async () => {
		const clerk = await server.account('clerk releaser', 'landesplanung-sh');
		for (const path of ['/oversight/notifications', '/oversight/procedures']) {
			await refuses(server, 403, 'forbidden', 'GET', path, { token: clerk });
			await refuses(server, 401, 'unauthenticated', 'GET', path);
		}
	});
});
