/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * What the clerk has run by a process of its own: this program executed anew, as `recompute --job
 * ID` or `mail --job`, so that minutes of work neither wait in the clerk nor in a web worker. Each
 * runner has one process at a time; it ends when the clerk ends, and what it had done by then
 * stands.
 */
#include <stdbool.h>
#include <sys/types.h>

#include "../config.h"

struct pp_runner {
	pid_t pid;        /* 0: none */
	int64_t again_at; /* monotonic: none is born before */
	bool more;        /* the last one ended with PP_RUNNER_MORE */
};

/* The exit code of one that has left the rest to the next, so that others have their turn. */
#define PP_RUNNER_MORE 3

/* Whether one may be born: none is alive, and the last did not end a moment ago (or, with an exit
 * code of its own, half a minute ago). Reaps it. */
bool pp_runner_is_free(struct pp_runner *runner);
/* The words of its command, at most four, NULL behind the last. */
void pp_runner_bear(
	struct pp_runner *runner, const struct pp_config *config, const char *const *words);
/* Tells it to go and waits for it: a batch at most is lost, and done again by the next. */
void pp_runner_end(struct pp_runner *runner);
