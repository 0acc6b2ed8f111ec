/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What has changed in a collection: whoever has a copy of it brings that up to date. A token says
 * up to which change a client knows them all, and within a change that wrote many features up to
 * which id, so every page is a complete answer to go on from.
 */
#include "ogc.h"

enum { MOST = 10000, DEFAULT = 1000 };

const struct pp_field pp_ogc_changes_params[] = {
	{ "since", PP_TEXT, .min = 1, .max = 300,
		.about = "until of an answer before, or an instant; without it, where to begin" },
	{ "limit", PP_INTEGER, .min = 1, .max = INT32_MAX,
		.about = "At most so many ids; more follow by the link next" },
	{ 0 },
};

struct changes {
	struct pp_feature_reading reading; /* rows are of changes */
	uint64_t known; /* number of the change up to which the client knows them */
	struct pp_slice until;
	size_t count;
	bool follows;
};

/* A number: all of that change is known; with '~' and an id behind it, up to that one. Else an
 * instant, after which everything counts. */
static bool read_since(struct pp_req *req, struct changes *changes, struct pp_slice since)
{
	struct pp_feature_ask *ask = &changes->reading.ask;
	struct pp_slice id, number = pp_slice_cut(since, '~', &id);

	ask->from = PP_S("-infinity");
	ask->seen = number;
	ask->after = id.len ? id : PP_S("");
	if (pp_slice_u64(number, &changes->known)) {
		if (!id.len)
			ask->seen = pp_format(
				req->arena, "%llu", (unsigned long long)changes->known + 1);
		return changes->known < INT64_MAX;
	}
	ask->seen = PP_S("0");
	return !id.len && pp_ogc_instant(req, since, true, &ask->from);
}

enum pp_next pp_ogc_changes(struct pp_req *req)
{
	struct changes *changes = pp_state(req, struct changes);
	struct pp_feature_ask *ask = &changes->reading.ask;
	struct pp_slice since = pp_param(req, "since"), limit = pp_param(req, "limit");

	ask->collection = pp_ogc_collection(req);
	if (!ask->collection)
		return PP_DONE;
	ask->limit = DEFAULT;
	if (limit.at)
		PP_MUST(pp_slice_u64(limit, &ask->limit));
	if (ask->limit > MOST)
		ask->limit = MOST;
	/* One more tells whether more follow; without since there is nothing to be told. */
	ask->limit = since.at ? ask->limit + 1 : 0;
	if (!read_since(req, changes, since.at ? since : PP_S("0"))) {
		pp_wrong(req, PP_S("since"),
			"is neither a token of changes nor an instant of RFC 3339");
		return pp_refuse_wrong(req, PP_invalid_parameter);
	}
	pp_changes_ask(req, ask, &changes->reading.rows);
	return PP_WAIT;
}

/* From where on to ask the next time: behind the last one of this page, or behind what the
 * collection's last change was, if that is more than the client knows. */
static void look_at(struct pp_req *req, struct changes *changes)
{
	const struct pp_rows *rows = changes->reading.rows;
	const struct pp_feature_ask *ask = &changes->reading.ask;
	struct pp_slice state = pp_cell(rows, 0, PP_CHANGE_STATE);
	uint64_t last;

	changes->reading.state = state;
	changes->count = rows->rows - 1;
	changes->follows = ask->limit && changes->count == ask->limit;
	PP_MUST(pp_slice_u64(state, &last));
	changes->until = state;
	if (changes->known > last)
		changes->until = pp_format(req->arena, "%llu", (unsigned long long)changes->known);
	if (changes->follows) {
		size_t at = --changes->count;

		changes->until = pp_format(req->arena, "%.*s~%.*s",
			PP_SHOW(pp_cell(rows, at, PP_CHANGE_AT)),
			PP_SHOW(pp_cell(rows, at, PP_CHANGE_FID)));
	}
}

static void add_changes(struct pp_buf *out, const struct changes *changes, bool ended)
{
	const struct pp_rows *rows = changes->reading.rows;
	bool forgets = pp_slice_is(pp_cell(rows, 0, PP_CHANGE_FLAG), PP_S("t"));
	const char *before = "";

	for (size_t row = 1; row <= changes->count; row++) {
		if (pp_slice_is(pp_cell(rows, row, PP_CHANGE_FLAG), PP_S("t")) != ended)
			continue;
		pp_buf_format(out, "%s{\"id\":", before);
		pp_buf_json(out, pp_cell(rows, row, PP_CHANGE_FID));
		if (!forgets)
			pp_buf_format(out, ",\"%s\":\"%.*s\"", ended ? "at" : "modified",
				PP_SHOW(pp_cell(rows, row, PP_CHANGE_MOMENT)));
		pp_buf_text(out, "}");
		before = ",";
	}
}

enum pp_next pp_ogc_changes_reply(struct pp_req *req)
{
	struct changes *changes = pp_state(req, struct changes);
	struct pp_buf *out = pp_buf_make(req->arena);
	struct pp_slice tag;
	uint64_t now;

	PP_MUST(pp_slice_u64(pp_cell(changes->reading.rows, 0, PP_CHANGE_AT), &now));
	/* A database that was restored from a copy has fewer changes than a client may know. */
	if (changes->known > now) {
		pp_wrong(req, PP_S("since"),
			"is of a state that is not here; read the collection anew");
		return pp_refuse_wrong(req, PP_invalid_parameter);
	}
	if (pp_param(req, "since").at && pp_cell(changes->reading.rows, 0, PP_CHANGE_MOMENT).at)
		return pp_refuse(req, PP_changes_forgotten,
			"what ended up to %.*s is not kept any more; read the collection anew",
			PP_SHOW(pp_cell(changes->reading.rows, 0, PP_CHANGE_MOMENT)));
	look_at(req, changes);
	tag = pp_features_tag(req, &changes->reading, "changes");
	if (pp_has_tag(req, tag))
		return pp_reply(req, 304, NULL, PP_S(""));
	pp_buf_text(out, "{\"since\":");
	if (pp_param(req, "since").at)
		pp_buf_json(out, pp_param(req, "since"));
	else
		pp_buf_text(out, "null");
	pp_buf_text(out, ",\"until\":");
	pp_buf_json(out, changes->until);
	pp_buf_text(out, ",\"changed\":[");
	add_changes(out, changes, false);
	pp_buf_text(out, "],\"removed\":[");
	add_changes(out, changes, true);
	pp_buf_text(out, "],\"links\":[");
	pp_ogc_link(req, out, "self", "application/json",
		req->english ? "This document" : "Dieses Dokument",
		pp_ogc_address(req, NULL, PP_S("")));
	if (changes->follows) {
		pp_buf_text(out, ",");
		pp_ogc_link(req, out, "next", "application/json",
			req->english ? "Next page" : "Nächste Seite",
			pp_ogc_address(req, "since", changes->until));
	}
	pp_buf_text(out, "]}");
	return pp_reply(req, 200, "application/json", pp_buf_all(out));
}
