// SPDX-License-Identifier: EUPL-1.2
// The inbox of an invited body: "no objection" in one step and back, for one municipality and for several of an Amt.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { reason, settled, signIn, startApplication, visit } from '../application.mjs';
import { accessible, launch, picture } from '../browser.mjs';

describe('the inbox', { skip: reason }, () => {
	let server, browser;
	before(async () => {
		server = await startApplication();
		browser = await launch();
	});
	after(async () => {
		await browser?.close();
		await server?.stop();
	});
	const inbox = (page, query = '') => page.evaluate(async (asked) => (await (await fetch(`/api/v1/inbox${asked}`)).json()).invitations, query);

	it('lists what is asked by the time left, with planner, reason, deadline and state', async () => {
		const { page, close } = await visit(browser, server, '/gemeinde', { as: 'hamburg' });
		const cards = await page.getByRole('article').allTextContents();
		const known = await inbox(page, '?open=true');
		assert.equal(cards.length, known.length);
		assert.match(cards[0], /9\. Änderung des Flächennutzungsplans der Gemeinde Ellerbek/, 'five days are left of it');
		assert.match(cards[0], /geplant von Amt Pinnau.*Hamburg.*noch 5 Tage.*bis .*24:00 Uhr.*gelesen/s);
		assert.match(cards[1], /110-kV-Leitung.*neu/s);
		await accessible(page);
		await picture(page, 'gemeinde-posteingang');
		await page.setViewportSize({ width: 320, height: 800 });
		assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false, 'nothing scrolls sideways at 320');
		await close();
	});

	it('answers "no objection" by keyboard alone, and takes it back', async () => {
		const { page, close } = await visit(browser, server, '/gemeinde', { as: 'pinneberg' });
		const before = await inbox(page);
		assert.deepEqual(before.map(({ answered_at }) => answered_at), [null]);
		const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim());
		const tabTo = async (text) => {
			for (let presses = 0; presses < 40; presses++) {
				if ((await focused())?.startsWith(text)) return;
				await page.keyboard.press('Tab');
			}
			assert.fail(`nothing called "${text}" is reached by Tab`);
		};
		await tabTo('Keine Bedenken');
		await page.keyboard.press('Enter');
		const dialog = page.getByRole('dialog', { name: 'Ohne Bedenken antworten' });
		await dialog.getByText('110-kV-Leitung Hamburg-Lurup – Pinneberg – Appen, Ersatzneubau').waitFor();
		for (const text of ['Pinneberg', /noch \d+ Tage/, /^bis .* 24:00 Uhr$/]) await dialog.getByText(text, { exact: typeof text === 'string' }).first().waitFor();
		await accessible(page);
		await picture(page, 'gemeinde-keine-bedenken');
		await page.keyboard.press('Escape');
		await dialog.waitFor({ state: 'detached' });
		assert.equal((await inbox(page))[0].answered_at, null, 'closing answers nothing');
		assert.equal(await focused(), 'Keine Bedenken', 'the focus is back where it was');
		await page.keyboard.press('Enter');
		await tabTo('Jetzt abgeben');
		await page.keyboard.press('Enter');
		await page.getByRole('heading', { name: '1 Stellungnahme abgegeben' }).waitFor();
		await settled(page);
		const [answered] = await inbox(page);
		assert.deepEqual([answered.state, answered.stance, answered.statements.length], ['FEHLANZEIGE', 'KEINE_BEDENKEN', 1]);
		await accessible(page);
		await picture(page, 'gemeinde-abgegeben');
		await tabTo('Rückgängig');
		await page.keyboard.press('Enter');
		await page.getByRole('dialog', { name: 'Stellungnahme zurücknehmen' }).waitFor();
		await accessible(page);
		await tabTo('Zurücknehmen');
		await page.keyboard.press('Enter');
		await page.getByRole('article').getByText('110-kV-Leitung').first().waitFor();
		const [open] = await inbox(page);
		assert.deepEqual([open.answered_at, open.statements[0].state], [null, 'ZURUECKGENOMMEN']);
		await close();
	});

	it('answers for several municipalities of an Amt in one step, late as it is', async () => {
		const { page, close } = await visit(browser, server, '/gemeinde', { as: 'amt-wilstermarsch' });
		await page.getByRole('heading', { name: 'Frist abgelaufen' }).waitFor();
		await picture(page, 'gemeinde-amt');
		await page.getByLabel('alle 3 offenen auswählen').check();
		await page.getByLabel('Dammfleth').uncheck();
		await page.getByRole('button', { name: 'Keine Bedenken für 2 Ausgewählte' }).click();
		const dialog = page.getByRole('dialog');
		await dialog.getByText('Beidenfleth, Brokdorf').waitFor();
		await dialog.getByText(/wird als verspätet vermerkt/).waitFor();
		await dialog.getByLabel('Nicht betroffen').check();
		await dialog.getByRole('button', { name: 'Jetzt abgeben' }).click();
		await page.getByRole('heading', { name: '2 Stellungnahmen abgegeben' }).waitFor();
		await settled(page);
		const answered = (await inbox(page)).filter(({ answered_at }) => answered_at).map(({ name, stance, late }) => [name, stance, late]).sort();
		assert.deepEqual(answered, [['Beidenfleth', 'KEINE_BETROFFENHEIT', true], ['Brokdorf', 'KEINE_BETROFFENHEIT', true]]);
		await page.getByRole('button', { name: 'Beantwortet' }).click();
		await page.getByRole('article').getByText('nicht betroffen – verspätet').first().waitFor();
		await close();
	});

	it('shows a colleague\'s answer without being asked again, and what to do where nothing is open', async () => {
		const mine = await visit(browser, server, '/gemeinde', { as: 'amt-moorrege' });
		await mine.page.getByRole('article').waitFor();
		const other = await visit(browser, server, null, { as: 'amt-moorrege', colorScheme: 'dark' });
		const [{ id }] = await inbox(other.page);
		await other.page.evaluate((invitation) => fetch(`/api/v1/invitations/${invitation}/statements`, { method: 'POST',
			headers: { 'Content-Type': 'application/json' }, body: '{"stance":"KEINE_BEDENKEN"}' }), id);
		await mine.page.getByRole('heading', { name: 'Es wartet nichts auf Ihre Antwort' }).waitFor();
		await accessible(mine.page);
		await other.page.goto(`${server.address}/gemeinde?zeige=beantwortet`);
		await settled(other.page);
		await accessible(other.page);
		await picture(other.page, 'gemeinde-beantwortet-dunkel');
		await mine.close();
		await other.close();
	});

	it('is for members of a body that is asked', async () => {
		const { page, close } = await visit(browser, server, '/gemeinde');
		await page.getByRole('heading', { level: 1, name: 'Dafür brauchen Sie eine Anmeldung' }).waitFor();
		await signIn(page, server, 'verwaltung');
		await page.goto(`${server.address}/gemeinde`);
		await page.getByRole('heading', { level: 1, name: 'Ihr Konto darf diese Seite nicht sehen' }).waitFor();
		await close();
	});
});
