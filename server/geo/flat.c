/* SPDX-License-Identifier: EUPL-1.2 */
#include "flat.h"

#include <math.h>
#include <stdlib.h>

static void *grow(void *list, uint32_t *room, uint32_t need, size_t size)
{
	uint32_t more = *room ? *room : 64;

	if (need <= *room)
		return list;
	while (more < need)
		more += more / 2;
	list = realloc(list, (size_t)more * size);
	PP_MUST(list);
	*room = more;
	return list;
}

void pp_flat_end(struct pp_flat *flat)
{
	free(flat->xy);
	free(flat->boxes);
	free(flat->runs);
	*flat = (struct pp_flat){ 0 };
}

void pp_run_levels(const struct pp_run *run, struct pp_levels *levels)
{
	uint32_t count = pp_run_segments(run), first = run->boxes;

	for (levels->top = 0;; levels->top++) {
		PP_MUST(levels->top < PP_LEVELS);
		count = (count + PP_FANOUT - 1) / PP_FANOUT;
		levels->first[levels->top] = first;
		levels->count[levels->top] = count;
		first += count;
		if (count == 1)
			return;
	}
}

static void widen(struct pp_box *box, const struct pp_box *by)
{
	box->min_x = by->min_x < box->min_x ? by->min_x : box->min_x;
	box->min_y = by->min_y < box->min_y ? by->min_y : box->min_y;
	box->max_x = by->max_x > box->max_x ? by->max_x : box->max_x;
	box->max_y = by->max_y > box->max_y ? by->max_y : box->max_y;
}

static const struct pp_box nothing = { INFINITY, INFINITY, -INFINITY, -INFINITY };

/* Eight segments have nine vertices. */
static struct pp_box leaf_box(const struct pp_xy *xy, uint32_t count, uint32_t leaf)
{
	uint32_t from = leaf * PP_FANOUT, to = from + PP_FANOUT;
	struct pp_box box = nothing;

	if (to > count - 1)
		to = count - 1;
	for (uint32_t i = from; i <= to; i++)
		widen(&box, &(struct pp_box){ xy[i].x, xy[i].y, xy[i].x, xy[i].y });
	return box;
}

static void add_boxes(struct pp_flat *flat, struct pp_run *run)
{
	struct pp_levels levels;
	uint32_t last;

	run->boxes = flat->box_count;
	pp_run_levels(run, &levels);
	last = levels.first[levels.top] + 1;
	flat->boxes = grow(flat->boxes, &flat->box_room, last, sizeof(*flat->boxes));
	flat->box_count = last;
	for (uint32_t i = 0; i < levels.count[0]; i++)
		flat->boxes[levels.first[0] + i] = leaf_box(pp_run_xy(flat, run), run->count, i);
	for (unsigned l = 1; l <= levels.top; l++)
		for (uint32_t i = 0; i < levels.count[l - 1]; i++) {
			struct pp_box *above = &flat->boxes[levels.first[l] + i / PP_FANOUT];

			if (i % PP_FANOUT == 0)
				*above = nothing;
			widen(above, &flat->boxes[levels.first[l - 1] + i]);
		}
	run->box = flat->boxes[last - 1];
}

/* Twice the signed area, seen from the first vertex: differences of coordinates lose nothing. */
static double twice_area(const struct pp_xy *xy, uint32_t count)
{
	double sum = 0;

	for (uint32_t i = 1; i + 1 < count; i++)
		sum += (xy[i].x - xy[0].x) * (xy[i + 1].y - xy[0].y) -
			(xy[i + 1].x - xy[0].x) * (xy[i].y - xy[0].y);
	return sum;
}

static void turn(struct pp_xy *xy, uint32_t count)
{
	for (uint32_t i = 0, j = count - 1; i < j; i++, j--) {
		struct pp_xy kept = xy[i];

		xy[i] = xy[j];
		xy[j] = kept;
	}
}

static void add_run(struct pp_flat *flat, const struct pp_runs *from)
{
	struct pp_run run = { .first = flat->vertex_count,
		.kind = (uint8_t)from->kind,
		.is_hole = from->kind == PP_RUN_RING && from->is_hole };
	struct pp_xy *xy;

	flat->xy = grow(
		flat->xy, &flat->vertex_room, flat->vertex_count + from->count, sizeof(*flat->xy));
	xy = flat->xy + run.first;
	for (uint32_t i = 0; i < from->count; i++) {
		struct pp_xy next = { pp_runs_x(from, i), pp_runs_y(from, i) };

		if (!run.count || next.x != xy[run.count - 1].x || next.y != xy[run.count - 1].y)
			xy[run.count++] = next;
	}
	if (from->kind == PP_RUN_RING && (twice_area(xy, run.count) < 0) != run.is_hole)
		turn(xy, run.count);
	flat->vertex_count += run.count;
	add_boxes(flat, &run);
	flat->runs = grow(flat->runs, &flat->run_room, flat->run_count + 1, sizeof(*flat->runs));
	flat->runs[flat->run_count++] = run;
}

