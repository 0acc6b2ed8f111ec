// SPDX-License-Identifier: EUPL-1.2
/*
 * A draft while somebody writes it: kept by itself some moments after each change, under the ETag of
 * the state that was seen. Whoever was quicker is named, and nobody's words are lost: both are shown
 * until one of them is chosen.
 */
import { computed, onScopeDispose, reactive, ref, shallowRef, watch } from 'vue';
import { api, ask, once, type Problem, type Schemas } from '@/api/client';
import { bodyOf, newPoint, wordsOf, type Words } from '@/shared/words';

/* What is always null in a draft's file is no member of the answer's type. */
export type DraftFile = Omit<Schemas['new_attachment'], 'statement'>;
export type Draft = Omit<Schemas['draft'], 'attachments'> & { attachments: DraftFile[] };
export type Keeping = 'none' | 'changed' | 'saving' | 'saved' | 'failed' | 'conflict';

const QUIET_MS = 1200;
const same = (a: Words, b: Words): boolean => JSON.stringify(bodyOf(a)) === JSON.stringify(bodyOf(b));

export function useDraft(invitation: string) {
	const words = reactive<Words>({ stance: '', reservation: '', points: [] });
	const draft = shallowRef<Draft>();
	const attachments = computed(() => draft.value?.attachments ?? []);
	const keeping = ref<Keeping>('none');
	const problem = shallowRef<Problem>();
	/** What somebody else has made of it meanwhile. */
	const theirs = shallowRef<Draft>();
	const ready = ref(false);
	const key = once();
	let etag = '';
	let kept: Words = wordsOf({ stance: null, text: null, points: null, reservation: null });
	let timer: number | undefined;
	let running: Promise<void> | undefined;
	const path = () => ({ draft: draft.value?.id ?? '' });

	function see(shown: Draft, response: Response | undefined): void {
		draft.value = shown;
		etag = response?.headers.get('ETag') ?? etag;
		kept = wordsOf(shown);
	}
	function fill(shown: Draft): void {
		Object.assign(words, wordsOf(shown));
	}
	async function read(id: string): Promise<{ shown?: Draft; response?: Response; problem?: Problem }> {
		const { data, ...rest } = await ask(api.GET('/api/v1/drafts/{draft}', { params: { path: { draft: id } } }));
		return { shown: data, ...rest };
	}
	async function begin(): Promise<void> {
		problem.value = undefined;
		const list = await ask(api.GET('/api/v1/invitations/{invitation}/drafts', { params: { path: { invitation } } }));
		problem.value = list.problem;
		if (list.problem) return;
		const last = [...(list.data?.items ?? [])].sort((a, b) => a.changed_at.localeCompare(b.changed_at)).at(-1);
		if (last) {
			const { shown, response, problem: refusal } = await read(last.id);
			problem.value = refusal;
			if (!shown) return;
			see(shown, response);
			fill(shown);
			keeping.value = 'saved';
		}
		if (!words.points.length) words.points.push(newPoint());
		ready.value = true;
	}
	async function keep(): Promise<void> {
		keeping.value = 'saving';
		const body = bodyOf(words);
		const { data, problem: refusal, response } = draft.value
			? await ask(api.PATCH('/api/v1/drafts/{draft}', { params: { path: path(), header: { 'If-Match': etag } }, body }))
			: await ask(api.POST('/api/v1/invitations/{invitation}/drafts', { params: { path: { invitation }, header: key }, body }));
		problem.value = refusal?.status === 412 ? undefined : refusal;
		if (data) {
			see(data, response);
			keeping.value = same(words, kept) ? 'saved' : 'changed';
		} else if (refusal?.status === 412) {
			const { shown, response: newer } = await read(path().draft);
			if (!shown) keeping.value = 'failed';
			else if (same(words, wordsOf(shown))) {
				see(shown, newer);
				keeping.value = 'saved';
			} else {
				theirs.value = shown;
				etag = newer?.headers.get('ETag') ?? etag;
				keeping.value = 'conflict';
			}
		} else keeping.value = 'failed';
	}
	/** Keeps what is not kept yet; true when all of it is. */
	async function save(): Promise<boolean> {
		clearTimeout(timer);
		await running;
		if (keeping.value === 'conflict') return false;
		if (!same(words, kept) || !draft.value) await (running = keep());
		return keeping.value === 'saved';
	}
	/** Of two versions, mine or theirs. */
	async function choose(mine: boolean): Promise<void> {
		if (!theirs.value) return;
		see(theirs.value, undefined);
		if (!mine) fill(theirs.value);
		theirs.value = undefined;
		keeping.value = 'changed';
		await save();
	}
	/** After a file came or went: its draft has a newer state. */
	async function seeFiles(): Promise<void> {
		const { shown, response } = await read(path().draft);
		if (!shown) return;
		if (same(wordsOf(shown), kept)) see(shown, response);
		else {
			theirs.value = shown;
			etag = response?.headers.get('ETag') ?? etag;
			keeping.value = 'conflict';
		}
	}
	async function discard(): Promise<Problem | undefined> {
		clearTimeout(timer);
		await running;
		if (!draft.value) return undefined;
		const { problem: refusal } = await ask(api.DELETE('/api/v1/drafts/{draft}', { params: { path: path(), header: { 'If-Match': etag } } }));
		return refusal;
	}

	watch(words, () => {
		if (!ready.value || keeping.value === 'conflict' || same(words, kept)) return;
		if (keeping.value !== 'saving') keeping.value = 'changed';
		clearTimeout(timer);
		timer = window.setTimeout(() => void save(), QUIET_MS);
	}, { deep: true });
	const warn = (event: BeforeUnloadEvent): void => {
		if (['changed', 'saving', 'failed', 'conflict'].includes(keeping.value)) event.preventDefault();
	};
	addEventListener('beforeunload', warn);
	onScopeDispose(() => {
		clearTimeout(timer);
		removeEventListener('beforeunload', warn);
	});
	void begin();
	return { words, draft, attachments, keeping, problem, theirs, ready, begin, save, choose, seeFiles, discard };
}
