/* SPDX-License-Identifier: EUPL-1.2 */
/* CQL2 text, with no more parentheses than are needed to read the same tree. */
#include "cql2.h"

/* How tightly an expression holds together: the levels of the grammar. */
enum level { OR = 1, AND, NOT, PREDICATE, SUM, PRODUCT, POWER, FACTOR };

static bool write(struct pp_buf *out, const struct pp_filter *filter, enum level least,
	struct pp_fault *fault);

static enum level level_of(const struct pp_filter *filter)
{
	if (filter->kind != PP_FILTER_OPERATION)
		return FACTOR;
	switch (filter->op) {
	case PP_FILTER_or:
		return OR;
	case PP_FILTER_and:
		return AND;
	case PP_FILTER_not:
		return NOT;
	case PP_FILTER_plus:
	case PP_FILTER_minus:
		return SUM;
	case PP_FILTER_times:
	case PP_FILTER_divided:
	case PP_FILTER_modulo:
	case PP_FILTER_div:
		return PRODUCT;
	case PP_FILTER_power:
		return POWER;
	default:
		return pp_filter_op_row(filter->op)->group <= PP_FILTER_PREDICATE ? PREDICATE
										  : FACTOR;
	}
}

static bool write_string(struct pp_buf *out, struct pp_slice text, struct pp_fault *fault)
{
	pp_buf_text(out, "'");
	for (size_t i = 0; i < text.len; i++) {
		bool is_last = i + 1 == text.len;

		if (text.at[i] == '\\' && (is_last || text.at[i + 1] == '\''))
			return pp_fault(fault, PP_filter_invalid,
				"text has no way to say a backslash before a quotation mark");
		pp_buf_text(out, text.at[i] == '\'' ? "'" : "");
		pp_buf_add(out, &text.at[i], 1);
	}
	pp_buf_text(out, "'");
	return true;
}

static bool write_property(struct pp_buf *out, struct pp_slice name, struct pp_fault *fault)
{
	bool is_plain = pp_cql2_is_identifier(name) && !pp_cql2_is_reserved(name);

	if (memchr(name.at, '"', name.len))
		return pp_fault(fault, PP_filter_invalid,
			"text has no way to say a name with a quotation mark");
	pp_buf_format(out, is_plain ? "%.*s" : "\"%.*s\"", PP_SHOW(name));
	return true;
}

static bool write_operands(
	struct pp_buf *out, const struct pp_filter *filter, struct pp_fault *fault)
{
	pp_buf_text(out, "(");
	for (size_t i = 0; i < filter->count; i++) {
		const struct pp_filter *operand = filter->operands[i];
		bool takes_lists = filter->kind == PP_FILTER_OPERATION;

		/* read_parenthesis: it would come back as what it holds. */
		if (operand->kind == PP_FILTER_LIST_OF && operand->count == 1 && !takes_lists)
			return pp_fault(fault, PP_filter_invalid,
				"text has no way to say a list of one in a list or function");
		pp_buf_text(out, i ? ", " : "");
		if (!write(out, operand, OR, fault))
			return false;
	}
	pp_buf_text(out, ")");
	return true;
}

static bool write_joined(struct pp_buf *out, const struct pp_filter *filter, struct pp_fault *fault)
{
	const char *word = pp_filter_op_row(filter->op)->text;

	for (size_t i = 0; i < filter->count; i++) {
		if (i)
			pp_buf_format(out, " %s ", word);
		if (!write(out, filter->operands[i], level_of(filter) + 1, fault))
			return false;
	}
	return true;
}

/* What is written between its operands; NOT stands where the reader takes it back out. */
static bool write_predicate(
	struct pp_buf *out, const struct pp_filter *filter, bool negated, struct pp_fault *fault)
{
	struct pp_filter *const *operands = filter->operands;

	if (!write(out, operands[0], SUM, fault))
		return false;
	switch (filter->op) {
	case PP_FILTER_is_null:
		pp_buf_text(out, negated ? " IS NOT NULL" : " IS NULL");
		return true;
	case PP_FILTER_between:
		pp_buf_text(out, negated ? " NOT BETWEEN " : " BETWEEN ");
		if (!write(out, operands[1], SUM, fault))
			return false;
		pp_buf_text(out, " AND ");
		return write(out, operands[2], SUM, fault);
	case PP_FILTER_in:
		pp_buf_text(out, negated ? " NOT IN " : " IN ");
		return write_operands(out, operands[1], fault);
	default:
		pp_buf_format(
			out, negated ? " NOT %s " : " %s ", pp_filter_op_row(filter->op)->text);
		return write(out, operands[1], SUM, fault);
	}
}

