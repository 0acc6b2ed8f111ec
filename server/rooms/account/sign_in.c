/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Signing in by an identity provider: OpenID Connect Core 1.0 §3.1 with PKCE (RFC 7636). What ties
 * the answer to the question is a cookie of the browser that began: state and nonce are stored as
 * hashes, the verifier is made of cookie and state, so that neither the database nor an address in
 * somebody's log is enough to finish a sign-in.
 */
#include <pp/core/assurance.h>
#include <pp/core/passwords.h>
#include <pp/core/provider.h>
#include <pp/core/token.h>

#include "account.h"

#define CALLBACK PP_S("/api/v1/session/callback")

const struct pp_field account_start_params[] = {
	{ "issuer", PP_TEXT, .required = true, .min = 1, .max = 40, .about = "Key of an issuer" },
	{ "return_to", PP_TEXT, .min = 1, .max = 500,
		.about = "Path of ours to go on with; / without" },
	{ "level", PP_CHOICE, .choices = "NORMAL|SUBSTANTIELL|HOCH",
		.about = "Level of assurance to ask the issuer for" },
	{ "max_age", PP_INTEGER, .min = 0, .max = 86400,
		.about = "Credentials must be given anew where that was longer ago, seconds" },
	{ 0 },
};

const struct pp_field account_callback_params[] = {
	{ "state", PP_TEXT, .required = true, .min = 1, .max = 100 },
	{ "code", PP_TEXT, .min = 1, .max = 4000 },
	{ "iss", PP_TEXT, .min = 1, .max = 500, .about = "RFC 9207" },
	{ "error", PP_TEXT, .min = 1, .max = 100 },
	{ 0 },
};

struct sign_in {
	struct pp_rows *attempt, *found, *opened;
	struct pp_issuer issuer;
	struct pp_slice return_to, acr_values;
	struct pp_provider_reply tokens, userinfo;
	struct pp_jwt id_token;
	char browser[PP_NEW_TOKEN_SIZE], state[PP_NEW_TOKEN_SIZE], nonce[PP_NEW_TOKEN_SIZE];
	char session[PP_NEW_TOKEN_SIZE];
};

/* Of the cookie and the state, so that it need not be kept anywhere (RFC 7636 §4.1: 43 characters).
 */
static void make_verifier(
	struct pp_slice browser, struct pp_slice state, char verifier[PP_DIGEST_TEXT])
{
	struct pp_slice parts[] = { PP_S("code verifier "), browser, PP_S(" "), state };

	pp_token_digest(verifier, PP_LENGTH(parts), parts);
}

static struct pp_slice hashed(struct pp_req *req, struct pp_slice secret)
{
	return pp_token_hash(req->arena, 1, &secret);
}

/* What was known when the request began may have grown old in it. */
static enum pp_next refuse_forgotten(struct pp_req *req)
{
	return pp_refuse(req, PP_issuer_unavailable, "sign in again");
}

static enum pp_next find_issuer(struct pp_req *req)
{
	struct sign_in *s = pp_state(req, struct sign_in);
	struct pp_slice return_to = pp_param(req, "return_to");

	s->return_to = return_to.at ? return_to : PP_S("/");
	if (!account_is_own_path(s->return_to)) {
		pp_wrong(req, PP_S("return_to"), "must be a path of this platform");
		return pp_refuse_wrong(req, PP_invalid_parameter);
	}
	pp_ask(req, "issuer_find", &s->found);
	return PP_WAIT;
}

static enum pp_next meet_provider(struct pp_req *req)
{
	struct sign_in *s = pp_state(req, struct sign_in);

	if (s->found->rows == 0)
		return pp_refuse(req, PP_issuer_not_found, "GET /issuers lists those there are");
	pp_issuer_read(req, s->found, &s->issuer);
	return pp_provider_known(req, &s->issuer) ? PP_NEXT : pp_ask_provider(req, &s->issuer);
}

/* RFC 9470 §4: whether it was given follows from the token, and is seen where it is needed. */
static enum pp_next choose_level(struct pp_req *req)
{
	struct sign_in *s = pp_state(req, struct sign_in);
	struct pp_slice level = pp_param(req, "level");

