// SPDX-License-Identifier: EUPL-1.2
/* Boundaries of municipalities, from the collection that GIS programs use as well (docs/gis.md). */

interface Boundaries { features: { id: string; geometry: object | null; properties: { name: string } }[] }

export async function boundariesOf(keys: readonly string[]): Promise<{ data?: Boundaries; error?: unknown; response: Response }> {
	// GeoJSON has positions in CRS84 without being asked.
	const query = new URLSearchParams({ filter: `ags IN (${keys.map((ags) => `'${ags}'`).join(',')})`, limit: String(keys.length) });
	const response = await fetch(`/ogc/collections/municipalities/items?${query}`, { headers: { Accept: 'application/geo+json' } });
	const body: unknown = await response.json();
	return response.ok ? { data: body as Boundaries, response } : { error: body, response };
}

export type Box = [west: number, south: number, east: number, north: number];
/* About 20 km: what lies farther away would only make the map small. */
const MARGIN = { lon: 0.3, lat: 0.18 };

function grow(box: Box, coordinates: unknown): void {
	if (!Array.isArray(coordinates)) return;
	const [x, y] = coordinates as unknown[];
	if (typeof x === 'number' && typeof y === 'number') {
		box[0] = Math.min(box[0], x);
		box[1] = Math.min(box[1], y);
		box[2] = Math.max(box[2], x);
		box[3] = Math.max(box[3], y);
	} else for (const part of coordinates) grow(box, part);
}
function boxOf(coordinates: unknown): Box {
	const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
	grow(box, coordinates);
	return box;
}

/** The surroundings of these geometries; undefined where there is none. */
export function around(geometries: readonly (object | null | undefined)[]): Box | undefined {
	const [west, south, east, north] = boxOf(geometries.flatMap((one) => (one && 'coordinates' in one ? [one.coordinates] : [])));
	return west <= east ? [west - MARGIN.lon, south - MARGIN.lat, east + MARGIN.lon, north + MARGIN.lat] : undefined;
}

/** Of a municipality in several parts those that reach into a box; whole where none does. */
export function partsWithin(geometry: object | null, box: Box): object | null {
	if (!geometry || !('type' in geometry) || geometry.type !== 'MultiPolygon' || !('coordinates' in geometry) || !Array.isArray(geometry.coordinates)) return geometry;
	const parts = (geometry.coordinates as unknown[]).filter((part) => {
		const [west, south, east, north] = boxOf(part);
		return west <= box[2] && east >= box[0] && south <= box[3] && north >= box[1];
	});
	return parts.length ? { ...geometry, coordinates: parts } : geometry;
}
