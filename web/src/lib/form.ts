// SPDX-License-Identifier: EUPL-1.2
/*
 * A form: its values, what is wrong with them, and whether it is being sent. What the server refuses
 * (RFC 9457 with errors[{pointer, detail}]) is shown at its field; the summary takes the focus.
 *
 *   const form = useForm({ title: '', kind: 'BP_REGEL' });
 *   form.send(() => ask(api.POST(…, { body: form.values })), (created) => router.push(…));
 */
import { onScopeDispose, reactive, shallowRef, watch } from 'vue';
import type { Answer, Problem } from '@/api/client';
import { titleErrors } from '@/app/router';
import base from '@/texts/base';
import { texts } from '@/texts/language';

const t = texts(base);

export interface Form<V extends object> {
	values: V;
	/** What is wrong, by the name of the field; '' for the whole. */
	errors: Record<string, string>;
	problem: { readonly value: Problem | undefined };
	busy: { readonly value: boolean };
	/** Marks a field as wrong; sending is refused while there are any. */
	wrong(field: string, message: string): void;
	/** Marks fields that are empty; true where none is. */
	require(...fields: (keyof V & string)[]): boolean;
	clear(): void;
	send<T>(call: () => Promise<Answer<T>>, done: (data: T | undefined, response: Response | undefined) => unknown): Promise<boolean>;
}

/** The field that a pointer (RFC 6901) is about: its first part. */
export const fieldOf = (pointer: string): string => pointer.replace(/^#?\//, '').split('/')[0] ?? '';

export function useForm<V extends object>(initial: V): Form<V> {
	const values = reactive({ ...initial }) as V;
	const errors = reactive<Record<string, string>>({});
	const problem = shallowRef<Problem>();
	const busy = shallowRef(false);

	function clear(): void {
		for (const field of Object.keys(errors)) delete errors[field];
		problem.value = undefined;
	}
	function wrong(field: string, message: string): void {
		errors[field] = message;
	}
	function take(refusal: Problem): void {
		problem.value = refusal;
		for (const { pointer, detail } of refusal.errors ?? []) if (pointer && detail) errors[fieldOf(pointer)] ??= detail;
	}
	watch(errors, () => (titleErrors.value = Object.keys(errors).length));
	onScopeDispose(() => (titleErrors.value = 0));
	return {
		values, errors, problem, busy, wrong, clear,
		require(...fields) {
			for (const field of fields) {
				const value: unknown = values[field];
				if (value === '' || value === null || value === undefined) wrong(field, t('required'));
			}
			return Object.keys(errors).length === 0;
		},
		async send(call, done) {
			if (busy.value) return false;
			busy.value = true;
			problem.value = undefined;
			for (const field of Object.keys(errors)) delete errors[field];
			try {
				const answer = await call();
				if (answer.problem) {
					take(answer.problem);
					return false;
				}
				await done(answer.data, answer.response);
				return true;
			} finally {
				busy.value = false;
			}
		},
	};
}
