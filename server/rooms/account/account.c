/* SPDX-License-Identifier: EUPL-1.2 */
/* Who one is: the addresses of this room, and what its files share. */
#include <pp/core/passwords.h>
#include <pp/core/token.h>

#include "account.h"

void account_put_cookie(
	struct pp_req *req, struct pp_slice name, const char *value, int64_t max_age_s)
{
	struct pp_buf *cookie = pp_buf_make(req->arena);

	pp_buf_format(
		cookie, "%.*s=%s; Path=/; Secure; HttpOnly; SameSite=Lax", PP_SHOW(name), value);
	if (max_age_s)
		pp_buf_format(cookie, "; Max-Age=%lld", (long long)(max_age_s < 0 ? 0 : max_age_s));
	pp_reply_field(req, "Set-Cookie", pp_buf_all(cookie));
}

void account_bind_session(struct pp_req *req, char token[PP_NEW_TOKEN_SIZE])
{
	unsigned char *hash = pp_alloc(req->arena, PP_NEW_TOKEN_HASH);
	char *expires = pp_alloc(req->arena, PP_RFC3339_SIZE);
	struct pp_slice old = pp_cookie(req, PP_SESSION_COOKIE);

	pp_token_new(token, hash);
	pp_clock_rfc3339(req->exchange->received_utc + SESSION_US, expires);
	pp_bind(req, "sha256", pp_slice((char *)hash, PP_NEW_TOKEN_HASH));
	pp_bind(req, "old_sha256", pp_token_hash(req->arena, 1, &old));
	pp_bind(req, "idle_seconds", PP_S(IDLE_SECONDS));
	pp_bind(req, "expires_at", pp_slice_of(expires));
}

bool account_is_own_path(struct pp_slice path)
{
	if (path.len == 0 || path.at[0] != '/' || (path.len > 1 && path.at[1] == '/'))
		return false;
	/* URL standard §4.4: a backslash is a slash, and tabs and line ends are dropped. */
	for (size_t i = 0; i < path.len; i++)
		if ((unsigned char)path.at[i] <= ' ' || path.at[i] == '\\' || path.at[i] == 127)
			return false;
	return true;
}

enum pp_next account_see(struct pp_req *req, struct pp_slice url)
{
	pp_reply_field(req, "Location", url);
	return pp_reply(req, 303, NULL, PP_S(""));
}

static const struct pp_field sign_in_body[] = {
	{ "email", PP_EMAIL, .required = true },
	{ "password", PP_TEXT, .required = true, .min = 1, .max = 200 },
	{ "code", PP_TEXT, .min = 6, .max = 40,
		.about = "Of the second factor, or a recovery code, where the account has one" },
	{ 0 },
};

static const struct pp_field sign_in_form[] = {
	{ "email", PP_EMAIL, .required = true },
	{ "password", PP_TEXT, .required = true, .min = 1, .max = 200 },
	{ "code", PP_TEXT, .min = 6, .max = 40 },
	{ "return_to", PP_TEXT, .min = 1, .max = 500 },
	{ 0 },
};

static const struct pp_field body_body[] = {
	{ "body", PP_BODY_KEY, .required = true, .nullable = true,
		.about = "Of which the account is a member; null: as a person" },
	{ 0 },
};

