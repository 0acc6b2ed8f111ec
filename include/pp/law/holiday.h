/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * The public holidays of the sixteen Länder, as rules with years: §§ 193 BGB and 31 (3) VwVfG mean
 * those that the law of the place of receipt sets. The table is kept for the years 1995 to 2100;
 * for other years it knows what has neither begun nor ended. What a Land sets for one day by
 * ordinance later, and what only some municipalities keep, the caller adds.
 */
#include <pp/law/period.h>

enum {
	PP_HOLIDAY_YEAR_FIRST = 1995,
	PP_HOLIDAY_YEAR_LAST = 2100,
	PP_YEAR_ALWAYS = 9999 /* for `until` */
};

/* The number is the Land's key, the first two digits of an AGS. */
enum pp_land {
	PP_LAND_NONE,
	PP_LAND_SH,
	PP_LAND_HH,
	PP_LAND_NI,
	PP_LAND_HB,
	PP_LAND_NW,
	PP_LAND_HE,
	PP_LAND_RP,
	PP_LAND_BW,
	PP_LAND_BY,
	PP_LAND_SL,
	PP_LAND_BE,
	PP_LAND_BB,
	PP_LAND_MV,
	PP_LAND_SN,
	PP_LAND_ST,
	PP_LAND_TH,
	PP_LANDS
};

#define PP_LAND_BIT(land) (1u << (land))

struct pp_land_row {
	const char *key, *abbreviation, *name; /* "01", "SH", "Schleswig-Holstein" */
};

/* The row of a Land other than PP_LAND_NONE. */
const struct pp_land_row *pp_land_row(enum pp_land land);
/* The Land of "SH", of "01" or of an AGS or ARS that begins with it; PP_LAND_NONE otherwise. */
enum pp_land pp_land_named(struct pp_slice word);

enum pp_holiday_kind {
	PP_HOLIDAY_FIXED,  /* on day.month */
	PP_HOLIDAY_EASTER, /* so many days after Easter Sunday */
	PP_HOLIDAY_BEFORE  /* the last such weekday before day.month */
};

struct pp_holiday_rule {
	unsigned lands; /* bits of those that keep it; in an addition 0 */
	enum pp_holiday_kind kind;
	int day, month;
	int offset;      /* EASTER: days after Easter Sunday; BEFORE: enum pp_weekday */
	int from, until; /* years, both included */
	const char *de, *en;
	const char *source; /* German, as it is cited */
};

/* All rules, in the order of the table: where two fall on one day, the first names it. */
const struct pp_holiday_rule *pp_holiday_rules(size_t *count);
/* Easter Sunday of a year of the Gregorian calendar. */
int32_t pp_easter(int year);
/* Whether the rule makes that day a holiday where it holds. */
bool pp_holiday_falls_on(const struct pp_holiday_rule *rule, int32_t day);

/* A holiday of a Land ("01") or of a part of it only; read from words by pp/law/addition.h. */
struct pp_holiday_addition {
	struct pp_slice area;
	struct pp_holiday_rule rule;
};

/* Whether the key of a municipality (AGS or ARS), Kreis or Amt lies in an area below a Land. */
bool pp_area_holds(struct pp_slice area, struct pp_slice key);

/*
 * The calendar of a place of receipt, or the union of several (§ 73 (4) VwVfG lets people choose).
 * Everything it points to belongs to the caller.
 */
struct pp_place_calendar {
	struct pp_calendar calendar;
	unsigned lands;                        /* bits */
	const struct pp_slice *municipalities; /* AGS or other keys of bodies, for additions that
						  hold below their Land */
	size_t municipality_count;
	const struct pp_holiday_addition *additions;
	size_t addition_count;
};

/* The calendar of those Länder, without additions. */
struct pp_place_calendar pp_place_calendar(unsigned lands);
/* The rule that makes the day a holiday there, or NULL. */
const struct pp_holiday_rule *pp_place_holiday(const struct pp_place_calendar *place, int32_t day);
