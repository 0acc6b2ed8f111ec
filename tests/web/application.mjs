// SPDX-License-Identifier: EUPL-1.2
// The web application with the demonstration behind it, as somebody sees it who has typed ./run.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build, makeDatabase, startServer } from '../harness/server.mjs';
import { open, reason as noBrowser } from './browser.mjs';

/** Where meson has put it. */
export const application = join(build, 'web/application');
/** Why it cannot be looked at, or false. */
export const reason = noBrowser || (existsSync(join(application, 'index.html')) ? false : 'the web application is not built (-Dweb=disabled)');

const PASSWORD = 'planung-ohne-grenze';
const mail = (name) => `${name}@vorfuehrung.example`;

/** A server with the demonstration; stop() it. Mail is kept, nobody is slowed down who signs in often. */
export async function startApplication({ demonstration = true, settings = {}, ...options } = {}) {
	return startServer({ settings: { mail: 'hold', mail_from: 'planung@vorfuehrung.example', rate_sign_in: '0', ...settings },
		...(demonstration ? { database: await makeDatabase({ demonstration }) } : {}), ...options });
}

/** Signs somebody of the demonstration in by the page; ends where they begin. */
export async function signIn(page, server, name) {
	await page.goto(`${server.address}/anmelden`);
	await page.locator('input[type=email]').fill(mail(name));
	await page.locator('input[type=password]').fill(PASSWORD);
	await page.keyboard.press('Enter');
	await page.waitForURL((url) => url.pathname !== '/anmelden');
	await settled(page);
}

/** A page of the application in a browser of its own, signed in as `as` (else as nobody); without a path by the page for it, where they begin. */
export async function visit(browser, server, path, { as, ...options } = {}) {
	const opened = await open(browser, server.address, options);
	if (as && !path) await signIn(opened.page, server, as);
	if (as && path) {
		const answer = await opened.context.request.post(`${server.address}/api/v1/session`, { headers: { Origin: server.address }, data: { email: mail(as), password: PASSWORD } });
		assert.ok(answer.ok(), `${as} may sign in`);
	}
	if (path) {
		await opened.page.goto(`${server.address}${path}`);
		await settled(opened.page);
	}
	return opened;
}

/** Nothing on the page is on its way any more, and it has its heading. */
export async function settled(page) {
	await page.locator('main h1').first().waitFor();
	await page.waitForFunction(() => !document.querySelector('main [aria-busy=true]'));
}
