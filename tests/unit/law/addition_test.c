/* SPDX-License-Identifier: EUPL-1.2 */
/* Added holidays: read from words, in their areas, and never so many that a period has no end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <pp/law/addition.h>

static int32_t day(const char *text)
{
	int32_t found = 0;

	assert_true(pp_day_read(pp_slice_of(text), &found));
	return found;
}

static struct pp_addition_words words_of(const char *area, const char *when)
{
	return (struct pp_addition_words){ .area = pp_slice_of(area),
		.when = pp_slice_of(when),
		.name = PP_S("Fest"),
		.source = PP_S("§ 1 FTG") };
}

static void every_form_of_a_day_is_read(void **state)
{
	static const struct {
		const char *when, *from, *until, *is, *is_not;
	} cases[] = {
		{ "2026-05-08", "", "", "2026-05-08", "2027-05-08" },
		{ "08-08", "", "", "1995-08-08", "1995-08-09" },
		{ "08-08", "2020", "", "2020-08-08", "2019-08-08" },
		{ "08-08", "", "2020", "2020-08-08", "2021-08-08" },
		{ "02-29", "", "", "2028-02-29", "2027-03-01" },
		{ "easter+60", "", "", "2025-06-19", "2026-06-19" },
		{ "easter-2", "2025", "2025", "2025-04-18", "2026-04-03" },
		{ "easter+0", "", "", "2025-04-20", "2025-04-21" },
		{ "wednesday before 11-23", "", "", "2022-11-16", "2022-11-23" },
		{ "sunday before 01-08", "", "", "2026-01-04", "2026-01-11" },
	};
	struct pp_arena arena;

	(void)state;
	pp_arena_begin(&arena);
	for (size_t i = 0; i < PP_LENGTH(cases); i++) {
		struct pp_addition_words words = words_of("09761000", cases[i].when);
		struct pp_holiday_addition addition;
		struct pp_fault fault = { 0 };

		words.from = pp_slice_of(cases[i].from);
		words.until = pp_slice_of(cases[i].until);
		if (!pp_addition_read(&arena, &words, &addition, &fault))
			fail_msg("%s: %s", cases[i].when, fault.detail);
		assert_true(pp_holiday_falls_on(&addition.rule, day(cases[i].is)));
		assert_false(pp_holiday_falls_on(&addition.rule, day(cases[i].is_not)));
		assert_string_equal(addition.rule.en, "Fest");
	}
	pp_arena_end(&arena);
}

static void what_is_no_holiday_is_refused_by_its_name(void **state)
{
	static const struct {
		const char *area, *when, *from, *until, *name, *source, *pointer;
	} cases[] = {
		{ "", "08-08", "", "", "F", "§ 1", "/area" },
		{ "17", "08-08", "", "", "F", "§ 1", "/area" },
		{ "0", "08-08", "", "", "F", "§ 1", "/area" },
		{ "0976", "08-08", "", "", "F", "§ 1", "/area" },
		{ "0976100a", "08-08", "", "", "F", "§ 1", "/area" },
		{ "BY", "08-08", "", "", "F", "§ 1", "/area" },
		{ "09", "", "", "", "F", "§ 1", "/when" },
		{ "09", "2026-02-29", "", "", "F", "§ 1", "/when" },
		{ "09", "02-30", "", "", "F", "§ 1", "/when" },
		{ "09", "13-01", "", "", "F", "§ 1", "/when" },
		{ "09", "1949-01-01", "", "", "F", "§ 1", "/when" },
		{ "09", "easter", "", "", "F", "§ 1", "/when" },
		{ "09", "easter60", "", "", "F", "§ 1", "/when" },
		{ "09", "easter+", "", "", "F", "§ 1", "/when" },
		{ "09", "easter+251", "", "", "F", "§ 1", "/when" },
		{ "09", "easter-81", "", "", "F", "§ 1", "/when" },
		{ "09", "wednesday", "", "", "F", "§ 1", "/when" },
		{ "09", "Wednesday before 11-23", "", "", "F", "§ 1", "/when" },
		{ "09", "monday before 01-07", "", "", "F", "§ 1", "/when" },
		{ "09", "monday before 02-29", "", "", "F", "§ 1", "/when" },
		{ "09", "08-08", "1949", "", "F", "§ 1", "/from" },
		{ "09", "08-08", "", "3000", "F", "§ 1", "/until" },
		{ "09", "08-08", "2026", "2025", "F", "§ 1", "/until" },
		{ "09", "2026-08-08", "2026", "", "F", "§ 1", "/from" },
		{ "09", "2026-08-08", "", "2026", "F", "§ 1", "/until" },
		{ "09", "08-08", "", "", "", "§ 1", "/name" },
		{ "09", "08-08", "", "", "\xff", "§ 1", "/name" },
		{ "09", "08-08", "", "", "F", "", "/source" },
	};
	struct pp_arena arena;

	(void)state;
	pp_arena_begin(&arena);
	for (size_t i = 0; i < PP_LENGTH(cases); i++) {
		struct pp_addition_words words = words_of(cases[i].area, cases[i].when);
		struct pp_holiday_addition addition;
		struct pp_fault fault = { 0 };

		words.from = pp_slice_of(cases[i].from);
		words.until = pp_slice_of(cases[i].until);
		words.name = pp_slice_of(cases[i].name);
		words.source = pp_slice_of(cases[i].source);
		assert_false(pp_addition_read(&arena, &words, &addition, &fault));
		assert_int_equal(fault.problem, PP_invalid_body);
		assert_string_equal(fault.pointer, cases[i].pointer);
		assert_true(strlen(fault.detail) > 20);
	}
	pp_arena_end(&arena);
}

static void an_area_is_no_beginning_of_a_foreign_key(void **state)
{
	static const struct {
		const char *area, *key;
		bool holds;
	} cases[] = {
		{ "097", "09761000", true },
		{ "097", "09661000", false },
		{ "01056", "01056013", true },
		{ "01056", "010565687", true },
		{ "01056", "010565687013", true },
		{ "01056", "01056", true },
		{ "01056", "01", false },
		{ "01056013", "01056013", true },
		{ "01056013", "010565687013", true }, /* its ARS */
		{ "01056013", "010565687014", false },
		{ "01056013", "010560137", false }, /* an Amt whose key goes on like an AGS */
		{ "010565687", "010565687", true },
		{ "010565687", "010565687013", true },
		{ "010565687", "01056568", false },
		{ "01056013", "landesplanung-sh", false },
	};

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(cases); i++)
		if (pp_area_holds(pp_slice_of(cases[i].area), pp_slice_of(cases[i].key)) !=
			cases[i].holds)
			fail_msg("%s in %s", cases[i].key, cases[i].area);
}

