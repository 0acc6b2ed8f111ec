/* SPDX-License-Identifier: EUPL-1.2 */
/* Whom a plan concerns beside municipalities: planning authorities of other Länder, other states.
 */
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

/*
 * Another Land is to be asked when a rule hit a municipality of it, with the rule's class however
 * far that is, or when it is near.
 */
static void judge_land(struct pp_asking *a, unsigned number)
{
	struct pp_affected_authority *authority = &a->out->authorities[a->out->authority_count];

	*authority = (struct pp_affected_authority){ .body = pp_slice_of(authorities[number].key),
		.name = pp_slice_of(authorities[number].name),
		.land = pp_land_key(number),
		.evidence = PP_NEW_ARRAY(a->arena, struct pp_evidence, a->rule_count) };
	for (size_t r = 0; r < a->rule_count; r++) {
		struct pp_evidence *evidence = &authority->evidence[authority->evidence_count];
		const struct pp_chosen *chosen = &a->rules[r];
		bool is_near;

		if (chosen->rule->metric != PP_METRIC_LAND_BORDER ||
			!pp_is_of_home(a, chosen->rule))
			continue;
		is_near = pp_judge_distance(
			a, chosen, a->land_distance[number], a->land_ground[number], evidence);
		if (a->land_hit[number])
			evidence->class = chosen->rule->class;
		if ((is_near || a->land_hit[number]) &&
			!pp_is_repeated(authority->evidence, authority->evidence_count))
			authority->evidence_count++;
	}
	authority->class = pp_strongest(authority->evidence, authority->evidence_count);
	a->out->authority_count += authority->evidence_count > 0;
}

/* The nearest stretch of a state's border, from the first one on that is that state's. */
static void measure_state(struct pp_asking *a, size_t first, double *distance, double *ground)
{
	const struct pp_border *borders = a->all->borders;
	double bound = (a->state_reach + 1) * PP_SCALE_MAX;
	struct pp_nearest at;

	*distance = *ground = INFINITY;
	for (size_t i = first; i < a->all->border_count; i++) {
		double gap;

		if (!pp_slice_is(borders[i].about.state, borders[first].about.state))
			continue;
		gap = pp_measure_distance(&a->plan, &borders[i].shape, fmin(bound, *distance), &at);
		if (isinf(gap) || gap >= *distance)
			continue;
		*distance = pp_rounded(gap, 1000);
		*ground = *distance > 0 ? pp_rounded(pp_ground_length(at.a, at.b), 1000) : 0;
	}
}

static void judge_state(struct pp_asking *a, size_t first)
{
	const struct pp_state_border *border = &a->all->borders[first].about;
	struct pp_affected_authority *authority = &a->out->authorities[a->out->authority_count];
	double distance, ground;

	measure_state(a, first, &distance, &ground);
	*authority = (struct pp_affected_authority){
		.body = border->state.len
			? pp_format(a->arena, "nachbarstaat-%.*s", PP_SHOW(border->state))
			: PP_S("nachbarstaat"),
		.name = border->name.len ? border->name : PP_S("Nachbarstaat"),
		.land = PP_S(""),
		.evidence = PP_NEW_ARRAY(a->arena, struct pp_evidence, a->rule_count),
	};
	for (size_t r = 0; r < a->rule_count; r++) {
		const struct pp_chosen *chosen = &a->rules[r];

		if (chosen->rule->metric == PP_METRIC_STATE_BORDER &&
			pp_is_of_home(a, chosen->rule) &&
			pp_judge_distance(a, chosen, distance, ground,
				&authority->evidence[authority->evidence_count]) &&
			!pp_is_repeated(authority->evidence, authority->evidence_count))
			authority->evidence_count++;
	}
	authority->class = pp_strongest(authority->evidence, authority->evidence_count);
	a->out->authority_count += authority->evidence_count > 0;
}

static bool is_first_of_state(const struct pp_boundaries *all, size_t place)
{
	for (size_t i = 0; i < place; i++)
		if (pp_slice_is(all->borders[i].about.state, all->borders[place].about.state))
			return false;
	return true;
}

void pp_judge_authorities(struct pp_asking *a)
{
	a->out->authorities = PP_NEW_ARRAY(
		a->arena, struct pp_affected_authority, PP_LANDS + a->all->border_count);
	for (unsigned number = 1; number < PP_LANDS && a->out->home_count; number++)
		if (!isinf(a->land_distance[number]) && !pp_is_home(a, pp_land_key(number)))
			judge_land(a, number);
	for (size_t i = 0; i < a->all->border_count && a->state_reach >= 0; i++)
		if (is_first_of_state(a->all, i))
			judge_state(a, i);
}
