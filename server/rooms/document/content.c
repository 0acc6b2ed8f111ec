/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Contents go out chunk by chunk: one is asked for when the client has room for it. A file never
 * changes, so that no transaction has to last as long as a download does, and a client that reads
 * slowly, or left, holds no connection to the database (docs/decisions/0009-documents.md).
 */
#include "document.h"

struct sending {
	struct pp_rows *file, *piece;
	struct pp_bytes bytes; /* what is to be sent still */
};

enum { NAME, MEDIA_TYPE, SIZE, SHA256 };
enum { FIRST_BYTE, BYTES };

static enum pp_next find(struct pp_req *req)
{
	pp_ask(req, req->route->by_link ? "link_content_find" : "content_find",
		&pp_state(req, struct sending)->file);
	return PP_WAIT;
}

/* RFC 9110 §13.1.5: a part only of what the client has another part of; else all of it. */
static bool wants_part(struct pp_req *req, struct pp_slice etag)
{
	struct pp_slice if_range = pp_http_field(req->exchange, PP_S("if-range"));

	return req->exchange->method == PP_GET &&
		(if_range.len == 0 || pp_slice_is(if_range, etag));
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
	s->bytes = (struct pp_bytes){ 0, size };
	if (range.len && wants_part(req, etag))
		kind = pp_range_read(range, size, &s->bytes);
	if (kind == PP_RANGE_NONE) {
		pp_reply_field(req, "Content-Range",
			pp_format(req->arena, "bytes */%llu", (unsigned long long)size));
		return pp_refuse(req, PP_range_not_satisfiable, "the file has %llu bytes",
			(unsigned long long)size);
	}
	if (kind == PP_RANGE_PART)
		pp_reply_field(req, "Content-Range",
			pp_format(req->arena, "bytes %llu-%llu/%llu",
				(unsigned long long)s->bytes.first,
				(unsigned long long)s->bytes.end - 1, (unsigned long long)size));
	pp_reply_field(
		req, "Content-Disposition", pp_disposition(req->arena, pp_cell(s->file, 0, NAME)));
	pp_write_begin(req, kind == PP_RANGE_PART ? 206 : 200, pp_cell(s->file, 0, MEDIA_TYPE),
		s->bytes.end - s->bytes.first);
	if (req->exchange->method == PP_HEAD)
		s->bytes.first = s->bytes.end;
	return PP_NEXT;
}

static enum pp_next ask(struct pp_req *req)
{
	struct sending *s = pp_state(req, struct sending);

	if (s->bytes.first == s->bytes.end)
		return pp_write_end(req);
	pp_ask_anew(req);
	pp_bind(req, "from_byte",
		pp_format(pp_questions(req), "%llu", (unsigned long long)s->bytes.first));
	pp_ask(req, req->route->by_link ? "link_content_piece" : "content_piece", &s->piece);
	return PP_WAIT;
}

static enum pp_next send_piece(struct pp_req *req)
{
	struct sending *s = pp_state(req, struct sending);
	struct pp_slice bytes;
	uint64_t first, skipped;

	/* It was taken back while it was read. */
	if (s->piece->rows != 1 || !pp_cell(s->piece, 0, FIRST_BYTE).at)
		return pp_refuse(req, PP_document_not_found, "it is not there any more");
	bytes = pp_cell(s->piece, 0, BYTES);
	PP_MUST(pp_slice_u64(pp_cell(s->piece, 0, FIRST_BYTE), &first));
	skipped = s->bytes.first - first;
	PP_MUST(skipped < bytes.len);
	bytes = pp_slice(bytes.at + skipped, bytes.len - (size_t)skipped);
	if (bytes.len > s->bytes.end - s->bytes.first)
		bytes.len = (size_t)(s->bytes.end - s->bytes.first);
	s->bytes.first += bytes.len;
	return pp_write(req, bytes);
}

static enum pp_next again(struct pp_req *req)
{
	pp_go_to(req, ask);
	return PP_NEXT;
}

pp_step *const pp_content_send[] = { find, begin, ask, send_piece, again, NULL };
