/* SPDX-License-Identifier: EUPL-1.2 */
/* Features of a collection, and one of them (OGC 17-069r4 §7.15 and §7.16, 18-058r1 §6). */
#include <pp/base/clock.h>
#include <pp/core/flow.h>

#include "ogc.h"

const struct pp_field pp_ogc_items_params[] = {
	{ "limit", PP_INTEGER, .min = 1, .max = INT32_MAX,
		.about = "At most so many features; more follow by the link next" },
	{ "bbox", PP_TEXT, .min = 7, .max = 200,
		.about = "Four or six numbers in the axis order of bbox-crs" },
	{ "bbox-crs", PP_TEXT, .max = 200, .about = "URI of the CRS of bbox; CRS84 without" },
	{ "crs", PP_TEXT, .max = 200, .about = "URI of the CRS of the reply; CRS84 without" },
	{ "datetime", PP_TEXT, .min = 2, .max = 80,
		.about = "An instant, or an interval with a slash; .. or nothing for an open end" },
	{ "cursor", PP_TEXT, .min = 1, .max = 200, .about = "Of a link next" },
	{ "f", PP_CHOICE, .choices = "json|gml|csv",
		.about = "Format of the reply; without it Accept decides" },
	{ "filter", PP_TEXT, .min = 1, .max = PP_FILTER_TEXT_MOST,
		.about = "CQL2: only features for which it holds" },
	{ "filter-lang", PP_CHOICE, .choices = "cql2-text|cql2-json",
		.about = "How filter is written; cql2-text without" },
	{ "filter-crs", PP_TEXT, .max = 200,
		.about = "URI of the CRS of filter's coordinates; CRS84 without" },
	{ 0 },
};
const struct pp_field pp_ogc_item_params[] = {
	{ "crs", PP_TEXT, .max = 200, .about = "URI of the CRS of the reply; CRS84 without" },
	{ "f", PP_CHOICE, .choices = "json|gml|csv",
		.about = "Format of the reply; without it Accept decides" },
	{ 0 },
};

/* What a page has, known before its first byte where it can only be said there. */
struct ahead {
	struct pp_feature_reading reading; /* of ids alone */
	struct pp_slice last;
	uint64_t count;
	bool done, follows;
};

struct items {
	struct pp_feature_reading reading;
	struct pp_feature_view view;
	const struct pp_feature_format *format;
	struct ahead ahead;
	int crs;
	uint64_t limit, written;
	struct pp_slice last; /* the last that was written */
	struct pp_buf *out;
	struct pp_arena places; /* of geometries in another CRS, feature by feature */
	bool begun;
};

int pp_ogc_crs(struct pp_req *req, const char *name)
{
	struct pp_slice value = pp_param(req, name);
	int code = value.at ? pp_crs_offered(value) : PP_CRS84;

	if (!code)
		pp_wrong(req, pp_slice_of(name), "is no CRS of this collection");
	return code;
}

/* Numbers with commas between them; of six the third and the sixth are heights, which are of no
 * account here. */
static void read_box(struct pp_req *req, struct pp_feature_ask *ask)
{
	struct pp_slice rest = pp_param(req, "bbox");
	int code = pp_ogc_crs(req, "bbox-crs");
	double n[6];
	size_t count = 0;

	if (!rest.at)
		return;
	do {
		if (count == 6 || !pp_slice_double(pp_slice_cut(rest, ',', &rest), &n[count++])) {
			pp_wrong(req, PP_S("bbox"), "must be four or six numbers with commas");
			return;
		}
	} while (rest.len);
	if (count != 4 && count != 6) {
		pp_wrong(req, PP_S("bbox"), "must be four or six numbers with commas");
		return;
	}
	if (count == 6)
		memmove(n + 2, n + 3, 2 * sizeof(*n));
	if (code &&
		(n[0] > n[2] ? !pp_crs_row(code)->degrees || pp_crs_row(code)->north_first
			     : n[1] > n[3])) {
		pp_wrong(req, PP_S("bbox"), "must begin with its lower corner");
		return;
	}
	if (code)
		ask->box = pp_box_area(req->server->geo, req->arena, code, PP_AXES_AUTHORITY, n);
}

