/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A token and the keys that shall have signed it: the first line is the key set, the rest the
 * token. Nothing is signed by a shared secret or by nobody, and of what is signed no byte can be
 * changed.
 */
#include <pp/core/jwt.h>

#define ALLOWED "RS256 RS384 PS256 PS384 ES256 ES384 ES512"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void claims(const struct pp_jwt *jwt)
{
	const struct pp_jwt_expected expected = { .issuer = jwt->issuer,
		.audience = PP_S("us"),
		.at_utc = INT64_C(1780000000) * 1000000,
		.nonce = PP_S("n") };
	struct pp_fault fault = { 0 };

	if (!pp_jwt_is_id_token(jwt, &expected, &fault))
		PP_MUST(fault.problem != PP_no_problem);
	fault.problem = PP_no_problem;
	if (!pp_jwt_is_access_token(jwt, &expected, &fault))
		PP_MUST(fault.problem != PP_no_problem);
	fault.problem = PP_no_problem;
	if (!pp_jwt_is_logout_token(jwt, &expected, &fault))
		PP_MUST(fault.problem != PP_no_problem);
}

/* The same with one character of the signed part replaced is not signed. */
static void forge(struct pp_arena *arena, const struct pp_jwt *jwt, const struct pp_json *keys)
{
	size_t at = jwt->text.len / 3;
	struct pp_slice copy = pp_copy(arena, jwt->text);
	char *forged = (char *)(uintptr_t)copy.at;
	struct pp_jwt other;
	struct pp_fault fault;

	if (forged[at] == '.')
		return;
	forged[at] = forged[at] == 'A' ? 'B' : 'A';
	if (pp_jwt_read(arena, copy, &other, &fault))
		PP_MUST(pp_jwt_signature(arena, &other, keys, PP_S(ALLOWED), &fault) != PP_SIGNED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pp_slice text, keys = pp_slice_cut(pp_slice((const char *)data, size), '\n', &text);
	struct pp_fault fault = { 0 };
	struct pp_arena arena;
	struct pp_json *set;
	struct pp_jwt jwt;

	pp_arena_begin(&arena);
	set = pp_json_read(&arena, keys, &fault);
	if (!pp_jwt_read(&arena, text, &jwt, &fault)) {
		PP_MUST(fault.problem == PP_token_invalid);
	} else {
		PP_MUST(pp_jwt_looks_so(text));
		claims(&jwt);
		if (set &&
			pp_jwt_signature(&arena, &jwt, set, PP_S(ALLOWED), &fault) == PP_SIGNED) {
			PP_MUST(pp_jwt_is_algorithm(jwt.alg));
			forge(&arena, &jwt, set);
		}
	}
	pp_arena_end(&arena);
	return 0;
}
