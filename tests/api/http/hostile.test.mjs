// SPDX-License-Identifier: EUPL-1.2
// Every request of hostile.tsv is refused, once, and its connection closed: what stands behind it is not answered.
// Every request of valid.tsv is taken.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ask, bytesOf, elsewhere, noEcho, readTable, startEcho } from './raw.mjs';

const canary = 'GET /canary HTTP/1.1\r\nHost: a\r\n\r\n';
const last = 'GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

describe('hostile and valid requests', { skip: elsewhere ? false : noEcho, concurrency: 8 }, () => {
	let echo, address;
	before(async () => {
		echo = elsewhere ? null : await startEcho();
		address = elsewhere ?? echo.address;
	});
	after(async () => {
		await echo?.stop();
	});

	for (const [name, section, request, status] of readTable('hostile.tsv')) {
		it(`refuses ${name} (RFC ${section})`, async () => {
			const replies = await ask(address, Buffer.concat([bytesOf(request), Buffer.from(canary)]), [request.startsWith('HEAD')]);
			assert.deepEqual(replies.map((reply) => reply.status), [Number(status)]);
			assert.equal(replies[0].fields.connection, 'close');
			assert.ok(replies[0].complete, 'the refusal came whole');
			if (request.startsWith('HEAD')) return;
			assert.match(replies[0].fields['content-type'], /^application\/problem\+json/);
			JSON.parse(replies[0].body);
		});
	}

	for (const [name, section, request, statuses, members] of readTable('valid.tsv')) {
		it(`takes ${name} (RFC ${section})`, async () => {
			const wanted = statuses.split(',').map(Number);
			// The connection stays open where it may, so a last request says that it shall close.
			const replies = await ask(address, Buffer.concat([bytesOf(request), Buffer.from(last)]));
			if (elsewhere) {
				const refused = replies.filter((reply) => [400, 408, 411, 414, 431, 501, 505].includes(reply.status));
				assert.deepEqual(refused.map((reply) => reply.body), []);
				return;
			}
			const kept = replies.length > wanted.length;
			assert.deepEqual(replies.map((reply) => reply.status), kept ? [...wanted, 200] : wanted);
			if (kept) assert.equal(JSON.parse(replies.at(-1).body).path, '/last');
			const seen = JSON.parse(Buffer.from(replies[wanted.length - 1].body, 'latin1').toString());
			for (const [member, value] of Object.entries(JSON.parse(members))) assert.deepEqual(seen[member], value, member);
		});
	}
});
