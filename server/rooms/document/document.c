/* SPDX-License-Identifier: EUPL-1.2 */
/* Documents of plans: announced, uploaded, shown. */
#include "document.h"
#include "../rooms.h"

static const struct pp_field list_params[] = { PP_LIST_PARAMS,
	{ "withdrawn", PP_BOOLEAN, .about = "Also those that were taken back" }, { 0 } };

static const struct pp_field audience_list[] = {
	{ .kind = PP_CHOICE, .choices = "OEFF|TOEB|NACHB|STAAT|VERB" },
	{ 0 },
};
static const struct pp_field body_list[] = { { .kind = PP_BODY_KEY }, { 0 } };

#define MEANING                                                                                    \
	{ "title", PP_TEXT, .min = 1, .max = 300, .about = "Without: the name of the file" },      \
		{ "audiences", PP_LIST, .max = 5, .fields = audience_list,                         \
			.about = "In rounds of which audience it is shown; without, in all" },     \
	{                                                                                          \
		"bodies", PP_LIST,                                                                 \
			.max = 200, .fields = body_list,                                           \
			.about = "The only bodies that it is shown to; without, everybody"         \
	}

static const struct pp_field create_body[] = {
	{ "kind", PP_TEXT, .required = true, .min = 3, .max = 40,
		.about = "GET /document-kinds lists them" },
	{ "name", PP_TEXT, .required = true, .min = 3, .max = 200, .about = "Of the file" },
	{ "media_type", PP_TEXT, .required = true, .min = 3, .max = 100 },
	{ "size", PP_INTEGER, .required = true, .min = 1, .max = INT64_C(10) << 30,
		.about = "Bytes" },
	{ "sha256", PP_TEXT, .required = true, .min = 64, .max = 64,
		.about = "Of its bytes, hexadecimal" },
	{ "lang", PP_CHOICE, .choices = "de|en|da|fy|nl|pl|sv",
		.about = "Of its text; without, de" },
	{ "replaces", PP_ID, .about = "The version whose place it takes" },
	MEANING,
	{ 0 },
};

static const struct pp_field change_body[] = {
	{ "kind", PP_TEXT, .min = 3, .max = 40 },
	{ "metadata_accepted", PP_BOOLEAN,
		.about = "It may be published with what cannot be taken out of it" },
	MEANING,
	{ 0 },
};

static const struct pp_field withdraw_body[] = {
	{ "reason", PP_TEXT, .required = true, .min = 3, .max = 2000 },
	{ 0 },
};

const struct pp_route document_routes[] = {
	{ PP_GET, "/document-kinds", PP_ANYONE, .query = "document_kinds", .rate = PP_RATE_PUBLIC,
		.has_no_etag = true,
		.summary = "Kinds of documents with their codes, and what a file may be" },
	{ PP_GET, "/procedures/{procedure}/documents", PP_ANYONE, .query = "document_list",
		.params = list_params, .rate = PP_RATE_PUBLIC, .has_no_etag = true,
		.summary = "Documents of a procedure that one may see" },
	{ PP_POST, "/procedures/{procedure}/documents", PP_MANAGER, .query = "document_create",
		.body = create_body, .creates = true,
		.summary = "Announce a document, or a new version of one; its bytes are uploaded" },
	{ PP_GET, "/documents/{document}", PP_ANYONE, .query = "document_show",
		.rate = PP_RATE_PUBLIC, .summary = "One version of a document" },
	{ PP_PATCH, "/documents/{document}", PP_MANAGER, .query = "document_change",
		.body = change_body,
		.summary = "Change what a document is called, or whom it is for" },
	{ PP_POST, "/documents/{document}/withdraw", PP_MANAGER, .query = "document_withdraw",
		.body = withdraw_body,
		.summary = "Take a document back that nobody was shown yet" },
	{ PP_GET, "/invitations/by-link/documents/{document}/content", PP_ANYONE, pp_content_send,
		.by_link = true, .content = PP_CONTENT_DOCUMENT, .rate = PP_RATE_PUBLIC,
		.deadline_ms = PP_SENDING_MS, .has_no_etag = true,
		.summary = "A document of the invitation's procedure, by its link" },
	{ PP_GET, "/documents/{document}/content", PP_ANYONE, pp_content_send,
		.content = PP_CONTENT_DOCUMENT, .rate = PP_RATE_PUBLIC,
		.deadline_ms = PP_SENDING_MS, .has_no_etag = true,
		.summary = "The file itself, whole or in part" },
	{ PP_GET, "/forwardings/{forwarding}/documents/{document}/content", PP_READER,
		pp_forwarded_content_send, .content = PP_CONTENT_DOCUMENT,
		.deadline_ms = PP_SENDING_MS, .has_no_etag = true,
		.summary = "A document that goes with what was forwarded" },
	{ PP_GET, "/rounds/{round}/documents", PP_ANYONE, .query = "round_documents",
		.rate = PP_RATE_PUBLIC, .has_no_etag = true,
		.summary =
			"Documents that a round shows, and what has changed since the one before" },
	{ PP_GET, "/rounds/{round}/documents.zip", PP_ANYONE, pp_archive_send,
		.content = PP_CONTENT_DOCUMENT, .rate = PP_RATE_PUBLIC,
		.deadline_ms = PP_SENDING_MS, .has_no_etag = true,
		.summary = "All of them as one zip" },
	{ PP_GET, "/uploads/{upload}", PP_MANAGER, pp_upload_look, .has_no_etag = true,
		.summary = "How far an upload is (HEAD of tus 1.0.0)" },
	{ PP_PATCH, "/uploads/{upload}", PP_MANAGER, pp_upload_go_on,
		.media_types = "application/offset+octet-stream", .file_streams = true,
		.file_limit = PP_UPLOAD_MOST, .deadline_ms = PP_STORING_MS, .ends = true,
		.summary = "Go on with an upload (tus 1.0.0)" },
	{ PP_PUT, "/uploads/{upload}", PP_MANAGER, pp_upload_whole, .media_types = "*/*",
		.file_streams = true, .file_limit = PP_UPLOAD_MOST, .deadline_ms = PP_STORING_MS,
		.ends = true, .summary = "Upload a file at once, under its own media type" },
	{ 0 },
};
