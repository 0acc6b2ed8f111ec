/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Requests as parameters of a GET (09-025r2 §6.2.5 and tables 7 to 25), with the names that WFS 1.1
 * and 1.0 have for them.
 */
#include "wfs.h"

#include <stdio.h>

enum { PAIRS = 64 };

struct pair {
	struct pp_slice name, value;
};

struct kvp {
	struct pp_req *req;
	struct pp_wfs *wfs;
	struct pp_fault *fault;
	struct pair pairs[PAIRS];
	size_t count;
};

/* §6.2.5.1: names count without case, what is unknown is ignored (§6.2.5.4). */
static bool read_pairs(struct kvp *kvp)
{
	struct pp_slice rest = kvp->req->exchange->query;

	while (rest.len) {
		struct pp_slice raw, one = pp_slice_cut(rest, '&', &rest);
		struct pair *pair = &kvp->pairs[kvp->count];

		if (!one.len)
			continue;
		if (kvp->count == PAIRS)
			return pp_wfs_fault(kvp->fault, PP_invalid_parameter, "request",
				"at most %d parameters are taken", PAIRS);
		/* What is no UTF-8 was refused before. */
		if (!pp_form_read(kvp->req->arena, pp_slice_cut(one, '=', &raw), &pair->name) ||
			!pp_form_read(kvp->req->arena, raw, &pair->value))
			continue;
		for (size_t i = 0; i < kvp->count; i++)
			if (pp_slice_is_nocase(kvp->pairs[i].name, pair->name))
				return pp_wfs_fault(kvp->fault, PP_invalid_parameter,
					pp_text(kvp->req->arena, pair->name), "is given twice");
		kvp->count++;
	}
	return true;
}

/* at == NULL where it was not sent. */
static struct pp_slice value_of(const struct kvp *kvp, const char *name)
{
	for (size_t i = 0; i < kvp->count; i++)
		if (pp_slice_is_nocase(kvp->pairs[i].name, pp_slice_of(name)))
			return kvp->pairs[i].value;
	return pp_slice(NULL, 0);
}

static struct pp_slice either(const struct kvp *kvp, const char *name, const char *older)
{
	struct pp_slice value = value_of(kvp, name);

	return value.at ? value : value_of(kvp, older);
}

struct list {
	struct pp_slice *at;
	size_t count;
};

/* Table 1: values with commas between them; an empty value has none. */
static struct list words(const struct kvp *kvp, struct pp_slice value)
{
	struct pp_slice rest = value;
	struct list list = { 0 };

	list.at = PP_NEW_ARRAY(kvp->req->arena, struct pp_slice, value.len + 1);
	while (rest.len)
		list.at[list.count++] = pp_slice_trim(pp_slice_cut(rest, ',', &rest));
	return list;
}

/* §6.2.5.3: the lists of several queries stand in parentheses, "(a,b)(c)". */
static struct list groups(const struct kvp *kvp, struct pp_slice value)
{
	struct list list = { 0 };
	size_t begin = 1;

	if (!value.at)
		return list;
	list.at = PP_NEW_ARRAY(kvp->req->arena, struct pp_slice, value.len / 2 + 1);
	if (value.len < 2 || value.at[0] != '(' || value.at[value.len - 1] != ')') {
		list.at[list.count++] = value;
		return list;
	}
	for (size_t i = 1; i + 1 < value.len; i++)
		if (value.at[i] == ')' && value.at[i + 1] == '(') {
			list.at[list.count++] = pp_slice(value.at + begin, i - begin);
			begin = i + 2;
		}
	list.at[list.count++] = pp_slice(value.at + begin, value.len - 1 - begin);
	return list;
}

/* Table 7: xmlns(prefix,uri), or xmlns(prefix=uri) in WFS 1.1; prefixes are as they like. */
static bool is_bound_elsewhere(const struct kvp *kvp, struct pp_slice prefix)
{
	struct pp_slice rest = value_of(kvp, "NAMESPACES");

	if (!rest.at)
		rest = value_of(kvp, "NAMESPACE");
	while (rest.len) {
		struct pp_slice uri, one, before = pp_slice_cut(rest, '(', &rest);

		one = pp_slice_cut(rest, ')', &rest);
		if (!pp_slice_ends(before, PP_S("xmlns")))
			return false;
		before = pp_slice_cut(one, memchr(one.at, '=', one.len) ? '=' : ',', &uri);
		if (pp_slice_is(before, prefix))
			return !pp_slice_is(uri, PP_S(PP_FEATURE_NAMESPACE));
	}
	return false;
}

