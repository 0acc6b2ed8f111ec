/* SPDX-License-Identifier: EUPL-1.2 */
#include "where.h"

#include <stdarg.h>
#include <stdio.h>

static const char *const operators[PP_FILTER_OPS] = {
#define PP_OPERATOR(id, text) [PP_FILTER_##id] = text,
#include "../../sql/feature.def"
};

bool pp_translation_wrong(struct pp_translation *t, const struct pp_filter *node,
	enum pp_problem problem, const char *format, ...)
{
	char sentence[sizeof(t->fault->detail)];
	unsigned line, column;
	va_list list;

	va_start(list, format);
	vsnprintf(sentence, sizeof(sentence), format, list);
	va_end(list);
	if (!t->text.len) {
		pp_fault(t->fault, problem, "%s", sentence);
		memcpy(t->fault->pointer, t->path, t->path_len);
		t->fault->pointer[t->path_len] = '\0';
		return false;
	}
	pp_filter_place(t->text, node->at, &line, &column);
	return pp_fault(t->fault, problem, "line %u, column %u: %s", line, column, sentence);
}

/* Beyond what a pointer holds it names the part in which the place lies. */
size_t pp_translation_enter(struct pp_translation *t, const char *name, size_t index)
{
	size_t before = t->path_len;
	int more = snprintf(t->path + before, sizeof(t->path) - before, "/%s%s%zu", name,
		*name ? "/" : "", index);

	if (more > 0 && before + (size_t)more < sizeof(t->path))
		t->path_len += (size_t)more;
	return before;
}

bool pp_term_operand(
	struct pp_translation *t, const struct pp_filter *of, size_t index, struct pp_term *out)
{
	size_t before = pp_translation_enter(t, of->kind == PP_FILTER_LIST_OF ? "" : "args", index);
	bool good = pp_term(t, of->operands[index], out);

	if (good)
		t->path_len = before;
	return good;
}

/* What is true or false as a whole: a function that gives something else is none. */
static bool is_condition(
	struct pp_translation *t, const struct pp_filter *at, const struct pp_term *term)
{
	return term->kind == PP_TERM_TRUTH || term->kind == PP_TERM_BOOLEAN ||
		pp_translation_wrong(t, at, PP_filter_type_wrong,
			"%.*s is no condition: compare what it gives with something",
			PP_SHOW(at->text));
}

/* A property is of its kind; whatever else is not as it should be was refused by pp_filter_fits. */
static bool takes(struct pp_translation *t, const struct pp_filter *node, size_t index,
	const struct pp_term *term)
{
	const struct pp_filter *at = node->operands[index];
	size_t before = pp_translation_enter(t, "args", index);
	int len = (int)at->text.len;

	switch (pp_filter_op_row(node->op)->group) {
	case PP_FILTER_LOGICAL:
		if (!is_condition(t, at, term))
			return false;
		break;
	case PP_FILTER_ARRAY:
		if (term->kind != PP_TERM_LIST)
			return pp_translation_wrong(
				t, at, PP_filter_type_wrong, "%.*s is no list", len, at->text.at);
		break;
	case PP_FILTER_ARITHMETIC:
		if (term->kind != PP_TERM_NUMBER)
			return pp_translation_wrong(
				t, at, PP_filter_type_wrong, "%.*s is no number", len, at->text.at);
		break;
	case PP_FILTER_CHARACTER:
		if (term->kind != PP_TERM_TEXT)
			return pp_translation_wrong(
				t, at, PP_filter_type_wrong, "%.*s is no text", len, at->text.at);
		break;
	case PP_FILTER_SPATIAL:
		if (index == 2 && term->kind != PP_TERM_NUMBER)
			return pp_translation_wrong(
				t, at, PP_filter_type_wrong, "%.*s is no number", len, at->text.at);
		if (index < 2 && term->kind != PP_TERM_GEOMETRY)
			return pp_translation_wrong(t, at, PP_filter_type_wrong,
				"%.*s is no geometry", len, at->text.at);
		/* PostGIS: Relate Operation called with a LWGEOMCOLLECTION */
		if (at->kind == PP_FILTER_SHAPE && at->shape->type == 7 &&
			node->op != PP_FILTER_s_intersects && node->op != PP_FILTER_s_disjoint &&
			node->op != PP_FILTER_s_dwithin)
			return pp_translation_wrong(t, at, PP_filter_type_wrong,
				"%s takes no collections of geometries; S_INTERSECTS, "
				"S_DISJOINT and S_DWITHIN do",
				pp_filter_op_row(node->op)->text);
		break;
	case PP_FILTER_TEMPORAL:
		if (term->kind != PP_TERM_DAY && term->kind != PP_TERM_INSTANT &&
			term->kind != PP_TERM_OPEN)
			return pp_translation_wrong(t, at, PP_filter_type_wrong,
				"%.*s is no day and no instant", len, at->text.at);
		break;
	default:
		break;
	}
	t->path_len = before;
	return true;
}

