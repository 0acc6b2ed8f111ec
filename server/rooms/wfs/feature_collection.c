/* SPDX-License-Identifier: EUPL-1.2 */
/* The documents around features and values (09-025r2 §7.7 and §11.3, figure 10). */
#include "wfs.h"

#include <pp/base/clock.h>

/* ---- Members ---- */

/* §11.3.3.5: what satisfies several queries is in one collection, and the others refer to it. */
static void reference(struct pp_buf *out, const char *element, const struct pp_feature_view *view,
	const struct pp_feature_row *row)
{
	pp_buf_format(out, "\n<%s xlink:href=\"", element);
	pp_buf_xml(out, view->shown);
	pp_feature_gml_id(out, view->type, row->id);
	pp_buf_text(out, "\"/>");
}

static void gml_feature(
	struct pp_buf *out, const struct pp_feature_view *view, const struct pp_feature_row *row)
{
	if (row->again) {
		reference(out, "wfs:member", view, row);
		return;
	}
	if (!view->alone)
		pp_buf_text(out, "\n<wfs:member>");
	pp_feature_gml(out, view, row);
	if (!view->alone)
		pp_buf_text(out, "</wfs:member>");
}

/* Its document is the room's, but for a feature that is alone. */
const struct pp_feature_format pp_wfs_gml = { "gml", PP_WFS_GML, "GML 3.2", "", false,
	pp_feature_gml_begin, gml_feature, pp_feature_gml_end };

static void gml_3_1_feature(
	struct pp_buf *out, const struct pp_feature_view *view, const struct pp_feature_row *row)
{
	if (row->again) {
		reference(out, "gml:featureMember", view, row);
		return;
	}
	pp_buf_text(out, "\n<gml:featureMember>");
	pp_feature_gml(out, view, row);
	pp_buf_text(out, "</gml:featureMember>");
}

const struct pp_feature_format pp_wfs_gml_3_1 = { "gml_3_1", PP_WFS_GML_3_1, "GML 3.1.1", "", false,
	pp_feature_gml_begin, gml_3_1_feature, pp_feature_gml_end };

static void value_member(
	struct pp_buf *out, const struct pp_feature_view *view, const struct pp_feature_row *row)
{
	pp_buf_text(out, "\n<wfs:member>");
	pp_feature_gml_value(out, view, row);
	pp_buf_text(out, "</wfs:member>");
}

const struct pp_feature_format pp_wfs_values = { "values", PP_WFS_GML, "GML 3.2", "", false,
	pp_feature_gml_begin, value_member, pp_feature_gml_end };

/* ---- What they all say ---- */

bool pp_wfs_is_gml(const struct pp_feature_format *format)
{
	return format == &pp_wfs_gml || format == &pp_wfs_gml_3_1 || format == &pp_wfs_values;
}

static const char *root_of(const struct pp_wfs *wfs)
{
	return wfs->request->operation == PP_WFS_GET_PROPERTY_VALUE ? "ValueCollection"
								    : "FeatureCollection";
}

struct pp_slice pp_wfs_schema(struct pp_req *req, const struct pp_wfs *wfs)
{
	struct pp_buf *out = pp_buf_make(req->arena);
	size_t told = 0;

	pp_buf_format(out, "/wfs?SERVICE=WFS&VERSION=%s&REQUEST=DescribeFeatureType&TYPENAME%s=",
		wfs->request->dialect == PP_WFS_2_0 ? "2.0.0" : "1.1.0",
		wfs->request->dialect == PP_WFS_2_0 ? "S" : "");
	for (size_t i = 0; i < PP_COLLECTIONS; i++)
		for (size_t part = 0; part < wfs->page.part_count; part++)
			if (wfs->page.parts[part].view.type == &pp_collections[i].type) {
				pp_buf_format(out, "%spp:%s", told++ ? "," : "",
					pp_collections[i].type.name);
				break;
			}
	return pp_url(req, pp_buf_all(out));
}

/* ---- Numbers ---- */

/* Known to whoever has seen the end, or all of them, or was told; nobody counts for it. */
static struct pp_slice matched_of(struct pp_req *req, const struct pp_wfs *wfs)
{
	const struct pp_page *page = &wfs->page;
	const struct pp_feature_reading *reading = &page->parts[0].reading;

