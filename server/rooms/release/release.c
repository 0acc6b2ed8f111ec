/* SPDX-License-Identifier: EUPL-1.2 */
/* Release by a second person: handed in by one, let go or given back by another. */
#include <pp/core/req.h>

#include "../rooms.h"

#define WRITERS   (PP_CLERK | PP_RELEASER)
#define RELEASERS (PP_RELEASER | PP_MANAGER)

static const struct pp_field list_params[] = {
	{ "limit", PP_INTEGER, .min = 1, .max = 500, .about = "50 without" },
	{ "settled", PP_BOOLEAN, .about = "Those that wait no more, newest first" },
	{ 0 },
};

static const struct pp_field resolution_fields[] = {
	{ "decided_on", PP_DATE, .required = true, .about = "Day of the council's resolution" },
	{ "outcome", PP_CHOICE, .required = true, .choices = "BESTAETIGT|GEAENDERT|ABGELEHNT" },
	{ "reference", PP_TEXT, .nullable = true, .max = 200 },
	{ "text", PP_TEXT, .nullable = true, .max = 100000 },
	{ 0 },
};

static const struct pp_field statement_body[] = {
	{ "kind", PP_CHOICE, .required = true, .choices = "ERGAENZUNG|RUECKNAHME|BESCHLUSS" },
	{ "supplement", PP_OBJECT, .fields = pp_statement_fields, .only = "ERGAENZUNG",
		.about = "What is added" },
	{ "reason", PP_TEXT, .nullable = true, .max = 4000, .only = "RUECKNAHME",
		.about = "Of the withdrawal" },
	{ "resolution", PP_OBJECT, .fields = resolution_fields, .only = "BESCHLUSS",
		.about = "Of the council, on a reserved statement" },
	{ 0 },
};

static const struct pp_field weighing_body[] = {
	{ "resolved_on", PP_DATE, .required = true, .about = "Day of the resolution" },
	{ "reference", PP_TEXT, .required = true, .min = 1, .max = 200,
		.about = "Number of the resolution or of the paper" },
	{ "council", PP_TEXT, .required = true, .min = 1, .max = 200, .about = "Who resolved" },
	{ 0 },
};

static const struct pp_field reason_body[] = {
	{ "reason", PP_TEXT, .required = true, .min = 1, .max = 4000,
		.about = "For whoever has handed it in" },
	{ 0 },
};

const struct pp_route release_routes[] = {
	{ PP_GET, "/releases", WRITERS | PP_MANAGER, .query = "release_list", .params = list_params,
		.has_no_etag = true, .summary = "What waits in one's body for a second person" },
	{ PP_GET, "/releases/{release}", WRITERS | PP_MANAGER, .query = "release_show",
		.has_no_etag = true, .summary = "One of them, as it was handed in" },
	{ PP_POST, "/drafts/{draft}/hand-in", WRITERS, .query = "draft_hand_in",
		.body = pp_no_fields, .creates = true,
		.summary = "Hand a draft in, for a second person to release it" },
	{ PP_POST, "/statements/{statement}/hand-in", WRITERS, .query = "statement_hand_in",
		.body = statement_body, .creates = true,
		.summary = "Hand in a supplement, a withdrawal or a resolution" },
	{ PP_POST, "/procedures/{procedure}/weighing/hand-in", PP_MANAGER,
		.query = "weighing_hand_in", .body = weighing_body, .creates = true,
		.summary = "Hand in the council's resolution on all proposals" },
	{ PP_POST, "/releases/{release}/release", RELEASERS, .binds = true,
		.query = "release_release", .signs = true, .deadline_ms = PP_SUBMITTING_MS,
		.body = pp_no_fields,
		.summary = "Let it go out, as somebody else than who has written it" },
	{ PP_POST, "/releases/{release}/give-back", RELEASERS, .query = "release_give_back",
		.body = reason_body, .summary = "Give it back with a reason" },
	{ PP_POST, "/releases/{release}/take-back", WRITERS | PP_MANAGER,
		.query = "release_take_back", .body = pp_no_fields,
		.summary = "Take back what one has written or handed in" },
	{ 0 },
};
