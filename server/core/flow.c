/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/core/flow.h>

#include <pp/base/clock.h>

struct pp_flow {
	struct pp_arena questions[2]; /* the newest, and the ones before */
	unsigned newest;
	struct pp_piece *piece;
	char *at;
	size_t len, most; /* what is there, and what is wanted of it */
	size_t given;     /* of it to the step before */
	bool last, reading, waiting;
};

static void end_questions(void *thing)
{
	pp_arena_end(thing);
}

static struct pp_flow *flow_of(struct pp_req *req)
{
	if (req->flow)
		return req->flow;
	req->flow = PP_NEW(req->arena, struct pp_flow);
	for (unsigned i = 0; i < PP_LENGTH(req->flow->questions); i++) {
		pp_arena_begin(&req->flow->questions[i]);
		pp_own(req->arena, end_questions, &req->flow->questions[i]);
	}
	return req->flow;
}

/* ---- in ---- */

static bool gather(void *owner, struct pp_slice bytes)
{
	struct pp_req *req = PP_CAST(pp_req, owner, PP_REQ_MAGIC);
	struct pp_flow *flow = req->flow;

	PP_MUST(flow->len + bytes.len <= PP_PIECE_IN + PP_HTTP_PIECE);
	memcpy(flow->at + flow->len, bytes.at, bytes.len);
	flow->len += bytes.len;
	return flow->len < flow->most;
}

/* As much as is wanted; what came beyond it is for the next time. */
static void hand_over(struct pp_req *req)
{
	struct pp_flow *flow = req->flow;
	bool all = flow->len <= flow->most;

	flow->given = all ? flow->len : flow->most;
	*flow->piece = (struct pp_piece){ pp_slice(flow->at, flow->given), all && flow->last,
		all && req->gone };
}

static void resume(struct pp_req *req)
{
	req->flow->reading = false;
	hand_over(req);
	pp_req_answered(req, NULL);
}

static void stopped(void *owner, bool last)
{
	struct pp_req *req = PP_CAST(pp_req, owner, PP_REQ_MAGIC);

	req->flow->last = last;
	resume(req);
}

enum pp_next pp_read(struct pp_req *req, size_t most, struct pp_piece *piece)
{
	struct pp_flow *flow = flow_of(req);

	PP_MUST(most && most <= PP_PIECE_IN);
	if (!flow->at)
		flow->at = pp_alloc(req->arena, PP_PIECE_IN + PP_HTTP_PIECE);
	flow->len -= flow->given;
	memmove(flow->at, flow->at + flow->given, flow->len);
	flow->given = 0;
	flow->most = most;
	flow->piece = piece;
	if (flow->len >= most || flow->last || req->gone) {
		hand_over(req);
		return PP_NEXT;
	}
	flow->reading = true;
	req->outstanding++;
	pp_http_take(req->exchange, gather, stopped);
	return PP_WAIT;
}

/* ---- out ---- */

static void drained(void *owner)
{
	struct pp_req *req = PP_CAST(pp_req, owner, PP_REQ_MAGIC);

	if (!req->flow->waiting)
		return;
	req->flow->waiting = false;
	pp_req_answered(req, NULL);
}

void pp_write_begin(struct pp_req *req, int status, struct pp_slice media_type, uint64_t length)
{
	PP_MUST(req->open && !req->flowing);
	flow_of(req);
	req->flowing = true;
	req->status = status;
	pp_guard_cache(req);
	pp_guard_add(req, false);
	/* What is made while it is sent is text, mostly; files have a length, and coding of their
	 * own. */
	if (!req->gone)
		pp_http_stream_begin(req->exchange, status, media_type, length,
			length == PP_HTTP_UNKNOWN, drained);
}

bool pp_put(struct pp_req *req, struct pp_slice bytes)
{
	PP_MUST(req->flowing && !req->flow->waiting);
	if (req->gone)
		return true;
	req->bytes += bytes.len;
	pp_http_stream_write(req->exchange, bytes);
	return pp_http_stream_ready(req->exchange);
}

void pp_put_copy(struct pp_req *req, const struct pp_copy *copy, uint64_t first, size_t len)
{
	PP_MUST(req->flowing && !req->flow->waiting);
	if (req->gone)
		return;
	req->bytes += len;
	pp_http_stream_copy(req->exchange, copy, first, len);
}

enum pp_next pp_room(struct pp_req *req)
{
	PP_MUST(req->flowing && !req->flow->waiting);
	if (req->gone || pp_http_stream_ready(req->exchange))
		return PP_NEXT;
	req->flow->waiting = true;
	req->outstanding++;
	return PP_WAIT;
}

enum pp_next pp_write(struct pp_req *req, struct pp_slice bytes)
{
	pp_put(req, bytes);
	return pp_room(req);
}

enum pp_next pp_write_end(struct pp_req *req)
{
	PP_MUST(req->flowing && req->open);
	req->open = false;
	if (!req->gone)
		pp_http_stream_end(req->exchange);
	return PP_DONE;
}

/* ---- both ---- */

void pp_ask_ahead(struct pp_req *req)
{
	struct pp_flow *flow = flow_of(req);

	PP_MUST(!req->outstanding && !req->batch);
	flow->newest = !flow->newest;
	req->questions = &flow->questions[flow->newest];
	pp_arena_end(req->questions);
	pp_arena_begin(req->questions);
	pp_req_renew(req);
}

void pp_ask_anew(struct pp_req *req)
{
	pp_ask_ahead(req);
	pp_ask_ahead(req);
}

void pp_ask_back(struct pp_req *req)
{
	struct pp_flow *flow = flow_of(req);

	PP_MUST(!req->outstanding && !req->batch);
	pp_arena_end(&flow->questions[flow->newest]);
	flow->newest = !flow->newest;
	req->questions = &flow->questions[flow->newest];
}

void pp_ask_over(struct pp_req *req)
{
	pp_arena_end(&flow_of(req)->questions[!req->flow->newest]);
}

struct pp_arena *pp_questions(struct pp_req *req)
{
	PP_MUST(req->questions);
	return req->questions;
}

/*
 * What was read is stored even so; a worker that drains has no time for that. Whoever was written
 * to is gone, and nothing is left to do.
 */
void pp_flow_left(struct pp_req *req)
{
	struct pp_flow *flow = req->flow;

	if (flow->reading && !req->server->draining) {
		resume(req);
		return;
	}
	req->open = false;
	if (flow->reading || flow->waiting) {
		flow->reading = flow->waiting = false;
		pp_req_answered(req, NULL);
	} else {
		pp_req_finish(req);
	}
}
