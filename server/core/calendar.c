/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/core/calendar.h>

struct pp_holiday_addition *pp_additions_in(struct pp_arena *arena, const struct pp_rows *added)
{
	struct pp_holiday_addition *all = PP_NEW_ARRAY(
		arena, struct pp_holiday_addition, added->rows + 1);
	struct pp_fault fault;

	for (size_t i = 0; i < added->rows; i++) {
		struct pp_addition_words words = { pp_cell(added, i, PP_ADDED_AREA),
			pp_cell(added, i, PP_ADDED_WHEN), pp_cell(added, i, PP_ADDED_FROM),
			pp_cell(added, i, PP_ADDED_UNTIL), pp_cell(added, i, PP_ADDED_NAME),
			pp_cell(added, i, PP_ADDED_NAME_EN), pp_cell(added, i, PP_ADDED_SOURCE) };

		/* It was read by the same function before it was stored. */
		PP_MUST(pp_addition_read(arena, &words, &all[i], &fault));
	}
	return all;
}

struct pp_place_calendar pp_calendar_in(
	struct pp_arena *arena, struct pp_slice land, const struct pp_rows *added)
{
	enum pp_land named = pp_land_named(land);
	struct pp_place_calendar place = pp_place_calendar(
		named == PP_LAND_NONE ? 0 : PP_LAND_BIT(named));
	struct pp_slice *key = PP_NEW(arena, struct pp_slice);

	if (added->rows == 0)
		return place;
	*key = pp_cell(added, 0, PP_ADDED_PLACE);
	place.municipalities = key;
	place.municipality_count = 1;
	place.additions = pp_additions_in(arena, added);
	place.addition_count = added->rows;
	return place;
}

const struct pp_period_rule *pp_own_rule(
	struct pp_slice kind, struct pp_slice step, struct pp_slice audience)
{
	const struct pp_step_period *period = pp_slice_is(audience, PP_S("OEFF"))
		? NULL
		: pp_step_period_for(kind, step, audience);

	return period ? pp_period_rule_named(pp_slice_of(period->own)) : NULL;
}
