/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Holidays that the table of the Länder does not have: what a Land sets for one day by ordinance,
 * and what only some municipalities keep. They are rows of words, in the database, in a file on the
 * command line and in a request alike:
 *
 *   area     "01" a Land, "097" a Regierungsbezirk, "09761" a Kreis, "09761000" a municipality,
 *            "010565687" the territory of an Amt; all that lies in it keeps the holiday
 *   when     "2026-05-08" one day; "08-08" that day of every year; "easter+60" so many days after
 *            Easter Sunday ("easter-2" before it); "wednesday before 11-23" the last one before it
 *   from, until   years, both included; empty: ever. Not with one day
 */
#include <pp/base/arena.h>
#include <pp/base/problem.h>
#include <pp/law/holiday.h>

struct pp_addition_words {
	struct pp_slice area, when, from, until, name, name_en, source;
};

/*
 * False and a fault (invalid_body) whose pointer names the word, "/area" and so on. Copies what it
 * keeps into the arena. Without a name in English the German one stands for both.
 */
PP_CHECKED bool pp_addition_read(struct pp_arena *arena, const struct pp_addition_words *words,
	struct pp_holiday_addition *addition, struct pp_fault *fault);

/*
 * Limits that keep every run of days off short enough for pp_day_roll, whoever adds what: in one
 * year additions fall on at most so many days, over all areas. Holidays that begin on the same day
 * or by the same rule count once.
 */
enum { PP_ADDED_DAYS_MOST = 20, PP_ADDITIONS_MOST = 5000 };

/* False and a fault (invalid_body) that names the year where they are too many. */
PP_CHECKED bool pp_additions_fit(
	const struct pp_holiday_addition *additions, size_t count, struct pp_fault *fault);

/*
 * Rows of text, separated by tabs, below a line with the names of the columns in any order: area,
 * when, name, source, and from, until, name_en where they are wanted. NULL and a fault that names
 * the line.
 */
const struct pp_holiday_addition *pp_additions_read(
	struct pp_arena *arena, struct pp_slice text, size_t *count, struct pp_fault *fault);
