/* SPDX-License-Identifier: EUPL-1.2 */
/* Definitions of stored queries (09-025r2 §14.2): what they say, and whether it can be kept. */
#include "wfs.h"

#include <stdio.h>

/* The child of a StoredQueryDefinition. */
static bool read_member(struct pp_wfs_reader *r, const struct pp_element *at,
	struct pp_wfs_definition *definition, struct pp_cql2_list *parameters)
{
	struct pp_cql2_list returns;
	struct pp_wfs_parameter *parameter;

	if (pp_wfs_is(at, "Title") && !definition->title.at)
		definition->title = pp_element_text(at);
	else if (pp_wfs_is(at, "Abstract") && !definition->about.at)
		definition->about = pp_element_text(at);
	if (pp_wfs_is(at, "Parameter")) {
		parameter = pp_wfs_add(r, at, parameters, PP_WFS_NAMES);
		if (!parameter)
			return false;
		parameter->name = pp_wfs_attribute(at, "name");
		parameter->value = pp_wfs_attribute(at, "type");
		parameter->element = at;
		if (!parameter->name.len || !parameter->value.len)
			return pp_wfs_wrong(r, at, "a Parameter has a name and a type");
	}
	if (!pp_wfs_is(at, "QueryExpressionText"))
		return true;
	if (definition->expression)
		return pp_wfs_wrong(
			r, at, "one QueryExpressionText is read in a StoredQueryDefinition");
	pp_cql2_list_begin(&returns, r->arena, sizeof(struct pp_slice));
	if (!pp_wfs_types(r, at, pp_wfs_attribute(at, "returnFeatureTypes"), &returns))
		return false;
	definition->expression = at;
	definition->returns = returns.at;
	definition->return_count = returns.count;
	definition->language = pp_wfs_attribute(at, "language");
	return !pp_wfs_attribute(at, "isPrivate").len ||
		pp_xs_boolean(pp_wfs_attribute(at, "isPrivate"), &definition->is_private) ||
		pp_wfs_wrong(r, at, "isPrivate is true or false");
}

static bool read_definition(struct pp_wfs_reader *r, const struct pp_element *element,
	struct pp_wfs_definition *definition)
{
	struct pp_cql2_list parameters;

	pp_cql2_list_begin(&parameters, r->arena, sizeof(struct pp_wfs_parameter));
	definition->at = element->at;
	definition->id = pp_wfs_attribute(element, "id");
	if (!pp_wfs_is(element, "StoredQueryDefinition") || !definition->id.len)
		return pp_wfs_wrong(
			r, element, "a StoredQueryDefinition with its id is missing here");
	for (const struct pp_element *at = element->first; at; at = at->next)
		if (!read_member(r, at, definition, &parameters))
			return false;
	definition->parameters = parameters.at;
	definition->parameter_count = parameters.count;
	return definition->expression ||
		pp_wfs_wrong(r, element, "a QueryExpressionText is missing here");
}

bool pp_wfs_definitions(struct pp_wfs_reader *r, const struct pp_element *root)
{
	struct pp_cql2_list definitions;

	pp_cql2_list_begin(&definitions, r->arena, sizeof(struct pp_wfs_definition));
	for (const struct pp_element *at = root->first; at; at = at->next) {
		struct pp_wfs_definition *definition = pp_wfs_add(
			r, at, &definitions, PP_WFS_QUERIES);

		if (!definition || !read_definition(r, at, definition))
			return false;
	}
	r->out->definitions = definitions.at;
	r->out->definition_count = definitions.count;
	return definitions.count ||
		pp_wfs_wrong(r, root, "a StoredQueryDefinition with its id is missing here");
}

bool pp_wfs_read_expression(struct pp_arena *arena, const struct pp_wfs_request *request,
	const struct pp_wfs_definition *definition, const struct pp_wfs_query **queries,
	size_t *count, struct pp_fault *fault)
{
	struct pp_wfs_request copy = *request;
	struct pp_wfs_reader r = { .arena = arena, .fault = fault, .out = &copy };
	struct pp_cql2_list list;

	pp_cql2_list_begin(&list, arena, sizeof(struct pp_wfs_query));
	for (const struct pp_element *at = definition->expression->first; at; at = at->next) {
		struct pp_wfs_query *query = pp_wfs_add(&r, at, &list, PP_WFS_QUERIES);

		if (!query || !pp_wfs_query(&r, at, query))
			return false;
	}
	*queries = list.at;
	*count = list.count;
	return list.count ||
		pp_wfs_wrong(
			&r, definition->expression, "a Query or a StoredQuery is missing here");
}

