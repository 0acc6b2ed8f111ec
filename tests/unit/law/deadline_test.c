/* SPDX-License-Identifier: EUPL-1.2 */
/* Every rule in every Land, and the question and its answer in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <pp/base/clock.h>
#include <pp/law/deadline.h>

static int32_t day(struct pp_slice text)
{
	int32_t found = 0;

	assert_true(pp_day_read(text, &found));
	return found;
}

/* id rule n unit mode roll start lands raw_end legal_end holidays */
enum { COLUMNS = 11 };

static struct pp_slice vectors(void)
{
	static char text[16384];
	FILE *file = fopen(PP_SOURCE_ROOT "/tests/unit/law/vectors.tsv", "r");
	size_t length;

	assert_non_null(file);
	length = fread(text, 1, sizeof(text), file);
	assert_in_range(length, 1, sizeof(text) - 1);
	assert_int_equal(fclose(file), 0);
	return pp_slice(text, length);
}

static void assert_holds(struct pp_slice text, struct pp_slice id, const char *format, ...)
	PP_PRINTF(3, 4);
static void assert_holds(struct pp_slice text, struct pp_slice id, const char *format, ...)
{
	char part[256];
	va_list list;

	va_start(list, format);
	vsnprintf(part, sizeof(part), format, list);
	va_end(list);
	if (!memmem(text.at, text.len, part, strlen(part)))
		fail_msg("%.*s: %.*s lacks %s", PP_SHOW(id), PP_SHOW(text), part);
}

static struct pp_deadline_words words_of(const struct pp_slice row[COLUMNS], char lands[32])
{
	bool is_own = pp_slice_is(row[1], PP_S("FRIST"));

	assert_in_range(row[7].len, 2, 31);
	memcpy(lands, row[7].at, row[7].len);
	lands[row[7].len] = '\0';
	for (char *plus = lands; *plus; plus++)
		if (*plus == '+')
			*plus = ',';
	return (struct pp_deadline_words){ .rule = row[1],
		.start = row[6],
		.calendar = pp_slice_of(lands),
		.n = row[2],
		.unit = row[3],
		.mode = row[4],
		.roll = !is_own             ? PP_S("")
			: *row[5].at == '1' ? PP_S("true")
					    : PP_S("false") };
}

static void check_vector(const struct pp_slice row[COLUMNS])
{
	static struct pp_deadline_asked asked;
	char lands[32], instant[PP_RFC3339_SIZE];
	struct pp_deadline_words words = words_of(row, lands);
	struct pp_fault fault = { 0 };
	struct pp_slice text, off = row[10];
	struct pp_buf out;

	if (!pp_deadline_read(&words, &asked, &fault))
		fail_msg("%.*s: %s", PP_SHOW(row[0]), fault.detail);
	pp_buf_begin(&out);
	pp_deadline_write(&out, &asked, false);
	text = pp_buf_all(&out);
	pp_clock_rfc3339(pp_day_end(day(row[9])), instant);
	assert_holds(text, row[0], "{\"rule\":\"%.*s\",\"start\":\"%.*s\",\"calendar\":[\"%.*s\"",
		PP_SHOW(row[1]), PP_SHOW(row[6]), 2, row[7].at);
	assert_holds(text, row[0], "\"raw_end\":\"%.*s\",\"end\":\"%.*s\",\"end_instant\":\"%s\",",
		PP_SHOW(row[8]), PP_SHOW(row[9]), instant);
	assert_holds(text, row[0], "\"moved_by\":[%s",
		pp_slice_is(row[8], row[9]) ? "],\"legal_basis\":\"§" : "{\"date\":\"");
	/* The listed holidays are among the days that moved it. */
	while (off.len > 0) {
		struct pp_slice one = pp_slice_cut(off, ',', &off);

		assert_holds(text, row[0], "{\"date\":\"%.*s\",\"why\":\"", PP_SHOW(one));
	}
	pp_buf_end(&out);
}

