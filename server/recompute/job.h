/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* A recomputation that was asked for over REST, worked off for the clerk. */
#include "../config.h"

/* The exit code: 0 when it is done, has failed by itself or is somebody else's; else 1. */
int pp_recompute_job(const struct pp_config *config, const char *job);
