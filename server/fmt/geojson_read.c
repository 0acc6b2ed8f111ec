/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/fmt/geojson.h>

#include <math.h>
#include <stdio.h>

#include "geojson_coordinates.h"

/* What an object may be, and what it then holds. */
enum kind { NONE, POINT, LINE, POLYGON, POINTS, LINES, POLYGONS, COLLECTION, FEATURE, FEATURES };
enum has { HAS_COORDINATES = 1, HAS_GEOMETRIES = 2, HAS_GEOMETRY = 4, HAS_FEATURES = 8 };

static const struct {
	const char *name;
	unsigned has;
} kinds[] = {
	[NONE] = { "", 0 },
	[POINT] = { "Point", HAS_COORDINATES },
	[LINE] = { "LineString", HAS_COORDINATES },
	[POLYGON] = { "Polygon", HAS_COORDINATES },
	[POINTS] = { "MultiPoint", HAS_COORDINATES },
	[LINES] = { "MultiLineString", HAS_COORDINATES },
	[POLYGONS] = { "MultiPolygon", HAS_COORDINATES },
	[COLLECTION] = { "GeometryCollection", HAS_GEOMETRIES },
	[FEATURE] = { "Feature", HAS_GEOMETRY },
	[FEATURES] = { "FeatureCollection", HAS_FEATURES },
};

struct reader {
	struct pp_json_text in;
	struct pp_arena *arena;
	struct pp_geojson *result;
	struct pp_fault *fault;
	struct pp_buf *wkb;
	struct pp_coordinates coordinates;
	unsigned collections; /* that we are in */
	bool has_crs;
	char pointer[sizeof(((struct pp_fault *)0)->pointer)];
	size_t pointer_len;
};

struct object {
	enum kind kind;
	unsigned has;
	unsigned allowed; /* bit per kind */
	struct pp_json_names names;
};

#define GEOMETRIES (0xffu & ~1u)
#define ANY        (GEOMETRIES | 1u << FEATURE | 1u << FEATURES)

static bool read_object(struct reader *r, unsigned allowed);

/* Refuses at the pointer of the object being read; returns false. */
static bool refuse(struct reader *r, enum pp_problem problem, const char *what)
{
	pp_fault(r->fault, problem, "%s", what);
	memcpy(r->fault->pointer, r->pointer, sizeof(r->pointer));
	return false;
}

/* Descends into a member or an element; the old length brings the pointer back. A deep one is cut.
 */
static size_t descend(struct reader *r, const char *step)
{
	size_t before = r->pointer_len;
	int more = snprintf(r->pointer + before, sizeof(r->pointer) - before, "/%s", step);

	PP_MUST(more > 0);
	if (before + (size_t)more < sizeof(r->pointer))
		r->pointer_len += (size_t)more;
	return before;
}

static void ascend(struct reader *r, size_t before)
{
	r->pointer_len = before;
	r->pointer[before] = '\0';
}

/* "1 of the coordinates is wrong": adds where in the coordinates, and the coordinate itself. */
static bool refuse_coordinates(struct reader *r)
{
	const struct pp_coordinates *c = &r->coordinates;
	size_t before = r->pointer_len;
	char step[16];

	if (c->problem == PP_no_problem)
		return false; /* no JSON at all: the fault names line and column */
	descend(r, "coordinates");
	for (unsigned i = 0; i < c->fault_depth; i++) {
		snprintf(step, sizeof(step), "%u", c->fault_index[i]);
		descend(r, step);
	}
	refuse(r, c->problem, c->what);
	ascend(r, before);
	if (c->has_position) {
		r->result->has_position = true;
		r->result->x = c->x;
		r->result->y = c->y;
		snprintf(r->fault->detail + strlen(r->fault->detail),
			sizeof(r->fault->detail) - strlen(r->fault->detail), " at %.12g %.12g",
			c->x, c->y);
	}
	return false;
}

static void write_header(struct reader *r, uint32_t type)
{
	pp_buf_u8(r->wkb, 1);
	pp_buf_u32(r->wkb, type);
}

static bool read_type(struct reader *r, struct object *o)
{
	struct pp_slice raw;

	if (pp_json_text_peek(&r->in) != '"')
		return refuse(r, PP_geometry_malformed, "\"type\" is not a string");
	if (!pp_json_text_string(&r->in, &raw))
		return false;
	for (unsigned i = POINT; i <= FEATURES; i++)
		if (pp_json_text_is(raw, pp_slice_of(kinds[i].name)))
			o->kind = (enum kind)i;
	if (o->kind == NONE)
		return refuse(r, PP_geometry_malformed,
			"\"type\" is none of GeoJSON's (RFC 7946 §1.4); they are case-sensitive");
	if (!(o->allowed & 1u << o->kind))
		return refuse(
			r, PP_geometry_malformed, "this type of GeoJSON object cannot stand here");
	return true;
}

