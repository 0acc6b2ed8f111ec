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

struct pp_slice pp_instant_text(struct pp_req *req, int64_t utc)
{
	char *text = pp_alloc(req->arena, PP_RFC3339_SIZE);

	pp_clock_rfc3339(utc, text);
	return pp_slice_of(text);
}

struct pp_holiday_addition *pp_additions_of(struct pp_req *req, const struct pp_rows *added)
{
	struct pp_holiday_addition *all = PP_NEW_ARRAY(
		req->arena, struct pp_holiday_addition, added->rows + 1);
	struct pp_fault fault;

	for (size_t i = 0; i < added->rows; i++) {
		struct pp_addition_words words = { pp_cell(added, i, PP_ADDED_AREA),
			pp_cell(added, i, PP_ADDED_WHEN), pp_cell(added, i, PP_ADDED_FROM),
			pp_cell(added, i, PP_ADDED_UNTIL), pp_cell(added, i, PP_ADDED_NAME),
			pp_cell(added, i, PP_ADDED_NAME_EN), pp_cell(added, i, PP_ADDED_SOURCE) };

		/* It was read by the same function before it was stored. */
		PP_MUST(pp_addition_read(req->arena, &words, &all[i], &fault));
	}
	return all;
}

struct pp_place_calendar pp_calendar_of(
	struct pp_req *req, struct pp_slice land, const struct pp_rows *added)
{
	enum pp_land named = pp_land_named(land);
	struct pp_place_calendar place = pp_place_calendar(
		named == PP_LAND_NONE ? 0 : PP_LAND_BIT(named));
	struct pp_slice *key = PP_NEW(req->arena, struct pp_slice);

	if (added->rows == 0)
		return place;
	*key = pp_cell(added, 0, PP_ADDED_PLACE);
	place.municipalities = key;
	place.municipality_count = 1;
	place.additions = pp_additions_of(req, added);
	place.addition_count = added->rows;
	return place;
}

/* The public's period runs from the publication; a body's own from its receipt. */
static const struct pp_period_rule *own_rule(
	struct pp_slice kind, struct pp_slice step, struct pp_slice audience)
{
	const struct pp_step_period *period = pp_slice_is(audience, PP_S("OEFF"))
		? NULL
		: pp_step_period_for(kind, step, audience);

	return period ? pp_period_rule_named(pp_slice_of(period->own)) : NULL;
}

void pp_bind_period_from(struct pp_req *req, struct pp_slice kind, struct pp_slice step,
	struct pp_slice audience, const struct pp_place_calendar *place, int32_t received)
{
	const struct pp_period_rule *rule = own_rule(kind, step, audience);
	struct pp_deadline deadline;

	pp_bind_null(req, "own_on");
	pp_bind_null(req, "own_at");
	pp_bind_null(req, "own_rule");
	if (!rule)
		return;
	deadline = pp_deadline_of(rule, received, &place->calendar);
	pp_bind(req, "own_on", pp_date_text(req, deadline.end));
	pp_bind(req, "own_at", pp_instant_text(req, deadline.end_instant));
	pp_bind(req, "own_rule", pp_slice_of(rule->id));
}

void pp_bind_own_period(struct pp_req *req, struct pp_slice kind, struct pp_slice step,
	struct pp_slice audience, const struct pp_place_calendar *place)
{
	int32_t today = pp_day_at(req->exchange->received_utc), posted = pp_post_received(today);
	const struct pp_period_rule *rule = own_rule(kind, step, audience);
	struct pp_deadline by_post;

	pp_bind_period_from(req, kind, step, audience, place, today);
	pp_bind_null(req, "post_on");
	pp_bind_null(req, "post_at");
	pp_bind(req, "post_received", pp_date_text(req, posted));
	if (!rule)
		return;
	by_post = pp_deadline_of(rule, posted, &place->calendar);
	pp_bind(req, "post_on", pp_date_text(req, by_post.end));
	pp_bind(req, "post_at", pp_instant_text(req, by_post.end_instant));
}
