/* SPDX-License-Identifier: EUPL-1.2 */
#include "http_inner.h"

#include <errno.h>
#include <malloc.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <pp/base/clock.h>
#include <pp/base/log.h>

#define ACCEPT_A_TURN 16
#define TICK_MOST     (PP_SECOND / 4)

const struct pp_http_limits pp_http_default_limits = {
	.header_us = 10 * PP_SECOND,
	.body_grace_us = 10 * PP_SECOND,
	.body_rate = 1000,
	.body_total_us = 600 * PP_SECOND,
	.drain_rate = 1000,
	.idle_us = 15 * PP_SECOND,
	.linger_us = 5 * PP_SECOND,
	.connections = 4096,
	.connections_per_peer = 64,
	.requests_per_connection = 1000,
};

struct listener {
	struct pp_link link;
	struct pp_http *http;
	struct pp_watch *watch;
	int fd;
};

/* ---- the clock ---- */

/*
 * Large pieces that were held for slow clients leave holes between what others still hold, so that
 * the heap never shrinks by itself. Having them mapped one by one would cost every fast client more
 * than all the rest of a piece does.
 */
static void give_back(struct pp_http *http, int64_t now_us)
{
	if (!http->has_spare || now_us < http->give_back_at)
		return;
	http->has_spare = false;
	http->give_back_at = now_us + PP_SECOND;
	malloc_trim(0);
}

static void tick(void *ctx)
{
	struct pp_http *http = PP_CAST(pp_http, ctx, PP_HTTP_MAGIC);

	http->ticking = false;
	give_back(http, pp_loop_now(http->loop));
	pp_http_sweep(http, pp_loop_now(http->loop));
	/* Descriptors or memory may be there again although no connection of ours has closed. */
	pp_http_resume(http);
}

static void start_tick(struct pp_http *http)
{
	if (http->ticking)
		return;
	http->ticking = true;
	pp_timer_start(http->tick, http->tick_us);
}

void pp_http_sweep(struct pp_http *http, int64_t now_us)
{
	struct pp_link *link = http->connections.next;

	while (link != &http->connections) {
		http->sweeping = link->next;
		pp_client_sweep(PP_OUTER(link, struct pp_client, link), now_us);
		link = http->sweeping;
	}
	http->sweeping = NULL;
	if (http->connection_count)
		start_tick(http);
}

static void go_on(void *ctx)
{
	struct pp_http *http = PP_CAST(pp_http, ctx, PP_HTTP_MAGIC);
	struct pp_link *link, now;

	/* What asks to go on meanwhile waits for the turn after this one. */
	pp_list_begin(&now);
	while ((link = pp_list_take(&http->again)))
		pp_list_push(&now, link);
	while ((link = pp_list_take(&now)))
		pp_client_run(PP_OUTER(link, struct pp_client, again));
}

struct pp_slice pp_http_date(struct pp_http *http)
{
	int64_t now = pp_clock_utc();

	if (now / PP_SECOND != http->date_second) {
		http->date_second = now / PP_SECOND;
		pp_clock_http_date(now, http->date);
	}
	return pp_slice_of(http->date);
}

/* ---- accepting ---- */

static void watch_listeners(struct pp_http *http, unsigned what)
{
	for (struct pp_link *at = http->listeners.next; at != &http->listeners; at = at->next)
		pp_watch_for(PP_OUTER(at, struct listener, link)->watch, what);
}

static void pause_accepting(struct pp_http *http, const char *why)
{
	if (!http->paused)
		pp_log(PP_WARNING, "accepting_paused", "%s", why);
	http->paused = true;
	watch_listeners(http, 0);
	start_tick(http);
}

void pp_http_resume(struct pp_http *http)
{
	if (!http->paused || http->draining || http->closed ||
		http->connection_count >= http->limits->connections)
		return;
	http->paused = false;
	watch_listeners(http, PP_READABLE);
}

/* The peer reads why; whether it does is its affair. */
static void turn_away(struct pp_http *http, int fd, const char *text)
{
	struct pp_buf reply;

	pp_buf_begin(&reply);
	pp_refusal_write(http, &reply, PP_too_many_requests,
		"too many connections from this address", false);
	if (send(fd, reply.at, reply.len, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		pp_log(PP_DEBUG, "turned_away", "%s", strerror(errno));
	pp_buf_end(&reply);
	close(fd);
	http->hooks->refused(http->ctx, PP_too_many_requests, pp_slice_of(text));
}

bool pp_http_adopt(struct pp_http *http, int fd, const struct sockaddr *address)
{
	char text[PP_PEER_TEXT];
	struct pp_peer peer = pp_peer_of(address, text);
	int on = 1;

	if (!pp_peers_join(http->peers, peer, http->limits->connections_per_peer)) {
		turn_away(http, fd, text);
		return false;
	}
	/* Head and body leave in one piece anyway; what Nagle would add is the client's delayed
	 * ACK. */
	if (peer.family && setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)))
		pp_log(PP_DEBUG, "no_delay", "%s", strerror(errno));
	pp_client_open(http, fd, peer, text);
	start_tick(http);
	return true;
}

