/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * The system call filter of the processes that read what strangers made: file jobs and geometry
 * workers. Whatever they need is open before they enter; afterwards no file, no socket and no
 * program can be opened, and nothing can be born. A refused call fails with EPERM and the process
 * lives on, because a library that tries to open a file is no attack yet.
 *
 * Builds with sanitizers have no filter: their runtime needs calls that the filter refuses.
 */
#include <stdbool.h>

enum pp_sandbox {
	PP_SANDBOX_FILE_JOB,        /* memory, and the open descriptors */
	PP_SANDBOX_GEOMETRY_WORKER, /* and waiting on them, accepting, timers */
	PP_SANDBOX_SHEET_JOB,       /* a file job with threads: Pango looks for fonts in some */
};

/* For the rest of the process' life. False when the kernel refuses; then do not go on. */
bool pp_sandbox_enter(enum pp_sandbox profile);
/* False in a build with sanitizers. */
bool pp_sandbox_is_real(void);
/*
 * Tries what the filter is to refuse and prints one line each: "open: EPERM". True when all of it
 * failed with EPERM. To be called in a process that has entered.
 */
bool pp_sandbox_prove(void);
