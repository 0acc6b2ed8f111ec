/* SPDX-License-Identifier: EUPL-1.2 */
/* What tiles there are: grids (OGC 17-083r4 §6.2), tilesets (§7, 20-057 §8 and §9), TileJSON. */
#include "tile.h"

#define JSON   "application/json"
#define SCHEME "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
/* OGC 17-083r4 §6.2: of a rendering pixel. */
#define PIXEL_M 0.00028

const struct pp_field pp_ogc_tileset_params[] = {
	{ "f", PP_CHOICE, .choices = "json|tilejson",
		.about = "Metadata of OGC, also without, or TileJSON 3.0.0" },
	{ 0 },
};

static void add_title(struct pp_req *req, struct pp_buf *out, const char *de, const char *en)
{
	pp_buf_json(out, pp_slice_of(req->english ? en : de));
}

static struct pp_slice grid_address(struct pp_req *req, const struct pp_tile_grid *grid)
{
	return pp_format(req->arena, "/ogc/tileMatrixSets/%s", grid->id);
}

/* ---- Grids ---- */

static void add_grid_uri(
	struct pp_req *req, struct pp_buf *out, const char *name, const struct pp_tile_grid *grid)
{
	pp_buf_format(out, "\"%s\":", name);
	pp_buf_json(out, grid->uri ? pp_slice_of(grid->uri) : pp_url(req, grid_address(req, grid)));
}

static void add_matrix(struct pp_buf *out, const struct pp_tile_grid *grid, unsigned matrix)
{
	double cell = grid->cell / (double)(UINT64_C(1) << matrix);

	pp_buf_format(out,
		"{\"id\":\"%u\",\"scaleDenominator\":%.15g,\"cellSize\":%.15g,"
		"\"cornerOfOrigin\":\"topLeft\",\"pointOfOrigin\":[%.15g,%.15g],"
		"\"tileWidth\":%d,\"tileHeight\":%d,\"matrixWidth\":%lu,\"matrixHeight\":%lu}",
		matrix, cell / PIXEL_M, cell, grid->west, grid->north, PP_TILE_PIXELS,
		PP_TILE_PIXELS, 1ul << matrix, 1ul << matrix);
}

enum pp_next pp_ogc_grid(struct pp_req *req)
{
	struct pp_ogc_tiles tiles = { 0 };
	struct pp_buf *out = pp_buf_make(req->arena);

	if (!pp_ogc_tiles_named(req, &tiles))
		return PP_DONE;
	pp_buf_format(out, "{\"id\":\"%s\",\"title\":", tiles.grid->id);
	add_title(req, out, tiles.grid->title_de, tiles.grid->title_en);
	pp_buf_text(out, ",");
	add_grid_uri(req, out, "uri", tiles.grid);
	pp_buf_text(out, ",\"crs\":");
	pp_buf_json(out, pp_crs_uri(req->arena, tiles.grid->crs));
	/* Both name their axes east and north; in Mercator these are X and Y. */
	pp_buf_format(out, ",\"orderedAxes\":[\"%s\",\"%s\"]",
		tiles.grid->crs == PP_UTM32 ? "E" : "X", tiles.grid->crs == PP_UTM32 ? "N" : "Y");
	pp_buf_text(out, ",\"tileMatrices\":[");
	for (unsigned i = 0; i < tiles.grid->matrices; i++) {
		pp_buf_text(out, i ? "," : "");
		add_matrix(out, tiles.grid, i);
	}
	pp_buf_text(out, "]}");
	return pp_reply_tagged(req, JSON, pp_buf_all(out));
}

enum pp_next pp_ogc_grids(struct pp_req *req)
{
	struct pp_buf *out = pp_buf_make(req->arena);

