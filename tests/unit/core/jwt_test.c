/* SPDX-License-Identifier: EUPL-1.2 */
/* Tokens: the examples of RFC 7515 and RFC 7520, and everything that makes one worthless. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include <pp/base/clock.h>
#include <pp/core/jwt.h>
#include <pp/io/secret.h>

#define JOE                                                                                        \
	"eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0" \
	"cnVlfQ"
#define FRODO                                                                                      \
	"SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAg" \
	"b250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dp" \
	"bmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4"
#define BILBO "bilbo.baggins@hobbiton.example"

/* RFC 7515 A.2 */
#define RSA_JOE                                                                                    \
	"\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":"                                                    \
	"\"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1" \
	"Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSH" \
	"SXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_" \
	"I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ\""
#define TOKEN_RS256                                                                                \
	"eyJhbGciOiJSUzI1NiJ9." JOE                                                                \
	".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8" \
	"W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvk" \
	"SjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCn" \
	"vWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"
/* RFC 7515 A.3 */
#define EC_JOE                                                                                     \
	"\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","  \
	"\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\""
#define TOKEN_ES256                                                                                \
	"eyJhbGciOiJFUzI1NiJ9." JOE                                                                \
	".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
/* RFC 7515 A.1 and A.5 */
#define TOKEN_HS256                                                                                \
	"eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." JOE                                            \
	".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define OCTETS                                                                                     \
	"\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0i" \
	"PS4hcgUuTwjAzZr1Z9CAow\""
#define TOKEN_NONE "eyJhbGciOiJub25lIn0." JOE "."
/* RFC 7520 §3.3 and §4.1 */
#define RSA_BILBO                                                                                  \
	"\"kty\":\"RSA\",\"kid\":\"" BILBO "\",\"use\":\"sig\",\"e\":\"AQAB\",\"n\":"              \
	"\"n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQH" \
	"z_AJmSCpMaJMRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHY" \
	"pPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4" \
	"fg_3L_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw\""
#define SIGNATURE_BILBO                                                                            \
	"MRjdkly7_-oTPTS3AXP41iQIGKa80A0ZmTuV5MEaHoxnW2e5CZ5NlKtainoFmKZopdHM1O2U4mwzJdQx996ivp83" \
	"xuglII7PNDi84wnB-BDkoBwA78185hX-Es4JIwmDLJK3lfWRa-XtL0RnltuYv746iYTh_qHRD68BNt1uSNCrUCTJ" \
	"Dt5aAE6x8wW1Kt9eRo4QPocSadnHXFxnt8Is9UzpERV0ePPQdLuW3IS_de3xyIrDaLGdjluPxUAhb6L2aXic1U12" \
	"podGU0KLUQSE_oI-ZnmKJ3F4uOZDnd6QZWJushZ41Axf_fcIe8u9ipH84ogoree7vjbU5y18kDquDg"
/* RFC 7520 §3.1 and §4.3 */
#define EC_BILBO                                                                                   \
	"\"kty\":\"EC\",\"kid\":\"" BILBO "\",\"use\":\"sig\",\"crv\":\"P-521\",\"x\":"            \
	"\"AHKZLLOsCOzz5cY97ewNUajB957y-C-U88c3v13nmGZx6sYl_oJXu9A5RkTKqjqvjyekWF-7ytDyRXYgCF5cj0" \
	"Kt\",\"y\":\"AdymlHvOiLxXkEhayXQnNCvDX4h9htZaCJN34kfmC6pV5OhQHiraVySsUdaQkAgDPrwQrJmbnX9" \
	"cwlGfP-HqHZR1\""
#define SIGNATURE_EC_BILBO                                                                         \
	"AE_R_YZCChjn4791jSQCrdPZCNYqHXCTZH0-JZGYNlaAjP2kqaluUIIUnC9qvbu9Plon7KRTzoNEuT4Va2cmL1eJ" \
	"AQy3mtPBu_u_sDDyYjnAMDxXPn7XrT0lw-kvAD890jl8e2puQens_IEKBpHABlsbEPX6sFY8OcGDqoRuBomu9xQ2"

