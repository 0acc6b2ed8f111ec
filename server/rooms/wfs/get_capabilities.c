/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What this service can do (09-025r2 §8, OGC 06-121r3 §7, 09-026r2 §7.13). What is said here is
 * what tests/gis/wfs proves.
 */
#include "wfs.h"

static const char *const versions[] = { "2.0.2", "2.0.0", "1.1.0" };

static const char *const section_names[PP_WFS_SECTIONS] = { "ServiceIdentification",
	"ServiceProvider", "OperationsMetadata", "FeatureTypeList", "Filter_Capabilities" };

/* Table 13, and the two properties of encodings. */
static const struct {
	const char *name;
	bool holds;
} constraints[] = {
	{ "ImplementsSimpleWFS", true },
	{ "ImplementsBasicWFS", true },
	{ "ImplementsTransactionalWFS", true },
	{ "ImplementsLockingWFS", true },
	{ "KVPEncoding", true },
	{ "XMLEncoding", true },
	{ "SOAPEncoding", false },
	{ "ImplementsInheritance", false },
	{ "ImplementsRemoteResolve", false },
	{ "ImplementsResultPaging", true },
	{ "ImplementsStandardJoins", false },
	{ "ImplementsSpatialJoins", false },
	{ "ImplementsTemporalJoins", false },
	{ "ImplementsFeatureVersioning", false },
	{ "ManageStoredQueries", true },
};

