// SPDX-License-Identifier: EUPL-1.2
// OGC API in a browser: what programs read, from the list of collections to one feature; without script too.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { reason, settled, startApplication, visit } from '../application.mjs';
import { accessible, launch, picture } from '../browser.mjs';

describe('OGC API for people', { skip: reason }, () => {
	let server, browser;
	const json = (path) => server.must(200, 'GET', `//ogc${path}${path.includes('?') ? '&' : '?'}f=json`);
	before(async () => {
		server = await startApplication();
		browser = await launch();
	});
	after(async () => {
		await browser?.close();
		await server?.stop();
	});

	it('leads from the list to a feature, on its own addresses', async () => {
		const { page, close } = await visit(browser, server, '/schnittstellen');
		await page.getByRole('link', { name: /\/ogc$/ }).click();
		await settled(page);
		await page.getByRole('link', { name: 'Datensammlungen', exact: true }).click();
		await page.getByRole('heading', { name: 'Datensammlungen', level: 1 }).waitFor();
		await page.getByRole('heading', { level: 2 }).getByRole('link', { name: 'Verfahren', exact: true }).click();
		await page.getByRole('link', { name: 'Objekte ansehen' }).click();
		await settled(page);
		const all = await json('/collections/procedures/items');
		await page.getByText(`${all.numberReturned} von ${all.numberMatched} Objekten`).waitFor();
		await picture(page, 'ogc-objekte');
		const [{ id, properties }] = all.features;
		await page.getByRole('link', { name: id }).click();
		await page.getByRole('heading', { level: 1, name: properties.title }).waitFor();
		assert.equal(new URL(page.url()).pathname, `/ogc/collections/procedures/items/${id}`);
		await accessible(page);
		await close();
	});

	it('filters, says where a filter is wrong, and goes through pages', async () => {
		const { page, close } = await visit(browser, server, '/ogc/collections/municipalities/items?limit=40', { expects: [/400/] });
		await page.getByRole('link', { name: 'Weitere Objekte' }).click();
		await page.waitForURL(/cursor=/);
		await settled(page);
		assert.equal(await page.locator('tbody tr').count(), 40);
		await page.getByRole('textbox', { name: 'Filter' }).fill("name = 'Schenefeld' AND kreis = 'Pinneberg'");
		await page.keyboard.press('Enter');
		await page.getByText('1 Objekt', { exact: true }).waitFor();
		await page.getByRole('textbox', { name: 'Filter' }).fill("name = ");
		await page.keyboard.press('Enter');
		await page.getByText('Zeile 1, Spalte 7: der Ausdruck endet zu früh').waitFor();
		assert.equal(await page.getByRole('table').count(), 0, 'what another filter gave is not shown as if it were of this one');
		await page.getByRole('button', { name: 'Ohne Filter' }).click();
		await page.getByText(/^100 von/).waitFor();
		await close();
	});

	it('has in the page without script what JSON says: every text, every property, every link', async () => {
		const { page, close } = await visit(browser, server, undefined, { javaScriptEnabled: false });
		assert.ok((await json('/conformance')).conformsTo.includes('http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html'));
		const feature = (await json('/collections/plans/items?limit=1')).features[0];
		for (const path of ['', '/conformance', '/collections', '/collections/plans', '/collections/plans/items', `/collections/plans/items/${feature.id}`]) {
			const response = await page.goto(`${server.address}/ogc${path}`);
			assert.match(response.headers()['content-type'], /^text\/html/, path);
			assert.match(response.headers().vary, /\bAccept\b(?!-)/);
			const text = await page.locator('noscript').innerText();
			const document = await json(path);
			for (const { href, rel } of document.links ?? [])
				if (rel !== 'self' && !/f=html/.test(href))
					assert.ok(await page.locator(`noscript a[href="${href}"], noscript a[href="${href.replace(server.address, '')}"]`).count(), `${path} ${rel} ${href}`);
			for (const one of document.conformsTo ?? []) assert.ok(text.includes(one), one);
			for (const { title, description } of document.collections ?? []) assert.ok(text.includes(title) && text.includes(description), title);
			for (const { id, properties } of document.features ?? (document.properties ? [document] : []))
				for (const value of [id, ...Object.values(properties)])
					if (value !== null && typeof value !== 'boolean') assert.ok(text.includes(String(value)), `${path}: ${value}`);
		}
		await close();
	});

	it('says in the page what is wrong with an address, and in JSON to whoever asks for that', async () => {
		const { page, close } = await visit(browser, server, undefined, { expects: [/404/, /400/] });
		for (const [path, status, says] of [['/collections/nirgends/items', 404, 'eine Datensammlung nirgends gibt es nicht'], ['/collections/plans?x=1', 400, 'x']]) {
			const response = await page.goto(`${server.address}/ogc${path}`);
			assert.equal(response.status(), status);
			assert.match(response.headers()['content-type'], /^text\/html/);
			await page.getByRole('alert').filter({ hasText: says }).waitFor();
			const bare = await fetch(`${server.address}/ogc${path}${path.includes('?') ? '&' : '?'}f=json`, { headers: { accept: 'text/html,*/*' } });
			assert.equal(bare.status, status);
			assert.equal(bare.headers.get('content-type'), 'application/problem+json');
			const text = await (await fetch(`${server.address}/ogc${path}`, { headers: { accept: 'text/html', 'accept-language': 'de' } })).text();
			const asked = await fetch(`${server.address}/ogc${path}${path.includes('?') ? '&' : '?'}f=html`);
			assert.deepEqual([asked.status, asked.headers.get('content-type').split(';')[0]], [status, 'text/html']);
			assert.ok(text.slice(text.indexOf('<noscript>')).includes((await bare.json()).detail));
		}
		await close();
	});
});
