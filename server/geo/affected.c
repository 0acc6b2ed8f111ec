/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/geo/affected.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "asking.h"

/* Found things are not found again at their bound, and distances are rounded by half of this. */
#define MARGIN 1e-3
#define MILLI  1000

double pp_rounded(double value, double parts)
{
	return round(value * parts) / parts;
}

unsigned pp_land_number(struct pp_slice land)
{
	unsigned number = 0;

	if (land.len == 2)
		number = (unsigned)(land.at[0] - '0') * 10 + (unsigned)(land.at[1] - '0');
	return number < PP_LANDS ? number : 0;
}

bool pp_is_home(const struct pp_asking *a, struct pp_slice land)
{
	for (size_t i = 0; i < a->out->home_count; i++)
		if (pp_slice_is(a->out->home[i], land))
			return true;
	return false;
}

bool pp_is_planning(const struct pp_asking *a, uint32_t municipality)
{
	for (size_t i = 0; i < a->query->planning_count; i++)
		if (a->planning[i] == municipality)
			return true;
	return false;
}

static int by_municipality(const void *a, const void *b)
{
	uint32_t x = ((const struct pp_neighbour *)a)->municipality;
	uint32_t y = ((const struct pp_neighbour *)b)->municipality;

	return (x > y) - (x < y);
}

const struct pp_neighbour *pp_adjoining(const struct pp_asking *a, uint32_t municipality)
{
	struct pp_neighbour key = { .municipality = municipality };

	if (!a->adjoining_count)
		return NULL;
	return bsearch(&key, a->adjoining, a->adjoining_count, sizeof(key), by_municipality);
}

static bool find_planning(struct pp_asking *a, struct pp_fault *fault)
{
	const struct pp_affected_query *query = a->query;

	if (query->planning_count > PP_PLANNING_MAX)
		return pp_fault(fault, PP_invalid_parameter, "at most %d planning municipalities",
			PP_PLANNING_MAX);
	a->planning = PP_NEW_ARRAY(a->arena, uint32_t, query->planning_count);
	for (size_t i = 0; i < query->planning_count; i++) {
		a->planning[i] = pp_boundaries_find(a->all, query->planning[i]);
		if (a->planning[i] != PP_NOWHERE)
			continue;
		pp_fault(fault, PP_municipality_not_found, "there is no municipality %.*s",
			PP_SHOW(query->planning[i]));
		snprintf(fault->pointer, sizeof(fault->pointer), "/planning_municipalities/%zu", i);
		return false;
	}
	return true;
}

/* One planning municipality has its list ready; of several the lengths are added up. */
static void find_adjoining(struct pp_asking *a)
{
	size_t room = 0, count, kept = 0;
	const struct pp_neighbour *list;

	for (size_t i = 0; i < a->query->planning_count; i++) {
		pp_boundaries_neighbours(a->all, a->planning[i], &count);
		room += count;
	}
	a->adjoining = PP_NEW_ARRAY(a->arena, struct pp_neighbour, room);
	for (size_t i = 0; i < a->query->planning_count; i++) {
		list = pp_boundaries_neighbours(a->all, a->planning[i], &count);
		if (count)
			memcpy(a->adjoining + kept, list, count * sizeof(*list));
		kept += count;
	}
	a->adjoining_count = kept;
	if (a->query->planning_count < 2 || !kept)
		return;
	qsort(a->adjoining, kept, sizeof(*a->adjoining), by_municipality);
	kept = 0;
	for (size_t i = 0; i < a->adjoining_count; i++) {
		struct pp_neighbour *last = &a->adjoining[kept ? kept - 1 : 0];

		if (kept && last->municipality == a->adjoining[i].municipality)
			last->shared_border_m += a->adjoining[i].shared_border_m;
		else
			a->adjoining[kept++] = a->adjoining[i];
	}
	a->adjoining_count = kept;
}

static void add_home(struct pp_asking *a, struct pp_slice land)
{
	if (land.len && !pp_is_home(a, land))
		a->out->home[a->out->home_count++] = land;
}

static void find_home(struct pp_asking *a)
{
	a->out->home = PP_NEW_ARRAY(a->arena, struct pp_slice, PP_LANDS);
	for (size_t i = 0; i < a->query->planning_count; i++)
		add_home(a, a->all->areas[a->planning[i]].about.land);
	if (!a->out->home_count)
		add_home(a, a->query->applicant_land);
}

/* The Land of the largest share; of a plan outside all of them that of the nearest municipality. */
static void find_home_by_share(struct pp_asking *a)
{
	double share[PP_LANDS] = { 0 }, nearest = INFINITY;
	unsigned best = 0, next = 0;

	for (size_t i = 0; i < a->out->count; i++) {
		const struct pp_affected_row *row = &a->out->rows[i];
		unsigned land = pp_land_number(a->all->areas[row->municipality].about.land);

		share[land] += a->has_area ? row->overlap_m2
			: a->has_line      ? row->overlap_m
					   : row->inside;
		if (row->distance_m < nearest) {
			nearest = row->distance_m;
			next = land;
		}
	}
	for (unsigned land = 1; land < PP_LANDS; land++)
		best = share[land] > share[best] ? land : best;
	add_home(a, pp_land_key(best ? best : next));
}

static void end_asking(void *thing)
{
	struct pp_asking *a = thing;

	GEOSGeom_destroy_r(a->all->geo->geos, a->geometry);
	pp_flat_end(&a->flat);
}

