/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * iCalendar out (RFC 5545, RFC 7986): a calendar of whole days. Legal days are DATE values, so that
 * no time zone stands in it and no client moves them. What is written follows from what is given
 * alone, never from a clock: the same rows make the same bytes.
 */
#include <pp/base/buf.h>

struct pp_ics_event {
	struct pp_slice id;           /* stays the same for the object; becomes the UID */
	struct pp_slice first, after; /* days as YYYY-MM-DD; after is exclusive (§3.6.1) */
	struct pp_slice changed;      /* RFC 3339 in UTC */
	struct pp_slice sequence;     /* digits; grows with every change (§3.8.7.4) */
	struct pp_slice summary, description, category;
	struct pp_slice url;
	bool is_cancelled;
	const char *const *alarms; /* durations before the first day ("-P7D"); NULL ends them */
};

/* BEGIN to the name of the calendar; language is that of its texts ("DE"). The methods of RFC 5546
 * are not used: whoever fetches the address again has the newest state. */
void pp_ics_begin(struct pp_buf *out, struct pp_slice name, const char *language);
void pp_ics_event(struct pp_buf *out, const struct pp_ics_event *event);
void pp_ics_end(struct pp_buf *out);

/*
 * One content line of that name (with parameters, where it has some), folded at 75 octets without
 * cutting a character (§3.1), ended by CRLF. The value is written as it is.
 */
void pp_ics_line(struct pp_buf *out, const char *name, struct pp_slice value);
/* The same for a value of type TEXT (§3.3.11): backslash, comma, semicolon and ends of lines are
 * escaped; other control characters, which cannot stand there, become blanks. */
void pp_ics_text(struct pp_buf *out, const char *name, struct pp_slice text);