struct pp_shape pp_flat_add(struct pp_flat *flat, struct pp_slice wkb)
{
	struct pp_shape shape = { .flat = flat, .first = flat->run_count, .box = nothing };
	struct pp_runs runs;

	for (pp_runs_begin(&runs, wkb); pp_runs_next(&runs);) {
		add_run(flat, &runs);
		widen(&shape.box, &flat->runs[flat->run_count - 1].box);
	}
	shape.count = flat->run_count - shape.first;
	return shape;
}

double pp_shape_area(const struct pp_shape *shape)
{
	double sum = 0;

	/* Holes turn the other way, so their area is negative. */
	for (uint32_t i = 0; i < shape->count; i++) {
		const struct pp_run *run = pp_shape_run(shape, i);

		if (run->kind == PP_RUN_RING)
			sum += twice_area(pp_run_xy(shape->flat, run), run->count);
	}
	return sum / 2;
}

/* Counting the edges that a ray towards east crosses: one ring, from a box downwards. */
struct ray {
	const struct pp_flat *flat;
	const struct pp_xy *xy;
	struct pp_levels levels;
	uint32_t segments;
	double x, y;
};

static bool crosses(const struct ray *ray, uint32_t i)
{
	struct pp_xy a = ray->xy[i], b = ray->xy[i + 1];

	return (a.y > ray->y) != (b.y > ray->y) &&
		ray->x < a.x + (ray->y - a.y) / (b.y - a.y) * (b.x - a.x);
}

static bool is_odd(const struct ray *ray, unsigned level, uint32_t i)
{
	const struct pp_box *box = &ray->flat->boxes[ray->levels.first[level] + i];
	uint32_t span = 1, from, to;
	bool odd = false;

	if (ray->y < box->min_y || ray->y >= box->max_y || ray->x >= box->max_x)
		return false;
	for (unsigned l = 0; l <= level; l++)
		span *= PP_FANOUT;
	from = i * span;
	to = ray->segments - from < span ? ray->segments : from + span;
	/* All of it lies ahead: only where the chain begins and ends matters. */
	if (ray->x < box->min_x)
		return (ray->xy[from].y > ray->y) != (ray->xy[to].y > ray->y);
	if (level == 0) {
		for (uint32_t s = from; s < to; s++)
			odd ^= crosses(ray, s);
		return odd;
	}
	for (uint32_t c = i * PP_FANOUT;
		c < (i + 1) * PP_FANOUT && c < ray->levels.count[level - 1]; c++)
		odd ^= is_odd(ray, level - 1, c);
	return odd;
}

bool pp_shape_contains(const struct pp_shape *shape, double x, double y)
{
	bool inside = false;

	if (x < shape->box.min_x || x > shape->box.max_x || y < shape->box.min_y ||
		y > shape->box.max_y)
		return false;
	for (uint32_t i = 0; i < shape->count; i++) {
		const struct pp_run *run = pp_shape_run(shape, i);
		struct ray ray = { .flat = shape->flat,
			.xy = pp_run_xy(shape->flat, run),
			.segments = pp_run_segments(run),
			.x = x,
			.y = y };

		if (run->kind != PP_RUN_RING || y < run->box.min_y || y >= run->box.max_y ||
			x >= run->box.max_x)
			continue;
		pp_run_levels(run, &ray.levels);
		inside ^= is_odd(&ray, ray.levels.top, 0);
	}
	return inside;
}

struct crossings {
	double y;
	double *x;
	size_t count, room;
};

static bool note_crossing(const struct pp_xy *a, const struct pp_xy *b, void *ctx)
{
	struct crossings *all = ctx;

	if ((a->y > all->y) == (b->y > all->y))
		return true;
	if (all->count == all->room) {
		all->room = all->room ? 2 * all->room : 64;
		all->x = realloc(all->x, all->room * sizeof(*all->x));
		PP_MUST(all->x);
	}
	all->x[all->count++] = a->x + (all->y - a->y) / (b->y - a->y) * (b->x - a->x);
	return true;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

struct pp_xy pp_shape_inner_point(const struct pp_shape *shape)
{
	struct pp_xy best = { NAN, NAN };
	double width = -1;

	/* The widest stretch on some lines from west to east, none of them through the middle
	 * exactly. */
	for (int line = 1; line < 8; line++) {
		struct crossings all = { .y = shape->box.min_y +
				(shape->box.max_y - shape->box.min_y) * (line / 8.0 + 0.0123) };

		pp_shape_segments(shape,
			&(struct pp_box){ shape->box.min_x, all.y, shape->box.max_x, all.y },
			note_crossing, &all);
		if (all.count)
			qsort(all.x, all.count, sizeof(*all.x), by_value);
		for (size_t i = 0; i + 1 < all.count; i += 2)
			if (all.x[i + 1] - all.x[i] > width) {
				width = all.x[i + 1] - all.x[i];
				best = (struct pp_xy){ (all.x[i] + all.x[i + 1]) / 2, all.y };
			}
		free(all.x);
	}
	return best;
}
