/* SPDX-License-Identifier: EUPL-1.2 */
/* A connection's birth, its deadlines, what libevent tells of it, and its one end. */
#include "http_inner.h"

#include <errno.h>
#include <linux/sockios.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

#include <pp/base/clock.h>

/* A reply is watched in stretches of so many graces: a train may be in a tunnel. */
#define DRAIN_STRETCH 3
/* While clients wait to be accepted, idle ones and unfinished headers have this long: whoever only
 * holds a connection makes room for whoever asks for something. */
#define CROWDED_US PP_SECOND
/* How long a server that drains still waits for a request on an idle connection. */
#define DRAIN_IDLE_US PP_SECOND

void pp_client_enter(struct pp_client *conn, enum pp_client_state state)
{
	conn->state = state;
	conn->since_us = pp_loop_now(conn->http->loop);
}

/* ---- the end ---- */

void pp_turn_free(struct pp_turn *turn)
{
	if (turn->coder)
		pp_coder_close(&turn->http->coders, turn->coder);
	pp_body_close(turn);
	pp_arena_end(&turn->arena);
	turn->seen.magic = 0;
	free(turn);
}

/* The exchange fails: the owner is told where it knows of it, and releases it. */
static void lose_turn(struct pp_client *conn)
{
	struct pp_turn *turn = conn->turn;

	if (!turn)
		return;
	conn->turn = NULL;
	turn->conn = NULL;
	turn->complete = true;
	if (turn->known)
		turn->http->hooks->gone(turn->http->ctx, &turn->seen);
	else
		pp_turn_free(turn);
}

void pp_client_close(struct pp_client *conn)
{
	struct pp_http *http = conn->http;

	PP_MUST(conn->magic == PP_CLIENT_MAGIC);
	if (http->sweeping == &conn->link)
		http->sweeping = conn->link.next;
	pp_list_remove(&conn->link);
	pp_list_remove(&conn->again);
	http->connection_count--;
	pp_peers_leave(http->peers, conn->peer);
	bufferevent_free(conn->bev);
	conn->magic = 0;
	pp_http_resume(http);
	lose_turn(conn);
	free(conn);
}

void pp_client_abort(struct pp_client *conn)
{
	const struct linger now = { .l_onoff = 1, .l_linger = 0 };

	/* Without it the kernel would go on sending what nobody takes. It cannot fail on a socket.
	 */
	PP_MUST(setsockopt(bufferevent_getfd(conn->bev), SOL_SOCKET, SO_LINGER, &now,
			sizeof(now)) == 0);
	pp_client_close(conn);
}

void pp_client_refuse(struct pp_client *conn, enum pp_problem problem, const char *why)
{
	struct pp_http *http = conn->http;
	struct pp_buf reply;

	pp_buf_begin(&reply);
	pp_refusal_write(
		http, &reply, problem, why, conn->turn && conn->turn->seen.method == PP_HEAD);
	pp_client_send(conn, pp_buf_all(&reply), PP_S(""));
	pp_buf_end(&reply);
	conn->close = conn->linger = true;
	pp_client_enter(conn, PP_CLIENT_FLUSH);
	http->hooks->refused(http->ctx, problem, pp_slice_of(conn->peer_text));
	lose_turn(conn);
}

/* The owner replies before the body is read: nobody will read it. */
bool pp_client_has_unread(const struct pp_client *conn)
{
	const struct pp_turn *turn = conn->turn;

	if (conn->framing.kind == PP_FRAMED_EMPTY)
		return false;
	return conn->state == PP_CLIENT_BODY ||
		(turn && turn->intake.body == PP_BODY_STREAM && !turn->is_read);
}

void pp_client_complete(struct pp_turn *turn)
{
	struct pp_client *conn = turn->conn;
	bool waiting;

	turn->complete = true;
	if (!conn)
		return;
	waiting = evbuffer_get_length(conn->in) > 0;
	conn->close = !turn->keep_alive;
	conn->linger = waiting || pp_client_has_unread(conn);
	turn->conn = NULL;
	conn->turn = NULL;
	pp_client_enter(conn, PP_CLIENT_FLUSH);
	if (conn->running || evbuffer_get_length(conn->out))
		return;
	/* We are called by the owner: what would call or close goes on in the next turn, as does
	 * one that stopped reading, behind which the next request may lie in the kernel. */
	if (conn->close || waiting || conn->half_closed || conn->aborting || !conn->reading)
		pp_client_run_soon(conn);
	else
		pp_client_enter(conn, PP_CLIENT_IDLE);
}

