/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * The work of a geometry worker without its process: boundaries and rules in memory, one function
 * from request to reply (payloads: pp/geo/job.h). It opens nothing but proj.db, at its beginning.
 * Work is bounded by vertices (PP_WKB_VERTICES_MAX, PP_REPAIR_VERTICES_MAX); a deadline is the
 * master's.
 */
#include <pp/geo/job.h>

struct pp_geometry_state {
	struct pp_arena arena;
	struct pp_geo *geo;
	struct pp_boundaries *boundaries; /* NULL until loaded: then dataset_missing */
	struct pp_slice districts;        /* versions, as PostgreSQL writes bigint[]; empty: none */
	struct pp_rules rules;
};

/* False and a fault when PROJ's database is not there. Ended by pp_geometry_end. */
PP_CHECKED bool pp_geometry_begin(struct pp_geometry_state *state, struct pp_fault *fault);
void pp_geometry_end(struct pp_geometry_state *state);

/*
 * Loading (see pp_geometry_load): the version, whose boundaries then take their municipalities,
 * each rule (fields in the order of pp_rule_read), then the end, which indexes.
 */
void pp_geometry_version(struct pp_geometry_state *state, const struct pp_boundary_version *version,
	struct pp_slice rules_id);
/* After the end: districts below a municipality, themselves row by row and ended. */
struct pp_boundaries *pp_geometry_districts(
	struct pp_geometry_state *state, const struct pp_boundary_version *version);
PP_CHECKED bool pp_geometry_districts_loaded(struct pp_geometry_state *state,
	struct pp_boundaries *districts, struct pp_slice parent, struct pp_fault *fault);
PP_CHECKED bool pp_geometry_rule(struct pp_geometry_state *state,
	const struct pp_slice fields[PP_RULE_FIELDS], struct pp_fault *fault);
PP_CHECKED bool pp_geometry_loaded(struct pp_geometry_state *state, struct pp_fault *fault);

/*
 * Appends the payload of the reply and returns its kind, PP_JOB_DONE or PP_JOB_REFUSED. 0 when the
 * request itself is broken or of an unknown kind: a bug of the caller, answered with
 * PP_FRAME_FAILED and nothing in the buffer.
 */
uint16_t pp_geometry_answer(struct pp_geometry_state *state, uint16_t kind, struct pp_slice payload,
	struct pp_buf *reply);
