/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Which features somebody wants: the one translation of the tree of filters (pp/fmt/filter.h) into
 * a condition of SQL, whatever language the filter came in. The condition consists of texts of
 * sql/feature.def and names of the collection's own columns; every literal is bound, all of them in
 * one array, so that a filter has one parameter however long its lists are.
 */
#include <pp/feature/crs.h>
#include <pp/fmt/filter.h>

enum { PP_WHERE_VALUES = 1000, PP_WHERE_AGAIN_VALUES = 16000 };

struct pp_where {
	/* What is filtered, and how coordinates of the filter are to be read. */
	struct pp_arena *arena;
	struct pp_geo *geo;
	const struct pp_collection *collection;
	int crs;
	enum pp_axes axes;
	/* What was made: empty before. */
	struct pp_buf *sql;   /* with holes, NUL-terminated */
	struct pp_buf *again; /* what was asked before (pp_where_again), in the same way */
	bool moves; /* what it finds is another on another day, though no row has changed */
	struct pp_slice values; /* of both: an array of texts in PostgreSQL's form, NUL behind it */
	/* While it is made */
	struct pp_buf *list;
	size_t count;
};

enum { PP_FUNCTION_OPERANDS = 2 };

/* A function that filters may call, and what it is called with and gives: sets of pp_filter_is. */
struct pp_function {
	const char *name;
	size_t count;
	unsigned takes[PP_FUNCTION_OPERANDS], gives;
	const char *sql; /* for the translation */
	const char *de, *en;
};
const struct pp_function *pp_functions(size_t *count);

/* An empty one, which reads coordinates of the filter as they are stored. */
struct pp_where *pp_where_make(
	struct pp_arena *arena, struct pp_geo *geo, const struct pp_collection *collection);

/*
 * Adds a condition that has to hold, settled for the collection (pp_filter_settle), with those that
 * are there already. A geometry that names a CRS itself is read in that one. `text` is where the
 * filter's places lie; empty: it was JSON. Refuses, with the place, with filter_property_unknown
 * (of a function as well), with filter_type_wrong where an operand is of a kind that the operator
 * does not take, and with filter_invalid for geometries that are none, lie elsewhere or name a CRS
 * that is not offered, and for more than PP_WHERE_VALUES literals.
 */
PP_CHECKED bool pp_where_add(struct pp_where *where, struct pp_filter *filter, struct pp_slice text,
	struct pp_fault *fault);

/*
 * Says which features somebody has been shown already, in the same answer: those of that filter as
 * well; NULL: all. They are found as before, and marked. After the conditions; of filters that were
 * added to a condition before, so nothing is wrong in them, and there may be more literals:
 * PP_WHERE_AGAIN_VALUES.
 */
PP_CHECKED bool pp_where_again(struct pp_where *where, struct pp_filter *filter,
	struct pp_slice text, struct pp_fault *fault);
