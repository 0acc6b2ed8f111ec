// SPDX-License-Identifier: EUPL-1.2
// Somebody of the public submits a statement: by mouse, by keyboard alone, with what goes wrong on the way.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { accessible, launch, picture, reason as noBrowser } from '../browser.mjs';
import { reason, settled, startApplication, visit } from '../application.mjs';

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

describe('a statement of the public', { skip: reason || noBrowser }, () => {
	let server, browser, procedure, round, path;

	before(async () => {
		server = await startApplication({ clock: true });
		browser = await launch();
		procedure = (await server.must(200, 'GET', '/procedures?limit=50')).items.find(({ kind }) => kind === 'BP_REGEL');
		({ items: [round] } = await server.must(200, 'GET', `/procedures/${procedure.id}/rounds`));
		path = `/v/${procedure.id}/stellungnahme`;
	});
	after(async () => {
		await browser?.close();
		await server?.stop();
	});

	const statements = () => server.sql("select s.id, s.number, s.stance, s.on_time from pp.statement s where s.round = :'round' order by s.received_at", { round: round.id });
	const heading = (page, name) => page.getByRole('heading', { level: 1, name }).waitFor();
	const next = (page) => page.getByRole('button', { name: 'Weiter', exact: true }).click();
	const kept = (page) => page.getByText('Ihr Entwurf ist auf diesem Gerät gespeichert.').waitFor();
	async function begin(page) {
		await page.getByRole('button', { name: /Stellungnahme beginnen|Entwurf fortsetzen/ }).click();
		await heading(page, 'Worauf bezieht sich');
	}
	/** From the start to the step of contact, about the whole plan. */
	async function write(page, text) {
		await begin(page);
		await next(page);
		await heading(page, 'Was möchten Sie mitteilen?');
		await page.getByLabel('Ich habe Bedenken').check();
		await page.getByLabel('Ihr Text').fill(text);
		await next(page);
		await heading(page, 'Möchten Sie Dateien beifügen?');
		await next(page);
		await heading(page, 'Wie können wir Sie erreichen?');
	}
	async function submit(page) {
		await page.getByRole('button', { name: 'Verbindlich abgeben' }).click();
		await page.getByRole('dialog').getByRole('button', { name: 'Verbindlich abgeben' }).click();
	}

	// OpenLayers measures once whether reading its canvas is faster with willReadFrequently; Chromium remarks on that.
	it('goes step by step, keeps its draft, takes a place and a file, and ends with a receipt', async () => {
		const { page, close } = await visit(browser, server, path, { permissions: ['clipboard-read', 'clipboard-write'], expects: [/422/, /willReadFrequently/] });
		await heading(page, 'Stellungnahme abgeben');
		await accessible(page);
		await picture(page, 'stellungnahme-start');
		await begin(page);
		await page.getByLabel('Auf eine Unterlage und einen Ort').check();
		await next(page);
		await page.getByRole('link', { name: 'Bitte wählen Sie die Unterlage.' }).waitFor();
		await accessible(page);
		await picture(page, 'stellungnahme-gegenstand-fehler');
		await page.getByLabel(/^(Welche Unterlage\?|Bezeichnung der Unterlage)/).focus();
		if (await page.locator('select#document').count()) await page.locator('#document').selectOption({ index: 1 });
		else await page.locator('#document').fill('Begründung');
		await page.getByLabel('Seite oder Abschnitt').fill('12');
		await next(page);
		await heading(page, 'Was möchten Sie mitteilen?');
		await page.getByLabel('Ich habe Bedenken').check();
		await page.getByLabel('Thema').fill('Verkehr');
		await page.getByLabel('Ihr Text').fill('Der Schulweg wird gefährlich.');
		await page.getByRole('button', { name: 'Weiteren Punkt hinzufügen' }).click();
		await page.getByRole('group', { name: 'Punkt 2' }).getByLabel('Thema').fill('Natur');
		await page.getByRole('group', { name: 'Punkt 2' }).getByLabel('Ihr Text').fill('Der Knick soll bleiben.');
		await accessible(page);
		await picture(page, 'stellungnahme-text');
		await kept(page);
		await page.waitForFunction(() => !document.querySelector('main [aria-busy=true]'));
		await next(page);
		await heading(page, 'Um welchen Ort geht es?');

		// Closed and opened again: everything is there.
		await page.reload();
		await settled(page);
		await heading(page, 'Um welchen Ort geht es?');
		const map = page.getByRole('application');
		await map.locator('canvas').first().waitFor();
		await page.locator('.pp-cross').waitFor({ state: 'attached' });
		await map.click({ position: { x: 200, y: 150 } });
		await page.waitForFunction(() => /^53,\d+$/.test(document.querySelector('#latitude').value));
		await page.getByRole('status').getByText(/Der Ort ist gesetzt/).waitFor();
		await accessible(page);
		await picture(page, 'stellungnahme-ort');
		await next(page);

		await heading(page, 'Möchten Sie Dateien beifügen?');
		await page.locator('#files').setInputFiles([{ name: 'Schulweg.png', mimeType: 'image/png', buffer: png }, { name: 'Notiz.exe', mimeType: 'application/x-msdownload', buffer: Buffer.from('MZ') }]);
		await page.getByRole('row', { name: /Schulweg\.png.*hochgeladen/ }).waitFor();
		await page.getByRole('row', { name: /Notiz\.exe.*abgelehnt/ }).waitFor();
		await accessible(page);
		await picture(page, 'stellungnahme-dateien');
		await next(page);
		await page.getByRole('link', { name: /Bitte warten Sie, bis alle Dateien/ }).waitFor();
		await page.getByRole('button', { name: 'Notiz.exe entfernen' }).click();
		await next(page);

		await heading(page, 'Wie können wir Sie erreichen?');
		await page.getByLabel('Ja, mit Namen').check();
		await page.getByLabel('Nachname').fill('Muster');
		await page.getByLabel('E-Mail-Adresse').fill('muster@example.org');
		await accessible(page);
		await picture(page, 'stellungnahme-kontakt');
		await next(page);

		await heading(page, 'Bitte prüfen Sie Ihre Stellungnahme');
		for (const text of ['Der Schulweg wird gefährlich.', 'Der Knick soll bleiben.', 'Schulweg.png', 'Muster', 'Per E-Mail']) await page.getByText(text, { exact: true }).waitFor();
		await accessible(page);
		await picture(page, 'stellungnahme-pruefen');
		await page.getByRole('link', { name: 'Was möchten Sie mitteilen? ändern' }).click();
		await page.getByRole('group', { name: 'Punkt 1' }).getByLabel('Ihr Text').fill('Der Schulweg wird sehr gefährlich.');
		await next(page);
		await heading(page, 'Bitte prüfen Sie Ihre Stellungnahme');
		await submit(page);
		await heading(page, 'Ihre Stellungnahme ist eingegangen');
		await page.getByText('fristgerecht', { exact: false }).first().waitFor();
		await page.getByRole('button', { name: 'Empfangsbestätigung als PDF' }).waitFor();
		await accessible(page);
		await picture(page, 'stellungnahme-quittung');
		await page.getByRole('button', { name: 'Link kopieren' }).click();
		assert.match(await page.evaluate(() => navigator.clipboard.readText()), /\/meine-stellungnahme#[\w-]{43}$/);

		const [stored] = await server.sql("select s.stance, (select count(*)::int from pp.statement_point p where p.statement = s.id) as points, (select count(*)::int from pp.attachment a where a.statement = s.id) as files from pp.statement s where s.round = :'round' order by s.received_at desc limit 1", { round: round.id });
		assert.deepEqual(stored, { stance: 'BEDENKEN', points: 2, files: 1 });

		// The receipt survives a reload, and nothing of what was written is kept.
		await page.reload();
		await heading(page, 'Ihre Stellungnahme ist eingegangen');
		await page.getByRole('button', { name: /von diesem Gerät löschen/ }).click();
		await heading(page, 'Stellungnahme abgeben');
		await page.waitForFunction(() => !Object.keys(localStorage).some((key) => key.startsWith('pp-sealed:')));
		await close();
	});

	it('is made by keyboard alone', async () => {
		const before = (await statements()).length;
		const { page, close } = await visit(browser, server, path);
		const press = (...keys) => keys.reduce((done, key) => done.then(() => page.keyboard.press(key)), Promise.resolve());
		/** Tabs to what is called so. */
		async function to(name) {
			for (let n = 0; n < 60; n++) {
				const at = await page.evaluate(() => {
					const here = document.activeElement;
					return here?.getAttribute('aria-label') || [...(here?.labels ?? [])].map((one) => one.innerText).join(' ') || here?.innerText || '';
				});
				if (name.test(at)) return;
				await press('Tab');
			}
			assert.fail(`no way to ${name} by keyboard`);
		}
		await to(/^Stellungnahme beginnen/);
		await press('Enter');
		await heading(page, 'Worauf bezieht sich');
		assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H1', 'the focus is at the new question');
		await to(/gesamte Planung/);
		await press('ArrowDown', 'ArrowDown');
		await press('Enter');
		await heading(page, 'Was möchten Sie mitteilen?');
		await to(/hinweisen/);
		await press('Space');
		await to(/^Ihr Text/);
		await page.keyboard.type('Bitte eine Bank aufstellen.');
		await to(/^Weiter$/);
		await press('Enter');
		await heading(page, 'Um welchen Ort geht es?');
		await page.locator('.pp-cross').waitFor({ state: 'attached' });
		await to(/Karte, auf der Sie den Ort wählen/);
		await page.locator('.pp-cross').waitFor();
		await press('ArrowRight', 'Enter');
		await page.waitForFunction(() => /^53,\d+$/.test(document.querySelector('#latitude').value));
		await to(/^Weiter$/);
		await press('Enter');
		await heading(page, 'Möchten Sie Dateien beifügen?');
		await to(/^Weiter$/);
		await press('Enter');
		await heading(page, 'Wie können wir Sie erreichen?');
		await to(/Ja, mit Namen/);
		await press('ArrowDown');
		await to(/^Weiter$/);
		await press('Enter');
		await heading(page, 'Bitte prüfen Sie Ihre Stellungnahme');
		await to(/^Verbindlich abgeben$/);
		await press('Enter');
		await page.getByRole('dialog').waitFor();
		await press('Tab');
		await to(/^Verbindlich abgeben$/);
		await press('Enter');
		await heading(page, 'Ihre Stellungnahme ist eingegangen');
		assert.equal((await statements()).length, before + 1);
		await close();
	});

	it('leads back to the step of a field that is refused, and loses nothing', async () => {
		const before = (await statements()).length;
		const { page, close } = await visit(browser, server, path, { expects: [/422/] });
		await write(page, 'Zu laut.');
		await page.getByLabel('Ja, mit Namen').check();
		await page.getByLabel('Nachname').fill('Muster');
		await page.getByLabel('E-Mail-Adresse').fill('keine adresse');
		await next(page);
		await submit(page);
		await heading(page, 'Wie können wir Sie erreichen?');
		await page.waitForFunction(() => document.activeElement?.classList.contains('pp-errors'));
		assert.equal(await page.getByLabel('E-Mail-Adresse').getAttribute('aria-invalid'), 'true');
		assert.match(await page.title(), /^Fehler: /);
		assert.equal(await page.getByLabel('E-Mail-Adresse').inputValue(), 'keine adresse');
		assert.equal((await statements()).length, before);
		await page.getByLabel('E-Mail-Adresse').fill('muster@example.org');
		await next(page);
		await submit(page);
		await heading(page, 'Ihre Stellungnahme ist eingegangen');
		await close();
	});

	it('is one, also when the answer is lost and it is sent again', async () => {
		const before = (await statements()).length;
		const { page, close } = await visit(browser, server, path, { expects: [/ERR_FAILED|Failed to fetch/] });
		await write(page, 'Nur einmal.');
		await page.getByLabel('Nein, ohne Namen').check();
		await next(page);
		// It reaches the server; the answer does not reach the browser.
		await page.route('**/api/v1/rounds/*/statements', async (route) => {
			await route.fetch();
			await route.abort();
		}, { times: 1 });
		await submit(page);
		await page.getByText(/Sie wird nur einmal gezählt/).waitFor();
		assert.equal((await statements()).length, before + 1);
		await submit(page);
		await heading(page, 'Ihre Stellungnahme ist eingegangen');
		assert.equal((await statements()).length, before + 1);
		await close();
	});

	it('forgets a draft that nobody has touched for long, and one that is discarded', async () => {
		const { page, close } = await visit(browser, server, path);
		await write(page, 'Später weiter.');
		await kept(page);
		const [key, text] = await page.evaluate(() => Object.entries(localStorage).find(([name]) => name.startsWith('pp-sealed:')));
		assert.doesNotMatch(text, /Später/, 'it is sealed');
		await page.goto('about:blank');
		await page.goto(server.address);
		await page.evaluate(([name, value]) => localStorage.setItem(name, value), [key, JSON.stringify({ ...JSON.parse(text), at: Date.now() - 31 * 86_400_000 })]);
		await page.goto(server.address + path);
		await page.getByText(/länger als 30 Tage nicht bearbeitet/).waitFor();
		assert.equal(await page.evaluate((name) => localStorage.getItem(name), key), null);
		await write(page, 'Noch einmal.');
		await kept(page);
		await page.getByRole('button', { name: 'Entwurf verwerfen' }).click();
		await page.getByRole('dialog').getByRole('button', { name: 'Entwurf verwerfen' }).click();
		await heading(page, 'Stellungnahme abgeben');
		await page.waitForFunction((name) => localStorage.getItem(name) === null, key);
		await close();
	});

	it('fits on 320 pixels, and in the dark', async () => {
		const { page, close } = await visit(browser, server, path, { viewport: { width: 320, height: 700 }, colorScheme: 'dark' });
		const fits = async (what) => {
			assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false, what);
			await accessible(page);
		};
		await fits('start');
		await begin(page);
		await page.getByLabel('Auf einen bestimmten Ort').check();
		await fits('gegenstand');
		for (const step of ['text', 'ort', 'dateien', 'kontakt', 'pruefen']) {
			await page.goto(`${server.address}${path}?schritt=${step}`);
			await settled(page);
			if (step === 'kontakt') await page.getByLabel('Ja, mit Namen').check();
			await fits(step);
		}
		await close();
	});

	it('is not taken from somebody who is signed in for a body, who is led to the inbox', async () => {
		const { page, close } = await visit(browser, server, path, { as: 'halstenbek' });
		await page.getByRole('heading', { name: /Sie sind für .*Halstenbek angemeldet/ }).waitFor();
		await page.getByRole('link', { name: 'Zum Posteingang' }).waitFor();
		await close();
	});

	it('is taken late, and says so before and after', async () => {
		server.clock.set(round.closes_at);
		const { page, close } = await visit(browser, server, path);
		await page.getByRole('heading', { name: 'Die Frist ist abgelaufen' }).waitFor();
		await picture(page, 'stellungnahme-verspaetet');
		await write(page, 'Zu spät, aber wichtig.');
		await page.getByLabel('Nein, ohne Namen').check();
		await next(page);
		await page.getByText(/wird als verspätet gekennzeichnet/).waitFor();
		await submit(page);
		await heading(page, 'Ihre Stellungnahme ist eingegangen');
		await page.getByText(/nach Ablauf der Frist/).waitFor();
		assert.equal((await statements()).at(-1).on_time, false);
		await close();
	});
});
