// SPDX-License-Identifier: EUPL-1.2
// Drill: the disk is full in the middle of an upload. It is refused with 507, what was stored stays, nothing is half
// there, and the upload goes on when there is room again. The chunks lie on a small file system of their own.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { psql, startServer } from '../harness/server.mjs';
import { hamburg, procedureOf } from '../api/support.mjs';
import { announce, noise, patch, send } from '../api/document/support.mjs';

const sh = (...words) => spawnSync(words[0], words.slice(1), { stdio: 'ignore' }).status === 0;

function smallDisk() {
	if (process.getuid() !== 0) return { why: 'only root makes a small file system' };
	const folder = mkdtempSync(join(tmpdir(), 'pp-small-'));
	if (!sh('mount', '-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', folder)) {
		rmSync(folder, { recursive: true });
		return { why: 'no file system can be mounted here' };
	}
	mkdirSync(join(folder, 'space'));
	sh('chown', '-R', 'postgres:postgres', folder);
	return { folder };
}

const disk = smallDisk();

describe('a full disk', { skip: disk.why ?? false }, () => {
	let server, planner, procedure;
	const bytes = noise(20_000_000, 41);
	const name = `small_${process.pid}`;
	before(async () => {
		server = await startServer();
		planner = await server.account('manager', hamburg);
		procedure = (await server.must(201, 'POST', '/procedures', { token: planner, body: procedureOf() })).id;
		await psql(server.database.superuser, `create tablespace ${name} location '${join(disk.folder, 'space')}'`);
		await psql(server.database.superuser, `alter table pp.chunk set tablespace ${name}`);
	});
	after(async () => {
		await server.stop();
		await psql(server.database.superuser.replace(/\/[^/?]+\?/, '/postgres?'), `drop tablespace ${name}`).catch(() => {});
		sh('umount', '-l', disk.folder);
		rmSync(disk.folder, { recursive: true, force: true });
	});

	it('refuses the rest of an upload, keeps what it has, and lets it go on later', async () => {
		const { id } = await announce(server, planner, procedure, bytes, { kind: 'SONSTIGES', name: 'x.zip', media_type: 'application/zip' });
		const refused = await patch(server, planner, id, 0, bytes);
		assert.deepEqual([refused.status, refused.json().type, Boolean(refused.headers['retry-after'])], [507, '/problems/storage_full', true]);
		const look = await send(server, 'HEAD', `/uploads/${id}`, { token: planner });
		const offset = Number(look.headers['upload-offset']);
		assert.ok(offset > 1 << 20 && offset < 12 << 20 && offset % (1 << 20) === 0, `${offset}`);
		const [{ there }] = await psql(server.database.superuser, `select sum(length(k.bytes))::int as there from pp.file_chunk c join pp.chunk k on k.sha256 = c.chunk where c.file = :'id'`, { id });
		assert.equal(there, offset, 'exactly what was said to be stored');
		// Others are served meanwhile.
		await server.must(200, 'GET', `/documents/${id}`, { token: planner });
		assert.ok(sh('mount', '-o', 'remount,size=64m', disk.folder));
		const done = await patch(server, planner, id, offset, bytes.subarray(offset));
		assert.equal(done.status, 204, done.bytes.toString());
		assert.ok(bytes.equals((await send(server, 'GET', `/documents/${id}/content`, { token: planner })).bytes));
	});
});
