/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The pages that links in mails open: /einladung#SECRET, /adresse#SECRET, /konto#SECRET and
 * /benachrichtigungen#SECRET, which without one is where people subscribe. What
 * stands behind # is known to the browser alone, so these pages are made by a script; it speaks to
 * the same interface as everybody else.
 */
#include "page.h"

#include <pp/core/html.h>
#include <pp/core/web.h>

#include "../rooms.h"

static const struct words {
	const char *lang, *invitation, *address, *account, *subscription, *loading, *script,
		*account_script;
} words[] = {
	{ "de", "Beteiligung", "E-Mail-Adresse bestätigen", "Kennwort festlegen",
		"Benachrichtigungen per E-Mail", "Wird geladen …",
		"Ihr Link wird nur in Ihrem Browser gelesen, damit ihn niemand mitlesen kann. "
		"Dafür "
		"muss JavaScript eingeschaltet sein. Ohne den Link können Sie der planenden Stelle "
		"schriftlich antworten.",
		"Ihr Link wird nur in Ihrem Browser gelesen, damit ihn niemand mitlesen kann. "
		"Dafür muss JavaScript eingeschaltet sein." },
	{ "en", "Participation", "Confirm your e-mail address", "Set your password",
		"Notices by e-mail", "Loading …",
		"Your link is read in your browser only, so that nobody else can read it. "
		"JavaScript "
		"has to be switched on for that. Without the link you can answer the planning body "
		"in "
		"writing.",
		"Your link is read in your browser only, so that nobody else can read it. "
		"JavaScript has to be switched on for that." },
};

static enum pp_next show(struct pp_req *req, const char *page, const char *title,
	const char *module, const char *needs)
{
	const struct words *w = &words[req->english];
	struct pp_buf *out = pp_buf_make(req->arena);

	pp_buf_format(out,
		"<!doctype html><html lang=\"%s\"><head><meta charset=\"utf-8\">"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
		"<title>%s – Planungsplattform</title><link rel=\"icon\" href=\"/page/icon.svg\">"
		"<link rel=\"stylesheet\" href=\"/page/link.css\">"
		"<script type=\"module\" src=\"/page/%s\"></script></head>"
		"<body><main data-page=\"%s\" aria-busy=\"true\"><h1>%s</h1><p>%s</p>"
		"<noscript><p class=\"notice\">%s</p></noscript></main></body></html>",
		w->lang, title, module, page, title, w->loading, needs);
	pp_reply_field(req, "Content-Language", pp_slice_of(w->lang));
	return pp_reply_tagged(req, "text/html; charset=utf-8", pp_buf_all(out));
}

static enum pp_next invitation(struct pp_req *req)
{
	const struct words *w = &words[req->english];

	return show(req, "einladung", w->invitation, "link.js", w->script);
}

static enum pp_next address(struct pp_req *req)
{
	const struct words *w = &words[req->english];

	return show(req, "adresse", w->address, "link.js", w->script);
}

static enum pp_next account(struct pp_req *req)
{
	const struct words *w = &words[req->english];

	return show(req, "konto", w->account, "account.js", w->account_script);
}

static enum pp_next subscription(struct pp_req *req)
{
	const struct words *w = &words[req->english];

	return show(
		req, "benachrichtigungen", w->subscription, "subscription.js", w->account_script);
}

/* web/link/NAME as /page/NAME. */
static enum pp_next file(struct pp_req *req)
{
	static const struct {
		const char *ending, *media_type;
	} types[] = { { ".css", "text/css; charset=utf-8" },
		{ ".js", "text/javascript; charset=utf-8" }, { ".svg", "image/svg+xml" } };
	struct pp_slice path = req->exchange->path;
	const struct pp_embedded *found = NULL;
	const char *type = NULL;

	for (size_t i = 0; i < pp_embedded_link_count; i++)
		if (pp_slice_ends(path, pp_slice_of(pp_embedded_link[i].name)))
			found = &pp_embedded_link[i];
	for (size_t i = 0; i < PP_LENGTH(types); i++)
		if (pp_slice_ends(path, pp_slice_of(types[i].ending)))
			type = types[i].media_type;
	PP_MUST(found && type);
	return pp_reply_tagged(req, type, found->text);
}

static enum pp_next asset(struct pp_req *req)
{
	return pp_web_reply_file(
		req, pp_format(req->arena, "assets/%.*s", PP_SHOW(pp_path(req, "file"))));
}

static enum pp_next icon(struct pp_req *req)
{
	return pp_web_reply_file(req, PP_S("favicon.svg"));
}

/* Read by the script alone. */
static const struct pp_field subscription_params[] = {
	{ "procedure", PP_ID, .about = "Which procedure to subscribe to; without it a place" },
	{ 0 },
};

static pp_step *const invitation_steps[] = { invitation, NULL };
static pp_step *const address_steps[] = { address, NULL };
static pp_step *const account_steps[] = { account, NULL };
static pp_step *const subscription_steps[] = { subscription, NULL };
static pp_step *const file_steps[] = { file, NULL };
static pp_step *const asset_steps[] = { asset, NULL };
static pp_step *const icon_steps[] = { icon, NULL };
static pp_step *const shown_steps[] = { pp_web_show, NULL };

