/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Areas on their way to GEOS. A municipality of thousands of vertices is cut down to the window
 * around a plan first: chains of its rings within the window, joined along the frame. Rings have
 * their area on the left, so behind the end of a chain the frame is followed counter-clockwise to
 * the next beginning (Weiler and Atherton 1977, for a rectangle). The leaves' boxes let the rest be
 * skipped.
 */
#include <math.h>

#include "flat.h"

struct chain {
	uint32_t first, count; /* points */
	double in, out;        /* places on the frame; NAN where the ring's array begins or ends */
	bool is_used;
};

/* A whole ring of the result. */
struct loop {
	const struct pp_xy *xy;
	uint32_t count;
	uint32_t shell; /* of a hole: which loop it lies in */
	bool is_hole;
};

struct clip {
	const struct pp_box *window;
	struct pp_xy *points, *joined;
	struct chain *chains;
	struct loop *loops;
	uint32_t point_count, joined_count, chain_count, loop_count;
	bool is_open; /* the last chain goes on */
	bool unsure;
};

static void add_loop(struct clip *c, const struct pp_xy *xy, uint32_t count, bool is_hole)
{
	c->loops[c->loop_count++] = (struct loop){ xy, count, 0, is_hole };
}

/* The place on the frame, counter-clockwise from its south-western corner, and the corners' places.
 */
static double frame_place(const struct pp_box *w, unsigned side, struct pp_xy at)
{
	double width = w->max_x - w->min_x, height = w->max_y - w->min_y;

	switch (side) {
	case 0:
		return at.x - w->min_x;
	case 1:
		return width + at.y - w->min_y;
	case 2:
		return width + height + w->max_x - at.x;
	default:
		return 2 * width + height + w->max_y - at.y;
	}
}

static double corner_place(const struct pp_box *w, unsigned corner)
{
	double width = w->max_x - w->min_x, height = w->max_y - w->min_y;
	const double places[] = { width, width + height, 2 * width + height, 2 * (width + height) };

	return places[corner];
}

static struct pp_xy corner(const struct pp_box *w, unsigned which)
{
	const struct pp_xy corners[] = { { w->max_x, w->min_y }, { w->max_x, w->max_y },
		{ w->min_x, w->max_y }, { w->min_x, w->min_y } };

	return corners[which];
}

struct cut {
	double from, to; /* 0 and 1 where an end of the segment is inside */
	unsigned from_side, to_side;
};

/* Liang and Barsky 1984. Sides: 0 south, 1 east, 2 north, 3 west, as frame_place counts them. */
static bool cut_segment(const struct pp_box *w, struct pp_xy a, struct pp_xy b, struct cut *cut)
{
	const double p[] = { a.y - b.y, b.x - a.x, b.y - a.y, a.x - b.x };
	const double q[] = { a.y - w->min_y, w->max_x - a.x, w->max_y - a.y, a.x - w->min_x };

	*cut = (struct cut){ 0, 1, 0, 0 };
	for (unsigned side = 0; side < 4; side++) {
		double t;

		if (p[side] == 0) {
			if (q[side] < 0)
				return false;
			continue;
		}
		t = q[side] / p[side];
		if (p[side] < 0 && t > cut->from) {
			cut->from = t;
			cut->from_side = side;
		} else if (p[side] > 0 && t < cut->to) {
			cut->to = t;
			cut->to_side = side;
		}
	}
	return cut->from < cut->to;
}

/* A place on the frame lies on it exactly, whatever rounding says. */
static struct pp_xy place_at(
	const struct pp_box *w, struct pp_xy a, struct pp_xy b, double t, unsigned side)
{
	struct pp_xy at = { a.x + t * (b.x - a.x), a.y + t * (b.y - a.y) };

	at.x = fmin(fmax(at.x, w->min_x), w->max_x);
	at.y = fmin(fmax(at.y, w->min_y), w->max_y);
	if (side == 0 || side == 2)
		at.y = side == 0 ? w->min_y : w->max_y;
	else
		at.x = side == 1 ? w->max_x : w->min_x;
	return at;
}

