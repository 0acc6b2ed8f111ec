/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdlib.h>

#include "areas.h"

#define ADJACENT 0.001 /* metres: contract, Affected */
#define LINE_AT  0.01

/* At most 1 mm between the two: their edges, or one within the other. */
static bool do_adjoin(const struct pp_shape *a, const struct pp_shape *b)
{
	struct pp_xy of_a = pp_run_xy(a->flat, pp_shape_run(a, 0))[0];
	struct pp_xy of_b = pp_run_xy(b->flat, pp_shape_run(b, 0))[0];
	/* Just above the threshold, because a bound is not itself found. */
	double bound = ADJACENT * 1.001;

	return pp_shape_gap(a, b, bound, NULL) <= ADJACENT ||
		pp_shape_contains(b, of_a.x, of_a.y) || pp_shape_contains(a, of_b.x, of_b.y);
}

struct meeting {
	const struct pp_boundaries *all;
	uint32_t i;
	uint32_t *list;
	size_t count, room;
};

static void note_candidate(const struct pp_tree_item *item, void *ctx)
{
	struct meeting *m = ctx;
	uint32_t other = m->all->parts[item->id].municipality;

	if (other == m->i)
		return;
	if (m->count == m->room) {
		m->room = m->room ? 2 * m->room : 64;
		m->list = realloc(m->list, m->room * sizeof(*m->list));
		PP_MUST(m->list);
	}
	m->list[m->count++] = other;
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* Each pair is measured in the same order, so that both sides say the same. */
static struct pp_neighbour measure(const struct pp_boundaries *all, uint32_t i, uint32_t j)
{
	const struct pp_shape *a = &all->areas[i < j ? i : j].shape;
	const struct pp_shape *b = &all->areas[i < j ? j : i].shape;
	double shared = (pp_shape_border_within(a, b, ADJACENT) +
				pp_shape_border_within(b, a, ADJACENT)) /
		2;

	return (struct pp_neighbour){ j, shared > LINE_AT, shared > LINE_AT ? shared : 0.0,
		!pp_slice_is(all->areas[i].about.land, all->areas[j].about.land) };
}

static void find_neighbours(struct pp_boundaries *all, uint32_t i)
{
	struct pp_area *area = &all->areas[i];
	struct meeting m = { .all = all, .i = i };
	struct pp_box box = area->shape.box;

	box.min_x -= ADJACENT;
	box.min_y -= ADJACENT;
	box.max_x += ADJACENT;
	box.max_y += ADJACENT;
	pp_tree_visit(&all->tree, &box, note_candidate, &m);
	if (m.count)
		qsort(m.list, m.count, sizeof(*m.list), by_number);
	area->neighbours = PP_NEW_ARRAY(all->arena, struct pp_neighbour, m.count);
	for (size_t c = 0; c < m.count; c++) {
		uint32_t j = m.list[c];

		if ((c && m.list[c - 1] == j) || !do_adjoin(&area->shape, &all->areas[j].shape))
			continue;
		area->neighbours[area->neighbour_count++] = measure(all, i, j);
	}
	free(m.list);
	area->has_neighbours = true;
}

const struct pp_neighbour *pp_boundaries_neighbours(
	struct pp_boundaries *all, uint32_t i, size_t *count)
{
	PP_MUST(i < all->count);
	if (!all->areas[i].has_neighbours)
		find_neighbours(all, i);
	*count = all->areas[i].neighbour_count;
	return all->areas[i].neighbours;
}
