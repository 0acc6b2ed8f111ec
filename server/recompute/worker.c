/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A worker of a recomputation: it was born with boundaries and rules in memory, reads its batches
 * of plans from the database one row after the other, and asks the engine as a filed plan does: by
 * the very frame that a web worker sends.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <pp/core/subjects.h>
#include <pp/fmt/json.h>
#include <pp/io/secret.h>
#include <pp/io/worker.h>

#include "queries.h"
#include "inner.h"

struct worker {
	const struct pp_recompute *what;
	const struct pp_recompute_pass *pass;
	struct pp_geometry_state *state;
	struct pp_admin *db;
	struct pp_recompute_counts counts;
	struct pp_buf items;
};

void pp_batch_write(struct pp_buf *out, struct pp_slice after, struct pp_slice upto)
{
	pp_buf_bytes(out, after);
	pp_buf_bytes(out, upto);
}

static bool read_batch(struct pp_slice payload, struct pp_slice *after, struct pp_slice *upto)
{
	struct pp_scan scan;

	pp_scan_begin(&scan, payload);
	*after = pp_scan_bytes(&scan);
	*upto = pp_scan_bytes(&scan);
	return !scan.failed;
}

static void write_result(
	struct pp_buf *out, const struct pp_recompute_counts *counts, struct pp_slice items)
{
	for (int i = 0; i < PP_OUTCOMES; i++)
		pp_buf_u64(out, counts->of[i]);
	pp_buf_bytes(out, items);
}

bool pp_result_read(
	struct pp_slice payload, struct pp_recompute_counts *counts, struct pp_slice *items)
{
	struct pp_scan scan;

	pp_scan_begin(&scan, payload);
	for (int i = 0; i < PP_OUTCOMES; i++)
		counts->of[i] = pp_scan_u64(&scan);
	*items = pp_scan_bytes(&scan);
	return !scan.failed;
}

struct pp_slice pp_or_null(struct pp_slice value)
{
	return value.len ? value : pp_slice(NULL, 0);
}

struct pp_slice pp_newest(const struct pp_recompute *what)
{
	return what->kind == PP_RECOMPUTE_WHAT_IF && !what->plan.len ? PP_S("t") : PP_S("f");
}

static size_t read_texts(
	struct pp_arena *arena, const struct pp_json *list, struct pp_slice **texts)
{
	size_t count = list ? pp_json_length(list) : 0;

	*texts = PP_NEW_ARRAY(arena, struct pp_slice, count);
	for (size_t i = 0; i < count; i++)
		(*texts)[i] = pp_json_text(pp_json_element(list, i));
	return count;
}

/* What was asked when the plan was filed (pp.affected_answer), with the stored geometry. */
static bool read_job(struct worker *w, struct pp_arena *arena, const struct pp_rows *row,
	struct pp_job_affected *job, struct pp_fault *fault)
{
	struct pp_json *query = pp_json_read(
		arena, pp_cell(row, 0, PP_C_recompute_plans_query), fault);
	struct pp_slice *planning, date = w->what->date;

	if (!query)
		return false;
	*job = (struct pp_job_affected){ .geometry = { PP_UTM32, PP_AXES_EAST_NORTH,
						 pp_cell(row, 0, PP_C_recompute_plans_wkb) } };
	job->language = pp_json_text(pp_json_member(query, PP_S("language")));
	job->query.kind = pp_json_text(pp_json_member(query, PP_S("kind")));
	job->query.date = date.len ? date : pp_json_text(pp_json_member(query, PP_S("date")));
	job->query.applicant_land = pp_json_text(pp_json_member(query, PP_S("applicant_land")));
	job->query.planning_count = read_texts(
		arena, pp_json_member(query, PP_S("planning_municipalities")), &planning);
	job->query.planning = planning;
	if (!pp_subjects_read(arena, pp_json_member(query, PP_S("subjects")), &job->subjects,
		    &job->query.subject_count, fault))
		return false;
	job->query.subjects = job->subjects;
	return true;
}

/* The engine's words; empty and the refusal where it has none. */
static void ask_engine(struct worker *w, struct pp_arena *arena, const struct pp_job_affected *job,
	struct pp_recomputed *c)
{
	struct pp_buf *payload = pp_buf_make(arena), *reply = pp_buf_make(arena);
	struct pp_job_refusal refusal;
	struct pp_job_result result;
	uint16_t kind;

