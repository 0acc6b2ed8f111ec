/* SPDX-License-Identifier: EUPL-1.2 */
#include "gml.h"

#include <pp/fmt/wkb.h>

/* An element that stands for a geometry, or for a part of one. */
enum part { PART_NONE, PART_LINE, PART_CURVE, PART_AREA, PART_SURFACE };

struct row {
	const char *name;
	unsigned type;     /* of ISO 19125-1; 0: none that stands alone */
	enum part part;    /* what it is as a part of another */
	const char *in[3]; /* elements in which its parts stand; with s they hold several */
};

static const struct row rows[] = {
	{ "Point", PP_WKB_POINT, PART_NONE, { 0 } },
	{ "LineString", PP_WKB_LINE, PART_LINE, { 0 } },
	{ "LineStringSegment", 0, PART_LINE, { 0 } },
	{ "LinearRing", 0, PART_LINE, { 0 } },
	{ "Curve", PP_WKB_LINE, PART_CURVE, { "segments" } },
	{ "CompositeCurve", PP_WKB_LINE, PART_CURVE, { "curveMember" } },
	{ "Ring", 0, PART_CURVE, { "curveMember" } },
	{ "OrientableCurve", PP_WKB_LINE, PART_CURVE, { "baseCurve" } },
	{ "Polygon", PP_WKB_POLYGON, PART_AREA, { 0 } },
	{ "PolygonPatch", 0, PART_AREA, { 0 } },
	{ "Rectangle", 0, PART_AREA, { 0 } },
	{ "Triangle", 0, PART_AREA, { 0 } },
	{ "Surface", PP_WKB_POLYGONS, PART_SURFACE, { "patches", "polygonPatches" } },
	{ "CompositeSurface", PP_WKB_POLYGONS, PART_SURFACE, { "surfaceMember" } },
	{ "OrientableSurface", PP_WKB_POLYGONS, PART_SURFACE, { "baseSurface" } },
	{ "MultiPoint", PP_WKB_POINTS, PART_NONE, { "pointMember", "pointMembers" } },
	{ "MultiLineString", PP_WKB_LINES, PART_NONE, { "lineStringMember" } },
	{ "MultiCurve", PP_WKB_LINES, PART_NONE, { "curveMember", "curveMembers" } },
	{ "MultiPolygon", PP_WKB_POLYGONS, PART_NONE, { "polygonMember" } },
	{ "MultiSurface", PP_WKB_POLYGONS, PART_NONE, { "surfaceMember", "surfaceMembers" } },
	{ "MultiGeometry", PP_WKB_COLLECTION, PART_NONE, { "geometryMember", "geometryMembers" } },
	{ "Envelope", PP_WKB_POLYGON, PART_NONE, { 0 } },
	{ "Box", PP_WKB_POLYGON, PART_NONE, { 0 } },
};

static const struct row *row_of(const struct pp_element *element)
{
	for (size_t i = 0; i < PP_LENGTH(rows); i++)
		if (pp_element_is(element, PP_VOCABULARY_GML, rows[i].name))
			return &rows[i];
	return NULL;
}

static bool is_envelope(const struct pp_element *element)
{
	return pp_element_is(element, PP_VOCABULARY_GML, "Envelope") ||
		pp_element_is(element, PP_VOCABULARY_GML, "Box");
}

bool pp_gml_is_geometry(const struct pp_element *element)
{
	const struct row *row = row_of(element);

	return row && row->type;
}

/*
 * Whether a CRS is spelt in a way that means x before y whatever the CRS defines: CRS84 does so by
 * definition, …/gml/srs/epsg.xml#4326 by custom, EPSG:4326 in WFS 1.0 (short_means_east) but not
 * later (OGC 09-025r2 §7.9.2.4.4: as the CRS has them).
 */
static bool is_east_first(struct pp_slice srs, bool short_means_east)
{
	struct pp_slice epsg = PP_S("EPSG:");

	srs = pp_xs_trim(srs);
	if (pp_slice_starts(srs, PP_S("http://www.opengis.net/gml/srs/epsg.xml#")))
		return true;
	return short_means_east && srs.len >= epsg.len &&
		pp_slice_is_nocase(pp_slice(srs.at, epsg.len), epsg);
}

