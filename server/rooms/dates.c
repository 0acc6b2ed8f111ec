/* SPDX-License-Identifier: EUPL-1.2 */
#include "dates.h"

#include <pp/base/clock.h>
#include <pp/law/period.h>

struct pp_slice pp_date_text(struct pp_req *req, int32_t day)
{
	char *text = pp_alloc(req->arena, PP_DATE_SIZE);

	pp_day_write(day, text);
	return pp_slice_of(text);
}

struct pp_holiday_addition *pp_additions_of(struct pp_req *req, const struct pp_rows *added)
{
	return pp_additions_in(req->arena, added);
}

struct pp_place_calendar pp_calendar_of(
	struct pp_req *req, struct pp_slice land, const struct pp_rows *added)
{
	return pp_calendar_in(req->arena, land, added);
}

void pp_bind_period_from(struct pp_req *req, struct pp_slice kind, struct pp_slice step,
	struct pp_slice audience, const struct pp_place_calendar *place, int32_t received)
{
	const struct pp_period_rule *rule = pp_own_rule(kind, step, audience);
	struct pp_deadline deadline;

	pp_bind_null(req, "own_on");
	pp_bind_null(req, "own_at");
	pp_bind_null(req, "own_rule");
	if (!rule)
		return;
	deadline = pp_deadline_of(rule, received, &place->calendar);
	pp_bind(req, "own_on", pp_date_text(req, deadline.end));
	pp_bind(req, "own_at", pp_clock_text(req->arena, deadline.end_instant));
	pp_bind(req, "own_rule", pp_slice_of(rule->id));
}

void pp_bind_own_period(struct pp_req *req, struct pp_slice kind, struct pp_slice step,
	struct pp_slice audience, const struct pp_place_calendar *place)
{
	int32_t today = pp_day_at(req->exchange->received_utc), posted = pp_post_received(today);
	const struct pp_period_rule *rule = pp_own_rule(kind, step, audience);
	struct pp_deadline by_post;

	pp_bind_period_from(req, kind, step, audience, place, today);
	pp_bind_null(req, "post_on");
	pp_bind_null(req, "post_at");
	pp_bind(req, "post_received", pp_date_text(req, posted));
	if (!rule)
		return;
	by_post = pp_deadline_of(rule, posted, &place->calendar);
	pp_bind(req, "post_on", pp_date_text(req, by_post.end));
	pp_bind(req, "post_at", pp_clock_text(req->arena, by_post.end_instant));
}
