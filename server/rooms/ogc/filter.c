/* SPDX-License-Identifier: EUPL-1.2 */
/* Which features are wanted (OGC 19-079r2), by a filter and by properties as parameters; in which
 * order (24-030), from where on; and the functions that filters may call. */
#include "ogc.h"

/* OGC 19-079r2 /req/filter/get-functions-response-json. */
static const char *kind_of(unsigned is)
{
	switch (is) {
	case PP_FILTER_IS_GEOMETRY:
		return "geometry";
	case PP_FILTER_IS_NUMBER:
		return "number";
	case PP_FILTER_IS_INSTANT:
		return "datetime";
	default:
		return "string";
	}
}

enum pp_next pp_ogc_functions(struct pp_req *req)
{
	struct pp_buf *out = pp_buf_make(req->arena);
	size_t count;
	const struct pp_function *functions = pp_functions(&count);

	pp_buf_text(out, "{\"functions\":[");
	for (size_t i = 0; i < count; i++) {
		const struct pp_function *function = &functions[i];

		pp_buf_format(
			out, "%s{\"name\":\"%s\",\"description\":", i ? "," : "", function->name);
		pp_buf_json(out, pp_slice_of(req->english ? function->en : function->de));
		pp_buf_text(out, ",\"arguments\":[");
		for (size_t n = 0; n < function->count; n++)
			pp_buf_format(out, "%s{\"type\":[\"%s\"]}", n ? "," : "",
				kind_of(function->takes[n]));
		pp_buf_format(out, "],\"returns\":[\"%s\"]}", kind_of(function->gives));
	}
	pp_buf_text(out, "]}");
	return pp_reply_tagged(req, "application/json", pp_buf_all(out));
}

static bool is_own(struct pp_slice name)
{
	for (const struct pp_field *field = pp_ogc_items_params; field->name; field++)
		if (pp_slice_is(name, pp_slice_of(field->name)))
			return true;
	return false;
}

/* NAME=value is what the filter NAME = value says, whose value is of the property's kind. */
static bool read_property(struct pp_req *req, struct pp_where *where, struct pp_slice name,
	struct pp_slice value, struct pp_fault *fault)
{
	struct pp_filter property = { .kind = PP_FILTER_PROPERTY, .text = name, .depth = 1 };
	struct pp_filter literal = { .kind = PP_FILTER_UNTYPED, .text = value, .depth = 1 };
	struct pp_filter *operands[] = { &property, &literal };
	struct pp_filter equal = {
		.kind = PP_FILTER_OPERATION, .op = PP_FILTER_equal, .count = 2, .operands = operands
	};
	const struct pp_feature_type *type = &where->collection->type;
	const struct pp_filter *at;
	struct pp_fault why = { 0 };

	if (!pp_column_named(type, name) && !pp_slice_is(name, PP_S("id"))) {
		pp_wrong(req, name, "is not a parameter here");
		return true;
	}
	if (!pp_filter_settle(req->arena, &equal, type, &at, &why)) {
		pp_wrong(req, name, "%s", why.detail);
		return true;
	}
	return pp_where_add(where, &equal, PP_S(""), fault);
}

static bool read_properties(struct pp_req *req, struct pp_where *where, struct pp_fault *fault)
{
	struct pp_slice rest = req->exchange->query;

	while (rest.len) {
		struct pp_slice raw, name, value, pair = pp_slice_cut(rest, '&', &rest);

		/* What is no UTF-8 was refused before. */
		if (!pair.len || !pp_form_read(req->arena, pp_slice_cut(pair, '=', &raw), &name) ||
			!pp_form_read(req->arena, raw, &value) || is_own(name))
			continue;
		if (!read_property(req, where, name, value, fault))
			return false;
	}
	return true;
}

static bool read_filter(struct pp_req *req, struct pp_where *where, struct pp_fault *fault)
{
	struct pp_slice text = pp_param(req, "filter");
	bool is_json = pp_slice_is(pp_param(req, "filter-lang"), PP_S("cql2-json"));
	struct pp_filter *filter;

	if (!text.at)
		return true;
	filter = is_json ? pp_cql2_read_json(req->arena, text, fault)
			 : pp_cql2_read_text(req->arena, text, fault);
	return filter && pp_where_add(where, filter, is_json ? PP_S("") : text, fault);
}

/* 24-030 /req/sorting/sortby-definition. A plus that was not encoded is a blank here. */
static void read_order(struct pp_req *req, struct pp_feature_ask *ask)
{
	struct pp_slice rest = pp_param(req, "sortby");

	if (pp_slice_ends(rest, PP_S(",")))
		pp_wrong(req, PP_S("sortby"), "ends with a comma");
	while (rest.len) {
		struct pp_slice name = pp_slice_cut(rest, ',', &rest);
		struct pp_feature_order *order = &ask->order[ask->order_count];

		if (ask->order_count == PP_FEATURE_ORDERS) {
			pp_wrong(req, PP_S("sortby"), "has more than %d names", PP_FEATURE_ORDERS);
			return;
		}
		order->descending = pp_slice_starts(name, PP_S("-"));
		if (order->descending || pp_slice_starts(name, PP_S("+")) ||
			pp_slice_starts(name, PP_S(" ")))
			name = pp_slice(name.at + 1, name.len - 1);
		order->column = pp_column_named(&ask->collection->type, name);
		if (order->column ? !order->column->sortable : !pp_slice_is(name, PP_S("id"))) {
			pp_wrong(req, PP_S("sortby"), "names %.*s, which is no sortable",
				PP_SHOW(name));
			return;
		}
		ask->order_count++;
	}
}

/* Of the order that the page before had. */
static void read_cursor(struct pp_req *req, struct pp_feature_ask *ask)
{
	struct pp_slice cursor = pp_param(req, "cursor");

	if (cursor.at && !pp_feature_cursor_read(req->arena, cursor, ask))
		pp_wrong(req, PP_S("cursor"), "is none that a link next has");
}

bool pp_ogc_wanted(struct pp_req *req, struct pp_feature_ask *ask)
{
	struct pp_where *where = pp_where_make(req->arena, req->server->geo, ask->collection);
	struct pp_fault fault = { 0 };

	read_order(req, ask);
	read_cursor(req, ask);
	where->crs = pp_ogc_crs(req, "filter-crs");
	if (!where->crs)
		return true;
	if (!read_properties(req, where, &fault) || !read_filter(req, where, &fault)) {
		pp_refuse_fault(req, &fault);
		return false;
	}
	if (where->sql)
		ask->where = where;
	return true;
}
