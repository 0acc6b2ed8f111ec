/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/fmt/wkb.h>

#include <math.h>

#include "little.h"

#define COORDINATE_MAX 1e9
#define POSITION_SIZE  16u

/* What the elements that a type counts are, and how many bytes the smallest of them needs. */
static const struct {
	int dimension;          /* -1: that of its parts */
	enum pp_wkb_type holds; /* the only type allowed within; 0 positions or rings, 7 any */
	uint32_t least_size;
} types[] = {
	[PP_WKB_POINT] = { 0, 0, 0 },
	[PP_WKB_LINE] = { 1, 0, POSITION_SIZE },
	[PP_WKB_POLYGON] = { 2, 0, 4 },
	[PP_WKB_POINTS] = { -1, PP_WKB_POINT, 21 },
	[PP_WKB_LINES] = { -1, PP_WKB_LINE, 9 },
	[PP_WKB_POLYGONS] = { -1, PP_WKB_POLYGON, 9 },
	[PP_WKB_COLLECTION] = { -1, PP_WKB_COLLECTION, 9 },
};

struct check {
	const unsigned char *at, *end;
	uint32_t vertices_max;
	struct pp_wkb_facts *facts;
	struct pp_fault *fault;
	unsigned seen; /* bit per dimension */
};

static size_t left(const struct check *check)
{
	return (size_t)(check->end - check->at);
}

static bool is_too_short(struct check *check)
{
	return pp_fault(check->fault, PP_geometry_malformed, "the geometry ends in the middle");
}

static bool read_count(struct check *check, uint32_t least_size, uint32_t *count)
{
	if (left(check) < 4)
		return is_too_short(check);
	*count = pp_u32_at(check->at);
	check->at += 4;
	if (*count > left(check) / least_size)
		return is_too_short(check);
	return true;
}

static bool read_header(struct check *check, enum pp_wkb_type *type)
{
	uint32_t code;

	if (left(check) < 5)
		return is_too_short(check);
	if (check->at[0] != 1)
		return pp_fault(
			check->fault, PP_geometry_malformed, "only little-endian WKB is read here");
	code = pp_u32_at(check->at + 1);
	if (code < PP_WKB_POINT || code > PP_WKB_COLLECTION)
		return pp_fault(check->fault, PP_geometry_malformed,
			"WKB type %u is not read here: points, lines, polygons, their multiples "
			"and "
			"collections in two dimensions are",
			code);
	check->at += 5;
	*type = (enum pp_wkb_type)code;
	return true;
}

static bool read_position(struct check *check, const unsigned char *at)
{
	struct pp_wkb_facts *facts = check->facts;
	double x = pp_f64_at(at), y = pp_f64_at(at + 8);

	/* The negated form also catches NaN. */
	if (!(fabs(x) <= COORDINATE_MAX) || !(fabs(y) <= COORDINATE_MAX))
		return pp_fault(check->fault, PP_geometry_malformed,
			"the coordinate %g %g is no place on earth", x, y);
	if (facts->vertices == 0) {
		facts->min_x = facts->max_x = x;
		facts->min_y = facts->max_y = y;
	}
	facts->min_x = x < facts->min_x ? x : facts->min_x;
	facts->max_x = x > facts->max_x ? x : facts->max_x;
	facts->min_y = y < facts->min_y ? y : facts->min_y;
	facts->max_y = y > facts->max_y ? y : facts->max_y;
	facts->vertices++;
	return true;
}

static bool read_positions(struct check *check, uint32_t count)
{
	if (count > check->vertices_max - check->facts->vertices)
		return pp_fault(check->fault, PP_geometry_too_large,
			"the geometry has more than %u vertices", check->vertices_max);
	for (uint32_t i = 0; i < count; i++)
		if (!read_position(check, check->at + (size_t)i * POSITION_SIZE))
			return false;
	check->at += (size_t)count * POSITION_SIZE;
	return true;
}

