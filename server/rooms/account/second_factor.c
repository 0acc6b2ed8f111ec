/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The second factor of a local account: a secret that an authenticator app keeps (RFC 6238), sealed
 * with a key that is not in the database, and ten codes for the day when the device is lost.
 */
#include <pp/core/passwords.h>
#include <pp/core/provider.h>
#include <pp/core/secrets.h>
#include <pp/core/token.h>
#include <pp/core/totp.h>

#include "account.h"

#define SEALED_FOR     "second factor"
#define RECOVERY_CODES 10
#define RECOVERY_SIZE  16 /* characters of base64url: 96 bits */

struct factor {
	struct pp_rows *rows;
	struct pp_slice secret;
	char recovery[RECOVERY_CODES][RECOVERY_SIZE + 1];
};

static bool key_of(struct pp_req *req, struct pp_slice *key)
{
	return pp_secret_named(req->server->secrets, req->arena, "second-factor", key) &&
		key->len >= 32;
}

static enum pp_next refuse_keyless(struct pp_req *req)
{
	return pp_refuse(req, PP_second_factor_unavailable,
		"the file second-factor in the folder of secrets is missing or too short");
}

bool account_factor_open(struct pp_req *req, struct pp_slice sealed, struct pp_slice *secret)
{
	struct pp_slice key;

	return key_of(req, &key) && pp_token_unseal(req->arena, SEALED_FOR, key, sealed, secret);
}

static struct pp_slice said_code(struct pp_req *req)
{
	return pp_json_text(pp_json_member(req->body, PP_S("code")));
}

/* 160 bits: the start of a new token's SHA-256, which nobody can guess either. */
static enum pp_next begin(struct pp_req *req)
{
	struct factor *f = pp_state(req, struct factor);
	char token[PP_NEW_TOKEN_SIZE];
	unsigned char *hash = pp_alloc(req->arena, PP_NEW_TOKEN_HASH);
	struct pp_slice key;

	if (!key_of(req, &key))
		return refuse_keyless(req);
	pp_token_new(token, hash);
	f->secret = pp_slice((char *)hash, PP_TOTP_SECRET);
	pp_bind(req, "sealed_secret", pp_token_seal(req->arena, SEALED_FOR, key, f->secret));
	pp_ask(req, "second_factor_begin", &f->rows);
	return PP_WAIT;
}

/* The address for authenticator apps: otpauth://totp/LABEL?secret=…&issuer=…. */
static enum pp_next reply_begun(struct pp_req *req)
{
	struct factor *f = pp_state(req, struct factor);
	struct pp_buf *out = pp_buf_make(req->arena), *uri = pp_buf_make(req->arena);
	struct pp_buf *secret = pp_buf_make(req->arena);

	pp_totp_base32(secret, f->secret);
	pp_buf_text(uri, "otpauth://totp/Planungsplattform:");
	pp_buf_percent(uri, pp_cell(f->rows, 0, 0), "");
	pp_buf_format(uri, "?secret=%.*s&issuer=Planungsplattform", (int)secret->len, secret->at);
	pp_buf_text(out, "{\"secret\":");
	pp_buf_json(out, pp_buf_all(secret));
	pp_buf_text(out, ",\"uri\":");
	pp_buf_json(out, pp_buf_all(uri));
	pp_buf_text(out, "}");
	return pp_reply(req, 200, "application/json", pp_buf_all(out));
}

static enum pp_next find_own(struct pp_req *req)
{
	pp_ask(req, "second_factor_own", &pp_state(req, struct factor)->rows);
	return PP_WAIT;
}

static enum pp_next refuse_code(struct pp_req *req)
{
	pp_wrong(req, PP_S("/code"), "is not the present code");
	return pp_refuse_wrong(req, PP_invalid_body);
}

/* "{hex,hex}" of what is stored of new codes, which are shown this once. */
static struct pp_slice make_recovery(struct pp_req *req, struct factor *f)
{
	struct pp_buf *list = pp_buf_make(req->arena);

