/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include <pp/base/clock.h>
#include <pp/base/list.h>
#include <pp/base/problem.h>
#include <pp/base/uuid.h>

static void numbers_are_digits(void **state)
{
	uint64_t u;
	int64_t i;
	double d;

	(void)state;
	assert_true(pp_slice_u64(PP_S("18446744073709551615"), &u));
	assert_true(u == UINT64_MAX);
	assert_false(pp_slice_u64(PP_S("18446744073709551616"), &u));
	assert_false(pp_slice_u64(PP_S("+1"), &u));
	assert_false(pp_slice_u64(PP_S(""), &u));
	assert_true(pp_slice_i64(PP_S("-42"), &i));
	assert_int_equal(i, -42);
	assert_false(pp_slice_i64(PP_S("--1"), &i));
	assert_true(pp_slice_double(PP_S("-1.5e3"), &d));
	assert_true(d == -1500.0);
	assert_false(pp_slice_double(PP_S("1e400"), &d));
	assert_false(pp_slice_double(PP_S("01"), &d));
	assert_false(pp_slice_double(PP_S("1."), &d));
	assert_false(pp_slice_double(PP_S("NaN"), &d));
	assert_false(pp_slice_double(PP_S("0x10"), &d));
}

static void utf8(void **state)
{
	(void)state;
	assert_true(pp_slice_is_utf8(PP_S("Größe €😀")));
	assert_int_equal(pp_slice_characters(PP_S("Größe €😀")), 8);
	assert_int_equal(pp_slice_characters(PP_S("")), 0);
	assert_false(pp_slice_is_utf8(PP_S("\xc0\xaf")));
	assert_false(pp_slice_is_utf8(PP_S("\xed\xa0\x80")));
	assert_false(pp_slice_is_utf8(PP_S("\xf4\x90\x80\x80")));
	assert_false(pp_slice_is_utf8(PP_S("a\0b")));
	assert_false(pp_slice_is_utf8(PP_S("\xe2\x82")));
}

static void slices(void **state)
{
	struct pp_slice rest;

	(void)state;
	assert_true(pp_slice_is(pp_slice_cut(PP_S("a=b=c"), '=', &rest), PP_S("a")));
	assert_true(pp_slice_is(rest, PP_S("b=c")));
	assert_true(pp_slice_is(pp_slice_cut(PP_S("abc"), '=', &rest), PP_S("abc")));
	assert_int_equal(rest.len, 0);
	assert_true(pp_slice_is(pp_slice_trim(PP_S("\t x y ")), PP_S("x y")));
	assert_true(pp_slice_is_nocase(PP_S("Content-Type"), PP_S("content-typE")));
	assert_true(pp_slice_order(PP_S("ab"), PP_S("abc")) < 0);
}

static void instants(void **state)
{
	static const char *const good[] = { "1970-01-01T00:00:00.000000Z",
		"2024-02-29T23:59:59.999999Z", "1969-12-31T23:59:59.000001Z",
		"9999-12-31T23:59:59.000000Z" };
	static const char *const bad[] = { "2023-02-29T00:00:00Z", "2024-01-01 00:00:00Z",
		"2024-01-01T00:00:00", "2024-01-01T24:00:00Z", "2024-01-01T00:00:00.Z",
		"2024-01-01T00:00:00.1234567Z", "2024-13-01T00:00:00Z", "9999-12-31T23:59:59-00:01",
		"0001-01-01T00:00:00+00:01" };
	char out[PP_RFC3339_SIZE];
	int64_t utc;

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(good); i++) {
		assert_true(pp_clock_read_rfc3339(pp_slice_of(good[i]), &utc));
		pp_clock_rfc3339(utc, out);
		assert_string_equal(out, good[i]);
	}
	for (size_t i = 0; i < PP_LENGTH(bad); i++)
		assert_false(pp_clock_read_rfc3339(pp_slice_of(bad[i]), &utc));
	assert_true(pp_clock_read_rfc3339(PP_S("2025-06-30T24:00:00+02:00"), &utc) == false);
	assert_true(pp_clock_read_rfc3339(PP_S("2025-07-01T00:00:00+02:00"), &utc));
	pp_clock_rfc3339(utc, out);
	assert_string_equal(out, "2025-06-30T22:00:00.000000Z");
}

/* RFC 9110 §5.6.7. */
static void dates_of_http(void **state)
{
	static const char *const bad[] = { "Mon, 23 Nov 2026 10:15:30 UTC",
		"Mon, 31 Feb 2026 10:15:30 GMT", "Mon, 23 nov 2026 10:15:30 GMT",
		"Mon, 23 Nov 2026 25:15:30 GMT", "Monday, 23-Nov-26 10:15:30 GMT",
		"Mon, 23 Nov 2026 10:15:30 GMT ", "" };
	char date[PP_HTTP_DATE_SIZE];
	int64_t utc, again;

	(void)state;
	assert_true(pp_clock_read_http_date(PP_S("Sun, 06 Nov 1994 08:49:37 GMT"), &utc));
	assert_int_equal(utc, INT64_C(784111777) * PP_SECOND);
	for (size_t i = 0; i < PP_LENGTH(bad); i++)
		assert_false(pp_clock_read_http_date(pp_slice_of(bad[i]), &utc));
	for (int64_t second = 0; second < INT64_C(4000000000); second += 12345678) {
		pp_clock_http_date(second * PP_SECOND, date);
		assert_true(pp_clock_read_http_date(pp_slice_of(date), &again));
		assert_int_equal(again, second * PP_SECOND);
	}
}

static void identifiers_increase(void **state)
{
	char before[PP_UUID_SIZE], after[PP_UUID_SIZE];

	(void)state;
	pp_uuid7(before);
	for (int i = 0; i < 20000; i++) {
		pp_uuid7(after);
		assert_true(strcmp(before, after) < 0);
		assert_true(pp_uuid_is(pp_slice_of(after)));
		assert_int_equal(after[14], '7');
		assert_non_null(strchr("89ab", after[19]));
		strcpy(before, after);
	}
	assert_false(pp_uuid_is(PP_S("0190")));
	assert_false(pp_uuid_is(PP_S("01900000-0000-7000-8000-00000000000g")));
}

static void problems_have_names(void **state)
{
	(void)state;
	assert_int_equal(pp_problem_named(PP_S("not_found")), PP_not_found);
	assert_int_equal(pp_problem_named(PP_S("nothing_of_the_kind")), PP_no_problem);
	for (int i = 1; i < PP_PROBLEM_COUNT; i++) {
		const struct pp_problem_row *row = pp_problem_row((enum pp_problem)i);

		assert_in_range(row->status, 400, 599);
		assert_true(strlen(row->de) > 5 && strlen(row->en) > 5);
	}
}

struct item {
	int number;
	struct pp_link link;
};

static void lists(void **state)
{
	struct pp_link head;
	struct item a = { .number = 1 }, b = { .number = 2 };

	(void)state;
	pp_list_begin(&head);
	pp_list_push(&head, &a.link);
	pp_list_push(&head, &b.link);
	pp_list_remove(&a.link);
	pp_list_remove(&a.link);
	assert_int_equal(PP_OUTER(pp_list_take(&head), struct item, link)->number, 2);
	assert_null(pp_list_take(&head));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_digits),
		cmocka_unit_test(utf8),
		cmocka_unit_test(slices),
		cmocka_unit_test(instants),
		cmocka_unit_test(dates_of_http),
		cmocka_unit_test(identifiers_increase),
		cmocka_unit_test(problems_have_names),
		cmocka_unit_test(lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
