/* SPDX-License-Identifier: EUPL-1.2 */
/* Asking: values are bound to the parameters of named queries by their names. */
#include <pp/core/req.h>

#include <pp/base/clock.h>
#include <pp/io/secret.h>

static const struct pp_binding *find(
	const struct pp_binding *bindings, size_t count, struct pp_slice name)
{
	for (size_t i = 0; i < count; i++)
		if (pp_slice_is(bindings[i].name, name))
			return &bindings[i];
	return NULL;
}

struct pp_slice pp_path(const struct pp_req *req, const char *name)
{
	for (size_t i = 0; i < req->match.param_count; i++)
		if (pp_slice_is(req->match.names[i], pp_slice_of(name)))
			return req->match.values[i];
	PP_NEVER("the route has that path parameter");
	return PP_S("");
}

struct pp_slice pp_param(const struct pp_req *req, const char *name)
{
	const struct pp_binding *found = find(req->params, req->param_count, pp_slice_of(name));

	return found ? found->value : pp_slice(NULL, 0);
}

void pp_bind(struct pp_req *req, const char *name, struct pp_slice value)
{
	for (size_t i = 0; i < req->binding_count; i++) {
		if (pp_slice_is(req->bindings[i].name, pp_slice_of(name))) {
			req->bindings[i].value = value;
			return;
		}
	}
	PP_MUST(req->binding_count < PP_BINDINGS);
	req->bindings[req->binding_count++] = (struct pp_binding){ pp_slice_of(name), value };
}

void pp_bind_null(struct pp_req *req, const char *name)
{
	pp_bind(req, name, pp_slice(NULL, 0));
}

/*
 * RFC 9110 §8.8.3: the opaque part of one strong entity tag, or * for whatever is there (§13.1.1);
 * the empty string never matches.
 */
static struct pp_slice if_match(const struct pp_req *req)
{
	struct pp_slice tag = pp_http_field(req->exchange, PP_S("if-match"));

	if (tag.len == 0)
		return pp_slice(NULL, 0);
	if (pp_slice_is(tag, PP_S("*")))
		return tag;
	if (tag.len < 2 || tag.at[0] != '"' || tag.at[tag.len - 1] != '"' ||
		pp_slice_is(tag, PP_S("\"*\"")))
		return PP_S("");
	return pp_http_plain_tag(pp_slice(tag.at + 1, tag.len - 2));
}

/* The method, the address and the body make the request; a key stands for exactly one of them. */
static struct pp_slice request_sha256(const struct pp_req *req)
{
	struct pp_slice parts[] = { pp_slice_of(pp_method_names[req->exchange->method]), PP_S(" "),
		req->exchange->target, PP_S("\n"),
		req->has_file ? req->exchange->body_sha256 : req->exchange->body };
	unsigned char *hash = pp_alloc(req->arena, PP_SHA256_SIZE);

	pp_sha256_of(PP_LENGTH(parts), parts, hash);
	return pp_slice((char *)hash, PP_SHA256_SIZE);
}

static struct pp_slice received_at(const struct pp_req *req)
{
	return pp_clock_text(req->arena, req->exchange->received_utc);
}

static struct pp_slice lang(const struct pp_req *req)
{
	return req->english ? PP_S("en") : PP_S("de");
}

static struct pp_slice idempotency_key(const struct pp_req *req)
{
	struct pp_slice key = pp_http_field(req->exchange, PP_S("idempotency-key"));

	return key.len ? key : pp_slice(NULL, 0);
}

/* The secret of a receipt: whose it is acts for that person, without an account. */
static struct pp_slice status_token(const struct pp_req *req)
{
	struct pp_slice token = pp_http_field(req->exchange, PP_S("status-token"));

	return token.len ? token : pp_slice(NULL, 0);
}

/* The secret of an invitation link: acts for the invited body in that one invitation. */
static struct pp_slice invitation_link(const struct pp_req *req)
{
	struct pp_slice secret = pp_http_field(req->exchange, PP_S("invitation-link"));

	return secret.len ? secret : pp_slice(NULL, 0);
}

/* The secret of attachments that no statement has named yet: goes on with them. */
static struct pp_slice upload_token(const struct pp_req *req)
{
	struct pp_slice token = pp_http_field(req->exchange, PP_S("upload-token"));

