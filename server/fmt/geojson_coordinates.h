/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * The "coordinates" of one geometry: nested arrays whose meaning is only known once "type" was
 * read, which may come later. They are kept as a run of positions and the lengths of the lists
 * around them, level by level, and become WKB when the type is known.
 */
#include <pp/fmt/wkb.h>

#include "json_text.h"

enum { PP_COORDINATES_DEPTH = 4 }; /* a multipolygon's position lies in four arrays */

struct pp_coordinates {
	struct pp_buf *xy; /* doubles */
	struct pp_buf *lists[PP_COORDINATES_DEPTH -
		1];     /* uint32_t: positions in lists, lists in lists … */
	unsigned shape; /* arrays around a number: 1 a point … 4 a multipolygon; 0 nothing read */
	uint32_t vertices, vertices_max; /* over all geometries of the text */
	bool dropped_z;
	/* Why the last call returned false, and where; PP_no_problem when it was no JSON. */
	enum pp_problem problem;
	const char *what;
	uint32_t fault_index[PP_COORDINATES_DEPTH];
	unsigned fault_depth;
	bool has_position;
	double x, y;
};

void pp_coordinates_begin(struct pp_coordinates *c, struct pp_arena *arena, uint32_t vertices_max);
/* Reads the array that stands next, in the place of what was there. */
PP_CHECKED bool pp_coordinates_read(struct pp_coordinates *c, struct pp_json_text *in);
/* Appends them as a WKB of that type. */
PP_CHECKED bool pp_coordinates_write(
	struct pp_coordinates *c, enum pp_wkb_type type, struct pp_buf *wkb);
