/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <pp/feature/where.h>
#include <pp/fmt/fes.h>

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

static struct pp_where where_of(struct bench *bench, const char *collection, int crs)
{
	return (struct pp_where){ .arena = &bench->arena,
		.geo = bench->geo,
		.collection = pp_collection_named(pp_slice_of(collection)),
		.crs = crs,
		.axes = PP_AXES_AUTHORITY };
}

static bool add_fes(
	struct pp_where *where, struct pp_slice text, bool east_first, struct pp_fault *fault)
{
	struct pp_filter *filter = pp_fes_read_document(
		where->arena, text, PP_S(""), east_first, fault);

	return filter && pp_where_add(where, filter, text, fault);
}

static struct pp_slice filter_of(struct pp_arena *arena, const char *inside)
{
	return pp_format(arena,
		"<Filter xmlns=\"http://www.opengis.net/fes/2.0\" "
		"xmlns:gml=\"http://www.opengis.net/gml/3.2\">%s</Filter>",
		inside);
}

/* A geometry between 9.75 and 10 degrees east, 53.5 and 53.625 north, which doubles have exactly.
 */
static struct pp_slice geometry_of(
	struct pp_arena *arena, unsigned kind, const char *srs, bool east_first)
{
	const char *west = east_first ? "9.75 53.5" : "53.5 9.75",
		   *east = east_first ? "10 53.625" : "53.625 10",
		   *north = east_first ? "9.75 53.625" : "53.625 9.75";
	struct pp_slice name = srs ? pp_format(arena, "srsName=\"%s\"", srs) : PP_S("");

	switch (kind) {
	case 0:
		return pp_format(arena, "<gml:Point %.*s><gml:pos>%s</gml:pos></gml:Point>",
			PP_SHOW(name), west);
	case 1:
		return pp_format(arena,
			"<gml:Polygon %.*s><gml:exterior><gml:LinearRing><gml:posList>%s %s %s "
			"%s</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>",
			PP_SHOW(name), west, east, north, west);
	default:
		return pp_format(arena,
			"<gml:Envelope %.*s><gml:lowerCorner>%s</gml:lowerCorner>"
			"<gml:upperCorner>%s</gml:upperCorner></gml:Envelope>",
			PP_SHOW(name), west, east);
	}
}

static const struct {
	const char *srs;
	bool short_means_east; /* WFS 1.0 */
	bool east_first;       /* so are the coordinates to be read */
} spellings[] = {
	{ "http://www.opengis.net/def/crs/EPSG/0/4326", false, false },
	{ "http://www.opengis.net/def/crs/EPSG/0/4326", true, false },
	{ "urn:ogc:def:crs:EPSG::4326", false, false },
	{ "urn:ogc:def:crs:EPSG:6.9:4326", true, false },
	{ "urn:x-ogc:def:crs:EPSG::4326", false, false }, { "EPSG:4326", false, false },
	{ "EPSG:4326", true, true },
	{ "http://www.opengis.net/gml/srs/epsg.xml#4326", false, true },
	{ "http://www.opengis.net/gml/srs/epsg.xml#4326", true, true },
	{ "urn:ogc:def:crs:OGC:1.3:CRS84", false, true },
	{ "http://www.opengis.net/def/crs/OGC/1.3/CRS84", true, true },
	{ NULL, false, true }, /* that of the filter, which is CRS84 here */
};

/* Whatever the spelling, it is the same place, beside literals in other CRSs. */
static void test_spellings(void **state)
{
	struct bench *bench = *state;
	struct pp_arena *arena = &bench->arena;

	for (unsigned kind = 0; kind < 3; kind++) {
		struct pp_slice expected = { 0 };

		for (size_t i = 0; i < PP_LENGTH(spellings); i++) {
			struct pp_where where = where_of(bench, "plans", PP_CRS84);
			struct pp_slice shape = geometry_of(
				arena, kind, spellings[i].srs, spellings[i].east_first);
			struct pp_slice text = pp_format(arena,
				"<And><Intersects><ValueReference>geometry</ValueReference>%.*s"
				"</Intersects><Intersects><ValueReference>geometry</ValueReference>"
				"<gml:Point srsName=\"EPSG:25832\"><gml:pos>565000 5934000"
				"</gml:pos></gml:Point></Intersects></And>",
				PP_SHOW(shape));
			struct pp_fault fault = { 0 };

			if (!add_fes(&where, filter_of(arena, text.at),
				    spellings[i].short_means_east, &fault))
				fail_msg("%s: %s", spellings[i].srs, fault.detail);
			assert_int_equal(where.count, 2);
			if (!expected.at)
				expected = where.values;
			if (!pp_slice_is(where.values, expected))
				fail_msg("%s, %u: %s, not %s", spellings[i].srs, kind,
					where.values.at, expected.at);
		}
	}
}

/* With its axes the other way round it would lie in Somalia, and is refused. */
static void test_axes(void **state)
{
	struct bench *bench = *state;

	for (size_t i = 0; i < PP_LENGTH(spellings); i++) {
		struct pp_where where = where_of(bench, "plans", PP_CRS84);
		struct pp_slice shape = geometry_of(
			&bench->arena, 0, spellings[i].srs, !spellings[i].east_first);
		struct pp_slice text = filter_of(&bench->arena,
			pp_format(&bench->arena,
				"<Within><ValueReference>geometry</ValueReference>%.*s</Within>",
				PP_SHOW(shape))
				.at);
		struct pp_fault fault = { 0 };

		assert_false(add_fes(&where, text, spellings[i].short_means_east, &fault));
		assert_int_equal(fault.problem, PP_filter_invalid);
		assert_memory_equal(fault.detail, "line 1, column ", 15);
	}
}

