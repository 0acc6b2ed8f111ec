// SPDX-License-Identifier: EUPL-1.2
import { describe, expect, it } from 'vitest';
import { instantOf, isBlank, newPaper, newPoint, placeOf, wordsOf } from '@/pages/weighing/entry';
import { characters, units } from '@/pages/weighing/selection';

describe('a paper that staff enter', () => {
	it('was received at the time of Germany, in summer and in winter', () => {
		expect(instantOf('2026-07-01', '09:30')).toBe('2026-07-01T07:30:00.000Z');
		expect(instantOf('2026-12-01', '23:59')).toBe('2026-12-01T22:59:00.000Z');
		// The hours before and after the clock was changed.
		expect(instantOf('2026-03-29', '01:59')).toBe('2026-03-29T00:59:00.000Z');
		expect(instantOf('2026-03-29', '03:00')).toBe('2026-03-29T01:00:00.000Z');
	});
	it('says one text, or points where there are several or one has a topic', () => {
		const paper = newPaper();
		expect(isBlank(paper)).toBe(true);
		expect(wordsOf(paper)).toEqual({});
		paper.points[0]!.text = 'Zu laut.';
		expect(wordsOf(paper)).toEqual({ text: 'Zu laut.' });
		expect(isBlank(paper)).toBe(false);
		paper.points.push({ ...newPoint(), text: 'Zu hoch.', topic: 'Höhe' });
		expect(wordsOf(paper)).toEqual({ points: [{ text: 'Zu laut.' }, { text: 'Zu hoch.', topic: 'Höhe' }] });
	});
	it('names a person only where the public is asked and somebody is known', () => {
		const stack = { round: '', channel: 'POST', received_on: '2026-11-26', evidence: '' } as const;
		const paper = newPaper();
		expect(placeOf(stack, paper, true)).toEqual({ received_on: '2026-11-26' });
		paper.person.town = 'Lurup';
		expect(placeOf(stack, paper, true)).toEqual({ received_on: '2026-11-26', person: { town: 'Lurup' } });
		expect(placeOf(stack, { ...paper, supplement_to: 'a' }, true)).toEqual({ received_on: '2026-11-26', supplement_to: 'a' });
		expect(placeOf(stack, { ...paper, invitation: 'b' }, false)).toEqual({ received_on: '2026-11-26', invitation: 'b' });
	});
	it('has spans in characters, whatever the browser counts', () => {
		expect(characters('a😀b', 3)).toBe(2);
		expect(units('a😀b', 2)).toBe(3);
	});
});
