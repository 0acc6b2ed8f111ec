/* SPDX-License-Identifier: EUPL-1.2 */
/* Files of features that were asked for with f=gpkg: what has become of them, and the bytes. */
#include <pp/core/flow.h>

#include "ogc.h"

struct sending {
	struct pp_rows *file, *piece;
	uint64_t at, size;
};

enum { NAME, SIZE, SHA256 };

static enum pp_next send_piece(struct pp_req *req);

static enum pp_next find(struct pp_req *req)
{
	struct sending *s = pp_state(req, struct sending);

	pp_ask(req, "feature_export_find", &s->file);
	return PP_WAIT;
}

static enum pp_next ask_piece(struct pp_req *req)
{
	struct sending *s = pp_state(req, struct sending);

	if (s->at == s->size)
		return pp_write_end(req);
	pp_ask_anew(req);
	pp_bind(req, "from_byte", pp_format(pp_questions(req), "%llu", (unsigned long long)s->at));
	pp_ask(req, "feature_export_piece", &s->piece);
	pp_go_to(req, send_piece);
	return PP_WAIT;
}

static enum pp_next begin(struct pp_req *req)
{
	struct sending *s = pp_state(req, struct sending);
	struct pp_slice tag = pp_format(
		req->arena, "\"%.*s\"", PP_SHOW(pp_cell(s->file, 0, SHA256)));

	PP_MUST(pp_slice_u64(pp_cell(s->file, 0, SIZE), &s->size));
	if (pp_has_tag(req, tag))
		return pp_reply(req, 304, NULL, PP_S(""));
	pp_reply_field(req, "Content-Disposition",
		pp_format(req->arena, "attachment; filename=\"%.*s\"",
			PP_SHOW(pp_cell(s->file, 0, NAME))));
	pp_write_begin(
		req, 200, pp_slice_of(pp_feature_formats[PP_FORMAT_GPKG].media_type), s->size);
	if (req->exchange->method == PP_HEAD)
		return pp_write_end(req);
	return ask_piece(req);
}

/* One at a time, at the pace of whoever takes them. */
static enum pp_next send_piece(struct pp_req *req)
{
	struct sending *s = pp_state(req, struct sending);
	struct pp_slice bytes;

	if (!s->piece->rows)
		return pp_refuse(req, PP_not_found, "it is not there any more");
	bytes = pp_cell(s->piece, 0, 0);
	PP_MUST(bytes.len && bytes.len <= s->size - s->at);
	s->at += bytes.len;
	return pp_write(req, bytes);
}

pp_step *const pp_ogc_export_content[] = { find, begin, send_piece, ask_piece, NULL };
