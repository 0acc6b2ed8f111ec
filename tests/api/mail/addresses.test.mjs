// SPDX-License-Identifier: EUPL-1.2
// Addresses of offices come from the table of bodies: looked at before, whole or not at all, and with their days.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { command, makeDatabase, psql } from '../../harness/server.mjs';

describe('addresses of bodies', () => {
	let database, folder;
	const table = (...rows) => {
		const path = join(folder, 'bodies.csv');
		writeFileSync(path, ['key,name,kind,land,parent,mail', ...rows, ''].join('\n'));
		return path;
	};
	const load = (path, ...words) => command(['import', 'bodies', path, ...words], { env: { PP_DATABASE_URL: database.url } });
	const mails = () => psql(database.superuser, `select body, mail, valid_from = (now() at time zone 'Europe/Berlin')::date as today, valid_to
		from pp.body_mail order by body, valid_from`);
	before(async () => {
		database = await makeDatabase();
		folder = mkdtempSync(join(tmpdir(), 'pp-addresses-'));
	});
	after(async () => {
		await database.drop();
		rmSync(folder, { recursive: true });
	});

	it('are shown before they count', async () => {
		const path = table('010565687,Amt Pinnau,AMT,01,01056,info@amt-pinnau.example', 'naturschutz-nord,Naturschutzamt Nord,FACHBEHOERDE,01,01,post@naturschutz.example', '01056013,Ellerbek (neu),GEMEINDE,01,01056,');
		const shown = await load(path, '--preview');
		assert.equal(shown.status, 0, shown.stderr);
		assert.deepEqual(shown.stdout.split('\n').slice(0, 4), [
			'~ 01056013  name: Ellerbek -> Ellerbek (neu)', '~ 010565687  mail: - -> info@amt-pinnau.example',
			'+ naturschutz-nord  Naturschutzamt Nord', '~ naturschutz-nord  mail: - -> post@naturschutz.example']);
		assert.deepEqual(await mails(), []);
		assert.equal((await psql(database.superuser, "select name from pp.body where key in ('naturschutz-nord', '01056013')"))[0].name, 'Ellerbek');
		assert.equal((await load(path)).status, 0);
		assert.deepEqual((await mails()).map(({ body, mail, today }) => [body, mail, today]),
			[['010565687', 'info@amt-pinnau.example', true], ['naturschutz-nord', 'post@naturschutz.example', true]]);
		assert.equal((await load(path, '--preview')).stdout.split('\n')[0], '3 bodies, 0 rows of administration', 'the same changes nothing');
	});

	it('end when another comes, stay where none is named, and are taken away', async () => {
		await psql(database.superuser, "update pp.body_mail set valid_from = '2020-01-01'");
		assert.equal((await load(table('010565687,Amt Pinnau,AMT,01,01056,neu@amt-pinnau.example', 'naturschutz-nord,Naturschutzamt Nord,FACHBEHOERDE,01,01,'))).status, 0);
		const rows = await mails();
		assert.deepEqual(rows.map(({ mail, valid_to: end }) => [mail, end === null]), [['info@amt-pinnau.example', false], ['neu@amt-pinnau.example', true], ['post@naturschutz.example', true]]);
		assert.equal((await load(table('naturschutz-nord,Naturschutzamt Nord,FACHBEHOERDE,01,01,-'))).status, 0);
		assert.ok((await mails())[2].valid_to);
	});

	it('are refused with line and column, and then nothing is imported', async () => {
		const before = await mails();
		for (const wrong of ['kein Postfach', 'a@b@c', '<a@b.de>', 'a@', '"a b"@c.de']) {
			const refused = await load(table('naturschutz-nord,Anderer Name,FACHBEHOERDE,01,01,gut@x.example', `010565687,Amt Pinnau,AMT,01,01056,"${wrong.replaceAll('"', '""')}"`));
			assert.equal(refused.status, 1, wrong);
			assert.match(refused.stderr, /Line 3, column mail: .* is no e-mail address/);
		}
		assert.deepEqual(await mails(), before);
		assert.equal((await command(['import', 'administration', 'x.csv', '--preview'], { env: { PP_DATABASE_URL: database.url } })).status, 2);
	});
});
