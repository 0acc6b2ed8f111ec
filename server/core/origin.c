/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What another site's page may make a browser do here: read what anybody may read, without
 * credentials, and nothing else. Two defences against forged requests besides SameSite: Fetch
 * Metadata, which every browser of the last years sends and no script can write, and Origin.
 */
#include <pp/core/req.h>

static bool reads(const struct pp_req *req)
{
	return req->exchange->method == PP_GET || req->exchange->method == PP_HEAD;
}

/* Scheme, host and port of an address (RFC 6454 §6.2). */
static struct pp_slice origin_of(const char *url)
{
	struct pp_slice rest = pp_slice_of(url), host;

	for (int slashes = 0; slashes < 2; slashes++)
		pp_slice_cut(rest, '/', &rest);
	host = pp_slice_cut(rest, '/', &rest);
	return pp_slice(url, (size_t)(host.at + host.len - url));
}

/* RFC 6454 §7. Behind a proxy that does not say so we cannot know whether it was https: then the
 * host decides alone, which is not known to anybody else's page either. */
static bool is_our_origin(struct pp_req *req, struct pp_slice origin)
{
	struct pp_slice rest = origin;

	if (req->server->base_url)
		return pp_slice_is_nocase(origin, origin_of(req->server->base_url));
	if (req->caller.is_tls && !pp_slice_starts(origin, PP_S("https://")))
		return false;
	for (int slashes = 0; slashes < 2; slashes++)
		pp_slice_cut(rest, '/', &rest);
	return pp_slice_is_nocase(rest, req->exchange->host);
}

const char *pp_origin_wrong(struct pp_req *req)
{
	struct pp_slice site = pp_http_field(req->exchange, PP_S("sec-fetch-site"));
	struct pp_slice origin = pp_http_field(req->exchange, PP_S("origin"));
	struct pp_slice mode = pp_http_field(req->exchange, PP_S("sec-fetch-mode"));

	if (reads(req)) {
		/* A link may lead here; what is embedded or fetched elsewhere gets no cookie's
		 * rights, so that nothing can be learnt from its size or time. */
		if (!site.len || pp_slice_is(site, PP_S("same-origin")) ||
			pp_slice_is(site, PP_S("none")) || pp_slice_is(mode, PP_S("navigate")))
			return NULL;
		return "a page of another site may not read this with a session";
	}
	if (site.len && !pp_slice_is(site, PP_S("same-origin")))
		return "the request comes from another site";
	if (origin.len && !is_our_origin(req, origin))
		return "the request comes from another site";
	if (!site.len && !origin.len)
		return "with a session, send Origin or Sec-Fetch-Site";
	return NULL;
}

#define SHOWN_FIELDS                                                                               \
	"Content-Crs, Content-Disposition, Content-Language, ETag, Last-Modified, Link, "          \
	"OGC-NumberMatched, "                                                                      \
	"OGC-NumberReturned, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id"
#define TAKEN_FIELDS "Accept-Language, If-None-Match, Last-Event-ID, Range"

static bool has_credentials(struct pp_req *req)
{
	return pp_http_field(req->exchange, PP_S("authorization")).len ||
		pp_http_field(req->exchange, PP_S("cookie")).len;
}

/* What is shown to whoever has a secret is open to anyone, and yet not public. */
static bool is_open(const struct pp_route *route)
{
	return route && (route->may & PP_ANYONE) && !route->by_token && !route->by_link &&
		!route->by_upload;
}

bool pp_origin_is_public(struct pp_req *req)
{
	return (reads(req) || (req->route && req->route->asks)) && is_open(req->route) &&
		!has_credentials(req);
}

void pp_origin_answer(struct pp_req *req)
{
	if (!pp_origin_is_public(req))
		return;
	pp_http_add(req->exchange, "Access-Control-Allow-Origin", PP_S("*"));
	pp_http_add(req->exchange, "Access-Control-Expose-Headers", PP_S(SHOWN_FIELDS));
}

void pp_origin_preflight(struct pp_req *req)
{
	struct pp_slice method = pp_http_field(
		req->exchange, PP_S("access-control-request-method"));
	bool posts = pp_slice_is(method, PP_S("POST"));
	struct pp_match found;

	if (!posts && !pp_slice_is(method, PP_S("GET")) && !pp_slice_is(method, PP_S("HEAD")))
		return;
	pp_route_find(req->server->rooms, posts ? PP_POST : PP_GET, req->exchange->path, &found);
	if (!is_open(found.route) || (posts && !found.route->asks))
		return;
	pp_http_add(req->exchange, "Access-Control-Allow-Origin", PP_S("*"));
	pp_http_add(req->exchange, "Access-Control-Allow-Methods",
		posts ? PP_S("GET, HEAD, POST") : PP_S("GET, HEAD"));
	pp_http_add(req->exchange, "Access-Control-Allow-Headers",
		posts ? PP_S(TAKEN_FIELDS ", Content-Type") : PP_S(TAKEN_FIELDS));
	pp_http_add(req->exchange, "Access-Control-Max-Age", PP_S("86400"));
}
