/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * How surely and how recently somebody has proved who they are. Routes that bind a body (row member
 * `binds`) demand what the settings `assurance` and `assurance_seconds` say; nothing else does.
 */
#include <pp/base/slice.h>

#define PP_LEVEL_HIGHEST 2

/* NORMAL 0, SUBSTANTIELL 1, HOCH 2 (BSI TR-03107-1); -1 for any other word. */
int pp_level_rank(struct pp_slice level);
