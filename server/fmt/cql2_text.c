/* SPDX-License-Identifier: EUPL-1.2 */
/* CQL2 text: a recursive descent, a function for each level of its grammar (OGC 21-065r2, annex B).
 */
#include "cql2.h"

#define PARENS_MOST 48

struct pp_filter *pp_cql2_node(struct pp_cql2_reader *r, enum pp_filter_kind kind, const char *at)
{
	struct pp_filter *made;

	if (++r->nodes > PP_FILTER_NODES) {
		pp_cql2_wrong(r, "the expression has too many parts");
		return NULL;
	}
	made = PP_NEW(r->arena, struct pp_filter);
	made->kind = kind;
	made->depth = 1;
	made->at = (size_t)(at - r->text.at);
	return made;
}

static bool go_deeper(struct pp_cql2_reader *r)
{
	if (++r->depth > PARENS_MOST)
		return pp_cql2_wrong(r, "the expression is nested too deep");
	return true;
}

bool pp_cql2_add(struct pp_cql2_list *list, struct pp_filter *operand)
{
	if (operand)
		*(struct pp_filter **)pp_cql2_list_add(list) = operand;
	return operand;
}

/* ('a') is a text in parentheses, but where a list is asked for it is a list of one. */
static struct pp_filter *as_list(struct pp_cql2_reader *r, struct pp_filter *filter)
{
	struct pp_filter *list;

	if (!filter->in_parens)
		return filter;
	list = pp_cql2_node(r, PP_FILTER_LIST_OF, r->text.at + filter->at);
	if (!list)
		return NULL;
	list->operands = PP_NEW_ARRAY(r->arena, struct pp_filter *, 1);
	list->operands[0] = filter;
	list->count = 1;
	return list;
}

struct pp_filter *pp_cql2_finish(
	struct pp_cql2_reader *r, struct pp_filter *filter, const struct pp_cql2_list *operands)
{
	struct pp_fault why;
	size_t operand;

	filter->operands = operands->at;
	filter->count = operands->count;
	if (filter->kind == PP_FILTER_OPERATION &&
		pp_filter_op_row(filter->op)->group == PP_FILTER_ARRAY)
		for (size_t i = 0; i < filter->count; i++) {
			filter->operands[i] = as_list(r, filter->operands[i]);
			if (!filter->operands[i])
				return NULL;
		}
	if (pp_filter_fits(filter, &operand, &why))
		return filter;
	pp_cql2_wrong_at(r,
		r->text.at + (operand < filter->count ? filter->operands[operand] : filter)->at,
		why.detail);
	return NULL;
}

static struct pp_filter *operation(struct pp_cql2_reader *r, enum pp_filter_op op,
	struct pp_filter *first, struct pp_filter *second)
{
	struct pp_filter *made;
	struct pp_cql2_list operands;

	if (!first || !second)
		return NULL;
	made = pp_cql2_node(r, PP_FILTER_OPERATION, r->text.at + first->at);
	if (!made)
		return NULL;
	made->op = op;
	pp_cql2_list_begin(&operands, r->arena, sizeof(struct pp_filter *));
	pp_cql2_add(&operands, first);
	pp_cql2_add(&operands, second);
	return pp_cql2_finish(r, made, &operands);
}

static struct pp_filter *negated(struct pp_cql2_reader *r, struct pp_filter *filter, const char *at)
{
	struct pp_filter *made = filter ? pp_cql2_node(r, PP_FILTER_OPERATION, at) : NULL;
	struct pp_cql2_list operands;

	if (!made)
		return NULL;
	made->op = PP_FILTER_not;
	pp_cql2_list_begin(&operands, r->arena, sizeof(struct pp_filter *));
	pp_cql2_add(&operands, filter);
	return pp_cql2_finish(r, made, &operands);
}

/* Up to and including the closing parenthesis; the opening one is taken. */
static bool read_operands(struct pp_cql2_reader *r, struct pp_cql2_list *operands)
{
	pp_cql2_list_begin(operands, r->arena, sizeof(struct pp_filter *));
	if (pp_cql2_is_sign(r, ")"))
		return pp_cql2_next(r);
	for (;;) {
		if (!pp_cql2_add(operands, pp_cql2_read_or(r)))
			return false;
		if (!pp_cql2_is_sign(r, ","))
			return pp_cql2_take(r, ")");
		if (!pp_cql2_next(r))
			return false;
	}
}

static struct pp_filter *read_parenthesis(struct pp_cql2_reader *r)
{
	const char *at = r->token.raw.at;
	struct pp_cql2_list operands;
	struct pp_filter *list;

