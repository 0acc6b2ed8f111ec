// SPDX-License-Identifier: EUPL-1.2
// The virus scan, by a real clamd with one signature of its own.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { psql, startServer, until } from '../../harness/server.mjs';
import { creates, day, hamburg, openRound, procedureOf, refuses } from '../support.mjs';
import { noise, pdf, send, sha256, upload } from './support.mjs';
import { zip } from './zip.mjs';

const noClamd = spawnSync('clamd', ['--help'], { stdio: 'ignore' }).status === 0 ? false : 'clamd is not installed';

// In two pieces, so that no scanner takes this very file for what it tests with.
const eicar = Buffer.from(['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join(''));

describe('the virus scan', { skip: noClamd }, () => {
	let folder, socket, clamd, server, planner, procedure, infected;
	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'pp-clamd-'));
		socket = join(folder, 'clamd.sock');
		mkdirSync(join(folder, 'signatures'));
		writeFileSync(join(folder, 'signatures/test.hdb'), `${createHash('md5').update(eicar).digest('hex')}:${eicar.length}:Local.Test.Eicar\n`);
		writeFileSync(join(folder, 'clamd.conf'), `LocalSocket ${socket}\nDatabaseDirectory ${join(folder, 'signatures')}\nForeground yes\nStreamMaxLength 2M\nMaxThreads 2\nTemporaryDirectory ${folder}\n`);
		server = await startServer({ settings: { clamd: socket } });
		planner = await server.account('manager', hamburg);
		procedure = (await creates(server, '/procedures', { token: planner, body: procedureOf() })).id;
	});
	after(async () => {
		await server.stop();
		if (clamd) {
			clamd.kill('SIGTERM');
			await once(clamd, 'exit');
		}
		rmSync(folder, { recursive: true });
	});

	const shown = (id) => server.must(200, 'GET', `/documents/${id}`, { token: planner });
	const put = (bytes, name = 'x.zip', media_type = 'application/zip') => upload(server, planner, procedure, bytes, { name, media_type, kind: 'SONSTIGES' });
	const becomes = (id, done) => until(async () => {
		const now = await shown(id);
		return done(now) && now;
	}, 100);
	const answers = () => new Promise((done) => {
		if (!existsSync(socket)) return done(false);
		const probe = net.connect(socket, () => probe.write('zPING\0')).on('data', (reply) => done(/PONG/.test(reply)) || probe.destroy()).on('error', () => done(false));
	});

	it('is not waited for by a statement: it counts with what is not looked into yet', async () => {
		const { round } = await openRound(server, planner, { round: { step: 'FOERM_OEFF', audience: 'OEFF', start: day(0), end: day(50) } });
		const bytes = zip([{ name: 'brief.com', bytes: eicar }]);
		const made = await creates(server, `/rounds/${round}/attachments`, { body: { name: 'Brief.zip', media_type: 'application/zip', size: bytes.length, sha256: sha256(bytes) } });
		const put = await send(server, 'PUT', `/attachments/${made.id}/upload`, { body: bytes, headers: { 'Content-Type': 'application/zip', 'Upload-Token': made.upload_token } });
		assert.equal(put.status, 204);
		const statement = await creates(server, `/rounds/${round}/statements`, { body: { stance: 'BEDENKEN', text: 'siehe Brief', attachments: [made.id], upload_token: made.upload_token } });
		assert.deepEqual([statement.on_time, statement.attachments[0].state], [true, 'UNGEPRUEFT']);
		await refuses(server, 409, 'attachment_not_ready', 'GET', `/attachments/${made.id}/content`, { token: planner });
		infected = { attachment: made.id, statement };
	});

	it('is waited for where it is configured, and nobody is shown what it has not seen', async () => {
		const id = await put(pdf(10), 'a.pdf', 'application/pdf');
		const waiting = await becomes(id, (now) => now.reason);
		assert.deepEqual([waiting.state, waiting.reason], ['UNGEPRUEFT', 'VIRENPRUEFUNG_FEHLT']);
		await psql(server.database.superuser, `update pp.document set published_at = now() where id = :'id'`, { id });
		assert.equal((await send(server, 'GET', `/documents/${id}/content`, {})).status, 404);
		clamd = spawn('clamd', ['--config-file', join(folder, 'clamd.conf')], { stdio: 'ignore' });
		await until(answers, 100);
		await psql(server.database.superuser, `update pp.file set check_at = null where id = :'id'`, { id });
		const checked = await becomes(id, (now) => now.state !== 'UNGEPRUEFT');
		assert.deepEqual([checked.state, checked.reason, checked.scanner], ['GEPRUEFT', null, socket]);
		assert.equal((await send(server, 'GET', `/documents/${id}/content`, {})).status, 200);
	});

	it('finds what it knows, also in a zip, and nothing of it stays', async () => {
		const id = await put(zip([{ name: 'liesmich.txt', bytes: Buffer.from('Guten Tag') }, { name: 'plan.com', bytes: eicar, deflate: true }]));
		const refused = await becomes(id, (now) => now.state !== 'UNGEPRUEFT');
		assert.deepEqual([refused.state, refused.reason, refused.found, refused.content], ['ABGELEHNT', 'VIRUS', 'Local.Test.Eicar.UNOFFICIAL', null]);
		assert.equal((await send(server, 'GET', `/documents/${id}/content`, { token: planner })).status, 409);
		await psql(server.database.superuser, `set session authorization pp_clerk; select gone from pp_api.file_sweep(now(), 500)`);
		assert.equal((await psql(server.database.superuser, `select count(*)::int as n from pp.file_chunk where file = :'id'`, { id }))[0].n, 0);
	});

	it('tells of an infected attachment, which stays in quarantine; nobody is handed it', async () => {
		const { attachment, statement } = infected;
		const heard = await server.events('/events', { token: planner, headers: { 'Last-Event-ID': '1' } });
		await psql(server.database.superuser, `update pp.file set check_at = null where id = :'attachment'`, { attachment });
		let event;
		while ((event = await heard.next()).event !== 'attachment.refused');
		heard.close();
		assert.deepEqual([event.data.statement, event.data.data], [statement.id, { attachment, state: 'ABGELEHNT', reason: 'VIRUS' }]);
		const shown = await server.must(200, 'GET', `/statements/${statement.id}`, { token: planner });
		assert.deepEqual([shown.state, shown.text, shown.attachments.map((each) => [each.state, each.reason, each.content])], ['EINGEGANGEN', 'siehe Brief', [['ABGELEHNT', 'VIRUS', null]]]);
		await refuses(server, 409, 'attachment_refused', 'GET', `/attachments/${attachment}/content`, { token: planner });
		await refuses(server, 409, 'attachment_refused', 'GET', `/statements/by-token/attachments/${attachment}/content`, { headers: { 'Status-Token': statement.status_token } });
		await psql(server.database.superuser, `set session authorization pp_clerk; select gone from pp_api.file_sweep(now() + interval '9 days', 500)`);
		assert.equal((await psql(server.database.superuser, `select count(*)::int as n from pp.file_chunk where file = :'attachment'`, { attachment }))[0].n, 1);
	});

	it('says when it takes no file of that size; the file waits', async () => {
		const id = await put(zip([{ name: 'groß.pdf', bytes: noise(3_000_000) }]));
		const waiting = await becomes(id, (now) => now.reason);
		assert.deepEqual([waiting.state, waiting.reason], ['UNGEPRUEFT', 'VIRENPRUEFUNG_GRENZE']);
	});
});