/* The local name of a type; empty where its prefix names another namespace. */
static struct pp_slice local_name(const struct kvp *kvp, struct pp_slice qname)
{
	struct pp_slice local, prefix = pp_slice_cut(qname, ':', &local);

	if (!local.at || !local.len)
		return qname;
	return is_bound_elsewhere(kvp, prefix) ? qname : local;
}

static struct list local_names(const struct kvp *kvp, struct pp_slice value)
{
	struct list list = words(kvp, value);

	for (size_t i = 0; i < list.count; i++)
		list.at[i] = local_name(kvp, list.at[i]);
	return list;
}

/* Properties by name; * or nothing is all of them. */
static struct list property_names(const struct kvp *kvp, struct pp_slice value)
{
	struct list list = words(kvp, value);

	for (size_t i = 0; i < list.count; i++) {
		if (pp_slice_is(list.at[i], PP_S("*")))
			return (struct list){ 0 };
		list.at[i] = pp_fes_property(list.at[i]);
	}
	return list;
}

/* ---- What a query asks ---- */

/* Table 8: minx,miny,maxx,maxy and maybe the CRS, in the order of its axes; of six numbers the
 * third and the sixth are heights. */
static bool read_box(const struct kvp *kvp, enum pp_wfs_version dialect, struct pp_slice value,
	struct pp_filter **out)
{
	struct list parts = words(kvp, value);
	bool has_heights = parts.count == 6 || parts.count == 7;
	size_t numbers = has_heights ? 6 : 4;
	struct pp_slice srs = pp_crs_urn(kvp->req->arena, PP_UTM32);
	double box[4];
	enum pp_axes axes;
	int crs;

	for (size_t i = 0; i < 4; i++)
		if (parts.count < numbers || parts.count > numbers + 1 ||
			!pp_slice_double(parts.at[i < 2 ? i : i + numbers / 2 - 2], &box[i]))
			return pp_wfs_fault(kvp->fault, PP_invalid_parameter, "bbox",
				"send four numbers with commas, and the CRS behind them");
	if (parts.count > numbers)
		srs = parts.at[numbers];
	if (!pp_wfs_crs(dialect, srs, &crs, &axes, kvp->fault))
		return pp_wfs_fault(kvp->fault, PP_invalid_parameter, "bbox",
			"the capabilities do not name this CRS");
	*out = pp_fes_box(kvp->req->arena, box, srs, axes == PP_AXES_EAST_NORTH);
	return true;
}

/* §7.9.2.5.3: "name ASC,other DESC"; WFS 1.1 has A and D. */
static bool read_order(const struct kvp *kvp, struct pp_slice value, struct pp_wfs_query *query)
{
	struct list list = words(kvp, value);
	struct pp_fes_order *order = PP_NEW_ARRAY(kvp->req->arena, struct pp_fes_order, list.count);

	for (size_t i = 0; i < list.count; i++) {
		struct pp_slice way, name = pp_slice_cut(list.at[i], ' ', &way);

		way = pp_slice_trim(way);
		order[i].name = pp_fes_property(name);
		order[i].descending = pp_slice_is_nocase(way, PP_S("DESC")) ||
			pp_slice_is_nocase(way, PP_S("D"));
		if (way.len && !order[i].descending && !pp_slice_is_nocase(way, PP_S("ASC")) &&
			!pp_slice_is_nocase(way, PP_S("A")))
			return pp_wfs_fault(kvp->fault, PP_invalid_parameter, "sortBy",
				"send names with ASC or DESC behind them");
	}
	query->order = order;
	query->order_count = list.count;
	return true;
}

/* The types that ids are of: "municipalities.01053105". Each has a query of its own. */
static struct list types_of(const struct kvp *kvp, const struct list *ids)
{
	struct list types = { PP_NEW_ARRAY(kvp->req->arena, struct pp_slice, ids->count + 1), 0 };

