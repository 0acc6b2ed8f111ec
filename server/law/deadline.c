/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/law/deadline.h>

#include <stdio.h>

/* A period of one's own: how it is counted (§ 187 BGB), and whether it moves on (§ 193 BGB). */
static const char *const own_basis[2][2] = {
	[PP_BEGIN_EVENT] = { "§ 187 Abs. 1, § 188 BGB", "§ 187 Abs. 1, §§ 188, 193 BGB" },
	[PP_BEGIN_DAYSTART] = { "§ 187 Abs. 2, § 188 BGB", "§ 187 Abs. 2, §§ 188, 193 BGB" },
};

static bool wrong(struct pp_fault *fault, const char *word, const char *sentence)
{
	pp_fault(fault, PP_invalid_parameter, "%s", sentence);
	snprintf(fault->pointer, sizeof(fault->pointer), "/%s", word);
	return false;
}

/* The letter's place in "dwm" and the like; -1 for anything else. */
static int letter(struct pp_slice word, const char *letters)
{
	const char *found = word.len == 1 && *word.at ? strchr(letters, *word.at) : NULL;

	return found ? (int)(found - letters) : -1;
}

static bool read_own_rule(
	const struct pp_deadline_words *words, struct pp_period_rule *rule, struct pp_fault *fault)
{
	int unit = letter(words->unit, "dwm"), mode = letter(words->mode, "ED");
	bool rolls = words->roll.len == 0 || pp_slice_is(words->roll, PP_S("true"));
	uint64_t amount;

	if (!pp_slice_u64(words->n, &amount) || amount < 1 || amount > PP_PERIOD_MOST)
		return wrong(fault, "n", "FRIST needs n, a whole number from 1 to 36525.");
	if (unit < 0)
		return wrong(fault, "unit", "FRIST needs a unit: d for days, w weeks, m months.");
	if (mode < 0)
		return wrong(fault, "mode",
			"FRIST needs a mode: E when the first day is not counted (an event on it), "
			"D when it is.");
	if (!rolls && !pp_slice_is(words->roll, PP_S("false")))
		return wrong(fault, "roll", "roll is true or false.");
	*rule = (struct pp_period_rule){
		.id = "FRIST",
		.legal_basis = own_basis[mode][rolls],
		.roll = rolls ? PP_ROLL_WORKDAY : PP_ROLL_NONE,
		.part_count = 1,
		.parts = { { (int)amount, (enum pp_unit)unit, (enum pp_begin)mode } },
	};
	return true;
}

static bool read_rule(
	const struct pp_deadline_words *words, struct pp_period_rule *rule, struct pp_fault *fault)
{
	const struct pp_period_rule *named;

	if (pp_slice_is(words->rule, PP_S("FRIST")))
		return read_own_rule(words, rule, fault);
	if (words->rule.len == 0)
		return wrong(fault, "rule", "A rule is needed, AUSLEGUNG_BAUGB for example.");
	named = pp_period_rule_named(words->rule);
	if (!named) {
		pp_fault(fault, PP_invalid_parameter,
			"There is no rule \"%.*s\"; FRIST is a period of one's own.",
			words->rule.len > 60 ? 60 : (int)words->rule.len, words->rule.at);
		snprintf(fault->pointer, sizeof(fault->pointer), "/rule");
		return false;
	}
	if (words->n.len || words->unit.len || words->mode.len || words->roll.len)
		return wrong(fault, "rule",
			"n, unit, mode and roll belong to FRIST; the law sets those of the "
			"others.");
	*rule = *named;
	return true;
}

static bool read_places(
	struct pp_slice list, struct pp_deadline_asked *asked, struct pp_fault *fault)
{
	unsigned lands = 0;
	size_t municipalities = 0;

