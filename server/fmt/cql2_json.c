/* SPDX-License-Identifier: EUPL-1.2 */
/* CQL2 JSON (OGC 21-065r2, annex C): {"op","args"} for whatever text writes as operator or
 * function. */
#include "cql2.h"

#include <math.h>
#include <stdio.h>

#include <pp/fmt/json.h>

#define PATH_MOST 120

struct reader {
	struct pp_arena *arena;
	struct pp_fault *fault;
	size_t nodes, vertices;
	unsigned collections;
	char path[PATH_MOST + 16]; /* JSON pointer to what is read */
	size_t path_len;
};

static struct pp_filter *read(struct reader *r, const struct pp_json *json);

static struct pp_filter *wrong(struct reader *r, const char *sentence)
{
	pp_fault(r->fault, PP_filter_invalid, "%s", sentence);
	memcpy(r->fault->pointer, r->path, r->path_len < PATH_MOST ? r->path_len : PATH_MOST);
	r->fault->pointer[r->path_len < PATH_MOST ? r->path_len : PATH_MOST] = '\0';
	return NULL;
}

/* Beyond what a pointer holds it names the part in which it lies. */
static size_t enter(struct reader *r, const char *name, size_t index)
{
	size_t before = r->path_len;
	int more = snprintf(r->path + before, sizeof(r->path) - before, "/%s", name);

	if (name[0] == '\0')
		more = snprintf(r->path + before, sizeof(r->path) - before, "/%zu", index);
	if (more > 0 && before + (size_t)more <= PATH_MOST)
		r->path_len += (size_t)more;
	return before;
}

static struct pp_filter *node(struct reader *r, enum pp_filter_kind kind)
{
	struct pp_filter *made;

	if (++r->nodes > PP_FILTER_NODES)
		return wrong(r, "the expression has too many parts");
	made = PP_NEW(r->arena, struct pp_filter);
	made->kind = kind;
	made->depth = 1;
	return made;
}

static struct pp_filter *read_list(struct reader *r, struct pp_filter *into,
	const struct pp_json *list,
	struct pp_filter *(*read_one)(struct reader *, const struct pp_json *))
{
	struct pp_fault why;
	size_t operand;

	if (!into)
		return NULL;
	into->count = pp_json_length(list);
	into->operands = PP_NEW_ARRAY(r->arena, struct pp_filter *, into->count);
	for (size_t i = 0; i < into->count; i++) {
		size_t before = enter(r, "", i);

		into->operands[i] = read_one(r, pp_json_element(list, i));
		if (!into->operands[i])
			return NULL;
		r->path_len = before;
	}
	if (pp_filter_fits(into, &operand, &why))
		return into;
	if (operand < into->count)
		enter(r, "", operand);
	return wrong(r, why.detail);
}

static bool is_operator(struct pp_slice name, enum pp_filter_op *op)
{
	for (*op = 0; *op < PP_FILTER_OPS; ++*op)
		if (pp_slice_is_nocase(name, pp_slice_of(pp_filter_op_row(*op)->json)))
			return true;
	return false;
}

static struct pp_filter *read_operation(
	struct reader *r, struct pp_slice name, const struct pp_json *args)
{
	struct pp_filter *made = node(r, PP_FILTER_FUNCTION);
	size_t before = enter(r, "args", 0);

	if (!made)
		return NULL;
	if (!args || pp_json_kind(args) != PP_JSON_LIST)
		return wrong(r, "an operation has a list of operands");
	if (is_operator(name, &made->op))
		made->kind = PP_FILTER_OPERATION;
	else if (!pp_cql2_is_identifier(name) || pp_cql2_is_reserved(name)) {
		r->path_len = before;
		enter(r, "op", 0);
		return wrong(r, "this is the name of no function");
	}
	made->text = name;
	if (!read_list(r, made, args, read))
		return NULL;
	r->path_len = before;
	return made;
}

static struct pp_filter *read_end(struct reader *r, const struct pp_json *json)
{
	struct pp_slice text = pp_json_text(json);
	struct pp_filter *end;

	if (pp_json_kind(json) != PP_JSON_TEXT) {
		end = read(r, json);
		if (!end || end->kind == PP_FILTER_PROPERTY || end->kind == PP_FILTER_FUNCTION)
			return end;
	} else {
		end = node(r, PP_FILTER_OPEN);
		if (!end)
			return NULL;
		end->text = text;
		if (pp_cql2_is_date(text))
			end->kind = PP_FILTER_DATE;
		else if (pp_cql2_is_timestamp(text))
			end->kind = PP_FILTER_TIMESTAMP;
		if (end->kind != PP_FILTER_OPEN || pp_slice_is(text, PP_S("..")))
			return end;
	}
	return wrong(r, "an interval ends with a day, an instant, '..', a property or a function");
}

static struct pp_filter *read_interval(struct reader *r, const struct pp_json *ends)
{
	size_t before = enter(r, "interval", 0);
	struct pp_filter *interval;

