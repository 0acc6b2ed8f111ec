/* SPDX-License-Identifier: EUPL-1.2 */
#pragma once
/*
 * JSON Web Tokens of identity providers (RFC 7519): read, their signature checked (RFC 7515), their
 * claims compared with what was expected. Nothing here asks anybody or knows the time by itself. A
 * token is only as good as all three: read first, then signature, then claims.
 */
#include <pp/base/problem.h>
#include <pp/fmt/json.h>

#define PP_JWT_SIZE 16384 /* longest that is read, bytes */

/* A token in compact form, taken apart; points into the arena. Nothing of it is proved yet. */
struct pp_jwt {
	struct pp_slice text;
	struct pp_slice alg, kid, typ; /* of the header; empty where absent */
	struct pp_json *claims;        /* an object */
	struct pp_slice issuer;        /* its claim iss, empty where absent */
};

/*
 * Reads header and claims. Refuses (PP_token_invalid) what is no JWS in compact form, what
 * base64url writes otherwise (RFC 4648 §3.5), what names a member twice, and what needs an
 * extension ("crit", RFC 7515 §4.1.11) or a payload that is not encoded ("b64", RFC 7797).
 */
PP_CHECKED bool pp_jwt_read(
	struct pp_arena *arena, struct pp_slice text, struct pp_jwt *out, struct pp_fault *fault);
/* Whether it looks like one: three parts, the first begins like a JSON object. Our own tokens never
 * do. */
bool pp_jwt_looks_so(struct pp_slice text);

/*
 * Algorithms that can be allowed: RS, PS and ES with 256, 384 and 512. "none" and those with a
 * shared secret (HS…) are no such.
 */
bool pp_jwt_is_algorithm(struct pp_slice alg);

enum pp_signature {
	PP_SIGNED,
	PP_NOT_SIGNED,  /* by none of these keys, with no allowed algorithm, or with a weak key */
	PP_KEY_UNKNOWN, /* the set has no key of that name and kind: newer keys may */
};

/*
 * Whether one of the keys (a JWK Set, RFC 7517 §5) has signed it with one of the allowed algorithms
 * (separated by blanks). The key's kind, use and algorithm must be the header's; RSA keys have
 * 2,048 bits at least (BSI TR-02102-1). A token without kid needs a set with only one key that
 * fits.
 */
enum pp_signature pp_jwt_signature(struct pp_arena *arena, const struct pp_jwt *jwt,
	const struct pp_json *keys, struct pp_slice allowed, struct pp_fault *fault);

struct pp_jwt_expected {
	struct pp_slice issuer;       /* exactly this */
	struct pp_slice audience;     /* one of aud */
	int64_t at_utc;               /* µs */
	struct pp_slice nonce;        /* ID tokens */
	struct pp_slice access_token; /* ID tokens: at_hash is of this; at NULL: none came along */
	bool has_max_age; /* ID tokens: auth_time must be there and no older than max_age_s */
	int64_t max_age_s;
};

/* Clocks may differ by so much. */
#define PP_JWT_SKEW_S 60
/* An ID token is not older: it was made for this sign-in. */
#define PP_JWT_AGE_S 600

/* When credentials were given, seconds since 1970; 0 where the token does not say. */
int64_t pp_jwt_auth_time(const struct pp_jwt *jwt);

/* OpenID Connect Core 1.0 §3.1.3.7 and §3.1.3.8; azp must be the audience where there are several.
 */
PP_CHECKED bool pp_jwt_is_id_token(
	const struct pp_jwt *jwt, const struct pp_jwt_expected *expected, struct pp_fault *fault);
/* RFC 9068 §4: typ at+jwt, and every claim that §2.2 requires. */
PP_CHECKED bool pp_jwt_is_access_token(
	const struct pp_jwt *jwt, const struct pp_jwt_expected *expected, struct pp_fault *fault);
/* OpenID Connect Back-Channel Logout 1.0 §2.6: an event, no nonce, a subject or a session. */
PP_CHECKED bool pp_jwt_is_logout_token(
	const struct pp_jwt *jwt, const struct pp_jwt_expected *expected, struct pp_fault *fault);
