/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Bodies of requests: what is read is written as a text that reads as the same; and cutting the
 * geometries out of a body leaves a body.
 */
#include <pp/fmt/geojson.h>
#include <pp/fmt/json.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Everything that a room might ask of a value. */
static size_t walk(const struct pp_json *value)
{
	struct pp_slice name;
	struct pp_json *member;
	size_t count = 1;

	PP_MUST(pp_slice_is_utf8(pp_json_text(value)));
	for (size_t i = 0; i < pp_json_length(value); i++)
		count += walk(pp_json_element(value, i));
	for (size_t i = 0; pp_json_member_at(value, i, &name, &member); i++) {
		PP_MUST(pp_slice_is_utf8(name) && pp_json_member(value, name) == member);
		count += walk(member);
	}
	if (pp_json_kind(value) == PP_JSON_INTEGER)
		PP_MUST(pp_json_integer(value) != 0 || pp_json_number(value) == 0.0);
	return count;
}

static void write_and_read(struct pp_arena *arena, const struct pp_json *json)
{
	struct pp_buf *text = pp_buf_make(arena), *twice = pp_buf_make(arena);
	struct pp_fault fault;
	struct pp_json *again;

	pp_json_write(json, text);
	again = pp_json_read(arena, pp_buf_all(text), &fault);
	PP_MUST(again && walk(again) == walk(json));
	pp_json_write(again, twice);
	PP_MUST(pp_slice_is(pp_buf_all(text), pp_buf_all(twice)));
}

static void cut(struct pp_arena *arena, struct pp_slice text, const char *pattern, bool is_json)
{
	struct pp_json_cuts cuts;
	struct pp_fault fault;

	if (!pp_json_cut(arena, text, pp_slice_of(pattern), &cuts, &fault)) {
		PP_MUST(fault.problem == PP_malformed_json);
		return;
	}
	for (size_t i = 0; i < cuts.count; i++) {
		struct pp_slice value = cuts.list[i].value;

		PP_MUST(value.at >= text.at && value.at + value.len <= text.at + text.len);
		PP_MUST(value.len && cuts.list[i].pointer.len);
	}
	PP_MUST(!is_json || pp_json_read(arena, cuts.rest, &fault));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pp_slice text = { (const char *)data, size };
	struct pp_fault fault;
	struct pp_arena arena;
	struct pp_json *json;

	pp_arena_begin(&arena);
	json = pp_json_read(&arena, text, &fault);
	if (json)
		write_and_read(&arena, json);
	else
		PP_MUST(fault.problem == PP_malformed_json && fault.detail[0]);
	cut(&arena, text, "/geometry", json);
	cut(&arena, text, "/points/[*]/geometry", json);
	pp_arena_end(&arena);
	return 0;
}
