/* SPDX-License-Identifier: EUPL-1.2 */
/* Which rules apply to a plan of this kind on this day, for which subject, and how far they look.
 */
#include <math.h>

#include "asking.h"

/* How far a rule of each metric looks, with the band beyond its threshold. */
static void widen_reach(struct pp_asking *a, const struct pp_chosen *chosen)
{
	double far = chosen->threshold + a->accuracy;

	switch (chosen->rule->metric) {
	case PP_METRIC_OVERLAP:
		a->reach = fmax(a->reach, 0);
		break;
	case PP_METRIC_DISTANCE:
	case PP_METRIC_CIRCLE:
		a->reach = fmax(a->reach, far);
		break;
	case PP_METRIC_ADJACENT_DISTANCE:
		a->adjoining_reach = fmax(a->adjoining_reach, far);
		break;
	case PP_METRIC_LAND_BORDER:
		a->land_reach = fmax(a->land_reach, far);
		break;
	case PP_METRIC_STATE_BORDER:
		a->state_reach = fmax(a->state_reach, far);
		break;
	case PP_METRIC_ADJACENT:
		a->all_adjoining = true;
		break;
	/* Whoever a catchment or a study is about was found by it. */
	case PP_METRIC_CATCHMENT:
	case PP_METRIC_LISTED:
	case PP_METRIC_MANUAL:
	case PP_METRIC_UNINCORPORATED:
	case PP_METRIC_COUNT:
		break;
	}
}

/* A parameter that was not given, and for want of which a rule was not applied. */
static void note_missing(struct pp_asking *a, const struct pp_rule *rule, enum pp_param param)
{
	struct pp_affected *out = a->out;

	if (param == PP_PARAM_COUNT || pp_param_row(param)->kind == PP_PARAM_KIND_DERIVED)
		return;
	for (size_t i = 0; i < out->missing_count; i++)
		if (pp_slice_is(out->missing[i].rule->id, rule->id) &&
			out->missing[i].param == param)
			return;
	out->missing[out->missing_count++] = (struct pp_affected_missing){ rule, param };
}

static void choose(struct pp_asking *a, const struct pp_rule *rule, struct pp_asked *asked)
{
	struct pp_chosen *chosen = &a->rules[a->rule_count];
	enum pp_param missing;

	*chosen = (struct pp_chosen){ .rule = rule, .asked = asked };
	if (!pp_rule_holds(rule, &asked->about, &missing)) {
		note_missing(a, rule, missing);
		return;
	}
	if (!pp_threshold_value(rule, &asked->about, &chosen->threshold, &chosen->is_default)) {
		note_missing(a, rule, rule->threshold.param);
		return;
	}
	a->rule_count++;
	widen_reach(a, chosen);
}

void pp_choose_rules(struct pp_asking *a, const struct pp_rules *rules)
{
	size_t room = rules->count * (a->asked_count + 1);

	a->rules = PP_NEW_ARRAY(a->arena, struct pp_chosen, room);
	a->out->missing = PP_NEW_ARRAY(a->arena, struct pp_affected_missing, room);
	a->reach = a->adjoining_reach = a->land_reach = a->state_reach = -1;
	for (size_t i = 0; i < rules->count; i++) {
		const struct pp_rule *rule = &rules->list[i];

		if (!pp_rule_is_for(rule, a->query->kind, a->query->date))
			continue;
		if (!rule->subject.len)
			choose(a, rule, &a->asked[a->asked_count]);
		for (size_t s = 0; rule->subject.len && s < a->asked_count; s++)
			if (pp_rule_has_subject(rule, a->asked[s].about.name))
				choose(a, rule, &a->asked[s]);
	}
}
