/* SPDX-License-Identifier: EUPL-1.2 */
/* Who of a body looks after what it was asked, or what it weighs: the body's own matter. */
#include <pp/core/req.h>

#include "../rooms.h"

#define ASSIGNERS (PP_CLERK | PP_RELEASER | PP_MANAGER | PP_BODY_ADMIN)

static const struct pp_field assign_body[] = {
	{ "account", PP_ID, .required = true, .nullable = true,
		.about = "A confirmed member of one's body; null: nobody" },
	{ 0 },
};

const struct pp_route assignment_routes[] = {
	{ PP_GET, "/colleagues", PP_READER, .query = "colleague_list", .has_no_etag = true,
		.summary = "Members of one's body, whom something can be assigned" },
	{ PP_GET, "/invitations/{invitation}/assignment", PP_READER,
		.query = "invitation_assignment",
		.summary = "Who of one's body looks after an invitation" },
	{ PP_PUT, "/invitations/{invitation}/assignment", ASSIGNERS, .query = "invitation_assign",
		.body = assign_body, .summary = "Say who of one's body looks after an invitation" },
	{ PP_GET, "/statements/{statement}/assignment", PP_READER, .query = "statement_assignment",
		.summary = "Who of the planning body looks after a statement" },
	{ PP_PUT, "/statements/{statement}/assignment", ASSIGNERS, .query = "statement_assign",
		.body = assign_body,
		.summary = "Say who of the planning body looks after a statement" },
	{ 0 },
};
