/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The field Authorization: a token as Bearer (RFC 6750 §2.1), and for GIS programs, most of which
 * know nothing else, as the password of Basic (RFC 7617). Basic sends the token as it is, with
 * every request and unasked, so it is taken only where nobody can listen, and never of a browser,
 * which would add it to whatever another site's page sends here.
 */
#include <pp/core/req.h>
#include <pp/io/secret.h>

static bool is_of_a_page(struct pp_req *req)
{
	return pp_http_field(req->exchange, PP_S("sec-fetch-site")).len ||
		pp_http_field(req->exchange, PP_S("origin")).len;
}

static bool takes_basic(struct pp_req *req)
{
	return req->route && pp_route_is_gis(req->route) && req->caller.is_private &&
		!is_of_a_page(req);
}

/* §2: user-id and password with a colon between them, of which the password may have more. Who it
 * is says the token alone. */
static const char *read_basic(
	struct pp_req *req, struct pp_slice credentials, struct pp_slice *token)
{
	struct pp_slice pair;

	if (!pp_route_is_gis(req->route))
		return "send Authorization: Bearer and a token";
	if (!req->caller.is_private)
		return "Authorization: Basic is taken over TLS only";
	if (is_of_a_page(req))
		return "a browser signs in with the form; Authorization: Basic is for programs";
	if (!pp_base64_read(req->arena, credentials, &pair))
		return "send Authorization: Basic with any name and a token as password";
	pp_slice_cut(pair, ':', token);
	return token->len ? NULL
			  : "send Authorization: Basic with any name and a token as password";
}

const char *pp_authorization(struct pp_req *req, struct pp_slice *token)
{
	struct pp_slice field = pp_http_field(req->exchange, PP_S("authorization")), rest;
	struct pp_slice scheme = pp_slice_cut(field, ' ', &rest);

	*token = PP_S("");
	if (!field.len)
		return NULL;
	if (pp_slice_is_nocase(scheme, PP_S("Basic")))
		return read_basic(req, pp_slice_trim(rest), token);
	*token = pp_slice_trim(rest);
	if (pp_slice_is_nocase(scheme, PP_S("Bearer")) && token->len)
		return NULL;
	return "send Authorization: Bearer and a token";
}

/* RFC 9110 §11.6.1: a field for each, because hardly a client reads a list. */
void pp_challenge(struct pp_req *req, enum pp_problem problem)
{
	if (takes_basic(req))
		pp_reply_field(req, "WWW-Authenticate",
			PP_S("Basic realm=\"Planungsplattform\", charset=\"UTF-8\""));
	pp_reply_field(req, "WWW-Authenticate",
		problem == PP_token_invalid ? PP_S("Bearer error=\"invalid_token\"")
					    : PP_S("Bearer"));
}
