// SPDX-License-Identifier: EUPL-1.2
/* Files in pieces (tus 1.0.0): what has arrived stays, and is gone on with after a connection broke. */
import type { Problem } from '@/api/client';
import { language } from '@/texts/language';

const PIECE = 4 * 1024 * 1024;
const TUS = { 'Tus-Resumable': '1.0.0' };

export async function sha256Of(file: Blob): Promise<string> {
	const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
	return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Sends what lies behind `from` (below 0: behind what the server has); answers what it was refused for, if it was. */
export async function upload(url: string, file: Blob, from: number, moved: (offset: number) => void): Promise<Problem | undefined> {
	try {
		let offset = from;
		if (offset < 0) offset = Number((await fetch(url, { method: 'HEAD', headers: TUS })).headers.get('Upload-Offset') ?? 0);
		moved(offset);
		while (offset < file.size) {
			const response = await fetch(url, { method: 'PATCH', body: file.slice(offset, offset + PIECE), credentials: 'same-origin',
				headers: { ...TUS, 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream', 'Accept-Language': language.value } });
			if (!response.ok) return { ...((await response.json()) as Problem), status: response.status };
			offset = Number(response.headers.get('Upload-Offset') ?? file.size);
			moved(offset);
		}
		return undefined;
	} catch {
		return { type: 'unreachable', title: '', status: 0 } as Problem;
	}
}
