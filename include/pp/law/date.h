/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Legal dates. A day is an int32_t: days since 1970-01-01 in the Gregorian calendar, so that the
 * distance of two days is a subtraction. An instant is an int64_t: microseconds since 1970 in UTC,
 * as in pp/base/clock.h. Nothing here asks a clock: the instant that counts as now is always an
 * argument.
 *
 * Legal time is that of Europe/Berlin (§§ 4, 5 EinhZeitG): UTC+1, and UTC+2 from the last Sunday of
 * March to the last Sunday of October, both at 01:00 UTC (Directive 2000/84/EC, articles 2 and 3).
 * Years before 1996 follow the summer time ordinances of their time; before 1950, when these
 * changed from year to year, there are no legal dates here.
 */
#include <pp/base/slice.h>

#define PP_DATE_SIZE 11

/* Legal dates as they are read; sums may go beyond the last one, as far as the year 9999. */
enum {
	PP_DAY_FIRST = -7305, /* 1950-01-01 */
	PP_DAY_LAST = 376199  /* 2999-12-31 */
};

enum pp_weekday { /* ISO 8601 numbers */
	PP_MONDAY = 1,
	PP_TUESDAY,
	PP_WEDNESDAY,
	PP_THURSDAY,
	PP_FRIDAY,
	PP_SATURDAY,
	PP_SUNDAY
};

struct pp_date {
	int year;  /* 1 to 9999, the Gregorian calendar also before it was introduced */
	int month; /* 1 to 12 */
	int day;   /* 1 to 31 */
};

/* 28 to 31. */
int pp_month_length(int year, int month);

/* The day of a date; the date must exist (pp_date_is_valid) or the process aborts. */
int32_t pp_day_make(int year, int month, int day);
bool pp_date_is_valid(struct pp_date date);
/* The date of a day of the years 1 to 9999. */
struct pp_date pp_date_of(int32_t day);
enum pp_weekday pp_weekday_of(int32_t day);

/* Reads "2025-02-28" and nothing else; false when it is no date of the years 1950 to 2999. */
PP_CHECKED bool pp_day_read(struct pp_slice text, int32_t *day);
/* Writes the same form, NUL-terminated; any day of the years 1 to 9999. */
void pp_day_write(int32_t day, char out[PP_DATE_SIZE]);

/*
 * The day with the same number `months` later (or earlier, below 0). Where that month has no such
 * day it is the month's last, and *clipped is true (§ 188 (3) BGB); clipped may be NULL.
 */
int32_t pp_day_add_months(int32_t day, int months, bool *clipped);

/* The instants 00:00 and 24:00 of a day from 1950 on. The end is exclusive. */
int64_t pp_day_begin(int32_t day);
int64_t pp_day_end(int32_t day);
/* The day in Berlin that an instant from 1950 on lies in. */
int32_t pp_day_at(int64_t instant);

/* Days from the one that now lies in to the last: 0 on the last day, below 0 when it is over. */
int32_t pp_days_left(int32_t last, int64_t now);
