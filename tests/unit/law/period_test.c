/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <pp/law/period.h>

static const char *const kinds[] = { "FNP", "FNP_AENDERUNG", "BP_REGEL", "BP_13", "BP_13A" };

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
	found = pp_deadline_of(&rule, start, &pp_calendar_weekends);
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
	const struct pp_calendar *const places[] = { &pp_calendar_weekends, &north, &march, &both };
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

				assert_int_equal(
					pp_day_off(found.end, places[p], NULL), PP_DAY_WORKING);
				assert_in_range(pp_weekday_of(found.end), PP_MONDAY, PP_FRIDAY);
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
		struct pp_deadline shown = pp_deadline_of(
			publication, start, &pp_calendar_weekends);
		struct pp_deadline asked = pp_deadline_of(answer, start, &pp_calendar_weekends);
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
	assert_int_equal(
		pp_day_off(day(PP_S("2025-05-04")), &pp_calendar_weekends, NULL), PP_DAY_SUNDAY);
	assert_int_equal(
		pp_day_off(day(PP_S("2024-12-24")), &place.calendar, NULL), PP_DAY_WORKING);
	assert_int_equal(
		pp_day_roll(day(PP_S("2024-12-25")), &place.calendar), day(PP_S("2024-12-27")));
}

static void a_published_end_moves_on_and_never_shortens_the_law(void **state)
{
	const struct pp_period_rule *rule = pp_period_rule_named(PP_S("AUSLEGUNG_BAUGB"));
	struct pp_deadline legal = pp_deadline_of(
		rule, day(PP_S("2025-03-03")), &pp_calendar_weekends);
	static const char *const cases[][2] = {
		{ "2025-04-01", "2025-04-02" }, /* too short: the law's end */
		{ "2025-04-02", "2025-04-02" },
		{ "2025-04-12", "2025-04-14" }, /* longer, published to a Saturday */
		{ "2025-04-30", "2025-04-30" },
	};

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(cases); i++)
		assert_int_equal(pp_deadline_last_day(day(pp_slice_of(cases[i][0])), &legal,
					 &pp_calendar_weekends),
			day(pp_slice_of(cases[i][1])));
}

static void every_step_of_every_kind_has_its_periods(void **state)
{
	static const char *const steps[] = { "FRUEH_OEFF", "FRUEH_TOEB", "FOERM_OEFF", "FOERM_TOEB",
		"ERNEUT" };
	static const char *const audiences[] = { "OEFF", "TOEB", "NACHB", "STAAT", "VERB" };

	(void)state;
	for (size_t k = 0; k < PP_LENGTH(kinds); k++)
		for (size_t s = 0; s < PP_LENGTH(steps); s++)
			for (size_t a = 0; a < PP_LENGTH(audiences); a++) {
				const struct pp_step_period *row = pp_step_period_for(
					pp_slice_of(kinds[k]), pp_slice_of(steps[s]),
					pp_slice_of(audiences[a]));
				const struct pp_period_rule *proposed, *least;
				int32_t start = day(PP_S("2025-02-03"));

				assert_non_null(row);
				proposed = pp_period_rule_named(pp_slice_of(row->proposed));
				assert_non_null(proposed);
				if (!*row->least)
					continue;
				least = pp_period_rule_named(pp_slice_of(row->least));
				assert_non_null(least);
				assert_int_equal(least->parts[0].begin, proposed->parts[0].begin);
				assert_true(pp_deadline_of(least, start, &north).end <=
					pp_deadline_of(proposed, start, &north).end);
			}
}

static void the_law_is_hard_only_where_it_names_a_length(void **state)
{
	static const struct {
		const char *kind, *step, *audience, *least;
		bool is_statutory;
	} cases[] = {
		{ "BP_REGEL", "FOERM_OEFF", "OEFF", "AUSLEGUNG_BAUGB", true },
		{ "FNP", "FOERM_OEFF", "OEFF", "AUSLEGUNG_BAUGB", true },
		{ "FNP_AENDERUNG", "FOERM_TOEB", "NACHB", "TOEB_BAUGB", true },
		{ "BP_13", "FOERM_OEFF", "OEFF", "ANGEMESSEN_OEFF_BAUGB", false },
		{ "BP_13A", "FOERM_TOEB", "TOEB", "ANGEMESSEN_TOEB_BAUGB", false },
		{ "BP_REGEL", "ERNEUT", "OEFF", "ERNEUT_OEFF_BAUGB_MIN", false },
		{ "BP_REGEL", "ERNEUT", "NACHB", "ERNEUT_TOEB_BAUGB_MIN", false },
	};

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(cases); i++) {
		const struct pp_step_period *row = pp_step_period_for(pp_slice_of(cases[i].kind),
			pp_slice_of(cases[i].step), pp_slice_of(cases[i].audience));

		assert_non_null(row);
		assert_string_equal(row->least, cases[i].least);
		assert_int_equal(pp_period_rule_named(pp_slice_of(row->least))->is_statutory,
			cases[i].is_statutory);
	}
	assert_string_equal(
		pp_step_period_for(PP_S("BP_REGEL"), PP_S("FRUEH_OEFF"), PP_S("OEFF"))->least, "");
	assert_null(pp_step_period_for(PP_S("BP_1"), PP_S("FOERM_OEFF"), PP_S("OEFF")));
	assert_null(pp_step_period_for(PP_S("PFV"), PP_S("FOERM_OEFF"), PP_S("OEFF")));
	assert_null(pp_step_period_for(PP_S("FNP"), PP_S("PFV_AUSL"), PP_S("OEFF")));
	assert_null(pp_period_rule_named(PP_S("AUSLEGUNG")));
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
		cmocka_unit_test(every_step_of_every_kind_has_its_periods),
		cmocka_unit_test(the_law_is_hard_only_where_it_names_a_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
