/* SPDX-License-Identifier: EUPL-1.2 */
/* Deadlines for anybody who asks: the same question and answer as on the command line. */
#include <pp/core/req.h>
#include <pp/law/deadline.h>

#include "../rooms.h"

static enum pp_next answer(struct pp_req *req)
{
	struct pp_deadline_asked *asked = PP_NEW(req->arena, struct pp_deadline_asked);
	struct pp_deadline_words words = {
		.rule = pp_param(req, "rule"),
		.start = pp_param(req, "start"),
		.calendar = pp_param(req, "calendar"),
		.n = pp_param(req, "n"),
		.unit = pp_param(req, "unit"),
		.mode = pp_param(req, "mode"),
		.roll = pp_param(req, "roll"),
	};
	struct pp_buf *out = pp_buf_make(req->arena);
	struct pp_fault fault;

	if (!pp_deadline_read(&words, asked, &fault)) {
		pp_wrong(req, pp_slice_of(fault.pointer + 1), "%s", fault.detail);
		return pp_refuse_wrong(req, fault.problem);
	}
	pp_deadline_write(out, asked, req->english);
	return pp_reply_tagged(req, "application/json", pp_buf_all(out));
}

static pp_step *const answer_steps[] = { answer, NULL };

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
	{ 0 },
};

const struct pp_route deadline_routes[] = {
	{ PP_GET, "/deadlines", PP_ANYONE, answer_steps, .params = answer_params,
		.rate = PP_RATE_PUBLIC, .summary = "When a period of planning law ends, and why" },
	{ 0 },
};
