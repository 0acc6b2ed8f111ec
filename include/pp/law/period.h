/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * Periods of time in law: §§ 187, 188, 190 and 193 BGB, which § 31 (1), (3) VwVfG repeats, and the
 * periods of planning law as rows of two tables. Days and instants are those of
 * pp/law/date.h; nothing here knows a clock, a database or a procedure.
 */
#include <pp/law/date.h>

enum pp_unit { PP_UNIT_DAY, PP_UNIT_WEEK, PP_UNIT_MONTH };

enum pp_begin {
	PP_BEGIN_EVENT,   /* § 187 (1) BGB: an event on the first day, which is not counted */
	PP_BEGIN_DAYSTART /* § 187 (2) BGB: the beginning of the first day, which is counted */
};

enum pp_roll {
	PP_ROLL_NONE,    /* the last day stays where it is, e.g. § 31 (4) VwVfG */
	PP_ROLL_WORKDAY, /* § 193 BGB: on to the next working day */
};

struct pp_period {
	int amount; /* 1 to PP_PERIOD_MOST */
	enum pp_unit unit;
	enum pp_begin begin;
};

enum { PP_PERIOD_MOST = 36525 };

/*
 * The holidays of a place. § 193 BGB asks for the place where the declaration is received, so the
 * calendar is that of the receiving authority's Land, or the union of several. A calendar is a
 * struct that begins with this one; is_holiday tells whether the day is one, Saturdays and Sundays
 * aside, and names it when name is not NULL. is_holiday NULL: there is none.
 */
struct pp_calendar {
	bool (*is_holiday)(const struct pp_calendar *calendar, int32_t day, struct pp_slice *name);
};

enum pp_day_off { PP_DAY_WORKING, PP_DAY_HOLIDAY, PP_DAY_SATURDAY, PP_DAY_SUNDAY };

/* Why a period may not end on a day; a holiday on a weekend is told as the holiday, by its name. */
enum pp_day_off pp_day_off(
	int32_t day, const struct pp_calendar *calendar, struct pp_slice *holiday);
/* The day itself, or the next one that is neither Saturday, Sunday nor holiday. */
int32_t pp_day_roll(int32_t day, const struct pp_calendar *calendar);

/*
 * The last day of a period by § 188 BGB, before § 193. Where the last month lacks the day, the
 * period ends with that month (§ 188 (3)), in both ways of counting.
 */
int32_t pp_period_end(struct pp_period period, int32_t start);

/* A period whose end is the latest of its parts' ends ("one month, but at least 30 days"). */
enum { PP_PERIOD_PARTS = 2 };

struct pp_period_rule {
	const char *id;          /* "AUSLEGUNG_BAUGB" */
	const char *legal_basis; /* German, as planners cite it */
	enum pp_roll roll;
	bool is_statutory; /* false: the law names no length, this one is the platform's */
	size_t part_count;
	struct pp_period parts[PP_PERIOD_PARTS];
};

/* The rule of that id, or NULL. */
const struct pp_period_rule *pp_period_rule_named(struct pp_slice id);
/* All rules, in the order of the table. */
const struct pp_period_rule *pp_period_rules(size_t *count);

struct pp_deadline {
	int32_t start;
	int32_t part_end[PP_PERIOD_PARTS]; /* of the rule's parts, in its order */
	int32_t raw_end;                   /* the latest of them, and the time of suspensions */
	int32_t end;                       /* the last day, after § 193 BGB where the rule rolls */
	int64_t end_instant; /* 24:00 of that day; in time is what is received before */
};

/*
 * When a period by that rule ends that begins on `start`: the first day of the publication for
 * PP_BEGIN_DAYSTART, the day of receipt for PP_BEGIN_EVENT.
 */
struct pp_deadline pp_deadline_of(
	const struct pp_period_rule *rule, int32_t start, const struct pp_calendar *calendar);

/* Days on which a period did not run, both included. */
struct pp_suspension {
	int32_t from, to;
};

/*
 * The same where the period was suspended: the days of a suspension are not counted (§ 209 BGB by
 * analogy), so that the end is as many days later as suspensions took from the period, also from
 * the part by which they lengthened it. Suspensions come in order of time and do not overlap; what
 * lies before the first counted day or after the end changes nothing.
 */
struct pp_deadline pp_deadline_suspended(const struct pp_period_rule *rule, int32_t start,
	const struct pp_suspension *suspensions, size_t count, const struct pp_calendar *calendar);
