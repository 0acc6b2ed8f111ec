/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Lengths: how much of one border runs near another, and how much of a line lies
 * in an area. The points of a segment that are within r of another segment lie in a capsule, which
 * is convex: they are one interval. The measure is the length of the union of the intervals.
 */
#include <math.h>
#include <stdlib.h>

#include "flat.h"

struct interval {
	double from, to;
};

/* One segment and what was found along it, in metres from its start. */
struct along {
	struct pp_xy from, to;
	double length, within;
	struct interval few[64], *list;
	size_t count, room;
};

static void begin(struct along *s, const struct pp_xy *from, const struct pp_xy *to)
{
	s->from = *from;
	s->to = *to;
	s->length = hypot(to->x - from->x, to->y - from->y);
	s->list = s->few;
	s->count = 0;
	s->room = PP_LENGTH(s->few);
}

static void end(struct along *s)
{
	if (s->list != s->few)
		free(s->list);
}

static void note(struct along *s, double from, double to)
{
	if (s->count == s->room) {
		struct interval *more = malloc(2 * s->room * sizeof(*more));

		PP_MUST(more);
		memcpy(more, s->list, s->count * sizeof(*more));
		end(s);
		s->list = more;
		s->room *= 2;
	}
	s->list[s->count++] = (struct interval){ from, to };
}

static int by_from(const void *a, const void *b)
{
	double x = ((const struct interval *)a)->from, y = ((const struct interval *)b)->from;

	return (x > y) - (x < y);
}

static double length_of_union(struct along *s)
{
	double sum = 0, reached = 0;

	if (s->count > 1)
		qsort(s->list, s->count, sizeof(*s->list), by_from);
	for (size_t i = 0; i < s->count; i++) {
		double from = fmax(s->list[i].from, reached), to = fmin(s->list[i].to, s->length);

		if (to > from)
			sum += to - from;
		reached = fmax(reached, to);
	}
	return sum;
}

/* Narrows the interval to where offset + t × speed lies between least and most. */
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

/* Where the line from p in the direction u (of length 1) is within r of point c. */
static void disc(struct pp_xy p, struct pp_xy u, struct pp_xy c, double r, struct interval *t)
{
	double along = (c.x - p.x) * u.x + (c.y - p.y) * u.y;
	double across = (c.x - p.x) * u.y - (c.y - p.y) * u.x;
	double half = r * r - across * across;

	if (half >= 0)
		widen(t, along - sqrt(half), along + sqrt(half));
}

/* The stretch of the segment that lies near enough to the one from c to d. */
static bool note_near(const struct pp_xy *c, const struct pp_xy *d, void *ctx)
{
	struct along *s = ctx;
	struct pp_xy p = s->from;
	struct pp_xy u = { (s->to.x - p.x) / s->length, (s->to.y - p.y) / s->length };
	double length = hypot(d->x - c->x, d->y - c->y);
	struct pp_xy v = { (d->x - c->x) / length, (d->y - c->y) / length };
	struct interval t = { INFINITY, -INFINITY }, strip = { -INFINITY, INFINITY };
	double along = (p.x - c->x) * v.x + (p.y - c->y) * v.y;
	double across = (p.y - c->y) * v.x - (p.x - c->x) * v.y;

	disc(p, u, *c, s->within, &t);
	disc(p, u, *d, s->within, &t);
	if (slab(along, u.x * v.x + u.y * v.y, 0, length, &strip) &&
		slab(across, u.y * v.x - u.x * v.y, -s->within, s->within, &strip))
		widen(&t, strip.from, strip.to);
	if (fmax(t.from, 0) < fmin(t.to, s->length))
		note(s, t.from, t.to);
	return true;
}

struct border {
	const struct pp_shape *other;
	double within, sum;
};

