/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* What the readers and writers of CQL2 share. */
#include <pp/fmt/filter.h>

/* Days of the calendar and instants in UTC, as fullDate and utcTime have them. */
bool pp_cql2_is_date(struct pp_slice text);
bool pp_cql2_is_timestamp(struct pp_slice text);

/* The shortest decimal number that is read as the same double. */
void pp_cql2_write_number(struct pp_buf *out, double number);

struct pp_cql2_type {
	const char *wkt, *geojson;
	unsigned type;
	unsigned part;          /* the type of its parts; 0: rings; 8: whatever comes */
	size_t positions_least; /* of a point or a line, 0: it has parts */
};

enum { PP_CQL2_POINT = 1, PP_CQL2_LINE, PP_CQL2_POLYGON, PP_CQL2_COLLECTION = 7, PP_CQL2_ANY };

/* NULL where nothing is called so; WKT's names have no case. */
const struct pp_cql2_type *pp_cql2_type_of(unsigned type);
const struct pp_cql2_type *pp_cql2_type_wkt(struct pp_slice name);
const struct pp_cql2_type *pp_cql2_type_geojson(struct pp_slice name);

/* What is read grows here: operands and parts of unknown number. */
struct pp_cql2_list {
	struct pp_arena *arena;
	void *at;
	size_t count, room, size; /* elements, and bytes of each */
};

void pp_cql2_list_begin(struct pp_cql2_list *list, struct pp_arena *arena, size_t size);
/* One more element, zeroed; pointers to the others are good no more. */
void *pp_cql2_list_add(struct pp_cql2_list *list);

/*
 * Reading text: a lexer that holds one token, and what everything counts against. A failure is
 * sticky in that every function returns false or NULL from then on, with the fault set.
 */
enum pp_cql2_token_kind {
	PP_CQL2_END,
	PP_CQL2_NAME,   /* value; a word of the language is one as well */
	PP_CQL2_QUOTED, /* value: a name in double quotes */
	PP_CQL2_STRING, /* value, without quotes and escapes */
	PP_CQL2_NUMBER, /* number */
	PP_CQL2_SIGN    /* raw: ( ) , = <> < > <= >= + - * / % ^ */
};

struct pp_cql2_token {
	enum pp_cql2_token_kind kind;
	struct pp_slice raw, value;
	double number;
};

struct pp_cql2_reader {
	struct pp_arena *arena;
	struct pp_fault *fault;
	struct pp_slice text;
	const char *at, *end;
	struct pp_cql2_token token; /* the next one */
	size_t nodes, vertices;
	unsigned depth, collections;
};

bool pp_cql2_next(struct pp_cql2_reader *r);
/* Refuses with line and column of the next token; returns false. */
bool pp_cql2_wrong(struct pp_cql2_reader *r, const char *sentence);
bool pp_cql2_wrong_at(struct pp_cql2_reader *r, const char *at, const char *sentence);
bool pp_cql2_is_word(const struct pp_cql2_reader *r, const char *word);
bool pp_cql2_is_sign(const struct pp_cql2_reader *r, const char *sign);
/* Takes the sign, or refuses. */
bool pp_cql2_take(struct pp_cql2_reader *r, const char *sign);
/* Whether a name is one without quotation marks. */
bool pp_cql2_is_identifier(struct pp_slice name);
/* Whether a name means something else without quotation marks. */
bool pp_cql2_is_reserved(struct pp_slice name);
/* A number with its sign; the next tokens are it, or it is refused. */
bool pp_cql2_take_number(struct pp_cql2_reader *r, double *number);

/* A node that begins there, NULL where there are too many. */
struct pp_filter *pp_cql2_node(struct pp_cql2_reader *r, enum pp_filter_kind kind, const char *at);
/* Adds an operand to a list of pointers; false for none. */
bool pp_cql2_add(struct pp_cql2_list *list, struct pp_filter *operand);
/* Gives a node its operands; NULL where they do not fit. */
struct pp_filter *pp_cql2_finish(
	struct pp_cql2_reader *r, struct pp_filter *filter, const struct pp_cql2_list *operands);
/* Any expression: the top of the grammar. */
struct pp_filter *pp_cql2_read_or(struct pp_cql2_reader *r);
/* DATE, TIMESTAMP, INTERVAL and BBOX; the next token is the parenthesis after the name. */
bool pp_cql2_is_literal(struct pp_slice name);
struct pp_filter *pp_cql2_read_literal(struct pp_cql2_reader *r, struct pp_slice name);
/* The next token is the one after the name of the type. */
struct pp_filter *pp_cql2_read_geometry(
	struct pp_cql2_reader *r, const struct pp_cql2_type *type, const char *at);

/* The rest of a geometry after its tag (well-known text, without EMPTY and M). */
bool pp_cql2_read_shape(struct pp_cql2_reader *r, const struct pp_cql2_type *type, bool has_z,
	struct pp_filter_shape *shape);
void pp_cql2_write_wkt(struct pp_buf *out, const struct pp_filter_shape *shape);
