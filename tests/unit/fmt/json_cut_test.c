/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include <pp/fmt/geojson.h>

static void cuts(void **state)
{
	static const struct {
		const char *text, *pattern, *rest;
		size_t count;
		const char *pointer, *value; /* of the last one */
	} rows[] = {
		{ "{\"kind\":\"FNP\",\"geometry\":{\"type\":\"Point\"},\"crs\":null}", "/geometry",
			"{\"kind\":\"FNP\",\"geometry\":null,\"crs\":null}", 1, "/geometry",
			"{\"type\":\"Point\"}" },
		{ "{\"geometry\": null }", "/geometry", "{\"geometry\": null }", 0, "", "" },
		{ "{\"a\":{\"geometry\":1}}", "/geometry", "{\"a\":{\"geometry\":1}}", 0, "", "" },
		{ "{\"a\":{\"geometry\":1}}", "/a/geometry", "{\"a\":{\"geometry\":null}}", 1,
			"/a/geometry", "1" },
		{ "{\"\\u0067eometry\":[1,\"]\\\"}\",[]]}", "/geometry",
			"{\"\\u0067eometry\":null}", 1, "/geometry", "[1,\"]\\\"}\",[]]" },
		{ "{\"points\":[{\"geometry\":{}},{\"text\":\"geometry\"},{\"geometry\":[]}]}",
			"/points/[*]/geometry",
			"{\"points\":[{\"geometry\":null},{\"text\":\"geometry\"},{\"geometry\":"
			"null}]}",
			2, "/points/2/geometry", "[]" },
		{ "{\"points\":{\"geometry\":1}}", "/points/[*]/geometry",
			"{\"points\":{\"geometry\":1}}", 0, "", "" },
		{ "[]", "/geometry", "[]", 0, "", "" },
	};

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(rows); i++) {
		struct pp_json_cuts cut;
		struct pp_fault fault;
		struct pp_arena arena;

		pp_arena_begin(&arena);
		assert_true(pp_json_cut(&arena, pp_slice_of(rows[i].text),
			pp_slice_of(rows[i].pattern), &cut, &fault));
		assert_int_equal(cut.count, rows[i].count);
		if (!pp_slice_is(cut.rest, pp_slice_of(rows[i].rest)))
			fail_msg("%.*s", PP_SHOW(cut.rest));
		if (cut.count) {
			const struct pp_json_cut *last = &cut.list[cut.count - 1];

			assert_true(pp_slice_is(last->pointer, pp_slice_of(rows[i].pointer)));
			assert_true(pp_slice_is(last->value, pp_slice_of(rows[i].value)));
		}
		pp_arena_end(&arena);
	}
}

static void refuses(void **state)
{
	static const char *const rows[] = {
		"",
		"{",
		"{\"geometry\"}",
		"{\"geometry\":}",
		"{\"geometry\":1,}",
		"{\"geometry\":[1}",
		"{\"geometry\":1,\"geometry\":2}",
		"{\"geometry\":1,\"g\\u0065ometry\":2}",
		"{\"geometry\":1}x",
		"{\"geometry\":\"",
		"{\"geometry\":\"\\\"}",
		"{geometry:1}",
	};

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(rows); i++) {
		struct pp_json_cuts cut;
		struct pp_fault fault;
		struct pp_arena arena;

		pp_arena_begin(&arena);
		if (pp_json_cut(&arena, pp_slice_of(rows[i]), PP_S("/geometry"), &cut, &fault))
			fail_msg("taken: %s", rows[i]);
		assert_int_equal(fault.problem, PP_malformed_json);
		pp_arena_end(&arena);
	}
}

static void bounds_the_number(void **state)
{
	struct pp_json_cuts cut;
	struct pp_fault fault;
	struct pp_arena arena;
	struct pp_buf *text;

	(void)state;
	pp_arena_begin(&arena);
	for (unsigned count = 500; count <= 501; count++) {
		text = pp_buf_make(&arena);
		pp_buf_text(text, "[");
		for (unsigned i = 0; i < count; i++)
			pp_buf_text(text, i ? ",1" : "1");
		pp_buf_text(text, "]");
		assert_int_equal(pp_json_cut(&arena, pp_buf_all(text), PP_S("/[*]"), &cut, &fault),
			count == 500);
	}
	pp_arena_end(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cuts),
		cmocka_unit_test(refuses),
		cmocka_unit_test(bounds_the_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
