// SPDX-License-Identifier: EUPL-1.2
// The pages of the planning authority of a Land: notifications with their clocks, procedures on both sides of the border.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { reason, settled, signIn, startApplication, visit } from '../application.mjs';
import { accessible, launch, picture } from '../browser.mjs';

describe('the pages of the planning authority of a Land', { skip: reason }, () => {
	let server, browser;
	const asked = (page, path) => page.evaluate(async (place) => (await (await fetch(`/api/v1/oversight/${place}`)).json()).items, path);
	const rows = (page, name) => page.getByRole('table', { name }).locator('tbody tr');
	const drawn = async (page) => {
		await page.locator('.pp-map-place').scrollIntoViewIfNeeded();
		await page.waitForFunction(() => document.querySelector('.pp-map canvas') && !document.querySelector('.pp-map-place[aria-busy]'));
	};
	const counts = (page, count) => page.waitForFunction((wanted) => document.querySelectorAll('[aria-labelledby=procedures] tbody tr').length === wanted, count);
	/** Somebody on the page where they begin, with its lists. */
	const begin = async (as, options) => {
		const opened = await visit(browser, server, null, { as, ...options, expects: [...(options?.expects ?? []), /No map visible/] });
		await rows(opened.page, 'Verfahren in beiden Ländern').first().waitFor();
		await settled(opened.page);
		return opened;
	};
	before(async () => {
		server = await startApplication();
		browser = await launch();
	});
	after(async () => {
		await browser?.close();
		await server?.stop();
	});

	it('begin there after signing in, with the notifications by the time left', async () => {
		const { page, close } = await begin('landesplanung-sh-aufsicht');
		assert.equal(new URL(page.url()).pathname, '/landesplanung');
		await page.getByRole('navigation', { name: 'Hauptnavigation' }).getByRole('link', { name: 'Landesplanung' }).waitFor();
		const known = await asked(page, 'notifications?open=true');
		const shown = await rows(page, 'Planungsanzeigen').allTextContents();
		assert.equal(shown.length, 2);
		assert.deepEqual(known.map(({ title }) => title.slice(0, 10)), ['Bebauungsp', '9. Änderun']);
		for (const [n, { title, period }] of known.entries()) {
			assert.ok(shown[n].includes(title), shown[n]);
			assert.match(shown[n], new RegExp(`noch ${period.days_left} Tage`));
		}
		await drawn(page);
		await accessible(page);
		await picture(page, 'landesplanung');
		await page.getByRole('button', { name: 'erledigte' }).click();
		await page.getByText('Es ist noch keine Planungsanzeige erledigt').waitFor();
		await close();
	});

	it('show the procedures of both Länder with their distance to the border, as a table and on the map', async () => {
		const { page, close } = await begin('landesplanung-sh-aufsicht');
		const table = rows(page, 'Verfahren in beiden Ländern');
		const known = await asked(page, 'procedures?running=true');
		assert.equal(await table.count(), known.length);
		const lurup = table.filter({ hasText: 'Lurup 68' });
		assert.match(await lurup.textContent(), /Hamburg.*berührt Schleswig-Holstein.*nahe Ihrer Landesgrenze/s);
		assert.match(await table.filter({ hasText: 'Ellerbek' }).textContent(), /nicht öffentlich.*in Ihrem Land/s);
		await page.getByLabel('Land', { exact: true }).selectOption('02');
		await page.waitForURL(/land=02/);
		const inHamburg = await asked(page, 'procedures?running=true&land=02');
		assert.ok(inHamburg.length > 0 && inHamburg.length < known.length);
		await counts(page, inHamburg.length);
		await lurup.waitFor();
		await page.getByRole('link', { name: 'Alle Filter entfernen' }).click();
		await page.getByLabel('Entfernung zur Landesgrenze').selectOption('1');
		await page.waitForURL(/grenze=1/);
		const near = await asked(page, 'procedures?running=true&border_km=1');
		assert.ok(near.length > 0 && near.every(({ border }) => border.distance_m <= 1000));
		await counts(page, near.length);
		await lurup.getByRole('button', { name: /Auf der Karte zeigen/ }).click();
		await page.locator('.pp-map:focus').waitFor();
		await page.getByLabel('Art', { exact: true }).selectOption('ROP_LAND');
		await page.getByText('Kein Verfahren entspricht dieser Auswahl').waitFor();
		await accessible(page);
		await picture(page, 'landesplanung-leer');
		await close();
	});

	it('let one read a procedure that is not published, by the keyboard alone', async () => {
		const { page, close } = await begin('landesplanung-sh-aufsicht', { expects: [/404/] });
		const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
		for (let presses = 0; !(await focused()).startsWith('9. Änderung'); presses++) {
			assert.ok(presses < 60, 'the link is reached by Tab');
			await page.keyboard.press('Tab');
		}
		await page.keyboard.press('Enter');
		await page.getByRole('heading', { level: 1, name: /^9\. Änderung des Flächennutzungsplans/ }).waitFor();
		await settled(page);
		await page.getByRole('heading', { name: 'Dieses Verfahren ist noch nicht veröffentlicht' }).waitFor();
		const [one] = await asked(page, `notifications?procedure=${new URL(page.url()).pathname.split('/').at(-1)}`);
		await page.getByRole('region', { name: 'Planungsanzeige' }).getByText(`noch ${one.period.days_left} Tage`).waitFor();
		await rows(page, 'Wen der Plan betrifft').filter({ hasText: 'Landesplanungsbehörde Hamburg' }).waitFor();
		await rows(page, 'Ablauf des Verfahrens').filter({ hasText: 'Prüffähige Unterlagen eingegangen' }).waitFor();
		await drawn(page);
		await accessible(page);
		await picture(page, 'landesplanung-verfahren');
		await page.getByRole('navigation', { name: 'Sie sind hier' }).getByRole('link', { name: 'Landesplanung' }).click();
		await page.waitForURL((url) => url.pathname === '/landesplanung');
		await page.goto(`${server.address}/landesplanung/01890000-0000-7000-8000-000000000000`);
		await page.getByRole('heading', { level: 1, name: 'Dieses Verfahren gibt es nicht, oder Sie dürfen es nicht sehen' }).waitFor();
		await accessible(page);
		await close();
	});

	it('hear of a new answer without being asked again, and Hamburg sees the border from its side', async () => {
		const mine = await begin('landesplanung-sh-aufsicht');
		assert.equal(await rows(mine.page, 'Planungsanzeigen').count(), 2);
		const other = await visit(browser, server, null, { as: 'amt-pinnau-planung' });
		const status = await other.page.evaluate(async () => {
			const { items } = await (await fetch('/api/v1/procedures?q=Ellerbek')).json();
			const reply = await fetch(`/api/v1/procedures/${items[0].id}/events`, { method: 'POST', headers: { 'Content-Type': 'application/json' },
				body: JSON.stringify({ event: 'ANZEIGE_ANTWORT', data: { ergebnis: 'ZIELE_MITGETEILT', text: 'Regionaler Grünzug' } }) });
			return reply.status;
		});
		assert.equal(status, 201);
		await mine.page.waitForFunction(() => document.querySelectorAll('[aria-labelledby=notifications] tbody tr').length === 1);
		await mine.page.getByRole('button', { name: 'erledigte' }).click();
		await rows(mine.page, 'Planungsanzeigen').filter({ hasText: 'Ziele der Raumordnung mitgeteilt' }).waitFor();
		await mine.close();
		await other.close();
		const { page, close } = await begin('landesplanung-hh-aufsicht', { colorScheme: 'dark', viewport: { width: 320, height: 800 } });
		await page.getByText('In Hamburg gibt es keine Planungsanzeigen').waitFor();
		assert.match(await rows(page, 'Verfahren in beiden Ländern').filter({ hasText: 'Ellerbek' }).textContent(), /bis Hamburg.*nahe Ihrer Landesgrenze/s);
		assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false, 'nothing scrolls sideways at 320');
		await drawn(page);
		await accessible(page);
		await picture(page, 'landesplanung-hamburg-dunkel');
		await close();
	});

	it('are for oversight', async () => {
		const { page, close } = await visit(browser, server, '/landesplanung');
		await page.getByRole('heading', { level: 1, name: 'Dafür brauchen Sie eine Anmeldung' }).waitFor();
		await signIn(page, server, 'landesplanung-sh');
		await page.goto(`${server.address}/landesplanung`);
		await page.getByRole('heading', { level: 1, name: 'Ihr Konto darf diese Seite nicht sehen' }).waitFor();
		await close();
	});
});
