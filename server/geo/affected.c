/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/geo/affected.h>

#include <math.h>
#include <stdlib.h>

#include "asking.h"

/* Found things are not found again at their bound, and distances are rounded by half of this. */
#define MARGIN 1e-3
#define MILLI  1000

/* How far to look on the grid for what is so near on the ground; nowhere stays nowhere. */
static double on_grid(double ground)
{
	return ground > 0 ? ground * PP_SCALE_MAX : ground;
}

struct candidates {
	const struct pp_asking *a;
	uint32_t *list;
	size_t count, room;
};

static void add_candidate(struct candidates *c, uint32_t municipality)
{
	if (c->count == c->room) {
		uint32_t *more = PP_NEW_ARRAY(c->a->arena, uint32_t, 2 * c->room + 32);

		if (c->count)
			memcpy(more, c->list, c->count * sizeof(*more));
		c->list = more;
		c->room = 2 * c->room + 32;
	}
	c->list[c->count++] = municipality;
}

static void add_item(const struct pp_tree_item *item, void *ctx)
{
	struct candidates *c = ctx;

	add_candidate(c, c->a->all->parts[item->id].municipality);
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static struct pp_box widened(const struct pp_box *box, double by)
{
	return (struct pp_box){ box->min_x - by, box->min_y - by, box->max_x + by,
		box->max_y + by };
}

/* Whoever a rule could name: near the plan, or adjoining and not too far, or planning, or named by
 * a study or a catchment. Each once. */
static void find_candidates(const struct pp_asking *a, struct candidates *c)
{
	const struct pp_box *plan = &a->plan.shape.box;
	struct pp_box near = widened(plan, on_grid(fmax(a->reach, a->land_reach)) + MARGIN);
	struct pp_box far = widened(plan, on_grid(a->adjoining_reach) + MARGIN);
	size_t kept = 0;

	pp_tree_visit(&a->all->tree, &near, add_item, c);
	for (size_t i = 0; i < a->query->planning_count; i++)
		add_candidate(c, a->planning[i]);
	for (size_t i = 0; i < a->wanted_count; i++)
		add_candidate(c, a->wanted[i]);
	for (size_t i = 0; i < a->adjoining_count; i++) {
		uint32_t municipality = a->adjoining[i].municipality;

		if (a->all_adjoining ||
			(a->adjoining_reach >= 0 &&
				pp_box_meets(&a->all->areas[municipality].shape.box, &far, 0)))
			add_candidate(c, municipality);
	}
	if (c->count)
		qsort(c->list, c->count, sizeof(*c->list), by_number);
	for (size_t i = 0; i < c->count; i++)
		if (!i || c->list[i] != c->list[i - 1])
			c->list[kept++] = c->list[i];
	c->count = kept;
}

/*
 * How far on the grid it is worth looking for this one. For another Land any distance below the
 * least so far is wanted, but only one municipality has to tell it.
 */
static double bound_of(const struct pp_asking *a, uint32_t municipality)
{
	struct pp_slice land = a->all->areas[municipality].about.land;
	bool adjoins = pp_adjoining(a, municipality);
	double bound = on_grid(a->reach);

	if (pp_is_planning(a, municipality) || pp_is_wanted(a, municipality) ||
		(adjoins && a->all_adjoining))
		return INFINITY;
	if (adjoins)
		bound = fmax(bound, on_grid(a->adjoining_reach));
	if (!pp_is_home(a, land))
		bound = fmax(bound,
			fmin(on_grid(a->land_reach), a->land_distance[pp_land_number(land)]));
	return bound + MARGIN;
}

/* The nearest of a Land so far: on the grid, and what that is on the ground. */
static void note_land(struct pp_asking *a, unsigned land, double distance, double ground)
{
	if (distance >= a->land_distance[land])
		return;
	a->land_distance[land] = distance;
	a->land_ground[land] = ground;
}

static double ground_of(double distance, const struct pp_nearest *at)
{
	return distance > 0 ? pp_rounded(pp_ground_length(at->a, at->b), MILLI) : 0;
}

static void add_row(struct pp_asking *a, uint32_t municipality)
{
	const struct pp_neighbour *neighbour = pp_adjoining(a, municipality);
	struct pp_affected_row *row = &a->out->rows[a->out->count];
	double bound = bound_of(a, municipality), distance;
	struct pp_nearest at;

	/* No rule looks for this one. */
	if (bound < 0)
		return;
	distance = pp_measure_distance(&a->plan, &a->all->areas[municipality].shape, bound, &at);
	if (isinf(distance))
		return;
	*row = (struct pp_affected_row){ .municipality = municipality,
		.distance_m = pp_rounded(distance, MILLI),
		.has_area = a->plan.has_area,
		.has_line = a->plan.has_line,
		.has_point = a->plan.has_point,
		.adjoins = neighbour,
		.shared_border_m = neighbour ? pp_rounded(neighbour->shared_border_m, MILLI) : 0 };
	row->ground_m = ground_of(row->distance_m, &at);
	/* Nobody has a border with itself. */
	row->has_shared_border = a->query->planning_count && !pp_is_planning(a, municipality);
	a->out->count++;
	note_land(a, pp_land_number(a->all->areas[municipality].about.land), row->distance_m,
		row->ground_m);
}

static void find_rows(struct pp_asking *a)
{
	struct candidates c = { .a = a };

	find_candidates(a, &c);
	a->out->rows = PP_NEW_ARRAY(a->arena, struct pp_affected_row, c.count);
	for (size_t i = 0; i < c.count; i++)
		add_row(a, c.list[i]);
}

struct sharpening {
	struct pp_asking *a;
	unsigned land;
};

static void measure_of_land(const struct pp_tree_item *item, void *ctx)
{
	struct sharpening *s = ctx;
	uint32_t municipality = s->a->all->parts[item->id].municipality;
	struct pp_nearest at;
	double distance;

	if (pp_land_number(s->a->all->areas[municipality].about.land) != s->land)
		return;
	distance = pp_rounded(
		pp_measure_distance(&s->a->plan, &s->a->all->areas[municipality].shape,
			s->a->land_distance[s->land], &at),
		MILLI);
	if (!isinf(distance))
		note_land(s->a, s->land, distance, ground_of(distance, &at));
}

/* A Land that adjoining alone has hit may be nearer elsewhere than its municipalities looked at. */
static void sharpen_lands(struct pp_asking *a)
{
	for (unsigned land = 1; land < PP_LANDS; land++) {
		struct sharpening s = { a, land };
		struct pp_box box = widened(&a->plan.shape.box, a->land_distance[land]);

		if (a->land_hit[land] && a->land_distance[land] > on_grid(a->land_reach))
			pp_tree_visit(&a->all->tree, &box, measure_of_land, &s);
	}
}

/* Municipalities are numbered in the order of their AGS. */
static int in_order(const void *x, const void *y)
{
	const struct pp_affected_row *a = x, *b = y;

	if (a->class != b->class)
		return a->class < b->class ? -1 : 1;
	if (a->distance_m != b->distance_m)
		return a->distance_m < b->distance_m ? -1 : 1;
	return (a->municipality > b->municipality) - (a->municipality < b->municipality);
}

static void keep_affected(struct pp_affected *out)
{
	size_t kept = 0;

	for (size_t i = 0; i < out->count; i++)
		if (out->rows[i].class != PP_CLASS_NONE)
			out->rows[kept++] = out->rows[i];
	out->count = kept;
	if (kept)
		qsort(out->rows, kept, sizeof(*out->rows), in_order);
}

/*
 * Of another Land a nearer one may have come after a farther: only the nearest are within reach of
 * a rule that is about the Land.
 */
static bool is_within_reach(const struct pp_asking *a, const struct pp_affected_row *row)
{
	struct pp_slice land = a->all->areas[row->municipality].about.land;

	if (row->ground_m <= a->reach || pp_is_planning(a, row->municipality) ||
		pp_is_wanted(a, row->municipality))
		return true;
	if (row->adjoins && (a->all_adjoining || row->ground_m <= a->adjoining_reach))
		return true;
	return !pp_is_home(a, land) && row->ground_m <= a->land_reach &&
		row->distance_m <= a->land_distance[pp_land_number(land)];
}

static void keep_within_reach(struct pp_asking *a)
{
	size_t kept = 0;

	for (size_t i = 0; i < a->out->count; i++)
		if (is_within_reach(a, &a->out->rows[i]))
			a->out->rows[kept++] = a->out->rows[i];
	a->out->count = kept;
}

/* Of a row that the plan meets; how deep a plan lies in its own municipality is of no concern. */
static void measure_row(struct pp_asking *a, struct pp_affected_row *row)
{
	struct pp_overlap overlap = pp_measure_overlap(
		a, &a->plan, row->municipality, !pp_is_planning(a, row->municipality));

	row->overlap_m2 = overlap.area_m2;
	row->overlap_m = overlap.length_m;
	row->depth_m = overlap.depth_m;
	row->inside = overlap.inside;
	row->overlaps = overlap.overlaps;
}

static struct pp_asking *begin(struct pp_boundaries *all, const struct pp_affected_query *query,
	struct pp_arena *arena, struct pp_affected *out)
{
	struct pp_asking *a = PP_NEW(arena, struct pp_asking);

	*out = (struct pp_affected){ 0 };
	*a = (struct pp_asking){ .all = all, .query = query, .arena = arena, .out = out };
	return a;
}

bool pp_affected_ask(struct pp_boundaries *all, const struct pp_rules *rules,
	const struct pp_affected_query *query, struct pp_arena *arena, struct pp_affected *out,
	struct pp_fault *fault)
{
	struct pp_asking *a = begin(all, query, arena, out);

	if (!pp_asking_begin(a, rules, fault))
		return false;
	find_rows(a);
	for (size_t i = 0; i < out->count; i++)
		if (out->rows[i].distance_m == 0)
			measure_row(a, &out->rows[i]);
	if (!out->home_count)
		pp_asking_home_by_share(a);
	for (size_t i = 0; i < out->count; i++)
		pp_judge_row(a, &out->rows[i]);
	sharpen_lands(a);
	pp_judge_authorities(a);
	keep_affected(out);
	pp_find_districts(a);
	return pp_share_circles(a, fault);
}

bool pp_affected_near(struct pp_boundaries *all, const struct pp_rules *rules,
	const struct pp_affected_query *query, struct pp_arena *arena, struct pp_affected *out,
	struct pp_fault *fault)
{
	struct pp_asking *a = begin(all, query, arena, out);

	if (!pp_asking_begin(a, rules, fault))
		return false;
	find_rows(a);
	keep_within_reach(a);
	return true;
}