static bool read_coordinates(struct reader *r)
{
	if (pp_json_text_peek(&r->in) != '[')
		return refuse(r, PP_geometry_malformed, "\"coordinates\" is not an array");
	return pp_coordinates_read(&r->coordinates, &r->in) || refuse_coordinates(r);
}

/* Children go straight into the output, behind a header whose count is filled in at the end. */
static bool read_geometries(struct reader *r)
{
	size_t count_at, before;
	uint32_t count = 0;
	char step[16];
	bool more;

	if (pp_json_text_peek(&r->in) != '[')
		return refuse(r, PP_geometry_malformed, "\"geometries\" is not an array");
	if (r->collections == PP_WKB_DEPTH_MAX)
		return refuse(r, PP_geometry_malformed,
			"geometry collections are nested deeper than 4 levels");
	r->collections++;
	write_header(r, PP_WKB_COLLECTION);
	count_at = r->wkb->len;
	pp_buf_u32(r->wkb, 0);
	before = descend(r, "geometries");
	if (!pp_json_text_enter(&r->in, '[', ']', &more))
		return false;
	if (!more)
		return refuse(r, PP_geometry_empty, "the collection is empty");
	while (more) {
		size_t outer = r->pointer_len;

		snprintf(step, sizeof(step), "%u", count++);
		descend(r, step);
		if (!read_object(r, GEOMETRIES) || !pp_json_text_next(&r->in, ']', &more))
			return false;
		ascend(r, outer);
	}
	ascend(r, before);
	r->collections--;
	for (unsigned i = 0; i < 4; i++)
		r->wkb->at[count_at + i] = (char)(count >> (8 * i));
	return true;
}

static bool read_geometry(struct reader *r)
{
	size_t before = descend(r, "geometry");

	if (pp_json_text_peek(&r->in) == 'n')
		return pp_json_text_skip(&r->in) &&
			refuse(r, PP_geometry_empty, "the feature has no geometry");
	if (!read_object(r, GEOMETRIES))
		return false;
	ascend(r, before);
	return true;
}

static bool read_features(struct reader *r)
{
	size_t before = descend(r, "features");
	size_t outer;
	bool more;

	if (pp_json_text_peek(&r->in) != '[')
		return refuse(r, PP_geometry_malformed, "\"features\" is not an array");
	if (!pp_json_text_enter(&r->in, '[', ']', &more))
		return false;
	if (!more)
		return refuse(r, PP_geometry_empty, "the collection has no feature");
	outer = descend(r, "0");
	if (!read_object(r, 1u << FEATURE) || !pp_json_text_next(&r->in, ']', &more))
		return false;
	ascend(r, outer);
	if (more)
		return refuse(r, PP_plan_ambiguous,
			"the collection has several features: send one of them");
	ascend(r, before);
	return true;
}

/* "properties" of a "crs": {"name": text}, or {"code": number} in older files. */
static bool read_crs_name(struct reader *r)
{
	struct pp_slice name, raw;
	struct pp_buf *text;
	double code;
	bool more;

	if (pp_json_text_peek(&r->in) != '{')
		return refuse(r, PP_crs_unknown, "\"crs\" has no \"properties\"");
	if (!pp_json_text_enter(&r->in, '{', '}', &more))
		return false;
	while (more) {
		char first;

		if (!pp_json_text_name(&r->in, &name))
			return false;
		first = pp_json_text_peek(&r->in);
		if (first == '"' && pp_json_text_is(name, PP_S("name"))) {
			if (!pp_json_text_string(&r->in, &raw))
				return false;
			text = pp_buf_make(r->arena);
			pp_json_text_decode(raw, text);
			r->result->crs = pp_buf_all(text);
		} else if (first >= '0' && first <= '9' && pp_json_text_is(name, PP_S("code"))) {
			if (!pp_json_text_number(&r->in, &code))
				return false;
			r->result->crs = pp_format(r->arena, "EPSG:%.0f", code);
		} else if (!pp_json_text_skip(&r->in)) {
			return false;
		}
		if (!pp_json_text_next(&r->in, '}', &more))
			return false;
	}
	return true;
}

/* GeoJSON 2008 §3: {"type": "name", "properties": {"name": …}}. RFC 7946 §4 lets it be agreed on.
 */
