/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * For the files of this room that speak a protocol of libcurl's: transfers on the event loop. Who
 * makes an easy handle with pp_transfer_easy has what holds for all: no redirects, no proxy, no
 * cookies, no .netrc, TLS 1.2 at least with certificates checked, no signals.
 */
#include <curl/curl.h>

#include <pp/io/remote.h>

/* Aborts when memory is short. The caller frees it, after the transfer. */
CURL *pp_transfer_easy(const char *agent);
/* The User-Agent of that room. */
const char *pp_remote_agent(const struct pp_remote *remote);

struct pp_transfer;
/*
 * Limits the handle to the URL's own scheme, one of the list ("https smtp smtps"), and connections
 * to what pp_reach_may allows, and starts it; done is called once, on the loop, never before this
 * returns. It may start others, not close the room.
 */
struct pp_transfer *pp_transfer_start(struct pp_remote *remote, CURL *easy, const char *url,
	const char *schemes, void (*done)(void *ctx, CURLcode code, const char *detail), void *ctx);
/* Ends it without done. Not from within a function that curl calls. */
void pp_transfer_cancel(struct pp_transfer *transfer);
