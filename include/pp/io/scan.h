/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Virus scan by clamd's INSTREAM (clamd(8)), blocking: for processes that may wait. A file goes
 * there piece by piece; nothing of it is kept here.
 */
#include <pp/base/problem.h>

struct pp_scanner;

/*
 * address is a path (Unix socket) or HOST:PORT. NULL and PP_worker_unavailable when nobody answers
 * there.
 */
struct pp_scanner *pp_scanner_open(const char *address, struct pp_fault *fault);
/* False when it takes no more: ask pp_scanner_end why. */
PP_CHECKED bool pp_scanner_write(struct pp_scanner *scanner, struct pp_slice piece);

/* Whether it knows of nothing bad; name is what it has found, as it calls it, else empty. */
enum pp_scan_result { PP_SCAN_CLEAN, PP_SCAN_FOUND, PP_SCAN_TOO_LARGE, PP_SCAN_FAILED };
enum pp_scan_result pp_scanner_end(struct pp_scanner *scanner, char name[128]);
