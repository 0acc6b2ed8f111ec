/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Holidays: those of the Länder's table and those that operators add. Days are counted here
 * (server/law); the SQL function that adds one moves the ends that fall on it.
 */
#include <pp/base/clock.h>
#include <pp/core/req.h>

#include "../dates.h"
#include "../rooms.h"

struct listing {
	enum pp_land land; /* PP_LAND_NONE: all of them */
	int year;
	struct pp_rows *added;
};

static enum pp_next ask_year(struct pp_req *req)
{
	struct listing *l = pp_state(req, struct listing);
	struct pp_slice land = pp_param(req, "land"), ags = pp_param(req, "ags"), place = ags;
	uint64_t year;

	PP_MUST(pp_slice_u64(pp_param(req, "year"), &year)); /* the field table has checked it */
	l->year = (int)year;
	if (ags.at)
		l->land = pp_land_named(ags);
	else if (land.at)
		l->land = pp_land_named(land);
	if (ags.at && l->land == PP_LAND_NONE)
		pp_wrong(req, PP_S("ags"), "begins with no Land");
	else if (land.at && (land.len != 2 || pp_land_named(land) == PP_LAND_NONE))
		pp_wrong(req, PP_S("land"), "must be SH, HH, NI and so on, or 01 to 16");
	else if (ags.at && land.at && l->land != pp_land_named(land))
		pp_wrong(req, PP_S("ags"), "lies in another Land");
	if (req->wrong)
		return pp_refuse_wrong(req, PP_invalid_parameter);
	pp_bind_null(req, "places");
	if (l->land && !ags.at)
		place = pp_slice_of(pp_land_row(l->land)->key);
	if (place.at)
		pp_bind(req, "places", pp_format(req->arena, "{%.*s}", PP_SHOW(place)));
	pp_ask(req, "holiday_at", &l->added);
	return PP_WAIT;
}

/* One day of the list; added is the row that it comes from, or NULL. */
static void write_item(struct pp_buf *out, int32_t day, const struct pp_holiday_rule *rule,
	unsigned lands, const struct pp_slice *added)
{
	char text[PP_DATE_SIZE];
	bool is_first = true;

	pp_day_write(day, text);
	pp_buf_format(
		out, "%s{\"day\":\"%s\",\"name\":", out->at[out->len - 1] == '[' ? "" : ",", text);
	pp_buf_json(out, pp_slice_of(rule->de));
	pp_buf_text(out, ",\"name_en\":");
	pp_buf_json(out, pp_slice_of(rule->en));
	pp_buf_text(out, ",\"areas\":[");
	if (added)
		pp_buf_format(out, "\"%.*s\"", PP_SHOW(added[PP_ADDED_AREA]));
	for (int land = PP_LAND_NONE + 1; land < PP_LANDS; land++)
		if (lands & PP_LAND_BIT(land)) {
			pp_buf_format(out, "%s\"%s\"", is_first ? "" : ",",
				pp_land_row((enum pp_land)land)->key);
			is_first = false;
		}
	pp_buf_text(out, "],\"source\":");
	pp_buf_json(out, pp_slice_of(rule->source));
	if (added)
		pp_buf_format(out, ",\"id\":\"%.*s\",\"added\":\"%.*s\"}",
			PP_SHOW(added[PP_ADDED_ID]), PP_SHOW(added[PP_ADDED_SINCE]));
	else
		pp_buf_text(out, ",\"id\":null,\"added\":null}");
}

static enum pp_next answer_year(struct pp_req *req)
{
	struct listing *l = pp_state(req, struct listing);
	unsigned all = PP_LAND_BIT(PP_LANDS) - PP_LAND_BIT(PP_LAND_NONE + 1);
	unsigned lands = l->land ? PP_LAND_BIT(l->land) : all;
	const struct pp_holiday_addition *additions = pp_additions_of(req, l->added);
	size_t count;
	const struct pp_holiday_rule *rules = pp_holiday_rules(&count);
	struct pp_buf *out = pp_buf_make(req->arena);
	int32_t last = pp_day_make(l->year, 12, 31);

	pp_buf_text(out, "{\"items\":[");
	for (int32_t day = pp_day_make(l->year, 1, 1); day <= last; day++) {
		for (size_t i = 0; i < count; i++)
			if ((rules[i].lands & lands) && pp_holiday_falls_on(&rules[i], day))
				write_item(out, day, &rules[i], rules[i].lands & lands, NULL);
		for (size_t i = 0; i < l->added->rows; i++)
			if (l->year >= additions[i].rule.from &&
				l->year <= additions[i].rule.until &&
				pp_holiday_falls_on(&additions[i].rule, day))
				write_item(out, day, &additions[i].rule, 0,
					&l->added->cells[i * l->added->columns]);
	}
	pp_buf_text(out, "],\"next\":null}");
	return pp_reply_tagged(req, "application/json", pp_buf_all(out));
}

