/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <pp/law/period.h>

/* No holidays. */
static const struct pp_calendar weekends = { 0 };

static int32_t day(struct pp_slice text)
{
	int32_t found = 0;

	assert_true(pp_day_read(text, &found));
	return found;
}

static void assert_day(int32_t found, int32_t expected, struct pp_slice id, const char *what)
{
	char a[PP_DATE_SIZE], b[PP_DATE_SIZE];

	pp_day_write(found, a);
	pp_day_write(expected, b);
	if (found != expected)
		fail_msg("%.*s: %s is %s, expected %s", PP_SHOW(id), what, a, b);
}

/* A calendar of listed days: "2024-12-25,2024-12-26". */
struct listed {
	struct pp_calendar calendar;
	struct pp_slice days;
};

static bool is_listed(const struct pp_calendar *calendar, int32_t at, struct pp_slice *name)
{
	struct pp_slice rest = ((const struct listed *)calendar)->days;

	while (rest.len > 0) {
		struct pp_slice one = pp_slice_cut(rest, ',', &rest);

		if (day(one) == at) {
			if (name)
				*name = one;
			return true;
		}
	}
	return false;
}

/*
 * The days off that HH and SH have on a fixed date; with Frauentag as well, a stand-in for a Land
 * that has more. The holidays themselves are not what is tested here.
 */
static bool is_fixed(const struct pp_calendar *calendar, int32_t at, struct pp_slice *name)
{
	static const struct {
		int month, day, since;
	} days[] = { { 1, 1, 0 }, { 5, 1, 0 }, { 10, 3, 1990 }, { 10, 31, 2017 }, { 12, 25, 0 },
		{ 12, 26, 0 } };
	struct pp_date date = pp_date_of(at);

	(void)calendar;
	(void)name;
	for (size_t i = 0; i < PP_LENGTH(days); i++)
		if (date.month == days[i].month && date.day == days[i].day &&
			date.year >= days[i].since)
			return true;
	return false;
}

static bool is_march_8(const struct pp_calendar *calendar, int32_t at, struct pp_slice *name)
{
	struct pp_date date = pp_date_of(at);

	(void)calendar;
	(void)name;
	return date.month == 3 && date.day == 8 && date.year >= 2023;
}

static bool is_either(const struct pp_calendar *calendar, int32_t at, struct pp_slice *name)
{
	return is_fixed(calendar, at, name) || is_march_8(calendar, at, name);
}

static const struct pp_calendar north = { is_fixed }, march = { is_march_8 }, both = { is_either };

/* id rule n unit mode roll start lands raw_end legal_end holidays */
enum { COLUMNS = 11 };

static struct pp_slice vectors(void)
{
	static char text[16384];
	FILE *file = fopen(PP_SOURCE_ROOT "/tests/unit/law/vectors.tsv", "r");
	size_t length;

	assert_non_null(file);
	length = fread(text, 1, sizeof(text), file);
	assert_in_range(length, 1, sizeof(text) - 1);
	assert_int_equal(fclose(file), 0);
	return pp_slice(text, length);
}

static struct pp_period_rule rule_of(const struct pp_slice row[COLUMNS])
{
	struct pp_period_rule rule = { .id = "FRIST", .legal_basis = "", .part_count = 1 };
	const struct pp_period_rule *named = pp_period_rule_named(row[1]);
	uint64_t amount;

	if (named)
		return *named;
	assert_true(pp_slice_is(row[1], PP_S("FRIST")));
	assert_true(pp_slice_u64(row[2], &amount));
	rule.parts[0] = (struct pp_period){
		.amount = (int)amount,
		.unit = *row[3].at == 'm'   ? PP_UNIT_MONTH
			: *row[3].at == 'w' ? PP_UNIT_WEEK
					    : PP_UNIT_DAY,
		.begin = *row[4].at == 'D' ? PP_BEGIN_DAYSTART : PP_BEGIN_EVENT,
	};
	rule.roll = *row[5].at == '1' ? PP_ROLL_WORKDAY : PP_ROLL_NONE;
	return rule;
}