static bool read_point(struct check *check)
{
	if (left(check) < POSITION_SIZE)
		return is_too_short(check);
	/* An empty point is written as NaN NaN (PostGIS, GDAL). */
	if (isnan(pp_f64_at(check->at)) && isnan(pp_f64_at(check->at + 8)))
		return pp_fault(check->fault, PP_geometry_empty, "a point has no coordinates");
	return read_positions(check, 1);
}

static bool read_line(struct check *check)
{
	uint32_t count = 0;

	if (!read_count(check, POSITION_SIZE, &count))
		return false;
	if (count == 0)
		return pp_fault(check->fault, PP_geometry_empty, "a line has no positions");
	if (count < 2)
		return pp_fault(check->fault, PP_geometry_invalid,
			"a line has only one position, %g %g", pp_f64_at(check->at),
			pp_f64_at(check->at + 8));
	return read_positions(check, count);
}

static bool read_ring(struct check *check)
{
	const unsigned char *first, *last;
	uint32_t count = 0;

	if (!read_count(check, POSITION_SIZE, &count))
		return false;
	if (count == 0)
		return pp_fault(check->fault, PP_geometry_empty, "a ring has no positions");
	first = check->at;
	last = first + (size_t)(count - 1) * POSITION_SIZE;
	if (memcmp(first, last, POSITION_SIZE) != 0)
		return pp_fault(check->fault, PP_geometry_invalid,
			"a ring is not closed: it begins at %.12g %.12g and ends at %.12g %.12g",
			pp_f64_at(first), pp_f64_at(first + 8), pp_f64_at(last),
			pp_f64_at(last + 8));
	if (count < 4)
		return pp_fault(check->fault, PP_geometry_invalid,
			"a ring has fewer than four positions, at %.12g %.12g", pp_f64_at(first),
			pp_f64_at(first + 8));
	return read_positions(check, count);
}

static bool read_polygon(struct check *check)
{
	uint32_t rings = 0;

	if (!read_count(check, 4, &rings))
		return false;
	if (rings == 0)
		return pp_fault(check->fault, PP_geometry_empty, "a polygon has no rings");
	for (uint32_t i = 0; i < rings; i++)
		if (!read_ring(check))
			return false;
	return true;
}

static bool read_simple(struct check *check, enum pp_wkb_type type)
{
	check->facts->parts++;
	check->seen |= 1u << types[type].dimension;
	switch (type) {
	case PP_WKB_POINT:
		return read_point(check);
	case PP_WKB_LINE:
		return read_line(check);
	default:
		return read_polygon(check);
	}
}

static bool is_allowed(struct check *check, enum pp_wkb_type outer, enum pp_wkb_type inner)
{
	if (outer == PP_WKB_COLLECTION || types[outer].holds == inner)
		return true;
	return pp_fault(check->fault, PP_geometry_malformed,
		"a WKB of type %d cannot hold one of type %d", (int)outer, (int)inner);
}

/* Multi-geometries and collections nest; the stack says how many parts are left at each level. */
static bool read_all(struct check *check)
{
	struct {
		enum pp_wkb_type type;
		uint32_t left;
	} stack[PP_WKB_DEPTH_MAX + 1];
	enum pp_wkb_type type = PP_WKB_POINT;
	unsigned depth = 0;
	uint32_t count;

	for (bool first = true;; first = false) {
		while (depth && stack[depth - 1].left == 0)
			depth--;
		if (!depth && !first)
			return true;
		if (!read_header(check, &type))
			return false;
		if (first)
			check->facts->type = type;
		if (depth) {
			if (!is_allowed(check, stack[depth - 1].type, type))
				return false;
			stack[depth - 1].left--;
		}
		if (type <= PP_WKB_POLYGON) {
			if (!read_simple(check, type))
				return false;
			continue;
		}
		if (depth > (type == PP_WKB_COLLECTION ? PP_WKB_DEPTH_MAX - 1 : PP_WKB_DEPTH_MAX))
			return pp_fault(check->fault, PP_geometry_malformed,
				"collections are nested deeper than %d levels", PP_WKB_DEPTH_MAX);
		if (!read_count(check, types[type].least_size, &count))
			return false;
		if (count == 0)
			return pp_fault(
				check->fault, PP_geometry_empty, "a collection has no parts");
		stack[depth].type = type;
		stack[depth++].left = count;
	}
}

