/* SPDX-License-Identifier: EUPL-1.2 */
/* Leaves of a filter as SQL: properties, and literals that are bound. */
#include "where.h"

#include <stdio.h>

#include <pp/fmt/wkb.h>
#include <pp/geo/validate.h>

static const char *const texts[PP_OPERANDS] = {
#define PP_OPERAND(id, text) [PP_OPERAND_##id] = text,
#include "../../sql/feature.def"
};

const char *pp_term_fill(
	struct pp_translation *t, const char *text, const struct pp_term *terms, size_t number)
{
	struct pp_buf *out = pp_buf_make(t->where->arena);
	struct pp_slice rest = pp_slice_of(text);

	while (rest.len) {
		struct pp_slice hole;

		pp_buf_slice(out, pp_slice_cut(rest, '{', &rest));
		if (!rest.len)
			break;
		hole = pp_slice_cut(rest, '}', &rest);
		if (hole.len > 1) /* one of the sentence's */
			pp_buf_format(out, "{%.*s}", PP_SHOW(hole));
		else if (*hole.at == 'n')
			pp_buf_format(out, "%zu", number);
		else if (*hole.at >= 'a')
			pp_buf_text(out, terms[*hole.at - 'a'].sql);
		else
			pp_buf_text(out, terms[*hole.at - 'A'].end);
	}
	pp_buf_u8(out, '\0');
	return out->at;
}

const char *pp_term_as(
	struct pp_translation *t, enum pp_operand_text text, const struct pp_term *of)
{
	return pp_term_fill(t, texts[text], of, 0);
}

/* Binds a value more. */
static bool bind(struct pp_translation *t, const struct pp_filter *node, enum pp_operand_text as,
	struct pp_slice value, struct pp_term *out)
{
	struct pp_where *where = t->where;

	if (where->count == (where->again ? PP_WHERE_AGAIN_VALUES : PP_WHERE_VALUES))
		return pp_translation_wrong(t, node, PP_filter_invalid,
			"the filter has more than %d values; ask in several requests",
			PP_WHERE_VALUES);
	pp_array_add(where->list, where->count++ == 0, value);
	out->sql = pp_term_fill(t, texts[as], NULL, where->count);
	return true;
}

/* Properties of gml:AbstractFeatureType: no feature here has one but for its name, and an envelope
 * is no value that could be compared. */
static bool property_of_gml(
	struct pp_translation *t, const struct pp_filter *node, struct pp_term *out)
{
	if (pp_slice_is(node->text, PP_S("gml:boundedBy")))
		return pp_translation_wrong(t, node, PP_filter_operand_complex,
			"%.*s has no simple value that could be compared", PP_SHOW(node->text));
	*out = (struct pp_term){ .kind = PP_TERM_TEXT, .sql = texts[PP_OPERAND_NOTHING] };
	return true;
}

static bool property(struct pp_translation *t, const struct pp_filter *node, struct pp_term *out)
{
	static const enum pp_term_kind kinds[PP_FEATURE_KINDS] = {
		[PP_FEATURE_TEXT] = PP_TERM_TEXT,
		[PP_FEATURE_UUID] = PP_TERM_TEXT,
		[PP_FEATURE_INTEGER] = PP_TERM_NUMBER,
		[PP_FEATURE_NUMBER] = PP_TERM_NUMBER,
		[PP_FEATURE_BOOLEAN] = PP_TERM_BOOLEAN,
		[PP_FEATURE_DATE] = PP_TERM_DAY,
		[PP_FEATURE_INSTANT] = PP_TERM_INSTANT,
	};
	const struct pp_feature_column *column = pp_column_named(
		&t->where->collection->type, node->text);
	const struct pp_feature_list *list = pp_list_named(t->where->collection, node->text);

	if (!column && pp_slice_starts(node->text, PP_S("gml:")))
		return property_of_gml(t, node, out);
	if (pp_slice_is(node->text, PP_S("id"))) {
		*out = (struct pp_term){ .kind = PP_TERM_TEXT, .sql = texts[PP_OPERAND_ID] };
	} else if (pp_slice_is(node->text, PP_S("geometry"))) {
		*out = (struct pp_term){ .kind = PP_TERM_GEOMETRY, .sql = texts[PP_OPERAND_PLACE] };
	} else if (column) {
		out->kind = kinds[column->kind];
		out->sql = column->computed
			? pp_format(t->where->arena, "(%s)", pp_sentence_computed(column)).at
			: pp_format(t->where->arena, "f.%s", column->name).at;
		if (column->kind == PP_FEATURE_UUID)
			out->sql = pp_term_as(t, PP_OPERAND_AS_TEXT, out);
		if (column->kind == PP_FEATURE_INTEGER)
			out->sql = pp_term_as(t, PP_OPERAND_AS_NUMBER, out);
	} else if (list) {
		out->kind = PP_TERM_LIST;
		out->sql = pp_format(t->where->arena, "f.%s", list->column).at;
		out->sql = pp_term_as(t, PP_OPERAND_KEYS_OF, out);
	} else {
		return pp_translation_wrong(t, node, PP_filter_property_unknown,
			"there is no property %.*s; /ogc/collections/%s/queryables names all",
			(int)(node->text.len < PP_NAME_MOST ? node->text.len : PP_NAME_MOST),
			node->text.at, t->where->collection->type.name);
	}
	return true;
}

