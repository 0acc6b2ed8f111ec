/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* One question under way: whom does this plan affect? */
#include <pp/geo/affected.h>

#include "areas.h"

enum { PP_LANDS = 17 }; /* 01 to 16; 0 is none */

struct pp_asking {
	struct pp_boundaries *all;
	const struct pp_affected_query *query;
	struct pp_arena *arena;
	struct pp_affected *out;
	double accuracy;
	/* The plan. */
	struct pp_flat flat;
	struct pp_shape plan;
	bool has_area, has_line, has_point;
	GEOSGeometry *geometry; /* its areas, made when first needed */
	/* The rules of the day, whatever the Land. */
	const struct pp_rule **rules;
	size_t rule_count;
	/* The planning municipalities, and who adjoins them together, both by number. */
	uint32_t *planning;
	struct pp_neighbour *adjoining;
	size_t adjoining_count;
	/* How far a rule could reach, accuracy included; -1 where there is none of that kind. */
	double reach, adjoining_reach, land_reach;
	bool all_adjoining; /* whoever adjoins is affected, however far the plan is */
	/* By number of the Land: how near it is, and whether a rule hit it. */
	double land_distance[PP_LANDS];
	bool land_hit[PP_LANDS];
};

/* To one part in `parts`: 1000 is a millimetre of metres. */
double pp_rounded(double value, double parts);
unsigned pp_land_number(struct pp_slice land);
bool pp_is_home(const struct pp_asking *a, struct pp_slice land);
bool pp_is_planning(const struct pp_asking *a, uint32_t municipality);
/* NULL when it does not adjoin. */
const struct pp_neighbour *pp_adjoining(const struct pp_asking *a, uint32_t municipality);

/* measure.c: distance between plan and municipality, INFINITY when it is not below the bound. */
double pp_measure_distance(struct pp_asking *a, uint32_t municipality, double bound);
/* Fills in what of the plan lies in it, for a row whose distance is 0; depth where a rule needs it.
 */
void pp_measure_overlap(struct pp_asking *a, struct pp_affected_row *row, bool with_depth);

/* judge.c: the rules. */
void pp_choose_rules(struct pp_asking *a, const struct pp_rules *rules);
void pp_judge_row(struct pp_asking *a, struct pp_affected_row *row);
void pp_judge_lands(struct pp_asking *a);
/* The Land of that number as its key of two digits. */
struct pp_slice pp_land_key(unsigned number);
