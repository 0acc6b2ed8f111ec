/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Geometry as flat arrays: the measuring part of this room. Vertices lie one behind the other, run
 * by run (a point, a line, a ring); over every eight segments of a run stands a box, over eight
 * boxes another, up to one. What is measured here is a distance, a length or a side that lies far
 * from every edge; each result is good to a micrometre with plain doubles, so that no exact
 * predicate is needed. What needs topology (areas of overlaps, validity, unions) is left to GEOS.
 */
#include "inner.h"

enum { PP_FANOUT = 8, PP_LEVELS = 11 };

/* Two things nearer than this meet: far below a millimetre, far above the rounding of coordinates.
 */
#define PP_MEETS 1e-6

struct pp_xy {
	double x, y;
};

struct pp_box {
	double min_x, min_y, max_x, max_y;
};

struct pp_run {
	uint32_t first, count; /* vertices; a ring repeats its first one at its end */
	uint32_t boxes;        /* the first of its leaves; the levels above follow */
	uint8_t kind;          /* PP_RUN_POINT … */
	bool is_hole;
	struct pp_box box;
};

struct pp_flat {
	struct pp_xy *xy;
	struct pp_box *boxes;
	struct pp_run *runs;
	uint32_t vertex_count, box_count, run_count;
	uint32_t vertex_room, box_room, run_room;
};

/* Some consecutive runs: a plan, a municipality, one polygon of it. */
struct pp_shape {
	const struct pp_flat *flat;
	uint32_t first, count;
	struct pp_box box;
};

void pp_flat_end(struct pp_flat *flat);
/*
 * Appends a checked WKB; shells turn counter-clockwise, holes clockwise, vertices that repeat the
 * one before are left out. The shape covers what was added.
 */
struct pp_shape pp_flat_add(struct pp_flat *flat, struct pp_slice wkb);

static inline const struct pp_run *pp_shape_run(const struct pp_shape *shape, uint32_t i)
{
	return &shape->flat->runs[shape->first + i];
}

static inline const struct pp_xy *pp_run_xy(const struct pp_flat *flat, const struct pp_run *run)
{
	return flat->xy + run->first;
}

static inline bool pp_box_meets(const struct pp_box *a, const struct pp_box *b, double gap)
{
	return a->min_x - gap <= b->max_x && b->min_x - gap <= a->max_x &&
		a->min_y - gap <= b->max_y && b->min_y - gap <= a->max_y;
}

static inline double pp_box_gap2(const struct pp_box *a, const struct pp_box *b)
{
	double dx = a->min_x > b->max_x ? a->min_x - b->max_x
		: b->min_x > a->max_x   ? b->min_x - a->max_x
					: 0;
	double dy = a->min_y > b->max_y ? a->min_y - b->max_y
		: b->min_y > a->max_y   ? b->min_y - a->max_y
					: 0;

	return dx * dx + dy * dy;
}

/* The square of the distance of a point from a segment. */
static inline double pp_point_gap2(struct pp_xy p, struct pp_xy a, struct pp_xy b)
{
	double dx = b.x - a.x, dy = b.y - a.y, px = p.x - a.x, py = p.y - a.y;
	double along = px * dx + py * dy, square = dx * dx + dy * dy;
	double t = along <= 0 ? 0 : along >= square ? 1 : along / square;

	px -= t * dx;
	py -= t * dy;
	return px * px + py * py;
}

/* How many segments a run has; a point is one segment without length. */
static inline uint32_t pp_run_segments(const struct pp_run *run)
{
	return run->count > 1 ? run->count - 1 : 1;
}

/* Where the levels of a run's boxes begin and how many boxes each has. */
struct pp_levels {
	uint32_t first[PP_LEVELS], count[PP_LEVELS];
	unsigned top; /* the level of the one box over all */
};

void pp_run_levels(const struct pp_run *run, struct pp_levels *levels);