/* Table 12 has the first name, the text of §14.2.2.5.3 the second. */
static bool is_language(struct pp_slice name)
{
	return pp_slice_is(name, PP_S(PP_WFS_LANGUAGE)) ||
		pp_slice_is(name, PP_S("urn:ogc:def:queryLanguage:OGC-WFS::WFS_QueryExpression"));
}

struct pp_slice pp_wfs_definition_alone(struct pp_arena *arena,
	const struct pp_wfs_request *request, const struct pp_wfs_definition *definition)
{
	const struct pp_element *own = definition->expression->parent, *root = own->parent;
	const char *document = request->document.at;
	const struct pp_element *last = root->first;
	struct pp_buf *out = pp_buf_make(arena);

	while (last->next)
		last = last->next;
	pp_buf_add(out, document + root->at, root->first->at - root->at);
	pp_buf_add(out, document + own->at, own->end - own->at);
	pp_buf_add(out, document + last->end, root->end - last->end);
	return pp_buf_all(out);
}

/* ---- Whether it can be kept ---- */

/* §7.9.3.5: in a GET parameters go by their own names, so they may not be called like others. */
static bool is_taken(struct pp_slice name)
{
	static const char *const taken[] = { "SERVICE", "VERSION", "REQUEST", "NAMESPACES",
		"STARTINDEX", "COUNT", "MAXFEATURES", "OUTPUTFORMAT", "RESULTTYPE", "RESOLVE",
		"RESOLVEDEPTH", "RESOLVETIMEOUT", "SRSNAME", "STOREDQUERY_ID", "STOREDQUERYID",
		"VALUEREFERENCE", "SNAPSHOT", "CURSOR", "XML" };

	for (size_t i = 0; i < PP_LENGTH(taken); i++)
		if (pp_slice_is_nocase(name, pp_slice_of(taken[i])))
			return true;
	return false;
}

static bool is_word(struct pp_slice name)
{
	for (size_t i = 0; i < name.len; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.",
			    name.at[i]))
			return false;
	return name.len > 0 && name.len <= 64;
}

static bool refuse(struct pp_fault *fault, enum pp_problem problem, struct pp_slice locator,
	const char *sentence)
{
	pp_fault(fault, problem, "%s", sentence);
	snprintf(fault->pointer, sizeof(fault->pointer), "%.*s", PP_SHOW(locator));
	return false;
}

static bool check_names(const struct pp_wfs_definition *definition, struct pp_fault *fault)
{
	for (size_t i = 0; i < definition->parameter_count; i++) {
		struct pp_slice name = definition->parameters[i].name;

		if (!is_word(name))
			return refuse(fault, PP_invalid_parameter, PP_S("name"),
				"a parameter is called by letters, digits and _ - . only, 64 at "
				"most");
		if (is_taken(name))
			return refuse(fault, PP_invalid_parameter, name,
				"a parameter of every request is called so; choose another name");
		for (size_t k = 0; k < i; k++)
			if (pp_slice_is_nocase(name, definition->parameters[k].name))
				return refuse(fault, PP_stored_query_parameter_twice, name,
					"names of parameters count without case");
	}
	return true;
}

bool pp_wfs_definition_check(struct pp_arena *arena, const struct pp_wfs_request *request,
	const struct pp_wfs_definition *definition, struct pp_fault *fault)
{
	const struct pp_wfs_query *queries;
	size_t count;

	if (definition->id.len > PP_WFS_ID_MOST ||
		memchr(definition->id.at, ' ', definition->id.len))
		return refuse(fault, PP_invalid_parameter, PP_S("id"),
			"the id of a stored query is a URI of 200 characters at most");
	if (!is_language(definition->language))
		return refuse(fault, PP_invalid_parameter, PP_S("language"),
			"the capabilities do not name this language");
	for (const struct pp_element *at = definition->expression->first; at; at = at->next)
		if (pp_wfs_is(at, "StoredQuery"))
			return refuse(fault, PP_option_not_supported, PP_S("QueryExpressionText"),
				"a stored query asks by itself, not by another one");
	return check_names(definition, fault) &&
		pp_wfs_fill(arena, request, definition, NULL, &queries, &count, fault);
}
