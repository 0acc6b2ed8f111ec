/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The pages of the public as they are without script: what search engines, link previews and
 * readers without JavaScript get. They say what the API answers, by the same queries.
 */
#include "public.h"

#include <pp/core/html.h>

#include "../rooms.h"
#include "../words.h"

#define LISTED "100"

enum { REPLY_BODY = 4 }; /* of pp.reply */

static const struct words {
	const char *lang, *portal, *portal_text, *none, *comment, *comment_how, *later, *over,
		*quiet, *documents, *no_documents, *periods, *step, *from, *to, *law, *more,
		*geojson, *ics, *version, *script, *all;
} words[] = {
	{ "de", "Planungsverfahren in Hamburg und Schleswig-Holstein",
		"Welche Planungsverfahren laufen, bis wann Sie sich äußern können und wen sie "
		"über Gemeinde- und Landesgrenzen hinweg betreffen.",
		"Zurzeit läuft kein Verfahren.", "Sie können bis %s, 24:00 Uhr, Stellung nehmen.",
		"Jede Person darf sich äußern. Das Formular braucht JavaScript; ohne senden Sie "
		"Ihre "
		"Stellungnahme schriftlich oder geben Sie sie zur Niederschrift an: ",
		"Stellungnahmen der Öffentlichkeit sind vom %s bis %s möglich.",
		"Die Frist für Stellungnahmen der Öffentlichkeit endete am %s.",
		"Zurzeit wird die Öffentlichkeit nicht um Stellungnahmen gebeten.", "Unterlagen",
		"Es sind noch keine Unterlagen veröffentlicht.", "Zeiten der Beteiligung",
		"Schritt", "Beginn", "Letzter Tag", "Rechtsgrundlage", "Zum Herunterladen",
		"Geltungsbereich als GeoJSON", "Termine für den Kalender (ICS)", "Fassung",
		"Karte, Ablauf und Formular brauchen JavaScript.", "Alle Verfahren" },
	{ "en", "Planning procedures in Hamburg and Schleswig-Holstein",
		"Which planning procedures are under way, until when you can comment, and whom "
		"they "
		"affect across the borders of municipalities and Länder.",
		"No procedure is under way at the moment.", "You can comment until the end of %s.",
		"Anybody may comment. The form needs JavaScript; without it send your statement in "
		"writing, or have it taken down, to: ",
		"The public can comment from %s to %s.",
		"The period for comments by the public ended on %s.",
		"The public is not asked for comments at the moment.", "Documents",
		"No documents have been published yet.", "Periods of participation", "Step",
		"Beginning", "Last day", "Legal basis", "Downloads", "Extent as GeoJSON",
		"Dates for the calendar (ICS)", "Version", "Map, course and form need JavaScript.",
		"All procedures" },
};

static const struct words *words_of(const struct pp_req *req)
{
	return &words[req->english];
}

struct pp_slice pp_public_text(const struct pp_json *object, const char *name)
{
	return pp_json_text(pp_json_member(object, pp_slice_of(name)));
}

struct pp_json *pp_public_answer(struct pp_req *req, const struct pp_rows *rows)
{
	struct pp_fault fault;
	struct pp_json *read = pp_json_read(req->arena, pp_cell(rows, 0, REPLY_BODY), &fault);

	PP_MUST(read);
	return read;
}

/* "2027-01-07" */
#define DAY_LENGTH 10

struct pp_slice pp_public_day(struct pp_req *req, struct pp_slice iso)
{
	if (req->english || iso.len < DAY_LENGTH)
		return pp_slice(iso.at, iso.len < DAY_LENGTH ? iso.len : DAY_LENGTH);
	return pp_format(req->arena, "%.2s.%.2s.%.4s", iso.at + 8, iso.at + 5, iso.at);
}

void pp_public_html(struct pp_buf *out, const char *before, struct pp_slice text, const char *after)
{
	pp_buf_text(out, before);
	pp_html_add(out, text);
	pp_buf_text(out, after);
}

void pp_public_member(struct pp_buf *out, const char *name, struct pp_slice value)
{
	if (!value.len)
		return;
	pp_buf_format(out, ",\"%s\":", name);
	pp_buf_json(out, value);
}

static bool is_phase(const struct pp_json *participation, const char *phase)
{
	return pp_slice_is(pp_public_text(participation, "phase"), pp_slice_of(phase));
}

