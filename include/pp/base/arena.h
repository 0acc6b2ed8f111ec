/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * An arena owns all memory of one request, one job or one start: it grows by blocks and is released
 * at once. What is not memory (a buffer of a library, a descriptor) is tied to it at birth with
 * pp_own and released in reverse order. Out of memory aborts.
 */
#include <stdarg.h>

#include <pp/base/slice.h>

struct pp_arena_block;
struct pp_arena_owned;

struct pp_arena {
	struct pp_arena_block *block;
	struct pp_arena_owned *owned;
	size_t used; /* bytes handed out, for limits and statistics */
};

void pp_arena_begin(struct pp_arena *arena);
/* Runs the releases in reverse order, then frees every block. The arena may begin again. */
void pp_arena_end(struct pp_arena *arena);

/* Zeroed memory, aligned for any type. Size 0 yields a valid pointer. */
void *pp_alloc(struct pp_arena *arena, size_t size);
#define PP_NEW(arena, type)              ((type *)pp_alloc((arena), sizeof(type)))
#define PP_NEW_ARRAY(arena, type, count) ((type *)pp_alloc_array((arena), (count), sizeof(type)))
void *pp_alloc_array(struct pp_arena *arena, size_t count, size_t size);

/* Calls release(thing) when the arena ends. */
void pp_own(struct pp_arena *arena, void (*release)(void *thing), void *thing);

/* Copies with a NUL behind the copy, which the length does not count. */
struct pp_slice pp_copy(struct pp_arena *arena, struct pp_slice s);
char *pp_text(struct pp_arena *arena, struct pp_slice s);
struct pp_slice pp_format(struct pp_arena *arena, const char *format, ...) PP_PRINTF(2, 3);
struct pp_slice pp_format_list(struct pp_arena *arena, const char *format, va_list list);
