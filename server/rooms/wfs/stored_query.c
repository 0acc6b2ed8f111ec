/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ListStoredQueries, DescribeStoredQueries, CreateStoredQuery and DropStoredQuery (09-025r2 §14):
 * the query that every service has, and those that bodies keep. Everybody reads and asks them.
 */
#include "wfs.h"

#include <stdio.h>

/* ---- Documents ---- */

static void begin(struct pp_buf *out, const char *name)
{
	pp_buf_format(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<wfs:%s xmlns:wfs=\"" PP_WFS_NAMESPACE
		"\" xmlns:pp=\"" PP_FEATURE_NAMESPACE
		"\" xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" "
		"xmlns:gml=\"http://www.opengis.net/gml/3.2\" "
		"xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation="
		"\"" PP_WFS_NAMESPACE " http://schemas.opengis.net/wfs/2.0/wfs.xsd\"",
		name);
}

static void add_by_id_title(struct pp_req *req, struct pp_buf *out)
{
	pp_buf_format(out, "<wfs:Title xml:lang=\"%s\">%s</wfs:Title>\n",
		req->english ? "en" : "de",
		req->english ? "One feature by its gml:id" : "Ein Objekt nach seiner gml:id");
}

/* Titles and abstracts in the languages in which they were written. */
static void add_texts(struct pp_buf *out, const struct pp_element *of, const char *name)
{
	for (const struct pp_element *at = of->first; at; at = at->next) {
		struct pp_slice lang = pp_element_attribute(at, "lang");

		if (!pp_element_is(at, PP_VOCABULARY_WFS, name))
			continue;
		pp_buf_format(out, "<wfs:%s", name);
		if (lang.len) {
			pp_buf_text(out, " xml:lang=\"");
			pp_buf_xml(out, lang);
			pp_buf_text(out, "\"");
		}
		pp_buf_text(out, ">");
		pp_buf_xml(out, pp_element_text(at));
		pp_buf_format(out, "</wfs:%s>\n", name);
	}
}

/* What a query gives: what it says, or any type where it says none (09-025r2 §14.2.2.5.2). */
static void add_returns(struct pp_req *req, struct pp_buf *out,
	const struct pp_wfs_definition *definition, const char *before, const char *after)
{
	for (size_t c = 0; c < PP_COLLECTIONS; c++) {
		const char *name = pp_collections[c].type.name;
		bool is_said = !definition || !definition->return_count;

		for (size_t i = 0; !is_said && i < definition->return_count; i++)
			is_said = pp_slice_is(definition->returns[i], pp_slice_of(name));
		if (is_said && pp_collection_shows(req, &pp_collections[c]))
			pp_buf_format(out, "%spp:%s%s", before, name, after);
	}
}

/* ---- ListStoredQueries ---- */

enum pp_next pp_wfs_list_stored_queries(struct pp_req *req, struct pp_wfs *wfs)
{
	pp_wfs_kept_ask(req, wfs, pp_slice(NULL, 0));
	pp_go_to(req, pp_wfs_listed);
	return PP_WAIT;
}

/* definition == NULL: the one that every service has. */
static void list_one(struct pp_req *req, struct pp_buf *out, struct pp_slice id,
	const struct pp_wfs_definition *definition)
{
	pp_buf_text(out, "<wfs:StoredQuery id=\"");
	pp_buf_xml(out, id);
	pp_buf_text(out, "\">\n");
	if (definition)
		add_texts(out, definition->expression->parent, "Title");
	else
		add_by_id_title(req, out);
	add_returns(req, out, definition, "<wfs:ReturnFeatureType>", "</wfs:ReturnFeatureType>\n");
	pp_buf_text(out, "</wfs:StoredQuery>\n");
}

enum pp_next pp_wfs_listed(struct pp_req *req)
{
	const struct pp_wfs *wfs = pp_state(req, struct pp_wfs);
	struct pp_buf *out = pp_buf_make(req->arena);

