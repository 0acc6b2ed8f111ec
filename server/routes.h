/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* The one place that knows every room: their route tables, one after the other, NULL at the end. */
#include <pp/core/route.h>

extern const struct pp_route *const pp_routes[];
