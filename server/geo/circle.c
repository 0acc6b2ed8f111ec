/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What each municipality has of the circle around a wind turbine: § 6 (2) sentence 5 EEG 2023
 * divides the payment by the share of its territory in the area of the circle within Germany.
 */
#include <math.h>

#include "asking.h"

#define LEAST_AREA 0.05 /* m² that are not printed as 0 */

struct circle {
	struct pp_xy centre;
	double radius;
};

static double cross(struct pp_xy a, struct pp_xy b)
{
	return a.x * b.y - a.y * b.x;
}

static double dot(struct pp_xy a, struct pp_xy b)
{
	return a.x * b.x + a.y * b.y;
}

static double sector(struct pp_xy a, struct pp_xy b, double radius)
{
	return radius * radius * atan2(cross(a, b), dot(a, b)) / 2;
}

/*
 * The signed area that the triangle of centre, a and b (seen from the centre) has in common with
 * the circle. Summed over the edges of a ring that is what the ring encloses of the circle.
 */
static double edge_area(struct pp_xy a, struct pp_xy b, double radius)
{
	struct pp_xy d = { b.x - a.x, b.y - a.y }, from = a, to = b;
	double square = dot(d, d), half = dot(a, d);
	double inner = half * half - square * (dot(a, a) - radius * radius);
	double root, t0, t1, sum = 0;

	if (square == 0)
		return 0;
	if (inner <= 0)
		return sector(a, b, radius);
	root = sqrt(inner);
	t0 = (-half - root) / square;
	t1 = (-half + root) / square;
	if (t1 <= 0 || t0 >= 1)
		return sector(a, b, radius);
	if (t0 > 0) {
		from = (struct pp_xy){ a.x + t0 * d.x, a.y + t0 * d.y };
		sum += sector(a, from, radius);
	}
	if (t1 < 1) {
		to = (struct pp_xy){ a.x + t1 * d.x, a.y + t1 * d.y };
		sum += sector(to, b, radius);
	}
	return sum + cross(from, to) / 2;
}

/* Shells turn counter-clockwise and holes clockwise: the sum is the area. */
static double common_area(const struct circle *circle, const struct pp_shape *shape)
{
	struct pp_xy c = circle->centre;
	struct pp_box box = { c.x - circle->radius, c.y - circle->radius, c.x + circle->radius,
		c.y + circle->radius };
	double sum = 0;

	for (uint32_t i = 0; i < shape->count; i++) {
		const struct pp_run *run = pp_shape_run(shape, i);
		const struct pp_xy *xy = pp_run_xy(shape->flat, run);

		if (!pp_box_meets(&run->box, &box, 0))
			continue;
		for (uint32_t v = 0; v + 1 < run->count; v++)
			sum += edge_area((struct pp_xy){ xy[v].x - c.x, xy[v].y - c.y },
				(struct pp_xy){ xy[v + 1].x - c.x, xy[v + 1].y - c.y },
				circle->radius);
	}
	return fmax(sum, 0);
}

/* The widest circle that a rule draws, metres on the ground; 0: none does. */
static double radius_of(const struct pp_asking *a)
{
	double radius = 0;

	for (size_t i = 0; i < a->rule_count; i++)
		if (a->rules[i].rule->metric == PP_METRIC_CIRCLE)
			radius = fmax(radius, a->rules[i].threshold);
	return radius;
}

static void share(struct pp_asking *a, struct pp_xy point, uint32_t number, double radius)
{
	double scale = pp_utm32_scale(point.x, point.y), total = 0;
	struct circle circle = { point, radius * scale };
	double *areas = PP_NEW_ARRAY(a->arena, double, a->out->count);

	for (size_t i = 0; i < a->out->count; i++) {
		areas[i] = common_area(&circle, &a->all->areas[a->out->rows[i].municipality].shape);
		total += areas[i];
	}
	for (size_t i = 0; i < a->out->count; i++) {
		struct pp_affected_row *row = &a->out->rows[i];

		/* Of who lies beside the circle rounding leaves less than is printed. */
		if (areas[i] >= LEAST_AREA)
			row->circles[row->circle_count++] = (struct pp_circle_share){ number,
				pp_rounded(areas[i] / (scale * scale), 10),
				pp_rounded(100 * areas[i] / total, 1000) };
	}
}

bool pp_share_circles(struct pp_asking *a, struct pp_fault *fault)
{
	const struct pp_shape *plan = &a->plan.shape;
	double radius = radius_of(a);
	uint32_t points = (uint32_t)a->asked[a->asked_count].about.value[PP_PARAM_plan_points];
	uint32_t number = 0;

	if (radius == 0 || points == 0)
		return true;
	if (points > PP_CIRCLES_MAX)
		return pp_fault(fault, PP_geometry_too_large,
			"around each of a plan's wind turbines there is a circle: at most %d of "
			"them",
			PP_CIRCLES_MAX);
	for (size_t i = 0; i < a->out->count; i++)
		a->out->rows[i].circles = PP_NEW_ARRAY(a->arena, struct pp_circle_share, points);
	for (uint32_t i = 0; i < plan->count; i++) {
		const struct pp_run *run = pp_shape_run(plan, i);

		if (run->kind == PP_RUN_POINT)
			share(a, pp_run_xy(plan->flat, run)[0], ++number, radius);
	}
	return true;
}
