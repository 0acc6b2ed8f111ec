/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The step-up challenge of RFC 9470: what is missing is said so that a client can have it proved.
 * It is 403 here and not 401, because the session or token is good for everything else, and
 * browsers give it up at a 401.
 */
#include <pp/core/assurance.h>

#include <pp/base/clock.h>
#include <pp/core/jwt.h>
#include <pp/core/req.h>

enum { ISSUER, ACR_VALUES };

int pp_level_rank(struct pp_slice level)
{
	static const char *const names[] = { "NORMAL", "SUBSTANTIELL", "HOCH" };

	for (size_t i = 0; i < PP_LENGTH(names); i++)
		if (pp_slice_is(level, pp_slice_of(names[i])))
			return (int)i;
	return -1;
}

static bool is_sure(const struct pp_req *req)
{
	return pp_level_rank(req->who.level) >= pp_level_rank(pp_slice_of(req->server->assurance));
}

/* What is not known to be recent is not. */
static bool is_recent(const struct pp_req *req)
{
	int64_t age = req->exchange->received_utc / PP_SECOND - req->who.authenticated_s;

	return !req->server->assurance_seconds ||
		(age >= -PP_JWT_SKEW_S && age <= req->server->assurance_seconds);
}

enum pp_next pp_assurance_check(struct pp_req *req)
{
	struct pp_jwt jwt = { 0 };
	struct pp_fault fault;

	/* A person who speaks for nobody else needs no more than to be signed in. */
	if (!req->route->binds || !req->who.body.len || (is_sure(req) && is_recent(req)))
		return PP_NEXT;
	if (req->who.token.len && !pp_jwt_read(req->arena, req->who.token, &jwt, &fault))
		return pp_refuse_fault(req, &fault);
	pp_bind(req, "credential", req->who.credential);
	pp_bind(req, "issuer_url", jwt.issuer);
	pp_bind(req, "level", pp_slice_of(req->server->assurance));
	pp_ask(req, "assurance_issuer", &req->rows);
	return PP_WAIT;
}

static void add_challenge(struct pp_req *req, struct pp_slice acr_values)
{
	struct pp_buf *out = pp_buf_make(req->arena);

	pp_buf_text(out, "Bearer error=\"insufficient_user_authentication\"");
	if (!is_sure(req) && acr_values.len)
		pp_buf_format(out, ", acr_values=\"%.*s\"", PP_SHOW(acr_values));
	if (!is_recent(req))
		pp_buf_format(out, ", max_age=\"%lld\"", (long long)req->server->assurance_seconds);
	pp_reply_field(req, "WWW-Authenticate", pp_buf_all(out));
}

/* How it is done: where the account signs in by an issuer, the address that asks it for enough. */
static struct pp_slice remedy(struct pp_req *req, struct pp_slice issuer)
{
	struct pp_buf *address;
	const char *what = "set up a second factor and sign in again, with it";

	if (!issuer.len) {
		if (!req->who.is_session)
			what = "a token made here cannot prove that; use an issuer's";
		else if (is_sure(req))
			what = "sign in again";
		return pp_slice_of(what);
	}
	address = pp_buf_make(req->arena);
	pp_buf_format(address, "GET /session/start?issuer=%.*s", PP_SHOW(issuer));
	if (!is_sure(req))
		pp_buf_format(address, "&level=%s", req->server->assurance);
	if (!is_recent(req))
		pp_buf_format(address, "&max_age=%lld", (long long)req->server->assurance_seconds);
	return pp_buf_all(address);
}

enum pp_next pp_assurance_refuse(struct pp_req *req)
{
	struct pp_rows *rows = req->rows;
	struct pp_slice how;

	req->rows = NULL;
	if (!rows)
		return PP_NEXT;
	how = remedy(req, rows->rows ? pp_cell(rows, 0, ISSUER) : PP_S(""));
	add_challenge(req, rows->rows ? pp_cell(rows, 0, ACR_VALUES) : PP_S(""));
	if (!is_sure(req))
		return pp_refuse(req, PP_assurance_insufficient,
			"this sign-in is %.*s, and %s is needed: %.*s", PP_SHOW(req->who.level),
			req->server->assurance, PP_SHOW(how));
	return pp_refuse(req, PP_assurance_insufficient,
		"one must have signed in within the last %lld seconds: %.*s",
		(long long)req->server->assurance_seconds, PP_SHOW(how));
}