static bool is_time(enum pp_term_kind kind)
{
	return kind == PP_TERM_DAY || kind == PP_TERM_INSTANT;
}

/* What a property may be compared with. */
static bool refuse_kind(
	struct pp_translation *t, const struct pp_filter *at, enum pp_term_kind kind)
{
	int len = (int)at->text.len;
	const char *name = at->text.at;

	switch (kind) {
	case PP_TERM_TEXT:
		return pp_translation_wrong(t, at, PP_filter_type_wrong,
			"%.*s is a text: compare it with one in single quotes", len, name);
	case PP_TERM_NUMBER:
		return pp_translation_wrong(t, at, PP_filter_type_wrong,
			"%.*s is a number: compare it with one", len, name);
	case PP_TERM_BOOLEAN:
		return pp_translation_wrong(t, at, PP_filter_type_wrong,
			"%.*s is true or false: compare it with TRUE or FALSE", len, name);
	case PP_TERM_DAY:
		return pp_translation_wrong(t, at, PP_filter_type_wrong,
			"%.*s is a day: compare it with DATE('2027-01-31')", len, name);
	case PP_TERM_INSTANT:
		return pp_translation_wrong(t, at, PP_filter_type_wrong,
			"%.*s is an instant: compare it with TIMESTAMP('2027-01-31T10:00:00Z')",
			len, name);
	case PP_TERM_LIST:
		return pp_translation_wrong(t, at, PP_filter_type_wrong,
			"%.*s is a list: use A_CONTAINS and the like", len, name);
	default:
		return pp_translation_wrong(t, at, PP_filter_type_wrong,
			"%.*s is a geometry: use S_INTERSECTS and the like", len, name);
	}
}

/* All are of one kind, where days and instants are one. */
static bool compares(struct pp_translation *t, const struct pp_filter *node,
	const struct pp_filter *const *parts, struct pp_term *terms, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bool like = terms[i].kind == terms[0].kind ||
			(is_time(terms[i].kind) && is_time(terms[0].kind));

		if (parts[i]->kind == PP_FILTER_PROPERTY &&
			(!like || terms[i].kind == PP_TERM_GEOMETRY ||
				terms[i].kind == PP_TERM_LIST))
			return refuse_kind(t, parts[i], terms[i].kind);
		if (!like && parts[0]->kind == PP_FILTER_PROPERTY)
			return refuse_kind(t, parts[0], terms[0].kind);
		if (!like)
			return pp_translation_wrong(t, node, PP_filter_type_wrong,
				"what is compared must be of one kind");
	}
	if (node->op == PP_FILTER_between && terms[0].kind != PP_TERM_NUMBER &&
		!is_time(terms[0].kind))
		return pp_translation_wrong(
			t, node, PP_filter_type_wrong, "%s takes numbers or dates", "BETWEEN");
	pp_term_align(t, terms, count);
	return true;
}

static const char *joined(
	struct pp_translation *t, const struct pp_term *terms, size_t count, const char *between)
{
	struct pp_buf *out = pp_buf_make(t->where->arena);

	for (size_t i = 0; i < count; i++) {
		pp_buf_text(out, i ? between : "(");
		pp_buf_text(out, terms[i].sql);
	}
	pp_buf_text(out, ")");
	pp_buf_u8(out, '\0');
	return out->at;
}

/* What it is chosen from stands in a list of its own: the terms are the operand and these. */
static bool in(struct pp_translation *t, const struct pp_filter *node, struct pp_term *out)
{
	const struct pp_filter *list = node->operands[1];
	size_t count = list->count + 1;
	struct pp_term *terms = PP_NEW_ARRAY(t->where->arena, struct pp_term, count);
	const struct pp_filter **parts = PP_NEW_ARRAY(
		t->where->arena, const struct pp_filter *, count);
	size_t before;

	parts[0] = node->operands[0];
	if (!pp_term_operand(t, node, 0, &terms[0]))
		return false;
	before = pp_translation_enter(t, "args", 1);
	for (size_t i = 1; i < count; i++) {
		parts[i] = list->operands[i - 1];
		if (!pp_term_operand(t, list, i - 1, &terms[i]))
			return false;
	}
	t->path_len = before;
	if (!compares(t, node, parts, terms, count))
		return false;
	terms[1].sql = joined(t, terms + 1, count - 1, ", ");
	out->sql = pp_term_fill(t, operators[node->op], terms, 0);
	return true;
}

