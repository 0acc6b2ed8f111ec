/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
#include <pp/io/copies.h>

struct evbuffer_file_segment;

/* Its file, which the buffers that it is added to keep open. */
struct evbuffer_file_segment *pp_copy_segment(const struct pp_copy *copy);

/* Which copy it is, also after it was released. */
struct pp_copy_name {
	struct pp_copies *copies; /* NULL: none */
	char name[65];
};
struct pp_copy_name pp_copy_name(const struct pp_copy *copy);
/* The disk does not give its bytes back. Nobody takes it from now on, in no process; who wants it
 * next has it made anew. */
void pp_copy_lose(const struct pp_copy_name *name);
