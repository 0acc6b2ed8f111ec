// SPDX-License-Identifier: EUPL-1.2
/*
 * The secret that a link of a mail has behind its #. It goes to the server in a field of a request
 * or in its body, and into no address: it is taken out of the address bar at once, and for a reload
 * its history entry has it sealed (lib/seal.ts), so that neither the history nor a copied address
 * says it.
 */
import { ref, watch, type Ref } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { seal, unseal } from '@/lib/seal';

/** Undefined until it is known, then '' where there is none. */
export function useSecret(): Ref<string | undefined> {
	const route = useRoute();
	const router = useRouter();
	const secret = ref<string>();

	async function take(found: string): Promise<void> {
		secret.value = found;
		const sealed = await seal(found);
		await router.replace({ path: route.path, query: route.query, hash: '', force: true, state: sealed ? { sealed } : {} });
	}
	async function recall(): Promise<void> {
		const sealed: unknown = (history.state as { sealed?: unknown } | null)?.sealed;
		const found = typeof sealed === 'string' ? await unseal<string>(sealed) : undefined;
		secret.value = found?.value ?? '';
	}
	// Another link opened in the same tab changes the hash alone.
	watch(() => route.hash, (hash) => {
		if (hash.length > 1) void take(hash.slice(1));
		else if (secret.value === undefined) void recall();
	}, { immediate: true });
	return secret;
}
