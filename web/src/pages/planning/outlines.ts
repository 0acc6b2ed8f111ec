// SPDX-License-Identifier: EUPL-1.2
/* The outlines of municipalities by their key, in EPSG:25832: each is asked for once, several together. */
import { shallowRef, watch, type ShallowRef } from 'vue';

const CRS = 'http://www.opengis.net/def/crs/EPSG/0/25832';
const known = new Map<string, object>();

interface Collection { features: { properties: { ags: string }; geometry: object }[] }

export function useOutlines(wanted: () => readonly string[]): ShallowRef<ReadonlyMap<string, object>> {
	const shown = shallowRef<ReadonlyMap<string, object>>(known);
	watch(wanted, async (keys) => {
		const lacking = keys.filter((key) => /^\d{8}$/.test(key) && !known.has(key));
		if (lacking.length === 0) return;
		const query = new URLSearchParams({ filter: `ags IN (${lacking.map((key) => `'${key}'`).join(',')})`, 'filter-lang': 'cql2-text', crs: CRS, limit: String(lacking.length), f: 'json' });
		try {
			const response = await fetch(`/ogc/collections/municipalities/items?${query}`);
			if (!response.ok) return;
			for (const { properties, geometry } of ((await response.json()) as Collection).features) known.set(properties.ags, geometry);
			shown.value = new Map(known);
		} catch {
			/* The table has the same facts; the next change asks again. */
		}
	}, { immediate: true });
	return shown;
}
