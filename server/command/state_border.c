/* SPDX-License-Identifier: EUPL-1.2 */
#include "state_border.h"

#include <stdlib.h>

#include <pp/fmt/wkb.h>
#include <pp/geo/crs.h>

#include "files_client.h"

struct stretch {
	struct pp_slice state, name, agz;
};

struct reading {
	struct pp_geo *geo;
	struct pp_arena *arena;
	struct pp_boundaries *all;
	struct stretch *stretches; /* by row of the layer, from 1 */
	bool failed;
	struct pp_fault fault;
};

/* VG250_LI: AGZ 1 is the border of the state, the others lie within it or are coast. */
static bool is_of_state(const struct stretch *stretch)
{
	return !stretch->agz.len || pp_slice_is(stretch->agz, PP_S("1"));
}

static void keep_row(void *ctx, const struct pp_filejob_row *row)
{
	struct reading *reading = ctx;

	if (row->row >= 1 && row->row <= PP_FILEJOB_PLANS_MAX)
		reading->stretches[row->row - 1] = (struct stretch){
			pp_copy(reading->arena, row->cells.at[0]),
			pp_copy(reading->arena, row->cells.at[1]),
			pp_copy(reading->arena, row->cells.at[2]),
		};
}

static void keep_line(void *ctx, const struct pp_filejob_plan *plan)
{
	struct reading *reading = ctx;
	struct pp_state_border border;
	const struct stretch *stretch;
	struct pp_wkb_facts facts;

	if (reading->failed || plan->place < 1 || plan->place > PP_FILEJOB_PLANS_MAX)
		return;
	stretch = &reading->stretches[plan->place - 1];
	if (!is_of_state(stretch))
		return;
	border = (struct pp_state_border){ stretch->state, stretch->name, plan->wkb };
	reading->failed = !pp_wkb_check(plan->wkb, PP_WKB_VERTICES_MAX, &facts, &reading->fault) ||
		!pp_crs_read(reading->geo, reading->arena, (int)plan->epsg, PP_AXES_EAST_NORTH,
			plan->wkb, &border.wkb, &reading->fault) ||
		!pp_boundaries_add_state_border(reading->all, &border, &reading->fault);
}

bool pp_state_border_read(const char *path, struct pp_geo *geo, struct pp_arena *arena,
	struct pp_boundaries *all, struct pp_fault *fault)
{
	struct reading reading = { .geo = geo,
		.arena = arena,
		.all = all,
		.stretches = PP_NEW_ARRAY(arena, struct stretch, PP_FILEJOB_PLANS_MAX) };
	const struct pp_files_answers rows = { .ctx = &reading, .row = keep_row };
	const struct pp_files_answers lines = { .ctx = &reading, .plan = keep_line };
	struct pp_slice columns[] = { PP_S("?state"), PP_S("?name"), PP_S("?agz") };
	struct pp_filejob_table table = { .columns = { PP_LENGTH(columns), columns } };

	/* What the lines are called, then the lines: two jobs on one file, in its order. */
	if (!pp_files_ask_table(path, &table, &rows, fault) ||
		!pp_files_ask_plans(
			path, &(struct pp_filejob_plans){ .plan = PP_S("all") }, &lines, fault))
		return false;
	if (reading.failed) {
		*fault = reading.fault;
		return false;
	}
	return pp_boundaries_state_border_count(all) > 0 ||
		pp_fault(fault, PP_boundaries_unusable, "There is no border of the state in it.");
}
