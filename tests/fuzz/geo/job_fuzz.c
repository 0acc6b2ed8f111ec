/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What web and geometry workers say to each other: the first byte says which payload the rest is.
 * What can be read is written as bytes that read as the same.
 */
#include <pp/geo/job.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void geometry(struct pp_arena *arena, struct pp_slice payload)
{
	struct pp_job_geometry job;
	struct pp_buf *out = pp_buf_make(arena);

	if (!pp_job_geometry_read(payload, &job))
		return;
	pp_job_geometry_write(out, &job);
	PP_MUST(pp_slice_is(pp_buf_all(out), payload));
}

static void affected(struct pp_arena *arena, struct pp_slice payload)
{
	struct pp_job_affected job, again;
	struct pp_buf *out = pp_buf_make(arena), *twice = pp_buf_make(arena);

	if (!pp_job_affected_read(arena, payload, &job))
		return;
	pp_job_affected_write(out, &job);
	PP_MUST(pp_job_affected_read(arena, pp_buf_all(out), &again));
	pp_job_affected_write(twice, &again);
	PP_MUST(pp_slice_is(pp_buf_all(out), pp_buf_all(twice)));
}

static void result(struct pp_arena *arena, struct pp_slice payload)
{
	struct pp_job_result job;
	struct pp_buf *out = pp_buf_make(arena);

	if (!pp_job_result_read(payload, &job))
		return;
	pp_job_result_write(out, &job);
	PP_MUST(pp_slice_is(pp_buf_all(out), payload));
}

static void proposal(struct pp_arena *arena, struct pp_slice payload)
{
	struct pp_job_proposal job;
	struct pp_buf *out = pp_buf_make(arena);

	if (!pp_job_proposal_read(arena, payload, &job))
		return;
	pp_job_proposal_write(out, &job);
	PP_MUST(pp_slice_is(pp_buf_all(out), payload));
}

static void refusal(struct pp_arena *arena, struct pp_slice payload)
{
	struct pp_job_refusal job;

	(void)arena;
	if (pp_job_refusal_read(payload, &job))
		PP_MUST(pp_problem_row(job.fault.problem)->status >= 400);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const readers[])(struct pp_arena * arena,
		struct pp_slice payload) = { geometry, affected, result, proposal, refusal };
	struct pp_arena arena;

	if (size < 1)
		return 0;
	pp_arena_begin(&arena);
	readers[data[0] % PP_LENGTH(readers)](&arena, pp_slice((const char *)data + 1, size - 1));
	pp_arena_end(&arena);
	return 0;
}
