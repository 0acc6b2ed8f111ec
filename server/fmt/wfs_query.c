/* SPDX-License-Identifier: EUPL-1.2 */
/* Queries of WFS. */
#include "wfs.h"

static bool is_filter(const struct pp_element *element)
{
	return pp_element_is(element, PP_VOCABULARY_FES, "Filter");
}

bool pp_wfs_filter(struct pp_wfs_reader *r, const struct pp_element *of, struct pp_filter **filter)
{
	const struct pp_fes_how how = { .document = r->out->document,
		.srs = r->out->srs,
		.east_first = r->out->dialect == PP_WFS_1_0 ||
			(r->out->dialect == PP_WFS_1_1 &&
				r->out->operation == PP_WFS_GET_FEATURE) };

	*filter = NULL;
	for (const struct pp_element *at = of->first; at; at = at->next) {
		if (!is_filter(at))
			continue;
		if (*filter)
			return pp_wfs_wrong(r, at, "there is a Filter here already");
		*filter = pp_fes_read(r->arena, at, &how, r->fault);
		if (!*filter)
			return false;
	}
	return true;
}

static bool is_property(const struct pp_element *element)
{
	return pp_wfs_is(element, "PropertyName") ||
		pp_element_is(element, PP_VOCABULARY_FES, "PropertyName");
}

/* One of the children of a Query; 1.0 has the names in the namespace of filters. */
static bool read_part(struct pp_wfs_reader *r, const struct pp_element *at,
	struct pp_wfs_query *query, struct pp_cql2_list *properties)
{
	struct pp_slice *property;

	if (is_filter(at))
		return true;
	if (pp_element_is(at, PP_VOCABULARY_FES, "SortBy"))
		return pp_fes_read_order(r->arena, at, r->out->document, &query->order,
			&query->order_count, r->fault);
	if (!is_property(at))
		return pp_wfs_wrong(r, at,
			"a Query has PropertyName, Filter and SortBy in it, and nothing else");
	property = pp_wfs_add(r, at, properties, PP_WFS_NAMES);
	if (!property)
		return false;
	*property = pp_fes_property(at->text);
	return property->len || pp_wfs_wrong(r, at, "the name of a property is missing here");
}

static bool read_ad_hoc(
	struct pp_wfs_reader *r, const struct pp_element *element, struct pp_wfs_query *query)
{
	struct pp_slice said = pp_wfs_attribute(element, "typeNames");
	struct pp_cql2_list types, properties;

	pp_cql2_list_begin(&types, r->arena, sizeof(struct pp_slice));
	pp_cql2_list_begin(&properties, r->arena, sizeof(struct pp_slice));
	if (!said.at)
		said = pp_wfs_attribute(element, "typeName");
	if (!pp_wfs_types(r, element, said, &types))
		return false;
	/* LockFeature of 1.1 may say with ids alone what it locks (04-094 §12.2). */
	if (!types.count && !element->first)
		return pp_wfs_wrong(r, element, "typeNames are missing here");
	query->types = types.at;
	query->type_count = types.count;
	query->has_aliases = pp_wfs_attribute(element, "aliases").len;
	query->srs = pp_wfs_attribute(element, "srsName");
	query->feature_version = pp_wfs_attribute(element, "featureVersion");
	for (const struct pp_element *at = element->first; at; at = at->next)
		if (!read_part(r, at, query, &properties))
			return false;
	query->properties = properties.at;
	query->property_count = properties.count;
	return pp_wfs_filter(r, element, &query->filter);
}

/* A value is a text, or XML as it stands there. */
static struct pp_slice value_of(const struct pp_wfs_reader *r, const struct pp_element *element)
{
	const struct pp_element *last = element->first;

	if (!last)
		return pp_element_text(element);
	while (last->next)
		last = last->next;
	return pp_slice(r->out->document.at + element->first->at, last->end - element->first->at);
}

static bool read_stored(
	struct pp_wfs_reader *r, const struct pp_element *element, struct pp_wfs_query *query)
{
	struct pp_cql2_list parameters;

	pp_cql2_list_begin(&parameters, r->arena, sizeof(struct pp_wfs_parameter));
	query->stored = pp_wfs_attribute(element, "id");
	if (!query->stored.len)
		return pp_wfs_wrong(r, element, "the id of the stored query is missing here");
	for (const struct pp_element *at = element->first; at; at = at->next) {
		struct pp_wfs_parameter *parameter = pp_wfs_add(r, at, &parameters, PP_WFS_NAMES);

		if (!parameter)
			return false;
		parameter->name = pp_wfs_attribute(at, "name");
		parameter->value = value_of(r, at);
		parameter->element = at->first;
		if (!pp_wfs_is(at, "Parameter") || !parameter->name.len)
			return pp_wfs_wrong(r, at, "a Parameter with its name is missing here");
	}
	query->parameters = parameters.at;
	query->parameter_count = parameters.count;
	return true;
}

bool pp_wfs_query(
	struct pp_wfs_reader *r, const struct pp_element *element, struct pp_wfs_query *query)
{
	query->at = element->at;
	query->handle = pp_wfs_attribute(element, "handle");
	if (pp_wfs_is(element, "StoredQuery"))
		return read_stored(r, element, query);
	if (pp_wfs_is(element, "Query") ||
		(r->out->operation == PP_WFS_LOCK_FEATURE && pp_wfs_is(element, "Lock")))
		return read_ad_hoc(r, element, query);
	return pp_wfs_wrong(r, element, "a Query or a StoredQuery is missing here");
}
