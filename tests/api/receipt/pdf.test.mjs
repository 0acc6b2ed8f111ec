// SPDX-License-Identifier: EUPL-1.2
// Receipts as PDF, made when asked for: what stands in them by another reader (poppler), the signed file that is attached, and that the
// same receipt is the same PDF to the byte.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { command, startServer } from '../../harness/server.mjs';
import { amtPinnau, day, ellerbek, hamburg, invitationOf, nowhere, openRound, pointers, refuses } from '../support.mjs';

const noPoppler = spawnSync('pdftotext', ['-v']).status === 0 ? false : 'poppler-utils is not installed';
const flat = (text) => text.replace(/\s+/g, ' ');

describe('receipts as PDF', { skip: noPoppler }, () => {
	const folder = mkdtempSync(join(tmpdir(), 'pp-pdf-'));
	let server, amt, planner, citizen, made, shown, invitation;
	before(async () => {
		server = await startServer();
		planner = await server.account('manager', hamburg);
		amt = await server.account('clerk releaser', amtPinnau);
		citizen = await server.account('public');
		const open = await openRound(server, planner, { title: 'Bebauungsplan „Große Straße“ – Łódź, Ærø, Ωμέγα', round: { audience: 'NACHB' } });
		shown = await openRound(server, planner, { round: { step: 'FOERM_OEFF', audience: 'OEFF', start: day(0), end: day(50) } });
		invitation = (await invitationOf(server, amt, open.round, ellerbek)).id;
		made = await server.must(201, 'POST', `/invitations/${invitation}/statements`, { token: amt, body: { stance: 'BEDENKEN', text: 'Kanarienwort' } });
	});
	after(async () => {
		await server.stop();
		rmSync(folder, { recursive: true });
	});

	/** The reply with its bytes, read by poppler. */
	async function fetched(path, { token, accept, ...options } = {}) {
		const reply = await fetch(`${server.address}/api/v1${path}`, { ...options, headers: { ...(token ? { Authorization: `Bearer ${token.token}` } : {}), ...(accept ? { Accept: accept } : {}), ...options.headers } });
		const bytes = Buffer.from(await reply.arrayBuffer());
		assert.equal(reply.status, 200, bytes.toString('latin1', 0, 400));
		assert.equal(reply.headers.get('content-type'), 'application/pdf');
		const file = join(folder, 'receipt.pdf');
		writeFileSync(file, bytes);
		const run = (program, ...words) => execFileSync(program, words, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
		return { reply, bytes, file, text: run('pdftotext', '-layout', file, '-'), info: run('pdfinfo', file), run };
	}
	const pdf = (id, token = amt) => fetched(`/receipts/${id}`, { token, accept: 'application/pdf' });

	it('say what the receipt says, German first and English below', async () => {
		const { receipt, signature } = made.receipt;
		const { text, info, reply } = await pdf(receipt.id);
		const words = flat(text);
		assert.ok(words.startsWith('Eingangsbestätigung Receipt of a statement'), words.slice(0, 200));
		assert.ok(words.includes(receipt.text), receipt.text);
		assert.ok(words.indexOf(receipt.text) < words.indexOf(`Your statement no. ${made.number} was received on `));
		for (const fact of [receipt.number, receipt.instant, receipt.deadline.law, receipt.deadline.rule, receipt.procedure.title, receipt.procedure.planner, receipt.content_sha256,
			receipt.chain.hash, `${receipt.chain.procedure}, ${receipt.chain.seq}`, receipt.id, signature.key, signature.value.slice(0, 64), signature.value.slice(64),
			'planungsplattform receipt verify beleg.json --key keys.json', `${server.address}/api/v1/receipts/verify`])
			assert.ok(words.includes(fact), `${fact} in ${words}`);
		assert.match(info, new RegExp(`Title: +Eingangsbestätigung ${made.number}\n`));
		assert.match(info, /Author: +Hamburg\n/);
		assert.match(info, /Tagged: +yes\n/);
		assert.match(info, /Page size: +595\.\d+ x 841\.\d+ pts \(A4\)\n/);
		assert.match(info, /JavaScript: +no\n/);
		assert.equal(reply.headers.get('content-disposition'), `inline; filename="Beleg-${made.number}.pdf"`);
		assert.ok(!words.includes('Kanarienwort'), 'and no word of the statement');
	});

	it('carry the signed file, which holds by itself', async () => {
		const { run, bytes } = await pdf(made.receipt.receipt.id);
		run('pdfdetach', '-saveall', 'receipt.pdf');
		assert.deepEqual(JSON.parse(readFileSync(join(folder, 'beleg.json'), 'utf8')), made.receipt);
		writeFileSync(join(folder, 'keys.json'), JSON.stringify(await server.must(200, 'GET', '/receipt-keys')));
		const valid = await command(['receipt', 'verify', join(folder, 'beleg.json'), '--key', join(folder, 'keys.json')]);
		assert.equal(valid.status, 0, valid.stdout + valid.stderr);
		assert.match(bytes.toString('latin1'), /\/Lang \(de-DE\)\n/);
		assert.equal(spawnSync('pdftoppm', ['-r', '30', '-png', 'receipt.pdf', 'page'], { cwd: folder }).stderr.toString(), '', 'nothing to complain about');
	});

	it('are the same to the byte, and known by their ETag', async () => {
		const { id } = made.receipt.receipt;
		const [first, second, linked] = [await pdf(id), await pdf(id, planner), await fetched(`/receipts/${id}/pdf`, { token: amt })];
		assert.ok(first.bytes.equals(second.bytes) && first.bytes.equals(linked.bytes));
		const etag = first.reply.headers.get('etag');
		assert.match(etag, /^"[\w-]+"$/);
		const again = await fetch(`${server.address}/api/v1/receipts/${id}`, { headers: { Authorization: `Bearer ${amt.token}`, Accept: 'application/pdf', 'If-None-Match': etag } });
		assert.equal(again.status, 304);
		const json = await server.api('GET', `/receipts/${id}`, { token: amt });
		assert.deepEqual(json.body, made.receipt);
		assert.match(json.headers.get('vary'), /Accept/);
	});

	it('have a title for each kind', async () => {
		const reason = 'Die Gemeindevertretung tagt später';
		const titles = [];
		for (const [path, token, body] of [[`/invitations/${invitation}/acknowledge`, amt, {}], [`/statements/${made.id}/withdraw`, amt, {}],
			[`/invitations/${invitation}/extension-requests`, amt, { until: '2031-01-31', reason }], [`/invitations/${invitation}/extension`, planner, { deadline: '2031-02-28', reason }]]) {
			const { body: { receipt: { receipt } } } = await server.api('POST', path, { token, body });
			const { text } = await pdf(receipt.id, planner);
			assert.ok(flat(text).includes(receipt.text), text);
			titles.push(text.split('\n').slice(0, 2).map((line) => line.trim()));
		}
		assert.deepEqual(titles.map(([german]) => german), ['Bestätigung der Kenntnisnahme', 'Bestätigung der Rücknahme', 'Eingangsbestätigung eines Antrags auf', 'Bestätigung der Fristverlängerung']);
	});

	it('are made for whoever has a receipt and no account, and of nothing else', async () => {
		const said = await server.must(201, 'POST', `/rounds/${shown.round}/statements`, { body: { stance: 'EINWENDUNG', text: 'Kanarienwort', person: { family_name: 'Kanarienname', town: 'Kanarienort' } } });
		const post = (body) => ({ method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
		const { text, bytes } = await fetched('/receipts/pdf', post(said.receipt));
		assert.ok(flat(text).includes(said.receipt.receipt.text));
		assert.ok(!/Kanarien/.test(text), 'without a word or a name of theirs');
		assert.ok((await pdf(said.receipt.receipt.id, planner)).bytes.equals(bytes));
		for (const body of [{ ...said.receipt, receipt: { ...said.receipt.receipt, on_time: false } }, { ...said.receipt, signature: { ...said.receipt.signature, key: '0'.repeat(16) } },
			{ ...said.receipt, signature: { ...said.receipt.signature, value: '0'.repeat(128) } }])
			assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', '/receipts/pdf', { body })), ['/signature']);
		for (const path of [`/receipts/${said.receipt.receipt.id}`, `/receipts/${said.receipt.receipt.id}/pdf`, `/receipts/${nowhere}/pdf`]) {
			await refuses(server, 404, 'receipt_not_found', 'GET', path, { token: citizen, headers: { Accept: 'application/pdf' } });
			await refuses(server, 401, 'unauthenticated', 'GET', path, { headers: { Accept: 'application/pdf' } });
		}
	});
});
