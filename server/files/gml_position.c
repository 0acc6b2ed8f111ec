/* SPDX-License-Identifier: EUPL-1.2 */
/* Coordinates of GML: their CRS, their dimension, their text. */
#include <pp/geo/crs.h>
#include <stdlib.h>

#include "gml.h"

/*
 * The EPSG code of an srsName and whether its first coordinate points north: short names
 * ("EPSG:31467") mean east first unless they count in degrees, names of authorities mean what the
 * authority says. 0 for a CRS that is not known.
 */
static uint32_t crs_of(struct pp_slice srs_name, bool *north_first)
{
	int code = pp_crs_named(srs_name);
	const struct pp_crs_row *row = code ? pp_crs_row(code) : NULL;
	bool is_short = !pp_slice_starts(srs_name, PP_S("urn:ogc:")) &&
		!pp_slice_starts(srs_name, PP_S("http"));

	if (!row)
		return 0;
	/* The files of German planning software with "EPSG:31467" all have the easting first. */
	*north_first = row->north_first && (row->degrees || !is_short);
	return code == PP_CRS84 ? 4326 : (uint32_t)code;
}

void pp_gml_measure(struct pp_gml *gml, uint32_t epsg)
{
	const struct pp_crs_row *row = pp_crs_row((int)epsg);

	gml->epsg = epsg;
	pp_shape_measure(gml->shape, row && row->degrees ? PP_SHAPE_DEGREES : PP_SHAPE_METRES);
}

/* All coordinates of a geometry are in one CRS. */
static bool find_crs(struct pp_gml *gml)
{
	struct pp_slice name = pp_xml_inherited(gml->xml, "srsName");
	bool north_first = false;
	uint32_t epsg;

	if (!name.len)
		name = gml->default_srs;
	if (gml->epsg && pp_slice_is(name, gml->srs))
		return true;
	if (!name.len)
		return pp_fault(gml->fault, PP_crs_unknown,
			"The geometry in line %d names no CRS (srsName).", pp_xml_line(gml->xml));
	epsg = crs_of(name, &north_first);
	if (!epsg)
		return pp_fault(gml->fault, PP_crs_unknown,
			"The CRS \"%.*s\" in line %d is not known.",
			(int)(name.len < 80 ? name.len : 80), name.at, pp_xml_line(gml->xml));
	if (gml->epsg && gml->epsg != epsg)
		return pp_fault(gml->fault, PP_crs_unknown,
			"The geometry mixes EPSG:%u and EPSG:%u in line %d.", gml->epsg, epsg,
			pp_xml_line(gml->xml));
	pp_gml_measure(gml, epsg);
	gml->north_first = north_first;
	gml->srs = pp_copy(gml->xml->arena, name);
	return true;
}

static bool is_separator(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',';
}

/* The next number of a list (XML Schema double without INF and NaN); false at its end. */
static bool scan_number(struct pp_slice *rest, double *value, bool *is_bad)
{
	char digits[64], *end;
	size_t len = 0;

	while (rest->len && is_separator(*rest->at))
		*rest = pp_slice(rest->at + 1, rest->len - 1);
	while (len < rest->len && !is_separator(rest->at[len]))
		len++;
	if (len == 0)
		return false;
	*is_bad = len >= sizeof(digits);
	for (size_t i = 0; i < len && !*is_bad; i++) {
		digits[i] = rest->at[i];
		*is_bad = !strchr("0123456789+-.eE", digits[i]) || digits[i] == '\0';
	}
	if (!*is_bad) {
		digits[len] = '\0';
		*value = strtod(digits, &end); /* the locale is never set: "C" */
		*is_bad = *end != '\0';
	}
	rest->at += len;
	rest->len -= len;
	return true;
}

static bool refuse_numbers(struct pp_gml *gml, const char *what)
{
	return pp_fault(
		gml->fault, PP_geometry_malformed, "%s in line %d.", what, pp_xml_line(gml->xml));
}

