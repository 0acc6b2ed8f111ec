/* SPDX-License-Identifier: EUPL-1.2 */
/* Suspended and repeated periods, held against counting day by day, and extended ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pp/law/holiday.h>

enum { SUSPENSIONS = 3 };

static bool is_suspended(const struct pp_suspension suspensions[SUSPENSIONS], int32_t day)
{
	for (size_t i = 0; i < SUSPENSIONS; i++)
		if (day >= suspensions[i].from && day <= suspensions[i].to)
			return true;
	return false;
}

/* As somebody with a calendar and a pencil counts: every day but the suspended ones. */
static int32_t count(const struct pp_period_rule *rule, int32_t start, int32_t unsuspended,
	const struct pp_suspension suspensions[SUSPENSIONS])
{
	int32_t day = rule->parts[0].begin == PP_BEGIN_DAYSTART ? start - 1 : start;

	for (int32_t left = unsuspended - day; left > 0; left -= !is_suspended(suspensions, day))
		day++;
	return day;
}

/* Reproducible numbers: xorshift of Marsaglia, "Xorshift RNGs" (2003). */
static uint32_t next(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static void fill(struct pp_suspension suspensions[SUSPENSIONS], int32_t start, uint32_t *state)
{
	int32_t day = start - 20;

	for (size_t i = 0; i < SUSPENSIONS; i++) {
		suspensions[i].from = day + (int32_t)(next(state) % 30);
		suspensions[i].to = suspensions[i].from + (int32_t)(next(state) % 40);
		day = suspensions[i].to + 1;
	}
}

static void check(const struct pp_period_rule *rule, int32_t start,
	const struct pp_suspension suspensions[SUSPENSIONS], const struct pp_calendar *calendar)
{
	struct pp_deadline plain = pp_deadline_of(rule, start, calendar);
	struct pp_deadline found = pp_deadline_suspended(
		rule, start, suspensions, SUSPENSIONS, calendar);
	struct pp_deadline again;

	assert_int_equal(found.raw_end, count(rule, start, plain.raw_end, suspensions));
	assert_true(found.end >= plain.end);
	assert_int_equal(found.end,
		rule->roll == PP_ROLL_NONE ? found.raw_end : pp_day_roll(found.raw_end, calendar));
	assert_int_equal(found.end_instant, pp_day_end(found.end));
	for (int32_t later = 1; later < 90; later += 29) {
		again = pp_deadline_repeated(
			rule, &found, start + later, suspensions, SUSPENSIONS, calendar);
		assert_true(again.end >= found.end);
		assert_true(again.end >= pp_deadline_of(rule, start + later, calendar).end);
		assert_int_equal(again.end_instant, pp_day_end(again.end));
	}
	again = pp_deadline_repeated(rule, &plain, plain.end + 1, NULL, 0, calendar);
	assert_int_equal(again.end, pp_deadline_of(rule, plain.end + 1, calendar).end);
}

/* Every rule and every start from 1995 to 2040, each in some Land and with suspensions of its own.
 */
static void every_rule_leaves_out_the_days_of_a_suspension(void **state)
{
	size_t rules;
	const struct pp_period_rule *rule = pp_period_rules(&rules);
	uint32_t random = 20250203;

	(void)state;
	for (size_t r = 0; r < rules; r++) {
		/* Years are counted day by day in the test: short rules are enough of it. */
		if (rule[r].parts[0].unit == PP_UNIT_MONTH && rule[r].parts[0].amount > 12)
			continue;
		for (int32_t start = pp_day_make(1995, 1, 1); start < pp_day_make(2041, 1, 1);
			start++) {
			enum pp_land land = (enum pp_land)(1 + next(&random) % (PP_LANDS - 1));
			struct pp_place_calendar place = pp_place_calendar(PP_LAND_BIT(land));
			struct pp_suspension suspensions[SUSPENSIONS];

			fill(suspensions, start, &random);
			check(&rule[r], start, suspensions, &place.calendar);
		}
	}
}

static void a_later_start_never_ends_earlier(void **state)
{
	const struct pp_period_rule *rule = pp_period_rule_named(PP_S("AUSLEGUNG_BAUGB"));
	struct pp_place_calendar place = pp_place_calendar(PP_LAND_BIT(PP_LAND_SH));
	struct pp_suspension suspensions[] = { { pp_day_make(2025, 2, 10),
						       pp_day_make(2025, 2, 14) },
		{ pp_day_make(2025, 3, 7), pp_day_make(2025, 3, 20) } };
	int32_t before = 0;

	(void)state;
	for (int32_t start = pp_day_make(2024, 12, 1); start < pp_day_make(2025, 5, 1); start++) {
		int32_t end = pp_deadline_suspended(
			rule, start, suspensions, PP_LENGTH(suspensions), &place.calendar)
				      .end;

		assert_true(end >= before);
		before = end;
	}
}

static void a_suspension_counts_where_it_meets_the_period(void **state)
{
	static const struct {
		const char *from, *to;
		enum pp_begin begin;
		int takes;
	} cases[] = {
		/* The period is that of 3 February to 4 March 2025. */
		{ "2025-01-01", "2025-02-02", PP_BEGIN_DAYSTART, 0 },
		{ "2025-01-01", "2025-02-03", PP_BEGIN_DAYSTART, 1 },
		{ "2025-01-01", "2025-02-03", PP_BEGIN_EVENT, 0 },
		{ "2025-02-10", "2025-02-14", PP_BEGIN_EVENT, 5 },
		{ "2025-03-04", "2025-03-04", PP_BEGIN_DAYSTART, 1 },
		{ "2025-03-04", "2025-03-31", PP_BEGIN_DAYSTART, 28 },
		{ "2025-03-05", "2025-03-31", PP_BEGIN_DAYSTART, 0 },
	};

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(cases); i++) {
		struct pp_suspension suspension;

		assert_true(pp_day_read(pp_slice_of(cases[i].from), &suspension.from));
		assert_true(pp_day_read(pp_slice_of(cases[i].to), &suspension.to));
		assert_int_equal(pp_suspension_takes(&suspension, cases[i].begin,
					 pp_day_make(2025, 2, 3), pp_day_make(2025, 3, 4)),
			cases[i].takes);
	}
}

