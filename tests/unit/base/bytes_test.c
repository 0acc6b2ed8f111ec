/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include <pp/base/buf.h>

static void expect_text(const struct pp_buf *buf, const char *text)
{
	assert_int_equal(buf->len, strlen(text));
	assert_memory_equal(buf->at, text, buf->len);
}

static void json_strings(void **state)
{
	static const struct {
		struct pp_slice in;
		const char *out;
	} rows[] = {
		{ PP_S(""), "\"\"" },
		{ PP_S("Lübeck"), "\"Lübeck\"" },
		{ PP_S("a\"b\\c"), "\"a\\\"b\\\\c\"" },
		{ PP_S("\b\t\n\f\r\v\x01"), "\"\\b\\t\\n\\f\\r\\u000b\\u0001\"" },
		{ PP_S("\0x"), "\"\\u0000x\"" },
		{ PP_S("a\xff"
		       "b"),
			"\"a\xef\xbf\xbd"
			"b\"" },
		{ PP_S("\xed\xa0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ PP_S("😀"), "\"😀\"" },
		{ PP_S("\x7f"), "\"\\u007f\"" },
	};
	struct pp_buf buf;

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(rows); i++) {
		pp_buf_begin(&buf);
		pp_buf_json(&buf, rows[i].in);
		expect_text(&buf, rows[i].out);
		pp_buf_end(&buf);
	}
}

static void fixed_numbers(void **state)
{
	static const struct {
		double value;
		unsigned decimals;
		const char *out;
	} rows[] = {
		{ 0, 3, "0" },
		{ -0.0001, 3, "0" },
		{ 13271.04, 1, "13271" },
		{ 13271.05, 2, "13271.05" },
		{ 1.5, 0, "2" },
		{ -12.340, 3, "-12.34" },
		{ 100, 1, "100" },
		{ 1e15, 3, "1000000000000000" },
	};
	struct pp_buf buf;

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(rows); i++) {
		pp_buf_begin(&buf);
		pp_buf_fixed(&buf, rows[i].value, rows[i].decimals);
		expect_text(&buf, rows[i].out);
		pp_buf_end(&buf);
	}
}

static void cells_of_tables(void **state)
{
	struct pp_buf buf;

	(void)state;
	pp_buf_begin(&buf);
	pp_buf_padded(&buf, PP_S("Bönningstedt"), 14);
	pp_buf_padded(&buf, PP_S("longer"), 3);
	pp_buf_padded(&buf, PP_S(""), 2);
	expect_text(&buf, "Bönningstedt  longer  ");
	pp_buf_end(&buf);
}

static void csv_fields(void **state)
{
	struct pp_buf buf;

	(void)state;
	pp_buf_begin(&buf);
	pp_buf_csv(&buf, PP_S("plain"));
	pp_buf_u8(&buf, ' ');
	pp_buf_csv(&buf, PP_S("a,\"b\""));
	pp_buf_u8(&buf, ' ');
	pp_buf_csv(&buf, PP_S("=1+1"));
	expect_text(&buf, "plain \"a,\"\"b\"\"\" \"'=1+1\"");
	pp_buf_end(&buf);
}

static void percent_encoded_bytes(void **state)
{
	static const struct {
		struct pp_slice in;
		const char *also, *out;
	} rows[] = {
		{ PP_S("AZaz09-._~"), "", "AZaz09-._~" },
		{ PP_S("Lübeck an/der 100%"), "", "L%C3%BCbeck%20an%2Fder%20100%25" },
		{ PP_S("/run/a b"), "/", "/run/a%20b" },
		{ PP_S("@[`{\0\xff"), "/", "%40%5B%60%7B%00%FF" },
	};
	struct pp_buf buf;

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(rows); i++) {
		pp_buf_begin(&buf);
		pp_buf_percent(&buf, rows[i].in, rows[i].also);
		expect_text(&buf, rows[i].out);
		pp_buf_end(&buf);
	}
}

static void what_goes_in_comes_out(void **state)
{
	struct pp_buf buf;
	struct pp_scan scan;

	(void)state;
	pp_buf_begin(&buf);
	pp_buf_u8(&buf, 7);
	pp_buf_u16(&buf, 0xabcd);
	pp_buf_u32(&buf, 0xdeadbeef);
	pp_buf_u64(&buf, UINT64_C(0x0123456789abcdef));
	pp_buf_f64(&buf, -1.25);
	pp_buf_bytes(&buf, PP_S("Elbe"));
	pp_scan_begin(&scan, pp_buf_all(&buf));
	assert_int_equal(pp_scan_u8(&scan), 7);
	assert_int_equal(pp_scan_u16(&scan), 0xabcd);
	assert_int_equal(pp_scan_u32(&scan), 0xdeadbeef);
	assert_true(pp_scan_u64(&scan) == UINT64_C(0x0123456789abcdef));
	assert_true(pp_scan_f64(&scan) == -1.25);
	assert_true(pp_slice_is(pp_scan_bytes(&scan), PP_S("Elbe")));
	assert_false(scan.failed);
	assert_int_equal(pp_scan_u8(&scan), 0);
	assert_true(scan.failed);
	pp_buf_end(&buf);
}

static void a_length_that_lies_fails(void **state)
{
	struct pp_scan scan;

	(void)state;
	pp_scan_begin(&scan,
		PP_S("\xff\xff\xff\xff"
		     "ab"));
	assert_int_equal(pp_scan_bytes(&scan).len, 0);
	assert_true(scan.failed);
}

static unsigned order[3], released;

static void release(void *thing)
{
	order[released++] = *(unsigned *)thing;
}

static void arenas_release_in_reverse(void **state)
{
	struct pp_arena arena;

	(void)state;
	released = 0;
	pp_arena_begin(&arena);
	for (unsigned i = 0; i < 3; i++) {
		unsigned *thing = PP_NEW(&arena, unsigned);

		*thing = i;
		pp_own(&arena, release, thing);
		memset(pp_alloc(&arena, 100000 * (i + 1)), 1, 100000 * (i + 1));
	}
	assert_true(pp_slice_is(pp_format(&arena, "%s-%d", "a", 5), PP_S("a-5")));
	pp_arena_end(&arena);
	assert_int_equal(released, 3);
	assert_int_equal(order[0], 2);
	assert_int_equal(order[2], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_strings),
		cmocka_unit_test(fixed_numbers),
		cmocka_unit_test(cells_of_tables),
		cmocka_unit_test(csv_fields),
		cmocka_unit_test(percent_encoded_bytes),
		cmocka_unit_test(what_goes_in_comes_out),
		cmocka_unit_test(a_length_that_lies_fails),
		cmocka_unit_test(arenas_release_in_reverse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