static bool add_near(const struct pp_xy *from, const struct pp_xy *to, void *ctx)
{
	struct border *border = ctx;
	double r = border->within;
	struct pp_box box = { fmin(from->x, to->x) - r, fmin(from->y, to->y) - r,
		fmax(from->x, to->x) + r, fmax(from->y, to->y) + r };
	struct along s;

	begin(&s, from, to);
	s.within = r;
	pp_shape_segments(border->other, &box, note_near, &s);
	border->sum += length_of_union(&s);
	end(&s);
	return true;
}

double pp_shape_border_within(const struct pp_shape *a, const struct pp_shape *b, double within)
{
	struct border border = { .other = b, .within = within };
	struct pp_box box = { b->box.min_x - within, b->box.min_y - within, b->box.max_x + within,
		b->box.max_y + within };

	pp_shape_segments(a, &box, add_near, &border);
	return border.sum;
}

/* Where a line's segment meets an edge: one place, or both ends of a stretch along it. */
static bool note_meeting(const struct pp_xy *c, const struct pp_xy *d, void *ctx)
{
	struct along *s = ctx;
	struct pp_xy u = { (s->to.x - s->from.x) / s->length, (s->to.y - s->from.y) / s->length };
	double ac = (c->x - s->from.x) * u.y - (c->y - s->from.y) * u.x;
	double ad = (d->x - s->from.x) * u.y - (d->y - s->from.y) * u.x;
	double tc = (c->x - s->from.x) * u.x + (c->y - s->from.y) * u.y;
	double td = (d->x - s->from.x) * u.x + (d->y - s->from.y) * u.y;

	/* An end on the line is a place where the side may change, whichever edge it belongs to. */
	if (fabs(ac) <= PP_MEETS)
		note(s, tc, tc);
	if (fabs(ad) <= PP_MEETS)
		note(s, td, td);
	if ((ac > 0) != (ad > 0)) {
		double t = tc + (td - tc) * (ac / (ac - ad));

		note(s, t, t);
	}
	return true;
}

static bool lies_within(const struct pp_shape *area, struct pp_xy at)
{
	return pp_shape_contains(area, at.x, at.y) ||
		pp_shape_point_gap(area, at.x, at.y, PP_MEETS, 2 * PP_MEETS) <= PP_MEETS;
}

/* Between two meetings a segment stays on one side: its middle tells which. */
static double segment_within(
	const struct pp_xy *from, const struct pp_xy *to, const struct pp_shape *area)
{
	struct pp_box box = { fmin(from->x, to->x) - PP_MEETS, fmin(from->y, to->y) - PP_MEETS,
		fmax(from->x, to->x) + PP_MEETS, fmax(from->y, to->y) + PP_MEETS };
	double sum = 0, reached = 0;
	struct along s;

	begin(&s, from, to);
	if (s.length > 0) {
		pp_shape_segments(area, &box, note_meeting, &s);
		note(&s, s.length, s.length);
		qsort(s.list, s.count, sizeof(*s.list), by_from);
		for (size_t i = 0; i < s.count; i++) {
			double next = fmin(s.list[i].from, s.length), middle = (reached + next) / 2;

			if (next <= reached)
				continue;
			if (lies_within(area,
				    (struct pp_xy){ from->x + (to->x - from->x) * middle / s.length,
					    from->y + (to->y - from->y) * middle / s.length }))
				sum += next - reached;
			reached = next;
		}
	}
	end(&s);
	return sum;
}

double pp_shape_length_within(const struct pp_shape *lines, const struct pp_shape *area)
{
	double sum = 0;

	for (uint32_t i = 0; i < lines->count; i++) {
		const struct pp_run *run = pp_shape_run(lines, i);
		const struct pp_xy *xy = pp_run_xy(lines->flat, run);

		if (run->kind != PP_RUN_LINE || !pp_box_meets(&run->box, &area->box, 0))
			continue;
		for (uint32_t v = 1; v < run->count; v++)
			sum += segment_within(&xy[v - 1], &xy[v], area);
	}
	return sum;
}
