/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Documents without what they say about their making: of arbitrary bytes that begin as one of
 * them. What came out can be cleaned again, and there is nothing left to take out.
 */
#include <stdlib.h>

#include "../../../server/files/clean.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static pp_cleaner *cleaner_of(struct pp_slice bytes)
{
	if (pp_slice_starts(bytes, PP_S("%PDF-")))
		return pp_clean_pdf;
	if (pp_slice_starts(bytes, PP_S("PK\3\4")))
		return pp_clean_office;
	return pp_clean_picture(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	pp_cleaner *clean = cleaner_of(pp_slice((const char *)data, size));
	struct pp_arena arena;
	struct pp_rope once = { .arena = &arena }, twice = { .arena = &arena };
	char *own;

	if (!clean || size > 1 << 20)
		return 0;
	/* Writable, as a mapped file is. */
	own = malloc(size);
	PP_MUST(own);
	memcpy(own, data, size);
	pp_arena_begin(&arena);
	if (pp_clean(clean, pp_slice(own, size), &once) == PP_CLEAN_DONE) {
		struct pp_slice whole = pp_rope_whole(&once);

		PP_MUST(whole.len == once.len);
		PP_MUST(pp_clean(clean, whole, &twice) == PP_CLEAN_NOTHING);
	}
	pp_arena_end(&arena);
	free(own);
	return 0;
}
