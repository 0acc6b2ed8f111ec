/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* Files that hold a key: mode 0600, on the disk before they have their name. */
#include <pp/base/check.h>

/*
 * Writes one, with its folder (mode 0700) where there is none, complete or not at all. Where a file
 * of that name is there and shall not be replaced, nothing is done and that is well: whoever was
 * quicker has made it. False and an English sentence otherwise.
 */
PP_CHECKED bool pp_key_file_write(
	const char *path, const char *text, bool replace, char error[256]);
