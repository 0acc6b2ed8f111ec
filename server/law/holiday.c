/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/law/holiday.h>

static const struct pp_land_row lands[PP_LANDS] = {
	[PP_LAND_SH] = { "01", "SH", "Schleswig-Holstein" },
	[PP_LAND_HH] = { "02", "HH", "Hamburg" },
	[PP_LAND_NI] = { "03", "NI", "Niedersachsen" },
	[PP_LAND_HB] = { "04", "HB", "Bremen" },
	[PP_LAND_NW] = { "05", "NW", "Nordrhein-Westfalen" },
	[PP_LAND_HE] = { "06", "HE", "Hessen" },
	[PP_LAND_RP] = { "07", "RP", "Rheinland-Pfalz" },
	[PP_LAND_BW] = { "08", "BW", "Baden-Württemberg" },
	[PP_LAND_BY] = { "09", "BY", "Bayern" },
	[PP_LAND_SL] = { "10", "SL", "Saarland" },
	[PP_LAND_BE] = { "11", "BE", "Berlin" },
	[PP_LAND_BB] = { "12", "BB", "Brandenburg" },
	[PP_LAND_MV] = { "13", "MV", "Mecklenburg-Vorpommern" },
	[PP_LAND_SN] = { "14", "SN", "Sachsen" },
	[PP_LAND_ST] = { "15", "ST", "Sachsen-Anhalt" },
	[PP_LAND_TH] = { "16", "TH", "Thüringen" },
};

/* Digits of AGS and ARS. */
enum { LAND_DIGITS = 2, AGS_DIGITS = 8, ARS_DIGITS = 12 };

const struct pp_land_row *pp_land_row(enum pp_land land)
{
	PP_MUST(land > PP_LAND_NONE && land < PP_LANDS);
	return &lands[land];
}

enum pp_land pp_land_named(struct pp_slice word)
{
	uint64_t digits;

	for (int land = PP_LAND_SH; land < PP_LANDS; land++)
		if (pp_slice_is(word, pp_slice_of(lands[land].abbreviation)))
			return (enum pp_land)land;
	if ((word.len != LAND_DIGITS && word.len != AGS_DIGITS && word.len != ARS_DIGITS) ||
		!pp_slice_u64(word, &digits) ||
		!pp_slice_u64(pp_slice(word.at, LAND_DIGITS), &digits) || digits >= PP_LANDS)
		return PP_LAND_NONE;
	return (enum pp_land)digits;
}

/* Meeus, Jones and Butcher: Astronomical Algorithms (1991), chapter 8. */
int32_t pp_easter(int year)
{
	int a = year % 19, b = year / 100, c = year % 100;
	int g = (8 * b + 13) / 25;
	int h = (19 * a + b - b / 4 - g + 15) % 30;
	int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
	int m = (a + 11 * h + 22 * l) / 451;
	int n = h + l - 7 * m + 114;

	return pp_day_make(year, n / 31, n % 31 + 1);
}

static bool is_on(const struct pp_holiday_rule *rule, int32_t day, struct pp_date date)
{
	int32_t limit;

	if (date.year < rule->from || date.year > rule->until)
		return false;
	switch (rule->kind) {
	case PP_HOLIDAY_FIXED:
		return date.month == rule->month && date.day == rule->day;
	case PP_HOLIDAY_EASTER:
		return day == pp_easter(date.year) + rule->offset;
	default:
		if ((int)pp_weekday_of(day) != rule->offset)
			return false;
		limit = pp_day_make(date.year, rule->month, rule->day);
		return day < limit && day >= limit - 7;
	}
}

bool pp_holiday_falls_on(const struct pp_holiday_rule *rule, int32_t day)
{
	return is_on(rule, day, pp_date_of(day));
}

/* Of a body's key: a Kreis, the territory of an Amt. */
enum { KREIS_DIGITS = 5, AMT_DIGITS = 9 };

bool pp_area_holds(struct pp_slice area, struct pp_slice key)
{
	if (area.len < AGS_DIGITS)
		return pp_slice_starts(key, area);
	/* An ARS is Kreis, Amt and municipality, an AGS has no Amt: one is no beginning of the
	 * other. */
	if (key.len != ARS_DIGITS)
		return pp_slice_is(key, area);
	if (area.len == AMT_DIGITS)
		return pp_slice_starts(key, area);
	return pp_slice_is(pp_slice(key.at, KREIS_DIGITS), pp_slice(area.at, KREIS_DIGITS)) &&
		pp_slice_is(pp_slice(key.at + AMT_DIGITS, ARS_DIGITS - AMT_DIGITS),
			pp_slice(area.at + KREIS_DIGITS, AGS_DIGITS - KREIS_DIGITS));
}

/* An addition holds for a Land when its area is that Land's key, else for the keys that lie in it.
 */
static bool holds_in(
	const struct pp_holiday_addition *addition, const struct pp_place_calendar *place)
{
	if (addition->area.len == LAND_DIGITS)
		return place->lands & PP_LAND_BIT(pp_land_named(addition->area));
	for (size_t i = 0; i < place->municipality_count; i++)
		if (pp_area_holds(addition->area, place->municipalities[i]))
			return true;
	return false;
}

const struct pp_holiday_rule *pp_place_holiday(const struct pp_place_calendar *place, int32_t day)
{
	struct pp_date date = pp_date_of(day);
	size_t count;
	const struct pp_holiday_rule *rules = pp_holiday_rules(&count);

	for (size_t i = 0; i < count; i++)
		if ((rules[i].lands & place->lands) && is_on(&rules[i], day, date))
			return &rules[i];
	for (size_t i = 0; i < place->addition_count; i++)
		if (holds_in(&place->additions[i], place) &&
			is_on(&place->additions[i].rule, day, date))
			return &place->additions[i].rule;
	return NULL;
}

static bool is_holiday(const struct pp_calendar *calendar, int32_t day, struct pp_slice *name)
{
	const struct pp_holiday_rule *rule = pp_place_holiday(
		(const struct pp_place_calendar *)calendar, day);

	if (rule && name)
		*name = pp_slice_of(rule->de);
	return rule != NULL;
}

struct pp_place_calendar pp_place_calendar(unsigned places)
{
	return (struct pp_place_calendar){ .calendar = { is_holiday }, .lands = places };
}
