/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The life of a procedure: what happened, what may happen, and the events that people record. Which
 * event a state allows, on which conditions and what follows is rows of pp.machine_transition; here
 * only the periods are computed that begin with one (server/law).
 */
#include <pp/base/clock.h>
#include <pp/core/req.h>
#include <pp/law/period.h>

#include "../dates.h"
#include "../rooms.h"

struct recording {
	struct pp_rows *period, *added;
};

enum { RULE, BEGINS, LAND };

/* A period that cannot be computed would wait for its end for ever, and all others behind it. */
static enum pp_next refuse_day(struct pp_req *req, const char *pointer)
{
	pp_wrong(req, pp_slice_of(pointer), "must lie between 1950 and 2999");
	return pp_refuse_wrong(req, PP_invalid_body);
}

/* The members that the query wants by themselves. */
static void bind_members(struct pp_req *req)
{
	struct pp_json *data = pp_json_member(req->body, PP_S("data"));
	struct pp_slice on = pp_json_text(pp_json_member(req->body, PP_S("on")));
	struct pp_buf *text = pp_buf_make(req->arena);

	if (data)
		pp_json_write(data, text);
	else
		pp_buf_text(text, "{}");
	pp_bind(req, "event", pp_json_text(pp_json_member(req->body, PP_S("event"))));
	pp_bind(req, "data", pp_buf_all(text));
	if (on.len)
		pp_bind(req, "happened_on", on);
	else
		pp_bind_null(req, "happened_on");
}

static enum pp_next prepare(struct pp_req *req)
{
	struct recording *r = pp_state(req, struct recording);
	struct pp_slice on = pp_json_text(pp_json_member(req->body, PP_S("on")));
	int32_t day;

	if (on.len && !pp_day_read(on, &day))
		return refuse_day(req, "/on");
	bind_members(req);
	pp_ask(req, "procedure_event_prepare", &r->period);
	pp_ask(req, "holiday_of_procedure", &r->added);
	return PP_WAIT;
}

static enum pp_next record(struct pp_req *req)
{
	struct recording *r = pp_state(req, struct recording);
	struct pp_rows *row = r->period;
	const struct pp_period_rule *rule = NULL;
	struct pp_place_calendar place;
	struct pp_deadline deadline;
	int32_t begins;

	if (row->rows != 1)
		return pp_refuse(req, PP_procedure_not_found, "no such procedure");
	pp_bind_null(req, "due_on");
	pp_bind_null(req, "due_at");
	if (pp_cell(row, 0, BEGINS).len) {
		if (!pp_day_read(pp_cell(row, 0, BEGINS), &begins))
			return refuse_day(req, "/data/bis");
		place = pp_calendar_of(req, pp_cell(row, 0, LAND), r->added);
		if (pp_cell(row, 0, RULE).len)
			rule = pp_period_rule_named(pp_cell(row, 0, RULE));
		PP_MUST(rule || !pp_cell(row, 0, RULE).len);
		deadline.end = pp_day_roll(begins, &place.calendar);
		deadline.end_instant = pp_day_end(deadline.end);
		if (rule)
			deadline = pp_deadline_of(rule, begins, &place.calendar);
		pp_bind(req, "due_on", pp_date_text(req, deadline.end));
		pp_bind(req, "due_at", pp_clock_text(req->arena, deadline.end_instant));
	}
	pp_ask(req, "procedure_event_create", &req->rows);
	return PP_WAIT;
}

static pp_step *const event_steps[] = { prepare, record, pp_reply_route, NULL };

static const struct pp_field event_body[] = {
	{ "event", PP_TEXT, .required = true, .min = 3, .max = 40,
		.about = "AUFSTELLUNGSBESCHLUSS and so on; GET /procedures/{procedure}/next-steps "
			 "names "
			 "those that are possible" },
	{ "on", PP_DATE, .about = "The day that counts: of the resolution, of the notice; today" },
	{ "reason", PP_TEXT, .min = 3, .max = 4000, .about = "Needed for some" },
	{ "data", PP_OBJECT, .about = "What the event says, by the `fields` of next-steps" },
	{ 0 },
};

static const struct pp_field notice_params[] = {
	{ "step", PP_TEXT, .required = true, .min = 3, .max = 20, .about = "FOERM_OEFF and so on" },
	{ 0 },
};

static const struct pp_field link_body[] = {
	{ "kind", PP_CHOICE, .required = true, .choices = "PARALLEL|AENDERT|HEBT_AUF" },
	{ "procedure", PP_ID, .required = true, .about = "The other one" },
	{ 0 },
};

const struct pp_route procedure_life_routes[] = {
	{ PP_GET, "/procedure-kinds", PP_ANYONE, .query = "procedure_kinds", .rate = PP_RATE_PUBLIC,
		.has_no_etag = true,
		.summary = "Kinds of procedures and their state machines, with the legal basis" },
	{ PP_GET, "/procedures/{procedure}/timeline", PP_ANYONE, .query = "procedure_timeline",
		.rate = PP_RATE_PUBLIC, .has_no_etag = true,
		.summary = "What happened to a procedure, as far as one may know" },
	{ PP_GET, "/procedures/{procedure}/next-steps", PP_READER, .query = "procedure_next_steps",
		.has_no_etag = true,
		.summary = "What may or must happen now, by when, why, and what is missing" },
	{ PP_POST, "/procedures/{procedure}/events", PP_MANAGER, event_steps, .body = event_body,
		.creates = true, .summary = "Record an event; the state machine says which" },
	{ PP_GET, "/procedures/{procedure}/events/{event}", PP_ANYONE,
		.query = "procedure_event_show", .rate = PP_RATE_PUBLIC, .has_no_etag = true,
		.summary = "One event" },
	{ PP_GET, "/procedures/{procedure}/notice", PP_READER, .query = "notice_show",
		.params = notice_params, .has_no_etag = true,
		.summary = "What the notice of such a round must contain" },
	{ PP_GET, "/procedures/{procedure}/links", PP_SIGNED_IN, .query = "procedure_links",
		.has_no_etag = true, .summary = "Procedures that belong to it" },
	{ PP_POST, "/procedures/{procedure}/links", PP_MANAGER, .query = "procedure_link_create",
		.body = link_body, .summary = "Link it to another (§ 8 (3), § 1 (8) BauGB)" },
	{ 0 },
};
