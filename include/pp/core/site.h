/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * What the operator says of itself and of this installation (setting `site`, a file of JSON, see
 * docs/operations/site.md): who is responsible, whom to write to, and which base maps there are.
 * It is read when a worker starts and handed out as it is.
 */
#include <pp/base/arena.h>
#include <pp/base/slice.h>

struct pp_site {
	struct pp_slice json;          /* the answer of GET /site; empty: nothing was configured */
	struct pp_slice barrier_email; /* where barriers are reported; empty: nowhere */
	struct pp_slice kopfzeile;     /* what an official site says above everything; or empty */
	struct pp_slice image_hosts;   /* " https://a https://b", for Content-Security-Policy */
};

/* False, with an English sentence that names the file and the line or the member. An empty path is
 * a site without anything. */
PP_CHECKED bool pp_site_read(
	struct pp_arena *arena, const char *path, struct pp_site *site, char error[256]);
