/* SPDX-License-Identifier: EUPL-1.2 */
#include "gml.h"

#include <pp/io/filejob.h>

void pp_gml_refs_begin(struct pp_gml_refs *refs, struct pp_arena *arena)
{
	*refs = (struct pp_gml_refs){ .arena = arena };
	refs->table = PP_NEW_ARRAY(arena, struct pp_gml_kept *, 2 * PP_GML_KEPT_MAX);
}

/* Where the id is or would go: FNV-1a, then the next free place. */
static struct pp_gml_kept **place_of(const struct pp_gml_refs *refs, struct pp_slice id)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < id.len; i++)
		hash = (hash ^ (unsigned char)id.at[i]) * 16777619u;
	for (hash %= 2 * PP_GML_KEPT_MAX;
		refs->table[hash] && !pp_slice_is(refs->table[hash]->id, id);)
		hash = (hash + 1) % (2 * PP_GML_KEPT_MAX);
	return &refs->table[hash];
}

struct pp_gml_kept *pp_gml_refs_find(const struct pp_gml_refs *refs, struct pp_slice id)
{
	return *place_of(refs, id);
}

bool pp_gml_find_kept(
	struct pp_gml *gml, struct pp_slice href, bool is_surface, const struct pp_gml_kept **kept)
{
	struct pp_gml_kept **place;
	struct pp_slice id;

	*kept = NULL;
	if (!pp_slice_starts(href, PP_S("#")))
		return pp_fault(gml->fault, PP_geometry_malformed,
			"The geometry refers to \"%.*s\" outside of the file (line %d).",
			(int)(href.len < 80 ? href.len : 80), href.at, pp_xml_line(gml->xml));
	id = pp_slice(href.at + 1, href.len - 1);
	place = place_of(gml->refs, id);
	if (*place && (*place)->is_found) {
		if ((*place)->is_surface != is_surface ||
			(gml->epsg && gml->epsg != (*place)->epsg))
			return pp_fault(gml->fault, PP_geometry_malformed,
				"The geometry refers to #%.*s, which does not fit (line %d).",
				(int)(id.len < 80 ? id.len : 80), id.at, pp_xml_line(gml->xml));
		pp_gml_measure(gml, (*place)->epsg);
		*kept = *place;
		return true;
	}
	/* The caller looks for it; should there be none, this is what is said. */
	gml->is_pending = true;
	if (!*place && gml->refs->count < PP_GML_KEPT_MAX) {
		*place = PP_NEW(gml->refs->arena, struct pp_gml_kept);
		(*place)->id = pp_copy(gml->refs->arena, id);
		gml->refs->count++;
	}
	pp_fault(gml->fault, PP_geometry_malformed,
		"The geometry refers to #%.*s, which is not in the file or holds itself (line %d).",
		(int)(id.len < 80 ? id.len : 80), id.at, pp_xml_line(gml->xml));
	return true;
}

/* A piece of a curve behind the others; while something is missing, nothing can meet. */
static bool join(struct pp_gml *gml, struct pp_path *path, const struct pp_path *piece)
{
	return gml->is_pending || pp_shape_join(gml->shape, path, piece, gml->fault);
}

/* curveMember, baseCurve: a curve inside or referred to, behind the path. */
static bool read_curve_property(struct pp_gml *gml, struct pp_path *path)
{
	struct pp_slice href = pp_xml_attribute_in(gml->xml, PP_GML_XLINK, "href");
	const struct pp_gml_kept *kept;
	int depth = gml->xml->depth;

	if (href.len) {
		if (!pp_gml_find_kept(gml, href, false, &kept))
			return false;
		return !kept || join(gml, path, &kept->curve);
	}
	while (pp_xml_child(gml->xml, depth)) {
		struct pp_path piece = pp_path_make(gml->xml->arena);

		if (!pp_gml_curve(gml, &piece) || !join(gml, path, &piece))
			return false;
	}
	return !gml->xml->failed;
}

