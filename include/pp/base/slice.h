/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * A slice is a pointer and a length: bytes that somebody else owns (an arena, a buffer, the program
 * text). It needs no terminating NUL and may hold one.
 */
#include <string.h>

#include <pp/base/check.h>

struct pp_slice {
	const char *at;
	size_t len;
};

#define PP_S(literal) ((struct pp_slice){ "" literal, sizeof(literal) - 1 })
/* For printf("%.*s", PP_SHOW(slice)): names its argument twice, so nothing that moves on may stand
 * there. */
#define PP_SHOW(slice) (int)(slice).len, (slice).at

static inline struct pp_slice pp_slice(const char *at, size_t len)
{
	return (struct pp_slice){ at, len };
}

static inline struct pp_slice pp_slice_of(const char *text)
{
	return (struct pp_slice){ text, text ? strlen(text) : 0 };
}

static inline bool pp_slice_is(struct pp_slice a, struct pp_slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

/* What a digit of hexadecimal is worth, in either case; -1 where it is none. */
static inline int pp_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* ASCII letters compare without case; every other byte as it is. */
bool pp_slice_is_nocase(struct pp_slice a, struct pp_slice b);
bool pp_slice_starts(struct pp_slice s, struct pp_slice prefix);
bool pp_slice_ends(struct pp_slice s, struct pp_slice suffix);
int pp_slice_order(struct pp_slice a, struct pp_slice b);

/* Without the blanks and tabs at both ends (RFC 9110 §5.6.3 OWS). */
struct pp_slice pp_slice_trim(struct pp_slice s);

/* The part before the first separator; *rest gets what follows it (empty when there is none). */
struct pp_slice pp_slice_cut(struct pp_slice s, char separator, struct pp_slice *rest);

/* Digits only, no sign, no blank; false on anything else and on overflow. */
PP_CHECKED bool pp_slice_u64(struct pp_slice s, uint64_t *out);
/* As above with an optional leading minus. */
PP_CHECKED bool pp_slice_i64(struct pp_slice s, int64_t *out);
/* A decimal number as RFC 8259 §6 writes it; false on anything else and on infinity. */
PP_CHECKED bool pp_slice_double(struct pp_slice s, double *out);
/* Well-formed UTF-8 (RFC 3629) without NUL. */
bool pp_slice_is_utf8(struct pp_slice s);
/* Unicode characters of UTF-8, not bytes. */
size_t pp_slice_characters(struct pp_slice s);
