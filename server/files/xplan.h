/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * XPlanGML 4.0 to 6.1: the plans of a file and their spatial extent (raeumlicherGeltungsbereich).
 * Nothing else of a plan is judged; what is odd beside the extent is a warning.
 */
#include "files.h"
#include "gml.h"

enum { PP_XPLAN_MUNICIPALITIES_MAX = 200 };

/* XP_Gemeinde as the file has it, right or wrong. */
struct pp_xplan_municipalities {
	struct pp_xplan_municipality {
		struct pp_slice ags, rs;
	} at[PP_XPLAN_MUNICIPALITIES_MAX];
	size_t count;
};

/* A plan as it was found, before anybody chose. */
struct pp_xplan {
	struct pp_filejob_plan plan;             /* without ags, kind and wkb */
	struct pp_slice id;                      /* gml:id */
	struct pp_xplan_municipalities planning; /* planaufstellendeGemeinde */
	struct pp_xplan_municipalities lying;    /* gemeinde */
	bool changes_another;                    /* aendertPlan */
	bool is_complete;                        /* its end was read */
	struct pp_shape shape;
	bool is_composite, is_pending, dropped_z, has_extent, has_fault;
	struct pp_fault fault; /* of the extent */
	int line;
};

/*
 * Reads all plans and hands the chosen ones to the sink. *is_xplan says whether the document is
 * XPlanGML at all; where it is not, nothing was handed over and the result is true when it is
 * well-formed XML.
 */
PP_CHECKED bool pp_xplan_read(const struct pp_files_job *job, struct pp_slice document,
	const struct pp_filejob_plans *ask, bool *is_xplan, struct pp_fault *fault);

/* One plan on whose element the reader stands. */
void pp_xplan_read_plan(struct pp_xml *xml, struct pp_gml_refs *refs, struct pp_slice default_srs,
	struct pp_xplan *plan);
bool pp_xplan_is_plan(const struct pp_xml *xml);
/* "5.1" of http://www.xplanung.de/xplangml/5/1; empty for another namespace. */
struct pp_slice pp_xplan_version(struct pp_arena *arena, struct pp_slice space);

/*
 * The kind of procedure (contract.md) that the codes of a plan stand for, empty where none does,
 * and a sentence where something had to be assumed, else NULL.
 */
const char *pp_xplan_kind(const struct pp_xplan *plan, const char **assumed);
/*
 * The planning municipalities: planaufstellendeGemeinde, else gemeinde. Keys that are no AGS are
 * left out with a warning, an AGS that only follows from the RS is used.
 */
void pp_xplan_keys(const struct pp_files_job *job, struct pp_xplan *plan);
/* § 12 BauGB: BP_PlanArt 3000 and 3100. */
bool pp_xplan_is_vorhabenbezogen(const struct pp_xplan *plan);