/* By how many days that suspension lengthens a period that has reached `end`. */
int32_t pp_suspension_takes(
	const struct pp_suspension *suspension, enum pp_begin begin, int32_t start, int32_t end);
/*
 * The period that begins anew (§ 212 BGB by analogy) on the day when a publication is repeated: it
 * runs its whole length, and it ends no earlier than the first one did.
 */
struct pp_deadline pp_deadline_repeated(const struct pp_period_rule *rule,
	const struct pp_deadline *first, int32_t again, const struct pp_suspension *suspensions,
	size_t count, const struct pp_calendar *calendar);

/*
 * The last day on which a statement is in time when an end was published: a published end moves on
 * from a holiday as well (§ 193 BGB), and one that is shorter than the law does not shorten the
 * law.
 */
int32_t pp_deadline_last_day(
	int32_t published, const struct pp_deadline *legal, const struct pp_calendar *calendar);

/*
 * A display of documents and the deadline for statements on them. The authority's duty to display
 * ends with its last day, whatever day that is (§ 31 (4) VwVfG); the deadline moves on. Where the
 * law counts statements from the end of the display (§ 73 (4) VwVfG), it counts from that very day.
 */
struct pp_display {
	int32_t display_end;
	struct pp_deadline statement_deadline;
};

/* statements may be NULL: they may come as long as the documents are displayed. */
struct pp_display pp_display_of(const struct pp_period_rule *display,
	const struct pp_period_rule *statements, int32_t start, const struct pp_calendar *calendar);

/*
 * The last day of a deadline that is extended by so much: the new period runs on from where the old
 * one ended (§ 190, § 187 (2) BGB). Never before the old end.
 */
int32_t pp_deadline_extended(
	int32_t end, int amount, enum pp_unit unit, const struct pp_calendar *calendar);
/* The same where a new last day was named; an earlier one changes nothing. */
int32_t pp_deadline_extended_to(int32_t end, int32_t named, const struct pp_calendar *calendar);

/*
 * The first day on which what was announced on that day "at least one week before" may begin: the
 * day of the announcement is not counted, and the week has passed (OVG Lüneburg, 1982-08-30,
 * 6 C 12/80).
 */
int32_t pp_notice_allows(int32_t announced);
/* The last day on which a beginning may be announced. */
int32_t pp_notice_latest(int32_t beginning);

/*
 * The day on which what was posted in Germany or sent electronically counts as received: the fourth
 * (§ 41 (2) VwVfG), until 2024 the third. It does not roll: nobody has to act by then.
 */
int32_t pp_post_received(int32_t posted);

/* What a step has to do with a display of documents on which statements may still come after it. */
enum pp_step_display {
	PP_STEP_ALONE,    /* statements come as long as the round lasts */
	PP_STEP_DISPLAYS, /* the round is the display; statements come until pp_objection_rule */
	PP_STEP_AFTER_DISPLAY /* the round follows a display: from the day before it counts
			       * pp_objection_rule, which is its least */
};

/*
 * How long a step of participation lasts for a kind of procedure: what is proposed, and the least.
 * A round that ends before its least deadline's `end` is too short: a fault of the plan where the
 * least rule is statutory (§ 214 (1) no. 2 BauGB), against the platform's own floor where it is
 * not.
 */
struct pp_step_period {
	const char *kinds;    /* kinds of procedure, separated by commas */
	const char *step;     /* "FOERM_OEFF" */
	const char *audience; /* "OEFF"; empty: any other */
	const char *proposed; /* id of the rule that is proposed */
	const char *least;    /* id of the shortest; empty: any length will do */
	const char *own;      /* id of what a body has from its own receipt, the day of which is not
			       * counted (§ 187 (1) BGB); empty: nothing of its own */
	enum pp_step_display display;
};

/* The row for a kind, step and audience ("OEFF", "TOEB", "NACHB", …), or NULL. */
const struct pp_step_period *pp_step_period_for(
	struct pp_slice kind, struct pp_slice step, struct pp_slice audience);

/*
 * Until when objections may come after a display, by kind of procedure: the rule of that id where
 * it is one of the kind's, its first one where named is empty; NULL otherwise.
 */
const struct pp_period_rule *pp_objection_rule(struct pp_slice kind, struct pp_slice named);