/* PostgreSQL §9.7.1: a backslash escapes the character behind it, so there is one. */
static bool is_pattern(struct pp_translation *t, const struct pp_filter *node)
{
	const struct pp_filter *pattern = node->operands[1];
	size_t slashes = 0;

	while (pattern->kind == PP_FILTER_OPERATION)
		pattern = pattern->operands[0];
	while (slashes < pattern->text.len &&
		pattern->text.at[pattern->text.len - 1 - slashes] == '\\')
		slashes++;
	if (slashes % 2 == 0)
		return true;
	return pp_translation_wrong(t, node->operands[1], PP_filter_invalid,
		"the pattern ends with a backslash that has nothing behind it");
}

static bool operation(struct pp_translation *t, const struct pp_filter *node, struct pp_term *out)
{
	const struct pp_filter_op_row *row = pp_filter_op_row(node->op);
	struct pp_term *terms = PP_NEW_ARRAY(t->where->arena, struct pp_term, node->count);

	out->kind = row->group == PP_FILTER_ARITHMETIC ? PP_TERM_NUMBER
		: row->group == PP_FILTER_CHARACTER    ? PP_TERM_TEXT
						       : PP_TERM_TRUTH;
	if (node->op == PP_FILTER_in)
		return in(t, node, out);
	for (size_t i = 0; i < node->count; i++)
		if (!pp_term_operand(t, node, i, &terms[i]) || !takes(t, node, i, &terms[i]))
			return false;
	if (node->op == PP_FILTER_and || node->op == PP_FILTER_or) {
		out->sql = joined(t, terms, node->count, operators[node->op]);
		return true;
	}
	if (node->op == PP_FILTER_like && !is_pattern(t, node))
		return false;
	if (row->group == PP_FILTER_TEMPORAL)
		pp_term_align(t, terms, 2);
	if ((row->group == PP_FILTER_COMPARISON || node->op == PP_FILTER_between ||
		    node->op == PP_FILTER_like) &&
		!compares(t, node, (const struct pp_filter *const *)node->operands, terms,
			node->count))
		return false;
	out->sql = pp_term_fill(t, operators[node->op], terms, 0);
	return true;
}

bool pp_term(struct pp_translation *t, const struct pp_filter *node, struct pp_term *out)
{
	*out = (struct pp_term){ 0 };
	switch (node->kind) {
	case PP_FILTER_OPERATION:
		return operation(t, node, out);
	case PP_FILTER_FUNCTION:
		return pp_term_call(t, node, out);
	case PP_FILTER_LIST_OF:
		return pp_term_list(t, node, out);
	default:
		return pp_term_leaf(t, node, out);
	}
}

struct pp_where *pp_where_make(
	struct pp_arena *arena, struct pp_geo *geo, const struct pp_collection *collection)
{
	struct pp_where *where = PP_NEW(arena, struct pp_where);

	where->arena = arena;
	where->geo = geo;
	where->collection = collection;
	where->crs = PP_UTM32;
	where->axes = PP_AXES_AUTHORITY;
	return where;
}

static bool add(struct pp_where *where, struct pp_buf **sql, const char *between,
	struct pp_filter *filter, struct pp_slice text, struct pp_fault *fault)
{
	struct pp_translation t = { .where = where, .text = text, .fault = fault };
	const struct pp_filter *at;
	struct pp_fault why = { 0 };
	struct pp_term whole = { .sql = "true" };

	if (filter && !pp_filter_settle(where->arena, filter, &where->collection->type, &at, &why))
		return pp_translation_wrong(&t, at, why.problem, "%s", why.detail);

	if (!where->list)
		where->list = pp_buf_make(where->arena);
	if (!*sql) {
		*sql = pp_buf_make(where->arena);
	} else {
		(*sql)->len--; /* the NUL */
		pp_buf_text(*sql, between);
	}
	if (filter && (!pp_term(&t, filter, &whole) || !is_condition(&t, filter, &whole)))
		return false;
	pp_buf_text(*sql, whole.sql);
	pp_buf_u8(*sql, '\0');
	where->values = pp_format(where->arena, "{%.*s}", PP_SHOW(pp_buf_all(where->list)));
	return true;
}

bool pp_where_add(struct pp_where *where, struct pp_filter *filter, struct pp_slice text,
	struct pp_fault *fault)
{
	return add(where, &where->sql, " and ", filter, text, fault);
}

bool pp_where_again(struct pp_where *where, struct pp_filter *filter, struct pp_slice text,
	struct pp_fault *fault)
{
	return add(where, &where->again, " or ", filter, text, fault);
}