	if (pp_json_length(ends) != 2)
		return wrong(r, "an interval has two ends");
	interval = read_list(r, node(r, PP_FILTER_INTERVAL), ends, read_end);
	r->path_len = before;
	return interval;
}

static struct pp_filter *read_instant(
	struct reader *r, enum pp_filter_kind kind, const struct pp_json *json)
{
	struct pp_filter *instant = node(r, kind);
	struct pp_slice text = pp_json_text(json);

	if (!instant)
		return NULL;
	instant->text = text;
	if (kind == PP_FILTER_DATE ? pp_cql2_is_date(text) : pp_cql2_is_timestamp(text))
		return instant;
	enter(r, kind == PP_FILTER_DATE ? "date" : "timestamp", 0);
	return wrong(r,
		kind == PP_FILTER_DATE
			? "a day is missing here, such as '2027-01-31'"
			: "an instant in UTC is missing here, such as '2027-01-31T10:00:00Z'");
}

static bool is_number(const struct pp_json *json, double *number)
{
	if (pp_json_kind(json) == PP_JSON_INTEGER)
		*number = (double)pp_json_integer(json);
	else if (pp_json_kind(json) == PP_JSON_NUMBER)
		*number = pp_json_number(json);
	else
		return false;
	return isfinite(*number);
}

static struct pp_filter *read_number(struct reader *r, const struct pp_json *json)
{
	struct pp_filter *number = node(r, PP_FILTER_NUMBER);

	if (number && !is_number(json, &number->number))
		return wrong(r, "a number is missing here");
	return number;
}

static struct pp_filter *read_box(struct reader *r, const struct pp_json *numbers)
{
	size_t before = enter(r, "bbox", 0);
	struct pp_filter *box;

	if (pp_json_length(numbers) != 4 && pp_json_length(numbers) != 6)
		return wrong(r, "BBOX takes four numbers, or six with heights");
	box = read_list(r, node(r, PP_FILTER_BOX), numbers, read_number);
	r->path_len = before;
	return box;
}

static bool read_position(
	struct reader *r, const struct pp_json *position, unsigned *dims, double *numbers)
{
	size_t count = pp_json_length(position);

	if (++r->vertices > PP_FILTER_VERTICES)
		return wrong(r, "the geometries of a filter have too many vertices");
	if ((count != 2 && count != 3) || (*dims && count != *dims))
		return wrong(r, "a position has two numbers, or three in all of a geometry");
	*dims = (unsigned)count;
	for (size_t i = 0; i < count; i++)
		if (!is_number(pp_json_element(position, i), &numbers[i]))
			return wrong(r, "a number is missing here");
	return true;
}

static bool read_positions(struct reader *r, const struct pp_json *list, size_t least,
	unsigned *dims, struct pp_filter_shape *shape)
{
	double *numbers;

	shape->count = shape->type == PP_CQL2_POINT ? 1 : pp_json_length(list);
	if (shape->count < least)
		return wrong(r,
			shape->type
				? "a line has two positions at least"
				: "a ring has four positions at least, and the last is the first");
	numbers = PP_NEW_ARRAY(r->arena, double, shape->count * 3);
	for (size_t i = 0; i < shape->count; i++) {
		const struct pp_json *position = shape->type == PP_CQL2_POINT
			? list
			: pp_json_element(list, i);

		if (!read_position(r, position, dims, numbers + i * *dims))
			return false;
	}
	shape->numbers = numbers;
	shape->dims = *dims;
	if (shape->type == 0 &&
		memcmp(numbers, numbers + (shape->count - 1) * *dims, *dims * sizeof(double)) != 0)
		return wrong(r, "a ring has four positions at least, and the last is the first");
	return true;
}

static bool read_shape(struct reader *r, const struct pp_json *json, unsigned *dims,
	struct pp_filter_shape *shape);

static bool read_coordinates(struct reader *r, const struct pp_json *json,
	const struct pp_cql2_type *type, unsigned *dims, struct pp_filter_shape *shape)
{
	bool has_rings = type->part == 0;

	shape->type = type->type;
	if (type->positions_least)
		return read_positions(r, json, type->positions_least, dims, shape);
	shape->count = pp_json_length(json);
	shape->parts = PP_NEW_ARRAY(r->arena, struct pp_filter_shape, shape->count);
	if (shape->count == 0)
		return wrong(r, "a geometry is missing here, such as POINT(9.9 53.6)");
	for (size_t i = 0; i < shape->count; i++) {
		const struct pp_json *part = pp_json_element(json, i);
		size_t before = enter(r, "", i);

		if (type->part == PP_CQL2_ANY ? !read_shape(r, part, dims, &shape->parts[i])
				: has_rings
				? !read_positions(r, part, 4, dims, &shape->parts[i])
				: !read_coordinates(r, part, pp_cql2_type_of(type->part), dims,
					  &shape->parts[i]))
			return false;
		r->path_len = before;
	}
	shape->dims = *dims;
	return true;
}

