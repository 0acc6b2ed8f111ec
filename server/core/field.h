/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* What a row of a field table says about one value; shared by parameters and bodies. */
#include <pp/core/req.h>

/* NULL when the text is a value of that kind, else an English phrase that says what is expected. */
const char *pp_field_expects(
	struct pp_arena *arena, const struct pp_field *field, struct pp_slice text);
