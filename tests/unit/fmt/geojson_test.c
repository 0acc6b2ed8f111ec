/* SPDX-License-Identifier: EUPL-1.2 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <pp/fmt/geojson.h>

#define SQUARE "[[[0,0],[4,0],[4,4],[0,4],[0,0]]]"
#define POINT_ "{\"type\":\"Point\",\"coordinates\":[1,2]}"

static const char *problem_name(enum pp_problem problem)
{
	return pp_problem_row(problem)->id;
}

static const struct {
	const char *in, *out;
	int dimension;
	uint32_t vertices, parts;
} readable[] = {
	{ POINT_, POINT_, 0, 1, 1 },
	{ " { \"coordinates\" : [ 1 , 2 ] , \"type\" : \"Point\" } ", POINT_, 0, 1, 1 },
	{ "\xef\xbb\xbf" POINT_, POINT_, 0, 1, 1 },
	{ "{\"type\":\"Point\",\"coordinates\":[-1.5e2,2.50,77]}",
		"{\"type\":\"Point\",\"coordinates\":[-150,2.5]}", 0, 1, 1 },
	{ "{\"\\u0074ype\":\"P\\u006fint\",\"coordinates\":[1,2]}", POINT_, 0, 1, 1 },
	{ "{\"type\":\"LineString\",\"coordinates\":[[0,0],[1,0.125]]}",
		"{\"type\":\"LineString\",\"coordinates\":[[0,0],[1,0.125]]}", 1, 2, 1 },
	{ "{\"type\":\"Polygon\",\"coordinates\":" SQUARE "}",
		"{\"type\":\"Polygon\",\"coordinates\":" SQUARE "}", 2, 5, 1 },
	{ "{\"type\":\"MultiPoint\",\"coordinates\":[[1,2],[3,4]]}",
		"{\"type\":\"MultiPoint\",\"coordinates\":[[1,2],[3,4]]}", 0, 2, 2 },
	{ "{\"type\":\"MultiLineString\",\"coordinates\":[[[0,0],[1,1]],[[2,2],[3,3],[4,4]]"
	  "]}",
		"{\"type\":\"MultiLineString\",\"coordinates\":[[[0,0],[1,1]],[[2,2],[3,3],"
		"[4,4]]]}",
		1, 5, 2 },
	{ "{\"type\":\"MultiPolygon\",\"coordinates\":[" SQUARE "," SQUARE "]}",
		"{\"type\":\"MultiPolygon\",\"coordinates\":[" SQUARE "," SQUARE "]}", 2, 10, 2 },
	{ "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[9,0],[9,9],[0,0]],[[1,1],[2,2],["
	  "2,1],[1,1]]]}",
		"{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[9,0],[9,9],[0,0]],[[1,1],["
		"2,2],[2,1],[1,1]]]}",
		2, 8, 1 },
	{ "{\"geometries\":[" POINT_ ",{\"type\":\"GeometryCollection\",\"geometries\":[{\"type\":"
	  "\"Polygon\",\"coordinates\":" SQUARE "}]}],\"type\":\"GeometryCollection\"}",
		"{\"type\":\"GeometryCollection\",\"geometries\":[" POINT_
		",{\"type\":\"GeometryCollection\",\"geometries\":[{\"type\":\"Polygon\","
		"\"coordinates\":" SQUARE "}]}]}",
		PP_WKB_MIXED, 6, 2 },
	{ "{\"type\":\"Feature\",\"properties\":{\"a\":[{\"b\":null}]},\"geometry\":" POINT_ "}",
		POINT_, 0, 1, 1 },
	{ "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\","
	  "\"geometry\":" POINT_ "}],\"name\":\"x\"}",
		POINT_, 0, 1, 1 },
};

/* What goes in comes out again, in the writer's spelling. */
static void reads_what_it_writes(void **state)
{
	(void)state;
	for (size_t i = 0; i < PP_LENGTH(readable); i++) {
		struct pp_arena arena;
		struct pp_geojson geojson;
		struct pp_fault fault = { 0 };
		struct pp_buf text;

		pp_arena_begin(&arena);
		pp_buf_begin(&text);
		if (!pp_geojson_read(&arena, pp_slice_of(readable[i].in), 100, &geojson, &fault))
			fail_msg("%s: %s", readable[i].in, fault.detail);
		pp_geojson_write(&text, geojson.wkb, 3);
		pp_buf_u8(&text, 0);
		assert_string_equal(text.at, readable[i].out);
		assert_int_equal(geojson.facts.dimension, readable[i].dimension);
		assert_int_equal(geojson.facts.vertices, readable[i].vertices);
		assert_int_equal(geojson.facts.parts, readable[i].parts);
		pp_buf_end(&text);
		pp_arena_end(&arena);
	}
}

