// SPDX-License-Identifier: EUPL-1.2
/*
 * The municipalities under every map, as vector tiles of our own (docs/gis/tiles.md): generalised for
 * the scale, so that all of them pan without waiting, and nothing comes from another host.
 */
import MVT from 'ol/format/MVT';
import VectorTileLayer from 'ol/layer/VectorTile';
import VectorTileSource from 'ol/source/VectorTile';
import TileGrid from 'ol/tilegrid/TileGrid';
import { paintBackground } from './looks';
import { utm32 } from './projection';

/* DE_EPSG_25832_ADV: the grid of the German surveying authorities for UTM zone 32. */
const ORIGIN = [-46_133.17, 6_301_219.54];
const COARSEST = 4_891.96981025128;
const LEVELS = 14;
const PIXELS = 256;

export function municipalities(): VectorTileLayer {
	const side = COARSEST * PIXELS;
	const [west, north] = ORIGIN as [number, number];
	return new VectorTileLayer({
		source: new VectorTileSource({
			format: new MVT(),
			projection: utm32(),
			url: '/ogc/collections/municipalities/tiles/DE_EPSG_25832_ADV/{z}/{y}/{x}',
			// Outside of these the grid has no tiles.
			tileGrid: new TileGrid({ origin: ORIGIN, extent: [west, north - side, west + side, north], tileSize: PIXELS,
				resolutions: Array.from({ length: LEVELS }, (_, level) => COARSEST / 2 ** level) }),
			transition: 0,
		}),
		declutter: true,
		style: paintBackground,
	});
}
