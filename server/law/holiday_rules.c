/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The holidays of the Länder since 1995. Held against an independent table for every Land and every
 * year from 1995 to 2040 (tests/api/law). Of the sources only § 2 SFTG SH was read for this table,
 * the others are named from memory.
 */
#include <pp/law/holiday.h>

#define SH PP_LAND_BIT(PP_LAND_SH)
#define HH PP_LAND_BIT(PP_LAND_HH)
#define NI PP_LAND_BIT(PP_LAND_NI)
#define HB PP_LAND_BIT(PP_LAND_HB)
#define NW PP_LAND_BIT(PP_LAND_NW)
#define HE PP_LAND_BIT(PP_LAND_HE)
#define RP PP_LAND_BIT(PP_LAND_RP)
#define BW PP_LAND_BIT(PP_LAND_BW)
#define BY PP_LAND_BIT(PP_LAND_BY)
#define SL PP_LAND_BIT(PP_LAND_SL)
#define BE PP_LAND_BIT(PP_LAND_BE)
#define BB PP_LAND_BIT(PP_LAND_BB)
#define MV PP_LAND_BIT(PP_LAND_MV)
#define SN PP_LAND_BIT(PP_LAND_SN)
#define ST PP_LAND_BIT(PP_LAND_ST)
#define TH PP_LAND_BIT(PP_LAND_TH)

#define EVERYWHERE (SH | HH | NI | HB | NW | HE | RP | BW | BY | SL | BE | BB | MV | SN | ST | TH)
#define EVER       1, PP_YEAR_ALWAYS

#define LAWS "Feiertagsgesetze der Länder"

static const struct pp_holiday_rule rules[] = {
	{ EVERYWHERE, PP_HOLIDAY_FIXED, 1, 1, 0, EVER, "Neujahr", "New Year's Day", LAWS },
	{ EVERYWHERE, PP_HOLIDAY_EASTER, 0, 0, -2, EVER, "Karfreitag", "Good Friday", LAWS },
	{ EVERYWHERE, PP_HOLIDAY_EASTER, 0, 0, 1, EVER, "Ostermontag", "Easter Monday", LAWS },
	{ EVERYWHERE, PP_HOLIDAY_FIXED, 1, 5, 0, EVER, "Tag der Arbeit", "Labour Day", LAWS },
	{ EVERYWHERE, PP_HOLIDAY_EASTER, 0, 0, 39, EVER, "Christi Himmelfahrt", "Ascension Day",
		LAWS },
	{ EVERYWHERE, PP_HOLIDAY_EASTER, 0, 0, 50, EVER, "Pfingstmontag", "Whit Monday", LAWS },
	{ EVERYWHERE, PP_HOLIDAY_FIXED, 3, 10, 0, 1990, PP_YEAR_ALWAYS, "Tag der Deutschen Einheit",
		"German Unity Day", "Art. 2 Abs. 2 Einigungsvertrag" },
	{ EVERYWHERE, PP_HOLIDAY_FIXED, 25, 12, 0, EVER, "Erster Weihnachtstag", "Christmas Day",
		LAWS },
	{ EVERYWHERE, PP_HOLIDAY_FIXED, 26, 12, 0, EVER, "Zweiter Weihnachtstag",
		"Second Day of Christmas", LAWS },

	{ BW | BY | ST, PP_HOLIDAY_FIXED, 6, 1, 0, EVER, "Heilige Drei Könige", "Epiphany",
		"FTG BW; FTG BY; FeiertG LSA" },
	{ BE, PP_HOLIDAY_FIXED, 8, 3, 0, 2019, PP_YEAR_ALWAYS, "Frauentag", "Women's Day",
		"Berliner Gesetz über die Sonn- und Feiertage" },
	{ MV, PP_HOLIDAY_FIXED, 8, 3, 0, 2023, PP_YEAR_ALWAYS, "Frauentag", "Women's Day",
		"FTG M-V" },
	/* The law of Brandenburg names the two Sundays; for a period they are Sundays anyway. */
	{ BB, PP_HOLIDAY_EASTER, 0, 0, 0, EVER, "Ostersonntag", "Easter Sunday", "FTG BB" },
	{ BB, PP_HOLIDAY_EASTER, 0, 0, 49, EVER, "Pfingstsonntag", "Whit Sunday", "FTG BB" },
	{ BW | BY | HE | NW | RP | SL, PP_HOLIDAY_EASTER, 0, 0, 60, EVER, "Fronleichnam",
		"Corpus Christi", "FTG BW; FTG BY; HFeiertagsG; Feiertagsgesetz NW; LFtG; SFG" },
	/* In Bavaria only where most people are Catholic: an addition. */
	{ SL, PP_HOLIDAY_FIXED, 15, 8, 0, EVER, "Mariä Himmelfahrt", "Assumption Day", "SFG" },
	{ TH, PP_HOLIDAY_FIXED, 20, 9, 0, 2019, PP_YEAR_ALWAYS, "Weltkindertag", "Children's Day",
		"ThürFtG" },
	/* 500 years after Luther's theses, once, in all of Germany. */
	{ EVERYWHERE, PP_HOLIDAY_FIXED, 31, 10, 0, 2017, 2017, "Reformationstag", "Reformation Day",
		"Verordnungen und Gesetze der Länder für 2017" },
	{ BB | MV | SN | ST | TH, PP_HOLIDAY_FIXED, 31, 10, 0, EVER, "Reformationstag",
		"Reformation Day", "FTG BB; FTG M-V; SächsSFG; FeiertG LSA; ThürFtG" },
	{ HB | HH | NI | SH, PP_HOLIDAY_FIXED, 31, 10, 0, 2018, PP_YEAR_ALWAYS, "Reformationstag",
		"Reformation Day", "BremFeiertagsG; FeiertagsG HH; NFeiertagsG; § 2 SFTG SH" },
	{ BW | BY | NW | RP | SL, PP_HOLIDAY_FIXED, 1, 11, 0, EVER, "Allerheiligen",
		"All Saints' Day", "FTG BW; FTG BY; Feiertagsgesetz NW; LFtG; SFG" },
	/* Given up by the others for 1995, to pay for care insurance (§ 58 SGB XI). */
	{ SN, PP_HOLIDAY_BEFORE, 23, 11, PP_WEDNESDAY, EVER, "Buß- und Bettag",
		"Day of Repentance and Prayer", "SächsSFG; § 58 SGB XI" },

	{ BE, PP_HOLIDAY_FIXED, 8, 5, 0, 2020, 2020, "Tag der Befreiung", "Liberation Day",
		"Berliner Gesetz über die Sonn- und Feiertage" },
	{ BE, PP_HOLIDAY_FIXED, 8, 5, 0, 2025, 2025, "Tag der Befreiung", "Liberation Day",
		"Berliner Gesetz über die Sonn- und Feiertage" },
	/* Announced; a Saturday, so that no period turns on it. */
	{ BE, PP_HOLIDAY_FIXED, 17, 6, 0, 2028, 2028, "75. Jahrestag des Volksaufstands",
		"75th anniversary of the uprising of 1953",
		"Berliner Gesetz über die Sonn- und Feiertage" },
};

const struct pp_holiday_rule *pp_holiday_rules(size_t *count)
{
	*count = PP_LENGTH(rules);
	return rules;
}
