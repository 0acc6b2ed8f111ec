/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/fmt/filter.h>

#include <pp/fmt/wkb.h>

#define WHATEVER_BUT_TRUTH (PP_FILTER_IS_ANY & ~(unsigned)PP_FILTER_IS_TRUTH)

static const struct pp_filter_op_row rows[PP_FILTER_OPS] = {
#define PP_FILTER_OP(id, json, text, group, least, most, first, second, further, gives)            \
	{ json, text, PP_FILTER_##group, least, most,                                              \
		{ PP_FILTER_IS_##first, PP_FILTER_IS_##second, PP_FILTER_IS_##further },           \
		PP_FILTER_IS_##gives },
#include <pp/fmt/filter.def>
#undef PP_FILTER_OP
};

const struct pp_filter_op_row *pp_filter_op_row(enum pp_filter_op op)
{
	PP_MUST(op < PP_FILTER_OPS);
	return &rows[op];
}

/* booleanPrimary: a function may be a condition, a property alone is none. */
static unsigned gives(const struct pp_filter *filter)
{
	switch (filter->kind) {
	case PP_FILTER_OPERATION:
		return rows[filter->op].gives;
	case PP_FILTER_FUNCTION:
		return PP_FILTER_IS_ANY;
	case PP_FILTER_PROPERTY:
		return WHATEVER_BUT_TRUTH;
	case PP_FILTER_TEXT:
		return PP_FILTER_IS_TEXT;
	case PP_FILTER_NUMBER:
		return PP_FILTER_IS_NUMBER;
	case PP_FILTER_BOOLEAN:
		return PP_FILTER_IS_TRUTH | PP_FILTER_IS_BOOLEAN;
	case PP_FILTER_DATE:
	case PP_FILTER_TIMESTAMP:
		return PP_FILTER_IS_INSTANT;
	case PP_FILTER_INTERVAL:
		return PP_FILTER_IS_INTERVAL;
	case PP_FILTER_SHAPE:
	case PP_FILTER_BOX:
		return PP_FILTER_IS_GEOMETRY;
	case PP_FILTER_LIST_OF:
		return PP_FILTER_IS_LIST;
	case PP_FILTER_UNTYPED:
		return PP_FILTER_IS_SCALAR;
	case PP_FILTER_RESOURCE:
		return PP_FILTER_IS_TEXT;
	case PP_FILTER_OPEN:
		break;
	}
	PP_NEVER("an open end stands in intervals alone");
	return 0;
}

static bool takes(struct pp_fault *fault, const struct pp_filter_op_row *row, unsigned what)
{
	switch (what) {
	case PP_FILTER_IS_TRUTH:
		return pp_fault(fault, PP_filter_invalid, "%s takes conditions, such as name = 'x'",
			row->text);
	case PP_FILTER_IS_NUMBER:
		return pp_fault(fault, PP_filter_invalid, "%s takes numbers", row->text);
	case PP_FILTER_IS_TEXT:
		return pp_fault(
			fault, PP_filter_invalid, "%s takes texts in single quotes", row->text);
	case PP_FILTER_IS_GEOMETRY:
		return pp_fault(fault, PP_filter_invalid,
			"%s takes geometries, such as POINT(9.9 53.6)", row->text);
	case PP_FILTER_IS_TIME:
		return pp_fault(fault, PP_filter_invalid,
			"%s takes DATE('…'), TIMESTAMP('…') or INTERVAL('…','…')", row->text);
	case PP_FILTER_IS_LIST:
		return pp_fault(fault, PP_filter_invalid,
			"%s takes a list in parentheses, such as ('a','b')", row->text);
	case PP_FILTER_IS_SINGLE:
		return pp_fault(fault, PP_filter_invalid, "%s takes no list", row->text);
	case PP_FILTER_IS_RANGE:
		return pp_fault(fault, PP_filter_invalid, "%s takes numbers or dates", row->text);
	default:
		return pp_fault(fault, PP_filter_invalid,
			"%s takes a text, a number, a date or a truth value", row->text);
	}
}

/* patternExpression: CASEI and ACCENTI around a text, and nothing that is known later only. */
static bool is_pattern(const struct pp_filter *filter)
{
	while (filter->kind == PP_FILTER_OPERATION && rows[filter->op].group == PP_FILTER_CHARACTER)
		filter = filter->operands[0];
	return filter->kind == PP_FILTER_TEXT;
}

static bool is_list_to_choose_from(const struct pp_filter *list)
{
	if (list->kind != PP_FILTER_LIST_OF || list->count == 0)
		return false;
	for (size_t i = 0; i < list->count; i++)
		if (!(gives(list->operands[i]) & PP_FILTER_IS_SCALAR))
			return false;
	return true;
}

static bool is_flat(struct pp_filter *filter)
{
	filter->depth = 1;
	for (size_t i = 0; i < filter->count; i++)
		if (filter->depth <= filter->operands[i]->depth)
			filter->depth = filter->operands[i]->depth + 1;
	return filter->depth <= PP_FILTER_DEPTH;
}

bool pp_filter_fits(struct pp_filter *filter, size_t *operand, struct pp_fault *fault)
{
	const struct pp_filter_op_row *row = &rows[filter->op];

	*operand = filter->count;
	if (!is_flat(filter))
		return pp_fault(fault, PP_filter_invalid, "the expression is nested too deep");
	if (filter->kind != PP_FILTER_OPERATION)
		return true;
	if (filter->count < row->least || filter->count > row->most)
		return pp_fault(fault, PP_filter_invalid, "%s takes %zu operands, not %zu",
			row->text, row->least, filter->count);
	for (size_t i = 0; i < filter->count; i++) {
		unsigned what = row->takes[i < 2 ? i : 2];

		*operand = i;
		if (!(gives(filter->operands[i]) & what))
			return takes(fault, row, what);
	}
	*operand = 1;
	if (filter->op == PP_FILTER_like && !is_pattern(filter->operands[1]))
		return pp_fault(
			fault, PP_filter_invalid, "the pattern of LIKE is a text in single quotes");
	if (filter->op == PP_FILTER_in && !is_list_to_choose_from(filter->operands[1]))
		return pp_fault(fault, PP_filter_invalid,
			"IN takes a list of texts, numbers, dates or truth values");
	return true;
}

bool pp_filter_is_condition(const struct pp_filter *filter)
{
	return gives(filter) & PP_FILTER_IS_TRUTH;
}

void pp_filter_place(struct pp_slice text, size_t at, unsigned *line, unsigned *column)
{
	size_t begun = 0;

	*line = 1;
	for (size_t i = 0; i < at && i < text.len; i++)
		if (text.at[i] == '\n') {
			++*line;
			begun = i + 1;
		}
	*column = 1 + (unsigned)pp_slice_characters(pp_slice(text.at + begun, at - begun));
}

void pp_filter_shape_wkb(struct pp_buf *out, const struct pp_filter_shape *shape)
{
	if (shape->type) {
		pp_buf_u8(out, 1);
		pp_buf_u32(out, shape->type);
	}
	if (shape->type != PP_WKB_POINT)
		pp_buf_u32(out, (uint32_t)shape->count);
	for (size_t i = 0; i < shape->count; i++) {
		if (!shape->numbers) {
			pp_filter_shape_wkb(out, &shape->parts[i]);
			continue;
		}
		pp_buf_f64(out, shape->numbers[i * shape->dims]);
		pp_buf_f64(out, shape->numbers[i * shape->dims + 1]);
	}
}
