/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * JSON as text, token by token (RFC 8259): for readers that must not build a tree. Nothing is
 * copied and nothing recurses. Every function that returns false has filled in the fault, with line
 * and column.
 */
#include <pp/base/buf.h>
#include <pp/base/problem.h>

enum { PP_JSON_TEXT_DEPTH = 64 };

struct pp_json_text {
	const char *begin, *at, *end;
	struct pp_fault *fault;
};

/* Skips a byte order mark, which RFC 8259 §8.1 lets a reader ignore. */
void pp_json_text_begin(struct pp_json_text *in, struct pp_slice text, struct pp_fault *fault);

/* Fills in malformed_json with the place where reading stands; returns false. */
bool pp_json_text_broken(struct pp_json_text *in, const char *what);

/* Skips blanks; the next byte, or 0 at the end. */
char pp_json_text_peek(struct pp_json_text *in);
/* Nothing but blanks is left. */
PP_CHECKED bool pp_json_text_is_over(struct pp_json_text *in);

/*
 * Between the elements of a list or object, behind an element: takes a comma and leaves *more true,
 * or takes the closing bracket and leaves it false. pp_json_text_enter takes the opening one.
 */
PP_CHECKED bool pp_json_text_enter(struct pp_json_text *in, char open, char close, bool *more);
PP_CHECKED bool pp_json_text_next(struct pp_json_text *in, char close, bool *more);

/* A string without its quotes, escapes as they stand but checked, UTF-8 checked. */
PP_CHECKED bool pp_json_text_string(struct pp_json_text *in, struct pp_slice *raw);
/* A member's name and its colon. */
PP_CHECKED bool pp_json_text_name(struct pp_json_text *in, struct pp_slice *raw);
/* A finite number. NaN and Infinity are refused by name. */
PP_CHECKED bool pp_json_text_number(struct pp_json_text *in, double *value);
/* Any value, checked, at most PP_JSON_TEXT_DEPTH deep. */
PP_CHECKED bool pp_json_text_skip(struct pp_json_text *in);

/* The characters that a raw string means, appended. */
void pp_json_text_decode(struct pp_slice raw, struct pp_buf *out);
bool pp_json_text_is(struct pp_slice raw, struct pp_slice name);

/* Names seen in one object (RFC 7493 §2.3: no duplicates), by hash: at most 64 a object. */
struct pp_json_names {
	uint64_t hash[64];
	unsigned count;
};
PP_CHECKED bool pp_json_names_add(
	struct pp_json_names *names, struct pp_json_text *in, struct pp_slice raw);