static const struct {
	const char *in;
	enum pp_problem problem;
	const char *pointer, *detail;
	double x, y; /* 0 0: none */
} refused[] = {
	{ "", PP_malformed_json, "", "ends too early", 0, 0 },
	{ "[1,2]", PP_geometry_malformed, "", "expected a GeoJSON object", 0, 0 },
	{ "{}", PP_geometry_malformed, "", "without \"type\"", 0, 0 },
	{ POINT_ "x", PP_malformed_json, "", "something follows", 0, 0 },
	{ "{\"type\":\"Point\",\"coordinates\":[1,2]", PP_malformed_json, "", "too early", 0, 0 },
	{ "{\"type\":\"point\",\"coordinates\":[1,2]}", PP_geometry_malformed, "", "case", 0, 0 },
	{ "{\"type\":7,\"coordinates\":[1,2]}", PP_geometry_malformed, "", "not a string", 0, 0 },
	{ "{\"type\":\"Point\",\"type\":\"Point\",\"coordinates\":[1,2]}", PP_malformed_json, "",
		"same name twice", 0, 0 },
	{ "{\"type\":\"Point\",\"coordinates\":[1,2],\"\\u0063oordinates\":[1,2]}",
		PP_malformed_json, "", "same name twice", 0, 0 },
	{ "{\"type\":\"Point\"}", PP_geometry_malformed, "", "missing", 0, 0 },
	{ "{\"type\":\"Point\",\"coordinates\":7}", PP_geometry_malformed, "", "not an array", 0,
		0 },
	{ "{\"type\":\"Point\",\"coordinates\":[1,NaN]}", PP_malformed_json, "", "NaN", 0, 0 },
	{ "{\"type\":\"Point\",\"coordinates\":[-Infinity,1]}", PP_malformed_json, "", "Infinity",
		0, 0 },
	{ "{\"type\":\"Point\",\"coordinates\":[1e999,1]}", PP_malformed_json, "", "too large", 0,
		0 },
	{ "{\"type\":\"Point\",\"coordinates\":[01,1]}", PP_malformed_json, "", "number", 0, 0 },
	{ "{\"type\":\"Point\",\"coordinates\":[+1,1]}", PP_malformed_json, "", "number", 0, 0 },
	{ "{\"type\":\"Point\",\"coordinates\":[1.,1]}", PP_malformed_json, "", "number", 0, 0 },
	{ "{\"type\":\"Point\",\"coordinates\":[1,2,]}", PP_malformed_json, "", "number", 0, 0 },
	{ "{\"type\":\"Point\",\"coordinates\":[1,1000000001]}", PP_geometry_malformed,
		"/coordinates", "1e9", 0, 0 },
	{ "{\"type\":\"Point\",\"coordinates\":[1]}", PP_geometry_malformed, "/coordinates",
		"fewer", 0, 0 },
	{ "{\"type\":\"LineString\",\"coordinates\":[[1,2],[1,2,3,4]]}", PP_geometry_malformed,
		"/coordinates/1", "measures", 0, 0 },
	{ "{\"type\":\"LineString\",\"coordinates\":[[1,2],[\"1\",2]]}", PP_geometry_malformed,
		"/coordinates/1", "else than numbers", 0, 0 },
	{ "{\"type\":\"LineString\",\"coordinates\":[[1,2],[[3,4]]]}", PP_geometry_malformed,
		"/coordinates/1/0", "depths", 0, 0 },
	{ "{\"type\":\"LineString\",\"coordinates\":[[1,2],null]}", PP_geometry_malformed,
		"/coordinates/1", "expected an array", 0, 0 },
	{ "{\"type\":\"LineString\",\"coordinates\":[[1,2]]}", PP_geometry_invalid, "/coordinates",
		"only one position", 1, 2 },
	{ "{\"type\":\"Polygon\",\"coordinates\":[[1,2],[3,4]]}", PP_geometry_malformed,
		"/coordinates", "another type", 0, 0 },
	{ "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[4,0],[4,4],[0,4]]]}", PP_geometry_invalid,
		"/coordinates/0/3", "not closed", 0, 4 },
	{ "{\"type\":\"MultiPolygon\",\"coordinates\":[" SQUARE
	  ",[[[0,0],[4,0],[4,4],[0,0]],[[1,1],[2,1],[2,2]]]]}",
		PP_geometry_invalid, "/coordinates/1/1/2", "not closed", 2, 2 },
	{ "{\"type\":\"Polygon\",\"coordinates\":[[[5,6],[7,8],[5,6]]]}", PP_geometry_invalid,
		"/coordinates/0", "fewer than four", 5, 6 },
	{ "{\"type\":\"Polygon\",\"coordinates\":[]}", PP_geometry_empty, "/coordinates", "empty",
		0, 0 },
	{ "{\"type\":\"Polygon\",\"coordinates\":[[]]}", PP_geometry_empty, "/coordinates/0",
		"empty", 0, 0 },
	{ "{\"type\":\"Polygon\",\"coordinates\":[[[[[1]]]]]}", PP_geometry_malformed,
		"/coordinates/0/0/0/0", "too deep", 0, 0 },
	{ "{\"type\":\"GeometryCollection\",\"geometries\":[]}", PP_geometry_empty, "/geometries",
		"empty", 0, 0 },
	{ "{\"type\":\"GeometryCollection\",\"geometries\":[" POINT_ ",7]}", PP_geometry_malformed,
		"/geometries/1", "expected", 0, 0 },
	{ "{\"type\":\"GeometryCollection\",\"geometries\":[{\"type\":\"Feature\","
	  "\"geometry\":" POINT_ "}]}",
		PP_geometry_malformed, "/geometries/0", "cannot stand here", 0, 0 },
	{ "{\"type\":\"GeometryCollection\",\"coordinates\":[1,2],\"geometries\":[" POINT_ "]}",
		PP_geometry_malformed, "", "another type", 0, 0 },
	{ "{\"type\":\"Feature\",\"geometry\":null,\"properties\":null}", PP_geometry_empty,
		"/geometry", "no geometry", 0, 0 },
	{ "{\"type\":\"Feature\",\"properties\":null}", PP_geometry_malformed, "",
		"no \"geometry\"", 0, 0 },
	{ "{\"type\":\"FeatureCollection\",\"features\":[]}", PP_geometry_empty, "/features",
		"no feature", 0, 0 },
	{ "{\"type\":\"FeatureCollection\",\"features\":[" POINT_ "]}", PP_geometry_malformed,
		"/features/0", "cannot stand here", 0, 0 },
	{ "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\","
	  "\"geometry\":" POINT_ "},{\"type\":\"Feature\",\"geometry\":" POINT_ "}]}",
		PP_plan_ambiguous, "/features", "several", 0, 0 },
	{ "{\"type\":\"Point\",\"coordinates\":[1,2],\"crs\":null}", PP_crs_unknown, "/crs",
		"names no", 0, 0 },
	{ "{\"type\":\"Point\",\"coordinates\":[1,2],\"crs\":{\"type\":\"link\","
	  "\"properties\":{}}}",
		PP_crs_unknown, "/crs", "names no", 0, 0 },
	{ "{\"type\":\"Point\",\"coordinates\":[1,2],\"x\":\"\xff\"}", PP_malformed_json, "",
		"UTF-8", 0, 0 },
	{ "{\"type\":\"Point\",\"coordinates\":[1,2],\"x\":\"\\ud800\"}", PP_malformed_json, "",
		"escape", 0, 0 },
	{ "{\"type\":\"Point\",\"coordinates\":[1,2],\"x\":\"\n\"}", PP_malformed_json, "",
		"control", 0, 0 },
	{ "{\"type\":\"Point\",\"coordinates\":[1,2],\"x\":[1,[2,{\"a\":tru}]]}", PP_malformed_json,
		"", "line 1, column 52", 0, 0 },
};

