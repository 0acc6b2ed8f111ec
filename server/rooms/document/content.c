/* SPDX-License-Identifier: EUPL-1.2 */
/* The file of a document, whole or in part. */
#include <pp/core/copies.h>

#include "document.h"

/* What is handed out, and by which questions: the reader is found out by each of them. */
struct source {
	const char *find, *piece, *param, *map;
};

struct sending {
	const struct source *source;
	struct pp_rows *file, *map;
	struct pp_pieces pieces;
};

enum { NAME, MEDIA_TYPE, SIZE, SHA256, IS_SHOWN };

static enum pp_next find_at(struct pp_req *req, const struct source *source)
{
	struct sending *s = pp_state(req, struct sending);

	s->source = source;
	pp_ask(req, source->find, &s->file);
	if (source->map)
		pp_ask(req, source->map, &s->map);
	return PP_WAIT;
}

static enum pp_next find(struct pp_req *req)
{
	static const struct source own = { "content_find", "content_piece", "document",
		"content_map" };
	static const struct source by_link = { "link_content_find", "link_content_piece",
		"document", NULL };

	return find_at(req, req->route->by_link ? &by_link : &own);
}

/* What is sealed is kept by no worker: there is no map of it. */
static enum pp_next find_attachment(struct pp_req *req)
{
	static const struct source own = { "attachment_open", "attachment_piece", "attachment",
		NULL };
	static const struct source by_link = { "link_attachment_open", "link_attachment_piece",
		"attachment", NULL };
	static const struct source by_token = { "token_attachment_open", "token_attachment_piece",
		"attachment", NULL };

	if (req->route->by_link)
		return find_at(req, &by_link);
	return find_at(req, req->route->by_token ? &by_token : &own);
}

/* RFC 9110 §13.1.5: a part only of what the client has another part of; else all of it. */
static bool wants_part(struct pp_req *req, struct pp_slice etag)
{
	struct pp_slice if_range = pp_http_field(req->exchange, PP_S("if-range"));

	return req->exchange->method == PP_GET &&
		(if_range.len == 0 || pp_slice_is(if_range, etag));
}

static enum pp_next find_forwarded(struct pp_req *req)
{
	static const struct source forwarded = { "forwarding_document_find",
		"forwarding_document_piece", "document", NULL };

	return find_at(req, &forwarded);
}

static enum pp_next find_forwarded_attachment(struct pp_req *req)
{
	static const struct source forwarded = { "forwarding_attachment_open",
		"forwarding_attachment_piece", "attachment", NULL };

	return find_at(req, &forwarded);
}

static enum pp_next begin(struct pp_req *req)
{
	struct sending *s = pp_state(req, struct sending);
	struct pp_slice etag, range = pp_http_field(req->exchange, PP_S("range"));
	enum pp_range kind = PP_RANGE_ALL;
	uint64_t size;

	PP_MUST(s->file->rows == 1 && pp_slice_u64(pp_cell(s->file, 0, SIZE), &size));
	etag = pp_format(req->arena, "\"%.*s\"", PP_SHOW(pp_cell(s->file, 0, SHA256)));
	pp_reply_field(req, "Accept-Ranges", PP_S("bytes"));
	if (pp_has_tag(req, etag))
		return pp_reply(req, 304, NULL, PP_S(""));
	s->pieces = (struct pp_pieces){ .query = s->source->piece,
		.find = s->source->find,
		.document = pp_path(req, s->source->param),
		.bytes = { 0, size },
		.map = s->map };
	if (range.len && wants_part(req, etag))
		kind = pp_range_read(range, size, &s->pieces.bytes);
	if (kind == PP_RANGE_NONE) {
		pp_reply_field(req, "Content-Range",
			pp_format(req->arena, "bytes */%llu", (unsigned long long)size));
		return pp_refuse(req, PP_range_not_satisfiable, "the file has %llu bytes",
			(unsigned long long)size);
	}
	if (kind == PP_RANGE_PART)
		pp_reply_field(req, "Content-Range",
			pp_format(req->arena, "bytes %llu-%llu/%llu",
				(unsigned long long)s->pieces.bytes.first,
				(unsigned long long)s->pieces.bytes.end - 1,
				(unsigned long long)size));
	pp_reply_field(
		req, "Content-Disposition", pp_disposition(req->arena, pp_cell(s->file, 0, NAME)));
	pp_write_begin(req, kind == PP_RANGE_PART ? 206 : 200, pp_cell(s->file, 0, MEDIA_TYPE),
		s->pieces.bytes.end - s->pieces.bytes.first);
	if (req->exchange->method == PP_HEAD)
		s->pieces.bytes.first = s->pieces.bytes.end;
	else if (pp_slice_is(pp_cell(s->file, 0, IS_SHOWN), PP_S("t")))
		pp_copy_find(req, s->pieces.document, pp_cell(s->file, 0, SHA256), size);
	return PP_NEXT;
}

static enum pp_next send_kept(struct pp_req *req);

/* What of it has no copy, or whose copy turned out to be none, comes from elsewhere. */
static enum pp_next send_copy(struct pp_req *req)
{
	struct sending *s = pp_state(req, struct sending);

	if (!pp_piece_copy(req, &s->pieces)) {
		pp_go_to(req, send_kept);
		return PP_NEXT;
	}
	if (!pp_piece_is_old(&s->pieces))
		pp_go_to(req, send_copy);
	return pp_room(req);
}

static enum pp_next look(struct pp_req *req)
{
	pp_go_to(req, send_copy);
	return pp_piece_look(req, &pp_state(req, struct sending)->pieces);
}

static enum pp_next send_kept(struct pp_req *req)
{
	if (!pp_piece_kept(req, &pp_state(req, struct sending)->pieces))
		pp_go_to(req, send_kept);
	return pp_room(req);
}

static enum pp_next ask(struct pp_req *req)
{
	struct sending *s = pp_state(req, struct sending);

	if (s->pieces.bytes.first == s->pieces.bytes.end)
		return pp_write_end(req);
	return pp_piece_ask(req, &s->pieces);
}

static enum pp_next send_piece(struct pp_req *req)
{
	return pp_piece_send(req, &pp_state(req, struct sending)->pieces);
}

static enum pp_next sent(struct pp_req *req)
{
	return pp_piece_sent(req, &pp_state(req, struct sending)->pieces);
}

static enum pp_next again(struct pp_req *req)
{
	pp_go_to(req,
		pp_piece_is_there(&pp_state(req, struct sending)->pieces) ? send_piece : send_kept);
	return PP_NEXT;
}

/* What follows once it is found. */
#define SENDING begin, send_copy, look, send_kept, ask, send_piece, sent, again, NULL

pp_step *const pp_content_send[] = { find, SENDING };
pp_step *const pp_attachment_send[] = { find_attachment, SENDING };
pp_step *const pp_forwarded_content_send[] = { find_forwarded, SENDING };
pp_step *const pp_forwarded_attachment_send[] = { find_forwarded_attachment, SENDING };