	if (wfs->cursor.matched.len)
		return wfs->cursor.matched;
	if (!page->follows && (page->count || !wfs->start))
		return pp_format(
			req->arena, "%llu", (unsigned long long)(wfs->start + page->count));
	if (page->part_count == 1 && !reading->ask.where && !wfs->cursor.seen.at)
		return reading->present;
	return PP_S("");
}

static void add_link(struct pp_buf *out, const char *name, struct pp_slice address)
{
	if (!address.at)
		return;
	pp_buf_format(out, " %s=\"", name);
	pp_buf_xml(out, address);
	pp_buf_text(out, "\"");
}

static void add_numbers(
	struct pp_req *req, struct pp_buf *out, struct pp_slice matched, uint64_t returned)
{
	char now[PP_RFC3339_SIZE];

	pp_clock_rfc3339(req->exchange->received_utc, now);
	pp_buf_format(out, " timeStamp=\"%s\" numberMatched=\"%.*s\" numberReturned=\"%llu\"", now,
		PP_SHOW(matched.len ? matched : PP_S("unknown")), (unsigned long long)returned);
}

/* ---- GML ---- */

/* Under which lock its features are. */
static void add_lock(struct pp_buf *out, const struct pp_wfs *wfs)
{
	if (wfs->lock.at)
		pp_buf_format(out, " lockId=\"%.*s\"", PP_SHOW(wfs->lock));
}

/* 04-094 §9.3: one collection, whatever the number of queries; it tells how many it has, or with
 * hits how many there are. */
static void begin_gml_3_1(struct pp_req *req, struct pp_wfs *wfs, struct pp_buf *out,
	struct pp_slice matched, uint64_t returned)
{
	char now[PP_RFC3339_SIZE];

	pp_clock_rfc3339(req->exchange->received_utc, now);
	pp_buf_text(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<wfs:FeatureCollection xmlns:wfs="
		"\"" PP_WFS_1_1_NAMESPACE "\" xmlns:gml=\"" PP_GML_3_1_NAMESPACE "\" xmlns:xlink="
		"\"http://www.w3.org/1999/xlink\" xmlns:pp="
		"\"" PP_FEATURE_NAMESPACE "\" xmlns:xsi=\"http://www.w3.org/2001/"
		"XMLSchema-instance\" xsi:schemaLocation=\"" PP_WFS_1_1_NAMESPACE
		" http://schemas.opengis.net/wfs/1.1.0/wfs.xsd " PP_FEATURE_NAMESPACE " ");
	pp_buf_xml(out, pp_wfs_schema(req, wfs));
	pp_buf_format(out, "\" timeStamp=\"%s\" numberOfFeatures=\"", now);
	if (wfs->is_hits)
		pp_buf_slice(out, matched);
	else
		pp_buf_format(out, "%llu", (unsigned long long)returned);
	pp_buf_text(out, "\"");
	add_lock(out, wfs);
	pp_buf_text(out, ">");
}

static void begin_gml(struct pp_req *req, struct pp_wfs *wfs, struct pp_buf *out,
	struct pp_slice matched, uint64_t returned)
{
	if (wfs->page.format == &pp_wfs_gml_3_1) {
		begin_gml_3_1(req, wfs, out, matched, returned);
		return;
	}
	pp_buf_format(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<wfs:%s xmlns:wfs=\"" PP_WFS_NAMESPACE
		"\" xmlns:gml=\"http://www.opengis.net/gml/3.2\" xmlns:pp=\"" PP_FEATURE_NAMESPACE
		"\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" "
		"xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation="
		"\"" PP_WFS_NAMESPACE
		" http://schemas.opengis.net/wfs/2.0/wfs.xsd " PP_FEATURE_NAMESPACE " ",
		root_of(wfs));
	pp_buf_xml(out, pp_wfs_schema(req, wfs));
	pp_buf_text(out, "\"");
	add_lock(out, wfs);
	add_numbers(req, out, matched, returned);
	add_link(out, "next", pp_wfs_next(req, wfs, matched));
	add_link(out, "previous", pp_wfs_previous(req, wfs, matched));
	pp_buf_text(out, ">");
}

/* §11.3.3.4: of several queries each has a collection of its own, also where it is empty. */
static void begin_part(struct pp_req *req, struct pp_page *page, size_t number)
{
	const struct pp_wfs *wfs = pp_state(req, struct pp_wfs);
	struct pp_slice matched = page->follows || wfs->start
		? PP_S("")
		: pp_format(req->arena, "%llu", (unsigned long long)page->parts[number].count);

	pp_buf_text(page->out, "\n<wfs:member><wfs:FeatureCollection");
	add_numbers(req, page->out, matched, page->parts[number].count);
	pp_buf_text(page->out, ">");
}

