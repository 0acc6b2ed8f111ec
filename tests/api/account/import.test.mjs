// SPDX-License-Identifier: EUPL-1.2
// Who acts for whom comes from a table: looked at before, whole or not at all, and nothing that it does not name changes.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { command, makeDatabase, psql } from '../../harness/server.mjs';

const amt = '010565687', ellerbek = '01056013';

describe('accounts from a table', () => {
	let database, folder;
	const load = (rows, ...words) => {
		const path = join(folder, 'accounts.csv');
		writeFileSync(path, ['body,mail,roles,valid_from,valid_to,issuer,subject', ...rows, ''].join('\n'));
		return command(['import', 'accounts', path, ...words], { env: { PP_DATABASE_URL: database.url } });
	};
	const members = () => psql(database.superuser, `select concat_ws(' ', a.email, m.body, array_to_string(m.roles, '+'), m.state, m.valid_from, m.valid_to, m.version,
		i.issuer || '/' || i.subject) as row from pp.membership m join pp.account a on a.id = m.account left join pp.account_identity i on i.account = a.id
		order by a.email, m.body, m.id`).then((rows) => rows.map(({ row }) => row));
	before(async () => {
		database = await makeDatabase();
		folder = mkdtempSync(join(tmpdir(), 'pp-accounts-'));
		await psql(database.superuser, `insert into pp.issuer (key, url, title, logo_text, client_id, client_auth, scopes, claims, levels, algorithms, created_at)
			values ('sh', 'https://konto.example', 'Konto', 'SH', 'x', 'none', 'openid', '{}', '{}', '{RS256}', now())`);
	});
	after(async () => {
		await database.drop();
		rmSync(folder, { recursive: true });
	});

	it('are shown before they count', async () => {
		const rows = [`${amt},Petersen@amt.example,clerk|releaser,,,sh,sh-4711`, `${ellerbek},petersen@amt.example,reader,2026-01-01,2099-12-31,,`, `${amt},chef@amt.example,body_administrator,,,,`];
		const shown = await load(rows, '--preview');
		assert.equal(shown.status, 0, shown.stderr);
		assert.deepEqual(shown.stdout.split('\n'), [`+ ${amt} petersen@amt.example  reader clerk releaser`, `~ ${amt} petersen@amt.example  identity: - -> sh sh-4711`,
			`+ ${ellerbek} petersen@amt.example  reader`, `~ ${ellerbek} petersen@amt.example  valid_from: - -> 2026-01-01`, `~ ${ellerbek} petersen@amt.example  valid_to: - -> 2099-12-31`,
			`+ ${amt} chef@amt.example  reader body_administrator`, '2 accounts, 3 memberships, 0 changed', '']);
		assert.deepEqual(await members(), []);
		assert.equal((await load(rows)).status, 0);
		const stored = [`chef@amt.example ${amt} reader+body_administrator confirmed 1`, `petersen@amt.example ${ellerbek} reader confirmed 2026-01-01 2099-12-31 1 sh/sh-4711`,
			`petersen@amt.example ${amt} reader+clerk+releaser confirmed 1 sh/sh-4711`].sort();
		assert.deepEqual((await members()).sort(), stored);
		assert.equal((await load(rows, '--preview')).stdout, '0 accounts, 0 memberships, 0 changed\n', 'the same changes nothing');
		assert.equal((await load(rows)).status, 0);
		assert.deepEqual((await members()).sort(), stored);
		const [{ unlocked }] = await psql(database.superuser, 'select count(*)::int as unlocked from pp.account where password_hash is not null or platform <> \'{}\'');
		assert.equal(unlocked, 0, 'no password, and no role on the platform');
	});

	it('change what they name and leave the rest', async () => {
		await psql(database.superuser, `update pp.membership m set state = 'pending', confirmed_at = null from pp.account a where a.id = m.account and a.email = 'chef@amt.example'`);
		const rows = [`${ellerbek},petersen@amt.example,manager,,2098-12-31,,`, `${amt},chef@amt.example,body_administrator,,,,`];
		assert.deepEqual((await load(rows, '--preview')).stdout.split('\n').slice(0, 3), [`~ ${ellerbek} petersen@amt.example  roles: reader -> reader manager`,
			`~ ${ellerbek} petersen@amt.example  valid_to: 2099-12-31 -> 2098-12-31`, `~ ${amt} chef@amt.example  state: pending -> confirmed`]);
		assert.equal((await load(rows)).stdout, '0 accounts, 0 memberships, 2 changed\n');
		assert.deepEqual((await members()).sort(), [`chef@amt.example ${amt} reader+body_administrator confirmed 2`, `petersen@amt.example ${ellerbek} reader+manager confirmed 2026-01-01 2098-12-31 2 sh/sh-4711`,
			`petersen@amt.example ${amt} reader+clerk+releaser confirmed 1 sh/sh-4711`].sort());
	});

	it('are that account from the first sign-in on where the issuer\'s subject is named', async () => {
		const [{ who }] = await psql(database.superuser, `select pp_api.identity_account('sh', 'sh-4711', '{"name": "Piet Petersen"}', now()) as who`);
		assert.deepEqual(await psql(database.superuser, `select a.email, i.name from pp.account a join pp.account_identity i on i.account = a.id where a.id = '${who}'`),
			[{ email: 'petersen@amt.example', name: 'Piet Petersen' }]);
	});

	it('are refused with line and column, and then nothing is imported', async () => {
		const before = await members();
		const good = `${amt},neu@amt.example,reader,,,,`;
		for (const [column, row] of [['mail', `${amt},kein Postfach,reader,,,,`], ['mail', `${amt},,reader,,,,`], ['mail', `${amt},NEU@amt.example,clerk,,,,`],
			['body', '99999999,a@b.example,reader,,,,'], ['roles', `${amt},a@b.example,,,,,`], ['roles', `${amt},a@b.example,clerk|chief,,,,`], ['roles', `${amt},a@b.example,operator,,,,`],
			['roles', `${amt},a@b.example,oversight,,,,`], ['valid_from', `${amt},a@b.example,reader,morgen,,,`], ['valid_to', `${amt},a@b.example,reader,2026-02-01,2026-01-31,,`],
			['valid_to', `${ellerbek},petersen@amt.example,manager,,2025-12-31,,`], ['issuer', `${amt},a@b.example,reader,,,hh,1`], ['subject', `${amt},a@b.example,reader,,,sh,`],
			['subject', `${amt},a@b.example,reader,,,sh,sh-4711`]]) {
			const refused = await load([good, row]);
			assert.equal(refused.status, 1, row);
			assert.match(refused.stderr, new RegExp(`Line 3, column ${column}: `), row);
			assert.equal(refused.stdout, '');
		}
		const shared = await load([`${amt},x@amt.example,reader,,,sh,one`, `${amt},y@amt.example,reader,,,sh,one`]);
		assert.match(shared.stderr, /column subject: "one" is somebody else at this issuer/);
		assert.deepEqual(await members(), before);
		assert.equal((await psql(database.superuser, 'select count(*)::int as n from pp.account'))[0].n, 2);
	});

	it('may be a thousand', async () => {
		const rows = Array.from({ length: 1000 }, (_, i) => `${i % 2 ? amt : ellerbek},person-${i}@amt.example,clerk,,,sh,subject-${i}`);
		const done = await load(rows);
		assert.equal(done.stdout, '1000 accounts, 1000 memberships, 0 changed\n', done.stderr);
		assert.equal((await load(rows)).stdout, '0 accounts, 0 memberships, 0 changed\n');
		const [{ n }] = await psql(database.superuser, "select count(*)::int as n from pp.audit_entry where relation = 'membership' and action = 'insert'");
		assert.equal(n, 1003, 'each is recorded');
	});
});