/* Arc and ArcString: each further pair of positions is one more arc. */
static bool add_arcs(struct pp_gml *gml, const struct pp_path *control, struct pp_path *path)
{
	size_t count = pp_path_count(control);
	double x, y, bx, by, cx, cy;

	if (count < 3 || count % 2 == 0)
		return pp_fault(gml->fault, PP_geometry_malformed,
			"An arc has %zu positions in line %d; it needs 3, 5, 7 and so on.", count,
			pp_xml_line(gml->xml));
	pp_path_at(control, 0, &x, &y);
	pp_path_add(path, x, y);
	for (size_t i = 1; i + 1 < count; i += 2) {
		pp_path_at(control, i, &bx, &by);
		pp_path_at(control, i + 1, &cx, &cy);
		if (!pp_shape_arc(gml->shape, path, bx, by, cx, cy, gml->fault))
			return false;
	}
	return true;
}

static bool read_arc(struct pp_gml *gml, struct pp_path *path)
{
	struct pp_path control = pp_path_make(gml->xml->arena);

	return pp_gml_positions(gml, &control) && add_arcs(gml, &control, path);
}

/* ISO 19136 §10.4.7.8: a circle through three positions begins and ends at the first. */
static bool read_circle(struct pp_gml *gml, struct pp_path *path)
{
	struct pp_path control = pp_path_make(gml->xml->arena);
	double ax, ay, bx, by, cx, cy, mx, my, d, u, v;

	if (!pp_gml_positions(gml, &control))
		return false;
	if (pp_path_count(&control) != 3)
		return pp_fault(gml->fault, PP_geometry_malformed,
			"A circle does not have three positions in line %d.",
			pp_xml_line(gml->xml));
	pp_path_at(&control, 0, &ax, &ay);
	pp_path_at(&control, 1, &bx, &by);
	pp_path_at(&control, 2, &cx, &cy);
	d = 2 * ((bx - ax) * (cy - ay) - (by - ay) * (cx - ax));
	u = (bx - ax) * (bx - ax) + (by - ay) * (by - ay);
	v = (cx - ax) * (cx - ax) + (cy - ay) * (cy - ay);
	if (d == 0)
		return pp_fault(gml->fault, PP_geometry_malformed,
			"The three positions of a circle lie on one line in line %d.",
			pp_xml_line(gml->xml));
	mx = ax + ((cy - ay) * u - (by - ay) * v) / d;
	my = ay + ((bx - ax) * v - (cx - ax) * u) / d;
	pp_path_add(path, ax, ay);
	return pp_shape_arc(gml->shape, path, 2 * mx - ax, 2 * my - ay, ax, ay, gml->fault);
}

static bool is_metres(struct pp_slice uom)
{
	static const char *const names[] = { "", "m", "#m", "metre", "urn:adv:uom:m",
		"urn:ogc:def:uom:EPSG::9001", "http://www.opengis.net/def/uom/EPSG/0/9001" };

	for (size_t i = 0; i < PP_LENGTH(names); i++)
		if (pp_slice_is(uom, pp_slice_of(names[i])))
			return true;
	return false;
}

static bool read_circle_by_centre(struct pp_gml *gml, struct pp_path *path)
{
	struct pp_path centre = pp_path_make(gml->xml->arena);
	int depth = gml->xml->depth;
	double x, y, radius = 0;
	bool in_metres = true;

	while (pp_xml_child(gml->xml, depth)) {
		if (pp_xml_is(gml->xml, "radius")) {
			in_metres = is_metres(pp_xml_attribute(gml->xml, "uom"));
			if (!pp_slice_double(pp_xml_text(gml->xml), &radius))
				radius = 0;
		} else if (!pp_gml_position(gml, &centre)) {
			return false;
		}
	}
	if (gml->xml->failed)
		return false;
	if (pp_path_count(&centre) != 1 || !in_metres || gml->shape->chord != PP_FILEJOB_CHORD)
		return pp_fault(gml->fault, PP_geometry_malformed,
			"A circle needs one centre and a radius in metres, in line %d.",
			pp_xml_line(gml->xml));
	pp_path_at(&centre, 0, &x, &y);
	return pp_shape_circle(gml->shape, path, x, y, radius, gml->fault);
}

