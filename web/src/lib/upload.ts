// SPDX-License-Identifier: EUPL-1.2
/*
 * Sends the bytes of a file by tus 1.0.0: piece by piece, and after a break from where the server
 * stands. Bytes are no JSON, so this does not go through api/client.ts.
 */
import type { Problem } from '@/api/client';
import { language } from '@/texts/language';

const PIECE = 1 << 20;

export interface Sending {
	headers?: Readonly<Record<string, string>>;
	signal?: AbortSignal;
	/** How many bytes the server has. */
	progress?: (sent: number) => void;
}

async function problemOf(response: Response): Promise<Problem> {
	const known = response.headers.get('content-type')?.startsWith('application/problem+json');
	return { ...((known ? await response.json() : { type: 'about:blank', title: `${response.status}` }) as Problem), status: response.status };
}

const offsetOf = (response: Response): number | undefined => {
	const value = response.headers.get('upload-offset');
	return value === null ? undefined : Number(value);
};

/** Undefined when everything has arrived, else why not (status 0: nothing was heard). Throws when it is aborted. */
export async function upload(url: string, file: Blob, { headers = {}, signal, progress }: Sending = {}): Promise<Problem | undefined> {
	const common = { ...headers, 'Tus-Resumable': '1.0.0', 'Accept-Language': language.value };
	try {
		const stands = await fetch(url, { method: 'HEAD', headers: common, signal });
		let offset = offsetOf(stands);
		// What is complete is no upload any more; its state says the rest.
		if (offset === undefined) return stands.status === 409 ? undefined : problemOf(stands);
		while (offset < file.size) {
			progress?.(offset);
			const sent: Response = await fetch(url, { method: 'PATCH', body: file.slice(offset, offset + PIECE), signal,
				headers: { ...common, 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': `${offset}` } });
			if (!sent.ok && sent.status !== 409) return problemOf(sent);
			const now = offsetOf(sent);
			if (now === undefined) return problemOf(sent);
			offset = now;
		}
		progress?.(offset);
		return undefined;
	} catch (fault) {
		if (signal?.aborted) throw fault;
		return { type: 'unreachable', title: '', status: 0 } as Problem;
	}
}

/** The SHA-256 of a file in hexadecimal digits. */
export async function sha256(file: Blob): Promise<string> {
	const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
	return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
