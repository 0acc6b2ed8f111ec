/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* Keys that a server with a PostgreSQL of its own makes for itself at its first start. */
#include "../config.h"

/*
 * The folder of secrets, by default "secrets" in the data folder, and in it the file second-factor,
 * where there is none: 256 bits as base64url, mode 0600. One that is there is never touched, and
 * what cannot be made is said in the log. (The clerk makes the signing key: pp_sealer_open.)
 *
 * Not with a database of the operator's: several hosts need the same key.
 */
void pp_keys_make(struct pp_config *config, struct pp_arena *arena);
