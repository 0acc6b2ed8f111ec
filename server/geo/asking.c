/* SPDX-License-Identifier: EUPL-1.2 */
/* A question is made ready: who plans and who adjoins them, the subjects, the plan as it lies. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "asking.h"

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

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

bool pp_is_wanted(const struct pp_asking *a, uint32_t municipality)
{
	return a->wanted_count &&
		bsearch(&municipality, a->wanted, a->wanted_count, sizeof(*a->wanted), by_number);
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

void pp_asking_home_by_share(struct pp_asking *a)
{
	double share[PP_LANDS] = { 0 }, nearest = INFINITY;
	unsigned best = 0, next = 0;

	for (size_t i = 0; i < a->out->count; i++) {
		const struct pp_affected_row *row = &a->out->rows[i];
		unsigned land = pp_land_number(a->all->areas[row->municipality].about.land);

		share[land] += a->plan.has_area ? row->overlap_m2
			: a->plan.has_line      ? row->overlap_m
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

static void begin_figure(struct pp_figure *figure, struct pp_slice wkb)
{
	figure->shape = pp_flat_add(&figure->flat, wkb);
	for (uint32_t i = 0; i < figure->shape.count; i++) {
		uint8_t kind = pp_shape_run(&figure->shape, i)->kind;

		figure->has_area = figure->has_area || kind == PP_RUN_RING;
		figure->has_line = figure->has_line || kind == PP_RUN_LINE;
		figure->has_point = figure->has_point || kind == PP_RUN_POINT;
	}
}

static void want(struct pp_asking *a, uint32_t municipality)
{
	if (a->wanted_count == a->wanted_room) {
		uint32_t *more = PP_NEW_ARRAY(a->arena, uint32_t, 2 * a->wanted_room + 32);

		if (a->wanted_count)
			memcpy(more, a->wanted, a->wanted_count * sizeof(*more));
		a->wanted = more;
		a->wanted_room = 2 * a->wanted_room + 32;
	}
	a->wanted[a->wanted_count++] = municipality;
}

static void want_part(const struct pp_tree_item *item, void *ctx)
{
	struct pp_asking *a = ctx;

	want(a, a->all->parts[item->id].municipality);
}

static bool find_studied(
	struct pp_asking *a, struct pp_asked *asked, size_t place, struct pp_fault *fault)
{
	const struct pp_subject *about = &asked->about;

	asked->study = PP_NEW_ARRAY(a->arena, uint32_t, about->study_count);
	for (size_t i = 0; i < about->study_count; i++) {
		asked->study[i] = pp_boundaries_find(a->all, about->study[i].ags);
		if (asked->study[i] == PP_NOWHERE) {
			pp_fault(fault, PP_municipality_not_found, "there is no municipality %.*s",
				PP_SHOW(about->study[i].ags));
			snprintf(fault->pointer, sizeof(fault->pointer),
				"/subjects/%zu/study/%zu/ags", place, i);
			return false;
		}
		want(a, asked->study[i]);
	}
	return true;
}

/* What no subject says and rules may ask for all the same. */
static void add_derived(const struct pp_asking *a, struct pp_subject *about)
{
	const struct pp_shape *plan = &a->plan.shape;
	uint32_t points = 0;

	for (uint32_t i = 0; i < plan->count; i++)
		points += pp_shape_run(plan, i)->kind == PP_RUN_POINT;
	about->value[PP_PARAM_plan_area_m2] = a->plan.has_area ? pp_shape_area(plan) : 0;
	about->value[PP_PARAM_plan_points] = points;
	about->given |= a->plan.has_area ? 1u << PP_PARAM_plan_area_m2 : 0;
	about->given |= points ? 1u << PP_PARAM_plan_points : 0;
	about->given |= about->catchment.len ? 1u << PP_PARAM_has_catchment : 0;
	pp_subject_complete(about);
}

static bool find_subjects(struct pp_asking *a, struct pp_fault *fault)
{
	size_t count = a->query->subject_count;

	if (count > PP_SUBJECTS_MAX)
		return pp_fault(fault, PP_invalid_parameter, "at most %d subjects of a plan",
			PP_SUBJECTS_MAX);
	a->asked = PP_NEW_ARRAY(a->arena, struct pp_asked, count + 1);
	a->asked_count = count;
	for (size_t i = 0; i < count; i++) {
		struct pp_asked *asked = &a->asked[i];
		struct pp_box box;

		asked->about = a->query->subjects[i];
		add_derived(a, &asked->about);
		if (!find_studied(a, asked, i, fault))
			return false;
		if (!asked->about.catchment.len)
			continue;
		begin_figure(&asked->catchment, asked->about.catchment);
		box = asked->catchment.shape.box;
		box = (struct pp_box){ box.min_x - a->accuracy, box.min_y - a->accuracy,
			box.max_x + a->accuracy, box.max_y + a->accuracy };
		pp_tree_visit(&a->all->tree, &box, want_part, a);
	}
	add_derived(a, &a->asked[count].about);
	if (a->wanted_count)
		qsort(a->wanted, a->wanted_count, sizeof(*a->wanted), by_number);
	return true;
}

static void end_figure(const struct pp_asking *a, struct pp_figure *figure)
{
	GEOSGeom_destroy_r(a->all->geo->geos, figure->geometry);
	pp_flat_end(&figure->flat);
}

static void end_asking(void *thing)
{
	struct pp_asking *a = thing;

	end_figure(a, &a->plan);
	for (size_t i = 0; i < a->asked_count; i++)
		end_figure(a, &a->asked[i].catchment);
}

bool pp_asking_begin(struct pp_asking *a, const struct pp_rules *rules, struct pp_fault *fault)
{
	pp_own(a->arena, end_asking, a);
	a->accuracy = a->all->version.accuracy_m;
	if (!find_planning(a, fault))
		return false;
	begin_figure(&a->plan, a->query->wkb);
	if (!find_subjects(a, fault))
		return false;
	for (unsigned land = 0; land < PP_LANDS; land++)
		a->land_distance[land] = a->land_ground[land] = INFINITY;
	pp_choose_rules(a, rules);
	find_home(a);
	find_adjoining(a);
	return true;
}
