/* SPDX-License-Identifier: EUPL-1.2 */
/* What a body shows to another one for reading; its files are handed out by the room of documents.
 */
#include <pp/core/req.h>

#include "../rooms.h"

#define FORWARDERS (PP_CLERK | PP_RELEASER | PP_MANAGER)

#define FORWARD_FIELDS                                                                             \
	{ "recipient", PP_BODY_KEY, .about = "The body that reads it" },                           \
		{ "member", PP_ID,                                                                 \
			.about = "Or the account of a colleague, to whom it is pointed out" },     \
		{ "reason", PP_TEXT, .required = true, .min = 3, .max = 2000,                      \
			.about = "Why; the recipient reads it" },                                  \
		{ "note", PP_TEXT, .nullable = true, .max = 4000, .about = "To the recipient" },   \
	{                                                                                          \
		"last_on", PP_DATE, .about = "The last day, inclusive; without, until it is ended" \
	}

static const struct pp_field forward_body[] = { FORWARD_FIELDS, { 0 } };

static const struct pp_field forward_statement_body[] = {
	FORWARD_FIELDS,
	{ "text", PP_TEXT, .nullable = true, .max = 100000,
		.about = "Of a private person: what is shown, without who it is" },
	{ "redactions", PP_LIST, .nullable = true, .max = 1000, .fields = pp_redaction_list,
		.about = "Or what is taken out of the original, in characters" },
	{ 0 },
};

static const struct pp_field list_params[] = { PP_LIST_PARAMS,
	{ "sent", PP_BOOLEAN, .about = "What one's body has forwarded, ended or not" },
	{ "procedure", PP_ID, .about = "Of this procedure only" }, { 0 } };

const struct pp_route forwarding_routes[] = {
	{ PP_POST, "/invitations/{invitation}/forwardings", FORWARDERS,
		.query = "invitation_forward", .body = forward_body, .creates = true,
		.summary = "Show an invitation to another body for reading" },
	{ PP_POST, "/statements/{statement}/forwardings", FORWARDERS, .query = "statement_forward",
		.body = forward_statement_body, .creates = true,
		.summary = "Show a statement to another body for reading" },
	{ PP_POST, "/procedures/{procedure}/forwardings", FORWARDERS, .query = "procedure_forward",
		.body = forward_body, .creates = true,
		.summary = "Show a procedure of one's own to another body for reading" },
	{ PP_GET, "/forwardings", PP_READER, .query = "forwarding_list", .params = list_params,
		.has_no_etag = true, .summary = "What was forwarded to one's body for reading" },
	{ PP_GET, "/forwardings/{forwarding}", PP_READER, .query = "forwarding_show",
		.has_no_etag = true, .summary = "What was forwarded, with its content" },
	{ PP_POST, "/forwardings/{forwarding}/end", FORWARDERS, .query = "forwarding_end",
		.body = pp_no_fields, .summary = "End that at once, or give it back" },
	{ 0 },
};
