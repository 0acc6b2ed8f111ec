/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the planning authority of a Land watches: the notifications of planning that it has to
 * answer, and every procedure that it may see, with its distance to another Land.
 */
#include <pp/core/extent.h>

#include "../rooms.h"

static const struct pp_field notification_params[] = {
	PP_LIST_PARAMS,
	{ "procedure", PP_ID, .about = "Of that procedure alone" },
	{ "open", PP_BOOLEAN, .about = "true: waits for an answer; false: is over" },
	{ 0 },
};

static const struct pp_field procedure_params[] = {
	PP_LIST_PARAMS,
	{ "q", PP_TEXT, .min = 1, .max = 200,
		.about = "Words of title, number, reference or place" },
	{ "land", PP_TEXT, .min = 2, .max = 2, .about = "Two digits" },
	{ "kind", PP_CHOICE, .choices = PP_KINDS },
	{ "state", PP_TEXT, .min = 3, .max = 40 },
	{ "running", PP_BOOLEAN, .about = "true: has not ended; false: has" },
	{ "border_km", PP_INTEGER, .min = 0, .max = 20,
		.about = "The newest plan lies at most so far from the other Land" },
	{ 0 },
};

const struct pp_route oversight_routes[] = {
	{ PP_GET, "/oversight/notifications", PP_OVERSIGHT, .query = "oversight_notifications",
		.params = notification_params, .has_no_etag = true,
		.summary = "Notifications of planning (Planungsanzeigen) to one's authority, the "
			   "soonest end first" },
	{ PP_GET, "/oversight/procedures", PP_OVERSIGHT, .query = "oversight_procedures",
		.params = procedure_params, .has_no_etag = true,
		.summary = "Procedures that one's authority may see, with extent and distance to "
			   "the other Land" },
	{ 0 },
};
