/* SPDX-License-Identifier: EUPL-1.2 */
#include "job.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <pp/base/clock.h>
#include <pp/base/log.h>
#include <pp/io/admin.h>
#include <pp/io/secret.h>

#include "../process/child.h"
#include "queries.h"
#include "recompute.h"

/* Requests shall not wait for it: two cores, where there are as many. */
enum { WORKERS = 2 };

struct job {
	struct pp_slice id;
	struct pp_admin *db;
	struct pp_arena arena;
	struct pp_recompute what;
};

static bool ask(struct job *job, struct pp_arena *arena, enum pp_query_id id,
	const struct pp_slice *params, struct pp_rows **rows, struct pp_fault *fault)
{
	return pp_admin_query(job->db, arena, &pp_queries[id], params, rows, fault);
}

static bool begin(void *ctx, uint64_t plans, struct pp_fault *fault)
{
	struct job *job = ctx;
	struct pp_slice params[] = { job->id,
		pp_format(&job->arena, "%llu", (unsigned long long)plans) };
	struct pp_rows *rows;

	return ask(job, &job->arena, PP_Q_recomputation_size, params, &rows, fault);
}

static struct pp_slice counts_of(struct pp_arena *arena, const struct pp_recompute_counts *counts)
{
	struct pp_buf *out = pp_buf_make(arena);

	for (int i = 0; i < PP_OUTCOMES; i++)
		pp_buf_format(out, "%s%llu", i ? "," : "{", (unsigned long long)counts->of[i]);
	pp_buf_text(out, "}");
	return pp_buf_all(out);
}

/* Lines of objects become a list of them. */
static struct pp_slice items_of(struct pp_arena *arena, struct pp_slice lines)
{
	struct pp_buf *out = pp_buf_make(arena);

	pp_buf_text(out, "[");
	for (bool first = true; lines.len; first = false) {
		pp_buf_text(out, first ? "" : ",");
		pp_buf_slice(out, pp_slice_cut(lines, '\n', &lines));
	}
	pp_buf_text(out, "]");
	return pp_buf_all(out);
}

/* A batch that is done, in one transaction: whoever goes on later begins behind it. */
static bool step(void *ctx, const struct pp_recompute_step *done, struct pp_fault *fault)
{
	struct job *job = ctx;
	struct pp_arena arena;
	struct pp_rows *rows;
	bool more;

	pp_arena_begin(&arena);
	more = ask(job, &arena, PP_Q_recomputation_step,
		       (struct pp_slice[]){ job->id, counts_of(&arena, &done->counts),
			       items_of(&arena, done->items), done->boundaries, done->rules,
			       done->districts, done->plan },
		       &rows, fault) &&
		pp_slice_is(pp_cell(rows, 0, 0), PP_S("t"));
	pp_arena_end(&arena);
	return more;
}

/* True when it is ours to do. */
static bool take_up(struct job *job, struct pp_fault *fault, bool *good)
{
	struct pp_rows *rows;

	*good = ask(job, &job->arena, PP_Q_recomputation_lock, NULL, &rows, fault);
	/* The lock ends with the connection; who has it is at work on this one. */
	if (!*good || !pp_slice_is(pp_cell(rows, 0, 0), PP_S("t")))
		return false;
	*good = ask(job, &job->arena, PP_Q_recomputation_begin,
		(struct pp_slice[]){ job->id, pp_clock_text(&job->arena, pp_clock_utc()) }, &rows,
		fault);
	if (!*good || rows->rows == 0)
		return false;
	job->what.kind = pp_slice_is(
				 pp_cell(rows, 0, PP_C_recomputation_begin_kind), PP_S("verify"))
		? PP_RECOMPUTE_VERIFY
		: PP_RECOMPUTE_WHAT_IF;
	job->what.rules = pp_cell(rows, 0, PP_C_recomputation_begin_rules);
	job->what.rules_text = pp_cell(rows, 0, PP_C_recomputation_begin_rules_text);
	job->what.boundaries = pp_cell(rows, 0, PP_C_recomputation_begin_boundaries);
	job->what.date = pp_cell(rows, 0, PP_C_recomputation_begin_date);
	job->what.procedures = pp_cell(rows, 0, PP_C_recomputation_begin_procedures);
	/* Plans that are filed meanwhile are not looked at: it has an end. */
	job->what.until = pp_cell(rows, 0, PP_C_recomputation_begin_asked_at);
	job->what.after_boundaries = pp_cell(rows, 0, PP_C_recomputation_begin_after_boundaries);
	job->what.after_rules = pp_cell(rows, 0, PP_C_recomputation_begin_after_rules);
	job->what.after_districts = pp_cell(rows, 0, PP_C_recomputation_begin_after_districts);
	job->what.after_plan = pp_cell(rows, 0, PP_C_recomputation_begin_after_plan);
	return true;
}

/*
 * What cannot be done fails with its reason. What was cut off, by a database that is gone or a
 * worker that died, stays to be gone on with; pp_api.recomputation_begin ends what is cut off again
 * and again.
 */
static bool end(struct job *job, bool done, struct pp_fault *fault)
{
	struct pp_slice reason = done ? pp_slice(NULL, 0) : pp_slice_of(fault->detail);
	struct pp_fault why;
	struct pp_rows *rows;

	if (!done)
		pp_log(PP_WARNING, "recomputation_failed", "%.*s: %s", PP_SHOW(job->id),
			fault->detail);
	if (!done && (fault->problem == PP_database_unavailable || fault->problem == PP_bug))
		return false;
	return ask(job, &job->arena, PP_Q_recomputation_end,
		(struct pp_slice[]){ job->id, reason, pp_clock_text(&job->arena, pp_clock_utc()) },
		&rows, &why);
}

static bool run(struct job *job, struct pp_fault *fault)
{
	const struct pp_recompute_sink sink = { .ctx = job, .begin = begin, .step = step };
	bool good;

	job->db = pp_admin_open(job->what.url, fault);
	if (!job->db)
		return false;
	if (!take_up(job, fault, &good))
		return good;
	good = pp_recompute_run(&job->what, &sink, fault);
	return end(job, good, fault);
}

int pp_recompute_job(const struct pp_config *config, const char *id)
{
	struct job job = { .id = pp_slice_of(id), .what.workers = WORKERS };
	struct pp_fault fault = { 0 };
	bool good;

	pp_log_open("recompute", pp_log_level_named(config->log_level));
	pp_secret_open();
	pp_arena_begin(&job.arena);
	job.what.url = pp_child_database(&job.arena, config, "pp_clerk");
	good = run(&job, &fault);
	if (!good)
		pp_log(PP_WARNING, "recomputation_cut_off", "%s: %s", id, fault.detail);
	pp_admin_close(job.db);
	pp_arena_end(&job.arena);
	return good ? 0 : 1;
}
