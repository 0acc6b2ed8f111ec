/* SPDX-License-Identifier: EUPL-1.2 */
/* One-time passwords: the tables of RFC 6238 and RFC 4226. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <pp/base/clock.h>
#include <pp/core/totp.h>

#define SECRET PP_S("12345678901234567890")

static void knows_the_codes_of_rfc_6238(void **state)
{
	/* Appendix B has eight digits; the last six are a code of six. */
	static const struct {
		int64_t seconds;
		const char *code;
	} table[] = { { 59, "287082" }, { 1111111109, "081804" }, { 1111111111, "050471" },
		{ 1234567890, "005924" }, { 2000000000, "279037" }, { 20000000000, "353130" } };

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(table); i++) {
		char code[PP_TOTP_DIGITS + 1];

		pp_totp_code(SECRET, pp_totp_step(table[i].seconds * PP_SECOND), code);
		assert_string_equal(code, table[i].code);
	}
}

static void knows_the_codes_of_rfc_4226(void **state)
{
	static const char *const table[] = { "755224", "287082", "359152", "969429", "338314",
		"254676", "287922", "162583", "399871", "520489" };

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(table); i++) {
		char code[PP_TOTP_DIGITS + 1];

		pp_totp_code(SECRET, (int64_t)i, code);
		assert_string_equal(code, table[i]);
	}
}

static void takes_the_neighbours_and_says_whose(void **state)
{
	int64_t at = 5 * 30 * PP_SECOND + 7, step = -1;

	(void)state;
	assert_true(pp_totp_is(SECRET, at, PP_S("338314"), &step));
	assert_int_equal(step, 4);
	assert_true(pp_totp_is(SECRET, at, PP_S("254676"), &step));
	assert_int_equal(step, 5);
	assert_true(pp_totp_is(SECRET, at, PP_S("287922"), &step));
	assert_int_equal(step, 6);
	assert_false(pp_totp_is(SECRET, at, PP_S("969429"), &step));
	assert_false(pp_totp_is(SECRET, at, PP_S("162583"), &step));
	assert_false(pp_totp_is(SECRET, at, PP_S(""), &step));
	assert_false(pp_totp_is(SECRET, at, PP_S("2546760"), &step));
	assert_false(pp_totp_is(SECRET, at, PP_S("25467"), &step));
}

static void writes_base32(void **state)
{
	/* RFC 4648 §10, without the padding */
	static const struct {
		const char *plain, *text;
	} table[] = { { "", "" }, { "f", "MY" }, { "fo", "MZXQ" }, { "foo", "MZXW6" },
		{ "foob", "MZXW6YQ" }, { "fooba", "MZXW6YTB" }, { "foobar", "MZXW6YTBOI" } };

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(table); i++) {
		struct pp_buf out;

		pp_buf_begin(&out);
		pp_totp_base32(&out, pp_slice_of(table[i].plain));
		assert_true(pp_slice_is(pp_buf_all(&out), pp_slice_of(table[i].text)));
		pp_buf_end(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_the_codes_of_rfc_6238),
		cmocka_unit_test(knows_the_codes_of_rfc_4226),
		cmocka_unit_test(takes_the_neighbours_and_says_whose),
		cmocka_unit_test(writes_base32),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
