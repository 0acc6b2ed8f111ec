/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/base/arena.h>

#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>

#define FIRST_BLOCK  4096u
#define LARGEST_STEP (256u * 1024)

struct pp_arena_block {
	struct pp_arena_block *older;
	size_t used, size;
	alignas(max_align_t) char bytes[];
};

struct pp_arena_owned {
	struct pp_arena_owned *older;
	void (*release)(void *);
	void *thing;
};

void pp_arena_begin(struct pp_arena *arena)
{
	*arena = (struct pp_arena){ 0 };
}

void pp_arena_end(struct pp_arena *arena)
{
	for (struct pp_arena_owned *owned = arena->owned; owned; owned = owned->older)
		owned->release(owned->thing);
	for (struct pp_arena_block *block = arena->block, *older; block; block = older) {
		older = block->older;
		free(block);
	}
	*arena = (struct pp_arena){ 0 };
}

static struct pp_arena_block *add_block(struct pp_arena *arena, size_t least)
{
	size_t size = arena->block ? arena->block->size * 2 : FIRST_BLOCK;
	struct pp_arena_block *block;

	if (size > LARGEST_STEP)
		size = LARGEST_STEP;
	if (size < least)
		size = least;
	block = malloc(pp_add_size(sizeof(*block), size));
	PP_MUST(block);
	block->used = 0;
	block->size = size;
	block->older = arena->block;
	arena->block = block;
	return block;
}

static void *take(struct pp_arena *arena, size_t size)
{
	struct pp_arena_block *block = arena->block;
	void *memory;

	size = pp_add_size(size, alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	if (!block || block->size - block->used < size)
		block = add_block(arena, size);
	memory = block->bytes + block->used;
	block->used += size;
	arena->used += size;
	return memory;
}

void *pp_alloc(struct pp_arena *arena, size_t size)
{
	void *memory = take(arena, size ? size : 1);

	memset(memory, 0, size);
	return memory;
}

void *pp_alloc_array(struct pp_arena *arena, size_t count, size_t size)
{
	size_t bytes;

	PP_MUST(!__builtin_mul_overflow(count, size, &bytes));
	return pp_alloc(arena, bytes);
}

void pp_own(struct pp_arena *arena, void (*release)(void *thing), void *thing)
{
	struct pp_arena_owned *owned = PP_NEW(arena, struct pp_arena_owned);

	owned->release = release;
	owned->thing = thing;
	owned->older = arena->owned;
	arena->owned = owned;
}

struct pp_slice pp_copy(struct pp_arena *arena, struct pp_slice s)
{
	char *copy = take(arena, pp_add_size(s.len, 1));

	if (s.len)
		memcpy(copy, s.at, s.len);
	copy[s.len] = '\0';
	return pp_slice(copy, s.len);
}

char *pp_text(struct pp_arena *arena, struct pp_slice s)
{
	return (char *)(uintptr_t)pp_copy(arena, s).at;
}

struct pp_slice pp_format_list(struct pp_arena *arena, const char *format, va_list list)
{
	va_list again;
	int length;
	char *text;

	va_copy(again, list);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	PP_MUST(length >= 0);
	text = take(arena, (size_t)length + 1);
	vsnprintf(text, (size_t)length + 1, format, list);
	return pp_slice(text, (size_t)length);
}

struct pp_slice pp_format(struct pp_arena *arena, const char *format, ...)
{
	struct pp_slice s;
	va_list list;

	va_start(list, format);
	s = pp_format_list(arena, format, list);
	va_end(list);
	return s;
}
