// SPDX-License-Identifier: EUPL-1.2
// The basic facts of a procedure: filed with what is planned, changed as they were read, two people at the same time.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { accessible, launch, picture } from '../browser.mjs';
import { reason, settled, startApplication, visit } from '../application.mjs';

describe('the basic facts of a procedure', { skip: reason }, () => {
	let server, browser;
	const ask = (page, method, path, body, headers = {}) => page.evaluate(async ([how, where, what, more]) => (await fetch(`/api/v1${where}`,
		{ method: how, headers: { 'Content-Type': 'application/json', ...more }, body: what && JSON.stringify(what) })).json(), [method, path, body, headers]);
	before(async () => {
		server = await startApplication();
		browser = await launch();
	});
	after(async () => {
		await browser?.close();
		await server?.stop();
	});

	it('say what is planned when a procedure is filed', async () => {
		const { page, close } = await visit(browser, server, '/planung/neu', { as: 'altona' });
		await page.getByLabel('Titel').fill('Vorhabenbezogener Bebauungsplan Lurup 95');
		await page.getByRole('button', { name: 'Hamburg entfernen' }).waitFor();
		await page.getByLabel('Vorhabenbezogener Bebauungsplan (§ 12 BauGB)').check();
		await page.getByLabel('Großflächiger Einzelhandel').check();
		await page.getByLabel(/^Verkaufsfläche/).fill('2500');
		await page.getByText('Vorhaben, Abschnitt und Rechtsstand').click();
		await page.getByLabel(/^Förmlich eingeleitet am/).fill('2026-05-04');
		await accessible(page);
		await picture(page, 'neues-verfahren');
		await page.getByRole('button', { name: 'Verfahren anlegen' }).click();
		await page.waitForURL(/\/geltungsbereich$/);
		const made = await ask(page, 'GET', `/procedures/${new URL(page.url()).pathname.split('/')[2]}`);
		assert.deepEqual([made.vorhabenbezogen, made.subjects, made.law_on], [true, [{ subject: 'EINZELHANDEL', sales_area_m2: 2500 }], '2026-05-04']);
		await close();
	});

	it('are changed, and what two have changed at the same time stands beside each other', async () => {
		const { page, close } = await visit(browser, server, null, { as: 'altona', expects: [/412/] });
		const { id } = await ask(page, 'POST', '/procedures', { kind: 'BP_REGEL', title: 'Bebauungsplan Lurup 96', planning_municipalities: ['02000000'], subjects: [{ subject: 'LEITUNG', voltage_kv: 110 }] });
		const now = () => ask(page, 'GET', `/procedures/${id}`);
		await page.goto(`${server.address}/planung/${id}`);
		await settled(page);
		await page.getByRole('link', { name: 'Grunddaten' }).click();
		await page.waitForURL(/\/grunddaten$/);
		await settled(page);
		await page.getByLabel(/^Aktenzeichen/).fill('A-96/1');
		await page.getByLabel('als Erdkabel').check();
		await accessible(page);
		await picture(page, 'grunddaten');
		await page.getByRole('button', { name: 'Speichern' }).click();
		await page.getByRole('status').getByText('Die Grunddaten sind gespeichert.').waitFor();
		assert.deepEqual([(await now()).reference, (await now()).subjects], ['A-96/1', [{ subject: 'LEITUNG', voltage_kv: 110, cable: true }]]);

		/** Somebody else of the body changes the same procedure in another window. */
		const meanwhile = (body) => page.evaluate(async ([path, what]) => {
			const etag = (await fetch(path)).headers.get('ETag');
			return (await fetch(path, { method: 'PATCH', headers: { 'Content-Type': 'application/json', 'If-Match': etag }, body: JSON.stringify(what) })).status;
		}, [`/api/v1/procedures/${id}`, body]);
		assert.equal(await meanwhile({ title: 'Bebauungsplan Lurup 96 (Ost)', project: 'Elbtrasse' }), 200);
		await page.getByLabel('Titel').fill('Bebauungsplan Lurup 96 (West)');
		await page.getByRole('button', { name: 'Speichern' }).click();
		const row = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'Titel' }) });
		await row.getByRole('cell', { name: 'Bebauungsplan Lurup 96 (West)' }).waitFor();
		await row.getByRole('cell', { name: 'Bebauungsplan Lurup 96 (Ost)' }).waitFor();
		await page.getByRole('status').getByText('Die Grunddaten sind gespeichert.').waitFor({ state: 'detached' });
		assert.equal((await now()).title, 'Bebauungsplan Lurup 96 (Ost)', 'nothing is overwritten');
		await accessible(page);
		await picture(page, 'grunddaten-gleichzeitig');
		await page.getByRole('button', { name: 'Meine Änderungen speichern' }).click();
		await page.getByRole('status').getByText('Die Grunddaten sind gespeichert.').waitFor();
		assert.deepEqual([(await now()).title, (await now()).project], ['Bebauungsplan Lurup 96 (West)', 'Elbtrasse'], 'mine, and what only the other has changed');

		assert.equal(await meanwhile({ title: 'Bebauungsplan Lurup 97' }), 200);
		await page.getByLabel('Titel').fill('Bebauungsplan Lurup 98');
		await page.getByRole('button', { name: 'Speichern' }).click();
		await page.getByRole('button', { name: 'Gespeicherten Stand übernehmen' }).click();
		await page.waitForFunction(() => document.querySelector('#title').value === 'Bebauungsplan Lurup 97');
		await close();
	});

	it('settle kind and planners with the first extent, and refuse an empty title at its field', async () => {
		const { page, close } = await visit(browser, server, null, { as: 'altona' });
		const [{ id }] = await server.sql("select id from pp.procedure where planner_body = '02000000-2' and title like 'Bebauungsplan Lurup 68%'");
		await page.goto(`${server.address}/planung/${id}/grunddaten`);
		await settled(page);
		await page.getByText('Art und Planende stehen damit fest').waitFor();
		assert.equal(await page.locator('#kind').count(), 0);
		await page.getByLabel('Titel').fill('');
		await page.getByRole('button', { name: 'Speichern' }).click();
		await page.getByRole('alert').getByRole('link', { name: 'Bitte füllen Sie dieses Feld aus.' }).click();
		assert.equal(await page.evaluate(() => document.activeElement.id), 'title');
		await accessible(page);
		await close();
	});
});
