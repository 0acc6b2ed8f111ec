/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>
#include <geos_c.h>
#include <proj.h>

#include <pp/geo/geo.h>

/* Release, revision, GEOS and PROJ: results that one of them made otherwise have another name. */
static void name_tells_what_computes(void **state)
{
	struct pp_arena arena;
	struct pp_fault fault;
	struct pp_geo *geo;
	struct pp_slice name;
	char expected[96];
	int revision = 0;

	(void)state;
	pp_arena_begin(&arena);
	geo = pp_geo_open(&arena, &fault);
	assert_non_null(geo);
	name = pp_geo_engine(geo);
	assert_int_equal(
		sscanf(pp_text(&arena, name), "planungsplattform %*s engine %d;", &revision), 1);
	/* Numbers are never used twice, and 1 is taken. */
	assert_true(revision >= 2);
	snprintf(expected, sizeof(expected), "planungsplattform %s engine %d; GEOS %s PROJ %s",
		PP_VERSION, revision, GEOS_VERSION, proj_info().version);
	assert_string_equal(pp_text(&arena, name), expected);
	pp_arena_end(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(name_tells_what_computes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