/* As many in force at once as there may be, none of them on a day off. */
static size_t fill(struct pp_arena *arena, struct pp_holiday_addition *all, int32_t first, int days)
{
	struct pp_place_calendar place = pp_place_calendar(PP_LAND_BIT(PP_LANDS) - 2);
	size_t count = 0;

	for (int32_t at = first; days > 0; at++) {
		char text[PP_DATE_SIZE];
		struct pp_addition_words words;
		struct pp_fault fault;

		if (pp_day_off(at, &place.calendar, NULL) != PP_DAY_WORKING)
			continue;
		pp_day_write(at, text);
		words = words_of("01", text);
		assert_true(pp_addition_read(arena, &words, &all[count++], &fault));
		days--;
	}
	return count;
}

/* Wherever two full years of additions meet, a period still ends. */
static void the_longest_run_of_days_off_still_ends(void **state)
{
	struct pp_holiday_addition all[2 * PP_ADDED_DAYS_MOST];
	int32_t longest = 0;

	(void)state;
	for (int year = 1995; year <= 2100; year++) {
		struct pp_place_calendar place = pp_place_calendar(PP_LAND_BIT(PP_LANDS) - 2);
		struct pp_fault fault = { 0 };
		struct pp_arena arena;
		size_t count;
		int32_t first = pp_day_make(year, 11, 26), rolled;

		pp_arena_begin(&arena);
		while (pp_date_of(first).year == year && pp_date_of(first).month < 12)
			first++;
		count = fill(&arena, all, first, PP_ADDED_DAYS_MOST);
		/* Those that would have been counted for the next year are left to it. */
		while (count > 0 && all[count - 1].rule.from > year)
			count--;
		count += fill(&arena, all + count, pp_day_make(year + 1, 1, 1), PP_ADDED_DAYS_MOST);
		assert_true(pp_additions_fit(all, count, &fault));
		place.additions = all;
		place.addition_count = count;
		rolled = pp_day_roll(first, &place.calendar);
		assert_int_equal(pp_day_off(rolled, &place.calendar, NULL), PP_DAY_WORKING);
		if (rolled - first > longest)
			longest = rolled - first;
		pp_arena_end(&arena);
	}
	assert_true(longest > 31 && longest < 90);
}