/* 09-026r2, table 1. */
static const struct {
	const char *name;
	bool holds;
} filter_constraints[] = {
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

static const char comparisons[] =
	"PropertyIsEqualTo|PropertyIsNotEqualTo|PropertyIsLessThan|PropertyIsGreaterThan|"
	"PropertyIsLessThanOrEqualTo|PropertyIsGreaterThanOrEqualTo|PropertyIsLike|PropertyIsNull|"
	"PropertyIsNil|PropertyIsBetween";
static const char operands[] =
	"gml:Envelope|gml:Point|gml:LineString|gml:Curve|gml:Polygon|gml:Surface|gml:MultiPoint|"
	"gml:MultiCurve|gml:MultiSurface|gml:MultiGeometry";
static const char spatials[] = "BBOX|Equals|Disjoint|Intersects|Touches|Crosses|Within|Contains|"
			       "Overlaps|Beyond|DWithin";
static const char times[] = "gml:TimeInstant|gml:TimePeriod";
static const char temporals[] =
	"After|Before|Begins|BegunBy|TContains|During|TEquals|TOverlaps|Meets|OverlappedBy|MetBy|"
	"Ends|EndedBy";

/* ---- Parts of every document ---- */

static void add_constraint(struct pp_buf *out, const char *prefix, const char *name, bool holds)
{
	pp_buf_format(out,
		"<%s:Constraint name=\"%s\"><ows:NoValues/><ows:DefaultValue>%s</ows:DefaultValue>"
		"</%s:Constraint>\n",
		prefix, name, holds ? "TRUE" : "FALSE", prefix);
}

static void add_values(struct pp_buf *out, const char *name, const char *list)
{
	struct pp_slice rest = pp_slice_of(list);

	pp_buf_format(out, "<ows:Parameter name=\"%s\"><ows:AllowedValues>", name);
	while (rest.len) {
		pp_buf_text(out, "<ows:Value>");
		pp_buf_xml(out, pp_slice_cut(rest, '|', &rest));
		pp_buf_text(out, "</ows:Value>");
	}
	pp_buf_text(out, "</ows:AllowedValues></ows:Parameter>\n");
}

/* One element per word of a list, with it as its name. */
static void add_names(struct pp_buf *out, const char *element, const char *list)
{
	struct pp_slice rest = pp_slice_of(list);

	while (rest.len) {
		struct pp_slice name = pp_slice_cut(rest, '|', &rest);

		pp_buf_format(out, "<fes:%s name=\"%.*s\"/>", element, PP_SHOW(name));
	}
}

const char *pp_wfs_about(const struct pp_req *req)
{
	return req->english ? "Planning procedures of Hamburg and Schleswig-Holstein for GIS"
			    : "Planverfahren in Hamburg und Schleswig-Holstein für GIS";
}

static void add_identification(struct pp_req *req, struct pp_buf *out)
{
	const char *lang = req->english ? "en" : "de";

	pp_buf_format(out,
		"<ows:ServiceIdentification>\n<ows:Title xml:lang=\"%s\">Planungsplattform"
		"</ows:Title>\n<ows:Abstract xml:lang=\"%s\">%s</ows:Abstract>\n"
		"<ows:ServiceType codeSpace=\"http://www.opengeospatial.org/\">WFS"
		"</ows:ServiceType>\n",
		lang, lang, pp_wfs_about(req));
	for (size_t i = 0; i < PP_LENGTH(versions); i++)
		pp_buf_format(
			out, "<ows:ServiceTypeVersion>%s</ows:ServiceTypeVersion>\n", versions[i]);
	pp_buf_text(out,
		"<ows:Fees>none</ows:Fees>\n<ows:AccessConstraints>none"
		"</ows:AccessConstraints>\n</ows:ServiceIdentification>\n");
}

static void add_provider(struct pp_req *req, struct pp_buf *out)
{
	pp_buf_text(out,
		"<ows:ServiceProvider>\n<ows:ProviderName>Planungsplattform</ows:ProviderName>\n"
		"<ows:ProviderSite xlink:type=\"simple\" xlink:href=\"");
	pp_buf_xml(out, pp_url(req, PP_S("/")));
	pp_buf_text(out, "\"/>\n<ows:ServiceContact/>\n</ows:ServiceProvider>\n");
}

/* ---- Operations ---- */

static void add_binding(struct pp_req *req, struct pp_buf *out, const char *method)
{
	pp_buf_format(out, "<ows:%s xlink:type=\"simple\" xlink:href=\"", method);
	pp_buf_xml(out, pp_url(req, PP_S("/wfs")));
	pp_buf_text(out, "\"/>");
}

static void begin_operation(struct pp_req *req, struct pp_buf *out, const char *name, bool by_get)
{
	pp_buf_format(out, "<ows:Operation name=\"%s\">\n<ows:DCP><ows:HTTP>", name);
	if (by_get)
		add_binding(req, out, "Get");
	add_binding(req, out, "Post");
	pp_buf_text(out, "</ows:HTTP></ows:DCP>\n");
}

static void add_formats(struct pp_req *req, struct pp_buf *out, bool of_features)
{
	struct pp_buf *list = pp_buf_make(req->arena);

	pp_buf_text(list, PP_WFS_GML);
	for (size_t i = 0; of_features && i < PP_FEATURE_FORMATS; i++)
		if (i != PP_FORMAT_GML)
			pp_buf_format(list, "|%s", pp_feature_formats[i].media_type);
	pp_buf_u8(list, '\0');
	add_values(out, "outputFormat", list->at);
}

static void add_changes(struct pp_req *req, struct pp_buf *out)
{
	begin_operation(req, out, "Transaction", false);
	add_values(out, "inputFormat", PP_WFS_GML);
	add_values(out, "releaseAction", "ALL|SOME");
	/* Table 14: without a lock the server sees to it that nobody else comes between. */
	add_constraint(out, "ows", "AutomaticDataLocking", true);
	pp_buf_text(out, "</ows:Operation>\n");
	begin_operation(req, out, "LockFeature", false);
	add_values(out, "lockAction", "ALL|SOME");
	pp_buf_text(out, "</ows:Operation>\n");
	begin_operation(req, out, "GetFeatureWithLock", false);
	add_formats(req, out, false);
	add_values(out, "lockAction", "ALL|SOME");
	add_values(out, "resultType", "results");
	add_values(out, "resolve", "none|local");
	pp_buf_text(out, "</ows:Operation>\n");
}

static void add_operations(struct pp_req *req, struct pp_buf *out)
{
	static const char *const questions[] = { "GetFeature", "GetPropertyValue" };
	static const char *const lists[] = { "ListStoredQueries", "DescribeStoredQueries",
		"DropStoredQuery" };

	pp_buf_text(out, "<ows:OperationsMetadata>\n");
	begin_operation(req, out, "GetCapabilities", true);
	add_values(out, "AcceptVersions", "2.0.2|2.0.0|1.1.0");
	add_values(out, "AcceptFormats", PP_WFS_XML "|text/xml");
	add_values(out, "Sections",
		"ServiceIdentification|ServiceProvider|OperationsMetadata|FeatureTypeList|"
		"Filter_Capabilities");
	pp_buf_text(out, "</ows:Operation>\n");
	begin_operation(req, out, "DescribeFeatureType", true);
	add_formats(req, out, false);
	pp_buf_text(out, "</ows:Operation>\n");
	for (size_t i = 0; i < PP_LENGTH(lists); i++) {
		begin_operation(req, out, lists[i], i < 2);
		pp_buf_text(out, "</ows:Operation>\n");
	}
	begin_operation(req, out, "CreateStoredQuery", false);
	add_values(out, "language", PP_WFS_LANGUAGE);
	pp_buf_text(out, "</ows:Operation>\n");
	for (size_t i = 0; i < PP_LENGTH(questions); i++) {
		begin_operation(req, out, questions[i], true);
		add_formats(req, out, i == 0);
		add_values(out, "resultType", "results|hits");
		add_values(out, "resolve", "none|local");
		add_constraint(out, "ows", "PagingIsTransactionSafe", true);
		pp_buf_text(out, "</ows:Operation>\n");
	}
	add_changes(req, out);
	add_values(out, "version", "2.0.2|2.0.0|1.1.0");
	for (size_t i = 0; i < PP_LENGTH(constraints); i++)
		add_constraint(out, "ows", constraints[i].name, constraints[i].holds);
	pp_buf_text(out,
		"<ows:Constraint name=\"QueryExpressions\"><ows:AllowedValues>"
		"<ows:Value>wfs:Query</ows:Value><ows:Value>wfs:StoredQuery</ows:Value>"
		"</ows:AllowedValues></ows:Constraint>\n</ows:OperationsMetadata>\n");
}

/* ---- Feature types and filters ---- */

static void add_type(struct pp_req *req, struct pp_buf *out, const struct pp_feature_type *type)
{
	const char *lang = req->english ? "en" : "de";

	pp_buf_format(out,
		"<wfs:FeatureType>\n<wfs:Name>pp:%s</wfs:Name>\n<wfs:Title xml:lang=\"%s\">%s"
		"</wfs:Title>\n<wfs:Abstract xml:lang=\"%s\">%s</wfs:Abstract>\n",
		type->name, lang, req->english ? type->title_en : type->title_de, lang,
		req->english ? type->about_en : type->about_de);
	pp_buf_format(out, "<wfs:DefaultCRS>%.*s</wfs:DefaultCRS>\n",
		PP_SHOW(pp_crs_urn(req->arena, PP_UTM32)));
	for (size_t i = 0; i < PP_FEATURE_CRS; i++)
		if (pp_feature_crs[i] != PP_UTM32)
			pp_buf_format(out, "<wfs:OtherCRS>%.*s</wfs:OtherCRS>\n",
				PP_SHOW(pp_crs_urn(req->arena, pp_feature_crs[i])));
	pp_buf_text(out, PP_WFS_REGION "</wfs:FeatureType>\n");
}

static void add_types(struct pp_req *req, struct pp_buf *out)
{
	pp_buf_text(out, "<wfs:FeatureTypeList>\n");
	for (size_t i = 0; i < PP_COLLECTIONS; i++)
		if (pp_collection_shows(req, &pp_collections[i]))
			add_type(req, out, &pp_collections[i].type);
	pp_buf_text(out, "</wfs:FeatureTypeList>\n");
}

static void add_filters(struct pp_req *req, struct pp_buf *out)
{
	(void)req;
	pp_buf_text(out, "<fes:Filter_Capabilities>\n<fes:Conformance>\n");
	for (size_t i = 0; i < PP_LENGTH(filter_constraints); i++)
		add_constraint(out, "fes", filter_constraints[i].name, filter_constraints[i].holds);
	pp_buf_text(out,
		"</fes:Conformance>\n<fes:Id_Capabilities><fes:ResourceIdentifier "
		"name=\"fes:ResourceId\"/></fes:Id_Capabilities>\n"
		"<fes:Scalar_Capabilities><fes:LogicalOperators/><fes:ComparisonOperators>");
	add_names(out, "ComparisonOperator", comparisons);
	pp_buf_text(out,
		"</fes:ComparisonOperators></fes:Scalar_Capabilities>\n"
		"<fes:Spatial_Capabilities><fes:GeometryOperands>");
	add_names(out, "GeometryOperand", operands);
	pp_buf_text(out, "</fes:GeometryOperands><fes:SpatialOperators>");
	add_names(out, "SpatialOperator", spatials);
	pp_buf_text(out,
		"</fes:SpatialOperators></fes:Spatial_Capabilities>\n"
		"<fes:Temporal_Capabilities><fes:TemporalOperands>");
	add_names(out, "TemporalOperand", times);
	pp_buf_text(out, "</fes:TemporalOperands><fes:TemporalOperators>");
	add_names(out, "TemporalOperator", temporals);
	pp_buf_text(out,
		"</fes:TemporalOperators></fes:Temporal_Capabilities>\n"
		"</fes:Filter_Capabilities>\n");
}

/* ---- The document ---- */

/* 06-121r3 §7.3.2: of the client's versions the first that is spoken; it may have none, and then
 * says with parameter or namespace what it speaks. */
static const char *negotiated(const struct pp_wfs_request *request)
{
	if (!request->accept_version_count && request->dialect == PP_WFS_1_1)
		return "1.1.0";
	if (!request->accept_version_count)
		return pp_slice_is(request->version, PP_S("2.0.2")) ? "2.0.2" : "2.0.0";
	for (size_t i = 0; i < request->accept_version_count; i++)
		for (size_t v = 0; v < PP_LENGTH(versions); v++)
			if (pp_slice_is(request->accept_versions[i], pp_slice_of(versions[v])))
				return versions[v];
	return NULL;
}

static bool wanted(
	const struct pp_wfs_request *request, bool want[PP_WFS_SECTIONS], struct pp_fault *fault)
{
	bool all = !request->section_count;

	for (size_t i = 0; i < request->section_count; i++) {
		size_t s = 0;

		if (pp_slice_is(request->sections[i], PP_S("All"))) {
			all = true;
			continue;
		}
		while (s < PP_WFS_SECTIONS &&
			!pp_slice_is(request->sections[i], pp_slice_of(section_names[s])))
			s++;
		if (s == PP_WFS_SECTIONS)
			return pp_wfs_fault(fault, PP_invalid_parameter, "sections",
				"there is no such section of the capabilities");
		want[s] = true;
	}
	for (size_t s = 0; s < PP_WFS_SECTIONS; s++)
		want[s] |= all;
	return true;
}

enum pp_next pp_wfs_get_capabilities(struct pp_req *req, struct pp_wfs *wfs)
{
	static void (*const write[PP_WFS_SECTIONS])(struct pp_req *, struct pp_buf *) = {
		add_identification, add_provider, add_operations, add_types, add_filters
	};
	const char *version = negotiated(wfs->request);
	struct pp_buf *out = pp_buf_make(req->arena);
	bool want[PP_WFS_SECTIONS] = { false };
	struct pp_fault fault;

	if (!version)
		pp_wfs_fault(&fault, PP_version_negotiation_failed, "acceptVersions",
			"versions 1.1.0, 2.0.0 and 2.0.2 are spoken here");
	if (!version || !wanted(wfs->request, want, &fault))
		return pp_refuse_fault(req, &fault);
	if (pp_slice_starts(pp_slice_of(version), PP_S("1.")))
		return pp_wfs_capabilities_1_1(req, want);
	pp_buf_format(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<wfs:WFS_Capabilities version=\"%s\" "
		"xmlns:wfs=\"" PP_WFS_NAMESPACE "\" xmlns:fes=\"http://www.opengis.net/fes/2.0\" "
		"xmlns:gml=\"http://www.opengis.net/gml/3.2\" "
		"xmlns:ows=\"http://www.opengis.net/ows/1.1\" "
		"xmlns:xlink=\"http://www.w3.org/1999/xlink\" "
		"xmlns:pp=\"" PP_FEATURE_NAMESPACE "\" "
		"xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation="
		"\"" PP_WFS_NAMESPACE " http://schemas.opengis.net/wfs/2.0/wfs.xsd\">\n",
		version);
	for (size_t s = 0; s < PP_WFS_SECTIONS; s++)
		if (want[s])
			write[s](req, out);
	pp_buf_text(out, "</wfs:WFS_Capabilities>\n");
	return pp_reply_tagged(req, PP_WFS_XML, pp_buf_all(out));
}
