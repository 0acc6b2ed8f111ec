/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
#include <pp/base/slice.h>

/* Writes all of it, however many calls that takes; false with errno where it could not be done. */
PP_CHECKED bool pp_write_all(int fd, struct pp_slice bytes);
/* A file without a name in $TMPDIR, else in /tmp, that ends with its last descriptor; -1 with
 * errno. */
PP_CHECKED int pp_open_nameless(void);