static void refuses_with_the_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < PP_LENGTH(refused); i++) {
		struct pp_arena arena;
		struct pp_geojson geojson;
		struct pp_fault fault = { 0 };

		pp_arena_begin(&arena);
		if (pp_geojson_read(&arena, pp_slice_of(refused[i].in), 100, &geojson, &fault))
			fail_msg("taken: %s", refused[i].in);
		if (fault.problem != refused[i].problem ||
			strcmp(fault.pointer, refused[i].pointer) != 0 ||
			!strstr(fault.detail, refused[i].detail))
			fail_msg("%s: %s at '%s': %s", refused[i].in, problem_name(fault.problem),
				fault.pointer, fault.detail);
		assert_int_equal(geojson.has_position, refused[i].x != 0 || refused[i].y != 0);
		assert_true(geojson.x == refused[i].x && geojson.y == refused[i].y);
		pp_arena_end(&arena);
	}
}

static void knows_the_old_crs_member(void **state)
{
	static const struct {
		const char *crs, *name;
	} rows[] = {
		{ "{\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:EPSG::25832\"}}",
			"urn:ogc:def:crs:EPSG::25832" },
		{ "{\"properties\":{\"name\":\"EPSG\\u003a4326\"},\"type\":\"name\"}",
			"EPSG:4326" },
		{ "{\"type\":\"EPSG\",\"properties\":{\"code\":25832}}", "EPSG:25832" },
	};

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(rows); i++) {
		struct pp_arena arena;
		struct pp_geojson geojson;
		struct pp_fault fault;
		struct pp_slice text;

		pp_arena_begin(&arena);
		text = pp_format(&arena, "{\"type\":\"Point\",\"crs\":%s,\"coordinates\":[1,2,3]}",
			rows[i].crs);
		assert_true(pp_geojson_read(&arena, text, 10, &geojson, &fault));
		assert_true(pp_slice_is(geojson.crs, pp_slice_of(rows[i].name)));
		assert_true(geojson.dropped_z);
		pp_arena_end(&arena);
	}
}