	begin(out, "ListStoredQueriesResponse");
	pp_buf_text(out, ">\n");
	for (size_t i = 0; i < PP_WFS_BY_IDS; i++)
		list_one(req, out, pp_slice_of(pp_wfs_by_id[i]), NULL);
	for (size_t i = 0; i < wfs->stored->rows; i++) {
		const struct pp_wfs_request *kept = pp_wfs_kept(req, wfs, i);

		if (kept)
			list_one(req, out, kept->definitions[0].id, &kept->definitions[0]);
	}
	pp_buf_text(out, "</wfs:ListStoredQueriesResponse>\n");
	return pp_reply_tagged(req, PP_WFS_XML, pp_buf_all(out));
}

/* ---- DescribeStoredQueries ---- */

enum pp_next pp_wfs_describe_stored_queries(struct pp_req *req, struct pp_wfs *wfs)
{
	const struct pp_wfs_request *request = wfs->request;
	struct pp_buf *names = pp_buf_make(req->arena);

	for (size_t i = 0; i < request->stored_id_count; i++)
		pp_wfs_add_name(names, request->stored_ids[i]);
	if (request->stored_id_count)
		pp_buf_text(names, "]");
	pp_wfs_kept_ask(req, wfs, request->stored_id_count ? pp_buf_all(names) : pp_slice(NULL, 0));
	pp_go_to(req, pp_wfs_described);
	return PP_WAIT;
}

static void describe_by_id(struct pp_req *req, struct pp_buf *out, struct pp_slice id)
{
	pp_buf_format(out, "<wfs:StoredQueryDescription id=\"%.*s\">\n", PP_SHOW(id));
	add_by_id_title(req, out);
	pp_buf_text(out,
		"<wfs:Parameter name=\"id\" type=\"xs:string\"/>\n"
		"<wfs:QueryExpressionText isPrivate=\"true\" returnFeatureTypes=\"");
	add_returns(req, out, NULL, " ", "");
	pp_buf_text(out, "\" language=\"" PP_WFS_LANGUAGE "\"/>\n</wfs:StoredQueryDescription>\n");
}

/* A prefix that the element does not bind itself; the nearest of its parents to bind it counts. */
static bool is_news(
	const struct pp_element *element, const struct pp_element *holder, struct pp_slice prefix)
{
	for (; element != holder; element = element->parent)
		for (size_t i = 0; i < element->space_count; i++)
			if (pp_slice_is(element->spaces[i].prefix, prefix))
				return false;
	return true;
}

/* An element as it stands in its document, with all that is bound around it. */
static void add_element(
	struct pp_buf *out, struct pp_slice document, const struct pp_element *element)
{
	size_t at = element->at;

	while (!strchr(" \t\r\n/>", document.at[at]))
		at++;
	pp_buf_add(out, document.at + element->at, at - element->at);
	for (const struct pp_element *of = element->parent; of; of = of->parent)
		for (size_t i = 0; i < of->space_count; i++) {
			struct pp_slice prefix = of->spaces[i].prefix;

			if (!is_news(element, of, prefix))
				continue;
			pp_buf_format(
				out, " xmlns%s%.*s=\"", prefix.len ? ":" : "", PP_SHOW(prefix));
			pp_buf_xml(out, of->spaces[i].space);
			pp_buf_text(out, "\"");
		}
	pp_buf_add(out, document.at + at, element->end - at);
}

/* How a private one does it stays with whoever keeps it (table 17). */
static void add_expression(struct pp_req *req, struct pp_buf *out, struct pp_slice document,
	const struct pp_wfs_definition *definition)
{
	if (!definition->is_private) {
		add_element(out, document, definition->expression);
		return;
	}
	pp_buf_text(out, "<wfs:QueryExpressionText isPrivate=\"true\" returnFeatureTypes=\"");
	if (definition->return_count)
		add_returns(req, out, definition, " ", "");
	pp_buf_text(out, "\" language=\"");
	pp_buf_xml(out, definition->language);
	pp_buf_text(out, "\"/>");
}

