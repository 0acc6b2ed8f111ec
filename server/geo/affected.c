/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/geo/affected.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "inner.h"

#define LEAST_AREA   1e-4 /* m² that count as overlap: 1 cm² */
#define LEAST_LENGTH 1e-3
#define LANDS        17

/* One question under way. */
struct asking {
	struct pp_boundaries *all;
	struct pp_geo *geo;
	const struct pp_rules *rules;
	const struct pp_affected_query *query;
	struct pp_arena *arena;
	struct pp_affected *out;
	GEOSGeometry *plan;
	bool has_area, has_line, has_point;
	double box[4];
	uint32_t *planning; /* places of the planning municipalities */
	double accuracy;
	size_t room;
	double *land_distance; /* by number of the Land; INFINITY: nothing within reach */
	bool *land_hit;
};

static double rounded(double value, double unit)
{
	return round(value / unit) * unit;
}

static unsigned land_number(struct pp_slice land)
{
	unsigned number = land.len == 2 ? (unsigned)(land.at[0] - '0') * 10 + (unsigned)(land.at[1] - '0')
					: 0;

	return number < LANDS ? number : 0;
}

static bool is_planning(const struct asking *a, uint32_t i)
{
	for (size_t p = 0; p < a->query->planning_count; p++)
		if (a->planning[p] == i)
			return true;
	return false;
}

static bool is_home(const struct asking *a, struct pp_slice land)
{
	for (size_t h = 0; h < a->out->home_count; h++)
		if (pp_slice_is(a->out->home[h], land))
			return true;
	return false;
}

/* What of the plan lies in it: the municipality is clipped first, which is most of the work saved. */
static GEOSGeometry *overlap(struct asking *a, uint32_t i)
{
	GEOSContextHandle_t geos = a->geo->geos;
	GEOSGeometry *clip = GEOSClipByRect_r(geos, pp_area_at(a->all, i)->geometry,
		a->box[0] - 1, a->box[1] - 1, a->box[2] + 1, a->box[3] + 1);
	GEOSGeometry *both = NULL;

	if (clip && GEOSisValid_r(geos, clip) == 1)
		both = GEOSIntersection_r(geos, a->plan, clip);
	GEOSGeom_destroy_r(geos, clip);
	return both ? both
		    : GEOSIntersection_r(geos, a->plan, pp_area_at(a->all, i)->geometry);
}

/* Areas by their area, lines by their length, points by being there; collections part by part. */
static void measure(struct pp_geo *geo, const GEOSGeometry *g, double *area, double *length,
	unsigned *points)
{
	double value = 0;

	switch (GEOSGeomTypeId_r(geo->geos, g)) {
	case GEOS_POLYGON:
		GEOSArea_r(geo->geos, g, &value);
		*area += value;
		break;
	case GEOS_LINESTRING:
	case GEOS_LINEARRING:
		GEOSLength_r(geo->geos, g, &value);
		*length += value;
		break;
	case GEOS_POINT:
		*points += !GEOSisEmpty_r(geo->geos, g);
		break;
	default:
		for (int i = 0; i < GEOSGetNumGeometries_r(geo->geos, g); i++)
			measure(geo, GEOSGetGeometryN_r(geo->geos, g, i), area, length, points);
	}
}

/* The vertex of the overlap that lies deepest in the municipality. */
static double depth(struct asking *a, uint32_t i, const GEOSGeometry *both)
{
	GEOSContextHandle_t geos = a->geo->geos;
	const GEOSPreparedGeometry *border = pp_area_border(a->all, i);
	struct pp_buf wkb;
	struct pp_runs runs;
	double deepest = 0;

	pp_buf_begin(&wkb);
	pp_geos_write(a->geo, both, &wkb);
	pp_runs_begin(&runs, pp_buf_all(&wkb));
	while (pp_runs_next(&runs)) {
		for (uint32_t v = 0; v < runs.count; v++) {
			GEOSGeometry *vertex = GEOSGeom_createPointFromXY_r(geos, pp_runs_x(&runs, v),
				pp_runs_y(&runs, v));
			double distance = 0;

			GEOSPreparedDistance_r(geos, border, vertex, &distance);
			deepest = fmax(deepest, distance);
			GEOSGeom_destroy_r(geos, vertex);
		}
	}
	pp_buf_end(&wkb);
	return deepest;
}

