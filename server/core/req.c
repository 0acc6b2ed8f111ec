/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/core/flow.h>

#include <pp/base/clock.h>
#include <pp/base/log.h>
#include <pp/base/uuid.h>
#include <pp/core/copies.h>
#include <pp/core/receipts.h>

#define JSON_LIMIT  (UINT64_C(1) << 20)
#define FORM_LIMIT  UINT64_C(16384)
#define DEADLINE_MS 5000u

static pp_step *const prologue[] = { pp_who_ask, pp_bearer_meet, pp_bearer_keys, pp_bearer_prove,
	pp_bearer_join, pp_bearer_joined, pp_who_check, pp_assurance_check, pp_assurance_refuse,
	pp_rate_check, pp_params_check, pp_body_check, NULL };
static pp_step *const plain[] = { pp_ask_route, pp_reply_route, NULL };
static pp_step *const signing[] = { pp_ask_route, pp_receipts_ask, pp_receipts_put, pp_reply_route,
	NULL };

void *pp_req_state(struct pp_req *req, size_t size)
{
	if (!req->state)
		req->state = pp_alloc(req->arena, size);
	return req->state;
}

static struct pp_counters *counters_of(struct pp_req *req)
{
	return &req->server->share->process[req->server->number];
}

/* The arena, and the request in it, ends with the exchange. */
void pp_req_end(struct pp_req *req)
{
	struct pp_http_exchange *exchange = req->exchange;

	PP_MUST(!req->open && req->outstanding == 0);
	pp_req_log(req);
	pp_copy_drop(req);
	pp_list_remove(&req->link);
	req->server->request_count--;
	atomic_fetch_sub_explicit(&counters_of(req)->open_requests, 1, memory_order_relaxed);
	req->magic = 0;
	pp_http_release(exchange);
}

void pp_req_finish(struct pp_req *req)
{
	if (!req->open && !req->streaming && req->outstanding == 0)
		pp_req_end(req);
}

static void batch_done(void *ctx, const struct pp_fault *fault)
{
	struct pp_req *req = PP_CAST(pp_req, ctx, PP_REQ_MAGIC);
	struct pp_counters *counters = counters_of(req);

	req->under_way = NULL;
	req->db_us += pp_clock_monotonic() - req->asked_at;
	if (fault && pp_problem_row(fault->problem)->status >= 500)
		atomic_fetch_add_explicit(&counters->db_faults, 1, memory_order_relaxed);
	pp_req_answered(req, fault);
}

void pp_ask_now(struct pp_req *req)
{
	struct pp_batch *batch = req->batch;
	struct pp_counters *counters = counters_of(req);

	if (!batch)
		return;
	req->batch = NULL;
	req->under_way = batch;
	req->outstanding++;
	req->asked_at = pp_clock_monotonic();
	atomic_fetch_add_explicit(&counters->db_batches, 1, memory_order_relaxed);
	pp_batch_send(batch, req->deadline_at, batch_done, req);
}

/* The step after the last of the prologue is the first of the route. */
static pp_step *next_step(struct pp_req *req)
{
	if (!*req->step && !req->in_route) {
		req->in_route = true;
		req->step = req->route->steps ? req->route->steps
			: req->route->signs   ? signing
					      : plain;
	}
	PP_MUST(*req->step); /* a table must end in a reply */
	return *req->step++;
}

void pp_req_run(struct pp_req *req)
{
	while (req->open) {
		pp_step *step = next_step(req);

		switch (step(req)) {
		case PP_NEXT:
			PP_MUST(!req->batch);
			continue;
		case PP_WAIT:
			pp_ask_now(req);
			PP_MUST(req->outstanding);
			return;
		case PP_DONE:
			PP_MUST(!req->open);
			break;
		}
	}
	pp_req_finish(req);
}

void pp_go_to(struct pp_req *req, pp_step *step)
{
	PP_MUST(req->in_route && req->route->steps);
	for (req->step = req->route->steps; *req->step; req->step++)
		if (*req->step == step)
			return;
	PP_NEVER("the route has that step");
}

/* One of the things that this request waits for has come, or will not come. */
void pp_req_answered(struct pp_req *req, const struct pp_fault *fault)
{
	PP_MUST(req->outstanding);
	req->outstanding--;
	if (fault && fault->problem == req->to_catch)
		req->caught = fault->problem;
	else if (fault && !req->has_fault) {
		req->has_fault = true;
		req->fault = *fault;
	}
	if (req->outstanding)
		return;
	if (req->open && req->has_fault)
		pp_refuse_fault(req, &req->fault);
	req->has_fault = false;
	if (req->open)
		pp_req_run(req);
	else
		pp_req_finish(req);
}

static struct pp_slice media_type(struct pp_http_exchange *exchange)
{
	struct pp_slice rest;

	return pp_slice_trim(
		pp_slice_cut(pp_http_field(exchange, PP_S("content-type")), ';', &rest));
}

