/* SPDX-License-Identifier: EUPL-1.2 */
/* affected: whom a plan file affects, without a server. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <pp/fmt/wkb.h>
#include <pp/geo/crs.h>
#include <pp/geo/validate.h>
#include <pp/law/date.h>

#include "affected_options.h"
#include "call.h"
#include "command.h"
#include "../database/embedded.h"
#include "files_client.h"

struct state {
	const struct pp_affected_asked *asked;
	struct pp_arena arena;
	struct pp_geo *geo;
	struct pp_boundaries *all;
	struct pp_rules rules;
	struct pp_filejob_plan *plans[PP_FILEJOB_PLANS_MAX];
	size_t plan_count;
};

static void keep_plan(void *ctx, const struct pp_filejob_plan *plan)
{
	struct state *state = ctx;
	struct pp_filejob_plan *kept = PP_NEW(&state->arena, struct pp_filejob_plan);

	if (state->plan_count == PP_FILEJOB_PLANS_MAX)
		return;
	*kept = (struct pp_filejob_plan){
		.place = plan->place,
		.name = pp_copy(&state->arena, plan->name),
		.object = pp_copy(&state->arena, plan->object),
		.version = pp_copy(&state->arena, plan->version),
		.kind = pp_copy(&state->arena, plan->kind),
		.rechtsstand = pp_copy(&state->arena, plan->rechtsstand),
		.epsg = plan->epsg,
		.wkb = pp_copy(&state->arena, plan->wkb),
		.ags = { plan->ags.count,
			PP_NEW_ARRAY(&state->arena, struct pp_slice, plan->ags.count) },
	};
	for (size_t i = 0; i < plan->ags.count; i++)
		kept->ags.at[i] = pp_copy(&state->arena, plan->ags.at[i]);
	state->plans[state->plan_count++] = kept;
}

static void say_choice(void *ctx, const struct pp_filejob_choice *choice)
{
	(void)ctx;
	pp_affected_note("  %u  %.*s%s%.*s%s%.*s", choice->place, PP_SHOW(choice->name),
		choice->number.len ? ", " : "", PP_SHOW(choice->number),
		choice->object.len ? ", " : "", PP_SHOW(choice->object));
}

static void say_warning(void *ctx, const struct pp_filejob_warning *warning)
{
	(void)ctx;
	if (warning->place)
		pp_affected_note("plan %u: %.*s", warning->place, PP_SHOW(warning->text));
	else
		pp_affected_note("%.*s", PP_SHOW(warning->text));
}

static void say_sentence(void *ctx, struct pp_slice sentence)
{
	(void)ctx;
	pp_affected_note("%.*s", PP_SHOW(sentence));
}

/* The file's own municipalities count where the boundaries know them. */
static void take_planning(struct state *state, const struct pp_filejob_plan *plan,
	struct pp_affected_query *query, struct pp_slice *list)
{
	query->planning = list;
	for (size_t i = 0; i < plan->ags.count && i < PP_PLANNING_MAX; i++) {
		if (pp_boundaries_find(state->all, plan->ags.at[i]) == PP_NOWHERE)
			pp_affected_note("the planning municipality %.*s of the file is not in the "
					 "boundaries "
					 "and is left out",
				PP_SHOW(plan->ags.at[i]));
		else
			list[query->planning_count++] = plan->ags.at[i];
	}
}

static void complete_query(struct state *state, const struct pp_filejob_plan *plan,
	struct pp_affected_query *query, struct pp_slice *list)
{
	*query = state->asked->query;
	if (!query->kind.len)
		query->kind = plan->kind;
	if (!query->planning_count)
		take_planning(state, plan, query, list);
	if (!query->kind.len)
		pp_affected_note("no kind of procedure is known: only the rules for every kind "
				 "apply; --kind "
				 "says it");
	if (!query->planning_count)
		pp_affected_note("no planning municipality is known; --municipality says it");
}

