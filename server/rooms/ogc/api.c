/* SPDX-License-Identifier: EUPL-1.2 */
/* All of it as OpenAPI 3.0 (OGC 17-069r4 §7.3 and §9). */
#include "tile.h"

#define FEATURE_ID                                                                                 \
	"{\"name\":\"featureId\",\"in\":\"path\",\"required\":true,\"schema\":{\"type\":"          \
	"\"string\"}}"

#define REFUSALS                                                                                   \
	"\"400\":{\"$ref\":\"#/components/responses/problem\"},"                                   \
	"\"404\":{\"$ref\":\"#/components/responses/problem\"},"                                   \
	"\"406\":{\"$ref\":\"#/components/responses/problem\"},"                                   \
	"\"429\":{\"$ref\":\"#/components/responses/problem\"},"                                   \
	"\"503\":{\"$ref\":\"#/components/responses/problem\"}"

/* Where a file is made of them (docs/gis/geopackage.md). */
#define ACCEPTED ",\"202\":{\"$ref\":\"#/components/responses/accepted\"}"

/* Parameters as 17-069r4 requires them: limit with default, bbox of four to six numbers, datetime a
 * string. */
static const char components[] =
	"\"components\":{\"parameters\":{"
	"\"content-crs\":{\"name\":\"Content-Crs\",\"in\":\"header\",\"required\":false,\"schema\":"
	"{"
	"\"type\":\"string\"}},"
	"\"if-match\":{\"name\":\"If-Match\",\"in\":\"header\",\"required\":false,\"schema\":{"
	"\"type\":\"string\"}},"
	"\"limit\":{\"name\":\"limit\",\"in\":\"query\",\"required\":false,\"style\":\"form\","
	"\"explode\":"
	"false,\"schema\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":%d,\"default\":%d}},"
	"\"bbox\":{\"name\":\"bbox\",\"in\":\"query\",\"required\":false,\"style\":\"form\","
	"\"explode\":"
	"false,\"schema\":{\"type\":\"array\",\"minItems\":4,\"maxItems\":6,\"items\":{\"type\":"
	"\"number\"}}},"
	"\"datetime\":{\"name\":\"datetime\",\"in\":\"query\",\"required\":false,\"style\":"
	"\"form\","
	"\"explode\":false,\"schema\":{\"type\":\"string\"}},"
	"\"f\":{\"name\":\"f\",\"in\":\"query\",\"required\":false,\"style\":\"form\","
	"\"explode\":false,\"schema\":{\"type\":\"string\",\"enum\":[\"json\",\"gml\",\"csv\","
	"\"fgb\",\"html\"]}},"
	"\"f-items\":{\"name\":\"f\",\"in\":\"query\",\"required\":false,\"style\":\"form\","
	"\"explode\":false,\"schema\":{\"type\":\"string\",\"enum\":[\"json\",\"gml\",\"csv\","
	"\"fgb\",\"gpkg\",\"html\"]}},"
	"\"f-core\":{\"name\":\"f\",\"in\":\"query\",\"required\":false,\"style\":\"form\","
	"\"explode\":false,\"schema\":{\"type\":\"string\",\"enum\":[\"json\",\"xml\",\"html\"]}},"
	"\"f-schema\":{\"name\":\"f\",\"in\":\"query\",\"required\":false,\"style\":\"form\","
	"\"explode\":false,\"schema\":{\"type\":\"string\",\"enum\":[\"json\",\"xsd\"]}},"
	"\"sortby\":{\"name\":\"sortby\",\"in\":\"query\",\"required\":false,\"style\":\"form\","
	"\"explode\":false,\"schema\":{\"type\":\"array\",\"minItems\":1,\"maxItems\":%d,\"items\":"
	"{"
	"\"type\":\"string\",\"pattern\":\"^[+-]?[^+\\\\-\\\\s].*$\"}}},"
	"\"cursor\":{\"name\":\"cursor\",\"in\":\"query\",\"required\":false,\"style\":\"form\","
	"\"explode\":false,\"schema\":{\"type\":\"string\"}},"
	"\"profile\":{\"name\":\"profile\",\"in\":\"query\",\"required\":false,\"style\":"
	"\"form\",\"explode\":false,\"schema\":{\"type\":\"array\",\"items\":{\"type\":"
	"\"string\"}}},"
	"\"since\":{\"name\":\"since\",\"in\":\"query\",\"required\":false,\"style\":\"form\","
	"\"explode\":false,\"schema\":{\"type\":\"string\"}},"
	"\"filter\":{\"name\":\"filter\",\"in\":\"query\",\"required\":false,\"style\":\"form\","
	"\"explode\":false,\"schema\":{\"type\":\"string\"}},"
	"\"filter-lang\":{\"name\":\"filter-lang\",\"in\":\"query\",\"required\":false,\"style\":"
	"\"form\",\"explode\":false,\"schema\":{\"type\":\"string\",\"enum\":[\"cql2-text\","
	"\"cql2-json\"],\"default\":\"cql2-text\"}},";

