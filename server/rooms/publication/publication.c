/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Proof of publication: everything that is published of a procedure with the SHA-256 of its bytes,
 * for probes that fetch it through the public address, and what they saw.
 */
#include <pp/core/req.h>

#include "../rooms.h"

static const struct pp_field list_params[] = { PP_LIST_PARAMS, { 0 } };

static const struct pp_field failure_fields[] = {
	{ "address", PP_TEXT, .required = true, .min = 1, .max = 500 },
	{ "problem", PP_CHOICE, .required = true,
		.choices = "UNERREICHBAR|STATUS|VERAENDERT|VERZEICHNIS" },
	{ "status", PP_INTEGER, .nullable = true, .min = 0, .max = 999 },
	{ "expected", PP_TEXT, .nullable = true, .max = 64, .about = "SHA-256 that was published" },
	{ "found", PP_TEXT, .nullable = true, .max = 64, .about = "SHA-256 of what came" },
	{ "detail", PP_TEXT, .nullable = true, .max = 500 },
	{ 0 },
};
static const struct pp_field failure_list[] = {
	{ .kind = PP_OBJECT, .fields = failure_fields },
	{ 0 },
};

static const struct pp_field result_fields[] = {
	{ "probe", PP_TEXT, .required = true, .min = 1, .max = 80,
		.about = "Name of the probe, its own" },
	{ "url", PP_TEXT, .required = true, .min = 8, .max = 500,
		.about = "The public address that it looks at" },
	{ "every_s", PP_INTEGER, .required = true, .min = 1, .max = 86400 },
	{ "procedure", PP_ID, .required = true },
	{ "at", PP_INSTANT, .required = true, .about = "When the look began" },
	{ "ended_at", PP_INSTANT, .required = true },
	{ "entries", PP_INTEGER, .required = true, .min = 0, .max = 100000 },
	{ "failures", PP_LIST, .required = true, .max = 100, .fields = failure_list },
	{ 0 },
};
static const struct pp_field result_list[] = {
	{ .kind = PP_OBJECT, .fields = result_fields },
	{ 0 },
};

static const struct pp_field report_body[] = {
	{ "results", PP_LIST, .required = true, .min = 1, .max = 100, .fields = result_list },
	{ 0 },
};

const struct pp_route publication_routes[] = {
	{ PP_GET, "/publications", PP_ANYONE, .query = "publication_list", .params = list_params,
		.rate = PP_RATE_PUBLIC, .has_no_etag = true,
		.summary = "Procedures that ask the public now, for probes" },
	{ PP_GET, "/procedures/{procedure}/publication-manifest", PP_ANYONE,
		.query = "publication_manifest", .rate = PP_RATE_PUBLIC, .has_no_etag = true,
		.summary = "Everything that is published of a procedure, with SHA-256" },
	{ PP_GET, "/rounds/{round}/publication", PP_ANYONE, .query = "round_publication",
		.rate = PP_RATE_PUBLIC, .has_no_etag = true,
		.summary = "What is proved of a round's publication, and the gaps" },
	{ PP_POST, "/probe-results", PP_MANAGER | PP_OPERATOR, .query = "probe_report",
		.body = report_body, .summary = "Report what a probe saw, also from its file" },
	{ 0 },
};
