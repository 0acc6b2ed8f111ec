/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * The PostgreSQL of the embedded start: a cluster below the data folder, a direct child of the
 * master, reached through a Unix socket only. It is made where there is none, started again
 * whenever it ends, adopted where a master that crashed has left it running, and stopped with the
 * master.
 *
 * PostgreSQL does not run as root: then its processes, and they alone, are the user postgres, who
 * comes to own the cluster and the folder of its socket. Nobody signs in with a password: whoever
 * can enter that folder (mode 0700) could read the cluster's files as well.
 *
 * The data folder is empty for /var/lib/planungsplattform as root, else
 * $XDG_DATA_HOME/planungsplattform. It holds postgres/ (the cluster; postgres/local.conf is the
 * operator's), log/ and lock. One process at a time keeps the cluster.
 */
#include <sys/types.h>

#include <pp/base/arena.h>
#include <pp/io/loop.h>

struct pp_postgres;

enum pp_postgres_state {
	PP_POSTGRES_STARTING, /* or starting again: requests get 503 meanwhile */
	PP_POSTGRES_READY,    /* the database is there and takes connections */
	PP_POSTGRES_ENDED,    /* after pp_postgres_stop; nothing of it runs */
	PP_POSTGRES_FAILED,   /* it could not be made or started; nothing more is tried */
};

/*
 * Begins to make, start or adopt the cluster and returns; state is called on the loop with what
 * comes of it, reason being an English sentence for FAILED and STARTING again, else NULL. NULL and
 * a sentence where the folder cannot be used, another server keeps it, or PostgreSQL 15 or later is
 * not installed. While a command of ours has it, this waits.
 */
struct pp_postgres *pp_postgres_open(struct pp_loop *loop, const char *data,
	void (*state)(void *ctx, enum pp_postgres_state state, const char *reason), void *ctx,
	char error[256]);
/* Frees it. What still runs goes on running, to be adopted by the next one. NULL is allowed. */
void pp_postgres_close(struct pp_postgres *postgres);

/* To be told of every child that ended; others than ours are ignored. */
void pp_postgres_child_ended(struct pp_postgres *postgres, pid_t pid, int status);
/* Whether anything of it runs or is about to. */
bool pp_postgres_is_alive(const struct pp_postgres *postgres);
/* Fast shutdown; after 20 s without the last checkpoint. ENDED is told at its end. */
void pp_postgres_stop(struct pp_postgres *postgres);

/* Connection URL of a role (NULL: the superuser); it stays the same and lives as long as this. */
const char *pp_postgres_url(const struct pp_postgres *postgres, const char *role);

/*
 * For commands, blocking: the running server's cluster, or one started for as long as it is
 * borrowed. A command waits while another one has it. NULL and a sentence as above.
 */
struct pp_postgres *pp_postgres_borrow(const char *data, char error[256]);
void pp_postgres_return(struct pp_postgres *postgres);

/* The data folder as an absolute path; it need not exist yet. */
const char *pp_postgres_data_dir(struct pp_arena *arena, const char *data);

/*
 * The folder for the sockets of a server with that data folder, made where there is none: in /run
 * as root, $XDG_RUNTIME_DIR, or /tmp; short enough that any name of up to 24 bytes in it is a valid
 * socket address (107 bytes). NULL and a sentence when it cannot be trusted.
 */
const char *pp_postgres_run_dir(struct pp_arena *arena, const char *data, char error[256]);