#define PAGE "\"" PP_OGC_HTML "\":{\"schema\":{\"type\":\"string\"}}"
#define OTHERS                                                                                     \
	",\"application/gml+xml;version=3.2;profile=\\\"http://www.opengis.net/def/profile/ogc/"   \
	"2.0/"                                                                                     \
	"gml-sf0\\\"\":{\"schema\":{\"type\":\"string\"}},"                                        \
	"\"text/csv;charset=utf-8;header=present\":{\"schema\":{\"type\":\"string\"}},"            \
	"\"application/"                                                                           \
	"flatgeobuf\":{\"schema\":{\"type\":\"string\",\"format\":\"binary\"}}," PAGE

static const char responses[] =
	"},\"responses\":{"
	"\"problem\":{\"description\":\"RFC 9457\",\"content\":{\"application/problem+json\":{"
	"\"schema\":{\"$ref\":\"#/components/schemas/problem\"}}}},"
	"\"json\":{\"description\":\"OK\",\"content\":{\"application/json\":{\"schema\":{\"type\":"
	"\"object\"}}}},"
	"\"core\":{\"description\":\"OK\",\"content\":{\"application/json\":{\"schema\":{\"type\":"
	"\"object\"}},\"application/xml\":{\"schema\":{\"type\":\"object\"}}," PAGE "}},"
	"\"schema\":{\"description\":\"JSON Schema\",\"content\":{\"application/schema+json\":{"
	"\"schema\":{\"type\":\"object\"}},\"application/"
	"xml\":{\"schema\":{\"type\":\"string\"}}}},"
	"\"features\":{\"description\":\"FeatureCollection\",\"content\":{\"application/"
	"geo+json\":{"
	"\"schema\":{\"$ref\":\"#/components/schemas/features\"}}" OTHERS "}},"
	"\"accepted\":{\"description\":\"A file is made\",\"headers\":{\"Location\":{\"schema\":{"
	"\"type\":\"string\"}}},\"content\":{\"application/json\":{\"schema\":{\"type\":"
	"\"object\"}}}},"
	"\"created\":{\"description\":\"Created\",\"headers\":{\"Location\":{\"schema\":{\"type\":"
	"\"string\"}}},"
	"\"content\":{\"application/geo+json\":{\"schema\":{\"$ref\":\"#/components/schemas/"
	"feature\"}}}},"
	"\"feature\":{\"description\":\"Feature\",\"content\":{\"application/"
	"geo+json\":{\"schema\":{"
	"\"$ref\":\"#/components/schemas/feature\"}}" OTHERS "}}},"
	"\"securitySchemes\":{\"bearer\":{\"type\":\"http\",\"scheme\":\"bearer\"},"
	"\"basic\":{\"type\":\"http\",\"scheme\":\"basic\"}},"
	"\"schemas\":{"
	"\"patch\":{\"type\":\"object\",\"properties\":{\"geometry\":{\"type\":\"object\","
	"\"nullable\":true},"
	"\"properties\":{\"type\":\"object\",\"nullable\":true}}},"
	"\"problem\":{\"type\":\"object\",\"required\":[\"type\",\"title\",\"status\"],"
	"\"properties\":{"
	"\"type\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},\"status\":{\"type\":"
	"\"integer\"},"
	"\"detail\":{\"type\":\"string\"}}},"
	"\"link\":{\"type\":\"object\",\"required\":[\"href\",\"rel\"],\"properties\":{\"href\":{"
	"\"type\":"
	"\"string\"},\"rel\":{\"type\":\"string\"},\"type\":{\"type\":\"string\"},\"title\":{"
	"\"type\":"
	"\"string\"}}},"
	"\"feature\":{\"type\":\"object\",\"required\":[\"type\",\"id\",\"geometry\","
	"\"properties\"],"
	"\"properties\":{\"type\":{\"type\":\"string\",\"enum\":[\"Feature\"]},\"id\":{\"type\":"
	"\"string\"},\"geometry\":{\"type\":\"object\",\"nullable\":true},\"properties\":{\"type\":"
	"\"object\"},\"links\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/"
	"link\"}}}},"
	"\"features\":{\"type\":\"object\",\"required\":[\"type\",\"features\"],\"properties\":{"
	"\"type\":{"
	"\"type\":\"string\",\"enum\":[\"FeatureCollection\"]},\"features\":{\"type\":\"array\","
	"\"items\":{\"$ref\":\"#/components/schemas/"
	"feature\"}},\"numberMatched\":{\"type\":\"integer\"},"
	"\"numberReturned\":{\"type\":\"integer\"},\"links\":{\"type\":\"array\",\"items\":{\"$"
	"ref\":"
	"\"#/components/schemas/link\"}}}}}}";