	if (list.len == 0)
		return wrong(fault, "calendar",
			"The Land of the place of receipt is needed, HH or HH,NW for example "
			"(§ 193 BGB).");
	for (;;) {
		bool is_last = !memchr(list.at, ',', list.len);
		struct pp_slice word = pp_slice_cut(list, ',', &list);
		enum pp_land land = pp_land_named(word);

		if (land == PP_LAND_NONE) {
			pp_fault(fault, PP_invalid_parameter,
				"There is no Land \"%.*s\"; SH, HH, NI and so on, 01 to 16, or an "
				"AGS.",
				word.len > 60 ? 60 : (int)word.len, word.at);
			snprintf(fault->pointer, sizeof(fault->pointer), "/calendar");
			return false;
		}
		if (asked->place_count == PP_DEADLINE_PLACES)
			return wrong(fault, "calendar", "At most 32 places make a calendar.");
		lands |= PP_LAND_BIT(land);
		asked->places[asked->place_count++] = word.len > 2
			? word
			: pp_slice_of(pp_land_row(land)->abbreviation);
		if (word.len > 2)
			asked->municipalities[municipalities++] = word;
		if (is_last)
			break;
	}
	asked->calendar = pp_place_calendar(lands);
	asked->calendar.municipalities = asked->municipalities;
	asked->calendar.municipality_count = municipalities;
	return true;
}

/* "2025-03-10..2025-03-14" */
static bool read_suspension(struct pp_slice word, struct pp_suspension *suspension)
{
	enum { DAY = PP_DATE_SIZE - 1 };

	return word.len == 2 * DAY + 2 && memcmp(word.at + DAY, "..", 2) == 0 &&
		pp_day_read(pp_slice(word.at, DAY), &suspension->from) &&
		pp_day_read(pp_slice(word.at + DAY + 2, DAY), &suspension->to) &&
		suspension->from <= suspension->to;
}

static bool read_course(const struct pp_deadline_words *words, struct pp_deadline_asked *asked,
	struct pp_fault *fault)
{
	struct pp_slice rest = words->suspend;

	while (rest.len > 0) {
		struct pp_suspension *next = &asked->suspensions[asked->suspension_count];

		if (asked->suspension_count == PP_DEADLINE_SUSPENSIONS)
			return wrong(fault, "suspend", "At most 16 suspensions are counted.");
		if (!read_suspension(pp_slice_cut(rest, ',', &rest), next))
			return wrong(fault, "suspend",
				"A suspension is written as 2025-03-10..2025-03-14, its first and "
				"its last day; several are separated by commas.");
		if (asked->suspension_count > 0 && next->from <= next[-1].to)
			return wrong(fault, "suspend",
				"Suspensions stand in order of time and do not overlap.");
		asked->suspension_count++;
	}
	asked->is_repeated = words->repeat.len > 0;
	if (asked->is_repeated &&
		(!pp_day_read(words->repeat, &asked->again) || asked->again <= asked->start))
		return wrong(fault, "repeat",
			"A period begins anew on a day after its start, as YYYY-MM-DD.");
	return true;
}

bool pp_deadline_read(const struct pp_deadline_words *words, struct pp_deadline_asked *asked,
	struct pp_fault *fault)
{
	*asked = (struct pp_deadline_asked){ 0 };
	if (!read_rule(words, &asked->rule, fault))
		return false;
	if (!pp_day_read(words->start, &asked->start))
		return wrong(fault, "start",
			words->start.len ? "The start is no day from 1950-01-01 to 2999-12-31, as "
					   "YYYY-MM-DD."
					 : "A start is needed, as YYYY-MM-DD.");
	return read_places(words->calendar, asked, fault) && read_course(words, asked, fault);
}

void pp_period_write(struct pp_buf *out, struct pp_period period, bool english)
{
	static const char *const names[][4] = {
		[PP_UNIT_DAY] = { "Tag", "Tage", "day", "days" },
		[PP_UNIT_WEEK] = { "Woche", "Wochen", "week", "weeks" },
		[PP_UNIT_MONTH] = { "Monat", "Monate", "month", "months" },
		{ "Jahr", "Jahre", "year", "years" },
	};
	bool is_years = period.unit == PP_UNIT_MONTH && period.amount % 12 == 0;
	int amount = is_years ? period.amount / 12 : period.amount;

	pp_buf_format(out, "%d %s", amount,
		names[is_years ? PP_UNIT_MONTH + 1 : period.unit][2 * english + (amount != 1)]);
}

struct pp_slice pp_day_off_name(int32_t day, const struct pp_place_calendar *place, bool english)
{
	const struct pp_holiday_rule *holiday = pp_place_holiday(place, day);

	if (holiday)
		return pp_slice_of(english ? holiday->en : holiday->de);
	/* The law's word, § 193 BGB. */
	if (pp_weekday_of(day) == PP_SATURDAY)
		return english ? PP_S("Saturday") : PP_S("Sonnabend");
	return english ? PP_S("Sunday") : PP_S("Sonntag");
}
