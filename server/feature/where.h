/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* What the files of the translation share. */
#include "sentence.h"

enum pp_operand_text {
#define PP_OPERAND(id, text) PP_OPERAND_##id,
#include "../../sql/feature.def"
	PP_OPERANDS
};

/* What a part of a filter is, known its schema. */
enum pp_term_kind {
	PP_TERM_TRUTH,
	PP_TERM_TEXT,
	PP_TERM_NUMBER,
	PP_TERM_BOOLEAN,
	PP_TERM_DAY,
	PP_TERM_INSTANT,
	PP_TERM_GEOMETRY,
	PP_TERM_LIST, /* of texts */
	PP_TERM_OPEN  /* an end of an interval that has none */
};

/* A part of a filter as SQL; an interval has two ends, of a kind each. */
struct pp_term {
	enum pp_term_kind kind, end_kind;
	const char *sql, *end;
};

/* Names are said as far as a sentence has room for them. */
enum { PP_NAME_MOST = 60 };

struct pp_translation {
	struct pp_where *where;
	struct pp_slice text;
	struct pp_fault *fault;
	char path[112]; /* JSON pointer to what is translated */
	size_t path_len;
};

/* Refuses with the place of that node; returns false. */
bool pp_translation_wrong(struct pp_translation *t, const struct pp_filter *node,
	enum pp_problem problem, const char *format, ...) PP_PRINTF(4, 5);
/* Into an operand and out again. */
size_t pp_translation_enter(struct pp_translation *t, const char *name, size_t index);

/* The text with its holes filled: {a}, {b}, {c} and the ends {A}, {B} of terms, {n}. */
const char *pp_term_fill(
	struct pp_translation *t, const char *text, const struct pp_term *terms, size_t number);

/* Whatever it is. */
PP_CHECKED bool pp_term(
	struct pp_translation *t, const struct pp_filter *node, struct pp_term *out);
/* One of the operands, or of the elements of a list. */
PP_CHECKED bool pp_term_operand(
	struct pp_translation *t, const struct pp_filter *of, size_t index, struct pp_term *out);
/* A call of a function; a list of texts. */
PP_CHECKED bool pp_term_call(
	struct pp_translation *t, const struct pp_filter *node, struct pp_term *out);
PP_CHECKED bool pp_term_list(
	struct pp_translation *t, const struct pp_filter *node, struct pp_term *out);
/* What the text makes of a term. */
const char *pp_term_as(
	struct pp_translation *t, enum pp_operand_text text, const struct pp_term *of);

/* A property or a literal that is no list. */
PP_CHECKED bool pp_term_leaf(
	struct pp_translation *t, const struct pp_filter *node, struct pp_term *out);
/* Of days and instants among these, all become instants where one is. */
void pp_term_align(struct pp_translation *t, struct pp_term *terms, size_t count);
