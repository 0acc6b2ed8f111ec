/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * A deadline as it is asked for and explained, in words: the command line and REST read the same
 * question and write the same answer.
 */
#include <pp/base/buf.h>
#include <pp/base/problem.h>
#include <pp/law/holiday.h>

enum { PP_DEADLINE_PLACES = 32 };

/* As it was typed; what was not given is an empty slice. */
struct pp_deadline_words {
	struct pp_slice rule;  /* an id of the table, or FRIST for a period of one's own */
	struct pp_slice start; /* "2025-02-03" */
	struct pp_slice
		calendar; /* "HH,NW": Länder by abbreviation or key, municipalities by AGS */
	struct pp_slice n, unit, mode; /* of FRIST: 1 to 36525; d, w or m; E or D (§ 187 BGB) */
	struct pp_slice roll;          /* of FRIST: "true" (also when empty) or "false" */
};

/* The question, understood. Slices point into the words. */
struct pp_deadline_asked {
	struct pp_period_rule rule;
	int32_t start;
	struct pp_slice places[PP_DEADLINE_PLACES];
	size_t place_count;
	struct pp_place_calendar calendar;
	struct pp_slice municipalities[PP_DEADLINE_PLACES];
};

/*
 * False and a fault (invalid_parameter) whose pointer names the word, "/rule" and so on. The
 * calendar points into *asked, which must therefore stay where it is.
 */
PP_CHECKED bool pp_deadline_read(const struct pp_deadline_words *words,
	struct pp_deadline_asked *asked, struct pp_fault *fault);

/* "1 Monat", "30 Tage", "1 Jahr"; or in English. */
void pp_period_write(struct pp_buf *out, struct pp_period period, bool english);

/*
 * The answer as a JSON object without newline: rule, start, calendar, components (name and end),
 * raw_end, end, end_instant, moved_by (date and why, from raw_end to the day before end) and
 * legal_basis.
 */
void pp_deadline_write(struct pp_buf *out, const struct pp_deadline_asked *asked, bool english);

/* Why the day is off at that place: the holiday's name, or the day's. */
struct pp_slice pp_day_off_name(int32_t day, const struct pp_place_calendar *place, bool english);
