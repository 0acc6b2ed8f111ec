/* SPDX-License-Identifier: EUPL-1.2 */
/* Planning procedures: filed, found, changed, published and withdrawn; never deleted. */
#include <pp/core/extent.h>

#include "../rooms.h"

static const struct pp_field list_params[] = {
	PP_LIST_PARAMS,
	{ "q", PP_TEXT, .min = 1, .max = 200,
		.about = "Words of title, number, reference or place" },
	{ "ags", PP_AGS, .about = "Of a planning municipality" },
	{ "land", PP_TEXT, .min = 2, .max = 2, .about = "Two digits" },
	{ "kind", PP_CHOICE, .choices = PP_KINDS },
	{ "project", PP_TEXT, .min = 1, .max = 200, .about = "Sections of that project" },
	{ "state", PP_TEXT, .min = 3, .max = 40 },
	{ "bbox", PP_BBOX, .about = "minx,miny,maxx,maxy in CRS84; meets the newest plan" },
	{ "running", PP_BOOLEAN, .about = "true: has not ended; false: has" },
	{ "phase", PP_CHOICE, .choices = "LAEUFT|KOMMT|VORBEI",
		.about = "Of the participation of the public" },
	{ "cross_border", PP_BOOLEAN,
		.about = "Whether it affects a municipality of another Land" },
	{ "near", PP_TEXT, .min = 3, .max = 60,
		.about = "longitude,latitude; the newest plan lies within km of that place" },
	{ "km", PP_INTEGER, .min = 1, .max = 100, .about = "Around near; 5 without" },
	{ 0 },
};

#define PROCEDURE_FIELDS(needed)                                                                   \
	{ "kind", PP_CHOICE, .required = needed, .choices = PP_KINDS },                            \
		{ "title", PP_TEXT, .required = needed, .min = 3, .max = 500 },                    \
		{ "reference", PP_TEXT, .nullable = true, .max = 200,                              \
			.about = "File number of the body" },                                      \
		{ "planning_municipalities", PP_LIST, .max = 200, .fields = pp_ags_list,           \
			.about = "AGS; several for a joint plan, none with applicant_body" },      \
		{ "applicant_body", PP_BODY_KEY, .nullable = true,                                 \
			.about = "Who plans where no municipality does (regional plans, power "    \
				 "lines)" },                                                       \
		{ "vorhabenbezogen", PP_BOOLEAN, .about = "§ 12 BauGB" },                          \
		{ "project", PP_TEXT, .nullable = true, .min = 1, .max = 200,                      \
			.about = "The same for all sections of one project" },                     \
		{ "section", PP_TEXT, .nullable = true, .min = 1, .max = 100,                      \
			.about = "Which section this is" },                                        \
	{                                                                                          \
		"subjects", PP_LIST, .max = 20, .fields = pp_subject_list,                         \
				     .about = "What is planned"                                    \
	}

static const struct pp_field create_body[] = { PROCEDURE_FIELDS(true),
	{ "law_on", PP_DATE,
		.about = "Day of its formal beginning, whose law holds (§ 233 (1) BauGB); without, "
			 "today" },
	{ "planner_body", PP_BODY_KEY,
		.about = "Whose procedure it is: the body that one acts for" },
	{ 0 } };
static const struct pp_field change_body[] = { PROCEDURE_FIELDS(false), { 0 } };

static const struct pp_field withdraw_body[] = {
	{ "reason", PP_TEXT, .required = true, .min = 5, .max = 4000 },
	{ 0 },
};

static const struct pp_field resolve_body[] = {
	{ "resolved_on", PP_DATE, .required = true, .about = "Day of the resolution" },
	{ "antrag_vom", PP_DATE, .about = "Day of the applicant's request (§ 12 (2) BauGB)" },
	{ 0 },
};

const struct pp_route procedure_routes[] = {
	{ PP_GET, "/procedures", PP_ANYONE, .query = "procedure_search", .params = list_params,
		.rate = PP_RATE_PUBLIC, .summary = "Procedures that one may see, newest first" },
	{ PP_POST, "/procedures", PP_MANAGER, .query = "procedure_create", .body = create_body,
		.creates = true, .summary = "File a procedure" },
	{ PP_GET, "/procedures/{procedure}", PP_ANYONE, .query = "procedure_show",
		.rate = PP_RATE_PUBLIC, .summary = "One procedure" },
	{ PP_GET, "/procedures/{procedure}/overview", PP_ANYONE, .query = "procedure_overview",
		.rate = PP_RATE_PUBLIC, .has_no_etag = true,
		.summary = "One procedure in words, with time left, versions and documents" },
	{ PP_PATCH, "/procedures/{procedure}", PP_MANAGER, .query = "procedure_change",
		.body = change_body, .summary = "Change a procedure" },
	{ PP_POST, "/procedures/{procedure}/resolve", PP_MANAGER, .query = "procedure_resolve",
		.body = resolve_body,
		.summary = "Record the resolution to draw up the plan (§ 2 (1) BauGB)" },
	{ PP_POST, "/procedures/{procedure}/publish", PP_MANAGER, .query = "procedure_publish",
		.body = pp_no_fields, .summary = "Let the public see the procedure" },
	{ PP_POST, "/procedures/{procedure}/withdraw", PP_MANAGER, .query = "procedure_withdraw",
		.body = withdraw_body,
		.summary = "End a procedure with a reason; it stays on record" },
	{ 0 },
};
