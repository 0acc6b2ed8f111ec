/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Rounds of participation. Dates are law and are computed here (server/law); the SQL function that
 * opens the round holds them against each other and invites everybody of the confirmed set.
 */
#include <pp/base/clock.h>
#include <pp/core/req.h>
#include <pp/law/period.h>

#include "../rooms.h"
#include "../dates.h"

struct opening {
	struct pp_rows *procedure, *added;
};

enum { KIND, LAND, PLAN, CONFIRMED };

static enum pp_next prepare(struct pp_req *req)
{
	struct opening *o = pp_state(req, struct opening);

	pp_ask(req, "round_prepare", &o->procedure);
	pp_ask(req, "holiday_of_procedure", &o->added);
	return PP_WAIT;
}

static struct pp_slice text(struct pp_req *req, const char *member)
{
	return pp_json_text(pp_json_member(req->body, pp_slice_of(member)));
}

/* What the dates of a round follow from. */
struct dates {
	const struct pp_step_period *period;
	const struct pp_period_rule *objections; /* of a display, or after one */
	const struct pp_calendar *calendar;
	int32_t start, end;
};

/* The least end by law (domain: steps); rule NULL where the step knows none. */
static struct pp_deadline minimum(const struct dates *dates, const struct pp_period_rule **rule)
{
	bool follows = dates->period && dates->period->display == PP_STEP_AFTER_DISPLAY;

	*rule = follows         ? dates->objections
		: dates->period ? pp_period_rule_named(pp_slice_of(dates->period->least))
				: NULL;
	/* A round after a display begins on the day after it, and the law counts from the display's
	 * last day (§ 73 (4) VwVfG). */
	if (*rule)
		return pp_deadline_of(*rule, dates->start - follows, dates->calendar);
	return (struct pp_deadline){ .end = dates->end };
}

static void bind_dates(struct pp_req *req, const struct dates *dates)
{
	bool displays = dates->period && dates->period->display == PP_STEP_DISPLAYS;
	const struct pp_period_rule *rule;
	struct pp_deadline legal = minimum(dates, &rule);
	int32_t last = pp_deadline_last_day(dates->end, &legal, dates->calendar);

	/* The display ends with its last day, whatever day that is (§ 31 (4) VwVfG). */
	if (displays && dates->objections)
		last = pp_deadline_of(dates->objections, dates->end, dates->calendar).end;
	pp_bind_null(req, "minimum_end");
	pp_bind_null(req, "minimum_rule");
	pp_bind_null(req, "statement_rule");
	if (rule) {
		pp_bind(req, "minimum_end", pp_date_text(req, legal.end));
		pp_bind(req, "minimum_rule", pp_slice_of(rule->id));
	}
	if (displays && dates->objections)
		pp_bind(req, "statement_rule", pp_slice_of(dates->objections->id));
	pp_bind(req, "closes_at", pp_clock_text(req->arena, pp_day_end(last)));
}

/* The rule for objections of a step with a display; false where the one that was named is none. */
static bool find_objections(struct pp_req *req, struct pp_slice kind, struct dates *dates)
{
	struct pp_slice named = text(req, "statement_rule");
	bool has_display = dates->period && dates->period->display != PP_STEP_ALONE;

	dates->objections = has_display ? pp_objection_rule(kind, named) : NULL;
	return dates->objections || named.len == 0;
}

/* The last day that a step of this kind is proposed; false where the law gives none to propose. */
static bool propose_end(struct dates *dates)
{
	const struct pp_period_rule *rule = dates->period
		? pp_period_rule_named(pp_slice_of(dates->period->proposed))
		: NULL;
	bool follows = rule && dates->period->display == PP_STEP_AFTER_DISPLAY;

	if (rule)
		dates->end = pp_deadline_of(rule, dates->start - follows, dates->calendar).end;
	return rule != NULL;
}

/* Only a preview may do without an end, and be told which one the law gives. */
static void read_end(struct pp_req *req, struct dates *dates, bool is_preview)
{
	struct pp_slice end = text(req, "end");

	if (req->wrong)
		return;
	if (end.len == 0 && is_preview && propose_end(dates))
		return;
	if (end.len == 0)
		pp_wrong(req, PP_S("/end"), "is required");
	else if (!pp_day_read(end, &dates->end))
		pp_wrong(req, PP_S("/end"), "must lie between 1950 and 2999");
	else if (dates->end < dates->start)
		pp_wrong(req, PP_S("/end"), "must not be before the start");
}

static enum pp_next ask_with_dates(struct pp_req *req, const char *query, bool is_preview)
{
	struct opening *o = pp_state(req, struct opening);
	struct pp_slice kind, step = text(req, "step"), audience = text(req, "audience");
	struct pp_place_calendar place;
	struct dates dates = { 0 };

	if (o->procedure->rows != 1)
		return pp_refuse(req, PP_not_found, "no such procedure");
	if (!pp_day_read(text(req, "start"), &dates.start))
		pp_wrong(req, PP_S("/start"), "must lie between 1950 and 2999");
	kind = pp_cell(o->procedure, 0, KIND);
	dates.period = pp_step_period_for(kind, step, audience);
	place = pp_calendar_of(req, pp_cell(o->procedure, 0, LAND), o->added);
	dates.calendar = &place.calendar;
	read_end(req, &dates, is_preview);
	if (!find_objections(req, kind, &dates))
		pp_wrong(req, PP_S("/statement_rule"),
			"is no rule for objections of such a procedure and step");
	if (req->wrong)
		return pp_refuse_wrong(req, PP_invalid_body);
	pp_bind(req, "opens_at", pp_clock_text(req->arena, pp_day_begin(dates.start)));
	pp_bind(req, "last_day", pp_date_text(req, dates.end));
	bind_dates(req, &dates);
	pp_bind_own_period(req, kind, step, audience, &place);
	pp_ask(req, query, &req->rows);
	return PP_WAIT;
}

