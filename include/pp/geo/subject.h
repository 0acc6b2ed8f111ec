/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * What is planned, beside where: subjects with their typed parameters (param.def). A name ends in
 * its unit, so that a value in another unit is a name that nobody knows. Two parameters are no
 * numbers: the catchment of a shop and what an expert's study says of municipalities.
 */
#include <pp/base/arena.h>
#include <pp/base/problem.h>
#include <pp/geo/crs.h>

enum pp_param {
#define PP_PARAM(id, kind, subjects, min, max, about) PP_PARAM_##id,
#include <pp/geo/param.def>
#undef PP_PARAM
	PP_PARAM_COUNT
};

enum pp_param_kind { PP_PARAM_KIND_NUMBER, PP_PARAM_KIND_FLAG, PP_PARAM_KIND_DERIVED };

struct pp_param_row {
	const char *name;
	enum pp_param_kind kind;
	const char *subjects; /* "WIND|TURM" */
	double min, max;
	const char *about;
};

const struct pp_param_row *pp_param_row(enum pp_param param);
PP_CHECKED bool pp_param_named(struct pp_slice name, enum pp_param *param);

#define PP_SUBJECTS "WIND|TURM|EINZELHANDEL|LEITUNG|STRASSE|BIMSCHG|STOERFALL|FLUGHAFEN|HAFEN"
/* Subjects of a plan, and rows of a study. */
enum { PP_SUBJECTS_MAX = 20, PP_STUDY_MAX = 1000, PP_CATCHMENT_VERTICES_MAX = 2000 };

/* A municipality that an expert's study names: loss of turnover, or additional traffic. */
struct pp_study_row {
	struct pp_slice ags;
	double percent;
};

struct pp_subject {
	struct pp_slice name;         /* "WIND" */
	uint32_t given;               /* bits 1 << enum pp_param */
	double value[PP_PARAM_COUNT]; /* flags: 0 or 1 */
	int catchment_crs;            /* east first */
	struct pp_slice catchment;    /* WKB of an area; empty: none */
	struct pp_study_row *study;
	size_t study_count;
};

/*
 * Starts a subject, sets a parameter from its text ("160", "true"). Each refuses with
 * invalid_parameter and a sentence that names what there is; the pointer is "/subject" or
 * "/PARAMETER".
 */
PP_CHECKED bool pp_subject_begin(
	struct pp_subject *subject, struct pp_slice name, struct pp_fault *fault);
PP_CHECKED bool pp_subject_set(struct pp_subject *subject, struct pp_slice name,
	struct pp_slice value, struct pp_fault *fault);
/* The same for `catchment` and `study`, whose values are set by whoever has read them. */
PP_CHECKED bool pp_subject_may(
	const struct pp_subject *subject, struct pp_slice name, struct pp_fault *fault);

bool pp_subject_has(const struct pp_subject *subject, enum pp_param param);

/* Follows from the others: § 249 (10) sentence 2 BauGB, height is hub plus radius of the rotor. */
void pp_subject_complete(struct pp_subject *subject);

/*
 * Puts the catchments of a plan's subjects into EPSG:25832 and judges them: each must be a valid
 * area (geometry_invalid and so on, with the pointer /subjects/N/catchment).
 */
PP_CHECKED bool pp_subjects_place(struct pp_geo *geo, struct pp_arena *arena,
	struct pp_subject *subjects, size_t count, struct pp_fault *fault);
