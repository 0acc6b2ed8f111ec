// SPDX-License-Identifier: EUPL-1.2
// Forwarding over HTTP: with its files, by mail and event to whom it is, to nobody else, and until it ends.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer, until } from '../../harness/server.mjs';
import { amtPinnau, confirm, day, ellerbek, fileBoth, hamburg, invitationOf, nowhere, openRound, pointers, refuses, roundOf } from '../support.mjs';
import { pdf, send, sha256, upload } from '../document/support.mjs';

const kreis = '01056', dayMs = 86400000, bytes = pdf(600000, 7);

describe('forwarding', () => {
	let server, planner, amt, reader, officer, procedure, round, document, invitation, forwarded;
	const forward = (token, path, more = {}) => server.must(201, 'POST', `${path}/forwardings`, { token, body: { recipient: kreis, reason: 'Bitte um Ihre Einschätzung', ...more } });
	const list = async (token, query = '') => (await server.must(200, 'GET', `/forwardings${query}`, { token })).items;
	const show = (token, id) => server.must(200, 'GET', `/forwardings/${id}`, { token });
	const today = (days) => new Date(server.clock.now() + days * dayMs).toLocaleDateString('sv-SE', { timeZone: 'Europe/Berlin' });
	before(async () => {
		server = await startServer({ clock: true });
		[planner, amt] = [await server.account('manager', hamburg), await server.account('clerk releaser', amtPinnau)];
		[reader, officer] = [await server.account('reader', kreis), await server.account('clerk', kreis)];
		const filed = await fileBoth(server, planner);
		procedure = filed.procedure;
		document = await upload(server, planner, procedure, bytes, { kind: 'BEGRUENDUNG', name: 'Begründung.pdf', audiences: ['TOEB'] });
		await until(async () => (await server.must(200, 'GET', `/documents/${document}`, { token: planner })).state === 'GEPRUEFT', 100);
		await confirm(server, planner, filed.plan);
		round = (await server.must(201, 'POST', `/procedures/${procedure}/rounds`, { token: planner, body: roundOf() })).id;
		invitation = await invitationOf(server, amt, round, ellerbek);
	});
	after(() => server.stop());

	it('is to a body that reads it, is told, and could not before', async () => {
		await refuses(server, 404, 'invitation_not_found', 'GET', `/invitations/${invitation.id}`, { token: reader });
		const stream = await server.events('/events', { token: reader });
		forwarded = await forward(amt, `/invitations/${invitation.id}`, { note: 'Es eilt', last_on: today(2) });
		assert.deepEqual([forwarded.kind, forwarded.state, forwarded.days_left, forwarded.forwarded_by, forwarded.deadline], ['EINLADUNG', 'AKTIV', 2, amt.email, invitation.deadline]);
		let event;
		do event = await stream.next();
		while (event.event !== 'forwarding.made');
		stream.close();
		assert.deepEqual([event.data.procedure, event.data.data.forwarding], [undefined, forwarded.id]);
		const [mail] = await server.sql("select recipient, subject, body from pp.mail where kind = 'forwarded'");
		assert.equal(mail.recipient, officer.email, 'whoever works there is written to, and not who only reads');
		assert.match(mail.subject, /^Zur Kenntnis: Bebauungsplan/);
		assert.doesNotMatch(mail.body, /Einschätzung|eilt/);
		const [item] = await list(reader);
		assert.deepEqual([item.id, item.reason, item.note, item.participant_name, item.deadline, item.forwarded_by], [forwarded.id, 'Bitte um Ihre Einschätzung', 'Es eilt', 'Ellerbek', invitation.deadline, null]);
		assert.deepEqual(await list(amt), [], 'apart from what one has forwarded oneself');
		assert.deepEqual((await list(amt, '?sent=true')).map(({ id }) => id), [forwarded.id]);
		assert.deepEqual([(await list(reader, `?procedure=${procedure}`)).length, (await list(reader, `?procedure=${nowhere}`)).length], [1, 0]);
	});

	it('shows the plan, the invitation and the documents, and hands those out', async () => {
		const { content } = await show(reader, forwarded.id);
		assert.deepEqual([content.procedure.id, content.invitation.id, content.plan.geometry.type, content.statement], [procedure, invitation.id, 'Polygon', null]);
		assert.ok(!('state' in content.invitation) && !('stance' in content.invitation), 'not whether and how it answers');
		assert.deepEqual(content.documents.map(({ id }) => id), [document]);
		const path = content.documents[0].content.replace('/api/v1', '');
		const whole = await send(server, 'GET', path, { token: reader });
		assert.deepEqual([whole.status, sha256(whole.bytes)], [200, content.documents[0].sha256]);
		const part = await send(server, 'GET', path, { token: reader, headers: { Range: 'bytes=300000-300099' } });
		assert.deepEqual([part.status, part.bytes], [206, whole.bytes.subarray(300000, 300100)]);
		for (const other of [`/documents/${document}/content`, `/procedures/${procedure}`, `/plans/${content.plan.id}`, `/invitations/${invitation.id}`, `/rounds/${round}`])
			assert.equal((await server.api('GET', other, { token: reader })).status, 404, `${other} is as it was`);
		await refuses(server, 404, 'document_not_found', 'GET', `/forwardings/${forwarded.id}/documents/${nowhere}/content`, { token: reader });
		const writer = await server.account('clerk releaser', kreis);
		for (const [where, body] of [['statements', { stance: 'BEDENKEN', text: 'x' }], ['drafts', { text: 'x' }], ['acknowledge', {}], ['forwardings', { recipient: '01003000', reason: 'Weiter' }]])
			await refuses(server, 404, 'invitation_not_found', 'POST', `/invitations/${invitation.id}/${where}`, { token: writer, body });
	});

	it('is known to nobody else, the planning body least of all', async () => {
		await refuses(server, 404, 'forwarding_not_found', 'GET', `/forwardings/${forwarded.id}`, { token: planner });
		assert.deepEqual([await list(planner), await list(planner, '?sent=true')], [[], []]);
		const entries = (await server.must(200, 'GET', `/audit/entries?procedure=${procedure}&limit=500`, { token: planner })).items;
		assert.ok(entries.length && entries.every(({ relation, at }) => relation !== 'forwarding' && at !== forwarded.forwarded_at), 'nor by what was recorded');
		const auditor = await server.account('auditor');
		assert.equal((await server.must(200, 'GET', '/audit/entries?relation=forwarding', { token: auditor })).items.length, 1, 'though it was');
		assert.equal((await show(amt, forwarded.id)).content, null);
	});

	it('is refused in words that name the field', async () => {
		const path = `/invitations/${invitation.id}/forwardings`;
		for (const [body, pointer] of [[{ recipient: hamburg }, '/recipient'], [{ recipient: '01001000' }, '/recipient'], [{ recipient: amtPinnau }, '/recipient'], [{ member: nowhere }, '/member'], [{ recipient: kreis, last_on: today(-1) }, '/last_on']])
			assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', path, { token: amt, body: { reason: 'Zur Kenntnis', ...body } })), [pointer]);
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', path, { token: amt, body: { recipient: kreis } })), ['/reason']);
		await refuses(server, 409, 'conflict', 'POST', path, { token: amt, body: { recipient: kreis, reason: 'Noch einmal' } });
		await refuses(server, 403, 'forbidden', 'POST', path, { token: planner, body: { recipient: kreis, reason: 'Zur Kenntnis' } });
	});

	it('ends at midnight of its last day, and at once when it is ended', async () => {
		server.clock.move(2 * dayMs);
		assert.equal((await show(reader, forwarded.id)).days_left, 0);
		server.clock.move(dayMs);
		await refuses(server, 404, 'forwarding_not_found', 'GET', `/forwardings/${forwarded.id}`, { token: reader });
		await refuses(server, 404, 'forwarding_not_found', 'GET', `/forwardings/${forwarded.id}/documents/${document}/content`, { token: reader });
		assert.equal((await show(amt, forwarded.id)).state, 'ABGELAUFEN');
		const again = await forward(amt, `/invitations/${invitation.id}`);
		assert.equal((await show(reader, again.id)).last_on, null);
		await refuses(server, 403, 'forbidden', 'POST', `/forwardings/${again.id}/end`, { token: reader, body: {} });
		assert.equal((await server.must(200, 'POST', `/forwardings/${again.id}/end`, { token: amt, body: {} })).state, 'ZURUECKGENOMMEN');
		await refuses(server, 404, 'forwarding_not_found', 'GET', `/forwardings/${again.id}`, { token: reader });
		await refuses(server, 409, 'conflict', 'POST', `/forwardings/${again.id}/end`, { token: amt, body: {} });
		const back = await forward(amt, `/invitations/${invitation.id}`);
		assert.equal((await server.must(200, 'POST', `/forwardings/${back.id}/end`, { token: officer, body: {} })).state, 'ZURUECKGEGEBEN');
		assert.equal((await show(amt, back.id)).state, 'ZURUECKGEGEBEN');
		assert.deepEqual(await list(reader), []);
	});

	it('is of a statement with its attachments, and to a colleague', async () => {
		const file = pdf(10, 9);
		const { id } = await server.must(201, 'POST', `/invitations/${invitation.id}/attachments`, { token: amt, body: { name: 'Karte.pdf', media_type: 'application/pdf', size: file.length, sha256: sha256(file) } });
		assert.equal((await send(server, 'PUT', `/attachments/${id}/upload`, { token: amt, body: file, headers: { 'Content-Type': 'application/pdf' } })).status, 204);
		const statement = await server.must(201, 'POST', `/invitations/${invitation.id}/statements`, { token: amt, body: { stance: 'BEDENKEN', text: 'Die Zufahrt', attachments: [id] } });
		const clerk = await server.account('clerk', hamburg);
		const made = await forward(clerk, `/statements/${statement.id}`);
		await until(async () => (await show(reader, made.id)).content.statement.attachments[0].content, 100);
		const { content } = await show(reader, made.id);
		assert.deepEqual([content.statement.points[0].text, content.statement.participant, content.invitation], ['Die Zufahrt', ellerbek, null]);
		assert.deepEqual((await send(server, 'GET', content.statement.attachments[0].content.replace('/api/v1', ''), { token: reader })).bytes, file);
		await refuses(server, 404, 'attachment_not_found', 'GET', `/forwardings/${made.id}/attachments/${nowhere}/content`, { token: reader });
		assert.equal((await server.api('GET', `/attachments/${id}/content`, { token: reader })).status, 404);
		assert.deepEqual(await list(amt), [], 'its author does not hear of it');
		const { account } = await server.must(200, 'GET', '/session', { token: clerk });
		const pointed = await server.must(201, 'POST', `/procedures/${procedure}/forwardings`, { token: planner, body: { member: account, reason: 'Zur Kenntnis' } });
		assert.deepEqual([pointed.member_name, (await list(clerk)).map(({ id: own }) => own), await list(planner)], [clerk.email, [pointed.id], []]);
	});

	it('is of what a private person says without who that is, and told to the person', async () => {
		const open = await openRound(server, planner, { round: { step: 'FOERM_OEFF', audience: 'OEFF', start: day(0), end: day(50) } });
		const said = await server.must(201, 'POST', `/rounds/${open.round}/statements`, { body: { stance: 'EINWENDUNG', text: 'Erika Muster: zu laut', person: { given_name: 'Erika', family_name: 'Muster' } } });
		const path = `/statements/${said.id}`;
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', `${path}/forwardings`, { token: planner, body: { recipient: kreis, reason: 'Lärm' } })), ['/text']);
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', `${path}/forwardings`, { token: planner, body: { recipient: kreis, reason: 'Lärm', text: 'Frau Muster: zu laut' } })), ['/text']);
		const made = await forward(planner, path, { redactions: [{ start: 0, end: 12, why: 'NAME' }] });
		assert.deepEqual((await show(reader, made.id)).content.statement.text, null, 'who only reads sees a number');
		const { content } = await show(officer, made.id);
		assert.equal(content.statement.text, '[name]: zu laut');
		assert.doesNotMatch(JSON.stringify(content), /Muster|Person \d/);
		const { readings } = await server.must(200, 'GET', '/statements/by-token', { headers: { 'Status-Token': said.status_token } });
		assert.deepEqual(readings.map(({ what, body_name }) => `${what} ${body_name}`), ['WEITERGABE Kreis Pinneberg', 'INHALT Kreis Pinneberg']);
	});
});
