/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The bytes of a file of boundaries come by tus to the address of the import itself. What has
 * arrived stays; with the last byte the file waits for its check.
 */
#include "import.h"

struct uploading {
	struct pp_tus tus; /* first: its steps find it there */
	struct pp_rows *stored;
};

static enum pp_next find(struct pp_req *req)
{
	if (!pp_tus_spoken(req))
		return PP_DONE;
	pp_ask(req, "boundary_import_upload", &pp_state(req, struct uploading)->tus.file);
	return PP_WAIT;
}

static enum pp_next ask_state(struct pp_req *req)
{
	pp_tus_recall(&pp_state(req, struct uploading)->tus);
	pp_ask(req, "boundary_import_show", &req->rows);
	return PP_WAIT;
}

static enum pp_next show(struct pp_req *req)
{
	return pp_tus_show(req, &pp_state(req, struct uploading)->tus, req->rows);
}

static enum pp_next check(struct pp_req *req)
{
	struct uploading *u = pp_state(req, struct uploading);

	pp_tus_recall(&u->tus);
	return pp_tus_check(req, &u->tus);
}

static enum pp_next store(struct pp_req *req)
{
	struct uploading *u = pp_state(req, struct uploading);
	enum pp_next next = pp_tus_take(req, &u->tus);

	if (next != PP_WAIT)
		return next;
	if (pp_tus_is_complete(&u->tus))
		pp_bind(req, "sha256", pp_digest_sha256(pp_questions(req), pp_tus_digest(&u->tus)));
	else
		pp_bind_null(req, "sha256");
	pp_ask(req, "boundary_import_append", &u->stored);
	return PP_WAIT;
}

static enum pp_next stored(struct pp_req *req)
{
	return pp_tus_stored(req, &pp_state(req, struct uploading)->tus);
}

pp_step *const pp_import_show[] = { find, ask_state, show, NULL };
pp_step *const pp_import_go_on[] = { find, check, pp_tus_read, store, stored, NULL };