static bool geometry(struct pp_translation *t, const struct pp_filter *node, struct pp_slice wkb,
	struct pp_term *out)
{
	struct pp_buf *hex = pp_buf_make(t->where->arena);

	out->kind = PP_TERM_GEOMETRY;
	pp_buf_hex(hex, wkb);
	return bind(t, node, PP_OPERAND_LITERAL_GEOMETRY, pp_buf_all(hex), out);
}

/* That of the literal, or else that of the filter. */
static bool crs_of(
	struct pp_translation *t, const struct pp_filter *node, int *crs, enum pp_axes *axes)
{
	*crs = t->where->crs;
	*axes = t->where->axes;
	if (!node->srs.len)
		return true;
	*crs = pp_crs_offered(node->srs);
	*axes = node->east_first ? PP_AXES_EAST_NORTH : PP_AXES_AUTHORITY;
	return *crs ||
		pp_translation_wrong(t, node, PP_filter_invalid,
			"%.*s is no CRS that is offered here",
			(int)(node->srs.len < PP_NAME_MOST ? node->srs.len : PP_NAME_MOST),
			node->srs.at);
}

/* As strict as with plans: PostGIS has no answer for areas that cross themselves. */
static bool shape(struct pp_translation *t, const struct pp_filter *node, struct pp_term *out)
{
	struct pp_where *where = t->where;
	struct pp_buf *buf = pp_buf_make(where->arena);
	struct pp_wkb_facts facts;
	struct pp_fault fault = { 0 };
	struct pp_slice wkb;
	enum pp_flaw flaw;
	enum pp_axes axes;
	int crs;

	pp_filter_shape_wkb(buf, node->shape);
	wkb = pp_buf_all(buf);
	if (!crs_of(t, node, &crs, &axes))
		return false;
	if (!pp_wkb_check(wkb, PP_FILTER_VERTICES, &facts, &fault) ||
		!pp_crs_read(where->geo, where->arena, crs, axes, wkb, &wkb, &fault) ||
		!pp_validate(where->geo, wkb, &flaw, &fault))
		return pp_translation_wrong(t, node, PP_filter_invalid, "%s", fault.detail);
	return geometry(t, node, wkb, out);
}

/* OGC 21-065r2, bboxLiteral: corners, in degrees across the antimeridian as well. */
static bool box(struct pp_translation *t, const struct pp_filter *node, struct pp_term *out)
{
	struct pp_where *where = t->where;
	enum pp_axes axes;
	double n[4];
	int crs;

	if (!crs_of(t, node, &crs, &axes))
		return false;
	for (size_t i = 0; i < 4; i++)
		n[i] = node->operands[i < 2 ? i : i + node->count / 2 - 2]->number;
	if (!pp_box_fits(crs, axes, n))
		return pp_translation_wrong(
			t, node, PP_filter_invalid, "a box begins with its lower corner");
	if (n[0] == n[2] || n[1] == n[3])
		return pp_translation_wrong(
			t, node, PP_filter_invalid, "a box has some width and some height");
	return geometry(t, node, pp_box_area(where->geo, where->arena, crs, axes, n), out);
}

