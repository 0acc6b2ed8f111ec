// SPDX-License-Identifier: EUPL-1.2
// A draft that is handed over comes back with its key alone, and with nothing changed.
import { describe, expect, it } from 'vitest';
import { partsOf, sealFor, unsealWith } from '@/pages/statement/handover';

const id = '9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d';

describe('what is handed over', () => {
	it('is what was sealed, whatever it is, under a key that fits into an address', async () => {
		for (const value of [{ text: 'Lärm an der Ä-Straße \u{1f600}'.repeat(2000) }, {}, [], 'x', null]) {
			const { sealed, key } = await sealFor(value);
			expect(key).toMatch(/^[\w-]{43}$/);
			expect(sealed).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
			expect(await unsealWith(sealed, key)).toEqual(value);
		}
	});
	it('is sealed anew each time', async () => {
		const [one, other] = [await sealFor('x'), await sealFor('x')];
		expect(one.sealed).not.toBe(other.sealed);
		expect(await unsealWith(one.sealed, other.key)).toBeUndefined();
	});
	it('says nothing once a letter was changed', async () => {
		const { sealed, key } = await sealFor({ text: 'Bedenken' });
		for (const at of [0, 20, sealed.length - 4]) {
			const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
			expect(await unsealWith(changed, key)).toBeUndefined();
		}
		expect(await unsealWith('', key)).toBeUndefined();
		expect(await unsealWith(sealed, 'x')).toBeUndefined();
	});
	it('is found by what stands behind # of its link, and by nothing else', () => {
		const key = 'a'.repeat(43);
		expect(partsOf(`#mitnehmen=${id}.${key}`)).toEqual({ id, key });
		for (const hash of ['', '#', '#mitnehmen', `#mitnehmen=${id}`, `#mitnehmen=${id}.${key}x`, `#mitnehmen=${id}.`, `#x=${id}.${key}`, `#mitnehmen=${id.toUpperCase()}.${key}`])
			expect(partsOf(hash)).toBeUndefined();
	});
});