	if (!level.at || pp_level_rank(level) == 0)
		return PP_NEXT;
	s->acr_values = pp_claims_acr_values(req, &s->issuer, level);
	if (s->acr_values.len)
		return PP_NEXT;
	pp_wrong(req, PP_S("level"), "this issuer vouches for nobody at that level");
	return pp_refuse_wrong(req, PP_invalid_parameter);
}

/* A browser with two tabs begins twice; both ends find the cookie that belongs to their state. */
static void choose_browser(struct pp_req *req, struct sign_in *s)
{
	struct pp_slice cookie = pp_cookie(req, SIGN_IN_COOKIE);
	unsigned char hash[PP_NEW_TOKEN_HASH];

	if (cookie.len == PP_NEW_TOKEN_SIZE - 1)
		memcpy(s->browser, cookie.at, cookie.len);
	else
		pp_token_new(s->browser, hash);
}

static enum pp_next begin(struct pp_req *req)
{
	struct sign_in *s = pp_state(req, struct sign_in);
	unsigned char hash[PP_NEW_TOKEN_HASH];

	choose_browser(req, s);
	pp_token_new(s->state, hash);
	pp_token_new(s->nonce, hash);
	pp_bind(req, "state_sha256", hashed(req, pp_slice_of(s->state)));
	pp_bind(req, "browser_sha256", hashed(req, pp_slice_of(s->browser)));
	pp_bind(req, "nonce_sha256", hashed(req, pp_slice_of(s->nonce)));
	pp_bind(req, "issuer_key", s->issuer.key);
	pp_bind(req, "to_path", s->return_to);
	pp_bind(req, "max_age", pp_param(req, "max_age"));
	pp_ask(req, "sign_in_begin", &s->attempt);
	return PP_WAIT;
}

static enum pp_next send_away(struct pp_req *req)
{
	struct sign_in *s = pp_state(req, struct sign_in);
	const struct pp_provider *provider = pp_provider_known(req, &s->issuer);
	struct pp_buf *url = pp_buf_make(req->arena), *query = pp_buf_make(req->arena);
	char verifier[PP_DIGEST_TEXT], challenge[PP_DIGEST_TEXT];
	struct pp_slice one;

	if (!provider)
		return refuse_forgotten(req);
	make_verifier(pp_slice_of(s->browser), pp_slice_of(s->state), verifier);
	one = pp_slice_of(verifier);
	pp_token_digest(challenge, 1, &one);
	pp_form_add(query, "response_type", PP_S("code"));
	pp_form_add(query, "client_id", s->issuer.client_id);
	pp_form_add(query, "redirect_uri", pp_url(req, CALLBACK));
	pp_form_add(query, "scope", s->issuer.scopes);
	pp_form_add(query, "state", pp_slice_of(s->state));
	pp_form_add(query, "nonce", pp_slice_of(s->nonce));
	pp_form_add(query, "code_challenge", pp_slice_of(challenge));
	pp_form_add(query, "code_challenge_method", PP_S("S256"));
	pp_form_add(query, "ui_locales", req->english ? PP_S("en de") : PP_S("de"));
	if (s->acr_values.len)
		pp_form_add(query, "acr_values", s->acr_values);
	if (pp_param(req, "max_age").at)
		pp_form_add(query, "max_age", pp_param(req, "max_age"));
	pp_buf_text(url, provider->authorization_endpoint);
	pp_buf_text(url, strchr(provider->authorization_endpoint, '?') ? "&" : "?");
	pp_buf_slice(url, pp_buf_all(query));
	account_put_cookie(req, SIGN_IN_COOKIE, s->browser, SIGN_IN_S);
	return account_see(req, pp_buf_all(url));
}

static enum pp_next take(struct pp_req *req)
{
	struct sign_in *s = pp_state(req, struct sign_in);

	pp_bind(req, "state_sha256", hashed(req, pp_param(req, "state")));
	pp_bind(req, "browser_sha256", hashed(req, pp_cookie(req, SIGN_IN_COOKIE)));
	pp_ask(req, "sign_in_take", &s->attempt);
	return PP_WAIT;
}

