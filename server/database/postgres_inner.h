/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* What the machine of postgres.c and its borrowing by commands (postgres_borrow.c) share. */
#include "postgres.h"
#include "postgres_place.h"

enum pp_postgres_step {
	PP_STEP_LOCK,   /* a command has the cluster */
	PP_STEP_INITDB, /* the child makes it */
	PP_STEP_START,  /* the postmaster is on its way up */
	PP_STEP_READY,
	PP_STEP_AGAIN, /* nothing runs; the timer will start it */
	PP_STEP_STOP,  /* told to end */
	PP_STEP_ENDED,
	PP_STEP_FAILED,
};

#define PP_POSTGRES_ROLES 6

struct pp_postgres {
	struct pp_loop *loop;
	struct pp_arena arena;
	struct pp_place place;
	enum pp_keeper as;
	enum pp_postgres_step step;
	struct pp_timer *timer;
	pid_t pid;  /* of initdb or the postmaster */
	int pid_fd; /* of an adopted postmaster, else -1 */
	struct pp_watch *adopted;
	int64_t wait, began; /* back-off; when this began, monotonic */
	bool was_ready, stopping;
	const char *urls[PP_POSTGRES_ROLES];
	void (*state)(void *ctx, enum pp_postgres_state state, const char *reason);
	void *ctx;
	/* Only of one that is borrowed: */
	struct pp_timer *child_signal;
	enum pp_postgres_state told;
	char reason[256];
};

/* NULL and a sentence when the place cannot be used. Nothing runs yet, nothing is locked. */
struct pp_postgres *pp_postgres_make(enum pp_keeper as, const char *data, char error[256]);
/* The URLs, once more where the cluster was started meanwhile. */
void pp_postgres_find_urls(struct pp_postgres *postgres);
/* Lets the machine run on the loop, from taking the lock on. */
void pp_postgres_start(struct pp_postgres *postgres, struct pp_loop *loop,
	void (*state)(void *ctx, enum pp_postgres_state state, const char *reason), void *ctx);
