/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * What is asked of a geometry worker and what it answers, as payloads of frames (pp_buf, pp_scan;
 * numbers little-endian, texts and geometries with a length of 32 bits). Both sides use these
 * functions, so the layout lives in one place. A reply is PP_JOB_DONE of the asked kind or
 * PP_JOB_REFUSED.
 */
#include <pp/base/buf.h>
#include <pp/geo/affected.h>
#include <pp/geo/crs.h>
#include <pp/geo/validate.h>

enum pp_job {
	PP_JOB_AFFECTED = 1, /* pp_job_affected -> pp_job_result; preview and record alike */
	PP_JOB_REPAIR,       /* pp_job_geometry -> pp_job_proposal */
	PP_JOB_CHECK, /* pp_job_geometry -> pp_job_result with no JSON: transform and validate only
		       */
	PP_JOB_DONE,
	PP_JOB_REFUSED /* -> pp_job_refusal */
};

/* A geometry as the client gave it: checked WKB, its CRS and the order of its axes. */
struct pp_job_geometry {
	int crs;
	enum pp_axes axes;
	struct pp_slice wkb;
};

struct pp_job_affected {
	struct pp_job_geometry geometry;
	struct pp_affected_query query; /* its wkb is not sent */
	struct pp_subject *subjects;    /* where read: the query's, to be placed */
	struct pp_slice language;       /* of the reasons: "de", "en" or "both" */
};

struct pp_job_result {
	struct pp_slice boundaries, rules; /* ids of the versions that answered */
	struct pp_slice districts;         /* and of the districts': "{7,9}", "{}" without */
	struct pp_slice wkb;               /* EPSG:25832 */
	uint32_t vertices, parts;
	int dimension; /* 0 to 3, as in pp/fmt/wkb.h */
	double min_x, min_y, max_x, max_y;
	double area_m2, length_m; /* of its areas, of its lines */
	struct pp_slice json;     /* pp_affected_write; empty for PP_JOB_CHECK */
};

struct pp_job_proposal {
	struct pp_slice wkb; /* EPSG:25832 */
	struct pp_slice *changes, *changes_de;
	size_t change_count;
	double area_before, area_after, length_before, length_after;
};

struct pp_job_refusal {
	struct pp_fault fault;
	struct pp_slice flaw;    /* id of flaw.def, or empty */
	struct pp_slice flaw_de; /* its German sentence, or empty */
};

void pp_job_geometry_write(struct pp_buf *buf, const struct pp_job_geometry *job);
void pp_job_affected_write(struct pp_buf *buf, const struct pp_job_affected *job);
void pp_job_result_write(struct pp_buf *buf, const struct pp_job_result *result);
void pp_job_proposal_write(struct pp_buf *buf, const struct pp_job_proposal *proposal);
void pp_job_refusal_write(struct pp_buf *buf, const struct pp_fault *fault, enum pp_flaw flaw);

/* False when the payload is broken; slices point into it, lists are in the arena. */
PP_CHECKED bool pp_job_geometry_read(struct pp_slice payload, struct pp_job_geometry *job);
PP_CHECKED bool pp_job_affected_read(
	struct pp_arena *arena, struct pp_slice payload, struct pp_job_affected *job);
PP_CHECKED bool pp_job_result_read(struct pp_slice payload, struct pp_job_result *result);
PP_CHECKED bool pp_job_proposal_read(
	struct pp_arena *arena, struct pp_slice payload, struct pp_job_proposal *proposal);
PP_CHECKED bool pp_job_refusal_read(struct pp_slice payload, struct pp_job_refusal *refusal);