bool pp_gml_wrong(struct pp_gml_reader *r, const struct pp_element *at, enum pp_problem problem,
	const char *sentence)
{
	return pp_element_wrong(r->fault, problem, r->how->document, at->at, "%s", sentence);
}

bool pp_gml_srs(struct pp_gml_reader *r, const struct pp_element *element)
{
	struct pp_slice said = pp_xs_trim(pp_element_attribute(element, "srsName"));

	if (!said.len || pp_slice_is(said, r->out->srs))
		return true;
	if (r->out->srs.len)
		return pp_gml_wrong(r, element, PP_crs_unknown,
			"a part of the geometry names another CRS than the whole");
	r->out->srs = said;
	return true;
}

static bool read_curve(
	struct pp_gml_reader *r, const struct pp_element *element, struct pp_cql2_list *positions);
static bool read_surface(
	struct pp_gml_reader *r, const struct pp_element *element, struct pp_cql2_list *areas);

/* The next part from that place on: in one of the elements of the row, one or several in each. */
struct parts {
	const struct row *row;
	const struct pp_element *member, *part;
};

static bool is_member(const struct row *row, const struct pp_element *element)
{
	for (size_t i = 0; i < PP_LENGTH(row->in) && row->in[i]; i++)
		if (pp_element_is(element, PP_VOCABULARY_GML, row->in[i]))
			return true;
	return false;
}

static const struct pp_element *next_part(struct parts *parts)
{
	if (parts->part)
		parts->part = parts->part->next;
	while (!parts->part && parts->member) {
		if (is_member(parts->row, parts->member))
			parts->part = parts->member->first;
		parts->member = parts->member->next;
	}
	return parts->part;
}

static bool refuse_part(struct pp_gml_reader *r, const struct pp_element *part)
{
	pp_element_wrong(r->fault, PP_geometry_malformed, r->how->document, part->at,
		"%.*s cannot be read here; send Point, LineString, Polygon or several of one kind",
		(int)(part->name.len < 40 ? part->name.len : 40), part->name.at);
	return false;
}

/* A segment begins where the one before it ends. */
static bool join(struct pp_gml_reader *r, const struct pp_element *at,
	struct pp_cql2_list *positions, size_t before)
{
	double *pairs = positions->at;

	if (before == 0)
		return true;
	if (memcmp(pairs + 2 * (before - 1), pairs + 2 * before, 2 * sizeof(double)) != 0)
		return pp_gml_wrong(r, at, PP_geometry_invalid,
			"a part of the curve does not begin where the one before it ends");
	memmove(pairs + 2 * before, pairs + 2 * (before + 1),
		(positions->count - before - 1) * 2 * sizeof(double));
	positions->count--;
	return true;
}

/* 07-036 §10.5.6: "-" is the curve from its end to its beginning. */
static void reverse(struct pp_cql2_list *positions, size_t first)
{
	double *pairs = positions->at;

	for (size_t i = first, j = positions->count; i + 1 < j; i++) {
		double other[2];

		j--;
		memcpy(other, pairs + 2 * i, sizeof(other));
		memcpy(pairs + 2 * i, pairs + 2 * j, sizeof(other));
		memcpy(pairs + 2 * j, other, sizeof(other));
	}
}

static bool read_curve(
	struct pp_gml_reader *r, const struct pp_element *element, struct pp_cql2_list *positions)
{
	const struct row *row = row_of(element);
	struct parts parts = { row, element->first, NULL };
	const struct pp_element *part;
	size_t begun = positions->count;

	if (!row || (row->part != PART_LINE && row->part != PART_CURVE))
		return refuse_part(r, element);
	if (!pp_gml_srs(r, element))
		return false;
	if (row->part == PART_LINE)
		return pp_gml_positions(r, element, positions);
	while ((part = next_part(&parts))) {
		size_t before = positions->count;

		if (!read_curve(r, part, positions) ||
			(before > begun && !join(r, part, positions, before)))
			return false;
	}
	if (positions->count == begun)
		return pp_gml_wrong(r, element, PP_geometry_empty, "positions are missing here");
	if (pp_slice_is(pp_element_attribute(element, "orientation"), PP_S("-")))
		reverse(positions, begun);
	return true;
}

