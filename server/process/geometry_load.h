/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Versions of boundaries and rules, from the database into memory: those in force for a geometry
 * worker, any others for a recomputation. Both read them here, so that an answer can be computed
 * again years later.
 */
#include <pp/io/admin.h>

#include "geometry.h"

/*
 * Reads these versions (ids as the database writes them) into a state that was begun and is still
 * empty. districts are those that shall lie below, as "{7,9}"; at NULL: those that did when that
 * version was last in force. False and dataset_missing where there is no such version. The
 * connection's role must be able to read boundaries and rules; rows are read in a transaction of
 * the caller's where the versions have to belong together.
 */
PP_CHECKED bool pp_geometry_load(struct pp_geometry_state *state, struct pp_admin *db,
	struct pp_slice boundaries, struct pp_slice districts, struct pp_slice rules,
	struct pp_fault *fault);
/* Only the boundaries, indexed; the rules come from elsewhere. */
PP_CHECKED bool pp_geometry_load_boundaries(struct pp_geometry_state *state, struct pp_admin *db,
	struct pp_slice boundaries, struct pp_slice districts, struct pp_fault *fault);
