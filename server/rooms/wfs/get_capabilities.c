/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * GetCapabilities: what this service can do (09-025r2 §8, OGC 06-121r3 §7), and the same for
 * clients of WFS 1.1 (04-094 §13, 05-008 §7), whose edits it takes as well.
 * What is said here is what tests/gis/wfs proves.
 */
#include "wfs.h"

enum { SECTIONS = 5 };

static const char *const versions[] = { "2.0.2", "2.0.0", "1.1.0" };

static const char *const section_names[SECTIONS] = { "ServiceIdentification", "ServiceProvider",
	"OperationsMetadata", "FeatureTypeList", "Filter_Capabilities" };

/* ---- What is said ---- */

/* How a version says it. */
struct words {
	bool is_2_0;
	const char *accepted; /* versions, its own ones first */
	const char *gml;      /* the media type, which is the default */
	const char *crs;      /* "CRS" */
};

static const struct words words_2_0 = { true, "2.0.2|2.0.0|1.1.0", PP_WFS_GML, "CRS" };
static const struct words words_1_1 = { false, "1.1.0|2.0.2|2.0.0", PP_WFS_GML_3_1, "SRS" };

enum version { BOTH, IN_2_0, IN_1_1 };

/* Values of a parameter that are not the same in every document. */
enum values { GIVEN, VERSIONS, GML, FORMATS };

struct parameter {
	const char *name;
	enum version in;
	enum values of;
	const char *given;
};

static const struct operation {
	const char *name;
	enum version in;
	bool by_get;
	struct parameter parameters[4]; /* up to one without a name */
	const char *constraint;         /* that holds in 2.0; NULL: none */
} operations[] = {
	{ "GetCapabilities", BOTH, true,
		{ { "AcceptVersions", .of = VERSIONS },
			{ "AcceptFormats", .given = PP_WFS_XML "|text/xml" },
			{ "Sections",
				.given = "ServiceIdentification|ServiceProvider|OperationsMetadata|"
					 "FeatureTypeList|Filter_Capabilities" } } },
	{ "DescribeFeatureType", BOTH, true, { { "outputFormat", .of = GML } } },
	{ "ListStoredQueries", IN_2_0, true },
	{ "DescribeStoredQueries", IN_2_0, true },
	{ "CreateStoredQuery", IN_2_0, false, { { "language", .given = PP_WFS_LANGUAGE } } },
	{ "DropStoredQuery", IN_2_0, false },
	{ "GetFeature", BOTH, true,
		{ { "outputFormat", .of = FORMATS }, { "resultType", .given = "results|hits" },
			{ "resolve", IN_2_0, .given = "none|local" } },
		"PagingIsTransactionSafe" },
	{ "GetPropertyValue", IN_2_0, true,
		{ { "outputFormat", .of = GML }, { "resultType", .given = "results|hits" },
			{ "resolve", .given = "none|local" } },
		"PagingIsTransactionSafe" },
	{ "GetFeatureWithLock", BOTH, true,
		{ { "outputFormat", .of = GML }, { "resultType", .given = "results" },
			{ "lockAction", IN_2_0, .given = "ALL|SOME" },
			{ "resolve", IN_2_0, .given = "none|local" } } },
	{ "LockFeature", BOTH, true, { { "lockAction", .given = "ALL|SOME" } } },
	/* Table 14: without a lock the server sees to it that nobody else comes between. */
	{ "Transaction", BOTH, false,
		{ { "inputFormat", .of = GML }, { "releaseAction", .given = "ALL|SOME" },
			{ "idgen", IN_1_1, .given = "GenerateNew" } },
		"AutomaticDataLocking" },
};

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

/* ---- Parts of every document ---- */

struct telling {
	struct pp_req *req;
	const struct words *words;
	struct pp_buf *out;
};

static bool is_said(const struct telling *t, enum version in)
{
	return in == BOTH || (in == IN_2_0) == t->words->is_2_0;
}

