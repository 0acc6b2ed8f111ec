/* SPDX-License-Identifier: EUPL-1.2 */
#include "deadline_print.h"

#include <stdio.h>

#include <pp/base/clock.h>

/* Wide enough for a suspension with both its days, where there are any. */
enum { LABEL_WIDTH = 30, WIDE_LABEL = 45 };

static void write_day(struct pp_buf *out, int32_t day, bool english)
{
	static const char *const names[][2] = { { "Mo", "Mon" }, { "Di", "Tue" }, { "Mi", "Wed" },
		{ "Do", "Thu" }, { "Fr", "Fri" }, { "Sa", "Sat" }, { "So", "Sun" } };
	char text[PP_DATE_SIZE];

	pp_day_write(day, text);
	pp_buf_format(out, "%s %s", names[pp_weekday_of(day) - PP_MONDAY][english], text);
}

static void write_line(
	struct pp_buf *out, const char *label, int32_t day, bool english, const char *note)
{
	pp_buf_padded(out, pp_slice_of(label), LABEL_WIDTH);
	write_day(out, day, english);
	if (*note)
		pp_buf_format(out, "   %s", note);
	pp_buf_text(out, "\n");
}

struct printing {
	struct pp_buf *out;
	size_t width;
	bool english;
};

static void write_component(void *ctx, const struct pp_buf *name, int32_t end)
{
	const struct printing *printing = ctx;

	pp_buf_padded(printing->out, pp_buf_all(name), printing->width);
	write_day(printing->out, end, printing->english);
	pp_buf_text(printing->out, "\n");
}

/* The parts, and every day that moved the end. */
static void write_sum(struct pp_buf *out, const struct pp_deadline_asked *asked,
	const struct pp_deadline *last, bool english)
{
	bool is_wide = asked->suspension_count > 0 || asked->is_repeated;
	struct printing printing = { out, is_wide ? WIDE_LABEL : LABEL_WIDTH, english };

	pp_deadline_components(asked, english, write_component, &printing);
	write_line(out, english ? "End as counted" : "Rechnerisches Ende", last->raw_end, english,
		last->end > last->raw_end ? ""
			: asked->rule.roll == PP_ROLL_WORKDAY
			? (english ? "a working day" : "ein Werktag")
			: (english ? "does not move" : "bleibt, wie es ist"));
	for (int32_t day = last->raw_end; day < last->end; day++) {
		char note[128];

		snprintf(note, sizeof(note), "%.*s",
			PP_SHOW(pp_day_off_name(day, &asked->calendar, english)));
		write_line(out, english ? "  not on" : "  nicht am", day, english, note);
	}
}

static void write_head(struct pp_buf *out, const struct pp_deadline_asked *asked, bool english)
{
	pp_buf_padded(out, pp_slice_of(english ? "Rule" : "Regel"), LABEL_WIDTH);
	pp_buf_format(out, "%s\n", asked->rule.id);
	pp_buf_padded(out, pp_slice_of(english ? "Legal basis" : "Rechtsgrundlage"), LABEL_WIDTH);
	pp_deadline_basis(out, asked);
	pp_buf_text(out, "\n");
	pp_buf_padded(out, pp_slice_of(english ? "Holidays of" : "Feiertage von"), LABEL_WIDTH);
	for (size_t i = 0; i < asked->place_count; i++)
		pp_buf_format(out, "%s%.*s", i ? ", " : "", PP_SHOW(asked->places[i]));
	pp_buf_text(out, "\n\n");
}

void pp_deadline_print(struct pp_buf *out, const struct pp_deadline_asked *asked, bool english)
{
	struct pp_deadline_found found = pp_deadline_find(asked);
	bool counts = asked->rule.parts[0].begin == PP_BEGIN_DAYSTART;
	char instant[PP_RFC3339_SIZE];

	pp_clock_rfc3339(found.last.end_instant, instant);
	write_head(out, asked, english);
	write_line(out, english ? "Start" : "Beginn", asked->start, english,
		counts ? (english ? "is counted" : "zählt mit")
		       : (english ? "is not counted" : "zählt nicht mit"));
	write_sum(out, asked, &found.last, english);
	pp_buf_text(out, "--------------------------------------------\n");
	write_line(out, english ? "Last day" : "Letzter Tag", found.last.end, english,
		english ? "until 24:00 in Berlin" : "bis 24:00 Uhr");
	pp_buf_padded(out,
		pp_slice_of(english ? "The same instant in UTC" : "Derselbe Zeitpunkt in UTC"),
		LABEL_WIDTH);
	pp_buf_format(out, "%s\n", instant);
	if (!found.knows_holidays) {
		pp_buf_text(out, "\n");
		pp_deadline_note(out, english);
		pp_buf_text(out, "\n");
	}
}

void pp_deadline_print_rules(struct pp_buf *out, bool english)
{
	size_t count;
	const struct pp_period_rule *rules = pp_period_rules(&count);

	for (size_t i = 0; i < count; i++) {
		pp_buf_padded(out, pp_slice_of(rules[i].id), LABEL_WIDTH);
		for (size_t p = 0; p < rules[i].part_count; p++) {
			pp_buf_text(out, p ? (english ? ", at least " : ", mindestens ") : "");
			pp_period_write(out, rules[i].parts[p], english);
		}
		pp_buf_format(out, "; %s\n", rules[i].legal_basis);
	}
}
