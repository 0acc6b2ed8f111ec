/* SPDX-License-Identifier: EUPL-1.2 */
#include "shape.h"

#include <math.h>
#include <pp/io/filejob.h>

enum { WKB_POINT = 1, WKB_LINE, WKB_POLYGON, WKB_MULTI = 3, WKB_COLLECTION = 7 };

/* Neither a German nor any other CRS of the Earth has coordinates beyond this. */
#define LARGEST 1e9

/* A degree is at most so many metres; chords and joints in degrees are then never too coarse. */
#define METRES_PER_DEGREE 111700.0

struct pp_path pp_path_make(struct pp_arena *arena)
{
	return (struct pp_path){ pp_buf_make(arena) };
}

size_t pp_path_count(const struct pp_path *path)
{
	return path->xy->len / (2 * sizeof(double));
}

void pp_path_at(const struct pp_path *path, size_t i, double *x, double *y)
{
	double xy[2];

	memcpy(xy, path->xy->at + i * sizeof(xy), sizeof(xy));
	*x = xy[0];
	*y = xy[1];
}

void pp_path_add(struct pp_path *path, double x, double y)
{
	double xy[2] = { x, y };

	pp_buf_add(path->xy, xy, sizeof(xy));
}

void pp_path_reverse(struct pp_path *path)
{
	size_t count = pp_path_count(path);
	const size_t size = 2 * sizeof(double);

	for (size_t i = 0; i < count / 2; i++) {
		char *a = path->xy->at + i * size, *b = path->xy->at + (count - 1 - i) * size;
		char kept[2 * sizeof(double)];

		memcpy(kept, a, size);
		memcpy(a, b, size);
		memcpy(b, kept, size);
	}
}

/* Keeps the first count positions. */
static void cut_path(struct pp_path *path, size_t count)
{
	PP_MUST(count <= pp_path_count(path));
	path->xy->len = count * 2 * sizeof(double);
}

void pp_shape_begin(struct pp_shape *shape, struct pp_arena *arena, uint32_t vertices_max)
{
	*shape = (struct pp_shape){ .parts = pp_buf_make(arena), .vertices_max = vertices_max };
	pp_shape_measure(shape, PP_SHAPE_METRES);
}

void pp_shape_measure(struct pp_shape *shape, enum pp_shape_units units)
{
	double scale = units == PP_SHAPE_DEGREES ? 1 / METRES_PER_DEGREE : 1;

	shape->joint = 0.001 * scale;
	shape->chord = PP_FILEJOB_CHORD * scale;
}

static bool refuse_at(struct pp_shape *shape, double x, double y, struct pp_fault *fault,
	enum pp_problem problem, const char *what)
{
	shape->has_place = isfinite(x) && isfinite(y);
	shape->x = x;
	shape->y = y;
	return pp_fault(fault, problem, "%s (at %.3f %.3f in the file's own CRS).", what, x, y);
}

static bool count_vertices(struct pp_shape *shape, size_t more, struct pp_fault *fault)
{
	if (more > shape->vertices_max - shape->vertices)
		return pp_fault(fault, PP_geometry_too_large,
			"The geometry has more than %u vertices; simplify it or split the plan.",
			shape->vertices_max);
	shape->vertices += (uint32_t)more;
	return true;
}

static bool check_position(struct pp_shape *shape, double x, double y, struct pp_fault *fault)
{
	if (isfinite(x) && isfinite(y) && fabs(x) <= LARGEST && fabs(y) <= LARGEST)
		return true;
	return refuse_at(shape, x, y, fault, PP_geometry_malformed,
		"A coordinate is not a number or far off the Earth");
}

static void write_head(struct pp_buf *out, uint32_t type)
{
	pp_buf_u8(out, 1); /* little-endian */
	pp_buf_u32(out, type);
}

static bool write_positions(
	struct pp_shape *shape, const struct pp_path *path, struct pp_fault *fault)
{
	size_t count = pp_path_count(path);

	if (!count_vertices(shape, count, fault))
		return false;
	pp_buf_u32(shape->parts, (uint32_t)count);
	for (size_t i = 0; i < count; i++) {
		double x, y;

		pp_path_at(path, i, &x, &y);
		if (!check_position(shape, x, y, fault))
			return false;
		pp_buf_f64(shape->parts, x);
		pp_buf_f64(shape->parts, y);
	}
	return true;
}

bool pp_shape_point(struct pp_shape *shape, double x, double y, struct pp_fault *fault)
{
	if (!check_position(shape, x, y, fault) || !count_vertices(shape, 1, fault))
		return false;
	write_head(shape->parts, WKB_POINT);
	pp_buf_f64(shape->parts, x);
	pp_buf_f64(shape->parts, y);
	shape->points++;
	return true;
}

