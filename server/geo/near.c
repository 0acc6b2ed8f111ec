/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Distances by descending two towers of boxes at once, nearest boxes first, and never below boxes
 * that are farther apart than the best pair so far.
 */
#include <math.h>

#include "flat.h"

struct side {
	const struct pp_flat *flat;
	const struct pp_run *run;
	const struct pp_xy *xy;
	struct pp_levels levels;
	uint32_t segments;
};

struct search {
	struct side a, b;
	double best2;
	double enough2; /* at most this ends the search */
	/* The two segments that are best2 apart. */
	struct pp_xy from_a, to_a, from_b, to_b;
};

static void open_side(struct side *side, const struct pp_flat *flat, const struct pp_run *run)
{
	side->flat = flat;
	side->run = run;
	side->xy = pp_run_xy(flat, run);
	side->segments = pp_run_segments(run);
	pp_run_levels(run, &side->levels);
}

static const struct pp_box *box_at(const struct side *side, unsigned level, uint32_t i)
{
	return &side->flat->boxes[side->levels.first[level] + i];
}

/* The i-th segment; a point is one from itself to itself. */
static void segment(const struct side *side, uint32_t i, struct pp_xy *from, struct pp_xy *to)
{
	*from = side->xy[i];
	*to = side->xy[side->run->count > 1 ? i + 1 : i];
}

static double side_of(struct pp_xy p, struct pp_xy a, struct pp_xy b)
{
	return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
}

static bool do_cross(struct pp_xy a, struct pp_xy b, struct pp_xy c, struct pp_xy d)
{
	return (side_of(c, a, b) > 0) != (side_of(d, a, b) > 0) &&
		(side_of(a, c, d) > 0) != (side_of(b, c, d) > 0);
}

/* fmin is a call, and for numbers that are none it may not be anything else. */
static double least(double a, double b)
{
	return a < b ? a : b;
}

/*
 * Segments that do not cross are nearest at one of their ends. A crossing that rounding sees or
 * does not see has an end within rounding of the other segment, so both answers agree.
 */
static double segment_gap2(struct pp_xy a, struct pp_xy b, struct pp_xy c, struct pp_xy d)
{
	double best = least(least(pp_point_gap2(a, c, d), pp_point_gap2(b, c, d)),
		least(pp_point_gap2(c, a, b), pp_point_gap2(d, a, b)));

	return best > 0 && do_cross(a, b, c, d) ? 0 : best;
}

static struct pp_box box_of(struct pp_xy a, struct pp_xy b)
{
	return (struct pp_box){ a.x < b.x ? a.x : b.x, a.y < b.y ? a.y : b.y, a.x > b.x ? a.x : b.x,
		a.y > b.y ? a.y : b.y };
}

static uint32_t leaf_end(const struct side *side, uint32_t leaf)
{
	uint32_t end = (leaf + 1) * PP_FANOUT;

	return end < side->segments ? end : side->segments;
}

static void found(struct search *s, double gap2, struct pp_xy a, struct pp_xy b, struct pp_xy c,
	struct pp_xy d)
{
	s->best2 = gap2;
	s->from_a = a;
	s->to_a = b;
	s->from_b = c;
	s->to_b = d;
}

static void leaves(struct search *s, uint32_t la, uint32_t lb)
{
	uint32_t end_a = leaf_end(&s->a, la), end_b = leaf_end(&s->b, lb);
	const struct pp_box *box_b = box_at(&s->b, 0, lb);
	struct pp_xy a, b, c, d;

	for (uint32_t i = la * PP_FANOUT; i < end_a; i++) {
		struct pp_box box_a;

		segment(&s->a, i, &a, &b);
		box_a = box_of(a, b);
		if (pp_box_gap2(&box_a, box_b) >= s->best2)
			continue;
		for (uint32_t j = lb * PP_FANOUT; j < end_b; j++) {
			struct pp_box other;
			double gap2;

			segment(&s->b, j, &c, &d);
			other = box_of(c, d);
			if (pp_box_gap2(&box_a, &other) >= s->best2)
				continue;
			gap2 = segment_gap2(a, b, c, d);
			if (gap2 < s->best2)
				found(s, gap2, a, b, c, d);
		}
	}
}