static enum pp_next find_issuer_again(struct pp_req *req)
{
	struct sign_in *s = pp_state(req, struct sign_in);

	if (s->attempt->rows == 0)
		return pp_refuse(req, PP_sign_in_stale,
			"begin again, in this browser, and finish within ten minutes");
	pp_bind(req, "issuer", pp_cell(s->attempt, 0, 0));
	s->return_to = pp_cell(s->attempt, 0, 2);
	pp_ask(req, "issuer_find", &s->found);
	return PP_WAIT;
}

static enum pp_next exchange(struct pp_req *req)
{
	struct sign_in *s = pp_state(req, struct sign_in);
	const struct pp_provider *provider = pp_provider_known(req, &s->issuer);
	struct pp_slice iss = pp_param(req, "iss"), code = pp_param(req, "code");
	struct pp_buf *form = pp_buf_make(req->arena);
	char verifier[PP_DIGEST_TEXT];

	if (!provider)
		return refuse_forgotten(req);
	/* RFC 9207 §2.4: an answer of another issuer's may carry its code here to be stolen. */
	if (iss.at ? !pp_slice_is(iss, s->issuer.url) : provider->names_itself)
		return pp_refuse(req, PP_sign_in_refused,
			"the answer does not come from the issuer that was asked");
	if (pp_param(req, "error").at || !code.at)
		return pp_refuse(req, PP_sign_in_refused, "the issuer says %.*s",
			PP_SHOW(pp_param(req, "error").at ? pp_param(req, "error")
							  : PP_S("nothing")));
	make_verifier(pp_cookie(req, SIGN_IN_COOKIE), pp_param(req, "state"), verifier);
	pp_form_add(form, "grant_type", PP_S("authorization_code"));
	pp_form_add(form, "code", code);
	pp_form_add(form, "redirect_uri", pp_url(req, CALLBACK));
	pp_form_add(form, "code_verifier", pp_slice_of(verifier));
	return pp_ask_tokens(req, &s->issuer, provider, form, &s->tokens);
}

static struct pp_slice text_of(const struct pp_json *object, const char *name)
{
	const struct pp_json *member = object ? pp_json_member(object, pp_slice_of(name)) : NULL;

	return member ? pp_json_text(member) : PP_S("");
}

/* Keys change; the token may be the first to tell. */
static enum pp_next read_tokens(struct pp_req *req)
{
	struct sign_in *s = pp_state(req, struct sign_in);
	const struct pp_provider *provider = pp_provider_known(req, &s->issuer);
	struct pp_fault fault;

	if (s->tokens.status != 200 || text_of(s->tokens.body, "id_token").len == 0)
		return pp_refuse(req, PP_sign_in_refused,
			"the issuer does not take its own code (%ld)", s->tokens.status);
	if (!pp_jwt_read(req->arena, text_of(s->tokens.body, "id_token"), &s->id_token, &fault))
		return pp_refuse_fault(req, &fault);
	if (!provider)
		return refuse_forgotten(req);
	if (pp_jwt_signature(req->arena, &s->id_token, provider->keys, s->issuer.algorithms,
		    &fault) == PP_KEY_UNKNOWN &&
		pp_ask_newer_keys(req, &s->issuer))
		return PP_WAIT;
	return PP_NEXT;
}

static bool is_good(struct pp_req *req, struct sign_in *s, struct pp_fault *fault)
{
	const struct pp_provider *provider = pp_provider_known(req, &s->issuer);
	struct pp_slice nonce = text_of(s->id_token.claims, "nonce");
	struct pp_slice access_token = text_of(s->tokens.body, "access_token");
	struct pp_jwt_expected expected = { .issuer = s->issuer.url,
		.audience = s->issuer.client_id,
		.at_utc = req->exchange->received_utc,
		.access_token = access_token.len ? access_token : pp_slice(NULL, 0) };

	if (!provider)
		return pp_fault(fault, PP_issuer_unavailable, "sign in again");
	if (pp_slice_is(hashed(req, nonce), pp_cell(s->attempt, 0, 1)))
		expected.nonce = nonce;
	expected.has_max_age = pp_slice_i64(pp_cell(s->attempt, 0, 3), &expected.max_age_s);
	return pp_jwt_signature(req->arena, &s->id_token, provider->keys, s->issuer.algorithms,
		       fault) == PP_SIGNED &&
		pp_jwt_is_id_token(&s->id_token, &expected, fault);
}

