/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include <pp/fmt/ics.h>

/* What RFC 5545 §3.1 has a reader do, and it looks whether every line is one. */
static void unfold(struct pp_buf *out, struct pp_slice folded)
{
	while (folded.len) {
		const char *end = memmem(folded.at, folded.len, "\r\n", 2);
		size_t len;

		assert_non_null(end);
		len = (size_t)(end - folded.at);
		assert_true(len > 0 && len <= 75);
		assert_true(pp_slice_is_utf8(pp_slice(folded.at, len)));
		assert_null(memchr(folded.at, '\n', len));
		if (folded.at[0] == ' ')
			out->len -= 2;
		pp_buf_add(out, folded.at + (folded.at[0] == ' '), len - (folded.at[0] == ' '));
		pp_buf_add(out, "\r\n", 2);
		folded = pp_slice(end + 2, folded.len - len - 2);
	}
}

/* §3.3.11 */
static void unescape(struct pp_buf *out, struct pp_slice value)
{
	for (size_t i = 0; i < value.len; i++) {
		char c = value.at[i];

		assert_true(c != ',' && c != ';');
		if (c == '\\') {
			assert_true(++i < value.len);
			assert_non_null(strchr("\\,;n", value.at[i]));
			c = value.at[i] == 'n' ? '\n' : value.at[i];
		}
		pp_buf_u8(out, (uint8_t)c);
	}
}

/* Writes the text as a line of that name and reads it as a client would. */
static void comes_back(const char *name, struct pp_slice text)
{
	struct pp_buf folded, line, back;
	size_t before = strlen(name) + 1;

	pp_buf_begin(&folded);
	pp_buf_begin(&line);
	pp_buf_begin(&back);
	pp_ics_text(&folded, name, text);
	unfold(&line, pp_buf_all(&folded));
	assert_true(line.len >= before + 2);
	assert_memory_equal(line.at, name, before - 1);
	unescape(&back, pp_slice(line.at + before, line.len - before - 2));
	assert_true(pp_slice_is(pp_buf_all(&back), text));
	pp_buf_end(&folded);
	pp_buf_end(&line);
	pp_buf_end(&back);
}

static void folds_at_every_offset(void **state)
{
	static const char *const characters[] = { "x", "ä", "€", "𝄞", ",", "\n", "\\" };
	char text[200];

	(void)state;
	for (size_t c = 0; c < PP_LENGTH(characters); c++) {
		for (size_t offset = 0; offset < 160; offset++) {
			size_t len = strlen(characters[c]);

			memset(text, 'a', sizeof(text));
			memcpy(text + offset, characters[c], len);
			comes_back("SUMMARY", pp_slice(text, 160 + len));
			comes_back("X", pp_slice(text, offset + len));
		}
	}
}

static void lines_are_as_long_as_they_may_be(void **state)
{
	struct pp_buf out;

	(void)state;
	pp_buf_begin(&out);
	pp_ics_line(&out, "N",
		PP_S("3456789 123456789 123456789 123456789 123456789 123456789 "
		     "123456789 12345"));
	assert_non_null(memmem(out.at, out.len, "12345\r\n", 7));
	assert_null(memmem(out.at, out.len, "\r\n ", 3));
	pp_buf_clear(&out);
	/* The 75th octet would be the first half of the umlaut. */
	pp_ics_line(&out, "N",
		PP_S("3456789 123456789 123456789 123456789 123456789 123456789 "
		     "123456789 1234äb"));
	assert_non_null(memmem(out.at, out.len, "1234\r\n äb\r\n", 12));
	pp_buf_end(&out);
}

static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 16;
}