const struct pp_route account_routes[] = {
	{ PP_GET, "//sign-in", PP_ANYONE, account_page_steps, .params = account_page_params,
		.rate = PP_RATE_PUBLIC, .content = PP_CONTENT_PAGE, .is_sign_in = true,
		.summary = "The page where one signs in" },
	{ PP_POST, "//sign-in", PP_ANYONE, account_form_steps, .body = sign_in_form,
		.rate = PP_RATE_SIGN_IN, .content = PP_CONTENT_PAGE, .is_sign_in = true,
		.takes_form = true, .summary = "Sign in with the form of that page" },
	{ PP_POST, "//sign-out", PP_SIGNED_IN, account_sign_out_form_steps, .body = pp_no_fields,
		.content = PP_CONTENT_PAGE, .takes_form = true, .for_sessions = true,
		.summary = "Sign out with the form of that page, at the identity provider too" },
	{ PP_GET, "/issuers", PP_ANYONE, .query = "issuer_list", .rate = PP_RATE_PUBLIC,
		.has_no_etag = true, .summary = "Identity providers by which one can sign in" },
	{ PP_GET, "/identity-providers", PP_OPERATOR, .query = "identity_provider_list",
		.has_no_etag = true, .summary = "How identity providers are configured" },
	{ PP_GET, "/identity-providers/state", PP_OPERATOR, account_provider_steps,
		.params = account_provider_params, .rate = PP_RATE_COSTLY, .deadline_ms = 15000,
		.has_no_etag = true,
		.summary = "What an identity provider says of itself, asked now" },
	{ PP_GET, "/session/start", PP_ANYONE, account_start_steps, .params = account_start_params,
		.rate = PP_RATE_SIGN_IN, .content = PP_CONTENT_PAGE, .deadline_ms = 15000,
		.is_sign_in = true, .summary = "Sign in by an identity provider: leads there" },
	{ PP_GET, "/session/callback", PP_ANYONE, account_callback_steps,
		.params = account_callback_params, .rate = PP_RATE_SIGN_IN,
		.content = PP_CONTENT_PAGE, .deadline_ms = 25000, .is_sign_in = true,
		.has_other_params = true,
		.summary = "Where identity providers send browsers back to" },
	{ PP_POST, "/session", PP_ANYONE, account_sign_in_steps, .body = sign_in_body,
		.rate = PP_RATE_SIGN_IN, .creates = true, .is_sign_in = true,
		.summary = "Sign in; answers with a cookie for browsers" },
	{ PP_GET, "/session", PP_SIGNED_IN, account_show_steps, .has_no_etag = true,
		.summary = "Who is signed in" },
	{ PP_POST, "/session/body", PP_SIGNED_IN, account_body_steps, .body = body_body,
		.for_sessions = true,
		.summary = "Act for another body, or as a person; the cookie changes" },
	{ PP_POST, "/session/end", PP_SIGNED_IN, account_sign_out_steps, .body = pp_no_fields,
		.for_sessions = true,
		.summary = "Sign out; names where to sign out at the identity provider" },
	{ PP_POST, "/session/logout", PP_ANYONE, account_logout_steps, .body = account_logout_body,
		.rate = PP_RATE_PUBLIC, .deadline_ms = 15000, .is_sign_in = true,
		.takes_form = true, .from_servers = true,
		.summary = "Where identity providers say that a session there has ended" },
	{ PP_POST, "/session/reset", PP_ANYONE, .query = "password_forgotten",
		.body = account_email_body, .rate = PP_RATE_SIGN_IN, .accepts = true,
		.is_sign_in = true,
		.summary = "Ask for a link to a new password, sent to the address of the account" },
	{ PP_POST, "/password/link", PP_ANYONE, .query = "account_link_show",
		.body = account_secret_body, .rate = PP_RATE_SIGN_IN, .is_sign_in = true,
		.has_no_etag = true,
		.summary = "Whose password a link sets, and how long it holds" },
	{ PP_POST, "/password", PP_ANYONE, account_password_steps, .body = account_password_body,
		.rate = PP_RATE_SIGN_IN, .ends = true, .is_sign_in = true,
		.summary = "Set the password of an account by its link; signs nobody in" },
	{ PP_POST, "/accounts/{account}/invitation", PP_BODY_ADMIN | PP_OPERATOR,
		.query = "account_invite", .body = pp_no_fields,
		.summary = "Send somebody the link to the first password of their account" },
	{ PP_GET, "/sessions", PP_SIGNED_IN, account_list_steps, .has_no_etag = true,
		.for_sessions = true, .summary = "One's own sessions that are open" },
	{ PP_POST, "/sessions/{session}/end", PP_SIGNED_IN, .query = "session_end",
		.body = pp_no_fields, .ends = true, .for_sessions = true,
		.summary = "End a session of one's own" },
	{ PP_GET, "/second-factor", PP_SIGNED_IN, .query = "second_factor_show",
		.has_no_etag = true, .for_sessions = true,
		.summary = "Whether one's account asks for a second factor" },
	{ PP_POST, "/second-factor", PP_SIGNED_IN, account_factor_begin_steps, .body = pp_no_fields,
		.for_sessions = true, .summary = "Make a secret for an authenticator app" },
	{ PP_POST, "/second-factor/confirm", PP_SIGNED_IN, account_factor_confirm_steps,
		.body = account_code_body, .for_sessions = true,
		.summary = "Ask for it from now on; answers with recovery codes" },
	{ PP_POST, "/second-factor/remove", PP_SIGNED_IN, account_factor_remove_steps,
		.body = account_code_body, .ends = true, .for_sessions = true,
		.summary = "Ask for it no longer" },
	{ PP_GET, "/tokens", PP_SIGNED_IN, .query = "token_list", .has_no_etag = true,
		.summary = "One's own tokens" },
	{ PP_POST, "/tokens/{token}/revoke", PP_SIGNED_IN, .query = "token_revoke",
		.body = pp_no_fields, .ends = true, .summary = "Revoke a token of one's own" },
	{ 0 },
};
