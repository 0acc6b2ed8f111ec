// SPDX-License-Identifier: EUPL-1.2
// The record, for auditors: entries by what is looked for, one with its proof computed in the browser, seals, readings.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { reason, settled, startApplication, visit } from '../application.mjs';
import { accessible, launch, picture } from '../browser.mjs';

describe('the record', { skip: reason }, () => {
	let server, browser;
	before(async () => {
		server = await startApplication();
		browser = await launch();
	});
	after(async () => {
		await browser?.close();
		await server?.stop();
	});
	const ask = (page, path) => page.evaluate(async (where) => (await fetch(`/api/v1${where}`)).json(), path);

	it('is searched by table and day, by keyboard alone, and says where nothing is found', async () => {
		const { page, close } = await visit(browser, server, '/verwaltung/protokoll', { as: 'pruefung' });
		assert.equal(await page.getByRole('row').count(), 51);
		await accessible(page);
		await picture(page, 'verwaltung-protokoll');
		await page.getByLabel('Tabelle').focus();
		await page.keyboard.type('round');
		await page.keyboard.press('Enter');
		await page.waitForFunction(() => location.search.includes('tabelle=round'));
		await settled(page);
		const { items } = await ask(page, '/audit/entries?relation=round&limit=50');
		assert.equal(await page.getByRole('row').count(), items.length + 1);
		await page.getByLabel('Vom').fill('2099-01-01');
		await page.getByRole('button', { name: 'Suchen' }).click();
		await page.getByText('Dazu ist nichts aufgezeichnet.').waitFor();
		await close();
	});

	it('proves an entry in the browser, and says when the proof does not hold', async () => {
		const { page, close } = await visit(browser, server, '/verwaltung/protokoll?tabelle=round', { as: 'pruefung' });
		const [first] = (await ask(page, '/audit/entries?relation=round&limit=1')).items;
		await page.getByRole('row').nth(1).getByRole('link').click();
		await page.getByRole('heading', { level: 1, name: `Eintrag Nr. ${first.seq}` }).waitFor();
		await page.getByRole('heading', { name: 'Der Beweis stimmt', exact: true }).waitFor();
		await page.getByText(first.hash).waitFor();
		await accessible(page);
		await picture(page, 'verwaltung-eintrag');
		await page.route('**/api/v1/audit/entries/*/*', async (route) => {
			const response = await route.fetch();
			const entry = await response.json();
			await route.fulfill({ response, json: { ...entry, hash: '00'.repeat(32) } });
		});
		await page.reload();
		await page.getByRole('alert').getByText('Der Beweis stimmt nicht').waitFor();
		await accessible(page);
		await close();
	});

	it('lists seals and who has read', async () => {
		const { page, close } = await visit(browser, server, '/verwaltung/protokoll', { as: 'pruefung', colorScheme: 'dark' });
		await page.getByRole('link', { name: 'Siegel', exact: true }).click();
		const [seal] = (await ask(page, '/audit/seals?limit=1')).items;
		await page.getByText(seal.root).waitFor();
		await accessible(page);
		await picture(page, 'verwaltung-siegel-dunkel');
		await page.getByRole('link', { name: 'Lesezugriffe' }).click();
		await settled(page);
		const { items } = await ask(page, '/audit/readings?limit=50');
		if (items.length) assert.equal(await page.getByRole('row').count(), items.length + 1);
		else await page.getByText(/Privatpersonen/).waitFor();
		await accessible(page);
		await close();
	});

	it('is for auditors', async () => {
		const { page, close } = await visit(browser, server, '/verwaltung/protokoll', { as: 'verwaltung' });
		await page.getByRole('heading', { level: 1, name: 'Ihr Konto darf diese Seite nicht sehen' }).waitFor();
		await close();
	});
});
