/* SPDX-License-Identifier: EUPL-1.2 */
/* OGC API Features: what there is (OGC 17-069r4 §7.2 to §7.14, 18-058r1 §6, 23-058r1). */
#include "ogc.h"

#include "../rooms.h"

#define JSON     "application/json"
#define SCHEMA   "application/schema+json"
#define TILESETS "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
#define OPENAPI  "application/vnd.oai.openapi+json;version=3.0"

static const char *const conformance[] = {
	"http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
	"http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
	"http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
	"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
	"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
	"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
	"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
	"http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/create-replace-delete",
	"http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/update",
	"http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/features",
	"http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/optimistic-locking-etags",
	"http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/optimistic-locking-timestamps",
	"http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/schemas",
	"http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/returnables-and-receivables",
	"http://www.opengis.net/spec/ogcapi-features-8/1.0/conf/sortables",
	"http://www.opengis.net/spec/ogcapi-features-8/1.0/conf/sorting",
	"http://www.opengis.net/spec/ogcapi-features-8/1.0/conf/features-sorting",
	"http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
	"http://www.opengis.net/spec/cql2/1.0/conf/cql2-json",
	"http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
	"http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
	"http://www.opengis.net/spec/cql2/1.0/conf/case-insensitive-comparison",
	"http://www.opengis.net/spec/cql2/1.0/conf/accent-insensitive-comparison",
	"http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions",
	"http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions-plus",
	"http://www.opengis.net/spec/cql2/1.0/conf/spatial-functions",
	"http://www.opengis.net/spec/cql2/1.0/conf/temporal-functions",
	"http://www.opengis.net/spec/cql2/1.0/conf/property-property",
	"http://www.opengis.net/spec/cql2/1.0/conf/arithmetic",
	"http://www.opengis.net/spec/tms/2.0/conf/tilematrixset",
	"http://www.opengis.net/spec/tms/2.0/conf/tilematrixsetlimits",
	"http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixset",
	"http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixsetlimits",
	"http://www.opengis.net/spec/tms/2.0/conf/tilesetmetadata",
	"http://www.opengis.net/spec/tms/2.0/conf/json-tilesetmetadata",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/dataset-tilesets",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/oas30",
};

const struct pp_collection *pp_ogc_collection(struct pp_req *req)
{
	struct pp_slice rest = req->exchange->path, name;
	const struct pp_collection *found;

	/* /ogc/collections/NAME: routes that one collection alone has say its name themselves. */
	for (int i = 0; i < 3; i++)
		pp_slice_cut(rest, '/', &rest);
	name = pp_slice_cut(rest, '/', &rest);
	found = pp_collection_named(name);
	if (!found)
		pp_refuse(req, PP_not_found, "there is no collection %.*s", PP_SHOW(name));
	return found && pp_collection_opens(req, found) ? found : NULL;
}

void pp_ogc_link(struct pp_req *req, struct pp_buf *out, const char *rel, const char *type,
	const char *title, struct pp_slice href)
{
	pp_buf_text(out, "{\"href\":");
	pp_buf_json(out, pp_slice_starts(href, PP_S("/")) ? pp_url(req, href) : href);
	pp_buf_format(out, ",\"rel\":\"%s\",\"type\":", rel);
	pp_buf_json(out, pp_slice_of(type));
	pp_buf_text(out, ",\"title\":");
	pp_buf_json(out, pp_slice_of(title));
	pp_buf_text(out, "}");
}

static struct pp_slice below(
	struct pp_req *req, const struct pp_collection *collection, const char *rest)
{
	return pp_format(req->arena, "/ogc/collections/%s%s", collection->type.name, rest);
}

static enum pp_next landing(struct pp_req *req)
{
	struct pp_buf *out = pp_buf_make(req->arena);

