// SPDX-License-Identifier: EUPL-1.2
// What people see who open a link of a mail: an office without an account answers its invitation, a citizen
// confirms an address.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startServer, until } from '../../harness/server.mjs';
import { confirm, day, fileBoth, hamburg, noticeOf, roundOf } from '../../api/support.mjs';
import { pdf, sha256, upload } from '../../api/document/support.mjs';
import { accessible, launch, open, picture, reason } from '../browser.mjs';

const ellerbek = '01056013';

describe('pages of links', { skip: reason }, () => {
	let server, browser, planner, path, invitation;
	const bytes = pdf(2000);
	const address = () => `${server.address}${path}`;

	before(async () => {
		server = await startServer();
		browser = await launch();
		planner = await server.account('manager', hamburg);
		const both = await fileBoth(server, planner);
		await confirm(server, planner, both.plan);
		await upload(server, planner, both.procedure, bytes, { title: 'Begründung mit Umweltbericht' });
		await until(async () => (await server.must(200, 'GET', `/procedures/${both.procedure}/documents`, { token: planner })).items[0].state === 'GEPRUEFT');
		const round = await server.must(201, 'POST', `/procedures/${both.procedure}/rounds`, { token: planner, body: roundOf() });
		[invitation] = await server.sql("select id from pp.invitation where round = :'round' and participant = :'ellerbek'", { round: round.id, ellerbek });
		({ path } = await server.must(201, 'POST', `/invitations/${invitation.id}/links`, { token: planner, body: {} }));
	});
	after(async () => {
		await browser?.close();
		await server?.stop();
	});

	it('show what is asked, by when and why, with the documents, and take the secret out of the address', async () => {
		const { page, close } = await open(browser, server.address, { acceptDownloads: true });
		const asked = [];
		page.on('request', (request) => asked.push(`${request.url()} ${request.headers().referer ?? ''}`));
		await page.goto(address());
		await page.getByRole('heading', { level: 1, name: 'Bebauungsplan Schnelsen 99' }).waitFor();
		await page.getByText('Ellerbek', { exact: true }).waitFor();
		await page.getByText(/noch \d+ Tage/).first().waitFor();
		assert.ok(await page.getByRole('heading', { name: 'Warum Sie beteiligt werden' }).isVisible());
		await accessible(page);
		await picture(page, 'einladung');
		const saved = page.waitForEvent('download');
		await page.getByRole('button', { name: 'Herunterladen: Begründung mit Umweltbericht' }).click();
		assert.equal(sha256(readFileSync(await (await saved).path())), sha256(bytes));
		const secret = path.split('#')[1];
		await page.waitForURL(`${server.address}/einladung`);
		const said = await page.evaluate(() => JSON.stringify([location.href, history.state, document.referrer, { ...localStorage }, { ...sessionStorage }]));
		assert.ok(!said.includes(secret), 'the secret stands nowhere unsealed');
		assert.ok(!asked.some((one) => one.includes(secret)), 'nor in an address or referrer');
		await page.reload();
		await page.getByRole('heading', { level: 1, name: 'Bebauungsplan Schnelsen 99' }).waitFor();
		await page.getByRole('link', { name: 'Verfahren', exact: true }).first().click();
		await page.waitForURL(`${server.address}/`);
		assert.ok(!(await page.evaluate(() => JSON.stringify(history.state))).includes(secret));
		await page.goBack();
		await page.getByRole('heading', { level: 1, name: 'Bebauungsplan Schnelsen 99' }).waitFor();
		await close();
	});

	it('keep what was written, sealed, and forget it when it is discarded', async () => {
		const { page, close } = await open(browser, server.address);
		await page.goto(address());
		await page.getByLabel('Text', { exact: true }).fill('Der Bach ist zu sichern.');
		await page.getByText(/Ihr Text bleibt verschlüsselt auf diesem Gerät/).waitFor();
		assert.ok(!(await page.evaluate(() => JSON.stringify({ ...localStorage }))).includes('Bach'));
		await page.reload();
		await page.getByText('Ihr Entwurf von diesem Gerät ist wieder da.').waitFor();
		assert.equal(await page.getByLabel('Text', { exact: true }).inputValue(), 'Der Bach ist zu sichern.');
		await page.getByRole('button', { name: 'Entwurf verwerfen' }).click();
		await page.getByRole('dialog').waitFor();
		await accessible(page);
		await page.getByRole('dialog').getByRole('button', { name: 'Entwurf verwerfen' }).click();
		await page.getByText('Der Entwurf ist verworfen.').waitFor();
		assert.equal(await page.getByLabel('Text', { exact: true }).inputValue(), '');
		assert.doesNotMatch(await page.evaluate(() => JSON.stringify({ ...localStorage })), /einladung/);
		await close();
	});

	it('take an answer with points and a file by keyboard alone, and show its receipt', async () => {
		const { page, close } = await open(browser, server.address, { acceptDownloads: true });
		await page.goto(address());
		await page.getByRole('button', { name: 'Kenntnisnahme bestätigen' }).focus();
		await page.keyboard.press('Enter');
		await page.getByText(/Kenntnisnahme bestätigt am/).waitFor();
		await page.getByRole('button', { name: 'Stellungnahme schreiben' }).focus();
		await page.keyboard.press('Enter');
		assert.ok(await page.getByRole('heading', { name: 'Stellungnahme abgeben' }).evaluate((element) => element === document.activeElement));
		await page.keyboard.press('Tab');
		await page.keyboard.press('Space');
		for (let n = 0; n < 4; n++) await page.keyboard.press('ArrowDown');
		assert.ok(await page.getByLabel('Bedenken', { exact: true }).isChecked());
		// Concerns without words, and nobody who signs: said at the fields, and what was chosen stays.
		await page.getByRole('button', { name: 'Verbindlich abgeben' }).focus();
		await page.keyboard.press('Enter');
		const errors = page.getByRole('alert').filter({ hasText: 'Bitte prüfen Sie Ihre Angaben' });
		await errors.getByText('Bitte schreiben Sie mindestens einen Punkt.').waitFor();
		await errors.getByText(/Bitte nennen Sie Ihren Namen/).waitFor();
		assert.equal(await page.getByLabel('Ihr Name').getAttribute('aria-invalid'), 'true');
		assert.match(await page.title(), /^Fehler: /);
		await accessible(page);
		await picture(page, 'einladung-fehler');
		await page.getByLabel('Text', { exact: true }).focus();
		await page.keyboard.type('Der Knick an der Landesgrenze ist zu erhalten.');
		await page.getByLabel('Was würde helfen?').focus();
		await page.keyboard.type('Ein Streifen von 10 m.');
		await page.getByRole('button', { name: 'Weiteren Punkt hinzufügen' }).focus();
		await page.keyboard.press('Enter');
		await page.waitForFunction(() => document.activeElement?.matches('textarea'));
		await page.keyboard.type('Die Zufahrt liegt auf unserem Gebiet.');
		await page.getByLabel(/Dateien auswählen/).setInputFiles({ name: 'Lageplan.pdf', mimeType: 'application/pdf', buffer: pdf(3000) });
		await page.getByRole('row', { name: /Lageplan\.pdf/ }).getByText('hochgeladen').waitFor();
		await page.getByLabel('Ihr Name').focus();
		await page.keyboard.type('Anke Förster');
		await page.keyboard.press('Tab');
		await page.keyboard.type('Bauamt');
		await page.keyboard.press('Enter');
		const dialog = page.getByRole('dialog', { name: 'Stellungnahme abgeben' });
		await dialog.getByText('2 Punkte, 1 Anlage').waitFor();
		await dialog.getByText('Anke Förster, Bauamt').waitFor();
		await accessible(page);
		await picture(page, 'einladung-abgeben');
		await dialog.getByRole('button', { name: 'Jetzt abgeben' }).focus();
		await page.keyboard.press('Enter');
		const notice = page.getByRole('region', { name: 'Ihre Stellungnahme ist eingegangen' });
		await notice.waitFor();
		assert.match(await notice.innerText(), /Nr\. \d{4}-\d{4}-\d{3} ist am .* eingegangen/);
		await page.waitForFunction(() => document.activeElement?.classList.contains('pp-result'));
		await accessible(page);
		await picture(page, 'einladung-empfang');
		const download = async (name) => {
			const saved = page.waitForEvent('download');
			await page.getByRole('button', { name }).click();
			return (await saved).path();
		};
		assert.match(readFileSync(await download('Empfangsbestätigung als PDF'), 'latin1'), /^%PDF-1\.4\n/);
		const signed = await download('Signierte Datei (JSON)');
		assert.equal((await server.must(200, 'POST', '/receipts/verify', { body: JSON.parse(readFileSync(signed, 'utf8')) })).signed, true);
		const keys = join(mkdtempSync(join(tmpdir(), 'pp-keys-')), 'keys.json');
		writeFileSync(keys, JSON.stringify(await server.must(200, 'GET', '/receipt-keys')));
		const valid = await server.command(['receipt', 'verify', signed, '--key', keys]);
		assert.equal(valid.status, 0, `the file is what was signed, byte for byte: ${valid.stdout}${valid.stderr}`);
		const [stored] = await server.sql(`select s.channel, s.signed_by, s.stance, (select count(*)::int from pp.statement_point p where p.statement = s.id) as points,
			(select array_agg(a.name) from pp.attachment a where a.statement = s.id) as files from pp.statement s where invitation = :'id'`, { id: invitation.id });
		assert.deepEqual(stored, { channel: 'LINK', signed_by: 'Anke Förster, Bauamt', stance: 'BEDENKEN', points: 2, files: ['Lageplan.pdf'] });
		// The draft is gone, the name stays for the next one.
		assert.equal(await page.getByLabel('Text', { exact: true }).inputValue(), '');
		assert.equal(await page.getByLabel('Ihr Name').inputValue(), 'Anke Förster');
		await page.getByRole('heading', { name: 'Weitere Stellungnahme abgeben' }).waitFor();
		await close();
	});

	it('show what the server refuses at its field', async () => {
		const { page, close } = await open(browser, server.address, { expects: [/422/] });
		await page.route('**/by-link/statements', async (route) => {
			const body = JSON.parse(route.request().postData());
			await route.continue({ postData: JSON.stringify({ ...body, name: 'A' }) });
		});
		await page.goto(address());
		await page.getByLabel('keine Bedenken', { exact: true }).check();
		await page.getByText(/Dazu brauchen Sie nichts weiter zu schreiben/).waitFor();
		await page.getByLabel('Ihr Name').fill('Anke Förster');
		await page.getByRole('button', { name: 'Verbindlich abgeben' }).click();
		await page.getByRole('dialog').getByRole('button', { name: 'Jetzt abgeben' }).click();
		await page.getByRole('alert').filter({ hasText: 'Bitte prüfen Sie Ihre Angaben' }).waitFor();
		assert.equal(await page.getByLabel('Ihr Name').getAttribute('aria-invalid'), 'true');
		await close();
	});

	it('say what to do when the link is not whole or not valid', async () => {
		const { page, close } = await open(browser, server.address, { expects: [/404/] });
		await page.goto(`${server.address}/einladung`);
		await page.getByRole('alert').getByText('Dieser Link ist unvollständig').waitFor();
		await page.goto(`${server.address}/einladung#${'x'.repeat(43)}`);
		await page.getByRole('alert').getByText('Dieser Link gilt nicht oder nicht mehr').waitFor();
		await accessible(page);
		await picture(page, 'einladung-ungueltig');
		await close();
	});

	it('speak English to whoever prefers it, and say why they need a script', async () => {
		const english = await open(browser, server.address, { locale: 'en-GB' });
		await english.page.goto(address());
		await english.page.getByRole('button', { name: 'Submit', exact: true }).waitFor();
		assert.equal(await english.page.evaluate(() => document.documentElement.lang), 'en');
		await english.close();
		const bare = await open(browser, server.address, { javaScriptEnabled: false });
		await bare.page.goto(address());
		await bare.page.getByRole('heading', { level: 1, name: 'Beteiligung' }).waitFor();
		await bare.page.getByText(/muss JavaScript eingeschaltet sein/).waitFor();
		await bare.close();
	});

	it('confirm an address, and say that nothing depends on it', async () => {
		const { procedure, plan } = await fileBoth(server, planner);
		await confirm(server, planner, plan);
		const start = day();
		const round = await server.must(201, 'POST', `/procedures/${procedure}/rounds`, { token: planner,
			body: roundOf({ step: 'FRUEH_OEFF', audience: 'OEFF', start, end: day(40), notice: noticeOf(start) }) });
		await server.must(200, 'POST', `/procedures/${procedure}/publish`, { token: planner, body: {} });
		await server.must(201, 'POST', `/rounds/${round.id}/statements`, { body: { stance: 'HINWEISE', text: 'Mehr Bäume.', person: { email: 'muster@example.org', inform: 'EMAIL' } } });
		const [mail] = await server.sql("select substring(body from '/adresse#[A-Za-z0-9_-]{43}') as path from pp.mail where kind = 'address_confirmation'");
		const { page, close } = await open(browser, server.address, { colorScheme: 'dark', expects: [/404/] });
		await page.goto(server.address + mail.path);
		await page.getByText(/gilt auch ohne Bestätigung/).waitFor();
		await accessible(page);
		await picture(page, 'adresse');
		await page.getByRole('button', { name: 'Adresse bestätigen' }).click();
		await page.getByRole('heading', { level: 1, name: 'Ihre Adresse ist bestätigt' }).waitFor();
		assert.equal((await server.sql('select count(*)::int as n from pp.person where confirmed_at is not null'))[0].n, 1);
		await page.goto(`${server.address}/adresse#${'x'.repeat(43)}`);
		await page.getByRole('button', { name: 'Adresse bestätigen' }).click();
		await page.getByRole('alert').getByText(/gilt nicht oder nicht mehr/).waitFor();
		await close();
	});
});
