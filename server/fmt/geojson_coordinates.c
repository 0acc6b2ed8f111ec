/* SPDX-License-Identifier: EUPL-1.2 */
#include "geojson_coordinates.h"

#include <math.h>

#include "little.h"

#define COORDINATE_MAX 1e9

void pp_coordinates_begin(struct pp_coordinates *c, struct pp_arena *arena, uint32_t vertices_max)
{
	*c = (struct pp_coordinates){ .vertices_max = vertices_max };
	c->xy = pp_buf_make(arena);
	for (unsigned i = 0; i < PP_LENGTH(c->lists); i++)
		c->lists[i] = pp_buf_make(arena);
}

static bool refuse(struct pp_coordinates *c, enum pp_problem problem, const char *what)
{
	c->problem = problem;
	c->what = what;
	return false;
}

/* One to three numbers have been promised by the caller's '['; takes the closing bracket too. */
static bool read_position(struct pp_coordinates *c, struct pp_json_text *in)
{
	double ordinate[4] = { 0 };
	unsigned count = 0;
	bool more = true;

	while (more) {
		char first = pp_json_text_peek(in);

		if (first == '[' || first == '{' || first == '"' || first == 't' || first == 'f' ||
			first == 'n')
			return refuse(c, PP_geometry_malformed,
				"a position holds something else than numbers");
		if (count == 3)
			return refuse(c, PP_geometry_malformed,
				"a position has more than three numbers; measures are not read");
		if (!pp_json_text_number(in, &ordinate[count]))
			return false;
		if (!(fabs(ordinate[count]) <= COORDINATE_MAX))
			return refuse(c, PP_geometry_malformed, "a coordinate is larger than 1e9");
		count++;
		if (!pp_json_text_next(in, ']', &more))
			return false;
	}
	if (count < 2)
		return refuse(c, PP_geometry_malformed, "a position has fewer than two numbers");
	c->dropped_z = c->dropped_z || count == 3;
	if (c->vertices == c->vertices_max)
		return refuse(c, PP_geometry_too_large, "the geometry has too many vertices");
	c->vertices++;
	pp_buf_f64(c->xy, ordinate[0]);
	pp_buf_f64(c->xy, ordinate[1]);
	return true;
}

/* Walks through the arrays; n[d] counts the elements of the array at depth d, n[0] is never written
 * out. */
static bool read_arrays(struct pp_coordinates *c, struct pp_json_text *in,
	uint32_t n[PP_COORDINATES_DEPTH + 1], unsigned *depth)
{
	bool more;

	do {
		char first;

		if (pp_json_text_peek(in) != '[')
			return refuse(c, PP_geometry_malformed, "expected an array of coordinates");
		if (*depth == PP_COORDINATES_DEPTH)
			return refuse(c, PP_geometry_malformed, "coordinates are nested too deep");
		if (!pp_json_text_enter(in, '[', ']', &more))
			return false;
		if (!more)
			return refuse(c, PP_geometry_empty, "a list of coordinates is empty");
		n[++*depth] = 0;
		first = pp_json_text_peek(in);
		if (first == '[')
			continue;
		c->shape = c->shape ? c->shape : *depth;
		more = c->shape == *depth ? read_position(c, in)
					  : refuse(c, PP_geometry_malformed,
						    "positions are nested to different depths");
		--*depth;
		if (!more)
			return false;
		/* Out of every list that ends with this position. */
		for (more = false; !more && *depth; *depth -= !more) {
			n[*depth]++;
			if (!pp_json_text_next(in, ']', &more))
				return false;
			if (!more)
				pp_buf_u32(c->lists[c->shape - *depth - 1], n[*depth]);
		}
	} while (*depth);
	return true;
}

bool pp_coordinates_read(struct pp_coordinates *c, struct pp_json_text *in)
{
	uint32_t n[PP_COORDINATES_DEPTH + 1] = { 0 };
	unsigned depth = 0;

	pp_buf_clear(c->xy);
	for (unsigned i = 0; i < PP_LENGTH(c->lists); i++)
		pp_buf_clear(c->lists[i]);
	c->shape = 0;
	c->problem = PP_no_problem;
	c->has_position = false;
	if (read_arrays(c, in, n, &depth))
		return true;
	/* n counts what is complete, which is the index of what is not. */
	c->fault_depth = 0;
	for (unsigned i = 1; i <= depth; i++)
		c->fault_index[c->fault_depth++] = n[i];
	return false;
}

