// SPDX-License-Identifier: EUPL-1.2
// Holidays that operators add, with the periods that they move, and outages with the rounds that they fall into.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { reason, settled, startApplication, visit } from '../application.mjs';
import { accessible, launch, picture } from '../browser.mjs';

describe('the days of operators', { skip: reason }, () => {
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
	const row = (page, name) => page.getByRole('row').filter({ hasText: name });

	it('lists the holidays of both Länder, and adds one that moves periods which end on it', async () => {
		const { page, close } = await visit(browser, server, '/verwaltung/feiertage?jahr=2026', { as: 'verwaltung' });
		const { items } = await ask(page, '/holidays?year=2026');
		const ours = items.filter(({ areas }) => areas.some((area) => ['01', '02'].includes(area)));
		assert.equal(await page.getByRole('row').count() - 1, ours.length);
		await row(page, 'Reformationstag').getByText('Schleswig-Holstein, Hamburg').waitFor();
		assert.equal(await row(page, 'Fronleichnam').count(), 0, 'there is none here');
		await page.getByLabel('Land').selectOption('every');
		await row(page, 'Fronleichnam').waitFor();
		await page.getByLabel('Land').selectOption('both');
		await page.getByLabel('Jahr').selectOption('2027');
		await row(page, 'Fr., 01.01.2027').waitFor();
		await accessible(page);
		await picture(page, 'verwaltung-feiertage');

		const [{ ends }] = await server.sql(`select pp.iso(pp.last_day(d.closes_at)) as ends from pp.round d
			where d.closes_at > now() + interval '2 days' and d.cancelled_at is null and left(d.planner_body, 2) = '01' order by d.closes_at limit 1`);
		assert.ok(ends, 'a round of Schleswig-Holstein is open');
		await page.getByRole('button', { name: 'Feiertag hinzufügen' }).click();
		const dialog = page.getByRole('dialog', { name: 'Feiertag hinzufügen' });
		await dialog.getByRole('button', { name: 'Feiertag hinzufügen' }).click();
		await dialog.getByRole('alert').waitFor();
		assert.equal(await dialog.getByRole('alert').getByRole('listitem').count(), 3, 'name, day and basis are missing');
		await accessible(page);
		await dialog.getByLabel('Name', { exact: true }).fill('Landestrauertag');
		await dialog.getByLabel('Tag', { exact: true }).fill(ends);
		await dialog.getByLabel('Grundlage').fill('Verordnung der Landesregierung');
		await accessible(page);
		await picture(page, 'verwaltung-feiertag-neu');
		await dialog.getByRole('button', { name: 'Feiertag hinzufügen' }).click();
		// First it says what that moves; nothing has moved yet.
		await dialog.getByRole('heading', { name: /^\d+ (Frist endet|Fristen enden) dann später$/ }).waitFor();
		await dialog.getByText(new RegExp(`Runden?: .* statt .*${ends.slice(8)}\\.${ends.slice(5, 7)}\\.`)).waitFor();
		assert.ok((await ask(page, `/holidays?year=${ends.slice(0, 4)}`)).items.every(({ name }) => name !== 'Landestrauertag'));
		await accessible(page);
		await picture(page, 'verwaltung-feiertag-vorschau');
		await dialog.getByRole('button', { name: /^Hinzufügen und \d+ Fristen? verschieben$/ }).click();
		await page.getByRole('heading', { name: /Landestrauertag ist hinzugefügt: \d+ Fristen? wurden? verschoben/ }).waitFor();
		await row(page, 'Runde').first().waitFor();
		await accessible(page);
		await picture(page, 'verwaltung-feiertag-verschoben');
		await page.getByLabel('Jahr').selectOption(ends.slice(0, 4));
		await row(page, 'Landestrauertag').getByText('hinzugefügt', { exact: true }).waitFor();
		assert.ok((await ask(page, `/holidays?year=${ends.slice(0, 4)}`)).items.some(({ name, day }) => name === 'Landestrauertag' && day === ends));
		const [moved] = await server.sql(`select count(*)::int as n from pp.round d where pp.iso(pp.last_day(d.closes_at)) = '${ends}' and left(d.planner_body, 2) = '01'`);
		assert.equal(moved.n, 0, 'no open round ends on it any more');
		await close();
	});

	it('adds one of every year by its rule, and withdraws it with a reason, by keyboard alone', async () => {
		const { page, close } = await visit(browser, server, '/verwaltung/feiertage?jahr=2027', { as: 'verwaltung', colorScheme: 'dark' });
		const tabTo = async (matches) => {
			for (let presses = 0; presses < 80; presses++) {
				const found = await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim());
				if (matches.test(found ?? '')) return;
				await page.keyboard.press('Tab');
			}
			assert.fail(`nothing like ${matches} is reached by Tab`);
		};
		await page.getByRole('button', { name: 'Feiertag hinzufügen' }).click();
		const dialog = page.getByRole('dialog');
		await dialog.getByLabel('Gebiet').selectOption('other');
		await dialog.getByLabel('Schlüssel des Gebiets').fill('01056039');
		await dialog.getByLabel('jedes Jahr am selben Tag').check();
		await dialog.getByLabel('Tag und Monat').fill('8.8.');
		await dialog.getByLabel('Name', { exact: true }).fill('Stadtfest');
		await dialog.getByLabel('Grundlage').fill('Satzung der Stadt');
		await dialog.getByLabel(/Erstes Jahr/).fill('2027');
		await dialog.getByRole('button', { name: 'Feiertag hinzufügen' }).click();
		await page.getByText('Stadtfest ist hinzugefügt. Keine laufende Frist endete an diesem Tag.').waitFor();
		await row(page, 'Stadtfest').getByText('Gebiet 01056039').waitFor();
		await row(page, 'So., 08.08.2027').waitFor();
		await accessible(page);
		await picture(page, 'verwaltung-feiertage-dunkel');
		await tabTo(/^Stadtfest zurücknehmen$/);
		await page.keyboard.press('Enter');
		const withdraw = page.getByRole('dialog', { name: 'Stadtfest zurücknehmen' });
		await withdraw.getByText(/zählt dann nicht mehr als Feiertag/).waitFor();
		await settled(page);
		await withdraw.getByLabel('Begründung').focus();
		await page.keyboard.type('War ein Irrtum.');
		await accessible(page);
		await tabTo(/^Zurücknehmen$/);
		await page.keyboard.press('Enter');
		await page.getByRole('status').getByText('Stadtfest ist zurückgenommen.').waitFor();
		assert.equal(await row(page, 'Stadtfest').count(), 0);
		await close();
	});

	it('records an outage, says into which rounds it falls, and takes it back', async () => {
		const { page, close } = await visit(browser, server, '/verwaltung/stoerungen', { as: 'verwaltung', expects: [/422/] });
		await page.getByText('Es ist keine Störung erfasst.').waitFor();
		await page.getByRole('rowheader', { name: /bleibt ohne Folgen/ }).waitFor();
		await accessible(page);
		await picture(page, 'verwaltung-stoerungen-leer');
		// The rounds of the demonstration begin on the day on which it is made.
		const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Berlin' });
		await page.getByRole('button', { name: 'Störung erfassen' }).click();
		const dialog = page.getByRole('dialog', { name: 'Störung erfassen' });
		await dialog.getByLabel('Was war nicht erreichbar?').fill('Unterlagen aller Verfahren');
		await dialog.getByLabel('Beginn: Tag').fill(today);
		await dialog.getByLabel('Beginn: Uhrzeit').fill('00:01');
		await dialog.getByLabel('Ende: Tag').fill(today);
		await dialog.getByLabel('Ende: Uhrzeit').fill('00:00');
		await dialog.getByLabel('Begründung').fill('Ein Speicher war ausgefallen.');
		await dialog.getByRole('button', { name: 'Störung erfassen' }).click();
		await dialog.getByRole('alert').waitFor();
		await dialog.getByLabel('Ende: Uhrzeit').fill('00:02');
		await accessible(page);
		await picture(page, 'verwaltung-stoerung-neu');
		await dialog.getByRole('button', { name: 'Störung erfassen' }).click();
		await page.getByRole('heading', { name: /Die Störung fällt in \d+ Runden/ }).waitFor();
		await page.getByRole('link', { name: /: 1 min der Frist/ }).first().waitFor();
		const [made] = (await ask(page, '/outages')).items;
		assert.deepEqual([made.length_s, made.scope, made.source, new Date(made.to) - new Date(made.from)], [60, 'PLATTFORM', 'BETRIEB', 60_000]);
		await row(page, 'Unterlagen aller Verfahren').getByText('1 min').waitFor();
		await accessible(page);
		await picture(page, 'verwaltung-stoerungen');
		await row(page, 'Unterlagen aller Verfahren').getByRole('button').click();
		const withdraw = page.getByRole('dialog');
		await withdraw.getByRole('button', { name: 'Zurücknehmen' }).click();
		await withdraw.getByRole('alert').getByText('Bitte füllen Sie dieses Feld aus.').waitFor();
		await withdraw.getByLabel('Begründung').fill('Falsche Uhrzeit.');
		await accessible(page);
		await withdraw.getByRole('button', { name: 'Zurücknehmen' }).click();
		await row(page, 'Unterlagen aller Verfahren').getByText(/zurückgenommen am .*: Falsche Uhrzeit\./).waitFor();
		assert.equal((await ask(page, '/outages')).items[0].withdraw_reason, 'Falsche Uhrzeit.');
		await close();
	});

	it('say when the server does not answer, with a way out', async () => {
		const { page, close } = await visit(browser, server, null, { as: 'verwaltung', expects: [/500|ERR_FAILED/] });
		await page.route('**/api/v1/holidays*', (route) => route.abort());
		await page.goto(`${server.address}/verwaltung/feiertage`);
		await page.getByRole('alert').getByText('Der Server antwortet nicht').waitFor();
		await page.unroute('**/api/v1/holidays*');
		await page.getByRole('button', { name: 'Erneut versuchen' }).click();
		await row(page, 'Neujahr').waitFor();
		await close();
	});
});
