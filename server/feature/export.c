/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/feature/export.h>

#include <pp/core/extent.h>

static void add_text(struct pp_buf *out, const char *name, struct pp_slice value)
{
	if (!value.at)
		return;
	pp_buf_format(out, ",\"%s\":", name);
	pp_buf_json(out, value);
}

static void add_order(struct pp_buf *out, const struct pp_feature_ask *ask)
{
	pp_buf_text(out, ",\"order\":[");
	for (size_t i = 0; i < ask->order_count; i++)
		pp_buf_format(out, "%s\"%s%s\"", i ? "," : "", ask->order[i].descending ? "-" : "",
			ask->order[i].column ? ask->order[i].column->name : "id");
	pp_buf_text(out, "]");
}

/* The condition is what pp_where_add made of the filter: texts of sql/feature.def and names of
 * columns, with what the client has written beside it as values. */
static void add_where(struct pp_buf *out, const struct pp_where *where)
{
	add_text(out, "condition", pp_slice_of(where->sql->at));
	add_text(out, "values", where->values);
}

/* Two of these are the same text where they want the same. */
static struct pp_slice write(struct pp_req *req, const struct pp_page_part *part, uint64_t limit)
{
	const struct pp_feature_ask *ask = &part->reading.ask;
	struct pp_buf *out = pp_buf_make(req->arena), *box = pp_buf_make(req->arena);

	pp_buf_format(out,
		"{\"columns\":%u,\"geometry\":%s,\"crs\":%d,\"english\":%s,\"skip\":%llu,"
		"\"limit\":%llu",
		ask->columns, ask->geometry ? "true" : "false", part->crs,
		req->english ? "true" : "false", (unsigned long long)ask->skip,
		(unsigned long long)(limit == PP_EXPORT_ALL ? PP_EXPORT_MOST + 1 : limit));
	if (ask->box.at) {
		pp_buf_hex(box, ask->box);
		add_text(out, "box", pp_buf_all(box));
	}
	add_text(out, "fid", ask->fid);
	add_text(out, "from", ask->from);
	add_text(out, "to", ask->to);
	add_text(out, "seen", ask->seen);
	add_text(out, "after", ask->after);
	add_order(out, ask);
	if (ask->where)
		add_where(out, ask->where);
	if (pp_ask_moves(ask))
		add_text(out, "day", pp_extent_date(req));
	pp_buf_text(out, "}");
	return pp_buf_all(out);
}

enum pp_next pp_export_ask(struct pp_req *req, const struct pp_page_part *part, uint64_t limit)
{
	const struct pp_collection *collection = part->reading.ask.collection;

	if (!pp_collection_opens(req, collection))
		return PP_DONE;
	PP_MUST(!collection->is_private);
	/* RFC 9110 §9.3.2: what would be answered, and nobody has asked for a file yet. */
	if (req->exchange->method == PP_HEAD)
		return pp_reply(req, 202, "application/json", PP_S(""));
	if (!pp_rate_also(req, PP_RATE_COSTLY))
		return PP_DONE;
	pp_bind(req, "type", pp_slice_of(collection->type.name));
	pp_bind(req, "ask", write(req, part, limit));
	pp_ask(req, "feature_export_create", &req->rows);
	pp_go_to(req, pp_export_reply);
	return PP_WAIT;
}

enum pp_next pp_export_reply(struct pp_req *req)
{
	enum { LOCATION, BODY };

	pp_reply_field(req, "Location", pp_url(req, pp_cell(req->rows, 0, LOCATION)));
	pp_reply_field(req, "Retry-After", PP_S("1"));
	return pp_reply(req, 202, "application/json", pp_cell(req->rows, 0, BODY));
}
