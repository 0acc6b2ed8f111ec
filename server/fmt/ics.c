/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/fmt/ics.h>

/* RFC 5545 §3.1: octets of a line without its CRLF; the blank of a continuation is one of them. */
#define LINE_OCTETS 75u

struct line {
	struct pp_buf *out;
	size_t octets;
};

static void put(struct line *line, const char *bytes, size_t len)
{
	if (line->octets + len > LINE_OCTETS) {
		pp_buf_add(line->out, "\r\n ", 3);
		line->octets = 1;
	}
	pp_buf_add(line->out, bytes, len);
	line->octets += len;
}

/* The octets of the character that begins here (RFC 3629 §3: a lead, at most three to follow). */
static size_t character(struct pp_slice s, size_t at)
{
	size_t len = 1;

	while (len < 4 && at + len < s.len && ((unsigned char)s.at[at + len] & 0xc0) == 0x80)
		len++;
	return len;
}

static void put_all(struct line *line, struct pp_slice s)
{
	for (size_t i = 0, len; i < s.len; i += len) {
		len = character(s, i);
		put(line, s.at + i, len);
	}
}

static struct line begin(struct pp_buf *out, const char *name)
{
	struct line line = { out, 0 };

	put_all(&line, pp_slice_of(name));
	put(&line, ":", 1);
	return line;
}

void pp_ics_line(struct pp_buf *out, const char *name, struct pp_slice value)
{
	struct line line = begin(out, name);

	put_all(&line, value);
	pp_buf_text(out, "\r\n");
}

/* How many octets of the text one step took. */
static size_t put_escaped(struct line *line, struct pp_slice text, size_t i)
{
	unsigned char c = (unsigned char)text.at[i];
	size_t len;

	if (c == '\r' || c == '\n') {
		put(line, "\\n", 2);
		return c == '\r' && i + 1 < text.len && text.at[i + 1] == '\n' ? 2 : 1;
	}
	if (c == '\\' || c == ',' || c == ';') {
		put(line, (const char[]){ '\\', (char)c }, 2);
		return 1;
	}
	if ((c < 0x20 && c != '\t') || c == 0x7f) {
		put(line, " ", 1);
		return 1;
	}
	len = character(text, i);
	put(line, text.at + i, len);
	return len;
}

void pp_ics_text(struct pp_buf *out, const char *name, struct pp_slice text)
{
	struct line line = begin(out, name);

	for (size_t i = 0; i < text.len;)
		i += put_escaped(&line, text, i);
	pp_buf_text(out, "\r\n");
}

/* §3.3.4: "2027-01-14" is 20270114. */
static void put_day(struct pp_buf *out, const char *name, struct pp_slice day)
{
	PP_MUST(day.len == 10 && day.at[4] == '-' && day.at[7] == '-');
	pp_buf_format(out, "%s:%.4s%.2s%.2s\r\n", name, day.at, day.at + 5, day.at + 8);
}

/* §3.3.5, form 2: "2026-11-25T15:19:57.324395Z" is 20261125T151957Z; there are no fractions. */
static void put_instant(struct pp_buf *out, const char *name, struct pp_slice at)
{
	PP_MUST(at.len >= 20 && at.at[10] == 'T' && at.at[at.len - 1] == 'Z');
	pp_buf_format(out, "%s:%.4s%.2s%.2sT%.2s%.2s%.2sZ\r\n", name, at.at, at.at + 5, at.at + 8,
		at.at + 11, at.at + 14, at.at + 17);
}

void pp_ics_begin(struct pp_buf *out, struct pp_slice name, const char *language)
{
	pp_buf_text(out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n");
	pp_buf_format(out, "PRODID:-//Planungsplattform//Planungsplattform//%s\r\n", language);
	pp_buf_text(out, "CALSCALE:GREGORIAN\r\n");
	/* RFC 7986 §5.1 and §5.7, and how clients said the same before it. */
	pp_ics_text(out, "NAME", name);
	pp_ics_text(out, "X-WR-CALNAME", name);
	pp_buf_text(out,
		"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n"
		"X-PUBLISHED-TTL:PT1H\r\n");
}

void pp_ics_event(struct pp_buf *out, const struct pp_ics_event *event)
{
	pp_buf_text(out, "BEGIN:VEVENT\r\n");
	pp_buf_format(out, "UID:%.*s@planungsplattform\r\n", PP_SHOW(event->id));
	/* §3.8.7.2: without a METHOD both say when the object was revised last. */
	put_instant(out, "DTSTAMP", event->changed);
	put_instant(out, "LAST-MODIFIED", event->changed);
	pp_ics_line(out, "SEQUENCE", event->sequence);
	put_day(out, "DTSTART;VALUE=DATE", event->first);
	put_day(out, "DTEND;VALUE=DATE", event->after);
	pp_ics_text(out, "SUMMARY", event->summary);
	pp_ics_text(out, "DESCRIPTION", event->description);
	pp_ics_text(out, "CATEGORIES", event->category);
	pp_ics_line(out, "URL", event->url);
	pp_ics_line(out, "STATUS", event->is_cancelled ? PP_S("CANCELLED") : PP_S("CONFIRMED"));
	/* Nobody is busy because a period runs. */
	pp_buf_text(out, "TRANSP:TRANSPARENT\r\n");
	for (const char *const *alarm = event->alarms; alarm && *alarm; alarm++) {
		pp_buf_text(out, "BEGIN:VALARM\r\nACTION:DISPLAY\r\n");
		pp_ics_line(out, "TRIGGER", pp_slice_of(*alarm));
		pp_ics_text(out, "DESCRIPTION", event->summary);
		pp_buf_text(out, "END:VALARM\r\n");
	}
	pp_buf_text(out, "END:VEVENT\r\n");
}

void pp_ics_end(struct pp_buf *out)
{
	pp_buf_text(out, "END:VCALENDAR\r\n");
}
