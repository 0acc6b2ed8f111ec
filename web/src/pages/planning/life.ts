// SPDX-License-Identifier: EUPL-1.2
/* What the machine of a procedure says, sorted for reading, and where what is missing is made good. */
import type { Schemas } from '@/api/client';

export type Step = Schemas['next_step'];
export type Missing = Step['missing'][number];

/** By the clock or a decision it ends, pauses or begins anew: none of the way forward. */
const ASIDE: readonly string[] = ['EINSTELLEN', 'RUHEN'];
const forward = ({ to, event }: Step): boolean => to !== '=' && !ASIDE.includes(event);

/** The way forward, what else can be recorded, and what runs beside the procedure, by its machine. */
export function sorted(steps: readonly Step[], tracks: readonly { machine: string }[]): { ahead: Step[]; beside: Map<string, Step[]>; aside: Step[] } {
	const apart = new Set(tracks.map(({ machine }) => machine));
	const own = steps.filter(({ machine }) => !apart.has(machine));
	return {
		ahead: own.filter(forward), aside: own.filter((step) => !forward(step)),
		beside: new Map(tracks.map(({ machine }) => [machine, steps.filter((step) => step.machine === machine)])),
	};
}

/** What only needs to be said with the event, and what has to be done before. */
export const toSay = ({ missing }: Step): Missing[] => missing.filter(({ pointer }) => pointer !== null);
export const hindrances = ({ missing }: Step): Missing[] => missing.filter(({ pointer }) => pointer === null);

export interface Way { to: string; text: 'make_good_PLAN' | 'make_good_PLAN_UNCHANGED' | 'make_good_BEGRUENDUNG' | 'make_good_UMWELTBERICHT' | 'make_good_PARALLEL' | 'make_good_WEIGHING' }

/** Where that is made good; of a round that still runs its board tells. */
export function wayOf({ code }: Pick<Missing, 'code'>, procedure: string): Way | undefined {
	const at = `/planung/${procedure}`;
	switch (code) {
		case 'PLAN': case 'PLAN_UNCHANGED': return { to: `${at}/geltungsbereich`, text: `make_good_${code}` };
		case 'BEGRUENDUNG': case 'UMWELTBERICHT': return { to: `${at}#unterlagen`, text: `make_good_${code}` };
		case 'PARALLEL': return { to: `${at}/verlauf#verknuepft`, text: 'make_good_PARALLEL' };
		case 'WEIGHING': return { to: `${at}/abwaegung`, text: 'make_good_WEIGHING' };
		default: return undefined;
	}
}

/** Participations that run or are announced, as the server says. */
export const running = (overview: Schemas['procedure_overview'] | undefined): Schemas['participation'][] => (overview?.participations ?? []).filter(({ phase }) => phase === 'LAEUFT' || phase === 'KOMMT');
