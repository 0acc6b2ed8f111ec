/* SPDX-License-Identifier: EUPL-1.2 */
/* Measures in, evidence out: the metrics of rules.h and the bands of contract.md ("Affected"). */
#include <math.h>

#include "asking.h"

/* The state planning authorities, by number of the Land; their keys stand in bodies.csv as well. */
static const struct {
	const char *land, *key, *name;
} authorities[PP_LANDS] = {
	{ "", "", "" },
	{ "01", "landesplanung-sh", "Landesplanungsbehörde Schleswig-Holstein" },
	{ "02", "landesplanung-hh", "Landesplanungsbehörde Hamburg" },
	{ "03", "landesplanung-ni", "Landesplanungsbehörde Niedersachsen" },
	{ "04", "landesplanung-hb", "Landesplanungsbehörde Bremen" },
	{ "05", "landesplanung-nw", "Landesplanungsbehörde Nordrhein-Westfalen" },
	{ "06", "landesplanung-he", "Landesplanungsbehörde Hessen" },
	{ "07", "landesplanung-rp", "Landesplanungsbehörde Rheinland-Pfalz" },
	{ "08", "landesplanung-bw", "Landesplanungsbehörde Baden-Württemberg" },
	{ "09", "landesplanung-by", "Landesplanungsbehörde Bayern" },
	{ "10", "landesplanung-sl", "Landesplanungsbehörde Saarland" },
	{ "11", "landesplanung-be", "Landesplanungsbehörde Berlin" },
	{ "12", "landesplanung-bb", "Landesplanungsbehörde Brandenburg" },
	{ "13", "landesplanung-mv", "Landesplanungsbehörde Mecklenburg-Vorpommern" },
	{ "14", "landesplanung-sn", "Landesplanungsbehörde Sachsen" },
	{ "15", "landesplanung-st", "Landesplanungsbehörde Sachsen-Anhalt" },
	{ "16", "landesplanung-th", "Landesplanungsbehörde Thüringen" },
};

struct pp_slice pp_land_key(unsigned number)
{
	return pp_slice_of(authorities[number].land);
}

static bool has_subject(const struct pp_asking *a, const struct pp_rule *rule)
{
	if (!rule->subject.len)
		return true;
	for (size_t i = 0; i < a->query->subject_count; i++)
		if (pp_slice_is(a->query->subjects[i], rule->subject))
			return true;
	return false;
}

/* The farthest that a rule of each metric could look, with the band beyond its threshold. */
void pp_choose_rules(struct pp_asking *a, const struct pp_rules *rules)
{
	a->rules = PP_NEW_ARRAY(a->arena, const struct pp_rule *, rules->count);
	a->reach = a->adjoining_reach = a->land_reach = -1;
	for (size_t i = 0; i < rules->count; i++) {
		const struct pp_rule *rule = &rules->list[i];
		double far = rule->threshold + a->accuracy;

		if (!pp_rule_is_for(rule, a->query->kind, a->query->date) || !has_subject(a, rule))
			continue;
		a->rules[a->rule_count++] = rule;
		if (rule->metric == PP_METRIC_OVERLAP)
			a->reach = fmax(a->reach, 0);
		else if (rule->metric == PP_METRIC_DISTANCE)
			a->reach = fmax(a->reach, far);
		else if (rule->metric == PP_METRIC_ADJACENT_DISTANCE)
			a->adjoining_reach = fmax(a->adjoining_reach, far);
		else if (rule->metric == PP_METRIC_LAND_BORDER)
			a->land_reach = fmax(a->land_reach, far);
		else if (rule->metric == PP_METRIC_ADJACENT)
			a->all_adjoining = true;
	}
}

static bool is_of_home(const struct pp_asking *a, const struct pp_rule *rule)
{
	return !rule->land.len || pp_is_home(a, rule->land);
}

static bool by_distance(const struct pp_asking *a, const struct pp_rule *rule, double distance,
	struct pp_evidence *evidence)
{
	*evidence = (struct pp_evidence){ .rule = rule,
		.value = distance,
		.unit = "m",
		.has_value = true,
		.class = distance <= rule->threshold ? rule->class : PP_PRUEFEN,
		.borderline = fabs(distance - rule->threshold) <= a->accuracy };
	return distance <= rule->threshold + a->accuracy;
}