/* ---- deadlines: absolute ones, for a timeout per read is no defence (evhttp has only that) ----
 */

static bool is_over(const struct pp_client *conn, int64_t now_us, int64_t limit_us)
{
	return now_us - conn->since_us > limit_us;
}

/* So many bytes since the grace are the least that is asked for. */
static bool is_too_slow(uint64_t bytes, uint64_t rate, int64_t elapsed_us, int64_t grace_us)
{
	return elapsed_us > grace_us &&
		bytes < rate * (uint64_t)(elapsed_us - grace_us) / (uint64_t)PP_SECOND;
}

/* Whether the kernel holds something of the client's that nobody has read. */
static bool has_unheard(const struct pp_client *conn)
{
	int queue = 0;

	return ioctl(bufferevent_getfd(conn->bev), FIONREAD, &queue) == 0 && queue > 0;
}

/*
 * Of a server that drains, for a request that was under way when it began to: closing at once would
 * lose it, and its client could not know whether it was done (RFC 9112 §9.3.1).
 */
static void sweep_idle(struct pp_client *conn, int64_t now_us)
{
	int64_t limit_us = conn->http->limits->idle_us;

	if (conn->http->draining && limit_us > DRAIN_IDLE_US)
		limit_us = DRAIN_IDLE_US;
	if (conn->http->paused && limit_us > CROWDED_US)
		limit_us = CROWDED_US;
	if (is_over(conn, now_us, limit_us) && !has_unheard(conn))
		pp_client_close(conn);
}

static void sweep_head(struct pp_client *conn, int64_t now_us)
{
	int64_t limit_us = conn->http->limits->header_us;

	if (conn->http->paused && limit_us > CROWDED_US)
		limit_us = CROWDED_US;
	if (!is_over(conn, now_us, limit_us))
		return;
	pp_client_refuse(conn, PP_request_timeout, "the header took too long");
	pp_client_run(conn);
}

static void sweep_body(struct pp_client *conn, int64_t now_us)
{
	const struct pp_http_limits *limits = conn->http->limits;

	if (!is_over(conn, now_us, limits->body_total_us) &&
		!is_too_slow(conn->turn->seen.body_size, limits->body_rate, now_us - conn->since_us,
			limits->body_grace_us))
		return;
	pp_client_refuse(conn, PP_request_timeout, "the body came too slowly");
	pp_client_run(conn);
}

/*
 * Counted from when the owner asked for more: the time that we took for what came before is not the
 * client's. No limit for the whole, which may be gigabytes.
 */
static void sweep_take(struct pp_client *conn, int64_t now_us)
{
	const struct pp_http_limits *limits = conn->http->limits;

	if (!is_too_slow(conn->turn->seen.body_size - conn->turn->taken_before, limits->body_rate,
		    now_us - conn->since_us, limits->body_grace_us))
		return;
	pp_client_refuse(conn, PP_request_timeout, "the body came too slowly");
	pp_client_run(conn);
}

/* Bytes that the other side's kernel has: ours may hold megabytes that nobody takes. */
static uint64_t bytes_taken(const struct pp_client *conn)
{
	uint64_t held = evbuffer_get_length(conn->out);
	int queue = 0;

	if (ioctl(bufferevent_getfd(conn->bev), SIOCOUTQ, &queue) == 0 && queue > 0)
		held += (uint64_t)queue;
	return conn->queued > held ? conn->queued - held : 0;
}

/*
 * Stretch by stretch, not on average since the beginning: the kernels on both sides swallow the
 * first megabytes at once, which would pay for an hour of silence.
 */
static void sweep_out(struct pp_client *conn, int64_t now_us)
{
	const struct pp_http_limits *limits = conn->http->limits;
	int64_t elapsed = now_us - conn->out_since_us;
	uint64_t taken;

	if (evbuffer_get_length(conn->out) == 0)
		return;
	if (conn->out_since_us && elapsed < DRAIN_STRETCH * limits->body_grace_us)
		return;
	taken = bytes_taken(conn);
	if (conn->out_since_us &&
		is_too_slow(taken - conn->out_base, limits->drain_rate, elapsed, 0)) {
		pp_client_abort(conn);
		return;
	}
	conn->out_since_us = now_us;
	conn->out_base = taken;
}

static void sweep_linger(struct pp_client *conn, int64_t now_us)
{
	if (is_over(conn, now_us, conn->http->limits->linger_us))
		pp_client_close(conn);
}