bool pp_ogc_instant(struct pp_req *req, struct pp_slice text, bool end, struct pp_slice *out)
{
	char *as = pp_alloc(req->arena, PP_RFC3339_SIZE);
	int64_t utc;

	if (text.len == 10)
		text = pp_format(req->arena, "%.*sT%s", PP_SHOW(text),
			end ? "23:59:59.999999Z" : "00:00:00Z");
	if (!pp_clock_read_rfc3339(text, &utc))
		return false;
	pp_clock_rfc3339(utc, as);
	*out = pp_slice_of(as);
	return true;
}

static bool is_open(struct pp_slice text)
{
	return text.len == 0 || pp_slice_is(text, PP_S(".."));
}

/* OGC 17-069r4 §7.15.4: an instant, or an interval that is half open at most. */
static void read_time(struct pp_req *req, struct pp_feature_ask *ask)
{
	struct pp_slice whole = pp_param(req, "datetime"), end;
	struct pp_slice begin = pp_slice_cut(whole, '/', &end);
	bool is_interval = begin.len < whole.len, good;

	if (!whole.at)
		return;
	if (!is_interval) {
		good = pp_ogc_instant(req, whole, true, &ask->to);
		ask->from = ask->to;
	} else {
		ask->from = PP_S("-infinity");
		ask->to = PP_S("infinity");
		good = !(is_open(begin) && is_open(end)) &&
			(is_open(begin) || pp_ogc_instant(req, begin, false, &ask->from)) &&
			(is_open(end) || pp_ogc_instant(req, end, true, &ask->to)) &&
			(is_open(begin) || is_open(end) || pp_slice_order(ask->from, ask->to) <= 0);
	}
	if (!good)
		pp_wrong(req, PP_S("datetime"),
			"must be an instant of RFC 3339 or an interval of two");
}

/* What was seen, and the last feature of the page before. */
static void read_cursor(struct pp_req *req, struct pp_feature_ask *ask)
{
	struct pp_slice cursor = pp_param(req, "cursor"), after;
	uint64_t seen;

	if (!cursor.at)
		return;
	ask->seen = pp_slice_cut(cursor, '~', &after);
	ask->after = after;
	if (!pp_slice_u64(ask->seen, &seen) || seen > INT64_MAX || after.len == 0)
		pp_wrong(req, PP_S("cursor"), "is none that a link next has");
}

static void end_places(void *places)
{
	pp_arena_end(places);
}

/* What both have: the collection, its columns, the CRS; false after the refusal. */
static bool begin(struct pp_req *req, struct items *items)
{
	const struct pp_collection *collection = pp_ogc_collection(req);
	struct pp_feature_ask *ask = &items->reading.ask;

	if (!collection)
		return false;
	items->format = pp_ogc_format(req);
	if (!items->format)
		return false;
	items->crs = pp_ogc_crs(req, "crs");
	ask->collection = collection;
	ask->columns = UINT32_MAX;
	ask->geometry = true;
	items->view = (struct pp_feature_view){ .type = &collection->type,
		.columns = UINT32_MAX,
		.geometry = true,
		.decimals = pp_crs_decimals(items->crs),
		.srs = pp_crs_uri(req->arena, items->crs),
		.schema = pp_ogc_xsd_address(req, &collection->type) };
	items->out = pp_buf_make(req->arena);
	pp_arena_begin(&items->places);
	pp_own(req->arena, end_places, &items->places);
	return true;
}

/* Then everybody knows how many there are; to count the others would cost as much as to read them.
 */
static bool is_whole(const struct pp_feature_ask *ask)
{
	return !ask->box.at && !ask->to.at && !ask->seen.at && !ask->where;
}

enum pp_next pp_ogc_items(struct pp_req *req)
{
	struct items *items = pp_state(req, struct items);
	struct pp_feature_ask *ask = &items->reading.ask;
	struct pp_slice limit = pp_param(req, "limit");

	if (!begin(req, items))
		return PP_DONE;
	items->limit = PP_OGC_LIMIT_DEFAULT;
	if (limit.at)
		PP_MUST(pp_slice_u64(limit, &items->limit));
	if (items->limit > PP_OGC_LIMIT_MOST)
		items->limit = PP_OGC_LIMIT_MOST;
	/* One more tells whether another page follows. */
	ask->limit = items->limit + 1;
	read_box(req, ask);
	read_time(req, ask);
	read_cursor(req, ask);
	if (!pp_ogc_wanted(req, ask))
		return PP_DONE;
	if (req->wrong)
		return pp_refuse_wrong(req, PP_invalid_parameter);
	pp_features_ask(req, &items->reading);
	return PP_WAIT;
}

