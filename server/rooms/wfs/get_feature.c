/* SPDX-License-Identifier: EUPL-1.2 */
/* GetPropertyValue and GetFeature (09-025r2 §10 and §11): what is asked of which collection. */
#include "wfs.h"

#include <stdio.h>

static const char *const names_of_results[] = { "results", "hits" };

/* ---- One query ---- */

/* Which columns, and whether the geometry is among them; the id always is. */
static bool read_properties(
	const struct pp_wfs_query *query, struct pp_page_part *part, struct pp_fault *fault)
{
	const struct pp_feature_type *type = part->view.type;
	struct pp_feature_ask *ask = &part->reading.ask;

	ask->columns = query->property_count ? 0 : UINT32_MAX;
	ask->geometry = !query->property_count;
	for (size_t i = 0; i < query->property_count; i++) {
		struct pp_slice name = query->properties[i];
		const struct pp_feature_column *column = pp_column_named(type, name);

		if (column)
			ask->columns |= UINT32_C(1) << (column - type->columns);
		else if (pp_slice_is(name, PP_S("geometry")))
			ask->geometry = true;
		else if (!pp_slice_is(name, PP_S("id")))
			return pp_wfs_fault(fault, PP_invalid_parameter, "propertyName",
				"%s has no property %.*s", type->name,
				(int)(name.len < 60 ? name.len : 60), name.at);
	}
	return true;
}

/* That it has a value. */
static struct pp_filter *has(struct pp_arena *arena, struct pp_slice name)
{
	struct pp_filter *nodes = PP_NEW_ARRAY(arena, struct pp_filter, 3);
	struct pp_filter **operands = PP_NEW_ARRAY(arena, struct pp_filter *, 2);

	operands[0] = &nodes[1];
	operands[1] = &nodes[2];
	nodes[0] = (struct pp_filter){ .kind = PP_FILTER_OPERATION,
		.op = PP_FILTER_not,
		.count = 1,
		.operands = operands,
		.depth = 3 };
	nodes[1] = (struct pp_filter){ .kind = PP_FILTER_OPERATION,
		.op = PP_FILTER_is_null,
		.count = 1,
		.operands = operands + 1,
		.depth = 2 };
	nodes[2] = (struct pp_filter){ .kind = PP_FILTER_PROPERTY, .text = name, .depth = 1 };
	return nodes;
}

/* §10.2.4.3: one property; what is null has no value, so such features are left out. */
static bool read_reference(
	struct pp_req *req, struct pp_wfs *wfs, struct pp_wfs_query *query, struct pp_fault *fault)
{
	struct pp_slice said = wfs->request->value_reference;
	struct pp_slice *name = PP_NEW(req->arena, struct pp_slice);

	if (!said.at)
		return pp_wfs_fault(fault, PP_parameter_missing, "valueReference",
			"say the values of which property");
	*name = pp_fes_property(said);
	if (!name->len)
		return pp_wfs_fault(
			fault, PP_invalid_parameter, "valueReference", "this names no property");
	query->properties = name;
	query->property_count = 1;
	if (!pp_slice_is(*name, PP_S("id")))
		query->filter = pp_fes_both(req->arena, query->filter, has(req->arena, *name));
	return true;
}

static bool read_order(
	const struct pp_wfs_query *query, struct pp_feature_ask *ask, struct pp_fault *fault)
{
	if (query->order_count > PP_FEATURE_ORDERS)
		return pp_wfs_fault(fault, PP_invalid_parameter, "sortBy",
			"at most %d properties order features", PP_FEATURE_ORDERS);
	for (size_t i = 0; i < query->order_count; i++) {
		struct pp_slice name = query->order[i].name;
		const struct pp_feature_column *column = pp_column_named(
			&ask->collection->type, name);

		if (!(column && column->sortable) && !pp_slice_is(name, PP_S("id")))
			return pp_wfs_fault(fault, PP_invalid_parameter, "sortBy",
				"by %.*s features cannot be sorted; "
				"/ogc/collections/%s/sortables names what can",
				(int)(name.len < 60 ? name.len : 60), name.at,
				ask->collection->type.name);
		ask->order[i].column = column;
		ask->order[i].descending = query->order[i].descending;
	}
	ask->order_count = query->order_count;
	return true;
}

/* RFC 7946 §4 has longitude first in whatever CRS, and so have all clients of GeoJSON. */
static bool read_crs(struct pp_req *req, struct pp_wfs *wfs, const struct pp_wfs_query *query,
	struct pp_page_part *part, struct pp_fault *fault)
{
	bool is_json = wfs->page.format == &pp_feature_formats[PP_FORMAT_GEOJSON];

