// SPDX-License-Identifier: EUPL-1.2
/* What a page reads from the server while it is shown. */
import { onScopeDispose, shallowRef, watchEffect, type ShallowRef } from 'vue';
import { ask, type Problem } from './client';
import { language } from '@/texts/language';

export interface Asked<T> {
	data: ShallowRef<T | undefined>;
	problem: ShallowRef<Problem | undefined>;
	/** Nothing was answered yet, or it is being asked anew. */
	busy: ShallowRef<boolean>;
	/** The last response, for ETag and the like. */
	response: ShallowRef<Response | undefined>;
	again(): Promise<void>;
}

/**
 * Asks at once, anew whenever what `call` reads changes (also the language), and when again() is
 * called. Of overlapping answers only that of the last question counts. Where `call` returns
 * undefined nothing is asked.
 */
export function useAsk<T>(call: () => Promise<{ data?: T; error?: unknown; response: Response }> | undefined): Asked<T> {
	const data = shallowRef<T>();
	const problem = shallowRef<Problem>();
	const busy = shallowRef(true);
	const response = shallowRef<Response>();
	let question = 0;

	async function settle(asked: ReturnType<typeof call>, number: number): Promise<void> {
		if (!asked) {
			busy.value = false;
			return;
		}
		const answer = await ask(asked);
		if (number !== question) return;
		if (answer.problem) problem.value = answer.problem;
		else {
			problem.value = undefined;
			data.value = answer.data;
		}
		response.value = answer.response;
		busy.value = false;
	}
	watchEffect(() => {
		void language.value;
		busy.value = true;
		void settle(call(), ++question);
	});
	onScopeDispose(() => question++);
	return { data, problem, busy, response, again: () => {
		busy.value = true;
		return settle(call(), ++question);
	} };
}
