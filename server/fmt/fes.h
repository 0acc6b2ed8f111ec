/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* What the files of the reader of Filter Encoding share. */
#include <pp/fmt/fes.h>

#include "cql2.h"

struct pp_fes_reader {
	struct pp_arena *arena;
	const struct pp_fes_how *how;
	struct pp_fault *fault;
	size_t nodes, vertices;
};

/* Refuses with the place of that element; returns NULL. */
struct pp_filter *pp_fes_wrong(
	struct pp_fes_reader *r, const struct pp_element *at, const char *sentence);
/* A node that begins there; NULL where there are too many. */
struct pp_filter *pp_fes_node(
	struct pp_fes_reader *r, enum pp_filter_kind kind, const struct pp_element *at);
/* An operation of what was read, any of which may be NULL: then so is this. */
struct pp_filter *pp_fes_operation(struct pp_fes_reader *r, enum pp_filter_op op,
	const struct pp_element *at, struct pp_filter *const *operands, size_t count);

/* A value: a property, a literal, a function, a sum and the like. */
struct pp_filter *pp_fes_expression(struct pp_fes_reader *r, const struct pp_element *element);
/* A geometry, or a property that is one. */
struct pp_filter *pp_fes_geometry(struct pp_fes_reader *r, const struct pp_element *element);
/* TimeInstant or TimePeriod, or a property or literal that is one. */
struct pp_filter *pp_fes_time(struct pp_fes_reader *r, const struct pp_element *element);

bool pp_fes_is(const struct pp_element *element, const char *name);
