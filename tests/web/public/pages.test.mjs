// SPDX-License-Identifier: EUPL-1.2
// What the public sees: the start page, a procedure, a version of its plan, with and without script.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { nowhere } from '../../api/support.mjs';
import { reason, settled, startApplication, visit } from '../application.mjs';
import { accessible, launch, picture } from '../browser.mjs';

describe('pages of the public', { skip: reason }, () => {
	let server, browser, plan, line, overview;
	const get = (path, headers = {}) => fetch(`${server.address}${path}`, { headers });
	const html = async (path) => (await get(path, { Accept: 'text/html' })).text();
	const data = (text) => JSON.parse(text.match(/<script type="application\/ld\+json">(.*?)<\/script>/)[1]);
	const noscript = (text) => text.match(/<noscript>(.*)<\/noscript>/s)[1];
	before(async () => {
		server = await startApplication();
		browser = await launch();
		const { items } = await server.must(200, 'GET', '/procedures');
		plan = items.find(({ kind }) => kind === 'BP_REGEL');
		line = items.find(({ kind }) => kind === 'PFV_ENWG');
		overview = await server.must(200, 'GET', `/procedures/${plan.id}/overview`);
	});
	after(async () => {
		await browser?.close();
		await server?.stop();
	});

	it('say in the document of a procedure what it is, until when, and what is to be read', async () => {
		const text = await html(`/v/${plan.id}`);
		assert.match(text, new RegExp(`<link rel="canonical" href="${server.address}/v/${plan.id}">`));
		assert.doesNotMatch(text, /noindex/);
		const service = data(text);
		assert.deepEqual([service['@context'], service['@type'], service.name, service.identifier], ['https://schema.org', 'GovernmentService', plan.title, plan.number]);
		assert.deepEqual([service.hoursAvailable.validFrom, service.hoursAvailable.validThrough], [plan.participation.start, plan.participation.last_day]);
		assert.ok(overview.documents.length > 0);
		assert.deepEqual(service.subjectOf.map(({ url }) => url), overview.documents.map(({ content }) => `${server.address}${content}`));
		for (const { content } of overview.documents) assert.ok(noscript(text).includes(`href="${content}"`));
		assert.ok(noscript(text).includes(plan.participation.last_day.split('-').reverse().join('.')));
	});

	it('have a version of a plan under an address of its own, and only under the procedure that it is of', async () => {
		const [{ id }] = overview.plans;
		const work = data(await html(`/v/${plan.id}/fassung/${id}`));
		assert.deepEqual([work['@type'], work.version, work.isPartOf.url], ['CreativeWork', 1, `${server.address}/v/${plan.id}`]);
		for (const path of [`/v/${line.id}/fassung/${id}`, `/v/${plan.id}/fassung/${nowhere}`, `/v/${nowhere}`, '/v/nichts']) {
			const response = await get(path, { Accept: 'text/html' });
			assert.equal(response.status, 404, path);
			assert.match(await response.text(), /<div id="app">/);
		}
	});

	it('can be read without script: dates, documents and the way to all of them', async () => {
		const { page, close } = await visit(browser, server, undefined, { javaScriptEnabled: false });
		await page.goto(`${server.address}/`);
		await page.getByRole('link', { name: plan.title }).click();
		await page.getByRole('heading', { level: 1, name: plan.title }).waitFor();
		assert.equal(await page.locator('noscript a[href$="/content"], main a[href$="/content"]').count(), overview.documents.length);
		await close();
	});

	it('find procedures by words, kind, place and border, and keep that in the address', async () => {
		const { page, close } = await visit(browser, server, '/');
		await page.getByRole('link', { name: plan.title }).waitFor();
		await page.getByRole('link', { name: line.title }).waitFor();
		await page.getByLabel('Stichwort').fill('Lurup 68');
		await page.keyboard.press('Enter');
		await page.waitForURL((url) => url.searchParams.get('q') === 'Lurup 68');
		await page.getByRole('link', { name: line.title }).waitFor({ state: 'detached' });
		await page.reload();
		await settled(page);
		assert.equal(await page.getByLabel('Stichwort').inputValue(), 'Lurup 68');
		await page.getByRole('link', { name: 'Alle Filter entfernen' }).click();
		await page.getByRole('link', { name: line.title }).waitFor();
		await page.getByLabel('Art', { exact: true }).selectOption('PFV_ENWG');
		await page.getByRole('link', { name: plan.title }).waitFor({ state: 'detached' });
		await page.goto(`${server.address}/?q=nichts-davon`);
		await page.getByRole('heading', { name: 'Zurzeit läuft hier kein Verfahren' }).waitFor();
		await accessible(page);
		await close();
	});

	it('tell what goes on near somebody who lets the browser say where', async () => {
		const { page, close } = await visit(browser, server, '/', { permissions: ['geolocation'], geolocation: { longitude: 8.0, latitude: 54.5 } });
		await page.getByRole('button', { name: 'Was läuft in meiner Nähe?' }).click();
		await page.getByRole('heading', { name: 'Zurzeit läuft hier kein Verfahren' }).waitFor();
		assert.equal(new URL(page.url()).searchParams.get('nah'), '8.000,54.500');
		await close();
	});

	it('lead from the list to a statement by keyboard', async () => {
		const { page, close } = await visit(browser, server, '/');
		await page.getByRole('link', { name: plan.title }).focus();
		await page.keyboard.press('Enter');
		await page.getByRole('heading', { level: 1, name: plan.title }).waitFor();
		await settled(page);
		assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'H1');
		assert.equal(await page.getByRole('link', { name: 'Stellungnahme abgeben' }).getAttribute('href'), `/v/${plan.id}/stellungnahme`);
		for (const { title } of overview.documents) await page.getByRole('link', { name: title }).waitFor();
		await page.getByRole('row', { name: /^Schenefeld/ }).getByRole('button', { name: /Auf der Karte zeigen/ }).click();
		await page.locator('.pp-map canvas').first().waitFor();
		await close();
	});

	it('ask for no statement where nobody is asked', async () => {
		const { page, close } = await visit(browser, server, `/v/${line.id}`);
		await page.getByText('Zurzeit wird die Öffentlichkeit nicht um Stellungnahmen gebeten.').waitFor();
		assert.equal(await page.getByRole('link', { name: 'Stellungnahme abgeben' }).count(), 0);
		await close();
	});

	it('offer a search where there is no such procedure', async () => {
		const { page, close } = await visit(browser, server, `/v/${nowhere}`, { expects: [/404/] });
		await page.getByLabel('Verfahren suchen').fill('Lurup');
		await page.keyboard.press('Enter');
		await page.getByRole('link', { name: plan.title }).waitFor();
		assert.equal(new URL(page.url()).searchParams.get('q'), 'Lurup');
		await close();
	});

	for (const colorScheme of ['light', 'dark'])
		it(`are accessible and fit the screen, ${colorScheme}`, async () => {
			const { page, close } = await visit(browser, server, undefined, { colorScheme });
			for (const [name, path] of [['portal', '/'], ['verfahren', `/v/${plan.id}`], ['planfeststellung', `/v/${line.id}`], ['fassung', `/v/${plan.id}/fassung/${overview.plans[0].id}`],
				['schnittstellen', '/schnittstellen'], ['status', '/status']]) {
				await page.goto(`${server.address}${path}`);
				await settled(page);
				await accessible(page);
				await picture(page, `oeffentlich-${name}-${colorScheme}`);
				await page.setViewportSize({ width: 320, height: 640 });
				assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth), false, `${name} scrolls sideways at 320`);
				await accessible(page);
				await page.setViewportSize({ width: 1280, height: 900 });
			}
			await close();
		});
});
