/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * The clerk's parts: clerk.c is the process with its connection, its clients and its rounds,
 * clerk_due.c what it does when the clock says so, and clerk_answers.c what it is asked for.
 */
#include <poll.h>

#include <pp/io/admin.h>

#include "child.h"
#include "copier.h"
#include "runner.h"
#include "sealer.h"

#define PP_CLERK_CLIENTS 64

struct pp_clerk {
	struct pp_child *child;
	struct pp_admin *db;
	bool leads;
	char last[24];                                   /* id of the last event read */
	int64_t connect_at, tick_at, sweep_at, files_at; /* monotonic */
	struct pp_runner recomputer, mailer, inspector, exporter, importer;
	struct pp_copier copier;
	struct pp_sealer sealer;
	int64_t seal_at, tell_at; /* monotonic */
	int32_t retained_on;      /* the day; 0: not yet */
	int64_t due_at; /* legal time: when something is to be recorded next; INT64_MAX: nothing */
	struct pollfd clients[PP_CLERK_CLIENTS + 1];
	nfds_t client_count;
};

/* One query; false where the connection is gone, and then clerk->db is NULL. */
PP_CHECKED bool pp_clerk_ask(struct pp_clerk *clerk, struct pp_arena *arena,
	const struct pp_query *query, const struct pp_slice *params, struct pp_rows **rows);

/*
 * Whatever is due, where this clerk leads: what law sets an instant for at that instant
 * (clerk->due_at is the next one), periods that begin by the clock, and what is kept no longer.
 */
void pp_clerk_due(struct pp_clerk *clerk, struct pp_arena *arena);

/* The reply to a frame of pp/core/clerk.h; false for one that it cannot answer. */
bool pp_clerk_answer(struct pp_clerk *clerk, uint16_t kind, struct pp_slice payload,
	struct pp_arena *arena, struct pp_buf *out);
