/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* Between the parts of a recomputation: coordinator, worker, comparison. */
#include <pp/io/admin.h>

#include "../process/geometry.h"
#include "recompute.h"

enum { PP_RECOMPUTE_BATCH = 100 };

/* Plans that were stored with one pair of versions. */
struct pp_recompute_pass {
	struct pp_slice boundaries, rules;
	struct pp_slice districts; /* bigint[] */
};

/* Frames between coordinator and worker: after and upto; counts and items. */
void pp_batch_write(struct pp_buf *out, struct pp_slice after, struct pp_slice upto);
PP_CHECKED bool pp_result_read(
	struct pp_slice payload, struct pp_recompute_counts *counts, struct pp_slice *items);

/* The parameters that all queries about plans share; at NULL where there is none. */
struct pp_slice pp_or_null(struct pp_slice value);
struct pp_slice pp_newest(const struct pp_recompute *what);

/* Serves frames until the socket ends, then ends the process. */
_Noreturn void pp_recompute_worker(const struct pp_recompute *what,
	const struct pp_recompute_pass *pass, struct pp_geometry_state *state, int socket);

/* A stored plan and what the engine says of it today. */
struct pp_recomputed {
	const struct pp_recompute *what;
	const struct pp_recompute_pass *pass; /* what it was stored with */
	struct pp_slice plan, no, procedure, number, title, engine, confirmed;
	struct pp_slice stored; /* the engine's bytes, or its content where is_content */
	bool is_content;
	struct pp_slice computed;     /* empty: refused */
	struct pp_slice engine_today; /* its name */
	struct pp_fault refusal;
};

/* Writes the item, where there is one to tell. */
enum pp_outcome pp_recompute_compare(
	struct pp_arena *arena, const struct pp_recomputed *c, struct pp_buf *items);

/*
 * Who is affected in one result and not in the other, as members of the item:
 * ,"added":[…],"removed":[…],"changed":[…],"other_rules":[…]. True where any of them has an
 * element.
 */
bool pp_recompute_diff(struct pp_arena *arena, struct pp_slice stored, struct pp_slice computed,
	struct pp_buf *out);
/* Whether two JSON texts say the same, numbers by value; the member "engine" is left out. */
bool pp_recompute_says_same(
	struct pp_arena *arena, struct pp_slice stored, struct pp_slice computed);
