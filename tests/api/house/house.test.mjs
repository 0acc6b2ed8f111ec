// SPDX-License-Identifier: EUPL-1.2
// What holds for every route: health, the interface's description, refusals, languages, methods, sizes.
import assert from 'node:assert/strict';
import { get } from 'node:http';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root, startServer, until } from '../../harness/server.mjs';
import { lint, withoutPackages } from '../../gis/ogc/judge.mjs';
import { hamburg, pointers, procedureOf, refuses, schnelsen } from '../support.mjs';

const problems = [...readFileSync(join(root, 'include/pp/base/problem.def'), 'utf8').matchAll(/^PP_PROBLEM\((\w+), (\d+), "\w+", "(.*)", "(.*)"\)$/gm)]
	.map(([, id, status, de, en]) => ({ id, status: Number(status), de, en }));

describe('the house', () => {
	let server, planner;
	before(async () => {
		server = await startServer();
		planner = await server.account('manager', hamburg);
	});
	after(() => server.stop());

	it('says that it lives and is ready', async () => {
		assert.deepEqual(await server.must(200, 'GET', '//health/live'), { status: 'live' });
		const ready = await server.must(200, 'GET', '//health');
		assert.equal(ready.status, 'ready');
		assert.deepEqual(await server.must(200, 'GET', '//health/ready'), ready);
		assert.ok(ready.schema >= 8 && ready.version);
	});

	it('explains every problem under the address of its type', async () => {
		assert.ok(problems.length > 50);
		for (const { id, status, de, en } of problems)
			assert.deepEqual(await server.must(200, 'GET', `//problems/${id}`), { type: `/problems/${id}`, status, title_de: de, title_en: en });
		await refuses(server, 404, 'not_found', 'GET', '//problems/none_such');
	});

	it('refuses in the language that is preferred, with one id in answer, field and log', async () => {
		for (const [accept, language, title] of [['', 'de', 'Das gibt es hier nicht'], ['en', 'en', 'There is no such thing here'],
			['de-DE,en;q=0.7', 'de', 'Das gibt es hier nicht'], ['fr,en-US;q=0.8,de;q=0.2', 'en', 'There is no such thing here']]) {
			const reply = await server.api('GET', '/nothing', { headers: accept ? { 'Accept-Language': accept } : {} });
			assert.equal(reply.headers.get('content-language'), language);
			assert.equal(reply.body.title, title);
			assert.equal(reply.headers.get('cache-control'), 'no-store');
			const id = reply.headers.get('x-request-id');
			assert.equal(reply.body.instance, `urn:uuid:${id}`);
			// The line is written when the reply is on its way.
			assert.equal((await until(() => server.log.find((line) => line.id === id))).problem, 'not_found');
		}
	});

	it('names the methods of an address', async () => {
		const cases = [['/procedures', 'GET, HEAD, POST, OPTIONS'], ['/openapi.json', 'GET, HEAD, OPTIONS'],
			['/drafts/01890000-0000-7000-8000-000000000000', 'GET, HEAD, PATCH, DELETE, OPTIONS']];
		for (const [path, allow] of cases) {
			const refused = await server.api('PUT', path, { body: {} });
			assert.equal(refused.status, 405, path);
			assert.equal(refused.body.type, '/problems/method_not_allowed');
			assert.equal(refused.headers.get('allow'), allow);
			const options = await server.api('OPTIONS', path);
			assert.deepEqual([options.status, options.headers.get('allow'), options.text], [204, allow, '']);
		}
		const head = await server.api('HEAD', '/procedures');
		assert.deepEqual([head.status, head.text, head.headers.get('content-type')], [200, '', 'application/json']);
	});

	it('has one address per thing', async () => {
		for (const path of ['/procedures/', '//api/v2/procedures', '/procedures/not-a-uuid', '/municipalities/123', '/PROCEDURES'])
			await refuses(server, 404, 'not_found', 'GET', path);
	});

	it('refuses a body that is too large before it is read, and one that is no JSON', async () => {
		const large = JSON.stringify(procedureOf({ title: 'x'.repeat(1 << 20) }));
		const reply = await server.api('POST', '/procedures', { token: planner, body: large });
		assert.deepEqual([reply.status, reply.body.type], [413, '/problems/body_too_large']);
		const text = await server.api('POST', '/procedures', { token: planner, body: 'kind=FNP', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } });
		assert.deepEqual([text.status, text.body.type, text.body.detail], [415, '/problems/unsupported_media_type', 'senden Sie application/json']);
		for (const body of ['{"kind":', '{"kind":"FNP","kind":"FNP"}', '[]{}', '\u0000', `${'['.repeat(5000)}`])
			await refuses(server, 400, 'malformed_json', 'POST', '/procedures', { token: planner, body });
		const problem = await refuses(server, 422, 'invalid_body', 'POST', '/procedures', { token: planner, body: '[]' });
		assert.deepEqual(pointers(problem), ['']);
	});

	it('says what is the matter in the language that is asked for, whoever refuses', async () => {
		const asked = (body, language) => server.api('POST', '/procedures', { token: planner, body, headers: { 'Accept-Language': language } });
		const said = async (body) => (await Promise.all(['de', 'en;q=0.9, de;q=0.5'].map((language) => asked(body, language)))).map((reply) => [reply.headers.get('content-language'), reply.body.detail]);
		assert.deepEqual(await said(procedureOf({ title: 'x' })), [['de', '/title: muss mindestens 3 Zeichen haben'], ['en', '/title: must have 3 characters at least']], 'by a field');
		assert.deepEqual(await said('{"kind":'), [['de', 'Zeile 1, Spalte 9: der Text endet zu früh'], ['en', 'line 1, column 9: the text ends too early']], 'by the reader of JSON');
		assert.deepEqual(await said(procedureOf({ planning_municipalities: ['02000000', '02000000'] })), [['de', 'Eine Gemeinde ist zweimal genannt.'], ['en', 'A municipality is named twice.']], 'by the database');
	});

	it('names all wrong fields and all wrong parameters at once', async () => {
		const body = await refuses(server, 422, 'invalid_body', 'POST', '/procedures', { token: planner,
			body: { kind: 'BP', planning_municipalities: ['02000000', '2', 3], applicant_body: 'X', subjects: {}, reference: null, mood: 1 } });
		assert.deepEqual(pointers(body).sort(), ['/applicant_body', '/kind', '/mood', '/planning_municipalities/1', '/planning_municipalities/2', '/subjects', '/title']);
		assert.deepEqual(body.errors.filter(({ pointer }) => ['/mood', '/title'].includes(pointer)).map(({ detail }) => detail).sort(), ['ist hier kein Feld', 'wird gebraucht']);
		assert.match(body.detail, /^\/\w+: /);
		const query = await refuses(server, 400, 'invalid_parameter', 'GET', '/procedures?limit=0&kind=BP&bbox=1,2,3&colour=red&limit=5&q=%ff');
		assert.deepEqual(pointers(query).sort(), ['bbox', 'colour', 'kind', 'limit', 'q=%ff']);
	});

	it('answers 304 to whoever has the same already, and says who may keep it', async () => {
		const { id } = await server.must(201, 'POST', '/procedures', { token: planner, body: procedureOf() });
		const shown = await server.api('GET', `/procedures/${id}`, { token: planner });
		const etag = shown.headers.get('etag');
		assert.match(etag, /^"\d+"$/);
		assert.equal(shown.headers.get('cache-control'), 'no-store');
		for (const tag of [etag, `"x", W/${etag}`, '*']) {
			const again = await server.api('GET', `/procedures/${id}`, { token: planner, headers: { 'If-None-Match': tag } });
			assert.deepEqual([again.status, again.text], [304, '']);
		}
		assert.equal((await server.api('GET', `/procedures/${id}`, { token: planner, headers: { 'If-None-Match': '"x"' } })).status, 200);
	});

	it('gives coded bytes an ETag of their own, and takes each where it is asked for', async () => {
		const { id } = await server.must(201, 'POST', '/procedures', { token: planner, body: procedureOf() });
		/** The bytes as they come: fetch would take their coding away. */
		const raw = (path, coding, headers = {}) => new Promise((resolve, reject) => get(`${server.address}${path}`, { headers: { 'Accept-Encoding': coding, Authorization: `Bearer ${planner.token ?? planner}`, ...headers } }, async (answer) => {
			const parts = [];
			for await (const part of answer) parts.push(part);
			resolve({ status: answer.statusCode, etag: answer.headers.etag, coding: answer.headers['content-encoding'], bytes: Buffer.concat(parts).toString('hex') });
		}).on('error', reject));
		for (const path of [`/api/v1/procedures/${id}`, '/ogc/collections/municipalities/items?limit=100', '/ogc/collections/procedures/schema']) {
			const bytesOf = new Map();
			for (const coding of ['identity', 'gzip', 'br']) {
				const one = await raw(path, coding);
				assert.equal(one.status, 200, path);
				if (!one.etag) continue;
				assert.equal(one.etag.endsWith(`-${one.coding}"`), !!one.coding, `${path} in ${coding}: ${one.etag}`);
				assert.equal(bytesOf.get(one.etag) ?? one.bytes, one.bytes, `${path}: other bytes have another tag`);
				bytesOf.set(one.etag, one.bytes);
				for (const other of ['identity', 'gzip', 'br'])
					assert.deepEqual(await raw(path, other, { 'If-None-Match': `"x", ${one.etag}` }), { status: 304, etag: one.etag, coding: undefined, bytes: '' }, path);
			}
			assert.ok(bytesOf.size > 1, `${path} comes coded and plain`);
		}
		const coded = await raw(`/api/v1/procedures/${id}`, 'br');
		assert.equal(coded.coding, 'br');
		const change = (tag) => server.api('PATCH', `/procedures/${id}`, { token: planner, headers: { 'If-Match': tag }, body: { title: 'Anders benannt' } });
		assert.equal((await change('"0-br"')).status, 412);
		assert.equal((await change(coded.etag)).status, 200);
		assert.equal((await change(coded.etag)).status, 412);
	});

	it('limits who tries passwords, by address', async () => {
		let reply;
		for (let i = 0; i < 60 && reply?.status !== 429; i++)
			reply = await server.api('POST', '/session', { body: { email: 'x' } });
		assert.equal(reply.status, 429);
		assert.equal(reply.body.type, '/problems/too_many_requests');
		assert.ok(Number(reply.headers.get('retry-after')) >= 1);
	});
});

