/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/core/tus.h>

#define TUS    "Tus-Resumable"
#define TUS_1  PP_S("1.0.0")
#define OFFSET "Upload-Offset"

static struct pp_slice number(struct pp_arena *arena, uint64_t value)
{
	return pp_format(arena, "%llu", (unsigned long long)value);
}

static void say_offset(struct pp_req *req, const struct pp_tus *tus)
{
	pp_reply_field(req, TUS, TUS_1);
	pp_reply_field(req, OFFSET, number(req->arena, tus->received));
}

bool pp_tus_spoken(struct pp_req *req)
{
	struct pp_slice version = pp_http_field(req->exchange, PP_S("tus-resumable"));

	if (!version.len || pp_slice_is(version, TUS_1))
		return true;
	pp_reply_field(req, "Tus-Version", TUS_1);
	pp_refuse(req, PP_precondition_failed, "tus 1.0.0 is spoken here");
	return false;
}

void pp_tus_recall(struct pp_tus *tus)
{
	struct pp_slice digest = pp_cell(tus->file, 0, PP_TUS_DIGEST);

	PP_MUST(pp_slice_u64(pp_cell(tus->file, 0, PP_TUS_SIZE), &tus->size) &&
		pp_slice_u64(pp_cell(tus->file, 0, PP_TUS_RECEIVED), &tus->received));
	PP_MUST(digest.len <= sizeof(tus->digest));
	if (digest.len)
		memcpy(tus->digest, digest.at, digest.len);
	tus->digest_len = digest.len;
}

enum pp_next pp_tus_show(struct pp_req *req, const struct pp_tus *tus, const struct pp_rows *rows)
{
	say_offset(req, tus);
	pp_reply_field(req, "Upload-Length", number(req->arena, tus->size));
	return pp_reply_rows(req, rows);
}

bool pp_tus_is_open(struct pp_req *req, const struct pp_tus *tus)
{
	struct pp_slice state = pp_cell(tus->file, 0, PP_TUS_STATE);

	if (pp_slice_is(state, PP_S("LAEDT")))
		return true;
	pp_refuse(req, PP_upload_over, "it is in state %.*s", PP_SHOW(state));
	return false;
}

bool pp_tus_fits(struct pp_req *req, const struct pp_tus *tus)
{
	struct pp_slice field = pp_http_field(req->exchange, PP_S("content-length"));
	uint64_t length;

	if (!field.len || !pp_slice_u64(field, &length) || length <= tus->size - tus->received)
		return true;
	pp_refuse(req, PP_body_too_large, "%llu bytes of the file are missing, not %llu",
		(unsigned long long)(tus->size - tus->received), (unsigned long long)length);
	return false;
}

enum pp_next pp_tus_check(struct pp_req *req, const struct pp_tus *tus)
{
	struct pp_slice field = pp_http_field(req->exchange, PP_S("upload-offset"));
	uint64_t offset;

	if (!pp_slice_u64(field, &offset))
		return pp_refuse(
			req, PP_invalid_parameter, "Upload-Offset: the place of the first byte");
	if (offset == tus->received && pp_tus_is_complete(tus)) {
		say_offset(req, tus);
		return pp_reply(req, 204, NULL, PP_S(""));
	}
	if (offset != tus->received) {
		say_offset(req, tus);
		return pp_refuse(req, PP_upload_offset, "it stands at %llu",
			(unsigned long long)tus->received);
	}
	return pp_tus_is_open(req, tus) && pp_tus_fits(req, tus) ? PP_NEXT : PP_DONE;
}

enum pp_next pp_tus_read(struct pp_req *req)
{
	struct pp_tus *tus = pp_state(req, struct pp_tus);

	return pp_read(req, PP_PIECE_IN - (size_t)(tus->received % PP_PIECE_IN), &tus->piece);
}

enum pp_next pp_tus_take(struct pp_req *req, struct pp_tus *tus)
{
	struct pp_slice digest, bytes = tus->piece.bytes;

	if (bytes.len == 0)
		return PP_NEXT;
	if (bytes.len > tus->size - tus->received)
		return pp_refuse(req, PP_body_too_large, "the file has %llu bytes, as announced",
			(unsigned long long)tus->size);
	pp_ask_anew(req);
	digest = pp_digest_feed(pp_questions(req), pp_tus_digest(tus), bytes);
	memcpy(tus->digest, digest.at, digest.len);
	tus->digest_len = digest.len;
	pp_bind(req, "from_byte", number(pp_questions(req), tus->received));
	pp_bind(req, "bytes", bytes);
	pp_bind(req, "digest", digest);
	tus->received += bytes.len;
	return PP_WAIT;
}

enum pp_next pp_tus_stored(struct pp_req *req, const struct pp_tus *tus)
{
	bool complete = pp_tus_is_complete(tus), last = tus->piece.last;

	if (!last && !tus->piece.broken && !complete && !req->server->draining) {
		pp_go_to(req, pp_tus_read);
		return PP_NEXT;
	}
	say_offset(req, tus);
	if (tus->piece.broken)
		return pp_refuse(req, PP_request_timeout, "the rest did not come");
	if (complete || (last && !tus->whole))
		return pp_reply(req, 204, NULL, PP_S(""));
	/* This worker goes: another one takes the rest. */
	if (!last)
		return pp_refuse(req, PP_busy, "go on from Upload-Offset");
	return pp_refuse(req, PP_upload_offset, "the file is longer: go on with PATCH");
}
