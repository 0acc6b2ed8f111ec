/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* What libmagic takes a file for. Its table is read before the sandbox, where files can be opened.
 */
#include <pp/base/slice.h>

struct pp_kind;

/* For the rest of the process; NULL where the table cannot be read: the reason goes to the log. */
struct pp_kind *pp_kind_open(void);
/* The media type of what begins so, or NULL. Until the next call. */
const char *pp_kind_of(struct pp_kind *kind, struct pp_slice bytes);
