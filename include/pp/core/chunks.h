/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Chunks of files that are asked for again and again, under their SHA-256: what has that name never
 * changes, so nothing here is ever out of date. Who may have them is asked elsewhere. Bounded; the
 * one that was wanted longest ago makes room, so whoever keeps a large file pushes everything else
 * out.
 */
#include <pp/base/slice.h>

struct pp_chunks;

/* For so many chunks; memory is taken as they come. */
struct pp_chunks *pp_chunks_open(size_t most);
void pp_chunks_close(struct pp_chunks *chunks);

/* The bytes until the next call of pp_chunks_keep; at == NULL: not here. */
struct pp_slice pp_chunks_find(struct pp_chunks *chunks, struct pp_slice sha256);
void pp_chunks_keep(struct pp_chunks *chunks, struct pp_slice sha256, struct pp_slice bytes);