static bool interval(struct pp_translation *t, const struct pp_filter *node, struct pp_term *out)
{
	struct pp_term ends[2] = { { .kind = PP_TERM_OPEN }, { .kind = PP_TERM_OPEN } };

	for (size_t i = 0; i < 2; i++) {
		size_t before = pp_translation_enter(t, "interval", i);

		if (node->operands[i]->kind == PP_FILTER_OPEN)
			ends[i].sql = texts[i ? PP_OPERAND_EVER_AFTER : PP_OPERAND_EVER_BEFORE];
		else if (!pp_term(t, node->operands[i], &ends[i]))
			return false;
		else if (ends[i].kind != PP_TERM_DAY && ends[i].kind != PP_TERM_INSTANT)
			return pp_translation_wrong(t, node->operands[i], PP_filter_type_wrong,
				"%.*s is no day and no instant", PP_SHOW(node->operands[i]->text));
		t->path_len = before;
	}
	*out = (struct pp_term){ ends[0].kind, ends[1].kind, ends[0].sql, ends[1].sql };
	return true;
}

static bool literal(struct pp_translation *t, const struct pp_filter *node, struct pp_term *out)
{
	char number[32];

	switch (node->kind) {
	case PP_FILTER_NUMBER:
		out->kind = PP_TERM_NUMBER;
		snprintf(number, sizeof(number), "%.17g", node->number);
		return bind(t, node, PP_OPERAND_LITERAL_NUMBER, pp_slice_of(number), out);
	case PP_FILTER_BOOLEAN:
		out->kind = PP_TERM_BOOLEAN;
		out->sql = texts[node->truth ? PP_OPERAND_YES : PP_OPERAND_NO];
		return true;
	case PP_FILTER_DATE:
		out->kind = PP_TERM_DAY;
		return bind(t, node, PP_OPERAND_LITERAL_DAY, node->text, out);
	case PP_FILTER_TIMESTAMP:
		out->kind = PP_TERM_INSTANT;
		return bind(t, node, PP_OPERAND_LITERAL_INSTANT, node->text, out);
	default:
		PP_MUST(node->kind == PP_FILTER_TEXT);
		out->kind = PP_TERM_TEXT;
		return bind(t, node, PP_OPERAND_LITERAL_TEXT, node->text, out);
	}
}

static bool leaf(struct pp_translation *t, const struct pp_filter *node, struct pp_term *out)
{
	switch (node->kind) {
	case PP_FILTER_PROPERTY:
		return property(t, node, out);
	case PP_FILTER_SHAPE:
		return shape(t, node, out);
	case PP_FILTER_BOX:
		return box(t, node, out);
	default:
		return literal(t, node, out);
	}
}

bool pp_term_leaf(struct pp_translation *t, const struct pp_filter *node, struct pp_term *out)
{
	*out = (struct pp_term){ 0 };
	if (node->kind == PP_FILTER_INTERVAL)
		return interval(t, node, out);
	if (!leaf(t, node, out))
		return false;
	out->end = out->sql;
	out->end_kind = out->kind;
	return true;
}

static void to_instants(struct pp_translation *t, struct pp_term *term)
{
	const struct pp_term end = { .sql = term->end };

	if (term->end_kind == PP_TERM_DAY)
		term->end = pp_term_as(t, PP_OPERAND_DAY_ENDS, &end);
	if (term->kind == PP_TERM_DAY)
		term->sql = pp_term_as(t, PP_OPERAND_DAY_BEGINS, term);
}

void pp_term_align(struct pp_translation *t, struct pp_term *terms, size_t count)
{
	bool has_instant = false;

	for (size_t i = 0; i < count; i++)
		has_instant |= terms[i].kind == PP_TERM_INSTANT ||
			terms[i].end_kind == PP_TERM_INSTANT;
	for (size_t i = 0; has_instant && i < count; i++)
		to_instants(t, &terms[i]);
}