	pp_buf_text(out, "{\"title\":\"Planungsplattform\",\"description\":");
	pp_buf_json(out,
		req->english ? PP_S("Planning procedures of Hamburg and Schleswig-Holstein for GIS")
			     : PP_S("Planverfahren in Hamburg und Schleswig-Holstein für GIS"));
	pp_buf_text(out, ",\"links\":[");
	pp_ogc_link(req, out, "self", JSON, req->english ? "This document" : "Dieses Dokument",
		PP_S("/ogc"));
	pp_buf_text(out, ",");
	pp_ogc_link(req, out, "service-desc", OPENAPI, "OpenAPI", PP_S("/ogc/api"));
	pp_buf_text(out, ",");
	pp_ogc_link(req, out, "conformance", JSON,
		req->english ? "Conformance classes" : "Konformitätsklassen",
		PP_S("/ogc/conformance"));
	pp_buf_text(out, ",");
	pp_ogc_link(req, out, "data", JSON, req->english ? "Collections" : "Datensammlungen",
		PP_S("/ogc/collections"));
	pp_buf_text(out, ",");
	pp_ogc_link(req, out, TILESETS, JSON,
		req->english ? "Vector tiles of all collections"
			     : "Vektorkacheln aller Datensammlungen",
		PP_S("/ogc/tiles"));
	pp_buf_text(out, ",");
	pp_ogc_link(req, out, "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes", JSON,
		req->english ? "Grids of the tiles" : "Raster der Kacheln",
		PP_S("/ogc/tileMatrixSets"));
	pp_buf_text(out, "]}");
	return pp_reply_tagged(req, JSON, pp_buf_all(out));
}

static enum pp_next conform(struct pp_req *req)
{
	struct pp_buf *out = pp_buf_make(req->arena);

	pp_buf_text(out, "{\"conformsTo\":");
	for (size_t i = 0; i < PP_LENGTH(conformance); i++) {
		pp_buf_text(out, i ? "," : "[");
		pp_buf_json(out, pp_slice_of(conformance[i]));
	}
	pp_buf_text(out, "]}");
	return pp_reply_tagged(req, JSON, pp_buf_all(out));
}

/* Hamburg and Schleswig-Holstein with their waters, and the neighbours that a plan may reach. */
static const char extent[] = "{\"spatial\":{\"bbox\":[[7.5,53.0,12.0,55.5]],"
			     "\"crs\":\"http://www.opengis.net/def/crs/OGC/1.3/CRS84\"},"
			     "\"temporal\":{\"interval\":[[null,null]],"
			     "\"trs\":\"http://www.opengis.net/def/uom/ISO-8601/0/Gregorian\"}}";

void pp_ogc_describe(struct pp_req *req, struct pp_buf *out, const struct pp_collection *collection)
{
	const struct pp_feature_type *type = &collection->type;

	pp_buf_format(out, "{\"id\":\"%s\",\"title\":", type->name);
	pp_buf_json(out, pp_slice_of(req->english ? type->title_en : type->title_de));
	pp_buf_text(out, ",\"description\":");
	pp_buf_json(out, pp_slice_of(req->english ? type->about_en : type->about_de));
	pp_buf_format(out, ",\"itemType\":\"feature\",\"extent\":%s,\"crs\":", extent);
	for (size_t i = 0; i < PP_FEATURE_CRS; i++) {
		pp_buf_text(out, i ? "," : "[");
		pp_buf_json(out, pp_crs_uri(req->arena, pp_feature_crs[i]));
	}
	pp_buf_text(out, "],\"storageCrs\":");
	pp_buf_json(out, pp_crs_uri(req->arena, PP_UTM32));
	pp_buf_text(out, ",\"links\":[");
	pp_ogc_link(req, out, "self", JSON, req->english ? "This document" : "Dieses Dokument",
		below(req, collection, ""));
	pp_buf_text(out, ",");
	for (size_t i = 0; i < PP_FEATURE_FORMATS; i++) {
		const struct pp_feature_format *format = &pp_feature_formats[i];
		const char *rest = i ? pp_format(req->arena, "/items?f=%s", format->name).at
				     : "/items";

		if (format->is_file && collection->is_private)
			continue;
		pp_ogc_link(req, out, format->is_file ? "enclosure" : "items", format->media_type,
			pp_format(req->arena, "%s (%s)",
				req->english ? type->title_en : type->title_de, format->title)
				.at,
			below(req, collection, rest));
		pp_buf_text(out, ",");
	}
	pp_ogc_link(req, out, "describedby", "application/xml",
		req->english ? "XML schema" : "XML-Schema", pp_ogc_xsd_address(req, type));
	pp_buf_text(out, ",");
	pp_ogc_link(req, out, "http://www.opengis.net/def/rel/ogc/1.0/schema", SCHEMA,
		"JSON Schema", below(req, collection, "/schema"));
	pp_buf_text(out, ",");
	pp_ogc_link(req, out, "http://www.opengis.net/def/rel/ogc/1.0/queryables", SCHEMA,
		req->english ? "What can be filtered by" : "Wonach sich filtern lässt",
		below(req, collection, "/queryables"));
	pp_buf_text(out, ",");
	pp_ogc_link(req, out, "http://www.opengis.net/def/rel/ogc/1.0/sortables", SCHEMA,
		req->english ? "What can be sorted by" : "Wonach sich sortieren lässt",
		below(req, collection, "/sortables"));
	pp_buf_text(out, ",");
	pp_ogc_link(req, out, "changes", JSON,
		req->english ? "What has changed since" : "Was sich seither geändert hat",
		below(req, collection, "/changes"));
	if (collection->tile_columns) {
		pp_buf_text(out, ",");
		pp_ogc_link(req, out, TILESETS, JSON,
			req->english ? "Vector tiles" : "Vektorkacheln",
			below(req, collection, "/tiles"));
	}
	/* 24-030 /req/sorting/defaultSortOrder-definition */
	pp_buf_text(out, "],\"defaultSortOrder\":[\"id\"]}");
}

