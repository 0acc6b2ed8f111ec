// SPDX-License-Identifier: EUPL-1.2
// Whom a round invites beside municipalities: the register's proposals, distribution lists, single bodies, up to the invitations.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root } from '../../harness/server.mjs';
import { accessible, launch, picture } from '../browser.mjs';
import { reason, settled, startApplication, visit } from '../application.mjs';

const ring = [[9.835, 53.596], [9.85, 53.596], [9.85, 53.59], [9.835, 53.59], [9.835, 53.596]];

describe('whom a round invites', { skip: reason }, () => {
	let server, browser;
	const ask = (page, method, path, body) => page.evaluate(async ([how, where, what]) => (await fetch(`/api/v1${where}`,
		{ method: how, headers: { 'Content-Type': 'application/json' }, body: what && JSON.stringify(what) })).json(), [method, path, body]);
	/** A procedure whose set is confirmed, filed by the interface. */
	async function ready(page, title) {
		const { id } = await ask(page, 'POST', '/procedures', { kind: 'BP_REGEL', title, planning_municipalities: ['02000000'] });
		const plan = await ask(page, 'POST', `/procedures/${id}/plans`, { geometry: { type: 'Polygon', coordinates: [ring] }, crs: 'EPSG:4326' });
		await ask(page, 'POST', `/plans/${plan.id}/affected/confirm`, {});
		return { id, plan: plan.id };
	}
	const look = async (page, path) => {
		await page.goto(`${server.address}${path}`);
		await settled(page);
	};
	const dialog = (page) => page.getByRole('dialog');

	before(async () => {
		server = await startApplication();
		const loaded = await server.command(['import', 'bodies', join(root, 'data/fixtures/public-bodies.csv')]);
		assert.equal(loaded.status, 0, loaded.stderr);
		browser = await launch();
	});
	after(async () => {
		await browser?.close();
		await server?.stop();
	});

	it('is chosen from proposals, a list and by name, and invited as promised', async () => {
		const { page, close } = await visit(browser, server, null, { as: 'altona' });
		const { id, plan } = await ready(page, 'Bebauungsplan Lurup 91');
		await look(page, `/planung/${id}`);
		await page.getByRole('link', { name: 'Träger öffentlicher Belange auswählen' }).click();
		await page.waitForURL(/\/beteiligte$/);
		await settled(page);
		const { agencies, municipalities } = await ask(page, 'GET', `/plans/${plan}/affected?include=toeb`);
		assert.ok(agencies.length > 3, 'the register proposes some');
		assert.equal(await page.getByRole('table', { name: 'Vorschläge des Registers' }).getByRole('rowheader').count(), agencies.length);
		await page.getByText(municipalities.filter((one) => one.class !== 'EIGEN').map(({ name }) => name).join(', ')).waitFor();
		await page.getByText('Noch niemand.').waitFor();
		await page.getByRole('checkbox', { name: agencies[0].name, exact: true }).check();
		await page.getByRole('checkbox', { name: agencies[1].name, exact: true }).check();
		await page.getByRole('searchbox', { name: 'Stelle suchen' }).fill('feuerwehr');
		await page.getByRole('button', { name: /^Feuerwehr.* hinzufügen$/ }).first().click();
		await page.getByText('3 Stellen und 0 Verteiler').waitFor();
		await accessible(page);
		await picture(page, 'beteiligte');

		await page.getByRole('button', { name: 'Als Verteiler speichern' }).click();
		await dialog(page).getByLabel('Name').fill('Lurup: Träger öffentlicher Belange');
		await accessible(page);
		await dialog(page).getByRole('button', { name: 'Speichern' }).click();
		await page.getByRole('checkbox', { name: 'Lurup: Träger öffentlicher Belange' }).check();
		await page.getByText('3 Stellen und 1 Verteiler').waitFor();
		const { items: [list] } = await ask(page, 'GET', '/distribution-lists');
		assert.equal(list.members.length, 3);
		await page.reload();
		await settled(page);
		await page.getByText('3 Stellen und 1 Verteiler').waitFor();

		await page.getByRole('link', { name: 'Weiter: Fristen und Start' }).click();
		await page.waitForURL(/\/start\?/);
		await page.locator('#step').selectOption('FOERM_TOEB TOEB');
		await page.getByText('3 Stellen und 1 Verteiler').waitFor();
		for (const { name } of list.members) await page.getByRole('table').getByRole('rowheader', { name: new RegExp(name.replaceAll(/[().]/g, '.')) }).waitFor();
		await accessible(page);
		await picture(page, 'start-mit-traegern');
		const promised = await page.getByRole('table').getByRole('rowheader').count();
		await page.getByRole('button', { name: 'Beteiligung starten' }).click();
		await dialog(page).getByRole('button', { name: 'Beteiligung starten' }).click();
		await page.waitForURL(/\/runden\//);
		const { items: [round] } = await ask(page, 'GET', `/procedures/${id}/rounds`);
		const board = await ask(page, 'GET', `/rounds/${round.id}/board`);
		const invited = [...board.municipalities, ...board.authorities].map(({ body }) => body);
		assert.equal(invited.length, promised);
		for (const { body } of list.members) assert.ok(invited.includes(body), body);
		await close();
	});

	it('is kept in lists of the body: made, changed, shared and ended', async () => {
		const { page, close } = await visit(browser, server, null, { as: 'eimsbuettel', expects: [/409/, /412/] });
		await page.getByRole('link', { name: 'Verteiler' }).click();
		await page.waitForURL(/\/verteiler$/);
		await settled(page);
		await page.getByText('Ihre Stelle hat noch keinen Verteiler.').waitFor();
		await accessible(page);
		await page.getByRole('button', { name: 'Neuer Verteiler' }).click();
		await dialog(page).getByRole('button', { name: 'Speichern' }).click();
		await dialog(page).getByRole('alert').getByText('Bitte nehmen Sie mindestens eine Stelle auf.').waitFor();
		await dialog(page).getByLabel('Name').fill('Kammern');
		await dialog(page).getByLabel('Thema').selectOption({ label: 'Gewerbliche Wirtschaft' });
		await dialog(page).getByRole('button', { name: 'Handelskammer Hamburg hinzufügen' }).click();
		await dialog(page).getByLabel('Mit anderen Stellen teilen').check();
		await accessible(page);
		await picture(page, 'verteiler-dialog');
		await dialog(page).getByRole('button', { name: 'Speichern' }).click();
		await page.getByRole('status').getByText('Der Verteiler „Kammern“ ist gespeichert.').waitFor();
		const own = async () => (await ask(page, 'GET', '/distribution-lists')).items.filter(({ name }) => name.startsWith('Kammern'));
		assert.deepEqual((await own()).map(({ shared, members }) => [shared, members.map(({ body }) => body)]), [[true, ['handelskammer-hamburg']]]);

		await page.getByRole('button', { name: '„Kammern“ ändern' }).click();
		await dialog(page).getByLabel('Name').fill('Kammern und Verbände');
		// Meanwhile somebody else of the body is faster.
		assert.equal(await page.evaluate(async () => {
			const { items } = await (await fetch('/api/v1/distribution-lists')).json();
			const path = `/api/v1/distribution-lists/${items.find(({ name }) => name === 'Kammern').id}`;
			const etag = (await fetch(path)).headers.get('ETag');
			return (await fetch(path, { method: 'PATCH', headers: { 'Content-Type': 'application/json', 'If-Match': etag }, body: JSON.stringify({ about: 'Wirtschaft' }) })).status;
		}), 200);
		await dialog(page).getByRole('button', { name: 'Speichern' }).click();
		assert.match(await dialog(page).getByRole('alert').innerText(), /inzwischen geändert/);
		await page.keyboard.press('Escape');
		await page.getByRole('button', { name: '„Kammern“ ändern' }).click();
		await dialog(page).getByLabel('Name').fill('Kammern und Verbände');
		await dialog(page).getByRole('button', { name: 'Speichern' }).click();
		await page.getByRole('heading', { name: /^Kammern und Verbände/ }).waitFor();
		await picture(page, 'verteiler');

		const theirs = await visit(browser, server, '/planung/verteiler', { as: 'hamburg-nord' });
		await theirs.page.getByRole('heading', { name: 'Von anderen Stellen geteilt' }).waitFor();
		await theirs.page.getByText('Kammern und Verbände').waitFor();
		assert.equal(await theirs.page.getByRole('button', { name: /Kammern/ }).count(), 0, 'only its own body changes it');
		await theirs.close();

		await page.getByRole('button', { name: 'Verteiler „Kammern und Verbände“ auflösen' }).click();
		await dialog(page).getByText('bleibt eingeladen').waitFor();
		await dialog(page).getByRole('button', { name: 'Auflösen' }).click();
		await page.getByText('Ihre Stelle hat noch keinen Verteiler.').waitFor();
		assert.deepEqual(await own(), []);
		await close();
	});

	it('needs an extent first, and says so', async () => {
		const { page, close } = await visit(browser, server, null, { as: 'altona' });
		const { id } = await ask(page, 'POST', '/procedures', { kind: 'BP_REGEL', title: 'Bebauungsplan Lurup 92', planning_municipalities: ['02000000'] });
		await look(page, `/planung/${id}/beteiligte`);
		await page.getByText('Es gibt noch keinen Geltungsbereich.').waitFor();
		await accessible(page);
		await page.getByRole('link', { name: 'Geltungsbereich zeichnen' }).click();
		await page.waitForURL(/\/geltungsbereich$/);
		await close();
	});
});
