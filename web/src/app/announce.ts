// SPDX-License-Identifier: EUPL-1.2
/* What has just happened, said to screen readers in the page's one status region and shown for a while. */
import { readonly, ref } from 'vue';

const text = ref('');
let timer: number | undefined;
export const announced = readonly(text);

export function announce(message: string): void {
	text.value = '';
	clearTimeout(timer);
	// Another change of the region, or the same sentence twice is not said twice.
	requestAnimationFrame(() => (text.value = message));
	timer = window.setTimeout(() => (text.value = ''), 8000);
}
