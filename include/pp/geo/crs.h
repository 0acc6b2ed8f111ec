/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Coordinate reference systems at the edges (design D9). Every CRS is an EPSG code; CRS84 (WGS 84
 * with longitude first, RFC 7946 §4) has no EPSG code and is PP_CRS84. Axis order is asked for at
 * each call, because GeoJSON and files read by GDAL say east first whatever the CRS defines, and
 * GML and named CRSs say what the authority defines (EPSG:4326: latitude first).
 */
#include <pp/geo/geo.h>

enum { PP_CRS84 = 84, PP_UTM32 = 25832 };

enum pp_axes {
	PP_AXES_EAST_NORTH, /* x east or longitude, y north or latitude */
	PP_AXES_AUTHORITY   /* in the order that the CRS itself defines */
};

struct pp_crs_row {
	int code;
	const char *name;
	bool north_first; /* by the authority's definition */
	bool degrees;
	const char *steps; /* of a PROJ pipeline: from it, east first, to ETRS89 in radians */
};

/* The row of a code, or NULL when this program does not know the CRS. */
const struct pp_crs_row *pp_crs_row(int code);
/* All rows, for messages and capabilities. */
const struct pp_crs_row *pp_crs_rows(size_t *count);

/*
 * The code of a spelling: "EPSG:25832", "25832", "urn:ogc:def:crs:EPSG::25832", with a version,
 * "http://www.opengis.net/def/crs/EPSG/0/25832", ".../gml/srs/epsg.xml#25832", "[EPSG:25832]",
 * CRS84 in its spellings, and AdV's names ("urn:adv:crs:ETRS89_UTM32"). 0 when unknown.
 */
int pp_crs_named(struct pp_slice name);

/*
 * The geometry in EPSG:25832, in the arena. Refuses with crs_unknown; with geometry_out_of_area
 * when it does not lie in or near Germany (2.0 to 18.5 degrees east, 44.0 to 58.5 north; the
 * sentence says so when it would with its axes swapped).
 */
PP_CHECKED bool pp_crs_read(struct pp_geo *geo, struct pp_arena *arena, int code, enum pp_axes axes,
	struct pp_slice wkb, struct pp_slice *out, struct pp_fault *fault);

/* The other way, for output: EPSG:25832 to that CRS. Refuses with crs_unknown. */
PP_CHECKED bool pp_crs_write(struct pp_geo *geo, struct pp_arena *arena, int code,
	enum pp_axes axes, struct pp_slice wkb, struct pp_slice *out, struct pp_fault *fault);

/*
 * ETRS89 / UTM zone 32N and back in pure C, for any process and without a context: Krüger's series
 * to the sixth order (Karney 2011), within 1 µm of PROJ in Germany. ETRS89 counts as WGS 84.
 */
void pp_utm32_read(double lon, double lat, double *east, double *north);
void pp_utm32_write(double east, double north, double *lon, double *lat);

/*
 * How much longer than on the ground a metre is on the grid at that place: 0.9996 on the central
 * meridian, 1.0018 at Germany's eastern end. Right within 3e-8 up to 500 km from the meridian.
 */
double pp_utm32_scale(double east, double north);

/* Sets the fault's places from a coordinate of that CRS, for CRSs that need no PROJ (CRS84, 4326,
 * 4258, 25832). */
void pp_crs_place(struct pp_fault *fault, int code, enum pp_axes axes, double x, double y);
