// SPDX-License-Identifier: EUPL-1.2
// Debian's Chromium, driven by playwright-core, and axe-core, which knows what people need who see or move otherwise.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { library } from '../harness/npm.mjs';
import { build } from '../harness/server.mjs';

const { reason: lacks, require } = library('web-tests');
/** Why there is no browser, or false. */
export const reason = lacks;

const quiet = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
	'--disable-component-update', '--disable-sync'];

/** A browser; close() it. Without the window of a desktop, which takes half of the time where nobody looks at it. */
export const launch = () => require('playwright-core').chromium.launch({ executablePath: '/usr/bin/chromium-headless-shell', args: quiet });

/**
 * A page in a browser of its own, that notes what must not happen: a word on the console, a request to another
 * host. Options are those of a browser context; `expects` are patterns of console messages that belong to the test.
 */
export async function open(browser, address, { expects = [], ...options } = {}) {
	const context = await browser.newContext({ locale: 'de-DE', timezoneId: 'Europe/Berlin', viewport: { width: 1280, height: 900 }, ...options });
	// A check has three files at once on two cores: what is slow there is not wrong.
	context.setDefaultTimeout(120000);
	const page = await context.newPage();
	const faults = [];
	const known = [...expects];
	// While its size is changed, which a picture of all of a page does too, a window has none for a moment; OpenLayers says so.
	// Until the page has heard of the last size a click may land where nothing is any more.
	for (const method of ['setViewportSize', 'screenshot']) {
		const change = page[method].bind(page);
		page[method] = async (...options) => {
			known.unshift(/^No map visible because/);
			try {
				const result = await change(...options);
				await page.waitForFunction(({ width, height }) => innerWidth === width && innerHeight === height, page.viewportSize());
				await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
				return result;
			} finally {
				known.shift();
			}
		};
	}
	page.on('console', (message) => known.some((pattern) => pattern.test(message.text())) || faults.push(`console: ${message.text()}`));
	page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
	page.on('request', (request) => /^(blob|data):/.test(request.url()) || new URL(request.url()).origin === new URL(address).origin || faults.push(`request: ${request.url()}`));
	return { page, context, faults, async close() {
		await context.close();
		assert.deepEqual(faults, []);
	} };
}

/** No rule of WCAG 2.2 A and AA that axe can check is broken; or none of these few, where the rest cannot have changed. */
export async function accessible(page, rules) {
	// By the debugger: the page's own policy runs no strange script.
	const client = await page.context().newCDPSession(page);
	const { result: known } = await client.send('Runtime.evaluate', { expression: 'typeof axe', returnByValue: true });
	if (known.value !== 'object')
		await client.send('Runtime.evaluate', { expression: readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8') });
	const { result, exceptionDetails } = await client.send('Runtime.evaluate', { awaitPromise: true, returnByValue: true,
		expression: `axe.run({ runOnly: ${JSON.stringify(rules ?? ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])} }).then(({ violations }) =>
			violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' | ')))` });
	assert.equal(exceptionDetails, undefined, JSON.stringify(exceptionDetails));
	assert.deepEqual(result.value, []);
	await client.detach();
}

/** Writes what is seen at 1280 and 360 pixels to the build folder, and checks that nothing is wider than the page. */
export async function picture(page, name) {
	const folder = join(build, 'screenshots');
	mkdirSync(folder, { recursive: true });
	for (const width of [1280, 360]) {
		await page.setViewportSize({ width, height: 900 });
		assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false, `${name} scrolls sideways at ${width}`);
		await page.screenshot({ path: join(folder, `${name}-${width}.png`), fullPage: true });
	}
	await page.setViewportSize({ width: 1280, height: 900 });
}
