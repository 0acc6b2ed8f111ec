/* SPDX-License-Identifier: EUPL-1.2 */
/* The application schema of features in GML: Simple Features, level 0 (OGC 10-100r3 §8.4). */
#include <pp/fmt/feature.h>

static const char *const types[PP_FEATURE_KINDS] = {
	[PP_FEATURE_TEXT] = "string",
	[PP_FEATURE_UUID] = "string",
	[PP_FEATURE_INTEGER] = "integer",
	[PP_FEATURE_NUMBER] = "double",
	[PP_FEATURE_BOOLEAN] = "boolean",
	[PP_FEATURE_DATE] = "date",
	[PP_FEATURE_INSTANT] = "dateTime",
};

static const char *const geometries[] = {
	[PP_FEATURE_ANY] = "GeometryPropertyType",
	[PP_FEATURE_LINES] = "MultiCurvePropertyType",
	[PP_FEATURE_AREAS] = "MultiSurfacePropertyType",
};

static void add_title(struct pp_buf *out, const char *title)
{
	pp_buf_text(out, "<annotation><documentation>");
	pp_buf_xml(out, pp_slice_of(title));
	pp_buf_text(out, "</documentation></annotation>");
}

static void add_choices(struct pp_buf *out, const char *choices)
{
	struct pp_slice rest = pp_slice_of(choices);

	pp_buf_text(out, "<simpleType><restriction base=\"string\">");
	while (rest.len) {
		pp_buf_text(out, "<enumeration value=\"");
		pp_buf_xml(out, pp_slice_cut(rest, '|', &rest));
		pp_buf_text(out, "\"/>");
	}
	pp_buf_text(out, "</restriction></simpleType>");
}

static void add_column(struct pp_buf *out, const struct pp_feature_column *column, bool english)
{
	pp_buf_format(out, "\n<element name=\"%s\"", column->name);
	if (!column->choices)
		pp_buf_format(out, " type=\"%s\"", types[column->kind]);
	/* A client may ask for some of the columns only. */
	pp_buf_text(out, " minOccurs=\"0\">");
	add_title(out, english ? column->en : column->de);
	if (column->choices)
		add_choices(out, column->choices);
	pp_buf_text(out, "</element>");
}

void pp_feature_xsd_begin(struct pp_buf *out)
{
	pp_buf_text(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<schema xmlns=\"http://www.w3.org/2001/XMLSchema\" xmlns:gml="
		"\"http://www.opengis.net/gml/3.2\" xmlns:pp=\"" PP_FEATURE_NAMESPACE "\" "
		"targetNamespace=\"" PP_FEATURE_NAMESPACE "\" elementFormDefault=\"qualified\" "
		"version=\"1.0\">\n"
		"<annotation><appinfo source="
		"\"http://schemas.opengis.net/gmlsfProfile/2.0/gmlsfLevels.xsd\">"
		"<gmlsf:ComplianceLevel xmlns:gmlsf=\"http://www.opengis.net/gmlsf/2.0\">0"
		"</gmlsf:ComplianceLevel></appinfo></annotation>\n"
		"<import namespace=\"http://www.opengis.net/gml/3.2\" schemaLocation="
		"\"http://schemas.opengis.net/gml/3.2.1/gml.xsd\"/>\n"
		"<import namespace=\"http://www.opengis.net/gmlsf/2.0\" schemaLocation="
		"\"http://schemas.opengis.net/gmlsfProfile/2.0/gmlsfLevels.xsd\"/>\n");
}

void pp_feature_xsd(struct pp_buf *out, const struct pp_feature_type *type, bool english)
{
	pp_buf_format(out,
		"<element name=\"%s\" type=\"pp:%sType\" substitutionGroup="
		"\"gml:AbstractFeature\">",
		type->name, type->name);
	add_title(out, english ? type->title_en : type->title_de);
	pp_buf_format(out,
		"</element>\n<complexType name=\"%sType\"><complexContent>"
		"<extension base=\"gml:AbstractFeatureType\"><sequence>",
		type->name);
	for (size_t i = 0; i < type->column_count; i++)
		add_column(out, &type->columns[i], english);
	pp_buf_format(out, "\n<element name=\"geometry\" type=\"gml:%s\" minOccurs=\"0\">",
		geometries[type->shape]);
	add_title(out, english ? "Geometry" : "Geometrie");
	pp_buf_text(out, "</element>\n</sequence></extension></complexContent></complexType>\n");
}

void pp_feature_xsd_end(struct pp_buf *out)
{
	pp_buf_text(out, "</schema>\n");
}
