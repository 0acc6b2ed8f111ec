/* SPDX-License-Identifier: EUPL-1.2 */
#include <pp/core/jwt.h>

#include <pp/base/clock.h>
#include <pp/io/hmac.h>
#include <pp/io/secret.h>

#define SUBJECT_MAX 255 /* OpenID Connect Core §2 */

static struct pp_slice text_of(const struct pp_json *object, const char *name)
{
	const struct pp_json *value = pp_json_member(object, pp_slice_of(name));

	return value ? pp_json_text(value) : PP_S("");
}

bool pp_jwt_looks_so(struct pp_slice text)
{
	struct pp_slice rest = text;
	int dots = 0;

	for (size_t i = 0; i < text.len; i++)
		dots += text.at[i] == '.';
	/* {" in base64url, with either blank that may stand between. */
	return dots == 2 && pp_slice_starts(pp_slice_cut(rest, '.', &rest), PP_S("ey"));
}

static struct pp_json *read_part(
	struct pp_arena *arena, struct pp_slice part, const char *what, struct pp_fault *fault)
{
	struct pp_slice bytes;
	struct pp_json *json;

	if (!pp_base64url_read(arena, part, &bytes)) {
		pp_fault(fault, PP_token_invalid, "its %s is not base64url", what);
		return NULL;
	}
	json = pp_json_read(arena, bytes, fault);
	if (!json || pp_json_kind(json) != PP_JSON_OBJECT) {
		pp_fault(fault, PP_token_invalid, "its %s is no JSON object", what);
		return NULL;
	}
	return json;
}

bool pp_jwt_read(
	struct pp_arena *arena, struct pp_slice text, struct pp_jwt *out, struct pp_fault *fault)
{
	struct pp_slice rest, header_part, claims_part, signature;
	struct pp_json *header;

	*out = (struct pp_jwt){ .text = pp_copy(arena, text) };
	header_part = pp_slice_cut(out->text, '.', &rest);
	claims_part = pp_slice_cut(rest, '.', &rest);
	if (text.len > PP_JWT_SIZE || !pp_jwt_looks_so(text) ||
		!pp_base64url_read(arena, rest, &signature))
		return pp_fault(fault, PP_token_invalid,
			"it is no signed token in compact form of %d bytes at most", PP_JWT_SIZE);
	header = read_part(arena, header_part, "header", fault);
	out->claims = read_part(arena, claims_part, "payload", fault);
	if (!header || !out->claims)
		return false;
	if (pp_json_member(header, PP_S("crit")) || pp_json_member(header, PP_S("b64")))
		return pp_fault(fault, PP_token_invalid, "it needs an extension that is not known");
	out->alg = text_of(header, "alg");
	out->kid = text_of(header, "kid");
	out->typ = text_of(header, "typ");
	out->issuer = text_of(out->claims, "iss");
	return true;
}

/* RFC 7519 §2: seconds since 1970, possibly with a fraction. */
static bool instant_of(const struct pp_json *claims, const char *name, int64_t *seconds)
{
	const struct pp_json *value = pp_json_member(claims, pp_slice_of(name));

	if (!value)
		return false;
	if (pp_json_kind(value) == PP_JSON_INTEGER)
		*seconds = pp_json_integer(value);
	else if (pp_json_kind(value) == PP_JSON_NUMBER && pp_json_number(value) > -1e12 &&
		pp_json_number(value) < 1e12)
		*seconds = (int64_t)pp_json_number(value);
	else
		return false;
	return *seconds > -INT64_C(1000000000000) && *seconds < INT64_C(1000000000000);
}

static bool is_in_time(
	const struct pp_json *claims, int64_t at_utc, int64_t oldest_s, struct pp_fault *fault)
{
	int64_t now = at_utc / PP_SECOND, expires, issued, begins;

	if (!instant_of(claims, "exp", &expires) || !instant_of(claims, "iat", &issued))
		return pp_fault(
			fault, PP_token_invalid, "it does not say from when until when it holds");
	if (now >= expires + PP_JWT_SKEW_S)
		return pp_fault(fault, PP_token_invalid, "it has expired");
	if (issued > now + PP_JWT_SKEW_S)
		return pp_fault(fault, PP_token_invalid, "it was issued in the future");
	if (oldest_s && issued < now - oldest_s)
		return pp_fault(fault, PP_token_invalid, "it is too old");
	if (!pp_json_member(claims, PP_S("nbf")))
		return true;
	if (!instant_of(claims, "nbf", &begins) || begins > now + PP_JWT_SKEW_S)
		return pp_fault(fault, PP_token_invalid, "it does not hold yet");
	return true;
}

int64_t pp_jwt_auth_time(const struct pp_jwt *jwt)
{
	int64_t seconds;

	return instant_of(jwt->claims, "auth_time", &seconds) && seconds > 0 ? seconds : 0;
}

/* OpenID Connect Core §3.1.3.7 no. 13. What lies in the future is as little worth as what is old.
 */
static bool is_recent(const struct pp_jwt *jwt, const struct pp_jwt_expected *expected)
{
	int64_t age = expected->at_utc / PP_SECOND - pp_jwt_auth_time(jwt);

	return !expected->has_max_age ||
		(age >= -PP_JWT_SKEW_S && age <= expected->max_age_s + PP_JWT_SKEW_S);
}

/* One audience is text, several are a list (RFC 7519 §4.1.3). */
static bool has_audience(const struct pp_json *aud, struct pp_slice audience)
{
	if (!aud || audience.len == 0)
		return false;
	if (pp_json_kind(aud) == PP_JSON_TEXT)
		return pp_slice_is(pp_json_text(aud), audience);
	for (size_t i = 0; i < pp_json_length(aud); i++)
		if (pp_slice_is(pp_json_text(pp_json_element(aud, i)), audience))
			return true;
	return false;
}

