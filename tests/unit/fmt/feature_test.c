/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include <pp/fmt/feature.h>
#include <pp/fmt/wkb.h>

static const struct pp_feature_column columns[] = {
	{ "title", PP_FEATURE_TEXT, true, true, 0, "Bezeichnung", "Title" },
	{ "area", PP_FEATURE_NUMBER, false, true, 1, "Fläche <m²>", "Area" },
	{ "newest", PP_FEATURE_BOOLEAN, true, true, 0, "Neueste", "Newest" },
	{ "class", PP_FEATURE_TEXT, false, true, 0, "Klasse", "Class", "A|B" },
};

static const struct pp_feature_type type = { .name = "things",
	.title_de = "Dinge",
	.title_en = "Things",
	.shape = PP_FEATURE_AREAS,
	.columns = columns,
	.column_count = PP_LENGTH(columns) };

static void ring(struct pp_buf *out, double x, double y, double size)
{
	const double xy[] = { x, y, x + size, y, x, y + size, x, y };

	pp_buf_u32(out, 4);
	for (size_t i = 0; i < PP_LENGTH(xy); i++)
		pp_buf_f64(out, xy[i]);
}

static void head(struct pp_buf *out, enum pp_wkb_type shape, uint32_t count)
{
	pp_buf_u8(out, 1);
	pp_buf_u32(out, shape);
	if (shape != PP_WKB_POINT)
		pp_buf_u32(out, count);
}

static void polygon(struct pp_buf *out)
{
	head(out, PP_WKB_POLYGON, 2);
	ring(out, 0, 0, 10);
	ring(out, 1, 1.25, 2);
}

/* A collection of a point, of several lines, of a polygon in a multi-polygon. */
static void everything(struct pp_buf *out)
{
	head(out, PP_WKB_COLLECTION, 3);
	head(out, PP_WKB_POINT, 0);
	pp_buf_f64(out, -7.5);
	pp_buf_f64(out, 8);
	head(out, PP_WKB_LINES, 2);
	for (int i = 0; i < 2; i++) {
		head(out, PP_WKB_LINE, 2);
		for (int n = 0; n < 4; n++)
			pp_buf_f64(out, n + i);
	}
	head(out, PP_WKB_POLYGONS, 1);
	polygon(out);
}

/* A document of one feature; NULL as title is none. */
static void is_written(int format, enum pp_feature_shape shape, void (*make)(struct pp_buf *out),
	const char *title, const char *expected)
{
	const struct pp_feature_format *as = &pp_feature_formats[format];
	struct pp_feature_type mine = type;
	const double area = -12.5;
	const struct pp_slice cells[] = { pp_slice_of(title),
		pp_slice((const char *)&area, sizeof(area)), PP_S("t"), pp_slice(NULL, 0) };
	struct pp_feature_view view = { .type = &mine,
		.columns = UINT32_MAX,
		.geometry = true,
		.decimals = 3,
		.alone = true,
		.srs = PP_S("urn:crs"),
		.schema = PP_S("http://a/?b&c") };
	struct pp_feature_row row = { .id = PP_S("a/1_b"), .cells = cells };
	struct pp_wkb_facts facts;
	struct pp_fault fault;
	struct pp_buf wkb, out;

	mine.shape = shape;
	pp_buf_begin(&wkb);
	pp_buf_begin(&out);
	if (make) {
		make(&wkb);
		row.wkb = pp_buf_all(&wkb);
		assert_true(pp_wkb_check(row.wkb, 1000, &facts, &fault));
	}
	as->begin(&out, &view);
	as->feature(&out, &view, &row);
	as->end(&out, &view);
	pp_buf_u8(&out, 0);
	assert_string_equal(out.at, expected);
	pp_buf_end(&wkb);
	pp_buf_end(&out);
}

#define GML_HEAD                                                                                   \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<pp:things xmlns:pp=\"" PP_FEATURE_NAMESPACE  \
	"\" xmlns:gml=\"http://www.opengis.net/gml/3.2\" xmlns:xsi="                               \
	"\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"" PP_FEATURE_NAMESPACE \
	" http://a/?b&amp;c\" gml:id=\"things.a_2f1_5fb\">"
#define GML_REST "<pp:area>-12.5</pp:area><pp:newest>true</pp:newest>"
#define ID(n)    " gml:id=\"things.a_2f1_5fb.g" n "\""
#define SRS      " srsName=\"urn:crs\" srsDimension=\"2\""
#define EXTERIOR "<gml:exterior><gml:LinearRing><gml:posList>0 0 10 0 0 10 0 0</gml:posList>"
#define INTERIOR "<gml:interior><gml:LinearRing><gml:posList>1 1.25 3 1.25 1 3.25 1 1.25"
#define GML_POLYGON                                                                                \
	EXTERIOR "</gml:LinearRing></gml:exterior>" INTERIOR                                       \
		 "</gml:posList></gml:LinearRing></gml:interior></gml:Polygon>"

