// SPDX-License-Identifier: EUPL-1.2
// One invitation: why one is asked, reading it, more time, notes, showing it to others, and who stands in for whom.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { day } from '../../api/support.mjs';
import { reason, settled, startApplication, visit } from '../application.mjs';
import { accessible, launch, picture } from '../browser.mjs';

describe('an invitation', { skip: reason }, () => {
	let server, browser;
	before(async () => {
		server = await startApplication();
		browser = await launch();
	});
	after(async () => {
		await browser?.close();
		await server?.stop();
	});

	it('says why, is acknowledged, gets more time and notes, and is forwarded for reading', async () => {
		const { page, close } = await visit(browser, server, '/gemeinde', { as: 'pinneberg' });
		await page.getByRole('article').getByRole('link', { name: /^110-kV-Leitung/ }).click();
		await page.getByRole('heading', { level: 1, name: /^110-kV-Leitung/ }).waitFor();
		await page.getByRole('heading', { name: 'Warum Pinneberg beteiligt ist' }).waitFor();
		const invitation = await page.evaluate(async () => (await (await fetch('/api/v1/inbox')).json()).invitations[0]);
		assert.equal(await page.locator('section[aria-labelledby=why] tbody').first().getByRole('row').count(), invitation.evidence.length);
		await page.getByRole('application', { name: /^Karte: Plan/ }).waitFor();
		await page.getByRole('button', { name: 'Kenntnisnahme bestätigen' }).click();
		await page.getByText(/zur Kenntnis genommen/).waitFor();
		await page.getByLabel('Neue Notiz').fill('Bauamt fragen');
		await page.getByRole('button', { name: 'Notiz hinzufügen' }).click();
		await page.getByText('Bauamt fragen').waitFor();
		await page.getByRole('button', { name: 'Fristverlängerung anfragen' }).click();
		const dialog = page.getByRole('dialog');
		await dialog.getByRole('button', { name: 'Anfrage stellen' }).click();
		await dialog.getByRole('heading', { name: 'Bitte prüfen Sie Ihre Angaben' }).waitFor();
		await dialog.getByLabel('Verlängern bis').fill(day(120));
		await dialog.getByLabel('Grund').fill('Der Rat tagt erst danach.');
		await dialog.getByRole('button', { name: 'Anfrage stellen' }).click();
		await page.getByText(/wartet auf Antwort: Der Rat tagt erst danach\./).waitFor();
		await page.getByRole('button', { name: 'Zum Lesen weiterleiten' }).click();
		await accessible(page);
		await dialog.getByLabel('Stelle suchen').fill('Halstenbek');
		await dialog.getByLabel('Empfänger').selectOption({ label: 'Halstenbek' });
		await dialog.getByLabel('Grund').fill('Bitte um Ihre Einschätzung');
		await dialog.getByRole('button', { name: 'Weiterleiten' }).click();
		await page.getByText(/an Halstenbek/).waitFor();
		await settled(page);
		await accessible(page);
		await picture(page, 'gemeinde-beteiligung');
		await page.setViewportSize({ width: 320, height: 800 });
		assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false, 'nothing scrolls sideways at 320');
		await close();

		const reader = await visit(browser, server, '/gemeinde/weitergeleitet', { as: 'halstenbek', colorScheme: 'dark' });
		await reader.page.getByText('Bitte um Ihre Einschätzung').waitFor();
		await accessible(reader.page);
		await picture(reader.page, 'gemeinde-weitergeleitet-dunkel');
		await reader.page.getByRole('link', { name: /^110-kV-Leitung/ }).click();
		await reader.page.getByRole('heading', { name: 'Warum Pinneberg beteiligt ist' }).waitFor();
		await settled(reader.page);
		await accessible(reader.page);
		await reader.page.goBack();
		await reader.page.getByRole('button', { name: /^Zurückgeben/ }).click();
		await reader.page.getByRole('dialog').getByRole('button', { name: 'Zurückgeben' }).click();
		await reader.page.getByText('Ihnen ist nichts zum Lesen weitergeleitet.').waitFor();
		await reader.close();
	});

	it('can be looked after by a deputy', async () => {
		await server.account('clerk', '01056039', { email: 'pinneberg-zwei@vorfuehrung.example' });
		const { page, close } = await visit(browser, server, '/gemeinde/vertretungen', { as: 'pinneberg' });
		await page.getByText('Zurzeit ist keine Vertretung eingetragen.').waitFor();
		await page.getByLabel('Vertretung durch').selectOption({ label: 'pinneberg-zwei@vorfuehrung.example' });
		await page.getByLabel('Erster Tag').fill(day());
		await page.getByLabel('Letzter Tag').fill(day(7));
		await page.getByRole('button', { name: 'Vertretung eintragen' }).click();
		await page.getByText(/^pinneberg-zwei@vorfuehrung\.example vertritt pinneberg@vorfuehrung\.example/).waitFor();
		await accessible(page);
		await picture(page, 'gemeinde-vertretungen');
		await page.getByRole('button', { name: /^Vertretung beenden/ }).click();
		await page.getByRole('dialog').getByRole('button', { name: 'Vertretung beenden' }).click();
		await page.getByText('Zurzeit ist keine Vertretung eingetragen.').waitFor();
		await close();
	});
});