static void add_constraint(const struct telling *t, const char *name, bool holds)
{
	pp_buf_format(t->out,
		"<ows:Constraint name=\"%s\"><ows:NoValues/><ows:DefaultValue>%s"
		"</ows:DefaultValue></ows:Constraint>\n",
		name, holds ? "TRUE" : "FALSE");
}

/* One element per word of a list, with it inside. */
static void add_each(const struct telling *t, const char *element, const char *list)
{
	struct pp_slice rest = pp_slice_of(list);

	while (rest.len) {
		pp_buf_format(t->out, "<%s>", element);
		pp_buf_xml(t->out, pp_slice_cut(rest, '|', &rest));
		pp_buf_format(t->out, "</%s>", element);
	}
}

static void add_values(const struct telling *t, const char *name, const char *list)
{
	pp_buf_format(t->out, "<ows:Parameter name=\"%s\">%s", name,
		t->words->is_2_0 ? "<ows:AllowedValues>" : "");
	add_each(t, "ows:Value", list);
	pp_buf_format(
		t->out, "%s</ows:Parameter>\n", t->words->is_2_0 ? "</ows:AllowedValues>" : "");
}

/* A text in the language of the answer; documents of 1.1 do not say which one that is. */
static void add_text(const struct telling *t, const char *element, const char *text)
{
	const char *lang = t->req->english ? " xml:lang=\"en\"" : " xml:lang=\"de\"";

	pp_buf_format(
		t->out, "<%s%s>%s</%s>\n", element, t->words->is_2_0 ? lang : "", text, element);
}

/* GML comes first, which is the default. */
static const char *formats(const struct telling *t)
{
	struct pp_buf *list = pp_buf_make(t->req->arena);

	pp_buf_text(list, t->words->gml);
	for (size_t i = 0; i < PP_FEATURE_FORMATS; i++)
		if (i != PP_FORMAT_GML && !pp_feature_formats[i].is_page)
			pp_buf_format(list, "|%s", pp_feature_formats[i].media_type);
	pp_buf_u8(list, '\0');
	return list->at;
}

/* ---- Who and by what ---- */

static void add_identification(const struct telling *t)
{
	pp_buf_text(t->out, "<ows:ServiceIdentification>\n");
	add_text(t, "ows:Title", "Planungsplattform");
	add_text(t, "ows:Abstract",
		t->req->english ? "Planning procedures of Hamburg and Schleswig-Holstein for GIS"
				: "Planverfahren in Hamburg und Schleswig-Holstein für GIS");
	pp_buf_text(t->out,
		"<ows:ServiceType codeSpace=\"http://www.opengeospatial.org/\">WFS"
		"</ows:ServiceType>\n");
	add_each(t, "ows:ServiceTypeVersion", t->words->accepted);
	pp_buf_text(t->out,
		"\n<ows:Fees>none</ows:Fees>\n<ows:AccessConstraints>none"
		"</ows:AccessConstraints>\n</ows:ServiceIdentification>\n");
}

static void add_provider(const struct telling *t)
{
	pp_buf_text(t->out,
		"<ows:ServiceProvider>\n<ows:ProviderName>Planungsplattform</ows:ProviderName>\n"
		"<ows:ProviderSite xlink:type=\"simple\" xlink:href=\"");
	pp_buf_xml(t->out, pp_url(t->req, PP_S("/")));
	pp_buf_text(t->out, "\"/>\n<ows:ServiceContact/>\n</ows:ServiceProvider>\n");
}

static void add_binding(const struct telling *t, const char *method)
{
	pp_buf_format(t->out, "<ows:%s xlink:type=\"simple\" xlink:href=\"", method);
	pp_buf_xml(t->out, pp_url(t->req, PP_S("/wfs")));
	pp_buf_text(t->out, "\"/>");
}

