/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Small words from outside: instants, days, numbers, addresses and lists of networks, questions
 * about deadlines, subjects of plans. What is taken is written back the same, or means one thing.
 */
#include <stdio.h>

#include <pp/base/clock.h>
#include <pp/base/uuid.h>
#include <pp/core/caller.h>
#include <pp/core/subjects.h>
#include <pp/law/addition.h>
#include <pp/law/date.h>
#include <pp/law/deadline.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void times(struct pp_slice text)
{
	char instant[PP_RFC3339_SIZE], day[PP_DATE_SIZE];
	int64_t utc, again;
	int32_t number;

	if (pp_clock_read_rfc3339(text, &utc)) {
		pp_clock_rfc3339(utc, instant);
		PP_MUST(pp_clock_read_rfc3339(pp_slice_of(instant), &again) && again == utc);
	}
	if (pp_clock_read_http_date(text, &utc)) {
		char date[PP_HTTP_DATE_SIZE];

		pp_clock_http_date(utc, date);
		PP_MUST(pp_clock_read_http_date(pp_slice_of(date), &again) && again == utc);
	}
	if (pp_day_read(text, &number)) {
		pp_day_write(number, day);
		PP_MUST(pp_slice_is(pp_slice_of(day), text));
	}
}

static void numbers(struct pp_slice text)
{
	uint64_t natural;
	int64_t whole;
	double real;

	if (pp_slice_u64(text, &natural))
		for (size_t i = 0; i < text.len; i++)
			PP_MUST(text.at[i] >= '0' && text.at[i] <= '9');
	if (pp_slice_i64(text, &whole))
		PP_MUST(text.len && (text.at[0] == '-' || whole >= 0));
	if (pp_slice_double(text, &real))
		PP_MUST(real - real == 0);
	if (pp_uuid_is(text))
		PP_MUST(text.len == PP_UUID_SIZE - 1);
}

/* Whoever is not trusted is the caller, whatever the fields say. */
static void callers(struct pp_arena *arena, struct pp_slice text)
{
	struct pp_slice rest, first = pp_slice_cut(text, '\n', &rest);
	struct pp_proxies none = { 0 }, proxies;
	struct pp_caller caller;
	struct pp_address peer;
	char error[256] = "";

	PP_MUST(pp_address_read(&peer, PP_S("192.0.2.1")));
	caller = pp_caller_of(&none, PP_S("192.0.2.1"), first, rest);
	PP_MUST(caller.is_known && !caller.is_tls &&
		memcmp(&caller.address, &peer, sizeof(peer)) == 0);
	if (!pp_proxies_read(&proxies, first, error)) {
		PP_MUST(error[0]);
		return;
	}
	caller = pp_caller_of(&proxies, PP_S("192.0.2.1"), rest, PP_S("https"));
	PP_MUST(caller.is_known);
	PP_MUST(pp_slice_is_utf8(pp_caller_text(arena, &caller, PP_ADDRESS_FULL)));
}

static void deadlines(struct pp_slice text)
{
	struct pp_deadline_words words = { 0 };
	struct pp_slice *const in_turn[] = { &words.rule, &words.start, &words.calendar, &words.n,
		&words.unit, &words.mode, &words.roll, &words.suspend, &words.repeat };
	struct pp_deadline_asked asked;
	struct pp_deadline_found found;
	struct pp_fault fault = { 0 };

	for (size_t i = 0; i < PP_LENGTH(in_turn); i++)
		*in_turn[i] = pp_slice_cut(text, ';', &text);
	if (!pp_deadline_read(&words, &asked, &fault)) {
		PP_MUST(fault.problem == PP_invalid_parameter && fault.detail[0]);
		return;
	}
	found = pp_deadline_find(&asked);
	PP_MUST(found.last.end >= asked.start || asked.is_repeated || found.last.end != 0);
}

static void holidays(struct pp_arena *arena, struct pp_slice text)
{
	struct pp_addition_words words;
	struct pp_slice *const in_turn[] = { &words.area, &words.when, &words.from, &words.until,
		&words.name, &words.name_en, &words.source };
	struct pp_holiday_addition addition;
	struct pp_fault fault = { 0 };

	for (size_t i = 0; i < PP_LENGTH(in_turn); i++)
		*in_turn[i] = pp_slice_cut(text, ';', &text);
	if (!pp_addition_read(arena, &words, &addition, &fault))
		PP_MUST(fault.problem == PP_invalid_body && fault.pointer[0] == '/');
}

static void subjects(struct pp_arena *arena, struct pp_slice text)
{
	struct pp_subject *list;
	struct pp_fault fault = { 0 };
	size_t count = 0;

	if (!pp_subjects_read_text(arena, text, &list, &count, &fault))
		PP_MUST(fault.problem != PP_no_problem && fault.detail[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pp_slice text = { (const char *)data, size };
	struct pp_arena arena;

	if (size > 8192)
		return 0;
	pp_arena_begin(&arena);
	times(text);
	numbers(text);
	callers(&arena, text);
	deadlines(text);
	holidays(&arena, text);
	subjects(&arena, text);
	pp_arena_end(&arena);
	return 0;
}
