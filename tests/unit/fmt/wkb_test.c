/* SPDX-License-Identifier: EUPL-1.2 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include <pp/base/buf.h>
#include <pp/fmt/wkb.h>

static void header(struct pp_buf *buf, uint32_t type, uint32_t count)
{
	pp_buf_u8(buf, 1);
	pp_buf_u32(buf, type);
	if (type != PP_WKB_POINT)
		pp_buf_u32(buf, count);
}

static void positions(struct pp_buf *buf, const double *xy, uint32_t count)
{
	for (uint32_t i = 0; i < 2 * count; i++)
		pp_buf_f64(buf, xy[i]);
}

static void ring(struct pp_buf *buf, double x, double y, double size)
{
	const double xy[] = { x, y, x + size, y, x + size, y + size, x, y };

	pp_buf_u32(buf, 4);
	positions(buf, xy, 4);
}

/* A collection of everything: a point, a multiline, a multipolygon with a hole. */
static void everything(struct pp_buf *buf)
{
	const double line[] = { -5, 2, 3, 44 }, point[] = { 7, 8 };

	header(buf, PP_WKB_COLLECTION, 3);
	header(buf, PP_WKB_POINT, 0);
	positions(buf, point, 1);
	header(buf, PP_WKB_LINES, 2);
	for (int i = 0; i < 2; i++) {
		header(buf, PP_WKB_LINE, 2);
		positions(buf, line, 2);
	}
	header(buf, PP_WKB_POLYGONS, 1);
	header(buf, PP_WKB_POLYGON, 2);
	ring(buf, 0, 0, 10);
	ring(buf, 5, 1, 2);
}

static void counts_and_measures(void **state)
{
	struct pp_wkb_facts facts;
	struct pp_fault fault;
	struct pp_buf buf;

	(void)state;
	pp_buf_begin(&buf);
	everything(&buf);
	assert_true(pp_wkb_check(pp_buf_all(&buf), 13, &facts, &fault));
	assert_int_equal(facts.type, PP_WKB_COLLECTION);
	assert_int_equal(facts.dimension, PP_WKB_MIXED);
	assert_int_equal(facts.vertices, 13);
	assert_int_equal(facts.parts, 4);
	assert_true(
		facts.min_x == -5 && facts.max_x == 10 && facts.min_y == 0 && facts.max_y == 44);
	assert_false(pp_wkb_check(pp_buf_all(&buf), 12, &facts, &fault));
	assert_int_equal(fault.problem, PP_geometry_too_large);
	pp_buf_end(&buf);
}

static void walks_in_order(void **state)
{
	static const struct {
		enum pp_wkb_event event;
		enum pp_wkb_type type;
		uint32_t count, index;
	} expected[] = {
		{ PP_WKB_OPEN, PP_WKB_COLLECTION, 3, 0 },
		{ PP_WKB_OPEN, PP_WKB_POINT, 1, 0 },
		{ PP_WKB_POSITIONS, PP_WKB_POINT, 1, 0 },
		{ PP_WKB_CLOSE, PP_WKB_POINT, 1, 0 },
		{ PP_WKB_OPEN, PP_WKB_LINES, 2, 1 },
		{ PP_WKB_OPEN, PP_WKB_LINE, 2, 0 },
		{ PP_WKB_POSITIONS, PP_WKB_LINE, 2, 0 },
		{ PP_WKB_CLOSE, PP_WKB_LINE, 2, 0 },
		{ PP_WKB_OPEN, PP_WKB_LINE, 2, 1 },
		{ PP_WKB_POSITIONS, PP_WKB_LINE, 2, 0 },
		{ PP_WKB_CLOSE, PP_WKB_LINE, 2, 0 },
		{ PP_WKB_CLOSE, PP_WKB_LINES, 2, 0 },
		{ PP_WKB_OPEN, PP_WKB_POLYGONS, 1, 2 },
		{ PP_WKB_OPEN, PP_WKB_POLYGON, 2, 0 },
		{ PP_WKB_POSITIONS, PP_WKB_POLYGON, 4, 0 },
		{ PP_WKB_POSITIONS, PP_WKB_POLYGON, 4, 1 },
		{ PP_WKB_CLOSE, PP_WKB_POLYGON, 4, 1 },
		{ PP_WKB_CLOSE, PP_WKB_POLYGONS, 4, 1 },
		{ PP_WKB_CLOSE, PP_WKB_COLLECTION, 4, 1 },
		{ PP_WKB_END, 0, 0, 0 },
	};
	struct pp_wkb_walk walk;
	struct pp_buf buf;
	double x, y;

	(void)state;
	pp_buf_begin(&buf);
	everything(&buf);
	pp_wkb_walk_begin(&walk, pp_buf_all(&buf));
	for (size_t i = 0; i < PP_LENGTH(expected); i++) {
		assert_int_equal(pp_wkb_walk_next(&walk), expected[i].event);
		if (expected[i].event == PP_WKB_END)
			break;
		assert_int_equal(walk.type, expected[i].type);
		if (expected[i].event == PP_WKB_CLOSE)
			continue;
		assert_int_equal(walk.count, expected[i].count);
		assert_int_equal(walk.index, expected[i].index);
		if (i == 8 + 1) {
			pp_wkb_position(&walk, 1, &x, &y);
			assert_true(x == 3 && y == 44);
		}
	}
	pp_buf_end(&buf);
}

