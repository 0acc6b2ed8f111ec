/* SPDX-License-Identifier: EUPL-1.2 */
/* Tiles in the OpenAPI document; the operationIds are those of OGC 20-057 table 8. */
#include "tile.h"

#define REFERENCE(kind, name) "{\"$ref\":\"#/components/" kind "/" name "\"}"
#define IN_PATH(name, schema)                                                                      \
	"{\"name\":\"" name "\",\"in\":\"path\",\"required\":true,\"schema\":" schema "}"
#define CHOICE(values)                                                                             \
	"{\"name\":\"f\",\"in\":\"query\",\"required\":false,\"style\":\"form\",\"explode\":"      \
	"false,\"schema\":{\"type\":\"string\",\"enum\":[" values "]}}"
#define GRID REFERENCE("parameters", "tileMatrixSetId")

/* An answer 200 that is JSON, or a tile and then maybe none. */
static const char json_response[] = "\"200\":" REFERENCE("responses", "json");
static const char tile_response[] =
	"\"200\":{\"description\":\"Mapbox Vector Tile\",\"content\":{\"" PP_MVT
	"\":{\"schema\":{\"type\":\"string\",\"format\":\"binary\"}}}},"
	"\"204\":{\"description\":\"There is nothing in this tile\"}";

struct path {
	const char *rest, *operation, *parameters, *responses;
};

static const struct path grids[] = {
	{ "/tileMatrixSets", "getTileMatrixSetsList", "", json_response },
	{ "/tileMatrixSets/{tileMatrixSetId}", "getTileMatrixSet", GRID, json_response },
};
static const struct path tiles[] = {
	{ "/tiles", "vector.getTileSetsList", "", json_response },
	{ "/tiles/{tileMatrixSetId}", "vector.getTileSet", GRID "," CHOICE("\"json\",\"tilejson\""),
		json_response },
	{ "/tiles/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}", "vector.getTile",
		GRID "," IN_PATH("tileMatrix", "{\"type\":\"string\"}") "," IN_PATH(
			"tileRow", "{\"type\":\"integer\",\"minimum\":0}") "," IN_PATH("tileCol",
			"{\"type\":\"integer\",\"minimum\":0}") "," CHOICE("\"mvt\""),
		tile_response },
};

static void add(struct pp_buf *out, const char *before, const char *prefix, const char *summary,
	const struct path *path)
{
	pp_buf_format(out,
		",\"%s%s\":{\"get\":{\"operationId\":\"%s%s\",\"tags\":[\"ogc\"],\"summary\":",
		before, path->rest, prefix, path->operation);
	pp_buf_json(out, pp_slice_of(summary));
	pp_buf_format(out,
		",\"parameters\":[%s],\"responses\":{%s,\"400\":" REFERENCE(
			"responses", "problem") ",\"404\":" REFERENCE("responses",
			"problem") ",\"429\":" REFERENCE("responses",
			"problem") ",\"503\":" REFERENCE("responses", "problem") "}}}",
		path->parameters, path->responses);
}

void pp_ogc_tile_paths(struct pp_req *req, struct pp_buf *out)
{
	const char *about = req->english ? "Vector tiles" : "Vektorkacheln";

	for (size_t i = 0; i < PP_LENGTH(grids); i++)
		add(out, "", "", req->english ? "Grids of tiles" : "Raster der Kacheln", &grids[i]);
	for (size_t i = 0; i < PP_LENGTH(tiles); i++)
		add(out, "", "dataset.", about, &tiles[i]);
	for (size_t c = 0; c < PP_COLLECTIONS; c++) {
		const char *name = pp_collections[c].type.name;
		const char *before = pp_format(req->arena, "/collections/%s", name).at;
		const char *prefix = pp_format(req->arena, "%s.collection.", name).at;

		for (size_t i = 0; i < PP_LENGTH(tiles) && pp_tile_shows(&pp_collections[c]); i++)
			add(out, before, prefix, about, &tiles[i]);
	}
}

void pp_ogc_tile_parameters(struct pp_buf *out)
{
	pp_buf_text(out,
		"\"tileMatrixSetId\":{\"name\":\"tileMatrixSetId\",\"in\":\"path\",\"required\":"
		"true,\"schema\":{\"type\":\"string\",\"enum\":");
	for (size_t i = 0; i < PP_TILE_GRIDS; i++)
		pp_buf_format(out, "%s\"%s\"", i ? "," : "[", pp_tile_grids[i].id);
	pp_buf_text(out, "]}},");
}
