/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Extensions of deadlines: asked for by whom they bind, granted or declined by the planning body,
 * for one body or for a whole round. The new end rolls on by the calendar of the planning body,
 * where statements are received (§ 193 BGB), and is never before the old one.
 */
#include <pp/base/clock.h>
#include <pp/core/receipts.h>
#include <pp/law/date.h>

#include "../dates.h"
#include "../rooms.h"

struct extending {
	struct pp_rows *from, *added;
};

static struct pp_slice text(struct pp_req *req, const char *member)
{
	return pp_json_text(pp_json_member(req->body, pp_slice_of(member)));
}

static enum pp_next refuse_day(struct pp_req *req, const char *pointer)
{
	pp_wrong(req, pp_slice_of(pointer), "must lie between 1950 and 2999");
	return pp_refuse_wrong(req, PP_invalid_body);
}

static void bind_end(struct pp_req *req, const char *name, struct pp_slice land,
	struct pp_slice told, int32_t named)
{
	struct pp_place_calendar place = pp_calendar_of(
		req, land, pp_state(req, struct extending)->added);
	int32_t old;

	PP_MUST(pp_day_read(told, &old));
	pp_bind(req, name,
		pp_clock_text(req->arena,
			pp_day_end(pp_deadline_extended_to(old, named, &place.calendar))));
}

/* What an end is computed from, and the holidays that were added for the place. */
static enum pp_next ask(struct pp_req *req, const char *query, const char *holidays)
{
	struct extending *e = pp_state(req, struct extending);

	pp_ask(req, query, &e->from);
	pp_ask(req, holidays, &e->added);
	return PP_WAIT;
}

enum { INVITATION_LAND = 2, INVITATION_DEADLINE };

static enum pp_next prepare_invitation(struct pp_req *req)
{
	return ask(req, "invitation_prepare", "holiday_of_invitation");
}

static enum pp_next extend_invitation(struct pp_req *req)
{
	struct pp_rows *from = pp_state(req, struct extending)->from;
	int32_t day;

	if (from->rows != 1)
		return pp_refuse(req, PP_invitation_not_found, "no such invitation");
	if (!pp_day_read(text(req, "deadline"), &day))
		return refuse_day(req, "/deadline");
	bind_end(req, "deadline_at", pp_cell(from, 0, INVITATION_LAND),
		pp_cell(from, 0, INVITATION_DEADLINE), day);
	pp_ask(req, "invitation_extend", &req->rows);
	return PP_WAIT;
}

enum { REQUEST_LAND, REQUEST_DEADLINE, REQUEST_UNTIL };

static enum pp_next prepare_decision(struct pp_req *req)
{
	return ask(req, "extension_prepare", "holiday_of_request");
}

/* Without a day of its own a grant is for the day that was asked for. */
static enum pp_next decide(struct pp_req *req)
{
	struct pp_rows *from = pp_state(req, struct extending)->from;
	struct pp_slice named = text(req, "deadline");
	int32_t day;

	if (from->rows != 1)
		return pp_refuse(req, PP_request_not_found, "no such request");
	if (!pp_day_read(named.len ? named : pp_cell(from, 0, REQUEST_UNTIL), &day))
		return refuse_day(req, "/deadline");
	bind_end(req, "deadline_at", pp_cell(from, 0, REQUEST_LAND),
		pp_cell(from, 0, REQUEST_DEADLINE), day);
	pp_ask(req, "extension_decide", &req->rows);
	return PP_WAIT;
}

enum { ROUND_LAND, ROUND_END, ROUND_LAST_DAY, ROUND_STATEMENT_RULE };

static enum pp_next prepare_round(struct pp_req *req)
{
	return ask(req, "round_extension_prepare", "holiday_of_round");
}

/* Of a display that ends on that day: the day until which objections may come (§ 73 (4) VwVfG). */
static int32_t statements_until(struct pp_req *req, int32_t display_end)
{
	struct extending *e = pp_state(req, struct extending);
	struct pp_place_calendar place = pp_calendar_of(
		req, pp_cell(e->from, 0, ROUND_LAND), e->added);
	const struct pp_period_rule *rule = pp_period_rule_named(
		pp_cell(e->from, 0, ROUND_STATEMENT_RULE));

	return rule ? pp_deadline_of(rule, display_end, &place.calendar).end : display_end;
}

static enum pp_next extend_round(struct pp_req *req)
{
	struct pp_rows *from = pp_state(req, struct extending)->from;
	int32_t day;

	if (from->rows != 1)
		return pp_refuse(req, PP_round_not_found, "no such round");
	if (!pp_day_read(text(req, "end"), &day))
		return refuse_day(req, "/end");
	day = statements_until(req, day);
	bind_end(req, "closes_at", pp_cell(from, 0, ROUND_LAND), pp_cell(from, 0, ROUND_LAST_DAY),
		day);
	pp_ask(req, "round_extend", &req->rows);
	return PP_WAIT;
}

static pp_step *const invitation_steps[] = { prepare_invitation, extend_invitation, pp_receipts_ask,
	pp_receipts_put, pp_reply_route, NULL };
static pp_step *const decision_steps[] = { prepare_decision, decide, pp_receipts_ask,
	pp_receipts_put, pp_reply_route, NULL };
static pp_step *const round_steps[] = { prepare_round, extend_round, pp_receipts_ask,
	pp_receipts_put, pp_reply_route, NULL };

static const struct pp_field extend_body[] = {
	{ "deadline", PP_DATE, .required = true, .about = "The new last day, inclusive" },
	{ "reason", PP_TEXT, .required = true, .min = 3, .max = 2000 },
	{ 0 },
};

static const struct pp_field request_body[] = {
	{ "until", PP_DATE, .required = true, .about = "The last day that is asked for" },
	{ "reason", PP_TEXT, .required = true, .min = 3, .max = 2000 },
	{ 0 },
};

static const struct pp_field decision_body[] = {
	{ "decision", PP_CHOICE, .required = true, .choices = "GEWAEHRT|ABGELEHNT" },
	{ "deadline", PP_DATE, .about = "Another day than the one that was asked for" },
	{ "reason", PP_TEXT, .required = true, .min = 3, .max = 2000 },
	{ 0 },
};

static const struct pp_field round_body[] = {
	{ "end", PP_DATE, .required = true, .about = "The new last day, inclusive" },
	{ "reason", PP_TEXT, .required = true, .min = 3, .max = 2000 },
	{ "notice_on", PP_DATE,
		.about = "Day of the new notice; required where the public is asked" },
	{ 0 },
};

const struct pp_route extension_routes[] = {
	{ PP_GET, "/invitations/{invitation}/extensions", PP_READER, .query = "extension_list",
		.has_no_etag = true,
		.summary = "Every extension of a body's deadline, and what was asked for" },
	{ PP_POST, "/invitations/{invitation}/extension", PP_MANAGER, invitation_steps,
		.body = extend_body, .summary = "Extend one body's deadline" },
	{ PP_POST, "/invitations/{invitation}/extension-requests", PP_CLERK | PP_RELEASER,
		.query = "extension_request", .signs = true, .body = request_body, .creates = true,
		.summary = "Ask for a later deadline" },
	{ PP_POST, "/extension-requests/{request}/decision", PP_MANAGER, decision_steps,
		.body = decision_body,
		.summary = "Answer a request for a later deadline, with a reason" },
	{ PP_POST, "/rounds/{round}/extension", PP_MANAGER, round_steps, .body = round_body,
		.summary = "Extend a whole round, and every deadline in it" },
	{ 0 },
};
