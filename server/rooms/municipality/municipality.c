/* SPDX-License-Identifier: EUPL-1.2 */
/* Municipalities of the boundary version in force, and who adjoins whom. */
#include "import.h"
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

static const struct pp_field import_body[] = {
	{ "file", PP_TEXT, .required = true, .min = 1, .max = 200, .about = "Its name" },
	{ "size", PP_INTEGER, .required = true, .min = 1, .max = PP_IMPORT_MOST, .about = "Bytes" },
	{ "dataset", PP_TEXT, .required = true, .min = 1, .max = 200,
		.about = "What the data are called, such as VG250" },
	{ "date", PP_DATE, .required = true, .about = "The day that they describe" },
	{ "accuracy_m", PP_NUMBER, .required = true, .min = 0, .max = 10000,
		.about = "How far a border may be off: VG250 100, VG25 25, ALKIS 1" },
	{ "layer", PP_TEXT, .nullable = true, .min = 1, .max = 200,
		.about = "Of a file with several layers" },
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
	{ PP_POST, "/boundary-imports", PP_OPERATOR, .query = "boundary_import_create",
		.body = import_body, .creates = true,
		.summary = "Announce a file of boundaries; its bytes are uploaded" },
	{ PP_GET, "/boundary-imports", PP_OPERATOR, .query = "boundary_import_list",
		.params = version_params, .has_no_etag = true,
		.summary = "Files of boundaries that were uploaded, newest first" },
	{ PP_GET, "/boundary-imports/{import}", PP_OPERATOR, pp_import_show, .has_no_etag = true,
		.summary = "How far one is, and what was found (HEAD of tus 1.0.0)" },
	{ PP_PATCH, "/boundary-imports/{import}", PP_OPERATOR, pp_import_go_on,
		.media_types = "application/offset+octet-stream", .file_streams = true,
		.file_limit = PP_IMPORT_MOST, .deadline_ms = 60000, .ends = true,
		.summary = "Go on with its upload (tus 1.0.0)" },
	{ PP_POST, "/boundary-imports/{import}/apply", PP_OPERATOR,
		.query = "boundary_import_apply", .body = pp_no_fields,
		.summary = "Put in force what was checked" },
	{ PP_POST, "/boundary-imports/{import}/cancel", PP_OPERATOR,
		.query = "boundary_import_cancel", .body = pp_no_fields,
		.summary = "Throw one away that is not in force" },
	{ 0 },
};
