/* SPDX-License-Identifier: EUPL-1.2 */
/* All documents that a round shows, as one zip: made while it goes out, of any size. */
#include <pp/core/copies.h>
#include <pp/core/digest.h>
#include <pp/fmt/zip.h>

#include "document.h"

struct archive {
	struct pp_rows *rows;
	struct pp_zip_file *files;
	size_t at; /* the file whose turn it is */
	struct pp_slice end;
	uint64_t size;
	struct pp_pieces pieces;
};

enum { DOCUMENT, NAME, SIZE, CRC32, DOS_DATE, SHA256, IS_SHOWN };

static enum pp_next find(struct pp_req *req)
{
	pp_ask(req, "round_files", &pp_state(req, struct archive)->rows);
	return PP_WAIT;
}

static uint64_t number(const struct pp_rows *rows, size_t row, size_t column)
{
	uint64_t value;

	PP_MUST(pp_slice_u64(pp_cell(rows, row, column), &value));
	return value;
}

/* Where everything will stand. */
static void lay_out(struct pp_req *req, struct archive *a)
{
	struct pp_buf *out = pp_buf_make(req->arena);

	a->files = PP_NEW_ARRAY(req->arena, struct pp_zip_file, a->rows->rows + 1);
	for (size_t i = 0; i < a->rows->rows; i++) {
		struct pp_zip_file *file = &a->files[i];

		*file = (struct pp_zip_file){ .name = pp_cell(a->rows, i, NAME),
			.size = number(a->rows, i, SIZE),
			.crc32 = (uint32_t)number(a->rows, i, CRC32),
			.date = (uint16_t)number(a->rows, i, DOS_DATE),
			.at = a->size };
		pp_buf_clear(out);
		pp_zip_begin_file(out, file);
		a->size += out->len + file->size;
	}
	pp_buf_clear(out);
	pp_zip_end(out, a->files, a->rows->rows, a->size);
	a->end = pp_buf_all(out);
	a->size += a->end.len;
}

/* The same files under the same names are the same archive. */
static struct pp_slice etag_of(struct pp_req *req, const struct archive *a)
{
	struct pp_slice hash, digest = pp_digest_feed(req->arena, PP_S(""), a->end);
	struct pp_buf *hex = pp_buf_make(req->arena);

	for (size_t i = 0; i < a->rows->rows; i++)
		digest = pp_digest_feed(req->arena, digest, pp_cell(a->rows, i, SHA256));
	hash = pp_digest_sha256(req->arena, digest);
	pp_buf_hex(hex, hash);
	return pp_format(req->arena, "\"%.*s\"", PP_SHOW(pp_buf_all(hex)));
}

static enum pp_next begin(struct pp_req *req)
{
	struct archive *a = pp_state(req, struct archive);

	lay_out(req, a);
	if (pp_has_tag(req, etag_of(req, a)))
		return pp_reply(req, 304, NULL, PP_S(""));
	pp_reply_field(
		req, "Content-Disposition", pp_disposition(req->arena, PP_S("Unterlagen.zip")));
	pp_write_begin(req, 200, PP_S("application/zip"), a->size);
	if (req->exchange->method == PP_HEAD)
		return pp_write_end(req);
	return PP_NEXT;
}

static enum pp_next send_header(struct pp_req *req)
{
	struct archive *a = pp_state(req, struct archive);
	struct pp_buf *out = pp_buf_make(req->arena);

	if (a->at == a->rows->rows)
		return pp_write(req, a->end);
	pp_zip_begin_file(out, &a->files[a->at]);
	a->pieces = (struct pp_pieces){ .query = "content_piece",
		.find = "content_find",
		.document = pp_cell(a->rows, a->at, DOCUMENT),
		.bytes = { 0, a->files[a->at].size } };
	pp_copy_drop(req);
	if (pp_slice_is(pp_cell(a->rows, a->at, IS_SHOWN), PP_S("t")))
		pp_copy_find(req, a->pieces.document, pp_cell(a->rows, a->at, SHA256),
			a->pieces.bytes.end);
	return pp_write(req, pp_buf_all(out));
}

/* Before the first byte of a file, too: the list of them may be hours old. */
static enum pp_next look(struct pp_req *req)
{
	struct archive *a = pp_state(req, struct archive);

	if (a->at == a->rows->rows || !req->copy)
		return PP_NEXT;
	return pp_piece_look(req, &a->pieces);
}

static enum pp_next send_copy(struct pp_req *req)
{
	struct archive *a = pp_state(req, struct archive);

	if (a->at == a->rows->rows || !pp_piece_copy(req, &a->pieces))
		return PP_NEXT;
	pp_go_to(req, pp_piece_is_old(&a->pieces) ? look : send_copy);
	return pp_room(req);
}

static enum pp_next again(struct pp_req *req);

static enum pp_next ask(struct pp_req *req)
{
	struct archive *a = pp_state(req, struct archive);

	if (a->at == a->rows->rows)
		return pp_write_end(req);
	if (a->pieces.bytes.first == a->pieces.bytes.end) {
		pp_go_to(req, again);
		return PP_NEXT;
	}
	return pp_piece_ask(req, &a->pieces);
}

static enum pp_next send_piece(struct pp_req *req)
{
	return pp_piece_send(req, &pp_state(req, struct archive)->pieces);
}

static enum pp_next sent(struct pp_req *req)
{
	return pp_piece_sent(req, &pp_state(req, struct archive)->pieces);
}

static enum pp_next again(struct pp_req *req)
{
	struct archive *a = pp_state(req, struct archive);

	if (a->pieces.bytes.first < a->pieces.bytes.end) {
		pp_go_to(req, pp_piece_is_there(&a->pieces) ? send_piece : ask);
		return PP_NEXT;
	}
	a->at++;
	pp_go_to(req, send_header);
	return PP_NEXT;
}

pp_step *const pp_archive_send[] = { find, begin, send_header, look, send_copy, ask, send_piece,
	sent, again, NULL };
