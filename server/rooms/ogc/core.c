/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * OGC API Features: what there is (OGC 17-069r4 §7.2 to §7.14, 18-058r1 §6, 23-058r1), as JSON and,
 * for whoever reads GML, as XML (§8.4).
 */
#include "ogc.h"

#define JSON     "application/json"
#define XML      "application/xml"
#define SCHEMA   "application/schema+json"
#define TILESETS "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
#define OPENAPI  "application/vnd.oai.openapi+json;version=3.0"
#define CORE     "http://www.opengis.net/ogcapi-features-1/1.0"

const struct pp_field pp_ogc_core_params[] = {
	{ "f", PP_CHOICE, .choices = "json|xml|html",
		.about = "Format; without it Accept decides" },
	{ 0 },
};

/* The last only where there is a web application. */
static const char *const conformance[] = {
	"http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
	"http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/gmlsf0",
	"http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
	"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
	"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
	"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
	"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
	"http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/create-replace-delete",
	"http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/update",
	"http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/features",
	"http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/optimistic-locking-etags",
	"http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/optimistic-locking-timestamps",
	"http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/schemas",
	"http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/returnables-and-receivables",
	"http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/queryables",
	"http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/sortables",
	"http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/profile-parameter",
	"http://www.opengis.net/spec/ogcapi-features-8/1.0/conf/sortables",
	"http://www.opengis.net/spec/ogcapi-features-8/1.0/conf/sorting",
	"http://www.opengis.net/spec/ogcapi-features-8/1.0/conf/features-sorting",
	"http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
	"http://www.opengis.net/spec/cql2/1.0/conf/cql2-json",
	"http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
	"http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
	"http://www.opengis.net/spec/cql2/1.0/conf/case-insensitive-comparison",
	"http://www.opengis.net/spec/cql2/1.0/conf/accent-insensitive-comparison",
	"http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions",
	"http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions-plus",
	"http://www.opengis.net/spec/cql2/1.0/conf/spatial-functions",
	"http://www.opengis.net/spec/cql2/1.0/conf/temporal-functions",
	"http://www.opengis.net/spec/cql2/1.0/conf/array-functions",
	"http://www.opengis.net/spec/cql2/1.0/conf/property-property",
	"http://www.opengis.net/spec/cql2/1.0/conf/arithmetic",
	"http://www.opengis.net/spec/cql2/1.0/conf/functions",
	"http://www.opengis.net/spec/tms/2.0/conf/tilematrixset",
	"http://www.opengis.net/spec/tms/2.0/conf/tilematrixsetlimits",
	"http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixset",
	"http://www.opengis.net/spec/tms/2.0/conf/json-tilematrixsetlimits",
	"http://www.opengis.net/spec/tms/2.0/conf/tilesetmetadata",
	"http://www.opengis.net/spec/tms/2.0/conf/json-tilesetmetadata",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/dataset-tilesets",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/oas30",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
};

/* A document on its way. */
struct writing {
	struct pp_req *req;
	struct pp_buf *out;
	bool is_xml, is_page; /* a page shows what JSON says */
};

/* A browser that names XML behind HTML means neither: it gets what everybody gets. */
static bool wants_xml(struct pp_req *req)
{
	struct pp_slice name = pp_param(req, "f");

	pp_reply_field(req, "Vary", PP_S("Accept"));
	if (name.at)
		return pp_slice_is(name, PP_S("xml"));
	return (pp_accepts(req, PP_S(XML)) || pp_accepts(req, PP_S("application/gml+xml"))) &&
		!pp_accepts(req, PP_S(JSON)) && !pp_accepts(req, PP_S("text/html"));
}

static struct writing begin(struct pp_req *req, const char *root)
{
	struct writing w = { req, pp_buf_make(req->arena), wants_xml(req), pp_ogc_wants_page(req) };

	if (w.is_xml)
		pp_buf_format(w.out,
			"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<core:%s "
			"service=\"OGCAPI-Features\" version=\"1.0.0\" xmlns:core=\"" CORE "\" "
			"xmlns:atom=\"http://www.w3.org/2005/Atom\" "
			"xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
			"xsi:schemaLocation=\"" CORE " http://schemas.opengis.net/ogcapi/features/"
			"part1/1.0/xml/core.xsd\">\n",
			root);
	return w;
}