static void bounds_depth_and_vertices(void **state)
{
	struct pp_geojson geojson;
	struct pp_fault fault;
	struct pp_arena arena;
	struct pp_buf *text;

	(void)state;
	pp_arena_begin(&arena);
	for (unsigned depth = 1; depth <= 6; depth++) {
		text = pp_buf_make(&arena);
		for (unsigned i = 0; i < depth; i++)
			pp_buf_text(text, "{\"type\":\"GeometryCollection\",\"geometries\":[");
		pp_buf_text(text, "{\"type\":\"MultiPolygon\",\"coordinates\":[" SQUARE "]}");
		for (unsigned i = 0; i < depth; i++)
			pp_buf_text(text, "]}");
		assert_int_equal(pp_geojson_read(&arena, pp_buf_all(text), 100, &geojson, &fault),
			depth <= PP_WKB_DEPTH_MAX);
	}
	text = pp_buf_make(&arena);
	pp_buf_text(text, "{\"type\":\"MultiPoint\",\"coordinates\":[");
	for (unsigned i = 0; i < 1000; i++)
		pp_buf_format(text, "%s[%u,%u]", i ? "," : "", i, i);
	pp_buf_text(text, "]}");
	assert_true(pp_geojson_read(&arena, pp_buf_all(text), 1000, &geojson, &fault));
	assert_false(pp_geojson_read(&arena, pp_buf_all(text), 999, &geojson, &fault));
	assert_int_equal(fault.problem, PP_geometry_too_large);
	assert_string_equal(fault.pointer, "/coordinates/999");
	/* A million brackets neither overflow a stack nor take time. */
	text = pp_buf_make(&arena);
	pp_buf_text(text, "{\"type\":\"Point\",\"x\":");
	memset(pp_buf_room(text, 1000000), '[', 1000000);
	text->len += 1000000;
	assert_false(pp_geojson_read(&arena, pp_buf_all(text), 999, &geojson, &fault));
	assert_int_equal(fault.problem, PP_malformed_json);
	pp_arena_end(&arena);
}

