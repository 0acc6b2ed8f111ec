// SPDX-License-Identifier: EUPL-1.2
/* A place in words, for whoever does not see the map: degrees of its middle. */
import { number } from '@/lib/format';
import { language } from '@/texts/language';

function corners(value: unknown): [number, number][] {
	if (!Array.isArray(value)) return [];
	if (typeof value[0] === 'number') return [[value[0], Number(value[1])]];
	return value.flatMap(corners);
}

export function placeWords(geometry: object): string {
	const all = corners('coordinates' in geometry ? geometry.coordinates : []);
	const middle = (at: 0 | 1): number => (Math.min(...all.map((one) => one[at])) + Math.max(...all.map((one) => one[at]))) / 2;
	return all.length ? `${number(middle(1), 5)}° N, ${number(middle(0), 5)}° ${language.value === 'de' ? 'O' : 'E'}` : '–';
}
