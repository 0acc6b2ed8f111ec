/* SPDX-License-Identifier: EUPL-1.2 */
/* Sessions: which there are, for whom one acts, and their end. */
#include <pp/core/passwords.h>
#include <pp/core/provider.h>
#include <pp/core/token.h>

#include "account.h"

struct session {
	struct pp_rows *closed, *found;
	struct pp_issuer issuer;
	char token[PP_NEW_TOKEN_SIZE];
	unsigned char hash[PP_NEW_TOKEN_HASH];
};

/* The level is the session's or the token's own: the database does not know tokens of issuers. */
static enum pp_next show(struct pp_req *req)
{
	pp_bind(req, "level", req->who.level.len ? req->who.level : pp_slice(NULL, 0));
	pp_ask(req, "account_show", &req->rows);
	return PP_WAIT;
}

static enum pp_next reply_rows(struct pp_req *req)
{
	return pp_reply_rows(req, req->rows);
}

static enum pp_next list(struct pp_req *req)
{
	pp_bind(req, "credential", req->who.credential);
	pp_ask(req, "session_list", &req->rows);
	return PP_WAIT;
}

static enum pp_next find_sealed(struct pp_req *req)
{
	pp_bind(req, "credential", req->who.credential);
	pp_ask(req, "session_sealed", &pp_state(req, struct session)->found);
	return PP_WAIT;
}

/* The cookie is another from now on, so that one cookie never acts for two bodies. What was sealed
 * with the old one is sealed anew. */
static enum pp_next change_body(struct pp_req *req)
{
	struct session *s = pp_state(req, struct session);
	struct pp_slice sealed = s->found->rows ? pp_cell(s->found, 0, 0) : PP_S(""), plain;

	pp_who_forget(req->server, req->who.credential);
	pp_token_new(s->token, s->hash);
	pp_bind_null(req, "sealed_id_token");
	if (sealed.len &&
		pp_token_unseal(req->arena, ACCOUNT_ID_TOKEN, pp_cookie(req, PP_SESSION_COOKIE),
			sealed, &plain))
		pp_bind(req, "sealed_id_token",
			pp_token_seal(req->arena, ACCOUNT_ID_TOKEN, pp_slice_of(s->token), plain));
	pp_bind(req, "credential", req->who.credential);
	pp_bind(req, "sha256", pp_slice((char *)s->hash, PP_NEW_TOKEN_HASH));
	pp_ask(req, "session_body", &req->rows);
	return PP_WAIT;
}

static enum pp_next reply_body(struct pp_req *req)
{
	account_put_cookie(req, PP_SESSION_COOKIE, pp_state(req, struct session)->token, 0);
	return pp_reply_rows(req, req->rows);
}

static enum pp_next close_session(struct pp_req *req)
{
	pp_who_forget(req->server, req->who.credential);
	pp_bind(req, "sha256", req->who.credential);
	pp_ask(req, "session_close", &pp_state(req, struct session)->closed);
	return PP_WAIT;
}

/* Of whose provider it is, so that one may sign out there as well. */
static enum pp_next find_issuer(struct pp_req *req)
{
	struct session *s = pp_state(req, struct session);

	if (s->closed->rows == 0 || !pp_cell(s->closed, 0, 0).len)
		return PP_NEXT;
	pp_bind(req, "issuer", pp_cell(s->closed, 0, 0));
	pp_ask(req, "issuer_find", &s->found);
	return PP_WAIT;
}

static enum pp_next meet_provider(struct pp_req *req)
{
	struct session *s = pp_state(req, struct session);

	if (!s->found || s->found->rows == 0)
		return PP_NEXT;
	pp_issuer_read(req, s->found, &s->issuer);
	if (pp_provider_known(req, &s->issuer) || pp_provider_is_failing(req, &s->issuer))
		return PP_NEXT;
	/* The session here is over whether the provider can be reached or not. */
	pp_catch(req, PP_issuer_unavailable);
	return pp_ask_provider(req, &s->issuer);
}

/* OpenID Connect RP-Initiated Logout 1.0 §2. */
static struct pp_slice provider_url(struct pp_req *req)
{
	struct session *s = pp_state(req, struct session);
	const struct pp_provider *provider = s->issuer.url.len ? pp_provider_known(req, &s->issuer)
							       : NULL;
	struct pp_buf *url = pp_buf_make(req->arena), *query = pp_buf_make(req->arena);
	struct pp_slice id_token;

	if (!provider || !provider->end_session_endpoint)
		return PP_S("");
	if (pp_cell(s->closed, 0, 1).len &&
		pp_token_unseal(req->arena, ACCOUNT_ID_TOKEN, pp_cookie(req, PP_SESSION_COOKIE),
			pp_cell(s->closed, 0, 1), &id_token))
		pp_form_add(query, "id_token_hint", id_token);
	pp_form_add(query, "client_id", s->issuer.client_id);
	pp_form_add(query, "post_logout_redirect_uri", pp_url(req, PP_S("/")));
	pp_buf_text(url, provider->end_session_endpoint);
	pp_buf_text(url, strchr(provider->end_session_endpoint, '?') ? "&" : "?");
	pp_buf_slice(url, pp_buf_all(query));
	return pp_buf_all(url);
}

static enum pp_next reply_closed(struct pp_req *req)
{
	struct pp_slice url = provider_url(req);
	struct pp_buf *out = pp_buf_make(req->arena);

	account_put_cookie(req, PP_SESSION_COOKIE, "", -1);
	pp_buf_text(out, "{\"end_session_url\":");
	if (url.len)
		pp_buf_json(out, url);
	else
		pp_buf_text(out, "null");
	pp_buf_text(out, "}");
	return pp_reply(req, 200, "application/json", pp_buf_all(out));
}

static enum pp_next see_closed(struct pp_req *req)
{
	struct pp_slice url = provider_url(req);

	account_put_cookie(req, PP_SESSION_COOKIE, "", -1);
	return account_see(req, url.len ? url : pp_url(req, PP_S("/")));
}

pp_step *const account_show_steps[] = { show, reply_rows, NULL };
pp_step *const account_list_steps[] = { list, reply_rows, NULL };
pp_step *const account_body_steps[] = { find_sealed, change_body, reply_body, NULL };
pp_step *const account_sign_out_steps[] = { close_session, find_issuer, meet_provider, reply_closed,
	NULL };
pp_step *const account_sign_out_form_steps[] = { close_session, find_issuer, meet_provider,
	see_closed, NULL };
