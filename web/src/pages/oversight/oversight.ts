// SPDX-License-Identifier: EUPL-1.2
/* What the pages of the planning authority of a Land read and say. */
import { computed, type ComputedRef } from 'vue';
import { api, type Schemas } from '@/api/client';
import { useAsk } from '@/api/use';
import { metres } from '@/lib/format';
import type { MapFeature } from '@/map/types';
import catalogue from '@/texts/oversight';
import { texts } from '@/texts/language';
import { term } from '@/texts/terms';

export type Notification = Schemas['notification'];
export type Overseen = Schemas['overseen_procedure'];
interface Features { features: { id: string; geometry: object | null; properties: Record<string, string | null> }[] }

const t = texts(catalogue);
const items = (collection: string, filter: string) => api.GET('/ogc/collections/{collection}/items',
	{ params: { path: { collection }, query: { f: 'json', limit: 1000, filter } } }) as unknown as Promise<{ data?: Features; error?: unknown; response: Response }>;

/** The borders of Schleswig-Holstein and Hamburg to all their neighbours, as lines for a map. */
export function useLandBorder(): ComputedRef<readonly MapFeature[]> {
	const asked = useAsk(() => items('adjacency', ['ags', 'neighbour'].flatMap((name) => ['01', '02'].map((land) => `${name} LIKE '${land}%'`)).join(' OR ').replace(/.*/, 'cross_border = TRUE AND ($&)')));
	return computed(() => asked.data.value?.features.map(({ id, geometry }) => ({ id: `border-${id}`, geometry, look: 'border' as const })) ?? []);
}

/** Outlines of municipalities, by their keys. */
export const outlines = (ags: readonly string[]) => items('municipalities', `ags IN (${ags.map((one) => `'${one}'`).join(',')})`);

/** Who plans, as people say it. */
export const planners = (one: Schemas['procedure']): string => one.applicant_name ?? (one.places.map(({ name }) => name).join(', ') || one.planner_name);

/** How far it is to the other Land, in words. */
export function borderText({ plan, border }: Pick<Overseen, 'plan' | 'border'>): string {
	if (!plan) return t('border_unknown');
	if (!border) return t('border_far');
	return border.distance_m === 0 ? t('border_on', { land: term(border.land) }) : t('border_to', { distance: metres(border.distance_m), land: term(border.land) });
}
