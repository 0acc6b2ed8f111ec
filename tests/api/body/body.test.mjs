// SPDX-License-Identifier: EUPL-1.2
// Bodies over HTTP: what everybody sees of them, who says who acts for them, and who may plan for whom.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startServer } from '../../harness/server.mjs';
import { amtPinnau, ellerbek, hamburg, pointers, procedureOf, refuses } from '../support.mjs';

describe('bodies', () => {
	let server, chief, operator;
	before(async () => {
		server = await startServer();
		chief = await server.account('body_administrator', amtPinnau);
		operator = await server.account('operator');
	});
	after(() => server.stop());

	const members = (token) => server.must(200, 'GET', `/bodies/${amtPinnau}/memberships`, { token });
	const name = (body, token = chief, of = amtPinnau) => server.api('POST', `/bodies/${of}/memberships`, { token, body });

	it('are found by name, kind and Land, and say for whom they act', async () => {
		const { items } = await server.must(200, 'GET', '/bodies?q=pinnau&kind=AMT&land=01');
		assert.deepEqual(items.map(({ body }) => body), [amtPinnau]);
		const amt = await server.must(200, 'GET', `/bodies/${amtPinnau}`);
		assert.ok(amt.acts_for.some(({ body, kind }) => body === ellerbek && kind === 'AMT'));
		assert.equal(amt.release_by_second, null, 'how it works is its own matter');
		const { acted_for_by } = await server.must(200, 'GET', `/bodies/${ellerbek}`);
		assert.deepEqual(acted_for_by.filter(({ kind }) => kind === 'AMT').map(({ body }) => body), [amtPinnau]);
		await refuses(server, 404, 'not_found', 'GET', '/bodies/no-such-body');
		let all = [];
		for (let path = '/bodies?limit=500'; path; ) {
			const page = await server.must(200, 'GET', path);
			all = all.concat(page.items.map(({ body }) => body));
			path = page.next && page.next.slice(page.next.indexOf('/bodies'));
		}
		assert.equal(all.length, (await server.sql('select count(*)::int as n from pp.body'))[0].n);
		assert.equal(new Set(all).size, all.length);
	});

	it('have members that their administrator names, changes and ends', async () => {
		const made = await name({ email: 'neu@amt.example', roles: ['releaser', 'clerk'], valid_to: '2099-12-31' });
		assert.equal(made.status, 201, made.text);
		assert.deepEqual([made.body.roles, made.body.state], [['reader', 'clerk', 'releaser'], 'confirmed']);
		const path = `/memberships/${made.body.id}`;
		assert.equal(made.headers.get('location'), `${server.address}/api/v1${path}`);
		await refuses(server, 428, 'precondition_required', 'PATCH', path, { token: chief, body: { roles: ['reader'] } });
		const changed = await server.must(200, 'PATCH', path, { token: chief, headers: { 'If-Match': made.headers.get('etag') }, body: { roles: ['manager'], valid_to: null } });
		assert.deepEqual([changed.roles, changed.valid_to], [['reader', 'manager'], null]);
		assert.ok((await members(chief)).items.some(({ email, roles }) => email === 'neu@amt.example' && roles.includes('manager')));
		await refuses(server, 409, 'membership_exists', 'POST', `/bodies/${amtPinnau}/memberships`, { token: chief, body: { email: 'NEU@amt.example', roles: ['reader'] } });
		assert.equal((await server.must(200, 'POST', `${path}/end`, { token: chief, body: {} })).state, 'ended');
		await refuses(server, 409, 'conflict', 'POST', `${path}/end`, { token: chief, body: {} });
	});

	it('confirm whoever joined by signing in, who only reads until then', async () => {
		const joined = await server.account('manager', amtPinnau);
		await server.sql(`update pp.membership m set state = 'pending', confirmed_at = null from pp.account a where a.id = m.account and a.email = :'email'`, { email: joined.email });
		await server.must(200, 'GET', '/inbox', { token: joined });
		await refuses(server, 403, 'forbidden', 'POST', '/procedures', { token: joined, body: procedureOf({ planning_municipalities: [ellerbek] }) });
		const [{ id }] = (await members(chief)).items.filter(({ state }) => state === 'pending');
		const confirmed = await server.must(200, 'POST', `/memberships/${id}/confirm`, { token: chief, body: { roles: ['clerk'] } });
		assert.deepEqual([confirmed.state, confirmed.roles], ['confirmed', ['reader', 'clerk']]);
	});

	it('are nobody else\'s to say who acts for them; operators name the first administrator', async () => {
		const other = await server.account('body_administrator', hamburg);
		await refuses(server, 403, 'forbidden', 'GET', `/bodies/${amtPinnau}/memberships`, { token: other });
		await refuses(server, 403, 'forbidden', 'POST', `/bodies/${amtPinnau}/memberships`, { token: other, body: { email: 'x@y.example', roles: ['reader'] } });
		const [member] = (await members(chief)).items;
		await refuses(server, 404, 'membership_not_found', 'GET', `/memberships/${member.id}`, { token: other });
		await refuses(server, 404, 'membership_not_found', 'POST', `/memberships/${member.id}/end`, { token: other, body: {} });
		const wrong = await refuses(server, 403, 'forbidden', 'POST', `/bodies/${ellerbek}/memberships`, { token: operator, body: { email: 'x@y.example', roles: ['manager'] } });
		assert.deepEqual(pointers(wrong), ['/roles']);
		assert.equal((await name({ email: 'erste@ellerbek.example', roles: ['body_administrator'] }, operator, ellerbek)).status, 201);
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'POST', `/bodies/${amtPinnau}/memberships`, { token: chief, body: { email: 'x', roles: ['king'] } })).sort(), ['/email', '/roles/0']);
	});

	it('say whether a second person releases', async () => {
		const { headers } = await server.api('GET', `/bodies/${amtPinnau}`, { token: chief });
		const change = { token: chief, headers: { 'If-Match': headers.get('etag') }, body: { release_by_second: true } };
		assert.equal((await server.must(200, 'PATCH', `/bodies/${amtPinnau}`, change)).release_by_second, true);
		await refuses(server, 412, 'precondition_failed', 'PATCH', `/bodies/${amtPinnau}`, change);
		await refuses(server, 403, 'forbidden', 'PATCH', `/bodies/${hamburg}`, change);
	});

	it('are written to at the address that they or an operator name, whom nobody else sees', async () => {
		const change = (token, mail) => ({ token, headers: { 'If-Match': '*' }, body: { mail } });
		const shown = async (token) => (await server.must(200, 'GET', `/bodies/${amtPinnau}`, { token })).mail;
		assert.equal(await shown(chief), null);
		assert.equal((await server.must(200, 'PATCH', `/bodies/${amtPinnau}`, change(chief, 'erste@amt.example'))).mail, 'erste@amt.example');
		await server.sql("update pp.body_mail set valid_from = '2020-01-01'");
		assert.equal((await server.must(200, 'PATCH', `/bodies/${amtPinnau}`, change(operator, 'zweite@amt.example'))).mail, 'zweite@amt.example');
		assert.deepEqual([await shown(chief), await shown(operator), await shown(undefined), await shown(await server.account('manager', hamburg))], ['zweite@amt.example', 'zweite@amt.example', null, null]);
		assert.deepEqual(await server.sql('select mail, valid_to is null as holds from pp.body_mail order by valid_from'), [{ mail: 'erste@amt.example', holds: false }, { mail: 'zweite@amt.example', holds: true }]);
		assert.deepEqual((await server.sql("select recipient, subject from pp.mail where kind = 'mailbox_left'")), [{ recipient: 'erste@amt.example', subject: 'Post an Amt Pinnau geht nicht mehr an diese Adresse' }]);
		assert.deepEqual(pointers(await refuses(server, 422, 'invalid_body', 'PATCH', `/bodies/${amtPinnau}`, change(chief, 'a@b@c'))), ['/mail']);
		await refuses(server, 422, 'invalid_body', 'PATCH', `/bodies/${amtPinnau}`, { token: chief, headers: { 'If-Match': '*' }, body: {} });
		await refuses(server, 428, 'precondition_required', 'PATCH', `/bodies/${amtPinnau}`, { token: chief, body: { mail: null } });
		await refuses(server, 403, 'forbidden', 'PATCH', `/bodies/${hamburg}`, change(chief, 'x@y.example'));
		await refuses(server, 403, 'forbidden', 'PATCH', `/bodies/${amtPinnau}`, { token: operator, headers: { 'If-Match': '*' }, body: { release_by_second: false } });
		await refuses(server, 403, 'forbidden', 'PATCH', `/bodies/${amtPinnau}`, change(await server.account('manager', amtPinnau), null));
		assert.equal((await server.must(200, 'PATCH', `/bodies/${amtPinnau}`, change(chief, null))).mail, null);
		assert.equal((await server.sql("select 1 from pp.body_mail where valid_to is null")).length, 0);
	});

	it('plan for themselves and for whom they act, and both stand in the procedure', async () => {
		const planner = await server.account('manager', amtPinnau);
		const made = await server.must(201, 'POST', '/procedures', { token: planner, body: procedureOf({ planning_municipalities: [ellerbek] }) });
		assert.deepEqual([made.planner_body, made.planning_municipalities], [amtPinnau, [ellerbek]]);
		await server.must(200, 'GET', `/procedures/${made.id}`, { token: await server.account('reader', ellerbek) });
		const refused = await refuses(server, 403, 'municipality_not_yours', 'POST', '/procedures', { token: planner, body: procedureOf({ planning_municipalities: [ellerbek, hamburg] }) });
		assert.deepEqual(pointers(refused), ['/planning_municipalities/1']);
	});
});
