/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * The master: it opens sockets, keeps PostgreSQL (where that is ours) and its children alive, and
 * reads no byte of a request. SIGTERM and SIGINT end it after the requests under way, SIGHUP takes
 * the configuration anew without losing one, SIGUSR1 (from the clerk) loads new boundaries or
 * rules.
 */
#include "../config.h"

/* Reads the configuration again for SIGHUP; false and a sentence when it is wrong. */
typedef bool pp_configure(
	void *ctx, struct pp_config *config, struct pp_arena *arena, char error[256]);

int pp_master_main(const struct pp_config *config, pp_configure *configure, void *ctx);
