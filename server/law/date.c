/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/law/date.h>

#include <stdio.h>

enum {
	FIRST = -719162,       /* 0001-01-01 */
	LAST = 2932896,        /* 9999-12-31 */
	DAYS_TO_1970 = 719468, /* from 0000-03-01, where a count by Gregorian cycles begins */
	DAYS_IN_CYCLE = 146097,
	YEARS_IN_CYCLE = 400,
};

static const int64_t DAY = 24 * INT64_C(3600000000);
static const int64_t HOUR = INT64_C(3600000000);

static bool is_leap_year(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int pp_month_length(int year, int month)
{
	static const signed char lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	PP_MUST(month >= 1 && month <= 12);
	return lengths[month - 1] + (month == 2 && is_leap_year(year));
}

bool pp_date_is_valid(struct pp_date date)
{
	return date.year >= 1 && date.year <= 9999 && date.month >= 1 && date.month <= 12 &&
		date.day >= 1 && date.day <= pp_month_length(date.year, date.month);
}

/*
 * Years begin in March here: the day that comes and goes is then the last of its year, and the
 * lengths of the months repeat every five of them, with 153 days.
 */
int32_t pp_day_make(int year, int month, int day)
{
	int shifted, cycle, in_cycle, in_year;

	PP_MUST(pp_date_is_valid((struct pp_date){ year, month, day }));
	shifted = month <= 2 ? year - 1 : year;
	cycle = shifted / YEARS_IN_CYCLE;
	in_cycle = shifted % YEARS_IN_CYCLE;
	in_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
	return (int32_t)(cycle * DAYS_IN_CYCLE + in_cycle * 365 + in_cycle / 4 - in_cycle / 100 +
		in_year - DAYS_TO_1970);
}

struct pp_date pp_date_of(int32_t day)
{
	int count, in_cycle, year, in_year, month;

	PP_MUST(day >= FIRST && day <= LAST);
	count = day + DAYS_TO_1970;
	in_cycle = count % DAYS_IN_CYCLE;
	/* Without the leap days before it (one in 1461 days but for centuries) a year has 365. */
	year = (in_cycle - in_cycle / 1460 + in_cycle / 36524 - in_cycle / 146096) / 365;
	in_year = in_cycle - (365 * year + year / 4 - year / 100);
	month = (5 * in_year + 2) / 153;
	return (struct pp_date){
		.year = count / DAYS_IN_CYCLE * YEARS_IN_CYCLE + year + (month >= 10),
		.month = month < 10 ? month + 3 : month - 9,
		.day = in_year - (153 * month + 2) / 5 + 1,
	};
}

enum pp_weekday pp_weekday_of(int32_t day)
{
	/* 1970-01-01 was a Thursday. */
	int since_monday = (day + PP_THURSDAY - PP_MONDAY) % 7;

	return (enum pp_weekday)(PP_MONDAY + (since_monday < 0 ? since_monday + 7 : since_monday));
}

static bool number(struct pp_slice text, size_t at, size_t length, int *out)
{
	uint64_t value;

	if (!pp_slice_u64(pp_slice(text.at + at, length), &value))
		return false;
	*out = (int)value;
	return true;
}

bool pp_day_read(struct pp_slice text, int32_t *day)
{
	struct pp_date date;
	int32_t found;

	if (text.len != PP_DATE_SIZE - 1 || text.at[4] != '-' || text.at[7] != '-' ||
		!number(text, 0, 4, &date.year) || !number(text, 5, 2, &date.month) ||
		!number(text, 8, 2, &date.day) || !pp_date_is_valid(date))
		return false;
	found = pp_day_make(date.year, date.month, date.day);
	if (found < PP_DAY_FIRST || found > PP_DAY_LAST)
		return false;
	*day = found;
	return true;
}

void pp_day_write(int32_t day, char out[PP_DATE_SIZE])
{
	struct pp_date date = pp_date_of(day);

	snprintf(out, PP_DATE_SIZE, "%04u-%02u-%02u", (unsigned)date.year % 10000,
		(unsigned)date.month % 100, (unsigned)date.day % 100);
}

int32_t pp_day_add_months(int32_t day, int months, bool *clipped)
{
	struct pp_date date = pp_date_of(day);
	int count = date.year * 12 + date.month - 1 + months;
	int year = count / 12, month = count % 12 + 1;
	int last;

	PP_MUST(count >= 12 && year <= 9999);
	last = pp_month_length(year, month);
	if (clipped)
		*clipped = date.day > last;
	return pp_day_make(year, month, date.day > last ? last : date.day);
}

static int32_t last_sunday(int year, int month)
{
	int32_t last = pp_day_make(year, month, pp_month_length(year, month));

	return last - (int32_t)pp_weekday_of(last) % 7;
}

/*
 * Directive 2000/84/EC, articles 2 and 3: the last Sundays of March and October, 01:00 UTC. From
 * 1980 to 1995 the ordinances under § 3 of the Zeitgesetz ended the summer with September, and
 * began that of 1980 on 6 April (BGBl. 1979 I p. 1811); from 1950 to 1979 there was none. Both
 * changes come after midnight, so the first day still begins in winter and the last one in summer.
 */
static bool begins_in_summer(int32_t day)
{
	int year = pp_date_of(day).year;
	int32_t first, last;

	if (year < 1980)
		return false;
	first = year == 1980 ? pp_day_make(1980, 4, 6) : last_sunday(year, 3);
	last = last_sunday(year, year < 1996 ? 9 : 10);
	return day > first && day <= last;
}

int64_t pp_day_begin(int32_t day)
{
	PP_MUST(day >= PP_DAY_FIRST && day <= LAST);
	return day * DAY - (begins_in_summer(day) ? 2 * HOUR : HOUR);
}

int64_t pp_day_end(int32_t day)
{
	return pp_day_begin(day + 1);
}

int32_t pp_day_at(int64_t instant)
{
	int64_t since_first;
	int32_t day;

	PP_MUST(instant >= pp_day_begin(PP_DAY_FIRST) && instant < pp_day_begin(LAST));
	since_first = instant - pp_day_begin(PP_DAY_FIRST);
	/* The days of winter; a summer day begins an hour earlier. */
	day = PP_DAY_FIRST + (int32_t)(since_first / DAY);
	return instant >= pp_day_end(day) ? day + 1 : day;
}

int32_t pp_days_left(int32_t last, int64_t now)
{
	return last - pp_day_at(now);
}
