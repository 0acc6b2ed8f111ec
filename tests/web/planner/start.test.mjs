// SPDX-License-Identifier: EUPL-1.2
// From an idea to a started round: in few clicks, and by keyboard alone.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { accessible, launch, picture } from '../browser.mjs';
import { reason, settled, startApplication, visit } from '../application.mjs';

/* A rectangle on both sides of the border between Lurup and Schenefeld. */
const ring = [[9.835, 53.596], [9.85, 53.596], [9.85, 53.59], [9.835, 53.59]];
const typed = ring.map(([lon, lat]) => `${lat} ${lon}`).join('\n');
const bowTie = { type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [[[9.83, 53.59], [9.85, 53.6], [9.85, 53.59], [9.83, 53.6], [9.83, 53.59]]] } };
const geojson = (feature) => ({ name: 'plan.geojson', mimeType: 'application/geo+json', buffer: Buffer.from(JSON.stringify(feature)) });

describe('the way to a round', { skip: reason }, () => {
	let server, browser;
	/** What the interface answers to whoever is signed in in that browser. */
	const get = (page, path) => page.evaluate(async (address) => (await fetch(address)).json(), `/api/v1${path}`);
	const idOf = (page) => new URL(page.url()).pathname.split('/')[2];
	/** A procedure that was filed by the interface, at its page of the extent. */
	async function extent(page, title) {
		const id = await page.evaluate(async (name) => (await (await fetch('/api/v1/procedures', { method: 'POST', headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify({ kind: 'BP_REGEL', title: name, planning_municipalities: ['02000000'] }) })).json()).id, title);
		await page.goto(`${server.address}/planung/${id}/geltungsbereich`);
		await settled(page);
		return id;
	}

	before(async () => {
		server = await startApplication();
		browser = await launch();
	});
	after(async () => {
		await browser?.close();
		await server?.stop();
	});

	it('takes fewer than 15 clicks after signing in', async (t) => {
		const { page, close } = await visit(browser, server, null, { as: 'altona' });
		await page.evaluate(() => {
			window.clicks = 0;
			addEventListener('click', (event) => (window.clicks += event.detail > 0 ? 1 : 0), true);
		});
		await accessible(page);
		await picture(page, 'meine-verfahren');
		await page.getByRole('link', { name: 'Neues Verfahren' }).click();
		await settled(page);
		await page.locator('#title').fill('Bebauungsplan Lurup 71');
		await page.getByRole('button', { name: 'Hamburg entfernen' }).waitFor();
		await accessible(page);
		await page.getByRole('button', { name: 'Verfahren anlegen' }).click();
		await page.locator('.pp-map').waitFor();
		await page.locator('summary', { hasText: 'Koordinaten' }).click();
		await page.locator('#coordinates').fill(typed);
		await page.getByRole('button', { name: 'Fläche übernehmen' }).click();
		await page.locator('table tbody tr').first().waitFor();
		await page.getByRole('button', { name: 'Geltungsbereich übernehmen' }).click();
		await page.waitForURL(/\/betroffene$/);
		await page.locator('table tbody tr').first().waitFor();
		await accessible(page);
		await picture(page, 'betroffene');
		await page.getByRole('button', { name: 'Liste bestätigen' }).click();
		await page.getByRole('dialog').getByRole('button', { name: 'Liste bestätigen' }).click();
		await page.waitForURL(/\/start$/);
		await page.locator('#step').selectOption('FOERM_TOEB TOEB');
		await page.getByRole('cell', { name: 'Schenefeld' }).or(page.getByRole('rowheader', { name: /Schenefeld/ })).waitFor();
		await accessible(page);
		await picture(page, 'start');
		const promised = await page.locator('#dry ~ p').first().innerText();
		await page.getByRole('button', { name: 'Beteiligung starten' }).click();
		await page.getByRole('dialog').getByRole('button', { name: 'Beteiligung starten' }).click();
		await page.waitForURL(/\/runden\//);
		const clicks = await page.evaluate(() => window.clicks);
		t.diagnostic(`${clicks} clicks`);
		assert.ok(clicks < 15, `${clicks} clicks`);

		const { items: [round] } = await get(page, `/procedures/${idOf(page)}/rounds`);
		assert.deepEqual([round.step, round.audience], ['FOERM_TOEB', 'TOEB']);
		assert.ok(promised.includes(round.end.split('-').reverse().join('.')), `${promised} is what was started: ${round.end}`);
		assert.ok((await get(page, `/rounds/${round.id}/board`)).municipalities.some(({ name }) => name === 'Schenefeld'));
		await page.goto(`${server.address}/planung/${round.procedure}`);
		await settled(page);
		await page.getByRole('link', { name: /Förmliche Beteiligung/ }).waitFor();
		await accessible(page);
		await picture(page, 'verfahren');
		await close();
	});

	it('is gone by keyboard alone', async () => {
		const { page, close } = await visit(browser, server, null, { as: 'altona' });
		/** Tabs until that element has the focus. */
		const reach = async (locator) => {
			await locator.waitFor();
			for (let tabs = 0; tabs < 120; tabs++) {
				if (await locator.evaluate((element) => element === document.activeElement)) return;
				await page.keyboard.press('Tab');
			}
			assert.fail(`the keyboard does not reach ${locator}`);
		};
		const press = async (locator, key = 'Enter') => {
			await reach(locator);
			await page.keyboard.press(key);
		};
		const write = async (locator, text) => {
			await reach(locator);
			await page.keyboard.insertText(text);
		};
		const button = (name) => page.getByRole('button', { name, exact: true });
		await press(page.getByRole('link', { name: 'Neues Verfahren' }));
		await write(page.locator('#title'), 'Bebauungsplan Lurup 72');
		await page.getByRole('button', { name: 'Hamburg entfernen' }).waitFor();
		await press(button('Verfahren anlegen'));
		await press(page.locator('summary', { hasText: 'Koordinaten' }));
		await write(page.locator('#coordinates'), typed);
		await press(button('Fläche übernehmen'));
		await page.locator('table tbody tr').first().waitFor();
		await press(button('Geltungsbereich übernehmen'));
		await page.waitForURL(/\/betroffene$/);
		await press(button('Liste bestätigen'));
		await press(page.getByRole('dialog').getByRole('button', { name: 'Liste bestätigen' }));
		await page.waitForURL(/\/start$/);
		await reach(page.locator('#step'));
		await page.keyboard.type('Förm');
		await page.getByRole('rowheader', { name: /Schenefeld/ }).waitFor();
		await press(button('Beteiligung starten'));
		await press(page.getByRole('dialog').getByRole('button', { name: 'Beteiligung starten' }));
		await page.waitForURL(/\/runden\//);
		assert.equal((await get(page, `/procedures/${idOf(page)}/rounds`)).items.length, 1);
		await close();
	});

	it('takes a municipality out only with a reason, and a MUSS only with a second person', async () => {
		const { page, close } = await visit(browser, server, null, { as: 'altona' });
		const id = await extent(page, 'Bebauungsplan Lurup 73');
		await page.locator('summary', { hasText: 'Koordinaten' }).click();
		await page.locator('#coordinates').fill(typed);
		await page.getByRole('button', { name: 'Fläche übernehmen' }).click();
		await page.getByRole('button', { name: 'Geltungsbereich übernehmen' }).click();
		await page.waitForURL(/\/betroffene$/);
		await page.getByRole('button', { name: 'Weglassen: Schenefeld' }).click();
		const dialog = page.getByRole('dialog');
		await dialog.getByText('Eine zweite Person').waitFor();
		await dialog.getByRole('button', { name: 'Weglassen' }).click();
		await dialog.getByText('Bitte füllen Sie dieses Feld aus.').first().waitFor();
		await accessible(page);
		await page.locator('#reason').fill('Die Fläche wird noch verkleinert.');
		await dialog.getByRole('button', { name: 'Weglassen' }).click();
		await page.getByText('es fehlt die Zustimmung einer zweiten Person').waitFor();
		const { plan } = await get(page, `/procedures/${id}`);
		const { municipalities } = await get(page, `/plans/${plan.id}/affected`);
		assert.equal(municipalities.find(({ name }) => name === 'Schenefeld').decision.state, 'proposed');
		await close();
	});

	it('begins with a file: what is wrong is shown with its place, and repaired only knowingly', async () => {
		const { page, close } = await visit(browser, server, null, { as: 'altona', expects: [/422/] });
		const id = await extent(page, 'Bebauungsplan Lurup 74');
		await page.locator('summary', { hasText: 'Datei' }).click();
		await page.locator('#plan-file').setInputFiles(geojson(bowTie));
		await page.getByRole('button', { name: 'Datei prüfen und übernehmen' }).click();
		await page.getByText('Der Umriss schneidet sich selbst').waitFor();
		await page.getByRole('button', { name: 'Stelle auf der Karte zeigen' }).click();
		await page.locator('.pp-map:focus').waitFor();
		assert.equal((await get(page, `/procedures/${id}`)).plan, null);
		await page.getByRole('button', { name: 'Reparatur vorschlagen' }).click();
		await page.getByText('Aus 1 Teilen werden 2').waitFor();
		await accessible(page);
		await picture(page, 'reparatur');
		await page.getByRole('button', { name: 'So übernehmen' }).click();
		await page.waitForURL(/\/betroffene$/);
		const { plan } = await get(page, `/procedures/${id}`);
		assert.ok((await get(page, `/plans/${plan.id}`)).changes.length > 0, 'the record says what was repaired');
		await close();
	});

	it('begins with a good file at once', async () => {
		const { page, close } = await visit(browser, server, null, { as: 'altona' });
		const id = await extent(page, 'Bebauungsplan Lurup 75');
		const good = geojson({ type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [[...ring, ring[0]]] } });
		await page.locator('summary', { hasText: 'Datei' }).click();
		await page.locator('#plan-file').setInputFiles(good);
		await page.getByRole('button', { name: 'Datei prüfen und übernehmen' }).click();
		await page.waitForURL(/\/betroffene$/);
		const { plan } = await get(page, `/procedures/${id}`);
		assert.equal((await get(page, `/plans/${plan.id}`)).source.sha256, createHash('sha256').update(good.buffer).digest('hex'));
		await close();
	});

	it('has its documents uploaded, checked and taken back', async () => {
		const { page, close } = await visit(browser, server, null, { as: 'altona' });
		const id = await extent(page, 'Bebauungsplan Lurup 76');
		await page.goto(`${server.address}/planung/${id}`);
		await settled(page);
		await page.getByText('Es gibt noch keine Unterlagen.').waitFor();
		await page.locator('#file').setInputFiles({ name: 'Begründung.txt', mimeType: 'text/plain', buffer: Buffer.from('Warum hier gebaut werden soll.\n') });
		await page.getByRole('button', { name: 'Hochladen', exact: true }).click();
		await page.getByText('geprüft', { exact: true }).waitFor();
		const { items: [one] } = await get(page, `/procedures/${id}/documents`);
		assert.deepEqual([one.state, one.kind, one.title, one.audiences], ['GEPRUEFT', 'BEGRUENDUNG', 'Begründung', ['OEFF', 'TOEB']]);
		await accessible(page);
		await picture(page, 'unterlagen');
		await page.getByRole('button', { name: 'Zurückziehen: Begründung' }).click();
		await page.locator('#reason').fill('Falsche Datei');
		await page.getByRole('dialog').getByRole('button', { name: 'Zurückziehen' }).click();
		await page.getByText('Es gibt noch keine Unterlagen.').waitFor();
		await close();
	});
});
