/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Uploads. A file was announced with its size and hash; its bytes come by the core protocol of tus
 * 1.0.0 (https://tus.io/protocols/resumable-upload), or whole under its own media type. What has
 * arrived is stored piece by piece, and stays when the client breaks off: it asks where it stands
 * and goes on there.
 */
#include <pp/core/digest.h>

#include "document.h"

#define TUS    "Tus-Resumable"
#define TUS_1  PP_S("1.0.0")
#define OFFSET "Upload-Offset"

struct uploading {
	struct pp_rows *file, *stored;
	struct pp_piece piece;
	struct pp_slice sha256; /* as announced */
	uint64_t size, received;
	char digest[PP_DIGEST_SIZE];
	size_t digest_len;
	bool wrong, whole;
};

enum { STATE, SIZE, RECEIVED, DIGEST, SHA256, MEDIA_TYPE };

static void say_offset(struct pp_req *req, uint64_t offset)
{
	pp_reply_field(req, TUS, TUS_1);
	pp_reply_field(req, OFFSET, pp_format(req->arena, "%llu", (unsigned long long)offset));
}

static enum pp_next find(struct pp_req *req)
{
	struct pp_slice version = pp_http_field(req->exchange, PP_S("tus-resumable"));

	if (version.len && !pp_slice_is(version, TUS_1)) {
		pp_reply_field(req, "Tus-Version", TUS_1);
		return pp_refuse(req, PP_precondition_failed, "tus 1.0.0 is spoken here");
	}
	pp_ask(req, "upload_find", &pp_state(req, struct uploading)->file);
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
	u->sha256 = pp_cell(u->file, 0, SHA256);
	return u;
}

/* ---- where it stands ---- */

static enum pp_next ask_state(struct pp_req *req)
{
	recall(req);
	pp_ask(req, "upload_show", &req->rows);
	return PP_WAIT;
}

static enum pp_next show(struct pp_req *req)
{
	struct uploading *u = pp_state(req, struct uploading);

	say_offset(req, u->received);
	pp_reply_field(
		req, "Upload-Length", pp_format(req->arena, "%llu", (unsigned long long)u->size));
	return pp_reply_rows(req, req->rows);
}

/* ---- more of it ---- */

static bool is_open(struct pp_req *req, const struct uploading *u)
{
	struct pp_slice state = pp_cell(u->file, 0, STATE);

	if (pp_slice_is(state, PP_S("LAEDT")))
		return true;
	pp_refuse(req, PP_upload_over, "it is in state %.*s", PP_SHOW(state));
	return false;
}

/* Where the length of the body is said, a file that will not fit is refused before it is read. */
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
	uint64_t offset;

	if (!pp_slice_u64(field, &offset))
		return pp_refuse(
			req, PP_invalid_parameter, "Upload-Offset: the place of the first byte");
	/* A repetition of what was heard no answer to is no mistake. */
	if (offset == u->received && offset == u->size) {
		say_offset(req, u->received);
		return pp_reply(req, 204, NULL, PP_S(""));
	}
	if (offset != u->received) {
		say_offset(req, u->received);
		return pp_refuse(req, PP_upload_offset, "it stands at %llu",
			(unsigned long long)u->received);
	}
	return is_open(req, u) && fits(req, u) ? PP_NEXT : PP_DONE;
}

static enum pp_next check_whole(struct pp_req *req)
{
	struct uploading *u = recall(req);
	struct pp_slice rest, type = pp_http_field(req->exchange, PP_S("content-type"));

	u->whole = true;
	if (!is_open(req, u))
		return PP_DONE;
	if (u->received)
		return pp_refuse(req, PP_upload_offset, "it stands at %llu: go on with PATCH",
			(unsigned long long)u->received);
	if (!pp_slice_is_nocase(
		    pp_slice_trim(pp_slice_cut(type, ';', &rest)), pp_cell(u->file, 0, MEDIA_TYPE)))
		return pp_refuse(req, PP_unsupported_media_type, "send %.*s, as announced",
			PP_SHOW(pp_cell(u->file, 0, MEDIA_TYPE)));
	return fits(req, u) ? PP_NEXT : PP_DONE;
}

static enum pp_next read_piece(struct pp_req *req)
{
	struct uploading *u = pp_state(req, struct uploading);

	/* Pieces end where chunks do, so that equal files have equal chunks. */
	return pp_read(req, PP_PIECE_IN - (size_t)(u->received % PP_PIECE_IN), &u->piece);
}

static struct pp_slice number(struct pp_req *req, uint64_t value)
{
	return pp_format(pp_questions(req), "%llu", (unsigned long long)value);
}

/* The last byte is there: it is the file that was announced, or none. */
static void judge(struct pp_req *req, struct uploading *u, struct pp_slice digest)
{
	u->wrong = !pp_slice_is(pp_digest_sha256(pp_questions(req), digest), u->sha256);
	pp_bind(req, "crc32", number(req, pp_digest_crc32(digest)));
	pp_bind(req, "reason", PP_S("SHA256"));
}

static enum pp_next store(struct pp_req *req)
{
	struct uploading *u = pp_state(req, struct uploading);
	struct pp_slice digest, bytes = u->piece.bytes;

	u->stored = NULL;
	if (bytes.len == 0)
		return PP_NEXT;
	if (bytes.len > u->size - u->received)
		return pp_refuse(req, PP_body_too_large, "the file has %llu bytes, as announced",
			(unsigned long long)u->size);
	pp_ask_anew(req);
	digest = pp_digest_feed(pp_questions(req), pp_slice(u->digest, u->digest_len), bytes);
	memcpy(u->digest, digest.at, digest.len);
	u->digest_len = digest.len;
	pp_bind(req, "from_byte", number(req, u->received));
	pp_bind(req, "bytes", bytes);
	pp_bind(req, "digest", digest);
	pp_bind_null(req, "crc32");
	u->received += bytes.len;
	if (u->received == u->size)
		judge(req, u, digest);
	pp_ask(req, u->wrong ? "upload_refuse" : "upload_append", &u->stored);
	return PP_WAIT;
}

static enum pp_next stored(struct pp_req *req)
{
	struct uploading *u = pp_state(req, struct uploading);
	bool complete = u->received == u->size;

	if (u->wrong)
		return pp_refuse(req, PP_upload_hash_wrong,
			"its SHA-256 is not the announced one; announce it again");
	if (!u->piece.last && !u->piece.broken && !complete && !req->server->draining) {
		pp_go_to(req, read_piece);
		return PP_NEXT;
	}
	say_offset(req, u->received);
	if (u->piece.broken)
		return pp_refuse(req, PP_request_timeout, "the rest did not come");
	if (complete || (u->piece.last && !u->whole))
		return pp_reply(req, 204, NULL, PP_S(""));
	/* This worker goes: another one takes the rest. */
	if (!u->piece.last)
		return pp_refuse(req, PP_busy, "go on from Upload-Offset");
	return pp_refuse(req, PP_upload_offset, "the file is longer: go on with PATCH");
}

pp_step *const pp_upload_look[] = { find, ask_state, show, NULL };
pp_step *const pp_upload_go_on[] = { find, check_offset, read_piece, store, stored, NULL };
pp_step *const pp_upload_whole[] = { find, check_whole, read_piece, store, stored, NULL };
