/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The pages of the web application about which nothing can be said to strangers, and its files.
 * Those to which mails lead say what they are for without script, and without the application too:
 * a mail must lead somewhere whatever was installed. What stands behind # of their links is known
 * to the browser alone.
 */
#include <pp/core/web.h>

#include "../rooms.h"

/* In German and in English: the title, what is said without script, and without the application. */
static const struct mailed {
	const char *path;
	struct words {
		const char *title, *script, *without;
	} words[2];
} mailed[] = {
	{ "/einladung",
		{ { "Beteiligung",
			  "<p>Ihr Link wird nur in Ihrem Browser gelesen, damit ihn niemand "
			  "mitlesen kann. Dafür muss JavaScript eingeschaltet sein. Ohne den Link "
			  "können Sie der planenden Stelle schriftlich antworten.</p>",
			  "<p>Auf diesem Server ist die Seite zum Lesen und Beantworten nicht "
			  "eingerichtet. Antworten Sie der planenden Stelle bitte schriftlich oder "
			  "per E-Mail; Frist und Ansprechstelle stehen in der Nachricht, aus der "
			  "Sie kommen.</p>" },
			{ "Participation",
				"<p>Your link is read in your browser only, so that nobody else "
				"can read it. JavaScript has to be switched on for that. Without "
				"the link you can answer the planning body in writing.</p>",
				"<p>This server does not have the page to read and answer. Please "
				"answer the planning body in writing or by e-mail; the deadline "
				"and whom to ask are in the message that you come from.</p>" } } },
	{ "/adresse",
		{ { "E-Mail-Adresse bestätigen",
			  "<p>Ihr Link wird nur in Ihrem Browser gelesen, damit ihn niemand "
			  "mitlesen kann. Dafür muss JavaScript eingeschaltet sein. Ihre "
			  "Stellungnahme ist eingegangen und gilt auch ohne Bestätigung.</p>",
			  "<p>Auf diesem Server ist die Seite zum Bestätigen nicht eingerichtet. "
			  "Ihre Stellungnahme ist eingegangen und gilt auch ohne Bestätigung; Sie "
			  "müssen nichts weiter tun.</p>" },
			{ "Confirm your e-mail address",
				"<p>Your link is read in your browser only, so that nobody else "
				"can read it. JavaScript has to be switched on for that. Your "
				"statement has been received and counts without it.</p>",
				"<p>This server does not have the page to confirm. Your statement "
				"has been received and counts without it; there is nothing more "
				"to do.</p>" } } },
	{ "/konto",
		{ { "Kennwort festlegen",
			  "<p>Ihr Link wird nur in Ihrem Browser gelesen, damit ihn niemand "
			  "mitlesen kann. Dafür muss JavaScript eingeschaltet sein.</p>",
			  "<p>Auf diesem Server ist die Seite zum Festlegen eines Kennworts nicht "
			  "eingerichtet. Wer den Server betreibt, kann Ihrem Konto ein Kennwort "
			  "geben. <a href=\"/sign-in\">Zur Anmeldung</a></p>" },
			{ "Set your password",
				"<p>Your link is read in your browser only, so that nobody else "
				"can read it. JavaScript has to be switched on for that.</p>",
				"<p>This server does not have the page to set a password. Whoever "
				"runs the server can give your account one. <a "
				"href=\"/sign-in\">Sign in</a></p>" } } },
	{ "/benachrichtigungen",
		{ { "Benachrichtigungen per E-Mail",
			  "<p>Ihr Link wird nur in Ihrem Browser gelesen, damit ihn niemand "
			  "mitlesen kann. Dafür muss JavaScript eingeschaltet sein. Abbestellen "
			  "können Sie auch ohne, in Ihrem E-Mail-Programm.</p>",
			  "<p>Auf diesem Server ist die Seite für Benachrichtigungen nicht "
			  "eingerichtet. Abbestellen können Sie in Ihrem E-Mail-Programm. Was Sie "
			  "nicht bestätigen, wird nach einigen Tagen gelöscht.</p>" },
			{ "Notices by e-mail",
				"<p>Your link is read in your browser only, so that nobody else "
				"can read it. JavaScript has to be switched on for that. You can "
				"unsubscribe without, in your mail program.</p>",
				"<p>This server does not have the page of notices. You can "
				"unsubscribe in your mail program. What you do not confirm is "
				"deleted after some days.</p>" } } },
	{ "/anmelden",
		{ { "Anmelden",
			  "<p>Für diese Seite muss JavaScript eingeschaltet sein. <a "
			  "href=\"/sign-in\">Anmelden ohne JavaScript</a></p>",
			  "<p><a href=\"/sign-in\">Zur Anmeldung</a></p>" },
			{ "Sign in",
				"<p>This page needs JavaScript. <a href=\"/sign-in\">Sign in "
				"without</a></p>",
				"<p><a href=\"/sign-in\">Sign in</a></p>" } } },
};

