// SPDX-License-Identifier: EUPL-1.2
// Receipts: in the reply at once, signed; the same later as a file; checked with nothing but the public
// key, by Node's own Ed25519 and by the program; and without the clerk, too.
import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { command, psql, startServer, until } from '../../harness/server.mjs';
import { amtPinnau, ellerbek, halstenbek, hamburg, instant, invitationOf, nowhere, openRound, pointers, refuses } from '../support.mjs';

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
// RFC 8785 for what has no numbers but integers.
const canonical = (value) => Array.isArray(value) ? `[${value.map(canonical)}]`
	: value && typeof value === 'object' ? `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`)}}`
		: JSON.stringify(value);

describe('receipts', () => {
	const folder = mkdtempSync(join(tmpdir(), 'pp-receipt-'));
	let server, planner, amt, other, opened, invitation, made;
	before(async () => {
		server = await startServer({ settings: { signing_key: join(folder, 'key') } });
		planner = await server.account('manager', hamburg);
		amt = await server.account('releaser', amtPinnau);
		other = await server.account('releaser', halstenbek);
		opened = await openRound(server, planner, { round: { audience: 'NACHB' } });
		invitation = (await invitationOf(server, amt, opened.round, ellerbek)).id;
		await until(async () => (await keys()).length > 0);
	});
	after(async () => {
		server.expectsDeaths = true;
		await server.stop();
		rmSync(folder, { recursive: true });
	});

	const keys = async () => (await server.must(200, 'GET', '/receipt-keys')).items;
	const publicKey = (hex) => createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(hex, 'hex').toString('base64url') } });
	const check = (path, ...words) => command(['receipt', 'verify', path, ...words]);

	/** What every receipt is: canonical, signed, in the chain. Its text as it came. */
	async function holds(reply, kind) {
		const { receipt, signature } = reply.body.receipt;
		const document = canonical(receipt);
		assert.ok(reply.text.includes(`"receipt":{"receipt":${document},"signature":{"algorithm":"Ed25519",`), 'it is canonical as it stands');
		const known = (await keys()).find((key) => key.id === signature.key);
		assert.equal(known.id, sha256(Buffer.from(known.public_key, 'hex')).slice(0, 16));
		assert.ok(verifySignature(null, Buffer.from(document), publicKey(known.public_key), Buffer.from(signature.value, 'hex')));
		assert.deepEqual([receipt.kind, receipt.type, receipt.procedure.id, receipt.chain.procedure], [kind, 'planungsplattform-receipt-1', opened.procedure, opened.procedure]);
		assert.match(receipt.instant, instant);
		const [entry] = await psql(server.database.superuser, `select encode(hash, 'hex') as hash, key from pp.audit_entry
			where chain = '${opened.procedure}' and seq = ${receipt.chain.seq}`);
		assert.deepEqual(entry, { hash: receipt.chain.hash, key: receipt.object });
		return receipt;
	}

	it('answer a submission at once, with what was received, when, and until when it had to be', async () => {
		const headers = { 'Idempotency-Key': 'receipt' };
		const body = { stance: 'BEDENKEN', text: 'Zu laut' };
		const reply = await server.api('POST', `/invitations/${invitation}/statements`, { token: amt, headers, body });
		assert.equal(reply.status, 201, reply.text);
		made = reply.body;
		const receipt = await holds(reply, 'EINGANG');
		assert.deepEqual([receipt.object, receipt.number, receipt.instant, receipt.on_time, receipt.content_sha256, receipt.deadline.at],
			[made.id, made.number, made.received_at, true, made.sha256, made.deadline_at]);
		assert.deepEqual([receipt.deadline.reason, receipt.deadline.law], ['ROUND_END', '§ 4 (2), § 2 (2) BauGB']);
		assert.match(receipt.text, new RegExp(`^Ihre Stellungnahme Nr\\. ${made.number} ist am \\d\\d\\.\\d\\d\\.\\d{4}, .* Uhr eingegangen\\. Die Frist endet mit Ablauf des .*; die Stellungnahme ist fristgerecht\\.`));
		const again = await server.api('POST', `/invitations/${invitation}/statements`, { token: amt, headers, body });
		assert.equal(again.text, reply.text, 'a repeated request has the same receipt, to the byte');
	});

	it('answer reading, extension, withdrawal and a supplement', async () => {
		const read = await server.api('POST', `/invitations/${invitation}/acknowledge`, { token: amt, body: {} });
		const reading = await holds(read, 'KENNTNISNAHME');
		assert.deepEqual([reading.object, reading.number, reading.on_time, reading.instant], [invitation, null, null, read.body.acknowledged_at]);
		const extended = await server.api('POST', `/invitations/${invitation}/extension`, { token: planner, body: { deadline: '2031-01-31', reason: 'Sitzung des Ausschusses' } });
		const later = await holds(extended, 'FRISTVERLAENGERUNG');
		assert.deepEqual([later.deadline.reason, later.deadline.at], ['EXTENSION', extended.body.deadline_at]);
		const more = await server.api('POST', `/statements/${made.id}/supplements`, { token: amt, body: { stance: 'HINWEISE', text: 'Noch etwas' } });
		assert.equal((await holds(more, 'EINGANG')).number, `${made.number}-1`);
		const back = await server.api('POST', `/statements/${more.body.id}/withdraw`, { token: amt, body: {} });
		assert.equal((await holds(back, 'RUECKNAHME')).instant, back.body.withdrawn_at);
		const several = await server.api('POST', '/inbox/answers', { token: amt, body: { invitations: [invitation], stance: 'KEINE_BEDENKEN' } });
		const [one] = several.body.statements;
		await holds({ text: several.text, body: one }, 'EINGANG');
	});

	it('never are of what the commit refused', async () => {
		// Deferred, behind everything that the request itself did: every query has answered well when it fails.
		for (const [deed, statuses] of [[`raise exception 'no'`, [500]], ['perform pg_terminate_backend(pg_backend_pid())', [500, 503]]]) {
			await psql(server.database.superuser, `create function public.fails() returns trigger language plpgsql security definer as $$ begin ${deed}; return null; end $$;
				create constraint trigger fails after update on pp.invitation deferrable initially deferred for each row execute function public.fails()`);
			const send = () => server.api('POST', `/invitations/${invitation}/statements`, { token: amt,
				headers: { 'Idempotency-Key': deed.slice(0, 9) }, body: { stance: 'HINWEISE', text: deed } });
			const stored = async () => (await psql(server.database.superuser, 'select text from pp.statement')).filter((s) => s.text === deed).length;
			const failed = await send();
			assert.ok(statuses.includes(failed.status), failed.text);
			assert.equal(failed.body.receipt, undefined);
			assert.equal(await stored(), 0);
			await psql(server.database.superuser, 'drop trigger fails on pp.invitation; drop function public.fails()');
			const again = await send();
			assert.equal(again.status, 201, again.text);
			assert.equal(await stored(), 1);
			await holds(again, 'EINGANG');
		}
	});

	it('are there later as a file, for whom they are', async () => {
		const { receipt, signature } = made.receipt;
		const shown = await server.api('GET', `/receipts/${receipt.id}`, { token: amt });
		assert.equal(shown.status, 200);
		assert.equal(shown.text, canonical({ receipt, signature }));
		assert.equal((await server.api('GET', `/receipts/${receipt.id}`, { token: planner })).text, shown.text);
		await refuses(server, 404, 'receipt_not_found', 'GET', `/receipts/${receipt.id}`, { token: other });
		await refuses(server, 401, 'unauthenticated', 'GET', `/receipts/${receipt.id}`);
		await until(async () => (await psql(server.database.superuser, `select encode(signature, 'hex') as value from pp.receipt_signature where receipt = '${receipt.id}'`))[0]?.value === signature.value);
		writeFileSync(join(folder, 'receipt.json'), shown.text);
	});

	it('hold by the public key alone, and with another byte they do not', async () => {
		const path = join(folder, 'receipt.json');
		writeFileSync(join(folder, 'public'), JSON.stringify(await keys()));
		const valid = await check(path, '--key', join(folder, 'public'));
		assert.equal(valid.status, 0, valid.stdout + valid.stderr);
		assert.match(valid.stdout, /^gültig \/ valid: [0-9a-f]{16}\nIhre Stellungnahme Nr\. /);
		const bytes = readFileSync(path);
		for (const place of [0, 12, bytes.indexOf('on_time') + 9, bytes.indexOf('BEDENKEN'), Math.floor(bytes.length / 2), bytes.length - 3]) {
			const changed = Buffer.from(bytes);
			changed[place < 0 ? 20 : place] ^= 1;
			writeFileSync(join(folder, 'changed.json'), changed);
			assert.equal((await check(join(folder, 'changed.json'), '--key', join(folder, 'public'))).status, 1, `byte ${place}`);
		}
		writeFileSync(join(folder, 'strange'), '0'.repeat(64));
		assert.equal((await check(path, '--key', join(folder, 'strange'))).status, 1);
		assert.equal((await check(path, '--key', join(folder, 'none'))).status, 2);
	});

	it('can be shown to the platform, which tells whether it knows them, and nothing else', async () => {
		const { receipt, signature } = made.receipt;
		const ask = (body) => server.must(200, 'POST', '/receipts/verify', { body });
		await until(async () => (await ask({ receipt, signature })).sealed);
		assert.deepEqual(await ask({ receipt, signature }), { signed: true, recorded: true, chained: true, sealed: true });
		assert.deepEqual(await ask({ receipt: { ...receipt, on_time: false }, signature }), { signed: false, recorded: false, chained: true, sealed: true });
		assert.deepEqual(await ask({ receipt: { ...receipt, chain: { ...receipt.chain, hash: '0'.repeat(64) } }, signature }),
			{ signed: false, recorded: false, chained: false, sealed: false });
		assert.deepEqual(await ask({ receipt: {}, signature: { ...signature, key: '0'.repeat(16) } }), { signed: false, recorded: false, chained: false, sealed: false });
		const wrong = await refuses(server, 422, 'invalid_body', 'POST', '/receipts/verify', { body: { receipt: { on_time: 0.5 }, signature } });
		assert.deepEqual(pointers(wrong), ['/receipt']);
		await refuses(server, 422, 'invalid_body', 'POST', '/receipts/verify', { body: { receipt } });
	});

	it('keep holding when the key is changed', async () => {
		const key = join(folder, 'key');
		assert.equal(statSync(key).mode & 0o777, 0o600);
		const rotated = await command(['receipt', 'key', '--rotate', '--signing_key', key]);
		assert.equal(rotated.status, 0, rotated.stderr);
		const [id, digits] = rotated.stdout.trim().split(' ');
		assert.equal(id, sha256(Buffer.from(digits, 'hex')).slice(0, 16));
		process.kill(server.pid, 'SIGHUP');
		const list = await until(async () => {
			const all = await keys();
			return all.some((each) => each.id === id) ? all : null;
		}, 100);
		const old = list.find((each) => each.id === made.receipt.signature.key);
		assert.match(old.valid_to, instant);
		assert.equal(list.find((each) => each.id === id).valid_to, null);
		assert.equal((await server.must(200, 'POST', '/receipts/verify', { body: made.receipt })).signed, true);
		writeFileSync(join(folder, 'public'), JSON.stringify(list));
		assert.equal((await check(join(folder, 'receipt.json'), '--key', join(folder, 'public'))).status, 0);
		const next = await server.api('POST', `/invitations/${invitation}/statements`, { token: amt, body: { stance: 'HINWEISE', text: 'Danach' } });
		assert.equal(next.body.receipt.signature.key, id);
		await holds(next, 'EINGANG');
	});

	it('do not hold a submission up where nobody signs', async () => {
		server.expectsDeaths = true;
		const [clerk] = await server.pids('clerk');
		process.kill(clerk, 'SIGSTOP');
		const asked = server.api('POST', `/invitations/${invitation}/statements`, { token: amt, body: { stance: 'HINWEISE', text: 'Ohne' } });
		await until(async () => (await psql(server.database.superuser, `select 1 from pp.statement where text = 'Ohne'`)).length === 1);
		process.kill(clerk, 'SIGKILL');
		const reply = await asked;
		assert.equal(reply.status, 201, reply.text);
		if (reply.body.receipt.signature !== null) return;
		const { id } = reply.body.receipt.receipt;
		const later = await until(async () => (await server.must(200, 'GET', `/receipts/${id}`, { token: amt })).signature, 100);
		assert.match(later.value, /^[0-9a-f]{128}$/);
		await refuses(server, 404, 'receipt_not_found', 'GET', `/receipts/${nowhere}`, { token: amt });
	});
});