/* The area of its rings, holes taken away, m². */
double pp_shape_area(const struct pp_shape *shape);
/* Whether its rings surround the point. On an edge either answer may come. */
bool pp_shape_contains(const struct pp_shape *shape, double x, double y);

/* The ends of a shortest line between two shapes. */
struct pp_nearest {
	struct pp_xy a, b;
};

/*
 * The distance between the edges (and points) of two shapes, or `bound` when there is none below
 * it. Two areas within each other are as far apart as their edges. `at` (or NULL) says between
 * which places, where there is a distance and they do not cross.
 */
double pp_shape_gap(
	const struct pp_shape *a, const struct pp_shape *b, double bound, struct pp_nearest *at);

/*
 * How long a straight line on the grid of EPSG:25832 is on the ground (GRS80): its length divided
 * by the scale factor of the transverse Mercator projection along it, integrated by Simpson's rule.
 */
double pp_ground_length(struct pp_xy a, struct pp_xy b);
/* Whether edges or points of the two are within PP_MEETS of each other. */
bool pp_shape_touches(const struct pp_shape *a, const struct pp_shape *b);
/*
 * The distance of a point from the nearest edge. Searching ends early with any distance of at most
 * `enough`, and returns `bound` when nothing is nearer.
 */
double pp_shape_point_gap(
	const struct pp_shape *shape, double x, double y, double enough, double bound);
/* An edge of each cross more than `depth` away from all four of their ends. */
bool pp_shape_crosses(const struct pp_shape *a, const struct pp_shape *b, double depth);

/*
 * Calls visit for each segment of the shape whose box meets that box, in their order and with the
 * vertices where they lie; stops when it returns false.
 */
void pp_shape_segments(const struct pp_shape *shape, const struct pp_box *box,
	bool (*visit)(const struct pp_xy *from, const struct pp_xy *to, void *ctx), void *ctx);

/* The length of a's edges that run within so many metres of b's (boundaries.h, shared border). */
double pp_shape_border_within(const struct pp_shape *a, const struct pp_shape *b, double within);
/* The length of the lines of a plan within an area, its border included. */
double pp_shape_length_within(const struct pp_shape *lines, const struct pp_shape *area);

/*
 * The area that two shapes have in common, m². False where a vertex of one lies on an edge of the
 * other, and rounding would decide: ask GEOS then.
 */
PP_CHECKED bool pp_shape_common_area(
	const struct pp_shape *a, const struct pp_shape *b, struct pp_arena *arena, double *area);

/* A point of the shape's area that is far from its edges, for areas that are not empty. */
struct pp_xy pp_shape_inner_point(const struct pp_shape *shape);

/*
 * The part of an area within a window, as a GEOS polygon or multipolygon, NULL when nothing is
 * left. False when the frame runs through a vertex and nobody can tell on which side the area lies:
 * ask GEOS for all of it then.
 */
PP_CHECKED bool pp_shape_clip(struct pp_geo *geo, const struct pp_shape *shape,
	const struct pp_box *window, struct pp_arena *arena, GEOSGeometry **out);
/* The rings of a shape as a GEOS multipolygon. */
GEOSGeometry *pp_shape_geos(struct pp_geo *geo, const struct pp_shape *shape);

/* Boxes in a tree, packed once (Leutenegger, Lopez, Edgington 1997: sort-tile-recursive). */
struct pp_tree_item {
	struct pp_box box;
	uint32_t id;
};

struct pp_tree {
	struct pp_tree_item *items; /* the tree owns them; sorted into leaves of PP_NODE */
	struct pp_box *nodes;
	uint32_t item_count, node_count;
};

enum { PP_NODE = 16 };

/* Takes the items over (they were made by malloc). */
void pp_tree_make(struct pp_tree *tree, struct pp_tree_item *items, uint32_t count);
void pp_tree_end(struct pp_tree *tree);
void pp_tree_visit(const struct pp_tree *tree, const struct pp_box *box,
	void (*visit)(const struct pp_tree_item *item, void *ctx), void *ctx);
