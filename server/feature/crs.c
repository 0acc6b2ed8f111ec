/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/feature/crs.h>

#include <math.h>

#include <pp/fmt/wkb.h>

const int pp_feature_crs[PP_FEATURE_CRS] = { PP_CRS84, PP_UTM32, 25833, 3857, 4326, 4258 };

struct pp_slice pp_crs_uri(struct pp_arena *arena, int code)
{
	if (code == PP_CRS84)
		return PP_S("http://www.opengis.net/def/crs/OGC/1.3/CRS84");
	return pp_format(arena, "http://www.opengis.net/def/crs/EPSG/0/%d", code);
}

struct pp_slice pp_crs_urn(struct pp_arena *arena, int code)
{
	if (code == PP_CRS84)
		return PP_S("urn:ogc:def:crs:OGC:1.3:CRS84");
	return pp_format(arena, "urn:ogc:def:crs:EPSG::%d", code);
}

int pp_crs_offered(struct pp_slice name)
{
	int code = pp_crs_named(name);

	for (size_t i = 0; i < PP_FEATURE_CRS; i++)
		if (pp_feature_crs[i] == code)
			return code;
	return 0;
}

unsigned pp_crs_decimals(int code)
{
	const struct pp_crs_row *row = pp_crs_row(code);

	return row && row->degrees ? 8 : 3;
}

const struct pp_bounds pp_feature_region = { 2.5, 44.5, 18.0, 58.0 };
/* As much in metres of the zone. */
static const struct pp_bounds zone33 = { -250e3, 4950e3, 700e3, 6350e3 };
static const struct pp_bounds anywhere = { -1e9, -1e9, 1e9, 1e9 };
/* Spherical Mercator (EPSG method 1024): its metres are degrees of longitude, and of latitude by a
 * formula. */
#define MERCATOR_RADIUS 6378137.0

/* Edges are cut where straight ones of one CRS are curves in the other; a box of four corners is
 * quicker to meet. */
enum { CUTS = 64 };

static bool clip(struct pp_bounds *box, const struct pp_bounds *to)
{
	box->west = fmax(box->west, to->west);
	box->south = fmax(box->south, to->south);
	box->east = fmin(box->east, to->east);
	box->north = fmin(box->north, to->north);
	return box->west <= box->east && box->south <= box->north;
}

static void add_ring(struct pp_buf *out, const struct pp_bounds *box, int cuts)
{
	const double corners[5][2] = { { box->west, box->south }, { box->east, box->south },
		{ box->east, box->north }, { box->west, box->north }, { box->west, box->south } };

	pp_buf_u8(out, 1);
	pp_buf_u32(out, PP_WKB_POLYGON);
	pp_buf_u32(out, 1);
	pp_buf_u32(out, (uint32_t)(4 * cuts + 1));
	for (int side = 0; side < 4; side++)
		for (int i = 0; i < cuts; i++)
			for (int axis = 0; axis < 2; axis++)
				pp_buf_f64(out,
					corners[side][axis] +
						(corners[side + 1][axis] - corners[side][axis]) *
							i / cuts);
	pp_buf_f64(out, corners[0][0]);
	pp_buf_f64(out, corners[0][1]);
}

static double mercator_latitude(double y)
{
	return (2 * atan(exp(y / MERCATOR_RADIUS)) - M_PI_2) * 180 / M_PI;
}

bool pp_box_fits(int code, enum pp_axes axes, const double box[4])
{
	const struct pp_crs_row *row = pp_crs_row(code);
	bool swapped = axes == PP_AXES_AUTHORITY && row->north_first;

	return box[!swapped] <= box[2 + !swapped] &&
		(box[swapped] <= box[2 + swapped] || row->degrees);
}

