/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The bytes of a file of boundaries come by the core protocol of tus 1.0.0
 * (https://tus.io/protocols/resumable-upload) to the address of the import itself. What has arrived
 * stays; with the last byte the file waits for its check.
 */
#include <pp/core/digest.h>

#include "import.h"

#define OFFSET "Upload-Offset"

struct uploading {
	struct pp_rows *file, *stored;
	struct pp_piece piece;
	uint64_t size, received;
	char digest[PP_DIGEST_SIZE];
	size_t digest_len;
};

enum { SIZE, RECEIVED, DIGEST, STATE };

static void say_offset(struct pp_req *req, const struct uploading *u)
{
	pp_reply_field(req, "Tus-Resumable", PP_S("1.0.0"));
	pp_reply_field(req, OFFSET, pp_format(req->arena, "%llu", (unsigned long long)u->received));
}

static enum pp_next find(struct pp_req *req)
{
	pp_ask(req, "boundary_import_upload", &pp_state(req, struct uploading)->file);
	return PP_WAIT;
}

static struct uploading *recall(struct pp_req *req)
{
	struct uploading *u = pp_state(req, struct uploading);
	struct pp_slice digest = pp_cell(u->file, 0, DIGEST);

	PP_MUST(pp_slice_u64(pp_cell(u->file, 0, SIZE), &u->size) &&
		pp_slice_u64(pp_cell(u->file, 0, RECEIVED), &u->received));
	PP_MUST(digest.len <= sizeof(u->digest));
	if (digest.len)
		memcpy(u->digest, digest.at, digest.len);
	u->digest_len = digest.len;
	return u;
}

/* ---- where it stands ---- */

static enum pp_next ask_state(struct pp_req *req)
{
	recall(req);
	pp_ask(req, "boundary_import_show", &req->rows);
	return PP_WAIT;
}

static enum pp_next show(struct pp_req *req)
{
	say_offset(req, pp_state(req, struct uploading));
	return pp_reply_rows(req, req->rows);
}

/* ---- more of it ---- */

/* Where the length of the body is said, what will not fit is refused before it is read. */
static bool fits(struct pp_req *req, const struct uploading *u)
{
	struct pp_slice field = pp_http_field(req->exchange, PP_S("content-length"));
	uint64_t length;

	if (!field.len || !pp_slice_u64(field, &length) || length <= u->size - u->received)
		return true;
	pp_refuse(req, PP_body_too_large, "%llu bytes of the file are missing, not %llu",
		(unsigned long long)(u->size - u->received), (unsigned long long)length);
	return false;
}

static enum pp_next check_offset(struct pp_req *req)
{
	struct pp_slice field = pp_http_field(req->exchange, PP_S("upload-offset"));
	struct uploading *u = recall(req);
	struct pp_slice state = pp_cell(u->file, 0, STATE);
	uint64_t offset;

	if (!pp_slice_u64(field, &offset))
		return pp_refuse(
			req, PP_invalid_parameter, "Upload-Offset: the place of the first byte");
	/* A repetition of what was heard no answer to is no mistake. */
	if (offset == u->received && offset == u->size) {
		say_offset(req, u);
		return pp_reply(req, 204, NULL, PP_S(""));
	}
	if (offset != u->received) {
		say_offset(req, u);
		return pp_refuse(req, PP_upload_offset, "it stands at %llu",
			(unsigned long long)u->received);
	}
	if (!pp_slice_is(state, PP_S("LAEDT")))
		return pp_refuse(req, PP_upload_over, "it is in state %.*s", PP_SHOW(state));
	return fits(req, u) ? PP_NEXT : PP_DONE;
}

static enum pp_next read_piece(struct pp_req *req)
{
	struct uploading *u = pp_state(req, struct uploading);

	return pp_read(req, PP_PIECE_IN - (size_t)(u->received % PP_PIECE_IN), &u->piece);
}

static enum pp_next store(struct pp_req *req)
{
	struct uploading *u = pp_state(req, struct uploading);
	struct pp_slice digest, bytes = u->piece.bytes;

	if (bytes.len == 0)
		return PP_NEXT;
	if (bytes.len > u->size - u->received)
		return pp_refuse(req, PP_body_too_large, "the file has %llu bytes, as announced",
			(unsigned long long)u->size);
	pp_ask_anew(req);
	digest = pp_digest_feed(pp_questions(req), pp_slice(u->digest, u->digest_len), bytes);
	memcpy(u->digest, digest.at, digest.len);
	u->digest_len = digest.len;
	pp_bind(req, "from_byte",
		pp_format(pp_questions(req), "%llu", (unsigned long long)u->received));
	pp_bind(req, "bytes", bytes);
	pp_bind(req, "digest", digest);
	u->received += bytes.len;
	if (u->received == u->size)
		pp_bind(req, "sha256", pp_digest_sha256(pp_questions(req), digest));
	else
		pp_bind_null(req, "sha256");
	pp_ask(req, "boundary_import_append", &u->stored);
	return PP_WAIT;
}

static enum pp_next stored(struct pp_req *req)
{
	struct uploading *u = pp_state(req, struct uploading);
	bool complete = u->received == u->size;

	if (!u->piece.last && !u->piece.broken && !complete && !req->server->draining) {
		pp_go_to(req, read_piece);
		return PP_NEXT;
	}
	say_offset(req, u);
	if (u->piece.broken)
		return pp_refuse(req, PP_request_timeout, "the rest did not come");
	if (complete || u->piece.last)
		return pp_reply(req, 204, NULL, PP_S(""));
	/* This worker goes: another one takes the rest. */
	return pp_refuse(req, PP_busy, "go on from Upload-Offset");
}

pp_step *const pp_import_show[] = { find, ask_state, show, NULL };
pp_step *const pp_import_go_on[] = { find, check_offset, read_piece, store, stored, NULL };
