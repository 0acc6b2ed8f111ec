// SPDX-License-Identifier: EUPL-1.2
// The board of a round: it changes while a municipality answers elsewhere; late answers, reminders, more time.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { reason, settled, startApplication, visit } from '../application.mjs';
import { accessible, launch, picture } from '../browser.mjs';

describe('the board of a round', { skip: reason }, () => {
	let server, browser;
	before(async () => {
		server = await startApplication();
		browser = await launch();
	});
	after(async () => {
		await browser?.close();
		await server?.stop();
	});
	const ask = (page, method, path, body) => page.evaluate(async ([how, where, what]) => {
		const response = await fetch(`/api/v1${where}`, { method: how, headers: { 'Content-Type': 'application/json' }, body: what && JSON.stringify(what) });
		return response.json();
	}, [method, path, body]);
	/** The board of the round of bodies that a planner of the demonstration has opened, and what the server says of it. */
	async function boardOf(as, options) {
		const opened = await visit(browser, server, null, { as, ...options });
		const found = await server.sql(`select d.id, d.procedure from pp.round d join pp.membership m on m.body = d.planner_body
			join pp.account a on a.id = m.account where a.email = '${as}@vorfuehrung.example' and d.audience <> 'OEFF'`);
		assert.equal(found.length, 1);
		await opened.page.goto(`${server.address}/planung/${found[0].procedure}/runden/${found[0].id}`);
		await settled(opened.page);
		return { ...opened, ...found[0], board: () => ask(opened.page, 'GET', `/rounds/${found[0].id}/board`) };
	}
	/** Somebody who may answer for that body, by name in the demonstration. */
	const clerkOf = async (body) => (await server.sql(`select split_part(a.email, '@', 1) as who from pp.account a join pp.membership m on m.account = a.id
		where m.body = '${body}' and 'clerk' = any (m.roles) limit 1`))[0].who;
	const row = (page, name) => page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });

	it('changes by itself while a municipality answers, and says so', async () => {
		const { page, close, board, procedure } = await boardOf('amt-pinnau-planung');
		const known = await board();
		assert.equal(await page.getByRole('row').count() - 1, known.municipalities.length + known.authorities.length);
		const card = page.locator('.pp-counts').filter({ has: page.getByRole('heading', { name: `Gemeinden: ${known.counts.invited} eingeladen` }) });
		const answered = (n) => card.getByText('Beantwortet').locator('xpath=..').getByText(`${n} von ${known.counts.invited}`, { exact: true });
		await answered(known.counts.answered).waitFor();
		const waiting = known.municipalities.find(({ state, channel }) => channel === 'PORTAL' && !['BEANTWORTET', 'FEHLANZEIGE'].includes(state));
		await row(page, waiting.name).getByText(/noch \d+ Tag/).waitFor();
		await accessible(page);
		await picture(page, 'planung-ruecklauf');
		await page.setViewportSize({ width: 320, height: 800 });
		assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false, 'nothing scrolls sideways at 320');
		await page.setViewportSize({ width: 1280, height: 900 });

		const theirs = await visit(browser, server, null, { as: await clerkOf(waiting.mailbox_body) });
		const asked = await ask(theirs.page, 'POST', `/invitations/${waiting.invitation}/extension-requests`, { until: '2099-03-31', reason: 'Der Rat tagt erst im März.' });
		assert.equal(asked.state, 'OFFEN');
		await page.getByRole('status').getByText(`${waiting.name}: bittet um Frist bis`).waitFor();
		await row(page, waiting.name).getByRole('button', { name: `Antrag von ${waiting.name} entscheiden` }).click();
		const dialog = page.getByRole('dialog');
		await dialog.getByText('Der Rat tagt erst im März.').waitFor();
		await accessible(page);
		await dialog.getByRole('button', { name: 'Entscheidung mitteilen' }).click();
		await dialog.getByRole('alert').getByText('Bitte füllen Sie dieses Feld aus.').waitFor();
		await dialog.getByLabel('Begründung').fill('Ein wichtiger Grund liegt vor.');
		await dialog.getByRole('button', { name: 'Entscheidung mitteilen' }).click();
		await row(page, waiting.name).getByText('verlängert', { exact: true }).waitFor();
		await ask(theirs.page, 'POST', `/invitations/${waiting.invitation}/statements`, { stance: 'KEINE_BEDENKEN' });
		await page.getByRole('status').getByText(`${waiting.name}: keine Bedenken`).waitFor();
		await row(page, waiting.name).getByText('keine Bedenken').waitFor();
		await answered(known.counts.answered + 1).waitFor();
		await theirs.close();

		await row(page, waiting.name).getByRole('link', { name: waiting.name }).click();
		await page.getByRole('heading', { level: 1, name: `Einladung: ${waiting.name}` }).waitFor();
		await settled(page);
		for (const what of ['eingeladen', 'um Verlängerung gebeten', 'Stellungnahme']) await page.getByRole('cell', { name: what, exact: true }).first().waitFor();
		assert.equal(new URL(page.url()).pathname, `/planung/${procedure}/einladungen/${waiting.invitation}`);
		await accessible(page);
		await picture(page, 'planung-einladung');
		await close();
	});

	it('has the undeliverable first, late answers with their days, and reminds who is selected', async () => {
		const { page, close, board } = await boardOf('amt-wilstermarsch-planung', { colorScheme: 'dark' });
		const known = await board();
		const [first, second] = known.municipalities.filter(({ state }) => state === 'OHNE_ANTWORT');
		await row(page, first.name).getByText('abgelaufen').waitFor();
		await server.sql(`update pp.invitation set state = 'UNZUSTELLBAR' where id = '${second.invitation}'`);
		await page.reload();
		await settled(page);
		assert.equal(await page.getByRole('row').nth(1).getByRole('link').textContent(), second.name, 'who cannot be reached comes first');
		await accessible(page);
		await picture(page, 'planung-ruecklauf-dunkel');

		await page.getByLabel('Anzeigen').selectOption('missing');
		await page.getByLabel(`${first.name} auswählen`).check();
		await page.getByRole('button', { name: '1 Ausgewählten erinnern' }).click();
		const dialog = page.getByRole('dialog', { name: 'An die Stellungnahme erinnern' });
		await dialog.getByText(first.name).waitFor();
		await dialog.getByLabel('Ich habe angerufen').check();
		await dialog.getByLabel(/Wer wurde erinnert/).fill('Frau Harms');
		await accessible(page);
		await dialog.getByRole('button', { name: 'Erinnern', exact: true }).click();
		await dialog.waitFor({ state: 'detached' });
		await page.getByRole('status').getByText('1 Stelle wurde erinnert.').waitFor();
		const kept = await server.sql(`select channel, recipient from pp.reminder_sent where invitation = '${first.invitation}'`);
		assert.deepEqual(kept, [{ channel: 'TELEFON', recipient: 'Frau Harms' }]);

		const theirs = await visit(browser, server, null, { as: await clerkOf(first.mailbox_body) });
		const answer = await ask(theirs.page, 'POST', `/invitations/${first.invitation}/statements`, { stance: 'BEDENKEN', text: 'Die Zufahrt ist zu schmal.' });
		assert.equal(answer.on_time, false, JSON.stringify(answer));
		await theirs.close();
		await page.getByLabel('Anzeigen').selectOption('late');
		await row(page, first.name).getByText('Bedenken', { exact: true }).waitFor();
		const { days_late: days } = (await board()).municipalities.find(({ ags }) => ags === first.ags);
		assert.equal(days, -first.days_left, 'as many days as it was overdue today');
		await row(page, first.name).getByText(`${days} ${days === 1 ? 'Tag' : 'Tage'} zu spät`).waitFor();
		await page.getByRole('button', { name: 'Karte' }).click();
		await page.getByRole('application', { name: /^Rücklauf/ }).waitFor();
		await accessible(page);
		await close();
	});

	it('is for its planning body', async () => {
		const { page, close } = await visit(browser, server, '/planung/01a2134a-c5f0-76c0-9dff-6f677cff2217/runden/01a2134a-c68c-7651-be1b-08805d7ab6e5', { as: 'pinneberg' });
		await page.getByRole('heading', { level: 1, name: 'Ihr Konto darf diese Seite nicht sehen' }).waitFor();
		await close();
	});
});