	return token.len ? token : pp_slice(NULL, 0);
}

static struct pp_slice body(const struct pp_req *req)
{
	return req->body_text;
}

static struct pp_slice row_limit(const struct pp_req *req)
{
	return pp_param(req, "limit");
}

static const struct {
	const char *name;
	struct pp_slice (*value)(const struct pp_req *req);
} reserved[] = {
	{ "at", received_at },
	{ "body", body },
	{ "idempotency_key", idempotency_key },
	{ "if_match", if_match },
	{ "invitation_link", invitation_link },
	{ "lang", lang },
	{ "request_sha256", request_sha256 },
	{ "row_limit", row_limit },
	{ "status_token", status_token },
	{ "upload_token", upload_token },
};

static struct pp_slice value_of(const struct pp_req *req, struct pp_slice name)
{
	const struct pp_binding *found = find(req->bindings, req->binding_count, name);

	if (found)
		return found->value;
	for (size_t i = 0; i < req->match.param_count; i++)
		if (pp_slice_is(req->match.names[i], name))
			return req->match.values[i];
	for (size_t i = 0; i < PP_LENGTH(reserved); i++)
		if (pp_slice_is(pp_slice_of(reserved[i].name), name))
			return reserved[i].value(req);
	/* A parameter that the client may leave out is NULL; that it exists was checked at start.
	 */
	return pp_param(req, pp_text(req->arena, name));
}

/*
 * Who sends a change is asked on the lane of writes as well: that one waits in a crowd, where the
 * others send away.
 */
static enum pp_lane lane_of(const struct pp_req *req, const struct pp_query *query)
{
	bool somebody = req->who.account.len;
	bool changes = req->exchange->method != PP_GET && req->exchange->method != PP_HEAD;

	if (query->lanes & 1u << PP_LANE_SLOW)
		return somebody ? PP_LANE_SLOW : PP_LANE_PUBLIC_SLOW;
	if (!somebody && query->lanes & 1u << PP_LANE_PUBLIC)
		return PP_LANE_PUBLIC;
	if (changes && query->lanes & 1u << PP_LANE_WRITE)
		return PP_LANE_WRITE;
	if (query->lanes & 1u << PP_LANE_READ)
		return PP_LANE_READ;
	PP_MUST(query->lanes & 1u << PP_LANE_WRITE);
	return PP_LANE_WRITE;
}

struct pp_slice pp_value(const struct pp_req *req, const char *name)
{
	return value_of(req, pp_slice_of(name));
}

static const struct pp_query *query_named(const struct pp_server *server, const char *name)
{
	for (size_t i = 0; i < server->query_count; i++)
		if (strcmp(server->queries[i].name, name) == 0)
			return &server->queries[i];
	PP_NEVER("the query exists");
	return NULL;
}

void pp_ask(struct pp_req *req, const char *name, struct pp_rows **rows)
{
	const struct pp_query *query = query_named(req->server, name);
	struct pp_slice values[PP_QUERY_PARAMS];

	for (size_t i = 0; i < query->param_count; i++)
		values[i] = value_of(req, pp_slice_of(query->params[i].name));
	pp_ask_query(req, query, values, rows);
}

void pp_ask_query(struct pp_req *req, const struct pp_query *query, const struct pp_slice *values,
	struct pp_rows **rows)
{
	if (!req->batch)
		req->batch = pp_batch_make(req->server->db,
			req->questions ? req->questions : req->arena, lane_of(req, query),
			(struct pp_identity){ req->who.account, req->who.body, req->who.roles });
	pp_batch_add(req->batch, query, values, rows);
}

void pp_catch(struct pp_req *req, enum pp_problem problem)
{
	req->to_catch = problem;
	req->caught = PP_no_problem;
}

enum pp_next pp_ask_route(struct pp_req *req)
{
	pp_ask(req, req->route->query, &req->rows);
	return PP_WAIT;
}

enum pp_next pp_reply_route(struct pp_req *req)
{
	return pp_reply_rows(req, req->rows);
}

