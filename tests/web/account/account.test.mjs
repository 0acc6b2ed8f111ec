// SPDX-License-Identifier: EUPL-1.2
// What people see who set the password of their account by a link, or ask for one.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer } from '../../harness/server.mjs';
import { amtPinnau } from '../../api/support.mjs';
import { accessible, launch, open, picture, reason } from '../browser.mjs';

const good = 'drei alte Eichen am Bach';

describe('the page of an account', { skip: reason }, () => {
	let server, browser, chief;
	const linkFor = async (email) => {
		await server.must(201, 'POST', `/bodies/${amtPinnau}/memberships`, { token: chief, body: { email, roles: ['clerk'] } });
		const { stdout, stderr } = await server.command(['account', 'invite', '--email', email, '--link']);
		return `${server.address}${/\/konto#[\w-]{43}/.exec(stdout)?.[0] ?? stderr}`;
	};
	before(async () => {
		server = await startServer();
		browser = await launch();
		chief = await server.account('body_administrator', amtPinnau);
	});
	after(async () => {
		await browser?.close();
		await server?.stop();
	});

	it('sets the first password by keyboard alone, says what is wrong with one, and signs nobody in', async () => {
		const address = await linkFor('neu@pinnau.example');
		const { page, context, close } = await open(browser, server.address, { expects: [/422/] });
		await page.goto(address);
		await page.getByText('Sie legen das erste Kennwort Ihres Kontos fest.').waitFor();
		await page.getByText('neu@pinnau.example', { exact: true }).waitFor();
		await page.getByText('Amt Pinnau', { exact: true }).waitFor();
		await page.waitForURL(`${server.address}/konto`);
		await accessible(page);
		await picture(page, 'konto');
		await page.getByLabel('Neues Kennwort', { exact: true }).focus();
		await page.keyboard.type('Passwort2026!');
		await page.keyboard.press('Enter');
		await page.getByRole('alert').getByText(/zu schnell erraten/).waitFor();
		assert.equal(await page.getByLabel('Neues Kennwort', { exact: true }).getAttribute('aria-invalid'), 'true');
		await page.getByLabel('Kennwort anzeigen').check();
		assert.equal(await page.getByLabel('Neues Kennwort', { exact: true }).inputValue(), 'Passwort2026!', 'what was typed stays');
		await accessible(page);
		await picture(page, 'konto-fehler');
		await page.getByLabel('Neues Kennwort', { exact: true }).fill('kurz');
		await page.keyboard.press('Enter');
		await page.getByRole('alert').getByText(/mindestens 12 Zeichen/).waitFor();
		await page.getByLabel('Neues Kennwort', { exact: true }).fill(good);
		await page.keyboard.press('Enter');
		const heading = page.getByRole('heading', { level: 1, name: 'Ihr Kennwort ist gesetzt' });
		await heading.waitFor();
		assert.ok(await heading.evaluate((element) => element === document.activeElement), 'the focus is on what happened');
		assert.deepEqual(await context.cookies(), []);
		await accessible(page);
		await picture(page, 'konto-gesetzt');
		await page.getByRole('link', { name: 'Zur Anmeldung' }).click();
		await page.getByLabel('E-Mail-Adresse').fill('neu@pinnau.example');
		await page.getByLabel('Kennwort', { exact: true }).fill(good);
		assert.ok(await page.getByRole('link', { name: 'Kennwort vergessen oder noch keines?' }).isVisible());
		await picture(page, 'anmelden');
		await close();
		assert.equal((await server.api('POST', '/session', { body: { email: 'neu@pinnau.example', password: good } })).status, 201);
	});

	it('shows the way out of a link that is used, expired or not valid', async () => {
		const used = await linkFor('benutzt@pinnau.example'), expired = await linkFor('abgelaufen@pinnau.example');
		await server.must(204, 'POST', '/password', { body: { secret: used.split('#')[1], password: good } });
		const { page, close } = await open(browser, server.address, { expects: [/404|409/] });
		await page.goto(used);
		await page.getByRole('alert').getByText(/schon ein Kennwort gesetzt/).waitFor();
		await accessible(page);
		await picture(page, 'konto-benutzt');
		await server.sql("alter table pp.account_link disable trigger account_link_stays");
		await server.sql("update pp.account_link l set made_at = '2020-01-01', expires_at = '2020-01-08' from pp.account a where a.id = l.account and a.email = 'abgelaufen@pinnau.example'");
		await page.goto(expired);
		await page.getByRole('alert').getByText(/Dieser Link ist abgelaufen/).waitFor();
		await page.goto(`${server.address}/konto#${'x'.repeat(43)}`);
		await page.getByRole('alert').getByText('Dieser Link gilt nicht').waitFor();
		await page.getByLabel('E-Mail-Adresse').fill('abgelaufen@pinnau.example');
		await page.getByRole('button', { name: 'Link anfordern' }).click();
		await page.getByText(/ist eine Nachricht dorthin unterwegs/).waitFor();
		await accessible(page);
		await picture(page, 'konto-angefordert');
		await close();
		assert.equal((await server.sql("select count(*)::int as n from pp.mail where kind = 'password_reset'"))[0].n, 1);
	});

	it('takes an address from whoever has no link, and says nothing about it', async () => {
		const { page, close } = await open(browser, server.address, { locale: 'en-GB', colorScheme: 'dark' });
		await page.goto(`${server.address}/konto`);
		await page.getByRole('heading', { level: 1, name: 'Ask for a link' }).waitFor();
		await accessible(page);
		await picture(page, 'konto-ohne-link');
		await page.getByLabel('E-mail address').fill('nobody@pinnau.example');
		await page.keyboard.press('Enter');
		await page.getByText(/If there is an account with this address/).waitFor();
		await close();
		const bare = await open(browser, server.address, { javaScriptEnabled: false });
		await bare.page.goto(`${server.address}/konto`);
		await bare.page.getByText(/muss JavaScript eingeschaltet sein/).waitFor();
		await bare.close();
	});
});
