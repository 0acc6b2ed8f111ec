/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * OGC API for people (17-069r4 §8.2): every address is a page of the web application as well, which
 * asks the same address for its JSON. What that says stands in the page too, for whoever has no
 * script.
 */
#include <pp/core/html.h>
#include <pp/core/web.h>
#include <pp/fmt/json.h>

#include "ogc.h"

bool pp_ogc_wants_page(struct pp_req *req)
{
	struct pp_slice name = pp_param(req, "f");

	pp_reply_field(req, "Vary", PP_S("Accept"));
	if (!req->server->web)
		return false;
	if (name.at)
		return pp_slice_is(name, PP_S("html"));
	return pp_ogc_weight(req, PP_S("text/html")) > pp_ogc_weight(req, PP_S("application/json"));
}

static void add_value(struct pp_buf *out, const struct pp_json *value);

static struct pp_slice text_of(const struct pp_json *object, const char *name)
{
	return pp_json_text(pp_json_member(object, pp_slice_of(name)));
}

/* A link object (RFC 8288 in JSON). */
static void add_link(struct pp_buf *out, const struct pp_json *link)
{
	struct pp_slice title = text_of(link, "title");

	pp_buf_text(out, "<a href=\"");
	pp_html_add(out, text_of(link, "href"));
	pp_buf_text(out, "\" rel=\"");
	pp_html_add(out, text_of(link, "rel"));
	pp_buf_text(out, "\" type=\"");
	pp_html_add(out, text_of(link, "type"));
	pp_buf_text(out, "\">");
	pp_html_add(out, title.len ? title : text_of(link, "href"));
	pp_buf_text(out, "</a>");
}

static void add_list(struct pp_buf *out, const struct pp_json *list)
{
	pp_buf_text(out, "<ul>");
	for (size_t i = 0; i < pp_json_length(list); i++) {
		pp_buf_text(out, "<li>");
		add_value(out, pp_json_element(list, i));
		pp_buf_text(out, "</li>");
	}
	pp_buf_text(out, "</ul>");
}

static void add_members(struct pp_buf *out, const struct pp_json *object)
{
	struct pp_slice name;
	struct pp_json *value;

	pp_buf_text(out, "<dl>");
	for (size_t i = 0; pp_json_member_at(object, i, &name, &value); i++) {
		pp_buf_text(out, "<dt>");
		pp_html_add(out, name);
		pp_buf_text(out, "</dt><dd>");
		add_value(out, value);
		pp_buf_text(out, "</dd>");
	}
	pp_buf_text(out, "</dl>");
}

static void add_value(struct pp_buf *out, const struct pp_json *value)
{
	switch (pp_json_kind(value)) {
	case PP_JSON_OBJECT:
		if (pp_json_member(value, PP_S("href")))
			add_link(out, value);
		else
			add_members(out, value);
		break;
	case PP_JSON_LIST:
		add_list(out, value);
		break;
	case PP_JSON_TEXT:
		pp_html_add(out, pp_json_text(value));
		break;
	default:
		pp_json_write(value, out);
	}
}

void pp_ogc_page_begin(struct pp_req *req, struct pp_slice title, struct pp_buf *out)
{
	pp_web_page_begin(req, &(struct pp_web_page){ .title = title }, out);
	pp_buf_text(out, "<h1>");
	pp_html_add(out, title);
	pp_buf_text(out, "</h1>");
}

enum pp_next pp_ogc_show(struct pp_req *req, struct pp_slice json)
{
	struct pp_buf *out = pp_buf_make(req->arena);
	struct pp_fault fault;
	struct pp_json *document = pp_json_read(req->arena, json, &fault);
	struct pp_slice title;

	PP_MUST(document);
	title = text_of(document, "title");
	pp_ogc_page_begin(req, title.len ? title : PP_S("OGC API"), out);
	add_members(out, document);
	pp_web_page_end(req, out);
	return pp_reply(req, 200, PP_OGC_HTML, pp_buf_all(out));
}
