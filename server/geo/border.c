/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Borders as segments: how much of one runs within a millimetre of another. The points of a segment
 * that are within r of another segment lie in a capsule, which is convex: they are one interval.
 * The measure is the length of the union of these intervals, exact up to rounding.
 */
#include <math.h>
#include <stdlib.h>

#include <pp/geo/boundaries.h>

#include "inner.h"

#define WITHIN 0.001

static int by_least_x(const void *a, const void *b)
{
	double x = fmin(((const double *)a)[0], ((const double *)a)[2]);
	double y = fmin(((const double *)b)[0], ((const double *)b)[2]);

	return (x > y) - (x < y);
}

static void add_line(struct pp_geo *geo, struct pp_area *area, const GEOSGeometry *line)
{
	const GEOSCoordSequence *seq = GEOSGeom_getCoordSeq_r(geo->geos, line);
	unsigned size = 0;

	GEOSCoordSeq_getSize_r(geo->geos, seq, &size);
	for (unsigned i = 0; i + 1 < size; i++) {
		double *s = area->segments + 4 * area->segment_count;

		GEOSCoordSeq_getXY_r(geo->geos, seq, i, &s[0], &s[1]);
		GEOSCoordSeq_getXY_r(geo->geos, seq, i + 1, &s[2], &s[3]);
		area->longest = fmax(area->longest, fabs(s[0] - s[2]));
		area->segment_count += s[0] != s[2] || s[1] != s[3];
	}
}

static void make_segments(struct pp_boundaries *all, uint32_t i)
{
	struct pp_geo *geo = pp_boundaries_geo(all);
	struct pp_area *area = pp_area_at(all, i);
	int parts, vertices;

	if (area->segments)
		return;
	pp_area_border(all, i);
	vertices = GEOSGetNumCoordinates_r(geo->geos, area->border);
	area->segments = malloc(sizeof(double) * 4 * (size_t)(vertices + 1));
	PP_MUST(area->segments);
	parts = GEOSGetNumGeometries_r(geo->geos, area->border);
	for (int p = 0; p < parts; p++)
		add_line(geo, area, GEOSGetGeometryN_r(geo->geos, area->border, p));
	qsort(area->segments, area->segment_count, 4 * sizeof(double), by_least_x);
}

struct interval {
	double from, to;
};

/* Narrows the interval of t where |offset + t * speed| <= WITHIN. */
static bool slab(double offset, double speed, double least, double most, struct interval *t)
{
	double a, b;

	if (fabs(speed) < 1e-12)
		return offset >= least && offset <= most;
	a = (least - offset) / speed;
	b = (most - offset) / speed;
	t->from = fmax(t->from, fmin(a, b));
	t->to = fmin(t->to, fmax(a, b));
	return t->from <= t->to;
}

static void widen(struct interval *t, double from, double to)
{
	t->from = fmin(t->from, from);
	t->to = fmax(t->to, to);
}

/* Where a unit-speed line from p is within r of point c. */
static void disc(double px, double py, double ux, double uy, double cx, double cy,
	struct interval *t)
{
	double along = (cx - px) * ux + (cy - py) * uy;
	double across = (cx - px) * uy - (cy - py) * ux;
	double half = WITHIN * WITHIN - across * across;

	if (half >= 0)
		widen(t, along - sqrt(half), along + sqrt(half));
}

/* The part of segment a (by length from its start) that lies within 1 mm of segment b. */
static bool near(const double a[4], const double b[4], double length, struct interval *out)
{
	double ux = (a[2] - a[0]) / length, uy = (a[3] - a[1]) / length;
	double bl = hypot(b[2] - b[0], b[3] - b[1]);
	double vx = (b[2] - b[0]) / bl, vy = (b[3] - b[1]) / bl;
	struct interval t = { INFINITY, -INFINITY }, strip = { -INFINITY, INFINITY };
	double along = (a[0] - b[0]) * vx + (a[1] - b[1]) * vy;
	double across = (a[0] - b[0]) * -vy + (a[1] - b[1]) * vx;

	disc(a[0], a[1], ux, uy, b[0], b[1], &t);
	disc(a[0], a[1], ux, uy, b[2], b[3], &t);
	if (slab(along, ux * vx + uy * vy, 0, bl, &strip) &&
		slab(across, ux * -vy + uy * vx, -WITHIN, WITHIN, &strip))
		widen(&t, strip.from, strip.to);
	out->from = fmax(t.from, 0);
	out->to = fmin(t.to, length);
	return out->from < out->to;
}

static int by_from(const void *a, const void *b)
{
	double x = ((const struct interval *)a)->from, y = ((const struct interval *)b)->from;

	return (x > y) - (x < y);
}

static double length_of_union(struct interval *list, size_t count)
{
	double sum = 0, reached = -INFINITY;

	qsort(list, count, sizeof(*list), by_from);
	for (size_t i = 0; i < count; i++) {
		double from = fmax(list[i].from, reached);

		if (list[i].to > from)
			sum += list[i].to - from;
		reached = fmax(reached, list[i].to);
	}
	return sum;
}

/* The first segment of b whose least x is not below that. */
static size_t first_at(const struct pp_area *b, double x)
{
	size_t low = 0, high = b->segment_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (fmin(b->segments[4 * middle], b->segments[4 * middle + 2]) < x)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

enum { INTERVALS = 64 };

static double segment_within(const double s[4], const struct pp_area *b)
{
	double length = hypot(s[2] - s[0], s[3] - s[1]);
	double min_x = fmin(s[0], s[2]) - WITHIN, max_x = fmax(s[0], s[2]) + WITHIN;
	double min_y = fmin(s[1], s[3]) - WITHIN, max_y = fmax(s[1], s[3]) + WITHIN;
	struct interval few[INTERVALS], *list = few;
	size_t count = 0, room = INTERVALS;
	double sum;

	for (size_t i = first_at(b, min_x - b->longest); i < b->segment_count; i++) {
		const double *t = b->segments + 4 * i;

		if (fmin(t[0], t[2]) > max_x)
			break;
		if (fmax(t[0], t[2]) < min_x || fmin(t[1], t[3]) > max_y || fmax(t[1], t[3]) < min_y)
			continue;
		if (count == room) {
			struct interval *more = malloc(2 * room * sizeof(*more));

			PP_MUST(more);
			memcpy(more, list, count * sizeof(*more));
			if (list != few)
				free(list);
			list = more;
			room *= 2;
		}
		count += near(s, t, length, &list[count]);
	}
	sum = length_of_union(list, count);
	if (list != few)
		free(list);
	return sum;
}

double pp_border_within(struct pp_boundaries *all, uint32_t a, uint32_t b)
{
	struct pp_area *of = pp_area_at(all, a), *to = pp_area_at(all, b);
	double sum = 0;

	make_segments(all, a);
	make_segments(all, b);
	for (size_t i = 0; i < of->segment_count; i++) {
		const double *s = of->segments + 4 * i;

		if (fmax(s[0], s[2]) < to->about.min_x - WITHIN ||
			fmin(s[0], s[2]) > to->about.max_x + WITHIN ||
			fmax(s[1], s[3]) < to->about.min_y - WITHIN ||
			fmin(s[1], s[3]) > to->about.max_y + WITHIN)
			continue;
		sum += segment_within(s, to);
	}
	return sum;
}
