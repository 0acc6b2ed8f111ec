/* SPDX-License-Identifier: EUPL-1.2 */
/* Statements and their drafts. What was submitted is never edited and never refused for lateness.
 */
#include <pp/core/req.h>

#include "../rooms.h"

static const struct pp_field point_fields[] = {
	{ "kind", PP_CHOICE,
		.choices = "EINWAND|ANREGUNG|HINWEIS|EIGENE_PLANUNG|INFORMATION|ZIEL_DER_"
			   "RAUMORDNUNG" },
	{ "topic", PP_TEXT, .nullable = true, .max = 200 },
	{ "text", PP_TEXT, .required = true, .min = 1, .max = 100000 },
	{ "legal_basis", PP_TEXT, .nullable = true, .max = 500 },
	{ "remedy", PP_TEXT, .nullable = true, .max = 20000, .about = "How it can be overcome" },
	{ "document", PP_TEXT, .nullable = true, .max = 500, .about = "The document it is about" },
	{ "page", PP_TEXT, .nullable = true, .max = 50 },
	{ "geometry", PP_GEOMETRY, .about = "The place, CRS84" },
	{ 0 },
};
static const struct pp_field point_list[] = { { .kind = PP_OBJECT, .fields = point_fields },
	{ 0 } };

#define STATEMENT_FIELDS(needed)                                                                   \
	{ "stance", PP_CHOICE, .required = needed, .nullable = !(needed), .choices = PP_STANCES }, \
		{ "text", PP_TEXT, .nullable = true, .max = 100000,                                \
			.about = "One free text is one point" },                                   \
		{ "points", PP_LIST, .nullable = !(needed), .max = 200, .fields = point_list },    \
		{ "reservation", PP_TEXT, .nullable = true, .max = 500,                            \
			.about = "Such as: vorbehaltlich der Gemeindevertretung" },                \
	{                                                                                          \
		0                                                                                  \
	}

static const struct pp_field attachment_list[] = { { .kind = PP_ID }, { 0 } };

#define ATTACHMENTS                                                                                \
	{                                                                                          \
		"attachments", PP_LIST, .nullable = true, .max = 100, .fields = attachment_list,   \
					.about = "Ids of what was uploaded for it"                 \
	}
#define ATTACHMENTS_OF_ANYONE                                                                      \
	ATTACHMENTS,                                                                               \
	{                                                                                          \
		"upload_token", PP_TEXT, .nullable = true, .min = 1, .max = 100,                   \
					 .about = "The secret that came with the first of them"    \
	}

const struct pp_field pp_statement_fields[] = { ATTACHMENTS_OF_ANYONE, STATEMENT_FIELDS(true) };
const struct pp_field pp_link_statement_fields[] = {
	ATTACHMENTS,
	{ "name", PP_TEXT, .required = true, .min = 3, .max = 200,
		.about = "Who answers for the body: nobody has signed in" },
	{ "function", PP_TEXT, .nullable = true, .max = 90,
		.about = "Such as: Fachdienst Planung" },
	STATEMENT_FIELDS(true),
};
static const struct pp_field draft_body[] = { STATEMENT_FIELDS(false) };

