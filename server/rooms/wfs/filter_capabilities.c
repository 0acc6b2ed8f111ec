/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What filters can say here: the last section of the capabilities (09-026r2 §7.13, and 04-095 §14
 * for clients of WFS 1.1). What is said is what tests/gis/wfs proves.
 */
#include "wfs.h"

/* 09-026r2, table 1. */
static const struct {
	const char *name;
	bool holds;
} constraints[] = {
	{ "ImplementsQuery", true },
	{ "ImplementsAdHocQuery", true },
	{ "ImplementsFunctions", false },
	{ "ImplementsResourceId", true },
	{ "ImplementsMinStandardFilter", true },
	{ "ImplementsStandardFilter", true },
	{ "ImplementsMinSpatialFilter", true },
	{ "ImplementsSpatialFilter", true },
	{ "ImplementsMinTemporalFilter", true },
	{ "ImplementsTemporalFilter", true },
	{ "ImplementsVersionNav", false },
	{ "ImplementsSorting", true },
	{ "ImplementsExtendedOperators", false },
	{ "ImplementsMinimumXPath", true },
	{ "ImplementsSchemaElementFunc", false },
};

static const char spatials[] = "BBOX|Equals|Disjoint|Intersects|Touches|Crosses|Within|Contains|"
			       "Overlaps|Beyond|DWithin";

/* One element per word of a list, with it as its name. */
static void add_names(struct pp_buf *out, const char *element, const char *list)
{
	struct pp_slice rest = pp_slice_of(list);

	while (rest.len) {
		struct pp_slice word = pp_slice_cut(rest, '|', &rest);

		pp_buf_format(out, "<%s name=\"%.*s\"/>", element, PP_SHOW(word));
	}
}

/* The same, with it inside. */
static void add_words(struct pp_buf *out, const char *element, const char *list)
{
	struct pp_slice rest = pp_slice_of(list);

	while (rest.len) {
		struct pp_slice word = pp_slice_cut(rest, '|', &rest);

		pp_buf_format(out, "<%s>%.*s</%s>", element, PP_SHOW(word), element);
	}
}

static void add_2_0(struct pp_buf *out)
{
	pp_buf_text(out, "<fes:Filter_Capabilities>\n<fes:Conformance>\n");
	for (size_t i = 0; i < PP_LENGTH(constraints); i++)
		pp_buf_format(out,
			"<fes:Constraint name=\"%s\"><ows:NoValues/><ows:DefaultValue>%s"
			"</ows:DefaultValue></fes:Constraint>\n",
			constraints[i].name, constraints[i].holds ? "TRUE" : "FALSE");
	pp_buf_text(out,
		"</fes:Conformance>\n<fes:Id_Capabilities><fes:ResourceIdentifier "
		"name=\"fes:ResourceId\"/></fes:Id_Capabilities>\n"
		"<fes:Scalar_Capabilities><fes:LogicalOperators/><fes:ComparisonOperators>");
	add_names(out, "fes:ComparisonOperator",
		"PropertyIsEqualTo|PropertyIsNotEqualTo|PropertyIsLessThan|PropertyIsGreaterThan|"
		"PropertyIsLessThanOrEqualTo|PropertyIsGreaterThanOrEqualTo|PropertyIsLike|"
		"PropertyIsNull|PropertyIsNil|PropertyIsBetween");
	pp_buf_text(out,
		"</fes:ComparisonOperators></fes:Scalar_Capabilities>\n"
		"<fes:Spatial_Capabilities><fes:GeometryOperands>");
	add_names(out, "fes:GeometryOperand",
		"gml:Envelope|gml:Point|gml:LineString|gml:Curve|gml:Polygon|gml:Surface|"
		"gml:MultiPoint|gml:MultiCurve|gml:MultiSurface|gml:MultiGeometry");
	pp_buf_text(out, "</fes:GeometryOperands><fes:SpatialOperators>");
	add_names(out, "fes:SpatialOperator", spatials);
	pp_buf_text(out,
		"</fes:SpatialOperators></fes:Spatial_Capabilities>\n"
		"<fes:Temporal_Capabilities><fes:TemporalOperands>");
	add_names(out, "fes:TemporalOperand", "gml:TimeInstant|gml:TimePeriod");
	pp_buf_text(out, "</fes:TemporalOperands><fes:TemporalOperators>");
	add_names(out, "fes:TemporalOperator",
		"After|Before|Begins|BegunBy|TContains|During|TEquals|TOverlaps|Meets|"
		"OverlappedBy|MetBy|Ends|EndedBy");
	pp_buf_text(out,
		"</fes:TemporalOperators></fes:Temporal_Capabilities>\n"
		"</fes:Filter_Capabilities>\n");
}

/* 04-095 has another order, no times, and no words for what cannot be done. */
static void add_1_1(struct pp_buf *out)
{
	pp_buf_text(
		out, "<ogc:Filter_Capabilities>\n<ogc:Spatial_Capabilities><ogc:GeometryOperands>");
	add_words(out, "ogc:GeometryOperand", "gml:Envelope|gml:Point|gml:LineString|gml:Polygon");
	pp_buf_text(out, "</ogc:GeometryOperands><ogc:SpatialOperators>");
	add_names(out, "ogc:SpatialOperator", spatials);
	pp_buf_text(out,
		"</ogc:SpatialOperators></ogc:Spatial_Capabilities>\n<ogc:Scalar_Capabilities>"
		"<ogc:LogicalOperators/><ogc:ComparisonOperators>");
	add_words(out, "ogc:ComparisonOperator",
		"LessThan|GreaterThan|LessThanEqualTo|GreaterThanEqualTo|EqualTo|NotEqualTo|Like|"
		"Between|NullCheck");
	pp_buf_text(out,
		"</ogc:ComparisonOperators></ogc:Scalar_Capabilities>\n"
		"<ogc:Id_Capabilities><ogc:FID/></ogc:Id_Capabilities>\n"
		"</ogc:Filter_Capabilities>\n");
}

void pp_wfs_filter_capabilities(struct pp_buf *out, bool is_2_0)
{
	if (is_2_0)
		add_2_0(out);
	else
		add_1_1(out);
}
