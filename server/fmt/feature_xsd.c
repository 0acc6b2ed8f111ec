/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The application schema of features in GML: Simple Features, level 0 (OGC 10-100r3 §8.4), for GML
 * 3.2.1 and 3.1.1. Every element has its type as an attribute and XML Schema a prefix, because
 * OWSLib reads nothing else; and names of types hold none of "int", "long", "date" and the like,
 * because QGIS takes what holds them for numbers and days.
 */
#include <pp/fmt/feature.h>

static const char *const types[PP_FEATURE_KINDS] = {
	[PP_FEATURE_TEXT] = "xsd:string",
	[PP_FEATURE_UUID] = "xsd:string",
	[PP_FEATURE_INTEGER] = "xsd:integer",
	[PP_FEATURE_NUMBER] = "xsd:double",
	[PP_FEATURE_BOOLEAN] = "xsd:boolean",
	[PP_FEATURE_DATE] = "xsd:date",
	[PP_FEATURE_INSTANT] = "xsd:dateTime",
};

static const struct {
	const char *space, *schema, *feature;
} gml_versions[] = {
	[PP_GML_3_2] = { PP_GML_3_2_NAMESPACE, "http://schemas.opengis.net/gml/3.2.1/gml.xsd",
		"gml:AbstractFeature" },
	[PP_GML_3_1] = { PP_GML_3_1_NAMESPACE, "http://schemas.opengis.net/gml/3.1.1/base/gml.xsd",
		"gml:_Feature" },
};

static const char *const geometries[] = {
	[PP_FEATURE_ANY] = "GeometryPropertyType",
	[PP_FEATURE_LINES] = "MultiCurvePropertyType",
	[PP_FEATURE_AREAS] = "MultiSurfacePropertyType",
};

static void add_title(struct pp_buf *out, const char *title)
{
	pp_buf_text(out, "<xsd:annotation><xsd:documentation>");
	pp_buf_xml(out, pp_slice_of(title));
	pp_buf_text(out, "</xsd:documentation></xsd:annotation>");
}

/* The codes of a column are a type of their own. */
static void add_codes(struct pp_buf *out, const struct pp_feature_type *type,
	const struct pp_feature_column *column)
{
	struct pp_slice rest = pp_slice_of(column->choices);

	pp_buf_format(out, "<xsd:simpleType name=\"%s.%s\"><xsd:restriction base=\"xsd:string\">",
		type->name, column->name);
	while (rest.len) {
		pp_buf_text(out, "<xsd:enumeration value=\"");
		pp_buf_xml(out, pp_slice_cut(rest, '|', &rest));
		pp_buf_text(out, "\"/>");
	}
	pp_buf_text(out, "</xsd:restriction></xsd:simpleType>\n");
}

static void add_column(struct pp_buf *out, const struct pp_feature_type *type,
	const struct pp_feature_column *column, bool english)
{
	pp_buf_format(out, "\n<xsd:element name=\"%s\" type=\"", column->name);
	if (column->choices)
		pp_buf_format(out, "pp:%s.%s", type->name, column->name);
	else
		pp_buf_text(out, types[column->kind]);
	/* A client may ask for some of the columns only. */
	pp_buf_text(out, "\" minOccurs=\"0\">");
	add_title(out, english ? column->en : column->de);
	pp_buf_text(out, "</xsd:element>");
}

void pp_feature_xsd_begin(struct pp_buf *out, enum pp_feature_gml gml)
{
	pp_buf_format(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<xsd:schema xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" xmlns:gml=\"%s\" "
		"xmlns:pp=\"" PP_FEATURE_NAMESPACE "\" targetNamespace=\"" PP_FEATURE_NAMESPACE
		"\" elementFormDefault=\"qualified\" version=\"1.0\">\n",
		gml_versions[gml].space);
	if (gml == PP_GML_3_2)
		pp_buf_text(out,
			"<xsd:annotation><xsd:appinfo source="
			"\"http://schemas.opengis.net/gmlsfProfile/2.0/gmlsfLevels.xsd\">"
			"<gmlsf:ComplianceLevel xmlns:gmlsf=\"http://www.opengis.net/gmlsf/2.0\">0"
			"</gmlsf:ComplianceLevel></xsd:appinfo></xsd:annotation>\n"
			"<xsd:import namespace=\"http://www.opengis.net/gmlsf/2.0\" schemaLocation="
			"\"http://schemas.opengis.net/gmlsfProfile/2.0/gmlsfLevels.xsd\"/>\n");
	pp_buf_format(out, "<xsd:import namespace=\"%s\" schemaLocation=\"%s\"/>\n",
		gml_versions[gml].space, gml_versions[gml].schema);
}

void pp_feature_xsd(struct pp_buf *out, enum pp_feature_gml gml, const struct pp_feature_type *type,
	bool english)
{
	pp_buf_format(out, "<xsd:element name=\"%s\" type=\"pp:%sType\" substitutionGroup=\"%s\">",
		type->name, type->name, gml_versions[gml].feature);
	add_title(out, english ? type->title_en : type->title_de);
	pp_buf_format(out,
		"</xsd:element>\n<xsd:complexType name=\"%sType\"><xsd:complexContent>"
		"<xsd:extension base=\"gml:AbstractFeatureType\"><xsd:sequence>",
		type->name);
	for (size_t i = 0; i < type->column_count; i++)
		add_column(out, type, &type->columns[i], english);
	pp_buf_format(out, "\n<xsd:element name=\"geometry\" type=\"gml:%s\" minOccurs=\"0\">",
		geometries[type->shape]);
	add_title(out, english ? "Geometry" : "Geometrie");
	pp_buf_text(out,
		"</xsd:element>\n</xsd:sequence></xsd:extension></xsd:complexContent>"
		"</xsd:complexType>\n");
	for (size_t i = 0; i < type->column_count; i++)
		if (type->columns[i].choices)
			add_codes(out, type, &type->columns[i]);
}

void pp_feature_xsd_end(struct pp_buf *out)
{
	pp_buf_text(out, "</xsd:schema>\n");
}
