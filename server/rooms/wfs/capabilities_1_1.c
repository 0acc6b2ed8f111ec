/* SPDX-License-Identifier: EUPL-1.2 */
/* What this service can do for clients of WFS 1.1 (04-094 §13, 05-008 §7, 04-095 §14), whose edits
 * it takes as well. */
#include "wfs.h"

/* ---- Parts of every document ---- */

static void add_values(struct pp_buf *out, const char *name, const char *list)
{
	struct pp_slice rest = pp_slice_of(list);

	pp_buf_format(out, "<ows:Parameter name=\"%s\">", name);
	while (rest.len) {
		pp_buf_text(out, "<ows:Value>");
		pp_buf_xml(out, pp_slice_cut(rest, '|', &rest));
		pp_buf_text(out, "</ows:Value>");
	}
	pp_buf_text(out, "</ows:Parameter>\n");
}

/* One element per word of a list, with it inside, or as its name. */
static void add_words(struct pp_buf *out, const char *element, const char *list, bool as_name)
{
	struct pp_slice rest = pp_slice_of(list);

	while (rest.len) {
		struct pp_slice word = pp_slice_cut(rest, '|', &rest);

		if (as_name)
			pp_buf_format(out, "<ogc:%s name=\"%.*s\"/>", element, PP_SHOW(word));
		else
			pp_buf_format(
				out, "<ogc:%s>%.*s</ogc:%s>", element, PP_SHOW(word), element);
	}
}

/* Their names for formats are media types; GML comes first, which is the default. */
static struct pp_slice formats(struct pp_req *req)
{
	struct pp_buf *list = pp_buf_make(req->arena);

	pp_buf_text(list, PP_WFS_GML_3_1);
	for (size_t i = 0; i < PP_FEATURE_FORMATS; i++)
		if (i != PP_FORMAT_GML)
			pp_buf_format(list, "|%s", pp_feature_formats[i].media_type);
	pp_buf_u8(list, '\0');
	return pp_slice(list->at, list->len - 1);
}

/* ---- Sections ---- */

static void add_identification(struct pp_req *req, struct pp_buf *out)
{
	pp_buf_format(out,
		"<ows:ServiceIdentification>\n<ows:Title>Planungsplattform</ows:Title>\n"
		"<ows:Abstract>%s</ows:Abstract>\n<ows:ServiceType>WFS</ows:ServiceType>\n"
		"<ows:ServiceTypeVersion>1.1.0</ows:ServiceTypeVersion>\n<ows:Fees>none</"
		"ows:Fees>\n"
		"<ows:AccessConstraints>none</ows:AccessConstraints>\n"
		"</ows:ServiceIdentification>\n",
		pp_wfs_about(req));
}

static void add_provider(struct pp_req *req, struct pp_buf *out)
{
	pp_buf_text(out,
		"<ows:ServiceProvider>\n<ows:ProviderName>Planungsplattform</ows:ProviderName>\n"
		"<ows:ProviderSite xlink:href=\"");
	pp_buf_xml(out, pp_url(req, PP_S("/")));
	pp_buf_text(out, "\"/>\n<ows:ServiceContact/>\n</ows:ServiceProvider>\n");
}

static void begin_operation(struct pp_req *req, struct pp_buf *out, const char *name, bool changes)
{
	static const char *const methods[] = { "Get", "Post" };

	pp_buf_format(out, "<ows:Operation name=\"%s\">\n<ows:DCP><ows:HTTP>", name);
	for (size_t i = changes ? 1 : 0; i < PP_LENGTH(methods); i++) {
		pp_buf_format(out, "<ows:%s xlink:href=\"", methods[i]);
		pp_buf_xml(out, pp_url(req, PP_S("/wfs")));
		pp_buf_text(out, "\"/>");
	}
	pp_buf_text(out, "</ows:HTTP></ows:DCP>\n");
}

static void add_operations(struct pp_req *req, struct pp_buf *out)
{
	pp_buf_text(out, "<ows:OperationsMetadata>\n");
	begin_operation(req, out, "GetCapabilities", false);
	add_values(out, "AcceptVersions", "1.1.0|2.0.2|2.0.0");
	add_values(out, "AcceptFormats", PP_WFS_XML "|text/xml");
	pp_buf_text(out, "</ows:Operation>\n");
	begin_operation(req, out, "DescribeFeatureType", false);
	add_values(out, "outputFormat", PP_WFS_GML_3_1);
	pp_buf_text(out, "</ows:Operation>\n");
	begin_operation(req, out, "GetFeature", false);
	add_values(out, "resultType", "results|hits");
	add_values(out, "outputFormat", formats(req).at);
	pp_buf_text(out, "</ows:Operation>\n");
	begin_operation(req, out, "GetFeatureWithLock", true);
	add_values(out, "resultType", "results");
	add_values(out, "outputFormat", PP_WFS_GML_3_1);
	pp_buf_text(out, "</ows:Operation>\n");
	begin_operation(req, out, "LockFeature", true);
	add_values(out, "lockAction", "ALL|SOME");
	pp_buf_text(out, "</ows:Operation>\n");
	begin_operation(req, out, "Transaction", true);
	add_values(out, "inputFormat", PP_WFS_GML_3_1);
	add_values(out, "idgen", "GenerateNew");
	add_values(out, "releaseAction", "ALL|SOME");
	pp_buf_text(out, "</ows:Operation>\n</ows:OperationsMetadata>\n");
}

