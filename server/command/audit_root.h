/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* Exported roots: the file that audit export writes, a line of JSON for each seal (docs/audit.md).
 */
#include <pp/base/arena.h>
#include <pp/base/clock.h>
#include <pp/io/secret.h>

struct pp_audit_root {
	uint64_t size;                    /* leaves, at least 1 */
	char hex[2 * PP_SHA256_SIZE + 1]; /* in lower case */
	char at[PP_RFC3339_SIZE];         /* when it was sealed */
};

/* False where the line is none, or smaller than the one before it: a log only grows. */
PP_CHECKED bool pp_audit_root_read(
	struct pp_arena *arena, struct pp_slice line, uint64_t before, struct pp_audit_root *root);
