/* SPDX-License-Identifier: EUPL-1.2 */
/* Holidays from a file: what is read fits, or is refused with a sentence; and no run of days off is
 * endless. */
#include <pp/law/addition.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pp_fault fault = { 0 };
	const struct pp_holiday_addition *list;
	struct pp_arena arena;
	size_t count = 0;

	pp_arena_begin(&arena);
	list = pp_additions_read(&arena, pp_slice((const char *)data, size), &count, &fault);
	if (list)
		PP_MUST(count <= PP_ADDITIONS_MOST && pp_additions_fit(list, count, &fault));
	else
		PP_MUST(fault.problem != PP_no_problem && fault.detail[0]);
	pp_arena_end(&arena);
	return 0;
}
