/* SPDX-License-Identifier: EUPL-1.2 */
#include <math.h>
#include <stdlib.h>

#include "flat.h"

static int by_x(const void *a, const void *b)
{
	const struct pp_box *p = &((const struct pp_tree_item *)a)->box;
	const struct pp_box *q = &((const struct pp_tree_item *)b)->box;
	double x = p->min_x + p->max_x, y = q->min_x + q->max_x;

	return (x > y) - (x < y);
}

static int by_y(const void *a, const void *b)
{
	const struct pp_box *p = &((const struct pp_tree_item *)a)->box;
	const struct pp_box *q = &((const struct pp_tree_item *)b)->box;
	double x = p->min_y + p->max_y, y = q->min_y + q->max_y;

	return (x > y) - (x < y);
}

static void widen(struct pp_box *box, const struct pp_box *by)
{
	box->min_x = fmin(box->min_x, by->min_x);
	box->min_y = fmin(box->min_y, by->min_y);
	box->max_x = fmax(box->max_x, by->max_x);
	box->max_y = fmax(box->max_y, by->max_y);
}

static uint32_t nodes_over(uint32_t count)
{
	return (count + PP_NODE - 1) / PP_NODE;
}

/* Upright strips of whole leaves, each sorted from south to north. */
static void tile(struct pp_tree_item *items, uint32_t count)
{
	uint32_t leaves = nodes_over(count);
	uint32_t strip = (uint32_t)ceil(sqrt(leaves)) * PP_NODE;

	qsort(items, count, sizeof(*items), by_x);
	for (uint32_t from = 0; from < count; from += strip)
		qsort(items + from, count - from < strip ? count - from : strip, sizeof(*items),
			by_y);
}

/* Level after level into one array, the root last. */
void pp_tree_make(struct pp_tree *tree, struct pp_tree_item *items, uint32_t count)
{
	uint32_t below, first = 0;

	*tree = (struct pp_tree){ .items = items, .item_count = count };
	if (!count)
		return;
	tile(items, count);
	for (below = count; below > 1 || !tree->node_count; below = nodes_over(below))
		tree->node_count += nodes_over(below);
	tree->nodes = malloc(tree->node_count * sizeof(*tree->nodes));
	PP_MUST(tree->nodes);
	for (uint32_t i = 0; i < tree->node_count; i++)
		tree->nodes[i] = (struct pp_box){ INFINITY, INFINITY, -INFINITY, -INFINITY };
	for (uint32_t i = 0; i < count; i++)
		widen(&tree->nodes[i / PP_NODE], &items[i].box);
	for (below = nodes_over(count); below > 1; below = nodes_over(below)) {
		for (uint32_t i = 0; i < below; i++)
			widen(&tree->nodes[first + below + i / PP_NODE], &tree->nodes[first + i]);
		first += below;
	}
}

void pp_tree_end(struct pp_tree *tree)
{
	free(tree->items);
	free(tree->nodes);
	*tree = (struct pp_tree){ 0 };
}

struct walk {
	const struct pp_tree *tree;
	const struct pp_box *box;
	void (*visit)(const struct pp_tree_item *item, void *ctx);
	void *ctx;
};

/* A node of the level that begins at `first`; *below is how many nodes the level under it has. */
static void visit_node(const struct walk *w, uint32_t first, uint32_t i, const uint32_t *below)
{
	const struct pp_tree *tree = w->tree;

	if (!pp_box_meets(&tree->nodes[first + i], w->box, 0))
		return;
	for (uint32_t c = i * PP_NODE; c < (i + 1) * PP_NODE && c < *below; c++) {
		if (first)
			visit_node(w, first - *below, c, below - 1);
		else if (pp_box_meets(&tree->items[c].box, w->box, 0))
			w->visit(&tree->items[c], w->ctx);
	}
}

void pp_tree_visit(const struct pp_tree *tree, const struct pp_box *box,
	void (*visit)(const struct pp_tree_item *item, void *ctx), void *ctx)
{
	struct walk w = { tree, box, visit, ctx };
	uint32_t counts[10] = { tree->item_count }; /* items, leaves … up to the root */
	unsigned levels = 1;

	if (!tree->item_count)
		return;
	while (counts[levels - 1] > 1 || levels == 1) {
		counts[levels] = nodes_over(counts[levels - 1]);
		levels++;
	}
	visit_node(&w, tree->node_count - 1, 0, &counts[levels - 2]);
}
