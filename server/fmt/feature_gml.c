/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * GML 3.2.1 (OGC 07-036) within Simple Features, level 0 (OGC 10-100r3): flat features, whose
 * application schema feature_xsd.c writes.
 */
#include <pp/fmt/feature.h>

#include <ctype.h>

#include <pp/fmt/geojson.h>
#include <pp/fmt/wkb.h>

#include "decimal.h"

static const struct {
	const char *element, *member; /* of its parts */
} shapes[] = {
	[PP_WKB_POINT] = { "Point", NULL },
	[PP_WKB_LINE] = { "LineString", NULL },
	[PP_WKB_POLYGON] = { "Polygon", NULL },
	[PP_WKB_POINTS] = { "MultiPoint", "pointMember" },
	[PP_WKB_LINES] = { "MultiCurve", "curveMember" },
	[PP_WKB_POLYGONS] = { "MultiSurface", "surfaceMember" },
	[PP_WKB_COLLECTION] = { "MultiGeometry", "geometryMember" },
};

/* Three pieces of text: formats would cost more than all else here. */
static void put(struct pp_buf *out, const char *before, const char *name, const char *behind)
{
	pp_buf_text(out, before);
	pp_buf_text(out, name);
	pp_buf_text(out, behind);
}

struct writer {
	struct pp_buf *out;
	const struct pp_feature_view *view;
	struct pp_slice id;
	enum pp_wkb_type open[PP_WKB_DEPTH_MAX + 3];
	unsigned depth, count;
};

static size_t name_run(struct pp_slice s, size_t at)
{
	size_t from = at;

	while (at < s.len && (unsigned char)s.at[at] < 0x80 &&
		(isalnum((unsigned char)s.at[at]) || s.at[at] == '-' || s.at[at] == '.'))
		at++;
	return at - from;
}

