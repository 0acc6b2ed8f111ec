/* SPDX-License-Identifier: EUPL-1.2 */
/* The payloads of file jobs: what is written is read back, and no byte less or more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <pp/io/filejob.h>

static void assert_slice(struct pp_slice found, const char *expected)
{
	assert_int_equal(found.len, strlen(expected));
	assert_memory_equal(found.at, expected, found.len);
}

static void a_plan_comes_back(void **state)
{
	struct pp_slice ags[] = { PP_S("02000000"), PP_S("01056043") };
	const struct pp_filejob_plan plan = { .place = 3,
		.name = PP_S("Schnelsen 100"),
		.object = PP_S("BP_Plan"),
		.kind = PP_S("BP_REGEL"),
		.vorhabenbezogen = 1,
		.ags = { 2, ags },
		.epsg = 25832,
		.vertices = 7,
		.wkb = pp_slice("\1\0\0", 3) };
	struct pp_filejob_plan read;
	struct pp_arena arena;
	struct pp_buf buf;

	(void)state;
	pp_arena_begin(&arena);
	pp_buf_begin(&buf);
	pp_filejob_write_plan(&buf, &plan);
	assert_true(pp_filejob_read_plan(pp_buf_all(&buf), &arena, &read));
	assert_int_equal(read.place, 3);
	assert_slice(read.name, "Schnelsen 100");
	assert_slice(read.number, "");
	assert_slice(read.object, "BP_Plan");
	assert_slice(read.kind, "BP_REGEL");
	assert_int_equal(read.vorhabenbezogen, 1);
	assert_int_equal(read.ags.count, 2);
	assert_slice(read.ags.at[1], "01056043");
	assert_int_equal(read.epsg, 25832);
	assert_int_equal(read.vertices, 7);
	assert_int_equal(read.wkb.len, 3);
	/* Every cut, and a byte too many, is no plan. */
	for (size_t len = 0; len < buf.len; len++)
		assert_false(pp_filejob_read_plan(pp_slice(buf.at, len), &arena, &read));
	pp_buf_u8(&buf, 0);
	assert_false(pp_filejob_read_plan(pp_buf_all(&buf), &arena, &read));
	pp_buf_end(&buf);
	pp_arena_end(&arena);
}

static void a_count_beyond_the_bytes_is_refused(void **state)
{
	struct pp_filejob_row row;
	struct pp_arena arena;
	struct pp_buf buf;

	(void)state;
	pp_arena_begin(&arena);
	pp_buf_begin(&buf);
	pp_buf_u32(&buf, 1);
	pp_buf_u32(&buf, UINT32_MAX);
	assert_false(pp_filejob_read_row(pp_buf_all(&buf), &arena, &row));
	assert_true(arena.used < 4096);
	pp_buf_end(&buf);
	pp_arena_end(&arena);
}

static void a_fault_comes_back_with_its_place(void **state)
{
	struct pp_fault fault = { 0 }, read;
	struct pp_buf buf;

	(void)state;
	pp_fault(&fault, PP_geometry_malformed, "A ring does not end where it began.");
	fault.has_place = true;
	fault.x = 565000.5;
	fault.y = 5940000;
	fault.lon = 9.98;
	fault.lat = 53.6;
	pp_buf_begin(&buf);
	pp_filejob_write_fault(&buf, &fault);
	assert_true(pp_filejob_read_fault(pp_buf_all(&buf), &read));
	assert_int_equal(read.problem, PP_geometry_malformed);
	assert_string_equal(read.detail, fault.detail);
	assert_true(read.has_place);
	assert_true(read.x == fault.x && read.y == fault.y);
	assert_true(read.lon == fault.lon && read.lat == fault.lat);
	assert_false(pp_filejob_read_fault(pp_slice(buf.at, buf.len - 1), &read));
	pp_buf_clear(&buf);
	pp_buf_bytes(&buf, PP_S("no_such_problem"));
	pp_buf_bytes(&buf, PP_S(""));
	pp_buf_bytes(&buf, PP_S(""));
	pp_buf_u8(&buf, 0);
	for (int i = 0; i < 4; i++)
		pp_buf_f64(&buf, 0);
	assert_false(pp_filejob_read_fault(pp_buf_all(&buf), &read));
	pp_buf_end(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plan_comes_back),
		cmocka_unit_test(a_count_beyond_the_bytes_is_refused),
		cmocka_unit_test(a_fault_comes_back_with_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
