/* SPDX-License-Identifier: EUPL-1.2 */
/* What a connection does: each state has a step, and one runner takes them until there is to wait.
 */
#include "http_inner.h"

#include <stdlib.h>
#include <sys/socket.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

/* Requests that one connection may have answered before the others have their turn. */
#define REQUESTS_A_TURN 16
/* What a client may still say after it was refused. */
#define LINGER_BYTES (UINT64_C(64) << 20)

enum progress { GO_ON, WAIT, CLOSED };

static void stop_reading(struct pp_client *conn)
{
	if (conn->reading)
		bufferevent_disable(conn->bev, EV_READ);
	conn->reading = false;
}

/* Waits for more of the client; where no more can come, the connection is over. */
static enum progress await_input(struct pp_client *conn)
{
	if (conn->half_closed) {
		pp_client_close(conn);
		return CLOSED;
	}
	if (!conn->reading)
		bufferevent_enable(conn->bev, EV_READ);
	conn->reading = true;
	return WAIT;
}

static enum progress refuse(struct pp_client *conn, enum pp_problem problem, const char *why)
{
	pp_client_refuse(conn, problem, why);
	return GO_ON;
}

static enum progress await_request(struct pp_client *conn)
{
	if (evbuffer_get_length(conn->in) == 0)
		return await_input(conn);
	conn->skipped = false;
	conn->scanned = conn->line = 0;
	pp_client_enter(conn, PP_CLIENT_HEAD);
	return GO_ON;
}

static struct pp_slice contiguous(struct evbuffer *in, size_t most)
{
	size_t len = evbuffer_get_length(in);

	if (len > most)
		len = most;
	return pp_slice(len ? (const char *)evbuffer_pullup(in, (ev_ssize_t)len) : "", len);
}

static enum pp_problem read_whole_head(
	struct pp_client *conn, struct pp_slice block, const char **why)
{
	struct pp_turn *turn = conn->turn;
	struct pp_http_head head;
	enum pp_problem problem = pp_http_head_read(block, &turn->seen, &head, why);

	if (problem)
		return problem;
	conn->framing = head.framing;
	turn->keep_alive = head.keep_alive;
	turn->expects_continue = head.expects_continue;
	*why = "the request can be read in two ways";
	return pp_body_agrees(conn, block, &head) ? PP_no_problem : PP_malformed_request;
}

static void make_turn(struct pp_client *conn)
{
	struct pp_turn *turn = calloc(1, sizeof(*turn));

	PP_MUST(turn);
	turn->http = conn->http;
	turn->conn = conn;
	turn->added_end = &turn->added;
	pp_arena_begin(&turn->arena);
	turn->seen.magic = PP_EXCHANGE_MAGIC;
	turn->seen.arena = &turn->arena;
	turn->seen.peer = pp_copy(&turn->arena, pp_slice_of(conn->peer_text));
	turn->seen.started_us = conn->since_us;
	turn->seen.body_fd = -1;
	conn->turn = turn;
}

/* RFC 9110 §10.1.1: not where the client has not waited. */
static void say_continue(struct pp_client *conn)
{
	if (conn->turn->expects_continue && conn->framing.kind != PP_FRAMED_EMPTY &&
		evbuffer_get_length(conn->in) == 0)
		pp_client_send(conn, PP_S("HTTP/1.1 100 Continue\r\n\r\n"), PP_S(""));
	conn->turn->expects_continue = false;
}

static enum progress take_head(struct pp_client *conn, struct pp_slice so_far)
{
	struct pp_http *http = conn->http;
	struct pp_slice block;
	struct pp_turn *turn;
	enum pp_problem problem;
	const char *why;

