// SPDX-License-Identifier: EUPL-1.2
// Every route as every role: who is let in is what docs/api/rights.md says.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { root, startServer } from '../../harness/server.mjs';
import { hamburg, nowhere } from '../support.mjs';

const roles = ['anyone', 'public', 'reader', 'clerk', 'releaser', 'manager', 'body_administrator', 'oversight', 'operator', 'auditor'];
const rows = readFileSync(join(root, 'docs/api/rights.md'), 'utf8').split('\n')
	.map((line) => /^\| ([A-Z]+) \| (\/\S*) \|[^|]*\|(.*)\|/.exec(line)).filter(Boolean)
	.map(([, method, path, cells]) => ({ method, path, may: new Set(roles.filter((_, i) => cells.split('|')[i].includes('✓'))) }));

describe('rights', () => {
	let server, tokens;
	before(async () => {
		server = await startServer();
		tokens = {};
		for (const role of roles.slice(1))
			tokens[role] = await server.account(role, ['public', 'operator', 'auditor'].includes(role) ? undefined : hamburg);
	});
	after(() => server.stop());

	// A stream of events has no end: its head is the answer.
	const status = async ({ method, path }, role) => {
		const leaving = new AbortController();
		const address = server.address + path.replace('{ags}', hamburg).replace('{problem}', 'bug').replace('{body_key}', hamburg).replace(/\{\w+\}/g, nowhere);
		const reply = await fetch(address, {
			method,
			signal: leaving.signal,
			headers: { 'Content-Type': path.includes('/uploads/') || (method === 'PATCH' && path.includes('/boundary-imports/')) ? 'application/offset+octet-stream' : 'application/json', 'Accept-Language': 'en', ...(tokens[role] ? { Authorization: `Bearer ${tokens[role].token}` } : {}) },
			body: method === 'GET' || method === 'DELETE' ? undefined : '{}',
		});
		const text = path === '/api/v1/events' ? '' : await reply.text();
		leaving.abort();
		return { status: reply.status, text };
	};

	it('are the same in the interface\'s description', async () => {
		const { paths } = await server.must(200, 'GET', '/openapi.json');
		const said = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) =>
			[`${method.toUpperCase()} ${path}`, operation['x-may'].includes('anyone') ? roles : operation['x-may']]));
		const written = rows.map((row) => [`${row.method} ${row.path}`, [...row.may]]);
		assert.deepEqual(Object.fromEntries(said), Object.fromEntries(written));
		assert.ok(rows.length > 50);
	});

	for (const role of roles) {
		it(`let in ${role} where the page says so, and nowhere else`, async () => {
			for (const row of rows) {
				const reply = await status(row, role);
				const where = `${row.method} ${row.path} as ${role}: ${reply.status} ${reply.text}`;
				const isShut = reply.status === 401 && !row.path.endsWith('/session') || reply.status === 403 && /one may not do this/.test(reply.text);
				assert.equal(isShut, !row.may.has(role) && !(role === 'anyone' && row.path.endsWith('/session')), where);
				if (!row.may.has(role)) assert.equal(reply.status, role === 'anyone' ? 401 : 403, where);
				assert.ok(reply.status < 500, where);
			}
		});
	}
});