static void add_parameter(const struct telling *t, const struct parameter *parameter)
{
	const char *values[] = { [GIVEN] = parameter->given,
		[VERSIONS] = t->words->accepted,
		[GML] = t->words->gml,
		[FORMATS] = formats(t) };

	if (is_said(t, parameter->in))
		add_values(t, parameter->name, values[parameter->of]);
}

static void add_operation(const struct telling *t, const struct operation *operation)
{
	pp_buf_format(t->out, "<ows:Operation name=\"%s\">\n<ows:DCP><ows:HTTP>", operation->name);
	if (operation->by_get)
		add_binding(t, "Get");
	add_binding(t, "Post");
	pp_buf_text(t->out, "</ows:HTTP></ows:DCP>\n");
	for (size_t i = 0; i < PP_LENGTH(operation->parameters) && operation->parameters[i].name;
		i++)
		add_parameter(t, &operation->parameters[i]);
	if (operation->constraint && t->words->is_2_0)
		add_constraint(t, operation->constraint, true);
	pp_buf_text(t->out, "</ows:Operation>\n");
}

/* 04-094 has no words for what is true of the whole service. */
static void add_service(const struct telling *t)
{
	add_values(t, "version", t->words->accepted);
	for (size_t i = 0; i < PP_LENGTH(constraints); i++)
		add_constraint(t, constraints[i].name, constraints[i].holds);
	pp_buf_text(t->out, "<ows:Constraint name=\"QueryExpressions\"><ows:AllowedValues>");
	add_each(t, "ows:Value", "wfs:Query|wfs:StoredQuery");
	pp_buf_text(t->out, "</ows:AllowedValues></ows:Constraint>\n");
}

static void add_operations(const struct telling *t)
{
	pp_buf_text(t->out, "<ows:OperationsMetadata>\n");
	for (size_t i = 0; i < PP_LENGTH(operations); i++)
		if (is_said(t, operations[i].in))
			add_operation(t, &operations[i]);
	if (t->words->is_2_0)
		add_service(t);
	pp_buf_text(t->out, "</ows:OperationsMetadata>\n");
}

/* ---- Feature types ---- */

static void add_crs(const struct telling *t, const char *which, int crs)
{
	pp_buf_format(t->out, "<wfs:%s%s>%.*s</wfs:%s%s>\n", which, t->words->crs,
		PP_SHOW(pp_crs_urn(t->req->arena, crs)), which, t->words->crs);
}

static void add_type(const struct telling *t, const struct pp_collection *collection)
{
	const struct pp_feature_type *type = &collection->type;
	bool english = t->req->english;

	pp_buf_format(t->out, "<wfs:FeatureType>\n<wfs:Name>pp:%s</wfs:Name>\n", type->name);
	add_text(t, "wfs:Title", english ? type->title_en : type->title_de);
	add_text(t, "wfs:Abstract", english ? type->about_en : type->about_de);
	add_crs(t, "Default", PP_UTM32);
	for (size_t i = 0; i < PP_FEATURE_CRS; i++)
		if (pp_feature_crs[i] != PP_UTM32)
			add_crs(t, "Other", pp_feature_crs[i]);
	if (!t->words->is_2_0) {
		pp_buf_text(t->out, "<wfs:Operations>");
		add_each(t, "wfs:Operation",
			collection->edit ? "Insert|Update|Delete|Query|Lock" : "Query");
		pp_buf_text(t->out, "</wfs:Operations>\n<wfs:OutputFormats>");
		add_each(t, "wfs:Format", formats(t));
		pp_buf_text(t->out, "</wfs:OutputFormats>\n");
	}
	pp_buf_text(t->out,
		"<ows:WGS84BoundingBox><ows:LowerCorner>7.5 53.0</ows:LowerCorner>"
		"<ows:UpperCorner>12.0 55.5</ows:UpperCorner></ows:WGS84BoundingBox>\n"
		"</wfs:FeatureType>\n");
}