	for (size_t i = 0; i < ids->count; i++) {
		struct pp_slice rest, type = pp_slice_cut(ids->at[i], '.', &rest);
		size_t at = 0;

		while (at < types.count && !pp_slice_is(types.at[at], type))
			at++;
		if (at == types.count && pp_collection_named(type))
			types.at[types.count++] = type;
	}
	return types;
}

/* §7.9.2.4.1: an id of another type than those that are asked for. */
static bool ids_fit(const struct kvp *kvp, const struct list *ids, const struct pp_wfs_query *query)
{
	for (size_t i = 0; i < ids->count; i++) {
		struct pp_slice rest, type = pp_slice_cut(ids->at[i], '.', &rest);
		size_t at = 0;

		while (at < query->type_count && !pp_slice_is(query->types[at], type))
			at++;
		if (at == query->type_count && pp_collection_named(type))
			return pp_wfs_fault(kvp->fault, PP_invalid_parameter, "RESOURCEID",
				"%.*s is no feature of this type",
				(int)(ids->at[i].len < 60 ? ids->at[i].len : 60), ids->at[i].at);
	}
	return true;
}

static struct pp_slice nth(const struct list *list, size_t number)
{
	return number < list->count ? list->at[number] : pp_slice(NULL, 0);
}

/* Of the conditions of a query there is one: FILTER, RESOURCEID or BBOX (table 8). */
static bool read_condition(const struct kvp *kvp, const struct pp_wfs_request *request,
	struct pp_slice filter, struct pp_slice ids, struct pp_wfs_query *query,
	struct pp_wfs_origin *origin)
{
	struct pp_slice box = value_of(kvp, "BBOX"), language = value_of(kvp, "FILTER_LANGUAGE");

	if ((filter.at != NULL) + (ids.at != NULL) + (box.at != NULL) > 1)
		return pp_wfs_fault(kvp->fault, PP_invalid_parameter, filter.at ? "filter" : "bbox",
			"FILTER, RESOURCEID and BBOX exclude each other");
	if (ids.at) {
		struct list all = words(kvp, ids);

		if (!all.count)
			return pp_wfs_fault(kvp->fault, PP_invalid_parameter, "RESOURCEID",
				"send at least one id");
		if (!ids_fit(kvp, &all, query))
			return false;
		origin->locator = "RESOURCEID";
		query->filter = pp_fes_ids(kvp->req->arena, all.at, all.count);
		return true;
	}
	if (box.at)
		origin->locator = "bbox";
	if (box.at)
		return read_box(kvp, request->dialect, box, &query->filter);
	if (!filter.at)
		return true;
	if (language.len &&
		!pp_slice_is(language, PP_S("urn:ogc:def:queryLanguage:OGC-FES:Filter")))
		return pp_wfs_fault(kvp->fault, PP_invalid_parameter, "FILTER_LANGUAGE",
			"filters are written in Filter Encoding here");
	origin->text = filter;
	query->filter = pp_fes_read_document(kvp->req->arena, filter,
		pp_crs_urn(kvp->req->arena, PP_UTM32), request->dialect != PP_WFS_2_0, kvp->fault);
	if (!query->filter)
		snprintf(kvp->fault->pointer, sizeof(kvp->fault->pointer), "filter");
	return query->filter != NULL;
}