static enum pp_next end(struct writing *w, const char *root)
{
	if (w->is_xml)
		pp_buf_format(w->out, "</core:%s>\n", root);
	if (w->is_page)
		return pp_ogc_show(w->req, pp_buf_all(w->out));
	return pp_reply_tagged(w->req, w->is_xml ? XML : JSON, pp_buf_all(w->out));
}

/* A text in the language of whoever asks: a member, or an element. */
static void add_text(struct writing *w, const char *member, const char *element, const char *text)
{
	if (w->is_xml) {
		pp_buf_format(w->out, "<core:%s xml:lang=\"%s\">", element,
			w->req->english ? "en" : "de");
		pp_buf_xml(w->out, pp_slice_of(text));
		pp_buf_format(w->out, "</core:%s>\n", element);
		return;
	}
	pp_buf_format(w->out, "\"%s\":", member);
	pp_buf_json(w->out, pp_slice_of(text));
}

static void begin_links(struct writing *w)
{
	if (!w->is_xml)
		pp_buf_text(w->out, "\"links\":[");
}

static void end_links(struct writing *w)
{
	if (!w->is_xml)
		pp_buf_text(w->out, "]");
}

/* A link object, or atom:link (RFC 4287 §4.2.7). */
static void add_link(struct writing *w, const char *rel, const char *type, const char *title,
	struct pp_slice href)
{
	struct pp_buf *out = w->out;

	if (!w->is_xml) {
		if (out->at[out->len - 1] != '[')
			pp_buf_text(out, ",");
		pp_ogc_link(w->req, out, rel, type, title, href);
		return;
	}
	pp_buf_format(out, "<atom:link rel=\"%s\" type=\"", rel);
	pp_buf_xml(out, pp_slice_of(type));
	pp_buf_text(out, "\" title=\"");
	pp_buf_xml(out, pp_slice_of(title));
	pp_buf_text(out, "\" href=\"");
	pp_buf_xml(out, pp_slice_starts(href, PP_S("/")) ? pp_url(w->req, href) : href);
	pp_buf_text(out, "\"/>\n");
}

static const struct form {
	const char *name, *media_type, *title;
} forms[] = {
	{ "json", JSON, "JSON" },
	{ "xml", XML, "XML" },
	{ "html", PP_OGC_HTML, "HTML" },
};

static const struct form *form_of(const struct writing *w)
{
	return &forms[w->is_page ? 2 : w->is_xml];
}

/* To the document itself, and to it in the other media types. */
static void add_own_links(struct writing *w, struct pp_slice self,
	struct pp_slice (*other)(
		const struct writing *w, const struct form *form, const void *what),
	const void *what)
{
	add_link(w, "self", form_of(w)->media_type,
		w->req->english ? "This document" : "Dieses Dokument", self);
	for (size_t i = 0; i < PP_LENGTH(forms); i++)
		if (&forms[i] != form_of(w) && (i < 2 || w->req->server->web))
			add_link(w, "alternate", forms[i].media_type, forms[i].title,
				other(w, &forms[i], what));
}

static struct pp_slice document_as(
	const struct writing *w, const struct form *form, const void *what)
{
	(void)what;
	return pp_ogc_address(w->req, "f", pp_slice_of(form->name));
}

/* Of what is asked for. */
static void add_document_links(struct writing *w)
{
	add_own_links(w, pp_ogc_address(w->req, NULL, PP_S("")), document_as, NULL);
}

/* ---- Landing page, conformance ---- */

enum pp_next pp_ogc_landing(struct pp_req *req)
{
	struct writing w = begin(req, "LandingPage");
	bool english = req->english;