static enum pp_next collections(struct pp_req *req)
{
	struct pp_buf *out = pp_buf_make(req->arena);

	pp_buf_text(out, "{\"links\":[");
	pp_ogc_link(req, out, "self", JSON, req->english ? "This document" : "Dieses Dokument",
		PP_S("/ogc/collections"));
	pp_buf_text(out, "],\"collections\":[");
	for (size_t i = 0; i < PP_COLLECTIONS; i++) {
		if (!pp_collection_shows(req, &pp_collections[i]))
			continue;
		pp_buf_text(out, i ? "," : "");
		pp_ogc_describe(req, out, &pp_collections[i]);
	}
	pp_buf_text(out, "]}");
	return pp_reply_tagged(req, JSON, pp_buf_all(out));
}

static enum pp_next one_collection(struct pp_req *req)
{
	const struct pp_collection *collection = pp_ogc_collection(req);
	struct pp_buf *out = pp_buf_make(req->arena);

	if (!collection)
		return PP_DONE;
	pp_ogc_describe(req, out, collection);
	return pp_reply_tagged(req, JSON, pp_buf_all(out));
}

static pp_step *const landing_steps[] = { landing, NULL };
static pp_step *const conform_steps[] = { conform, NULL };
static pp_step *const collections_steps[] = { collections, NULL };
static pp_step *const collection_steps[] = { one_collection, NULL };
static pp_step *const items_steps[] = { pp_ogc_items, pp_page_take, pp_page_room, pp_page_look,
	pp_export_reply, NULL };
static pp_step *const schema_steps[] = { pp_ogc_schema, NULL };
static pp_step *const queryables_steps[] = { pp_ogc_queryables, NULL };
static pp_step *const sortables_steps[] = { pp_ogc_sortables, NULL };
static pp_step *const changes_steps[] = { pp_ogc_changes, pp_ogc_changes_reply, NULL };
static pp_step *const api_steps[] = { pp_ogc_api, NULL };
static pp_step *const item_steps[] = { pp_ogc_item, pp_ogc_item_reply, NULL };
static pp_step *const edit_steps[] = { pp_ogc_edit, pp_ogc_edit_store, pp_ogc_edit_show,
	pp_ogc_item_reply, NULL };

#define FEATURE_TYPES "application/geo+json application/json"
#define FEATURE_LIMIT (UINT64_C(16) << 20)

