/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The area that two shapes have in common, where their edges cross cleanly. Rings have their area
 * on the left, so the border of what is common to both is made of the pieces of either border that
 * lie within the other shape, in their own direction, and its area is the sum over those pieces
 * (Gauss's shoelace formula). No ring has to be put together.
 *
 * That is right as long as every piece is known to lie inside or outside. Whoever draws along a
 * border has vertices on the other's edges, where rounding would decide: then this says so, and
 * GEOS has to find out.
 */
#include <math.h>
#include <stdlib.h>

#include "flat.h"

/* Vertices nearer than this to an edge of the other shape are on it, as far as doubles can tell. */
#define CLEAR 1e-5

struct crossing {
	const struct pp_xy *from[2]; /* the segments begin there */
	double along[2];             /* 0 to 1 */
	struct pp_xy at;
};

struct common {
	const struct pp_shape *shapes[2];
	struct pp_arena *arena;
	struct crossing *crossings;
	uint32_t count, room;
	bool unsure;
	const struct pp_xy *from, *to; /* a segment of the first shape */
	/* While pieces are added up: of which shape, where the last one ended and whether inside.
	 */
	unsigned side;
	const struct pp_xy *end;
	bool inside;
	uint32_t next;
	struct pp_xy origin;
	double twice;
};

static double side_of(const struct pp_xy *p, const struct pp_xy *a, const struct pp_xy *b)
{
	return (b->x - a->x) * (p->y - a->y) - (b->y - a->y) * (p->x - a->x);
}

static void add_crossing(struct common *c, const struct crossing *crossing)
{
	if (c->count == c->room) {
		struct crossing *more = PP_NEW_ARRAY(
			c->arena, struct crossing, 2 * (size_t)c->room + 16);

		if (c->count)
			memcpy(more, c->crossings, c->count * sizeof(*more));
		c->crossings = more;
		c->room = 2 * c->room + 16;
	}
	c->crossings[c->count++] = *crossing;
}

static struct pp_box box_of(const struct pp_xy *a, const struct pp_xy *b, double wider)
{
	return (struct pp_box){ fmin(a->x, b->x) - wider, fmin(a->y, b->y) - wider,
		fmax(a->x, b->x) + wider, fmax(a->y, b->y) + wider };
}

static bool is_near(const struct pp_xy *p, const struct pp_xy *a, const struct pp_xy *b)
{
	return pp_point_gap2(*p, *a, *b) < CLEAR * CLEAR;
}

static bool meet_pair(const struct pp_xy *from, const struct pp_xy *to, void *ctx)
{
	struct common *c = ctx;
	struct pp_box ours = box_of(c->from, c->to, 0), theirs = box_of(from, to, 0);
	double a = side_of(c->from, from, to), b = side_of(c->to, from, to);
	double p = side_of(from, c->from, c->to), q = side_of(to, c->from, c->to);

	c->unsure = is_near(from, c->from, c->to) || is_near(to, c->from, c->to) ||
		is_near(c->from, from, to) || is_near(c->to, from, to);
	if (c->unsure)
		return false;
	/* On one line, but apart: signs of nothing say nothing, the boxes do. */
	if ((a > 0) != (b > 0) && (p > 0) != (q > 0) && pp_box_meets(&ours, &theirs, 0)) {
		double t = a / (a - b);

		add_crossing(c,
			&(struct crossing){ { c->from, from }, { t, p / (p - q) },
				{ c->from->x + t * (c->to->x - c->from->x),
					c->from->y + t * (c->to->y - c->from->y) } });
	}
	return true;
}

static bool meet_segment(const struct pp_xy *from, const struct pp_xy *to, void *ctx)
{
	struct common *c = ctx;
	struct pp_box box = box_of(from, to, CLEAR);

	c->from = from;
	c->to = to;
	pp_shape_segments(c->shapes[1], &box, meet_pair, c);
	return !c->unsure;
}

/* By the place along the first shape, or along the second. */
static int along(const struct crossing *x, const struct crossing *y, unsigned side)
{
	if (x->from[side] != y->from[side])
		return x->from[side] < y->from[side] ? -1 : 1;
	return (x->along[side] > y->along[side]) - (x->along[side] < y->along[side]);
}

static int along_first(const void *x, const void *y)
{
	return along(x, y, 0);
}

static int along_second(const void *x, const void *y)
{
	return along(x, y, 1);
}

static void add_piece(struct common *c, struct pp_xy a, struct pp_xy b)
{
	c->twice += (a.x - c->origin.x) * (b.y - c->origin.y) -
		(b.x - c->origin.x) * (a.y - c->origin.y);
}

/*
 * The segments of a ring come in their order, with gaps; so do the crossings, which are sorted by
 * their segments' addresses.
 */
static bool add_pieces(const struct pp_xy *from, const struct pp_xy *to, void *ctx)
{
	struct common *c = ctx;
	const struct pp_shape *other = c->shapes[!c->side];
	struct pp_xy last = *from;
	uint32_t met;

	if (from != c->end)
		c->inside = pp_shape_contains(other, from->x, from->y);
	c->end = to;
	while (c->next < c->count && c->crossings[c->next].from[c->side] < from)
		c->next++;
	for (met = c->next; c->next < c->count && c->crossings[c->next].from[c->side] == from;
		c->next++) {
		if (c->inside)
			add_piece(c, last, c->crossings[c->next].at);
		last = c->crossings[c->next].at;
		c->inside = !c->inside;
	}
	if (c->inside)
		add_piece(c, last, *to);
	/* What the crossings say must be what the place of the vertex says. */
	c->unsure = c->next > met && pp_shape_contains(other, to->x, to->y) != c->inside;
	return !c->unsure;
}

/* Its rings one by one: a plan may have lines as well. */
static bool visit_rings(struct common *c, const struct pp_shape *shape, const struct pp_box *box,
	bool (*visit)(const struct pp_xy *, const struct pp_xy *, void *))
{
	for (uint32_t i = 0; i < shape->count && !c->unsure; i++) {
		const struct pp_run *run = pp_shape_run(shape, i);
		struct pp_shape ring = { shape->flat, shape->first + i, 1, run->box };

		c->end = NULL;
		if (run->kind == PP_RUN_RING)
			pp_shape_segments(&ring, box, visit, c);
	}
	return !c->unsure;
}

bool pp_shape_common_area(
	const struct pp_shape *a, const struct pp_shape *b, struct pp_arena *arena, double *area)
{
	struct common c = { .shapes = { a, b },
		.arena = arena,
		.origin = {
			(a->box.min_x + a->box.max_x) / 2, (a->box.min_y + a->box.max_y) / 2 } };
	struct pp_box near = b->box;

	near.min_x -= CLEAR;
	near.min_y -= CLEAR;
	near.max_x += CLEAR;
	near.max_y += CLEAR;
	if (!visit_rings(&c, a, &near, meet_segment))
		return false;
	for (c.side = 0; c.side < 2; c.side++) {
		if (c.count)
			qsort(c.crossings, c.count, sizeof(*c.crossings),
				c.side ? along_second : along_first);
		c.next = 0;
		if (!visit_rings(&c, c.shapes[c.side], &c.shapes[!c.side]->box, add_pieces))
			return false;
	}
	*area = fmax(c.twice / 2, 0);
	return true;
}
