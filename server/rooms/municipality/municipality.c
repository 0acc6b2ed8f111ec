/* SPDX-License-Identifier: EUPL-1.2 */
/* Municipalities of the boundary version in force, and who adjoins whom. */
#include <pp/core/req.h>

#include "../rooms.h"

static const struct pp_field list_params[] = {
	PP_LIST_PARAMS,
	{ "q", PP_TEXT, .min = 1, .max = 100, .about = "Part of the name, or an AGS" },
	{ "land", PP_TEXT, .min = 2, .max = 2, .about = "Two digits" },
	{ "bbox", PP_BBOX, .about = "minx,miny,maxx,maxy in CRS84" },
	{ 0 },
};

static const struct pp_field version_params[] = { PP_LIST_PARAMS, { 0 } };

static const struct pp_field change_params[] = {
	PP_LIST_PARAMS,
	{ "since_version", PP_INTEGER, .min = 1, .max = INT64_MAX,
		.about = "Against this version; against the one before without" },
	{ 0 },
};

static const struct pp_field neighbour_params[] = {
	{ "cross_border", PP_BOOLEAN,
		.about = "Only those of another Land, or only those of the same" },
	{ 0 },
};

const struct pp_route municipality_routes[] = {
	{ PP_GET, "/municipalities", PP_ANYONE, .query = "municipality_list", .params = list_params,
		.rate = PP_RATE_PUBLIC, .summary = "Municipalities by name, Land or place" },
	{ PP_GET, "/municipalities/{ags}", PP_ANYONE, .query = "municipality_show",
		.rate = PP_RATE_PUBLIC, .summary = "One municipality" },
	{ PP_GET, "/municipalities/{ags}/neighbours", PP_ANYONE, .query = "municipality_neighbours",
		.params = neighbour_params, .rate = PP_RATE_PUBLIC,
		.summary = "Who adjoins a municipality, along a line or in a point" },
	{ PP_GET, "/boundary-versions", PP_ANYONE, .query = "boundary_version_list",
		.params = version_params, .rate = PP_RATE_PUBLIC,
		.summary = "Versions of the boundaries, newest first" },
	{ PP_GET, "/boundary-versions/{version}", PP_ANYONE, .query = "boundary_version_show",
		.rate = PP_RATE_PUBLIC,
		.summary = "One version of the boundaries, with what its import repaired" },
	{ PP_GET, "/boundary-versions/{version}/changes", PP_OPERATOR,
		.query = "boundary_version_changes", .params = change_params,
		.rate = PP_RATE_COSTLY, .has_no_etag = true,
		.summary = "Which areas were added, removed, renamed or moved by a version" },
	{ 0 },
};
