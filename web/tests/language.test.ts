// SPDX-License-Identifier: EUPL-1.2
import { describe, expect, it } from 'vitest';
import { fill, type Catalogue } from '@/texts/language';

const catalogues = import.meta.glob<{ default: Catalogue }>('../src/texts/*.ts', { eager: true });
const holes = (text: string): string[] => [...text.matchAll(/\{(\w+)/g)].map(([, name]) => name ?? '').sort();

describe('the catalogue', () => {
	for (const [file, { default: catalogue }] of Object.entries(catalogues)) {
		if (!catalogue) continue;
		it(`${file} says everything in both languages, with the same values`, () => {
			for (const [key, text] of Object.entries(catalogue)) {
				expect(text, key).toHaveLength(2);
				for (const one of text) expect(one.trim(), key).not.toBe('');
				expect(new Set(holes(text[0])), key).toEqual(new Set(holes(text[1])));
			}
		});
	}
});

describe('a text', () => {
	it('has its values in their places, numbers as the language writes them', () => {
		expect(fill('{n} {n:Tag|Tage} bis {day}', { n: 1, day: 'morgen' }, 'de')).toBe('1 Tag bis morgen');
		expect(fill('{n} {n:Tag|Tage}', { n: 1234 }, 'de')).toBe('1.234 Tage');
		expect(fill('{n} {n:day|days}', { n: 1234 }, 'en')).toBe('1,234 days');
		expect(fill('{n} {n:day|days}', { n: 0 }, 'en')).toBe('0 days');
	});
	it('keeps what has no value', () => expect(fill('{x}', {}, 'de')).toBe('{x}'));
});
