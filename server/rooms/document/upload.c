/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Uploads. A file was announced with its size and hash; its bytes come by tus, or whole under its
 * own media type. What has arrived is stored piece by piece, and stays when the client breaks off:
 * it asks where it stands and goes on there.
 */
#include "document.h"

struct uploading {
	struct pp_tus tus; /* first: its steps find it there */
	struct pp_rows *stored;
	struct pp_slice sha256; /* as announced */
	bool wrong;
};

enum { SHA256 = PP_TUS_COLUMNS, MEDIA_TYPE };

static enum pp_next find(struct pp_req *req)
{
	if (!pp_tus_spoken(req))
		return PP_DONE;
	pp_ask(req, "upload_find", &pp_state(req, struct uploading)->tus.file);
	return PP_WAIT;
}

static struct uploading *recall(struct pp_req *req)
{
	struct uploading *u = pp_state(req, struct uploading);

	pp_tus_recall(&u->tus);
	u->sha256 = pp_cell(u->tus.file, 0, SHA256);
	return u;
}

static enum pp_next ask_state(struct pp_req *req)
{
	recall(req);
	pp_ask(req, "upload_show", &req->rows);
	return PP_WAIT;
}

static enum pp_next show(struct pp_req *req)
{
	return pp_tus_show(req, &pp_state(req, struct uploading)->tus, req->rows);
}

static enum pp_next check_offset(struct pp_req *req)
{
	return pp_tus_check(req, &recall(req)->tus);
}

static enum pp_next check_whole(struct pp_req *req)
{
	struct uploading *u = recall(req);
	struct pp_slice announced = pp_cell(u->tus.file, 0, MEDIA_TYPE);
	struct pp_slice rest, type = pp_http_field(req->exchange, PP_S("content-type"));

	u->tus.whole = true;
	if (!pp_tus_is_open(req, &u->tus))
		return PP_DONE;
	if (u->tus.received)
		return pp_refuse(req, PP_upload_offset, "it stands at %llu: go on with PATCH",
			(unsigned long long)u->tus.received);
	if (!pp_slice_is_nocase(pp_slice_trim(pp_slice_cut(type, ';', &rest)), announced))
		return pp_refuse(req, PP_unsupported_media_type, "send %.*s, as announced",
			PP_SHOW(announced));
	return pp_tus_fits(req, &u->tus) ? PP_NEXT : PP_DONE;
}

/* The last byte is there: it is the file that was announced, or none. */
static void judge(struct pp_req *req, struct uploading *u)
{
	struct pp_slice digest = pp_tus_digest(&u->tus);

	u->wrong = !pp_slice_is(pp_digest_sha256(pp_questions(req), digest), u->sha256);
	pp_bind(req, "crc32",
		pp_format(pp_questions(req), "%llu", (unsigned long long)pp_digest_crc32(digest)));
	pp_bind(req, "reason", PP_S("SHA256"));
}

static enum pp_next store(struct pp_req *req)
{
	struct uploading *u = pp_state(req, struct uploading);
	enum pp_next next = pp_tus_take(req, &u->tus);

	if (next != PP_WAIT)
		return next;
	pp_bind_null(req, "crc32");
	if (pp_tus_is_complete(&u->tus))
		judge(req, u);
	pp_ask(req, u->wrong ? "upload_refuse" : "upload_append", &u->stored);
	return PP_WAIT;
}

static enum pp_next stored(struct pp_req *req)
{
	struct uploading *u = pp_state(req, struct uploading);

	if (u->wrong)
		return pp_refuse(req, PP_upload_hash_wrong,
			"its SHA-256 is not the announced one; announce it again");
	return pp_tus_stored(req, &u->tus);
}

pp_step *const pp_upload_look[] = { find, ask_state, show, NULL };
pp_step *const pp_upload_go_on[] = { find, check_offset, pp_tus_read, store, stored, NULL };
pp_step *const pp_upload_whole[] = { find, check_whole, pp_tus_read, store, stored, NULL };