	for (size_t i = 0; i < RECOVERY_CODES; i++) {
		char token[PP_NEW_TOKEN_SIZE];
		unsigned char hash[PP_NEW_TOKEN_HASH];
		struct pp_slice code;

		pp_token_new(token, hash);
		memcpy(f->recovery[i], token, RECOVERY_SIZE);
		code = pp_slice_of(f->recovery[i]);
		pp_buf_text(list, i ? "," : "{");
		pp_buf_hex(list, pp_token_hash(req->arena, 1, &code));
	}
	pp_buf_text(list, "}");
	return pp_buf_all(list);
}

/* False after a refusal. */
static bool is_present(struct pp_req *req, struct factor *f, int64_t *step)
{
	struct pp_slice secret;

	if (f->rows->rows == 0) {
		pp_refuse(req, PP_conflict, "there is no second factor");
		return false;
	}
	if (!pp_guess_may(req, req->who.account))
		return false;
	if (!account_factor_open(req, pp_cell(f->rows, 0, 0), &secret)) {
		refuse_keyless(req);
		return false;
	}
	if (pp_totp_is(secret, req->exchange->received_utc, said_code(req), step))
		return true;
	pp_guess_wrong(req, req->who.account);
	refuse_code(req);
	return false;
}

static enum pp_next confirm(struct pp_req *req)
{
	struct factor *f = pp_state(req, struct factor);
	int64_t step;

	if (!is_present(req, f, &step))
		return PP_DONE;
	pp_bind(req, "step", pp_format(req->arena, "%lld", (long long)step));
	pp_bind(req, "codes", make_recovery(req, f));
	pp_ask(req, "second_factor_confirm", &f->rows);
	return PP_WAIT;
}

static enum pp_next reply_confirmed(struct pp_req *req)
{
	struct factor *f = pp_state(req, struct factor);
	struct pp_buf *out = pp_buf_make(req->arena);

	if (!pp_slice_is(pp_cell(f->rows, 0, 0), PP_S("t")))
		return pp_refuse(req, PP_conflict, "it is confirmed already");
	pp_buf_text(out, "{\"recovery_codes\":");
	for (size_t i = 0; i < RECOVERY_CODES; i++) {
		pp_buf_text(out, i ? "," : "[");
		pp_buf_json(out, pp_slice_of(f->recovery[i]));
	}
	pp_buf_text(out, "]}");
	return pp_reply(req, 200, "application/json", pp_buf_all(out));
}

static enum pp_next take(struct pp_req *req)
{
	struct factor *f = pp_state(req, struct factor);
	int64_t step;

	if (!is_present(req, f, &step))
		return PP_DONE;
	pp_bind(req, "account", req->who.account);
	pp_bind(req, "step", pp_format(req->arena, "%lld", (long long)step));
	pp_ask(req, "second_factor_take", &f->rows);
	return PP_WAIT;
}

static enum pp_next drop(struct pp_req *req)
{
	if (!pp_slice_is(pp_cell(pp_state(req, struct factor)->rows, 0, 0), PP_S("t")))
		return refuse_code(req);
	pp_ask(req, "second_factor_remove", &req->rows);
	return PP_WAIT;
}

static enum pp_next reply_dropped(struct pp_req *req)
{
	return pp_reply_rows(req, req->rows);
}

pp_step *const account_factor_begin_steps[] = { begin, reply_begun, NULL };
pp_step *const account_factor_confirm_steps[] = { find_own, confirm, reply_confirmed, NULL };
pp_step *const account_factor_remove_steps[] = { find_own, take, drop, reply_dropped, NULL };
const struct pp_field account_code_body[] = {
	{ "code", PP_TEXT, .required = true, .min = 6, .max = 6,
		.about = "What the authenticator app shows now" },
	{ 0 },
};
