// SPDX-License-Identifier: EUPL-1.2
/* Navigation: the title, the focus and the scroll position follow the page, as at a real page load. */
import { nextTick, ref, watch } from 'vue';
import { createRouter, createWebHistory } from 'vue-router';
import { later, notFound, pages } from './pages';
import base from '@/texts/base';
import { language, texts } from '@/texts/language';

const t = texts(base);

export const router = createRouter({
	history: createWebHistory(),
	routes: [...pages, notFound],
	scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
});

/** What a page is about once it knows (the title of a procedure), instead of its general title. */
const subject = ref<string>();
export const pageTitle = (title: string | undefined): void => {
	subject.value = title;
};
/** How many fields are wrong: said first in the title. */
export const titleErrors = ref(0);

router.beforeEach(async (to) => {
	for (const [start, load] of Object.entries(later)) {
		if (!to.path.startsWith(start)) continue;
		(await load()).pages.forEach((one) => router.addRoute(one));
		delete later[start];
		return to.fullPath;
	}
	return true;
});

router.beforeEach((to, from) => {
	if (to.path !== from.path) {
		subject.value = undefined;
		titleErrors.value = 0;
	}
});

watch([router.currentRoute, language, subject, titleErrors], () => {
	const title = subject.value ?? router.currentRoute.value.meta.title?.[language.value === 'de' ? 0 : 1];
	document.title = `${titleErrors.value ? t('error_title') : ''}${title ? `${title} – ` : ''}${t('product')}`;
});

router.afterEach((to, from, failure) => {
	// The first page is the browser's own; a change of the query is no other page.
	if (failure || from.matched.length === 0 || to.path === from.path || to.hash) return;
	void nextTick(() => document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true }));
});
