/* SPDX-License-Identifier: EUPL-1.2 */
/* The coordinator of a recomputation: passes, workers, batches in order. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <pp/io/worker.h>

#include "../process/geometry_load.h"
#include "queries.h"
#include "inner.h"

/* So many batches may be done or under way beyond the last that was handed on. */
enum { AHEAD = 64, BATCH_KIND = 1 };

struct member {
	pid_t pid;
	int socket;
	bool busy;
};

/* A batch from when it is asked for until it is handed on. */
struct batch {
	struct pp_arena arena;
	struct pp_slice upto, items;
	struct pp_recompute_counts counts;
	bool done;
};

struct run {
	const struct pp_recompute *what;
	const struct pp_recompute_sink *sink;
	struct pp_fault *fault;
	struct pp_admin *db;
	struct pp_arena arena;
	struct pp_geometry_state state;
	bool loaded;
	struct pp_slice boundaries, rules, districts; /* what is loaded */
	struct pp_recompute_pass pass;
	struct member members[PP_RECOMPUTE_WORKERS_MOST];
	unsigned member_count;
	struct batch batches[AHEAD];
	uint32_t asked, handed_on; /* numbers of batches of this pass */
	char after[64];            /* the last plan of the last batch that was asked for */
	bool is_asked_out, enough;
};

uint64_t pp_recompute_sum(const struct pp_recompute_counts *counts)
{
	uint64_t sum = 0;

	for (int i = 0; i < PP_OUTCOMES; i++)
		sum += counts->of[i];
	return sum;
}

static bool load_rules_text(struct run *r)
{
	struct pp_rules rules;

	if (!pp_rules_read(&r->state.arena, r->what->rules_text, &rules, r->fault))
		return false;
	r->state.rules = rules;
	return true;
}

/* Boundaries and rules of a pass; what is in memory already stays. */
static bool load(struct run *r)
{
	const struct pp_recompute *what = r->what;
	struct pp_slice boundaries = what->boundaries.len ? what->boundaries : r->pass.boundaries;
	struct pp_slice rules = what->rules.len ? what->rules : r->pass.rules;
	/* Of other boundaries those districts that lay below them. */
	struct pp_slice districts = what->boundaries.len ? pp_slice(NULL, 0) : r->pass.districts;

	if (r->loaded && pp_slice_is(boundaries, r->boundaries) &&
		pp_slice_is(districts, r->districts) &&
		(what->rules_text.len || pp_slice_is(rules, r->rules)))
		return true;
	if (r->loaded)
		pp_geometry_end(&r->state);
	r->loaded = pp_geometry_begin(&r->state, r->fault);
	if (!r->loaded)
		return false;
	r->boundaries = boundaries;
	r->rules = rules;
	r->districts = districts;
	if (what->rules_text.len)
		return pp_geometry_load_boundaries(
			       &r->state, r->db, boundaries, districts, r->fault) &&
			load_rules_text(r);
	return pp_geometry_load(&r->state, r->db, boundaries, districts, rules, r->fault);
}

static bool bear(struct run *r)
{
	int ends[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return pp_fault(r->fault, PP_bug, "socketpair: %s", strerror(errno));
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		for (unsigned i = 0; i < r->member_count; i++)
			close(r->members[i].socket);
		pp_recompute_worker(r->what, &r->pass, &r->state, ends[1]);
	}
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return pp_fault(r->fault, PP_bug, "fork: %s", strerror(errno));
	}
	r->members[r->member_count++] = (struct member){ .pid = pid, .socket = ends[0] };
	return true;
}