static void one_day_too_many_is_refused_with_its_year(void **state)
{
	struct pp_holiday_addition all[PP_ADDED_DAYS_MOST + 3];
	struct pp_addition_words words;
	struct pp_fault fault = { 0 };
	struct pp_arena arena;
	size_t count;

	(void)state;
	pp_arena_begin(&arena);
	count = fill(&arena, all, day("2026-02-02"), PP_ADDED_DAYS_MOST);
	assert_true(pp_additions_fit(all, count, &fault));
	/* The same day elsewhere, and one of another year, are not more. */
	words = words_of("02", "2026-02-02");
	assert_true(pp_addition_read(&arena, &words, &all[count], &fault));
	words = words_of("02", "2027-02-02");
	assert_true(pp_addition_read(&arena, &words, &all[count + 1], &fault));
	assert_true(pp_additions_fit(all, count + 2, &fault));
	words = words_of("16", "08-08");
	words.from = PP_S("2020");
	assert_true(pp_addition_read(&arena, &words, &all[count + 2], &fault));
	assert_false(pp_additions_fit(all, count + 3, &fault));
	assert_int_equal(fault.problem, PP_invalid_body);
	assert_string_equal(fault.pointer, "/when");
	assert_non_null(strstr(fault.detail, "In 2026 "));
	pp_arena_end(&arena);
}

/* As many rows as there may be, each of a year of its own: judged while nobody waits long. */
static void the_most_there_may_be_are_judged(void **state)
{
	struct pp_holiday_addition *all;
	struct pp_fault fault = { 0 };
	struct pp_arena arena;

	(void)state;
	pp_arena_begin(&arena);
	all = PP_NEW_ARRAY(&arena, struct pp_holiday_addition, PP_ADDITIONS_MOST + 1);
	for (int i = 0; i <= PP_ADDITIONS_MOST; i++)
		all[i] = (struct pp_holiday_addition){ PP_S("09761000"),
			{ .day = 1 + i * 20 / (PP_ADDITIONS_MOST + 1),
				.month = 3,
				.from = 1950 + i % 1050,
				.until = PP_YEAR_ALWAYS } };
	assert_true(pp_additions_fit(all, PP_ADDITIONS_MOST, &fault));
	assert_false(pp_additions_fit(all, PP_ADDITIONS_MOST + 1, &fault));
	assert_non_null(strstr(fault.detail, "At most 5000"));
	pp_arena_end(&arena);
}

static void a_table_is_read_by_the_names_of_its_columns(void **state)
{
	static const char table[] = "when\tarea\tname\tsource\tname_en\r\n"
				    "08-08\t09761000\tHohes Friedensfest\tArt. 1 Abs. 2 FTG BY\t"
				    "Peace Festival\r\n\n"
				    "2026-05-08\t11\tTag der Befreiung\tGesetz\t\n";
	static const struct {
		const char *table, *detail;
	} bad[] = {
		{ "", "Line 1: the column \"area\"" },
		{ "area\twhen\tname\n", "Line 1: the column \"source\"" },
		{ "area\twhen\tname\tsource\tarea\n", "Line 1: the column \"area\"" },
		{ "area\twhen\tname\tsource\tcolour\n", "\"colour\"" },
		{ "area\twhen\tname\tsource\n01\t08-08\tF\t§ 1\n\n01\t08-32\tF\t§ 1\n",
			"Line 4: Write one day" },
		{ "area\twhen\tname\tsource\n01\t08-08\tF\n", "Line 2: The law" },
	};
	struct pp_arena arena;
	struct pp_fault fault = { 0 };
	const struct pp_holiday_addition *all;
	size_t count;

	(void)state;
	pp_arena_begin(&arena);
	all = pp_additions_read(&arena, pp_slice_of(table), &count, &fault);
	assert_non_null(all);
	assert_int_equal(count, 2);
	assert_true(pp_slice_is(all[0].area, PP_S("09761000")));
	assert_string_equal(all[0].rule.en, "Peace Festival");
	assert_string_equal(all[1].rule.en, "Tag der Befreiung");
	assert_int_equal(all[1].rule.from, 2026);
	for (size_t i = 0; i < PP_LENGTH(bad); i++) {
		fault = (struct pp_fault){ 0 };
		assert_null(pp_additions_read(&arena, pp_slice_of(bad[i].table), &count, &fault));
		assert_int_equal(fault.problem, PP_table_unusable);
		if (!strstr(fault.detail, bad[i].detail))
			fail_msg("%s: %s", bad[i].detail, fault.detail);
	}
	pp_arena_end(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_form_of_a_day_is_read),
		cmocka_unit_test(what_is_no_holiday_is_refused_by_its_name),
		cmocka_unit_test(an_area_is_no_beginning_of_a_foreign_key),
		cmocka_unit_test(the_longest_run_of_days_off_still_ends),
		cmocka_unit_test(one_day_too_many_is_refused_with_its_year),
		cmocka_unit_test(the_most_there_may_be_are_judged),
		cmocka_unit_test(a_table_is_read_by_the_names_of_its_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