struct pp_slice pp_box_area(struct pp_geo *geo, struct pp_arena *arena, int code, enum pp_axes axes,
	const double box[4])
{
	const struct pp_crs_row *row = pp_crs_row(code);
	bool swapped = axes == PP_AXES_AUTHORITY && row->north_first, round = row->degrees;
	struct pp_bounds whole = { box[swapped], box[!swapped], box[2 + swapped],
		box[2 + !swapped] };
	const struct pp_bounds *limits = round ? &pp_feature_region
		: code == PP_UTM32             ? &anywhere
					       : &zone33;
	struct pp_bounds parts[2] = { whole, whole };
	struct pp_buf *out = pp_buf_make(arena);
	struct pp_slice area, placed;
	struct pp_fault fault;
	uint32_t count = 0;
	size_t head;

	if (code == 3857) {
		round = false;
		code = PP_CRS84;
		limits = &pp_feature_region;
		whole.west *= 180 / M_PI / MERCATOR_RADIUS;
		whole.east *= 180 / M_PI / MERCATOR_RADIUS;
		whole.south = mercator_latitude(whole.south);
		whole.north = mercator_latitude(whole.north);
		parts[0] = parts[1] = whole;
	}
	if (round && whole.west > whole.east) {
		parts[0].east = 180;
		parts[1].west = -180;
	} else {
		parts[1].west = INFINITY;
	}
	pp_buf_u8(out, 1);
	pp_buf_u32(out, PP_WKB_POLYGONS);
	pp_buf_u32(out, 0);
	head = out->len;
	for (size_t i = 0; i < 2; i++)
		if (clip(&parts[i], limits)) {
			add_ring(out, &parts[i], code == PP_UTM32 ? 1 : CUTS);
			count++;
		}
	out->at[5] = (char)count;
	area = pp_buf_all(out);
	/* GEOS asks whether something meets a rectangle by far more quickly if it is told one. */
	if (count == 1)
		area = pp_slice(area.at + head, area.len - head);
	if (count == 0 || code == PP_UTM32)
		return area;
	PP_MUST(pp_crs_read(geo, arena, code, PP_AXES_EAST_NORTH, area, &placed, &fault));
	return placed;
}

/* The only ring of an area; false where it has more. */
static bool only_ring(struct pp_slice area, struct pp_wkb_walk *ring)
{
	struct pp_wkb_walk walk;
	enum pp_wkb_event event;
	size_t count = 0;

	pp_wkb_walk_begin(&walk, area);
	while ((event = pp_wkb_walk_next(&walk)) != PP_WKB_END)
		if (event == PP_WKB_POSITIONS) {
			*ring = walk;
			count++;
		}
	return count == 1;
}

/* What is left between the sides of a ring that has been a box, each cut into as many pieces. */
static struct pp_bounds between_sides(const struct pp_wkb_walk *ring)
{
	struct pp_bounds inside = { -INFINITY, -INFINITY, INFINITY, INFINITY };
	uint32_t cuts = (ring->count - 1) / 4;
	double x, y;

	for (uint32_t i = 0; i < cuts + 1; i++) {
		pp_wkb_position(ring, i, &x, &y);
		inside.south = fmax(inside.south, y);
		pp_wkb_position(ring, cuts + i, &x, &y);
		inside.east = fmin(inside.east, x);
		pp_wkb_position(ring, 2 * cuts + i, &x, &y);
		inside.north = fmin(inside.north, y);
		pp_wkb_position(ring, 3 * cuts + i, &x, &y);
		inside.west = fmax(inside.west, x);
	}
	return inside;
}

/* Whether the ring goes around the rectangle and nowhere through it: no piece of it does, and a ray
 * from the middle to the east crosses it an odd number of times. */
static bool surrounds(const struct pp_wkb_walk *ring, const struct pp_bounds *inside)
{
	double middle_x = (inside->west + inside->east) / 2,
	       middle_y = (inside->south + inside->north) / 2;
	double x, y, next_x, next_y;
	bool odd = false;

	pp_wkb_position(ring, 0, &x, &y);
	for (uint32_t i = 1; i < ring->count; i++, x = next_x, y = next_y) {
		pp_wkb_position(ring, i, &next_x, &next_y);
		if (fmax(x, next_x) > inside->west && fmin(x, next_x) < inside->east &&
			fmax(y, next_y) > inside->south && fmin(y, next_y) < inside->north)
			return false;
		odd ^= (y > middle_y) != (next_y > middle_y) && fmin(x, next_x) > middle_x;
	}
	return odd;
}

struct pp_slice pp_box_inside(struct pp_arena *arena, struct pp_slice area)
{
	/* Floats up to 2^23 are half a metre apart: both boxes may be as much too large. */
	const double apart = 2, most = 8e6;
	const struct pp_bounds sure = { -most, -most, most, most };
	struct pp_wkb_walk ring;
	struct pp_bounds inside;
	struct pp_buf *out;

	if (!only_ring(area, &ring) || ring.count < 5 || (ring.count - 1) % 4)
		return pp_slice(NULL, 0);
	inside = between_sides(&ring);
	inside = (struct pp_bounds){ inside.west + apart, inside.south + apart, inside.east - apart,
		inside.north - apart };
	if (!clip(&inside, &sure) || !surrounds(&ring, &inside))
		return pp_slice(NULL, 0);
	out = pp_buf_make(arena);
	add_ring(out, &inside, 1);
	return pp_buf_all(out);
}

struct pp_slice pp_feature_place(struct pp_geo *geo, struct pp_arena *arena, int code,
	enum pp_axes axes, struct pp_slice wkb)
{
	struct pp_slice out;
	struct pp_fault fault;

	if (code == PP_UTM32 || !wkb.at)
		return wkb;
	PP_MUST(pp_crs_write(geo, arena, code, axes, wkb, &out, &fault));
	return out;
}
