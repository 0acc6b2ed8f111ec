/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* Where statements are received, from rows: its holidays, and the period that a body has there. */
#include <pp/io/db.h>
#include <pp/law/addition.h>
#include <pp/law/period.h>

/* The columns of holiday_at and holiday_of_… (sql/queries/holiday.sql). */
enum pp_added_column {
	PP_ADDED_AREA,
	PP_ADDED_WHEN,
	PP_ADDED_FROM,
	PP_ADDED_UNTIL,
	PP_ADDED_NAME,
	PP_ADDED_NAME_EN,
	PP_ADDED_SOURCE,
	PP_ADDED_ID,
	PP_ADDED_SINCE,
	PP_ADDED_PLACE
};

/* Those rows understood, with room for one more behind them; in the arena. */
struct pp_holiday_addition *pp_additions_in(struct pp_arena *arena, const struct pp_rows *added);
/*
 * The calendar of the Land ("02") where statements are received, weekends only without one, with
 * what was added for the place: the rows of holiday_of_….
 */
struct pp_place_calendar pp_calendar_in(
	struct pp_arena *arena, struct pp_slice land, const struct pp_rows *added);

/* The period that a body has of its own, from its receipt on; NULL where it has none. The public's
 * runs from the publication. */
const struct pp_period_rule *pp_own_rule(
	struct pp_slice kind, struct pp_slice step, struct pp_slice audience);