	if (!pp_wfs_crs(wfs->request->dialect, query->srs, &part->crs, &part->axes, fault))
		return false;
	if (is_json && !query->srs.len)
		part->crs = PP_CRS84;
	if (is_json || wfs->page.format->east_first)
		part->axes = PP_AXES_EAST_NORTH;
	part->view.epsg = part->crs == PP_CRS84 ? 4326 : part->crs;
	part->view.english = req->english;
	part->view.decimals = pp_crs_decimals(part->crs);
	part->view.srs = pp_wfs_srs(
		req->arena, wfs->request->dialect, part->crs, part->axes, query->srs);
	return true;
}

/*
 * §11.3.3.5: what several queries find is shown once, and the others refer to it. A document is
 * written as it is read, so the database says what a query before has found. Where this is not the
 * first page that may stand on another one.
 */
static bool read_shown(struct pp_req *req, struct pp_wfs *wfs, const struct pp_wfs_query *queries,
	size_t number, struct pp_where *where, struct pp_fault *fault)
{
	struct pp_feature_view *view = &wfs->page.parts[number].view;
	const char *address = wfs->page.format == &pp_wfs_gml
		? "/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&RESOURCEID="
		: "/wfs?SERVICE=WFS&VERSION=1.1.0&REQUEST=GetFeature&FEATUREID=";

	view->shown = wfs->start ? pp_url(req, pp_slice_of(address)) : PP_S("#");
	for (size_t i = 0; i < number && pp_wfs_is_gml(wfs->page.format); i++) {
		struct pp_slice text = wfs->origins ? wfs->origins[i].text : wfs->request->document;

		if (wfs->page.parts[i].reading.ask.collection == where->collection &&
			!pp_where_again(where, queries[i].filter, text, fault))
			return false;
	}
	return true;
}

static bool read_filter(struct pp_req *req, struct pp_wfs *wfs, const struct pp_wfs_query *queries,
	size_t part, struct pp_fault *fault)
{
	const struct pp_wfs_query *query = &queries[part];
	struct pp_feature_ask *ask = &wfs->page.parts[part].reading.ask;
	const struct pp_wfs_origin *origin = wfs->origins ? &wfs->origins[part] : NULL;
	struct pp_where *where = pp_where_make(req->arena, req->server->geo, ask->collection);

	wfs->wanted = part ? pp_fes_either(req->arena, wfs->wanted, query->filter) : query->filter;
	if (query->filter &&
		!pp_where_add(where, query->filter, origin ? origin->text : wfs->request->document,
			fault)) {
		snprintf(fault->pointer, sizeof(fault->pointer), "%s",
			origin && origin->locator ? origin->locator : "filter");
		return false;
	}
	if (!read_shown(req, wfs, queries, part, where, fault))
		return false;
	if (where->sql || where->again)
		ask->where = where;
	return true;
}

/* §7.9.3.6: the query that is one feature by its id. */
static bool read_by_id(
	struct pp_req *req, struct pp_wfs *wfs, struct pp_wfs_query *query, struct pp_fault *fault)
{
	struct pp_slice *type = PP_NEW(req->arena, struct pp_slice), id = { NULL, 0 }, rest;

	for (size_t i = 0; i < query->parameter_count; i++)
		if (pp_slice_is_nocase(query->parameters[i].name, PP_S("id")))
			id = query->parameters[i].value;
	if (!id.len)
		return pp_wfs_fault(
			fault, PP_parameter_missing, "id", "say the id of which feature");
	*type = pp_slice_cut(id, '.', &rest);
	if (!pp_collection_named(*type))
		return pp_wfs_fault(fault, PP_not_found, "id", "there is no feature of this id");
	query->types = type;
	query->type_count = 1;
	query->filter = pp_fes_ids(req->arena, &id, 1);
	/* Among others it is one collection of several. */
	wfs->is_one = wfs->request->operation == PP_WFS_GET_FEATURE && !wfs->is_hits &&
		wfs->request->query_count == 1;
	return true;
}

