// SPDX-License-Identifier: EUPL-1.2
/*
 * A draft on its way to another device. It is sealed here with a key that is made for this and stands in the link alone, behind
 * its #, which no browser sends: what the server keeps says nothing to it (docs/api/handover.md).
 */
import { api, ask, type Problem } from '@/api/client';
import { fromBase64, toBase64 } from '@/lib/seal';

const IV_BYTES = 12;
/** RFC 4648 §5, without its padding: as it may stand in an address. */
const forAddress = (text: string): string => text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const fromAddress = (text: string): string => text.replaceAll('-', '+').replaceAll('_', '/');

const NAME = 'mitnehmen';
/** Of #mitnehmen=id.key; undefined where a link has nothing of that kind. */
export function partsOf(hash: string): { id: string; key: string } | undefined {
	const [, id, key] = /^#mitnehmen=([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([\w-]{43})$/.exec(hash) ?? [];
	return id && key ? { id, key } : undefined;
}

/** Seals a value: the text that is kept, and the key that is not. */
export async function sealFor(value: unknown): Promise<{ sealed: string; key: string }> {
	const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt']);
	const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
	const bytes = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, new TextEncoder().encode(JSON.stringify(value))));
	return { sealed: toBase64(new Uint8Array([...iv, ...bytes])), key: forAddress(toBase64(new Uint8Array(await crypto.subtle.exportKey('raw', key)))) };
}

/** What was sealed so; undefined where the key is another's or the bytes were changed. */
export async function unsealWith(sealed: string, key: string): Promise<unknown> {
	try {
		const bytes = fromBase64(sealed);
		const imported = await crypto.subtle.importKey('raw', fromBase64(fromAddress(key)), 'AES-GCM', false, ['decrypt']);
		const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: bytes.subarray(0, IV_BYTES) }, imported, bytes.subarray(IV_BYTES));
		return JSON.parse(new TextDecoder().decode(plain)) as unknown;
	} catch {
		return undefined;
	}
}

/** Hands a value over in a round: the link to the page that takes it. */
export async function handOver(round: string, page: string, value: unknown): Promise<{ link?: string; until?: string; problem?: Problem }> {
	const { sealed, key } = await sealFor(value);
	const { data, problem } = await ask(api.POST('/api/v1/rounds/{round}/handovers', { params: { path: { round } }, body: { sealed } }));
	return data ? { link: `${location.origin}${page}#${NAME}=${data.id}.${key}`, until: data.expires_at } : { problem };
}

/** What a link has handed over. It stays there until `taken`. */
export async function takeOver<T>({ id, key }: { id: string; key: string }): Promise<{ value?: T; problem?: Problem }> {
	const { data, problem } = await ask(api.GET('/api/v1/handovers/{handover}', { params: { path: { handover: id } } }));
	return data ? { value: (await unsealWith(data.sealed, key)) as T | undefined } : { problem };
}

/** It is on this device now. */
export async function taken({ id }: { id: string }): Promise<void> {
	await ask(api.DELETE('/api/v1/handovers/{handover}', { params: { path: { handover: id } } }));
}
