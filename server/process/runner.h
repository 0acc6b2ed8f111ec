/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * The clerk's runner of recomputations: this program executed anew, as `recompute --job ID`, so
 * that minutes of work neither wait in the clerk nor in a web worker. One at a time; it ends when
 * the clerk ends, and what it had done by then stands.
 */
#include <sys/types.h>

#include "../config.h"

struct pp_runner {
	pid_t pid;        /* 0: none */
	int64_t again_at; /* monotonic: none is born before */
};

/* Whether one may be born: none is alive, and the last did not end a moment ago. Reaps it. */
bool pp_runner_is_free(struct pp_runner *runner);
void pp_runner_bear(struct pp_runner *runner, const struct pp_config *config, const char *job);
/* Tells it to go and waits for it: a batch at most is lost, and done again by the next. */
void pp_runner_end(struct pp_runner *runner);
