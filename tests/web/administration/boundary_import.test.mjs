// SPDX-License-Identifier: EUPL-1.2
// New boundaries by the page: uploaded, checked, looked at, put in force; thrown away; refused with a reason.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root } from '../../harness/server.mjs';
import { reason, startApplication, visit } from '../application.mjs';
import { accessible, launch, picture } from '../browser.mjs';

const noTool = spawnSync('ogr2ogr', ['--version']).status === 0 ? false : 'ogr2ogr is not installed';
const helgoland = '01056025';

describe('new boundaries by the page', { skip: reason || noTool }, () => {
	let server, browser, folder, changed, keyless;
	const make = (name, words) => {
		const made = spawnSync('ogr2ogr', ['-f', 'FlatGeobuf', join(folder, name), join(root, 'data/fixtures/municipalities.fgb'), ...words], { encoding: 'utf8' });
		assert.equal(made.status, 0, made.stderr);
		return join(folder, name);
	};
	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'pp-boundaries-'));
		changed = make('vg250_2026.fgb', ['-nlt', 'MULTIPOLYGON', '-dialect', 'sqlite', '-sql',
			`select AGS, RS, BEZ, GF, case when AGS = '${helgoland}' then 'Neu-Helgoland' else GEN end as GEN,
				case when AGS = '${helgoland}' then ST_Translate(geometry, 0.001, 0, 0) else geometry end as geometry from municipalities`]);
		keyless = make('ohne.fgb', ['-select', 'GEN', '-where', `AGS = '${helgoland}'`]);
		server = await startApplication();
		browser = await launch();
	});
	after(async () => {
		rmSync(folder, { recursive: true, force: true });
		await browser?.close();
		await server?.stop();
	});
	const ask = (page, path) => page.evaluate(async (where) => (await fetch(`/api/v1${where}`)).json(), path);
	const open = (options = {}) => visit(browser, server, '/verwaltung/grenzen', { as: 'verwaltung', ...options });
	const sendButton = (page) => page.getByRole('button', { name: 'Hochladen und prüfen' });
	async function send(page, file) {
		await page.getByLabel('Datei mit Gemeindegrenzen').setInputFiles(file);
		await page.getByRole('textbox', { name: /^Datensatz/ }).fill('VG250');
		await page.getByLabel('Stand der Daten').fill('2026-01-01');
		await sendButton(page).click();
	}

	it('asks for the file and what is known of it', async () => {
		const { page, close } = await open();
		await sendButton(page).click();
		await page.getByRole('alert').getByText('Bitte füllen Sie dieses Feld aus.').first().waitFor();
		await accessible(page);
		await picture(page, 'verwaltung-grenzen-hochladen');
		await close();
	});

	it('shows what a file would change while nothing is in force, and puts it in force', async () => {
		const { page, close } = await open();
		const [before] = (await ask(page, '/boundary-versions?limit=1')).items;
		// A quick machine would be done before anybody looked: the file goes on once the bar is seen.
		const shown = new Promise((resolve, reject) => page.route('**/boundary-imports/*', async (route) => {
			if (route.request().method() === 'PATCH') await page.getByRole('progressbar').first().waitFor().then(resolve, reject);
			await route.continue();
		}));
		await send(page, changed);
		await shown;
		await page.getByRole('heading', { name: 'Die Datei ist geprüft' }).waitFor();
		await page.getByText('0 hinzugekommen, 0 weggefallen, 1 umbenannt, 1 mit anderem Gebiet, 1.369 unverändert.').waitFor();
		await page.getByRole('row').filter({ hasText: 'Neu-Helgoland (01056025, Pinneberg)' }).getByText('umbenannt, bisher Helgoland, anderes Gebiet').waitFor();
		assert.equal(await page.getByText(/^Gezeigt werden die ersten/).count(), 0, 'an area that is renamed and moved is one');
		assert.equal((await ask(page, '/boundary-versions?limit=1')).items[0].id, before.id);
		await accessible(page);
		await picture(page, 'verwaltung-grenzen-geprueft');
		await page.reload();
		await page.getByRole('button', { name: 'In Kraft setzen' }).click();
		const dialog = page.getByRole('dialog', { name: 'Diese Grenzen in Kraft setzen?' });
		await dialog.waitFor();
		await accessible(page);
		await picture(page, 'verwaltung-grenzen-in-kraft');
		await dialog.getByRole('button', { name: 'In Kraft setzen' }).click();
		await page.getByRole('heading', { name: 'Die neuen Grenzen sind in Kraft' }).waitFor();
		const [now] = (await ask(page, '/boundary-versions?limit=1')).items;
		assert.deepEqual([now.dataset, now.date, now.areas, now.id > before.id], ['VG250', '2026-01-01', before.areas, true]);
		await page.getByRole('link', { name: `Fassung ${now.id} anzeigen` }).waitFor();
		await page.getByRole('heading', { name: `Was sich gegenüber Fassung ${before.id} geändert hat` }).waitFor();
		await close();
	});

	it('says why a file is refused, and takes another one', async () => {
		const { page, close } = await open({ colorScheme: 'dark' });
		await send(page, keyless);
		const alert = page.getByRole('alert').filter({ hasText: 'Die Datei lässt sich so nicht einlesen' });
		await alert.getByText(/hat kein Feld AGS/).waitFor();
		await accessible(page);
		await picture(page, 'verwaltung-grenzen-abgelehnt-dunkel');
		await send(page, changed);
		await page.getByRole('heading', { name: 'Die Datei ist geprüft' }).waitFor();
		await page.getByText('Beide Fassungen sind gleich.').first().waitFor();
		await page.getByRole('button', { name: 'Verwerfen' }).click();
		await page.getByRole('dialog').getByRole('button', { name: 'Verwerfen' }).click();
		await page.getByRole('heading', { name: 'Die Datei ist verworfen' }).waitFor();
		assert.equal((await ask(page, '/boundary-imports?limit=1')).items[0].state, 'ABGEBROCHEN');
		await accessible(page);
		await close();
	});

	it('goes on after a break with the same file, from where the server stands', async () => {
		const { page, close } = await open({ expects: [/ERR_FAILED/] });
		let pieces = 0, breaks = true;
		await page.route('**/boundary-imports/*', (route) => (route.request().method() === 'PATCH' && pieces++ > 0 && breaks ? route.abort() : route.continue()));
		await send(page, changed);
		await page.getByText('Die Verbindung ist abgebrochen.').first().waitFor();
		breaks = false;
		await page.reload();
		await page.getByRole('heading', { name: 'Die Datei ist nicht ganz angekommen' }).waitFor();
		const [{ received, size }] = (await ask(page, '/boundary-imports?limit=1')).items;
		assert.ok(received > 0 && received < size);
		const rest = page.getByLabel('Hochladen fortsetzen');
		await rest.setInputFiles(keyless);
		await page.getByText('Das ist eine andere Datei.').waitFor();
		await accessible(page);
		await picture(page, 'verwaltung-grenzen-fortsetzen');
		const first = page.waitForRequest((request) => request.method() === 'PATCH' && request.url().includes('/boundary-imports/'));
		await rest.setInputFiles(changed);
		assert.equal((await first).headers()['upload-offset'], `${received}`);
		await page.getByRole('heading', { name: 'Die Datei ist geprüft' }).waitFor();
		await page.getByRole('button', { name: 'Verwerfen' }).click();
		await page.getByRole('dialog').getByRole('button', { name: 'Verwerfen' }).click();
		await page.getByRole('heading', { name: 'Die Datei ist verworfen' }).waitFor();
		await close();
	});
});
