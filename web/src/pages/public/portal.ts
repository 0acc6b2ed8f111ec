// SPDX-License-Identifier: EUPL-1.2
/* What one looks for, as it stands in the address of the start page and as the interface is asked. */
import type { LocationQuery } from 'vue-router';
import type { Schemas } from '@/api/client';

/** nah: longitude,latitude of a place; km around it. */
export interface Filters { q?: string; land?: string; art?: string; phase?: string; ags?: string; ort?: string; grenze?: string; beendet?: string; nah?: string; km?: string }
const names = ['q', 'land', 'art', 'phase', 'ags', 'ort', 'grenze', 'beendet', 'nah', 'km'] as const;

export function filtersOf(query: LocationQuery): Filters {
	const filters: Filters = {};
	for (const name of names) {
		const value = query[name];
		if (typeof value === 'string' && value) filters[name] = value;
	}
	return filters;
}

export const isFiltered = ({ beendet: _, ...rest }: Filters): boolean => Object.keys(rest).length > 0;

/** Whether one can say something now, later, or no more. */
export const phases = ['LAEUFT', 'KOMMT', 'VORBEI'] as const;
type Phase = (typeof phases)[number];
const phaseOf = (value = ''): Phase | undefined => phases.find((one) => one === value);

export interface Search { limit: number; running: boolean; q?: string; land?: string; ags?: string; kind?: Schemas['procedure_kind']; phase?: Phase; cross_border?: boolean; near?: string; km?: number }

export function searchOf(filters: Filters): Search {
	return {
		limit: 20, running: !filters.beendet,
		...(filters.q ? { q: filters.q } : {}), ...(filters.land ? { land: filters.land } : {}), ...(filters.ags ? { ags: filters.ags } : {}),
		...(filters.art ? { kind: filters.art as Schemas['procedure_kind'] } : {}), ...(phaseOf(filters.phase) ? { phase: phaseOf(filters.phase) } : {}), ...(filters.grenze ? { cross_border: true } : {}),
		...(filters.nah ? { near: filters.nah, km: Number(filters.km) || 5 } : {}),
	};
}
