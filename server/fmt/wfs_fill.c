/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Stored queries with values in their holes ${name} (09-025r2 §7.9.3.5, §14.2.2.5.3): each value is
 * of the type that the definition says, and takes its place in the tree of the expression.
 */
#include "wfs.h"

#include <stdio.h>

#define XS "http://www.w3.org/2001/XMLSchema"

enum kind { TEXT, NAME, WHOLE, NUMBER, POSITION, NUMBERS, TRUTH, DAY, INSTANT, ELEMENT, KINDS };

/* What stands in a hole while a definition is looked at. */
static const char *const samples[KINDS] = { [TEXT] = "0",
	[NAME] = "a",
	[WHOLE] = "0",
	[NUMBER] = "0",
	[POSITION] = "0 0",
	[NUMBERS] = "0 0 1 0 1 1 0 0",
	[TRUTH] = "true",
	[DAY] = "2000-01-01",
	[INSTANT] = "2000-01-01T00:00:00Z" };

static const struct {
	const char *name;
	enum kind kind;
} types[] = {
	{ "string", TEXT },
	{ "normalizedString", TEXT },
	{ "token", TEXT },
	{ "anyURI", TEXT },
	{ "language", TEXT },
	{ "NMTOKEN", TEXT },
	{ "Name", NAME },
	{ "NCName", NAME },
	{ "QName", NAME },
	{ "integer", WHOLE },
	{ "nonNegativeInteger", WHOLE },
	{ "positiveInteger", WHOLE },
	{ "long", WHOLE },
	{ "int", WHOLE },
	{ "short", WHOLE },
	{ "unsignedLong", WHOLE },
	{ "unsignedInt", WHOLE },
	{ "unsignedShort", WHOLE },
	{ "decimal", NUMBER },
	{ "double", NUMBER },
	{ "float", NUMBER },
	{ "boolean", TRUTH },
	{ "date", DAY },
	{ "dateTime", INSTANT },
};

/* GML's own that are text; its other names are those of elements, or of their types. */
static const struct {
	const char *name;
	enum kind kind;
} gml_types[] = {
	{ "doubleList", NUMBERS },
	{ "DirectPositionListType", NUMBERS },
	{ "DirectPositionType", POSITION },
};

static const struct {
	const char *begins;
	const char *element;
} elements[] = {
	{ "Envelope",
		"<Envelope><lowerCorner>0 0</lowerCorner><upperCorner>1 "
		"1</upperCorner></Envelope>" },
	{ "BoundingShape",
		"<Envelope><lowerCorner>0 0</lowerCorner><upperCorner>1 "
		"1</upperCorner></Envelope>" },
	{ "TimePeriod",
		"<TimePeriod><beginPosition>2000-01-01</beginPosition><endPosition>2000-01-02"
		"</endPosition></TimePeriod>" },
	{ "Time", "<TimeInstant><timePosition>2000-01-01</timePosition></TimeInstant>" },
	{ "",
		"<Polygon><exterior><LinearRing><posList>0 0 1 0 1 1 0 "
		"0</posList></LinearRing></exterior>"
		"</Polygon>" },
};

struct value {
	enum kind kind;
	struct pp_slice text;
	const struct pp_element *element; /* of kind ELEMENT */
};

struct filling {
	struct pp_arena *arena;
	const struct pp_wfs_definition *definition;
	struct value *values;   /* of its parameters */
	size_t bytes, elements; /* that have gone into holes, of which there may be many */
	struct pp_fault *fault;
};

static bool refuse(const struct filling *f, enum pp_problem problem, struct pp_slice locator,
	const char *sentence)
{
	pp_fault(f->fault, problem, "%s", sentence);
	snprintf(f->fault->pointer, sizeof(f->fault->pointer), "%.*s",
		(int)(locator.len < 100 ? locator.len : 100), locator.at);
	return false;
}

/* ---- Types ---- */

static bool kind_of(const struct pp_wfs_parameter *declared, enum kind *kind)
{
	struct pp_slice local = pp_xs_local(declared->value), prefix = PP_S(""), space;

	if (local.len < declared->value.len)
		prefix = pp_slice(declared->value.at, declared->value.len - local.len - 1);
	space = pp_element_space(declared->element, prefix);
	for (size_t i = 0; i < PP_LENGTH(types); i++)
		if (pp_slice_is(space, PP_S(XS)) &&
			pp_slice_is(local, pp_slice_of(types[i].name))) {
			*kind = types[i].kind;
			return true;
		}
	*kind = ELEMENT;
	for (size_t i = 0; i < PP_LENGTH(gml_types); i++)
		if (pp_slice_is(local, pp_slice_of(gml_types[i].name)))
			*kind = gml_types[i].kind;
	return pp_slice_is(space, PP_S("http://www.opengis.net/gml/3.2")) ||
		pp_slice_is(space, PP_S("http://www.opengis.net/gml"));
}

