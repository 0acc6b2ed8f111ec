/* SPDX-License-Identifier: EUPL-1.2 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <proj.h>

#include <pp/base/buf.h>
#include <pp/geo/crs.h>

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

static struct pp_slice point(struct pp_arena *arena, double x, double y)
{
	struct pp_buf *buf = pp_buf_make(arena);

	pp_buf_u8(buf, 1);
	pp_buf_u32(buf, 1);
	pp_buf_f64(buf, x);
	pp_buf_f64(buf, y);
	return pp_buf_all(buf);
}

static void read_point(struct pp_slice wkb, double *x, double *y)
{
	struct pp_scan scan;

	pp_scan_begin(&scan, wkb);
	pp_scan_u8(&scan);
	pp_scan_u32(&scan);
	*x = pp_scan_f64(&scan);
	*y = pp_scan_f64(&scan);
	assert_false(scan.failed);
}

static void knows_spellings(void **state)
{
	static const struct {
		const char *name;
		int code;
	} rows[] = {
		{ "EPSG:25832", 25832 },
		{ "epsg:25832", 25832 },
		{ " 25832 ", 25832 },
		{ "urn:ogc:def:crs:EPSG::25832", 25832 },
		{ "urn:ogc:def:crs:EPSG:6.9:31467", 31467 },
		{ "urn:x-ogc:def:crs:EPSG::4326", 4326 },
		{ "http://www.opengis.net/def/crs/EPSG/0/4258", 4258 },
		{ "https://www.opengis.net/def/crs/EPSG/9.9.1/4258", 4258 },
		{ "http://www.opengis.net/gml/srs/epsg.xml#25833", 25833 },
		{ "[EPSG:3857]", 3857 },
		{ "CRS84", PP_CRS84 },
		{ "OGC:CRS84", PP_CRS84 },
		{ "urn:ogc:def:crs:OGC:1.3:CRS84", PP_CRS84 },
		{ "urn:ogc:def:crs:OGC::CRS84", PP_CRS84 },
		{ "http://www.opengis.net/def/crs/OGC/1.3/CRS84", PP_CRS84 },
		{ "urn:adv:crs:ETRS89_UTM32", 25832 },
		{ "ETRS89_UTM33", 25833 },
		{ "urn:adv:crs:DE_DHDN_3GK4", 31468 },
		{ "", 0 },
		{ "84", 0 },
		{ "EPSG:84", 0 },
		{ "EPSG:2", 0 },
		{ "EPSG:25832x", 0 },
		{ "EPSG:", 0 },
		{ "urn:ogc:def:crs:EPSG:25832", 0 },
		{ "EPSG:18446744073709577448", 0 },
		{ "XCRS84", 0 },
		{ "WGS84", 0 },
	};

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(rows); i++)
		if (pp_crs_named(pp_slice_of(rows[i].name)) != rows[i].code)
			fail_msg("%s is %d", rows[i].name, pp_crs_named(pp_slice_of(rows[i].name)));
}

/* The table says of each CRS what proj.db says. */
static void axes_are_projs(void **state)
{
	PJ_CONTEXT *context = proj_context_create();
	const struct pp_crs_row *rows;
	size_t count;

	(void)state;
	rows = pp_crs_rows(&count);
	for (size_t i = 0; i < count; i++) {
		const char *direction = "", *unit = "";
		char name[32];
		PJ *crs, *axes;

		snprintf(name, sizeof(name), rows[i].code == PP_CRS84 ? "OGC:CRS84" : "EPSG:%d",
			rows[i].code);
		crs = proj_create(context, name);
		axes = proj_crs_get_coordinate_system(context, crs);
		assert_true(proj_cs_get_axis_info(
			context, axes, 0, NULL, NULL, &direction, NULL, &unit, NULL, NULL));
		assert_int_equal(rows[i].north_first, strcmp(direction, "north") == 0);
		assert_int_equal(rows[i].degrees, strcmp(unit, "degree") == 0);
		assert_string_equal(rows[i].name, proj_get_name(crs));
		proj_destroy(axes);
		proj_destroy(crs);
	}
	proj_context_destroy(context);
}

