/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* The question for one tile, for server/feature/tile.c. */
#include <pp/feature/tile.h>

/* The prepared queries of all tiles, in their places behind `all`; returns how many. */
enum { PP_TILE_QUERIES = (PP_COLLECTIONS + 1) * PP_TILE_GRIDS };
size_t pp_tile_queries(struct pp_arena *arena, struct pp_query *all);

/* Adds the question to the batch; its one row has PP_TILE_STATE and PP_TILE_BYTES. */
void pp_tile_add(struct pp_batch *batch, struct pp_server *server, struct pp_arena *arena,
	const struct pp_tile_key *key, struct pp_rows **rows);