static void check_vector(const struct pp_slice row[COLUMNS])
{
	struct listed place = { { is_listed }, row[10] };
	struct pp_period_rule rule = rule_of(row);
	int32_t start = day(row[6]), end = day(row[9]);
	struct pp_deadline found = pp_deadline_of(&rule, start, &place.calendar);

	assert_day(found.raw_end, day(row[8]), row[0], "raw end");
	assert_day(found.end, end, row[0], "end");
	assert_int_equal(found.end_instant, pp_day_end(end));
	/* The column of holidays is honest: without them the end is another one, or it is empty. */
	found = pp_deadline_of(&rule, start, &weekends);
	assert_int_equal(found.end == end, row[10].len == 0);
}

static void every_vector_comes_out(void **state)
{
	struct pp_slice rest = vectors(), line = pp_slice_cut(rest, '\n', &rest);
	size_t seen = 0;

	(void)state;
	while (rest.len > 0) {
		struct pp_slice row[COLUMNS];

		line = pp_slice_cut(rest, '\n', &rest);
		for (size_t i = 0; i < COLUMNS; i++)
			row[i] = pp_slice_cut(line, '\t', &line);
		check_vector(row);
		seen++;
	}
	assert_int_equal(seen, 36);
}

static void every_start_from_1996_to_2040_keeps_the_promises(void **state)
{
	const struct pp_calendar *const places[] = { &weekends, &north, &march, &both };
	size_t count;
	const struct pp_period_rule *rules = pp_period_rules(&count);

	(void)state;
	for (size_t r = 0; r < count; r++) {
		struct pp_deadline before[PP_LENGTH(places)] = { { .end = 0 } };

		for (int32_t start = pp_day_make(1996, 1, 1); start <= pp_day_make(2040, 12, 31);
			start++) {
			int32_t ends[PP_LENGTH(places)];

			for (size_t p = 0; p < PP_LENGTH(places); p++) {
				struct pp_deadline found = pp_deadline_of(
					&rules[r], start, places[p]);

				if (rules[r].roll == PP_ROLL_WORKDAY) {
					assert_int_equal(pp_day_off(found.end, places[p], NULL),
						PP_DAY_WORKING);
					assert_in_range(
						pp_weekday_of(found.end), PP_MONDAY, PP_FRIDAY);
				}
				assert_true(found.end >= found.raw_end && found.raw_end >= start);
				assert_true(found.raw_end >= before[p].raw_end);
				assert_true(found.end >= before[p].end);
				for (int32_t off = found.raw_end; off < found.end; off++)
					assert_int_not_equal(
						pp_day_off(off, places[p], NULL), PP_DAY_WORKING);
				before[p] = found;
				ends[p] = found.end;
			}
			assert_true(ends[3] >= ends[1] && ends[3] >= ends[2] && ends[1] >= ends[0]);
		}
	}
}

static void publication_and_answer_last_a_month_and_thirty_days(void **state)
{
	const struct pp_period_rule *publication = pp_period_rule_named(PP_S("AUSLEGUNG_BAUGB"));
	const struct pp_period_rule *answer = pp_period_rule_named(PP_S("TOEB_BAUGB"));

	(void)state;
	for (int32_t start = pp_day_make(1996, 1, 1); start <= pp_day_make(2040, 12, 31); start++) {
		struct pp_deadline shown = pp_deadline_of(publication, start, &weekends);
		struct pp_deadline asked = pp_deadline_of(answer, start, &weekends);
		int32_t month = pp_day_add_months(start, 1, NULL);

		assert_true(shown.raw_end - start + 1 >= 30 && shown.raw_end + 1 >= month);
		assert_true(asked.raw_end - start >= 30 && asked.raw_end >= month);
		assert_true(shown.raw_end - start + 1 <= 31 && asked.raw_end - start <= 31);
	}
}