static bool write_not(struct pp_buf *out, const struct pp_filter *negated, struct pp_fault *fault)
{
	if (negated->kind == PP_FILTER_OPERATION &&
		pp_filter_op_row(negated->op)->group == PP_FILTER_PREDICATE)
		return write_predicate(out, negated, true, fault);
	pp_buf_text(out, "NOT ");
	return write(out, negated, PREDICATE, fault);
}

/* Sums and products are read from the left, and a power has two factors. */
static bool write_arithmetic(
	struct pp_buf *out, const struct pp_filter *filter, struct pp_fault *fault)
{
	enum level level = level_of(filter);

	if (!write(out, filter->operands[0], level == POWER ? FACTOR : level, fault))
		return false;
	pp_buf_format(out, " %s ", pp_filter_op_row(filter->op)->text);
	return write(out, filter->operands[1], level + 1, fault);
}

static bool write_operation(
	struct pp_buf *out, const struct pp_filter *filter, struct pp_fault *fault)
{
	switch (pp_filter_op_row(filter->op)->group) {
	case PP_FILTER_LOGICAL:
		return filter->op == PP_FILTER_not ? write_not(out, filter->operands[0], fault)
						   : write_joined(out, filter, fault);
	case PP_FILTER_COMPARISON:
	case PP_FILTER_PREDICATE:
		return write_predicate(out, filter, false, fault);
	case PP_FILTER_ARITHMETIC:
		return write_arithmetic(out, filter, fault);
	default:
		pp_buf_text(out, pp_filter_op_row(filter->op)->text);
		return write_operands(out, filter, fault);
	}
}

static bool write_interval(
	struct pp_buf *out, const struct pp_filter *filter, struct pp_fault *fault)
{
	pp_buf_text(out, "INTERVAL(");
	for (size_t i = 0; i < 2; i++) {
		const struct pp_filter *end = filter->operands[i];
		bool is_value = end->kind == PP_FILTER_PROPERTY || end->kind == PP_FILTER_FUNCTION;

		pp_buf_text(out, i ? ", " : "");
		if (is_value ? !write(out, end, OR, fault) : !write_string(out, end->text, fault))
			return false;
	}
	pp_buf_text(out, ")");
	return true;
}

static bool write_plain(struct pp_buf *out, const struct pp_filter *filter, struct pp_fault *fault)
{
	switch (filter->kind) {
	case PP_FILTER_OPERATION:
		return write_operation(out, filter, fault);
	case PP_FILTER_FUNCTION:
		pp_buf_slice(out, filter->text);
		return write_operands(out, filter, fault);
	case PP_FILTER_PROPERTY:
		return write_property(out, filter->text, fault);
	case PP_FILTER_TEXT:
	case PP_FILTER_UNTYPED:
	case PP_FILTER_RESOURCE:
	case PP_FILTER_OPEN:
		return write_string(out, filter->text, fault);
	case PP_FILTER_NUMBER:
		pp_cql2_write_number(out, filter->number);
		return true;
	case PP_FILTER_BOOLEAN:
		pp_buf_text(out, filter->truth ? "TRUE" : "FALSE");
		return true;
	case PP_FILTER_DATE:
		pp_buf_format(out, "DATE('%.*s')", PP_SHOW(filter->text));
		return true;
	case PP_FILTER_TIMESTAMP:
		pp_buf_format(out, "TIMESTAMP('%.*s')", PP_SHOW(filter->text));
		return true;
	case PP_FILTER_INTERVAL:
		return write_interval(out, filter, fault);
	case PP_FILTER_SHAPE:
		pp_cql2_write_wkt(out, filter->shape);
		return true;
	case PP_FILTER_BOX:
		pp_buf_text(out, "BBOX");
		return write_operands(out, filter, fault);
	case PP_FILTER_LIST_OF:
		return write_operands(out, filter, fault);
	}
	PP_NEVER("these are all kinds");
	return false;
}

static bool write(struct pp_buf *out, const struct pp_filter *filter, enum level least,
	struct pp_fault *fault)
{
	/* NOT name LIKE '…' is written as name NOT LIKE '…', which is read as the same. */
	bool in_parens = level_of(filter) < least;

	pp_buf_text(out, in_parens ? "(" : "");
	if (!write_plain(out, filter, fault))
		return false;
	pp_buf_text(out, in_parens ? ")" : "");
	return true;
}

bool pp_cql2_write_text(struct pp_buf *out, const struct pp_filter *filter, struct pp_fault *fault)
{
	return write(out, filter, OR, fault);
}
