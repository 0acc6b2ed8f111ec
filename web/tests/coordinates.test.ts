// SPDX-License-Identifier: EUPL-1.2
import { describe, expect, it } from 'vitest';
import { readCoordinates } from '@/map/coordinates';

const michel: [number, number] = [564_798.9769, 5_933_678.687];

describe('typed coordinates', () => {
	it.each([
		['564798.9769 5933678.687'], ['564798,9769 5933678,687'], ['564798.9769, 5933678.687'], ['564798,9769;5933678,687'],
		['5933678.687\t564798.9769'], ['E564798.9769 N5933678.687'], ['53,548 9,978'], ['53.548, 9.978'], ['9.978 53.548'], ['53,548°; 9,978°'],
	])('%s is where it is', (line) => {
		const { vertices } = readCoordinates(`\n${line}\n\n`);
		expect(vertices).toHaveLength(1);
		expect(Math.hypot((vertices?.[0]?.[0] ?? 0) - michel[0], (vertices?.[0]?.[1] ?? 0) - michel[1])).toBeLessThan(0.001);
	});
	it('a third number, a height, is left out', () => expect(readCoordinates('564798.5 5933678.5 12.3').vertices).toEqual([[564_798.5, 5_933_678.5]]));
	it.each([['nichts'], ['564798.5'], ['1 2 3 4'], ['564798.5 N']])('%s is no pair of numbers, and its line is named', (line) =>
		expect(readCoordinates(`53.5 9.9\n${line}`)).toEqual({ wrong: { line: 2, text: line, why: 'numbers' } }));
	it.each([['0 0'], ['48.8 2.3'], ['3564798 5933678']])('%s is not in Germany', (line) => expect(readCoordinates(line).wrong?.why).toBe('place'));
});