static bool answer_plan(struct state *state, const struct pp_filejob_plan *plan, struct pp_buf *out,
	bool is_first, struct pp_fault *fault)
{
	const struct pp_affected_asked *asked = state->asked;
	struct pp_slice planning[PP_PLANNING_MAX];
	struct pp_affected_query query;
	struct pp_wkb_facts facts;
	struct pp_affected result;
	enum pp_flaw flaw;

	if (plan->rechtsstand.len)
		pp_affected_note("plan %u: the file says rechtsstand %.*s (%.*s, XPlanGML %.*s)",
			plan->place, (int)(plan->rechtsstand.len < 40 ? plan->rechtsstand.len : 40),
			plan->rechtsstand.at, PP_SHOW(plan->object), PP_SHOW(plan->version));
	complete_query(state, plan, &query, planning);
	if (!pp_wkb_check(plan->wkb, PP_WKB_VERTICES_MAX, &facts, fault) ||
		!pp_crs_read(state->geo, &state->arena, (int)plan->epsg, PP_AXES_EAST_NORTH,
			plan->wkb, &query.wkb, fault) ||
		!pp_validate(state->geo, query.wkb, &flaw, fault) ||
		!pp_affected_ask(state->all, &state->rules, &query, &state->arena, &result, fault))
		return false;
	pp_affected_print_plan(out,
		&(struct pp_affected_print){ .format = asked->format,
			.several = state->plan_count > 1,
			.language = asked->language,
			.place = plan->place,
			.name = plan->name,
			.kind = query.kind,
			.wkb = query.wkb,
			.geo = state->geo,
			.all = state->all,
			.result = &result },
		is_first);
	return true;
}

/* Output is written when all of it is there: a refusal leaves standard output empty. */
static bool answer(struct state *state, struct pp_affected_asked *asked, struct pp_fault *fault)
{
	const struct pp_files_answers answers = {
		.ctx = state, .plan = keep_plan, .choice = say_choice, .warning = say_warning
	};
	struct pp_affected_print frame = { .format = asked->format };
	struct pp_buf *out = pp_buf_make(&state->arena);

	if (!pp_files_ask_plans(asked->path, &asked->plans, &answers, fault))
		return false;
	frame.several = state->plan_count > 1;
	state->geo = pp_geo_open(&state->arena, fault);
	if (!state->geo)
		return false;
	state->all = pp_boundary_file_read(&asked->boundaries, state->geo, &state->arena, fault);
	if (!state->all)
		return false;
	if (!pp_subjects_place(
		    state->geo, &state->arena, asked->subjects, asked->query.subject_count, fault))
		return false;
	pp_affected_print_begin(out, &frame);
	for (size_t i = 0; i < state->plan_count; i++)
		if (!answer_plan(state, state->plans[i], out, i == 0, fault))
			return false;
	pp_affected_print_end(out, &frame);
	fwrite(out->at, 1, out->len, stdout);
	return true;
}

static int run(struct pp_affected_asked *asked)
{
	struct state *state = calloc(1, sizeof(*state));
	struct pp_fault fault;
	int code = 0;

	PP_MUST(state);
	state->asked = asked;
	pp_arena_begin(&state->arena);
	if (!pp_rules_read(&state->arena, pp_embedded_rules[0].text, &state->rules, &fault)) {
		pp_fault_print("affected", pp_embedded_rules[0].name, &fault);
		code = 1;
	} else if (!pp_affected_kind_is_known(asked, &state->rules)) {
		code = 2;
	} else if (!answer(state, asked, &fault)) {
		pp_fault_print("affected", asked->path, &fault);
		code = 1;
	}
	pp_arena_end(&state->arena);
	free(state);
	return code;
}

int pp_command_affected(int argc, char **argv)
{
	struct pp_affected_asked asked = { .boundaries = { .warn = say_sentence,
						   .wants_state_border = true },
		.language = PP_S("de") };
	char today[PP_DATE_SIZE];
	time_t now = time(NULL);
	struct tm local;
	struct pp_arena arena;
	int code = 2;

	if (pp_call_helps(argc, argv, pp_affected_about))
		return 0;
	localtime_r(&now, &local);
	strftime(today, sizeof(today), "%Y-%m-%d", &local);
	asked.query.date = pp_slice_of(today);
	pp_arena_begin(&arena);
	if (pp_affected_options(argc, argv, &arena, &asked))
		code = run(&asked);
	pp_arena_end(&arena);
	return pp_call_end("affected", code);
}
