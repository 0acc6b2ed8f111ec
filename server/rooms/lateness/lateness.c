/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Late statements: whether one may stay out of the weighing is decided here, one by one. The
 * periods of § 32 VwVfG, within which the former status can be restored, are computed by
 * server/law.
 */
#include <pp/base/clock.h>
#include <pp/core/req.h>
#include <pp/law/period.h>

#include "../dates.h"
#include "../rooms.h"

enum { LAND, DEADLINE };

struct deciding {
	struct pp_rows *statement, *added;
};

static enum pp_next prepare(struct pp_req *req)
{
	struct deciding *d = pp_state(req, struct deciding);

	pp_ask(req, "lateness_prepare", &d->statement);
	pp_ask(req, "holiday_of_statement", &d->added);
	return PP_WAIT;
}

static int64_t end_of(const char *rule, int32_t start, const struct pp_calendar *calendar)
{
	const struct pp_period_rule *period = pp_period_rule_named(pp_slice_of(rule));

	PP_MUST(period);
	return pp_deadline_of(period, start, calendar).end_instant;
}

/* Two weeks from the end of the obstacle, and never more than a year after the deadline (§ 32 (2),
 * (3) VwVfG); null where no obstacle is named. */
static bool bind_until(struct pp_req *req)
{
	struct deciding *d = pp_state(req, struct deciding);
	struct pp_json *member = pp_json_member(req->body, PP_S("obstacle_ended_on"));
	struct pp_place_calendar place = pp_calendar_of(
		req, pp_cell(d->statement, 0, LAND), d->added);
	int64_t weeks, year;
	int32_t ended, deadline;

	pp_bind_null(req, "until_at");
	if (!member)
		return true;
	if (!pp_day_read(pp_json_text(member), &ended))
		return false;
	PP_MUST(pp_day_read(pp_cell(d->statement, 0, DEADLINE), &deadline));
	weeks = end_of("WIEDEREINSETZUNG", ended, &place.calendar);
	year = end_of("WIEDEREINSETZUNG_ENDE", deadline, &place.calendar);
	pp_bind(req, "until_at", pp_clock_text(req->arena, weeks < year ? weeks : year));
	return true;
}

static enum pp_next ask_with_until(struct pp_req *req, const char *query)
{
	if (pp_state(req, struct deciding)->statement->rows != 1)
		return pp_refuse(req, PP_statement_not_found, "no such statement");
	if (!bind_until(req)) {
		pp_wrong(req, PP_S("/obstacle_ended_on"), "must lie between 1950 and 2999");
		return pp_refuse_wrong(req, PP_invalid_body);
	}
	pp_ask(req, query, &req->rows);
	return PP_WAIT;
}

static enum pp_next decide(struct pp_req *req)
{
	return ask_with_until(req, "lateness_decide");
}

static enum pp_next request(struct pp_req *req)
{
	return ask_with_until(req, "reinstatement_request");
}

static pp_step *const decide_steps[] = { prepare, decide, pp_reply_route, NULL };
static pp_step *const request_steps[] = { prepare, request, pp_reply_route, NULL };

static const struct pp_field decide_body[] = {
	{ "outcome", PP_CHOICE, .required = true,
		.choices = "UNBERUECKSICHTIGT_VERSPAETET|BERUECKSICHTIGT|RESTORED" },
	{ "known", PP_BOOLEAN, .about = "Whether the content was known anyway" },
	{ "should_have_known", PP_BOOLEAN, .about = "Whether it ought to have been known" },
	{ "relevant_to_lawfulness", PP_BOOLEAN,
		.about = "Whether it matters for the lawfulness of the plan" },
	{ "private_law_title", PP_BOOLEAN,
		.about = "Whether it rests on a special title of private law" },
	{ "obstacle_ended_on", PP_DATE,
		.about = "For RESTORED without a request: when the obstacle ended" },
	{ "reason", PP_TEXT, .required = true, .min = 3, .max = 20000 },
	{ 0 },
};

static const struct pp_field request_body[] = {
	{ "obstacle", PP_TEXT, .required = true, .min = 3, .max = 20000,
		.about = "What prevented the statement, without fault" },
	{ "obstacle_ended_on", PP_DATE, .required = true },
	{ 0 },
};

const struct pp_route lateness_routes[] = {
	{ PP_GET, "/lateness-regimes", PP_ANYONE, .query = "lateness_regimes",
		.rate = PP_RATE_PUBLIC, .has_no_etag = true,
		.summary = "What it means where that a statement came late" },
	{ PP_GET, "/statements/{statement}/lateness", PP_SIGNED_IN, .query = "lateness_show",
		.has_no_etag = true,
		.summary = "Whether a statement counts in spite of its lateness, and why" },
	{ PP_POST, "/statements/{statement}/lateness", PP_MANAGER, decide_steps,
		.body = decide_body, .summary = "Decide about a late statement" },
	{ PP_POST, "/statements/{statement}/reinstatement-requests", PP_PUBLIC | PP_RELEASER,
		request_steps, .body = request_body, .creates = true,
		.summary = "Ask for restoration after an obstacle (§ 32 VwVfG)" },
	{ 0 },
};
