/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Checks that stay on in production. A failed check is a bug of ours, never the fault of input:
 * the process writes one log line and aborts, and the master starts another one.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PP_CHECKED             __attribute__((warn_unused_result))
#define PP_PRINTF(text, first) __attribute__((format(printf, text, first)))
#define PP_LENGTH(array)       (sizeof(array) / sizeof((array)[0]))

/* Aborts with the place and the condition when the condition does not hold. */
#define PP_MUST(condition) ((condition) ? (void)0 : pp_must_failed(#condition, __FILE__, __LINE__))

/* For the place that no path leads to; says why none should. */
#define PP_NEVER(why) pp_must_failed("never: " why, __FILE__, __LINE__)

/* Turns the void pointer of a callback into its object; aborts when the magic number is another. */
#define PP_CAST(type, pointer, expected_magic)                                                     \
	((struct type *)pp_must_magic((pointer), (expected_magic), __FILE__, __LINE__))

_Noreturn void pp_must_failed(const char *condition, const char *file, int line);
void *pp_must_magic(void *object, unsigned magic, const char *file, int line);

/* Adds two sizes from outside; aborts on overflow. Lengths from the wire are bounded before. */
size_t pp_add_size(size_t a, size_t b);
