/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
#include <pp/io/copies.h>

struct evbuffer_file_segment;

/* Its file, which the buffers that it is added to keep open. */
struct evbuffer_file_segment *pp_copy_segment(const struct pp_copy *copy);
