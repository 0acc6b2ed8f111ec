/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Local accounts of the embedded start: sign-in with mail address and password for browsers, tokens
 * for programs. A session is a random cookie that is stored as its SHA-256; it ends after 30
 * minutes without a request and 10 hours after it began.
 */
#include <pp/base/clock.h>
#include <pp/core/passwords.h>
#include <pp/core/req.h>

#include "../rooms.h"

#define IDLE_SECONDS "1800"
#define SESSION_US   (36000 * PP_SECOND)

/*
 * The argon2id string of a password that nobody has: an address without account costs the same
 * time as a wrong password, and so does not show that it has none.
 */
static const char nobody[] = "$argon2id$v=19$m=65536,t=2,p=1$1iTSpJ2mUDXEOvtvC1Yx2Q$"
			     "lYLUm7ZYkBQZ9JsBzQ4PP1cyK1ZmM7GhTqgYw7lHYJk";

struct sign_in {
	struct pp_rows *account;
	struct pp_frame verdict;
	char token[PP_NEW_TOKEN_SIZE];
	unsigned char hash[PP_NEW_TOKEN_HASH];
	char expires[PP_RFC3339_SIZE];
};

static enum pp_next find_account(struct pp_req *req)
{
	struct sign_in *s = pp_state(req, struct sign_in);

	pp_bind(req, "email", pp_json_text(pp_json_member(req->body, PP_S("email"))));
	pp_ask(req, "account_sign_in", &s->account);
	return PP_WAIT;
}

static enum pp_next check_password(struct pp_req *req)
{
	struct sign_in *s = pp_state(req, struct sign_in);
	struct pp_buf *payload = pp_buf_make(req->arena);

	pp_buf_bytes(payload, pp_json_text(pp_json_member(req->body, PP_S("password"))));
	pp_buf_bytes(payload,
		s->account->rows && pp_cell(s->account, 0, 1).len ? pp_cell(s->account, 0, 1)
								  : pp_slice_of(nobody));
	pp_ask_clerk(req, PP_PASSWORD_CHECK, pp_buf_all(payload), &s->verdict);
	return PP_WAIT;
}

static enum pp_next open_session(struct pp_req *req)
{
	struct sign_in *s = pp_state(req, struct sign_in);
	struct pp_scan scan;

	pp_scan_begin(&scan, s->verdict.payload);
	if (pp_scan_u8(&scan) != 1 || !s->account->rows)
		return pp_refuse(req, PP_sign_in_failed, "%s", "");
	pp_token_new(s->token, s->hash);
	pp_clock_rfc3339(req->exchange->received_utc + SESSION_US, s->expires);
	pp_bind(req, "account", pp_cell(s->account, 0, 0));
	pp_bind(req, "sha256", pp_slice((char *)s->hash, PP_NEW_TOKEN_HASH));
	pp_bind(req, "idle_seconds", PP_S(IDLE_SECONDS));
	pp_bind(req, "expires_at", pp_slice_of(s->expires));
	pp_ask(req, "session_open", &req->rows);
	return PP_WAIT;
}

/* Not readable by scripts, not sent along from other sites (RFC 6265bis §4.1.2). */
static void put_cookie(struct pp_req *req, const char *token, const char *more)
{
	pp_reply_field(req, "Set-Cookie",
		pp_format(req->arena, "%.*s=%s; Path=/; HttpOnly; SameSite=Lax%s%s",
			PP_SHOW(PP_SESSION_COOKIE), token, req->caller.is_tls ? "; Secure" : "",
			more));
}

static enum pp_next reply_session(struct pp_req *req)
{
	put_cookie(req, pp_state(req, struct sign_in)->token, "");
	return pp_reply_rows(req, req->rows);
}

/* The cookie is another from now on, so that one cookie never acts for two bodies. */
static enum pp_next change_body(struct pp_req *req)
{
	struct sign_in *s = pp_state(req, struct sign_in);

	if (!req->who.is_session)
		return pp_refuse(req, PP_conflict, "a token acts for one body for good");
	pp_who_forget(req->server, req->who.credential);
	pp_token_new(s->token, s->hash);
	pp_bind(req, "credential", req->who.credential);
	pp_bind(req, "sha256", pp_slice((char *)s->hash, PP_NEW_TOKEN_HASH));
	pp_ask(req, "session_body", &req->rows);
	return PP_WAIT;
}

static enum pp_next close_session(struct pp_req *req)
{
	if (!req->who.is_session)
		return pp_refuse(req, PP_conflict, "a token is revoked, not signed out");
	pp_who_forget(req->server, req->who.credential);
	pp_bind(req, "sha256", req->who.credential);
	pp_ask(req, "session_close", &req->rows);
	return PP_WAIT;
}

static enum pp_next reply_closed(struct pp_req *req)
{
	put_cookie(req, "", "; Max-Age=0");
	return pp_reply_rows(req, req->rows);
}

static pp_step *const sign_in_steps[] = { find_account, check_password, open_session, reply_session,
	NULL };
static pp_step *const body_steps[] = { change_body, reply_session, NULL };
static pp_step *const sign_out_steps[] = { close_session, reply_closed, NULL };

static const struct pp_field sign_in_body[] = {
	{ "email", PP_EMAIL, .required = true },
	{ "password", PP_TEXT, .required = true, .min = 1, .max = 200 },
	{ 0 },
};

static const struct pp_field body_body[] = {
	{ "body", PP_BODY_KEY, .required = true, .nullable = true,
		.about = "Of which the account is a member; null: as a person" },
	{ 0 },
};

const struct pp_route account_routes[] = {
	{ PP_POST, "/session", PP_ANYONE, sign_in_steps, .body = sign_in_body,
		.rate = PP_RATE_SIGN_IN, .creates = true,
		.summary = "Sign in; answers with a cookie for browsers" },
	{ PP_GET, "/session", PP_SIGNED_IN, .query = "account_show", .has_no_etag = true,
		.summary = "Who is signed in" },
	{ PP_POST, "/session/body", PP_SIGNED_IN, body_steps, .body = body_body,
		.summary = "Act for another body, or as a person; the cookie changes" },
	{ PP_POST, "/session/end", PP_SIGNED_IN, sign_out_steps, .body = pp_no_fields, .ends = true,
		.summary = "Sign out" },
	{ PP_GET, "/tokens", PP_SIGNED_IN, .query = "token_list", .has_no_etag = true,
		.summary = "One's own tokens" },
	{ PP_POST, "/tokens/{token}/revoke", PP_SIGNED_IN, .query = "token_revoke",
		.body = pp_no_fields, .ends = true, .summary = "Revoke a token of one's own" },
	{ 0 },
};
