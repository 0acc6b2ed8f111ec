/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/law/period.h>

/*
 * No calendar has that many days off in a row; one that says so is broken. A run of R days, shorter
 * than a year, has at most 2R/7 + 2 days of weekends, each of the fewer than 20 holidays of all
 * Länder once, and the additions of two years, twice PP_ADDED_DAYS_MOST (pp/law/addition.h).
 */
enum { MOST_DAYS_OFF = 90 };

enum pp_day_off pp_day_off(
	int32_t day, const struct pp_calendar *calendar, struct pp_slice *holiday)
{
	enum pp_weekday weekday = pp_weekday_of(day);

	if (calendar->is_holiday && calendar->is_holiday(calendar, day, holiday))
		return PP_DAY_HOLIDAY;
	if (weekday == PP_SATURDAY)
		return PP_DAY_SATURDAY;
	return weekday == PP_SUNDAY ? PP_DAY_SUNDAY : PP_DAY_WORKING;
}

int32_t pp_day_roll(int32_t day, const struct pp_calendar *calendar)
{
	int32_t rolled = day;

	while (pp_day_off(rolled, calendar, NULL) != PP_DAY_WORKING) {
		rolled++;
		PP_MUST(rolled - day <= MOST_DAYS_OFF);
	}
	return rolled;
}

int32_t pp_period_end(struct pp_period period, int32_t start)
{
	bool clipped = false;
	int32_t same; /* the day that corresponds to the first one by name or number, § 188 (2) BGB
		       */

	PP_MUST(period.amount >= 1 && period.amount <= PP_PERIOD_MOST);
	switch (period.unit) {
	case PP_UNIT_DAY:
		same = start + period.amount;
		break;
	case PP_UNIT_WEEK:
		same = start + 7 * period.amount;
		break;
	default:
		same = pp_day_add_months(start, period.amount, &clipped);
		break;
	}
	/* § 188 (2): the day before it; (3): the month's last day is not moved back once more. */
	return period.begin == PP_BEGIN_DAYSTART && !clipped ? same - 1 : same;
}

int32_t pp_suspension_takes(
	const struct pp_suspension *suspension, enum pp_begin begin, int32_t start, int32_t end)
{
	int32_t first = begin == PP_BEGIN_DAYSTART ? start : start + 1;
	int32_t from = suspension->from > first ? suspension->from : first;

	/* Days behind the old end belong to it as well: the end moves over them. */
	return from > end || from > suspension->to ? 0 : suspension->to - from + 1;
}

struct pp_deadline pp_deadline_suspended(const struct pp_period_rule *rule, int32_t start,
	const struct pp_suspension *suspensions, size_t count, const struct pp_calendar *calendar)
{
	struct pp_deadline deadline = { .start = start };

	PP_MUST(rule->part_count >= 1 && rule->part_count <= PP_PERIOD_PARTS);
	deadline.raw_end = start;
	for (size_t i = 0; i < rule->part_count; i++) {
		deadline.part_end[i] = pp_period_end(rule->parts[i], start);
		if (deadline.part_end[i] > deadline.raw_end)
			deadline.raw_end = deadline.part_end[i];
	}
	/* All parts of a rule begin alike, and a later end loses no fewer days than an earlier one:
	 * what suspends the latest part suspends the period. */
	for (size_t i = 0; i < count; i++) {
		PP_MUST(i == 0 || suspensions[i].from > suspensions[i - 1].to);
		deadline.raw_end += pp_suspension_takes(
			&suspensions[i], rule->parts[0].begin, start, deadline.raw_end);
	}
	deadline.end = rule->roll == PP_ROLL_WORKDAY ? pp_day_roll(deadline.raw_end, calendar)
						     : deadline.raw_end;
	deadline.end_instant = pp_day_end(deadline.end);
	return deadline;
}

struct pp_deadline pp_deadline_of(
	const struct pp_period_rule *rule, int32_t start, const struct pp_calendar *calendar)
{
	return pp_deadline_suspended(rule, start, NULL, 0, calendar);
}

struct pp_deadline pp_deadline_repeated(const struct pp_period_rule *rule,
	const struct pp_deadline *first, int32_t again, const struct pp_suspension *suspensions,
	size_t count, const struct pp_calendar *calendar)
{
	struct pp_deadline anew = pp_deadline_suspended(rule, again, suspensions, count, calendar);

	if (first->end > anew.end) {
		anew.raw_end = first->raw_end;
		anew.end = first->end;
		anew.end_instant = first->end_instant;
	}
	return anew;
}

int32_t pp_deadline_last_day(
	int32_t published, const struct pp_deadline *legal, const struct pp_calendar *calendar)
{
	int32_t rolled = pp_day_roll(published, calendar);

	return rolled > legal->end ? rolled : legal->end;
}

struct pp_display pp_display_of(const struct pp_period_rule *display,
	const struct pp_period_rule *statements, int32_t start, const struct pp_calendar *calendar)
{
	struct pp_deadline shown = pp_deadline_of(display, start, calendar);
	struct pp_display result = { .display_end = shown.raw_end };

	if (statements) {
		result.statement_deadline = pp_deadline_of(statements, shown.raw_end, calendar);
		return result;
	}
	shown.end = pp_day_roll(shown.raw_end, calendar);
	shown.end_instant = pp_day_end(shown.end);
	result.statement_deadline = shown;
	return result;
}

int32_t pp_deadline_extended_to(int32_t end, int32_t named, const struct pp_calendar *calendar)
{
	int32_t rolled = pp_day_roll(named, calendar);

	return rolled > end ? rolled : end;
}

int32_t pp_deadline_extended(
	int32_t end, int amount, enum pp_unit unit, const struct pp_calendar *calendar)
{
	struct pp_period period = { amount, unit, PP_BEGIN_DAYSTART };

	return pp_deadline_extended_to(end, pp_period_end(period, end + 1), calendar);
}

static const struct pp_period notice = { 1, PP_UNIT_WEEK, PP_BEGIN_EVENT };

int32_t pp_notice_allows(int32_t announced)
{
	return pp_period_end(notice, announced) + 1;
}

int32_t pp_notice_latest(int32_t beginning)
{
	return beginning - (pp_notice_allows(beginning) - beginning);
}

int32_t pp_post_received(int32_t posted)
{
	return posted + (posted >= pp_day_make(2025, 1, 1) ? 4 : 3);
}