static bool read_line(struct pp_gml *gml, struct pp_path *path)
{
	return pp_gml_positions(gml, path);
}

struct curve_reader {
	const char *name;
	bool (*read)(struct pp_gml *gml, struct pp_path *path);
};

/* ISO 19136 §10.4.7, those of the profile that XPlanGML allows and a few of its neighbours. */
static const struct curve_reader segments[] = {
	{ "LineStringSegment", read_line },
	{ "Arc", read_arc },
	{ "ArcString", read_arc },
	{ "Circle", read_circle },
	{ "CircleByCenterPoint", read_circle_by_centre },
};

static bool read_segment(struct pp_gml *gml, struct pp_path *path)
{
	for (const struct curve_reader *r = segments; r < segments + PP_LENGTH(segments); r++) {
		struct pp_path piece;

		if (!pp_xml_is(gml->xml, r->name))
			continue;
		piece = pp_path_make(gml->xml->arena);
		return r->read(gml, &piece) && join(gml, path, &piece);
	}
	return pp_fault(gml->fault, PP_geometry_malformed,
		"A curve has a segment \"%.*s\" in line %d, which is not read here.",
		(int)(gml->xml->name.len < 60 ? gml->xml->name.len : 60), gml->xml->name.at,
		pp_xml_line(gml->xml));
}

static bool read_segments(struct pp_gml *gml, struct pp_path *path)
{
	int depth = gml->xml->depth;

	while (pp_xml_child(gml->xml, depth)) {
		int inner = gml->xml->depth;

		if (!pp_xml_is(gml->xml, "segments"))
			continue;
		while (pp_xml_child(gml->xml, inner))
			if (!read_segment(gml, path))
				return false;
	}
	return !gml->xml->failed;
}

/* CompositeCurve and Ring: curves one behind the other. */
static bool read_chain(struct pp_gml *gml, struct pp_path *path)
{
	int depth = gml->xml->depth;

	while (pp_xml_child(gml->xml, depth))
		if ((pp_xml_is(gml->xml, "curveMember") || pp_xml_is(gml->xml, "curveMembers")) &&
			!read_curve_property(gml, path))
			return false;
	return !gml->xml->failed;
}

static bool read_orientable(struct pp_gml *gml, struct pp_path *path)
{
	bool reversed = pp_slice_is(pp_xml_attribute(gml->xml, "orientation"), PP_S("-"));
	int depth = gml->xml->depth;

	while (pp_xml_child(gml->xml, depth))
		if (pp_xml_is(gml->xml, "baseCurve") && !read_curve_property(gml, path))
			return false;
	if (reversed)
		pp_path_reverse(path);
	return !gml->xml->failed;
}

static const struct curve_reader curves[] = {
	{ "LinearRing", read_line },
	{ "LineString", read_line },
	{ "Curve", read_segments },
	{ "Ring", read_chain },
	{ "CompositeCurve", read_chain },
	{ "OrientableCurve", read_orientable },
};

static const struct curve_reader *find_curve(const struct pp_xml *xml)
{
	for (const struct curve_reader *r = curves; r < curves + PP_LENGTH(curves); r++)
		if (pp_xml_is(xml, r->name))
			return r;
	return NULL;
}

bool pp_gml_is_curve(const struct pp_xml *xml)
{
	return find_curve(xml);
}

bool pp_gml_curve(struct pp_gml *gml, struct pp_path *path)
{
	const struct curve_reader *reader = find_curve(gml->xml);

	if (reader)
		return reader->read(gml, path);
	return pp_fault(gml->fault, PP_geometry_malformed,
		"A curve was expected in line %d, but there is \"%.*s\".", pp_xml_line(gml->xml),
		(int)(gml->xml->name.len < 60 ? gml->xml->name.len : 60), gml->xml->name.at);
}