static enum pp_next open_round(struct pp_req *req)
{
	return ask_with_dates(req, "round_open", false);
}

static enum pp_next preview_round(struct pp_req *req)
{
	return ask_with_dates(req, "round_preview", true);
}

struct inviting {
	struct pp_rows *round, *added;
};

/* A body that is added late gets its full period, from today (§ 4 (2) BauGB). */
static enum pp_next prepare_invite(struct pp_req *req)
{
	struct inviting *i = pp_state(req, struct inviting);

	pp_ask(req, "round_periods", &i->round);
	pp_ask(req, "holiday_of_round", &i->added);
	return PP_WAIT;
}

static enum pp_next invite(struct pp_req *req)
{
	struct inviting *i = pp_state(req, struct inviting);
	struct pp_place_calendar place;

	if (i->round->rows != 1)
		return pp_refuse(req, PP_round_not_found, "no such round that you may see");
	place = pp_calendar_of(req, pp_cell(i->round, 0, 3), i->added);
	pp_bind_own_period(req, pp_cell(i->round, 0, 0), pp_cell(i->round, 0, 1),
		pp_cell(i->round, 0, 2), &place);
	pp_ask(req, "round_invite", &req->rows);
	return PP_WAIT;
}

static pp_step *const open_steps[] = { prepare, open_round, pp_reply_route, NULL };
static pp_step *const preview_steps[] = { prepare, preview_round, pp_reply_route, NULL };
static pp_step *const invite_steps[] = { prepare_invite, invite, pp_reply_route, NULL };

static const struct pp_field body_list[] = { { .kind = PP_BODY_KEY }, { 0 } };
static const struct pp_field id_list[] = { { .kind = PP_ID }, { 0 } };
static const struct pp_field item_list[] = { { .kind = PP_TEXT, .min = 2, .max = 40 }, { 0 } };
static const struct pp_field notice_fields[] = {
	{ "published_on", PP_DATE, .required = true, .about = "Day of the notice" },
	{ "organ", PP_TEXT, .min = 1, .max = 500, .about = "Where it was published" },
	{ "contains", PP_LIST, .required = true, .max = 40, .fields = item_list,
		.about = "What it says, by the items of the checklist" },
	{ "text", PP_TEXT, .min = 1, .max = 20000, .about = "Its words" },
	{ 0 },
};

static const struct pp_field open_body[] = {
	{ "step", PP_TEXT, .required = true, .min = 3, .max = 20,
		.about = "FRUEH_OEFF, FRUEH_TOEB, FOERM_OEFF, FOERM_TOEB, ERNEUT and so on" },
	{ "audience", PP_CHOICE, .required = true, .choices = "OEFF|TOEB|NACHB|STAAT|VERB" },
	{ "start", PP_DATE, .required = true, .about = "First day, inclusive" },
	{ "end", PP_DATE,
		.about = "Last day, inclusive; of a display, its own: statements may come later. "
			 "Only a preview does without, and proposes the one by law" },
	{ "statement_rule", PP_TEXT, .min = 3, .max = 40,
		.about = "Until when objections may come after a display: PFV_EINW, or "
			 "PFV_EINW_UVP with an environmental impact assessment (§ 21 (2) UVPG)" },
	{ "plan", PP_ID, .about = "The plan version; without, the newest" },
	{ "only", PP_LIST, .min = 1, .max = 500, .fields = body_list,
		.about = "In a repeat after a limited change: the bodies that it touches" },
	{ "bodies", PP_LIST, .max = 1000, .fields = body_list,
		.about = "Public agencies that are asked beside the confirmed set" },
	{ "lists", PP_LIST, .max = 20, .fields = id_list,
		.about = "Distribution lists whose members are asked as well" },
	{ "notice", PP_OBJECT, .fields = notice_fields,
		.about = "Of a formal round that asks the public; GET "
			 "/procedures/{procedure}/notice "
			 "lists what it must contain" },
	{ 0 },
};

static const struct pp_field invite_body[] = {
	{ "ags", PP_AGS },
	{ "body", PP_BODY_KEY, .about = "An authority or other body, instead of ags" },
	{ "channel", PP_CHOICE, .choices = "PORTAL|EMAIL|POST" },
	{ "reason", PP_TEXT, .min = 3, .max = 2000 },
	{ 0 },
};

const struct pp_route round_routes[] = {
	{ PP_GET, "/procedures/{procedure}/rounds", PP_ANYONE, .query = "round_list",
		.rate = PP_RATE_PUBLIC, .has_no_etag = true, .summary = "Rounds of a procedure" },
	{ PP_POST, "/procedures/{procedure}/rounds", PP_MANAGER, open_steps, .body = open_body,
		.creates = true,
		.summary = "Open a round for the confirmed set and invite everybody in it" },
	{ PP_POST, "/procedures/{procedure}/rounds/preview", PP_MANAGER, preview_steps,
		.body = open_body,
		.summary = "Who would be invited to such a round, how and until when; nothing is "
			   "kept" },
	{ PP_GET, "/rounds/{round}", PP_ANYONE, .query = "round_show", .rate = PP_RATE_PUBLIC,
		.has_no_etag = true, .summary = "One round" },
	{ PP_GET, "/rounds/{round}/board", PP_READER, .query = "round_board", .has_no_etag = true,
		.summary = "Who was invited, has opened, has answered, is late" },
	{ PP_POST, "/rounds/{round}/invitations", PP_MANAGER, invite_steps, .body = invite_body,
		.creates = true, .summary = "Invite a body more" },
	{ 0 },
};