static void goes_there_and_back(void **state)
{
	struct bench *bench = *state;
	const struct pp_crs_row *rows;
	size_t count;

	rows = pp_crs_rows(&count);
	for (size_t i = 0; i < count; i++)
		for (int axes = 0; axes < 2; axes++) {
			struct pp_slice hamburg = point(&bench->arena, 565000, 5930000), there,
					back;
			struct pp_fault fault;
			double x, y;

			assert_true(pp_crs_write(bench->geo, &bench->arena, rows[i].code,
				(enum pp_axes)axes, hamburg, &there, &fault));
			if (!pp_crs_read(bench->geo, &bench->arena, rows[i].code,
				    (enum pp_axes)axes, there, &back, &fault))
				fail_msg("%s: %s", rows[i].name, fault.detail);
			read_point(back, &x, &y);
			assert_true(fabs(x - 565000) < 1e-3 && fabs(y - 5930000) < 1e-3);
		}
}

static double spread(uint64_t *seed, double from, double to)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return from + (to - from) * (double)(*seed >> 11) / 9007199254740992.0;
}

static PJ *open_proj(PJ_CONTEXT *context, const struct pp_crs_row *row)
{
	char name[32];
	PJ *plain, *east_first;

	snprintf(name, sizeof(name), row->code == PP_CRS84 ? "OGC:CRS84" : "EPSG:%d", row->code);
	plain = proj_create_crs_to_crs(context, "EPSG:25832", name, NULL);
	east_first = proj_normalize_for_visualization(context, plain);
	proj_destroy(plain);
	return east_first;
}

/*
 * How far from where proj.db's own way leads, in metres. Of DHDN, outside of Germany, proj.db goes
 * other and ruder ways, and ours ends: a position may be missing there.
 */
static double tolerated(const struct pp_crs_row *row, double east, double north, bool *may_be_none)
{
	double lon, lat;

	pp_utm32_write(east, north, &lon, &lat);
	*may_be_none = strstr(row->name, "DHDN") &&
		!(lon > 5.87 && lon < 15.04 && lat > 47.27 && lat < 55.09);
	return *may_be_none ? 20 : 5e-5;
}

/*
 * What is written lies where PROJ has it, within a twentieth of a millimetre, all over Germany and
 * far around it; also right at the borders of patches, and where nothing of ours is, and in
 * whatever order CRSs and places come.
 */
static void writes_what_proj_says(void **state)
{
	struct bench *bench = *state;
	PJ_CONTEXT *context = proj_context_create();
	const struct pp_crs_row *rows;
	uint64_t seed = 20261126;
	PJ *pj[64];
	size_t count;

	proj_context_set_enable_network(context, 0);
	rows = pp_crs_rows(&count);
	assert_true(count <= PP_LENGTH(pj));
	for (size_t i = 0; i < count; i++)
		pj[i] = open_proj(context, &rows[i]);
	for (int n = 0; n < 40000; n++) {
		size_t i = (size_t)spread(&seed, 0, (double)count);
		bool far = n % 50 == 0;
		double east = spread(&seed, far ? -3e6 : 0, far ? 4e6 : 1100e3);
		double north = spread(&seed, far ? 0 : 4900e3, far ? 9e6 : 6500e3);
		struct pp_slice out;
		struct pp_fault fault;
		struct pp_arena arena;
		PJ_COORD there;
		double x, y, limit;
		bool may_be_none;

		if (n % 10 == 0)
			east = round(east / 16384) * 16384 + (n % 20 ? 0 : -1e-9);
		limit = tolerated(&rows[i], east, north, &may_be_none) /
			(rows[i].degrees ? 111e3 : 1);
		pp_arena_begin(&arena);
		assert_true(pp_crs_write(bench->geo, &arena, rows[i].code, PP_AXES_EAST_NORTH,
			point(&arena, east, north), &out, &fault));
		read_point(out, &x, &y);
		there = proj_trans(pj[i], PJ_FWD, proj_coord(east, north, 0, 0));
		if (may_be_none && !isfinite(x)) {
			pp_arena_end(&arena);
			continue;
		}
		if (isfinite(there.xy.x)
				? fabs(x - there.xy.x) > limit || fabs(y - there.xy.y) > limit
				: isfinite(x))
			fail_msg("%s: %.4f %.4f is %.10f %.10f, not %.10f %.10f", rows[i].name,
				east, north, x, y, there.xy.x, there.xy.y);
		pp_arena_end(&arena);
	}
	for (size_t i = 0; i < count; i++)
		proj_destroy(pj[i]);
	proj_context_destroy(context);
}