static void write_feature(
	struct pp_req *req, struct items *items, struct pp_buf *out, struct pp_feature_row *row)
{
	if (items->crs != PP_UTM32) {
		pp_arena_end(&items->places);
		pp_arena_begin(&items->places);
		row->wkb = pp_feature_place(
			req->server->geo, &items->places, items->crs, PP_AXES_AUTHORITY, row->wkb);
	}
	items->format->feature(out, &items->view, row);
}

/* The next page, in the same format also where Accept has chosen it. */
static struct pp_ogc_next next_page(
	struct pp_req *req, const struct items *items, bool follows, struct pp_slice last)
{
	struct pp_slice cursor = pp_format(
		req->arena, "%.*s~%.*s", PP_SHOW(items->reading.seen), PP_SHOW(last));
	bool chosen = !pp_param(req, "f").at && items->format != pp_feature_formats;

	if (!follows)
		return (struct pp_ogc_next){ 0 };
	return (struct pp_ogc_next){ "next", items->format->media_type, "Nächste Seite",
		"Next page",
		pp_format(req->arena, "%.*s%s%s", PP_SHOW(pp_ogc_address(req, "cursor", cursor)),
			chosen ? "&f=" : "", chosen ? items->format->name : "") };
}

static bool is_geojson(const struct items *items)
{
	return items->format == &pp_feature_formats[PP_FORMAT_GEOJSON];
}

/* OGC 17-069r4 §8.4: what GeoJSON says in members stands in fields where there are none. */
static void add_fields(struct pp_req *req, struct items *items)
{
	struct pp_ogc_next next = next_page(req, items, items->ahead.follows, items->ahead.last);

	pp_ogc_link_fields(req, items->format, &next);
	pp_reply_field(req, "OGC-NumberReturned",
		pp_format(req->arena, "%llu", (unsigned long long)items->ahead.count));
	if (is_whole(&items->reading.ask))
		pp_reply_field(req, "OGC-NumberMatched", items->reading.present);
}

static void begin_reply(struct pp_req *req, struct items *items)
{
	pp_reply_field(
		req, "Content-Crs", pp_format(req->arena, "<%.*s>", PP_SHOW(items->view.srs)));
	if (!is_geojson(items))
		add_fields(req, items);
	pp_write_begin(req, 200, pp_slice_of(items->format->media_type), PP_HTTP_UNKNOWN);
	items->format->begin(items->out, &items->view);
	items->begun = true;
}

static void end_reply(struct pp_req *req, struct items *items, bool follows)
{
	struct pp_buf *out = items->out;
	struct pp_ogc_next next;

	items->format->end(out, &items->view);
	if (!is_geojson(items))
		return;
	out->len--;
	pp_buf_format(out, ",\"numberReturned\":%llu", (unsigned long long)items->written);
	if (is_whole(&items->reading.ask))
		pp_buf_format(out, ",\"numberMatched\":%.*s", PP_SHOW(items->reading.present));
	next = next_page(req, items, follows, items->last);
	pp_ogc_links(req, out, items->format, &next);
	pp_buf_text(out, "}");
}

/* How many of a batch belong to the page, and whether more follow; it is taken by value. */
static void look_at(struct pp_req *req, struct items *items, struct pp_feature_reading batch)
{
	struct ahead *ahead = &items->ahead;
	struct pp_feature_row row;
	struct pp_slice digest;

	while (pp_feature_next(&batch, &row, &digest)) {
		ahead->follows = ahead->count == items->limit;
		if (ahead->follows)
			break;
		ahead->count++;
		ahead->last = row.id;
	}
	ahead->last = pp_copy(req->arena, ahead->last);
	ahead->done = !batch.more;
}

/*
 * The fields of a reply come before its features, and one of them is the link to the next page. So
 * a page of more than a batch is walked along its ids first, in the same state.
 */
static enum pp_next look_ahead(struct pp_req *req, struct items *items)
{
	struct pp_feature_reading *ids = &items->ahead.reading;

	if (!ids->ask.collection) {
		ids->ask = items->reading.ask;
		ids->ask.seen = items->reading.seen;
		ids->ask.columns = 0;
		ids->ask.geometry = false;
	}
	pp_ask_anew(req);
	pp_features_ask(req, ids);
	pp_go_to(req, pp_ogc_items_look);
	return PP_WAIT;
}

