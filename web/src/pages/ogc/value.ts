// SPDX-License-Identifier: EUPL-1.2
/* A property of a feature as people read it. */
import type { Feature, Property } from './document';
import { day, instant, number } from '@/lib/format';
import type catalogue from '@/texts/ogc';

export function shownAs(value: Feature['properties'][string] | undefined, of: Property | undefined, t: (key: keyof Pick<typeof catalogue, 'yes' | 'no'>) => string): string {
	if (value === null || value === undefined) return '–';
	if (typeof value === 'boolean') return t(value ? 'yes' : 'no');
	if (typeof value === 'number') return number(value, 3);
	if (of?.format === 'date-time') return instant(value);
	return of?.format === 'date' ? day(value) : value;
}
