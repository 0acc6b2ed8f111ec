// SPDX-License-Identifier: EUPL-1.2
/*
 * Whom a plan would concern, while it is still being drawn: asked a moment after the last change, and
 * of several answers under way only that to the last question counts.
 */
import { nextTick, onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import { api, ask, type Problem, type Schemas } from '@/api/client';
import { language } from '@/texts/language';

export type Affected = Schemas['affected'];
export type Decidable = Schemas['affected_municipality'];
export interface Subject { geometry: object | null; kind: string; municipalities: readonly string[]; applicant?: string | null; subjects?: readonly Schemas['subject'][] }

/** Quick hands set several vertices in that time. */
const PAUSE_MS = 120;

export function usePreview(subject: () => Subject): { affected: ShallowRef<Affected | undefined>; problem: ShallowRef<Problem | undefined>; busy: ShallowRef<boolean> } {
	const affected = shallowRef<Affected>();
	const problem = shallowRef<Problem>();
	const busy = shallowRef(false);
	let timer: number | undefined;
	let question = 0;
	let running: AbortController | undefined;

	async function put({ geometry, kind, municipalities, applicant, subjects }: Subject): Promise<void> {
		const number = ++question;
		running?.abort();
		running = new AbortController();
		performance.mark('pp-preview-asked');
		const body = { kind, geometry, crs: 'EPSG:25832', planning_municipalities: [...municipalities],
			...(applicant ? { applicant_body: applicant } : {}), ...(subjects?.length ? { subjects: [...subjects] } : {}) };
		try {
			const answer = await ask(api.POST('/api/v1/affected-preview', { body: body as never, signal: running.signal }));
			if (number !== question) return;
			problem.value = answer.problem;
			if (answer.data) affected.value = answer.data;
			busy.value = false;
			await nextTick();
			// For whoever measures: from the question to the list that was painted.
			requestAnimationFrame(() => performance.measure('pp-preview', 'pp-preview-asked'));
		} catch {
			/* aborted: a later question is under way */
		}
	}
	watch([subject, language], ([now]) => {
		clearTimeout(timer);
		if (!now.geometry) {
			question++;
			running?.abort();
			affected.value = problem.value = undefined;
			busy.value = false;
			return;
		}
		busy.value = true;
		timer = window.setTimeout(() => void put(now), PAUSE_MS);
	}, { immediate: true });
	onScopeDispose(() => {
		clearTimeout(timer);
		running?.abort();
	});
	return { affected, problem, busy };
}
