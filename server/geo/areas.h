/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* A version of the boundaries as this room sees it. */
#include <pp/geo/boundaries.h>

#include "flat.h"

struct pp_area {
	struct pp_municipality about;
	struct pp_shape shape;
	struct pp_neighbour *neighbours;
	size_t neighbour_count;
	bool has_neighbours;
};

/* A polygon of a municipality with its holes: what the tree finds, since a box over exclaves lies.
 */
struct pp_part {
	uint32_t municipality;
	struct pp_shape shape;
};

/* A row of a file before its AGS is united. */
struct pp_raw {
	struct pp_boundary_row row; /* texts in the arena */
	struct pp_buf wkb;
	uint32_t order;
};

struct pp_border {
	struct pp_state_border about;
	struct pp_shape shape;
};

struct pp_below {
	uint32_t parent;
	const struct pp_boundaries *districts;
	struct pp_below *next;
};

struct pp_boundaries {
	struct pp_arena *arena;
	struct pp_geo *geo;
	enum pp_rows_are rows;
	struct pp_boundary_version version;
	struct pp_flat flat;
	struct pp_area *areas; /* by AGS once it stands */
	uint32_t count, room;
	struct pp_part *parts;
	uint32_t part_count;
	struct pp_tree tree; /* of parts */
	struct pp_flat border_flat;
	struct pp_border *borders;
	size_t border_count, border_room;
	struct pp_below *below;
	struct pp_raw *raw;
	uint32_t raw_count, raw_room;
	struct pp_boundary_note *notes;
	size_t note_count, note_room;
};

/* A row becomes a municipality; its texts are the arena's already. */
void pp_boundaries_keep(
	struct pp_boundaries *all, const struct pp_boundary_row *row, struct pp_slice wkb);

/* raw.c: a row of a file is checked and mended, rows of one AGS are united, overlaps judged. */
PP_CHECKED bool pp_raw_add(
	struct pp_boundaries *all, const struct pp_boundary_row *row, struct pp_fault *fault);
PP_CHECKED bool pp_raw_unite(struct pp_boundaries *all, struct pp_fault *fault);
PP_CHECKED bool pp_raw_judge_overlaps(struct pp_boundaries *all, struct pp_fault *fault);
void pp_raw_end(struct pp_boundaries *all);