	if (!pp_cql2_next(r) || !go_deeper(r) || !read_operands(r, &operands))
		return NULL;
	r->depth--;
	if (operands.count == 1) {
		list = *(struct pp_filter **)operands.at;
		list->in_parens = true;
		return list;
	}
	list = pp_cql2_node(r, PP_FILTER_LIST_OF, at);
	return list ? pp_cql2_finish(r, list, &operands) : NULL;
}

/* What is written like a function and is none. */
static bool is_operator(struct pp_slice name, enum pp_filter_op *op)
{
	for (unsigned i = 0; i < PP_FILTER_OPS; i++) {
		const struct pp_filter_op_row *row = pp_filter_op_row(i);

		if (row->group >= PP_FILTER_CHARACTER &&
			pp_slice_is_nocase(name, pp_slice_of(row->text))) {
			*op = i;
			return true;
		}
	}
	return false;
}

static struct pp_filter *read_call(struct pp_cql2_reader *r, struct pp_slice name)
{
	struct pp_filter *call = pp_cql2_node(r, PP_FILTER_FUNCTION, name.at);
	struct pp_cql2_list operands;

	if (!call || !pp_cql2_next(r) || !go_deeper(r) || !read_operands(r, &operands))
		return NULL;
	r->depth--;
	if (is_operator(name, &call->op))
		call->kind = PP_FILTER_OPERATION;
	else
		call->text = name;
	return pp_cql2_finish(r, call, &operands);
}

static bool is_reserved(struct pp_slice name)
{
	static const char *const words[] = { "AND", "OR", "NOT", "LIKE", "BETWEEN", "IN", "IS",
		"NULL", "DIV" };

	for (size_t i = 0; i < PP_LENGTH(words); i++)
		if (pp_slice_is_nocase(name, pp_slice_of(words[i])))
			return true;
	return false;
}

static struct pp_filter *read_property(
	struct pp_cql2_reader *r, struct pp_slice name, const char *at)
{
	struct pp_filter *property = pp_cql2_node(r, PP_FILTER_PROPERTY, at);

	if (property)
		property->text = name;
	return property;
}

static struct pp_filter *read_name(struct pp_cql2_reader *r)
{
	struct pp_slice name = r->token.value;
	const struct pp_cql2_type *type = pp_cql2_type_wkt(name);
	struct pp_filter *truth;

	if (is_reserved(name)) {
		pp_cql2_wrong(
			r, "a value is missing here; put a name like this into double quotes");
		return NULL;
	}
	if (!pp_cql2_next(r))
		return NULL;
	if (type && (pp_cql2_is_sign(r, "(") || pp_cql2_is_word(r, "Z")))
		return pp_cql2_read_geometry(r, type, name.at);
	if (pp_cql2_is_sign(r, "(") && !pp_cql2_is_literal(name) && pp_cql2_is_reserved(name)) {
		pp_cql2_wrong_at(r, name.at, "this is the name of no function");
		return NULL;
	}
	if (pp_cql2_is_sign(r, "("))
		return pp_cql2_is_literal(name) ? pp_cql2_read_literal(r, name)
						: read_call(r, name);
	if (!pp_slice_is_nocase(name, PP_S("TRUE")) && !pp_slice_is_nocase(name, PP_S("FALSE")))
		return read_property(r, name, name.at);
	truth = pp_cql2_node(r, PP_FILTER_BOOLEAN, name.at);
	if (truth)
		truth->truth = name.len == 4;
	return truth;
}

static struct pp_filter *read_plain(struct pp_cql2_reader *r)
{
	struct pp_cql2_token token = r->token;
	struct pp_filter *literal;

	if (token.kind == PP_CQL2_QUOTED)
		literal = read_property(r, token.value, token.raw.at);
	else
		literal = pp_cql2_node(r,
			token.kind == PP_CQL2_STRING ? PP_FILTER_TEXT : PP_FILTER_NUMBER,
			token.raw.at);
	if (!literal || !pp_cql2_next(r))
		return NULL;
	literal->text = token.value;
	literal->number = token.number;
	return literal;
}

static struct pp_filter *read_primary(struct pp_cql2_reader *r)
{
	if (pp_cql2_is_sign(r, "("))
		return read_parenthesis(r);
	switch (r->token.kind) {
	case PP_CQL2_NAME:
		return read_name(r);
	case PP_CQL2_QUOTED:
	case PP_CQL2_STRING:
	case PP_CQL2_NUMBER:
		return read_plain(r);
	case PP_CQL2_END:
		pp_cql2_wrong(r, "the expression ends too early");
		return NULL;
	case PP_CQL2_SIGN:
		break;
	}
	pp_cql2_wrong(r, "a value is missing here");
	return NULL;
}

