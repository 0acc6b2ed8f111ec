// SPDX-License-Identifier: EUPL-1.2
/* A paper as staff type it, and what the interface takes of it. */
import type { Schemas } from '@/api/client';

export interface EntryPoint { key: number; topic: string; kind: Schemas['point_kind'] | ''; text: string }
export interface Stack { round: string; channel: 'POST' | 'FAX' | 'EMAIL' | 'NIEDERSCHRIFT' | 'PORTAL' | ''; received_on: string; evidence: string }
export type PersonField = 'given_name' | 'family_name' | 'organisation' | 'street' | 'postcode' | 'town' | 'email';
export interface Paper {
	from: 'PERSON' | 'UNBEKANNT';
	invitation: string;
	supplement_to: string;
	time: string;
	person: Record<PersonField, string> & { inform: 'EMAIL' | 'POST' | 'KEINE' | '' };
	stance: Schemas['stance'] | '';
	points: EntryPoint[];
	signatures: string;
}

let keys = 0;
export const newPoint = (): EntryPoint => ({ key: ++keys, topic: '', kind: '', text: '' });
export const newPaper = (from: Paper['from'] = 'PERSON'): Paper => ({
	from, invitation: '', supplement_to: '', time: '', stance: '', points: [newPoint()], signatures: '',
	person: { given_name: '', family_name: '', organisation: '', street: '', postcode: '', town: '', email: '', inform: '' },
});

/** How far Europe/Berlin is ahead of UTC at that instant, in minutes. */
function ahead(at: Date): number {
	const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])?(\d+)?(?::(\d+))?/.exec(
		new Intl.DateTimeFormat('en-US', { timeZone: 'Europe/Berlin', timeZoneName: 'longOffset' }).format(at)) ?? [];
	return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** A day and a clock time in Germany as an instant, wherever the browser is. */
export function instantOf(day: string, time: string): string {
	const wall = new Date(`${day}T${time}:00Z`).getTime();
	const guess = new Date(wall - ahead(new Date(wall)) * 60_000);
	return new Date(wall - ahead(guess) * 60_000).toISOString();
}

/** Nothing that was typed is in it yet. */
export const isBlank = (paper: Paper): boolean =>
	JSON.stringify({ ...paper, from: '', points: paper.points.map(({ text, topic }) => [text, topic]) }) ===
	JSON.stringify({ ...newPaper(), from: '', points: [['', '']] });

/** What was said: one free text, or points where there are several or one that has a topic or a kind. */
export function wordsOf({ points }: Paper): { text?: string; points?: { text: string; topic?: string; kind?: Schemas['point_kind'] }[] } {
	const said = points.filter(({ text, topic }) => text.trim() || topic.trim());
	const [only] = said;
	if (!only) return {};
	if (said.length === 1 && !only.topic.trim() && !only.kind) return { text: only.text };
	return { points: said.map(({ text, topic, kind }) => ({ text, ...(topic.trim() ? { topic } : {}), ...(kind ? { kind } : {}) })) };
}

/** When and whose it is. */
export function placeOf({ received_on }: Stack, paper: Paper, asksPublic: boolean) {
	const details = Object.entries(paper.person).filter(([, value]) => value.trim());
	const named = asksPublic && paper.from === 'PERSON' && !paper.supplement_to && details.length > 0;
	return { received_on, ...(paper.time && received_on ? { received_at: instantOf(received_on, paper.time) } : {}),
		...(paper.supplement_to ? { supplement_to: paper.supplement_to } : paper.invitation ? { invitation: paper.invitation } : {}),
		...(named ? { person: Object.fromEntries(details) } : {}) };
}
