/* SPDX-License-Identifier: EUPL-1.2 */
/* Which period is proposed for a step of participation, and which is the shortest. */
#include <pp/law/period.h>

#define ALL        "FNP,FNP_AENDERUNG,BP_REGEL,BP_13,BP_13A"
#define FULL       "FNP,FNP_AENDERUNG,BP_REGEL"
#define SIMPLIFIED "BP_13,BP_13A"
#define ROP        "ROP_LAND,ROP_REG"
#define PFV        "PFV,PFV_ENWG,PFV_FSTR"

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
	/* One period for public and authorities, at least as long as the publication. */
	{ ROP, "ROP_BET", "", "ROP_BET", "ROP_BET" },
	{ ROP, "ROP_ERNEUT", "", "ROP_ERNEUT", "ROP_ERNEUT_MIN" },
	{ "RVP", "RVP_BET", "", "RVP_BET", "RVP_BET" },
	/* The law names the longest only. */
	{ PFV, "PFV_AUFF", "", "PFV_TOEB", "" },
	{ PFV, "PFV_AUSL", "", "PFV_AUSL", "PFV_AUSL" },
	{ PFV, "PFV_AEND", "", "PFV_AEND", "PFV_AEND" },
	{ "PFV_NABEG", "PFV_AUFF", "", "NABEG_TOEB", "" },
	{ "PFV_NABEG", "PFV_AUSL", "", "NABEG_AUSL", "NABEG_AUSL" },
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
