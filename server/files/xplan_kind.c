/* SPDX-License-Identifier: EUPL-1.2 */
/* Enumerations of XPlanGML 6.0 (BP_PlanArt, BP_Verfahren, FP_PlanArt, RP_Art) and our kinds. */
#include "xplan.h"

/* An empty column stands for any value. The first row that fits is taken. */
static const struct kind_row {
	const char *object, *plan_art, *verfahren;
	const char *kind; /* "" where no kind of procedure fits */
	const char *assumed;
} kinds[] = {
	/* Statutes under §§ 34 and 35 BauGB and local building rules are no development plans. */
	{ "BP_Plan", "4000", "", "", "a statute under section 34 BauGB" },
	{ "BP_Plan", "40000", "", "", "a statute under section 34 BauGB" },
	{ "BP_Plan", "40001", "", "", "a statute under section 34 BauGB" },
	{ "BP_Plan", "40002", "", "", "a statute under section 34 BauGB" },
	{ "BP_Plan", "5000", "", "", "a statute under section 35 (6) BauGB" },
	{ "BP_Plan", "7000", "", "", "a local building rule" },
	{ "BP_Plan", "", "1000", "BP_REGEL", NULL },
	{ "BP_Plan", "", "2000", "BP_13", NULL },
	{ "BP_Plan", "", "3000", "BP_13A", NULL },
	/* § 13b BauGB, repealed, followed the procedure of § 13a. */
	{ "BP_Plan", "", "4000", "BP_13A", "the repealed section 13b BauGB counts as 13a" },
	{ "BP_Plan", "", "", "BP_REGEL",
		"no verfahren is given, the regular procedure is assumed" },
	{ "FP_Plan", "", "", "FNP", NULL },
	{ "RP_Plan", "2001", "", "ROP_LAND", NULL },
	{ "RP_Plan", "4000", "", "ROP_LAND", NULL },
	{ "RP_Plan", "1000", "", "ROP_REG", NULL },
	{ "RP_Plan", "2000", "", "ROP_REG", NULL },
	{ "RP_Plan", "6000", "", "ROP_REG", NULL },
	{ "RP_Plan", "", "", "", "no kind of procedure belongs to this planArt" },
	{ "", "", "", "", "no kind of procedure belongs to this class of plans" },
};

static bool fits(const char *wanted, struct pp_slice value)
{
	return !*wanted || pp_slice_is(value, pp_slice_of(wanted));
}

const char *pp_xplan_kind(const struct pp_xplan *plan, const char **assumed)
{
	const struct kind_row *row = kinds;

	while (!fits(row->object, plan->plan.object) || !fits(row->plan_art, plan->plan.plan_art) ||
		!fits(row->verfahren, plan->plan.verfahren))
		row++;
	*assumed = row->assumed;
	/* A plan that says which plan it changes is no whole land-use plan. */
	if (plan->changes_another && pp_slice_is(plan->plan.object, PP_S("FP_Plan")))
		return "FNP_AENDERUNG";
	return row->kind;
}

bool pp_xplan_is_vorhabenbezogen(const struct pp_xplan *plan)
{
	return pp_slice_is(plan->plan.object, PP_S("BP_Plan")) &&
		(pp_slice_is(plan->plan.plan_art, PP_S("3000")) ||
			pp_slice_is(plan->plan.plan_art, PP_S("3100")));
}

/* domain: 01 to 16, then digits; 00000000 stands in test files. */
static bool is_key(struct pp_slice key, size_t digits)
{
	if (key.len != digits)
		return false;
	for (size_t i = 0; i < key.len; i++)
		if (key.at[i] < '0' || key.at[i] > '9')
			return false;
	return pp_slice_order(pp_slice(key.at, 2), PP_S("01")) >= 0 &&
		pp_slice_order(pp_slice(key.at, 2), PP_S("16")) <= 0;
}

static void add_key(struct pp_xplan *plan, struct pp_slice ags)
{
	for (size_t i = 0; i < plan->plan.ags.count; i++)
		if (pp_slice_is(plan->plan.ags.at[i], ags))
			return;
	plan->plan.ags.at[plan->plan.ags.count++] = ags;
}

void pp_xplan_keys(const struct pp_files_job *job, struct pp_xplan *plan)
{
	const struct pp_xplan_municipalities *list = plan->planning.count ? &plan->planning
									  : &plan->lying;

	plan->plan.ags.at = PP_NEW_ARRAY(job->arena, struct pp_slice, list->count);
	for (size_t i = 0; i < list->count; i++) {
		struct pp_slice ags = list->at[i].ags, rs = list->at[i].rs;

		if (is_key(ags, 8))
			add_key(plan, ags);
		else if (is_key(rs, 12)) /* AGS = RS without the four digits of the Verband */
			add_key(plan, pp_format(job->arena, "%.5s%.3s", rs.at, rs.at + 9));
		else
			pp_files_warn(job, plan->plan.place,
				"\"%.*s\" is not the key (AGS) of a municipality and is left out.",
				(int)(ags.len < 40 ? ags.len : 40), ags.at);
	}
}
