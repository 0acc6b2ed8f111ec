/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Other servers, asked from the event loop (libcurl's multi interface): nothing blocks, names are
 * resolved in the background. Connections are kept for the next question, 16 at most.
 *
 * HTTP here is for what identity providers answer: short, whole, and from an address that somebody
 * has configured. https only; http where the URL itself names the loopback. No redirects, no
 * proxies, no cookies. A name that leads to this machine, this link or a multicast group is not
 * followed (server/io/reach.h). server/io/transfer.h is for other protocols of this room.
 */
#include <pp/base/arena.h>
#include <pp/io/loop.h>

#define PP_REMOTE_DETAIL 256

struct pp_remote;
struct pp_remote_call;

/* agent is the User-Agent. Aborts when memory is short, or when libcurl would resolve names
 * blocking. */
struct pp_remote *pp_remote_open(struct pp_loop *loop, const char *agent);
/* Calls done of whatever is under way, which must not ask again. Not from within a done. NULL is
 * allowed. */
void pp_remote_close(struct pp_remote *remote);

struct pp_remote_request {
	const char *url;
	const char *authorization; /* value of that field, or NULL */
	struct pp_slice form;      /* posted, urlencoded already; at NULL: a GET */
	size_t most;               /* bytes of body; more is no reply */
	int64_t within_us;         /* from now to the last byte */
};

struct pp_remote_reply {
	long status;          /* 0: no whole reply */
	struct pp_slice body; /* lives until done returns */
	int64_t max_age_s;    /* of Cache-Control (RFC 9111 §5.2.2.1); -1 where it says nothing */
	char detail[PP_REMOTE_DETAIL]; /* why there is none, English */
};

/*
 * Asks; what the request points to is copied. done is called exactly once, on the loop, never
 * before this returns; it may ask again, but not close the room. The call ends with it.
 */
struct pp_remote_call *pp_remote_ask(struct pp_remote *remote,
	const struct pp_remote_request *request,
	void (*done)(void *ctx, const struct pp_remote_reply *reply), void *ctx);
/* Ends it without done. */
void pp_remote_cancel(struct pp_remote_call *call);