static bool read_queries(const struct kvp *kvp, struct pp_wfs_request *request)
{
	struct pp_slice named = either(kvp, "TYPENAMES", "TYPENAME");
	struct list types = groups(kvp, named), filters = groups(kvp, value_of(kvp, "FILTER")),
		    properties = groups(kvp, value_of(kvp, "PROPERTYNAME")),
		    orders = groups(kvp, value_of(kvp, "SORTBY")),
		    ids = groups(kvp, either(kvp, "RESOURCEID", "FEATUREID"));
	struct list all_ids = words(kvp, nth(&ids, 0));
	struct pp_wfs_query *queries;
	bool by_ids = !named.at && all_ids.count;

	if (by_ids)
		types = types_of(kvp, &all_ids);
	else if (request->dialect != PP_WFS_2_0 && types.count == 1)
		types = words(kvp, named); /* 04-094 §14.7.1: so many queries, no join */
	if (!types.count && by_ids)        /* of ids that nobody has there are none of any type */
		types.at[types.count++] = pp_slice_of(pp_collections[0].type.name);
	if (!types.count)
		return pp_wfs_fault(
			kvp->fault, PP_parameter_missing, "typeNames", "say which features");
	if (types.count > PP_WFS_QUERIES)
		return pp_wfs_fault(kvp->fault, PP_invalid_parameter, "typeNames",
			"at most %d queries are taken", PP_WFS_QUERIES);
	queries = PP_NEW_ARRAY(kvp->req->arena, struct pp_wfs_query, types.count);
	kvp->wfs->origins = PP_NEW_ARRAY(kvp->req->arena, struct pp_wfs_origin, types.count);
	request->queries = queries;
	request->query_count = types.count;
	for (size_t i = 0; i < types.count; i++) {
		struct list names = local_names(kvp, types.at[i]);
		struct list shown = property_names(kvp, nth(&properties, i));

		queries[i].types = names.at;
		queries[i].type_count = names.count;
		queries[i].has_aliases = value_of(kvp, "ALIASES").len != 0;
		queries[i].properties = shown.at;
		queries[i].property_count = shown.count;
		queries[i].srs = value_of(kvp, "SRSNAME");
		if (!read_order(kvp, nth(&orders, i), &queries[i]))
			return false;
		if (by_ids)
			queries[i].filter = pp_fes_ids(kvp->req->arena, all_ids.at, all_ids.count);
		else if (!read_condition(kvp, request, nth(&filters, i), nth(&ids, i), &queries[i],
				 &kvp->wfs->origins[i]))
			return false;
	}
	return true;
}

/* Table 10: the parameters of the query itself go by its own names. */
static bool read_stored(const struct kvp *kvp, struct pp_wfs_request *request, struct pp_slice id)
{
	struct pp_wfs_query *query = PP_NEW(kvp->req->arena, struct pp_wfs_query);
	struct pp_wfs_parameter *parameters = PP_NEW_ARRAY(
		kvp->req->arena, struct pp_wfs_parameter, kvp->count);

	for (size_t i = 0; i < kvp->count; i++)
		parameters[i] = (struct pp_wfs_parameter){ kvp->pairs[i].name,
			kvp->pairs[i].value };
	query->stored = id;
	query->parameters = parameters;
	query->parameter_count = kvp->count;
	query->srs = value_of(kvp, "SRSNAME");
	request->queries = query;
	request->query_count = 1;
	return true;
}

static bool read_question(const struct kvp *kvp, struct pp_wfs_request *request)
{
	struct pp_slice stored = either(kvp, "STOREDQUERY_ID", "STOREDQUERYID");

	request->value_reference = value_of(kvp, "VALUEREFERENCE");
	return stored.len ? read_stored(kvp, request, stored) : read_queries(kvp, request);
}

/* Table 18: a lock that is named begins anew, and nothing is asked. */
static bool names_features(const struct kvp *kvp)
{
	static const char *const names[] = { "TYPENAMES", "TYPENAME", "RESOURCEID", "FEATUREID",
		"STOREDQUERY_ID", "STOREDQUERYID" };

	for (size_t i = 0; i < PP_LENGTH(names); i++)
		if (value_of(kvp, names[i]).at)
			return true;
	return false;
}

/* ---- What all have ---- */

static bool read_operation(const struct kvp *kvp, struct pp_wfs_request *request)
{
	struct pp_slice name = value_of(kvp, "REQUEST");

	if (!name.len)
		return pp_wfs_fault(kvp->fault, PP_parameter_missing, "request",
			"say which operation, such as REQUEST=GetCapabilities");
	request->operation = pp_wfs_operation_named(name);
	return request->operation < PP_WFS_OPERATIONS ||
		pp_wfs_fault(kvp->fault, PP_not_implemented, "request",
			"this operation is not in the capabilities");
}

