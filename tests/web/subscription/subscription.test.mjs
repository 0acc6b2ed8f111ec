// SPDX-License-Identifier: EUPL-1.2
// What people see who subscribe to notices, follow the link of a mail, and end what they have subscribed to.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer } from '../../harness/server.mjs';
import { confirm, fileBoth, hamburg } from '../../api/support.mjs';
import { accessible, launch, open, picture, reason } from '../browser.mjs';

describe('the page of notices', { skip: reason }, () => {
	let server, browser, procedure;
	const opens = async (email) => {
		const [row] = await server.sql(`select pp_keys.secret_of(s.holder, 'open') as opens, pp_keys.secret_of(s.holder, 'end ' || s.id) as ends
			from pp.subscription s where s.mark = pp_api.subscription_mark(:'email') order by s.id limit 1`, { email });
		return row;
	};
	before(async () => {
		server = await startServer({ settings: { mail: 'hold', rate_mail: 0 } });
		browser = await launch();
		const planner = await server.account('manager', hamburg);
		const both = await fileBoth(server, planner);
		procedure = both.procedure;
		await confirm(server, planner, both.plan);
		await server.must(200, 'POST', `/procedures/${procedure}/publish`, { token: planner, body: {} });
	});
	after(async () => {
		await browser?.close();
		await server?.stop();
	});

	it('takes an address for a procedure, by keyboard alone and with consent', async () => {
		const { page, context, close } = await open(browser, server.address);
		await page.goto(`${server.address}/benachrichtigungen?procedure=${procedure}`);
		await page.getByText('Bebauungsplan Schnelsen 99').waitFor();
		await accessible(page);
		await picture(page, 'benachrichtigungen-verfahren');
		await page.getByLabel('E-Mail-Adresse', { exact: true }).focus();
		await page.keyboard.type('anna@leser.example');
		await page.keyboard.press('Enter');
		await page.getByRole('alert').getByText(/Ohne Ihre Einwilligung dürfen wir nichts speichern/).waitFor();
		assert.equal((await server.sql('select count(*)::int as n from pp.subscription'))[0].n, 0, 'without consent nothing is sent');
		await accessible(page);
		await page.getByLabel(/Ich möchte diese Nachrichten erhalten/).focus();
		await page.keyboard.press('Space');
		await page.getByRole('button', { name: 'Bestellen' }).focus();
		await page.keyboard.press('Enter');
		const heading = page.getByRole('heading', { level: 1, name: 'Bitte bestätigen Sie die Bestellung' });
		await heading.waitFor();
		assert.ok(await heading.evaluate((element) => element === document.activeElement), 'the focus is on what happened');
		assert.deepEqual(await context.cookies(), []);
		await accessible(page);
		await picture(page, 'benachrichtigungen-bestellt');
		await close();
	});

	it('takes a municipality or where one is', async () => {
		const { page, context, close } = await open(browser, server.address, { geolocation: { longitude: 9.92, latitude: 53.63 }, permissions: ['geolocation'] });
		await page.goto(`${server.address}/benachrichtigungen`);
		await page.getByLabel('E-Mail-Adresse', { exact: true }).fill('anna@leser.example');
		await page.getByLabel(/Ich möchte diese Nachrichten erhalten/).check();
		await page.getByRole('button', { name: 'Bestellen' }).click();
		await page.getByRole('alert').getByText('Suchen Sie erst eine Gemeinde.').waitFor();
		await page.getByLabel('Gemeinde suchen').fill('Schenefeld');
		await page.getByRole('group', { name: 'Bitte wählen Sie eine Gemeinde' }).waitFor();
		await page.getByRole('button', { name: 'Bestellen' }).click();
		await page.getByRole('alert').getByText('Bitte wählen Sie eine Gemeinde').waitFor();
		await page.getByLabel('Gemeinde suchen').fill('Xqz');
		await page.getByText('Keine Gemeinde gefunden. Bitte prüfen Sie die Schreibweise.').waitFor();
		await page.getByLabel('Gemeinde suchen').fill('Ellerb');
		await page.getByLabel('Ellerbek (Pinneberg)').check();
		await accessible(page);
		await picture(page, 'benachrichtigungen-gemeinde');
		await page.getByRole('button', { name: 'Bestellen' }).click();
		await page.getByRole('heading', { name: 'Bitte bestätigen Sie die Bestellung' }).waitFor();
		await page.goto(`${server.address}/benachrichtigungen?`);
		await page.getByLabel('Im Umkreis um meinen Standort').check();
		await page.getByLabel('E-Mail-Adresse', { exact: true }).fill('anna@leser.example');
		await page.getByLabel(/Ich möchte diese Nachrichten erhalten/).check();
		await page.getByRole('button', { name: 'Bestellen' }).click();
		await page.getByRole('alert').getByText('Ermitteln Sie erst Ihren Standort.').waitFor();
		await page.getByRole('button', { name: 'Standort ermitteln' }).click();
		await page.getByRole('status').getByText(/das Quadrat von 1 km/).waitFor();
		await page.getByLabel('Umkreis', { exact: true }).selectOption('2');
		await accessible(page);
		await picture(page, 'benachrichtigungen-umkreis');
		await page.getByRole('button', { name: 'Bestellen' }).click();
		await page.getByRole('heading', { name: 'Bitte bestätigen Sie die Bestellung' }).waitFor();
		await context.clearPermissions();
		await close();
		const kept = await server.sql('select ags, cell, radius_km from pp.subscription where procedure is null order by ags');
		assert.deepEqual(kept, [{ ags: '01056013', cell: null, radius_km: null }, { ags: null, cell: '1kmN5942E560', radius_km: 2 }]);
	});

	it('shows what its reader has, confirms, renews and ends it', async () => {
		const { opens: secret } = await opens('anna@leser.example');
		const { page, close } = await open(browser, server.address, { expects: [/404/] });
		await page.goto(`${server.address}/benachrichtigungen#${secret}`);
		await page.getByRole('heading', { level: 1, name: 'Ihre Benachrichtigungen' }).waitFor();
		await page.waitForURL(`${server.address}/benachrichtigungen`);
		await accessible(page);
		await picture(page, 'benachrichtigungen-offen');
		assert.doesNotMatch(await page.getByRole('main').innerText(), /null|undefined|false/);
		await page.getByRole('button', { name: /^Bestätigen: Verfahren/ }).click();
		const said = page.getByRole('status').getByText('Danke. Sie erhalten diese Benachrichtigung.');
		await said.waitFor();
		await page.getByRole('button', { name: 'Bestätigen: Planungen in und bei Ellerbek' }).click();
		await page.getByRole('button', { name: 'Um zwei Jahre verlängern: Planungen in und bei Ellerbek' }).click();
		await page.getByRole('status').getByText('Verlängert.').waitFor();
		await accessible(page);
		await picture(page, 'benachrichtigungen-bestaetigt');
		await page.getByRole('button', { name: 'Beenden: Planungen in und bei Ellerbek' }).click();
		const dialog = page.getByRole('dialog');
		await dialog.getByText('Planungen in und bei Ellerbek').waitFor();
		await accessible(page);
		await picture(page, 'benachrichtigungen-beenden');
		await dialog.getByRole('button', { name: 'Beenden' }).click();
		await page.getByText('Beendet. Ihre Angaben dazu sind gelöscht.').waitFor();
		await page.getByRole('button', { name: 'Alle beenden' }).click();
		await dialog.getByRole('button', { name: 'Alle beenden' }).click();
		await page.getByText('Sie erhalten keine Benachrichtigungen mehr.').waitFor();
		await picture(page, 'benachrichtigungen-beendet');
		await page.reload();
		await page.getByRole('alert').getByText('Dieser Link gilt nicht oder nicht mehr').waitFor();
		await accessible(page);
		await close();
		assert.equal((await server.sql('select count(*)::int as n from pp.subscription'))[0].n, 0);
	});

	it('asks before it ends what a mail program\'s address names, without any script', async () => {
		await server.must(202, 'POST', `/procedures/${procedure}/subscriptions`, { body: { email: 'bob@leser.example', text_version: '1' } });
		const { ends } = await opens('bob@leser.example');
		const { page, close } = await open(browser, server.address, { javaScriptEnabled: false });
		await page.goto(`${server.address}/abmelden?s=${ends}`);
		await page.getByText('Möchten Sie diese Nachrichten nicht mehr per E-Mail erhalten?').waitFor();
		assert.equal((await server.sql('select count(*)::int as n from pp.subscription'))[0].n, 1);
		await page.getByRole('button', { name: 'Abbestellen' }).click();
		await page.getByRole('status').getByText(/Sie erhalten diese Nachrichten nicht mehr/).waitFor();
		await close();
		assert.equal((await server.sql('select count(*)::int as n from pp.subscription'))[0].n, 0);
		const english = await open(browser, server.address, { locale: 'en-GB', colorScheme: 'dark' });
		await english.page.goto(`${server.address}/abmelden?s=x`);
		await english.page.getByRole('button', { name: 'Unsubscribe' }).waitFor();
		await accessible(english.page);
		await picture(english.page, 'abmelden');
		await english.page.goto(`${server.address}/benachrichtigungen`);
		await english.page.getByRole('heading', { level: 1, name: 'Notices by e-mail' }).waitFor();
		await english.page.getByRole('button', { name: 'Subscribe' }).waitFor();
		await accessible(english.page);
		await picture(english.page, 'benachrichtigungen-englisch');
		await english.close();
	});
});
