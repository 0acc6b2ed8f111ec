// SPDX-License-Identifier: EUPL-1.2
/* What the pages of a round share: rows of the board, in groups and in the order in which they need somebody. */
import type { Schemas } from '@/api/client';
import type { Look } from '@/map/types';

export type Row = Schemas['board_row'];
export type Board = Schemas['board'];

export const isAnswered = ({ state }: Row): boolean => state === 'BEANTWORTET' || state === 'FEHLANZEIGE';
export const asksForTime = ({ extension_request: request }: Row): boolean => request?.state === 'OFFEN';

/** The groups that the board can be narrowed to. */
export const groups = {
	all: () => true,
	undeliverable: ({ state }: Row) => state === 'UNZUSTELLBAR',
	request: asksForTime,
	unread: (row: Row) => !isAnswered(row) && !row.acknowledged_at,
	open: (row: Row) => !isAnswered(row),
	missing: ({ state }: Row) => state === 'OHNE_ANTWORT',
	answered: isAnswered,
	late: ({ late }: Row) => late,
} as const satisfies Record<string, (row: Row) => boolean>;
export type Group = keyof typeof groups;

const urgency = (row: Row): number => (groups.undeliverable(row) ? 0 : groups.request(row) ? 1 : groups.missing(row) ? 2 : 3);
/** Whoever cannot be reached first, then who waits for an answer of ours, then who is overdue; else as the server has them. */
export const byUrgency = (rows: readonly Row[]): Row[] => [...rows].sort((one, other) => urgency(one) - urgency(other));

export const lookOfRow = (row: Row): Look => (isAnswered(row) ? 'answered' : groups.missing(row) || groups.undeliverable(row) ? 'overdue' : 'waiting');
/** How a state is set apart beside its word. */
export const badgeOf = (row: Row): 'success' | 'danger' | 'warning' | 'info' => (isAnswered(row) ? (row.late ? 'warning' : 'success')
	: groups.undeliverable(row) || groups.missing(row) ? 'danger' : 'info');

/** Whom something has happened to between two looks at the board. */
export function changedRows(before: Board | undefined, now: Board): Row[] {
	if (!before) return [];
	const known = new Map([...before.municipalities, ...before.authorities].map((row) => [row.invitation, row]));
	return [...now.municipalities, ...now.authorities].filter((row) => {
		const was = known.get(row.invitation);
		return !was || was.state !== row.state || was.deadline !== row.deadline || asksForTime(was) !== asksForTime(row);
	});
}
