// SPDX-License-Identifier: EUPL-1.2
// Rules: read as a table, changed into a new version, tried on what runs, put in force; boundaries; identity providers.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { otherBoundaries } from '../../api/support.mjs';
import { reason, settled, startApplication, visit } from '../application.mjs';
import { accessible, launch, picture } from '../browser.mjs';

describe('what the platform computes by', { skip: reason }, () => {
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

	it('shows the rules in force as a table, for one kind of procedure', async () => {
		const { page, close } = await visit(browser, server, '/verwaltung/regeln', { as: 'verwaltung' });
		const table = page.getByRole('table', { name: 'Regeln der Fassung 1' });
		const { rows } = await ask(page, '/rule-versions/1');
		assert.equal(await table.getByRole('row').count(), rows.length + 1);
		await page.getByLabel('Verfahrensart').selectOption('BP_13');
		const some = rows.filter(({ kinds }) => kinds.split(',').some((kind) => ['*', 'BP_*', 'BP_13'].includes(kind)));
		await page.waitForFunction((n) => document.querySelectorAll('.pp-rules tbody tr').length === n, some.length);
		await table.getByRole('row').filter({ hasText: 'R04 NAH' }).getByText('höchstens 200 m entfernt').waitFor();
		await accessible(page);
		await picture(page, 'verwaltung-regeln');
		const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: /TSV/ }).click()]);
		assert.equal(file.suggestedFilename(), 'regeln-1.tsv');
		await close();
	});

	it('tries a changed rule on what runs, and puts it in force', async () => {
		const { page, close } = await visit(browser, server, '/verwaltung/regeln', { as: 'verwaltung', expects: [/422/] });
		await page.getByRole('link', { name: 'Neue Fassung daraus bearbeiten' }).click();
		await page.getByRole('heading', { level: 1, name: 'Neue Fassung der Regeln' }).waitFor();
		await settled(page);
		await page.getByText('Noch ist nichts geändert.').waitFor();
		await page.getByLabel('Verfahrensart').selectOption('BP_REGEL');
		await page.getByRole('row').filter({ hasText: 'R04 NAH' }).filter({ hasText: '500 m' }).getByRole('button', { name: /ändern$/ }).click();
		const dialog = page.getByRole('dialog');
		await dialog.getByLabel(/^Schwelle/).fill('weit');
		await accessible(page);
		await picture(page, 'verwaltung-regel-aendern');
		await dialog.getByRole('button', { name: 'In den Entwurf übernehmen' }).click();
		await page.getByText('2 Zeilen sind anders als in Fassung 1.').waitFor();
		await page.getByRole('button', { name: 'Ausprobieren' }).click();
		await page.getByRole('alert').getByText(/threshold|weit|Zeile/).first().waitFor();
		await page.getByRole('button', { name: 'Entwurf verwerfen' }).click();
		await page.getByText('Noch ist nichts geändert.').waitFor();

		await page.getByRole('row').filter({ hasText: 'R04 NAH' }).filter({ hasText: '500 m' }).getByRole('button', { name: /ändern$/ }).click();
		await dialog.getByLabel('Zeile selbst berichtigen').check();
		await dialog.getByLabel(/^Schwelle/).fill('6000');
		await dialog.getByRole('button', { name: 'In den Entwurf übernehmen' }).click();
		await page.getByText('1 Zeile ist anders als in Fassung 1.').waitFor();
		await accessible(page);
		await picture(page, 'verwaltung-regeln-entwurf');
		await page.getByRole('button', { name: 'Ausprobieren' }).click();
		await page.getByRole('heading', { level: 1, name: /Neuberechnung: Regeln im Entwurf/ }).waitFor();
		await page.getByText('fertig', { exact: true }).waitFor();
		await page.getByRole('cell', { name: 'käme hinzu' }).first().waitFor();
		const [run] = (await ask(page, '/recomputations')).items;
		assert.deepEqual([run.state, run.done, run.counts.refused], ['DONE', run.plans, 0]);
		assert.equal(await page.getByRole('article').count(), run.items);
		await accessible(page);
		await picture(page, 'verwaltung-neuberechnung');

		await page.goBack();
		await page.getByText('1 Zeile ist anders als in Fassung 1.').waitFor();
		await page.getByRole('button', { name: 'In Kraft setzen' }).click();
		await dialog.getByRole('button', { name: 'In Kraft setzen' }).click();
		await dialog.getByRole('alert').getByText('Bitte füllen Sie dieses Feld aus.').waitFor();
		await dialog.getByLabel('Woher kommt die Fassung?').fill('Erlass vom 1. Dezember');
		await accessible(page);
		await dialog.getByRole('button', { name: 'In Kraft setzen' }).click();
		await page.getByRole('heading', { name: 'Regeln der Fassung 2' }).waitFor();
		const version = await ask(page, '/rule-versions/2');
		assert.deepEqual([version.source, version.valid_to, version.rows.find(({ id, kinds }) => id === 'R04' && kinds === 'BP_REGEL').threshold], ['Erlass vom 1. Dezember', null, '6000']);
		const before = await ask(page, '/rule-versions/1');
		assert.deepEqual(version.rows.filter(({ threshold }) => threshold !== '6000'), before.rows.filter(({ id, kinds }) => !(id === 'R04' && kinds === 'BP_REGEL')), 'all others are as they were');
		await close();
	});

	it('computes stored results once more, shows how far it is, and says when it cannot be cancelled any more', async () => {
		const { page, close } = await visit(browser, server, '/verwaltung/regeln', { as: 'verwaltung', colorScheme: 'dark', expects: [/409/] });
		await page.getByRole('button', { name: 'Gespeicherte Ergebnisse nachrechnen' }).click();
		await accessible(page);
		await page.getByRole('dialog').getByRole('button', { name: 'Gespeicherte Ergebnisse nachrechnen' }).click();
		await page.getByText('Kein Verfahren käme anders heraus.').waitFor();
		const [{ id, plans }] = (await ask(page, '/recomputations')).items;
		await page.route(`**/api/v1/recomputations/${id}`, async (route) => {
			const response = await route.fetch();
			await route.fulfill({ response, json: { ...await response.json(), state: 'RUNNING', done: 1 } });
		});
		await page.reload();
		await page.getByText(`1 von ${plans} Plänen gerechnet`).waitFor();
		assert.equal(await page.getByRole('progressbar').getAttribute('value'), '1');
		await accessible(page);
		await picture(page, 'verwaltung-nachrechnen-dunkel');
		await page.getByRole('button', { name: 'Neuberechnung abbrechen' }).click();
		await page.getByRole('dialog').getByRole('button', { name: 'Neuberechnung abbrechen' }).click();
		await page.getByRole('dialog').getByRole('alert').waitFor();
		await accessible(page);
		await close();
	});

	it('shows what other boundaries have changed, what they would mean, and how others are imported', async () => {
		const id = await otherBoundaries(server);
		const { page, close } = await visit(browser, server, '/verwaltung/grenzen', { as: 'verwaltung' });
		await page.getByText('Dies ist die erste Fassung.').waitFor();
		await page.getByText(/1\.370 Gebiete, [\d.]+ Nachbarschaften/).waitFor();
		await page.getByText('Mit dem Befehl auf dem Server einlesen').click();
		await page.getByText(/planungsplattform import municipalities/).waitFor();
		await page.getByRole('link', { name: `Fassung ${id} anzeigen` }).click();
		await page.getByText('1 hinzugekommen, 1 weggefallen, 1 umbenannt, 1 mit anderem Gebiet,').waitFor();
		await page.getByRole('row').filter({ hasText: 'Ellerbek' }).getByText(/ha \([\d,]+ %\)/).waitFor();
		await page.getByRole('row').filter({ hasText: 'Neu-Halstenbek' }).getByText('umbenannt, bisher Halstenbek').waitFor();
		await accessible(page);
		await picture(page, 'verwaltung-grenzen');
		await page.getByRole('button', { name: 'Ausprobieren' }).click();
		await page.getByRole('heading', { level: 1, name: `Neuberechnung: Grenzen Fassung ${id}` }).waitFor();
		await page.getByText('fertig', { exact: true }).waitFor();
		await page.getByRole('article').first().waitFor();
		await accessible(page);
		await close();
	});

	it('shows identity providers, and whether they answer', async () => {
		const { page, close } = await visit(browser, server, '/verwaltung/anmeldung', { as: 'verwaltung', expects: [/502/] });
		await page.getByText('Es ist kein Anmeldedienst eingerichtet.').waitFor();
		const made = await server.command(['issuer', 'add', '--key', 'sh', '--url', 'http://127.0.0.1:9/realms/sh', '--title', 'Servicekonto SH', '--land', '01', '--client-id', 'planung-sh',
			'--client-auth', 'none', '--organisation', 'ags', '--roles', 'funktionen', '--role', 'Leitung=manager', '--level', 'hoch=HOCH']);
		assert.equal(made.status, 0, made.stderr);
		await page.reload();
		await page.getByText('Leitung: Verfahren führen').waitFor();
		await page.getByText('Stelle: ags').waitFor();
		await page.getByRole('button', { name: 'Servicekonto SH jetzt prüfen' }).click();
		await page.getByRole('heading', { name: 'Der Dienst antwortet nicht' }).waitFor();
		await accessible(page);
		await picture(page, 'verwaltung-anmeldung');
		await close();
	});
});
