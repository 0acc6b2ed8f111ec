/* SPDX-License-Identifier: EUPL-1.2 */
/* Who stands in for whom in a body, and until when. */
#include <pp/core/req.h>

#include "../rooms.h"

static const struct pp_field create_body[] = {
	{ "deputy", PP_ID, .required = true,
		.about = "Account of a confirmed member of one's body" },
	{ "first_on", PP_DATE, .required = true, .about = "The first day, today or later" },
	{ "last_on", PP_DATE, .required = true, .about = "The last day, inclusive" },
	{ "account", PP_ID,
		.about = "For whom, where the body's administrator names a deputy; else oneself" },
	{ "administers", PP_BOOLEAN,
		.about = "Whether the deputy administers the body in their place, too" },
	{ 0 },
};

const struct pp_route deputy_routes[] = {
	{ PP_GET, "/deputies", PP_READER, .query = "deputy_list", .has_no_etag = true,
		.summary = "Who stands in for whom in one's body, now and later" },
	{ PP_POST, "/deputies", PP_READER, .query = "deputy_create", .body = create_body,
		.creates = true, .summary = "Have a colleague stand in from a day to a day" },
	{ PP_POST, "/deputies/{deputy}/end", PP_READER, .query = "deputy_end", .body = pp_no_fields,
		.summary = "End that at once" },
	{ 0 },
};