static bool has_subject(const struct pp_json *claims)
{
	struct pp_slice subject = text_of(claims, "sub");

	return subject.len > 0 && subject.len <= SUBJECT_MAX && pp_slice_is_utf8(subject);
}

static bool is_for_us(
	const struct pp_jwt *jwt, const struct pp_jwt_expected *expected, struct pp_fault *fault)
{
	if (!pp_slice_is(jwt->issuer, expected->issuer))
		return pp_fault(fault, PP_token_invalid, "it is of another issuer");
	if (!has_audience(pp_json_member(jwt->claims, PP_S("aud")), expected->audience))
		return pp_fault(fault, PP_token_invalid, "it is not made for this platform");
	return true;
}

/* The left half of the hash that the algorithm uses (OpenID Connect Core §3.1.3.6). */
static bool is_hash_of(struct pp_slice hash, struct pp_slice alg, struct pp_slice token)
{
	unsigned char digest[PP_SHA512_SIZE];
	struct pp_buf text;
	size_t size;
	bool same;

	pp_buf_begin(&text);
	if (pp_slice_ends(alg, PP_S("512"))) {
		pp_sha512(token, digest);
		size = PP_SHA512_SIZE;
	} else if (pp_slice_ends(alg, PP_S("384"))) {
		pp_sha384(token, digest);
		size = PP_SHA384_SIZE;
	} else {
		pp_sha256(token, digest);
		size = PP_SHA256_SIZE;
	}
	pp_base64url(&text, pp_slice((char *)digest, size / 2));
	same = pp_slice_is(pp_buf_all(&text), hash);
	pp_buf_end(&text);
	return same;
}

static bool is_type(struct pp_slice typ, const char *name)
{
	/* RFC 7515 §4.1.9: "application/" may be left out. */
	if (pp_slice_starts(typ, PP_S("application/")))
		typ = pp_slice(typ.at + 12, typ.len - 12);
	return pp_slice_is_nocase(typ, pp_slice_of(name));
}

bool pp_jwt_is_id_token(
	const struct pp_jwt *jwt, const struct pp_jwt_expected *expected, struct pp_fault *fault)
{
	const struct pp_json *claims = jwt->claims, *aud = pp_json_member(claims, PP_S("aud"));
	const struct pp_json *azp = pp_json_member(claims, PP_S("azp"));
	const struct pp_json *at_hash = pp_json_member(claims, PP_S("at_hash"));

	if (jwt->typ.len && !is_type(jwt->typ, "JWT"))
		return pp_fault(fault, PP_token_invalid, "it is no ID token");
	if (!is_for_us(jwt, expected, fault))
		return false;
	if (azp ? !pp_slice_is(pp_json_text(azp), expected->audience) : pp_json_length(aud) > 1)
		return pp_fault(fault, PP_token_invalid, "it is made for somebody else as well");
	if (!is_in_time(claims, expected->at_utc, PP_JWT_AGE_S, fault))
		return false;
	if (!has_subject(claims))
		return pp_fault(fault, PP_token_invalid, "it does not say whom it is about");
	if (expected->nonce.len == 0 || !pp_slice_is(text_of(claims, "nonce"), expected->nonce))
		return pp_fault(fault, PP_token_invalid, "it was not made for this sign-in");
	if (!is_recent(jwt, expected))
		return pp_fault(fault, PP_token_invalid,
			"it does not say that credentials were given as recently as was asked for");
	if (at_hash && expected->access_token.at &&
		!is_hash_of(pp_json_text(at_hash), jwt->alg, expected->access_token))
		return pp_fault(fault, PP_token_invalid, "it belongs to another access token");
	return true;
}

bool pp_jwt_is_access_token(
	const struct pp_jwt *jwt, const struct pp_jwt_expected *expected, struct pp_fault *fault)
{
	if (!is_type(jwt->typ, "at+jwt"))
		return pp_fault(fault, PP_token_invalid, "it is no access token (typ at+jwt)");
	if (!is_for_us(jwt, expected, fault) ||
		!is_in_time(jwt->claims, expected->at_utc, 0, fault))
		return false;
	if (!has_subject(jwt->claims) || text_of(jwt->claims, "client_id").len == 0 ||
		text_of(jwt->claims, "jti").len == 0)
		return pp_fault(
			fault, PP_token_invalid, "it lacks sub, client_id or jti (RFC 9068)");
	return true;
}

bool pp_jwt_is_logout_token(
	const struct pp_jwt *jwt, const struct pp_jwt_expected *expected, struct pp_fault *fault)
{
	const struct pp_json *events = pp_json_member(jwt->claims, PP_S("events"));

	if (jwt->typ.len && !is_type(jwt->typ, "logout+jwt") && !is_type(jwt->typ, "JWT"))
		return pp_fault(fault, PP_token_invalid, "it is no logout token");
	if (!is_for_us(jwt, expected, fault) ||
		!is_in_time(jwt->claims, expected->at_utc, PP_JWT_AGE_S, fault))
		return false;
	if (!events || pp_json_kind(events) != PP_JSON_OBJECT ||
		!pp_json_member(
			events, PP_S("http://schemas.openid.net/event/backchannel-logout")) ||
		pp_json_member(jwt->claims, PP_S("nonce")))
		return pp_fault(fault, PP_token_invalid, "it is no logout token");
	if (!has_subject(jwt->claims) && text_of(jwt->claims, "sid").len == 0)
		return pp_fault(fault, PP_token_invalid, "it says neither who nor which session");
	return true;
}
