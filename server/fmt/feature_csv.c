/* SPDX-License-Identifier: EUPL-1.2 */
/* CSV (RFC 4180) with the geometry as well-known text (OGC 06-103r4 §7), for spreadsheets. */
#include <pp/fmt/feature.h>

#include <pp/fmt/geojson.h>
#include <pp/fmt/wkb.h>

#include "decimal.h"

static const char *const names[] = {
	[PP_WKB_POINT] = "POINT",
	[PP_WKB_LINE] = "LINESTRING",
	[PP_WKB_POLYGON] = "POLYGON",
	[PP_WKB_POINTS] = "MULTIPOINT",
	[PP_WKB_LINES] = "MULTILINESTRING",
	[PP_WKB_POLYGONS] = "MULTIPOLYGON",
	[PP_WKB_COLLECTION] = "GEOMETRYCOLLECTION",
};

static bool is_many(enum pp_wkb_type type)
{
	return type >= PP_WKB_POINTS && type <= PP_WKB_POLYGONS;
}

static void add_positions(struct pp_buf *out, const struct pp_wkb_walk *walk, unsigned decimals)
{
	if (walk->type == PP_WKB_POLYGON)
		pp_buf_text(out, walk->index ? ",(" : "(");
	pp_decimal_positions(out, walk->positions, walk->count, decimals,
		(struct pp_decimal_marks){ .comma = ' ', .between = ',' });
	if (walk->type == PP_WKB_POLYGON)
		pp_buf_u8(out, ')');
}

/* The parts of a multi-geometry have no name of their own, those of a collection have. */
void pp_feature_wkt(struct pp_buf *out, struct pp_slice wkb, unsigned decimals)
{
	struct pp_wkb_walk walk;
	enum pp_wkb_event event;
	bool in_many = false, in_part = false;

	pp_wkb_walk_begin(&walk, wkb);
	while ((event = pp_wkb_walk_next(&walk)) != PP_WKB_END) {
		switch (event) {
		case PP_WKB_OPEN:
			if (walk.index)
				pp_buf_u8(out, ',');
			pp_buf_format(out, "%s(", in_many ? "" : names[walk.type]);
			in_part = in_many;
			in_many = in_many || is_many(walk.type);
			break;
		case PP_WKB_POSITIONS:
			add_positions(out, &walk, decimals);
			break;
		case PP_WKB_CLOSE:
			pp_buf_u8(out, ')');
			if (!in_part)
				in_many = false;
			in_part = false;
			break;
		case PP_WKB_END:
			break;
		}
	}
}

static void add_value(
	struct pp_buf *out, const struct pp_feature_column *column, struct pp_slice cell)
{
	if (!cell.at)
		return;
	switch (column->kind) {
	case PP_FEATURE_TEXT:
		pp_buf_csv(out, cell);
		return;
	case PP_FEATURE_NUMBER:
		pp_geojson_number(out, pp_feature_number(cell), column->decimals);
		return;
	case PP_FEATURE_BOOLEAN:
		pp_buf_text(out, cell.at[0] == 't' ? "true" : "false");
		return;
	default:
		pp_buf_slice(out, cell);
	}
}

/* The geometry's column has the name by which GDAL and QGIS know it. */
void pp_feature_csv_begin(struct pp_buf *out, const struct pp_feature_view *view)
{
	pp_buf_text(out, "id");
	for (size_t i = 0; i < view->type->column_count; i++)
		if (view->columns & 1u << i)
			pp_buf_format(out, ",%s", view->type->columns[i].name);
	pp_buf_text(out, view->geometry ? ",wkt\r\n" : "\r\n");
}

void pp_feature_csv(
	struct pp_buf *out, const struct pp_feature_view *view, const struct pp_feature_row *row)
{
	pp_buf_csv(out, row->id);
	for (size_t i = 0; i < view->type->column_count; i++) {
		if (!(view->columns & 1u << i))
			continue;
		pp_buf_u8(out, ',');
		add_value(out, &view->type->columns[i], row->cells[i]);
	}
	if (view->geometry) {
		pp_buf_u8(out, ',');
		if (row->wkb.at) {
			pp_buf_u8(out, '"');
			pp_feature_wkt(out, row->wkb, view->decimals);
			pp_buf_u8(out, '"');
		}
	}
	pp_buf_text(out, "\r\n");
}
