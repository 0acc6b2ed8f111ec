/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Numbers that are too large for a zip of 1989; whole archives are read by others in
 * tests/api/document. Offsets are those of APPNOTE 4.3 and 4.5.3.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <pp/fmt/zip.h>

#define GIB UINT64_C(0x40000000)

static uint64_t number(const struct pp_buf *buf, size_t at, size_t size)
{
	uint64_t value = 0;

	assert_true(at + size <= buf->len);
	for (size_t i = size; i-- > 0;)
		value = value << 8 | (unsigned char)buf->at[at + i];
	return value;
}

static void a_file_of_five_gigabytes_has_its_sizes_behind_its_name(void **state)
{
	const struct pp_zip_file file = {
		.name = PP_S("a.pdf"), .size = 5 * GIB, .crc32 = 0x01020304, .date = 0x5a21
	};
	struct pp_buf out;

	(void)state;
	pp_buf_begin(&out);
	pp_zip_begin_file(&out, &file);
	assert_int_equal(out.len, 30 + 5 + 20);
	assert_int_equal(number(&out, 4, 2), 45);
	assert_int_equal(number(&out, 14, 4), 0x01020304);
	assert_int_equal(number(&out, 18, 4), 0xffffffff);
	assert_int_equal(number(&out, 22, 4), 0xffffffff);
	assert_int_equal(number(&out, 28, 2), 20);
	assert_int_equal(number(&out, 35, 2), 1);
	assert_int_equal(number(&out, 37, 2), 16);
	assert_int_equal(number(&out, 39, 8), 5 * GIB);
	assert_int_equal(number(&out, 47, 8), 5 * GIB);
	pp_buf_end(&out);
}

static void a_small_file_behind_it_has_only_its_place_there(void **state)
{
	const struct pp_zip_file files[] = {
		{ .name = PP_S("a"), .size = 5 * GIB, .at = 0 },
		{ .name = PP_S("b"), .size = 7, .at = 5 * GIB + 51 },
	};
	const size_t second = 46 + 1 + 20, central = second + 46 + 1 + 12;
	struct pp_buf out;

	(void)state;
	pp_buf_begin(&out);
	pp_zip_end(&out, files, 2, 5 * GIB + 51 + 38);
	assert_int_equal(number(&out, 42, 4), 0);
	assert_int_equal(number(&out, 49, 2), 16);
	assert_int_equal(number(&out, 51, 8), 5 * GIB);
	assert_int_equal(number(&out, second, 4), 0x02014b50);
	assert_int_equal(number(&out, second + 20, 4), 7);
	assert_int_equal(number(&out, second + 42, 4), 0xffffffff);
	assert_int_equal(number(&out, second + 49, 2), 8);
	assert_int_equal(number(&out, second + 51, 8), 5 * GIB + 51);
	assert_int_equal(number(&out, central, 4), 0x06064b50);
	assert_int_equal(number(&out, central + 4, 8), 44);
	assert_int_equal(number(&out, central + 32, 8), 2);
	assert_int_equal(number(&out, central + 40, 8), central);
	assert_int_equal(number(&out, central + 48, 8), 5 * GIB + 51 + 38);
	assert_int_equal(number(&out, central + 56, 4), 0x07064b50);
	assert_int_equal(number(&out, central + 64, 8), 5 * GIB + 51 + 38 + central);
	assert_int_equal(number(&out, central + 76, 4), 0x06054b50);
	assert_int_equal(number(&out, central + 92, 4), 0xffffffff);
	assert_int_equal(out.len, central + 98);
	pp_buf_end(&out);
}

static void an_archive_without_files_is_an_end(void **state)
{
	struct pp_buf out;

	(void)state;
	pp_buf_begin(&out);
	pp_zip_end(&out, NULL, 0, 0);
	assert_int_equal(out.len, 22);
	pp_buf_end(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_of_five_gigabytes_has_its_sizes_behind_its_name),
		cmocka_unit_test(a_small_file_behind_it_has_only_its_place_there),
		cmocka_unit_test(an_archive_without_files_is_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