static bool is_out_of_something(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

static void acceptable(void *ctx, unsigned what)
{
	struct listener *listener = ctx;
	struct pp_http *http = listener->http;

	(void)what;
	for (int i = 0; i < ACCEPT_A_TURN; i++) {
		union {
			struct sockaddr any;
			struct sockaddr_storage room;
		} address = { 0 };
		socklen_t len = sizeof(address);
		int fd;

		if (http->connection_count >= http->limits->connections) {
			pause_accepting(http, "as many connections as configured");
			return;
		}
		fd = accept4(listener->fd, &address.any, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0) {
			pp_http_adopt(http, fd, &address.any);
		} else if (is_out_of_something(errno)) {
			/* The connection stays in the queue and the socket readable: waiting on it
			 * would spin (evhttp does). */
			pause_accepting(http, strerror(errno));
			return;
		} else if (errno == EAGAIN || errno == EWOULDBLOCK) {
			return;
		}
		/* Anything else was one connection's own end (accept(2)). */
	}
}

/* ---- opening and closing ---- */

static int64_t tick_of(const struct pp_http_limits *limits)
{
	const int64_t all[] = { limits->header_us, limits->body_grace_us, limits->body_total_us,
		limits->idle_us, limits->linger_us };
	int64_t least = TICK_MOST;

	for (size_t i = 0; i < PP_LENGTH(all); i++)
		if (all[i] / 4 < least)
			least = all[i] / 4;
	return least > 1000 ? least : 1000;
}

struct pp_http *pp_http_open(struct pp_loop *loop, const struct pp_http_limits *limits,
	const struct pp_http_hooks *hooks, void *ctx)
{
	struct pp_http *http = calloc(1, sizeof(*http));

	PP_MUST(http && hooks->head && hooks->ready && hooks->gone && hooks->refused &&
		hooks->refusal);
	*http = (struct pp_http){ .magic = PP_HTTP_MAGIC,
		.loop = loop,
		.limits = limits,
		.hooks = hooks,
		.ctx = ctx,
		.tick_us = tick_of(limits) };
	pp_list_begin(&http->listeners);
	pp_list_begin(&http->connections);
	pp_list_begin(&http->again);
	http->tick = pp_timer_open(loop, tick, http);
	http->soon = pp_timer_open(loop, go_on, http);
	http->peers = pp_peers_open(limits->connections);
	return http;
}

void pp_http_listen(struct pp_http *http, int fd)
{
	struct listener *listener = calloc(1, sizeof(*listener));

	PP_MUST(listener && http->magic == PP_HTTP_MAGIC);
	listener->http = http;
	listener->fd = fd;
	listener->watch = pp_watch_open(http->loop, fd, acceptable, listener);
	pp_watch_for(listener->watch, http->draining || http->paused ? 0 : PP_READABLE);
	pp_list_push(&http->listeners, &listener->link);
}

void pp_http_drain(struct pp_http *http)
{
	struct pp_link *link;

	http->draining = true;
	watch_listeners(http, 0);
	/* A request may be on its way to an idle one: their time begins anew, and is short. */
	for (link = http->connections.next; link != &http->connections; link = link->next) {
		struct pp_client *conn = PP_OUTER(link, struct pp_client, link);

		if (conn->state == PP_CLIENT_IDLE)
			pp_client_enter(conn, PP_CLIENT_IDLE);
	}
}

size_t pp_http_connections(const struct pp_http *http)
{
	return http->connection_count;
}

size_t pp_http_exchanges(const struct pp_http *http)
{
	return http->exchange_count;
}

/* An owner may still hold exchanges when the server is closed; the last one that is released ends
 * it. */
void pp_http_free_if_over(struct pp_http *http)
{
	if (!http->closed || http->exchange_count)
		return;
	pp_coders_close(&http->coders);
	http->magic = 0;
	free(http);
}

void pp_http_close(struct pp_http *http)
{
	struct pp_link *link;

	if (!http)
		return;
	PP_MUST(http->magic == PP_HTTP_MAGIC && !http->closed && !http->sweeping);
	http->draining = true;
	while ((link = pp_list_take(&http->listeners))) {
		struct listener *listener = PP_OUTER(link, struct listener, link);

		pp_watch_close(listener->watch);
		free(listener);
	}
	while (!pp_list_is_empty(&http->connections))
		pp_client_close(PP_OUTER(http->connections.next, struct pp_client, link));
	pp_timer_close(http->tick);
	pp_timer_close(http->soon);
	pp_peers_close(http->peers);
	http->closed = true;
	pp_http_free_if_over(http);
}
