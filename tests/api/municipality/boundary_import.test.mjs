// SPDX-License-Identifier: EUPL-1.2
// Boundaries that an operator uploads: sent in pieces, checked without coming into force, put in force when the operator says so.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root, startServer, until } from '../../harness/server.mjs';
import { hamburg, nowhere, pointers, refuses } from '../support.mjs';

const noTool = spawnSync('ogr2ogr', ['--version']).status === 0 ? false : 'ogr2ogr is not installed';
const fixture = join(root, 'data/fixtures/municipalities.fgb');
const helgoland = '01056025';
const PIECE = 1 << 20;

describe('imports of boundaries', { skip: noTool }, () => {
	let server, operator, planner, folder, changed, crossed, keyless;
	const make = (name, words) => {
		const file = join(folder, name), made = spawnSync('ogr2ogr', ['-f', 'FlatGeobuf', file, fixture, ...words], { encoding: 'utf8' });
		assert.equal(made.status, 0, made.stderr);
		return file;
	};
	before(async () => {
		folder = mkdtempSync(join(tmpdir(), 'pp-boundaries-'));
		changed = make('geaendert.fgb', ['-nlt', 'MULTIPOLYGON', '-nln', 'gemeinden', '-dialect', 'sqlite', '-sql',
			`select AGS, RS, BEZ, GF, case when AGS = '${helgoland}' then 'Neu-Helgoland' else GEN end as GEN,
				case when AGS = '${helgoland}' then ST_Translate(geometry, 0.001, 0, 0) else geometry end as geometry from municipalities`]);
		crossed = make('gekreuzt.fgb', ['-nlt', 'MULTIPOLYGON', '-nln', 'gemeinden', '-dialect', 'sqlite', '-sql',
			`select AGS, RS, BEZ, GF, GEN, case when AGS = '${helgoland}' then
				ST_GeomFromText('MULTIPOLYGON(((7.87 54.17, 7.90 54.19, 7.90 54.17, 7.87 54.19, 7.87 54.17)))', 4326) else geometry end as geometry from municipalities`]);
		keyless = make('ohne.fgb', ['-select', 'GEN', '-where', `AGS = '${hamburg}'`]);
		server = await startServer();
		operator = await server.account('operator');
		planner = await server.account('manager', hamburg);
	});
	after(async () => {
		rmSync(folder, { recursive: true, force: true });
		await server?.stop();
	});

	const body = (file, more = {}) => ({ file: basename(file), size: readFileSync(file).length, dataset: 'VG250', date: '2026-01-01', accuracy_m: 100, ...more });
	const piece = (id, bytes, offset, token = operator) => server.api('PATCH', `/boundary-imports/${id}`, { token, body: bytes,
		headers: { 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': String(offset), 'Tus-Resumable': '1.0.0' } });
	const show = (id) => server.must(200, 'GET', `/boundary-imports/${id}`, { token: operator });
	const call = (id, verb) => server.must(200, 'POST', `/boundary-imports/${id}/${verb}`, { token: operator, body: {} });
	const pieces = async (id) => (await server.sql(`select count(*)::int as n from pp.boundary_import_piece where import = '${id}'`))[0].n;
	const inForce = async () => (await server.must(200, 'GET', '/boundary-versions?limit=1')).items[0];
	const announce = (file, more) => server.must(201, 'POST', '/boundary-imports', { token: operator, body: body(file, more) });
	async function send(file, more) {
		const { id } = await announce(file, more), bytes = readFileSync(file);
		for (let at = 0; at < bytes.length; at += PIECE) assert.equal((await piece(id, bytes.subarray(at, at + PIECE), at)).status, 204);
		return id;
	}
	const settles = (id, ...states) => until(async () => {
		const shown = await show(id);
		return states.includes(shown.state) || shown.ended_at ? shown : null;
	}, 50);

	it('are an operator\'s to ask for and to see', async () => {
		const { id } = await announce(changed);
		await refuses(server, 401, 'unauthenticated', 'GET', '/boundary-imports');
		for (const [method, path, sent] of [['POST', '', body(changed)], ['GET', ''], ['GET', `/${id}`], ['POST', `/${id}/apply`, {}], ['POST', `/${id}/cancel`, {}]])
			await refuses(server, 403, 'forbidden', method, `/boundary-imports${path}`, { token: planner, body: sent });
		assert.equal((await piece(id, Buffer.from('x'), 0, planner)).status, 403);
		await refuses(server, 404, 'not_found', 'GET', `/boundary-imports/${nowhere}`, { token: operator });
		assert.equal((await call(id, 'cancel')).state, 'ABGEBROCHEN');
	});

	it('are refused where they make no sense', async () => {
		for (const [more, wrong] of [[{ date: '2026-02-30' }, '/date'], [{ size: 0 }, '/size'], [{ size: 600 << 20 }, '/size'], [{ dataset: ' ' }, '/dataset'], [{ accuracy_m: -1 }, '/accuracy_m'], [{ file: '' }, '/file']])
			assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', '/boundary-imports', { token: operator, body: body(changed, more) })), [wrong]);
	});

	it('come in pieces, and go on where they stand', async () => {
		const { id, upload, state } = await announce(changed, { size: 5 });
		assert.deepEqual([state, upload], ['LAEDT', { url: `/api/v1/boundary-imports/${id}`, offset: 0 }]);
		const head = () => server.api('HEAD', `/boundary-imports/${id}`, { token: operator });
		const { headers } = await head();
		assert.deepEqual([headers.get('upload-offset'), headers.get('upload-length')], ['0', '5']);
		await refuses(server, 412, 'precondition_failed', 'PATCH', `/boundary-imports/${id}`, { token: operator, body: Buffer.from('abc'),
			headers: { 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': '0', 'Tus-Resumable': '0.2.2' } });
		assert.equal((await piece(id, Buffer.from('abc'), 0)).headers.get('upload-offset'), '3');
		const late = await piece(id, Buffer.from('abc'), 0);
		assert.deepEqual([late.status, late.body.type.split('/').at(-1), late.headers.get('upload-offset')], [409, 'upload_offset', '3']);
		assert.equal((await piece(id, Buffer.from('defg'), 3)).status, 413);
		assert.equal((await head()).headers.get('upload-offset'), '3');
		await refuses(server, 409, 'boundary_import_state', 'POST', `/boundary-imports/${id}/apply`, { token: operator, body: {} });
		assert.equal(await pieces(id), 1);
		await call(id, 'cancel');
		assert.equal(await pieces(id), 0, 'the bytes go with it');
		assert.equal((await piece(id, Buffer.from('de'), 3)).body.type.split('/').at(-1), 'upload_over');
		await refuses(server, 409, 'boundary_import_state', 'POST', `/boundary-imports/${id}/cancel`, { token: operator, body: {} });
	});

	it('say what they would change before anything is in force, and are put in force as they were looked at', async () => {
		const before = await inForce(), id = await send(changed);
		const shown = await settles(id, 'GEPRUEFT'), { findings } = shown;
		assert.equal(shown.state, 'GEPRUEFT', JSON.stringify(shown.refusal));
		assert.equal(shown.sha256, createHash('sha256').update(readFileSync(changed)).digest('hex'));
		assert.deepEqual(findings.counts, { added: 0, removed: 0, renamed: 1, moved: 1, same: before.areas - 1 });
		assert.deepEqual(findings.changes.map(({ ags, name, name_before, kreis }) => ({ ags, name, name_before, kreis })),
			[{ ags: helgoland, name: 'Neu-Helgoland', name_before: 'Helgoland', kreis: 'Pinneberg' }]);
		assert.ok(findings.changes[0].moved_m2 > 0);
		assert.deepEqual([findings.since, findings.areas, findings.kreise_kept], [before.id, before.areas, true]);
		assert.deepEqual(await inForce(), before, 'nothing is in force');
		assert.equal((await server.must(200, 'GET', `/municipalities/${helgoland}`)).name, 'Helgoland');

		await call(id, 'apply');
		const done = await settles(id, 'UEBERNOMMEN'), now = await inForce();
		assert.equal(done.state, 'UEBERNOMMEN', JSON.stringify(done.refusal));
		assert.deepEqual([now.id, now.dataset, now.date, now.areas, now.source_sha256], [done.version, 'VG250', '2026-01-01', before.areas, shown.sha256]);
		assert.equal((await server.must(200, 'GET', `/boundary-versions/${now.id}`)).report.file, 'geaendert.fgb');
		const one = await server.must(200, 'GET', `/municipalities/${helgoland}`);
		assert.deepEqual([one.name, one.kreis], ['Neu-Helgoland', 'Pinneberg'], 'names of Kreise stay');
		const borders = await server.sql('select boundary_version as v, count(*)::int as n from pp.state_border group by 1 order by 1');
		assert.deepEqual(borders.map(({ n }) => n), borders.map(() => borders[0]?.n), 'so do borders to other states');
		assert.equal(await pieces(id), 0);
		await refuses(server, 409, 'boundary_import_state', 'POST', `/boundary-imports/${id}/apply`, { token: operator, body: {} });
	});

	it('come into force by no other comparison than the one that was looked at', async () => {
		const first = await send(fixture), second = await send(fixture);
		for (const id of [first, second]) assert.equal((await settles(id, 'GEPRUEFT')).state, 'GEPRUEFT');
		await call(first, 'apply');
		assert.equal((await settles(first, 'UEBERNOMMEN')).state, 'UEBERNOMMEN');
		const now = await inForce();
		await call(second, 'apply');
		const { state, refusal } = await settles(second, 'UEBERNOMMEN');
		assert.deepEqual([state, refusal.problem], ['ABGELEHNT', 'boundary_import_state']);
		assert.match(refusal.detail.de, /^Seit der Prüfung sind andere Grenzen in Kraft getreten/);
		assert.deepEqual(await inForce(), now);
	});

	it('name what was repaired, in both languages', async () => {
		const id = await send(crossed), { state, findings, refusal } = await settles(id, 'GEPRUEFT');
		assert.equal(state, 'GEPRUEFT', JSON.stringify(refusal));
		assert.equal(findings.notes.length, findings.note_count);
		// What others wrote of its file in other coordinates may need a repair as well.
		const note = findings.notes.find(({ ags }) => ags === helgoland);
		assert.deepEqual([note.kind, note.text, note.text_de], ['repaired', 'the outline crosses itself', 'Der Umriss schneidet sich selbst']);
		assert.ok(note.area_after_m2 > 1e6, JSON.stringify(note));
		await call(id, 'cancel');
	});

	it('are refused with the reader\'s sentence, in both languages', async () => {
		const before = await inForce(), id = await send(keyless), { state, refusal, findings } = await settles(id);
		assert.deepEqual([state, findings], ['ABGELEHNT', null]);
		assert.match(refusal.detail.en, /AGS/);
		assert.match(refusal.detail.de, /AGS/);
		assert.notEqual(refusal.detail.de, refusal.detail.en);
		assert.equal(await pieces(id), 0);
		assert.deepEqual(await inForce(), before);
	});

	it('stop when they are thrown away, five at most are under way, and all are listed', async () => {
		const ids = [];
		for (let n = 0; n < 5; n++) ids.push((await announce(changed)).id);
		await refuses(server, 409, 'boundary_import_state', 'POST', '/boundary-imports', { token: operator, body: body(changed) });
		for (const id of ids) await call(id, 'cancel');
		const id = await send(changed);
		await until(async () => (await show(id)).state !== 'WARTET', 20);
		assert.equal((await call(id, 'cancel')).state, 'ABGEBROCHEN');
		const { items } = await server.must(200, 'GET', '/boundary-imports?limit=6', { token: operator });
		assert.deepEqual(items.map((one) => one.id), [id, ...ids.reverse()]);
	});
});