static double ordinate(const struct pp_coordinates *c, size_t i)
{
	return pp_f64_at(c->xy->at + i * 8);
}

static uint32_t length(const struct pp_coordinates *c, unsigned level, size_t i)
{
	return pp_u32_at(c->lists[level]->at + i * 4);
}

static bool refuse_at(
	struct pp_coordinates *c, enum pp_problem problem, const char *what, size_t position)
{
	c->has_position = true;
	c->x = ordinate(c, 2 * position);
	c->y = ordinate(c, 2 * position + 1);
	return refuse(c, problem, what);
}

struct writing {
	struct pp_buf *wkb;
	size_t position, list; /* the next ones */
	size_t polygon;
};

static void write_header(struct writing *w, enum pp_wkb_type type)
{
	pp_buf_u8(w->wkb, 1);
	pp_buf_u32(w->wkb, (uint32_t)type);
}

static void write_positions(struct pp_coordinates *c, struct writing *w, uint32_t count)
{
	pp_buf_add(w->wkb, c->xy->at + w->position * 16, (size_t)count * 16);
	w->position += count;
}

static bool write_line(struct pp_coordinates *c, struct writing *w)
{
	uint32_t count = length(c, 0, w->list++);

	if (count < 2)
		return refuse_at(
			c, PP_geometry_invalid, "a line has only one position", w->position);
	pp_buf_u32(w->wkb, count);
	write_positions(c, w, count);
	return true;
}

static bool write_ring(struct pp_coordinates *c, struct writing *w)
{
	uint32_t count = length(c, 0, w->list++);
	size_t last = w->position + count - 1;

	if (ordinate(c, 2 * w->position) != ordinate(c, 2 * last) ||
		ordinate(c, 2 * w->position + 1) != ordinate(c, 2 * last + 1)) {
		c->fault_index[c->fault_depth++] = count - 1;
		return refuse_at(c, PP_geometry_invalid,
			"a ring is not closed: its last position is not its first one", last);
	}
	if (count < 4)
		return refuse_at(c, PP_geometry_invalid, "a ring has fewer than four positions",
			w->position);
	pp_buf_u32(w->wkb, count);
	write_positions(c, w, count);
	return true;
}

static bool write_polygon(struct pp_coordinates *c, struct writing *w)
{
	uint32_t rings = length(c, 1, w->polygon++);

	pp_buf_u32(w->wkb, rings);
	for (uint32_t i = 0; i < rings; i++) {
		unsigned depth = c->fault_depth;

		c->fault_index[c->fault_depth++] = i;
		if (!write_ring(c, w))
			return false;
		c->fault_depth = depth;
	}
	return true;
}

/* The parts of a multi-geometry, each with a header of its own. */
static bool write_parts(struct pp_coordinates *c, struct writing *w, enum pp_wkb_type type)
{
	uint32_t parts = length(c, type == PP_WKB_POINTS ? 0 : type == PP_WKB_LINES ? 1 : 2, 0);
	enum pp_wkb_type part = (enum pp_wkb_type)(type - PP_WKB_POINTS + PP_WKB_POINT);

	pp_buf_u32(w->wkb, parts);
	for (uint32_t i = 0; i < parts; i++) {
		c->fault_depth = 0;
		c->fault_index[c->fault_depth++] = i;
		write_header(w, part);
		if (part == PP_WKB_POINT)
			write_positions(c, w, 1);
		else if (!(part == PP_WKB_LINE ? write_line(c, w) : write_polygon(c, w)))
			return false;
	}
	return true;
}

bool pp_coordinates_write(struct pp_coordinates *c, enum pp_wkb_type type, struct pp_buf *wkb)
{
	static const unsigned shapes[] = { [PP_WKB_POINT] = 1,
		[PP_WKB_LINE] = 2,
		[PP_WKB_POLYGON] = 3,
		[PP_WKB_POINTS] = 2,
		[PP_WKB_LINES] = 3,
		[PP_WKB_POLYGONS] = 4 };
	struct writing w = { .wkb = wkb };

	c->fault_depth = 0;
	c->has_position = false;
	if (c->shape != shapes[type])
		return refuse(c, PP_geometry_malformed,
			"the coordinates are nested as for another type of geometry");
	write_header(&w, type);
	switch (type) {
	case PP_WKB_POINT:
		write_positions(c, &w, 1);
		return true;
	case PP_WKB_LINE:
		return write_line(c, &w);
	case PP_WKB_POLYGON:
		return write_polygon(c, &w);
	default:
		return write_parts(c, &w, type);
	}
}