static void refuses(void **state)
{
	static const double triangle[] = { 0, 0, 4, 0, 4, 4, 0, 0 },
			    open_ring[] = { 0, 0, 4, 0, 4, 4, 0, 1 };
	static const struct {
		uint32_t type, count, positions;
		const double *xy;
		enum pp_problem problem;
	} rows[] = {
		{ PP_WKB_LINE, 2, 2, triangle, PP_no_problem },
		{ PP_WKB_LINE, 0, 0, triangle, PP_geometry_empty },
		{ PP_WKB_LINE, 1, 1, triangle, PP_geometry_invalid },
		{ PP_WKB_LINE, 3, 2, triangle, PP_geometry_malformed },
		{ PP_WKB_LINE, 2, 3, triangle, PP_geometry_malformed },
		{ PP_WKB_LINE, 0xffffffff, 2, triangle, PP_geometry_malformed },
		{ PP_WKB_POLYGON, 0, 0, triangle, PP_geometry_empty },
		{ PP_WKB_POLYGONS, 0, 0, triangle, PP_geometry_empty },
		{ PP_WKB_COLLECTION, 0x10000000, 4, triangle, PP_geometry_malformed },
		{ 8, 2, 2, triangle, PP_geometry_malformed },
		{ 1002, 2, 2, triangle, PP_geometry_malformed },       /* with heights, ISO */
		{ 0x20000002, 2, 2, triangle, PP_geometry_malformed }, /* with an SRID, PostGIS */
	};
	struct pp_wkb_facts facts;
	struct pp_fault fault;
	struct pp_buf buf;

	(void)state;
	pp_buf_begin(&buf);
	for (size_t i = 0; i < PP_LENGTH(rows); i++) {
		pp_buf_clear(&buf);
		fault.problem = PP_no_problem;
		header(&buf, rows[i].type, rows[i].count);
		positions(&buf, rows[i].xy, rows[i].positions);
		assert_int_equal(pp_wkb_check(pp_buf_all(&buf), 100, &facts, &fault),
			rows[i].problem == PP_no_problem);
		assert_int_equal(fault.problem, rows[i].problem);
	}
	for (int closed = 0; closed < 2; closed++) {
		pp_buf_clear(&buf);
		header(&buf, PP_WKB_POLYGON, 1);
		pp_buf_u32(&buf, 4);
		positions(&buf, closed ? triangle : open_ring, 4);
		assert_int_equal(pp_wkb_check(pp_buf_all(&buf), 100, &facts, &fault), closed);
	}
	pp_buf_end(&buf);
}

static void refuses_what_is_no_number(void **state)
{
	static const double bad[] = { NAN, INFINITY, -INFINITY, 1.1e9, -1e308 };
	struct pp_wkb_facts facts;
	struct pp_fault fault;
	struct pp_buf buf;

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(bad); i++) {
		pp_buf_begin(&buf);
		header(&buf, PP_WKB_POINT, 0);
		pp_buf_f64(&buf, 1);
		pp_buf_f64(&buf, bad[i]);
		assert_false(pp_wkb_check(pp_buf_all(&buf), 100, &facts, &fault));
		assert_int_equal(fault.problem, PP_geometry_malformed);
		pp_buf_end(&buf);
	}
}

static void bounds_nesting(void **state)
{
	const double point[] = { 7, 8 };
	struct pp_wkb_facts facts;
	struct pp_wkb_walk walk;
	struct pp_fault fault;
	struct pp_buf buf;

	(void)state;
	pp_buf_begin(&buf);
	for (uint32_t depth = 1; depth < 7; depth++) {
		pp_buf_clear(&buf);
		for (uint32_t i = 0; i < depth; i++)
			header(&buf, PP_WKB_COLLECTION, 1);
		header(&buf, PP_WKB_POINTS, 1);
		header(&buf, PP_WKB_POINT, 0);
		positions(&buf, point, 1);
		assert_int_equal(pp_wkb_check(pp_buf_all(&buf), 100, &facts, &fault),
			depth <= PP_WKB_DEPTH_MAX);
		if (depth > PP_WKB_DEPTH_MAX)
			continue;
		pp_wkb_walk_begin(&walk, pp_buf_all(&buf));
		while (pp_wkb_walk_next(&walk) != PP_WKB_END)
			;
	}
	pp_buf_end(&buf);
}

/* No prefix is taken, no changed byte makes it read beyond the end or walk astray. */
static void survives_every_cut_and_flip(void **state)
{
	struct pp_wkb_facts facts;
	struct pp_wkb_walk walk;
	struct pp_fault fault;
	struct pp_buf buf;
	char *copy;

	(void)state;
	pp_buf_begin(&buf);
	everything(&buf);
	for (size_t i = 0; i < buf.len; i++) {
		copy = malloc(i + 1);
		memcpy(copy, buf.at, i);
		assert_false(pp_wkb_check(pp_slice(copy, i), 100, &facts, &fault));
		free(copy);
		for (unsigned byte = 0; byte < 256; byte++) {
			copy = malloc(buf.len);
			memcpy(copy, buf.at, buf.len);
			copy[i] = (char)byte;
			if (pp_wkb_check(pp_slice(copy, buf.len), 100, &facts, &fault)) {
				pp_wkb_walk_begin(&walk, pp_slice(copy, buf.len));
				while (pp_wkb_walk_next(&walk) != PP_WKB_END)
					;
			}
			free(copy);
		}
	}
	pp_buf_end(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_and_measures),
		cmocka_unit_test(walks_in_order),
		cmocka_unit_test(refuses),
		cmocka_unit_test(refuses_what_is_no_number),
		cmocka_unit_test(bounds_nesting),
		cmocka_unit_test(survives_every_cut_and_flip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