/* A worker that hears nothing any more ends by itself; one in mid-batch is not waited for. */
static void end_members(struct run *r)
{
	for (unsigned i = 0; i < r->member_count; i++) {
		close(r->members[i].socket);
		if (r->members[i].busy)
			kill(r->members[i].pid, SIGKILL);
		while (waitpid(r->members[i].pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	r->member_count = 0;
}

/* Where the next batch ends; is_asked_out when there is none. */
static bool next_batch(struct run *r, struct batch *batch)
{
	const struct pp_recompute *what = r->what;
	struct pp_rows *rows;

	if (!pp_admin_query(r->db, &batch->arena, &pp_queries[PP_Q_recompute_batch],
		    (struct pp_slice[]){ r->pass.boundaries, r->pass.rules, r->pass.districts,
			    pp_or_null(pp_slice_of(r->after)), pp_or_null(what->until),
			    pp_or_null(what->procedures), pp_or_null(what->plan), pp_newest(what),
			    pp_format(&batch->arena, "%d", PP_RECOMPUTE_BATCH) },
		    &rows, r->fault))
		return false;
	r->is_asked_out = rows->rows == 0;
	if (!r->is_asked_out)
		batch->upto = pp_cell(rows, 0, 0);
	return true;
}

/* Gives a free worker the next batch, as far as that may run ahead. */
static bool ask(struct run *r, struct member *member)
{
	struct batch *batch = &r->batches[r->asked % AHEAD];
	struct pp_frame frame = { .number = r->asked, .kind = BATCH_KIND, .fd = -1 };
	struct pp_buf *payload;

	if (r->is_asked_out || r->enough || r->asked - r->handed_on == AHEAD)
		return true;
	*batch = (struct batch){ 0 };
	pp_arena_begin(&batch->arena);
	if (!next_batch(r, batch) || r->is_asked_out) {
		pp_arena_end(&batch->arena);
		return r->is_asked_out;
	}
	payload = pp_buf_make(&batch->arena);
	pp_batch_write(payload, pp_slice_of(r->after), batch->upto);
	frame.payload = pp_buf_all(payload);
	PP_MUST(batch->upto.len < sizeof(r->after));
	memcpy(r->after, batch->upto.at, batch->upto.len);
	r->after[batch->upto.len] = '\0';
	r->asked++;
	member->busy = true;
	return pp_frame_write(member->socket, &frame) ||
		pp_fault(r->fault, PP_bug, "a worker is gone");
}

/* In the order of the plans, whoever was quicker. */
static bool hand_on(struct run *r)
{
	while (r->handed_on < r->asked && r->batches[r->handed_on % AHEAD].done && !r->enough) {
		struct batch *batch = &r->batches[r->handed_on % AHEAD];
		struct pp_recompute_step step = { batch->counts, r->pass.boundaries, r->pass.rules,
			r->pass.districts, batch->upto, batch->items };

		r->fault->problem = PP_no_problem;
		if (!r->sink->step(r->sink->ctx, &step, r->fault)) {
			if (r->fault->problem != PP_no_problem)
				return false;
			r->enough = true;
		}
		pp_arena_end(&batch->arena);
		r->handed_on++;
	}
	return true;
}

static bool take(struct run *r, struct member *member)
{
	struct pp_frame reply;
	struct pp_arena arena;
	struct batch *batch;
	bool good;

	pp_arena_begin(&arena);
	good = pp_frame_read(member->socket, &arena, &reply) ||
		pp_fault(r->fault, PP_bug, "a worker has ended in the midst of a batch");
	if (good && reply.kind != BATCH_KIND)
		good = pp_fault(r->fault, PP_bug, "%.*s",
			(int)(reply.payload.len < 250 ? reply.payload.len : 250), reply.payload.at);
	if (good) {
		PP_MUST(reply.number >= r->handed_on && reply.number < r->asked);
		batch = &r->batches[reply.number % AHEAD];
		PP_MUST(pp_result_read(reply.payload, &batch->counts, &batch->items));
		batch->items = pp_copy(&batch->arena, batch->items);
		batch->done = true;
		member->busy = false;
	}
	pp_arena_end(&arena);
	return good && hand_on(r);
}

/* Waits for whoever has something to say. */
static bool turn(struct run *r)
{
	struct pollfd fds[PP_RECOMPUTE_WORKERS_MOST];

	for (unsigned i = 0; i < r->member_count; i++)
		fds[i] = (struct pollfd){ .fd = r->members[i].socket, .events = POLLIN };
	if (poll(fds, r->member_count, -1) < 0)
		return errno == EINTR || pp_fault(r->fault, PP_bug, "poll: %s", strerror(errno));
	for (unsigned i = 0; i < r->member_count; i++)
		if (fds[i].revents && !take(r, &r->members[i]))
			return false;
	return true;
}

static bool run_batches(struct run *r)
{
	for (unsigned i = 0; i < r->what->workers; i++)
		if (!bear(r))
			return false;
	do {
		for (unsigned i = 0; i < r->member_count; i++)
			if (!r->members[i].busy && !ask(r, &r->members[i]))
				return false;
		if (r->handed_on == r->asked || r->enough)
			return true;
	} while (turn(r));
	return false;
}

static bool run_pass(struct run *r, const struct pp_rows *passes, size_t i)
{
	const struct pp_recompute *what = r->what;
	bool done;

	r->pass = (struct pp_recompute_pass){
		pp_cell(passes, i, PP_C_recompute_passes_boundaries),
		pp_cell(passes, i, PP_C_recompute_passes_rules),
		pp_cell(passes, i, PP_C_recompute_passes_districts),
	};
	r->asked = r->handed_on = 0;
	r->is_asked_out = false;
	r->after[0] = '\0';
	if (what->after_plan.len && pp_slice_is(r->pass.boundaries, what->after_boundaries) &&
		pp_slice_is(r->pass.rules, what->after_rules) &&
		pp_slice_is(r->pass.districts, what->after_districts)) {
		PP_MUST(what->after_plan.len < sizeof(r->after));
		memcpy(r->after, what->after_plan.at, what->after_plan.len);
		r->after[what->after_plan.len] = '\0';
	}
	done = load(r) && run_batches(r);
	end_members(r);
	for (; r->handed_on < r->asked; r->handed_on++)
		pp_arena_end(&r->batches[r->handed_on % AHEAD].arena);
	return done;
}

static bool run_passes(struct run *r)
{
	const struct pp_recompute *what = r->what;
	struct pp_rows *passes;
	uint64_t plans = 0, some;

	if (!pp_admin_query(r->db, &r->arena, &pp_queries[PP_Q_recompute_passes],
		    (struct pp_slice[]){ pp_or_null(what->until), pp_or_null(what->procedures),
			    pp_or_null(what->plan), pp_newest(what),
			    pp_or_null(what->after_boundaries), pp_or_null(what->after_rules),
			    pp_or_null(what->after_districts) },
		    &passes, r->fault))
		return false;
	for (size_t i = 0; i < passes->rows; i++) {
		PP_MUST(pp_slice_u64(pp_cell(passes, i, PP_C_recompute_passes_plans), &some));
		plans += some;
	}
	if (!r->sink->begin(r->sink->ctx, plans, r->fault))
		return false;
	for (size_t i = 0; i < passes->rows && !r->enough; i++)
		if (!run_pass(r, passes, i))
			return false;
	return true;
}

bool pp_recompute_run(const struct pp_recompute *what, const struct pp_recompute_sink *sink,
	struct pp_fault *fault)
{
	struct run *r = calloc(1, sizeof(*r));
	bool done;

	PP_MUST(r && what->workers >= 1 && what->workers <= PP_RECOMPUTE_WORKERS_MOST);
	*r = (struct run){ .what = what, .sink = sink, .fault = fault };
	pp_arena_begin(&r->arena);
	r->db = pp_admin_open(what->url, fault);
	done = r->db && run_passes(r);
	if (r->loaded)
		pp_geometry_end(&r->state);
	pp_admin_close(r->db);
	pp_arena_end(&r->arena);
	free(r);
	return done;
}
