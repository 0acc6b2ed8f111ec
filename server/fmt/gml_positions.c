/* SPDX-License-Identifier: EUPL-1.2 */
/* Positions as the versions of GML spell them. */
#include "gml.h"

#include <math.h>

/* As pp_wkb_check takes them. */
#define COORDINATE_MAX 1e9

enum { DIMENSIONS = 3 };

static bool add(struct pp_gml_reader *r, const struct pp_element *at, const double *numbers,
	size_t dims, struct pp_cql2_list *positions)
{
	double *pair;

	if (dims < 2 || dims > DIMENSIONS)
		return pp_gml_wrong(r, at, PP_geometry_malformed,
			"a position has two numbers, or three with a height");
	if (r->vertices++ == r->how->vertices_max)
		return pp_gml_wrong(
			r, at, PP_geometry_too_large, "the geometry has too many vertices");
	r->out->dropped_z |= dims == DIMENSIONS;
	pair = pp_cql2_list_add(positions);
	pair[0] = numbers[0];
	pair[1] = numbers[1];
	return true;
}

static bool number(
	struct pp_gml_reader *r, const struct pp_element *at, struct pp_slice text, double *out)
{
	if (pp_xs_double(text, out) && fabs(*out) <= COORDINATE_MAX)
		return true;
	pp_element_wrong(r->fault, PP_geometry_malformed, r->how->document, at->at,
		"%.*s is no coordinate", (int)(text.len < 40 ? text.len : 40), text.at);
	return false;
}

/* 07-036 §10.1.3.2: srsDimension stands at the list or at what is around it. */
static size_t dimension(const struct pp_element *element)
{
	for (; element && element->vocabulary != PP_VOCABULARY_OTHER; element = element->parent) {
		struct pp_slice said = pp_element_attribute(element, "srsDimension");

		if (!said.at)
			said = pp_element_attribute(element, "dimension");
		if (said.at)
			return pp_slice_is(pp_xs_trim(said), PP_S("3")) ? 3 : 2;
	}
	return 2;
}

static bool read_list(struct pp_gml_reader *r, const struct pp_element *list, size_t dims,
	struct pp_cql2_list *positions)
{
	struct pp_slice rest = list->text, word;
	double numbers[DIMENSIONS];
	size_t count = 0;

	while ((word = pp_xs_word(rest, &rest)).len) {
		if (!number(r, list, word, &numbers[count++]))
			return false;
		if (count < dims)
			continue;
		if (!add(r, list, numbers, dims, positions))
			return false;
		count = 0;
	}
	return count == 0 ||
		pp_gml_wrong(
			r, list, PP_geometry_malformed, "the last position lacks a coordinate");
}

/* As many numbers as there are. */
static bool read_pos(
	struct pp_gml_reader *r, const struct pp_element *pos, struct pp_cql2_list *positions)
{
	struct pp_slice rest = pos->text, word;
	double numbers[DIMENSIONS];
	size_t count = 0;

	while ((word = pp_xs_word(rest, &rest)).len) {
		if (count == DIMENSIONS)
			return add(r, pos, numbers, count + 1, positions);
		if (!number(r, pos, word, &numbers[count++]))
			return false;
	}
	return add(r, pos, numbers, count, positions);
}

static char separator(const struct pp_element *element, const char *name, char otherwise)
{
	struct pp_slice said = pp_element_attribute(element, name);

	return said.len == 1 ? *said.at : otherwise;
}

/* 02-069 §4.3.1: "1.5,2.5 3,4"; which signs stand between, and in a number, can be said. */
static bool read_coordinates(
	struct pp_gml_reader *r, const struct pp_element *element, struct pp_cql2_list *positions)
{
	char point = separator(element, "decimal", '.'), between = separator(element, "cs", ','),
	     behind = separator(element, "ts", ' ');
	struct pp_slice rest = pp_element_text(element);

	while (rest.len) {
		struct pp_slice tuple = behind == ' ' ? pp_xs_word(rest, &rest)
						      : pp_slice_cut(rest, behind, &rest);
		double numbers[DIMENSIONS + 1];
		size_t count = 0;

		tuple = pp_xs_trim(tuple);
		while (tuple.len && count <= DIMENSIONS) {
			struct pp_slice each = pp_xs_trim(pp_slice_cut(tuple, between, &tuple));

			if (point != '.') {
				char *copy = pp_text(r->arena, each);

				for (char *c = copy; *c; c++)
					*c = *c == point ? '.' : *c;
				each.at = copy;
			}
			if (!number(r, element, each, &numbers[count++]))
				return false;
		}
		if (!add(r, element, numbers, count, positions))
			return false;
		rest = pp_xs_trim(rest);
	}
	return true;
}

/* 02-069 §4.3.1: X, Y and perhaps Z as elements. */
static bool read_coord(
	struct pp_gml_reader *r, const struct pp_element *coord, struct pp_cql2_list *positions)
{
	static const char *const names[DIMENSIONS] = { "X", "Y", "Z" };
	double numbers[DIMENSIONS];
	size_t count = 0;

	for (; count < DIMENSIONS; count++) {
		const struct pp_element *axis = pp_element_child(
			coord, PP_VOCABULARY_GML, names[count]);

		if (!axis)
			break;
		if (!number(r, axis, pp_element_text(axis), &numbers[count]))
			return false;
	}
	return add(r, coord, numbers, count, positions);
}

static bool read_one(
	struct pp_gml_reader *r, const struct pp_element *element, struct pp_cql2_list *positions)
{
	if (pp_element_is(element, PP_VOCABULARY_GML, "pos") ||
		pp_element_is(element, PP_VOCABULARY_GML, "lowerCorner") ||
		pp_element_is(element, PP_VOCABULARY_GML, "upperCorner"))
		return read_pos(r, element, positions);
	if (pp_element_is(element, PP_VOCABULARY_GML, "posList"))
		return read_list(r, element, dimension(element), positions);
	if (pp_element_is(element, PP_VOCABULARY_GML, "coordinates"))
		return read_coordinates(r, element, positions);
	if (pp_element_is(element, PP_VOCABULARY_GML, "coord"))
		return read_coord(r, element, positions);
	if (pp_element_is(element, PP_VOCABULARY_GML, "pointProperty") ||
		pp_element_is(element, PP_VOCABULARY_GML, "pointRep") ||
		pp_element_is(element, PP_VOCABULARY_GML, "Point"))
		return pp_gml_srs(r, element) && pp_gml_positions(r, element, positions);
	/* Names and descriptions of the geometry. */
	return true;
}

bool pp_gml_positions(
	struct pp_gml_reader *r, const struct pp_element *element, struct pp_cql2_list *positions)
{
	size_t before = positions->count;

	for (const struct pp_element *child = element->first; child; child = child->next)
		if (!read_one(r, child, positions))
			return false;
	return positions->count > before ||
		pp_gml_wrong(r, element, PP_geometry_empty, "positions are missing here");
}
