/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Packed files: what documents are looked into for, and what plans come in. All of it is refused
 * with a reason or taken within its limits; a member's name never leads out.
 */
#include "../../../server/files/check.h"

#define UNPACKED_MOST (1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(struct pp_slice bytes)
{
	struct pp_fault fault = { 0 };
	struct pp_arena arena;

	pp_arena_begin(&arena);
	if (!pp_check_zip(&arena, bytes, NULL, &fault))
		PP_MUST(fault.problem != PP_no_problem && fault.pointer[0] && fault.detail[0]);
	pp_arena_end(&arena);
}

static void unpack(struct pp_slice bytes)
{
	struct pp_fault fault = { 0 };
	struct pp_files_part *parts = NULL;
	struct pp_slice plain;
	struct pp_arena arena;
	size_t count = 0, all = 0;

	pp_arena_begin(&arena);
	if (pp_files_unzip(&arena, bytes, UNPACKED_MOST, &parts, &count, &fault)) {
		for (size_t i = 0; i < count; i++)
			all += parts[i].bytes.len;
		PP_MUST(all <= UNPACKED_MOST);
	} else {
		PP_MUST(fault.problem != PP_no_problem && fault.detail[0]);
	}
	fault = (struct pp_fault){ 0 };
	if (pp_files_gunzip(&arena, bytes, UNPACKED_MOST, &plain, &fault))
		PP_MUST(plain.len <= UNPACKED_MOST);
	else
		PP_MUST(fault.problem != PP_no_problem && fault.detail[0]);
	pp_arena_end(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pp_slice bytes = { (const char *)data, size };

	if (size > 65536)
		return 0;
	look(bytes);
	unpack(bytes);
	return 0;
}
