// SPDX-License-Identifier: EUPL-1.2
// Notices by mail, through a real mail server: asked for, confirmed by the link in a mail, told, and ended by what mail programs send.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer, until } from '../../harness/server.mjs';
import { day, ellerbek, fileBoth, confirm, hamburg, openRound, pointers, refuses, roundOf } from '../support.mjs';
import { readMessage, reason, Sink } from '../mail/sink.mjs';

const text_version = '2026-11';

describe('subscriptions', { skip: reason }, () => {
	let sink, server, planner, procedure, plan;
	const to = (address) => sink.messages.filter(({ to: [recipient] }) => recipient === address).map(({ bytes }) => readMessage(bytes));
	const mail = (address, count = 1) => until(() => to(address).length >= count && to(address).at(-1), 100);
	const page = (message) => /https:\/\/planung\.example\/benachrichtigungen#([\w-]{43})/.exec(message.text)[1];
	const oneClick = (message) => /^ ?<https:\/\/planung\.example(\/abmelden\?s=[\w-]{43})>$/.exec(message.get('list-unsubscribe'))[1];
	const bySecret = async (what, secret, more = {}) => (await server.must(200, 'POST', `/subscriptions/${what}`, { body: { secret, ...more } })).items;
	const subscribe = (email, more = {}) => server.must(202, 'POST', `/procedures/${procedure}/subscriptions`, { body: { email, text_version }, ...more });
	/** Asks and confirms; the secret of the reader's page. */
	const subscribed = async (email, ask = () => subscribe(email)) => {
		const before = to(email).length;
		await ask();
		const secret = page(await mail(email, before + 1));
		for (const { id, confirmed_at: confirmed } of await bySecret('open', secret)) if (!confirmed) await bySecret('confirm', secret, { subscription: id });
		return secret;
	};
	const post = (path, body, type) => fetch(server.address + path, { method: 'POST', redirect: 'manual', headers: { 'Content-Type': type }, body });
	const form = 'application/x-www-form-urlencoded';
	const known = async (address) => (await server.sql("select count(*)::int as n from pp.subscription where mark = pp_api.subscription_mark(:'address')", { address }))[0].n;

	before(async () => {
		sink = await new Sink().listen();
		server = await startServer({ settings: sink.settings({ rate_mail: 0 }) });
		planner = await server.account('manager', hamburg);
		({ procedure, plan } = await fileBoth(server, planner));
		await confirm(server, planner, plan);
		await server.must(200, 'POST', `/procedures/${procedure}/publish`, { token: planner, body: {} });
	});
	after(async () => {
		await server.stop();
		await sink.close();
	});

	it('begin when the address itself says so', async () => {
		const reply = await server.api('POST', `/procedures/${procedure}/subscriptions`, { body: { email: 'anna@leser.example', text_version } });
		assert.deepEqual([reply.status, reply.text], [202, '']);
		const asked = await mail('anna@leser.example');
		assert.deepEqual(asked.defects, []);
		assert.match(asked.text, /Verfahren 20\d\d-\d{4}: Bebauungsplan Schnelsen 99/);
		assert.deepEqual([asked.get('auto-submitted'), asked.get('list-unsubscribe')], ['auto-generated', ''], 'a question is no list');
		const secret = page(asked);
		const [item] = await bySecret('open', secret);
		assert.deepEqual([item.kind, item.procedure, item.confirmed_at, item.text_version], ['VERFAHREN', procedure, null, text_version]);
		const [confirmed] = await bySecret('confirm', secret, { subscription: item.id });
		assert.ok(confirmed.confirmed_at && !confirmed.ends_at);
		const again = await server.api('POST', `/procedures/${procedure}/subscriptions`, { body: { email: 'anna@leser.example', text_version } });
		assert.deepEqual([again.status, again.text], [202, ''], 'whoever is known is answered the same');
		assert.match((await mail('anna@leser.example', 2)).text, /die Sie schon erhalten/);
		assert.ok(!server.log.some((line) => JSON.stringify(line).includes(secret) || /leser\.example/.test(JSON.stringify(line))), 'neither address nor secret is in a log');
	});

	it('are told of a round once, with a button to end them', async () => {
		const english = await subscribed('bob@leser.example', () => subscribe('bob@leser.example', { headers: { 'Accept-Language': 'en' } }));
		const places = { ags: ellerbek };
		await subscribed('anna@leser.example', () => server.must(202, 'POST', '/subscriptions', { body: { email: 'anna@leser.example', text_version, ...places } }));
		await subscribed('clara@leser.example', () => server.must(202, 'POST', '/subscriptions', { body: { email: 'clara@leser.example', text_version, longitude: 9.92, latitude: 53.632, radius_km: 2 } }));
		await subscribed('fern@leser.example', () => server.must(202, 'POST', '/subscriptions', { body: { email: 'fern@leser.example', text_version, longitude: 10.2, latitude: 53.5, radius_km: 10 } }));
		await subscribe('zoe@leser.example');
		const round = await server.must(201, 'POST', `/procedures/${procedure}/rounds`, { token: planner, body: roundOf({ step: 'FOERM_OEFF', audience: 'OEFF', start: day(0), end: day(40) }) });
		await until(async () => (await server.sql("select done_at from pp.subscription_event where round = :'round'", { round: round.id }))[0].done_at, 100);
		await until(async () => (await server.sql("select count(*)::int as n from pp.mail where is_bulk and state = 'WARTET'"))[0].n === 0, 100);
		const told = ['anna', 'bob', 'clara', 'fern', 'zoe'].map((name) => to(`${name}@leser.example`).filter((message) => message.get('list-unsubscribe-post')).filter((message) => /Schnelsen 99$/.test(message.get('subject')) && /^(Beteiligung|Public)/.test(message.get('subject'))).length);
		assert.deepEqual(told, [1, 1, 1, 0, 0]);
		const message = await mail('bob@leser.example', 2);
		assert.match(message.get('subject'), /^Public participation: Bebauungsplan Schnelsen 99$/);
		assert.deepEqual([message.get('list-unsubscribe-post'), message.get('auto-submitted'), message.get('content-language')], ['List-Unsubscribe=One-Click', 'auto-generated', 'en']);
		assert.equal(page(message), english, 'the page is the reader\'s own');
		assert.doesNotMatch(message.text, /bob@/);
	});

	it('end by one request of a mail program, and by no look at its address', async () => {
		const message = (await mail('bob@leser.example', 2));
		const path = oneClick(message);
		for (const method of ['GET', 'HEAD']) {
			const look = await fetch(server.address + path, { method });
			assert.equal(look.status, 200);
			assert.match(look.headers.get('content-security-policy'), /form-action 'self'/);
			if (method === 'HEAD') continue;
			const shown = await look.text();
			assert.match(shown, /<strong>Verfahren 20\d\d-\d{4}: Bebauungsplan Schnelsen 99<\/strong>/, 'it says what it would end');
			assert.doesNotMatch(shown, /bob|leser\.example/, 'and never whose');
		}
		assert.equal(await known('bob@leser.example'), 1, 'looking ends nothing');
		for (const [body, type] of [['', form], ['List-Unsubscribe=Yes', form], ['x=y', form], ['--b\r\n', 'multipart/form-data; boundary=b'], ['{"List-Unsubscribe":"No"}', 'application/json'], ['List-Unsubscribe=One-Click', 'text/plain']])
			assert.ok((await post(path, body, type)).status >= 400, `${type}: ${body}`);
		assert.equal(await known('bob@leser.example'), 1);
		const parts = '--b7\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b7--\r\n';
		const done = await post(path, parts, 'multipart/form-data; boundary=b7');
		assert.deepEqual([done.status, done.headers.get('set-cookie')], [200, null]);
		assert.match(await done.text(), /<strong>Verfahren .*: Bebauungsplan Schnelsen 99<\/strong>/);
		assert.doesNotMatch(await (await fetch(server.address + path)).text(), /Schnelsen/, 'what has ended is not named any more');
		assert.equal(await known('bob@leser.example'), 0);
		assert.equal((await post(path, 'List-Unsubscribe=One-Click', form)).status, 200, 'a second one is no mistake');
		assert.equal((await post(`/abmelden?s=${'x'.repeat(43)}`, 'List-Unsubscribe=One-Click', form)).status, 200, 'and tells nobody anything');
		assert.equal((await post('/abmelden', 'List-Unsubscribe=One-Click', form)).status, 400);
	});

	it('end by the page of their reader, one or all', async () => {
		const secret = page(await mail('anna@leser.example'));
		const items = await bySecret('open', secret);
		assert.deepEqual(items.map(({ kind, name }) => [kind, name]), [['VERFAHREN', null], ['UMKREIS', 'Ellerbek']]);
		for (const [what, more, pointer] of [['open', {}, '/secret'], ['confirm', { subscription: items[0].id }, '/secret'], ['end', { all: true }, '/secret']])
			assert.deepEqual(pointers(await refuses(server, 404, 'subscription_unknown', 'POST', `/subscriptions/${what}`, { body: { secret: 'x'.repeat(43), ...more } })), [pointer]);
		assert.equal((await bySecret('end', secret, { subscription: items[0].id })).length, 1);
		await refuses(server, 404, 'subscription_unknown', 'POST', '/subscriptions/end', { body: { secret, subscription: items[0].id } });
		assert.deepEqual(await bySecret('end', secret, { all: true }), []);
		assert.equal(await known('anna@leser.example'), 0);
	});

	it('end when the mail server refuses the address for good', async () => {
		await subscribed('weg@leser.example');
		sink.recipients.push([550, '5.1.1 no such mailbox']);
		await subscribe('weg@leser.example');
		await until(async () => await known('weg@leser.example') === 0, 100);
	});

	it('flood nobody: five a day to one mailbox, and so many from one network', async () => {
		for (let i = 0; i < 7; i++) await subscribe(`opfer+${i}@leser.example`);
		await until(async () => (await server.sql("select count(*)::int as n from pp.mail where kind = 'subscription_confirm' and state = 'WARTET'"))[0].n === 0, 100);
		assert.equal(sink.messages.filter(({ to: [address] }) => address.startsWith('opfer+')).length, 5);
		const limited = await startServer({ settings: { mail: 'hold', rate_mail: 3 } });
		const replies = [];
		for (let i = 0; i < 6; i++) replies.push((await limited.api('POST', '/subscriptions', { body: { email: `a${i}@b.example`, text_version, ags: ellerbek }, headers: { 'X-Forwarded-For': '192.0.2.9' } })).status);
		assert.deepEqual(replies.slice(0, 3), [202, 202, 202]);
		assert.equal(replies.at(-1), 429);
		await limited.stop();
	});

	it('are refused where no mail is sent', async () => {
		const silent = await startServer({ settings: { mail: 'off' } });
		const reply = await silent.api('POST', '/subscriptions', { body: { email: 'anna@leser.example', text_version, ags: ellerbek } });
		assert.deepEqual([reply.status, reply.body.type], [409, '/problems/mail_off']);
		assert.equal((await silent.sql("select count(*)::int as n from pp.mail"))[0].n, 0);
		await silent.stop();
	});

	it('come with a statement, and go with its consent or its person', async () => {
		const own = await openRound(server, planner, { title: 'Eigenes Verfahren', round: { step: 'FOERM_OEFF', audience: 'OEFF', start: day(0), end: day(40) } });
		const made = await server.must(201, 'POST', `/rounds/${own.round}/statements`, { body: { stance: 'BEDENKEN', text: 'Geheimer Wunsch', person: { family_name: 'Muster', email: 'erika@leser.example', inform: 'EMAIL' }, consents: { notices: true, text_version } } });
		const token = { headers: { 'Status-Token': made.status_token } };
		const link = /\/adresse#([\w-]{43})/.exec((await mail('erika@leser.example')).text)[1];
		assert.equal((await server.must(200, 'GET', '/statements/by-token', token)).subscriptions[0].confirmed_at, null);
		await server.must(204, 'POST', '/address-confirmations', { body: { secret: link } });
		const { subscriptions: [mine] } = await server.must(200, 'GET', '/statements/by-token', token);
		assert.ok(mine.confirmed_at);
		assert.equal(mine.kind, 'EIGENE');
		await server.must(200, 'POST', `/procedures/${own.procedure}/withdraw`, { token: planner, body: { reason: 'Ohne Bedarf' } });
		const message = await mail('erika@leser.example', 2);
		assert.equal(message.get('subject'), 'Eingestellt: Eigenes Verfahren');
		assert.doesNotMatch(message.text, /Geheimer|Muster|Ohne Bedarf/);
		assert.equal((await post(oneClick(message), 'List-Unsubscribe=One-Click', form)).status, 200);
		const after = await server.must(200, 'GET', '/statements/by-token', token);
		assert.deepEqual([after.subscriptions, after.person.consents.filter(({ kind }) => kind === 'MITTEILUNGEN').map(({ given }) => given)], [[], [true, false]]);
		const given = await server.must(200, 'POST', '/statements/by-token/consents', { ...token, body: { notices: true, text_version: '2026-12' } });
		assert.equal(given.consents.at(-1).text_version, '2026-12');
		await refuses(server, 404, 'status_token_unknown', 'POST', '/statements/by-token/consents', { body: { notices: true, text_version } });
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', '/statements/by-token/consents', { ...token, body: { notices: 'ja' } })).sort(), ['/notices', '/text_version']);
		await server.sql("update pp.procedure set state_since = '2020-01-01' where id = :'procedure'", { procedure: own.procedure });
		await server.must(200, 'POST', '/statements/by-token/erasure-request', { ...token, body: {} });
		assert.equal((await server.sql("select count(*)::int as n from pp.subscription where person is not null"))[0].n, 0, 'erased with the person');
	});

	it('are given and taken back by the account of a person', async () => {
		const own = await openRound(server, planner, { round: { step: 'FOERM_OEFF', audience: 'OEFF', start: day(0), end: day(40) } });
		const [citizen, other] = [await server.account('public'), await server.account('public')];
		const made = await server.must(201, 'POST', `/rounds/${own.round}/statements`, { token: citizen, body: { stance: 'BEDENKEN', text: 'Zu laut', person: { family_name: 'Konto', email: 'konto@leser.example' } } });
		const where = `/persons/${made.person.id}/consents`;
		await refuses(server, 404, 'person_not_found', 'POST', where, { token: other, body: { notices: true, text_version } });
		await refuses(server, 403, 'forbidden', 'POST', where, { token: planner, body: { notices: true, text_version } });
		await server.must(200, 'POST', where, { token: citizen, body: { notices: true, text_version } });
		const shown = async () => (await server.must(200, 'GET', '/account/export', { token: citizen })).persons[0].subscriptions;
		assert.deepEqual((await shown()).map(({ kind, confirmed_at: at }) => [kind, at]), [['EIGENE', null]]);
		const secret = await until(() => to('konto@leser.example').map(({ text }) => /benachrichtigungen#([\w-]{43})/.exec(text)?.[1]).find(Boolean), 100);
		const [{ id }] = await bySecret('open', secret);
		await bySecret('confirm', secret, { subscription: id });
		assert.ok((await shown())[0].confirmed_at);
		await server.must(200, 'POST', where, { token: citizen, body: { notices: false, text_version } });
		assert.deepEqual(await shown(), []);
	});

	it('are asked for in full, or refused', async () => {
		const body = { email: 'a@b.example', text_version };
		for (const [more, where] of [[{}, ['/ags']], [{ ags: ellerbek, longitude: 10, latitude: 53, radius_km: 1 }, ['/ags']], [{ longitude: 10, latitude: 53, radius_km: 11 }, ['/radius_km']], [{ email: 'x', ags: ellerbek }, ['/email']]])
			assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', '/subscriptions', { body: { ...body, ...more } })), where);
		await refuses(server, 404, 'municipality_not_found', 'POST', '/subscriptions', { body: { ...body, ags: '01999999' } });
		await refuses(server, 422, 'geometry_out_of_area', 'POST', '/subscriptions', { body: { ...body, longitude: 53, latitude: 10, radius_km: 5 } });
		const hidden = await fileBoth(server, planner);
		await refuses(server, 404, 'procedure_not_found', 'POST', `/procedures/${hidden.procedure}/subscriptions`, { token: planner, body });
	});
});