enum pp_next pp_ogc_items_look(struct pp_req *req)
{
	struct items *items = pp_state(req, struct items);
	struct pp_feature_reading *reading = &items->reading;

	pp_features_answered(req, &items->ahead.reading);
	look_at(req, items, items->ahead.reading);
	if (!items->ahead.done)
		return look_ahead(req, items);
	/* From the beginning, now with everything. */
	reading->count = 0;
	reading->last = pp_slice(NULL, 0);
	pp_ask_anew(req);
	pp_features_ask(req, reading);
	pp_go_to(req, pp_ogc_items_take);
	return PP_WAIT;
}

enum pp_next pp_ogc_items_room(struct pp_req *req)
{
	pp_go_to(req, pp_ogc_items_take);
	return pp_room(req);
}

enum pp_next pp_ogc_items_take(struct pp_req *req)
{
	struct items *items = pp_state(req, struct items);
	struct pp_feature_reading now;
	struct pp_feature_row row;
	struct pp_slice digest;
	bool follows = false;

	pp_features_answered(req, &items->reading);
	if (!items->begun && !items->ahead.done &&
		pp_has_tag(req, pp_features_tag(req, &items->reading, items->format->name)))
		return pp_reply(req, 304, NULL, PP_S(""));
	if (!is_geojson(items) && !items->ahead.done) {
		if (items->reading.more)
			return look_ahead(req, items);
		look_at(req, items, items->reading);
	}
	if (!items->begun)
		begin_reply(req, items);
	if (req->exchange->method == PP_HEAD)
		return pp_write_end(req);
	now = items->reading;
	if (now.more) {
		/* The database works while this is written. */
		pp_ask_ahead(req);
		pp_features_ask(req, &items->reading);
		pp_ask_now(req);
	}
	while (pp_feature_next(&now, &row, &digest)) {
		if (items->written == items->limit) {
			follows = true;
			break;
		}
		if (items->written++)
			pp_buf_text(items->out, items->format->between);
		write_feature(req, items, items->out, &row);
		items->last = row.id;
	}
	if (!now.more) {
		end_reply(req, items, follows);
		pp_put(req, pp_buf_all(items->out));
		return pp_write_end(req);
	}
	pp_put(req, pp_buf_all(items->out));
	pp_buf_clear(items->out);
	items->last = pp_copy(req->arena, items->last);
	pp_go_to(req, pp_ogc_items_room);
	return PP_WAIT;
}

enum pp_next pp_ogc_item(struct pp_req *req)
{
	struct items *items = pp_state(req, struct items);

	if (!begin(req, items))
		return PP_DONE;
	if (req->wrong)
		return pp_refuse_wrong(req, PP_invalid_parameter);
	items->view.alone = true;
	items->reading.ask.fid = pp_path(req, "feature");
	items->reading.ask.limit = 1;
	pp_features_ask(req, &items->reading);
	return PP_WAIT;
}

enum pp_next pp_ogc_item_reply(struct pp_req *req)
{
	struct items *items = pp_state(req, struct items);
	struct pp_buf *out = items->out;
	struct pp_feature_row row;
	struct pp_slice digest;
	struct pp_ogc_next collection = { "collection", "application/json", "Datensammlung",
		"Collection", { NULL, 0 } };

	pp_features_answered(req, &items->reading);
	if (!pp_feature_next(&items->reading, &row, &digest))
		return pp_refuse(req, PP_not_found, "there is no feature %.*s in this collection",
			PP_SHOW(pp_path(req, "feature")));
	items->format->begin(out, &items->view);
	write_feature(req, items, out, &row);
	items->format->end(out, &items->view);
	collection.href = pp_format(req->arena, "/ogc/collections/%s", items->view.type->name);
	if (is_geojson(items)) {
		out->len--;
		pp_ogc_links(req, out, items->format, &collection);
		pp_buf_text(out, "}");
	} else {
		pp_ogc_link_fields(req, items->format, &collection);
	}
	pp_reply_field(
		req, "Content-Crs", pp_format(req->arena, "<%.*s>", PP_SHOW(items->view.srs)));
	return pp_reply_tagged(req, items->format->media_type, pp_buf_all(out));
}