	pp_buf_text(out, "{\"tileMatrixSets\":[");
	for (size_t i = 0; i < PP_TILE_GRIDS; i++) {
		const struct pp_tile_grid *grid = &pp_tile_grids[i];

		pp_buf_format(out, "%s{\"id\":\"%s\",\"title\":", i ? "," : "", grid->id);
		add_title(req, out, grid->title_de, grid->title_en);
		pp_buf_text(out, ",");
		add_grid_uri(req, out, "uri", grid);
		pp_buf_text(out, ",\"crs\":");
		pp_buf_json(out, pp_crs_uri(req->arena, grid->crs));
		pp_buf_text(out, ",\"links\":[");
		pp_ogc_link(req, out, "self", JSON, req->english ? grid->title_en : grid->title_de,
			grid_address(req, grid));
		pp_buf_text(out, "]}");
	}
	pp_buf_text(out, "],\"links\":[");
	pp_ogc_link(req, out, "self", JSON, req->english ? "This document" : "Dieses Dokument",
		PP_S("/ogc/tileMatrixSets"));
	pp_buf_text(out, "]}");
	return pp_reply_tagged(req, JSON, pp_buf_all(out));
}

/* ---- Tilesets ---- */

static const char *title_of(struct pp_req *req, const struct pp_ogc_tiles *tiles)
{
	if (tiles->collection)
		return req->english ? tiles->collection->type.title_en
				    : tiles->collection->type.title_de;
	return req->english ? "All collections" : "Alle Datensammlungen";
}

/* RFC 6570: a client puts the numbers in. */
static void add_template(struct pp_req *req, struct pp_buf *out, const struct pp_ogc_tiles *tiles)
{
	struct pp_slice rest = pp_format(
		req->arena, "/%s/{tileMatrix}/{tileRow}/{tileCol}", tiles->grid->id);

	pp_buf_text(out, "{\"rel\":\"item\",\"type\":\"" PP_MVT "\",\"templated\":true,\"title\":");
	pp_buf_json(out, req->english ? PP_S("Vector tiles") : PP_S("Vektorkacheln"));
	pp_buf_text(out, ",\"href\":");
	pp_buf_json(out, pp_url(req, pp_ogc_tiles_address(req, tiles, rest.at)));
	pp_buf_text(out, "}");
}

/* What a list says of a tileset (/req/tilesets-list/tileset-links), without the end. */
static void begin_tileset(struct pp_req *req, struct pp_buf *out, const struct pp_ogc_tiles *tiles)
{
	struct pp_slice self = pp_ogc_tiles_address(
		req, tiles, pp_format(req->arena, "/%s", tiles->grid->id).at);

	pp_buf_text(out, "{\"title\":");
	pp_buf_json(out, pp_format(req->arena, "%s (%s)", title_of(req, tiles), tiles->grid->id));
	pp_buf_text(out, ",\"dataType\":\"vector\",\"crs\":");
	pp_buf_json(out, pp_crs_uri(req->arena, tiles->grid->crs));
	pp_buf_text(out, ",");
	add_grid_uri(req, out, "tileMatrixSetURI", tiles->grid);
	pp_buf_text(out, ",\"links\":[");
	pp_ogc_link(req, out, "self", JSON, title_of(req, tiles), self);
	pp_buf_text(out, ",");
	pp_ogc_link(req, out, SCHEME, JSON,
		req->english ? tiles->grid->title_en : tiles->grid->title_de,
		grid_address(req, tiles->grid));
	pp_buf_text(out, ",");
	add_template(req, out, tiles);
}

enum pp_next pp_ogc_tilesets(struct pp_req *req)
{
	struct pp_ogc_tiles tiles = { 0 };
	struct pp_buf *out = pp_buf_make(req->arena);