	/* {root}/ is the same document. */
	req->exchange->path = PP_S("/ogc");
	pp_buf_text(w.out, w.is_xml ? "" : "{");
	add_text(&w, "title", "Title", "Planungsplattform");
	pp_buf_text(w.out, w.is_xml ? "" : ",");
	add_text(&w, "description", "Description",
		english ? "Planning procedures of Hamburg and Schleswig-Holstein for GIS"
			: "Planverfahren in Hamburg und Schleswig-Holstein für GIS");
	pp_buf_text(w.out, w.is_xml ? "" : ",");
	begin_links(&w);
	add_document_links(&w);
	add_link(&w, "service-desc", OPENAPI, "OpenAPI", PP_S("/ogc/api"));
	add_link(&w, "conformance", JSON, english ? "Conformance classes" : "Konformitätsklassen",
		PP_S("/ogc/conformance"));
	add_link(&w, "data", JSON, english ? "Collections" : "Datensammlungen",
		PP_S("/ogc/collections"));
	if (w.is_xml) {
		add_link(&w, "conformance", XML,
			english ? "Conformance classes" : "Konformitätsklassen",
			PP_S("/ogc/conformance?f=xml"));
		add_link(&w, "data", XML, english ? "Collections" : "Datensammlungen",
			PP_S("/ogc/collections?f=xml"));
	}
	add_link(&w, "http://www.opengis.net/def/rel/ogc/1.0/functions", JSON,
		english ? "Functions of filters" : "Funktionen für Filter", PP_S("/ogc/functions"));
	add_link(&w, TILESETS, JSON,
		english ? "Vector tiles of all collections" : "Vektorkacheln aller Datensammlungen",
		PP_S("/ogc/tiles"));
	add_link(&w, "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes", JSON,
		english ? "Grids of the tiles" : "Raster der Kacheln", PP_S("/ogc/tileMatrixSets"));
	end_links(&w);
	pp_buf_text(w.out, w.is_xml ? "" : "}");
	return end(&w, "LandingPage");
}

enum pp_next pp_ogc_conformance(struct pp_req *req)
{
	struct writing w = begin(req, "ConformsTo");
	size_t count = PP_LENGTH(conformance) - !req->server->web;

	for (size_t i = 0; w.is_xml && i < count; i++)
		pp_buf_format(w.out, "<atom:link href=\"%s\"/>\n", conformance[i]);
	if (w.is_xml)
		return end(&w, "ConformsTo");
	pp_buf_text(w.out, "{\"conformsTo\":");
	for (size_t i = 0; i < count; i++) {
		pp_buf_text(w.out, i ? "," : "[");
		pp_buf_json(w.out, pp_slice_of(conformance[i]));
	}
	pp_buf_text(w.out, "]}");
	return end(&w, "ConformsTo");
}

/* ---- Collections ---- */

/* Hamburg and Schleswig-Holstein with their waters, and the neighbours that a plan may reach. */
static const char extent[] = "{\"spatial\":{\"bbox\":[[7.5,53.0,12.0,55.5]],"
			     "\"crs\":\"http://www.opengis.net/def/crs/OGC/1.3/CRS84\"},"
			     "\"temporal\":{\"interval\":[[null,null]],"
			     "\"trs\":\"http://www.opengis.net/def/uom/ISO-8601/0/Gregorian\"}}";
static const char extent_xml[] =
	"<core:Extent><core:Spatial crs=\"http://www.opengis.net/def/crs/OGC/1.3/CRS84\">"
	"<core:LowerCorner>7.5 53.0</core:LowerCorner><core:UpperCorner>12.0 55.5"
	"</core:UpperCorner></core:Spatial></core:Extent>\n";

static struct pp_slice below(
	struct pp_req *req, const struct pp_collection *collection, const char *rest)
{
	return pp_format(req->arena, "/ogc/collections/%s%s", collection->type.name, rest);
}

/* Without a word it is JSON. */
static struct pp_slice collection_as(
	const struct writing *w, const struct form *form, const void *what)
{
	return below(w->req, what,
		form == forms ? "" : pp_format(w->req->arena, "?f=%s", form->name).at);
}

static void add_collection_links(struct writing *w, const struct pp_collection *collection)
{
	const struct pp_feature_type *type = &collection->type;
	const char *title = w->req->english ? type->title_en : type->title_de;
	struct pp_req *req = w->req;

	add_own_links(w, collection_as(w, form_of(w), collection), collection_as, collection);
	for (size_t i = 0; i < PP_FEATURE_FORMATS; i++) {
		const struct pp_feature_format *format = &pp_feature_formats[i];
		const char *rest = i ? pp_format(req->arena, "/items?f=%s", format->name).at
				     : "/items";

		if ((format->is_file && collection->is_private) ||
			(format->is_page && !req->server->web))
			continue;
		add_link(w, format->is_file ? "enclosure" : "items", format->media_type,
			pp_format(req->arena, "%s (%s)", title, format->title).at,
			below(req, collection, rest));
	}
	add_link(w, "describedby", XML, req->english ? "XML schema" : "XML-Schema",
		pp_ogc_xsd_address(req, type));
	add_link(w, "http://www.opengis.net/def/rel/ogc/1.0/schema", SCHEMA, "JSON Schema",
		below(req, collection, "/schema"));
	add_link(w, "http://www.opengis.net/def/rel/ogc/1.0/queryables", SCHEMA,
		req->english ? "What can be filtered by" : "Wonach sich filtern lässt",
		below(req, collection, "/queryables"));
	add_link(w, "http://www.opengis.net/def/rel/ogc/1.0/sortables", SCHEMA,
		req->english ? "What can be sorted by" : "Wonach sich sortieren lässt",
		below(req, collection, "/sortables"));
	add_link(w, "changes", JSON,
		req->english ? "What has changed since" : "Was sich seither geändert hat",
		below(req, collection, "/changes"));
	if (collection->tile_columns)
		add_link(w, TILESETS, JSON, req->english ? "Vector tiles" : "Vektorkacheln",
			below(req, collection, "/tiles"));
}

