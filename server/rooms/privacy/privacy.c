/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Data protection of a procedure: what people are told before they write (Art. 13 GDPR), how long
 * they are kept, what stops their erasure, and erasing them (Art. 17 GDPR), which is the deletion
 * of their key.
 */
#include <pp/core/req.h>

#include "../rooms.h"

static const struct pp_field contact_fields[] = {
	{ "name", PP_TEXT, .required = true, .min = 2, .max = 300 },
	{ "street", PP_TEXT, .nullable = true, .max = 200 },
	{ "postcode", PP_TEXT, .nullable = true, .max = 20 },
	{ "town", PP_TEXT, .nullable = true, .max = 200 },
	{ "email", PP_EMAIL, .nullable = true },
	{ "phone", PP_TEXT, .nullable = true, .max = 50 },
	{ 0 },
};
static const struct pp_field notice_body[] = {
	{ "version", PP_TEXT, .required = true, .min = 1, .max = 100,
		.about = "What consents name" },
	{ "controller", PP_OBJECT, .required = true, .fields = contact_fields,
		.about = "Who decides about the processing (Art. 4 no. 7 GDPR)" },
	{ "officer", PP_OBJECT, .nullable = true, .fields = contact_fields,
		.about = "Data protection officer (Art. 37 GDPR)" },
	{ "authority", PP_TEXT, .nullable = true, .min = 1, .max = 500,
		.about = "Where one may complain (Art. 77 GDPR)" },
	{ "text", PP_TEXT, .required = true, .min = 1, .max = 50000 },
	{ "text_en", PP_TEXT, .nullable = true, .min = 1, .max = 50000 },
	{ "procedure", PP_ID, .nullable = true, .about = "Of this procedure alone" },
	{ 0 },
};
static const struct pp_field hold_body[] = {
	{ "reason", PP_TEXT, .required = true, .min = 3, .max = 2000 },
	{ "person", PP_ID, .nullable = true, .about = "Of this person alone" },
	{ 0 },
};
static const struct pp_field erase_body[] = {
	{ "ground", PP_CHOICE, .required = true, .choices = "FRIST|WIDERSPRUCH|UNRECHTMAESSIG",
		.about = "Why: needed no more, objected to (Art. 21), unlawful (Art. 17 (1) (d))" },
	{ "note", PP_TEXT, .nullable = true, .max = 400 },
	{ 0 },
};

static const struct pp_field choice_body[] = {
	{ "rule", PP_TEXT, .required = true, .min = 3, .max = 40,
		.about = "Of GET /retention-rules" },
	{ "act", PP_CHOICE, .required = true, .choices = "PROPOSE|ERASE",
		.about = "Whether the clerk erases by itself, or proposes it" },
	{ "grace_days", PP_INTEGER, .min = 0, .max = 3650,
		.about = "So many days after the period; none without" },
	{ 0 },
};
static const struct pp_field report_params[] = { PP_LIST_PARAMS, { 0 } };

const struct pp_route privacy_routes[] = {
	{ PP_GET, "/procedures/{procedure}/privacy", PP_ANYONE, .query = "privacy_show",
		.rate = PP_RATE_PUBLIC, .has_no_etag = true,
		.summary = "Controller, legal basis, notice and retention (Art. 13 GDPR)" },
	{ PP_POST, "/privacy-notices", PP_MANAGER, .query = "privacy_notice_create",
		.body = notice_body, .creates = true,
		.summary = "Name the controller and tell people what happens with their data" },
	{ PP_GET, "/privacy-notices/{notice}", PP_ANYONE, .query = "privacy_notice_show",
		.rate = PP_RATE_PUBLIC, .summary = "One privacy notice, as it was shown" },
	{ PP_GET, "/retention", PP_MANAGER, .query = "retention_due", .has_no_etag = true,
		.summary =
			"Procedures that need their persons no more, or whose persons have asked" },
	{ PP_GET, "/retention-rules", PP_MANAGER, .query = "retention_rule_list",
		.has_no_etag = true,
		.summary = "How long persons and secrets are kept, and what is done when that is "
			   "over" },
	{ PP_POST, "/retention-choices", PP_MANAGER, .query = "retention_choose",
		.body = choice_body, .creates = true,
		.summary = "Have a rule propose or erase in the body's procedures" },
	{ PP_GET, "/retention-reports", PP_MANAGER | PP_AUDITOR, .query = "retention_report_list",
		.params = report_params, .has_no_etag = true,
		.summary = "What was erased by rule and what is proposed, newest first" },
	{ PP_GET, "/procedures/{procedure}/retention", PP_MANAGER, .query = "retention_show",
		.has_no_etag = true,
		.summary = "How long persons of a procedure are kept, and what stands against "
			   "erasing" },
	{ PP_POST, "/procedures/{procedure}/erasures", PP_MANAGER, .query = "procedure_erase",
		.body = pp_no_fields, .summary = "Erase all persons that are needed no more" },
	{ PP_POST, "/procedures/{procedure}/legal-holds", PP_MANAGER, .query = "hold_create",
		.body = hold_body, .creates = true,
		.summary = "Keep persons while a court has the case" },
	{ PP_POST, "/legal-holds/{hold}/lift", PP_MANAGER, .query = "hold_lift",
		.body = pp_no_fields, .summary = "Lift a legal hold" },
	{ PP_POST, "/persons/{person}/erase", PP_MANAGER, .query = "person_erase",
		.body = erase_body,
		.summary = "Erase what is known of a person; the statement stays" },
	{ PP_POST, "/persons/{person}/erasure-request", PP_PUBLIC, .query = "person_erase_own",
		.body = pp_no_fields, .summary = "Ask to be erased, as the person itself" },
	{ PP_POST, "/statements/by-token/erasure-request", PP_ANYONE, .by_token = true,
		.query = "token_erase", .body = pp_no_fields, .rate = PP_RATE_PUBLIC,
		.summary = "Ask to be erased, by the secret of a receipt" },
	{ 0 },
};