static void begin_chain(struct clip *c, double in, struct pp_xy at)
{
	c->chains[c->chain_count++] = (struct chain){ c->point_count, 1, in, NAN, false };
	c->points[c->point_count++] = at;
	c->is_open = true;
}

static void add_point(struct clip *c, struct pp_xy at)
{
	c->chains[c->chain_count - 1].count++;
	c->points[c->point_count++] = at;
}

static bool is_on_frame(const struct pp_box *w, struct pp_xy at)
{
	return at.x == w->min_x || at.x == w->max_x || at.y == w->min_y || at.y == w->max_y;
}

static void add_segment(struct clip *c, struct pp_xy a, struct pp_xy b)
{
	const struct pp_box *w = c->window;
	struct cut cut;

	c->unsure = c->unsure || is_on_frame(w, a);
	if (!cut_segment(w, a, b, &cut))
		return;
	if (cut.from > 0) {
		struct pp_xy at = place_at(w, a, b, cut.from, cut.from_side);

		begin_chain(c, frame_place(w, cut.from_side, at), at);
	} else if (!c->is_open) {
		begin_chain(c, NAN, a); /* the ring's array begins inside */
	}
	if (cut.to < 1) {
		struct pp_xy at = place_at(w, a, b, cut.to, cut.to_side);

		add_point(c, at);
		c->chains[c->chain_count - 1].out = frame_place(w, cut.to_side, at);
		c->is_open = false;
	} else {
		add_point(c, b);
	}
}

/* The chain at the end of the ring's array goes on with the one at its beginning. */
static void join_ends(struct clip *c, uint32_t first_chain)
{
	struct chain *head = &c->chains[first_chain], *tail = &c->chains[c->chain_count - 1];

	c->is_open = false;
	if (c->chain_count == first_chain || !isnan(head->in) || !isnan(tail->out) ||
		head == tail) {
		c->unsure = c->unsure ||
			(c->chain_count > first_chain && (isnan(head->in) || isnan(tail->out)));
		return;
	}
	/* Behind the tail is where the points end, so the head's can follow there. */
	for (uint32_t i = 1; i < head->count; i++)
		add_point(c, c->points[head->first + i]);
	tail->out = head->out;
	*head = *tail;
	c->chain_count--;
}

static void add_ring(struct clip *c, const struct pp_flat *flat, const struct pp_run *run)
{
	const struct pp_xy *xy = pp_run_xy(flat, run);
	uint32_t segments = pp_run_segments(run), first_chain = c->chain_count;
	struct pp_levels levels;

	pp_run_levels(run, &levels);
	for (uint32_t leaf = 0; leaf < levels.count[0]; leaf++) {
		uint32_t end = (leaf + 1) * PP_FANOUT < segments ? (leaf + 1) * PP_FANOUT
								 : segments;

		if (!pp_box_meets(&flat->boxes[levels.first[0] + leaf], c->window, 0))
			continue;
		for (uint32_t s = leaf * PP_FANOUT; s < end; s++)
			add_segment(c, xy[s], xy[s + 1]);
	}
	join_ends(c, first_chain);
}

static bool is_within(const struct pp_box *box, const struct pp_box *window)
{
	return box->min_x > window->min_x && box->max_x < window->max_x &&
		box->min_y > window->min_y && box->max_y < window->max_y;
}

/* The unused chain that begins next on the frame; NULL for none. */
static struct chain *next_chain(struct clip *c, double out, double around)
{
	struct chain *best = NULL;
	double least = INFINITY;

	for (uint32_t i = 0; i < c->chain_count; i++) {
		double ahead = c->chains[i].in - out;

		ahead += ahead < 0 ? around : 0;
		if (ahead < least) {
			least = ahead;
			best = &c->chains[i];
		}
	}
	return best;
}

static uint32_t add_corners(
	struct clip *c, double from, double to, struct pp_xy *ring, uint32_t count)
{
	double around = corner_place(c->window, 3);

