/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Who asks: a token (authorization.c) for programs, a session cookie for browsers. Both are
 * random and stored as SHA-256. Who it is holds for two seconds in this worker, so that a busy
 * client costs no question each; a revoked token therefore lives on for at most that long.
 */
#include <pp/core/req.h>

#include <stdlib.h>

#include <pp/base/clock.h>
#include <pp/core/jwt.h>
#include <pp/core/passwords.h>
#include <pp/io/secret.h>

_Static_assert(PP_NEW_TOKEN_SIZE == PP_TOKEN_SIZE && PP_NEW_TOKEN_HASH == PP_SHA256_SIZE,
	"the rooms see the sizes of io");

#define HOLDS_US (2 * PP_SECOND)
#define ENTRIES  1024

struct known {
	unsigned char credential[PP_SHA256_SIZE];
	int64_t until;
	unsigned may;
	int64_t authenticated_s;
	char account[40], body[44], roles[512], email[256], level[16];
};

struct pp_who_cache {
	struct known known[ENTRIES];
};

struct pp_who_cache *pp_who_cache_open(void)
{
	struct pp_who_cache *cache = calloc(1, sizeof(*cache));

	PP_MUST(cache);
	return cache;
}

void pp_who_cache_close(struct pp_who_cache *cache)
{
	free(cache);
}

static struct known *place(struct pp_who_cache *cache, struct pp_slice credential)
{
	uint16_t spread;

	memcpy(&spread, credential.at, sizeof(spread));
	return &cache->known[spread % ENTRIES];
}

void pp_who_forget(struct pp_server *server, struct pp_slice credential)
{
	place(server->who_cache, credential)->until = 0;
}

static unsigned may_of(struct pp_slice body, struct pp_slice roles)
{
	unsigned may = body.len ? 0 : PP_PUBLIC;

	for (struct pp_slice rest = roles; rest.len;)
		may |= pp_may_of(pp_slice_cut(rest, ' ', &rest));
	return may;
}

/* RFC 6265 §4.2.1: name=value pairs separated by "; ". */
struct pp_slice pp_cookie(struct pp_req *req, struct pp_slice name)
{
	struct pp_slice rest = pp_http_field(req->exchange, PP_S("cookie"));

	while (rest.len) {
		struct pp_slice value;
		struct pp_slice pair = pp_slice_trim(pp_slice_cut(rest, ';', &rest));

		if (pp_slice_is(pp_slice_cut(pair, '=', &value), name))
			return value;
	}
	return PP_S("");
}

static struct pp_slice hashed(struct pp_req *req, struct pp_slice secret)
{
	unsigned char *hash = pp_alloc(req->arena, PP_SHA256_SIZE);

	pp_sha256(secret, hash);
	return pp_slice((char *)hash, PP_SHA256_SIZE);
}

bool pp_who_begin(struct pp_req *req)
{
	struct pp_slice session = pp_cookie(req, PP_SESSION_COOKIE), token;
	const char *wrong;

	if (req->route->is_sign_in)
		return true;
	wrong = pp_authorization(req, &token);
	if (wrong) {
		pp_refuse(req, PP_unauthenticated, "%s", wrong);
		return false;
	}
	if (token.len) {
		req->who.credential = hashed(req, token);
		if (pp_jwt_looks_so(token))
			req->who.token = token;
	} else if (session.len) {
		wrong = pp_origin_wrong(req);
		if (wrong) {
			atomic_fetch_add_explicit(
				&req->server->share->process[req->server->number].cross_site, 1,
				memory_order_relaxed);
			pp_refuse(req, PP_forbidden, "%s", wrong);
			return false;
		}
		req->who.credential = hashed(req, session);
		req->who.is_session = true;
	} else if (!(req->route->may & PP_ANYONE)) {
		pp_refuse(req, PP_unauthenticated,
			"sign in, or send Authorization: Bearer and a token");
		return false;
	}
	return true;
}

static bool recall(struct pp_req *req)
{
	struct known *known = place(req->server->who_cache, req->who.credential);

	if (known->until < pp_clock_monotonic() ||
		memcmp(known->credential, req->who.credential.at, PP_SHA256_SIZE) != 0)
		return false;
	req->who.account = pp_copy(req->arena, pp_slice_of(known->account));
	req->who.body = pp_copy(req->arena, pp_slice_of(known->body));
	req->who.roles = pp_copy(req->arena, pp_slice_of(known->roles));
	req->who.email = pp_copy(req->arena, pp_slice_of(known->email));
	req->who.level = pp_copy(req->arena, pp_slice_of(known->level));
	req->who.may = known->may;
	req->who.authenticated_s = known->authenticated_s;
	return true;
}

