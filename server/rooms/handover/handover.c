/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A draft of somebody of the public on its way to another device: sealed in the browser, found by a
 * random id, readable by whoever has the key that only the link holds, behind its #.
 */
#include "../rooms.h"

static const struct pp_field make_body[] = {
	{ "sealed", PP_TEXT, .required = true, .min = 40, .max = 524288,
		.about = "Base64 (RFC 4648 §4): 12 bytes that are used once, then AES-256-GCM" },
	{ 0 },
};

const struct pp_route handover_routes[] = {
	{ PP_POST, "/rounds/{round}/handovers", PP_ANYONE, .query = "handover_make",
		.body = make_body, .rate = PP_RATE_COSTLY, .creates = true,
		.summary = "Hand a draft over to another device, sealed, for a week" },
	{ PP_GET, "/handovers/{handover}", PP_ANYONE, .query = "handover_show",
		.rate = PP_RATE_PUBLIC, .has_no_etag = true,
		.summary = "A draft that was handed over, as it was sealed" },
	{ PP_DELETE, "/handovers/{handover}", PP_ANYONE, .query = "handover_end",
		.rate = PP_RATE_PUBLIC, .ends = true, .has_no_etag = true,
		.summary = "Forget a draft that was taken over" },
	{ 0 },
};
