/* SPDX-License-Identifier: EUPL-1.2 */
/* Measures in, evidence out: the metrics of rules.h and the bands of contract.md ("Affected"). */
#include <math.h>

#include "asking.h"

bool pp_is_of_home(const struct pp_asking *a, const struct pp_rule *rule)
{
	return !rule->land.len || pp_is_home(a, rule->land);
}

static struct pp_evidence evidence_of(const struct pp_chosen *chosen)
{
	return (struct pp_evidence){ .rule = chosen->rule,
		.class = chosen->rule->class,
		.unit = "",
		.threshold = chosen->threshold,
		.has_threshold = chosen->rule->threshold.text.len,
		.is_default = chosen->is_default };
}

/* How a distance rule answers: with its class, as PRUEFEN, or not at all; and near the threshold?
 */
struct answer {
	enum pp_class class;
	bool fires, borderline;
};

static struct answer answer_of(
	const struct pp_asking *a, const struct pp_chosen *chosen, double distance)
{
	return (struct answer){
		.class = distance <= chosen->threshold ? chosen->rule->class : PP_PRUEFEN,
		.fires = distance <= chosen->threshold + a->accuracy,
		.borderline = fabs(distance - chosen->threshold) <= a->accuracy,
	};
}

/*
 * The law means metres on the ground, so that the ground decides. Where the grid would have
 * answered otherwise the evidence says so, for whoever measures on a map.
 */
bool pp_judge_distance(const struct pp_asking *a, const struct pp_chosen *chosen, double grid_m,
	double ground_m, struct pp_evidence *evidence)
{
	struct answer ground = answer_of(a, chosen, ground_m);
	struct answer grid = answer_of(a, chosen, grid_m);

	*evidence = evidence_of(chosen);
	evidence->value = grid_m;
	evidence->unit = "m";
	evidence->has_value = true;
	evidence->ground_m = ground_m;
	evidence->has_ground = true;
	evidence->class = ground.class;
	evidence->borderline = ground.borderline;
	evidence->scale_decides = ground.fires != grid.fires || ground.class != grid.class ||
		ground.borderline != grid.borderline;
	return ground.fires;
}

/* Without a planning municipality whoever is met is affected for sure (affected.h). */
static bool by_overlap(const struct pp_asking *a, const struct pp_chosen *chosen,
	const struct pp_affected_row *row, struct pp_evidence *evidence)
{
	bool sure = row->depth_m > a->accuracy;

	*evidence = evidence_of(chosen);
	evidence->has_value = true;
	evidence->borderline = !sure;
	evidence->class = sure || !a->query->planning_count ? chosen->rule->class : PP_PRUEFEN;
	evidence->value = 1;
	if (row->overlap_m2 > 0 || (row->overlap_m == 0 && !row->inside)) {
		evidence->value = row->overlap_m2;
		evidence->unit = "m2";
	} else if (row->overlap_m > 0) {
		evidence->value = row->overlap_m;
		evidence->unit = "m";
	}
	return row->overlaps;
}

/*
 * Who overlaps a supplied catchment is meant, for sure where it reaches in by more than the
 * accuracy; who is nearer to it than that is looked at.
 */
static bool by_catchment(struct pp_asking *a, const struct pp_chosen *chosen,
	const struct pp_affected_row *row, struct pp_evidence *evidence)
{
	struct pp_figure *catchment = &chosen->asked->catchment;
	struct pp_overlap overlap = { 0 };
	double distance = INFINITY;

	if (catchment->shape.count)
		distance = pp_rounded(
			pp_measure_distance(catchment, &a->all->areas[row->municipality].shape,
				a->accuracy + 1, NULL),
			1000);
	if (distance == 0)
		overlap = pp_measure_overlap(a, catchment, row->municipality, true);
	*evidence = evidence_of(chosen);
	evidence->has_value = true;
	evidence->borderline = overlap.depth_m <= a->accuracy;
	evidence->class = evidence->borderline ? PP_PRUEFEN : chosen->rule->class;
	evidence->value = overlap.overlaps ? overlap.area_m2 : distance;
	evidence->unit = overlap.overlaps ? "m2" : "m";
	return overlap.overlaps || distance <= a->accuracy;
}