/* A question to another process of ours, and where its answer goes. */
struct question {
	struct pp_req *req;
	struct pp_frame again; /* to a geometry worker: asked once more when the first went away */
	struct pp_frame *reply;
	void (*take)(struct pp_req *req, void *ctx, const struct pp_frame *frame);
	void *take_ctx;
	struct pp_worker *own; /* a connection for this question alone */
	bool may_fail;
};

static struct pp_worker *idlest_geometry(struct pp_server *server)
{
	struct pp_worker *idlest = server->geometry[0];

	PP_MUST(server->geometry_count);
	for (size_t i = 1; i < server->geometry_count; i++)
		if (pp_worker_load(server->geometry[i]) < pp_worker_load(idlest))
			idlest = server->geometry[i];
	return idlest;
}

/*
 * A question to a geometry worker changes nothing and depends on nothing but itself: when the
 * worker dies or is replaced under it, another one answers.
 */
static void answered(void *ctx, const struct pp_frame *frame)
{
	struct question *question = ctx;
	struct pp_req *req = PP_CAST(pp_req, question->req, PP_REQ_MAGIC);
	struct pp_frame again = question->again;
	bool is_last = !frame || frame->kind < 0x8000 || frame->kind == PP_FRAME_FAILED;
	struct pp_fault fault;

	if (!frame && again.kind && pp_clock_monotonic() < req->deadline_at) {
		question->again.kind = 0;
		pp_worker_ask(
			idlest_geometry(req->server), &again, req->deadline_at, answered, question);
		return;
	}
	if (!frame) {
		pp_fault(&fault, PP_worker_unavailable, "no answer came");
	} else if (frame->kind == PP_FRAME_FAILED) {
		pp_fault(&fault, PP_worker_unavailable, "%.*s", PP_SHOW(frame->payload));
	} else if (question->take) {
		question->take(req, question->take_ctx, frame);
	} else {
		*question->reply = *frame;
		question->reply->payload = pp_copy(req->arena, frame->payload);
	}
	if (!is_last)
		return;
	if (question->own)
		pp_worker_close(question->own);
	if (question->may_fail && (!frame || frame->kind == PP_FRAME_FAILED))
		question->reply->kind = PP_FRAME_FAILED;
	pp_req_answered(req,
		question->may_fail || (frame && frame->kind != PP_FRAME_FAILED) ? NULL : &fault);
}

static struct question *ask(struct pp_req *req, struct pp_worker *worker, struct pp_frame frame)
{
	struct question *question = PP_NEW(req->arena, struct question);

	question->req = req;
	req->outstanding++;
	pp_worker_ask(worker, &frame, req->deadline_at, answered, question);
	return question;
}

void pp_ask_geometry(
	struct pp_req *req, uint16_t kind, struct pp_slice payload, struct pp_frame *reply)
{
	struct pp_frame frame = { .kind = kind, .payload = payload, .fd = -1 };
	struct question *question = ask(req, idlest_geometry(req->server), frame);

	question->reply = reply;
	question->again = frame;
	atomic_fetch_add_explicit(&req->server->share->process[req->server->number].geometry_jobs,
		1, memory_order_relaxed);
}

void pp_ask_clerk(
	struct pp_req *req, uint16_t kind, struct pp_slice payload, struct pp_frame *reply)
{
	ask(req, req->server->clerk,
		(struct pp_frame){ .kind = kind, .payload = payload, .fd = -1 })
		->reply = reply;
}

void pp_try_clerk(
	struct pp_req *req, uint16_t kind, struct pp_slice payload, struct pp_frame *reply)
{
	struct question *question = ask(req, req->server->clerk,
		(struct pp_frame){ .kind = kind, .payload = payload, .fd = -1 });

	question->reply = reply;
	question->may_fail = true;
}

void pp_ask_file(struct pp_req *req, uint16_t kind, struct pp_slice payload,
	void (*take)(struct pp_req *req, void *ctx, const struct pp_frame *frame), void *ctx)
{
	struct pp_worker *own = pp_worker_open(req->server->loop, req->server->files_socket);
	struct question *question;

	atomic_fetch_add_explicit(&req->server->share->process[req->server->number].file_jobs, 1,
		memory_order_relaxed);
	question = ask(req, own,
		(struct pp_frame){
			.kind = kind, .payload = payload, .fd = req->exchange->body_fd });
	question->take = take;
	question->take_ctx = ctx;
	question->own = own;
}