static bool read_line(
	struct pp_gml_reader *r, const struct pp_element *element, struct pp_filter_shape *shape)
{
	struct pp_cql2_list positions;

	pp_cql2_list_begin(&positions, r->arena, 2 * sizeof(double));
	if (!read_curve(r, element, &positions))
		return false;
	if (positions.count < 2)
		return pp_gml_wrong(
			r, element, PP_geometry_invalid, "a line has two positions at least");
	*shape = (struct pp_filter_shape){
		.type = PP_WKB_LINE, .dims = 2, .count = positions.count, .numbers = positions.at
	};
	return true;
}

static bool read_ring(
	struct pp_gml_reader *r, const struct pp_element *around, struct pp_filter_shape *shape)
{
	const struct pp_element *ring = around->first;

	if (!ring)
		return pp_gml_wrong(r, around, PP_geometry_empty, "positions are missing here");
	if (!read_line(r, ring, shape))
		return false;
	shape->type = 0;
	if (shape->count < 4 ||
		memcmp(shape->numbers, shape->numbers + 2 * (shape->count - 1),
			2 * sizeof(double)) != 0)
		return pp_gml_wrong(r, ring, PP_geometry_invalid,
			"a ring has four positions at least, and the last is the first");
	return true;
}

static bool is_ring(const struct pp_element *element, bool inner)
{
	return pp_element_is(element, PP_VOCABULARY_GML, inner ? "interior" : "exterior") ||
		pp_element_is(
			element, PP_VOCABULARY_GML, inner ? "innerBoundaryIs" : "outerBoundaryIs");
}

static bool read_area(
	struct pp_gml_reader *r, const struct pp_element *element, struct pp_filter_shape *shape)
{
	struct pp_cql2_list rings;

	pp_cql2_list_begin(&rings, r->arena, sizeof(struct pp_filter_shape));
	for (unsigned inner = 0; inner < 2; inner++)
		for (const struct pp_element *child = element->first; child; child = child->next) {
			if (!is_ring(child, inner))
				continue;
			if (!inner && rings.count)
				return pp_gml_wrong(r, child, PP_geometry_malformed,
					"an area has one outer ring");
			if (!read_ring(r, child, pp_cql2_list_add(&rings)))
				return false;
			if (inner && rings.count == 1)
				return pp_gml_wrong(r, child, PP_geometry_malformed,
					"the area has no outer ring");
		}
	if (!rings.count)
		return pp_gml_wrong(r, element, PP_geometry_empty, "the area has no outer ring");
	*shape = (struct pp_filter_shape){
		.type = PP_WKB_POLYGON, .dims = 2, .count = rings.count, .parts = rings.at
	};
	return true;
}

static bool read_surface(
	struct pp_gml_reader *r, const struct pp_element *element, struct pp_cql2_list *areas)
{
	const struct row *row = row_of(element);
	struct parts parts = { row, element->first, NULL };
	const struct pp_element *part;

	if (!row || (row->part != PART_AREA && row->part != PART_SURFACE))
		return refuse_part(r, element);
	if (!pp_gml_srs(r, element))
		return false;
	if (row->part == PART_AREA)
		return read_area(r, element, pp_cql2_list_add(areas));
	while ((part = next_part(&parts)))
		if (!read_surface(r, part, areas))
			return false;
	return true;
}

static bool read_point(
	struct pp_gml_reader *r, const struct pp_element *element, struct pp_filter_shape *shape)
{
	struct pp_cql2_list positions;

	if (!pp_element_is(element, PP_VOCABULARY_GML, "Point"))
		return refuse_part(r, element);
	pp_cql2_list_begin(&positions, r->arena, 2 * sizeof(double));
	if (!pp_gml_srs(r, element) || !pp_gml_positions(r, element, &positions))
		return false;
	if (positions.count != 1)
		return pp_gml_wrong(r, element, PP_geometry_malformed, "a point has one position");
	*shape = (struct pp_filter_shape){
		.type = PP_WKB_POINT, .dims = 2, .count = 1, .numbers = positions.at
	};
	return true;
}