static double extent(const struct pp_box *box)
{
	return (box->max_x - box->min_x) + (box->max_y - box->min_y);
}

static void pair(struct search *s, unsigned la, uint32_t a, unsigned lb, uint32_t b)
{
	const struct pp_box *box_a = box_at(&s->a, la, a), *box_b = box_at(&s->b, lb, b);
	bool split_a = la > 0 && (lb == 0 || extent(box_a) >= extent(box_b));
	const struct side *side = split_a ? &s->a : &s->b;
	unsigned level = split_a ? la - 1 : lb - 1;
	uint32_t from, to, order[PP_FANOUT];
	double gaps[PP_FANOUT];
	unsigned count = 0;

	if (la == 0 && lb == 0) {
		leaves(s, a, b);
		return;
	}
	from = (split_a ? a : b) * PP_FANOUT;
	to = from + PP_FANOUT < side->levels.count[level] ? from + PP_FANOUT
							  : side->levels.count[level];
	for (uint32_t i = from; i < to; i++) {
		double gap2 = pp_box_gap2(box_at(side, level, i), split_a ? box_b : box_a);
		unsigned at = count++;

		for (; at && gaps[at - 1] > gap2; at--) {
			gaps[at] = gaps[at - 1];
			order[at] = order[at - 1];
		}
		gaps[at] = gap2;
		order[at] = i;
	}
	for (unsigned i = 0; i < count && gaps[i] < s->best2; i++) {
		if (s->best2 <= s->enough2)
			return;
		if (split_a)
			pair(s, level, order[i], lb, b);
		else
			pair(s, la, a, level, order[i]);
	}
}

static void search_shapes(struct search *s, const struct pp_shape *a, const struct pp_shape *b)
{
	for (uint32_t i = 0; i < a->count; i++) {
		const struct pp_run *run_a = pp_shape_run(a, i);

		if (pp_box_gap2(&run_a->box, &b->box) >= s->best2)
			continue;
		open_side(&s->a, a->flat, run_a);
		for (uint32_t j = 0; j < b->count; j++) {
			const struct pp_run *run_b = pp_shape_run(b, j);

			if (s->best2 <= s->enough2)
				return;
			if (pp_box_gap2(&run_a->box, &run_b->box) >= s->best2)
				continue;
			open_side(&s->b, b->flat, run_b);
			pair(s, s->a.levels.top, 0, s->b.levels.top, 0);
		}
	}
}

/* The place on the segment from a to b that is nearest to p. */
static struct pp_xy foot(struct pp_xy p, struct pp_xy a, struct pp_xy b)
{
	double dx = b.x - a.x, dy = b.y - a.y, square = dx * dx + dy * dy;
	double along = (p.x - a.x) * dx + (p.y - a.y) * dy;
	double t = along <= 0 ? 0 : along >= square ? 1 : along / square;

	return (struct pp_xy){ a.x + t * dx, a.y + t * dy };
}

static double gap2_of(const struct pp_nearest *at)
{
	double dx = at->a.x - at->b.x, dy = at->a.y - at->b.y;

	return dx * dx + dy * dy;
}

/* Segments that do not cross are nearest at one of their four ends. */
static void find_places(const struct search *s, struct pp_nearest *at)
{
	const struct pp_nearest ends[] = {
		{ s->from_a, foot(s->from_a, s->from_b, s->to_b) },
		{ s->to_a, foot(s->to_a, s->from_b, s->to_b) },
		{ foot(s->from_b, s->from_a, s->to_a), s->from_b },
		{ foot(s->to_b, s->from_a, s->to_a), s->to_b },
	};

	*at = ends[0];
	for (size_t i = 1; i < PP_LENGTH(ends); i++)
		if (gap2_of(&ends[i]) < gap2_of(at))
			*at = ends[i];
}

double pp_shape_gap(
	const struct pp_shape *a, const struct pp_shape *b, double bound, struct pp_nearest *at)
{
	struct search s = { .best2 = bound * bound };

	search_shapes(&s, a, b);
	if (s.best2 >= bound * bound)
		return bound;
	if (at)
		find_places(&s, at);
	return sqrt(s.best2);
}

