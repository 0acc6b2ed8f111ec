/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Signatures, by cjose. What its own parser reads of the header is what ours has read: members that
 * come twice were refused before. Which algorithm and which key count is decided here, from tables:
 * a token never chooses.
 */
#include <pp/core/jwt.h>

#include <cjose/jws.h>

#include <pp/io/secret.h>

#define RSA_BITS_LEAST 2048

static const struct algorithm {
	const char *name, *kty, *crv;
	cjose_jwk_kty_t kind;
} algorithms[] = {
	{ "RS256", "RSA", NULL, CJOSE_JWK_KTY_RSA },
	{ "RS384", "RSA", NULL, CJOSE_JWK_KTY_RSA },
	{ "RS512", "RSA", NULL, CJOSE_JWK_KTY_RSA },
	{ "PS256", "RSA", NULL, CJOSE_JWK_KTY_RSA },
	{ "PS384", "RSA", NULL, CJOSE_JWK_KTY_RSA },
	{ "PS512", "RSA", NULL, CJOSE_JWK_KTY_RSA },
	/* RFC 7518 §3.4: each of these has one curve. */
	{ "ES256", "EC", "P-256", CJOSE_JWK_KTY_EC },
	{ "ES384", "EC", "P-384", CJOSE_JWK_KTY_EC },
	{ "ES512", "EC", "P-521", CJOSE_JWK_KTY_EC },
};

static const struct algorithm *algorithm_named(struct pp_slice name)
{
	for (size_t i = 0; i < PP_LENGTH(algorithms); i++)
		if (pp_slice_is(name, pp_slice_of(algorithms[i].name)))
			return &algorithms[i];
	return NULL;
}

bool pp_jwt_is_algorithm(struct pp_slice alg)
{
	return algorithm_named(alg);
}

static bool is_listed(struct pp_slice list, struct pp_slice word)
{
	while (list.len)
		if (pp_slice_is(pp_slice_cut(list, ' ', &list), word))
			return true;
	return false;
}

/* A member that says something must say this. */
static bool says(const struct pp_json *key, const char *name, struct pp_slice value)
{
	const struct pp_json *member = pp_json_member(key, pp_slice_of(name));

	return !member || pp_slice_is(pp_json_text(member), value);
}

/* RFC 7517 §4: the key's kind, what it is for, its algorithm and its name. */
static bool fits(
	const struct pp_json *key, const struct algorithm *algorithm, const struct pp_jwt *jwt)
{
	const struct pp_json *kty = pp_json_member(key, PP_S("kty"));
	const struct pp_json *kid = pp_json_member(key, PP_S("kid"));

	return kty && pp_slice_is(pp_json_text(kty), pp_slice_of(algorithm->kty)) &&
		says(key, "use", PP_S("sig")) && says(key, "alg", jwt->alg) &&
		(!algorithm->crv || says(key, "crv", pp_slice_of(algorithm->crv))) &&
		(!jwt->kid.len || (kid && pp_slice_is(pp_json_text(kid), jwt->kid)));
}

/*
 * The public members of the key's kind and nothing else (RFC 7518 §6.2.1 and §6.3.1), each read by
 * us before: base64url that is broken makes cjose abort, and the worker with it.
 */
static bool write_key(struct pp_arena *arena, const struct pp_json *key,
	const struct algorithm *algorithm, struct pp_buf *out)
{
	static const char *const rsa[] = { "n", "e", NULL }, *const ec[] = { "x", "y", NULL };

	pp_buf_format(out, "{\"kty\":\"%s\"", algorithm->kty);
	if (algorithm->crv)
		pp_buf_format(out, ",\"crv\":\"%s\"", algorithm->crv);
	for (const char *const *name = algorithm->crv ? ec : rsa; *name; name++) {
		const struct pp_json *member = pp_json_member(key, pp_slice_of(*name));
		struct pp_slice text = member ? pp_json_text(member) : PP_S(""), bytes;

		if (!text.len || !pp_base64url_read(arena, text, &bytes))
			return false;
		pp_buf_format(out, ",\"%s\":\"%.*s\"", *name, PP_SHOW(text));
	}
	pp_buf_text(out, "}");
	return true;
}

static bool verifies(struct pp_arena *arena, const struct pp_jwt *jwt, const struct pp_json *key,
	const struct algorithm *algorithm)
{
	struct pp_buf *text = pp_buf_make(arena);
	cjose_err error;
	cjose_jwk_t *jwk;
	cjose_jws_t *jws = NULL;
	bool good;

	if (!write_key(arena, key, algorithm, text))
		return false;
	jwk = cjose_jwk_import(text->at, text->len, &error);
	good = jwk && cjose_jwk_get_kty(jwk, &error) == algorithm->kind &&
		(algorithm->kind != CJOSE_JWK_KTY_RSA ||
			cjose_jwk_get_keysize(jwk, &error) >= RSA_BITS_LEAST);
	if (good)
		jws = cjose_jws_import(jwt->text.at, jwt->text.len, &error);
	good = jws && cjose_jws_verify(jws, jwk, &error);
	cjose_jws_release(jws);
	cjose_jwk_release(jwk);
	return good;
}

enum pp_signature pp_jwt_signature(struct pp_arena *arena, const struct pp_jwt *jwt,
	const struct pp_json *keys, struct pp_slice allowed, struct pp_fault *fault)
{
	const struct algorithm *algorithm = algorithm_named(jwt->alg);
	const struct pp_json *list = pp_json_member(keys, PP_S("keys")), *found = NULL;

	if (!algorithm || !is_listed(allowed, jwt->alg)) {
		pp_fault(fault, PP_token_invalid, "its algorithm is not allowed");
		return PP_NOT_SIGNED;
	}
	for (size_t i = 0; list && i < pp_json_length(list); i++) {
		const struct pp_json *key = pp_json_element(list, i);

		if (!fits(key, algorithm, jwt))
			continue;
		if (found) {
			pp_fault(fault, PP_token_invalid, "several keys of its issuer might fit");
			return PP_NOT_SIGNED;
		}
		found = key;
	}
	if (!found) {
		pp_fault(fault, PP_token_invalid, "its issuer has no such key");
		return PP_KEY_UNKNOWN;
	}
	if (verifies(arena, jwt, found, algorithm))
		return PP_SIGNED;
	pp_fault(fault, PP_token_invalid, "its signature is wrong");
	return PP_NOT_SIGNED;
}
