/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* What a rule's columns `threshold` and `when` say. */
#include <pp/geo/rules.h>

/* Reads threshold->text; false when it is none of the four forms. */
PP_CHECKED bool pp_threshold_read(struct pp_threshold *threshold);
/* Conditions with " and " between them; false when one cannot be read or there are too many. */
PP_CHECKED bool pp_conditions_read(
	struct pp_slice text, struct pp_condition list[PP_CONDITIONS_MAX], size_t *count);
