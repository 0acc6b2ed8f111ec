/* SPDX-License-Identifier: EUPL-1.2 */
/* The answer to a question about a deadline, and its reasons in words. */
#include <pp/law/deadline.h>

#include <pp/base/clock.h>

struct pp_deadline_found pp_deadline_find(const struct pp_deadline_asked *asked)
{
	const struct pp_calendar *calendar = &asked->calendar.calendar;
	struct pp_deadline_found found = { .first = pp_deadline_suspended(&asked->rule,
						   asked->start, asked->suspensions,
						   asked->suspension_count, calendar) };

	found.last = !asked->is_repeated
		? found.first
		: pp_deadline_repeated(&asked->rule, &found.first, asked->again, asked->suspensions,
			  asked->suspension_count, calendar);
	found.knows_holidays = pp_date_of(found.last.raw_end).year >= PP_HOLIDAY_YEAR_FIRST &&
		pp_date_of(found.last.end).year <= PP_HOLIDAY_YEAR_LAST;
	return found;
}

/* "gehemmt 2025-03-10 bis 2025-03-14: 5 Tage", and "Neubeginn am 2025-04-01"; or in English. */
static void write_suspension(
	struct pp_buf *out, const struct pp_suspension *suspension, int32_t takes, bool english)
{
	char from[PP_DATE_SIZE], to[PP_DATE_SIZE];

	pp_day_write(suspension->from, from);
	pp_day_write(suspension->to, to);
	if (english)
		pp_buf_format(out, "suspended %s to %s: %d day%s", from, to, (int)takes,
			takes == 1 ? "" : "s");
	else
		pp_buf_format(out, "gehemmt %s bis %s: %d Tag%s", from, to, (int)takes,
			takes == 1 ? "" : "e");
}

static void write_repeat(struct pp_buf *out, int32_t again, bool english)
{
	char text[PP_DATE_SIZE];

	pp_day_write(again, text);
	pp_buf_format(out, english ? "anew from %s" : "Neubeginn am %s", text);
}

void pp_deadline_basis(struct pp_buf *out, const struct pp_deadline_asked *asked)
{
	pp_buf_text(out, asked->rule.legal_basis);
	if (asked->suspension_count > 0)
		pp_buf_text(out, "; § 209 BGB entsprechend");
	if (asked->is_repeated)
		pp_buf_text(out, "; § 212 BGB entsprechend");
}

void pp_deadline_note(struct pp_buf *out, bool english)
{
	pp_buf_format(out,
		english ? "The holidays are kept for the years %d to %d; beyond them only those "
			  "count that have neither begun nor ended."
			: "Feiertage sind für die Jahre %d bis %d gepflegt; außerhalb zählen nur "
			  "die, die weder begonnen noch geendet haben.",
		PP_HOLIDAY_YEAR_FIRST, PP_HOLIDAY_YEAR_LAST);
}

/*
 * The components of one period. What begins anew says so in the names of its parts, and leaves out
 * the suspensions of the first one.
 */
static void tell_period(const struct pp_deadline_asked *asked, const struct pp_deadline *deadline,
	bool english, pp_component *tell, void *ctx)
{
	bool is_again = deadline->start != asked->start;
	int32_t end = deadline->start;
	struct pp_buf name;

	pp_buf_begin(&name);
	for (size_t i = 0; i < asked->rule.part_count; i++) {
		pp_buf_clear(&name);
		if (is_again) {
			write_repeat(&name, deadline->start, english);
			pp_buf_text(&name, ": ");
		}
		pp_period_write(&name, asked->rule.parts[i], english);
		tell(ctx, &name, deadline->part_end[i]);
		if (deadline->part_end[i] > end)
			end = deadline->part_end[i];
	}
	for (size_t i = 0; i < asked->suspension_count; i++) {
		int32_t takes = pp_suspension_takes(
			&asked->suspensions[i], asked->rule.parts[0].begin, deadline->start, end);

		if (is_again && takes == 0)
			continue;
		pp_buf_clear(&name);
		write_suspension(&name, &asked->suspensions[i], takes, english);
		tell(ctx, &name, end += takes);
	}
	pp_buf_end(&name);
}

void pp_deadline_components(
	const struct pp_deadline_asked *asked, bool english, pp_component *tell, void *ctx)
{
	struct pp_deadline_found found = pp_deadline_find(asked);

	tell_period(asked, &found.first, english, tell, ctx);
	if (asked->is_repeated)
		tell_period(asked, &found.last, english, tell, ctx);
}

static void write_day(struct pp_buf *out, const char *name, int32_t day)
{
	char text[PP_DATE_SIZE];

	pp_day_write(day, text);
	pp_buf_format(out, "\"%s\":\"%s\"", name, text);
}

static void write_component(void *ctx, const struct pp_buf *name, int32_t end)
{
	struct pp_buf *out = ctx;

	pp_buf_text(out, out->at[out->len - 1] == '[' ? "{\"name\":" : ",{\"name\":");
	pp_buf_json(out, pp_buf_all(name));
	pp_buf_text(out, ",");
	write_day(out, "end", end);
	pp_buf_text(out, "}");
}

static void write_moves(struct pp_buf *out, const struct pp_deadline_asked *asked,
	const struct pp_deadline *last, bool english)
{
	pp_buf_text(out, ",\"moved_by\":[");
	for (int32_t day = last->raw_end; day < last->end; day++) {
		pp_buf_text(out, day > last->raw_end ? ",{" : "{");
		write_day(out, "date", day);
		pp_buf_text(out, ",\"why\":");
		pp_buf_json(out, pp_day_off_name(day, &asked->calendar, english));
		pp_buf_text(out, "}");
	}
	pp_buf_text(out, "]");
}

static void write_basis(
	struct pp_buf *out, const struct pp_deadline_asked *asked, bool has_note, bool english)
{
	struct pp_buf text;

	pp_buf_begin(&text);
	pp_deadline_basis(&text, asked);
	pp_buf_text(out, ",\"legal_basis\":");
	pp_buf_json(out, pp_buf_all(&text));
	if (has_note) {
		pp_buf_clear(&text);
		pp_deadline_note(&text, english);
		pp_buf_text(out, ",\"notes\":[");
		pp_buf_json(out, pp_buf_all(&text));
		pp_buf_text(out, "]");
	}
	pp_buf_end(&text);
}

void pp_deadline_write(struct pp_buf *out, const struct pp_deadline_asked *asked, bool english)
{
	struct pp_deadline_found found = pp_deadline_find(asked);
	char instant[PP_RFC3339_SIZE];

	pp_clock_rfc3339(found.last.end_instant, instant);
	pp_buf_format(out, "{\"rule\":\"%s\",", asked->rule.id);
	write_day(out, "start", asked->start);
	pp_buf_text(out, ",\"calendar\":[");
	for (size_t i = 0; i < asked->place_count; i++) {
		pp_buf_text(out, i ? "," : "");
		pp_buf_json(out, asked->places[i]);
	}
	pp_buf_text(out, "],\"components\":[");
	pp_deadline_components(asked, english, write_component, out);
	pp_buf_text(out, "],");
	write_day(out, "raw_end", found.last.raw_end);
	pp_buf_text(out, ",");
	write_day(out, "end", found.last.end);
	pp_buf_format(out, ",\"end_instant\":\"%s\"", instant);
	write_moves(out, asked, &found.last, english);
	write_basis(out, asked, !found.knows_holidays, english);
	pp_buf_text(out, "}");
}