static void add_crs_parameter(struct pp_req *req, struct pp_buf *out, const char *name)
{
	pp_buf_format(out,
		"\"%s\":{\"name\":\"%s\",\"in\":\"query\",\"required\":false,\"style\":\"form\","
		"\"explode\":false,\"schema\":{\"type\":\"string\",\"format\":\"uri\",\"enum\":",
		name, name);
	for (size_t i = 0; i < PP_FEATURE_CRS; i++) {
		pp_buf_text(out, i ? "," : "[");
		pp_buf_json(out, pp_crs_uri(req->arena, pp_feature_crs[i]));
	}
	pp_buf_text(out, "],\"default\":");
	pp_buf_json(out, pp_crs_uri(req->arena, PP_CRS84));
	pp_buf_text(out, "}}");
}

/* What a member of a body is asked for; the others ask nobody who they are. */
#define SIGNED_IN "\"security\":[{\"bearer\":[]},{\"basic\":[]}],"

#define SENDS(types)     "\"requestBody\":{\"required\":true,\"content\":{" types "}},"
#define AS(type, schema) "\"" type "\":{\"schema\":{\"$ref\":\"#/components/schemas/" schema "\"}}"
#define WHOLE            SENDS(AS("application/geo+json", "feature") "," AS("application/json", "feature"))

static const struct {
	bool of_one; /* of the path of a feature, not of the collection's */
	const char *method, *id, *body, *parameters, *response;
} edits[] = {
	{ false, "post", "create", WHOLE, "content-crs",
		"\"201\":{\"$ref\":\"#/components/responses/created\"}" },
	{ true, "put", "replace", WHOLE, "content-crs",
		"\"200\":{\"$ref\":\"#/components/responses/feature\"}" },
	{ true, "patch", "update", SENDS(AS("application/merge-patch+json", "patch")),
		"content-crs", "\"200\":{\"$ref\":\"#/components/responses/feature\"}" },
	{ true, "delete", "remove", "", "f", "\"204\":{\"description\":\"Removed\"}" },
};

