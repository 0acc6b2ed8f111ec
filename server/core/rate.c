/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * How often who may ask. Three keys: the address before anything else is known, the account once it
 * is, and the thing that an address names (a procedure, one of its rounds or plans) for what
 * strangers change or have computed. Reading what is published waits for nobody else's requests,
 * and whoever is signed in never waits for strangers: a period must not end early because somebody
 * floods it.
 */
#include <pp/core/req.h>

#include <pp/base/clock.h>

/* One subscriber's own (RFC 6177 for the /64). */
#define BITS_4 32
#define BITS_6 64

static const struct {
	const char *name;
	size_t counter;
} policies[PP_RATES] = {
	[PP_RATE_PUBLIC] = { "public", offsetof(struct pp_counters, limited) },
	[PP_RATE_COSTLY] = { "costly", offsetof(struct pp_counters, limited) },
	[PP_RATE_SIGN_IN] = { "sign-in", offsetof(struct pp_counters, limited) },
	[PP_RATE_MAIL] = { "mail", offsetof(struct pp_counters, limited) },
	[PP_RATE_ACCOUNT] = { "account", offsetof(struct pp_counters, limited_account) },
	[PP_RATE_PROCEDURE] = { "procedure", offsetof(struct pp_counters, limited_procedure) },
};

/* A tenth of a minute's requests may come at once, and ten of a slow policy. */
static unsigned burst_of(unsigned per_minute)
{
	unsigned tenth = per_minute / 10, least = per_minute < 10 ? per_minute : 10;

	return tenth > least ? tenth : least;
}

static void count(struct pp_req *req, enum pp_rate rate)
{
	char *counters = (char *)&req->server->share->process[req->server->number];

	atomic_fetch_add_explicit((atomic_llong *)(void *)(counters + policies[rate].counter), 1,
		memory_order_relaxed);
}

/*
 * The IETF's draft-ietf-httpapi-ratelimit-headers-10 §3 and §4: q of w seconds is the policy, r of
 * it are left, and after t seconds all of it is there again.
 */
static void tell(struct pp_req *req, const char *name, unsigned burst, unsigned per_minute,
	const struct pp_taken *taken)
{
	pp_http_add(req->exchange, "RateLimit-Policy",
		pp_format(req->arena, "\"%s\";q=%u;w=%u", name, burst,
			(burst * 60 + per_minute - 1) / per_minute));
	pp_http_add(req->exchange, "RateLimit",
		pp_format(req->arena, "\"%s\";r=%u;t=%u", name, taken->left, taken->full_s));
}

static bool take(struct pp_req *req, enum pp_rate rate, struct pp_slice key)
{
	unsigned per_minute = req->server->rates[rate], burst = burst_of(per_minute);
	struct pp_taken taken;

	if (!per_minute)
		return true;
	taken = pp_share_take(req->server->share,
		pp_format(req->arena, "%s %.*s", policies[rate].name, PP_SHOW(key)), burst,
		per_minute, pp_clock_monotonic());
	tell(req, policies[rate].name, burst, per_minute, &taken);
	if (!taken.wait_s)
		return true;
	count(req, rate);
	pp_http_add(req->exchange, "Retry-After", pp_format(req->arena, "%u", taken.wait_s));
	pp_refuse(req, PP_too_many_requests, "try again in %u s", taken.wait_s);
	return false;
}

bool pp_rate_also(struct pp_req *req, enum pp_rate rate)
{
	struct pp_address prefix = pp_address_cut(&req->caller.address, BITS_4, BITS_6);
	struct pp_buf *key;

	/* On a Unix socket without an address the reverse proxy limits its own clients. */
	if (rate == PP_RATE_FREE || !req->caller.is_known)
		return true;
	key = pp_buf_make(req->arena);
	pp_buf_hex(key, pp_slice((const char *)prefix.bytes, sizeof(prefix.bytes)));
	return take(req, rate, pp_buf_all(key));
}

bool pp_rate_address(struct pp_req *req)
{
	return pp_rate_also(req, req->route->rate);
}

/* The procedure, or the part of one, that the address names; empty for everything else. */
static struct pp_slice thing(const struct pp_req *req)
{
	static const char *const names[] = { "procedure", "round", "plan", "invitation" };

	for (size_t i = 0; i < PP_LENGTH(names); i++)
		if (req->match.param_count &&
			pp_slice_is(req->match.names[0], pp_slice_of(names[i])))
			return req->match.values[0];
	return PP_S("");
}

enum pp_next pp_rate_check(struct pp_req *req)
{
	bool reads = req->exchange->method == PP_GET || req->exchange->method == PP_HEAD;

	if (req->who.account.len)
		return take(req, PP_RATE_ACCOUNT, req->who.account) ? PP_NEXT : PP_DONE;
	if (!thing(req).len || (reads && req->route->rate != PP_RATE_COSTLY))
		return PP_NEXT;
	return take(req, PP_RATE_PROCEDURE, thing(req)) ? PP_NEXT : PP_DONE;
}

#define GUESSES            10
#define GUESSES_PER_MINUTE 1

static struct pp_slice guess_key(struct pp_req *req, struct pp_slice key)
{
	return pp_format(req->arena, "guess %.*s", PP_SHOW(key));
}

bool pp_guess_may(struct pp_req *req, struct pp_slice key)
{
	unsigned wait_s = pp_share_look(req->server->share, guess_key(req, key), GUESSES,
		GUESSES_PER_MINUTE, pp_clock_monotonic());

	if (!wait_s)
		return true;
	count(req, PP_RATE_SIGN_IN);
	pp_http_add(req->exchange, "Retry-After", pp_format(req->arena, "%u", wait_s));
	pp_refuse(req, PP_too_many_requests, "too many wrong guesses: try again in %u s", wait_s);
	return false;
}

void pp_guess_wrong(struct pp_req *req, struct pp_slice key)
{
	pp_share_take(req->server->share, guess_key(req, key), GUESSES, GUESSES_PER_MINUTE,
		pp_clock_monotonic());
}