/* Coordinates of published points: the trigonometric meaning of each system, not just a round trip.
 */
static void knows_places(void **state)
{
	static const struct {
		int code;
		enum pp_axes axes;
		double x, y, east, north;
	} rows[] = {
		{ PP_CRS84, PP_AXES_AUTHORITY, 9, 53, 500000, 5872270.53 },
		{ PP_CRS84, PP_AXES_EAST_NORTH, 10, 53.5, 566331.53, 5928359.09 },
		{ 4326, PP_AXES_AUTHORITY, 53.5, 10, 566331.53, 5928359.09 },
		{ 4326, PP_AXES_EAST_NORTH, 10, 53.5, 566331.53, 5928359.09 },
		{ 4647, PP_AXES_AUTHORITY, 32566331.53, 5928359.09, 566331.53, 5928359.09 },
		{ 3044, PP_AXES_AUTHORITY, 5928359.09, 566331.53, 566331.53, 5928359.09 },
	};
	struct bench *bench = *state;

	for (size_t i = 0; i < PP_LENGTH(rows); i++) {
		struct pp_fault fault;
		struct pp_slice out;
		double x, y;

		if (!pp_crs_read(bench->geo, &bench->arena, rows[i].code, rows[i].axes,
			    point(&bench->arena, rows[i].x, rows[i].y), &out, &fault))
			fail_msg("row %zu: %s", i, fault.detail);
		read_point(out, &x, &y);
		if (fabs(x - rows[i].east) > 0.02 || fabs(y - rows[i].north) > 0.02)
			fail_msg("row %zu: %.3f %.3f", i, x, y);
	}
}

static void refuses_far_places(void **state)
{
	static const struct {
		int code;
		enum pp_axes axes;
		double x, y;
		enum pp_problem problem;
		bool swapped;
	} rows[] = {
		{ PP_CRS84, PP_AXES_EAST_NORTH, 53.5, 10, PP_geometry_out_of_area, true },
		{ 4326, PP_AXES_AUTHORITY, 10, 53.5, PP_geometry_out_of_area, true },
		{ 4326, PP_AXES_AUTHORITY, 0, 0, PP_geometry_out_of_area, false },
		{ PP_CRS84, PP_AXES_EAST_NORTH, 565000, 5930000, PP_geometry_out_of_area, false },
		{ PP_UTM32, PP_AXES_EAST_NORTH, 5930000, 565000, PP_geometry_out_of_area, true },
		{ PP_UTM32, PP_AXES_EAST_NORTH, 10, 53.5, PP_geometry_out_of_area, false },
		{ PP_UTM32, PP_AXES_EAST_NORTH, 32565000, 5930000, PP_geometry_out_of_area, false },
		{ 31467, PP_AXES_EAST_NORTH, 565000, 5930000, PP_geometry_out_of_area, false },
		{ 31467, PP_AXES_EAST_NORTH, 5930000, 3565000, PP_geometry_out_of_area, true },
		{ 4807, PP_AXES_EAST_NORTH, 10, 53.5, PP_crs_unknown, false },
		{ 25833, PP_AXES_EAST_NORTH, 1e9, -1e9, PP_geometry_out_of_area, false },
	};
	struct bench *bench = *state;

	for (size_t i = 0; i < PP_LENGTH(rows); i++) {
		struct pp_fault fault;
		struct pp_slice out;

		assert_false(pp_crs_read(bench->geo, &bench->arena, rows[i].code, rows[i].axes,
			point(&bench->arena, rows[i].x, rows[i].y), &out, &fault));
		assert_int_equal(fault.problem, rows[i].problem);
		if ((strstr(fault.detail, "swapped") != NULL) != rows[i].swapped)
			fail_msg("row %zu: %s", i, fault.detail);
	}
}

