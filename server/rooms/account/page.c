/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The page where one signs in without script, or on a server without the web application: the
 * issuers, and a form for local accounts. German or English as the browser prefers.
 */
#include <pp/core/html.h>
#include <pp/core/provider.h>

#include "account.h"

struct page {
	struct pp_rows *issuers;
};

enum { KEY, TITLE, LOGO };

static const struct words {
	const char *lang, *title, *by, *none, *local, *email, *password, *code, *sign_in,
		*signed_in, *sign_out, *back, *forgotten;
} words[] = {
	{ "de", "Anmelden", "Mit einem Servicekonto", "Es ist kein Anmeldedienst eingerichtet.",
		"Mit einem Konto dieser Plattform", "E-Mail-Adresse", "Kennwort",
		"Code der Authentifizierungs-App, falls eingerichtet", "Anmelden",
		"Sie sind in diesem Browser schon angemeldet.", "Abmelden", "Zur Startseite",
		"Kennwort vergessen oder noch keines?" },
	{ "en", "Sign in", "With a service account", "No identity provider is configured.",
		"With an account of this platform", "E-mail address", "Password",
		"Code of the authenticator app, if you have set one up", "Sign in",
		"You are signed in already in this browser.", "Sign out", "To the start page",
		"Forgotten your password, or none yet?" },
};

const struct pp_field account_page_params[] = {
	{ "return_to", PP_TEXT, .min = 1, .max = 500,
		.about = "Path of ours to go on with; / without" },
	{ 0 },
};

static enum pp_next ask(struct pp_req *req)
{
	pp_ask(req, "issuer_cards", &pp_state(req, struct page)->issuers);
	return PP_WAIT;
}

static void add_issuers(struct pp_buf *out, const struct words *w, const struct pp_rows *issuers,
	struct pp_slice return_to)
{
	pp_buf_format(out, "<section aria-labelledby=\"by\"><h2 id=\"by\">%s</h2>", w->by);
	if (issuers->rows == 0)
		pp_buf_format(out, "<p>%s</p>", w->none);
	else
		pp_buf_text(out, "<ul>");
	for (size_t i = 0; i < issuers->rows; i++) {
		pp_buf_text(out, "<li><a class=\"issuer\" href=\"/api/v1/session/start?issuer=");
		pp_buf_percent(out, pp_cell(issuers, i, KEY), "");
		pp_buf_text(out, "&amp;return_to=");
		pp_buf_percent(out, return_to, "");
		pp_buf_text(out, "\"><span aria-hidden=\"true\" class=\"logo\">");
		pp_html_add(out, pp_cell(issuers, i, LOGO));
		pp_buf_text(out, "</span>");
		pp_html_add(out, pp_cell(issuers, i, TITLE));
		pp_buf_text(out, "</a></li>");
	}
	pp_buf_text(out, issuers->rows ? "</ul></section>" : "</section>");
}

static void add_input(struct pp_buf *out, const char *name, const char *label, const char *more)
{
	pp_buf_format(out, "<p><label for=\"%s\">%s</label><input id=\"%s\" name=\"%s\" %s></p>",
		name, label, name, name, more);
}

/* WCAG 2.2, 3.3.8: passwords can be pasted and filled in by a manager. */
static void add_form(struct pp_buf *out, const struct words *w, struct pp_slice return_to)
{
	pp_buf_format(out,
		"<section aria-labelledby=\"local\"><h2 id=\"local\">%s</h2>"
		"<form method=\"post\" action=\"/sign-in\">",
		w->local);
	add_input(out, "email", w->email,
		"type=\"email\" autocomplete=\"username\" required maxlength=\"254\"");
	add_input(out, "password", w->password,
		"type=\"password\" autocomplete=\"current-password\" required maxlength=\"200\"");
	add_input(out, "code", w->code,
		"autocomplete=\"one-time-code\" maxlength=\"40\" spellcheck=\"false\"");
	pp_buf_text(out, "<input type=\"hidden\" name=\"return_to\" value=\"");
	pp_html_add(out, return_to);
	pp_buf_format(out,
		"\"><p><button>%s</button></p></form><p><a href=\"/konto\">%s</a></p></section>",
		w->sign_in, w->forgotten);
}

static const char style[] =
	"body{font-family:system-ui,sans-serif;line-height:1.5;max-width:36rem;margin:2rem auto;"
	"padding:0 1rem;color:#171717;background:#fff}ul{list-style:none;padding:0}"
	".issuer{display:flex;gap:.75rem;align-items:center;padding:.75rem;margin:.5rem 0;"
	"border:2px solid #11326f;border-radius:.25rem;color:#11326f}"
	".logo{font-weight:bold;min-width:3rem}label{display:block;font-weight:600}"
	"input{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;border:1px solid #555}"
	"button{font:inherit;padding:.5rem 1.5rem;color:#fff;background:#11326f;border:0}"
	":focus-visible{outline:3px solid #b25d00;outline-offset:2px}";

static enum pp_next reply(struct pp_req *req)
{
	const struct words *w = &words[req->english];
	struct pp_buf *out = pp_buf_make(req->arena);
	struct pp_slice return_to = pp_param(req, "return_to");

	if (!return_to.at || !account_is_own_path(return_to))
		return_to = PP_S("/");
	pp_html_begin(out, w->lang, w->title, style);
	pp_buf_format(out, "<main><h1>%s</h1>", w->title);
	if (pp_cookie(req, PP_SESSION_COOKIE).len)
		pp_buf_format(out,
			"<form method=\"post\" action=\"/sign-out\"><p>%s "
			"<button>%s</button></p></form>",
			w->signed_in, w->sign_out);
	add_issuers(out, w, pp_state(req, struct page)->issuers, return_to);
	add_form(out, w, return_to);
	pp_buf_format(out, "<p><a href=\"/\">%s</a></p></main></body></html>", w->back);
	pp_reply_field(req, "Content-Language", pp_slice_of(w->lang));
	return pp_reply(req, 200, "text/html; charset=utf-8", pp_buf_all(out));
}

pp_step *const account_page_steps[] = { ask, reply, NULL };
