/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The periods of participation in land-use planning. A length that the law leaves open is the
 * platform's proposal and says so in its legal basis, which users read.
 */
#include <pp/law/period.h>

#define OWN "; Dauer: Voreinstellung der Plattform"

static const struct pp_period_rule rules[] = {
	/* A publication begins with the day: GmS-OGB 2/71 of 1972-07-06. */
	{ "AUSLEGUNG_BAUGB", "§ 3 Abs. 2 Satz 1 BauGB; § 187 Abs. 2, §§ 188, 193 BGB",
		PP_ROLL_WORKDAY, true, 2,
		{ { 1, PP_UNIT_MONTH, PP_BEGIN_DAYSTART },
			{ 30, PP_UNIT_DAY, PP_BEGIN_DAYSTART } } },
	/* From each body's own receipt. */
	{ "TOEB_BAUGB", "§ 4 Abs. 2 Satz 3 BauGB; § 187 Abs. 1, §§ 188, 193 BGB", PP_ROLL_WORKDAY,
		true, 2,
		{ { 1, PP_UNIT_MONTH, PP_BEGIN_EVENT }, { 30, PP_UNIT_DAY, PP_BEGIN_EVENT } } },
	{ "FRUEH_OEFF_BAUGB", "§ 3 Abs. 1 BauGB" OWN, PP_ROLL_WORKDAY, false, 1,
		{ { 14, PP_UNIT_DAY, PP_BEGIN_DAYSTART } } },
	{ "FRUEH_TOEB_BAUGB", "§ 4 Abs. 1 BauGB" OWN, PP_ROLL_WORKDAY, false, 1,
		{ { 1, PP_UNIT_MONTH, PP_BEGIN_EVENT } } },
	{ "ANGEMESSEN_OEFF_BAUGB", "§ 13 Abs. 2 Satz 1 Nr. 2 BauGB (angemessene Frist)" OWN,
		PP_ROLL_WORKDAY, false, 1, { { 14, PP_UNIT_DAY, PP_BEGIN_DAYSTART } } },
	{ "ANGEMESSEN_TOEB_BAUGB", "§ 13 Abs. 2 Satz 1 Nr. 3 BauGB (angemessene Frist)" OWN,
		PP_ROLL_WORKDAY, false, 1, { { 14, PP_UNIT_DAY, PP_BEGIN_EVENT } } },
	{ "ERNEUT_OEFF_BAUGB", "§ 4a Abs. 3 Satz 3 BauGB (angemessen verkürzt)" OWN,
		PP_ROLL_WORKDAY, false, 1, { { 14, PP_UNIT_DAY, PP_BEGIN_DAYSTART } } },
	{ "ERNEUT_TOEB_BAUGB", "§ 4a Abs. 3 Satz 3 BauGB (angemessen verkürzt)" OWN,
		PP_ROLL_WORKDAY, false, 1, { { 14, PP_UNIT_DAY, PP_BEGIN_EVENT } } },
	{ "ERNEUT_OEFF_BAUGB_MIN", "§ 4a Abs. 3 Satz 3 BauGB (angemessen verkürzt)" OWN,
		PP_ROLL_WORKDAY, false, 1, { { 7, PP_UNIT_DAY, PP_BEGIN_DAYSTART } } },
	{ "ERNEUT_TOEB_BAUGB_MIN", "§ 4a Abs. 3 Satz 3 BauGB (angemessen verkürzt)" OWN,
		PP_ROLL_WORKDAY, false, 1, { { 7, PP_UNIT_DAY, PP_BEGIN_EVENT } } },
};

#define ALL        "FNP,FNP_AENDERUNG,BP_REGEL,BP_13,BP_13A"
#define FULL       "FNP,FNP_AENDERUNG,BP_REGEL"
#define SIMPLIFIED "BP_13,BP_13A"

/* The first row that matches counts. */
static const struct pp_step_period steps[] = {
	/* §§ 3 (1), 4 (1) BauGB name no length; § 13 (2) sentence 1 no. 1 lets them be left out. */
	{ ALL, "FRUEH_OEFF", "", "FRUEH_OEFF_BAUGB", "" },
	{ ALL, "FRUEH_TOEB", "", "FRUEH_TOEB_BAUGB", "" },
	{ FULL, "FOERM_OEFF", "", "AUSLEGUNG_BAUGB", "AUSLEGUNG_BAUGB" },
	{ FULL, "FOERM_TOEB", "", "TOEB_BAUGB", "TOEB_BAUGB" },
	/* § 13 (2) sentence 1 nos. 2 and 3 BauGB, to which § 13a (2) no. 1 refers: a reasonable
	 * period, or the publication under § 3 (2) and the participation under § 4 (2). */
	{ SIMPLIFIED, "FOERM_OEFF", "", "AUSLEGUNG_BAUGB", "ANGEMESSEN_OEFF_BAUGB" },
	{ SIMPLIFIED, "FOERM_TOEB", "", "TOEB_BAUGB", "ANGEMESSEN_TOEB_BAUGB" },
	{ ALL, "ERNEUT", "OEFF", "ERNEUT_OEFF_BAUGB", "ERNEUT_OEFF_BAUGB_MIN" },
	{ ALL, "ERNEUT", "", "ERNEUT_TOEB_BAUGB", "ERNEUT_TOEB_BAUGB_MIN" },
};

const struct pp_period_rule *pp_period_rule_named(struct pp_slice id)
{
	for (size_t i = 0; i < PP_LENGTH(rules); i++)
		if (pp_slice_is(pp_slice_of(rules[i].id), id))
			return &rules[i];
	return NULL;
}

const struct pp_period_rule *pp_period_rules(size_t *count)
{
	*count = PP_LENGTH(rules);
	return rules;
}

static bool is_one_of(struct pp_slice word, struct pp_slice list)
{
	while (list.len > 0)
		if (pp_slice_is(pp_slice_cut(list, ',', &list), word))
			return true;
	return false;
}

const struct pp_step_period *pp_step_period_for(
	struct pp_slice kind, struct pp_slice step, struct pp_slice audience)
{
	for (size_t i = 0; i < PP_LENGTH(steps); i++) {
		const struct pp_step_period *row = &steps[i];

		if (pp_slice_is(pp_slice_of(row->step), step) &&
			is_one_of(kind, pp_slice_of(row->kinds)) &&
			(!*row->audience || pp_slice_is(pp_slice_of(row->audience), audience)))
			return row;
	}
	return NULL;
}