/* Our own series against PROJ, over all of the area. */
static void series_are_projs(void **state)
{
	PJ_CONTEXT *context = proj_context_create();
	PJ *pj = proj_create(context, "+proj=utm +zone=32 +ellps=GRS80");
	double worst = 0;

	(void)state;
	for (double lon = 2; lon <= 18.5; lon += 0.25)
		for (double lat = 44; lat <= 58.5; lat += 0.25) {
			PJ_COORD there = proj_trans(
				pj, PJ_FWD, proj_coord(lon * M_PI / 180, lat * M_PI / 180, 0, 0));
			double x, y, lon_back, lat_back;

			pp_utm32_read(lon, lat, &x, &y);
			pp_utm32_write(x, y, &lon_back, &lat_back);
			worst = fmax(worst, hypot(x - there.xy.x, y - there.xy.y));
			assert_true(fabs(lon - lon_back) < 1e-12 && fabs(lat - lat_back) < 1e-12);
		}
	if (worst > 1e-6)
		fail_msg("%g m apart", worst);
	proj_destroy(pj);
	proj_context_destroy(context);
}

/* The scale factor from the grid alone against PROJ's factors: 500 km on both sides of 9° east. */
static void scale_is_projs(void **state)
{
	PJ_CONTEXT *context = proj_context_create();
	PJ *pj = proj_create(context, "+proj=utm +zone=32 +ellps=GRS80");
	double worst = 0, widest = 0;

	(void)state;
	for (double lon = 2; lon <= 16; lon += 0.25)
		for (double lat = 46; lat <= 56; lat += 0.25) {
			PJ_COORD at = proj_coord(lon * M_PI / 180, lat * M_PI / 180, 0, 0);
			double exact = proj_factors(pj, at).meridional_scale, x, y;

			pp_utm32_read(lon, lat, &x, &y);
			if (fabs(x - 500000) > 500000)
				continue;
			worst = fmax(worst, fabs(pp_utm32_scale(x, y) - exact));
			widest = fmax(widest, exact);
		}
	if (worst > 3e-8)
		fail_msg("%g apart", worst);
	assert_true(widest > 1.0025);
	proj_destroy(pj);
	proj_context_destroy(context);
}

static void places_are_of_both_systems(void **state)
{
	struct pp_fault fault = { 0 };

	(void)state;
	pp_crs_place(&fault, 4326, PP_AXES_AUTHORITY, 53.5, 10);
	assert_true(fault.has_place && fault.lon == 10 && fault.lat == 53.5);
	assert_true(fabs(fault.x - 566331.53) < 0.02 && fabs(fault.y - 5928359.09) < 0.02);
	fault = (struct pp_fault){ 0 };
	pp_crs_place(&fault, PP_UTM32, PP_AXES_AUTHORITY, 566331.53, 5928359.09);
	assert_true(
		fault.has_place && fabs(fault.lon - 10) < 1e-6 && fabs(fault.lat - 53.5) < 1e-6);
	fault = (struct pp_fault){ 0 };
	pp_crs_place(&fault, 31467, PP_AXES_AUTHORITY, 5928359, 3566327);
	assert_false(fault.has_place);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_spellings),
		cmocka_unit_test(axes_are_projs),
		cmocka_unit_test(goes_there_and_back),
		cmocka_unit_test(writes_what_proj_says),
		cmocka_unit_test(knows_places),
		cmocka_unit_test(refuses_far_places),
		cmocka_unit_test(series_are_projs),
		cmocka_unit_test(scale_is_projs),
		cmocka_unit_test(places_are_of_both_systems),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