static void add_types(const struct telling *t)
{
	pp_buf_text(t->out, "<wfs:FeatureTypeList>\n");
	for (size_t i = 0; i < PP_COLLECTIONS; i++)
		if (pp_collection_shows(t->req, &pp_collections[i]))
			add_type(t, &pp_collections[i]);
	pp_buf_text(t->out, "</wfs:FeatureTypeList>\n");
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
	const struct pp_wfs_request *request, bool want[SECTIONS], struct pp_fault *fault)
{
	bool all = !request->section_count;

	for (size_t i = 0; i < request->section_count; i++) {
		size_t s = 0;

		if (pp_slice_is(request->sections[i], PP_S("All"))) {
			all = true;
			continue;
		}
		while (s < SECTIONS &&
			!pp_slice_is(request->sections[i], pp_slice_of(section_names[s])))
			s++;
		if (s == SECTIONS)
			return pp_wfs_fault(fault, PP_invalid_parameter, "sections",
				"there is no such section of the capabilities");
		want[s] = true;
	}
	for (size_t s = 0; s < SECTIONS; s++)
		want[s] |= all;
	return true;
}

static void add_filters(const struct telling *t)
{
	pp_wfs_filter_capabilities(t->out, t->words->is_2_0);
}

static void begin(const struct telling *t, const char *version)
{
	pp_buf_format(t->out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<wfs:WFS_Capabilities version=\"%s\" ",
		version);
	pp_buf_text(t->out,
		t->words->is_2_0
			? "xmlns:wfs=\"" PP_WFS_NAMESPACE "\" "
			  "xmlns:fes=\"http://www.opengis.net/fes/2.0\" "
			  "xmlns:gml=\"http://www.opengis.net/gml/3.2\" "
			  "xmlns:ows=\"http://www.opengis.net/ows/1.1\" xsi:schemaLocation="
			  "\"" PP_WFS_NAMESPACE " http://schemas.opengis.net/wfs/2.0/wfs.xsd\" "
			: "xmlns:wfs=\"" PP_WFS_1_1_NAMESPACE "\" "
			  "xmlns:ogc=\"http://www.opengis.net/ogc\" "
			  "xmlns:gml=\"" PP_GML_3_1_NAMESPACE "\" "
			  "xmlns:ows=\"http://www.opengis.net/ows\" xsi:schemaLocation="
			  "\"" PP_WFS_1_1_NAMESPACE
			  " http://schemas.opengis.net/wfs/1.1.0/wfs.xsd\" ");
	pp_buf_text(t->out,
		"xmlns:xlink=\"http://www.w3.org/1999/xlink\" "
		"xmlns:pp=\"" PP_FEATURE_NAMESPACE "\" "
		"xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n");
}

enum pp_next pp_wfs_get_capabilities(struct pp_req *req, struct pp_wfs *wfs)
{
	static void (*const write[SECTIONS])(const struct telling *) = { add_identification,
		add_provider, add_operations, add_types, add_filters };
	struct telling t = { .req = req, .out = pp_buf_make(req->arena) };
	const char *version = negotiated(wfs->request);
	bool want[SECTIONS] = { false };
	struct pp_fault fault;

	if (!version)
		pp_wfs_fault(&fault, PP_version_negotiation_failed, "acceptVersions",
			"versions 1.1.0, 2.0.0 and 2.0.2 are spoken here");
	if (!version || !wanted(wfs->request, want, &fault))
		return pp_refuse_fault(req, &fault);
	t.words = version[0] == '1' ? &words_1_1 : &words_2_0;
	begin(&t, version);
	/* The schema of 1.1 wants the last one whatever is asked for. */
	for (size_t s = 0; s < SECTIONS; s++)
		if (want[s] || (s + 1 == SECTIONS && !t.words->is_2_0))
			write[s](&t);
	pp_buf_text(t.out, "</wfs:WFS_Capabilities>\n");
	return pp_reply_tagged(req, PP_WFS_XML, pp_buf_all(t.out));
}