static int dimension_of(unsigned seen)
{
	for (int dimension = 0; dimension < 3; dimension++)
		if (seen == 1u << dimension)
			return dimension;
	return PP_WKB_MIXED;
}

bool pp_wkb_check(struct pp_slice wkb, uint32_t vertices_max, struct pp_wkb_facts *facts,
	struct pp_fault *fault)
{
	struct check check = { .vertices_max = vertices_max, .facts = facts, .fault = fault };

	*facts = (struct pp_wkb_facts){ 0 };
	check.at = (const unsigned char *)wkb.at;
	check.end = wkb.len ? check.at + wkb.len : check.at;
	if (!read_all(&check))
		return false;
	if (check.at != check.end)
		return pp_fault(fault, PP_geometry_malformed, "something follows the geometry");
	facts->dimension = dimension_of(check.seen);
	return true;
}

void pp_wkb_walk_begin(struct pp_wkb_walk *walk, struct pp_slice wkb)
{
	*walk = (struct pp_wkb_walk){ .at = (const unsigned char *)wkb.at };
	walk->end = wkb.len ? walk->at + wkb.len : walk->at;
}

static const unsigned char *take(struct pp_wkb_walk *walk, size_t size)
{
	const unsigned char *at = walk->at;

	PP_MUST((size_t)(walk->end - at) >= size);
	walk->at += size;
	return at;
}

static enum pp_wkb_event positions(struct pp_wkb_walk *walk, uint32_t count)
{
	struct pp_wkb_level *level = &walk->level[walk->depth - 1];

	walk->type = level->type;
	walk->index = level->done++;
	walk->count = count;
	walk->positions = take(walk, (size_t)count * POSITION_SIZE);
	return PP_WKB_POSITIONS;
}

static enum pp_wkb_event open_next(struct pp_wkb_walk *walk)
{
	const unsigned char *head = take(walk, 5);
	uint32_t code = pp_u32_at(head + 1);
	struct pp_wkb_level *level;

	PP_MUST(head[0] == 1 && code >= PP_WKB_POINT && code <= PP_WKB_COLLECTION);
	PP_MUST(walk->depth < PP_LENGTH(walk->level));
	walk->index = walk->depth ? walk->level[walk->depth - 1].done++ : 0;
	level = &walk->level[walk->depth++];
	level->type = (enum pp_wkb_type)code;
	level->done = 0;
	/* A point or a line is one run of positions, a polygon one per ring. */
	level->count = code == PP_WKB_POINT ? 1 : pp_u32_at(take(walk, 4));
	walk->type = level->type;
	walk->count = level->count;
	return PP_WKB_OPEN;
}

enum pp_wkb_event pp_wkb_walk_next(struct pp_wkb_walk *walk)
{
	struct pp_wkb_level *level;

	if (!walk->depth)
		return walk->at == walk->end ? PP_WKB_END : open_next(walk);
	level = &walk->level[walk->depth - 1];
	switch (level->type) {
	case PP_WKB_POINT:
	case PP_WKB_LINE:
		if (level->done == 0)
			return positions(walk, level->count);
		break;
	case PP_WKB_POLYGON:
		if (level->done < level->count)
			return positions(walk, pp_u32_at(take(walk, 4)));
		break;
	default:
		if (level->done < level->count)
			return open_next(walk);
		break;
	}
	walk->depth--;
	walk->type = level->type;
	return PP_WKB_CLOSE;
}

void pp_wkb_position(const struct pp_wkb_walk *walk, uint32_t i, double *x, double *y)
{
	*x = pp_f64_at(walk->positions + (size_t)i * POSITION_SIZE);
	*y = pp_f64_at(walk->positions + (size_t)i * POSITION_SIZE + 8);
}