static void (*const sweeps[PP_CLIENT_STATES])(struct pp_client *conn, int64_t now_us) = {
	[PP_CLIENT_IDLE] = sweep_idle,
	[PP_CLIENT_HEAD] = sweep_head,
	[PP_CLIENT_BODY] = sweep_body,
	[PP_CLIENT_TAKE] = sweep_take,
	[PP_CLIENT_OWNER] = sweep_out,
	[PP_CLIENT_FLUSH] = sweep_out,
	[PP_CLIENT_LINGER] = sweep_linger,
};

void pp_client_sweep(struct pp_client *conn, int64_t now_us)
{
	/* One that goes on in this turn is not waiting for its client. */
	if (!conn->again.next)
		sweeps[conn->state](conn, now_us);
}

/* ---- what libevent tells ---- */

static void has_read(struct bufferevent *bev, void *ctx)
{
	struct pp_client *conn = PP_CAST(pp_client, ctx, PP_CLIENT_MAGIC);

	(void)bev;
	conn->read_utc = pp_clock_utc();
	if (!conn->again.next)
		pp_client_run(conn);
}

static void has_written(struct bufferevent *bev, void *ctx)
{
	struct pp_client *conn = PP_CAST(pp_client, ctx, PP_CLIENT_MAGIC);

	(void)bev;
	if (evbuffer_get_length(conn->out) == 0)
		conn->out_since_us = 0;
	if (conn->turn && conn->turn->full) {
		conn->running = true;
		pp_stream_drained(conn->turn);
		conn->running = false;
	}
	if (conn->state == PP_CLIENT_FLUSH && !conn->again.next)
		pp_client_run(conn);
}

static void has_ended(struct bufferevent *bev, short what, void *ctx)
{
	struct pp_client *conn = PP_CAST(pp_client, ctx, PP_CLIENT_MAGIC);

	(void)bev;
	/* sendfile(2): what could not be read. A client that is gone is another error. */
	if ((what & BEV_EVENT_ERROR) && (what & BEV_EVENT_WRITING) && conn->copy.copies &&
		EVUTIL_SOCKET_ERROR() == EIO)
		pp_copy_lose(&conn->copy);
	/* The end of what we write is that of a file that has become shorter (pp_http_stream_copy).
	 */
	if (!(what & BEV_EVENT_EOF) || (what & BEV_EVENT_WRITING)) {
		pp_client_close(conn);
		return;
	}
	/* A client that has said all may still listen, but nobody listens half to a live stream. */
	conn->half_closed = true;
	conn->reading = false;
	if (conn->state == PP_CLIENT_OWNER && conn->turn->live)
		pp_client_close(conn);
	else if (!conn->again.next)
		pp_client_run(conn);
}

struct pp_client *pp_client_open(
	struct pp_http *http, int fd, struct pp_peer peer, const char *text)
{
	struct pp_client *conn = calloc(1, sizeof(*conn));

	PP_MUST(conn);
	conn->magic = PP_CLIENT_MAGIC;
	conn->http = http;
	conn->peer = peer;
	memcpy(conn->peer_text, text, strlen(text) + 1);
	conn->bev = bufferevent_socket_new(pp_loop_base(http->loop), fd, BEV_OPT_CLOSE_ON_FREE);
	PP_MUST(conn->bev);
	conn->in = bufferevent_get_input(conn->bev);
	conn->out = bufferevent_get_output(conn->bev);
	bufferevent_setcb(conn->bev, has_read, has_written, has_ended, conn);
	bufferevent_setwatermark(conn->bev, EV_READ, 0, PP_HTTP_READ_HIGH);
	bufferevent_setwatermark(conn->bev, EV_WRITE, PP_HTTP_OUT_LOW, 0);
	/* Not the 16 kB at a time that libevent would take (they cost evhttp 44 ms a reply). */
	PP_MUST(bufferevent_set_max_single_read(conn->bev, PP_HTTP_READ_HIGH) == 0);
	PP_MUST(bufferevent_set_max_single_write(conn->bev, PP_HTTP_OUT_HIGH) == 0);
	PP_MUST(bufferevent_enable(conn->bev, EV_READ | EV_WRITE) == 0);
	conn->reading = true;
	pp_list_push(&http->connections, &conn->link);
	http->connection_count++;
	pp_client_enter(conn, PP_CLIENT_IDLE);
	return conn;
}
