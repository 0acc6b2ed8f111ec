/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Calendars (RFC 5545) of a procedure's rounds and of a body's inbox. Days come from the database
 * as they stand there; this room only says in words what they are.
 */
#include <pp/core/req.h>
#include <pp/fmt/ics.h>

#include "../rooms.h"
#include "../words.h"

struct calendar {
	struct pp_rows *about, *events;
};

/* The columns of calendar_rounds and calendar_inbox, and of what the calendar is about. */
enum {
	ID,
	FIRST,
	AFTER,
	CHANGED,
	SEQUENCE,
	CANCELLED,
	PROCEDURE,
	NUMBER,
	TITLE,
	PLANNER,
	STEP,
	AUDIENCE,
	LAW,
	PARTICIPANT,
	MAILBOX,
	ANSWERED,
	EXTENDED_FROM,
	DISPLAY_END
};
enum { ABOUT_NUMBER, ABOUT_TITLE };
enum { OWNER_NAME };

static const char *const week_and_day_before[] = { "-P7D", "-P1D", NULL };

static const char *word(const struct pp_req *req, enum pp_calendar_word which)
{
	return pp_calendar_word(which, req->english);
}

static bool is_true(struct pp_slice cell)
{
	return pp_slice_is(cell, PP_S("t"));
}

/* "Label: value" on a line of its own; nothing where there is no value. */
static void say(
	struct pp_req *req, struct pp_buf *out, enum pp_calendar_word label, struct pp_slice value)
{
	if (value.len)
		pp_buf_format(out, "%s: %.*s\n", word(req, label), PP_SHOW(value));
}

/* What procedure and step the days belong to, the same in both calendars. */
static struct pp_buf *describe(struct pp_req *req, const struct pp_rows *rows, size_t i)
{
	struct pp_slice number = pp_cell(rows, i, NUMBER), title = pp_cell(rows, i, TITLE);
	struct pp_slice law = pp_cell(rows, i, LAW);
	struct pp_slice step = pp_calendar_step(pp_cell(rows, i, STEP), req->english);
	struct pp_buf *out = pp_buf_make(req->arena);

	say(req, out, PP_WORD_PROCEDURE,
		pp_format(req->arena, "%.*s %.*s", PP_SHOW(number), PP_SHOW(title)));
	say(req, out, PP_WORD_PLANNER, pp_cell(rows, i, PLANNER));
	say(req, out, PP_WORD_STEP,
		law.len ? pp_format(req->arena, "%.*s (%.*s)", PP_SHOW(step), PP_SHOW(law)) : step);
	say(req, out, PP_WORD_AUDIENCE,
		pp_calendar_audience(pp_cell(rows, i, AUDIENCE), req->english));
	return out;
}

/* Ends with what to do, and where. */
static void describe_end(struct pp_req *req, struct pp_buf *description,
	enum pp_calendar_word to_do, struct pp_ics_event *event)
{
	if (event->is_cancelled)
		to_do = PP_WORD_NOTHING;
	pp_buf_format(description, "%s\n%.*s", word(req, to_do), PP_SHOW(event->url));
	event->description = pp_buf_all(description);
}

/* What both kinds of events have in common. */
static struct pp_ics_event event_of(struct pp_req *req, const struct pp_rows *rows, size_t i)
{
	struct pp_slice procedure = pp_cell(rows, i, PROCEDURE);

	return (struct pp_ics_event){
		.id = pp_cell(rows, i, ID),
		.first = pp_cell(rows, i, FIRST),
		.after = pp_cell(rows, i, AFTER),
		.changed = pp_cell(rows, i, CHANGED),
		.sequence = pp_cell(rows, i, SEQUENCE),
		.is_cancelled = is_true(pp_cell(rows, i, CANCELLED)),
		.url = pp_url(
			req, pp_format(req->arena, "/api/v1/procedures/%.*s", PP_SHOW(procedure))),
	};
}

static void add_round(struct pp_req *req, struct pp_buf *out, const struct pp_rows *rows, size_t i)
{
	struct pp_ics_event event = event_of(req, rows, i);
	struct pp_slice step = pp_calendar_step(pp_cell(rows, i, STEP), req->english);
	struct pp_slice title = pp_cell(rows, i, TITLE);
	bool asks_public = pp_slice_is(pp_cell(rows, i, AUDIENCE), PP_S("OEFF"));
	struct pp_buf *description = describe(req, rows, i);

	event.summary = pp_format(req->arena, "%.*s: %.*s", PP_SHOW(step), PP_SHOW(title));
	event.category = pp_slice_of(word(req, PP_WORD_ROUND));
	say(req, description, PP_WORD_DISPLAYED, pp_cell(rows, i, DISPLAY_END));
	describe_end(
		req, description, asks_public ? PP_WORD_TO_COMMENT : PP_WORD_TO_ANSWER_OWN, &event);
	pp_ics_event(out, &event);
}

