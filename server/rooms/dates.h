/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* Legal dates on their way from server/law into named queries; for the rooms that set deadlines. */
#include <pp/core/calendar.h>
#include <pp/core/req.h>

struct pp_slice pp_date_text(struct pp_req *req, int32_t day);

/* As pp/core/calendar.h, in the arena of the request. */
struct pp_holiday_addition *pp_additions_of(struct pp_req *req, const struct pp_rows *added);
struct pp_place_calendar pp_calendar_of(
	struct pp_req *req, struct pp_slice land, const struct pp_rows *added);

/*
 * Binds own_on, own_at, post_on, post_at, post_received and own_rule: the period that a body has
 * from its own receipt when it is told today, by the portal at once or by a letter that counts as
 * received on the fourth day (§ 41 (2) VwVfG). Null where kind, step and audience know none.
 */
void pp_bind_own_period(struct pp_req *req, struct pp_slice kind, struct pp_slice step,
	struct pp_slice audience, const struct pp_place_calendar *place);
/* The same from a day of receipt that is known: own_on, own_at, own_rule. */
void pp_bind_period_from(struct pp_req *req, struct pp_slice kind, struct pp_slice step,
	struct pp_slice audience, const struct pp_place_calendar *place, int32_t received);
