/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include <pp/core/caller.h>

static struct pp_proxies read_list(const char *text)
{
	struct pp_proxies proxies;
	char error[256];

	assert_true(pp_proxies_read(&proxies, pp_slice_of(text), error));
	return proxies;
}

static void lists_of_proxies(void **state)
{
	static const char *const bad[] = { "10.0.0.0/33", "10.0.0/8", "::1/129", "10.0.0.0/", "x",
		"unix;10.0.0.1", "10.0.0.1 10.0.0.2", "10.0.0.0/-1", "localhost", ",",
		"1111:2222:3333:4444:5555:6666:255.255.255.255.255" };
	struct pp_proxies proxies = read_list(" unix , 10.0.0.0/8,2001:db8::/32,::1 ");
	char error[256];

	(void)state;
	assert_true(proxies.has_unix);
	assert_int_equal(proxies.count, 3);
	assert_int_equal(proxies.networks[0].bits, 96 + 8);
	assert_int_equal(proxies.networks[1].bits, 32);
	assert_int_equal(proxies.networks[2].bits, 128);
	assert_int_equal(read_list("").count, 0);
	for (size_t i = 0; i < PP_LENGTH(bad); i++)
		assert_false(pp_proxies_read(&proxies, pp_slice_of(bad[i]), error));
	assert_false(pp_proxies_read(&proxies,
		PP_S("1.1.1.1,1.1.1.2,1.1.1.3,1.1.1.4,1.1.1.5,1.1.1.6,1.1.1.7,1.1.1.8,1.1.1.9,"
		     "1.1.1.10,1.1.1.11,1.1.1.12,1.1.1.13,1.1.1.14,1.1.1.15,1.1.1.16,1.1.1.17"),
		error));
}

static const struct {
	const char *proxies, *peer, *forwarded, *proto;
	const char *client; /* the whole address; "" where it is not known */
	bool is_tls, is_private;
} callers[] = {
	/* Nobody is believed. */
	{ "", "192.0.2.1", "198.51.100.7", "https", "192.0.2.1", false, false },
	{ "unix", "192.0.2.1", "198.51.100.7", "https", "192.0.2.1", false, false },
	{ "", "unix", "198.51.100.7", "https", "", false, false },
	/* The proxy is. */
	{ "unix", "unix", "198.51.100.7", "https", "198.51.100.7", true, true },
	{ "unix", "unix", "", "", "", false, true },
	{ "unix", "unix", "", "HTTPS", "", true, true },
	{ "unix", "unix", "198.51.100.7", "https, http", "198.51.100.7", false, false },
	{ "127.0.0.0/8", "127.0.0.1", "2001:DB8::7", "http", "2001:db8::7", false, false },
	{ "127.0.0.1", "127.0.0.1", "", "", "127.0.0.1", false, true },
	{ "127.0.0.1", "127.0.0.2", "198.51.100.7", "https", "127.0.0.2", false, false },
	/* What stands left of the first stranger is a stranger's word. */
	{ "unix", "unix", "203.0.113.9, 198.51.100.7", "", "198.51.100.7", false, false },
	{ "unix,10.0.0.0/8", "unix", "203.0.113.9, 198.51.100.7, 10.1.2.3", "", "198.51.100.7",
		false, false },
	{ "unix,10.0.0.0/8", "unix", "10.9.9.9, 10.1.2.3", "", "10.9.9.9", false, false },
	/* Nonsense ends the walk where it stands. */
	{ "unix", "unix", "unknown", "", "", false, false },
	{ "unix,10.0.0.0/8", "unix", "198.51.100.7, _hidden, 10.1.2.3", "", "10.1.2.3", false,
		false },
	{ "unix", "unix", "198.51.100.7,", "", "", false, false },
	/* The same address in another dress. */
	{ "10.0.0.0/8", "::ffff:10.0.0.1", "198.51.100.7", "", "198.51.100.7", false, false },
	/* Nearer than this machine nobody is; what another one forwards may come from anywhere. */
	{ "", "unix", "", "", "", false, true },
	{ "", "127.8.9.1", "", "", "127.8.9.1", false, true },
	{ "", "::1", "", "", "::1", false, true },
	{ "", "::ffff:127.0.0.1", "", "", "127.0.0.1", false, true },
	{ "", "::2", "", "", "::2", false, false },
	{ "", "128.0.0.1", "", "", "128.0.0.1", false, false },
	{ "", "::127.0.0.1", "", "", "::127.0.0.1", false, false },
	{ "", "127.0.0.1", "198.51.100.7", "", "127.0.0.1", false, false },
	{ "", "127.0.0.1", "", "https", "127.0.0.1", false, false },
	{ "unix", "unix", "", "http", "", false, false },
	{ "unix", "unix", "127.0.0.1", "http", "127.0.0.1", false, false },
};

