// SPDX-License-Identifier: EUPL-1.2
// The audit as auditors read it: entries by pages, proofs that Node checks by RFC 9162 alone and that are those of the command line,
// seals that are signed, and who has read what a private person says; with no word of it.
import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { psql, startServer, until } from '../../harness/server.mjs';
import { amtPinnau, creates, day, hamburg, instant, nowhere, openRound, refuses, walk } from '../support.mjs';

const hashOf = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest();
const leafOf = (hex) => hashOf(Buffer.from([0]), Buffer.from(hex, 'hex'));
const nodeOf = (left, right) => hashOf(Buffer.from([1]), left, right);
/** RFC 9162 section 2.1.3.2: the root that a way leads to. */
function rootOf(hash, leaf, size, path) {
	let [fn, sn] = [leaf, size - 1];
	for (const sibling of path.map((hex) => Buffer.from(hex, 'hex'))) {
		assert.ok(sn > 0);
		if (fn % 2 || fn === sn) {
			hash = nodeOf(sibling, hash);
			while (fn % 2 === 0 && fn) [fn, sn] = [fn >> 1, sn >> 1];
		} else hash = nodeOf(hash, sibling);
		[fn, sn] = [fn >> 1, sn >> 1];
	}
	assert.equal(sn, 0);
	return hash.toString('hex');
}