static bool is_listed(const char *list, struct pp_slice word)
{
	struct pp_slice rest = pp_slice_of(list);

	while (rest.len)
		if (pp_slice_is_nocase(pp_slice_cut(rest, ' ', &rest), word))
			return true;
	return false;
}

/* Without a session there is nothing to forge but a sign-in: that counts as well. */
static bool take_form(struct pp_req *req, struct pp_http_intake *intake)
{
	const char *wrong = req->route->from_servers ? NULL : pp_origin_wrong(req);

	if (wrong) {
		pp_refuse(req, PP_forbidden, "%s", wrong);
		return false;
	}
	req->has_form = true;
	*intake = (struct pp_http_intake){ PP_BODY_MEMORY, FORM_LIMIT };
	return true;
}

/* RFC 9110 §8.3: what the body claims to be decides how it is taken, before it is read. */
static bool take_body(struct pp_req *req, struct pp_http_intake *intake)
{
	const struct pp_route *route = req->route;
	struct pp_slice type = media_type(req->exchange);

	if (!route->body && !route->media_types && !route->text_types)
		return true;
	if (route->text_types && is_listed(route->text_types, type)) {
		*intake = (struct pp_http_intake){ PP_BODY_MEMORY, route->body_limit };
		return true;
	}
	if (route->media_types &&
		(is_listed(route->media_types, type) || strcmp(route->media_types, "*/*") == 0)) {
		req->has_file = true;
		*intake = (struct pp_http_intake){
			route->file_streams ? PP_BODY_STREAM : PP_BODY_FILE, route->file_limit
		};
		return true;
	}
	if (route->takes_form &&
		(pp_slice_is_nocase(type, PP_S("application/x-www-form-urlencoded")) ||
			(route->from_servers &&
				pp_slice_is_nocase(type, PP_S("multipart/form-data")))))
		return take_form(req, intake);
	/* A form of another site's can send everything but this type (Fetch standard §2.2.2). */
	if (!route->body ||
		!(pp_slice_is_nocase(type, PP_S("application/json")) ||
			(type.len == 0 && !pp_http_has_body(req->exchange)))) {
		if (route->body && route->media_types)
			pp_refuse(req, PP_unsupported_media_type,
				"send application/json or one of %s", route->media_types);
		else
			pp_refuse(req, PP_unsupported_media_type, "send %s",
				route->body                  ? "application/json"
					: route->media_types ? route->media_types
							     : route->text_types);
		return false;
	}
	*intake = (struct pp_http_intake){ PP_BODY_MEMORY,
		route->body_limit ? route->body_limit : JSON_LIMIT };
	return true;
}

/* Route, rate and kind of body; what is refused here costs no byte of a body. */
static bool admit(struct pp_req *req, struct pp_http_intake *intake)
{
	struct pp_http_exchange *exchange = req->exchange;

	pp_route_find(req->server->rooms, exchange->method, exchange->path, &req->match);
	req->route = req->match.route;
	if (exchange->method == PP_OPTIONS && req->match.allowed) {
		pp_reply_field(req, "Allow", pp_route_allow(req->arena, req->match.allowed));
		pp_origin_preflight(req);
		pp_reply(req, 204, NULL, PP_S(""));
		return false;
	}
	if (!req->route && req->match.allowed) {
		pp_reply_field(req, "Allow", pp_route_allow(req->arena, req->match.allowed));
		pp_refuse(req, PP_method_not_allowed, "%s is not among the methods in Allow",
			pp_method_names[exchange->method]);
		return false;
	}
	if (!req->route) {
		pp_refuse(req, PP_not_found, "no resource at this address");
		return false;
	}
	if (!pp_rate_address(req) || !pp_who_begin(req))
		return false;
	if (req->route->mails && req->server->sends_no_mail) {
		pp_refuse(req, PP_mail_off, "no mail is sent here, so none could confirm this");
		return false;
	}
	return take_body(req, intake);
}

/* RFC 9110 §12.5.4, reduced to our two languages: English only when it stands before German. */
static bool prefers_english(struct pp_http_exchange *exchange)
{
	struct pp_slice rest = pp_http_field(exchange, PP_S("accept-language"));

	while (rest.len) {
		struct pp_slice range = pp_slice_trim(pp_slice_cut(rest, ',', &rest));

		if (pp_slice_starts(range, PP_S("de")))
			return false;
		if (pp_slice_starts(range, PP_S("en")))
			return true;
	}
	return false;
}