static void test_not_offered(void **state)
{
	static const char *const names[] = { "EPSG:31467", "EPSG:99", "nonsense" };
	struct bench *bench = *state;

	for (size_t i = 0; i < PP_LENGTH(names); i++)
		for (unsigned kind = 0; kind < 3; kind++) {
			struct pp_where where = where_of(bench, "plans", PP_UTM32);
			struct pp_slice text = filter_of(&bench->arena,
				pp_format(&bench->arena,
					"<Intersects><ValueReference>geometry</ValueReference>%.*s"
					"</Intersects>",
					PP_SHOW(geometry_of(&bench->arena, kind, names[i], true)))
					.at);
			struct pp_fault fault = { 0 };

			assert_false(add_fes(&where, text, false, &fault));
			assert_non_null(strstr(fault.detail, "no CRS that is offered here"));
			assert_non_null(strstr(fault.detail, names[i]));
		}
}

/* The same condition in both languages is the same SQL with the same values. */
static const struct {
	const char *collection, *fes, *cql2;
} twins[] = {
	{ "plans",
		"<PropertyIsGreaterThan><ValueReference>p:area_m2</ValueReference><Literal>1e3"
		"</Literal></PropertyIsGreaterThan>",
		"area_m2 > 1000" },
	{ "plans",
		"<PropertyIsEqualTo matchCase=\"false\"><ValueReference>title</ValueReference>"
		"<Literal>x</Literal></PropertyIsEqualTo>",
		"CASEI(title) = CASEI('x')" },
	{ "procedures",
		"<PropertyIsLessThan><ValueReference>participation_to</ValueReference><Literal>"
		"2027/01/31</Literal></PropertyIsLessThan>",
		"participation_to < DATE('2027-01-31')" },
	{ "plans", "<ResourceId rid=\"plans.a_2fb\"/><ResourceId rid=\"procedures.1\"/>",
		"id IN ('a/b', 'procedures.1')" },
	{ "procedures", "<ResourceId rid=\"procedures.1\"/>", "id IN ('1')" },
	{ "municipalities",
		"<BBOX><gml:Envelope><gml:lowerCorner>5e5 59e5</gml:lowerCorner><gml:upperCorner>"
		"6e5 60e5</gml:upperCorner></gml:Envelope></BBOX>",
		"S_INTERSECTS(geometry, BBOX(500000, 5900000, 600000, 6000000))" },
	{ "municipalities",
		"<Beyond><ValueReference>geometry</ValueReference><gml:Point><gml:pos>5e5 59e5"
		"</gml:pos></gml:Point><Distance uom=\"km\">2</Distance></Beyond>",
		"NOT S_DWITHIN(geometry, POINT(500000 5900000), 2000)" },
	{ "plans",
		"<During><ValueReference>published_at</ValueReference><gml:TimePeriod>"
		"<gml:beginPosition>2027-01-01</gml:beginPosition><gml:endPosition>2027-02-01"
		"</gml:endPosition></gml:TimePeriod></During>",
		"T_DURING(published_at, INTERVAL('2027-01-01', '2027-02-01'))" },
};

static void test_twins(void **state)
{
	struct bench *bench = *state;

	for (size_t i = 0; i < PP_LENGTH(twins); i++) {
		struct pp_where fes = where_of(bench, twins[i].collection, PP_UTM32), cql2 = fes;
		struct pp_slice text = pp_slice_of(twins[i].cql2);
		struct pp_fault fault = { 0 };

		if (!add_fes(&fes, filter_of(&bench->arena, twins[i].fes), false, &fault) ||
			!pp_where_add(&cql2, pp_cql2_read_text(&bench->arena, text, &fault), text,
				&fault))
			fail_msg("%s: %s", twins[i].cql2, fault.detail);
		assert_string_equal(fes.sql->at, cql2.sql->at);
		assert_string_equal(fes.values.at, cql2.values.at);
	}
}

/* A literal that is nothing of its property's kind, with its place. */
static void test_kinds(void **state)
{
	struct bench *bench = *state;
	struct pp_where where = where_of(bench, "plans", PP_UTM32);
	struct pp_fault fault = { 0 };

	assert_false(add_fes(&where,
		PP_S("<Filter><PropertyIsEqualTo><ValueReference>area_m2</ValueReference>\n"
		     "<Literal>much</Literal></PropertyIsEqualTo></Filter>"),
		false, &fault));
	assert_int_equal(fault.problem, PP_filter_type_wrong);
	assert_string_equal(fault.detail, "line 2, column 1: much is no number");
	where = where_of(bench, "plans", PP_UTM32);
	assert_false(add_fes(&where,
		PP_S("<Filter><PropertyIsNull><ValueReference>colour</ValueReference>"
		     "</PropertyIsNull></Filter>"),
		false, &fault));
	assert_int_equal(fault.problem, PP_filter_property_unknown);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_spellings),
		cmocka_unit_test(test_axes),
		cmocka_unit_test(test_not_offered),
		cmocka_unit_test(test_twins),
		cmocka_unit_test(test_kinds),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
