// SPDX-License-Identifier: EUPL-1.2
// Documents of rounds: frozen, shown to whom they are for, what has changed, and all of them as one zip.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { psql, startServer } from '../../harness/server.mjs';
import { amtPinnau, confirm, day, ellerbek, fileBoth, filePlan, halstenbek, hamburg, refuses, roundOf } from '../support.mjs';
import { announce, pdf, send, sha256, upload } from './support.mjs';

// A reader of zips that shares nothing with the writer: every byte of every entry, with its CRC checked.
const reader = `import json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
import hashlib
print(json.dumps([[i.filename, i.file_size, i.compress_type, list(i.date_time[:3]), hashlib.sha256(z.read(i)).hexdigest()] for i in z.infolist()]))`;

function listed(bytes) {
	const folder = mkdtempSync(join(tmpdir(), 'pp-zip-'));
	try {
		writeFileSync(join(folder, 'a.zip'), bytes);
		return JSON.parse(execFileSync('python3', ['-c', reader, join(folder, 'a.zip')], { encoding: 'utf8' }));
	} finally {
		rmSync(folder, { recursive: true });
	}
}

describe('documents of a round', () => {
	let server, planner, procedure, plan;
	const files = { report: pdf(300_000, 1), environment: pdf(10, 2), expert: pdf(20, 3), draft: pdf(30, 4) };
	const well = (id) => psql(server.database.superuser, `update pp.file set state = 'GEPRUEFT', check_at = null where id = :'id' and state = 'UNGEPRUEFT'`, { id });
	const put = async (bytes, more) => {
		const id = await upload(server, planner, procedure, bytes, more);
		await well(id);
		return id;
	};
	const open = (round) => server.must(201, 'POST', `/procedures/${procedure}/rounds`, { token: planner, body: roundOf({ plan, ...round }) });
	const documents = async (round, token) => (await server.must(200, 'GET', `/rounds/${round}/documents`, { token }));
	const archive = (round, token, headers = {}, method = 'GET') => send(server, method, `/rounds/${round}/documents.zip`, { token, headers });
	const sees = async (id, token) => (await send(server, 'GET', `/documents/${id}/content`, { token })).status === 200;
	let ids;
	before(async () => {
		server = await startServer();
		planner = await server.account('manager', hamburg);
		({ procedure, plan } = await fileBoth(server, planner));
		await confirm(server, planner, plan);
		ids = {
			report: await put(files.report, { kind: 'BEGRUENDUNG', name: 'Begründung.pdf' }),
			environment: await put(files.environment, { kind: 'UMWELTBERICHT', name: 'Umweltbericht.pdf' }),
			expert: await put(files.expert, { kind: 'GUTACHTEN', name: 'Gutachten.pdf', audiences: ['TOEB'], bodies: [ellerbek] }),
		};
	});
	after(() => server.stop());

	it('have to be checked before it is announced', async () => {
		const waiting = await announce(server, planner, procedure, files.draft, { name: 'Entwurf.pdf' });
		const { detail } = await refuses(server, 409, 'document_not_ready', 'POST', `/procedures/${procedure}/rounds`, { token: planner, body: roundOf({ step: 'FRUEH_OEFF', audience: 'OEFF', start: day(1), end: day(50) }) });
		assert.match(detail, /^Entwurf\.pdf ist im Zustand LAEDT/);
		await server.must(200, 'POST', `/documents/${waiting.id}/withdraw`, { token: planner, body: { reason: 'nicht fertig' } });
	});

	it('are everybody\'s with the public\'s round, whole and as one zip, and stay', async () => {
		assert.equal(await sees(ids.report), false);
		const { id } = await open({ step: 'FRUEH_OEFF', audience: 'OEFF', start: day(1), end: day(50) });
		assert.equal(await sees(ids.report), true);
		assert.equal(await sees(ids.expert), false);
		const shown = await documents(id);
		assert.deepEqual([shown.changed_since, shown.archive, shown.items.map((item) => [item.id, item.change])], [null, `/api/v1/rounds/${id}/documents.zip`, [[ids.report, 'NEU'], [ids.environment, 'NEU']]]);
		await refuses(server, 409, 'document_frozen', 'PATCH', `/documents/${ids.report}`, { token: planner, body: { title: 'x' }, headers: { 'If-Match': '*' } });
		const reply = await archive(id);
		assert.deepEqual([reply.status, reply.headers['content-type'], Number(reply.headers['content-length'])], [200, 'application/zip', reply.bytes.length]);
		const today = day().split('-').map(Number);
		assert.deepEqual(listed(reply.bytes), [['001 Begründung.pdf', files.report.length, 0, today, sha256(files.report)], ['002 Umweltbericht.pdf', files.environment.length, 0, today, sha256(files.environment)]]);
		assert.ok(reply.bytes.equals((await archive(id)).bytes), 'the same bytes every time');
		assert.equal((await archive(id, null, { 'If-None-Match': reply.headers.etag })).status, 304);
		const head = await archive(id, null, {}, 'HEAD');
		assert.deepEqual([head.headers['content-length'], head.bytes.length], [reply.headers['content-length'], 0]);
		const { entries } = await server.must(200, 'GET', `/procedures/${procedure}/publication-manifest`);
		assert.deepEqual(entries.filter((entry) => entry.kind === 'DOKUMENT').map((entry) => [entry.address, entry.media_type, entry.bytes, entry.sha256]).sort(),
			[ids.report, ids.environment].map((each) => [`/api/v1/documents/${each}/content`, 'application/pdf', ...(each === ids.report ? [files.report.length, sha256(files.report)] : [files.environment.length, sha256(files.environment)])]).sort());
	});

	it('are listed for strangers as often as they like, also by a plan that PostgreSQL keeps for all of them', async () => {
		for (let i = 0; i < 20; i++) assert.deepEqual((await server.must(200, 'GET', `/procedures/${procedure}/documents`)).items.map((item) => item.id), [ids.report, ids.environment]);
	});

	it('are shown to those who are asked, some of them to one body alone', async () => {
		const ahead = await server.account('clerk releaser', ellerbek);
		const office = await server.account('clerk releaser', amtPinnau);
		const other = await server.account('clerk releaser', halstenbek);
		assert.equal(await sees(ids.expert, ahead), false);
		const { id } = await open({ step: 'FRUEH_TOEB', audience: 'TOEB', start: day(1), end: day(50) });
		assert.deepEqual([await sees(ids.expert, ahead), await sees(ids.expert, office), await sees(ids.expert, other), await sees(ids.expert)], [true, true, false, false]);
		assert.deepEqual((await documents(id, ahead)).items.map((item) => item.number), [1, 2, 3]);
		assert.deepEqual(listed((await archive(id, ahead)).bytes).map(([name]) => name), ['001 Begründung.pdf', '002 Umweltbericht.pdf', '003 Gutachten.pdf']);
		assert.deepEqual((await documents(id, planner)).items.map((item) => item.number), [1, 2, 3]);
		assert.equal((await archive(id)).status, 404);
	});

	it('say what has changed since the round before', async () => {
		const newer = await put(files.draft, { kind: 'BEGRUENDUNG', name: 'Begründung 2.pdf', replaces: ids.report });
		await psql(server.database.superuser, `update pp.document set audiences = '{TOEB}' where id = :'id'`, { id: ids.environment });
		const added = await put(pdf(50, 9), { kind: 'KARTE', name: 'Karte.pdf' });
		const again = await server.api('POST', `/procedures/${procedure}/rounds`, { token: planner, body: roundOf({ plan, step: 'FRUEH_OEFF', audience: 'OEFF', start: day(60), end: day(110) }) });
		assert.equal(again.status, 201, again.text);
		const shown = await documents(again.body.id);
		assert.deepEqual(shown.items.map((item) => [item.id, item.change, item.previous]),
			[[newer, 'ERSETZT', ids.report], [added, 'NEU', null], [ids.environment, 'ENTFALLEN', null]]);
		assert.ok(shown.changed_since);
		assert.deepEqual(listed((await archive(again.body.id)).bytes).map(([name]) => name), ['001 Begründung 2.pdf', '005 Karte.pdf']);
		// What was shown once can still be read.
		assert.equal(await sees(ids.report), true);
	});
});
