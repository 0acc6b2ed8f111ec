/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Filters: one tree for whatever language they come in. CQL2 (OGC 21-065r2, version 1.0) is read
 * and written as text and as JSON. What a property is, and whether an operand fits it, is known to
 * whoever has the schema; here everything is checked that needs none: syntax, what each operator
 * takes, literals, nesting. Coordinates stay as they were written, in the order they were written.
 */
#include <pp/base/arena.h>
#include <pp/base/buf.h>
#include <pp/base/problem.h>
#include <pp/fmt/feature.h>

enum {
	PP_FILTER_TEXT_MOST = 65536, /* bytes of an expression */
	PP_FILTER_NODES = 10000,
	PP_FILTER_DEPTH = 24, /* of operations within operations: JSON of it stays readable */
	PP_FILTER_COLLECTIONS = 4,
	PP_FILTER_VERTICES = 20000
};

enum pp_filter_op {
#define PP_FILTER_OP(id, ...) PP_FILTER_##id,
#include <pp/fmt/filter.def>
#undef PP_FILTER_OP
	PP_FILTER_OPS
};

enum pp_filter_group {
	PP_FILTER_LOGICAL,
	PP_FILTER_COMPARISON,
	PP_FILTER_PREDICATE,
	PP_FILTER_ARITHMETIC,
	PP_FILTER_CHARACTER,
	PP_FILTER_SPATIAL,
	PP_FILTER_TEMPORAL,
	PP_FILTER_ARRAY
};

/* What an operand may be: a set of these. TRUTH is what AND takes, BOOLEAN what one compares. */
enum pp_filter_is {
	PP_FILTER_IS_NONE = 0,
	PP_FILTER_IS_TRUTH = 1 << 0,
	PP_FILTER_IS_BOOLEAN = 1 << 1,
	PP_FILTER_IS_NUMBER = 1 << 2,
	PP_FILTER_IS_TEXT = 1 << 3,
	PP_FILTER_IS_INSTANT = 1 << 4,
	PP_FILTER_IS_INTERVAL = 1 << 5,
	PP_FILTER_IS_GEOMETRY = 1 << 6,
	PP_FILTER_IS_LIST = 1 << 7,
	PP_FILTER_IS_TIME = PP_FILTER_IS_INSTANT | PP_FILTER_IS_INTERVAL,
	PP_FILTER_IS_RANGE = PP_FILTER_IS_NUMBER | PP_FILTER_IS_INSTANT,
	PP_FILTER_IS_SCALAR = PP_FILTER_IS_BOOLEAN | PP_FILTER_IS_NUMBER | PP_FILTER_IS_TEXT |
		PP_FILTER_IS_INSTANT,
	PP_FILTER_IS_ANY = 255,
	PP_FILTER_IS_SINGLE = 255 & ~PP_FILTER_IS_LIST
};

struct pp_filter_op_row {
	const char *json, *text;
	enum pp_filter_group group;
	size_t least, most;
	unsigned takes[3], gives; /* sets of pp_filter_is; the third holds for all that follow */
};

const struct pp_filter_op_row *pp_filter_op_row(enum pp_filter_op op);

enum pp_filter_kind {
	PP_FILTER_OPERATION,
	PP_FILTER_FUNCTION,  /* text is its name */
	PP_FILTER_PROPERTY,  /* text is its name */
	PP_FILTER_TEXT,      /* text */
	PP_FILTER_NUMBER,    /* number, finite */
	PP_FILTER_BOOLEAN,   /* truth */
	PP_FILTER_DATE,      /* text: YYYY-MM-DD, a day of the calendar */
	PP_FILTER_TIMESTAMP, /* text: YYYY-MM-DDThh:mm:ss[.f]Z */
	PP_FILTER_OPEN,      /* the ".." of an interval */
	PP_FILTER_INTERVAL,  /* two operands: DATE, TIMESTAMP, OPEN, PROPERTY or FUNCTION */
	PP_FILTER_SHAPE,     /* shape */
	PP_FILTER_BOX,       /* four or six operands: NUMBER */
	PP_FILTER_LIST_OF,   /* operands */
	/* Of languages whose literals have no kind, until pp_filter_settle: */
	PP_FILTER_UNTYPED, /* text: what it is, the property says with which it is compared */
	PP_FILTER_RESOURCE /* text: the gml:id of a feature */
};

/* The types of ISO 19125-1: a point, a line and a ring have positions, everything else has parts.
 */
struct pp_filter_shape {
	unsigned type;   /* 1 point, 2 line, 3 polygon, 4 to 6 several, 7 collection; 0: a ring */
	unsigned dims;   /* 2 or 3, of the whole literal */
	size_t count;    /* of positions or parts */
	double *numbers; /* count × dims */
	struct pp_filter_shape *parts;
};

struct pp_filter {
	enum pp_filter_kind kind;
	enum pp_filter_op op;
	struct pp_slice text;
	double number;
	bool truth;
	const struct pp_filter_shape *shape;
	struct pp_slice srs; /* of SHAPE and BOX: the CRS as it was named; empty: the filter's */
	bool east_first;     /* with srs: x before y, whatever the CRS says */
	size_t count;
	struct pp_filter **operands;
	unsigned depth; /* of the tree below, 1 for a leaf */
	size_t at;      /* where it begins in a text, in bytes */
	bool in_parens; /* of the text: a list of one element looks like that */
};

/* Line and column, in characters from 1, of a place in a text. */
void pp_filter_place(struct pp_slice text, size_t at, unsigned *line, unsigned *column);

/*
 * For a node that has got its operands: whether an operation has as many as it takes, and such as
 * it takes, and whether the tree is not too deep. The fault says what is wrong, *operand which one
 * is (their count: all of them together).
 */
PP_CHECKED bool pp_filter_fits(struct pp_filter *filter, size_t *operand, struct pp_fault *fault);

/* Whether it can be true or false as a whole. */
bool pp_filter_is_condition(const struct pp_filter *filter);

/* Adds a geometry as WKB in two dimensions, unchecked (pp/fmt/wkb.h): heights are left out. */
void pp_filter_shape_wkb(struct pp_buf *out, const struct pp_filter_shape *shape);

/*
 * Gives every UNTYPED and RESOURCE the kind that the feature type makes of it: that of the property
 * or of the literal beside it, text where nothing says otherwise; the id of a feature of that type.
 * Dates may be written as 2027/01/31, with an offset, or as xs:dateTime. Refuses with
 * filter_type_wrong what is nothing of the kind; *at is the node then.
 */
PP_CHECKED bool pp_filter_settle(struct pp_arena *arena, struct pp_filter *filter,
	const struct pp_feature_type *type, const struct pp_filter **at, struct pp_fault *fault);

/*
 * Reads an expression, NULL and a fault filter_invalid otherwise: its sentence begins with line and
 * column, those of JSON's have a pointer instead where it is well-formed JSON.
 */
struct pp_filter *pp_cql2_read_text(
	struct pp_arena *arena, struct pp_slice text, struct pp_fault *fault);
struct pp_filter *pp_cql2_read_json(
	struct pp_arena *arena, struct pp_slice text, struct pp_fault *fault);

/*
 * Writes it; what was written is read as the same tree. Text cannot say a string in which a
 * backslash stands before a quotation mark or at the end: false and a fault.
 */
PP_CHECKED bool pp_cql2_write_text(
	struct pp_buf *out, const struct pp_filter *filter, struct pp_fault *fault);
void pp_cql2_write_json(struct pp_buf *out, const struct pp_filter *filter);
