// SPDX-License-Identifier: EUPL-1.2
// What follows a statement: the page behind its secret, and receipts that anybody can check.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { accessible, launch, picture, reason as noBrowser } from '../browser.mjs';
import { reason, settled, startApplication, visit } from '../application.mjs';

describe('after a statement', { skip: reason || noBrowser }, () => {
	let server, browser, round;
	/** A statement of somebody, as the interface answers it. */
	async function state(more = {}) {
		const response = await fetch(`${server.address}/api/v1/rounds/${round.id}/statements`, { method: 'POST', headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify({ stance: 'BEDENKEN', points: [{ topic: 'Lärm', text: 'Zu laut.' }], ...more }) });
		assert.equal(response.status, 201);
		return response.json();
	}
	before(async () => {
		server = await startApplication();
		browser = await launch();
		const procedure = (await server.must(200, 'GET', '/procedures?limit=50')).items.find(({ kind }) => kind === 'BP_REGEL');
		({ items: [round] } = await server.must(200, 'GET', `/procedures/${procedure.id}/rounds`));
	});
	after(async () => {
		await browser?.close();
		await server?.stop();
	});

	it('one sees it by its secret, which goes into no address, adds to it, changes consents and withdraws it', async () => {
		const { status_token: secret, number } = await state({ person: { family_name: 'Muster', email: 'muster@example.org', inform: 'EMAIL' }, consents: { publish_name: true, text_version: 'ohne' } });
		const { page, close } = await visit(browser, server);
		const addresses = [];
		page.on('request', (request) => addresses.push(request.url(), request.headers().referer ?? ''));
		await page.goto(`${server.address}/meine-stellungnahme#${secret}`);
		await settled(page);
		await page.getByRole('heading', { name: `Stellungnahme Nr. ${number}` }).waitFor();
		await page.getByText('Lärm: Zu laut.').waitFor();
		await page.getByText('muster@example.org (noch nicht bestätigt)').waitFor();
		await accessible(page);
		await picture(page, 'meine-stellungnahme');

		await page.getByLabel('Ihre Ergänzung').fill('Auch nachts.');
		await page.getByRole('button', { name: 'Ergänzung abgeben' }).click();
		await page.getByRole('dialog').getByRole('button', { name: 'Ergänzung abgeben' }).click();
		await page.getByRole('heading', { name: 'Ihre Ergänzung ist eingegangen' }).waitFor();
		await page.getByRole('heading', { name: `Ergänzung Nr. ${number}-1` }).waitFor();
		await page.getByRole('button', { name: 'Empfangsbestätigung als PDF' }).waitFor();
		await settled(page);

		await page.getByLabel(/Mein Name darf/).uncheck();
		await page.getByRole('button', { name: 'Einwilligungen speichern' }).click();
		await page.getByRole('heading', { name: 'Ihre Einwilligungen sind gespeichert.' }).waitFor();
		await page.reload();
		await settled(page);
		assert.equal(await page.getByLabel(/Mein Name darf/).isChecked(), false);

		await page.getByRole('button', { name: 'Löschung beantragen' }).click();
		await page.getByRole('dialog').getByRole('button', { name: 'Löschung beantragen' }).click();
		await page.getByRole('heading', { name: /Ihr Antrag ist vermerkt/ }).waitFor();
		await settled(page);

		await page.getByRole('button', { name: 'Stellungnahme zurücknehmen' }).click();
		await accessible(page);
		await page.getByRole('dialog').getByLabel(/^Warum/).fill('Hat sich erledigt.');
		await page.getByRole('dialog').getByRole('button', { name: 'Stellungnahme zurücknehmen' }).click();
		await page.getByRole('heading', { name: 'Ihre Stellungnahme ist zurückgenommen' }).waitFor();
		await page.getByText('zurückgenommen', { exact: true }).first().waitFor();
		assert.equal(await page.getByRole('button', { name: 'Ergänzung abgeben' }).count(), 0, 'nothing is added to what was withdrawn');
		await accessible(page);
		await picture(page, 'meine-stellungnahme-zurueckgenommen');

		// The way to sign in comes back here, but without the secret.
		assert.equal(await page.getByRole('link', { name: 'Anmelden' }).getAttribute('href'), '/anmelden?zu=/meine-stellungnahme');
		assert.deepEqual(addresses.filter((address) => address.includes(secret)), []);
		await close();
	});

	it('a link that is not whole is asked for again', async () => {
		const { status_token: secret, number } = await state();
		const { page, close } = await visit(browser, server, '/meine-stellungnahme', { expects: [/404/] });
		await accessible(page);
		await picture(page, 'meine-stellungnahme-ohne-link');
		await page.getByLabel('Persönlicher Link').fill(`${server.address}/meine-stellungnahme#${'x'.repeat(43)}`);
		await page.keyboard.press('Enter');
		await page.getByRole('alert').getByText('Dieser Link gilt nicht').waitFor();
		await page.getByLabel('Persönlicher Link').fill(`${server.address}/meine-stellungnahme#${secret}`);
		await page.keyboard.press('Enter');
		await page.getByRole('heading', { name: `Stellungnahme Nr. ${number}` }).waitFor();
		await page.getByText(/Zu Ihrer Person ist nichts gespeichert/).waitFor();
		await close();
	});

	it('a receipt is checked by anybody: genuine, changed, of somebody else, none', async () => {
		const { receipt } = await state();
		const { page, close } = await visit(browser, server, '/quittung', { acceptDownloads: true });
		await accessible(page);
		await picture(page, 'quittung');
		const check = async (text) => {
			await page.getByLabel(/Oder Inhalt der Datei/).fill(text);
			await page.getByRole('button', { name: 'Prüfen', exact: true }).click();
		};
		await page.getByLabel('Datei auswählen').setInputFiles({ name: 'beleg.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(receipt)) });
		await page.getByRole('heading', { name: 'Die Empfangsbestätigung ist echt' }).waitFor();
		await page.getByText(receipt.receipt.text).waitFor();
		await accessible(page);
		await picture(page, 'quittung-echt');
		const saved = page.waitForEvent('download');
		await page.getByRole('button', { name: 'Empfangsbestätigung als PDF' }).click();
		assert.match(readFileSync(await (await saved).path(), 'latin1'), /^%PDF-/);

		await check(JSON.stringify({ ...receipt, receipt: { ...receipt.receipt, number: '2026-0001-999' } }));
		await page.getByRole('alert').getByText('Die Empfangsbestätigung ist nicht echt').waitFor();
		assert.equal(await page.getByText(receipt.receipt.text).count(), 0, 'what is not genuine is not shown as if it were');
		await accessible(page);
		await picture(page, 'quittung-falsch');
		await check('Guten Tag');
		await page.getByRole('link', { name: /Das ist keine Empfangsbestätigung/ }).waitFor();
		await check('%PDF-1.4');
		await page.getByRole('link', { name: /beleg\.json/ }).waitFor();
		await page.getByLabel(/Oder Inhalt der Datei/).fill('');
		await page.getByRole('button', { name: 'Prüfen', exact: true }).click();
		await page.getByRole('link', { name: /Bitte wählen Sie eine Datei/ }).waitFor();
		await close();
	});
});