static void every_vector_comes_out_in_its_lands(void **state)
{
	struct pp_slice rest = vectors(), line = pp_slice_cut(rest, '\n', &rest);
	size_t seen = 0;

	(void)state;
	while (rest.len > 0) {
		struct pp_slice row[COLUMNS];

		line = pp_slice_cut(rest, '\n', &rest);
		for (size_t i = 0; i < COLUMNS; i++)
			row[i] = pp_slice_cut(line, '\t', &line);
		check_vector(row);
		seen++;
	}
	assert_int_equal(seen, 36);
}

/* The Länder by themselves, then some unions; the last is that of all. */
static const unsigned unions[] = {
	PP_LAND_BIT(PP_LAND_HH) | PP_LAND_BIT(PP_LAND_SH),
	PP_LAND_BIT(PP_LAND_HH) | PP_LAND_BIT(PP_LAND_NI) | PP_LAND_BIT(PP_LAND_MV),
	PP_LAND_BIT(PP_LAND_NW) | PP_LAND_BIT(PP_LAND_BE),
	PP_LAND_BIT(PP_LANDS) - PP_LAND_BIT(PP_LAND_SH),
};

enum { PLACES = PP_LANDS - 1 + PP_LENGTH(unions) };

static unsigned lands_of(size_t place)
{
	return place < PP_LANDS - 1 ? PP_LAND_BIT(place + 1) : unions[place - (PP_LANDS - 1)];
}

static void check_start(const struct pp_period_rule *rule, int32_t start,
	const struct pp_place_calendar places[PLACES], struct pp_deadline before[PLACES])
{
	struct pp_deadline found[PLACES];

	for (size_t p = 0; p < PLACES; p++) {
		const struct pp_calendar *calendar = &places[p].calendar;

		found[p] = pp_deadline_of(rule, start, calendar);
		assert_true(found[p].raw_end >= start && found[p].end >= found[p].raw_end);
		assert_true(found[p].raw_end >= before[p].raw_end && found[p].end >= before[p].end);
		if (rule->roll == PP_ROLL_NONE)
			assert_int_equal(found[p].end, found[p].raw_end);
		else
			assert_int_equal(pp_day_off(found[p].end, calendar, NULL), PP_DAY_WORKING);
		for (int32_t off = found[p].raw_end; off < found[p].end; off++)
			assert_int_not_equal(pp_day_off(off, calendar, NULL), PP_DAY_WORKING);
		before[p] = found[p];
	}
	assert_int_equal(found[PP_LAND_HH - 1].end, found[PP_LAND_SH - 1].end);
	for (size_t u = PP_LANDS - 1; u < PLACES; u++)
		for (size_t p = 0; p < PP_LANDS - 1; p++)
			if (lands_of(u) & lands_of(p))
				assert_true(found[u].end >= found[p].end);
}

static void every_rule_keeps_the_promises_in_every_land(void **state)
{
	struct pp_place_calendar places[PLACES];
	size_t count;
	const struct pp_period_rule *rules = pp_period_rules(&count);

	(void)state;
	for (size_t p = 0; p < PLACES; p++)
		places[p] = pp_place_calendar(lands_of(p));
	for (size_t r = 0; r < count; r++) {
		struct pp_deadline before[PLACES] = { { .end = 0 } };

		for (int32_t start = pp_day_make(1995, 1, 1); start <= pp_day_make(2040, 12, 31);
			start++)
			check_start(&rules[r], start, places, before);
	}
}

static void publications_last_thirty_days_whatever_the_land(void **state)
{
	const struct pp_period_rule *rule = pp_period_rule_named(PP_S("AUSLEGUNG_BAUGB"));

	(void)state;
	for (int32_t start = pp_day_make(1995, 1, 1); start <= pp_day_make(2040, 12, 31); start++)
		for (size_t p = 0; p < PLACES; p++) {
			struct pp_place_calendar place = pp_place_calendar(lands_of(p));
			struct pp_display shown = pp_display_of(rule, NULL, start, &place.calendar);

			assert_true(shown.display_end - start + 1 >= 30);
			assert_true(shown.statement_deadline.end >= shown.display_end);
			assert_int_equal(shown.statement_deadline.end,
				pp_deadline_of(rule, start, &place.calendar).end);
		}
}