/* OGC 20-002: what else than reading the path lets one do. */
static void add_edits(struct pp_buf *out, const struct pp_feature_type *type, bool of_one)
{
	for (size_t i = 0; i < PP_LENGTH(edits); i++) {
		if (edits[i].of_one != of_one)
			continue;
		pp_buf_format(out,
			",\"%s\":{\"operationId\":\"%s_%s\",\"tags\":[\"ogc\"],\"summary\":\"%"
			"s\"," SIGNED_IN
			"\"parameters\":[%s{\"$ref\":\"#/components/parameters/%s\"}%s],%s"
			"\"responses\":{%s,\"401\":{\"$ref\":\"#/components/responses/problem\"},"
			"\"403\":{\"$ref\":\"#/components/responses/problem\"},"
			"\"412\":{\"$ref\":\"#/components/responses/problem\"},"
			"\"415\":{\"$ref\":\"#/components/responses/problem\"},"
			"\"422\":{\"$ref\":\"#/components/responses/problem\"}," REFUSALS "}}",
			edits[i].method, edits[i].id, type->name, type->title_en,
			of_one ? FEATURE_ID "," : "", edits[i].parameters,
			of_one ? ",{\"$ref\":\"#/components/parameters/if-match\"}" : "",
			edits[i].body, edits[i].response);
	}
}

#define CORE_FORMAT "{\"$ref\":\"#/components/parameters/f-core\"}"

static void add_path(struct pp_buf *out, const char *path, const char *id, const char *summary,
	const char *parameters, const char *response, bool signed_in)
{
	pp_buf_format(out,
		"%s\"%s\":{\"get\":{\"operationId\":\"%s\",\"tags\":[\"ogc\"],\"summary\":\"%s\",%s"
		"\"parameters\":[%s],\"responses\":{\"200\":{\"$ref\":\"#/components/responses/"
		"%s\"}%s," REFUSALS "}}",
		out->at[out->len - 1] == '{' ? "" : ",", path, id, summary,
		signed_in ? SIGNED_IN : "", parameters, response,
		strcmp(response, "features") == 0 && !signed_in ? ACCEPTED : "");
}

/* OGC 19-079r2 §6.3: every queryable but the geometry is a parameter. */
static const char *with_properties(
	struct pp_req *req, const char *parameters, const struct pp_collection *collection)
{
	const struct pp_feature_type *type = &collection->type;
	struct pp_buf *out = pp_buf_make(req->arena);

	pp_buf_format(out,
		"%s,{\"$ref\":\"#/components/parameters/"
		"%s\"},{\"name\":\"id\",\"in\":\"query\",\"required\":false,\"style\":\"form\","
		"\"explode\":false,\"schema\":{\"type\":\"string\"}}",
		parameters, collection->is_private ? "f" : "f-items");
	for (size_t i = 0; i < type->column_count; i++)
		pp_buf_format(out,
			",{\"name\":\"%s\",\"in\":\"query\",\"required\":false,\"style\":\"form\","
			"\"explode\":false,\"schema\":{%s}}",
			type->columns[i].name, pp_ogc_schema_type(type->columns[i].kind));
	pp_buf_u8(out, '\0');
	return out->at;
}