static void read_common(const struct kvp *kvp, struct pp_wfs_request *request)
{
	struct list list;

	request->service = value_of(kvp, "SERVICE");
	request->version = value_of(kvp, "VERSION");
	request->dialect = pp_wfs_dialect(request->version);
	request->update_sequence = value_of(kvp, "UPDATESEQUENCE");
	request->output_format = value_of(kvp, "OUTPUTFORMAT");
	request->result_type = value_of(kvp, "RESULTTYPE");
	request->start_index = value_of(kvp, "STARTINDEX");
	request->count = either(kvp, "COUNT", "MAXFEATURES");
	request->resolve = value_of(kvp, "RESOLVE");
	request->lock_id = value_of(kvp, "LOCKID");
	request->expiry = value_of(kvp, "EXPIRY");
	request->lock_action = value_of(kvp, "LOCKACTION");
	list = words(kvp, value_of(kvp, "ACCEPTVERSIONS"));
	request->accept_versions = list.at;
	request->accept_version_count = list.count;
	list = words(kvp, value_of(kvp, "SECTIONS"));
	request->sections = list.at;
	request->section_count = list.count;
	list = words(kvp, value_of(kvp, "ACCEPTFORMATS"));
	request->accept_formats = list.at;
	request->accept_format_count = list.count;
	list = local_names(kvp, either(kvp, "TYPENAMES", "TYPENAME"));
	request->types = list.at;
	request->type_count = list.count;
	list = words(kvp, either(kvp, "STOREDQUERY_ID", "STOREDQUERYID"));
	request->stored_ids = list.at;
	request->stored_id_count = list.count;
}

/* What links say beside the request; see pp_wfs_next. */
static bool read_cursor(const struct kvp *kvp, struct pp_wfs_cursor *cursor)
{
	struct pp_slice snapshot = value_of(kvp, "SNAPSHOT");
	uint64_t number;

	cursor->after = value_of(kvp, "CURSOR");
	if (!snapshot.at)
		return true;
	cursor->seen = pp_slice_cut(snapshot, '~', &cursor->matched);
	return (pp_slice_u64(cursor->seen, &number) && number <= INT64_MAX &&
		       (!cursor->matched.len || pp_slice_u64(cursor->matched, &number))) ||
		pp_wfs_fault(kvp->fault, PP_invalid_parameter, "snapshot",
			"is none that a link next has");
}

/* A link to another page of what was asked in XML: the document is a parameter, as it is or
 * compressed, and others say what is different. */
static bool read_linked(const struct kvp *kvp, struct pp_wfs *wfs)
{
	struct pp_wfs_request *request = wfs->request;
	struct pp_slice start = request->start_index, result = request->result_type;
	struct pp_slice packed = value_of(kvp, "PACKED");

	wfs->document = value_of(kvp, "XML");
	if (packed.at && !pp_unpack(kvp->req->arena, packed, PP_WFS_PACKED_MOST, &wfs->document))
		return pp_wfs_fault(
			kvp->fault, PP_invalid_parameter, "packed", "is none that a link next has");
	if (!pp_wfs_take_document(kvp->req, wfs, kvp->fault))
		return false;
	if (start.at)
		request->start_index = start;
	if (result.at)
		request->result_type = result;
	return (request->operation == PP_WFS_GET_FEATURE ||
		       request->operation == PP_WFS_GET_PROPERTY_VALUE) ||
		pp_wfs_fault(
			kvp->fault, PP_invalid_parameter, "xml", "is none that a link next has");
}

bool pp_wfs_kvp(struct pp_req *req, struct pp_wfs *wfs, struct pp_fault *fault)
{
	struct kvp *kvp = PP_NEW(req->arena, struct kvp);
	struct pp_wfs_request *request = PP_NEW(req->arena, struct pp_wfs_request);

	kvp->req = req;
	kvp->wfs = wfs;
	kvp->fault = fault;
	wfs->request = request;
	request->dialect = PP_WFS_2_0;
	if (!read_pairs(kvp))
		return false;
	read_common(kvp, request);
	if (!request->service.len)
		return pp_wfs_fault(
			fault, PP_parameter_missing, "service", "send SERVICE=WFS with it");
	if (!read_operation(kvp, request) || !read_cursor(kvp, &wfs->cursor))
		return false;
	switch (request->operation) {
	case PP_WFS_GET_FEATURE:
	case PP_WFS_GET_PROPERTY_VALUE:
		return either(kvp, "XML", "PACKED").at ? read_linked(kvp, wfs)
						       : read_question(kvp, request);
	case PP_WFS_LOCK_FEATURE:
		return (request->lock_id.len && !names_features(kvp)) ||
			read_question(kvp, request);
	case PP_WFS_GET_FEATURE_WITH_LOCK:
		return read_question(kvp, request);
	default:
		return true;
	}
}
