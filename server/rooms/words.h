/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/* What calendars say, in German and English: for people, with the terms of docs/glossary.md. */
#include <pp/base/slice.h>

enum pp_calendar_word {
	PP_WORD_LANGUAGE,
	PP_WORD_PROCEDURE,
	PP_WORD_STEP,
	PP_WORD_AUDIENCE,
	PP_WORD_PLANNER,
	PP_WORD_PARTICIPANT,
	PP_WORD_MAILBOX,
	PP_WORD_EXTENDED,
	PP_WORD_DISPLAYED, /* where objections may come after the display */
	PP_WORD_ROUND,     /* category of a round */
	PP_WORD_DEADLINE,  /* category and summary of an invitation without answer */
	PP_WORD_ANSWERED,  /* summary of one with an answer */
	PP_WORD_DEADLINES, /* name of an inbox's calendar */
	PP_WORD_FILE,      /* name of its file */
	PP_WORD_TO_COMMENT,
	PP_WORD_TO_ANSWER_OWN,
	PP_WORD_TO_ANSWER,
	PP_WORD_HAS_ANSWER,
	PP_WORD_NOTHING,
	PP_CALENDAR_WORDS
};

const char *pp_calendar_word(enum pp_calendar_word word, bool english);
/* The name of a step or an audience; the code itself where it has none here. */
struct pp_slice pp_calendar_step(struct pp_slice code, bool english);
struct pp_slice pp_calendar_audience(struct pp_slice code, bool english);