/* Made for this test: good, but with a key of 1,024 bits. */
#define RSA_WEAK                                                                                   \
	"\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\""                                                  \
	"z3OMEYOqlQ0xRTW32qXb40dsGXmFIGGKmKcFA10Hc8l3s8qvxn-OAp0JQ1PXCgm-ta3p5hZZ0oTxviwX"         \
	"xzpKjfJNQzXRDDjEcMrhJ1oLy4AjtzUlmRSOgsplU5Pn6wgpXM2t-_bd9VDu6rS683sJkeOnKoTz9EFe"         \
	"k0lnpe02FYE"                                                                              \
	"\""
#define TOKEN_WEAK                                                                                 \
	"eyJhbGciOiJSUzI1NiJ9." JOE "."                                                            \
	"eXI2twtNmLpwsU_G26AwHv9bjYkLois5WfE6GZFRZPI5b36sqXuck7DHcues001vYXEjg7xuBdMyUHzh"         \
	"jLsi54DdkpG2uAKRGp_eu0vPpP4MOPmziYqFDXv3dob4E8QaB9cUMRcKrSnWYko_fgL148REY3BKUeXi"         \
	"pXwcIsFaHC4"

#define ALL "RS256 RS512 PS256 PS512 ES256 ES512 HS256 none"

static struct pp_arena arena;
static struct pp_fault fault;

static int set_up(void **state)
{
	(void)state;
	pp_arena_begin(&arena);
	pp_secret_open();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	pp_arena_end(&arena);
	return 0;
}

static struct pp_json *keys_of(const char *first, const char *second)
{
	struct pp_json *keys = pp_json_read(&arena,
		pp_format(&arena, second ? "{\"keys\":[{%s},{%s}]}" : "{\"keys\":[{%s}]}", first,
			second),
		&fault);

	assert_non_null(keys);
	return keys;
}

/* The payload of RFC 7520 is prose: only its signature can be looked at. */
static enum pp_signature of_bilbo(const char *alg, const char *signature, const char *key)
{
	struct pp_slice header = pp_format(&arena, "{\"alg\":\"%s\",\"kid\":\"" BILBO "\"}", alg);
	struct pp_buf *text = pp_buf_make(&arena);

	pp_base64url(text, header);
	pp_buf_format(text, "." FRODO ".%s", signature);
	return pp_jwt_signature(&arena,
		&(struct pp_jwt){
			.text = pp_buf_all(text), .alg = pp_slice_of(alg), .kid = PP_S(BILBO) },
		keys_of(key, NULL), PP_S(ALL), &fault);
}

static enum pp_signature of(const char *token, const struct pp_json *keys, const char *allowed)
{
	struct pp_jwt jwt;

	if (!pp_jwt_read(&arena, pp_slice_of(token), &jwt, &fault))
		return PP_NOT_SIGNED;
	return pp_jwt_signature(&arena, &jwt, keys, pp_slice_of(allowed), &fault);
}

static void knows_the_signatures_of_the_rfcs(void **state)
{
	(void)state;
	assert_int_equal(of(TOKEN_RS256, keys_of(RSA_JOE, NULL), ALL), PP_SIGNED);
	assert_int_equal(of(TOKEN_ES256, keys_of(EC_JOE, NULL), ALL), PP_SIGNED);
	assert_int_equal(of(TOKEN_ES256, keys_of(RSA_JOE, EC_JOE), ALL), PP_SIGNED);
	assert_int_equal(of_bilbo("RS256", SIGNATURE_BILBO, RSA_BILBO), PP_SIGNED);
	assert_int_equal(of_bilbo("ES512", SIGNATURE_EC_BILBO, EC_BILBO), PP_SIGNED);
}

static void takes_no_other_algorithm(void **state)
{
	(void)state;
	assert_int_equal(of(TOKEN_HS256, keys_of(OCTETS, NULL), ALL), PP_NOT_SIGNED);
	assert_int_equal(of(TOKEN_NONE, keys_of(RSA_JOE, NULL), ALL), PP_NOT_SIGNED);
	assert_int_equal(of(TOKEN_RS256, keys_of(RSA_JOE, NULL), "ES256 PS256"), PP_NOT_SIGNED);
	assert_int_equal(of(TOKEN_RS256, keys_of(RSA_JOE, NULL), ""), PP_NOT_SIGNED);
	assert_true(pp_jwt_is_algorithm(PP_S("RS256")));
	assert_true(pp_jwt_is_algorithm(PP_S("ES384")));
	assert_false(pp_jwt_is_algorithm(PP_S("HS256")));
	assert_false(pp_jwt_is_algorithm(PP_S("none")));
	assert_false(pp_jwt_is_algorithm(PP_S("rs256")));
	assert_false(pp_jwt_is_algorithm(PP_S("")));
}

