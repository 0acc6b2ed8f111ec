/* SPDX-License-Identifier: EUPL-1.2 */
/* Invitations: the inbox of a body, what it acknowledges, and what the planner records about them.
 */
#include <pp/base/clock.h>
#include <pp/core/req.h>
#include <pp/law/date.h>

#include "../dates.h"
#include "../rooms.h"

enum { KIND, STEP, LAND };

struct dated {
	struct pp_rows *invitation, *added;
};

static enum pp_next prepare(struct pp_req *req)
{
	struct dated *d = pp_state(req, struct dated);

	pp_ask(req, "invitation_prepare", &d->invitation);
	pp_ask(req, "holiday_of_invitation", &d->added);
	return PP_WAIT;
}

static struct pp_slice text(struct pp_req *req, const char *member)
{
	struct pp_json *value = pp_json_member(req->body, pp_slice_of(member));

	return value ? pp_json_text(value) : PP_S("");
}

/* A letter came on a day: the body's own period runs from it. */
static enum pp_next receive(struct pp_req *req)
{
	struct dated *d = pp_state(req, struct dated);
	struct pp_slice on = text(req, "received_on");
	struct pp_place_calendar place;
	int32_t day;

	if (d->invitation->rows != 1)
		return pp_refuse(req, PP_not_found, "no such invitation");
	pp_bind_null(req, "received_at");
	pp_bind_null(req, "own_on");
	pp_bind_null(req, "own_at");
	pp_bind_null(req, "own_rule");
	if (on.len) {
		if (!pp_day_read(on, &day)) {
			pp_wrong(req, PP_S("/received_on"), "must lie between 1950 and 2999");
			return pp_refuse_wrong(req, PP_invalid_body);
		}
		pp_bind(req, "received_at", pp_clock_text(req->arena, pp_day_begin(day)));
		place = pp_calendar_of(req, pp_cell(d->invitation, 0, LAND), d->added);
		pp_bind_period_from(req, pp_cell(d->invitation, 0, KIND),
			pp_cell(d->invitation, 0, STEP), PP_S("TOEB"), &place, day);
	} else if (!pp_json_member(req->body, PP_S("undeliverable"))) {
		pp_wrong(req, PP_S("/received_on"), "is required, or undeliverable");
		return pp_refuse_wrong(req, PP_invalid_body);
	}
	pp_ask(req, "invitation_receipt", &req->rows);
	return PP_WAIT;
}

static pp_step *const receipt_steps[] = { prepare, receive, pp_reply_route, NULL };

static const struct pp_field inbox_params[] = {
	PP_LIST_PARAMS,
	{ "open", PP_BOOLEAN, .about = "Only those without an answer" },
	{ "assigned", PP_TEXT, .min = 2, .max = 36,
		.about = "To me, to none, or to the account of that id" },
	{ 0 },
};

static const struct pp_field id_list[] = { { .kind = PP_ID }, { 0 } };

static const struct pp_field answer_body[] = {
	{ "invitations", PP_LIST, .required = true, .min = 1, .max = 200, .fields = id_list,
		.about = "Of one procedure; one statement each, all or none" },
	{ "stance", PP_CHOICE, .required = true, .choices = PP_STANCES },
	{ "text", PP_TEXT, .max = 100000 },
	{ "attachments", PP_LIST, .nullable = true, .max = 100, .fields = id_list,
		.about = "Ids of what was uploaded for one of them; they go with each" },
	{ 0 },
};

static const struct pp_field receipt_body[] = {
	{ "received_on", PP_DATE, .about = "Day on which the letter was received" },
	{ "undeliverable", PP_BOOLEAN },
	{ 0 },
};

const struct pp_route invitation_routes[] = {
	{ PP_GET, "/inbox", PP_READER, .query = "inbox", .params = inbox_params,
		.has_no_etag = true,
		.summary = "Invitations of one's body, and of those it is the mailbox of" },
	{ PP_POST, "/inbox/answers", PP_RELEASER, .binds = true, .query = "inbox_answer",
		.signs = true, .deadline_ms = PP_SUBMITTING_MS, .body = answer_body,
		.creates = true, .summary = "Answer several invitations of one procedure at once" },
	{ PP_GET, "/invitations/{invitation}", PP_READER, .query = "invitation_show",
		.has_no_etag = true, .summary = "One invitation with its evidence and deadline" },
	{ PP_POST, "/invitations/{invitation}/acknowledge", PP_CLERK | PP_RELEASER,
		.query = "invitation_acknowledge", .signs = true, .body = pp_no_fields,
		.summary = "Acknowledge that the invitation was read" },
	{ PP_POST, "/invitations/{invitation}/receipt", PP_MANAGER, receipt_steps,
		.body = receipt_body,
		.summary = "Record when a letter was received, or that it could not be delivered" },
	{ 0 },
};