static void add_collection_paths(
	struct pp_req *req, struct pp_buf *out, const struct pp_collection *collection)
{
#define PARAMETER(name) "{\"$ref\":\"#/components/parameters/" name "\"}"
	const struct pp_feature_type *type = &collection->type;
	static const char id[] = FEATURE_ID
		"," PARAMETER("crs") "," PARAMETER("profile") "," PARAMETER("f");
	const struct {
		const char *rest, *what, *parameters, *response;
	} paths[] = {
		{ "", "describe", CORE_FORMAT, "core" },
		{ "/schema", "schema_of", PARAMETER("f-schema"), "schema" },
		{ "/queryables", "queryables_of", "", "schema" },
		{ "/sortables", "sortables_of", "", "schema" },
		{ "/changes", "changes_of", PARAMETER("since") "," PARAMETER("limit"), "json" },
		{ "/items", "features_of",
			PARAMETER("limit") "," PARAMETER("bbox") "," PARAMETER("bbox-crs") "," PARAMETER("crs") "," PARAMETER("datetime") "," PARAMETER(
				"sortby") "," PARAMETER("cursor") "," PARAMETER("filter") "," PARAMETER("filter-lang") "," PARAMETER("filter-crs") "," PARAMETER("profile"),
			"features" },
		{ "/items/{featureId}", "feature_of", id, "feature" },
	};

	for (size_t i = 0; i < PP_LENGTH(paths); i++) {
		bool of_features = strcmp(paths[i].response, "features") == 0;
		bool of_one = strcmp(paths[i].response, "feature") == 0;

		add_path(out,
			pp_format(req->arena, "/collections/%s%s", type->name, paths[i].rest).at,
			pp_format(req->arena, "%s_%s", paths[i].what, type->name).at,
			req->english ? type->title_en : type->title_de,
			of_features ? with_properties(req, paths[i].parameters, collection)
				    : paths[i].parameters,
			paths[i].response, collection->is_private);
		if (collection->edit && (of_features || of_one))
			add_edits(out, type, of_one);
		pp_buf_text(out, "}");
	}
}

enum pp_next pp_ogc_api(struct pp_req *req)
{
	struct pp_buf *out = pp_buf_make(req->arena);

	pp_buf_text(out,
		"{\"openapi\":\"3.0.3\",\"info\":{\"title\":\"Planungsplattform OGC API\","
		"\"version\":\"" PP_VERSION "\",\"description\":");
	pp_buf_json(out,
		req->english ? PP_S("Planning procedures for GIS: OGC API Features and Tiles")
			     : PP_S("Planverfahren für GIS: OGC API Features und Tiles"));
	pp_buf_text(out,
		",\"license\":{\"name\":\"EUPL-1.2\",\"url\":\"https://eupl.eu/1.2/de/\"}},"
		"\"tags\":[{\"name\":\"ogc\"}],\"security\":[],\"servers\":[{\"url\":");
	pp_buf_json(out, pp_url(req, PP_S("/ogc")));
	pp_buf_text(out, "}],\"paths\":{");
	add_path(out, "/", "landing", "OGC API", CORE_FORMAT, "core", false);
	pp_buf_text(out, "}");
	add_path(out, "/conformance", "conformance", "OGC API", CORE_FORMAT, "core", false);
	pp_buf_text(out, "}");
	add_path(out, "/collections", "collections", "OGC API", CORE_FORMAT, "core", false);
	pp_buf_text(out, "}");
	add_path(out, "/functions", "functions", "CQL2", "", "json", false);
	pp_buf_text(out, "}");
	for (size_t i = 0; i < PP_COLLECTIONS; i++)
		if (pp_collection_shows(req, &pp_collections[i]))
			add_collection_paths(req, out, &pp_collections[i]);
	pp_ogc_tile_paths(req, out);
	pp_buf_text(out, "},");
	pp_buf_format(out, components, PP_OGC_LIMIT_MOST, PP_OGC_LIMIT_DEFAULT, PP_FEATURE_ORDERS);
	pp_ogc_tile_parameters(out);
	add_crs_parameter(req, out, "crs");
	pp_buf_text(out, ",");
	add_crs_parameter(req, out, "bbox-crs");
	pp_buf_text(out, ",");
	add_crs_parameter(req, out, "filter-crs");
	pp_buf_text(out, responses);
	pp_buf_text(out, "}");
	return pp_reply_tagged(
		req, "application/vnd.oai.openapi+json;version=3.0", pp_buf_all(out));
}