static void gives_back_any_text(void **state)
{
	static const char *const pieces[] = { "a", "ß", "Ü", "–", "𐍈", "\\", ",", ";", "\n", "\t",
		" ", ":", "\"", "\\n", "Straße" };
	uint32_t seed = 5545;
	struct pp_buf text;

	(void)state;
	pp_buf_begin(&text);
	for (int round = 0; round < 5000; round++) {
		pp_buf_clear(&text);
		for (uint32_t n = next(&seed) % 120; n > 0; n--)
			pp_buf_text(&text, pieces[next(&seed) % PP_LENGTH(pieces)]);
		comes_back(round % 2 ? "DESCRIPTION" : "A", pp_buf_all(&text));
	}
	pp_buf_end(&text);
}

static void writes(const char *text, const char *expected)
{
	struct pp_buf out;

	pp_buf_begin(&out);
	pp_ics_text(&out, "X", pp_slice_of(text));
	assert_true(pp_slice_is(pp_buf_all(&out), pp_slice_of(expected)));
	pp_buf_end(&out);
}

static void escapes_what_would_end_or_split(void **state)
{
	(void)state;
	writes("", "X:\r\n");
	writes("a,b;c\\d:e", "X:a\\,b\\;c\\\\d:e\r\n");
	writes("a\r\nb\rc\nd", "X:a\\nb\\nc\\nd\r\n");
	writes("a\r\n", "X:a\\n\r\n");
	writes("BEGIN:VEVENT\r\nEND:VCALENDAR", "X:BEGIN:VEVENT\\nEND:VCALENDAR\r\n");
	writes("a\x01\x1b\x7f"
	       "b\tc",
		"X:a   b\tc\r\n");
}

static void writes_a_calendar(void **state)
{
	static const char *const alarms[] = { "-P7D", "-P1D", NULL };
	const struct pp_ics_event event = {
		.id = PP_S("01a2134a-c68c-7651-8631-4fb0ccce9120"),
		.first = PP_S("2027-02-28"),
		.after = PP_S("2027-03-01"),
		.changed = PP_S("2026-11-25T15:19:57.324395Z"),
		.sequence = PP_S("3"),
		.summary = PP_S("Frist"),
		.description = PP_S("a\nb"),
		.category = PP_S("Frist"),
		.url = PP_S("http://localhost/x;y,z"),
		.alarms = alarms,
	};
	struct pp_buf out;

	(void)state;
	pp_buf_begin(&out);
	pp_ics_begin(&out, PP_S("Fristen, alle"), "DE");
	pp_ics_event(&out, &event);
	pp_ics_end(&out);
	pp_buf_u8(&out, 0);
	assert_string_equal(out.at,
		"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
		"PRODID:-//Planungsplattform//Planungsplattform//DE\r\nCALSCALE:GREGORIAN\r\n"
		"NAME:Fristen\\, alle\r\nX-WR-CALNAME:Fristen\\, alle\r\n"
		"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\nX-PUBLISHED-TTL:PT1H\r\n"
		"BEGIN:VEVENT\r\nUID:01a2134a-c68c-7651-8631-4fb0ccce9120@planungsplattform\r\n"
		"DTSTAMP:20261125T151957Z\r\nLAST-MODIFIED:20261125T151957Z\r\nSEQUENCE:3\r\n"
		"DTSTART;VALUE=DATE:20270228\r\nDTEND;VALUE=DATE:20270301\r\nSUMMARY:Frist\r\n"
		"DESCRIPTION:a\\nb\r\nCATEGORIES:Frist\r\nURL:http://localhost/x;y,z\r\n"
		"STATUS:CONFIRMED\r\nTRANSP:TRANSPARENT\r\n"
		"BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-P7D\r\nDESCRIPTION:Frist\r\n"
		"END:VALARM\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-P1D\r\n"
		"DESCRIPTION:Frist\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
	pp_buf_end(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folds_at_every_offset),
		cmocka_unit_test(lines_are_as_long_as_they_may_be),
		cmocka_unit_test(gives_back_any_text),
		cmocka_unit_test(escapes_what_would_end_or_split),
		cmocka_unit_test(writes_a_calendar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