static bool read_query(struct pp_req *req, struct pp_wfs *wfs, struct pp_wfs_query *queries,
	size_t number, struct pp_fault *fault)
{
	struct pp_wfs_query *query = &queries[number];
	struct pp_page_part *part = &wfs->page.parts[number];
	struct pp_feature_ask *ask = &part->reading.ask;

	if (query->stored.at && !read_by_id(req, wfs, query, fault))
		return false;
	if (query->type_count > 1 || query->has_aliases)
		return pp_wfs_fault(fault, PP_option_not_supported, "typeNames",
			"joins are not in the capabilities; several queries are written (A)(B)");
	if (!query->type_count)
		return pp_wfs_fault(fault, PP_parameter_missing, "typeNames", "say which features");
	if (!pp_wfs_type(query->types[0], &ask->collection, fault))
		return false;
	if (query->feature_version.len)
		return pp_wfs_fault(fault, PP_option_not_supported, "featureVersion",
			"versions of features are not in the capabilities");
	if (wfs->request->operation == PP_WFS_GET_PROPERTY_VALUE &&
		!read_reference(req, wfs, query, fault))
		return false;
	part->view.type = &ask->collection->type;
	if (!read_crs(req, wfs, query, part, fault) || !read_properties(query, part, fault) ||
		!read_order(query, ask, fault) || !read_filter(req, wfs, queries, number, fault))
		return false;
	part->view.columns = ask->columns;
	part->view.geometry = ask->geometry;
	return true;
}

/* ---- All of them ---- */

static bool read_number(struct pp_slice text, const char *locator, uint64_t least, uint64_t *out,
	struct pp_fault *fault)
{
	return !text.at || (pp_slice_u64(text, out) && *out >= least && *out <= INT64_MAX) ||
		pp_wfs_fault(fault, PP_invalid_parameter, locator, "must be a number, %llu or more",
			(unsigned long long)least);
}

/* §7.6: how many of them, from which on, and whether they are there at all. */
static bool read_presentation(struct pp_wfs *wfs, struct pp_fault *fault)
{
	const struct pp_wfs_request *request = wfs->request;
	struct pp_page *page = &wfs->page;
	size_t type = 0;

	page->limit = PP_WFS_COUNT_MOST;
	while (request->result_type.len && type < PP_LENGTH(names_of_results) &&
		!pp_slice_is_nocase(request->result_type, pp_slice_of(names_of_results[type])))
		type++;
	if (type == PP_LENGTH(names_of_results))
		return pp_wfs_fault(
			fault, PP_invalid_parameter, "resultType", "must be results or hits");
	wfs->is_hits = type == 1;
	if (!read_number(request->count, "count", 0, &page->limit, fault) ||
		!read_number(request->start_index, "startIndex", 0, &wfs->start, fault))
		return false;
	if (page->limit > PP_WFS_COUNT_MOST)
		page->limit = PP_WFS_COUNT_MOST;
	/* §7.6.4.2: what lies elsewhere is not fetched; here nothing does. */
	if (request->resolve.len && !pp_slice_is_nocase(request->resolve, PP_S("none")) &&
		!pp_slice_is_nocase(request->resolve, PP_S("local")))
		return pp_wfs_fault(fault, PP_option_not_supported, "resolve",
			"features refer to nothing elsewhere; send none or local");
	page->format = pp_wfs_format(request->dialect, request->output_format, fault);
	return page->format != NULL;
}

/* Other formats are tables of one type. */
static bool takes_several(const struct pp_feature_format *format)
{
	return pp_wfs_is_gml(format) || format == &pp_feature_formats[PP_FORMAT_GEOJSON];
}

static bool read_parts(struct pp_req *req, struct pp_wfs *wfs, struct pp_fault *fault)
{
	const struct pp_wfs_request *request = wfs->request;
	struct pp_page *page = &wfs->page;
	struct pp_wfs_query *queries = PP_NEW_ARRAY(
		req->arena, struct pp_wfs_query, request->query_count);
	bool is_values = request->operation == PP_WFS_GET_PROPERTY_VALUE;

	if (!read_presentation(wfs, fault))
		return false;
	if (!request->query_count)
		return pp_wfs_fault(fault, PP_parameter_missing, "typeNames", "say which features");
	if (request->query_count > 1 && (is_values || !takes_several(page->format)))
		return pp_wfs_fault(fault, PP_invalid_parameter,
			is_values ? "typeNames" : "outputFormat",
			"several queries are answered as features in GML or GeoJSON only");
	memcpy(queries, request->queries, request->query_count * sizeof(*queries));
	page->part_count = request->query_count;
	page->parts = PP_NEW_ARRAY(req->arena, struct pp_page_part, page->part_count);
	for (size_t i = 0; i < page->part_count; i++)
		if (!read_query(req, wfs, queries, i, fault))
			return false;
	if (is_values)
		page->format = &pp_wfs_values;
	if (page->format->is_file && page->parts[0].reading.ask.collection->is_private)
		return pp_wfs_fault(fault, PP_option_not_supported, "outputFormat",
			"of %s there are no GeoPackages", page->parts[0].view.type->name);
	return true;
}

