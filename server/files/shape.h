/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * A geometry on its way from a file to WKB. Readers begin a part (a point, a line, a polygon), add
 * positions ring by ring and end it; parts of one dimension become one multi-geometry. The shape
 * holds what every reader must refuse in the same words: numbers that are none, rings that do not
 * close, too many vertices. Coordinates are east and north of the file's CRS.
 */
#include <pp/base/buf.h>
#include <pp/base/problem.h>

/* Positions of a curve before it is part of anything: x y x y… */
struct pp_path {
	struct pp_buf *xy;
};

struct pp_path pp_path_make(struct pp_arena *arena);
size_t pp_path_count(const struct pp_path *path);
void pp_path_at(const struct pp_path *path, size_t i, double *x, double *y);
void pp_path_add(struct pp_path *path, double x, double y);
void pp_path_reverse(struct pp_path *path);

struct pp_shape {
	struct pp_buf *parts; /* WKB of each part, one behind the other */
	uint32_t points, lines, polygons;
	uint32_t vertices, vertices_max;
	double joint; /* ends nearer than this meet: 1 mm, in units of the CRS */
	double chord; /* PP_FILEJOB_CHORD in units of the CRS */
	/* How often ends that did not meet exactly were taken as meeting, for a warning. */
	uint32_t joints;
	double widest;
	/* The place of a fault in the CRS of the file, for whoever knows that CRS. */
	bool has_place;
	double x, y;
	/* private */
	size_t ring_count_at, rings;
};

enum pp_shape_units { PP_SHAPE_METRES, PP_SHAPE_DEGREES };

void pp_shape_begin(struct pp_shape *shape, struct pp_arena *arena, uint32_t vertices_max);
/* The units of the coordinates to come; metres until said. */
void pp_shape_measure(struct pp_shape *shape, enum pp_shape_units units);

/* Every function refuses with geometry_malformed, geometry_empty or geometry_too_large. */
PP_CHECKED bool pp_shape_point(struct pp_shape *shape, double x, double y, struct pp_fault *fault);
PP_CHECKED bool pp_shape_line(
	struct pp_shape *shape, const struct pp_path *path, struct pp_fault *fault);
void pp_shape_polygon_begin(struct pp_shape *shape);
/*
 * The first ring is the shell. Its first and last positions are equal or nearer than the joint, and
 * then made equal.
 */
PP_CHECKED bool pp_shape_ring(struct pp_shape *shape, struct pp_path *path, struct pp_fault *fault);
void pp_shape_polygon_end(struct pp_shape *shape);
/* Takes over the parts of another shape with the same limits. */
PP_CHECKED bool pp_shape_take(
	struct pp_shape *shape, const struct pp_shape *other, struct pp_fault *fault);

bool pp_shape_is_empty(const struct pp_shape *shape);
/* One part is itself, parts of one dimension are a multi-geometry, others a collection. */
void pp_shape_write(const struct pp_shape *shape, struct pp_buf *out);

/*
 * Puts a curve behind a path whose end it must meet: nearer than the joint, and the doubled
 * position is then left out. An empty path takes the curve as it is.
 */
PP_CHECKED bool pp_shape_join(struct pp_shape *shape, struct pp_path *path,
	const struct pp_path *curve, struct pp_fault *fault);

/*
 * Chords for the arc through three positions, of which the first is the path's last: adds positions
 * up to b and on to c, both exactly. The chords stay within shape->chord of the arc, and are the
 * same positions in reverse when the arc is read from its other end. Three positions in a line are
 * two chords; c equal to the first is a full circle through b as its opposite point.
 */
PP_CHECKED bool pp_shape_arc(struct pp_shape *shape, struct pp_path *path, double bx, double by,
	double cx, double cy, struct pp_fault *fault);
/* A full circle, counter-clockwise from its eastmost position, closed. */
PP_CHECKED bool pp_shape_circle(struct pp_shape *shape, struct pp_path *path, double x, double y,
	double radius, struct pp_fault *fault);

/*
 * ISO WKB as GDAL writes it, curves included (ISO 19125-1 and SQL/MM types 1 to 17 without Z or M),
 * into the shape. Collections are opened; a closed surface of patches gives its patches.
 */
PP_CHECKED bool pp_shape_wkb(struct pp_shape *shape, struct pp_arena *arena, struct pp_slice wkb,
	struct pp_fault *fault);