/* A sign belongs to a number; before anything else a minus is -1 times it, as annex B's examples.
 */
static struct pp_filter *read_factor(struct pp_cql2_reader *r)
{
	const char *at = r->token.raw.at;
	bool is_minus = pp_cql2_is_sign(r, "-");
	struct pp_filter *number;

	if (!is_minus && !pp_cql2_is_sign(r, "+"))
		return read_primary(r);
	if (!pp_cql2_next(r))
		return NULL;
	number = pp_cql2_node(r, PP_FILTER_NUMBER, at);
	if (!number)
		return NULL;
	if (r->token.kind == PP_CQL2_NUMBER) {
		number->number = is_minus ? -r->token.number : r->token.number;
		return pp_cql2_next(r) ? number : NULL;
	}
	if (!is_minus) {
		pp_cql2_wrong(r, "a number is missing here");
		return NULL;
	}
	number->number = -1;
	return operation(r, PP_FILTER_times, number, read_primary(r));
}

static struct pp_filter *read_power(struct pp_cql2_reader *r)
{
	struct pp_filter *left = read_factor(r);

	if (!left || !pp_cql2_is_sign(r, "^"))
		return left;
	return pp_cql2_next(r) ? operation(r, PP_FILTER_power, left, read_factor(r)) : NULL;
}

static struct pp_filter *read_product(struct pp_cql2_reader *r)
{
	struct pp_filter *left = read_power(r);

	while (left) {
		enum pp_filter_op op;

		if (pp_cql2_is_sign(r, "*"))
			op = PP_FILTER_times;
		else if (pp_cql2_is_sign(r, "/"))
			op = PP_FILTER_divided;
		else if (pp_cql2_is_sign(r, "%"))
			op = PP_FILTER_modulo;
		else if (pp_cql2_is_word(r, "DIV"))
			op = PP_FILTER_div;
		else
			break;
		left = pp_cql2_next(r) ? operation(r, op, left, read_power(r)) : NULL;
	}
	return left;
}

static struct pp_filter *read_sum(struct pp_cql2_reader *r)
{
	struct pp_filter *left = read_product(r);

	while (left && (pp_cql2_is_sign(r, "+") || pp_cql2_is_sign(r, "-"))) {
		enum pp_filter_op op = pp_cql2_is_sign(r, "+") ? PP_FILTER_plus : PP_FILTER_minus;

		left = pp_cql2_next(r) ? operation(r, op, left, read_product(r)) : NULL;
	}
	return left;
}

static struct pp_filter *read_between(struct pp_cql2_reader *r, struct pp_filter *value)
{
	struct pp_filter *between = pp_cql2_node(r, PP_FILTER_OPERATION, r->text.at + value->at);
	struct pp_cql2_list operands;

	if (!between)
		return NULL;
	between->op = PP_FILTER_between;
	pp_cql2_list_begin(&operands, r->arena, sizeof(struct pp_filter *));
	if (!pp_cql2_add(&operands, value) || !pp_cql2_add(&operands, read_sum(r)))
		return NULL;
	if (!pp_cql2_is_word(r, "AND")) {
		pp_cql2_wrong(r, "BETWEEN takes two values with AND between them");
		return NULL;
	}
	if (!pp_cql2_next(r) || !pp_cql2_add(&operands, read_sum(r)))
		return NULL;
	return pp_cql2_finish(r, between, &operands);
}

static struct pp_filter *read_in(struct pp_cql2_reader *r, struct pp_filter *value)
{
	struct pp_filter *list = pp_cql2_node(r, PP_FILTER_LIST_OF, r->token.raw.at);
	struct pp_cql2_list operands;

	if (!list || !pp_cql2_take(r, "(") || !read_operands(r, &operands) ||
		!pp_cql2_finish(r, list, &operands))
		return NULL;
	return operation(r, PP_FILTER_in, value, list);
}

static struct pp_filter *read_null(struct pp_cql2_reader *r, struct pp_filter *value)
{
	struct pp_filter *null = pp_cql2_node(r, PP_FILTER_OPERATION, r->text.at + value->at);
	bool is_not = pp_cql2_is_word(r, "NOT");
	struct pp_cql2_list operands;

	if (!null || (is_not && !pp_cql2_next(r)))
		return NULL;
	if (!pp_cql2_is_word(r, "NULL")) {
		pp_cql2_wrong(r, "after IS comes NULL or NOT NULL");
		return NULL;
	}
	null->op = PP_FILTER_is_null;
	pp_cql2_list_begin(&operands, r->arena, sizeof(struct pp_filter *));
	pp_cql2_add(&operands, value);
	null = pp_cql2_next(r) ? pp_cql2_finish(r, null, &operands) : NULL;
	return is_not && null ? negated(r, null, r->text.at + value->at) : null;
}

