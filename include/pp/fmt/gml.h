/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Geometries in GML 3.2 (OGC 07-036), 3.1 (03-105r1) and 2.1 (02-069), as far as they consist of
 * straight lines: Point, LineString, Curve, OrientableCurve and CompositeCurve of
 * LineStringSegments, Polygon, Surface of PolygonPatches, CompositeSurface, the Multi… of every
 * version, MultiGeometry, Envelope and Box. Positions stand in pos, posList, coordinates or coord.
 * Heights are left out.
 */
#include <pp/fmt/element.h>
#include <pp/fmt/filter.h>
#include <pp/fmt/wkb.h>

struct pp_gml {
	struct pp_slice srs; /* the CRS as it was named; empty: nobody has named one */
	bool east_first; /* that spelling means east or longitude first, whatever the CRS says */
	bool dropped_z;
	bool is_envelope; /* then shape is its polygon, and box holds its corners */
	double box[4];    /* the lower corner, the upper corner */
	struct pp_filter_shape *shape;
};

/* What stands around a geometry and says how it is to be read. */
struct pp_gml_how {
	struct pp_slice document; /* in which the element lies, for the place of a fault */
	struct pp_slice srs;      /* of geometries that name none themselves; may be empty */
	bool east_first;          /* WFS 1.0: EPSG:4326 means longitude first */
	uint32_t vertices_max;
};

/* Whether it is a geometry that can be read. */
bool pp_gml_is_geometry(const struct pp_element *element);
/*
 * Reads it. Refuses with geometry_malformed, geometry_empty, geometry_invalid (rings and lines),
 * geometry_too_large or crs_unknown (two CRSs in one geometry), with line and column.
 */
PP_CHECKED bool pp_gml_read(struct pp_arena *arena, const struct pp_element *element,
	const struct pp_gml_how *how, struct pp_gml *out, struct pp_fault *fault);
