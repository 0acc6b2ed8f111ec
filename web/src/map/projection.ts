// SPDX-License-Identifier: EUPL-1.2
/*
 * The map is drawn in ETRS89 / UTM zone 32N (EPSG:25832), the official system of both Länder, so that
 * a corner that was clicked is the corner that is stored. OpenLayers computes UTM itself (ol/proj/utm
 * has the series of Karney 2011); ETRS89 and WGS 84 are one here: they differ by less than the
 * accuracy of any boundary that is shown.
 */
import { addCoordinateTransforms, addEquivalentProjections, addProjection, get, getTransform } from 'ol/proj';
import Projection from 'ol/proj/Projection';

export const UTM32 = 'EPSG:25832';
export const CRS84 = 'EPSG:4326';

/** Registers EPSG:25832 once; easting before northing, metres. */
export function utm32(): Projection {
	const known = get(UTM32);
	if (known) return known;
	// EPSG:32632 is known to OpenLayers by its number; 25832 has the same formulas.
	const same = get('EPSG:32632');
	if (!same) throw new Error('OpenLayers does not know UTM');
	const projection = new Projection({ code: UTM32, units: 'm', axisOrientation: 'enu', extent: [-1_878_007, 3_932_282, 831_544, 9_437_501], global: false });
	addProjection(projection);
	addEquivalentProjections([projection, same]);
	for (const other of [CRS84, 'EPSG:3857']) {
		const to = getTransform(other, same);
		const from = getTransform(same, other);
		if (!to || !from) throw new Error(`OpenLayers does not know ${other}`);
		addCoordinateTransforms(other, projection, (point) => to(point, undefined, point.length), (point) => from(point, undefined, point.length));
	}
	return projection;
}

/** Where Hamburg and Schleswig-Holstein lie: what a map without anything on it shows. */
export const HOME: [number, number, number, number] = [420_000, 5_890_000, 680_000, 6_105_000];
