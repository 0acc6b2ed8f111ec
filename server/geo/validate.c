/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/geo/validate.h>

#include <math.h>
#include <stdio.h>

#include "inner.h"

#define LEAST_AREA   1e-4 /* m²: 1 cm² */
#define LEAST_LENGTH 1e-3
#define SPIKE_SIDE   1e-2
#define SPIKE_GAP    1e-3
#define SPIKE_ANGLE  (0.01 * 3.14159265358979323846 / 180)

static const struct pp_flaw_row flaws[PP_FLAW_COUNT] = {
	{ "", "", "" },
#define PP_FLAW(id, de, en) { #id, de, en },
#include <pp/geo/flaw.def>
#undef PP_FLAW
};

const struct pp_flaw_row *pp_flaw_row(enum pp_flaw flaw)
{
	PP_MUST(flaw < PP_FLAW_COUNT);
	return &flaws[flaw];
}

/* What GEOS 3.11 says (TopologyValidationError), and what it means here. */
static const struct {
	const char *reason;
	enum pp_flaw flaw;
} reasons[] = {
	{ "Self-intersection", PP_FLAW_self_intersection },
	{ "Ring Self-intersection", PP_FLAW_ring_self_intersection },
	{ "Hole lies outside shell", PP_FLAW_hole_outside },
	{ "Holes are nested", PP_FLAW_nested_holes },
	{ "Interior is disconnected", PP_FLAW_disconnected_interior },
	{ "Nested shells", PP_FLAW_nested_shells },
	{ "Duplicate Rings", PP_FLAW_duplicate_rings },
	{ "Too few points in geometry component", PP_FLAW_too_few_points },
	{ "Ring is not closed", PP_FLAW_ring_not_closed },
	{ "Invalid Coordinate", PP_FLAW_bad_coordinate },
};

enum pp_flaw pp_flaw_of(const char *reason)
{
	for (size_t i = 0; reason && i < PP_LENGTH(reasons); i++)
		if (strcmp(reason, reasons[i].reason) == 0)
			return reasons[i].flaw;
	return PP_FLAW_other;
}

static bool refuse(
	struct pp_fault *fault, enum pp_flaw *flaw, enum pp_flaw what, double x, double y)
{
	*flaw = what;
	pp_fault(fault, PP_geometry_invalid, "%s", flaws[what].en);
	pp_crs_place(fault, PP_UTM32, PP_AXES_EAST_NORTH, x, y);
	return false;
}

static bool judge_by_geos(
	struct pp_geo *geo, const GEOSGeometry *g, enum pp_flaw *flaw, struct pp_fault *fault)
{
	GEOSGeometry *place = NULL;
	char *reason = NULL;
	double x = 0, y = 0;
	char valid = GEOSisValidDetail_r(geo->geos, g, 0, &reason, &place);

	if (valid == 1) {
		GEOSFree_r(geo->geos, reason);
		GEOSGeom_destroy_r(geo->geos, place);
		return true;
	}
	*flaw = pp_flaw_of(reason);
	if (place) {
		GEOSGeomGetX_r(geo->geos, place, &x);
		GEOSGeomGetY_r(geo->geos, place, &y);
	}
	GEOSFree_r(geo->geos, reason);
	GEOSGeom_destroy_r(geo->geos, place);
	return refuse(fault, flaw, *flaw, x, y);
}

/* The distance of p from the segment a b. */
static double from_segment(const double p[2], const double a[2], const double b[2])
{
	double dx = b[0] - a[0], dy = b[1] - a[1], square = dx * dx + dy * dy;
	double t = square > 0 ? ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / square : 0;

	t = t < 0 ? 0 : t > 1 ? 1 : t;
	return hypot(p[0] - a[0] - t * dx, p[1] - a[1] - t * dy);
}

static bool is_spike(const double a[2], const double tip[2], const double b[2])
{
	double la = hypot(a[0] - tip[0], a[1] - tip[1]), lb = hypot(b[0] - tip[0], b[1] - tip[1]);
	double angle;

	if (fmin(la, lb) < SPIKE_SIDE)
		return false;
	angle = fabs(atan2((a[0] - tip[0]) * (b[1] - tip[1]) - (a[1] - tip[1]) * (b[0] - tip[0]),
		(a[0] - tip[0]) * (b[0] - tip[0]) + (a[1] - tip[1]) * (b[1] - tip[1])));
	if (angle >= SPIKE_ANGLE)
		return false;
	return la < lb ? from_segment(a, tip, b) <= SPIKE_GAP
		       : from_segment(b, tip, a) <= SPIKE_GAP;
}

static void position(const struct pp_runs *runs, uint32_t i, double out[2])
{
	out[0] = pp_runs_x(runs, i);
	out[1] = pp_runs_y(runs, i);
}

