// SPDX-License-Identifier: EUPL-1.2
/*
 * The true municipal borders of what is seen, to snap to and to follow: asked for once the map shows
 * less than some 30 km, because only then can anybody click on one. What was loaded stays.
 */
import type Feature from 'ol/Feature';
import type Map from 'ol/Map';
import { containsExtent, getWidth, type Extent } from 'ol/extent';
import GeoJSON from 'ol/format/GeoJSON';
import type VectorSource from 'ol/source/Vector';

const WIDEST = 30_000;
const CRS = 'http://www.opengis.net/def/crs/EPSG/0/25832';

/** Keeps the source filled while the map moves; returns what ends that. */
export function bordersAround(map: Map, source: VectorSource<Feature>): () => void {
	const format = new GeoJSON();
	let loaded: Extent | undefined;
	let running: AbortController | undefined;

	async function load(extent: Extent): Promise<void> {
		running?.abort();
		running = new AbortController();
		const wanted = [extent[0]! - 5000, extent[1]! - 5000, extent[2]! + 5000, extent[3]! + 5000];
		const query = new URLSearchParams({ bbox: wanted.map(Math.round).join(','), 'bbox-crs': CRS, crs: CRS, limit: '500', f: 'json' });
		try {
			const response = await fetch(`/ogc/collections/municipalities/items?${query}`, { signal: running.signal });
			if (!response.ok) return;
			for (const feature of format.readFeatures(await response.json())) {
				const id = feature.getId();
				if (id !== undefined && !source.getFeatureById(id)) source.addFeature(feature as Feature);
			}
			loaded = wanted;
		} catch {
			/* Without borders one draws without snapping; the next move asks again. */
		}
	}
	function moved(): void {
		const extent = map.getView().calculateExtent(map.getSize());
		if (getWidth(extent) > WIDEST || (loaded && containsExtent(loaded, extent))) return;
		void load(extent);
	}
	map.on('moveend', moved);
	return () => {
		map.un('moveend', moved);
		running?.abort();
	};
}
