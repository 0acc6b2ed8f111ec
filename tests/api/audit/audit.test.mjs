// SPDX-License-Identifier: EUPL-1.2
// The audit chain against the owner of the tables, who may switch off every trigger: whatever is done
// past the server is found, with its place.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { command, psql, root, startServer, until } from '../../harness/server.mjs';
import { amtPinnau, creates, ellerbek, hamburg, invitationOf, openRound } from '../support.mjs';

const run = promisify(execFile);
const sha256 = (text) => createHash('sha256').update(text).digest('hex');

describe('the audit chain', () => {
	const folder = mkdtempSync(join(tmpdir(), 'pp-audit-'));
	let server, database, procedure, statement, invitation, roots, copies = 0;
	const sealed = () => until(async () => (await psql(database.superuser,
		'select 1 from pp.audit_head h left join pp.audit_sealed s on s.chain = h.chain where h.seq > coalesce(s.seq, 0)')).length === 0);
	const at = (name) => database.superuser.replace(database.name, name);
	const verify = (name, words = []) => command(['audit', 'verify', '--lang', 'en', ...words], { env: { PP_DATABASE_URL: database.url.replace(database.name, name) } });

	/** A copy of the database that was tampered with, and what verify says of it. */
	async function tampered(deed, words) {
		const name = `${database.name}_copy_${++copies}`;
		await psql(at('postgres'), `create database ${name} template ${database.name}`);
		try {
			await psql(at(name), `set session_replication_role = replica; ${deed}`);
			return await verify(name, words);
		} finally {
			await psql(at('postgres'), `drop database ${name} with (force)`);
		}
	}
	const entry = async (relation, key) => (await psql(database.superuser,
		`select max(seq) as seq from pp.audit_entry where relation = '${relation}' and key = '${key}'`))[0].seq;

	before(async () => {
		server = await startServer();
		database = server.database;
		const planner = await server.account('manager', hamburg);
		const amt = await server.account('clerk releaser', amtPinnau);
		const opened = await openRound(server, planner, { round: { audience: 'NACHB' } });
		procedure = opened.procedure;
		invitation = (await invitationOf(server, amt, opened.round, ellerbek)).id;
		await server.must(200, 'POST', `/invitations/${invitation}/acknowledge`, { token: amt, body: {} });
		statement = (await creates(server, `/invitations/${invitation}/statements`, { token: amt,
			body: { stance: 'BEDENKEN', text: 'Zu laut\n"und" zu hoch \\ – für uns €', reservation: 'vorbehaltlich' } })).id;
		const second = await creates(server, `/invitations/${invitation}/statements`, { token: amt, body: { stance: 'HINWEISE', text: 'Noch etwas' } });
		await server.must(200, 'POST', `/statements/${second.id}/withdraw`, { token: amt, body: {} });
		await sealed();
		await run('pg_dump', ['-Fc', '-d', database.superuser, '-f', join(folder, 'older')]);
		await openRound(server, planner, { round: { step: 'FOERM_OEFF', audience: 'OEFF' } });
		await sealed();
		assert.ok(server.log.some((line) => line.event === 'audit_sealed'), 'the journal has every root');
		await server.stop({ keepDatabase: true });
		roots = (await command(['audit', 'export'], { env: { PP_DATABASE_URL: database.url } })).stdout;
		writeFileSync(join(folder, 'roots'), roots);
	});
	after(async () => {
		await database.drop();
		rmSync(folder, { recursive: true });
	});

	it('holds when nothing was done', async () => {
		const whole = await verify(database.name);
		assert.equal(whole.status, 0, whole.stdout + whole.stderr);
		assert.match(whole.stdout, /^(note: chain 0{8}-[-0]+, entries \d+–\d+, \w+: (insert|adopted), \d{4}_\w+\.sql, 20\S+Z\n)*\d+ entries checked, \d+ adopted, \d+ by migrations; \d+ seals, 0 exported roots: 0 findings\n$/);
		const one = await verify(database.name, ['--procedure', procedure]);
		assert.equal(one.status, 0, one.stdout + one.stderr);
		assert.match((await command(['audit', 'verify'], { env: { PP_DATABASE_URL: database.url } })).stdout, /^\d+ Einträge geprüft.*: 0 Befunde\n$/m);
	});

	it('is what its description says, computed by somebody else', async () => {
		const entries = await psql(database.superuser, `select e.chain, e.seq, pp.rfc3339(e.at) as at, e.actor, e.body, e.role, e.login, e.action, e.relation, e.key,
			s.columns, encode(e.content_sha256, 'hex') as content, encode(e.marks, 'hex') as marks, encode(e.prev, 'hex') as prev, encode(e.hash, 'hex') as hash
			from pp.audit_entry e join pp.audit_shape s on s.id = e.shape where e.chain = '${procedure}' order by e.seq`);
		assert.ok(entries.length > 20);
		let prev = '0'.repeat(64);
		for (const [i, e] of entries.entries()) {
			assert.equal(e.seq, i + 1);
			assert.equal(e.prev, prev);
			assert.equal(e.hash, sha256(JSON.stringify(['pp-audit-1', e.chain, e.seq, e.at, e.actor, e.body, e.role, e.login, e.action, e.relation, e.key,
				sha256(e.columns.join(',')), e.content, e.marks, e.prev])));
			prev = e.hash;
		}
		const of = entries.find((e) => e.relation === 'statement' && e.key === statement);
		assert.deepEqual([of.login, of.body, of.role, of.action], ['pp_server', amtPinnau, 'reader clerk releaser', 'insert']);
		// Canonical JSON (RFC 8785) of an object of strings is what JSON.stringify makes of it, in the order of its keys.
		const party = entries.find((e) => e.relation === 'procedure_party');
		const body = party.key.split('/')[1];
		assert.equal(party.content, sha256(JSON.stringify({ body, procedure })));
	});

	it('asks for the very tables that are recorded', async () => {
		const asked = readFileSync(join(root, 'sql/queries/audit.sql'), 'utf8').matchAll(/from pp\.(\w+) t where \$2 = '(\w+)'/g);
		const names = [...asked].map(([, table, name]) => (assert.equal(table, name), name)).sort();
		assert.deepEqual(names, (await psql(database.superuser, 'select relation from pp.audit_relation')).map((r) => r.relation).sort());
	});

	for (const [what, deed, place] of [
		['the words of a statement', () => `update pp.statement set text = 'Alles gut' where id = '${statement}'`, () => ['statement', 'changed without being recorded: text']],
		['its instant of receipt', () => `update pp.statement set received_at = received_at + '1 microsecond' where id = '${statement}'`,
			() => ['statement', 'changed without being recorded: received_at']],
		['a point of it', () => `update pp.statement_point set text = 'Alles gut' where statement = '${statement}'`, () => ['statement', 'changed without being recorded: points']],
		['what is empty', () => `update pp.statement set withdraw_reason = 'x' where id = '${statement}'`, () => ['statement', 'changed without being recorded: withdraw_reason']],
		['a statement that is deleted', () => `delete from pp.statement where id = '${statement}'`, () => ['statement', 'deleted']],
	])
		it(`finds ${what}`, async () => {
			const found = await tampered(deed());
			const [relation, words] = place();
			assert.equal(found.status, 1, found.stderr);
			assert.equal(found.stdout.split('\n')[0], `chain ${procedure}, entry ${await entry('statement', statement)}, ${relation} ${statement}: ${words}`);
			assert.match(found.stdout, / 1 findings\n$/);
			const one = await tampered(deed(), ['--procedure', procedure]);
			assert.equal(one.stdout.split('\n')[0], found.stdout.split('\n')[0]);
		});

	it('finds when an invitation was read, and the geometry of a plan', async () => {
		const read = await tampered(`update pp.invitation set acknowledged_at = acknowledged_at - interval '1 day' where id = '${invitation}'`);
		assert.equal(read.stdout.split('\n')[0], `chain ${procedure}, entry ${await entry('invitation', invitation)}, invitation ${invitation}: changed without being recorded: acknowledged_at`);
		const moved = await tampered(`update pp.plan set geom = ST_Translate(geom, 0.0000001, 0) where procedure = '${procedure}'`);
		assert.match(moved.stdout, /plan [-0-9a-f]{36}: changed without being recorded: geom\n/);
		const other = await tampered(`delete from pp.affected_evidence where plan in (select id from pp.plan where procedure = '${procedure}')`);
		assert.match(other.stdout, /plan [-0-9a-f]{36}: changed without being recorded: affected_evidence\n/);
	});

	it('finds what was inserted', async () => {
		const found = await tampered(`insert into pp.procedure_party select '${procedure}', key from pp.body where key like '01051%' limit 1`);
		assert.equal(found.status, 1);
		assert.match(found.stdout, /^chain -, procedure_party [-0-9a-f]{36}\/\d+: inserted without being recorded\n/);
	});

	const inChain = (seq) => `chain = '${procedure}' and seq = ${seq}`;
	for (const [what, deed, words] of [
		['an entry that was edited', `update pp.audit_entry set role = 'manager', actor = null where X`, 'entry 7, .*: the entry was altered'],
		['an entry that was deleted', `delete from pp.audit_entry where X`, 'entry 8, .*: entries before it are missing'],
		['the first one', `delete from pp.audit_entry where chain = 'P' and seq = 1`, 'entry 2, .*: entries before it are missing'],
		['two that changed places', `update pp.audit_entry set seq = -seq where chain = 'P' and seq in (7, 8);
			update pp.audit_entry set seq = 15 + seq where chain = 'P' and seq < 0`, 'entry 7, .*: the entry was altered'],
		['the end that was cut off', `delete from pp.audit_entry where chain = 'P' and seq > 12`, 'entry 13: the end of the chain is missing'],
		['all of it', `delete from pp.audit_entry where chain = 'P'`, 'entry 1: the end of the chain is missing'],
		['the columns that an entry is of', `update pp.audit_shape set columns = array_remove(columns, 'withdraw_reason') where relation = 'statement'`,
			'statement [-0-9a-f]{36}: the entry was altered'],
	])
		it(`finds ${what}`, async () => {
			const check = /and seq < 0/.test(deed) ? 'alter table pp.audit_entry drop constraint audit_entry_seq_check;' : '';
			const found = await tampered(check + deed.replaceAll("'P'", `'${procedure}'`).replace('X', inChain(7)));
			assert.equal(found.status, 1, found.stderr);
			assert.match(found.stdout, new RegExp(`^chain ${procedure}, (entry \\d+, )?${words}\n`));
		});

	it('finds who goes past the server with the recorder at work', async () => {
		const name = `${database.name}_owner`;
		await psql(at('postgres'), `create database ${name} template ${database.name}`);
		await psql(at(name), readFileSync(join(root, 'sql/bootstrap.sql'), 'utf8'));
		await psql(at(name).replace('postgres@', 'pp_owner@'), `alter table pp.procedure disable trigger procedure_kept;
			update pp.procedure set title = 'Anders' where id = '${procedure}'`);
		const found = await verify(name);
		await psql(at('postgres'), `drop database ${name} with (force)`);
		assert.equal(found.status, 1, found.stderr);
		assert.match(found.stdout, new RegExp(`^chain ${procedure}, entry \\d+, procedure ${procedure}: written past the server as pp_owner\n`));
	});

	it('finds who writes as a migration that never was', async () => {
		const name = `${database.name}_migrant`;
		await psql(at('postgres'), `create database ${name} template ${database.name}`);
		await psql(at(name), readFileSync(join(root, 'sql/bootstrap.sql'), 'utf8'));
		const owner = at(name).replace('postgres@', 'pp_owner@');
		await psql(owner, `begin; alter table pp.procedure disable trigger procedure_kept; set local pp.roles = 'migration';
			update pp.procedure set title = 'Anders' where id = '${procedure}'; set constraints all immediate; alter table pp.procedure enable trigger procedure_kept; commit`);
		const named = await verify(name);
		// An update that the recorder was off for, adopted afterwards: it had been found, and must not become sound by that.
		await psql(owner, `select pp.audit_adopt('procedure_party')`);
		const adopted = await verify(name);
		await psql(owner, `update pp.migration set applied_at = applied_at - interval '1 day' where no = 53`);
		const moved = await verify(name);
		await psql(owner, `insert into pp.migration (no, name, sha256, server_version) values (0, '0000_none.sql', sha256('x'), '15')`);
		const invented = await verify(name);
		await psql(at('postgres'), `drop database ${name} with (force)`);
		const outside = 'written as a migration, outside of every migration: 20\\S+Z';
		assert.equal(named.status, 1, named.stderr);
		assert.match(named.stdout, new RegExp(`^chain ${procedure}, entry \\d+, procedure ${procedure}: ${outside}\n(note: .*\n)*\\d+ entries .*: 1 findings\n$`));
		assert.match(adopted.stdout, new RegExp(`^chain ${procedure}, entry \\d+, procedure_party ${procedure}/\\d+: ${outside}\n`, 'm'));
		assert.match(moved.stdout, /^chain 0{8}-[-0]+, entry \d+, migration 53: written past the server as pp_owner\n/);
		assert.equal(invented.status, 3);
		assert.match(invented.stderr, /0000_none\.sql where this program has 0001_/);
	});

	/** A dump in a database of its own, and what is asked of it. */
	async function restored(file, words) {
		const name = `${database.name}_restored_${++copies}`;
		await psql(at('postgres'), `create database ${name}`);
		await run('pg_restore', ['-d', at(name), '--exit-on-error', file]);
		await psql(at(name), readFileSync(join(root, 'sql/bootstrap.sql'), 'utf8'));
		const found = await verify(name, words);
		await psql(at('postgres'), `drop database ${name} with (force)`);
		return found;
	}

	it('survives a dump and its restoration, and tells an older one', async () => {
		const file = join(folder, 'newest');
		await run('pg_dump', ['-Fc', '-d', database.superuser, '-f', file]);
		const newest = await restored(file, ['--roots', join(folder, 'roots')]);
		assert.equal(newest.status, 0, newest.stdout + newest.stderr);
		assert.match(newest.stdout, new RegExp(`; (\\d+) seals, \\1 exported roots: 0 findings\n$`));
		const alone = await restored(join(folder, 'older'));
		assert.equal(alone.status, 0, 'by itself it is sound');
		const older = await restored(join(folder, 'older'), ['--roots', join(folder, 'roots')]);
		assert.equal(older.status, 1, older.stderr);
		assert.match(older.stdout, /^entries are missing that were there when it was exported \(an older backup, or cut off\): \d+\/\d+, 20.*Z\n/);
	});

	// Whoever owns the tables computes every hash anew, and the seals too, all but the signatures.
	const rewrite = () => `do $x$
		declare e pp.audit_entry; p bytea := decode(repeat('0', 64), 'hex');
		begin
			for e in select * from pp.audit_entry v where v.chain = '${procedure}' order by v.seq loop
				if e.seq = 7 then e.actor := null; end if;
				e.prev := p;
				e.hash := sha256(convert_to(pp.audit_words(e, (select s.sha256 from pp.audit_shape s where s.id = e.shape)), 'UTF8'));
				p := e.hash;
				update pp.audit_entry v set actor = e.actor, prev = e.prev, hash = e.hash where v.chain = e.chain and v.seq = e.seq;
			end loop;
			update pp.audit_head h set hash = p where h.chain = '${procedure}';
		end $x$;`;

	it('finds a chain that was written anew as a whole', async () => {
		const found = await tampered(rewrite());
		assert.equal(found.status, 1, found.stderr);
		assert.match(found.stdout, /^seal does not fit the entries that it covers: \d+, 20\S+Z, from chain \S+, entry \d+ on\n/);
		const held = await tampered(rewrite(), ['--roots', join(folder, 'roots')]);
		assert.match(held.stdout, /^the exported root is another: \d+\/\d+, 20\S+Z$/m);
	});

	it('finds seals that were tampered with', async () => {
		for (const [deed, words] of [
			["update pp.audit_seal set root = sha256('x') where no = 1", 'seal is not signed with its key: 1'],
			["update pp.audit_seal set signature = decode(repeat('00', 64), 'hex') where no = 1", 'seal is not signed with its key: 1'],
			["update pp.audit_seal set sealed_at = sealed_at - interval '1 s' where no = 1", 'seal is not signed with its key: 1'],
			["update pp.audit_seal set root = sha256('x'), key = null, signature = null where no = 1", 'seal does not fit the entries that it covers: 1'],
			['delete from pp.audit_range where seal = 1; delete from pp.audit_seal where no = 1', 'seals before it are missing: 2'],
			["update pp.audit_range set from_seq = from_seq + 1 where seal = 1 and to_seq > from_seq", 'seal does not follow the one before it: 1'],
		]) {
			const found = await tampered(deed);
			assert.equal(found.status, 1, `${deed}: ${found.stderr}`);
			assert.ok(found.stdout.startsWith(words), `${deed}: ${found.stdout}`);
		}
		// The end of everything, tidily cut off: the database alone does not know.
		const cut = `create temporary table gone as select r.* from pp.audit_range r where r.seal = (select max(no) from pp.audit_seal);
			delete from pp.audit_range where seal in (select seal from gone); delete from pp.audit_seal where no in (select seal from gone);
			delete from pp.audit_entry e using gone g where e.chain = g.chain and e.seq >= g.from_seq;`;
		const roots_after = await tampered(cut, ['--roots', join(folder, 'roots')]);
		assert.match(roots_after.stdout, /entries are missing that were there when it was exported/);
	});

	it('exports roots that anybody can check', async () => {
		const lines = roots.trim().split('\n').map((line) => JSON.parse(line));
		assert.ok(lines.length >= 2);
		const [{ public_key }] = await psql(database.superuser, `select encode(public_key, 'hex') as public_key from pp.signing_key where id = '${lines[0].key}'`);
		assert.equal(lines[0].key, sha256(Buffer.from(public_key, 'hex')).slice(0, 16));
		const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(public_key, 'hex').toString('base64url') } });
		for (const [i, { key: id, signature, ...words }] of lines.entries()) {
			assert.equal(words.no, i + 1);
			assert.ok(id && verifySignature(null, Buffer.from(JSON.stringify(words)), key, Buffer.from(signature, 'hex')));
		}
	});

	it('proves an entry by the way to the root', async () => {
		const last = JSON.parse(roots.trim().split('\n').at(-1));
		const { stdout } = await command(['audit', 'prove', procedure, '5'], { env: { PP_DATABASE_URL: database.url } });
		const proof = JSON.parse(stdout);
		assert.deepEqual([proof.size, proof.root, proof.seq], [last.size, last.root, 5]);
		// RFC 9162 section 2.1.3.2.
		const node = (left, right) => createHash('sha256').update(Buffer.concat([Buffer.from([1]), left, right])).digest();
		let hash = createHash('sha256').update(Buffer.concat([Buffer.from([0]), Buffer.from(proof.hash, 'hex')])).digest();
		let [fn, sn] = [proof.leaf, proof.size - 1];
		for (const sibling of proof.path.map((hex) => Buffer.from(hex, 'hex'))) {
			assert.ok(sn > 0);
			if (fn % 2 || fn === sn) {
				hash = node(sibling, hash);
				while (fn % 2 === 0 && fn) [fn, sn] = [fn >> 1, sn >> 1];
			} else hash = node(hash, sibling);
			[fn, sn] = [fn >> 1, sn >> 1];
		}
		assert.equal(sn, 0);
		assert.equal(hash.toString('hex'), proof.root);
		assert.equal((await command(['audit', 'prove', procedure, '99999'], { env: { PP_DATABASE_URL: database.url } })).status, 3);
	});

	it('tells when nothing could be checked', async () => {
		assert.equal((await verify('there_is_none')).status, 3);
		assert.equal((await command(['audit', 'verify', '--procedure', 'x'])).status, 2);
		assert.equal((await command(['audit'])).status, 2);
		writeFileSync(join(folder, 'nonsense'), roots.replace('\n', '\nx'));
		assert.equal((await verify(database.name, ['--roots', join(folder, 'nonsense')])).status, 3);
		assert.equal((await verify(database.name, ['--roots', join(folder, 'none')])).status, 3);
	});
});
