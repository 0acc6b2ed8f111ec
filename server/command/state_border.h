/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* The border to other states out of a file of lines: docs/data.md says what it has to look like. */
#include <pp/geo/boundaries.h>

/* Adds every line to boundaries that have not ended; state and name come from columns of these
 * names. */
PP_CHECKED bool pp_state_border_read(const char *path, struct pp_geo *geo, struct pp_arena *arena,
	struct pp_boundaries *all, struct pp_fault *fault);
