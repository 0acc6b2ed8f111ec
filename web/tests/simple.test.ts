// SPDX-License-Identifier: EUPL-1.2
// What may be asked about while it is being drawn: only what is an area already.
import { describe, expect, it } from 'vitest';
import { isSimple, ringsMeet } from '../src/map/simple';

const square = (x: number, y: number, side = 10): number[][] => [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]];

describe('rings that are being drawn', () => {
	it('are areas where they neither cross nor touch themselves', () => {
		expect(isSimple(square(0, 0))).toBe(true);
		expect(isSimple([[0, 0], [10, 0], [5, 8], [0, 0]])).toBe(true);
		expect(isSimple([[0, 0], [10, 10], [10, 0], [0, 10], [0, 0]])).toBe(false);
		expect(isSimple([[0, 0], [10, 0], [10, 10], [5, 0], [0, 10], [0, 0]])).toBe(false);
	});
	it('are none while all vertices lie on a line, or the line runs back', () => {
		expect(isSimple([[0, 0], [5, 5], [10, 10], [0, 0]])).toBe(false);
		expect(isSimple([[0, 0], [10, 0], [4, 0], [4, 8], [0, 0]])).toBe(false);
	});
	it('meet where they cross, touch, or one lies in the other', () => {
		expect(ringsMeet(square(0, 0), square(20, 0))).toBe(false);
		expect(ringsMeet(square(0, 0), square(5, 5))).toBe(true);
		expect(ringsMeet(square(0, 0), square(10, 0))).toBe(true);
		expect(ringsMeet(square(0, 0, 30), square(10, 10))).toBe(true);
	});
});
