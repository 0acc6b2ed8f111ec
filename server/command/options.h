/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * The settings on a command line: --name VALUE or --name=VALUE for every row of config.def (dashes
 * for underscores, too), --config FILE, and --port N for listen. What is not a setting stays for
 * the command.
 */
#include "../config.h"

#define PP_OPTIONS_REST 32

struct pp_options {
	int argc;
	char **argv;
	const char *about; /* for --help; the settings are added */
	bool is_server;    /* the settings of the server are its own, too */
	/* What was left over, in order: own options of the command and its words. */
	char *rest[PP_OPTIONS_REST];
	int rest_count;
	bool takes_rest; /* otherwise whatever is left over is an error */
};

bool pp_options_wants_help(const struct pp_options *options);
void pp_options_help(const struct pp_options *options);
/* Defaults, file, environment, command line. False and a sentence when something is wrong. */
PP_CHECKED bool pp_options_apply(struct pp_options *options, struct pp_config *config,
	struct pp_arena *arena, char error[256]);
