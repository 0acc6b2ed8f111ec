// SPDX-License-Identifier: EUPL-1.2
// The life of a procedure: what may happen now and why, what is missing, each binding step, and how long persons are kept.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { accessible, launch, picture } from '../browser.mjs';
import { reason, settled, startApplication, visit } from '../application.mjs';

describe('the life of a procedure', { skip: reason }, () => {
	let server, browser;
	const ask = (page, method, path, body) => page.evaluate(async ([how, where, what]) => (await fetch(`/api/v1${where}`,
		{ method: how, headers: { 'Content-Type': 'application/json' }, body: what && JSON.stringify(what) })).json(), [method, path, body]);
	const file = async (page, title, more = {}) => (await ask(page, 'POST', '/procedures', { kind: 'BP_REGEL', title, planning_municipalities: ['02000000'], ...more })).id;
	const look = async (page, path) => {
		await page.goto(`${server.address}${path}`);
		await settled(page);
	};
	const step = (page, name) => page.getByRole('article').filter({ has: page.getByRole('heading', { name, exact: true }) });
	const dialog = (page) => page.getByRole('dialog');
	/** Tabs until that element has the focus. */
	async function reach(page, locator) {
		await locator.waitFor();
		for (let tabs = 0; tabs < 120; tabs++) {
			if (await locator.evaluate((element) => element === document.activeElement)) return;
			await page.keyboard.press('Tab');
		}
		assert.fail(`the keyboard does not reach ${locator}`);
	}

	before(async () => {
		server = await startApplication();
		browser = await launch();
	});
	after(async () => {
		await browser?.close();
		await server?.stop();
	});

	it('shows what runs, what comes by itself and what has happened', async () => {
		const { page, close } = await visit(browser, server, null, { as: 'amt-pinnau-planung', expects: [/422/] });
		const [{ id }] = await server.sql("select id from pp.procedure where planner_body = '010565687'");
		await page.getByRole('link', { name: /^Verlauf und nächste Schritte: 9\. Änderung/ }).click();
		await page.waitForURL(/\/verlauf$/);
		await settled(page);
		const timeline = await ask(page, 'GET', `/procedures/${id}/timeline`);
		const steps = await ask(page, 'GET', `/procedures/${id}/next-steps`);
		assert.equal(await page.locator('.pp-life > li').count(), timeline.items.length);
		for (const { name } of timeline.items) await page.locator('.pp-life').getByRole('heading', { name }).first().waitFor();
		await page.getByRole('heading', { name: 'Planungsanzeige an die Landesplanung' }).waitFor();
		for (const { name } of steps.clock) await page.getByText(`${name}: `).first().waitFor();
		assert.ok(steps.steps.find(({ event }) => event === 'RUHEN').missing.length, 'a round runs');
		await page.locator('summary', { hasText: 'Weitere Vorgänge' }).click();
		await step(page, 'Ruhend gestellt').getByText('Noch nicht möglich').waitFor();
		await step(page, 'Ruhend gestellt').getByRole('link', { name: /^Zur Beteiligung/ }).first().waitFor();
		await step(page, 'Frist der Beteiligung verlängert').getByRole('link').first().click();
		await page.waitForURL(/\/runden\//);
		await page.goBack();
		await settled(page);
		await accessible(page);
		await picture(page, 'verlauf');
		await page.setViewportSize({ width: 320, height: 800 });
		assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false, 'nothing scrolls sideways at 320');
		await page.setViewportSize({ width: 1280, height: 900 });

		// Of this procedure the Planungsanzeige is on its way already.
		const fresh = await file(page, '10. Änderung des Flächennutzungsplans', { kind: 'FNP_AENDERUNG', planning_municipalities: ['01056013'] });
		await look(page, `/planung/${fresh}/verlauf`);
		await step(page, 'Planungsanzeige abgesandt').getByRole('button').click();
		await dialog(page).getByRole('button', { name: 'Planungsanzeige abgesandt' }).click();
		await dialog(page).getByRole('alert').getByRole('link').first().waitFor();
		assert.equal((await ask(page, 'GET', `/procedures/${fresh}/next-steps`)).tracks[0].state, 'OFFEN');
		for (const who of ['Landesplanung', 'Referat für Bauleitplanung', 'Kreis']) await dialog(page).getByLabel(who).check();
		await accessible(page);
		await dialog(page).getByRole('button', { name: 'Planungsanzeige abgesandt' }).click();
		await page.getByRole('status').getByText('Planungsanzeige abgesandt ist festgehalten.').waitFor();
		await page.locator('.pp-life').getByText('Landesplanung, Referat für Bauleitplanung, Kreis').waitFor();
		assert.equal((await ask(page, 'GET', `/procedures/${fresh}/next-steps`)).tracks[0].state, 'ANGEZEIGT');
		await close();
	});

	it('is led from one step to the next, with what is missing and where it is made good', async () => {
		const { page, close } = await visit(browser, server, null, { as: 'altona', expects: [/409/] });
		const id = await file(page, 'Bebauungsplan Lurup 81', { vorhabenbezogen: true });
		await look(page, `/planung/${id}/verlauf`);
		await page.getByText('Bisher ist nichts geschehen.').waitFor();
		await accessible(page);

		await step(page, 'Aufstellungsbeschluss').getByText('setzt den Antrag des Vorhabenträgers voraus').waitFor();
		await step(page, 'Aufstellungsbeschluss').getByRole('button').click();
		await dialog(page).getByText('Danach: Aufstellung beschlossen').waitFor();
		await accessible(page);
		await picture(page, 'verlauf-festhalten');
		await dialog(page).getByRole('button', { name: 'Aufstellungsbeschluss' }).click();
		await dialog(page).getByRole('alert').getByText('Antrag des Vorhabenträgers').waitFor();
		await dialog(page).getByLabel(/Tag des Antrags/).fill('2026-10-01');
		await dialog(page).getByLabel('Tag, der zählt').fill('2026-11-02');
		await dialog(page).getByRole('button', { name: 'Aufstellungsbeschluss' }).click();
		await page.getByRole('status').getByText('Aufstellungsbeschluss ist festgehalten.').waitFor();
		const one = await ask(page, 'GET', `/procedures/${id}`);
		assert.deepEqual([one.state, one.resolved_on], ['AUFGESTELLT', '2026-11-02']);
		await page.locator('.pp-life').getByText('01.10.2026').waitFor();

		await step(page, 'Verzicht auf die frühzeitige Beteiligung').getByRole('button').click();
		await dialog(page).getByLabel(/Grund nach § 3/).selectOption({ label: 'Unterrichtung bereits auf anderer Grundlage erfolgt (Nr. 2)' });
		await dialog(page).getByLabel(/^Grund(?! nach)/).fill('Über das Rahmenkonzept wurde schon beteiligt.');
		await dialog(page).getByRole('button', { name: 'Verzicht auf die frühzeitige Beteiligung' }).click();
		await step(page, 'Entwurf beschlossen').waitFor();
		await step(page, 'Entwurf beschlossen').getByRole('link', { name: 'Unterlagen hochladen' }).first().waitFor();
		await step(page, 'Entwurf beschlossen').getByRole('link', { name: 'Geltungsbereich zeichnen oder hochladen' }).click();
		await page.waitForURL(/\/geltungsbereich$/);
		await close();
	});

	it('has a step recorded by keyboard alone', async () => {
		const { page, close } = await visit(browser, server, null, { as: 'altona' });
		const id = await file(page, 'Bebauungsplan Lurup 82');
		await look(page, `/planung/${id}/verlauf`);
		await reach(page, step(page, 'Aufstellungsbeschluss').getByRole('button'));
		await page.keyboard.press('Enter');
		await reach(page, dialog(page).getByLabel(/^Grund/));
		await page.keyboard.insertText('Beschluss des Bezirksamts');
		await reach(page, dialog(page).getByRole('button', { name: 'Aufstellungsbeschluss' }));
		await page.keyboard.press('Enter');
		await page.locator('.pp-life').getByText('Beschluss des Bezirksamts').waitFor();
		assert.equal((await ask(page, 'GET', `/procedures/${id}`)).state, 'AUFGESTELLT');
		await close();
	});

	it('is published, linked and ended, each with what follows', async () => {
		const { page, close } = await visit(browser, server, null, { as: 'altona' });
		const id = await file(page, 'Bebauungsplan Lurup 83');
		const other = await file(page, '12. Änderung Lurup Süd', { kind: 'FNP_AENDERUNG' });
		await look(page, `/planung/${id}/verlauf`);
		await page.getByRole('button', { name: 'Verfahren veröffentlichen' }).click();
		await dialog(page).getByText('Zurücknehmen lässt sich das nicht').waitFor();
		await accessible(page);
		await dialog(page).getByRole('button', { name: 'Veröffentlichen' }).click();
		await page.getByText('Öffentlich seit').waitFor();
		assert.ok((await ask(page, 'GET', `/procedures/${id}`)).published_at);

		await page.getByRole('button', { name: 'Verfahren verknüpfen' }).click();
		await dialog(page).getByRole('button', { name: 'Verknüpfen' }).click();
		await dialog(page).getByRole('alert').getByText('Bitte suchen und wählen Sie').waitFor();
		await dialog(page).getByLabel('Anderes Verfahren').fill('Lurup Süd');
		await dialog(page).getByLabel('12. Änderung Lurup Süd').check();
		await accessible(page);
		await dialog(page).getByRole('button', { name: 'Verknüpfen' }).click();
		await page.getByRole('link', { name: '12. Änderung Lurup Süd' }).waitFor();
		const { items: [link] } = await ask(page, 'GET', `/procedures/${id}/links`);
		assert.deepEqual([link.kind, link.direction, link.procedure], ['PARALLEL', 'out', other]);

		await page.locator('summary', { hasText: 'Weitere Vorgänge' }).click();
		await step(page, 'Eingestellt').getByRole('button').click();
		await dialog(page).getByText('Rückgängig machen lässt sich das nicht').waitFor();
		await dialog(page).getByRole('button', { name: 'Eingestellt' }).click();
		await dialog(page).getByText('Bitte füllen Sie dieses Feld aus.').first().waitFor();
		await dialog(page).getByLabel('Grund').fill('Die Eigentümer haben den Antrag zurückgezogen.');
		await dialog(page).getByRole('button', { name: 'Eingestellt' }).click();
		await page.getByRole('heading', { name: 'Dieses Verfahren ist abgeschlossen.' }).waitFor();
		assert.equal((await ask(page, 'GET', `/procedures/${id}`)).withdraw_reason, 'Die Eigentümer haben den Antrag zurückgezogen.');
		await accessible(page);
		await picture(page, 'verlauf-eingestellt');
		await close();
	});

	it('holds and erases persons only as law has it', async () => {
		const { page, close } = await visit(browser, server, null, { as: 'altona' });
		const [{ id }] = await server.sql("select id from pp.procedure where planner_body = '02000000-2' and title like 'Bebauungsplan Lurup 68%'");
		await look(page, `/planung/${id}/verlauf`);
		await page.getByRole('link', { name: 'Aufbewahrung personenbezogener Daten' }).click();
		await page.waitForURL(/\/aufbewahrung$/);
		await settled(page);
		await page.getByText('Es besteht keine Sperre.').waitFor();
		await page.getByText('noch offen: Das Verfahren läuft').waitFor();
		assert.equal(await page.getByRole('button', { name: 'Alle Personen löschen' }).count(), 0);
		await accessible(page);
		await page.getByRole('button', { name: 'Sperre setzen' }).click();
		await dialog(page).getByLabel('Grund').fill('Normenkontrolle anhängig, 2 KN 1/27');
		await accessible(page);
		await dialog(page).getByRole('button', { name: 'Sperre setzen' }).click();
		await page.getByRole('rowheader', { name: 'Normenkontrolle anhängig' }).waitFor();
		await picture(page, 'aufbewahrung');
		await page.getByRole('button', { name: /^Sperre aufheben: Normenkontrolle/ }).click();
		await dialog(page).getByRole('button', { name: 'Aufheben' }).click();
		await page.getByRole('cell', { name: /^aufgehoben am/ }).waitFor();
		const kept = await ask(page, 'GET', `/procedures/${id}/retention`);
		assert.ok(kept.holds.length === 1 && kept.holds[0].lifted_at);

		// Long after its end nothing more is needed of them.
		await server.sql(`update pp.procedure set state = 'EINGESTELLT', state_since = now() - interval '3 years', withdrawn_at = now() - interval '3 years', withdraw_reason = 'Aufgegeben' where id = '${id}'`);
		await page.reload();
		await settled(page);
		await page.getByRole('button', { name: 'Löschung regeln' }).click();
		await dialog(page).getByLabel('von selbst löschen').check();
		await dialog(page).getByLabel('Tage Aufschub').fill('1500');
		await accessible(page);
		await dialog(page).getByRole('button', { name: 'Speichern' }).click();
		await page.getByRole('status').getByText('Die Löschung ist geregelt.').waitFor();
		const before = (await ask(page, 'GET', `/procedures/${id}/retention`)).persons.known;
		if (before) {
			await page.getByRole('button', { name: 'Alle Personen löschen' }).click();
			await dialog(page).getByText('unwiderruflich gelöscht').waitFor();
			await accessible(page);
			await dialog(page).getByRole('button', { name: 'Endgültig löschen' }).click();
			await page.getByText('keine Privatperson bekannt').waitFor();
		}
		const { persons } = await ask(page, 'GET', `/procedures/${id}/retention`);
		assert.ok(before > 0 && persons.known === 0 && persons.erased === before, JSON.stringify(persons));
		await close();
	});

	it('says what another body may not see, with a way out', async () => {
		const { page, close } = await visit(browser, server, null, { as: 'eimsbuettel', expects: [/403/] });
		const [{ id }] = await server.sql("select id from pp.procedure where planner_body = '02000000-2' and title like 'Bebauungsplan Lurup 68%'");
		await look(page, `/planung/${id}/verlauf`);
		await page.getByRole('alert').getByRole('button', { name: 'Erneut versuchen' }).waitFor();
		await accessible(page);
		await close();
	});
});