static void add_type(struct pp_req *req, struct pp_buf *out, const struct pp_collection *collection)
{
	const struct pp_feature_type *type = &collection->type;
	struct pp_slice rest = formats(req);

	pp_buf_format(out,
		"<wfs:FeatureType>\n<wfs:Name>pp:%s</wfs:Name>\n<wfs:Title>%s</wfs:Title>\n"
		"<wfs:Abstract>%s</wfs:Abstract>\n",
		type->name, req->english ? type->title_en : type->title_de,
		req->english ? type->about_en : type->about_de);
	pp_buf_format(out, "<wfs:DefaultSRS>%.*s</wfs:DefaultSRS>\n",
		PP_SHOW(pp_crs_urn(req->arena, PP_UTM32)));
	for (size_t i = 0; i < PP_FEATURE_CRS; i++)
		if (pp_feature_crs[i] != PP_UTM32)
			pp_buf_format(out, "<wfs:OtherSRS>%.*s</wfs:OtherSRS>\n",
				PP_SHOW(pp_crs_urn(req->arena, pp_feature_crs[i])));
	if (collection->edit)
		pp_buf_text(out,
			"<wfs:Operations><wfs:Operation>Insert</wfs:Operation>"
			"<wfs:Operation>Update</wfs:Operation><wfs:Operation>Delete"
			"</wfs:Operation><wfs:Operation>Query</wfs:Operation>"
			"<wfs:Operation>Lock</wfs:Operation></wfs:Operations>\n");
	pp_buf_text(out, "<wfs:OutputFormats>");
	while (rest.len) {
		pp_buf_text(out, "<wfs:Format>");
		pp_buf_xml(out, pp_slice_cut(rest, '|', &rest));
		pp_buf_text(out, "</wfs:Format>");
	}
	pp_buf_text(out, "</wfs:OutputFormats>\n" PP_WFS_REGION "</wfs:FeatureType>\n");
}

static void add_types(struct pp_req *req, struct pp_buf *out)
{
	pp_buf_text(out,
		"<wfs:FeatureTypeList>\n<wfs:Operations><wfs:Operation>Query</wfs:Operation>"
		"</wfs:Operations>\n");
	for (size_t i = 0; i < PP_COLLECTIONS; i++)
		if (pp_collection_shows(req, &pp_collections[i]))
			add_type(req, out, &pp_collections[i]);
	pp_buf_text(out, "</wfs:FeatureTypeList>\n");
}

static void add_filters(struct pp_req *req, struct pp_buf *out)
{
	(void)req;
	pp_buf_text(
		out, "<ogc:Filter_Capabilities>\n<ogc:Spatial_Capabilities><ogc:GeometryOperands>");
	add_words(
		out, "GeometryOperand", "gml:Envelope|gml:Point|gml:LineString|gml:Polygon", false);
	pp_buf_text(out, "</ogc:GeometryOperands><ogc:SpatialOperators>");
	add_words(out, "SpatialOperator",
		"BBOX|Equals|Disjoint|Intersects|Touches|Crosses|Within|Contains|Overlaps|Beyond|"
		"DWithin",
		true);
	pp_buf_text(out,
		"</ogc:SpatialOperators></ogc:Spatial_Capabilities>\n<ogc:Scalar_Capabilities>"
		"<ogc:LogicalOperators/><ogc:ComparisonOperators>");
	add_words(out, "ComparisonOperator",
		"LessThan|GreaterThan|LessThanEqualTo|GreaterThanEqualTo|EqualTo|NotEqualTo|Like|"
		"Between|NullCheck",
		false);
	pp_buf_text(out,
		"</ogc:ComparisonOperators></ogc:Scalar_Capabilities>\n"
		"<ogc:Id_Capabilities><ogc:FID/></ogc:Id_Capabilities>\n"
		"</ogc:Filter_Capabilities>\n");
}

enum pp_next pp_wfs_capabilities_1_1(struct pp_req *req, const bool want[PP_WFS_SECTIONS])
{
	static void (*const write[PP_WFS_SECTIONS])(struct pp_req *, struct pp_buf *) = {
		add_identification, add_provider, add_operations, add_types, add_filters
	};
	struct pp_buf *out = pp_buf_make(req->arena);

	pp_buf_text(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<wfs:WFS_Capabilities "
		"version=\"1.1.0\" xmlns:wfs=\"" PP_WFS_1_1_NAMESPACE "\" "
		"xmlns:ogc=\"http://www.opengis.net/ogc\" xmlns:gml=\"" PP_GML_3_1_NAMESPACE "\" "
		"xmlns:ows=\"http://www.opengis.net/ows\" "
		"xmlns:xlink=\"http://www.w3.org/1999/xlink\" "
		"xmlns:pp=\"" PP_FEATURE_NAMESPACE "\" "
		"xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation="
		"\"" PP_WFS_1_1_NAMESPACE " http://schemas.opengis.net/wfs/1.1.0/wfs.xsd\">\n");
	/* The schema wants the last one whatever is asked for. */
	for (size_t s = 0; s < PP_WFS_SECTIONS; s++)
		if (want[s] || s + 1 == PP_WFS_SECTIONS)
			write[s](req, out);
	pp_buf_text(out, "</wfs:WFS_Capabilities>\n");
	return pp_reply_tagged(req, PP_WFS_XML, pp_buf_all(out));
}