const struct pp_route page_routes[] = {
	{ PP_GET, "//einladung", PP_ANYONE, invitation_steps, .rate = PP_RATE_PUBLIC,
		.content = PP_CONTENT_SCRIPT, .summary = "The page of an invitation link" },
	{ PP_GET, "//adresse", PP_ANYONE, address_steps, .rate = PP_RATE_PUBLIC,
		.content = PP_CONTENT_SCRIPT, .summary = "The page that confirms a mail address" },
	{ PP_GET, "//konto", PP_ANYONE, account_steps, .rate = PP_RATE_PUBLIC,
		.content = PP_CONTENT_SCRIPT,
		.summary = "The page where one sets the password of one's account by a link" },
	{ PP_GET, "//benachrichtigungen", PP_ANYONE, subscription_steps, .rate = PP_RATE_PUBLIC,
		.params = subscription_params, .content = PP_CONTENT_SCRIPT,
		.summary = "The page where one subscribes to notices, sees and ends them" },
#define PAGE_FILE(name, what)                                                                      \
	{                                                                                          \
		PP_GET, "//page/" name, PP_ANYONE, file_steps,                                     \
			.rate = PP_RATE_PUBLIC, .content = PP_CONTENT_SCRIPT,                      \
			.summary = what " of the pages of links"                                   \
	}
	PAGE_FILE("link.js", "Script"),
	PAGE_FILE("account.js", "Script of accounts"),
	PAGE_FILE("subscription.js", "Script of subscriptions"),
	PAGE_FILE("base.js", "What the scripts share"),
	PAGE_FILE("link.css", "Style"),
	PAGE_FILE("icon.svg", "Icon"),
	{ PP_GET, "//assets/{file}", PP_ANYONE, asset_steps, .content = PP_CONTENT_APPLICATION,
		.is_sign_in = true, .summary = "A file of the web application, for ever the same" },
	{ PP_GET, "//favicon.svg", PP_ANYONE, icon_steps, .content = PP_CONTENT_APPLICATION,
		.is_sign_in = true, .summary = "Icon of the web application" },
#define PAGE(path, what)                                                                           \
	{                                                                                          \
		PP_GET, "/" path, PP_ANYONE, shown_steps,                                          \
			.rate = PP_RATE_PUBLIC, .content = PP_CONTENT_APPLICATION,                 \
			.has_other_params = true, .summary = what                                  \
	}
	PAGE("/v/{procedure}/stellungnahme", "Page where one submits a statement, step by step"),
	PAGE("/meine-stellungnahme", "Page of one's own statement, by the secret of its receipt"),
	PAGE("/quittung", "Page where one checks a receipt"),
	PAGE("/anmelden", "Page where one signs in"),
	PAGE("/planung", "Page of one's own procedures"),
	PAGE("/planung/neu", "Page where a procedure is filed"),
	PAGE("/planung/{procedure}", "Page of a procedure that one plans"),
	PAGE("/planung/{procedure}/geltungsbereich", "Page of a plan's extent"),
	PAGE("/planung/{procedure}/betroffene", "Page of whom a plan concerns"),
	PAGE("/planung/{procedure}/start", "Page where a round is started"),
	PAGE("/planung/{procedure}/runden/{round}", "Page of the responses in a round"),
	PAGE("/planung/{procedure}/einladungen/{invitation}",
		"Page of one invitation, for who plans"),
	PAGE("/schnittstellen", "Page of the interfaces for programs"),
	PAGE("/status", "Page of how the platform is"),
	PAGE("/gemeinde", "Page of the inbox of a body that is asked"),
	PAGE("/gemeinde/einladungen/{invitation}", "Page of one invitation"),
	PAGE("/gemeinde/einladungen/{invitation}/stellungnahme",
		"Page where one answers an invitation"),
	PAGE("/gemeinde/freigaben", "Page of what waits for a second person"),
	PAGE("/gemeinde/freigaben/{release}", "Page where a second person lets something go out"),
	PAGE("/gemeinde/stellungnahmen", "Page of what a body has submitted"),
	PAGE("/gemeinde/stellungnahmen/{statement}", "Page of one statement of a body"),
	PAGE("/gemeinde/weitergeleitet", "Page of what others have forwarded for reading"),
	PAGE("/gemeinde/weitergeleitet/{forwarding}", "Page of one thing that was forwarded"),
	PAGE("/gemeinde/vertretungen", "Page of who stands in for whom"),
	PAGE("/mein-konto", "Page of one's own account"),
	PAGE("/impressum", "Page of the imprint"),
	PAGE("/datenschutz", "Page of the privacy statement"),
	PAGE("/barrierefreiheit", "Page of the accessibility statement"),
	PAGE("/barriere-melden", "Page where one reports a barrier"),
	{ 0 },
};
