/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * The children that the master keeps alive. Each has a slot: one that dies is born again, one that
 * is to be replaced serves until its successor is ready and then finishes what it has. Nobody who
 * is in service is ever killed for a successor, however fast one replacement follows another.
 */
#include <sys/types.h>

#include <pp/core/share.h>
#include <pp/io/loop.h>

#include "child.h"

#define PP_CREW_SLOTS 64

struct pp_crew;

struct pp_slot {
	struct pp_crew *crew;
	enum pp_role role;
	unsigned number;
	pid_t pid, older; /* older: the one before it, that has not ended yet */
	bool once_more;   /* to be replaced again as soon as the older one has ended */
	int sockets[PP_CHILD_SOCKETS];
	size_t socket_count;
	int64_t born, backoff;
	struct pp_timer *again;
	struct pp_watch *ready_watch;
	int ready;
};

struct pp_crew {
	struct pp_loop *loop;
	const struct pp_config *config; /* of whoever is born next */
	const char *run_dir;
	int share_fd;
	struct pp_share *share;
	void (*ready)(void *ctx, enum pp_role role);
	void *ctx;
	struct pp_slot slots[PP_CREW_SLOTS];
	size_t count;
	bool ending; /* nobody is born any more */
};

/* A slot without sockets; nobody is born yet. number counts from 1 within a role. */
struct pp_slot *pp_crew_add(struct pp_crew *crew, enum pp_role role, unsigned number);

/* Bears the children of that role. */
void pp_crew_bear(struct pp_crew *crew, enum pp_role role);

/* Replaces them: those whose predecessor still finishes are replaced when it has. */
void pp_crew_replace(struct pp_crew *crew, enum pp_role role);

/* Sends that signal to all of them, the older ones too. */
void pp_crew_tell(struct pp_crew *crew, enum pp_role role, int number);

bool pp_crew_is_alive(const struct pp_crew *crew, enum pp_role role);

/* What waitpid said of a process, whoever it was. */
void pp_crew_ended(struct pp_crew *crew, pid_t pid, int status);

void pp_crew_close(struct pp_crew *crew);
