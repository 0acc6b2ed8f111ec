/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * GML 3.2.1 (OGC 07-036) within Simple Features, level 0 (OGC 10-100r3): flat features, whose
 * application schema feature_xsd.c writes.
 */
#include <pp/fmt/feature.h>

#include <pp/fmt/geojson.h>
#include <pp/fmt/wkb.h>

#include "decimal.h"

#define TEXT(text)                                                                                 \
	{                                                                                          \
		text, sizeof(text) - 1                                                             \
	}
#define ADD(out, text)  pp_buf_add(out, text, sizeof(text) - 1)
#define SHAPE(element)  TEXT("<gml:" element " gml:id=\""), TEXT("</gml:" element ">")
#define MEMBER(element) TEXT("<gml:" element ">"), TEXT("</gml:" element ">")

/* As they stand in a document: to put each together from its name would cost more than all else
 * here. */
static const struct {
	struct pp_slice open, close;
	struct pp_slice open_member, close_member; /* of its parts */
} shapes[] = {
	[PP_WKB_POINT] = { SHAPE("Point"), { NULL, 0 }, { NULL, 0 } },
	[PP_WKB_LINE] = { SHAPE("LineString"), { NULL, 0 }, { NULL, 0 } },
	[PP_WKB_POLYGON] = { SHAPE("Polygon"), { NULL, 0 }, { NULL, 0 } },
	[PP_WKB_POINTS] = { SHAPE("MultiPoint"), MEMBER("pointMember") },
	[PP_WKB_LINES] = { SHAPE("MultiCurve"), MEMBER("curveMember") },
	[PP_WKB_POLYGONS] = { SHAPE("MultiSurface"), MEMBER("surfaceMember") },
	[PP_WKB_COLLECTION] = { SHAPE("MultiGeometry"), MEMBER("geometryMember") },
};

/* An element of ours: what stands before its name is "<" or "</". */
static void add_tag(struct pp_buf *out, struct pp_slice before, const char *name, size_t length)
{
	char *begin = pp_buf_room(out, before.len + length + 4), *at = begin;

	memcpy(at, before.at, before.len);
	at += before.len;
	memcpy(at, "pp:", 3);
	at += 3;
	memcpy(at, name, length);
	at += length;
	*at++ = '>';
	out->len += (size_t)(at - begin);
}

struct writer {
	struct pp_buf *out;
	const struct pp_feature_view *view;
	struct pp_slice id;
	size_t id_at, id_len; /* where it stands in the document already; 0: nowhere */
	enum pp_wkb_type open[PP_WKB_DEPTH_MAX + 3];
	unsigned depth, count;
};

static inline bool is_of_name(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26 || (unsigned char)(c - '0') < 10 ||
		c == '-' || c == '.';
}

static size_t name_run(struct pp_slice s, size_t at)
{
	size_t from = at;

	while (at < s.len && is_of_name(s.at[at]))
		at++;
	return at - from;
}

