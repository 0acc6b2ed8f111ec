/* SPDX-License-Identifier: EUPL-1.2 */
#include "lanes.h"

/*
 * A commit waits for the disk, and its connection with it: how many statements share one flush is
 * how many connections all workers together write on (docs/decisions/0004-connections.md).
 */
static unsigned writers(int64_t workers)
{
	const int64_t together = 32, least = 4, most = 16;
	int64_t each = together / workers;

	return (unsigned)(each < least ? least : each > most ? most : each);
}

unsigned pp_lanes_of_worker(int64_t web_workers, unsigned connections[PP_LANES])
{
	const unsigned lanes[PP_LANES] = { [PP_LANE_READ] = 4,
		[PP_LANE_WRITE] = writers(web_workers),
		[PP_LANE_SLOW] = 4,
		[PP_LANE_PUBLIC] = 2,
		[PP_LANE_PUBLIC_SLOW] = 2 };
	unsigned sum = 1;

	for (int i = 0; i < PP_LANES; i++) {
		connections[i] = lanes[i];
		sum += lanes[i];
	}
	return sum;
}

/* A recomputation: its books, its coordinator and two workers. */
enum { RUNNER = 4 };

unsigned pp_lanes_of_server(int64_t web_workers, int64_t geometry_workers)
{
	unsigned connections[PP_LANES];

	return (unsigned)web_workers * pp_lanes_of_worker(web_workers, connections) +
		(unsigned)geometry_workers + 1 + RUNNER;
}
