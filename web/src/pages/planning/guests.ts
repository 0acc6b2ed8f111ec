// SPDX-License-Identifier: EUPL-1.2
/*
 * Whom a round asks beside the confirmed set, kept in the address: it survives a reload, and goes along from the
 * page where one chooses to the page where the round is started.
 */
import { computed, reactive, watch, type WritableComputedRef } from 'vue';
import { useRoute, useRouter, type LocationQueryRaw } from 'vue-router';
import { api, ask } from '@/api/client';

const names = reactive(new Map<string, string>());
const asked = new Set<string>();
/** The name of a body, as soon as it is known. */
export const nameOf = (key: string): string => names.get(key) ?? key;
export function know(some: readonly { body: string; name: string }[]): void {
	for (const { body, name } of some) names.set(body, name);
}

export interface Guests {
	bodies: WritableComputedRef<string[]>;
	lists: WritableComputedRef<string[]>;
	/** To be put behind another address. */
	query: { readonly value: LocationQueryRaw };
}

const words = (value: unknown): string[] => (typeof value === 'string' && value ? value.split(',') : []);

export function useGuests(): Guests {
	const route = useRoute();
	const router = useRouter();
	const kept = (key: 'stellen' | 'verteiler'): WritableComputedRef<string[]> => computed({
		get: () => words(route.query[key]),
		set: (some) => void router.replace({ query: { ...route.query, [key]: some.length ? [...new Set(some)].join(',') : undefined } }),
	});
	const bodies = kept('stellen');
	watch(bodies, (keys) => {
		for (const body of keys) {
			if (names.has(body) || asked.has(body)) continue;
			asked.add(body);
			void ask(api.GET('/api/v1/bodies/{body_key}', { params: { path: { body_key: body } } })).then(({ data }) => data && know([data]));
		}
	}, { immediate: true });
	return { bodies, lists: kept('verteiler'), query: computed(() => ({ stellen: route.query.stellen, verteiler: route.query.verteiler })) };
}
