// SPDX-License-Identifier: EUPL-1.2
// Every way by which something comes in or a deadline moves, walked: each answers with a receipt, signed and in the chain, of the
// kind that docs/api/receipt.md names for it, and whoever it is for finds it again.
import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify as verifySignature } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root, startServer } from '../../harness/server.mjs';
import { amtPinnau, day, ellerbek, hamburg, invitationOf, nowhere, openRound, refuses } from '../support.mjs';

const page = readFileSync(join(root, 'docs/api/receipt.md'), 'utf8');
const named = [...page.matchAll(/^\| `(POST|GET) ([^`]*)`[^|]*\| `([A-Z]+)`/gm)].map(([, method, path, kind]) => `${method} ${path} ${kind}`);
const secret = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';

describe('the ways that have a receipt', () => {
	let server, keys, ways;
	const walked = [];
	before(async () => {
		server = await startServer();
		const planner = await server.account('manager', hamburg);
		const amt = await server.account('clerk releaser', amtPinnau);
		const second = await server.account('clerk releaser', amtPinnau);
		const citizen = await server.account('public');
		const open = await openRound(server, planner, { round: { audience: 'NACHB' } });
		const shown = await openRound(server, planner, { round: { step: 'FOERM_OEFF', audience: 'OEFF', start: day(0), end: day(50) } });
		const { id: invitation } = await invitationOf(server, amt, open.round, ellerbek);
		await server.sql(`insert into pp.invitation_link (id, invitation, planner_body, participant, sha256, made_at)
			select gen_random_uuid(), i.id, i.planner_body, i.participant, decode('${createHash('sha256').update(secret).digest('hex')}', 'hex'), now() from pp.invitation i where i.id = '${invitation}'`);
		keys = (await server.must(200, 'GET', '/receipt-keys')).items;
		ways = { planner, amt, second, citizen, open, shown, invitation, link: { 'Invitation-Link': secret } };
	});
	after(() => server.stop());

	/** What the request answers, with its receipt looked at; object is what it is of. */
	async function answers(route, kind, path, { status = 201, object = (body) => body.id, take = (body) => body.receipt, who, ...options }) {
		const [method] = route.split(' ');
		const reply = await server.api(method, path, options);
		assert.equal(reply.status, status, `${route}: ${reply.text}`);
		const { receipt, signature } = take(reply.body);
		assert.deepEqual([receipt.kind, receipt.object], [kind, object(reply.body)], route);
		const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(keys.find(({ id }) => id === signature.key).public_key, 'hex').toString('base64url') } });
		// The members come in the order of their bytes, as they were signed.
		assert.ok(verifySignature(null, Buffer.from(JSON.stringify(receipt)), key, Buffer.from(signature.value, 'hex')), route);
		assert.match(receipt.text, /^[A-ZÄÖÜ].*\. Verfahren \d{4}-\d{4}: .*\.$/);
		const [entry] = await server.sql(`select relation, key, encode(hash, 'hex') as hash from pp.audit_entry where chain = '${receipt.chain.procedure}' and seq = ${receipt.chain.seq}`);
		assert.deepEqual([entry.key, entry.hash], [receipt.object, receipt.chain.hash], route);
		walked.push(`${route} ${kind}`);
		if (who) {
			const { items } = await server.must(200, 'GET', `/receipts?object=${receipt.object}`, { token: who });
			assert.equal(items.filter(({ id }) => id === receipt.id)[0].text, receipt.text, `${route}: found again`);
			assert.deepEqual(await server.must(200, 'GET', `/receipts/${receipt.id}`, { token: who }), { receipt, signature });
		}
		return { ...reply.body, receipt };
	}

	it('are the five of a submission', async () => {
		const { planner, amt, second, citizen, shown, invitation, link } = ways;
		const body = { stance: 'BEDENKEN', text: 'Zu laut' };
		ways.statement = (await answers('POST /invitations/{invitation}/statements', 'EINGANG', `/invitations/${invitation}/statements`, { token: amt, who: amt, body })).id;
		const draft = await server.must(201, 'POST', `/invitations/${invitation}/drafts`, { token: amt, body: { ...body, text: 'Entwurf' } });
		await answers('POST /drafts/{draft}/submit', 'EINGANG', `/drafts/${draft.id}/submit`, { token: second, who: planner, body: {} });
		await answers('POST /inbox/answers', 'EINGANG', '/inbox/answers', { status: 201, token: amt, who: amt, body: { invitations: [invitation], stance: 'KEINE_BEDENKEN' },
			take: ({ statements: [one] }) => one.receipt, object: ({ statements: [one] }) => one.id });
		await answers('POST /invitations/by-link/statements', 'EINGANG', '/invitations/by-link/statements', { headers: link, who: planner, body: { ...body, name: 'Erika Muster' } });
		ways.anonymous = await answers('POST /rounds/{round}/statements', 'EINGANG', `/rounds/${shown.round}/statements`, { who: planner, body });
		ways.own = await answers('POST /procedures/{procedure}/statements', 'EINGANG', `/procedures/${shown.procedure}/statements`, { token: citizen, who: citizen, body: { ...body, person: { family_name: 'Muster' } } });
		await answers('POST /rounds/{round}/entries', 'EINGANG', `/rounds/${shown.round}/entries`, { token: planner, who: planner,
			body: { ...body, channel: 'POST', received_on: day(0), evidence: 'Eingangsstempel', person: { family_name: 'Muster' } } });
	});

	it('are supplements and withdrawals', async () => {
		const { amt, planner, citizen, statement, anonymous, own } = ways;
		const token = { 'Status-Token': anonymous.status_token };
		const body = { stance: 'HINWEISE', text: 'Noch etwas' };
		await answers('POST /statements/{statement}/supplements', 'EINGANG', `/statements/${statement}/supplements`, { token: amt, who: planner, body });
		await answers('POST /statements/by-token/supplements', 'EINGANG', '/statements/by-token/supplements', { headers: token, who: planner, body });
		await answers('POST /statements/{statement}/supplements', 'EINGANG', `/statements/${own.id}/supplements`, { token: citizen, who: citizen, body });
		await answers('POST /statements/{statement}/withdraw', 'RUECKNAHME', `/statements/${statement}/withdraw`, { status: 200, token: amt, who: amt, body: {} });
		await answers('POST /statements/by-token/withdraw', 'RUECKNAHME', '/statements/by-token/withdraw', { status: 200, headers: token, who: planner, body: {} });
	});

	it('are readings: the first opening of an invitation, once', async () => {
		const { amt, planner, invitation, link } = ways;
		const first = await answers('POST /invitations/{invitation}/acknowledge', 'KENNTNISNAHME', `/invitations/${invitation}/acknowledge`, { status: 200, token: amt, who: planner, body: {} });
		const again = await answers('POST /invitations/by-link/acknowledge', 'KENNTNISNAHME', '/invitations/by-link/acknowledge', { status: 200, headers: link, who: amt, body: {}, object: (reply) => reply.invitation.id });
		assert.equal(again.receipt.id, first.receipt.id);
	});

	it('are deadlines: asked for, declined, granted, of one body and of a whole round', async () => {
		const { amt, planner, invitation, open } = ways;
		const reason = 'Die Gemeindevertretung tagt später';
		const ask = (until) => answers('POST /invitations/{invitation}/extension-requests', 'FRISTANTRAG', `/invitations/${invitation}/extension-requests`, { token: amt, who: planner, body: { until, reason } });
		const decide = (id, kind, body, object) => answers('POST /extension-requests/{request}/decision', kind, `/extension-requests/${id}/decision`, { status: 200, token: planner, who: amt, body: { reason, ...body }, object });
		const first = await ask('2031-01-31');
		assert.match(first.receipt.text, /^Der Antrag von Ellerbek, die Frist bis zum 31\.01\.2031 zu verlängern, ist am .* Uhr eingegangen\. Die Frist endet mit Ablauf des /);
		assert.equal(first.receipt.on_time, true);
		const declined = await decide(first.id, 'FRISTABLEHNUNG', { decision: 'ABGELEHNT' }, () => first.id);
		assert.match(declined.receipt.text, / zu verlängern, wurde am .* Uhr abgelehnt\. Die Frist endet mit Ablauf des /);
		const second = await ask('2031-01-31');
		const granted = await decide(second.id, 'FRISTVERLAENGERUNG', { decision: 'GEWAEHRT' }, () => invitation);
		assert.equal(granted.receipt.deadline.day, '2031-01-31');
		const third = await ask('2031-02-28');
		await answers('POST /invitations/{invitation}/extension', 'FRISTVERLAENGERUNG', `/invitations/${invitation}/extension`, { status: 200, token: planner, who: amt, body: { deadline: '2031-03-31', reason } });
		// Granted for a day that is over already: nothing moves, and it is an answer all the same.
		const late = await decide(third.id, 'FRISTVERLAENGERUNG', { decision: 'GEWAEHRT' }, () => third.id);
		assert.match(late.receipt.text, / bewilligt\. Die Frist endet mit Ablauf des 31\.03\.2031\./);
		const [{ count: before }] = await server.sql(`select count(*)::int as count from pp.invitation where round = '${open.round}' and deadline < '2032-03-31'`);
		const round = await answers('POST /rounds/{round}/extension', 'FRISTVERLAENGERUNG', `/rounds/${open.round}/extension`, { status: 200, token: planner, who: planner, body: { end: '2032-03-31', reason } });
		assert.ok(before > 2);
		assert.equal(round.moved_invitations, before);
		assert.ok(round.receipt.text.includes(`Sie endet mit Ablauf des 31.03.2032; mit ihr verschoben sich die Fristen von ${before} Einladungen.`), round.receipt.text);
		assert.equal(round.receipt.deadline.day, '2032-03-31');
		const own = (await server.must(200, 'GET', `/receipts?object=${invitation}`, { token: amt })).items.at(-1);
		assert.equal(own.kind, 'FRISTVERLAENGERUNG');
		const { receipt, signature } = await server.must(200, 'GET', `/receipts/${own.id}`, { token: amt });
		assert.deepEqual([receipt.deadline.day, receipt.deadline.reason, receipt.object], ['2032-03-31', 'ROUND_END', invitation]);
		assert.ok(signature === null || signature.value);
		const [{ count }] = await server.sql(`select count(*)::int as count from pp.receipt r join pp.invitation i on i.id = r.object where i.round = '${open.round}' and r.document like '%2032-03-31%'`);
		assert.equal(count, before, 'every body that it moves has one');
	});

	it('are all that the page names, and the page names all', () => {
		assert.deepEqual([...new Set(walked)].sort(), named.sort());
	});

	it('are found by nobody else', async () => {
		const { amt, own, invitation } = ways;
		const stranger = await server.account('manager', '01001000');
		for (const [token, object] of [[stranger, invitation], [amt, own.id], [await server.account('operator'), invitation], [amt, nowhere]])
			assert.deepEqual((await server.must(200, 'GET', `/receipts?object=${object}`, { token })).items, []);
		await refuses(server, 401, 'unauthenticated', 'GET', `/receipts?object=${invitation}`);
		await refuses(server, 400, 'invalid_parameter', 'GET', '/receipts', { token: amt });
	});
});