static void the_last_day_ends_at_midnight_of_berlin(void **state)
{
	static const char *const days[][2] = {
		{ "2025-03-29", "2025-03-29T23:00:00.000000Z" },
		{ "2025-03-30", "2025-03-30T22:00:00.000000Z" },
		{ "2025-10-25", "2025-10-25T22:00:00.000000Z" },
		{ "2025-10-26", "2025-10-26T23:00:00.000000Z" },
		{ "2025-06-30", "2025-06-30T22:00:00.000000Z" },
		{ "2025-01-31", "2025-01-31T23:00:00.000000Z" },
	};

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(days); i++) {
		static struct pp_deadline_asked asked;
		struct pp_deadline_words words = { .rule = PP_S("FRIST"),
			.start = pp_slice_of(days[i][0]),
			.calendar = PP_S("HH"),
			.n = PP_S("1"),
			.unit = PP_S("d"),
			.mode = PP_S("D"),
			.roll = PP_S("false") };
		struct pp_fault fault;
		struct pp_buf out;

		pp_buf_begin(&out);
		assert_true(pp_deadline_read(&words, &asked, &fault));
		pp_deadline_write(&out, &asked, false);
		assert_holds(pp_buf_all(&out), words.start, "\"end_instant\":\"%s\"", days[i][1]);
		pp_buf_end(&out);
	}
}

static void an_answer_explains_itself(void **state)
{
	static const struct {
		struct pp_deadline_words words;
		bool english;
		const char *answer;
	} cases[] = {
		{ { .rule = PP_S("AUSLEGUNG_BAUGB"),
			  .start = PP_S("2024-11-26"),
			  .calendar = PP_S("HH,05") },
			false,
			"{\"rule\":\"AUSLEGUNG_BAUGB\",\"start\":\"2024-11-26\",\"calendar\":["
			"\"HH\",\"NW\"],"
			"\"components\":[{\"name\":\"1 Monat\",\"end\":\"2024-12-25\"},"
			"{\"name\":\"30 Tage\",\"end\":\"2024-12-25\"}],\"raw_end\":\"2024-12-25\","
			"\"end\":\"2024-12-27\",\"end_instant\":\"2024-12-27T23:00:00.000000Z\","
			"\"moved_by\":[{\"date\":\"2024-12-25\",\"why\":\"Erster Weihnachtstag\"},"
			"{\"date\":\"2024-12-26\",\"why\":\"Zweiter Weihnachtstag\"}],"
			"\"legal_basis\":\"§ 3 Abs. 2 Satz 1 BauGB; § 187 Abs. 2, §§ 188, 193 "
			"BGB\"}" },
		{ { .rule = PP_S("RUEGE"),
			  .start = PP_S("2024-03-29"),
			  .calendar = PP_S("01056018") },
			true,
			"{\"rule\":\"RUEGE\",\"start\":\"2024-03-29\",\"calendar\":[\"01056018\"],"
			"\"components\":[{\"name\":\"1 year\",\"end\":\"2025-03-29\"}],"
			"\"raw_end\":\"2025-03-29\",\"end\":\"2025-03-31\","
			"\"end_instant\":\"2025-03-31T22:00:00.000000Z\","
			"\"moved_by\":[{\"date\":\"2025-03-29\",\"why\":\"Saturday\"},"
			"{\"date\":\"2025-03-30\",\"why\":\"Sunday\"}],"
			"\"legal_basis\":\"§ 215 Abs. 1 BauGB; § 187 Abs. 1, §§ 188, 193 BGB\"}" },
	};

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(cases); i++) {
		static struct pp_deadline_asked asked;
		struct pp_fault fault;
		struct pp_buf out;

		pp_buf_begin(&out);
		assert_true(pp_deadline_read(&cases[i].words, &asked, &fault));
		pp_deadline_write(&out, &asked, cases[i].english);
		pp_buf_u8(&out, 0);
		assert_string_equal(out.at, cases[i].answer);
		pp_buf_end(&out);
	}
}