/* Of a type the name is said as the document around it has its prefix. */
static void add_parameter(struct pp_buf *out, const struct pp_wfs_parameter *parameter)
{
	struct pp_slice local = pp_xs_local(parameter->value), prefix = PP_S("");

	if (local.len < parameter->value.len)
		prefix = pp_slice(parameter->value.at, parameter->value.len - local.len - 1);
	pp_buf_format(out, "<wfs:Parameter name=\"%.*s\" type=\"%s:%.*s\">\n",
		PP_SHOW(parameter->name),
		pp_slice_is(pp_element_space(parameter->element, prefix),
			PP_S("http://www.w3.org/2001/XMLSchema"))
			? "xs"
			: "gml",
		PP_SHOW(local));
	add_texts(out, parameter->element, "Title");
	add_texts(out, parameter->element, "Abstract");
	pp_buf_text(out, "</wfs:Parameter>\n");
}

static void describe_kept(struct pp_req *req, struct pp_buf *out, const struct pp_wfs_request *kept)
{
	const struct pp_wfs_definition *definition = &kept->definitions[0];

	pp_buf_text(out, "<wfs:StoredQueryDescription id=\"");
	pp_buf_xml(out, definition->id);
	pp_buf_text(out, "\">\n");
	add_texts(out, definition->expression->parent, "Title");
	add_texts(out, definition->expression->parent, "Abstract");
	for (size_t i = 0; i < definition->parameter_count; i++)
		add_parameter(out, &definition->parameters[i]);
	add_expression(req, out, kept->document, definition);
	pp_buf_text(out, "\n</wfs:StoredQueryDescription>\n");
}

static bool describe_one(struct pp_req *req, const struct pp_wfs *wfs, struct pp_buf *out,
	struct pp_slice id, struct pp_fault *fault)
{
	const struct pp_wfs_request *kept = NULL;

	if (!pp_wfs_is_by_id(id))
		kept = pp_wfs_kept_named(req, wfs, id);
	if (kept)
		describe_kept(req, out, kept);
	else if (pp_wfs_is_by_id(id))
		describe_by_id(req, out, id);
	else
		return pp_wfs_fault(fault, PP_invalid_parameter, pp_wfs_id_locator(wfs),
			"there is no stored query of this name");
	return true;
}

enum pp_next pp_wfs_described(struct pp_req *req)
{
	const struct pp_wfs *wfs = pp_state(req, struct pp_wfs);
	const struct pp_wfs_request *request = wfs->request;
	struct pp_buf *out = pp_buf_make(req->arena);
	struct pp_fault fault;

	begin(out, "DescribeStoredQueriesResponse");
	pp_buf_text(out, ">\n");
	for (size_t i = 0; !request->stored_id_count && i < PP_WFS_BY_IDS; i++)
		describe_by_id(req, out, pp_slice_of(pp_wfs_by_id[i]));
	for (size_t i = 0; !request->stored_id_count && i < wfs->stored->rows; i++) {
		const struct pp_wfs_request *kept = pp_wfs_kept(req, wfs, i);

		if (kept)
			describe_kept(req, out, kept);
	}
	for (size_t i = 0; i < request->stored_id_count; i++)
		if (!describe_one(req, wfs, out, request->stored_ids[i], &fault))
			return pp_refuse_fault(req, &fault);
	pp_buf_text(out, "</wfs:DescribeStoredQueriesResponse>\n");
	return pp_reply_tagged(req, PP_WFS_XML, pp_buf_all(out));
}

/* ---- CreateStoredQuery, DropStoredQuery ---- */

/* What may be changed is changed by POST alone: an address is followed by whoever meets it. */
static bool may_change(struct pp_req *req)
{
	if (req->exchange->method != PP_POST)
		pp_refuse(req, PP_not_implemented, "send this operation as XML, by POST");
	else if (!req->who.credential.len)
		pp_refuse(req, PP_unauthenticated, "stored queries are kept by bodies: sign in");
	else if (!(req->who.may & PP_MANAGER))
		pp_refuse(req, PP_forbidden,
			"A stored query is kept by whoever conducts procedures for its body.");
	return req->open;
}

