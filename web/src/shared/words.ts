// SPDX-License-Identifier: EUPL-1.2
/* What a body says, as the form has it and as the interface takes it. */
import type { Schemas } from '@/api/client';

type Kind = Schemas['point_kind'];
export interface Point { key: number; kind: Kind | ''; topic: string; text: string; legal_basis: string; remedy: string; rest: { document?: string; page?: string; geometry?: Schemas['geometry'] } }
export interface Words { stance: Schemas['stance'] | ''; reservation: string; points: Point[] }

let keys = 0;
export const newPoint = (): Point => ({ key: ++keys, kind: '', topic: '', text: '', legal_basis: '', remedy: '', rest: {} });

/** What a draft says, as the form has it. A free text is the first point. */
export function wordsOf(draft: Pick<Schemas['draft'], 'stance' | 'text' | 'points' | 'reservation'>): Words {
	const points = (draft.points ?? []).map(({ kind, topic, text, legal_basis, remedy, document, page, geometry }): Point =>
		({ key: ++keys, kind: kind ?? '', topic: topic ?? '', text: text ?? '', legal_basis: legal_basis ?? '', remedy: remedy ?? '',
			rest: { ...(document ? { document } : {}), ...(page ? { page } : {}), ...(geometry ? { geometry } : {}) } }));
	if (draft.text) points.unshift({ ...newPoint(), text: draft.text });
	return { stance: draft.stance ?? '', reservation: draft.reservation ?? '', points };
}

/** The same as the interface takes it: points without a word wait in the form. */
export function bodyOf({ stance, reservation, points }: Words) {
	const filled = points.filter(({ text }) => text.trim() !== '').map(({ kind, topic, text, legal_basis, remedy, rest }) =>
		({ ...(kind ? { kind } : {}), topic: topic || null, text, legal_basis: legal_basis || null, remedy: remedy || null, ...rest }));
	return { stance: stance || null, reservation: reservation.trim() || null, text: null, points: filled.length ? filled : null } as const;
}
