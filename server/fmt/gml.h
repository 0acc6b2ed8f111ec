/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* What the files of the reader of GML share. */
#include <pp/fmt/gml.h>

#include "cql2.h"

struct pp_gml_reader {
	struct pp_arena *arena;
	const struct pp_gml_how *how;
	struct pp_gml *out;
	struct pp_fault *fault;
	size_t vertices;
};

/* Refuses with the place of that element; returns false. */
bool pp_gml_wrong(struct pp_gml_reader *r, const struct pp_element *at, enum pp_problem problem,
	const char *sentence);
/* Looks at srsName; false where it is another one than that of the whole. */
bool pp_gml_srs(struct pp_gml_reader *r, const struct pp_element *element);
/*
 * Adds the positions that stand directly in the element, x and y of each, to a list of pairs of
 * doubles, in whatever spelling; false where there are none or they cannot be read.
 */
bool pp_gml_positions(
	struct pp_gml_reader *r, const struct pp_element *element, struct pp_cql2_list *positions);
