/* SPDX-License-Identifier: EUPL-1.2 */
/* Local accounts of the embedded start: mail address, password, and a second factor if they have
 * one. */
#include <pp/core/passwords.h>
#include <pp/core/token.h>
#include <pp/core/totp.h>

#include "account.h"

/*
 * The argon2id string of a password that nobody has: an address without account costs the same
 * time as a wrong password, and so does not show that it has none.
 */
static const char nobody[] = "$argon2id$v=19$m=65536,t=2,p=1$1iTSpJ2mUDXEOvtvC1Yx2Q$"
			     "lYLUm7ZYkBQZ9JsBzQ4PP1cyK1ZmM7GhTqgYw7lHYJk";

struct local {
	struct pp_rows *account, *factor, *taken;
	struct pp_frame verdict;
	char token[PP_NEW_TOKEN_SIZE];
};

enum { ACCOUNT, PASSWORD_HASH };

static struct pp_slice said(struct pp_req *req, const char *name)
{
	const struct pp_json *member = pp_json_member(req->body, pp_slice_of(name));

	return member ? pp_json_text(member) : PP_S("");
}

static enum pp_next find_account(struct pp_req *req)
{
	struct local *s = pp_state(req, struct local);

	if (!pp_guess_may(req, said(req, "email")))
		return PP_DONE;
	pp_bind(req, "email", said(req, "email"));
	pp_ask(req, "account_sign_in", &s->account);
	return PP_WAIT;
}

static enum pp_next check_password(struct pp_req *req)
{
	struct local *s = pp_state(req, struct local);
	struct pp_buf *payload = pp_buf_make(req->arena);

	pp_buf_bytes(payload, said(req, "password"));
	pp_buf_bytes(payload,
		s->account->rows && pp_cell(s->account, 0, PASSWORD_HASH).len
			? pp_cell(s->account, 0, PASSWORD_HASH)
			: pp_slice_of(nobody));
	pp_ask_clerk(req, PP_PASSWORD_CHECK, pp_buf_all(payload), &s->verdict);
	return PP_WAIT;
}

static enum pp_next refuse_guess(struct pp_req *req)
{
	pp_guess_wrong(req, said(req, "email"));
	return pp_refuse(req, PP_sign_in_failed, "%s", "");
}

static enum pp_next find_factor(struct pp_req *req)
{
	struct local *s = pp_state(req, struct local);
	struct pp_scan scan;

	pp_scan_begin(&scan, s->verdict.payload);
	if (pp_scan_u8(&scan) != 1 || !s->account->rows)
		return refuse_guess(req);
	pp_bind(req, "account", pp_cell(s->account, 0, ACCOUNT));
	pp_ask(req, "second_factor_of", &s->factor);
	return PP_WAIT;
}

/* A code of the app, or one of those for the day when it is lost. Only who knows the password hears
 * that one is needed. */
static enum pp_next check_factor(struct pp_req *req)
{
	struct local *s = pp_state(req, struct local);
	struct pp_slice code = said(req, "code"), secret;
	int64_t step;

	if (s->factor->rows == 0)
		return PP_NEXT;
	if (!code.len)
		return pp_refuse(
			req, PP_second_factor_required, "send the code of the app as code");
	if (code.len != PP_TOTP_DIGITS) {
		pp_bind(req, "code_sha256", pp_token_hash(req->arena, 1, &code));
		pp_ask(req, "recovery_code_take", &s->taken);
		return PP_WAIT;
	}
	if (!account_factor_open(req, pp_cell(s->factor, 0, 0), &secret))
		return pp_refuse(req, PP_second_factor_unavailable, "its key is missing");
	if (!pp_totp_is(secret, req->exchange->received_utc, code, &step))
		return refuse_guess(req);
	pp_bind(req, "step", pp_format(req->arena, "%lld", (long long)step));
	pp_ask(req, "second_factor_take", &s->taken);
	return PP_WAIT;
}

static enum pp_next open_session(struct pp_req *req)
{
	struct local *s = pp_state(req, struct local);

	if (s->taken && !pp_slice_is(pp_cell(s->taken, 0, 0), PP_S("t")))
		return refuse_guess(req);
	account_bind_session(req, s->token);
	/* BSI TR-03107-1: knowledge alone is the lowest level; possession with it is not. */
	pp_bind(req, "level", s->taken ? PP_S("SUBSTANTIELL") : PP_S("NORMAL"));
	pp_ask(req, "session_open", &req->rows);
	return PP_WAIT;
}

static enum pp_next reply_session(struct pp_req *req)
{
	account_put_cookie(req, PP_SESSION_COOKIE, pp_state(req, struct local)->token, 0);
	return pp_reply_rows(req, req->rows);
}

static enum pp_next see_session(struct pp_req *req)
{
	struct pp_slice path = said(req, "return_to");

	account_put_cookie(req, PP_SESSION_COOKIE, pp_state(req, struct local)->token, 0);
	return account_see(req, pp_url(req, account_is_own_path(path) ? path : PP_S("/")));
}

pp_step *const account_sign_in_steps[] = { find_account, check_password, find_factor, check_factor,
	open_session, reply_session, NULL };
pp_step *const account_form_steps[] = { find_account, check_password, find_factor, check_factor,
	open_session, see_session, NULL };
