/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Coordinate reference systems of the GIS endpoints (OGC 18-058r1): what is offered, how each is
 * named, and boxes and geometries on their way in and out. Storage is EPSG:25832.
 */
#include <pp/feature/collection.h>
#include <pp/geo/crs.h>

/* CRS84 first, which is the default; then the CRS of storage, because clients take the first that
 * they can. */
#define PP_FEATURE_CRS 6
extern const int pp_feature_crs[PP_FEATURE_CRS];

/* Its URI (OGC 18-058r1 §6.2): http://www.opengis.net/def/crs/…; empty for one that is not offered.
 */
struct pp_slice pp_crs_uri(struct pp_arena *arena, int code);
/* The same as a URN (OGC 09-048r3): urn:ogc:def:crs:… */
struct pp_slice pp_crs_urn(struct pp_arena *arena, int code);
/* The code that a client names in whatever spelling; 0 for one that is not offered. */
int pp_crs_offered(struct pp_slice name);

/* Decimals that are a millimetre. */
unsigned pp_crs_decimals(int code);

/* West, south, east, north. */
struct pp_bounds {
	double west, south, east, north;
};
/* Germany with its waters and some way around it, in degrees: as much as pp_crs_read takes. Nothing
 * here lies elsewhere. */
extern const struct pp_bounds pp_feature_region;

/*
 * What a box covers (OGC 17-069r4 §7.15.3), as areas in EPSG:25832: minx, miny, maxx, maxy in the
 * order of the CRS's axes. In degrees west may be larger than east: then it crosses the
 * antimeridian. Far from Germany there is nothing to be met, so what lies there is cut off; an
 * empty area is left of a box that lies there altogether.
 */
struct pp_slice pp_box_area(struct pp_geo *geo, struct pp_arena *arena, int code, enum pp_axes axes,
	const double box[4]);

/*
 * A rectangle of which every box of floats, as GiST has them, lies within that area; at == NULL
 * where none is known. What lies in it needs no exact question.
 */
struct pp_slice pp_box_inside(struct pp_arena *arena, struct pp_slice area);

/* Whether a box begins with its lower corner; in degrees west may be larger than east, in whatever
 * order the axes come. */
bool pp_box_fits(int code, enum pp_axes axes, const double box[4]);

/* A geometry as it is written in that CRS: itself where nothing is to be done. */
struct pp_slice pp_feature_place(struct pp_geo *geo, struct pp_arena *arena, int code,
	enum pp_axes axes, struct pp_slice wkb);
