/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Reminders: the clerk records which are due (sql/api/reminder.sql), the planning body sends them
 * and records how, and what can be proved of an invitation is told in its order.
 */
#include <pp/core/req.h>

#include "../rooms.h"

static const struct pp_field send_body[] = {
	{ "channel", PP_CHOICE, .required = true, .choices = "PORTAL|EMAIL|POST|TELEFON" },
	{ "recipient", PP_TEXT, .nullable = true, .max = 500, .about = "Whom it went to" },
	{ "proof", PP_TEXT, .nullable = true, .max = 2000,
		.about = "What shows that it went out: an id of the mail, a posting receipt" },
	{ "send", PP_BOOLEAN, .only = "EMAIL",
		.about = "The platform sends it; recipient and proof follow from that" },
	{ "sent_at", PP_INSTANT, .about = "When it went out; without, now" },
	{ 0 },
};

const struct pp_route reminder_routes[] = {
	{ PP_GET, "/reminder-rules", PP_ANYONE, .query = "reminder_rules", .rate = PP_RATE_PUBLIC,
		.has_no_etag = true, .summary = "When somebody is to be reminded of a deadline" },
	{ PP_GET, "/procedures/{procedure}/reminders-due", PP_READER, .query = "reminders_due",
		.has_no_etag = true, .summary = "Who is to be reminded now and has not been" },
	{ PP_GET, "/rounds/{round}/reminders", PP_READER, .query = "reminder_list",
		.has_no_etag = true,
		.summary = "Reminders of a round: those that were due, those that were sent" },
	{ PP_POST, "/rounds/{round}/reminders", PP_MANAGER, .query = "reminder_send_all",
		.body = send_body, .creates = true,
		.summary = "Record that everybody was reminded who has not answered" },
	{ PP_POST, "/invitations/{invitation}/reminders", PP_MANAGER, .query = "reminder_send",
		.body = send_body, .creates = true,
		.summary = "Record that one body was reminded, and how" },
	{ PP_GET, "/invitations/{invitation}/evidence", PP_READER, .query = "invitation_evidence",
		.has_no_etag = true,
		.summary = "What can be proved of an invitation, in its order" },
	{ 0 },
};