/* Without a planning municipality whoever is met is affected for sure (affected.h). */
static bool by_overlap(const struct pp_asking *a, const struct pp_rule *rule,
	const struct pp_affected_row *row, struct pp_evidence *evidence)
{
	bool sure = row->depth_m > a->accuracy;

	*evidence = (struct pp_evidence){ .rule = rule,
		.has_value = true,
		.borderline = !sure,
		.class = sure || !a->query->planning_count ? rule->class : PP_PRUEFEN,
		.value = 1,
		.unit = "" };
	if (row->overlap_m2 > 0 || (row->overlap_m == 0 && !row->inside)) {
		evidence->value = row->overlap_m2;
		evidence->unit = "m2";
	} else if (row->overlap_m > 0) {
		evidence->value = row->overlap_m;
		evidence->unit = "m";
	}
	return row->overlaps;
}

static bool fires(const struct pp_asking *a, const struct pp_rule *rule,
	const struct pp_affected_row *row, struct pp_evidence *evidence)
{
	switch (rule->metric) {
	case PP_METRIC_OVERLAP:
		return by_overlap(a, rule, row, evidence);
	case PP_METRIC_ADJACENT:
		*evidence = (struct pp_evidence){ .rule = rule,
			.class = rule->class,
			.value = row->shared_border_m,
			.unit = "m",
			.has_value = true };
		return row->adjoins;
	case PP_METRIC_ADJACENT_DISTANCE:
		return row->adjoins && by_distance(a, rule, row->distance_m, evidence);
	case PP_METRIC_DISTANCE:
		return by_distance(a, rule, row->distance_m, evidence);
	case PP_METRIC_LAND_BORDER:
	case PP_METRIC_MANUAL:
	case PP_METRIC_UNINCORPORATED:
	case PP_METRIC_COUNT:
		break;
	}
	return false;
}

/* The strongest is the first in the order MUSS, SOLL, PRUEFEN. */
static enum pp_class strongest(const struct pp_evidence *list, size_t count)
{
	enum pp_class class = PP_CLASS_NONE;

	for (size_t i = 0; i < count; i++)
		if (list[i].class && (!class || list[i].class < class))
			class = list[i].class;
	return class;
}

static void add_unincorporated(struct pp_asking *a, struct pp_affected_row *row)
{
	for (size_t r = 0; r < a->rule_count; r++) {
		const struct pp_rule *rule = a->rules[r];

		if (rule->metric == PP_METRIC_UNINCORPORATED && is_of_home(a, rule))
			row->evidence[row->evidence_count++] = (struct pp_evidence){ .rule = rule,
				.unit = "",
				.class = rule->class ? rule->class : row->class };
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
		if (is_of_home(a, a->rules[r]) &&
			fires(a, a->rules[r], row, &row->evidence[row->evidence_count]))
			row->evidence_count++;
	row->class = strongest(row->evidence, row->evidence_count);
	if (row->evidence_count && m->unincorporated)
		add_unincorporated(a, row);
	a->land_hit[land] = a->land_hit[land] || row->evidence_count;
}

/*
 * Another Land is to be asked when a rule hit a municipality of it, with the rule's class however
 * far that is, or when it is near.
 */
static void judge_land(struct pp_asking *a, unsigned number)
{
	struct pp_affected_authority *authority = &a->out->authorities[a->out->authority_count];
	double distance = a->land_distance[number];

	*authority = (struct pp_affected_authority){ .body = pp_slice_of(authorities[number].key),
		.name = pp_slice_of(authorities[number].name),
		.land = pp_land_key(number),
		.evidence = PP_NEW_ARRAY(a->arena, struct pp_evidence, a->rule_count) };
	for (size_t r = 0; r < a->rule_count; r++) {
		struct pp_evidence *evidence = &authority->evidence[authority->evidence_count];
		const struct pp_rule *rule = a->rules[r];
		bool is_near;

		if (rule->metric != PP_METRIC_LAND_BORDER || !is_of_home(a, rule))
			continue;
		is_near = by_distance(a, rule, distance, evidence);
		if (a->land_hit[number])
			evidence->class = rule->class;
		authority->evidence_count += is_near || a->land_hit[number];
	}
	authority->class = strongest(authority->evidence, authority->evidence_count);
	a->out->authority_count += authority->evidence_count > 0;
}

void pp_judge_lands(struct pp_asking *a)
{
	if (!a->out->home_count)
		return;
	a->out->authorities = PP_NEW_ARRAY(a->arena, struct pp_affected_authority, PP_LANDS);
	for (unsigned number = 1; number < PP_LANDS; number++)
		if (!isinf(a->land_distance[number]) && !pp_is_home(a, pp_land_key(number)))
			judge_land(a, number);
}