static bool read_envelope(
	struct pp_gml_reader *r, const struct pp_element *element, struct pp_filter_shape *shape)
{
	struct pp_cql2_list corners;
	struct pp_filter_shape *ring = PP_NEW(r->arena, struct pp_filter_shape);
	double *n = PP_NEW_ARRAY(r->arena, double, 10), *box = r->out->box;

	pp_cql2_list_begin(&corners, r->arena, 2 * sizeof(double));
	if (!pp_gml_positions(r, element, &corners))
		return false;
	if (corners.count != 2)
		return pp_gml_wrong(r, element, PP_geometry_malformed,
			"an envelope has a lower and an upper corner");
	memcpy(box, corners.at, 4 * sizeof(double));
	for (size_t i = 0; i < 5; i++) {
		n[2 * i] = box[i == 1 || i == 2 ? 2 : 0];
		n[2 * i + 1] = box[i == 2 || i == 3 ? 3 : 1];
	}
	r->out->is_envelope = true;
	*ring = (struct pp_filter_shape){ .dims = 2, .count = 5, .numbers = n };
	*shape = (struct pp_filter_shape){
		.type = PP_WKB_POLYGON, .dims = 2, .count = 1, .parts = ring
	};
	return true;
}

static bool read_shape(
	struct pp_gml_reader *r, const struct pp_element *element, struct pp_filter_shape *shape);

static bool read_part(struct pp_gml_reader *r, const struct row *whole,
	const struct pp_element *part, struct pp_cql2_list *list)
{
	switch (whole->type) {
	case PP_WKB_POINTS:
		return read_point(r, part, pp_cql2_list_add(list));
	case PP_WKB_LINES:
		return read_line(r, part, pp_cql2_list_add(list));
	case PP_WKB_POLYGONS:
		return read_surface(r, part, list);
	default:
		if (is_envelope(part))
			return refuse_part(r, part);
		return read_shape(r, part, pp_cql2_list_add(list));
	}
}

static bool read_several(struct pp_gml_reader *r, const struct row *row,
	const struct pp_element *element, struct pp_filter_shape *shape)
{
	struct parts parts = { row, element->first, NULL };
	const struct pp_element *part;
	struct pp_cql2_list list;

	pp_cql2_list_begin(&list, r->arena, sizeof(struct pp_filter_shape));
	while ((part = next_part(&parts)))
		if (!read_part(r, row, part, &list))
			return false;
	if (!list.count)
		return pp_gml_wrong(r, element, PP_geometry_empty, "the geometry has no parts");
	*shape = (struct pp_filter_shape){
		.type = row->type, .dims = 2, .count = list.count, .parts = list.at
	};
	/* A surface of one patch is a polygon, as far as anybody here can tell. */
	if (row->part == PART_SURFACE && list.count == 1)
		*shape = *(struct pp_filter_shape *)list.at;
	return true;
}

static bool read_shape(
	struct pp_gml_reader *r, const struct pp_element *element, struct pp_filter_shape *shape)
{
	const struct row *row = row_of(element);

	if (!row || !row->type)
		return refuse_part(r, element);
	if (!pp_gml_srs(r, element))
		return false;
	if (is_envelope(element))
		return read_envelope(r, element, shape);
	switch (row->type) {
	case PP_WKB_POINT:
		return read_point(r, element, shape);
	case PP_WKB_LINE:
		return read_line(r, element, shape);
	case PP_WKB_POLYGON:
		return read_area(r, element, shape);
	default:
		return read_several(r, row, element, shape);
	}
}

bool pp_gml_read(struct pp_arena *arena, const struct pp_element *element,
	const struct pp_gml_how *how, struct pp_gml *out, struct pp_fault *fault)
{
	struct pp_gml_reader r = { .arena = arena, .how = how, .out = out, .fault = fault };

	*out = (struct pp_gml){ .shape = PP_NEW(arena, struct pp_filter_shape) };
	if (!read_shape(&r, element, out->shape))
		return false;
	if (!out->srs.len)
		out->srs = how->srs;
	out->east_first = is_east_first(out->srs, how->east_first);
	return true;
}