static void gml_writes_areas_as_several(void **state)
{
	(void)state;
	is_written(PP_FORMAT_GML, PP_FEATURE_AREAS, polygon, "x",
		GML_HEAD "<pp:title>x</pp:title>" GML_REST "<pp:geometry><gml:MultiSurface" ID("")
			SRS "><gml:surfaceMember><gml:Polygon" ID(
				".1") ">" GML_POLYGON "</gml:surfaceMember></gml:MultiSurface></"
				      "pp:geometry></pp:things>\n");
	is_written(PP_FORMAT_GML, PP_FEATURE_ANY, polygon, "x",
		GML_HEAD "<pp:title>x</pp:title>" GML_REST "<pp:geometry><gml:Polygon" ID("") SRS
		">" GML_POLYGON "</pp:geometry></pp:things>\n");
}

static void gml_writes_collections(void **state)
{
	(void)state;
	is_written(PP_FORMAT_GML, PP_FEATURE_ANY, everything, NULL,
		GML_HEAD GML_REST "<pp:geometry><gml:MultiGeometry" ID("") SRS
		"><gml:geometryMember><gml:Point" ID(
			".1") "><gml:pos>-7.5 8</"
			      "gml:pos></gml:Point>"
			      "</gml:geometryMember><gml:geometryMember><gml:MultiCurve" ID(".2") "><gml:curveMember><gml:LineString" ID(
				      ".3") "><gml:posList>0 1 2 3</gml:posList></gml:LineString>"
					    "</gml:curveMember><gml:curveMember><gml:LineString" ID(
						    ".4") "><gml:posList>1 2 3 4</gml:posList>"
							  "</gml:LineString></gml:curveMember>"
							  "</gml:MultiCurve></gml:geometryMember>"
							  "<gml:geometryMember><gml:"
							  "MultiSurface" ID(
								  ".5") "><gml:surfaceMember>"
									"<gml:Polygon" ID(
										".6") ">" GML_POLYGON
										      "</"
										      "gml:"
										      "surfaceMembe"
										      "r></"
										      "gml:"
										      "MultiSurface"
										      ">"
										      "</"
										      "gml:"
										      "geometryMemb"
										      "er></"
										      "gml:"
										      "MultiGeometr"
										      "y></"
										      "pp:geometry>"
										      "</"
										      "pp:things>"
										      "\n");
}

static void gml_writes_characters_of_xml_alone(void **state)
{
	(void)state;
	is_written(PP_FORMAT_GML, PP_FEATURE_AREAS, NULL,
		"<a>&\"'\x01\x1f\r\n\xef\xbf\xbf\xef\xbf\xbe\xed\xa0\x80\xff\xf0\x9f\x98\x80]]>",
		GML_HEAD "<pp:title>&lt;a&gt;&amp;&quot;'\xef\xbf\xbd\xef\xbf\xbd&#13;&#10;"
			 "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
			 "\xf0\x9f\x98\x80]]&gt;</pp:title>" GML_REST "</pp:things>\n");
}

#define CSV_HEAD "id,title,area,newest,class,wkt\r\n"

static void csv_writes_wkt(void **state)
{
	(void)state;
	is_written(PP_FORMAT_CSV, PP_FEATURE_AREAS, polygon, "x",
		CSV_HEAD "a/1_b,x,-12.5,true,,\"POLYGON((0 0,10 0,0 10,0 0),(1 1.25,3 1.25,1 3.25,"
			 "1 1.25))\"\r\n");
	is_written(PP_FORMAT_CSV, PP_FEATURE_ANY, everything, "x",
		CSV_HEAD
		"a/1_b,x,-12.5,true,,\"GEOMETRYCOLLECTION(POINT(-7.5 8),MULTILINESTRING((0 1,2 3),"
		"(1 2,3 4)),MULTIPOLYGON(((0 0,10 0,0 10,0 0),(1 1.25,3 1.25,1 3.25,1 1.25))))"
		"\"\r\n");
}

static void csv_runs_no_formulas(void **state)
{
	(void)state;
	is_written(PP_FORMAT_CSV, PP_FEATURE_AREAS, NULL, "=cmd|\"x\"",
		CSV_HEAD "a/1_b,\"'=cmd|\"\"x\"\"\",-12.5,true,,\r\n");
	is_written(PP_FORMAT_CSV, PP_FEATURE_AREAS, NULL, "a,\r\nb",
		CSV_HEAD "a/1_b,\"a,\r\nb\",-12.5,true,,\r\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gml_writes_areas_as_several),
		cmocka_unit_test(gml_writes_collections),
		cmocka_unit_test(gml_writes_characters_of_xml_alone),
		cmocka_unit_test(csv_writes_wkt),
		cmocka_unit_test(csv_runs_no_formulas),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