static void measure_overlap(struct asking *a, struct pp_affected_row *row)
{
	double area = 0, length = 0;
	unsigned points = 0;
	GEOSGeometry *both = overlap(a, row->municipality);

	if (!both)
		return;
	measure(a->geo, both, &area, &length, &points);
	/* An area that only touches leaves lines and points behind, which are no overlap. */
	row->overlap_m2 = a->has_area ? rounded(area, 0.1) : 0;
	row->overlap_m = a->has_line ? rounded(length, 0.001) : 0;
	row->inside = a->has_point && points > 0;
	if (area > LEAST_AREA || (a->has_line && length > LEAST_LENGTH) || row->inside)
		row->depth_m = rounded(depth(a, row->municipality, both), 0.001);
	row->overlaps = (a->has_area && area > LEAST_AREA) ||
			(a->has_line && length > LEAST_LENGTH) || row->inside;
	GEOSGeom_destroy_r(a->geo->geos, both);
}

static void add_row(uint32_t i, void *ctx)
{
	struct asking *a = ctx;
	struct pp_affected_row *row;

	if (a->out->count == a->room) {
		struct pp_affected_row *more =
			PP_NEW_ARRAY(a->arena, struct pp_affected_row, 2 * a->room + 16);

		if (a->room)
			memcpy(more, a->out->rows, a->room * sizeof(*more));
		a->out->rows = more;
		a->room = 2 * a->room + 16;
	}
	row = &a->out->rows[a->out->count];
	*row = (struct pp_affected_row){ .municipality = i, .has_area = a->has_area,
		.has_line = a->has_line, .has_point = a->has_point };
	if (!GEOSPreparedDistance_r(a->geo->geos, pp_area_prepared(a->all, i), a->plan,
		    &row->distance_m))
		return;
	row->distance_m = rounded(row->distance_m, 0.001);
	a->out->count++;
	if (row->distance_m == 0)
		measure_overlap(a, row);
}

/* With the planning municipalities together: the sum over them, none when it does not adjoin. */
static void measure_border(struct asking *a, struct pp_affected_row *row)
{
	row->has_shared_border = a->query->planning_count > 0;
	for (size_t p = 0; p < a->query->planning_count; p++) {
		size_t count;
		const struct pp_neighbour *list =
			pp_boundaries_neighbours(a->all, a->planning[p], &count);

		for (size_t n = 0; n < count; n++) {
			if (list[n].municipality != row->municipality)
				continue;
			row->adjoins = true;
			row->shared_border_m += list[n].shared_border_m;
		}
	}
	row->shared_border_m = rounded(row->shared_border_m, 0.001);
}

static void fire(struct asking *a, struct pp_evidence **list, size_t *count,
	struct pp_evidence evidence)
{
	if (!*list)
		*list = PP_NEW_ARRAY(a->arena, struct pp_evidence, a->rules->count);
	(*list)[(*count)++] = evidence;
}

static bool applies(const struct asking *a, const struct pp_rule *rule)
{
	bool subject = !rule->subject.len;

	for (size_t s = 0; s < a->query->subject_count; s++)
		subject = subject || pp_slice_is(a->query->subjects[s], rule->subject);
	return subject && pp_rule_is_for(rule, a->query->kind, a->query->date) &&
	       (!rule->land.len || is_home(a, rule->land));
}

/* Contract: with its class up to the threshold, as PRUEFEN within the accuracy beyond it. */
static bool by_distance(const struct asking *a, const struct pp_rule *rule, double distance,
	struct pp_evidence *evidence)
{
	if (distance > rule->threshold + a->accuracy)
		return false;
	*evidence = (struct pp_evidence){ .rule = rule, .value = distance, .unit = "m",
		.has_value = true,
		.class = distance <= rule->threshold ? rule->class : PP_PRUEFEN,
		.borderline = fabs(distance - rule->threshold) <= a->accuracy };
	return true;
}

static bool by_overlap(const struct asking *a, const struct pp_rule *rule,
	const struct pp_affected_row *row, struct pp_evidence *evidence)
{
	bool sure = row->depth_m > a->accuracy;

	if (!row->overlaps)
		return false;
	*evidence = (struct pp_evidence){ .rule = rule, .has_value = true,
		.class = sure || !a->query->planning_count ? rule->class : PP_PRUEFEN,
		.borderline = !sure,
		.value = row->overlap_m2 > 0  ? row->overlap_m2
			 : row->overlap_m > 0 ? row->overlap_m
					      : 1,
		.unit = row->overlap_m2 > 0 ? "m2" : row->overlap_m > 0 ? "m" : "" };
	return true;
}

