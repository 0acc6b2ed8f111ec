/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * HTTP from our side (libcurl), for commands: one request after the other, blocking, so never in a
 * process with an event loop. Only http and https, no cookies, no redirects: what stands behind a
 * sign-in is not published. TLS certificates are checked.
 */
#include <pp/base/arena.h>
#include <pp/io/secret.h>

#define PP_FETCH_DETAIL 256

struct pp_fetch;

struct pp_fetched {
	long status;                          /* 0: no reply */
	uint64_t size;                        /* bytes of the body as they came */
	unsigned char sha256[PP_SHA256_SIZE]; /* of them */
	struct pp_slice body;                 /* up to the limit, in the arena */
	bool is_whole;                        /* the body is all of it */
	int64_t retry_after_s;                /* what Retry-After asks for; 0 without */
	char detail[PP_FETCH_DETAIL];         /* why there is no reply, English */
};

/* agent is the User-Agent. Aborts when memory is short. */
struct pp_fetch *pp_fetch_open(const char *agent);
void pp_fetch_close(struct pp_fetch *fetch);

/*
 * Gets a URL; of the body at most `keep` bytes are kept, all of it is hashed. False where no whole
 * reply came within a minute, or within ten seconds of silence: then detail says why.
 */
PP_CHECKED bool pp_fetch_get(struct pp_fetch *fetch, struct pp_arena *arena, const char *url,
	size_t keep, struct pp_fetched *out);
/* Posts JSON with a bearer token; the same. */
PP_CHECKED bool pp_fetch_post(struct pp_fetch *fetch, struct pp_arena *arena, const char *url,
	const char *token, struct pp_slice json, size_t keep, struct pp_fetched *out);