/* Every start from 1995 to 2040 in every Land: never earlier, a working day, later for more. */
static void an_extension_only_ever_moves_an_end_on(void **state)
{
	static const struct {
		int amount;
		enum pp_unit unit;
	} lengths[] = { { 1, PP_UNIT_DAY }, { 7, PP_UNIT_DAY }, { 2, PP_UNIT_WEEK },
		{ 1, PP_UNIT_MONTH }, { 3, PP_UNIT_MONTH } };
	const struct pp_period_rule *rule = pp_period_rule_named(PP_S("TOEB_BAUGB"));

	(void)state;
	for (int land = PP_LAND_NONE + 1; land < PP_LANDS; land++) {
		struct pp_place_calendar place = pp_place_calendar(PP_LAND_BIT(land));
		const struct pp_calendar *calendar = &place.calendar;

		for (int32_t start = pp_day_make(1995, 1, 1); start < pp_day_make(2041, 1, 1);
			start++) {
			int32_t end = pp_deadline_of(rule, start, calendar).end, before = end;

			for (size_t i = 0; i < PP_LENGTH(lengths); i++) {
				int32_t later = pp_deadline_extended(
					end, lengths[i].amount, lengths[i].unit, calendar);

				assert_true(later > end && later >= before);
				assert_int_equal(pp_day_off(later, calendar, NULL), PP_DAY_WORKING);
				assert_int_equal(
					pp_deadline_extended_to(end, later, calendar), later);
				assert_int_equal(
					pp_deadline_extended_to(later, end, calendar), later);
				before = later;
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_rule_leaves_out_the_days_of_a_suspension),
		cmocka_unit_test(an_extension_only_ever_moves_an_end_on),
		cmocka_unit_test(a_later_start_never_ends_earlier),
		cmocka_unit_test(a_suspension_counts_where_it_meets_the_period),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
