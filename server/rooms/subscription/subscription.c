/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Subscriptions: notices by mail about a procedure or about what is planned near a place. Anybody
 * asks with an address, and confirms by a mail to it. The secret of its page stands behind the # of
 * the link and comes here in a body; that by which mail programs end it (RFC 8058) has to stand in
 * an address, and can do nothing else.
 */
#include <pp/core/html.h>
#include <pp/core/req.h>

#include "../rooms.h"

#define EMAIL_AND_TEXT                                                                             \
	{ "email", PP_EMAIL, .required = true, .about = "Where the mails go to" },                 \
	{                                                                                          \
		"text_version", PP_TEXT, .required = true, .min = 1, .max = 100,                   \
					 .about = "Version of the text that was agreed to"         \
	}

static const struct pp_field procedure_body[] = { EMAIL_AND_TEXT, { 0 } };

static const struct pp_field place_body[] = {
	EMAIL_AND_TEXT,
	{ "ags", PP_AGS, .about = "A municipality: what it plans and what affects it" },
	{ "longitude", PP_NUMBER, .about = "Degrees; of the place its square of 1 km is kept" },
	{ "latitude", PP_NUMBER, .about = "Degrees" },
	{ "radius_km", PP_INTEGER, .min = 1, .max = 10, .about = "Around that square" },
	{ 0 },
};

static const struct pp_field secret_body[] = {
	{ "secret", PP_TEXT, .required = true, .min = 1, .max = 100,
		.about = "What stands behind # of the link" },
	{ 0 },
};

static const struct pp_field confirm_body[] = {
	{ "secret", PP_TEXT, .required = true, .min = 1, .max = 100,
		.about = "What stands behind # of the link" },
	{ "subscription", PP_ID, .required = true, .about = "Which one" },
	{ 0 },
};

static const struct pp_field end_body[] = {
	{ "secret", PP_TEXT, .required = true, .min = 1, .max = 100,
		.about = "What stands behind # of the link" },
	{ "subscription", PP_ID, .about = "Which one" },
	{ "all", PP_BOOLEAN, .about = "All of them" },
	{ 0 },
};

static const struct pp_field consent_body[] = {
	{ "notices", PP_BOOLEAN, .about = "Mail about the progress of the procedure" },
	{ "publish_name", PP_BOOLEAN, .about = "The name beside what is published" },
	{ "text_version", PP_TEXT, .required = true, .min = 1, .max = 100,
		.about = "Version of the text that was agreed to" },
	{ 0 },
};

static const struct pp_field unsubscribe_params[] = {
	{ "s", PP_TEXT, .required = true, .min = 1, .max = 100, .about = "Of the mail" },
	{ 0 },
};

static const struct pp_field unsubscribe_body[] = {
	{ "List-Unsubscribe", PP_CHOICE, .required = true, .choices = "One-Click" },
	{ 0 },
};

static const struct words {
	const char *lang, *title, *ask, *hint, *button, *done, *done_title;
} words[] = {
	{ "de", "Benachrichtigung abbestellen",
		"Möchten Sie diese Nachrichten nicht mehr per E-Mail erhalten?",
		"Ihre übrigen Benachrichtigungen und eine Stellungnahme, die Sie abgegeben haben, "
		"bleiben davon unberührt.",
		"Abbestellen",
		"Sie erhalten diese Nachrichten nicht mehr. Eine Nachricht, die schon unterwegs "
		"ist, kann noch ankommen.",
		"Abbestellt" },
	{ "en", "End a subscription", "Do you no longer want these messages by e-mail?",
		"Whatever else you have subscribed to, and a statement that you have made, stay "
		"as they are.",
		"Unsubscribe",
		"You get these messages no more. One that is on its way already may still arrive.",
		"Unsubscribed" },
};

static const char style[] =
	":root{color-scheme:light dark;--ink:#171717;--paper:#fff;--deep:#11326f;--on:#fff}"
	"@media(prefers-color-scheme:dark){:root{--ink:#e7eaf1;--paper:#141821;--deep:#9fc5ff;"
	"--on:#101520}}body{font:1.05rem/1.6 system-ui,sans-serif;max-width:44rem;margin:0 auto;"
	"padding:1.5rem 1rem 3rem;color:var(--ink);background:var(--paper)}"
	"h1{font-size:1.7rem;line-height:1.25;margin:0 0 1rem;overflow-wrap:anywhere;hyphens:auto}"
	"button{font:inherit;font-weight:600;padding:.5rem 1.25rem;min-height:2.75rem;"
	"color:var(--on);background:var(--deep);border:0;border-radius:.2rem}"
	":focus-visible{outline:3px solid #b25d00;outline-offset:2px}";

