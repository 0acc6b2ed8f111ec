/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Features as a file that is made beside the request, and fetched when it is ready: what is wanted
 * is kept in the database, as JSON, and a process of the clerk's (server/command/export.c) reads it
 * from there, in the state that was there when it was asked for.
 */
#include <pp/feature/page.h>

/* Features in one file. */
#define PP_EXPORT_MOST UINT64_C(1000000)
/* Then all there are, and more than PP_EXPORT_MOST are too many. */
#define PP_EXPORT_ALL UINT64_MAX

/*
 * Has a file made of that part, of a collection that everybody may see, because the process reads
 * as nobody in particular: `return pp_export_ask(…)`. In the route's table pp_export_reply follows,
 * with 202 and the address where the file is told of.
 */
enum pp_next pp_export_ask(struct pp_req *req, const struct pp_page_part *part, uint64_t limit);
pp_step pp_export_reply;
