/* SPDX-License-Identifier: EUPL-1.2 */
/* The register of public agencies (Träger öffentlicher Belange): what they look after. */
#include <pp/core/req.h>

#include "../rooms.h"

const struct pp_route agency_routes[] = {
	{ PP_GET, "/body-themes", PP_ANYONE, .query = "agency_theme_list", .rate = PP_RATE_PUBLIC,
		.has_no_etag = true,
		.summary = "What public agencies look after, and which plans touch it" },
	{ 0 },
};
