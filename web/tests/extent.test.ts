// SPDX-License-Identifier: EUPL-1.2
import { describe, expect, it } from 'vitest';
import MultiPolygon from 'ol/geom/MultiPolygon';
import Point from 'ol/geom/Point';
import { mainExtent } from '@/map/extent';

const square = (x: number, y: number, side: number): number[][][] => [[[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]];

describe('what a map shows of a geometry', () => {
	it('leaves out a small island far away', () => {
		// As Hamburg and Neuwerk: 40 km wide, and 3 km at a distance of 100 km.
		const hamburg = new MultiPolygon([square(-100_000, 20_000, 3_000), square(0, 0, 40_000)]);
		expect(mainExtent(hamburg)).toEqual([0, 0, 40_000, 40_000]);
	});
	it('has small parts that lie near, and far ones that are not small', () => {
		expect(mainExtent(new MultiPolygon([square(0, 0, 40_000), square(60_000, 0, 1_000)]))).toEqual([0, 0, 61_000, 40_000]);
		expect(mainExtent(new MultiPolygon([square(0, 0, 40_000), square(200_000, 0, 20_000)]))).toEqual([0, 0, 220_000, 40_000]);
	});
	it('has all of anything else', () => {
		expect(mainExtent(new Point([3, 4]))).toEqual([3, 4, 3, 4]);
	});
});