static void counting_the_first_day_ends_one_day_earlier(void **state)
{
	static const enum pp_unit units[] = { PP_UNIT_DAY, PP_UNIT_WEEK, PP_UNIT_MONTH };

	(void)state;
	for (int32_t start = pp_day_make(1996, 1, 1); start <= pp_day_make(2040, 12, 31); start++)
		for (size_t u = 0; u < PP_LENGTH(units); u++)
			for (int amount = 1; amount <= 13; amount++) {
				struct pp_period event = { amount, units[u], PP_BEGIN_EVENT };
				struct pp_period counted = { amount, units[u], PP_BEGIN_DAYSTART };
				bool clipped = false;

				if (units[u] == PP_UNIT_MONTH)
					pp_day_add_months(start, amount, &clipped);
				/* § 188 (3) BGB: a month without the day ends both at its end. */
				assert_int_equal(
					pp_period_end(event, start) - pp_period_end(counted, start),
					clipped ? 0 : 1);
			}
}

static void a_period_of_an_event_equals_one_that_counts_from_the_next_day(void **state)
{
	(void)state;
	for (int32_t start = pp_day_make(1996, 1, 1); start <= pp_day_make(2040, 12, 31); start++)
		for (int amount = 1; amount <= 60; amount++)
			assert_int_equal(pp_period_end((struct pp_period){ amount, PP_UNIT_DAY,
							       PP_BEGIN_EVENT },
						 start),
				pp_period_end((struct pp_period){ amount, PP_UNIT_DAY,
						      PP_BEGIN_DAYSTART },
					start + 1));
}

static void days_off_are_told_apart_and_named(void **state)
{
	struct listed place = { { is_listed }, PP_S("2024-12-25,2024-12-26,2025-05-04") };
	struct pp_slice name = { NULL, 0 };

	(void)state;
	assert_int_equal(
		pp_day_off(day(PP_S("2024-12-25")), &place.calendar, &name), PP_DAY_HOLIDAY);
	assert_true(pp_slice_is(name, PP_S("2024-12-25")));
	assert_int_equal(
		pp_day_off(day(PP_S("2025-05-03")), &place.calendar, NULL), PP_DAY_SATURDAY);
	assert_int_equal(
		pp_day_off(day(PP_S("2025-05-04")), &place.calendar, NULL), PP_DAY_HOLIDAY);
	assert_int_equal(pp_day_off(day(PP_S("2025-05-04")), &weekends, NULL), PP_DAY_SUNDAY);
	assert_int_equal(
		pp_day_off(day(PP_S("2024-12-24")), &place.calendar, NULL), PP_DAY_WORKING);
	assert_int_equal(
		pp_day_roll(day(PP_S("2024-12-25")), &place.calendar), day(PP_S("2024-12-27")));
}

static void a_published_end_moves_on_and_never_shortens_the_law(void **state)
{
	const struct pp_period_rule *rule = pp_period_rule_named(PP_S("AUSLEGUNG_BAUGB"));
	struct pp_deadline legal = pp_deadline_of(rule, day(PP_S("2025-03-03")), &weekends);
	static const char *const cases[][2] = {
		{ "2025-04-01", "2025-04-02" }, /* too short: the law's end */
		{ "2025-04-02", "2025-04-02" },
		{ "2025-04-12", "2025-04-14" }, /* longer, published to a Saturday */
		{ "2025-04-30", "2025-04-30" },
	};

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(cases); i++)
		assert_int_equal(
			pp_deadline_last_day(day(pp_slice_of(cases[i][0])), &legal, &weekends),
			day(pp_slice_of(cases[i][1])));
}

/* V34, V35 and V37 of the vectors: statements are counted from the last day of the display. */
static void a_display_ends_by_itself_and_statements_later(void **state)
{
	static const struct {
		const char *statements, *start, *display_end, *end;
	} cases[] = {
		{ "PFV_EINW", "2025-04-01", "2025-04-30", "2025-05-14" },
		/* The display ends on a Saturday, and two weeks later is one again. */
		{ "PFV_EINW", "2025-04-04", "2025-05-03", "2025-05-19" },
		{ "PFV_EINW_UVP", "2024-05-15", "2024-06-14", "2024-07-15" },
		{ NULL, "2025-04-04", "2025-05-03", "2025-05-05" },
	};
	const struct pp_period_rule *display = pp_period_rule_named(PP_S("PFV_AUSL"));

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(cases); i++) {
		struct pp_slice id = pp_slice_of(cases[i].start);
		struct pp_display found = pp_display_of(display,
			cases[i].statements ? pp_period_rule_named(pp_slice_of(cases[i].statements))
					    : NULL,
			day(id), &north);

		assert_day(found.display_end, day(pp_slice_of(cases[i].display_end)), id,
			"end of display");
		assert_day(found.statement_deadline.end, day(pp_slice_of(cases[i].end)), id,
			"deadline");
		assert_int_equal(found.statement_deadline.end_instant,
			pp_day_end(day(pp_slice_of(cases[i].end))));
	}
}