static double ring_area(const struct pp_runs *runs)
{
	double sum = 0, x0 = pp_runs_x(runs, 0), y0 = pp_runs_y(runs, 0);

	for (uint32_t i = 0; i + 1 < runs->count; i++)
		sum += (pp_runs_x(runs, i) - x0) * (pp_runs_y(runs, i + 1) - y0) -
			(pp_runs_x(runs, i + 1) - x0) * (pp_runs_y(runs, i) - y0);
	return fabs(sum) / 2;
}

/* Ring or line, what GEOS lets pass: nothing where something should be, and spikes. */
static bool judge_run(const struct pp_runs *runs, enum pp_flaw *flaw, struct pp_fault *fault)
{
	double a[2], tip[2], b[2], length = 0;

	for (uint32_t i = 0; i + 1 < runs->count; i++)
		length += hypot(pp_runs_x(runs, i + 1) - pp_runs_x(runs, i),
			pp_runs_y(runs, i + 1) - pp_runs_y(runs, i));
	position(runs, 0, a);
	if (runs->kind == PP_RUN_LINE)
		return length >= LEAST_LENGTH || refuse(fault, flaw, PP_FLAW_no_length, a[0], a[1]);
	for (uint32_t i = 0; i + 1 < runs->count; i++) {
		position(runs, i ? i - 1 : runs->count - 2, a);
		position(runs, i, tip);
		position(runs, i + 1, b);
		if (is_spike(a, tip, b))
			return refuse(fault, flaw, PP_FLAW_spike, tip[0], tip[1]);
	}
	return true;
}

static bool has_area(const struct pp_runs *runs, enum pp_flaw *flaw, struct pp_fault *fault)
{
	if (runs->kind != PP_RUN_RING || runs->is_hole || ring_area(runs) >= LEAST_AREA)
		return true;
	return refuse(fault, flaw, PP_FLAW_no_area, pp_runs_x(runs, 0), pp_runs_y(runs, 0));
}

static bool judge_runs(struct pp_slice wkb,
	bool (*judge)(const struct pp_runs *, enum pp_flaw *, struct pp_fault *),
	enum pp_flaw *flaw, struct pp_fault *fault)
{
	struct pp_runs runs;

	pp_runs_begin(&runs, wkb);
	while (pp_runs_next(&runs))
		if (runs.kind != PP_RUN_POINT && !judge(&runs, flaw, fault))
			return false;
	return true;
}

static void gather(
	struct pp_geo *geo, const GEOSGeometry *g, const GEOSGeometry **areas, unsigned *count)
{
	int type = GEOSGeomTypeId_r(geo->geos, g), parts = GEOSGetNumGeometries_r(geo->geos, g);

	if (type == GEOS_POLYGON) {
		if (areas)
			areas[*count] = g;
		(*count)++;
	} else if (type == GEOS_MULTIPOLYGON || type == GEOS_GEOMETRYCOLLECTION) {
		for (int i = 0; i < parts; i++)
			gather(geo, GEOSGetGeometryN_r(geo->geos, g, i), areas, count);
	}
}

/* The areas of a collection must be valid together: else the overlap would count twice. */
static bool judge_together(
	struct pp_geo *geo, const GEOSGeometry *g, enum pp_flaw *flaw, struct pp_fault *fault)
{
	struct pp_arena arena;
	GEOSGeometry **copies, *whole;
	const GEOSGeometry **areas;
	unsigned count = 0;
	bool valid;

	if (GEOSGeomTypeId_r(geo->geos, g) != GEOS_GEOMETRYCOLLECTION)
		return true;
	gather(geo, g, NULL, &count);
	if (count < 2)
		return true;
	pp_arena_begin(&arena);
	areas = PP_NEW_ARRAY(&arena, const GEOSGeometry *, count);
	copies = PP_NEW_ARRAY(&arena, GEOSGeometry *, count);
	count = 0;
	gather(geo, g, areas, &count);
	for (unsigned i = 0; i < count; i++)
		copies[i] = GEOSGeom_clone_r(geo->geos, areas[i]);
	whole = GEOSGeom_createCollection_r(geo->geos, GEOS_MULTIPOLYGON, copies, count);
	valid = judge_by_geos(geo, whole, flaw, fault);
	if (!valid)
		refuse(fault, flaw, PP_FLAW_overlapping_parts, fault->x, fault->y);
	GEOSGeom_destroy_r(geo->geos, whole);
	pp_arena_end(&arena);
	return valid;
}

bool pp_validate(
	struct pp_geo *geo, struct pp_slice wkb, enum pp_flaw *flaw, struct pp_fault *fault)
{
	GEOSGeometry *g;
	bool valid;

	*flaw = PP_FLAW_NONE;
	/* A spike and an empty area are named as such before GEOS calls them something else. */
	if (!judge_runs(wkb, judge_run, flaw, fault))
		return false;
	g = pp_geos_read(geo, wkb);
	valid = judge_by_geos(geo, g, flaw, fault) && judge_together(geo, g, flaw, fault);
	GEOSGeom_destroy_r(geo->geos, g);
	return valid && judge_runs(wkb, has_area, flaw, fault);
}
