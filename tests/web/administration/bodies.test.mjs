// SPDX-License-Identifier: EUPL-1.2
// Administration: where it begins for each who has it, and who acts for a body, as operator and as its administrator.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { reason, settled, startApplication, visit } from '../application.mjs';
import { accessible, launch, picture } from '../browser.mjs';

const AMT = '010565687', HALSTENBEK = '01056018';

describe('administration', { skip: reason }, () => {
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
	const members = async (page, body) => (await ask(page, `/bodies/${body}/memberships`)).items;
	const member = (page, email) => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: new RegExp(`^${email}`) }) });

	it('begins with the state of what one looks after, for each of those who have it', async () => {
		for (const [who, links, fact] of [
			['verwaltung', ['Übersicht', 'Stellen', 'Feiertage', 'Störungen'], /^VG250 vom .*01\.01\.2016, [\d.]+ Gebiete$/],
			['pruefung', ['Übersicht'], /^Nr\. \d+ vom .*Einträge$/],
			['amt-pinnau-leitung', ['Übersicht', 'Meine Stelle'], /^5 Mitglieder, 0 warten auf Bestätigung$/],
		]) {
			const { page, close } = await visit(browser, server, null, { as: who });
			assert.equal(new URL(page.url()).pathname, '/verwaltung', `${who} begins here`);
			assert.equal(await page.getByRole('navigation', { name: 'Hauptnavigation' }).getByRole('link', { name: 'Verwaltung' }).getAttribute('aria-current'), 'page');
			const shown = await page.getByRole('navigation', { name: 'Bereiche der Verwaltung' }).getByRole('link').allTextContents();
			for (const link of links) assert.ok(shown.includes(link), `${who}: ${link}`);
			await page.getByText(fact).waitFor();
			await page.getByText(/^in Betrieb, Version \d/).waitFor();
			await accessible(page);
			await picture(page, `verwaltung-${who}`);
			await close();
		}
	});

	it('counts the mails that wait, and says it when a part of it is not there', async () => {
		const { page, close } = await visit(browser, server, null, { as: 'verwaltung', expects: [/503/] });
		const before = (await ask(page, '/mail-counts')).waiting;
		await server.sql("select pp_api.mail_enqueue('test', 'wer@amt.example', 'de', '{}', null, null, now())");
		const { waiting } = await ask(page, '/mail-counts');
		assert.equal(waiting, before + 1);
		await page.reload();
		await settled(page);
		await page.getByText(new RegExp(`^${waiting.toLocaleString('de')} warte[tn]; in sieben Tagen 0 gesendet`)).waitFor();
		await page.route('**/health', (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"type":"/problems/busy","title":"Ausgelastet","status":503}' }));
		await page.reload();
		await settled(page);
		await page.getByText('gestört', { exact: true }).waitFor();
		await close();
	});

	it('is for nobody else', async () => {
		const { page, close } = await visit(browser, server, '/verwaltung', { as: 'pinneberg' });
		await page.getByRole('heading', { level: 1, name: 'Ihr Konto darf diese Seite nicht sehen' }).waitFor();
		assert.equal(await page.getByRole('link', { name: 'Verwaltung' }).count(), 0);
		await close();
	});

	it('lets an operator find a body and name who administers it, by keyboard alone', async () => {
		const { page, close } = await visit(browser, server, '/verwaltung/stellen', { as: 'verwaltung' });
		assert.equal(await page.getByRole('row').count(), 51, 'page by page');
		await accessible(page);
		await picture(page, 'verwaltung-stellen');
		await page.getByRole('link', { name: 'Weitere anzeigen' }).click();
		await page.getByRole('link', { name: 'Zum Anfang der Liste' }).waitFor();
		const focused = () => page.evaluate(() => document.activeElement?.getAttribute('name') ?? document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim());
		const tabTo = async (text) => {
			for (let presses = 0; presses < 60; presses++) {
				if ((await focused()) === text) return;
				await page.keyboard.press('Tab');
			}
			assert.fail(`nothing called "${text}" is reached by Tab`);
		};
		await tabTo('q');
		await page.keyboard.type('gibtesnicht');
		await page.keyboard.press('Enter');
		await page.getByText('Keine Stelle passt dazu').waitFor();
		await page.keyboard.press('Control+A');
		await page.keyboard.type('Halstenbek');
		await page.keyboard.press('Enter');
		await page.getByRole('link', { name: 'Halstenbek', exact: true }).waitFor();
		await settled(page);
		await tabTo('Halstenbek');
		await page.keyboard.press('Enter');
		await page.getByRole('heading', { level: 1, name: 'Halstenbek' }).waitFor();
		await settled(page);
		const before = await members(page, HALSTENBEK);
		await tabTo('Verwaltung benennen');
		await page.keyboard.press('Enter');
		const dialog = page.getByRole('dialog', { name: 'Verwaltung benennen' });
		await dialog.waitFor();
		assert.deepEqual(await dialog.getByRole('checkbox').evaluateAll((all) => all.map(({ labels }) => labels[0].textContent)),
			['lesen', 'Konten der Stelle verwalten', 'Einladung mit Link zum ersten Kennwort senden'], 'an operator names administrators only');
		await accessible(page);
		await picture(page, 'verwaltung-benennen');
		await tabTo('email');
		await page.keyboard.press('Enter');
		await dialog.getByRole('alert').getByText('Bitte füllen Sie dieses Feld aus.').waitFor();
		await tabTo('email');
		await page.keyboard.type('leitung@halstenbek.example');
		await page.keyboard.press('Enter');
		await page.getByRole('status').getByText('leitung@halstenbek.example handelt jetzt für Halstenbek und ist eingeladen.').waitFor();
		const now = await members(page, HALSTENBEK);
		assert.equal(now.length, before.length + 1);
		const made = now.find(({ email }) => email === 'leitung@halstenbek.example');
		assert.deepEqual([made.roles, made.state, made.access.mail], [['reader', 'body_administrator'], 'confirmed', 'WARTET']);
		await member(page, 'leitung@halstenbek.example').getByText(/noch keine, eingeladen am .*E-Mail wartet/).waitFor();
		await close();
	});

	it('lets its administrator name, change, invite and end members, and refuses what the server refuses', async () => {
		const { page, close } = await visit(browser, server, `/verwaltung/stellen/${AMT}`, { as: 'amt-pinnau-leitung', expects: [/409|403|422/] });
		await page.getByRole('heading', { level: 1, name: 'Amt Pinnau' }).waitFor();
		await accessible(page);
		await picture(page, 'verwaltung-stelle');
		assert.equal(await member(page, 'amt-pinnau-leitung@').getByRole('button').count(), 0, 'nobody changes a membership of their own');
		await page.getByRole('button', { name: 'Mitglied benennen' }).click();
		const dialog = page.getByRole('dialog', { name: 'Mitglied benennen' });
		await dialog.getByLabel('E-Mail-Adresse').fill('amt-pinnau@vorfuehrung.example');
		await dialog.getByRole('button', { name: 'Mitglied benennen' }).click();
		await dialog.getByRole('alert').waitFor();
		await dialog.getByText('Ändern Sie die Zugehörigkeit, die es schon gibt.').first().waitFor();
		await accessible(page);
		await dialog.getByLabel('E-Mail-Adresse').fill('neu@amt-pinnau.example');
		await dialog.getByLabel('bearbeiten').check();
		await dialog.getByLabel(/Letzter Tag/).fill('2099-12-31');
		await dialog.getByLabel(/Einladung/).uncheck();
		await dialog.getByRole('button', { name: 'Mitglied benennen' }).click();
		await page.getByRole('status').getByText('neu@amt-pinnau.example handelt jetzt für Amt Pinnau.').waitFor();
		const row = member(page, 'neu@amt-pinnau.example');
		await row.getByText('lesen, bearbeiten').waitFor();
		await row.getByText(/bis .*31\.12\.2099/).waitFor();

		await row.getByRole('button', { name: 'neu@amt-pinnau.example einladen' }).click();
		await page.getByRole('dialog').getByRole('button', { name: 'Einladen', exact: true }).click();
		await row.getByText('E-Mail wartet').waitFor();
		await row.getByRole('button', { name: 'neu@amt-pinnau.example ändern' }).click();
		const change = page.getByRole('dialog', { name: 'neu@amt-pinnau.example ändern' });
		await change.getByLabel('freigeben und absenden').check();
		await change.getByLabel(/Letzter Tag/).fill('');
		await accessible(page);
		await change.getByRole('button', { name: 'Speichern' }).click();
		await row.getByText('lesen, bearbeiten, freigeben und absenden').waitFor();
		const changed = (await members(page, AMT)).find(({ email }) => email === 'neu@amt-pinnau.example');
		assert.deepEqual([changed.roles, changed.valid_to], [['reader', 'clerk', 'releaser'], null]);
		await row.getByRole('button', { name: /beenden/ }).click();
		const end = page.getByRole('dialog');
		await end.getByText(/handelt ab sofort nicht mehr für Amt Pinnau/).waitFor();
		await accessible(page);
		await end.getByRole('button', { name: 'Beenden', exact: true }).click();
		await page.getByText('Ehemalige Mitglieder (1)').waitFor();
		assert.equal((await members(page, AMT)).find(({ id }) => id === changed.id).state, 'ended');
		await close();
	});

	it('confirms who joined by signing in, and demands a second person', async () => {
		await server.sql(`update pp.membership set state = 'pending', confirmed_at = null where body = '${AMT}' and account =
			(select id from pp.account where email = 'amt-pinnau-einsicht@vorfuehrung.example')`);
		const { page, close } = await visit(browser, server, `/verwaltung/stellen/${AMT}`, { as: 'amt-pinnau-leitung', colorScheme: 'dark' });
		const row = member(page, 'amt-pinnau-einsicht@');
		await row.getByText('wartet auf Bestätigung').waitFor();
		await accessible(page);
		await picture(page, 'verwaltung-stelle-dunkel');
		await row.getByRole('button', { name: /bestätigen/ }).click();
		const dialog = page.getByRole('dialog');
		await dialog.getByLabel('bearbeiten').check();
		await accessible(page);
		await dialog.getByRole('button', { name: 'Bestätigen', exact: true }).click();
		await row.getByText('bestätigt', { exact: true }).waitFor();
		assert.deepEqual((await members(page, AMT)).filter(({ email }) => email.startsWith('amt-pinnau-einsicht')).map(({ state, roles }) => [state, roles]), [['confirmed', ['reader', 'clerk']]]);
		await page.getByText('Wer schreibt, darf auch absenden.').waitFor();
		await page.getByRole('button', { name: 'Zweite Person verlangen' }).click();
		await page.getByRole('dialog').getByRole('button', { name: 'Zweite Person verlangen' }).click();
		await page.getByText('Was die Stelle verlässt, gibt eine zweite Person frei.').waitFor();
		assert.equal((await ask(page, `/bodies/${AMT}`)).release_by_second, true);
		await close();
	});

	it('names and changes the mailbox of the office', async () => {
		await server.sql(`delete from pp.body_mail where body = '${AMT}'`);
		const { page, close } = await visit(browser, server, `/verwaltung/stellen/${AMT}`, { as: 'amt-pinnau-leitung', expects: [/422/] });
		const mailbox = page.getByRole('region', { name: 'Postfach' }), dialog = page.getByRole('dialog'), address = dialog.getByRole('textbox', { name: /E-Mail-Adresse der Stelle/ });
		await mailbox.getByText('Es ist keine Adresse bekannt.').waitFor();
		await mailbox.getByRole('button', { name: 'Postfach angeben' }).click();
		await address.fill('kein Postfach');
		await page.keyboard.press('Enter');
		await dialog.getByText('muss eine E-Mail-Adresse sein').first().waitFor();
		await accessible(page);
		await address.fill('plan@amt-pinnau.example');
		await page.keyboard.press('Enter');
		await mailbox.getByText('Einladungen und Erinnerungen gehen an plan@amt-pinnau.example.').waitFor();
		assert.equal((await ask(page, `/bodies/${AMT}`)).mail, 'plan@amt-pinnau.example');
		await mailbox.getByRole('button', { name: 'Postfach ändern' }).click();
		await picture(page, 'verwaltung-postfach');
		await address.fill('');
		await dialog.getByRole('button', { name: 'Speichern' }).click();
		await mailbox.getByText('Es ist keine Adresse bekannt.').waitFor();
		assert.equal((await ask(page, `/bodies/${AMT}`)).mail, null);
		await close();
	});

	it('says of a body that there is not that there is none', async () => {
		const { page, close } = await visit(browser, server, '/verwaltung/stellen/01999999', { as: 'verwaltung', expects: [/404/] });
		await page.getByRole('alert').getByText('Diese Stelle gibt es nicht').waitFor();
		await page.getByRole('button', { name: 'Erneut versuchen' }).first().waitFor();
		await close();
	});
});