// OpenAPI 3.0.3, as far as this document uses it: what a generator of clients stumbles over.
describe('the description of the interface', () => {
	let server, document;
	before(async () => {
		server = await startServer();
		const reply = await server.api('GET', '/openapi.json');
		assert.equal(reply.headers.get('content-type'), 'application/vnd.oai.openapi+json;version=3.0');
		document = JSON.parse(reply.text);
	});
	after(() => server.stop());

	const operations = () => Object.entries(document.paths).flatMap(([path, methods]) =>
		Object.entries(methods).map(([method, operation]) => ({ path, method, operation })));
	const keywords = new Set(['type', 'format', 'enum', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum', 'items', 'minItems', 'maxItems',
		'properties', 'required', 'additionalProperties', 'nullable', 'description', 'oneOf', 'allOf', '$ref']);
	// Elements of coordinates are numbers, or lists of them, as deep as the type of the geometry says.
	const isAnything = (schema) => Object.keys(schema).length === 0;
	function checkSchema(schema, where) {
		for (const word of Object.keys(schema)) assert.ok(keywords.has(word), `${where}: ${word}`);
		if (schema.$ref) {
			assert.deepEqual(Object.keys(schema), ['$ref'], where);
			const found = schema.$ref.slice(2).split('/').reduce((at, part) => at?.[part], document);
			assert.ok(found, `${where}: ${schema.$ref} leads nowhere`);
			return;
		}
		for (const inner of schema.oneOf ?? schema.allOf ?? []) checkSchema(inner, where);
		if (schema.oneOf || schema.allOf) return;
		assert.ok(['string', 'integer', 'number', 'boolean', 'array', 'object'].includes(schema.type), `${where}: ${schema.type}`);
		if (schema.pattern) assert.ok(new RegExp(schema.pattern));
		assert.equal(schema.type === 'array', 'items' in schema, where);
		if (schema.items && !isAnything(schema.items)) checkSchema(schema.items, `${where}[]`);
		if (typeof schema.additionalProperties === 'object') checkSchema(schema.additionalProperties, `${where}{}`);
		for (const [name, inner] of Object.entries(schema.properties ?? {})) checkSchema(inner, `${where}/${name}`);
		for (const name of schema.required ?? []) assert.ok(schema.properties[name], `${where}: ${name} is required but unknown`);
	}

	it('has its head in order', () => {
		assert.equal(document.openapi, '3.0.3');
		assert.ok(document.info.title && document.info.version);
		assert.deepEqual(Object.keys(document.components.securitySchemes), ['token', 'session']);
		for (const [name, schema] of Object.entries(document.components.schemas)) checkSchema(schema, name);
	});

	it('names every operation once, with summary, answers and rights', () => {
		const ids = operations().map(({ operation }) => operation.operationId);
		assert.equal(new Set(ids).size, ids.length);
		for (const { path, method, operation } of operations()) {
			assert.ok(operation.summary && operation['x-may'].length, `${method} ${path}`);
			assert.ok(['200', '201', '202', '204'].some((status) => operation.responses[status]?.description), `${method} ${path}`);
			assert.equal(operation.responses['4XX'].$ref, '#/components/responses/problem');
		}
	});

	it('says which status a success has', () => {
		const success = (method, path) => Object.keys(document.paths[`/api/v1${path}`][method].responses)[0];
		assert.equal(success('post', '/inbox/answers'), '201');
		assert.equal(success('post', '/affected-preview'), '200');
		for (const [method, path] of [['delete', '/drafts/{draft}'], ['post', '/sessions/{session}/end'], ['post', '/tokens/{token}/revoke']])
			assert.equal(success(method, path), '204', path);
	});

	const uploads = ['/api/v1/uploads/{upload}', '/api/v1/attachments/{upload}/upload', '/api/v1/boundary-imports/{import}'];

	it('has each parameter of a path, and the fields that a change needs', () => {
		for (const { path, method, operation } of operations()) {
			const parameters = operation.parameters ?? [];
			const inPath = parameters.filter((each) => each.in === 'path');
			assert.deepEqual(inPath.map((each) => each.name), [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]), path);
			assert.ok(inPath.every((each) => each.required));
			for (const each of parameters) checkSchema(each.schema, `${method} ${path} ${each.name}`);
			const names = parameters.map((each) => `${each.in} ${each.name}`);
			assert.equal(new Set(names).size, names.length, path);
			// Bytes of an upload go on where others ended: the offset says what was seen.
			const isUpload = uploads.includes(path);
			// Of an attachment that nobody has sent, and of what was handed over, there is one version.
			const isOne = ['/api/v1/attachments/{attachment}', '/api/v1/handovers/{handover}'].includes(path);
			assert.equal(names.includes('header If-Match'), ['put', 'patch', 'delete'].includes(method) && !isUpload && !isOne, path);
			assert.equal(names.includes('header Upload-Offset'), method === 'patch' && isUpload, path);
			assert.equal(names.includes('header Idempotency-Key'), method === 'post', path);
		}
	});

	it('has a schema for every body, none open', () => {
		for (const { path, method, operation } of operations()) {
			assert.equal('requestBody' in operation, ['post', 'put', 'patch'].includes(method), `${method} ${path}`);
			if (!operation.requestBody) continue;
			const { 'application/json': json, ...files } = operation.requestBody.content;
			// Features are described by the schema of their collection, documents of XML by their namespace.
			if (/^\/(ogc|wfs)\b/.test(path)) {
				for (const type of Object.keys(files)) assert.match(type, /[/+](json|xml)$/, `${method} ${path}`);
				continue;
			}
			for (const { schema } of Object.values(files)) assert.deepEqual(schema, { type: 'string', format: 'binary' });
			if (uploads.includes(path)) {
				assert.deepEqual(Object.keys(operation.requestBody.content), [method === 'put' ? '*/*' : 'application/offset+octet-stream']);
				continue;
			}
			checkSchema(json.schema, `${method} ${path}`);
			assert.equal(json.schema.additionalProperties, false);
		}
		const plans = document.paths['/api/v1/procedures/{procedure}/plans'].post.requestBody.content;
		for (const type of ['application/geo+json', 'application/geopackage+sqlite3', 'application/zip', 'application/gml+xml', 'application/gzip'])
			assert.ok(plans[type], type);
	});

	// That they are what is answered is looked at with every answer of every test (tests/harness/answers.mjs).
	it('has a schema for every answer, closed, and none that no answer has', () => {
		const ours = operations().filter(({ path }) => path.startsWith('/api/v1/'));
		for (const { path, method, operation } of ours) {
			const succeeded = Object.entries(operation.responses).filter(([status]) => /^[23]\d\d$/.test(status));
			const isSilent = succeeded.some(([status]) => ['202', '204', '303'].includes(status));
			assert.equal(succeeded.every(([, { content }]) => !content), isSilent, `${method} ${path}`);
			for (const [status, { content = {} }] of succeeded)
				for (const [type, { schema }] of Object.entries(content)) {
					checkSchema(schema, `${method} ${path} ${status} ${type}`);
					assert.ok(type !== 'application/json' || schema.$ref || schema.oneOf || schema.additionalProperties === false, `${method} ${path}: ${status} is open`);
				}
		}
		const { schemas, responses } = document.components;
		const named = (value) => [...JSON.stringify(value).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1]);
		const reached = new Set(named([document.paths, responses]));
		for (const name of reached) for (const next of named(schemas[name])) reached.add(next);
		assert.deepEqual(Object.keys(schemas).filter((name) => !reached.has(name)), []);
		const open = Object.entries(schemas).filter(([, { type, additionalProperties }]) => type === 'object' && additionalProperties !== false);
		assert.deepEqual(open.map(([name]) => name).sort(), ['geometry', 'problem'], 'GeoJSON and RFC 9457 allow members more');
	});

	it('is what linters and generators take', { skip: withoutPackages }, async () => {
		// The landing page of OGC API is at both addresses.
		assert.deepEqual((await lint(JSON.stringify(document))).filter((fault) => !/^no-path-trailing-slash #\/paths\/~1ogc~1:/.test(fault)), []);
	});

	it('is kept to: what it requires is required', async () => {
		const planner = await server.account('manager', hamburg);
		const { schema } = document.paths['/api/v1/procedures'].post.requestBody.content['application/json'];
		const problem = await refuses(server, 422, 'invalid_body', 'POST', '/procedures', { token: planner, body: {} });
		assert.deepEqual(pointers(problem).sort(), schema.required.map((name) => `/${name}`).sort());
		const preview = document.paths['/api/v1/affected-preview'].post.requestBody.content['application/json'].schema;
		assert.deepEqual(preview.required, ['kind', 'geometry']);
		await server.must(200, 'POST', '/affected-preview', { body: { kind: 'BP_REGEL', geometry: schnelsen } });
	});
});