static bool is_whole(struct pp_slice text)
{
	int64_t number;

	return pp_slice_i64(
		text.len && *text.at == '+' ? pp_slice(text.at + 1, text.len - 1) : text, &number);
}

static bool are_numbers(struct pp_slice text)
{
	struct pp_slice rest = text, word;
	double number;

	while ((word = pp_xs_word(rest, &rest)).len)
		if (!pp_xs_double(word, &number))
			return false;
	return text.len > 0;
}

static bool is_name(struct pp_slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (strchr(" \t\r\n<>&\"'", text.at[i]))
			return false;
	return text.len > 0;
}

static bool fits(struct pp_arena *arena, struct pp_slice text, enum kind kind)
{
	struct pp_slice time;
	double number;
	bool flag;

	switch (kind) {
	case NAME:
		return is_name(text);
	case WHOLE:
		return is_whole(text);
	case NUMBER:
		return pp_xs_double(text, &number);
	case POSITION:
	case NUMBERS:
		return are_numbers(text);
	case TRUTH:
		return pp_xs_boolean(text, &flag);
	case DAY:
	case INSTANT:
		return pp_xs_time(arena, text, &flag, &time) && flag == (kind == DAY);
	default:
		return true;
	}
}

/* ---- Values ---- */

/* An element of GML, sent as such or, in a GET, as its text. */
static bool take_element(
	struct filling *f, const struct pp_wfs_parameter *said, struct value *value)
{
	value->element = said->element;
	if (!value->element)
		value->element = pp_element_read(f->arena, said->value, f->fault);
	return (value->element && !value->element->next &&
		       (value->element->vocabulary == PP_VOCABULARY_GML ||
			       value->element->vocabulary == PP_VOCABULARY_NONE)) ||
		refuse(f, PP_invalid_parameter, said->name,
			"one element of GML is the value of this parameter");
}

static bool take_sample(
	struct filling *f, const struct pp_wfs_parameter *declared, struct value *value)
{
	struct pp_slice type = pp_xs_local(declared->value);
	size_t i = 0;

	if (value->kind != ELEMENT) {
		value->text = pp_slice_of(samples[value->kind]);
		return true;
	}
	while (!pp_slice_starts(type, pp_slice_of(elements[i].begins)))
		i++;
	value->element = pp_element_read(f->arena, pp_slice_of(elements[i].element), f->fault);
	return value->element != NULL;
}

static bool take_value(struct filling *f, const struct pp_wfs_parameter *declared,
	const struct pp_wfs_query *given, struct value *value)
{
	const struct pp_wfs_parameter *said = NULL;

	if (!kind_of(declared, &value->kind))
		return refuse(f, PP_invalid_parameter, declared->name,
			"the type of a parameter is one of XML Schema's simple ones, or of GML");
	if (!given)
		return take_sample(f, declared, value);
	for (size_t i = 0; i < given->parameter_count; i++)
		if (pp_slice_is_nocase(given->parameters[i].name, declared->name))
			said = &given->parameters[i];
	if (!said)
		return refuse(f, PP_parameter_missing, declared->name,
			"this stored query wants a value for it");
	if (value->kind == ELEMENT)
		return take_element(f, said, value);
	value->text = value->kind == TEXT ? said->value : pp_xs_trim(said->value);
	return (!said->element && fits(f->arena, value->text, value->kind)) ||
		refuse(f, PP_invalid_parameter, declared->name,
			"the value is not of the type that this parameter has");
}

/* In XML what is sent is a parameter of this query and nothing else. */
static bool are_known(struct filling *f, const struct pp_wfs_query *given)
{
	for (size_t i = 0; given->at && i < given->parameter_count; i++) {
		size_t k = 0;

		while (k < f->definition->parameter_count &&
			!pp_slice_is_nocase(
				given->parameters[i].name, f->definition->parameters[k].name))
			k++;
		if (k == f->definition->parameter_count)
			return refuse(f, PP_invalid_parameter, given->parameters[i].name,
				"this stored query has no parameter of this name");
	}
	return true;
}

/* ---- The expression ---- */

static const struct value *value_named(struct filling *f, struct pp_slice name)
{
	for (size_t i = 0; i < f->definition->parameter_count; i++)
		if (pp_slice_is(f->definition->parameters[i].name, name))
			return &f->values[i];
	refuse(f, PP_invalid_parameter, PP_S("QueryExpressionText"),
		"a hole is written ${name}, with the name of a parameter");
	return NULL;
}

