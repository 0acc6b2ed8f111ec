/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdlib.h>

#include "areas.h"

static void release(void *thing)
{
	struct pp_boundaries *all = thing;

	pp_raw_end(all);
	pp_tree_end(&all->tree);
	pp_flat_end(&all->flat);
	pp_flat_end(&all->border_flat);
	free(all->borders);
	free(all->areas);
	free(all->parts);
	free(all->notes);
}

struct pp_boundaries *pp_boundaries_begin(struct pp_arena *arena, struct pp_geo *geo,
	enum pp_rows_are rows, const struct pp_boundary_version *version)
{
	struct pp_boundaries *all = PP_NEW(arena, struct pp_boundaries);

	all->arena = arena;
	all->geo = geo;
	all->rows = rows;
	all->version = (struct pp_boundary_version){ pp_copy(arena, version->id),
		pp_copy(arena, version->dataset), pp_copy(arena, version->date),
		version->accuracy_m };
	pp_own(arena, release, all);
	return all;
}

bool pp_boundaries_add(
	struct pp_boundaries *all, const struct pp_boundary_row *row, struct pp_fault *fault)
{
	struct pp_boundary_row kept = { pp_copy(all->arena, row->ags),
		pp_copy(all->arena, row->ars), pp_copy(all->arena, row->name),
		pp_copy(all->arena, row->designation), pp_copy(all->arena, row->kreis),
		row->unincorporated, row->wkb };

	if (!pp_runs_are_rings(row->wkb))
		return pp_fault(fault, PP_geometry_invalid, "%.*s is no area", PP_SHOW(row->ags));
	if (all->rows == PP_ROWS_RAW)
		return pp_raw_add(all, &kept, fault);
	pp_boundaries_keep(all, &kept, row->wkb);
	return true;
}

static struct pp_slice first_of(struct pp_slice s, size_t most)
{
	return pp_slice(s.at, s.len < most ? s.len : most);
}

void pp_boundaries_keep(
	struct pp_boundaries *all, const struct pp_boundary_row *row, struct pp_slice wkb)
{
	struct pp_shape shape = pp_flat_add(&all->flat, wkb);

	if (all->count == all->room) {
		all->room = all->room ? 2 * all->room : 1024;
		all->areas = realloc(all->areas, all->room * sizeof(*all->areas));
		PP_MUST(all->areas);
	}
	all->areas[all->count++] = (struct pp_area){ .shape = shape,
		.about = { .ags = row->ags,
			.ars = row->ars,
			.name = row->name,
			.designation = row->designation,
			.kreis = row->kreis,
			.land = first_of(row->ags, 2),
			.kreis_key = first_of(row->ags, 5),
			.unincorporated = row->unincorporated,
			.area_m2 = pp_shape_area(&shape),
			.min_x = shape.box.min_x,
			.min_y = shape.box.min_y,
			.max_x = shape.box.max_x,
			.max_y = shape.box.max_y } };
}

static int by_ags(const void *a, const void *b)
{
	return pp_slice_order(
		((const struct pp_area *)a)->about.ags, ((const struct pp_area *)b)->about.ags);
}

/* A shell and the holes behind it are a part. */
static void make_parts(struct pp_boundaries *all)
{
	uint32_t shells = 0;

	for (uint32_t r = 0; r < all->flat.run_count; r++)
		shells += !all->flat.runs[r].is_hole;
	all->parts = malloc((shells + 1) * sizeof(*all->parts));
	PP_MUST(all->parts);
	for (uint32_t i = 0; i < all->count; i++) {
		const struct pp_shape *shape = &all->areas[i].shape;

		for (uint32_t r = 0; r < shape->count; r++) {
			const struct pp_run *run = pp_shape_run(shape, r);

			if (!run->is_hole)
				all->parts[all->part_count++] = (struct pp_part){ i,
					{ &all->flat, shape->first + r, 0, run->box } };
			all->parts[all->part_count - 1].shape.count++;
		}
	}
}

static void plant_tree(struct pp_boundaries *all)
{
	struct pp_tree_item *items = malloc((all->part_count + 1) * sizeof(*items));

	PP_MUST(items);
	for (uint32_t i = 0; i < all->part_count; i++)
		items[i] = (struct pp_tree_item){ all->parts[i].shape.box, i };
	pp_tree_make(&all->tree, items, all->part_count);
}

bool pp_boundaries_end(struct pp_boundaries *all, struct pp_fault *fault)
{
	if (all->rows == PP_ROWS_RAW && !pp_raw_unite(all, fault))
		return false;
	qsort(all->areas, all->count, sizeof(*all->areas), by_ags);
	for (uint32_t i = 1; i < all->count; i++)
		if (by_ags(&all->areas[i - 1], &all->areas[i]) == 0)
			return pp_fault(fault, PP_invalid_parameter, "%.*s is there twice",
				PP_SHOW(all->areas[i].about.ags));
	make_parts(all);
	plant_tree(all);
	return all->rows == PP_ROWS_CHECKED || pp_raw_judge_overlaps(all, fault);
}

