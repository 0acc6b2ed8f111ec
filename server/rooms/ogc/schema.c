/* SPDX-License-Identifier: EUPL-1.2 */
/* What a collection's features have: JSON Schema (OGC 23-058r1 §7), and the schema of its GML. */
#include "ogc.h"

const struct pp_field pp_ogc_schema_params[] = {
	{ "f", PP_CHOICE, .choices = "json|xsd", .about = "JSON Schema, or the schema of GML" },
	{ 0 },
};

static const char *const schema_types[PP_FEATURE_KINDS] = {
	[PP_FEATURE_TEXT] = "\"type\":\"string\"",
	[PP_FEATURE_UUID] = "\"type\":\"string\",\"format\":\"uuid\"",
	[PP_FEATURE_INTEGER] = "\"type\":\"integer\"",
	[PP_FEATURE_NUMBER] = "\"type\":\"number\"",
	[PP_FEATURE_BOOLEAN] = "\"type\":\"boolean\"",
	[PP_FEATURE_DATE] = "\"type\":\"string\",\"format\":\"date\"",
	[PP_FEATURE_INSTANT] = "\"type\":\"string\",\"format\":\"date-time\"",
};

const char *pp_ogc_schema_type(enum pp_feature_kind kind)
{
	return schema_types[kind];
}

static const char *const geometry_formats[] = {
	[PP_FEATURE_ANY] = "geometry-any",
	[PP_FEATURE_LINES] = "geometry-linestring-or-multilinestring",
	[PP_FEATURE_AREAS] = "geometry-polygon-or-multipolygon",
};

/* §7.7: the instants between which a feature counts. */
static const char *role_of(const struct pp_feature_column *column)
{
	if (strcmp(column->name, "valid_from") == 0)
		return ",\"x-ogc-role\":\"primary-interval-start\"";
	return strcmp(column->name, "valid_to") == 0 ? ",\"x-ogc-role\":\"primary-interval-end\""
						     : "";
}

static void add_choices(struct pp_buf *out, const char *choices)
{
	struct pp_slice rest = pp_slice_of(choices);
	const char *before = ",\"enum\":[";

	while (rest.len) {
		pp_buf_text(out, before);
		pp_buf_json(out, pp_slice_cut(rest, '|', &rest));
		before = ",";
	}
	pp_buf_text(out, "]");
}

/* OGC 23-058r1 §8: what clients may send is what is not marked as for reading only. */
static const char *read_only(const struct pp_collection *collection, bool receivable)
{
	return collection->edit && !receivable ? ",\"readOnly\":true" : "";
}

static void add_column(struct pp_req *req, struct pp_buf *out,
	const struct pp_collection *collection, size_t number)
{
	const struct pp_feature_column *column = &collection->type.columns[number];

	pp_buf_format(out, ",\"%s\":{\"title\":", column->name);
	pp_buf_json(out, pp_slice_of(req->english ? column->en : column->de));
	pp_buf_format(out, ",%s%s%s,\"x-ogc-propertySeq\":%zu", schema_types[column->kind],
		role_of(column), read_only(collection, column->receivable), number + 3);
	if (column->choices)
		add_choices(out, column->choices);
	pp_buf_text(out, "}");
}

/* OGC 23-058r2 §12: queryables that are no properties. */
static void add_lists(
	struct pp_req *req, struct pp_buf *out, const struct pp_collection *collection)
{
	for (size_t i = 0; i < collection->list_count; i++) {
		const struct pp_feature_list *list = &collection->lists[i];

		pp_buf_format(out, ",\"%s\":{\"title\":", list->name);
		pp_buf_json(out, pp_slice_of(req->english ? list->en : list->de));
		pp_buf_format(out,
			",\"type\":\"array\",\"items\":{\"type\":\"string\"},\"x-ogc-propertySeq\":"
			"%zu}",
			collection->type.column_count + 3 + i);
	}
}

/* What is named of a collection, and why. */
enum purpose { SCHEMA, QUERYABLES, SORTABLES };

static void add_ends(struct pp_buf *out, const struct pp_feature_type *type, enum purpose purpose)
{
	if (purpose != SCHEMA) {
		pp_buf_text(out, "},\"additionalProperties\":false}");
		return;
	}
	pp_buf_text(out, "},\"required\":[\"id\"");
	for (size_t i = 0; i < type->column_count; i++)
		if (type->columns[i].required)
			pp_buf_format(out, ",\"%s\"", type->columns[i].name);
	pp_buf_text(out, "]}");
}

static enum pp_next gml_schema(struct pp_req *req, const struct pp_feature_type *type)
{
	struct pp_buf *out = pp_buf_make(req->arena);

	pp_feature_xsd_begin(out, PP_GML_3_2);
	pp_feature_xsd(out, PP_GML_3_2, type, req->english);
	pp_feature_xsd_end(out);
	return pp_reply_tagged(req, "application/xml", pp_buf_all(out));
}

/* Queryables (OGC 19-079r2 §6) are the same properties, of which none needs to be there, and lists
 * of what stands in them; sortables (24-030 §6) those of them that have an index of their order. */
static enum pp_next schema(struct pp_req *req, enum purpose purpose)
{
	const struct pp_collection *collection = pp_ogc_collection(req);
	const struct pp_feature_type *type;
	struct pp_buf *out = pp_buf_make(req->arena);

	if (!collection)
		return PP_DONE;
	type = &collection->type;
	if (pp_slice_is(pp_param(req, "f"), PP_S("xsd")))
		return gml_schema(req, type);
	pp_buf_text(out, "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"$id\":");
	pp_buf_json(out, pp_url(req, req->exchange->path));
	pp_buf_text(out, ",\"type\":\"object\",\"title\":");
	pp_buf_json(out, pp_slice_of(req->english ? type->title_en : type->title_de));
	pp_buf_text(out, ",\"description\":");
	pp_buf_json(out, pp_slice_of(req->english ? type->about_en : type->about_de));
	pp_buf_format(out,
		",\"properties\":{\"id\":{\"title\":\"%s\",\"type\":\"string\",\"x-ogc-role\":"
		"\"id\"%s,\"x-ogc-propertySeq\":1}",
		req->english ? "Id" : "Kennung", read_only(collection, false));
	if (purpose != SORTABLES)
		pp_buf_format(out,
			",\"geometry\":{\"title\":\"%s\",\"x-ogc-role\":\"primary-geometry\","
			"\"format\":\"%s\",\"x-ogc-propertySeq\":2}",
			req->english ? "Geometry" : "Geometrie", geometry_formats[type->shape]);
	for (size_t i = 0; i < type->column_count; i++)
		if (purpose != SORTABLES || type->columns[i].sortable)
			add_column(req, out, collection, i);
	if (purpose == QUERYABLES)
		add_lists(req, out, collection);
	add_ends(out, type, purpose);
	return pp_reply_tagged(req, "application/schema+json", pp_buf_all(out));
}

enum pp_next pp_ogc_schema(struct pp_req *req)
{
	return schema(req, SCHEMA);
}

enum pp_next pp_ogc_queryables(struct pp_req *req)
{
	return schema(req, QUERYABLES);
}

enum pp_next pp_ogc_sortables(struct pp_req *req)
{
	return schema(req, SORTABLES);
}

struct pp_slice pp_ogc_xsd_address(struct pp_req *req, const struct pp_feature_type *type)
{
	return pp_url(req, pp_format(req->arena, "/ogc/collections/%s/schema?f=xsd", type->name));
}