/* The text with values in its holes; what is an element goes to *element, of which there is one. */
static bool fill_text(struct filling *f, struct pp_slice text, struct pp_slice *out,
	const struct pp_element **element)
{
	struct pp_buf *filled = NULL;
	size_t done = 0;

	*out = text;
	for (size_t i = 0; i + 1 < text.len; i++) {
		const char *close;
		const struct value *value;

		if (text.at[i] != '$' || text.at[i + 1] != '{')
			continue;
		close = memchr(text.at + i, '}', text.len - i);
		value = value_named(f,
			close ? pp_slice(text.at + i + 2, (size_t)(close - text.at) - i - 2)
			      : PP_S(""));
		if (!value)
			return false;
		if (value->element && (!element || *element))
			return refuse(f, PP_invalid_parameter, PP_S("QueryExpressionText"),
				"an element of GML stands by itself between others");
		if (value->element)
			*element = value->element;
		f->bytes += value->text.len;
		if (f->bytes > PP_ELEMENT_BYTES)
			return refuse(f, PP_invalid_parameter, PP_S("QueryExpressionText"),
				"with these values the query becomes too large");
		filled = filled ? filled : pp_buf_make(f->arena);
		pp_buf_add(filled, text.at + done, i - done);
		pp_buf_slice(filled, value->text);
		i = (size_t)(close - text.at);
		done = i + 1;
	}
	if (filled) {
		pp_buf_add(filled, text.at + done, text.len - done);
		*out = pp_buf_all(filled);
	}
	return true;
}

static bool fill_attributes(struct filling *f, struct pp_element *element)
{
	struct pp_element_attribute *attributes = PP_NEW_ARRAY(
		f->arena, struct pp_element_attribute, element->attribute_count);

	for (size_t i = 0; i < element->attribute_count; i++) {
		attributes[i] = element->attributes[i];
		if (!fill_text(f, attributes[i].value, &attributes[i].value, NULL))
			return false;
	}
	element->attributes = attributes;
	return true;
}

/* A value where a hole was: of another document, so its places are those of the hole. NULL after
 * the refusal. */
static struct pp_element *set_in(
	struct filling *f, const struct pp_element *value, struct pp_element *parent)
{
	struct pp_element *copy = PP_NEW(f->arena, struct pp_element), **next = &copy->first;

	if (++f->elements > PP_ELEMENT_COUNT) {
		refuse(f, PP_invalid_parameter, PP_S("QueryExpressionText"),
			"with these values the query becomes too large");
		return NULL;
	}
	*copy = *value;
	copy->parent = parent;
	copy->at = parent->at;
	copy->end = parent->end;
	copy->first = copy->next = NULL;
	for (const struct pp_element *child = value->first; child; child = child->next) {
		*next = set_in(f, child, copy);
		if (!*next)
			return NULL;
		next = &(*next)->next;
	}
	return copy;
}

static struct pp_element *fill(
	struct filling *f, const struct pp_element *of, struct pp_element *parent)
{
	struct pp_element *copy = PP_NEW(f->arena, struct pp_element), **next = &copy->first;
	const struct pp_element *value = NULL;

	*copy = *of;
	copy->parent = parent;
	copy->first = copy->next = NULL;
	if (!fill_attributes(f, copy) || !fill_text(f, of->text, &copy->text, &value))
		return NULL;
	for (const struct pp_element *child = of->first; child; child = child->next) {
		*next = fill(f, child, copy);
		if (!*next)
			return NULL;
		next = &(*next)->next;
	}
	/* It comes last: in filters a geometry stands behind the name of the property. */
	if (value)
		*next = set_in(f, value, copy);
	return value && !*next ? NULL : copy;
}

bool pp_wfs_fill(struct pp_arena *arena, const struct pp_wfs_request *request,
	const struct pp_wfs_definition *definition, const struct pp_wfs_query *given,
	const struct pp_wfs_query **queries, size_t *count, struct pp_fault *fault)
{
	struct pp_wfs_definition filled = *definition;
	struct filling f = { .arena = arena,
		.definition = definition,
		.values = PP_NEW_ARRAY(arena, struct value, definition->parameter_count),
		.fault = fault };

	if (given && !are_known(&f, given))
		return false;
	for (size_t i = 0; i < definition->parameter_count; i++)
		if (!take_value(&f, &definition->parameters[i], given, &f.values[i]))
			return false;
	filled.expression = fill(&f, definition->expression, definition->expression->parent);
	return filled.expression &&
		pp_wfs_read_expression(arena, request, &filled, queries, count, fault);
}
