/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* How many connections to PostgreSQL a web worker opens, lane by lane (design D6). */
#include <pp/io/db.h>

/* Of each of so many web workers; returns their sum, with the one that listens for events. */
unsigned pp_lanes_of_worker(int64_t web_workers, unsigned connections[PP_LANES]);

/* Of the whole server: the web workers', the clerk's, its runner's and, while they load, the
 * geometry workers'.
 */
unsigned pp_lanes_of_server(int64_t web_workers, int64_t geometry_workers);