static bool read_crs(struct reader *r)
{
	size_t before = descend(r, "crs");
	struct pp_slice name;
	bool more;

	if (r->has_crs)
		return refuse(r, PP_geometry_malformed, "\"crs\" stands here a second time");
	r->has_crs = true;
	if (pp_json_text_peek(&r->in) != '{')
		return pp_json_text_skip(&r->in) &&
			refuse(r, PP_crs_unknown, "\"crs\" names no coordinate reference system");
	if (!pp_json_text_enter(&r->in, '{', '}', &more))
		return false;
	while (more) {
		if (!pp_json_text_name(&r->in, &name))
			return false;
		if (!(pp_json_text_is(name, PP_S("properties")) ? read_crs_name(r)
								: pp_json_text_skip(&r->in)))
			return false;
		if (!pp_json_text_next(&r->in, '}', &more))
			return false;
	}
	if (!r->result->crs.len)
		return refuse(r, PP_crs_unknown, "\"crs\" names no coordinate reference system");
	ascend(r, before);
	return true;
}

/* Members that are not GeoJSON's are checked and skipped (RFC 7946 §6.1). */
static bool read_member(struct reader *r, struct object *o)
{
	struct pp_slice name;

	if (!pp_json_text_name(&r->in, &name) || !pp_json_names_add(&o->names, &r->in, name))
		return false;
	if (pp_json_text_is(name, PP_S("type")))
		return read_type(r, o);
	if (pp_json_text_is(name, PP_S("crs")))
		return read_crs(r);
	if (pp_json_text_is(name, PP_S("coordinates"))) {
		o->has |= HAS_COORDINATES;
		return read_coordinates(r);
	}
	if (pp_json_text_is(name, PP_S("geometries")) && o->allowed & 1u << COLLECTION) {
		o->has |= HAS_GEOMETRIES;
		return read_geometries(r);
	}
	if (pp_json_text_is(name, PP_S("geometry")) && o->allowed & 1u << FEATURE) {
		o->has |= HAS_GEOMETRY;
		return read_geometry(r);
	}
	if (pp_json_text_is(name, PP_S("features")) && o->allowed & 1u << FEATURES) {
		o->has |= HAS_FEATURES;
		return read_features(r);
	}
	return pp_json_text_skip(&r->in);
}

/* RFC 7946 §7.1: an object of one type must not carry the defining members of another. */
static bool end_object(struct reader *r, const struct object *o)
{
	if (o->kind == NONE)
		return refuse(r, PP_geometry_malformed, "a GeoJSON object without \"type\"");
	if (o->has & ~kinds[o->kind].has)
		return refuse(r, PP_geometry_malformed,
			"the object has members of another type of GeoJSON object");
	if (!o->has) {
		const char *what = o->kind < COLLECTION ? "\"coordinates\" are missing"
			: o->kind == COLLECTION         ? "\"geometries\" are missing"
			: o->kind == FEATURE            ? "the feature has no \"geometry\""
							: "\"features\" are missing";

		return refuse(r, PP_geometry_malformed, what);
	}
	if (o->kind < COLLECTION)
		return pp_coordinates_write(&r->coordinates, (enum pp_wkb_type)o->kind, r->wkb) ||
			refuse_coordinates(r);
	return true;
}

static bool read_object(struct reader *r, unsigned allowed)
{
	struct object o = { .allowed = allowed };
	bool more;

	if (pp_json_text_peek(&r->in) != '{')
		return r->in.at == r->in.end
			? pp_json_text_broken(&r->in, "the text ends too early")
			: refuse(r, PP_geometry_malformed, "expected a GeoJSON object");
	if (!pp_json_text_enter(&r->in, '{', '}', &more))
		return false;
	while (more)
		if (!read_member(r, &o) || !pp_json_text_next(&r->in, '}', &more))
			return false;
	return end_object(r, &o);
}

bool pp_geojson_read(struct pp_arena *arena, struct pp_slice text, uint32_t vertices_max,
	struct pp_geojson *out, struct pp_fault *fault)
{
	struct reader r = { .arena = arena, .result = out, .fault = fault };

	*out = (struct pp_geojson){ 0 };
	pp_json_text_begin(&r.in, text, fault);
	r.wkb = pp_buf_make(arena);
	pp_coordinates_begin(&r.coordinates, arena, vertices_max);
	if (!read_object(&r, ANY) || !pp_json_text_is_over(&r.in))
		return false;
	out->dropped_z = r.coordinates.dropped_z;
	out->wkb = pp_buf_all(r.wkb);
	/* What leaves here passes the same check as geometry from anywhere else. */
	return pp_wkb_check(out->wkb, vertices_max, &out->facts, fault);
}
