/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* The route tables of the rooms, for server/routes.c, and the few field tables that they share. */
#include <pp/core/openapi.h>

extern const struct pp_route account_routes[], affected_routes[], agency_routes[],
	attachment_routes[], assignment_routes[], audit_routes[], barrier_routes[], body_routes[],
	calendar_routes[], code_routes[], deadline_routes[], deputy_routes[], document_routes[],
	extension_routes[], feed_routes[], forwarding_routes[], handover_routes[], holiday_routes[],
	house_routes[], invitation_routes[], lateness_routes[], link_routes[], mail_routes[],
	municipality_routes[], ogc_routes[], outage_routes[], oversight_routes[], page_routes[],
	person_routes[], plan_routes[], privacy_routes[], procedure_life_routes[],
	procedure_routes[], public_page_routes[], publication_routes[], receipt_routes[],
	recomputation_routes[], release_routes[], reminder_routes[], round_routes[], rule_routes[],
	statement_routes[], subscription_routes[], tile_routes[], weighing_routes[], wfs_routes[];

/* What they answer, of the files answers.json (answers.py). */
extern const struct pp_answers pp_answers;

/* A statement by an invitation link. */
extern const struct pp_field pp_link_statement_fields[];

/* An action without values: an empty object, or nothing at all. */
extern const struct pp_field pp_no_fields[];
/* What a statement says, why it is taken back, and what of it others are not shown. */
extern const struct pp_field pp_statement_fields[], pp_withdraw_fields[], pp_redaction_list[];

/*
 * The last minute of a period is a crowd. Whoever was received in time waits for a receipt, also
 * behind a thousand others of the same procedure.
 */
#define PP_SUBMITTING_MS 30000

#define PP_GEOJSON_LIMIT (UINT64_C(16) << 20)
#define PP_FILE_LIMIT    (UINT64_C(200) << 20)

/* The two parameters of every list; put them first. */
#define PP_LIST_PARAMS                                                                             \
	{ "limit", PP_INTEGER, .min = 1, .max = 500, .about = "At most so many; 50 without" },     \
	{                                                                                          \
		"cursor", PP_TEXT,                                                                 \
			.min = 1, .max = 500,                                                      \
			.about = "Where the page begins: from `next` of the page before"           \
	}

/* What a body may think of a plan (contract: stance). */
#define PP_STANCES                                                                                 \
	"KEINE_BETROFFENHEIT|KEINE_BEDENKEN|HINWEISE|ANREGUNGEN|BEDENKEN|EINWENDUNG|ABLEHNUNG"
