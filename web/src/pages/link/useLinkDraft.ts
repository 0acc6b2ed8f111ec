// SPDX-License-Identifier: EUPL-1.2
/*
 * An answer while somebody writes it without an account: kept on this device, sealed, under the id
 * of its invitation. Only whoever has the link of it comes so far that it is read.
 */
import { onScopeDispose, reactive, ref, watch } from 'vue';
import { forget, keep, kept } from '@/lib/seal';
import type { SentFile } from '@/shared/uploads';
import { newPoint, type Words } from '@/shared/words';

export const DRAFT_DAYS = 30;
const QUIET_MS = 250;

export interface LinkDraft extends Words { name: string; function: string; files: SentFile[]; uploadToken: string; key: string }

const empty = (): LinkDraft => ({ stance: '', reservation: '', points: [newPoint()], name: '', function: '', files: [], uploadToken: '', key: crypto.randomUUID() });

export function useLinkDraft(invitation: string) {
	const name = `einladung:${invitation}`;
	const draft = reactive(empty());
	/** What this device does with it. */
	const state = ref<'untouched' | 'kept' | 'refused'>('untouched');
	const resumed = ref(false);
	let timer: number | undefined;
	let skip = false;

	function store(): void {
		clearTimeout(timer);
		timer = undefined;
		void keep(name, draft).then((is) => (state.value = is ? 'kept' : 'refused'));
	}
	async function read(): Promise<void> {
		const before = await kept<LinkDraft>(name, DRAFT_DAYS);
		if (before && before !== 'too old') {
			// Keys of points count anew in each page.
			Object.assign(draft, before.value, { points: before.value.points.map((point) => ({ ...point, key: newPoint().key })) });
			state.value = 'kept';
			resumed.value = true;
		}
		watch(draft, () => {
			if (skip) {
				skip = false;
				return;
			}
			clearTimeout(timer);
			timer = window.setTimeout(store, QUIET_MS);
		});
	}
	/** Empties it, here and on the device; the name of who writes stays where that is wanted. */
	function discard(keepName = false): void {
		const { name: who, function: office } = draft;
		clearTimeout(timer);
		timer = undefined;
		skip = true;
		Object.assign(draft, empty(), keepName ? { name: who, function: office } : {});
		forget(name);
		state.value = 'untouched';
		resumed.value = false;
	}
	const leave = (): void => {
		if (timer !== undefined) store();
	};
	addEventListener('pagehide', leave);
	onScopeDispose(() => {
		removeEventListener('pagehide', leave);
		leave();
	});
	return { draft, state, resumed, discard, read: read() };
}
