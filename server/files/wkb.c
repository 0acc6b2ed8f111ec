/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * WKB with curves, as GDAL hands it over (ISO/IEC 13249-3 §5.1: types 8 to 17), to WKB without. The
 * bytes come from a library that has parsed a stranger's file, so counts are held against the bytes
 * that are there.
 */
#include "shape.h"

enum {
	POINT = 1,
	LINE,
	POLYGON,
	POINTS,
	LINES,
	POLYGONS,
	COLLECTION,
	CIRCULAR,
	COMPOUND,
	CURVE_POLYGON,
	CURVES,
	SURFACES,
	POLYHEDRAL = 15,
	TIN,
	TRIANGLE
};

enum { DEPTH_MAX = 16 };

struct wkb {
	struct pp_shape *shape;
	struct pp_arena *arena;
	struct pp_scan scan;
	unsigned depth;
};

static bool refuse_broken(struct pp_fault *fault)
{
	return pp_fault(fault, PP_geometry_malformed, "A geometry of the file is damaged.");
}

/* A count of things that need at least so many bytes each. */
static bool scan_count(struct wkb *wkb, size_t least, uint32_t *count, struct pp_fault *fault)
{
	*count = pp_scan_u32(&wkb->scan);
	if (wkb->scan.failed || *count > (size_t)(wkb->scan.end - wkb->scan.at) / least)
		return refuse_broken(fault);
	return true;
}

static bool scan_type(struct wkb *wkb, uint32_t *type, struct pp_fault *fault)
{
	uint8_t order = pp_scan_u8(&wkb->scan);

	*type = pp_scan_u32(&wkb->scan);
	return !wkb->scan.failed && order == 1 ? true : refuse_broken(fault);
}

static bool scan_positions(struct wkb *wkb, struct pp_path *path, struct pp_fault *fault)
{
	uint32_t count;

	if (!scan_count(wkb, 2 * sizeof(double), &count, fault))
		return false;
	for (uint32_t i = 0; i < count; i++) {
		double x = pp_scan_f64(&wkb->scan), y = pp_scan_f64(&wkb->scan);

		pp_path_add(path, x, y);
	}
	return true;
}

static bool scan_circular(struct wkb *wkb, struct pp_path *path, struct pp_fault *fault)
{
	struct pp_path control = pp_path_make(wkb->arena);
	double x, y, bx, by, cx, cy;
	size_t count;

	if (!scan_positions(wkb, &control, fault))
		return false;
	count = pp_path_count(&control);
	if (count == 0)
		return true;
	if (count % 2 == 0)
		return pp_fault(fault, PP_geometry_malformed,
			"A chain of arcs has an even number of positions.");
	pp_path_at(&control, 0, &x, &y);
	pp_path_add(path, x, y);
	for (size_t i = 1; i + 1 < count; i += 2) {
		pp_path_at(&control, i, &bx, &by);
		pp_path_at(&control, i + 1, &cx, &cy);
		if (!pp_shape_arc(wkb->shape, path, bx, by, cx, cy, fault))
			return false;
	}
	return true;
}

/* A line, a chain of arcs or a curve of both, behind its head. */
static bool scan_curve(struct wkb *wkb, uint32_t type, struct pp_path *path, struct pp_fault *fault)
{
	uint32_t count, inner;

	if (type == LINE)
		return scan_positions(wkb, path, fault);
	if (type == CIRCULAR)
		return scan_circular(wkb, path, fault);
	if (type != COMPOUND)
		return refuse_broken(fault);
	if (!scan_count(wkb, 9, &count, fault))
		return false;
	for (uint32_t i = 0; i < count; i++) {
		struct pp_path piece = pp_path_make(wkb->arena);

		/* A compound curve holds simple curves only: no recursion. */
		if (!scan_type(wkb, &inner, fault))
			return false;
		if (inner == COMPOUND)
			return refuse_broken(fault);
		if (!scan_curve(wkb, inner, &piece, fault) ||
			!pp_shape_join(wkb->shape, path, &piece, fault))
			return false;
	}
	return true;
}

static bool scan_polygon(struct wkb *wkb, uint32_t type, struct pp_fault *fault)
{
	uint32_t rings, inner = LINE;

	if (!scan_count(wkb, 4, &rings, fault))
		return false;
	if (rings == 0)
		return true;
	pp_shape_polygon_begin(wkb->shape);
	for (uint32_t i = 0; i < rings; i++) {
		struct pp_path ring = pp_path_make(wkb->arena);

		if (type == CURVE_POLYGON && !scan_type(wkb, &inner, fault))
			return false;
		if (!scan_curve(wkb, inner, &ring, fault) ||
			!pp_shape_ring(wkb->shape, &ring, fault))
			return false;
	}
	pp_shape_polygon_end(wkb->shape);
	return true;
}

static bool scan_line(struct wkb *wkb, uint32_t type, struct pp_fault *fault)
{
	struct pp_path path = pp_path_make(wkb->arena);

	if (!scan_curve(wkb, type, &path, fault))
		return false;
	return pp_path_count(&path) == 0 || pp_shape_line(wkb->shape, &path, fault);
}

static bool scan_point(struct wkb *wkb, struct pp_fault *fault)
{
	double x = pp_scan_f64(&wkb->scan), y = pp_scan_f64(&wkb->scan);

	if (wkb->scan.failed)
		return refuse_broken(fault);
	/* An empty point is written as two NaN. */
	if (x != x && y != y)
		return true;
	return pp_shape_point(wkb->shape, x, y, fault);
}

static bool scan_geometry(struct wkb *wkb, struct pp_fault *fault);

static bool scan_members(struct wkb *wkb, struct pp_fault *fault)
{
	uint32_t count;

	if (!scan_count(wkb, 5, &count, fault))
		return false;
	if (wkb->depth == DEPTH_MAX)
		return pp_fault(fault, PP_geometry_malformed,
			"Geometry collections are nested more than %d deep.", DEPTH_MAX);
	wkb->depth++;
	for (uint32_t i = 0; i < count; i++)
		if (!scan_geometry(wkb, fault))
			return false;
	wkb->depth--;
	return true;
}

static bool scan_geometry(struct wkb *wkb, struct pp_fault *fault)
{
	uint32_t type;

	if (!scan_type(wkb, &type, fault))
		return false;
	switch (type) {
	case POINT:
		return scan_point(wkb, fault);
	case LINE:
	case CIRCULAR:
	case COMPOUND:
		return scan_line(wkb, type, fault);
	case POLYGON:
	case CURVE_POLYGON:
	case TRIANGLE:
		return scan_polygon(wkb, type, fault);
	case POINTS:
	case LINES:
	case POLYGONS:
	case COLLECTION:
	case CURVES:
	case SURFACES:
	case POLYHEDRAL:
	case TIN:
		return scan_members(wkb, fault);
	default:
		return pp_fault(fault, PP_geometry_malformed,
			"A geometry is of type %u, which is not read here.", type);
	}
}

bool pp_shape_wkb(struct pp_shape *shape, struct pp_arena *arena, struct pp_slice bytes,
	struct pp_fault *fault)
{
	struct wkb wkb = { .shape = shape, .arena = arena };

	pp_scan_begin(&wkb.scan, bytes);
	if (!scan_geometry(&wkb, fault))
		return false;
	return !wkb.scan.failed && wkb.scan.at == wkb.scan.end ? true : refuse_broken(fault);
}
