/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pp/law/holiday.h>

static int32_t day(const char *text)
{
	int32_t found = 0;

	assert_true(pp_day_read(pp_slice_of(text), &found));
	return found;
}

static struct pp_place_calendar place_of(const char *land)
{
	return pp_place_calendar(PP_LAND_BIT(pp_land_named(pp_slice_of(land))));
}

static const char *holiday(const char *land, const char *date)
{
	struct pp_place_calendar place = place_of(land);
	const struct pp_holiday_rule *rule = pp_place_holiday(&place, day(date));

	return rule ? rule->de : "";
}

static void lands_are_named_by_abbreviation_and_key(void **state)
{
	static const char *const words[] = { "", "0", "00", "17", "99", "sh", "XX", "HHH", "0a",
		"1", "001", "0200000", "020000000", "00000000", "99000000" };

	(void)state;
	for (int land = PP_LAND_SH; land < PP_LANDS; land++) {
		const struct pp_land_row *row = pp_land_row((enum pp_land)land);

		assert_int_equal(pp_land_named(pp_slice_of(row->abbreviation)), land);
		assert_int_equal(pp_land_named(pp_slice_of(row->key)), land);
		assert_int_equal(row->key[0] * 10 + row->key[1] - '0' * 11, land);
	}
	assert_int_equal(pp_land_named(PP_S("01056018")), PP_LAND_SH);
	assert_int_equal(pp_land_named(PP_S("130765654001")), PP_LAND_MV);
	for (size_t i = 0; i < PP_LENGTH(words); i++)
		assert_int_equal(pp_land_named(pp_slice_of(words[i])), PP_LAND_NONE);
}

static void easter_is_where_the_church_has_it(void **state)
{
	/* With the earliest and the latest there can be. */
	static const char *const easters[] = { "1954-04-18", "1981-04-19", "1995-04-16",
		"2000-04-23", "2008-03-23", "2011-04-24", "2024-03-31", "2025-04-20", "2038-04-25",
		"2049-04-18", "2076-04-19", "2100-03-28", "2285-03-22" };

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(easters); i++) {
		int32_t sunday = day(easters[i]);

		assert_int_equal(pp_easter(pp_date_of(sunday).year), sunday);
	}
	for (int year = 1950; year <= 2999; year++) {
		int32_t sunday = pp_easter(year);

		assert_int_equal(pp_weekday_of(sunday), PP_SUNDAY);
		assert_in_range(sunday, pp_day_make(year, 3, 22), pp_day_make(year, 4, 25));
	}
}

static void holidays_have_their_land_and_their_years(void **state)
{
	static const struct {
		const char *land, *date, *name;
	} cases[] = {
		{ "HH", "2017-10-31", "Reformationstag" },
		{ "BY", "2017-10-31", "Reformationstag" }, { "BY", "2018-10-31", "" },
		{ "HH", "2016-10-31", "" }, { "SH", "2018-10-31", "Reformationstag" },
		{ "BE", "2018-10-31", "" }, { "BB", "1995-10-31", "Reformationstag" },
		{ "BE", "2018-03-08", "" }, { "BE", "2019-03-08", "Frauentag" },
		{ "MV", "2022-03-08", "" }, { "MV", "2023-03-08", "Frauentag" },
		{ "BE", "2020-05-08", "Tag der Befreiung" }, { "BE", "2021-05-08", "" },
		{ "BE", "2025-05-08", "Tag der Befreiung" }, { "SH", "2025-05-08", "" },
		{ "BE", "2028-06-17", "75. Jahrestag des Volksaufstands" },
		{ "TH", "2018-09-20", "" }, { "TH", "2019-09-20", "Weltkindertag" },
		{ "SN", "2025-11-19", "Buß- und Bettag" },
		{ "SN", "2022-11-16", "Buß- und Bettag" }, /* 23 November is a Wednesday */
		{ "SN", "2022-11-23", "" }, { "SN", "2033-11-16", "Buß- und Bettag" },
		{ "SH", "2025-11-19", "" }, { "NW", "2025-06-19", "Fronleichnam" },
		{ "HH", "2025-06-19", "" }, { "SN", "2025-06-19", "" },
		{ "SL", "2025-08-15", "Mariä Himmelfahrt" }, { "BY", "2025-08-15", "" },
		{ "BW", "2025-01-06", "Heilige Drei Könige" },
		{ "BB", "2025-04-20", "Ostersonntag" }, { "BB", "2025-06-08", "Pfingstsonntag" },
		{ "HH", "2025-04-20", "" }, { "HH", "1989-10-03", "" },
		{ "HH", "2025-10-03", "Tag der Deutschen Einheit" }, { "SH", "2024-12-24", "" },
		{ "SH", "2024-12-31", "" }, { "SH", "2100-12-26", "Zweiter Weihnachtstag" },
		{ "HH", "2008-05-01", "Tag der Arbeit" }, /* and Ascension Day */
	};

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(cases); i++)
		assert_string_equal(holiday(cases[i].land, cases[i].date), cases[i].name);
}

