// SPDX-License-Identifier: EUPL-1.2
// Staff enter a stack of papers: by keyboard alone, late ones, twice the same one, and of bodies that nobody has invited.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { reason, settled, startApplication, visit } from '../application.mjs';
import { accessible, launch, picture } from '../browser.mjs';

const day = (offset) => new Date(Date.now() + offset * 86400000).toLocaleDateString('sv-SE', { timeZone: 'Europe/Berlin' });
/** As one types it into this browser's field for a day. */
const typedDay = (iso) => iso.replace(/^(\d+)-(\d+)-(\d+)$/, '$2$3$1');

describe('entering what came on paper', { skip: reason }, () => {
	let server, browser;
	before(async () => {
		server = await startApplication();
		browser = await launch();
	});
	after(async () => {
		await browser?.close();
		await server?.stop();
	});
	const get = (page, path) => page.evaluate(async (address) => (await fetch(`/api/v1${address}`)).json(), path);
	/** The round of a planner of the demonstration with that audience, and its page for entries. */
	async function entering(as, audience, options) {
		const opened = await visit(browser, server, null, { as, ...options });
		const [round] = await server.sql(`select d.id, d.procedure from pp.round d join pp.membership m on m.body = d.planner_body
			join pp.account a on a.id = m.account where a.email = '${as}@vorfuehrung.example' and d.audience = '${audience}'`);
		await opened.page.goto(`${server.address}/planung/${round.procedure}/eingang?runde=${round.id}`);
		await settled(opened.page);
		return { ...opened, round: round.id, procedure: round.procedure };
	}
	const focused = (page) => page.evaluate(() => document.activeElement?.id ?? '');
	/** Presses Tab until the focus is there. */
	async function tabTo(page, id, key = 'Tab') {
		for (let n = 0; n < 80; n++) {
			if (await focused(page) === id) return;
			await page.keyboard.press(key);
		}
		assert.fail(`Tab never came to ${id}`);
	}
	const type = async (page, id, text) => {
		await tabTo(page, id);
		await page.keyboard.type(text);
	};
	/** Of a page of entries: the number of the last that was filed. */
	const filedNumber = (page) => page.locator('section[aria-labelledby=filed] li strong').first().textContent();

	it('takes a stack of letters by keyboard alone, and hints at what it knows already', async () => {
		const { page, close, procedure, round } = await entering('altona', 'OEFF');
		await accessible(page);
		await type(page, 'channel', 'per Brief');
		await type(page, 'received_on', typedDay(day(0)));
		assert.equal(await page.locator('#received_on').inputValue(), day(0));
		await type(page, 'evidence', 'Eingangsstempel');
		await page.getByText(/Rechtzeitig: Die Frist endet am/).waitFor();
		await type(page, 'family_name', 'Petersen');
		await type(page, 'given_name', 'Antje');
		await type(page, 'town', 'Lurup');
		await type(page, 'stance', 'Bedenken');
		await type(page, 'text', 'Die Zufahrt über den Schulweg ist zu schmal für Lastwagen.');
		await page.keyboard.press('Control+Enter');
		await page.getByRole('status').getByText(/ist erfasst\. Weiter mit dem nächsten Schreiben\./).waitFor();
		const first = await filedNumber(page);
		assert.equal(await focused(page), 'from-PERSON', 'the first field of the next paper has the focus');
		assert.equal(await page.locator('#family_name').inputValue(), '');
		assert.equal(await page.locator('#evidence').inputValue(), 'Eingangsstempel');
		assert.equal(await page.locator('#channel').inputValue(), 'POST');
		const kept = (await get(page, `/procedures/${procedure}/statements?limit=100`)).items.find(({ number }) => number === first);
		assert.deepEqual([kept.channel, kept.round, kept.stance, kept.entered.received_on, kept.entered.evidence, kept.on_time], ['POST', round, 'BEDENKEN', day(0), 'Eingangsstempel', true]);
		assert.equal((await get(page, `/persons/${kept.person.id}?purpose=AKTE`)).details.family_name, 'Petersen');

		// The same person writes nearly the same once more.
		await type(page, 'family_name', 'Petersen');
		await type(page, 'given_name', 'Antje');
		await type(page, 'town', 'Lurup');
		await type(page, 'stance', 'Bedenken');
		await type(page, 'text', 'Die Zufahrt über den Schulweg ist viel zu schmal für Lastwagen!');
		await page.keyboard.press('Control+Enter');
		const hints = page.getByRole('group', { name: 'Sehen Sie nach, bevor Sie erfassen' });
		await hints.getByText('gleiche Person').waitFor();
		assert.match(await hints.getByRole('listitem').textContent(), /ähnlicher Wortlaut.*\d\d %/);
		assert.equal(await page.locator('section[aria-labelledby=filed] li').count(), 1, 'nothing is filed before the hints were seen');
		assert.equal(await hints.getByRole('link').getAttribute('href'), `/planung/${procedure}/stellungnahmen/${kept.id}`);
		await accessible(page);
		await picture(page, 'eingang-dubletten');
		await page.keyboard.press('Tab');
		await page.keyboard.press('Tab');
		assert.match(await page.evaluate(() => document.activeElement.textContent), /^Als Ergänzung zu/);
		await page.keyboard.press('Enter');
		await page.getByRole('status').getByText(`${first}-1 ist erfasst`).waitFor();
		assert.deepEqual((await get(page, `/statements/${kept.id}`)).supplements.map(({ number }) => number), [`${first}-1`]);

		// From nobody that is known, with points, a list of signatures and a scan.
		await page.keyboard.press('ArrowRight');
		await type(page, 'stance', 'Einwendung');
		await type(page, 'text', 'Der Lärm nimmt zu.');
		await page.keyboard.press('Tab');
		await page.keyboard.press('Enter');
		await page.waitForFunction(() => document.activeElement?.id.startsWith('text-'));
		await page.keyboard.type('Die Bäume sollen bleiben.');
		await page.locator('#attachments').setInputFiles({ name: 'brief.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n') });
		await page.getByRole('status').getByText('brief.pdf ist angehängt.').waitFor();
		await type(page, 'signatures', '17');
		await page.keyboard.press('Control+Enter');
		await page.getByText('3 Schreiben erfasst').waitFor();
		const anonymous = (await get(page, `/procedures/${procedure}/statements?limit=100`)).items.find(({ entered }) => entered?.signatures === 17);
		assert.equal(anonymous.person.anonymous, true);
		assert.deepEqual((await get(page, `/statements/${anonymous.id}`)).points.map(({ text }) => text), ['Der Lärm nimmt zu.', 'Die Bäume sollen bleiben.']);
		assert.deepEqual((await get(page, `/statements/${anonymous.id}`)).attachments.map(({ name }) => name), ['brief.pdf']);
		const receipt = await page.getByRole('link', { name: /^Empfangsbestätigung zu/ }).first().getAttribute('href');
		assert.equal(await page.evaluate(async (where) => (await fetch(where)).headers.get('Content-Type'), receipt), 'application/pdf');
		await picture(page, 'eingang');
		await close();
	});

	it('says that a letter is late, and of whom, and files it all the same', async () => {
		const { page, close, procedure, round } = await entering('amt-wilstermarsch-planung', 'NACHB', { colorScheme: 'dark', expects: [/422/] });
		await page.getByRole('button', { name: 'Erfassen', exact: true }).click();
		for (const id of ['received_on', 'evidence', 'invitation', 'stance']) await page.locator(`#${id}[aria-invalid=true]`).waitFor();
		await accessible(page);
		const { municipalities } = await get(page, `/rounds/${round}/board`);
		const waiting = municipalities.find(({ state }) => state === 'OHNE_ANTWORT');
		await page.locator('#received_on').fill(day(1));
		await page.locator('#evidence').fill('Faxbericht, Bl. 3');
		await page.locator('#channel').selectOption('FAX');
		await page.locator('#invitation').focus();
		await page.keyboard.type(waiting.name.slice(0, 5));
		const option = page.getByRole('option', { name: waiting.name });
		await option.waitFor();
		while (await page.locator('[role=option][aria-selected=true] strong').textContent() !== waiting.name) await page.keyboard.press('ArrowDown');
		await page.keyboard.press('Enter');
		assert.equal(await page.locator('#invitation').inputValue(), waiting.name);
		await page.locator('#received_on-error').getByText('Was erst zugehen wird, ist noch nicht zugegangen.').waitFor();
		await page.locator('#received_on').fill(day(0));
		await page.getByText(new RegExp(`^${-waiting.days_left} Tage? zu spät`)).waitFor();
		await page.locator('#stance').selectOption('BEDENKEN');
		await page.locator('#text').fill('Die Zuwegung ist nicht gesichert.');
		await accessible(page);
		await picture(page, 'eingang-verspaetet');
		await page.getByRole('button', { name: 'Erfassen', exact: true }).click();
		await page.getByText('1 Schreiben erfasst').waitFor();
		assert.equal(await focused(page), 'invitation');
		const filed = (await get(page, `/procedures/${procedure}/statements?limit=100`)).items.find(({ channel }) => channel === 'FAX');
		assert.deepEqual([filed.participant, filed.on_time, filed.channel], [waiting.ags, false, 'FAX']);

		// Somebody whom nobody has asked.
		await page.locator('#invitation').pressSequentially('Buxtehude');
		await page.getByRole('option', { name: /Buxtehude.*nicht eingeladen/ }).first().click();
		await page.getByRole('button', { name: /Buxtehude einladen/ }).click();
		await page.getByRole('status').getByText(/Buxtehude ist eingeladen\./).waitFor();
		await close();
	});

	it('loses nothing when the session ends, and shows refusals', async () => {
		const { page, context, close } = await entering('altona', 'OEFF', { expects: [/401|422|500/] });
		await page.locator('#received_on').fill(day(0));
		await page.locator('#evidence').fill('Stempel');
		await page.locator('#family_name').fill('Voß');
		await page.locator('#inform').selectOption('POST');
		await page.locator('#stance').selectOption('HINWEISE');
		await page.locator('#text').fill('Bitte prüfen Sie die Entwässerung.');
		await page.getByRole('button', { name: 'Erfassen', exact: true }).click();
		await page.locator('#person-error').getByText(/Anschrift|Adresse/).waitFor();
		await page.locator('#street').fill('Elbgaustraße 1');
		await page.locator('#town').fill('Hamburg');
		await context.clearCookies();
		await page.getByRole('button', { name: 'Erfassen', exact: true }).click();
		const dialog = page.getByRole('dialog', { name: 'Ihre Sitzung ist abgelaufen' });
		await dialog.waitFor();
		await dialog.locator('input[type=email]').fill('altona@vorfuehrung.example');
		await dialog.locator('input[type=password]').fill('planung-ohne-grenze');
		await page.keyboard.press('Enter');
		await page.getByText('1 Schreiben erfasst').waitFor();
		await page.route('**/api/v1/procedures/*/rounds', (route) => route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"type":"/problems/internal","title":"Fehler","status":500}' }));
		await page.reload();
		await page.getByRole('button', { name: 'Erneut versuchen' }).waitFor();
		await page.unroute('**/api/v1/procedures/*/rounds');
		await page.getByRole('button', { name: 'Erneut versuchen' }).click();
		await page.locator('#round').waitFor();
		await close();
	});

	it('says what to do where there is no participation yet', async () => {
		const { page, close } = await visit(browser, server, null, { as: 'altona' });
		const id = await page.evaluate(async () => (await (await fetch('/api/v1/procedures', { method: 'POST', headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify({ kind: 'BP_REGEL', title: 'Bebauungsplan Lurup 80', planning_municipalities: ['02000000'] }) })).json()).id);
		await page.goto(`${server.address}/planung/${id}/eingang`);
		await settled(page);
		await page.getByRole('heading', { name: 'Es gibt noch keine Beteiligung' }).waitFor();
		await accessible(page);
		await page.getByRole('main').getByRole('link', { name: 'Fristen und Start' }).click();
		await page.waitForURL(/\/start$/);
		await close();
	});
});
