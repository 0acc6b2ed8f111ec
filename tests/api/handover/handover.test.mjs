// SPDX-License-Identifier: EUPL-1.2
// Drafts of the public on their way to another device: what was sealed comes back as it was, once, to whoever has the id.
import assert from 'node:assert/strict';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { startServer } from '../../harness/server.mjs';
import { day, hamburg, openRound } from '../support.mjs';

describe('a draft that is handed over', () => {
	let server, round, where;
	before(async () => {
		server = await startServer({ clock: true });
		const { token } = await server.account('manager', hamburg);
		({ round } = await openRound(server, token, { round: { step: 'FOERM_OEFF', audience: 'OEFF', start: day(0), end: day(50) } }));
		where = `/rounds/${round}/handovers`;
	});
	after(() => server?.stop());

	/** As the application seals: 12 bytes, what is sealed, a tag of 16. */
	function seal(text, key, iv = randomBytes(12)) {
		const cipher = createCipheriv('aes-256-gcm', key, iv);
		return Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
	}
	function unseal(sealed, key) {
		const bytes = Buffer.from(sealed, 'base64');
		const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
		decipher.setAuthTag(bytes.subarray(-16));
		return decipher.update(bytes.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8');
	}

	it('comes back as it was, and goes when it was taken', async () => {
		const key = randomBytes(32), text = 'Die Straße wird lauter. '.repeat(5000);
		const made = await server.api('POST', where, { body: { sealed: seal(text, key) } });
		assert.equal(made.status, 201, made.text);
		assert.equal(made.headers.get('location'), `${server.address}/api/v1/handovers/${made.body.id}`);
		const got = await server.must(200, 'GET', `/handovers/${made.body.id}`);
		assert.deepEqual([unseal(got.sealed, key), got.round, got.expires_at], [text, round, made.body.expires_at]);
		assert.ok((await server.sql('select sealed from pp.handover')).every(({ sealed }) => !String(sealed).includes(Buffer.from('Straße').toString('hex'))));
		await server.must(204, 'DELETE', `/handovers/${made.body.id}`);
		for (const method of ['GET', 'DELETE']) {
			const { status, body } = await server.api(method, `/handovers/${made.body.id}`);
			assert.deepEqual([status, body.type], [404, '/problems/handover_unknown']);
		}
	});

	it('is kept up to its largest, and refused beyond it, with the place', async () => {
		const fits = seal('x'.repeat(393216 - 28), randomBytes(32));
		assert.equal(fits.length, 524288);
		const { id } = await server.must(201, 'POST', where, { body: { sealed: fits } });
		assert.equal((await server.must(200, 'GET', `/handovers/${id}`)).sealed, fits);
		for (const sealed of [`${fits}AAAA`, 'AAAA', `${'A'.repeat(60)}!AAA`, `${'A'.repeat(60)}\n`, 'A'.repeat(41), null, undefined]) {
			const { status, body } = await server.api('POST', where, { body: { sealed } });
			assert.deepEqual([status, body.errors?.[0]?.pointer], [422, '/sealed'], String(sealed).slice(-10));
		}
	});

	it('ends after a week', async () => {
		const { id } = await server.must(201, 'POST', where, { body: { sealed: seal('Entwurf', randomBytes(32)) } });
		server.clock.move(7 * 86400000 + 1000);
		assert.equal((await server.api('GET', `/handovers/${id}`)).status, 404);
	});
});
