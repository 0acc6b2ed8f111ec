// SPDX-License-Identifier: EUPL-1.2
// Every route that names something somebody owns × every role × in the planning body, an invited body, a stranger × published or
// not: who comes through is what docs/api/rights.md says in its columns, and nobody else does. Bodies and parameters are made from
// the interface's own description, so that a refusal is one of rights and not of form.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root, startServer, until } from '../../harness/server.mjs';
import { send, upload, pdf, sha256 } from '../document/support.mjs';
import { amtPinnau, confirm, day, ellerbek, fileBoth, hamburg, invitationOf, nowhere, roundOf } from '../support.mjs';

const members = ['reader', 'clerk', 'releaser', 'manager', 'body_administrator', 'oversight'];
const roles = ['anyone', 'public', ...members, 'operator', 'auditor'];
const bodies = { planner: hamburg, invited: amtPinnau, stranger: '01001000' };
const rows = readFileSync(join(root, 'docs/api/rights.md'), 'utf8').split('\n')
	.map((line) => /^\| ([A-Z]+) \| \/api\/v1(\/\S*) \| (\w*) +\|(.*)\|/.exec(line)).filter((row) => row?.[3])
	.map(([, method, path, of, cells]) => ({ method, path, of, may: new Set(roles.filter((_, i) => cells.split('|')[i].includes('✓'))) }));

/** Who comes through to the thing, given that the role may call the route at all. */
const through = {
	everybody: () => true,
	published: (who, published) => published || who !== 'stranger',
	parties: (who) => who !== 'stranger',
	invited: (who) => who === 'invited',
	planner: (who) => who === 'planner',
	body: (who, _, role) => who === 'planner' || role === 'operator',
};

/** The least that a schema takes. */
function sample(schema, name) {
	if (schema.$ref) return { type: 'Point', coordinates: [9.903, 53.632] };
	if (schema.enum) return schema.enum[0];
	switch (schema.type) {
		case 'object':
			return Object.fromEntries((schema.required ?? []).map((field) => [field, sample(schema.properties[field], field)]));
		case 'array':
			return Array.from({ length: schema.minItems ?? 0 }, () => sample(schema.items, name));
		case 'integer':
		case 'number':
			return schema.minimum ?? 1;
		case 'boolean':
			return true;
		default:
			return { uuid: nowhere, date: day(60), 'date-time': '2026-01-01T00:00:00Z', email: 'a@b.example' }[schema.format]
				?? (schema.pattern ? ellerbek : name === 'step' ? 'FOERM_TOEB' : 'x'.repeat(Math.max(3, schema.minLength ?? 0)));
	}
}

