/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/core/copies.h>

#include <pp/base/clock.h>
#include <pp/core/clerk.h>
#include <pp/core/flow.h>

/* The clerk may be busy with a password; a wish that it never hears is wished again. */
#define HEARD_US (60 * PP_SECOND)
/* So many wishes on their way are enough. */
#define WISHES 8

static void heard(void *ctx, const struct pp_frame *reply)
{
	(void)ctx;
	(void)reply;
}

/* Nobody waits for the answer: this reader is served from the database. */
static void wish(struct pp_server *server, struct pp_slice document)
{
	const struct pp_frame frame = { .kind = PP_COPY_WANTED, .payload = document, .fd = -1 };

	if (!server->draining && pp_worker_load(server->clerk) < WISHES)
		pp_worker_ask(
			server->clerk, &frame, pp_loop_now(server->loop) + HEARD_US, heard, NULL);
}

bool pp_copy_find(
	struct pp_req *req, struct pp_slice document, struct pp_slice sha256, uint64_t size)
{
	struct pp_server *server = req->server;

	pp_copy_drop(req);
	if (!server->copies || size < PP_COPY_LEAST)
		return false;
	req->copy = pp_copies_take(server->copies, sha256, size);
	if (!req->copy) {
		wish(server, document);
		return false;
	}
	atomic_fetch_add_explicit(
		&server->share->process[server->number].copies, 1, memory_order_relaxed);
	return true;
}

size_t pp_copy_put(struct pp_req *req, uint64_t first, uint64_t end)
{
	size_t len = end - first < PP_HTTP_COPY ? (size_t)(end - first) : PP_HTTP_COPY;

	PP_MUST(first < end);
	if (!req->copy || !pp_copy_is_good(req->copy)) {
		pp_copy_drop(req);
		return 0;
	}
	pp_put_copy(req, req->copy, first, len);
	if (first + len < end)
		pp_copy_expect(req->copy, first + len, PP_HTTP_COPY);
	return len;
}

void pp_copy_drop(struct pp_req *req)
{
	if (req->copy)
		pp_copy_release(req->copy);
	req->copy = NULL;
}