/* Where the page begins, and in which state it sees the collections. */
static bool place(struct pp_req *req, struct pp_wfs *wfs, struct pp_fault *fault)
{
	struct pp_page *page = &wfs->page;
	struct pp_feature_ask *first = &page->parts[0].reading.ask;
	bool is_single = page->part_count == 1;

	if (is_single && wfs->cursor.after.at && !wfs->is_hits &&
		!pp_feature_cursor_read(req->arena, wfs->cursor.after, first))
		return pp_wfs_fault(
			fault, PP_invalid_parameter, "cursor", "is none that a link next has");
	for (size_t i = 0; wfs->cursor.seen.at && i < page->part_count; i++)
		page->parts[i].reading.ask.seen = wfs->cursor.seen;
	if (is_single && !wfs->is_hits && !first->after.at)
		first->skip = wfs->start;
	if (!is_single && !wfs->is_hits)
		page->skip = wfs->start;
	return true;
}

enum pp_next pp_wfs_page(struct pp_req *req, struct pp_wfs *wfs)
{
	struct pp_page *page = &wfs->page;

	page->kind = &pp_wfs_kind;
	page->ahead = true;
	page->is_once = wfs->lock.at != NULL;
	page->is_weak = pp_wfs_is_gml(page->format); /* its timeStamp is another one each time */
	return pp_page_ask(req);
}

static enum pp_next ask_features(struct pp_req *req, struct pp_wfs *wfs)
{
	struct pp_page *page = &wfs->page;
	struct pp_fault fault = { 0 };

	if (!read_parts(req, wfs, &fault) || !place(req, wfs, &fault))
		return pp_refuse_fault(req, &fault);
	for (size_t i = 0; i < page->part_count; i++)
		if (!pp_collection_opens(req, page->parts[i].reading.ask.collection))
			return PP_DONE;
	if (pp_wfs_locks(wfs->request->operation))
		return pp_wfs_lock_take(req, wfs);
	if (wfs->is_hits) {
		wfs->counts = PP_NEW_ARRAY(req->arena, struct pp_rows *, page->part_count);
		for (size_t i = 0; i < page->part_count; i++)
			pp_features_count(req, &page->parts[i].reading.ask, &wfs->counts[i]);
		pp_go_to(req, pp_wfs_counted);
		return PP_WAIT;
	}
	if (page->format->is_file)
		return pp_export_ask(
			req, &page->parts[0], wfs->request->count.at ? page->limit : PP_EXPORT_ALL);
	if (wfs->is_one) {
		page->limit = 1;
		pp_go_to(req, pp_wfs_one);
		return pp_page_ask(req);
	}
	return pp_wfs_page(req, wfs);
}

/* What a body has stored is read first. */
enum pp_next pp_wfs_get_feature(struct pp_req *req, struct pp_wfs *wfs)
{
	if (!pp_wfs_stored_ask(req, wfs))
		return ask_features(req, wfs);
	pp_go_to(req, pp_wfs_expanded);
	return PP_WAIT;
}

enum pp_next pp_wfs_expanded(struct pp_req *req)
{
	struct pp_wfs *wfs = pp_state(req, struct pp_wfs);
	struct pp_fault fault = { 0 };

	if (!pp_wfs_stored_expand(req, wfs, &fault))
		return pp_refuse_fault(req, &fault);
	pp_go_to(req, pp_page_take);
	return ask_features(req, wfs);
}

enum pp_next pp_wfs_counted(struct pp_req *req)
{
	struct pp_wfs *wfs = pp_state(req, struct pp_wfs);
	struct pp_slice seen;
	uint64_t matched = 0;

	for (size_t i = 0; i < wfs->page.part_count; i++) {
		uint64_t of_part;

		PP_MUST(pp_slice_u64(pp_features_counted(wfs->counts[i], &seen), &of_part));
		if (!i)
			wfs->page.parts[0].reading.seen = seen;
		matched += of_part;
	}
	return pp_wfs_hits(req, wfs, matched);
}

/* The feature itself is the document. */
enum pp_next pp_wfs_one(struct pp_req *req)
{
	struct pp_wfs *wfs = pp_state(req, struct pp_wfs);
	struct pp_page *page = &wfs->page;
	struct pp_page_part *part = &page->parts[0];
	struct pp_feature_row row;
	struct pp_slice digest;
	struct pp_fault fault;

	pp_features_answered(req, &part->reading);
	if (!pp_feature_next(&part->reading, &row, &digest)) {
		pp_wfs_fault(&fault, PP_not_found, "id", "there is no feature of this id");
		return pp_refuse_fault(req, &fault);
	}
	part->view.alone = true;
	part->view.schema = pp_wfs_schema(req, wfs);
	page->format->begin(page->out, &part->view);
	pp_page_add(req, page, part, page->out, &row);
	page->format->end(page->out, &part->view);
	return pp_reply_tagged(req, page->format->media_type, pp_buf_all(page->out));
}
