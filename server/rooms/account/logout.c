/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A provider says that somebody's session there has ended (OpenID Connect Back-Channel Logout 1.0).
 * It speaks for itself, without the browser: what counts is its token alone.
 */
#include <pp/core/provider.h>
#include <pp/core/token.h>

#include "account.h"

#define ID_MAX 255

const struct pp_field account_logout_body[] = {
	{ "logout_token", PP_TEXT, .required = true, .min = 1, .max = PP_JWT_SIZE },
	{ 0 },
};

struct logout {
	struct pp_jwt jwt;
	struct pp_issuer issuer;
	struct pp_rows *found, *ended;
};

/* §2.8: whatever is wrong is 400. */
static enum pp_next refuse(struct pp_req *req, const char *why)
{
	return pp_refuse(req, PP_logout_token_invalid, "%s", why);
}

static enum pp_next read_token(struct pp_req *req)
{
	struct logout *s = pp_state(req, struct logout);
	struct pp_fault fault;

	if (!pp_jwt_read(req->arena, pp_json_text(pp_json_member(req->body, PP_S("logout_token"))),
		    &s->jwt, &fault))
		return refuse(req, fault.detail);
	pp_bind(req, "issuer_url", s->jwt.issuer);
	pp_ask(req, "issuer_of", &s->found);
	return PP_WAIT;
}

static enum pp_next meet_provider(struct pp_req *req)
{
	struct logout *s = pp_state(req, struct logout);

	if (s->found->rows == 0)
		return refuse(req, "its issuer is not known here");
	pp_issuer_read(req, s->found, &s->issuer);
	return pp_provider_known(req, &s->issuer) ? PP_NEXT : pp_ask_provider(req, &s->issuer);
}

static enum pp_signature signature(struct pp_req *req, struct pp_fault *fault)
{
	struct logout *s = pp_state(req, struct logout);
	const struct pp_provider *provider = pp_provider_known(req, &s->issuer);

	if (provider)
		return pp_jwt_signature(
			req->arena, &s->jwt, provider->keys, s->issuer.algorithms, fault);
	pp_fault(fault, PP_issuer_unavailable, "try again");
	return PP_NOT_SIGNED;
}

static enum pp_next meet_keys(struct pp_req *req)
{
	struct pp_fault fault;

	if (signature(req, &fault) == PP_KEY_UNKNOWN &&
		pp_ask_newer_keys(req, &pp_state(req, struct logout)->issuer))
		return PP_WAIT;
	return PP_NEXT;
}

/* NULL where the token does not say it. */
static struct pp_slice said(const struct logout *s, const char *name)
{
	const struct pp_json *member = pp_json_member(s->jwt.claims, pp_slice_of(name));
	struct pp_slice text = member ? pp_json_text(member) : PP_S("");

	return text.len && text.len <= ID_MAX ? text : pp_slice(NULL, 0);
}

static enum pp_next end_sessions(struct pp_req *req)
{
	struct logout *s = pp_state(req, struct logout);
	struct pp_jwt_expected expected = { .issuer = s->issuer.url,
		.audience = s->issuer.client_id,
		.at_utc = req->exchange->received_utc };
	struct pp_slice jti = said(s, "jti");
	struct pp_fault fault;

	if (signature(req, &fault) != PP_SIGNED ||
		!pp_jwt_is_logout_token(&s->jwt, &expected, &fault))
		return fault.problem == PP_issuer_unavailable ? pp_refuse_fault(req, &fault)
							      : refuse(req, fault.detail);
	if (!jti.at)
		return refuse(req, "it has no name (jti)");
	pp_bind(req, "issuer_key", s->issuer.key);
	pp_bind(req, "subject", said(s, "sub"));
	pp_bind(req, "provider_session", said(s, "sid"));
	pp_bind(req, "token_sha256", pp_token_hash(req->arena, 1, &jti));
	pp_ask(req, "session_logout", &s->ended);
	return PP_WAIT;
}

static enum pp_next reply(struct pp_req *req)
{
	if (!pp_cell(pp_state(req, struct logout)->ended, 0, 0).len)
		return refuse(req, "it was taken before");
	return pp_reply(req, 200, "application/json", PP_S("{}"));
}

pp_step *const account_logout_steps[] = { read_token, meet_provider, meet_keys, end_sessions, reply,
	NULL };