/* Types that stand in the definition itself are there, and among those that it says it gives. */
static bool check_types(const struct pp_wfs_definition *definition, struct pp_fault *fault)
{
	const struct pp_collection *found;

	for (size_t i = 0; i < definition->return_count; i++)
		if (!pp_wfs_type(definition->returns[i], &found, fault))
			return pp_wfs_fault(fault, PP_invalid_parameter, "returnFeatureTypes", "%s",
				fault->detail);
	for (const struct pp_element *at = definition->expression->first; at; at = at->next) {
		struct pp_slice name = pp_xs_local(
			pp_xs_trim(pp_element_attribute(at, "typeNames")));
		bool is_said = !definition->return_count;

		if (!name.len || memchr(name.at, '{', name.len))
			continue;
		if (!pp_wfs_type(name, &found, fault))
			return false;
		for (size_t i = 0; !is_said && i < definition->return_count; i++)
			is_said = pp_slice_is(definition->returns[i], name);
		if (!is_said)
			return pp_wfs_fault(fault, PP_invalid_parameter, "returnFeatureTypes",
				"the query asks for features that are not named here");
	}
	return true;
}

static bool add_definition(struct pp_req *req, const struct pp_wfs_request *request,
	const struct pp_wfs_definition *definition, struct pp_buf *list, struct pp_fault *fault)
{
	if (!pp_wfs_definition_check(req->arena, request, definition, fault) ||
		!check_types(definition, fault)) {
		if (!fault->pointer[0])
			snprintf(fault->pointer, sizeof(fault->pointer), "QueryExpressionText");
		return false;
	}
	if (pp_wfs_is_by_id(definition->id)) {
		*fault = (struct pp_fault){ .problem = PP_stored_query_exists };
		snprintf(fault->pointer, sizeof(fault->pointer), "%.*s", PP_SHOW(definition->id));
		return false;
	}
	pp_buf_text(list, list->len ? "," : "[");
	pp_buf_text(list, "{\"name\":");
	pp_buf_json(list, definition->id);
	pp_buf_text(list, ",\"definition\":");
	pp_buf_json(list, pp_wfs_definition_alone(req->arena, request, definition));
	pp_buf_text(list, "}");
	return true;
}

enum pp_next pp_wfs_create_stored_query(struct pp_req *req, struct pp_wfs *wfs)
{
	const struct pp_wfs_request *request = wfs->request;
	struct pp_buf *list = pp_buf_make(req->arena);
	struct pp_fault fault = { 0 };

	if (!may_change(req))
		return PP_DONE;
	for (size_t i = 0; i < request->definition_count; i++)
		if (!add_definition(req, request, &request->definitions[i], list, &fault))
			return pp_refuse_fault(req, &fault);
	pp_buf_text(list, "]");
	pp_bind(req, "definitions", pp_buf_all(list));
	pp_ask(req, "stored_query_create", &wfs->stored);
	pp_go_to(req, pp_wfs_stored);
	return PP_WAIT;
}

enum pp_next pp_wfs_drop_stored_query(struct pp_req *req, struct pp_wfs *wfs)
{
	const struct pp_wfs_request *request = wfs->request;
	struct pp_fault fault;

	if (!may_change(req))
		return PP_DONE;
	if (request->stored_id_count != 1 || pp_wfs_is_by_id(request->stored_ids[0])) {
		pp_wfs_fault(&fault, PP_invalid_parameter, "id",
			request->stored_id_count ? "this stored query cannot be dropped"
						 : "there is no stored query of this name");
		return pp_refuse_fault(req, &fault);
	}
	pp_bind(req, "name", request->stored_ids[0]);
	pp_ask(req, "stored_query_drop", &wfs->stored);
	pp_go_to(req, pp_wfs_stored);
	return PP_WAIT;
}

enum pp_next pp_wfs_stored(struct pp_req *req)
{
	const struct pp_wfs *wfs = pp_state(req, struct pp_wfs);
	struct pp_buf *out = pp_buf_make(req->arena);

	begin(out,
		wfs->request->operation == PP_WFS_DROP_STORED_QUERY ? "DropStoredQueryResponse"
								    : "CreateStoredQueryResponse");
	pp_buf_text(out, " status=\"OK\"/>\n");
	return pp_reply(req, 200, PP_WFS_XML, pp_buf_all(out));
}
