// SPDX-License-Identifier: EUPL-1.2
/* Which procedures the planning authority looks at, as it stands in the address and as the interface is asked. */
import type { LocationQuery } from 'vue-router';
import type { Schemas } from '@/api/client';

/** lauf: '' for those under way, beendet, alle; grenze: kilometres to the other Land. */
export interface Filters { q?: string; land?: string; art?: string; stand?: string; lauf?: string; grenze?: string }
export const filterNames = ['q', 'land', 'art', 'stand', 'lauf', 'grenze'] as const;

export const filtersOf = (query: LocationQuery): Filters => Object.fromEntries(filterNames.flatMap((name) => {
	const value = query[name];
	return typeof value === 'string' && value ? [[name, value]] : [];
}));

export interface Search { limit: number; q?: string; land?: string; kind?: Schemas['procedure_kind']; state?: string; running?: boolean; border_km?: number }

export const searchOf = ({ q, land, art, stand, lauf, grenze }: Filters): Search => ({
	limit: 100, ...(q ? { q } : {}), ...(land ? { land } : {}), ...(art ? { kind: art as Schemas['procedure_kind'] } : {}), ...(stand ? { state: stand } : {}),
	...(lauf === 'alle' ? {} : { running: lauf !== 'beendet' }), ...(grenze ? { border_km: Number(grenze) } : {}),
});
