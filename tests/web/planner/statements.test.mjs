// SPDX-License-Identifier: EUPL-1.2
// Who plans reads what came in: the list with its filters, one statement with all that belongs to it, and what came late.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { reason, settled, startApplication, visit } from '../application.mjs';
import { accessible, launch, picture } from '../browser.mjs';

const day = (offset) => new Date(Date.now() + offset * 86400000).toLocaleDateString('sv-SE', { timeZone: 'Europe/Berlin' });

describe('reading what came in', { skip: reason }, () => {
	let server, browser;
	before(async () => {
		server = await startApplication();
		browser = await launch();
	});
	after(async () => {
		await browser?.close();
		await server?.stop();
	});
	const ask = (page, method, path, body) => page.evaluate(async ([how, where, what]) => {
		const response = await fetch(`/api/v1${where}`, { method: how, headers: { 'Content-Type': 'application/json' }, body: what && JSON.stringify(what) });
		return response.json();
	}, [method, path, body]);
	const roundOf = async (as, audience) => (await server.sql(`select d.id, d.procedure from pp.round d join pp.membership m on m.body = d.planner_body
		join pp.account a on a.id = m.account where a.email = '${as}@vorfuehrung.example' and d.audience = '${audience}'`))[0];
	async function go(page, path) {
		await page.goto(`${server.address}${path}`);
		await settled(page);
	}
	const letter = { channel: 'POST', received_on: day(0), evidence: 'Eingangsstempel', stance: 'BEDENKEN', text: 'Ich, Antje Petersen, wohne am Schulweg. Er ist zu schmal.',
		person: { given_name: 'Antje', family_name: 'Petersen', street: 'Schulweg 3', town: 'Lurup' } };

	it('lists, filters and sorts them, and leads to each', async () => {
		const { page, close } = await visit(browser, server, null, { as: 'altona', expects: [/422/, /No map visible/] });
		const { id: round, procedure } = await roundOf('altona', 'OEFF');
		const place = { type: 'Point', coordinates: [9.84, 53.593] };
		const made = await ask(page, 'POST', `/rounds/${round}/entries`, { ...letter, text: undefined, points: [{ text: letter.text, topic: 'Verkehr', geometry: place }] });
		assert.ok(made.id, JSON.stringify(made));
		await go(page, `/planung/${procedure}`);
		await page.getByRole('link', { name: 'Stellungnahmen lesen' }).click();
		await settled(page);
		const { items, counts } = await ask(page, 'GET', `/procedures/${procedure}/weighing`);
		const numbers = () => page.locator('tbody th a').allTextContents();
		assert.deepEqual(await numbers(), items.map(({ number }) => number));
		await page.getByText(`${counts.statements} Stellungnahmen, davon 0 verspätet.`).waitFor();
		await accessible(page);
		await picture(page, 'stellungnahmen');
		await page.getByLabel('Reihenfolge').selectOption('neueste');
		await page.waitForFunction((first) => document.querySelector('tbody th a')?.textContent === first, made.number);
		assert.deepEqual(await numbers(), items.map(({ number }) => number).reverse());
		await page.getByLabel('Von wem').selectOption('OEFF');
		await page.waitForFunction((n) => document.querySelectorAll('tbody tr').length === n, items.filter(({ author_role: role }) => role === 'OEFF').length);
		await page.getByLabel('Eingang', { exact: true }).selectOption('verspaetet');
		await page.getByText('Auf diese Auswahl trifft keine Stellungnahme zu.').waitFor();
		await page.getByRole('button', { name: 'Alle anzeigen' }).click();
		await page.waitForFunction((n) => document.querySelectorAll('tbody tr').length === n, items.length);

		await page.getByRole('link', { name: made.number, exact: true }).click();
		await page.getByRole('heading', { level: 1, name: `Stellungnahme ${made.number}` }).waitFor();
		await settled(page);
		await page.getByText('Ich, Antje Petersen, wohne am Schulweg.').first().waitFor();
		await page.getByText('53,593° N, 9,84° O').waitFor();
		await page.getByRole('application', { name: /^Karte: Orte der Stellungnahme/ }).waitFor();
		await accessible(page);
		await page.emulateMedia({ media: 'print' });
		await page.getByText('Ich, Antje Petersen, wohne am Schulweg.').first().waitFor();
		await page.emulateMedia({ media: 'screen' });

		// The person, for a purpose only.
		await page.getByRole('button', { name: 'Name und Anschrift anzeigen' }).click();
		await page.getByText('Bitte wählen Sie einen Zweck.').waitFor();
		await page.getByLabel('Zweck').selectOption('RUECKFRAGE');
		await page.getByRole('button', { name: 'Name und Anschrift anzeigen' }).click();
		await page.getByRole('definition').filter({ hasText: 'Schulweg 3' }).waitFor();
		assert.deepEqual(await server.sql(`select purpose from pp.reading where person = '${made.person.id}' and purpose is not null`), [{ purpose: 'RUECKFRAGE' }]);

		// Who looks after it.
		await page.getByLabel('Wer kümmert sich?').selectOption({ index: 1 });
		await page.getByRole('status').getByText(/^Zuständig ist jetzt/).waitFor();
		assert.ok((await ask(page, 'GET', `/statements/${made.id}/assignment`)).assignment.account);

		// Published without the person's name.
		await page.getByRole('button', { name: 'Veröffentlichen' }).click();
		const dialog = page.getByRole('dialog');
		await accessible(page);
		await dialog.getByRole('button', { name: 'Veröffentlichen' }).click();
		await dialog.getByRole('alert').waitFor();
		await dialog.getByLabel('Text für die Öffentlichkeit').fill('Der Weg zur Schule ist zu schmal.');
		await dialog.getByRole('button', { name: 'Veröffentlichen' }).click();
		await page.getByText('Die Stellungnahme ist öffentlich zu lesen.').waitFor();
		assert.equal((await ask(page, 'GET', `/statements/${made.id}`)).published_text, 'Der Weg zur Schule ist zu schmal.');
		await picture(page, 'stellungnahme-lesen');

		// Leafing by the keys.
		await page.keyboard.press('Alt+PageUp');
		await page.getByRole('heading', { level: 1, name: `Stellungnahme ${items.at(-2).number}` }).waitFor();
		await page.keyboard.press('Alt+PageDown');
		await page.getByRole('heading', { level: 1, name: `Stellungnahme ${made.number}` }).waitFor();
		await close();
	});

	it('shows the files of a paper, and says of whom nothing is known', async () => {
		const { page, close } = await visit(browser, server, null, { as: 'altona' });
		const { id: round, procedure } = await roundOf('altona', 'OEFF');
		await go(page, `/planung/${procedure}/eingang?runde=${round}`);
		await page.locator('#received_on').fill(day(0));
		await page.locator('#evidence').fill('Stempel');
		await page.locator('#from-UNBEKANNT').check();
		await page.locator('#stance').selectOption('HINWEISE');
		await page.locator('#text').fill('Siehe Anlage.');
		await page.locator('#attachments').setInputFiles({ name: 'foto.txt', mimeType: 'text/plain', buffer: Buffer.from('Nur Text.\n') });
		await page.getByRole('status').getByText('foto.txt ist angehängt.').waitFor();
		await page.getByRole('button', { name: 'Erfassen', exact: true }).click();
		await page.getByText('1 Schreiben erfasst').waitFor();
		const { items } = await ask(page, 'GET', `/procedures/${procedure}/weighing?newest=true&limit=1`);
		assert.equal(items[0].attachments, 1);
		await go(page, `/planung/${procedure}/stellungnahmen/${items[0].statement}`);
		await page.getByText(/foto\.txt/).first().waitFor();
		await page.getByText('Es ist nicht bekannt, von wem die Stellungnahme ist.').waitFor();
		await close();
	});

	it('decides about what came late', async () => {
		const { page, close } = await visit(browser, server, null, { as: 'amt-wilstermarsch-planung', colorScheme: 'dark', expects: [/422/] });
		const { id: round, procedure } = await roundOf('amt-wilstermarsch-planung', 'NACHB');
		const { municipalities } = await ask(page, 'GET', `/rounds/${round}/board`);
		const { invitation } = municipalities.find(({ state }) => state === 'OHNE_ANTWORT');
		const made = await ask(page, 'POST', `/rounds/${round}/entries`, { channel: 'FAX', received_on: day(0), evidence: 'Faxbericht', invitation, stance: 'BEDENKEN', text: 'Die Zuwegung fehlt.' });
		assert.equal(made.on_time, false, JSON.stringify(made));
		await go(page, `/planung/${procedure}/stellungnahmen?eingang=verspaetet`);
		await page.getByRole('row').filter({ hasText: made.number }).getByText(/verspätet/).waitFor();
		await page.getByRole('link', { name: made.number, exact: true }).click();
		await page.getByRole('heading', { name: 'Verspätung' }).waitFor();
		await settled(page);
		await page.getByRole('button', { name: /Über die Verspätung entscheiden/ }).click();
		const dialog = page.getByRole('dialog', { name: `Verspätung von ${made.number}` });
		await dialog.getByRole('button', { name: 'Entscheiden' }).click();
		await dialog.getByRole('alert').waitFor();
		await accessible(page);
		await dialog.getByLabel('Wird berücksichtigt').check();
		await dialog.getByLabel('Begründung').fill('Der Inhalt war bekannt.');
		await dialog.getByRole('button', { name: 'Entscheiden' }).click();
		await dialog.waitFor({ state: 'detached' });
		await page.getByRole('listitem').getByText('Wird berücksichtigt', { exact: true }).waitFor();
		const { decisions } = await ask(page, 'GET', `/statements/${made.id}/lateness`);
		assert.deepEqual(decisions.map(({ outcome, reason }) => [outcome, reason]), [['BERUECKSICHTIGT', 'Der Inhalt war bekannt.']]);
		await accessible(page);
		await picture(page, 'stellungnahme-verspaetet-dunkel');
		await close();
	});

	it('says what to do where nothing has come in, and shows nobody what another body plans', async () => {
		const { page, close } = await visit(browser, server, null, { as: 'planfeststellung', expects: [/40[34]/] });
		const { procedure } = await roundOf('planfeststellung', 'TOEB');
		await go(page, `/planung/${procedure}/stellungnahmen`);
		await page.getByRole('heading', { name: 'Zu diesem Verfahren ist noch nichts eingegangen' }).waitFor();
		await accessible(page);
		const other = await roundOf('altona', 'OEFF');
		await go(page, `/planung/${other.procedure}/stellungnahmen`);
		await page.getByRole('alert').waitFor();
		await page.getByRole('button', { name: 'Erneut versuchen' }).waitFor();
		await close();
	});
});