bool pp_shape_line(struct pp_shape *shape, const struct pp_path *path, struct pp_fault *fault)
{
	if (pp_path_count(path) < 2)
		return pp_fault(
			fault, PP_geometry_malformed, "A line has fewer than two positions.");
	write_head(shape->parts, WKB_LINE);
	if (!write_positions(shape, path, fault))
		return false;
	shape->lines++;
	return true;
}

void pp_shape_polygon_begin(struct pp_shape *shape)
{
	write_head(shape->parts, WKB_POLYGON);
	shape->ring_count_at = shape->parts->len;
	pp_buf_u32(shape->parts, 0);
	shape->rings = 0;
}

/* How far apart two positions are, by the larger of both differences; NaN stays NaN. */
static double gap_between(double ax, double ay, double bx, double by)
{
	double dx = fabs(ax - bx), dy = fabs(ay - by);

	return dx > dy || isnan(dx) ? dx : dy;
}

static void note_joint(struct pp_shape *shape, double gap)
{
	if (gap > 0) {
		shape->joints++;
		shape->widest = fmax(shape->widest, gap);
	}
}

bool pp_shape_ring(struct pp_shape *shape, struct pp_path *path, struct pp_fault *fault)
{
	size_t count = pp_path_count(path);
	double ax, ay, bx, by, gap;

	if (count == 0)
		return pp_fault(fault, PP_geometry_empty, "A ring has no positions.");
	pp_path_at(path, 0, &ax, &ay);
	pp_path_at(path, count - 1, &bx, &by);
	if (!check_position(shape, ax, ay, fault) || !check_position(shape, bx, by, fault))
		return false;
	gap = gap_between(ax, ay, bx, by);
	if (gap > shape->joint)
		return refuse_at(shape, bx, by, fault, PP_geometry_malformed,
			"A ring does not end where it began");
	if (count < 4)
		return refuse_at(shape, ax, ay, fault, PP_geometry_malformed,
			"A ring has fewer than four positions");
	note_joint(shape, gap);
	if (gap > 0) {
		cut_path(path, count - 1);
		pp_path_add(path, ax, ay);
	}
	if (!write_positions(shape, path, fault))
		return false;
	shape->rings++;
	return true;
}

void pp_shape_polygon_end(struct pp_shape *shape)
{
	struct pp_buf count = { 0 };

	pp_buf_u32(&count, (uint32_t)shape->rings);
	memcpy(shape->parts->at + shape->ring_count_at, count.at, count.len);
	pp_buf_end(&count);
	shape->polygons++;
}

bool pp_shape_take(struct pp_shape *shape, const struct pp_shape *other, struct pp_fault *fault)
{
	if (!count_vertices(shape, other->vertices, fault))
		return false;
	pp_buf_slice(shape->parts, pp_buf_all(other->parts));
	shape->points += other->points;
	shape->lines += other->lines;
	shape->polygons += other->polygons;
	shape->joints += other->joints;
	shape->widest = fmax(shape->widest, other->widest);
	return true;
}

bool pp_shape_is_empty(const struct pp_shape *shape)
{
	return shape->points + shape->lines + shape->polygons == 0;
}

void pp_shape_write(const struct pp_shape *shape, struct pp_buf *out)
{
	const uint32_t parts[] = { shape->points, shape->lines, shape->polygons };
	uint32_t all = shape->points + shape->lines + shape->polygons, type = WKB_COLLECTION;

	for (uint32_t i = 0; i < PP_LENGTH(parts); i++)
		if (parts[i] == all)
			type = WKB_POINT + i + WKB_MULTI;
	if (all != 1) {
		write_head(out, type);
		pp_buf_u32(out, all);
	}
	pp_buf_slice(out, pp_buf_all(shape->parts));
}

bool pp_shape_join(struct pp_shape *shape, struct pp_path *path, const struct pp_path *curve,
	struct pp_fault *fault)
{
	struct pp_slice added = pp_buf_all(curve->xy);
	double ax, ay, bx, by, gap;

	if (pp_path_count(path) > 0 && pp_path_count(curve) > 0) {
		pp_path_at(path, pp_path_count(path) - 1, &ax, &ay);
		pp_path_at(curve, 0, &bx, &by);
		gap = gap_between(ax, ay, bx, by);
		if (!(gap <= shape->joint))
			return refuse_at(shape, bx, by, fault, PP_geometry_malformed,
				"A piece of a curve does not begin where the one before ends");
		note_joint(shape, gap);
		added.at += 2 * sizeof(double);
		added.len -= 2 * sizeof(double);
	}
	/* Curves are joined before they are counted: no file is to fill the memory first. */
	if (added.len / (2 * sizeof(double)) + pp_path_count(path) > shape->vertices_max)
		return count_vertices(shape, SIZE_MAX, fault);
	pp_buf_slice(path->xy, added);
	return true;
}