/* xs:ID is an NCName: what is none in the id becomes _ and its number, so it can be read back. */
void pp_feature_gml_id(struct pp_buf *out, const struct pp_feature_type *type, struct pp_slice id)
{
	pp_buf_text(out, type->name);
	ADD(out, ".");
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

/* Once as above, then again as it stands there. */
static void add_id(struct writer *w)
{
	struct pp_buf *out = w->out;
	char *room;

	if (!w->id_len) {
		w->id_at = out->len;
		pp_feature_gml_id(out, w->view->type, w->id);
		w->id_len = out->len - w->id_at;
		return;
	}
	room = pp_buf_room(out, w->id_len);
	memcpy(room, out->at + w->id_at, w->id_len);
	out->len += w->id_len;
}

/* Parts take the CRS of the whole (07-036 §10.1.3.2); every one has an id of its own. */
static void open_shape(struct writer *w, enum pp_wkb_type type)
{
	if (w->depth)
		pp_buf_slice(w->out, shapes[w->open[w->depth - 1]].open_member);
	pp_buf_slice(w->out, shapes[type].open);
	add_id(w);
	ADD(w->out, ".g");
	if (w->count++) {
		ADD(w->out, ".");
		pp_geojson_number(w->out, w->count - 1, 0);
	}
	if (!w->depth) {
		ADD(w->out, "\" srsName=\"");
		pp_buf_slice(w->out, w->view->srs);
		ADD(w->out, "\" srsDimension=\"2");
	}
	ADD(w->out, "\">");
	PP_MUST(w->depth < PP_LENGTH(w->open));
	w->open[w->depth++] = type;
}

static void close_shape(struct writer *w)
{
	pp_buf_slice(w->out, shapes[w->open[--w->depth]].close);
	if (w->depth)
		pp_buf_slice(w->out, shapes[w->open[w->depth - 1]].close_member);
}

static void add_positions(struct writer *w, const struct pp_wkb_walk *walk)
{
	/* What stands before a list, and behind it. */
	static const struct {
		struct pp_slice before, behind;
	} lists[] = {
		{ TEXT("<gml:pos>"), TEXT("</gml:pos>") },
		{ TEXT("<gml:posList>"), TEXT("</gml:posList>") },
		{ TEXT("<gml:exterior><gml:LinearRing><gml:posList>"),
			TEXT("</gml:posList></gml:LinearRing></gml:exterior>") },
		{ TEXT("<gml:interior><gml:LinearRing><gml:posList>"),
			TEXT("</gml:posList></gml:LinearRing></gml:interior>") },
	};
	int list = walk->type == PP_WKB_POINT  ? 0
		: walk->type != PP_WKB_POLYGON ? 1
		: walk->index                  ? 3
					       : 2;

	pp_buf_slice(w->out, lists[list].before);
	pp_decimal_positions(w->out, walk->positions, walk->count, w->view->decimals,
		(struct pp_decimal_marks){ .comma = ' ', .between = ' ' });
	pp_buf_slice(w->out, lists[list].behind);
}

/* What is of areas or lines is always of several, so that the property can be of one type. */
static enum pp_wkb_type wrapped(enum pp_feature_shape shape, enum pp_wkb_type type)
{
	if (shape == PP_FEATURE_AREAS && type == PP_WKB_POLYGON)
		return PP_WKB_POLYGONS;
	return shape == PP_FEATURE_LINES && type == PP_WKB_LINE ? PP_WKB_LINES : type;
}

static void add_geometry(struct writer *w, const struct pp_feature_row *row)
{
	enum pp_feature_shape shape = w->view->type->shape;
	struct pp_wkb_walk walk;
	enum pp_wkb_event event;

	pp_wkb_walk_begin(&walk, row->wkb);
	while ((event = pp_wkb_walk_next(&walk)) != PP_WKB_END) {
		switch (event) {
		case PP_WKB_OPEN:
			if (!w->depth && wrapped(shape, walk.type) != walk.type)
				open_shape(w, wrapped(shape, walk.type));
			open_shape(w, walk.type);
			break;
		case PP_WKB_POSITIONS:
			add_positions(w, &walk);
			break;
		case PP_WKB_CLOSE:
			close_shape(w);
			break;
		case PP_WKB_END:
			break;
		}
	}
	if (w->depth)
		close_shape(w);
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
	case PP_FEATURE_TEXT:
		pp_buf_xml(out, cell);
		return;
	default:
		/* Nothing in these is markup. */
		pp_buf_slice(out, cell);
	}
}

static void add_column(
	struct pp_buf *out, const struct pp_feature_column *column, struct pp_slice cell)
{
	size_t length = strlen(column->name);

	add_tag(out, PP_S("<"), column->name, length);
	add_value(out, column, cell);
	add_tag(out, PP_S("</"), column->name, length);
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

/* 07-036 §7.2.4.7: by what name people know it, before all that its own type has. */
static void add_name(
	struct pp_buf *out, const struct pp_feature_view *view, const struct pp_feature_row *row)
{
	const struct pp_feature_column *column = view->type->columns;

	if (!column->is_name || !(view->columns & 1u) || !row->cells[0].at)
		return;
	pp_buf_text(out, "<gml:name>");
	add_value(out, column, row->cells[0]);
	pp_buf_text(out, "</gml:name>");
}

void pp_feature_gml(
	struct pp_buf *out, const struct pp_feature_view *view, const struct pp_feature_row *row)
{
	const struct pp_feature_type *type = view->type;
	struct writer w = { .out = out, .view = view, .id = row->id };
	size_t length = strlen(type->name);

	ADD(out, "<pp:");
	pp_buf_add(out, type->name, length);
	if (view->alone)
		add_namespaces(out, view);
	ADD(out, " gml:id=\"");
	add_id(&w);
	ADD(out, "\">");
	add_name(out, view, row);
	for (size_t i = 0; i < type->column_count; i++)
		if (view->columns & 1u << i && row->cells[i].at)
			add_column(out, &type->columns[i], row->cells[i]);
	if (view->geometry && row->wkb.at) {
		ADD(out, "<pp:geometry>");
		add_geometry(&w, row);
		ADD(out, "</pp:geometry>");
	}
	add_tag(out, PP_S("</"), type->name, length);
}

void pp_feature_gml_value(
	struct pp_buf *out, const struct pp_feature_view *view, const struct pp_feature_row *row)
{
	const struct pp_feature_type *type = view->type;
	struct writer w = { .out = out, .view = view, .id = row->id };

	if (view->geometry && row->wkb.at)
		add_geometry(&w, row);
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
		ADD(out, "\n<sf:featureMember>");
	pp_feature_gml(out, view, row);
	if (!view->alone)
		ADD(out, "</sf:featureMember>");
}

void pp_feature_gml_end(struct pp_buf *out, const struct pp_feature_view *view)
{
	pp_buf_text(out, view->alone ? "\n" : "\n</sf:FeatureCollection>\n");
}
