// SPDX-License-Identifier: EUPL-1.2
/* Sends a file to the place that its announcement has named (tus, docs/api/document.md#upload): in pieces, going on where it broke off. */
import type { Schemas } from '@/api/client';

const PIECE = 4 * 1024 * 1024;
const ATTEMPTS = 5;

export async function sha256(file: Blob): Promise<string> {
	const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
	return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Where the server stands; undefined when it takes nothing more. */
async function offsetOf(url: string): Promise<number | undefined> {
	const answer = await fetch(url, { method: 'HEAD' });
	const offset = answer.headers.get('Upload-Offset');
	return answer.ok && offset !== null ? Number(offset) : undefined;
}

/** True when all bytes have arrived; `progress` hears how many. */
export async function send(file: Blob, place: Schemas['upload_place'], progress: (bytes: number) => void): Promise<boolean> {
	let offset = place.offset;
	for (let failures = 0; offset < file.size;) {
		const answer = await fetch(place.url, { method: 'PATCH', headers: { 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': String(offset), 'Tus-Resumable': '1.0.0' },
			body: file.slice(offset, offset + PIECE) }).catch(() => undefined);
		if (answer?.ok) {
			offset = Number(answer.headers.get('Upload-Offset') ?? offset + PIECE);
			progress(Math.min(offset, file.size));
			continue;
		}
		// A refusal for good (wrong hash, given up) is not tried again.
		if (++failures === ATTEMPTS || (answer && answer.status !== 409 && answer.status < 500)) return false;
		const stands = await offsetOf(place.url).catch(() => offset);
		if (stands === undefined) return false;
		offset = stands;
	}
	return true;
}