static void takes_only_a_key_that_is_meant(void **state)
{
	(void)state;
	assert_int_equal(of(TOKEN_RS256, keys_of(EC_JOE, NULL), ALL), PP_KEY_UNKNOWN);
	assert_int_equal(of(TOKEN_ES256, keys_of(EC_BILBO, NULL), ALL), PP_KEY_UNKNOWN);
	assert_int_equal(
		of(TOKEN_RS256, keys_of(RSA_JOE ",\"use\":\"enc\"", NULL), ALL), PP_KEY_UNKNOWN);
	assert_int_equal(
		of(TOKEN_RS256, keys_of(RSA_JOE ",\"alg\":\"PS256\"", NULL), ALL), PP_KEY_UNKNOWN);
	assert_int_equal(
		of(TOKEN_RS256, keys_of(RSA_JOE ",\"alg\":\"RS256\"", NULL), ALL), PP_SIGNED);
	/* Without a name only one may fit, and it is not tried which. */
	assert_int_equal(of(TOKEN_RS256, keys_of(RSA_JOE, RSA_BILBO), ALL), PP_NOT_SIGNED);
	assert_int_equal(of(TOKEN_RS256, keys_of(RSA_BILBO, NULL), ALL), PP_NOT_SIGNED);
	assert_int_equal(of(TOKEN_WEAK, keys_of(RSA_WEAK, NULL), ALL), PP_NOT_SIGNED);
}

/* Not one byte may be another, of the header, of the payload or of the signature. */
static void notices_every_change(void **state)
{
	char token[] = TOKEN_ES256;
	struct pp_json *keys = keys_of(EC_JOE, NULL);

	(void)state;
	for (size_t i = 0; i + 1 < sizeof(token); i++) {
		char kept = token[i];

		token[i] = kept == 'A' ? 'B' : 'A';
		if (of(token, keys, ALL) == PP_SIGNED)
			fail_msg("byte %zu", i);
		token[i] = kept;
	}
	assert_int_equal(of(token, keys, ALL), PP_SIGNED);
}

static const char *token_of(const char *header, const char *claims)
{
	struct pp_buf *text = pp_buf_make(&arena);

	pp_base64url(text, pp_slice_of(header));
	pp_buf_u8(text, '.');
	pp_base64url(text, pp_slice_of(claims));
	pp_buf_text(text, ".c2ln");
	pp_buf_u8(text, 0);
	return text->at;
}

static void reads_nothing_that_is_ambiguous(void **state)
{
	static const char *const headers[] = { "{\"alg\":\"RS256\",\"alg\":\"none\"}",
		"{\"alg\":\"RS256\",\"crit\":[\"b64\"]}", "{\"alg\":\"RS256\",\"b64\":false}",
		"[\"RS256\"]", "{\"alg\":", "" };
	static const char *const texts[] = { "", ".", "..", "...", "eyJhbGciOiJub25lIn0.e30",
		"eyJhbGciOiJub25lIn0.e30.a.b", "eyJhbGciOiJub25lIn0=.e30.",
		"eyJhbGciOiJub25lIn1.e30.", "eyJhbGciOiJub25lIn0.e31.", "eyJhbGciOiJub25lIn0.e30.a",
		" eyJhbGciOiJub25lIn0.e30.", "eyJhbGciOiJub25lIn0.e 30.",
		"eyJhbGciOiJub25lIn0.WzFd." };
	struct pp_jwt jwt;

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(headers); i++)
		if (pp_jwt_read(&arena, pp_slice_of(token_of(headers[i], "{}")), &jwt, &fault))
			fail_msg("%s", headers[i]);
	for (size_t i = 0; i < PP_LENGTH(texts); i++)
		if (pp_jwt_read(&arena, pp_slice_of(texts[i]), &jwt, &fault))
			fail_msg("%s", texts[i]);
	assert_false(pp_jwt_read(&arena,
		pp_slice_of(token_of("{\"alg\":\"RS256\"}", "{\"sub\":\"a\",\"sub\":\"b\"}")), &jwt,
		&fault));
	assert_true(pp_jwt_read(
		&arena, pp_slice_of(token_of("{\"alg\":\"RS256\"}", "{}")), &jwt, &fault));
	assert_int_equal(fault.problem, PP_token_invalid);
}