struct pp_slice pp_public_period(struct pp_req *req, const struct pp_json *participation)
{
	const struct words *w = words_of(req);
	struct pp_slice start, end;

	if (pp_json_kind(participation) != PP_JSON_OBJECT)
		return pp_slice_of(w->quiet);
	start = pp_copy(req->arena, pp_public_day(req, pp_public_text(participation, "start")));
	end = pp_copy(req->arena, pp_public_day(req, pp_public_text(participation, "last_day")));
	if (is_phase(participation, "LAEUFT"))
		return pp_format(req->arena, w->comment, end.at);
	if (is_phase(participation, "KOMMT"))
		return pp_format(req->arena, w->later, start.at, end.at);
	return pp_format(req->arena, w->over, end.at);
}

struct pp_slice pp_public_path(struct pp_req *req, const struct pp_json *procedure)
{
	return pp_format(req->arena, "/v/%.*s", PP_SHOW(pp_public_text(procedure, "id")));
}

struct shown {
	struct pp_rows *rows;
};

/* schema.org: who offers it, from when to when, and what there is to be read. */
static struct pp_slice data_of(struct pp_req *req, const struct pp_json *overview,
	const struct pp_json *one, struct pp_slice path)
{
	const struct pp_json *now = pp_json_member(one, PP_S("participation"));
	const struct pp_json *documents = pp_json_member(overview, PP_S("documents"));
	const struct pp_json *places = pp_json_member(one, PP_S("places"));
	struct pp_buf *out = pp_buf_make(req->arena);

	pp_buf_text(out, "{\"@context\":\"https://schema.org\",\"@type\":\"GovernmentService\"");
	pp_public_member(out, "@id", pp_url(req, path));
	pp_public_member(out, "url", pp_url(req, path));
	pp_public_member(out, "name", pp_public_text(one, "title"));
	pp_public_member(out, "identifier", pp_public_text(one, "number"));
	pp_public_member(out, "serviceType", pp_public_text(one, "kind_name"));
	pp_public_member(out, "description", pp_public_period(req, now));
	pp_buf_text(out, ",\"provider\":{\"@type\":\"GovernmentOrganization\"");
	pp_public_member(out, "name", pp_public_text(one, "planner_name"));
	pp_buf_text(out, "},\"areaServed\":[");
	for (size_t i = 0; i < pp_json_length(places); i++) {
		pp_buf_format(out, "%s{\"@type\":\"AdministrativeArea\"", i ? "," : "");
		pp_public_member(out, "name", pp_public_text(pp_json_element(places, i), "name"));
		pp_buf_text(out, "}");
	}
	pp_buf_text(out, "]");
	if (is_phase(now, "LAEUFT") || is_phase(now, "KOMMT")) {
		pp_buf_text(out, ",\"availableChannel\":{\"@type\":\"ServiceChannel\"");
		pp_public_member(out, "serviceUrl",
			pp_url(req, pp_format(req->arena, "%.*s/stellungnahme", PP_SHOW(path))));
		pp_buf_text(out, "},\"hoursAvailable\":{\"@type\":\"OpeningHoursSpecification\"");
		pp_public_member(out, "validFrom", pp_public_text(now, "start"));
		pp_public_member(out, "validThrough", pp_public_text(now, "last_day"));
		pp_buf_text(out, "}");
	}
	pp_buf_text(out, ",\"subjectOf\":[");
	for (size_t i = 0; i < pp_json_length(documents); i++) {
		const struct pp_json *document = pp_json_element(documents, i);

		pp_buf_format(out, "%s{\"@type\":\"DigitalDocument\"", i ? "," : "");
		pp_public_member(out, "name", pp_public_text(document, "title"));
		pp_public_member(out, "inLanguage", pp_public_text(document, "lang"));
		pp_public_member(out, "encodingFormat", pp_public_text(document, "media_type"));
		pp_public_member(out, "datePublished", pp_public_text(document, "published_at"));
		if (pp_public_text(document, "content").len)
			pp_public_member(
				out, "url", pp_url(req, pp_public_text(document, "content")));
		pp_buf_text(out, "}");
	}
	pp_buf_text(out, "]}");
	return pp_buf_all(out);
}

