// SPDX-License-Identifier: EUPL-1.2
// The key of second factors: a server with a PostgreSQL of its own makes it at its first start, keeps it, and says when it is gone.
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startServer } from '../../harness/server.mjs';
import { codeOf } from '../support.mjs';

const password = 'Elbe und Trave 1';

describe('the key of second factors', () => {
	const folder = mkdtempSync(join(tmpdir(), 'pp-key-'));
	const settings = { data: join(folder, 'data'), web_workers: 1, rate_sign_in: 0 };
	const file = join(settings.data, 'secrets/second-factor');
	let server, person, codes;
	const signIn = (code) => server.api('POST', '/session', { body: { email: person.email, password, ...(code ? { code } : {}) } });
	const start = async () => (server = await startServer({ embedded: true, settings }));

	before(async () => {
		chmodSync(folder, 0o755);
		await start();
		person = await server.account('operator', undefined, { password });
	});
	after(async () => {
		await server.stop();
		rmSync(folder, { recursive: true, force: true });
	});

	it('is made for the one who starts the server, and for nobody else to read', () => {
		assert.match(readFileSync(file, 'utf8'), /^[\w-]{43}\n$/);
		assert.equal(statSync(file).mode & 0o777, 0o600);
		assert.equal(statSync(join(settings.data, 'secrets')).mode & 0o777, 0o700);
		assert.equal(server.log.filter(({ event }) => event === 'key_made').length, 1);
	});

	it('seals what an account sets up without another word of configuration', async () => {
		const cookie = (await signIn()).headers.get('set-cookie').split(';')[0];
		const post = (path, body = {}) => server.api('POST', path, { cookie, body, headers: { Origin: server.address } });
		const begun = await post('/second-factor');
		assert.equal(begun.status, 200, begun.text);
		const confirmed = await post('/second-factor/confirm', { code: codeOf(begun.body.secret, Date.now()) });
		assert.equal(confirmed.status, 200, confirmed.text);
		({ recovery_codes: codes } = confirmed.body);
	});

	it('stays the same when the server starts again', async () => {
		const key = readFileSync(file, 'utf8');
		await server.stop();
		await start();
		assert.equal(readFileSync(file, 'utf8'), key);
		assert.equal(server.log.filter(({ event }) => event === 'key_made').length, 0);
		assert.equal((await signIn('000000')).status, 401, 'it is opened, and the code is wrong');
	});

	it('is said to be missing once another stands in its place; recovery codes need it not', async () => {
		await server.stop();
		renameSync(file, `${file}.kept`);
		await start();
		const lost = await signIn('000000');
		assert.deepEqual([lost.status, lost.body.type.split('/').at(-1)], [409, 'second_factor_unavailable'], lost.text);
		assert.equal((await signIn(codes[0])).status, 201);
		assert.equal((await server.command(['account', 'reset-second-factor', '--email', person.email])).status, 0);
		assert.equal((await signIn()).status, 201);
	});
});
