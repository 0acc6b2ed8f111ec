/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* A file that the program was built with (made by sql/embed.py). */
#include <pp/base/slice.h>

struct pp_embedded {
	const char *name; /* the file's, without its folder */
	struct pp_slice text;
};
