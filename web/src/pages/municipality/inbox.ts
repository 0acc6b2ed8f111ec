// SPDX-License-Identifier: EUPL-1.2
/* What several pages of the municipality share: reading the inbox, how far an invitation is. */
import { computed, type ComputedRef } from 'vue';
import { api, type Schemas } from '@/api/client';
import { useAsk } from '@/api/use';
import { session } from '@/app/session';

export type Invitation = Schemas['invitation'];
export type Statement = Schemas['statement'];
export type AnsweredWith = Schemas['invitation_statement'];

export interface Inbox { invitations: Invitation[]; more: boolean }

const cursorOf = (next: string | null): string | undefined => (next ? new URL(next, location.origin).searchParams.get('cursor') ?? undefined : undefined);

/** The inbox, latest deadline first, as far as `pages` go; `more` where it goes on. */
export async function readInbox(query: { open?: true; assigned?: 'me' }, pages = Infinity): Promise<{ data?: Inbox; error?: unknown; response: Response }> {
	const invitations: Invitation[] = [];
	let cursor: string | undefined;
	for (let page = 1; ; page++) {
		const { data, error, response } = await api.GET('/api/v1/inbox', { params: { query: { ...query, limit: 100, cursor } } });
		if (!data) return { error, response };
		invitations.push(...data.invitations);
		cursor = cursorOf(data.next);
		if (!cursor || page >= pages) return { data: { invitations, more: cursor !== undefined }, response };
	}
}

export type Progress = 'new' | 'read' | 'draft' | 'waiting' | 'answered';

/** How far one's own body is with it. */
export function progressOf({ answered_at, draft, acknowledged_at }: Invitation): Progress {
	if (answered_at) return 'answered';
	if (draft) return draft.state === 'ZUR_FREIGABE' ? 'waiting' : 'draft';
	return acknowledged_at ? 'read' : 'new';
}

/** Invitations of one round stand together: an Amt is asked for several of its municipalities. */
export function byRound(invitations: readonly Invitation[]): Invitation[][] {
	const rounds = new Map<string, Invitation[]>();
	for (const one of invitations) rounds.set(one.round, [...(rounds.get(one.round) ?? []), one]);
	return [...rounds.values()].map((group) => group.sort((a, b) => a.name.localeCompare(b.name, 'de')));
}

/** The statement that counts: what was said last and not taken back, no supplement. */
export const counting = ({ statements }: Invitation): AnsweredWith | undefined =>
	statements.filter(({ supplement_to, state }) => supplement_to === null && state !== 'ZURUECKGENOMMEN').at(-1);

/** Whether one's own body wants a second person who lets things go out. */
export function useSecondPerson(): ComputedRef<boolean> {
	const body = useAsk(() => {
		const key = session.value?.body;
		return key ? api.GET('/api/v1/bodies/{body_key}', { params: { path: { body_key: key } } }) : undefined;
	});
	return computed(() => body.data.value?.release_by_second === true);
}