static void add_invitation(
	struct pp_req *req, struct pp_buf *out, const struct pp_rows *rows, size_t i)
{
	struct pp_ics_event event = event_of(req, rows, i);
	struct pp_slice title = pp_cell(rows, i, TITLE);
	struct pp_slice participant = pp_cell(rows, i, PARTICIPANT);
	struct pp_slice id = event.id;
	bool answered = is_true(pp_cell(rows, i, ANSWERED));
	struct pp_buf *description = describe(req, rows, i);

	event.url = pp_url(req, pp_format(req->arena, "/api/v1/invitations/%.*s", PP_SHOW(id)));
	event.summary = pp_format(req->arena, "%s: %.*s (%.*s)",
		word(req, answered ? PP_WORD_ANSWERED : PP_WORD_DEADLINE), PP_SHOW(title),
		PP_SHOW(participant));
	event.category = pp_slice_of(word(req, PP_WORD_DEADLINE));
	say(req, description, PP_WORD_PARTICIPANT, participant);
	say(req, description, PP_WORD_MAILBOX, pp_cell(rows, i, MAILBOX));
	say(req, description, PP_WORD_EXTENDED, pp_cell(rows, i, EXTENDED_FROM));
	describe_end(req, description, answered ? PP_WORD_HAS_ANSWER : PP_WORD_TO_ANSWER, &event);
	/* Only what is still to be done rings. */
	if (!answered && !event.is_cancelled)
		event.alarms = week_and_day_before;
	pp_ics_event(out, &event);
}

/*
 * A calendar without events is sent as one without components, which RFC 5545 §3.6 has no grammar
 * for and every client reads: an address that is subscribed to must not fail meanwhile.
 */
static enum pp_next reply(struct pp_req *req, struct pp_slice name, struct pp_slice file,
	void (*add)(struct pp_req *req, struct pp_buf *out, const struct pp_rows *rows, size_t i))
{
	const struct pp_rows *events = pp_state(req, struct calendar)->events;
	struct pp_buf *out = pp_buf_make(req->arena);

	pp_ics_begin(out, name, word(req, PP_WORD_LANGUAGE));
	for (size_t i = 0; i < events->rows; i++)
		add(req, out, events, i);
	pp_ics_end(out);
	pp_reply_field(req, "Content-Language", req->english ? PP_S("en") : PP_S("de"));
	pp_reply_field(req, "Content-Disposition",
		pp_format(req->arena, "attachment; filename=\"%.*s.ics\"", PP_SHOW(file)));
	return pp_reply_tagged(req, "text/calendar; charset=utf-8", pp_buf_all(out));
}

static enum pp_next ask_procedure(struct pp_req *req)
{
	struct calendar *calendar = pp_state(req, struct calendar);

	pp_ask(req, "calendar_procedure", &calendar->about);
	pp_ask(req, "calendar_rounds", &calendar->events);
	return PP_WAIT;
}

static enum pp_next reply_procedure(struct pp_req *req)
{
	const struct pp_rows *about = pp_state(req, struct calendar)->about;
	struct pp_slice number = pp_cell(about, 0, ABOUT_NUMBER);
	struct pp_slice title = pp_cell(about, 0, ABOUT_TITLE);

	return reply(req, pp_format(req->arena, "%.*s %.*s", PP_SHOW(number), PP_SHOW(title)),
		number, add_round);
}

static enum pp_next ask_inbox(struct pp_req *req)
{
	struct calendar *calendar = pp_state(req, struct calendar);

	pp_ask(req, "calendar_owner", &calendar->about);
	pp_ask(req, "calendar_inbox", &calendar->events);
	return PP_WAIT;
}

static enum pp_next reply_inbox(struct pp_req *req)
{
	struct pp_slice owner = pp_cell(pp_state(req, struct calendar)->about, 0, OWNER_NAME);
	struct pp_slice name = pp_slice_of(word(req, PP_WORD_DEADLINES));

	/* Whoever acts for no body has an empty inbox. */
	if (owner.len)
		name = pp_format(
			req->arena, "%s: %.*s", word(req, PP_WORD_DEADLINES), PP_SHOW(owner));
	return reply(req, name, pp_slice_of(word(req, PP_WORD_FILE)), add_invitation);
}

static pp_step *const procedure_steps[] = { ask_procedure, reply_procedure, NULL };
static pp_step *const inbox_steps[] = { ask_inbox, reply_inbox, NULL };

const struct pp_route calendar_routes[] = {
	{ PP_GET, "/procedures/{procedure}/calendar.ics", PP_ANYONE, procedure_steps,
		.rate = PP_RATE_PUBLIC, .summary = "Rounds of a procedure as iCalendar" },
	{ PP_GET, "/inbox/calendar.ics", PP_READER, inbox_steps,
		.summary = "Deadlines of one's inbox as iCalendar" },
	{ 0 },
};