	if (!pp_ogc_tiles_named(req, &tiles))
		return PP_DONE;
	pp_buf_text(out, "{\"tilesets\":[");
	for (size_t i = 0; i < PP_TILE_GRIDS; i++) {
		tiles.grid = &pp_tile_grids[i];
		pp_buf_text(out, i ? "," : "");
		begin_tileset(req, out, &tiles);
		pp_buf_text(out, "]}");
	}
	pp_buf_text(out, "],\"links\":[");
	pp_ogc_link(req, out, "self", JSON, req->english ? "This document" : "Dieses Dokument",
		pp_ogc_tiles_address(req, &tiles, ""));
	pp_buf_text(out, "]}");
	return pp_reply_tagged(req, JSON, pp_buf_all(out));
}

static void add_limits(struct pp_buf *out, const struct pp_tile_grid *grid)
{
	pp_buf_text(out, "\"tileMatrixSetLimits\":[");
	for (unsigned i = grid->first; i <= grid->last; i++) {
		struct pp_tile_limits limits = pp_tile_limits(grid, i);

		pp_buf_format(out,
			"%s{\"tileMatrix\":\"%u\",\"minTileRow\":%u,\"maxTileRow\":%u,"
			"\"minTileCol\":%u,\"maxTileCol\":%u}",
			i == grid->first ? "" : ",", i, limits.first_row, limits.last_row,
			limits.first_col, limits.last_col);
	}
	pp_buf_text(out, "]");
}

/* A JSON Schema's word for what a tile says; dates come as text. */
static const char *const types[PP_FEATURE_KINDS] = { "string", "string", "integer", "number",
	"boolean", "string", "string" };

/* The id first, then the collection's own columns. */
static void add_properties(
	struct pp_req *req, struct pp_buf *out, const struct pp_collection *collection)
{
	const struct pp_feature_type *type = &collection->type;

	pp_buf_text(out, "\"properties\":{\"id\":{\"type\":\"string\",\"title\":");
	add_title(req, out, "Kennung", "Id");
	pp_buf_text(out, "}");
	for (size_t i = 0; i < type->column_count; i++) {
		const struct pp_feature_column *column = &type->columns[i];

		if (!pp_tile_has(collection, column))
			continue;
		pp_buf_format(out, ",\"%s\":{\"type\":\"%s\",\"title\":", column->name,
			types[column->kind]);
		add_title(req, out, column->de, column->en);
		pp_buf_text(out, "}");
	}
	pp_buf_text(out, "}");
}

static void add_layer(struct pp_req *req, struct pp_buf *out,
	const struct pp_collection *collection, const struct pp_tile_grid *grid)
{
	const struct pp_feature_type *type = &collection->type;

	pp_buf_format(out, "{\"id\":\"%s\",\"title\":", type->name);
	add_title(req, out, type->title_de, type->title_en);
	pp_buf_text(out, ",\"description\":");
	add_title(req, out, type->about_de, type->about_en);
	pp_buf_format(out,
		",\"dataType\":\"vector\",\"minTileMatrix\":\"%u\",\"maxTileMatrix\":\"%u\","
		"\"propertiesSchema\":{\"type\":\"object\",",
		grid->first, grid->last);
	add_properties(req, out, collection);
	pp_buf_text(out, "},\"links\":[");
	pp_ogc_link(req, out, "http://www.opengis.net/def/rel/ogc/1.0/geodata", JSON,
		req->english ? type->title_en : type->title_de,
		pp_format(req->arena, "/ogc/collections/%s", type->name));
	pp_buf_text(out, "]}");
}

/* Each layer by `add`, with commas between them. */
static void add_layers(struct pp_req *req, struct pp_buf *out, const struct pp_ogc_tiles *tiles,
	void (*add)(struct pp_req *req, struct pp_buf *out, const struct pp_collection *collection,
		const struct pp_tile_grid *grid))
{
	const char *before = "";

	for (size_t i = 0; i < PP_COLLECTIONS; i++) {
		const struct pp_collection *collection = &pp_collections[i];

		if (!pp_tile_shows(collection) ||
			(tiles->collection && tiles->collection != collection))
			continue;
		pp_buf_text(out, before);
		add(req, out, collection, tiles->grid);
		before = ",";
	}
}