bool pp_shape_touches(const struct pp_shape *a, const struct pp_shape *b)
{
	struct search s = { .best2 = PP_MEETS * PP_MEETS, .enough2 = PP_MEETS * PP_MEETS * 0.999 };

	search_shapes(&s, a, b);
	return s.best2 < PP_MEETS * PP_MEETS;
}

double pp_shape_point_gap(
	const struct pp_shape *shape, double x, double y, double enough, double bound)
{
	struct pp_xy xy = { x, y };
	struct pp_box box = { x, y, x, y };
	struct pp_run run = { .count = 1, .kind = PP_RUN_POINT, .box = box };
	struct pp_flat flat = { .xy = &xy,
		.boxes = &box,
		.runs = &run,
		.vertex_count = 1,
		.box_count = 1,
		.run_count = 1 };
	struct pp_shape point = { &flat, 0, 1, box };
	struct search s = { .best2 = bound * bound, .enough2 = enough * enough };

	search_shapes(&s, &point, shape);
	return s.best2 < bound * bound ? sqrt(s.best2) : bound;
}

/* A crossing that no end of either segment is near. */
static bool cross_deeply(
	struct pp_xy a, struct pp_xy b, struct pp_xy c, struct pp_xy d, double depth2)
{
	return do_cross(a, b, c, d) && pp_point_gap2(a, c, d) > depth2 &&
		pp_point_gap2(b, c, d) > depth2 && pp_point_gap2(c, a, b) > depth2 &&
		pp_point_gap2(d, a, b) > depth2;
}

struct crossing {
	const struct pp_shape *other;
	struct pp_xy from, to;
	double depth2;
	bool found;
};

static bool cross_other(const struct pp_xy *from, const struct pp_xy *to, void *ctx)
{
	struct crossing *c = ctx;

	c->found = cross_deeply(c->from, c->to, *from, *to, c->depth2);
	return !c->found;
}

static bool cross_one(const struct pp_xy *from, const struct pp_xy *to, void *ctx)
{
	struct crossing *c = ctx;
	struct pp_box box = box_of(*from, *to);

	c->from = *from;
	c->to = *to;
	pp_shape_segments(c->other, &box, cross_other, c);
	return !c->found;
}

bool pp_shape_crosses(const struct pp_shape *a, const struct pp_shape *b, double depth)
{
	struct crossing c = { .other = b, .depth2 = depth * depth };

	pp_shape_segments(a, &b->box, cross_one, &c);
	return c.found;
}

struct visiting {
	struct side side;
	const struct pp_box *box;
	bool (*visit)(const struct pp_xy *, const struct pp_xy *, void *);
	void *ctx;
};

static bool visit_box(const struct visiting *v, unsigned level, uint32_t i)
{
	if (!pp_box_meets(box_at(&v->side, level, i), v->box, 0))
		return true;
	if (level > 0) {
		for (uint32_t c = i * PP_FANOUT;
			c < (i + 1) * PP_FANOUT && c < v->side.levels.count[level - 1]; c++)
			if (!visit_box(v, level - 1, c))
				return false;
		return true;
	}
	for (uint32_t s = i * PP_FANOUT; s < leaf_end(&v->side, i); s++) {
		const struct pp_xy *from = &v->side.xy[s];
		const struct pp_xy *to = v->side.run->count > 1 ? from + 1 : from;
		struct pp_box box = box_of(*from, *to);

		if (pp_box_meets(&box, v->box, 0) && !v->visit(from, to, v->ctx))
			return false;
	}
	return true;
}

void pp_shape_segments(const struct pp_shape *shape, const struct pp_box *box,
	bool (*visit)(const struct pp_xy *from, const struct pp_xy *to, void *ctx), void *ctx)
{
	struct visiting v = { .box = box, .visit = visit, .ctx = ctx };

	for (uint32_t i = 0; i < shape->count; i++) {
		const struct pp_run *run = pp_shape_run(shape, i);

		if (!pp_box_meets(&run->box, box, 0))
			continue;
		open_side(&v.side, shape->flat, run);
		if (!visit_box(&v, v.side.levels.top, 0))
			return;
	}
}