static enum pp_next show_mailed(struct pp_req *req)
{
	const struct words *w = NULL;

	for (size_t i = 0; i < PP_LENGTH(mailed); i++)
		if (pp_slice_is(req->exchange->path, pp_slice_of(mailed[i].path)))
			w = &mailed[i].words[req->english];
	PP_MUST(w);
	return pp_web_reply_page(req,
		&(struct pp_web_page){ .title = pp_slice_of(w->title),
			.text = pp_format(req->arena, "<h1>%s</h1>%s", w->title, w->script),
			.without = pp_slice_of(w->without) });
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

static pp_step *const mailed_steps[] = { show_mailed, NULL };
static pp_step *const asset_steps[] = { asset, NULL };
static pp_step *const icon_steps[] = { icon, NULL };
static pp_step *const shown_steps[] = { pp_web_show, NULL };

const struct pp_route page_routes[] = {
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
#define MAILED(path, what)                                                                         \
	{                                                                                          \
		PP_GET, "/" path, PP_ANYONE, mailed_steps,                                         \
			.rate = PP_RATE_PUBLIC, .content = PP_CONTENT_APPLICATION,                 \
			.has_other_params = true, .summary = what                                  \
	}
	MAILED("/einladung", "Page of an invitation link"),
	MAILED("/adresse", "Page that confirms a mail address"),
	MAILED("/konto", "Page where one sets the password of one's account by a link"),
	MAILED("/anmelden", "Page where one signs in"),
	{ PP_GET, "//benachrichtigungen", PP_ANYONE, mailed_steps, .rate = PP_RATE_PUBLIC,
		.params = subscription_params, .content = PP_CONTENT_APPLICATION,
		.has_other_params = true,
		.summary = "Page where one subscribes to notices, sees and ends them" },
	PAGE("/v/{procedure}/stellungnahme", "Page where one submits a statement, step by step"),
	PAGE("/meine-stellungnahme", "Page of one's own statement, by the secret of its receipt"),
	PAGE("/quittung", "Page where one checks a receipt"),
	PAGE("/planung", "Page of one's own procedures"),
	PAGE("/planung/neu", "Page where a procedure is filed"),
	PAGE("/planung/verteiler", "Page of the distribution lists of one's body"),
	PAGE("/planung/{procedure}", "Page of a procedure that one plans"),
	PAGE("/planung/{procedure}/grunddaten", "Page of a procedure's basic facts"),
	PAGE("/planung/{procedure}/beteiligte", "Page of whom a round invites"),
	PAGE("/planung/{procedure}/verlauf", "Page of what happens to a procedure"),
	PAGE("/planung/{procedure}/aufbewahrung", "Page of how long its persons are kept"),
	PAGE("/planung/{procedure}/geltungsbereich", "Page of a plan's extent"),
	PAGE("/planung/{procedure}/betroffene", "Page of whom a plan concerns"),
	PAGE("/planung/{procedure}/start", "Page where a round is started"),
	PAGE("/planung/{procedure}/eingang", "Page where staff enter what came on paper"),
	PAGE("/planung/{procedure}/stellungnahmen", "Page of what came in on a procedure"),
	PAGE("/planung/{procedure}/stellungnahmen/{statement}",
		"Page of one statement, for who plans"),
	PAGE("/planung/{procedure}/abwaegung", "Page of a procedure's weighing"),
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
	PAGE("/landesplanung", "Page of what the planning authority of a Land watches"),
	PAGE("/landesplanung/{procedure}",
		"Page of a procedure, for the planning authority of a Land"),
	PAGE("/verwaltung", "Page where the platform, or a body, is administered"),
	PAGE("/verwaltung/stellen", "Page of the bodies"),
	PAGE("/verwaltung/stellen/{body_key}", "Page of one body and who acts for it"),
	PAGE("/verwaltung/feiertage", "Page of the holidays"),
	PAGE("/verwaltung/stoerungen", "Page of the outages"),
	PAGE("/verwaltung/regeln", "Page of the rules and their versions"),
	PAGE("/verwaltung/regeln/entwurf", "Page where a version of the rules is edited"),
	PAGE("/verwaltung/neuberechnungen/{recomputation}", "Page of one recomputation"),
	PAGE("/verwaltung/grenzen", "Page of the versions of the boundaries"),
	PAGE("/verwaltung/anmeldung", "Page of the identity providers"),
	PAGE("/verwaltung/barrieren", "Page of the barriers that people have reported"),
	PAGE("/verwaltung/protokoll", "Page of what was recorded"),
	PAGE("/verwaltung/protokoll/{chain}/{seq}", "Page of one entry of the record"),
	PAGE("/mein-konto", "Page of one's own account"),
	PAGE("/impressum", "Page of the imprint"),
	PAGE("/datenschutz", "Page of the privacy statement"),
	PAGE("/barrierefreiheit", "Page of the accessibility statement"),
	PAGE("/barriere-melden", "Page where one reports a barrier"),
	{ 0 },
};
