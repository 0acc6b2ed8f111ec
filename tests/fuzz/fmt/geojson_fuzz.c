/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The GeoJSON reader on arbitrary text. What it takes is a geometry that our own check passes; what
 * is written of it is read again as the same; and what the JSON library calls no JSON is refused
 * here, too.
 */
#include <pp/fmt/geojson.h>

#include <jansson.h>

#define VERTICES 10000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * What stands in members that are skipped may be more than our own JSON takes, and is JSON all the
 * same (RFC 8259 §4, §6, §7): names twice, integers of any length, U+0000, which jansson knows in
 * no name.
 */
static bool is_json(struct pp_slice text)
{
	json_error_t error;
	json_t *value = json_loadb(
		text.at, text.len, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &error);

	json_decref(value);
	return value || json_error_code(&error) == json_error_null_byte_in_key;
}

static void write_and_read(struct pp_arena *arena, const struct pp_geojson *read)
{
	struct pp_buf *text = pp_buf_make(arena), *twice = pp_buf_make(arena);
	struct pp_geojson again;
	struct pp_fault fault;

	pp_geojson_write(text, read->wkb, 9);
	/* A ring or line of a nanometre may have shrunk to nothing. */
	if (!pp_geojson_read(arena, pp_buf_all(text), VERTICES, &again, &fault)) {
		PP_MUST(fault.problem == PP_geometry_invalid);
		return;
	}
	PP_MUST(again.facts.vertices == read->facts.vertices);
	PP_MUST(again.facts.dimension == read->facts.dimension);
	PP_MUST(again.facts.parts == read->facts.parts);
	pp_geojson_write(twice, again.wkb, 9);
	PP_MUST(pp_slice_is(pp_buf_all(text), pp_buf_all(twice)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pp_slice text = { (const char *)data, size };
	struct pp_geojson read;
	struct pp_wkb_facts facts;
	struct pp_fault fault, why;
	struct pp_arena arena;

	pp_arena_begin(&arena);
	if (pp_geojson_read(&arena, text, VERTICES, &read, &fault)) {
		PP_MUST(pp_wkb_check(read.wkb, VERTICES, &facts, &why));
		PP_MUST(memcmp(&facts, &read.facts, sizeof(facts)) == 0);
		/* A byte order mark may be ignored (RFC 8259 §8.1): this reader of files does. */
		if (pp_slice_starts(text, PP_S("\xef\xbb\xbf")))
			text = pp_slice(text.at + 3, text.len - 3);
		PP_MUST(is_json(text));
		write_and_read(&arena, &read);
	} else {
		PP_MUST(fault.problem != PP_no_problem && fault.detail[0]);
	}
	pp_arena_end(&arena);
	return 0;
}
