// SPDX-License-Identifier: EUPL-1.2
// Drawing across the border: whom a plan concerns is seen before it is stored, and is what the server stores.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { accessible, launch, picture } from '../browser.mjs';
import { reason, settled, startApplication, visit } from '../application.mjs';

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

	/** The map as the mouse has it: shares of its width and height, and the corners that the page asks about while it is drawn on. */
	async function mouse(page) {
		const map = page.locator('.pp-map');
		// Buttons that are clicked meanwhile may scroll the page.
		const at = async ([right, down]) => {
			const box = await map.boundingBox();
			return [box.x + box.width * right, box.y + box.height * down];
		};
		const { width, height } = await map.boundingBox();
		return {
			width,
			height,
			move: async (place) => page.mouse.move(...await at(place), { steps: 5 }),
			click: async (place) => page.mouse.click(...await at(place)),
			/** The help above the map is another one then, of other length. */
			draw: async () => {
				await page.getByRole('button', { name: 'Fläche zeichnen' }).click();
				await page.getByText('Klicken Sie die Ecken nacheinander an').waitFor();
			},
			/** So many corners, in metres, of the last question; waits for its answer on the page. */
			corners: async (count) => {
				await page.waitForFunction((wanted) => window.asked.at(-1)?.length === wanted && !document.querySelector('main [aria-busy=true]') && document.querySelector('table tbody tr'), count);
				return page.evaluate(() => window.asked.at(-1));
			},
		};
	}
	const preview = async (ring) => (await server.must(200, 'POST', '/affected-preview', { body: { kind: 'BP_REGEL', crs: 'EPSG:25832', planning_municipalities: ['02000000'],
		geometry: { type: 'Polygon', coordinates: [[...ring, ring[0]]] } } })).municipalities.map(({ name }) => name);
	/** The map around the corners on both sides of the border, with nothing drawn on it. */
	async function empty() {
		const opened = await desk();
		await opened.page.setViewportSize({ width: 1280, height: 1200 });
		// What the page asks about, which the protocol of the browser does not show of a Request.
		await opened.page.addInitScript(() => {
			const { fetch } = window;
			window.asked = [];
			window.fetch = async (...words) => {
				if (words[0] instanceof Request && words[0].url.endsWith('/affected-preview')) window.asked.push((await words[0].clone().json()).geometry.coordinates[0].slice(0, -1));
				return fetch(...words);
			};
		});
		await opened.page.reload();
		await settled(opened.page);
		await type(opened.page, corners);
		await opened.page.locator('table tbody tr').first().waitFor();
		await opened.page.getByRole('button', { name: 'Alles löschen' }).click();
		await opened.page.locator('table').waitFor({ state: 'detached' });
		return opened;
	}

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

	it('drawn by mouse across the border names whom it concerns from the third corner on, and again when a corner is moved', async () => {
		const { page, close } = await empty();
		const { click, move, corners, draw } = await mouse(page);
		await draw();
		for (const place of [[0.2, 0.3], [0.7, 0.25], [0.75, 0.7]]) await click(place);
		const three = await corners(3);
		assert.deepEqual(await listed(page), await preview(three));
		assert.ok((await listed(page)).includes('Schenefeld'));
		await click([0.25, 0.75]);
		const four = await corners(4);
		assert.deepEqual(await listed(page), await preview(four));
		// On the first one it closes.
		await click([0.2, 0.3]);
		await page.getByText('Die Fläche hat 4 Ecken').waitFor();
		await page.getByRole('button', { name: 'Ecken verschieben' }).click();
		await move([0.25, 0.75]);
		await page.mouse.down();
		await move([0.45, 0.95]);
		await page.mouse.up();
		await page.waitForFunction(() => !document.querySelector('main [aria-busy=true]'));
		const moved = await corners(4);
		assert.notDeepEqual(moved, four);
		assert.deepEqual(moved.filter((one) => four.some((other) => `${one}` === `${other}`)).length, 3, 'one of four is elsewhere');
		assert.deepEqual(await listed(page), await preview(moved));
		await close();
	});

	it('follows the border, corner by corner as it is stored', async () => {
		const { page, close } = await empty();
		const { click, move, corners, draw, width, height } = await mouse(page);
		const border = (await server.must(200, 'GET', '//ogc/collections/municipalities/items?ags=01056044&f=json&crs=http://www.opengis.net/def/crs/EPSG/0/25832')).features[0].geometry.coordinates;
		const ring = border.flat(border[0][0][0].length ? 1 : 0).sort((one, other) => other.length - one.length)[0];
		// Three clicks say where on the map a metre is.
		await draw();
		const clicked = [[0.1, 0.1], [0.9, 0.15], [0.85, 0.9]];
		for (const place of clicked) await click(place);
		const [first, second] = await corners(3);
		await page.getByRole('button', { name: 'Alles löschen' }).click();
		const pixels = 0.8 * width / (second[0] - first[0]);
		const place = ([x, y]) => [0.1 + (x - first[0]) * pixels / width, 0.1 - (y - first[1]) * pixels / height];
		const inside = ring.map(place).map((shares) => shares.every((share) => share > 0.1 && share < 0.9));
		// The longest piece of the border that can be seen.
		let best = [0, 0];
		for (let from = 0, to; from < ring.length; from = to + 1) {
			for (to = from; to < ring.length && inside[to]; to++);
			if (to - from > best[1] - best[0]) best = [from, to];
		}
		const piece = ring.slice(...best);
		assert.ok(piece.length > 4, `a border of ${piece.length} corners can be seen`);
		await page.getByLabel('Gemeindegrenze folgen').check();
		await draw();
		await click(place(piece[0]));
		for (const corner of piece) await move(place(corner));
		await click(place(piece.at(-1)));
		await page.getByLabel('Gemeindegrenze folgen').uncheck();
		// Until it encloses something that does not cross itself, nothing is asked.
		await click([0.92, 0.9]);
		const traced = await corners(piece.length + 1);
		assert.deepEqual(traced.slice(0, -1), piece);
		assert.deepEqual(await listed(page), await preview(traced));
		await picture(page, 'grenze-folgen');
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