describe('the audit as it is read', () => {
	let server, auditor, planner, amt, procedure, other, statement, person;
	const words = 'Der Weg zur Schule wird gefährlich';
	before(async () => {
		server = await startServer();
		auditor = await server.account('auditor');
		planner = await server.account('manager', hamburg);
		amt = await server.account('clerk releaser', amtPinnau);
		({ procedure } = await openRound(server, planner, { round: { audience: 'NACHB' } }));
		const open = await openRound(server, planner, { round: { step: 'FOERM_OEFF', audience: 'OEFF', start: day(0), end: day(50) } });
		other = open.procedure;
		const made = await creates(server, `/rounds/${open.round}/statements`, { body: { stance: 'EINWENDUNG', text: words, person: { family_name: 'Muster' } } });
		[statement, person] = [made.id, made.person.id];
		await server.must(200, 'GET', `/statements/${statement}`, { token: planner });
		await server.must(200, 'GET', `/persons/${person}?purpose=RUECKFRAGE`, { token: planner });
		await until(async () => (await psql(server.database.superuser,
			'select 1 from pp.audit_head h left join pp.audit_sealed s on s.chain = h.chain where h.seq > coalesce(s.seq, 0)')).length === 0);
	});
	after(() => server.stop());
	/** All pages, when whatever the clerk has written meanwhile is sealed, too. */
	const sealed = (path) => until(async () => {
		const entries = await walk(server, path, { token: auditor });
		return entries.every((entry) => entry.seal !== null) && entries;
	});

	it('has pages of entries, newest first, with who, when and what kind', async () => {
		const all = await sealed(`/audit/entries?procedure=${other}&limit=7`);
		assert.deepEqual(all.map((e) => e.seq), Array.from({ length: all.length }, (_, i) => all.length - i));
		assert.ok(all.length > 20);
		for (const [i, e] of all.entries()) {
			assert.match(e.at, instant);
			assert.equal(e.chain, other);
			assert.equal(e.prev, all[i + 1]?.hash ?? '0'.repeat(64));
			assert.ok(Number.isInteger(e.seal));
		}
		const own = all.find((e) => e.relation === 'procedure' && e.action === 'insert');
		assert.deepEqual([own.body, own.body_name, own.actor_name, own.login, own.roles], [hamburg, 'Hamburg', planner.email, 'pp_server', ['reader', 'manager']]);
		assert.ok(own.columns.includes('title'));
		const everything = await walk(server, '/audit/entries?limit=100', { token: auditor });
		assert.deepEqual(everything.map((e) => e.at), everything.map((e) => e.at).sort().reverse());
		assert.ok(everything.some((e) => e.chain === procedure) && everything.some((e) => e.chain === '00000000-0000-0000-0000-000000000000'));
		const statements = await walk(server, '/audit/entries?relation=statement&action=insert', { token: auditor });
		assert.deepEqual(statements.map((e) => [e.key, e.actor, e.actor_name]), [[statement, null, null]], 'and not who has stated it');
		const mine = await walk(server, `/audit/entries?account=${own.actor}&since=${own.at}&until=2100-01-01T00:00:00Z`, { token: auditor });
		assert.ok(mine.length > 10 && mine.every((e) => e.actor === own.actor && e.at >= own.at));
		assert.ok(!JSON.stringify(everything).includes('Schule'));
	});

	it('proves every entry against the newest seal and any that covers it', async () => {
		const entries = await sealed('/audit/entries?limit=500');
		const roots = new Map((await walk(server, '/audit/seals?limit=3', { token: auditor })).map((seal) => [seal.no, seal]));
		let lengths = 0;
		for (const entry of entries.filter((_, i) => i % 3 === 0 || i > entries.length - 8)) {
			const shown = await server.must(200, 'GET', `/audit/entries/${entry.chain}/${entry.seq}`, { token: auditor });
			const { proof, ...rest } = shown;
			assert.deepEqual(rest, entry);
			const covering = await server.must(200, 'GET', `/audit/entries/${entry.chain}/${entry.seq}?seal=${entry.seal}`, { token: auditor });
			for (const { seal, leaf, path } of [proof, covering.proof]) {
				assert.equal(rootOf(leafOf(entry.hash), leaf, seal.size, path), seal.root);
				assert.deepEqual(roots.get(seal.no) ?? seal, seal);
				lengths += path.length;
			}
		}
		assert.ok(lengths > 100);
		const said = JSON.parse((await server.command(['audit', 'prove', other, '9'])).stdout);
		const { proof } = await server.must(200, 'GET', `/audit/entries/${other}/9`, { token: auditor });
		if (said.size === proof.seal.size) assert.deepEqual([proof.leaf, proof.path, proof.seal.root], [said.leaf, said.path, said.root]);
		const [first, last] = [entries.at(-1), entries.find((e) => e.seal !== entries.at(-1).seal)];
		await refuses(server, 409, 'conflict', 'GET', `/audit/entries/${last.chain}/${last.seq}?seal=${first.seal}`, { token: auditor });
		await refuses(server, 404, 'not_found', 'GET', `/audit/entries/${other}/9?seal=999999`, { token: auditor });
		await refuses(server, 404, 'not_found', 'GET', `/audit/entries/${other}/999999`, { token: auditor });
		await refuses(server, 404, 'not_found', 'GET', `/audit/entries/${other}/x`, { token: auditor });
	});

	it('has seals that are signed', async () => {
		const seals = await walk(server, '/audit/seals?limit=2', { token: auditor });
		const { items } = await server.must(200, 'GET', '/receipt-keys');
		assert.deepEqual(seals.map((seal) => seal.no), Array.from({ length: seals.length }, (_, i) => seals.length - i));
		for (const { at, no, root, size, type, key, signature, entries } of seals) {
			assert.equal(size - entries, seals.find((seal) => seal.no === no - 1)?.size ?? 0);
			const { public_key } = items.find((each) => each.id === key);
			const jwk = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(public_key, 'hex').toString('base64url') } });
			assert.ok(verifySignature(null, Buffer.from(JSON.stringify({ at, no, root, size, type })), jwk, Buffer.from(signature, 'hex')));
		}
	});

	it('tells who has read what a private person says, and for what', async () => {
		for (const [token, where] of [[auditor, ''], [auditor, `statement=${statement}`], [auditor, `person=${person}`], [planner, `procedure=${other}`]]) {
			const items = await walk(server, `/audit/readings?limit=1&${where}`, { token });
			assert.deepEqual(items.filter((r) => r.what === 'INHALT').map((r) => [r.account_name, r.body, r.procedure, r.person, r.statement, r.purpose]),
				[[planner.email, hamburg, other, person, statement, null]]);
			assert.deepEqual(items.filter((r) => r.what === 'PERSON').map((r) => [r.account_name, r.statement, r.purpose]),
				where.startsWith('statement') ? [] : [[planner.email, null, 'RUECKFRAGE']]);
			assert.ok(!/Schule|Muster/.test(JSON.stringify(items)));
		}
		assert.deepEqual(await walk(server, `/audit/readings?procedure=${procedure}`, { token: auditor }), []);
	});

	it('is for auditors, and of a procedure for whoever conducts it', async () => {
		const rival = await server.account('manager', '01001000');
		for (const path of ['/audit/entries', '/audit/readings']) {
			await refuses(server, 401, 'unauthenticated', 'GET', path);
			for (const role of ['operator', 'public']) await refuses(server, 403, 'forbidden', 'GET', path, { token: await server.account(role) });
			await refuses(server, 403, 'forbidden', 'GET', `${path}?procedure=${procedure}`, { token: amt });
			await refuses(server, 404, 'procedure_not_found', 'GET', `${path}?procedure=${procedure}`, { token: rival });
			await refuses(server, 400, 'invalid_parameter', 'GET', path, { token: planner });
			await server.must(200, 'GET', `${path}?procedure=${procedure}`, { token: planner });
			await refuses(server, 400, 'invalid_parameter', 'GET', `${path}?cursor=x`, { token: auditor });
		}
		await refuses(server, 403, 'forbidden', 'GET', '/audit/seals', { token: planner });
		await refuses(server, 404, 'not_found', 'GET', `/audit/entries/${procedure}/1`, { token: rival });
		await server.must(200, 'GET', `/audit/entries/${procedure}/1`, { token: planner });
		await refuses(server, 404, 'not_found', 'GET', `/audit/entries/${nowhere}/1`, { token: auditor });
	});
});
