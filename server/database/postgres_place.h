/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* Where the embedded PostgreSQL lives: folders, owner, programs, lock, files (see postgres.h). */
#include <sys/types.h>

#include <pp/base/arena.h>

struct pp_place {
	struct pp_arena *arena;
	const char *data;    /* absolute */
	const char *cluster; /* data/postgres */
	const char *log;     /* data/log */
	const char *sockets; /* folder of the socket; that of an adopted cluster may be another */
	const char *bin;     /* folder of initdb and postgres */
	uid_t uid;           /* whose processes and files they are */
	gid_t gid;
	bool switches; /* we are root and they are not */
	int lock;
};

enum pp_keeper { PP_KEEPER_NONE, PP_KEEPER_SERVER, PP_KEEPER_COMMAND };

/* Finds and makes what is missing, except the cluster. The lock is open, not yet taken. */
PP_CHECKED bool pp_place_open(
	struct pp_place *place, struct pp_arena *arena, const char *data, char error[256]);
void pp_place_close(struct pp_place *place);

/* Takes the lock, which ends with this process. False: *other has it. */
PP_CHECKED bool pp_place_lock(struct pp_place *place, enum pp_keeper as, enum pp_keeper *other);
void pp_place_unlock(struct pp_place *place);

bool pp_place_has_cluster(const struct pp_place *place);
/* The folder that initdb makes; renamed when it is complete, so that half a cluster is never one.
 */
const char *pp_place_new_cluster(struct pp_place *place);
PP_CHECKED bool pp_place_keep_new(struct pp_place *place, char error[256]);
/* The settings that this program wants, written anew before each start. */
PP_CHECKED bool pp_place_write_settings(struct pp_place *place, char error[256]);
/* The last line that the program of that log wrote, "" where there is none. */
void pp_place_last_line(const struct pp_place *place, const char *log, char out[256]);

/* A server process that runs on this cluster now, whoever has started it. */
struct pp_postmaster {
	pid_t pid;
	bool ready;
	char sockets[108];
};
bool pp_place_postmaster(const struct pp_place *place, struct pp_postmaster *found);
/*
 * Tells backends whose postmaster is dead to quit, because a new one cannot start beside them: the
 * kernel says that they still use the cluster's shared memory, for as long as their query runs.
 */
void pp_place_end_orphans(const struct pp_place *place);

/* Runs a program of PostgreSQL as the cluster's owner, its output in log; -1 and errno. */
pid_t pp_place_spawn(const struct pp_place *place, const char *const argv[], const char *log);
