// SPDX-License-Identifier: EUPL-1.2
/* Light, dark, or as the device is set (data-kern-theme, see KERN). */
import { ref, watchEffect } from 'vue';

export const themes = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];
const KEPT = 'pp-theme';

function first(): Theme {
	try {
		const kept = localStorage.getItem(KEPT);
		return themes.find((one) => one === kept) ?? 'auto';
	} catch {
		return 'auto';
	}
}

export const theme = ref<Theme>(first());

watchEffect(() => {
	if (theme.value === 'auto') delete document.documentElement.dataset.kernTheme;
	else document.documentElement.dataset.kernTheme = theme.value;
	try {
		localStorage.setItem(KEPT, theme.value);
	} catch {
		/* then it holds for this page */
	}
});
