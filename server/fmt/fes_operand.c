/* SPDX-License-Identifier: EUPL-1.2 */
/* Operands of Filter Encoding: values, geometries and times. */
#include "fes.h"

#include <pp/fmt/gml.h>

bool pp_fes_is(const struct pp_element *element, const char *name)
{
	return pp_element_is(element, PP_VOCABULARY_FES, name);
}

struct pp_filter *pp_fes_wrong(
	struct pp_fes_reader *r, const struct pp_element *at, const char *sentence)
{
	pp_element_wrong(r->fault, PP_filter_invalid, r->how->document, at->at, "%s", sentence);
	return NULL;
}

struct pp_filter *pp_fes_node(
	struct pp_fes_reader *r, enum pp_filter_kind kind, const struct pp_element *at)
{
	struct pp_filter *made;

	if (++r->nodes > PP_FILTER_NODES)
		return pp_fes_wrong(r, at, "the expression has too many parts");
	made = PP_NEW(r->arena, struct pp_filter);
	made->kind = kind;
	made->depth = 1;
	made->at = at->at;
	return made;
}

struct pp_filter *pp_fes_operation(struct pp_fes_reader *r, enum pp_filter_op op,
	const struct pp_element *at, struct pp_filter *const *operands, size_t count)
{
	struct pp_filter *made = pp_fes_node(r, PP_FILTER_OPERATION, at);
	struct pp_fault why;
	size_t operand;

	if (!made)
		return NULL;
	made->op = op;
	made->text = pp_slice_of(pp_filter_op_row(op)->text);
	made->operands = PP_NEW_ARRAY(r->arena, struct pp_filter *, count);
	memcpy(made->operands, operands, count * sizeof(struct pp_filter *));
	made->count = count;
	if (pp_filter_fits(made, &operand, &why))
		return made;
	pp_fes_wrong(r, at, why.detail);
	/* 09-025r2 §11.4: what cannot be processed, in contrast to what means nothing. */
	if (pp_filter_op_row(op)->group == PP_FILTER_COMPARISON && operand < count &&
		(operands[operand]->kind == PP_FILTER_BOX ||
			operands[operand]->kind == PP_FILTER_SHAPE))
		r->fault->problem = PP_filter_operand_complex;
	return NULL;
}

/* What every feature has by its type in GML (07-036 §9.4.1) keeps its prefix, because a property of
 * our own may have the same name. */
static bool is_of_every_feature(struct pp_slice step)
{
	static const char *const names[] = { "gml:name", "gml:description", "gml:identifier",
		"gml:boundedBy", "gml:descriptionReference", "gml:metaDataProperty",
		"gml:location" };

	for (size_t i = 0; i < PP_LENGTH(names); i++)
		if (pp_slice_is(step, pp_slice_of(names[i])))
			return true;
	return false;
}

/* 09-026r2 §7.4.4: steps of names; attributes, of which the id is one; [1] of what there is once.
 */
struct pp_slice pp_fes_property(struct pp_slice xpath)
{
	struct pp_slice rest = pp_xs_trim(xpath), step = { 0 }, name = { 0 };

	if (pp_slice_ends(rest, PP_S("/text()")))
		rest.len -= strlen("/text()");
	while (rest.len) {
		step = pp_slice_cut(rest, '/', &rest);
		if (pp_slice_ends(step, PP_S("[1]")))
			step.len -= strlen("[1]");
		name = pp_xs_local(step);
		if (!step.len || pp_slice_is(step, PP_S(".")))
			continue;
		for (size_t i = 0; i < step.len; i++)
			if (strchr("[]()*'\"=<>, ", step.at[i]))
				return PP_S("");
		if (*step.at == '@')
			return pp_slice_is(name, PP_S("id")) || pp_slice_is(name, PP_S("@id"))
				? PP_S("id")
				: PP_S("");
	}
	return is_of_every_feature(step) ? step : name;
}

