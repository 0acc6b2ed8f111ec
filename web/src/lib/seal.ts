// SPDX-License-Identifier: EUPL-1.2
/*
 * What people have begun, kept on their device until they send it. It is sealed with a key that the
 * browser does not give away (IndexedDB, not extractable), so that a copy of the storage says nothing.
 * Where the browser keeps no key, nothing is kept at all.
 */
const PREFIX = 'pp-sealed:';
const DAY = 86_400_000;

interface Sealed { at: number; iv: string; bytes: string }

export const toBase64 = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

const asked = <T>(request: IDBRequest<T>): Promise<T> => new Promise((resolve, reject) => {
	request.onsuccess = () => resolve(request.result);
	request.onerror = () => reject(request.error);
});

async function open(): Promise<IDBDatabase> {
	const request = indexedDB.open('pp-sealed', 1);
	request.onupgradeneeded = () => request.result.createObjectStore('keys');
	return asked(request);
}

let known: Promise<CryptoKey> | undefined;
/** The key of this device; made when it is needed first. */
function deviceKey(): Promise<CryptoKey> {
	return (known ??= (async () => {
		const database = await open();
		const kept = await asked<CryptoKey | undefined>(database.transaction('keys').objectStore('keys').get('device'));
		if (kept) return kept;
		const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
		await asked(database.transaction('keys', 'readwrite').objectStore('keys').put(made, 'device'));
		return made;
	})());
}

/** A value as text that only this browser can read; undefined where it keeps no key. */
export async function seal(value: unknown): Promise<string | undefined> {
	try {
		const iv = crypto.getRandomValues(new Uint8Array(12));
		const bytes = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await deviceKey(), new TextEncoder().encode(JSON.stringify(value)));
		const sealed: Sealed = { at: Date.now(), iv: toBase64(iv), bytes: toBase64(new Uint8Array(bytes)) };
		return JSON.stringify(sealed);
	} catch {
		return undefined;
	}
}

/** What was sealed here, and when; undefined where nobody can read it any more. */
export async function unseal<T>(text: string): Promise<{ at: number; value: T } | undefined> {
	try {
		const { at, iv, bytes } = JSON.parse(text) as Sealed;
		const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: fromBase64(iv) }, await deviceKey(), fromBase64(bytes));
		return { at, value: JSON.parse(new TextDecoder().decode(plain)) as T };
	} catch {
		return undefined;
	}
}

/** Keeps a value under a name; false where this device keeps nothing. */
export async function keep(name: string, value: unknown): Promise<boolean> {
	try {
		const sealed = await seal(value);
		if (sealed) localStorage.setItem(PREFIX + name, sealed);
		return sealed !== undefined;
	} catch {
		return false;
	}
}

export function forget(name: string): void {
	try {
		localStorage.removeItem(PREFIX + name);
	} catch {
		/* then there is nothing */
	}
}

export type Kept<T> = { value: T } | 'too old' | undefined;

/** What was kept under a name; what is older than so many days is deleted. */
export async function kept<T>(name: string, days: number): Promise<Kept<T>> {
	try {
		const text = localStorage.getItem(PREFIX + name);
		if (!text) return undefined;
		const found = await unseal<T>(text);
		// Of another key: its browser has lost it, and nobody reads this any more.
		if (!found || Date.now() - found.at > days * DAY) forget(name);
		return found && Date.now() - found.at > days * DAY ? 'too old' : found;
	} catch {
		return undefined;
	}
}