	make_turn(conn);
	turn = conn->turn;
	block = pp_copy(&turn->arena, so_far);
	evbuffer_drain(conn->in, block.len);
	conn->requests++;
	problem = read_whole_head(conn, block, &why);
	if (problem)
		return refuse(conn, problem, why);
	turn->known = true;
	http->exchange_count++;
	pp_client_enter(conn, PP_CLIENT_BODY);
	if (!http->hooks->head(http->ctx, &turn->seen, &turn->intake)) {
		/* The owner has replied, and may have released the exchange. */
		PP_MUST(conn->turn == NULL);
		return GO_ON;
	}
	PP_MUST(conn->turn == turn);
	problem = pp_body_begin(conn, &why);
	if (problem)
		return refuse(conn, problem, why);
	if (turn->intake.body == PP_BODY_STREAM) {
		pp_client_enter(conn, PP_CLIENT_OWNER);
		http->hooks->ready(http->ctx, &turn->seen);
		return GO_ON;
	}
	say_continue(conn);
	return GO_ON;
}

/* What cannot become a request is refused at once and not only when its deadline passes. */
static enum pp_problem check_part(
	const struct pp_client *conn, struct pp_slice so_far, const char **why)
{
	struct pp_http_head head;

	*why = "the request line is longer than 8192 bytes";
	if (conn->line > PP_HTTP_LINE_BYTES || (!conn->line && so_far.len >= PP_HTTP_LINE_BYTES))
		return PP_uri_too_long;
	*why = "the header is longer than 16384 bytes";
	if (so_far.len >= PP_HTTP_HEADER_BYTES)
		return PP_header_too_large;
	*why = "this is not HTTP";
	if (!conn->line)
		return pp_http_is((unsigned char)so_far.at[0], PP_IN_TOKEN) ? PP_no_problem
									    : PP_malformed_request;
	return pp_http_line_read(pp_slice(so_far.at, conn->line - 2), &head, why);
}

static enum progress read_head(struct pp_client *conn)
{
	struct pp_slice so_far = contiguous(conn->in, PP_HTTP_HEADER_BYTES);
	enum pp_problem problem;
	bool broken = false;
	const char *why;
	size_t end;

	/* RFC 9112 §2.2: one empty line before a request is an old client's mistake. */
	if (!conn->skipped && so_far.len && so_far.at[0] == '\r') {
		if (so_far.len == 1)
			return await_input(conn);
		conn->skipped = so_far.at[1] == '\n';
		if (!conn->skipped)
			return refuse(conn, PP_malformed_request, "this is not HTTP");
		evbuffer_drain(conn->in, 2);
		return GO_ON;
	}
	if (so_far.len == 0)
		return await_input(conn);
	end = pp_http_head_end(so_far, &conn->scanned, &conn->line, &broken);
	if (broken)
		return refuse(conn, PP_malformed_request, "a line must end with CR and LF");
	if (end && conn->line <= PP_HTTP_LINE_BYTES)
		return take_head(conn, pp_slice(so_far.at, end));
	problem = check_part(conn, so_far, &why);
	return problem ? refuse(conn, problem, why) : await_input(conn);
}

static enum progress read_body(struct pp_client *conn)
{
	struct pp_turn *turn = conn->turn;
	enum pp_problem problem;
	const char *why;

	switch (pp_body_take(conn, &problem, &why)) {
	case PP_FRAME_MORE:
		return await_input(conn);
	case PP_FRAME_DONE:
		break;
	case PP_FRAME_BROKEN:
	case PP_FRAME_TOO_LARGE:
		return refuse(conn, problem, why);
	}
	turn->seen.received_utc = conn->read_utc;
	pp_body_end(turn);
	pp_client_enter(conn, PP_CLIENT_OWNER);
	conn->http->hooks->ready(conn->http->ctx, &turn->seen);
	return GO_ON;
}

/* What does not fit into the owner's hand waits here, and behind it the client. */
static enum progress read_pieces(struct pp_client *conn)
{
	struct pp_turn *turn = conn->turn;
	enum pp_problem problem;
	const char *why;