describe('the matrix', () => {
	let server, paths, people;
	const things = {};

	before(async () => {
		server = await startServer();
		({ paths } = await server.must(200, 'GET', '/openapi.json'));
		people = [{ role: 'anyone', who: 'stranger' }];
		for (const role of ['public', 'operator', 'auditor']) people.push({ role, who: 'stranger', ...(await server.account(role)) });
		for (const [who, body] of Object.entries(bodies))
			for (const role of members) people.push({ role, who, ...(await server.account(role, body)) });
		await server.account('reader', '01003000');
		for (const published of [false, true]) things[published] = await make(published);
		// A private person speaks where the public is asked; who that is, is the planning body's matter in both cases.
		await server.must(201, 'POST', `/procedures/${things[true].procedure}/statements`, { token: (await server.account('public')).token, body: { stance: 'EINWENDUNG', text: 'Zu laut',
			person: { given_name: 'Erika', family_name: 'Muster' }, consents: { notices: true, publish_name: false, text_version: '2026-11' } } });
		const [{ id: person }] = await server.sql('select id from pp.person');
		things[true].person = things[false].person = person;
	});

	/** A procedure with one of everything that a path can name. */
	async function make(published) {
		const planner = await server.account('manager', hamburg);
		const amt = await server.account('clerk releaser', amtPinnau);
		const create = async (token, path, body) => (await server.must(201, 'POST', path, { token, body })).id;
		const { procedure, plan } = await fileBoth(server, planner);
		await server.must(201, 'POST', `/plans/${plan}/affected/decisions`, { token: planner, body: { body: '01002000', action: 'add', reason: 'Wunsch' } });
		const [{ id: decision }] = await server.sql("select id from pp.affected_decision where plan = :'plan'", { plan });
		const document = await upload(server, planner, procedure, pdf(10, published ? 1 : 2), { kind: 'BEGRUENDUNG', name: 'Begründung.pdf' });
		await until(async () => (await server.must(200, 'GET', `/documents/${document}`, { token: planner })).state === 'GEPRUEFT', 100);
		await confirm(server, planner, plan);
		const round = await create(planner, `/procedures/${procedure}/rounds`, roundOf());
		if (published) await create(planner, `/procedures/${procedure}/rounds`, roundOf({ step: 'FOERM_OEFF', audience: 'OEFF', start: day(0) }));
		const { id: invitation } = await invitationOf(server, amt, round, ellerbek);
		const request = await create(amt, `/invitations/${invitation}/extension-requests`, { until: day(70), reason: 'Ferien' });
		const draft = await create(amt, `/invitations/${invitation}/drafts`, { text: 'Entwurf' });
		const bytes = pdf(10, 3);
		const attachment = await create(amt, `/invitations/${invitation}/attachments`, { name: 'Anlage.pdf', media_type: 'application/pdf', size: bytes.length, sha256: sha256(bytes) });
		assert.equal((await send(server, 'PUT', `/attachments/${attachment}/upload`, { token: amt, body: bytes, headers: { 'Content-Type': 'application/pdf' } })).status, 204);
		const statement = await create(amt, `/invitations/${invitation}/statements`, { stance: 'BEDENKEN', text: 'Zu laut', attachments: [attachment] });
		await until(async () => (await send(server, 'GET', `/attachments/${attachment}/content`, { token: amt })).status === 200, 100);
		await server.must(200, 'POST', `/procedures/${procedure}/weighing/accept`, { token: planner, body: {} });
		const group = await create(planner, `/procedures/${procedure}/weighing/groups`, { title: 'gleich', statements: [statement] });
		const { concerns: [{ id: concern }] } = await server.must(200, 'GET', `/statements/${statement}/weighing`, { token: planner });
		const hold = await create(planner, `/procedures/${procedure}/legal-holds`, { reason: 'Klage' });
		const list = await create(planner, '/distribution-lists', { name: `Nachbarn ${published}`, bodies: [ellerbek] });
		const { email } = await server.account('reader', hamburg);
		const one = async (text, values) => (await server.sql(text, values))[0].id;
		const membership = await one('select m.id from pp.membership m join pp.account a on a.id = m.account where a.email = :\'email\'', { email });
		const account = await one("select id from pp.account where email = :'email'", await server.account('reader', hamburg));
		const receipt = await one("select id from pp.receipt where object = :'statement'", { statement });
		const event = await one("select e.id from pp.procedure_event e join pp.machine_event m using (event) where e.procedure = :'procedure' and m.is_public order by e.no limit 1", { procedure });
		const forwarding = await create(planner, `/statements/${statement}/forwardings`, { recipient: '01003000', reason: 'Zur Kenntnis' });
		return { procedure, plan, round, invitation, request, draft, statement, forwarding, membership, account, body_key: hamburg, decision, document, attachment, group, concern, hold, list, receipt, event };
	}
	after(() => server.stop());

	const expected = (row, person, published) => row.may.has(person.role) && through[row.of](person.who, published, person.role);
	const call = ({ method, path }, person, published) => {
		const operation = paths[`/api/v1${path}`][method.toLowerCase()];
		const schema = operation.requestBody?.content['application/json']?.schema;
		const query = (operation.parameters ?? []).filter((param) => param.in === 'query' && param.required)
			.map((param) => `${param.name}=${encodeURIComponent(sample(param.schema, param.name))}`).join('&');
		const where = path.replace(/\{(\w+)\}/g, (_, name) => things[published][name]) + (query ? `?${query}` : '');
		return server.api(method, where, { token: person.token, headers: { 'If-Match': '*' }, body: schema ? sample(schema) : ['GET', 'DELETE'].includes(method) ? undefined : {} });
	};
	const reachable = () => rows.filter(({ path }) => [...path.matchAll(/\{(\w+)\}/g)].every(([, name]) => name in things[true]));

	it('names what every path is of', () => {
		const known = new Set(rows.map(({ method, path }) => `${method} ${path}`));
		const confidential = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace('/api/v1', '')}`))
			.filter((name) => !/by-link|erasure-request|consents/.test(name) && /\{(invitation|draft|statement|forwarding|concern|request|decision|event|document|receipt|person|group|hold|list)\}/.test(name) && !known.has(name));
		assert.deepEqual(confidential, []);
		assert.ok(reachable().length > 75);
	});

	for (const published of [false, true]) {
		it(`lets nobody through to what is not theirs, ${published ? 'published' : 'unpublished'}`, async () => {
			const wrong = [];
			let calls = 0;
			for (const row of reachable())
				for (const person of people.filter((each) => !expected(row, each, published))) {
					const { status, text } = await call(row, person, published);
					calls++;
					if (![401, 403, 404].includes(status)) wrong.push(`${row.method} ${row.path} as ${person.role} of ${person.who}: ${status} ${text.slice(0, 200)}`);
				}
			assert.deepEqual(wrong, []);
			assert.ok(calls > 500);
		});
	}

	for (const published of [false, true]) {
		it(`lets everybody through to what is theirs, ${published ? 'published' : 'unpublished'}`, async () => {
			const wrong = [];
			// Reading first: what is written changes what there is, and what is put in another's place or deleted is gone.
			const order = ['GET', 'PATCH', 'POST', 'PUT', 'DELETE'];
			for (const row of reachable().sort((a, b) => order.indexOf(a.method) - order.indexOf(b.method)))
				for (const person of people.filter((each) => expected(row, each, published))) {
					const { status, text } = await call(row, person, published);
					if ([401, 403, 404].includes(status) && !(row.method === 'DELETE' && status === 404) || status >= 500) wrong.push(`${row.method} ${row.path} as ${person.role} of ${person.who}: ${status} ${text.slice(0, 200)}`);
				}
			assert.deepEqual(wrong, []);
		});
	}
});
