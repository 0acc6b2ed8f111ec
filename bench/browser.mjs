// SPDX-License-Identifier: EUPL-1.2
/*
 * What somebody waits for in Debian's Chromium, with the demonstration behind it: from a corner that was set to
 * the list that names whom it concerns, and between two frames while a map of all municipalities is moved.
 * Prints two lines: samples, median, 95th percentile and longest of the first in ms; frames, median and longest of the
 * second in ms. bench/run browser starts it; PP_BUILD names the build.
 */
import assert from 'node:assert/strict';
import { reason, settled, startApplication, visit } from '../tests/web/application.mjs';
import { launch } from '../tests/web/browser.mjs';

const CORNERS = 60, ROUNDS = 2, DRAGS = 6, STEPS = 40;

if (reason) {
	console.error(`bench: ${reason}`);
	process.exit(77);
}
const server = await startApplication({ settings: { rate_account: '0' } });
const browser = await launch();
const at = (values, share) => values.slice().sort((one, other) => one - other)[Math.min(values.length - 1, Math.floor(values.length * share))];
const ms = (value) => value.toFixed(1);

/** Clicks corners along most of a circle around the middle of the map; each is waited for until the list shows it. */
async function drawn(page) {
	const box = await page.locator('.pp-map').boundingBox();
	const taken = () => page.evaluate(() => performance.getEntriesByName('pp-preview').length);
	for (let corner = 0; corner < CORNERS; corner++) {
		const angle = corner / CORNERS * 1.7 * Math.PI, radius = box.height * 0.42;
		const before = await taken();
		await page.mouse.click(box.x + box.width / 2 + radius * Math.cos(angle), box.y + box.height / 2 + radius * Math.sin(angle));
		// Two corners are no area.
		if (corner >= 2) await page.waitForFunction((count) => performance.getEntriesByName('pp-preview').length > count, before);
	}
}

async function preview() {
	const { page, close } = await visit(browser, server, null, { as: 'altona' });
	const procedure = await page.evaluate(async () => (await (await fetch('/api/v1/procedures', { method: 'POST', headers: { 'Content-Type': 'application/json' },
		body: JSON.stringify({ kind: 'BP_REGEL', title: 'Bebauungsplan Lurup 79', planning_municipalities: ['02000000'] }) })).json()).id);
	await page.goto(`${server.address}/planung/${procedure}/geltungsbereich`);
	await settled(page);
	await page.locator('.pp-map canvas').first().waitFor();
	for (let round = 0; round < ROUNDS; round++) {
		await page.getByRole('button', { name: 'Fläche zeichnen' }).click();
		await drawn(page);
		await page.getByRole('button', { name: 'Alles löschen' }).click();
	}
	const taken = await page.evaluate(() => performance.getEntriesByName('pp-preview').map(({ duration }) => duration));
	await close();
	assert.ok(taken.length >= ROUNDS * (CORNERS - 2));
	return taken;
}

async function frames() {
	const { page, close } = await visit(browser, server, '/');
	await page.locator('.pp-map canvas').first().waitFor();
	await page.locator('.pp-map').scrollIntoViewIfNeeded();
	await page.locator('.pp-map').focus();
	await page.waitForLoadState('networkidle');
	const box = await page.locator('.pp-map').boundingBox();
	await page.evaluate(() => {
		window.frames_ms = [];
		let last;
		const frame = (now) => {
			if (last !== undefined) window.frames_ms.push(now - last);
			last = now;
			requestAnimationFrame(frame);
		};
		requestAnimationFrame(frame);
	});
	for (let drag = 0; drag < DRAGS; drag++) {
		const sign = drag % 2 ? 1 : -1;
		await page.mouse.move(box.x + box.width / 2 - sign * 150, box.y + box.height / 2);
		await page.mouse.down();
		await page.mouse.move(box.x + box.width / 2 + sign * 150, box.y + box.height / 2 + 40, { steps: STEPS });
		await page.mouse.up();
	}
	const taken = await page.evaluate(() => window.frames_ms);
	await close();
	return taken;
}

try {
	const lists = await preview();
	console.log(lists.length, ms(at(lists, 0.5)), ms(at(lists, 0.95)), ms(Math.max(...lists)));
	const moved = await frames();
	console.log(moved.length, ms(at(moved, 0.5)), ms(Math.max(...moved)));
} finally {
	await browser.close();
	await server.stop();
}