/* NULL where the issuer does not say. */
static struct pp_slice authenticated_at(struct pp_req *req, const struct pp_jwt *id_token)
{
	int64_t seconds = pp_jwt_auth_time(id_token);
	char *text = pp_alloc(req->arena, PP_RFC3339_SIZE);

	if (!seconds || seconds > req->exchange->received_utc / PP_SECOND + PP_JWT_SKEW_S)
		return pp_slice(NULL, 0);
	pp_clock_rfc3339(seconds * PP_SECOND, text);
	return pp_slice_of(text);
}

/* RFC 6750 §2.1: what else would not fit into the header field. */
static bool is_token68(struct pp_slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] <= ' ' || text.at[i] > '~')
			return false;
	return text.len > 0;
}

/* Some providers keep the ID token small, and say the rest when asked. */
static enum pp_next prove(struct pp_req *req)
{
	struct sign_in *s = pp_state(req, struct sign_in);
	const struct pp_provider *provider = pp_provider_known(req, &s->issuer);
	struct pp_slice access_token = text_of(s->tokens.body, "access_token");
	struct pp_fault fault;

	if (!is_good(req, s, &fault))
		return pp_refuse_fault(req, &fault);
	if (!provider->userinfo_endpoint || !is_token68(access_token) ||
		!pp_claims_lack(&s->issuer, s->id_token.claims))
		return PP_NEXT;
	return pp_ask_userinfo(req, provider, access_token, &s->userinfo);
}

static enum pp_next open_session(struct pp_req *req)
{
	struct sign_in *s = pp_state(req, struct sign_in);
	const struct pp_json *more = s->userinfo.status == 200 ? s->userinfo.body : NULL;
	struct pp_slice provider_session;

	/* OpenID Connect Core §5.3.2: the answer could be about somebody else. */
	if (more && !pp_slice_is(text_of(more, "sub"), text_of(s->id_token.claims, "sub")))
		return pp_refuse(req, PP_token_invalid,
			"what the issuer says besides is about somebody else");
	provider_session = text_of(s->id_token.claims, "sid");
	account_bind_session(req, s->session);
	pp_bind(req, "issuer_key", s->issuer.key);
	pp_bind(req, "subject", text_of(s->id_token.claims, "sub"));
	pp_bind(req, "claims", pp_claims_mapped(req, &s->issuer, s->id_token.claims, more));
	pp_bind(req, "level", pp_claims_level(&s->issuer, s->id_token.claims));
	pp_bind(req, "authenticated_at", authenticated_at(req, &s->id_token));
	pp_bind(req, "provider_session",
		provider_session.len && provider_session.len <= 255 ? provider_session
								    : pp_slice(NULL, 0));
	pp_bind(req, "sealed_id_token",
		pp_token_seal(
			req->arena, ACCOUNT_ID_TOKEN, pp_slice_of(s->session), s->id_token.text));
	pp_ask(req, "session_of_identity", &s->opened);
	return PP_WAIT;
}

static enum pp_next welcome(struct pp_req *req)
{
	struct sign_in *s = pp_state(req, struct sign_in);

	if (!pp_slice_is(pp_cell(s->opened, 0, 0), PP_S("t")))
		return pp_refuse(req, PP_forbidden, "this account is closed");
	account_put_cookie(req, PP_SESSION_COOKIE, s->session, 0);
	account_put_cookie(req, SIGN_IN_COOKIE, "", -1);
	return account_see(req, pp_url(req, s->return_to));
}

pp_step *const account_start_steps[] = { find_issuer, meet_provider, choose_level, begin, send_away,
	NULL };
pp_step *const account_callback_steps[] = { take, find_issuer_again, meet_provider, exchange,
	read_tokens, prove, open_session, welcome, NULL };
