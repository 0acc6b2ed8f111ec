/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* Whether a PostgreSQL of the operator's fits this program, looked at once when the server starts.
 */
#include <pp/base/problem.h>

/*
 * The schema has this program's version, and there is room for so many connections; else false, and
 * the detail says what to do. What works but not well is logged as a warning: no room for a reload,
 * when there are twice as many, and a locale in which umlauts have no capitals.
 */
PP_CHECKED bool pp_database_fits(const char *url, unsigned connections, struct pp_fault *fault);
