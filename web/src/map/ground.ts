// SPDX-License-Identifier: EUPL-1.2
/*
 * Base maps that the operator has configured. None is there until somebody chooses it: its images
 * come from somebody else, who then knows who looks.
 */
import TileLayer from 'ol/layer/Tile';
import TileWMS from 'ol/source/TileWMS';
import XYZ from 'ol/source/XYZ';
import TileGrid from 'ol/tilegrid/TileGrid';
import { computed, ref, type ComputedRef } from 'vue';
import { UTM32 } from './projection';
import { api, type Schemas } from '@/api/client';
import { useAsk } from '@/api/use';

export type BaseMap = NonNullable<Schemas['site']['base_maps']>[number];

/** The id of what was chosen last, for all maps of the application; '' for none. */
export const chosenBase = ref('');

export function baseMaps(): ComputedRef<readonly BaseMap[]> {
	const site = useAsk(() => api.GET('/api/v1/site'));
	return computed(() => site.data.value?.base_maps ?? []);
}

/* The grid of the German surveying authorities (AdV), in which basemap.de comes: tile matrix set
 * DE_EPSG_25832_ADV, fourteen matrices named 00 to 13 (docs/gis/tiles.md). */
const ADV = { origin: [-46133.17, 6301219.54], first: 4891.9698102506645, matrices: 14 };

/** A WMTS by the template of its ResourceURL (OGC 07-057r7 §10.2.1). */
const wmts = (url: string): XYZ => new XYZ({
	projection: UTM32,
	tileGrid: new TileGrid({ origin: ADV.origin, resolutions: Array.from({ length: ADV.matrices }, (_, matrix) => ADV.first / 2 ** matrix) }),
	tileUrlFunction: ([matrix, column, row]) => url.replace('{TileMatrix}', `${matrix}`.padStart(2, '0')).replace('{TileRow}', `${row}`).replace('{TileCol}', `${column}`),
});

function source({ type, url, layers }: BaseMap): TileWMS | XYZ {
	if (type === 'wms') return new TileWMS({ url, params: { LAYERS: layers, VERSION: '1.3.0', FORMAT: 'image/png' }, projection: UTM32 });
	return type === 'wmts' ? wmts(url) : new XYZ({ url });
}

export const baseLayer = (map: BaseMap): TileLayer => new TileLayer({ source: source(map) });