static const struct pp_field person_fields[] = {
	{ "given_name", PP_TEXT, .nullable = true, .max = 200 },
	{ "family_name", PP_TEXT, .nullable = true, .max = 200 },
	{ "organisation", PP_TEXT, .nullable = true, .max = 300 },
	{ "street", PP_TEXT, .nullable = true, .max = 200, .about = "With the number" },
	{ "postcode", PP_TEXT, .nullable = true, .max = 20 },
	{ "town", PP_TEXT, .nullable = true, .max = 200 },
	{ "email", PP_EMAIL, .nullable = true },
	{ "inform", PP_CHOICE, .nullable = true, .choices = "EMAIL|POST|KEINE",
		.about = "How to be told what became of it" },
	{ 0 },
};
static const struct pp_field consent_fields[] = {
	{ "publish_name", PP_BOOLEAN, .nullable = true },
	{ "notices", PP_BOOLEAN, .nullable = true,
		.about = "Mail about the progress of the procedure" },
	{ "text_version", PP_TEXT, .required = true, .min = 1, .max = 100,
		.about = "Version of the text that was agreed to" },
	{ 0 },
};
static const struct pp_field entry_body[] = {
	{ "channel", PP_CHOICE, .required = true,
		.choices = "POST|FAX|EMAIL|NIEDERSCHRIFT|PORTAL" },
	{ "received_on", PP_DATE, .required = true,
		.about = "Day of receipt; lateness follows it" },
	{ "received_at", PP_INSTANT, .nullable = true, .about = "Where the instant is known" },
	{ "evidence", PP_TEXT, .required = true, .min = 1, .max = 500,
		.about = "What shows that day: stamp, fax report, sheet of the file" },
	{ "signatures", PP_INTEGER, .nullable = true, .min = 1, .max = 1000000,
		.about = "How many have signed a list (§ 17 VwVfG)" },
	{ "invitation", PP_ID, .nullable = true, .about = "Of the body whose answer it is" },
	{ "supplement_to", PP_ID, .nullable = true, .about = "The statement that it adds to" },
	{ "person", PP_OBJECT, .nullable = true, .fields = person_fields },
	{ "consents", PP_OBJECT, .nullable = true, .fields = consent_fields },
	ATTACHMENTS_OF_ANYONE,
	STATEMENT_FIELDS(true),
};
static const struct pp_field entry_preview_body[] = {
	{ "received_on", PP_DATE, .required = true, .about = "Day of receipt" },
	{ "received_at", PP_INSTANT, .nullable = true, .about = "Where the instant is known" },
	{ "invitation", PP_ID, .nullable = true, .about = "Of the body whose answer it is" },
	{ "supplement_to", PP_ID, .nullable = true, .about = "The statement that it adds to" },
	{ "person", PP_OBJECT, .nullable = true, .fields = person_fields },
	STATEMENT_FIELDS(false),
};
static const struct pp_field public_body[] = {
	{ "person", PP_OBJECT, .nullable = true, .fields = person_fields,
		.about = "Who this is from; without it the statement is anonymous, and counts" },
	{ "consents", PP_OBJECT, .nullable = true, .fields = consent_fields },
	ATTACHMENTS_OF_ANYONE,
	STATEMENT_FIELDS(true),
};

const struct pp_field pp_withdraw_fields[] = {
	{ "reason", PP_TEXT, .nullable = true, .max = 4000 },
	{ 0 },
};

static const struct pp_field resolution_body[] = {
	{ "decided_on", PP_DATE, .required = true, .about = "Day of the council's resolution" },
	{ "outcome", PP_CHOICE, .required = true, .choices = "BESTAETIGT|GEAENDERT|ABGELEHNT" },
	{ "reference", PP_TEXT, .nullable = true, .max = 200 },
	{ "text", PP_TEXT, .nullable = true, .max = 100000 },
	{ 0 },
};

static const struct pp_field redaction_fields[] = {
	{ "start", PP_INTEGER, .required = true, .min = 0, .max = 200000 },
	{ "end", PP_INTEGER, .required = true, .min = 1, .max = 200000 },
	{ "why", PP_CHOICE, .required = true,
		.choices = "NAME|ADRESSE|GESUNDHEIT|BETRIEBSGEHEIMNIS|DRITTE|SONSTIGES" },
	{ 0 },
};
const struct pp_field pp_redaction_list[] = { { .kind = PP_OBJECT, .fields = redaction_fields },
	{ 0 } };

static const struct pp_field publish_body[] = {
	{ "published", PP_BOOLEAN, .required = true },
	{ "text", PP_TEXT, .nullable = true, .max = 100000,
		.about = "What is shown; for statements of persons this or redactions" },
	{ "redactions", PP_LIST, .nullable = true, .max = 1000, .fields = pp_redaction_list,
		.about = "What is taken out of the original, in characters" },
	{ 0 },
};

static const struct pp_field list_params[] = { PP_LIST_PARAMS, { 0 } };
static const struct pp_field duplicate_params[] = {
	{ "statement", PP_ID, .about = "Against all others, with those that are only similar" },
	{ 0 },
};

