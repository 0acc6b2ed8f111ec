/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * JSON of requests (RFC 8259 within the limits of RFC 7493: no duplicate names, UTF-8, no NUL in
 * strings). Geometry text never comes here (design D8). A value belongs to the document it was read
 * from, and the document to the arena.
 */
#include <pp/base/buf.h>
#include <pp/base/problem.h>

struct pp_json;

enum pp_json_kind {
	PP_JSON_NULL,
	PP_JSON_BOOLEAN,
	PP_JSON_INTEGER,
	PP_JSON_NUMBER,
	PP_JSON_TEXT,
	PP_JSON_LIST,
	PP_JSON_OBJECT
};

/* The document, or NULL and a fault that names line and column. Depth at most 64. */
struct pp_json *pp_json_read(struct pp_arena *arena, struct pp_slice text, struct pp_fault *fault);
enum pp_json_kind pp_json_kind(const struct pp_json *value);

/* Members of an object; NULL where there is none of that name (or where it is no object). */
struct pp_json *pp_json_member(const struct pp_json *object, struct pp_slice name);
/* The i-th member in the order of the text; false beyond the last. */
bool pp_json_member_at(
	const struct pp_json *object, size_t i, struct pp_slice *name, struct pp_json **value);
/* The elements of a list (0 for anything else). */
size_t pp_json_length(const struct pp_json *list);
struct pp_json *pp_json_element(const struct pp_json *list, size_t i);

/* The text of a string, an empty slice for anything else. */
struct pp_slice pp_json_text(const struct pp_json *value);
bool pp_json_boolean(const struct pp_json *value);
int64_t pp_json_integer(const struct pp_json *value);
double pp_json_number(const struct pp_json *value);

/* Puts a string in the place of a member's value. */
void pp_json_put_text(struct pp_json *object, struct pp_slice name, struct pp_slice text);
/*
 * Canonical text (RFC 8785). False where a number is no integer or a name is not ASCII: our signed
 * documents have neither.
 */
PP_CHECKED bool pp_json_canonical(
	struct pp_arena *arena, const struct pp_json *value, struct pp_buf *out);
/* Compact text of a value. */
void pp_json_write(const struct pp_json *value, struct pp_buf *out);
