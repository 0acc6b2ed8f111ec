/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The register of public agencies (Träger öffentlicher Belange): what they look after; and lists of
 * bodies that are asked together.
 */
#include <pp/core/req.h>

#include "../rooms.h"

static const struct pp_field list_params[] = { PP_LIST_PARAMS, { 0 } };
static const struct pp_field body_list[] = { { .kind = PP_BODY_KEY }, { 0 } };

#define LIST_FIELDS(needed)                                                                        \
	{ "name", PP_TEXT, .required = needed, .min = 1, .max = 200 },                             \
		{ "about", PP_TEXT, .nullable = true, .max = 2000, .about = "What it is for" },    \
		{ "bodies", PP_LIST, .required = needed, .max = 1000, .fields = body_list,         \
			.about = "Whom it holds" },                                                \
		{ "shared", PP_BOOLEAN, .about = "Other bodies may read and use it" },             \
	{                                                                                          \
		0                                                                                  \
	}

static const struct pp_field create_body[] = { LIST_FIELDS(true) };
static const struct pp_field change_body[] = { LIST_FIELDS(false) };

const struct pp_route agency_routes[] = {
	{ PP_GET, "/body-themes", PP_ANYONE, .query = "agency_theme_list", .rate = PP_RATE_PUBLIC,
		.has_no_etag = true,
		.summary = "What public agencies look after, and which plans touch it" },
	{ PP_GET, "/distribution-lists", PP_READER, .query = "distribution_list_list",
		.params = list_params, .has_no_etag = true,
		.summary = "Distribution lists of one's body, and those that others share" },
	{ PP_POST, "/distribution-lists", PP_MANAGER, .query = "distribution_list_create",
		.body = create_body, .creates = true, .summary = "Make a distribution list" },
	{ PP_GET, "/distribution-lists/{list}", PP_READER, .query = "distribution_list_show",
		.summary = "One distribution list with its members" },
	{ PP_PATCH, "/distribution-lists/{list}", PP_MANAGER, .query = "distribution_list_change",
		.body = change_body, .summary = "Change a list of one's own body" },
	{ PP_DELETE, "/distribution-lists/{list}", PP_MANAGER, .query = "distribution_list_end",
		.ends = true, .summary = "End a list; it stays on record" },
	{ 0 },
};
