/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Interruptions of what is published. Administrators record them; every round whose period they
 * fall into shows their length and share, and proposes a later end: as many days after the old one
 * as were not whole (§ 190 BGB), rolled on to a working day (§ 193 BGB).
 */
#include <pp/core/req.h>
#include <pp/law/date.h>

#include "../dates.h"
#include "../rooms.h"

enum { LAND, LAST_DAY, DAYS };

struct interrupted {
	struct pp_rows *round, *added;
};

static enum pp_next prepare(struct pp_req *req)
{
	struct interrupted *i = pp_state(req, struct interrupted);

	pp_ask(req, "outage_prepare", &i->round);
	pp_ask(req, "outage_holidays", &i->added);
	return PP_WAIT;
}

static enum pp_next prepare_own(struct pp_req *req)
{
	struct interrupted *i = pp_state(req, struct interrupted);

	pp_ask(req, "outage_prepare_own", &i->round);
	pp_ask(req, "holiday_of_round", &i->added);
	return PP_WAIT;
}

/* proposed_on, null where no day was lost. */
static enum pp_next ask_with_proposal(struct pp_req *req, const char *query)
{
	struct interrupted *i = pp_state(req, struct interrupted);
	struct pp_place_calendar place;
	uint64_t days;
	int32_t last, end;

	if (i->round->rows != 1)
		return pp_refuse(req, PP_round_not_found, "no such round");
	PP_MUST(pp_slice_u64(pp_cell(i->round, 0, DAYS), &days) && days <= PP_PERIOD_MOST);
	PP_MUST(pp_day_read(pp_cell(i->round, 0, LAST_DAY), &last));
	pp_bind_null(req, "proposed_on");
	if (days) {
		place = pp_calendar_of(req, pp_cell(i->round, 0, LAND), i->added);
		end = pp_deadline_extended(last, (int)days, PP_UNIT_DAY, &place.calendar);
		pp_bind(req, "proposed_on", pp_date_text(req, end));
	}
	pp_ask(req, query, &req->rows);
	return PP_WAIT;
}

static enum pp_next show(struct pp_req *req)
{
	return ask_with_proposal(req, "outage_round");
}

static enum pp_next decide(struct pp_req *req)
{
	return ask_with_proposal(req, "outage_decide");
}

static pp_step *const round_steps[] = { prepare, show, pp_reply_route, NULL };
static pp_step *const decide_steps[] = { prepare_own, decide, pp_reply_route, NULL };

static const struct pp_field list_params[] = { PP_LIST_PARAMS, { 0 } };

static const struct pp_field create_body[] = {
	{ "from", PP_INSTANT, .required = true, .about = "When it began" },
	{ "to", PP_INSTANT, .required = true, .about = "When it was over" },
	{ "what", PP_TEXT, .required = true, .min = 3, .max = 500, .about = "What was not there" },
	{ "procedure", PP_ID, .about = "Of this procedure only; without, of the whole platform" },
	{ "reason", PP_TEXT, .required = true, .min = 3, .max = 2000 },
	{ "source", PP_CHOICE, .required = true, .choices = "BETRIEB|MELDUNG|SONDE",
		.about = "Who noticed: operation, somebody who told, a probe" },
	{ 0 },
};

static const struct pp_field withdraw_body[] = {
	{ "reason", PP_TEXT, .required = true, .min = 3, .max = 2000 },
	{ 0 },
};

static const struct pp_field decide_body[] = {
	{ "decision", PP_CHOICE, .required = true, .choices = "VERLAENGERN|WIEDERHOLEN|KEINE" },
	{ "reason", PP_TEXT, .required = true, .min = 3, .max = 2000 },
	{ 0 },
};

const struct pp_route outage_routes[] = {
	{ PP_GET, "/outages", PP_READER | PP_OPERATOR, .query = "outage_list",
		.params = list_params, .has_no_etag = true,
		.summary = "Interruptions of what is published, newest first" },
	{ PP_POST, "/outages", PP_OPERATOR, .query = "outage_create", .body = create_body,
		.creates = true,
		.summary = "Record an interruption; every round it falls into shows it" },
	{ PP_GET, "/outages/{outage}", PP_READER | PP_OPERATOR, .query = "outage_show",
		.has_no_etag = true, .summary = "One interruption" },
	{ PP_POST, "/outages/{outage}/withdraw", PP_OPERATOR, .query = "outage_withdraw",
		.body = withdraw_body, .summary = "Take back what was recorded by mistake" },
	{ PP_GET, "/outage-rules", PP_ANYONE, .query = "outage_rules", .rate = PP_RATE_PUBLIC,
		.has_no_etag = true, .summary = "What an interruption of which length means" },
	{ PP_GET, "/rounds/{round}/outages", PP_ANYONE, round_steps, .rate = PP_RATE_PUBLIC,
		.has_no_etag = true,
		.summary = "Interruptions of a round: length, share, meaning, proposal" },
	{ PP_POST, "/rounds/{round}/outage-decisions", PP_MANAGER, decide_steps,
		.body = decide_body, .creates = true,
		.summary = "Decide what becomes of a round that was interrupted" },
	{ 0 },
};
