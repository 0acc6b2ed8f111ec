// SPDX-License-Identifier: EUPL-1.2
// Drawing across the border: whom a plan concerns is seen before it is stored, and is what the server stores.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { accessible, launch, picture } from '../browser.mjs';
import { reason, startApplication, visit } from '../application.mjs';

describe('the extent of a plan', { skip: reason }, () => {
	let server, browser, procedure;
	const desk = async (options = {}) => visit(browser, server, `/planung/${procedure}/geltungsbereich`, { as: 'altona', ...options });
	const listed = async (page) => (await page.locator('table tbody th button').allInnerTexts()).map((name) => name.trim());
	/** What the interface says of the same corners, in the order of the list. */
	const expected = async (corners) => {
		const { municipalities } = await server.must(200, 'POST', '/affected-preview', { body: { kind: 'BP_REGEL', planning_municipalities: ['02000000'],
			geometry: { type: 'Polygon', coordinates: [[...corners, corners[0]].map(([lat, lon]) => [lon, lat])] } } });
		return municipalities.map(({ name }) => name);
	};
	const corners = [[53.596, 9.835], [53.596, 9.850], [53.590, 9.850], [53.590, 9.835]];
	const type = async (page, places) => {
		await page.locator('summary', { hasText: 'Koordinaten' }).click();
		await page.locator('#coordinates').fill(places.map(([lat, lon]) => `${lat} ${lon}`).join('\n'));
		await page.getByRole('button', { name: 'Fläche übernehmen' }).click();
	};

	before(async () => {
		server = await startApplication();
		browser = await launch();
		// One of its own: what was filed before would be there to be changed.
		const { page, close } = await visit(browser, server, null, { as: 'altona' });
		procedure = await page.evaluate(async () => (await (await fetch('/api/v1/procedures', { method: 'POST', headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify({ kind: 'BP_REGEL', title: 'Bebauungsplan Lurup 70', planning_municipalities: ['02000000'] }) })).json()).id);
		await close();
	});
	after(async () => {
		await browser?.close();
		await server?.stop();
	});

	it('typed as coordinates across the border names Schenefeld and its neighbours, as the interface does', async () => {
		const { page, close } = await desk();
		await type(page, corners);
		const wanted = await expected(corners);
		assert.ok(wanted.includes('Schenefeld'));
		await page.waitForFunction((count) => document.querySelectorAll('table tbody tr').length === count, wanted.length);
		assert.deepEqual(await listed(page), wanted);
		await page.getByText('grenzt an die planende Gemeinde').first().waitFor();
		await accessible(page);
		await picture(page, 'geltungsbereich');
		await close();
	});

	it('says which line is wrong, and takes nothing', async () => {
		const { page, close } = await desk();
		await type(page, [[53.6, 9.8], [53.6, 'x'], [53.5, 9.8]]);
		await page.getByText('Zeile 2').waitFor();
		assert.equal(await page.locator('table').count(), 0);
		await accessible(page);
		await close();
	});

	it('drawn by keyboard alone closes, is undone and comes back', async () => {
		const { page, close } = await desk();
		await page.getByRole('button', { name: 'Fläche zeichnen' }).focus();
		await page.keyboard.press('Enter');
		await page.locator('.pp-map:focus').waitFor();
		const corners = page.getByText(/Die Fläche hat/);
		const status = page.locator('.pp-status');
		/** Presses the arrows and sets a corner: each is told with its place, and no two are the same. */
		const set = async (...arrows) => {
			const before = await status.innerText();
			for (const arrow of [...arrows, 'Enter']) await page.keyboard.press(arrow);
			await page.waitForFunction((old) => {
				const now = document.querySelector('.pp-status').innerText;
				return /Ecke gesetzt/.test(now) && now !== old;
			}, before);
		};
		await set();
		await set('ArrowRight', 'ArrowRight');
		await set('ArrowUp', 'ArrowUp');
		await page.keyboard.press('Control+Enter');
		await corners.waitFor();
		await page.locator('table tbody tr').first().waitFor();
		await page.getByRole('button', { name: 'Rückgängig' }).focus();
		await page.keyboard.press('Enter');
		await corners.waitFor({ state: 'detached' });
		assert.equal(await page.locator('table').count(), 0);
		await close();
	});

	it('is filed as a version whose affected municipalities are those that were shown', async () => {
		const { page, close } = await desk();
		await type(page, corners);
		const wanted = await expected(corners);
		await page.waitForFunction((count) => document.querySelectorAll('table tbody tr').length === count, wanted.length);
		const stored = page.waitForResponse((response) => response.url().endsWith('/plans') && response.status() === 201);
		await page.getByRole('button', { name: 'Geltungsbereich übernehmen' }).click();
		const plan = await (await stored).json();
		const affected = await page.evaluate(async (id) => (await fetch(`/api/v1/plans/${id}/affected`)).json(), plan.id);
		assert.deepEqual(affected.municipalities.map(({ name }) => name), wanted);
		await close();
	});
});
