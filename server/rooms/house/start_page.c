/* SPDX-License-Identifier: EUPL-1.2 */
/* No script, nothing from outside; German or English as the browser prefers. */
#include <pp/core/html.h>

#include "start_page.h"

struct page {
	struct pp_rows *boundaries;
};

enum { ID, DATASET, DATE, ACCURACY, IMPORTED_AT, MUNICIPALITIES };

static const struct words {
	const char *lang, *purpose, *boundaries, *none, *of, *municipalities, *accuracy, *old,
		*look, *sign_in, *notices, *procedures, *list, *neighbours, *interface, *state,
		*import;
} words[] = {
	{ "de",
		"Gemeinsame Beteiligung an der Raumplanung über Landesgrenzen: Die Plattform "
		"ermittelt, welche Gemeinden ein Plan betrifft und warum, lädt sie ein und führt "
		"jede "
		"Stellungnahme bis zur Frist.",
		"Gemeindegrenzen",
		"Noch sind keine eingelesen. Wer den Server betreibt, liest sie so ein:", "Stand",
		"Gemeinden", "Genauigkeit",
		"Grenzen von 2016 dienen der Vorführung, bis ein neuerer Stand eingelesen ist. "
		"© GeoBasis-DE / BKG 2016.",
		"Ansehen", "Anmelden", "Benachrichtigungen per E-Mail", "Veröffentlichte Verfahren",
		"Gemeinden in Schleswig-Holstein", "Hamburgs Nachbarn über die Landesgrenze",
		"Die Schnittstelle (OpenAPI)", "Zustand des Servers",
		"planungsplattform import municipalities DATEI" },
	{ "en",
		"Joint participation in spatial planning across the borders of Länder: the "
		"platform "
		"works out which municipalities a plan affects and why, invites them, and keeps "
		"every "
		"statement against its deadline.",
		"Municipal boundaries",
		"None have been imported yet. Whoever runs the server does so with:", "as of",
		"municipalities", "accuracy",
		"Boundaries of 2016 are a demonstration until a newer set is imported. "
		"© GeoBasis-DE / BKG 2016.",
		"Have a look", "Sign in", "Notices by e-mail", "Published procedures",
		"Municipalities of Schleswig-Holstein", "Hamburg's neighbours across the border",
		"The interface (OpenAPI)", "State of the server",
		"planungsplattform import municipalities FILE" },
};

static enum pp_next ask(struct pp_req *req)
{
	pp_ask(req, "boundaries_current", &pp_state(req, struct page)->boundaries);
	return PP_WAIT;
}

/* PostgreSQL's numeric without the zeros behind its point: 100.000 m would be far in Germany. */
static struct pp_slice without_zeros(struct pp_slice number)
{
	if (!memchr(number.at, '.', number.len))
		return number;
	while (number.at[number.len - 1] == '0')
		number.len--;
	if (number.at[number.len - 1] == '.')
		number.len--;
	return number;
}

static void add_boundaries(struct pp_buf *out, const struct pp_rows *rows, const struct words *w)
{
	pp_buf_format(out, "<h2>%s</h2><p>", w->boundaries);
	if (rows->rows == 0) {
		pp_buf_format(out, "%s <code>%s</code></p>", w->none, w->import);
		return;
	}
	pp_html_add(out, pp_cell(rows, 0, DATASET));
	pp_buf_format(out, ", %s ", w->of);
	pp_html_add(out, pp_cell(rows, 0, DATE));
	pp_buf_format(out, ": %.*s %s, %s %.*s m.", PP_SHOW(pp_cell(rows, 0, MUNICIPALITIES)),
		w->municipalities, w->accuracy, PP_SHOW(without_zeros(pp_cell(rows, 0, ACCURACY))));
	if (pp_slice_order(pp_cell(rows, 0, DATE), PP_S("2017")) < 0)
		pp_buf_format(out, " %s", w->old);
	pp_buf_text(out, "</p>");
}

static const char head[] =
	"<!doctype html><html lang=\"%s\"><head><meta charset=\"utf-8\"><title>Planungsplattform"
	"</title><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><style>"
	"body{font:1.05rem/1.6 system-ui,sans-serif;max-width:44rem;margin:0 auto;"
	"padding:2rem 1rem;color:#1d2433;background:#fff}"
	"h1{font-size:1.9rem;line-height:1.2;margin:0 0 .5rem}"
	"h2{font-size:1.2rem;margin:2rem 0 .3rem}a{color:#003064}code{background:#eef1f6;"
	"padding:.1rem .3rem;border-radius:.2rem;overflow-wrap:anywhere}li{margin:.3rem 0}"
	"@media(prefers-color-scheme:dark){body{color:#e7eaf1;background:#141821}a{color:#9fc5ff}"
	"code{background:#242b3a}}</style></head><body><main><h1>Planungsplattform</h1><p>%s</p>";

static enum pp_next reply(struct pp_req *req)
{
	const struct words *w = &words[req->english];
	const struct {
		const char *address, *name;
	} links[] = {
		{ "/sign-in", w->sign_in },
		{ "/benachrichtigungen", w->notices },
		{ "/api/v1/procedures", w->procedures },
		{ "/api/v1/municipalities?land=01", w->list },
		{ "/api/v1/municipalities/02000000/neighbours?cross_border=true", w->neighbours },
		{ "/api/v1/openapi.json", w->interface },
		{ "/health", w->state },
	};
	struct pp_buf *out = pp_buf_make(req->arena);

	pp_buf_format(out, head, w->lang, w->purpose);
	add_boundaries(out, pp_state(req, struct page)->boundaries, w);
	pp_buf_format(out, "<h2>%s</h2><ul>", w->look);
	for (size_t i = 0; i < PP_LENGTH(links); i++)
		pp_buf_format(
			out, "<li><a href=\"%s\">%s</a></li>", links[i].address, links[i].name);
	pp_buf_text(out,
		"</ul><p><small>Version " PP_VERSION ", EUPL-1.2</small></p></main></body></html>");
	pp_reply_field(req, "Content-Language", pp_slice_of(w->lang));
	return pp_reply(req, 200, "text/html; charset=utf-8", pp_buf_all(out));
}

pp_step *const start_page_steps[] = { ask, reply, NULL };