static void add_documents(struct pp_req *req, struct pp_buf *out, const struct pp_json *documents)
{
	const struct words *w = words_of(req);

	pp_buf_format(out, "<h2>%s</h2>", w->documents);
	if (!pp_json_length(documents)) {
		pp_buf_format(out, "<p>%s</p>", w->no_documents);
		return;
	}
	pp_buf_text(out, "<ul>");
	for (size_t i = 0; i < pp_json_length(documents); i++) {
		const struct pp_json *document = pp_json_element(documents, i);
		double size = pp_json_number(pp_json_member(document, PP_S("size")));

		pp_public_html(out, "<li><a href=\"", pp_public_text(document, "content"), "\">");
		pp_public_html(out, "", pp_public_text(document, "title"), "</a>");
		pp_public_html(out, " (", pp_public_text(document, "name"), "");
		pp_buf_format(out, ", %.0f kB)</li>", size < 1000 ? 1 : size / 1000);
	}
	pp_buf_text(out, "</ul>");
}

static void add_periods(struct pp_req *req, struct pp_buf *out, const struct pp_json *list)
{
	const struct words *w = words_of(req);

	if (!pp_json_length(list))
		return;
	pp_buf_format(out,
		"<h2>%s</h2><table><thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
		"<th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr></thead><tbody>",
		w->periods, w->step, w->from, w->to, w->law);
	for (size_t i = 0; i < pp_json_length(list); i++) {
		const struct pp_json *round = pp_json_element(list, i);

		pp_public_html(out, "<tr><th scope=\"row\">",
			pp_calendar_step(pp_public_text(round, "step"), req->english), "</th>");
		pp_public_html(
			out, "<td>", pp_public_day(req, pp_public_text(round, "start")), "</td>");
		pp_public_html(out, "<td>", pp_public_day(req, pp_public_text(round, "last_day")),
			"</td>");
		pp_public_html(out, "<td>", pp_public_text(round, "law"), "</td></tr>");
	}
	pp_buf_text(out, "</tbody></table>");
}

static void add_more(struct pp_req *req, struct pp_buf *out, const struct pp_json *overview,
	struct pp_slice id, struct pp_slice path)
{
	const struct words *w = words_of(req);
	const struct pp_json *plans = pp_json_member(overview, PP_S("plans"));

	pp_buf_format(out,
		"<h2>%s</h2><ul><li><a href=\"/ogc/collections/procedures/items/%.*s?f=json\">%s"
		"</a></li><li><a href=\"/api/v1/procedures/%.*s/calendar.ics\">%s</a></li>",
		w->more, PP_SHOW(id), w->geojson, PP_SHOW(id), w->ics);
	for (size_t i = 0; i < pp_json_length(plans); i++) {
		const struct pp_json *plan = pp_json_element(plans, i);

		pp_buf_format(out, "<li><a href=\"%.*s/fassung/%.*s\">%s %lld</a></li>",
			PP_SHOW(path), PP_SHOW(pp_public_text(plan, "id")), w->version,
			(long long)pp_json_integer(pp_json_member(plan, PP_S("number"))));
	}
	pp_buf_format(out, "</ul><p>%s</p><p><a href=\"/\">%s</a></p>", w->script, w->all);
}

static struct pp_slice text_of(struct pp_req *req, const struct pp_json *overview,
	const struct pp_json *one, struct pp_slice path)
{
	const struct pp_json *now = pp_json_member(one, PP_S("participation"));
	struct pp_buf *out = pp_buf_make(req->arena);

	pp_public_html(out, "<h1>", pp_public_text(one, "title"), "</h1>");
	pp_public_html(out, "<p>", pp_public_text(one, "kind_name"), ", ");
	pp_public_html(out, "", pp_public_text(one, "planner_name"), ", ");
	pp_public_html(out, "", pp_public_text(one, "number"), ": ");
	pp_public_html(out, "", pp_public_text(one, "state_name"), "</p>");
	pp_public_html(out, "<p>", pp_public_period(req, now), "</p>");
	if (is_phase(now, "LAEUFT")) {
		pp_public_html(out, "<p>", pp_slice_of(words_of(req)->comment_how), "");
		pp_public_html(out, "", pp_public_text(one, "planner_name"), "</p>");
	}
	add_documents(req, out, pp_json_member(overview, PP_S("documents")));
	add_periods(req, out, pp_json_member(overview, PP_S("participations")));
	add_more(req, out, overview, pp_public_text(one, "id"), path);
	return pp_buf_all(out);
}