/* Every prefix of a valid text is refused, and so is (or is not) every text with one byte changed.
 */
static void survives_every_cut_and_flip(void **state)
{
	static const char text[] =
		"{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":{"
		"\"name\":\"EPSG:4326\"}},"
		"\"features\":[{\"type\":\"Feature\",\"properties\":{\"\\u00e4\":[true,false,null,-"
		"1.5e-3]},"
		"\"geometry\":{\"type\":\"GeometryCollection\",\"geometries\":[" POINT_
		",{\"type\":\"Polygon\",\"coordinates\":" SQUARE "}]}}]}";
	struct pp_geojson geojson;
	struct pp_fault fault;
	struct pp_arena arena;
	char copy[sizeof(text)];

	(void)state;
	for (size_t i = 0; i < sizeof(text) - 1; i++) {
		pp_arena_begin(&arena);
		/* In memory of its own, so that a read beyond the end is seen. */
		assert_false(pp_geojson_read(
			&arena, pp_copy(&arena, pp_slice(text, i)), 100, &geojson, &fault));
		pp_arena_end(&arena);
		for (unsigned byte = 0; byte < 256; byte += 7) {
			pp_arena_begin(&arena);
			memcpy(copy, text, sizeof(text));
			copy[i] = (char)byte;
			if (pp_geojson_read(&arena, pp_slice(copy, sizeof(text) - 1), 100, &geojson,
				    &fault))
				assert_true(geojson.facts.vertices == 6);
			pp_arena_end(&arena);
		}
	}
}

static uint64_t step(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* As printf writes it, but for exact ties of the decimal value; and strtod reads what we read. */
static void numbers_are_printfs(void **state)
{
	uint64_t seed = 88172645463325252u;

	(void)state;
	for (unsigned i = 0; i < 200000; i++) {
		unsigned decimals = (unsigned)(step(&seed) % 10);
		double value = ((double)(int64_t)step(&seed)) / 9.3e18 *
			pow(10, (double)(step(&seed) % 10));
		char expected[40], json[80];
		struct pp_geojson geojson;
		struct pp_fault fault;
		struct pp_arena arena;
		struct pp_buf buf;
		double back;

		pp_arena_begin(&arena);
		pp_buf_begin(&buf);
		pp_geojson_number(&buf, value, decimals);
		pp_buf_u8(&buf, 0);
		back = strtod(buf.at, NULL);
		/* Half a unit of the last decimal, and what a double of that size cannot tell
		 * apart. */
		assert_true(fabs(back - value) <=
			0.5 * pow(10, -(double)decimals) + 3e-16 * fabs(value) + 1e-15);
		snprintf(expected, sizeof(expected), "%.*g", (int)(1 + step(&seed) % 17), value);
		snprintf(json, sizeof(json), "{\"type\":\"Point\",\"coordinates\":[%s,0]}",
			expected);
		if (!pp_geojson_read(&arena, pp_slice_of(json), 1, &geojson, &fault))
			fail_msg("%s: %s", json, fault.detail);
		assert_true(geojson.facts.min_x == strtod(expected, NULL));
		pp_buf_end(&buf);
		pp_arena_end(&arena);
	}
}

/* The digits of the value that was rounded to so many decimals, with nothing that could be left
 * out. */
static void spell(char out[64], double value, unsigned decimals)
{
	long long scale = llrint(pow(10, decimals)), scaled = llrint(value * (double)scale);
	int len = snprintf(out, 64, "%s%lld.%0*lld", scaled < 0 ? "-" : "", llabs(scaled / scale),
		(int)decimals, llabs(scaled % scale));

	while (out[len - 1] == '0')
		out[--len] = '\0';
	if (out[len - 1] == '.')
		out[--len] = '\0';
}

/* Of every size, among them those with zeros inside, in front and behind; in a line of positions as
 * well as alone. */
static void numbers_are_spelled_digit_by_digit(void **state)
{
	uint64_t seed = 362436069u;

	(void)state;
	for (unsigned i = 0; i < 400000; i++) {
		unsigned decimals = (unsigned)(step(&seed) % 10);
		double size = pow(10, (double)(step(&seed) % 19)) / pow(10, decimals);
		double value = (double)(int64_t)step(&seed) / 9.3e18 * fmin(size, 1e9);
		char expected[64], line[300];
		struct pp_buf buf, wkb;

		if (i % 3 == 0) /* few digits that are not zero */
			value = round(value / (size / 100)) * (size / 100);
		pp_buf_begin(&buf);
		pp_buf_begin(&wkb);
		spell(expected, value, decimals);
		pp_geojson_number(&buf, value, decimals);
		assert_int_equal(buf.len, strlen(expected));
		assert_memory_equal(buf.at, expected, buf.len);
		snprintf(line, sizeof(line),
			"{\"type\":\"LineString\",\"coordinates\":[[%s,%s],[0,%s]]}", expected,
			expected, expected);
		pp_buf_u8(&wkb, 1);
		pp_buf_u32(&wkb, PP_WKB_LINE);
		pp_buf_u32(&wkb, 2);
		pp_buf_f64(&wkb, value);
		pp_buf_f64(&wkb, value);
		pp_buf_f64(&wkb, 0);
		pp_buf_f64(&wkb, value);
		pp_buf_clear(&buf);
		pp_geojson_write(&buf, pp_buf_all(&wkb), decimals);
		assert_int_equal(buf.len, strlen(line));
		assert_memory_equal(buf.at, line, buf.len);
		pp_buf_end(&buf);
		pp_buf_end(&wkb);
	}
}

static void numbers_have_no_trimmings(void **state)
{
	static const struct {
		double value;
		unsigned decimals;
		const char *text;
	} rows[] = {
		{ 0, 3, "0" },
		{ -0.0, 3, "0" },
		{ -0.0004, 3, "0" },
		{ 0.05, 3, "0.05" },
		{ -0.05, 2, "-0.05" },
		{ 1000, 0, "1000" },
		{ 1000, 9, "1000" },
		{ 12.5, 0, "12" },
		{ 565432.1234, 3, "565432.123" },
		{ 9.84785633, 8, "9.84785633" },
		{ 1e9, 9, "1000000000" },
		{ -1e9, 9, "-1000000000" },
		{ 0.000000001, 9, "0.000000001" },
		{ 100.1, 1, "100.1" },
	};

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(rows); i++) {
		struct pp_buf buf;

		pp_buf_begin(&buf);
		pp_geojson_number(&buf, rows[i].value, rows[i].decimals);
		pp_buf_u8(&buf, 0);
		assert_string_equal(buf.at, rows[i].text);
		pp_buf_end(&buf);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_it_writes),
		cmocka_unit_test(refuses_with_the_place),
		cmocka_unit_test(knows_the_old_crs_member),
		cmocka_unit_test(bounds_depth_and_vertices),
		cmocka_unit_test(survives_every_cut_and_flip),
		cmocka_unit_test(numbers_are_printfs),
		cmocka_unit_test(numbers_are_spelled_digit_by_digit),
		cmocka_unit_test(numbers_have_no_trimmings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