static void callers_are_found(void **state)
{
	struct pp_arena arena;

	(void)state;
	pp_arena_begin(&arena);
	for (size_t i = 0; i < PP_LENGTH(callers); i++) {
		struct pp_proxies proxies = read_list(callers[i].proxies);
		struct pp_caller caller = pp_caller_of(&proxies, pp_slice_of(callers[i].peer),
			pp_slice_of(callers[i].forwarded), pp_slice_of(callers[i].proto));
		struct pp_slice text = pp_caller_text(&arena, &caller, PP_ADDRESS_FULL);

		assert_string_equal(pp_text(&arena, text), callers[i].client);
		assert_int_equal(caller.is_known, callers[i].client[0] != '\0');
		assert_int_equal(caller.is_tls, callers[i].is_tls);
		assert_int_equal(caller.is_private, callers[i].is_private);
	}
	pp_arena_end(&arena);
}

static void logs_keep_a_part(void **state)
{
	static const struct {
		const char *address, *prefix;
	} cases[] = { { "192.0.2.130", "192.0.2.0/24" }, { "::ffff:192.0.2.130", "192.0.2.0/24" },
		{ "2001:db8:1:23ff:4567::89", "2001:db8:1:2300::/56" }, { "::1", "::/56" } };
	struct pp_arena arena;
	struct pp_proxies none = { 0 };
	enum pp_address_detail detail;

	(void)state;
	pp_arena_begin(&arena);
	for (size_t i = 0; i < PP_LENGTH(cases); i++) {
		struct pp_caller caller = pp_caller_of(
			&none, pp_slice_of(cases[i].address), PP_S(""), PP_S(""));

		assert_string_equal(
			pp_text(&arena, pp_caller_text(&arena, &caller, PP_ADDRESS_PREFIX)),
			cases[i].prefix);
		assert_int_equal(pp_caller_text(&arena, &caller, PP_ADDRESS_NONE).len, 0);
	}
	assert_true(pp_address_detail_named(PP_S("prefix"), &detail));
	assert_int_equal(detail, PP_ADDRESS_PREFIX);
	assert_false(pp_address_detail_named(PP_S("all"), &detail));
	pp_arena_end(&arena);
}

static void cut(const char *address, unsigned bits4, unsigned bits6, const char *expected)
{
	struct pp_address whole, wanted, kept;

	assert_true(pp_address_read(&whole, pp_slice_of(address)));
	assert_true(pp_address_read(&wanted, pp_slice_of(expected)));
	kept = pp_address_cut(&whole, bits4, bits6);
	assert_memory_equal(&kept, &wanted, sizeof(kept));
}

static void prefixes(void **state)
{
	(void)state;
	cut("203.0.113.255", 32, 64, "203.0.113.255");
	cut("203.0.113.255", 25, 64, "203.0.113.128");
	cut("203.0.113.255", 0, 64, "0.0.0.0");
	cut("2001:db8:ffff:ffff:ffff::1", 32, 64, "2001:db8:ffff:ffff::");
	cut("2001:db8:ffff:ffff:ffff::1", 32, 61, "2001:db8:ffff:fff8::");
	cut("2001:db8::1", 32, 128, "2001:db8::1");
	cut("2001:db8::1", 32, 0, "::");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_of_proxies),
		cmocka_unit_test(callers_are_found),
		cmocka_unit_test(logs_keep_a_part),
		cmocka_unit_test(prefixes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
