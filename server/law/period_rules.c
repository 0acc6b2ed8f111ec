/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The periods of planning law. A length that the law leaves open is the platform's proposal and
 * says so in its legal basis, which users read. What an authority displays ends with its last day,
 * working day or not (§ 31 (4) VwVfG), and so does a week that must have passed before something
 * may begin; whatever somebody has to do by then rolls on.
 */
#include <pp/law/period.h>

#define OWN       "; Dauer: Voreinstellung der Plattform"
#define COUNTED   "; § 187 Abs. 2, §§ 188, 193 BGB"
#define RECEIVED  "; § 187 Abs. 1, §§ 188, 193 BGB"
#define VWVFG     "; § 31 Abs. 1, 3 VwVfG"
#define DISPLAYED "; § 31 Abs. 1, 4 VwVfG, § 187 Abs. 2, § 188 BGB"
#define PASSED    "; § 187 Abs. 1, § 188 BGB"

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

	/* Land-use plans: what comes before, between and after the rounds. */
	/* From the day on which the documents can be assessed. */
	{ "ANZEIGE", "§ 11 Abs. 2 LaplaG SH" RECEIVED, PP_ROLL_WORKDAY, true, 1,
		{ { 2, PP_UNIT_MONTH, PP_BEGIN_EVENT } } },
	/* Then it is deemed granted (§ 6 (4) sentence 4 BauGB). */
	{ "GENEHM", "§ 6 Abs. 4 Satz 1, § 10 Abs. 2 Satz 2 BauGB" RECEIVED, PP_ROLL_WORKDAY, true,
		1, { { 1, PP_UNIT_MONTH, PP_BEGIN_EVENT } } },
	/* What was applied for until 7 July 2023 (§ 245f (1) BauGB). */
	{ "GENEHM_2023",
		"§ 6 Abs. 4 Satz 1 BauGB in der bis zum 6.7.2023 geltenden Fassung" RECEIVED,
		PP_ROLL_WORKDAY, true, 1, { { 3, PP_UNIT_MONTH, PP_BEGIN_EVENT } } },
	{ "ZUSTIMMUNG_36A", "§ 36a Abs. 1 Satz 4 BauGB" RECEIVED, PP_ROLL_WORKDAY, true, 1,
		{ { 3, PP_UNIT_MONTH, PP_BEGIN_EVENT } } },
	{ "ZUSTIMMUNG_36A_OEFF", "§ 36a Abs. 2 Satz 1 BauGB (höchstens)" RECEIVED, PP_ROLL_WORKDAY,
		true, 1, { { 1, PP_UNIT_MONTH, PP_BEGIN_EVENT } } },
	{ "RUEGE", "§ 215 Abs. 1 BauGB" RECEIVED, PP_ROLL_WORKDAY, true, 1,
		{ { 12, PP_UNIT_MONTH, PP_BEGIN_EVENT } } },
	{ "NORMENKONTROLLE", "§ 47 Abs. 2 Satz 1 VwGO" RECEIVED, PP_ROLL_WORKDAY, true, 1,
		{ { 12, PP_UNIT_MONTH, PP_BEGIN_EVENT } } },
	/* From the last day of the display, as all that follow one. */
	{ "SUP_AEUSSERUNG", "§ 42 Abs. 3 Satz 2 UVPG" VWVFG, PP_ROLL_WORKDAY, true, 1,
		{ { 1, PP_UNIT_MONTH, PP_BEGIN_EVENT } } },

	/* Regional planning. */
	/* The publication may begin on the day after (OVG Lüneburg, 1982-08-30, 6 C 12/80). */
	{ "ROP_BEKANNT", "§ 9 Abs. 2 Satz 3 ROG" PASSED, PP_ROLL_NONE, true, 1,
		{ { 1, PP_UNIT_WEEK, PP_BEGIN_EVENT } } },
	{ "ROP_BET", "§ 9 Abs. 2 Satz 2, 4 ROG" COUNTED, PP_ROLL_WORKDAY, true, 1,
		{ { 1, PP_UNIT_MONTH, PP_BEGIN_DAYSTART } } },
	/* From the receipt of a body that is told later: its day is not counted. */
	{ "ROP_BET_STELLE", "§ 9 Abs. 2 Satz 2, 4 ROG" RECEIVED, PP_ROLL_WORKDAY, true, 1,
		{ { 1, PP_UNIT_MONTH, PP_BEGIN_EVENT } } },
	{ "ROP_ERNEUT", "§ 9 Abs. 3 Satz 2 ROG (angemessen verkürzt)" OWN, PP_ROLL_WORKDAY, false,
		1, { { 14, PP_UNIT_DAY, PP_BEGIN_DAYSTART } } },
	{ "ROP_ERNEUT_MIN", "§ 9 Abs. 3 Satz 2 ROG (angemessen verkürzt)" OWN, PP_ROLL_WORKDAY,
		false, 1, { { 7, PP_UNIT_DAY, PP_BEGIN_DAYSTART } } },
	{ "ROP_ERNEUT_STELLE_MIN", "§ 9 Abs. 3 Satz 2 ROG (angemessen verkürzt)" OWN,
		PP_ROLL_WORKDAY, false, 1, { { 7, PP_UNIT_DAY, PP_BEGIN_EVENT } } },
	{ "RUEGE_ROP", "§ 11 Abs. 5 ROG" RECEIVED, PP_ROLL_WORKDAY, true, 1,
		{ { 12, PP_UNIT_MONTH, PP_BEGIN_EVENT } } },
	{ "RVP_ANZEIGE", "§ 15 Abs. 4 Satz 5 ROG" VWVFG, PP_ROLL_WORKDAY, true, 1,
		{ { 4, PP_UNIT_WEEK, PP_BEGIN_EVENT } } },
	{ "RVP_PRUEF", "§ 15 Abs. 2 Satz 3 ROG" VWVFG, PP_ROLL_WORKDAY, true, 1,
		{ { 1, PP_UNIT_MONTH, PP_BEGIN_EVENT } } },
	{ "RVP_BEKANNT", "§ 15 Abs. 3 Satz 5 ROG" PASSED, PP_ROLL_NONE, true, 1,
		{ { 1, PP_UNIT_WEEK, PP_BEGIN_EVENT } } },
	{ "RVP_BET", "§ 15 Abs. 3 Satz 2, 6 ROG" COUNTED, PP_ROLL_WORKDAY, true, 1,
		{ { 1, PP_UNIT_MONTH, PP_BEGIN_DAYSTART } } },
	{ "RVP_BET_STELLE", "§ 15 Abs. 3 Satz 2, 6 ROG" RECEIVED, PP_ROLL_WORKDAY, true, 1,
		{ { 1, PP_UNIT_MONTH, PP_BEGIN_EVENT } } },
	{ "RVP_ENDE", "§ 15 Abs. 1 Satz 3 ROG" VWVFG, PP_ROLL_WORKDAY, true, 1,
		{ { 6, PP_UNIT_MONTH, PP_BEGIN_EVENT } } },
	{ "RVP_ENDE_KURZ", "§ 16 Abs. 1 Satz 2 ROG" VWVFG, PP_ROLL_WORKDAY, true, 1,
		{ { 3, PP_UNIT_MONTH, PP_BEGIN_EVENT } } },

	/* Plan approval. */
	{ "PFV_AUFF", "§ 73 Abs. 2 VwVfG" VWVFG, PP_ROLL_WORKDAY, true, 1,
		{ { 1, PP_UNIT_MONTH, PP_BEGIN_EVENT } } },
	{ "PFV_TOEB", "§ 73 Abs. 3a Satz 1 VwVfG (höchstens)" VWVFG, PP_ROLL_WORKDAY, true, 1,
		{ { 3, PP_UNIT_MONTH, PP_BEGIN_EVENT } } },
	{ "PFV_AUSL_BEGINN", "§ 73 Abs. 3 Satz 1 VwVfG" VWVFG, PP_ROLL_WORKDAY, true, 1,
		{ { 3, PP_UNIT_WEEK, PP_BEGIN_EVENT } } },
	{ "PFV_AUSL", "§ 73 Abs. 3 Satz 1, § 27b VwVfG" DISPLAYED, PP_ROLL_NONE, true, 1,
		{ { 1, PP_UNIT_MONTH, PP_BEGIN_DAYSTART } } },
	{ "PFV_EINW", "§ 73 Abs. 4 Satz 1 VwVfG" VWVFG, PP_ROLL_WORKDAY, true, 1,
		{ { 2, PP_UNIT_WEEK, PP_BEGIN_EVENT } } },
	{ "PFV_EINW_UVP", "§ 21 Abs. 2 UVPG" VWVFG, PP_ROLL_WORKDAY, true, 1,
		{ { 1, PP_UNIT_MONTH, PP_BEGIN_EVENT } } },
	{ "PFV_EROERT_BEKANNT", "§ 73 Abs. 6 Satz 2 VwVfG" PASSED, PP_ROLL_NONE, true, 1,
		{ { 1, PP_UNIT_WEEK, PP_BEGIN_EVENT } } },
	{ "PFV_ONLINE", "§ 27c Abs. 2 Satz 2 VwVfG" VWVFG, PP_ROLL_WORKDAY, true, 1,
		{ { 1, PP_UNIT_WEEK, PP_BEGIN_DAYSTART } } },
	/* From the last day for objections. */
	{ "PFV_EROERT", "§ 73 Abs. 6 Satz 7 VwVfG" VWVFG, PP_ROLL_WORKDAY, true, 1,
		{ { 3, PP_UNIT_MONTH, PP_BEGIN_EVENT } } },
	{ "PFV_BERICHT", "§ 73 Abs. 9 VwVfG" VWVFG, PP_ROLL_WORKDAY, true, 1,
		{ { 1, PP_UNIT_MONTH, PP_BEGIN_EVENT } } },
	/* Where there is no hearing: from the last day for objections. */
	{ "PFV_BERICHT_OHNE", "§ 43a Abs. 8 Satz 3 EnWG, § 17a Abs. 5 FStrG" VWVFG, PP_ROLL_WORKDAY,
		true, 1, { { 6, PP_UNIT_WEEK, PP_BEGIN_EVENT } } },
	{ "PFV_AEND", "§ 73 Abs. 8 Satz 1 VwVfG" VWVFG, PP_ROLL_WORKDAY, true, 1,
		{ { 2, PP_UNIT_WEEK, PP_BEGIN_EVENT } } },
	{ "PFB_AUSL", "§ 74 Abs. 4 Satz 2 VwVfG" DISPLAYED, PP_ROLL_NONE, true, 1,
		{ { 2, PP_UNIT_WEEK, PP_BEGIN_DAYSTART } } },
	{ "PFB_INTERNET", "§ 43b Abs. 5 EnWG, § 17b Abs. 3 FStrG, § 24 NABEG" PASSED, PP_ROLL_NONE,
		true, 1, { { 2, PP_UNIT_WEEK, PP_BEGIN_EVENT } } },
	{ "KLAGE", "§ 74 Abs. 1 VwGO; § 57 VwGO, § 222 ZPO" RECEIVED, PP_ROLL_WORKDAY, true, 1,
		{ { 1, PP_UNIT_MONTH, PP_BEGIN_EVENT } } },
	{ "PFV_VERFALL", "§ 75 Abs. 4 Satz 1 VwVfG" VWVFG, PP_ROLL_WORKDAY, true, 1,
		{ { 60, PP_UNIT_MONTH, PP_BEGIN_EVENT } } },
	{ "PFV_VERFALL_ENWG", "§ 43c EnWG" VWVFG, PP_ROLL_WORKDAY, true, 1,
		{ { 120, PP_UNIT_MONTH, PP_BEGIN_EVENT } } },
	{ "ENWG_AUSL_BEGINN", "§ 43a Abs. 3 Satz 1 EnWG" VWVFG, PP_ROLL_WORKDAY, true, 1,
		{ { 2, PP_UNIT_WEEK, PP_BEGIN_EVENT } } },
	{ "ENWG_AUSL", "§ 43a Abs. 3 Satz 1 EnWG" DISPLAYED, PP_ROLL_NONE, true, 1,
		{ { 1, PP_UNIT_MONTH, PP_BEGIN_DAYSTART } } },
	/* Federal sectoral planning. */
	{ "BFP_RAHMEN", "§ 7 Abs. 5 NABEG" VWVFG, PP_ROLL_WORKDAY, true, 1,
		{ { 2, PP_UNIT_MONTH, PP_BEGIN_EVENT } } },
	{ "BFP_TOEB", "§ 9 Abs. 2 Satz 1 NABEG (höchstens)" VWVFG, PP_ROLL_WORKDAY, true, 1,
		{ { 3, PP_UNIT_MONTH, PP_BEGIN_EVENT } } },
	{ "BFP_AUSL", "§ 9 Abs. 3 Satz 2 NABEG" DISPLAYED, PP_ROLL_NONE, true, 1,
		{ { 1, PP_UNIT_MONTH, PP_BEGIN_DAYSTART } } },
	{ "BFP_EINW", "§ 9 Abs. 4 Satz 1 NABEG" VWVFG, PP_ROLL_WORKDAY, true, 1,
		{ { 1, PP_UNIT_MONTH, PP_BEGIN_EVENT } } },
	{ "BFP_ENDE", "§ 12 Abs. 1 NABEG" VWVFG, PP_ROLL_WORKDAY, true, 1,
		{ { 6, PP_UNIT_MONTH, PP_BEGIN_EVENT } } },
	{ "NABEG_AUSL_BEGINN", "§ 22 Abs. 3 Satz 1 NABEG" VWVFG, PP_ROLL_WORKDAY, true, 1,
		{ { 2, PP_UNIT_WEEK, PP_BEGIN_EVENT } } },
	{ "NABEG_AUSL", "§ 22 Abs. 3 Satz 1 NABEG" DISPLAYED, PP_ROLL_NONE, true, 1,
		{ { 1, PP_UNIT_MONTH, PP_BEGIN_DAYSTART } } },
	{ "NABEG_EINW", "§ 22 Abs. 4 Satz 1 NABEG" VWVFG, PP_ROLL_WORKDAY, true, 1,
		{ { 1, PP_UNIT_MONTH, PP_BEGIN_EVENT } } },
	{ "NABEG_TOEB", "§ 22 Abs. 2 Satz 1 NABEG (höchstens)" VWVFG, PP_ROLL_WORKDAY, true, 1,
		{ { 3, PP_UNIT_MONTH, PP_BEGIN_EVENT } } },
	{ "NABEG_AEND", "§ 22 Abs. 7 Satz 4 NABEG" VWVFG, PP_ROLL_WORKDAY, true, 1,
		{ { 2, PP_UNIT_WEEK, PP_BEGIN_EVENT } } },

	/* Permits for plants with participation of the public. */
	{ "BIMSCHG_AUSL", "§ 10 Abs. 3 Satz 2 BImSchG" DISPLAYED, PP_ROLL_NONE, true, 1,
		{ { 1, PP_UNIT_MONTH, PP_BEGIN_DAYSTART } } },
	{ "BIMSCHG_EINW", "§ 10 Abs. 3 Satz 8 BImSchG" VWVFG, PP_ROLL_WORKDAY, true, 1,
		{ { 2, PP_UNIT_WEEK, PP_BEGIN_EVENT } } },
	{ "BIMSCHG_EINW_IE", "§ 10 Abs. 3 Satz 8 BImSchG" VWVFG, PP_ROLL_WORKDAY, true, 1,
		{ { 1, PP_UNIT_MONTH, PP_BEGIN_EVENT } } },
	{ "BIMSCHG_TOEB", "§ 11 Abs. 1 Satz 1 der 9. BImSchV" VWVFG, PP_ROLL_WORKDAY, true, 1,
		{ { 1, PP_UNIT_MONTH, PP_BEGIN_EVENT } } },

	/* All procedures of authorities. */
	/* From the day of posting; nobody has to act by then, so that it does not roll. */
	{ "BEKANNTGABE", "§ 41 Abs. 2 VwVfG" PASSED, PP_ROLL_NONE, true, 1,
		{ { 4, PP_UNIT_DAY, PP_BEGIN_EVENT } } },
	{ "BEKANNTGABE_OEFF", "§ 41 Abs. 4 Satz 3 VwVfG" PASSED, PP_ROLL_NONE, true, 1,
		{ { 2, PP_UNIT_WEEK, PP_BEGIN_EVENT } } },
	{ "WIEDEREINSETZUNG", "§ 32 Abs. 2 Satz 1 VwVfG" VWVFG, PP_ROLL_WORKDAY, true, 1,
		{ { 2, PP_UNIT_WEEK, PP_BEGIN_EVENT } } },
	{ "WIEDEREINSETZUNG_ENDE", "§ 32 Abs. 3 VwVfG" VWVFG, PP_ROLL_WORKDAY, true, 1,
		{ { 12, PP_UNIT_MONTH, PP_BEGIN_EVENT } } },
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
