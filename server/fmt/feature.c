/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/fmt/feature.h>

static void geojson_begin(struct pp_buf *out, const struct pp_feature_view *view)
{
	if (!view->alone)
		pp_buf_text(out, "{\"type\":\"FeatureCollection\",\"features\":[");
}

static void geojson_end(struct pp_buf *out, const struct pp_feature_view *view)
{
	pp_buf_text(out, view->alone ? "" : "]}");
}

static void nothing(struct pp_buf *out, const struct pp_feature_view *view)
{
	(void)out;
	(void)view;
}

/* The first is what clients get that want nothing in particular. */
const struct pp_feature_format pp_feature_formats[PP_FEATURE_FORMATS] = {
	{ "json", "application/geo+json", "GeoJSON", ",", false, geojson_begin, pp_feature_geojson,
		geojson_end },
	/* 17-069r4 §8.4 names the profile. */
	{ "gml",
		"application/gml+xml;version=3.2;"
		"profile=\"http://www.opengis.net/def/profile/ogc/2.0/gml-sf0\"",
		"GML 3.2", "", false, pp_feature_gml_begin, pp_feature_gml_member,
		pp_feature_gml_end },
	{ "csv", "text/csv;charset=utf-8;header=present", "CSV", "", false, pp_feature_csv_begin,
		pp_feature_csv, nothing },
	{ "fgb", "application/flatgeobuf", "FlatGeobuf", "", true, pp_feature_fgb_begin,
		pp_feature_fgb, nothing },
	{ "gpkg", "application/geopackage+sqlite3", "GeoPackage", "", true, pp_feature_fgb_begin,
		pp_feature_fgb, nothing, .is_file = true },
	{ "html", "text/html;charset=utf-8", "HTML", "", false, pp_feature_html_begin,
		pp_feature_html, pp_feature_html_end, .is_page = true },
};
