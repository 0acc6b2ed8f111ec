/* SPDX-License-Identifier: EUPL-1.2 */
/* Vector tiles of the collections: addresses, and the tiles themselves (OGC 20-057 §7). */
#include "tile.h"

#include "../rooms.h"

const struct pp_field pp_ogc_tile_params[] = {
	{ "f", PP_CHOICE, .choices = "mvt", .about = "Mapbox Vector Tile, also without" },
	{ 0 },
};

static bool has_path(struct pp_req *req, const char *name)
{
	for (size_t i = 0; i < req->match.param_count; i++)
		if (pp_slice_is(req->match.names[i], pp_slice_of(name)))
			return true;
	return false;
}

bool pp_ogc_tiles_named(struct pp_req *req, struct pp_ogc_tiles *tiles)
{
	if (has_path(req, "collection")) {
		/* Not who asks decides, but that there are none. */
		tiles->collection = pp_collection_named(pp_path(req, "collection"));
		if (!tiles->collection || !pp_tile_shows(tiles->collection)) {
			pp_refuse(req, PP_not_found, "there are no tiles of %.*s",
				PP_SHOW(pp_path(req, "collection")));
			return false;
		}
	}
	if (!has_path(req, "tileMatrixSetId"))
		return true;
	tiles->grid = pp_tile_grid_named(pp_path(req, "tileMatrixSetId"));
	if (!tiles->grid)
		pp_refuse(req, PP_not_found, "there is no tile matrix set %.*s",
			PP_SHOW(pp_path(req, "tileMatrixSetId")));
	return tiles->grid;
}

struct pp_slice pp_ogc_tiles_address(
	struct pp_req *req, const struct pp_ogc_tiles *tiles, const char *rest)
{
	if (tiles->collection)
		return pp_format(req->arena, "/ogc/collections/%s/tiles%s",
			tiles->collection->type.name, rest);
	return pp_format(req->arena, "/ogc/tiles%s", rest);
}

/* A number as this server writes it: every tile has one address. */
static bool read_number(struct pp_req *req, const char *name, uint64_t most, uint64_t *out)
{
	struct pp_slice text = pp_path(req, name);

	return pp_slice_u64(text, out) && *out <= most && (text.len == 1 || text.at[0] != '0');
}

static bool read_key(struct pp_req *req, struct pp_tile_key *key)
{
	struct pp_ogc_tiles tiles = { 0 };
	uint64_t matrix, row, col;

	if (!pp_ogc_tiles_named(req, &tiles))
		return false;
	key->collection = tiles.collection ? (uint8_t)(tiles.collection - pp_collections)
					   : PP_TILE_ALL;
	key->grid = (uint8_t)(tiles.grid - pp_tile_grids);
	if (read_number(req, "tileMatrix", UINT8_MAX, &matrix) &&
		read_number(req, "tileRow", UINT32_MAX, &row) &&
		read_number(req, "tileCol", UINT32_MAX, &col)) {
		key->matrix = (uint8_t)matrix;
		key->row = (uint32_t)row;
		key->col = (uint32_t)col;
		if (pp_tile_is_there(key))
			return true;
	}
	/* /req/core/tc-error A */
	pp_refuse(req, PP_not_found,
		"there is no such tile; tileMatrixSetLimits of the tileset says which there are");
	return false;
}

/* Comes back until the tile is there. */
enum pp_next pp_ogc_tile(struct pp_req *req)
{
	struct pp_tile_want *want = pp_state(req, struct pp_tile_want);
	struct pp_slice body;

	if (!want->req && !read_key(req, &want->key))
		return PP_DONE;
	if (!pp_tile_find(req, want)) {
		pp_go_to(req, pp_ogc_tile);
		return PP_WAIT;
	}
	/* /req/core/tc-error B; what has no content has no tag. */
	if (!want->tile->bytes.len)
		return pp_reply(req, 204, NULL, PP_S(""));
	if (pp_has_tag(req, pp_slice_of(want->tile->etag)))
		return pp_reply(req, 304, NULL, PP_S(""));
	body = pp_tile_body(req, want->tile);
	return pp_reply(req, 200, PP_MVT, body);
}

static pp_step *const tile_steps[] = { pp_ogc_tile, NULL };
static pp_step *const tilesets_steps[] = { pp_ogc_tilesets, NULL };
static pp_step *const tileset_steps[] = { pp_ogc_tileset, NULL };
static pp_step *const grids_steps[] = { pp_ogc_grids, NULL };
static pp_step *const grid_steps[] = { pp_ogc_grid, NULL };
static pp_step *const services_steps[] = { pp_ogc_services, NULL };

#define TILE "/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}"

const struct pp_route tile_routes[] = {
	{ PP_GET, "//ogc/tileMatrixSets", PP_ANYONE, grids_steps, .rate = PP_RATE_PUBLIC,
		.summary = "OGC API: the grids of tiles" },
	{ PP_GET, "//ogc/tileMatrixSets/{tileMatrixSetId}", PP_ANYONE, grid_steps,
		.rate = PP_RATE_PUBLIC, .summary = "OGC API: one grid of tiles" },
	{ PP_GET, "//ogc/tiles", PP_ANYONE, tilesets_steps, .rate = PP_RATE_PUBLIC,
		.summary = "OGC API: the grids in which there are tiles of all collections" },
	{ PP_GET, "//ogc/tiles/{tileMatrixSetId}", PP_ANYONE, tileset_steps,
		.params = pp_ogc_tileset_params, .rate = PP_RATE_PUBLIC,
		.summary = "OGC API: what tiles of all collections have, in one grid" },
	{ PP_GET, "//ogc/tiles" TILE, PP_ANYONE, tile_steps, .params = pp_ogc_tile_params,
		.rate = PP_RATE_PUBLIC, .summary = "OGC API: a tile with all collections" },
	{ PP_GET, "//ogc/collections/{collection}/tiles", PP_ANYONE, tilesets_steps,
		.rate = PP_RATE_PUBLIC,
		.summary = "OGC API: the grids in which there are tiles of a collection" },
	{ PP_GET, "//ogc/collections/{collection}/tiles/{tileMatrixSetId}", PP_ANYONE,
		tileset_steps, .params = pp_ogc_tileset_params, .rate = PP_RATE_PUBLIC,
		.summary = "OGC API: what tiles of a collection have, in one grid" },
	{ PP_GET, "//ogc/collections/{collection}/tiles" TILE, PP_ANYONE, tile_steps,
		.params = pp_ogc_tile_params, .rate = PP_RATE_PUBLIC,
		.summary = "OGC API: a tile of a collection" },
	{ PP_GET, "//ogc/services.json", PP_ANYONE, services_steps, .rate = PP_RATE_PUBLIC,
		.summary = "The layers of this platform, as services.json of Masterportal" },
	{ 0 },
};
