// SPDX-License-Identifier: EUPL-1.2
/* What happens elsewhere while a page is open (docs/api/events.md): of these kinds the page is told. */
import { onScopeDispose } from 'vue';

export interface Happened { kind: string; procedure?: string; round?: string; invitation?: string; statement?: string }

/* What comes together, as the invitations of an Amt, is answered by one question. */
const TOGETHER_MS = 300;

/** Calls `changed` once for the events that come together and that `concerns` lets through. */
export function useLive(kinds: readonly string[], concerns: (event: Happened) => boolean, changed: () => unknown): void {
	const source = new EventSource('/api/v1/events');
	let timer: number | undefined;
	for (const kind of kinds)
		source.addEventListener(kind, ({ data }: MessageEvent<string>) => {
			if (!concerns({ ...(JSON.parse(data) as Omit<Happened, 'kind'>), kind })) return;
			clearTimeout(timer);
			timer = window.setTimeout(changed, TOGETHER_MS);
		});
	onScopeDispose(() => {
		source.close();
		clearTimeout(timer);
	});
}
