// SPDX-License-Identifier: EUPL-1.2
// The weighing of a small procedure to its end, and equal letters of a large one.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { reason, settled, startApplication, visit } from '../application.mjs';
import { accessible, launch, picture } from '../browser.mjs';

const day = (offset) => new Date(Date.now() + offset * 86400000).toLocaleDateString('sv-SE', { timeZone: 'Europe/Berlin' });

describe('weighing', { skip: reason }, () => {
	let server, browser;
	before(async () => {
		server = await startApplication();
		browser = await launch();
	});
	after(async () => {
		await browser?.close();
		await server?.stop();
	});
	const ask = (page, method, path, body) => page.evaluate(async ([how, where, what]) => {
		const response = await fetch(`/api/v1${where}`, { method: how, headers: { 'Content-Type': 'application/json' }, body: what && JSON.stringify(what) });
		return response.json();
	}, [method, path, body]);
	const roundOf = async (as, audience) => (await server.sql(`select d.id, d.procedure from pp.round d join pp.membership m on m.body = d.planner_body
		join pp.account a on a.id = m.account where a.email = '${as}@vorfuehrung.example' and d.audience = '${audience}'`))[0];
	async function go(page, path) {
		await page.goto(`${server.address}${path}`);
		await settled(page);
	}
	/** Focuses by Tab whatever has that accessible text. */
	async function tabTo(page, text) {
		for (let n = 0; n < 120; n++) {
			await page.keyboard.press('Tab');
			if ((await page.evaluate(() => document.activeElement?.textContent ?? '')).trim().startsWith(text)) return;
		}
		assert.fail(`Tab never came to ${text}`);
	}

	it('leads a small procedure from the first statement to its result, which a second person lets out', async () => {
		const { page, close } = await visit(browser, server, null, { as: 'amt-wilstermarsch-planung', expects: [/409|422/] });
		const { id: round, procedure } = await roundOf('amt-wilstermarsch-planung', 'NACHB');
		const { municipalities } = await ask(page, 'GET', `/rounds/${round}/board`);
		const { invitation } = municipalities.find(({ state }) => state === 'OHNE_ANTWORT');
		const words = 'Die Zuwegung fehlt. Der Schattenwurf trifft unseren Ort.';
		const made = await ask(page, 'POST', `/rounds/${round}/entries`, { channel: 'POST', received_on: day(-10), evidence: 'Stempel', invitation, stance: 'BEDENKEN', text: words });
		assert.equal(made.on_time, true, JSON.stringify(made));
		const all = (await ask(page, 'GET', `/procedures/${procedure}/weighing`)).items;
		await go(page, `/planung/${procedure}/abwaegung`);
		await page.getByText(`${all.length} Stellungnahmen sind noch nicht angenommen.`).waitFor();
		await page.getByRole('list').getByRole('link', { name: made.number }).waitFor();
		await accessible(page);
		await picture(page, 'abwaegung-anfang');
		await page.getByRole('button', { name: `Alle annehmen (${all.length})` }).click();
		await page.getByText('Alles, was eingegangen ist, ist angenommen.').waitFor();

		// Divided by keyboard alone: the second sentence is a concern of its own.
		await page.getByRole('list').getByRole('link', { name: made.number }).click();
		await page.getByRole('heading', { level: 1, name: `Stellungnahme ${made.number}` }).waitFor();
		await settled(page);
		await tabTo(page, 'Als Belang');
		await page.keyboard.press('Enter');
		const mark = page.getByRole('dialog');
		await mark.waitFor();
		await mark.getByText('Noch nichts markiert.').waitFor();
		await page.keyboard.press('Control+End');
		for (let n = 0; n < 'Der Schattenwurf trifft unseren Ort.'.length; n++) await page.keyboard.press('Shift+ArrowLeft');
		await mark.getByText('„Der Schattenwurf trifft unseren Ort.“').waitFor();
		await accessible(page);
		await page.keyboard.press('Tab');
		await page.keyboard.type('Schattenwurf');
		await page.keyboard.press('Enter');
		await page.getByRole('article', { name: 'Belang 2: Schattenwurf' }).waitFor();
		const { concerns } = await ask(page, 'GET', `/statements/${made.id}/weighing`);
		assert.deepEqual(concerns.map(({ text }) => text).sort(), ['Der Schattenwurf trifft unseren Ort.', words]);

		const concern = (name) => page.getByRole('article', { name });
		await concern('Belang 1').getByRole('button', { name: /Vorschlag speichern/ }).click();
		await concern('Belang 1').getByRole('alert').waitFor();
		await concern('Belang 1').getByLabel('Vorschlag', { exact: true }).selectOption('TEILWEISE_GEFOLGT');
		await concern('Belang 1').getByLabel('Begründung').fill('Die Zuwegung wird gesichert.');
		await concern('Belang 1').getByRole('button', { name: /Vorschlag speichern/ }).click();
		await page.getByRole('status').getByText('Der Vorschlag zu Belang 1 ist gespeichert.').waitFor();
		await concern('Belang 2').getByLabel('Vorschlag', { exact: true }).selectOption('NICHT_GEFOLGT');
		await concern('Belang 2').getByLabel('Begründung').fill('Die Abschaltung ist vorgesehen.');
		await concern('Belang 2').getByRole('button', { name: /Vorschlag speichern/ }).click();
		await page.getByText(/Vorschlag liegt vor/).waitFor();
		await accessible(page);
		await picture(page, 'abwaegung-belange');
		assert.equal((await ask(page, 'GET', `/statements/${made.id}/weighing`)).state, 'VORGESCHLAGEN');

		// The others get the same proposal, then the council resolves. What goes out is released by somebody else than wrote it.
		await server.sql("update pp.body set release_by_second = true where key = '010615179'");
		await server.sql("update pp.membership m set roles = roles || '{manager}' from pp.account a where a.id = m.account and a.email = 'amt-wilstermarsch@vorfuehrung.example'");
		await go(page, `/planung/${procedure}/abwaegung`);
		await page.getByRole('button', { name: 'Für viele vorschlagen' }).click();
		const many = page.getByRole('dialog', { name: 'Für viele vorschlagen' });
		await accessible(page);
		await many.getByLabel('Für welche Stellungnahmen?').selectOption(`stance ${all.find(({ statement }) => statement !== made.id).stance}`);
		await many.getByLabel('Vorschlag', { exact: true }).selectOption('KENNTNISNAHME');
		await many.getByLabel('Begründung').fill('Es wird nichts eingewandt.');
		await many.getByRole('button', { name: 'Vorschlagen', exact: true }).click();
		await page.getByText('Jeder angenommene Belang hat einen Vorschlag.').waitFor();
		await page.getByRole('button', { name: 'Beschluss zur Freigabe geben' }).click();
		const resolve = page.getByRole('dialog', { name: 'Beschluss zur Freigabe geben' });
		await resolve.getByRole('button', { name: 'Beschluss zur Freigabe geben' }).click();
		await resolve.getByRole('alert').waitFor();
		await resolve.getByLabel('Wer hat beschlossen?').fill('Gemeindevertretung Wewelsfleth');
		await resolve.getByLabel('Nummer des Beschlusses').fill('Vorlage 7/2026');
		await accessible(page);
		await resolve.getByRole('button', { name: 'Beschluss zur Freigabe geben' }).click();
		await page.getByRole('heading', { name: 'Der Beschluss wartet auf eine zweite Person' }).waitFor();
		assert.equal(await page.getByRole('button', { name: 'Beschluss freigeben' }).count(), 0, 'not by whoever handed it in');
		assert.deepEqual(await server.sql(`select count(*)::int as n from pp.weighing_resolution where procedure = '${procedure}'`), [{ n: 0 }]);
		const second = await visit(browser, server, `/planung/${procedure}/abwaegung`, { as: 'amt-wilstermarsch' });
		await second.page.getByRole('link', { name: 'Ansehen oder zurückgeben' }).click();
		await second.page.getByText('Vorlage 7/2026').waitFor();
		await accessible(second.page);
		await picture(second.page, 'abwaegung-freigabe');
		await second.page.goBack();
		await second.page.getByRole('button', { name: 'Beschluss freigeben' }).click();
		await second.page.getByRole('button', { name: 'Alle Ergebnisse mitteilen' }).waitFor();
		await second.close();
		await page.getByRole('button', { name: 'Alle Ergebnisse mitteilen' }).click();
		const tell = page.getByRole('dialog', { name: 'Alle Ergebnisse mitteilen' });
		await tell.getByLabel('per Brief').check();
		await accessible(page);
		await tell.getByRole('button', { name: 'Ergebnis mitteilen' }).click();
		await page.getByText(`${all.length} Ergebnisse sind mitgeteilt.`).first().waitFor();
		const after = await ask(page, 'GET', `/statements/${made.id}/weighing`);
		assert.deepEqual([after.state, after.resolution.reference, after.communicated.channel], ['MITGETEILT', 'Vorlage 7/2026', 'POST']);
		assert.deepEqual(after.results.map(({ decision }) => decision).sort(), ['NICHT_GEFOLGT', 'TEILWEISE_GEFOLGT']);
		await accessible(page);
		await picture(page, 'abwaegung-ende');
		await go(page, `/planung/${procedure}/stellungnahmen/${made.id}`);
		await page.getByText(/^Mitgeteilt am/).waitFor();
		await close();
	});

	it('groups equal letters, sets duplicates aside, and resolves on nothing while a round is open', async () => {
		const { page, close } = await visit(browser, server, null, { as: 'altona', expects: [/409/] });
		const { id: round, procedure } = await roundOf('altona', 'OEFF');
		const enter = (more) => ask(page, 'POST', `/rounds/${round}/entries`, { channel: 'POST', received_on: day(0), evidence: 'Stempel', stance: 'EINWENDUNG', text: 'Kein Hochhaus am Schulweg!', ...more });
		const [first] = [await enter({ person: { family_name: 'Voß', given_name: 'Ina', town: 'Lurup' } }), await enter({ person: { family_name: 'Kruse' } }), await enter({})];
		const twin = await enter({ person: { family_name: 'Voß', given_name: 'Ina', town: 'Lurup' }, text: 'Noch einmal: kein Hochhaus.' });
		await go(page, `/planung/${procedure}/stellungnahmen/${twin.id}`);
		await page.getByRole('button', { name: 'Aussondern' }).click();
		const aside = page.getByRole('dialog', { name: `Stellungnahme ${twin.number} aussondern` });
		await aside.getByLabel(/^Dublette/).check();
		await aside.getByLabel(new RegExp(first.number)).check();
		await aside.getByLabel('Begründung').fill('Dieselbe Person, derselbe Einwand.');
		await accessible(page);
		await aside.getByRole('button', { name: 'Aussondern' }).click();
		await page.getByRole('heading', { name: 'Ausgesondert als Dublette' }).waitFor();
		assert.equal((await ask(page, 'GET', `/statements/${twin.id}/weighing`)).duplicate_of, first.id);

		await go(page, `/planung/${procedure}/abwaegung`);
		await page.getByRole('button', { name: /^Alle annehmen/ }).click();
		await page.getByText('3 Stellungnahmen, zum Beispiel').waitFor();
		await page.getByRole('button', { name: /^Gruppe bilden/ }).first().click();
		const dialog = page.getByRole('dialog', { name: 'Gruppe aus 3 gleichlautenden Stellungnahmen' });
		await dialog.getByLabel('Name der Gruppe').fill('Hochhaus am Schulweg');
		await accessible(page);
		await dialog.getByRole('button', { name: 'Gruppe bilden' }).click();
		await page.getByRole('button', { name: /^Für die Gruppe vorschlagen/ }).click();
		const propose = page.getByRole('dialog', { name: 'Für viele vorschlagen' });
		await propose.getByLabel('Vorschlag', { exact: true }).selectOption('NICHT_GEFOLGT');
		await propose.getByLabel('Begründung').fill('Die Höhe ist mit der Umgebung verträglich.');
		await propose.getByRole('button', { name: 'Vorschlagen', exact: true }).click();
		await page.getByText('3 Stellungnahmen sind bereit für den Beschluss.').waitFor();
		await picture(page, 'abwaegung-gruppen');
		await page.getByRole('button', { name: 'Beschluss eintragen' }).click();
		const resolve = page.getByRole('dialog', { name: 'Beschluss eintragen' });
		await resolve.getByLabel('Wer hat beschlossen?').fill('Bezirksversammlung Altona');
		await resolve.getByLabel('Nummer des Beschlusses').fill('22-1');
		await resolve.getByRole('button', { name: 'Beschluss eintragen' }).click();
		await resolve.getByRole('alert').waitFor();
		assert.deepEqual(await server.sql(`select count(*)::int as n from pp.weighing_resolution where procedure = '${procedure}'`), [{ n: 0 }]);
		await close();
	});

	it('says so where there is nothing to weigh', async () => {
		const { page, close } = await visit(browser, server, null, { as: 'planfeststellung' });
		const { procedure } = await roundOf('planfeststellung', 'TOEB');
		await go(page, `/planung/${procedure}/abwaegung`);
		await page.getByRole('heading', { name: 'Es gibt noch nichts abzuwägen' }).waitFor();
		await accessible(page);
		await close();
	});
});
