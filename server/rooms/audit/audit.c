/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What was recorded, for those who check it: entries of the audit chain, seals with the proof of an
 * entry, and who has read what private persons say. Hashes, instants and ids; no word of anybody's.
 */
#include <pp/core/req.h>

#include "../rooms.h"

#define PROCEDURE                                                                                  \
	{                                                                                          \
		"procedure", PP_ID, .about = "Of this procedure; needed by whoever is no auditor"  \
	}
#define WINDOW                                                                                     \
	{ "since", PP_INSTANT, .about = "Not before it" },                                         \
	{                                                                                          \
		"until", PP_INSTANT, .about = "Before it"                                          \
	}

static const struct pp_field entry_params[] = {
	PP_LIST_PARAMS,
	PROCEDURE,
	{ "relation", PP_TEXT, .min = 1, .max = 63, .about = "Of rows of this table" },
	{ "account", PP_ID, .about = "By this account" },
	{ "action", PP_CHOICE, .choices = "insert|update|adopt", .about = "What was done" },
	WINDOW,
	{ 0 },
};
static const struct pp_field proof_params[] = {
	{ "seal", PP_INTEGER, .min = 1, .max = INT64_MAX,
		.about = "Proved by the seal of this number; by the newest without" },
	{ 0 },
};
static const struct pp_field seal_params[] = { PP_LIST_PARAMS, { 0 } };
static const struct pp_field reading_params[] = {
	PP_LIST_PARAMS,
	PROCEDURE,
	{ "statement", PP_ID, .about = "Of this statement" },
	{ "person", PP_ID, .about = "Of this person" },
	{ "account", PP_ID, .about = "By this account" },
	WINDOW,
	{ 0 },
};

const struct pp_route audit_routes[] = {
	{ PP_GET, "/audit/entries", PP_AUDITOR | PP_MANAGER, .query = "audit_entry_list",
		.params = entry_params, .has_no_etag = true,
		.summary = "What was recorded, newest first: who, when, what kind; no contents" },
	{ PP_GET, "/audit/entries/{chain}/{seq}", PP_AUDITOR | PP_MANAGER,
		.query = "audit_entry_show", .params = proof_params, .has_no_etag = true,
		.summary = "One entry, with the proof that a seal covers it" },
	{ PP_GET, "/audit/seals", PP_AUDITOR, .query = "audit_seal_list", .params = seal_params,
		.has_no_etag = true, .summary = "The sealed roots, newest first" },
	{ PP_GET, "/audit/readings", PP_AUDITOR | PP_MANAGER, .query = "audit_reading_list",
		.params = reading_params, .has_no_etag = true,
		.summary = "Who has read what private persons say, when and for what" },
	{ 0 },
};