	to += to < from ? around : 0;
	for (unsigned i = 0; i < 8; i++) {
		double at = corner_place(c->window, i % 4) + (i / 4) * around;

		if (at > from && at < to)
			ring[count++] = corner(c->window, i % 4);
	}
	return count;
}

/* Follows chains and frame until the chain it began with; false when the chains do not fit
 * together. */
static bool join_chains(struct clip *c, struct chain *start)
{
	double around = corner_place(c->window, 3);
	struct chain *chain = start;
	struct pp_xy *ring = c->joined + c->joined_count;
	uint32_t count = 0;

	do {
		struct chain *next = next_chain(c, chain->out, around);

		if (chain->is_used)
			return false;
		chain->is_used = true;
		memcpy(ring + count, c->points + chain->first, chain->count * sizeof(*ring));
		count = add_corners(c, chain->out, next->in, ring, count + chain->count);
		chain = next;
	} while (chain != start);
	ring[count++] = ring[0];
	c->joined_count += count;
	add_loop(c, ring, count, false);
	return count >= 4;
}

/* The segments under leaves that meet the window. */
static uint32_t room_for(const struct pp_shape *shape, const struct pp_box *window)
{
	uint32_t segments = 0;

	for (uint32_t i = 0; i < shape->count; i++) {
		const struct pp_run *run = pp_shape_run(shape, i);
		const struct pp_box *leaves = shape->flat->boxes + run->boxes;
		uint32_t count = (pp_run_segments(run) + PP_FANOUT - 1) / PP_FANOUT;

		if (!pp_box_meets(&run->box, window, 0))
			continue;
		for (uint32_t leaf = 0; leaf < count; leaf++)
			segments += pp_box_meets(&leaves[leaf], window, 0) ? PP_FANOUT : 0;
	}
	return segments;
}

static bool cut_rings(const struct pp_shape *shape, struct clip *c)
{
	for (uint32_t i = 0; i < shape->count; i++) {
		const struct pp_run *run = pp_shape_run(shape, i);

		if (run->kind != PP_RUN_RING || !pp_box_meets(&run->box, c->window, 0))
			continue;
		if (is_within(&run->box, c->window))
			add_loop(c, pp_run_xy(shape->flat, run), run->count, run->is_hole);
		else
			add_ring(c, shape->flat, run);
	}
	return !c->unsure;
}

static bool join_all(const struct pp_shape *shape, struct clip *c, struct pp_arena *arena)
{
	const struct pp_box *w = c->window;

	/* Between two chains there are four corners at most; or the frame is the only ring. */
	c->joined = PP_NEW_ARRAY(
		arena, struct pp_xy, c->point_count + 5 * (size_t)c->chain_count + 5);
	for (uint32_t i = 0; i < c->chain_count; i++)
		if (!c->chains[i].is_used && !join_chains(c, &c->chains[i]))
			return false;
	if (!c->chain_count && pp_shape_contains(shape, w->min_x, w->min_y)) {
		c->joined[0] = corner(w, 3);
		for (unsigned i = 0; i < 4; i++)
			c->joined[i + 1] = corner(w, i);
		add_loop(c, c->joined, 5, false);
	}
	return true;
}

static bool loop_contains(const struct loop *loop, struct pp_xy at)
{
	bool inside = false;

	for (uint32_t i = 0; i + 1 < loop->count; i++) {
		struct pp_xy a = loop->xy[i], b = loop->xy[i + 1];

		if ((a.y > at.y) != (b.y > at.y) &&
			at.x < a.x + (at.y - a.y) / (b.y - a.y) * (b.x - a.x))
			inside = !inside;
	}
	return inside;
}

static double loop_area(const struct loop *loop)
{
	double sum = 0;

	for (uint32_t i = 0; i + 1 < loop->count; i++)
		sum += (loop->xy[i].x - loop->xy[0].x) * (loop->xy[i + 1].y - loop->xy[0].y) -
			(loop->xy[i + 1].x - loop->xy[0].x) * (loop->xy[i].y - loop->xy[0].y);
	return sum;
}

