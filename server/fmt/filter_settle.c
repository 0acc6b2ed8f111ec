/* SPDX-License-Identifier: EUPL-1.2 */
/* Literals without a kind get that of what they are compared with. */
#include <pp/fmt/filter.h>
#include <pp/fmt/xs.h>

/* What a literal may become. */
enum want { WANT_NOTHING, WANT_TEXT, WANT_NUMBER, WANT_BOOLEAN, WANT_TIME };

struct settling {
	struct pp_arena *arena;
	const struct pp_feature_type *type;
	const struct pp_filter **at;
	struct pp_fault *fault;
};

static const enum want wants[PP_FEATURE_KINDS] = {
	[PP_FEATURE_TEXT] = WANT_TEXT,
	[PP_FEATURE_UUID] = WANT_TEXT,
	[PP_FEATURE_INTEGER] = WANT_NUMBER,
	[PP_FEATURE_NUMBER] = WANT_NUMBER,
	[PP_FEATURE_BOOLEAN] = WANT_BOOLEAN,
	[PP_FEATURE_DATE] = WANT_TIME,
	[PP_FEATURE_INSTANT] = WANT_TIME,
};

static enum want want_of_property(const struct settling *s, struct pp_slice name)
{
	for (size_t i = 0; i < s->type->column_count; i++)
		if (pp_slice_is(name, pp_slice_of(s->type->columns[i].name)))
			return wants[s->type->columns[i].kind];
	return WANT_NOTHING;
}

/* What is to be compared with it. */
static enum want want_of(const struct settling *s, const struct pp_filter *node)
{
	switch (node->kind) {
	case PP_FILTER_PROPERTY:
		return want_of_property(s, node->text);
	case PP_FILTER_OPERATION:
		switch (pp_filter_op_row(node->op)->gives) {
		case PP_FILTER_IS_NUMBER:
			return WANT_NUMBER;
		case PP_FILTER_IS_TEXT:
			return WANT_TEXT;
		default:
			return WANT_NOTHING;
		}
	case PP_FILTER_NUMBER:
		return WANT_NUMBER;
	case PP_FILTER_BOOLEAN:
		return WANT_BOOLEAN;
	case PP_FILTER_DATE:
	case PP_FILTER_TIMESTAMP:
	case PP_FILTER_INTERVAL:
		return WANT_TIME;
	case PP_FILTER_TEXT:
		return WANT_TEXT;
	default:
		return WANT_NOTHING;
	}
}

static bool wrong(struct settling *s, const struct pp_filter *node, const char *sentence)
{
	*s->at = node;
	return pp_fault(s->fault, PP_filter_type_wrong, sentence,
		(int)(node->text.len < 60 ? node->text.len : 60), node->text.at);
}

static bool become(struct settling *s, struct pp_filter *node, enum want want)
{
	struct pp_slice trimmed = pp_xs_trim(node->text);
	bool is_day;

	switch (want) {
	case WANT_NUMBER:
		node->kind = PP_FILTER_NUMBER;
		return pp_xs_double(trimmed, &node->number) || wrong(s, node, "%.*s is no number");
	case WANT_BOOLEAN:
		node->kind = PP_FILTER_BOOLEAN;
		return pp_xs_boolean(trimmed, &node->truth) ||
			wrong(s, node, "%.*s is neither true nor false");
	case WANT_TIME:
		if (!pp_xs_time(s->arena, trimmed, &is_day, &node->text))
			return wrong(s, node, "%.*s is no day and no instant");
		node->kind = is_day ? PP_FILTER_DATE : PP_FILTER_TIMESTAMP;
		return true;
	default:
		node->kind = PP_FILTER_TEXT;
		return true;
	}
}

/* FES 2.0 §7.7.3.2: whether the case matters is asked of texts only, clients say it of numbers. */
static void uncase(const struct settling *s, struct pp_filter *node)
{
	const struct pp_filter *a = node->operands[0], *b = node->operands[1];
	bool is_literal, is_property;

	for (size_t i = 0; i < 2; i++)
		if (node->operands[i]->kind != PP_FILTER_OPERATION ||
			node->operands[i]->op != PP_FILTER_casei)
			return;
	is_literal = a->operands[0]->kind == PP_FILTER_UNTYPED ||
		b->operands[0]->kind == PP_FILTER_UNTYPED;
	is_property = want_of(s, a->operands[0]) > WANT_TEXT ||
		want_of(s, b->operands[0]) > WANT_TEXT;
	for (size_t i = 0; is_literal && is_property && i < 2; i++)
		node->operands[i] = node->operands[i]->operands[0];
}

static bool settle(struct settling *s, struct pp_filter *node);

static bool settle_operands(struct settling *s, struct pp_filter *node, enum want want)
{
	for (size_t i = 0; i < node->count; i++) {
		struct pp_filter *operand = node->operands[i];

		if (operand->kind == PP_FILTER_LIST_OF && want) {
			if (!settle_operands(s, operand, want))
				return false;
		} else if (operand->kind == PP_FILTER_UNTYPED) {
			if (!become(s, operand, want))
				return false;
		} else if (!settle(s, operand)) {
			return false;
		}
	}
	return true;
}

/* What its literals are: all that an operator takes, or what the others are. */
static enum want want_within(const struct settling *s, const struct pp_filter *node)
{
	const struct pp_filter_op_row *row = pp_filter_op_row(node->op);
	enum want want = WANT_NOTHING;

	if (row->takes[0] == PP_FILTER_IS_NUMBER)
		return WANT_NUMBER;
	if (row->takes[0] == PP_FILTER_IS_TEXT)
		return WANT_TEXT;
	if (row->takes[0] == PP_FILTER_IS_TIME)
		return WANT_TIME;
	for (size_t i = 0; i < node->count && !want; i++)
		want = want_of(s, node->operands[i]);
	return want ? want : WANT_TEXT;
}

static void settle_resource(struct settling *s, struct pp_filter *node)
{
	struct pp_slice id;

	/* The id of a feature of another type is none of this one. */
	if (pp_feature_id_of(s->arena, s->type, node->text, &id))
		node->text = id;
	node->kind = PP_FILTER_TEXT;
}

static bool settle(struct settling *s, struct pp_filter *node)
{
	struct pp_fault why;
	size_t operand;

	if (node->kind == PP_FILTER_RESOURCE)
		settle_resource(s, node);
	if (node->kind == PP_FILTER_UNTYPED)
		return become(s, node, WANT_TEXT);
	if (node->kind != PP_FILTER_OPERATION)
		return settle_operands(s, node, WANT_NOTHING);
	if (pp_filter_op_row(node->op)->group == PP_FILTER_COMPARISON)
		uncase(s, node);
	if (!settle_operands(s, node, want_within(s, node)))
		return false;
	if (pp_filter_fits(node, &operand, &why))
		return true;
	*s->at = operand < node->count ? node->operands[operand] : node;
	return pp_fault(s->fault, why.problem, "%s", why.detail);
}

bool pp_filter_settle(struct pp_arena *arena, struct pp_filter *filter,
	const struct pp_feature_type *type, const struct pp_filter **at, struct pp_fault *fault)
{
	struct settling s = { .arena = arena, .type = type, .at = at, .fault = fault };

	return settle(&s, filter);
}
