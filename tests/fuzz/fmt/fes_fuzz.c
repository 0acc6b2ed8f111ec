/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Filter Encoding and the GML in it: what is read and settled for a feature type is a filter that
 * CQL2 reads as the same, and what is refused has a sentence with its place.
 */
#include <pp/feature/collection.h>
#include <pp/fmt/fes.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_back(struct pp_arena *arena, const struct pp_filter *filter)
{
	struct pp_buf *json = pp_buf_make(arena), *twin = pp_buf_make(arena);
	const struct pp_filter *again;
	struct pp_fault fault = { 0 };

	pp_cql2_write_json(json, filter);
	if (json->len > PP_FILTER_TEXT_MOST)
		return;
	again = pp_cql2_read_json(arena, pp_buf_all(json), &fault);
	PP_MUST(again);
	pp_cql2_write_json(twin, again);
	PP_MUST(pp_slice_is(pp_buf_all(json), pp_buf_all(twin)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct pp_feature_type *type = &pp_collections[size % PP_COLLECTIONS].type;
	struct pp_slice text = pp_slice((const char *)data, size);
	const struct pp_filter *at = NULL;
	struct pp_fault fault = { 0 };
	struct pp_filter *filter;
	struct pp_arena arena;

	pp_arena_begin(&arena);
	filter = pp_fes_read_document(&arena, text, PP_S("EPSG:25832"), size % 2, &fault);
	if (!filter)
		PP_MUST(fault.problem && memcmp(fault.detail, "line ", 5) == 0);
	else if (pp_filter_settle(&arena, filter, type, &at, &fault))
		read_back(&arena, filter);
	else
		PP_MUST(at && at->at <= size && fault.detail[0]);
	pp_arena_end(&arena);
	return 0;
}