static bool begin_asking(struct pp_asking *a, const struct pp_rules *rules, struct pp_fault *fault)
{
	pp_own(a->arena, end_asking, a);
	a->accuracy = a->all->version.accuracy_m;
	if (!find_planning(a, fault))
		return false;
	a->plan = pp_flat_add(&a->flat, a->query->wkb);
	for (uint32_t i = 0; i < a->plan.count; i++) {
		uint8_t kind = pp_shape_run(&a->plan, i)->kind;

		a->has_area = a->has_area || kind == PP_RUN_RING;
		a->has_line = a->has_line || kind == PP_RUN_LINE;
		a->has_point = a->has_point || kind == PP_RUN_POINT;
	}
	for (unsigned land = 0; land < PP_LANDS; land++)
		a->land_distance[land] = INFINITY;
	pp_choose_rules(a, rules);
	find_home(a);
	find_adjoining(a);
	return true;
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

/* Whoever a rule could name: near the plan, or adjoining and not too far, or planning. Each once.
 */
static void find_candidates(const struct pp_asking *a, struct candidates *c)
{
	struct pp_box near = widened(&a->plan.box, fmax(a->reach, a->land_reach) + MARGIN);
	struct pp_box far = widened(&a->plan.box, a->adjoining_reach + MARGIN);
	size_t kept = 0;

	pp_tree_visit(&a->all->tree, &near, add_item, c);
	for (size_t i = 0; i < a->query->planning_count; i++)
		add_candidate(c, a->planning[i]);
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
 * How far it is worth looking for this one. For another Land any distance below the least so far is
 * wanted, but only one municipality has to tell it.
 */
static double bound_of(const struct pp_asking *a, uint32_t municipality)
{
	struct pp_slice land = a->all->areas[municipality].about.land;
	bool adjoins = pp_adjoining(a, municipality);
	double bound = a->reach;

	if (pp_is_planning(a, municipality) || (adjoins && a->all_adjoining))
		return INFINITY;
	if (adjoins)
		bound = fmax(bound, a->adjoining_reach);
	if (!pp_is_home(a, land))
		bound = fmax(bound, fmin(a->land_reach, a->land_distance[pp_land_number(land)]));
	return bound + MARGIN;
}

static void add_row(struct pp_asking *a, uint32_t municipality)
{
	const struct pp_neighbour *neighbour = pp_adjoining(a, municipality);
	struct pp_affected_row *row = &a->out->rows[a->out->count];
	unsigned land = pp_land_number(a->all->areas[municipality].about.land);
	double bound = bound_of(a, municipality), distance;

	/* No rule looks for this one. */
	if (bound < 0)
		return;
	distance = pp_measure_distance(a, municipality, bound);
	if (isinf(distance))
		return;
	*row = (struct pp_affected_row){ .municipality = municipality,
		.distance_m = pp_rounded(distance, MILLI),
		.has_area = a->has_area,
		.has_line = a->has_line,
		.has_point = a->has_point,
		.adjoins = neighbour,
		.shared_border_m = neighbour ? pp_rounded(neighbour->shared_border_m, MILLI) : 0 };
	/* Nobody has a border with itself. */
	row->has_shared_border = a->query->planning_count && !pp_is_planning(a, municipality);
	a->out->count++;
	a->land_distance[land] = fmin(a->land_distance[land], row->distance_m);
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
	double *nearest = &s->a->land_distance[s->land];

	if (pp_land_number(s->a->all->areas[municipality].about.land) == s->land)
		*nearest = fmin(*nearest,
			pp_rounded(pp_measure_distance(s->a, municipality, *nearest), MILLI));
}

/* A Land that adjoining alone has hit may be nearer elsewhere than its municipalities looked at. */
static void sharpen_lands(struct pp_asking *a)
{
	for (unsigned land = 1; land < PP_LANDS; land++) {
		struct sharpening s = { a, land };
		struct pp_box box = widened(&a->plan.box, a->land_distance[land]);

		if (a->land_hit[land] && a->land_distance[land] > a->land_reach)
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

	if (row->distance_m <= a->reach || pp_is_planning(a, row->municipality))
		return true;
	if (row->adjoins && (a->all_adjoining || row->distance_m <= a->adjoining_reach))
		return true;
	return !pp_is_home(a, land) && row->distance_m <= a->land_reach &&
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

bool pp_affected_ask(struct pp_boundaries *all, const struct pp_rules *rules,
	const struct pp_affected_query *query, struct pp_arena *arena, struct pp_affected *out,
	struct pp_fault *fault)
{
	struct pp_asking *a = PP_NEW(arena, struct pp_asking);

	*out = (struct pp_affected){ 0 };
	*a = (struct pp_asking){ .all = all, .query = query, .arena = arena, .out = out };
	if (!begin_asking(a, rules, fault))
		return false;
	find_rows(a);
	for (size_t i = 0; i < out->count; i++)
		if (out->rows[i].distance_m == 0)
			pp_measure_overlap(
				a, &out->rows[i], !pp_is_planning(a, out->rows[i].municipality));
	if (!out->home_count)
		find_home_by_share(a);
	for (size_t i = 0; i < out->count; i++)
		pp_judge_row(a, &out->rows[i]);
	sharpen_lands(a);
	pp_judge_lands(a);
	keep_affected(out);
	return true;
}

bool pp_affected_near(struct pp_boundaries *all, const struct pp_rules *rules,
	const struct pp_affected_query *query, struct pp_arena *arena, struct pp_affected *out,
	struct pp_fault *fault)
{
	struct pp_asking *a = PP_NEW(arena, struct pp_asking);

	*out = (struct pp_affected){ 0 };
	*a = (struct pp_asking){ .all = all, .query = query, .arena = arena, .out = out };
	if (!begin_asking(a, rules, fault))
		return false;
	find_rows(a);
	keep_within_reach(a);
	return true;
}
