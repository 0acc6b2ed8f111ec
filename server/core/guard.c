/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The fields that tell a browser what a reply may do in it, by kind of content. Most replies are no
 * pages; a browser that shows one all the same shall treat it as dead text.
 */
#include <pp/core/req.h>

#define SHUT "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
#define OURS "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

static const struct {
	const char *name, *values[PP_CONTENTS]; /* NULL: not said */
} guards[] = {
	{ "X-Content-Type-Options", { "nosniff", "nosniff", "nosniff", "nosniff" } },
	{ "Content-Security-Policy",
		{
			[PP_CONTENT_DATA] = "default-src 'none'; " SHUT,
			/* No script, nothing from outside; forms come back to us. */
			[PP_CONTENT_PAGE] = "default-src 'none'; style-src 'unsafe-inline'; " OURS,
			/* Somebody else's file, on our origin. */
			[PP_CONTENT_DOCUMENT] = "sandbox; default-src 'none'; " SHUT,
		} },
	{ "Cross-Origin-Opener-Policy",
		{ "same-origin", "same-origin", "same-origin", "same-origin" } },
	/* A page of ours that sends a form says where it comes from, see origin.c. */
	{ "Referrer-Policy", { "no-referrer", "same-origin", "same-origin", "no-referrer" } },
	{ "Permissions-Policy",
		{
			[PP_CONTENT_PAGE] = "camera=(), display-capture=(), geolocation=(self), "
					    "microphone=(), payment=(), usb=()",
			[PP_CONTENT_APPLICATION] =
				"camera=(), display-capture=(), geolocation=(self), "
				"microphone=(), payment=(), usb=()",
			[PP_CONTENT_DOCUMENT] = "camera=(), display-capture=(), geolocation=(), "
						"microphone=(), payment=(), usb=()",
		} },
};

/* Icons of the design system and what was drawn are data: and blob: images; tiles of base maps come
 * from the hosts that the operator has named, and from no other. */
static struct pp_slice application_policy(struct pp_req *req)
{
	return pp_format(req->arena,
		"default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
		"connect-src 'self'; img-src 'self' data: blob:%.*s; " OURS,
		PP_SHOW(req->server->site.image_hosts));
}

/* RFC 6797 §7.2: never said over plain HTTP, where anybody could say it. */
static void add_hsts(struct pp_req *req)
{
	if (req->caller.is_tls && req->server->hsts_seconds)
		pp_http_add(req->exchange, "Strict-Transport-Security",
			pp_format(req->arena, "max-age=%lld; includeSubDomains",
				(long long)req->server->hsts_seconds));
}

void pp_guard_add(struct pp_req *req, bool is_problem)
{
	enum pp_content content = req->is_page ? PP_CONTENT_APPLICATION
		: req->is_own_page             ? PP_CONTENT_PAGE
		: req->route && !is_problem    ? req->route->content
					       : PP_CONTENT_DATA;

	pp_http_add(req->exchange, "X-Request-Id", pp_slice_of(req->id));
	for (size_t i = 0; i < PP_LENGTH(guards); i++)
		if (guards[i].values[content])
			pp_http_add(req->exchange, guards[i].name,
				pp_slice_of(guards[i].values[content]));
	if (content == PP_CONTENT_APPLICATION)
		pp_http_add(req->exchange, "Content-Security-Policy", application_policy(req));
	/* What anybody may read, other sites may embed: maps above all. */
	pp_http_add(req->exchange, "Cross-Origin-Resource-Policy",
		pp_origin_is_public(req) ? PP_S("cross-origin") : PP_S("same-origin"));
	add_hsts(req);
	pp_origin_answer(req);
}

/*
 * Who asks decides what is answered. A cache that holds an anonymous answer must not show it to an
 * account whose ETag happens to be the same, and an account's answer stays nowhere.
 */
void pp_guard_cache(struct pp_req *req)
{
	bool is_public = pp_origin_is_public(req);

	pp_http_add(
		req->exchange, "Cache-Control", is_public ? PP_S("no-cache") : PP_S("no-store"));
	if (is_public)
		pp_http_add(req->exchange, "Vary", PP_S("Accept-Language, Authorization, Cookie"));
}
