/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Arcs become chords. Two plans that share a border describe it in opposite directions, so the
 * positions must not depend on the direction: centre, radius and steps are always computed from the
 * end that comes first by x, then y.
 */
#include <math.h>

#include "shape.h"

#define PI     3.14159265358979323846
#define CIRCLE (2 * PI)

struct circle {
	double x, y, radius;
};

static bool comes_first(double ax, double ay, double bx, double by)
{
	return ax < bx || (ax == bx && ay < by);
}

/* The circle through three positions, relative to the first for the sake of the digits. */
static bool find_circle(
	double ax, double ay, double bx, double by, double cx, double cy, struct circle *circle)
{
	double ux = bx - ax, uy = by - ay, vx = cx - ax, vy = cy - ay;
	double u = ux * ux + uy * uy, v = vx * vx + vy * vy;
	double turn = 2 * (ux * vy - uy * vx), x, y;

	/* Nearly in a line: the sagitta is far below what a survey measures. */
	if (!(fabs(turn) > 1e-9 * (u + v)))
		return false;
	x = (vy * u - uy * v) / turn;
	y = (ux * v - vx * u) / turn;
	*circle = (struct circle){ ax + x, ay + y, hypot(x, y) };
	return isfinite(circle->radius) && circle->radius > 0;
}

/* The steps for a piece of a circle: r (1 - cos(step / 2)) is the distance of chord and arc. */
static double count_steps(double radius, double sweep, double chord)
{
	double step = chord < radius ? 2 * acos(1 - chord / radius) : PI / 4;

	/* A small circle stays round. */
	return ceil(fabs(sweep) / fmin(step, PI / 4));
}

static bool refuse_steps(const struct pp_shape *shape, struct pp_fault *fault)
{
	return pp_fault(fault, PP_geometry_too_large,
		"An arc alone needs more than %u chords to keep within 1 cm.", shape->vertices_max);
}

/* Adds the positions between a and b and then b itself. */
static bool add_piece(struct pp_shape *shape, struct pp_path *path, const struct circle *circle,
	double ax, double ay, double bx, double by, bool left)
{
	bool forwards = comes_first(ax, ay, bx, by);
	double from = forwards ? atan2(ay - circle->y, ax - circle->x)
			       : atan2(by - circle->y, bx - circle->x);
	double to = forwards ? atan2(by - circle->y, bx - circle->x)
			     : atan2(ay - circle->y, ax - circle->x);
	double sweep = to - from, steps;

	/* A left turn read from its other end is a right turn. */
	if (left == forwards)
		sweep += sweep <= 0 ? CIRCLE : 0;
	else
		sweep -= sweep >= 0 ? CIRCLE : 0;
	steps = count_steps(circle->radius, sweep, shape->chord);
	if (!(steps + (double)pp_path_count(path) <= (double)shape->vertices_max))
		return false;
	for (double i = 1; i < steps; i++) {
		double angle = from + sweep * ((forwards ? i : steps - i) / steps);

		pp_path_add(path, circle->x + circle->radius * cos(angle),
			circle->y + circle->radius * sin(angle));
	}
	pp_path_add(path, bx, by);
	return true;
}

bool pp_shape_arc(struct pp_shape *shape, struct pp_path *path, double bx, double by, double cx,
	double cy, struct pp_fault *fault)
{
	struct circle circle;
	double ax, ay;
	bool left, found;

	PP_MUST(pp_path_count(path) > 0);
	pp_path_at(path, pp_path_count(path) - 1, &ax, &ay);
	if (!isfinite(ax + ay + bx + by + cx + cy))
		return pp_fault(
			fault, PP_geometry_malformed, "A coordinate of an arc is not a number.");
	if (ax == cx && ay == cy) {
		circle = (struct circle){ (ax + bx) / 2, (ay + by) / 2,
			hypot(bx - ax, by - ay) / 2 };
		found = circle.radius > 0;
		left = true;
	} else {
		found = comes_first(ax, ay, cx, cy) ? find_circle(ax, ay, bx, by, cx, cy, &circle)
						    : find_circle(cx, cy, bx, by, ax, ay, &circle);
		left = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax) > 0;
	}
	if (!found) {
		pp_path_add(path, bx, by);
		pp_path_add(path, cx, cy);
		return true;
	}
	if (!add_piece(shape, path, &circle, ax, ay, bx, by, left) ||
		!add_piece(shape, path, &circle, bx, by, cx, cy, left))
		return refuse_steps(shape, fault);
	return true;
}

bool pp_shape_circle(struct pp_shape *shape, struct pp_path *path, double x, double y,
	double radius, struct pp_fault *fault)
{
	if (!isfinite(x + y) || !(radius > 0) || !isfinite(radius))
		return pp_fault(fault, PP_geometry_malformed, "A circle has no radius.");
	pp_path_add(path, x + radius, y);
	return pp_shape_arc(shape, path, x - radius, y, x + radius, y, fault);
}
