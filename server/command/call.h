/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * One call of a command that has settings: help, settings and its own words are read, the command
 * runs, and what it has to say against it goes to standard error behind its name. The database that
 * it works with is the one that is configured, or the embedded one, for as long as the call lasts.
 */
#include <pp/base/problem.h>

#include "options.h"

struct pp_call;

struct pp_call_kind {
	const char *command, *about;
	bool takes_rest, is_server; /* see struct pp_options */
	/* The exit code; 2 for wrong use. Where it is not 0, the detail of call->fault is told. */
	int (*run)(struct pp_call *call);
};

struct pp_call {
	const struct pp_call_kind *kind;
	struct pp_options options;
	struct pp_config config;
	struct pp_arena arena;
	void *ctx; /* the command's own */
	struct pp_fault fault;
	struct pp_postgres *postgres; /* that was borrowed; NULL: none */
};

/* Runs it; returns the exit code. */
int pp_call_run(const struct pp_call_kind *kind, void *ctx, int argc, char **argv);

/*
 * Whether there is a database to connect to: where none is configured the embedded one is borrowed
 * until the call ends. False after the fault.
 */
PP_CHECKED bool pp_call_connect(struct pp_call *call, struct pp_fault *fault);
/* Where to connect as that role, once pp_call_connect was asked or one is configured. */
const char *pp_call_url(struct pp_call *call, const char *role);

/* What failed, in both languages, in which file (NULL: none), and where on the map. */
void pp_fault_print(const char *command, const char *file, const struct pp_fault *fault);

/* For commands that have no settings: help, if it was asked for; what was written has to have
 * arrived, or else the exit code is 1. */
bool pp_call_helps(int argc, char **argv, const char *about);
int pp_call_end(const char *command, int code);
