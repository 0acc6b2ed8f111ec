// SPDX-License-Identifier: EUPL-1.2
// The page of a procedure in the states that the demonstration has none of.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { creates, day, fileBoth, hamburg, openRound, procedureOf } from '../../api/support.mjs';
import { reason, settled, startApplication, visit } from '../application.mjs';
import { accessible, launch } from '../browser.mjs';

describe('the page of a procedure', { skip: reason }, () => {
	let server, browser, planner;
	const publish = (procedure) => server.must(200, 'POST', `/procedures/${procedure}/publish`, { token: planner, body: {} });
	const see = async (procedure, look, options) => {
		const { page, close } = await visit(browser, server, `/v/${procedure}`, options);
		await look(page);
		await accessible(page);
		await close();
	};
	const comments = (page) => page.getByRole('link', { name: 'Stellungnahme abgeben' }).count();
	before(async () => {
		server = await startApplication({ demonstration: false });
		browser = await launch();
		planner = await server.account('manager', hamburg);
	});
	after(async () => {
		await browser?.close();
		await server?.stop();
	});

	it('without a plan says that the extent is not published yet', async () => {
		const { id } = await creates(server, '/procedures', { token: planner, body: procedureOf({ title: 'Noch ohne Plan' }) });
		await publish(id);
		await see(id, async (page) => {
			await page.getByText('Der Geltungsbereich ist noch nicht veröffentlicht.').waitFor();
			await page.getByText('Es wurde noch keine Beteiligung der Öffentlichkeit angekündigt.').waitFor();
			assert.equal(await page.locator('.pp-map-place').count(), 0);
			assert.equal(await comments(page), 0);
		});
	});

	it('says from when on one can comment, and offers it once that day has come', async () => {
		const coming = await openRound(server, planner, { round: { step: 'FRUEH_OEFF', audience: 'OEFF', start: day(5), end: day(60) } });
		await see(coming.procedure, async (page) => {
			await page.getByText(/^Die Öffentlichkeit kann vom .* bis .* Stellung nehmen\.$/).waitFor();
			assert.equal(await comments(page), 0);
		});
		const open = await openRound(server, planner, { round: { step: 'FRUEH_OEFF', audience: 'OEFF', start: day(), end: day(60) } });
		await see(open.procedure, async (page) => assert.equal(await comments(page), 1));
	});

	it('that has ended says so and why, and asks for nothing', async () => {
		const { procedure } = await openRound(server, planner, { round: { step: 'FRUEH_OEFF', audience: 'OEFF', start: day(), end: day(60) } });
		await server.must(200, 'POST', `/procedures/${procedure}/withdraw`, { token: planner, body: { reason: 'Das Vorhaben wurde aufgegeben.' } });
		await see(procedure, async (page) => {
			await page.getByRole('heading', { name: 'Dieses Verfahren ist beendet' }).waitFor();
			await page.getByText('Das Vorhaben wurde aufgegeben.').waitFor();
			assert.equal(await comments(page), 0);
		});
		const { page, close } = await visit(browser, server, '/');
		await settled(page);
		assert.equal(await page.locator(`a[href="/v/${procedure}"]`).count(), 0);
		await page.getByRole('link', { name: 'Beendete Verfahren ansehen' }).first().click();
		await page.locator(`a[href="/v/${procedure}"]`).waitFor();
		assert.equal(new URL(page.url()).searchParams.get('beendet'), '1');
		await close();
	});

	it('is not there for strangers while it is not published', async () => {
		const { procedure } = await fileBoth(server, planner);
		await see(procedure, (page) => page.getByRole('heading', { level: 1, name: 'Dieses Verfahren gibt es nicht, oder es ist nicht öffentlich' }).waitFor(), { expects: [/404/] });
	});
});
