/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* One question under way: whom does this plan affect? */
#include <pp/geo/affected.h>

#include "areas.h"

/* A metre on the ground is at most so many on the grid: 680 km from the central meridian, which is
 * as far as a plan can lie (pp_crs_read). */
#define PP_SCALE_MAX 1.006

enum { PP_LANDS = 17 }; /* 01 to 16; 0 is none */

/* Something that is measured against municipalities: the plan, a catchment. */
struct pp_figure {
	struct pp_flat flat;
	struct pp_shape shape;
	bool has_area, has_line, has_point;
	GEOSGeometry *geometry; /* its areas, made when first needed */
};

/* A subject of the plan with what follows from its other parameters and from the plan itself. */
struct pp_asked {
	struct pp_subject about;
	struct pp_figure catchment; /* empty shape: none */
	uint32_t *study;            /* the municipality of each row of its study */
};

/* A rule of the day, for one subject, with what its threshold comes to. */
struct pp_chosen {
	const struct pp_rule *rule;
	struct pp_asked *asked;
	double threshold;
	bool is_default;
};

struct pp_asking {
	struct pp_boundaries *all;
	const struct pp_affected_query *query;
	struct pp_arena *arena;
	struct pp_affected *out;
	double accuracy;
	struct pp_figure plan;
	/* The subjects; behind them one that has only what the plan itself says. */
	struct pp_asked *asked;
	size_t asked_count;
	/* The rules of the day, whatever the Land. */
	struct pp_chosen *rules;
	size_t rule_count;
	/* The planning municipalities, and who adjoins them together, both by number. */
	uint32_t *planning;
	struct pp_neighbour *adjoining;
	size_t adjoining_count;
	/* How far a rule could reach on the ground, accuracy included; -1: there is none of that
	 * kind.
	 */
	double reach, adjoining_reach, land_reach, state_reach;
	bool all_adjoining; /* whoever adjoins is affected, however far the plan is */
	/* Whoever a study names or a catchment reaches, by number: how far the plan is does not
	 * matter.
	 */
	uint32_t *wanted;
	size_t wanted_count, wanted_room;
	/* By number of the Land: how near it is on the grid and there on the ground, and whether a
	 * rule hit it. */
	double land_distance[PP_LANDS], land_ground[PP_LANDS];
	bool land_hit[PP_LANDS];
};

/* To one part in `parts`: 1000 is a millimetre of metres. */
double pp_rounded(double value, double parts);
unsigned pp_land_number(struct pp_slice land);
bool pp_is_home(const struct pp_asking *a, struct pp_slice land);
bool pp_is_planning(const struct pp_asking *a, uint32_t municipality);
bool pp_is_wanted(const struct pp_asking *a, uint32_t municipality);
/* NULL when it does not adjoin. */
const struct pp_neighbour *pp_adjoining(const struct pp_asking *a, uint32_t municipality);

/* asking.c: what is asked, made ready. */
PP_CHECKED bool pp_asking_begin(
	struct pp_asking *a, const struct pp_rules *rules, struct pp_fault *fault);
/* The Land of the largest share; of a plan outside all of them that of the nearest municipality. */
void pp_asking_home_by_share(struct pp_asking *a);

/* choose.c: which rules apply to this plan, and how far they look. */
void pp_choose_rules(struct pp_asking *a, const struct pp_rules *rules);

/*
 * measure.c: distance between figure and area, INFINITY when it is not below the bound; *at (or
 * NULL) says where, if it is more than 0.
 */
double pp_measure_distance(const struct pp_figure *figure, const struct pp_shape *area,
	double bound, struct pp_nearest *at);
/* What of a figure lies in a municipality that it meets; the depth where it is asked for. */
struct pp_overlap {
	double area_m2, length_m, depth_m;
	bool inside, overlaps;
};
struct pp_overlap pp_measure_overlap(
	struct pp_asking *a, struct pp_figure *figure, uint32_t municipality, bool with_depth);

/* judge.c: the rules. */
void pp_judge_row(struct pp_asking *a, struct pp_affected_row *row);
/* A rule about a distance, by what it is on the ground. */
bool pp_judge_distance(const struct pp_asking *a, const struct pp_chosen *chosen, double grid_m,
	double ground_m, struct pp_evidence *evidence);
enum pp_class pp_strongest(const struct pp_evidence *list, size_t count);
/* Whether the evidence behind the last of so many says what one of them says already. */
bool pp_is_repeated(const struct pp_evidence *list, size_t count);
bool pp_is_of_home(const struct pp_asking *a, const struct pp_rule *rule);

/* districts.c: the nearest districts of rows whose municipality has some. */
void pp_find_districts(struct pp_asking *a);

/* authorities.c: other Länder and other states. */
void pp_judge_authorities(struct pp_asking *a);
/* The Land of that number as its key of two digits. */
struct pp_slice pp_land_key(unsigned number);

/* circle.c: shares of the circles around a plan's points, for the rows that are kept. */
PP_CHECKED bool pp_share_circles(struct pp_asking *a, struct pp_fault *fault);
