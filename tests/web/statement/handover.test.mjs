// SPDX-License-Identifier: EUPL-1.2
// A statement that is begun on one device goes on on another one, by a link.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { accessible, launch, picture, reason as noBrowser } from '../browser.mjs';
import { reason, settled, startApplication, visit } from '../application.mjs';

describe('a statement on two devices', { skip: reason || noBrowser }, () => {
	let server, browser, path;
	before(async () => {
		server = await startApplication();
		browser = await launch();
		const procedure = (await server.must(200, 'GET', '/procedures?limit=50')).items.find(({ kind }) => kind === 'BP_REGEL');
		path = `/v/${procedure.id}/stellungnahme`;
	});
	after(async () => {
		await browser?.close();
		await server?.stop();
	});

	const heading = (page, name) => page.getByRole('heading', { level: 1, name }).waitFor();
	const next = (page) => page.getByRole('button', { name: 'Weiter', exact: true }).click();
	/** Begins, and writes that text. */
	async function write(page, text) {
		await page.getByRole('button', { name: /Stellungnahme beginnen|Entwurf fortsetzen/ }).click();
		await heading(page, 'Worauf bezieht sich');
		await next(page);
		await page.getByLabel('Ich habe Bedenken').check();
		await page.getByLabel('Ihr Text').fill(text);
		await page.getByText('Ihr Entwurf ist auf diesem Gerät gespeichert.').waitFor();
	}
	/** The text on this device. */
	async function read(page) {
		await page.getByRole('button', { name: 'Entwurf fortsetzen' }).click();
		await next(page);
		return page.getByLabel('Ihr Text').inputValue();
	}
	async function link(page) {
		await page.getByRole('button', { name: 'Auf einem anderen Gerät weiterschreiben' }).click();
		await page.getByRole('button', { name: 'Link erstellen' }).click();
		return page.getByLabel('Link zu Ihrem Entwurf').inputValue();
	}

	it('goes on where it was, once, and stays on the first one', async () => {
		const [one, other] = [await visit(browser, server, path), await visit(browser, server, path, { expects: [/404/] })];
		await write(one.page, 'Der Weg an der Grenze fehlt.');
		await one.page.getByRole('button', { name: 'Auf einem anderen Gerät weiterschreiben' }).click();
		await accessible(one.page);
		await one.page.getByRole('button', { name: 'Link erstellen' }).click();
		const address = await one.page.getByLabel('Link zu Ihrem Entwurf').inputValue();
		await accessible(one.page);
		await picture(one.page, 'stellungnahme-mitnehmen');
		assert.match(address, /#mitnehmen=[0-9a-f-]{36}\.[\w-]{43}$/);
		const asked = [];
		other.page.on('request', (request) => asked.push(request.url() + (request.postData() ?? '')));
		await other.page.goto('about:blank');
		await other.page.goto(address);
		await other.page.getByText('Ihr Entwurf ist da').waitFor();
		await settled(other.page);
		await accessible(other.page);
		await picture(other.page, 'stellungnahme-mitgenommen');
		assert.equal(new URL(other.page.url()).hash, '', 'the key does not stay in the address');
		assert.ok(!asked.some((text) => text.includes(address.split('.').at(-1))), 'nor does it ever reach the server');
		assert.equal(await read(other.page), 'Der Weg an der Grenze fehlt.');
		await one.page.getByRole('dialog').getByRole('button', { name: 'Schließen' }).first().click();
		await one.page.reload();
		await settled(one.page);
		assert.equal(await one.page.getByLabel('Ihr Text').inputValue(), 'Der Weg an der Grenze fehlt.');
		// Nobody takes it twice.
		await other.page.goto('about:blank');
		await other.page.goto(address);
		await other.page.getByText('Dieser Link gilt nicht mehr').waitFor();
		await accessible(other.page);
		await one.close();
		await other.close();
	});

	it('asks before it replaces what this device has, and says when the link was cut', async () => {
		const [one, other] = [await visit(browser, server, path), await visit(browser, server, path)];
		await write(one.page, 'Von hier.');
		await write(other.page, 'Von dort.');
		const first = await link(one.page);
		await other.page.goto('about:blank');
		await other.page.goto(first.slice(0, -3) + (first.endsWith('AAA') ? 'BBB' : 'AAA'));
		await other.page.getByText('Dieser Link ist nicht vollständig').waitFor();
		await other.page.goto('about:blank');
		await other.page.goto(first);
		await other.page.getByRole('dialog').getByRole('button', { name: 'Diesen behalten' }).click();
		assert.equal(await read(other.page), 'Von dort.');
		await other.page.goto('about:blank');
		await other.page.goto(first);
		await accessible(other.page);
		await other.page.getByRole('dialog').getByRole('button', { name: 'Durch den aus dem Link ersetzen' }).click();
		await other.page.getByText('Ihr Entwurf ist da').waitFor();
		assert.equal(await read(other.page), 'Von hier.');
		await one.close();
		await other.close();
	});
});
