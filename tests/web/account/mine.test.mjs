// SPDX-License-Identifier: EUPL-1.2
// One's own account: for whom one acts, where one is signed in, the second factor, what programs get in with.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { amtPinnau, codeOf } from '../../api/support.mjs';
import { reason, settled, startApplication, visit } from '../application.mjs';
import { accessible, launch, picture } from '../browser.mjs';

describe('my account', { skip: reason }, () => {
	const secrets = mkdtempSync(join(tmpdir(), 'pp-secrets-'));
	let server, browser;
	before(async () => {
		writeFileSync(join(secrets, 'second-factor'), 'ein-schluessel-den-niemand-errät-0123456789\n', { mode: 0o600 });
		server = await startApplication({ demonstration: false, settings: { secrets } });
		for (const name of ['amt-pinnau', 'schenefeld', 'halstenbek'])
			await server.account('clerk releaser', amtPinnau, { email: `${name}@vorfuehrung.example`, password: 'planung-ohne-grenze' });
		browser = await launch();
	});
	after(async () => {
		await browser?.close();
		await server?.stop();
		rmSync(secrets, { recursive: true });
	});

	it('asks strangers to sign in, and shows afterwards what was asked for', async () => {
		const { page, close } = await visit(browser, server, '/mein-konto');
		await page.getByRole('heading', { level: 1, name: 'Dafür brauchen Sie eine Anmeldung' }).waitFor();
		await close();
	});

	it('acts as a person and for the body again, and is accessible', async () => {
		const { page, close } = await visit(browser, server, '/mein-konto', { as: 'amt-pinnau' });
		await page.getByRole('heading', { level: 1, name: 'Mein Konto' }).waitFor();
		await accessible(page);
		await picture(page, 'mein-konto');
		await page.emulateMedia({ colorScheme: 'dark' });
		await accessible(page);
		await page.emulateMedia({ colorScheme: 'light' });
		const body = page.getByRole('region', { name: 'Ihre Stellen und Rollen' });
		await body.getByText('Sie handeln gerade für diese Stelle').waitFor();
		await body.getByRole('button', { name: 'Als Privatperson handeln' }).press('Enter');
		await page.getByRole('status').getByText('Sie handeln jetzt als Privatperson.').waitFor();
		assert.equal(await page.getByRole('navigation', { name: 'Hauptnavigation' }).getByRole('link', { name: 'Posteingang' }).count(), 0);
		await body.getByRole('button', { name: /^Für .*Pinnau.* handeln$/ }).click();
		await body.getByText('Sie handeln gerade für diese Stelle').waitFor();
		await page.getByRole('navigation', { name: 'Hauptnavigation' }).getByRole('link', { name: 'Posteingang' }).waitFor();
		await close();
	});

	it('ends another sign-in of its own', async () => {
		const { page, close } = await visit(browser, server, undefined, { as: 'schenefeld' });
		const other = await visit(browser, server, undefined, { as: 'schenefeld' });
		await page.goto(`${server.address}/mein-konto`);
		const sessions = page.getByRole('region', { name: 'Anmeldungen' });
		await sessions.getByText('diese Anmeldung').waitFor();
		const end = sessions.getByRole('button', { name: /^Die Anmeldung|^Anmeldung vom/ });
		assert.equal(await end.count(), 1);
		await end.press('Enter');
		await page.getByRole('status').getByText('Die Anmeldung ist beendet.').waitFor();
		await settled(page);
		assert.equal(await end.count(), 0);
		await other.close();
		await close();
	});

	it('sets a second factor up, signs in by it and takes it away', async () => {
		const { page, close } = await visit(browser, server, '/mein-konto', { as: 'halstenbek', expects: [/401|409|422/] });
		const second = page.getByRole('region', { name: 'Zweiter Faktor' });
		await second.getByRole('button', { name: 'Zweiten Faktor einrichten' }).click();
		const secret = await second.locator('code').textContent();
		await accessible(page);
		await picture(page, 'mein-konto-zweiter-faktor');
		await second.getByLabel('Code aus der App').fill('000000');
		await page.keyboard.press('Enter');
		await second.getByRole('alert').waitFor();
		await second.getByLabel('Code aus der App').fill(codeOf(secret));
		await page.keyboard.press('Enter');
		await second.getByRole('heading', { name: 'Ihre Ersatzcodes' }).waitFor();
		const recovery = await second.locator('code').allTextContents();
		assert.equal(recovery.length, 10);
		await accessible(page);
		await second.getByRole('button', { name: 'Ich habe die Codes notiert' }).click();
		await second.getByText('Sie haben noch 10 Ersatzcodes.').waitFor();
		await second.getByRole('button', { name: 'Zweiten Faktor ausschalten' }).click();
		const dialog = page.getByRole('dialog', { name: 'Zweiten Faktor ausschalten' });
		await accessible(page);
		// The code after the one that has counted: none counts twice.
		await dialog.getByLabel('Code aus der App').fill(codeOf(secret, Date.now() + 30_000));
		await page.keyboard.press('Enter');
		await second.getByText(/^Nicht eingerichtet/).waitFor();
		await close();
	});

	it('revokes what a program gets in with, after a question', async () => {
		await server.sql("insert into pp.token (id, sha256, account, label, created_at) select gen_random_uuid(), sha256('x'), id, 'QGIS', now() from pp.account where email = 'amt-pinnau@vorfuehrung.example'");
		const { page, close } = await visit(browser, server, '/mein-konto', { as: 'amt-pinnau' });
		const tokens = page.getByRole('region', { name: 'Zugänge für Programme' });
		await tokens.getByRole('button', { name: /sperren$/ }).click();
		const dialog = page.getByRole('dialog');
		await accessible(page);
		await dialog.getByRole('button', { name: 'Sperren' }).click();
		await page.getByRole('status').getByText('Der Zugang ist gesperrt.').waitFor();
		await tokens.getByText(/^gesperrt/).waitFor();
		await close();
	});
});