/* A hole belongs to the smallest shell around it: an island in a lake may have a lake of its own.
 */
static bool give_holes(struct clip *c)
{
	for (uint32_t h = 0; h < c->loop_count; h++) {
		double least = INFINITY;

		for (uint32_t s = 0; s < c->loop_count && c->loops[h].is_hole; s++) {
			const struct loop *shell = &c->loops[s];
			double area = shell->is_hole ? INFINITY : loop_area(shell);

			if (area < least && loop_contains(shell, c->loops[h].xy[0])) {
				least = area;
				c->loops[h].shell = s;
			}
		}
		if (c->loops[h].is_hole && isinf(least))
			return false;
	}
	return true;
}

static GEOSGeometry *make_ring(struct pp_geo *geo, const struct pp_xy *xy, uint32_t count)
{
	GEOSCoordSequence *sequence = GEOSCoordSeq_copyFromBuffer_r(geo->geos, &xy->x, count, 0, 0);
	GEOSGeometry *ring = GEOSGeom_createLinearRing_r(geo->geos, sequence);

	PP_MUST(ring);
	return ring;
}

static GEOSGeometry *make_polygons(struct pp_geo *geo, const struct clip *c, struct pp_arena *arena)
{
	GEOSGeometry **polygons = PP_NEW_ARRAY(arena, GEOSGeometry *, c->loop_count);
	GEOSGeometry **holes = PP_NEW_ARRAY(arena, GEOSGeometry *, c->loop_count), *all;
	uint32_t count = 0;

	for (uint32_t s = 0; s < c->loop_count; s++) {
		unsigned hole_count = 0;

		if (c->loops[s].is_hole)
			continue;
		for (uint32_t h = 0; h < c->loop_count; h++)
			if (c->loops[h].is_hole && c->loops[h].shell == s)
				holes[hole_count++] = make_ring(
					geo, c->loops[h].xy, c->loops[h].count);
		polygons[count++] = GEOSGeom_createPolygon_r(geo->geos,
			make_ring(geo, c->loops[s].xy, c->loops[s].count), holes, hole_count);
	}
	all = count == 1
		? polygons[0]
		: GEOSGeom_createCollection_r(geo->geos, GEOS_MULTIPOLYGON, polygons, count);
	PP_MUST(all);
	return all;
}

bool pp_shape_clip(struct pp_geo *geo, const struct pp_shape *shape, const struct pp_box *window,
	struct pp_arena *arena, GEOSGeometry **out)
{
	uint32_t room = room_for(shape, window);
	struct clip c = { .window = window };

	*out = NULL;
	/* A segment gives two points at most, once more where the ends of a ring are joined. */
	c.points = PP_NEW_ARRAY(arena, struct pp_xy, 3 * (size_t)room);
	c.chains = PP_NEW_ARRAY(arena, struct chain, room);
	c.loops = PP_NEW_ARRAY(arena, struct loop, (size_t)room + shape->count + 1);
	if (!cut_rings(shape, &c) || !join_all(shape, &c, arena) || !give_holes(&c))
		return false;
	if (c.loop_count)
		*out = make_polygons(geo, &c, arena);
	return true;
}

GEOSGeometry *pp_shape_geos(struct pp_geo *geo, const struct pp_shape *shape)
{
	struct clip c = { 0 };
	struct pp_arena arena;
	GEOSGeometry *all;

	pp_arena_begin(&arena);
	c.loops = PP_NEW_ARRAY(&arena, struct loop, shape->count);
	for (uint32_t i = 0, shell = 0; i < shape->count; i++) {
		const struct pp_run *run = pp_shape_run(shape, i);

		if (run->kind != PP_RUN_RING)
			continue;
		shell = run->is_hole ? shell : c.loop_count;
		add_loop(&c, pp_run_xy(shape->flat, run), run->count, run->is_hole);
		c.loops[c.loop_count - 1].shell = shell;
	}
	all = make_polygons(geo, &c, &arena);
	pp_arena_end(&arena);
	return all;
}