/* The greatest that the study says of it. */
static bool by_study(const struct pp_chosen *chosen, const struct pp_affected_row *row,
	struct pp_evidence *evidence)
{
	const struct pp_asked *asked = chosen->asked;
	bool named = false;

	*evidence = evidence_of(chosen);
	evidence->has_value = true;
	evidence->unit = "%";
	for (size_t i = 0; i < asked->about.study_count; i++) {
		if (asked->study[i] != row->municipality)
			continue;
		evidence->value = fmax(evidence->value, asked->about.study[i].percent);
		named = true;
	}
	return named && evidence->value >= chosen->threshold;
}

static bool fires(struct pp_asking *a, const struct pp_chosen *chosen,
	const struct pp_affected_row *row, struct pp_evidence *evidence)
{
	switch (chosen->rule->metric) {
	case PP_METRIC_OVERLAP:
		return by_overlap(a, chosen, row, evidence);
	case PP_METRIC_ADJACENT:
		*evidence = evidence_of(chosen);
		evidence->value = row->shared_border_m;
		evidence->unit = "m";
		evidence->has_value = true;
		return row->adjoins;
	case PP_METRIC_ADJACENT_DISTANCE:
		return row->adjoins &&
			pp_judge_distance(a, chosen, row->distance_m, row->ground_m, evidence);
	case PP_METRIC_DISTANCE:
	case PP_METRIC_CIRCLE:
		return pp_judge_distance(a, chosen, row->distance_m, row->ground_m, evidence);
	case PP_METRIC_CATCHMENT:
		return by_catchment(a, chosen, row, evidence);
	case PP_METRIC_LISTED:
		return by_study(chosen, row, evidence);
	case PP_METRIC_LAND_BORDER:
	case PP_METRIC_STATE_BORDER:
	case PP_METRIC_MANUAL:
	case PP_METRIC_UNINCORPORATED:
	case PP_METRIC_COUNT:
		break;
	}
	return false;
}

/* The strongest is the first in the order MUSS, SOLL, PRUEFEN. */
enum pp_class pp_strongest(const struct pp_evidence *list, size_t count)
{
	enum pp_class class = PP_CLASS_NONE;

	for (size_t i = 0; i < count; i++)
		if (list[i].class && (!class || list[i].class < class))
			class = list[i].class;
	return class;
}

/* Rows of one rule that say the same: one for a kind of procedure, one for a subject. */
bool pp_is_repeated(const struct pp_evidence *list, size_t count)
{
	const struct pp_evidence *last = &list[count];

	for (size_t i = 0; i < count; i++)
		if (pp_slice_is(list[i].rule->id, last->rule->id) &&
			list[i].rule->metric == last->rule->metric &&
			list[i].rule->class == last->rule->class &&
			list[i].threshold == last->threshold && list[i].value == last->value)
			return true;
	return false;
}

static void add_unincorporated(struct pp_asking *a, struct pp_affected_row *row)
{
	for (size_t r = 0; r < a->rule_count; r++) {
		const struct pp_rule *rule = a->rules[r].rule;

		if (rule->metric != PP_METRIC_UNINCORPORATED || !pp_is_of_home(a, rule))
			continue;
		row->evidence[row->evidence_count] = evidence_of(&a->rules[r]);
		if (!rule->class)
			row->evidence[row->evidence_count].class = row->class;
		row->evidence_count++;
	}
}

void pp_judge_row(struct pp_asking *a, struct pp_affected_row *row)
{
	const struct pp_municipality *m = &a->all->areas[row->municipality].about;
	unsigned land = pp_land_number(m->land);

	row->cross_border = a->out->home_count && !pp_is_home(a, m->land);
	if (pp_is_planning(a, row->municipality)) {
		row->class = PP_EIGEN;
		return;
	}
	row->evidence = PP_NEW_ARRAY(a->arena, struct pp_evidence, a->rule_count);
	for (size_t r = 0; r < a->rule_count; r++)
		if (pp_is_of_home(a, a->rules[r].rule) &&
			fires(a, &a->rules[r], row, &row->evidence[row->evidence_count]) &&
			!pp_is_repeated(row->evidence, row->evidence_count))
			row->evidence_count++;
	row->class = pp_strongest(row->evidence, row->evidence_count);
	if (row->evidence_count && m->unincorporated)
		add_unincorporated(a, row);
	a->land_hit[land] = a->land_hit[land] || row->evidence_count;
}