enum pp_next pp_who_ask(struct pp_req *req)
{
	if (req->who.credential.len == 0 || recall(req))
		return PP_NEXT;
	if (req->who.token.len)
		return pp_bearer_read(req, req->who.token);
	pp_bind(req, "sha256", req->who.credential);
	pp_ask(req, req->who.is_session ? "who_by_session" : "who_by_token", &req->rows);
	return PP_WAIT;
}

static bool keep(char *out, size_t size, struct pp_slice value)
{
	if (value.len >= size)
		return false;
	if (value.len)
		memcpy(out, value.at, value.len);
	out[value.len] = '\0';
	return true;
}

static void remember(struct pp_req *req)
{
	struct known *known = place(req->server->who_cache, req->who.credential);

	known->until = 0;
	if (!keep(known->account, sizeof(known->account), req->who.account) ||
		!keep(known->body, sizeof(known->body), req->who.body) ||
		!keep(known->roles, sizeof(known->roles), req->who.roles) ||
		!keep(known->email, sizeof(known->email), req->who.email) ||
		!keep(known->level, sizeof(known->level), req->who.level))
		return;
	memcpy(known->credential, req->who.credential.at, PP_SHA256_SIZE);
	known->may = req->who.may;
	known->authenticated_s = req->who.authenticated_s;
	known->until = pp_clock_monotonic() + HOLDS_US;
}

/* Without those whom one stands in for: whose deputy somebody is belongs into no log. */
struct pp_slice pp_who_is(const struct pp_req *req)
{
	const char *deputy = req->who.roles.len
		? memmem(req->who.roles.at, req->who.roles.len, " deputy:", 8)
		: NULL;

	if (deputy)
		return pp_slice(req->who.roles.at, (size_t)(deputy - req->who.roles.at));
	if (req->who.roles.len)
		return req->who.roles;
	return req->who.may & PP_PUBLIC ? PP_S("public") : PP_S("anyone");
}

/*
 * Or a browser would go on sending what has ended, and public pages would refuse it. A page of the
 * application is shown all the same: there one can sign in again.
 */
static enum pp_next refuse_unknown(struct pp_req *req)
{
	if (req->who.is_session)
		pp_reply_field(req, "Set-Cookie",
			pp_format(req->arena,
				"%.*s=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0",
				PP_SHOW(PP_SESSION_COOKIE)));
	if (req->route->content == PP_CONTENT_APPLICATION) {
		req->who = (struct pp_who){ 0 };
		return PP_NEXT;
	}
	return pp_refuse(req, PP_unauthenticated,
		"this token or session is unknown or has ended: sign in again");
}

enum pp_next pp_who_check(struct pp_req *req)
{
	struct pp_rows *rows = req->rows;

	req->rows = NULL;
	if (rows) {
		if (rows->rows != 1)
			return refuse_unknown(req);
		req->who.account = pp_cell(rows, 0, 0);
		req->who.body = pp_cell(rows, 0, 1);
		req->who.roles = pp_cell(rows, 0, 2);
		req->who.email = pp_cell(rows, 0, 3);
		req->who.may = may_of(req->who.body, req->who.roles);
		req->who.level = pp_cell(rows, 0, 4);
		if (!pp_slice_i64(pp_cell(rows, 0, 5), &req->who.authenticated_s))
			req->who.authenticated_s = 0;
		if (req->who.bearer)
			pp_bearer_says(req);
		remember(req);
	}
	if (req->route->for_sessions && !req->who.is_session)
		return pp_refuse(req, PP_conflict,
			"this is about the session of a browser; a token has none");
	if (!(req->route->may & (req->who.may | PP_ANYONE)))
		return pp_refuse(
			req, PP_forbidden, "as %.*s one may not do this", PP_SHOW(pp_who_is(req)));
	return PP_NEXT;
}

void pp_token_new(char token[PP_NEW_TOKEN_SIZE], unsigned char hash[PP_NEW_TOKEN_HASH])
{
	pp_token_make(token);
	pp_sha256(pp_slice_of(token), hash);
}
