// SPDX-License-Identifier: EUPL-1.2
/* The rules that somebody edits, kept in the tab until they are put in force or discarded. */
import { ref, watch } from 'vue';
import { same, type Row } from './rules';
import { dayBefore } from '@/lib/clock';

const KEPT = 'pp-rules';
interface Draft { from: number; rows: Row[]; before: Row[] }

function read(): Draft | undefined {
	try {
		const text = sessionStorage.getItem(KEPT);
		return text ? (JSON.parse(text) as Draft) : undefined;
	} catch {
		return undefined;
	}
}
export const draft = ref<Draft | undefined>(read());
watch(draft, (now) => {
	try {
		if (now) sessionStorage.setItem(KEPT, JSON.stringify(now));
		else sessionStorage.removeItem(KEPT);
	} catch {
		/* then it holds as long as the page */
	}
}, { deep: true });

export function begin(from: number, rows: readonly Row[]): void {
	draft.value = { from, rows: rows.map((row) => ({ ...row })), before: rows.map((row) => ({ ...row })) };
}
const isOld = (row: Row): boolean => draft.value?.before.some((one) => same(one, row)) ?? false;
/** What a row is against the version that the draft began from. */
export function stateOf(row: Row): 'same' | 'ends' | 'changed' | 'new' {
	if (!draft.value || isOld(row)) return 'same';
	const like = draft.value.before.filter(({ id }) => id === row.id);
	if (like.some((one) => same({ ...one, valid_to: row.valid_to }, row))) return 'ends';
	return like.some((one) => one.valid_from === row.valid_from) ? 'changed' : 'new';
}
export const changedCount = (): number => (draft.value ? draft.value.rows.filter((row) => !isOld(row)).length + draft.value.before.filter((old) => !draft.value?.rows.some((row) => row.id === old.id && row.valid_from === old.valid_from && row.kinds === old.kinds && row.metric === old.metric)).length : 0);

/** Takes a row into the draft: in the place of the one at `at`, as its successor from its first day on, or as a new one. */
export function take(row: Row, at: number | undefined, asSuccessor: boolean): void {
	const rows = draft.value?.rows;
	if (!rows) return;
	const old = at === undefined ? undefined : rows[at];
	if (at === undefined || !old) rows.push(row);
	else if (asSuccessor) rows.splice(at, 1, { ...old, valid_to: dayBefore(row.valid_from) }, row);
	else rows.splice(at, 1, row);
}
export const removeAt = (at: number): void => void draft.value?.rows.splice(at, 1);
