/* SPDX-License-Identifier: EUPL-1.2 */
/* Codes against tokens, and the secret by which a provider knows us. */
#include <pp/core/provider.h>

#include <pp/core/secrets.h>
#include <pp/io/remote.h>
#include <pp/io/secret.h>

#define TOKENS_MOST 65536
#define ASK_US      (8 * INT64_C(1000000))

/* A question of one request's. */
struct exchange {
	struct pp_req *req;
	bool can_do_without;
	struct pp_provider_reply *reply;
};

/* RFC 6749 §2.3.1: both parts are urlencoded before they are joined. */
static const char *basic(struct pp_arena *arena, struct pp_slice client, struct pp_slice secret)
{
	struct pp_buf *pair = pp_buf_make(arena), *field = pp_buf_make(arena);

	pp_buf_percent(pair, client, "");
	pp_buf_text(pair, ":");
	pp_buf_percent(pair, secret, "");
	pp_buf_text(field, "Basic ");
	pp_base64(field, pp_buf_all(pair));
	pp_buf_u8(field, 0);
	return field->at;
}

static void came(void *ctx, const struct pp_remote_reply *reply)
{
	struct exchange *exchange = ctx;
	struct pp_req *req = PP_CAST(pp_req, exchange->req, PP_REQ_MAGIC);
	struct pp_json *body = NULL;
	struct pp_fault fault;

	if (reply->status)
		body = pp_json_read(req->arena, reply->body, &fault);
	exchange->reply->status = reply->status;
	exchange->reply->body = body && pp_json_kind(body) == PP_JSON_OBJECT ? body : NULL;
	pp_fault(&fault, PP_issuer_unavailable, "%.180s: sign in again", reply->detail);
	pp_req_answered(req, reply->status || exchange->can_do_without ? NULL : &fault);
}

enum pp_next pp_ask_tokens(struct pp_req *req, const struct pp_issuer *issuer,
	const struct pp_provider *provider, struct pp_buf *form, struct pp_provider_reply *reply)
{
	bool is_basic = pp_slice_is(issuer->client_auth, PP_S("client_secret_basic"));
	struct pp_remote_request request = {
		.url = provider->token_endpoint, .most = TOKENS_MOST, .within_us = ASK_US
	};
	struct exchange *exchange = PP_NEW(req->arena, struct exchange);
	struct pp_slice secret = PP_S("");

	if (!pp_slice_is(issuer->client_auth, PP_S("none")) &&
		!pp_secret_named(req->server->secrets, req->arena,
			pp_format(req->arena, "issuer-%.*s", PP_SHOW(issuer->key)).at, &secret))
		return pp_refuse(req, PP_issuer_unavailable,
			"the platform's own secret for this issuer is missing");
	if (is_basic) {
		request.authorization = basic(req->arena, issuer->client_id, secret);
	} else {
		pp_form_add(form, "client_id", issuer->client_id);
		if (secret.len)
			pp_form_add(form, "client_secret", secret);
	}
	request.form = pp_buf_all(form);
	exchange->req = req;
	exchange->reply = reply;
	req->outstanding++;
	pp_remote_ask(pp_providers_remote(req->server->providers), &request, came, exchange);
	return PP_WAIT;
}

enum pp_next pp_ask_userinfo(struct pp_req *req, const struct pp_provider *provider,
	struct pp_slice access_token, struct pp_provider_reply *reply)
{
	struct exchange *exchange = PP_NEW(req->arena, struct exchange);
	struct pp_remote_request request = { .url = provider->userinfo_endpoint,
		.authorization = pp_format(req->arena, "Bearer %.*s", PP_SHOW(access_token)).at,
		.most = TOKENS_MOST,
		.within_us = ASK_US };

	*exchange = (struct exchange){ .req = req, .can_do_without = true, .reply = reply };
	req->outstanding++;
	pp_remote_ask(pp_providers_remote(req->server->providers), &request, came, exchange);
	return PP_WAIT;
}
