// SPDX-License-Identifier: EUPL-1.2
/* The outlines of municipalities by their key: each is asked for once, several together. */
import { shallowRef, watch, type ShallowRef } from 'vue';

type Crs = 'EPSG:25832' | 'EPSG:4326';
const known: Readonly<Record<Crs, Map<string, object>>> = { 'EPSG:25832': new Map(), 'EPSG:4326': new Map() };
/** Without a word the interface speaks CRS84, which maps take for EPSG:4326. */
const uri: Readonly<Record<Crs, Record<string, string>>> = { 'EPSG:25832': { crs: 'http://www.opengis.net/def/crs/EPSG/0/25832' }, 'EPSG:4326': {} };

interface Collection { features: { properties: { ags: string }; geometry: object }[] }

export function useOutlines(wanted: () => readonly string[], crs: Crs): ShallowRef<ReadonlyMap<string, object>> {
	const kept = known[crs];
	const shown = shallowRef<ReadonlyMap<string, object>>(kept);
	watch(wanted, async (keys) => {
		const lacking = keys.filter((key) => /^\d{8}$/.test(key) && !kept.has(key));
		if (lacking.length === 0) return;
		const query = new URLSearchParams({ filter: `ags IN (${lacking.map((key) => `'${key}'`).join(',')})`, 'filter-lang': 'cql2-text', ...uri[crs], limit: String(lacking.length), f: 'json' });
		try {
			const response = await fetch(`/ogc/collections/municipalities/items?${query}`);
			if (!response.ok) return;
			for (const { properties, geometry } of ((await response.json()) as Collection).features) kept.set(properties.ags, geometry);
			shown.value = new Map(kept);
		} catch {
			/* The table has the same facts; the next change asks again. */
		}
	}, { immediate: true });
	return shown;
}
