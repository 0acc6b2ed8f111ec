/* SPDX-License-Identifier: EUPL-1.2 */
/* Features of a collection, and one of them (OGC 17-069r4 §7.15 and §7.16, 18-058r1 §6). */
#include <pp/base/clock.h>
#include <pp/core/html.h>
#include <pp/core/web.h>
#include <pp/feature/edit.h>

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
	{ "sortby", PP_TEXT, .min = 1, .max = 400,
		.about =
			"Sortables with commas between them; a minus before one sorts descending" },
	{ "cursor", PP_TEXT, .min = 1, .max = 8000, .about = "Of a link next" },
	{ "f", PP_CHOICE, .choices = "json|gml|csv|fgb|gpkg|html",
		.about = "Format of the reply; without it Accept decides" },
	{ "filter", PP_TEXT, .min = 1, .max = PP_FILTER_TEXT_MOST,
		.about = "CQL2: only features for which it holds" },
	{ "filter-lang", PP_CHOICE, .choices = "cql2-text|cql2-json",
		.about = "How filter is written; cql2-text without" },
	{ "filter-crs", PP_TEXT, .max = 200,
		.about = "URI of the CRS of filter's coordinates; CRS84 without" },
	{ "profile", PP_TEXT, .min = 1, .max = 2000,
		.about = "Profiles with commas between them; rfc7946 of GeoJSON, gml-sf0 of GML" },
	{ 0 },
};
const struct pp_field pp_ogc_item_params[] = {
	{ "crs", PP_TEXT, .max = 200, .about = "URI of the CRS of the reply; CRS84 without" },
	{ "f", PP_CHOICE, .choices = "json|gml|csv|fgb|html",
		.about = "Format of the reply; without it Accept decides" },
	{ "profile", PP_TEXT, .min = 1, .max = 2000,
		.about = "Profiles with commas between them; rfc7946 of GeoJSON, gml-sf0 of GML" },
	{ 0 },
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
	if (code && !pp_box_fits(code, PP_AXES_AUTHORITY, n)) {
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

bool pp_ogc_begin(struct pp_req *req, struct pp_ogc_items *items)
{
	const struct pp_collection *collection = pp_ogc_collection(req);
	struct pp_page_part *part = &items->part;
	struct pp_feature_ask *ask = &part->reading.ask;

	if (!collection)
		return false;
	items->page.format = pp_ogc_format(req);
	if (!items->page.format)
		return false;
	items->page.parts = part;
	items->page.part_count = 1;
	part->crs = pp_ogc_crs(req, "crs");
	part->axes = items->page.format->east_first ? PP_AXES_EAST_NORTH : PP_AXES_AUTHORITY;
	ask->collection = collection;
	ask->columns = UINT32_MAX;
	ask->geometry = true;
	part->view = (struct pp_feature_view){ .type = &collection->type,
		.columns = UINT32_MAX,
		.geometry = true,
		.decimals = pp_crs_decimals(part->crs),
		.srs = pp_crs_uri(req->arena, part->crs),
		.schema = pp_ogc_xsd_address(req, &collection->type),
		.epsg = part->crs == PP_CRS84 ? 4326 : part->crs,
		.english = req->english };
	return true;
}

/* Then everybody knows how many there are; to count the others would cost as much as to read them.
 */
static bool is_whole(const struct pp_feature_ask *ask)
{
	return !ask->box.at && !ask->to.at && !ask->seen.at && !ask->where;
}

static bool is_geojson(const struct pp_page *page)
{
	return page->format == &pp_feature_formats[PP_FORMAT_GEOJSON];
}

/* The next page, in the same format also where Accept has chosen it. */
static struct pp_ogc_next next_page(struct pp_req *req, const struct pp_page *page)
{
	bool chosen = !pp_param(req, "f").at && !is_geojson(page);
	struct pp_slice cursor;

	if (!page->follows)
		return (struct pp_ogc_next){ 0 };
	cursor = pp_feature_cursor(req->arena, &page->parts->reading, page->parts->last);
	return (struct pp_ogc_next){ "next", page->format->media_type, "Nächste Seite", "Next page",
		pp_format(req->arena, "%.*s%s%s", PP_SHOW(pp_ogc_address(req, "cursor", cursor)),
			chosen ? "&f=" : "", chosen ? page->format->name : "") };
}

/* OGC 17-069r4 §8.4: what GeoJSON says in members stands in fields where there are none. */
static void add_fields(struct pp_req *req, struct pp_page *page)
{
	struct pp_ogc_next next = next_page(req, page);

	pp_ogc_link_fields(req, page->format, &next);
	pp_reply_field(req, "OGC-NumberReturned",
		pp_format(req->arena, "%llu", (unsigned long long)page->count));
	if (is_whole(&page->parts->reading.ask))
		pp_reply_field(req, "OGC-NumberMatched", page->parts->reading.present);
}

static void add_crs(struct pp_req *req, const struct pp_page_part *part)
{
	pp_reply_field(
		req, "Content-Crs", pp_format(req->arena, "<%.*s>", PP_SHOW(part->view.srs)));
}

static struct pp_slice title_of(const struct pp_page_part *part)
{
	const struct pp_feature_type *type = part->view.type;

	return pp_slice_of(part->view.english ? type->title_en : type->title_de);
}

static void add_page_link(struct pp_req *req, struct pp_buf *out, const struct pp_ogc_next *link)
{
	pp_buf_format(out, "<p><a rel=\"%s\" href=\"", link->rel);
	pp_html_add(out, link->href);
	pp_buf_format(out, "\">%s</a></p>", req->english ? link->en : link->de);
}

/* Beside the features a page has the links of GeoJSON. */
static void end_page(struct pp_req *req, struct pp_buf *out, const struct pp_ogc_next *next)
{
	if (next->rel)
		add_page_link(req, out, next);
	for (size_t i = 0; i < PP_FEATURE_FORMATS; i++) {
		const struct pp_feature_format *format = &pp_feature_formats[i];

		if (!format->is_page && !format->is_file)
			add_page_link(req, out,
				&(struct pp_ogc_next){ "alternate", format->media_type,
					format->title, format->title,
					pp_ogc_address(req, "f", pp_slice_of(format->name)) });
	}
	pp_web_page_end(req, out);
}

static void begin_reply(struct pp_req *req, struct pp_page *page)
{
	struct pp_buf *head = pp_buf_make(req->arena);

	add_crs(req, page->parts);
	if (page->ahead)
		add_fields(req, page);
	if (page->format->is_page)
		pp_ogc_page_begin(req, title_of(page->parts), head);
	pp_page_begin(req, page);
	pp_buf_slice(page->out, pp_buf_all(head));
	page->format->begin(page->out, &page->parts->view);
}

static void end_reply(struct pp_req *req, struct pp_page *page)
{
	struct pp_buf *out = page->out;
	struct pp_ogc_next next;

	page->format->end(out, &page->parts->view);
	if (page->format->is_page) {
		next = next_page(req, page);
		end_page(req, out, &next);
	}
	if (!is_geojson(page))
		return;
	out->len--;
	pp_buf_format(out, ",\"numberReturned\":%llu", (unsigned long long)page->count);
	if (is_whole(&page->parts->reading.ask))
		pp_buf_format(
			out, ",\"numberMatched\":%.*s", PP_SHOW(page->parts->reading.present));
	next = next_page(req, page);
	pp_ogc_links(req, out, page->format, &next);
	pp_buf_text(out, "}");
}

static const struct pp_page_kind page_kind = { begin_reply, end_reply, NULL, NULL };

enum pp_next pp_ogc_items(struct pp_req *req)
{
	struct pp_ogc_items *items = pp_state(req, struct pp_ogc_items);
	struct pp_page *page = &items->page;
	struct pp_feature_ask *ask = &items->part.reading.ask;
	struct pp_slice limit = pp_param(req, "limit");

	if (!pp_ogc_begin(req, items))
		return PP_DONE;
	page->kind = &page_kind;
	page->ahead = !is_geojson(page);
	page->limit = PP_OGC_LIMIT_DEFAULT;
	if (limit.at)
		PP_MUST(pp_slice_u64(limit, &page->limit));
	if (page->limit > PP_OGC_LIMIT_MOST)
		page->limit = PP_OGC_LIMIT_MOST;
	/* Its bytes change with more than the features. */
	page->is_once = page->format->is_page;
	read_box(req, ask);
	read_time(req, ask);
	if (!pp_ogc_wanted(req, ask))
		return PP_DONE;
	if (req->wrong)
		return pp_refuse_wrong(req, PP_invalid_parameter);
	if (page->format->is_file)
		return pp_export_ask(req, &items->part, limit.at ? page->limit : PP_EXPORT_ALL);
	return pp_page_ask(req);
}

enum pp_next pp_ogc_item(struct pp_req *req)
{
	struct pp_ogc_items *items = pp_state(req, struct pp_ogc_items);

	if (!pp_ogc_begin(req, items))
		return PP_DONE;
	if (req->wrong)
		return pp_refuse_wrong(req, PP_invalid_parameter);
	items->part.view.alone = true;
	items->part.reading.ask.fid = pp_path(req, "feature");
	return pp_page_ask(req);
}

/* RFC 9110 §8.8.2: since when it is shown so, unless it says something else on another day. */
static void add_modified(
	struct pp_req *req, const struct pp_page_part *part, const struct pp_feature_row *row)
{
	const struct pp_feature_type *type = part->view.type;
	const struct pp_feature_column *column = pp_column_named(type, PP_S("modified"));
	char *date = pp_alloc(req->arena, PP_HTTP_DATE_SIZE);
	int64_t utc;

	if (part->reading.ask.collection->moves)
		return;
	PP_MUST(pp_clock_read_rfc3339(row->cells[column - type->columns], &utc));
	pp_clock_http_date(utc, date);
	pp_reply_field(req, "Last-Modified", pp_slice_of(date));
}

enum pp_next pp_ogc_item_reply(struct pp_req *req)
{
	struct pp_ogc_items *items = pp_state(req, struct pp_ogc_items);
	struct pp_page *page = &items->page;
	struct pp_page_part *part = &items->part;
	struct pp_buf *out = page->out;
	struct pp_feature_row row;
	struct pp_slice version;
	struct pp_ogc_next collection = { "collection", "application/json", "Datensammlung",
		"Collection", { NULL, 0 } };

	pp_features_answered(req, &part->reading);
	if (!pp_feature_next(&part->reading, &row, &version))
		return pp_refuse(req, PP_not_found, "there is no feature %.*s in this collection",
			PP_SHOW(part->reading.ask.fid));
	if (page->format->is_page)
		pp_ogc_page_begin(req, title_of(part), out);
	page->format->begin(out, &part->view);
	pp_page_add(req, page, part, out, &row);
	page->format->end(out, &part->view);
	collection.href = pp_format(req->arena, "/ogc/collections/%s", part->view.type->name);
	if (page->format->is_page) {
		add_crs(req, part);
		end_page(req, out, &collection);
		return pp_reply(req, 200, page->format->media_type, pp_buf_all(out));
	}
	if (is_geojson(page)) {
		out->len--;
		pp_ogc_links(req, out, page->format, &collection);
		pp_buf_text(out, "}");
	} else {
		pp_ogc_link_fields(req, page->format, &collection);
	}
	add_crs(req, part);
	add_modified(req, part, &row);
	if (pp_has_tag(req, pp_feature_tag(req, version, pp_buf_all(out))))
		return pp_reply(req, 304, NULL, PP_S(""));
	return pp_reply(req, items->status ? items->status : 200, page->format->media_type,
		pp_buf_all(out));
}
