/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The XPlanGML reader on arbitrary bytes. What it hands over must be a geometry that our own check
 * passes, with the vertices it says; everything else must be a fault with a sentence.
 */
#include <stdlib.h>

#include <pp/fmt/wkb.h>

#include "../../../server/files/xplan.h"

struct seen {
	uint32_t plans, choices;
};

static void on_plan(void *ctx, const struct pp_filejob_plan *plan)
{
	struct seen *seen = ctx;
	struct pp_wkb_facts facts;
	struct pp_fault fault;

	seen->plans++;
	PP_MUST(plan->epsg != 0);
	PP_MUST(plan->place >= 1);
	PP_MUST(pp_wkb_check(plan->wkb, PP_WKB_VERTICES_MAX, &facts, &fault));
	PP_MUST(facts.vertices == plan->vertices && facts.dimension == 2);
	for (size_t i = 0; i < plan->ags.count; i++)
		PP_MUST(plan->ags.at[i].len == 8);
}

static void on_choice(void *ctx, const struct pp_filejob_choice *choice)
{
	struct seen *seen = ctx;

	seen->choices++;
	PP_MUST(choice->place == seen->choices);
}

static void on_warning(void *ctx, const struct pp_filejob_warning *warning)
{
	(void)ctx;
	PP_MUST(warning->text.len > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seen seen = { 0 };
	const struct pp_files_sink sink = {
		.ctx = &seen, .plan = on_plan, .choice = on_choice, .warning = on_warning
	};
	const struct pp_filejob_plans ask = { .plan = PP_S("all") };
	struct pp_fault fault = { 0 };
	struct pp_arena arena;
	struct pp_files_job job = { .arena = &arena, .sink = &sink };
	bool is_xplan = false, done;

	pp_arena_begin(&arena);
	done = pp_xplan_read(&job, pp_slice((const char *)data, size), &ask, &is_xplan, &fault);
	PP_MUST(done || (fault.problem != PP_no_problem && fault.detail[0]));
	PP_MUST(!done || !is_xplan || seen.plans > 0);
	pp_arena_end(&arena);
	return 0;
}
