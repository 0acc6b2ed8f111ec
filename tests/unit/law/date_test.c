/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include <pp/base/clock.h>
#include <pp/law/date.h>

static const int64_t HOUR = 3600 * PP_SECOND;

static int32_t day(const char *text)
{
	int32_t found = 0;

	assert_true(pp_day_read(pp_slice_of(text), &found));
	return found;
}

static void every_day_of_ten_thousand_years_follows_the_one_before(void **state)
{
	struct pp_date before = pp_date_of(pp_day_make(1, 1, 1));
	int32_t last = pp_day_make(9999, 12, 31);

	(void)state;
	for (int32_t at = pp_day_make(1, 1, 1) + 1; at <= last; at++) {
		struct pp_date date = pp_date_of(at);
		bool same_month = date.day == before.day + 1 && date.month == before.month;
		bool next_month = date.day == 1 && date.month == before.month % 12 + 1 &&
			before.day == pp_month_length(before.year, before.month);

		assert_int_equal(pp_day_make(date.year, date.month, date.day), at);
		assert_true(same_month || next_month);
		assert_int_equal(date.year, before.year + (next_month && date.month == 1));
		assert_int_equal(pp_weekday_of(at) % 7, (pp_weekday_of(at - 1) + 1) % 7);
		before = date;
	}
}

static void the_c_library_agrees_on_every_legal_date(void **state)
{
	(void)state;
	for (int32_t at = PP_DAY_FIRST; at <= PP_DAY_LAST; at++) {
		time_t seconds = (time_t)at * 86400;
		struct pp_date date = pp_date_of(at);
		char text[PP_DATE_SIZE], expected[PP_DATE_SIZE];
		struct tm t;

		assert_non_null(gmtime_r(&seconds, &t));
		assert_int_equal(date.year, t.tm_year + 1900);
		assert_int_equal(date.month, t.tm_mon + 1);
		assert_int_equal(date.day, t.tm_mday);
		assert_int_equal(pp_weekday_of(at) % 7, t.tm_wday);
		assert_int_equal(strftime(expected, sizeof(expected), "%Y-%m-%d", &t), 10);
		pp_day_write(at, text);
		assert_string_equal(text, expected);
		assert_int_equal(day(text), at);
	}
}

static void text_that_is_no_legal_date_is_refused(void **state)
{
	static const char *const wrong[] = { "", "2025", "2025-1-01", "2025-01-1", "2025-01-011",
		"2025-00-10", "2025-13-10", "2025-01-00", "2025-01-32", "2025-02-29", "1900-02-29",
		"2024-02-30", "2025/01/01", "2025-01-01 ", " 2025-01-01", "2025-01-0x",
		"+025-01-01", "-025-01-01", "20250101", "2025-01-01T00:00:00Z", "0000-01-01",
		"1949-12-31", "3000-01-01", "9999-12-31" };

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(wrong); i++) {
		int32_t found = 77;

		assert_false(pp_day_read(pp_slice_of(wrong[i]), &found));
		assert_int_equal(found, 77);
	}
	assert_false(pp_day_read(pp_slice("2025-01-0\0", 10), &(int32_t){ 0 }));
	assert_int_equal(day("1950-01-01"), PP_DAY_FIRST);
	assert_int_equal(day("2999-12-31"), PP_DAY_LAST);
	assert_int_equal(day("2000-02-29"), 11016);
}

static void months_are_added_by_number_and_clipped_at_the_end(void **state)
{
	static const struct {
		const char *from;
		int months;
		const char *to;
		bool clipped;
	} cases[] = {
		{ "2025-01-15", 1, "2025-02-15", false },
		{ "2025-01-31", 1, "2025-02-28", true },
		{ "2024-01-31", 1, "2024-02-29", true },
		{ "2025-03-31", 1, "2025-04-30", true },
		{ "2024-11-30", 3, "2025-02-28", true },
		{ "2025-02-28", 1, "2025-03-28", false },
		{ "2025-12-31", 1, "2026-01-31", false },
		{ "2024-02-29", 12, "2025-02-28", true },
		{ "2024-02-29", 48, "2028-02-29", false },
		{ "2025-03-31", -1, "2025-02-28", true },
		{ "2025-01-15", -1, "2024-12-15", false },
	};

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(cases); i++) {
		bool clipped = !cases[i].clipped;

		assert_int_equal(pp_day_add_months(day(cases[i].from), cases[i].months, &clipped),
			day(cases[i].to));
		assert_int_equal(clipped, cases[i].clipped);
	}
}