struct adding {
	struct pp_holiday_addition addition;
	struct pp_slice when;
	struct pp_rows *falls, *added, *calendar;
	bool is_second;
};

static struct pp_slice text(struct pp_req *req, const char *member)
{
	return pp_json_text(pp_json_member(req->body, pp_slice_of(member)));
}

static struct pp_slice year(struct pp_req *req, const char *member)
{
	struct pp_json *value = pp_json_member(req->body, pp_slice_of(member));

	return value ? pp_format(req->arena, "%d", (int)pp_json_integer(value)) : PP_S("");
}

/* A row of pp.holiday as JSON: the words, and the rule as it was understood. */
static struct pp_slice row_of(
	struct pp_req *req, const struct pp_holiday_addition *addition, struct pp_slice when)
{
	static const char *const kinds[] = { [PP_HOLIDAY_FIXED] = "fixed",
		[PP_HOLIDAY_EASTER] = "easter",
		[PP_HOLIDAY_BEFORE] = "weekday" };
	const struct pp_holiday_rule *rule = &addition->rule;
	struct pp_buf *out = pp_buf_make(req->arena);

	pp_buf_text(out, "{\"area\":");
	pp_buf_json(out, addition->area);
	pp_buf_text(out, ",\"falls_on\":");
	pp_buf_json(out, when);
	pp_buf_format(out,
		",\"kind\":\"%s\",\"month\":%d,\"day\":%d,\"shift\":%d,\"from_year\":%d,"
		"\"until_year\":%d,\"name_de\":",
		kinds[rule->kind], rule->month, rule->day, rule->offset, rule->from, rule->until);
	pp_buf_json(out, pp_slice_of(rule->de));
	pp_buf_text(out, ",\"name_en\":");
	pp_buf_json(out, pp_slice_of(rule->en));
	pp_buf_text(out, ",\"source\":");
	pp_buf_json(out, pp_slice_of(rule->source));
	pp_buf_text(out, "}");
	return pp_buf_all(out);
}

static enum pp_next read_holiday(struct pp_req *req)
{
	struct adding *a = pp_state(req, struct adding);
	struct pp_addition_words words = { text(req, "area"), text(req, "when"), year(req, "from"),
		year(req, "until"), text(req, "name"), text(req, "name_en"), text(req, "source") };
	struct pp_fault fault;

	if (!pp_addition_read(req->arena, &words, &a->addition, &fault)) {
		pp_wrong(req, pp_slice_of(fault.pointer), "%s", fault.detail);
		return pp_refuse_wrong(req, fault.problem);
	}
	pp_bind(req, "holiday_row", row_of(req, &a->addition, words.when));
	pp_bind_null(req, "places");
	pp_bind_null(req, "as_of");
	pp_ask(req, "holiday_prepare", &a->falls);
	pp_ask(req, "holiday_at", &a->added);
	pp_ask(req, "calendar_version", &a->calendar);
	return PP_WAIT;
}

/* Where each of these ends moves to: the next working day of its place (§ 193 BGB). */
static struct pp_slice moves_of(struct pp_req *req, const struct pp_rows *falls,
	const struct pp_holiday_addition *additions, size_t count)
{
	struct pp_buf *out = pp_buf_make(req->arena);

	pp_buf_text(out, "[");
	for (size_t i = 0; i < falls->rows; i++) {
		struct pp_slice planner = pp_cell(falls, i, 0), on = pp_cell(falls, i, 2);
		struct pp_place_calendar place = pp_place_calendar(
			PP_LAND_BIT(pp_land_named(pp_cell(falls, i, 1))));
		struct pp_slice end;
		int32_t day;

		PP_MUST(pp_day_read(on, &day));
		place.municipalities = &planner;
		place.municipality_count = 1;
		place.additions = additions;
		place.addition_count = count;
		end = pp_clock_text(req->arena, pp_day_end(pp_day_roll(day, &place.calendar)));
		pp_buf_text(out, i ? ",{\"planner\":" : "{\"planner\":");
		pp_buf_json(out, planner);
		pp_buf_format(
			out, ",\"day\":\"%.*s\",\"end_at\":\"%.*s\"}", PP_SHOW(on), PP_SHOW(end));
	}
	pp_buf_text(out, "]");
	return pp_buf_all(out);
}

/* Knows what is there already and what ends when: binds where it moves to. False where days would
 * be too many. */