	pp_job_affected_write(payload, job);
	kind = pp_geometry_answer(w->state, PP_JOB_AFFECTED, pp_buf_all(payload), reply);
	if (kind == PP_JOB_DONE) {
		PP_MUST(pp_job_result_read(pp_buf_all(reply), &result));
		c->computed = result.json;
		return;
	}
	PP_MUST(kind == PP_JOB_REFUSED && pp_job_refusal_read(pp_buf_all(reply), &refusal));
	c->refusal = refusal.fault;
}

static bool take_plan(void *ctx, const struct pp_rows *row)
{
	struct worker *w = ctx;
	struct pp_slice answer = pp_cell(row, 0, PP_C_recompute_plans_answer);
	struct pp_recomputed c = {
		.what = w->what,
		.pass = w->pass,
		.plan = pp_cell(row, 0, PP_C_recompute_plans_plan),
		.no = pp_cell(row, 0, PP_C_recompute_plans_no),
		.procedure = pp_cell(row, 0, PP_C_recompute_plans_procedure),
		.number = pp_cell(row, 0, PP_C_recompute_plans_number),
		.title = pp_cell(row, 0, PP_C_recompute_plans_title),
		.confirmed = pp_cell(row, 0, PP_C_recompute_plans_confirmed),
		.engine = pp_cell(row, 0, PP_C_recompute_plans_engine),
		.engine_today = pp_geo_engine(w->state->geo),
		.stored = answer.at ? answer : pp_cell(row, 0, PP_C_recompute_plans_content),
		.is_content = !answer.at,
	};
	struct pp_job_affected job;
	struct pp_arena arena;

	pp_arena_begin(&arena);
	if (read_job(w, &arena, row, &job, &c.refusal))
		ask_engine(w, &arena, &job, &c);
	w->counts.of[pp_recompute_compare(&arena, &c, &w->items)]++;
	pp_arena_end(&arena);
	return true;
}

static bool run_batch(struct worker *w, struct pp_slice payload, struct pp_fault *fault)
{
	struct pp_slice after, upto;

	PP_MUST(read_batch(payload, &after, &upto));
	w->counts = (struct pp_recompute_counts){ 0 };
	pp_buf_clear(&w->items);
	return pp_admin_each(w->db, &pp_queries[PP_Q_recompute_plans],
		(struct pp_slice[]){ w->pass->boundaries, w->pass->rules, w->pass->districts,
			pp_or_null(after), upto, pp_or_null(w->what->until),
			pp_or_null(w->what->procedures), pp_or_null(w->what->plan),
			pp_newest(w->what) },
		take_plan, w, fault);
}

static bool serve_batch(struct worker *w, int socket)
{
	struct pp_frame request, reply = { .fd = -1 };
	struct pp_arena arena;
	struct pp_fault fault;
	struct pp_buf *payload;
	bool served = false;

	pp_arena_begin(&arena);
	if (pp_frame_read(socket, &arena, &request)) {
		reply.number = request.number;
		payload = pp_buf_make(&arena);
		if (run_batch(w, request.payload, &fault)) {
			reply.kind = request.kind;
			write_result(payload, &w->counts, pp_buf_all(&w->items));
			reply.payload = pp_buf_all(payload);
		} else {
			reply.kind = PP_FRAME_FAILED;
			reply.payload = pp_slice_of(fault.detail);
		}
		served = pp_frame_write(socket, &reply);
	}
	pp_arena_end(&arena);
	return served;
}

_Noreturn void pp_recompute_worker(const struct pp_recompute *what,
	const struct pp_recompute_pass *pass, struct pp_geometry_state *state, int socket)
{
	struct worker w = { .what = what, .pass = pass, .state = state };
	struct pp_fault fault;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGINT, SIG_DFL);
	pp_buf_begin(&w.items);
	w.db = pp_admin_open(what->url, &fault);
	if (!w.db) {
		struct pp_frame failed = {
			.kind = PP_FRAME_FAILED, .payload = pp_slice_of(fault.detail), .fd = -1
		};

		/* The coordinator may be gone as well; then nobody is left to be told. */
		_exit(pp_frame_write(socket, &failed) ? 1 : 2);
	}
	while (serve_batch(&w, socket))
		;
	pp_admin_close(w.db);
	/* The parent's memory is not this process's to release. */
	_exit(0);
}