static void an_extension_runs_on_from_the_old_end(void **state)
{
	static const struct {
		const char *end;
		int amount;
		enum pp_unit unit;
		const char *extended;
	} cases[] = {
		{ "2025-04-02", 2, PP_UNIT_WEEK, "2025-04-16" },
		{ "2025-04-02", 1, PP_UNIT_DAY, "2025-04-03" },
		{ "2025-04-04", 1, PP_UNIT_DAY, "2025-04-07" },
		{ "2025-02-28", 1, PP_UNIT_MONTH, "2025-03-31" },
		{ "2025-09-19", 2, PP_UNIT_WEEK, "2025-10-06" }, /* over the holiday of 3 October */
	};

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(cases); i++)
		assert_day(pp_deadline_extended(day(pp_slice_of(cases[i].end)), cases[i].amount,
				   cases[i].unit, &north),
			day(pp_slice_of(cases[i].extended)), pp_slice_of(cases[i].end),
			"extended end");
	/* The later of both. */
	assert_int_equal(
		pp_deadline_extended_to(day(PP_S("2025-04-16")), day(PP_S("2025-04-12")), &north),
		day(PP_S("2025-04-16")));
	assert_int_equal(
		pp_deadline_extended_to(day(PP_S("2025-04-02")), day(PP_S("2025-04-12")), &north),
		day(PP_S("2025-04-14")));
}

static void a_notice_is_a_full_week_before(void **state)
{
	(void)state;
	assert_int_equal(pp_notice_allows(day(PP_S("2024-06-10"))), day(PP_S("2024-06-18")));
	for (int32_t announced = pp_day_make(2024, 1, 1); announced < pp_day_make(2025, 1, 1);
		announced++)
		assert_int_equal(pp_notice_latest(pp_notice_allows(announced)), announced);
	assert_int_equal(pp_deadline_of(pp_period_rule_named(PP_S("ROP_BEKANNT")),
				 day(PP_S("2024-06-09")), &north)
				 .end,
		day(PP_S("2024-06-16"))); /* a Sunday */
}

static void what_is_posted_is_received_on_the_fourth_day(void **state)
{
	(void)state;
	assert_int_equal(pp_post_received(day(PP_S("2025-01-01"))), day(PP_S("2025-01-05")));
	assert_int_equal(pp_post_received(day(PP_S("2024-12-31"))), day(PP_S("2025-01-03")));
	assert_int_equal(pp_deadline_of(pp_period_rule_named(PP_S("BEKANNTGABE")),
				 day(PP_S("2025-05-28")), &north)
				 .end,
		day(PP_S("2025-06-01")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_vector_comes_out),
		cmocka_unit_test(every_start_from_1996_to_2040_keeps_the_promises),
		cmocka_unit_test(publication_and_answer_last_a_month_and_thirty_days),
		cmocka_unit_test(counting_the_first_day_ends_one_day_earlier),
		cmocka_unit_test(a_period_of_an_event_equals_one_that_counts_from_the_next_day),
		cmocka_unit_test(days_off_are_told_apart_and_named),
		cmocka_unit_test(a_published_end_moves_on_and_never_shortens_the_law),
		cmocka_unit_test(a_display_ends_by_itself_and_statements_later),
		cmocka_unit_test(an_extension_runs_on_from_the_old_end),
		cmocka_unit_test(a_notice_is_a_full_week_before),
		cmocka_unit_test(what_is_posted_is_received_on_the_fourth_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
