/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Attachments of statements: announced, uploaded as documents are, and named by the statement that
 * they go with. Who has signed in for a body goes on with its body's; everybody else by a secret
 * that comes with the first one, in the field Upload-Token.
 */
#include "../rooms.h"
#include "document.h"

static enum pp_next announce(struct pp_req *req)
{
	const struct pp_server *server = req->server;

	pp_bind(req, "limits",
		pp_format(req->arena,
			"{\"bytes\":%llu,\"files\":%u,\"round_bytes\":%llu,\"all_bytes\":%llu}",
			(unsigned long long)server->attachment_bytes, server->attachment_count,
			(unsigned long long)server->waiting_round_bytes,
			(unsigned long long)server->waiting_bytes));
	return pp_ask_route(req);
}

static pp_step *const announce_steps[] = { announce, pp_reply_route, NULL };

static const struct pp_field announce_body[] = {
	{ "name", PP_TEXT, .required = true, .min = 3, .max = 200, .about = "Of the file" },
	{ "media_type", PP_TEXT, .required = true, .min = 3, .max = 100,
		.about = "GET /document-kinds lists them" },
	{ "size", PP_INTEGER, .required = true, .min = 1, .max = INT64_C(10) << 30,
		.about = "Bytes" },
	{ "sha256", PP_TEXT, .required = true, .min = 64, .max = 64,
		.about = "Of its bytes, hexadecimal" },
	{ 0 },
};

static const struct pp_field release_body[] = {
	{ "name", PP_TEXT, .required = true, .min = 3, .max = 200,
		.about = "Of the file, as everybody sees it: without the person's" },
	{ "metadata_accepted", PP_BOOLEAN,
		.about = "It may be shown with what cannot be taken out of it" },
	{ 0 },
};

#define WRITERS (PP_CLERK | PP_RELEASER)

const struct pp_route attachment_routes[] = {
	{ PP_POST, "/rounds/{round}/attachments", PP_ANYONE, announce_steps, .by_upload = true,
		.query = "attachment_announce", .body = announce_body, .rate = PP_RATE_COSTLY,
		.creates = true,
		.summary = "Announce a file for a statement in a round that asks the public, or "
			   "for one that staff enter" },
	{ PP_POST, "/invitations/by-link/attachments", PP_ANYONE, announce_steps, .by_link = true,
		.by_upload = true, .query = "link_attachment_announce", .body = announce_body,
		.rate = PP_RATE_COSTLY, .creates = true,
		.summary = "Announce a file for the answer to a link's invitation" },
	{ PP_POST, "/invitations/{invitation}/attachments", WRITERS, announce_steps,
		.query = "attachment_announce_answer", .body = announce_body, .creates = true,
		.summary = "Announce a file for the answer to an invitation" },
	{ PP_POST, "/drafts/{draft}/attachments", WRITERS, announce_steps,
		.query = "attachment_announce_draft", .body = announce_body, .creates = true,
		.summary = "Announce a file that goes with a draft" },
	{ PP_GET, "/attachments/{attachment}", PP_ANYONE, .by_upload = true,
		.query = "attachment_show", .rate = PP_RATE_PUBLIC, .has_no_etag = true,
		.summary = "An attachment: how far it is, and what became of looking into it" },
	{ PP_DELETE, "/attachments/{attachment}", PP_ANYONE, .by_upload = true,
		.query = "attachment_drop", .rate = PP_RATE_PUBLIC, .ends = true,
		.has_no_etag = true, .summary = "Take an attachment back that was not submitted" },
	{ PP_GET, "/attachments/{upload}/upload", PP_ANYONE, pp_upload_look, .by_upload = true,
		.rate = PP_RATE_PUBLIC, .has_no_etag = true,
		.summary = "How far its upload is (HEAD of tus 1.0.0)" },
	{ PP_PATCH, "/attachments/{upload}/upload", PP_ANYONE, pp_upload_go_on, .by_upload = true,
		.media_types = "application/offset+octet-stream", .file_streams = true,
		.file_limit = PP_UPLOAD_MOST, .rate = PP_RATE_PUBLIC, .deadline_ms = PP_STORING_MS,
		.ends = true, .summary = "Go on with its upload (tus 1.0.0)" },
	{ PP_PUT, "/attachments/{upload}/upload", PP_ANYONE, pp_upload_whole, .by_upload = true,
		.media_types = "*/*", .file_streams = true, .file_limit = PP_UPLOAD_MOST,
		.rate = PP_RATE_PUBLIC, .deadline_ms = PP_STORING_MS, .ends = true,
		.summary = "Upload it at once, under its own media type" },
	{ PP_POST, "/attachments/{attachment}/release", PP_MANAGER, .query = "attachment_release",
		.body = release_body,
		.summary = "Show an attachment to everybody, with its published statement" },
	{ PP_POST, "/attachments/{attachment}/conceal", PP_MANAGER, .query = "attachment_conceal",
		.body = pp_no_fields, .summary = "Show an attachment to nobody any more" },
	{ PP_GET, "/attachments/{attachment}/content", PP_ANYONE, pp_attachment_send,
		.content = PP_CONTENT_DOCUMENT, .rate = PP_RATE_PUBLIC,
		.deadline_ms = PP_SENDING_MS, .has_no_etag = true,
		.summary = "The file itself, whole or in part" },
	{ PP_GET, "/statements/by-token/attachments/{attachment}/content", PP_ANYONE,
		pp_attachment_send, .by_token = true, .content = PP_CONTENT_DOCUMENT,
		.rate = PP_RATE_PUBLIC, .deadline_ms = PP_SENDING_MS, .has_no_etag = true,
		.summary = "An attachment of one's statement, by the secret of its receipt" },
	{ PP_GET, "/invitations/by-link/attachments/{attachment}/content", PP_ANYONE,
		pp_attachment_send, .by_link = true, .content = PP_CONTENT_DOCUMENT,
		.rate = PP_RATE_PUBLIC, .deadline_ms = PP_SENDING_MS, .has_no_etag = true,
		.summary = "An attachment of an answer to a link's invitation" },
	{ PP_GET, "/forwardings/{forwarding}/attachments/{attachment}/content", PP_READER,
		pp_forwarded_attachment_send, .content = PP_CONTENT_DOCUMENT,
		.deadline_ms = PP_SENDING_MS, .has_no_etag = true,
		.summary = "An attachment of a statement that was forwarded" },
	{ 0 },
};
