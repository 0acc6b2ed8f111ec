// SPDX-License-Identifier: EUPL-1.2
/*
 * The draft of a statement on this device: there again after a reload, gone after so many days. Once
 * it was submitted its receipt stays for a day, so that nobody loses the secret by a reload.
 */
import { onScopeDispose, reactive, shallowRef, watch, type ShallowRef } from 'vue';
import { empty, type Draft } from './draft';
import type { Schemas } from '@/api/client';
import { forget, keep, kept } from '@/lib/seal';

export const DRAFT_DAYS = 30;
const RECEIPT_DAYS = 1;

export interface Done { at: number; statement: Schemas['statement']; mailed: boolean }
interface Stored { draft: Draft; done: Done | null }

export interface KeptDraft {
	draft: Draft;
	done: ShallowRef<Done | null>;
	/** Whether it was read from this device, was too old for that, or is new. */
	found: ShallowRef<'reading' | 'new' | 'resumed' | 'too old'>;
	/** What the device does with it: nothing yet, it keeps it, it cannot. */
	state: ShallowRef<'untouched' | 'kept' | 'refused'>;
	discard(): void;
	/** Settles once what was there is read. */
	read: Promise<void>;
}

export function useDraft(name: string): KeptDraft {
	const draft = reactive(empty());
	const done = shallowRef<Done | null>(null);
	const found = shallowRef<'reading' | 'new' | 'resumed' | 'too old'>('reading');
	const state = shallowRef<'untouched' | 'kept' | 'refused'>('untouched');
	let timer: number | undefined;

	function store(): void {
		clearTimeout(timer);
		timer = undefined;
		const stored: Stored = { draft, done: done.value };
		void keep(name, stored).then((is) => (state.value = is ? 'kept' : 'refused'));
	}
	async function read(): Promise<void> {
		const before = await kept<Stored>(name, DRAFT_DAYS);
		if (before === 'too old' || before === undefined) found.value = before ?? 'new';
		else if (before.value.done && Date.now() - before.value.done.at > RECEIPT_DAYS * 86_400_000) {
			forget(name);
			found.value = 'new';
		} else {
			Object.assign(draft, before.value.draft);
			done.value = before.value.done;
			state.value = 'kept';
			found.value = 'resumed';
		}
		watch([draft, done], () => {
			clearTimeout(timer);
			timer = window.setTimeout(store, 250);
		});
	}
	// A page that is left within that quarter of a second is kept as well.
	const leave = (): void => {
		if (timer !== undefined) store();
	};
	addEventListener('pagehide', leave);
	onScopeDispose(() => {
		removeEventListener('pagehide', leave);
		leave();
	});
	return { draft, done, found, state, read: read(), discard() {
		Object.assign(draft, empty());
		done.value = null;
		// The watcher has not run yet: what it would store is what was just discarded.
		queueMicrotask(() => setTimeout(() => {
			clearTimeout(timer);
			timer = undefined;
			forget(name);
			state.value = 'untouched';
		}));
	} };
}
