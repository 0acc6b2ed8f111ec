/* SPDX-License-Identifier: EUPL-1.2 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include <pp/feature/crs.h>
#include <pp/fmt/wkb.h>

struct bench {
	struct pp_arena arena;
	struct pp_geo *geo;
};

static int begin(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	struct pp_fault fault;

	pp_arena_begin(&bench->arena);
	bench->geo = pp_geo_open(&bench->arena, &fault);
	*state = bench;
	return bench->geo ? 0 : -1;
}

static int end(void **state)
{
	struct bench *bench = *state;

	pp_arena_end(&bench->arena);
	free(bench);
	return 0;
}

static struct pp_slice area_of(
	struct bench *bench, int code, double west, double south, double east, double north)
{
	const double box[4] = { west, south, east, north };

	return pp_box_area(bench->geo, &bench->arena, code, PP_AXES_EAST_NORTH, box);
}

static struct pp_wkb_facts facts_of(struct pp_slice wkb)
{
	struct pp_wkb_facts facts;
	struct pp_fault fault;

	assert_true(pp_wkb_check(wkb, UINT32_MAX, &facts, &fault));
	return facts;
}

static void a_box_is_surely_met_two_metres_within(void **state)
{
	struct bench *bench = *state;
	struct pp_wkb_facts inside = facts_of(pp_box_inside(
		&bench->arena, area_of(bench, PP_UTM32, 565000, 5930000, 566000.5, 5932000)));

	assert_true(inside.min_x == 565002 && inside.min_y == 5930002);
	assert_true(inside.max_x == 565998.5 && inside.max_y == 5931998);
}

/* No side of the area comes into it, and the sides of both are no farther apart than they bend. */
static void a_box_of_another_crs_bends_around_it(void **state)
{
	static const struct {
		int code;
		double west, south, east, north;
	} boxes[] = { { PP_CRS84, 9.9, 53.4, 10.1, 53.6 }, { PP_CRS84, 6, 47, 15, 55 },
		{ 25833, 300000, 5900000, 310000, 5910000 },
		{ 3857, 1100000, 7000000, 1110000, 7010000 } };
	struct bench *bench = *state;

	for (size_t i = 0; i < PP_LENGTH(boxes); i++) {
		struct pp_slice area = area_of(bench, boxes[i].code, boxes[i].west, boxes[i].south,
			boxes[i].east, boxes[i].north);
		struct pp_wkb_facts whole = facts_of(area),
				    inside = facts_of(pp_box_inside(&bench->arena, area));
		struct pp_wkb_walk walk;
		double x, y;

		assert_true(inside.max_x - inside.min_x > 0.7 * (whole.max_x - whole.min_x));
		assert_true(inside.max_y - inside.min_y > 0.7 * (whole.max_y - whole.min_y));
		pp_wkb_walk_begin(&walk, area);
		while (pp_wkb_walk_next(&walk) != PP_WKB_POSITIONS)
			;
		for (uint32_t n = 0; n < walk.count; n++) {
			pp_wkb_position(&walk, n, &x, &y);
			assert_true(x < inside.min_x - 1.9 || x > inside.max_x + 1.9 ||
				y < inside.min_y - 1.9 || y > inside.max_y + 1.9);
		}
	}
}

static void what_is_no_whole_box_has_no_inside(void **state)
{
	struct bench *bench = *state;
	struct pp_slice areas[] = {
		/* Smaller than floats can tell; a point; nowhere; two parts. */
		area_of(bench, PP_UTM32, 565000, 5930000, 565003.9, 5932000),
		area_of(bench, PP_UTM32, 565000, 5930000, 565000, 5930000),
		area_of(bench, PP_CRS84, 100, 10, 101, 11),
		area_of(bench, PP_CRS84, 17, 50, 3, 51),
	};

	for (size_t i = 0; i < PP_LENGTH(areas); i++)
		assert_null(pp_box_inside(&bench->arena, areas[i]).at);
}

/* A hundred thousand kilometres on, floats are metres apart. */
static void far_away_nothing_is_sure(void **state)
{
	struct bench *bench = *state;
	struct pp_wkb_facts inside = facts_of(
		pp_box_inside(&bench->arena, area_of(bench, PP_UTM32, -1e9, -1e9, 1e9, 1e9)));

	assert_true(inside.min_x == -8e6 && inside.max_x == 8e6);
	assert_true(inside.min_y == -8e6 && inside.max_y == 8e6);
}

#define T(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_box_is_surely_met_two_metres_within),
		T(a_box_of_another_crs_bends_around_it),
		T(what_is_no_whole_box_has_no_inside),
		T(far_away_nothing_is_sure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
