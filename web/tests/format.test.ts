// SPDX-License-Identifier: EUPL-1.2
import { describe, expect, it } from 'vitest';
import { area, bytes, day, exact, instant, metres } from '@/lib/format';

describe('days and instants', () => {
	it('a legal day has no zone', () => {
		expect(day('2026-12-02', 'de')).toBe('Mi., 02.12.2026');
		expect(day('2026-12-02', 'en')).toBe('Wed, 02/12/2026');
	});
	it('an instant is told in Berlin, in winter and in summer', () => {
		expect(instant('2026-12-02T22:30:00.000000Z', 'de')).toBe('02.12.2026, 23:30 Uhr');
		expect(instant('2026-07-01T22:30:00Z', 'de')).toBe('02.07.2026, 00:30 Uhr');
		expect(exact('2026-07-01T22:30:05Z', 'de')).toBe('02.07.2026, 00:30:05 Uhr');
	});
	it('what is not there is a dash', () => expect([day(null), instant(undefined), metres(null), bytes(undefined)]).toEqual(['–', '–', '–', '–']));
});

describe('measures', () => {
	it('are in the unit that people say', () => {
		expect([0, 4.24, 340.4, 2_449, 125_000].map((value) => metres(value, 'de'))).toEqual(['0 m', '4,2 m', '340 m', '2,4 km', '125 km']);
		expect([850, 32_000, 12_000_000].map((value) => area(value, 'de'))).toEqual(['850 m²', '3,2 ha', '12 km²']);
		expect([10, 512_000, 3_400_000, 2_000_000_000].map((value) => bytes(value, 'de'))).toEqual(['1 kB', '512 kB', '3,4 MB', '2 GB']);
	});
});