static bool bind_moves(struct pp_req *req)
{
	struct adding *a = pp_state(req, struct adding);
	struct pp_holiday_addition *all = pp_additions_of(req, a->added);
	size_t count = a->added->rows + 1;
	struct pp_fault fault;

	all[count - 1] = a->addition;
	if (!pp_additions_fit(all, count, &fault)) {
		pp_wrong(req, pp_slice_of(fault.pointer), "%s", fault.detail);
		pp_refuse_wrong(req, fault.problem);
		return false;
	}
	pp_bind(req, "moves", moves_of(req, a->falls, all, count));
	return true;
}

static enum pp_next preview(struct pp_req *req)
{
	if (!bind_moves(req))
		return PP_DONE;
	return pp_ask_route(req);
}

static enum pp_next add(struct pp_req *req)
{
	struct adding *a = pp_state(req, struct adding);

	if (!bind_moves(req))
		return PP_DONE;
	pp_bind(req, "calendar", pp_cell(a->calendar, 0, 0));
	pp_catch(req, PP_dataset_not_current);
	pp_ask(req, "holiday_create", &req->rows);
	return PP_WAIT;
}

/* A round that was opened meanwhile, or another holiday: computed once more. */
static enum pp_next reply_added(struct pp_req *req)
{
	struct adding *a = pp_state(req, struct adding);

	if (req->caught == PP_no_problem)
		return pp_reply_rows(req, req->rows);
	if (a->is_second)
		return pp_refuse(req, PP_dataset_not_current,
			"rounds or holidays are being changed; try again");
	a->is_second = true;
	pp_catch(req, PP_no_problem);
	pp_go_to(req, read_holiday);
	return PP_NEXT;
}

static pp_step *const list_steps[] = { ask_year, answer_year, NULL };
static pp_step *const preview_steps[] = { read_holiday, preview, pp_reply_route, NULL };
static pp_step *const add_steps[] = { read_holiday, add, reply_added, NULL };

static const struct pp_field list_params[] = {
	{ "year", PP_INTEGER, .required = true, .min = PP_HOLIDAY_YEAR_FIRST,
		.max = PP_HOLIDAY_YEAR_LAST },
	{ "land", PP_TEXT, .min = 2, .max = 2, .about = "SH or 01; all Länder without" },
	{ "ags", PP_AGS, .about = "A municipality: its own holidays and those of its Land" },
	{ "as_of", PP_INSTANT, .about = "As they were known at that instant; now without" },
	{ 0 },
};

static const struct pp_field add_body[] = {
	{ "area", PP_TEXT, .required = true, .min = 2, .max = 9,
		.about = "Key of a Land, Regierungsbezirk, Kreis, municipality or Amt" },
	{ "when", PP_TEXT, .required = true, .min = 5, .max = 40,
		.about = "2026-05-08, 08-08, easter+60 or \"wednesday before 11-23\"" },
	{ "from", PP_INTEGER, .min = 1950, .max = 2999, .about = "First year of a rule" },
	{ "until", PP_INTEGER, .min = 1950, .max = 2999, .about = "Last year of a rule" },
	{ "name", PP_TEXT, .required = true, .min = 1, .max = 200, .about = "German" },
	{ "name_en", PP_TEXT, .min = 1, .max = 200 },
	{ "source", PP_TEXT, .required = true, .min = 3, .max = 500,
		.about = "The law or ordinance that sets it" },
	{ 0 },
};

static const struct pp_field withdraw_params[] = {
	{ "reason", PP_TEXT, .required = true, .min = 3, .max = 2000 },
	{ 0 },
};

const struct pp_route holiday_routes[] = {
	{ PP_GET, "/holidays", PP_ANYONE, list_steps, .params = list_params, .rate = PP_RATE_PUBLIC,
		.summary = "Public holidays of a year" },
	{ PP_POST, "/holidays", PP_OPERATOR, add_steps, .body = add_body, .creates = true,
		.summary = "Add a holiday; open periods that end on it move on" },
	{ PP_POST, "/holidays/preview", PP_OPERATOR, preview_steps, .query = "holiday_preview",
		.body = add_body,
		.summary = "What such a holiday would move; nothing is added and nobody is told" },
	{ PP_GET, "/holidays/{holiday}", PP_ANYONE, .query = "holiday_show", .rate = PP_RATE_PUBLIC,
		.summary = "One added holiday" },
	{ PP_DELETE, "/holidays/{holiday}", PP_OPERATOR, .query = "holiday_withdraw",
		.params = withdraw_params, .ends = true,
		.summary = "Withdraw an added holiday; it stays on record" },
	{ 0 },
};
