/* SPDX-License-Identifier: EUPL-1.2 */
/* What the clerk does when the clock says so. */
#include "clerk.h"

#include <pp/base/clock.h>
#include <pp/law/addition.h>
#include <pp/law/date.h>

#include "queries.h"

#define TICK_US          (15 * PP_SECOND)
#define SWEEP_US         (3600 * PP_SECOND)
#define FILES_US         (60 * PP_SECOND)
#define FILE_CHUNKS      "500"
#define RETAINED_AT_ONCE "20"

/* What was added for the place where statements of that procedure are received. */
static bool add_holidays(struct pp_clerk *clerk, struct pp_arena *arena, struct pp_slice due,
	struct pp_slice at, struct pp_place_calendar *place)
{
	struct pp_holiday_addition *all;
	struct pp_rows *rows;
	struct pp_slice *key;
	struct pp_fault fault;

	if (!pp_clerk_ask(clerk, arena, &pp_queries[PP_Q_due_holidays],
		    (struct pp_slice[]){ due, at }, &rows))
		return false;
	all = PP_NEW_ARRAY(arena, struct pp_holiday_addition, rows->rows + 1);
	key = PP_NEW(arena, struct pp_slice);
	for (size_t i = 0; i < rows->rows; i++) {
		struct pp_addition_words words = { pp_cell(rows, i, 1), pp_cell(rows, i, 2),
			pp_cell(rows, i, 3), pp_cell(rows, i, 4), pp_cell(rows, i, 5),
			pp_cell(rows, i, 6), pp_cell(rows, i, 7) };

		/* It was read by the same function before it was stored. */
		PP_MUST(pp_addition_read(arena, &words, &all[i], &fault));
		*key = pp_cell(rows, i, 0);
	}
	place->municipalities = key;
	place->municipality_count = rows->rows > 0;
	place->additions = all;
	place->addition_count = rows->rows;
	return true;
}

/* When a period ends that an event of the clock has begun; false when there is none any more. */
static bool date_periods(struct pp_clerk *clerk, struct pp_arena *arena, struct pp_slice now)
{
	char on[PP_DATE_SIZE], at[PP_RFC3339_SIZE];
	struct pp_rows *rows, *none;

	if (!pp_clerk_ask(clerk, arena, &pp_queries[PP_Q_due_dateless], NULL, &rows))
		return false;
	for (size_t i = 0; i < rows->rows; i++) {
		const struct pp_period_rule *rule = pp_period_rule_named(pp_cell(rows, i, 1));
		enum pp_land land = pp_land_named(pp_cell(rows, i, 3));
		struct pp_place_calendar place = pp_place_calendar(
			land == PP_LAND_NONE ? 0 : PP_LAND_BIT(land));
		struct pp_deadline end;
		int32_t begins;

		PP_MUST(rule && pp_day_read(pp_cell(rows, i, 2), &begins));
		if (!add_holidays(clerk, arena, pp_cell(rows, i, 0), now, &place))
			return false;
		end = pp_deadline_of(rule, begins, &place.calendar);
		pp_day_write(end.end, on);
		pp_clock_rfc3339(end.end_instant, at);
		if (!pp_clerk_ask(clerk, arena, &pp_queries[PP_Q_due_date],
			    (struct pp_slice[]){
				    pp_cell(rows, i, 0), pp_slice_of(on), pp_slice_of(at) },
			    &none))
			return false;
	}
	return rows->rows > 0;
}

/* Once a day of Berlin's: whatever is kept no longer; some procedures at a time. */
static void retain(struct pp_clerk *clerk, struct pp_arena *arena, int32_t day, struct pp_slice at)
{
	struct pp_slice params[] = { at, PP_S(RETAINED_AT_ONCE) };
	struct pp_rows *rows;

	if (clerk->retained_on != day &&
		pp_clerk_ask(clerk, arena, &pp_queries[PP_Q_retention_run], params, &rows) &&
		!pp_slice_is(pp_cell(rows, 0, 0), params[1]))
		clerk->retained_on = day;
}

/* Some chunks of a file that was given up at a time: no deadline waits for gigabytes. */
static void sweep_files(
	struct pp_clerk *clerk, struct pp_arena *arena, int64_t now, struct pp_slice at)
{
	struct pp_slice params[] = { at, PP_S(FILE_CHUNKS) };
	struct pp_rows *rows;

	if (now < clerk->files_at)
		return;
	clerk->files_at = now + FILES_US;
	if (pp_clerk_ask(clerk, arena, &pp_queries[PP_Q_file_sweep], params, &rows) &&
		pp_slice_is(pp_cell(rows, 0, 0), params[1]))
		clerk->files_at = now;
}

/* Whatever has ended and nobody asks for any more. */
static const enum pp_query_id sweeps[] = { PP_Q_idempotency_sweep, PP_Q_session_sweep,
	PP_Q_recomputation_sweep, PP_Q_mail_sweep, PP_Q_subscription_sweep, PP_Q_plan_draft_sweep,
	PP_Q_feature_export_sweep, PP_Q_boundary_import_sweep, PP_Q_handover_sweep };

/* At the very instant that law names, and every so often whatever was thought to be due. */
void pp_clerk_due(struct pp_clerk *clerk, struct pp_arena *arena)
{
	int64_t now = pp_clock_monotonic(), utc = pp_clock_utc();
	char at[PP_RFC3339_SIZE];
	struct pp_slice params[1];
	struct pp_rows *rows;

	pp_clock_rfc3339(utc, at);
	params[0] = pp_slice_of(at);
	if (!clerk->leads)
		return;
	if (now >= clerk->tick_at || utc >= clerk->due_at) {
		clerk->tick_at = now + TICK_US;
		do {
			if (!pp_clerk_ask(
				    clerk, arena, &pp_queries[PP_Q_clock_tick], params, &rows))
				return;
		} while (date_periods(clerk, arena, params[0]));
		if (!clerk->db)
			return;
		if (!pp_clock_read_rfc3339(pp_cell(rows, 0, 0), &clerk->due_at))
			clerk->due_at = INT64_MAX;
		if (strcmp(clerk->child->config.mail, "off") == 0 &&
			!pp_clerk_ask(clerk, arena, &pp_queries[PP_Q_mail_discard], params, &rows))
			return;
	}
	if (now >= clerk->sweep_at) {
		clerk->sweep_at = now + SWEEP_US;
		for (size_t i = 0; i < PP_LENGTH(sweeps); i++)
			if (!pp_clerk_ask(clerk, arena, &pp_queries[sweeps[i]], params, &rows))
				return;
	}
	if (clerk->db)
		retain(clerk, arena, pp_day_at(utc), params[0]);
	if (clerk->db)
		sweep_files(clerk, arena, now, params[0]);
}
