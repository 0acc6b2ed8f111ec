/* SPDX-License-Identifier: EUPL-1.2 */
#include "geometry.h"

#include <math.h>

#include <pp/fmt/wkb.h>

bool pp_geometry_begin(struct pp_geometry_state *state, struct pp_fault *fault)
{
	*state = (struct pp_geometry_state){ 0 };
	pp_arena_begin(&state->arena);
	state->geo = pp_geo_open(&state->arena, fault);
	return state->geo;
}

void pp_geometry_end(struct pp_geometry_state *state)
{
	pp_arena_end(&state->arena);
}

void pp_geometry_version(struct pp_geometry_state *state, const struct pp_boundary_version *version,
	struct pp_slice rules_id)
{
	state->boundaries = pp_boundaries_begin(
		&state->arena, state->geo, PP_ROWS_CHECKED, version);
	state->rules.id = pp_copy(&state->arena, rules_id);
}

struct pp_boundaries *pp_geometry_districts(
	struct pp_geometry_state *state, const struct pp_boundary_version *version)
{
	return pp_boundaries_begin(&state->arena, state->geo, PP_ROWS_CHECKED, version);
}

bool pp_geometry_districts_loaded(struct pp_geometry_state *state, struct pp_boundaries *districts,
	struct pp_slice parent, struct pp_fault *fault)
{
	return pp_boundaries_end(districts, fault) &&
		(pp_boundaries_add_districts(state->boundaries, parent, districts) ||
			pp_fault(fault, PP_dataset_missing, "districts of %.*s, which there is not",
				PP_SHOW(parent)));
}

bool pp_geometry_rule(struct pp_geometry_state *state, const struct pp_slice fields[PP_RULE_FIELDS],
	struct pp_fault *fault)
{
	struct pp_rule *grown = PP_NEW_ARRAY(&state->arena, struct pp_rule, state->rules.count + 1);

	/* A few dozen rules, once at the start: copying them is no matter. */
	if (state->rules.count)
		memcpy(grown, state->rules.list, state->rules.count * sizeof(*grown));
	state->rules.list = grown;
	return pp_rule_read(&state->arena, fields, &grown[state->rules.count++], fault);
}

bool pp_geometry_loaded(struct pp_geometry_state *state, struct pp_fault *fault)
{
	size_t count;

	if (!pp_boundaries_end(state->boundaries, fault))
		return false;
	/* Who adjoins whom is wanted at once by whoever asks first: better before they ask. */
	for (uint32_t i = 0; i < pp_boundaries_count(state->boundaries); i++)
		pp_boundaries_neighbours(state->boundaries, i, &count);
	return true;
}

static uint16_t refuse(struct pp_buf *reply, const struct pp_fault *fault, enum pp_flaw flaw)
{
	pp_job_refusal_write(reply, fault, flaw);
	return PP_JOB_REFUSED;
}

/* Signed area of rings and length of lines, from the positions themselves. */
static void measure(struct pp_slice wkb, struct pp_job_result *result)
{
	struct pp_wkb_walk walk;
	enum pp_wkb_event event;

	pp_wkb_walk_begin(&walk, wkb);
	while ((event = pp_wkb_walk_next(&walk)) != PP_WKB_END) {
		double area = 0, length = 0, x, y, next_x, next_y, x0, y0;

		if (event != PP_WKB_POSITIONS || walk.type == PP_WKB_POINT)
			continue;
		pp_wkb_position(&walk, 0, &x0, &y0);
		for (uint32_t i = 0; i + 1 < walk.count; i++) {
			pp_wkb_position(&walk, i, &x, &y);
			pp_wkb_position(&walk, i + 1, &next_x, &next_y);
			area += (x - x0) * (next_y - y0) - (next_x - x0) * (y - y0);
			length += hypot(next_x - x, next_y - y);
		}
		if (walk.type == PP_WKB_POLYGON)
			result->area_m2 += (walk.index ? -1 : 1) * fabs(area) / 2;
		else
			result->length_m += length;
	}
}

/* The geometry in EPSG:25832, judged; what is measured goes into the result. */
static bool take_geometry(struct pp_geometry_state *state, struct pp_arena *arena,
	const struct pp_job_geometry *geometry, struct pp_job_result *result, enum pp_flaw *flaw,
	struct pp_fault *fault)
{
	struct pp_wkb_facts facts;