const struct pp_route statement_routes[] = {
	{ PP_POST, "/invitations/{invitation}/statements", PP_RELEASER, .binds = true,
		.query = "statement_submit", .signs = true, .deadline_ms = PP_SUBMITTING_MS,
		.body = pp_statement_fields, .creates = true,
		.summary = "Submit a statement; it gets number and receipt at once" },
	{ PP_GET, "/procedures/{procedure}/statements", PP_ANYONE, .query = "statement_list",
		.params = list_params, .rate = PP_RATE_PUBLIC, .has_no_etag = true,
		.summary = "Statements on a procedure that one may see" },
	{ PP_POST, "/procedures/{procedure}/statements", PP_SIGNED_IN,
		.query = "statement_submit_public", .signs = true, .deadline_ms = PP_SUBMITTING_MS,
		.body = public_body, .creates = true, .rate = PP_RATE_PUBLIC,
		.summary = "Submit a statement as a member of the public" },
	{ PP_POST, "/rounds/{round}/statements", PP_ANYONE, .query = "statement_submit_round",
		.signs = true, .deadline_ms = PP_SUBMITTING_MS, .body = public_body,
		.creates = true, .rate = PP_RATE_PUBLIC,
		.summary = "Submit a statement in a round that asks the public; no account is "
			   "needed" },
	{ PP_POST, "/rounds/{round}/entries", PP_MANAGER, .query = "statement_enter", .signs = true,
		.body = entry_body, .creates = true,
		.summary = "Enter a statement that came by letter, fax, mail or for the record" },
	{ PP_POST, "/rounds/{round}/entries/preview", PP_MANAGER,
		.query = "statement_entry_preview", .body = entry_preview_body,
		.summary = "Whether it would be late, and what it may be a duplicate of; nothing "
			   "is kept" },
	{ PP_GET, "/procedures/{procedure}/statements/duplicates", PP_READER,
		.query = "duplicate_list", .params = duplicate_params, .has_no_etag = true,
		.summary = "Hints at statements that are one: same words, person or body" },
	{ PP_GET, "/statements/{statement}", PP_ANYONE, .query = "statement_show",
		.rate = PP_RATE_PUBLIC, .summary = "One statement" },
	{ PP_POST, "/statements/{statement}/supplements", PP_PUBLIC | PP_RELEASER, .binds = true,
		.query = "statement_supplement", .signs = true, .deadline_ms = PP_SUBMITTING_MS,
		.body = pp_statement_fields, .creates = true,
		.summary = "Add to a statement; the supplement has its own receipt" },
	{ PP_POST, "/statements/{statement}/withdraw", PP_PUBLIC | PP_RELEASER, .binds = true,
		.query = "statement_withdraw", .signs = true, .body = pp_withdraw_fields,
		.summary = "Withdraw a statement; it stays on record" },
	{ PP_POST, "/statements/{statement}/resolution", PP_RELEASER, .binds = true,
		.query = "statement_resolve", .body = resolution_body,
		.summary = "Append the council's resolution to a reserved statement" },
	{ PP_PATCH, "/statements/{statement}/publication", PP_MANAGER, .query = "statement_publish",
		.body = publish_body, .summary = "Show a statement to the public, or no longer" },
	{ PP_GET, "/invitations/{invitation}/drafts", PP_CLERK | PP_RELEASER, .query = "draft_list",
		.has_no_etag = true, .summary = "Drafts of one's body" },
	{ PP_POST, "/invitations/{invitation}/drafts", PP_CLERK | PP_RELEASER,
		.query = "draft_create", .body = draft_body, .creates = true,
		.summary = "Begin a draft" },
	{ PP_GET, "/drafts/{draft}", PP_CLERK | PP_RELEASER, .query = "draft_show",
		.summary = "One draft" },
	{ PP_PATCH, "/drafts/{draft}", PP_CLERK | PP_RELEASER, .query = "draft_change",
		.body = draft_body, .summary = "Change a draft" },
	{ PP_DELETE, "/drafts/{draft}", PP_CLERK | PP_RELEASER, .query = "draft_delete",
		.ends = true, .summary = "Throw a draft away" },
	{ PP_POST, "/drafts/{draft}/submit", PP_RELEASER, .binds = true, .query = "draft_submit",
		.signs = true, .deadline_ms = PP_SUBMITTING_MS, .body = pp_no_fields,
		.creates = true, .summary = "Submit a draft as it is" },
	{ 0 },
};