static void end_part(struct pp_page *page)
{
	pp_buf_text(page->out, "\n</wfs:FeatureCollection></wfs:member>");
}

static void add_empty(struct pp_req *req, struct pp_wfs *wfs, size_t end)
{
	for (; wfs->told < end; wfs->told++) {
		begin_part(req, &wfs->page, wfs->told);
		end_part(&wfs->page);
	}
}

static bool has_parts(const struct pp_page *page)
{
	return page->part_count > 1 && page->format == &pp_wfs_gml;
}

static void part_begin(struct pp_req *req, struct pp_page *page)
{
	struct pp_wfs *wfs = pp_state(req, struct pp_wfs);

	if (!has_parts(page))
		return;
	add_empty(req, wfs, page->at);
	begin_part(req, page, page->at);
	wfs->told = page->at + 1;
}

static void part_end(struct pp_req *req, struct pp_page *page)
{
	(void)req;
	if (has_parts(page))
		end_part(page);
}

/* ---- Every format ---- */

static void begin(struct pp_req *req, struct pp_page *page)
{
	struct pp_wfs *wfs = pp_state(req, struct pp_wfs);

	pp_page_begin(req, page);
	if (pp_wfs_is_gml(wfs->page.format))
		begin_gml(req, wfs, page->out, matched_of(req, wfs), page->count);
	else
		page->format->begin(page->out, &page->parts[0].view);
}

static void add_member(struct pp_buf *out, const char *rel, struct pp_slice address, bool *first)
{
	if (!address.at)
		return;
	pp_buf_format(out, "%s{\"rel\":\"%s\",\"type\":\"application/geo+json\",\"href\":",
		*first ? ",\"links\":[" : ",", rel);
	pp_buf_json(out, address);
	pp_buf_text(out, "}");
	*first = false;
}

/* What OGC API says of a collection (17-069r4 §7.15.5), for a client of either. */
static void add_members(
	struct pp_req *req, struct pp_wfs *wfs, uint64_t returned, struct pp_slice matched)
{
	struct pp_buf *out = wfs->page.out;
	bool first = true;

	out->len--; /* the last brace */
	pp_buf_format(out, ",\"numberReturned\":%llu", (unsigned long long)returned);
	if (matched.len)
		pp_buf_format(out, ",\"numberMatched\":%.*s", PP_SHOW(matched));
	add_member(out, "next", pp_wfs_next(req, wfs, matched), &first);
	add_member(out, "prev", pp_wfs_previous(req, wfs, matched), &first);
	pp_buf_text(out, first ? "}" : "]}");
}

static void end_document(
	struct pp_req *req, struct pp_wfs *wfs, uint64_t returned, struct pp_slice matched)
{
	struct pp_page *page = &wfs->page;

	if (pp_wfs_is_gml(wfs->page.format)) {
		if (has_parts(page) && !wfs->is_hits)
			add_empty(req, wfs, page->part_count);
		pp_buf_format(page->out, "\n</wfs:%s>\n", root_of(wfs));
		return;
	}
	page->format->end(page->out, &page->parts[0].view);
	if (page->format == &pp_feature_formats[PP_FORMAT_GEOJSON])
		add_members(req, wfs, returned, matched);
}

static void end(struct pp_req *req, struct pp_page *page)
{
	struct pp_wfs *wfs = pp_state(req, struct pp_wfs);

	end_document(req, wfs, page->count, matched_of(req, wfs));
}

const struct pp_page_kind pp_wfs_kind = { begin, end, part_begin, part_end };

enum pp_next pp_wfs_hits(struct pp_req *req, struct pp_wfs *wfs, uint64_t matched)
{
	struct pp_page *page = &wfs->page;
	struct pp_slice number = pp_format(req->arena, "%llu", (unsigned long long)matched);

	page->out = pp_buf_make(req->arena);
	if (pp_wfs_is_gml(wfs->page.format))
		begin_gml(req, wfs, page->out, number, 0);
	else
		page->format->begin(page->out, &page->parts[0].view);
	end_document(req, wfs, 0, number);
	return pp_reply(req, 200, page->format->media_type, pp_buf_all(page->out));
}
