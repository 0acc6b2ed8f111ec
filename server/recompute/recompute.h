/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Recomputation: what the engine says today of stored plans, compared with what is on record. It
 * reads; nothing that was found, decided or confirmed is changed by it. Two kinds:
 *
 * - verify: with the versions, the day and the query that a plan was stored with. The bytes must be
 *   those that were stored.
 * - what-if: with other rules or boundaries, or on another day; tells per procedure who would be
 *   affected besides, no longer, or otherwise.
 *
 * A coordinator loads boundaries and rules once and bears workers by fork, which share them (like
 * file jobs: docs/decisions/0003). Plans go to them in batches after a key, so that memory does not
 * grow with their number; what comes back is handed on in the order of the plans.
 */
#include <pp/base/buf.h>
#include <pp/base/problem.h>

enum { PP_RECOMPUTE_WORKERS_MOST = 16 };

enum pp_recompute_kind { PP_RECOMPUTE_VERIFY, PP_RECOMPUTE_WHAT_IF };

struct pp_recompute {
	enum pp_recompute_kind kind;
	struct pp_slice boundaries; /* a version, empty: each plan's own */
	struct pp_slice rules;      /* a version, empty: each plan's own */
	struct pp_slice rules_text; /* instead of a version */
	struct pp_slice date;       /* whose rules; empty: each plan's own */
	struct pp_slice procedures; /* PostgreSQL's uuid[]; at NULL: all */
	struct pp_slice plan;       /* at NULL: all */
	struct pp_slice until;      /* only plans filed by then; at NULL: all */
	bool tells_all;             /* what is the same is an item, too */
	unsigned workers;
	const char *url; /* of the database */
	/* Where an earlier run had come to: versions of its pass and the last plan; empty: begin.
	 */
	struct pp_slice after_boundaries, after_rules, after_districts, after_plan;
};

/* How plans came out. */
enum pp_outcome {
	PP_OUTCOME_SAME,        /* byte for byte; of a what-if: nobody else, by the same rules */
	PP_OUTCOME_ENGINE_NAME, /* but for the name of the engine */
	PP_OUTCOME_CONTENT,     /* stored before bytes were kept; equal field by field */
	PP_OUTCOME_DIFFERENT,
	PP_OUTCOME_REFUSED, /* the engine refuses, as where a municipality is no more */
	PP_OUTCOMES
};
extern const char *const pp_outcome_names[PP_OUTCOMES];

struct pp_recompute_counts {
	uint64_t of[PP_OUTCOMES];
};
uint64_t pp_recompute_sum(const struct pp_recompute_counts *counts);

/* One batch, in the order of the plans. */
struct pp_recompute_step {
	struct pp_recompute_counts counts;
	struct pp_slice boundaries, rules, districts,
		plan;          /* how far all is done: pass and last plan */
	struct pp_slice items; /* JSON objects, each followed by a newline */
};

struct pp_recompute_sink {
	void *ctx;
	/* So many plans there are; called once. False and a fault ends the run. */
	bool (*begin)(void *ctx, uint64_t plans, struct pp_fault *fault);
	/* False and PP_no_problem: enough. */
	bool (*step)(void *ctx, const struct pp_recompute_step *step, struct pp_fault *fault);
};

/* False and a fault where it could not go on; what was handed on before stands. */
PP_CHECKED bool pp_recompute_run(const struct pp_recompute *what,
	const struct pp_recompute_sink *sink, struct pp_fault *fault);