static bool head(void *ctx, struct pp_http_exchange *exchange, struct pp_http_intake *intake)
{
	struct pp_server *server = PP_CAST(pp_server, ctx, PP_SERVER_MAGIC);
	struct pp_req *req = PP_NEW(exchange->arena, struct pp_req);

	req->magic = PP_REQ_MAGIC;
	req->server = server;
	req->exchange = exchange;
	req->arena = exchange->arena;
	req->open = true;
	req->english = prefers_english(exchange);
	req->caller = pp_caller_of(&server->proxies, exchange->peer,
		pp_http_field(exchange, PP_S("x-forwarded-for")),
		pp_http_field(exchange, PP_S("x-forwarded-proto")));
	req->step = prologue;
	req->who.may = PP_ANYONE;
	pp_uuid7(req->id);
	exchange->owner = req;
	pp_list_push(&server->requests, &req->link);
	server->request_count++;
	atomic_fetch_add_explicit(&counters_of(req)->open_requests, 1, memory_order_relaxed);
	if (admit(req, intake))
		return true;
	pp_req_end(req);
	return false;
}

void pp_req_renew(struct pp_req *req)
{
	unsigned ms = req->route->deadline_ms ? req->route->deadline_ms : DEADLINE_MS;

	req->deadline_at = pp_clock_monotonic() + (int64_t)ms * 1000;
}

static void ready(void *ctx, struct pp_http_exchange *exchange)
{
	struct pp_req *req = PP_CAST(pp_req, exchange->owner, PP_REQ_MAGIC);

	(void)ctx;
	pp_req_renew(req);
	pp_req_run(req);
}

static void gone(void *ctx, struct pp_http_exchange *exchange)
{
	struct pp_req *req = PP_CAST(pp_req, exchange->owner, PP_REQ_MAGIC);

	(void)ctx;
	req->gone = true;
	if (req->under_way && pp_batch_is_slow(req->under_way))
		pp_batch_cancel(req->under_way);
	if (req->leave)
		req->leave(req, req->leave_ctx);
	req->leave = NULL;
	if (req->flow) {
		pp_flow_left(req);
		return;
	}
	if (req->streaming)
		pp_events_leave(req);
	req->streaming = false;
	req->open = false;
	pp_req_finish(req);
}

static void refused(void *ctx, enum pp_problem problem, struct pp_slice peer)
{
	struct pp_server *server = PP_CAST(pp_server, ctx, PP_SERVER_MAGIC);
	struct pp_caller caller = pp_caller_of(&server->proxies, peer, PP_S(""), PP_S(""));
	struct pp_arena arena;
	struct pp_log_line line;

	pp_arena_begin(&arena);
	atomic_fetch_add_explicit(
		&server->share->process[server->number].refused, 1, memory_order_relaxed);
	pp_log_begin(&line, PP_INFO, "refused");
	pp_log_text(&line, "problem", pp_slice_of(pp_problem_row(problem)->id));
	pp_log_text(&line, "client", pp_caller_text(&arena, &caller, server->log_detail));
	pp_log_end(&line);
	pp_arena_end(&arena);
}

static void refusal(void *ctx, enum pp_problem problem, const char *detail, struct pp_buf *out)
{
	struct pp_fault fault;

	(void)ctx;
	pp_fault(&fault, problem, "%s", detail);
	pp_problem_write(out, &fault, false, NULL);
}

const struct pp_http_hooks pp_req_hooks = { head, ready, gone, refused, refusal };

void pp_req_log(struct pp_req *req)
{
	struct pp_counters *counters = counters_of(req);
	int64_t took = pp_clock_monotonic() - req->exchange->started_us;
	struct pp_slice client = pp_caller_text(req->arena, &req->caller, req->server->log_detail);
	struct pp_log_line line;

	atomic_fetch_add_explicit(&counters->requests, 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&counters->duration_us, took, memory_order_relaxed);
	atomic_fetch_add_explicit(
		&counters->bytes_out, (long long)req->bytes, memory_order_relaxed);
	if (req->status >= 500)
		atomic_fetch_add_explicit(&counters->server_errors, 1, memory_order_relaxed);
	else if (req->status >= 400)
		atomic_fetch_add_explicit(&counters->client_errors, 1, memory_order_relaxed);
	pp_log_begin(&line, PP_INFO, "request");
	pp_log_text(&line, "id", pp_slice_of(req->id));
	pp_log_text(&line, "method", pp_slice_of(pp_method_names[req->exchange->method]));
	/* The pattern, not the path: addresses may name persons' things. */
	pp_log_text(&line, "route", pp_slice_of(req->route ? req->route->path : ""));
	pp_log_number(&line, "status", req->status);
	if (req->fault.problem)
		pp_log_text(&line, "problem", pp_slice_of(pp_problem_row(req->fault.problem)->id));
	if (client.len)
		pp_log_text(&line, "client", client);
	pp_log_text(&line, "role", pp_who_is(req));
	pp_log_number(&line, "us", took);
	pp_log_number(&line, "db_us", req->db_us);
	pp_log_number(&line, "bytes", (int64_t)req->bytes);
	if (req->gone)
		pp_log_text(&line, "end", PP_S("client left"));
	pp_log_end(&line);
}
