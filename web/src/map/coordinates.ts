// SPDX-License-Identifier: EUPL-1.2
/*
 * Coordinates that people type or paste: a vertex a line, two numbers each. Metres of EPSG:25832 are
 * easting and northing; degrees are latitude and longitude in either order, since in Germany neither
 * can be taken for the other (47° to 55° north, 5° to 15° east).
 */
import { transform } from 'ol/proj';
import { CRS84, utm32, UTM32 } from './projection';

export type Vertex = [easting: number, northing: number];
export type Read = { vertices: Vertex[]; wrong?: undefined } | { vertices?: undefined; wrong: { line: number; text: string; why: 'numbers' | 'place' } };

/** "53,55" is a number in Germany; "565230,5" with a second number behind it is one too. */
function numbers(line: string): number[] {
	const parts = line.trim().split(/[\s;|]+/).length === 2 ? line.trim().split(/[\s;|]+/) : line.trim().split(/[\s;|,]+/);
	return parts.map((part) => part.replace(/^[EN°]+|[EN°m]+$/gi, '').replace(/,$/, '').replace(',', '.')).map((part) => (part === '' ? NaN : Number(part)));
}

const inMetres = (x: number, y: number): boolean => x > 150_000 && x < 1_000_000 && y > 5_100_000 && y < 6_200_000;

function vertex(first: number, second: number): Vertex | undefined {
	if (inMetres(first, second)) return [first, second];
	if (inMetres(second, first)) return [second, first];
	const [longitude, latitude] = first < second ? [first, second] : [second, first];
	if (longitude < 5 || longitude > 16 || latitude < 46 || latitude > 56) return undefined;
	utm32();
	const [x, y] = transform([longitude, latitude], CRS84, UTM32);
	return [x ?? 0, y ?? 0];
}

/** Reads them all, or says which line is wrong and why. Empty lines do not count. */
export function readCoordinates(text: string): Read {
	const vertices: Vertex[] = [];
	for (const [index, line] of text.split('\n').entries()) {
		if (line.trim() === '') continue;
		const [first, second, ...more] = numbers(line);
		if (first === undefined || second === undefined || more.length > 1 || !Number.isFinite(first) || !Number.isFinite(second))
			return { wrong: { line: index + 1, text: line.trim(), why: 'numbers' } };
		const found = vertex(first, second);
		if (!found) return { wrong: { line: index + 1, text: line.trim(), why: 'place' } };
		vertices.push(found);
	}
	return { vertices };
}
