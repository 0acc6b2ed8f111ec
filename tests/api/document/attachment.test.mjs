// SPDX-License-Identifier: EUPL-1.2
// Attachments of statements: by whoever may answer, before they do; kept with the answer, sealed where a person has sent them, looked into, handed out.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { psql, startServer, until } from '../../harness/server.mjs';
import { amtPinnau, confirm, creates, day, ellerbek, fileBoth, halstenbek, hamburg, invitationOf, nowhere, openRound, pointers, refuses, roundOf } from '../support.mjs';
import { pdf, send, sha256 } from './support.mjs';

const fileOf = (bytes, more = {}) => ({ name: 'Einwand Muster.pdf', media_type: 'application/pdf', size: bytes.length, sha256: sha256(bytes), ...more });

describe('attachments', () => {
	let server, planner, reader, amt, citizen, neighbours;
	before(async () => {
		server = await startServer({ settings: { attachments: 3, attachment_mb: 4, waiting_round_mb: 9 } });
		planner = await server.account('manager', hamburg);
		reader = await server.account('reader', hamburg);
		amt = await server.account('clerk releaser', amtPinnau);
		neighbours = await server.account('clerk releaser', halstenbek);
		citizen = await server.account('public');
	});
	after(() => server.stop());

	const open = (more) => openRound(server, planner, { round: { step: 'FOERM_OEFF', audience: 'OEFF', start: day(0), end: day(50), ...more } });
	const secret = (token) => (token ? { 'Upload-Token': token } : {});
	const announce = (where, bytes, { token, upload, link, ...more } = {}) => creates(server, `${where}/attachments`, { token, headers: { ...secret(upload), ...(link ? { 'Invitation-Link': link } : {}) }, body: fileOf(bytes, more) });
	const put = (id, bytes, { token, upload, type = 'application/pdf' } = {}) => send(server, 'PUT', `/attachments/${id}/upload`, { token, body: bytes, headers: { 'Content-Type': type, ...secret(upload) } });
	const attach = async (where, bytes, more = {}) => {
		const made = await announce(where, bytes, more);
		const reply = await put(made.id, bytes, { token: more.token, upload: more.upload ?? made.upload_token, type: more.media_type });
		assert.equal(reply.status, 204, reply.bytes.toString());
		return made;
	};
	const says = (attachments, more = {}) => ({ stance: 'BEDENKEN', text: 'siehe Anlage', attachments, ...more });
	const download = (path, { token, headers } = {}) => send(server, 'GET', path.replace('/api/v1', ''), { token, headers });
	const checked = (path, options) => until(async () => {
		const statement = await server.must(200, 'GET', path, options);
		return (statement.attachments ?? statement.statements[0].attachments).every(({ state }) => state !== 'UNGEPRUEFT') && statement;
	}, 100);

	it('go with a statement without an account, by a secret of their own', async () => {
		const { procedure, round } = await open();
		const where = `/rounds/${round}`;
		const photo = pdf(3_000_000, 5), letter = pdf(10, 6);
		const first = await announce(where, photo);
		const upload = first.upload_token;
		assert.match(upload, /^[\w-]{43}$/);
		assert.deepEqual([first.state, first.name, first.upload.url, first.content], ['LAEDT', 'Einwand Muster.pdf', `/api/v1/attachments/${first.id}/upload`, null]);
		assert.notEqual(first.sha256, sha256(photo), 'a salted hash');
		// tus: in pieces, by whoever has the secret and nobody else.
		const piece = (offset, bytes, headers = secret(upload)) => send(server, 'PATCH', `/attachments/${first.id}/upload`, { body: bytes, headers: { 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': offset, ...headers } });
		for (const headers of [{}, { 'Upload-Token': 'x' }, { 'Upload-Token': first.id }]) assert.equal((await piece(0, photo.subarray(0, 10), headers)).status, 404);
		assert.equal((await piece(0, photo.subarray(0, 1_500_001))).status, 204);
		const head = await send(server, 'HEAD', `/attachments/${first.id}/upload`, { headers: secret(upload) });
		assert.deepEqual([head.status, head.headers['upload-offset'], head.headers['cache-control']], [200, '1500001', 'no-store']);
		const second = await attach(where, letter, { upload });
		assert.equal(second.upload_token, upload);
		const unready = await refuses(server, 409, 'attachment_not_ready', 'POST', `${where}/statements`, { body: says([second.id, first.id], { upload_token: upload }) });
		assert.deepEqual(pointers(unready), ['/attachments/1']);
		assert.equal((await piece(1_500_001, photo.subarray(1_500_001))).status, 204);
		for (const [attachments, token] of [[[first.id], undefined], [[nowhere], upload], [[first.id, first.id], upload]])
			await refuses(server, 404, 'attachment_not_found', 'POST', `${where}/statements`, { body: says(attachments, { upload_token: token }) });
		await refuses(server, 404, 'upload_token_unknown', 'POST', `${where}/statements`, { body: says([first.id], { upload_token: 'x' }) });

		const made = await creates(server, `${where}/statements`, { headers: { 'Idempotency-Key': 'browser-7' }, body: says([first.id, second.id], { upload_token: upload, person: { family_name: 'Muster' } }) });
		assert.deepEqual(made.attachments.map(({ id, no, name, size }) => [id, no, name, size]), [[first.id, 1, 'Einwand Muster.pdf', photo.length], [second.id, 2, 'Einwand Muster.pdf', letter.length]]);
		assert.deepEqual(made.receipt.receipt.attachments, made.attachments.map(({ id, sha256: hash, size }) => ({ id, sha256: hash, size })));
		assert.doesNotMatch(JSON.stringify(made.receipt), /Muster/);
		const again = await creates(server, `${where}/statements`, { headers: { 'Idempotency-Key': 'browser-7' }, body: says([first.id, second.id], { upload_token: upload, person: { family_name: 'Muster' } }) });
		assert.equal(again.id, made.id);
		await refuses(server, 404, 'upload_token_unknown', 'DELETE', `/attachments/${first.id}`, { headers: secret(upload) });

		// The person: everything of it, with the salt.
		const holding = { headers: { 'Status-Token': made.status_token } };
		const { statements: [mine] } = await checked('/statements/by-token', holding);
		for (const [i, bytes] of [photo, letter].entries()) {
			const { salt, sha256: hash, content, state } = mine.attachments[i];
			assert.equal(state, 'GEPRUEFT');
			assert.equal(hash, sha256(Buffer.concat([Buffer.from(salt, 'hex'), Buffer.from(sha256(bytes), 'hex')])));
			const got = await download(content, holding);
			assert.deepEqual([got.status, got.headers.etag, got.headers['cache-control'], got.headers['content-disposition']],
				[200, `"${hash}"`, 'no-store', 'attachment; filename="Einwand Muster.pdf"; filename*=UTF-8\'\'Einwand%20Muster.pdf']);
			assert.ok(bytes.equals(got.bytes));
			assert.equal((await download(content, { headers: { 'Status-Token': 'x' } })).status, 404);
		}
		const part = await download(mine.attachments[0].content, { headers: { ...holding.headers, Range: 'bytes=1000000-1000099' } });
		assert.ok(part.status === 206 && part.bytes.equals(photo.subarray(1_000_000, 1_000_100)));

		// The planning body, which that is written down of; and nobody else.
		const shown = await server.must(200, 'GET', `/statements/${made.id}`, { token: planner });
		assert.deepEqual(shown.attachments.map(({ content }) => content), [first.id, second.id].map((id) => `/api/v1/attachments/${id}/content`));
		assert.ok(photo.equals((await download(shown.attachments[0].content, { token: planner })).bytes));
		for (const token of [reader, amt, neighbours, citizen, await server.account('operator')])
			assert.equal((await download(shown.attachments[0].content, { token })).status, 404);
		assert.equal((await download(shown.attachments[0].content)).status, 404);
		const { items: [listed] } = await server.must(200, 'GET', `/procedures/${procedure}/statements`, { token: planner });
		assert.deepEqual(listed.attachments.map(({ name, content }) => [name, content]), [[null, null], [null, null]]);
		const { readings } = await server.must(200, 'GET', '/statements/by-token', holding);
		assert.deepEqual(readings.map(({ what, statement }) => [what, statement]), [['INHALT', made.id], ['ANLAGE', made.id]]);

		// In the database nothing of it can be read, and erasing the person leaves nothing to open it with.
		const [row] = await psql(server.database.superuser, `select bool_or(position(:'some'::bytea in k.bytes) > 0) as found from pp.chunk k`, { some: `\\x${photo.subarray(2000, 2040).toString('hex')}` });
		assert.equal(row.found, false);
		await server.must(200, 'POST', `/persons/${made.person.id}/erase`, { token: planner, body: { ground: 'WIDERSPRUCH', note: 'stattgegeben' } });
		await refuses(server, 410, 'person_erased', 'GET', shown.attachments[0].content.replace('/api/v1', ''), { token: planner });
		const erased = await server.must(200, 'GET', `/statements/${made.id}`, { token: planner });
		assert.deepEqual(erased.attachments.map(({ name, sha256: hash }) => [name, hash]), made.attachments.map(({ sha256: hash }) => [null, hash]));
		const [{ keys }] = await server.sql('select count(*) as keys from pp_keys.file_key where file = :\'id\'', { id: first.id });
		assert.equal(Number(keys), 0);
	});

	it('are bounded, of the kinds that are taken, and what they were announced as', async () => {
		const { round } = await open();
		const where = `/rounds/${round}/attachments`;
		for (const [more, problem, pointer] of [[{ media_type: 'text/html' }, 'invalid_body', '/media_type'], [{ name: '../x.pdf' }, 'invalid_body', '/name'], [{ sha256: 'Z'.repeat(64) }, 'invalid_body', '/sha256'], [{ size: 4194305 }, 'attachment_limit', '/size'], [{ size: 0 }, 'invalid_body', '/size']])
			assert.deepEqual(pointers(await refuses(server, 422, problem, 'POST', where, { body: { ...fileOf(pdf()), ...more } })), [pointer]);
		const { upload_token: upload, id } = await announce(`/rounds/${round}`, pdf(1));
		for (const seed of [2, 3]) await announce(`/rounds/${round}`, pdf(seed), { upload });
		await refuses(server, 422, 'attachment_limit', 'POST', where, { headers: secret(upload), body: fileOf(pdf(4)) });
		await refuses(server, 404, 'attachment_not_found', 'DELETE', `/attachments/${id}`, { token: citizen });
		await server.must(204, 'DELETE', `/attachments/${id}`, { headers: secret(upload) });
		await announce(`/rounds/${round}`, pdf(4), { upload });
		const other = await open();
		await refuses(server, 404, 'upload_token_unknown', 'POST', `/rounds/${other.round}/attachments`, { headers: secret(upload), body: fileOf(pdf(5)) });
		const bodies = await openRound(server, planner);
		await refuses(server, 404, 'round_not_found', 'POST', `/rounds/${bodies.round}/attachments`, { body: fileOf(pdf()) });
		const bytes = pdf(5000, 9);
		const wrong = await announce(`/rounds/${round}`, bytes);
		const flipped = Buffer.from(bytes);
		flipped[4000] ^= 1;
		assert.equal((await put(wrong.id, flipped, { upload: wrong.upload_token })).json().type, '/problems/upload_hash_wrong');
		await refuses(server, 409, 'attachment_refused', 'POST', `/rounds/${round}/statements`, { body: says([wrong.id], { upload_token: wrong.upload_token }) });
	});

	it('go with a draft of a body, are added and taken away, and are released with it', async () => {
		const { round } = await openRound(server, planner);
		const { id: invitation } = await invitationOf(server, amt, round, ellerbek);
		const draft = await creates(server, `/invitations/${invitation}/drafts`, { token: amt, body: { stance: 'BEDENKEN', text: 'nein' } });
		const where = `/drafts/${draft.id}`;
		const map = pdf(300_000, 31);
		const kept = await attach(where, map, { token: amt, name: 'Karte.pdf' });
		assert.deepEqual([kept.upload_token, kept.sha256], [undefined, sha256(map)]);
		const dropped = await attach(where, pdf(20, 32), { token: amt, name: 'Falsch.pdf' });
		await refuses(server, 404, 'draft_not_found', 'POST', `${where}/attachments`, { token: neighbours, body: fileOf(map) });
		for (const token of [neighbours, planner]) await refuses(server, 404, 'attachment_not_found', 'GET', `/attachments/${kept.id}`, { token });
		const second = await server.account('releaser', amtPinnau);
		assert.ok(map.equals((await download(`/attachments/${kept.id}/content`, { token: second })).bytes), 'whoever releases it reads it before');
		await server.must(204, 'DELETE', `/attachments/${dropped.id}`, { token: amt });
		const [now] = (await server.must(200, 'GET', `/invitations/${invitation}/drafts`, { token: amt })).items;
		assert.deepEqual(now.attachments.map(({ name }) => name), ['Karte.pdf']);
		const made = await server.must(201, 'POST', `${where}/submit`, { token: second, body: {} });
		assert.deepEqual(made.attachments.map(({ name, sha256: hash }) => [name, hash]), [['Karte.pdf', sha256(map)]]);
		await refuses(server, 409, 'conflict', 'DELETE', `/attachments/${kept.id}`, { token: amt });
		await checked(`/statements/${made.id}`, { token: planner });
		assert.ok(map.equals((await download(`/attachments/${kept.id}/content`, { token: planner })).bytes));
		assert.equal((await download(`/attachments/${kept.id}/content`, { token: neighbours })).status, 404);
		// A supplement brings its own; a draft that is thrown away takes what hung on it along.
		const more = await attach(`/invitations/${invitation}`, pdf(30, 33), { token: amt, name: 'Nachtrag.pdf' });
		const supplement = await server.must(201, 'POST', `/statements/${made.id}/supplements`, { token: amt, body: says([more.id]) });
		assert.deepEqual(supplement.attachments.map(({ name }) => name), ['Nachtrag.pdf']);
		const other = await creates(server, `/invitations/${invitation}/drafts`, { token: amt, body: {} });
		const hung = await attach(`/drafts/${other.id}`, pdf(40, 34), { token: amt });
		const { version } = (await server.sql('select version from pp.draft where id = :\'id\'', { id: other.id }))[0];
		await server.must(204, 'DELETE', `/drafts/${other.id}`, { token: amt, headers: { 'If-Match': `"${version}"` } });
		await refuses(server, 404, 'attachment_not_found', 'GET', `/attachments/${hung.id}`, { token: amt });
	});

	it('are shown to everybody only when the planning body releases them, without what they say about their making', async () => {
		const { procedure, round } = await open();
		await server.must(200, 'POST', `/procedures/${procedure}/publish`, { token: planner, body: {} });
		const letter = Buffer.from(pdf(700, 51).toString('latin1').replace('/Size 5', '/Size 5/Info<</Author(Erika Muster)>>'), 'latin1');
		const plain = pdf(800, 52);
		const one = await attach(`/rounds/${round}`, letter);
		const two = await attach(`/rounds/${round}`, plain, { upload: one.upload_token });
		const made = await creates(server, `/rounds/${round}/statements`, { body: says([one.id, two.id], { upload_token: one.upload_token, person: { family_name: 'Muster' } }) });
		await checked(`/statements/${made.id}`, { token: planner });
		const release = (id, body) => ({ token: planner, body: { name: 'Anlage.pdf', ...body } });
		for (const token of [undefined, citizen]) assert.equal((await download(`/attachments/${one.id}/content`, { token })).status, 404);
		await refuses(server, 409, 'conflict', 'POST', `/attachments/${one.id}/release`, release(one.id));
		await server.must(200, 'PATCH', `/statements/${made.id}/publication`, { token: planner, headers: { 'If-Match': '*' }, body: { published: true, text: 'Es wird zu laut.' } });
		assert.deepEqual((await server.must(200, 'GET', `/statements/${made.id}`)).attachments, [], 'the statement is published, its attachments are not');
		for (const [name, pointer] of [['Muster.pdf', '/name'], ['Anlage.exe', '/name'], ['../a.pdf', '/name']])
			assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', `/attachments/${one.id}/release`, release(one.id, { name }))), [pointer]);
		await refuses(server, 403, 'forbidden', 'POST', `/attachments/${one.id}/release`, { token: citizen, body: { name: 'a.pdf' } });
		await refuses(server, 404, 'attachment_not_found', 'POST', `/attachments/${one.id}/release`, { token: await server.account('manager', halstenbek), body: { name: 'a.pdf' } });
		for (const { id } of [one, two]) await server.must(200, 'POST', `/attachments/${id}/release`, release(id));
		const shown = await until(async () => {
			const { attachments } = await server.must(200, 'GET', `/statements/${made.id}`);
			return attachments.length === 2 && attachments;
		}, 100);
		assert.deepEqual(shown.map(({ id, no, name, content }) => [id, no, name, content]), [one, two].map(({ id }, i) => [id, i + 1, 'Anlage.pdf', `/api/v1/attachments/${id}/content`]));
		for (const [i, original] of [letter, plain].entries()) {
			const got = await download(shown[i].content);
			assert.deepEqual([got.status, sha256(got.bytes), got.bytes.length], [200, shown[i].sha256, shown[i].size]);
			assert.doesNotMatch(got.bytes.toString('latin1'), /Muster/);
			assert.equal(original.equals(got.bytes), i === 1, 'where nothing was to be taken out it is as it came');
			assert.ok(original.equals((await download(shown[i].content, { token: planner })).bytes), 'the planning body reads the original');
			assert.ok(got.bytes.equals((await download(shown[i].content, { token: citizen })).bytes));
		}
		const { release: about } = await server.must(200, 'GET', `/attachments/${one.id}`, { token: planner });
		assert.deepEqual(about, { released: true, name: 'Anlage.pdf', waits: false, metadata: 'ENTFERNT', metadata_accepted: false, public: { sha256: shown[0].sha256, size: shown[0].size } });
		// No longer: nobody finds it, and the copy in the clear goes.
		await server.must(200, 'POST', `/attachments/${one.id}/conceal`, { token: planner, body: {} });
		assert.equal((await download(shown[0].content)).status, 404);
		await server.must(200, 'PATCH', `/statements/${made.id}/publication`, { token: planner, headers: { 'If-Match': '*' }, body: { published: false } });
		assert.equal((await download(shown[1].content)).status, 404);
		await psql(server.database.superuser, 'set session authorization pp_clerk; select gone from pp_api.file_sweep(now(), 500)');
		const [{ left }] = await psql(server.database.superuser, `select count(*)::int as left from pp.file_chunk c join pp.file f on f.id = c.file where f.sha256 = decode(:'hash', 'hex')`, { hash: shown[0].sha256 });
		assert.equal(left, 0);
	});

	it('come by an invitation\'s link, and with what staff enter', async () => {
		const { round } = await openRound(server, planner);
		const { id: invitation } = await invitationOf(server, amt, round, ellerbek);
		const { secret: link } = await server.must(201, 'POST', `/invitations/${invitation}/links`, { token: planner, body: {} });
		const bytes = pdf(400, 41);
		const made = await attach('/invitations/by-link', bytes, { link });
		await refuses(server, 404, 'invitation_link_unknown', 'POST', '/invitations/by-link/attachments', { headers: { 'Invitation-Link': 'x' }, body: fileOf(bytes) });
		const answer = await server.must(201, 'POST', '/invitations/by-link/statements', { headers: { 'Invitation-Link': link }, body: { name: 'Frau Beispiel', ...says([made.id]) } });
		assert.deepEqual(answer.attachments.map(({ sha256: hash, content }) => [hash, content]), [[sha256(bytes), `/api/v1/invitations/by-link/attachments/${made.id}/content`]]);
		assert.ok(bytes.equals((await download(answer.attachments[0].content, { headers: { 'Invitation-Link': link } })).bytes));
		const { id: others } = await invitationOf(server, neighbours, round, halstenbek);
		const { secret: another } = await server.must(201, 'POST', `/invitations/${others}/links`, { token: planner, body: {} });
		assert.equal((await download(answer.attachments[0].content, { headers: { 'Invitation-Link': another } })).status, 404);

		const { round: publicRound } = await open();
		const scan = pdf(500, 42);
		const scanned = await attach(`/rounds/${publicRound}`, scan, { token: planner, name: 'Scan.pdf' });
		assert.equal(scanned.upload_token, undefined);
		const entry = await creates(server, `/rounds/${publicRound}/entries`, { token: planner, body: { channel: 'POST', received_on: day(0), evidence: 'Stempel', person: { family_name: 'Muster' }, ...says([scanned.id]) } });
		assert.notEqual(entry.attachments[0].sha256, sha256(scan), 'a person\'s, sealed');
		await checked(`/statements/${entry.id}`, { token: planner });
		assert.ok(scan.equals((await download(entry.attachments[0].content, { token: planner })).bytes));
	});

	it('are announced once, however often the answer is lost, and no secret is kept for that', async () => {
		const where = `/rounds/${(await open()).round}/attachments`, bytes = pdf(1000, 31);
		const again = (headers = {}) => creates(server, where, { headers: { 'Idempotency-Key': 'foto-1', ...headers }, body: fileOf(bytes) });
		const first = await again();
		assert.deepEqual(await again(), first);
		assert.equal((await send(server, 'PATCH', `/attachments/${first.id}/upload`, { body: bytes.subarray(0, 400), headers: { 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': 0, ...secret(first.upload_token) } })).status, 204);
		const begun = await again();
		assert.deepEqual(begun, { ...first, upload: { ...first.upload, offset: 400, expires_at: begun.upload.expires_at } });
		assert.equal(Date.parse(begun.upload.expires_at) - Date.parse(first.upload.expires_at), 23 * 3600_000, 'what has begun to come is kept for a day, not an hour');
		const [{ kept }] = await server.sql("select count(*)::int as kept from pp.idempotency_key k where k::text like '%' || :'token' || '%'", { token: first.upload_token });
		assert.equal(kept, 0);
		const second = await creates(server, where, { headers: { 'Idempotency-Key': 'foto-2', ...secret(first.upload_token) }, body: fileOf(bytes) });
		assert.notEqual(second.id, first.id);
	});

	it('that strangers announce have a bound together, and never keep a statement away', async () => {
		const { round } = await open();
		const where = `/rounds/${round}`, large = pdf(3_500_000, 32);
		const [mine] = [await announce(where, large), await announce(where, large)];
		const full = await server.api('POST', `${where}/attachments`, { body: fileOf(large) });
		assert.deepEqual([full.status, full.body.type, full.headers.get('retry-after')], [507, '/problems/attachments_full', '3600']);
		await announce(`/rounds/${(await open()).round}`, large);
		await attach(where, large, { token: planner });
		await creates(server, `${where}/statements`, { body: says([]) });
		assert.equal((await server.api('DELETE', `/attachments/${mine.id}`, { headers: secret(mine.upload_token) })).status, 204);
		await announce(where, large);
	});

	it('go with every answer where one answers several invitations', async () => {
		// Another municipality of the same office, which the plan does not touch.
		const [{ ags }] = await server.sql("select ags from pp.administration where body = :'office' and ags <> :'one' order by ags limit 1", { office: amtPinnau, one: ellerbek });
		const { procedure, plan } = await fileBoth(server, planner);
		await server.must(201, 'POST', `/plans/${plan}/affected/decisions`, { token: planner, body: { action: 'add', ags, reason: 'Wunsch' } });
		await confirm(server, planner, plan);
		const { id: round } = await creates(server, `/procedures/${procedure}/rounds`, { token: planner, body: roundOf() });
		const { invitations } = await server.must(200, 'GET', '/inbox?limit=500', { token: amt });
		const asked = invitations.filter((each) => each.round === round).map(({ id }) => id);
		assert.ok(asked.length > 1);
		const bytes = pdf(300_000, 33), { id } = await attach(`/invitations/${asked[1]}`, bytes, { token: amt });
		const { statements } = await server.must(201, 'POST', '/inbox/answers', { token: amt, body: { invitations: asked, stance: 'BEDENKEN', text: 'siehe Anlage', attachments: [id] } });
		assert.equal(statements.length, asked.length);
		const files = statements.map(({ attachments: [file] }) => file);
		assert.ok(files.every(({ sha256: hash, name }) => hash === sha256(bytes) && name === 'Einwand Muster.pdf') && new Set(files.map((file) => file.id)).size === asked.length);
		for (const statement of statements) {
			const { attachments: [{ content }] } = await checked(`/statements/${statement.id}`, { token: planner });
			assert.ok(bytes.equals((await download(content, { token: planner })).bytes));
			assert.deepEqual(statement.receipt.receipt.attachments.length, 1);
		}
		await refuses(server, 404, 'attachment_not_found', 'POST', '/inbox/answers', { token: amt, body: { invitations: asked, stance: 'BEDENKEN', text: 'noch einmal', attachments: [id] } });
	});
});
