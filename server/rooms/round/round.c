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

/* The least end by law (domain: steps), null where the step knows none. */
static void bind_minimum(struct pp_req *req, const struct pp_step_period *period,
	const struct pp_calendar *calendar, int32_t start, int32_t end)
{
	const struct pp_period_rule *least = period
		? pp_period_rule_named(pp_slice_of(period->least))
		: NULL;
	struct pp_deadline legal = { .end = end };

	pp_bind_null(req, "minimum_end");
	pp_bind_null(req, "minimum_rule");
	if (least) {
		legal = pp_deadline_of(least, start, calendar);
		pp_bind(req, "minimum_end", pp_date_text(req, legal.end));
		pp_bind(req, "minimum_rule", pp_slice_of(least->id));
	}
	pp_bind(req, "closes_at",
		pp_instant_text(req, pp_day_end(pp_deadline_last_day(end, &legal, calendar))));
}

static enum pp_next open_round(struct pp_req *req)
{
	struct opening *o = pp_state(req, struct opening);
	struct pp_slice kind, step = text(req, "step"), audience = text(req, "audience");
	struct pp_place_calendar place;
	int32_t start, end;

	if (o->procedure->rows != 1)
		return pp_refuse(req, PP_not_found, "no such procedure");
	if (!pp_day_read(text(req, "start"), &start))
		pp_wrong(req, PP_S("/start"), "must lie between 1950 and 2999");
	if (!pp_day_read(text(req, "end"), &end))
		pp_wrong(req, PP_S("/end"), "must lie between 1950 and 2999");
	else if (!req->wrong && end < start)
		pp_wrong(req, PP_S("/end"), "must not be before the start");
	if (req->wrong)
		return pp_refuse_wrong(req, PP_invalid_body);
	kind = pp_cell(o->procedure, 0, KIND);
	place = pp_calendar_of(req, pp_cell(o->procedure, 0, LAND), o->added);
	pp_bind(req, "opens_at", pp_instant_text(req, pp_day_begin(start)));
	bind_minimum(req, pp_step_period_for(kind, step, audience), &place.calendar, start, end);
	pp_bind_own_period(req, kind, step, audience, &place);
	pp_ask(req, "round_open", &req->rows);
	return PP_WAIT;
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
static pp_step *const invite_steps[] = { prepare_invite, invite, pp_reply_route, NULL };

static const struct pp_field open_body[] = {
	{ "step", PP_TEXT, .required = true, .min = 3, .max = 20,
		.about = "FRUEH_OEFF, FRUEH_TOEB, FOERM_OEFF, FOERM_TOEB, ERNEUT and so on" },
	{ "audience", PP_CHOICE, .required = true, .choices = "OEFF|TOEB|NACHB|STAAT|VERB" },
	{ "start", PP_DATE, .required = true, .about = "First day, inclusive" },
	{ "end", PP_DATE, .required = true, .about = "Last day, inclusive" },
	{ "plan", PP_ID, .about = "The plan version; without, the newest" },
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
	{ PP_POST, "/procedures/{procedure}/rounds", PP_PLANNER | PP_ADMINISTRATOR, open_steps,
		.body = open_body, .creates = true,
		.summary = "Open a round for the confirmed set and invite everybody in it" },
	{ PP_GET, "/rounds/{round}", PP_ANYONE, .query = "round_show", .rate = PP_RATE_PUBLIC,
		.has_no_etag = true, .summary = "One round" },
	{ PP_GET, "/rounds/{round}/board", PP_PLANNER | PP_ADMINISTRATOR, .query = "round_board",
		.has_no_etag = true,
		.summary = "Who was invited, has opened, has answered, is late" },
	{ PP_POST, "/rounds/{round}/invitations", PP_PLANNER | PP_ADMINISTRATOR, invite_steps,
		.body = invite_body, .creates = true, .summary = "Invite a body more" },
	{ 0 },
};
