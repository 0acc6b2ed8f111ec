/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * A deadline as it is asked for and explained, in words: the command line and REST read the same
 * question and write the same answer.
 */
#include <pp/base/buf.h>
#include <pp/base/problem.h>
#include <pp/law/holiday.h>

enum { PP_DEADLINE_PLACES = 32, PP_DEADLINE_SUSPENSIONS = 16 };

/* As it was typed; what was not given is an empty slice. */
struct pp_deadline_words {
	struct pp_slice rule;  /* an id of the table, or FRIST for a period of one's own */
	struct pp_slice start; /* "2025-02-03" */
	struct pp_slice
		calendar; /* "HH,NW": Länder by abbreviation or key, municipalities by AGS */
	struct pp_slice n, unit, mode; /* of FRIST: 1 to 36525; d, w or m; E or D (§ 187 BGB) */
	struct pp_slice roll;          /* of FRIST: "true" (also when empty) or "false" */
	struct pp_slice suspend;       /* "2025-03-10..2025-03-14", several separated by commas */
	struct pp_slice repeat;        /* "2025-04-01": begins anew on that day */
};

/* The question, understood. Slices point into the words. */
struct pp_deadline_asked {
	struct pp_period_rule rule;
	int32_t start;
	struct pp_slice places[PP_DEADLINE_PLACES];
	size_t place_count;
	struct pp_place_calendar calendar;
	struct pp_slice municipalities[PP_DEADLINE_PLACES];
	struct pp_suspension suspensions[PP_DEADLINE_SUSPENSIONS];
	size_t suspension_count;
	bool is_repeated;
	int32_t again; /* where it is repeated: the first day of the period that counts */
};

/* The answer: both periods where it is repeated, and what counts in the end. */
struct pp_deadline_found {
	struct pp_deadline first;
	struct pp_deadline last; /* the same as first where it is not repeated */
	bool knows_holidays;     /* whether the years are those of which the holidays are kept */
};

struct pp_deadline_found pp_deadline_find(const struct pp_deadline_asked *asked);

/*
 * False and a fault (invalid_parameter) whose pointer names the word, "/rule" and so on. The
 * calendar points into *asked, which must therefore stay where it is.
 */
PP_CHECKED bool pp_deadline_read(const struct pp_deadline_words *words,
	struct pp_deadline_asked *asked, struct pp_fault *fault);

/* "1 Monat", "30 Tage", "1 Jahr"; or in English. */
void pp_period_write(struct pp_buf *out, struct pp_period period, bool english);

/* The rule's legal basis, and that of a suspension and of a new beginning. */
void pp_deadline_basis(struct pp_buf *out, const struct pp_deadline_asked *asked);
/* Of which years the holidays are kept. */
void pp_deadline_note(struct pp_buf *out, bool english);

/*
 * The steps to raw_end, one after the other: each part of the rule, each suspension with the end
 * that it leads to, and the same again for a period that begins anew. The name is in *name, which
 * each call overwrites.
 */
typedef void pp_component(void *ctx, const struct pp_buf *name, int32_t end);
void pp_deadline_components(
	const struct pp_deadline_asked *asked, bool english, pp_component *tell, void *ctx);

/*
 * The answer as a JSON object without newline: rule, start, calendar, components (name and end),
 * raw_end, end, end_instant, moved_by (date and why, from raw_end to the day before end),
 * legal_basis, and notes where there is something to say.
 */
void pp_deadline_write(struct pp_buf *out, const struct pp_deadline_asked *asked, bool english);

/* Why the day is off at that place: the holiday's name, or the day's. */
struct pp_slice pp_day_off_name(int32_t day, const struct pp_place_calendar *place, bool english);