/* What is ended, and whether it was there. */
struct ending {
	struct pp_rows *what, *was_there;
};

/* Nothing where it has ended already, or there is no such link: whoever asks learns no more. */
static void name_it(struct pp_req *req, struct pp_buf *out)
{
	struct pp_slice what = pp_cell(pp_state(req, struct ending)->what, 0, 0);

	if (!what.len)
		return;
	pp_buf_text(out, "<p><strong>");
	pp_html_add(out, what);
	pp_buf_text(out, "</strong></p>");
}

static enum pp_next show(struct pp_req *req, const char *title, bool is_done)
{
	const struct words *w = &words[req->english];
	struct pp_buf *out = pp_buf_make(req->arena);

	pp_html_begin(out, w->lang, title, style);
	pp_buf_format(out, "<main><h1>%s</h1>", title);
	name_it(req, out);
	/* Without an action it goes to where the page came from, its secret included. */
	if (is_done)
		pp_buf_format(out, "<p role=\"status\">%s</p>", w->done);
	else
		pp_buf_format(out,
			"<p>%s</p><form method=\"post\"><input type=\"hidden\" "
			"name=\"List-Unsubscribe\" value=\"One-Click\"><p><button>%s</button></p>"
			"</form><p>%s</p>",
			w->ask, w->button, w->hint);
	pp_buf_text(out, "</main></body></html>");
	pp_reply_field(req, "Content-Language", pp_slice_of(w->lang));
	return pp_reply(req, 200, "text/html; charset=utf-8", pp_buf_all(out));
}

static enum pp_next look_up(struct pp_req *req)
{
	pp_ask(req, "subscription_ending", &pp_state(req, struct ending)->what);
	return PP_WAIT;
}

/* Whatever follows links, before anybody reads the mail, asks like this: nothing is ended. */
static enum pp_next ask(struct pp_req *req)
{
	return show(req, words[req->english].title, false);
}

static enum pp_next done(struct pp_req *req)
{
	return show(req, words[req->english].done_title, true);
}

static enum pp_next end(struct pp_req *req)
{
	pp_ask(req, "subscription_unsubscribe", &pp_state(req, struct ending)->was_there);
	return PP_WAIT;
}

static pp_step *const ask_steps[] = { look_up, ask, NULL };
static pp_step *const end_steps[] = { look_up, end, done, NULL };

const struct pp_route subscription_routes[] = {
	{ PP_POST, "/procedures/{procedure}/subscriptions", PP_ANYONE,
		.query = "subscription_to_procedure", .body = procedure_body, .rate = PP_RATE_MAIL,
		.accepts = true, .mails = true,
		.summary = "Subscribe an address to notices about a procedure" },
	{ PP_POST, "/subscriptions", PP_ANYONE, .query = "subscription_to_place",
		.body = place_body, .rate = PP_RATE_MAIL, .accepts = true, .mails = true,
		.summary = "Subscribe an address to what is planned near a place" },
	{ PP_POST, "/subscriptions/open", PP_ANYONE, .query = "subscription_open",
		.body = secret_body, .rate = PP_RATE_PUBLIC,
		.summary = "What one has subscribed to, by the link of a mail" },
	{ PP_POST, "/subscriptions/confirm", PP_ANYONE, .query = "subscription_confirm",
		.body = confirm_body, .rate = PP_RATE_PUBLIC,
		.summary = "Confirm or renew a subscription, by the link of a mail" },
	{ PP_POST, "/subscriptions/end", PP_ANYONE, .query = "subscription_end", .body = end_body,
		.rate = PP_RATE_PUBLIC,
		.summary = "End a subscription, or all, by the link of a mail" },
	{ PP_POST, "/statements/by-token/consents", PP_ANYONE, .by_token = true,
		.query = "token_consent", .body = consent_body, .rate = PP_RATE_PUBLIC,
		.summary = "Give or take back a consent, by the secret of a receipt" },
	{ PP_POST, "/persons/{person}/consents", PP_PUBLIC, .query = "person_consent_own",
		.body = consent_body,
		.summary = "Give or take back a consent, as the person itself" },
	{ PP_GET, "//abmelden", PP_ANYONE, ask_steps, .params = unsubscribe_params,
		.rate = PP_RATE_PUBLIC, .content = PP_CONTENT_PAGE, .has_no_etag = true,
		.summary = "The page that asks whether to end a subscription" },
	{ PP_POST, "//abmelden", PP_ANYONE, end_steps, .params = unsubscribe_params,
		.body = unsubscribe_body, .rate = PP_RATE_PUBLIC, .content = PP_CONTENT_PAGE,
		.takes_form = true, .from_servers = true,
		.summary = "End a subscription by one request of a mail program (RFC 8058)" },
	{ 0 },
};
