// SPDX-License-Identifier: EUPL-1.2
/*
 * The one way to the server. Paths, parameters, bodies and answers are typed by schema.d.ts, which
 * is made from the server's own description at every build.
 *
 *   const { data, problem } = await ask(api.GET('/api/v1/procedures/{procedure}', { params: { path: { procedure } } }));
 *
 * A session that has ended does not lose anything: the call waits until people have signed in
 * again, and is then made once more (see app/session.ts).
 */
import createClient, { type Middleware } from 'openapi-fetch';
import type { components, paths } from './schema';
import { language } from '@/texts/language';

export type Schemas = components['schemas'];
/** A refusal (RFC 9457); status 0 when nothing was heard from the server. */
export type Problem = Schemas['problem'] & { status: number };

type SignInAgain = () => Promise<boolean>;
let signInAgain: SignInAgain | undefined;
/** Who asks people to sign in again; false when they do not want to. */
export function onExpired(handler: SignInAgain): void {
	signInAgain = handler;
}

/* A request's body can be read once: for the second time a copy is kept. */
const copies = new WeakMap<Request, Request>();

const around: Middleware = {
	onRequest({ request }) {
		request.headers.set('Accept-Language', language.value);
		copies.set(request, request.clone());
		return request;
	},
	async onResponse({ request, response }) {
		const copy = copies.get(request);
		if (response.status !== 401 || !signInAgain || !copy || /\/api\/v1\/session(\/|$)/.test(new URL(request.url).pathname)) return response;
		if (!(await signInAgain())) return response;
		return fetch(copy);
	},
};

export const api = createClient<paths>({ baseUrl: '/', credentials: 'same-origin' });
api.use(around);

/** A key under which a submission is made once, however often it is sent (Idempotency-Key). */
export const once = (): { 'Idempotency-Key': string } => ({ 'Idempotency-Key': crypto.randomUUID() });

export interface Answer<T> { data?: T; problem?: Problem; response?: Response }

function readProblem(error: unknown, response: Response): Problem {
	if (error && typeof error === 'object' && 'title' in error) return { ...(error as Schemas['problem']), status: response.status };
	return { type: 'about:blank', title: `${response.status}`, status: response.status } as Problem;
}

/** The id of a problem: the last part of its type. */
export const kindOf = (problem: Problem | undefined): string => problem?.type?.split('/').pop() ?? '';

/** What a call answers, or its refusal; never throws for what the network does. */
export async function ask<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<Answer<T>> {
	try {
		const { data, error, response } = await call;
		if (response.ok) return { data, response };
		return { problem: readProblem(error, response), response };
	} catch (fault) {
		if (fault instanceof DOMException && fault.name === 'AbortError') throw fault;
		return { problem: { type: 'unreachable', title: '', status: 0 } as Problem };
	}
}
