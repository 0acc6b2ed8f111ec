// SPDX-License-Identifier: EUPL-1.2
// Barriers: mailed to whom the site names, listed for operators, forgotten once the mail has gone out.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startServer } from '../../harness/server.mjs';
import { fileBoth, hamburg } from '../support.mjs';

describe('barrier reports', () => {
	const folder = mkdtempSync(join(tmpdir(), 'pp-barrier-'));
	const file = join(folder, 'site.json');
	let server;
	before(async () => {
		writeFileSync(file, JSON.stringify({ accessibility: { email: 'barriere@probe.example' } }));
		server = await startServer({ settings: { site: file, mail: 'hold', rate_mail: 12 } });
	});
	after(async () => {
		await server?.stop();
		rmSync(folder, { recursive: true, force: true });
	});
	const report = (body, status = 201) => server.must(status, 'POST', '/barrier-reports', { body });

	it('become a mail to whom the site names, without what follows # and with a number', async () => {
		const made = await report({ page: `${server.address}/einladung#${'s'.repeat(43)}`, text: 'Der Knopf\nist nicht zu erreichen.', tools: 'NVDA', email: 'anna@leser.example' });
		assert.match(made.number, /^B-\d{4}-\d+$/);
		assert.deepEqual(made.lands, []);
		const [mail] = await server.sql("select recipient, subject, body from pp.mail where kind = 'barrier_report'");
		assert.equal(mail.recipient, 'barriere@probe.example');
		assert.equal(mail.subject, `Barriere gemeldet: ${made.number}`);
		assert.match(mail.body, /Seite: http:\/\/127\.0\.0\.1:\d+\/einladung\n/);
		assert.match(mail.body, /Hilfsmittel: NVDA\n.*Antwort an: anna@leser\.example\n\nDer Knopf\nist nicht zu erreichen\./);
		assert.notEqual((await report({ page: '/', text: 'Noch etwas.' })).number, made.number);
	});

	it('name whose office takes complaints, of a procedure that everybody sees', async () => {
		const planner = await server.account('manager', hamburg);
		const { procedure } = await fileBoth(server, planner);
		assert.deepEqual((await report({ page: `/v/${procedure}/stellungnahme`, text: 'x' })).lands, [], 'what is not published says nothing');
		await server.must(200, 'POST', `/procedures/${procedure}/publish`, { token: planner, body: {} });
		assert.deepEqual((await report({ page: `${server.address}/v/${procedure}`, text: 'x' })).lands, ['02']);
	});

	it('say what is wrong', async () => {
		for (const [body, pointer] of [[{ text: 'x' }, '/page'], [{ page: '/' }, '/text'], [{ page: '#x', text: 'x' }, '/page'], [{ page: '/', text: ' \n' }, '/text'],
			[{ page: '/', text: 'x'.repeat(5001) }, '/text'], [{ page: '/', text: 'x', email: 'niemand' }, '/email']]) {
			const { errors } = await report(body, 422);
			assert.ok(errors.some((one) => one.pointer === pointer), JSON.stringify(errors));
		}
	});

	it('are listed for operators alone, and forgotten once the mail has gone out', async () => {
		const operator = await server.account('operator');
		await server.must(403, 'GET', '/barrier-reports', { token: await server.account('manager', hamburg) });
		await server.must(401, 'GET', '/barrier-reports');
		const { items, next } = await server.must(200, 'GET', '/barrier-reports?limit=2', { token: operator });
		assert.equal(items.length, 2);
		assert.deepEqual(items.map(({ text, state }) => [text, state]), [['x', 'WARTET'], ['x', 'WARTET']]);
		const more = await server.must(200, 'GET', next.replace(/^.*\/api\/v1/, ''), { token: operator });
		assert.equal(more.items.at(-1).email, 'anna@leser.example');
		await server.sql("select pp_api.mail_settle(id, true, false, 250, 'ok', now()) from pp.mail where kind = 'barrier_report'");
		const all = await server.must(200, 'GET', '/barrier-reports', { token: operator });
		assert.equal(all.items.length, 4);
		for (const { text, tools, email, state, number } of all.items) assert.deepEqual([text, tools, email, state, /^B-/.test(number)], [null, null, null, 'GESENDET', true]);
	});

	it('are slowed down, and refused where nobody would get them', async () => {
		const statuses = [];
		for (let n = 0; n < 14; n++) statuses.push((await server.api('POST', '/barrier-reports', { body: { page: '/', text: 'x' } })).status);
		assert.ok(statuses.includes(429), statuses.join(' '));
		const bare = await startServer({ settings: { mail: 'hold' } });
		try {
			const { type } = await bare.must(409, 'POST', '/barrier-reports', { body: { page: '/', text: 'x' } });
			assert.equal(type, '/problems/barrier_contact_missing');
		} finally {
			await bare.stop();
		}
		const silent = await startServer({ settings: { site: file, mail: 'off' } });
		try {
			assert.equal((await silent.must(409, 'POST', '/barrier-reports', { body: { page: '/', text: 'x' } })).type, '/problems/mail_off');
		} finally {
			await silent.stop();
		}
	});
});
