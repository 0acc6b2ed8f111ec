// SPDX-License-Identifier: EUPL-1.2
/* What is looked for in the record, from the address of the page. */
import type { LocationQuery } from 'vue-router';
import { instantOf } from '@/lib/clock';

const text = (query: LocationQuery, name: string): string | undefined => (typeof query[name] === 'string' && query[name] ? query[name] : undefined);
const dayAfter = (day: string): string => new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

export function window(query: LocationQuery): { procedure?: string; account?: string; since?: string; until?: string; cursor?: string; limit: number } {
	const from = text(query, 'vom'), to = text(query, 'bis');
	return { limit: 50, procedure: text(query, 'verfahren'), account: text(query, 'konto'), cursor: text(query, 'ab'),
		since: from && instantOf(from, '00:00'), until: to && instantOf(dayAfter(to), '00:00') };
}
export const entriesOf = (query: LocationQuery): ReturnType<typeof window> & { relation?: string; action?: 'insert' | 'update' | 'adopt' } =>
	({ ...window(query), relation: text(query, 'tabelle'), action: text(query, 'vorgang') as 'insert' | undefined });
