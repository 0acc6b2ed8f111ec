// SPDX-License-Identifier: EUPL-1.2
/*
 * Base maps that the operator has configured. None is there until somebody chooses it: its images
 * come from somebody else, who then knows who looks.
 */
import TileLayer from 'ol/layer/Tile';
import TileWMS from 'ol/source/TileWMS';
import XYZ from 'ol/source/XYZ';
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

export const baseLayer = ({ type, url, layers }: BaseMap): TileLayer => new TileLayer({
	source: type === 'wms'
		? new TileWMS({ url, params: { LAYERS: layers, VERSION: '1.3.0', FORMAT: 'image/png' }, projection: UTM32 })
		: new XYZ({ url }),
});