/* xs:ID is an NCName: what is none in the id becomes _ and its number, so it can be read back. */
void pp_feature_gml_id(struct pp_buf *out, const struct pp_feature_type *type, struct pp_slice id)
{
	put(out, "", type->name, ".");
	for (size_t at = 0, run; at < id.len; at += run) {
		run = name_run(id, at);
		pp_buf_add(out, id.at + at, run);
		if (!run) {
			pp_buf_format(out, "_%02x", (unsigned char)id.at[at]);
			run = 1;
		}
	}
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

bool pp_feature_id_of(struct pp_arena *arena, const struct pp_feature_type *type,
	struct pp_slice gml_id, struct pp_slice *id)
{
	struct pp_slice name = pp_slice_of(type->name);
	struct pp_buf *out = pp_buf_make(arena);

	if (!pp_slice_starts(gml_id, name) || gml_id.len <= name.len + 1 ||
		gml_id.at[name.len] != '.')
		return false;
	for (size_t i = name.len + 1; i < gml_id.len; i++) {
		int high, low;

		if (gml_id.at[i] != '_') {
			pp_buf_u8(out, (uint8_t)gml_id.at[i]);
			continue;
		}
		high = i + 2 < gml_id.len ? hex_digit(gml_id.at[i + 1]) : -1;
		low = high < 0 ? -1 : hex_digit(gml_id.at[i + 2]);
		if (low < 0 || high + low == 0)
			return false;
		pp_buf_u8(out, (uint8_t)(16 * high + low));
		i += 2;
	}
	*id = pp_buf_all(out);
	return pp_slice_is_utf8(*id);
}

/* Parts take the CRS of the whole (07-036 §10.1.3.2); every one has an id of its own. */
static void open_shape(struct writer *w, enum pp_wkb_type type)
{
	if (w->depth)
		put(w->out, "<gml:", shapes[w->open[w->depth - 1]].member, ">");
	put(w->out, "<gml:", shapes[type].element, " gml:id=\"");
	pp_feature_gml_id(w->out, w->view->type, w->id);
	pp_buf_text(w->out, ".g");
	if (w->count++)
		pp_buf_format(w->out, ".%u", w->count - 1);
	pp_buf_text(w->out, "\"");
	if (!w->depth) {
		pp_buf_text(w->out, " srsName=\"");
		pp_buf_slice(w->out, w->view->srs);
		pp_buf_text(w->out, "\" srsDimension=\"2\"");
	}
	pp_buf_text(w->out, ">");
	PP_MUST(w->depth < PP_LENGTH(w->open));
	w->open[w->depth++] = type;
}

static void close_shape(struct writer *w)
{
	put(w->out, "</gml:", shapes[w->open[--w->depth]].element, ">");
	if (w->depth)
		put(w->out, "</gml:", shapes[w->open[w->depth - 1]].member, ">");
}

static void add_positions(struct writer *w, const struct pp_wkb_walk *walk)
{
	const char *list = walk->type == PP_WKB_POINT ? "pos" : "posList";
	const char *ring = walk->index ? "interior" : "exterior";

	if (walk->type == PP_WKB_POLYGON)
		put(w->out, "<gml:", ring, "><gml:LinearRing>");
	put(w->out, "<gml:", list, ">");
	pp_decimal_positions(w->out, walk->positions, walk->count, w->view->decimals,
		(struct pp_decimal_marks){ .comma = ' ', .between = ' ' });
	put(w->out, "</gml:", list, ">");
	if (walk->type == PP_WKB_POLYGON)
		put(w->out, "</gml:LinearRing></gml:", ring, ">");
}

/* What is of areas or lines is always of several, so that the property can be of one type. */
static enum pp_wkb_type wrapped(enum pp_feature_shape shape, enum pp_wkb_type type)
{
	if (shape == PP_FEATURE_AREAS && type == PP_WKB_POLYGON)
		return PP_WKB_POLYGONS;
	return shape == PP_FEATURE_LINES && type == PP_WKB_LINE ? PP_WKB_LINES : type;
}

static void add_geometry(
	struct pp_buf *out, const struct pp_feature_view *view, const struct pp_feature_row *row)
{
	struct writer w = { .out = out, .view = view, .id = row->id };
	struct pp_wkb_walk walk;
	enum pp_wkb_event event;

	pp_wkb_walk_begin(&walk, row->wkb);
	while ((event = pp_wkb_walk_next(&walk)) != PP_WKB_END) {
		switch (event) {
		case PP_WKB_OPEN:
			if (!w.depth && wrapped(view->type->shape, walk.type) != walk.type)
				open_shape(&w, wrapped(view->type->shape, walk.type));
			open_shape(&w, walk.type);
			break;
		case PP_WKB_POSITIONS:
			add_positions(&w, &walk);
			break;
		case PP_WKB_CLOSE:
			close_shape(&w);
			break;
		case PP_WKB_END:
			break;
		}
	}
	if (w.depth)
		close_shape(&w);
}

static void add_value(
	struct pp_buf *out, const struct pp_feature_column *column, struct pp_slice cell)
{
	switch (column->kind) {
	case PP_FEATURE_NUMBER:
		pp_geojson_number(out, pp_feature_number(cell), column->decimals);
		return;
	case PP_FEATURE_BOOLEAN:
		pp_buf_text(out, cell.at[0] == 't' ? "true" : "false");
		return;
	default:
		pp_buf_xml(out, cell);
	}
}

static void add_namespaces(struct pp_buf *out, const struct pp_feature_view *view)
{
	pp_buf_text(out,
		" xmlns:pp=\"" PP_FEATURE_NAMESPACE
		"\" xmlns:gml=\"http://www.opengis.net/gml/3.2\""
		" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"");
	if (!view->alone)
		pp_buf_text(out,
			PP_FEATURE_SF_NAMESPACE " http://schemas.opengis.net/ogcapi/features/part1/"
						"1.0/xml/core-sf.xsd ");
	pp_buf_text(out, PP_FEATURE_NAMESPACE " ");
	pp_buf_xml(out, view->schema);
	pp_buf_text(out, "\"");
}

void pp_feature_gml(
	struct pp_buf *out, const struct pp_feature_view *view, const struct pp_feature_row *row)
{
	const struct pp_feature_type *type = view->type;

	put(out, "<pp:", type->name, "");
	if (view->alone)
		add_namespaces(out, view);
	pp_buf_text(out, " gml:id=\"");
	pp_feature_gml_id(out, type, row->id);
	pp_buf_text(out, "\">");
	for (size_t i = 0; i < type->column_count; i++) {
		const struct pp_feature_column *column = &type->columns[i];

		if (!(view->columns & 1u << i) || !row->cells[i].at)
			continue;
		put(out, "<pp:", column->name, ">");
		add_value(out, column, row->cells[i]);
		put(out, "</pp:", column->name, ">");
	}
	if (view->geometry && row->wkb.at) {
		pp_buf_text(out, "<pp:geometry>");
		add_geometry(out, view, row);
		pp_buf_text(out, "</pp:geometry>");
	}
	put(out, "</pp:", type->name, ">");
}

void pp_feature_gml_value(
	struct pp_buf *out, const struct pp_feature_view *view, const struct pp_feature_row *row)
{
	const struct pp_feature_type *type = view->type;

	if (view->geometry && row->wkb.at)
		add_geometry(out, view, row);
	for (size_t i = 0; i < type->column_count && view->columns; i++)
		if (view->columns & 1u << i && row->cells[i].at)
			add_value(out, &type->columns[i], row->cells[i]);
	if (!view->geometry && !view->columns)
		pp_feature_gml_id(out, type, row->id);
}

void pp_feature_gml_begin(struct pp_buf *out, const struct pp_feature_view *view)
{
	pp_buf_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	if (view->alone)
		return;
	pp_buf_text(out, "<sf:FeatureCollection xmlns:sf=\"" PP_FEATURE_SF_NAMESPACE "\"");
	add_namespaces(out, view);
	pp_buf_format(out, " gml:id=\"%s\">", view->type->name);
}

void pp_feature_gml_member(
	struct pp_buf *out, const struct pp_feature_view *view, const struct pp_feature_row *row)
{
	if (!view->alone)
		pp_buf_text(out, "\n<sf:featureMember>");
	pp_feature_gml(out, view, row);
	if (!view->alone)
		pp_buf_text(out, "</sf:featureMember>");
}

void pp_feature_gml_end(struct pp_buf *out, const struct pp_feature_view *view)
{
	pp_buf_text(out, view->alone ? "\n" : "\n</sf:FeatureCollection>\n");
}
