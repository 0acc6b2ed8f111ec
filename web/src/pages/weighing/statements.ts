// SPDX-License-Identifier: EUPL-1.2
/* A choice among the statements of a procedure, as the address of the page has it and as the interface takes it. */
import type { LocationQuery } from 'vue-router';
import type { Schemas } from '@/api/client';

export type Item = Schemas['weighing_item'];
export const stances: readonly Schemas['stance'][] = ['KEINE_BETROFFENHEIT', 'KEINE_BEDENKEN', 'HINWEISE', 'ANREGUNGEN', 'BEDENKEN', 'EINWENDUNG', 'ABLEHNUNG'];
export const states: readonly Schemas['statement_state'][] = ['EINGEGANGEN', 'IN_BEARBEITUNG', 'VORGESCHLAGEN', 'ENTSCHIEDEN', 'MITGETEILT', 'ZURUECKGENOMMEN', 'VERWORFEN'];
export const roles: readonly Schemas['author_role'][] = ['OEFF', 'TOEB', 'NACHB', 'VERB', 'LAND', 'STAAT'];

const one = <T extends string>(value: unknown, of: readonly T[]): T | undefined => of.find((known) => known === value);
const yes = (value: unknown, positive: string, negative: string): boolean | undefined => (value === positive ? true : value === negative ? false : undefined);
const id = (value: unknown): string | undefined => (typeof value === 'string' && /^[0-9a-f-]{36}$/.test(value) ? value : undefined);

/** What an address asks for; what it does not know is left out. */
export function queryOf(query: LocationQuery) {
	const asked = {
		round: id(query.runde), author_role: one(query.von, roles), stance: one(query.haltung, stances), state: one(query.stand, states),
		on_time: yes(query.eingang, 'rechtzeitig', 'verspaetet'), missing: yes(query.abwaegung, 'fehlt', 'vollstaendig'), group: id(query.gruppe),
		assigned: query.zustaendig === 'ich' ? 'me' : query.zustaendig === 'niemand' ? 'none' : id(query.zustaendig), newest: query.folge === 'neueste' ? true : undefined,
	};
	return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined)) as Partial<{ [K in keyof typeof asked]: NonNullable<(typeof asked)[K]> }>;
}

/** The cursor within the address of the next page. */
export const cursorOf = (next: string | null | undefined): string | null => (next ? new URL(next, location.origin).searchParams.get('cursor') : null);
