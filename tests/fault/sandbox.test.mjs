// SPDX-License-Identifier: EUPL-1.2
// Drill, on the release build: geometry workers and file jobs can open nothing. The live ones are behind a
// filter, hold no file and no connection to PostgreSQL; what that filter refuses is tried by --self-test, which
// enters by the same function.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { program, startServer, until } from '../harness/server.mjs';
import { day, openRound } from '../api/support.mjs';
import { noLimits, release } from './support.mjs';

const about = (pid) => Object.fromEntries(readFileSync(`/proc/${pid}/status`, 'utf8').trim().split('\n').map((line) => line.split(/:\s+/)));
const addressSpace = (pid) => /^Max address space +(\S+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))[1];

describe('the sandbox', { skip: noLimits }, () => {
	let server, planner;
	before(async () => {
		server = await startServer({ folder: release });
		planner = await server.account('manager', '02000000');
	});
	after(() => server.stop());

	it('refuses files, sockets, programs and the database to every kind of worker', () => {
		const ran = spawnSync(program('planungsplattform-files', release), ['--self-test'], { encoding: 'utf8' });
		assert.equal(ran.status, 0, ran.stdout);
		const [, ...kinds] = ran.stdout.split('-- ');
		assert.deepEqual(kinds.map((text) => text.split('\n')[0]), ['file job', 'sheet job', 'geometry worker']);
		for (const text of kinds)
			for (const call of ['open', 'open for writing', 'socket (internet)', 'socket (unix)', 'connect', 'execve', 'fork', 'database'])
				assert.ok(text.split('\n').includes(`${call}: EPERM`), text);
	});

	it('is closed around a live geometry worker, which holds nothing but its sockets', async () => {
		const [pid] = await server.pids('geometry');
		await server.must(200, 'POST', '/affected-preview',
			{ body: { kind: 'BP_REGEL', geometry: { type: 'Point', coordinates: [9.9, 53.63] } } });
		const { Seccomp, NoNewPrivs } = about(pid);
		assert.deepEqual({ Seccomp, NoNewPrivs }, { Seccomp: '2', NoNewPrivs: '1' });
		assert.equal(addressSpace(pid), String(2 * 1024 ** 3));
		assert.match(readFileSync(`/proc/${pid}/limits`, 'utf8'), /^Max core file size +0 +0 /m);
		const held = readdirSync(`/proc/${pid}/fd`).map((fd) => [Number(fd), readlinkSync(`/proc/${pid}/fd/${fd}`)]);
		// Beside its log what PROJ reads: its database and the grid of DHDN.
		const files = held.filter(([fd, target]) => fd > 2 && !/^(socket|pipe):|\/proj\//.test(target));
		assert.deepEqual(files, []);
		const sessions = await server.sql(`select pid from pg_stat_activity where datname = current_database() and usename = 'pp_geometry'`);
		assert.deepEqual(sessions, []);
	});

	it('lets a receipt be set in letters of every script that the fonts have', async () => {
		const { round } = await openRound(server, planner, { title: 'Łódź, Ærø, Λόγος, Слово, 漢字', round: { step: 'FOERM_OEFF', audience: 'OEFF', start: day(0), end: day(50) } });
		const { receipt } = await server.must(201, 'POST', `/rounds/${round}/statements`, { body: { stance: 'BEDENKEN', text: 'Zu laut' } });
		const reply = await server.api('POST', '/receipts/pdf', { body: receipt });
		assert.equal(reply.status, 200, reply.text);
		assert.match(reply.text, /^%PDF-1\.4\n/);
		assert.ok(!JSON.stringify(server.log).includes('Pango-WARNING'));
	});

	it('is closed around a live file job', async () => {
		const { id } = await server.must(201, 'POST', '/procedures',
			{ token: planner, body: { kind: 'BP_REGEL', title: 'Im Sandkasten', planning_municipalities: ['02000000'] } });
		const turns = 150_000;
		const ring = Array.from({ length: turns + 1 }, (_, i) => 2 * Math.PI * (i % turns) / turns)
			.map((angle) => [9.9 + 0.002 * Math.cos(angle), 53.63 + 0.001 * Math.sin(angle)]);
		const file = Buffer.from(JSON.stringify({ type: 'Polygon', coordinates: [ring] }));
		const [files] = await server.pids('files');
		let over = false;
		// One job lasts long enough to be looked at, or the next one does.
		const upload = async () => {
			while (!over)
				await server.must(201, 'POST', `/procedures/${id}/plans`, { token: planner, body: file, headers: { 'Content-Type': 'application/geo+json' } });
		};
		const uploading = upload();
		const seen = await until(() => {
			// Not by ps: a job is shorter than that.
			for (const pid of readFileSync(`/proc/${files}/task/${files}/children`, 'utf8').split(' ').filter(Boolean)) {
				try {
					const found = { ...about(pid), space: addressSpace(pid), pid };
					if (found.Seccomp === '2') return found;
				} catch {
					// it has ended meanwhile
				}
			}
			return null;
		}, 1);
		over = true;
		await uploading;
		assert.equal(seen.NoNewPrivs, '1');
		// What it maps of the file is not what it takes.
		assert.equal(seen.space, String(2048 * 1024 ** 2 + file.length));
		assert.equal(about(files).Seccomp, '0', 'the parent, which opens drivers, is outside');
	});
});
