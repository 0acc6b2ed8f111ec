// SPDX-License-Identifier: EUPL-1.2
/** The cursor in the address of a list's next page. */
export const nextCursor = (next: string | null | undefined): string | undefined =>
	(next ? new URL(next, location.origin).searchParams.get('cursor') ?? undefined : undefined);
