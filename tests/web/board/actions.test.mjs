// SPDX-License-Identifier: EUPL-1.2
// What a planner does about a round and its invitations, each to its end: more time, one body more, letters and their links, reminders.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { reason, settled, startApplication, visit } from '../application.mjs';
import { accessible, launch, open, picture } from '../browser.mjs';

describe('the actions of a board', { skip: reason }, () => {
	let server, browser, round, procedure;
	const planner = 'amt-pinnau-planung';
	before(async () => {
		server = await startApplication();
		browser = await launch();
		[{ round, procedure }] = await server.sql(`select d.id as round, d.procedure from pp.round d join pp.membership m on m.body = d.planner_body
			join pp.account a on a.id = m.account where a.email = '${planner}@vorfuehrung.example' and d.audience <> 'OEFF'`);
	});
	after(async () => {
		await browser?.close();
		await server?.stop();
	});
	const ask = (page, method, path, body) => page.evaluate(async ([how, where, what]) => {
		const response = await fetch(`/api/v1${where}`, { method: how, headers: { 'Content-Type': 'application/json' }, body: what && JSON.stringify(what) });
		return response.json();
	}, [method, path, body]);
	/** The page of an invitation that waits, as its planner has it; `channel` is how it went out. */
	async function invitationOf(name, { channel, ...options } = {}) {
		const opened = await visit(browser, server, null, { as: planner, ...options });
		const { municipalities, authorities } = await ask(opened.page, 'GET', `/rounds/${round}/board`);
		const { invitation } = [...municipalities, ...authorities].find((one) => one.name === name);
		// The demonstration invites on the platform; a letter is what it would be for a body without an account.
		if (channel) await server.sql(`update pp.invitation set channel = '${channel}' where id = '${invitation}'`);
		await opened.page.goto(`${server.address}/planung/${procedure}/einladungen/${invitation}`);
		await settled(opened.page);
		return { ...opened, id: invitation, now: () => ask(opened.page, 'GET', `/invitations/${invitation}`), dialog: opened.page.getByRole('dialog') };
	}
	const later = (iso, days) => new Date(Date.parse(iso) + days * 86400000).toISOString().slice(0, 10);
	const today = () => new Date().toISOString().slice(0, 10);

	it('gives one body more time, with a reason, by keyboard alone', async () => {
		const { page, close, now, dialog } = await invitationOf('Rellingen', { expects: [/422|409/] });
		const { deadline } = await now();
		await page.getByRole('button', { name: 'Frist verlängern' }).focus();
		await page.keyboard.press('Enter');
		await dialog.getByLabel('Neuer letzter Tag').fill(deadline);
		await dialog.getByLabel('Begründung').focus();
		await page.keyboard.type('Der Bauausschuss tagt später.');
		await dialog.getByRole('button', { name: 'Frist verlängern' }).focus();
		await page.keyboard.press('Enter');
		await dialog.getByRole('alert').waitFor();
		assert.equal((await now()).deadline, deadline, 'the same day is no extension');
		await accessible(page);
		await dialog.getByLabel('Neuer letzter Tag').fill(later(deadline, 14));
		await picture(page, 'planung-frist-verlaengern');
		await dialog.getByRole('button', { name: 'Frist verlängern' }).focus();
		await page.keyboard.press('Enter');
		await page.getByRole('status').getByText(/Die Frist von Rellingen endet jetzt am/).waitFor();
		const after = await now();
		assert.equal(after.deadline, later(deadline, 14));
		assert.equal(after.deadline_reason, 'EXTENSION');
		await page.getByRole('cell', { name: 'Frist verlängert' }).first().waitFor();
		await close();
	});

	it('reminds by a mail of the platform, and keeps that as evidence; says so where no address is known', async () => {
		const { page, close, id, dialog } = await invitationOf('Rellingen', { expects: [/409/] });
		await page.getByRole('button', { name: 'Erinnern' }).click();
		assert.ok(await dialog.getByLabel('Die Plattform schreibt eine E-Mail').isChecked());
		await dialog.getByRole('button', { name: 'Erinnern', exact: true }).click();
		await dialog.getByRole('alert').getByText('Rellingen: Von Rellingen ist keine E-Mail-Adresse bekannt; erinnern Sie auf andere Weise.').waitFor();
		await accessible(page);
		await picture(page, 'planung-erinnern');
		// The demonstration's bodies have none; it comes with their import.
		await server.sql("insert into pp.body_mail (body, mail, valid_from, source) values ('01056043', 'rathaus@rellingen.example', '2020-01-01', 'Test')");
		await dialog.getByRole('button', { name: 'Erinnern', exact: true }).click();
		await page.getByRole('status').getByText('1 Stelle wurde erinnert.').waitFor();
		await page.getByRole('cell', { name: 'erinnert', exact: true }).first().waitFor();
		const mails = await server.sql(`select kind, recipient from pp.mail where invitation = '${id}' and kind in ('reminder', 'reminder_link')`);
		assert.deepEqual(mails, [{ kind: 'reminder', recipient: 'rathaus@rellingen.example' }]);
		await close();
	});

	it('declines a request for more time, and tells why', async () => {
		const theirs = await visit(browser, server, null, { as: 'rellingen' });
		const { page, close, id, dialog } = await invitationOf('Rellingen');
		const asked = await ask(theirs.page, 'POST', `/invitations/${id}/extension-requests`, { until: '2099-03-31', reason: 'Der Rat tagt erst im März.' });
		assert.equal(asked.state, 'OFFEN', JSON.stringify(asked));
		await page.getByRole('button', { name: 'Antrag entscheiden' }).click();
		await dialog.getByText('Der Rat tagt erst im März.').waitFor();
		await dialog.getByLabel('Ablehnen').check();
		assert.equal(await dialog.getByLabel('Frist bis').count(), 0);
		await dialog.getByLabel('Begründung').fill('Die Verlängerung von eben genügt.');
		await accessible(page);
		await dialog.getByRole('button', { name: 'Entscheidung mitteilen' }).click();
		await page.getByRole('status').getByText('Die Entscheidung über den Antrag von Rellingen ist mitgeteilt.').waitFor();
		await page.getByRole('cell', { name: 'Verlängerung abgelehnt' }).waitFor();
		const told = await ask(theirs.page, 'GET', `/invitations/${id}/extensions`);
		assert.deepEqual(told.requests.map(({ state, decision_reason: why }) => [state, why]), [['ABGELEHNT', 'Die Verlängerung von eben genügt.']]);
		await theirs.close();
		await close();
	});

	it('makes a link for a letter, once, by which the body answers without an account', async () => {
		const { page, context, close, id, dialog } = await invitationOf('Landesplanungsbehörde Hamburg', { channel: 'POST', permissions: ['clipboard-read', 'clipboard-write'] });
		await page.getByRole('button', { name: 'Link für einen Brief erstellen' }).click();
		await accessible(page);
		await dialog.getByRole('button', { name: 'Link für einen Brief erstellen' }).click();
		const address = await dialog.getByLabel('Link für einen Brief').inputValue();
		assert.match(address, new RegExp(`^${server.address}/einladung#[\\w-]{43}$`));
		await dialog.getByText(/Er gilt bis/).waitFor();
		await picture(page, 'planung-brieflink');
		await dialog.getByRole('button', { name: 'Kopieren' }).click();
		await page.getByText('Der Link ist kopiert.').waitFor();
		assert.equal(await page.evaluate(() => navigator.clipboard.readText()), address);
		await dialog.getByRole('button', { name: 'Schließen' }).first().click();
		await dialog.waitFor({ state: 'detached' });
		assert.ok(!(await page.content()).includes(address.split('#')[1]), 'it is shown once');
		await context.clearPermissions();
		await close();

		const theirs = await open(browser, server.address);
		await theirs.page.goto(address);
		await theirs.page.getByText('Landesplanungsbehörde Hamburg', { exact: true }).waitFor();
		await theirs.page.getByLabel('keine Bedenken', { exact: true }).check();
		await theirs.page.getByLabel('Ihr Name').fill('Jens Petersen');
		await theirs.page.getByRole('button', { name: 'Verbindlich abgeben' }).click();
		await theirs.page.getByRole('dialog').getByRole('button', { name: 'Jetzt abgeben' }).click();
		await theirs.page.getByRole('region', { name: 'Ihre Stellungnahme ist eingegangen' }).waitFor();
		await theirs.close();
		assert.deepEqual(await server.sql(`select channel, signed_by, stance from pp.statement where invitation = '${id}'`), [{ channel: 'LINK', signed_by: 'Jens Petersen', stance: 'KEINE_BEDENKEN' }]);
	});

	it('records when a letter arrived, or that it came back', async () => {
		const { page, close, id, dialog } = await invitationOf('Hamburg', { channel: 'POST', expects: [/422|409/] });
		// As it would stand before anything is known of the letter.
		await server.sql(`update pp.invitation set state = 'VERSANDT', received_at = null, received_how = null, acknowledged_at = null where id = '${id}'`);
		await page.reload();
		await settled(page);
		const receipt = page.getByRole('button', { name: 'Zugang des Briefs festhalten' });
		await receipt.click();
		await dialog.getByRole('button', { name: 'Speichern' }).click();
		await dialog.getByRole('alert').getByText('Bitte füllen Sie dieses Feld aus.').waitFor();
		await dialog.getByLabel('Tag des Zugangs').fill('2099-01-01');
		await dialog.getByRole('button', { name: 'Speichern' }).click();
		await dialog.getByRole('alert').waitFor();
		await accessible(page);
		await picture(page, 'planung-zugang');
		await dialog.getByLabel('Er kam zurück').check();
		assert.equal(await dialog.getByLabel('Tag des Zugangs').count(), 0);
		await dialog.getByRole('button', { name: 'Speichern' }).click();
		await page.getByRole('status').getByText('Festgehalten.').waitFor();
		assert.equal((await server.sql(`select state from pp.invitation where id = '${id}'`))[0].state, 'UNZUSTELLBAR');
		await receipt.click();
		await dialog.getByLabel('Tag des Zugangs').fill(today());
		await dialog.getByRole('button', { name: 'Speichern' }).click();
		await dialog.waitFor({ state: 'detached' });
		await page.getByRole('cell', { name: 'zugegangen', exact: true }).first().waitFor();
		assert.equal((await server.sql(`select received_how from pp.invitation where id = '${id}'`))[0].received_how, 'NACHGEWIESEN');
		await close();
	});

	it('invites one body more, and extends the round with everybody in it', async () => {
		const { page, close } = await visit(browser, server, `/planung/${procedure}/runden/${round}`, { as: planner });
		const before = await ask(page, 'GET', `/rounds/${round}/board`);
		const dialog = page.getByRole('dialog');
		await page.getByRole('button', { name: 'Weitere Stelle einladen' }).click();
		await dialog.getByRole('button', { name: 'Einladen', exact: true }).click();
		await dialog.getByRole('alert').getByText('Bitte wählen Sie eine Stelle aus.').waitFor();
		await dialog.getByLabel('Gemeinde, Amt oder Behörde suchen').fill('Xqzw');
		await dialog.getByText('Nichts gefunden. Schreiben Sie den Anfang des Namens.').waitFor();
		await dialog.getByLabel('Gemeinde, Amt oder Behörde suchen').fill('Tangstedt');
		await dialog.getByLabel(/^Tangstedt/).first().check();
		await dialog.getByLabel('Warum wird sie eingeladen?').fill('Der Verkehr fährt durch den Ort.');
		await accessible(page);
		await picture(page, 'planung-stelle-einladen');
		await dialog.getByRole('button', { name: 'Einladen', exact: true }).click();
		await page.getByRole('status').getByText(/^Tangstedt ist eingeladen, Frist bis/).waitFor();
		await page.getByRole('row').filter({ has: page.getByRole('link', { name: 'Tangstedt', exact: true }) }).waitFor();
		const invited = await ask(page, 'GET', `/rounds/${round}/board`);
		assert.equal(invited.counts.invited, before.counts.invited + 1);

		await page.getByRole('button', { name: 'Frist der Runde verlängern' }).click();
		await dialog.getByRole('button', { name: 'Frist verlängern' }).click();
		await dialog.getByRole('alert').waitFor();
		await dialog.getByLabel('Neuer letzter Tag').fill(later(before.end, 28));
		await dialog.getByLabel('Begründung').fill('Eine Unterlage kam später.');
		await accessible(page);
		await dialog.getByRole('button', { name: 'Frist verlängern' }).click();
		await page.getByRole('status').getByText(/Die Frist endet jetzt am/).waitFor();
		const after = await ask(page, 'GET', `/rounds/${round}/board`);
		assert.equal(after.end, later(before.end, 28));
		assert.ok(after.municipalities.filter(({ answered_at: answered }) => !answered).every(({ deadline }) => deadline >= after.end), 'nobody has less time than the round');
		await close();
	});
});
