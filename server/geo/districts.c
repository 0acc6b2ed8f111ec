/* SPDX-License-Identifier: EUPL-1.2 */
/* Hamburg is one municipality: below it the Bezirke say whose office is meant. */
#include <math.h>
#include <stdlib.h>

#include "asking.h"

#define MILLI 1000

/* With every planning municipality; those in whose own area the plan is made have none. */
static double shared_border(
	const struct pp_asking *a, const struct pp_shape *district, double within)
{
	double sum = 0;

	for (size_t i = 0; i < a->query->planning_count; i++)
		sum += pp_shape_border_within(
			district, &a->all->areas[a->planning[i]].shape, within);
	return pp_rounded(sum, MILLI);
}

static int by_distance(const void *x, const void *y)
{
	const struct pp_district *a = x, *b = y;

	if (a->distance_m != b->distance_m)
		return a->distance_m < b->distance_m ? -1 : 1;
	return pp_slice_order(a->body, b->body);
}

/* The nearest, those that may be as near, and those at the border of who plans. */
static void keep_districts(struct pp_affected_row *row, double within)
{
	size_t kept = 0;

	qsort(row->districts, row->district_count, sizeof(*row->districts), by_distance);
	for (size_t i = 0; i < row->district_count; i++)
		if (row->districts[i].distance_m <= row->districts[0].distance_m + within ||
			row->districts[i].shared_border_m > 0)
			row->districts[kept++] = row->districts[i];
	row->district_count = kept;
}

static void find_districts(
	const struct pp_asking *a, struct pp_affected_row *row, const struct pp_boundaries *below)
{
	bool has_border = a->query->planning_count && !pp_is_planning(a, row->municipality);
	double within = fmax(a->accuracy, below->version.accuracy_m);

	row->districts = PP_NEW_ARRAY(a->arena, struct pp_district, below->count);
	for (uint32_t i = 0; i < below->count; i++) {
		const struct pp_area *area = &below->areas[i];
		double distance = pp_measure_distance(&a->plan, &area->shape, INFINITY, NULL);

		row->districts[row->district_count++] = (struct pp_district){
			.body = area->about.ags,
			.name = area->about.name,
			.distance_m = pp_rounded(distance, MILLI),
			.has_shared_border = has_border,
			.shared_border_m = has_border ? shared_border(a, &area->shape, within) : 0,
		};
	}
	if (row->district_count)
		keep_districts(row, within);
}

void pp_find_districts(struct pp_asking *a)
{
	for (size_t i = 0; i < a->out->count; i++)
		for (const struct pp_below *b = a->all->below; b; b = b->next)
			if (b->parent == a->out->rows[i].municipality)
				find_districts(a, &a->out->rows[i], b->districts);
}
