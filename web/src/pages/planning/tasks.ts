// SPDX-License-Identifier: EUPL-1.2
/* The way from a procedure that was filed to a round that runs, and how far it has been gone. */
import type { Schemas } from '@/api/client';

export interface Task {
	text: 'task_facts' | 'task_extent' | 'task_affected' | 'task_documents' | 'task_guests' | 'task_start';
	to: string;
	state: 'done' | 'now' | 'open' | 'later';
}

/** `documents`: how many there are, where that is known; they hold up nobody. */
export function tasksOf(procedure: Schemas['procedure'], documents?: number): Task[] {
	const at = `/planung/${procedure.id}`;
	const { plan, rounds = [] } = procedure;
	const filed = plan != null;
	const confirmed = filed && plan.confirmed === true;
	return [
		{ text: 'task_facts', to: `${at}/grunddaten`, state: 'done' },
		{ text: 'task_extent', to: `${at}/geltungsbereich`, state: filed ? 'done' : 'now' },
		{ text: 'task_affected', to: `${at}/betroffene`, state: confirmed ? 'done' : filed ? 'now' : 'later' },
		{ text: 'task_documents', to: `${at}#unterlagen`, state: documents ? 'done' : 'open' },
		{ text: 'task_guests', to: `${at}/beteiligte`, state: filed ? 'open' : 'later' },
		{ text: 'task_start', to: `${at}/start`, state: rounds.some(({ cancelled_at }) => !cancelled_at) ? 'done' : confirmed ? 'now' : 'later' },
	];
}

export const nextTask = (tasks: readonly Task[]): Task | undefined => tasks.find(({ state }) => state === 'now');
