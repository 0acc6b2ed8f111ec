/* SPDX-License-Identifier: EUPL-1.2 */
/* Surfaces of GML: polygons, patches, and what is made of them. */
#include "gml.h"

static bool is_one_of(const struct pp_xml *xml, const char *const *names)
{
	for (; *names; names++)
		if (pp_xml_is(xml, *names))
			return true;
	return false;
}

static const char *const shells[] = { "exterior", "outerBoundaryIs", NULL };
static const char *const holes[] = { "interior", "innerBoundaryIs", NULL };
static const char *const polygons[] = { "Polygon", "PolygonPatch", "Triangle", "Rectangle", NULL };

/* A ring is made of positions or of curves; either way its end meets its begin. */
static bool read_boundary(struct pp_gml *gml)
{
	struct pp_path ring = pp_path_make(gml->xml->arena);
	int depth = gml->xml->depth;

	while (pp_xml_child(gml->xml, depth))
		if (!pp_gml_curve(gml, &ring))
			return false;
	if (gml->xml->failed)
		return false;
	return gml->is_pending || pp_shape_ring(gml->shape, &ring, gml->fault);
}

static bool read_polygon(struct pp_gml *gml)
{
	int depth = gml->xml->depth, line = pp_xml_line(gml->xml);
	bool has_shell = false;

	pp_shape_polygon_begin(gml->shape);
	while (pp_xml_child(gml->xml, depth)) {
		bool is_shell = is_one_of(gml->xml, shells);

		if (!is_shell && !is_one_of(gml->xml, holes))
			continue;
		if (is_shell == has_shell)
			return pp_fault(gml->fault, PP_geometry_malformed,
				"The polygon in line %d does not have exactly one exterior, first.",
				line);
		has_shell = true;
		if (!read_boundary(gml))
			return false;
	}
	if (gml->xml->failed)
		return false;
	if (!has_shell)
		return pp_fault(gml->fault, PP_geometry_empty,
			"The polygon in line %d has no exterior.", line);
	pp_shape_polygon_end(gml->shape);
	return true;
}

static bool read_patches(struct pp_gml *gml)
{
	static const char *const lists[] = { "patches", "polygonPatches", "trianglePatches", NULL };
	int depth = gml->xml->depth, count = 0;

	while (pp_xml_child(gml->xml, depth)) {
		int inner = gml->xml->depth;

		if (!is_one_of(gml->xml, lists))
			continue;
		for (; pp_xml_child(gml->xml, inner); count++) {
			if (!is_one_of(gml->xml, polygons))
				return pp_fault(gml->fault, PP_geometry_malformed,
					"A surface has a patch \"%.*s\" in line %d, which is not "
					"read here.",
					(int)(gml->xml->name.len < 60 ? gml->xml->name.len : 60),
					gml->xml->name.at, pp_xml_line(gml->xml));
			if (!read_polygon(gml))
				return false;
		}
	}
	gml->is_composite |= count > 1;
	return !gml->xml->failed;
}

static bool read_members(struct pp_gml *gml)
{
	static const char *const members[] = { "surfaceMember", "surfaceMembers", "polygonMember",
		"geometryMember", "geometryMembers", "baseSurface", NULL };
	int depth = gml->xml->depth;

	while (pp_xml_child(gml->xml, depth))
		if (is_one_of(gml->xml, members) && !pp_gml_surface_property(gml))
			return false;
	return !gml->xml->failed;
}

static bool read_composite(struct pp_gml *gml)
{
	uint32_t before = gml->shape->polygons;

	if (!read_members(gml))
		return false;
	gml->is_composite |= gml->shape->polygons - before > 1;
	return true;
}

static const struct surface_reader {
	const char *name;
	bool (*read)(struct pp_gml *gml);
} surfaces[] = {
	{ "Polygon", read_polygon },
	{ "Surface", read_patches },
	{ "PolyhedralSurface", read_patches },
	{ "TriangulatedSurface", read_patches },
	{ "Tin", read_patches },
	{ "MultiSurface", read_members },
	{ "MultiPolygon", read_members },
	{ "MultiGeometry", read_members },
	{ "OrientableSurface", read_members },
	{ "CompositeSurface", read_composite },
};

static const struct surface_reader *find_surface(const struct pp_xml *xml)
{
	for (const struct surface_reader *r = surfaces; r < surfaces + PP_LENGTH(surfaces); r++)
		if (pp_xml_is(xml, r->name))
			return r;
	return NULL;
}

bool pp_gml_is_surface(const struct pp_xml *xml)
{
	return find_surface(xml);
}

bool pp_gml_surface(struct pp_gml *gml)
{
	const struct surface_reader *reader = find_surface(gml->xml);

	if (reader)
		return reader->read(gml);
	return pp_fault(gml->fault, PP_geometry_malformed,
		"An area was expected in line %d, but there is \"%.*s\".", pp_xml_line(gml->xml),
		(int)(gml->xml->name.len < 60 ? gml->xml->name.len : 60), gml->xml->name.at);
}

bool pp_gml_surface_property(struct pp_gml *gml)
{
	struct pp_slice href = pp_xml_attribute_in(gml->xml, PP_GML_XLINK, "href");
	const struct pp_gml_kept *kept;
	int depth = gml->xml->depth;

	if (href.len) {
		if (!pp_gml_find_kept(gml, href, true, &kept))
			return false;
		gml->is_composite |= kept && kept->is_composite;
		return !kept || pp_shape_take(gml->shape, &kept->surface, gml->fault);
	}
	while (pp_xml_child(gml->xml, depth))
		if (!pp_gml_surface(gml))
			return false;
	return !gml->xml->failed;
}
