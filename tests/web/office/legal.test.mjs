// SPDX-License-Identifier: EUPL-1.2
// Imprint, privacy, accessibility and reporting a barrier, with what the operator has configured and without.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { reason, settled, startApplication, visit } from '../application.mjs';
import { accessible, launch, picture } from '../browser.mjs';

const site = {
	kopfzeile: 'Offizielle Website – Stadt <Probe>',
	operator: { name: 'Stadt Probe', address: 'Weg 1\n20095 Hamburg', email: 'plattform@probe.example', phone: '040 115', represented_by: 'die Bürgermeisterin' },
	imprint: 'Erster Absatz.\n\nZweiter Absatz.',
	privacy: { officer: 'Frau Schutz', email: 'datenschutz@probe.example' },
	accessibility: { email: 'barriere@probe.example', checked_on: '2026-10-01', text: 'Die Karte der Trassen fehlt als Text.' },
	base_maps: [{ id: 'grau', title: 'Graue Karte', type: 'wms', url: 'https://karten.example/wms', layers: 'grau', attribution: '© Probe' }],
};
const pages = { impressum: 'Impressum', datenschutz: 'Datenschutz', barrierefreiheit: 'Erklärung zur Barrierefreiheit', 'barriere-melden': 'Barriere melden' };

describe('the legal pages', { skip: reason }, () => {
	const folder = mkdtempSync(join(tmpdir(), 'pp-legal-'));
	const file = join(folder, 'site.json');
	let server, browser;
	before(async () => {
		writeFileSync(file, JSON.stringify(site));
		server = await startApplication({ demonstration: false, settings: { site: file } });
		browser = await launch();
	});
	after(async () => {
		await browser?.close();
		await server?.stop();
		rmSync(folder, { recursive: true, force: true });
	});

	it('are reached from the foot of every page, and are accessible in light and dark', async () => {
		const { page, close } = await visit(browser, server, '/anmelden');
		for (const [path, title] of Object.entries(pages)) {
			await page.getByRole('contentinfo').getByRole('link', { name: title, exact: true }).click();
			const heading = page.getByRole('heading', { level: 1, name: title });
			await heading.waitFor();
			await settled(page);
			assert.equal(new URL(page.url()).pathname, `/${path}`);
			assert.equal(await page.title(), `${title} – Planungsplattform`);
			assert.ok(await heading.evaluate((element) => element === document.activeElement), 'the heading has the focus');
			await accessible(page);
			await picture(page, `legal-${path}`);
			await page.emulateMedia({ colorScheme: 'dark' });
			await accessible(page);
			await page.emulateMedia({ colorScheme: 'light' });
		}
		await close();
	});

	it('say what the operator has written, and in English what is ours', async () => {
		const { page, close } = await visit(browser, server, '/impressum');
		const main = page.getByRole('main');
		await page.getByRole('region', { name: 'Offizielle Website' }).getByText('Offizielle Website – Stadt <Probe>', { exact: true }).waitFor();
		for (const text of ['Stadt Probe', /20095 Hamburg/, /die Bürgermeisterin/, 'Erster Absatz.', 'Zweiter Absatz.']) await main.getByText(text).waitFor();
		await page.goto(`${server.address}/datenschutz`);
		await main.getByText('Frau Schutz').waitFor();
		await main.getByText('Graue Karte – karten.example').waitFor();
		await page.goto(`${server.address}/barrierefreiheit`);
		await main.getByText('Zuletzt geprüft: Do., 01.10.2026').waitFor();
		await main.getByText('Die Karte der Trassen fehlt als Text.').waitFor();
		assert.equal(await main.getByRole('link', { name: /Beschwerdestelle .* § 16 LBGG/ }).count(), 1);
		assert.equal(await main.getByRole('link', { name: /Schlichtungsstelle nach § 13a HmbBGG/ }).count(), 1);
		await page.getByRole('button', { name: 'English' }).click();
		await page.getByRole('heading', { level: 1, name: 'Accessibility statement' }).waitFor();
		await main.getByText('Last checked: Thu, 01/10/2026').waitFor();
		await close();
	});

	it('send a barrier to the operator by keyboard alone, with the page from which one came, and give a number', async () => {
		const { page, close } = await visit(browser, server, '/anmelden', { expects: [/422/] });
		await page.getByRole('contentinfo').getByRole('link', { name: 'Barriere melden' }).click();
		await settled(page);
		assert.equal(await page.getByLabel('Auf welcher Seite?').inputValue(), `${server.address}/anmelden`);
		await page.getByRole('button', { name: 'Meldung absenden' }).press('Enter');
		await page.getByRole('alert').waitFor();
		assert.equal(await page.getByLabel('Was hindert Sie?').getAttribute('aria-invalid'), 'true');
		assert.match(await page.title(), /^Fehler: /);
		await accessible(page);
		await page.getByLabel('Was hindert Sie?').focus();
		await page.keyboard.type('Der Knopf & das Feld');
		await page.keyboard.press('Tab');
		await page.keyboard.type('Vorleseprogramm');
		await page.keyboard.press('Tab');
		await page.keyboard.type('keine Adresse');
		await page.keyboard.press('Enter');
		await page.getByLabel(/Wohin dürfen wir antworten/).and(page.locator('[aria-invalid=true]')).waitFor();
		assert.equal(await page.getByLabel('Was hindert Sie?').inputValue(), 'Der Knopf & das Feld', 'what was typed stays');
		await picture(page, 'legal-barriere-fehler');
		await page.getByLabel(/Wohin dürfen wir antworten/).fill('anna@leser.example');
		await page.keyboard.press('Enter');
		const heading = page.getByRole('heading', { level: 1, name: 'Ihre Meldung ist angekommen' });
		await heading.waitFor();
		assert.ok(await heading.evaluate((element) => element === document.activeElement), 'the focus is on what happened');
		const [kept] = await server.sql('select number, page, words, tools, email, state from pp.barrier_report');
		assert.deepEqual({ ...kept, number: undefined }, { number: undefined, page: `${server.address}/anmelden`, words: 'Der Knopf & das Feld', tools: 'Vorleseprogramm', email: 'anna@leser.example', state: 'WARTET' });
		await page.getByText(kept.number, { exact: true }).waitFor();
		const [mail] = await server.sql("select recipient, subject, body from pp.mail where kind = 'barrier_report'");
		assert.equal(mail.recipient, 'barriere@probe.example');
		assert.match(mail.body, /Der Knopf & das Feld/);
		assert.match(mail.body, /Antwort an: anna@leser\.example/);
		for (const name of ['Hamburg', 'Schleswig-Holstein']) await page.getByRole('heading', { level: 3, name }).waitFor();
		await accessible(page);
		await picture(page, 'legal-barriere-angekommen');
		await close();

		await server.account('operator', undefined, { email: 'verwaltung@vorfuehrung.example', password: 'planung-ohne-grenze' });
		const theirs = await visit(browser, server, '/verwaltung/barrieren', { as: 'verwaltung' });
		const report = theirs.page.getByRole('listitem').filter({ has: theirs.page.getByRole('heading', { name: kept.number }) });
		await report.getByText('Der Knopf & das Feld').waitFor();
		await report.getByRole('link', { name: 'anna@leser.example' }).waitFor();
		await report.getByText('wartet').waitFor();
		await accessible(theirs.page);
		await picture(theirs.page, 'verwaltung-barrieren');
		await server.sql("update pp.mail set state = 'GESENDET', settled_at = now(), body = null, subject = null, recipient = null where kind = 'barrier_report'");
		await theirs.page.reload();
		await report.getByText('Der Text steht in der E-Mail, hier nicht mehr.').waitFor();
		assert.equal(await report.getByText('anna@leser.example').count(), 0);
		await theirs.close();
	});

	it('say so where the operator has configured nothing', async () => {
		const bare = await startApplication({ demonstration: false });
		try {
			const { page, close } = await visit(browser, bare, '/impressum');
			await page.getByText('Der Betreiber hat hier noch nichts eingetragen').waitFor();
			assert.equal(await page.locator('.kern-kopfzeile').count(), 0, 'no site is official by itself');
			await accessible(page);
			await page.goto(`${bare.address}/barriere-melden?seite=//fremd.example/`);
			await page.getByText('Der Betreiber hat noch keine Adresse für Meldungen eingetragen').waitFor();
			assert.equal(await page.getByLabel('Was hindert Sie?').count(), 0, 'there is no form that would lead nowhere');
			await accessible(page);
			await page.goto(`${bare.address}/datenschutz`);
			await page.getByText(/ruft auf diesen Seiten nichts von anderen Anbietern ab/).waitFor();
			await close();
		} finally {
			await bare.stop();
		}
	});
});
