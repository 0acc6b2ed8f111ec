// SPDX-License-Identifier: EUPL-1.2
import { onScopeDispose, ref, type Ref } from 'vue';
import { upload } from '@/lib/upload';
import catalogue from '@/texts/administration_audit';
import { texts } from '@/texts/language';

const t = texts(catalogue);

/** Endings of the files that boundaries are read from (GDAL). */
export const BOUNDARY_FILES = '.gpkg,.fgb,.shp,.zip,.gz,.geojson,.json,.gml';

/**
 * Sends a file of boundaries to an import from where the server stands, while the page is there. `sent` is how many bytes
 * it has, -1 while nothing is under way; `done` is told what is wrong, or nothing.
 */
export function useSending(): { sent: Ref<number>; send: (id: string, file: File, done: (wrong?: string) => void) => Promise<void> } {
	const sent = ref(-1);
	const abort = new AbortController();
	onScopeDispose(() => abort.abort());
	return { sent, async send(id, file, done) {
		let wrong: string | undefined;
		sent.value = 0;
		try {
			const problem = await upload(`/api/v1/boundary-imports/${id}`, file, { signal: abort.signal, progress: (now) => (sent.value = now) });
			wrong = problem && (problem.detail ?? (problem.title || t('upload_broken')));
		} catch {
			/* The page has been left. */
			return;
		} finally {
			sent.value = -1;
		}
		done(wrong);
	} };
}
