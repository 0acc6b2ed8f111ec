/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * The platform's own secrets: one file each in the folder of the setting `secrets`, as systemd's
 * credentials and the secrets of containers come; none is in the database. A file is read each
 * time, so that a new secret counts at once.
 */
#include <pp/base/arena.h>

/* Without white space at its end; false, with a line in the log, where there is no such file, where
 * others than its owner and group may read it, or where it is empty or longer than 4,096 bytes. */
PP_CHECKED bool pp_secret_named(
	const char *folder, struct pp_arena *arena, const char *name, struct pp_slice *secret);
