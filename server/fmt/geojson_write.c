/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/fmt/geojson.h>

#include "decimal.h"

#define OPENED(name, member) "{\"type\":\"" name "\",\"" member "\":"

static const char *const opened[] = {
	[PP_WKB_POINT] = OPENED("Point", "coordinates"),
	[PP_WKB_LINE] = OPENED("LineString", "coordinates"),
	[PP_WKB_POLYGON] = OPENED("Polygon", "coordinates"),
	[PP_WKB_POINTS] = OPENED("MultiPoint", "coordinates"),
	[PP_WKB_LINES] = OPENED("MultiLineString", "coordinates"),
	[PP_WKB_POLYGONS] = OPENED("MultiPolygon", "coordinates"),
	[PP_WKB_COLLECTION] = OPENED("GeometryCollection", "geometries"),
};

static void write_positions(struct pp_buf *buf, const struct pp_wkb_walk *walk, unsigned decimals)
{
	bool listed = walk->type != PP_WKB_POINT;

	if (listed)
		pp_buf_add(buf, "[", 1);
	pp_decimal_positions(buf, walk->positions, walk->count, decimals,
		(struct pp_decimal_marks){ '[', ',', ']', ',' });
	if (listed)
		pp_buf_add(buf, "]", 1);
}

/* The parts of a multi-geometry carry no type of their own in GeoJSON, those of a collection do. */
static void write_open(struct pp_buf *buf, const struct pp_wkb_walk *walk, bool bare)
{
	if (walk->index)
		pp_buf_u8(buf, ',');
	if (!bare)
		pp_buf_text(buf, opened[walk->type]);
	if (walk->type >= PP_WKB_POLYGON)
		pp_buf_u8(buf, '[');
}

void pp_geojson_write(struct pp_buf *buf, struct pp_slice wkb, unsigned decimals)
{
	struct pp_wkb_walk walk;
	enum pp_wkb_event event;
	unsigned bare_depth = 0; /* how many of the open geometries are parts of a multi-geometry */
	bool in_multi = false;

	pp_wkb_walk_begin(&walk, wkb);
	while ((event = pp_wkb_walk_next(&walk)) != PP_WKB_END) {
		switch (event) {
		case PP_WKB_OPEN:
			write_open(buf, &walk, in_multi);
			bare_depth += in_multi;
			in_multi = in_multi ||
				(walk.type >= PP_WKB_POINTS && walk.type <= PP_WKB_POLYGONS);
			break;
		case PP_WKB_POSITIONS:
			if (walk.index)
				pp_buf_u8(buf, ',');
			write_positions(buf, &walk, decimals);
			break;
		case PP_WKB_CLOSE:
			if (walk.type >= PP_WKB_POLYGON)
				pp_buf_u8(buf, ']');
			if (bare_depth) {
				bare_depth--;
			} else {
				pp_buf_u8(buf, '}');
				in_multi = false;
			}
			break;
		case PP_WKB_END:
			break;
		}
	}
}
