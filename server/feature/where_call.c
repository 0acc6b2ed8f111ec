/* SPDX-License-Identifier: EUPL-1.2 */
/* Parts of a filter that have operands and are no operators: calls of functions, and lists. */
#include "where.h"

static const struct pp_function functions[] = {
#define PP_FUNCTION(name, first, second, gives, sql, de, en)                                       \
	{ #name, (PP_FILTER_IS_##first != 0) + (PP_FILTER_IS_##second != 0),                       \
		{ PP_FILTER_IS_##first, PP_FILTER_IS_##second }, PP_FILTER_IS_##gives, sql, de,    \
		en },
#include "../../sql/feature.def"
};

const struct pp_function *pp_functions(size_t *count)
{
	*count = PP_LENGTH(functions);
	return functions;
}

static const struct pp_function *named(struct pp_slice name)
{
	for (size_t i = 0; i < PP_LENGTH(functions); i++)
		if (pp_slice_is(name, pp_slice_of(functions[i].name)))
			return &functions[i];
	return NULL;
}

/* Days and instants are one here: which of them a term is says how it becomes the other. */
static const unsigned is[] = {
	[PP_TERM_TEXT] = PP_FILTER_IS_TEXT,
	[PP_TERM_NUMBER] = PP_FILTER_IS_NUMBER,
	[PP_TERM_DAY] = PP_FILTER_IS_INSTANT,
	[PP_TERM_INSTANT] = PP_FILTER_IS_INSTANT,
	[PP_TERM_GEOMETRY] = PP_FILTER_IS_GEOMETRY,
	[PP_TERM_OPEN] = PP_FILTER_IS_INTERVAL,
};

static bool refuse_operand(struct pp_translation *t, const struct pp_filter *at,
	const struct pp_function *function, size_t index)
{
	switch (function->takes[index]) {
	case PP_FILTER_IS_GEOMETRY:
		return pp_translation_wrong(t, at, PP_filter_type_wrong,
			"operand %zu of %s must be a geometry", index + 1, function->name);
	case PP_FILTER_IS_INSTANT:
		return pp_translation_wrong(t, at, PP_filter_type_wrong,
			"operand %zu of %s must be a day or an instant", index + 1, function->name);
	default:
		return pp_translation_wrong(t, at, PP_filter_type_wrong,
			"operand %zu of %s must be a text", index + 1, function->name);
	}
}

static bool take(struct pp_translation *t, const struct pp_filter *node,
	const struct pp_function *function, size_t index, struct pp_term *term)
{
	const struct pp_filter *at = node->operands[index];

	if (!pp_term_operand(t, node, index, term))
		return false;
	if (at->kind == PP_FILTER_INTERVAL || !(is[term->kind] & function->takes[index])) {
		pp_translation_enter(t, "args", index);
		return refuse_operand(t, at, function, index);
	}
	if (term->kind == PP_TERM_INSTANT)
		term->sql = pp_term_as(t, PP_OPERAND_DAY_OF, term);
	return true;
}

bool pp_term_call(struct pp_translation *t, const struct pp_filter *node, struct pp_term *out)
{
	const struct pp_function *function = named(node->text);
	struct pp_term terms[PP_FUNCTION_OPERANDS];

	if (!function)
		return pp_translation_wrong(t, node, PP_filter_property_unknown,
			"there is no function %.*s here; /ogc/functions names all",
			(int)(node->text.len < PP_NAME_MOST ? node->text.len : PP_NAME_MOST),
			node->text.at);
	if (node->count != function->count)
		return pp_translation_wrong(t, node, PP_filter_type_wrong,
			"%s takes %zu operands, not %zu", function->name, function->count,
			node->count);
	for (size_t i = 0; i < node->count; i++)
		if (!take(t, node, function, i, &terms[i]))
			return false;
	out->kind = function->gives == PP_FILTER_IS_NUMBER ? PP_TERM_NUMBER
		: function->gives == PP_FILTER_IS_GEOMETRY ? PP_TERM_GEOMETRY
							   : PP_TERM_DAY;
	out->sql = pp_term_fill(t, function->sql, terms, 0);
	out->end_kind = out->kind;
	out->end = out->sql;
	t->where->moves |= strstr(function->sql, "{now}") != NULL;
	return true;
}

bool pp_term_list(struct pp_translation *t, const struct pp_filter *node, struct pp_term *out)
{
	struct pp_buf *sql = pp_buf_make(t->where->arena);
	struct pp_term element;

	pp_buf_text(sql, "array[");
	for (size_t i = 0; i < node->count; i++) {
		if (!pp_term_operand(t, node, i, &element))
			return false;
		if (element.kind != PP_TERM_TEXT) {
			pp_translation_enter(t, "", i);
			return pp_translation_wrong(t, node->operands[i], PP_filter_type_wrong,
				"lists are of texts here, such as ('01','02')");
		}
		pp_buf_text(sql, i ? ", " : "");
		pp_buf_text(sql, element.sql);
	}
	pp_buf_text(sql, "]::text[]");
	pp_buf_u8(sql, '\0');
	out->kind = PP_TERM_LIST;
	out->sql = sql->at;
	return true;
}
