/* SPDX-License-Identifier: EUPL-1.2 */
/* The codes of XPlanung and XBeteiligung, and what they are here. */
#include <pp/core/req.h>

#include "../rooms.h"

const struct pp_route code_routes[] = {
	{ PP_GET, "/codes/xplanung", PP_ANYONE, .query = "xplanung_list", .rate = PP_RATE_PUBLIC,
		.has_no_etag = true,
		.summary = "Codes of XPlanung 6.0 for states and kinds, both ways" },
	{ PP_GET, "/codes/xbeteiligung", PP_ANYONE, .query = "xbeteiligung_list",
		.rate = PP_RATE_PUBLIC, .has_no_etag = true,
		.summary = "Codes of XBeteiligung 1.2 for states, kinds and decisions, both ways" },
	{ 0 },
};
