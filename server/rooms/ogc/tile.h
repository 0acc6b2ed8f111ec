/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* What tiles and the documents about them share (OGC 20-057, 17-083r4, TileJSON 3.0.0). */
#include <pp/feature/tile.h>

#include "ogc.h"

#define PP_MVT "application/vnd.mapbox-vector-tile"

/* Which tiles an address is about: of one collection, or of all together (collection NULL). */
struct pp_ogc_tiles {
	const struct pp_collection *collection;
	const struct pp_tile_grid *grid;
};

/* What the path names, and the grid where it names one; false after the refusal. */
PP_CHECKED bool pp_ogc_tiles_named(struct pp_req *req, struct pp_ogc_tiles *tiles);
/* Below /ogc: "/ogc/collections/plans/tiles" with that behind it. */
struct pp_slice pp_ogc_tiles_address(
	struct pp_req *req, const struct pp_ogc_tiles *tiles, const char *rest);

/* Their part of the OpenAPI document: paths, each after a comma, and parameters, a comma behind. */
void pp_ogc_tile_paths(struct pp_req *req, struct pp_buf *out);
void pp_ogc_tile_parameters(struct pp_buf *out);

pp_step pp_ogc_services, pp_ogc_tile, pp_ogc_tilesets, pp_ogc_tileset, pp_ogc_grids, pp_ogc_grid;
extern const struct pp_field pp_ogc_tile_params[], pp_ogc_tileset_params[];
