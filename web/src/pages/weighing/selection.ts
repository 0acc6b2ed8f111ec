// SPDX-License-Identifier: EUPL-1.2
/* Spans of text: the browser counts in units of UTF-16, the interface in characters. */
export interface Span { start: number; end: number }

export const characters = (text: string, units: number): number => [...text.slice(0, units)].length;
export const units = (text: string, count: number): number => [...text].slice(0, count).join('').length;

/** What of that element's text is selected, in characters; undefined where nothing or something else is. */
export function selectionIn(element: Element | null): Span | undefined {
	const selection = getSelection();
	if (!element || !selection || selection.isCollapsed || selection.rangeCount === 0) return undefined;
	const range = selection.getRangeAt(0);
	if (!element.contains(range.startContainer) || !element.contains(range.endContainer)) return undefined;
	const before = document.createRange();
	before.setStart(element, 0);
	before.setEnd(range.startContainer, range.startOffset);
	const start = [...before.toString()].length;
	return { start, end: start + [...range.toString()].length };
}
