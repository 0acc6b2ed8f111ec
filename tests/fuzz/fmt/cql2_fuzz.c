/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Filters: the first byte chooses the language. What is read is the same filter after it was
 * written in either, and what is refused has a sentence.
 */
#include <pp/fmt/filter.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct pp_slice json_of(struct pp_arena *arena, const struct pp_filter *filter)
{
	struct pp_buf *out = pp_buf_make(arena);

	pp_cql2_write_json(out, filter);
	return pp_buf_all(out);
}

/* What has grown too large by being written otherwise is refused, nothing else. */
static void read_back(struct pp_arena *arena, const struct pp_filter *filter)
{
	struct pp_slice json = json_of(arena, filter);
	struct pp_buf *text = pp_buf_make(arena);
	struct pp_fault fault;
	struct pp_filter *again;

	if (json.len <= PP_FILTER_TEXT_MOST) {
		again = pp_cql2_read_json(arena, json, &fault);
		PP_MUST(again && pp_slice_is(json_of(arena, again), json));
	}
	if (!pp_cql2_write_text(text, filter, &fault)) {
		PP_MUST(fault.detail[0]);
		return;
	}
	if (text->len > PP_FILTER_TEXT_MOST)
		return;
	again = pp_cql2_read_text(arena, pp_buf_all(text), &fault);
	PP_MUST(again && pp_slice_is(json_of(arena, again), json));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pp_fault fault = { 0 };
	struct pp_filter *filter;
	struct pp_arena arena;
	struct pp_slice text;

	if (size == 0)
		return 0;
	pp_arena_begin(&arena);
	text = pp_slice((const char *)data + 1, size - 1);
	filter = data[0] % 2 ? pp_cql2_read_json(&arena, text, &fault)
			     : pp_cql2_read_text(&arena, text, &fault);
	if (filter)
		read_back(&arena, filter);
	else
		PP_MUST(fault.problem == PP_filter_invalid && fault.detail[0]);
	pp_arena_end(&arena);
	return 0;
}
