// SPDX-License-Identifier: EUPL-1.2
/* Whether an entry is a leaf of the tree that a seal has signed (RFC 9162 §2.1.3.2), computed in the browser. */
import type { Schemas } from '@/api/client';

const bytes = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hex = (all: Uint8Array): string => Array.from(all, (one) => one.toString(16).padStart(2, '0')).join('');
async function hashOf(kind: 0 | 1, ...parts: Uint8Array[]): Promise<Uint8Array> {
	return new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from([kind, ...parts.flatMap((part) => [...part])])));
}

export async function holds(hash: string, { leaf, path, seal }: Schemas['audit_proof']): Promise<boolean> {
	let place = leaf, last = seal.size - 1, node = await hashOf(0, bytes(hash));
	for (const step of path.map(bytes)) {
		if (last === 0) return false;
		if (place % 2 === 1 || place === last) {
			node = await hashOf(1, step, node);
			while (place % 2 === 0 && place !== 0) {
				place /= 2;
				last = Math.floor(last / 2);
			}
		} else node = await hashOf(1, node, step);
		place = Math.floor(place / 2);
		last = Math.floor(last / 2);
	}
	return last === 0 && hex(node) === seal.root;
}