static bool is_comparison(const struct pp_cql2_reader *r, enum pp_filter_op *op)
{
	if (r->token.kind != PP_CQL2_SIGN)
		return false;
	for (*op = PP_FILTER_equal; *op <= PP_FILTER_greater_equal; ++*op)
		if (pp_slice_is(r->token.raw, pp_slice_of(pp_filter_op_row(*op)->text)))
			return true;
	return false;
}

static struct pp_filter *read_predicate(struct pp_cql2_reader *r)
{
	struct pp_filter *left = read_sum(r), *found;
	enum pp_filter_op op;
	bool is_not;

	if (!left)
		return NULL;
	if (is_comparison(r, &op))
		return pp_cql2_next(r) ? operation(r, op, left, read_sum(r)) : NULL;
	if (pp_cql2_is_word(r, "IS"))
		return pp_cql2_next(r) ? read_null(r, left) : NULL;
	is_not = pp_cql2_is_word(r, "NOT");
	if (is_not && !pp_cql2_next(r))
		return NULL;
	if (pp_cql2_is_word(r, "LIKE"))
		found = pp_cql2_next(r) ? operation(r, PP_FILTER_like, left, read_primary(r))
					: NULL;
	else if (pp_cql2_is_word(r, "BETWEEN"))
		found = pp_cql2_next(r) ? read_between(r, left) : NULL;
	else if (pp_cql2_is_word(r, "IN"))
		found = pp_cql2_next(r) ? read_in(r, left) : NULL;
	else if (!is_not)
		return left;
	else {
		pp_cql2_wrong(r, "after NOT comes LIKE, BETWEEN or IN");
		return NULL;
	}
	return is_not ? negated(r, found, r->text.at + left->at) : found;
}

static struct pp_filter *read_not(struct pp_cql2_reader *r)
{
	const char *at = r->token.raw.at;

	if (!pp_cql2_is_word(r, "NOT"))
		return read_predicate(r);
	return pp_cql2_next(r) ? negated(r, read_predicate(r), at) : NULL;
}

/* What AND or OR joins is one operation, however many they are. */
static struct pp_filter *read_joined(struct pp_cql2_reader *r, enum pp_filter_op op,
	struct pp_filter *(*read_one)(struct pp_cql2_reader *))
{
	struct pp_filter *first = read_one(r), *joined;
	struct pp_cql2_list operands;

	if (!first || !pp_cql2_is_word(r, pp_filter_op_row(op)->text))
		return first;
	joined = pp_cql2_node(r, PP_FILTER_OPERATION, r->text.at + first->at);
	if (!joined)
		return NULL;
	joined->op = op;
	pp_cql2_list_begin(&operands, r->arena, sizeof(struct pp_filter *));
	pp_cql2_add(&operands, first);
	while (pp_cql2_is_word(r, pp_filter_op_row(op)->text))
		if (!pp_cql2_next(r) || !pp_cql2_add(&operands, read_one(r)))
			return NULL;
	return pp_cql2_finish(r, joined, &operands);
}

static struct pp_filter *read_and(struct pp_cql2_reader *r)
{
	return read_joined(r, PP_FILTER_and, read_not);
}

struct pp_filter *pp_cql2_read_or(struct pp_cql2_reader *r)
{
	return read_joined(r, PP_FILTER_or, read_and);
}

struct pp_filter *pp_cql2_read_text(
	struct pp_arena *arena, struct pp_slice text, struct pp_fault *fault)
{
	struct pp_cql2_reader r = { .arena = arena, .fault = fault, .text = pp_copy(arena, text) };
	struct pp_filter *filter;

	if (text.len > PP_FILTER_TEXT_MOST) {
		pp_fault(fault, PP_filter_invalid, "a filter has %d bytes at most",
			PP_FILTER_TEXT_MOST);
		return NULL;
	}
	if (!pp_slice_is_utf8(text)) {
		pp_fault(fault, PP_filter_invalid, "a filter is UTF-8 without NUL");
		return NULL;
	}
	r.at = r.text.at;
	r.end = r.text.at + r.text.len;
	filter = pp_cql2_next(&r) ? pp_cql2_read_or(&r) : NULL;
	if (filter && r.token.kind != PP_CQL2_END) {
		pp_cql2_wrong(&r, "the expression could end here, but something follows");
		return NULL;
	}
	if (filter && !pp_filter_is_condition(filter)) {
		pp_cql2_wrong_at(
			&r, r.text.at + filter->at, "a filter is a condition, such as name = 'x'");
		return NULL;
	}
	return filter;
}
