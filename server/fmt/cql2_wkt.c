/* SPDX-License-Identifier: EUPL-1.2 */
/* Geometries in CQL2 text: well-known text (OGC 06-103r4 §7.2) without M and EMPTY. */
#include "cql2.h"

static bool take_position(struct pp_cql2_reader *r, unsigned *dims, struct pp_cql2_list *numbers)
{
	unsigned count = 0;

	if (++r->vertices > PP_FILTER_VERTICES)
		return pp_cql2_wrong(r, "the geometries of a filter have too many vertices");
	while (count < 3 && !pp_cql2_is_sign(r, ",") && !pp_cql2_is_sign(r, ")")) {
		double *number = pp_cql2_list_add(numbers);

		if (!pp_cql2_take_number(r, number))
			return false;
		count++;
	}
	if (count < 2 || (*dims && count != *dims))
		return pp_cql2_wrong(
			r, "a position has two numbers, or three in all of a geometry");
	*dims = count;
	return true;
}

static bool is_ring_closed(const struct pp_filter_shape *ring)
{
	return ring->count >= 4 &&
		memcmp(ring->numbers, ring->numbers + (ring->count - 1) * ring->dims,
			ring->dims * sizeof(double)) == 0;
}

/* Positions in parentheses; a single point of a MULTIPOINT may go without. */
static bool read_positions(
	struct pp_cql2_reader *r, size_t least, unsigned *dims, struct pp_filter_shape *shape)
{
	struct pp_cql2_list numbers;

	pp_cql2_list_begin(&numbers, r->arena, sizeof(double));
	if (!pp_cql2_take(r, "("))
		return false;
	for (;;) {
		shape->count++;
		if (!take_position(r, dims, &numbers))
			return false;
		if (shape->type == PP_CQL2_POINT || !pp_cql2_is_sign(r, ","))
			break;
		if (!pp_cql2_next(r))
			return false;
	}
	shape->numbers = numbers.at;
	shape->dims = *dims;
	if (shape->count < least)
		return pp_cql2_wrong(r, "a line has two positions at least");
	if (shape->type == 0 && !is_ring_closed(shape))
		return pp_cql2_wrong(
			r, "a ring has four positions at least, and the last is the first");
	return pp_cql2_take(r, ")");
}

static bool read_part(struct pp_cql2_reader *r, const struct pp_cql2_type *of, unsigned *dims,
	struct pp_filter_shape *part);

static bool read_shape(struct pp_cql2_reader *r, const struct pp_cql2_type *type, unsigned *dims,
	struct pp_filter_shape *shape)
{
	struct pp_cql2_list parts;

	shape->type = type->type;
	if (type->positions_least)
		return read_positions(r, type->positions_least, dims, shape);
	pp_cql2_list_begin(&parts, r->arena, sizeof(*shape));
	r->collections += type->type == PP_CQL2_COLLECTION;
	if (r->collections > PP_FILTER_COLLECTIONS)
		return pp_cql2_wrong(r, "the expression is nested too deep");
	if (!pp_cql2_take(r, "("))
		return false;
	for (;;) {
		if (!read_part(r, type, dims, pp_cql2_list_add(&parts)))
			return false;
		if (!pp_cql2_is_sign(r, ","))
			break;
		if (!pp_cql2_next(r))
			return false;
	}
	r->collections -= type->type == PP_CQL2_COLLECTION;
	shape->parts = parts.at;
	shape->count = parts.count;
	shape->dims = *dims;
	return pp_cql2_take(r, ")");
}

static bool read_tagged(struct pp_cql2_reader *r, unsigned *dims, struct pp_filter_shape *shape)
{
	const struct pp_cql2_type *type = r->token.kind == PP_CQL2_NAME
		? pp_cql2_type_wkt(r->token.value)
		: NULL;

	if (!type)
		return pp_cql2_wrong(r, "a geometry is missing here, such as POINT(9.9 53.6)");
	if (!pp_cql2_next(r) || (pp_cql2_is_word(r, "Z") && !pp_cql2_next(r)))
		return false;
	return read_shape(r, type, dims, shape);
}

static bool read_part(struct pp_cql2_reader *r, const struct pp_cql2_type *of, unsigned *dims,
	struct pp_filter_shape *part)
{
	struct pp_cql2_list numbers;

	if (of->part == PP_CQL2_ANY)
		return read_tagged(r, dims, part);
	if (of->part == 0)
		return read_positions(r, 0, dims, part);
	if (of->part != PP_CQL2_POINT || pp_cql2_is_sign(r, "("))
		return read_shape(r, pp_cql2_type_of(of->part), dims, part);
	pp_cql2_list_begin(&numbers, r->arena, sizeof(double));
	if (!take_position(r, dims, &numbers))
		return false;
	*part = (struct pp_filter_shape){ PP_CQL2_POINT, *dims, 1, numbers.at, NULL };
	return true;
}

bool pp_cql2_read_shape(struct pp_cql2_reader *r, const struct pp_cql2_type *type, bool has_z,
	struct pp_filter_shape *shape)
{
	unsigned dims = has_z ? 3 : 0;

	return read_shape(r, type, &dims, shape);
}

static void write_position(struct pp_buf *out, const double *numbers, unsigned dims)
{
	for (unsigned i = 0; i < dims; i++) {
		pp_buf_text(out, i ? " " : "");
		pp_cql2_write_number(out, numbers[i]);
	}
}

static void write_inside(struct pp_buf *out, const struct pp_filter_shape *shape)
{
	pp_buf_text(out, "(");
	for (size_t i = 0; i < shape->count; i++) {
		pp_buf_text(out, i ? ", " : "");
		if (shape->numbers)
			write_position(out, shape->numbers + i * shape->dims, shape->dims);
		else if (shape->type == PP_CQL2_COLLECTION)
			pp_cql2_write_wkt(out, &shape->parts[i]);
		else
			write_inside(out, &shape->parts[i]);
	}
	pp_buf_text(out, ")");
}

void pp_cql2_write_wkt(struct pp_buf *out, const struct pp_filter_shape *shape)
{
	pp_buf_text(out, pp_cql2_type_of(shape->type)->wkt);
	pp_buf_text(out, shape->dims == 3 ? " Z " : "");
	write_inside(out, shape);
}
