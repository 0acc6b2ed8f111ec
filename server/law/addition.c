/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/law/addition.h>

#include <stdio.h>

#define MOST_NAME   200
#define MOST_SOURCE 500

/* Easter Sunday lies between 22 March and 25 April: so many days about it are of the same year. */
enum { EASTER_BEFORE = 80, EASTER_AFTER = 250, YEAR_FIRST = 1950, YEAR_LAST = 2999 };

static bool wrong(struct pp_fault *fault, const char *word, const char *sentence)
{
	pp_fault(fault, PP_invalid_body, "%s", sentence);
	snprintf(fault->pointer, sizeof(fault->pointer), "/%s", word);
	return false;
}

static bool read_area(struct pp_slice area, struct pp_fault *fault)
{
	static const char lengths[] = { 2, 3, 5, 8, 9 };
	uint64_t digits;
	bool fits = false;

	for (size_t i = 0; i < sizeof(lengths); i++)
		fits |= area.len == (size_t)lengths[i];
	if (!fits || !pp_slice_u64(area, &digits) ||
		pp_land_named(pp_slice(area.at, 2)) == PP_LAND_NONE)
		return wrong(fault, "area",
			"The area is the key of a Land (01 to 16), a Regierungsbezirk, a Kreis, a "
			"municipality or an Amt: 2, 3, 5, 8 or 9 digits.");
	return true;
}

/* "08-08", a day that some year has. */
static bool read_month_day(struct pp_slice text, int *month, int *day)
{
	uint64_t m, d;

	if (text.len != 5 || text.at[2] != '-' || !pp_slice_u64(pp_slice(text.at, 2), &m) ||
		!pp_slice_u64(pp_slice(text.at + 3, 2), &d) || m < 1 || m > 12 || d < 1 ||
		d > (uint64_t)pp_month_length(2000, (int)m))
		return false;
	*month = (int)m;
	*day = (int)d;
	return true;
}

/* "easter+60" */
static bool read_easter(struct pp_slice text, struct pp_holiday_rule *rule)
{
	int64_t offset;

	if (!pp_slice_starts(text, PP_S("easter")) || text.len < 8)
		return false;
	text = pp_slice(text.at + 6, text.len - 6);
	if (*text.at == '+')
		text = pp_slice(text.at + 1, text.len - 1);
	else if (*text.at != '-')
		return false;
	if (!pp_slice_i64(text, &offset) || offset < -EASTER_BEFORE || offset > EASTER_AFTER)
		return false;
	rule->kind = PP_HOLIDAY_EASTER;
	rule->offset = (int)offset;
	return true;
}

/* "wednesday before 11-23"; what comes before it in January would be of the year before. */
static bool read_weekday(struct pp_slice text, struct pp_holiday_rule *rule)
{
	static const char *const names[] = { "monday", "tuesday", "wednesday", "thursday", "friday",
		"saturday", "sunday" };
	struct pp_slice rest, name = pp_slice_cut(text, ' ', &rest);
	struct pp_slice before = pp_slice_cut(rest, ' ', &rest);

	if (!pp_slice_is(before, PP_S("before")) ||
		!read_month_day(rest, &rule->month, &rule->day) ||
		(rule->month == 1 && rule->day < 8) || (rule->month == 2 && rule->day == 29))
		return false;
	for (int i = 0; i < (int)PP_LENGTH(names); i++)
		if (pp_slice_is(name, pp_slice_of(names[i]))) {
			rule->kind = PP_HOLIDAY_BEFORE;
			rule->offset = PP_MONDAY + i;
			return true;
		}
	return false;
}

static bool read_when(
	const struct pp_addition_words *words, struct pp_holiday_rule *rule, struct pp_fault *fault)
{
	int32_t day;

	if (pp_day_read(words->when, &day)) {
		struct pp_date date = pp_date_of(day);

		if (words->from.len || words->until.len)
			return wrong(fault, words->from.len ? "from" : "until",
				"One day has its year already; from and until belong to a rule.");
		rule->month = date.month;
		rule->day = date.day;
		rule->from = rule->until = date.year;
		return true;
	}
	if (read_month_day(words->when, &rule->month, &rule->day) ||
		read_easter(words->when, rule) || read_weekday(words->when, rule))
		return true;
	return wrong(fault, "when",
		"Write one day (2026-05-08), a day of every year (08-08), easter+60, or "
		"\"wednesday before 11-23\".");
}

static bool read_year(
	struct pp_slice word, const char *name, int ever, int *year, struct pp_fault *fault)
{
	uint64_t number = 0;

	*year = ever;
	if (word.len == 0)
		return true;
	if (!pp_slice_u64(word, &number) || number < YEAR_FIRST || number > YEAR_LAST)
		return wrong(fault, name, "A year from 1950 to 2999 is needed, or none.");
	*year = (int)number;
	return true;
}

static bool is_text(struct pp_slice text, size_t least, size_t most)
{
	return pp_slice_is_utf8(text) && text.len >= least && pp_slice_characters(text) <= most;
}

bool pp_addition_read(struct pp_arena *arena, const struct pp_addition_words *words,
	struct pp_holiday_addition *addition, struct pp_fault *fault)
{
	struct pp_holiday_rule rule = { .kind = PP_HOLIDAY_FIXED };

