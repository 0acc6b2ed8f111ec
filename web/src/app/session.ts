// SPDX-License-Identifier: EUPL-1.2
/* Who is signed in, for which body, and what happens when that ends. */
import { computed, readonly, shallowRef } from 'vue';
import { api, ask, onExpired, type Answer, type Schemas } from '@/api/client';

export type Session = Schemas['session'];
export type Role = 'reader' | 'clerk' | 'releaser' | 'manager' | 'body_administrator' | 'oversight' | 'operator' | 'auditor';

const current = shallowRef<Session | null>(null);
/** null for nobody. */
export const session = readonly(current);
export const may = (...roles: readonly Role[]): boolean => roles.some((role) => current.value?.roles.includes(role));
/** Municipalities, Ämter and agencies: whoever is invited. */
export const isMember = computed(() => may('reader', 'clerk', 'releaser'));

/** The page tells whether the browser came with a session, so that strangers ask nothing in vain. */
export async function beginSession(): Promise<void> {
	if (document.documentElement.dataset.session !== 'open') return;
	const { data } = await ask(api.GET('/api/v1/session'));
	current.value = data ?? null;
}

export async function signIn(email: string, password: string, code?: string): Promise<Answer<unknown>> {
	const answer = await ask(api.POST('/api/v1/session', { body: code ? { email, password, code } : { email, password } }));
	if (!answer.problem) {
		document.documentElement.dataset.session = 'open';
		await beginSession();
	}
	return answer;
}

/** Where the browser has to go to sign out at the identity provider too, if it must. */
export async function signOut(): Promise<string | null> {
	const { data } = await ask(api.POST('/api/v1/session/end', { body: {} }));
	current.value = null;
	document.documentElement.dataset.session = 'none';
	return data?.end_session_url ?? null;
}

export async function actFor(body: string | null): Promise<Answer<unknown>> {
	const answer = await ask(api.POST('/api/v1/session/body', { body: { body } }));
	await beginSession();
	return answer;
}

/* One dialog for all calls that wait. */
let waiting: { promise: Promise<boolean>; settle: (signedIn: boolean) => void } | undefined;
const expiredNow = shallowRef(false);
/** The session has ended while the page was open: App.vue asks to sign in again. */
export const expired = readonly(expiredNow);

export function settleExpired(signedIn: boolean): void {
	expiredNow.value = false;
	if (!signedIn) current.value = null;
	waiting?.settle(signedIn);
	waiting = undefined;
}

onExpired(() => {
	if (!current.value) return Promise.resolve(false);
	if (!waiting) {
		let settle: (signedIn: boolean) => void = () => {};
		waiting = { promise: new Promise((resolve) => (settle = resolve)), settle: (signedIn) => settle(signedIn) };
		expiredNow.value = true;
	}
	return waiting.promise;
});
