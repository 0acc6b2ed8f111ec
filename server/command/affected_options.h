/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* What `affected` was asked on its command line. */
#include <pp/geo/affected.h>

#include "affected_print.h"
#include "boundary_file.h"

struct pp_affected_asked {
	const char *path;
	struct pp_filejob_plans plans;
	struct pp_boundary_file boundaries;
	struct pp_affected_query query;
	struct pp_slice planning[PP_PLANNING_MAX];
	struct pp_subject subjects[PP_SUBJECTS_MAX]; /* catchments not placed yet */
	enum pp_affected_format format;
	struct pp_slice language;
};

/* Reads the command line, texts in the arena; false after a sentence on standard error. */
PP_CHECKED bool pp_affected_options(
	int argc, char **argv, struct pp_arena *arena, struct pp_affected_asked *asked);
/* A kind that neither the list nor a rule knows is a slip of the pen: false after a sentence. */
PP_CHECKED bool pp_affected_kind_is_known(
	const struct pp_affected_asked *asked, const struct pp_rules *rules);
extern const char pp_affected_about[];
/* One line on standard error. */
void pp_affected_note(const char *format, ...) PP_PRINTF(1, 2);