static struct pp_filter *read_property(struct pp_fes_reader *r, const struct pp_element *element)
{
	struct pp_filter *property = pp_fes_node(r, PP_FILTER_PROPERTY, element);

	if (!property)
		return NULL;
	property->text = pp_fes_property(element->text);
	return property->text.len
		? property
		: pp_fes_wrong(r, element, "the name of a property is missing here");
}

static bool is_property(const struct pp_element *element)
{
	return pp_fes_is(element, "ValueReference") || pp_fes_is(element, "PropertyName");
}

static bool is_time(const struct pp_element *element)
{
	return pp_element_is(element, PP_VOCABULARY_GML, "TimeInstant") ||
		pp_element_is(element, PP_VOCABULARY_GML, "TimePeriod");
}

/* What a literal holds: characters, a geometry or a time. */
static struct pp_filter *read_literal(struct pp_fes_reader *r, const struct pp_element *element)
{
	struct pp_filter *literal;

	if (element->first && pp_gml_is_geometry(element->first))
		return pp_fes_geometry(r, element->first);
	if (element->first && is_time(element->first))
		return pp_fes_time(r, element->first);
	if (element->first)
		return pp_fes_wrong(r, element->first, "a literal is a text, a geometry or a time");
	literal = pp_fes_node(r, PP_FILTER_UNTYPED, element);
	if (literal)
		literal->text = element->text;
	return literal;
}

/* 04-095 §10: arithmetic, which 2.0 has left out. */
static const struct {
	const char *name;
	enum pp_filter_op op;
} sums[] = { { "Add", PP_FILTER_plus }, { "Sub", PP_FILTER_minus }, { "Mul", PP_FILTER_times },
	{ "Div", PP_FILTER_divided } };

static struct pp_filter *read_sum(
	struct pp_fes_reader *r, enum pp_filter_op op, const struct pp_element *element)
{
	const struct pp_element *first = element->first, *second = first ? first->next : NULL;
	struct pp_filter *operands[2];

	if (!second || second->next)
		return pp_fes_wrong(r, element, "an operand is missing here");
	operands[0] = pp_fes_expression(r, first);
	operands[1] = operands[0] ? pp_fes_expression(r, second) : NULL;
	return operands[1] ? pp_fes_operation(r, op, element, operands, 2) : NULL;
}

/* The capabilities say so (ImplementsFunctions). */
static struct pp_filter *refuse_function(struct pp_fes_reader *r, const struct pp_element *element)
{
	pp_element_wrong(r->fault, PP_filter_property_unknown, r->how->document, element->at,
		"functions are for CQL2, there are none in XML");
	return NULL;
}

struct pp_filter *pp_fes_expression(struct pp_fes_reader *r, const struct pp_element *element)
{
	if (is_property(element))
		return read_property(r, element);
	if (pp_fes_is(element, "Literal"))
		return read_literal(r, element);
	if (pp_fes_is(element, "Function"))
		return refuse_function(r, element);
	for (size_t i = 0; i < PP_LENGTH(sums); i++)
		if (pp_fes_is(element, sums[i].name))
			return read_sum(r, sums[i].op, element);
	return pp_fes_wrong(r, element, "a ValueReference or a Literal is missing here");
}

static struct pp_filter *box_of(
	struct pp_fes_reader *r, const struct pp_element *element, const double box[4])
{
	struct pp_filter *made = pp_fes_node(r, PP_FILTER_BOX, element);

	if (!made)
		return NULL;
	made->count = 4;
	made->operands = PP_NEW_ARRAY(r->arena, struct pp_filter *, made->count);
	for (size_t i = 0; i < made->count; i++) {
		made->operands[i] = pp_fes_node(r, PP_FILTER_NUMBER, element);
		if (!made->operands[i])
			return NULL;
		made->operands[i]->number = box[i];
	}
	made->depth = 2;
	return made;
}

struct pp_filter *pp_fes_geometry(struct pp_fes_reader *r, const struct pp_element *element)
{
	const struct pp_gml_how how = { .document = r->how->document,
		.srs = r->how->srs,
		.east_first = r->how->east_first,
		.vertices_max = PP_FILTER_VERTICES };
	struct pp_filter *made;
	struct pp_gml gml;

