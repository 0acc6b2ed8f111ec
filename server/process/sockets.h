/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* Listening sockets, opened by the master and inherited by its children. */
#include <pp/base/check.h>

/* "address:port", "[address]:port" or ":port" (every address); nonblocking. -1 and a sentence. */
int pp_listen_tcp(const char *where, char error[256]);
/* A Unix socket of that path and mode; a stale file is removed, a living one is an error. */
int pp_listen_unix(const char *path, unsigned mode, char error[256]);