/* Europe/Berlin as tzdata knows it; false where it is not installed. */
static bool has_berlin(void)
{
	time_t in_summer = 1751328000; /* 2025-07-01 00:00 UTC */
	struct tm t;

	setenv("TZ", "Europe/Berlin", 1);
	tzset();
	return localtime_r(&in_summer, &t) && t.tm_gmtoff == 7200;
}

static void the_time_zone_database_agrees_on_every_midnight(void **state)
{
	(void)state;
	if (!has_berlin()) {
		print_message("no Europe/Berlin in the time zone database\n");
		skip();
	}
	for (int32_t at = PP_DAY_FIRST; at < pp_day_make(2101, 1, 1); at++) {
		struct pp_date date = pp_date_of(at);
		struct tm t = { .tm_year = date.year - 1900,
			.tm_mon = date.month - 1,
			.tm_mday = date.day,
			.tm_isdst = -1 };
		int64_t begin = (int64_t)mktime(&t) * PP_SECOND;

		assert_int_equal(pp_day_begin(at), begin);
		if (at > PP_DAY_FIRST)
			assert_int_equal(pp_day_end(at - 1), begin);
	}
}

static void a_day_holds_exactly_the_instants_between_its_ends(void **state)
{
	(void)state;
	for (int32_t at = PP_DAY_FIRST; at < pp_day_make(2101, 1, 1); at++) {
		int64_t begin = pp_day_begin(at), end = pp_day_end(at), length = end - begin;

		assert_true(length == 24 * HOUR || length == 23 * HOUR || length == 25 * HOUR);
		assert_int_equal(pp_day_at(begin), at);
		assert_int_equal(pp_day_at(begin + length / 2), at);
		assert_int_equal(pp_day_at(end - 1), at);
		assert_int_equal(pp_day_at(end), at + 1);
	}
}

static void both_clock_changes_of_2025_are_known(void **state)
{
	static const struct {
		const char *day, *end;
	} cases[] = {
		{ "2025-01-31", "2025-01-31T23:00:00Z" },
		{ "2025-03-29", "2025-03-29T23:00:00Z" },
		{ "2025-03-30", "2025-03-30T22:00:00Z" },
		{ "2025-06-30", "2025-06-30T22:00:00Z" },
		{ "2025-10-25", "2025-10-25T22:00:00Z" },
		{ "2025-10-26", "2025-10-26T23:00:00Z" },
		{ "2025-12-31", "2025-12-31T23:00:00Z" },
	};

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(cases); i++) {
		int64_t end;

		assert_true(pp_clock_read_rfc3339(pp_slice_of(cases[i].end), &end));
		assert_int_equal(pp_day_end(day(cases[i].day)), end);
	}
	assert_int_equal(
		pp_day_end(day("2025-03-30")) - pp_day_begin(day("2025-03-30")), 23 * HOUR);
	assert_int_equal(
		pp_day_end(day("2025-10-26")) - pp_day_begin(day("2025-10-26")), 25 * HOUR);
}

static void days_left_are_counted_in_berlin(void **state)
{
	int32_t last = day("2025-07-04");

	(void)state;
	assert_int_equal(pp_days_left(last, pp_day_begin(last) - 1), 1);
	assert_int_equal(pp_days_left(last, pp_day_begin(last)), 0);
	assert_int_equal(pp_days_left(last, pp_day_end(last) - 1), 0);
	assert_int_equal(pp_days_left(last, pp_day_end(last)), -1);
	assert_int_equal(pp_days_left(last, pp_day_begin(day("2025-06-03"))), 31);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_day_of_ten_thousand_years_follows_the_one_before),
		cmocka_unit_test(the_c_library_agrees_on_every_legal_date),
		cmocka_unit_test(text_that_is_no_legal_date_is_refused),
		cmocka_unit_test(months_are_added_by_number_and_clipped_at_the_end),
		cmocka_unit_test(the_time_zone_database_agrees_on_every_midnight),
		cmocka_unit_test(a_day_holds_exactly_the_instants_between_its_ends),
		cmocka_unit_test(both_clock_changes_of_2025_are_known),
		cmocka_unit_test(days_left_are_counted_in_berlin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