const struct pp_route ogc_routes[] = {
	{ PP_GET, "//ogc", PP_ANYONE, landing_steps, .rate = PP_RATE_PUBLIC,
		.summary = "OGC API: where everything is" },
	/* {root}/ in 17-069r4 §7.2, and the path "/" of OpenAPI below that server. */
	{ PP_GET, "//ogc/", PP_ANYONE, landing_steps, .rate = PP_RATE_PUBLIC,
		.summary = "OGC API: where everything is" },
	{ PP_GET, "//ogc/conformance", PP_ANYONE, conform_steps, .rate = PP_RATE_PUBLIC,
		.summary = "OGC API: the standards that hold here" },
	{ PP_GET, "//ogc/api", PP_ANYONE, api_steps, .rate = PP_RATE_PUBLIC,
		.summary = "OGC API: as OpenAPI 3.0" },
	{ PP_GET, "//ogc/collections", PP_ANYONE, collections_steps, .rate = PP_RATE_PUBLIC,
		.summary = "OGC API: the collections" },
	{ PP_GET, "//ogc/collections/{collection}", PP_ANYONE, collection_steps,
		.rate = PP_RATE_PUBLIC, .summary = "OGC API: one collection" },
	{ PP_GET, "//ogc/collections/{collection}/schema", PP_ANYONE, schema_steps,
		.params = pp_ogc_schema_params, .rate = PP_RATE_PUBLIC,
		.summary = "OGC API: what the features of a collection have" },
	{ PP_GET, "//ogc/collections/{collection}/queryables", PP_ANYONE, queryables_steps,
		.rate = PP_RATE_PUBLIC,
		.summary = "OGC API: what the features of a collection can be filtered by" },
	{ PP_GET, "//ogc/collections/{collection}/sortables", PP_ANYONE, sortables_steps,
		.rate = PP_RATE_PUBLIC,
		.summary = "OGC API: what the features of a collection can be sorted by" },
	{ PP_GET, "//ogc/collections/{collection}/changes", PP_ANYONE, changes_steps,
		.params = pp_ogc_changes_params, .rate = PP_RATE_PUBLIC,
		.summary = "OGC API: which features of a collection have changed since" },
	/* Properties are parameters as well: the room takes them and refuses all others. */
	{ PP_GET, "//ogc/collections/{collection}/items", PP_ANYONE, items_steps,
		.params = pp_ogc_items_params, .rate = PP_RATE_PUBLIC, .deadline_ms = 30000,
		.has_other_params = true, .summary = "OGC API: features of a collection" },
	{ PP_GET, "//ogc/collections/{collection}/items/{feature}", PP_ANYONE, item_steps,
		.params = pp_ogc_item_params, .rate = PP_RATE_PUBLIC,
		.summary = "OGC API: one feature" },
	{ PP_GET, "//ogc/exports/{export}", PP_ANYONE, .query = "feature_export_show",
		.rate = PP_RATE_PUBLIC, .has_no_etag = true,
		.summary = "OGC API: how far a file of features is" },
	{ PP_GET, "//ogc/exports/{export}/content", PP_ANYONE, pp_ogc_export_content,
		.rate = PP_RATE_PUBLIC, .deadline_ms = 30000,
		.summary = "OGC API: a file of features" },
	{ PP_DELETE, "//ogc/exports/{export}", PP_ANYONE, .query = "feature_export_cancel",
		.rate = PP_RATE_PUBLIC, .ends = true,
		.summary = "OGC API: do without a file of features" },
	/* By their whole address, so that OPTIONS and 405 say of each collection what it lets do.
	 */
	{ PP_POST, "//ogc/collections/drafts/items", PP_MANAGER, edit_steps,
		.params = pp_ogc_item_params, .text_types = FEATURE_TYPES,
		.body_limit = FEATURE_LIMIT, .creates = true,
		.summary = "OGC API: draw a draft of the body's own" },
	{ PP_PUT, "//ogc/collections/drafts/items/{feature}", PP_MANAGER, edit_steps,
		.params = pp_ogc_item_params, .text_types = FEATURE_TYPES,
		.body_limit = FEATURE_LIMIT, .summary = "OGC API: replace a draft" },
	{ PP_PATCH, "//ogc/collections/drafts/items/{feature}", PP_MANAGER, edit_steps,
		.params = pp_ogc_item_params,
		.text_types = "application/merge-patch+json application/json",
		.body_limit = FEATURE_LIMIT, .summary = "OGC API: change a draft" },
	{ PP_DELETE, "//ogc/collections/drafts/items/{feature}", PP_MANAGER, edit_steps,
		.params = pp_ogc_item_params, .ends = true, .summary = "OGC API: remove a draft" },
	{ 0 },
};
