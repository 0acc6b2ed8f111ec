// SPDX-License-Identifier: EUPL-1.2
/*
 * What of a geometry a map should show. Hamburg has an island in the Wadden Sea, 100 km from the rest
 * (Neuwerk): all of it would leave everything else a speck.
 */
import { buffer, createEmpty, extend, getArea, getHeight, getWidth, intersects, type Extent } from 'ol/extent';
import type Geometry from 'ol/geom/Geometry';
import MultiPolygon from 'ol/geom/MultiPolygon';

/** A part belongs to the rest when it is no farther from it than the largest part is wide or high, or is a twentieth of it in size. */
export function mainExtent(geometry: Geometry): Extent {
	const whole = geometry.getExtent();
	if (!(geometry instanceof MultiPolygon)) return whole;
	const parts = geometry.getPolygons().map((polygon) => polygon.getExtent()).sort((a, b) => getArea(b) - getArea(a));
	const [largest] = parts;
	if (!largest) return whole;
	const near = buffer(largest, Math.max(getWidth(largest), getHeight(largest)));
	return parts.filter((part) => intersects(near, part) || getArea(part) * 20 >= getArea(largest)).reduce((all, part) => extend(all, part), createEmpty());
}