const struct pp_boundary_note *pp_boundaries_notes(const struct pp_boundaries *all, size_t *count)
{
	*count = all->note_count;
	return all->notes;
}

const struct pp_boundary_version *pp_boundaries_version(const struct pp_boundaries *all)
{
	return &all->version;
}

uint32_t pp_boundaries_count(const struct pp_boundaries *all)
{
	return all->count;
}

uint32_t pp_boundaries_find(const struct pp_boundaries *all, struct pp_slice ags)
{
	uint32_t low = 0, high = all->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int order = pp_slice_order(all->areas[middle].about.ags, ags);

		if (order == 0)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return PP_NOWHERE;
}

const struct pp_municipality *pp_boundaries_at(const struct pp_boundaries *all, uint32_t i)
{
	PP_MUST(i < all->count);
	return &all->areas[i].about;
}

static bool is_line(struct pp_slice wkb)
{
	struct pp_runs runs;
	bool any = false;

	for (pp_runs_begin(&runs, wkb); pp_runs_next(&runs); any = true)
		if (runs.kind != PP_RUN_LINE)
			return false;
	return any;
}

bool pp_boundaries_add_state_border(
	struct pp_boundaries *all, const struct pp_state_border *border, struct pp_fault *fault)
{
	if (!is_line(border->wkb))
		return pp_fault(fault, PP_boundaries_unusable, "a border of the state is a line");
	if (all->border_count == all->border_room) {
		all->border_room = 2 * all->border_room + 16;
		all->borders = realloc(all->borders, all->border_room * sizeof(*all->borders));
		PP_MUST(all->borders);
	}
	all->borders[all->border_count++] = (struct pp_border){
		{ pp_copy(all->arena, border->state), pp_copy(all->arena, border->name),
			pp_copy(all->arena, border->wkb) },
		pp_flat_add(&all->border_flat, border->wkb)
	};
	return true;
}

size_t pp_boundaries_state_border_count(const struct pp_boundaries *all)
{
	return all->border_count;
}

const struct pp_state_border *pp_boundaries_state_border(const struct pp_boundaries *all, size_t i)
{
	PP_MUST(i < all->border_count);
	return &all->borders[i].about;
}

bool pp_boundaries_add_districts(
	struct pp_boundaries *all, struct pp_slice parent, const struct pp_boundaries *districts)
{
	struct pp_below *below = PP_NEW(all->arena, struct pp_below);

	*below = (struct pp_below){ pp_boundaries_find(all, parent), districts, all->below };
	if (below->parent == PP_NOWHERE)
		return false;
	all->below = below;
	return true;
}

static void write_polygon(
	const struct pp_shape *shape, uint32_t from, uint32_t to, struct pp_buf *out)
{
	pp_buf_u8(out, 1);
	pp_buf_u32(out, 3);
	pp_buf_u32(out, to - from);
	for (uint32_t r = from; r < to; r++) {
		const struct pp_run *run = pp_shape_run(shape, r);
		const struct pp_xy *xy = pp_run_xy(shape->flat, run);

		pp_buf_u32(out, run->count);
		for (uint32_t i = 0; i < run->count; i++) {
			pp_buf_f64(out, xy[i].x);
			pp_buf_f64(out, xy[i].y);
		}
	}
}

void pp_boundaries_wkb(const struct pp_boundaries *all, uint32_t i, struct pp_buf *out)
{
	const struct pp_shape *shape;
	uint32_t shells = 0, from = 0;

	PP_MUST(i < all->count);
	shape = &all->areas[i].shape;
	for (uint32_t r = 0; r < shape->count; r++)
		shells += !pp_shape_run(shape, r)->is_hole;
	pp_buf_u8(out, 1);
	pp_buf_u32(out, 6);
	pp_buf_u32(out, shells);
	for (uint32_t r = 1; r <= shape->count; r++)
		if (r == shape->count || !pp_shape_run(shape, r)->is_hole) {
			write_polygon(shape, from, r, out);
			from = r;
		}
}

/* VG250: BEZ of areas without municipality; ARS digits 6 to 9 are the Verband (domain: keys). */
bool pp_boundary_is_unincorporated(struct pp_slice designation, struct pp_slice ars)
{
	return pp_slice_starts(designation, PP_S("Gemeindefreie")) ||
		pp_slice_is(designation, PP_S("Forstgutsbezirk")) ||
		(ars.len == 12 && ars.at[5] == '9');
}