static bool read_shape(
	struct reader *r, const struct pp_json *json, unsigned *dims, struct pp_filter_shape *shape)
{
	const struct pp_json *name = pp_json_member(json, PP_S("type"));
	const struct pp_cql2_type *type = name ? pp_cql2_type_geojson(pp_json_text(name)) : NULL;
	const char *member;
	size_t before;

	if (!type)
		return wrong(r, "this is no type of geometry");
	r->collections += type->type == PP_CQL2_COLLECTION;
	if (r->collections > PP_FILTER_COLLECTIONS)
		return wrong(r, "the expression is nested too deep");
	member = type->part == PP_CQL2_ANY ? "geometries" : "coordinates";
	before = enter(r, member, 0);
	json = pp_json_member(json, pp_slice_of(member));
	if (!json || pp_json_kind(json) != PP_JSON_LIST)
		return wrong(r, "a list of coordinates is missing here");
	if (!read_coordinates(r, json, type, dims, shape))
		return false;
	r->path_len = before;
	r->collections -= type->type == PP_CQL2_COLLECTION;
	return true;
}

static struct pp_filter *read_geometry(struct reader *r, const struct pp_json *json)
{
	struct pp_filter_shape *shape = PP_NEW(r->arena, struct pp_filter_shape);
	struct pp_filter *made = node(r, PP_FILTER_SHAPE);
	unsigned dims = 0;

	if (!made || !read_shape(r, json, &dims, shape))
		return NULL;
	made->shape = shape;
	return made;
}

static struct pp_filter *read_property(struct reader *r, const struct pp_json *name)
{
	struct pp_filter *property = node(r, PP_FILTER_PROPERTY);

	if (!property)
		return NULL;
	property->text = pp_json_text(name);
	if (property->text.len)
		return property;
	enter(r, "property", 0);
	return wrong(r, "the name of a property is missing here");
}

static struct pp_filter *read_object(struct reader *r, const struct pp_json *json)
{
	const struct pp_json *value;

	if ((value = pp_json_member(json, PP_S("op"))))
		return read_operation(r, pp_json_text(value), pp_json_member(json, PP_S("args")));
	if ((value = pp_json_member(json, PP_S("property"))))
		return read_property(r, value);
	if ((value = pp_json_member(json, PP_S("date"))))
		return read_instant(r, PP_FILTER_DATE, value);
	if ((value = pp_json_member(json, PP_S("timestamp"))))
		return read_instant(r, PP_FILTER_TIMESTAMP, value);
	if ((value = pp_json_member(json, PP_S("interval"))))
		return read_interval(r, value);
	if (pp_json_member(json, PP_S("type")))
		return read_geometry(r, json);
	if ((value = pp_json_member(json, PP_S("bbox"))))
		return read_box(r, value);
	return wrong(
		r, "this is none of op, property, date, timestamp, interval, bbox or a geometry");
}

static struct pp_filter *read_literal(struct reader *r, const struct pp_json *json)
{
	bool is_text = pp_json_kind(json) == PP_JSON_TEXT;
	struct pp_filter *literal = node(r, is_text ? PP_FILTER_TEXT : PP_FILTER_BOOLEAN);

	if (literal && is_text)
		literal->text = pp_json_text(json);
	else if (literal)
		literal->truth = pp_json_boolean(json);
	return literal;
}

static struct pp_filter *read(struct reader *r, const struct pp_json *json)
{
	switch (pp_json_kind(json)) {
	case PP_JSON_OBJECT:
		return read_object(r, json);
	case PP_JSON_LIST:
		return read_list(r, node(r, PP_FILTER_LIST_OF), json, read);
	case PP_JSON_TEXT:
	case PP_JSON_BOOLEAN:
		return read_literal(r, json);
	case PP_JSON_INTEGER:
	case PP_JSON_NUMBER:
		return read_number(r, json);
	case PP_JSON_NULL:
		break;
	}
	return wrong(r, "null is no value here; ask with isNull");
}

struct pp_filter *pp_cql2_read_json(
	struct pp_arena *arena, struct pp_slice text, struct pp_fault *fault)
{
	struct reader r = { .arena = arena, .fault = fault };
	struct pp_filter *filter;
	struct pp_json *json;
	struct pp_fault why;

	while (text.len && memchr(" \t\r\n", text.at[text.len - 1], 4))
		text.len--;
	if (text.len > PP_FILTER_TEXT_MOST) {
		pp_fault(fault, PP_filter_invalid, "a filter has %d bytes at most",
			PP_FILTER_TEXT_MOST);
		return NULL;
	}
	/* Alone among the conditions these two are no objects. */
	if (pp_slice_is(text, PP_S("true")) || pp_slice_is(text, PP_S("false"))) {
		filter = node(&r, PP_FILTER_BOOLEAN);
		filter->truth = text.len == 4;
		return filter;
	}
	json = pp_json_read(arena, text, &why);
	if (!json) {
		pp_fault(fault, PP_filter_invalid, "%s", why.detail);
		return NULL;
	}
	filter = read(&r, json);
	if (filter && !pp_filter_is_condition(filter))
		return wrong(&r, "a filter is a condition, such as name = 'x'");
	return filter;
}