	say_continue(conn);
	switch (pp_body_take(conn, &problem, &why)) {
	case PP_FRAME_MORE:
		if (!turn->has_enough)
			return await_input(conn);
		break;
	case PP_FRAME_DONE:
		turn->is_read = true;
		turn->seen.received_utc = conn->read_utc;
		break;
	case PP_FRAME_BROKEN:
	case PP_FRAME_TOO_LARGE:
		return refuse(conn, problem, why);
	}
	pp_client_enter(conn, PP_CLIENT_OWNER);
	turn->stopped(turn->seen.owner, turn->is_read);
	return GO_ON;
}

void pp_http_take(struct pp_http_exchange *exchange,
	bool (*piece)(void *owner, struct pp_slice piece), void (*stopped)(void *owner, bool last))
{
	struct pp_turn *turn = pp_turn_of(exchange);
	struct pp_client *conn = turn->conn;

	PP_MUST(turn->intake.body == PP_BODY_STREAM && !turn->is_read);
	if (!conn)
		return;
	PP_MUST(conn->state == PP_CLIENT_OWNER && !turn->replied && !turn->streaming);
	turn->piece = piece;
	turn->stopped = stopped;
	turn->has_enough = false;
	turn->taken_before = exchange->body_size;
	pp_client_enter(conn, PP_CLIENT_TAKE);
	pp_client_run_soon(conn);
}

static enum progress await_owner(struct pp_client *conn)
{
	/* What was read too much keeps its time of receipt: nothing is read on top of it. */
	if (evbuffer_get_length(conn->in))
		stop_reading(conn);
	return WAIT;
}

static enum progress flush(struct pp_client *conn)
{
	if (evbuffer_get_length(conn->out))
		return await_owner(conn);
	/* A server that drains may have said keep-alive a moment ago, and the next one is under
	 * way. */
	if (!conn->close) {
		pp_client_enter(conn, PP_CLIENT_IDLE);
		return GO_ON;
	}
	if (conn->half_closed || !(conn->linger || evbuffer_get_length(conn->in))) {
		pp_client_close(conn);
		return CLOSED;
	}
	/*
	 * RFC 9112 §9.6: closing with something unread would reset the connection, and the client
	 * would lose the reply. Fails only where the client has reset it already.
	 */
	if (shutdown(bufferevent_getfd(conn->bev), SHUT_WR)) {
		pp_client_close(conn);
		return CLOSED;
	}
	pp_client_enter(conn, PP_CLIENT_LINGER);
	return GO_ON;
}

static enum progress linger(struct pp_client *conn)
{
	size_t len = evbuffer_get_length(conn->in);

	evbuffer_drain(conn->in, len);
	conn->lingered += len;
	if (conn->lingered <= LINGER_BYTES)
		return await_input(conn);
	pp_client_close(conn);
	return CLOSED;
}

static enum progress (*const steps[PP_CLIENT_STATES])(struct pp_client *conn) = {
	[PP_CLIENT_IDLE] = await_request,
	[PP_CLIENT_HEAD] = read_head,
	[PP_CLIENT_BODY] = read_body,
	[PP_CLIENT_TAKE] = read_pieces,
	[PP_CLIENT_OWNER] = await_owner,
	[PP_CLIENT_FLUSH] = flush,
	[PP_CLIENT_LINGER] = linger,
};

void pp_client_run(struct pp_client *conn)
{
	enum progress progress = GO_ON;
	unsigned most = conn->requests + REQUESTS_A_TURN;

	PP_MUST(conn->magic == PP_CLIENT_MAGIC && !conn->running);
	pp_list_remove(&conn->again);
	conn->running = true;
	while (progress == GO_ON && (conn->requests < most || conn->state != PP_CLIENT_IDLE)) {
		if (conn->aborting) {
			pp_client_abort(conn);
			return;
		}
		progress = steps[conn->state](conn);
	}
	if (progress == CLOSED)
		return;
	conn->running = false;
	if (progress == GO_ON)
		pp_client_run_soon(conn);
}

void pp_client_run_soon(struct pp_client *conn)
{
	if (conn->again.next)
		return;
	pp_list_push(&conn->http->again, &conn->again);
	pp_timer_start(conn->http->soon, 0);
}
