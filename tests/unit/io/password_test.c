/* SPDX-License-Identifier: EUPL-1.2 */
/* Which passwords may be chosen: what people type who are asked for twelve characters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <pp/base/check.h>
#include <pp/io/password.h>

static enum pp_password_fault judge(const char *password, const char *email)
{
	return pp_password_judge(pp_slice_of(password), pp_slice_of(email));
}

static void judges_by_how_soon_it_is_guessed(void **state)
{
	static const char *const guessed[] = { "passwort1234", "Passwort2026!", "123456789012",
		"qwertzuiopasdf", "aaaaaaaaaaaa", "abcabcabcabc", "Willkommen2026", "Hamburg2026!",
		"planungsplattform", "SommerSommer2026", "iloveyou1234", "Rathaus12345",
		"geheimgeheim", "Bebauungsplan1", "P@ssw0rt12345", "Dezember2026!" };
	static const char *const fit[] = { "drei alte Eichen am Bach", "Knick und Graben bleiben",
		"correct horse battery", "schneeflocke blau", "9f8a7b6c5d4e", "Elbe und Pinnau 1",
		"Überschwemmung am Deich",
		"\xe5\xae\x89\xe5\x85\xa8\xe3\x81\xaa\xe5\x90\x88\xe8\xa8"
		"\x80\xe8\x91\x89\xe3\x81\xa7\xe3\x81\x99\xe3\x81\xad\xe3\x82\x93\xe3\x81\x84\xe6"
		"\xb5\xb7" };

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(guessed); i++)
		if (judge(guessed[i], "") != PP_PASSWORD_GUESSED)
			fail_msg("%s passes", guessed[i]);
	for (size_t i = 0; i < PP_LENGTH(fit); i++)
		if (judge(fit[i], "") != PP_PASSWORD_FITS)
			fail_msg("%s does not pass", fit[i]);
}

static void counts_the_words_of_the_address_as_known(void **state)
{
	const char *mine = "annegret.wiesenkamp@ellerbek.example";

	(void)state;
	assert_int_equal(judge("Wiesenkamp-Ellerbek", ""), PP_PASSWORD_FITS);
	assert_int_equal(judge("Wiesenkamp-Ellerbek", mine), PP_PASSWORD_GUESSED);
	assert_int_equal(judge("annegret.wiesenkamp", mine), PP_PASSWORD_GUESSED);
	/* An address of any length and shape is only words. */
	char address[1000];
	for (size_t i = 0; i < sizeof(address) - 1; i++)
		address[i] = i % 5 ? 'x' : '.';
	address[sizeof(address) - 1] = '\0';
	assert_int_equal(judge("drei alte Eichen am Bach", address), PP_PASSWORD_FITS);
}

static void counts_characters_not_bytes(void **state)
{
	char longest[4 * PP_PASSWORD_MOST + 8];
	size_t length = 0;

	(void)state;
	assert_int_equal(judge("", ""), PP_PASSWORD_SHORT);
	assert_int_equal(judge("x7!kQ2#vP9m", ""), PP_PASSWORD_SHORT);
	assert_int_equal(judge("x7!kQ2#vP9mz", ""), PP_PASSWORD_FITS);
	assert_int_equal(judge("\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9fkQ2#", ""), PP_PASSWORD_SHORT);
	/* Two hundred characters of four bytes, in no order that repeats soon. */
	for (size_t i = 0; i < PP_PASSWORD_MOST; i++) {
		memcpy(longest + length, "\xf0\x9f\x98", 3);
		longest[length + 3] = (char)(0x80 + i * 37 % 61);
		length += 4;
	}
	longest[length] = '\0';
	assert_int_equal(judge(longest, ""), PP_PASSWORD_FITS);
	longest[length] = '!';
	longest[length + 1] = '\0';
	assert_int_equal(judge(longest, ""), PP_PASSWORD_LONG);
}

static void says_what_is_wrong(void **state)
{
	(void)state;
	assert_string_equal(pp_password_fault_text(PP_PASSWORD_FITS), "");
	assert_non_null(strstr(pp_password_fault_text(PP_PASSWORD_SHORT), "12"));
	assert_non_null(strstr(pp_password_fault_text(PP_PASSWORD_LONG), "200"));
	assert_non_null(strstr(pp_password_fault_text(PP_PASSWORD_GUESSED), "guessed"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_by_how_soon_it_is_guessed),
		cmocka_unit_test(counts_the_words_of_the_address_as_known),
		cmocka_unit_test(counts_characters_not_bytes),
		cmocka_unit_test(says_what_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