static bool add_position(struct pp_gml *gml, struct pp_path *path, const double *xyz)
{
	if (pp_path_count(path) >= gml->shape->vertices_max)
		return pp_fault(gml->fault, PP_geometry_too_large,
			"The geometry has more than %u vertices; simplify it or split the plan.",
			gml->shape->vertices_max);
	pp_path_add(path, xyz[gml->north_first], xyz[!gml->north_first]);
	return true;
}

/* Numbers in groups of that many; 0 means one position of two or three. */
static bool add_positions(
	struct pp_gml *gml, struct pp_slice text, size_t dimension, struct pp_path *path)
{
	double xyz[3] = { 0 };
	size_t filled = 0;
	bool is_bad;

	while (scan_number(&text, &xyz[filled], &is_bad)) {
		if (is_bad)
			return refuse_numbers(gml, "A coordinate is not a number");
		if (++filled < (dimension ? dimension : 3))
			continue;
		gml->dropped_z |= filled == 3;
		filled = 0;
		if (!add_position(gml, path, xyz))
			return false;
	}
	if (filled == 2 && dimension == 0)
		return add_position(gml, path, xyz);
	return filled == 0 ? true : refuse_numbers(gml, "A position is incomplete");
}

static bool read_list(struct pp_gml *gml, struct pp_path *path)
{
	struct pp_slice said = pp_xml_inherited(gml->xml, "srsDimension");
	uint64_t dimension = 2;

	if (said.len && (!pp_slice_u64(said, &dimension) || dimension < 2 || dimension > 3))
		return refuse_numbers(gml, "An srsDimension is neither 2 nor 3");
	return add_positions(gml, pp_xml_text(gml->xml), dimension, path);
}

/* GML 2: x,y x,y with other characters for comma, blank and point on request. */
static bool read_coordinates(struct pp_gml *gml, struct pp_path *path)
{
	struct pp_slice cs = pp_xml_attribute(gml->xml, "cs");
	struct pp_slice ts = pp_xml_attribute(gml->xml, "ts");
	struct pp_slice decimal = pp_xml_attribute(gml->xml, "decimal");
	struct pp_slice text, position;
	size_t blank;

	if ((cs.len && !pp_slice_is(cs, PP_S(","))) || ts.len ||
		(decimal.len && !pp_slice_is(decimal, PP_S("."))))
		return refuse_numbers(gml, "Coordinates have separators that are not read here");
	text = pp_xml_text(gml->xml);
	while (text.len) {
		for (blank = 0; blank < text.len &&
			(text.at[blank] == ',' || !is_separator(text.at[blank]));)
			blank++;
		position = pp_slice(text.at, blank);
		if (position.len && !add_positions(gml, position, 0, path))
			return false;
		blank += blank < text.len;
		text.at += blank;
		text.len -= blank;
	}
	return true;
}

static bool read_point(struct pp_gml *gml, struct pp_path *path)
{
	int depth = gml->xml->depth;

	while (pp_xml_child(gml->xml, depth))
		if (pp_xml_is(gml->xml, "Point") && !pp_gml_positions(gml, path))
			return false;
	return !gml->xml->failed;
}

bool pp_gml_position(struct pp_gml *gml, struct pp_path *path)
{
	if (pp_xml_is(gml->xml, "posList"))
		return find_crs(gml) && read_list(gml, path);
	if (pp_xml_is(gml->xml, "pos"))
		return find_crs(gml) && add_positions(gml, pp_xml_text(gml->xml), 0, path);
	if (pp_xml_is(gml->xml, "coordinates"))
		return find_crs(gml) && read_coordinates(gml, path);
	if (pp_xml_is(gml->xml, "pointProperty") || pp_xml_is(gml->xml, "pointRep"))
		return read_point(gml, path);
	return true;
}

bool pp_gml_positions(struct pp_gml *gml, struct pp_path *path)
{
	int depth = gml->xml->depth;

	while (pp_xml_child(gml->xml, depth))
		if (!pp_gml_position(gml, path))
			return false;
	return !gml->xml->failed;
}
