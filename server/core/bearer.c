/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Access tokens of the issuers, for programs (RFC 6750, RFC 9068). All that is asked of the
 * database is who the issuer is and who its subject is here, and that holds in the cache of who.c
 * like any other answer.
 */
#include <pp/core/provider.h>

struct pp_bearer {
	struct pp_jwt jwt;
	struct pp_rows *found, *joined;
	struct pp_issuer issuer;
};

enum pp_next pp_bearer_read(struct pp_req *req, struct pp_slice token)
{
	struct pp_bearer *bearer = PP_NEW(req->arena, struct pp_bearer);
	struct pp_fault fault;

	if (!pp_jwt_read(req->arena, token, &bearer->jwt, &fault))
		return pp_refuse_fault(req, &fault);
	req->who.bearer = bearer;
	pp_bind(req, "issuer_url", bearer->jwt.issuer);
	pp_ask(req, "issuer_of", &bearer->found);
	return PP_WAIT;
}

enum pp_next pp_bearer_meet(struct pp_req *req)
{
	struct pp_bearer *bearer = req->who.bearer;

	if (!bearer)
		return PP_NEXT;
	if (bearer->found->rows == 0)
		return pp_refuse(req, PP_token_invalid, "its issuer is not known here");
	pp_issuer_read(req, bearer->found, &bearer->issuer);
	if (!bearer->issuer.audience.len)
		return pp_refuse(req, PP_token_invalid, "no access tokens of its issuer are taken");
	if (pp_provider_known(req, &bearer->issuer))
		return PP_NEXT;
	return pp_ask_provider(req, &bearer->issuer);
}

static enum pp_signature signature(struct pp_req *req, struct pp_fault *fault)
{
	struct pp_bearer *bearer = req->who.bearer;
	const struct pp_provider *provider = pp_provider_known(req, &bearer->issuer);

	if (provider)
		return pp_jwt_signature(
			req->arena, &bearer->jwt, provider->keys, bearer->issuer.algorithms, fault);
	pp_fault(fault, PP_issuer_unavailable, "try again");
	return PP_NOT_SIGNED;
}

enum pp_next pp_bearer_keys(struct pp_req *req)
{
	struct pp_fault fault;

	if (req->who.bearer && signature(req, &fault) == PP_KEY_UNKNOWN &&
		pp_ask_newer_keys(req, &req->who.bearer->issuer))
		return PP_WAIT;
	return PP_NEXT;
}

/* RFC 6749 §3.3: words separated by blanks. */
static bool has_scope(const struct pp_bearer *bearer)
{
	const struct pp_json *member = pp_json_member(bearer->jwt.claims, PP_S("scope"));
	struct pp_slice rest = member ? pp_json_text(member) : PP_S("");

	if (!bearer->issuer.scope.len)
		return true;
	while (rest.len)
		if (pp_slice_is(pp_slice_cut(rest, ' ', &rest), bearer->issuer.scope))
			return true;
	return false;
}

enum pp_next pp_bearer_prove(struct pp_req *req)
{
	struct pp_bearer *bearer = req->who.bearer;
	struct pp_fault fault;

	if (!bearer)
		return PP_NEXT;
	struct pp_jwt_expected expected = { .issuer = bearer->issuer.url,
		.audience = bearer->issuer.audience,
		.at_utc = req->exchange->received_utc };

	if (signature(req, &fault) != PP_SIGNED ||
		!pp_jwt_is_access_token(&bearer->jwt, &expected, &fault))
		return pp_refuse_fault(req, &fault);
	if (!has_scope(bearer))
		return pp_refuse(req, PP_forbidden, "the token lacks the scope %.*s",
			PP_SHOW(bearer->issuer.scope));
	pp_bind(req, "issuer_key", bearer->issuer.key);
	pp_bind(req, "subject", pp_json_text(pp_json_member(bearer->jwt.claims, PP_S("sub"))));
	pp_bind(req, "claims", pp_claims_mapped(req, &bearer->issuer, bearer->jwt.claims, NULL));
	pp_ask(req, "who_by_identity", &req->rows);
	return PP_WAIT;
}

/* Somebody new: an account of their own, as after a first sign-in. */
enum pp_next pp_bearer_join(struct pp_req *req)
{
	if (!req->who.bearer || req->rows->rows)
		return PP_NEXT;
	pp_ask(req, "identity_account", &req->who.bearer->joined);
	return PP_WAIT;
}

enum pp_next pp_bearer_joined(struct pp_req *req)
{
	if (!req->who.bearer || !req->who.bearer->joined)
		return PP_NEXT;
	pp_ask(req, "who_by_identity", &req->rows);
	return PP_WAIT;
}

/* RFC 9068 §2.2.1: both are the issuer's to say. */
void pp_bearer_says(struct pp_req *req)
{
	struct pp_bearer *bearer = req->who.bearer;

	req->who.level = pp_claims_level(&bearer->issuer, bearer->jwt.claims);
	req->who.authenticated_s = pp_jwt_auth_time(&bearer->jwt);
}