#define HH    "https://konto.hh.example"
#define NOW_S 1800000000
static const struct pp_jwt_expected expected = { .issuer = { HH, sizeof(HH) - 1 },
	.audience = { "planung", 7 },
	.at_utc = NOW_S * PP_SECOND,
	.nonce = { "n1", 2 },
	.access_token = { "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y", 43 } };

typedef bool kind(const struct pp_jwt *, const struct pp_jwt_expected *, struct pp_fault *);

static bool is(kind *holds, const char *header, const char *claims)
{
	struct pp_jwt jwt;

	fault.detail[0] = '\0';
	assert_true(pp_jwt_read(&arena, pp_slice_of(token_of(header, claims)), &jwt, &fault));
	return holds(&jwt, &expected, &fault);
}

#define R256   "{\"alg\":\"RS256\"}"
#define WHO    "\"iss\":\"" HH "\",\"sub\":\"s\","
#define WHEN   "\"iat\":1799999990,\"exp\":1800000300"
#define FOR_US "\"aud\":\"planung\","
#define NONCE  ",\"nonce\":\"n1\""

static const struct {
	const char *header, *claims;
	bool good;
} id_tokens[] = {
	{ R256, "{" WHO FOR_US WHEN NONCE "}", true },
	{ "{\"alg\":\"RS256\",\"typ\":\"JWT\"}", "{" WHO FOR_US WHEN NONCE "}", true },
	{ "{\"alg\":\"RS256\",\"typ\":\"at+jwt\"}", "{" WHO FOR_US WHEN NONCE "}", false },
	{ "{\"alg\":\"RS256\",\"typ\":\"logout+jwt\"}", "{" WHO FOR_US WHEN NONCE "}", false },
	{ R256, "{\"iss\":\"" HH "/\",\"sub\":\"s\"," FOR_US WHEN NONCE "}", false },
	{ R256, "{\"iss\":\"https://konto.sh.example\",\"sub\":\"s\"," FOR_US WHEN NONCE "}",
		false },
	{ R256, "{\"sub\":\"s\"," FOR_US WHEN NONCE "}", false },
	{ R256, "{\"iss\":[\"" HH "\"],\"sub\":\"s\"," FOR_US WHEN NONCE "}", false },
	{ R256, "{" WHO WHEN NONCE "}", false },
	{ R256, "{" WHO "\"aud\":\"other\"," WHEN NONCE "}", false },
	{ R256, "{" WHO "\"aud\":[\"planung\"]," WHEN NONCE "}", true },
	{ R256, "{" WHO "\"aud\":[]," WHEN NONCE "}", false },
	{ R256, "{" WHO "\"aud\":[\"other\",\"planung\"]," WHEN NONCE "}", false },
	{ R256, "{" WHO "\"aud\":[\"other\",\"planung\"],\"azp\":\"planung\"," WHEN NONCE "}",
		true },
	{ R256, "{" WHO "\"aud\":[\"other\",\"planung\"],\"azp\":\"other\"," WHEN NONCE "}",
		false },
	{ R256, "{" WHO FOR_US "\"azp\":\"other\"," WHEN NONCE "}", false },
	{ R256, "{" WHO FOR_US WHEN "}", false },
	{ R256, "{" WHO FOR_US WHEN ",\"nonce\":\"n2\"}", false },
	{ R256, "{" WHO FOR_US WHEN ",\"nonce\":null}", false },
	{ R256, "{\"iss\":\"" HH "\"," FOR_US WHEN NONCE "}", false },
	{ R256, "{\"iss\":\"" HH "\",\"sub\":\"\"," FOR_US WHEN NONCE "}", false },
	{ R256, "{\"iss\":\"" HH "\",\"sub\":7," FOR_US WHEN NONCE "}", false },
	/* 60 s of skew, on either side */
	{ R256, "{" WHO FOR_US "\"iat\":1799999990,\"exp\":1799999941" NONCE "}", true },
	{ R256, "{" WHO FOR_US "\"iat\":1799999990,\"exp\":1799999940" NONCE "}", false },
	{ R256, "{" WHO FOR_US "\"iat\":1800000060,\"exp\":1800000300" NONCE "}", true },
	{ R256, "{" WHO FOR_US "\"iat\":1800000061,\"exp\":1800000300" NONCE "}", false },
	{ R256, "{" WHO FOR_US "\"iat\":1799999399,\"exp\":1800000300" NONCE "}", false },
	{ R256, "{" WHO FOR_US "\"iat\":1799999400,\"exp\":1800000300" NONCE "}", true },
	{ R256, "{" WHO FOR_US "\"exp\":1800000300" NONCE "}", false },
	{ R256, "{" WHO FOR_US "\"iat\":1799999990" NONCE "}", false },
	{ R256, "{" WHO FOR_US "\"iat\":1799999990,\"exp\":\"1800000300\"" NONCE "}", false },
	{ R256, "{" WHO FOR_US "\"iat\":1799999990,\"exp\":9223372036854775807" NONCE "}", false },
	{ R256, "{" WHO FOR_US "\"iat\":1799999990.5,\"exp\":1800000300.25" NONCE "}", true },
	{ R256, "{" WHO FOR_US WHEN ",\"nbf\":1800000060" NONCE "}", true },
	{ R256, "{" WHO FOR_US WHEN ",\"nbf\":1800000061" NONCE "}", false },
	{ R256, "{" WHO FOR_US WHEN ",\"nbf\":\"x\"" NONCE "}", false },
	/* OpenID Connect Core A.3 has this pair of token and hash. */
	{ R256, "{" WHO FOR_US WHEN NONCE ",\"at_hash\":\"77QmUPtjPfzWtF2AnpK9RQ\"}", true },
	{ R256, "{" WHO FOR_US WHEN NONCE ",\"at_hash\":\"77QmUPtjPfzWtF2AnpK9RR\"}", false },
	{ R256, "{" WHO FOR_US WHEN NONCE ",\"at_hash\":7}", false },
	/* Of the same token by openssl dgst -sha384. */
	{ "{\"alg\":\"ES384\"}",
		"{" WHO FOR_US WHEN NONCE ",\"at_hash\":\"jtAeDp945y1dDqU3nkIVGNZP1HjH_MFs\"}",
		true },
	{ "{\"alg\":\"ES384\"}",
		"{" WHO FOR_US WHEN NONCE ",\"at_hash\":\"77QmUPtjPfzWtF2AnpK9RQ\"}", false },
	{ "{\"alg\":\"RS512\"}",
		"{" WHO FOR_US WHEN NONCE ",\"at_hash\":\"77QmUPtjPfzWtF2AnpK9RQ\"}", false },
};