static bool fires(const struct asking *a, const struct pp_rule *rule,
	const struct pp_affected_row *row, struct pp_evidence *evidence)
{
	switch (rule->metric) {
	case PP_METRIC_OVERLAP:
		return by_overlap(a, rule, row, evidence);
	case PP_METRIC_ADJACENT:
		*evidence = (struct pp_evidence){ .rule = rule, .class = rule->class,
			.value = row->shared_border_m, .unit = "m", .has_value = true };
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

static enum pp_class strongest(const struct pp_evidence *list, size_t count)
{
	enum pp_class class = PP_CLASS_NONE;

	for (size_t i = 0; i < count; i++)
		if (class == PP_CLASS_NONE || list[i].class < class)
			class = list[i].class;
	return class;
}

static void judge(struct asking *a, struct pp_affected_row *row)
{
	const struct pp_municipality *m = pp_boundaries_at(a->all, row->municipality);
	struct pp_evidence evidence;

	row->cross_border = !is_home(a, m->land);
	if (is_planning(a, row->municipality)) {
		row->class = PP_EIGEN;
		return;
	}
	for (size_t r = 0; r < a->rules->count; r++)
		if (applies(a, &a->rules->list[r]) && fires(a, &a->rules->list[r], row, &evidence))
			fire(a, &row->evidence, &row->evidence_count, evidence);
	row->class = strongest(row->evidence, row->evidence_count);
	for (size_t r = 0; r < a->rules->count && row->evidence_count && m->unincorporated; r++) {
		const struct pp_rule *rule = &a->rules->list[r];

		if (rule->metric == PP_METRIC_UNINCORPORATED && applies(a, rule))
			fire(a, &row->evidence, &row->evidence_count,
				(struct pp_evidence){ .rule = rule, .unit = "",
					.class = rule->class ? rule->class : row->class });
	}
}

/* The Land borders: how far away is each other Land, and is anything in it affected. */
static void note_land(struct asking *a, const struct pp_affected_row *row)
{
	unsigned land = land_number(pp_boundaries_at(a->all, row->municipality)->land);

	a->land_distance[land] = fmin(a->land_distance[land], row->distance_m);
	a->land_hit[land] = a->land_hit[land] ||
			    (row->class != PP_EIGEN && row->evidence_count > 0);
}

static const struct {
	const char *land, *key, *name;
} authorities[] = {
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

static void judge_land(struct asking *a, size_t which)
{
	struct pp_slice land = pp_slice_of(authorities[which].land);
	unsigned number = land_number(land);
	struct pp_affected_authority authority = { pp_slice_of(authorities[which].key),
		pp_slice_of(authorities[which].name), land, PP_CLASS_NONE, NULL, 0 };
	struct pp_evidence evidence;

	if (is_home(a, land) || isinf(a->land_distance[number]))
		return;
	for (size_t r = 0; r < a->rules->count; r++) {
		const struct pp_rule *rule = &a->rules->list[r];

		if (rule->metric != PP_METRIC_LAND_BORDER || !applies(a, rule))
			continue;
		if (by_distance(a, rule, a->land_distance[number], &evidence)) {
			if (a->land_hit[number])
				evidence.class = rule->class;
		} else if (a->land_hit[number]) {
			evidence = (struct pp_evidence){ .rule = rule, .class = rule->class,
				.value = a->land_distance[number], .unit = "m", .has_value = true };
		} else {
			continue;
		}
		fire(a, &authority.evidence, &authority.evidence_count, evidence);
	}
	authority.class = strongest(authority.evidence, authority.evidence_count);
	if (authority.evidence_count)
		a->out->authorities[a->out->authority_count++] = authority;
}

/* Everything nearer than this is looked at; neighbours of the planning municipalities always. */
static double reach(const struct asking *a)
{
	double most = 0;

	for (size_t r = 0; r < a->rules->count; r++)
		if (pp_rule_is_for(&a->rules->list[r], a->query->kind, a->query->date))
			most = fmax(most, a->rules->list[r].threshold);
	return most + a->accuracy + 1;
}

static bool has_row(const struct asking *a, uint32_t i)
{
	for (size_t r = 0; r < a->out->count; r++)
		if (a->out->rows[r].municipality == i)
			return true;
	return false;
}

/* EIGEN is always listed; a neighbour may be affected by adjoining alone, however far the plan is. */
static void add_fixed(struct asking *a)
{
	for (size_t p = 0; p < a->query->planning_count; p++) {
		size_t count;
		const struct pp_neighbour *list =
			pp_boundaries_neighbours(a->all, a->planning[p], &count);

		if (!has_row(a, a->planning[p]))
			add_row(a->planning[p], a);
		for (size_t n = 0; n < count; n++)
			if (!has_row(a, list[n].municipality))
				add_row(list[n].municipality, a);
	}
}

static bool find_planning(struct asking *a, struct pp_fault *fault)
{
	const struct pp_affected_query *query = a->query;

	if (query->planning_count > PP_PLANNING_MAX)
		return pp_fault(fault, PP_invalid_parameter, "at most %d planning municipalities",
			PP_PLANNING_MAX);
	a->planning = PP_NEW_ARRAY(a->arena, uint32_t, query->planning_count);
	for (size_t p = 0; p < query->planning_count; p++) {
		a->planning[p] = pp_boundaries_find(a->all, query->planning[p]);
		if (a->planning[p] != PP_NOWHERE)
			continue;
		pp_fault(fault, PP_municipality_not_found, "there is no municipality %.*s",
			PP_SHOW(query->planning[p]));
		snprintf(fault->pointer, sizeof(fault->pointer), "/planning_municipalities/%zu", p);
		return false;
	}
	return true;
}

static void add_home(struct asking *a, struct pp_slice land)
{
	if (land.len && !is_home(a, land))
		a->out->home[a->out->home_count++] = land;
}

/* Contract, cross_border: of the planning municipalities, the applicant, or the largest share. */
static void find_home(struct asking *a)
{
	double share[LANDS] = { 0 };
	size_t best = 0;

	a->out->home = PP_NEW_ARRAY(a->arena, struct pp_slice, LANDS);
	for (size_t p = 0; p < a->query->planning_count; p++)
		add_home(a, pp_boundaries_at(a->all, a->planning[p])->land);
	if (!a->out->home_count)
		add_home(a, a->query->applicant_land);
	for (size_t r = 0; r < a->out->count && !a->out->home_count; r++) {
		const struct pp_affected_row *row = &a->out->rows[r];

		share[land_number(pp_boundaries_at(a->all, row->municipality)->land)] +=
			a->has_area ? row->overlap_m2 : a->has_line ? row->overlap_m : row->inside;
	}
	for (size_t land = 1; land < LANDS; land++)
		if (share[land] > share[best])
			best = land;
	if (!a->out->home_count && best)
		add_home(a, pp_slice_of(authorities[best - 1].land));
}

static void look_at_plan(struct asking *a)
{
	double area = 0, length = 0;
	unsigned points = 0;

	measure(a->geo, a->plan, &area, &length, &points);
	a->has_area = area > 0;
	a->has_line = length > 0;
	a->has_point = points > 0;
	GEOSGeom_getExtent_r(a->geo->geos, a->plan, &a->box[0], &a->box[1], &a->box[2], &a->box[3]);
}

/* qsort has no context: the order is by keys that each row holds by then. */
static int in_order(const void *x, const void *y)
{
	const struct pp_affected_row *a = x, *b = y;

	if (a->class != b->class)
		return a->class < b->class ? -1 : 1;
	if (a->distance_m != b->distance_m)
		return a->distance_m < b->distance_m ? -1 : 1;
	/* Municipalities stand in the order of their AGS. */
	return (a->municipality > b->municipality) - (a->municipality < b->municipality);
}

static void keep_affected(struct asking *a)
{
	size_t kept = 0;

	for (size_t r = 0; r < a->out->count; r++)
		if (a->out->rows[r].class != PP_CLASS_NONE)
			a->out->rows[kept++] = a->out->rows[r];
	a->out->count = kept;
	qsort(a->out->rows, kept, sizeof(*a->out->rows), in_order);
}

bool pp_affected_ask(struct pp_boundaries *all, const struct pp_rules *rules,
	const struct pp_affected_query *query, struct pp_arena *arena, struct pp_affected *out,
	struct pp_fault *fault)
{
	struct asking a = { .all = all, .geo = pp_boundaries_geo(all), .rules = rules,
		.query = query, .arena = arena, .out = out,
		.accuracy = pp_boundaries_version(all)->accuracy_m };
	double far;

	*out = (struct pp_affected){ 0 };
	if (!find_planning(&a, fault))
		return false;
	a.land_distance = PP_NEW_ARRAY(arena, double, LANDS);
	a.land_hit = PP_NEW_ARRAY(arena, bool, LANDS);
	out->authorities =
		PP_NEW_ARRAY(arena, struct pp_affected_authority, PP_LENGTH(authorities));
	for (size_t land = 0; land < LANDS; land++)
		a.land_distance[land] = INFINITY;
	a.plan = pp_geos_read(a.geo, query->wkb);
	look_at_plan(&a);
	far = reach(&a);
	pp_boundaries_within(all, a.box[0] - far, a.box[1] - far, a.box[2] + far, a.box[3] + far,
		add_row, &a);
	add_fixed(&a);
	find_home(&a);
	for (size_t r = 0; r < out->count; r++) {
		measure_border(&a, &out->rows[r]);
		judge(&a, &out->rows[r]);
		note_land(&a, &out->rows[r]);
	}
	for (size_t land = 0; land < PP_LENGTH(authorities); land++)
		judge_land(&a, land);
	keep_affected(&a);
	GEOSGeom_destroy_r(a.geo->geos, a.plan);
	return true;
}
