/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Boundaries that an operator has uploaded (pp.boundary_import): checked, or put in force. Both do
 * all that the command does, in a transaction; what is only to be checked is rolled back with what
 * it would have changed written down. The clerk has this run.
 */
#include "../config.h"

/* Exit code. What was cut off is begun anew by the next. */
int pp_import_job(const struct pp_config *config, const char *id);
