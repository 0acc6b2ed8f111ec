// SPDX-License-Identifier: EUPL-1.2
// The public is asked with a notice that says what law wants; holidays in the period are named; a MUSS is left out by two persons.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { accessible, launch, picture } from '../browser.mjs';
import { reason, settled, startApplication, visit } from '../application.mjs';

const ring = [[9.835, 53.596], [9.85, 53.596], [9.85, 53.59], [9.835, 53.59], [9.835, 53.596]];

describe('what a start needs', { skip: reason }, () => {
	let server, browser;
	const ask = (page, method, path, body, headers = {}) => page.evaluate(async ([how, where, what, more]) => (await fetch(`/api/v1${where}`,
		{ method: how, headers: { 'Content-Type': 'application/json', ...more }, body: what && JSON.stringify(what) })).json(), [method, path, body, headers]);
	async function planned(page, title, { confirmed = true } = {}) {
		const { id } = await ask(page, 'POST', '/procedures', { kind: 'BP_REGEL', title, planning_municipalities: ['02000000'] });
		const plan = await ask(page, 'POST', `/procedures/${id}/plans`, { geometry: { type: 'Polygon', coordinates: [ring] }, crs: 'EPSG:4326' });
		if (confirmed) await ask(page, 'POST', `/plans/${plan.id}/affected/confirm`, {});
		return { id, plan: plan.id };
	}
	const look = async (page, path) => {
		await page.goto(`${server.address}${path}`);
		await settled(page);
	};
	const dialog = (page) => page.getByRole('dialog');
	before(async () => {
		server = await startApplication();
		browser = await launch();
	});
	after(async () => {
		await browser?.close();
		await server?.stop();
	});

	it('asks the public with its notice, and with nothing less', async () => {
		const { page, close } = await visit(browser, server, null, { as: 'altona', expects: [/422/] });
		const { id } = await planned(page, 'Bebauungsplan Lurup 101');
		const bare = { step: 'FOERM_OEFF', audience: 'OEFF', start: '2099-03-02', end: '2099-04-30', notice: { published_on: '2099-02-20', contains: [] } };
		assert.match((await ask(page, 'POST', `/procedures/${id}/rounds`, bare, { 'Accept-Language': 'de' })).detail, /^Die Bekanntmachung muss enthalten: /);
		await look(page, `/planung/${id}/start?schritt=FOERM_OEFF`);
		assert.equal(await page.locator('#step').inputValue(), 'FOERM_OEFF OEFF');
		assert.equal(await page.getByText('Wer außerdem eingeladen wird').count(), 0, 'the public is invited by no list');
		const { items } = await ask(page, 'GET', `/procedures/${id}/notice?step=FOERM_OEFF`);
		await page.locator('#start').fill('2099-12-07');
		assert.equal(await page.getByRole('button', { name: 'Beteiligung starten' }).isDisabled(), true);
		for (const { item, effect } of items) if (effect !== 'VERSPAETUNG') await page.locator(`#notice-${item}`).check();
		await page.getByText('Noch fehlt 1 vorgeschriebene Angabe der Bekanntmachung.').waitFor();
		await page.locator('#published_on').fill('2099-11-20');
		await page.locator('#organ').fill('Amtlicher Anzeiger');
		await page.getByText('Die Öffentlichkeit wird gefragt').waitFor();
		await page.getByText('In diesen Zeitraum fallen 3 gesetzliche Feiertage:').waitFor();
		await page.getByText(/Erster Weihnachtstag/).waitFor();
		await page.getByText('(Schleswig-Holstein, Hamburg)').or(page.getByText('(Hamburg, Schleswig-Holstein)')).or(page.getByText(/Schleswig-Holstein.*Hamburg/)).first().waitFor();
		await page.getByText('kürzeste zulässige Frist').waitFor();
		await accessible(page);
		await picture(page, 'start-oeffentlichkeit');
		await page.locator('#end').fill('2100-01-29');
		await page.getByText('kürzeste zulässige Frist').waitFor({ state: 'detached' });
		await page.locator(`#notice-${items.find(({ effect }) => effect === 'VERSPAETUNG').item}`).check();
		await page.locator('#dry ~ p', { hasText: '29.01.2100' }).waitFor();
		await page.getByRole('button', { name: 'Beteiligung starten' }).click();
		await dialog(page).getByText('29.01.2100').waitFor();
		await accessible(page);
		await dialog(page).getByRole('button', { name: 'Beteiligung starten' }).click();
		await page.waitForURL(/\/runden\//);
		const { items: [round] } = await ask(page, 'GET', `/procedures/${id}/rounds`);
		assert.deepEqual([round.audience, round.end, round.notice.organ, round.notice_on, round.late_effect_enabled], ['OEFF', '2100-01-29', 'Amtlicher Anzeiger', '2099-11-20', true]);
		assert.deepEqual([...round.notice.contains].sort(), items.map(({ item }) => item).sort());
		await close();
	});

	it('leaves a MUSS out when a second person of the body agrees', async () => {
		const made = await server.command(['account', 'create', '--email', 'altona-vertretung@vorfuehrung.example', '--role', 'manager', '--body', '02000000-2'], { input: 'planung-ohne-grenze\n' });
		assert.equal(made.status, 0, made.stderr);
		const first = await visit(browser, server, null, { as: 'altona', expects: [/4\d\d/] });
		const { id, plan } = await planned(first.page, 'Bebauungsplan Lurup 102', { confirmed: false });
		await look(first.page, `/planung/${id}/betroffene`);
		await first.page.getByRole('button', { name: 'Weglassen: Schenefeld' }).click();
		await first.page.locator('#reason').fill('Die Fläche wird verkleinert.');
		await dialog(first.page).getByRole('button', { name: 'Weglassen' }).click();
		await first.page.getByText('es fehlt die Zustimmung einer zweiten Person').waitFor();
		assert.equal(await first.page.getByRole('button', { name: /Als zweite Person zustimmen/ }).count(), 0, 'nobody agrees to their own proposal');

		const second = await visit(browser, server, `/planung/${id}/betroffene`, { as: 'altona-vertretung' });
		await second.page.getByRole('button', { name: 'Als zweite Person zustimmen: Schenefeld' }).click();
		await dialog(second.page).getByText('Die Fläche wird verkleinert.').waitFor();
		await accessible(second.page);
		await dialog(second.page).getByRole('button', { name: 'Als zweite Person zustimmen' }).click();
		await second.page.getByRole('status').getByText('Schenefeld wird nicht beteiligt.').waitFor();
		const { municipalities } = await ask(second.page, 'GET', `/plans/${plan}/affected`);
		const { decision } = municipalities.find(({ name }) => name === 'Schenefeld');
		assert.deepEqual([decision.action, decision.state], ['drop', 'effective']);
		await second.page.getByRole('button', { name: 'Liste bestätigen' }).click();
		await dialog(second.page).getByRole('button', { name: 'Liste bestätigen' }).click();
		await second.page.waitForURL(/\/start$/);
		await second.page.locator('#step').selectOption('FOERM_TOEB TOEB');
		await second.page.getByRole('table').getByRole('rowheader').first().waitFor();
		assert.equal(await second.page.getByRole('rowheader', { name: /^Schenefeld/ }).count(), 0);
		await second.close();
		await first.close();
	});
});
