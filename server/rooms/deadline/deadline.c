/* SPDX-License-Identifier: EUPL-1.2 */
/* Deadlines for anybody who asks: the same question and answer as on the command line. */
#include <pp/core/req.h>
#include <pp/law/deadline.h>

#include "../dates.h"
#include "../rooms.h"

struct asking {
	struct pp_deadline_asked asked;
	struct pp_rows *added;
};

/* The keys of the places, as PostgreSQL writes a text[]: {02,09761000}. */
static struct pp_slice places_of(struct pp_req *req, const struct pp_place_calendar *place)
{
	struct pp_buf *out = pp_buf_make(req->arena);

	pp_buf_text(out, "{");
	for (int land = PP_LAND_NONE + 1; land < PP_LANDS; land++)
		if (place->lands & PP_LAND_BIT(land))
			pp_buf_format(out, "%s%s", out->len > 1 ? "," : "",
				pp_land_row((enum pp_land)land)->key);
	for (size_t i = 0; i < place->municipality_count; i++)
		pp_buf_format(out, ",%.*s", PP_SHOW(place->municipalities[i]));
	pp_buf_text(out, "}");
	return pp_buf_all(out);
}

static enum pp_next ask(struct pp_req *req)
{
	struct asking *a = pp_state(req, struct asking);
	struct pp_deadline_words words = {
		.rule = pp_param(req, "rule"),
		.start = pp_param(req, "start"),
		.calendar = pp_param(req, "calendar"),
		.n = pp_param(req, "n"),
		.unit = pp_param(req, "unit"),
		.mode = pp_param(req, "mode"),
		.roll = pp_param(req, "roll"),
		.suspend = pp_param(req, "suspend"),
		.repeat = pp_param(req, "repeat"),
	};
	struct pp_fault fault;

	if (!pp_deadline_read(&words, &a->asked, &fault)) {
		pp_wrong(req, pp_slice_of(fault.pointer + 1), "%s", fault.detail);
		return pp_refuse_wrong(req, fault.problem);
	}
	pp_bind(req, "places", places_of(req, &a->asked.calendar));
	pp_ask(req, "holiday_at", &a->added);
	return PP_WAIT;
}

static enum pp_next answer(struct pp_req *req)
{
	struct asking *a = pp_state(req, struct asking);
	struct pp_buf *out = pp_buf_make(req->arena);

	a->asked.calendar.additions = pp_additions_of(req, a->added);
	a->asked.calendar.addition_count = a->added->rows;
	pp_deadline_write(out, &a->asked, req->english);
	return pp_reply_tagged(req, "application/json", pp_buf_all(out));
}

static pp_step *const answer_steps[] = { ask, answer, NULL };

static const struct pp_field answer_params[] = {
	{ "rule", PP_TEXT, .required = true, .min = 1, .max = 40,
		.about = "AUSLEGUNG_BAUGB, TOEB_BAUGB and so on; FRIST is a period of one's own" },
	{ "start", PP_DATE, .required = true,
		.about = "First day of a publication, or the day of the event" },
	{ "calendar", PP_TEXT, .required = true, .min = 2, .max = 300,
		.about =
			"Place of receipt: HH, 02 or an AGS; several, separated by commas, are the "
			"union of their holidays" },
	{ "n", PP_INTEGER, .min = 1, .max = PP_PERIOD_MOST, .about = "Length, for FRIST" },
	{ "unit", PP_CHOICE, .choices = "d|w|m", .about = "Days, weeks or months, for FRIST" },
	{ "mode", PP_CHOICE, .choices = "E|D",
		.about = "For FRIST: the first day is not counted (E, § 187 (1) BGB) or is (D)" },
	{ "roll", PP_BOOLEAN,
		.about = "For FRIST: whether the end moves on to a working day; true without" },
	{ "suspend", PP_TEXT, .min = 22, .max = 400,
		.about = "Days on which the period did not run: 2025-03-10..2025-03-14, several "
			 "separated by commas" },
	{ "repeat", PP_DATE, .about = "The day on which it begins anew" },
	{ "as_of", PP_INSTANT,
		.about = "With the holidays that had been added by that instant; now without" },
	{ 0 },
};

const struct pp_route deadline_routes[] = {
	{ PP_GET, "/deadlines", PP_ANYONE, answer_steps, .params = answer_params,
		.rate = PP_RATE_PUBLIC, .summary = "When a period of planning law ends, and why" },
	{ 0 },
};
