/* SPDX-License-Identifier: EUPL-1.2 */
/* Shapes: arcs from both ends, rings, WKB with curves, and the bounds. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>
#include <pp/fmt/wkb.h>

#include "../../../server/files/shape.h"

struct fixture {
	struct pp_arena arena;
	struct pp_shape shape;
	struct pp_fault fault;
};

static int begin(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	pp_arena_begin(&f->arena);
	pp_shape_begin(&f->shape, &f->arena, 200000);
	*state = f;
	return 0;
}

static int end(void **state)
{
	struct fixture *f = *state;

	pp_arena_end(&f->arena);
	free(f);
	return 0;
}

static struct pp_path path_of(struct fixture *f, const double *xy, size_t count)
{
	struct pp_path path = pp_path_make(&f->arena);

	for (size_t i = 0; i < count; i++)
		pp_path_add(&path, xy[2 * i], xy[2 * i + 1]);
	return path;
}

/* Pseudo-random in [-1, 1), the same on every run (Numerical Recipes' constants). */
static double next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed / 2147483648.0 - 1;
}

/* The property: same positions from both ends, each on the circle, no chord off by more than 1 cm.
 */
static void check_arc(struct fixture *f, const double *a, const double *b, const double *c)
{
	struct pp_path there = path_of(f, a, 1), back = path_of(f, c, 1);
	size_t count;
	bool has_b = false;

	assert_true(pp_shape_arc(&f->shape, &there, b[0], b[1], c[0], c[1], &f->fault));
	assert_true(pp_shape_arc(&f->shape, &back, b[0], b[1], a[0], a[1], &f->fault));
	count = pp_path_count(&there);
	assert_int_equal(count, pp_path_count(&back));
	for (size_t i = 0; i < count; i++) {
		double x, y, u, v;

		pp_path_at(&there, i, &x, &y);
		pp_path_at(&back, count - 1 - i, &u, &v);
		assert_true(x == u && y == v);
		has_b |= x == b[0] && y == b[1];
	}
	assert_true(has_b);
}

static void arcs_are_the_same_from_both_ends(void **state)
{
	struct fixture *f = *state;
	uint32_t seed = 1;

	for (int i = 0; i < 2000; i++) {
		double size = pow(10, 2 * next(&seed) + 2); /* 1 m to 10 km */
		double p[6];

		for (int j = 0; j < 6; j += 2) {
			p[j] = 565000 + size * next(&seed);
			p[j + 1] = 5940000 + size * next(&seed);
		}
		check_arc(f, p, p + 2, p + 4);
	}
}

static void chords_keep_within_a_centimetre(void **state)
{
	struct fixture *f = *state;

	for (double radius = 0.005; radius < 1e6; radius *= 1.7) {
		struct pp_path path = pp_path_make(&f->arena);
		double x, y, u, v;

		assert_true(pp_shape_circle(&f->shape, &path, 565000, 5940000, radius, &f->fault));
		for (size_t i = 0; i + 1 < pp_path_count(&path); i++) {
			pp_path_at(&path, i, &x, &y);
			pp_path_at(&path, i + 1, &u, &v);
			assert_true(fabs(hypot(x - 565000, y - 5940000) - radius) < 1e-6);
			assert_true(radius - hypot((x + u) / 2 - 565000, (y + v) / 2 - 5940000) <
				0.010001);
		}
		assert_true(pp_path_count(&path) >= 9);
		/* And no more of them than needed: the chord is used to more than a quarter. */
		pp_path_at(&path, 0, &x, &y);
		pp_path_at(&path, 1, &u, &v);
		assert_true(radius < 1 ||
			radius - hypot((x + u) / 2 - 565000, (y + v) / 2 - 5940000) > 0.0025);
	}
}

static void positions_in_a_line_stay_a_line(void **state)
{
	struct fixture *f = *state;
	const double p[] = { 565000, 5940000, 565050, 5940025, 565100, 5940050 };
	struct pp_path path = path_of(f, p, 1);

	assert_true(pp_shape_arc(&f->shape, &path, p[2], p[3], p[4], p[5], &f->fault));
	assert_int_equal(pp_path_count(&path), 3);
}

static void arcs_without_numbers_or_without_end_are_refused(void **state)
{
	struct fixture *f = *state;
	const double p[] = { 0, 0 };
	struct pp_path path = path_of(f, p, 1);

	assert_false(pp_shape_arc(&f->shape, &path, NAN, 0, 1, 1, &f->fault));
	assert_int_equal(f->fault.problem, PP_geometry_malformed);
	assert_false(pp_shape_arc(&f->shape, &path, 1e8, 1e8, 2e8, 0, &f->fault) &&
		pp_shape_arc(&f->shape, &path, 1e9, -9e9, 0, 0, &f->fault));
	assert_int_equal(f->fault.problem, PP_geometry_too_large);
	assert_false(pp_shape_circle(&f->shape, &path, 0, 0, -1, &f->fault));
	assert_false(pp_shape_circle(&f->shape, &path, 0, 0, INFINITY, &f->fault));
}

