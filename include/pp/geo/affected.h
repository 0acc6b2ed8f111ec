/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Who is affected by a plan, why, by how much and under which rule (domain: "Interkommunale
 * Abstimmung", § 2 (2) BauGB; docs/affected.md). One engine for preview and record alike (design
 * D5). It is a pure function of boundaries, rules and query; it never asks a clock or a database.
 *
 * Measures, on the grid of EPSG:25832 unless said otherwise and rounded to what is printed before
 * any rule looks at them, so that a result can be checked from what it says:
 * - distance_m: plan to municipality, 0.0 when they meet; 1 mm
 * - ground_m: the length of that shortest line on the ground (pp_utm32_scale); 1 mm
 * - overlap_m2: area of the plan within it; 0.1 m²
 * - overlap_m: length of the plan's lines within it (its border counts); 1 mm
 * - inside: one of the plan's points lies in it or on its border
 * - depth_m: greatest distance of a vertex of the overlap from its border; 1 mm
 * - shared_border_m: with the planning municipalities together: the sum over them (boundaries.h)
 *
 * With a = accuracy of the boundaries and D = threshold: a distance rule fires with its class when
 * d <= D, as PRUEFEN when D < d <= D + a, and is borderline when |d - D| <= a, where d is the
 * distance on the ground. `overlap` fires
 * where the overlap is more than 1 cm², 1 mm or a point inside: with its class when depth_m > a,
 * else as PRUEFEN and borderline; for a plan without planning municipality (a power line, a
 * regional plan) with its class in any case (issue: "every municipality met is MUSS by R01").
 * Nothing near a threshold is dropped.
 */
#include <pp/base/buf.h>
#include <pp/geo/boundaries.h>
#include <pp/geo/rules.h>

enum { PP_PLANNING_MAX = 200 };

struct pp_affected_query {
	struct pp_slice kind;            /* "BP_REGEL" */
	struct pp_slice date;            /* YYYY-MM-DD: the rules of that day */
	const struct pp_slice *planning; /* AGS of the planning municipalities */
	size_t planning_count;
	struct pp_slice applicant_land;    /* two digits, empty when there is none */
	const struct pp_subject *subjects; /* catchments in EPSG:25832 (pp_subjects_place) */
	size_t subject_count;
	struct pp_slice wkb; /* valid, EPSG:25832 */
};

struct pp_evidence {
	const struct pp_rule *rule;
	enum pp_class class;
	double value;     /* metres, square metres, per cent or (points) 1 */
	const char *unit; /* "m", "m2", "%" or "" */
	bool has_value;
	double threshold;
	bool has_threshold;
	bool is_default; /* the threshold's parameter was not given: the rule's default */
	double ground_m; /* of a distance: on the ground, which decides */
	bool has_ground;
	bool scale_decides; /* on the grid the answer would be another */
	bool borderline;
};

/*
 * What a municipality has of the circle around one of the plan's points: metres on the ground, and
 * per cent of what all municipalities together have of it (§ 6 (2) sentence 5 EEG 2023: "an der
 * Fläche des Umkreises der Anlage im Bundesgebiet").
 */
struct pp_circle_share {
	uint32_t point; /* from 1, in the order of the plan */
	double area_m2, percent;
};

enum { PP_CIRCLES_MAX = 200 };

/*
 * A district of a municipality that has some (Hamburg's Bezirke): the nearest, those that are no
 * farther than the accuracy of the boundaries beyond it, and those at the border of a planning
 * municipality. Districts come from another dataset than municipalities, so that their border
 * counts as shared where it runs within the greater accuracy of the two.
 */
struct pp_district {
	struct pp_slice body, name;
	double distance_m, shared_border_m;
	bool has_shared_border;
};

struct pp_affected_row {
	uint32_t municipality; /* in the boundaries */
	enum pp_class class;
	bool cross_border;
	bool has_area, has_line, has_point; /* what of the plan there is to overlap */
	double distance_m, ground_m, overlap_m2, overlap_m, depth_m;
	bool inside;
	bool overlaps;          /* by more than 1 cm², 1 mm, or a point */
	bool adjoins;           /* a planning municipality, along a line or in a point */
	bool has_shared_border; /* false without planning municipalities */
	double shared_border_m;
	struct pp_evidence *evidence;
	size_t evidence_count;
	struct pp_circle_share *circles;
	size_t circle_count;
	struct pp_district *districts; /* nearest first */
	size_t district_count;
};

/* An authority beside the municipalities: the state planning authority of another Land (R80), or
 * another state (R81). */
struct pp_affected_authority {
	struct pp_slice body; /* key, "landesplanung-sh", "nachbarstaat-dk" */
	struct pp_slice name; /* German */
	struct pp_slice land; /* empty: of another state */
	enum pp_class class;
	struct pp_evidence *evidence;
	size_t evidence_count;
};

/* A rule that was not applied because a parameter was not given. */
struct pp_affected_missing {
	const struct pp_rule *rule;
	enum pp_param param;
};

struct pp_affected {
	struct pp_affected_row
		*rows; /* MUSS, SOLL, PRUEFEN, EIGEN; then by distance, then by AGS */
	size_t count;
	struct pp_affected_authority *authorities; /* by Land, then states */
	size_t authority_count;
	struct pp_affected_missing *missing;
	size_t missing_count;
	struct pp_slice *home; /* the Länder that cross_border is measured against */
	size_t home_count;
};

/*
 * The result in the arena. Refuses with municipality_not_found (pointer /planning_municipalities/N
 * or /subjects/N/study/M/ags) and with invalid_parameter when there are more than PP_PLANNING_MAX
 * or PP_SUBJECTS_MAX of them, with geometry_too_large above PP_CIRCLES_MAX points where a rule
 * draws circles.
 */
PP_CHECKED bool pp_affected_ask(struct pp_boundaries *all, const struct pp_rules *rules,
	const struct pp_affected_query *query, struct pp_arena *arena, struct pp_affected *out,
	struct pp_fault *fault);

/*
 * The first half of it: who is within reach of any of the rules, and how far away, in the order of
 * the AGS; of another Land that only its planning authority's rule reaches, the nearest one. Only
 * municipality, distance_m, adjoins and shared_border_m are set: what a map wants while somebody
 * is drawing.
 */
PP_CHECKED bool pp_affected_near(struct pp_boundaries *all, const struct pp_rules *rules,
	const struct pp_affected_query *query, struct pp_arena *arena, struct pp_affected *out,
	struct pp_fault *fault);

/*
 * The JSON object of POST /affected-preview, without a line break: municipalities, authorities,
 * dataset, engine. The reason is in that language ("de", "en"); with
 * "both" it is German and `reason_en` stands beside it.
 */
void pp_affected_write(struct pp_buf *buf, const struct pp_boundaries *all, struct pp_slice engine,
	const struct pp_affected *result, struct pp_slice language);