static void takes_id_tokens_as_openid_connect_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < PP_LENGTH(id_tokens); i++)
		if (is(pp_jwt_is_id_token, id_tokens[i].header, id_tokens[i].claims) !=
			id_tokens[i].good)
			fail_msg("%s %s: %s", id_tokens[i].header, id_tokens[i].claims,
				fault.detail);
}

/* At 1,800,000,000 five minutes were asked for. */
static void sees_when_credentials_were_given(void **state)
{
	static const struct {
		const char *auth_time;
		bool good;
	} said[] = { { "1799999700", true }, { "1799999640", true }, { "1799999639", false },
		{ "1800000060", true }, { "1800000061", false }, { "\"1800000000\"", false },
		{ "null", false } };
	struct pp_jwt_expected wanted = expected;

	(void)state;
	wanted.max_age_s = 300;
	for (size_t i = 0; i < PP_LENGTH(said); i++) {
		struct pp_slice claims = pp_format(
			&arena, "{" WHO FOR_US WHEN NONCE ",\"auth_time\":%s}", said[i].auth_time);
		struct pp_jwt jwt;

		assert_true(
			pp_jwt_read(&arena, pp_slice_of(token_of(R256, claims.at)), &jwt, &fault));
		wanted.has_max_age = true;
		if (pp_jwt_is_id_token(&jwt, &wanted, &fault) != said[i].good)
			fail_msg("%s: %s", said[i].auth_time, fault.detail);
		wanted.has_max_age = false;
		assert_true(pp_jwt_is_id_token(&jwt, &wanted, &fault));
	}
}