static enum pp_next ask_procedure(struct pp_req *req)
{
	pp_ask(req, "procedure_overview", &pp_state(req, struct shown)->rows);
	return PP_WAIT;
}

/* What is not published is shown to whom it concerns, and is not to be found by others. */
static struct pp_slice canonical(const struct pp_json *one, struct pp_slice path)
{
	return pp_public_text(one, "published_at").len ? path : PP_S("");
}

static enum pp_next show_procedure(struct pp_req *req)
{
	const struct pp_json *overview = pp_public_answer(req, pp_state(req, struct shown)->rows);
	const struct pp_json *one = pp_json_member(overview, PP_S("procedure"));
	const struct pp_json *now = pp_json_member(one, PP_S("participation"));
	struct pp_slice path = pp_public_path(req, one);

	return pp_web_reply_page(req,
		&(struct pp_web_page){
			.title = pp_public_text(one, "title"),
			.description = pp_format(req->arena, "%.*s, %.*s. %.*s",
				PP_SHOW(pp_public_text(one, "kind_name")),
				PP_SHOW(pp_public_text(one, "planner_name")),
				PP_SHOW(pp_public_period(req, now))),
			.canonical = canonical(one, path),
			.feed = PP_S("/feeds/procedures.atom"),
			.data = data_of(req, overview, one, path),
			.text = text_of(req, overview, one, path),
		});
}

/* CreativeWork: one version, part of what is planned. */
static struct pp_slice version_data(struct pp_req *req, const struct pp_json *one,
	const struct pp_json *plan, struct pp_slice title, struct pp_slice path)
{
	struct pp_buf *out = pp_buf_make(req->arena);

	pp_buf_text(out, "{\"@context\":\"https://schema.org\",\"@type\":\"CreativeWork\"");
	pp_public_member(out, "@id", pp_url(req, path));
	pp_public_member(out, "url", pp_url(req, path));
	pp_public_member(out, "name", title);
	pp_buf_format(out, ",\"version\":%lld",
		(long long)pp_json_integer(pp_json_member(plan, PP_S("number"))));
	pp_public_member(out, "datePublished", pp_public_text(plan, "published_at"));
	pp_buf_text(out, ",\"author\":{\"@type\":\"GovernmentOrganization\"");
	pp_public_member(out, "name", pp_public_text(one, "planner_name"));
	pp_buf_text(out, "},\"isPartOf\":{\"@type\":\"CreativeWork\"");
	pp_public_member(out, "name", pp_public_text(one, "title"));
	pp_public_member(out, "url", pp_url(req, pp_public_path(req, one)));
	pp_buf_text(out,
		"},\"encoding\":{\"@type\":\"MediaObject\",\"encodingFormat\":"
		"\"application/geo+json\"");
	pp_public_member(out, "contentUrl",
		pp_url(req,
			pp_format(req->arena, "/ogc/collections/plans/items/%.*s?f=json",
				PP_SHOW(pp_public_text(plan, "id")))));
	pp_buf_text(out, "}}");
	return pp_buf_all(out);
}

static enum pp_next show_version(struct pp_req *req)
{
	const struct pp_json *overview = pp_public_answer(req, pp_state(req, struct shown)->rows);
	const struct pp_json *one = pp_json_member(overview, PP_S("procedure"));
	const struct pp_json *plans = pp_json_member(overview, PP_S("plans"));
	const struct pp_json *plan = NULL;
	struct pp_slice title, path;

	for (size_t i = 0; i < pp_json_length(plans); i++)
		if (pp_slice_is_nocase(
			    pp_public_text(pp_json_element(plans, i), "id"), pp_path(req, "plan")))
			plan = pp_json_element(plans, i);
	if (!plan)
		return pp_refuse(
			req, PP_plan_not_found, "this procedure has no such version of its plan");
	path = pp_format(req->arena, "%.*s/fassung/%.*s", PP_SHOW(pp_public_path(req, one)),
		PP_SHOW(pp_public_text(plan, "id")));
	title = pp_format(req->arena, "%.*s, %s %lld", PP_SHOW(pp_public_text(one, "title")),
		words_of(req)->version,
		(long long)pp_json_integer(pp_json_member(plan, PP_S("number"))));
	return pp_web_reply_page(req,
		&(struct pp_web_page){
			.title = title,
			.description = pp_public_text(one, "kind_name"),
			.canonical = pp_public_text(plan, "published_at").len ? path : PP_S(""),
			.data = version_data(req, one, plan, title, path),
			.text = text_of(req, overview, one, pp_public_path(req, one)),
		});
}

