/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * For those who follow what is published without looking at pages: a site map for search engines
 * (sitemaps.org 0.9), where it is (RFC 9309), and an Atom feed (RFC 4287) of one area.
 */
#include "../rooms.h"
#include "public.h"

struct asked {
	struct pp_rows *rows;
};

/* The columns of page_addresses. */
enum { PATH, CHANGED };

static void element(struct pp_buf *out, const char *name, struct pp_slice text)
{
	pp_buf_format(out, "<%s>", name);
	pp_buf_xml(out, text);
	pp_buf_format(out, "</%s>", name);
}

static enum pp_next ask_addresses(struct pp_req *req)
{
	pp_ask(req, "page_addresses", &pp_state(req, struct asked)->rows);
	return PP_WAIT;
}

static enum pp_next show_sitemap(struct pp_req *req)
{
	const struct pp_rows *rows = pp_state(req, struct asked)->rows;
	struct pp_buf *out = pp_buf_make(req->arena);

	pp_buf_text(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n<url>");
	element(out, "loc", pp_url(req, PP_S("/")));
	pp_buf_text(out, "</url>\n");
	for (size_t i = 0; i < rows->rows; i++) {
		pp_buf_text(out, "<url>");
		element(out, "loc", pp_url(req, pp_cell(rows, i, PATH)));
		element(out, "lastmod", pp_cell(rows, i, CHANGED));
		pp_buf_text(out, "</url>\n");
	}
	pp_buf_text(out, "</urlset>\n");
	return pp_reply_tagged(req, "application/xml; charset=utf-8", pp_buf_all(out));
}

static enum pp_next show_robots(struct pp_req *req)
{
	return pp_reply_tagged(req, "text/plain; charset=utf-8",
		pp_format(req->arena, "User-agent: *\nDisallow:\n\nSitemap: %.*s\n",
			PP_SHOW(pp_url(req, PP_S("/sitemap.xml")))));
}

static void add_link(
	struct pp_buf *out, const char *relation, const char *type, struct pp_slice href)
{
	pp_buf_format(out, "<link rel=\"%s\" type=\"%s\" href=\"", relation, type);
	pp_buf_xml(out, href);
	pp_buf_text(out, "\"/>");
}

static void add_entry(struct pp_req *req, struct pp_buf *out, const struct pp_json *one)
{
	const struct pp_json *now = pp_json_member(one, PP_S("participation"));
	struct pp_slice state = pp_public_text(one, "state_name");

	pp_buf_text(out, "<entry>");
	element(out, "id",
		pp_format(req->arena, "urn:uuid:%.*s", PP_SHOW(pp_public_text(one, "id"))));
	element(out, "title", pp_public_text(one, "title"));
	element(out, "updated", pp_public_text(one, "updated"));
	element(out, "published", pp_public_text(one, "published_at"));
	add_link(out, "alternate", "text/html", pp_url(req, pp_public_path(req, one)));
	pp_buf_text(out, "<author>");
	element(out, "name", pp_public_text(one, "planner_name"));
	pp_buf_text(out, "</author><category term=\"");
	pp_buf_xml(out, pp_public_text(one, "kind"));
	pp_buf_text(out, "\" label=\"");
	pp_buf_xml(out, pp_public_text(one, "kind_name"));
	pp_buf_text(out, "\"/>");
	element(out, "summary",
		pp_format(req->arena, "%.*s: %.*s. %.*s", PP_SHOW(pp_public_text(one, "kind_name")),
			PP_SHOW(state), PP_SHOW(pp_public_period(req, now))));
	pp_buf_text(out, "</entry>\n");
}

static enum pp_next ask_feed(struct pp_req *req)
{
	pp_ask(req, "page_feed", &pp_state(req, struct asked)->rows);
	return PP_WAIT;
}

/* A feed is another one for other parameters, so they are part of its id. The first entry changed
 * last; without any, nothing ever has. */
static enum pp_next show_feed(struct pp_req *req)
{
	const struct pp_json *items = pp_json_member(
		pp_public_answer(req, pp_state(req, struct asked)->rows), PP_S("items"));
	struct pp_slice query = req->exchange->query, self;
	struct pp_buf *out = pp_buf_make(req->arena);

	self = pp_url(req,
		pp_format(req->arena, "/feeds/procedures.atom%s%.*s", query.len ? "?" : "",
			PP_SHOW(query)));
	pp_buf_format(out,
		"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
		"<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"%s\">",
		req->english ? "en" : "de");
	element(out, "id", self);
	element(out, "title",
		req->english ? PP_S("Planning procedures") : PP_S("Planungsverfahren"));
	element(out, "updated",
		pp_json_length(items) ? pp_public_text(pp_json_element(items, 0), "updated")
				      : PP_S("1970-01-01T00:00:00Z"));
	add_link(out, "self", "application/atom+xml", self);
	add_link(out, "alternate", "text/html", pp_url(req, PP_S("/")));
	pp_buf_text(out, "<author><name>Planungsplattform</name></author>\n");
	for (size_t i = 0; i < pp_json_length(items); i++)
		add_entry(req, out, pp_json_element(items, i));
	pp_buf_text(out, "</feed>\n");
	pp_reply_field(req, "Content-Language", req->english ? PP_S("en") : PP_S("de"));
	return pp_reply_tagged(req, "application/atom+xml; charset=utf-8", pp_buf_all(out));
}

static const struct pp_field feed_params[] = {
	{ "near", PP_TEXT, .min = 3, .max = 60,
		.about = "longitude,latitude; the newest plan lies within km of that place" },
	{ "km", PP_INTEGER, .min = 1, .max = 100, .about = "Around near; 5 without" },
	{ "ags", PP_AGS, .about = "Planned by that municipality, or affecting it" },
	{ "land", PP_TEXT, .min = 2, .max = 2, .about = "Two digits" },
	{ 0 },
};

static pp_step *const sitemap_steps[] = { ask_addresses, show_sitemap, NULL };
static pp_step *const robots_steps[] = { show_robots, NULL };
static pp_step *const feed_steps[] = { ask_feed, show_feed, NULL };

const struct pp_route feed_routes[] = {
	{ PP_GET, "//sitemap.xml", PP_ANYONE, sitemap_steps, .rate = PP_RATE_PUBLIC,
		.summary = "Addresses of everything published, for search engines" },
	{ PP_GET, "//robots.txt", PP_ANYONE, robots_steps, .rate = PP_RATE_PUBLIC,
		.summary = "Where the site map is" },
	{ PP_GET, "//feeds/procedures.atom", PP_ANYONE, feed_steps, .rate = PP_RATE_PUBLIC,
		.params = feed_params,
		.summary = "Atom feed of published procedures, what changed last first" },
	{ 0 },
};
