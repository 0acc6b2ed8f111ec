/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/fmt/geojson.h>

#include <math.h>

#include "little.h"

static const char *const names[] = {
	[PP_WKB_POINT] = "Point",
	[PP_WKB_LINE] = "LineString",
	[PP_WKB_POLYGON] = "Polygon",
	[PP_WKB_POINTS] = "MultiPoint",
	[PP_WKB_LINES] = "MultiLineString",
	[PP_WKB_POLYGONS] = "MultiPolygon",
	[PP_WKB_COLLECTION] = "GeometryCollection",
};

static const double scales[] = { 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9 };

enum { NUMBER_SIZE = 24 }; /* a sign, 19 digits, a point, a comma */

/* Two digits at once halve the divisions, which are the cost. */
static char *put_digits(char *end, uint64_t value)
{
	static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930"
				    "31323334353637383940414243444546474849505152535455565758596061"
				    "62636465666768697071727374757677787980818283848586878889909192"
				    "93949596979899";

	while (value >= 100) {
		end -= 2;
		memcpy(end, pairs + 2 * (value % 100), 2);
		value /= 100;
	}
	if (value >= 10) {
		end -= 2;
		memcpy(end, pairs + 2 * value, 2);
	} else {
		*--end = (char)('0' + value);
	}
	return end;
}

/*
 * Scaled to an integer, below 2^63 for the coordinates that pp_wkb_check lets through. At an exact
 * tie of the decimal value this may round the other way than printf, half a unit of the last
 * decimal off either way.
 */
static char *put_number(char *to, double value, unsigned decimals)
{
	char text[NUMBER_SIZE], *end = text + sizeof(text), *at;
	long long scaled = llrint(value * scales[decimals]);
	unsigned dropped = 0;
	uint64_t size;
	size_t length, whole;

	if (scaled == 0) {
		*to++ = '0';
		return to;
	}
	if (scaled < 0)
		*to++ = '-';
	size = scaled < 0 ? 0 - (uint64_t)scaled : (uint64_t)scaled;
	while (dropped < decimals && size % 10 == 0) {
		size /= 10;
		dropped++;
	}
	decimals -= dropped;
	at = put_digits(end, size);
	/* 0.05 has its zeros in front. */
	while ((size_t)(end - at) <= decimals)
		*--at = '0';
	length = (size_t)(end - at);
	whole = length - decimals;
	memcpy(to, at, whole);
	to += whole;
	if (decimals) {
		*to++ = '.';
		memcpy(to, at + whole, decimals);
		to += decimals;
	}
	return to;
}

void pp_geojson_number(struct pp_buf *buf, double value, unsigned decimals)
{
	char *at = pp_buf_room(buf, NUMBER_SIZE);

	PP_MUST(decimals < PP_LENGTH(scales) && fabs(value) <= 1e9);
	buf->len += (size_t)(put_number(at, value, decimals) - at);
}

static void write_positions(struct pp_buf *buf, const struct pp_wkb_walk *walk, unsigned decimals)
{
	const unsigned char *from = walk->positions;
	char *begin = pp_buf_room(buf, pp_add_size((size_t)walk->count * (2 * NUMBER_SIZE + 4), 4));
	char *at = begin;
	bool listed = walk->type != PP_WKB_POINT;

	if (listed)
		*at++ = '[';
	for (uint32_t i = 0; i < walk->count; i++, from += 16) {
		if (i)
			*at++ = ',';
		*at++ = '[';
		at = put_number(at, pp_f64_at(from), decimals);
		*at++ = ',';
		at = put_number(at, pp_f64_at(from + 8), decimals);
		*at++ = ']';
	}
	if (listed)
		*at++ = ']';
	buf->len += (size_t)(at - begin);
}

/* The parts of a multi-geometry carry no type of their own in GeoJSON, those of a collection do. */
static void write_open(struct pp_buf *buf, const struct pp_wkb_walk *walk, bool bare)
{
	if (walk->index)
		pp_buf_u8(buf, ',');
	if (!bare)
		pp_buf_format(buf, "{\"type\":\"%s\",\"%s\":", names[walk->type],
			walk->type == PP_WKB_COLLECTION ? "geometries" : "coordinates");
	if (walk->type >= PP_WKB_POLYGON)
		pp_buf_u8(buf, '[');
}

void pp_geojson_write(struct pp_buf *buf, struct pp_slice wkb, unsigned decimals)
{
	struct pp_wkb_walk walk;
	enum pp_wkb_event event;
	unsigned bare_depth = 0; /* how many of the open geometries are parts of a multi-geometry */
	bool in_multi = false;

	PP_MUST(decimals < PP_LENGTH(scales));
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
