/* SPDX-License-Identifier: EUPL-1.2 */
#include "geometry_load.h"

#include <stdlib.h>

#include "queries.h"

static bool ask(struct pp_admin *db, struct pp_arena *arena, enum pp_query_id id,
	struct pp_slice version, struct pp_rows **rows, struct pp_fault *fault)
{
	return pp_admin_query(db, arena, &pp_queries[id], &version, rows, fault);
}

static double number_of(struct pp_arena *arena, struct pp_slice text)
{
	char *end;

	return strtod(pp_text(arena, text), &end);
}

static bool load_version(struct pp_geometry_state *state, struct pp_admin *db,
	struct pp_arena *arena, struct pp_slice boundaries, struct pp_fault *fault)
{
	struct pp_boundary_version version;
	struct pp_rows *rows;

	if (!ask(db, arena, PP_Q_geometry_version, boundaries, &rows, fault))
		return false;
	if (rows->rows == 0)
		return pp_fault(fault, PP_dataset_missing, "there is no boundary version %.*s",
			PP_SHOW(boundaries));
	version = (struct pp_boundary_version){
		.id = pp_cell(rows, 0, PP_C_geometry_version_id),
		.dataset = pp_cell(rows, 0, PP_C_geometry_version_dataset),
		.date = pp_cell(rows, 0, PP_C_geometry_version_dataset_date),
		.accuracy_m = number_of(arena, pp_cell(rows, 0, PP_C_geometry_version_accuracy_m)),
	};
	pp_geometry_version(state, &version, PP_S(""));
	return true;
}

static bool load_areas(struct pp_boundaries *into, struct pp_admin *db, struct pp_arena *arena,
	struct pp_slice version, struct pp_fault *fault)
{
	struct pp_rows *rows;

	if (!ask(db, arena, PP_Q_geometry_municipalities, version, &rows, fault))
		return false;
	for (size_t i = 0; i < rows->rows; i++) {
		struct pp_boundary_row row = {
			.ags = pp_cell(rows, i, 0),
			.ars = pp_cell(rows, i, 1),
			.name = pp_cell(rows, i, 2),
			.designation = pp_cell(rows, i, 3),
			.kreis = pp_cell(rows, i, 4),
			.unincorporated = pp_slice_is(pp_cell(rows, i, 5), PP_S("t")),
			.wkb = pp_cell(rows, i, 6),
		};

		if (!pp_boundaries_add(into, &row, fault))
			return false;
	}
	return true;
}

static bool load_municipalities(struct pp_geometry_state *state, struct pp_admin *db,
	struct pp_arena *arena, struct pp_slice boundaries, struct pp_fault *fault)
{
	return load_areas(state->boundaries, db, arena, boundaries, fault);
}

static bool load_state_borders(struct pp_geometry_state *state, struct pp_admin *db,
	struct pp_arena *arena, struct pp_slice boundaries, struct pp_fault *fault)
{
	struct pp_rows *rows;

	if (!ask(db, arena, PP_Q_geometry_state_borders, boundaries, &rows, fault))
		return false;
	for (size_t i = 0; i < rows->rows; i++) {
		struct pp_state_border border = { pp_cell(rows, i, 0), pp_cell(rows, i, 1),
			pp_cell(rows, i, 2) };

		if (!pp_boundaries_add_state_border(state->boundaries, &border, fault))
			return false;
	}
	return true;
}

static bool load_district(struct pp_geometry_state *state, struct pp_admin *db,
	struct pp_arena *arena, const struct pp_rows *rows, size_t i, struct pp_fault *fault)
{
	const struct pp_boundary_version version = {
		.id = pp_cell(rows, i, PP_C_geometry_districts_id),
		.dataset = pp_cell(rows, i, PP_C_geometry_districts_dataset),
		.date = pp_cell(rows, i, PP_C_geometry_districts_dataset_date),
		.accuracy_m = number_of(
			arena, pp_cell(rows, i, PP_C_geometry_districts_accuracy_m)),
	};
	struct pp_boundaries *districts = pp_geometry_districts(state, &version);

	return load_areas(districts, db, arena, version.id, fault) &&
		pp_geometry_districts_loaded(
			state, districts, pp_cell(rows, i, PP_C_geometry_districts_parent), fault);
}

static bool load_districts(struct pp_geometry_state *state, struct pp_admin *db,
	struct pp_slice boundaries, struct pp_slice districts, struct pp_fault *fault)
{
	struct pp_slice params[] = { boundaries, districts };
	struct pp_buf *ids = pp_buf_make(&state->arena);
	struct pp_arena arena;
	struct pp_rows *rows;
	bool loaded;

	pp_arena_begin(&arena);
	loaded = pp_admin_query(
		db, &arena, &pp_queries[PP_Q_geometry_districts], params, &rows, fault);
	pp_buf_text(ids, "{");
	for (size_t i = 0; loaded && i < rows->rows; i++) {
		pp_buf_text(ids, i ? "," : "");
		pp_buf_slice(ids, pp_cell(rows, i, PP_C_geometry_districts_id));
		loaded = load_district(state, db, &arena, rows, i, fault);
	}
	pp_buf_text(ids, "}");
	state->districts = pp_buf_all(ids);
	pp_arena_end(&arena);
	return loaded;
}

static bool load_rules(struct pp_geometry_state *state, struct pp_admin *db, struct pp_arena *arena,
	struct pp_slice rules, struct pp_fault *fault)
{
	struct pp_rows *rows;

	if (!ask(db, arena, PP_Q_geometry_rules, rules, &rows, fault))
		return false;
	if (rows->rows == 0)
		return pp_fault(
			fault, PP_dataset_missing, "there is no rule version %.*s", PP_SHOW(rules));
	state->rules.id = pp_copy(&state->arena, rules);
	for (size_t i = 0; i < rows->rows; i++)
		if (!pp_geometry_rule(state, &rows->cells[i * rows->columns], fault))
			return false;
	return true;
}

/* What the database sent is let go before the next is asked for: it is as large as what is kept. */
typedef bool load_part(struct pp_geometry_state *state, struct pp_admin *db, struct pp_arena *arena,
	struct pp_slice version, struct pp_fault *fault);

static bool load(struct pp_geometry_state *state, struct pp_admin *db, load_part *part,
	struct pp_slice version, struct pp_fault *fault)
{
	struct pp_arena arena;
	bool loaded;

	pp_arena_begin(&arena);
	loaded = part(state, db, &arena, version, fault);
	pp_arena_end(&arena);
	return loaded;
}

bool pp_geometry_load_boundaries(struct pp_geometry_state *state, struct pp_admin *db,
	struct pp_slice boundaries, struct pp_slice districts, struct pp_fault *fault)
{
	return load(state, db, load_version, boundaries, fault) &&
		load(state, db, load_municipalities, boundaries, fault) &&
		load(state, db, load_state_borders, boundaries, fault) &&
		pp_geometry_loaded(state, fault) &&
		load_districts(state, db, boundaries, districts, fault);
}

bool pp_geometry_load(struct pp_geometry_state *state, struct pp_admin *db,
	struct pp_slice boundaries, struct pp_slice districts, struct pp_slice rules,
	struct pp_fault *fault)
{
	return pp_geometry_load_boundaries(state, db, boundaries, districts, fault) &&
		load(state, db, load_rules, rules, fault);
}
