/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Passwords that people set themselves, by a link that their account was sent. The link proves who
 * reads the account's mail and nothing more: whoever has set a password signs in with it, and with
 * the second factor where there is one.
 */
#include <pp/core/passwords.h>
#include <pp/core/token.h>

#include "account.h"

struct password {
	struct pp_rows *account;
	struct pp_frame verdict;
};

const struct pp_field account_email_body[] = {
	{ "email", PP_EMAIL, .required = true, .about = "Of the account" },
	{ 0 },
};

const struct pp_field account_secret_body[] = {
	{ "secret", PP_TEXT, .required = true, .min = 1, .max = 200,
		.about = "What stands behind # of the link" },
	{ 0 },
};

const struct pp_field account_password_body[] = {
	{ "secret", PP_TEXT, .required = true, .min = 1, .max = 200,
		.about = "What stands behind # of the link" },
	{ "password", PP_TEXT, .required = true, .min = PP_CHOSEN_LEAST, .max = PP_CHOSEN_MOST,
		.about = "Not one that is guessed soon; any characters" },
	{ 0 },
};

static struct pp_slice said(const struct pp_req *req, const char *name)
{
	return pp_json_text(pp_json_member(req->body, pp_slice_of(name)));
}

static enum pp_next find(struct pp_req *req)
{
	struct pp_slice secret = said(req, "secret");

	pp_bind(req, "sha256", pp_token_hash(req->arena, 1, &secret));
	pp_ask(req, "account_link_email", &pp_state(req, struct password)->account);
	return PP_WAIT;
}

static enum pp_next choose(struct pp_req *req)
{
	struct password *p = pp_state(req, struct password);
	struct pp_buf *payload = pp_buf_make(req->arena);

	pp_buf_bytes(payload, said(req, "password"));
	pp_buf_bytes(payload, pp_cell(p->account, 0, 0));
	pp_ask_clerk(req, PP_PASSWORD_CHOOSE, pp_buf_all(payload), &p->verdict);
	return PP_WAIT;
}

static enum pp_next set(struct pp_req *req)
{
	struct pp_slice hash;
	struct pp_scan scan;
	bool fits;

	pp_scan_begin(&scan, pp_state(req, struct password)->verdict.payload);
	fits = pp_scan_u8(&scan) == 1;
	hash = pp_scan_bytes(&scan);
	if (!fits) {
		pp_wrong(req, PP_S("/password"), "%.*s", PP_SHOW(hash));
		return pp_refuse_wrong(req, PP_invalid_body);
	}
	pp_bind(req, "password_hash", hash);
	pp_ask(req, "password_set", &req->rows);
	return PP_WAIT;
}

static enum pp_next reply(struct pp_req *req)
{
	return pp_reply_rows(req, req->rows);
}

pp_step *const account_password_steps[] = { find, choose, set, reply, NULL };