	if (!pp_gml_is_geometry(element)) {
		if (is_property(element) || pp_fes_is(element, "Literal") ||
			pp_fes_is(element, "Function"))
			return pp_fes_expression(r, element);
		return pp_fes_wrong(r, element, "a property or a geometry is missing here");
	}
	if (!pp_gml_read(r->arena, element, &how, &gml, r->fault)) {
		r->fault->problem = PP_filter_invalid;
		return NULL;
	}
	made = gml.is_envelope ? box_of(r, element, gml.box)
			       : pp_fes_node(r, PP_FILTER_SHAPE, element);
	if (!made)
		return NULL;
	made->shape = gml.is_envelope ? NULL : gml.shape;
	made->srs = gml.srs;
	made->east_first = gml.east_first;
	return made;
}

/* 07-036 §14.2.2.7: a position, or where it is not known one that has no end. */
static struct pp_filter *read_position(struct pp_fes_reader *r, const struct pp_element *element)
{
	struct pp_slice said = pp_element_attribute(element, "indeterminatePosition");
	struct pp_filter *made = pp_fes_node(r, PP_FILTER_OPEN, element);
	bool is_day;

	if (!made)
		return NULL;
	made->text = PP_S("..");
	if (!pp_element_text(element).len && pp_slice_is(said, PP_S("unknown")))
		return made;
	if (!pp_xs_time(r->arena, element->text, &is_day, &made->text))
		return pp_fes_wrong(r, element,
			"a day or an instant is missing here, such as 2027-01-31T10:00:00Z");
	made->kind = is_day ? PP_FILTER_DATE : PP_FILTER_TIMESTAMP;
	return made;
}

/* TimeInstant, whose position is not open. */
static struct pp_filter *read_instant(struct pp_fes_reader *r, const struct pp_element *element)
{
	const struct pp_element *position = pp_element_child(
		element, PP_VOCABULARY_GML, "timePosition");
	struct pp_filter *made = position ? read_position(r, position) : NULL;

	if (position && !made)
		return NULL;
	return made && made->kind != PP_FILTER_OPEN
		? made
		: pp_fes_wrong(r, element,
			  "a day or an instant is missing here, such as 2027-01-31T10:00:00Z");
}

/* beginPosition, or begin around a TimeInstant. */
static struct pp_filter *read_end(struct pp_fes_reader *r, const struct pp_element *period,
	const char *position_name, const char *instant_name)
{
	const struct pp_element *position = pp_element_child(
		period, PP_VOCABULARY_GML, position_name);
	const struct pp_element *around = pp_element_child(period, PP_VOCABULARY_GML, instant_name);

	if (position)
		return read_position(r, position);
	if (around && around->first)
		return read_instant(r, around->first);
	return pp_fes_wrong(r, period, "a TimePeriod has a beginPosition and an endPosition");
}

static struct pp_filter *read_period(struct pp_fes_reader *r, const struct pp_element *element)
{
	struct pp_filter *made = pp_fes_node(r, PP_FILTER_INTERVAL, element);

	if (!made)
		return NULL;
	made->count = 2;
	made->operands = PP_NEW_ARRAY(r->arena, struct pp_filter *, made->count);
	made->operands[0] = read_end(r, element, "beginPosition", "begin");
	made->operands[1] = made->operands[0] ? read_end(r, element, "endPosition", "end") : NULL;
	made->depth = 2;
	return made->operands[1] ? made : NULL;
}

struct pp_filter *pp_fes_time(struct pp_fes_reader *r, const struct pp_element *element)
{
	if (pp_element_is(element, PP_VOCABULARY_GML, "TimeInstant"))
		return read_instant(r, element);
	if (pp_element_is(element, PP_VOCABULARY_GML, "TimePeriod"))
		return read_period(r, element);
	return pp_fes_expression(r, element);
}