static void add_collection(struct writing *w, const struct pp_collection *collection)
{
	const struct pp_feature_type *type = &collection->type;
	struct pp_arena *arena = w->req->arena;

	pp_buf_format(w->out, "{\"id\":\"%s\",", type->name);
	add_text(w, "title", "Title", w->req->english ? type->title_en : type->title_de);
	pp_buf_text(w->out, ",");
	add_text(
		w, "description", "Description", w->req->english ? type->about_en : type->about_de);
	pp_buf_format(w->out, ",\"itemType\":\"feature\",\"extent\":%s,\"crs\":", extent);
	for (size_t i = 0; i < PP_FEATURE_CRS; i++) {
		pp_buf_text(w->out, i ? "," : "[");
		pp_buf_json(w->out, pp_crs_uri(arena, pp_feature_crs[i]));
	}
	pp_buf_text(w->out, "],\"storageCrs\":");
	pp_buf_json(w->out, pp_crs_uri(arena, PP_UTM32));
	pp_buf_text(w->out, ",");
	begin_links(w);
	add_collection_links(w, collection);
	end_links(w);
	/* 24-030 /req/sorting/defaultSortOrder-definition */
	pp_buf_text(w->out, ",\"defaultSortOrder\":[\"id\"]}");
}

static void add_collection_xml(struct writing *w, const struct pp_collection *collection)
{
	const struct pp_feature_type *type = &collection->type;

	pp_buf_format(w->out,
		"<core:Collection>\n<core:Id>%s</core:Id>\n<core:ItemType>feature"
		"</core:ItemType>\n",
		type->name);
	add_text(w, "title", "Title", w->req->english ? type->title_en : type->title_de);
	add_text(
		w, "description", "Description", w->req->english ? type->about_en : type->about_de);
	add_collection_links(w, collection);
	pp_buf_text(w->out, extent_xml);
	for (size_t i = 0; i < PP_FEATURE_CRS; i++)
		pp_buf_format(w->out, "<core:Crs>%.*s</core:Crs>\n",
			PP_SHOW(pp_crs_uri(w->req->arena, pp_feature_crs[i])));
	pp_buf_format(w->out, "<core:StorageCrs>%.*s</core:StorageCrs>\n</core:Collection>\n",
		PP_SHOW(pp_crs_uri(w->req->arena, PP_UTM32)));
}

enum pp_next pp_ogc_collections(struct pp_req *req)
{
	struct writing w = begin(req, "Collections");
	bool is_first = true;

	pp_buf_text(w.out, w.is_xml ? "" : "{");
	begin_links(&w);
	add_document_links(&w);
	end_links(&w);
	pp_buf_text(w.out, w.is_xml ? "" : ",\"collections\":[");
	for (size_t i = 0; i < PP_COLLECTIONS; i++) {
		if (!pp_collection_shows(req, &pp_collections[i]))
			continue;
		pp_buf_text(w.out, w.is_xml || is_first ? "" : ",");
		is_first = false;
		(w.is_xml ? add_collection_xml : add_collection)(&w, &pp_collections[i]);
	}
	pp_buf_text(w.out, w.is_xml ? "" : "]}");
	return end(&w, "Collections");
}

/* 17-069r4, table 11: in XML one collection is a list that has no other. */
enum pp_next pp_ogc_one(struct pp_req *req)
{
	const struct pp_collection *collection = pp_ogc_collection(req);
	struct writing w;

	if (!collection)
		return PP_DONE;
	w = begin(req, "Collections");
	(w.is_xml ? add_collection_xml : add_collection)(&w, collection);
	return end(&w, "Collections");
}
