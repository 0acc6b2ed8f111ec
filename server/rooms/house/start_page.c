/* SPDX-License-Identifier: EUPL-1.2 */
/* The plain page at / until the web application takes its place: no script, no style from outside.
 */
#include <pp/core/req.h>

struct page {
	struct pp_rows *boundaries;
};

extern pp_step *const start_page_steps[];

static enum pp_next ask(struct pp_req *req)
{
	pp_ask(req, "boundaries_current", &pp_state(req, struct page)->boundaries);
	return PP_WAIT;
}

/* Text into HTML (HTML standard §13.1.2.3). */
static void add_escaped(struct pp_buf *out, struct pp_slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		switch (s.at[i]) {
		case '<':
			pp_buf_text(out, "&lt;");
			break;
		case '&':
			pp_buf_text(out, "&amp;");
			break;
		case '"':
			pp_buf_text(out, "&quot;");
			break;
		default:
			pp_buf_u8(out, (uint8_t)s.at[i]);
		}
	}
}

/* A tenth of a line, both languages: the page of 2016 boundaries is a demonstration. */
static void add_boundaries(struct pp_buf *out, const struct pp_rows *rows, bool english)
{
	pp_buf_text(out, english ? "<h2>Boundaries</h2><p>" : "<h2>Gemeindegrenzen</h2><p>");
	if (rows->rows == 0) {
		pp_buf_text(out,
			english ? "None have been imported yet: "
				  "<code>planungsplattform import municipalities FILE</code>."
				: "Noch keine eingelesen: "
				  "<code>planungsplattform import municipalities DATEI</code>.");
	} else {
		add_escaped(out, pp_cell(rows, 0, 1));
		pp_buf_text(out, english ? " of " : " vom ");
		add_escaped(out, pp_cell(rows, 0, 2));
		pp_buf_text(out, ", ");
		add_escaped(out, pp_cell(rows, 0, 5));
		pp_buf_text(
			out, english ? " municipalities, accuracy " : " Gemeinden, Genauigkeit ");
		add_escaped(out, pp_cell(rows, 0, 3));
		pp_buf_text(out, " m.");
		if (pp_slice_order(pp_cell(rows, 0, 2), PP_S("2017")) < 0)
			pp_buf_text(out,
				english ? " Boundaries of 2016 are a demonstration until a newer "
					  "set is "
					  "imported. © GeoBasis-DE / BKG 2016."
					: " Die Grenzen von 2016 dienen der Vorführung, bis ein "
					  "neuerer "
					  "Stand eingelesen ist. © GeoBasis-DE / BKG 2016.");
	}
	pp_buf_text(out, "</p>");
}

static const char head[] =
	"<!doctype html><html lang=\"%s\"><head><meta charset=\"utf-8\"><title>Planungsplattform"
	"</title><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><style>"
	"body{font:1.05rem/1.6 system-ui,sans-serif;max-width:44rem;margin:0 auto;padding:2rem "
	"1rem;"
	"color:#1d2433;background:#fff}h1{font-size:1.9rem;line-height:1.2;margin:0 0 .5rem}"
	"h2{font-size:1.2rem;margin:2rem 0 .3rem}a{color:#003064}code{background:#eef1f6;"
	"padding:.1rem .3rem;border-radius:.2rem;overflow-wrap:anywhere}li{margin:.3rem 0}"
	"@media(prefers-color-scheme:dark){body{color:#e7eaf1;background:#141821}a{color:#9fc5ff}"
	"code{background:#242b3a}}</style></head><body><main><h1>Planungsplattform</h1>";

static enum pp_next reply(struct pp_req *req)
{
	struct pp_buf *out = pp_buf_make(req->arena);

	pp_buf_format(out, head, req->english ? "en" : "de");
	pp_buf_text(out,
		req->english ? "<p>Joint participation in spatial planning across the border of "
			       "Länder: it works "
			       "out which municipalities a plan affects and why, invites them, and "
			       "keeps every "
			       "statement against its deadline.</p>"
			     : "<p>Gemeinsame Beteiligung an der Raumplanung über Landesgrenzen: "
			       "Sie ermittelt, "
			       "welche Gemeinden ein Plan betrifft und warum, lädt sie ein und "
			       "führt jede "
			       "Stellungnahme bis zur Frist.</p>");
	add_boundaries(out, pp_state(req, struct page)->boundaries, req->english);
	pp_buf_text(out, req->english ? "<h2>Go on</h2><ul>" : "<h2>Weiter</h2><ul>");
	pp_buf_format(out,
		"<li><a href=\"/api/v1/procedures\">%s</a></li>"
		"<li><a href=\"/api/v1/municipalities?land=02\">%s</a></li>"
		"<li><a "
		"href=\"/api/v1/municipalities/02000000/neighbours?cross_border=true\">%s</a>"
		"</li><li><a href=\"/api/v1/openapi.json\">%s</a></li>"
		"<li><a href=\"/health\">%s</a></li></ul>",
		req->english ? "Published procedures" : "Veröffentlichte Verfahren",
		req->english ? "Municipalities" : "Gemeinden",
		req->english ? "Hamburg's neighbours across the border"
			     : "Hamburgs Nachbarn über die Landesgrenze",
		req->english ? "The interface (OpenAPI)" : "Die Schnittstelle (OpenAPI)",
		req->english ? "State of the server" : "Zustand des Servers");
	pp_buf_text(
		out, "<p><small>Version " PP_VERSION ", EUPL-1.2</small></p></main></body></html>");
	pp_reply_field(req, "Content-Security-Policy",
		PP_S("default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
		     "frame-ancestors 'none'; form-action 'none'"));
	pp_reply_field(req, "Referrer-Policy", PP_S("no-referrer"));
	return pp_reply(req, 200, "text/html; charset=utf-8", pp_buf_all(out));
}

pp_step *const start_page_steps[] = { ask, reply, NULL };
