// SPDX-License-Identifier: EUPL-1.2
// Every route whose path has a parameter × every role × in the planning body, an invited body, a stranger × published or not, and
// whoever owns the thing or holds its secret, or another one's: who comes through is what docs/api/rights.md says in its columns,
// and nobody else does. Bodies and parameters are made from the interface's own description, so that a refusal is one of rights
// and not of form.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { build, root, startServer, until } from '../../harness/server.mjs';
import { announce, send, upload, pdf, sha256 } from '../document/support.mjs';
import { amtPinnau, confirm, day, ellerbek, fileBoth, hamburg, invitationOf, nowhere, roundOf } from '../support.mjs';

const members = ['reader', 'clerk', 'releaser', 'manager', 'body_administrator', 'oversight'];
const roles = ['anyone', 'public', ...members, 'operator', 'auditor'];
const bodies = { planner: hamburg, invited: amtPinnau, stranger: '01001000' };
const rows = readFileSync(join(root, 'docs/api/rights.md'), 'utf8').split('\n')
	.map((line) => /^\| ([A-Z]+) \| (\/\S*\{\S*) \| (\w*) *\|(.*)\|/.exec(line)).filter(Boolean)
	.map(([, method, path, of, cells]) => ({ method, path, of, may: new Set(roles.filter((_, i) => cells.split('|')[i].includes('✓'))) }));

/** Who comes through to the thing, given that the role may call the route at all. */
const through = {
	everybody: () => true,
	public: (who, published) => published,
	published: (who, published) => published || ['planner', 'invited'].includes(who),
	asked: (who, published) => published || ['planner', 'invited'].includes(who),
	person: (who, published, role, path) => published ? !members.includes(role) || path.endsWith('/attachments') && who === 'planner' && role === 'manager' : ['planner', 'invited'].includes(who),
	outage: (who, published, role) => published || ['planner', 'invited'].includes(who) || role === 'operator',
	parties: (who) => ['planner', 'invited'].includes(who),
	invited: (who) => who === 'invited',
	writers: (who, published, role) => who === 'invited' && ['clerk', 'releaser', 'manager'].includes(role),
	sender: (who, published, role) => who === 'invited' && role === 'releaser',
	planner: (who) => who === 'planner',
	chain: (who, published, role) => who === 'planner' || role === 'auditor',
	body: (who, published, role, path) => who === (path.includes('/releases/') ? 'invited' : 'planner') || role === 'operator',
	own: (who, published, role, path) => who === 'owner' || path.includes('/deputies/') && who === 'planner' && role === 'body_administrator',
	secret: (who) => who === 'holder',
};

/** A file of the web application, which any is. */
const [asset] = readdirSync(join(build, 'web/application/assets'));

const known = { sha256: sha256(''), media_type: 'application/pdf', name: 'x.pdf' };
/** The least that a schema takes. */
function sample(schema, name) {
	if (name in known) return known[name];
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
		server = await startServer({ settings: { mail: 'hold', rate_public: 0, rate_costly: 0, rate_sign_in: 0 } });
		({ paths } = await server.must(200, 'GET', '/openapi.json'));
		people = [{ role: 'anyone', who: 'stranger' }];
		for (const role of ['public', 'operator', 'auditor']) people.push({ role, who: 'stranger', ...(await server.account(role)) });
		for (const [who, body] of Object.entries(bodies))
			for (const role of members) people.push({ role, who, ...(await server.account(role, body)) });
		await server.account('reader', '01003000');
		for (const published of [false, true]) things[published] = await make(published);
		// Nobody who is asked speaks before the public is; who that is, is the planning body's matter in both cases.
		const spoken = await speak(things[true]);
		for (const published of [false, true]) Object.assign(things[published], spoken, { owners: { ...things[published].owners, ...spoken.owners }, foreign_link: things[!published].link });
	});

	const idOf = async (email) => (await server.sql("select id from pp.account where email = :'email'", { email }))[0].id;

	/** A private person's statement, with an account and by a secret, and what an account has. */
	async function speak({ public_round: round, procedure }) {
		const owner = await server.account('public');
		const said = { stance: 'EINWENDUNG', text: 'Zu laut', person: { given_name: 'Erika', family_name: 'Muster' }, consents: { notices: true, publish_name: false, text_version: '2026-11' } };
		const { person } = await server.must(201, 'POST', `/procedures/${procedure}/statements`, { token: owner, body: said });
		const bytes = pdf(10, 4);
		const file = await server.must(201, 'POST', `/rounds/${round}/attachments`, { body: { name: 'Foto.pdf', media_type: 'application/pdf', size: bytes.length, sha256: sha256(bytes) } });
		await send(server, 'PUT', `/attachments/${file.id}/upload`, { body: bytes, headers: { 'Content-Type': 'application/pdf', 'Upload-Token': file.upload_token } });
		const by = async (more) => (await server.must(201, 'POST', `/rounds/${round}/statements`, { body: { ...said, ...more } })).status_token;
		const [status_token, foreign_token] = [await by({ attachments: [file.id], upload_token: file.upload_token }), await by({})];
		await server.sql("insert into pp.token (id, sha256, account, label, created_at) values (:'spare', sha256(:'spare'), :'account', 'ein zweiter', now())", { spare: nowhere, account: await idOf(owner.email) });
		const signIn = async ({ email, password }) => (await server.api('POST', '/session', { body: { email, password } })).headers.get('set-cookie').split(';')[0];
		const [guest, other] = [await server.account('public', undefined, { password: 'Elbe und Pinnau 1' }), await server.account('public', undefined, { password: 'Elbe und Pinnau 2' })];
		const [cookie, other_cookie] = [await signIn(guest), await signIn(other)];
		await signIn(guest);
		const session = (await server.must(200, 'GET', '/sessions', { cookie })).items.find((each) => !each.current).id;
		return { person: person.id, 'by-token/attachment': file.id, status_token, foreign_token, token: nowhere, session, other_cookie,
			owners: { person: { role: 'public', ...owner }, token: { role: 'public', ...owner }, session: { role: 'public', cookie } } };
	}

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
		const public_round = published ? await create(planner, `/procedures/${procedure}/rounds`, roundOf({ step: 'FOERM_OEFF', audience: 'OEFF', start: day(0) })) : round;
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
		const one = async (text, values) => (await server.sql(text, values))[0].id;
		const membership = await one("select m.id from pp.membership m join pp.account a on a.id = m.account where a.email = :'email'", await server.account('reader', hamburg));
		const account = await idOf((await server.account('reader', hamburg)).email);
		const receipt = await one("select id from pp.receipt where object = :'statement'", { statement });
		const event = await one("select e.id from pp.procedure_event e join pp.machine_event m using (event) where e.procedure = :'procedure' and m.is_public order by e.no limit 1", { procedure });
		const forwarding = await create(planner, `/statements/${statement}/forwardings`, { recipient: '01003000', reason: 'Zur Kenntnis' });
		const { secret: link } = await server.must(201, 'POST', `/invitations/${invitation}/links`, { token: planner, body: {} });
		const file = await create(amt, `/invitations/${invitation}/attachments`, { name: 'Unterwegs.pdf', media_type: 'application/pdf', size: 1000, sha256: sha256('') });
		const plan_file = (await announce(server, planner, procedure, pdf(20, 5))).id;
		const writer = await server.account('clerk', amtPinnau);
		const release = await create(writer, `/drafts/${await create(writer, `/invitations/${invitation}/drafts`, { stance: 'BEDENKEN', text: 'Vorlage' })}/hand-in`, {});
		const away = await server.account('reader', hamburg);
		const deputy = await create(away, '/deputies', { deputy: account, first_on: day(published ? 1 : 3), last_on: day(published ? 1 : 3) });
		const operator = await server.account('operator');
		const outage = await create(operator, '/outages', { from: new Date(Date.now() - 7200000).toISOString(), to: new Date(Date.now() - 3600000).toISOString(), what: 'PLATTFORM', procedure, reason: 'Der Server stand still.', source: 'BETRIEB' });
		const recomputation = await create(operator, '/recomputations', { verify: true, procedures: [procedure] });
		const boundaries = await create(operator, '/boundary-imports', { file: 'grenzen.fgb', size: 1, dataset: 'VG250', date: '2026-01-01', accuracy_m: 100 });
		const handover = randomUUID();
		await server.sql("insert into pp.handover (id, round, sealed, size, made_at, expires_at) values (:'handover', :'round', decode(repeat('00', 40), 'hex'), 40, now(), now() + interval '1 day')", { handover, round });
		const holiday = await create(operator, '/holidays', { area: '02', when: published ? '2027-03-03' : '2027-03-04', name: 'Festtag', source: 'Gesetz' });
		const { id: drawing } = await server.api('POST', '//ogc/collections/drafts/items', { token: planner, body: { type: 'Feature', geometry: null, properties: {} } }).then((reply) => JSON.parse(reply.text));
		// Each its own, by its limit; made before anybody is asked to do without it.
		const { self } = await server.api('GET', `//ogc/collections/municipalities/items?f=gpkg&limit=${published ? 1 : 2}`).then((reply) => JSON.parse(reply.text));
		await until(async () => (await server.api('GET', `/${self}`)).body.state === 'DONE', 100);
		return { export: self.split('/').at(-1), file: asset, procedure, plan, round, public_round, invitation, request, draft, statement, forwarding, handover, membership, account, body_key: hamburg, decision, document, attachment, group, concern, hold, list, receipt, event,
			link, outage, recomputation, import: boundaries, holiday, deputy, release, chain: procedure, seq: 1, ags: hamburg, problem: 'bug', collection: 'municipalities', feature: hamburg, tileMatrixSetId: 'WebMercatorQuad', tileMatrix: 5, tileRow: 10, tileCol: 16, 'items/feature': drawing, 'attachments/upload': file, 'uploads/upload': plan_file,
			notice: await create(planner, '/privacy-notices', { procedure, version: '1', controller: { name: 'Stelle', street: 'Weg 1', postcode: '20000', town: 'Hamburg', email: 'a@b.example' }, text: 'Wir verarbeiten Ihre Angaben.' }), 'boundary-versions/version': await one('select id from pp.boundary_version order by id limit 1'),
			'rule-versions/version': await one('select id from pp.rule_version order by id limit 1'),
			owners: { deputy: { role: 'reader', ...away }, release: { role: 'clerk', ...writer } } };
	}
	after(() => server.stop());

	const expected = (row, person, published) => row.may.has(person.role) && through[row.of](person.who, published, person.role, row.path);
	/** What a parameter of a path is, in the procedure that is published or the other one. */
	const thing = ({ method, path, of }, name, published) => {
		const all = things[published], room = /([\w-]+)\/\{/.exec(path)[1];
		if (of === 'asked' || of === 'person' && name === 'round') return all.public_round;
		if (of === 'writers') return all['attachments/upload'];
		return (path.includes('/by-token/') ? all[`by-token/${name}`] : undefined) ?? all[`${room}/${name}`] ?? all[name];
	};
	/** Everybody, whoever owns the thing, and with secrets: its own, and one of something else. */
	const everybody = (row, published) => {
		const all = things[published], name = /\{(\w+)\}/.exec(row.path)[1];
		const secret = row.path.includes('/by-token/') ? ['Status-Token', all.status_token, all.foreign_token] : ['Invitation-Link', all.link, all.foreign_link];
		// A session is a browser's: who has a token is told so and nothing else.
		const some = name === 'session' ? [people[0], { role: 'public', who: 'stranger', cookie: all.other_cookie }] : people;
		return [...some, ...(row.of === 'own' ? [{ who: 'owner', ...all.owners[name] }] : []),
			...(row.of === 'secret' ? ['holder', 'another holder'].map((who, i) => ({ role: 'anyone', who, headers: { [secret[0]]: secret[1 + i] } })) : [])];
	};
	const call = (row, person, published) => {
		const { method, path } = row;
		const operation = paths[path][method.toLowerCase()];
		const schema = operation.requestBody?.content['application/json']?.schema;
		const query = (operation.parameters ?? []).filter((param) => param.in === 'query' && param.required)
			.map((param) => `${param.name}=${encodeURIComponent(sample(param.schema, param.name))}`).join('&');
		const where = path.replace(/\{(\w+)\}/g, (_, name) => thing(row, name, published)) + (query ? `?${query}` : '');
		// Neither ends an upload: one begins where it is not, the other is of another type than was announced.
		const file = /(upload|import)\}/.test(path) && { PUT: { 'Content-Type': 'application/x-other' }, PATCH: { 'Content-Type': 'application/offset+octet-stream', 'Tus-Resumable': '1.0.0', 'Upload-Offset': '7' } }[method];
		return server.api(method, where.startsWith('/api/v1') ? where.slice(7) : `/${where}`, { token: person.token, cookie: person.cookie, headers: { 'If-Match': '*', ...file, ...person.headers },
			body: file ? 'x' : path.includes('/ogc/') && schema ? { type: 'Feature', geometry: null, properties: {} } : schema ? { ...sample(schema), ...(path.endsWith('/links') && 'procedure' in (schema.properties ?? {}) ? { procedure: things[!published].procedure } : {}) } : ['GET', 'DELETE'].includes(method) ? undefined : {} });
	};

	it('has every route whose path has a parameter, and says of whom it is', () => {
		const known = new Set(rows.filter((row) => row.of in through).map(({ method, path }) => `${method} ${path}`));
		assert.deepEqual(Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))
			.filter((name) => name.includes('{') && !known.has(name)), []);
		for (const row of rows)
			for (const published of [false, true]) {
				for (const [, name] of row.path.matchAll(/\{(\w+)\}/g)) assert.ok(thing(row, name, published), `${row.path} has ${name}`);
				assert.ok(everybody(row, published).some((each) => expected(row, each, published)) || row.of === 'public', `${row.method} ${row.path} is somebody's`);
			}
	});

	for (const published of [false, true]) {
		it(`lets nobody through to what is not theirs, ${published ? 'published' : 'unpublished'}`, async () => {
			const wrong = [];
			let calls = 0;
			for (const row of rows)
				for (const person of everybody(row, published).filter((each) => !expected(row, each, published))) {
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
			const methods = ['GET', 'PATCH', 'POST', 'PUT', 'DELETE'];
			const order = ({ method, path }) => methods.indexOf(method) + (/\/(withdraw|erase|erasures|revoke|end)$/.test(path) ? methods.length : 0);
			for (const row of rows.sort((a, b) => order(a) - order(b)))
				for (const person of everybody(row, published).filter((each) => expected(row, each, published))) {
					const { status, text } = await call(row, person, published);
					if ([401, 403, 404].includes(status) && !(row.method === 'DELETE' && status === 404) || status >= 500) wrong.push(`${row.method} ${row.path} as ${person.role} of ${person.who}: ${status} ${text.slice(0, 200)}`);
				}
			assert.deepEqual(wrong, []);
		});
	}
});