#define AT      "{\"alg\":\"RS256\",\"typ\":\"at+jwt\"}"
#define PROGRAM ",\"client_id\":\"gis\",\"jti\":\"1\""

static void takes_access_tokens_as_rfc_9068_says(void **state)
{
	static const struct {
		const char *header, *claims;
		bool good;
	} table[] = {
		{ AT, "{" WHO FOR_US WHEN PROGRAM "}", true },
		{ "{\"alg\":\"RS256\",\"typ\":\"application/at+jwt\"}",
			"{" WHO FOR_US WHEN PROGRAM "}", true },
		/* An ID token is no access token. */
		{ R256, "{" WHO FOR_US WHEN PROGRAM NONCE "}", false },
		{ "{\"alg\":\"RS256\",\"typ\":\"JWT\"}", "{" WHO FOR_US WHEN PROGRAM "}", false },
		{ AT, "{" WHO "\"aud\":\"other\"," WHEN PROGRAM "}", false },
		{ AT, "{" WHO FOR_US "\"iat\":1799990000,\"exp\":1799999940" PROGRAM "}", false },
		{ AT, "{" WHO FOR_US "\"iat\":1799990000,\"exp\":1800000300" PROGRAM "}", true },
		{ AT, "{" WHO FOR_US WHEN ",\"jti\":\"1\"}", false },
		{ AT, "{" WHO FOR_US WHEN ",\"client_id\":\"gis\"}", false },
		{ AT, "{\"iss\":\"" HH "\"," FOR_US WHEN PROGRAM "}", false },
	};

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(table); i++)
		if (is(pp_jwt_is_access_token, table[i].header, table[i].claims) != table[i].good)
			fail_msg("%s %s: %s", table[i].header, table[i].claims, fault.detail);
}

#define EVENT ",\"events\":{\"http://schemas.openid.net/event/backchannel-logout\":{}}"

static void takes_logout_tokens_as_openid_connect_says(void **state)
{
	static const struct {
		const char *header, *claims;
		bool good;
	} table[] = {
		{ R256, "{" WHO FOR_US WHEN EVENT "}", true },
		{ "{\"alg\":\"RS256\",\"typ\":\"logout+jwt\"}", "{" WHO FOR_US WHEN EVENT "}",
			true },
		{ R256, "{\"iss\":\"" HH "\",\"sid\":\"x\"," FOR_US WHEN EVENT "}", true },
		{ R256, "{\"iss\":\"" HH "\"," FOR_US WHEN EVENT "}", false },
		{ R256, "{" WHO FOR_US WHEN "}", false },
		{ R256, "{" WHO FOR_US WHEN ",\"events\":[]}", false },
		{ R256, "{" WHO FOR_US WHEN ",\"events\":{}}", false },
		{ R256, "{" WHO FOR_US WHEN EVENT NONCE "}", false },
		{ R256, "{" WHO "\"aud\":\"other\"," WHEN EVENT "}", false },
		{ AT, "{" WHO FOR_US WHEN EVENT "}", false },
	};

	(void)state;
	for (size_t i = 0; i < PP_LENGTH(table); i++)
		if (is(pp_jwt_is_logout_token, table[i].header, table[i].claims) != table[i].good)
			fail_msg("%s %s: %s", table[i].header, table[i].claims, fault.detail);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_the_signatures_of_the_rfcs),
		cmocka_unit_test(takes_no_other_algorithm),
		cmocka_unit_test(takes_only_a_key_that_is_meant),
		cmocka_unit_test(notices_every_change),
		cmocka_unit_test(reads_nothing_that_is_ambiguous),
		cmocka_unit_test(takes_id_tokens_as_openid_connect_says),
		cmocka_unit_test(sees_when_credentials_were_given),
		cmocka_unit_test(takes_access_tokens_as_rfc_9068_says),
		cmocka_unit_test(takes_logout_tokens_as_openid_connect_says),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