static enum pp_next ask_portal(struct pp_req *req)
{
	pp_bind(req, "running", PP_S("true"));
	pp_bind(req, "row_limit", PP_S(LISTED));
	pp_bind(req, "limit", PP_S(LISTED));
	for (const char *const *name = (const char *const[]){ "q", "ags", "land", "kind", "state",
		     "bbox", "project", "cross_border", "phase", "near", "km", NULL };
		*name; name++)
		pp_bind_null(req, *name);
	pp_ask(req, "procedure_search", &pp_state(req, struct shown)->rows);
	return PP_WAIT;
}

static enum pp_next show_portal(struct pp_req *req)
{
	const struct words *w = words_of(req);
	const struct pp_json *items = pp_json_member(
		pp_public_answer(req, pp_state(req, struct shown)->rows), PP_S("items"));
	struct pp_buf *text = pp_buf_make(req->arena), *data = pp_buf_make(req->arena);

	pp_buf_format(text, "<h1>%s</h1><p>%s</p>", w->portal, w->portal_text);
	if (!pp_json_length(items))
		pp_buf_format(text, "<p>%s</p>", w->none);
	pp_buf_text(text, "<ul>");
	pp_buf_text(data, "{\"@context\":\"https://schema.org\",\"@type\":\"CollectionPage\"");
	pp_public_member(data, "url", pp_url(req, PP_S("/")));
	pp_public_member(data, "name", pp_slice_of(w->portal));
	pp_public_member(data, "inLanguage", pp_slice_of(w->lang));
	pp_buf_text(data, ",\"mainEntity\":{\"@type\":\"ItemList\",\"itemListElement\":[");
	for (size_t i = 0; i < pp_json_length(items); i++) {
		const struct pp_json *one = pp_json_element(items, i);
		const struct pp_json *now = pp_json_member(one, PP_S("participation"));
		struct pp_slice path = pp_public_path(req, one);

		pp_buf_format(text, "<li><a href=\"%.*s\">", PP_SHOW(path));
		pp_public_html(text, "", pp_public_text(one, "title"), "</a><br>");
		pp_public_html(text, "", pp_public_text(one, "kind_name"), ", ");
		pp_public_html(text, "", pp_public_text(one, "planner_name"), ". ");
		pp_public_html(text, "", pp_public_period(req, now), "</li>");
		pp_buf_format(
			data, "%s{\"@type\":\"ListItem\",\"position\":%zu", i ? "," : "", i + 1);
		pp_public_member(data, "url", pp_url(req, path));
		pp_public_member(data, "name", pp_public_text(one, "title"));
		pp_buf_text(data, "}");
	}
	pp_buf_text(data, "]}}");
	pp_buf_text(text, "</ul>");
	return pp_web_reply_page(req,
		&(struct pp_web_page){
			.title = pp_slice_of(w->portal),
			.description = pp_slice_of(w->portal_text),
			.canonical = PP_S("/"),
			.feed = PP_S("/feeds/procedures.atom"),
			.data = pp_buf_all(data),
			.text = pp_buf_all(text),
		});
}

static pp_step *const portal_steps[] = { ask_portal, show_portal, NULL };
static pp_step *const procedure_steps[] = { ask_procedure, show_procedure, NULL };
static pp_step *const version_steps[] = { ask_procedure, show_version, NULL };

#define PAGE(path, does, what)                                                                     \
	{                                                                                          \
		PP_GET, "/" path, PP_ANYONE, does, .rate = PP_RATE_PUBLIC,                         \
						   .content = PP_CONTENT_APPLICATION,              \
						   .has_other_params = true, .summary = what       \
	}

const struct pp_route public_page_routes[] = {
	PAGE("/", portal_steps, "Page of all published procedures"),
	PAGE("/v/{procedure}", procedure_steps, "Page of one procedure"),
	PAGE("/v/{procedure}/fassung/{plan}", version_steps, "Page of one version of a plan"),
	{ 0 },
};