/* From year 1995 on; 2008 has one less, where 1 May is Ascension Day. */
static void every_land_has_its_number_of_holidays(void **state)
{
	static const int numbers[PP_LANDS] = { [PP_LAND_SH] = 10,
		[PP_LAND_HH] = 10,
		[PP_LAND_NI] = 10,
		[PP_LAND_HB] = 10,
		[PP_LAND_NW] = 11,
		[PP_LAND_HE] = 10,
		[PP_LAND_RP] = 11,
		[PP_LAND_BW] = 12,
		[PP_LAND_BY] = 12,
		[PP_LAND_SL] = 12,
		[PP_LAND_BE] = 10,
		[PP_LAND_BB] = 12,
		[PP_LAND_MV] = 11,
		[PP_LAND_SN] = 11,
		[PP_LAND_ST] = 11,
		[PP_LAND_TH] = 11 };

	(void)state;
	for (int land = PP_LAND_SH; land < PP_LANDS; land++) {
		struct pp_place_calendar place = pp_place_calendar(PP_LAND_BIT(land));
		int seen = 0;

		for (int32_t at = day("2026-01-01"); at <= day("2026-12-31"); at++)
			seen += pp_place_holiday(&place, at) != NULL;
		assert_int_equal(seen, numbers[land]);
	}
}

static void hamburg_and_schleswig_holstein_rest_on_the_same_days(void **state)
{
	struct pp_place_calendar hh = place_of("HH"), sh = place_of("SH");

	(void)state;
	for (int32_t at = pp_day_make(1995, 1, 1); at <= pp_day_make(2100, 12, 31); at++)
		assert_ptr_equal(pp_place_holiday(&hh, at), pp_place_holiday(&sh, at));
}

static void what_is_added_holds_where_it_belongs(void **state)
{
	static const struct pp_holiday_addition additions[] = {
		{ { "01", 2 },
			{ 0, PP_HOLIDAY_FIXED, 9, 5, 0, 2030, 2030, "Landestag", "State Day",
				"VO" } },
		{ { "09761000", 8 },
			{ 0, PP_HOLIDAY_FIXED, 8, 8, 0, 1950, PP_YEAR_ALWAYS,
				"Augsburger Friedensfest", "Peace Festival", "FTG BY" } },
		{ { "14625", 5 },
			{ 0, PP_HOLIDAY_EASTER, 0, 0, 60, 1, PP_YEAR_ALWAYS, "Fronleichnam",
				"Corpus Christi", "SächsSFG" } },
	};
	static const struct {
		const char *ags, *date;
		bool is_off;
	} cases[] = {
		{ "01056018", "2030-05-09", true }, { "01056018", "2031-05-09", false },
		{ "02000000", "2030-05-09", false }, { "09761000", "2030-08-08", true },
		{ "09762000", "2030-08-08", false }, { "14625240", "2025-06-19", true },
		{ "14626110", "2025-06-19", false },
		{ "09761000", "2025-06-19", true }, /* in all of Bavaria */
	};

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(cases); i++) {
		struct pp_slice ags = pp_slice_of(cases[i].ags), name = { NULL, 0 };
		struct pp_place_calendar place = pp_place_calendar(PP_LAND_BIT(pp_land_named(ags)));

		place.additions = additions;
		place.addition_count = PP_LENGTH(additions);
		place.municipalities = &ags;
		place.municipality_count = 1;
		assert_int_equal(
			pp_place_holiday(&place, day(cases[i].date)) != NULL, cases[i].is_off);
		assert_int_equal(pp_day_off(day(cases[i].date), &place.calendar, &name),
			cases[i].is_off ? PP_DAY_HOLIDAY : PP_DAY_WORKING);
		assert_int_equal(name.len > 0, cases[i].is_off);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lands_are_named_by_abbreviation_and_key),
		cmocka_unit_test(easter_is_where_the_church_has_it),
		cmocka_unit_test(holidays_have_their_land_and_their_years),
		cmocka_unit_test(every_land_has_its_number_of_holidays),
		cmocka_unit_test(hamburg_and_schleswig_holstein_rest_on_the_same_days),
		cmocka_unit_test(what_is_added_holds_where_it_belongs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
