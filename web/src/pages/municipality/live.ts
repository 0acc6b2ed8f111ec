// SPDX-License-Identifier: EUPL-1.2
/* What happens elsewhere while a page is open (docs/api/events.md): the page asks anew. */
import { onScopeDispose } from 'vue';

const KINDS = ['invitation.sent', 'invitation.acknowledged', 'invitation.answered', 'invitation.extended', 'invitation.extension_requested', 'invitation.extension_granted',
	'invitation.extension_declined', 'invitation.assigned', 'invitation.deadline_moved', 'round.cancelled', 'round.extended',
	'statement.submitted', 'statement.withdrawn', 'forwarding.made', 'forwarding.ended'] as const;
/* What comes together, as the invitations of an Amt, is answered by one question. */
const TOGETHER_MS = 400;

export function useLive(changed: (kind: (typeof KINDS)[number]) => unknown): void {
	const source = new EventSource('/api/v1/events');
	let timer: number | undefined;
	for (const kind of KINDS)
		source.addEventListener(kind, () => {
			clearTimeout(timer);
			timer = window.setTimeout(() => changed(kind), TOGETHER_MS);
		});
	onScopeDispose(() => {
		source.close();
		clearTimeout(timer);
	});
}
