// SPDX-License-Identifier: EUPL-1.2
// Writing a statement: kept by itself, never lost, released by a second person where the body wants one, with its receipt.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { until } from '../../harness/server.mjs';
import { reason, settled, startApplication, visit } from '../application.mjs';
import { accessible, launch, picture } from '../browser.mjs';

const PASSWORD = 'planung-ohne-grenze';
const pinneberg = '01056039';

describe('a statement', { skip: reason }, () => {
	let server, browser;
	before(async () => {
		server = await startApplication();
		browser = await launch();
	});
	after(async () => {
		await browser?.close();
		await server?.stop();
	});
	const get = (page, path) => page.evaluate(async (asked) => (await fetch(`/api/v1${asked}`)).json(), path);
	const invitationOf = async (page, title) => (await get(page, '/inbox')).invitations.find(({ procedure_title }) => procedure_title.includes(title)).id;
	const write = async (as, title, options) => {
		const opened = await visit(browser, server, '/gemeinde', { as, ...options });
		const id = await invitationOf(opened.page, title);
		await opened.page.goto(`${server.address}/gemeinde/einladungen/${id}/stellungnahme`);
		await settled(opened.page);
		return { ...opened, id, draft: async () => (await get(opened.page, `/invitations/${id}/drafts`)).items[0] };
	};

	it('is written by one person and released by another, with a receipt', async () => {
		const chief = await server.account('body_administrator', pinneberg);
		await server.must(200, 'PATCH', `/bodies/${pinneberg}`, { token: chief, headers: { 'If-Match': '*' }, body: { release_by_second: true } });
		await server.account('clerk releaser', pinneberg, { email: 'pinneberg-zwei@vorfuehrung.example', password: PASSWORD });
		const one = await write('pinneberg', '110-kV-Leitung');
		const { page } = one;
		await page.getByLabel('Bedenken', { exact: true }).check();
		await page.getByLabel('Thema').fill('Zuerst geschrieben');
		await page.getByLabel('Text', { exact: true }).fill('Die Leitung quert das Neubaugebiet am Rehmen.');
		await page.getByRole('button', { name: 'Weiteren Punkt hinzufügen' }).click();
		assert.match(await page.evaluate(() => document.activeElement.id), /^text-/, 'the focus is in the new point');
		await page.keyboard.type('Die Baustraßen belasten die Schulwege.');
		await page.getByRole('button', { name: /^Nach oben/ }).focus();
		await page.keyboard.press('Enter');
		assert.equal(await page.getByLabel('Text', { exact: true }).first().inputValue(), 'Die Baustraßen belasten die Schulwege.');
		assert.match(await page.evaluate(() => document.activeElement.textContent), /Nach unten/, 'the focus moves with the point');
		await page.getByText(/^Als Entwurf gespeichert/).waitFor();
		await page.getByLabel('Dateien hinzufügen').setInputFiles({ name: 'lageplan.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n') });
		await page.getByRole('listitem').getByText(/^lageplan\.pdf/).waitFor();
		await accessible(page);
		await picture(page, 'gemeinde-stellungnahme');
		await page.setViewportSize({ width: 320, height: 800 });
		assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false, 'nothing scrolls sideways at 320');
		await page.setViewportSize({ width: 1280, height: 900 });
		assert.deepEqual((await one.draft()).points.map(({ text }) => text), ['Die Baustraßen belasten die Schulwege.', 'Die Leitung quert das Neubaugebiet am Rehmen.']);
		await page.getByRole('button', { name: 'Zur Freigabe geben' }).click();
		const dialog = page.getByRole('dialog', { name: 'Zur Freigabe geben' });
		await dialog.getByText('2 Punkte, 1 Anlage').waitFor();
		await accessible(page);
		await dialog.getByRole('button', { name: 'Zur Freigabe geben' }).click();
		await page.waitForURL(/\/gemeinde\/freigaben\/[0-9a-f-]{36}$/);
		const releasePage = new URL(page.url()).pathname;
		await settled(page);
		await page.getByText('wartet auf Freigabe').waitFor();
		await accessible(page);

		const two = await visit(browser, server, '/gemeinde/freigaben', { as: 'pinneberg-zwei', colorScheme: 'dark' });
		await two.page.getByRole('link', { name: /^Stellungnahme: 110-kV-Leitung/ }).waitFor();
		await accessible(two.page);
		await picture(two.page, 'gemeinde-freigaben-dunkel');
		await two.page.goto(`${server.address}${releasePage}`);
		await two.page.getByText('Die Baustraßen belasten die Schulwege.').waitFor();
		await picture(two.page, 'gemeinde-freigabe-dunkel');
		await two.page.getByRole('button', { name: 'Freigeben', exact: true }).click();
		await two.page.getByRole('dialog').getByRole('button', { name: 'Freigeben', exact: true }).click();
		await two.page.waitForURL(/\/gemeinde\/stellungnahmen\/.*neu=ja$/);
		await two.page.getByText(/^Ihre Stellungnahme Nr\. 2026-\d{4}-\d{3} ist am .* eingegangen/).waitFor();
		const pdf = await two.page.getByRole('link', { name: 'Quittung als PDF' }).getAttribute('href');
		assert.deepEqual(await two.page.evaluate(async (path) => { const answer = await fetch(path); return [answer.status, answer.headers.get('content-type')]; }, pdf), [200, 'application/pdf']);
		await settled(two.page);
		await accessible(two.page);
		await picture(two.page, 'gemeinde-quittung-dunkel');
		await page.goto(`${server.address}/gemeinde/stellungnahmen`);
		await page.getByRole('row').getByText('Bedenken').waitFor();
		await settled(page);
		await accessible(page);
		await picture(page, 'gemeinde-stellungnahmen');
		await one.close();
		await two.close();
	});

	it('that somebody else has changed meanwhile shows both versions, and loses none', async () => {
		const { page, id, draft, close } = await write('halstenbek', '110-kV-Leitung', { expects: [/412/] });
		await page.getByLabel('Hinweise', { exact: true }).check();
		await page.getByLabel('Text', { exact: true }).fill('Erste Fassung');
		await page.getByText(/^Als Entwurf gespeichert/).waitFor();
		const { id: kept } = await draft();
		const other = await server.account('clerk', '01056018', { email: 'halstenbek-zwei@vorfuehrung.example' });
		await server.must(200, 'PATCH', `/drafts/${kept}`, { token: other, headers: { 'If-Match': '*' }, body: { text: null, points: [{ text: 'Von der Kollegin' }] } });
		await page.getByLabel('Text', { exact: true }).fill('Zweite Fassung');
		await page.getByRole('heading', { name: /^halstenbek-zwei@vorfuehrung\.example hat den Entwurf inzwischen geändert/ }).waitFor();
		await page.getByText('Von der Kollegin').waitFor();
		assert.equal(await page.getByLabel('Text', { exact: true }).inputValue(), 'Zweite Fassung');
		assert.equal((await draft()).points[0].text, 'Von der Kollegin', 'nothing was overwritten');
		await accessible(page);
		await picture(page, 'gemeinde-zwei-fassungen');
		await page.getByRole('button', { name: 'Meine Fassung behalten' }).click();
		await page.getByText(/^Als Entwurf gespeichert/).waitFor();
		assert.equal((await draft()).points[0].text, 'Zweite Fassung');
		assert.ok(id);
		await close();
	});

	it('survives the end of the session: sign in again in front of the page, and the text is kept', async () => {
		const { page, context, draft, close } = await write('schenefeld', '110-kV-Leitung', { expects: [/401/] });
		const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
		const ended = await fetch(`${server.address}/api/v1/session/end`, { method: 'POST', headers: { Cookie: cookie, Origin: server.address, 'Content-Type': 'application/json' }, body: '{}' });
		assert.equal(ended.status, 200);
		// A worker knows who somebody is for two seconds more: until each has asked anew, what is saved is saved.
		const asked = () => fetch(`${server.address}/api/v1/session`, { headers: { Cookie: cookie, Connection: 'close' } }).then(({ status }) => status);
		await until(async () => (await Promise.all(Array.from({ length: 8 }, asked))).every((status) => status === 401), 200);
		await page.getByLabel('Anregungen', { exact: true }).check();
		await page.getByLabel('Text', { exact: true }).fill('Langer Text, an dem jemand eine Stunde geschrieben hat.');
		const dialog = page.getByRole('dialog', { name: 'Ihre Sitzung ist abgelaufen' });
		await dialog.waitFor();
		await accessible(page);
		await picture(page, 'gemeinde-sitzung-abgelaufen');
		await dialog.getByLabel('Kennwort').fill(PASSWORD);
		await page.keyboard.press('Enter');
		await dialog.waitFor({ state: 'detached' });
		await page.getByText(/^Als Entwurf gespeichert/).waitFor();
		assert.equal(await page.getByLabel('Text', { exact: true }).inputValue(), 'Langer Text, an dem jemand eine Stunde geschrieben hat.');
		assert.equal((await draft()).points[0].text, 'Langer Text, an dem jemand eine Stunde geschrieben hat.');
		await close();
	});

	it('that is late says so before and after, and what is missing is said at its field', async () => {
		const { page, close } = await write('amt-wilstermarsch', 'Bebauungsplan Nr. 14');
		await page.getByRole('heading', { name: 'Die Frist ist abgelaufen' }).waitFor();
		await page.getByRole('button', { name: 'Abgeben', exact: true }).click();
		await page.getByRole('link', { name: 'Bitte wählen Sie, was Sie mitteilen.' }).waitFor();
		await page.locator('.pp-errors:focus').waitFor();
		await page.getByLabel('Bedenken', { exact: true }).check();
		await page.getByRole('button', { name: 'Abgeben', exact: true }).click();
		await page.getByRole('link', { name: 'Bitte schreiben Sie mindestens einen Punkt.' }).waitFor();
		await accessible(page);
		await page.getByLabel('Text', { exact: true }).fill('Der Schattenwurf trifft die Siedlung.');
		await page.getByRole('button', { name: 'Abgeben', exact: true }).click();
		await page.getByRole('dialog').getByText(/wird als verspätet vermerkt/).waitFor();
		await page.getByRole('dialog').getByRole('button', { name: 'Jetzt abgeben' }).click();
		await page.waitForURL(/\/gemeinde\/stellungnahmen\//);
		await page.getByText(/– verspätet$/).waitFor();
		await settled(page);
		await accessible(page);
		await close();
	});
});
