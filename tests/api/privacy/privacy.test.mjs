// SPDX-License-Identifier: EUPL-1.2
// What people are told before they write, when they are erased and what stops it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer, until } from '../../harness/server.mjs';
import { creates, hamburg, openRound, pointers, refuses } from '../support.mjs';

const said = { stance: 'BEDENKEN', text: 'Zu laut', person: { family_name: 'Muster' } };

describe('privacy', () => {
	let server, planner, citizen;
	before(async () => {
		server = await startServer({ clock: true });
		server.clock.set('2027-02-01T09:00:00Z');
		planner = await server.account('manager', hamburg);
		citizen = await server.account('public');
	});
	after(() => server.stop());
	const open = async () => {
		server.clock.set('2027-02-20T09:00:00Z');
		const opened = await openRound(server, planner, { round: { step: 'FOERM_OEFF', audience: 'OEFF', start: '2027-03-02', end: '2027-04-08' } });
		server.clock.set('2027-03-03T09:00:00Z');
		return { ...opened, where: `/rounds/${opened.round}/statements` };
	};

	it('is told before anybody writes', async () => {
		const { procedure } = await open();
		const before = await server.must(200, 'GET', `/procedures/${procedure}/privacy`);
		assert.deepEqual([before.version, before.controller, before.text], ['ohne', { name: 'Hamburg' }, null]);
		assert.match(before.legal_basis, /Art\. 6 Abs\. 1 Buchst\. e.*§ 3 Abs\. 1, 2/);
		assert.ok(before.retention.some(({ keep_months, legal_basis }) => keep_months === 15 && /§ 47/.test(legal_basis)));
		const notice = { version: '2027-1', controller: { name: 'Bezirksamt Eimsbüttel', email: 'planung@hamburg.example' }, text: 'Wir verarbeiten …', text_en: 'We process …' };
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', '/privacy-notices', { token: planner, body: { ...notice, controller: {} } })), ['/controller/name']);
		await refuses(server, 403, 'forbidden', 'POST', '/privacy-notices', { token: citizen, body: notice });
		const made = await creates(server, '/privacy-notices', { token: planner, body: notice });
		await refuses(server, 409, 'conflict', 'POST', '/privacy-notices', { token: planner, body: { ...notice, text: 'anders' } });
		const shown = await server.must(200, 'GET', `/procedures/${procedure}/privacy`, { headers: { 'Accept-Language': 'en' } });
		assert.deepEqual([shown.version, shown.controller.name, shown.text], ['2027-1', 'Bezirksamt Eimsbüttel', 'We process …']);
		assert.equal((await server.must(200, 'GET', `/privacy-notices/${made.id}`)).text, 'Wir verarbeiten …');
	});

	it('lets people be forgotten once the procedure needs them no more', async () => {
		const { procedure, where } = await open();
		const mine = await creates(server, where, { body: said });
		const held = await creates(server, where, { body: { ...said, text: 'Zu nah' } });
		const own = await creates(server, where, { token: citizen, body: { ...said, text: 'Zu hoch' } });
		const holding = (made) => ({ headers: { 'Status-Token': made.status_token }, body: {} });
		const ask = await server.must(200, 'POST', '/statements/by-token/erasure-request', holding(mine));
		assert.deepEqual([ask.person.erased, ask.legal_basis], [false, 'Art. 17 Abs. 3 Buchst. b, e DSGVO']);
		await refuses(server, 404, 'person_not_found', 'POST', `/persons/${mine.person.id}/erasure-request`, { token: citizen, body: {} });
		const before = await server.must(200, 'GET', `/procedures/${procedure}/retention`, { token: planner });
		assert.deepEqual([before.due, before.persons, before.requests.map(({ name }) => name)], [false, { known: 3, erased: 0 }, [mine.person.name]]);
		await refuses(server, 409, 'erasure_not_due', 'POST', `/procedures/${procedure}/erasures`, { token: planner, body: {} });
		assert.equal((await server.must(200, 'POST', `/persons/${mine.person.id}/erase`, { token: planner, body: { ground: 'WIDERSPRUCH', note: 'stattgegeben' } })).details, null);
		const hold = await server.must(201, 'POST', `/procedures/${procedure}/legal-holds`, { token: planner, body: { reason: 'Klage', person: held.person.id } });
		await server.must(200, 'POST', `/procedures/${procedure}/withdraw`, { token: planner, body: { reason: 'aufgegeben' } });
		server.clock.set('2027-06-04T09:00:00Z');
		const { items } = await server.must(200, 'GET', '/retention', { token: planner });
		assert.ok(items.some((item) => item.procedure === procedure && item.due));
		assert.equal((await server.must(200, 'POST', `/procedures/${procedure}/erasures`, { token: planner, body: {} })).erased_now, 1);
		await refuses(server, 409, 'legal_hold', 'POST', '/statements/by-token/erasure-request', holding(held));
		await server.must(200, 'POST', `/legal-holds/${hold.id}/lift`, { token: planner, body: {} });
		assert.equal((await server.must(200, 'POST', '/statements/by-token/erasure-request', holding(held))).person.erased, true);
		assert.equal((await server.must(200, 'GET', `/statements/${own.id}`, { token: citizen })).text, null);
		const [{ keys }] = await server.sql('select count(*) as keys from pp_keys.person_key k join pp.person p on p.id = k.person where p.procedure = :\'procedure\'', { procedure });
		assert.equal(Number(keys), 0);
	});

	it('is kept by rule: the clerk proposes, or erases where the planning body has it so', async () => {
		const { procedure, where } = await open();
		const [mine, held] = [await creates(server, where, { body: said }), await creates(server, where, { body: { ...said, text: 'Zu nah', person: { family_name: 'Muster', email: 'muster@example.org' } } })];
		await server.must(201, 'POST', `/procedures/${procedure}/legal-holds`, { token: planner, body: { reason: 'Klage', person: held.person.id } });
		await server.must(200, 'POST', `/procedures/${procedure}/withdraw`, { token: planner, body: { reason: 'aufgegeben' } });
		const rule = (await server.must(200, 'GET', '/retention-rules', { token: planner })).items.find(({ id }) => id === 'BAULEITPLAN_BEENDET');
		assert.deepEqual([rule.subject, rule.act, rule.grace_days], ['PERSON', 'PROPOSE', 0]);
		const reports = async () => (await server.must(200, 'GET', '/retention-reports', { token: planner })).items.filter((item) => item.procedure === procedure);
		const due = (at) => server.command(['privacy', 'due', '--at', at]);
		const { number } = await server.must(200, 'GET', `/procedures/${procedure}`, { token: planner });
		assert.match((await due('2027-06-04T09:00:00Z')).stdout, new RegExp(`^Regel +was +Folge +Verfahren .*\n(.*\n)*BAULEITPLAN_BEENDET +PERSON +PROPOSE +${number} +Hamburg +2027-06-04 +2027-06-04 +1 +1\n`));
		assert.deepEqual(await reports(), [], 'which has changed nothing');
		server.clock.set('2027-06-04T09:00:00Z');
		const [proposed] = await until(async () => (await reports()).length && reports(), 100);
		assert.deepEqual([proposed.rule, proposed.act, proposed.due_on, proposed.concerned, proposed.held], ['BAULEITPLAN_BEENDET', 'PROPOSE', '2027-06-04', 1, 1]);
		const known = async () => (await server.must(200, 'GET', `/procedures/${procedure}/retention`, { token: planner })).persons.known;
		assert.equal(await known(), 2);
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', '/retention-choices', { token: planner, body: { rule: 'LINK_ABGELAUFEN', act: 'ERASE' } })), ['/rule']);
		await refuses(server, 403, 'forbidden', 'POST', '/retention-choices', { token: citizen, body: { rule: rule.id, act: 'ERASE' } });
		await creates(server, '/retention-choices', { token: planner, body: { rule: rule.id, act: 'ERASE', grace_days: 7 } });
		server.clock.set('2027-06-11T09:00:00Z');
		await until(async () => (await known()) === 1, 100);
		assert.equal((await server.must(200, 'GET', '/statements/by-token', { headers: { 'Status-Token': mine.status_token } })).person.erase_reason, 'FRIST: BAULEITPLAN_BEENDET');
		const report = await server.command(['privacy', 'report', '--lang', 'en']);
		assert.match(report.stdout, new RegExp(`^at +rule .*\n(.*\n)*2027-06-\\S+ +BAULEITPLAN_BEENDET +ERASE +${number} +Hamburg +2027-06-04 +1 +1\n`));
		const auditor = await server.account('auditor');
		assert.ok((await server.must(200, 'GET', '/retention-reports', { token: auditor })).items.some((item) => item.procedure === procedure && item.act === 'ERASE'));
		assert.ok((await server.must(200, 'GET', `/audit/entries?procedure=${procedure}&relation=retention_report`, { token: auditor })).items.length >= 2);
		for (const words of [['privacy'], ['privacy', 'undo'], ['privacy', 'due', '--at', 'x'], ['privacy', 'due', 'x'], ['privacy', 'report', '--limit']])
			assert.equal((await server.command(words)).status, 2, words.join(' '));
	});
});
