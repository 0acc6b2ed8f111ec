/* SPDX-License-Identifier: EUPL-1.2 */
/* How identity providers are, for operators: what one says of itself, asked now or a moment ago. */
#include <pp/core/provider.h>

#include "account.h"

struct state {
	struct pp_rows *found;
	struct pp_issuer issuer;
};

static enum pp_next find(struct pp_req *req)
{
	pp_ask(req, "issuer_find", &pp_state(req, struct state)->found);
	return PP_WAIT;
}

static enum pp_next meet(struct pp_req *req)
{
	struct state *s = pp_state(req, struct state);

	if (s->found->rows == 0)
		return pp_refuse(req, PP_issuer_not_found, "GET /issuers lists those there are");
	pp_issuer_read(req, s->found, &s->issuer);
	return pp_provider_known(req, &s->issuer) ? PP_NEXT : pp_ask_provider(req, &s->issuer);
}

static void add_endpoint(struct pp_buf *out, const char *name, const char *url)
{
	pp_buf_format(out, ",\"%s\":", name);
	if (url)
		pp_buf_json(out, pp_slice_of(url));
	else
		pp_buf_text(out, "null");
}

static enum pp_next show(struct pp_req *req)
{
	struct state *s = pp_state(req, struct state);
	const struct pp_provider *provider = pp_provider_known(req, &s->issuer);
	struct pp_buf *out = pp_buf_make(req->arena);

	if (!provider)
		return pp_refuse(req, PP_issuer_unavailable, "sign in again");
	pp_buf_text(out, "{\"key\":");
	pp_buf_json(out, s->issuer.key);
	add_endpoint(out, "authorization_endpoint", provider->authorization_endpoint);
	add_endpoint(out, "token_endpoint", provider->token_endpoint);
	add_endpoint(out, "end_session_endpoint", provider->end_session_endpoint);
	add_endpoint(out, "userinfo_endpoint", provider->userinfo_endpoint);
	pp_buf_format(out, ",\"keys\":%zu}",
		pp_json_length(pp_json_member(provider->keys, PP_S("keys"))));
	return pp_reply(req, 200, "application/json", pp_buf_all(out));
}

pp_step *const account_provider_steps[] = { find, meet, show, NULL };

const struct pp_field account_provider_params[] = {
	{ "issuer", PP_TEXT, .required = true, .min = 1, .max = 40, .about = "Key of an issuer" },
	{ 0 },
};