static void rings_close_or_are_refused_with_their_place(void **state)
{
	struct fixture *f = *state;
	const double open[] = { 0, 0, 10, 0, 10, 10, 0, 10 };
	const double nearly[] = { 0, 0, 10, 0, 10, 10, 0.0009, 0 };
	struct pp_path path = path_of(f, open, 4);
	double x, y;

	pp_shape_polygon_begin(&f->shape);
	assert_false(pp_shape_ring(&f->shape, &path, &f->fault));
	assert_true(f->shape.has_place && f->shape.x == 0 && f->shape.y == 10);
	path = path_of(f, nearly, 4);
	assert_true(pp_shape_ring(&f->shape, &path, &f->fault));
	pp_path_at(&path, 3, &x, &y);
	assert_true(x == 0 && y == 0);
	assert_int_equal(f->shape.joints, 1);
	path = path_of(f, nearly, 0);
	assert_false(pp_shape_ring(&f->shape, &path, &f->fault));
	assert_int_equal(f->fault.problem, PP_geometry_empty);
}

static void write_ring(struct pp_buf *wkb, double size)
{
	const double xy[] = { 0, 0, size, 0, size, size, 0, 0 };

	pp_buf_u32(wkb, 4);
	for (size_t i = 0; i < PP_LENGTH(xy); i++)
		pp_buf_f64(wkb, xy[i]);
}

static void write_head(struct pp_buf *wkb, uint32_t type, uint32_t count)
{
	pp_buf_u8(wkb, 1);
	pp_buf_u32(wkb, type);
	pp_buf_u32(wkb, count);
}

/* GEOMETRYCOLLECTION(MULTISURFACE(CURVEPOLYGON(COMPOUNDCURVE(arc, line))), POLYGON) */
static void write_curves(struct pp_buf *wkb)
{
	const double arc[] = { 0, 0, 1, 1, 2, 0 }, back[] = { 2, 0, 0, 0 };

	write_head(wkb, 7, 2);
	write_head(wkb, 12, 1);
	write_head(wkb, 10, 1);
	write_head(wkb, 9, 2);
	write_head(wkb, 8, 3);
	for (size_t i = 0; i < PP_LENGTH(arc); i++)
		pp_buf_f64(wkb, arc[i]);
	write_head(wkb, 2, 2);
	for (size_t i = 0; i < PP_LENGTH(back); i++)
		pp_buf_f64(wkb, back[i]);
	write_head(wkb, 3, 1);
	write_ring(wkb, 5);
}

static void wkb_with_curves_becomes_wkb_without(void **state)
{
	struct fixture *f = *state;
	struct pp_buf *wkb = pp_buf_make(&f->arena), *out = pp_buf_make(&f->arena);
	struct pp_wkb_facts facts;

	write_curves(wkb);
	assert_true(pp_shape_wkb(&f->shape, &f->arena, pp_buf_all(wkb), &f->fault));
	pp_shape_write(&f->shape, out);
	assert_true(pp_wkb_check(pp_buf_all(out), 200000, &facts, &f->fault));
	assert_int_equal(facts.type, PP_WKB_POLYGONS);
	assert_int_equal(facts.parts, 2);
	assert_int_equal(facts.vertices, f->shape.vertices);
}

static void damaged_wkb_is_refused(void **state)
{
	struct fixture *f = *state;
	struct pp_buf *wkb = pp_buf_make(&f->arena);

	write_curves(wkb);
	for (size_t len = 0; len < wkb->len; len++) {
		struct pp_shape shape;

		pp_shape_begin(&shape, &f->arena, 200000);
		assert_false(pp_shape_wkb(&shape, &f->arena, pp_slice(wkb->at, len), &f->fault));
	}
	for (size_t i = 0; i < wkb->len; i++) {
		struct pp_shape shape;
		char kept = wkb->at[i];

		/* Whatever it becomes, it is read or refused, within its bytes. */
		wkb->at[i] = (char)(kept ^ 0x7f);
		pp_shape_begin(&shape, &f->arena, 200000);
		(void)!pp_shape_wkb(&shape, &f->arena, pp_buf_all(wkb), &f->fault);
		wkb->at[i] = kept;
	}
}

static void vertices_are_counted_over_all_parts(void **state)
{
	struct fixture *f = *state;
	struct pp_buf *wkb = pp_buf_make(&f->arena);

	write_head(wkb, 6, 3);
	for (int i = 0; i < 3; i++) {
		write_head(wkb, 3, 1);
		write_ring(wkb, 1);
	}
	pp_shape_begin(&f->shape, &f->arena, 12);
	assert_true(pp_shape_wkb(&f->shape, &f->arena, pp_buf_all(wkb), &f->fault));
	pp_shape_begin(&f->shape, &f->arena, 11);
	assert_false(pp_shape_wkb(&f->shape, &f->arena, pp_buf_all(wkb), &f->fault));
	assert_int_equal(f->fault.problem, PP_geometry_too_large);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(arcs_are_the_same_from_both_ends),
		TEST(chords_keep_within_a_centimetre),
		TEST(positions_in_a_line_stay_a_line),
		TEST(arcs_without_numbers_or_without_end_are_refused),
		TEST(rings_close_or_are_refused_with_their_place),
		TEST(wkb_with_curves_becomes_wkb_without),
		TEST(damaged_wkb_is_refused),
		TEST(vertices_are_counted_over_all_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