static void what_cannot_be_computed_is_refused_by_its_name(void **state)
{
	static const struct {
		struct pp_slice rule, start, calendar, n, unit, mode, roll;
		const char *pointer;
	} cases[] = {
#define GOOD PP_S("2025-02-03"), PP_S("HH")
#define NONE PP_S("")
		{ PP_S("AUSLEGUNG"), GOOD, NONE, NONE, NONE, NONE, "/rule" },
		{ NONE, GOOD, NONE, NONE, NONE, NONE, "/rule" },
		{ PP_S("RUEGE"), GOOD, PP_S("2"), NONE, NONE, NONE, "/rule" },
		{ PP_S("RUEGE"), GOOD, NONE, NONE, NONE, PP_S("false"), "/rule" },
		{ PP_S("RUEGE"), PP_S("2025-02-29"), PP_S("HH"), NONE, NONE, NONE, NONE, "/start" },
		{ PP_S("RUEGE"), NONE, PP_S("HH"), NONE, NONE, NONE, NONE, "/start" },
		{ PP_S("RUEGE"), PP_S("2025-02-03"), NONE, NONE, NONE, NONE, NONE, "/calendar" },
		{ PP_S("RUEGE"), PP_S("2025-02-03"), PP_S("HH,"), NONE, NONE, NONE, NONE,
			"/calendar" },
		{ PP_S("RUEGE"), PP_S("2025-02-03"), PP_S("HH+SH"), NONE, NONE, NONE, NONE,
			"/calendar" },
		{ PP_S("RUEGE"), PP_S("2025-02-03"), PP_S("HH,XX"), NONE, NONE, NONE, NONE,
			"/calendar" },
		{ PP_S("FRIST"), GOOD, NONE, PP_S("d"), PP_S("E"), NONE, "/n" },
		{ PP_S("FRIST"), GOOD, PP_S("0"), PP_S("d"), PP_S("E"), NONE, "/n" },
		{ PP_S("FRIST"), GOOD, PP_S("-1"), PP_S("d"), PP_S("E"), NONE, "/n" },
		{ PP_S("FRIST"), GOOD, PP_S("36526"), PP_S("d"), PP_S("E"), NONE, "/n" },
		{ PP_S("FRIST"), GOOD, PP_S("1"), PP_S("y"), PP_S("E"), NONE, "/unit" },
		{ PP_S("FRIST"), GOOD, PP_S("1"), NONE, PP_S("E"), NONE, "/unit" },
		{ PP_S("FRIST"), GOOD, PP_S("1"), PP_S("d"), PP_S("e"), NONE, "/mode" },
		{ PP_S("FRIST"), GOOD, PP_S("1"), PP_S("d"), PP_S("E"), PP_S("yes"), "/roll" },
#undef GOOD
#undef NONE
	};

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(cases); i++) {
		static struct pp_deadline_asked asked;
		struct pp_deadline_words words = { cases[i].rule, cases[i].start, cases[i].calendar,
			cases[i].n, cases[i].unit, cases[i].mode, cases[i].roll };
		struct pp_fault fault = { 0 };

		assert_false(pp_deadline_read(&words, &asked, &fault));
		assert_int_equal(fault.problem, PP_invalid_parameter);
		assert_string_equal(fault.pointer, cases[i].pointer);
		assert_true(strlen(fault.detail) > 10);
	}
}

/* The last day that can be asked for, and the longest period from it. */
static void the_longest_period_still_has_an_end(void **state)
{
	static struct pp_deadline_asked asked;
	struct pp_deadline_words words = { PP_S("FRIST"), PP_S("2999-12-31"), PP_S("SN"),
		PP_S("36525"), PP_S("m"), PP_S("E"), PP_S("") };
	struct pp_fault fault;
	struct pp_buf out;

	(void)state;
	pp_buf_begin(&out);
	assert_true(pp_deadline_read(&words, &asked, &fault));
	pp_deadline_write(&out, &asked, false);
	assert_holds(pp_buf_all(&out), words.start, "\"raw_end\":\"6043-09-30\"");
	pp_buf_end(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_vector_comes_out_in_its_lands),
		cmocka_unit_test(every_rule_keeps_the_promises_in_every_land),
		cmocka_unit_test(publications_last_thirty_days_whatever_the_land),
		cmocka_unit_test(the_last_day_ends_at_midnight_of_berlin),
		cmocka_unit_test(an_answer_explains_itself),
		cmocka_unit_test(what_cannot_be_computed_is_refused_by_its_name),
		cmocka_unit_test(the_longest_period_still_has_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
