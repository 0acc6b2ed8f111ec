/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* Boundaries that an operator uploads: what is more than one question to the database. */
#include <pp/core/tus.h>

#define PP_IMPORT_MOST (INT64_C(500) << 20)

extern pp_step *const pp_import_show[], *const pp_import_go_on[];
