/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * How the master's children are born and what they are given. A child is this program executed
 * anew: its title names its role, and it inherits the effective configuration, the shared page, a
 * pipe to say that it is ready, and the sockets that the master listens on. It ends when the master
 * ends.
 */
#include <sys/types.h>

#include "../config.h"

enum pp_role { PP_ROLE_WEB, PP_ROLE_GEOMETRY, PP_ROLE_FILES, PP_ROLE_CLERK, PP_ROLES };
extern const char *const pp_role_names[PP_ROLES];

#define PP_CHILD_SOCKETS 4

struct pp_birth {
	enum pp_role role;
	unsigned number; /* from 1 */
	const struct pp_config *config;
	const char *run_dir;
	int share;
	int sockets[PP_CHILD_SOCKETS];
	size_t socket_count;
};

/* The process id, or -1. *ready is a descriptor that becomes readable when the child is ready. */
pid_t pp_child_bear(const struct pp_birth *birth, int *ready);

/* The configuration as a file in memory that whoever is executed can read; close-on-exec. */
int pp_child_config_file(const struct pp_config *config);

/* What a child finds. All lives as long as the process. */
struct pp_child {
	enum pp_role role;
	unsigned number;
	struct pp_arena arena;
	struct pp_config config;
	const char *run_dir;
	struct pp_share *share;
	int sockets[PP_CHILD_SOCKETS];
	size_t socket_count;
	int ready;
};

/* Whether this process was born by pp_child_bear; then it is filled in. */
bool pp_child_is(struct pp_child *child);
void pp_child_ready(struct pp_child *child);

/* The connection string of a role: its own where one is configured, or the database's with another
 * user; of pp_server it is the database's as it is. */
const char *pp_child_database(
	struct pp_arena *arena, const struct pp_config *config, const char *role);

int pp_web_main(struct pp_child *child);
int pp_geometry_main(struct pp_child *child);
int pp_clerk_main(struct pp_child *child);
