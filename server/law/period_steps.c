/* SPDX-License-Identifier: EUPL-1.2 */
/* Which period is proposed for a step of participation, and which is the shortest. */
#include <pp/law/period.h>

#define ALL        "FNP,FNP_AENDERUNG,BP_REGEL,BP_13,BP_13A"
#define FULL       "FNP,FNP_AENDERUNG,BP_REGEL"
#define SIMPLIFIED "BP_13,BP_13A"
#define ROP        "ROP_LAND,ROP_REG"
#define PFV        "PFV,PFV_FSTR"
#define ALONE      PP_STEP_ALONE

/* The first row that matches counts. */
static const struct pp_step_period steps[] = {
	/* §§ 3 (1), 4 (1) BauGB name no length; § 13 (2) sentence 1 no. 1 lets them be left out. */
	{ ALL, "FRUEH_OEFF", "", "FRUEH_OEFF_BAUGB", "", "", ALONE },
	{ ALL, "FRUEH_TOEB", "", "FRUEH_TOEB_BAUGB", "", "", ALONE },
	{ FULL, "FOERM_OEFF", "", "AUSLEGUNG_BAUGB", "AUSLEGUNG_BAUGB", "", ALONE },
	{ FULL, "FOERM_TOEB", "", "TOEB_BAUGB", "TOEB_BAUGB", "TOEB_BAUGB", ALONE },
	/* § 13 (2) sentence 1 nos. 2 and 3 BauGB, to which § 13a (2) no. 1 refers: a reasonable
	 * period, or the publication under § 3 (2) and the participation under § 4 (2). */
	{ SIMPLIFIED, "FOERM_OEFF", "", "AUSLEGUNG_BAUGB", "ANGEMESSEN_OEFF_BAUGB", "", ALONE },
	{ SIMPLIFIED, "FOERM_TOEB", "", "TOEB_BAUGB", "ANGEMESSEN_TOEB_BAUGB",
		"ANGEMESSEN_TOEB_BAUGB", ALONE },
	{ ALL, "ERNEUT", "OEFF", "ERNEUT_OEFF_BAUGB", "ERNEUT_OEFF_BAUGB_MIN", "", ALONE },
	{ ALL, "ERNEUT", "", "ERNEUT_TOEB_BAUGB", "ERNEUT_TOEB_BAUGB_MIN", "ERNEUT_TOEB_BAUGB_MIN",
		ALONE },
	/* One period for public and authorities, at least as long as the publication. Whoever is
	 * told later has it from the receipt. */
	{ ROP, "ROP_BET", "OEFF", "ROP_BET", "ROP_BET", "", ALONE },
	{ ROP, "ROP_BET", "", "ROP_BET", "ROP_BET", "ROP_BET_STELLE", ALONE },
	{ ROP, "ROP_ERNEUT", "OEFF", "ROP_ERNEUT", "ROP_ERNEUT_MIN", "", ALONE },
	{ ROP, "ROP_ERNEUT", "", "ROP_ERNEUT", "ROP_ERNEUT_MIN", "ROP_ERNEUT_STELLE_MIN", ALONE },
	{ "RVP", "RVP_BET", "OEFF", "RVP_BET", "RVP_BET", "", ALONE },
	{ "RVP", "RVP_BET", "", "RVP_BET", "RVP_BET", "RVP_BET_STELLE", ALONE },
	/* The law names the longest only. */
	{ PFV ",PFV_ENWG", "PFV_AUFF", "", "PFV_TOEB", "", "", ALONE },
	{ "PFV_NABEG", "PFV_AUFF", "", "NABEG_TOEB", "", "", ALONE },
	{ PFV, "PFV_AUSL", "", "PFV_AUSL", "PFV_AUSL", "", PP_STEP_DISPLAYS },
	{ "PFV_ENWG", "PFV_AUSL", "", "ENWG_AUSL", "ENWG_AUSL", "", PP_STEP_DISPLAYS },
	{ "PFV_NABEG", "PFV_AUSL", "", "NABEG_AUSL", "NABEG_AUSL", "", PP_STEP_DISPLAYS },
	{ "BIMSCH", "PFV_AUSL", "", "BIMSCHG_AUSL", "BIMSCHG_AUSL", "", PP_STEP_DISPLAYS },
	{ PFV ",PFV_ENWG", "PFV_EINW", "", "PFV_EINW", "PFV_EINW", "", PP_STEP_AFTER_DISPLAY },
	{ "PFV_NABEG", "PFV_EINW", "", "NABEG_EINW", "NABEG_EINW", "", PP_STEP_AFTER_DISPLAY },
	{ "BIMSCH", "PFV_EINW", "", "BIMSCHG_EINW", "BIMSCHG_EINW", "", PP_STEP_AFTER_DISPLAY },
	{ PFV ",PFV_ENWG", "PFV_AEND", "", "PFV_AEND", "PFV_AEND", "PFV_AEND", ALONE },
};

/* The first rule of a kind is that without more; which one holds follows from the project. */
static const struct {
	const char *kinds, *rule;
} objections[] = {
	{ PFV ",PFV_ENWG", "PFV_EINW" },
	/* Where an environmental impact assessment is due; for all objections (§ 21 (5) UVPG). */
	{ PFV ",PFV_ENWG", "PFV_EINW_UVP" },
	{ "PFV_NABEG", "NABEG_EINW" },
	{ "BIMSCH", "BIMSCHG_EINW" },
	/* Plants under the Industrial Emissions Directive. */
	{ "BIMSCH", "BIMSCHG_EINW_IE" },
};

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

const struct pp_period_rule *pp_objection_rule(struct pp_slice kind, struct pp_slice named)
{
	for (size_t i = 0; i < PP_LENGTH(objections); i++) {
		struct pp_slice rule = pp_slice_of(objections[i].rule);

		if (is_one_of(kind, pp_slice_of(objections[i].kinds)) &&
			(named.len == 0 || pp_slice_is(named, rule)))
			return pp_period_rule_named(rule);
	}
	return NULL;
}
