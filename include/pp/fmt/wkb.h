/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Well-known binary of ISO 19125-1 §8.2: little-endian, two dimensions, types 1 to 7, no SRID. It
 * is the one form in which geometry travels inside this program. What comes from elsewhere (a file
 * job, PostgreSQL, another process) is checked once with pp_wkb_check; everything behind that call
 * may rely on it. Nothing here knows a CRS and nothing here judges topology.
 */
#include <pp/base/problem.h>

enum pp_wkb_type {
	PP_WKB_POINT = 1,
	PP_WKB_LINE,
	PP_WKB_POLYGON,
	PP_WKB_POINTS,
	PP_WKB_LINES,
	PP_WKB_POLYGONS,
	PP_WKB_COLLECTION
};

enum {
	PP_WKB_VERTICES_MAX = 200000, /* of a plan; a municipality may have more */
	PP_WKB_DEPTH_MAX = 4,         /* collections within collections */
	PP_WKB_MIXED = 3              /* a dimension: of several dimensions */
};

struct pp_wkb_facts {
	enum pp_wkb_type type;
	int dimension; /* 0 points, 1 lines, 2 areas or PP_WKB_MIXED */
	uint32_t vertices;
	uint32_t parts; /* points, lines and polygons, at whatever depth */
	double min_x, min_y, max_x, max_y;
};

/*
 * Walks the whole of it once: byte order, types, counts against the bytes that are left, nesting,
 * finite coordinates no larger than 1e9, closed rings of four positions or more, lines of two or
 * more, nothing behind the end, no empty part. Refuses with geometry_malformed, geometry_empty,
 * geometry_invalid (rings and lines) or geometry_too_large. The fault has no pointer; coordinates
 * stand in its sentence.
 */
PP_CHECKED bool pp_wkb_check(struct pp_slice wkb, uint32_t vertices_max, struct pp_wkb_facts *facts,
	struct pp_fault *fault);

/*
 * Reading a checked geometry in order, for writers. OPEN begins a geometry (type; count = its
 * parts, rings or positions), POSITIONS gives a point, a line or one ring (count positions, x and y
 * as doubles that need not be aligned), CLOSE ends the geometry of that type, END is the end of
 * all. A walk over what was not checked aborts at the first byte too few.
 */
enum pp_wkb_event { PP_WKB_END, PP_WKB_OPEN, PP_WKB_POSITIONS, PP_WKB_CLOSE };

struct pp_wkb_walk {
	enum pp_wkb_type type;
	uint32_t count;
	const unsigned char *positions;
	uint32_t index; /* OPEN: place among its siblings; POSITIONS: place among the rings */
	/* private */
	const unsigned char *at, *end;
	unsigned depth;
	struct pp_wkb_level {
		enum pp_wkb_type type;
		uint32_t count, done;
	} level[PP_WKB_DEPTH_MAX + 2]; /* collections, a multi-geometry, its part */
};

void pp_wkb_walk_begin(struct pp_wkb_walk *walk, struct pp_slice wkb);
enum pp_wkb_event pp_wkb_walk_next(struct pp_wkb_walk *walk);
/* The i-th position of a POSITIONS event. */
void pp_wkb_position(const struct pp_wkb_walk *walk, uint32_t i, double *x, double *y);