	*flaw = PP_FLAW_NONE;
	if (!pp_crs_read(state->geo, arena, geometry->crs, geometry->axes, geometry->wkb,
		    &result->wkb, fault) ||
		!pp_wkb_check(result->wkb, PP_WKB_VERTICES_MAX, &facts, fault) ||
		!pp_validate(state->geo, result->wkb, flaw, fault))
		return false;
	result->vertices = facts.vertices;
	result->parts = facts.parts;
	result->dimension = facts.dimension;
	result->min_x = facts.min_x;
	result->min_y = facts.min_y;
	result->max_x = facts.max_x;
	result->max_y = facts.max_y;
	measure(result->wkb, result);
	return true;
}

static uint16_t answer_affected(struct pp_geometry_state *state, struct pp_arena *arena,
	struct pp_slice payload, struct pp_buf *reply)
{
	struct pp_job_result result = { 0 };
	struct pp_affected affected;
	struct pp_job_affected job;
	struct pp_buf *json = pp_buf_make(arena);
	struct pp_fault fault;
	enum pp_flaw flaw;

	if (!pp_job_affected_read(arena, payload, &job))
		return 0;
	if (!state->boundaries) {
		pp_fault(&fault, PP_dataset_missing,
			"import boundaries first: planungsplattform import municipalities FILE");
		return refuse(reply, &fault, PP_FLAW_NONE);
	}
	if (!take_geometry(state, arena, &job.geometry, &result, &flaw, &fault))
		return refuse(reply, &fault, flaw);
	job.query.wkb = result.wkb;
	if (!pp_subjects_place(state->geo, arena, job.subjects, job.query.subject_count, &fault))
		return refuse(reply, &fault, PP_FLAW_NONE);
	if (!pp_affected_ask(
		    state->boundaries, &state->rules, &job.query, arena, &affected, &fault))
		return refuse(reply, &fault, PP_FLAW_NONE);
	pp_affected_write(
		json, state->boundaries, pp_geo_engine(state->geo), &affected, job.language);
	result.boundaries = pp_boundaries_version(state->boundaries)->id;
	result.districts = state->districts.len ? state->districts : PP_S("{}");
	result.rules = state->rules.id;
	result.json = pp_buf_all(json);
	pp_job_result_write(reply, &result);
	return PP_JOB_DONE;
}

static uint16_t answer_check(struct pp_geometry_state *state, struct pp_arena *arena,
	struct pp_slice payload, struct pp_buf *reply)
{
	struct pp_job_result result = { 0 };
	struct pp_job_geometry job;
	struct pp_fault fault;
	enum pp_flaw flaw;

	if (!pp_job_geometry_read(payload, &job))
		return 0;
	if (!take_geometry(state, arena, &job, &result, &flaw, &fault))
		return refuse(reply, &fault, flaw);
	pp_job_result_write(reply, &result);
	return PP_JOB_DONE;
}

static uint16_t answer_repair(struct pp_geometry_state *state, struct pp_arena *arena,
	struct pp_slice payload, struct pp_buf *reply)
{
	struct pp_job_proposal proposal;
	struct pp_job_geometry job;
	struct pp_repair repair;
	struct pp_fault fault;
	struct pp_slice wkb;

	if (!pp_job_geometry_read(payload, &job))
		return 0;
	if (!pp_crs_read(state->geo, arena, job.crs, job.axes, job.wkb, &wkb, &fault) ||
		!pp_repair(state->geo, arena, wkb, &repair, &fault))
		return refuse(reply, &fault, PP_FLAW_NONE);
	proposal = (struct pp_job_proposal){ repair.wkb, repair.changes, repair.changes_de,
		repair.change_count, repair.area_before, repair.area_after, repair.length_before,
		repair.length_after };
	pp_job_proposal_write(reply, &proposal);
	return PP_JOB_DONE;
}

static const struct {
	uint16_t kind;
	uint16_t (*answer)(
		struct pp_geometry_state *, struct pp_arena *, struct pp_slice, struct pp_buf *);
} jobs[] = {
	{ PP_JOB_AFFECTED, answer_affected },
	{ PP_JOB_REPAIR, answer_repair },
	{ PP_JOB_CHECK, answer_check },
};

uint16_t pp_geometry_answer(struct pp_geometry_state *state, uint16_t kind, struct pp_slice payload,
	struct pp_buf *reply)
{
	struct pp_arena arena;
	uint16_t answer = 0;

	pp_arena_begin(&arena);
	for (size_t i = 0; i < PP_LENGTH(jobs); i++)
		if (jobs[i].kind == kind)
			answer = jobs[i].answer(state, &arena, payload, reply);
	pp_arena_end(&arena);
	return answer;
}