static void add_field_names(struct pp_req *req, struct pp_buf *out,
	const struct pp_collection *collection, const struct pp_tile_grid *grid)
{
	const struct pp_feature_type *type = &collection->type;

	pp_buf_format(out, "{\"id\":\"%s\",\"description\":", type->name);
	add_title(req, out, type->about_de, type->about_en);
	pp_buf_format(
		out, ",\"minzoom\":%u,\"maxzoom\":%u,\"fields\":{\"id\":", grid->first, grid->last);
	add_title(req, out, "Kennung", "Id");
	for (size_t i = 0; i < type->column_count; i++)
		if (pp_tile_has(collection, &type->columns[i])) {
			pp_buf_format(out, ",\"%s\":", type->columns[i].name);
			add_title(req, out, type->columns[i].de, type->columns[i].en);
		}
	pp_buf_text(out, "}}");
}

/* TileJSON 3.0.0, which knows no grid but Web Mercator's. */
static enum pp_next tilejson(struct pp_req *req, const struct pp_ogc_tiles *tiles)
{
	const struct pp_bounds *region = &pp_feature_region;
	struct pp_buf *out = pp_buf_make(req->arena);
	struct pp_slice rest = pp_format(req->arena, "/%s/{z}/{y}/{x}", tiles->grid->id);

	if (tiles->grid != &pp_tile_grids[PP_GRID_MERCATOR]) {
		pp_wrong(req, PP_S("f"), "TileJSON knows no grid but WebMercatorQuad");
		return pp_refuse_wrong(req, PP_invalid_parameter);
	}
	pp_buf_text(out, "{\"tilejson\":\"3.0.0\",\"name\":");
	pp_buf_json(out, pp_slice_of(title_of(req, tiles)));
	pp_buf_text(out, ",\"scheme\":\"xyz\",\"tiles\":[");
	pp_buf_json(out, pp_url(req, pp_ogc_tiles_address(req, tiles, rest.at)));
	pp_buf_format(out,
		"],\"minzoom\":%u,\"maxzoom\":%u,\"bounds\":[%g,%g,%g,%g],\"vector_layers\":[",
		tiles->grid->first, tiles->grid->last, region->west, region->south, region->east,
		region->north);
	add_layers(req, out, tiles, add_field_names);
	pp_buf_text(out, "]}");
	return pp_reply_tagged(req, JSON, pp_buf_all(out));
}

enum pp_next pp_ogc_tileset(struct pp_req *req)
{
	const struct pp_bounds *region = &pp_feature_region;
	struct pp_ogc_tiles tiles = { 0 };
	struct pp_buf *out = pp_buf_make(req->arena);
	struct pp_slice self;

	if (!pp_ogc_tiles_named(req, &tiles))
		return PP_DONE;
	if (pp_slice_is(pp_param(req, "f"), PP_S("tilejson")))
		return tilejson(req, &tiles);
	self = pp_ogc_tiles_address(
		req, &tiles, pp_format(req->arena, "/%s?f=tilejson", tiles.grid->id).at);
	begin_tileset(req, out, &tiles);
	if (tiles.grid == &pp_tile_grids[PP_GRID_MERCATOR]) {
		pp_buf_text(out, ",");
		pp_ogc_link(req, out, "alternate", JSON, "TileJSON", self);
	}
	pp_buf_text(out, "],");
	add_limits(out, tiles.grid);
	pp_buf_format(out,
		",\"boundingBox\":{\"lowerLeft\":[%g,%g],\"upperRight\":[%g,%g],\"crs\":",
		region->west, region->south, region->east, region->north);
	pp_buf_json(out, pp_crs_uri(req->arena, PP_CRS84));
	pp_buf_text(out, "},\"mediaTypes\":[\"" PP_MVT "\"],\"layers\":[");
	add_layers(req, out, &tiles, add_layer);
	pp_buf_text(out, "]}");
	return pp_reply_tagged(req, JSON, pp_buf_all(out));
}