	if (!read_area(words->area, fault) ||
		!read_year(words->from, "from", 1, &rule.from, fault) ||
		!read_year(words->until, "until", PP_YEAR_ALWAYS, &rule.until, fault) ||
		!read_when(words, &rule, fault))
		return false;
	if (rule.until < rule.from)
		return wrong(fault, "until", "The last year is not before the first.");
	if (!is_text(words->name, 1, MOST_NAME))
		return wrong(fault, "name", "A name is needed, of at most 200 characters.");
	if (!is_text(words->name_en, 0, MOST_NAME))
		return wrong(fault, "name_en", "A name has at most 200 characters.");
	if (!is_text(words->source, 3, MOST_SOURCE))
		return wrong(fault, "source",
			"The law or ordinance that sets it is needed, in at most 500 characters.");
	rule.de = pp_text(arena, words->name);
	rule.en = pp_text(arena, words->name_en.len ? words->name_en : words->name);
	rule.source = pp_text(arena, words->source);
	*addition = (struct pp_holiday_addition){ pp_copy(arena, words->area), rule };
	return true;
}

static bool is_same_day(const struct pp_holiday_rule *a, const struct pp_holiday_rule *b)
{
	return a->kind == b->kind && a->month == b->month && a->day == b->day &&
		a->offset == b->offset;
}

static bool is_in_force(const struct pp_holiday_rule *rule, int year)
{
	return year >= rule->from && year <= rule->until;
}

/* The days of a year, those of the same rule counted once; one more than the most is enough. */
static size_t days_in(const struct pp_holiday_addition *additions, size_t count, int year)
{
	const struct pp_holiday_rule *found[PP_ADDED_DAYS_MOST + 1];
	size_t days = 0;

	for (size_t i = 0; i < count && days <= PP_ADDED_DAYS_MOST; i++) {
		const struct pp_holiday_rule *rule = &additions[i].rule;
		bool is_new = is_in_force(rule, year);

		for (size_t k = 0; k < days && is_new; k++)
			is_new = !is_same_day(rule, found[k]);
		if (is_new)
			found[days++] = rule;
	}
	return days;
}

bool pp_additions_fit(
	const struct pp_holiday_addition *additions, size_t count, struct pp_fault *fault)
{
	if (count > PP_ADDITIONS_MOST) {
		pp_fault(fault, PP_invalid_body, "At most %d holidays can be added.",
			PP_ADDITIONS_MOST);
		return false;
	}
	/* Where the most are in force at once, one of them has just begun; the years are few. */
	for (size_t i = 0; i < count; i++) {
		int year = additions[i].rule.from;
		bool is_new = true;

		for (size_t k = 0; k < i && is_new; k++)
			is_new = additions[k].rule.from != year;
		if (is_new && days_in(additions, count, year) > PP_ADDED_DAYS_MOST) {
			pp_fault(fault, PP_invalid_body,
				"In %d more than %d days would be added holidays; withdraw one "
				"first.",
				year < YEAR_FIRST ? YEAR_FIRST : year, PP_ADDED_DAYS_MOST);
			snprintf(fault->pointer, sizeof(fault->pointer), "/when");
			return false;
		}
	}
	return true;
}

enum { AREA, WHEN, NAME, SOURCE, NEEDED, FROM = NEEDED, UNTIL, NAME_EN, COLUMNS };

/* Where each column stands in a row, -1 for one that is not there. */
static bool read_head(struct pp_slice line, int place[COLUMNS], struct pp_fault *fault)
{
	static const char *const names[COLUMNS] = { "area", "when", "name", "source", "from",
		"until", "name_en" };

	for (int c = 0; c < COLUMNS; c++)
		place[c] = -1;
	for (int at = 0; line.len > 0; at++) {
		struct pp_slice word = pp_slice_cut(line, '\t', &line);
		int c = 0;

		while (c < COLUMNS && !pp_slice_is(word, pp_slice_of(names[c])))
			c++;
		if (c == COLUMNS || place[c] >= 0)
			return pp_fault(fault, PP_table_unusable,
				"Line 1: the column \"%.*s\" is unknown or stands there twice.",
				word.len > 40 ? 40 : (int)word.len, word.at);
		place[c] = at;
	}
	for (int c = 0; c < NEEDED; c++)
		if (place[c] < 0)
			return pp_fault(fault, PP_table_unusable,
				"Line 1: the column \"%s\" is missing.", names[c]);
	return true;
}

static struct pp_slice cell(struct pp_slice line, int place)
{
	struct pp_slice found = PP_S("");

	for (int at = 0; at <= place; at++)
		found = pp_slice_cut(line, '\t', &line);
	return found;
}

static struct pp_slice cut_line(struct pp_slice *text)
{
	struct pp_slice line = pp_slice_cut(*text, '\n', text);

	return line.len > 0 && line.at[line.len - 1] == '\r' ? pp_slice(line.at, line.len - 1)
							     : line;
}

const struct pp_holiday_addition *pp_additions_read(
	struct pp_arena *arena, struct pp_slice text, size_t *count, struct pp_fault *fault)
{
	struct pp_holiday_addition *all = PP_NEW_ARRAY(
		arena, struct pp_holiday_addition, PP_ADDITIONS_MOST);
	int place[COLUMNS];

	*count = 0;
	if (!read_head(cut_line(&text), place, fault))
		return NULL;
	for (unsigned number = 2; text.len > 0; number++) {
		struct pp_slice line = cut_line(&text);
		struct pp_addition_words words = { cell(line, place[AREA]), cell(line, place[WHEN]),
			cell(line, place[FROM]), cell(line, place[UNTIL]), cell(line, place[NAME]),
			cell(line, place[NAME_EN]), cell(line, place[SOURCE]) };
		struct pp_fault why = { 0 };

		if (line.len == 0)
			continue;
		if (*count == PP_ADDITIONS_MOST ||
			!pp_addition_read(arena, &words, &all[*count], &why)) {
			pp_fault(fault, PP_table_unusable, "Line %u: %s", number,
				*why.detail ? why.detail : "these are too many holidays.");
			return NULL;
		}
		++*count;
	}
	return pp_additions_fit(all, *count, fault) ? all : NULL;
}
