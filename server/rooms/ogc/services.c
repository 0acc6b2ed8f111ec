/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The layers of this platform for a Masterportal, in the form of its services.json (Masterportal 3,
 * docs/User/Global-Config/services.json.md): each collection by OGC API Features, by WFS and as
 * vector tiles. An id stays, because portals name their layers by it.
 */
#include "tile.h"

/* Portals of the Länder show EPSG:25832; more features than that follow by next. */
#define LIMIT 1000

static void add_text(struct pp_buf *out, const char *name, struct pp_slice value)
{
	pp_buf_format(out, ",\"%s\":", name);
	pp_buf_json(out, value);
}

/* What all have: id, name, typ, and what a click on a feature shows, under the columns' titles. */
static void begin(struct pp_req *req, struct pp_buf *out, const struct pp_collection *collection,
	const char *kind, const char *typ, bool is_tile)
{
	const struct pp_feature_type *type = &collection->type;
	const char *before = ",\"gfiAttributes\":{";

	pp_buf_format(out, "%s{\"id\":\"planungsplattform-%s-%s\"", out->len > 1 ? "," : "", kind,
		type->name);
	add_text(out, "name", pp_slice_of(req->english ? type->title_en : type->title_de));
	pp_buf_format(out, ",\"typ\":\"%s\"", typ);
	for (size_t i = 0; i < type->column_count; i++) {
		const struct pp_feature_column *column = &type->columns[i];

		if (is_tile && !pp_tile_has(collection, column))
			continue;
		pp_buf_format(out, "%s\"%s\":", before, column->name);
		pp_buf_json(out, pp_slice_of(req->english ? column->en : column->de));
		before = ",";
	}
	pp_buf_text(out, "},\"gfiTheme\":\"default\",\"datasets\":false,\"legend\":true");
}

static void add_oaf(struct pp_req *req, struct pp_buf *out, const struct pp_collection *collection)
{
	begin(req, out, collection, "oaf", "OAF", false);
	add_text(out, "url", pp_url(req, PP_S("/ogc")));
	add_text(out, "collection", pp_slice_of(collection->type.name));
	add_text(out, "crs", pp_crs_uri(req->arena, PP_UTM32));
	add_text(out, "bboxCrs", pp_crs_uri(req->arena, PP_UTM32));
	pp_buf_format(out, ",\"limit\":%d}", LIMIT);
}

static void add_wfs(struct pp_req *req, struct pp_buf *out, const struct pp_collection *collection)
{
	begin(req, out, collection, "wfs", "WFS", false);
	add_text(out, "url", pp_url(req, PP_S("/wfs")));
	add_text(out, "version", PP_S("2.0.0"));
	add_text(out, "featureType", pp_slice_of(collection->type.name));
	add_text(out, "featureNS", PP_S(PP_FEATURE_NAMESPACE));
	pp_buf_text(out, ",\"legendURL\":\"ignore\"}");
}

static void add_tiles(
	struct pp_req *req, struct pp_buf *out, const struct pp_collection *collection)
{
	const struct pp_tile_grid *grid = &pp_tile_grids[PP_GRID_UTM32];
	const struct pp_ogc_tiles tiles = { collection, grid };
	struct pp_slice rest = pp_format(req->arena, "/%s/{z}/{y}/{x}", grid->id);
	double width = grid->cell * PP_TILE_PIXELS;

	begin(req, out, collection, "tiles", "VectorTile", true);
	add_text(out, "url", pp_url(req, pp_ogc_tiles_address(req, &tiles, rest.at)));
	pp_buf_format(out,
		",\"epsg\":\"EPSG:%d\",\"tileSize\":%d,\"origin\":[%.15g,%.15g],"
		"\"extent\":[%.15g,%.15g,%.15g,%.15g],\"resolutions\":[",
		grid->crs, PP_TILE_PIXELS, grid->west, grid->north, grid->west, grid->north - width,
		grid->west + width, grid->north);
	for (unsigned i = grid->first; i <= grid->last; i++)
		pp_buf_format(out, "%s%.15g", i == grid->first ? "" : ",",
			grid->cell / (double)(1u << i));
	pp_buf_text(out, "],\"minScale\":\"0\",\"maxScale\":\"20000000\",\"visibility\":false}");
}

enum pp_next pp_ogc_services(struct pp_req *req)
{
	struct pp_buf *out = pp_buf_make(req->arena);

	pp_buf_text(out, "[");
	/* What has tiles is what everybody may see. */
	for (size_t i = 0; i < PP_COLLECTIONS; i++) {
		const struct pp_collection *collection = &pp_collections[i];

		if (!pp_tile_shows(collection))
			continue;
		add_oaf(req, out, collection);
		add_wfs(req, out, collection);
		add_tiles(req, out, collection);
	}
	pp_buf_text(out, "]");
	return pp_reply_tagged(req, "application/json", pp_buf_all(out));
}
