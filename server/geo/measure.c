/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Plan and municipality. Where no edge of one comes near an edge of the other, all is told by a
 * vertex of each: inside or outside. Areas are added up where edges cross cleanly (common.c); only
 * where vertices of one lie on edges of the other GEOS is asked, with both cut down to where they
 * can meet.
 */
#include <math.h>

#include "asking.h"

#define LEAST_AREA   1e-4 /* m² that count as overlap: 1 cm² */
#define LEAST_LENGTH 1e-3
#define FRAME        1.0 /* m around what two boxes share */
#define PLAN_WHOLE   500 /* vertices up to which a plan is not worth cutting down */

static struct pp_xy first_xy(const struct pp_shape *shape, const struct pp_run *run)
{
	return pp_run_xy(shape->flat, run)[0];
}

/* No edges meet: is one of the plan's parts inside, or one of the municipality's rings inside the
 * plan? */
static bool is_inside(const struct pp_shape *outer, const struct pp_shape *inner)
{
	for (uint32_t i = 0; i < inner->count; i++) {
		const struct pp_run *run = pp_shape_run(inner, i);
		struct pp_xy at = first_xy(inner, run);

		if (!run->is_hole && pp_shape_contains(outer, at.x, at.y))
			return true;
	}
	return false;
}

double pp_measure_distance(const struct pp_figure *figure, const struct pp_shape *area,
	double bound, struct pp_nearest *at)
{
	double gap;

	if (pp_box_meets(&figure->shape.box, &area->box, PP_MEETS) &&
		(pp_shape_touches(&figure->shape, area) || is_inside(area, &figure->shape) ||
			(figure->has_area && is_inside(&figure->shape, area))))
		return 0;
	gap = pp_shape_gap(&figure->shape, area, bound, at);
	return gap < bound ? gap : INFINITY;
}

/* The areas of a figure as GEOS sees them, within the window where that is worth it. */
static const GEOSGeometry *figure_within(struct pp_asking *a, struct pp_figure *figure,
	const struct pp_box *window, GEOSGeometry **cut)
{
	*cut = NULL;
	if (figure->flat.vertex_count > PLAN_WHOLE &&
		pp_shape_clip(a->all->geo, &figure->shape, window, a->arena, cut))
		return *cut;
	if (!figure->geometry)
		figure->geometry = pp_shape_geos(a->all->geo, &figure->shape);
	return figure->geometry;
}

/* What both boxes share, and a frame around it that neither vertices nor edges of both lie on. */
static struct pp_box common_box(const struct pp_box *a, const struct pp_box *b)
{
	return (struct pp_box){ fmax(a->min_x, b->min_x) - FRAME, fmax(a->min_y, b->min_y) - FRAME,
		fmin(a->max_x, b->max_x) + FRAME, fmin(a->max_y, b->max_y) + FRAME };
}

static double area_by_geos(
	struct pp_asking *a, struct pp_figure *figure, const struct pp_shape *shape)
{
	GEOSContextHandle_t geos = a->all->geo->geos;
	struct pp_box window = common_box(&figure->shape.box, &shape->box);
	GEOSGeometry *municipality = NULL, *cut = NULL, *both = NULL;
	const GEOSGeometry *plan;
	double area = 0;

	if (pp_shape_clip(a->all->geo, shape, &window, a->arena, &municipality)) {
		plan = figure_within(a, figure, &window, &cut);
		if (plan && municipality)
			both = GEOSIntersection_r(geos, plan, municipality);
		if ((plan && municipality) && !both) {
			/* Cut down it was too degenerate for GEOS; as a whole it is valid. */
			GEOSGeom_destroy_r(geos, municipality);
			municipality = NULL;
		}
	}
	if (!both && !municipality) {
		municipality = pp_shape_geos(a->all->geo, shape);
		if (!figure->geometry)
			figure->geometry = pp_shape_geos(a->all->geo, &figure->shape);
		both = GEOSIntersection_r(geos, figure->geometry, municipality);
	}
	if (both)
		GEOSArea_r(geos, both, &area);
	GEOSGeom_destroy_r(geos, both);
	GEOSGeom_destroy_r(geos, cut);
	GEOSGeom_destroy_r(geos, municipality);
	return area;
}

static bool has_point_inside(const struct pp_shape *plan, const struct pp_shape *shape)
{
	for (uint32_t i = 0; i < plan->count; i++) {
		const struct pp_run *run = pp_shape_run(plan, i);
		struct pp_xy at = first_xy(plan, run);

		/* Half a millimetre is rounded to a distance of 0, which is on the border. */
		if (run->kind == PP_RUN_POINT &&
			(pp_shape_contains(shape, at.x, at.y) ||
				pp_shape_point_gap(shape, at.x, at.y, 0, 5e-4) < 5e-4))
			return true;
	}
	return false;
}

struct depth {
	const struct pp_shape *shape;
	bool is_ring;
	double deepest;
	const struct pp_xy *last; /* inside; its depth is at most this */
	double known;
};

/*
 * The vertices of an overlap are the plan's within the municipality, those of the municipality
 * within the plan, and crossings: only the first kind lies off the municipality's border. A vertex
 * is at most as much deeper than the one before as they are apart, which bounds the search.
 */
static void look_at_vertex(struct depth *depth, const struct pp_xy *at)
{
	double most = depth->last
		? depth->known + hypot(at->x - depth->last->x, at->y - depth->last->y)
		: INFINITY;

	depth->last = NULL;
	if (!pp_shape_contains(depth->shape, at->x, at->y))
		return;
	depth->last = at;
	depth->known = most <= depth->deepest
		? most
		: pp_shape_point_gap(depth->shape, at->x, at->y, depth->deepest, most);
	depth->deepest = fmax(depth->deepest, most <= depth->deepest ? 0 : depth->known);
}

static bool look_deeper(const struct pp_xy *from, const struct pp_xy *to, void *ctx)
{
	struct depth *depth = ctx;

	look_at_vertex(depth, from);
	if (!depth->is_ring)
		look_at_vertex(depth, to);
	return true;
}

/* Every vertex of a ring begins a segment of it. */
static double deepest_vertex(const struct pp_shape *plan, const struct pp_shape *municipality)
{
	struct depth depth = { .shape = municipality };

	for (uint32_t i = 0; i < plan->count; i++) {
		const struct pp_run *run = pp_shape_run(plan, i);
		struct pp_shape one = { plan->flat, plan->first + i, 1, run->box };

		depth.is_ring = run->kind == PP_RUN_RING;
		pp_shape_segments(&one, &municipality->box, look_deeper, &depth);
	}
	return depth.deepest;
}

struct pp_overlap pp_measure_overlap(
	struct pp_asking *a, struct pp_figure *figure, uint32_t municipality, bool with_depth)
{
	const struct pp_shape *shape = &a->all->areas[municipality].shape;
	struct pp_overlap overlap = { 0 };
	double area = 0, length = 0;

	if (figure->has_area && !pp_shape_common_area(&figure->shape, shape, a->arena, &area))
		area = area_by_geos(a, figure, shape);
	if (figure->has_line)
		length = pp_shape_length_within(&figure->shape, shape);
	overlap.inside = figure->has_point && has_point_inside(&figure->shape, shape);
	overlap.area_m2 = pp_rounded(area, 10);
	overlap.length_m = pp_rounded(length, 1000);
	overlap.overlaps = area > LEAST_AREA || length > LEAST_LENGTH || overlap.inside;
	if (overlap.overlaps && with_depth)
		overlap.depth_m = pp_rounded(deepest_vertex(&figure->shape, shape), 1000);
	return overlap;
}
