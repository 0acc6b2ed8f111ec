/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The cluster for a command: the running server's, or one of its own on a loop that turns until the
 * machine of postgres.c has something to tell.
 */
#include "postgres_inner.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>

#define LOCK_NS 200000000

static void keep_state(void *ctx, enum pp_postgres_state state, const char *reason)
{
	struct pp_postgres *pg = ctx;

	pg->told = state;
	snprintf(pg->reason, sizeof(pg->reason), "%s", reason ? reason : "");
	if (state != PP_POSTGRES_STARTING)
		pp_loop_stop(pg->loop);
}

static void reap(void *ctx)
{
	struct pp_postgres *pg = ctx;
	int status;

	/* Only this one: a command may have children of its own. */
	if (pg->pid > 0 && !pg->adopted && waitpid(pg->pid, &status, WNOHANG) == pg->pid)
		pp_postgres_child_ended(pg, pg->pid, status);
}

static bool run_for_a_while(struct pp_postgres *pg, char error[256])
{
	pp_postgres_start(pg, pp_loop_open(), keep_state, pg);
	pg->child_signal = pp_signal_open(pg->loop, SIGCHLD, reap, pg);
	pp_loop_run(pg->loop);
	snprintf(error, 256, "%s", pg->reason);
	return pg->told == PP_POSTGRES_READY;
}

struct pp_postgres *pp_postgres_borrow(const char *data, char error[256])
{
	const struct timespec pause = { .tv_nsec = LOCK_NS };
	struct pp_postgres *pg = pp_postgres_make(PP_KEEPER_COMMAND, data, error);
	struct pp_postmaster found;
	enum pp_keeper other;

	if (!pg)
		return NULL;
	while (!pp_place_lock(&pg->place, PP_KEEPER_COMMAND, &other)) {
		if (other == PP_KEEPER_SERVER && pp_place_postmaster(&pg->place, &found) &&
			found.ready) {
			pp_postgres_find_urls(pg);
			return pg;
		}
		nanosleep(&pause, NULL);
	}
	if (run_for_a_while(pg, error))
		return pg;
	pp_postgres_return(pg);
	return NULL;
}

void pp_postgres_return(struct pp_postgres *pg)
{
	struct pp_loop *loop = pg ? pg->loop : NULL;

	if (loop && pp_postgres_is_alive(pg)) {
		pp_postgres_stop(pg);
		while (pg->told != PP_POSTGRES_ENDED)
			pp_loop_run(loop);
	}
	if (loop)
		pp_timer_close(pg->child_signal);
	pp_postgres_close(pg);
	pp_loop_close(loop);
}
